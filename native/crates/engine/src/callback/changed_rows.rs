//! Rows that changed, for an application that wants to hear of each: what SQLite's update hook tells.
//!
//! The rows are kept until the application asks for them. Not among them, as in SQLite: rows of WITHOUT ROWID tables,
//! rows that REPLACE evicted, and those of a DELETE that empties a table at once.

use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowChange {
    Insert,
    Update,
    Delete,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    pub change: RowChange,
    pub database: Arc<str>,
    pub table: Arc<str>,
    /// After the change, where there still is a row.
    pub rowid: i64,
}

#[derive(Default)]
pub struct ChangedRows {
    is_watching: bool,
    rows: Vec<ChangedRow>,
}

impl ChangedRows {
    pub fn watch(&mut self, is_watching: bool) {
        self.is_watching = is_watching;
    }

    #[inline]
    pub(crate) fn is_watching(&self) -> bool {
        self.is_watching
    }

    pub(crate) fn push(&mut self, row: ChangedRow) {
        self.rows.push(row);
    }

    /// Those since the last call.
    pub fn take(&mut self) -> Vec<ChangedRow> {
        std::mem::take(&mut self.rows)
    }
}
