//! What stands at a path, and opening the store that it is.
//!
//!     directory              → the directory store
//!     our file, empty file   → the single file: who made an empty file there wants a file
//!     nothing                → whichever the caller wants
//!     any other directory    → refused, unless the caller wants one
//!     a SQLite file          → refused, by its name

use std::{io, path::Path};

use crate::{
    Opened,
    directory::{DirectoryOptions, is_store, open_directory},
    disk::{Disk, OpenMode, PathKind, RealDisk},
    error::{ErrorKind, Result, StoreError},
    single_file::{FileOptions, open_file},
};

const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreKind {
    #[default]
    Directory,
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Store(StoreKind),
    SqliteFile,
    /// A file of somebody else's.
    Foreign,
}

pub fn look(path: &Path) -> Result<Found> {
    let disk = RealDisk;
    let kind = disk.kind(path).map_err(|e| StoreError::from_open(&e, path))?;
    match kind {
        None => return Ok(Found::Nothing),
        Some(PathKind::Directory) => return Ok(Found::Store(StoreKind::Directory)),
        Some(PathKind::File) => {}
    }
    let file = disk.open(path, OpenMode::Read).map_err(|e| StoreError::from_open(&e, path))?;
    let mut start = [0; 16];
    match file.read_at(&mut start, 0) {
        Ok(()) if &start == SQLITE_MAGIC => return Ok(Found::SqliteFile),
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
        // Another process may hold a lock that keeps others from reading: the opener will be told who.
        Err(_) => return Ok(Found::Store(StoreKind::File)),
    }
    let is_ours = crate::paged_file::is_ours(&*file).unwrap_or(true);
    Ok(if is_ours { Found::Store(StoreKind::File) } else { Found::Foreign })
}

/// Opens the store at `path`, or makes one of the wanted kind. A store another process holds is `ErrorKind::Busy` at
/// once.
pub fn open_path(path: &Path, wanted: StoreKind, create: bool, read_only: bool) -> Result<Opened> {
    let kind = match look(path)? {
        Found::Nothing => wanted,
        Found::Store(kind) => kind,
        Found::SqliteFile => return Err(refusal(path, "a SQLite file")),
        Found::Foreign => return Err(refusal(path, "a file, but not a database of ours")),
    };
    match kind {
        StoreKind::Directory if wanted == StoreKind::File && !is_store(path) => {
            Err(StoreError::new(ErrorKind::CannotOpen, format!("{} is a directory", path.display())))
        }
        StoreKind::Directory => {
            open_directory(path, &DirectoryOptions { create, read_only, ..DirectoryOptions::default() })
        }
        StoreKind::File => open_file(path, &FileOptions { create, read_only, ..FileOptions::default() }),
    }
}

fn refusal(path: &Path, what: &str) -> StoreError {
    StoreError::new(ErrorKind::NotADatabase, format!("{} is {what}", path.display()))
}
