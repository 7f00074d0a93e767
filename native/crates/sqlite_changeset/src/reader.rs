//! Reads changesets and patchsets out of any bytes.

use pluresdb_value::Value;

use crate::bytes::{BLOB, INTEGER, REAL, TEXT};
use crate::{Change, Kind, Operation, Row, TableHeader};

/// SQLite takes no more columns for possible.
const MAX_COLUMNS: u32 = 65_536;

/// The bytes are no changeset from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    table: Option<TableHeader>,
    /// Columns of the table's key.
    key_columns: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0, table: None, key_columns: Vec::new() }
    }

    /// The table of the change read last.
    pub fn table(&self) -> Option<&TableHeader> {
        self.table.as_ref()
    }

    /// The next change; None behind the last.
    pub fn next_change(&mut self) -> Result<Option<Change>, Damaged> {
        let Some(mut byte) = self.maybe_byte() else { return Ok(None) };
        while let b'T' | b'P' = byte {
            self.read_header(if byte == b'P' { Kind::Patchset } else { Kind::Changeset })?;
            match self.maybe_byte() {
                Some(next) => byte = next,
                None => return Ok(None),
            }
        }
        let Some(table) = &self.table else { return Err(Damaged) };
        let (kind, column_count) = (table.kind, table.column_count());
        let operation = Operation::of_byte(byte).ok_or(Damaged)?;
        let is_indirect = self.byte()? != 0;
        let mut change = Change { operation, is_indirect, old: Row::default(), new: Row::default() };
        match (operation, kind) {
            (Operation::Insert, _) => change.new = self.row(column_count)?,
            (Operation::Delete, Kind::Changeset) => change.old = self.row(column_count)?,
            (Operation::Delete, Kind::Patchset) => change.old = self.key_row()?,
            (Operation::Update, Kind::Changeset) => {
                let old = self.row(column_count)?;
                change.new = self.row(column_count)?;
                change.old = self.compared(old, &change.new);
            }
            (Operation::Update, Kind::Patchset) => {
                let row = self.row(column_count)?;
                (change.old, change.new) = self.split(row)?;
            }
        }
        Ok(Some(change))
    }

    /// Of the old values those count that are the key's, or that a new one stands beside.
    fn compared(&self, old: Row, new: &Row) -> Row {
        let counts = |column: &usize| self.is_key(*column) || new.get(*column).is_some();
        old.0.into_iter().filter(|(column, _)| counts(column)).collect()
    }

    /// A patchset's update has key and new values in one row.
    fn split(&self, row: Row) -> Result<(Row, Row), Damaged> {
        let (old, new): (Vec<_>, Vec<_>) = row.0.into_iter().partition(|(column, _)| self.is_key(*column));
        if old.len() < self.key_columns.len() {
            return Err(Damaged);
        }
        Ok((Row(old), Row(new)))
    }

    fn is_key(&self, column: usize) -> bool {
        self.table.as_ref().is_some_and(|table| table.key[column] != 0)
    }

    fn read_header(&mut self, kind: Kind) -> Result<(), Damaged> {
        let columns = self.varint()?;
        if columns == 0 || columns > MAX_COLUMNS {
            return Err(Damaged);
        }
        let key = self.take(columns as usize)?.to_vec();
        let rest = &self.bytes[self.at..];
        let len = rest.iter().position(|byte| *byte == 0).ok_or(Damaged)?;
        let name = String::from_utf8_lossy(&rest[..len]).into_owned();
        self.at += len + 1;
        self.key_columns = (0..key.len()).filter(|column| key[*column] != 0).collect();
        self.table = Some(TableHeader { kind, name, key });
        Ok(())
    }

    fn row(&mut self, column_count: usize) -> Result<Row, Damaged> {
        let mut row = Row::default();
        for column in 0..column_count {
            if let Some(value) = self.value()? {
                row.push(column, value);
            }
        }
        Ok(row)
    }

    fn key_row(&mut self) -> Result<Row, Damaged> {
        let mut row = Row::default();
        for at in 0..self.key_columns.len() {
            if let Some(value) = self.value()? {
                row.push(self.key_columns[at], value);
            }
        }
        Ok(row)
    }

    /// None: undefined.
    fn value(&mut self) -> Result<Option<Value>, Damaged> {
        Ok(Some(match self.byte()? {
            0 => return Ok(None),
            INTEGER => Value::Integer(i64::from_be_bytes(self.eight()?)),
            REAL => Value::real(f64::from_bits(u64::from_be_bytes(self.eight()?))),
            TEXT => Value::text(self.counted()?),
            BLOB => Value::blob(self.counted()?),
            // SQLite takes an unknown type for NULL.
            _ => Value::Null,
        }))
    }

    fn counted(&mut self) -> Result<&'a [u8], Damaged> {
        let len = self.varint()?;
        self.take(len as usize)
    }

    fn eight(&mut self) -> Result<[u8; 8], Damaged> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        Ok(bytes)
    }

    fn varint(&mut self) -> Result<u32, Damaged> {
        let mut number = 0_u64;
        for _ in 0..9 {
            let byte = self.byte()?;
            number = number << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return u32::try_from(number).map_err(|_| Damaged);
            }
        }
        Err(Damaged)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Damaged> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or(Damaged)?;
        self.at += len;
        Ok(taken)
    }

    fn maybe_byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        self.maybe_byte().ok_or(Damaged)
    }
}
