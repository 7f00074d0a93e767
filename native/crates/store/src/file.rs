//! Blocks in one file, kept by redb. The only file that names it.
//!
//!     blocks   (id, piece) → bytes         a block's encoded bytes, in pieces that fill redb's pages
//!     facts    name → bytes                the root, freed lists, counts: what `file_store` remembers
//!
//! What redb does and does not do (4.6), and how this file answers:
//! - A value gets a page of its own whose size is the next power of two: a block is cut into pieces of such sizes.
//! - It does not check its pages when it reads them, and panics on what it cannot understand: `paged_file` checks
//!   them, and what still panics is caught here and ends the use of the file.
//! - Opening and closing write and sync a mark of cleanliness. `paged_file` keeps it back, and closing simply stops:
//!   each durable commit also saves redb's allocator ("quick repair"), so that opening needs no clean close.
//! - After an I/O error it refuses everything, reads too: it is then opened again at the last published state.
//! - Its readers keep old pages alive, and the file grows by them: each read is a transaction of its own (1 µs).
//! - It reads a value by its whole pages, into memory that it keeps. Where it found a block is remembered, and the block is
//!   read from there the next time, checked by its own checksum (`block_places`).

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use parking_lot::{Mutex, RwLock};
use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition, WriteTransaction,
};

use crate::{
    block_places::{BlockPlace, BlockPlaces},
    codec::{BLOCK_HEADER_LEN, peek},
    error::{ErrorKind, Result, StoreError},
    paged_file::{PAGE_LEN, PagedFile, Syncs, forget_last_read, offset_of, take_damage},
    store::{BlockId, closed},
};

const BLOCKS: TableDefinition<(u64, u16), &[u8]> = TableDefinition::new("blocks");
const FACTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("facts");
/// Branches and what one transaction writes; blocks are cached above, decoded.
const CACHE_BYTES: usize = 4 << 20;
/// What a page holds besides one value: its kind, its length, the key, the value's end, and room to align them.
const PAGE_OVERHEAD: usize = 32;
/// The longest piece, in pages: 1 MB. Longer ones would need room in one stretch that a file full of holes has not.
const MAX_PIECE_PAGES: usize = 256;

/// What moving the pages of one file may take; a few commits are enough for each round, and rounds halve what is left.
const MAX_COMPACTION_SYNCS: u32 = 2000;

/// Whether a transaction may be lost when the process ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commit {
    Volatile,
    Durable,
}

pub(crate) struct BlockFile {
    pages: Arc<PagedFile>,
    /// None after `close`. Writers come one at a time.
    database: RwLock<Option<Database>>,
    /// Why the file is not used any more.
    failure: Mutex<Option<StoreError>>,
    places: BlockPlaces,
}

/// What one transaction changes.
#[derive(Default)]
pub(crate) struct Changes<'a> {
    pub blocks: Vec<(BlockId, &'a [u8])>,
    pub removed: Vec<BlockId>,
    pub facts: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// A fact that depends on what was removed.
    pub last_fact: Option<&'a dyn Fn(Removed) -> (Vec<u8>, Vec<u8>)>,
}

/// What it did.
#[derive(Default, Clone, Copy)]
pub(crate) struct Removed {
    pub count: u64,
    pub bytes: u64,
}

#[derive(Debug)]
struct Backend(Arc<PagedFile>);

impl std::fmt::Debug for PagedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PagedFile")
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> std::io::Result<u64> {
        Ok(self.0.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> std::io::Result<()> {
        self.0.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.0.write(offset, data)
    }
}

/// Makes a page of redb's that any descent ends at with an error: a branch whose children have an impossible size.
pub(crate) fn fill_with_dead_end(page: &mut [u8]) {
    page.fill(0);
    page[0] = 2;
    page[2] = 1;
    page[40..56].fill(0xff);
    page[56] = 60;
}

impl BlockFile {
    /// Makes an empty file one with these facts.
    pub(crate) fn create(pages: Arc<PagedFile>, facts: &Changes<'_>) -> Result<BlockFile> {
        let file = BlockFile::without_database(pages);
        file.open_database()?;
        file.write(facts, Commit::Durable)?;
        Ok(file)
    }

    pub(crate) fn open(pages: Arc<PagedFile>, is_read_only: bool) -> Result<BlockFile> {
        let file = BlockFile::without_database(pages);
        file.open_database()?;
        // A repair wrote pages of its own: they must count before any of theirs is used again.
        if !is_read_only && file.pages.has_dirty_pages() {
            file.pages.publish().map_err(|e| io_error(&e))?;
        }
        Ok(file)
    }

    fn without_database(pages: Arc<PagedFile>) -> BlockFile {
        let (database, failure, places) = <_>::default();
        BlockFile { pages, database, failure, places }
    }

    fn open_database(&self) -> Result<()> {
        let database = self.guard("open", || {
            let mut builder = Database::builder();
            builder.set_cache_size(CACHE_BYTES);
            builder.create_with_backend(Backend(Arc::clone(&self.pages))).map_err(redb::Error::from)
        })?;
        *self.database.write() = Some(database);
        Ok(())
    }

    /// Runs redb's code over bytes that may be anything.
    fn guard<T>(&self, action: &str, act: impl FnOnce() -> std::result::Result<T, redb::Error>) -> Result<T> {
        if let Some(failure) = &*self.failure.lock() {
            return Err(failure.clone());
        }
        take_damage();
        match catch_unwind(AssertUnwindSafe(act)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(store_error(&error, action)),
            Err(panic) => {
                let error = store_error(&redb::Error::Corrupted(panic_message(&*panic)), action);
                Err(self.failure.lock().get_or_insert(error).clone())
            }
        }
    }

    /// Appends what lies where the block was found before: its encoded bytes, if they pass their checksum. False when that
    /// place is not known or cannot be read: `read` tells why.
    pub(crate) fn read_where_found(&self, id: BlockId, out: &mut Vec<u8>) -> bool {
        let Some(place) = self.places.get(id) else { return false };
        // Once the file is given up nothing is read.
        let is_in_use = self.failure.lock().is_none();
        is_in_use && self.read_pieces(place, out).is_ok()
    }

    fn read_pieces(&self, place: BlockPlace, out: &mut Vec<u8>) -> std::io::Result<()> {
        let lens = pieces(place.len as usize);
        lens.zip(place.starts).try_for_each(|(len, start)| self.pages.read_unchecked(start, len, out))
    }

    /// Appends the block's encoded bytes to `out`. False when there is none.
    pub(crate) fn read(&self, id: BlockId, out: &mut Vec<u8>) -> Result<bool> {
        let database = self.database.read();
        let database = database.as_ref().ok_or_else(closed)?;
        let start = out.len();
        let is_there = self.guard("read", || {
            let blocks = database.begin_read()?.open_table(BLOCKS)?;
            let mut starts = Vec::with_capacity(4);
            let mut read_piece = |piece: u16, out: &mut Vec<u8>| {
                forget_last_read();
                let Some(found) = blocks.get((id.get(), piece))? else { return Ok::<_, redb::Error>(false) };
                out.extend_from_slice(found.value());
                starts.push(offset_of(found.value()));
                Ok(true)
            };
            if !read_piece(0, out)? {
                return Ok(false);
            }
            let Some(len) = encoded_len(&out[start..]) else { return Ok(true) };
            for piece in 1..pieces(len).count() {
                if !read_piece(piece as u16, out)? {
                    return Ok(true);
                }
            }
            if out.len() - start == len
                && let Some(place) = BlockPlace::new(len, &starts)
            {
                self.places.insert(id, place);
            }
            Ok(true)
        })?;
        Ok(is_there)
    }

    /// Calls `visit` with each block's id and encoded length.
    pub(crate) fn scan(&self, visit: &mut dyn FnMut(BlockId, u32)) -> Result<()> {
        let database = self.database.read();
        let database = database.as_ref().ok_or_else(closed)?;
        self.guard("read", || {
            let blocks = database.begin_read()?.open_table(BLOCKS)?;
            for entry in blocks.iter()? {
                let (key, value) = entry?;
                let ((id, piece), bytes) = (key.value(), value.value());
                if let (Some(id), 0, Some(len)) = (BlockId::new(id), piece, encoded_len(bytes)) {
                    visit(id, len as u32);
                }
            }
            Ok(())
        })
    }

    pub(crate) fn facts(&self, visit: &mut dyn FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()> {
        let database = self.database.read();
        let database = database.as_ref().ok_or_else(closed)?;
        self.guard("read", || {
            let facts = database.begin_read()?.open_table(FACTS)?;
            for entry in facts.iter()? {
                let (key, value) = entry?;
                if let Err(error) = visit(key.value(), value.value()) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        })?
    }

    /// One transaction. When it fails the file is as it was last published: volatile ones are lost then.
    pub(crate) fn write(&self, changes: &Changes<'_>, commit: Commit) -> Result<Removed> {
        let published = self.pages.published_count();
        self.try_write(changes, commit).inspect_err(|_| {
            if self.pages.published_count() != published {
                self.pages.doubt();
            }
            self.go_back();
        })
    }

    fn try_write(&self, changes: &Changes<'_>, commit: Commit) -> Result<Removed> {
        let database = self.database.read();
        let database = database.as_ref().ok_or_else(closed)?;
        let removed = self.guard("write", || {
            let mut transaction = database.begin_write()?;
            match commit {
                Commit::Volatile => {
                    transaction.set_durability(Durability::None)?;
                }
                Commit::Durable => transaction.set_quick_repair(true),
            }
            let removed = apply(&transaction, changes)?;
            self.pages.set_syncs(match commit {
                Commit::Volatile => Syncs::Wait,
                Commit::Durable => Syncs::InTwo,
            });
            transaction.commit()?;
            Ok(removed)
        });
        self.pages.set_syncs(Syncs::Wait);
        let removed = removed?;
        if commit == Commit::Durable {
            self.pages.publish().map_err(|e| io_error(&e))?;
        }
        for id in &changes.removed {
            self.places.remove(*id);
        }
        Ok(removed)
    }

    /// Opens redb anew at what was last published.
    fn go_back(&self) {
        self.close();
        self.places.clear();
        self.pages.go_back();
        self.pages.reopen();
        if let Err(error) = self.open_database() {
            self.failure.lock().get_or_insert(error);
        }
    }

    /// Moves pages towards the beginning of the file and cuts off its end. False when that would win nothing.
    pub(crate) fn compact(&self) -> Result<bool> {
        let before = self.pages.file_len();
        let compacted = {
            let mut database = self.database.write();
            let database = database.as_mut().ok_or_else(closed)?;
            // Its own commits do not sync in two.
            self.pages.set_syncs(Syncs::Publish { left: MAX_COMPACTION_SYNCS });
            let compacted = self.guard("compact", || Ok(database.compact()?));
            self.pages.set_syncs(Syncs::Wait);
            compacted.and_then(|has_moved| self.pages.publish().map_err(|e| io_error(&e)).map(|()| has_moved))
        };
        match compacted {
            Ok(has_moved) => {
                // It leaves redb's allocator unsaved, and the next open would have to walk the whole file.
                self.write(&Changes::default(), Commit::Durable)?;
                Ok(has_moved && self.pages.file_len() < before)
            }
            Err(error) => {
                self.go_back();
                Err(error)
            }
        }
    }

    /// Drops redb without letting it write.
    pub(crate) fn close(&self) {
        self.pages.close();
        if let Some(database) = self.database.write().take() {
            // It finds that nothing can be written any more, which is what is wanted.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
        }
    }
}

impl Drop for BlockFile {
    fn drop(&mut self) {
        self.close();
    }
}

fn apply(transaction: &WriteTransaction, changes: &Changes<'_>) -> std::result::Result<Removed, redb::Error> {
    let mut removed = Removed::default();
    let mut blocks = transaction.open_table(BLOCKS)?;
    for id in &changes.removed {
        let len = blocks.remove((id.get(), 0))?.map(|first| encoded_len(first.value()).unwrap_or(0));
        let Some(len) = len else { continue };
        for piece in 1..pieces(len).count() {
            blocks.remove((id.get(), piece as u16))?;
        }
        removed.count += 1;
        removed.bytes += len as u64;
    }
    for (id, bytes) in &changes.blocks {
        let mut rest = *bytes;
        for (piece, len) in pieces(bytes.len()).enumerate() {
            let (head, tail) = rest.split_at(len);
            blocks.insert((id.get(), piece as u16), head)?;
            rest = tail;
        }
    }
    let mut facts = transaction.open_table(FACTS)?;
    for (key, value) in &changes.facts {
        match value {
            Some(value) => facts.insert(&key[..], &value[..])?,
            None => facts.remove(&key[..])?,
        };
    }
    if let Some(last_fact) = changes.last_fact {
        let (key, value) = last_fact(removed);
        facts.insert(&key[..], &value[..])?;
    }
    Ok(removed)
}

/// How long a block is, by its beginning.
fn encoded_len(start: &[u8]) -> Option<usize> {
    let header = start.first_chunk::<BLOCK_HEADER_LEN>()?;
    Some(BLOCK_HEADER_LEN + peek(header).len as usize)
}

/// The lengths of a block's pieces: each but the last fills a page of 1, 2, 4 … of redb's.
fn pieces(len: usize) -> impl Iterator<Item = usize> {
    let mut rest = len;
    std::iter::from_fn(move || {
        let fitting = (rest + PAGE_OVERHEAD) / PAGE_LEN;
        let page_count = if fitting == 0 { 1 } else { 1 << fitting.ilog2() }.min(MAX_PIECE_PAGES);
        let piece = (page_count * PAGE_LEN - PAGE_OVERHEAD).min(rest);
        rest -= piece;
        (piece > 0).then_some(piece)
    })
}

fn store_error(error: &redb::Error, action: &str) -> StoreError {
    if let Some(damage) = take_damage() {
        return StoreError::corrupt(format!("{action}: {damage}"));
    }
    match error {
        redb::Error::Io(error) => io_error(error),
        redb::Error::Corrupted(what) => StoreError::corrupt(format!("{action}: {what}")),
        redb::Error::DatabaseClosed => closed(),
        other => StoreError::new(ErrorKind::Io, format!("{action} the database: {other}")),
    }
}

fn io_error(error: &std::io::Error) -> StoreError {
    StoreError::from_io(error, "use", std::path::Path::new("the database file"))
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("its structure is not sound: {}", text.unwrap_or("no reason given"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        disk::{Disk, FaultyDisk, OpenMode},
        store::Uuid,
    };

    fn id(number: u64) -> BlockId {
        BlockId::new(number).unwrap()
    }

    /// A block's encoded bytes as far as this file looks at them.
    fn encoded(number: u64, len: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..len).map(|at| (at as u64 * number / 8) as u8).collect();
        bytes[16..20].copy_from_slice(&((len - BLOCK_HEADER_LEN) as u32).to_le_bytes());
        bytes
    }

    #[test]
    fn blocks_are_read_where_they_were_found() {
        const COUNT: u64 = 1000;
        let file = FaultyDisk::new().open("/db".as_ref(), OpenMode::CreateNew).unwrap();
        let pages = Arc::new(PagedFile::create(file, Uuid([7; 16])).unwrap());
        let file = BlockFile::create(pages, &Changes::default()).unwrap();
        let blocks: Vec<_> = (1..=COUNT)
            .map(|number| (id(number), encoded(number, BLOCK_HEADER_LEN + (number * 37 % 32_000) as usize)))
            .collect();
        let slices = blocks.iter().map(|(id, bytes)| (*id, &bytes[..])).collect();
        file.write(&Changes { blocks: slices, ..Changes::default() }, Commit::Durable).unwrap();
        let read = |id| {
            let mut out = vec![1];
            assert!(file.read(id, &mut out).unwrap());
            out
        };
        let read_where_found = |id| {
            let mut out = vec![1];
            file.read_where_found(id, &mut out).then_some(out)
        };
        // The last ones written are still in redb's cache, which does not tell where it had them from.
        for _ in 0..2 {
            for (id, bytes) in &blocks {
                assert_eq!(read(*id)[1..], bytes[..]);
            }
        }
        let found = blocks.iter().filter_map(|(id, bytes)| Some((read_where_found(*id)?, bytes)));
        let found_count = found.map(|(out, bytes)| assert_eq!(out[1..], bytes[..])).count();
        assert!(found_count > COUNT as usize / 2, "{found_count} were found");

        let removed: Vec<_> = (1..=COUNT / 2).map(id).collect();
        file.write(&Changes { removed, ..Changes::default() }, Commit::Durable).unwrap();
        assert!((1..=COUNT / 2).all(|number| read_where_found(id(number)).is_none()), "they are gone");
        file.go_back();
        assert!(
            blocks.iter().all(|(id, _)| read_where_found(*id).is_none()),
            "nothing is known of this file"
        );
    }

    #[test]
    fn pieces_add_up_and_waste_at_most_the_end_of_one_page() {
        for len in (1..200_000).step_by(37).chain([PAGE_LEN - PAGE_OVERHEAD, 1 << 28]) {
            let pieces: Vec<_> = pieces(len).collect();
            assert_eq!(pieces.iter().sum::<usize>(), len);
            assert!(u16::try_from(pieces.len()).is_ok());
            for piece in &pieces[..pieces.len() - 1] {
                assert!(((piece + PAGE_OVERHEAD) / PAGE_LEN).is_power_of_two());
            }
        }
    }
}
