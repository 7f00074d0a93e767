//! Row changes kept as bytes, in order, with O(1) ways back.
//!
//! One arena holds keys, old and new contents back to back; an entry knows where its bytes start. Taking back the
//! newest changes is cutting both lists. The undo list and the write set for participants are two of these.

use crate::catalog::TreeId;

/// Where a changed row lives in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKey<'a> {
    Rowid(i64),
    /// Of a WITHOUT ROWID table or an index.
    Bytes(&'a [u8]),
}

/// One row before and after. No `old`: it was inserted. No `new`: it was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    pub tree: TreeId,
    pub key: ChangeKey<'a>,
    pub old: Option<&'a [u8]>,
    pub new: Option<&'a [u8]>,
}

/// Stands for "there is none" where a length is kept.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    rowid: i64,
    tree: TreeId,
    /// `NONE`: the key is the rowid.
    key_len: u32,
    old_len: u32,
    new_len: u32,
}

#[derive(Default)]
pub struct ChangeList {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
}

impl ChangeList {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What the list weighs in memory.
    pub(super) fn byte_len(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    pub fn get(&self, index: usize) -> Option<Change<'_>> {
        let entry = self.entries.get(index)?;
        let mut rest = &self.bytes[entry.start..];
        let mut take = |len: u32| {
            (len != NONE).then(|| {
                let (taken, after) = rest.split_at(len as usize);
                rest = after;
                taken
            })
        };
        let key = take(entry.key_len).map_or(ChangeKey::Rowid(entry.rowid), ChangeKey::Bytes);
        Some(Change { tree: entry.tree, key, old: take(entry.old_len), new: take(entry.new_len) })
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Change<'_>> {
        (0..self.len()).map(|index| self.get(index).expect("the index is below the length"))
    }

    #[inline]
    pub(super) fn push(&mut self, change: &Change<'_>) {
        let start = self.bytes.len();
        let (rowid, key_len) = match change.key {
            ChangeKey::Rowid(rowid) => (rowid, NONE),
            ChangeKey::Bytes(key) => (0, self.append(Some(key))),
        };
        let old_len = self.append(change.old);
        let new_len = self.append(change.new);
        self.entries.push(Entry { start, rowid, tree: change.tree, key_len, old_len, new_len });
    }

    #[inline]
    fn append(&mut self, bytes: Option<&[u8]>) -> u32 {
        let Some(bytes) = bytes else { return NONE };
        self.bytes.extend_from_slice(bytes);
        // Trees refuse values of 2^31 bytes and more, so no length is `NONE`.
        bytes.len() as u32
    }

    /// Forgets all but the first `len` changes.
    pub(super) fn truncate(&mut self, len: usize) {
        if let Some(entry) = self.entries.get(len) {
            self.bytes.truncate(entry.start);
            self.entries.truncate(len);
        }
    }

    /// Empties the list; memory beyond `keep_bytes` goes back.
    pub(super) fn clear(&mut self, keep_bytes: usize) {
        self.entries.clear();
        self.bytes.clear();
        self.entries.shrink_to(keep_bytes / size_of::<Entry>());
        self.bytes.shrink_to(keep_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_come_back_as_they_were_and_truncation_forgets_the_newest() {
        let changes = [
            Change { tree: TreeId(2), key: ChangeKey::Rowid(-5), old: None, new: Some(b"new") },
            Change { tree: TreeId(9), key: ChangeKey::Bytes(b"key"), old: Some(b""), new: Some(b"x") },
            Change { tree: TreeId(9), key: ChangeKey::Bytes(b""), old: Some(b"gone"), new: None },
        ];
        let mut list = ChangeList::default();
        for change in &changes {
            list.push(change);
        }
        assert_eq!(list.iter().collect::<Vec<_>>(), changes);
        list.truncate(1);
        list.push(&changes[2]);
        assert_eq!(list.iter().collect::<Vec<_>>(), [changes[0], changes[2]]);
        list.truncate(9);
        assert_eq!(list.len(), 2);
    }
}
