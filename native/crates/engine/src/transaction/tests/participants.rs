//! Who follows a transaction hears the truth and nothing but the truth.

use std::sync::Mutex;

use super::super::{Change, ChangeKey, ChangeList, Snapshot, TransactionParticipant};
use super::*;
use crate::{Error, ResultCode};

/// Writes down what it hears.
struct Witness {
    table: TreeId,
    heard: Arc<Mutex<Vec<String>>>,
    /// What it counted along the way: must agree with what the commit hands over.
    count: usize,
    refuses: bool,
}

impl Witness {
    fn hear(&self, text: String) {
        self.heard.lock().unwrap().push(text);
    }
}

fn describe(change: &Change<'_>) -> String {
    let number = |bytes: Option<&[u8]>| {
        bytes.map_or("-".to_owned(), |bytes| {
            match record::Record::new(bytes).unwrap().column(0).unwrap().unwrap() {
                pluresdb_value::ValueRef::Integer(number) => number.to_string(),
                _ => panic!("rows begin with an integer"),
            }
        })
    };
    let ChangeKey::Rowid(rowid) = change.key else { panic!("only the table is watched") };
    format!("{rowid}: {} -> {}", number(change.old), number(change.new))
}

impl TransactionParticipant for Witness {
    fn open(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.hear(format!("open {}", snapshot.row_tree(self.table)?.count()));
        Ok(())
    }

    fn watches(&self, tree: TreeId) -> bool {
        tree == self.table
    }

    fn row_changed(&mut self, _change: &Change<'_>) -> Result<()> {
        self.count += 1;
        Ok(())
    }

    fn rollback_to(&mut self, mark: usize) {
        self.count = mark;
    }

    fn commit(&mut self, version: u64, changes: &ChangeList) -> Result<()> {
        assert_eq!(changes.len(), self.count);
        if self.refuses {
            return Err(Error::new(ResultCode::Constraint, "refused"));
        }
        let changes: Vec<_> = changes.iter().map(|change| describe(&change)).collect();
        self.hear(format!("commit {version}: {}", changes.join(", ")));
        Ok(())
    }

    fn committed(&mut self, version: u64) {
        self.count = 0;
        self.hear(format!("committed {version}"));
    }

    fn rollback(&mut self) {
        self.count = 0;
        self.hear("rollback".to_owned());
    }
}

fn watched(refuses: bool) -> (Transaction, TreeId, Arc<Mutex<Vec<String>>>) {
    let engine = memory();
    let (transaction, table) = with_rows(&engine, [1, 2]);
    let heard = Arc::default();
    let witness = Witness { table, heard: Arc::clone(&heard), count: 0, refuses };
    engine.add_participant(Box::new(witness), &NO_WAIT).unwrap();
    (transaction, table, heard)
}

#[test]
fn a_commit_hands_over_old_and_new_rows_in_order_and_nothing_that_was_rolled_back() {
    let (mut transaction, table, heard) = watched(false);
    transaction.begin_write(&NO_WAIT).unwrap();
    let index = transaction.create_key_tree().unwrap();
    transaction.put_key(index, b"not watched", b"", None).unwrap();
    transaction.put_row(table, 3, &row(3), None).unwrap();
    let mark = transaction.begin_statement();
    transaction.put_row(table, 4, &row(4), None).unwrap();
    transaction.rollback_statement(mark).unwrap();
    transaction.savepoint("s");
    transaction.delete_row(table, 1, &row(1)).unwrap();
    transaction.savepoint("t");
    transaction.delete_row(table, 2, &row(2)).unwrap();
    transaction.rollback_to("t").unwrap();
    let mark = transaction.begin_statement();
    transaction.put_row(table, 2, &row(20), Some(&row(2))).unwrap();
    transaction.end_statement(mark);
    transaction.commit(Synchronous::Normal).unwrap();

    transaction.begin_write(&NO_WAIT).unwrap();
    transaction.put_row(table, 9, &row(9), None).unwrap();
    transaction.rollback();
    transaction.begin_write(&NO_WAIT).unwrap();
    transaction.delete_row(table, 3, &row(3)).unwrap();
    transaction.commit(Synchronous::Normal).unwrap();
    assert_eq!(
        *heard.lock().unwrap(),
        [
            "open 2",
            "commit 2: 3: - -> 3, 1: 1 -> -, 2: 2 -> 20",
            "committed 2",
            "rollback",
            "commit 3: 3: 3 -> -",
            "committed 3"
        ]
    );
}

#[test]
fn a_participant_can_refuse_a_commit() {
    let (mut transaction, table, heard) = watched(true);
    transaction.begin_write(&NO_WAIT).unwrap();
    transaction.put_row(table, 3, &row(3), None).unwrap();
    assert_eq!(transaction.commit(Synchronous::Normal).unwrap_err().message, "refused");
    assert!(transaction.is_none());
    transaction.begin_read().unwrap();
    assert_eq!(rowids(&transaction, table), [1, 2]);
    assert_eq!(*heard.lock().unwrap(), ["open 2", "rollback"]);
}
