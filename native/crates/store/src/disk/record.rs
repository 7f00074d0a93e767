//! A disk that writes down, in order, what changes another one: for tests that assert the order of a checkpoint.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::Mutex;

use super::{Disk, DiskFile, LockOutcome, OpenMode, PathKind};

/// One step; the text names the file by its last component, in the directory's name: `log/00000001.log`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Create(String),
    Write {
        file: String,
        offset: u64,
        len: usize,
    },
    SetLen {
        file: String,
        len: u64,
    },
    Sync(String),
    SyncDir(String),
    Rename {
        from: String,
        to: String,
    },
    Remove(String),
    /// Something done outside the disk: `sled flush`.
    Note(&'static str),
}

type Steps = Arc<Mutex<Vec<Step>>>;

pub struct RecordingDisk {
    inner: Arc<dyn Disk>,
    steps: Steps,
}

impl RecordingDisk {
    pub fn new(inner: Arc<dyn Disk>) -> RecordingDisk {
        RecordingDisk { inner, steps: Steps::default() }
    }

    /// The steps since the last call.
    pub fn take_steps(&self) -> Vec<Step> {
        std::mem::take(&mut *self.steps.lock())
    }

    fn recorded(&self, inner: Arc<dyn DiskFile>, path: &Path) -> Arc<dyn DiskFile> {
        Arc::new(RecordingFile { inner, path: path.to_path_buf(), steps: Arc::clone(&self.steps) })
    }

    fn push(&self, step: Step) {
        self.steps.lock().push(step);
    }
}

fn short_name(path: &Path) -> String {
    let name =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match path.parent() {
        Some(parent) => format!("{}/{}", name(parent), name(path)),
        None => name(path),
    }
}

fn dir_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Disk for RecordingDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        let file = self.inner.open(path, mode)?;
        if mode == OpenMode::CreateNew {
            self.push(Step::Create(short_name(path)));
        }
        Ok(self.recorded(file, path))
    }

    fn open_locked(&self, path: &Path, mode: OpenMode) -> io::Result<Option<Arc<dyn DiskFile>>> {
        let Some(file) = self.inner.open_locked(path, mode)? else { return Ok(None) };
        if mode == OpenMode::CreateNew {
            self.push(Step::Create(short_name(path)));
        }
        Ok(Some(self.recorded(file, path)))
    }

    fn kind(&self, path: &Path) -> io::Result<Option<PathKind>> {
        self.inner.kind(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.inner.create_dir(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)?;
        self.push(Step::Rename { from: short_name(from), to: short_name(to) });
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.inner.remove(path)?;
        self.push(Step::Remove(short_name(path)));
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.inner.sync_dir(dir)?;
        self.push(Step::SyncDir(dir_name(dir)));
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<LockOutcome> {
        self.inner.lock(path)
    }

    fn note(&self, what: &'static str) {
        self.inner.note(what);
        self.push(Step::Note(what));
    }
}

struct RecordingFile {
    inner: Arc<dyn DiskFile>,
    path: PathBuf,
    steps: Steps,
}

impl DiskFile for RecordingFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.inner.read_at(buffer, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.inner.write_at(bytes, offset)?;
        self.steps.lock().push(Step::Write { file: short_name(&self.path), offset, len: bytes.len() });
        Ok(())
    }

    fn byte_len(&self) -> io::Result<u64> {
        self.inner.byte_len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.inner.set_len(len)?;
        self.steps.lock().push(Step::SetLen { file: short_name(&self.path), len });
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.inner.sync_data()?;
        self.steps.lock().push(Step::Sync(short_name(&self.path)));
        Ok(())
    }

    fn is_at(&self, path: &Path) -> bool {
        self.inner.is_at(path)
    }
}
