//! A file of 4 kB pages in which every page carries its checksum: what stands between the pages' owner and the disk.
//!
//!     0        "PLDBFILE" | format u32 | uuid (16) | is complete u8 | checksum u64           written when it is made
//!     4096     slot: checksum u64 | sequence u64 | length u64 | first bytes of page 0 (512)
//!     8192     mirror: the same; the sound one with the higher sequence counts
//!     12288    page 1: checksum u64 | 4096 bytes | page 2 | …
//!
//! The owner sees a plain file whose first page is its header. That page is the only one ever written in place, so
//! there are two of it: a torn write leaves the other one, and so does a bad sector, because at rest both say the same.
//! Page 0 waits in memory until `publish`; so does the length, and what was never written takes no room.
//!
//! Always true:
//! - A slot reaches the disk only after every page it may refer to has been synced.
//! - The slot is never written before the mirror has been synced with what it says, and the mirror never before the slot.
//! - A page that does not fit its checksum is never handed out. In its place comes one that leads nowhere, and the
//!   damage is noted: an error here would make the owner give up the whole file for one bad page. `read_unchecked` alone
//!   hands out bytes that nobody looked at.
//!
//! Not here: who owns the pages and what they mean (`file`), who holds the file (`single_file`).

use std::{
    cell::{Cell, RefCell},
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use parking_lot::{Mutex, RwLock};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::{
    codec::{checksum_seed, read_u32, read_u64},
    disk::DiskFile,
    error::{ErrorKind, Result, StoreError},
    store::{MAX_COUNT, Uuid, check_counts},
};

pub(crate) const PAGE_LEN: usize = 4096;
const MAGIC: &[u8; 8] = b"PLDBFILE";
const FORMAT: u32 = 1;
const MAGIC_LEN: usize = 37;
const HEADER_LEN: usize = 512;
const SLOT_LEN: usize = 24 + HEADER_LEN;
const SLOTS: [u64; 2] = [PAGE_LEN as u64, 2 * PAGE_LEN as u64];
const FIRST_PAGE_AT: u64 = 3 * PAGE_LEN as u64;
const STORED_PAGE_LEN: u64 = PAGE_LEN as u64 + 8;
/// The length may be ahead of what is written, because the owner grows it by doubling; a length far beyond that was
/// not written by us, and costs memory by its size.
const MAX_AHEAD: u64 = 64 << 20;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Ours(Uuid),
    /// Made, but nothing was ever published: no commit can be in it.
    Unfinished,
    /// Of a format that a later version made.
    Newer(u32),
    Damaged,
    Foreign,
}

/// What a sync of the owner's does.
#[derive(Clone, Copy)]
pub(crate) enum Syncs {
    /// Nothing: what is written need not count yet.
    Wait,
    /// A commit syncs twice: first the pages, then the header that makes them count.
    InTwo,
    /// Everything at once, so many times: an owner misled by hostile bytes may go on for ever.
    Publish { left: u32 },
}

pub(crate) struct PagedFile {
    /// With the lock on it; None after `let_go`.
    file: RwLock<Option<Arc<dyn DiskFile>>>,
    seed: u64,
    uuid: Uuid,
    /// Bytes the owner sees.
    len: AtomicU64,
    /// Bytes on disk.
    file_len: AtomicU64,
    /// What the owner's syncs do.
    syncs: Mutex<Syncs>,
    is_syncing: AtomicBool,
    is_closed: AtomicBool,
    state: Mutex<State>,
}

struct State {
    header: [u8; HEADER_LEN],
    published: Published,
    is_header_dirty: bool,
    mirror: Mirror,
    has_dirty_pages: bool,
    is_complete: bool,
    /// A sync failed, or a slot was begun and not finished: what is on disk is not known.
    is_in_doubt: bool,
}

/// How much the mirror can be relied on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mirror {
    Old,
    Written,
    Synced,
}

#[derive(Clone)]
struct Published {
    sequence: u64,
    len: u64,
    header: [u8; HEADER_LEN],
}

thread_local! {
    static PAGES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The first damage this thread met since it last asked.
    static DAMAGE: RefCell<Option<String>> = const { RefCell::new(None) };
    /// What this thread read last.
    static LAST_READ: Cell<LastRead> = const { Cell::new(LastRead { offset: 0, address: 0, len: 0 }) };
}

#[derive(Clone, Copy, Default)]
struct LastRead {
    offset: u64,
    /// Of the memory it was read into.
    address: usize,
    len: usize,
}

/// Makes `offset_of` know nothing.
pub(crate) fn forget_last_read() {
    LAST_READ.take();
}

/// The offset of these bytes, as the owner sees it, if they lie in what this thread read last.
pub(crate) fn offset_of(bytes: &[u8]) -> Option<u64> {
    let last = LAST_READ.get();
    let start = bytes.as_ptr().addr().checked_sub(last.address)?;
    (start + bytes.len() <= last.len).then_some(last.offset + start as u64)
}

/// What this thread found damaged first since it last asked.
pub(crate) fn take_damage() -> Option<String> {
    DAMAGE.take()
}

/// Tells what a file begins with. The first commit makes it complete, so one without that word and without a sound
/// header never had any.
pub(crate) fn look_at(file: &dyn DiskFile) -> io::Result<Start> {
    let len = file.byte_len()?;
    if len == 0 {
        return Ok(Start::Unfinished);
    }
    let mut start = vec![0; (FIRST_PAGE_AT).min(len) as usize];
    file.read_at(&mut start, 0)?;
    // The file's first sync had not come yet: one page at most, and nothing in it or our name.
    let is_blank = len <= PAGE_LEN as u64 && start.iter().all(|byte| *byte == 0);
    if is_blank {
        return Ok(Start::Unfinished);
    }
    if start.len() < MAGIC_LEN || &start[..8] != MAGIC {
        return Ok(Start::Foreign);
    }
    let format = read_u32(&start, 8);
    if format > FORMAT {
        return Ok(Start::Newer(format));
    }
    if format == 0 || xxh3_64(&start[..29]) != read_u64(&start, 29) {
        return Ok(Start::Damaged);
    }
    let uuid = Uuid(start[12..28].try_into().expect("the range has 16 bytes"));
    let is_complete = start[28] != 0;
    let has_slot = SLOTS.into_iter().enumerate().any(|(slot, at)| {
        let bytes = start.get(at as usize..).and_then(<[u8]>::first_chunk);
        bytes.is_some_and(|bytes| decode_slot(checksum_seed(uuid), slot, bytes).is_some())
    });
    Ok(if is_complete || has_slot { Start::Ours(uuid) } else { Start::Unfinished })
}

/// Whether this is a file of ours, or may become one.
pub(crate) fn is_ours(file: &dyn DiskFile) -> io::Result<bool> {
    look_at(file).map(|start| start != Start::Foreign)
}

fn encode_magic(uuid: Uuid, is_complete: bool) -> [u8; MAGIC_LEN] {
    let mut bytes = [0; MAGIC_LEN];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    bytes[12..28].copy_from_slice(&uuid.0);
    bytes[28] = u8::from(is_complete);
    let checksum = xxh3_64(&bytes[..29]);
    bytes[29..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

impl PagedFile {
    /// Makes an unfinished file an empty one of ours. Nothing counts before the first `publish`.
    pub(crate) fn create(file: Arc<dyn DiskFile>, uuid: Uuid) -> io::Result<PagedFile> {
        file.set_len(0)?;
        let mut start = [0; PAGE_LEN];
        start[..MAGIC_LEN].copy_from_slice(&encode_magic(uuid, false));
        file.write_at(&start, 0)?;
        // The next process must not take half of what follows for somebody else's file.
        file.sync_data()?;
        let published = Published { sequence: 0, len: 0, header: [0; HEADER_LEN] };
        // Nothing was published that could be lost.
        Ok(PagedFile::new(file, uuid, PAGE_LEN as u64, published, Mirror::Synced, false))
    }

    pub(crate) fn open(file: Arc<dyn DiskFile>, uuid: Uuid) -> Result<PagedFile> {
        let read_error = |e: &io::Error| StoreError::new(ErrorKind::Io, format!("read the database: {e}"));
        let file_len = file.byte_len().map_err(|e| read_error(&e))?;
        let mut magic = [0; MAGIC_LEN];
        file.read_at(&mut magic, 0).map_err(|e| read_error(&e))?;
        let seed = checksum_seed(uuid);
        let mut newest: Option<Published> = None;
        let mut mirror = Mirror::Old;
        for (slot, at) in SLOTS.into_iter().enumerate() {
            let mut bytes = [0; SLOT_LEN];
            if at + SLOT_LEN as u64 > file_len {
                continue;
            }
            file.read_at(&mut bytes, at).map_err(|e| read_error(&e))?;
            let found = decode_slot(seed, slot, &bytes);
            newest = match (newest, found) {
                (Some(a), Some(b)) if a.sequence == b.sequence => {
                    mirror = Mirror::Written;
                    Some(a)
                }
                (Some(a), Some(b)) => Some(if a.sequence > b.sequence { a } else { b }),
                (a, b) => a.or(b),
            };
        }
        let Some(published) = newest else {
            return Err(StoreError::corrupt("both headers of the database are damaged"));
        };
        let is_sound = published.len.is_multiple_of(PAGE_LEN as u64)
            && published.len <= file_len.saturating_mul(4).saturating_add(MAX_AHEAD);
        if !is_sound || check_counts(&[published.sequence]).is_err() {
            return Err(StoreError::corrupt("the header of the database has an impossible length"));
        }
        Ok(PagedFile::new(file, uuid, file_len, published, mirror, magic[28] != 0))
    }

    fn new(
        file: Arc<dyn DiskFile>,
        uuid: Uuid,
        file_len: u64,
        published: Published,
        mirror: Mirror,
        is_complete: bool,
    ) -> PagedFile {
        PagedFile {
            file: RwLock::new(Some(file)),
            seed: checksum_seed(uuid),
            uuid,
            len: AtomicU64::new(published.len),
            file_len: AtomicU64::new(file_len),
            syncs: Mutex::new(Syncs::Wait),
            is_syncing: AtomicBool::new(true),
            is_closed: AtomicBool::new(false),
            state: Mutex::new(State {
                header: published.header,
                published,
                is_header_dirty: false,
                mirror,
                has_dirty_pages: false,
                is_complete,
                is_in_doubt: false,
            }),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len.load(Ordering::Acquire)
    }

    pub(crate) fn file_len(&self) -> u64 {
        self.file_len.load(Ordering::Acquire)
    }

    /// Whether syncs reach the disk, as `PRAGMA synchronous` has it.
    pub(crate) fn set_syncing(&self, is_syncing: bool) {
        self.is_syncing.store(is_syncing, Ordering::Release);
    }

    pub(crate) fn set_syncs(&self, syncs: Syncs) {
        *self.syncs.lock() = syncs;
    }

    /// Forgets the header and the length that were never published. Called when nobody uses the pages.
    pub(crate) fn go_back(&self) {
        let state = &mut *self.state.lock();
        state.header = state.published.header;
        state.is_header_dirty = false;
        self.len.store(state.published.len, Ordering::Release);
    }

    /// From here on everything fails: nothing of what the owner does to wind up matters.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    pub(crate) fn reopen(&self) {
        self.is_closed.store(false, Ordering::Release);
    }

    /// Gives up the file and the lock on it.
    pub(crate) fn let_go(&self) {
        self.close();
        drop(self.file.write().take());
    }

    fn file(&self) -> io::Result<Arc<dyn DiskFile>> {
        self.file.read().clone().ok_or_else(|| io::Error::other("the database was closed"))
    }

    fn check_open(&self) -> io::Result<()> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(io::Error::other("the database was closed"));
        }
        Ok(())
    }

    pub(crate) fn published_count(&self) -> u64 {
        self.state.lock().published.sequence
    }

    /// The owner failed where it cannot know what counts.
    pub(crate) fn doubt(&self) {
        self.state.lock().is_in_doubt = true;
    }

    pub(crate) fn is_in_doubt(&self) -> bool {
        self.state.lock().is_in_doubt
    }

    pub(crate) fn has_dirty_pages(&self) -> bool {
        self.state.lock().has_dirty_pages
    }

    pub(crate) fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.check_open()?;
        if offset < PAGE_LEN as u64 {
            let header = self.state.lock().header;
            let wanted = header.get(offset as usize..).and_then(|rest| rest.get(..out.len()));
            out.copy_from_slice(wanted.ok_or(io::ErrorKind::UnexpectedEof)?);
            return Ok(());
        }
        let at = page_offset(offset, out.len())?;
        let stored_len = out.len() / PAGE_LEN * STORED_PAGE_LEN as usize;
        if at + stored_len as u64 > self.file_len() {
            note_damage(format!("the file ends before page {}", offset / PAGE_LEN as u64), out);
            return Ok(());
        }
        PAGES.with_borrow_mut(|stored| {
            if stored.len() < stored_len {
                stored.resize(stored_len, 0);
            }
            let stored_pages = &mut stored[..stored_len];
            match self.file()?.read_at(stored_pages, at) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    note_damage(format!("the file ends before page {}", offset / PAGE_LEN as u64), out);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
            let pages =
                stored_pages.chunks_exact(STORED_PAGE_LEN as usize).zip(out.chunks_exact_mut(PAGE_LEN));
            for (index, (stored, page)) in pages.enumerate() {
                let number = offset / PAGE_LEN as u64 + index as u64;
                if read_u64(stored, 0) != page_checksum(self.seed, number, &stored[8..]) {
                    note_damage(format!("page {number} does not fit its checksum"), out);
                    return Ok(());
                }
                page.copy_from_slice(&stored[8..]);
            }
            shrink(stored);
            LAST_READ.set(LastRead { offset, address: out.as_ptr().addr(), len: out.len() });
            Ok(())
        })
    }

    /// Appends the bytes at any offset behind the header. They are not checked: whoever reads them must have a checksum of
    /// his own.
    pub(crate) fn read_unchecked(&self, offset: u64, len: usize, out: &mut Vec<u8>) -> io::Result<()> {
        self.check_open()?;
        let page_len = PAGE_LEN as u64;
        let stored_at = |offset: u64| {
            let page = (offset / page_len).checked_sub(1).filter(|_| offset <= MAX_COUNT);
            page.map(|page| FIRST_PAGE_AT + page * STORED_PAGE_LEN + 8 + offset % page_len)
        };
        let last = offset.checked_add(len as u64).and_then(|end| end.checked_sub(1));
        let range = stored_at(offset).zip(last.and_then(stored_at));
        let (from, last) = range.filter(|_| len > 0).ok_or(io::ErrorKind::InvalidInput)?;
        if last >= self.file_len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        PAGES.with_borrow_mut(|stored| {
            let stored_len = (last - from) as usize + 1;
            if stored.len() < stored_len {
                stored.resize(stored_len, 0);
            }
            self.file()?.read_at(&mut stored[..stored_len], from)?;
            let (head, rest) =
                stored[..stored_len].split_at(stored_len.min((page_len - offset % page_len) as usize));
            out.extend_from_slice(head);
            for page in rest.chunks(STORED_PAGE_LEN as usize) {
                out.extend_from_slice(&page[8..]);
            }
            shrink(stored);
            Ok(())
        })
    }

    pub(crate) fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check_open()?;
        if offset < PAGE_LEN as u64 {
            let state = &mut *self.state.lock();
            let target = state.header.get_mut(offset as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
            target.ok_or(io::ErrorKind::InvalidInput)?.copy_from_slice(bytes);
            state.is_header_dirty = true;
            return Ok(());
        }
        let at = page_offset(offset, bytes.len())?;
        PAGES.with_borrow_mut(|stored| {
            stored.clear();
            for (index, page) in bytes.chunks_exact(PAGE_LEN).enumerate() {
                let number = offset / PAGE_LEN as u64 + index as u64;
                stored.extend_from_slice(&page_checksum(self.seed, number, page).to_le_bytes());
                stored.extend_from_slice(page);
            }
            self.state.lock().has_dirty_pages = true;
            let written = self.file()?.write_at(stored, at);
            if written.is_ok() {
                self.file_len.fetch_max(at + stored.len() as u64, Ordering::AcqRel);
            }
            shrink(stored);
            written
        })
    }

    pub(crate) fn set_len(&self, len: u64) -> io::Result<()> {
        self.check_open()?;
        if !len.is_multiple_of(PAGE_LEN as u64) || len == 0 || len > MAX_COUNT {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let old_len = self.len.swap(len, Ordering::AcqRel);
        self.state.lock().is_header_dirty = true;
        let end = FIRST_PAGE_AT + (len / PAGE_LEN as u64 - 1) * STORED_PAGE_LEN;
        // The header that no longer refers to what is cut off has been published, or was never.
        if len < old_len && end < self.file_len() && self.file()?.set_len(end).is_ok() {
            self.file_len.store(end, Ordering::Release);
        }
        Ok(())
    }

    /// The owner's sync.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.check_open()?;
        let syncs = {
            let syncs = &mut *self.syncs.lock();
            if let Syncs::Publish { left } = syncs {
                *left = left.checked_sub(1).ok_or_else(|| io::Error::other("too many commits in a row"))?;
            }
            *syncs
        };
        let state = &mut *self.state.lock();
        match syncs {
            Syncs::Wait => Ok(()),
            Syncs::InTwo if state.has_dirty_pages => self.sync_pages(state),
            Syncs::InTwo | Syncs::Publish { .. } => self.publish_all(state),
        }
    }

    /// Makes everything written so far count.
    pub(crate) fn publish(&self) -> io::Result<()> {
        self.check_open()?;
        self.publish_all(&mut self.state.lock())
    }

    fn publish_all(&self, state: &mut State) -> io::Result<()> {
        self.sync_pages(state)?;
        self.publish_header(state)
    }

    fn sync_file(&self) -> io::Result<()> {
        if self.is_syncing.load(Ordering::Acquire) { self.file()?.sync_data() } else { Ok(()) }
    }

    fn sync_pages(&self, state: &mut State) -> io::Result<()> {
        check_doubt(state)?;
        if !std::mem::take(&mut state.has_dirty_pages) {
            return Ok(());
        }
        if !state.is_complete && state.published.sequence > 0 {
            self.file()?.write_at(&encode_magic(self.uuid, true), 0)?;
            state.is_complete = true;
        }
        self.sync_mirror(state)
    }

    /// A sync of the file, after which the mirror says what the slot says.
    fn sync_mirror(&self, state: &mut State) -> io::Result<()> {
        if state.mirror == Mirror::Old {
            self.write_slot(1, &state.published)?;
        }
        self.sync_file().inspect_err(|_| state.is_in_doubt = true)?;
        state.mirror = Mirror::Synced;
        Ok(())
    }

    fn publish_header(&self, state: &mut State) -> io::Result<()> {
        if !state.is_header_dirty {
            return Ok(());
        }
        if state.mirror != Mirror::Synced {
            self.sync_mirror(state)?;
        }
        let next =
            Published { sequence: state.published.sequence + 1, len: self.len(), header: state.header };
        state.is_in_doubt = true;
        self.write_slot(0, &next)?;
        self.sync_file()?;
        state.is_in_doubt = false;
        state.is_header_dirty = false;
        state.published = next;
        // What is published stands, whether or not the mirror gets there.
        state.mirror =
            if self.write_slot(1, &state.published).is_ok() { Mirror::Written } else { Mirror::Old };
        Ok(())
    }

    fn write_slot(&self, slot: usize, published: &Published) -> io::Result<()> {
        self.file()?.write_at(&encode_slot(self.seed, slot, published), SLOTS[slot])?;
        self.file_len.fetch_max(SLOTS[slot] + SLOT_LEN as u64, Ordering::AcqRel);
        Ok(())
    }
}

/// The operating system may have dropped what it could not write, and would report success the next time.
fn check_doubt(state: &State) -> io::Result<()> {
    if state.is_in_doubt { Err(io::Error::other("an earlier sync failed")) } else { Ok(()) }
}

#[cold]
fn note_damage(what: String, out: &mut [u8]) {
    DAMAGE.with_borrow_mut(|first| {
        first.get_or_insert(what);
    });
    crate::file::fill_with_dead_end(out);
}

/// Lets go of a buffer that is too long to be kept.
fn shrink(buffer: &mut Vec<u8>) {
    if buffer.capacity() > 1 << 20 {
        *buffer = Vec::new();
    }
}

fn page_checksum(seed: u64, number: u64, page: &[u8]) -> u64 {
    // Another page's bytes do not pass in this page's place.
    xxh3_64_with_seed(page, seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn encode_slot(seed: u64, slot: usize, published: &Published) -> [u8; SLOT_LEN] {
    let mut bytes = [0; SLOT_LEN];
    bytes[8..16].copy_from_slice(&published.sequence.to_le_bytes());
    bytes[16..24].copy_from_slice(&published.len.to_le_bytes());
    bytes[24..].copy_from_slice(&published.header);
    let checksum = xxh3_64_with_seed(&bytes[8..], seed ^ slot as u64);
    bytes[..8].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn decode_slot(seed: u64, slot: usize, bytes: &[u8; SLOT_LEN]) -> Option<Published> {
    if xxh3_64_with_seed(&bytes[8..], seed ^ slot as u64) != read_u64(bytes, 0) {
        return None;
    }
    let header = *bytes.last_chunk().expect("a slot is longer than a header");
    Some(Published { sequence: read_u64(bytes, 8), len: read_u64(bytes, 16), header })
}

/// Where the stored pages begin that the owner sees at `offset`.
fn page_offset(offset: u64, len: usize) -> io::Result<u64> {
    let is_whole = offset.is_multiple_of(PAGE_LEN as u64) && len.is_multiple_of(PAGE_LEN);
    if !is_whole || offset > MAX_COUNT {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(FIRST_PAGE_AT + (offset / PAGE_LEN as u64 - 1) * STORED_PAGE_LEN)
}

/// For fuzzing: puts checksums over the first page, the header and its mirror, and all pages.
#[cfg(feature = "hostile")]
pub fn seal_single_file(uuid: Uuid, bytes: &mut [u8]) {
    let seed = checksum_seed(uuid);
    if let Some(magic) = bytes.first_chunk_mut::<MAGIC_LEN>() {
        let checksum = xxh3_64(&magic[..29]);
        magic[29..].copy_from_slice(&checksum.to_le_bytes());
    }
    if let Some(headers) = bytes.get_mut(SLOTS[0] as usize..SLOTS[1] as usize + SLOT_LEN) {
        let (slot, mirror) = headers.split_at_mut((SLOTS[1] - SLOTS[0]) as usize);
        mirror.copy_from_slice(&slot[..SLOT_LEN]);
        for (slot, bytes) in [&mut slot[..SLOT_LEN], mirror].into_iter().enumerate() {
            let checksum = xxh3_64_with_seed(&bytes[8..], seed ^ slot as u64);
            bytes[..8].copy_from_slice(&checksum.to_le_bytes());
        }
    }
    let pages = bytes.get_mut(FIRST_PAGE_AT as usize..).unwrap_or_default();
    for (index, page) in pages.chunks_exact_mut(STORED_PAGE_LEN as usize).enumerate() {
        let number = index as u64 + 1;
        let checksum = page_checksum(seed, number, &page[8..]);
        page[..8].copy_from_slice(&checksum.to_le_bytes());
    }
}
