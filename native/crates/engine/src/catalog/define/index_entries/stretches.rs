//! A table's rows in stretches, each read by a thread of its own.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use pluresdb_tree::{Pager, RowCursor, RowTree};

use super::Room;
use crate::Result;
use crate::execute::tree_error;

/// From so many rows on, another thread is worth its start.
const ROWS_PER_THREAD: u64 = 32 * 1024;
const MAX_THREADS: usize = 8;

/// From one rowid, or the first row, to before another.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    start: Option<i64>,
    end: Option<i64>,
}

impl Stretch {
    /// Goes to the first row; false where there is none.
    pub fn enter(self, cursor: &mut RowCursor) -> Result<bool> {
        let found = match self.start {
            None => cursor.first(),
            Some(rowid) => cursor.seek_ge(rowid),
        };
        Ok(found.map_err(tree_error)? && !self.is_behind(cursor.rowid()))
    }

    pub fn is_behind(self, rowid: i64) -> bool {
        self.end.is_some_and(|end| rowid >= end)
    }

    /// No rowid of it is greater.
    pub fn high(self) -> i64 {
        self.end.map_or(i64::MAX, |end| end - 1)
    }
}

/// The rows that an index is built of.
pub(super) struct IndexedRows<'a> {
    pub rows: &'a RowTree,
    pub pager: &'a Arc<Pager>,
    pub stretches: Vec<Stretch>,
    pub is_unique: bool,
    pub room: Room<'a>,
    pub interrupt: &'a Arc<AtomicBool>,
}

impl IndexedRows<'_> {
    pub fn cursor(&self) -> RowCursor {
        RowCursor::new(self.rows, Arc::clone(self.pager))
    }

    /// What `read` makes of each stretch, in their order.
    pub fn read_each<T: Send>(&self, read: impl Fn(Stretch) -> Result<T> + Sync) -> Result<Vec<T>> {
        read_each(&self.stretches, read)
    }
}

/// The stretches of a table for as many threads as there are cores.
pub(super) fn divide(rows: &RowTree, pager: &Arc<Pager>) -> Result<Vec<Stretch>> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let count = rows.count();
    let stretches = (count / ROWS_PER_THREAD).clamp(1, cores.min(MAX_THREADS) as u64);
    let mut starts = vec![None];
    for number in 1..stretches {
        let start = rows.nth(pager, count * number / stretches).map_err(tree_error)?;
        starts.extend(start.map(Some));
    }
    let ends = starts[1..].iter().copied().chain([None]);
    Ok(starts.iter().zip(ends).map(|(start, end)| Stretch { start: *start, end }).collect())
}

fn read_each<T: Send>(stretches: &[Stretch], read: impl Fn(Stretch) -> Result<T> + Sync) -> Result<Vec<T>> {
    let read = &read;
    thread::scope(|scope| {
        let Some((first, others)) = stretches.split_first() else { return Ok(Vec::new()) };
        let others: Vec<_> = others
            .iter()
            .map(|stretch| (*stretch, thread::Builder::new().spawn_scoped(scope, move || read(*stretch))))
            .collect();
        let mut outcomes = vec![read(*first)];
        // Without another thread to be had, this one reads that stretch, too.
        outcomes.extend(others.into_iter().map(|(stretch, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => read(stretch),
        }));
        outcomes.into_iter().collect()
    })
}
