//! The block map as a journal on a `Disk`: for disks that sled cannot use, which are the faulty ones of the tests.
//!
//!     len u32 | checksum u64 | changes…        change: key len u8 | key | value len u32 or none | value
//!
//! One record per batch, each checksum seeded with the one before it, so that what follows a torn record is never
//! believed. Nothing is ever dropped from the journal; a test's map stays small.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{
    block_map::BlockMap,
    codec::{read_u32, read_u64},
    disk::{Disk, DiskFile, OpenMode, PathKind},
    error::{Result, StoreError},
};

const HEADER_LEN: usize = 12;
const REMOVED: u32 = u32::MAX;

pub(crate) struct JournalMap {
    disk: Arc<dyn Disk>,
    dir: std::path::PathBuf,
    file: Arc<dyn DiskFile>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    end: u64,
    chain: u64,
    is_dir_synced: bool,
}

impl JournalMap {
    pub(crate) fn open(disk: Arc<dyn Disk>, dir: &Path, is_read_only: bool) -> Result<JournalMap> {
        let path = dir.join("journal");
        let exists = matches!(disk.kind(&path), Ok(Some(PathKind::File)));
        let mode = match (exists, is_read_only) {
            (_, true) => OpenMode::Read,
            (true, false) => OpenMode::Write,
            (false, false) => OpenMode::CreateNew,
        };
        let file = disk.open(&path, mode).map_err(|e| StoreError::from_open(&e, &path))?;
        let mut bytes =
            vec![0; file.byte_len().map_err(|e| StoreError::from_io(&e, "read", &path))? as usize];
        file.read_at(&mut bytes, 0).map_err(|e| StoreError::from_io(&e, "read", &path))?;
        let mut state = State::default();
        while let Some(next) = read_record(&bytes[state.end as usize..], &mut state) {
            state.end += next;
        }
        Ok(JournalMap { disk, dir: dir.to_path_buf(), file, state: Mutex::new(state) })
    }

    fn io_error(&self, error: &std::io::Error, action: &str) -> StoreError {
        StoreError::from_io(error, action, &self.dir.join("journal"))
    }
}

/// Applies one record and returns its length, or None at the end of what is sound.
fn read_record(bytes: &[u8], state: &mut State) -> Option<u64> {
    let len = read_u32(bytes.get(..HEADER_LEN)?, 0) as usize;
    let body = bytes.get(HEADER_LEN..)?.get(..len)?;
    let checksum = xxh3_64_with_seed(body, state.chain);
    if len == 0 || checksum != read_u64(bytes, 4) {
        return None;
    }
    let mut rest = body;
    while let Some((key_len, tail)) = rest.split_first() {
        let (key, tail) = tail.split_at_checked(*key_len as usize)?;
        let (value_len, tail) = tail.split_first_chunk::<4>()?;
        let value_len = u32::from_le_bytes(*value_len);
        if value_len == REMOVED {
            state.entries.remove(key);
            rest = tail;
        } else {
            let (value, tail) = tail.split_at_checked(value_len as usize)?;
            state.entries.insert(key.to_vec(), value.to_vec());
            rest = tail;
        }
    }
    state.chain = checksum;
    Some((HEADER_LEN + len) as u64)
}

/// For fuzzing: puts checksums over the records of a journal, as far as their lengths lead.
#[cfg(feature = "hostile")]
pub fn seal_journal(bytes: &mut [u8]) {
    let mut chain = 0;
    let mut rest = bytes;
    while rest.len() >= HEADER_LEN {
        let len = read_u32(rest, 0) as usize;
        let Some((record, behind)) = rest.split_at_mut_checked(HEADER_LEN.saturating_add(len)) else {
            return;
        };
        chain = xxh3_64_with_seed(&record[HEADER_LEN..], chain);
        record[4..HEADER_LEN].copy_from_slice(&chain.to_le_bytes());
        rest = behind;
    }
}

impl BlockMap for JournalMap {
    fn scan(&self, visit: &mut dyn FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()> {
        self.state.lock().entries.iter().try_for_each(|(key, value)| visit(key, value))
    }

    fn apply(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<()> {
        let state = &mut *self.state.lock();
        for batch in changes.chunks(8) {
            let mut record = vec![0; HEADER_LEN];
            for (key, value) in batch {
                record.push(key.len() as u8);
                record.extend_from_slice(key);
                let value_len = value.as_ref().map_or(REMOVED, |value| value.len() as u32);
                record.extend_from_slice(&value_len.to_le_bytes());
                record.extend_from_slice(value.as_deref().unwrap_or_default());
            }
            let checksum = xxh3_64_with_seed(&record[HEADER_LEN..], state.chain);
            let len = (record.len() - HEADER_LEN) as u32;
            record[..4].copy_from_slice(&len.to_le_bytes());
            record[4..HEADER_LEN].copy_from_slice(&checksum.to_le_bytes());
            self.file.write_at(&record, state.end).map_err(|e| self.io_error(&e, "write"))?;
            read_record(&record, state);
            state.end += record.len() as u64;
        }
        self.disk.note("map batches");
        Ok(())
    }

    fn flush(&self) -> Result<()> {
        self.disk.note("map flush");
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(|e| self.io_error(&e, "sync"))?;
        let mut state = self.state.lock();
        if !state.is_dir_synced {
            self.disk.sync_dir(&self.dir).map_err(|e| self.io_error(&e, "sync"))?;
            state.is_dir_synced = true;
        }
        Ok(())
    }

    fn close(&self) -> Result<()> {
        Ok(())
    }
}
