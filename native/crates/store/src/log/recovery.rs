//! Finding the end of the log after whatever happened.
//!
//! The last file that begins at or before the root's position is where reading starts; each file that begins exactly
//! where the records before it end, with their chain, goes on from there. The log ends at the first place where no
//! sound record follows. That is either
//! - a torn tail: the power went before the sync. Files and records behind it are dropped; or
//! - damage: some record behind it says that the log had been synced beyond that place. What a commit promised is
//!   gone, and nobody may go on as if it had never been there: an error.
//!
//! The last synced commits have no successor to speak for them: damage there looks like a torn tail.
//!
//! A log that ends before the root's position is fine too: it was never synced, and the blocks have all of it.

use std::{collections::VecDeque, path::Path};

use super::file::{FILE_HEADER_LEN, FileHeader, HeaderState, LogFile, Names, RecordReader};
use crate::{
    disk::{Disk, OpenMode},
    error::{Result, StoreError},
    store::Uuid,
};

pub(super) struct Recovered {
    pub files: VecDeque<LogFile>,
    pub spare: Vec<LogFile>,
    pub end: u64,
    pub chain: u64,
    pub next_number: u32,
    pub next_generation: u64,
}

pub(super) fn recover(
    disk: &dyn Disk,
    dir: &Path,
    names: &Names,
    uuid: Uuid,
    from: u64,
    is_read_only: bool,
) -> Result<Recovered> {
    let Found { mut used, mut spare, next_number } = open_files(disk, dir, names, uuid, is_read_only)?;
    // Released files begin earlier than those in use; a file whose use never came to a record begins with the next one.
    used.sort_by_key(|file| (file.header.first_position, file.header.generation));
    let last_generation = used.iter().map(|file| file.header.generation).max().unwrap_or(0);
    let next_generation = last_generation.saturating_add(1);

    let start = used.iter().rposition(|file| file.header.first_position <= from);
    let mut behind = used.split_off(start.unwrap_or(0));
    spare.append(&mut used);

    let mut files: VecDeque<LogFile> = VecDeque::new();
    let mut dropped = Vec::new();
    let mut walk = Walk { position: from, chain: None };
    let mut rest = behind.drain(..);
    if start.is_some() {
        let mut file = rest.next().expect("the start is one of them");
        walk.read(&mut file)?;
        files.push_back(file);
    }
    for mut file in rest {
        let header = file.header;
        let goes_on =
            header.first_position == walk.position && walk.chain.is_none_or(|chain| chain == header.chain);
        if goes_on {
            walk.read(&mut file)?;
            files.push_back(file);
        } else {
            dropped.push(file);
        }
    }

    for file in files.back().into_iter().chain(&dropped) {
        if let Some(synced) = proof_of_sync(file, walk.position)? {
            return Err(StoreError::corrupt(format!(
                "the commit log is damaged at {}, and had been synced up to {synced} ({})",
                walk.position,
                dir.display()
            )));
        }
    }
    if !is_read_only {
        forget(dir, &mut dropped)?;
    }
    spare.append(&mut dropped);
    // Files that end at or before the root have been released in all but name.
    while files.front().is_some_and(|file| file.end_position() <= from) {
        spare.extend(files.pop_front());
    }
    Ok(Recovered {
        files,
        spare,
        end: walk.position,
        chain: walk.chain.unwrap_or(0),
        next_number,
        next_generation,
    })
}

struct Walk {
    position: u64,
    /// Unknown until the first record after the root.
    chain: Option<u64>,
}

impl Walk {
    /// Reads as far as the records are sound, and notes the end in the file.
    fn read(&mut self, file: &mut LogFile) -> Result<()> {
        let first = file.header.first_position;
        let start = FILE_HEADER_LEN as u64 + (self.position - first);
        if start > file.capacity {
            // The root lies beyond what this file can hold: it ends before it.
            return Ok(());
        }
        let mut reader =
            RecordReader::new(std::sync::Arc::clone(&file.file), file.seed(), first, file.capacity)
                .at(self.position);
        while let Some(record) = reader.next()? {
            if self.chain.is_some_and(|chain| chain != record.previous) {
                break;
            }
            self.position = record.end_position;
            self.chain = Some(record.checksum);
        }
        file.end_offset = FILE_HEADER_LEN as u64 + (self.position - first);
        Ok(())
    }
}

/// Whether a sound record in the file, behind `position`, says that the log had been synced beyond it.
fn proof_of_sync(file: &LogFile, position: u64) -> Result<Option<u64>> {
    let first = file.header.first_position;
    let reader = RecordReader::new(std::sync::Arc::clone(&file.file), file.seed(), first, file.capacity);
    let mut reader = if first <= position {
        let start = FILE_HEADER_LEN as u64 + (position - first);
        if start >= file.capacity {
            return Ok(None);
        }
        reader.at(position)
    } else {
        reader
    };
    // Checking a candidate costs up to the rest of the file: hostile bytes could make every word one.
    let mut budget = file.capacity.saturating_mul(4);
    loop {
        let offset = reader.offset();
        while let Some(record) = reader.next()? {
            if let Some(synced) = record.synced.filter(|synced| *synced > position) {
                return Ok(Some(synced));
            }
        }
        let cost = (file.capacity - offset).min(64 * 1024);
        if budget < cost || !reader.skip_to_candidate()? {
            return Ok(None);
        }
        budget -= cost;
    }
}

/// Erases the headers of files behind the end, so that they cannot be taken for the future of the log.
fn forget(dir: &Path, dropped: &mut [LogFile]) -> Result<()> {
    for file in dropped {
        let erased = file.file.write_at(&[0; FILE_HEADER_LEN], 0).and_then(|()| file.file.sync_data());
        erased.map_err(|e| StoreError::from_io(&e, "reset", &dir.join(&file.name)))?;
    }
    Ok(())
}

struct Found {
    used: Vec<LogFile>,
    spare: Vec<LogFile>,
    next_number: u32,
}

fn open_files(disk: &dyn Disk, dir: &Path, names: &Names, uuid: Uuid, is_read_only: bool) -> Result<Found> {
    let numbers = names.list(disk, dir).map_err(|e| StoreError::from_open(&e, dir))?;
    let mut found =
        Found { used: Vec::new(), spare: Vec::new(), next_number: numbers.last().map_or(1, |n| n + 1) };
    let mut foreign = None;
    for number in numbers {
        let name = names.of(number);
        let path = dir.join(&name);
        let mode = if is_read_only { OpenMode::Read } else { OpenMode::Write };
        let file = disk.open(&path, mode).map_err(|e| StoreError::from_open(&e, &path))?;
        let capacity = file.byte_len().map_err(|e| StoreError::from_io(&e, "read", &path))?;
        let mut bytes = [0; FILE_HEADER_LEN];
        let readable = capacity.min(FILE_HEADER_LEN as u64) as usize;
        file.read_at(&mut bytes[..readable], 0).map_err(|e| StoreError::from_io(&e, "read", &path))?;
        match FileHeader::decode(uuid, &bytes) {
            HeaderState::Ours(header) => found.used.push(LogFile::new(uuid, name, file, capacity, header)),
            HeaderState::Unused => {
                let header = FileHeader { generation: 0, first_position: 0, chain: 0 };
                found.spare.push(LogFile::new(uuid, name, file, capacity, header));
            }
            HeaderState::Foreign(other) => {
                drop(file);
                set_aside(disk, &path, &other.to_string(), is_read_only)?;
                // Beside a single file it is what was left when another file took that one's place, which is whole.
                if matches!(names, Names::Single(_)) {
                    continue;
                }
                foreign = Some((path, format!("the commit log of another database ({other})")));
            }
            HeaderState::Sqlite => {
                drop(file);
                set_aside(disk, &path, "sqlite", is_read_only)?;
                foreign = Some((path, "a write-ahead log of SQLite".to_owned()));
            }
            HeaderState::Damaged => {
                return Err(StoreError::corrupt(format!("the header of {} is damaged", path.display())));
            }
        }
    }
    match foreign {
        Some((path, what)) => Err(StoreError::corrupt(format!(
            "{} is {what}; it was set aside, opening again goes on without it",
            path.display()
        ))),
        None => Ok(found),
    }
}

fn set_aside(disk: &dyn Disk, path: &Path, of: &str, is_read_only: bool) -> Result<()> {
    if is_read_only {
        return Ok(());
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(".of-{of}"));
    disk.rename(path, Path::new(&aside)).map_err(|e| StoreError::from_io(&e, "set aside", path))
}
