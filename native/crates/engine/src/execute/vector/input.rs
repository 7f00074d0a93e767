//! Where batches come from: the scan of a table or an index, joins of several, or groups and windows.

use std::ops::Range;

use super::Run;
use super::batch::{Batch, Slot};
use super::build::{Build, JoinKey};
use super::compile::{Expression, Node, Shared};
use super::correlated::Correlated;
use super::derived::Derived;
use super::evaluate::Surroundings;
use super::join::BatchJoin;
use super::key_scan::KeyScan;
use super::narrow::Key;
use super::scan::{BatchScan, Probe, Stretch};
use crate::error::Result;
use crate::execute::{Context, Frame};
use crate::plan::{AccessPath, Scan, SourceNode};
use crate::resolve::tree::{Expr, SourceId};

/// More rows than a leaf has.
const WHOLE_LEAF: usize = 1 << 16;
/// Keeping a row for a join costs so much of what looking one up row by row does.
const KEPT_PER_LOOKUP: u64 = 8;

pub(super) enum Input {
    Scan(BatchScan),
    Keys(Box<KeyScan>),
    Join(Box<BatchJoin>),
    Correlated(Box<Correlated>),
    Derived(Box<Derived>),
}

impl Input {
    /// None when a part of the node needs the row engine.
    pub fn compile(node: &SourceNode) -> Option<Input> {
        match sources_of(node) {
            Some(sources) => Input::compile_part(node, &sources, false),
            None => Derived::compile(node).map(|derived| Input::Derived(Box::new(derived))),
        }
    }

    /// As `compile`, of tables alone; `in_any_order`: rows of a join that have one row of its left side in common may come in
    /// another order than the plan's.
    pub fn compile_tables(node: &SourceNode, in_any_order: bool) -> Option<Input> {
        Input::compile_part(node, &sources_of(node)?, in_any_order)
    }

    /// Compiles a part of a FROM whose sources are given.
    pub fn compile_part(node: &SourceNode, sources: &[SourceId], in_any_order: bool) -> Option<Input> {
        match node {
            SourceNode::Scan(scan) => Input::of_scan(scan, &scan.path, sources),
            SourceNode::HashJoin(join) => {
                BatchJoin::of_hash_join(join, sources, in_any_order).map(|join| Input::Join(Box::new(join)))
            }
            SourceNode::NestedLoop(join) => {
                BatchJoin::of_nested_loop(join, sources, in_any_order).map(|join| Input::Join(Box::new(join)))
            }
            SourceNode::Filter { input, conditions } => {
                let mut input = Input::compile_part(input, sources, in_any_order)?;
                conditions.iter().all(|condition| input.add_condition(condition)).then_some(input)
            }
            _ => None,
        }
    }

    /// A scan all of whose conditions run in batches.
    pub fn of_scan(scan: &Scan, path: &AccessPath, sources: &[SourceId]) -> Option<Input> {
        if let Some(keys) = KeyScan::beside(scan, path, sources) {
            return (keys.condition_count() == scan.conditions.len()).then(|| Input::Keys(Box::new(keys)));
        }
        let batches = BatchScan::beside(scan, path, sources)?;
        (batches.condition_count() == scan.conditions.len()).then_some(Input::Scan(batches))
    }

    pub fn add_condition(&mut self, condition: &Expr) -> bool {
        match self {
            Input::Scan(scan) => scan.add_condition(condition),
            Input::Keys(keys) => keys.add_condition(condition),
            Input::Join(join) => join.stage.add_condition(condition),
            Input::Correlated(correlated) => correlated.stage.add_condition(condition),
            Input::Derived(derived) => derived.add_condition(condition),
        }
    }

    /// As `BatchScan::take_marked`; other inputs have all rows taken out.
    pub fn take_marked(&mut self) {
        if let Input::Scan(scan) = self {
            scan.take_marked();
        }
    }

    /// As `KeyScan::begin_small`, of those that can.
    pub fn begin_small(&mut self) {
        if let Input::Keys(keys) = self {
            keys.begin_small();
        }
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        match self {
            Input::Scan(scan) => scan.compile_expr(expr),
            Input::Keys(keys) => keys.compile_expr(expr),
            Input::Join(join) => join.stage.compile_expr(expr),
            Input::Correlated(correlated) => correlated.stage.compile_expr(expr),
            Input::Derived(derived) => derived.compile_expr(expr),
        }
    }

    pub fn slot(&mut self, slot: Slot) -> usize {
        match self {
            Input::Scan(scan) => scan.shared.slot(slot),
            Input::Keys(keys) => keys.stage.slot(slot),
            Input::Join(join) => join.stage.slot(slot),
            Input::Correlated(correlated) => correlated.stage.slot(slot),
            Input::Derived(_) => panic!("nothing is joined with the groups of a subquery"),
        }
    }

    pub fn shared(&self) -> &Shared {
        match self {
            Input::Scan(scan) => &scan.shared,
            Input::Keys(keys) => &keys.stage.shared,
            Input::Join(join) => &join.stage.shared,
            Input::Correlated(correlated) => &correlated.stage.shared,
            Input::Derived(derived) => derived.shared(),
        }
    }

    /// Whether nothing that is asked about its rows could fail; not said of all inputs of which that is so.
    pub fn never_fails(&self) -> bool {
        match self {
            Input::Scan(scan) => !scan.may_fail(),
            Input::Correlated(correlated) => correlated.gives_without_failing(),
            Input::Keys(_) | Input::Join(_) | Input::Derived(_) => false,
        }
    }

    /// Whether every run of one execution gives the same rows.
    pub fn is_lasting(&self) -> bool {
        match self {
            Input::Scan(scan) => scan.is_lasting(),
            Input::Keys(keys) => keys.is_lasting(),
            Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => false,
        }
    }

    /// Rows of the table that drives the joins.
    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        match self {
            Input::Scan(scan) => scan.row_count(context),
            Input::Keys(keys) => keys.row_count(context),
            Input::Join(join) => join.left().row_count(context),
            Input::Correlated(correlated) => correlated.outer().row_count(context),
            Input::Derived(derived) => derived.row_count(context),
        }
    }

    pub fn kept_rows(&self, context: &Context<'_>) -> Result<u64> {
        match self {
            Input::Scan(_) | Input::Keys(_) | Input::Derived(_) => Ok(0),
            Input::Join(join) => join.kept_rows(context),
            Input::Correlated(correlated) => correlated.outer().kept_rows(context),
        }
    }

    /// Whether it has all rows of a table.
    pub fn is_whole_table(&self) -> bool {
        match self {
            Input::Scan(scan) => scan.is_whole(),
            Input::Keys(keys) => keys.is_whole(),
            Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => false,
        }
    }

    /// Whether it has the rows of a subquery in FROM.
    pub fn is_subquery(&self) -> bool {
        matches!(self, Input::Derived(derived) if derived.is_of_rows())
    }

    /// Whether rows come in another order than the plan's.
    pub fn is_unordered(&self) -> bool {
        matches!(self, Input::Join(join) if join.is_unordered())
    }

    /// Rows that are known to come; of what a condition or a join decides, none.
    pub fn certain_rows(&self, context: &Context<'_>) -> Result<u64> {
        if self.is_whole_table() { self.row_count(context) } else { Ok(0) }
    }

    /// How many rows of the driving table pass its conditions, about; counted up to `most` where that cannot be tried.
    pub fn driving_rows(&mut self, most: u64, frame: &mut Frame, context: &mut Context<'_>) -> Run<u64> {
        let scan = match self {
            Input::Scan(scan) => scan,
            Input::Keys(keys) => {
                let rows = keys.count_in_bounds(frame, context)?;
                return Ok((rows as f64 * keys.passing_share(1.0, frame, context)?) as u64);
            }
            Input::Join(join) => return join.driving_rows(most, frame, context),
            Input::Correlated(correlated) => {
                return correlated.outer_mut().driving_rows(most, frame, context);
            }
            Input::Derived(derived) => return Ok(derived.row_count(context)?),
        };
        let rows = scan.count_in_range(frame, context)?;
        if scan.condition_count() == 0 {
            return Ok(rows);
        }
        if scan.is_lasting() {
            // What a try tells costs less than reading the table once more.
            let share = scan.passing_share(1.0, frame, context)?;
            return Ok((rows as f64 * share) as u64);
        }
        scan.open(frame, context)?;
        let mut count = 0;
        while count < most
            && scan.next_batch(WHOLE_LEAF, true, frame, context, &mut |batch, _| {
                count += batch.len() as u64;
                Ok(())
            })?
        {}
        Ok(count)
    }

    /// The share of the driving table's rows that pass its conditions, as they do at some places of it; `untried` where they
    /// cannot be tried before the statement runs.
    pub fn passing_share(&mut self, untried: f64, frame: &mut Frame, context: &mut Context<'_>) -> Run<f64> {
        match self {
            Input::Scan(scan) => scan.passing_share(untried, frame, context),
            Input::Keys(keys) => keys.passing_share(untried, frame, context),
            Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => Ok(untried),
        }
    }

    /// Whether batches take less time than rows: `least` is how many rows a table needs for that.
    pub fn pays(&mut self, least: u64, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        if self.row_count(context)? < least {
            return Ok(false);
        }
        if let Input::Keys(keys) = self
            && keys.count_in_bounds(frame, context)? < least
        {
            return Ok(false);
        }
        let needed = self.kept_rows(context)? / KEPT_PER_LOOKUP;
        Ok(needed <= least || least == 0 || self.driving_rows(needed, frame, context)? >= needed)
    }

    /// The scan whose rows the joins look up, where nobody misses an error about a row that goes no further.
    pub fn driving_scan(&mut self) -> Option<&mut BatchScan> {
        match self {
            Input::Scan(scan) => Some(scan),
            Input::Join(join) => join.driving_scan(),
            Input::Keys(_) | Input::Correlated(_) | Input::Derived(_) => None,
        }
    }

    /// Has the driving scan leave out rows without one of the keys that were kept; whether it leaves out all of them.
    pub fn narrow(&mut self, keys: &[JoinKey], build: &Build, context: &mut Context<'_>) -> Result<bool> {
        let is_single = keys.len() == 1;
        let slots = narrowing_slots(keys, self);
        let keys: Vec<Key<'_>> = slots
            .into_iter()
            .filter_map(|(key, slot)| build.integer_keys(key).map(|values| Key { slot, values }))
            .collect();
        match self.driving_scan() {
            Some(scan) if !keys.is_empty() => Ok(scan.narrow(&keys, context)? && is_single),
            _ => Ok(false),
        }
    }

    /// As `BatchScan::row_numbers`; joins and what lies below are not divided.
    pub fn row_numbers(&self, context: &Context<'_>) -> Result<Option<Range<u64>>> {
        match self {
            Input::Scan(scan) => scan.row_numbers(context),
            Input::Keys(_) | Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => Ok(None),
        }
    }

    /// As `BatchScan::count_stretches`.
    pub fn count_stretches(&mut self, context: &mut Context<'_>) -> Result<()> {
        match self {
            Input::Scan(scan) => scan.count_stretches(context),
            Input::Keys(_) | Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => Ok(()),
        }
    }

    /// As `BatchScan::stretches`.
    pub fn stretches(
        &self,
        begins: &[u64],
        frame: &mut Frame,
        context: &Context<'_>,
    ) -> Result<Option<Vec<Stretch>>> {
        match self {
            Input::Scan(scan) => scan.stretches(begins, frame, context),
            Input::Keys(_) | Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => Ok(None),
        }
    }

    pub fn restart(&mut self) {
        match self {
            Input::Scan(scan) => scan.restart(),
            Input::Keys(keys) => keys.restart(),
            Input::Join(join) => join.restart(),
            Input::Correlated(correlated) => correlated.restart(),
            Input::Derived(derived) => derived.restart(),
        }
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        match self {
            Input::Scan(scan) => scan.open(frame, context),
            Input::Keys(keys) => keys.open(frame, context),
            Input::Join(join) => join.open(frame, context),
            Input::Correlated(correlated) => correlated.open(frame, context),
            Input::Derived(derived) => derived.open(frame, context),
        }
    }

    /// As `next_batch`; `probe` may take out rows that will be of no use, where that saves the evaluation of conditions.
    pub fn next_probed(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        probe: &mut Probe<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        match self {
            Input::Scan(scan) => scan.next_probed(WHOLE_LEAF, true, frame, context, Some(probe), consume),
            Input::Keys(_) | Input::Join(_) | Input::Correlated(_) | Input::Derived(_) => {
                self.next_batch(frame, context, consume)
            }
        }
    }

    /// Hands batches to `consume`, of rows that pass all conditions; they may be empty. False: there are no more.
    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        match self {
            Input::Scan(scan) => scan.next_batch(WHOLE_LEAF, true, frame, context, consume),
            Input::Keys(keys) => keys.next_batch(context, consume),
            Input::Join(join) => join.next_batch(frame, context, consume),
            Input::Correlated(correlated) => correlated.next_batch(context, consume),
            Input::Derived(derived) => derived.next_batch(frame, context, consume),
        }
    }

    pub fn close(&mut self, frame: &mut Frame) {
        match self {
            Input::Scan(scan) => scan.close(frame),
            Input::Keys(keys) => keys.close(frame),
            Input::Join(join) => join.close(frame),
            Input::Correlated(correlated) => correlated.close(frame),
            Input::Derived(derived) => derived.close(frame),
        }
    }
}

/// Those of the keys, by number, that are columns of the driving scan by which rows may be left out.
pub(super) fn narrowing_slots(keys: &[JoinKey], left: &mut Input) -> Vec<(usize, Slot)> {
    let slots = slots_of(keys, left.shared());
    left.driving_scan().map_or_else(Vec::new, |scan| own_slots(slots, scan))
}

/// By key its slot, of those that are columns.
pub(super) fn slots_of(keys: &[JoinKey], shared: &Shared) -> Vec<(usize, Slot)> {
    let slot_of = |(index, key): (usize, &JoinKey)| match key.left.node {
        Node::Slot(slot) => Some((index, shared.slots[slot])),
        _ => None,
    };
    keys.iter().enumerate().filter_map(slot_of).collect()
}

/// Those of them that are columns of the scan by which rows may be left out.
pub(super) fn own_slots(slots: Vec<(usize, Slot)>, scan: &BatchScan) -> Vec<(usize, Slot)> {
    let is_own = |(_, slot): &(usize, Slot)| match slot {
        Slot::Rowid(source) | Slot::Column(source, _) => *source == scan.source && scan.may_narrow(*slot),
        Slot::Answer(_) | Slot::Register(_) => false,
    };
    slots.into_iter().filter(is_own).collect()
}

/// The tables of a FROM; None when it has something else in it.
pub(super) fn sources_of(node: &SourceNode) -> Option<Vec<SourceId>> {
    let mut sources = Vec::new();
    collect_sources(node, &mut sources).map(|()| sources)
}

fn collect_sources(node: &SourceNode, sources: &mut Vec<SourceId>) -> Option<()> {
    match node {
        SourceNode::Scan(scan) => sources.push(scan.source),
        SourceNode::Filter { input, .. } => collect_sources(input, sources)?,
        SourceNode::NestedLoop(join) => {
            collect_sources(&join.left, sources)?;
            collect_sources(&join.right, sources)?;
        }
        SourceNode::HashJoin(join) => {
            collect_sources(&join.left, sources)?;
            collect_sources(&join.right, sources)?;
        }
        _ => return None,
    }
    Some(())
}
