//! Scratch files: where a running statement puts what does not fit in memory. Nobody finds one after a crash.
//!
//!     file     piece, piece, …
//!     piece    length u32 | checksum u64 | bytes        the checksum is xxh3 of the bytes, seeded with the piece's offset
//!
//! Always true: a piece is read as it was written, or reading it fails.

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{
    disk::{DiskFile, scratch_file},
    error::{ErrorKind, Result, StoreError},
};

const HEADER_LEN: usize = 12;

pub struct ScratchFile {
    file: Arc<dyn DiskFile>,
    /// Where the next piece goes.
    end: u64,
    buffer: Vec<u8>,
}

impl ScratchFile {
    /// A file without a name, gone with this value or the process: in `folder`, or where SQLite would have it.
    ///
    /// # Errors
    ///
    /// `CannotOpen` when no folder takes a file.
    pub fn create(folder: Option<&Path>) -> Result<ScratchFile> {
        let mut failure = None;
        for folder in folder.map(Path::to_owned).into_iter().chain(usual_folders()) {
            match scratch_file(&folder) {
                Ok(file) => return Ok(ScratchFile::on(file)),
                Err(error) => failure = failure.or(Some((error, folder))),
            }
        }
        Err(match failure {
            Some((error, folder)) => StoreError::new(
                ErrorKind::CannotOpen,
                format!("no scratch file in {}: {error}", folder.display()),
            ),
            None => StoreError::new(ErrorKind::CannotOpen, "no folder for scratch files"),
        })
    }

    /// On an empty file of any disk.
    pub fn on(file: Arc<dyn DiskFile>) -> ScratchFile {
        ScratchFile { file, end: 0, buffer: Vec::new() }
    }

    /// Where the next piece will lie.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Writes a piece, which ends where the next one begins.
    ///
    /// # Errors
    ///
    /// `Full` and `Io`, as the disk has them; the file then ends where it did.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let len =
            u32::try_from(bytes.len()).map_err(|_| StoreError::new(ErrorKind::TooBig, "a piece of 4 GB"))?;
        self.buffer.clear();
        self.buffer.extend_from_slice(&len.to_le_bytes());
        self.buffer.extend_from_slice(&xxh3_64_with_seed(bytes, self.end).to_le_bytes());
        self.buffer.extend_from_slice(bytes);
        let written = self.file.write_at(&self.buffer, self.end);
        written.map_err(|error| StoreError::from_io(&error, "writing", Path::new("a scratch file")))?;
        self.end += self.buffer.len() as u64;
        Ok(())
    }

    /// Reads the piece at an offset into `bytes`, and tells where the next one begins.
    ///
    /// # Errors
    ///
    /// `Io` when it cannot be read, or is not what was written: the database itself may be sound.
    pub fn read(&self, offset: u64, bytes: &mut Vec<u8>) -> Result<u64> {
        let failed = |error| StoreError::from_io(&error, "reading", Path::new("a scratch file"));
        let mut header = [0; HEADER_LEN];
        self.file.read_at(&mut header, offset).map_err(failed)?;
        let (len, checksum) = header.split_at(4);
        let len = u32::from_le_bytes(len.try_into().expect("the first 4 of 12 bytes"));
        let checksum = u64::from_le_bytes(checksum.try_into().expect("the other 8"));
        let start = offset + HEADER_LEN as u64;
        let next = start + u64::from(len);
        let damaged = || StoreError::new(ErrorKind::Io, format!("the scratch file is damaged at {offset}"));
        // The length is not to be trusted before its bytes are seen to be there.
        if next > self.end {
            return Err(damaged());
        }
        bytes.clear();
        bytes.resize(len as usize, 0);
        self.file.read_at(bytes, start).map_err(failed)?;
        if xxh3_64_with_seed(bytes, offset) == checksum { Ok(next) } else { Err(damaged()) }
    }
}

/// Where SQLite looks for a folder, in its order: `/tmp` comes late, since memory may lie behind it.
fn usual_folders() -> Vec<PathBuf> {
    if cfg!(windows) {
        return vec![env::temp_dir()];
    }
    let named = ["SQLITE_TMPDIR", "TMPDIR"].into_iter().filter_map(env::var_os).map(PathBuf::from);
    named.chain(["/var/tmp", "/usr/tmp", "/tmp", "."].map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Disk, FaultyDisk, OpenMode};

    #[test]
    fn pieces_are_read_as_they_were_written() {
        let mut scratch = ScratchFile::create(None).unwrap();
        let long = vec![7; 100_000];
        let pieces = [&b"one"[..], b"", &long];
        let mut offsets = Vec::new();
        for piece in pieces {
            offsets.push(scratch.end());
            scratch.append(piece).unwrap();
        }
        let mut bytes = Vec::new();
        for (index, piece) in pieces.iter().enumerate().rev() {
            let next = scratch.read(offsets[index], &mut bytes).unwrap();
            assert_eq!(&bytes, piece);
            assert_eq!(next, offsets.get(index + 1).copied().unwrap_or(scratch.end()));
        }
        assert!(scratch.read(scratch.end(), &mut bytes).is_err());
    }

    #[test]
    fn any_byte_that_has_changed_is_noticed() {
        let disk = FaultyDisk::new();
        let path = Path::new("/scratch");
        let file = disk.open(path, OpenMode::CreateNew).unwrap();
        let mut scratch = ScratchFile::on(file.clone());
        scratch.append(b"before").unwrap();
        let (offset, mut bytes) = (scratch.end(), Vec::new());
        scratch.append(b"a piece").unwrap();
        for at in offset..scratch.end() {
            let mut byte = [0];
            file.read_at(&mut byte, at).unwrap();
            for bit in 0..8 {
                file.write_at(&[byte[0] ^ 1 << bit], at).unwrap();
                assert!(scratch.read(offset, &mut bytes).is_err(), "byte {at}, bit {bit}");
            }
            file.write_at(&byte, at).unwrap();
        }
        scratch.read(offset, &mut bytes).unwrap();
        assert_eq!(bytes, b"a piece");
        // A piece that lies somewhere else is another one.
        let mut copy = vec![0; (scratch.end() - offset) as usize];
        file.read_at(&mut copy, offset).unwrap();
        file.write_at(&copy, scratch.end()).unwrap();
        let moved = scratch.end();
        scratch.end += copy.len() as u64;
        assert!(scratch.read(moved, &mut bytes).is_err());
    }

    #[test]
    fn a_full_disk_is_told_of_and_what_stands_can_be_read() {
        let disk = FaultyDisk::new();
        let file = disk.open(Path::new("/scratch"), OpenMode::CreateNew).unwrap();
        let mut scratch = ScratchFile::on(file);
        scratch.append(&[1; 1000]).unwrap();
        disk.set_capacity(Some(disk.used_bytes() + 10));
        let end = scratch.end();
        assert_eq!(scratch.append(&[2; 1000]).unwrap_err().kind, ErrorKind::Full);
        assert_eq!(scratch.end(), end);
        let mut bytes = Vec::new();
        assert_eq!(scratch.read(0, &mut bytes).unwrap(), end);
        assert_eq!(bytes, [1; 1000]);
    }

    #[test]
    fn a_named_folder_comes_first_and_others_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        ScratchFile::create(Some(folder.path())).unwrap();
        ScratchFile::create(Some(&gone)).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
