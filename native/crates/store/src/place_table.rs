//! Where every block lies, in memory: the whole map, in groups of 64 consecutive ids, as it is stored too.
//!
//!     group value in the map:   which of the 64 are there (u64, bit n = id % 64) | a place (28 bytes) for each
//!     place                     segment u32 | offset u32 | len u32 | checksum u64 | root number u64
//!
//! Groups make opening cheap: it costs by the entry, in sled and here. Twice as many ids would halve that again, and
//! double what a checkpoint writes to replace one place (`examples/measure`).

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::{
    codec::{read_u32, read_u64},
    error::{Result, StoreError},
    store::{BlockId, MAX_COUNT, MAX_FILE_NUMBER},
};

pub(crate) const GROUP_LEN: u64 = 64;
const PLACE_LEN: usize = 28;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub segment: u32,
    pub offset: u32,
    /// Encoded, with its header.
    pub len: u32,
    pub checksum: u64,
    /// The first root that holds the block; `UNROOTED` until one does.
    pub root_number: u64,
}

pub(crate) const UNROOTED: u64 = u64::MAX;

#[derive(Default)]
pub(crate) struct PlaceTable {
    groups: HashMap<u64, Group, BuildHasherDefault<CountedHasher>>,
    len: usize,
}

#[derive(Default)]
struct Group {
    present: u64,
    /// One per set bit, in their order.
    places: Vec<Place>,
}

impl Group {
    fn rank(&self, bit: u64) -> usize {
        (self.present & (bit - 1)).count_ones() as usize
    }

    fn ids(&self, group: u64) -> impl Iterator<Item = (BlockId, &Place)> {
        let bits = (0..GROUP_LEN).filter(|n| self.present & (1 << n) != 0);
        bits.zip(&self.places)
            .filter_map(move |(n, place)| Some((BlockId::new(group * GROUP_LEN + n)?, place)))
    }
}

fn locate(id: BlockId) -> (u64, u64) {
    (group_of(id), 1 << (id.get() % GROUP_LEN))
}

pub(crate) fn group_of(id: BlockId) -> u64 {
    id.get() / GROUP_LEN
}

impl PlaceTable {
    pub(crate) fn get(&self, id: BlockId) -> Option<&Place> {
        let (group, bit) = locate(id);
        let group = self.groups.get(&group).filter(|group| group.present & bit != 0)?;
        Some(&group.places[group.rank(bit)])
    }

    pub(crate) fn get_mut(&mut self, id: BlockId) -> Option<&mut Place> {
        let (group, bit) = locate(id);
        let group = self.groups.get_mut(&group).filter(|group| group.present & bit != 0)?;
        let rank = group.rank(bit);
        Some(&mut group.places[rank])
    }

    /// Returns the place it had.
    pub(crate) fn insert(&mut self, id: BlockId, place: Place) -> Option<Place> {
        let (group, bit) = locate(id);
        let group = self.groups.entry(group).or_default();
        let rank = group.rank(bit);
        if group.present & bit != 0 {
            return Some(std::mem::replace(&mut group.places[rank], place));
        }
        group.present |= bit;
        group.places.insert(rank, place);
        self.len += 1;
        None
    }

    pub(crate) fn remove(&mut self, id: BlockId) -> Option<Place> {
        let (number, bit) = locate(id);
        let group = self.groups.get_mut(&number).filter(|group| group.present & bit != 0)?;
        let rank = group.rank(bit);
        group.present &= !bit;
        let place = group.places.remove(rank);
        if group.present == 0 {
            self.groups.remove(&number);
        }
        self.len -= 1;
        Some(place)
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The places alone, neighbours together; cheaper than with their ids.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        self.groups.values().flat_map(|group| &group.places)
    }

    /// No id is greater.
    pub(crate) fn max_id(&self) -> u64 {
        self.groups.keys().max().map_or(0, |number| number * GROUP_LEN + (GROUP_LEN - 1))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (BlockId, &Place)> {
        self.groups.iter().flat_map(|(number, group)| group.ids(*number))
    }

    /// What the map should say of a group: blocks in no root are left out. None when nothing is left.
    pub(crate) fn encode_group(&self, number: u64) -> Option<Vec<u8>> {
        let group = self.groups.get(&number)?;
        let mut present = 0u64;
        let mut value = vec![0; 8];
        for (id, place) in group.ids(number).filter(|(_, place)| place.root_number != UNROOTED) {
            present |= locate(id).1;
            value.extend_from_slice(&place.segment.to_le_bytes());
            value.extend_from_slice(&place.offset.to_le_bytes());
            value.extend_from_slice(&place.len.to_le_bytes());
            value.extend_from_slice(&place.checksum.to_le_bytes());
            value.extend_from_slice(&place.root_number.to_le_bytes());
        }
        value[..8].copy_from_slice(&present.to_le_bytes());
        (present != 0).then_some(value)
    }

    /// Takes in a group as the map has it.
    pub(crate) fn load_group(&mut self, number: u64, value: &[u8]) -> Result<()> {
        let malformed = || StoreError::corrupt(format!("group {number} of the block map is malformed"));
        let (present, places) = value.split_first_chunk::<8>().ok_or_else(malformed)?;
        let present = u64::from_le_bytes(*present);
        let (places, rest) = places.as_chunks::<PLACE_LEN>();
        let is_sound = rest.is_empty()
            && present.count_ones() as usize == places.len()
            && number < MAX_COUNT / GROUP_LEN
            && !(number == 0 && present & 1 != 0)
            && !places.is_empty();
        if !is_sound {
            return Err(malformed());
        }
        let places: Vec<Place> = places.iter().map(decode_place).collect();
        if places.iter().any(|place| place.segment > MAX_FILE_NUMBER) {
            return Err(malformed());
        }
        self.len += places.len();
        let replaced = self.groups.insert(number, Group { present, places });
        if replaced.is_some() { Err(malformed()) } else { Ok(()) }
    }
}

fn decode_place(bytes: &[u8; PLACE_LEN]) -> Place {
    Place {
        segment: read_u32(bytes, 0),
        offset: read_u32(bytes, 4),
        len: read_u32(bytes, 8),
        checksum: read_u64(bytes, 12),
        root_number: read_u64(bytes, 20),
    }
}

/// For numbers that are counted up, not chosen by anyone: spreading their bits is enough.
#[derive(Default)]
pub(crate) struct CountedHasher(u64);

impl Hasher for CountedHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn place(number: u64) -> Place {
        Place { segment: 1, offset: number as u32, len: 3, checksum: number, root_number: number % 3 }
    }

    proptest! {
        #[test]
        fn it_is_a_map(changes in prop::collection::vec((1u64..100, any::<bool>()), 0..200)) {
            let (mut table, mut model) = (PlaceTable::default(), BTreeMap::new());
            for (step, (id, is_insert)) in changes.into_iter().enumerate() {
                let id = BlockId::new(id).unwrap();
                if is_insert {
                    prop_assert_eq!(table.insert(id, place(step as u64)), model.insert(id, place(step as u64)));
                } else {
                    prop_assert_eq!(table.remove(id), model.remove(&id));
                }
                prop_assert_eq!(table.get(id), model.get(&id));
                prop_assert_eq!(table.len(), model.len());
            }
            let mut all: Vec<_> = table.iter().map(|(id, place)| (id, *place)).collect();
            all.sort_unstable_by_key(|(id, _)| *id);
            prop_assert_eq!(all, model.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn groups_come_back(ids in prop::collection::btree_set(1u64..200, 0..60)) {
            let (mut table, mut loaded) = (PlaceTable::default(), PlaceTable::default());
            for id in &ids {
                table.insert(BlockId::new(*id).unwrap(), place(*id));
            }
            for group in 0..7 {
                if let Some(value) = table.encode_group(group) {
                    loaded.load_group(group, &value).unwrap();
                }
            }
            prop_assert_eq!(loaded.len(), ids.len());
            for (id, place) in table.iter() {
                prop_assert_eq!(loaded.get(id), Some(place));
            }
        }

        #[test]
        fn hostile_groups_are_errors(number: u64, present: u64, places: Vec<u8>) {
            let value = [&present.to_le_bytes()[..], &places].concat();
            let mut table = PlaceTable::default();
            if table.load_group(number, &value).is_ok() {
                prop_assert_eq!(table.iter().count(), present.count_ones() as usize);
            }
        }
    }
}
