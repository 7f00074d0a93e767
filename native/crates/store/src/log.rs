//! The commit log (face; the files come next).

use parking_lot::Mutex;

use crate::{
    error::{Result, StoreError},
    store::LogPosition,
};

/// Commits since the last checkpoint, one record each. Appends come from one writer at a time; syncs from any thread.
#[derive(Default)]
pub struct CommitLog {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    records: Vec<(LogPosition, Vec<u8>)>,
    end: u64,
    released: u64,
}

impl CommitLog {
    /// Appends one record with one write and returns the point after it. Survives a killed process from here on.
    pub fn append(&self, record: &[u8]) -> Result<LogPosition> {
        let mut state = self.state.lock();
        state.end += record.len() as u64 + 32;
        let position = LogPosition(state.end);
        state.records.push((position, record.to_vec()));
        Ok(position)
    }

    /// The point after the last record.
    pub fn end(&self) -> LogPosition {
        LogPosition(self.state.lock().end)
    }

    /// Makes every record up to `position` durable. Callers that wait together share one sync.
    pub fn sync_to(&self, _position: LogPosition) -> Result<()> {
        Ok(())
    }

    pub fn sync(&self) -> Result<()> {
        self.sync_to(self.end())
    }

    /// Calls `apply` with each record after `from` and the point after it, in order. Returns the end of the log.
    pub fn replay<E: From<StoreError>>(
        &self,
        from: LogPosition,
        mut apply: impl FnMut(LogPosition, &[u8]) -> std::result::Result<(), E>,
    ) -> std::result::Result<LogPosition, E> {
        for (position, record) in &self.state.lock().records {
            if *position > from {
                apply(*position, record)?;
            }
        }
        Ok(self.end())
    }

    /// Gives back what lies before `before`; call after `commit_root` with the root's position.
    pub fn release(&self, before: LogPosition) -> Result<()> {
        let mut state = self.state.lock();
        state.released = before.0;
        state.records.retain(|(position, _)| *position > before);
        Ok(())
    }

    /// Bytes that a replay would read: what a checkpoint policy looks at.
    pub fn size(&self) -> u64 {
        let state = self.state.lock();
        state.end - state.released
    }
}
