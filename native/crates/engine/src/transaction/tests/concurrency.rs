//! Threads: readers never see half a commit, writers never lose one.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use pluresdb_store::StoreKind;

use super::*;

const ACCOUNTS: i64 = 40;
const TRANSFERS: usize = 300;

fn amount(bytes: &[u8]) -> i64 {
    match record::Record::new(bytes).unwrap().column(0).unwrap().unwrap() {
        pluresdb_value::ValueRef::Integer(number) => number,
        _ => panic!("a balance is an integer"),
    }
}

fn balance(amount: i64) -> Vec<u8> {
    let mut out = Vec::new();
    record::encode_values(&[Value::Integer(amount)], &mut out);
    out
}

fn transfer_under_eyes(engine: &Arc<Engine>, synchronous: Synchronous) {
    let (mut setup, accounts) = writing(engine);
    for account in 0..ACCOUNTS {
        setup.put_row(accounts, account, &balance(100), None).unwrap();
    }
    setup.commit(synchronous).unwrap();
    let first_version = engine.snapshot().version();

    let is_done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (engine, is_done) = (Arc::clone(engine), Arc::clone(&is_done));
            thread::spawn(move || {
                let mut reader = Transaction::new(engine);
                let mut last_version = 0;
                while !is_done.load(Ordering::Relaxed) {
                    reader.begin_read().unwrap();
                    assert!(reader.version() >= last_version, "time goes forward");
                    last_version = reader.version();
                    let sum: i64 = rows_of(&reader, accounts).unwrap().values().map(|row| amount(row)).sum();
                    assert_eq!(sum, 100 * ACCOUNTS);
                    reader.end_read();
                }
            })
        })
        .collect();
    let writers: Vec<_> = (0..3)
        .map(|seed| {
            let engine = Arc::clone(engine);
            thread::spawn(move || {
                let mut random = Random(seed);
                let mut writer = Transaction::new(engine);
                for _ in 0..TRANSFERS {
                    writer.begin_write(&BusyHandler::new(Duration::from_secs(60))).unwrap();
                    let from = random.below(ACCOUNTS as u64) as i64;
                    let to = (from + 1 + random.below(ACCOUNTS as u64 - 1) as i64) % ACCOUNTS;
                    for (account, change) in [(from, -1), (to, 1)] {
                        let mut old = Vec::new();
                        let rows = writer.row_tree(accounts).unwrap();
                        rows.get(writer.pager(), account).unwrap().unwrap().to_record(&mut old).unwrap();
                        let new = balance(amount(&old) + change);
                        writer.put_row(accounts, account, &new, Some(&old)).unwrap();
                    }
                    writer.commit(synchronous).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    is_done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
    assert_eq!(engine.snapshot().version(), first_version + 3 * TRANSFERS as u64);
}

#[test]
fn readers_see_whole_commits_while_threads_write_in_memory() {
    transfer_under_eyes(&memory(), Synchronous::Normal);
}

#[test]
fn readers_see_whole_commits_while_threads_write_a_file_and_share_syncs() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let syncs = disk.sync_count();
    transfer_under_eyes(&engine, Synchronous::Full);
    assert!(disk.sync_count() > syncs);
    let killed = on_disk(&Arc::new(disk.process_kill())).unwrap();
    assert_eq!(killed.snapshot().version(), engine.snapshot().version());
}

/// A writer that follows at once begins with a version whose commit still waits for the disk.
#[test]
fn who_has_begun_to_write_finds_no_older_version_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&Location::Path(folder.path().join("db")), &EngineOptions::default()).unwrap();
    let (_, table) = with_rows(&engine, []);
    let waits = BusyHandler::new(Duration::from_secs(60));
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = Transaction::new(Arc::clone(&engine));
            for number in 0.. {
                writer.begin_write(&waits).unwrap();
                writer.put_row(table, number, &row(number), None).unwrap();
                writer.commit(Synchronous::Full).unwrap();
                if is_done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let mut other = Transaction::new(Arc::clone(&engine));
        for round in 0..400 {
            other.begin_write(&waits).unwrap();
            let seen = other.version();
            if round % 2 == 0 {
                other.commit(Synchronous::Full).unwrap();
            } else {
                other.rollback();
            }
            other.begin_read().unwrap();
            assert!(other.version() >= seen, "time goes forward");
            other.end_read();
            thread::sleep(Duration::from_micros(100));
        }
        is_done.store(true, Ordering::Relaxed);
    });
}

/// As test suites do that remove their file and forget to close: SQLite makes another database then.
#[cfg(unix)]
#[test]
fn a_file_that_was_removed_or_moved_is_no_longer_the_database_of_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let options = EngineOptions { new_store: StoreKind::File, ..EngineOptions::default() };
    let open = || Engine::open(&Location::Path(path.clone()), &options).unwrap();
    let moved = folder.path().join("moved");
    for is_moved in [false, true] {
        let before = open();
        let (mut old, old_table) = with_rows(&before, [1, 2]);
        assert!(Arc::ptr_eq(&before, &open()), "connections of a process share the database");
        if is_moved { fs::rename(&path, &moved) } else { fs::remove_file(&path) }.unwrap();

        let after = open();
        let (mut new, table) = with_rows(&after, [3]);
        assert!(Arc::ptr_eq(&after, &open()));
        old.begin_read().unwrap();
        assert_eq!(rowids(&old, old_table), [1, 2]);
        let refused = old.begin_write(&NO_WAIT).unwrap_err();
        assert_eq!(refused.code.name(), "SQLITE_READONLY_DBMOVED");

        drop((old, before));
        new.begin_write(&NO_WAIT).unwrap();
        new.put_row(table, 4, &row(4), None).unwrap();
        new.commit(Synchronous::Normal).unwrap();
        drop((new, after));
        let mut again = Transaction::new(open());
        again.begin_read().unwrap();
        assert_eq!(rowids(&again, table), [3, 4], "closing the old one took nothing of the new one");
        drop(again);
        fs::remove_file(&path).unwrap();
    }
    let mut found =
        Transaction::new(Engine::open(&Location::Path(moved), &EngineOptions::default()).unwrap());
    found.begin_read().unwrap();
    assert_eq!(found.version(), 1, "what was committed went with the file");
}
