//! The calls over one window, row after row: what each keeps of the rows in its frame, and its results.
//!
//! For calls whose results are not computed at once (`results`). A frame with EXCLUDE is read anew for each row; any other takes
//! rows in and lets them out again.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use pluresdb_function::aggregate::Sum;
use pluresdb_function::{AggregateState, Call};
use pluresdb_sql::ast::FrameExclude;
use pluresdb_value::{Affinity, Value, ValueRef, affinity};

use super::frame::{Bound, Bounds};
use super::order::SortedRows;
use super::rank::Ranking;
use super::results::{Kind, Results};
use super::walk::Frames;
use crate::error::{Error, Result};
use crate::execute::Context;
use crate::execute::arguments::{Arguments, JsonArgs};
use crate::execute::function_call::function_error;
use crate::execute::key_hash::push_key;
use crate::execute::subtype::json_args_of;
use crate::resolve::tree::{WindowCall, WindowFunction};

/// One call's memory of its frame.
enum CallState {
    /// The results of the partition's rows, which need no frame.
    Ranked(Results),
    Aggregate(Box<dyn AggregateState>),
    /// sum(), total(), avg() and count().
    Sum(Sum, Kind),
    /// min() and max() of a frame that lets rows out: the values in it by their keys, equal ones as they came.
    Extreme {
        is_max: bool,
        values: BTreeMap<Vec<u8>, VecDeque<Value>>,
    },
    /// first_value() and nth_value(): the frame begins at `start` and holds rows up to `end`.
    Span {
        start: usize,
        end: usize,
    },
    /// first_value() and nth_value() of a frame with EXCLUDE: rows met, and the one wanted.
    Nth {
        count: usize,
        value: Option<Value>,
    },
    /// last_value(): the last row that entered, unless as many left.
    Last {
        row: Option<usize>,
        count: i64,
    },
}

/// What the calls know between two steps of the walk.
#[derive(Default)]
pub(crate) struct CallStates {
    states: Vec<CallState>,
    /// Each call's result as the frame is now.
    settled: Vec<Value>,
    /// Of EXCLUDE: the rows of the frame.
    frame_start: usize,
    frame_end: usize,
    /// Rows that have their results, in order.
    given: VecDeque<(usize, Vec<Value>)>,
    /// By call, once they are known.
    json_args: Vec<JsonArgs>,
}

impl CallStates {
    pub fn next_given(&mut self) -> Option<(usize, Vec<Value>)> {
        self.given.pop_front()
    }
}

/// The calls over a window at work on its rows.
pub(crate) struct Calls<'w, 'c, 'x> {
    pub calls: &'w [WindowCall],
    pub rows: SortedRows<'w>,
    pub partition: Range<usize>,
    pub bounds: &'w Bounds,
    pub states: &'w mut CallStates,
    pub context: &'c mut Context<'x>,
}

/// Which of a call's arguments are JSON.
fn json_args(call: &WindowCall) -> JsonArgs {
    match &call.function {
        WindowFunction::Aggregate(function) => json_args_of(function.flags(), &call.args).unwrap_or_default(),
        _ => JsonArgs::default(),
    }
}

impl Calls<'_, '_, '_> {
    fn new_state(&self, number: usize) -> Result<CallState> {
        let call = &self.calls[number];
        let ranking = Ranking { rows: self.rows, call: number };
        if let Some(results) = ranking.results(&call.function, std::iter::once(self.partition.clone()))? {
            return Ok(CallState::Ranked(results));
        }
        let excludes = self.bounds.exclude.is_some();
        let slides = !matches!(self.bounds.start, Bound::UnboundedPreceding);
        if let Some(kind @ (Kind::Count | Kind::Sum | Kind::Total | Kind::Average)) = Kind::of(call) {
            return Ok(CallState::Sum(Sum::default(), kind));
        }
        Ok(match &call.function {
            WindowFunction::Aggregate(function) => match function.built_in_name() {
                Some(name @ ("min" | "max")) if slides && !excludes => {
                    CallState::Extreme { is_max: name == "max", values: BTreeMap::new() }
                }
                _ => CallState::Aggregate(function.new_state(call.collation)),
            },
            WindowFunction::LastValue => CallState::Last { row: None, count: 0 },
            _ if excludes => CallState::Nth { count: 0, value: None },
            _ => CallState::Span { start: self.partition.start, end: self.partition.start },
        })
    }

    fn reset(&mut self) -> Result<()> {
        if self.states.json_args.is_empty() {
            self.states.json_args.extend(self.calls.iter().map(json_args));
        }
        self.states.states.clear();
        for number in 0..self.calls.len() {
            let state = self.new_state(number)?;
            self.states.states.push(state);
        }
        Ok(())
    }

    /// Lets a row into every call's frame. `current` is the row that reads the frame, where that is known.
    fn enter_all(&mut self, row: usize, current: Option<usize>) -> Result<()> {
        for (number, (call, state)) in self.calls.iter().zip(&mut self.states.states).enumerate().rev() {
            self.context.step()?;
            if !self.rows.passes(number, row) {
                continue;
            }
            if let CallState::Sum(sum, _) = state {
                match self.rows.arg(number, 0, row) {
                    Some(value) => sum.add(value),
                    None => sum.add_integer(0),
                }
                continue;
            }
            let args: Arguments<'_> = self.rows.args(number, row).collect();
            match state {
                CallState::Ranked(_) | CallState::Sum(..) => {}
                CallState::Aggregate(state) => {
                    let mut step = Call::new(self.context, &args);
                    step.collation = call.collation;
                    step.json_args = self.states.json_args[number].words();
                    state.step(&mut step).map_err(function_error)?;
                }
                CallState::Extreme { values, .. } => {
                    let value = args[0];
                    if !value.is_null() {
                        let mut key = Vec::new();
                        push_key(value, call.collation, &mut key, self.context.session)?;
                        values.entry(key).or_default().push_back(value.to_value());
                    }
                }
                CallState::Span { end, .. } => *end += 1,
                CallState::Nth { count, value } => {
                    let wanted = match (&call.function, current) {
                        (WindowFunction::NthValue, Some(current)) => {
                            wanted_place(self.rows.arg(number, 1, current))?
                        }
                        _ => 1,
                    };
                    *count += 1;
                    if *count == wanted {
                        *value = args.first().map(|arg| arg.to_value());
                    }
                }
                CallState::Last { row: last, count } => {
                    *last = Some(row);
                    *count += 1;
                }
            }
        }
        Ok(())
    }

    fn settle_all(&mut self) -> Result<()> {
        self.states.settled.resize(self.calls.len(), Value::Null);
        for (number, state) in self.states.states.iter_mut().enumerate().rev() {
            let value = match state {
                CallState::Aggregate(state) => state.value(self.context).map_err(function_error)?,
                CallState::Sum(sum, kind) => kind.result(sum)?,
                CallState::Extreme { is_max, values } => {
                    let extreme = if *is_max { values.last_key_value() } else { values.first_key_value() };
                    extreme.and_then(|(_, equals)| equals.back().cloned()).unwrap_or_default()
                }
                CallState::Nth { value, .. } => value.take().unwrap_or_default(),
                CallState::Last { row: Some(row), .. } => {
                    self.rows.arg(number, 0, *row).map(ValueRef::to_value).unwrap_or_default()
                }
                CallState::Last { row: None, .. } | CallState::Ranked(_) | CallState::Span { .. } => {
                    Value::Null
                }
            };
            self.states.settled[number] = value;
        }
        Ok(())
    }

    /// Reads the frame of a row anew, without what EXCLUDE keeps out.
    fn scan(&mut self, current: usize) -> Result<()> {
        self.reset()?;
        for row in self.states.frame_start..self.states.frame_end {
            self.context.step()?;
            let are_peers = self.rows.group_of(row) == self.rows.group_of(current);
            let is_excluded = match self.bounds.exclude {
                None | Some(FrameExclude::NoOthers) => false,
                Some(FrameExclude::CurrentRow) => row == current,
                Some(FrameExclude::Group) => are_peers,
                Some(FrameExclude::Ties) => are_peers && row != current,
            };
            if !is_excluded {
                self.enter_all(row, Some(current))?;
            }
        }
        self.settle_all()
    }

    /// Results that depend on the row itself.
    fn own_result(&self, number: usize, row: usize) -> Result<Option<Value>> {
        Ok(match &self.states.states[number] {
            CallState::Ranked(results) => {
                Some(results.value(&self.rows.kept.columns, row - self.partition.start).to_value())
            }
            CallState::Span { start, end } => {
                let wanted = match self.calls[number].function {
                    WindowFunction::NthValue => wanted_place(self.rows.arg(number, 1, row))?,
                    _ => 1,
                };
                let place = start.checked_add(wanted - 1).filter(|place| place < end);
                let value = place.and_then(|place| self.rows.arg(number, 0, place));
                Some(value.map(ValueRef::to_value).unwrap_or_default())
            }
            CallState::Aggregate(_)
            | CallState::Sum(..)
            | CallState::Extreme { .. }
            | CallState::Nth { .. }
            | CallState::Last { .. } => None,
        })
    }
}

impl Frames for Calls<'_, '_, '_> {
    fn begin(&mut self) -> Result<()> {
        self.states.frame_start = self.partition.start;
        self.states.frame_end = self.partition.start;
        self.reset()
    }

    fn enter(&mut self, row: usize) -> Result<()> {
        if self.bounds.exclude.is_some() {
            self.states.frame_end += 1;
            return Ok(());
        }
        self.enter_all(row, None)
    }

    fn leave(&mut self, row: usize) -> Result<()> {
        if self.bounds.exclude.is_some() {
            self.states.frame_start += 1;
            return Ok(());
        }
        for (number, (call, state)) in self.calls.iter().zip(&mut self.states.states).enumerate().rev() {
            self.context.step()?;
            if !self.rows.passes(number, row) {
                continue;
            }
            if let CallState::Sum(sum, _) = state {
                match self.rows.arg(number, 0, row) {
                    Some(value) => sum.remove(value),
                    None => sum.remove_integer(0),
                }
                continue;
            }
            let args: Arguments<'_> = self.rows.args(number, row).collect();
            match state {
                CallState::Ranked(_) | CallState::Nth { .. } | CallState::Sum(..) => {}
                CallState::Aggregate(state) => {
                    let mut inverse = Call::new(self.context, &args);
                    inverse.collation = call.collation;
                    inverse.json_args = self.states.json_args[number].words();
                    state.inverse(&mut inverse).map_err(function_error)?;
                }
                CallState::Extreme { values, .. } => {
                    let mut key = Vec::new();
                    push_key(args[0], call.collation, &mut key, self.context.session)?;
                    if let Some(equals) = values.get_mut(&key) {
                        equals.pop_front();
                        if equals.is_empty() {
                            values.remove(&key);
                        }
                    }
                }
                CallState::Span { start, .. } => *start += 1,
                CallState::Last { row: last, count } => {
                    *count -= 1;
                    if *count == 0 {
                        *last = None;
                    }
                }
            }
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        if self.bounds.exclude.is_none() { self.settle_all() } else { Ok(()) }
    }

    fn give(&mut self, row: usize) -> Result<()> {
        self.context.step()?;
        if self.bounds.exclude.is_some() {
            self.scan(row)?;
        }
        let mut results = self.states.settled.clone();
        for (number, result) in results.iter_mut().enumerate() {
            if let Some(own) = self.own_result(number, row)? {
                *result = own;
            }
        }
        self.states.given.push_back((row, results));
        Ok(())
    }
}

/// The second argument of nth_value(), from 1.
pub(crate) fn wanted_place(arg: Option<ValueRef<'_>>) -> Result<usize> {
    let mut place = arg.map(ValueRef::to_value).unwrap_or_default();
    affinity::apply(&mut place, Affinity::Numeric);
    match place {
        Value::Integer(place) if place > 0 => Ok(usize::try_from(place).unwrap_or(usize::MAX)),
        _ => Err(Error::error("second argument to nth_value must be a positive integer")),
    }
}
