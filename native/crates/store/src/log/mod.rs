//! The commit log: what was committed since the last checkpoint, one record per commit.
//!
//!     position   0 ────────── released ─────────── synced ────── end
//!                 in the blocks         survives power   survives a kill
//!
//! Positions count log bytes over the life of the database and never go back; files hold stretches of them (`file`).
//! Appending is one write, or few, into a preallocated, zero-filled file, so that a sync has no metadata to carry.
//!
//! Always true:
//! - `append` returned ⇒ a killed process loses nothing of it. `sync_to` returned ⇒ a power cut neither.
//! - What a replay yields is a prefix of what was appended. A record that failed to append is never yielded.
//! - A checkpoint gives back only files that lie wholly before its position.
//! - After a failed sync, or a failed append that could not be taken back, nothing is appended until reopened: the
//!   operating system may have dropped the pages and would report success the next time.
//!
//! Not here: what a record says (the engine), when to sync (`PRAGMA synchronous` is the caller's).

mod file;
mod recovery;

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use parking_lot::{Condvar, Mutex};

use crate::{
    disk::{Disk, fill_with_zeros},
    error::{ErrorKind, Result, StoreError},
    store::{LogPosition, Uuid, check_counts, check_file_number},
};
pub use file::MAX_RECORD_LEN;
#[cfg(feature = "hostile")]
pub use file::seal_log_file;
use file::{FILE_HEADER_LEN, FileHeader, LogFile, Names, RECORD_HEADER_LEN, encode_record, record_len};
use recovery::{Recovered, recover};

/// Empty files kept for reuse.
const MAX_SPARE_FILES: usize = 2;

#[derive(Debug, Clone)]
pub struct LogOptions {
    pub is_read_only: bool,
    /// The first file is this long and each new one twice the last, up to the second.
    pub min_file_len: u64,
    pub max_file_len: u64,
    /// The log is the one file of this name, which grows in such steps, instead of numbered ones.
    pub single_file: Option<String>,
}

impl Default for LogOptions {
    fn default() -> LogOptions {
        LogOptions { is_read_only: false, min_file_len: 256 << 10, max_file_len: 4 << 20, single_file: None }
    }
}

/// Appends come from one writer at a time; syncs and releases from any thread.
pub struct CommitLog {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    uuid: Uuid,
    names: Names,
    options: LogOptions,
    state: Mutex<State>,
    sync_done: Condvar,
}

struct State {
    /// Files in use, oldest first. The last one is appended to when `has_current`.
    files: VecDeque<LogFile>,
    has_current: bool,
    spare: Vec<LogFile>,
    next_number: u32,
    next_generation: u64,
    end: u64,
    /// Checksum of the last record.
    chain: u64,
    released: u64,
    /// Everything before is on the disk itself.
    synced: u64,
    is_dir_dirty: bool,
    is_syncing: bool,
    failure: Option<StoreError>,
    /// Reused by every append.
    buffer: Vec<u8>,
}

impl CommitLog {
    /// Opens the log of the database `uuid` whose root is at `from`, and finds its end.
    ///
    /// Fails when a record that had been synced is damaged, and when a file of another database lies here; that file
    /// is renamed first, so that opening again goes on without it. The log of another single file is only renamed: it is
    /// left over from a file whose place this one has taken.
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        uuid: Uuid,
        from: LogPosition,
        options: LogOptions,
    ) -> Result<CommitLog> {
        let names = options.single_file.clone().map_or(Names::Numbered, Names::Single);
        let Recovered { files, mut spare, end, chain, next_number, next_generation } =
            recover(&*disk, &dir, &names, uuid, from.0, options.is_read_only)?;
        spare.sort_by_key(|file| std::cmp::Reverse(file.capacity));
        while spare.len() > MAX_SPARE_FILES || spare.last().is_some_and(|file| file.capacity < 4096) {
            let unneeded = spare.pop().map(|file| dir.join(&file.name));
            if let Some(path) = unneeded.filter(|_| !options.is_read_only) {
                disk.remove(&path).map_err(|e| StoreError::from_io(&e, "remove", &path))?;
            }
        }
        let state = State {
            files,
            has_current: false,
            spare,
            next_number,
            next_generation,
            end,
            chain,
            released: from.0,
            synced: from.0,
            is_dir_dirty: true,
            is_syncing: false,
            failure: None,
            buffer: Vec::new(),
        };
        Ok(CommitLog { disk, dir, uuid, names, options, state: Mutex::new(state), sync_done: Condvar::new() })
    }

    /// Appends one record with one write, a long one with three, and returns the point after it. Survives a killed process
    /// from here on.
    pub fn append(&self, record: &[u8]) -> Result<LogPosition> {
        if record.len() > MAX_RECORD_LEN {
            let detail = format!("a log record of {} bytes, at most {MAX_RECORD_LEN} fit", record.len());
            return Err(StoreError::new(ErrorKind::TooBig, detail));
        }
        if self.options.is_read_only {
            return Err(StoreError::new(ErrorKind::ReadOnly, "the log was opened for reading"));
        }
        let state = &mut *self.state.lock();
        check_failure(state)?;
        let len = record_len(record.len());
        if !state.has_current || state.files.back().is_none_or(|file| file.room() < len) {
            self.begin_file(state, len)?;
        }
        let unsynced = state.end - state.synced;
        let file = state.files.back_mut().expect("begin_file leaves a current file");
        let (checksum, left_out_at) =
            encode_record(file.seed(), state.end, unsynced, state.chain, record, &mut state.buffer);
        if let Err(error) = write_record(file, &state.buffer, left_out_at, record) {
            return Err(self.take_back(state, &error));
        }
        file.end_offset += len;
        file.is_dirty = true;
        state.end += len;
        state.chain = checksum;
        Ok(LogPosition(state.end))
    }

    /// A failed append may have left a whole record behind: erase its header, for good.
    fn take_back(&self, state: &mut State, error: &std::io::Error) -> StoreError {
        let file = state.files.back().expect("an append failed on it");
        let path = self.dir.join(&file.name);
        let first = StoreError::from_io(error, "append to", &path);
        let len = (RECORD_HEADER_LEN as u64).min(file.capacity - file.end_offset) as usize;
        let erased = file.file.write_at(&[0; RECORD_HEADER_LEN][..len], file.end_offset);
        if erased.and_then(|()| file.file.sync_data()).is_err() {
            state.failure = Some(first.clone());
        }
        first
    }

    /// Makes a file with room for `len` bytes current: a spare one, or a new one.
    fn begin_file(&self, state: &mut State, len: u64) -> Result<()> {
        check_counts(&[state.next_generation, state.end])?;
        if let Names::Single(_) = self.names
            && let Some(file) = state.files.back_mut()
        {
            // Where a record was torn, what is appended there carries another chain than what may follow.
            if file.room() < len {
                self.extend(file, file.end_offset + len)?;
            }
            state.has_current = true;
            return Ok(());
        }
        let needed = FILE_HEADER_LEN as u64 + len;
        if let (Names::Single(_), Some(file)) = (&self.names, state.spare.last_mut())
            && file.capacity < needed
        {
            self.extend(file, needed)?;
        }
        let fitting = state.spare.iter().enumerate().filter(|(_, file)| file.capacity >= needed);
        let spare = fitting.min_by_key(|(_, file)| file.capacity).map(|(index, _)| index);
        let mut file = match spare {
            Some(index) => state.spare.swap_remove(index),
            None => self.create_file(state, needed)?,
        };
        let header =
            FileHeader { generation: state.next_generation, first_position: state.end, chain: state.chain };
        let written = file.begin(self.uuid, header);
        state.next_generation += 1;
        if let Err(error) = written {
            let error = StoreError::from_io(&error, "write", &self.dir.join(&file.name));
            // A header that got through unnoticed begins where the log ends and holds nothing: harmless.
            state.spare.push(file);
            return Err(error);
        }
        state.files.push_back(file);
        state.has_current = true;
        Ok(())
    }

    fn extend(&self, file: &mut LogFile, needed: u64) -> Result<()> {
        let step = file.capacity.clamp(self.options.min_file_len, self.options.max_file_len);
        let capacity = needed.max(file.capacity + step).next_multiple_of(4096);
        fill_with_zeros(&*file.file, file.capacity, capacity)
            .map_err(|e| StoreError::from_io(&e, "extend", &self.dir.join(&file.name)))?;
        file.capacity = capacity;
        file.is_dirty = true;
        Ok(())
    }

    fn create_file(&self, state: &mut State, needed: u64) -> Result<LogFile> {
        let longest = state.files.iter().chain(&state.spare).map(|file| file.capacity).max().unwrap_or(0);
        let capacity = (longest * 2).clamp(self.options.min_file_len, self.options.max_file_len).max(needed);
        let capacity = capacity.next_multiple_of(4096);
        let number = state.next_number;
        check_file_number(number)?;
        state.next_number += 1;
        let file = LogFile::create(&*self.disk, &self.dir, self.names.of(number), capacity)?;
        state.is_dir_dirty = true;
        if let Err(error) = fill_with_zeros(&*file.file, 0, capacity) {
            let path = self.dir.join(&file.name);
            drop(file);
            // Zeros are no log file; what cannot be removed now is a spare one for the next open.
            let _ = self.disk.remove(&path);
            return Err(StoreError::from_io(&error, "preallocate", &path));
        }
        Ok(file)
    }

    /// The point after the last record.
    pub fn end(&self) -> LogPosition {
        LogPosition(self.state.lock().end)
    }

    /// What survives a power cut, in the log or in the blocks.
    pub fn durable_end(&self) -> LogPosition {
        let state = self.state.lock();
        LogPosition(state.synced.max(state.released))
    }

    pub fn sync(&self) -> Result<()> {
        self.sync_to(self.end())
    }

    /// Makes every record up to `position` durable. Callers that wait together share one sync.
    pub fn sync_to(&self, position: LogPosition) -> Result<()> {
        let mut state = self.state.lock();
        loop {
            if state.synced >= position.0 {
                return Ok(());
            }
            check_failure(&state)?;
            if !state.is_syncing {
                break;
            }
            self.sync_done.wait(&mut state);
        }
        state.is_syncing = true;
        let target = state.end;
        let dirty = state.files.iter_mut().filter_map(LogFile::take_dirty).collect::<Vec<_>>();
        let is_dir_dirty = std::mem::take(&mut state.is_dir_dirty);
        drop(state);

        let mut result = dirty.iter().try_for_each(|file| file.sync_data());
        if is_dir_dirty && result.is_ok() {
            result = self.disk.sync_dir(&self.dir);
        }

        let mut state = self.state.lock();
        state.is_syncing = false;
        self.sync_done.notify_all();
        match result {
            Ok(()) => {
                state.synced = state.synced.max(target);
                Ok(())
            }
            Err(error) => {
                let error = StoreError::from_io(&error, "sync", &self.dir);
                state.failure.get_or_insert_with(|| error.clone());
                Err(error)
            }
        }
    }

    /// Calls `apply` with each record after `from` and the point after it, in order; returns the end of the log.
    /// `from` is the position the log was opened with, or one that `apply` or `append` gave.
    pub fn replay<E: From<StoreError>>(
        &self,
        from: LogPosition,
        mut apply: impl FnMut(LogPosition, &[u8]) -> std::result::Result<(), E>,
    ) -> std::result::Result<LogPosition, E> {
        let (stretches, end) = {
            let state = self.state.lock();
            let stretches: Vec<_> = state.files.iter().map(LogFile::stretch).collect();
            (stretches, state.end)
        };
        let mut position = from.0;
        for stretch in stretches {
            let mut reader = stretch.reader_at(position)?;
            while let Some(reader) = &mut reader
                && position < stretch.end_position().min(end)
            {
                let Some(record) = reader.next()? else {
                    return Err(StoreError::corrupt(format!(
                        "the commit log changed under us at {position}"
                    ))
                    .into());
                };
                position = record.end_position;
                apply(LogPosition(position), record.payload)?;
            }
        }
        Ok(LogPosition(end))
    }

    /// Gives back what lies before `before`; call after `commit_root` with the root's position.
    pub fn release(&self, before: LogPosition) -> Result<()> {
        let mut state = self.state.lock();
        assert!(before.0 <= state.end, "a root cannot lie beyond the log's end");
        state.released = state.released.max(before.0);
        let is_single = matches!(self.names, Names::Single(_));
        let mut unused = Vec::new();
        while let Some(file) = state.files.front() {
            let is_current = state.has_current && state.files.len() == 1;
            // The one file begins anew when all of it is released.
            if is_current && !is_single || file.end_position() > state.released {
                break;
            }
            state.has_current &= !is_current;
            unused.extend(state.files.pop_front());
        }
        let max_len = self.options.max_file_len;
        let mut removed = Vec::new();
        for file in unused {
            if state.spare.len() < MAX_SPARE_FILES
                && (is_single || file.capacity <= max_len)
                && !self.options.is_read_only
            {
                state.spare.push(file);
            } else {
                removed.push(file);
            }
        }
        drop(state);
        if self.options.is_read_only {
            return Ok(());
        }
        for file in removed {
            let path = self.dir.join(&file.name);
            self.disk.remove(&path).map_err(|e| StoreError::from_io(&e, "remove", &path))?;
        }
        Ok(())
    }

    /// Bytes that a replay would read: what a checkpoint policy looks at.
    pub fn size(&self) -> u64 {
        let state = self.state.lock();
        state.end - state.released
    }

    /// Lets go of the files; later calls fail. When all was released the files go too: an idle store is small, and
    /// the next one to open it has nothing to look through.
    pub fn close(&self) {
        let mut state = self.state.lock();
        if state.end == state.released && state.failure.is_none() && !self.options.is_read_only {
            for file in state.files.iter().chain(&state.spare) {
                let path = self.dir.join(&file.name);
                // A log of this name may be another database's by now.
                if file.file.is_at(&path) {
                    // What stays behind is found released by the next open.
                    let _ = self.disk.remove(&path);
                }
            }
        }
        state.files.clear();
        state.spare.clear();
        state.has_current = false;
        state.failure = Some(crate::store::closed());
    }
}

/// Writes an encoded record behind the file's last one. Until the last write has been made the checksum refuses it.
fn write_record(
    file: &LogFile,
    encoded: &[u8],
    left_out_at: Option<usize>,
    payload: &[u8],
) -> std::io::Result<()> {
    let offset = file.end_offset;
    let Some(at) = left_out_at else { return file.file.write_at(encoded, offset) };
    let (before, behind) = encoded.split_at(at);
    let payload_offset = offset + at as u64;
    file.file.write_at(before, offset)?;
    file.file.write_at(payload, payload_offset)?;
    if behind.is_empty() { Ok(()) } else { file.file.write_at(behind, payload_offset + payload.len() as u64) }
}

fn check_failure(state: &State) -> Result<()> {
    match &state.failure {
        Some(first) if first.kind == ErrorKind::Closed => Err(first.clone()),
        Some(first) => Err(StoreError::new(
            ErrorKind::Io,
            format!("the commit log takes no more until it is opened anew, after: {first}"),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
