//! Which index record comes first.
//!
//! Column by column: NULL, numbers, text by its collation, blobs; descending columns the other way round. Columns
//! behind the indexed ones (the rowid, the primary key) break ties, ascending. BINARY compares the bytes of the file's
//! encoding; NOCASE and RTRIM are defined on UTF-8 and SQLite translates for them.

use std::cmp::Ordering;

use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Collation, Value, ValueRef, compare};

use crate::text::{self, Encoding};

/// Compares two records of an index with these columns; more columns than given ascend in BINARY.
pub fn compare_records(a: &[Value], b: &[Value], columns: &[KeyColumn], encoding: Encoding) -> Ordering {
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        let column = columns.get(at).copied().unwrap_or(KeyColumn::ASCENDING);
        let order = compare_values(a.as_ref(), b.as_ref(), column.collation, encoding);
        if order.is_ne() {
            return if column.descending { order.reverse() } else { order };
        }
    }
    a.len().cmp(&b.len())
}

fn compare_values(a: ValueRef<'_>, b: ValueRef<'_>, collation: Collation, encoding: Encoding) -> Ordering {
    if let (ValueRef::Text(a), ValueRef::Text(b)) = (a, b)
        && collation == Collation::Binary
        && encoding != Encoding::Utf8
    {
        let wide = |text: &[u8]| {
            let mut out = Vec::new();
            text::from_utf8(text, encoding, &mut out);
            out
        };
        return wide(a).cmp(&wide(b));
    }
    compare(a, b, collation)
}
