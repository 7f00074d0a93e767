//! Labels: bytes that stand for texts where only bytes can be compared.
//!
//! Sorting, grouping, DISTINCT, hash joins and sets all work on key bytes. A collation of the application has no bytes,
//! only an answer to "which of these two comes first", so each text that such a key meets gets a label: equal texts the
//! same one, and labels order as their texts do.
//!
//!     "ä"  ──find its place among the texts seen (binary search, the application's comparator)──►  between two labels
//!
//! A label is a fraction between 0 and 1 as digits to the base 256, so there is always room for another between two.
//! Texts that come in order (most do) step through the room left instead of halving it, which keeps labels short.
//!
//! Always true:
//! - A label never changes while its book is in use; a book is forgotten when no statement runs.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

/// Texts of one chunk: inserting moves no more than these.
const MAX_CHUNK: usize = 512;
/// Digits looked at together.
const WINDOW: usize = 8;
/// The share of the room a text takes that comes in order: one part in 2 to the power of this.
const RUN_SHIFT: u32 = 20;

/// The labels of one collation.
#[derive(Default)]
pub(super) struct LabelBook {
    known: HashMap<Box<[u8]>, Label>,
    /// Different texts in their order, in chunks; no chunk is empty.
    chunks: Vec<Vec<Entry>>,
    /// The label given out last.
    last: Option<Label>,
}

pub(super) type Label = Rc<[u8]>;

struct Entry {
    text: Box<[u8]>,
    label: Label,
}

/// Where a text goes between its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lean {
    Middle,
    /// Right behind the lower neighbour: texts come in ascending order.
    Low,
    High,
}

impl LabelBook {
    /// The text's label; `compare` is the application's, which may fail.
    pub fn label<E>(
        &mut self,
        text: &[u8],
        mut compare: impl FnMut(&[u8], &[u8]) -> Result<Ordering, E>,
    ) -> Result<Label, E> {
        if let Some(label) = self.known.get(text) {
            return Ok(label.clone());
        }
        let chunk = search(self.chunks.len(), |index| match self.chunks[index].last() {
            Some(last) => compare(&last.text, text),
            None => Ok(Ordering::Less),
        })?
        .unwrap_or_else(|place| place);
        let place = match self.chunks.get(chunk) {
            Some(entries) => search(entries.len(), |index| compare(&entries[index].text, text))?,
            None => Err(0),
        };
        let label = match place {
            Ok(found) => self.chunks[chunk][found].label.clone(),
            Err(place) => self.insert(chunk, place, text),
        };
        self.known.insert(text.into(), label.clone());
        Ok(label)
    }

    /// Puts a new text at its place. `chunk` may be one behind the last.
    fn insert(&mut self, chunk: usize, place: usize, text: &[u8]) -> Label {
        let (chunk, place) = match self.chunks.len() {
            0 => {
                self.chunks.push(Vec::new());
                (0, 0)
            }
            count if chunk == count => (count - 1, self.chunks[count - 1].len()),
            _ => (chunk, place),
        };
        let low = match place.checked_sub(1) {
            Some(before) => Some(&self.chunks[chunk][before]),
            None => chunk.checked_sub(1).and_then(|before| self.chunks[before].last()),
        };
        let high = self.chunks[chunk].get(place);
        let is_last = |entry: Option<&Entry>| {
            entry.zip(self.last.as_ref()).is_some_and(|(entry, last)| Rc::ptr_eq(&entry.label, last))
        };
        let lean = match (is_last(low), is_last(high)) {
            (true, _) => Lean::Low,
            (_, true) => Lean::High,
            _ => Lean::Middle,
        };
        let label: Label =
            between(low.map_or(&[], |low| &low.label), high.map(|high| &*high.label), lean).into();
        let entries = &mut self.chunks[chunk];
        entries.insert(place, Entry { text: text.into(), label: label.clone() });
        if entries.len() > MAX_CHUNK {
            let upper = entries.split_off(MAX_CHUNK / 2);
            self.chunks.insert(chunk + 1, upper);
        }
        self.last = Some(label.clone());
        label
    }
}

/// Binary search with a comparator that may fail: where the wanted item is, or would be.
fn search<E>(
    count: usize,
    mut order: impl FnMut(usize) -> Result<Ordering, E>,
) -> Result<Result<usize, usize>, E> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match order(middle)? {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Ok(Ok(middle)),
            Ordering::Greater => high = middle,
        }
    }
    Ok(Err(low))
}

/// A fraction between two others; no `high` is 1. It ends in no zero, so that fractions order as their bytes do.
fn between(low: &[u8], high: Option<&[u8]>, lean: Lean) -> Vec<u8> {
    let mut digits = Vec::new();
    let mut high = high;
    let mut at = 0;
    loop {
        let bottom = window(low, at);
        let top = high.map_or(1 << 64, |high| window(high, at));
        let room = top - bottom;
        if room >= 2 {
            let share = (room >> RUN_SHIFT).max(1);
            let step = match lean {
                Lean::Middle => room / 2,
                Lean::Low => share,
                Lean::High => room - share,
            };
            digits.extend_from_slice(&((bottom + step) as u64).to_be_bytes());
            let len = digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
            digits.truncate(len);
            return digits;
        }
        digits.extend_from_slice(&(bottom as u64).to_be_bytes());
        if room == 1 {
            // Whatever follows stays below `high`.
            high = None;
        }
        at += WINDOW;
    }
}

fn window(digits: &[u8], at: usize) -> u128 {
    let mut bytes = [0; WINDOW];
    let rest = digits.get(at..).unwrap_or_default();
    let len = rest.len().min(WINDOW);
    bytes[..len].copy_from_slice(&rest[..len]);
    u128::from(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reversed(a: &[u8], b: &[u8]) -> Result<Ordering, ()> {
        Ok(b.to_ascii_lowercase().cmp(&a.to_ascii_lowercase()))
    }

    fn check(texts: &[String]) -> usize {
        let mut book = LabelBook::default();
        let mut labelled: Vec<(Label, &str)> = texts
            .iter()
            .map(|text| (book.label(text.as_bytes(), reversed).expect("it never fails"), text.as_str()))
            .collect();
        labelled.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in labelled.windows(2) {
            let order = reversed(pair[0].1.as_bytes(), pair[1].1.as_bytes()).expect("it never fails");
            assert_eq!(pair[0].0 == pair[1].0, order.is_eq(), "equal texts share a label: {pair:?}");
            assert!(order.is_le(), "labels order as their texts do: {pair:?}");
        }
        labelled.iter().map(|(label, _)| label.len()).max().unwrap_or(0)
    }

    #[test]
    fn labels_order_as_their_texts_in_whatever_order_these_come() {
        let ascending: Vec<String> = (0..20_000).map(|n| format!("t{n:06}")).collect();
        assert!(check(&ascending) <= 16);
        let descending: Vec<String> = ascending.iter().rev().cloned().collect();
        assert!(check(&descending) <= 16);
        let mut state = 1_u64;
        let random: Vec<String> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                format!("{}{}", if state & 1 << 40 == 0 { "T" } else { "t" }, state >> 50)
            })
            .collect();
        assert!(check(&random) <= 24);
        let behind_the_last: Vec<String> =
            ["t999999".to_owned(), "t".to_owned()].into_iter().chain(ascending).collect();
        assert!(check(&behind_the_last) <= 16);
    }

    #[test]
    fn there_is_always_room_between_two() {
        let (mut low, high) = (vec![0x80], vec![0x81]);
        for _ in 0..1000 {
            let middle = between(&low, Some(&high), Lean::Middle);
            assert!(low < middle && middle < high);
            low = middle;
        }
        let mut high = vec![1];
        for _ in 0..1000 {
            let middle = between(&[], Some(&high), Lean::Middle);
            assert!(!middle.is_empty() && middle < high);
            high = middle;
        }
    }

    #[test]
    fn a_comparator_that_fails_leaves_the_book_as_it_was() {
        let mut book = LabelBook::default();
        let one = book.label(b"one", reversed);
        assert_eq!(book.label(b"two", |_, _| Err::<Ordering, _>(())), Err(()));
        assert_eq!(book.label(b"one", reversed), one);
        assert_ne!(book.label(b"two", reversed), one);
    }
}
