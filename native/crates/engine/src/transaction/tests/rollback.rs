//! Statements, savepoints and transactions that never were.

use super::*;
use crate::catalog::Catalog;
use pluresdb_tree::ListedPart;

fn put(transaction: &mut Transaction, table: TreeId, rowid: i64) {
    transaction.put_row(table, rowid, &row(rowid), None).unwrap();
}

#[test]
fn a_rolled_back_statement_leaves_no_rows_and_no_index_entries() {
    let engine = memory();
    let (mut transaction, table) = writing(&engine);
    let index = transaction.create_key_tree().unwrap();
    put(&mut transaction, table, 1);
    transaction.put_key(index, b"one", b"", None).unwrap();
    let mark = transaction.begin_statement();
    transaction.put_row(table, 1, &row(100), Some(&row(1))).unwrap();
    transaction.delete_row(table, 1, &row(100)).unwrap();
    put(&mut transaction, table, 2);
    transaction.put_key(index, b"one", b"changed", Some(b"")).unwrap();
    transaction.put_key(index, b"two", b"", None).unwrap();
    transaction.rollback_statement(mark).unwrap();
    let check = |transaction: &Transaction| {
        assert_eq!(rows_of(transaction, table).unwrap(), BTreeMap::from([(1, row(1))]));
        assert_eq!(keys_of(transaction, index).unwrap(), BTreeMap::from([(b"one".to_vec(), Vec::new())]));
    };
    check(&transaction);
    transaction.commit(Synchronous::Normal).unwrap();
    transaction.begin_read().unwrap();
    check(&transaction);
}

#[test]
fn an_inner_statement_goes_back_alone_and_an_outer_one_takes_it_along() {
    let engine = memory();
    for is_collapsed in [false, true] {
        let (mut transaction, table) = writing(&engine);
        let outer = transaction.begin_statement();
        put(&mut transaction, table, 1);
        let inner = transaction.begin_statement();
        put(&mut transaction, table, 2);
        if is_collapsed {
            transaction.collapse_undo().unwrap();
        }
        put(&mut transaction, table, 3);
        let innermost = transaction.begin_statement();
        put(&mut transaction, table, 4);
        transaction.rollback_statement(innermost).unwrap();
        assert_eq!(rowids(&transaction, table), [1, 2, 3]);
        transaction.rollback_statement(inner).unwrap();
        assert_eq!(rowids(&transaction, table), [1]);
        put(&mut transaction, table, 5);
        let inner = transaction.begin_statement();
        put(&mut transaction, table, 6);
        transaction.end_statement(inner);
        assert_eq!(rowids(&transaction, table), [1, 5, 6]);
        transaction.rollback_statement(outer).unwrap();
        assert_eq!(rowids(&transaction, table), [0i64; 0]);
    }
}

#[test]
fn schema_changes_follow_every_kind_of_rollback() {
    let engine = memory();
    let (mut transaction, table) = with_rows(&engine, [1, 2]);
    let catalog = Arc::clone(transaction.catalog());
    let change = |transaction: &mut Transaction| {
        put(transaction, table, 3);
        transaction.clear_tree(table).unwrap();
        put(transaction, table, 4);
        transaction.drop_tree(table).unwrap();
        let new = transaction.create_row_tree().unwrap();
        put(transaction, new, 1);
        transaction.set_user_version(7);
        transaction.set_application_id(8);
        transaction.set_catalog(Arc::new(Catalog { schema_version: 9, ..Catalog::default() }));
        assert!(transaction.row_tree(table).is_err());
        assert_eq!(transaction.schema_version(), 9);
        assert_eq!((transaction.user_version(), transaction.application_id()), (7, 8));
        new
    };
    let check = |transaction: &Transaction, new: TreeId| {
        assert_eq!(rowids(transaction, table), [1, 2]);
        assert!(transaction.row_tree(new).is_err());
        assert!(Arc::ptr_eq(transaction.catalog(), &catalog));
        assert_eq!((transaction.user_version(), transaction.application_id()), (0, 0));
    };
    transaction.begin_write(&NO_WAIT).unwrap();
    let mark = transaction.begin_statement();
    let new = change(&mut transaction);
    transaction.rollback_statement(mark).unwrap();
    check(&transaction, new);
    transaction.savepoint("s");
    let new = change(&mut transaction);
    transaction.rollback_to("S").unwrap();
    check(&transaction, new);
    let new = change(&mut transaction);
    transaction.rollback();
    transaction.begin_read().unwrap();
    check(&transaction, new);
    transaction.end_read();
    assert!(Arc::ptr_eq(transaction.catalog(), &catalog));

    transaction.begin_write(&NO_WAIT).unwrap();
    let new = change(&mut transaction);
    transaction.commit(Synchronous::Normal).unwrap();
    transaction.begin_read().unwrap();
    assert_eq!(rowids(&transaction, new), [1]);
    assert_eq!(transaction.user_version(), 7);
}

#[test]
fn savepoints_nest_and_the_newest_of_a_name_counts() {
    let engine = memory();
    let (mut transaction, table) = writing(&engine);
    transaction.savepoint("a");
    put(&mut transaction, table, 1);
    transaction.savepoint("b");
    put(&mut transaction, table, 2);
    transaction.savepoint("a");
    put(&mut transaction, table, 3);
    transaction.rollback_to("a").unwrap();
    assert_eq!(rowids(&transaction, table), [1, 2]);
    transaction.rollback_to("a").unwrap();
    put(&mut transaction, table, 4);
    transaction.release("A").unwrap();
    assert_eq!(rowids(&transaction, table), [1, 2, 4]);
    transaction.rollback_to("b").unwrap();
    assert_eq!(rowids(&transaction, table), [1]);
    transaction.rollback_to("a").unwrap();
    assert_eq!(rowids(&transaction, table), [0i64; 0]);
    assert_eq!(transaction.savepoint_count(), 1);
    assert_eq!(transaction.rollback_to("b").unwrap_err().message, "no such savepoint: b");
    assert_eq!(transaction.release("zz").unwrap_err().message, "no such savepoint: zz");
}

#[test]
fn a_savepoint_from_before_the_first_write_goes_back_to_the_beginning() {
    let engine = memory();
    let (mut transaction, table) = with_rows(&engine, [1]);
    transaction.savepoint("early");
    transaction.begin_read().unwrap();
    transaction.savepoint("read");
    transaction.rollback_to("read").unwrap();
    transaction.begin_write(&NO_WAIT).unwrap();
    put(&mut transaction, table, 2);
    transaction.rollback_to("early").unwrap();
    assert_eq!(rowids(&transaction, table), [1]);
    put(&mut transaction, table, 3);
    transaction.commit(Synchronous::Normal).unwrap();
    transaction.begin_read().unwrap();
    assert_eq!(rowids(&transaction, table), [1, 3]);
    assert_eq!(transaction.savepoint_count(), 0);
}

#[test]
fn an_index_can_be_built_in_one_go() {
    let engine = memory();
    let (mut transaction, _) = writing(&engine);
    let listed = ListedPart(|| [("a", "1"), ("b", "2")].into_iter());
    let index = transaction.build_key_tree(&listed, 2).unwrap();
    let entries = BTreeMap::from([(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), b"2".to_vec())]);
    assert_eq!(keys_of(&transaction, index).unwrap(), entries);
}
