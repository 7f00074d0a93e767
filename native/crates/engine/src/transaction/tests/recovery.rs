//! What a database is after its process was killed, its disk lost power, or there was no room.

use std::io;

use super::super::{CheckpointMode, CheckpointResult};
use super::*;
use crate::ResultCode;
use pluresdb_tree::{ListedPart, NewColumn};
use pluresdb_value::{ValueRef, record::Record};

fn reader(engine: &Arc<Engine>) -> Transaction {
    let mut reader = Transaction::new(Arc::clone(engine));
    reader.begin_read().unwrap();
    reader
}

fn put_and_commit(
    transaction: &mut Transaction,
    table: TreeId,
    rowid: i64,
    synchronous: Synchronous,
) -> Result<()> {
    transaction.begin_write(&NO_WAIT)?;
    transaction.put_row(table, rowid, &row(rowid), None)?;
    transaction.commit(synchronous)
}

/// The row is written again as it is.
fn rewrite_and_commit(transaction: &mut Transaction, table: TreeId, rowid: i64) {
    transaction.begin_write(&NO_WAIT).unwrap();
    transaction.put_row(table, rowid, &row(rowid), Some(&row(rowid))).unwrap();
    transaction.commit(Synchronous::Normal).unwrap();
}

#[test]
fn a_killed_process_loses_no_commit_and_no_rollback_comes_back() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, [1, 2, 3]);
    writer.begin_write(&NO_WAIT).unwrap();
    let index = writer.create_key_tree().unwrap();
    writer.put_key(index, b"k", b"v", None).unwrap();
    writer.delete_row(table, 2, &row(2)).unwrap();
    writer.set_user_version(-3);
    writer.set_schema_version(77);
    let mark = writer.begin_statement();
    writer.put_row(table, 50, &row(50), None).unwrap();
    writer.rollback_statement(mark).unwrap();
    writer.savepoint("s");
    writer.put_row(table, 51, &row(51), None).unwrap();
    writer.rollback_to("s").unwrap();
    writer.commit(Synchronous::Off).unwrap();
    writer.begin_write(&NO_WAIT).unwrap();
    writer.put_row(table, 52, &row(52), None).unwrap();

    let engine = on_disk(&Arc::new(disk.process_kill())).unwrap();
    let seen = reader(&engine);
    assert_eq!(rowids(&seen, table), [1, 3]);
    assert_eq!(keys_of(&seen, index).unwrap(), BTreeMap::from([(b"k".to_vec(), b"v".to_vec())]));
    assert_eq!((seen.user_version(), seen.schema_version(), seen.version()), (-3, 77, 2));
    let (_, next) = writing(&engine);
    assert!(next > index, "tree ids are not reused");
}

#[test]
fn rows_changed_many_at_a_time_come_back_after_a_kill_and_go_with_their_statement() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, 0..3000);
    let put = |writer: &mut Transaction, rowids: &[i64], number: i64| {
        let values = vec![ValueRef::Integer(number); rowids.len()];
        let mut from = 0;
        while from < rowids.len() {
            let new = [NewColumn { slot: 0, values: &values[from..] }];
            from += writer.put_columns(table, &rowids[from..], &new).unwrap().unwrap();
        }
    };
    let delete = |writer: &mut Transaction, rowids: &[i64]| {
        let mut from = 0;
        while from < rowids.len() {
            from += writer.delete_rows(table, &rowids[from..]).unwrap();
        }
    };
    let every = |step: usize| (0..3000).step_by(step).collect::<Vec<i64>>();
    writer.begin_write(&NO_WAIT).unwrap();
    assert!(writer.is_without_overflow(table).unwrap());
    let outer = writer.begin_statement();
    put(&mut writer, &every(2), -1);
    let inner = writer.begin_statement();
    put(&mut writer, &every(3), -2);
    delete(&mut writer, &every(5));
    writer.put_row(table, 9000, &row(9000), None).unwrap();
    writer.rollback_statement(inner).unwrap();
    delete(&mut writer, &every(7));
    writer.end_statement(outer);
    let undone = writer.begin_statement();
    delete(&mut writer, &[1, 2, 3]);
    writer.rollback_statement(undone).unwrap();
    let expected = rows_of(&writer, table).unwrap();
    writer.commit(Synchronous::Normal).unwrap();
    assert_eq!(expected.len(), 3000 - every(7).len());

    let engine = on_disk(&Arc::new(disk.process_kill())).unwrap();
    verify(&engine);
    let rows = rows_of(&reader(&engine), table).unwrap();
    assert_eq!(rows, expected);
    let number = |rowid: i64| {
        let record = Record::new(&rows[&rowid]).unwrap();
        record.column(0).unwrap().map(ValueRef::to_value)
    };
    assert_eq!((number(2), number(3)), (Some(Value::Integer(-1)), Some(Value::Integer(3))));
}

#[test]
fn columns_beside_long_values_come_back_after_a_kill() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = writing(&engine);
    for rowid in 0..200 {
        let mut record = Vec::new();
        record::encode_values(&[Value::Integer(rowid), Value::blob(vec![rowid as u8; 20_000])], &mut record);
        writer.put_row(table, rowid, &record, None).unwrap();
    }
    writer.commit(Synchronous::Normal).unwrap();
    for is_in_store in [true, false] {
        if is_in_store {
            writer.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
        }
        writer.begin_write(&NO_WAIT).unwrap();
        let rowids: Vec<i64> = (i64::from(is_in_store)..200).step_by(2).collect();
        let values = vec![ValueRef::Integer(-1); rowids.len()];
        let mut from = 0;
        while from < rowids.len() {
            let new = [NewColumn { slot: 0, values: &values[from..] }];
            from += writer.put_columns(table, &rowids[from..], &new).unwrap().unwrap();
        }
        writer.take_row(table, rowids[3]).unwrap();
        let expected = rows_of(&writer, table).unwrap();
        writer.commit(Synchronous::Normal).unwrap();
        let engine = on_disk(&Arc::new(disk.process_kill())).unwrap();
        verify(&engine);
        assert_eq!(rows_of(&reader(&engine), table).unwrap(), expected);
    }
}

#[test]
fn a_checkpoint_holds_everything_and_the_log_goes_on_after_it() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, 0..500);
    let result = writer.checkpoint(CheckpointMode::Passive, &NO_WAIT).unwrap();
    assert!(!result.is_busy && result.log_pages > 0 && result.log_pages == result.checkpointed_pages);
    assert_eq!(engine.sizes().log_bytes, 0);
    writer.begin_write(&NO_WAIT).unwrap();
    writer.set_user_version(5);
    writer.put_row(table, 1000, &row(1000), None).unwrap();
    assert_eq!(writer.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap_err().code, ResultCode::Locked);
    let mut other = Transaction::new(Arc::clone(&engine));
    assert!(other.checkpoint(CheckpointMode::Truncate, &NO_WAIT).unwrap().is_busy);
    assert!(!other.checkpoint(CheckpointMode::Passive, &NO_WAIT).unwrap().is_busy);
    writer.commit(Synchronous::Normal).unwrap();

    for disk in [disk.process_kill(), disk.power_cut(1)] {
        let engine = on_disk(&Arc::new(disk)).unwrap();
        let rowids = rowids(&reader(&engine), table);
        assert_eq!(rowids[..500], (0..500).collect::<Vec<_>>());
        verify(&engine);
    }
    let truncated = writer.checkpoint(CheckpointMode::Truncate, &NO_WAIT).unwrap();
    assert_eq!(truncated, CheckpointResult { is_busy: false, log_pages: 0, checkpointed_pages: 0 });
    let killed = on_disk(&Arc::new(disk.process_kill())).unwrap();
    assert_eq!(reader(&killed).user_version(), 5);
}

#[test]
fn snapshots_stay_readable_while_checkpoints_free_their_blocks() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, 0..3000);
    engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
    let old = reader(&engine);
    let before = rows_of(&old, table).unwrap();
    for round in 1..5 {
        writer.begin_write(&NO_WAIT).unwrap();
        for rowid in 0..3000 {
            let last = if round == 1 { row(rowid) } else { row(rowid + (round - 1) * 7) };
            writer.put_row(table, rowid, &row(rowid + round * 7), Some(&last)).unwrap();
        }
        writer.commit(Synchronous::Normal).unwrap();
        engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
        engine.pager().clear_cache();
        assert_eq!(rows_of(&old, table).unwrap(), before);
    }
    let held = engine.sizes().store.live_bytes;
    drop(old);
    put_and_commit(&mut writer, table, 9999, Synchronous::Normal).unwrap();
    engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
    assert!(engine.sizes().store.live_bytes < held, "blocks nobody sees are gone");
}

#[test]
fn a_transaction_beyond_its_memory_spills_and_commits_or_vanishes() {
    for is_committed in [true, false] {
        let disk = Arc::new(FaultyDisk::new());
        let engine = on_disk(&disk).unwrap();
        engine.set_dirty_budget(200_000);
        let (mut writer, table) = with_rows(&engine, [-1]);
        writer.begin_write(&NO_WAIT).unwrap();
        for rowid in 0..30_000 {
            writer.put_row(table, rowid, &row(rowid), None).unwrap();
        }
        let has_spilled = writer.write.as_ref().unwrap().spill.has_spilled;
        assert!(has_spilled, "{} dirty bytes", engine.pager().dirty_bytes());
        for rowid in 0..30_000 {
            writer.put_row(table, rowid, &row(rowid + 1), Some(&row(rowid))).unwrap();
        }
        assert_eq!(reader(&engine).row_tree(table).unwrap().count(), 1);
        let count = if is_committed {
            writer.commit(Synchronous::Off).unwrap();
            assert_eq!(engine.sizes().log_bytes, 0, "it committed as a checkpoint");
            30_001
        } else {
            writer.rollback();
            1
        };
        let blocks = engine.sizes().store.block_count;
        for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.process_kill())).unwrap()] {
            let rows = rows_of(&reader(&engine), table).unwrap();
            assert_eq!(rows.len(), count);
            assert!(rows.iter().all(|(rowid, bytes)| *rowid == -1 || *bytes == row(rowid + 1)));
            assert_eq!(engine.sizes().store.block_count, blocks, "no block is left behind");
            verify(&engine);
        }
        put_and_commit(&mut writer, table, 40_000, Synchronous::Normal).unwrap();
        let killed = on_disk(&Arc::new(disk.process_kill())).unwrap();
        assert_eq!(reader(&killed).row_tree(table).unwrap().count(), count as u64 + 1);
    }
}

/// More entries than go through the log.
const INDEX_ENTRIES: u64 = 120_000;

fn index_entries() -> impl Iterator<Item = ([u8; 8], [u8; 3])> {
    (0..INDEX_ENTRIES).map(|number| (number.to_be_bytes(), *b"row"))
}

#[test]
fn a_large_index_is_built_in_the_store_and_committed_or_vanishes() {
    for is_committed in [true, false] {
        let disk = Arc::new(FaultyDisk::new());
        let engine = on_disk(&disk).unwrap();
        let (mut writer, table) = with_rows(&engine, [1]);
        engine.checkpoint(CheckpointMode::Truncate, &NO_WAIT).unwrap();
        let blocks = engine.sizes().store.block_count;
        writer.begin_write(&NO_WAIT).unwrap();
        let mark = writer.begin_statement();
        let index = writer.build_key_tree(&ListedPart(index_entries), INDEX_ENTRIES as usize).unwrap();
        assert!(engine.sizes().store.block_count > blocks + 50, "its leaves are blocks by now");
        writer.end_statement(mark);
        if is_committed {
            writer.commit(Synchronous::Off).unwrap();
        } else {
            writer.rollback();
            assert_eq!(engine.sizes().store.block_count, blocks, "no block is left behind");
        }
        for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.process_kill())).unwrap()] {
            let reader = reader(&engine);
            assert_eq!(rowids(&reader, table), [1]);
            if is_committed {
                let entries = index_entries().map(|(key, value)| (key.to_vec(), value.to_vec()));
                assert!(keys_of(&reader, index).unwrap().into_iter().eq(entries));
            }
            verify(&engine);
        }
    }
}

#[test]
fn a_large_index_without_room_is_no_index() {
    let [untried, tried] = [false, true].map(|is_tried| {
        let disk = Arc::new(FaultyDisk::new());
        let engine = on_disk(&disk).unwrap();
        let (mut writer, table) = with_rows(&engine, [1]);
        engine.checkpoint(CheckpointMode::Truncate, &NO_WAIT).unwrap();
        writer.begin_write(&NO_WAIT).unwrap();
        let mark = writer.begin_statement();
        if is_tried {
            disk.set_capacity(Some(disk.used_bytes() + 50_000));
            let built = writer.build_key_tree(&ListedPart(index_entries), INDEX_ENTRIES as usize);
            assert_eq!(built.map_err(|error| error.code), Err(ResultCode::Full));
            disk.set_capacity(None);
        }
        writer.rollback_statement(mark).unwrap();
        writer.commit(Synchronous::Normal).unwrap();
        put_and_commit(&mut writer, table, 2, Synchronous::Normal).unwrap();
        engine.checkpoint(CheckpointMode::Truncate, &NO_WAIT).unwrap();
        for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.process_kill())).unwrap()] {
            assert_eq!(rowids(&reader(&engine), table), [1, 2]);
            verify(&engine);
        }
        engine.sizes().store.block_count
    });
    assert_eq!(tried, untried, "no block is left behind");
}

#[test]
fn a_commit_without_room_is_rolled_back_and_the_database_goes_on() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, [1]);
    disk.fail_write(0, io::ErrorKind::StorageFull);
    let error = put_and_commit(&mut writer, table, 2, Synchronous::Normal).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ResultCode::Full, "database or disk is full"));
    assert!(writer.is_none());
    put_and_commit(&mut writer, table, 3, Synchronous::Normal).unwrap();
    for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.process_kill())).unwrap()] {
        assert_eq!(rowids(&reader(&engine), table), [1, 3]);
    }
}

#[test]
fn files_opened_for_reading_replay_the_log_and_stay_as_they_were() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (_writer, table) = with_rows(&engine, [1, 2]);
    let killed = Arc::new(disk.process_kill());
    let changes = killed.change_count();
    let options = DirectoryOptions { map: MapKind::Journal, read_only: true, ..DirectoryOptions::default() };
    let opened = open_directory_on(Arc::clone(&killed) as _, Path::new("/db"), &options).unwrap();
    let options = EngineOptions { read_only: true, ..EngineOptions::default() };
    let engine = Engine::from_opened(opened, &options).unwrap();
    let mut seen = reader(&engine);
    assert_eq!(rowids(&seen, table), [1, 2]);
    seen.end_read();
    assert_eq!(seen.begin_write(&NO_WAIT).unwrap_err().code, ResultCode::ReadOnly);
    assert_eq!(seen.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap_err().code, ResultCode::ReadOnly);
    drop((seen, engine));
    assert_eq!(killed.change_count(), changes);
}

#[test]
fn a_checkpoint_without_room_loses_nothing_and_leaves_no_blocks() {
    let mut recovered = 0;
    for failing in 0..6 {
        let disk = Arc::new(FaultyDisk::new());
        let engine = on_disk(&disk).unwrap();
        let (mut writer, table) = with_rows(&engine, 0..4000);
        engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
        put_and_commit(&mut writer, table, 5000, Synchronous::Normal).unwrap();
        let blocks = engine.sizes().store.block_count;
        disk.fail_write(failing, io::ErrorKind::StorageFull);
        let outcome = engine.checkpoint(CheckpointMode::Full, &NO_WAIT);
        assert!(outcome.is_ok() || outcome.unwrap_err().code == ResultCode::Full);
        disk.fail_write(u64::MAX, io::ErrorKind::StorageFull);
        put_and_commit(&mut writer, table, 5001, Synchronous::Normal).unwrap();
        // Depending on where it happened, the next attempt works, or the store waits for a reopen.
        if engine.checkpoint(CheckpointMode::Full, &NO_WAIT).is_ok() {
            recovered += 1;
            put_and_commit(&mut writer, table, 5002, Synchronous::Normal).unwrap();
            engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
            assert!(engine.sizes().store.block_count <= blocks + 2);
        } else {
            let error = put_and_commit(&mut writer, table, 5002, Synchronous::Normal).unwrap_err();
            assert_eq!(error.code, ResultCode::IoError);
        }
        for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.process_kill())).unwrap()] {
            assert!(rowids(&reader(&engine), table).len() >= 4002);
            verify(&engine);
        }
    }
    assert!(recovered > 0);
}

#[test]
fn after_a_failed_sync_nothing_is_written_until_the_database_is_opened_anew() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, [1]);
    disk.fail_sync(0);
    let error = put_and_commit(&mut writer, table, 2, Synchronous::Full).unwrap_err();
    assert_eq!(error.code, ResultCode::IoError);
    assert_eq!(rowids(&reader(&engine), table), [1], "it was not published");
    let error = put_and_commit(&mut writer, table, 3, Synchronous::Off).unwrap_err();
    assert_eq!(error.code, ResultCode::IoError);
    let reopened = on_disk(&Arc::new(disk.process_kill())).unwrap();
    let (mut writer, table) = (Transaction::new(Arc::clone(&reopened)), table);
    put_and_commit(&mut writer, table, 4, Synchronous::Full).unwrap();
}

/// Commits until the disk is gone. Gives the number of commits that were acknowledged, and of those promised to
/// survive a power cut.
fn live(disk: &Arc<FaultyDisk>, seed: u64, synchronous: Synchronous) -> Result<(i64, i64)> {
    let engine = on_disk(disk)?;
    let mut random = Random(seed);
    let mut writer = Transaction::new(Arc::clone(&engine));
    writer.begin_write(&NO_WAIT)?;
    let table = writer.create_row_tree()?;
    assert_eq!(table, TABLE);
    let mut acknowledged = 0;
    let mut durable = 0;
    let outcome = (|| -> Result<()> {
        writer.commit(synchronous)?;
        for number in 1..=25 {
            writer.begin_write(&NO_WAIT)?;
            // Each commit adds one row and changes the one before it, so that a torn one would show.
            if number > 1 {
                writer.put_row(table, number - 1, &row(-number), Some(&row(number - 1)))?;
            }
            writer.put_row(table, number, &row(number), None)?;
            if random.below(6) == 0 {
                writer.spill()?;
            }
            let has_spilled = writer.write.as_ref().is_some_and(|write| write.spill.has_spilled);
            writer.commit(synchronous)?;
            acknowledged = number;
            if synchronous == Synchronous::Full || has_spilled {
                durable = number;
            }
            if random.below(7) == 0 {
                writer.checkpoint(CheckpointMode::Full, &NO_WAIT)?;
                durable = number;
            }
        }
        Ok(())
    })();
    drop(writer);
    // The process is not there to close the database.
    std::mem::forget(engine);
    if outcome.is_err() || acknowledged == 25 {
        Ok((acknowledged, durable))
    } else {
        outcome.map(|()| (0, 0))
    }
}

const TABLE: TreeId = TreeId(2);

/// The commits found after a crash; any mix of two of them would fail here.
fn found(engine: &Arc<Engine>) -> i64 {
    let reader = reader(engine);
    let Ok(rows) = rows_of(&reader, TABLE) else { return 0 };
    let count = rows.len() as i64;
    for (rowid, bytes) in rows {
        let expected = if rowid == count { row(rowid) } else { row(-rowid - 1) };
        assert_eq!(bytes, expected, "row {rowid} of {count}");
    }
    count
}

#[test]
fn power_loss_at_every_sync_leaves_whole_commits_and_all_that_were_promised() {
    for synchronous in [Synchronous::Normal, Synchronous::Full] {
        for seed in 0..3 {
            let disk = Arc::new(FaultyDisk::new());
            assert_eq!(live(&disk, seed, synchronous).unwrap().0, 25);
            for at in 0..disk.sync_count() {
                let disk = Arc::new(FaultyDisk::new());
                disk.freeze_at_sync(at);
                let (acknowledged, durable) = live(&disk, seed, synchronous).unwrap_or_default();
                for cut in 0..4 {
                    let disk = Arc::new(disk.power_cut(cut));
                    let engine = on_disk(&disk).unwrap();
                    let count = found(&engine);
                    assert!(count >= durable, "{count} of {durable} promised");
                    // A commit whose sync failed may be there or not.
                    assert!(count <= acknowledged + 1);
                    verify(&engine);
                }
                if let Ok(engine) = on_disk(&Arc::new(disk.process_kill())) {
                    assert!(found(&engine) >= acknowledged, "a killed process loses no acknowledged commit");
                }
            }
        }
    }
}

/// Blocks in which the changed rows of a leaf lie beside its base: their fifth byte says so.
fn delta_block_count(engine: &Engine) -> usize {
    let store = engine.pager().store();
    let mut ids = Vec::new();
    store.iterate(&mut |id, _| ids.push(id));
    ids.into_iter().filter(|id| store.read(*id).unwrap().starts_with(b"PDBTT")).count()
}

const WIDE_ROWS: i64 = 6000;
const ROUNDS: i64 = 6;

/// Each round changes a row in every leaf, adds one and takes one away, so that a leaf of another round would show; the
/// leaf in the middle is folded in the end. Gives the round that was committed last, and the last one promised to survive
/// a power cut.
fn change_all_over(disk: &Arc<FaultyDisk>, spills: bool) -> Result<(i64, i64)> {
    let engine = on_disk(disk)?;
    let mut writer = Transaction::new(Arc::clone(&engine));
    writer.begin_write(&NO_WAIT)?;
    assert_eq!(writer.create_row_tree()?, TABLE);
    for rowid in 0..WIDE_ROWS {
        writer.put_row(TABLE, rowid * 10, &row(0), None)?;
    }
    writer.commit(Synchronous::Normal)?;
    writer.checkpoint(CheckpointMode::Full, &NO_WAIT)?;
    let (mut acknowledged, mut durable, mut delta_blocks) = (0, 0, 0);
    let outcome = (|| -> Result<()> {
        for round in 1..=ROUNDS {
            writer.begin_write(&NO_WAIT)?;
            for rowid in (0..WIDE_ROWS).step_by(500) {
                writer.put_row(TABLE, rowid * 10, &row(round), Some(&row(round - 1)))?;
                writer.put_row(TABLE, rowid * 10 + round, &row(round), None)?;
                if round > 1 {
                    writer.delete_row(TABLE, rowid * 10 + round - 1, &row(round - 1))?;
                }
            }
            if round == ROUNDS {
                for rowid in WIDE_ROWS / 2 + 1..WIDE_ROWS / 2 + 400 {
                    writer.put_row(TABLE, rowid * 10, &row(round), Some(&row(0)))?;
                }
            }
            if spills && round % 2 == 0 {
                writer.spill()?;
            }
            let has_spilled = writer.write.as_ref().is_some_and(|write| write.spill.has_spilled);
            writer.commit(Synchronous::Normal)?;
            acknowledged = round;
            if round % 3 != 0 {
                writer.checkpoint(CheckpointMode::Full, &NO_WAIT)?;
            }
            if has_spilled || round % 3 != 0 {
                durable = round;
            }
            delta_blocks = delta_blocks.max(delta_block_count(&engine));
        }
        assert!(delta_blocks > 1, "{delta_blocks} delta blocks");
        Ok(())
    })();
    drop(writer);
    std::mem::forget(engine);
    match outcome {
        Err(_) => Ok((acknowledged, durable)),
        Ok(()) => Ok((ROUNDS, durable)),
    }
}

/// The round found after a crash, whole; 0 when there is none yet.
fn round_found(engine: &Arc<Engine>) -> i64 {
    let Ok(rows) = rows_of(&reader(engine), TABLE) else { return 0 };
    let Some(first) = rows.get(&0) else { return 0 };
    let round = (0..=ROUNDS).find(|round| *first == row(*round)).expect("a row of some round");
    let mut expected = BTreeMap::new();
    for rowid in 0..WIDE_ROWS {
        let is_folded = round == ROUNDS && (WIDE_ROWS / 2 + 1..WIDE_ROWS / 2 + 400).contains(&rowid);
        let number = if rowid % 500 == 0 || is_folded { round } else { 0 };
        expected.insert(rowid * 10, row(number));
        if rowid % 500 == 0 && round > 0 {
            expected.insert(rowid * 10 + round, row(round));
        }
    }
    assert!(rows == expected, "all rows are of round {round}");
    round
}

#[test]
fn power_loss_at_every_sync_leaves_bases_with_the_deltas_that_belong_to_them() {
    for spills in [false, true] {
        let disk = Arc::new(FaultyDisk::new());
        assert_eq!(change_all_over(&disk, spills).unwrap().0, ROUNDS);
        for at in 0..disk.sync_count() {
            let disk = Arc::new(FaultyDisk::new());
            disk.freeze_at_sync(at);
            let (acknowledged, durable) = change_all_over(&disk, spills).unwrap_or_default();
            for cut in 0..3 {
                let engine = on_disk(&Arc::new(disk.power_cut(cut))).unwrap();
                let round = round_found(&engine);
                assert!((durable..=acknowledged + 1).contains(&round), "{durable} {round} {acknowledged}");
                verify(&engine);
            }
            if let Ok(engine) = on_disk(&Arc::new(disk.process_kill())) {
                assert!(round_found(&engine) >= acknowledged);
                verify(&engine);
                // What it left can be built on, and in the end nothing is left behind.
                engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
                verify(&engine);
            }
        }
    }
}

#[test]
fn a_vacuum_leaves_no_delta_and_no_block_behind() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, 0..WIDE_ROWS);
    engine.compact(&NO_WAIT).unwrap();
    let whole = engine.sizes().store;
    for rowid in (0..WIDE_ROWS).step_by(300) {
        rewrite_and_commit(&mut writer, table, rowid);
    }
    let old = reader(&engine);
    let before = rows_of(&old, table).unwrap();
    engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
    assert!(delta_block_count(&engine) > 1);
    engine.compact(&NO_WAIT).unwrap();
    engine.pager().clear_cache();
    assert_eq!(rows_of(&old, table).unwrap(), before);
    drop(old);
    rewrite_and_commit(&mut writer, table, 0);
    engine.compact(&NO_WAIT).unwrap();
    rewrite_and_commit(&mut writer, table, 0);
    engine.compact(&NO_WAIT).unwrap();
    assert_eq!(delta_block_count(&engine), 0);
    assert_eq!(engine.sizes().store.block_count, whole.block_count);
    for engine in [Arc::clone(&engine), on_disk(&Arc::new(disk.power_cut(1))).unwrap()] {
        assert_eq!(rows_of(&reader(&engine), table).unwrap(), before);
        verify(&engine);
    }
}

#[test]
fn small_changes_all_over_a_large_index_stay_within_the_memory_of_a_transaction() {
    const BUDGET: usize = 4 << 20;
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, _) = writing(&engine);
    let key = |number: u64| format!("{number:0200}").into_bytes();
    let index =
        writer.build_key_tree(&ListedPart(|| (0..50_000).map(|number| (key(number), b"-"))), 50_000).unwrap();
    writer.commit(Synchronous::Normal).unwrap();
    engine.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
    drop(writer);
    engine.set_dirty_budget(BUDGET);
    let mut writer = Transaction::new(Arc::clone(&engine));
    writer.begin_write(&NO_WAIT).unwrap();
    let mut random = Random(3);
    let mut most = 0;
    for _ in 0..2000 {
        let key = key(random.below(50_000));
        writer.delete_key(index, &key, b"-").unwrap();
        writer.put_key(index, &key, b"-", None).unwrap();
        most = most.max(engine.pager().dirty_bytes());
    }
    assert!(most < 2 * BUDGET, "{most} bytes were dirty at once");
    writer.commit(Synchronous::Normal).unwrap();
    drop(writer);
    verify(&engine);
}

#[test]
fn transactions_that_spill_give_dead_space_back() {
    let disk = Arc::new(FaultyDisk::new());
    let engine = on_disk(&disk).unwrap();
    let (mut writer, table) = with_rows(&engine, 0..3000);
    for round in 1..=20 {
        writer.begin_write(&NO_WAIT).unwrap();
        for rowid in 0..3000 {
            writer.put_row(table, rowid, &row(rowid + round), Some(&row(rowid + round - 1))).unwrap();
        }
        writer.spill().unwrap();
        writer.commit(Synchronous::Normal).unwrap();
    }
    let sizes = engine.sizes().store;
    assert!(sizes.dead_bytes < 2 * sizes.live_bytes + 40_000, "{sizes:?}");
    verify(&engine);
}
