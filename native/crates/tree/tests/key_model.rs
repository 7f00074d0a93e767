//! A key tree behaves as a sorted map from bytes to bytes.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, atomic::Ordering},
};

use common::{LyingStore, Rng};
use pluresdb_store::{MemoryStore, Store};
use pluresdb_tree::{
    AllParts, KeyChange, KeyCursor, KeyTree, ListedEntries, Pager, SortedEntries, SortedParts, TreeError,
};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

fn random_key(rng: &mut Rng, keys: u64) -> Vec<u8> {
    let number = rng.below(keys);
    match rng.below(4) {
        0 => number.to_be_bytes().to_vec(),
        1 => format!("a common prefix of some length/{number}").into_bytes(),
        2 => (number as u16).to_be_bytes()[..rng.below(3) as usize].to_vec(),
        _ => {
            let mut key = vec![number as u8; rng.below(40) as usize];
            key.push(number as u8 ^ 1);
            key
        }
    }
}

fn random_value(rng: &mut Rng) -> Vec<u8> {
    let len = if rng.below(60) == 0 { rng.below(60_000) } else { rng.below(30) };
    vec![rng.next() as u8; len as usize]
}

type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

fn random_changes(rng: &mut Rng, keys: u64) -> Changes {
    let (count, puts) = (1 + rng.below(600), 1 + rng.below(10));
    let change = |rng: &mut Rng| (rng.below(10) < puts).then(|| random_value(rng));
    (0..count).map(|_| (random_key(rng, keys), change(rng))).collect()
}

fn change_many(tree: &mut KeyTree, pager: &Pager, changes: &Changes) {
    let changes: Vec<KeyChange<'_>> =
        changes.iter().map(|(key, value)| KeyChange { key, value: value.as_deref() }).collect();
    let mut rest = &changes[..];
    while !rest.is_empty() {
        rest = &rest[tree.change_many(pager, rest).unwrap()..];
    }
}

fn assert_same(tree: &KeyTree, pager: &Arc<Pager>, model: &Model) {
    assert_eq!(tree.count(), model.len() as u64);
    let mut problems = Vec::new();
    tree.verify(pager, &mut |problem| problems.push(problem));
    assert_eq!(problems, Vec::<String>::new());
    let mut cursor = KeyCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    for (key, value) in model {
        assert!(is_valid);
        assert_eq!(cursor.key(), key);
        assert_eq!(cursor.value().unwrap(), value);
        is_valid = cursor.next().unwrap();
    }
    assert!(!is_valid);
    let mut is_valid = cursor.last().unwrap();
    for key in model.keys().rev() {
        assert!(is_valid);
        assert_eq!(cursor.key(), key);
        is_valid = cursor.prev().unwrap();
    }
    assert!(!is_valid);
}

fn assert_points(tree: &KeyTree, pager: &Arc<Pager>, model: &Model, rng: &mut Rng, keys: u64) {
    let mut cursor = KeyCursor::new(tree, pager.clone());
    for _ in 0..60 {
        let key = random_key(rng, keys);
        let view = tree.get(pager, &key).unwrap();
        assert_eq!(view.as_ref().map(pluresdb_tree::KeyView::value), model.get(&key).map(|value| &value[..]));
        assert_eq!(cursor.seek_exact(&key).unwrap(), model.contains_key(&key));
        let at_or_above = model.range(key.clone()..).next().map(|(key, _)| key);
        let above = model.range::<[u8], _>((Bound::Excluded(&key[..]), Bound::Unbounded)).next();
        let at_or_below = model.range(..=key.clone()).next_back().map(|(key, _)| key);
        let below = model.range(..key.clone()).next_back().map(|(key, _)| key);
        assert_eq!(cursor.seek_ge(&key).unwrap().then(|| cursor.key().to_vec()).as_ref(), at_or_above);
        assert_eq!(
            cursor.seek_gt(&key).unwrap().then(|| cursor.key().to_vec()).as_ref(),
            above.map(|(key, _)| key)
        );
        assert_eq!(cursor.seek_le(&key).unwrap().then(|| cursor.key().to_vec()).as_ref(), at_or_below);
        assert_eq!(cursor.seek_lt(&key).unwrap().then(|| cursor.key().to_vec()).as_ref(), below);
        assert_eq!(tree.rank(pager, &key).unwrap(), model.range(..key.clone()).count() as u64);
    }
    let offset = rng.below(model.len() as u64 + 2);
    let expected = model.keys().nth(offset as usize);
    assert_eq!(cursor.seek_nth(offset).unwrap().then(|| cursor.key().to_vec()).as_ref(), expected);
}

fn run(seed: u64, steps: usize, keys: u64, cache_bytes: usize) {
    let mut rng = Rng(seed);
    let store = Arc::new(MemoryStore::new());
    let pager = Pager::new(store, cache_bytes);
    let mut tree = KeyTree::new();
    let mut model = Model::new();
    let mut snapshots: Vec<(KeyTree, Model)> = Vec::new();
    for step in 0..steps {
        match rng.below(100) {
            64 => {
                let changes = random_changes(&mut rng, keys);
                change_many(&mut tree, &pager, &changes);
                for (key, value) in changes {
                    match value {
                        Some(value) => model.insert(key, value),
                        None => model.remove(&key),
                    };
                }
            }
            0..=63 => {
                let (key, value) = (random_key(&mut rng, keys), random_value(&mut rng));
                let is_new = tree.put(&pager, &key, &value).unwrap();
                assert_eq!(is_new, model.insert(key, value).is_none());
            }
            65..=90 => {
                let key = random_key(&mut rng, keys);
                assert_eq!(tree.delete(&pager, &key).unwrap(), model.remove(&key).is_some());
            }
            91 => {
                let from = random_key(&mut rng, keys);
                let doomed: Vec<Vec<u8>> =
                    model.range(from..).take(rng.below(400) as usize).map(|(key, _)| key.clone()).collect();
                for key in doomed {
                    assert!(tree.delete(&pager, &key).unwrap());
                    model.remove(&key);
                }
            }
            92..=93 => snapshots.push((tree.clone(), model.clone())),
            94 if !snapshots.is_empty() => {
                let index = rng.below(snapshots.len() as u64) as usize;
                let (old, old_model) = snapshots.swap_remove(index);
                assert_same(&old, &pager, &old_model);
                if rng.below(3) == 0 {
                    (tree, model) = (old, old_model);
                }
            }
            95..=96 => {
                tree.write_back(&pager).unwrap();
                tree = KeyTree::decode_root(&tree.encode_root()).unwrap();
                pager.clear_cache();
            }
            97 => tree.spill(&pager, &mut Vec::new()).unwrap(),
            98 => assert_points(&tree, &pager, &model, &mut rng, keys),
            _ if step % 5 == 0 => assert_same(&tree, &pager, &model),
            _ => {}
        }
        assert_eq!(tree.count(), model.len() as u64);
    }
    assert_same(&tree, &pager, &model);
    for (old, old_model) in &snapshots {
        assert_same(old, &pager, old_model);
    }
    let mut built = KeyTree::build_sorted(&pager, &model).unwrap();
    assert_same(&built, &pager, &model);
    built.write_back(&pager).unwrap();
    assert_same(&built, &pager, &model);
    let mut stored =
        KeyTree::build_spilled(&pager, &mut ListedEntries::new(&model), &mut Vec::new()).unwrap();
    assert_same(&stored, &pager, &model);
    stored.write_back(&pager).unwrap();
    let stored = KeyTree::decode_root(&stored.encode_root()).unwrap();
    pager.clear_cache();
    assert_same(&stored, &pager, &model);
    drop((snapshots, built, stored, tree));
    assert_eq!(pager.dirty_bytes(), 0);
}

#[test]
fn a_key_tree_is_a_sorted_map() {
    for seed in 1..=6 {
        run(seed, 6000, 4000, 1 << 20);
    }
}

#[test]
fn a_key_tree_with_hardly_any_cache_is_the_same() {
    for seed in 11..=13 {
        run(seed, 5000, 6000, 5000);
    }
}

#[test]
fn small_trees_too() {
    for seed in 31..=60 {
        run(seed, 300, 30, 1 << 16);
    }
}

/// Entries of some 100 bytes: a few hundred thousand make many portions for the writer.
fn many_entries(count: u64) -> impl Iterator<Item = ([u8; 8], [u8; 90])> {
    (0..count).map(|number| (number.to_be_bytes(), [number as u8; 90]))
}

#[test]
fn a_tree_is_built_into_the_store_with_little_of_it_in_memory() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut spilled = Vec::new();
    let mut most_dirty = 0;
    let watched = many_entries(300_000).inspect(|_| most_dirty = most_dirty.max(pager.dirty_bytes()));
    let mut tree = KeyTree::build_spilled(&pager, &mut ListedEntries::new(watched), &mut spilled).unwrap();
    assert!(spilled.len() > 1000, "{} leaves", spilled.len());
    assert_eq!(most_dirty, 0);
    assert!(pager.dirty_bytes() < 1 << 20);
    tree.spill(&pager, &mut spilled).unwrap();
    assert_eq!(pager.dirty_bytes(), 0);
    let mut blocks = Vec::new();
    pager.store().iterate(&mut |id, _| blocks.push(id));
    spilled.sort_unstable();
    blocks.sort_unstable();
    assert_eq!(blocks, spilled);
    assert_eq!(tree.count(), 300_000);
    let mut cursor = KeyCursor::new(&tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    for (key, value) in many_entries(300_000) {
        assert!(is_valid);
        assert_eq!((cursor.key(), cursor.value().unwrap()), (&key[..], &value[..]));
        is_valid = cursor.next().unwrap();
    }
    assert!(!is_valid);
}

/// Entries of `many_entries` in parts that begin where the bounds say; the last entry may be a bad one.
struct Parts {
    count: u64,
    bounds: Vec<[u8; 8]>,
    has_bad: bool,
}

impl Parts {
    fn new(count: u64, starts: &[u64], has_bad: bool) -> Parts {
        Parts { count, bounds: starts.iter().map(|start| start.to_be_bytes()).collect(), has_bad }
    }
}

type Entry = (Vec<u8>, Vec<u8>);

impl SortedParts for Parts {
    type Part<'p> = ListedEntries<Box<dyn Iterator<Item = Entry> + 'p>, Vec<u8>, Vec<u8>>;

    fn part_count(&self) -> usize {
        self.bounds.len() + 1
    }

    fn bound(&self, number: usize) -> &[u8] {
        &self.bounds[number - 1]
    }

    fn part(&self, number: usize) -> Result<Self::Part<'_>, TreeError> {
        let start = number.checked_sub(1).map_or(0, |number| u64::from_be_bytes(self.bounds[number]));
        let end = self.bounds.get(number).map_or(self.count, |bound| u64::from_be_bytes(*bound));
        let entries = many_entries(end).skip(start as usize);
        let wide = |number: usize| if number % 5000 == 7 { vec![7; 20_000] } else { vec![8; 90] };
        let entries = entries.enumerate().map(move |(number, (key, _))| (key.to_vec(), wide(number)));
        let bad = (self.has_bad && number == self.bounds.len()).then(|| (vec![0; (1 << 30) + 1], Vec::new()));
        let entries: Box<dyn Iterator<Item = Entry>> = Box::new(entries.chain(bad));
        Ok(ListedEntries::new(entries))
    }
}

#[test]
fn a_tree_built_in_parts_is_that_of_all_entries() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    for starts in [&[1000, 1000, 30_000, 77_777, 100_000][..], &[0, 50_000], &[]] {
        let parts = Parts::new(100_000, starts, false);
        let mut spilled = Vec::new();
        let mut tree = KeyTree::build_spilled_parts(&pager, &parts, &mut spilled).unwrap();
        tree.verify(&pager, &mut |problem| panic!("{problem}"));
        tree.spill(&pager, &mut spilled).unwrap();
        tree.verify(&pager, &mut |problem| panic!("{problem}"));
        assert_eq!((tree.count(), pager.dirty_bytes()), (100_000, 0));
        let mut all = AllParts::new(&parts);
        let mut cursor = KeyCursor::new(&tree, pager.clone());
        let mut is_valid = cursor.first().unwrap();
        while all.advance().unwrap() {
            assert!(is_valid);
            assert_eq!((cursor.key(), cursor.value().unwrap()), all.entry());
            is_valid = cursor.next().unwrap();
        }
        assert!(!is_valid);
        let bad = Parts::new(100_000, starts, true);
        let mut spilled_of_bad = Vec::new();
        let built = KeyTree::build_spilled_parts(&pager, &bad, &mut spilled_of_bad);
        assert_eq!((built.err(), spilled_of_bad.len()), (Some(TreeError::TooBig), 0));
        let mut blocks = Vec::new();
        pager.store().iterate(&mut |id, _| blocks.push(id));
        assert_eq!(blocks.len(), spilled.len(), "those of the good tree are left");
        pager.store().discard(&spilled);
    }
}

#[test]
fn the_cache_keeps_nothing_of_a_cleared_tree() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 64 << 20);
    let mut spilled = Vec::new();
    let parts = Parts::new(100_000, &[50_000], false);
    let mut tree = KeyTree::build_spilled_parts(&pager, &parts, &mut spilled).unwrap();
    tree.spill(&pager, &mut spilled).unwrap();
    let snapshot = tree.clone();
    assert!(pager.cached_bytes() > 8 << 20);
    tree.clear(&pager).unwrap();
    assert_eq!(pager.cached_bytes(), 0);
    assert_eq!(snapshot.get(&pager, &7_u64.to_be_bytes()).unwrap().unwrap().value(), vec![7; 20_000]);
}

#[test]
fn a_build_that_fails_leaves_no_block() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let too_long = vec![0; (1 << 30) + 1];
    let entries =
        many_entries(200_000).map(|(key, value)| (key.to_vec(), value)).chain([(too_long, [0; 90])]);
    let mut spilled = Vec::new();
    assert_eq!(
        KeyTree::build_spilled(&pager, &mut ListedEntries::new(entries), &mut spilled).err(),
        Some(TreeError::TooBig)
    );
    assert!(spilled.is_empty());
    pager.store().iterate(&mut |id, _| panic!("{id:?} is left"));
}

#[test]
fn a_build_ends_where_the_store_fails() {
    let store = LyingStore::new();
    let pager = Pager::new(store.clone(), 1 << 20);
    store.spills_left.store(3, Ordering::Relaxed);
    let mut read = 0;
    let entries = many_entries(2_000_000).inspect(|_| read += 1);
    let mut spilled = Vec::new();
    assert!(KeyTree::build_spilled(&pager, &mut ListedEntries::new(entries), &mut spilled).is_err());
    assert!(spilled.is_empty());
    assert!(read < 1_000_000, "{read} entries were read for a store that had failed");
    store.iterate(&mut |id, _| panic!("{id:?} is left"));
}

#[test]
fn very_long_keys_are_kept_whole() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut tree = KeyTree::new();
    let mut model = Model::new();
    for number in 0..20_u8 {
        let mut key = vec![number % 3; 100_000];
        key.push(number);
        tree.put(&pager, &key, &[number]).unwrap();
        model.insert(key, vec![number]);
    }
    assert_same(&tree, &pager, &model);
    tree.write_back(&pager).unwrap();
    pager.clear_cache();
    assert_same(&tree, &pager, &model);
}

/// Without values in overflow blocks, so that whole leaves are changed at once.
#[test]
fn entries_of_many_rows_move_and_go() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut rng = Rng(11);
    let mut key = |number: u64, text: bool| {
        let mut key = number.to_be_bytes().to_vec();
        if text {
            key.resize(8 + rng.below(300) as usize, b'x');
        }
        key
    };
    for text in [false, true] {
        let mut tree = KeyTree::new();
        let mut model = Model::new();
        let mut apply = |tree: &mut KeyTree, changes: &Changes| {
            let before = (tree.clone(), model.clone());
            change_many(tree, &pager, changes);
            for (key, value) in changes {
                match value {
                    Some(value) => model.insert(key.clone(), value.clone()),
                    None => model.remove(key),
                };
            }
            assert_same(tree, &pager, &model);
            assert_same(&before.0, &pager, &before.1);
            model.clone()
        };
        // Into an empty tree, between what is there, and behind it.
        let rows = |from: u64, step: usize| (from..from + 30_000).step_by(step);
        for (from, step) in [(0, 2), (10_000, 7), (100_000, 1), (1, 2)] {
            let puts =
                rows(from, step).map(|number| (key(number, text), Some(vec![7; (number % 3) as usize])));
            apply(&mut tree, &puts.collect());
        }
        // Every entry moves, to where another one was.
        let all = apply(&mut tree, &Changes::new());
        let keys: Vec<&Vec<u8>> = all.keys().collect();
        let mut moved: Changes = keys.iter().step_by(2).map(|key| ((*key).clone(), None)).collect();
        moved.extend(keys.iter().step_by(2).map(|key| ([&key[..], b"y"].concat(), Some(Vec::new()))));
        let all = apply(&mut tree, &moved);
        // Most of them go, then all.
        let most = all.keys().enumerate().filter(|(index, _)| index % 50 != 0);
        let rest = apply(&mut tree, &most.map(|(_, key)| (key.clone(), None)).collect());
        apply(&mut tree, &rest.into_keys().map(|key| (key, None)).collect());
        assert!(tree.is_empty());
    }
}

#[test]
fn what_a_change_replaced_stays_in_the_cache_while_there_is_room_for_both() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let entries = (0..5000_u64).map(|number| (number.to_be_bytes(), [0; 20]));
    let mut tree = KeyTree::build_sorted(&pager, entries).unwrap();
    tree.write_back(&pager).unwrap();
    let before = pager.cached_bytes();
    let change = |tree: &KeyTree, number: u64| {
        let mut changed = tree.clone();
        changed.put(&pager, &number.to_be_bytes(), b"new").unwrap();
        changed
    };
    drop(change(&tree, 7));
    assert_eq!(pager.cached_bytes(), before);
    pager.set_cache_size(before + 100);
    drop(change(&tree, 7));
    assert!(pager.cached_bytes() < before);
}
