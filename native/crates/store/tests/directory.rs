//! Opening, refusing and holding a directory store, on real files and the real map; and the order of a checkpoint.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use pluresdb_store::{
    BlockId, DirectoryOptions, ErrorKind, Opened, Root, StoreError, disk::RealDisk, disk::RecordingDisk,
    disk::Step, open_directory, open_directory_on,
};
use tempfile::tempdir;

fn open(path: &Path) -> Result<Opened, StoreError> {
    open_directory(path, &DirectoryOptions::default())
}

fn refusal(path: &Path) -> StoreError {
    open(path).err().expect("this cannot be opened")
}

fn commit(opened: &Opened, blocks: &[(BlockId, &[u8])], freed: &[BlockId]) -> Root {
    opened.store.write(blocks).unwrap();
    let log = opened.log.as_ref().unwrap();
    let root = Root {
        catalog: blocks.first().map(|(id, _)| *id),
        log_position: log.end(),
        commit_version: opened.store.root().commit_version + 1,
        engine: b"mine".to_vec(),
    };
    opened.store.commit_root(root.clone(), freed).unwrap();
    log.release(root.log_position).unwrap();
    root
}

#[test]
fn blocks_root_and_log_come_back() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    assert!(opened.is_new);
    let ids: Vec<_> = (0..500).map(|_| opened.store.allocate()).collect();
    let bytes: Vec<_> = (0..500usize).map(|n| vec![n as u8; n * 7]).collect();
    let blocks: Vec<_> = ids.iter().copied().zip(bytes.iter().map(Vec::as_slice)).collect();
    let log = opened.log.as_ref().unwrap();
    log.append(b"before").unwrap();
    commit(&opened, &blocks, &[]);
    let root = commit(&opened, &[], &ids[..100]);
    log.append(b"after").unwrap();
    assert_eq!(refusal(&path).kind, ErrorKind::Busy);
    opened.close().unwrap();
    assert_eq!(opened.store.read(ids[200]).unwrap_err().kind, ErrorKind::Closed);

    let opened = open(&path).unwrap();
    assert!(!opened.is_new);
    assert_eq!(opened.store.root(), root);
    assert_eq!(opened.store.sizes().block_count, 400);
    for (id, bytes) in &blocks[100..] {
        assert_eq!(&*opened.store.read(*id).unwrap(), *bytes);
    }
    assert!(opened.store.allocate() > ids[499]);
    let mut records = Vec::new();
    let replayed = opened.log.as_ref().unwrap().replay(root.log_position, |_, record| {
        records.push(record.to_vec());
        Ok::<_, StoreError>(())
    });
    replayed.unwrap();
    assert_eq!(records, [b"after".to_vec()]);
}

#[test]
fn a_held_store_names_its_holder() {
    let dir = tempdir().unwrap();
    let held = open(&dir.path().join("db")).unwrap();
    let error = refusal(&dir.path().join("db"));
    assert_eq!((error.kind, error.kind.sqlite_message()), (ErrorKind::Busy, "database is locked"));
    if cfg!(unix) {
        assert!(error.detail.contains(&std::process::id().to_string()), "{error}");
    }
    drop(held);
    open(&dir.path().join("db")).unwrap();
}

#[test]
fn what_is_not_a_store_is_refused_untouched() {
    let dir = tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    assert_eq!(refusal(&path("no/such/parent")).kind, ErrorKind::CannotOpen);

    fs::write(path("sqlite"), b"SQLite format 3\0 and more").unwrap();
    let error = refusal(&path("sqlite"));
    assert_eq!(error.kind.sqlite_message(), "file is not a database");
    assert!(error.detail.contains("SQLite database"), "{error}");

    fs::create_dir(path("photos")).unwrap();
    fs::write(path("photos/cat.jpg"), b"cat").unwrap();
    assert_eq!(refusal(&path("photos")).kind, ErrorKind::NotADatabase);
    assert_eq!(fs::read_dir(path("photos")).unwrap().count(), 1);

    fs::create_dir(path("empty")).unwrap();
    let closed = DirectoryOptions { create: false, ..DirectoryOptions::default() };
    assert_eq!(open_directory(&path("empty"), &closed).err().unwrap().kind, ErrorKind::CannotOpen);
    assert_eq!(open_directory(&path("none"), &closed).err().unwrap().kind, ErrorKind::CannotOpen);
    assert!(open(&path("empty")).unwrap().is_new);
}

#[test]
fn a_newer_format_says_so() {
    let dir = tempdir().unwrap();
    drop(open(&dir.path().join("db")).unwrap());
    let file = dir.path().join("db/pluresdb");
    let mut bytes = fs::read(&file).unwrap();
    bytes[8] = 2;
    fs::write(&file, &bytes).unwrap();
    let error = refusal(&dir.path().join("db"));
    assert_eq!(error.kind, ErrorKind::NotADatabase);
    assert!(error.detail.contains("format 2, made by a newer pluresdb"), "{error}");
    bytes[8] = 1;
    bytes[20] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(refusal(&dir.path().join("db")).kind, ErrorKind::Corrupt);
    fs::remove_file(&file).unwrap();
    let opened = refusal_or_new(&dir.path().join("db"));
    assert!(opened, "without a block or commit it is an unfinished store and made anew");
}

fn refusal_or_new(path: &Path) -> bool {
    open(path).is_ok_and(|opened| opened.is_new)
}

#[test]
fn a_store_without_its_magic_is_not_made_anew() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    opened.log.as_ref().unwrap().append(b"precious").unwrap();
    drop(opened);
    fs::remove_file(path.join("pluresdb")).unwrap();
    assert_eq!(refusal(&path).kind, ErrorKind::NotADatabase);
}

#[test]
fn a_reader_reads_and_does_not_write() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    let id = opened.store.allocate();
    let root = commit(&opened, &[(id, b"bytes")], &[]);
    opened.close().unwrap();
    let read_only = DirectoryOptions { read_only: true, ..DirectoryOptions::default() };
    let opened = open_directory(&path, &read_only).unwrap();
    assert_eq!(&*opened.store.read(id).unwrap(), b"bytes");
    let error = opened.store.commit_root(root, &[]).unwrap_err();
    assert_eq!(error.kind.sqlite_message(), "attempt to write a readonly database");
}

#[test]
fn damaged_blocks_are_errors_never_other_bytes() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    let ids: Vec<_> = (0..20).map(|_| opened.store.allocate()).collect();
    let blocks: Vec<_> = ids.iter().map(|id| (*id, &[5; 2000][..])).collect();
    opened.store.write(&blocks).unwrap();
    let blocks_end = opened.store.sizes().file_bytes as usize;
    commit(&opened, &[], &[]);
    opened.close().unwrap();
    let segment = path.join("segments/00000001.seg");
    let sound = fs::read(&segment).unwrap();
    for at in (0..sound.len()).step_by(37) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        fs::write(&segment, &bytes).unwrap();
        let opened = open(&path).unwrap();
        let is_marker = at >= blocks_end;
        let results: Vec<_> = ids.iter().map(|id| opened.store.read(*id)).collect();
        assert!(is_marker || results.iter().any(Result::is_err), "byte {at}");
        for result in results {
            match result {
                Ok(bytes) => assert_eq!(&*bytes, &[5; 2000]),
                Err(error) => assert_eq!(error.kind, ErrorKind::Corrupt),
            }
        }
        opened.close().unwrap();
    }
    fs::remove_file(&segment).unwrap();
    let opened = open(&path).unwrap();
    assert_eq!(opened.store.read(ids[0]).unwrap_err().kind, ErrorKind::Corrupt);
}

#[test]
fn compaction_gives_space_back_and_keeps_ids() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let options = DirectoryOptions { min_segment_len: Some(100_000), ..DirectoryOptions::default() };
    let opened = open_directory(&path, &options).unwrap();
    let noise: Vec<u8> = (0..10_000u64).map(|n| ((n * n * 2_654_435_761) >> 13) as u8).collect();
    let ids: Vec<_> = (0..100).map(|_| opened.store.allocate()).collect();
    let blocks: Vec<_> = ids.iter().map(|id| (*id, &noise[..])).collect();
    for some in blocks.chunks(5) {
        opened.store.write(some).unwrap();
    }
    commit(&opened, &[], &[]);
    let pin = opened.store.pin();
    let freed: Vec<_> = ids.iter().copied().filter(|id| id.get() % 4 != 0).collect();
    commit(&opened, &[], &freed);
    assert!(!opened.store.compact().unwrap(), "the pin sees them all");
    drop(pin);
    let before = opened.store.sizes().file_bytes;
    while opened.store.compact().unwrap() {}
    let after = opened.store.sizes();
    assert!(after.file_bytes * 3 < before, "{before} to {after:?}");
    assert!(after.dead_bytes <= after.live_bytes + 1000);
    opened.close().unwrap();
    let opened = open_directory(&path, &options).unwrap();
    for id in ids {
        assert_eq!(opened.store.read(id).is_ok(), id.get() % 4 == 0);
    }
}

/// The steps, with runs of writes to one kind of file folded to one line each.
fn outline(steps: &[Step]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for step in steps {
        let line = match step {
            Step::Write { file, .. } => format!("write {}", file.split('/').next().unwrap()),
            Step::Sync(file) => format!("sync {}", file.split('/').next().unwrap()),
            Step::SyncDir(dir) => format!("sync directory {dir}"),
            Step::Create(file) => format!("create {file}"),
            Step::Note(what) => (*what).to_owned(),
            other => format!("{other:?}"),
        };
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines
}

#[test]
fn commits_and_checkpoints_keep_their_order() {
    let dir = tempdir().unwrap();
    let disk = Arc::new(RecordingDisk::new(Arc::new(RealDisk)));
    let path = dir.path().join("db");
    let opened = open_directory_on(Arc::clone(&disk) as _, &path, &DirectoryOptions::default()).unwrap();
    let log = opened.log.as_ref().unwrap();
    log.append(&[1; 120]).unwrap();
    log.sync().unwrap();
    disk.take_steps();

    log.append(&[1; 120]).unwrap();
    assert_eq!(outline(&disk.take_steps()), ["write log"], "a commit is one write");
    log.sync().unwrap();
    assert_eq!(outline(&disk.take_steps()), ["sync log"]);

    let id = opened.store.allocate();
    commit(&opened, &[(id, b"bytes")], &[]);
    let map_is_durable = ["map batches", "map flush", "sync map"];
    let expected: Vec<&str> =
        ["create segments/00000001.seg", "write segments", "sync segments", "sync directory segments"]
            .into_iter()
            .chain(map_is_durable)
            .chain(map_is_durable)
            .chain(["write segments"])
            .collect();
    assert_eq!(outline(&disk.take_steps()), expected);

    commit(&opened, &[(opened.store.allocate(), b"more")], &[id]);
    let expected: Vec<&str> = ["write segments", "sync segments"]
        .into_iter()
        .chain(map_is_durable)
        .chain(map_is_durable)
        .chain(["write segments"])
        .collect();
    assert_eq!(outline(&disk.take_steps()), expected);
}
