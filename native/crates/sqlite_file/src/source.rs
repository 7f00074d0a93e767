//! Where bytes come from: a file, or memory.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use crate::{FileError, Result};

pub(crate) enum Source {
    Bytes(Vec<u8>),
    File { file: File, len: u64, seen: Stamp },
}

/// What changes when somebody writes to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp { len: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Source {
    pub fn open(path: &Path) -> Result<Source> {
        let file = File::open(path).map_err(|error| FileError::from_open(&error, path))?;
        let metadata = file.metadata().map_err(|error| FileError::from_open(&error, path))?;
        if !metadata.is_file() {
            let detail = format!("{} is no file", path.display());
            return Err(FileError::new(crate::ErrorKind::CannotOpen, detail));
        }
        Ok(Source::File { file, len: metadata.len(), seen: Stamp::of(&metadata) })
    }

    /// None when there is no file of that name.
    pub fn open_if_there(path: &Path) -> Result<Option<Source>> {
        match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Source::open(path).map(Some),
        }
    }

    pub fn len(&self) -> u64 {
        match self {
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::File { len, .. } => *len,
        }
    }

    /// Fills `out` from `offset` on; bytes behind the end are zero.
    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<()> {
        let there = usize::try_from(self.len().saturating_sub(offset)).unwrap_or(usize::MAX).min(out.len());
        let (read, behind) = out.split_at_mut(there);
        behind.fill(0);
        match self {
            _ if there == 0 => Ok(()),
            Source::Bytes(bytes) => {
                let start =
                    usize::try_from(offset).map_err(|_| FileError::corrupt("offset beyond memory"))?;
                read.copy_from_slice(&bytes[start..start + there]);
                Ok(())
            }
            Source::File { file, .. } => {
                let mut file: &File = file;
                file.seek(SeekFrom::Start(offset)).map_err(|error| FileError::from_io(&error, "seek"))?;
                match file.read_exact(read) {
                    Ok(()) => Ok(()),
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(changed()),
                    Err(error) => Err(FileError::from_io(&error, "read")),
                }
            }
        }
    }

    /// Fails when the file is not what it was when it was opened.
    pub fn check_unchanged(&self) -> Result<()> {
        let Source::File { file, seen, .. } = self else { return Ok(()) };
        let metadata = file.metadata().map_err(|error| FileError::from_io(&error, "stat"))?;
        if Stamp::of(&metadata) == *seen { Ok(()) } else { Err(changed()) }
    }
}

fn changed() -> FileError {
    FileError::new(crate::ErrorKind::Changed, "the file was changed while it was being read")
}
