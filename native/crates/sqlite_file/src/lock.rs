//! SQLite's lock on a file: having it, no other process is in a transaction.
//!
//! SQLite locks bytes at 1 GB, by POSIX record locks. Those end when a process closes any descriptor of the file, so
//! where there are locks that belong to an open file (Linux) these are taken: they respect the others and outlive them.
//! A system without record locks gives a lock that excludes nobody.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::{FileError, Result};

/// Held until it is dropped.
pub struct FileLock {
    _file: File,
}

impl FileLock {
    /// None when somebody reads or writes the file, or has it open in WAL mode.
    pub fn exclusive(path: &Path) -> Result<Option<FileLock>> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|error| FileError::from_open(&error, path))?;
        let is_held = lock(&file).map_err(|error| FileError::from_io(&error, "lock"))?;
        Ok(is_held.then_some(FileLock { _file: file }))
    }
}

#[cfg(unix)]
fn lock(file: &File) -> std::io::Result<bool> {
    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;

    // The pending byte, the reserved byte and the shared ones.
    const LOCK_BYTES: (libc::off_t, libc::off_t) = (0x4000_0000, 512);
    let range = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: LOCK_BYTES.0,
        l_len: LOCK_BYTES.1,
        l_pid: 0,
    };
    #[cfg(target_os = "linux")]
    let request = FcntlArg::F_OFD_SETLK(&range);
    #[cfg(not(target_os = "linux"))]
    let request = FcntlArg::F_SETLK(&range);
    match fcntl(file, request) {
        Ok(_) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        // File systems that know no locks: SQLite could not use them either.
        Err(Errno::ENOLCK | Errno::ENOSYS | Errno::EOPNOTSUPP | Errno::EINVAL) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn lock(_file: &File) -> std::io::Result<bool> {
    Ok(true)
}
