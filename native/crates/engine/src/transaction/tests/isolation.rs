//! Snapshots and the busy rules, as SQLite's WAL mode has them.

use std::thread;

use super::*;
use crate::ResultCode;

#[test]
fn a_snapshot_does_not_see_later_commits_and_the_next_one_does() {
    let engine = memory();
    let (mut writer, table) = with_rows(&engine, [1, 2]);
    let mut reader = Transaction::new(Arc::clone(&engine));
    reader.begin_read().unwrap();
    let version = reader.version();
    writer.begin_write(&NO_WAIT).unwrap();
    writer.put_row(table, 3, &row(3), None).unwrap();
    assert_eq!(rowids(&reader, table), [1, 2]);
    assert_eq!(rowids(&writer, table), [1, 2, 3]);
    writer.commit(Synchronous::Normal).unwrap();
    assert_eq!(rowids(&reader, table), [1, 2]);
    reader.end_read();
    reader.begin_read().unwrap();
    assert_eq!(rowids(&reader, table), [1, 2, 3]);
    assert_eq!(reader.version(), version + 1);
}

#[test]
fn an_idle_connection_keeps_no_old_version() {
    let engine = memory();
    let (mut writer, table) = with_rows(&engine, [1]);
    let mut reader = Transaction::new(Arc::clone(&engine));
    reader.begin_read().unwrap();
    reader.end_read();
    let old = Arc::downgrade(&engine.snapshot());
    writer.begin_write(&NO_WAIT).unwrap();
    writer.put_row(table, 2, &row(2), None).unwrap();
    writer.commit(Synchronous::Normal).unwrap();
    assert!(old.upgrade().is_none());
}

#[test]
fn there_is_one_writer() {
    let engine = memory();
    let (mut first, table) = writing(&engine);
    let mut second = Transaction::new(Arc::clone(&engine));
    let error = second.begin_write(&BusyHandler::new(Duration::from_millis(20))).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ResultCode::Busy, "database is locked"));
    assert!(second.is_none());
    first.rollback();
    second.begin_write(&NO_WAIT).unwrap();
    assert!(second.row_tree(table).is_err(), "the table was rolled back");
}

#[test]
fn a_waiting_writer_goes_on_from_what_the_one_before_committed() {
    let engine = memory();
    let (mut first, table) = with_rows(&engine, [1]);
    first.begin_write(&NO_WAIT).unwrap();
    let shared = Arc::clone(&engine);
    let waiting = thread::spawn(move || {
        let mut second = Transaction::new(shared);
        second.begin_write(&BusyHandler::new(Duration::from_secs(30))).unwrap();
        rowids(&second, table)
    });
    thread::sleep(Duration::from_millis(20));
    first.put_row(table, 2, &row(2), None).unwrap();
    first.commit(Synchronous::Normal).unwrap();
    assert_eq!(waiting.join().unwrap(), [1, 2]);
}

#[test]
fn an_outdated_snapshot_cannot_become_a_writer() {
    let engine = memory();
    let (mut writer, table) = with_rows(&engine, [1]);
    let mut late = Transaction::new(Arc::clone(&engine));
    late.begin_read().unwrap();
    assert_eq!(rowids(&late, table), [1]);
    writer.begin_write(&NO_WAIT).unwrap();
    // While the other still writes, it does not wait either: it would be outdated afterwards.
    let error = late.begin_write(&BusyHandler::new(Duration::from_secs(30))).unwrap_err();
    assert_eq!(error.code, ResultCode::Busy);
    writer.put_row(table, 2, &row(2), None).unwrap();
    writer.commit(Synchronous::Normal).unwrap();
    let error = late.begin_write(&NO_WAIT).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ResultCode::BusySnapshot, "database is locked"));
    assert!(late.is_read());
    late.end_read();
    late.begin_write(&NO_WAIT).unwrap();
}

#[test]
fn a_snapshot_nobody_has_read_from_may_become_a_newer_one() {
    let engine = memory();
    let (mut writer, table) = with_rows(&engine, [1]);
    let mut fresh = Transaction::new(Arc::clone(&engine));
    fresh.savepoint("s");
    fresh.begin_read().unwrap();
    assert_eq!(fresh.entry_count(table).unwrap(), 1);
    writer.begin_write(&NO_WAIT).unwrap();
    writer.put_row(table, 2, &row(2), None).unwrap();
    writer.commit(Synchronous::Normal).unwrap();
    fresh.begin_write(&NO_WAIT).unwrap();
    assert_eq!(rowids(&fresh, table), [1, 2]);
    fresh.put_row(table, 3, &row(3), None).unwrap();
    fresh.rollback_to("s").unwrap();
    assert_eq!(rowids(&fresh, table), [1, 2]);
}

#[test]
fn an_untouched_transaction_makes_no_version() {
    let engine = memory();
    let (mut writer, table) = with_rows(&engine, [1]);
    let mut reader = Transaction::new(Arc::clone(&engine));
    reader.begin_read().unwrap();
    assert_eq!(rowids(&reader, table), [1]);
    writer.begin_write(&NO_WAIT).unwrap();
    writer.commit(Synchronous::Full).unwrap();
    assert_eq!(engine.snapshot().version(), reader.version());
    reader.begin_write(&NO_WAIT).unwrap();
    reader.put_row(table, 2, &row(2), None).unwrap();
    drop(reader);
    assert_eq!(engine.snapshot().row_tree(table).unwrap().count(), 1, "a dropped transaction is rolled back");
}

#[test]
fn a_read_only_connection_sees_commits_and_writes_nothing() {
    let engine = memory();
    let (_writer, table) = with_rows(&engine, [1]);
    let mut reader = Transaction::new_read_only(Arc::clone(&engine));
    let error = reader.begin_write(&NO_WAIT).unwrap_err();
    assert_eq!(error.code, ResultCode::ReadOnly);
    assert_eq!(error.message, "attempt to write a readonly database");
    reader.begin_read().unwrap();
    assert_eq!(rowids(&reader, table), [1]);
}

#[test]
fn connections_to_one_path_share_an_engine_and_the_last_one_closes_it() {
    let parent = tempfile::tempdir().unwrap();
    let location = Location::Path(parent.path().join("db"));
    let error = Engine::open(&location, &EngineOptions { create: false, ..EngineOptions::default() }).err();
    assert_eq!(error.unwrap().code, ResultCode::CantOpen);
    let openers: Vec<_> = (0..4)
        .map(|_| {
            let location = location.clone();
            thread::spawn(move || Engine::open(&location, &EngineOptions::default()).unwrap())
        })
        .collect();
    let engines: Vec<_> = openers.into_iter().map(|opener| opener.join().unwrap()).collect();
    assert!(engines.iter().all(|engine| Arc::ptr_eq(engine, &engines[0])));
    let detour = Location::Path(parent.path().join(".").join("db"));
    let reader = Engine::open(&detour, &EngineOptions { read_only: true, ..EngineOptions::default() });
    assert!(Arc::ptr_eq(&reader.unwrap(), &engines[0]));
    let (writer, table) = with_rows(&engines[0], [1, 2, 3]);
    drop((writer, engines));

    for _ in 0..3 {
        let engine = Engine::open(&location, &EngineOptions::default()).unwrap();
        assert_eq!(engine.sizes().log_bytes, 0, "closing made a checkpoint");
        let mut reader = Transaction::new(Arc::clone(&engine));
        reader.begin_read().unwrap();
        assert_eq!(rowids(&reader, table), [1, 2, 3]);
    }
}

#[test]
fn a_database_held_by_another_process_is_busy_and_names_the_holder() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("db");
    // Past the registry, as another process would.
    let other = pluresdb_store::open_directory(&path, &DirectoryOptions::default()).unwrap();
    let options =
        EngineOptions { busy: BusyHandler::new(Duration::from_millis(50)), ..EngineOptions::default() };
    let error = Engine::open(&Location::Path(path.clone()), &options).err().unwrap();
    assert_eq!((error.code, error.message.as_str()), (ResultCode::Busy, "database is locked"));
    assert!(error.detail.unwrap().contains(&std::process::id().to_string()));

    let waiting = thread::spawn(move || {
        let options =
            EngineOptions { busy: BusyHandler::new(Duration::from_secs(60)), ..EngineOptions::default() };
        Engine::open(&Location::Path(path), &options).map(drop)
    });
    thread::sleep(Duration::from_millis(30));
    other.close().unwrap();
    waiting.join().unwrap().unwrap();
}

#[test]
fn transactions_and_engines_may_move_between_threads() {
    fn is_send<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send::<Transaction>();
    is_shared::<Engine>();
    is_shared::<super::super::Snapshot>();
}

#[test]
fn a_panic_between_the_log_and_the_head_ends_writing_and_one_elsewhere_does_not() {
    struct Panics;
    impl super::super::TransactionParticipant for Panics {
        fn row_changed(&mut self, _change: &super::super::Change<'_>) -> Result<()> {
            panic!("on purpose");
        }
    }
    let engine = memory();
    let (_writer, table) = with_rows(&engine, [1]);
    engine.add_participant(Box::new(Panics), &NO_WAIT).unwrap();
    let shared = Arc::clone(&engine);
    let outcome = thread::spawn(move || {
        let mut transaction = Transaction::new(shared);
        transaction.begin_write(&NO_WAIT).unwrap();
        transaction.put_row(table, 2, &row(2), None).unwrap();
    })
    .join();
    assert!(outcome.is_err());
    let mut next = Transaction::new(Arc::clone(&engine));
    next.begin_write(&NO_WAIT).unwrap();
    assert_eq!(rowids(&next, table), [1]);
    next.rollback();

    engine.fail(crate::Error::new(ResultCode::Internal, "a commit was interrupted"));
    assert_eq!(next.begin_write(&NO_WAIT).unwrap_err().code, ResultCode::Internal);
    next.begin_read().unwrap();
    assert_eq!(rowids(&next, table), [1]);
}
