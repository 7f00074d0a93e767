//! Log files and the records in them.
//!
//!     file     "PLDBLOG1" | uuid (16) | generation u64 | first position u64 | chain u64 | checksum u64 | zero (8)
//!              record | record | … | zeros or leftovers
//!     record   checksum u64 | magic u32 | len u32 | unsynced u32 | 0 u32 | previous checksum u64 | payload | pad to 8
//!
//! Each use of a file is a generation of its own. The magic and the checksums are seeded with uuid and generation, the
//! checksum with the record's position too, so that leftovers of an earlier use are never taken for records.
//! `previous` chains the records, over files as well (`chain` in the header). `unsynced` is how far before this record
//! the synced part of the log ended when it was appended: the proof, on disk, that what lies before was durable.

use std::{io, path::Path, sync::Arc};

use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

use crate::{
    codec::{read_u32, read_u64},
    disk::{Disk, DiskFile, OpenMode},
    error::{Result, StoreError},
    store::{MAX_FILE_NUMBER, Uuid, check_counts},
};

const MAGIC: &[u8; 8] = b"PLDBLOG1";
const SQLITE_WAL_MAGIC: [u8; 3] = [0x37, 0x7f, 0x06];
pub(super) const FILE_HEADER_LEN: usize = 64;
pub(super) const RECORD_HEADER_LEN: usize = 32;
/// A transaction with more to say is committed as a checkpoint.
pub const MAX_RECORD_LEN: usize = 1 << 30;
/// A longer record is written from where it lies, by several writes: copying it into one piece would take longer.
pub(super) const MAX_COPIED: usize = 128 << 10;
/// In `unsynced`: too far back to say.
const NOTHING_KNOWN: u32 = u32::MAX;
const READ_LEN: usize = 256 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileHeader {
    pub generation: u64,
    pub first_position: u64,
    pub chain: u64,
}

pub(super) enum HeaderState {
    Ours(FileHeader),
    Foreign(Uuid),
    /// SQLite's write-ahead log.
    Sqlite,
    /// Zeros: made, and not used yet.
    Unused,
    Damaged,
}

impl FileHeader {
    pub(super) fn encode(self, uuid: Uuid) -> [u8; FILE_HEADER_LEN] {
        let mut bytes = [0; FILE_HEADER_LEN];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..24].copy_from_slice(&uuid.0);
        bytes[24..32].copy_from_slice(&self.generation.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.first_position.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.chain.to_le_bytes());
        let checksum = xxh3_64_with_seed(&bytes[..48], 0);
        bytes[48..56].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    pub(super) fn decode(uuid: Uuid, bytes: &[u8; FILE_HEADER_LEN]) -> HeaderState {
        if bytes.iter().all(|byte| *byte == 0) {
            return HeaderState::Unused;
        }
        // The last bit tells how its checksums are written.
        if bytes[..3] == SQLITE_WAL_MAGIC && bytes[3] & !1 == 0x82 {
            return HeaderState::Sqlite;
        }
        if &bytes[..8] != MAGIC || xxh3_64_with_seed(&bytes[..48], 0) != read_u64(bytes, 48) {
            return HeaderState::Damaged;
        }
        let file_uuid = Uuid(bytes[8..24].try_into().expect("the range has 16 bytes"));
        if file_uuid != uuid {
            return HeaderState::Foreign(file_uuid);
        }
        let (generation, first_position) = (read_u64(bytes, 24), read_u64(bytes, 32));
        if check_counts(&[generation, first_position]).is_err() {
            return HeaderState::Damaged;
        }
        HeaderState::Ours(FileHeader { generation, first_position, chain: read_u64(bytes, 40) })
    }
}

pub(super) struct LogFile {
    pub name: String,
    pub file: Arc<dyn DiskFile>,
    pub capacity: u64,
    pub header: FileHeader,
    seed: u64,
    /// Where the next record goes, or where the valid ones end.
    pub end_offset: u64,
    pub is_dirty: bool,
}

impl LogFile {
    pub(super) fn new(
        uuid: Uuid,
        name: String,
        file: Arc<dyn DiskFile>,
        capacity: u64,
        header: FileHeader,
    ) -> LogFile {
        let seed = file_seed(uuid, header.generation);
        LogFile { name, file, capacity, header, seed, end_offset: FILE_HEADER_LEN as u64, is_dirty: true }
    }

    pub(super) fn create(disk: &dyn Disk, dir: &Path, name: String, capacity: u64) -> Result<LogFile> {
        let path = dir.join(&name);
        let file =
            disk.open(&path, OpenMode::CreateNew).map_err(|e| StoreError::from_io(&e, "create", &path))?;
        let header = FileHeader { generation: 0, first_position: 0, chain: 0 };
        Ok(LogFile::new(Uuid([0; 16]), name, file, capacity, header))
    }

    /// Starts a new use of the file.
    pub(super) fn begin(&mut self, uuid: Uuid, header: FileHeader) -> io::Result<()> {
        self.file.write_at(&header.encode(uuid), 0)?;
        self.header = header;
        self.seed = file_seed(uuid, header.generation);
        self.end_offset = FILE_HEADER_LEN as u64;
        self.is_dirty = true;
        Ok(())
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn room(&self) -> u64 {
        self.capacity.saturating_sub(self.end_offset)
    }

    pub(super) fn end_position(&self) -> u64 {
        self.header.first_position + (self.end_offset - FILE_HEADER_LEN as u64)
    }

    pub(super) fn take_dirty(&mut self) -> Option<Arc<dyn DiskFile>> {
        std::mem::take(&mut self.is_dirty).then(|| Arc::clone(&self.file))
    }

    /// What a reader needs, without the log's lock.
    pub(super) fn stretch(&self) -> Stretch {
        Stretch {
            file: Arc::clone(&self.file),
            seed: self.seed,
            first_position: self.header.first_position,
            end_offset: self.end_offset,
        }
    }
}

pub(super) struct Stretch {
    file: Arc<dyn DiskFile>,
    seed: u64,
    first_position: u64,
    end_offset: u64,
}

impl Stretch {
    pub(super) fn end_position(&self) -> u64 {
        self.first_position + (self.end_offset - FILE_HEADER_LEN as u64)
    }

    /// None when the position is not in it.
    pub(super) fn reader_at(&self, position: u64) -> Result<Option<RecordReader>> {
        if position < self.first_position || position >= self.end_position() {
            return Ok(None);
        }
        let reader =
            RecordReader::new(Arc::clone(&self.file), self.seed, self.first_position, self.end_offset);
        Ok(Some(reader.at(position)))
    }
}

fn file_seed(uuid: Uuid, generation: u64) -> u64 {
    xxh3_64_with_seed(&uuid.0, generation)
}

/// Never 0: zero-filled space is not a record.
fn record_magic(seed: u64) -> u32 {
    seed as u32 | 1
}

fn record_seed(seed: u64, position: u64) -> u64 {
    seed ^ position.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// With header and padding.
pub(super) fn record_len(payload_len: usize) -> u64 {
    (RECORD_HEADER_LEN + payload_len).next_multiple_of(8) as u64
}

/// Fills `out` with the record and returns its checksum. A long payload is left out: then `out` has what stands before and
/// behind it, and the second number tells where it belongs.
pub(super) fn encode_record(
    seed: u64,
    position: u64,
    unsynced: u64,
    previous: u64,
    payload: &[u8],
    out: &mut Vec<u8>,
) -> (u64, Option<usize>) {
    out.clear();
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&record_magic(seed).to_le_bytes());
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&u32::try_from(unsynced).unwrap_or(NOTHING_KNOWN).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&previous.to_le_bytes());
    let is_long = payload.len() > MAX_COPIED;
    if !is_long {
        out.extend_from_slice(payload);
    }
    let left_out = if is_long { payload.len() } else { 0 };
    out.resize(record_len(payload.len()) as usize - left_out, 0);
    let seed = record_seed(seed, position);
    let checksum = if is_long {
        let mut parts = Xxh3::with_seed(seed);
        parts.update(&out[8..RECORD_HEADER_LEN]);
        parts.update(payload);
        parts.update(&out[RECORD_HEADER_LEN..]);
        parts.digest()
    } else {
        xxh3_64_with_seed(&out[8..], seed)
    };
    out[..8].copy_from_slice(&checksum.to_le_bytes());
    (checksum, is_long.then_some(RECORD_HEADER_LEN))
}

/// For fuzzing: makes the header and, as far as their lengths lead, the records of a log file sound. What a record says
/// of the one before it stays as it is.
#[cfg(feature = "hostile")]
pub fn seal_log_file(uuid: Uuid, bytes: &mut [u8]) {
    let Some((header, mut rest)) = bytes.split_at_mut_checked(FILE_HEADER_LEN) else { return };
    header[..8].copy_from_slice(MAGIC);
    header[8..24].copy_from_slice(&uuid.0);
    let checksum = xxh3_64_with_seed(&header[..48], 0);
    header[48..56].copy_from_slice(&checksum.to_le_bytes());
    let seed = file_seed(uuid, read_u64(header, 24));
    let mut position = read_u64(header, 32);
    while rest.len() >= RECORD_HEADER_LEN {
        let len = record_len(read_u32(rest, 12) as usize);
        let Some((record, behind)) = rest.split_at_mut_checked(len as usize) else { return };
        record[8..12].copy_from_slice(&record_magic(seed).to_le_bytes());
        let checksum = xxh3_64_with_seed(&record[8..], record_seed(seed, position));
        record[..8].copy_from_slice(&checksum.to_le_bytes());
        position = position.wrapping_add(len);
        rest = behind;
    }
}

pub(super) struct Record<'a> {
    pub payload: &'a [u8],
    pub end_position: u64,
    pub previous: u64,
    pub checksum: u64,
    /// The log had been synced up to here when this was appended.
    pub synced: Option<u64>,
}

/// Reads records one after the other, through a window on the file.
pub(super) struct RecordReader {
    file: Arc<dyn DiskFile>,
    seed: u64,
    first_position: u64,
    /// Nothing at or behind it is looked at.
    limit: u64,
    offset: u64,
    window: Vec<u8>,
    window_offset: u64,
}

impl RecordReader {
    pub(super) fn new(file: Arc<dyn DiskFile>, seed: u64, first_position: u64, limit: u64) -> RecordReader {
        let offset = FILE_HEADER_LEN as u64;
        RecordReader { file, seed, first_position, limit, offset, window: Vec::new(), window_offset: 0 }
    }

    /// Moves to a position that is in the file.
    pub(super) fn at(mut self, position: u64) -> RecordReader {
        self.offset = FILE_HEADER_LEN as u64 + (position - self.first_position);
        self
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes at the present offset; None beyond the limit.
    fn bytes(&mut self, len: usize) -> Result<Option<&[u8]>> {
        let wanted_end = self.offset.checked_add(len as u64).filter(|end| *end <= self.limit);
        let Some(wanted_end) = wanted_end else { return Ok(None) };
        if self.offset < self.window_offset || wanted_end > self.window_offset + self.window.len() as u64 {
            let window_len = (READ_LEN as u64).max(len as u64).min(self.limit - self.offset);
            self.window.resize(window_len as usize, 0);
            self.window_offset = self.offset;
            if let Err(error) = self.file.read_at(&mut self.window, self.offset) {
                return Err(StoreError::from_io(&error, "read", Path::new("the commit log")));
            }
        }
        let start = (self.offset - self.window_offset) as usize;
        Ok(Some(&self.window[start..start + len]))
    }

    /// The record at the present offset, or None when there is no sound one; then the offset stays.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>> {
        let seed = self.seed;
        let position = self.first_position + (self.offset - FILE_HEADER_LEN as u64);
        let Some(header) = self.bytes(RECORD_HEADER_LEN)? else { return Ok(None) };
        let payload_len = read_u32(header, 12) as usize;
        if read_u32(header, 8) != record_magic(seed) || payload_len > MAX_RECORD_LEN {
            return Ok(None);
        }
        let len = record_len(payload_len);
        let Some(bytes) = self.bytes(len as usize)? else { return Ok(None) };
        if xxh3_64_with_seed(&bytes[8..], record_seed(seed, position)) != read_u64(bytes, 0) {
            return Ok(None);
        }
        self.offset += len;
        let start = (self.offset - len - self.window_offset) as usize;
        let bytes = &self.window[start..start + len as usize];
        let unsynced = read_u32(bytes, 16);
        Ok(Some(Record {
            payload: &bytes[RECORD_HEADER_LEN..RECORD_HEADER_LEN + payload_len],
            end_position: position + len,
            previous: read_u64(bytes, 24),
            checksum: read_u64(bytes, 0),
            synced: (unsynced != NOTHING_KNOWN).then(|| position.saturating_sub(u64::from(unsynced))),
        }))
    }

    /// Moves on to the next place where a record may begin. False at the limit.
    pub(super) fn skip_to_candidate(&mut self) -> Result<bool> {
        let magic = record_magic(self.seed).to_le_bytes();
        self.offset += 8;
        loop {
            let len = (self.limit.saturating_sub(self.offset) as usize).min(READ_LEN) & !7;
            if len < RECORD_HEADER_LEN {
                return Ok(false);
            }
            let Some(bytes) = self.bytes(len)? else { return Ok(false) };
            let found = bytes.as_chunks::<8>().0[1..].iter().position(|word| word[..4] == magic);
            match found {
                Some(index) => {
                    self.offset += index as u64 * 8;
                    return Ok(true);
                }
                // The last word may be the magic's, whose record begins a word earlier.
                None => self.offset += len as u64 - 8,
            }
        }
    }
}

/// What the log's files are called.
#[derive(Debug, Clone)]
pub(super) enum Names {
    Numbered,
    /// There is only one, beside the file of the database.
    Single(String),
}

impl Names {
    pub(super) fn of(&self, number: u32) -> String {
        match self {
            Names::Numbered => file_name(number),
            Names::Single(name) => name.clone(),
        }
    }

    /// What is there, by number.
    pub(super) fn list(&self, disk: &dyn Disk, dir: &Path) -> io::Result<Vec<u32>> {
        match self {
            Names::Numbered => {
                let names = disk.list(dir)?;
                let mut numbers: Vec<u32> = names.iter().filter_map(|name| file_number(name)).collect();
                numbers.sort_unstable();
                Ok(numbers)
            }
            Names::Single(name) => Ok(disk.kind(&dir.join(name))?.map(|_| 1).into_iter().collect()),
        }
    }
}

fn file_name(number: u32) -> String {
    format!("{number:08}.log")
}

fn file_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".log")?.parse().ok()?;
    (number <= MAX_FILE_NUMBER && file_name(number) == name).then_some(number)
}
