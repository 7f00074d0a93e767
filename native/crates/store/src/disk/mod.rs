//! The door to the file system. Everything the store does to files goes through `Disk`, so that tests can lose power,
//! fill the disk, or write down in which order things happened.
//!
//!     real      std::fs                              faulty    in memory; loses, tears, fails on demand
//!     record    passes through and writes down each step
//!
//! Errors are `io::Error` here; the callers know what they were doing and say so in a `StoreError`.

mod faulty;
mod real;
mod record;

use std::{any::Any, io, path::Path, sync::Arc};

pub use faulty::FaultyDisk;
pub use real::RealDisk;
pub(crate) use real::scratch_file;
pub use record::{RecordingDisk, Step};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    Read,
    /// Read and write a file that exists.
    Write,
    /// Read and write a file that does not exist yet.
    CreateNew,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    File,
    Directory,
}

/// What asking for the lock gave. A held lock is let go by dropping it.
pub enum LockOutcome {
    Held(Box<dyn Any + Send + Sync>),
    /// The process id its holder wrote down: for the message, never trusted.
    Busy {
        holder: Option<u32>,
    },
}

pub trait Disk: Send + Sync {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>>;

    /// None when nothing is there.
    fn kind(&self, path: &Path) -> io::Result<Option<PathKind>>;

    /// Creates one directory; its parent must exist. Fine when it is there.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Names in a directory, in no order. Names that are not Unicode are none of ours and left out.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Replaces what stands at `to`.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes creations, renames and removals in the directory durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Asks the operating system for the exclusive lock on a file, created when missing. Never waits.
    fn lock(&self, path: &Path) -> io::Result<LockOutcome>;

    /// Opens a file together with the exclusive lock on it, which is let go with the file. None when another has it.
    fn open_locked(&self, path: &Path, mode: OpenMode) -> io::Result<Option<Arc<dyn DiskFile>>>;

    /// Tells of a step taken outside this trait (sled does its own writing), for those who write down the order.
    fn note(&self, _what: &'static str) {}
}

pub trait DiskFile: Send + Sync {
    /// Fills the whole buffer or fails.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    fn byte_len(&self) -> io::Result<u64>;

    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Makes contents and length durable.
    fn sync_data(&self) -> io::Result<()>;

    /// Whether this file is what the path names: others may have removed, moved or replaced it since it was opened. True
    /// where the system cannot tell.
    fn is_at(&self, _path: &Path) -> bool {
        true
    }
}

/// Writes zeros over `from..to`, so that later writes there change no metadata and sync faster.
pub(crate) fn fill_with_zeros(file: &dyn DiskFile, from: u64, to: u64) -> io::Result<()> {
    const CHUNK: usize = 256 * 1024;
    let zeros = vec![0; CHUNK.min((to - from) as usize)];
    let mut offset = from;
    while offset < to {
        let len = zeros.len().min((to - offset) as usize);
        file.write_at(&zeros[..len], offset)?;
        offset += len as u64;
    }
    Ok(())
}
