//! The block map in sled. The only file that names it.
//!
//! What sled does and does not do (0.34.7), and how this file answers:
//! - It flushes by itself every half second unless told not to; checkpoints decide here.
//! - Its memory grows with the size of a batch, so batches stay small.
//! - Its `flush` ends in `sync_file_range` on Linux, which does not wait for the disk's own cache or the file's
//!   length: `sync` opens its files through our disk and syncs them. Only `db` ever changes; each other file, and the
//!   directory, is synced when its name is first seen, because a sync of what has not changed still empties the disk's
//!   cache (1 ms each).

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use parking_lot::{Mutex, RwLock};

use crate::{
    block_map::BlockMap,
    disk::{Disk, OpenMode, PathKind},
    error::{ErrorKind, Result, StoreError},
};

const CACHE_BYTES: u64 = 8 << 20;
/// Both bounds keep what sled holds for one batch small; a group's value is up to 1800 bytes.
const BATCH_LEN: usize = 200;
const BATCH_BYTES: usize = 32 * 1024;

pub(crate) struct SledMap {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// None after `close`.
    db: RwLock<Option<sled::Db>>,
    /// Names of files that are durable, contents and all.
    settled: Mutex<HashSet<String>>,
}

impl SledMap {
    pub(crate) fn open(disk: Arc<dyn Disk>, dir: &Path) -> Result<SledMap> {
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .mode(sled::Mode::HighThroughput)
            .flush_every_ms(None);
        // A just closed sled lets go of its lock on a thread of its own; our own lock already excludes other processes.
        let mut attempts = 0;
        let db = loop {
            match config.open() {
                Ok(db) => break db,
                Err(sled::Error::Io(error)) if is_lock_error(&error) && attempts < 100 => {
                    attempts += 1;
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => return Err(store_error(&error, "open", dir)),
            }
        };
        Ok(SledMap { disk, dir: dir.to_path_buf(), db: RwLock::new(Some(db)), settled: Mutex::default() })
    }

    fn with<T>(&self, action: &str, act: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T> {
        let db = self.db.read();
        let db = db.as_ref().ok_or_else(|| StoreError::new(ErrorKind::Closed, "the block map was closed"))?;
        act(db).map_err(|error| store_error(&error, action, &self.dir))
    }
}

impl BlockMap for SledMap {
    fn scan(&self, visit: &mut dyn FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()> {
        let entries = self.with("read", |db| Ok(db.iter()))?;
        for entry in entries {
            let (key, value) = entry.map_err(|error| store_error(&error, "read", &self.dir))?;
            visit(&key, &value)?;
        }
        Ok(())
    }

    fn apply(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<()> {
        let mut batch = sled::Batch::default();
        let (mut len, mut bytes) = (0, 0);
        for (key, value) in changes {
            len += 1;
            bytes += key.len() + value.as_ref().map_or(0, Vec::len);
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
            if len == BATCH_LEN || bytes >= BATCH_BYTES {
                self.with("write", |db| db.apply_batch(std::mem::take(&mut batch)))?;
                (len, bytes) = (0, 0);
            }
        }
        if len > 0 {
            self.with("write", |db| db.apply_batch(batch))?;
        }
        self.disk.note("map batches");
        Ok(())
    }

    fn flush(&self) -> Result<()> {
        self.with("flush", |db| db.flush())?;
        self.disk.note("map flush");
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        let names = self.disk.list(&self.dir).map_err(|e| StoreError::from_io(&e, "list", &self.dir))?;
        // sled renames and removes its snapshots when it likes; they only save it time.
        let names: Vec<_> = names.into_iter().filter(|name| !name.starts_with("snap.")).collect();
        let mut settled = self.settled.lock();
        let has_new = names.iter().any(|name| !settled.contains(name));
        for name in &names {
            if name != "db" && settled.contains(name) {
                continue;
            }
            let path = self.dir.join(name);
            if !matches!(self.disk.kind(&path), Ok(Some(PathKind::File))) {
                continue;
            }
            let synced = self.disk.open(&path, OpenMode::Write).and_then(|file| file.sync_data());
            synced.map_err(|e| StoreError::from_io(&e, "sync", &path))?;
        }
        if has_new {
            self.disk.sync_dir(&self.dir).map_err(|e| StoreError::from_io(&e, "sync", &self.dir))?;
            settled.extend(names);
        }
        Ok(())
    }

    fn close(&self) -> Result<()> {
        drop(self.db.write().take());
        Ok(())
    }
}

fn is_lock_error(error: &std::io::Error) -> bool {
    // sled wraps the operating system's refusal in text of its own.
    error.kind() == std::io::ErrorKind::WouldBlock || error.to_string().contains("could not acquire lock")
}

fn store_error(error: &sled::Error, action: &str, path: &Path) -> StoreError {
    match error {
        sled::Error::Io(error) => StoreError::from_io(error, &format!("{action} the block map"), path),
        sled::Error::Corruption { .. } => {
            StoreError::corrupt(format!("the block map at {}: {error}", path.display()))
        }
        other => {
            StoreError::new(ErrorKind::Io, format!("{action} the block map at {}: {other}", path.display()))
        }
    }
}
