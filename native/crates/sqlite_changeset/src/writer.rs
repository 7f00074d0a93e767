//! Writes changesets and patchsets.

use crate::bytes::{put_value, put_varint};
use crate::{Change, Kind, Operation, Row};

pub struct Writer {
    kind: Kind,
    bytes: Vec<u8>,
    /// Where the header of a table without changes so far starts.
    unused_header: Option<usize>,
    key: Vec<u8>,
}

impl Writer {
    pub fn new(kind: Kind) -> Writer {
        Writer { kind, bytes: Vec::new(), unused_header: None, key: Vec::new() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The changes that follow are of this table; without changes it leaves nothing.
    pub fn begin_table(&mut self, name: &str, key: &[u8]) {
        self.drop_unused_header();
        self.unused_header = Some(self.bytes.len());
        key.clone_into(&mut self.key);
        self.bytes.push(match self.kind {
            Kind::Changeset => b'T',
            Kind::Patchset => b'P',
        });
        put_varint(key.len() as u32, &mut self.bytes);
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
    }

    /// As a whole change tells it; a patchset leaves out what it has no place for.
    pub fn put(&mut self, change: &Change) {
        self.unused_header = None;
        self.bytes.push(change.operation.byte());
        self.bytes.push(u8::from(change.is_indirect));
        match (change.operation, self.kind) {
            (Operation::Insert, _) => self.put_row(&change.new),
            (Operation::Delete, Kind::Changeset) => self.put_row(&change.old),
            (Operation::Delete, Kind::Patchset) => {
                for (_, value) in change.old.iter().filter(|(column, _)| self.key[*column] != 0) {
                    put_value(value, &mut self.bytes);
                }
            }
            (Operation::Update, Kind::Changeset) => {
                self.put_row(&change.old);
                self.put_row(&change.new);
            }
            (Operation::Update, Kind::Patchset) => {
                for column in 0..self.key.len() {
                    let value =
                        if self.key[column] == 0 { change.new.get(column) } else { change.old.get(column) };
                    match value {
                        Some(value) => put_value(value, &mut self.bytes),
                        None => self.bytes.push(0),
                    }
                }
            }
        }
    }

    fn put_row(&mut self, row: &Row) {
        for column in 0..self.key.len() {
            match row.get(column) {
                Some(value) => put_value(value, &mut self.bytes),
                None => self.bytes.push(0),
            }
        }
    }

    fn drop_unused_header(&mut self) {
        if let Some(start) = self.unused_header.take() {
            self.bytes.truncate(start);
        }
    }

    pub fn finish(mut self) -> Vec<u8> {
        self.drop_unused_header();
        self.bytes
    }
}
