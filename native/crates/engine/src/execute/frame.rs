//! The frame: everything an execution of one program remembers outside its operators.
//!
//! | part | found by | holds |
//! |---|---|---|
//! | cursors | `SourceId` | where each table of a FROM stands |
//! | registers | `Register` | results of FROM subqueries, groups, windows; rows of DML |
//! | subqueries | `SubqueryId` | their operators, and results that need no second run |
//! | constants | `ConstantId` | calls that give the same in every row |
//! | ctes | `CteId` | rows of a CTE that is computed once, the queue's row of a recursive one |
//!
//! A frame belongs to its statement and is used again by every execution; `reset` forgets results, not buffers.

use pluresdb_value::{Value, ValueRef};

use crate::error::{Error, Result, ResultCode};
use crate::execute::cursor::Cursor;
use crate::execute::recursive::CteState;
use crate::execute::subquery::SubqueryState;
use crate::plan::ImageSlot;
use crate::resolve::tree::{ConstantId, Program, Register, SourceId};

/// What sorts, groups, hash tables and materialised rows may hold together before the statement fails.
const DEFAULT_MEMORY_LIMIT: usize = 2 << 30;

#[derive(Default)]
pub struct Frame {
    pub(crate) cursors: Vec<Cursor>,
    pub registers: Vec<Value>,
    pub(crate) subqueries: Vec<SubqueryState>,
    pub(crate) ctes: Vec<CteState>,
    /// Arguments of the function calls being evaluated: a stack, so that a call allocates nothing.
    pub(crate) arguments: Vec<Value>,
    /// Where the text that a function makes grows.
    pub(crate) text_heap: Vec<u8>,
    /// Registers whose values have the JSON subtype.
    pub(crate) json_registers: Vec<Register>,
    constants: Vec<KeptConstant>,
    pub(crate) memory: MemoryAccount,
    /// Counts executions: what was computed in an earlier one is stale.
    pub(crate) execution: u64,
}

impl Frame {
    pub fn new(program: &Program) -> Frame {
        let mut frame = Frame::default();
        frame.fit(program);
        frame
    }

    /// Grows to what the program needs: also when it gained registers after the frame was made.
    pub fn fit(&mut self, program: &Program) {
        if self.cursors.len() < program.source_count {
            self.cursors.resize_with(program.source_count, Cursor::default);
        }
        if self.registers.len() < program.register_count {
            self.registers.resize(program.register_count, Value::Null);
        }
        if self.constants.len() < program.constant_count {
            self.constants.resize_with(program.constant_count, KeptConstant::default);
        }
        if self.subqueries.len() < program.subqueries.len() {
            self.subqueries.resize_with(program.subqueries.len(), SubqueryState::default);
        }
        if self.ctes.len() < program.ctes.len() {
            self.ctes.resize_with(program.ctes.len(), CteState::default);
        }
    }

    /// For a thread that reads one table with so much memory.
    pub(crate) fn of_helper(source: SourceId, memory: MemoryAccount) -> Frame {
        let mut frame = Frame { memory, ..Frame::default() };
        frame.cursors.resize_with(source.0 + 1, Cursor::default);
        frame
    }

    /// Begins a new execution: results kept from the last one are dropped. For a trigger, at each firing.
    pub fn reset(&mut self) {
        self.execution += 1;
        self.memory.used = 0;
    }

    /// Lets go of every snapshot, so that its blocks can be freed.
    pub fn close_cursors(&mut self) {
        for cursor in &mut self.cursors {
            cursor.close();
        }
        let mut subqueries = std::mem::take(&mut self.subqueries);
        for subquery in &mut subqueries {
            subquery.close(self);
        }
        self.subqueries = subqueries;
        let mut ctes = std::mem::take(&mut self.ctes);
        for cte in &mut ctes {
            cte.close(self);
        }
        self.ctes = ctes;
    }

    #[inline]
    pub fn cursor(&self, source: SourceId) -> &Cursor {
        &self.cursors[source.0]
    }

    #[inline]
    pub(crate) fn cursor_mut(&mut self, source: SourceId) -> &mut Cursor {
        &mut self.cursors[source.0]
    }

    #[inline]
    pub fn register(&self, register: Register) -> &Value {
        &self.registers[register.0]
    }

    #[inline]
    pub fn set_register(&mut self, register: Register, value: Value) {
        self.registers[register.0] = value;
    }

    /// Says whether the register's value has the JSON subtype.
    pub(crate) fn tell_json(&mut self, register: Register, is_json: bool) {
        let known = self.json_registers.iter().position(|known| *known == register);
        match (known, is_json) {
            (None, true) => self.json_registers.push(register),
            (Some(place), false) => {
                self.json_registers.swap_remove(place);
            }
            _ => {}
        }
    }

    /// None of these registers has the JSON subtype.
    pub(crate) fn forget_json(&mut self, slots: &[ImageSlot]) {
        self.json_registers.retain(|register| {
            !slots.iter().any(|slot| matches!(slot, ImageSlot::Register(read) if read == register))
        });
    }

    /// Places from `first` on whose values have the JSON subtype.
    pub(crate) fn json_behind(&self, first: Register) -> Vec<usize> {
        self.json_registers.iter().filter_map(|register| register.0.checked_sub(first.0)).collect()
    }

    /// What was kept of a constant in this execution, and whether it is JSON.
    #[inline]
    pub(crate) fn constant(&self, constant: ConstantId) -> Option<(&Value, bool)> {
        let kept = &self.constants[constant.0];
        (kept.execution == Some(self.execution)).then_some((&kept.value, kept.is_json))
    }

    pub(crate) fn keep_constant(&mut self, constant: ConstantId, value: Value, is_json: bool) {
        self.constants[constant.0] = KeptConstant { execution: Some(self.execution), value, is_json };
    }

    /// `count` registers from `base`.
    pub fn register_range(&mut self, base: Register, count: usize) -> &mut [Value] {
        &mut self.registers[base.0..base.0 + count]
    }
}

/// The value of a constant, and of which execution it is.
#[derive(Default)]
struct KeptConstant {
    execution: Option<u64>,
    value: Value,
    is_json: bool,
}

/// Counts the bytes operators hold. Sorts go on in a scratch file long before the limit (`Settings::sort_memory`).
#[derive(Debug)]
pub(crate) struct MemoryAccount {
    used: usize,
    limit: usize,
}

impl Default for MemoryAccount {
    fn default() -> MemoryAccount {
        MemoryAccount { used: 0, limit: DEFAULT_MEMORY_LIMIT }
    }
}

impl MemoryAccount {
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<()> {
        self.used += bytes;
        if self.used > self.limit {
            return Err(Error::new(ResultCode::NoMemory, "out of memory"));
        }
        Ok(())
    }

    /// What each of so many threads may hold beside what is held already.
    pub fn share(&self, threads: usize) -> MemoryAccount {
        MemoryAccount { used: 0, limit: self.limit.saturating_sub(self.used) / threads.max(1) }
    }

    #[cfg(test)]
    pub fn used(&self) -> usize {
        self.used
    }

    pub fn release(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }
}

/// What a value costs in memory beyond the place it stands in.
#[inline]
pub(crate) fn heap_size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() > 15 => bytes.len() + 32,
        _ => 0,
    }
}

/// What a row of values costs in memory.
pub(crate) fn row_size(row: &[Value]) -> usize {
    row.iter().map(|value| size_of::<Value>() + heap_size(value.as_ref())).sum()
}
