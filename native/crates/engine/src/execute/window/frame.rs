//! The bounds of a window's frame, computed once its first row is there.

use std::cmp::Ordering;

use pluresdb_sql::ast::{FrameExclude, FrameUnit};
use pluresdb_value::{Affinity, Collation, Value, affinity, compare};

use crate::error::{Error, Result};
use crate::execute::eval::eval;
use crate::execute::{Context, Frame};
use crate::resolve::tree::{FrameBound, WindowFrame};

/// A bound with its offset computed.
#[derive(Clone, Debug)]
pub(crate) enum Bound {
    UnboundedPreceding,
    Preceding(Value),
    CurrentRow,
    Following(Value),
    UnboundedFollowing,
}

impl Bound {
    pub fn offset(&self) -> Option<&Value> {
        match self {
            Bound::Preceding(offset) | Bound::Following(offset) => Some(offset),
            Bound::UnboundedPreceding | Bound::CurrentRow | Bound::UnboundedFollowing => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub unit: FrameUnit,
    pub start: Bound,
    pub end: Bound,
    pub exclude: Option<FrameExclude>,
}

impl Bounds {
    pub fn compute(window: &WindowFrame, frame: &mut Frame, context: &mut Context<'_>) -> Result<Bounds> {
        let unit = window.unit;
        Ok(Bounds {
            unit,
            start: bound(&window.start, unit, "starting", frame, context)?,
            end: bound(&window.end, unit, "ending", frame, context)?,
            exclude: window.exclude,
        })
    }

    /// Of ROWS that hold their row: how many rows before it (None: all) and behind it are in the frame.
    pub fn rows_around(&self) -> Option<(Option<usize>, usize)> {
        let count = |offset: &Value| usize::try_from(offset.to_integer()).unwrap_or(usize::MAX);
        let before = match &self.start {
            Bound::UnboundedPreceding => None,
            Bound::Preceding(offset) => Some(count(offset)),
            Bound::CurrentRow => Some(0),
            Bound::Following(_) | Bound::UnboundedFollowing => return None,
        };
        let behind = match &self.end {
            Bound::CurrentRow => 0,
            Bound::Following(offset) => count(offset),
            Bound::UnboundedFollowing => usize::MAX,
            Bound::UnboundedPreceding | Bound::Preceding(_) => return None,
        };
        (self.unit == FrameUnit::Rows).then_some((before, behind))
    }

    /// Whether a bound takes all rows that are equal in the order.
    pub fn has_peers(&self) -> bool {
        self.unit != FrameUnit::Rows
    }

    /// Whether every frame ends before it starts. Not of RANGE, where a row without a number has its peers.
    pub fn are_always_empty(&self) -> bool {
        if self.unit == FrameUnit::Range {
            return false;
        }
        match (&self.start, &self.end) {
            (Bound::Following(start), Bound::Following(end)) => is_less(end, start),
            (Bound::Preceding(start), Bound::Preceding(end)) => is_less(start, end),
            _ => false,
        }
    }
}

fn is_less(a: &Value, b: &Value) -> bool {
    compare(a.as_ref(), b.as_ref(), Collation::Binary) == Ordering::Less
}

fn bound(
    bound: &FrameBound,
    unit: FrameUnit,
    which: &str,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Bound> {
    let mut offset = |expr| -> Result<Value> {
        let mut value = eval(expr, frame, context)?;
        // ROWS and GROUPS count in integers; what RANGE adds stays a REAL where it was written as one.
        if unit != FrameUnit::Range || matches!(value, Value::Text(_)) {
            affinity::apply(&mut value, Affinity::Numeric);
        }
        let (is_valid, what) = match (unit, &value) {
            (_, Value::Integer(integer)) => (*integer >= 0, "integer"),
            (FrameUnit::Range, Value::Real(real)) => (*real >= 0.0, "number"),
            _ => (false, "integer"),
        };
        if is_valid {
            return Ok(value);
        }
        let what = if unit == FrameUnit::Range { "number" } else { what };
        Err(Error::error(format!("frame {which} offset must be a non-negative {what}")))
    };
    Ok(match bound {
        FrameBound::UnboundedPreceding => Bound::UnboundedPreceding,
        FrameBound::Preceding(expr) => Bound::Preceding(offset(expr)?),
        FrameBound::CurrentRow => Bound::CurrentRow,
        FrameBound::Following(expr) => Bound::Following(offset(expr)?),
        FrameBound::UnboundedFollowing => Bound::UnboundedFollowing,
    })
}
