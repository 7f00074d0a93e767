//! Random lives against a model of plain maps: whatever happens in whatever order, the trees hold what the maps hold.

use super::super::{CheckpointMode, StatementMark};
use super::*;

#[derive(Clone, Debug, PartialEq)]
enum Contents {
    Rows(BTreeMap<i64, Vec<u8>>),
    Keys(BTreeMap<Vec<u8>, Vec<u8>>),
}

#[derive(Clone, Default, Debug, PartialEq)]
struct Model {
    trees: BTreeMap<TreeId, Contents>,
    user_version: i32,
}

struct Life {
    random: Random,
    disk: Arc<FaultyDisk>,
    transaction: Transaction,
    committed: Model,
    working: Model,
    savepoints: Vec<(String, Model)>,
    statements: Vec<(StatementMark, Model)>,
}

fn contents(transaction: &Transaction, expected: &Model) {
    for (&id, contents) in &expected.trees {
        match contents {
            Contents::Rows(rows) => {
                assert_eq!(rows_of(transaction, id).unwrap(), *rows);
                assert_eq!(transaction.row_tree(id).unwrap().count(), rows.len() as u64);
            }
            Contents::Keys(keys) => assert_eq!(keys_of(transaction, id).unwrap(), *keys),
        }
    }
    assert_eq!(transaction.user_version(), expected.user_version);
    let ids: Vec<_> = transaction.state().trees.iter().map(|(id, _)| id).collect();
    let expected_ids: Vec<_> = [TreeId::SCHEMA].into_iter().chain(expected.trees.keys().copied()).collect();
    assert_eq!(ids, expected_ids);
}

impl Life {
    fn new(seed: u64) -> Life {
        let disk = Arc::new(FaultyDisk::new());
        let transaction = Transaction::new(on_disk(&disk).unwrap());
        Life {
            random: Random(seed),
            disk,
            transaction,
            committed: Model::default(),
            working: Model::default(),
            savepoints: Vec::new(),
            statements: Vec::new(),
        }
    }

    fn change(&mut self) {
        let ids: Vec<_> = self.working.trees.keys().copied().collect();
        if ids.is_empty() || (ids.len() < 20 && self.random.below(30) == 0) {
            let is_rows = self.random.below(2) == 0;
            let id = if is_rows {
                self.transaction.create_row_tree().unwrap()
            } else {
                self.transaction.create_key_tree().unwrap()
            };
            let empty =
                if is_rows { Contents::Rows(BTreeMap::new()) } else { Contents::Keys(BTreeMap::new()) };
            assert!(self.working.trees.insert(id, empty).is_none(), "tree ids are not reused");
            return;
        }
        let id = ids[self.random.below(ids.len() as u64) as usize];
        match self.random.below(60) {
            0 => {
                self.transaction.drop_tree(id).unwrap();
                self.working.trees.remove(&id);
                return;
            }
            1 => {
                self.transaction.clear_tree(id).unwrap();
                match self.working.trees.get_mut(&id).unwrap() {
                    Contents::Rows(rows) => rows.clear(),
                    Contents::Keys(keys) => keys.clear(),
                }
                return;
            }
            2 => {
                self.working.user_version += 1;
                self.transaction.set_user_version(self.working.user_version);
                return;
            }
            _ => {}
        }
        let (place, is_delete) = (self.random.below(300) as i64, self.random.below(3) == 0);
        let new = row(self.random.below(100_000) as i64);
        match self.working.trees.get_mut(&id).unwrap() {
            Contents::Rows(rows) => match (rows.get(&place).cloned(), is_delete) {
                (Some(old), true) => {
                    self.transaction.delete_row(id, place, &old).unwrap();
                    rows.remove(&place);
                }
                (None, true) => {}
                (old, false) => {
                    self.transaction.put_row(id, place, &new, old.as_deref()).unwrap();
                    rows.insert(place, new);
                }
            },
            Contents::Keys(keys) => {
                let key = format!("key {place}").into_bytes();
                match (keys.get(&key).cloned(), is_delete) {
                    (Some(old), true) => {
                        self.transaction.delete_key(id, &key, &old).unwrap();
                        keys.remove(&key);
                    }
                    (None, true) => {}
                    (old, false) => {
                        self.transaction.put_key(id, &key, &new, old.as_deref()).unwrap();
                        keys.insert(key, new);
                    }
                }
            }
        }
    }

    fn end_transaction(&mut self) {
        self.savepoints.clear();
        self.statements.clear();
        self.working = self.committed.clone();
    }

    fn step(&mut self) {
        if !self.transaction.is_write() {
            match self.random.below(12) {
                0 => {
                    self.transaction.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
                }
                1 => self.reopen(),
                _ => {}
            }
            self.transaction.begin_read().unwrap();
            contents(&self.transaction, &self.committed);
            self.transaction.begin_write(&NO_WAIT).unwrap();
        }
        match self.random.below(200) {
            0..=149 => self.change(),
            150..=159 if self.statements.is_empty() => {
                let name = format!("s{}", self.random.below(3));
                self.transaction.savepoint(&name);
                self.savepoints.push((name, self.working.clone()));
            }
            160..=164 if self.statements.is_empty() && !self.savepoints.is_empty() => {
                let index = self.random.below(self.savepoints.len() as u64) as usize;
                let name = self.savepoints[index].0.clone();
                let index = self.savepoints.iter().rposition(|(other, _)| *other == name).unwrap();
                if self.random.below(3) == 0 {
                    self.transaction.release(&name).unwrap();
                    self.savepoints.truncate(index);
                } else {
                    self.transaction.rollback_to(&name).unwrap();
                    self.savepoints.truncate(index + 1);
                    self.working = self.savepoints[index].1.clone();
                }
            }
            165..=174 => {
                let mark = self.transaction.begin_statement();
                self.statements.push((mark, self.working.clone()));
            }
            175..=184 => {
                if let Some((mark, before)) = self.statements.pop() {
                    if self.random.below(2) == 0 {
                        self.transaction.end_statement(mark);
                    } else {
                        self.transaction.rollback_statement(mark).unwrap();
                        self.working = before;
                    }
                }
            }
            185..=187 => self.transaction.collapse_undo().unwrap(),
            188..=189 => self.transaction.spill().unwrap(),
            190..=193 if self.statements.is_empty() => {
                self.transaction.commit(Synchronous::Normal).unwrap();
                self.committed = self.working.clone();
                self.end_transaction();
            }
            194 => {
                self.transaction.rollback();
                self.end_transaction();
            }
            195..=199 => contents(&self.transaction, &self.working),
            _ => {}
        }
    }

    /// The process is killed and the next one opens what it left.
    fn reopen(&mut self) {
        self.disk = Arc::new(self.disk.process_kill());
        self.transaction = Transaction::new(on_disk(&self.disk).unwrap());
        verify(self.transaction.engine());
    }
}

/// Blocks of a database whose trees are all gone: the block of tree roots.
fn blocks_left(life: &mut Life) -> u64 {
    life.transaction.rollback();
    life.end_transaction();
    life.transaction.begin_write(&NO_WAIT).unwrap();
    for &id in life.committed.trees.keys() {
        life.transaction.drop_tree(id).unwrap();
    }
    life.transaction.commit(Synchronous::Normal).unwrap();
    for user_version in 0..2 {
        // Freed blocks go at the next write after the last one who could see them.
        life.transaction.checkpoint(CheckpointMode::Full, &NO_WAIT).unwrap();
        life.transaction.begin_write(&NO_WAIT).unwrap();
        life.transaction.set_user_version(user_version);
        life.transaction.commit(Synchronous::Normal).unwrap();
    }
    life.transaction.engine().sizes().store.block_count
}

#[test]
fn whatever_happens_the_trees_hold_what_maps_would() {
    for seed in 0..30 {
        let mut life = Life::new(seed);
        for _ in 0..1500 {
            life.step();
        }
        assert_eq!(blocks_left(&mut life), 1, "no block is left behind");
    }
}
