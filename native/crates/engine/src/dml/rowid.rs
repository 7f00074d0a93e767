//! Which rowid a new row gets: one above the largest, or above the largest ever with AUTOINCREMENT.
//!
//! `sqlite_sequence` is an ordinary table of (name, seq). The outermost statement reads the rows of all tables that it
//! or its triggers may insert into (`RowPrograms`) at the beginning and writes them at the end, as SQLite does.

use std::sync::Arc;

use pluresdb_value::record::{self, Record};
use pluresdb_value::{Value, ValueRef, affinity};

use crate::catalog::{DatabaseIndex, Table, TreeId};
use crate::execute::{corrupt, tree_error};
use crate::session::Session;
use crate::{Error, Result, ResultCode};

/// How often a random rowid is tried when the largest is taken.
const RANDOM_ATTEMPTS: usize = 100;

/// The rowid of the next row of a table without AUTOINCREMENT.
pub(crate) fn next_rowid(database: DatabaseIndex, tree: TreeId, session: &mut Session) -> Result<i64> {
    let transaction = session.transaction(database);
    let rows = transaction.row_tree(tree)?;
    match rows.last_rowid(transaction.pager()).map_err(tree_error)? {
        None => Ok(1),
        Some(last) if last < i64::MAX => Ok(last + 1),
        Some(_) => random_rowid(database, tree, session),
    }
}

fn random_rowid(database: DatabaseIndex, tree: TreeId, session: &mut Session) -> Result<i64> {
    for attempt in 0..RANDOM_ATTEMPTS {
        let mut rowid = session.random.next_i64() & (i64::MAX >> 1);
        if attempt > 0 {
            rowid &= 0xff_ffff;
        }
        let rowid = rowid + 1;
        let transaction = session.transaction(database);
        if !transaction.row_tree(tree)?.contains(transaction.pager(), rowid).map_err(tree_error)? {
            return Ok(rowid);
        }
    }
    Err(full())
}

fn full() -> Error {
    Error::new(ResultCode::Full, "database or disk is full")
}

/// The value as a rowid; None for NULL, which asks for a new one.
pub(crate) fn rowid_of(value: &Value) -> Result<Option<i64>> {
    if matches!(value, Value::Null) {
        return Ok(None);
    }
    let mismatch = || Error::new(ResultCode::Mismatch, "datatype mismatch");
    affinity::as_integer(value).map(Some).ok_or_else(mismatch)
}

/// A table's row of `sqlite_sequence` while a statement runs that may insert into the table.
pub(crate) struct Sequence {
    database: DatabaseIndex,
    tree: TreeId,
    table: Arc<Table>,
    row: Option<(i64, Vec<u8>)>,
    stored: i64,
    largest: i64,
}

impl Sequence {
    pub fn open(session: &Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<Sequence> {
        let Some(sequences) = session.catalog(database).table("sqlite_sequence").cloned() else {
            return Err(Error::new(ResultCode::Corrupt, "database disk image is malformed"));
        };
        let mut sequence = Sequence {
            database,
            tree: sequences.tree,
            table: table.clone(),
            row: find_sequence(session, database, sequences.tree, &table.name)?,
            stored: 0,
            largest: 0,
        };
        if let Some((_, record)) = &sequence.row {
            let seq = Record::new(record).map_err(corrupt)?.column(1).map_err(corrupt)?;
            sequence.stored = seq.map_or(0, ValueRef::to_integer);
            sequence.largest = sequence.stored;
        }
        Ok(sequence)
    }

    /// The rowid of a row that was given none.
    pub fn next(&mut self, session: &Session) -> Result<i64> {
        let transaction = session.transaction(self.database);
        let rows = transaction.row_tree(self.table.tree)?;
        let last = rows.last_rowid(transaction.pager()).map_err(tree_error)?;
        self.largest = self.largest.max(last.unwrap_or(0)).checked_add(1).ok_or_else(full)?;
        Ok(self.largest)
    }

    pub fn note(&mut self, rowid: i64) {
        self.largest = self.largest.max(rowid);
    }

    /// Writes what the statement reached.
    pub fn close(self, session: &mut Session) -> Result<()> {
        if self.row.is_some() && self.largest == self.stored {
            return Ok(());
        }
        let mut record = Vec::new();
        let values = [Value::text(&*self.table.name), Value::Integer(self.largest)];
        record::encode_values(&values, &mut record);
        let (rowid, old) = match self.row {
            Some((rowid, old)) => (rowid, Some(old)),
            None => (next_rowid(self.database, self.tree, session)?, None),
        };
        let transaction = session.transaction_mut(self.database);
        transaction.put_row(self.tree, rowid, &record, old.as_deref())
    }
}

/// The row of `sqlite_sequence` that names the table.
pub(crate) fn find_sequence(
    session: &Session,
    database: DatabaseIndex,
    tree: TreeId,
    table: &str,
) -> Result<Option<(i64, Vec<u8>)>> {
    let transaction = session.transaction(database);
    let rows = transaction.row_tree(tree)?;
    let mut cursor = pluresdb_tree::RowCursor::new(rows, transaction.pager().clone());
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        if let Some(ValueRef::Text(name)) = cursor.column(0).map_err(tree_error)?
            && name == table.as_bytes()
        {
            let mut record = Vec::new();
            cursor.to_record(&mut record).map_err(tree_error)?;
            return Ok(Some((cursor.rowid(), record)));
        }
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(None)
}

/// A dropped table's row of `sqlite_sequence` goes with it.
pub(crate) fn remove_sequence(session: &mut Session, database: DatabaseIndex, table: &str) -> Result<()> {
    let Some(sequences) = session.catalog(database).table("sqlite_sequence").cloned() else { return Ok(()) };
    if let Some((rowid, record)) = find_sequence(session, database, sequences.tree, table)? {
        session.transaction_mut(database).delete_row(sequences.tree, rowid, &record)?;
    }
    Ok(())
}

/// A renamed table keeps its row of `sqlite_sequence`.
pub(crate) fn rename_sequence(
    session: &mut Session,
    database: DatabaseIndex,
    from: &str,
    to: &str,
) -> Result<()> {
    let Some(sequences) = session.catalog(database).table("sqlite_sequence").cloned() else { return Ok(()) };
    let Some((rowid, old)) = find_sequence(session, database, sequences.tree, from)? else { return Ok(()) };
    let seq = Record::new(&old).map_err(corrupt)?.column(1).map_err(corrupt)?;
    let mut new = Vec::new();
    record::encode([ValueRef::Text(to.as_bytes()), seq.unwrap_or(ValueRef::Null)], &mut new);
    session.transaction_mut(database).put_row(sequences.tree, rowid, &new, Some(&old))
}
