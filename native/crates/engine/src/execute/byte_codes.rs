//! Numbers for byte strings: keys of rows, texts.

use std::hash::Hasher;

use crate::execute::key_hash::KeyHasher;

/// Codes of byte strings, which stand one after the other: nothing is allocated for one alone.
#[derive(Clone, Default)]
pub(crate) struct ByteCodes {
    /// The hash, and entry + 1; 0 marks an empty place.
    places: Vec<(u32, u32)>,
    bytes: Vec<u8>,
    /// Where each string ends, and its code.
    entries: Vec<(usize, u32)>,
}

impl ByteCodes {
    fn hash(string: &[u8]) -> u32 {
        let mut hasher = KeyHasher::default();
        hasher.write(string);
        hasher.write_usize(string.len());
        // The upper bits are the better mixed ones.
        (hasher.finish() >> 32) as u32
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// By the order in which they came.
    #[inline]
    pub fn string(&self, entry: usize) -> &[u8] {
        let start = entry.checked_sub(1).map_or(0, |before| self.entries[before].0);
        &self.bytes[start..self.entries[entry].0]
    }

    /// The string's code; `next` when it is new.
    pub fn code(&mut self, string: &[u8], next: u32) -> u32 {
        if self.entries.len() * 2 >= self.places.len() {
            self.grow();
        }
        let hash = Self::hash(string);
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let (found, entry) = self.places[place];
            if entry == 0 {
                break;
            }
            if found == hash && self.string(entry as usize - 1) == string {
                return self.entries[entry as usize - 1].1;
            }
            place = (place + 1) & mask;
        }
        self.bytes.extend_from_slice(string);
        self.entries.push((self.bytes.len(), next));
        self.places[place] = (hash, self.entries.len() as u32);
        next
    }

    pub fn find(&self, string: &[u8]) -> Option<u32> {
        let mask = self.places.len().checked_sub(1)?;
        let hash = Self::hash(string);
        let mut place = hash as usize & mask;
        loop {
            let (found, entry) = self.places[place];
            let index = entry.checked_sub(1)? as usize;
            if found == hash && self.string(index) == string {
                return Some(self.entries[index].1);
            }
            place = (place + 1) & mask;
        }
    }

    /// Makes room for so many strings at once.
    pub fn reserve(&mut self, count: usize) {
        let len = (count * 2).next_power_of_two();
        if self.places.len() < len {
            self.resize(len);
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.resize((self.places.len() * 4).max(256));
    }

    /// Moves all entries to so many places, a power of two.
    fn resize(&mut self, len: usize) {
        let mut places = vec![(0, 0); len];
        for (hash, entry) in self.places.iter().filter(|(_, entry)| *entry != 0) {
            let mut place = *hash as usize & (len - 1);
            while places[place].1 != 0 {
                place = (place + 1) & (len - 1);
            }
            places[place] = (*hash, *entry);
        }
        self.places = places;
    }

    pub fn memory(&self) -> usize {
        self.places.len() * 8 + self.bytes.len() + self.entries.len() * 16
    }
}
