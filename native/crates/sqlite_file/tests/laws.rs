//! What was written is what is read, whatever the page size and encoding; what is broken is an error.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Cursor;

use pluresdb_sqlite_file::{
    Encoding, ErrorKind, FileError, Reader, Record, SchemaEntry, Writer, WriterOptions, compare_records,
};
use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Collation, Value};
use proptest::prelude::*;

/// One table and one index with what they hold.
#[derive(Clone, Debug, PartialEq)]
struct Content {
    rows: Vec<(i64, Vec<Value>)>,
    records: Vec<Vec<Value>>,
    views: usize,
}

fn table_entry(name: &str, kind: &str, root: u32, sql: String) -> SchemaEntry {
    SchemaEntry { kind: kind.into(), name: name.into(), table: "t".into(), root, sql: Some(sql) }
}

const COLUMNS: [KeyColumn; 2] = [
    KeyColumn { collation: Collation::NoCase, descending: true },
    KeyColumn { collation: Collation::Binary, descending: false },
];

fn write(content: &Content, options: WriterOptions) -> Vec<u8> {
    let mut writer = Writer::new(Cursor::new(Vec::new()), options).unwrap();
    let mut record = Vec::new();
    let rows: Vec<(i64, Vec<u8>)> = content
        .rows
        .iter()
        .map(|(rowid, values)| {
            record.clear();
            writer.encode_record(values.iter().map(Value::as_ref), &mut record);
            (*rowid, record.clone())
        })
        .collect();
    let mut table = writer.table();
    for (rowid, row) in &rows {
        table.push(*rowid, row).unwrap();
    }
    let table = table.finish().unwrap();
    let mut index = writer.index(&COLUMNS);
    for values in &content.records {
        index.push(&mut values.clone()).unwrap();
    }
    let index = index.finish().unwrap();
    let mut schema = vec![
        table_entry("t", "table", table, "CREATE TABLE t(a, b, c)".into()),
        table_entry("i", "index", index, "CREATE INDEX i ON t(a COLLATE nocase DESC, b)".into()),
    ];
    for view in 0..content.views {
        let sql = format!("CREATE VIEW v{view} AS SELECT '{}'", "x".repeat(view * 7 % 900));
        schema.push(table_entry(&format!("v{view}"), "view", 0, sql));
    }
    writer.finish(&schema).unwrap().into_inner()
}

fn read(bytes: Vec<u8>) -> Result<Content, FileError> {
    let mut reader = Reader::from_bytes(bytes)?;
    let encoding = reader.encoding();
    let schema = reader.schema()?;
    let mut content = Content { rows: Vec::new(), records: Vec::new(), views: schema.len() - 2 };
    let mut rows = reader.rows(schema[0].root)?;
    while let Some((rowid, payload)) = rows.next()? {
        content.rows.push((rowid, Record::new(payload, encoding)?.collect::<Result<_, _>>()?));
    }
    let mut records = reader.records(schema[1].root)?;
    while let Some(payload) = records.next()? {
        content.records.push(Record::new(payload, encoding)?.collect::<Result<_, _>>()?);
    }
    Ok(content)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (-300_i64..300).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::real),
        "\\PC{0,12}".prop_map(Value::text),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::blob),
        (0_usize..6000).prop_map(|len| Value::text("é".repeat(len))),
        (0_usize..9000).prop_map(|len| Value::blob(vec![7; len])),
    ]
}

fn content() -> impl Strategy<Value = Content> {
    let rows =
        proptest::collection::btree_map(any::<i64>(), proptest::collection::vec(value(), 0..5), 0..120);
    let records = proptest::collection::vec((value(), value()), 0..120);
    (rows, records, 0_usize..60).prop_map(|(rows, records, views)| Content {
        rows: rows.into_iter().collect(),
        records: (0..).zip(records).map(|(id, (a, b))| vec![a, b, Value::Integer(id)]).collect(),
        views,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_written_is_read(
        mut content in content(),
        size in 9_u32..=16,
        encoding in prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16Le), Just(Encoding::Utf16Be)],
    ) {
        content.records.sort_by(|a, b| compare_records(a, b, &COLUMNS, encoding));
        let options = WriterOptions {
            page_size: 1 << size, encoding, user_version: -1, application_id: 7, schema_cookie: 9,
        };
        let bytes = write(&content, options);
        let reader = Reader::from_bytes(bytes.clone()).unwrap();
        let header = reader.header();
        prop_assert_eq!((header.user_version, header.application_id, header.schema_cookie), (-1, 7, 9));
        prop_assert_eq!(header.page_count as usize * (1 << size), bytes.len());
        prop_assert_eq!(read(bytes), Ok(content));
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(
        content in content(),
        size in 9_u32..=12,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut content = content;
        content.records.sort_by(|a, b| compare_records(a, b, &COLUMNS, Encoding::Utf8));
        let mut bytes = write(&content, WriterOptions { page_size: 1 << size, ..WriterOptions::default() });
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Err(error) = Reader::from_bytes(bytes).and_then(|mut reader| reader.read_everything()) {
            prop_assert!(matches!(
                error.kind,
                ErrorKind::Corrupt | ErrorKind::NotADatabase | ErrorKind::UnsupportedFormat
            ), "{error}");
        }
    }
}

#[test]
fn trees_of_every_height_round_trip_and_the_last_page_is_never_empty() {
    for count in (0..700).chain([5000, 20_000]) {
        let row = |id: i64| (id, vec![Value::Integer(id), Value::text("some text of a row")]);
        let record = |id: i64| vec![Value::text(format!("{:06}", 999_999 - id)), Value::Integer(id)];
        let content = Content {
            rows: (0..count).map(row).collect(),
            records: (0..count).map(record).collect(),
            views: (count % 40) as usize,
        };
        let bytes = write(&content, WriterOptions { page_size: 512, ..WriterOptions::default() });
        for page in bytes.chunks(512).skip(1) {
            let cells = u16::from_be_bytes([page[3], page[4]]);
            assert!(cells > 0 || (page[0] & 8 != 0 && count == 0), "{count} rows");
        }
        assert_eq!(read(bytes), Ok(content));
    }
}

#[test]
fn what_comes_out_of_order_is_refused() {
    let mut writer = Writer::new(Cursor::new(Vec::new()), WriterOptions::default()).unwrap();
    let mut table = writer.table();
    table.push(5, &[2, 0]).unwrap();
    assert_eq!(table.push(5, &[2, 0]).unwrap_err().kind, ErrorKind::Misordered);
    let mut index = writer.index(&COLUMNS);
    index.push(&mut vec![Value::text("a"), Value::Integer(1)]).unwrap();
    let behind = &mut vec![Value::text("B"), Value::Integer(0)];
    assert_eq!(index.push(behind).unwrap_err().kind, ErrorKind::Misordered);
}

#[test]
fn no_bytes_are_an_empty_database() {
    let mut reader = Reader::from_bytes(Vec::new()).unwrap();
    assert_eq!(reader.schema(), Ok(Vec::new()));
}
