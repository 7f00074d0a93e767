//! An equi-join for whose right side there is no room: both sides are sorted by their keys, in memory and then in runs, and
//! matched; what the join gives is sorted back into the order in which a nested loop would give it.
//!
//!     side row    image | place | key
//!     pair        left image | right image | which of the two there are
//!
//! Places count the rows of a side as they came. Pairs come by their left row's place, then by their right row's; right rows
//! that nothing matched come last.

use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::frame::{MemoryAccount, row_size};
use crate::execute::image::{push_image, restore_image, set_null_image};
use crate::execute::limit::Window;
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::execute::{Context, Frame};
use crate::plan::ImageSlot;
use crate::resolve::tree::Expr;
use crate::session::Settings;

/// One side, as long as its rows come.
pub(crate) struct JoinSide {
    slots: Vec<ImageSlot>,
    rows: GatheredRows,
    count: i64,
}

impl JoinSide {
    /// `slots` are what the side fills of the frame.
    pub fn new(slots: Vec<ImageSlot>) -> JoinSide {
        JoinSide { slots, rows: GatheredRows::default(), count: 0 }
    }

    /// Keeps the frame's row under its key; None: its key has a NULL, and equals nothing.
    pub fn keep(&mut self, key: Option<&[u8]>, frame: &mut Frame, settings: &Settings) -> Result<()> {
        let start = self.rows.values.len();
        push_image(&self.slots, frame, &mut self.rows.values)?;
        self.rows.values.push(Value::Integer(self.count));
        self.rows.values.push(key.map_or(Value::Null, |key| Value::Blob(key.into())));
        self.count += 1;
        self.rows.keep(key.unwrap_or_default(), start, &mut frame.memory, settings)
    }

    fn into_sorted(self, memory: &mut MemoryAccount) -> Result<SortedSide> {
        let rows = self.rows.into_ordered(Window::default(), memory)?;
        Ok(SortedSide { slots: self.slots, rows })
    }
}

/// The same in the order of the keys; those without one come first.
struct SortedSide {
    slots: Vec<ImageSlot>,
    rows: OrderedRows,
}

struct SideRow {
    image: Vec<Value>,
    place: i64,
    key: Value,
    is_matched: bool,
}

impl SortedSide {
    fn next(&mut self) -> Result<Option<SideRow>> {
        if !self.rows.next()? {
            return Ok(None);
        }
        let mut image: Vec<Value> = self.rows.take(self.slots.len() + 2).collect();
        let key = image.pop().unwrap_or_default();
        let Some(Value::Integer(place)) = image.pop() else { panic!("a row of a side has its place") };
        Ok(Some(SideRow { image, place, key, is_matched: false }))
    }
}

/// Which rows stay without a match.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    pub left: bool,
    pub right: bool,
}

/// What the join gives, row by row.
pub(crate) struct MergedPairs {
    left: Vec<ImageSlot>,
    right: Vec<ImageSlot>,
    rows: OrderedRows,
}

const HAS_LEFT: i64 = 1;
const HAS_RIGHT: i64 = 2;

struct Merge<'m> {
    left: SortedSide,
    right: SortedSide,
    kept: Kept,
    on: &'m [Expr],
    pairs: GatheredRows,
    /// Right rows of one key.
    group: Vec<SideRow>,
    charged: usize,
    /// The right row behind them.
    ahead: Option<SideRow>,
}

impl MergedPairs {
    /// Matches the sides; `on` is what else decides whether rows match.
    pub fn of(
        left: JoinSide,
        right: JoinSide,
        kept: Kept,
        on: &[Expr],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<MergedPairs> {
        let left = left.into_sorted(&mut frame.memory)?;
        let mut right = right.into_sorted(&mut frame.memory)?;
        let ahead = right.next()?;
        let pairs = GatheredRows::default();
        let mut merge = Merge { left, right, kept, on, pairs, group: Vec::new(), charged: 0, ahead };
        merge.run(frame, context)?;
        merge.left.rows.clear(&mut frame.memory);
        merge.right.rows.clear(&mut frame.memory);
        let rows = merge.pairs.into_ordered(Window::default(), &mut frame.memory)?;
        Ok(MergedPairs { left: merge.left.slots, right: merge.right.slots, rows })
    }

    /// Puts the next pair into the frame; false: there is none.
    pub fn next(&mut self, frame: &mut Frame) -> Result<bool> {
        if !self.rows.next()? {
            return Ok(false);
        }
        let (left_len, right_len) = (self.left.len(), self.right.len());
        let Value::Integer(sides) = *self.rows.value(left_len + right_len) else {
            panic!("a pair tells which of its rows there are")
        };
        let mut values = self.rows.take(left_len + right_len);
        for (slots, has) in [(&self.left, HAS_LEFT), (&self.right, HAS_RIGHT)] {
            let image = values.by_ref().take(slots.len());
            if sides & has != 0 {
                restore_image(slots, image, frame);
            } else {
                image.for_each(drop);
                set_null_image(slots, frame);
            }
        }
        Ok(true)
    }

    pub fn clear(&mut self, memory: &mut MemoryAccount) {
        self.rows.clear(memory);
    }
}

impl Merge<'_> {
    fn run(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let widths = self.widths();
        while let Some(left) = self.left.next()? {
            context.step()?;
            let mut is_matched = false;
            if let Value::Blob(key) = &left.key {
                self.find(key, frame, context)?;
                restore_image(&self.left.slots, left.image.iter().cloned(), frame);
                for index in 0..self.group.len() {
                    context.step()?;
                    let image = self.group[index].image.iter().cloned();
                    restore_image(&self.right.slots, image, frame);
                    if all_true(self.on, frame, context)? {
                        is_matched = true;
                        self.group[index].is_matched = true;
                        let right = &self.group[index];
                        push_pair(&mut self.pairs, Some(&left), Some(right), widths, frame, context)?;
                    }
                }
            }
            if !is_matched && self.kept.left {
                push_pair(&mut self.pairs, Some(&left), None, widths, frame, context)?;
            }
        }
        self.end_group(frame, context)?;
        while let Some(right) = self.take_ahead()? {
            self.leave(&right, frame, context)?;
        }
        Ok(())
    }

    fn widths(&self) -> (usize, usize) {
        (self.left.slots.len(), self.right.slots.len())
    }

    fn take_ahead(&mut self) -> Result<Option<SideRow>> {
        let next = self.right.next()?;
        Ok(std::mem::replace(&mut self.ahead, next))
    }

    /// Makes the group that of the key.
    fn find(&mut self, key: &[u8], frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let is_of_key = |row: &SideRow| matches!(&row.key, Value::Blob(own) if **own == *key);
        if self.group.first().is_some_and(is_of_key) {
            return Ok(());
        }
        self.end_group(frame, context)?;
        let is_before = |row: &SideRow| match &row.key {
            Value::Blob(own) => **own < *key,
            _ => true,
        };
        while self.ahead.as_ref().is_some_and(is_before) {
            if let Some(right) = self.take_ahead()? {
                self.leave(&right, frame, context)?;
            }
        }
        while self.ahead.as_ref().is_some_and(is_of_key) {
            let Some(right) = self.take_ahead()? else { break };
            let bytes = row_size(&right.image);
            frame.memory.charge(bytes)?;
            self.charged += bytes;
            self.group.push(right);
        }
        Ok(())
    }

    fn end_group(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for right in std::mem::take(&mut self.group) {
            if !right.is_matched {
                self.leave(&right, frame, context)?;
            }
        }
        frame.memory.release(self.charged);
        self.charged = 0;
        Ok(())
    }

    /// Nothing matched the right row.
    fn leave(&mut self, right: &SideRow, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if self.kept.right {
            let widths = self.widths();
            push_pair(&mut self.pairs, None, Some(right), widths, frame, context)?;
        }
        Ok(())
    }
}

/// Keeps a pair under its place in the order of a nested loop; `widths` are those of both images.
fn push_pair(
    pairs: &mut GatheredRows,
    left: Option<&SideRow>,
    right: Option<&SideRow>,
    widths: (usize, usize),
    frame: &mut Frame,
    context: &Context<'_>,
) -> Result<()> {
    let start = pairs.values.len();
    let mut sides = 0;
    // What has no left row comes behind all that have one.
    let mut key = [u8::MAX; 16];
    for (row, width, has, place) in [(left, widths.0, HAS_LEFT, 0), (right, widths.1, HAS_RIGHT, 8)] {
        match row {
            Some(row) => {
                pairs.values.extend_from_slice(&row.image);
                sides |= has;
                key[place..place + 8].copy_from_slice(&row.place.to_be_bytes());
            }
            None => pairs.values.resize(pairs.values.len() + width, Value::Null),
        }
    }
    pairs.values.push(Value::Integer(sides));
    pairs.keep(&key, start, &mut frame.memory, &context.session.settings)
}
