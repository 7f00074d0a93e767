//! Opening a store that is a directory.
//!
//!     <path>/pluresdb     "PluresDB" | format u32 | uuid (16) | checksum u64       written last when a store is made
//!            lock         held through the operating system; the number in it is for people
//!            segments/    blocks                    map/    where they lie, and the root
//!            log/         commits since the root
//!
//! Always true:
//! - A directory is ours when `pluresdb` says so. One that holds only what an interrupted creation leaves behind, and
//!   no block and no commit, is made anew; any other is refused untouched.
//! - Nothing is read or written without holding the lock.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    Opened,
    block_map::BlockMap,
    block_store::{BlockStore, BlockStoreOptions, LockHolder},
    codec::{read_u32, read_u64},
    disk::{Disk, LockOutcome, OpenMode, PathKind, RealDisk},
    error::{ErrorKind, Result, StoreError},
    journal_map::JournalMap,
    log::{CommitLog, LogOptions},
    sled::SledMap,
    store::{Store, Synchronous, Uuid},
};

const MAGIC: &[u8; 8] = b"PluresDB";
const FORMAT: u32 = 1;
const MAGIC_FILE: &str = "pluresdb";
const MAGIC_FILE_DRAFT: &str = "pluresdb.new";
const MAGIC_FILE_LEN: usize = 36;
const LOCK_FILE: &str = "lock";
const DIRECTORIES: [&str; 3] = ["segments", "map", "log"];

/// Who keeps the block map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapKind {
    Sled,
    /// On the store's own disk: for tests on a disk that is not the operating system's.
    Journal,
}

#[derive(Debug, Clone)]
pub struct DirectoryOptions {
    /// Make the store when nothing is there. The parent directory must exist.
    pub create: bool,
    pub read_only: bool,
    pub synchronous: Synchronous,
    pub map: MapKind,
    pub log: LogOptions,
    /// The uuid of a new store; None takes a random one.
    pub new_uuid: Option<Uuid>,
    /// How long a segment gets at least; None leaves the measured default.
    pub min_segment_len: Option<u64>,
}

impl Default for DirectoryOptions {
    fn default() -> DirectoryOptions {
        DirectoryOptions {
            create: true,
            read_only: false,
            synchronous: Synchronous::Normal,
            map: MapKind::Sled,
            log: LogOptions::default(),
            new_uuid: None,
            min_segment_len: None,
        }
    }
}

/// Opens or makes the store at `path`. A store another process holds is `ErrorKind::Busy` at once; waiting is the
/// caller's.
pub fn open_directory(path: &Path, options: &DirectoryOptions) -> Result<Opened> {
    open_directory_on(Arc::new(RealDisk), path, options)
}

/// The same on any disk. `MapKind::Sled` works on real paths only.
pub fn open_directory_on(disk: Arc<dyn Disk>, path: &Path, options: &DirectoryOptions) -> Result<Opened> {
    let found = look(&*disk, path)?;
    let may_create = options.create && !options.read_only;
    match found {
        Found::Store => {}
        Found::Nothing | Found::Unfinished if !may_create => {
            return Err(StoreError::new(ErrorKind::CannotOpen, format!("no database at {}", path.display())));
        }
        Found::Nothing => create_dir(&*disk, path)?,
        Found::Unfinished => {}
    }
    let lock = take_lock(&*disk, path)?;
    // Another process may have made it, or still been making it, before we had the lock.
    let is_new = !matches!(look(&*disk, path)?, Found::Store);
    let (uuid, map) = if is_new {
        create(&disk, path, options)?
    } else {
        (read_magic_file(&*disk, path)?, open_map(&disk, path, options)?)
    };
    let store_options = BlockStoreOptions {
        is_read_only: options.read_only,
        synchronous: options.synchronous,
        min_segment_len: options.min_segment_len,
        segment_dir: path.join("segments"),
    };
    let lock: LockHolder = Arc::new(Mutex::new(Some(lock)));
    let store = BlockStore::open(Arc::clone(&disk), map, uuid, store_options, lock)?;
    let log_options = LogOptions { is_read_only: options.read_only, ..options.log.clone() };
    let log = CommitLog::open(disk, path.join("log"), uuid, store.root().log_position, log_options)?;
    Ok(Opened { store: Arc::new(store), log: Some(Arc::new(log)), is_new })
}

/// Whether the directory is a store, and not somebody else's or empty.
pub(crate) fn is_store(path: &Path) -> bool {
    path.join(MAGIC_FILE).exists()
}

enum Found {
    Nothing,
    /// An empty directory, or what a creation left that did not come to its end.
    Unfinished,
    Store,
}

fn look(disk: &dyn Disk, path: &Path) -> Result<Found> {
    let kind = |path: &Path| disk.kind(path).map_err(|e| StoreError::from_open(&e, path));
    match kind(path)? {
        None => return Ok(Found::Nothing),
        Some(PathKind::File) => return Err(not_a_store(path, what_file(disk, path))),
        Some(PathKind::Directory) => {}
    }
    if kind(&path.join(MAGIC_FILE))?.is_some() {
        return Ok(Found::Store);
    }
    let list = |path: &Path| disk.list(path).map_err(|e| StoreError::from_open(&e, path));
    let names = list(path)?;
    let is_ours = |name: &String| {
        DIRECTORIES.contains(&name.as_str()) || [LOCK_FILE, MAGIC_FILE_DRAFT].contains(&name.as_str())
    };
    if !names.iter().all(is_ours) {
        return Err(not_a_store(path, "a directory with other files in it"));
    }
    for dir in ["segments", "log"] {
        if names.iter().any(|name| name == dir) && !list(&path.join(dir))?.is_empty() {
            return Err(not_a_store(path, "a store that lost its file `pluresdb`"));
        }
    }
    Ok(Found::Unfinished)
}

fn what_file(disk: &dyn Disk, path: &Path) -> &'static str {
    let mut start = [0; 16];
    let is_read = disk.open(path, OpenMode::Read).is_ok_and(|file| file.read_at(&mut start, 0).is_ok());
    if is_read && &start == b"SQLite format 3\0" { "an SQLite database" } else { "a file" }
}

fn not_a_store(path: &Path, what: &str) -> StoreError {
    StoreError::new(
        ErrorKind::NotADatabase,
        format!("{} is {what}, not a PluresDB directory", path.display()),
    )
}

fn create_dir(disk: &dyn Disk, path: &Path) -> Result<()> {
    disk.create_dir(path).map_err(|e| StoreError::from_open(&e, path))?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk.sync_dir(parent).map_err(|e| StoreError::from_io(&e, "sync", parent))
}

fn take_lock(disk: &dyn Disk, path: &Path) -> Result<Box<dyn std::any::Any + Send + Sync>> {
    let lock_path = path.join(LOCK_FILE);
    match disk.lock(&lock_path).map_err(|e| StoreError::from_open(&e, &lock_path))? {
        LockOutcome::Held(lock) => Ok(lock),
        LockOutcome::Busy { holder } => {
            let holder = holder.map_or("another process".to_owned(), |pid| format!("process {pid}"));
            Err(StoreError::new(ErrorKind::Busy, format!("{} is open in {holder}", path.display())))
        }
    }
}

/// Everything a store needs, and the magic file when all of it is durable.
fn create(
    disk: &Arc<dyn Disk>,
    path: &Path,
    options: &DirectoryOptions,
) -> Result<(Uuid, Box<dyn BlockMap>)> {
    for dir in DIRECTORIES {
        let dir = path.join(dir);
        disk.create_dir(&dir).map_err(|e| StoreError::from_open(&e, &dir))?;
    }
    disk.sync_dir(path).map_err(|e| StoreError::from_io(&e, "sync", path))?;
    let uuid = options.new_uuid.unwrap_or_else(Uuid::random);
    let map = open_map(disk, path, options)?;
    BlockStore::create(&*map, uuid)?;

    let draft = path.join(MAGIC_FILE_DRAFT);
    match disk.remove(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::from_io(&error, "remove", &draft));
        }
        _ => {}
    }
    let file = disk.open(&draft, OpenMode::CreateNew).map_err(|e| StoreError::from_open(&e, &draft))?;
    let written = file.write_at(&encode_magic_file(uuid), 0).and_then(|()| file.sync_data());
    written.map_err(|e| StoreError::from_io(&e, "write", &draft))?;
    let named = disk.rename(&draft, &path.join(MAGIC_FILE)).and_then(|()| disk.sync_dir(path));
    named.map_err(|e| StoreError::from_io(&e, "name", &draft))?;
    Ok((uuid, map))
}

fn open_map(disk: &Arc<dyn Disk>, path: &Path, options: &DirectoryOptions) -> Result<Box<dyn BlockMap>> {
    let dir: PathBuf = path.join("map");
    Ok(match options.map {
        MapKind::Sled => Box::new(SledMap::open(Arc::clone(disk), &dir)?),
        MapKind::Journal => Box::new(JournalMap::open(Arc::clone(disk), &dir, options.read_only)?),
    })
}

fn encode_magic_file(uuid: Uuid) -> [u8; MAGIC_FILE_LEN] {
    let mut bytes = [0; MAGIC_FILE_LEN];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    bytes[12..28].copy_from_slice(&uuid.0);
    let checksum = xxh3_64(&bytes[..28]);
    bytes[28..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn read_magic_file(disk: &dyn Disk, path: &Path) -> Result<Uuid> {
    let path = path.join(MAGIC_FILE);
    let file = disk.open(&path, OpenMode::Read).map_err(|e| StoreError::from_open(&e, &path))?;
    let mut bytes = [0; MAGIC_FILE_LEN];
    match file.read_at(&mut bytes, 0) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            return Err(StoreError::from_io(&error, "read", &path));
        }
        _ => {}
    }
    if &bytes[..8] != MAGIC {
        return Err(not_a_store(&path, "something else's file"));
    }
    let format = read_u32(&bytes, 8);
    if format > FORMAT {
        return Err(StoreError::new(
            ErrorKind::NotADatabase,
            format!(
                "{} has format {format}, made by a newer pluresdb; this one knows up to {FORMAT}",
                path.display()
            ),
        ));
    }
    if format == 0 || xxh3_64(&bytes[..28]) != read_u64(&bytes, 28) {
        return Err(StoreError::corrupt(format!("{} is damaged", path.display())));
    }
    Ok(Uuid(bytes[12..28].try_into().expect("the range has 16 bytes")))
}
