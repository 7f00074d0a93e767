//! Reads an index in the order of its keys, or a table that is one (WITHOUT ROWID): entries become batches.
//!
//! ```text
//! index:  key = columns | rowid, or the primary key      value = what the key lost of the columns
//! table:  key = primary key                               value = the row's record
//! ```
//! A thousand entries are a batch. What is read of an index is copied into typed columns; a table's records stay where they
//! are, and a column is taken out of them when it is asked for.

use std::sync::Arc;

use pluresdb_tree::{HeldRun, KeyCursor, KeyRun};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Collation, Value, ValueRef};

use super::batch::{Batch, Slot};
use super::column::{Column, Numbers};
use super::compile::{Expression, Shared};
use super::evaluate::Surroundings;
use super::kept::KeptColumn;
use super::stage::Stage;
use super::{Run, Stop};
use crate::catalog::{DatabaseIndex, Index, IndexTerm, KeyColumnDef, Table, TreeId};
use crate::error::Result;
use crate::execute::cursor::missing_value;
use crate::execute::index_scan::is_integer_of;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::{Context, Frame, corrupt, tree_error};
use crate::plan::{AccessPath, InValues, KeyBounds, KeyValue, Scan};
use crate::resolve::tree::{Expr, SourceId};

/// Entries of a batch.
const BATCH: usize = 1024;
/// Of the first one for who may want the first row alone; those behind it grow.
const FIRST_BATCH: usize = 4;
const BATCH_GROWTH: usize = 4;
/// Where, and on how many entries at each place, conditions are tried.
const TRIED_PLACES: u64 = 4;
const TRIED_ENTRIES: usize = 256;

/// Where a slot's values stand in an index.
#[derive(Clone, Copy)]
enum Place {
    /// At the end of the key.
    Rowid,
    /// Value of the key, by number.
    Key(usize),
}

/// Where columns are taken out of an index's keys.
#[derive(Default)]
pub(super) struct KeyPlaces {
    by_slot: Vec<Place>,
    columns: Vec<KeyColumn>,
}

impl KeyPlaces {
    pub fn slot_count(&self) -> usize {
        self.by_slot.len()
    }

    /// A column of these keys.
    pub fn column<'k>(
        &self,
        slot: usize,
        entries: impl ExactSizeIterator<Item = &'k [u8]>,
    ) -> Result<Column<'static>> {
        match self.by_slot[slot] {
            Place::Rowid => {
                let rowid = |entry: &'k [u8]| key::decode_trailing_rowid(entry).map_err(corrupt);
                Ok(Column::Integers(Numbers::new(entries.map(rowid).collect::<Result<_>>()?)))
            }
            Place::Key(number) => {
                let (before, own) = (&self.columns[..number], self.columns[number]);
                let mut column = KeptColumn::default();
                let mut scratch = Vec::new();
                for mut entry in entries {
                    for before in before {
                        key::skip_value(&mut entry, *before).map_err(corrupt)?;
                    }
                    column.push(key::read_value(&mut entry, own, &mut scratch).map_err(corrupt)?.0);
                }
                Ok(column.into_column())
            }
        }
    }
}

/// Entries that are read where they lie, one after the other.
enum Records {
    InLeaf(HeldRun),
    /// One that was in overflow blocks.
    Wide(Vec<u8>),
}

pub(super) struct KeyScan {
    database: DatabaseIndex,
    table: Arc<Table>,
    /// None: the table's own key.
    index: Option<Arc<Index>>,
    keys: Keys,
    bounds: KeyBounds,
    /// The last entries come first.
    is_reverse: bool,
    condition_count: usize,
    pub stage: Stage,
    /// By slot, of an index.
    places: Vec<Place>,
    /// Those places, where the keys say all, but for what their values lost.
    in_keys: Option<KeyPlaces>,
    /// By slot, of a table: which column of the record it is, and what rows older than the column have.
    columns: Vec<(usize, Value)>,
    /// Slots that stand in the key, by their values' numbers.
    of_key: Vec<(usize, usize)>,
    /// Whether anything is read of the entries' values.
    reads_values: bool,
    entries: KeyCursor,
    ranges: Vec<KeyRange>,
    /// Ranges that were begun.
    begun: usize,
    is_in_range: bool,
    /// Of entries that are alike in what is read of them one is wanted, the first.
    skips_repeated: bool,
    /// How many columns of the key are read then, up to the last of them.
    repeated_columns: usize,
    /// What the last entry taken has of these.
    last_taken: Vec<u8>,
    /// The plan reads all entries, too: how many of them were counted since `open`.
    counted: Option<u64>,
    is_open: bool,
    /// Of the present batch, by slot.
    batch: Vec<KeptColumn>,
    /// Of the present batch of a table, or of an index whose keys say all.
    records: Vec<Records>,
    batch_len: usize,
    /// How many entries it took to fill it.
    entries_read: usize,
    /// Entries of the first one and of the next one at most.
    first_limit: usize,
    next_limit: usize,
}

impl KeyScan {
    /// The scan of a table `beside` others, by a path that need not be the planned one; None when the path reads no keys in
    /// their order, or more of the row than these have. Of the conditions, those up to the first that needs the row engine
    /// are compiled.
    pub fn beside(scan: &Scan, path: &AccessPath, beside: &[SourceId]) -> Option<KeyScan> {
        let (index, bounds) = match path {
            AccessPath::Full if scan.table.without_rowid => (None, KeyBounds::default()),
            AccessPath::PrimaryKey { bounds, .. } => (None, bounds.clone()),
            AccessPath::Index { index, bounds, covering: Some(_) } => (Some(index), bounds.clone()),
            AccessPath::Full | AccessPath::Index { .. } | AccessPath::Rowid(_) | AccessPath::AnyOf(_) => {
                return None;
            }
        };
        if bounds.puts_nulls_apart || !beside.is_empty() && !is_known(&bounds) {
            return None;
        }
        let own = index.map_or_else(Vec::new, |index| key_bounds::key_columns(index));
        let own_columns = own.len();
        let identity: Vec<KeyColumn> = match index {
            Some(index) => index.identity_columns(&scan.table),
            None => scan.table.primary_key.iter().map(KeyColumnDef::key_column).collect(),
        };
        let keys = Keys { columns: own.into_iter().chain(identity).collect(), own_columns };
        let mut stage = Stage::new(Shared::new(vec![scan.source], beside));
        let condition_count =
            scan.conditions.iter().take_while(|condition| stage.add_condition(condition)).count();
        Some(KeyScan {
            database: scan.database,
            table: scan.table.clone(),
            index: index.cloned(),
            keys,
            bounds,
            is_reverse: scan.is_reverse,
            condition_count,
            stage,
            places: Vec::new(),
            in_keys: None,
            columns: Vec::new(),
            of_key: Vec::new(),
            reads_values: true,
            entries: KeyCursor::closed(),
            ranges: Vec::new(),
            begun: 0,
            is_in_range: false,
            skips_repeated: false,
            repeated_columns: 0,
            last_taken: Vec::new(),
            counted: is_full(&scan.path).then_some(0),
            is_open: false,
            batch: Vec::new(),
            records: Vec::new(),
            batch_len: 0,
            entries_read: 0,
            first_limit: BATCH,
            next_limit: BATCH,
        })
    }

    /// Where only these columns of an index are read, and rows that are equal in them count once: leaves out those that follow
    /// an equal one. It must have no conditions.
    pub fn skip_repeated(&mut self, columns: impl Iterator<Item = (usize, Collation)>) {
        let Some(index) = self
            .index
            .as_ref()
            .filter(|index| !index.unique && !self.is_reverse && self.condition_count == 0)
        else {
            return;
        };
        self.skips_repeated = columns.into_iter().all(|(column, collation)| {
            let is_column = |term: &IndexTerm| matches!(term, IndexTerm::Column(own) if *own == column);
            let own = index.columns.iter().find(|part| is_column(&part.term));
            own.is_some_and(|own| own.collation == Collation::Binary || own.collation == collation)
        });
    }

    /// Has batches begin small: whoever takes the rows may want few.
    pub fn begin_small(&mut self) {
        self.first_limit = FIRST_BATCH;
    }

    pub fn condition_count(&self) -> usize {
        self.condition_count
    }

    pub fn add_condition(&mut self, condition: &Expr) -> bool {
        let is_added = self.stage.add_condition(condition);
        self.condition_count += usize::from(is_added);
        is_added
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        self.stage.compile_expr(expr)
    }

    /// Whether every run of one execution reads the same entries.
    pub fn is_lasting(&self) -> bool {
        let has_sets = self.bounds.equal.iter().any(|term| matches!(term.value, KeyValue::In(_)));
        is_known(&self.bounds) && !has_sets && self.stage.shared.is_lasting()
    }

    /// Whether all entries are read.
    fn is_unbounded(&self) -> bool {
        self.bounds.equal.is_empty() && self.bounds.low.is_none() && self.bounds.high.is_none()
    }

    /// Whether all rows of the table are read, and none is left out.
    pub fn is_whole(&self) -> bool {
        let is_partial = self.index.as_ref().is_some_and(|index| index.partial.is_some());
        self.condition_count == 0 && self.is_unbounded() && !is_partial
    }

    /// Whether it looks up a few keys.
    pub fn is_lookup(&self) -> bool {
        !self.bounds.equal.is_empty()
    }

    fn tree(&self) -> TreeId {
        self.index.as_ref().map_or(self.table.tree, |index| index.tree)
    }

    /// Entries that there are.
    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        Ok(context.key_tree(self.database, self.tree())?.0.count())
    }

    /// Entries within the bounds.
    pub fn count_in_bounds(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<u64> {
        if self.is_unbounded() {
            return self.row_count(context);
        }
        let KeyScan { bounds, keys, ranges, .. } = self;
        key_bounds::compute(bounds, &keys.columns, ranges, frame, context)?;
        let (tree, pager) = context.key_tree(self.database, self.tree())?;
        let mut count = 0;
        for range in &self.ranges {
            let start = tree.rank(pager, &range.start).map_err(tree_error)?;
            let end = match &range.end[..] {
                [] => tree.count(),
                end => tree.rank(pager, end).map_err(tree_error)?,
            };
            count += end.saturating_sub(start);
        }
        Ok(count)
    }

    /// As `BatchScan::passing_share`, of the entries within the bounds.
    pub fn passing_share(&mut self, untried: f64, frame: &mut Frame, context: &mut Context<'_>) -> Run<f64> {
        if self.condition_count == 0 {
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
            Ok((passed, tried)) => Ok((passed as f64).max(0.5) / tried as f64),
            Err(error) => Err(error),
        }
    }

    /// How many of some entries pass, and how many were tried.
    fn try_places(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<(usize, usize)> {
        let (mut passed, mut tried) = (0, 0);
        self.open(frame, context)?;
        let count = self.row_count(context)?;
        let places = if self.is_unbounded() { TRIED_PLACES } else { 1 };
        for place in 0..places {
            if self.is_unbounded() {
                let offset = count * (2 * place + 1) / (2 * TRIED_PLACES);
                self.begun = 1;
                self.is_in_range = self.entries.seek_nth(offset).map_err(tree_error)?;
            }
            tried += self.fill(TRIED_ENTRIES)?;
            self.pass(context, &mut |batch, _| {
                passed += batch.len();
                Ok(())
            })?;
        }
        Ok((passed, tried))
    }

    pub fn restart(&mut self) {
        self.is_open = false;
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.stage.begin(frame, context)?;
        let KeyScan { bounds, keys, ranges, .. } = self;
        key_bounds::compute(bounds, &keys.columns, ranges, frame, context)?;
        if self.is_reverse {
            ranges.reverse();
        }
        (self.begun, self.is_in_range) = (0, false);
        self.last_taken.clear();
        self.next_limit = self.first_limit;
        self.counted = self.counted.map(|_| 0);
        if !self.is_open {
            let (tree, pager) = context.key_tree(self.database, self.tree())?;
            self.entries.reset(tree, pager);
            self.is_open = true;
        }
        self.find_places()
    }

    fn find_places(&mut self) -> Run<()> {
        if self.index.is_none() {
            let column = |slot: &Slot| {
                let Slot::Column(_, column) = slot else { return None };
                let stored = &self.table.columns[*column];
                Some((stored.slot as usize, missing_value(stored)))
            };
            let columns = self.stage.shared.slots.iter().map(column).collect::<Option<_>>();
            self.columns = columns.ok_or(Stop::RowByRow)?;
            return Ok(());
        }
        let places = self.stage.shared.slots.iter().map(|slot| self.place(*slot)).collect::<Option<_>>();
        // The planner knows what an index covers.
        let Some(places) = places else { return Err(Stop::RowByRow) };
        self.places = places;
        let key_of = |(slot, place): (usize, &Place)| match place {
            Place::Key(number) => Some((*number, slot)),
            Place::Rowid => None,
        };
        self.of_key = self.places.iter().enumerate().filter_map(key_of).collect();
        self.of_key.sort_unstable();
        let is_of_value = |place: &Place| match place {
            Place::Rowid => false,
            Place::Key(number) => *number < self.keys.own_columns,
        };
        self.reads_values = self.places.iter().any(is_of_value);
        let is_of_key = |place: &Place| match place {
            Place::Rowid => true,
            Place::Key(number) => *number < self.keys.own_columns,
        };
        let in_keys = || KeyPlaces { by_slot: self.places.clone(), columns: self.keys.columns.clone() };
        self.in_keys = self.places.iter().all(is_of_key).then(in_keys);
        self.repeated_columns = self.of_key.last().map_or(0, |(number, _)| number + 1);
        Ok(())
    }

    fn place(&self, slot: Slot) -> Option<Place> {
        let column = match slot {
            Slot::Rowid(_) => return (!self.table.without_rowid).then_some(Place::Rowid),
            Slot::Column(_, column) => column,
            Slot::Answer(_) | Slot::Register(_) => panic!("no table has a subquery's answer"),
        };
        let of_identity = || {
            let key = self.table.primary_key.iter().position(|key| key.column == column)?;
            self.table.without_rowid.then_some(Place::Key(self.keys.own_columns + key))
        };
        let index = self.index.as_ref()?;
        if self.table.rowid_alias == Some(column) {
            return Some(Place::Rowid);
        }
        let is_column = |term: &IndexTerm| matches!(term, IndexTerm::Column(own) if *own == column);
        let own = index.columns.iter().position(|part| is_column(&part.term));
        own.map(Place::Key).or_else(of_identity)
    }

    /// Moves to the next entry; false when all ranges are done.
    fn advance(&mut self) -> Result<bool> {
        loop {
            let is_found = if self.is_in_range {
                if self.is_reverse { self.entries.prev() } else { self.entries.next() }
            } else {
                let Some(range) = self.ranges.get(self.begun) else { return Ok(false) };
                self.begun += 1;
                match (self.is_reverse, &range.end[..]) {
                    (false, _) => self.entries.seek_ge(&range.start),
                    (true, []) => self.entries.last(),
                    (true, end) => self.entries.seek_lt(end),
                }
            };
            let KeyRange { start, end } = &self.ranges[self.begun - 1];
            self.is_in_range = is_found.map_err(tree_error)?
                && if self.is_reverse {
                    self.entries.key() >= &start[..]
                } else {
                    end.is_empty() || self.entries.key() < &end[..]
                };
            if self.is_in_range {
                return Ok(true);
            }
        }
    }

    /// Goes to the last of so many entries of a run.
    fn pass_run(&mut self, taken: usize) {
        if self.is_reverse { self.entries.skip_back(taken - 1) } else { self.entries.skip(taken - 1) }
    }

    /// Takes the next entries, so many at most; how many there were.
    fn fill(&mut self, limit: usize) -> Run<usize> {
        if self.index.is_none() {
            return self.fill_with_records(limit);
        }
        self.records.clear();
        self.batch.clear();
        self.batch.resize_with(self.places.len(), KeptColumn::default);
        (self.batch_len, self.entries_read) = (0, 0);
        if self.skips_repeated && self.of_key.len() == self.places.len() {
            return self.fill_with_different(limit);
        }
        while self.batch_len < limit && self.advance()? {
            let range = &self.ranges[self.begun - 1];
            let run = run_within(&self.entries, range, self.is_reverse, limit - self.batch_len);
            let is_held = !self.records.is_empty() || self.batch_len == 0;
            if is_held && self.in_keys.is_some() && (!self.reads_values || is_told_by_keys(run)) {
                self.records.push(Records::InLeaf(self.entries.hold(run.len(), self.is_reverse)));
                let taken = run.len();
                self.pass_run(taken);
                self.batch_len += taken;
                continue;
            }
            self.take_held()?;
            let range = &self.ranges[self.begun - 1];
            let run = run_within(&self.entries, range, self.is_reverse, limit - self.batch_len);
            let taken = if self.is_wide(run) {
                self.take_entry()?;
                1
            } else {
                take_run(run, &self.table, &self.keys, &self.places, &self.of_key, &mut self.batch)?;
                run.len()
            };
            self.pass_run(taken);
            self.batch_len += taken;
        }
        self.entries_read = self.batch_len;
        Ok(self.batch_len)
    }

    /// Copies what was to be read where it lies.
    fn take_held(&mut self) -> Run<()> {
        let KeyScan { table, keys, places, of_key, batch, records, .. } = self;
        for held in records.drain(..) {
            if let Records::InLeaf(held) = held {
                take_run(held.run(), table, keys, places, of_key, batch)?;
            }
        }
        Ok(())
    }

    /// As `fill`, of a table.
    fn fill_with_records(&mut self, limit: usize) -> Run<usize> {
        self.records.clear();
        self.batch_len = 0;
        while self.batch_len < limit && self.advance()? {
            let range = &self.ranges[self.begun - 1];
            let run = run_within(&self.entries, range, self.is_reverse, limit - self.batch_len);
            let in_leaf = (0..run.len()).take_while(|index| run.value(*index).is_some()).count();
            if in_leaf == 0 {
                let value = self.entries.value().map_err(tree_error)?;
                self.records.push(Records::Wide(value.to_vec()));
                self.batch_len += 1;
            } else {
                self.records.push(Records::InLeaf(self.entries.hold(in_leaf, self.is_reverse)));
                self.pass_run(in_leaf);
                self.batch_len += in_leaf;
            }
        }
        self.entries_read = self.batch_len;
        Ok(self.batch_len)
    }

    /// As `fill`, of entries that differ from the one before.
    fn fill_with_different(&mut self, limit: usize) -> Run<usize> {
        while self.batch_len < limit && self.advance()? {
            let end = &self.ranges[self.begun - 1].end;
            let KeyScan { table, keys, entries, places, of_key, batch, last_taken, .. } = self;
            let run = entries.run(usize::MAX).before(end);
            let mut passed = 0;
            while self.batch_len < limit {
                let index = first_other(run, passed, last_taken);
                passed = (index + 1).min(run.len());
                if index == run.len() {
                    break;
                }
                let Some(value) = run.value(index) else { return Err(Stop::RowByRow) };
                let mut rest = run.key(index);
                take_values(rest, value, table, keys, places, of_key, batch)?;
                self.batch_len += 1;
                for column in &keys.columns[..self.repeated_columns] {
                    key::skip_value(&mut rest, *column).map_err(corrupt)?;
                }
                last_taken.clear();
                last_taken.extend_from_slice(&run.key(index)[..run.key(index).len() - rest.len()]);
            }
            self.entries_read += passed;
            self.pass_run(passed);
        }
        Ok(self.batch_len)
    }

    /// Whether a value that is read is in overflow blocks.
    fn is_wide(&self, run: KeyRun<'_>) -> bool {
        self.reads_values && (0..run.len()).any(|index| run.value(index).is_none())
    }

    /// Takes the entry that the cursor stands on.
    fn take_entry(&mut self) -> Run<()> {
        let KeyScan { table, keys, entries, places, of_key, batch, .. } = self;
        let value = entries.value().map_err(tree_error)?;
        take_values(entries.key(), value, table, keys, places, of_key, batch)
    }

    /// Hands on the entries that were taken and pass the conditions.
    fn pass(
        &mut self,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<()> {
        let KeyScan { stage, batch, batch_len, index, records, columns, in_keys, .. } = self;
        let in_leaves = records_of(records, index.is_some(), *batch_len);
        let mut batch = match (index, in_keys) {
            (None, _) => Batch::of_records(&in_leaves, columns),
            (Some(_), Some(places)) if !records.is_empty() => Batch::of_keys(&in_leaves, places),
            _ => Batch::of_gathered(batch, *batch_len),
        };
        stage.filter(&mut batch, context)?;
        consume(batch, &mut Surroundings { known: &mut stage.known, context })
    }

    /// Hands the next batch to `consume`; false: all entries were read.
    pub fn next_batch(
        &mut self,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        context.poll()?;
        let filled = self.fill(self.next_limit)?;
        self.next_limit = (self.next_limit * BATCH_GROWTH).min(BATCH);
        if let Some(counted) = self.counted.as_mut().filter(|_| self.entries_read > 0) {
            context.session.work.scan(*counted, self.entries_read as u64);
            *counted += self.entries_read as u64;
        }
        if filled == 0 {
            return Ok(false);
        }
        self.pass(context, consume)?;
        Ok(true)
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.is_open = false;
        self.batch = Vec::new();
        self.records = Vec::new();
        self.entries.close();
        self.stage.known.clear(frame);
    }
}

/// The entries of a range from the cursor's on, as far as the same leaf has them.
fn run_within<'e>(entries: &'e KeyCursor, range: &KeyRange, is_reverse: bool, limit: usize) -> KeyRun<'e> {
    if is_reverse {
        entries.run_back(limit).down_to(&range.start)
    } else {
        entries.run(limit).before(&range.end)
    }
}

/// Whether no key of the entries lost anything of its values.
fn is_told_by_keys(run: KeyRun<'_>) -> bool {
    (0..run.len()).all(|index| run.value(index).is_some_and(<[u8]>::is_empty))
}

/// The records of a table's batch, or the keys of an index's.
fn records_of(taken: &[Records], are_keys: bool, count: usize) -> Vec<&[u8]> {
    if taken.is_empty() {
        return Vec::new();
    }
    let mut records = Vec::with_capacity(count);
    for part in taken {
        match part {
            Records::Wide(record) => records.push(&record[..]),
            Records::InLeaf(held) => {
                let run = held.run();
                if are_keys {
                    records.extend((0..run.len()).map(|index| run.key(index)));
                } else {
                    records.extend((0..run.len()).map(|index| run.value(index).unwrap_or_default()));
                }
            }
        }
    }
    records
}

/// The first entry of a run, from one on, that does not begin with `taken`; the run's length where there is none.
pub(super) fn first_other(run: KeyRun<'_>, from: usize, taken: &[u8]) -> usize {
    let begins = |index: usize| !taken.is_empty() && run.key(index).starts_with(taken);
    if from == run.len() || !begins(from) {
        return from;
    }
    if begins(run.len() - 1) {
        return run.len();
    }
    // Steps of growing length, then halves of the last one: entries that begin alike stand side by side.
    let (mut low, mut step) = (from, 1);
    while low + step < run.len() && begins(low + step) {
        low += step;
        step *= 2;
    }
    let mut high = (low + step).min(run.len() - 1);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if begins(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Takes entries whose values are in the leaf: column by column, where the keys say all that is read of them.
fn take_run(
    run: KeyRun<'_>,
    table: &Table,
    keys: &Keys,
    places: &[Place],
    of_key: &[(usize, usize)],
    batch: &mut [KeptColumn],
) -> Run<()> {
    let has_remainder = |index: usize| run.value(index).is_none_or(|value| !value.is_empty());
    let is_plain = of_key.is_empty() || !(0..run.len()).any(has_remainder);
    if !is_plain {
        for index in 0..run.len() {
            let value = run.value(index).unwrap_or_default();
            take_values(run.key(index), value, table, keys, places, of_key, batch)?;
        }
        return Ok(());
    }
    for (place, column) in places.iter().zip(&mut *batch) {
        match place {
            Place::Rowid => {
                for index in 0..run.len() {
                    let rowid = key::decode_trailing_rowid(run.key(index)).map_err(corrupt)?;
                    column.push(ValueRef::Integer(rowid));
                }
            }
            Place::Key(number) => {
                let mut scratch = Vec::new();
                for index in 0..run.len() {
                    let mut input = run.key(index);
                    for before in &keys.columns[..*number] {
                        key::skip_value(&mut input, *before).map_err(corrupt)?;
                    }
                    let (value, is_exact) =
                        key::read_value(&mut input, keys.columns[*number], &mut scratch).map_err(corrupt)?;
                    if !is_exact && !keys.is_certain(*number, value, table) {
                        return Err(Stop::RowByRow);
                    }
                    column.push(value);
                }
            }
        }
    }
    Ok(())
}

/// Takes one entry.
fn take_values(
    mut key: &[u8],
    value: &[u8],
    table: &Table,
    keys: &Keys,
    places: &[Place],
    of_key: &[(usize, usize)],
    batch: &mut [KeptColumn],
) -> Run<()> {
    for (place, column) in places.iter().zip(&mut *batch) {
        match place {
            Place::Rowid => {
                column.push(ValueRef::Integer(key::decode_trailing_rowid(key).map_err(corrupt)?));
            }
            Place::Key(_) => {}
        }
    }
    let Some((last, _)) = of_key.last() else { return Ok(()) };
    let read = keys.own_columns.max(last + 1);
    let mut values = Vec::with_capacity(read);
    for (number, column) in keys.columns[..read].iter().enumerate() {
        let (value, is_exact) = key::decode_value(&mut key, *column).map_err(corrupt)?;
        if !is_exact && !keys.is_certain(number, value.as_ref(), table) {
            return Err(Stop::RowByRow);
        }
        values.push(value);
    }
    if keys.own_columns > 0 {
        key::apply_remainder(value, &mut values[..keys.own_columns]).map_err(corrupt)?;
    }
    for (number, slot) in of_key {
        batch[*slot].push(values[*number].as_ref());
    }
    Ok(())
}

/// What the keys consist of.
struct Keys {
    /// The index's columns, behind them those of the primary key, where keys end in it.
    columns: Vec<KeyColumn>,
    /// How many of them are the index's own: what their values lost stands in the entry.
    own_columns: usize,
}

impl Keys {
    /// Whether a value, by number, is what the row has, but for what stands in the entry.
    fn is_certain(&self, number: usize, value: ValueRef<'_>, table: &Table) -> bool {
        number < self.own_columns
            || is_integer_of(
                value,
                table.columns[table.primary_key[number - self.own_columns].column].affinity,
            )
    }
}

/// Fewer entries that a lookup finds are read row by row.
const LEAST_FOUND: usize = 256;

/// Whether the scan looks keys up and finds few entries; so it is taken of keys that other rows give.
pub(super) fn finds_few(scan: &Scan, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    let (index, bounds) = match &scan.path {
        AccessPath::Index { index, bounds, covering: Some(_) } | AccessPath::PrimaryKey { index, bounds } => {
            (index, bounds)
        }
        _ => return Ok(false),
    };
    if bounds.equal.is_empty() {
        return Ok(false);
    }
    if !is_known(bounds) {
        return Ok(true);
    }
    let mut ranges = Vec::new();
    key_bounds::compute(bounds, &key_bounds::key_columns(index), &mut ranges, frame, context)?;
    let is_own = matches!(scan.path, AccessPath::PrimaryKey { .. });
    let (tree, pager) = context.key_tree(scan.database, if is_own { scan.table.tree } else { index.tree })?;
    let mut entries = KeyCursor::new(tree, pager.clone());
    let mut found = 0;
    for range in &ranges {
        let mut is_there = entries.seek_ge(&range.start).map_err(tree_error)?;
        while is_there && (range.end.is_empty() || entries.key() < &range.end[..]) {
            let run = entries.run(LEAST_FOUND - found).before(&range.end).len();
            found += run;
            if found >= LEAST_FOUND {
                return Ok(false);
            }
            entries.skip(run - 1);
            is_there = entries.next().map_err(tree_error)?;
        }
    }
    Ok(true)
}

/// Whether the path reads all entries of its index, or the whole table.
fn is_full(path: &AccessPath) -> bool {
    match path {
        AccessPath::Full => true,
        AccessPath::PrimaryKey { bounds, .. } | AccessPath::Index { bounds, .. } => {
            bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none()
        }
        AccessPath::Rowid(_) | AccessPath::AnyOf(_) => false,
    }
}

/// Whether the bounds are told before any row is read.
fn is_known(bounds: &KeyBounds) -> bool {
    let is_known = |expr: &Expr| matches!(expr, Expr::Literal(_) | Expr::Parameter(_));
    let ends = bounds.low.iter().chain(&bounds.high);
    let equal = bounds.equal.iter().all(|term| match &term.value {
        KeyValue::Equal(value) | KeyValue::Is(value) => is_known(value),
        KeyValue::In(InValues::List(list)) => list.iter().all(is_known),
        KeyValue::In(InValues::Select(_)) => true,
    });
    equal && ends.into_iter().all(|end| is_known(&end.expr))
}
