//! The entries of an index of plain columns, read from the leaves of its table.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pluresdb_tree::{Pager, RowCursor, RowTree};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Collation, Value, ValueRef};

use super::keys::{EntryView, EntryWriter, Gathered, KeyEntries, Room};
use super::numbers::{Candidate, NumberEntries, Shape};
use super::stretches::{self, IndexedRows, Stretch};
use super::{
    IndexEntries, KeyRanges, MAX_RANGES, ROWS_PER_POLL, ROWS_PER_RANGE, SAMPLES_PER_RANGE, check_interrupt,
};
use crate::Result;
use crate::catalog::{Index, IndexTerm, Table};
use crate::execute::{missing_value, tree_error};

/// An indexed column that is read as it is stored.
struct PlainColumn {
    /// None: the rowid.
    slot: Option<usize>,
    order: KeyColumn,
    /// What it is in rows older than the column.
    missing: Value,
}

impl PlainColumn {
    #[inline]
    fn value<'v>(&'v self, rowid: i64, cursor: &'v RowCursor) -> Result<ValueRef<'v>> {
        let Some(slot) = self.slot else { return Ok(ValueRef::Integer(rowid)) };
        let value = cursor.column(slot).map_err(tree_error)?;
        Ok(value.unwrap_or_else(|| self.missing.as_ref()))
    }
}

/// The columns of an index that can be read directly; None when there is more to it.
fn plain_columns(table: &Table, index: &Index) -> Option<Vec<PlainColumn>> {
    if table.without_rowid || index.partial.is_some() {
        return None;
    }
    let columns = index.columns.iter().map(|column| {
        let order = KeyColumn { collation: column.collation, descending: column.descending };
        let of_rowid = PlainColumn { slot: None, order, missing: Value::Null };
        match &column.term {
            IndexTerm::Rowid => Some(of_rowid),
            IndexTerm::Column(number) if table.rowid_alias == Some(*number) => Some(of_rowid),
            IndexTerm::Column(number) if !order.collation.is_custom() => {
                let column = &table.columns[*number];
                let missing = missing_value(column);
                Some(PlainColumn { slot: Some(column.slot as usize), order, missing })
            }
            IndexTerm::Column(_) | IndexTerm::Expr(_) => None,
        }
    });
    columns.collect()
}

/// Makes entries of rows.
struct RowEncoder<'a> {
    columns: &'a [PlainColumn],
    key: Vec<u8>,
    value: Vec<u8>,
}

impl RowEncoder<'_> {
    #[inline]
    fn encode(&mut self, rowid: i64, cursor: &RowCursor) -> Result<EntryView<'_>> {
        self.key.clear();
        self.value.clear();
        let (mut has_null, mut has_remainder) = (false, false);
        for column in self.columns {
            let value = column.value(rowid, cursor)?;
            has_null |= value.is_null();
            has_remainder |= match value {
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Blob(_) => false,
                ValueRef::Real(_) => true,
                ValueRef::Text(_) => column.order.collation != Collation::Binary,
            };
            key::encode_value(value, column.order, &mut self.key);
        }
        let prefix_len = self.key.len();
        key::encode_rowid(rowid, &mut self.key);
        if has_remainder {
            let values = self.columns.iter().map(|column| column.value(rowid, cursor));
            let values = values.collect::<Result<Vec<_>>>()?;
            let orders: Vec<KeyColumn> = self.columns.iter().map(|column| column.order).collect();
            key::encode_remainder(values, &orders, &mut self.value);
        }
        Ok(EntryView { key: &self.key, value: &self.value, prefix_len, has_null })
    }
}

/// Ranges for the entries of a table's rows, as some of them tell.
fn find_ranges(columns: &[PlainColumn], rows: &IndexedRows<'_>) -> Result<KeyRanges> {
    let (count, mut cursor) = (rows.rows.count(), rows.cursor());
    let range_count = (count / ROWS_PER_RANGE).clamp(1, MAX_RANGES);
    if range_count == 1 {
        return Ok(KeyRanges::default());
    }
    let mut encoder = RowEncoder { columns, key: Vec::new(), value: Vec::new() };
    let sample_count = range_count * SAMPLES_PER_RANGE;
    let mut samples = Vec::with_capacity(sample_count as usize);
    for number in 0..sample_count {
        if !cursor.seek_nth(count * number / sample_count).map_err(tree_error)? {
            break;
        }
        let EntryView { key, prefix_len, .. } = encoder.encode(cursor.rowid(), &cursor)?;
        // Rows with the same values come to lie in the same range of a UNIQUE index, where they are noticed.
        samples.push(if rows.is_unique { &key[..prefix_len] } else { key }.to_vec());
    }
    Ok(KeyRanges::of_samples(samples, range_count as usize))
}

/// The entries of a table's rows, where they can be read directly.
pub(in crate::catalog::define) fn read_plain(
    table: &Table,
    index: &Index,
    rows: &RowTree,
    pager: &Arc<Pager>,
    room: Room<'_>,
    interrupt: &Arc<AtomicBool>,
) -> Result<Option<IndexEntries>> {
    let Some(columns) = plain_columns(table, index) else { return Ok(None) };
    let stretches = stretches::divide(rows, pager)?;
    let rows = IndexedRows { rows, pager, stretches, is_unique: index.unique, room, interrupt };
    let entries = match read_numbers(&columns, &rows)? {
        Some(entries) => entries,
        None => IndexEntries::Keys(read_keys(&columns, &rows)?),
    };
    Ok(Some(entries))
}

/// As words; None where a column has more than numbers.
fn read_numbers(columns: &[PlainColumn], rows: &IndexedRows<'_>) -> Result<Option<IndexEntries>> {
    let candidates: Vec<Candidate> =
        columns.iter().map(|column| Candidate { slot: column.slot, order: column.order }).collect();
    let Some(shape) = Shape::of(&candidates, rows)? else { return Ok(None) };
    Ok(if shape.bits <= u64::BITS {
        NumberEntries::read(shape, rows)?.map(IndexEntries::Narrow)
    } else {
        NumberEntries::read(shape, rows)?.map(IndexEntries::Wide)
    })
}

fn read_keys(columns: &[PlainColumn], rows: &IndexedRows<'_>) -> Result<KeyEntries> {
    let ranges = find_ranges(columns, rows)?;
    let room = rows.room.share(rows.stretches.len());
    let gathered = rows
        .read_each(|stretch| read_stretch(stretch, columns, &ranges, room, rows.interrupt, rows.cursor()))?;
    Ok(KeyEntries::new(ranges, gathered, rows.is_unique, Arc::clone(rows.interrupt)))
}

fn read_stretch(
    stretch: Stretch,
    columns: &[PlainColumn],
    ranges: &KeyRanges,
    room: Room<'_>,
    interrupt: &AtomicBool,
    mut cursor: RowCursor,
) -> Result<Gathered> {
    let mut entries = EntryWriter::new(room, ranges.count());
    let mut encoder = RowEncoder { columns, key: Vec::new(), value: Vec::new() };
    let mut found = stretch.enter(&mut cursor)?;
    while found {
        let rowid = cursor.rowid();
        if stretch.is_behind(rowid) {
            break;
        }
        if entries.count().is_multiple_of(ROWS_PER_POLL) {
            check_interrupt(interrupt)?;
        }
        let entry = encoder.encode(rowid, &cursor)?;
        entries.push(ranges.range_of(entry.key), entry)?;
        found = cursor.next().map_err(tree_error)?;
    }
    entries.finish()
}

#[cfg(test)]
mod tests {
    use pluresdb_store::MemoryStore;
    use pluresdb_tree::{SortedEntries, SortedParts, TreeError};
    use pluresdb_value::record;

    use super::*;
    use crate::session::Settings;

    const ROWS: i64 = 70_000;

    fn column(slot: Option<usize>, descending: bool) -> PlainColumn {
        PlainColumn {
            slot,
            order: KeyColumn { collation: Collation::Binary, descending },
            missing: Value::Null,
        }
    }

    /// Rows of which the leaves have most, and their deltas the rest.
    struct Fixture {
        rows: RowTree,
        pager: Arc<Pager>,
    }

    fn table(row: impl Fn(i64) -> Vec<Value>) -> Fixture {
        let pager = Pager::new(Arc::new(MemoryStore::new()), 64 << 20);
        let encoded = |rowid: i64| {
            let mut bytes = Vec::new();
            record::encode_values(&row(rowid), &mut bytes);
            bytes
        };
        let rowid = |number: i64| 3 * number - 90_000;
        let built = (0..ROWS).map(|number| (rowid(number), encoded(rowid(number))));
        let mut rows = RowTree::build_sorted(&pager, built).unwrap();
        rows.write_back(&pager).unwrap();
        for number in (0..ROWS).filter(|number| number % 1000 < 5 && number % 7 < 3) {
            if number % 5 == 0 {
                rows.delete(&pager, rowid(number)).unwrap();
            }
            rows.put(&pager, rowid(number) + 1, &encoded(rowid(number) + 1)).unwrap();
        }
        Fixture { rows, pager }
    }

    fn with_rows<R>(fixture: &Fixture, is_unique: bool, read: impl FnOnce(&IndexedRows<'_>) -> R) -> R {
        let settings = Settings::default();
        let interrupt = Arc::new(AtomicBool::new(false));
        read(&IndexedRows {
            rows: &fixture.rows,
            pager: &fixture.pager,
            stretches: stretches::divide(&fixture.rows, &fixture.pager).unwrap(),
            is_unique,
            room: Room::of(&settings),
            interrupt: &interrupt,
        })
    }

    fn list(parts: &impl SortedParts) -> std::result::Result<Vec<(Vec<u8>, Vec<u8>)>, TreeError> {
        let mut listed = Vec::new();
        for number in 0..parts.part_count() {
            let mut part = parts.part(number)?;
            while part.advance()? {
                let (key, value) = part.entry();
                assert!(number == 0 || key >= parts.bound(number));
                assert!(number + 1 == parts.part_count() || key < parts.bound(number + 1));
                listed.push((key.to_vec(), value.to_vec()));
            }
        }
        Ok(listed)
    }

    fn mixed(number: i64) -> i64 {
        (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) as i64
    }

    fn null_or(is_null: bool, value: Value) -> Value {
        if is_null { Value::Null } else { value }
    }

    fn row(rowid: i64) -> Vec<Value> {
        let mixed = mixed(rowid);
        vec![
            Value::Integer(mixed % 1000),
            null_or(mixed % 11 == 0, Value::Integer(mixed % 300 - 100)),
            Value::Integer(mixed),
            null_or(
                mixed % 500 == 1,
                Value::Real(if mixed % 3 == 0 { -0.25 } else { 2.0 } * (mixed % 700) as f64 + 0.5),
            ),
            null_or(rowid < 40_000, Value::Real((mixed % 9) as f64)),
            Value::Null,
        ]
    }

    #[test]
    fn words_are_the_entries_that_keys_are() {
        let fixture = table(row);
        for (slots, bits) in [
            (&[0][..], 64),
            (&[1], 64),
            (&[2], 128),
            (&[3], 128),
            (&[4], 128),
            (&[5], 64),
            (&[0, 1], 64),
            (&[1, 2], 128),
            (&[5, 4], 128),
            (&[0, usize::MAX], 64),
        ] {
            for descending in [[false, false], [true, false], [false, true]] {
                let slot = |slot: usize| (slot < 10).then_some(slot);
                let columns: Vec<_> = slots
                    .iter()
                    .zip(descending)
                    .map(|(number, descending)| column(slot(*number), descending))
                    .collect();
                with_rows(&fixture, false, |rows| {
                    let numbers = read_numbers(&columns, rows).unwrap().expect("all are numbers");
                    assert!(matches!(
                        (&numbers, bits),
                        (IndexEntries::Narrow(_), 64) | (IndexEntries::Wide(_), 128)
                    ));
                    let keys = read_keys(&columns, rows).unwrap();
                    assert_eq!(numbers.len() as u64, rows.rows.count());
                    assert!(list(&numbers).unwrap() == list(&keys).unwrap(), "{slots:?} {descending:?}");
                });
            }
        }
    }

    #[test]
    fn what_words_cannot_say_is_left_to_keys() {
        let others: [fn(i64) -> Value; 5] = [
            |rowid| if rowid == 60_000 { Value::Real(-0.0) } else { Value::Real(rowid as f64) },
            |rowid| if rowid == 60_000 { Value::Real(0.5) } else { Value::Integer(rowid) },
            |rowid| if rowid == 60_000 { Value::text("a") } else { Value::Integer(rowid) },
            |rowid| Value::text(if rowid % 2 == 0 { "a" } else { "b" }),
            // No code is left for NULL.
            |rowid| match rowid {
                30_003 => Value::Null,
                60_000 => Value::Integer(i64::MAX),
                _ => Value::Integer(i64::MIN),
            },
        ];
        for (number, other) in others.into_iter().enumerate() {
            let fixture = table(|rowid| vec![other(rowid)]);
            let entries =
                with_rows(&fixture, false, |rows| read_numbers(&[column(Some(0), false)], rows).unwrap());
            assert!(entries.is_none(), "{number}");
        }
        // A column that no row has, and one that some lack.
        let fixture =
            table(|rowid| if rowid < 0 { vec![Value::Integer(1)] } else { vec![Value::Integer(1); 2] });
        for slot in [1, 2] {
            let columns = [column(Some(slot), false)];
            assert!(with_rows(&fixture, false, |rows| read_numbers(&columns, rows).unwrap()).is_none());
        }
        // More bits than a word has.
        let fixture = table(|rowid| vec![Value::Integer(mixed(rowid)), Value::Integer(mixed(rowid + 1))]);
        let columns = [column(Some(0), false), column(Some(1), false)];
        assert!(with_rows(&fixture, false, |rows| read_numbers(&columns, rows).unwrap()).is_none());
    }

    #[test]
    fn values_that_repeat_are_met_unless_one_is_null() {
        for (repeats, has_null, expected) in [(true, false, true), (true, true, false), (false, true, false)]
        {
            let fixture = table(|rowid| {
                let value = if repeats && rowid == 60_000 { 30_003 } else { rowid };
                vec![Value::Integer(value), null_or(has_null && value == 30_003, Value::Integer(7))]
            });
            let columns = [column(Some(1), true), column(Some(0), false)];
            with_rows(&fixture, true, |rows| {
                let entries = read_numbers(&columns, rows).unwrap().expect("all are numbers");
                assert_eq!(list(&entries).is_err(), expected);
                assert_eq!(entries.has_met_repeated(), expected);
            });
        }
    }
}
