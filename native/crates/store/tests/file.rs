//! Opening, refusing, holding, copying and damaging a store that is one file; and the order of a checkpoint.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use pluresdb_store::{
    BlockId, ErrorKind, FileOptions, Opened, Root, StoreError, StoreKind, disk::FaultyDisk, disk::RealDisk,
    disk::RecordingDisk, disk::Step, open_file, open_file_on, open_path,
};
use tempfile::tempdir;

fn open(path: &Path) -> Result<Opened, StoreError> {
    open_file(path, &FileOptions::default())
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

/// Bytes that do not compress.
fn noise(seed: usize, len: usize) -> Vec<u8> {
    let mut state = seed as u64 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..len).map(|_| next()).collect()
}

/// A closed store with blocks of many lengths.
fn make(path: &Path) -> Vec<(BlockId, Vec<u8>)> {
    let opened = open(path).unwrap();
    let lens = (0..60).map(|n| n * n * 11).chain([70_000, 300_000, 3_000_000]);
    let blocks: Vec<_> = lens.enumerate().map(|(n, len)| (opened.store.allocate(), noise(n, len))).collect();
    let slices: Vec<_> = blocks.iter().map(|(id, bytes)| (*id, bytes.as_slice())).collect();
    commit(&opened, &slices, &[]);
    opened.close().unwrap();
    blocks
}

fn assert_readable(opened: &Opened, blocks: &[(BlockId, Vec<u8>)]) {
    for (id, bytes) in blocks {
        assert_eq!(&*opened.store.read(*id).unwrap(), &bytes[..], "{id:?}");
    }
}

fn wal(path: &Path) -> std::path::PathBuf {
    format!("{}-wal", path.display()).into()
}

#[test]
fn one_file_holds_the_closed_store_and_may_be_copied_and_renamed() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("a.db");
    let blocks = make(&path);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let copy = dir.path().join("b.db");
    fs::copy(&path, &copy).unwrap();
    fs::remove_file(&path).unwrap();
    let opened = open(&copy).unwrap();
    assert!(!opened.is_new);
    assert_readable(&opened, &blocks);
    assert_eq!(opened.store.sizes().block_count, blocks.len() as u64);
    let mut seen = 0;
    opened.store.iterate(&mut |_, _| seen += 1);
    assert_eq!(seen, blocks.len());
}

#[test]
fn commits_after_the_root_lie_beside_it() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    let log = opened.log.as_ref().unwrap();
    for number in 0..1000u32 {
        log.append(&number.to_le_bytes().repeat(300)).unwrap();
    }
    log.sync().unwrap();
    opened.close().unwrap();
    assert!(wal(&path).exists());
    let opened = open(&path).unwrap();
    let mut count = 0u32;
    let replayed = opened.log.as_ref().unwrap().replay(opened.store.root().log_position, |_, record| {
        assert_eq!(record, count.to_le_bytes().repeat(300));
        count += 1;
        Ok::<_, StoreError>(())
    });
    replayed.unwrap();
    assert_eq!(count, 1000);
    opened.log.as_ref().unwrap().append(b"more").unwrap();
    let len = fs::metadata(wal(&path)).unwrap().len();
    commit(&opened, &[], &[]);
    // The one file begins anew.
    for _ in 0..100 {
        opened.log.as_ref().unwrap().append(&[1; 1000]).unwrap();
    }
    assert_eq!(fs::metadata(wal(&path)).unwrap().len(), len);
    commit(&opened, &[], &[]);
    opened.close().unwrap();
    assert!(!wal(&path).exists());
}

#[test]
fn a_held_store_is_busy_until_it_is_closed() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let held = open(&path).unwrap();
    let error = refusal(&path);
    assert_eq!((error.kind, error.kind.sqlite_message()), (ErrorKind::Busy, "database is locked"));
    held.close().unwrap();
    let again = open(&path).unwrap();
    drop(again);
    open(&path).unwrap();
}

#[test]
fn what_is_not_ours_is_refused_untouched() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    for bytes in [&b"SQLite format 3\0 and more"[..], b"text", &[0; 5000]] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(refusal(&path).kind, ErrorKind::NotADatabase);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::write(&path, b"").unwrap();
    let must_exist = FileOptions { create: false, ..FileOptions::default() };
    assert_eq!(open_file(&path, &must_exist).err().unwrap().kind, ErrorKind::NotADatabase);
    assert!(open(&path).unwrap().is_new, "an empty file is an empty database");
}

#[test]
fn a_directory_is_refused_untouched_where_a_file_is_wanted() {
    let dir = tempdir().unwrap();
    let refused = open_path(dir.path(), StoreKind::File, true, false).err().unwrap();
    assert_eq!(refused.kind, ErrorKind::CannotOpen);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn logs_of_others_are_never_taken_for_ours() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let blocks = make(&path);
    let sqlite = [&[0x37, 0x7f, 0x06, 0x82][..], &[7; 4000]].concat();
    fs::write(wal(&path), &sqlite).unwrap();
    let error = refusal(&path);
    assert!(error.kind == ErrorKind::Corrupt && error.detail.contains("SQLite"), "{error}");
    assert_eq!(fs::read(dir.path().join("db-wal.of-sqlite")).unwrap(), sqlite);
    let opened = open(&path).unwrap();
    assert_readable(&opened, &blocks);
    opened.log.as_ref().unwrap().append(b"left behind").unwrap();
    drop(opened);
    // The database goes, its log stays: the next one has nothing to do with it.
    fs::remove_file(&path).unwrap();
    let opened = open(&path).unwrap();
    assert!(opened.is_new);
    assert_eq!(opened.log.as_ref().unwrap().end(), opened.store.root().log_position);
}

#[test]
fn a_checkpoint_syncs_blocks_before_the_header_that_makes_them_count() {
    let dir = tempdir().unwrap();
    let disk = Arc::new(RecordingDisk::new(Arc::new(RealDisk)));
    let opened =
        open_file_on(Arc::clone(&disk) as _, &dir.path().join("db"), &FileOptions::default()).unwrap();
    for _ in 0..5 {
        disk.take_steps();
        let id = opened.store.allocate();
        commit(&opened, &[(id, &noise(1, 50_000))], &[]);
        let steps = disk.take_steps();
        let is_header = |step: &Step| matches!(step, Step::Write { offset: 4096, .. });
        let header = steps.iter().position(is_header).expect("a header is written");
        let is_sync = |step: &Step| matches!(step, Step::Sync(_));
        assert!(is_sync(&steps[header - 1]) && is_sync(&steps[header + 1]), "{steps:?}");
        assert_eq!(steps.iter().filter(|step| is_sync(step)).count(), 2, "{steps:?}");
        let is_mirror = |step: &Step| matches!(step, Step::Write { offset: 8192, .. });
        assert!(is_mirror(&steps[header + 2]) && steps.len() == header + 3, "{steps:?}");
    }
}

#[test]
fn the_file_stays_in_proportion_and_compaction_shrinks_it() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open(&path).unwrap();
    let mut live: Vec<BlockId> = Vec::new();
    let mut largest = 0;
    for round in 0..60 {
        let blocks: Vec<_> =
            (0..40).map(|n| (opened.store.allocate(), noise(round * 40 + n, 15_000))).collect();
        let slices: Vec<_> = blocks.iter().map(|(id, bytes)| (*id, bytes.as_slice())).collect();
        let freed: Vec<_> = if round > 4 { live.drain(..40).collect() } else { Vec::new() };
        commit(&opened, &slices, &freed);
        live.extend(blocks.iter().map(|(id, _)| *id));
        largest = largest.max(opened.store.sizes().file_bytes);
    }
    let live_bytes = 200 * 15_000;
    assert!(largest < live_bytes * 2, "{largest} bytes for {live_bytes}");
    commit(&opened, &[], &live[20..]);
    while opened.store.compact().unwrap() {}
    let left = opened.store.sizes().file_bytes;
    assert!(left < 20 * 15_000 * 3 / 2 + 150_000, "{left} bytes are left");
    for id in &live[..20] {
        opened.store.read(*id).unwrap();
    }
    opened.close().unwrap();
    assert!(fs::metadata(&path).unwrap().len() <= left + 20_000);
}

// A block is read from where it was found before, and pages move.
#[test]
fn blocks_come_back_whatever_became_of_their_pages() {
    let dir = tempdir().unwrap();
    let opened = open(&dir.path().join("db")).unwrap();
    let mut live: Vec<(BlockId, Vec<u8>)> = Vec::new();
    for round in 0..25 {
        let new = (0..60).map(|n| noise(round * 60 + n, (round * 7919 + n * 617) % 30_000));
        let new: Vec<_> = new.map(|bytes| (opened.store.allocate(), bytes)).collect();
        let slices: Vec<_> = new.iter().map(|(id, bytes)| (*id, bytes.as_slice())).collect();
        let mut index = 0;
        let freed: Vec<_> = live
            .extract_if(.., |_| {
                index += 1;
                (index + round) % 4 == 0
            })
            .collect();
        let freed: Vec<_> = freed.into_iter().map(|(id, _)| id).collect();
        commit(&opened, &slices, &freed);
        live.extend(new);
        assert_readable(&opened, &live);
        if round % 8 == 7 {
            commit(&opened, &[], &[]);
            opened.store.compact().unwrap();
            assert_readable(&opened, &live);
        }
        for id in freed {
            assert_eq!(opened.store.read(id).unwrap_err().kind, ErrorKind::Corrupt, "{id:?} is gone");
        }
    }
    opened.close().unwrap();
    assert!(live.iter().all(|(id, _)| opened.store.read(*id).is_err()), "it was closed");
}

// A page may be written anew at the moment in which somebody looks there for the block it had.
#[test]
fn readers_beside_a_writer_get_their_blocks() {
    const ROUNDS: usize = 60;
    let dir = tempdir().unwrap();
    let opened = open(&dir.path().join("db")).unwrap();
    let make = |count: usize, seed: usize| -> Vec<(BlockId, Vec<u8>)> {
        (0..count).map(|n| (opened.store.allocate(), noise(seed + n, n * 613 % 28_000))).collect()
    };
    let write = |blocks: &[(BlockId, Vec<u8>)], freed: &[BlockId]| {
        let slices: Vec<_> = blocks.iter().map(|(id, bytes)| (*id, bytes.as_slice())).collect();
        commit(&opened, &slices, freed);
    };
    let kept = make(400, 0);
    write(&kept, &[]);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    assert_readable(&opened, &kept);
                }
            });
        }
        let mut last: Vec<BlockId> = Vec::new();
        for round in 0..ROUNDS {
            let blocks = make(40, 1000 + round);
            write(&blocks, &last);
            assert_readable(&opened, &blocks);
            last = blocks.iter().map(|(id, _)| *id).collect();
            // Moves what the readers have found.
            if round % 20 == 19 {
                opened.store.compact().unwrap();
            }
        }
    });
}

#[test]
fn damage_to_an_open_file_is_an_error_or_the_right_bytes() {
    let disk = Arc::new(FaultyDisk::new());
    let opened = open_file_on(Arc::clone(&disk) as _, Path::new("/db"), &FileOptions::default()).unwrap();
    let blocks: Vec<_> = (0..800).map(|n| (opened.store.allocate(), noise(n, n * 53 % 30_000))).collect();
    let slices: Vec<_> = blocks.iter().map(|(id, bytes)| (*id, bytes.as_slice())).collect();
    commit(&opened, &slices, &[]);
    for _ in 0..2 {
        assert_readable(&opened, &blocks);
    }
    disk.damage(Path::new("/db"), |bytes| {
        bytes.iter_mut().skip(12_288 + 700).step_by(40_000).for_each(|byte| *byte ^= 0x10);
    });
    let mut error_count = 0;
    for (id, bytes) in &blocks {
        match opened.store.read(*id) {
            Ok(read) => assert_eq!(&*read, &bytes[..], "{id:?}"),
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
                error_count += 1;
            }
        }
    }
    assert!((50..600).contains(&error_count), "{error_count} errors");
}

#[test]
fn a_damaged_header_does_not_take_the_store_back_in_time() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    for ending in ["closed", "killed"] {
        let opened = open(&path).unwrap();
        let id = opened.store.allocate();
        commit(&opened, &[(id, b"one")], &[]);
        let root = commit(&opened, &[], &[]);
        if ending == "closed" {
            opened.close().unwrap();
        }
        drop(opened);
        let sound = fs::read(&path).unwrap();
        for slot in [4096, 8192] {
            let mut bytes = sound.clone();
            bytes[slot + 100] ^= 1;
            fs::write(&path, bytes).unwrap();
            assert_eq!(open(&path).unwrap().store.root(), root, "{ending}, {slot}");
        }
        fs::write(&path, sound).unwrap();
    }
}

#[test]
fn damage_is_an_error_or_the_right_bytes() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("db");
    let blocks = make(&path);
    let sound = fs::read(&path).unwrap();
    let (mut errors, mut intact) = (0, 0);
    for case in 0..400usize {
        let mut bytes = sound.clone();
        let random = noise(case, 8);
        let at = usize::from_le_bytes(random[..8].try_into().unwrap()) % bytes.len();
        match case % 4 {
            0 => bytes[at] ^= 1 << (case % 8),
            1 => bytes[at..].iter_mut().take(4096).for_each(|byte| *byte = 0),
            2 => bytes.truncate(at),
            // Headers and the first pages, where little changes much.
            _ => bytes[at % 120_000] ^= 1 << (case % 8),
        }
        let disk = Arc::new(FaultyDisk::new());
        let file = pluresdb_store::disk::Disk::open(
            &*disk,
            Path::new("/db"),
            pluresdb_store::disk::OpenMode::CreateNew,
        );
        file.unwrap().write_at(&bytes, 0).unwrap();
        let opened = match open_file_on(disk, Path::new("/db"), &FileOptions::default()) {
            Ok(opened) => opened,
            Err(error) => {
                assert!(matches!(error.kind, ErrorKind::Corrupt | ErrorKind::NotADatabase), "{error}");
                errors += 1;
                continue;
            }
        };
        if opened.is_new {
            assert!(bytes.is_empty(), "case {case} was taken for an unfinished file");
            continue;
        }
        let mut is_intact = true;
        for (id, block) in &blocks {
            match opened.store.read(*id) {
                Ok(read) => assert_eq!(&*read, &block[..], "case {case}"),
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
                    is_intact = false;
                }
            }
        }
        // Writing goes on, or fails; and what could be read still can.
        let id = opened.store.allocate();
        let written = opened.store.write(&[(id, b"more")]).and_then(|()| {
            opened.store.commit_root(Root { catalog: Some(id), ..Root::default() }, &[blocks[3].0])
        });
        assert!(written.is_ok() || !is_intact || case % 4 > 0, "case {case}: {written:?}");
        if is_intact { intact += 1 } else { errors += 1 }
    }
    assert!(errors > 100 && intact > 20, "{errors} errors, {intact} intact");
}
