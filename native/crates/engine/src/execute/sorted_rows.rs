//! Rows put in order: gathered under their keys, in memory as long as there is room and then in sorted runs.
//!
//! Always true: rows with equal keys stay in the order they came. Runs are written in that order, too.

use std::hint::black_box;
use std::path::Path;

use pluresdb_value::Value;
use pluresdb_value::record::{Record, encode_values};

use crate::error::Result;
use crate::execute::corrupt;
use crate::execute::frame::{MemoryAccount, row_size};
use crate::execute::key_order;
use crate::execute::limit::Window;
use crate::execute::merge::Merge;
use crate::execute::sorted_runs::{RunReader, RunWriter};
use crate::session::Settings;

/// Rows that wait for the last one.
#[derive(Default)]
pub(crate) struct GatheredRows {
    /// Of all rows in memory, side by side in the order they came; the one being made stands last.
    pub values: Vec<Value>,
    /// Keys back to back.
    keys: Vec<u8>,
    rows: Vec<GatheredRow>,
    spilled: Option<RunWriter>,
    charged: usize,
}

struct GatheredRow {
    key_start: usize,
    key_end: usize,
    /// Where its values begin.
    values: usize,
}

impl GatheredRows {
    /// Keeps the row whose values begin at `start`.
    ///
    /// # Errors
    ///
    /// `NoMemory`, and those of writing a scratch file.
    pub fn keep(
        &mut self,
        key: &[u8],
        start: usize,
        memory: &mut MemoryAccount,
        settings: &Settings,
    ) -> Result<()> {
        let bytes = row_size(&self.values[start..]) + key.len() + size_of::<GatheredRow>();
        memory.charge(bytes)?;
        self.charged += bytes;
        let key_start = self.keys.len();
        self.keys.extend_from_slice(key);
        self.rows.push(GatheredRow { key_start, key_end: self.keys.len(), values: start });
        if self.charged > settings.sort_memory() {
            self.spill(memory, settings.scratch_folder())?;
        }
        Ok(())
    }

    /// The rows in the order of their keys.
    fn in_order(&self) -> impl Iterator<Item = &GatheredRow> {
        let order = key_order::sorted(self.rows.len(), |row| self.key(&self.rows[row]));
        order.into_iter().map(|row| &self.rows[row as usize])
    }

    fn key(&self, row: &GatheredRow) -> &[u8] {
        &self.keys[row.key_start..row.key_end]
    }

    #[cold]
    fn spill(&mut self, memory: &mut MemoryAccount, folder: Option<&Path>) -> Result<()> {
        let mut writer = match self.spilled.take() {
            Some(writer) => writer,
            None => RunWriter::create(folder)?,
        };
        // As many values as lie between the beginnings of two rows; they came in turn.
        let width = self.values.len() / self.rows.len().max(1);
        let mut record = Vec::new();
        for row in self.in_order() {
            record.clear();
            encode_values(&self.values[row.values..row.values + width], &mut record);
            writer.push(self.key(row), &[&record])?;
        }
        writer.end_run()?;
        self.spilled = Some(writer);
        self.values.clear();
        self.keys.clear();
        self.rows.clear();
        memory.release(self.charged);
        self.charged = 0;
        Ok(())
    }

    /// The rows in order, without those that the window leaves out.
    pub fn into_ordered(mut self, window: Window, memory: &mut MemoryAccount) -> Result<OrderedRows> {
        let end = window.end().unwrap_or(u64::MAX);
        if self.spilled.is_some() {
            self.spill(memory, None)?;
        }
        let Some(spilled) = self.spilled else {
            let order = self.in_order().map(|row| row.values).collect();
            return Ok(OrderedRows::in_memory(self.values, order, window, self.charged));
        };
        let mut merge = Merge::new(spilled.finish()?.readers());
        let mut skipped = 0;
        while skipped < window.offset.min(end) && merge.next()?.is_some() {
            skipped += 1;
        }
        let left = end.saturating_sub(window.offset);
        Ok(OrderedRows { place: Place::Spilled { merge, row: Vec::new(), left }, charged: 0 })
    }
}

/// Rows being given out.
pub(crate) struct OrderedRows {
    place: Place,
    charged: usize,
}

enum Place {
    Memory {
        values: Vec<Value>,
        /// Where the values of each row begin.
        order: Vec<usize>,
        width: usize,
        next: usize,
    },
    Spilled {
        merge: Merge<RunReader>,
        row: Vec<Value>,
        /// How many rows may still be given out.
        left: u64,
    },
}

/// So many rows are fetched together, and so many values of each.
const FETCHED: usize = 16;
const WIDTH_FETCHED: usize = 8;

/// Has the processor fetch rows that lie all over memory: nothing depends on what is looked at, so that it waits for all of
/// them together.
fn fetch(values: &[Value], rows: &[usize], width: usize) {
    let of_row = |row: &usize| &values[*row..*row + width.min(WIDTH_FETCHED)];
    for row in rows {
        black_box(of_row(row).iter().filter(|value| value.is_null()).count());
    }
    for value in rows.iter().flat_map(of_row) {
        if let Value::Text(text) | Value::Blob(text) = value {
            black_box(text.first());
        }
    }
}

impl Default for OrderedRows {
    fn default() -> OrderedRows {
        OrderedRows {
            place: Place::Memory { values: Vec::new(), order: Vec::new(), width: 0, next: 0 },
            charged: 0,
        }
    }
}

impl OrderedRows {
    /// `order` tells where in `values` each row begins; `charged` is what they were charged.
    pub fn in_memory(
        values: Vec<Value>,
        mut order: Vec<usize>,
        window: Window,
        charged: usize,
    ) -> OrderedRows {
        let width = values.len() / order.len().max(1);
        if let Some(end) = window.end() {
            order.truncate(usize::try_from(end).unwrap_or(usize::MAX));
        }
        let next = usize::try_from(window.offset).unwrap_or(usize::MAX).min(order.len());
        OrderedRows { place: Place::Memory { values, order, width, next }, charged }
    }

    #[inline]
    pub fn next(&mut self) -> Result<bool> {
        match &mut self.place {
            Place::Memory { values, order, width, next } => {
                let is_found = *next < order.len();
                if is_found && next.is_multiple_of(FETCHED) {
                    fetch(values, &order[*next..order.len().min(*next + FETCHED)], *width);
                }
                *next += usize::from(is_found);
                Ok(is_found)
            }
            Place::Spilled { merge, row, left } => {
                if *left == 0 {
                    return Ok(false);
                }
                let Some(run) = merge.next()? else { return Ok(false) };
                *left -= 1;
                row.clear();
                for value in &Record::new(run.value()).map_err(corrupt)? {
                    row.push(value.map_err(corrupt)?.to_value());
                }
                Ok(true)
            }
        }
    }

    /// A value of the row that `next` found.
    #[inline]
    pub fn value(&self, index: usize) -> &Value {
        match &self.place {
            Place::Memory { values, order, next, .. } => &values[order[*next - 1] + index],
            Place::Spilled { row, .. } => &row[index],
        }
    }

    /// The first values of the row that `next` found, which has them no more.
    pub fn take(&mut self, count: usize) -> impl Iterator<Item = Value> {
        let values = match &mut self.place {
            Place::Memory { values, order, next, .. } => {
                let start = order[*next - 1];
                &mut values[start..start + count]
            }
            Place::Spilled { row, .. } => &mut row[..count],
        };
        values.iter_mut().map(std::mem::take)
    }

    /// Lets go of all of them.
    pub fn clear(&mut self, memory: &mut MemoryAccount) {
        memory.release(self.charged);
        *self = OrderedRows::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(rows: &[(&[u8], i64)], window: Window, memory_bytes: i64) -> (Vec<i64>, bool) {
        let settings = Settings { soft_heap_limit: memory_bytes, ..Settings::default() };
        let mut memory = MemoryAccount::default();
        let mut gathered = GatheredRows::default();
        for (key, number) in rows {
            let start = gathered.values.len();
            gathered.values.extend([Value::Integer(*number), Value::text("a text that lies outside")]);
            gathered.keep(key, start, &mut memory, &settings).unwrap();
        }
        let mut ordered = gathered.into_ordered(window, &mut memory).unwrap();
        let is_spilled = matches!(ordered.place, Place::Spilled { .. });
        let mut found = Vec::new();
        while ordered.next().unwrap() {
            let Value::Integer(number) = *ordered.value(0) else { panic!("a number was put in") };
            assert_eq!(*ordered.value(1), Value::text("a text that lies outside"));
            assert!(ordered.take(2).eq([Value::Integer(number), Value::text("a text that lies outside")]));
            found.push(number);
        }
        ordered.clear(&mut memory);
        assert_eq!(memory.used(), 0);
        (found, is_spilled)
    }

    #[test]
    fn rows_come_in_the_same_order_from_memory_and_from_runs() {
        let rows: Vec<([u8; 10], i64)> = (0..5000)
            .map(|number| ([b'k', 0, 0, 0, 0, 0, 0, 0, 0, (number * 37 % 11) as u8], number))
            .collect();
        let rows: Vec<(&[u8], i64)> = rows.iter().map(|(key, number)| (&key[..], *number)).collect();
        let mut expected = rows.clone();
        expected.sort_by_key(|(key, _)| *key);
        let windows = [(0, None), (0, Some(17)), (5, Some(0)), (4990, None), (4990, Some(100)), (6000, None)];
        for (offset, limit) in windows {
            let wanted: Vec<i64> = expected
                .iter()
                .map(|(_, number)| *number)
                .skip(offset as usize)
                .take(limit.unwrap_or(u64::MAX) as usize)
                .collect();
            for (memory_bytes, spills) in [(1 << 30, false), (20_000, true), (1, true)] {
                let (found, is_spilled) = sorted(&rows, Window { offset, limit }, memory_bytes);
                assert_eq!(is_spilled, spills);
                assert!(found == wanted, "{offset} {limit:?} {memory_bytes}");
            }
        }
        assert_eq!(sorted(&[], Window::default(), 1), (Vec::new(), false));
    }
}
