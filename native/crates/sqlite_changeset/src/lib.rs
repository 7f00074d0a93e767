//! SQLite's changesets and patchsets: what its session extension writes and applies.
//!
//!     'T' or 'P' | columns (varint) | one byte per column: its place in the primary key, or 0 | table name | 0
//!     operation (18 insert, 23 update, 9 delete) | indirect | old values | new values
//!     …  the table's other changes, then the next table
//!
//! | operation | changeset | patchset |
//! |---|---|---|
//! | insert | new | new |
//! | update | old: key and changed columns; new: changed ones | new: key and changed columns |
//! | delete | old | the key's columns alone |
//!
//! A value is a type byte (1 integer, 2 real: eight bytes, big end first; 3 text, 4 blob: a varint and so many bytes;
//! 5 NULL; 0 undefined, a column nothing is said of).
//!
//! Always true:
//! - Reading never panics; its time and memory are linear in the bytes. What is damaged is `Damaged`, after the changes
//!   that came before it.
//! - What `Writer` writes, `Reader` reads back as it was.
//!
//! Not here: where changes come from and what becomes of them (`changeset` in the engine).
#![forbid(unsafe_code)]

mod bytes;
mod reader;
mod writer;

pub use reader::{Damaged, Reader};
pub use writer::Writer;

use pluresdb_value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Changeset,
    /// Without what the changed columns were before.
    Patchset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Insert,
    Update,
    Delete,
}

impl Operation {
    fn byte(self) -> u8 {
        match self {
            Operation::Insert => 18,
            Operation::Update => 23,
            Operation::Delete => 9,
        }
    }

    fn of_byte(byte: u8) -> Option<Operation> {
        [Operation::Insert, Operation::Update, Operation::Delete]
            .into_iter()
            .find(|known| known.byte() == byte)
    }
}

/// What stands before a table's changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHeader {
    pub kind: Kind,
    pub name: String,
    /// Of each column, its place in the primary key from 1 on, or 0.
    pub key: Vec<u8>,
}

impl TableHeader {
    pub fn column_count(&self) -> usize {
        self.key.len()
    }
}

/// The defined values of a row, by column, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(Vec<(usize, Value)>);

impl Row {
    /// Columns are given in ascending order.
    pub fn push(&mut self, column: usize, value: Value) {
        debug_assert!(
            self.0.last().is_none_or(|(last, _)| *last < column),
            "columns come in ascending order"
        );
        self.0.push((column, value));
    }

    pub fn get(&self, column: usize) -> Option<&Value> {
        let at = self.0.binary_search_by_key(&column, |(known, _)| *known).ok()?;
        Some(&self.0[at].1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.0.iter().map(|(column, value)| (*column, value))
    }
}

impl FromIterator<(usize, Value)> for Row {
    fn from_iter<I: IntoIterator<Item = (usize, Value)>>(values: I) -> Row {
        let mut row = Row::default();
        values.into_iter().for_each(|(column, value)| row.push(column, value));
        row
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub operation: Operation,
    /// A trigger or a foreign key made it.
    pub is_indirect: bool,
    pub old: Row,
    pub new: Row,
}

#[cfg(test)]
mod tests;
