//! Aggregates over batches: the states of all groups side by side.

use std::cmp::Ordering;

use pluresdb_function::aggregate::Sum;
use pluresdb_function::{Aggregate, AggregateState, Call, Flags};
use pluresdb_value::{Collation, Value, ValueRef, compare};

use super::batch::{Batch, rows_that_pass};
use super::column::{Column, Numbers};
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate, evaluate_truths};
use super::input::Input;
use super::key::{IntegerCodes, ValueCodes};
use super::{Run, Stop};
use crate::callback::AggregateKind;
use crate::error::Result;
use crate::execute::Context;
use crate::execute::function_call::function_error;
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
    Sums(Vec<Sum>),
    Extremes(Vec<Option<Value>>),
    Others(Vec<Box<dyn AggregateState>>),
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
    filter: Option<Expression>,
    is_distinct: bool,
    collation: Collation,
    pub result: Register,
    states: States,
    seen: Option<Seen>,
    /// By group, what a sum's numbers come to without their signs; kept where rows come in another order than SQLite's.
    magnitudes: Option<Vec<f64>>,
    /// An aggregate before this one that takes the same values in: its states are this one's.
    pub like: Option<usize>,
}

/// A sum is the same in any order to the last digit, but for its size against that of its numbers. Of a sum that is smaller
/// than they are by more than this, the row engine takes care.
const MOST_CANCELLED: f64 = 65536.0;
/// No sum of integers overflows on its way, in whichever order, when they come to less.
const NEVER_OVERFLOWS: f64 = (1_i64 << 62) as f64;

/// Which rows of a batch go into which groups.
pub(super) enum Groups<'g> {
    /// All into group 0.
    One,
    /// By row.
    Each(&'g [u32]),
}

impl Groups<'_> {
    #[inline]
    fn of(&self, row: usize) -> usize {
        match self {
            Groups::One => 0,
            Groups::Each(groups) => groups[row] as usize,
        }
    }
}

impl VectorAggregate {
    /// None when only the row engine can run the call.
    pub fn compile(call: &AggregateCall, input: &mut Input) -> Option<VectorAggregate> {
        let AggregateKind::BuiltIn(function) = &call.function else { return None };
        let function: &'static Aggregate = function;
        let has_subtypes = function.flags.has(Flags::READS_JSON) || function.flags.has(Flags::GIVES_JSON);
        if has_subtypes || !call.order_by.is_empty() || call.collation.is_custom() {
            return None;
        }
        if call.distinct && call.args.len() != 1 {
            return None;
        }
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
            filter,
            is_distinct: call.distinct,
            collation: call.collation,
            result: call.result,
            states: States::Counts(Vec::new()),
            seen: None,
            magnitudes: None,
            like: None,
        })
    }

    /// Prepares for rows in another order than SQLite's; false when the result depends on it.
    pub fn take_any_order(&mut self) -> bool {
        match self.kind {
            Kind::CountRows | Kind::Count => true,
            Kind::Sum(_) => {
                self.magnitudes = Some(Vec::new());
                !self.is_distinct
            }
            // Of values that are equal in an order (1 and 1.0, texts under NOCASE) the first is kept.
            Kind::Extreme(_) => self.collation == Collation::Binary,
            Kind::Other(_) => false,
        }
    }

    /// Whether another order of the rows could not have changed a result.
    pub fn is_certain(&self) -> bool {
        let (States::Sums(sums), Some(magnitudes)) = (&self.states, &self.magnitudes) else { return true };
        sums.iter().zip(magnitudes).all(|(sum, magnitude)| {
            *magnitude < NEVER_OVERFLOWS && *magnitude <= sum.total().abs() * MOST_CANCELLED
        })
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
            Kind::Sum(_) => States::Sums(Vec::new()),
            Kind::Extreme(_) => States::Extremes(Vec::new()),
            Kind::Other(_) => States::Others(Vec::new()),
        };
        if let Some(magnitudes) = &mut self.magnitudes {
            magnitudes.clear();
        }
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
            States::Sums(sums) => {
                sums.resize(count, Sum::default());
                if let Some(magnitudes) = &mut self.magnitudes {
                    magnitudes.resize(count, 0.0);
                }
            }
            States::Extremes(extremes) => extremes.resize(count, None),
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

    /// Takes a batch in. `improved` receives group and row of each new extreme.
    pub fn step(
        &mut self,
        batch: &mut Batch<'_>,
        groups: &Groups<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        improved: &mut Vec<(u32, u32)>,
    ) -> Run<()> {
        let row_count = batch.len();
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
        match (&mut self.states, self.kind) {
            (States::Counts(counts), _) => {
                count_values(counts, &column, groups, picked.as_deref(), row_count);
            }
            (States::Sums(sums), _) => {
                add(sums, &column, groups, picked.as_deref(), row_count);
                if let Some(magnitudes) = &mut self.magnitudes {
                    measure(magnitudes, &column, groups, picked.as_deref(), row_count);
                }
            }
            (States::Extremes(extremes), Kind::Extreme(wanted)) => {
                let mut best = Best { extremes, wanted, collation: self.collation, improved };
                best.step(&column, groups, picked.as_deref(), row_count);
            }
            (States::Extremes(_) | States::Others(_), _) => unreachable!("states are of the call's kind"),
        }
        Ok(())
    }

    fn count_rows(&mut self, row_count: usize, groups: &Groups<'_>, picked: Option<&[u32]>) {
        let States::Counts(counts) = &mut self.states else { return };
        match (groups, picked) {
            (Groups::One, _) => counts[0] += picked.map_or(row_count, <[u32]>::len) as i64,
            (Groups::Each(groups), None) => {
                for group in *groups {
                    counts[*group as usize] += 1;
                }
            }
            (Groups::Each(groups), Some(picked)) => {
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
        let mut columns: Vec<Column<'static>> = Vec::with_capacity(self.args.len());
        let mut picked = picked;
        for (index, arg) in self.args.iter().enumerate() {
            let column = evaluate(arg, batch, surroundings)?;
            if index == 0
                && let Some(seen) = &mut self.seen
            {
                picked = Some(seen.new_rows(&column, groups, picked, row_count));
            }
            columns.push(match &*column {
                Column::Constant(value) => Column::Constant(value.clone()),
                column => Column::Owned((0..row_count).map(|row| column.value(row).to_value()).collect()),
            });
        }
        let States::Others(states) = &mut self.states else { return Ok(()) };
        let mut values: Vec<Value> = Vec::with_capacity(columns.len());
        for row in rows(picked.as_deref(), row_count) {
            values.clear();
            values.extend(columns.iter().map(|column| column.value(row).to_value()));
            let mut call = Call::new(&mut *surroundings.context, &values);
            call.collation = self.collation;
            states[groups.of(row)].step(&mut call).map_err(|_| Stop::RowByRow)?;
        }
        Ok(())
    }

    /// The result of a group, asked for once.
    pub fn finish(&mut self, group: usize, context: &mut Context<'_>) -> Result<Value> {
        self.finish_as(self.kind, group, context)
    }

    /// The result that another kind of aggregate makes of the same states.
    pub fn finish_as(&mut self, kind: Kind, group: usize, context: &mut Context<'_>) -> Result<Value> {
        match (&mut self.states, kind) {
            (States::Counts(counts), _) => Ok(Value::Integer(counts[group])),
            (States::Sums(sums), Kind::Sum(SumKind::Total)) => Ok(Value::real(sums[group].total())),
            (States::Sums(sums), Kind::Sum(SumKind::Average)) => Ok(sums[group].average()),
            (States::Sums(sums), _) => sums[group].sum().map_err(function_error),
            (States::Extremes(extremes), _) => Ok(extremes[group].take().unwrap_or_default()),
            (States::Others(states), _) => states[group].value(context).map_err(function_error),
        }
    }
}

/// The rows picked, or all.
fn rows(picked: Option<&[u32]>, row_count: usize) -> impl Iterator<Item = usize> {
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

fn add(sums: &mut [Sum], column: &Column<'_>, groups: &Groups<'_>, picked: Option<&[u32]>, row_count: usize) {
    match (column, groups, picked) {
        (Column::Integers(Numbers { values, nulls: None }), Groups::One, None) => {
            sums[0].add_integers(values);
        }
        (Column::Reals(Numbers { values, nulls: None }), Groups::One, None) => sums[0].add_reals(values),
        (Column::Integers(numbers), ..) => {
            for row in rows(picked, row_count) {
                if let Some(integer) = numbers.get(row) {
                    sums[groups.of(row)].add_integer(integer);
                }
            }
        }
        (Column::Reals(numbers), ..) => {
            for row in rows(picked, row_count) {
                if let Some(real) = numbers.get(row) {
                    sums[groups.of(row)].add_real(real);
                }
            }
        }
        (column, ..) => {
            for row in rows(picked, row_count) {
                sums[groups.of(row)].add(&column.value(row).to_value());
            }
        }
    }
}

/// Adds what the numbers are without their signs; what is no number makes the sum an uncertain one.
fn measure(
    magnitudes: &mut [f64],
    column: &Column<'_>,
    groups: &Groups<'_>,
    picked: Option<&[u32]>,
    row_count: usize,
) {
    if let Column::Reals(Numbers { values, nulls: None }) = column {
        for row in rows(picked, row_count) {
            magnitudes[groups.of(row)] += values[row].abs();
        }
        return;
    }
    for row in rows(picked, row_count) {
        magnitudes[groups.of(row)] += match column.value(row) {
            ValueRef::Null => 0.0,
            ValueRef::Integer(integer) => (integer as f64).abs(),
            ValueRef::Real(real) => real.abs(),
            ValueRef::Text(_) | ValueRef::Blob(_) => f64::INFINITY,
        };
    }
}

/// min() and max() of all groups.
struct Best<'b> {
    extremes: &'b mut [Option<Value>],
    wanted: Ordering,
    collation: Collation,
    improved: &'b mut Vec<(u32, u32)>,
}

impl Best<'_> {
    fn step(&mut self, column: &Column<'_>, groups: &Groups<'_>, picked: Option<&[u32]>, row_count: usize) {
        match (column, groups, picked) {
            (Column::Integers(Numbers { values, nulls: None }), Groups::One, None) => {
                let best = match self.wanted {
                    Ordering::Less => values.iter().min(),
                    _ => values.iter().max(),
                };
                if let Some(best) = best {
                    let row = values.iter().position(|value| value == best).unwrap_or(0);
                    self.offer(0, row, ValueRef::Integer(*best));
                }
            }
            (column, ..) => {
                for row in rows(picked, row_count) {
                    self.offer(groups.of(row), row, column.value(row));
                }
            }
        }
    }

    #[inline]
    fn offer(&mut self, group: usize, row: usize, value: ValueRef<'_>) {
        let best = &mut self.extremes[group];
        let is_better = match best {
            Some(_) if value.is_null() => false,
            Some(best) => compare(value, best.as_ref(), self.collation) == self.wanted,
            None => {
                // The row of a NULL is the group's as long as there is no other.
                if value.is_null() {
                    self.improved.push((group as u32, row as u32));
                    return;
                }
                true
            }
        };
        if is_better {
            *best = Some(value.to_value());
            self.improved.push((group as u32, row as u32));
        }
    }
}
