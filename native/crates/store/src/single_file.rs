//! Opening a store that is one file.
//!
//!     <path>        blocks and root (`paged_file`, `file_store`); the operating system's lock on it is the store's
//!     <path>-wal    commits since the root; gone when the store was closed
//!
//! Always true:
//! - A file is ours when its first bytes say so. An empty one, and one whose making was interrupted, is made anew; any
//!   other is refused untouched.
//! - Nothing is read or written without holding the lock.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    Opened,
    disk::{Disk, DiskFile, OpenMode, PathKind, RealDisk},
    error::{ErrorKind, Result, StoreError},
    file_store::{FileStore, FileStoreOptions},
    log::{CommitLog, LogOptions},
    paged_file::{PagedFile, Start, look_at},
    store::{Store, Synchronous, Uuid},
};

#[derive(Debug, Clone)]
pub struct FileOptions {
    /// Make the store when nothing is there, or an empty file. The folder must exist.
    pub create: bool,
    pub read_only: bool,
    pub synchronous: Synchronous,
    pub log: LogOptions,
    /// The uuid of a new store; None takes a random one.
    pub new_uuid: Option<Uuid>,
}

impl Default for FileOptions {
    fn default() -> FileOptions {
        FileOptions {
            create: true,
            read_only: false,
            synchronous: Synchronous::Normal,
            log: LogOptions::default(),
            new_uuid: None,
        }
    }
}

/// Opens or makes the store at `path`. A store another process holds is `ErrorKind::Busy` at once; waiting is the
/// caller's.
pub fn open_file(path: &Path, options: &FileOptions) -> Result<Opened> {
    open_file_on(Arc::new(RealDisk), path, options)
}

/// The same on any disk.
pub fn open_file_on(disk: Arc<dyn Disk>, path: &Path, options: &FileOptions) -> Result<Opened> {
    let may_create = options.create && !options.read_only;
    let file = open_locked(&*disk, path, may_create, options.read_only)?;
    let start = look_at(&*file).map_err(|e| StoreError::from_io(&e, "read", path))?;
    let log_options = LogOptions {
        is_read_only: options.read_only,
        single_file: Some(file_name(path)? + "-wal"),
        ..options.log.clone()
    };
    let store_options =
        FileStoreOptions { is_read_only: options.read_only, synchronous: options.synchronous };
    let (store, is_new) = match start {
        Start::Ours(uuid) => {
            let pages = Arc::new(PagedFile::open(file, uuid)?);
            (FileStore::open(pages, uuid, &store_options)?, false)
        }
        Start::Unfinished if may_create => {
            set_leftover_log_aside(&*disk, path)?;
            let uuid = options.new_uuid.unwrap_or_else(Uuid::random);
            let pages = PagedFile::create(file, uuid).map_err(|e| StoreError::from_io(&e, "write", path))?;
            let store = FileStore::create(Arc::new(pages), uuid, &store_options)?;
            disk.sync_dir(folder(path)).map_err(|e| StoreError::from_io(&e, "sync", path))?;
            (store, true)
        }
        Start::Unfinished => return Err(not_a_store(path, "empty")),
        Start::Newer(format) => {
            return Err(not_a_store(path, &format!("of format {format}, made by a newer pluresdb")));
        }
        Start::Damaged => {
            return Err(StoreError::corrupt(format!("the first page of {} is damaged", path.display())));
        }
        Start::Foreign => return Err(not_a_store(path, "not a PluresDB file")),
    };
    let position = store.root().log_position;
    let log = CommitLog::open(disk, folder(path).to_path_buf(), store.uuid(), position, log_options)
        .inspect_err(|_| drop(store.close()))?;
    Ok(Opened { store: Arc::new(store), log: Some(Arc::new(log)), is_new })
}

fn open_locked(
    disk: &dyn Disk,
    path: &Path,
    may_create: bool,
    is_read_only: bool,
) -> Result<Arc<dyn DiskFile>> {
    let kind = disk.kind(path).map_err(|e| StoreError::from_open(&e, path))?;
    let mode = match kind {
        Some(PathKind::Directory) => return Err(not_a_store(path, "a directory")),
        Some(PathKind::File) if is_read_only => OpenMode::Read,
        Some(PathKind::File) => OpenMode::Write,
        None if may_create => OpenMode::CreateNew,
        None => {
            return Err(StoreError::new(ErrorKind::CannotOpen, format!("no database at {}", path.display())));
        }
    };
    let opened = match disk.open_locked(path, mode) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => disk.open_locked(path, OpenMode::Write),
        other => other,
    };
    opened.map_err(|e| StoreError::from_open(&e, path))?.ok_or_else(|| {
        StoreError::new(ErrorKind::Busy, format!("{} is open in another process", path.display()))
    })
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| {
        StoreError::new(ErrorKind::CannotOpen, format!("{} is no file name in Unicode", path.display()))
    })
}

/// Where the commits of the store at `path` are.
fn log_path(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// A log without its database: that was removed, or replaced by an empty file. Nothing in it belongs to the new one.
fn set_leftover_log_aside(disk: &dyn Disk, path: &Path) -> Result<()> {
    let log = log_path(path);
    if disk.kind(&log).map_err(|e| StoreError::from_open(&e, &log))?.is_none() {
        return Ok(());
    }
    let mut aside = log.clone().into_os_string();
    aside.push(".leftover");
    disk.rename(&log, Path::new(&aside)).map_err(|e| StoreError::from_io(&e, "set aside", &log))
}

fn not_a_store(path: &Path, what: &str) -> StoreError {
    StoreError::new(ErrorKind::NotADatabase, format!("{} is {what}", path.display()))
}
