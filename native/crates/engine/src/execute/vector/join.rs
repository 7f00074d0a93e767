//! An equi-join in batches: the right side is kept, the left side's batches look their matches up.
//!
//! It stands for a hash join and for a nested loop whose right side is looked up by key. Pairs come in the left side's
//! order, and among the matches of one row in the right side's.

use std::cell::RefCell;
use std::ops::Range;

use pluresdb_value::{Affinity, Collation};

use super::batch::{Batch, NO_ROW, Rows, Side, Slot};
use super::build::{Build, JoinKey};
use super::compile::{Expression, Shared};
use super::evaluate::{Surroundings, evaluate_truths};
use super::input::{Input, narrowing_slots, sources_of};
use super::scan::BatchScan;
use super::stage::Stage;
use super::{Run, Stop};
use crate::catalog::{Index, IndexTerm};
use crate::error::Result;
use crate::execute::{Context, Frame};
use crate::plan::{self, AccessPath, KeyBounds, KeyValue, LoopKind, RowidBounds, Scan, SourceNode};
use crate::resolve::tree::{Comparison, Expr, SourceId};

/// A batch of pairs ends with the left row that brings it here.
const PAIRS: usize = 1 << 14;

/// A right side that takes more memory is looked up row by row, where there is an index.
const MAX_KEPT_BYTES: usize = 512 << 20;

pub(super) struct BatchJoin {
    left: Input,
    right: Input,
    keeps_left: bool,
    /// A look-up row by row finds several rows of the right side.
    finds_many: bool,
    /// Matches of one row may come in another order than a look-up's.
    is_unordered: bool,
    /// Few left rows have a match: they are looked up before their own dear conditions.
    probes_first: bool,
    /// The left side knows which of its rows have a match.
    is_left_told: bool,
    keys: Vec<JoinKey>,
    /// What else decides whether rows match.
    on: Vec<Expression>,
    /// What pairs have to pass, those without a right row too.
    pub stage: Stage,
    /// By slot.
    sides: Vec<Side>,
    /// Those of the left side that are read.
    left_slots: Vec<usize>,
    build: Build,
    /// The execution the right side was read in.
    built_in: Option<u64>,
    charged: usize,
}

/// The parts of a join, not yet compiled for each other.
struct Parts<'n> {
    left: Input,
    right: Input,
    kind: LoopKind,
    keys: Vec<(Expr, Expr, Comparison)>,
    on: &'n [Expr],
}

/// The sides of a join at the top of a FROM, each compiled by itself.
pub(super) struct Sides<'n> {
    pub left_node: &'n SourceNode,
    pub left: Input,
    pub right: Input,
    pub kind: LoopKind,
    pub keys: Vec<(Expr, Expr, Comparison)>,
    /// Something beside the keys decides whether rows match.
    pub has_more_conditions: bool,
}

impl<'n> Sides<'n> {
    /// None when a part needs the row engine, and where the matches of a row would come in another order than the plan's.
    pub fn of(node: &'n SourceNode) -> Option<Sides<'n>> {
        let sources = sources_of(node)?;
        match node {
            SourceNode::HashJoin(node) => Some(Sides {
                left_node: &node.left,
                left: Input::compile_part(&node.left, &sources, false)?,
                right: Input::compile_part(&node.right, &sources, false)?,
                kind: node.kind,
                keys: node
                    .keys
                    .iter()
                    .map(|key| (key.left.clone(), key.right.clone(), key.comparison))
                    .collect(),
                has_more_conditions: !node.on.is_empty(),
            }),
            SourceNode::NestedLoop(node) => {
                let SourceNode::Scan(scan) = &node.right else { return None };
                let Lookup { keys, path, is_unordered: false, .. } = Lookup::of(scan, false)? else {
                    return None;
                };
                Some(Sides {
                    left_node: &node.left,
                    left: Input::compile_part(&node.left, &sources, false)?,
                    right: Input::of_scan(scan, &path, &sources)?,
                    kind: node.kind,
                    keys,
                    has_more_conditions: !node.on.is_empty(),
                })
            }
            _ => None,
        }
    }
}

impl BatchJoin {
    /// `sources` are those of the whole FROM. None when a part needs the row engine.
    pub fn of_hash_join(
        node: &plan::HashJoin,
        sources: &[SourceId],
        in_any_order: bool,
    ) -> Option<BatchJoin> {
        let left = Input::compile_part(&node.left, sources, in_any_order)?;
        let right = Input::compile_part(&node.right, sources, in_any_order)?;
        let keys =
            node.keys.iter().map(|key| (key.left.clone(), key.right.clone(), key.comparison)).collect();
        BatchJoin::compile(Parts { left, right, kind: node.kind, keys, on: &node.on }, sources)
    }

    /// The right side of the loop is looked up by key: that key joins.
    pub fn of_nested_loop(
        node: &plan::NestedLoop,
        sources: &[SourceId],
        in_any_order: bool,
    ) -> Option<BatchJoin> {
        let SourceNode::Scan(scan) = &node.right else { return None };
        let Lookup { keys, path, finds_many, is_unordered } = Lookup::of(scan, in_any_order)?;
        let left = Input::compile_part(&node.left, sources, in_any_order)?;
        let right = Input::of_scan(scan, &path, sources)?;
        let parts = Parts { left, right, kind: node.kind, keys, on: &node.on };
        let mut join = BatchJoin::compile(parts, sources)?;
        join.finds_many = finds_many;
        join.is_unordered = is_unordered;
        Some(join)
    }

    /// An inner join of what is compiled already.
    pub fn inner(
        left: Input,
        right: Input,
        keys: Vec<(Expr, Expr, Comparison)>,
        sources: &[SourceId],
    ) -> Option<BatchJoin> {
        BatchJoin::compile(Parts { left, right, kind: LoopKind::Inner, keys, on: &[] }, sources)
    }

    fn compile(parts: Parts<'_>, sources: &[SourceId]) -> Option<BatchJoin> {
        let keeps_left = match parts.kind {
            LoopKind::Inner => false,
            LoopKind::Left => true,
            LoopKind::Right | LoopKind::Full => return None,
        };
        let (mut left, mut right) = (parts.left, parts.right);
        let mut keys = Vec::with_capacity(parts.keys.len());
        for (left_key, right_key, comparison) in parts.keys {
            if comparison.collation.is_custom() {
                return None;
            }
            keys.push(JoinKey {
                left: left.compile_expr(&left_key)?,
                right: right.compile_expr(&right_key)?,
                comparison,
            });
        }
        // A key that the left side's rows have in common picks a few rows of the right side.
        if keys.iter().all(|key| key.left.slots.is_empty()) {
            return None;
        }
        let own = [left.shared().sources(), right.shared().sources()].concat();
        let mut join = BatchJoin {
            left,
            right,
            keeps_left,
            finds_many: false,
            is_unordered: false,
            probes_first: false,
            is_left_told: false,
            keys,
            on: Vec::new(),
            stage: Stage::new(Shared::new(own, sources)),
            sides: Vec::new(),
            left_slots: Vec::new(),
            build: Build::new(0, &[]),
            built_in: None,
            charged: 0,
        };
        for on in parts.on {
            let on = join.stage.compile_expr(on)?;
            join.on.push(on);
        }
        Some(join)
    }

    /// Says that few rows of the left side have a match.
    pub fn probe_first(&mut self) {
        self.probes_first = !self.keeps_left;
    }

    /// Asks the sides for what is read of them.
    fn find_sides(&mut self) {
        for index in self.sides.len()..self.stage.shared.slots.len() {
            let slot = self.stage.shared.slots[index];
            let is_left = match slot {
                Slot::Rowid(source) | Slot::Column(source, _) => {
                    self.left.shared().sources().contains(&source)
                }
                Slot::Answer(_) | Slot::Register(_) => panic!("subqueries are asked about joined rows"),
            };
            self.sides.push(if is_left {
                Side::Left(self.left.slot(slot))
            } else {
                Side::Right(self.right.slot(slot))
            });
        }
    }

    pub fn left(&self) -> &Input {
        &self.left
    }

    /// As `Input::is_unordered`.
    pub fn is_unordered(&self) -> bool {
        self.is_unordered || self.left.is_unordered() || self.right.is_unordered()
    }

    /// As `Input::driving_scan`.
    pub fn driving_scan(&mut self) -> Option<&mut BatchScan> {
        let of_keys = self.keys.iter().any(|key| key.left.may_fail);
        let may_fail = of_keys || self.on.iter().any(|on| on.may_fail) || self.stage.may_fail();
        if may_fail { None } else { self.left.driving_scan() }
    }

    /// Whether the left side should know which keys are kept. Of a whole table it mostly has no others.
    fn narrows_left(&mut self) -> bool {
        !self.keeps_left
            && !self.right.is_whole_table()
            && !narrowing_slots(&self.keys, &mut self.left).is_empty()
    }

    /// Rows of all kept sides, before their conditions; of a side of which a look-up finds many, as many as are looked up.
    pub fn kept_rows(&self, context: &Context<'_>) -> Result<u64> {
        let mut kept = self.right.row_count(context)?;
        if self.finds_many {
            kept = kept.min(self.left.row_count(context)?);
        }
        Ok(self.left.kept_rows(context)? + kept + self.right.kept_rows(context)?)
    }

    pub fn driving_rows(&mut self, most: u64, frame: &mut Frame, context: &mut Context<'_>) -> Run<u64> {
        self.left.driving_rows(most, frame, context)
    }

    pub fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.stage.begin(frame, context)?;
        self.find_sides();
        self.left_slots = self.used_slots(|side| match side {
            Side::Left(slot) => Some(slot),
            Side::Right(_) => None,
        });
        if let Input::Scan(scan) = &mut self.left {
            let of_keys = self.keys.iter().flat_map(|key| &key.left.slots);
            scan.gather(self.left_slots.iter().chain(of_keys).copied().collect());
        }
        self.left.open(frame, context)?;
        let narrows = self.narrows_left();
        if self.built_in == Some(frame.execution) && self.right.is_lasting() {
            return self.narrow_left(narrows, context);
        }
        self.forget(frame);
        let slots: Vec<usize> = self.used_slots(|side| match side {
            Side::Right(slot) => Some(slot),
            Side::Left(_) => None,
        });
        self.build = Build::new(self.right.shared().slots.len(), &self.keys);
        if narrows {
            self.build.keep_keys(&self.keys);
        }
        if let Input::Scan(scan) = &mut self.right {
            let of_keys = self.keys.iter().flat_map(|key| &key.right.slots);
            scan.gather(slots.iter().chain(of_keys).copied().collect());
        }
        let steps = context.session.work.full_scan_steps;
        self.right.open(frame, context)?;
        let BatchJoin { right, build, keys, charged, .. } = self;
        while right.next_batch(frame, context, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            build.append(keys, &slots, &mut batch, surroundings)
        })? {
            let bytes = build.memory();
            frame.memory.charge(bytes - *charged)?;
            *charged = bytes;
            if bytes > MAX_KEPT_BYTES || build.len() >= NO_ROW as usize {
                self.forget(frame);
                return Err(Stop::RowByRow);
            }
        }
        // Making an automatic index, to SQLite.
        let work = &mut context.session.work;
        work.automatic_index_rows += work.full_scan_steps - steps;
        work.full_scan_steps = steps;
        self.built_in = Some(frame.execution);
        self.narrow_left(narrows, context)
    }

    fn narrow_left(&mut self, narrows: bool, context: &mut Context<'_>) -> Run<()> {
        self.is_left_told = narrows && self.left.narrow(&self.keys, &self.build, context)?;
        Ok(())
    }

    fn used_slots(&self, of_side: impl Fn(Side) -> Option<usize>) -> Vec<usize> {
        let mut slots: Vec<usize> = self.sides.iter().filter_map(|side| of_side(*side)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Hands on the pairs of the left side's next batch, in one batch or several.
    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        let probes_first = self.probes_first && !self.is_left_told;
        let BatchJoin { left, keeps_left, keys, on, stage, sides, left_slots, build, .. } = self;
        let build = RefCell::new(build);
        let mut probe = |batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>| {
            if probes_first { build.borrow_mut().probe(keys, batch, surroundings) } else { Ok(()) }
        };
        let mut firsts = Vec::new();
        left.next_probed(frame, context, &mut probe, &mut |mut batch, surroundings| {
            build.borrow_mut().find(keys, &mut batch, surroundings, &mut firsts)?;
            let build: &Build = &build.borrow();
            batch.load(left_slots)?;
            let context = &mut *surroundings.context;
            let mut matching = Matching { firsts: &firsts, build, keeps_left: *keeps_left, next: 0 };
            while let Some(candidates) = matching.next_pairs() {
                context.poll()?;
                let mut pairs = candidates.rows;
                if !on.is_empty() {
                    let mut batch = Batch::of_pairs(&batch, build, sides, pairs);
                    let mut surroundings = Surroundings { known: &mut stage.known, context };
                    for on in on.iter() {
                        let truths = evaluate_truths(on, &mut batch, &mut surroundings)?;
                        batch.keep(&truths);
                    }
                    pairs = batch.into_rows();
                    if *keeps_left {
                        pairs = with_unmatched(pairs, candidates.left);
                    }
                }
                let mut batch = Batch::of_pairs(&batch, build, sides, pairs);
                stage.filter(&mut batch, context)?;
                if !batch.is_empty() {
                    consume(batch, &mut Surroundings { known: &mut stage.known, context })?;
                }
            }
            Ok(())
        })
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.built_in = None;
        self.build = Build::new(0, &self.keys);
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.stage.known.clear(frame);
        self.left.close(frame);
        self.right.close(frame);
    }
}

/// Takes the pairs of a left batch in portions.
struct Matching<'m> {
    firsts: &'m [u32],
    build: &'m Build,
    keeps_left: bool,
    /// The next left row.
    next: usize,
}

/// Pairs with the same key, and the left rows they were sought for.
struct Candidates {
    rows: Rows,
    left: Range<usize>,
}

impl Matching<'_> {
    fn next_pairs(&mut self) -> Option<Candidates> {
        if self.next >= self.firsts.len() {
            return None;
        }
        let start = self.next;
        if start == 0 && !self.keeps_left && self.build.is_unique() {
            self.next = self.firsts.len();
            return Some(Candidates { rows: self.matching_rows(), left: 0..self.next });
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while self.next < self.firsts.len() && left.len() < PAIRS {
            let row = self.next as u32;
            let mut found = self.firsts[self.next];
            self.next += 1;
            if found == NO_ROW && self.keeps_left {
                left.push(row);
                right.push(NO_ROW);
            }
            while found != NO_ROW {
                left.push(row);
                right.push(found);
                found = self.build.after(found);
            }
        }
        Some(Candidates { rows: Rows::Pairs { left, right }, left: start..self.next })
    }
}

impl Matching<'_> {
    /// The pairs where no row has more than one match.
    fn matching_rows(&self) -> Rows {
        let (mut left, mut right) = (vec![0; self.firsts.len()], vec![0; self.firsts.len()]);
        let mut count = 0;
        // Written in any case and counted where there is a match: half of the rows having one is a branch guessed wrong.
        for (row, found) in (0..).zip(self.firsts) {
            (left[count], right[count]) = (row, *found);
            count += usize::from(*found != NO_ROW);
        }
        left.truncate(count);
        right.truncate(count);
        Rows::Pairs { left, right }
    }
}

/// The pairs, and each left row that has none alone.
fn with_unmatched(pairs: Rows, left_rows: Range<usize>) -> Rows {
    let Rows::Pairs { left, right } = pairs else { panic!("a join's rows are pairs") };
    let mut all = (Vec::with_capacity(left_rows.len()), Vec::with_capacity(left_rows.len()));
    let mut pair = 0;
    for row in left_rows {
        let row = row as u32;
        if left.get(pair) != Some(&row) {
            all.0.push(row);
            all.1.push(NO_ROW);
        }
        while left.get(pair) == Some(&row) {
            all.0.push(row);
            all.1.push(right[pair]);
            pair += 1;
        }
    }
    Rows::Pairs { left: all.0, right: all.1 }
}

/// How a scan looks its rows up: by equality on a rowid or the first columns of an index, and nothing else.
struct Lookup {
    keys: Vec<(Expr, Expr, Comparison)>,
    /// Reads all rows that it could find.
    path: AccessPath,
    /// It finds several rows.
    finds_many: bool,
    /// The path does not have the rows of one key in the order of the look-up.
    is_unordered: bool,
}

impl Lookup {
    fn of(scan: &Scan, in_any_order: bool) -> Option<Lookup> {
        let of_key = |index: &Index, bounds: &KeyBounds| {
            let is_one = index.unique && bounds.equal.len() == index.columns.len();
            let keys = looked_up_keys(scan.source, index, bounds)?;
            Some(Lookup { keys, path: AccessPath::Full, finds_many: !is_one, is_unordered: false })
        };
        match &scan.path {
            AccessPath::Rowid(RowidBounds::Equal(left)) => {
                let comparison =
                    Comparison { affinity: Some(Affinity::Numeric), ..Comparison::new(Collation::Binary) };
                let keys = vec![(left.clone(), Expr::Rowid(scan.source), comparison)];
                Some(Lookup { keys, path: AccessPath::Full, finds_many: false, is_unordered: false })
            }
            AccessPath::PrimaryKey { index, bounds } => of_key(index, bounds),
            AccessPath::Index { index, bounds, covering } => {
                let lookup = of_key(index, bounds)?;
                // Rows with the same key are in the order of the rowids in the index too.
                let is_told = bounds.equal.len() == index.columns.len() && !scan.table.without_rowid;
                if index.partial.is_none() && (is_told || in_any_order) {
                    return Some(Lookup { is_unordered: !is_told, ..lookup });
                }
                covering.as_ref()?;
                let (index, covering) = (index.clone(), covering.clone());
                let path = AccessPath::Index { index, bounds: KeyBounds::default(), covering };
                Some(Lookup { path, ..lookup })
            }
            AccessPath::Full | AccessPath::Rowid(_) | AccessPath::AnyOf(_) => None,
        }
    }
}

fn looked_up_keys(
    source: SourceId,
    index: &Index,
    bounds: &KeyBounds,
) -> Option<Vec<(Expr, Expr, Comparison)>> {
    if bounds.equal.is_empty() || bounds.low.is_some() || bounds.high.is_some() {
        return None;
    }
    let keys = bounds.equal.iter().zip(&index.columns).map(|(term, column)| {
        let KeyValue::Equal(left) = &term.value else { return None };
        let right = match column.term {
            IndexTerm::Column(column) => Expr::Column { source, column },
            IndexTerm::Rowid => Expr::Rowid(source),
            IndexTerm::Expr(_) => return None,
        };
        Some((left.clone(), right, term.comparison))
    });
    keys.collect()
}
