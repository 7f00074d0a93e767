//! Rows of a window for which there is no room: sorted by partition and order, in memory and then in runs, and taken back
//! one partition at a time.
//!
//! A row is its columns as `Layout` has them, then whether it passes each filter, as 0 or 1.

use pluresdb_value::{Value, ValueRef, compare};

use super::kept::{KeptRows, Layout};
use crate::error::Result;
use crate::execute::frame::MemoryAccount;
use crate::execute::limit::Window;
use crate::execute::sort::push_sort_key;
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::session::Session;

/// Partitions until the last row has come.
#[derive(Default)]
pub(super) struct UnreadPartitions {
    rows: GatheredRows,
    key: Vec<u8>,
}

impl UnreadPartitions {
    /// Takes in all of `kept`, which came after those before.
    ///
    /// # Errors
    ///
    /// As `GatheredRows::keep`.
    pub fn take(
        &mut self,
        kept: &KeptRows,
        layout: &Layout,
        memory: &mut MemoryAccount,
        session: &Session,
    ) -> Result<()> {
        for row in 0..kept.count {
            self.key.clear();
            for term in &layout.terms {
                let value = kept.columns[term.column].value(row);
                push_sort_key(value, term.direction, term.collation, &mut self.key, session)?;
            }
            let start = self.rows.values.len();
            self.rows.values.extend(kept.columns.iter().map(|column| column.value(row).to_value()));
            let passes = kept.passes.iter().map(|passes| Value::Integer(i64::from(passes[row])));
            self.rows.values.extend(passes);
            self.rows.keep(&self.key, start, memory, &session.settings)?;
        }
        Ok(())
    }

    /// All of them, in their order.
    pub fn into_partitions(self, layout: &Layout, memory: &mut MemoryAccount) -> Result<Partitions> {
        let mut partitions = Partitions {
            rows: self.rows.into_ordered(Window::default(), memory)?,
            next: Vec::new(),
            has_next: false,
        };
        partitions.fetch(layout)?;
        Ok(partitions)
    }
}

/// Partitions on their way.
pub(super) struct Partitions {
    rows: OrderedRows,
    /// The row that comes next.
    next: Vec<Value>,
    has_next: bool,
}

impl Partitions {
    /// Whether the last one has been read.
    pub fn is_at_end(&self) -> bool {
        !self.has_next
    }

    fn fetch(&mut self, layout: &Layout) -> Result<()> {
        self.has_next = self.rows.next()?;
        self.next.clear();
        if self.has_next {
            self.next.extend(self.rows.take(layout.width()));
        }
        Ok(())
    }

    /// Puts the rows of the next one into `kept`, which is empty; `charge` is told how many bytes each row takes.
    pub fn read(
        &mut self,
        kept: &mut KeptRows,
        layout: &Layout,
        charge: &mut dyn FnMut(usize) -> Result<()>,
    ) -> Result<()> {
        while self.has_next && (kept.count == 0 || self.is_in_partition(kept, layout)) {
            charge(kept.push_values(&self.next))?;
            self.fetch(layout)?;
        }
        Ok(())
    }

    /// Whether the next row belongs to the partition of the last one kept.
    fn is_in_partition(&self, kept: &KeptRows, layout: &Layout) -> bool {
        layout.terms[..layout.partition_len].iter().all(|term| {
            let last: ValueRef<'_> = kept.columns[term.column].value(kept.count - 1);
            compare(last, self.next[term.column].as_ref(), term.collation).is_eq()
        })
    }

    pub fn clear(&mut self, memory: &mut MemoryAccount) {
        self.rows.clear(memory);
        self.has_next = false;
    }
}
