//! DISTINCT: which rows were there before.
//!
//! Keys of rows are looked up in memory as long as there is room. Rows with others are sorted then, until the last has come:
//! the first of each key is sorted back into the order they came, and comes behind those that were new before.

use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::Frame;
use crate::execute::byte_codes::ByteCodes;
use crate::execute::frame::MemoryAccount;
use crate::execute::key_hash::push_key;
use crate::execute::limit::Window;
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::session::{Session, Settings};

/// Whether a row was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Before,
    Never,
    /// There is no room to tell: the row is to be kept (`keep_late`).
    Perhaps,
}

/// Rows seen so far.
pub(crate) struct Distinct {
    collations: Vec<Collation>,
    seen: ByteCodes,
    /// Of the last row.
    key: Vec<u8>,
    charged: usize,
    late: Option<LateRows>,
}

/// Each row's values, then its place, then its key.
#[derive(Default)]
struct LateRows {
    rows: GatheredRows,
    count: i64,
}

impl Distinct {
    pub fn new(collations: Vec<Collation>) -> Distinct {
        Distinct { collations, seen: ByteCodes::default(), key: Vec::new(), charged: 0, late: None }
    }

    /// Remembers the row, if there is room. What that takes is charged with `charge`.
    pub fn look<'v>(
        &mut self,
        row: impl Iterator<Item = Result<ValueRef<'v>>>,
        session: &Session,
    ) -> Result<Seen> {
        self.key.clear();
        for (index, value) in row.enumerate() {
            let collation = self.collations.get(index).copied().unwrap_or_default();
            push_key(value?, collation, &mut self.key, session)?;
        }
        if self.late.is_some() || self.charged >= session.settings.group_memory() {
            return Ok(if self.seen.find(&self.key).is_some() { Seen::Before } else { Seen::Perhaps });
        }
        let next = self.seen.len();
        let is_new = self.seen.code(&self.key, next as u32) as usize == next;
        Ok(if is_new { Seen::Never } else { Seen::Before })
    }

    /// Charges what grew since the last call.
    pub fn charge(&mut self, memory: &mut MemoryAccount) -> Result<()> {
        let grown = self.seen.memory() - self.charged;
        self.charged += grown;
        memory.charge(grown)
    }

    /// Keeps the values of the row that was looked at last.
    pub fn keep_late(
        &mut self,
        values: impl Iterator<Item = Value>,
        memory: &mut MemoryAccount,
        settings: &Settings,
    ) -> Result<()> {
        let late = self.late.get_or_insert_default();
        let start = late.rows.values.len();
        late.rows.values.extend(values);
        late.rows.values.push(Value::Integer(late.count));
        late.rows.values.push(Value::Blob(self.key.as_slice().into()));
        late.count += 1;
        late.rows.keep(&self.key, start, memory, settings)
    }

    /// Of the rows kept, each of so many values, the first of equal ones, in the order they came; None: none was kept.
    pub fn take_late(
        &mut self,
        width: usize,
        memory: &mut MemoryAccount,
        settings: &Settings,
    ) -> Result<Option<OrderedRows>> {
        let Some(late) = self.late.take() else { return Ok(None) };
        let mut sorted = late.rows.into_ordered(Window::default(), memory)?;
        let mut first_rows = GatheredRows::default();
        let mut last_key: Option<Value> = None;
        while sorted.next()? {
            if last_key.as_ref() == Some(sorted.value(width + 1)) {
                continue;
            }
            last_key = Some(sorted.value(width + 1).clone());
            let Value::Integer(place) = *sorted.value(width) else { panic!("a late row has its place") };
            let start = first_rows.values.len();
            first_rows.values.extend(sorted.take(width));
            first_rows.keep(&place.to_be_bytes(), start, memory, settings)?;
        }
        sorted.clear(memory);
        Ok(Some(first_rows.into_ordered(Window::default(), memory)?))
    }

    pub fn clear(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.seen = ByteCodes::default();
        self.late = None;
    }
}
