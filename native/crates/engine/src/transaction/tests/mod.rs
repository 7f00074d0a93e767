//! What a database promises its connections, tried out. Here: the tools; the promises are in the files.

mod concurrency;
mod isolation;
mod model;
mod participants;
mod recovery;
mod rollback;
mod sql;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use pluresdb_store::{
    DirectoryOptions, LogOptions, MapKind, Synchronous, disk::FaultyDisk, open_directory_on,
};
use pluresdb_tree::{KeyCursor, RowCursor};
use pluresdb_value::{Value, record};

use super::{BusyHandler, Engine, EngineOptions, Location, Transaction};
use crate::{Result, catalog::TreeId};

const NO_WAIT: BusyHandler = BusyHandler { timeout: Duration::ZERO, interrupt: None };

fn memory() -> Arc<Engine> {
    Engine::open(&Location::Memory, &EngineOptions::default()).unwrap()
}

/// A database on a disk that is about to misbehave.
fn on_disk(disk: &Arc<FaultyDisk>) -> Result<Arc<Engine>> {
    let options = DirectoryOptions {
        map: MapKind::Journal,
        log: LogOptions { min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() },
        min_segment_len: Some(20_000),
        ..DirectoryOptions::default()
    };
    let opened = open_directory_on(Arc::clone(disk) as _, Path::new("/db"), &options)?;
    Engine::from_opened(opened, &EngineOptions::default())
}

/// A row of an integer and a text.
fn row(number: i64) -> Vec<u8> {
    let mut out = Vec::new();
    let text = "row ".repeat(number.unsigned_abs() as usize % 7);
    record::encode_values(&[Value::Integer(number), Value::Text(text.as_str().into())], &mut out);
    out
}

/// A transaction that writes, with a table in it.
fn writing(engine: &Arc<Engine>) -> (Transaction, TreeId) {
    let mut transaction = Transaction::new(Arc::clone(engine));
    transaction.begin_write(&NO_WAIT).unwrap();
    let table = transaction.create_row_tree().unwrap();
    (transaction, table)
}

/// A database with one committed table of these rows.
fn with_rows(engine: &Arc<Engine>, rows: impl IntoIterator<Item = i64>) -> (Transaction, TreeId) {
    let (mut transaction, table) = writing(engine);
    for number in rows {
        transaction.put_row(table, number, &row(number), None).unwrap();
    }
    transaction.commit(Synchronous::Normal).unwrap();
    (transaction, table)
}

fn rowids(transaction: &Transaction, table: TreeId) -> Vec<i64> {
    rows_of(transaction, table).unwrap().into_keys().collect()
}

fn rows_of(transaction: &Transaction, table: TreeId) -> Result<BTreeMap<i64, Vec<u8>>> {
    let mut cursor = RowCursor::new(transaction.row_tree(table)?, Arc::clone(transaction.pager()));
    let mut rows = BTreeMap::new();
    let mut has_row = cursor.first()?;
    while has_row {
        let mut bytes = Vec::new();
        cursor.to_record(&mut bytes)?;
        rows.insert(cursor.rowid(), bytes);
        has_row = cursor.next()?;
    }
    Ok(rows)
}

fn keys_of(transaction: &Transaction, index: TreeId) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut cursor = KeyCursor::new(transaction.key_tree(index)?, Arc::clone(transaction.pager()));
    let mut keys = BTreeMap::new();
    let mut has_key = cursor.first()?;
    while has_key {
        keys.insert(cursor.key().to_vec(), cursor.value()?.to_vec());
        has_key = cursor.next()?;
    }
    Ok(keys)
}

fn verify(engine: &Arc<Engine>) {
    let mut reader = Transaction::new(Arc::clone(engine));
    reader.begin_read().unwrap();
    reader.verify_trees(&mut |tree, text| panic!("tree {}: {text}", tree.0));
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
