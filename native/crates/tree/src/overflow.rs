//! Values too wide for a leaf: chunks in a tree of their own, under a number that the leaf keeps instead.
//!
//!     key     value number u64 | chunk number u32, big-endian
//!     value   up to `CHUNK_BYTES` bytes
//!
//! Always true: a number is used once in the life of a table, and its chunks go when the row that has it goes.

use std::ops::Range;

use pluresdb_store::BlockId;

use crate::{
    Result, TreeError,
    btree::{Purpose, ROOT_LEN, Tree},
    key::leaf::KeyLeaf,
    node::MAX_COUNT,
    pager::Pager,
    row::tree::RowTree,
    write_back::Destination,
};

/// One chunk fills a leaf of the chunk tree.
const CHUNK_BYTES: usize = 15 * 1024;
const KEY_LEN: usize = 12;
/// Longest value: SQLITE_MAX_LENGTH's upper bound.
pub(crate) const MAX_VALUE_BYTES: u64 = (1 << 31) - 1;

#[derive(Clone, Default)]
pub(crate) struct Overflow {
    pub(crate) chunks: Tree<KeyLeaf>,
    /// The number of the next value.
    next_number: u64,
}

pub(crate) const OVERFLOW_ROOT_LEN: usize = ROOT_LEN + 8;

fn chunk_key(number: u64, chunk: u32) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key[8..].copy_from_slice(&chunk.to_be_bytes());
    key
}

impl Overflow {
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.root.is_none()
    }

    pub(crate) fn encode_root(&self, out: &mut Vec<u8>) {
        self.chunks.encode_root(out);
        out.extend_from_slice(&self.next_number.to_le_bytes());
    }

    pub(crate) fn decode_root(bytes: &[u8; OVERFLOW_ROOT_LEN]) -> Result<Overflow> {
        let (root, number) = bytes.split_first_chunk().expect("25 bytes hold 17");
        let number = number.first_chunk().expect("8 bytes are left");
        let next_number = u64::from_le_bytes(*number);
        if next_number > MAX_COUNT {
            return Err(TreeError::corrupt("bad tree root"));
        }
        Ok(Overflow { chunks: Tree::decode_root(root)?, next_number })
    }

    /// Stores a value and returns its number.
    pub(crate) fn write(&mut self, pager: &Pager, value: &[u8]) -> Result<u64> {
        if value.len() as u64 > MAX_VALUE_BYTES {
            return Err(TreeError::TooBig);
        }
        let number = self.next_number;
        self.next_number += 1;
        for (chunk, bytes) in value.chunks(CHUNK_BYTES).enumerate() {
            let key = chunk_key(number, chunk as u32);
            self.chunks.change(pager, &key, Purpose::Insert, |leaf| leaf.put(&key, bytes, false))?;
        }
        Ok(number)
    }

    pub(crate) fn free(&mut self, pager: &Pager, number: u64, len: u64) -> Result<()> {
        for chunk in 0..len.min(MAX_VALUE_BYTES).div_ceil(CHUNK_BYTES as u64) {
            let key = chunk_key(number, chunk as u32);
            self.chunks.change(pager, &key, Purpose::Delete, |leaf| leaf.delete(&key))?;
        }
        Ok(())
    }

    pub(crate) fn read(&self, pager: &Pager, number: u64, len: u64) -> Result<Box<[u8]>> {
        Ok(self.read_part(pager, number, len, 0..len)?.into())
    }

    /// Those bytes of a value of `len` bytes; what lies behind its end is left out.
    pub(crate) fn read_part(
        &self,
        pager: &Pager,
        number: u64,
        len: u64,
        part: Range<u64>,
    ) -> Result<Vec<u8>> {
        const CHUNK: u64 = CHUNK_BYTES as u64;
        let damaged = || TreeError::corrupt(format!("overflow value {number} is not {len} bytes"));
        if len > MAX_VALUE_BYTES {
            return Err(damaged());
        }
        let end = part.end.min(len);
        let start = part.start.min(end);
        // Grown chunk by chunk: the length comes from a block and must not make us allocate before bytes are there.
        let mut bytes = Vec::with_capacity(((end - start) as usize).min(1 << 20));
        for chunk in start / CHUNK..end.div_ceil(CHUNK) {
            let key = chunk_key(number, chunk as u32);
            let node = self.chunks.find_leaf(pager, &key)?.ok_or_else(damaged)?;
            let leaf = node.leaf();
            let index = leaf.find(&key).map_err(|_| damaged())?;
            let value = leaf.value(index);
            let first = chunk * CHUNK;
            if value.len() as u64 != (len - first).min(CHUNK) {
                return Err(damaged());
            }
            let wanted = start.saturating_sub(first) as usize..(end - first).min(CHUNK) as usize;
            bytes.extend_from_slice(&value[wanted]);
        }
        Ok(bytes)
    }

    pub(crate) fn write_back(&mut self, pager: &Pager, destination: Destination) -> Result<Vec<BlockId>> {
        self.chunks.write_back(pager, destination)
    }

    /// Checks the tree of chunks, and that it holds as many as the values that leaves refer to need.
    pub(crate) fn verify(&self, pager: &Pager, expected_chunks: u64, report: &mut dyn FnMut(String)) {
        self.chunks.verify(
            pager,
            &mut |problem| report(format!("overflow: {problem}")),
            &mut |_: &KeyLeaf, _| {},
        );
        if self.chunks.count != expected_chunks {
            report(format!("overflow: {} chunks where rows need {expected_chunks}", self.chunks.count));
        }
    }
}

impl RowTree {
    /// Blocks that the wide values of its rows lie in.
    pub fn overflow_blocks(&self) -> u64 {
        self.overflow.chunks.count
    }
}

pub(crate) fn chunk_count(len: u64) -> u64 {
    len.div_ceil(CHUNK_BYTES as u64)
}

/// Bytes read from overflow, kept for as long as the row they belong to is looked at.
///
/// A list rather than a map: a row has few wide values, and a reference into it must stay good while it grows.
#[derive(Default)]
pub(crate) struct WideValues(std::cell::OnceCell<Box<WideEntry>>);

struct WideEntry {
    slot: usize,
    bytes: Box<[u8]>,
    rest: WideValues,
}

impl WideValues {
    pub(crate) fn get_or_read(&self, slot: usize, read: impl FnOnce() -> Result<Box<[u8]>>) -> Result<&[u8]> {
        let mut list = self;
        while let Some(entry) = list.0.get() {
            if entry.slot == slot {
                return Ok(&entry.bytes);
            }
            list = &entry.rest;
        }
        let entry = Box::new(WideEntry { slot, bytes: read()?, rest: WideValues::default() });
        Ok(&list.0.get_or_init(|| entry).bytes)
    }

    #[inline]
    pub(crate) fn forget(&mut self) {
        if self.0.get().is_some() {
            self.0.take();
        }
    }
}
