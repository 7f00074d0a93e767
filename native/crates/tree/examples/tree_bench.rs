//! Prints what the trees cost, in nanoseconds: `cargo run --release -p pluresdb-tree --example tree_bench [name | index | leaf]`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people who tune the trees")]

use std::{hint::black_box, sync::Arc, time::Instant};

use pluresdb_store::{MemoryStore, Store};
use pluresdb_tree::{KeyCursor, KeyTree, Lane, Offsets, Pager, RowCursor, RowTree};
use pluresdb_value::{
    ValueRef,
    key::{self, KeyColumn},
    record,
};

const ROWS: i64 = 100_000;

struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as i64
    }
}

fn row(rowid: i64, out: &mut Vec<u8>) {
    out.clear();
    let name = format!("name of row {rowid}");
    let city = format!("city {}", rowid % 50);
    let values = [
        ValueRef::Integer(rowid * 3),
        ValueRef::Text(name.as_bytes()),
        ValueRef::Text(city.as_bytes()),
        ValueRef::Real(rowid as f64 * 0.37),
        ValueRef::Integer(rowid % 1000),
    ];
    record::encode(values, out);
}

fn time<R>(name: &str, count: i64, mut work: impl FnMut() -> R) -> R {
    let only = std::env::args().nth(1);
    let started = Instant::now();
    let result = work();
    let ns = started.elapsed().as_nanos() as f64 / count as f64;
    if only.is_none_or(|only| name.contains(&only)) {
        println!("{name:<52} {ns:>9.1} ns");
    }
    result
}

fn records() -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    (0..ROWS)
        .map(|rowid| {
            row(rowid, &mut out);
            out.clone()
        })
        .collect()
}

fn main() {
    let store = Arc::new(MemoryStore::new());
    let pager = Pager::new(store.clone(), 256 << 20);
    match std::env::args().nth(1).as_deref() {
        Some("index") => return keys(&pager, &mut Rng(1)),
        Some("leaf") => return one_leaf(&pager),
        _ => {}
    }
    let records = records();
    let mut rng = Rng(0x1234_5678_9abc_def1);

    let mut tree = RowTree::new();
    time("append 100k rows in place", ROWS, || {
        for (rowid, record) in (0..).zip(&records) {
            tree.put(&pager, rowid, record).unwrap();
        }
    });
    println!(
        "    dirty {} kB, records {} kB",
        pager.dirty_bytes() / 1024,
        records.iter().map(Vec::len).sum::<usize>() / 1024
    );
    rows(&tree, &pager, &mut rng, "before write_back");
    time("write_back, per row", ROWS, || tree.write_back(&pager).unwrap());
    let sizes = store.sizes();
    println!(
        "    {} blocks of {} bytes, cached {} kB",
        sizes.block_count,
        sizes.live_bytes / sizes.block_count,
        pager.cached_bytes() / 1024
    );
    rows(&tree, &pager, &mut rng, "stored");
    time("build_sorted", ROWS, || RowTree::build_sorted(&pager, (0..).zip(&records)).unwrap());

    let mut own = tree.clone();
    let rounds =
        if std::env::args().nth(1).is_some_and(|only| only == "random put (replace)") { 20 } else { 1 };
    time("first random put after write_back, in place", 20_000, || {
        for _ in 0..20_000 {
            let rowid = rng.below(ROWS);
            own.put(&pager, rowid, &records[rowid as usize]).unwrap();
        }
    });
    time("random put (replace), in place", ROWS * rounds, || {
        for _ in 0..ROWS * rounds {
            let rowid = rng.below(ROWS);
            own.put(&pager, rowid, &records[rowid as usize]).unwrap();
        }
    });
    rows(&own, &pager, &mut rng, "after random puts");
    time("random put, a clone before each", ROWS, || {
        for _ in 0..ROWS {
            let rowid = rng.below(ROWS);
            let published = own.clone();
            own.put(&pager, rowid, &records[rowid as usize]).unwrap();
            drop(published);
        }
    });
    let mut appended = tree.clone();
    time("append, a clone before each", ROWS, || {
        for (rowid, record) in (ROWS..).zip(&records) {
            let published = appended.clone();
            appended.put(&pager, rowid, record).unwrap();
            drop(published);
        }
    });
    let mut deleted = tree.clone();
    time("random delete, in place", ROWS / 2, || {
        for _ in 0..ROWS / 2 {
            black_box(deleted.delete(&pager, rng.below(ROWS)).unwrap());
        }
    });
    time("ascending delete of the rest, in place", ROWS, || {
        for rowid in 0..ROWS {
            black_box(deleted.delete(&pager, rowid).unwrap());
        }
    });
    let mut random = RowTree::new();
    time("random insert into a growing tree, in place", ROWS, || {
        let mut rowid = 1_i64;
        for record in &records {
            rowid = rowid.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random.put(&pager, rowid, record).unwrap();
        }
    });
    keys(&pager, &mut rng);
}

/// Changes within one leaf, all of it in the processor's cache: what folding costs.
fn one_leaf(pager: &Arc<Pager>) {
    const LEAF_ROWS: i64 = 800;
    let mut rng = Rng(1);
    let records: Vec<_> = records().into_iter().take(LEAF_ROWS as usize).collect();
    let mut tree = RowTree::build_sorted(pager, (0..).zip(&records)).unwrap();
    tree.write_back(pager).unwrap();
    time("leaf: random put, in place", 4 * ROWS, || {
        for _ in 0..4 * ROWS {
            let rowid = rng.below(LEAF_ROWS);
            tree.put(pager, rowid, &records[rowid as usize]).unwrap();
        }
    });
    time("leaf: random put, a clone before each", 4 * ROWS, || {
        for _ in 0..4 * ROWS {
            let rowid = rng.below(LEAF_ROWS);
            let published = tree.clone();
            tree.put(pager, rowid, &records[rowid as usize]).unwrap();
            drop(published);
        }
    });
}

fn rows(tree: &RowTree, pager: &Arc<Pager>, rng: &mut Rng, state: &str) {
    time(&format!("get + 5 columns, random ({state})"), ROWS, || {
        for _ in 0..ROWS {
            let view = tree.get(pager, rng.below(ROWS)).unwrap().unwrap();
            for slot in 0..5 {
                black_box(view.column(slot).unwrap());
            }
        }
    });
    let mut cursor = RowCursor::closed();
    time(&format!("reset + seek_exact + 5 columns + close ({state})"), ROWS, || {
        for _ in 0..ROWS {
            cursor.reset(tree, pager);
            assert!(cursor.seek_exact(rng.below(ROWS)).unwrap());
            for slot in 0..5 {
                black_box(cursor.column(slot).unwrap());
            }
            cursor.close();
        }
    });
    time(&format!("scan: next only ({state})"), ROWS, || {
        let mut cursor = RowCursor::new(tree, pager.clone());
        let mut is_valid = cursor.first().unwrap();
        while is_valid {
            is_valid = cursor.next().unwrap();
        }
    });
    time(&format!("scan: next + 2 columns ({state})"), ROWS, || {
        let mut cursor = RowCursor::new(tree, pager.clone());
        let mut is_valid = cursor.first().unwrap();
        while is_valid {
            black_box(cursor.column(0).unwrap());
            black_box(cursor.column(4).unwrap());
            is_valid = cursor.next().unwrap();
        }
    });
    time(&format!("sum of an integer lane, leaf by leaf ({state})"), ROWS, || {
        black_box(lane_sum(tree, pager))
    });
}

fn lane_sum(tree: &RowTree, pager: &Arc<Pager>) -> i64 {
    let mut sum = 0_i64;
    let mut hidden = Vec::new();
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    while is_valid {
        let leaf = cursor.leaf();
        if let Lane::Integer(integers) = leaf.lane(4) {
            sum += integers.base * leaf.base_len() as i64;
            sum += match integers.offsets {
                Offsets::Constant => 0,
                Offsets::U8(offsets) => offsets.iter().map(|&offset| i64::from(offset)).sum(),
                Offsets::U16(offsets) => {
                    offsets.iter().map(|&offset| i64::from(u16::from_le_bytes(offset))).sum()
                }
                Offsets::U32(offsets) => {
                    offsets.iter().map(|&offset| i64::from(u32::from_le_bytes(offset))).sum()
                }
                Offsets::U64(offsets) => offsets.iter().map(|&offset| i64::from_le_bytes(offset)).sum(),
            };
            hidden.clear();
            leaf.hidden_base_rows(&mut hidden);
            sum -= hidden.iter().map(|&row| integers.get(row as usize)).sum::<i64>();
        }
        for index in 0..leaf.delta_len() {
            if let Some(ValueRef::Integer(integer)) = leaf.delta_value(index, 4).unwrap() {
                sum += integer;
            }
        }
        is_valid = cursor.next_leaf(&[4]).unwrap();
    }
    sum
}

fn keys(pager: &Arc<Pager>, rng: &mut Rng) {
    let keys: Vec<Vec<u8>> = (0..ROWS)
        .map(|number| {
            let mut key = Vec::new();
            let address = format!("user{:06}@example.com", number * 7919 % ROWS);
            key::encode_value(ValueRef::Text(address.as_bytes()), KeyColumn::ASCENDING, &mut key);
            key.extend_from_slice(&number.to_be_bytes());
            key
        })
        .collect();
    let mut tree = KeyTree::new();
    time("index: random put, in place", ROWS, || {
        for key in &keys {
            tree.put(pager, key, &[]).unwrap();
        }
    });
    let mut sorted = keys.clone();
    sorted.sort();
    time("index: build_sorted", ROWS, || {
        KeyTree::build_sorted(pager, sorted.iter().map(|key| (key, []))).unwrap()
    });
    let index_read = |tree: &KeyTree, rng: &mut Rng, state: &str| {
        let mut cursor = KeyCursor::closed();
        time(&format!("index: reset + seek_ge + key + close ({state})"), ROWS, || {
            for _ in 0..ROWS {
                cursor.reset(tree, pager);
                assert!(cursor.seek_ge(&keys[rng.below(ROWS) as usize]).unwrap());
                black_box(cursor.key());
                cursor.close();
            }
        });
        time(&format!("index: scan next + key ({state})"), ROWS, || {
            let mut cursor = KeyCursor::new(tree, pager.clone());
            let mut is_valid = cursor.first().unwrap();
            while is_valid {
                black_box(cursor.key());
                is_valid = cursor.next().unwrap();
            }
        });
    };
    index_read(&tree, rng, "before write_back");
    time("index: write_back, per key", ROWS, || tree.write_back(pager).unwrap());
    index_read(&tree, rng, "stored");
    let mut own = tree.clone();
    time("index: random put, a clone before each", ROWS, || {
        for number in 0..ROWS {
            let published = own.clone();
            let key = [&keys[rng.below(ROWS) as usize][..], &number.to_be_bytes()].concat();
            own.put(pager, &key, &[]).unwrap();
            drop(published);
        }
    });
    time("index: random delete, in place", ROWS, || {
        for key in &keys {
            black_box(own.delete(pager, key).unwrap());
        }
    });
}
