//! Segments: append-only files of encoded blocks, read by position.
//!
//!     <path>/segments/00000001.seg
//!     "PLDBSEG1" | uuid (16) | number u32 | checksum of these u32 | block | block | …
//!
//! Each checkpoint that has become durable leaves a marker behind its blocks: its root. The map alone decides what the
//! root is; but a map that lost its end (sled drops what follows a damaged page, silently) would take the store back in
//! time and its newer blocks for rubbish. Markers beyond what the map knows tell.
//!
//! Always true:
//! - Bytes before a segment's end never change; a failed append leaves the end where it was.
//! - Only the newest segment is appended to. It becomes old when it is full, and all are about equally big, so that
//!   there are never so many that keeping them open hurts.
//! - A segment goes as a whole, when nothing in it is needed.
//!
//! Not here: which blocks are where (`block_store`), what a block looks like (`codec`).

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use parking_lot::{Mutex, RwLock};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    block_map::decode_root,
    codec::{BLOCK_HEADER_LEN, decode_marker, peek},
    disk::{Disk, DiskFile, OpenMode},
    error::{Result, StoreError},
    store::{MAX_FILE_NUMBER, Uuid, check_file_number},
};

const MAGIC: &[u8; 8] = b"PLDBSEG1";
pub(crate) const SEGMENT_HEADER_LEN: u64 = 32;
const MIN_FULL_LEN: u64 = 16 << 20;
const MAX_FULL_LEN: u64 = 1 << 30;
/// A new segment is as long as this part of all of them.
const SEGMENTS_WANTED: u64 = 32;
/// A root with all the engine may put into it.
const MAX_MARKER_LEN: u64 = 8192;
/// Blocks looked at behind the known end of one segment: bounds what hostile lengths can cost.
const MAX_WALK: usize = 1 << 20;

pub(crate) struct Segments {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    uuid: Uuid,
    min_full_len: u64,
    files: RwLock<BTreeMap<u32, Arc<Segment>>>,
    tail: Mutex<Tail>,
}

struct Segment {
    file: Arc<dyn DiskFile>,
    len: AtomicU64,
    is_dirty: AtomicBool,
}

struct Tail {
    current: Option<u32>,
    next_number: u32,
    is_dir_dirty: bool,
}

/// What the map says about one segment.
#[derive(Clone, Copy, Default)]
pub(crate) struct SegmentUse {
    pub live_bytes: u64,
    /// Where its last known block ends.
    pub end: u64,
}

impl Segments {
    /// Opens what is there. Files in which the map knows no block are left over from a crash and removed; the newest
    /// one is cut to its last known block or marker. A missing or damaged file is not an error here: its blocks are, when read.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        uuid: Uuid,
        uses: &HashMap<u32, SegmentUse>,
        options: &SegmentOptions,
    ) -> Result<Segments> {
        let names = disk.list(&dir).map_err(|e| StoreError::from_open(&e, &dir))?;
        let mut numbers: Vec<u32> = names.iter().filter_map(|name| segment_number(name)).collect();
        numbers.sort_unstable();
        let last_number = numbers.last().copied().max(uses.keys().max().copied()).unwrap_or(0);
        let mut files = BTreeMap::new();
        let last_known = uses.keys().max().copied().unwrap_or(0);
        let mut unknown = Vec::new();
        for number in numbers {
            let path = dir.join(segment_name(number));
            let mode = if options.is_read_only { OpenMode::Read } else { OpenMode::Write };
            let file = disk.open(&path, mode).map_err(|e| StoreError::from_open(&e, &path))?;
            let mut len = file.byte_len().map_err(|e| StoreError::from_io(&e, "read", &path))?;
            let mut end = uses.get(&number).map_or(SEGMENT_HEADER_LEN, |known| known.end);
            let mut header = [0; SEGMENT_HEADER_LEN as usize];
            let is_ours = file.read_at(&mut header, 0).is_ok() && header == encode_header(uuid, number);
            if is_ours && number >= last_known {
                end = check_markers(&*file, end, len, options)?;
            }
            if !uses.contains_key(&number) && (number != last_number || end == SEGMENT_HEADER_LEN || !is_ours)
            {
                unknown.push(path);
                continue;
            }
            if !is_ours {
                continue;
            }
            if number == last_number && !options.is_read_only && len > end {
                file.set_len(end).map_err(|e| StoreError::from_io(&e, "truncate", &path))?;
                len = end;
            }
            let is_dirty = AtomicBool::new(options.is_unsynced);
            files.insert(number, Arc::new(Segment { file, len: AtomicU64::new(len), is_dirty }));
        }
        // Only now: had a marker spoken against the map, they would be what there is left to rescue.
        for path in unknown.iter().filter(|_| !options.is_read_only) {
            disk.remove(path).map_err(|e| StoreError::from_io(&e, "remove", path))?;
        }
        let current = files.contains_key(&last_number).then_some(last_number);
        let tail = Tail { current, next_number: last_number + 1, is_dir_dirty: options.is_unsynced };
        let min_full_len = options.min_full_len.unwrap_or(MIN_FULL_LEN);
        Ok(Segments { disk, dir, uuid, min_full_len, files: RwLock::new(files), tail: Mutex::new(tail) })
    }

    /// Appends the bytes to one segment; returns it and where they begin.
    pub(crate) fn append(&self, bytes: &[u8]) -> Result<(u32, u32)> {
        let mut tail = self.tail.lock();
        let number = match tail.current {
            Some(number) if self.has_room(number, bytes.len() as u64) => number,
            _ => self.create(&mut tail)?,
        };
        let segment = self.files.read().get(&number).map(Arc::clone);
        let segment = segment.expect("the current segment is only removed with the tail's lock held");
        let offset = segment.len.load(Ordering::Acquire);
        // A failed write leaves rubbish behind the end, which the next one overwrites.
        segment.file.write_at(bytes, offset).map_err(|e| self.io_error(&e, "write", number))?;
        segment.len.store(offset + bytes.len() as u64, Ordering::Release);
        segment.is_dirty.store(true, Ordering::Release);
        Ok((number, offset as u32))
    }

    fn has_room(&self, number: u32, len: u64) -> bool {
        let end = self.len(number);
        end == SEGMENT_HEADER_LEN || end + len <= self.full_len()
    }

    fn full_len(&self) -> u64 {
        (self.file_bytes() / SEGMENTS_WANTED).clamp(self.min_full_len, MAX_FULL_LEN)
    }

    fn create(&self, tail: &mut Tail) -> Result<u32> {
        let number = tail.next_number;
        check_file_number(number)?;
        let path = self.dir.join(segment_name(number));
        let file =
            self.disk.open(&path, OpenMode::CreateNew).map_err(|e| self.io_error(&e, "create", number))?;
        tail.next_number += 1;
        tail.is_dir_dirty = true;
        if let Err(error) = file.write_at(&encode_header(self.uuid, number), 0) {
            drop(file);
            // It holds nothing; the next open removes it if this cannot.
            let _ = self.disk.remove(&path);
            return Err(self.io_error(&error, "write", number));
        }
        let segment =
            Segment { file, len: AtomicU64::new(SEGMENT_HEADER_LEN), is_dirty: AtomicBool::new(true) };
        self.files.write().insert(number, Arc::new(segment));
        tail.current = Some(number);
        Ok(number)
    }

    /// Reads into `buffer`, which takes the length. False when there is no such segment (any more).
    pub(crate) fn read(&self, number: u32, offset: u32, len: u32, buffer: &mut Vec<u8>) -> Result<bool> {
        let Some(segment) = self.files.read().get(&number).map(Arc::clone) else {
            return Ok(false);
        };
        // The bound keeps a wrong length from a damaged map from allocating more than the file holds.
        if u64::from(offset) + u64::from(len) > segment.len.load(Ordering::Acquire) {
            return Err(StoreError::corrupt(format!("segment {number} ends before offset {offset} + {len}")));
        }
        buffer.resize(len as usize, 0);
        match segment.file.read_at(buffer, u64::from(offset)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(StoreError::corrupt(format!("segment {number} ends before offset {offset} + {len}")))
            }
            Err(error) => Err(self.io_error(&error, "read", number)),
        }
    }

    /// Makes everything appended so far durable, and the files' names too.
    pub(crate) fn sync(&self) -> Result<()> {
        let is_dir_dirty = std::mem::take(&mut self.tail.lock().is_dir_dirty);
        let files: Vec<_> =
            self.files.read().iter().map(|(number, file)| (*number, Arc::clone(file))).collect();
        for (number, segment) in files {
            if segment.is_dirty.swap(false, Ordering::AcqRel) {
                segment.file.sync_data().map_err(|e| self.io_error(&e, "sync", number))?;
            }
        }
        if is_dir_dirty {
            self.disk.sync_dir(&self.dir).map_err(|e| StoreError::from_io(&e, "sync", &self.dir))?;
        }
        Ok(())
    }

    /// After a time without syncs: the next sync takes everything.
    pub(crate) fn mark_all_dirty(&self) {
        self.tail.lock().is_dir_dirty = true;
        for segment in self.files.read().values() {
            segment.is_dirty.store(true, Ordering::Release);
        }
    }

    /// Readers that already have the file finish with it.
    pub(crate) fn remove(&self, number: u32) -> Result<()> {
        let mut tail = self.tail.lock();
        if tail.current == Some(number) {
            tail.current = None;
        }
        self.files.write().remove(&number);
        let path = self.dir.join(segment_name(number));
        self.disk.remove(&path).map_err(|e| self.io_error(&e, "remove", number))
    }

    pub(crate) fn len(&self, number: u32) -> u64 {
        self.files.read().get(&number).map_or(0, |segment| segment.len.load(Ordering::Acquire))
    }

    /// All numbers with their lengths; the one being appended to is left out.
    pub(crate) fn full_segments(&self) -> Vec<(u32, u64)> {
        let current = self.tail.lock().current;
        let files = self.files.read();
        let full = files.iter().filter(|(number, _)| Some(**number) != current);
        full.map(|(number, segment)| (*number, segment.len.load(Ordering::Acquire))).collect()
    }

    pub(crate) fn current(&self) -> Option<u32> {
        self.tail.lock().current
    }

    /// Makes the next append begin a new segment, so that compaction may take this one.
    pub(crate) fn close_if_current(&self, number: u32) {
        let mut tail = self.tail.lock();
        if tail.current == Some(number) {
            tail.current = None;
        }
    }

    /// Lets go of the files.
    pub(crate) fn close(&self) {
        self.tail.lock().current = None;
        self.files.write().clear();
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.files.read().values().map(|segment| segment.len.load(Ordering::Acquire)).sum()
    }

    fn io_error(&self, error: &io::Error, action: &str, number: u32) -> StoreError {
        StoreError::from_io(error, action, &self.dir.join(segment_name(number)))
    }
}

/// Walks over what the map does not know, from `end`; returns where the last marker of the map's past ends.
fn check_markers(file: &dyn DiskFile, end: u64, len: u64, options: &SegmentOptions) -> Result<u64> {
    let (mut offset, mut known_end) = (end, end);
    for _ in 0..MAX_WALK {
        let mut header = [0; BLOCK_HEADER_LEN];
        if offset + BLOCK_HEADER_LEN as u64 > len || file.read_at(&mut header, offset).is_err() {
            break;
        }
        let next = peek(&header);
        let next_offset = offset + BLOCK_HEADER_LEN as u64 + next.len;
        if next_offset > len || header == [0; BLOCK_HEADER_LEN] {
            break;
        }
        if next.is_marker && next.len <= MAX_MARKER_LEN {
            let mut marker = vec![0; (next_offset - offset) as usize];
            let is_read = file.read_at(&mut marker, offset).is_ok();
            let note = if is_read { decode_marker(options.seed, &marker) } else { None };
            let Some(record) = note.and_then(|note| decode_root(options.seed, note).ok()) else { break };
            if record.number > options.root_number {
                return Err(StoreError::corrupt(format!(
                    "the block map ends at root {}, but root {} was committed: the map has lost its end",
                    options.root_number, record.number
                )));
            }
            known_end = next_offset;
        }
        offset = next_offset;
    }
    Ok(known_end)
}

#[derive(Clone, Default)]
pub(crate) struct SegmentOptions {
    pub seed: u64,
    /// The last root the map knows.
    pub root_number: u64,
    pub is_read_only: bool,
    /// What is on disk may not have been synced yet.
    pub is_unsynced: bool,
    /// Tests make segments small.
    pub min_full_len: Option<u64>,
}

fn segment_name(number: u32) -> String {
    format!("{number:08}.seg")
}

fn segment_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".seg")?.parse().ok()?;
    (number <= MAX_FILE_NUMBER && segment_name(number) == name).then_some(number)
}

fn encode_header(uuid: Uuid, number: u32) -> [u8; SEGMENT_HEADER_LEN as usize] {
    let mut header = [0; SEGMENT_HEADER_LEN as usize];
    header[..8].copy_from_slice(MAGIC);
    header[8..24].copy_from_slice(&uuid.0);
    header[24..28].copy_from_slice(&number.to_le_bytes());
    let checksum = xxh3_64(&header[..28]);
    header[28..].copy_from_slice(&(checksum as u32).to_le_bytes());
    header
}
