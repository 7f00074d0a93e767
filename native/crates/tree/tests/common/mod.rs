//! What the tests of this crate share: values, records, kinds of blocks, a store that lies.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use pluresdb_store::{
    BlockId, ErrorKind, MemoryStore, Pin, Root, Sizes, Store, StoreError, Synchronous, Uuid,
};
use pluresdb_value::{Value, record};

/// xorshift: the same seed, the same run.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }
}

pub fn record_of(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    record::encode_values(values, &mut out);
    out
}

/// A row of any shape: classes change within a column, lengths differ, a few values are wide.
pub fn random_row(rng: &mut Rng) -> Vec<Value> {
    let len = 1 + rng.below(6) as usize;
    (0..len)
        .map(|slot| match rng.below(20) {
            0..=1 => Value::Null,
            2..=5 if slot == 1 => Value::Integer(rng.next() as i64),
            2..=7 => Value::Integer(rng.below(1000) as i64 - 20),
            8..=9 => Value::Real(rng.below(100) as f64 / 8.0),
            10..=14 => Value::text(format!("text {}", rng.below(12)).as_bytes()),
            15..=17 => Value::text(format!("unique {}", rng.next()).as_bytes()),
            18 => Value::blob(&rng.next().to_le_bytes()[..rng.below(9) as usize]),
            _ if rng.below(12) == 0 => {
                let byte = rng.next() as u8;
                let len = rng.below(40_000) as usize;
                let bytes = vec![byte; len];
                if rng.below(2) == 0 { Value::text(&bytes[..]) } else { Value::blob(&bytes[..]) }
            }
            _ => Value::Integer(slot as i64),
        })
        .collect()
}

/// The kinds of blocks: their fifth byte.
pub const ROW_LEAF: u8 = b'S';
pub const ROW_DELTA: u8 = b'T';

/// The blocks of a kind that can be read.
pub fn blocks_of_kind(store: &dyn Store, kind: u8) -> BTreeSet<BlockId> {
    let mut ids = BTreeSet::new();
    store.iterate(&mut |id, _| {
        ids.insert(id);
    });
    ids.retain(|id| store.read(*id).unwrap().get(4) == Some(&kind));
    ids
}

/// A memory store whose reads are damaged at one place, chosen by a seed; 0 = not at all.
pub struct LyingStore {
    pub inner: MemoryStore,
    pub seed: AtomicU64,
    /// How many more times `spill` works.
    pub spills_left: AtomicU64,
}

impl LyingStore {
    pub fn new() -> Arc<LyingStore> {
        Arc::new(LyingStore {
            inner: MemoryStore::new(),
            seed: AtomicU64::new(0),
            spills_left: AtomicU64::new(u64::MAX),
        })
    }
}

type StoreResult<T> = Result<T, StoreError>;

impl Store for LyingStore {
    fn read(&self, id: BlockId) -> StoreResult<Arc<[u8]>> {
        let block = self.inner.read(id)?;
        let seed = self.seed.load(Ordering::Relaxed);
        if seed == 0 {
            return Ok(block);
        }
        let mut rng = Rng(seed ^ id.get().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut bytes = block.to_vec();
        for _ in 0..rng.below(4) {
            match rng.below(8) {
                0 => bytes.truncate(rng.below(bytes.len() as u64 + 1) as usize),
                1..=3 if !bytes.is_empty() => {
                    // Most of the structure is in the first bytes.
                    let at = rng.below(bytes.len().min(400) as u64) as usize;
                    bytes[at] = rng.next() as u8;
                }
                4 if bytes.len() > 8 => {
                    let at = rng.below(bytes.len() as u64 - 4) as usize;
                    bytes[at..at + 4].copy_from_slice(&(rng.next() as u32).to_le_bytes());
                }
                _ if !bytes.is_empty() => {
                    let at = rng.below(bytes.len() as u64) as usize;
                    bytes[at] ^= 1 << rng.below(8);
                }
                _ => {}
            }
        }
        Ok(bytes.into())
    }

    fn uuid(&self) -> Uuid {
        self.inner.uuid()
    }
    fn root(&self) -> Root {
        self.inner.root()
    }
    fn allocate(&self) -> BlockId {
        self.inner.allocate()
    }
    fn write(&self, blocks: &[(BlockId, &[u8])]) -> StoreResult<()> {
        self.inner.write(blocks)
    }
    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> StoreResult<()> {
        let left = self.spills_left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(StoreError::new(ErrorKind::Full, "no room"));
        }
        self.spills_left.store(left - 1, Ordering::Relaxed);
        self.inner.spill(blocks)
    }
    fn adopt(&self, ids: &[BlockId]) {
        self.inner.adopt(ids);
    }
    fn discard(&self, ids: &[BlockId]) {
        self.inner.discard(ids);
    }
    fn commit_root(&self, root: Root, freed: &[BlockId]) -> StoreResult<()> {
        self.inner.commit_root(root, freed)
    }
    fn pin(&self) -> Pin {
        self.inner.pin()
    }
    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32)) {
        self.inner.iterate(visit);
    }
    fn sizes(&self) -> Sizes {
        self.inner.sizes()
    }
    fn compact(&self) -> StoreResult<bool> {
        self.inner.compact()
    }
    fn synchronous(&self) -> Synchronous {
        self.inner.synchronous()
    }
    fn set_synchronous(&self, synchronous: Synchronous) {
        self.inner.set_synchronous(synchronous);
    }
    fn close(&self) -> StoreResult<()> {
        self.inner.close()
    }
}
