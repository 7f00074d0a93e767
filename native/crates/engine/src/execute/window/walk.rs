//! How rows enter and leave a window's frame, and when each gets its results: the walk that SQLite's code makes.
//!
//! Three cursors go over a partition while its rows come in. `end` lets rows into the frame, `start` lets them out, and
//! `current` gives each row its results:
//!
//! ```text
//!     ROWS 1 PRECEDING        row 1 comes in
//!                             row 2 comes in    enter 1   settle, give 1
//!                             row 3 comes in    enter 2   settle, give 2   leave 1
//!                             no more rows      enter 3   settle, give 3
//! ```
//!
//! The steps and their order are those of sqlite3WindowCodeStep(): sums of reals, aggregates that cannot take a value
//! back exactly, and frames at the edges of numbers can tell. Where a frame has peers, a cursor takes a whole group of
//! them at a time.

use std::cmp::Ordering;

use pluresdb_sql::ast::FrameUnit;
use pluresdb_value::{Collation, Value, ValueRef, arithmetic, compare};

use super::frame::{Bound, Bounds};
use super::order::SortedRows;
use crate::error::Result;
use crate::execute::column_order::Term;

/// What the walk is taken for.
pub(crate) trait Frames {
    /// Forgets all frames: a partition begins.
    fn begin(&mut self) -> Result<()>;
    fn enter(&mut self, row: usize) -> Result<()>;
    fn leave(&mut self, row: usize) -> Result<()>;
    /// The rows given next see the frame as it is now.
    fn settle(&mut self) -> Result<()>;
    fn give(&mut self, row: usize) -> Result<()>;
}

/// A place among the rows and the group that the cursor is in; None behind the last row.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    row: Option<usize>,
    group: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Enter,
    Leave,
    Give,
}

/// What a step waits for: that a bound's offset is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    No,
    ForStart,
    ForEnd,
}

/// What a cursor does behind the last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtEnd {
    Stays,
    Tells,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

impl Comparison {
    fn reversed(self) -> Comparison {
        match self {
            Comparison::AtLeast => Comparison::AtMost,
            Comparison::MoreThan => Comparison::LessThan,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::LessThan => Comparison::MoreThan,
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::MoreThan => order == Ordering::Greater,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::LessThan => order == Ordering::Less,
        }
    }
}

/// The walk over one partition after the other.
pub(crate) struct Walk {
    bounds: Bounds,
    start: Cursor,
    current: Cursor,
    end: Cursor,
    /// Of ROWS and GROUPS: how many steps the bounds still wait.
    start_wait: i64,
    end_wait: i64,
    /// Rows of the partition come in so far end here.
    taken: usize,
    newest_group: u32,
    /// A partition has begun and not ended.
    is_within: bool,
}

impl Walk {
    pub fn new(bounds: Bounds) -> Walk {
        Walk {
            bounds,
            start: Cursor::default(),
            current: Cursor::default(),
            end: Cursor::default(),
            start_wait: 0,
            end_wait: 0,
            taken: 0,
            newest_group: 0,
            is_within: false,
        }
    }

    /// Takes in the next row of the partition.
    pub fn take(&mut self, row: usize, rows: SortedRows<'_>, frames: &mut impl Frames) -> Result<()> {
        self.taken = row + 1;
        let group = rows.group_of(row);
        if !self.is_within {
            frames.begin()?;
            if self.bounds.are_always_empty() {
                frames.settle()?;
                return frames.give(row);
            }
            self.begin(Cursor { row: Some(row), group });
            return Ok(());
        }
        if self.bounds.has_peers() && group == self.newest_group {
            return Ok(());
        }
        self.newest_group = group;
        self.advance(rows, frames)
    }

    fn begin(&mut self, first: Cursor) {
        (self.start, self.current, self.end) = (first, first, first);
        self.newest_group = first.group;
        self.is_within = true;
        self.start_wait = self.bounds.start.offset().map_or(0, Value::to_integer);
        self.end_wait = self.bounds.end.offset().map_or(0, Value::to_integer);
        if let (Bound::Following(_), Bound::Following(_)) = (&self.bounds.start, &self.bounds.end) {
            self.start_wait = self.end_wait - self.start_wait;
        }
    }

    /// Lets in what came before the newest group (or, of ROWS, the newest row), and gives what can be given.
    fn advance(&mut self, rows: SortedRows<'_>, frames: &mut impl Frames) -> Result<()> {
        let waits_for_end = self.bounds.end.offset().is_some();
        let ends_open = matches!(self.bounds.end, Bound::UnboundedFollowing);
        if let Bound::Following(_) = self.bounds.start {
            self.step(Step::Enter, Wait::No, AtEnd::Stays, rows, frames)?;
            if ends_open {
                return Ok(());
            }
            if !self.is_range() {
                self.step(Step::Give, Wait::ForEnd, AtEnd::Stays, rows, frames)?;
                self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
                return Ok(());
            }
            while !self.current_reaches_end(rows) {
                self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
                self.step(Step::Give, Wait::No, AtEnd::Stays, rows, frames)?;
            }
            return Ok(());
        }
        if let Bound::Preceding(_) = self.bounds.end {
            return self.advance_behind(true, rows, frames);
        }
        self.step(Step::Enter, Wait::No, AtEnd::Stays, rows, frames)?;
        if ends_open {
            return Ok(());
        }
        if !self.is_range() {
            if waits_for_end && self.end_wait > 0 {
                self.end_wait -= 1;
                return Ok(());
            }
            return self.give_and_leave(rows, frames);
        }
        if !waits_for_end {
            return self.give_and_leave(rows, frames);
        }
        while !self.current_reaches_end(rows) {
            self.give_and_leave(rows, frames)?;
        }
        Ok(())
    }

    fn give_and_leave(&mut self, rows: SortedRows<'_>, frames: &mut impl Frames) -> Result<()> {
        self.step(Step::Give, Wait::No, AtEnd::Stays, rows, frames)?;
        self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
        Ok(())
    }

    /// A frame that ends before its row lets rows in late, and, of RANGE, out before the row is given.
    fn advance_behind(
        &mut self,
        leaves_after: bool,
        rows: SortedRows<'_>,
        frames: &mut impl Frames,
    ) -> Result<()> {
        let leaves_first = self.is_range() && matches!(self.bounds.start, Bound::Preceding(_));
        self.step(Step::Enter, Wait::ForEnd, AtEnd::Stays, rows, frames)?;
        if leaves_first {
            self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
        }
        self.step(Step::Give, Wait::No, AtEnd::Stays, rows, frames)?;
        if leaves_after && !leaves_first {
            self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
        }
        Ok(())
    }

    /// The partition has no more rows: gives those that waited for more.
    pub fn finish(&mut self, rows: SortedRows<'_>, frames: &mut impl Frames) -> Result<()> {
        if !std::mem::replace(&mut self.is_within, false) {
            return Ok(());
        }
        if let Bound::Preceding(_) = self.bounds.end {
            return self.advance_behind(false, rows, frames);
        }
        self.step(Step::Enter, Wait::No, AtEnd::Stays, rows, frames)?;
        if let Bound::Following(_) = self.bounds.start {
            return self.finish_ahead(rows, frames);
        }
        while !self.step(Step::Give, Wait::No, AtEnd::Tells, rows, frames)? {
            self.step(Step::Leave, Wait::ForStart, AtEnd::Stays, rows, frames)?;
        }
        Ok(())
    }

    /// A frame that starts behind its row runs empty before the last rows are given.
    fn finish_ahead(&mut self, rows: SortedRows<'_>, frames: &mut impl Frames) -> Result<()> {
        if self.is_range() {
            while !self.step(Step::Leave, Wait::ForStart, AtEnd::Tells, rows, frames)? {
                if self.step(Step::Give, Wait::No, AtEnd::Tells, rows, frames)? {
                    return Ok(());
                }
            }
        } else {
            let (give_wait, leave_wait) = match self.bounds.end {
                Bound::UnboundedFollowing => (Wait::ForStart, Wait::No),
                _ => {
                    self.end_wait -= self.start_wait;
                    self.start_wait = 0;
                    (Wait::ForEnd, Wait::ForStart)
                }
            };
            loop {
                if self.step(Step::Give, give_wait, AtEnd::Tells, rows, frames)? {
                    return Ok(());
                }
                if self.step(Step::Leave, leave_wait, AtEnd::Tells, rows, frames)? {
                    break;
                }
            }
        }
        while !self.step(Step::Give, Wait::No, AtEnd::Tells, rows, frames)? {}
        Ok(())
    }

    /// Takes a cursor on by a row or a group of peers; of RANGE with an offset, as far as the offset goes. True when the
    /// cursor met the end of the partition and tells so.
    fn step(
        &mut self,
        step: Step,
        wait: Wait,
        at_end: AtEnd,
        rows: SortedRows<'_>,
        frames: &mut impl Frames,
    ) -> Result<bool> {
        if step == Step::Leave && matches!(self.bounds.start, Bound::UnboundedPreceding) {
            return Ok(false);
        }
        let wait = if self.offset(wait).is_some() { wait } else { Wait::No };
        loop {
            if wait != Wait::No && self.must_wait(step, wait, rows) {
                return Ok(false);
            }
            if step == Step::Give {
                frames.settle()?;
            }
            loop {
                if wait != Wait::No && self.is_held_back(step) {
                    return Ok(false);
                }
                let cursor = *self.cursor(step);
                let Some(row) = cursor.row else { return Ok(at_end == AtEnd::Tells) };
                match step {
                    Step::Enter => frames.enter(row)?,
                    Step::Leave => frames.leave(row)?,
                    Step::Give => frames.give(row)?,
                }
                let next = Some(row + 1).filter(|next| *next < self.taken);
                self.cursor(step).row = next;
                let Some(next) = next else { return Ok(at_end == AtEnd::Tells) };
                if !self.bounds.has_peers() {
                    break;
                }
                let group = rows.group_of(next);
                if group != cursor.group {
                    self.cursor(step).group = group;
                    break;
                }
            }
            if wait == Wait::No || !self.is_range() {
                return Ok(false);
            }
        }
    }

    fn must_wait(&mut self, step: Step, wait: Wait, rows: SortedRows<'_>) -> bool {
        if self.is_range() {
            let Some(offset) = self.offset(wait) else { return false };
            return match (step, &self.bounds.start) {
                (Step::Leave, Bound::Following(_)) => {
                    rows.compares(self.current, offset, Comparison::AtMost, self.start)
                }
                (Step::Leave, _) => rows.compares(self.start, offset, Comparison::AtLeast, self.current),
                _ => rows.compares(self.end, offset, Comparison::MoreThan, self.current),
            };
        }
        let left = match wait {
            Wait::ForStart => &mut self.start_wait,
            Wait::ForEnd | Wait::No => &mut self.end_wait,
        };
        let waits = *left > 0;
        *left -= i64::from(waits);
        waits
    }

    /// Of RANGE frames beside their row: the start must not pass the end, nor the end the rows come in.
    fn is_held_back(&self, step: Step) -> bool {
        let lies_beside = matches!(
            (&self.bounds.start, &self.bounds.end),
            (Bound::Preceding(_), Bound::Preceding(_)) | (Bound::Following(_), Bound::Following(_))
        );
        if !self.is_range() || !lies_beside {
            return false;
        }
        match step {
            Step::Leave => matches!((self.start.row, self.end.row), (Some(start), Some(end)) if start >= end),
            Step::Enter | Step::Give => {
                self.is_within && self.end.row.is_some_and(|end| end + 1 >= self.taken)
            }
        }
    }

    fn current_reaches_end(&self, rows: SortedRows<'_>) -> bool {
        let Some(offset) = self.bounds.end.offset() else { return true };
        rows.compares(self.current, offset, Comparison::AtLeast, self.end)
    }

    fn cursor(&mut self, step: Step) -> &mut Cursor {
        match step {
            Step::Enter => &mut self.end,
            Step::Leave => &mut self.start,
            Step::Give => &mut self.current,
        }
    }

    fn offset(&self, wait: Wait) -> Option<&Value> {
        match wait {
            Wait::No => None,
            Wait::ForStart => self.bounds.start.offset(),
            Wait::ForEnd => self.bounds.end.offset(),
        }
    }

    fn is_range(&self) -> bool {
        self.bounds.unit == FrameUnit::Range
    }
}

impl SortedRows<'_> {
    /// Whether the value at `from`, moved on by the offset, compares so with the one at `to`. As in SQLite only numbers
    /// move, and `from` is the earlier place: a sum with the smallest integer is exact where a difference is a REAL.
    fn compares(&self, from: Cursor, offset: &Value, comparison: Comparison, to: Cursor) -> bool {
        let Some(Term { column, direction, .. }) = self.order_term() else { return false };
        let is_descending = direction.descending;
        let comparison = if is_descending { comparison.reversed() } else { comparison };
        if let (Some(from), Some(to), Value::Integer(offset)) = (from.row, to.row, offset)
            && let (Some(from), Some(to)) = (self.integer(*column, from), self.integer(*column, to))
            && let Some(moved) =
                if is_descending { from.checked_sub(*offset) } else { from.checked_add(*offset) }
        {
            return comparison.holds(moved.cmp(&to));
        }
        let value_at = |cursor: Cursor| cursor.row.map_or(ValueRef::Null, |row| self.value(*column, row));
        let (from_value, to_value) = (value_at(from), value_at(to));
        if direction.nulls_first == is_descending {
            // NULL is the largest value here.
            match (from_value.is_null(), to_value.is_null()) {
                (true, to_null) => {
                    return match comparison {
                        Comparison::AtLeast => true,
                        Comparison::MoreThan => !to_null,
                        Comparison::AtMost => to_null,
                        Comparison::LessThan => false,
                    };
                }
                (false, true) => return matches!(comparison, Comparison::AtMost | Comparison::LessThan),
                (false, false) => {}
            }
        }
        if matches!(from_value, ValueRef::Text(_) | ValueRef::Blob(_)) {
            let order = if matches!(to_value, ValueRef::Text(_) | ValueRef::Blob(_)) {
                // In their order already, whatever the collation.
                let order = from.group.cmp(&to.group);
                if is_descending { order.reverse() } else { order }
            } else {
                Ordering::Greater
            };
            return comparison.holds(order);
        }
        let by_value = |value: ValueRef<'_>| compare(value, to_value, Collation::Binary);
        let looks_on = if is_descending { Comparison::AtMost } else { Comparison::AtLeast };
        let are_comparable = !from_value.is_null() && !to_value.is_null();
        if comparison == looks_on && are_comparable && comparison.holds(by_value(from_value)) {
            return true;
        }
        let operation = if is_descending { arithmetic::subtract } else { arithmetic::add };
        comparison.holds(by_value(operation(from_value, offset.as_ref()).as_ref()))
    }
}
