//! A directory store, damaged: its files are edited, their checksums made to hold again or not.
//!
//!     input    settings u8 | (file u8 | what u8 | offset u16 | piece)…
//!              settings: bits 0 to 3 seal the magic file, the journal, the segment, the log; bit 4: read only
//!              what % 3: 0 overwrite at the offset, 1 cut there, 2 cut there and append the piece
//!
//! Laws: a store that opens answers every block or says it is corrupt, and takes a new root that the next open finds.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use pluresdb_store::disk::FaultyDisk;
use pluresdb_store::hostile::{seal_journal, seal_log_file, seal_magic_file, seal_segment};
use pluresdb_store::{
    BlockId, DirectoryOptions, LogOptions, MapKind, Opened, Result, Root, StoreError, Uuid, open_directory_on,
};

use crate::Input;
use crate::input::write_piece;

const UUID: Uuid = Uuid([7; 16]);
const PATH: &str = "/db";
const FILES: [&str; 4] = ["pluresdb", "map/journal", "segments/00000001.seg", "log/00000001.log"];
const MAX_EDITS: usize = 16;
const BLOCKS: u64 = 80;

fn open(disk: &Arc<FaultyDisk>, read_only: bool) -> Result<Opened> {
    let options = DirectoryOptions {
        read_only,
        map: MapKind::Journal,
        log: LogOptions { min_file_len: 4096, max_file_len: 8192, ..LogOptions::default() },
        new_uuid: Some(UUID),
        min_segment_len: Some(4096),
        ..DirectoryOptions::default()
    };
    open_directory_on(Arc::clone(disk) as _, Path::new(PATH), &options)
}

/// A store with blocks, freed blocks, two roots and a log behind the last.
static SOUND: LazyLock<FaultyDisk> = LazyLock::new(|| {
    let disk = Arc::new(FaultyDisk::new());
    let opened = open(&disk, false).expect("an empty disk takes a store");
    commit(&opened, 60, &[]).expect("this disk works");
    let freed: Vec<BlockId> = (10..20).filter_map(BlockId::new).collect();
    commit(&opened, 20, &freed).expect("this disk works");
    let log = opened.log.as_ref().expect("a directory has a log");
    for record in [&b"first"[..], &[9; 300], b"last"] {
        log.append(record).expect("this disk works");
    }
    log.sync().expect("this disk works");
    disk.process_kill()
});

fn commit(opened: &Opened, count: usize, freed: &[BlockId]) -> Result<Root> {
    let ids: Vec<BlockId> = (0..count).map(|_| opened.store.allocate()).collect();
    let bytes: Vec<Vec<u8>> = (0..count).map(|n| vec![n as u8; 10 * n]).collect();
    let blocks: Vec<(BlockId, &[u8])> = ids.iter().copied().zip(bytes.iter().map(Vec::as_slice)).collect();
    opened.store.write(&blocks)?;
    let last = opened.store.root();
    let root = Root {
        catalog: ids.first().copied(),
        log_position: last.log_position,
        commit_version: last.commit_version.wrapping_add(1),
        engine: b"mine".to_vec(),
    };
    opened.store.commit_root(root.clone(), freed)?;
    Ok(root)
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let settings = input.u8();
    let disk = Arc::new(SOUND.process_kill());
    for _ in 0..MAX_EDITS {
        if input.is_empty() {
            break;
        }
        let file = FILES[usize::from(input.u8()) % FILES.len()];
        let (what, offset, piece) = (input.u8() % 3, usize::from(input.u16()), input.piece());
        disk.damage(&Path::new(PATH).join(file), |bytes| edit(bytes, what, offset, piece));
    }
    for (bit, file) in FILES.iter().enumerate() {
        if settings >> bit & 1 == 1 {
            disk.damage(&Path::new(PATH).join(file), |bytes| match bit {
                0 => seal_magic_file(bytes),
                1 => seal_journal(bytes),
                2 => seal_segment(UUID, bytes),
                _ => seal_log_file(UUID, bytes),
            });
        }
    }
    let read_only = settings & 16 != 0;
    let Ok(opened) = open(&disk, read_only) else { return };
    if look_at(&opened).is_err() || read_only {
        return;
    }
    let Ok(root) = commit(&opened, 3, &[]) else { return };
    opened.close().expect("a store that took a root closes");
    let opened = open(&disk, false).expect("a store that took a root opens again");
    assert_eq!(opened.store.root(), root, "the last root is the root");
}

fn edit(bytes: &mut Vec<u8>, what: u8, offset: usize, piece: &[u8]) {
    let offset = offset.min(bytes.len());
    if what > 0 {
        bytes.truncate(offset);
    }
    if what == 2 {
        bytes.extend_from_slice(piece);
    } else if what == 0 {
        let len = piece.len().min(bytes.len() - offset);
        bytes[offset..offset + len].copy_from_slice(&piece[..len]);
    }
}

fn look_at(opened: &Opened) -> Result<()> {
    for id in (0..BLOCKS + 5).filter_map(BlockId::new) {
        let _ = opened.store.read(id);
    }
    let mut count = 0;
    opened.store.iterate(&mut |_, _| count += 1);
    assert_eq!(opened.store.sizes().block_count, count, "the store knows how many blocks it has");
    let Some(log) = &opened.log else { return Ok(()) };
    log.replay(opened.store.root().log_position, |_, _| Ok::<_, StoreError>(()))?;
    Ok(())
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![vec![0], vec![15], vec![31]];
    for file in 0..FILES.len() as u8 {
        for what in 0..3 {
            for offset in [0_u16, 8, 20, 40, 64, 100, 300, 700, 2000] {
                let mut out = vec![15, file, what];
                out.extend_from_slice(&offset.to_le_bytes());
                write_piece(&[0xff, 1, 0, 0], &mut out);
                seeds.push(out);
            }
        }
    }
    seeds
}
