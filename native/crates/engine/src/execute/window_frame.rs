//! Which rows of a partition a window call looks at: ROWS, GROUPS and RANGE frames, and EXCLUDE.

use std::cmp::Ordering;
use std::ops::Range;

use pluresdb_sql::ast::{FrameExclude, FrameUnit};
use pluresdb_value::{Affinity, Collation, Value, affinity, arithmetic, compare};

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

#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub unit: FrameUnit,
    pub start: Bound,
    pub end: Bound,
    pub exclude: FrameExclude,
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

    /// Whether frames begin with the partition and only grow.
    pub fn only_grows(&self) -> bool {
        matches!(self.start, Bound::UnboundedPreceding) && self.exclude == FrameExclude::NoOthers
    }

    /// Whether peers have the same frame, so that one result serves them all.
    pub fn are_same_for_peers(&self) -> bool {
        self.unit != FrameUnit::Rows
    }

    /// Whether every frame ends before it starts. Not with RANGE, where a row without a number has its peers.
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

    /// Whether SQLite takes rows in before it takes others out. It does where a RANGE lies beside its row.
    pub fn steps_first(&self) -> bool {
        self.unit == FrameUnit::Range
            && (matches!(self.start, Bound::Following(_)) || matches!(self.end, Bound::Preceding(_)))
    }

    pub fn excludes_nothing(&self) -> bool {
        self.exclude == FrameExclude::NoOthers
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
        affinity::apply(&mut value, Affinity::Numeric);
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

/// A partition's rows as frames see them.
pub(crate) struct Partition<'p> {
    /// Peers of each group: rows with equal ORDER BY terms.
    pub groups: Vec<Range<usize>>,
    /// Group of each row.
    pub group_of: Vec<usize>,
    /// The single ORDER BY term of a RANGE frame with an offset.
    pub order_values: &'p [Value],
    pub is_descending: bool,
    /// Where NULL stands in the order, whatever the direction.
    pub nulls_first: bool,
}

impl Partition<'_> {
    pub fn len(&self) -> usize {
        self.group_of.len()
    }

    pub fn peers(&self, row: usize) -> Range<usize> {
        self.groups[self.group_of[row]].clone()
    }

    /// The rows of the frame before EXCLUDE.
    pub fn frame(&self, row: usize, bounds: &Bounds) -> Range<usize> {
        let start = match &bounds.start {
            Bound::UnboundedPreceding => 0,
            Bound::UnboundedFollowing => self.len(),
            Bound::CurrentRow => match bounds.unit {
                FrameUnit::Rows => row,
                FrameUnit::Range | FrameUnit::Groups => self.peers(row).start,
            },
            Bound::Preceding(offset) => self.start_at(row, bounds.unit, offset, true),
            Bound::Following(offset) => self.start_at(row, bounds.unit, offset, false),
        };
        let end = match &bounds.end {
            Bound::UnboundedPreceding => 0,
            Bound::UnboundedFollowing => self.len(),
            Bound::CurrentRow => match bounds.unit {
                FrameUnit::Rows => row + 1,
                FrameUnit::Range | FrameUnit::Groups => self.peers(row).end,
            },
            Bound::Preceding(offset) => self.end_at(row, bounds.unit, offset, true),
            Bound::Following(offset) => self.end_at(row, bounds.unit, offset, false),
        };
        start..end.max(start)
    }

    fn start_at(&self, row: usize, unit: FrameUnit, offset: &Value, is_preceding: bool) -> usize {
        match unit {
            FrameUnit::Rows => moved(row, offset, is_preceding).clamp(0, self.len() as i64) as usize,
            FrameUnit::Groups => {
                let group = moved(self.group_of[row], offset, is_preceding);
                match usize::try_from(group) {
                    Ok(group) => self.groups.get(group).map_or(self.len(), |peers| peers.start),
                    Err(_) => 0,
                }
            }
            FrameUnit::Range if !is_number(&self.order_values[row]) => self.peers(row).start,
            FrameUnit::Range if is_preceding => self.order_values.partition_point(|value| {
                self.is_before(&self.shifted(value, offset), &self.order_values[row])
            }),
            FrameUnit::Range => {
                let limit = self.shifted(&self.order_values[row], offset);
                self.order_values.partition_point(|value| self.is_before(value, &limit))
            }
        }
    }

    fn end_at(&self, row: usize, unit: FrameUnit, offset: &Value, is_preceding: bool) -> usize {
        match unit {
            FrameUnit::Rows => (moved(row, offset, is_preceding) + 1).clamp(0, self.len() as i64) as usize,
            FrameUnit::Groups => {
                let group = moved(self.group_of[row], offset, is_preceding);
                match usize::try_from(group) {
                    Ok(group) => self.groups.get(group).map_or(self.len(), |peers| peers.end),
                    Err(_) => 0,
                }
            }
            FrameUnit::Range if !is_number(&self.order_values[row]) => self.peers(row).end,
            FrameUnit::Range if is_preceding => self.order_values.partition_point(|value| {
                !self.is_before(&self.order_values[row], &self.shifted(value, offset))
            }),
            FrameUnit::Range => {
                let limit = self.shifted(&self.order_values[row], offset);
                self.order_values.partition_point(|value| !self.is_before(&limit, value))
            }
        }
    }

    /// The frames that SQLite slides through before the first row's: those of `n FOLLOWING AND m FOLLOWING`.
    pub fn frames_before_first(&self, bounds: &Bounds) -> Vec<Range<usize>> {
        let (Bound::Following(start), Bound::Following(end)) = (&bounds.start, &bounds.end) else {
            return Vec::new();
        };
        let (start, end) = (start.to_integer(), end.to_integer());
        let width = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX).saturating_add(1);
        let lead = usize::try_from(start).unwrap_or(0);
        match bounds.unit {
            FrameUnit::Range => Vec::new(),
            FrameUnit::Rows => {
                let count = self.len();
                (0..lead.min(count)).map(|row| row..row.saturating_add(width).min(count)).collect()
            }
            FrameUnit::Groups => {
                let count = self.groups.len();
                let last = |group: usize| self.groups[group.saturating_add(width).min(count) - 1].end;
                (0..lead.min(count)).map(|group| self.groups[group].start..last(group)).collect()
            }
        }
    }

    /// The value moved on by the offset of a RANGE, if it is a number; others have only their peers.
    ///
    /// Like SQLite, always of the row that lies before: the sum with the smallest integer stays exact, where the
    /// difference would be a REAL.
    fn shifted(&self, value: &Value, offset: &Value) -> Value {
        if !is_number(value) {
            return value.clone();
        }
        let operation = if self.is_descending { arithmetic::subtract } else { arithmetic::add };
        operation(value.as_ref(), offset.as_ref())
    }

    fn is_before(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Null, Value::Null) => return false,
            (Value::Null, _) => return self.nulls_first,
            (_, Value::Null) => return !self.nulls_first,
            _ => {}
        }
        let order = compare(a.as_ref(), b.as_ref(), Collation::Binary);
        order == if self.is_descending { Ordering::Greater } else { Ordering::Less }
    }

    /// Rows of the frame after EXCLUDE: at most three runs.
    pub fn included(&self, row: usize, bounds: &Bounds) -> [Range<usize>; 3] {
        let frame = self.frame(row, bounds);
        let peers = self.peers(row);
        let (hole, kept) = match bounds.exclude {
            FrameExclude::NoOthers => return [frame, 0..0, 0..0],
            FrameExclude::CurrentRow => (row..row + 1, 0..0),
            FrameExclude::Group => (peers, 0..0),
            FrameExclude::Ties => (peers, row..row + 1),
        };
        let before = frame.start..frame.end.min(hole.start).max(frame.start);
        let after = frame.start.max(hole.end).min(frame.end.max(frame.start))..frame.end;
        let kept = if frame.contains(&row) { kept } else { 0..0 };
        [before, kept, after.start.min(after.end)..after.end]
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Real(_))
}

fn moved(from: usize, offset: &Value, is_preceding: bool) -> i64 {
    let offset = offset.to_integer();
    let from = from as i64;
    if is_preceding { from.saturating_sub(offset) } else { from.saturating_add(offset).min(i64::MAX - 1) }
}
