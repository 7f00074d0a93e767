//! SIGKILL on real files and the real map: what a commit returned for is there afterwards.
//!
//! The test starts itself again as the writer, which prints each record's number once its append has returned.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use pluresdb_store::{
    BlockId, DirectoryOptions, ErrorKind, Opened, Root, StoreError, Synchronous, open_directory,
};

const WRITER: &str = "PLURESDB_TEST_WRITER_PATH";

fn open(path: &Path) -> Opened {
    let options = DirectoryOptions { synchronous: Synchronous::Off, ..DirectoryOptions::default() };
    loop {
        match open_directory(path, &options) {
            Ok(opened) => return opened,
            // The killed writer's lock goes when the system has cleaned up after it.
            Err(error) if error.kind == ErrorKind::Busy => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Checks what is there and returns the number of the last record.
fn last_record(opened: &Opened) -> u64 {
    let root = opened.store.root();
    let mut last = root.commit_version;
    if let Some(catalog) = root.catalog {
        let block = opened.store.read(catalog).unwrap();
        assert_eq!(*block, last.to_le_bytes().repeat(500)[..]);
    }
    assert!(opened.store.sizes().block_count <= 1, "older roots' blocks are gone");
    let replayed = opened.log.as_ref().unwrap().replay(root.log_position, |_, record| {
        last += 1;
        assert_eq!(record, last.to_le_bytes().repeat(10));
        Ok::<_, StoreError>(())
    });
    replayed.unwrap();
    last
}

fn write_forever(path: &Path) {
    let opened = open(path);
    let mut number = last_record(&opened);
    let log = opened.log.as_ref().unwrap();
    let mut out = std::io::stdout();
    loop {
        number += 1;
        let end = log.append(&number.to_le_bytes().repeat(10)).unwrap();
        writeln!(out, "\n{number}").unwrap();
        out.flush().unwrap();
        if number.is_multiple_of(17) {
            let id = opened.store.allocate();
            opened.store.write(&[(id, &number.to_le_bytes().repeat(500))]).unwrap();
            let freed: Vec<BlockId> = opened.store.root().catalog.into_iter().collect();
            let root =
                Root { catalog: Some(id), log_position: end, commit_version: number, engine: Vec::new() };
            opened.store.commit_root(root, &freed).unwrap();
            log.release(end).unwrap();
            while opened.store.compact().unwrap() {}
        }
    }
}

#[test]
fn commits_survive_a_killed_process() {
    if let Ok(path) = env::var(WRITER) {
        write_forever(Path::new(&path));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("db");
    for round in 0..12u64 {
        let mut writer = Command::new(env::current_exe().unwrap())
            .args(["commits_survive_a_killed_process", "--exact", "--nocapture"])
            .env(WRITER, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        // The harness prints lines of its own.
        let mut numbers = lines.by_ref().filter_map(|line| line.unwrap().parse::<u64>().ok());
        let seen =
            numbers.nth(50 + (round * 37 % 60) as usize).expect("the writer writes until it is killed");
        writer.kill().unwrap();
        writer.wait().unwrap();
        let promised = numbers.last().unwrap_or(seen);
        let opened = open(&path);
        assert!(last_record(&opened) >= promised, "round {round}");
        opened.close().unwrap();
    }
}
