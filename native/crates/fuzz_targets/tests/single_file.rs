//! A single file whose checksums hold and whose contents lie: redb, which reads it, must not take the process with it.
//!
//! It panics on what it cannot understand; the store catches that and gives the file up. So this is no target for a
//! fuzzer that takes every panic for a finding: here a crash, a hang and a wrong kind of error are. Files are opened
//! and read; what redb does when it writes to such a file is not bounded yet (docs/internals/crash-safety.md).
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pluresdb_store::disk::{Disk, FaultyDisk, OpenMode};
use pluresdb_store::hostile::seal_single_file;
use pluresdb_store::{BlockId, ErrorKind, FileOptions, Opened, Result, Root, Uuid, open_file_on};

const PATH: &str = "/db";
const UUID: Uuid = Uuid([7; 16]);
const CASES: u64 = 2000;
/// Generous: a loaded machine is no fault.
const SLOW: Duration = Duration::from_secs(10);

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn open(disk: &Arc<FaultyDisk>) -> Result<Opened> {
    let options = FileOptions { new_uuid: Some(UUID), ..FileOptions::default() };
    open_file_on(Arc::clone(disk) as _, Path::new(PATH), &options)
}

fn commit(opened: &Opened, count: usize, freed: &[BlockId]) -> Result<()> {
    let ids: Vec<BlockId> = (0..count).map(|_| opened.store.allocate()).collect();
    let bytes: Vec<Vec<u8>> =
        (0..count).map(|n| (0..n * 97).map(|at| ((at * n) >> 3) as u8).collect()).collect();
    let blocks: Vec<(BlockId, &[u8])> = ids.iter().copied().zip(bytes.iter().map(Vec::as_slice)).collect();
    opened.store.write(&blocks)?;
    let root = Root { catalog: ids.first().copied(), ..Root::default() };
    opened.store.commit_root(root, freed)
}

fn sound() -> Vec<u8> {
    let disk = Arc::new(FaultyDisk::new());
    let opened = open(&disk).unwrap();
    commit(&opened, 120, &[]).unwrap();
    let freed: Vec<BlockId> = (10..30).filter_map(BlockId::new).collect();
    commit(&opened, 20, &freed).unwrap();
    opened.close().unwrap();
    let file = disk.open(Path::new(PATH), OpenMode::Read).unwrap();
    let mut bytes = vec![0; file.byte_len().unwrap() as usize];
    file.read_at(&mut bytes, 0).unwrap();
    bytes
}

fn edit(random: &mut Random, bytes: &mut Vec<u8>) {
    const PAGE: usize = 4104;
    let first = 3 * 4096;
    let pages = (bytes.len() - first) / PAGE;
    // Where a page says what it is, how much it holds and where; or in the header, or anywhere.
    let page = first + random.below(pages) * PAGE + 8;
    let at = match random.below(5) {
        0 => page + random.below(8),
        1 => page + random.below(80),
        2 => 4096 + 24 + random.below(320),
        3 => 4096 + 16 + random.below(8),
        _ => page + random.below(4096),
    };
    match random.below(6) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = [0, 1, 2, 0x7f, 0x80, 0xff][random.below(6)],
        2 => bytes[at..at + 8].fill(0xff),
        3 => {
            let from = first + random.below(pages) * PAGE;
            let to = first + random.below(pages) * PAGE;
            bytes.copy_within(from..from + PAGE, to);
        }
        4 => bytes.truncate(at.max(first + PAGE)),
        _ => {
            let from = page + random.below(4000);
            bytes.copy_within(from..from + 8, at);
        }
    }
}

fn use_it(disk: &Arc<FaultyDisk>) -> Result<()> {
    let opened = open(disk)?;
    for id in (1..160).filter_map(BlockId::new) {
        let _ = opened.store.read(id);
    }
    opened.store.iterate(&mut |_, _| {});
    opened.close()
}

#[test]
fn lies_behind_sound_checksums_are_errors() {
    let sound = sound();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let mut kinds = [0; 2];
    for case in 0..CASES {
        let mut random = Random(case);
        let mut bytes = sound.clone();
        for _ in 0..=random.below(3) {
            edit(&mut random, &mut bytes);
        }
        seal_single_file(UUID, &mut bytes);
        let disk = Arc::new(FaultyDisk::new());
        disk.open(Path::new(PATH), OpenMode::CreateNew).unwrap().write_at(&bytes, 0).unwrap();
        let started = Instant::now();
        match use_it(&disk) {
            Ok(()) => kinds[0] += 1,
            Err(error) => {
                kinds[1] += 1;
                let is_expected = matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Io | ErrorKind::Full);
                if !is_expected {
                    panic::set_hook(hook);
                    panic!("case {case}: {error}");
                }
            }
        }
        assert!(started.elapsed() < SLOW, "case {case} took {:?}", started.elapsed());
    }
    panic::set_hook(hook);
    assert!(kinds[0] > 20 && kinds[1] > 100, "{kinds:?}");
}
