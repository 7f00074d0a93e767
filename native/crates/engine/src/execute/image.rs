//! Kept rows: what a part of the frame held, to be put back later.
//!
//! Rows stand side by side in one vector, `slots.len()` values each. A hash join's build side, materialised sources
//! and sorted positions are kept so.

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::Frame;
use crate::execute::frame::row_size;
use crate::plan::ImageSlot;

/// Appends what the slots hold.
pub(crate) fn push_image(slots: &[ImageSlot], frame: &Frame, values: &mut Vec<Value>) -> Result<()> {
    for slot in slots {
        values.push(match *slot {
            ImageSlot::Rowid(source) => {
                let cursor = frame.cursor(source);
                match cursor.rowid() {
                    // A WITHOUT ROWID table: any number tells its row from the null row.
                    ValueRef::Null if !cursor.is_null_row() => Value::Integer(0),
                    rowid => rowid.to_value(),
                }
            }
            ImageSlot::Column { source, column } => frame.cursor(source).column(column)?.to_value(),
            ImageSlot::Register(register) => frame.register(register).clone(),
            ImageSlot::Subtype(register) => Value::Integer(frame.json_registers.contains(&register).into()),
        });
    }
    Ok(())
}

/// Puts what the slots held back into the frame.
pub(crate) fn restore_image(slots: &[ImageSlot], row: impl Iterator<Item = Value>, frame: &mut Frame) {
    for (slot, value) in slots.iter().zip(row) {
        match *slot {
            ImageSlot::Rowid(source) => match value {
                Value::Integer(rowid) => frame.cursor_mut(source).set_image(rowid),
                _ => frame.cursor_mut(source).set_null_row(),
            },
            ImageSlot::Column { source, column } => frame.cursor_mut(source).set_image_column(column, value),
            ImageSlot::Register(register) => frame.set_register(register, value),
            ImageSlot::Subtype(register) => frame.tell_json(register, value == Value::Integer(1)),
        }
    }
}

/// Makes the slots those of the null row.
pub(crate) fn set_null_image(slots: &[ImageSlot], frame: &mut Frame) {
    for slot in slots {
        match *slot {
            ImageSlot::Rowid(source) => frame.cursor_mut(source).set_null_row(),
            ImageSlot::Column { .. } | ImageSlot::Subtype(_) => {}
            ImageSlot::Register(register) => frame.registers[register.0] = Value::Null,
        }
    }
}

pub(crate) struct ImageStore {
    slots: Vec<ImageSlot>,
    values: Vec<Value>,
    row_count: usize,
    charged: usize,
}

impl ImageStore {
    pub fn new(slots: Vec<ImageSlot>) -> ImageStore {
        ImageStore { slots, values: Vec::new(), row_count: 0, charged: 0 }
    }

    pub fn len(&self) -> usize {
        self.row_count
    }

    pub fn slots(&self) -> &[ImageSlot] {
        &self.slots
    }

    /// Bytes that the rows take.
    pub fn memory(&self) -> usize {
        self.charged
    }

    pub fn clear(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.row_count = 0;
        self.values = Vec::new();
    }

    /// Keeps the frame's present row.
    pub fn push(&mut self, frame: &mut Frame) -> Result<()> {
        let start = self.values.len();
        push_image(&self.slots, frame, &mut self.values)?;
        self.row_count += 1;
        let bytes = row_size(&self.values[start..]);
        self.charged += bytes;
        frame.memory.charge(bytes)
    }

    /// Puts row `index` back into the frame.
    pub fn restore(&self, index: usize, frame: &mut Frame) {
        let width = self.slots.len();
        let row = &self.values[index * width..(index + 1) * width];
        restore_image(&self.slots, row.iter().cloned(), frame);
    }

    /// The rowid kept for `source` in row `index`.
    pub fn rowid(&self, index: usize, source: crate::resolve::tree::SourceId) -> Option<i64> {
        let position = self.slots.iter().position(|slot| *slot == ImageSlot::Rowid(source))?;
        match self.values[index * self.slots.len() + position] {
            Value::Integer(rowid) => Some(rowid),
            _ => None,
        }
    }

    pub fn set_null_row(&self, frame: &mut Frame) {
        set_null_image(&self.slots, frame);
    }
}
