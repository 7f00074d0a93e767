//! What is written is read back; damage is an error, whatever it is.

use pluresdb_value::Value;
use proptest::prelude::*;

use super::*;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::real),
        any::<String>().prop_map(|text| Value::text(text.as_bytes())),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(|blob| Value::blob(&blob[..])),
    ]
}

/// Three columns, the second and the third the key's.
const KEY: [u8; 3] = [0, 2, 1];

fn change() -> impl Strategy<Value = Change> {
    let operation = prop_oneof![Just(Operation::Insert), Just(Operation::Update), Just(Operation::Delete)];
    (operation, any::<bool>(), [value(), value(), value()], [value(), value(), value()]).prop_map(
        |(operation, is_indirect, old, new)| {
            let whole = |row: [Value; 3]| row.into_iter().enumerate().collect::<Row>();
            let (old, new) = match operation {
                Operation::Insert => (Row::default(), whole(new)),
                Operation::Delete => (whole(old), Row::default()),
                Operation::Update => (whole(old), new.into_iter().enumerate().take(1).collect()),
            };
            Change { operation, is_indirect, old, new }
        },
    )
}

fn written(kind: Kind, changes: &[Change]) -> Vec<u8> {
    let mut writer = Writer::new(kind);
    writer.begin_table("unused", &KEY);
    writer.begin_table("t", &KEY);
    for change in changes {
        writer.put(change);
    }
    writer.finish()
}

fn read(bytes: &[u8]) -> Result<Vec<Change>, Damaged> {
    let mut reader = Reader::new(bytes);
    let mut changes = Vec::new();
    while let Some(change) = reader.next_change()? {
        changes.push(change);
    }
    Ok(changes)
}

/// What a patchset keeps of a change.
fn patched(change: &Change) -> Change {
    let old = change.old.iter().filter(|(column, _)| KEY[*column] != 0);
    let old = old.map(|(column, value)| (column, value.clone())).collect();
    Change { old, ..change.clone() }
}

proptest! {
    #[test]
    fn a_changeset_reads_back_as_it_was(changes in proptest::collection::vec(change(), 1..8)) {
        prop_assert_eq!(read(&written(Kind::Changeset, &changes)), Ok(changes.clone()));
        let patched: Vec<Change> = changes.iter().map(patched).collect();
        prop_assert_eq!(read(&written(Kind::Patchset, &changes)), Ok(patched));
    }

    #[test]
    fn damage_ends_in_changes_or_an_error(
        changes in proptest::collection::vec(change(), 1..4),
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = written(Kind::Patchset, &changes);
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(bytes.len()) + 1);
        let _ = read(&bytes);
    }

    #[test]
    fn any_bytes_end_in_changes_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }
}

#[test]
fn a_table_without_changes_leaves_nothing() {
    let mut writer = Writer::new(Kind::Changeset);
    writer.begin_table("t", &KEY);
    assert_eq!(writer.finish(), []);
}

#[test]
fn the_bytes_are_those_of_sqlite() {
    let mut writer = Writer::new(Kind::Changeset);
    writer.begin_table("t", &[1, 0]);
    let new = [(0, Value::Integer(7)), (1, Value::text(&b"x"[..]))].into_iter().collect();
    writer.put(&Change { operation: Operation::Insert, is_indirect: false, old: Row::default(), new });
    let bytes = b"T\x02\x01\x00t\x00\x12\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07\x03\x01x";
    assert_eq!(writer.finish(), bytes);
}

#[test]
fn very_many_columns_are_no_table() {
    assert_eq!(read(&[b'T', 0xff, 0xff, 0xff, 0xff, 0x7f]), Err(Damaged));
    assert_eq!(read(b"\x12\x00"), Err(Damaged));
}
