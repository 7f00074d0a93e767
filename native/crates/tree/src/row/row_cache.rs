//! Rows of one version of a table that were looked up lately, each in one piece.
//!
//! A leaf keeps its rows by column: who looks up one row waits for the leaf, for its base and for a line of memory per text.
//! Here a row that was looked up before stands side by side in a slot whose place is known before the tree has been looked at.
//!
//!     slot    head u64 | a row, in words of eight bytes (`cached_row.rs`)
//!     head    writings u24, odd meanwhile | upper half of the hash u32 | words of the row u8
//!
//! The cache belongs to the version of the tree that it was filled from (`RowTree::row_cache`): a change of the tree lets go of
//! it, clones that are not changed share it. So whatever it has is right, and nobody who writes has to look for rows in it.
//! It comes into being when a version has been asked so often that as many questions more are worth their while; one that does
//! not give back in time what it takes stands aside, and makes those of later versions come into being later.
//!
//! Any number of threads may read and write: a slot is read as a seqlock is, and who finds one being written leaves it alone.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Arc, OnceLock};

use pluresdb_prefetch as prefetch;

use crate::RowView;
use crate::row::cached_row::{CachedRow, MOST_WORDS, Payload};

/// Lookups that a version has seen before it keeps rows, at least; of a large table a quarter of its rows.
const LOOKUPS_BEFORE: u64 = 4096;
/// How often that is doubled at most, where caches of earlier versions were in vain.
const MOST_PATIENCE: u8 = 8;
/// Slots of a cache's first table: 2⁶ at least, 2¹⁶ at most.
const FIRST_BITS: std::ops::RangeInclusive<u32> = 6..=16;
/// Tables, each twice as large as the one before.
const TABLES: usize = 12;
/// Bytes of all row caches of a process at most.
const MOST_BYTES: usize = 32 << 20;
/// Of one cache, as a part of the pager's cache size.
const SHARE: usize = 8;

/// Two lines of memory, which processors fetch together. A slot has as many words, or twice as many.
const PAIR_WORDS: usize = 16;
const _: () = assert!(MOST_WORDS < 2 * PAIR_WORDS, "the longest row has room behind its head");

static BYTES: AtomicUsize = AtomicUsize::new(0);

/// A version's cache, when it has one.
#[derive(Default)]
pub(crate) struct RowCacheOf {
    lookups: AtomicU32,
    cache: OnceLock<Arc<RowCache>>,
    patience: u8,
}

impl RowCacheOf {
    #[inline]
    pub(crate) fn get(&self) -> Option<&Arc<RowCache>> {
        self.cache.get()
    }

    /// The tree is about to be changed.
    #[inline]
    pub(crate) fn forget(&mut self) {
        *self.lookups.get_mut() = 0;
        if let Some(cache) = self.cache.take() {
            self.patience = if cache.has_paid() {
                self.patience.saturating_sub(1)
            } else {
                MOST_PATIENCE.min(self.patience + 2)
            };
        }
    }

    /// A row of `count` was looked up that no cache had. `cache_size` in bytes, the pager's.
    #[inline]
    pub(crate) fn note_lookup(&self, row: &RowView, slots: usize, count: u64, cache_size: usize) {
        let lookups = self.lookups.load(Ordering::Relaxed).saturating_add(1);
        self.lookups.store(lookups, Ordering::Relaxed);
        if u64::from(lookups) > LOOKUPS_BEFORE.max(count / 4) << self.patience {
            self.begin(row, slots, lookups, count, cache_size);
        }
    }

    #[cold]
    fn begin(&self, row: &RowView, slots: usize, lookups: u32, count: u64, cache_size: usize) {
        self.lookups.store(0, Ordering::Relaxed);
        // The next rows may be a little longer than this one.
        let words = match Payload::of(row, slots) {
            Some(payload) if payload.words().len() <= PAIR_WORDS * 3 / 4 => PAIR_WORDS,
            Some(_) => 2 * PAIR_WORDS,
            None => return,
        };
        let most = cache_size / SHARE;
        // Twice as many slots as rows that it may come to.
        let wanted = 1 + count.min(u64::from(lookups)).max(1).ilog2();
        let mut bits = FIRST_BITS
            .rev()
            .filter(|bits| bytes_of(words, *bits) <= most && has_room(bytes_of(words, *bits)));
        let Some(most_bits) = bits.next() else { return };
        let bits = wanted.clamp(*FIRST_BITS.start(), most_bits);
        self.cache.get_or_init(|| Arc::new(RowCache::new(words, bits, lookups, most)));
    }
}

impl Clone for RowCacheOf {
    fn clone(&self) -> RowCacheOf {
        RowCacheOf {
            lookups: AtomicU32::new(self.lookups.load(Ordering::Relaxed)),
            cache: self.cache.clone(),
            patience: self.patience,
        }
    }
}

/// Rows of one version of a tree, found by a hash of whatever they are looked up by.
pub struct RowCache {
    /// Words of a slot.
    words: usize,
    first_bits: u32,
    most_bytes: usize,
    /// Tables that are there; the last of them is in use.
    count: AtomicU32,
    tables: [OnceLock<Table>; TABLES],
    /// What may be spent on keeping rows, `most_credit` at first: to look in vain and to keep a row takes about the time that
    /// is gained where one is found.
    credit: AtomicU32,
    most_credit: u32,
    /// Lookups that pass by, since nothing is left to be spent.
    pause: AtomicU32,
}

impl RowCache {
    fn new(words: usize, first_bits: u32, credit: u32, most_bytes: usize) -> RowCache {
        let tables: [OnceLock<Table>; TABLES] = Default::default();
        tables[0].get_or_init(|| Table::new(first_bits, words));
        RowCache {
            words,
            first_bits,
            most_bytes,
            count: AtomicU32::new(1),
            tables,
            credit: AtomicU32::new(credit),
            most_credit: credit,
            pause: AtomicU32::new(0),
        }
    }

    /// Whether it has gained what it took.
    fn has_paid(&self) -> bool {
        self.credit.load(Ordering::Relaxed) == self.most_credit
    }

    #[inline]
    fn table(&self) -> &Table {
        let last = self.count.load(Ordering::Acquire) as usize - 1;
        self.tables[last].get().expect("a table is counted when it is there")
    }

    /// Where its rows lie as long as it does not grow.
    #[inline]
    pub fn places(&self) -> RowPlaces {
        let table = self.table();
        RowPlaces {
            first: table.words.as_ptr().addr() + table.skipped * size_of::<u64>(),
            slot_bytes: self.words * size_of::<u64>(),
            shift: u64::BITS - table.bits,
        }
    }

    /// Copies the row that is wanted, if it is there. `hash` is of what it is looked up by; hashes meet, so `is_wanted` decides.
    #[inline]
    pub fn find(&self, hash: u64, row: &mut CachedRow, is_wanted: impl FnOnce(&CachedRow) -> bool) -> bool {
        // Counts may lose some where several threads count.
        let pause = self.pause.load(Ordering::Relaxed);
        if pause > 0 {
            self.pause.store(pause - 1, Ordering::Relaxed);
            return false;
        }
        let [first, second] = self.table().slots(hash, self.words);
        if !(copy(first, hash, row) || copy(second, hash, row)) || !is_wanted(row) {
            return false;
        }
        let credit = self.credit.load(Ordering::Relaxed);
        if credit < self.most_credit {
            self.credit.store(credit + 1, Ordering::Relaxed);
        }
        true
    }

    /// Keeps a row of the same version of the tree, which `find` did not find: unless it is too long for that, has values in
    /// overflow blocks, or the cache finds too few to be worth its while.
    pub fn keep(&self, hash: u64, row: &RowView, slots: usize) {
        if self.pause.load(Ordering::Relaxed) > 0 {
            return;
        }
        let credit = self.credit.load(Ordering::Relaxed);
        if credit == 0 {
            // Now and then some more: a table that has been asked for most of its rows is worth it in the end.
            self.credit.store(self.most_credit / 4, Ordering::Relaxed);
            self.pause.store(4 * self.most_credit, Ordering::Relaxed);
            return;
        }
        self.credit.store(credit - 1, Ordering::Relaxed);
        let Some(payload) = Payload::of(row, slots) else { return };
        if payload.words().len() >= self.words {
            return;
        }
        let table = self.table();
        let words = payload.words().iter().map(|bytes| u64::from_le_bytes(*bytes));
        if table.put(hash, words, self.words) && table.is_half_full() {
            self.grow();
        }
    }

    #[cold]
    fn grow(&self) {
        let count = self.count.load(Ordering::Relaxed) as usize;
        let Some(place) = self.tables.get(count) else { return };
        let bits = self.first_bits + count as u32;
        let bytes = bytes_of(self.words, bits);
        if bytes > self.most_bytes || !has_room(bytes) {
            return;
        }
        place.get_or_init(|| Table::grown(self.table(), self.words));
        self.count.fetch_max(count as u32 + 1, Ordering::Release);
    }
}

fn has_room(bytes: usize) -> bool {
    BYTES.load(Ordering::Relaxed) + bytes <= MOST_BYTES
}

/// Of 2^`bits` slots.
fn bytes_of(slot_words: usize, bits: u32) -> usize {
    (size_of::<u64>() * slot_words) << bits
}

/// Where a cache's rows lie, or did when it was asked.
#[derive(Clone, Copy)]
pub struct RowPlaces {
    first: usize,
    slot_bytes: usize,
    shift: u32,
}

impl RowPlaces {
    /// Asks for the memory where a row of that hash would be, without waiting for it. The cache need not be there any more.
    #[inline]
    pub fn ask(&self, hash: u64) {
        let slot = (hash >> self.shift) as usize;
        for slot in [slot, slot ^ 1] {
            let address = self.first.wrapping_add(slot.wrapping_mul(self.slot_bytes));
            prefetch::line(std::ptr::without_provenance::<u64>(address));
        }
    }
}

struct Table {
    bits: u32,
    filled: AtomicUsize,
    /// Before the first slot, so that slots begin where a pair of lines does.
    skipped: usize,
    words: Box<[AtomicU64]>,
}

impl Table {
    fn new(bits: u32, slot_words: usize) -> Table {
        let count = (slot_words << bits) + PAIR_WORDS;
        let words: Box<[AtomicU64]> = (0..count).map(|_| AtomicU64::new(0)).collect();
        BYTES.fetch_add(size_of_val(&*words), Ordering::Relaxed);
        let skipped = words.as_ptr().align_offset(PAIR_WORDS * size_of::<u64>()).min(PAIR_WORDS);
        Table { bits, filled: AtomicUsize::new(0), skipped, words }
    }

    /// One twice as large, with the same rows.
    fn grown(old: &Table, slot_words: usize) -> Table {
        let table = Table::new(old.bits + 1, slot_words);
        for slot in old.words[old.skipped..].chunks_exact(slot_words).take(1 << old.bits) {
            let head = slot[0].load(Ordering::Acquire);
            if used(head) == 0 || head & ONE != 0 {
                continue;
            }
            let mut row = [0; MOST_WORDS];
            for (copied, word) in row.iter_mut().zip(&slot[1..]).take(used(head)) {
                *copied = word.load(Ordering::Relaxed);
            }
            fence(Ordering::Acquire);
            if slot[0].load(Ordering::Relaxed) == head {
                table.put(hash_of(head), row[..used(head)].iter().copied(), slot_words);
            }
        }
        table
    }

    /// The two in which a row of that hash may stand.
    #[inline]
    fn slots(&self, hash: u64, slot_words: usize) -> [&[AtomicU64]; 2] {
        let first = (hash >> (u64::BITS - self.bits)) as usize;
        [first, first ^ 1].map(|slot| &self.words[self.skipped + slot * slot_words..][..slot_words])
    }

    /// Whether it has one more than before.
    fn put(&self, hash: u64, payload: impl ExactSizeIterator<Item = u64>, slot_words: usize) -> bool {
        let slots = self.slots(hash, slot_words);
        let heads = slots.map(|slot| slot[0].load(Ordering::Relaxed));
        let is_free = |head: u64| used(head) == 0;
        let is_same = |head: u64| has_hash(head, hash) && !is_free(head);
        let place = heads.iter().position(|head| is_same(*head));
        let place = place.or_else(|| heads.iter().position(|head| is_free(*head))).unwrap_or(0);
        let (slot, head) = (slots[place], heads[place]);
        let (written, len) = ((head & SEQUENCE).wrapping_add(ONE), payload.len() as u64);
        let is_ours = head & ONE == 0
            && slot[0].compare_exchange(head, written, Ordering::Acquire, Ordering::Relaxed).is_ok();
        if !is_ours {
            return false;
        }
        // Who sees a word of the new row sees that the head is odd, or new.
        fence(Ordering::Release);
        for (word, new) in slot[1..].iter().zip(payload) {
            word.store(new, Ordering::Relaxed);
        }
        slot[0].store(written.wrapping_add(ONE) | (hash & HASH) >> HASH_SHIFT | len, Ordering::Release);
        if is_free(head) {
            self.filled.fetch_add(1, Ordering::Relaxed);
        }
        is_free(head)
    }

    /// Most rows still have a slot to themselves.
    fn is_half_full(&self) -> bool {
        self.filled.load(Ordering::Relaxed) >= 1 << (self.bits - 1)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        BYTES.fetch_sub(size_of_val(&*self.words), Ordering::Relaxed);
    }
}

/// False when the slot has no row of that hash, or one that is just being written.
#[inline]
fn copy(slot: &[AtomicU64], hash: u64, row: &mut CachedRow) -> bool {
    let head = slot[0].load(Ordering::Acquire);
    if used(head) == 0 || !has_hash(head, hash) || head & ONE != 0 {
        return false;
    }
    let words = slot[1..].iter().take(used(head));
    for (word, bytes) in words.zip(row.words_mut()) {
        *bytes = word.load(Ordering::Relaxed).to_le_bytes();
    }
    fence(Ordering::Acquire);
    slot[0].load(Ordering::Relaxed) == head
}

/// In a head, what tells one writing from the next: odd while it goes on.
const SEQUENCE: u64 = !0 << 40;
const ONE: u64 = 1 << 40;
/// Of a hash, what a head has of it: enough to find the row's slots.
const HASH: u64 = !0 << 32;
const HASH_SHIFT: u32 = 24;

#[inline]
fn hash_of(head: u64) -> u64 {
    head << HASH_SHIFT & HASH
}

#[inline]
fn has_hash(head: u64, hash: u64) -> bool {
    hash_of(head) == hash & HASH
}

/// Words behind the head.
#[inline]
fn used(head: u64) -> usize {
    (head & 0xff) as usize
}
