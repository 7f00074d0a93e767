//! The leaf of a key tree: sorted entries over one heap in memory, prefix-compressed on disk.
//!
//! ```text
//! magic 4 | kind u8 | version u8 | 0 u16 | entries u32 | heap bytes when decoded u32
//! | per entry: shared prefix varint | rest of the key varint | 2 × value length + is wide varint | rest | value
//! ```
//!
//! Always true: keys ascend strictly; a wide entry's value is {number u64, length u64} of a value in overflow.

use std::{cmp::Ordering, ops::Range, sync::Arc};

use pluresdb_prefetch as prefetch;
use pluresdb_store::BlockId;
use pluresdb_value::varint;

use crate::{
    Result, TreeError,
    cache::CachedNode,
    key::heads::{Heads, shared_len},
    node::{DeltaForm, KeyRange, Leaf, MAGIC, Node, Separators, Side, read_u32},
};

/// Heap bytes of a leaf at most, but for single large entries.
pub(crate) const MAX_HEAP: usize = 12 * 1024;
/// From here on a new leaf starts rather than this one growing at its end.
const FULL_HEAP: usize = MAX_HEAP * 7 / 8;
const HEADER_LEN: usize = 16;
const VERSION: u8 = 1;
/// Entries of a leaf at most: tiny keys would make a leaf of many.
pub(crate) const MAX_ENTRIES: usize = 1024;

/// The same of one of several that a leaf becomes.
const FULL_ENTRIES: usize = MAX_ENTRIES * 7 / 8;

/// So many entries one line of memory has.
const ENTRIES_OF_LINE: usize = 64 / size_of::<Entry>();

const WIDE: u32 = 1 << 31;
/// Longest key, and longest value kept in a leaf.
pub(crate) const MAX_PART_LEN: usize = 1 << 30;

#[derive(Clone, Copy)]
struct Entry {
    /// Where key and value lie in the heap, one after the other.
    start: u32,
    key_len: u32,
    /// Length and flag.
    value_bits: u32,
    /// The last four bytes of the key: what tells most rowids that keys end in.
    tail: [u8; 4],
}

/// The last four bytes of a key; zeros of a shorter one.
fn tail_of(key: &[u8]) -> [u8; 4] {
    key.last_chunk().copied().unwrap_or_default()
}

impl Entry {
    fn value_len(self) -> usize {
        (self.value_bits & !WIDE) as usize
    }

    fn len(self) -> usize {
        self.key_len as usize + self.value_len()
    }
}

#[derive(Default)]
pub(crate) struct KeyLeaf {
    entries: Vec<Entry>,
    heads: Heads,
    heap: Vec<u8>,
    /// Heap bytes no entry uses.
    garbage: usize,
}

impl Clone for KeyLeaf {
    /// A copy is made to be written to, so it has room for a few entries.
    fn clone(&self) -> KeyLeaf {
        let mut entries = Vec::with_capacity(self.entries.len() + 8);
        entries.extend_from_slice(&self.entries);
        let mut heap = Vec::with_capacity(self.heap.len() + 256);
        heap.extend_from_slice(&self.heap);
        KeyLeaf { entries, heads: self.heads.clone_with_room(), heap, garbage: self.garbage }
    }
}

impl KeyLeaf {
    #[inline]
    pub(crate) fn key(&self, index: usize) -> &[u8] {
        let entry = self.entries[index];
        &self.heap[entry.start as usize..][..entry.key_len as usize]
    }

    #[inline]
    pub(crate) fn value(&self, index: usize) -> &[u8] {
        let entry = self.entries[index];
        &self.heap[entry.start as usize + entry.key_len as usize..][..entry.value_len()]
    }

    #[inline]
    pub(crate) fn is_wide(&self, index: usize) -> bool {
        self.entries[index].value_bits & WIDE != 0
    }

    /// Number and length of a value in overflow.
    #[inline]
    pub(crate) fn wide_value(&self, index: usize) -> Option<(u64, u64)> {
        if self.entries[index].value_bits & WIDE == 0 {
            return None;
        }
        let (number, len) = self.value(index).split_first_chunk::<8>()?;
        Some((u64::from_le_bytes(*number), u64::from_le_bytes(*len.first_chunk()?)))
    }

    /// How many keys are smaller.
    #[inline]
    pub(crate) fn lower_bound(&self, key: &[u8]) -> usize {
        self.lower_bound_by(key, |_| ())
    }

    /// The same. Of an entry that is likely to have the key `ahead` gets the last four bytes, before the key is waited for: it
    /// may ask for what it will want of them.
    #[inline]
    pub(crate) fn lower_bound_ahead(&self, key: &[u8], ahead: impl FnOnce([u8; 4])) -> usize {
        self.lower_bound_by(key, |index| {
            let entry = self.entries[index];
            prefetch::slice(&self.heap[entry.start as usize..][..entry.key_len as usize]);
            ahead(entry.tail);
        })
    }

    #[inline(always)]
    fn lower_bound_by(&self, key: &[u8], met: impl FnOnce(usize)) -> usize {
        if self.entries.is_empty() {
            return 0;
        }
        let near = |range: Range<usize>| {
            for line in self.entries[range].chunks(ENTRIES_OF_LINE) {
                prefetch::line(line.as_ptr());
            }
        };
        let ties = self.heads.candidates(key, near, met, |index| self.key(index));
        let smaller = self.entries[ties.clone()]
            .partition_point(|entry| &self.heap[entry.start as usize..][..entry.key_len as usize] < key);
        ties.start + smaller
    }

    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> std::result::Result<usize, usize> {
        let index = self.lower_bound(key);
        if index < self.entries.len() && self.key(index) == key { Ok(index) } else { Err(index) }
    }

    fn append(&mut self, key: &[u8], value: &[u8], is_wide: bool) -> Entry {
        let start = self.heap.len() as u32;
        self.heap.extend_from_slice(key);
        if !value.is_empty() {
            self.heap.extend_from_slice(value);
        }
        let wide = if is_wide { WIDE } else { 0 };
        Entry { start, key_len: key.len() as u32, value_bits: value.len() as u32 | wide, tail: tail_of(key) }
    }

    /// Inserts or replaces; true when the key was new.
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8], is_wide: bool) -> bool {
        assert!(
            key.len() <= MAX_PART_LEN && value.len() <= MAX_PART_LEN,
            "the tree bounds its keys and values"
        );
        let place = match self.entries.len().checked_sub(1) {
            // Ascending inserts need no search.
            Some(last) if self.key(last) < key => Err(last + 1),
            _ => self.find(key),
        };
        match place {
            Ok(index) => {
                self.garbage += self.entries[index].len();
                let old = self.entries[index];
                if old.value_len() == value.len() {
                    self.garbage -= old.len();
                    let at = old.start as usize + key.len();
                    self.heap[at..at + value.len()].copy_from_slice(value);
                    let wide = if is_wide { WIDE } else { 0 };
                    self.entries[index].value_bits = value.len() as u32 | wide;
                } else {
                    self.entries[index] = self.append(key, value, is_wide);
                }
                false
            }
            Err(index) => {
                let entry = self.append(key, value, is_wide);
                let has_head = !self.entries.is_empty() && {
                    let first = self.entries[0];
                    let first = &self.heap[first.start as usize..][..first.key_len as usize];
                    self.heads.insert(index, key, first)
                };
                self.entries.insert(index, entry);
                if !has_head {
                    self.make_heads();
                }
                true
            }
        }
    }

    /// An empty one with room for as much as this one has: entries of one index are alike.
    pub(crate) fn as_large(&self) -> KeyLeaf {
        KeyLeaf {
            entries: Vec::with_capacity(self.entries.len() + 8),
            heap: Vec::with_capacity(self.heap.len() + 64),
            ..KeyLeaf::default()
        }
    }

    /// Adds an entry behind all others, to a leaf that is being built: `finish` makes it searchable.
    pub(crate) fn push(&mut self, key: &[u8], value: &[u8], is_wide: bool) {
        assert!(
            key.len() <= MAX_PART_LEN && value.len() <= MAX_PART_LEN,
            "the tree bounds its keys and values"
        );
        let entry = self.append(key, value, is_wide);
        self.entries.push(entry);
    }

    pub(crate) fn finish(&mut self) {
        self.make_heads();
    }

    pub(crate) fn delete(&mut self, key: &[u8]) -> bool {
        let Ok(index) = self.find(key) else { return false };
        self.garbage += self.entries.remove(index).len();
        self.heads.remove(index);
        true
    }

    fn make_heads(&mut self) {
        self.heads = Heads::of(self.entries.len(), |index| self.key(index));
    }

    fn live_bytes(&self) -> usize {
        self.heap.len() - self.garbage
    }

    /// The entries of a range with a heap of their own, in key order and without garbage.
    fn slice(&self, from: usize, to: usize) -> KeyLeaf {
        let bytes = self.entries[from..to].iter().map(|entry| entry.len()).sum();
        let mut slice = KeyLeaf {
            entries: Vec::with_capacity(to - from + 8),
            heap: Vec::with_capacity(bytes),
            ..KeyLeaf::default()
        };
        slice.extend(self, from, to);
        slice.make_heads();
        slice
    }

    fn extend(&mut self, other: &KeyLeaf, from: usize, to: usize) {
        for entry in &other.entries[from..to] {
            let start = self.heap.len() as u32;
            self.heap.extend_from_slice(&other.heap[entry.start as usize..][..entry.len()]);
            self.entries.push(Entry { start, ..*entry });
        }
    }

    /// The same of another leaf's range to one that is being built.
    pub(super) fn push_range(&mut self, other: &KeyLeaf, range: Range<usize>) {
        self.extend(other, range.start, range.end);
    }

    pub(super) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// Whether the heap is the entries one after the other, as `slice` makes it.
    fn is_tidy(&self) -> bool {
        let mut end = 0;
        let follows = |entry: &Entry| {
            let follows = entry.start as usize == end;
            end += entry.len();
            follows
        };
        self.entries.iter().all(follows) && end == self.heap.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.live_bytes() >= FULL_HEAP || self.entries.len() >= MAX_ENTRIES
    }
}

/// The shortest key that is above `left` and not above `right`.
fn shortest_between(left: &[u8], right: &[u8]) -> Vec<u8> {
    let shared = shared_len(left, right);
    right[..(shared + 1).min(right.len())].to_vec()
}

impl Leaf for KeyLeaf {
    type Key = [u8];
    type Separators = KeySeparators;
    const INNER_KIND: u8 = b'K';

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn memory(&self) -> usize {
        self.heap.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + self.heads.memory()
            + size_of::<KeyLeaf>()
    }

    fn beyond(&self, key: &[u8]) -> Option<Side> {
        if !self.is_full() {
            return None;
        }
        if key > self.key(self.entries.len() - 1) {
            return Some(Side::Right);
        }
        (key < self.key(0)).then_some(Side::Left)
    }

    fn settle(&mut self, _is_shared: bool) -> Vec<KeyLeaf> {
        let count = self.entries.len();
        if self.live_bytes() <= MAX_HEAP && count <= MAX_ENTRIES {
            if self.garbage > MAX_HEAP / 4 && self.garbage > self.heap.len() / 2 {
                *self = self.slice(0, count);
            }
            return Vec::new();
        }
        if count < 2 {
            return Vec::new();
        }
        // As many bytes for each; two are the rule, more when many entries came at once.
        let bytes = self.live_bytes();
        let parts = bytes.div_ceil(FULL_HEAP).max(count.div_ceil(FULL_ENTRIES)).clamp(2, count);
        let (mut cuts, mut before) = (Vec::with_capacity(parts + 1), 0);
        cuts.push(0);
        for (index, entry) in self.entries.iter().enumerate() {
            before += entry.len();
            let is_due = before > bytes * cuts.len() / parts || count - index <= parts - cuts.len();
            if is_due && index > 0 && cuts.len() < parts {
                cuts.push(index);
            }
        }
        cuts.push(count);
        let mut pieces = cuts.windows(2).map(|cut| self.slice(cut[0], cut[1]));
        let left = pieces.next().unwrap_or_default();
        let right = pieces.collect();
        *self = left;
        right
    }

    fn is_small(&self) -> bool {
        self.live_bytes() < MAX_HEAP / 4 && self.entries.len() < MAX_ENTRIES / 4
    }

    fn joined(&self, right: &KeyLeaf) -> Option<KeyLeaf> {
        if self.live_bytes() + right.live_bytes() > MAX_HEAP / 2
            || self.entries.len() + right.entries.len() > MAX_ENTRIES / 2
        {
            return None;
        }
        let mut joined = self.slice(0, self.entries.len());
        joined.extend(right, 0, right.entries.len());
        joined.make_heads();
        Some(joined)
    }

    fn separator(&self, right: &KeyLeaf) -> Vec<u8> {
        shortest_between(self.key(self.entries.len() - 1), right.key(0))
    }

    fn any_key(&self) -> Option<Vec<u8>> {
        (!self.entries.is_empty()).then(|| self.key(0).to_vec())
    }

    fn folded(&self) -> KeyLeaf {
        if !self.is_tidy() {
            return self.slice(0, self.entries.len());
        }
        KeyLeaf {
            entries: self.entries.clone(),
            heads: self.heads.clone(),
            heap: self.heap.clone(),
            garbage: 0,
        }
    }

    fn encode(&self) -> Arc<[u8]> {
        let mut out = Vec::with_capacity(HEADER_LEN + self.heap.len());
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[KeyLeaf::INNER_KIND + 1, VERSION, 0, 0]);
        out.extend_from_slice(&(self.entries.len() as u32).to_le_bytes());
        out.extend_from_slice(&(self.live_bytes() as u32).to_le_bytes());
        let mut last: &[u8] = &[];
        for (index, entry) in self.entries.iter().enumerate() {
            let key = self.key(index);
            let shared = shared_len(last, key);
            let own = &key[shared..];
            let is_wide = u64::from(entry.value_bits & WIDE != 0);
            let numbers = [shared as u64, own.len() as u64, (2 * entry.value_len() as u64) | is_wide];
            if let [shared @ ..0x80, own_len @ ..0x80, value @ ..0x80] = numbers {
                out.extend_from_slice(&[shared as u8, own_len as u8, value as u8]);
            } else {
                for number in numbers {
                    varint::write(number, &mut out);
                }
            }
            out.extend_from_slice(own);
            if entry.value_len() > 0 {
                out.extend_from_slice(self.value(index));
            }
            last = key;
        }
        out.into()
    }

    fn decode(block: &Arc<[u8]>) -> Result<KeyLeaf> {
        decode(block).ok_or_else(|| TreeError::corrupt("bad key leaf"))
    }

    fn note_block(&mut self, _: BlockId) {}

    /// Key leaves are written whole: they are a third of a row leaf, and their entries move.
    fn encode_delta(&self) -> Option<DeltaForm> {
        None
    }

    fn with_delta(&self, _: BlockId, _: &[u8]) -> Result<KeyLeaf> {
        Err(TreeError::corrupt("a key leaf has no delta"))
    }

    fn check(&self, report: &mut dyn FnMut(String)) -> Option<KeyRange<[u8]>> {
        for index in 1..self.entries.len() {
            if self.key(index - 1).cmp(self.key(index)) != Ordering::Less {
                report(format!("entry {index} out of order"));
            }
        }
        let last = self.entries.len().checked_sub(1)?;
        Some((self.key(0).to_vec(), self.key(last).to_vec()))
    }

    fn to_cached(node: Arc<Node<KeyLeaf>>) -> CachedNode {
        CachedNode::Key(node)
    }

    fn from_cached(node: &CachedNode) -> Option<&Arc<Node<KeyLeaf>>> {
        match node {
            CachedNode::Key(node) => Some(node),
            CachedNode::Row(_) => None,
        }
    }
}

fn decode(block: &[u8]) -> Option<KeyLeaf> {
    let (header, mut rest) = block.split_at_checked(HEADER_LEN)?;
    let count = read_u32(header, 8)? as usize;
    let heap_len = read_u32(header, 12)? as usize;
    // An entry takes three bytes at least. Shared prefixes let a heap be larger than its block, but a leaf of several
    // entries is split when it outgrows its bound, so only so much larger.
    if header[5] != VERSION
        || count == 0
        || count > rest.len() / 3
        || heap_len > (4 * MAX_HEAP).saturating_add(block.len().saturating_mul(4))
    {
        return None;
    }
    let mut leaf = KeyLeaf {
        entries: Vec::with_capacity(count),
        heap: Vec::with_capacity(heap_len),
        ..KeyLeaf::default()
    };
    let mut last = 0..0;
    for _ in 0..count {
        let shared = usize::try_from(varint::read(&mut rest).ok()?).ok()?;
        let own_len = usize::try_from(varint::read(&mut rest).ok()?).ok()?;
        let value_bits = varint::read(&mut rest).ok()?;
        let value_len = usize::try_from(value_bits / 2).ok()?;
        let is_wide = value_bits & 1 != 0;
        let (own, after) = rest.split_at_checked(own_len)?;
        let (value, after) = after.split_at_checked(value_len)?;
        rest = after;
        let start = leaf.heap.len();
        if shared > last.len()
            || start.checked_add(shared)?.checked_add(own_len)?.checked_add(value_len)? > heap_len
            || is_wide && value_len != 16
        {
            return None;
        }
        leaf.heap.extend_from_within(last.start..last.start + shared);
        leaf.heap.extend_from_slice(own);
        let key = start..leaf.heap.len();
        let is_first = leaf.entries.is_empty();
        if !is_first && leaf.heap[key.clone()] <= leaf.heap[last] {
            return None;
        }
        leaf.heap.extend_from_slice(value);
        leaf.entries.push(Entry {
            start: start as u32,
            key_len: key.len() as u32,
            value_bits: value_len as u32 | if is_wide { WIDE } else { 0 },
            tail: tail_of(&leaf.heap[key.clone()]),
        });
        last = key;
    }
    leaf.make_heads();
    (rest.is_empty() && leaf.heap.len() == heap_len).then_some(leaf)
}

/// Separators of byte keys, one after the other in one heap.
#[derive(Clone, Default)]
pub(crate) struct KeySeparators {
    ends: Vec<u32>,
    heads: Heads,
    heap: Vec<u8>,
}

impl KeySeparators {
    fn new(ends: Vec<u32>, heap: Vec<u8>) -> KeySeparators {
        let mut separators = KeySeparators { ends, heads: Heads::default(), heap };
        separators.make_heads();
        separators
    }

    fn make_heads(&mut self) {
        self.heads = Heads::of(self.ends.len(), |index| Separators::get(self, index));
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}

impl Separators<[u8]> for KeySeparators {
    fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    fn get(&self, index: usize) -> &[u8] {
        &self.heap[self.start(index)..self.ends[index] as usize]
    }

    fn find(&self, key: &[u8]) -> usize {
        if self.ends.is_empty() {
            return 0;
        }
        let ties = self.heads.candidates(key, |_| (), |_| (), |index| Separators::get(self, index));
        let (mut low, mut high) = (ties.start, ties.end);
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle) <= key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn insert(&mut self, index: usize, key: &[u8]) {
        let start = self.start(index);
        self.heap.splice(start..start, key.iter().copied());
        self.ends.insert(index, start as u32);
        for end in &mut self.ends[index..] {
            *end += key.len() as u32;
        }
        self.make_heads();
    }

    fn remove(&mut self, index: usize) {
        let (start, end) = (self.start(index), self.ends[index] as usize);
        self.heap.drain(start..end);
        self.ends.remove(index);
        for later in &mut self.ends[index..] {
            *later -= (end - start) as u32;
        }
        self.make_heads();
    }

    fn split_off(&mut self, index: usize) -> KeySeparators {
        let start = self.start(index);
        let heap = self.heap.split_off(start);
        let mut ends = self.ends.split_off(index);
        for end in &mut ends {
            *end -= start as u32;
        }
        self.make_heads();
        KeySeparators::new(ends, heap)
    }

    fn append(&mut self, other: &KeySeparators) {
        let start = self.heap.len() as u32;
        self.heap.extend_from_slice(&other.heap);
        self.ends.extend(other.ends.iter().map(|end| end + start));
        self.make_heads();
    }

    fn memory(&self) -> usize {
        self.heap.len() + 4 * self.ends.len() + self.heads.memory()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for end in &self.ends {
            out.extend_from_slice(&end.to_le_bytes());
        }
        out.extend_from_slice(&self.heap);
    }

    fn decode(bytes: &[u8], count: usize) -> Option<KeySeparators> {
        let (ends, heap) = bytes.split_at_checked(count.checked_mul(4)?)?;
        let ends: Vec<u32> = ends
            .chunks_exact(4)
            .map(|bytes| u32::from_le_bytes(bytes.try_into().expect("chunks of 4")))
            .collect();
        let is_whole = ends.is_sorted() && ends.last().copied().unwrap_or(0) as usize == heap.len();
        let mut separators = KeySeparators { ends, heads: Heads::default(), heap: heap.to_vec() };
        if !is_whole || !(1..count).all(|index| separators.get(index - 1) < separators.get(index)) {
            return None;
        }
        separators.make_heads();
        Some(separators)
    }
}
