//! Threads: readers never see half a commit, writers never lose one.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

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
