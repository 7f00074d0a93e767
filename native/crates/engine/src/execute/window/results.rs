//! The results of a window's calls by column, for all rows at once.
//!
//! For calls whose results nobody can see being computed: functions of our own whose results are numbers or values that
//! rows have. Others, and calls that fail somewhere, take the rows one after the other (`call`). Sums add and remove values
//! in the walk's order, which decides their last digits.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Range;

use pluresdb_function::aggregate::Sum;
use pluresdb_value::{Collation, Value, ValueRef, compare};

use super::call::wanted_place;
use super::frame::{Bound, Bounds};
use super::order::SortedRows;
use super::rank::Ranking;
use super::walk::{Frames, Walk};
use crate::error::{Error, Result};
use crate::execute::Context;
use crate::execute::function_call::function_error;
use crate::execute::vector::{KeptColumn, NO_ROW, Numbers};
use crate::resolve::tree::{Window, WindowCall, WindowFunction};

/// By place in the order.
pub(crate) enum Results {
    Values(KeptColumn),
    /// Values that rows have: of which row, or `NO_ROW`.
    Picked {
        column: usize,
        rows: Vec<u32>,
    },
}

impl Results {
    #[inline]
    pub fn value<'r>(&'r self, columns: &'r [KeptColumn], place: usize) -> ValueRef<'r> {
        match self {
            Results::Values(values) => values.value(place),
            Results::Picked { column, rows } => match rows[place] {
                NO_ROW => ValueRef::Null,
                row => columns[*column].value(row as usize),
            },
        }
    }

    pub fn memory(&self) -> usize {
        match self {
            Results::Values(values) => values.memory(),
            Results::Picked { rows, .. } => rows.len() * 4,
        }
    }
}

/// Whether the results can be computed for all rows at once.
pub(crate) fn can_be_computed_at_once(window: &Window) -> bool {
    window.frame.exclude.is_none() && window.calls.iter().all(|call| Kind::of(call).is_some())
}

/// What a call of a function of our own computes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It looks at no frame.
    Ranked,
    Count,
    Sum,
    Total,
    Average,
    Extreme {
        wanted: Ordering,
    },
    First,
    Last,
    Nth,
}

impl Kind {
    /// None for a function whose results are not computed at once.
    pub fn of(call: &WindowCall) -> Option<Kind> {
        Some(match &call.function {
            WindowFunction::Aggregate(function) => match function.built_in_name()? {
                "count" => Kind::Count,
                "sum" => Kind::Sum,
                "total" => Kind::Total,
                "avg" => Kind::Average,
                "min" if !call.collation.is_custom() => Kind::Extreme { wanted: Ordering::Less },
                "max" if !call.collation.is_custom() => Kind::Extreme { wanted: Ordering::Greater },
                _ => return None,
            },
            WindowFunction::FirstValue => Kind::First,
            WindowFunction::LastValue => Kind::Last,
            WindowFunction::NthValue => Kind::Nth,
            WindowFunction::RowNumber
            | WindowFunction::Rank
            | WindowFunction::DenseRank
            | WindowFunction::PercentRank
            | WindowFunction::CumeDist
            | WindowFunction::Ntile
            | WindowFunction::Lag
            | WindowFunction::Lead => Kind::Ranked,
        })
    }
}

impl Kind {
    /// What a sum, an average or a count comes to.
    #[inline]
    pub fn result(self, sum: &Sum) -> Result<Value> {
        match self {
            Kind::Count => Ok(Value::Integer(sum.count())),
            Kind::Total => Ok(Value::real(sum.total())),
            Kind::Average => Ok(sum.average()),
            _ => sum.sum().map_err(function_error),
        }
    }
}

/// The results of all calls; None when one of them fails for some row.
pub(crate) fn results(
    rows: SortedRows<'_>,
    calls: &[WindowCall],
    bounds: &Bounds,
    context: &Context<'_>,
) -> Result<Option<Vec<Results>>> {
    let mut all = Vec::with_capacity(calls.len());
    for (number, call) in calls.iter().enumerate() {
        context.poll()?;
        let Some(kind) = Kind::of(call) else { return Ok(None) };
        let Ok(results) = results_of(rows, number, call, kind, bounds) else { return Ok(None) };
        all.push(results);
    }
    Ok(Some(all))
}

fn results_of(
    rows: SortedRows<'_>,
    number: usize,
    call: &WindowCall,
    kind: Kind,
    bounds: &Bounds,
) -> Result<Results> {
    let arg = rows.layout.args[number].first().copied();
    let slides = !matches!(bounds.start, Bound::UnboundedPreceding);
    let over = |rows| CallRows { rows, call: number, is_filtered: call.filter.is_some() };
    Ok(match kind {
        Kind::Ranked => {
            let ranked = Ranking { rows, call: number }.results(&call.function, rows.partitions())?;
            ranked.unwrap_or_else(|| unreachable!("functions that read frames are of another kind"))
        }
        Kind::Count => {
            let is_counted = |place| arg.is_none_or(|arg| !rows.value(arg, place).is_null());
            let count = Count { is_counted, count: 0, settled: 0, results: Vec::new() };
            let counted = over(rows).run(bounds, count)?;
            Results::Values(KeptColumn::Integers(Numbers::new(counted.results)))
        }
        Kind::Sum | Kind::Total | Kind::Average => {
            let Some(arg) = arg else { return Err(not_computed()) };
            let sums = Sums {
                numbers: Operands::of(rows, arg),
                kind,
                sum: Sum::default(),
                settled: Value::Null,
                results: KeptColumn::default(),
            };
            Results::Values(over(rows).run(bounds, sums)?.results)
        }
        Kind::Extreme { wanted } => {
            let Some(column) = arg else { return Err(not_computed()) };
            let picked = if slides {
                let extremes = MovingExtreme {
                    rows,
                    column,
                    wanted,
                    collation: call.collation,
                    candidates: VecDeque::new(),
                    entered: 0,
                    settled: NO_ROW,
                    results: Vec::new(),
                };
                over(rows).run(bounds, extremes)?.results
            } else {
                let extremes = GrowingExtreme {
                    rows,
                    column,
                    wanted,
                    collation: call.collation,
                    best: None,
                    row: NO_ROW,
                    results: Vec::new(),
                };
                over(rows).run(bounds, extremes)?.results
            };
            Results::Picked { column, rows: picked }
        }
        Kind::First | Kind::Nth => {
            let Some(column) = arg else { return Err(not_computed()) };
            let wanted = if kind == Kind::Nth { rows.layout.args[number].get(1).copied() } else { None };
            let nth = Nth { rows, wanted, start: 0, end: 0, results: Vec::new() };
            Results::Picked { column, rows: over(rows).run(bounds, nth)?.results }
        }
        Kind::Last => {
            let Some(column) = arg else { return Err(not_computed()) };
            let last = Last { rows, last: NO_ROW, count: 0, settled: NO_ROW, results: Vec::new() };
            Results::Picked { column, rows: over(rows).run(bounds, last)?.results }
        }
    })
}

/// Stands for an error that is found out row by row.
fn not_computed() -> Error {
    Error::error("computed row by row")
}

/// What a call knows of its frame.
trait State {
    /// Forgets everything: a partition begins at this place.
    fn begin(&mut self, place: usize);
    fn enter(&mut self, place: usize);
    fn leave(&mut self, place: usize) -> Result<()>;
    /// The rows given next see the frame as it is now.
    fn settle(&mut self) -> Result<()>;
    fn give(&mut self, place: usize) -> Result<()>;
}

/// The rows that a call is about.
struct CallRows<'r> {
    rows: SortedRows<'r>,
    call: usize,
    is_filtered: bool,
}

impl CallRows<'_> {
    fn passes(&self, place: usize) -> bool {
        !self.is_filtered || self.rows.passes(self.call, place)
    }

    fn enter(&self, state: &mut impl State, places: Range<usize>) {
        if !self.is_filtered {
            places.for_each(|place| state.enter(place));
            return;
        }
        for place in places {
            if self.passes(place) {
                state.enter(place);
            }
        }
    }

    /// Takes the state through all frames.
    fn run<S: State>(&self, bounds: &Bounds, mut state: S) -> Result<S> {
        let around = bounds.rows_around();
        for partition in self.rows.partitions() {
            match (&bounds.start, &bounds.end, around) {
                (Bound::UnboundedPreceding, Bound::UnboundedFollowing, _) => {
                    state.begin(partition.start);
                    self.enter(&mut state, partition.clone());
                    give(&mut state, partition)?;
                }
                (_, _, Some((before, behind))) => {
                    self.run_around(&mut state, partition, before, behind)?;
                }
                (Bound::UnboundedPreceding, Bound::CurrentRow, None) => {
                    state.begin(partition.start);
                    for peers in self.rows.peers(partition) {
                        self.enter(&mut state, peers.clone());
                        give(&mut state, peers)?;
                    }
                }
                _ => {
                    let mut walk = Walk::new(bounds.clone());
                    let mut walked = Walked { rows: self, state: &mut state, first: partition.start };
                    for place in partition {
                        walk.take(place, self.rows, &mut walked)?;
                    }
                    walk.finish(self.rows, &mut walked)?;
                }
            }
        }
        Ok(state)
    }

    /// Takes the state through frames of so many rows before and behind each row; None: all rows before it. Rows come, results
    /// are given and rows leave in the walk's order.
    fn run_around<S: State>(
        &self,
        state: &mut S,
        partition: Range<usize>,
        before: Option<usize>,
        behind: usize,
    ) -> Result<()> {
        state.begin(partition.start);
        let mut entered = partition.start;
        for place in partition.clone() {
            let end = place.saturating_add(behind).saturating_add(1).min(partition.end);
            self.enter(state, entered..end);
            entered = end;
            give(state, place..place + 1)?;
            let leaving = before.and_then(|before| place.checked_sub(before));
            if let Some(leaving) =
                leaving.filter(|leaving| *leaving >= partition.start && self.passes(*leaving))
            {
                state.leave(leaving)?;
            }
        }
        Ok(())
    }
}

fn give(state: &mut impl State, places: Range<usize>) -> Result<()> {
    state.settle()?;
    for place in places {
        state.give(place)?;
    }
    Ok(())
}

/// A state on a walk.
struct Walked<'w, 'r, S> {
    rows: &'w CallRows<'r>,
    state: &'w mut S,
    /// Where the partition starts.
    first: usize,
}

impl<S: State> Frames for Walked<'_, '_, S> {
    fn begin(&mut self) -> Result<()> {
        self.state.begin(self.first);
        Ok(())
    }

    #[inline]
    fn enter(&mut self, place: usize) -> Result<()> {
        if self.rows.passes(place) {
            self.state.enter(place);
        }
        Ok(())
    }

    #[inline]
    fn leave(&mut self, place: usize) -> Result<()> {
        if self.rows.passes(place) { self.state.leave(place) } else { Ok(()) }
    }

    #[inline]
    fn settle(&mut self) -> Result<()> {
        self.state.settle()
    }

    #[inline]
    fn give(&mut self, place: usize) -> Result<()> {
        self.state.give(place)
    }
}

struct Count<F> {
    is_counted: F,
    count: i64,
    settled: i64,
    results: Vec<i64>,
}

impl<F: Fn(usize) -> bool> State for Count<F> {
    fn begin(&mut self, _: usize) {
        self.count = 0;
    }

    fn enter(&mut self, place: usize) {
        self.count += i64::from((self.is_counted)(place));
    }

    fn leave(&mut self, place: usize) -> Result<()> {
        self.count -= i64::from((self.is_counted)(place));
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.settled = self.count;
        Ok(())
    }

    fn give(&mut self, _: usize) -> Result<()> {
        self.results.push(self.settled);
        Ok(())
    }
}

/// What is added up, by place.
enum Operands<'r> {
    Integers(Cow<'r, [i64]>),
    Reals(Cow<'r, [f64]>),
    Any(SortedRows<'r>, usize),
}

impl<'r> Operands<'r> {
    fn of(rows: SortedRows<'r>, column: usize) -> Operands<'r> {
        let order = &rows.order.rows;
        match &rows.kept.columns[column] {
            KeptColumn::Integers(Numbers { values, nulls: None }) => {
                Operands::Integers(in_order(values, order))
            }
            KeptColumn::Reals(Numbers { values, nulls: None }) => Operands::Reals(in_order(values, order)),
            _ => Operands::Any(rows, column),
        }
    }
}

/// The values by place.
fn in_order<'r, T: Copy>(values: &'r [T], order: &[u32]) -> Cow<'r, [T]> {
    if order.iter().zip(0..).all(|(row, place)| *row == place) {
        return Cow::Borrowed(values);
    }
    Cow::Owned(order.iter().map(|row| values[*row as usize]).collect())
}

/// sum(), total() and avg().
struct Sums<'r> {
    numbers: Operands<'r>,
    kind: Kind,
    sum: Sum,
    settled: Value,
    results: KeptColumn,
}

impl State for Sums<'_> {
    fn begin(&mut self, _: usize) {
        self.sum = Sum::default();
    }

    #[inline]
    fn enter(&mut self, place: usize) {
        match &self.numbers {
            Operands::Integers(integers) => self.sum.add_integer(integers[place]),
            Operands::Reals(reals) => self.sum.add_real(reals[place]),
            Operands::Any(rows, column) => self.sum.add(rows.value(*column, place)),
        }
    }

    #[inline]
    fn leave(&mut self, place: usize) -> Result<()> {
        match &self.numbers {
            Operands::Integers(integers) => self.sum.remove_integer(integers[place]),
            Operands::Reals(reals) => self.sum.remove_real(reals[place]),
            Operands::Any(rows, column) => self.sum.remove(rows.value(*column, place)),
        }
        Ok(())
    }

    #[inline]
    fn settle(&mut self) -> Result<()> {
        self.settled = self.kind.result(&self.sum)?;
        Ok(())
    }

    #[inline]
    fn give(&mut self, _: usize) -> Result<()> {
        self.results.push(self.settled.as_ref());
        Ok(())
    }
}

/// min() and max() of frames that let no row out: of equal values the first.
struct GrowingExtreme<'r> {
    rows: SortedRows<'r>,
    column: usize,
    wanted: Ordering,
    collation: Collation,
    best: Option<ValueRef<'r>>,
    /// The row that has it.
    row: u32,
    results: Vec<u32>,
}

impl State for GrowingExtreme<'_> {
    fn begin(&mut self, _: usize) {
        (self.best, self.row) = (None, NO_ROW);
    }

    fn enter(&mut self, place: usize) {
        let value = self.rows.value(self.column, place);
        if !value.is_null()
            && self.best.is_none_or(|best| compare(value, best, self.collation) == self.wanted)
        {
            (self.best, self.row) = (Some(value), self.rows.order.rows[place]);
        }
    }

    fn leave(&mut self, _: usize) -> Result<()> {
        Err(not_computed())
    }

    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    fn give(&mut self, _: usize) -> Result<()> {
        self.results.push(self.row);
        Ok(())
    }
}

/// min() and max() of frames that let rows out too: of equal values the last.
struct MovingExtreme<'r> {
    rows: SortedRows<'r>,
    column: usize,
    wanted: Ordering,
    collation: Collation,
    /// Places of values that are, or may become, the extreme: each is worse than the one before.
    candidates: VecDeque<usize>,
    /// Rows up to here were in the frame.
    entered: usize,
    settled: u32,
    results: Vec<u32>,
}

impl State for MovingExtreme<'_> {
    fn begin(&mut self, _: usize) {
        self.candidates.clear();
    }

    fn enter(&mut self, place: usize) {
        self.entered = place + 1;
        let value = self.rows.value(self.column, place);
        if value.is_null() {
            return;
        }
        let is_worse = |other: &usize| {
            compare(self.rows.value(self.column, *other), value, self.collation) == self.wanted
        };
        while self.candidates.back().is_some_and(|last| !is_worse(last)) {
            self.candidates.pop_back();
        }
        self.candidates.push_back(place);
    }

    fn leave(&mut self, place: usize) -> Result<()> {
        if place >= self.entered {
            // SQLite takes an equal value out, where there is one.
            return Err(not_computed());
        }
        if self.candidates.front() == Some(&place) {
            self.candidates.pop_front();
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.settled = self.candidates.front().map_or(NO_ROW, |place| self.rows.order.rows[*place]);
        Ok(())
    }

    fn give(&mut self, _: usize) -> Result<()> {
        self.results.push(self.settled);
        Ok(())
    }
}

/// first_value() and nth_value(): so many rows have come into the frame, and so many have left it.
struct Nth<'r> {
    rows: SortedRows<'r>,
    /// The column that says which row is wanted, from 1.
    wanted: Option<usize>,
    start: usize,
    end: usize,
    results: Vec<u32>,
}

impl State for Nth<'_> {
    fn begin(&mut self, place: usize) {
        (self.start, self.end) = (place, place);
    }

    fn enter(&mut self, _: usize) {
        self.end += 1;
    }

    fn leave(&mut self, _: usize) -> Result<()> {
        self.start += 1;
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    fn give(&mut self, place: usize) -> Result<()> {
        let wanted = match self.wanted {
            Some(column) => wanted_place(Some(self.rows.value(column, place)))?,
            None => 1,
        };
        let found = self.start.checked_add(wanted - 1).filter(|found| *found < self.end);
        self.results.push(found.map_or(NO_ROW, |found| self.rows.order.rows[found]));
        Ok(())
    }
}

/// last_value(): the last row that entered, unless as many left.
struct Last<'r> {
    rows: SortedRows<'r>,
    last: u32,
    count: i64,
    settled: u32,
    results: Vec<u32>,
}

impl State for Last<'_> {
    fn begin(&mut self, _: usize) {
        (self.last, self.count) = (NO_ROW, 0);
    }

    fn enter(&mut self, place: usize) {
        self.last = self.rows.order.rows[place];
        self.count += 1;
    }

    fn leave(&mut self, _: usize) -> Result<()> {
        self.count -= 1;
        if self.count == 0 {
            self.last = NO_ROW;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.settled = self.last;
        Ok(())
    }

    fn give(&mut self, _: usize) -> Result<()> {
        self.results.push(self.settled);
        Ok(())
    }
}
