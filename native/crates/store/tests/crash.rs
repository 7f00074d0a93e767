//! Power loss and process death at every step of a scripted life, on the faulty disk.
//!
//! The workload keeps a model: which blocks each root holds, which log records were appended and synced. Whatever the
//! disk did, the next process must find the last committed root or the one being committed, every block of it and no
//! other, and the log from there on: everything synced, then perhaps more, never something else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, path::Path, sync::Arc};

use pluresdb_store::{
    BlockId, DirectoryOptions, FileOptions, LogOptions, LogPosition, MapKind, Opened, Result, Root,
    StoreError, Synchronous, disk::FaultyDisk, open_directory_on, open_file_on,
};

type Blocks = BTreeMap<BlockId, Vec<u8>>;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn bytes(&mut self) -> Vec<u8> {
        let (len, kind) = (self.below(3000), self.below(2));
        (0..len).map(|n| if kind == 0 { n as u8 / 64 } else { self.below(256) as u8 }).collect()
    }
}

/// What is promised so far.
#[derive(Clone, Default)]
struct Model {
    /// The root that `commit_root` last returned for, and the one it may have got to.
    committed: Blocks,
    committed_version: u64,
    attempted: Option<(u64, Blocks)>,
    /// Records are numbered; version n is the state after record n.
    appended: u64,
    synced: u64,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Directory,
    File,
}

const KINDS: [Kind; 2] = [Kind::Directory, Kind::File];

fn open(disk: &Arc<FaultyDisk>, kind: Kind, synchronous: Synchronous) -> Result<Opened> {
    let (disk, path) = (Arc::clone(disk) as _, Path::new("/db"));
    let log = LogOptions { min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() };
    match kind {
        Kind::Directory => {
            let options = DirectoryOptions {
                map: MapKind::Journal,
                synchronous,
                log,
                min_segment_len: Some(20_000),
                ..DirectoryOptions::default()
            };
            open_directory_on(disk, path, &options)
        }
        Kind::File => open_file_on(disk, path, &FileOptions { synchronous, log, ..FileOptions::default() }),
    }
}

fn record(number: u64) -> Vec<u8> {
    [&number.to_le_bytes()[..], &vec![number as u8; number as usize * 61 % 500]].concat()
}

/// A life: commits, checkpoints, spills, pins and compactions, until done or the disk is gone.
fn live(opened: &Opened, model: &mut Model, random: &mut Random, steps: usize) -> Result<()> {
    let store = &opened.store;
    let log = opened.log.as_ref().expect("a directory has a log");
    let is_full = store.synchronous() == Synchronous::Full;
    let mut pinned = Vec::new();
    let mut spilled: Vec<(BlockId, Vec<u8>)> = Vec::new();
    for _ in 0..steps {
        let end = log.append(&record(model.appended + 1))?;
        model.appended += 1;
        if is_full {
            log.sync_to(end)?;
            model.synced = model.appended;
        }
        match random.below(6) {
            0 | 1 => {
                checkpoint(opened, model, random, &mut spilled)?;
                log.release(end)?;
            }
            2 => {
                let (id, bytes) = (store.allocate(), random.bytes());
                store.spill(&[(id, &bytes)])?;
                spilled.push((id, bytes));
            }
            3 => while store.compact()? {},
            4 => pinned.push((store.pin(), model.committed.clone())),
            _ => pinned.truncate(1),
        }
        for (_, seen) in &pinned {
            assert_readable(opened, seen);
        }
    }
    Ok(())
}

fn checkpoint(
    opened: &Opened,
    model: &mut Model,
    random: &mut Random,
    spilled: &mut Vec<(BlockId, Vec<u8>)>,
) -> Result<()> {
    let (store, log) = (&opened.store, opened.log.as_ref().expect("a directory has a log"));
    let mut next = model.committed.clone();
    let mut freed = Vec::new();
    for _ in 0..random.below(12) {
        let index = random.below(next.len() + 1);
        if let Some(id) = next.keys().nth(index).copied() {
            next.remove(&id);
            freed.push(id);
        }
    }
    for _ in 0..random.below(12) {
        let (id, bytes) = (store.allocate(), random.bytes());
        store.write(&[(id, &bytes)])?;
        if random.below(5) == 0 {
            // Superseded before any root saw it.
            freed.push(id);
        } else {
            next.insert(id, bytes);
        }
    }
    match random.below(3) {
        0 => {
            store.adopt(&spilled.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            next.extend(spilled.drain(..));
        }
        1 => {
            store.discard(&spilled.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            spilled.clear();
        }
        _ => {}
    }
    model.attempted = Some((model.appended, next.clone()));
    let root = Root {
        catalog: next.keys().next().copied(),
        log_position: log.end(),
        commit_version: model.appended,
        engine: b"engine".to_vec(),
    };
    store.commit_root(root, &freed)?;
    model.attempted = None;
    model.committed = next;
    model.committed_version = model.appended;
    if store.synchronous() != Synchronous::Off {
        model.synced = model.appended;
    }
    Ok(())
}

fn assert_readable(opened: &Opened, blocks: &Blocks) {
    for (id, bytes) in blocks {
        assert_eq!(&*opened.store.read(*id).expect("a promised block is readable"), &bytes[..], "{id:?}");
    }
}

/// Opens what the crash left and holds it against the model; the model becomes what was found.
fn recover(disk: &Arc<FaultyDisk>, kind: Kind, synchronous: Synchronous, model: &mut Model) -> Opened {
    let opened = open(disk, kind, synchronous).expect("the store opens after a crash");
    let root = opened.store.root();
    if root.commit_version != model.committed_version {
        let attempted = model.attempted.take().expect("a root that nobody committed");
        assert_eq!(root.commit_version, attempted.0, "a root that nobody tried to commit");
        (model.committed_version, model.committed) = attempted;
    }
    model.attempted = None;
    assert_readable(&opened, &model.committed);
    assert_eq!(opened.store.sizes().block_count, model.committed.len() as u64, "swept blocks are gone");

    let mut number = root.commit_version;
    let log = opened.log.as_ref().expect("a directory has a log");
    let replayed = log.replay(root.log_position, |_, bytes| {
        number += 1;
        assert_eq!(bytes, record(number), "the log goes on where the root ends");
        Ok::<_, StoreError>(())
    });
    assert_eq!(replayed.expect("what opened can be replayed"), log.end());
    assert!(number >= model.synced, "synced commits are there: {number} of {}", model.synced);
    assert!(number <= model.appended);
    model.appended = number;
    model.synced = model.synced.min(number);
    opened
}

fn new_store(kind: Kind, synchronous: Synchronous) -> (Arc<FaultyDisk>, Opened) {
    let disk = Arc::new(FaultyDisk::new());
    let opened = open(&disk, kind, synchronous).expect("a new store opens");
    (disk, opened)
}

const STEPS: usize = 30;

fn crash_everywhere(
    kind: Kind,
    synchronous: Synchronous,
    seed: u64,
    arm: fn(&FaultyDisk, u64),
    count: fn(&FaultyDisk) -> u64,
) {
    let (disk, opened) = new_store(kind, synchronous);
    let before = count(&disk);
    live(&opened, &mut Model::default(), &mut Random(seed), STEPS).expect("nothing fails");
    let total = count(&disk) - before;
    assert!(total > 10);
    // A compaction of the file syncs a hundred times: every seventh point, and other ones with each seed.
    let step = if total > 150 { 7 } else { 1 };
    for at in (seed % step..total).step_by(step as usize) {
        let (disk, opened) = new_store(kind, synchronous);
        let mut model = Model::default();
        arm(&disk, at);
        // Nothing may notice: when the very last change is the marker behind a committed root.
        let result = live(&opened, &mut model, &mut Random(seed), STEPS);
        assert!(
            result.is_err() || at + 1 == total,
            "the disk was frozen: {kind:?}, seed {seed}, at {at} of {total}"
        );
        for cut in 0..3 {
            let mut model = model.clone();
            let disk = Arc::new(disk.power_cut(seed * 1000 + cut));
            let opened = recover(&disk, kind, synchronous, &mut model);
            // Life goes on, and the next crash finds that too.
            live(&opened, &mut model, &mut Random(cut), 8).expect("nothing fails");
            let disk = Arc::new(disk.power_cut(cut));
            recover(&disk, kind, synchronous, &mut model);
        }
    }
}

#[test]
fn power_loss_at_every_sync_loses_nothing_promised() {
    for (kind, seed) in KINDS.into_iter().flat_map(|kind| (0..3).map(move |seed| (kind, seed))) {
        for synchronous in [Synchronous::Normal, Synchronous::Full] {
            crash_everywhere(kind, synchronous, seed, FaultyDisk::freeze_at_sync, FaultyDisk::sync_count);
        }
    }
}

#[test]
fn power_loss_at_every_change_loses_nothing_promised() {
    for (kind, seed) in KINDS.into_iter().flat_map(|kind| (10..11).map(move |seed| (kind, seed))) {
        for synchronous in [Synchronous::Normal, Synchronous::Full] {
            crash_everywhere(kind, synchronous, seed, FaultyDisk::freeze_at_change, FaultyDisk::change_count);
        }
    }
}

#[test]
fn a_killed_process_loses_nothing_even_without_syncs() {
    for (kind, seed) in KINDS.into_iter().flat_map(|kind| (0..40).map(move |seed| (kind, seed))) {
        let (disk, opened) = new_store(kind, Synchronous::Off);
        let syncs = disk.sync_count();
        let mut model = Model::default();
        live(&opened, &mut model, &mut Random(seed), STEPS).expect("nothing fails");
        assert_eq!(disk.sync_count(), syncs, "Off never syncs");
        model.synced = model.appended;
        let disk = Arc::new(disk.process_kill());
        recover(&disk, kind, Synchronous::Off, &mut model);
    }
}

#[test]
fn power_loss_while_a_store_is_made_leaves_none_or_a_whole_one() {
    for kind in KINDS {
        let (disk, _) = new_store(kind, Synchronous::Normal);
        for at in 0..disk.change_count() {
            let disk = Arc::new(FaultyDisk::new());
            disk.freeze_at_change(at);
            open(&disk, kind, Synchronous::Normal).err().expect("the disk was frozen");
            for cut in 0..10 {
                let disk = Arc::new(disk.power_cut(cut));
                let opened =
                    open(&disk, kind, Synchronous::Normal).expect("a new or the interrupted store opens");
                assert_eq!(opened.store.root(), Root::default());
            }
        }
    }
}

#[test]
fn a_full_disk_fails_the_checkpoint_and_keeps_what_was() {
    let rooms = (0..60_000).step_by(1500);
    for (kind, room) in KINDS.into_iter().flat_map(|kind| rooms.clone().map(move |room| (kind, room))) {
        let (disk, opened) = new_store(kind, Synchronous::Normal);
        let mut model = Model::default();
        let mut random = Random(room);
        live(&opened, &mut model, &mut random, 10).expect("nothing fails");
        disk.set_capacity(Some(disk.used_bytes() + room));
        let error = live(&opened, &mut model, &mut random, 1000).expect_err("the disk fills up");
        assert_eq!(error.kind.sqlite_message(), "database or disk is full", "{error}");
        assert_readable(&opened, &model.committed);
        disk.set_capacity(None);
        let disk = Arc::new(disk.process_kill());
        model.synced = model.appended;
        let opened = recover(&disk, kind, Synchronous::Normal, &mut model);
        live(&opened, &mut model, &mut random, 10).expect("there is room again");
    }
}

#[test]
fn a_failed_sync_stops_writes_until_reopened() {
    for kind in KINDS {
        let (disk, opened) = new_store(kind, Synchronous::Normal);
        let id = opened.store.allocate();
        opened.store.write(&[(id, b"bytes")]).expect("the disk works");
        disk.fail_sync(0);
        let root = Root { catalog: Some(id), ..Root::default() };
        assert!(opened.store.commit_root(root.clone(), &[]).is_err());
        let error = opened.store.commit_root(root, &[]).expect_err("the sync is not tried again");
        assert_eq!(error.kind.sqlite_message(), "disk I/O error");
        assert_eq!(&*opened.store.read(id).expect("reads go on"), b"bytes");
        opened.close().expect("closing needs no disk");
        let opened = open(&disk, kind, Synchronous::Normal).expect("it opens");
        assert_eq!(opened.store.root(), Root::default());
        assert_eq!(opened.store.root().log_position, LogPosition::default());
    }
}
