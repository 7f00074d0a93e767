//! The commit log: files with any contents, whose checksums hold or do not.
//!
//!     input    settings u8 | root position u16 | (file piece)…       bit 0: sealed; bit 1: opened for reading only
//!
//! Laws: a log that opens can be replayed to its end, appended to, and replayed again with what was appended last.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pluresdb_store::disk::{Disk, DiskFile, FaultyDisk, OpenMode};
use pluresdb_store::hostile::seal_log_file;
use pluresdb_store::{CommitLog, LogOptions, LogPosition, StoreError, Uuid};

use crate::Input;
use crate::input::write_piece;

const UUID: Uuid = Uuid([7; 16]);
const MAX_FILES: usize = 6;
const DIR: &str = "/log";

fn options(is_read_only: bool) -> LogOptions {
    LogOptions { is_read_only, min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() }
}

fn open(disk: &Arc<FaultyDisk>, from: u64, is_read_only: bool) -> Result<CommitLog, StoreError> {
    let disk = Arc::clone(disk) as Arc<dyn Disk>;
    CommitLog::open(disk, PathBuf::from(DIR), UUID, LogPosition(from), options(is_read_only))
}

/// The records from a position, or why there are none.
fn replay(log: &CommitLog, from: u64) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut records = Vec::new();
    log.replay(LogPosition(from), |_, record| {
        records.push(record.to_vec());
        Ok::<_, StoreError>(())
    })?;
    Ok(records)
}

fn put_file(disk: &FaultyDisk, name: &str, bytes: &[u8]) {
    let path = Path::new(DIR).join(name);
    let file: Arc<dyn DiskFile> = disk.open(&path, OpenMode::CreateNew).expect("the disk is empty");
    file.write_at(bytes, 0).expect("this disk has room");
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let settings = input.u8();
    let from = u64::from(input.u16());
    let disk = Arc::new(FaultyDisk::new());
    disk.create_dir(Path::new(DIR)).expect("the disk is empty");
    for number in 1..=MAX_FILES {
        if input.is_empty() {
            break;
        }
        let mut file = input.piece().to_vec();
        if settings & 1 != 0 {
            seal_log_file(UUID, &mut file);
        }
        put_file(&disk, &format!("{number:08}.log"), &file);
    }
    let is_read_only = settings & 2 != 0;
    let Ok(log) = open(&disk, from, is_read_only) else { return };
    let Ok(found) = replay(&log, from) else { return };
    if is_read_only {
        assert!(log.append(b"no").is_err(), "a log opened for reading takes nothing");
        return;
    }
    let Ok(end) = log.append(b"last") else { return };
    assert!(log.sync().is_ok() && log.durable_end() >= end, "what is synced is durable");
    let grown = replay(&log, from).expect("a log that could be replayed can be replayed");
    assert_eq!(grown.len(), found.len() + 1, "an appended record is one record");
    log.close();
    drop(log);
    let log = open(&disk, from, false).expect("a log that opened opens again");
    let again = replay(&log, from).expect("a log that could be replayed can be replayed");
    assert_eq!(again, grown, "a replay yields what was appended");
}

/// Files of real logs.
pub fn seeds() -> Vec<Vec<u8>> {
    let disk = Arc::new(FaultyDisk::new());
    disk.create_dir(Path::new(DIR)).expect("the disk is empty");
    let log = open(&disk, 0, false).expect("an empty log opens");
    let mut seeds = Vec::new();
    for (round, len) in [3, 100, 1500, 3000, 40].into_iter().enumerate() {
        log.append(&vec![round as u8; len]).expect("this disk has room");
        if round % 2 == 1 {
            log.sync().expect("this disk syncs");
        }
        for settings in 0..4 {
            let mut out = vec![settings, 0, 0];
            for number in 1.. {
                let path = Path::new(DIR).join(format!("{number:08}.log"));
                let Ok(file) = disk.open(&path, OpenMode::Read) else { break };
                let len = file.byte_len().expect("it is open") as usize;
                let mut bytes = vec![0; len];
                file.read_at(&mut bytes, 0).expect("it is that long");
                let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
                write_piece(&bytes[..used.next_multiple_of(8).min(len)], &mut out);
            }
            seeds.push(out);
        }
    }
    seeds
}
