//! Aggregates over batches: the states of all groups side by side.

use std::cmp::Ordering;

use pluresdb_function::{Aggregate, BuiltInState, Call};
use pluresdb_value::{Affinity, Collation, Value};

use super::batch::{Batch, rows_that_pass};
use super::column::{Column, Numbers};
use super::compile::{Expression, Node, Shared};
use super::evaluate::{Surroundings, evaluate, evaluate_all, evaluate_truths};
use super::extreme::Extremes;
use super::graph::JoinGraph;
use super::input::Input;
use super::key::{IntegerCodes, ValueCodes};
use super::sum::Sums;
use super::{Run, Stop};
use crate::callback::AggregateKind;
use crate::error::{Error, Result};
use crate::execute::Context;
use crate::execute::arguments::{Arguments, JsonArgs};
use crate::execute::function_call::function_error;
use crate::execute::subtype::json_args_of;
use crate::resolve::tree::{AggregateCall, Register};

#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// `count(*)`
    CountRows,
    Count,
    Sum(SumKind),
    /// min: less is better; max: greater.
    Extreme(Ordering),
    Other(&'static Aggregate),
}

#[derive(Clone, Copy)]
pub(super) enum SumKind {
    Sum,
    Total,
    Average,
}

enum States {
    Counts(Vec<i64>),
    Sums(Sums),
    Extremes(Extremes),
    Others(Vec<BuiltInState>),
}

/// Arguments seen, of a DISTINCT call.
struct Seen {
    codes: ValueCodes,
    /// Pairs of group and code.
    pairs: IntegerCodes,
    count: u32,
}

pub(super) struct VectorAggregate {
    kind: Kind,
    args: Vec<Expression>,
    json_args: JsonArgs,
    filter: Option<Expression>,
    is_distinct: bool,
    collation: Collation,
    pub result: Register,
    states: States,
    seen: Option<Seen>,
    /// Rows come in another order than SQLite's.
    is_any_order: bool,
    /// An aggregate before this one that takes the same values in: its states are this one's.
    pub like: Option<usize>,
}

/// Which rows of a batch go into which groups.
pub(super) enum Groups<'g> {
    /// All into group 0.
    One,
    /// By row, and the rows of each where the groups are few.
    Each(&'g [u32], Option<&'g RowsOfFew>),
}

/// The rows of a batch, those of each of few groups one after the other.
pub(super) struct RowsOfFew {
    rows: Vec<u32>,
    /// By group, where its rows end.
    ends: Vec<u32>,
}

/// More groups find few rows each in a batch.
const FEW_GROUPS: usize = 16;

impl RowsOfFew {
    /// None where there are many groups.
    pub fn of(groups: &[u32], group_count: usize) -> Option<RowsOfFew> {
        if group_count > FEW_GROUPS || groups.len() < group_count * FEW_GROUPS {
            return None;
        }
        let mut ends = vec![0; group_count];
        for group in groups {
            ends[*group as usize] += 1;
        }
        let mut next = 0;
        for end in &mut ends {
            (*end, next) = (next, next + *end);
        }
        let mut rows = vec![0; groups.len()];
        for (row, group) in (0..).zip(groups) {
            let place = &mut ends[*group as usize];
            rows[*place as usize] = row;
            *place += 1;
        }
        Some(RowsOfFew { rows, ends })
    }

    /// The rows of each group, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends
            .iter()
            .map(move |end| &self.rows[std::mem::replace(&mut start, *end as usize)..*end as usize])
    }
}

impl Groups<'_> {
    #[inline]
    pub fn of(&self, row: usize) -> usize {
        match self {
            Groups::One => 0,
            Groups::Each(groups, _) => groups[row] as usize,
        }
    }
}

impl VectorAggregate {
    /// None when only the row engine can run the call.
    pub fn compile(call: &AggregateCall, input: &mut Input) -> Option<VectorAggregate> {
        let AggregateKind::BuiltIn(function) = &call.function else { return None };
        let function: &'static Aggregate = function;
        if !call.order_by.is_empty() || call.collation.is_custom() {
            return None;
        }
        if call.distinct && call.args.len() != 1 {
            return None;
        }
        let json_args = json_args_of(function.flags, &call.args)?;
        let args = call.args.iter().map(|arg| input.compile_expr(arg)).collect::<Option<Vec<_>>>()?;
        let filter = match &call.filter {
            Some(filter) => Some(input.compile_expr(filter)?),
            None => None,
        };
        let kind = match function.name {
            "count" if args.is_empty() => Kind::CountRows,
            "count" => Kind::Count,
            "sum" => Kind::Sum(SumKind::Sum),
            "total" => Kind::Sum(SumKind::Total),
            "avg" => Kind::Sum(SumKind::Average),
            "min" => Kind::Extreme(Ordering::Less),
            "max" => Kind::Extreme(Ordering::Greater),
            _ => Kind::Other(function),
        };
        Some(VectorAggregate {
            kind,
            args,
            json_args,
            filter,
            is_distinct: call.distinct,
            collation: call.collation,
            result: call.result,
            states: States::Counts(Vec::new()),
            seen: None,
            is_any_order: false,
            like: None,
        })
    }

    /// Prepares for rows in another order than SQLite's; false when the result depends on it.
    pub fn take_any_order(&mut self) -> bool {
        match self.kind {
            Kind::CountRows | Kind::Count => true,
            Kind::Sum(_) => {
                self.is_any_order = true;
                !self.is_distinct
            }
            // Of values that are equal in an order (1 and 1.0, texts under NOCASE) the first is kept.
            Kind::Extreme(_) => self.collation == Collation::Binary,
            Kind::Other(_) => false,
        }
    }

    /// Whether what several parts of the rows come to, in the order of the rows, can be put together.
    pub fn can_merge(&self) -> bool {
        !self.is_distinct && !matches!(self.kind, Kind::Other(_))
    }

    /// The same call, for a part of the rows.
    pub fn another(&self) -> VectorAggregate {
        VectorAggregate {
            args: self.args.clone(),
            json_args: self.json_args.clone(),
            filter: self.filter.clone(),
            states: States::Counts(Vec::new()),
            seen: None,
            is_any_order: true,
            ..*self
        }
    }

    /// Takes in what later rows came to, group n's into group `groups[n]`; false when the order of all rows could decide.
    pub fn merge(&mut self, other: VectorAggregate, groups: &[u32]) -> bool {
        match (&mut self.states, other.states) {
            (States::Counts(counts), States::Counts(others)) => {
                for (group, other) in groups.iter().zip(others) {
                    counts[*group as usize] += other;
                }
                true
            }
            (States::Sums(sums), States::Sums(others)) => sums.merge(others, groups),
            (States::Extremes(extremes), States::Extremes(others)) => {
                extremes.merge(others, groups);
                true
            }
            _ => unreachable!("they are of one call, which can be merged"),
        }
    }

    /// Has what another one for the same call came to.
    pub fn adopt(&mut self, other: VectorAggregate) {
        self.states = other.states;
    }

    /// Whether `RowsOfFew` are worth their making.
    pub fn wants_rows_of_few(&self) -> bool {
        matches!(&self.states, States::Sums(sums) if sums.has_only_reals())
    }

    /// Whether another order of the rows could not have changed a result.
    pub fn is_certain(&self) -> bool {
        let States::Sums(sums) = &self.states else { return true };
        sums.is_certain()
    }

    /// Whether taking values in, or the result, could fail.
    pub fn may_fail(&self, shared: &Shared, graph: &JoinGraph) -> bool {
        let is_real = |arg: &Expression| match arg.node {
            Node::Slot(slot) => graph.affinity_of(shared.slots[slot]) == Some(Affinity::Real),
            _ => false,
        };
        let may_overflow = match self.kind {
            Kind::Sum(SumKind::Sum) => !self.args.iter().all(is_real),
            Kind::Sum(SumKind::Total | SumKind::Average)
            | Kind::CountRows
            | Kind::Count
            | Kind::Extreme(_) => false,
            Kind::Other(_) => true,
        };
        may_overflow || self.args.iter().chain(&self.filter).any(|expression| expression.may_fail)
    }

    /// What it reads.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.args.iter().chain(&self.filter).flat_map(|expression| expression.slots.iter().copied())
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether both keep sums of all their values, whichever result they make of them.
    pub fn takes_what(&self, other: &VectorAggregate) -> bool {
        let is_sum = |aggregate: &VectorAggregate| {
            matches!(aggregate.kind, Kind::Sum(_)) && !aggregate.is_distinct && aggregate.like.is_none()
        };
        is_sum(self) && is_sum(other)
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.states = match self.kind {
            Kind::CountRows | Kind::Count => States::Counts(Vec::new()),
            Kind::Sum(_) => States::Sums(Sums::new(self.is_any_order)),
            Kind::Extreme(wanted) => States::Extremes(Extremes::new(wanted, self.collation)),
            Kind::Other(_) => States::Others(Vec::new()),
        };
        self.seen = self.is_distinct.then(|| Seen {
            codes: ValueCodes::new(self.collation),
            pairs: IntegerCodes::default(),
            count: 0,
        });
    }

    /// Makes states for groups up to `count`.
    pub fn fit(&mut self, count: usize) {
        match &mut self.states {
            States::Counts(counts) => counts.resize(count, 0),
            States::Sums(sums) => sums.fit(count),
            States::Extremes(extremes) => extremes.fit(count),
            States::Others(states) => {
                if let Kind::Other(function) = self.kind {
                    states.resize_with(count, || (function.new)(self.collation));
                }
            }
        }
    }

    /// Bytes that the arguments seen take.
    pub fn memory(&self) -> usize {
        self.seen.as_ref().map_or(0, |seen| seen.codes.memory() + seen.pairs.memory())
    }

    /// Takes a batch in. `improved`, where somebody wants to know, receives group and row of each new extreme.
    pub fn step(
        &mut self,
        batch: &mut Batch<'_>,
        groups: &Groups<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        improved: Option<&mut Vec<(u32, u32)>>,
    ) -> Run<()> {
        let row_count = batch.len();
        if improved.is_none() && self.step_packed(batch, groups) {
            return Ok(());
        }
        batch.settle();
        let mut picked = None;
        if let Some(filter) = &self.filter {
            let truths = evaluate_truths(filter, batch, surroundings)?;
            picked = Some(rows_that_pass(&truths));
        }
        if let Kind::Other(_) = self.kind {
            return self.step_others(batch, groups, picked, surroundings);
        }
        let Some(arg) = self.args.first() else {
            self.count_rows(row_count, groups, picked.as_deref());
            return Ok(());
        };
        let column = evaluate(arg, batch, surroundings)?;
        if let Some(seen) = &mut self.seen {
            picked = Some(seen.new_rows(&column, groups, picked, row_count));
        }
        match &mut self.states {
            States::Counts(counts) => {
                count_values(counts, &column, groups, picked.as_deref(), row_count);
            }
            States::Sums(sums) => {
                sums.add(&column, groups, picked.as_deref(), row_count);
            }
            States::Extremes(extremes) => {
                extremes.step(&column, groups, picked.as_deref(), row_count, improved);
            }
            States::Others(_) => unreachable!("other aggregates have been stepped"),
        }
        Ok(())
    }

    /// Takes in what one group gets of a column as the leaf has it; false when it has to be looked at row by row.
    fn step_packed(&mut self, batch: &Batch<'_>, groups: &Groups<'_>) -> bool {
        if self.filter.is_some() || self.seen.is_some() || !matches!(groups, Groups::One) {
            return false;
        }
        if let Kind::CountRows = self.kind {
            self.count_rows(batch.len(), groups, None);
            return true;
        }
        let [Expression { node: Node::Slot(slot), .. }] = &self.args[..] else { return false };
        match &mut self.states {
            States::Sums(sums) => {
                if let Some((reals, rows)) = batch.packed_reals(*slot) {
                    sums.add_packed_reals(&reals[rows]);
                    return true;
                }
            }
            States::Extremes(extremes) => {
                if let Some((least, greatest)) = batch.rowid_ends(*slot) {
                    return extremes.step_ends(least, greatest);
                }
            }
            States::Counts(_) => {}
            States::Others(_) => return false,
        }
        if let Some((lane, rows)) = batch.marked(*slot) {
            return match &mut self.states {
                States::Counts(counts) => {
                    counts[0] += rows.count as i64;
                    true
                }
                States::Sums(sums) => sums.add_marked(lane, &rows),
                States::Extremes(extremes) => extremes.step_marked(lane, &rows),
                States::Others(_) => false,
            };
        }
        let Some((lane, rows)) = batch.packed(*slot) else { return false };
        match &mut self.states {
            States::Counts(counts) => counts[0] += rows.len() as i64,
            States::Sums(sums) => return sums.add_packed(lane, &rows),
            States::Extremes(extremes) => return extremes.step_packed(lane, &rows),
            States::Others(_) => return false,
        }
        true
    }

    fn count_rows(&mut self, row_count: usize, groups: &Groups<'_>, picked: Option<&[u32]>) {
        let States::Counts(counts) = &mut self.states else { return };
        match (groups, picked) {
            (Groups::One, _) => counts[0] += picked.map_or(row_count, <[u32]>::len) as i64,
            (Groups::Each(_, Some(few)), None) => {
                for (count, rows) in counts.iter_mut().zip(few.iter()) {
                    *count += rows.len() as i64;
                }
            }
            (Groups::Each(groups, None), None) => {
                for group in *groups {
                    counts[*group as usize] += 1;
                }
            }
            (Groups::Each(groups, _), Some(picked)) => {
                for row in picked {
                    counts[groups[*row as usize] as usize] += 1;
                }
            }
        }
    }

    fn step_others(
        &mut self,
        batch: &mut Batch<'_>,
        groups: &Groups<'_>,
        picked: Option<Vec<u32>>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        let row_count = batch.len();
        let columns = evaluate_all(&self.args, batch, surroundings)?;
        let mut picked = picked;
        if let (Some(seen), Some(column)) = (&mut self.seen, columns.first()) {
            picked = Some(seen.new_rows(column, groups, picked, row_count));
        }
        let States::Others(states) = &mut self.states else { return Ok(()) };
        for row in rows(picked.as_deref(), row_count) {
            let values: Arguments<'_> = columns.iter().map(|column| column.value(row)).collect();
            let mut call = Call::new(&mut *surroundings.context, &values);
            call.collation = self.collation;
            call.json_args = self.json_args.words();
            states[groups.of(row)].step(&mut call).map_err(|_| Stop::RowByRow)?;
        }
        Ok(())
    }

    /// Whether its groups may be numbered by their keys, which leaves numbers without a group.
    pub fn takes_sparse_groups(&self) -> bool {
        !matches!(self.kind, Kind::Other(_)) && !self.is_distinct
    }

    /// Gives the groups new numbers: group `order[n]` becomes group n.
    pub fn renumber(&mut self, order: &[u32]) {
        match &mut self.states {
            States::Counts(counts) => *counts = picked(counts, order),
            States::Sums(sums) => sums.renumber(order),
            States::Extremes(extremes) => extremes.renumber(order),
            States::Others(_) => panic!("their groups are numbered as they come"),
        }
    }

    /// What another kind of aggregate makes of the same states: the results of these groups up to the first that fails,
    /// asked for once.
    pub fn results(
        &mut self,
        kind: Kind,
        groups: &[u32],
        context: &mut Context<'_>,
    ) -> (Column<'static>, Option<Error>) {
        match (&self.states, kind) {
            (States::Counts(counts), _) => {
                return (Column::Integers(Numbers::new(picked(counts, groups))), None);
            }
            (States::Extremes(extremes), _) => {
                if let Some(column) = extremes.column(groups) {
                    return (column, None);
                }
            }
            (States::Sums(sums), Kind::Sum(SumKind::Sum)) => {
                if let Some(numbers) = sums.numbers(groups) {
                    return (numbers, None);
                }
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(groups.len());
        for group in groups {
            match self.finish_as(kind, *group as usize, context) {
                Ok(value) => values.push(value),
                Err(error) => return (Column::Owned(values), Some(error)),
            }
        }
        (Column::Owned(values), None)
    }

    /// The result of a group, asked for once.
    pub fn finish(&mut self, group: usize, context: &mut Context<'_>) -> Result<Value> {
        self.finish_as(self.kind, group, context)
    }

    fn finish_as(&mut self, kind: Kind, group: usize, context: &mut Context<'_>) -> Result<Value> {
        match (&mut self.states, kind) {
            (States::Counts(counts), _) => Ok(Value::Integer(counts[group])),
            (States::Sums(sums), Kind::Sum(SumKind::Total)) => Ok(Value::real(sums.of(group).total())),
            (States::Sums(sums), Kind::Sum(SumKind::Average)) => Ok(sums.of(group).average()),
            (States::Sums(sums), _) => sums.of(group).sum().map_err(function_error),
            (States::Extremes(extremes), _) => Ok(extremes.take(group)),
            (States::Others(states), _) => states[group].value(context).map_err(function_error),
        }
    }
}

/// The values at these places.
pub(super) fn picked<T: Clone>(values: &[T], places: &[u32]) -> Vec<T> {
    places.iter().map(|place| values[*place as usize].clone()).collect()
}

/// The rows picked, or all.
pub(super) fn rows(picked: Option<&[u32]>, row_count: usize) -> impl Iterator<Item = usize> {
    let all = if picked.is_some() { 0 } else { row_count };
    picked.unwrap_or_default().iter().map(|row| *row as usize).chain(0..all)
}

impl Seen {
    /// Of the rows, those whose value their group has not seen yet.
    fn new_rows(
        &mut self,
        column: &Column<'_>,
        groups: &Groups<'_>,
        picked: Option<Vec<u32>>,
        row_count: usize,
    ) -> Vec<u32> {
        let mut codes = Vec::new();
        let mut known = self.codes.count();
        self.codes.codes(column, row_count, &mut codes);
        let mut new = Vec::new();
        if let (Groups::One, None) = (groups, &picked) {
            for (row, code) in codes.iter().enumerate() {
                if *code == known {
                    known += 1;
                    new.push(row as u32);
                }
            }
            return new;
        }
        for row in rows(picked.as_deref(), row_count) {
            let pair = (groups.of(row) as i64) << 32 | i64::from(codes[row]);
            if self.pairs.code(pair, self.count) == self.count {
                self.count += 1;
                new.push(row as u32);
            }
        }
        new
    }
}

fn count_values(
    counts: &mut [i64],
    column: &Column<'_>,
    groups: &Groups<'_>,
    picked: Option<&[u32]>,
    row_count: usize,
) {
    let has_no_null = matches!(
        column,
        Column::Integers(Numbers { nulls: None, .. }) | Column::Reals(Numbers { nulls: None, .. })
    );
    if let (Groups::One, true) = (groups, has_no_null) {
        counts[0] += picked.map_or(row_count, <[u32]>::len) as i64;
        return;
    }
    for row in rows(picked, row_count) {
        counts[groups.of(row)] += i64::from(!column.value(row).is_null());
    }
}
