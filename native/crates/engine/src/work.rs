//! What a statement had to do: the counters of `sqlite3_stmt_status`.
//!
//! Operators count into the session, where a statement's counters stand during each of its steps: programs that it sets
//! off, such as triggers, count for it; a statement that code of the application runs meanwhile counts for itself.
//!
//! SQLite counts steps of its machine; what is counted here are the same events, so that for the same plan the numbers
//! are the same. Batches that read ahead of a LIMIT count what they have read.

/// Counted since the statement was compiled, or since it was asked to begin anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps from a row to the next one where a table, or an index of it, is read from end to end.
    pub full_scan_steps: u64,
    /// Sorts begun, of however many rows.
    pub sorts: u64,
    /// The same steps where the table is read to make an index, or a hash table, for this execution alone.
    pub automatic_index_rows: u64,
    /// Starts. One that finds another schema makes the statement compile again and start once more; one of a statement
    /// that is known to have expired does not count before that.
    pub runs: u64,
    /// Compilations after the first.
    pub recompilations: u64,
}

impl Work {
    /// `rows` more of a scan that has read `before` of them: going to the first row is no step.
    #[inline]
    pub(crate) fn scan(&mut self, before: u64, rows: u64) {
        self.full_scan_steps += if before == 0 { rows.saturating_sub(1) } else { rows };
    }
}
