//! What the store costs on this machine: `cargo run --release -p pluresdb-store --example measure [directory]`.
#![allow(clippy::print_stdout, reason = "it prints numbers")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use pluresdb_store::{BlockId, DirectoryOptions, Opened, Root, open_directory};

const BLOCK_LEN: usize = 16 * 1024;
const CHECKPOINT_LEN: usize = 200;

fn main() {
    let path = env::args().nth(1).map_or_else(|| env::temp_dir().join("pluresdb-measure"), PathBuf::from);
    let _ = fs::remove_dir_all(&path);
    let opened = open(&path, "create");
    measure_log(&opened);
    let mut ids = measure_checkpoints(&opened, 30);
    measure_reads(&opened, &ids);
    ids.extend(fill(&opened, 64_000));
    measure_random_updates(&opened, &mut ids);
    println!("memory {}", resident());
    close(opened);
    for _ in 0..8 {
        let opened = open(&path, "open 1 GB of blocks");
        println!("memory {}, {:?}", resident(), opened.store.sizes());
        let started = Instant::now();
        while opened.store.compact().expect("the disk works") {}
        println!("compact {:?}", started.elapsed());
        close(opened);
    }
    for dir in ["map", "segments", "log"] {
        println!("{dir}: {} kB", dir_bytes(&path.join(dir)) / 1024);
    }
    let _ = fs::remove_dir_all(&path);
}

fn open(path: &Path, what: &str) -> Opened {
    let started = Instant::now();
    let opened = open_directory(path, &DirectoryOptions::default()).expect("the directory is ours");
    println!("{what}: {:?}", started.elapsed());
    opened
}

fn close(opened: Opened) {
    let started = Instant::now();
    opened.close().expect("the disk works");
    println!("close: {:?}", started.elapsed());
}

/// Three quarters noise, as rows often are.
fn block(seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let words = (0..BLOCK_LEN / 8).flat_map(|n| if n % 4 == 0 { 7 } else { next() }.to_le_bytes());
    words.collect()
}

fn measure_log(opened: &Opened) {
    let log = opened.log.as_ref().expect("a directory has a log");
    let record = [3; 120];
    // The quickest of many short runs: other processes only ever make it slower.
    let count = 1_000;
    let quickest = (0..200).map(|_| {
        let started = Instant::now();
        for _ in 0..count {
            log.append(&record).expect("the disk works");
        }
        started.elapsed() / count
    });
    println!("append 120 bytes: {:?}", quickest.min());
    log.release(log.end()).expect("the disk works");
    let mut times: Vec<_> = (0..2_000)
        .map(|_| {
            let started = Instant::now();
            let end = log.append(&record).expect("the disk works");
            log.sync_to(end).expect("the disk works");
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("append + sync: median {:?}, quickest tenth {:?}", times[1000], times[200]);
}

fn checkpoint(opened: &Opened, blocks: &[(BlockId, &[u8])], freed: &[BlockId]) {
    opened.store.write(blocks).expect("the disk works");
    let log = opened.log.as_ref().expect("a directory has a log");
    let root = Root { catalog: Some(blocks[0].0), log_position: log.end(), ..Root::default() };
    opened.store.commit_root(root, freed).expect("the disk works");
}

fn measure_checkpoints(opened: &Opened, rounds: usize) -> Vec<BlockId> {
    let mut ids = Vec::new();
    let bytes: Vec<_> = (0..CHECKPOINT_LEN as u64).map(block).collect();
    let mut times = Vec::new();
    for _ in 0..rounds {
        let blocks: Vec<_> = bytes.iter().map(|bytes| (opened.store.allocate(), &bytes[..])).collect();
        let started = Instant::now();
        checkpoint(opened, &blocks, &[]);
        times.push(started.elapsed());
        ids.extend(blocks.iter().map(|(id, _)| *id));
    }
    times.sort_unstable();
    println!("checkpoint of {CHECKPOINT_LEN}: median {:?}, quickest {:?}", times[times.len() / 2], times[0]);
    ids
}

fn measure_reads(opened: &Opened, ids: &[BlockId]) {
    let started = Instant::now();
    for id in ids {
        opened.store.read(*id).expect("it was written");
    }
    println!("read: {:?}", started.elapsed() / ids.len() as u32);
}

fn fill(opened: &Opened, count: usize) -> Vec<BlockId> {
    let bytes: Vec<_> = (0..CHECKPOINT_LEN as u64).map(block).collect();
    let mut ids = Vec::new();
    let started = Instant::now();
    while ids.len() < count {
        let blocks: Vec<_> = bytes.iter().map(|bytes| (opened.store.allocate(), &bytes[..])).collect();
        checkpoint(opened, &blocks, &[]);
        ids.extend(blocks.iter().map(|(id, _)| *id));
    }
    println!("fill {count}: {:?}", started.elapsed());
    ids
}

/// Each round replaces random blocks, as an update-heavy life does.
fn measure_random_updates(opened: &Opened, ids: &mut [BlockId]) {
    let bytes = block(9);
    let mut random = 12_345u64;
    let rounds = 100;
    let started = Instant::now();
    for _ in 0..rounds {
        let mut freed = Vec::new();
        let mut blocks = Vec::new();
        for _ in 0..CHECKPOINT_LEN {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let slot = (random >> 33) as usize % ids.len();
            freed.push(ids[slot]);
            ids[slot] = opened.store.allocate();
            blocks.push((ids[slot], &bytes[..]));
        }
        // A slot drawn twice freed a block of this very round.
        blocks.sort_unstable_by_key(|(id, _)| *id);
        checkpoint(opened, &blocks, &freed);
    }
    println!("checkpoint of {CHECKPOINT_LEN} random updates: {:?}", started.elapsed() / rounds);
}

fn dir_bytes(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return fs::metadata(path).map_or(0, |file| file.len()) };
    entries.flatten().map(|entry| dir_bytes(&entry.path())).sum()
}

fn resident() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("unknown");
    line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}
