//! The log against kills, power cuts, torn tails and hostile bytes.

use std::{path::Path, sync::Arc};

use proptest::prelude::*;

use super::*;
use crate::{
    disk::{FaultyDisk, OpenMode},
    store::MAX_COUNT,
};

const DB: Uuid = Uuid([7; 16]);
const FILE_1: &str = "/log/00000001.log";

fn options() -> LogOptions {
    LogOptions { min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() }
}

fn disk() -> Arc<FaultyDisk> {
    let disk = Arc::new(FaultyDisk::new());
    disk.create_dir(Path::new("/log")).unwrap();
    disk
}

fn try_open(disk: &Arc<FaultyDisk>, from: LogPosition) -> Result<CommitLog> {
    CommitLog::open(Arc::clone(disk) as _, "/log".into(), DB, from, options())
}

fn open(disk: &Arc<FaultyDisk>, from: LogPosition) -> CommitLog {
    try_open(disk, from).unwrap()
}

fn records(log: &CommitLog, from: LogPosition) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let end = log.replay(from, |_, record| {
        found.push(record.to_vec());
        Ok::<_, StoreError>(())
    });
    assert_eq!(end.unwrap(), log.end());
    found
}

fn start() -> LogPosition {
    LogPosition::default()
}

#[test]
fn records_come_back_in_order_after_reopening() {
    let disk = disk();
    let log = open(&disk, start());
    let middle = log.append(b"one").unwrap();
    let end = log.append(b"").unwrap();
    assert_eq!(records(&log, start()), [b"one".to_vec(), b"".to_vec()]);
    let log = open(&disk, start());
    assert_eq!(log.end(), end);
    assert_eq!(records(&log, start()), [b"one".to_vec(), b"".to_vec()]);
    assert_eq!(records(&log, middle), [b"".to_vec()]);
    log.append(b"three").unwrap();
    assert_eq!(records(&open(&disk, start()), start()).len(), 3);
}

#[test]
fn a_record_may_be_longer_than_a_file() {
    let disk = disk();
    let log = open(&disk, start());
    log.append(b"small").unwrap();
    log.append(&vec![3; 100_000]).unwrap();
    log.append(b"small again").unwrap();
    let log = open(&disk, start());
    assert_eq!(records(&log, start()).iter().map(Vec::len).collect::<Vec<_>>(), [5, 100_000, 11]);
}

#[test]
fn files_are_recycled_and_positions_go_on() {
    let disk = disk();
    let mut log = open(&disk, start());
    let mut from = start();
    for round in 0..60u8 {
        let mut end = from;
        for _ in 0..5 {
            end = log.append(&[round; 700]).unwrap();
        }
        assert!(end > from);
        if round % 3 == 0 {
            log.release(end).unwrap();
            assert_eq!(log.size(), 0);
            from = end;
        }
        if round % 7 == 0 {
            log = open(&disk, from);
            assert_eq!(log.end(), end);
        }
        let rounds_kept = usize::from(round % 3);
        assert_eq!(records(&log, from).len(), rounds_kept * 5, "after round {round}");
        assert!(disk.list(Path::new("/log")).unwrap().len() < 8);
    }
}

#[test]
fn a_torn_record_ends_the_log() {
    let disk = disk();
    let log = open(&disk, start());
    let first = log.append(b"kept").unwrap();
    log.append(b"torn").unwrap();
    disk.damage(Path::new(FILE_1), |bytes| bytes[64 + 40 + 34] ^= 1);
    let log = open(&disk, start());
    assert_eq!((records(&log, start()), log.end()), (vec![b"kept".to_vec()], first));
    log.append(b"after").unwrap();
    assert_eq!(records(&open(&disk, start()), start()), [b"kept".to_vec(), b"after".to_vec()]);
}

#[test]
fn records_behind_an_unsynced_hole_are_dropped_for_good() {
    let disk = disk();
    let log = open(&disk, start());
    for _ in 0..20 {
        log.append(&[1; 700]).unwrap();
    }
    disk.damage(Path::new(FILE_1), |bytes| bytes[64..200].fill(0));
    let log = open(&disk, start());
    assert_eq!(records(&log, start()).len(), 0);
    for _ in 0..20 {
        log.append(&[2; 700]).unwrap();
    }
    let found = records(&open(&disk, start()), start());
    assert_eq!(found, vec![vec![2; 700]; 20]);
}

#[test]
fn threads_that_wait_for_one_sync_all_get_what_they_waited_for() {
    let disk = disk();
    let log = open(&disk, start());
    std::thread::scope(|scope| {
        for thread in 0..4u8 {
            let log = &log;
            scope.spawn(move || {
                for _ in 0..50 {
                    let end = log.append(&[thread; 40]).unwrap();
                    log.sync_to(end).unwrap();
                    assert!(log.durable_end() >= end);
                }
            });
        }
    });
    let cut = Arc::new(disk.power_cut(1));
    assert_eq!(records(&open(&cut, start()), start()).len(), 200);
}

#[test]
fn dropped_records_do_not_come_back_at_a_later_root() {
    let disk = disk();
    let log = open(&disk, start());
    let ends: Vec<_> = (0..20).map(|_| log.append(&[1; 700]).unwrap()).collect();
    disk.damage(Path::new(FILE_1), |bytes| bytes[64..200].fill(0));
    open(&disk, start());
    for root in &ends[10..] {
        assert!(records(&open(&disk, *root), *root).is_empty());
    }
}

#[test]
fn damage_to_what_was_synced_is_an_error() {
    for behind in [1, 20] {
        let disk = disk();
        let log = open(&disk, start());
        log.append(&[1; 700]).unwrap();
        log.append(&[2; 700]).unwrap();
        log.sync().unwrap();
        for _ in 0..behind {
            log.append(&[3; 700]).unwrap();
        }
        disk.damage(Path::new(FILE_1), |bytes| bytes[64 + 50] ^= 1);
        let error = try_open(&disk, start()).err().expect("the hole is noticed");
        assert_eq!(error.kind, ErrorKind::Corrupt);
    }
}

#[test]
fn damage_before_the_root_does_not_matter() {
    let disk = disk();
    let log = open(&disk, start());
    let root = log.append(&[1; 700]).unwrap();
    log.sync().unwrap();
    log.append(&[2; 700]).unwrap();
    disk.damage(Path::new(FILE_1), |bytes| bytes[64 + 50] ^= 1);
    assert_eq!(records(&open(&disk, root), root), [vec![2; 700]]);
}

#[test]
fn a_log_that_ends_before_the_root_goes_on_from_the_root() {
    let disk = disk();
    let log = open(&disk, start());
    let root = log.append(&[1; 700]).unwrap();
    let disk = Arc::new(disk.power_cut(1));
    disk.damage_all(Vec::clear);
    let log = open(&disk, root);
    assert_eq!(log.end(), root);
    log.append(b"next").unwrap();
    assert_eq!(records(&open(&disk, root), root), [b"next".to_vec()]);
}

#[test]
fn another_databases_log_is_set_aside() {
    let disk = disk();
    open(&disk, start()).append(b"theirs").unwrap();
    let open_mine = || {
        CommitLog::open(Arc::clone(&disk) as _, "/log".into(), Uuid([8; 16]), start(), options())
            .map(|log| log.end())
    };
    assert_eq!(open_mine().unwrap_err().kind, ErrorKind::Corrupt);
    assert_eq!(open_mine().unwrap(), start());
    assert_eq!(disk.list(Path::new("/log")).unwrap().len(), 1);
}

#[test]
fn the_log_of_a_replaced_file_is_set_aside_unasked() {
    let disk = disk();
    let single = || LogOptions { single_file: Some("db-wal".to_owned()), ..options() };
    let open = |uuid, options| CommitLog::open(Arc::clone(&disk) as _, "/".into(), uuid, start(), options);
    open(DB, single()).unwrap().append(b"theirs").unwrap();
    let read_only = LogOptions { is_read_only: true, ..single() };
    assert_eq!(open(Uuid([8; 16]), read_only).unwrap().end(), start());
    let log = open(Uuid([8; 16]), single()).unwrap();
    assert_eq!(log.end(), start());
    log.append(b"mine").unwrap();
    assert_eq!(records(&open(Uuid([8; 16]), single()).unwrap(), start()), [b"mine".to_vec()]);
    assert!(disk.kind(Path::new(&format!("/db-wal.of-{DB}"))).unwrap().is_some());
}

#[test]
fn long_records_come_back_and_a_failed_write_of_one_leaves_no_trace() {
    for more in [0, 1, 2, 7, 8, 300_000] {
        let long = |byte: u8| -> Vec<u8> {
            (0..file::MAX_COPIED + more).map(|at| byte.wrapping_add((at % 251) as u8)).collect()
        };
        let disk = disk();
        let log = open(&disk, start());
        log.append(b"one").unwrap();
        log.append(&long(1)).unwrap();
        log.append(b"two").unwrap();
        let mut failed = 0;
        // Writes that make room come first.
        for failing in 0..8 {
            let before = records(&log, start()).len();
            disk.fail_write(failing, std::io::ErrorKind::Other);
            let outcome = log.append(&long(2));
            disk.fail_write(u64::MAX, std::io::ErrorKind::Other);
            if outcome.is_err() {
                failed += 1;
                assert_eq!(records(&log, start()).len(), before);
                for seed in 0..3 {
                    let cut = Arc::new(disk.power_cut(seed));
                    assert!(records(&open(&cut, start()), start()).len() <= before);
                }
            }
        }
        assert!(failed > 0, "one write after the other has failed");
        log.append(&long(3)).unwrap();
        log.append(b"three").unwrap();
        let mut found = records(&open(&disk, start()), start());
        found.retain(|record| *record != long(2));
        assert_eq!(found, [b"one".to_vec(), long(1), b"two".to_vec(), long(3), b"three".to_vec()]);
    }
}

#[test]
fn a_failed_write_leaves_no_trace() {
    let disk = disk();
    let log = open(&disk, start());
    log.append(b"one").unwrap();
    disk.fail_write(0, std::io::ErrorKind::Other);
    assert_eq!(log.append(&[9; 600]).unwrap_err().kind, ErrorKind::Io);
    for seed in 0..20 {
        let cut = Arc::new(disk.power_cut(seed));
        assert!(records(&open(&cut, start()), start()).len() <= 1);
    }
    log.append(b"two").unwrap();
    assert_eq!(records(&open(&disk, start()), start()), [b"one".to_vec(), b"two".to_vec()]);
}

#[test]
fn a_full_disk_is_reported_and_room_made_later_is_used() {
    let disk = disk();
    let log = open(&disk, start());
    log.append(b"one").unwrap();
    disk.set_capacity(Some(disk.used_bytes()));
    let error = std::iter::repeat_with(|| log.append(&[2; 1000])).find_map(Result::err).unwrap();
    assert_eq!(error.kind, ErrorKind::Full);
    let count = records(&log, start()).len();
    disk.set_capacity(None);
    log.append(b"fits").unwrap();
    assert_eq!(records(&open(&disk, start()), start()).len(), count + 1);
}

#[test]
fn after_a_failed_sync_nothing_is_appended() {
    let disk = disk();
    let log = open(&disk, start());
    log.append(b"one").unwrap();
    disk.fail_sync(0);
    assert!(log.sync().is_err());
    assert!(log.append(b"two").is_err());
    assert!(log.sync().is_err());
    assert_eq!(records(&open(&disk, start()), start()), [b"one".to_vec()]);
}

#[test]
fn waiting_syncs_share_one() {
    let disk = disk();
    let log = open(&disk, start());
    let ends: Vec<_> = (0..10u8).map(|n| log.append(&[n]).unwrap()).collect();
    log.sync_to(ends[3]).unwrap();
    let syncs = disk.sync_count();
    for end in &ends {
        log.sync_to(*end).unwrap();
    }
    assert_eq!(disk.sync_count(), syncs);
    assert_eq!(log.durable_end(), ends[9]);
}

#[test]
fn a_log_closed_after_a_checkpoint_takes_no_space() {
    let disk = disk();
    let log = open(&disk, start());
    let end = log.append(b"one").unwrap();
    log.release(end).unwrap();
    let killed = Arc::new(disk.process_kill());
    log.close();
    assert!(disk.list(Path::new("/log")).unwrap().is_empty());
    for disk in [disk, killed] {
        let log = open(&disk, end);
        log.append(b"two").unwrap();
        log.close();
        assert_eq!(records(&open(&disk, end), end), [b"two".to_vec()]);
    }
}

#[test]
fn a_reader_changes_nothing() {
    let disk = disk();
    open(&disk, start()).append(b"one").unwrap();
    let changes = disk.change_count();
    let read_only = LogOptions { is_read_only: true, ..options() };
    let log = CommitLog::open(Arc::clone(&disk) as _, "/log".into(), DB, start(), read_only).unwrap();
    assert_eq!(records(&log, start()), [b"one".to_vec()]);
    assert_eq!(log.append(b"no").unwrap_err().kind, ErrorKind::ReadOnly);
    log.release(log.end()).unwrap();
    assert_eq!(disk.change_count(), changes);
}

/// Each record names its number, so that a prefix is recognised.
fn numbered(number: u32) -> Vec<u8> {
    [&number.to_le_bytes()[..], &vec![number as u8; (number as usize * 97) % 900]].concat()
}

fn assert_prefix(found: &[Vec<u8>], first: u32, at_least: u32, what: &str) {
    for (index, record) in found.iter().enumerate() {
        assert_eq!(*record, numbered(first + index as u32), "{what}");
    }
    assert!(first + found.len() as u32 >= at_least, "{what}: synced records were lost");
}

/// Lives several lives on one disk, each ended by a power cut, and checks what each next one finds.
fn live_through_power_cuts(seed: u64, plan: &[(u8, u64)]) {
    let mut disk = disk();
    let (mut first, mut synced, mut from) = (0, 0, start());
    for (life, (work, freeze_at)) in plan.iter().enumerate() {
        let log = open(&disk, from);
        let found = records(&log, from);
        let what = format!("life {life}, seed {seed}");
        assert_prefix(&found, first, synced, &what);
        let mut next = first + found.len() as u32;
        // What was found may still be lost in the next cut; the promise covers what was synced.
        disk.freeze_at_change(*freeze_at);
        for _ in 0..*work {
            let Ok(end) = log.append(&numbered(next)) else { break };
            next += 1;
            if next.is_multiple_of(5) {
                let Ok(()) = log.sync() else { break };
                synced = next;
            }
            // A checkpoint makes the root durable, with or without a sync of the log.
            if next.is_multiple_of(11) || next.is_multiple_of(13) && log.sync().is_ok() {
                synced = next;
                (from, first) = (end, next);
                let _ = log.release(end);
            }
        }
        drop(log);
        let is_killed = (seed + life as u64).is_multiple_of(3);
        disk = Arc::new(if is_killed { disk.process_kill() } else { disk.power_cut(seed + life as u64) });
    }
}

proptest! {
    #[test]
    fn power_cuts_leave_a_prefix(seed: u64, plan in prop::collection::vec((0u8..60, 0u64..120), 1..6)) {
        live_through_power_cuts(seed % 1_000_000, &plan);
    }

    #[test]
    fn hostile_files_are_errors_or_empty(bytes: Vec<u8>, keeps_header: bool) {
        let disk = disk();
        open(&disk, start()).append(b"one").unwrap();
        disk.damage(Path::new(FILE_1), |file| {
            file.truncate(if keeps_header { 64 } else { 0 });
            file.extend_from_slice(&bytes);
        });
        if let Ok(log) = try_open(&disk, start()) {
            prop_assert!(records(&log, start()).is_empty());
            log.append(b"two").unwrap();
        }
    }

    // Headers that fit, with lengths and positions that do not.
    #[test]
    fn hostile_headers_are_errors_or_empty(generation: u64, first_position: u64, chain: u64, from: u64, body: Vec<u8>) {
        let disk = disk();
        let file = disk.open(Path::new(FILE_1), OpenMode::CreateNew).unwrap();
        file.write_at(&FileHeader { generation, first_position, chain }.encode(DB), 0).unwrap();
        file.write_at(&body, 64).unwrap();
        let from = LogPosition(from.min(u64::MAX / 2));
        match try_open(&disk, from) {
            Ok(log) => {
                prop_assert!(records(&log, from).is_empty());
                let is_last = generation == MAX_COUNT || from.0 > MAX_COUNT;
                prop_assert!(is_last || log.append(b"first").is_ok());
            }
            Err(error) => prop_assert_eq!(error.kind, ErrorKind::Corrupt),
        }
    }

    #[test]
    fn a_wrong_length_is_not_believed(len: u32, position in 0u64..3) {
        let disk = disk();
        let log = open(&disk, start());
        for n in 0..3 {
            log.append(&numbered(n)).unwrap();
        }
        let offset = 64 + (0..position as u32).map(|n| record_len(numbered(n).len())).sum::<u64>() as usize;
        disk.damage(Path::new(FILE_1), |bytes| bytes[offset + 12..offset + 16].copy_from_slice(&len.to_le_bytes()));
        if len as usize != numbered(position as u32).len() {
            prop_assert_eq!(records(&open(&disk, start()), start()).len() as u64, position);
        }
    }
}
