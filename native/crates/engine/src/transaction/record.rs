//! One commit as bytes of the log: what changed in which tree, without SQL and without reasons.
//!
//!     record   version (u64, little-endian) | operation…
//!     put row       1 | tree | rowid (zigzag) | length | row          all numbers are varints
//!     delete row    2 | tree | rowid
//!     put key       3 | tree | length | key | length | value
//!     delete key    4 | tree | length | key
//!     create        5 | tree | 0 rows, 1 keys
//!     drop          6 | tree
//!     clear         7 | tree
//!     put rows      9 | tree | length | a leaf's block: each of its rows is put
//!     put columns  10 | tree | length | columns of a leaf's rows, as a block: each of its rows gets their values
//!     header        8 | user_version (zigzag) | application_id (zigzag) | schema_version | next tree | 1 in WAL mode, else 0
//!
//! `sqlite_schema` is an ordinary tree, so a schema change needs no operation of its own.
//!
//! Always true:
//! - Applying a record twice gives what applying it once gives.
//! - Bytes that `RecordBuffer` did not write are an error, never a panic; the log has checked that they are whole.

use pluresdb_tree::{LeafChange, Pager, for_each_row_of};
use pluresdb_value::varint;

use super::{
    change::{Change, ChangeKey},
    snapshot::{DatabaseState, Header},
    tree_map::{Tree, TreeKind},
};
use crate::{Error, Result, ResultCode, catalog::TreeId};

const PUT_ROW: u8 = 1;
const DELETE_ROW: u8 = 2;
const PUT_KEY: u8 = 3;
const DELETE_KEY: u8 = 4;
const CREATE: u8 = 5;
const DROP: u8 = 6;
const CLEAR: u8 = 7;
const HEADER: u8 = 8;
const PUT_ROWS: u8 = 9;
const PUT_COLUMNS: u8 = 10;

const VERSION_LEN: usize = 8;
/// Memory a connection keeps between transactions.
const KEEP_BYTES: usize = 1 << 20;

/// The record of the running transaction.
#[derive(Default)]
pub(super) struct RecordBuffer {
    bytes: Vec<u8>,
    /// False for databases without a log, and once the transaction will commit as a checkpoint.
    is_kept: bool,
}

impl RecordBuffer {
    pub(super) fn start(&mut self, is_kept: bool) {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[0; VERSION_LEN]);
        self.is_kept = is_kept;
    }

    pub(super) fn finish(&mut self, version: u64) -> &[u8] {
        self.bytes[..VERSION_LEN].copy_from_slice(&version.to_le_bytes());
        &self.bytes
    }

    /// Forgets everything; the transaction is over or will not be logged.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEEP_BYTES);
        self.is_kept = false;
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Forgets what came after `len`, unless all of it is forgotten already.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len.max(VERSION_LEN));
    }

    #[inline]
    pub(super) fn change(&mut self, change: &Change<'_>) {
        if !self.is_kept {
            return;
        }
        let out = &mut self.bytes;
        match (change.key, change.new) {
            (ChangeKey::Rowid(rowid), Some(record)) => {
                operation(PUT_ROW, change.tree, out);
                varint::write(zigzag(rowid), out);
                bytes(record, out);
            }
            (ChangeKey::Rowid(rowid), None) => {
                operation(DELETE_ROW, change.tree, out);
                varint::write(zigzag(rowid), out);
            }
            (ChangeKey::Bytes(key), Some(value)) => {
                operation(PUT_KEY, change.tree, out);
                bytes(key, out);
                bytes(value, out);
            }
            (ChangeKey::Bytes(key), None) => {
                operation(DELETE_KEY, change.tree, out);
                bytes(key, out);
            }
        }
    }

    /// Rows of a leaf are put, or columns of them.
    pub(super) fn change_leaf(&mut self, tree: TreeId, change: &LeafChange) {
        if self.is_kept {
            let code = match change {
                LeafChange::Rows(_) => PUT_ROWS,
                LeafChange::Columns(_) => PUT_COLUMNS,
            };
            operation(code, tree, &mut self.bytes);
            bytes(change.block(), &mut self.bytes);
        }
    }

    pub(super) fn create(&mut self, tree: TreeId, kind: TreeKind) {
        if self.is_kept {
            operation(CREATE, tree, &mut self.bytes);
            self.bytes.push(u8::from(kind == TreeKind::Key));
        }
    }

    pub(super) fn drop_tree(&mut self, tree: TreeId) {
        if self.is_kept {
            operation(DROP, tree, &mut self.bytes);
        }
    }

    pub(super) fn clear_tree(&mut self, tree: TreeId) {
        if self.is_kept {
            operation(CLEAR, tree, &mut self.bytes);
        }
    }

    pub(super) fn header(&mut self, header: &Header) {
        if self.is_kept {
            self.bytes.push(HEADER);
            encode_header(header, &mut self.bytes);
        }
    }
}

#[inline]
fn operation(code: u8, tree: TreeId, out: &mut Vec<u8>) {
    out.push(code);
    varint::write(u64::from(tree.0), out);
}

#[inline]
fn bytes(bytes: &[u8], out: &mut Vec<u8>) {
    varint::write(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// The header's form here and in the store's root.
pub(super) fn encode_header(header: &Header, out: &mut Vec<u8>) {
    varint::write(zigzag(i64::from(header.user_version)), out);
    varint::write(zigzag(i64::from(header.application_id)), out);
    varint::write(u64::from(header.schema_version), out);
    varint::write(u64::from(header.next_tree), out);
    varint::write(u64::from(header.is_wal), out);
}

pub(super) fn decode_header(input: &mut &[u8]) -> Result<Header> {
    let mut number = || -> Result<i32> {
        let value = unzigzag(read_number(input)?);
        i32::try_from(value).map_err(|_| malformed())
    };
    let (user_version, application_id) = (number()?, number()?);
    let mut number = || -> Result<u32> { u32::try_from(read_number(input)?).map_err(|_| malformed()) };
    let (schema_version, next_tree) = (number()?, number()?);
    let is_wal = match read_number(input)? {
        0 => false,
        1 => true,
        _ => return Err(malformed()),
    };
    Ok(Header { user_version, application_id, schema_version, next_tree, is_wal })
}

pub(super) fn read_number(input: &mut &[u8]) -> Result<u64> {
    varint::read(input).map_err(|_| malformed())
}

pub(super) fn read_tree(input: &mut &[u8]) -> Result<TreeId> {
    u32::try_from(read_number(input)?).map(TreeId).map_err(|_| malformed())
}

pub(super) fn read_bytes<'a>(input: &mut &'a [u8]) -> Result<&'a [u8]> {
    let len = usize::try_from(read_number(input)?).map_err(|_| malformed())?;
    let (taken, rest) = input.split_at_checked(len).ok_or_else(malformed)?;
    *input = rest;
    Ok(taken)
}

#[cold]
fn malformed() -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed")
        .with_detail("the commit log holds a record that no commit wrote")
}

/// The version a record makes.
pub(super) fn version_of(record: &[u8]) -> Result<u64> {
    let version = record.first_chunk::<VERSION_LEN>().ok_or_else(malformed)?;
    Ok(u64::from_le_bytes(*version))
}

/// Does to `state` what the commit did.
pub(super) fn apply(record: &[u8], state: &mut DatabaseState, pager: &Pager) -> Result<()> {
    let mut input = record.get(VERSION_LEN..).ok_or_else(malformed)?;
    while let Some((&code, rest)) = input.split_first() {
        input = rest;
        if code == HEADER {
            state.header = decode_header(&mut input)?;
            continue;
        }
        let id = read_tree(&mut input)?;
        match code {
            PUT_ROW => {
                let rowid = unzigzag(read_number(&mut input)?);
                state.trees.row_mut(id)?.put(pager, rowid, read_bytes(&mut input)?)?;
            }
            DELETE_ROW => {
                let rowid = unzigzag(read_number(&mut input)?);
                state.trees.row_mut(id)?.delete(pager, rowid)?;
            }
            PUT_ROWS => {
                let block = read_bytes(&mut input)?;
                let rows = state.trees.row_mut(id)?;
                for_each_row_of(block, |rowid, record| rows.put(pager, rowid, record))
                    .map_err(Error::from)?;
            }
            PUT_COLUMNS => {
                let block = read_bytes(&mut input)?;
                state.trees.row_mut(id)?.put_columns_of(pager, block)?;
            }
            PUT_KEY => {
                let key = read_bytes(&mut input)?;
                state.trees.key_mut(id)?.put(pager, key, read_bytes(&mut input)?)?;
            }
            DELETE_KEY => {
                state.trees.key_mut(id)?.delete(pager, read_bytes(&mut input)?)?;
            }
            CREATE => {
                let (&kind, rest) = input.split_first().ok_or_else(malformed)?;
                input = rest;
                let kind = match kind {
                    0 => TreeKind::Row,
                    1 => TreeKind::Key,
                    _ => return Err(malformed()),
                };
                if state.trees.get(id).is_some_and(|tree| tree.kind() != kind) {
                    return Err(malformed());
                }
                // Created twice: the second time finds what the rest of the record will write again.
                if state.trees.get(id).is_none() {
                    state.trees.insert(id, Tree::new(kind));
                }
            }
            // Dropped twice: the second time there is nothing left to do.
            DROP => {
                state.drop_tree(id, pager)?;
            }
            CLEAR => {
                if !state.clear_tree(id, pager)? {
                    return Err(malformed());
                }
            }
            _ => return Err(malformed()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pluresdb_store::MemoryStore;
    use pluresdb_tree::{NewColumn, RowTree};
    use pluresdb_value::{Value, ValueRef, record::encode_values};

    use super::*;

    const HEADER_SAMPLE: Header = Header {
        user_version: -1,
        application_id: i32::MIN,
        schema_version: u32::MAX,
        next_tree: 70,
        is_wal: true,
    };

    fn sample() -> Vec<u8> {
        let mut stored = Vec::new();
        encode_values(&[Value::Integer(5), Value::Null], &mut stored);
        let mut buffer = RecordBuffer::default();
        buffer.start(true);
        buffer.header(&HEADER_SAMPLE);
        buffer.create(TreeId(5), TreeKind::Row);
        buffer.create(TreeId(69), TreeKind::Key);
        let row = ChangeKey::Rowid(i64::MIN);
        buffer.change(&Change { tree: TreeId(5), key: row, old: None, new: Some(&stored) });
        let row = ChangeKey::Rowid(3);
        buffer.change(&Change { tree: TreeId(5), key: row, old: None, new: Some(&stored) });
        buffer.change(&Change { tree: TreeId(5), key: row, old: None, new: None });
        let pager = pager();
        let mut rows = RowTree::new();
        rows.put(&pager, 7, &stored).unwrap();
        let new = [NewColumn { slot: 1, values: &[ValueRef::Integer(8)] }];
        buffer.change_leaf(TreeId(5), &rows.put_columns(&pager, &[7], &new).unwrap().unwrap().change);
        let mut wide = Vec::new();
        encode_values(&[Value::Integer(5), Value::blob(vec![1; 10_000])], &mut wide);
        let row = ChangeKey::Rowid(7);
        buffer.change(&Change { tree: TreeId(5), key: row, old: None, new: Some(&wide) });
        rows.put(&pager, 7, &wide).unwrap();
        let new = [NewColumn { slot: 0, values: &[ValueRef::Integer(8)] }];
        let change = rows.put_columns(&pager, &[7], &new).unwrap().unwrap().change;
        assert!(matches!(change, LeafChange::Columns(_)));
        buffer.change_leaf(TreeId(5), &change);
        let key = ChangeKey::Bytes(b"key");
        buffer.change(&Change { tree: TreeId(69), key, old: None, new: Some(b"value") });
        buffer.finish(9).to_vec()
    }

    fn pager() -> Arc<Pager> {
        Pager::new(Arc::new(MemoryStore::new()), 1 << 20)
    }

    #[test]
    fn a_record_applied_twice_is_a_record_applied_once() {
        let (record, pager) = (sample(), pager());
        let mut state = DatabaseState::empty();
        for _ in 0..2 {
            apply(&record, &mut state, &pager).unwrap();
            assert_eq!(version_of(&record).unwrap(), 9);
            assert_eq!(state.header, HEADER_SAMPLE);
            let rows = state.trees.row(TreeId(5)).unwrap();
            assert_eq!(rows.count(), 2);
            assert!(rows.contains(&pager, i64::MIN).unwrap());
            let row = rows.get(&pager, 7).unwrap().unwrap();
            assert_eq!(row.column(0).unwrap(), Some(ValueRef::Integer(8)));
            assert_eq!(row.column(1).unwrap(), Some(ValueRef::Blob(&[1; 10_000])));
            let keys = state.trees.key(TreeId(69)).unwrap();
            assert_eq!(keys.get(&pager, b"key").unwrap().unwrap().value(), b"value");
        }
    }

    #[test]
    fn damaged_records_are_refused_without_a_panic() {
        let (record, pager) = (sample(), pager());
        for len in 0..record.len() {
            let _ = version_of(&record[..len]);
            let _ = apply(&record[..len], &mut DatabaseState::empty(), &pager);
        }
        for index in VERSION_LEN..record.len() {
            for bit in 0..8 {
                let mut damaged = record.clone();
                damaged[index] ^= 1 << bit;
                let _ = apply(&damaged, &mut DatabaseState::empty(), &pager);
            }
        }
        assert!(apply(&[0; 7], &mut DatabaseState::empty(), &pager).is_err());
        assert!(apply(&[0, 0, 0, 0, 0, 0, 0, 0, 99, 1], &mut DatabaseState::empty(), &pager).is_err());
    }
}
