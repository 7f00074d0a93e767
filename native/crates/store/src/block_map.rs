//! The map: where each block lies, which blocks were freed, and the root. A small ordered key-value store holds it.
//!
//!     'g' | id / 64 (u64)              → the places of these blocks (`place_table`)
//!     'f' | root number | chunk (u32)  → ids that this root no longer holds, up to 512
//!     'r'                              → the root
//!
//! Keys are big endian, values little endian. Groups keep the number of entries small, because opening the map costs
//! by the entry; a group is always written whole, from the copy in memory.
//!
//! A place carries the number of the root it was written for. What a higher number than the root's says, in places and
//! in freed lists, was written by a checkpoint that did not come to its end, and is swept when the map is opened.
//!
//! Not here: who holds the keys (`sled`, `journal_map`), what the places mean (`block_store`).

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{
    codec::read_u64,
    error::{Result, StoreError},
    place_table::PlaceTable,
    store::{BlockId, LogPosition, MAX_ENGINE_BYTES, Root, check_counts},
};

/// An ordered map of small keys and values that changes in batches. Batches reach the disk in order, whole or not at
/// all; which ones have is only certain after `sync`.
pub(crate) trait BlockMap: Send + Sync {
    fn scan(&self, visit: &mut dyn FnMut(&[u8], &[u8]) -> Result<()>) -> Result<()>;

    /// None removes the key.
    fn apply(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<()>;

    /// After this a killed process loses nothing.
    fn flush(&self) -> Result<()>;

    /// After `flush` and this a power cut loses nothing.
    fn sync(&self) -> Result<()>;

    fn close(&self) -> Result<()>;
}

pub(crate) const FREED_CHUNK_LEN: usize = 512;

/// The root with what the store itself must remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RootRecord {
    pub root: Root,
    pub number: u64,
    pub next_id: u64,
    /// False when it was committed without syncs: then even what it refers to may still be unsynced.
    pub is_synced: bool,
}

impl RootRecord {
    /// What is written must be what `decode_root` takes.
    pub(crate) fn check_counts(&self) -> Result<()> {
        let Root { catalog, log_position, commit_version, .. } = &self.root;
        let catalog = catalog.map_or(0, BlockId::get);
        check_counts(&[self.number, self.next_id, catalog, log_position.0, *commit_version])
    }
}

pub(crate) struct Loaded {
    pub root: Option<RootRecord>,
    pub places: PlaceTable,
    pub freed: Vec<FreedChunk>,
}

pub(crate) struct FreedChunk {
    pub root_number: u64,
    pub chunk: u32,
    pub ids: Vec<BlockId>,
}

pub(crate) fn load(map: &dyn BlockMap, seed: u64) -> Result<Loaded> {
    let mut loaded = Loaded { root: None, places: PlaceTable::default(), freed: Vec::new() };
    map.scan(&mut |key, value| {
        match (key.first(), key.len()) {
            (Some(b'g'), 9) => loaded.places.load_group(be_u64(&key[1..]), value)?,
            (Some(b'f'), 13) => loaded.freed.push(FreedChunk {
                root_number: be_u64(&key[1..]),
                chunk: u32::from_be_bytes(key[9..].try_into().expect("the key has 13 bytes")),
                ids: decode_ids(value)?,
            }),
            (Some(b'r'), 1) => loaded.root = Some(decode_root(seed, value)?),
            _ => return Err(StoreError::corrupt("the block map holds a key that is not known")),
        }
        Ok(())
    })?;
    Ok(loaded)
}

pub(crate) fn group_key(group: u64) -> Vec<u8> {
    [b"g", &group.to_be_bytes()[..]].concat()
}

pub(crate) fn freed_key(root_number: u64, chunk: u32) -> Vec<u8> {
    [b"f", &root_number.to_be_bytes()[..], &chunk.to_be_bytes()].concat()
}

pub(crate) fn root_key() -> Vec<u8> {
    b"r".to_vec()
}

pub(crate) fn encode_ids(ids: &[BlockId]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.get().to_le_bytes()).collect()
}

pub(crate) fn decode_ids(value: &[u8]) -> Result<Vec<BlockId>> {
    let (ids, rest) = value.as_chunks::<8>();
    let ids: Option<Vec<_>> = ids.iter().map(|id| BlockId::new(u64::from_le_bytes(*id))).collect();
    ids.filter(|_| rest.is_empty())
        .ok_or_else(|| StoreError::corrupt("a freed list of the block map is malformed"))
}

const ROOT_FORMAT: u8 = 1;
const ROOT_FIXED_LEN: usize = 2 + 5 * 8;

pub(crate) fn encode_root(seed: u64, record: &RootRecord) -> Vec<u8> {
    let root = &record.root;
    let mut out = vec![ROOT_FORMAT, u8::from(record.is_synced)];
    let catalog = root.catalog.map_or(0, BlockId::get);
    for number in [record.number, record.next_id, catalog, root.log_position.0, root.commit_version] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&root.engine);
    let checksum = xxh3_64_with_seed(&out, seed);
    out.extend_from_slice(&checksum.to_le_bytes());
    out
}

pub(crate) fn decode_root(seed: u64, value: &[u8]) -> Result<RootRecord> {
    let bad = || StoreError::corrupt("the root is malformed");
    let engine_len = value.len().checked_sub(ROOT_FIXED_LEN + 8).ok_or_else(bad)?;
    let (body, checksum) = value.split_at(value.len() - 8);
    if engine_len > MAX_ENGINE_BYTES || xxh3_64_with_seed(body, seed) != read_u64(checksum, 0) {
        return Err(bad());
    }
    if body[0] != ROOT_FORMAT {
        return Err(StoreError::corrupt(format!("the root has format {}, which is not known", body[0])));
    }
    let counts = [2, 10, 18, 26, 34].map(|at| read_u64(body, at));
    check_counts(&counts)?;
    let [number, next_id, catalog, log_position, commit_version] = counts;
    Ok(RootRecord {
        is_synced: body[1] != 0,
        number,
        next_id,
        root: Root {
            catalog: BlockId::new(catalog),
            log_position: LogPosition(log_position),
            commit_version,
            engine: body[ROOT_FIXED_LEN..].to_vec(),
        },
    })
}

fn be_u64(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes[..8].try_into().expect("the key was checked to hold a number"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn roots_come_back_and_changed_ones_do_not(engine: Vec<u8>, catalog in 0..1u64 << 62, at: prop::sample::Index) {
            let record = RootRecord {
                root: Root {
                    catalog: BlockId::new(catalog),
                    log_position: LogPosition(5),
                    commit_version: 6,
                    engine,
                },
                number: 7,
                next_id: 8,
                is_synced: true,
            };
            let mut value = encode_root(3, &record);
            prop_assert_eq!(decode_root(3, &value).unwrap(), record);
            prop_assert!(decode_root(4, &value).is_err());
            let at = at.index(value.len());
            value[at] ^= 1;
            prop_assert!(decode_root(3, &value).is_err());
        }

        #[test]
        fn hostile_values_are_errors(value: Vec<u8>) {
            let _ = decode_ids(&value);
            prop_assert!(decode_root(3, &value).is_err());
        }
    }
}
