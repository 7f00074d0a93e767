//! Rows of groups for which there is no room: sorted by the groups' keys, in memory and then in runs, until the last row has
//! come.
//!
//! A row is what the input fills of the frame, then its keys; put back into the frame it is grouped as if it came now.

use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::Frame;
use crate::execute::frame::MemoryAccount;
use crate::execute::image::{push_image, restore_image};
use crate::execute::limit::Window;
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::plan::ImageSlot;
use crate::session::Settings;

pub(crate) struct GroupOverflow {
    slots: Vec<ImageSlot>,
    rows: GatheredRows,
}

impl GroupOverflow {
    /// `slots` are what the input fills of the frame.
    pub fn new(slots: Vec<ImageSlot>) -> GroupOverflow {
        GroupOverflow { slots, rows: GatheredRows::default() }
    }

    /// Keeps the frame's row, whose keys are these values and these bytes.
    ///
    /// # Errors
    ///
    /// As `GatheredRows::keep`.
    pub fn keep(
        &mut self,
        keys: &mut Vec<Value>,
        bytes: &[u8],
        frame: &mut Frame,
        settings: &Settings,
    ) -> Result<()> {
        let start = self.rows.values.len();
        push_image(&self.slots, frame, &mut self.rows.values)?;
        self.rows.values.append(keys);
        self.rows.keep(bytes, start, &mut frame.memory, settings)
    }

    /// All rows in the order of their keys; those of one group in the order they came.
    pub fn into_sorted(self, memory: &mut MemoryAccount) -> Result<SortedOverflow> {
        Ok(SortedOverflow { slots: self.slots, rows: self.rows.into_ordered(Window::default(), memory)? })
    }
}

pub(crate) struct SortedOverflow {
    slots: Vec<ImageSlot>,
    rows: OrderedRows,
}

impl SortedOverflow {
    /// Puts the next row back into the frame and gives its keys; false: there is none.
    pub fn next(&mut self, key_count: usize, keys: &mut Vec<Value>, frame: &mut Frame) -> Result<bool> {
        if !self.rows.next()? {
            return Ok(false);
        }
        let mut values = self.rows.take(self.slots.len() + key_count);
        restore_image(&self.slots, values.by_ref().take(self.slots.len()), frame);
        keys.clear();
        keys.extend(values);
        Ok(true)
    }

    pub fn clear(&mut self, memory: &mut MemoryAccount) {
        self.rows.clear(memory);
    }
}
