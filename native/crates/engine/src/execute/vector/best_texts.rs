//! The least or greatest text of each group, in memory that all groups share.
//!
//! ```text
//! place of a group    first 8 bytes | where it begins | its length | bytes it may take
//! ```
//! A better text goes over the one before where it is not longer, else behind all others; what is left unused is given back
//! when it is half of all.

use std::cmp::Ordering;

use super::kept::KeptTexts;

#[derive(Default)]
pub(super) struct BestTexts {
    heap: Vec<u8>,
    places: Vec<Place>,
    /// Bytes of the heap that are no group's.
    unused: usize,
}

#[derive(Clone, Copy)]
struct Place {
    head: u64,
    start: usize,
    /// `NONE`: the group has no text.
    len: u32,
    room: u32,
}

/// No text is so long.
const NONE: u32 = u32::MAX;
const EMPTY: Place = Place { head: 0, start: 0, len: NONE, room: 0 };
/// So many unused bytes are not worth moving the others for.
const FEW_BYTES: usize = 1 << 16;

/// The first bytes as a number in their order.
#[inline]
fn head_of(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text);
            u64::from_be_bytes(bytes)
        }
    }
}

impl BestTexts {
    /// Of so many groups, none of which has a text.
    pub fn new(count: usize) -> BestTexts {
        BestTexts { places: vec![EMPTY; count], ..BestTexts::default() }
    }

    pub fn fit(&mut self, count: usize) {
        self.places.resize(count, EMPTY);
    }

    /// Group `order[n]` becomes group n.
    pub fn renumber(&mut self, order: &[u32]) {
        self.places = order.iter().map(|group| self.places[*group as usize]).collect();
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    #[inline]
    pub fn get(&self, group: usize) -> Option<&[u8]> {
        let Place { start, len, .. } = self.places[group];
        (len != NONE).then(|| &self.heap[start..start + len as usize])
    }

    /// Offers a text to a group; whether it is the best so far.
    #[inline]
    pub fn offer(&mut self, group: usize, text: &[u8], wanted: Ordering) -> bool {
        let place = &mut self.places[group];
        let head = head_of(text);
        if place.len != NONE {
            let order = head
                .cmp(&place.head)
                .then_with(|| text.cmp(&self.heap[place.start..place.start + place.len as usize]));
            if order != wanted {
                return false;
            }
        }
        if text.len() > place.room as usize {
            self.unused += place.room as usize;
            place.start = self.heap.len();
            place.room = text.len() as u32;
            self.heap.extend_from_slice(text);
        } else {
            self.heap[place.start..place.start + text.len()].copy_from_slice(text);
        }
        (place.head, place.len) = (head, text.len() as u32);
        true
    }

    /// Gives back memory, if much of it is unused.
    pub fn shrink(&mut self) {
        if self.unused < FEW_BYTES.max(self.heap.len() / 2) {
            return;
        }
        let mut heap = Vec::with_capacity(self.heap.len() - self.unused);
        for place in self.places.iter_mut().filter(|place| place.len != NONE) {
            let text = &self.heap[place.start..place.start + place.len as usize];
            (place.start, place.room) = (heap.len(), place.len);
            heap.extend_from_slice(text);
        }
        (self.heap, self.unused) = (heap, 0);
    }

    /// Those of these groups, NULL where there is none.
    pub fn texts(&self, groups: &[u32]) -> KeptTexts {
        let mut texts = KeptTexts::with_room(groups.len(), 0);
        for group in groups {
            texts.push(self.get(*group as usize));
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_keeps_its_best_text() {
        let texts = ["b", "", "abcdefgh", "abcdefghi", "abcdefg", "z\0", "z", "zzzzzzzzzzzz", "abcdefghj"];
        for wanted in [Ordering::Less, Ordering::Greater] {
            let mut best = BestTexts::new(3);
            for (number, text) in texts.iter().chain(texts.iter().rev()).enumerate() {
                best.offer(number % 2, text.as_bytes(), wanted);
                let long = text.repeat(FEW_BYTES / 4);
                best.offer(1, long.as_bytes(), wanted);
                best.shrink();
            }
            let of = |group: usize| {
                let both = texts.iter().chain(texts.iter().rev()).enumerate();
                let own = both.filter(|(number, _)| number % 2 == group).map(|(_, text)| (*text).to_owned());
                let long = texts.iter().map(|text| text.repeat(FEW_BYTES / 4)).filter(|_| group == 1);
                let all = own.chain(long);
                if wanted == Ordering::Less { all.min() } else { all.max() }
            };
            for group in 0..2 {
                assert_eq!(best.get(group).map(<[u8]>::to_vec), of(group).map(String::into_bytes));
            }
            assert_eq!(best.get(2), None);
            best.renumber(&[1, 2]);
            assert_eq!(best.texts(&[0, 1]).text(0).map(<[u8]>::to_vec), of(1).map(String::into_bytes));
            assert_eq!((best.len(), best.get(1)), (2, None));
        }
    }
}
