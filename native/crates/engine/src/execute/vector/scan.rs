//! Reads a rowid table leaf by leaf: the source of every batch.
//!
//! The scan moves the frame's own cursor, which always stands on the first row that was not read yet. Leaves that hold
//! values in overflow blocks are read row by row into batches of their own, since only a cursor reads those.

use std::ops::Range;
use std::sync::Arc;

use pluresdb_tree::{LeafView, MOST_EXPECTED, MergeEnd, Pager, RowCursor, RowPosition, RowTree, TypeSet};
use pluresdb_value::{Value, ValueRef};

use super::batch::{Batch, Place, Rows, Slot, true_count};
use super::column::{Column, FALSE, TRUE};
use super::compile::{Expression, Node, Shared, compile};
use super::conditions::Conditions;
use super::evaluate::{Surroundings, evaluate_truths};
use super::kept::KeptColumn;
use super::known::Known;
use super::members::Members;
use super::narrow::{self, Key};
use super::packed::Verdict;
use super::{Run, Stop, dictionary, packed};
use crate::catalog::{DatabaseIndex, Table};
use crate::error::Result;
use crate::execute::cursor::Cursor;
use crate::execute::scan::RowidRange;
use crate::execute::{Context, Frame, tree_error};
use crate::plan::{AccessPath, RangeEnd, RowidBounds, Scan};
use crate::resolve::tree::{Expr, SourceId};

/// Rows of a batch that were read through the cursor.
const CURSOR_BATCH: usize = 1024;

/// Where, and on how many rows at each place, conditions are tried.
const TRIED_PLACES: u64 = 4;
const TRIED_ROWS: usize = 512;

/// Takes rows out of a batch.
pub(super) type Probe<'p> = dyn FnMut(&mut Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()> + 'p;

/// A scan that runs in batches.
pub(super) struct BatchScan {
    pub source: SourceId,
    database: DatabaseIndex,
    table: Arc<Table>,
    range: RowidRange,
    conditions: Conditions,
    condition_count: usize,
    pub shared: Shared,
    /// By slot, of the table that the cursor has open.
    places: Vec<Place>,
    /// Slots of the records that are read of most leaves.
    ahead: Vec<usize>,
    share: PassingShare,
    known: Known,
    /// No row beyond this rowid is wanted.
    high: i64,
    /// The first row of the last batch.
    first: i64,
    /// What the cursor does before the next batch.
    next: Next,
    is_open: bool,
    /// Whoever takes the batches passes over rows that are left out: they need not be taken out.
    takes_marked: bool,
    /// The cursor was opened by the last `open`.
    is_fresh: bool,
    /// The plan reads the whole table, too: how many rows of it were counted since `open`.
    counted: Option<u64>,
    /// Rows that alone are of use.
    listed: Option<Listed>,
    filters: Vec<Filter>,
    /// Slots of the rows that are put together where leaves have few left.
    gathered: Option<Vec<usize>>,
}

/// A stretch of a table for another thread to read: it shares the version and has everything else for itself.
pub(super) struct Stretch {
    pub source: SourceId,
    database: DatabaseIndex,
    table: Arc<Table>,
    tree: RowTree,
    pager: Arc<Pager>,
    slots: Vec<Slot>,
    conditions: Conditions,
    known: Known,
    takes_marked: bool,
    low: i64,
    high: i64,
}

/// Rows of several leaves, by slot.
struct Gathered {
    columns: Vec<KeptColumn>,
    len: usize,
}

/// So many rows go on together when they come from several leaves; so many of one leaf go on by themselves.
const ENOUGH: usize = 1024;
const MANY: usize = 128;
/// Fewer rows of one leaf are taken out value by value: making columns of them takes longer.
const FEW: usize = 48;

impl Gathered {
    fn new(slot_count: usize) -> Gathered {
        Gathered { columns: (0..slot_count).map(|_| KeptColumn::default()).collect(), len: 0 }
    }

    /// Rows of a leaf's base, without values in overflow blocks.
    fn take(&mut self, view: LeafView<'_>, places: &[Place], slots: &[usize], rows: &[u32]) {
        for slot in slots {
            let column = &mut self.columns[*slot];
            for row in rows {
                let row = *row as usize;
                column.push(match &places[*slot] {
                    Place::Rowid => ValueRef::Integer(view.base_rowid(row)),
                    Place::Stored(stored, missing) => {
                        view.base_value(*stored, row).unwrap_or(missing.as_ref())
                    }
                });
            }
        }
        self.len += rows.len();
    }

    fn append(&mut self, batch: &mut Batch<'_>, slots: &[usize]) -> Run<()> {
        if batch.is_empty() {
            return Ok(());
        }
        batch.settle();
        let others: Vec<usize> = if batch.len() < FEW {
            let is_other = |slot: &&usize| !batch.append_few(**slot, &mut self.columns[**slot]);
            slots.iter().filter(is_other).copied().collect()
        } else {
            slots.to_vec()
        };
        batch.load(&others)?;
        let rows: Vec<u32> = (0..batch.len() as u32).collect();
        for slot in others {
            self.columns[slot].append(batch.column(slot), &rows);
        }
        self.len += rows.len();
        Ok(())
    }
}

/// What a join above will not match is left out before anything dear is asked about it.
struct Filter {
    slot: usize,
    members: Members,
    asked: usize,
    passed: usize,
}

/// A filter is tried on so many rows.
const TRIED_BY_FILTER: usize = 4096;
/// It has to leave out one row of so many.
const LEAST_LEFT_OUT: usize = 4;

/// What leaves so few of its rows is asked before any condition.
const FEW_LEFT: usize = 8;

impl Filter {
    fn leaves_few(&self) -> bool {
        self.passed * FEW_LEFT < self.asked
    }

    fn is_of_use(&self) -> bool {
        self.asked < TRIED_BY_FILTER || self.passed < self.asked - self.asked / LEAST_LEFT_OUT
    }
}

/// Whether enough rows pass the conditions that most of the memory of other columns is read, too.
#[derive(Clone, Copy, Default)]
struct PassingShare {
    asked: usize,
    passed: usize,
    is_large: bool,
    has_changed: bool,
}

/// The share is told of so many rows; the next ones may be others.
const ROWS_OF_SHARE: usize = 4096;
/// A line of memory has 8 to 64 values of a column.
const LARGE_SHARE: usize = 16;

impl PassingShare {
    fn count(&mut self, asked: usize, passed: usize) {
        self.asked += asked;
        self.passed += passed;
        if self.asked >= ROWS_OF_SHARE {
            let is_large = self.passed * LARGE_SHARE >= self.asked;
            self.has_changed |= is_large != self.is_large;
            *self = PassingShare { is_large, has_changed: self.has_changed, ..PassingShare::default() };
        }
    }
}

/// Rowids, ascending, of which those before `next` were read.
struct Listed {
    rowids: Vec<i64>,
    next: usize,
    /// Those of the last batch begin here.
    last: usize,
    /// Those before this one were expected.
    expected: usize,
}

impl BatchScan {
    /// None when the scan's path needs the row engine. Of the conditions, those up to the first that does are compiled.
    pub fn compile(scan: &Scan) -> Option<BatchScan> {
        BatchScan::beside(scan, &scan.path, &[])
    }

    /// The scan of a table of a join, `beside` its other tables, by a path that need not be the planned one.
    pub fn beside(scan: &Scan, path: &AccessPath, beside: &[SourceId]) -> Option<BatchScan> {
        let range = match path {
            AccessPath::Full => RowidRange::default(),
            AccessPath::Rowid(RowidBounds::Range { low, high }) => {
                let is_known = |end: &RangeEnd| matches!(end.expr, Expr::Literal(_) | Expr::Parameter(_));
                if !beside.is_empty() && ![low, high].into_iter().flatten().all(is_known) {
                    return None;
                }
                RowidRange { low: low.clone(), high: high.clone() }
            }
            AccessPath::Rowid(RowidBounds::Equal(_) | RowidBounds::In(_))
            | AccessPath::PrimaryKey { .. }
            | AccessPath::Index { .. }
            | AccessPath::AnyOf(_) => return None,
        };
        if scan.table.without_rowid || scan.is_reverse {
            return None;
        }
        let mut shared = Shared::new(vec![scan.source], beside);
        let conditions: Vec<Expression> =
            scan.conditions.iter().map_while(|condition| compile(condition, &mut shared)).collect();
        let condition_count = conditions.len();
        Some(BatchScan {
            source: scan.source,
            database: scan.database,
            table: scan.table.clone(),
            range,
            conditions: Conditions::new(conditions, &scan.table, &shared),
            condition_count,
            shared,
            places: Vec::new(),
            ahead: Vec::new(),
            share: PassingShare::default(),
            known: Known::default(),
            high: 0,
            first: 0,
            next: Next::Nothing,
            is_open: false,
            takes_marked: false,
            is_fresh: false,
            counted: matches!((&scan.path, path), (AccessPath::Full, AccessPath::Full)).then_some(0),
            listed: None,
            filters: Vec::new(),
            gathered: None,
        })
    }

    /// Whether every run of one execution reads the same rows.
    pub fn is_lasting(&self) -> bool {
        let ends = [&self.range.low, &self.range.high];
        let is_known = |end: &RangeEnd| matches!(end.expr, Expr::Literal(_) | Expr::Parameter(_));
        ends.into_iter().flatten().all(is_known) && self.shared.is_lasting()
    }

    /// Rows that fail the conditions may stay in the batches from now on, marked as such.
    pub fn take_marked(&mut self) {
        self.takes_marked = true;
    }

    /// How many of the scan's conditions run in batches.
    pub fn condition_count(&self) -> usize {
        self.condition_count
    }

    /// Whether all rows of the table are read, and none is left out.
    pub fn is_whole(&self) -> bool {
        self.condition_count == 0 && self.range.low.is_none() && self.range.high.is_none()
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        compile(expr, &mut self.shared)
    }

    /// Adds a condition behind the others; false when it needs the row engine.
    pub fn add_condition(&mut self, condition: &Expr) -> bool {
        let Some(compiled) = compile(condition, &mut self.shared) else { return false };
        self.conditions.push(compiled);
        self.condition_count += 1;
        true
    }

    /// Rows of the table.
    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        context.row_count(self.database, &self.table)
    }

    /// Rows in the scan's range, where that is known before it is read, else those of the table.
    pub fn count_in_range(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<u64> {
        let is_whole = self.range.low.is_none() && self.range.high.is_none();
        if is_whole || !self.is_lasting() {
            return self.row_count(context);
        }
        self.range.count_rows(self.database, &self.table, frame, context)
    }

    /// The share of the rows that pass the conditions, as they do at some places of the table; `untried` where the
    /// conditions cannot be tried before the statement runs.
    pub fn passing_share(&mut self, untried: f64, frame: &mut Frame, context: &mut Context<'_>) -> Run<f64> {
        if self.conditions.is_empty() {
            return Ok(1.0);
        }
        if !self.is_lasting() {
            return Ok(untried);
        }
        let work = context.session.work;
        let tried = self.try_places(frame, context);
        context.session.work = work;
        self.close(frame);
        match tried {
            Ok((_, 0)) | Err(Stop::RowByRow) => Ok(untried),
            Ok((passed, tried)) => Ok(passed.max(0.5) / tried as f64),
            Err(error) => Err(error),
        }
    }

    /// How many of some rows pass, and how many were tried.
    fn try_places(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<(f64, usize)> {
        let (mut passed, mut tried) = (0, 0);
        self.open(frame, context)?;
        let rows = self.row_count(context)?;
        for place in 0..TRIED_PLACES {
            let offset = rows * (2 * place + 1) / (2 * TRIED_PLACES);
            let cursor = frame.cursor_mut(self.source).rows();
            if !cursor.seek_nth(offset).map_err(tree_error)? {
                continue;
            }
            self.next = Next::Rowid(cursor.rowid());
            for (filters, count) in [(false, &mut tried), (true, &mut passed)] {
                self.next_batch(TRIED_ROWS, filters, frame, context, &mut |batch, _| {
                    *count += batch.len();
                    Ok(())
                })?;
                self.rewind();
            }
        }
        Ok((passed as f64, tried))
    }

    /// Whether the table is so small that the row engine is done before a batch is made.
    pub fn is_small(&self, context: &Context<'_>, least: u64) -> Result<bool> {
        Ok(self.row_count(context)? < least)
    }

    /// The next execution looks at another snapshot.
    pub fn restart(&mut self) {
        self.is_open = false;
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.shared.begin(&mut self.known, frame, context)?;
        self.next = Next::Nothing;
        self.counted = self.counted.map(|_| 0);
        if let Some((low, high)) = self.range.ends(frame, context)? {
            (self.high, self.next) = (high, Next::Rowid(low));
        }
        self.listed = None;
        self.filters.clear();
        self.is_fresh = !self.is_open;
        if !self.is_open {
            frame.cursor_mut(self.source).open(self.database, &self.table, context)?;
            self.is_open = true;
        }
        self.places = places(frame.cursor(self.source), &self.shared.slots);
        self.ahead = self.slots_ahead();
        self.narrow_to_sets(context)?;
        Ok(())
    }

    /// An IN over a subquery's integers is a join with these.
    fn narrow_to_sets(&mut self, context: &mut Context<'_>) -> Result<()> {
        let mut sets = Vec::new();
        for condition in &self.conditions.list {
            if let Node::InSet { operand, set, negated: false } = &condition.expression.node
                && let Node::Slot(slot) = **operand
                && self.may_narrow(self.shared.slots[slot])
                && let Some(values) = self.known.sets[*set].integers()
            {
                sets.push((self.shared.slots[slot], values.to_vec()));
            }
        }
        for (slot, values) in sets {
            self.narrow(&[Key { slot, values: &values }], context)?;
        }
        Ok(())
    }

    /// Whether a condition could fail.
    pub fn may_fail(&self) -> bool {
        self.conditions.list.iter().any(|condition| condition.expression.may_fail)
    }

    /// Whether rows may be left out by their value at the slot: nobody misses an error of theirs.
    pub fn may_narrow(&self, slot: Slot) -> bool {
        narrow::holds_numbers(&self.table, slot) && !self.may_fail()
    }

    /// Of a scan that was just opened: reads from now on only rows that have one of these keys, where that takes less time,
    /// and leaves out others as soon as it sees that they have none. Whether it can tell for each key by itself.
    pub fn narrow(&mut self, keys: &[Key<'_>], context: &mut Context<'_>) -> Result<bool> {
        let row_count = match &self.listed {
            None => self.row_count(context)? as usize,
            Some(listed) => listed.rowids.len(),
        };
        // A cursor that stayed open may look at another version than the index.
        if self.is_fresh
            && !context.program.reads_live
            && let Next::Rowid(low) = self.next
            && let Some(mut rowids) = narrow::rows_with(keys, &self.table, self.database, row_count, context)?
        {
            rowids.retain(|rowid| (low..=self.high).contains(rowid));
            self.listed = Some(Listed { rowids, next: 0, last: 0, expected: 0 });
            self.count(self.row_count(context)?, context);
            return Ok(true);
        }
        let mut tells_each = true;
        for key in keys {
            let slot = self.shared.slots.iter().position(|slot| *slot == key.slot);
            match slot.zip(Members::of(key.values)) {
                Some((slot, members)) => self.filters.push(Filter { slot, members, asked: 0, passed: 0 }),
                None => tells_each = false,
            }
        }
        self.ahead = self.slots_ahead();
        Ok(tells_each)
    }

    /// Of a scan that was just opened: reads these rows, in ascending order, and no others.
    pub fn read_listed(&mut self, rowids: Vec<i64>) {
        self.listed = Some(Listed { rowids, next: 0, last: 0, expected: 0 });
    }

    /// What is read of most leaves: where few rows pass the conditions only what these look at.
    fn slots_ahead(&self) -> Vec<usize> {
        let filtered = self.filters.iter().map(|filter| filter.slot);
        let asked: Vec<usize> = self.conditions.slots().chain(filtered).collect();
        let reads_all = asked.is_empty() || self.share.is_large;
        let is_read = |slot: &usize| reads_all || asked.contains(slot);
        (0..self.places.len()).filter(is_read).filter_map(|slot| stored_slot(&self.places[slot])).collect()
    }

    /// Hands the next batch to `consume`: at most `limit` rows, less those that fail the conditions when it `filters`, so
    /// that it may be empty. False: the table is read. The cursor stays in the batch's leaf until the next call.
    pub fn next_batch(
        &mut self,
        limit: usize,
        filters: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        self.next_probed(limit, filters, frame, context, None, consume)
    }

    /// As `next_batch`; between the cheap conditions and the others `probe` takes out what a join will not match.
    pub fn next_probed(
        &mut self,
        limit: usize,
        filters: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
        mut probe: Option<&mut Probe<'_>>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        let Some(wanted) = self.gathered.take() else {
            return self.next_of_leaf(limit, filters, frame, context, probe, consume);
        };
        let mut gathered = Gathered::new(self.shared.slots.len());
        if filters && self.listed.is_some() {
            let found = self.next_listed(&wanted, &mut gathered, frame, context, probe, consume);
            self.gathered = Some(wanted);
            return found;
        }
        let mut is_given = false;
        let mut is_found = true;
        while is_found && !is_given && gathered.len < ENOUGH {
            let mut gather = |mut batch: Batch<'_>, surroundings: &mut Surroundings<'_, '_>| {
                if gathered.len == 0 && batch.len() >= MANY {
                    is_given = true;
                    return consume(batch, surroundings);
                }
                gathered.append(&mut batch, &wanted)
            };
            is_found =
                self.next_of_leaf(limit, filters, frame, context, probe.as_deref_mut(), &mut gather)?;
        }
        self.gathered = Some(wanted);
        if gathered.len > 0 {
            let batch = Batch::of_gathered(&gathered.columns, gathered.len);
            consume(batch, &mut Surroundings { known: &mut self.known, context })?;
            return Ok(true);
        }
        Ok(is_found)
    }

    /// Of a scan that reads rows here and there: puts them together before anything is asked of them.
    fn next_listed(
        &mut self,
        wanted: &[usize],
        gathered: &mut Gathered,
        frame: &mut Frame,
        context: &mut Context<'_>,
        probe: Option<&mut Probe<'_>>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        let mut slots = wanted.to_vec();
        slots.extend(self.conditions.slots());
        slots.extend(self.filters.iter().map(|filter| filter.slot));
        slots.sort_unstable();
        slots.dedup();
        while gathered.len < ENOUGH {
            context.poll()?;
            if !self.advance(frame)? {
                break;
            }
            let view = frame.cursor(self.source).rows_ref().leaf();
            if needs_cursor(view, &self.places) {
                let (columns, rowids) = self.read_rows(CURSOR_BATCH, frame)?;
                if let (Some(listed), Some(last)) = (&mut self.listed, rowids.last()) {
                    listed.pass(*last);
                }
                gathered.append(&mut Batch::of_columns(columns, Rows::Read(rowids)), &slots)?;
                continue;
            }
            let cursor = frame.cursor(self.source).rows_ref();
            let view = cursor.leaf();
            let Some(listed) = &mut self.listed else { break };
            match listed.rows_of_leaf(cursor, view) {
                Rows::Picked(rows) => gathered.take(view, &self.places, &slots, &rows),
                rows => gathered.append(&mut Batch::new(view, &self.places, rows), &slots)?,
            }
        }
        if gathered.len == 0 {
            return Ok(false);
        }
        let mut batch = Batch::of_gathered(&gathered.columns, gathered.len);
        let mut surroundings = Surroundings { known: &mut self.known, context };
        let mut passing =
            asked(&mut self.conditions, &mut self.filters, probe, &mut batch, &mut surroundings)?;
        passing.settle(&mut batch);
        consume(batch, &mut surroundings)?;
        Ok(true)
    }

    /// Puts rows together where leaves have few left, from now on: of each these slots.
    pub fn gather(&mut self, mut slots: Vec<usize>) {
        slots.sort_unstable();
        slots.dedup();
        self.gathered = Some(slots);
    }

    fn next_of_leaf(
        &mut self,
        limit: usize,
        filters: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
        probe: Option<&mut Probe<'_>>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        context.poll()?;
        if !self.advance(frame)? {
            return Ok(false);
        }
        let view = frame.cursor(self.source).rows_ref().leaf();
        let read = if needs_cursor(view, &self.places) {
            Some(self.read_rows(limit.min(CURSOR_BATCH), frame)?)
        } else {
            None
        };
        let batch = match read {
            // The cursor has gone on.
            Some((columns, rowids)) => {
                if let (Some(listed), Some(last)) = (&mut self.listed, rowids.last()) {
                    listed.pass(*last);
                }
                Batch::of_columns(columns, Rows::Read(rowids))
            }
            None => {
                let cursor = frame.cursor(self.source).rows_ref();
                let view = cursor.leaf();
                let rows = match &mut self.listed {
                    None => {
                        let (rows, next) = self.rows_of_leaf(cursor, view, limit);
                        self.next = next;
                        rows
                    }
                    Some(listed) => listed.rows_of_leaf(cursor, view),
                };
                Batch::new(view, &self.places, rows)
            }
        };
        let mut surroundings = Surroundings { known: &mut self.known, context };
        let mut batch = batch;
        let batch_len = batch.len();
        let passing = if filters {
            asked(&mut self.conditions, &mut self.filters, probe, &mut batch, &mut surroundings)?
        } else {
            Passing::default()
        };
        let mut passing = passing;
        self.share.count(batch_len, passing.len(&batch));
        if self.takes_marked {
            passing.mark(&mut batch);
        } else {
            passing.settle(&mut batch);
        }
        consume(batch, &mut surroundings)?;
        if self.listed.is_none() {
            self.count(batch_len as u64, context);
        }
        Ok(true)
    }

    /// So many rows of the table were read, or would have been in the plan's way.
    fn count(&mut self, rows: u64, context: &mut Context<'_>) {
        if let Some(counted) = &mut self.counted {
            context.session.work.scan(*counted, rows);
            *counted += rows;
        }
    }

    /// All that is read of it is read by stretches.
    pub fn count_stretches(&mut self, context: &mut Context<'_>) -> Result<()> {
        if self.counted.is_some() {
            self.count(self.row_count(context)?, context);
        }
        Ok(())
    }

    /// Rows of the leaf from the cursor's on, within the bounds, and where to go on.
    fn rows_of_leaf(&self, cursor: &RowCursor, view: LeafView<'_>, limit: usize) -> (Rows, Next) {
        if let (true, RowPosition::Base(first)) = (view.is_plain(), cursor.position()) {
            let first = first as usize;
            let mut end = view.base_len();
            if view.base_rowid(end - 1) > self.high {
                end = first + partition_point(end - first, |row| view.base_rowid(first + row) <= self.high);
            }
            let is_last = end < view.base_len();
            if end - first > limit {
                return (Rows::Range(first..first + limit), Next::Rowid(view.base_rowid(first + limit)));
            }
            return (Rows::Range(first..end), if is_last { Next::Nothing } else { Next::Leaf });
        }
        let mut positions = Vec::with_capacity(limit.min(view.row_count()));
        let next = match view.merge(cursor.rowid(), self.high, limit, &mut positions) {
            MergeEnd::High => Next::Nothing,
            MergeEnd::Limit(rowid) => Next::Rowid(rowid),
            MergeEnd::Leaf => Next::Leaf,
        };
        (Rows::Merged(positions), next)
    }

    /// Goes to the first row of the next batch.
    fn advance(&mut self, frame: &mut Frame) -> Result<bool> {
        if std::mem::take(&mut self.share.has_changed) {
            self.ahead = self.slots_ahead();
        }
        let cursor = frame.cursor_mut(self.source);
        let rows = cursor.rows();
        let next = match &mut self.listed {
            None => std::mem::replace(&mut self.next, Next::Nothing),
            Some(listed) => {
                listed.last = listed.next;
                if listed.next >= listed.expected {
                    let end = listed.rowids.len().min(listed.next + MOST_EXPECTED);
                    rows.expect(&listed.rowids[listed.next..end], &self.ahead);
                    listed.expected = end;
                }
                listed.rowids.get(listed.next).map_or(Next::Nothing, |rowid| Next::Rowid(*rowid))
            }
        };
        let found = match next {
            Next::Nothing => false,
            Next::Leaf => rows.next_leaf(&self.ahead).map_err(tree_error)?,
            Next::Rowid(rowid) => rows.seek_ge(rowid).map_err(tree_error)?,
        };
        let found = found && rows.rowid() <= self.high;
        if found {
            self.first = rows.rowid();
            rows.settle_leaf();
        }
        Ok(cursor.landed(found))
    }

    /// Makes the last batch the next one.
    pub fn rewind(&mut self) {
        match &mut self.listed {
            Some(listed) => listed.next = listed.last,
            None => self.next = Next::Rowid(self.first),
        }
    }

    /// Reads rows one by one.
    fn read_rows(
        &mut self,
        limit: usize,
        frame: &mut Frame,
    ) -> Result<(Vec<Option<Column<'static>>>, Vec<i64>)> {
        let cursor = frame.cursor_mut(self.source);
        let mut columns: Vec<Vec<Value>> = vec![Vec::new(); self.shared.slots.len()];
        let mut rowids = Vec::new();
        loop {
            let rowid = cursor.rows().rowid();
            if rowids.len() == limit {
                self.next = Next::Rowid(rowid);
                break;
            }
            for (slot, values) in self.shared.slots.iter().zip(&mut columns) {
                values.push(match slot {
                    Slot::Rowid(_) => Value::Integer(rowid),
                    Slot::Column(_, column) => cursor.column(*column)?.to_value(),
                    Slot::Answer(_) | Slot::Register(_) => panic!("no table has a subquery's answer"),
                });
            }
            rowids.push(rowid);
            if !cursor.rows().next().map_err(tree_error)? || cursor.rows().rowid() > self.high {
                break;
            }
        }
        Ok((columns.into_iter().map(|values| Some(Column::Owned(values))).collect(), rowids))
    }

    /// The scan of a stretch, opened.
    pub fn of_stretch(stretch: Stretch, frame: &mut Frame) -> BatchScan {
        let Stretch { source, database, table, tree, pager, slots, conditions, known, .. } = stretch;
        let cursor = frame.cursor_mut(source);
        cursor.open_version(&table, &tree, &pager);
        let places = places(cursor, &slots);
        let mut scan = BatchScan {
            source,
            database,
            table,
            range: RowidRange::default(),
            condition_count: conditions.list.len(),
            conditions,
            shared: Shared::of_slots(slots),
            places,
            ahead: Vec::new(),
            share: PassingShare::default(),
            known,
            high: stretch.high,
            first: 0,
            next: Next::Rowid(stretch.low),
            is_open: true,
            takes_marked: stretch.takes_marked,
            is_fresh: false,
            counted: None,
            listed: None,
            filters: Vec::new(),
            gathered: None,
        };
        scan.ahead = scan.slots_ahead();
        scan
    }

    /// Which rows of the table a scan reads that was just opened, by number; None when it reads some here and there.
    pub fn row_numbers(&self, context: &Context<'_>) -> Result<Option<Range<u64>>> {
        let Next::Rowid(low) = self.next else { return Ok(None) };
        if self.listed.is_some() || !self.filters.is_empty() || self.gathered.is_some() {
            return Ok(None);
        }
        let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
        let end = match self.high.checked_add(1) {
            Some(behind) => tree.rank(pager, behind).map_err(tree_error)?,
            None => tree.count(),
        };
        Ok(Some(tree.rank(pager, low).map_err(tree_error)?..end))
    }

    /// The same rows in stretches that begin with these; None when there is no such row.
    pub fn stretches(
        &self,
        begins: &[u64],
        frame: &mut Frame,
        context: &Context<'_>,
    ) -> Result<Option<Vec<Stretch>>> {
        let Next::Rowid(low) = self.next else { return Ok(None) };
        let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
        let cursor = frame.cursor_mut(self.source).rows();
        let mut lows = vec![low];
        for begin in &begins[1..] {
            if !cursor.seek_nth(*begin).map_err(tree_error)? {
                return Ok(None);
            }
            lows.push(cursor.rowid());
        }
        let highs = lows[1..].iter().map(|low| low - 1).chain([self.high]);
        let stretch = |(low, high): (&i64, i64)| Stretch {
            source: self.source,
            database: self.database,
            table: self.table.clone(),
            tree: tree.clone(),
            pager: pager.clone(),
            slots: self.shared.slots.clone(),
            conditions: self.conditions.clone(),
            known: self.known.another(),
            takes_marked: self.takes_marked,
            low: *low,
            high,
        };
        Ok(Some(lows.iter().zip(highs).map(stretch).collect()))
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.is_open = false;
        self.known.clear(frame);
        frame.cursor_mut(self.source).close();
    }
}

impl Listed {
    /// Leaves out the rows up to this one.
    fn pass(&mut self, rowid: i64) {
        self.next += self.rowids[self.next..].partition_point(|listed| *listed <= rowid);
    }

    /// Those of the leaf, from the cursor's row on.
    fn rows_of_leaf(&mut self, cursor: &RowCursor, view: LeafView<'_>) -> Rows {
        let low = cursor.rowid();
        self.next += self.rowids[self.next..].partition_point(|listed| *listed < low);
        let first = self.next;
        if let (true, RowPosition::Base(row)) = (view.is_plain(), cursor.position()) {
            let (row, last_row) = (row as usize, view.base_len() - 1);
            let last = view.base_rowid(last_row);
            self.pass(last);
            let wanted = self.rowids[first..self.next].iter();
            if last.abs_diff(low) == (last_row - row) as u64 {
                return Rows::Picked(wanted.map(|rowid| row as u32 + rowid.abs_diff(low) as u32).collect());
            }
            let mut from = row;
            let place = |rowid: &i64| {
                from +=
                    partition_point(last_row + 1 - from, |behind| view.base_rowid(from + behind) < *rowid);
                (view.base_rowid(from) == *rowid).then_some(from as u32)
            };
            return Rows::Picked(wanted.filter_map(place).collect());
        }
        let mut positions = Vec::new();
        self.next += view.pick(&self.rowids[first..], &mut positions);
        Rows::Merged(positions)
    }
}

/// Asks the conditions and filters about the rows of a batch; rows that are left out may stay in it.
fn asked(
    conditions: &mut Conditions,
    filters: &mut [Filter],
    mut probe: Option<&mut Probe<'_>>,
    batch: &mut Batch<'_>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Passing> {
    conditions.begin_batch();
    let cheap_count = conditions.cheap_count();
    let filters_first = filters.iter().any(Filter::leaves_few);
    let mut passing = Passing::default();
    if filters_first {
        passing.ask(filters, batch)?;
    }
    for (index, condition) in conditions.list.iter_mut().enumerate() {
        if index == cheap_count && !filters_first {
            passing.ask(filters, batch)?;
        }
        if index == cheap_count
            && let Some(probe) = &mut probe
        {
            passing.settle(batch);
            if !batch.is_empty() {
                probe(batch, surroundings)?;
            }
        }
        passing.settle_sparse(batch);
        let asked = passing.len(batch);
        if asked == 0 {
            break;
        }
        let verdict = match packed::verdict(&condition.expression, batch, surroundings.known) {
            None => dictionary::verdict(&condition.expression, asked, batch, surroundings)?,
            verdict => {
                condition.is_told_by_packed();
                verdict
            }
        };
        match verdict {
            Some(Verdict::All) => {}
            Some(Verdict::None) => passing.drop_all(batch),
            Some(Verdict::Each(truths)) => passing.and(truths),
            None if condition.is_harmless() && asked * SCATTERED >= batch.len() => {
                let mut truths = evaluate_truths(&condition.expression, batch, surroundings)?;
                for truth in &mut truths {
                    *truth &= TRUE;
                }
                passing.and(truths);
            }
            None => {
                passing.settle(batch);
                let truths = evaluate_truths(&condition.expression, batch, surroundings)?;
                batch.keep(&truths);
            }
        }
        condition.count(asked, passing.len(batch));
    }
    if cheap_count == conditions.list.len() && !filters_first {
        passing.ask(filters, batch)?;
    }
    Ok(passing)
}

/// Which of a batch's rows pass what has been asked on packed lanes. They are taken out together: looking at all of a lane
/// takes less time than at a few rows here and there.
#[derive(Default)]
struct Passing {
    truths: Option<Vec<u8>>,
    /// How many are true.
    count: usize,
}

/// When fewer rows than one in so many pass, the others are taken out before another condition is asked.
const SPARSE: usize = 16;
/// The same before a condition that is asked of values as they are.
const SCATTERED: usize = 4;
/// The same before aggregates, which take in all of a column in less time than a condition.
const SPARSE_FOR_AGGREGATES: usize = 64;

impl Passing {
    fn len(&self, batch: &Batch<'_>) -> usize {
        if self.truths.is_some() { self.count } else { batch.len() }
    }

    fn and(&mut self, mut truths: Vec<u8>) {
        if let Some(others) = &self.truths {
            for (truth, other) in truths.iter_mut().zip(others) {
                *truth &= other;
            }
        }
        self.count = true_count(&truths);
        self.truths = Some(truths);
    }

    /// Before another condition: of few rows here and there it is asked about these alone.
    fn settle_sparse(&mut self, batch: &mut Batch<'_>) {
        if self.count * SPARSE < batch.len() {
            self.settle(batch);
        }
    }

    /// Leaves out the rows that the filters tell.
    fn ask(&mut self, filters: &mut [Filter], batch: &mut Batch<'_>) -> Result<()> {
        for filter in filters.iter_mut().filter(|filter| filter.is_of_use()) {
            self.settle_sparse(batch);
            let asked = self.len(batch);
            if asked == 0 {
                break;
            }
            match filter.members.verdict(batch, filter.slot) {
                Some(Verdict::All) => {}
                Some(Verdict::None) => self.drop_all(batch),
                Some(Verdict::Each(truths)) => self.and(truths),
                None => {
                    self.settle(batch);
                    batch.load(&[filter.slot])?;
                    if let Some(truths) = filter.members.truths(batch.column(filter.slot)) {
                        batch.keep(&truths);
                    }
                }
            }
            filter.asked += asked;
            filter.passed += self.len(batch);
        }
        Ok(())
    }

    fn drop_all(&mut self, batch: &Batch<'_>) {
        *self = Passing { truths: Some(vec![FALSE; batch.len()]), count: 0 };
    }

    /// Leaves the rows that fail in the batch, marked as such.
    fn mark(&mut self, batch: &mut Batch<'_>) {
        if self.count * SPARSE_FOR_AGGREGATES < batch.len() {
            self.settle(batch);
        } else if let Some(truths) = self.truths.take() {
            batch.mark(truths, self.count);
        }
    }

    /// Takes the rows that fail out of the batch.
    fn settle(&mut self, batch: &mut Batch<'_>) {
        if let Some(truths) = self.truths.take() {
            batch.keep(&truths);
        }
    }
}

/// Where the next batch begins.
enum Next {
    /// There is none.
    Nothing,
    Leaf,
    Rowid(i64),
}

/// How many of `0..len` satisfy what holds of a beginning of them.
fn partition_point(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn places(cursor: &Cursor, slots: &[Slot]) -> Vec<Place> {
    slots
        .iter()
        .map(|slot| match slot {
            Slot::Rowid(_) => Place::Rowid,
            Slot::Column(_, column) => match cursor.stored_slot(*column) {
                None => Place::Rowid,
                Some((slot, missing)) => Place::Stored(slot, missing.clone()),
            },
            Slot::Answer(_) | Slot::Register(_) => panic!("no table has a subquery's answer"),
        })
        .collect()
}

fn stored_slot(place: &Place) -> Option<usize> {
    match place {
        Place::Rowid => None,
        Place::Stored(slot, _) => Some(*slot),
    }
}

fn needs_cursor(view: LeafView<'_>, places: &[Place]) -> bool {
    let is_wide = |place: &Place| match place {
        Place::Rowid => false,
        Place::Stored(slot, _) => view.types(*slot).contains(TypeSet::WIDE),
    };
    view.base_is_wide() && places.iter().any(is_wide)
        || (0..view.delta_len()).any(|index| view.delta_is_wide(index))
}
