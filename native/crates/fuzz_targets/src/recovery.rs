//! The engine over a store and a log whose checksums hold and whose contents lie.
//!
//!     input    engine bytes piece | roots piece | (block piece)… up to 4 | commit record pieces up to the end
//!              roots: the block that lists the trees; empty: none, the store is new
//!
//! Laws: opening answers a database or an error; one that opened can be read, checked and written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use pluresdb_engine::transaction::{BusyHandler, Engine, EngineOptions, Transaction};
use pluresdb_engine::{Connection, DatabasePath, OpenOptions};
use pluresdb_store::disk::{Disk, FaultyDisk};
use pluresdb_store::{CommitLog, LogOptions, LogPosition, MemoryStore, Opened, Root, Store, Uuid};

use crate::Input;
use crate::input::write_piece;

const BLOCKS: usize = 4;
const MAX_RECORDS: usize = 16;
const DIR: &str = "/log";

fn empty_log() -> CommitLog {
    let disk = FaultyDisk::new();
    disk.create_dir(Path::new(DIR)).expect("the disk is empty");
    let options = LogOptions { min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() };
    let disk: Arc<dyn Disk> = Arc::new(disk);
    CommitLog::open(disk, PathBuf::from(DIR), Uuid([7; 16]), LogPosition(0), options)
        .expect("an empty directory is an empty log")
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let engine = input.piece();
    let roots = input.piece();
    let store = MemoryStore::new();
    for _ in 0..BLOCKS {
        let id = store.allocate();
        store.write(&[(id, input.piece())]).expect("memory takes blocks of any contents");
    }
    if !roots.is_empty() {
        let id = store.allocate();
        store.write(&[(id, roots)]).expect("memory takes blocks of any contents");
        let root = Root { catalog: Some(id), engine: engine.to_vec(), ..Root::default() };
        if store.commit_root(root, &[]).is_err() {
            return;
        }
    }
    let log = empty_log();
    for version in 1..=MAX_RECORDS as u64 {
        if input.is_empty() {
            break;
        }
        // The right version, or nothing behind it would be looked at.
        let record = [&version.to_le_bytes()[..], input.piece()].concat();
        log.append(&record).expect("this disk has room");
    }
    let opened = Opened { store: Arc::new(store), log: Some(Arc::new(log)), is_new: false };
    let Ok(engine) = Engine::from_opened(opened, &EngineOptions::default()) else { return };
    use_database(engine);
}

fn use_database(engine: Arc<Engine>) {
    let mut transaction = Transaction::new(engine);
    if transaction.begin_read().is_err() {
        return;
    }
    transaction.verify_trees(&mut |_, _| {});
    let trees: Vec<_> = transaction.tree_ids().collect();
    for tree in trees {
        let _ = transaction.entry_count(tree);
    }
    transaction.end_read();
    if transaction.begin_write(&BusyHandler::default()).is_ok() {
        transaction.rollback();
    }
}

/// What a database says after some statements: its engine bytes, root block, other blocks and commit records.
static SOUND: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let scripts = [
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE, c); INSERT INTO t VALUES (1, 'x', 2.5), (2, 'y', NULL)",
        "CREATE TABLE k (a TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO k VALUES ('p', 1), ('q', 2); DELETE FROM k",
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; CREATE INDEX i ON t (a); DROP TABLE t; PRAGMA user_version = 5",
    ];
    scripts.iter().map(|script| record_of(script)).collect()
});

fn record_of(script: &str) -> Vec<u8> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let log = Arc::new(empty_log());
    let opened = Opened { store, log: Some(Arc::clone(&log)), is_new: true };
    let engine = Engine::from_opened(opened, &EngineOptions::default()).expect("an empty store opens");
    let options = OpenOptions::new(DatabasePath::Memory);
    let mut connection = Connection::over(engine, &options).expect("an engine takes connections");
    connection.execute(script).expect("the script is sound");
    let mut out = Vec::new();
    for _ in 0..BLOCKS + 2 {
        write_piece(b"", &mut out);
    }
    let read: Result<_, pluresdb_store::StoreError> = log.replay(LogPosition(0), |_, record| {
        write_piece(&record[8..], &mut out);
        Ok(())
    });
    read.expect("the log was just written");
    out
}

pub fn seeds() -> Vec<Vec<u8>> {
    SOUND.clone()
}
