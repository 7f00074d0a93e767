//! From the terms on an index's columns to ranges of its key bytes.
//!
//! ```text
//! a = 1 AND b > 'x'     one range      [a1 bx+, a1+)
//! a IN (1, 2) AND b = 3 several        [a1 b3, a1 b3+) [a2 b3, a2 b3+)
//! a = 1 AND rowid > 7   of the index (a), whose keys end in the rowid: [a1 7+, a1+)
//! ```
//! `k+` is the first byte string after everything that begins with `k`. A descending column's bytes are inverted, so
//! its low end is the value's high end.

use pluresdb_value::key::{KeyColumn, encode_rowid, encode_value, prefix_successor};
use pluresdb_value::{Value, ValueRef, affinity};

use crate::catalog::Index;
use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::scan::rowid_ends;
use crate::execute::{Context, Frame, subquery};
use crate::plan::{InValues, KeyBounds, KeyValue, RangeEnd, RowEnd};
use crate::resolve::tree::Comparison;

/// Keys from `start` on and before `end`; an empty `end` is no end.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyRange {
    pub start: Vec<u8>,
    pub end: Vec<u8>,
}

/// The columns of an index as its keys order them.
pub(crate) fn key_columns(index: &Index) -> Vec<KeyColumn> {
    let columns = index.columns.iter();
    columns.map(|column| KeyColumn { collation: column.collation, descending: column.descending }).collect()
}

/// Computes the ranges into `ranges`, in key order but for NULLs that are put apart; buffers of a single range are used again.
pub(crate) fn compute(
    bounds: &KeyBounds,
    columns: &[KeyColumn],
    ranges: &mut Vec<KeyRange>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    ranges.truncate(1);
    if ranges.is_empty() {
        ranges.push(KeyRange::default());
    }
    ranges[0].start.clear();
    for (term, column) in bounds.equal.iter().zip(columns) {
        match &term.value {
            KeyValue::Equal(expr) | KeyValue::Is(expr) => {
                let mut value = eval(expr, frame, context)?;
                if value.is_null() && matches!(term.value, KeyValue::Equal(_)) {
                    ranges.clear();
                    return Ok(());
                }
                convert(&mut value, term.comparison);
                for range in ranges.iter_mut() {
                    encode_value(value.as_ref(), *column, &mut range.start);
                }
            }
            KeyValue::In(values) => {
                let suffixes = in_suffixes(values, term.comparison, *column, frame, context)?;
                let prefixes = std::mem::take(ranges);
                for prefix in &prefixes {
                    for suffix in &suffixes {
                        let start = [prefix.start.as_slice(), suffix].concat();
                        ranges.push(KeyRange { start, end: Vec::new() });
                    }
                }
            }
        }
    }
    let range_column = columns.get(bounds.equal.len()).copied();
    if range_column.is_none() && (bounds.low.is_some() || bounds.high.is_some()) {
        return cut_rowids(bounds, ranges, frame, context);
    }
    let comparison = bounds.range_comparison;
    let low = end_value(bounds.low.as_ref(), comparison, frame, context)?;
    let high = end_value(bounds.high.as_ref(), comparison, frame, context)?;
    let low_row = row_bytes(bounds.low_row.as_ref(), frame, context)?;
    let high_row = row_bytes(bounds.high_row.as_ref(), frame, context)?;
    let has_range = bounds.low.is_some() || bounds.high.is_some();
    if has_range && (matches!(low, Some((Value::Null, _))) || matches!(high, Some((Value::Null, _)))) {
        ranges.clear();
        return Ok(());
    }
    let blobs = match (low.as_ref(), high.as_ref()) {
        (Some((Value::Text(low), _)), Some((Value::Text(high), _)))
            if bounds.is_pattern && context.session.settings.like_matches_blobs =>
        {
            Some((Value::Blob(low.clone()), Value::Blob(high.clone())))
        }
        _ => None,
    };
    if let (Some((first, last)), Some(column)) = (blobs, range_column) {
        add_blobs(ranges, column, (&(first, true), &(last, false)), (low.as_ref(), high.as_ref()));
        return Ok(());
    }
    if let (true, false, Some(column)) = (bounds.puts_nulls_apart, has_range, range_column) {
        part_nulls(ranges, column);
        return Ok(());
    }
    for range in ranges {
        match range_column {
            Some(column) if has_range => {
                let low = low
                    .as_ref()
                    .map(|(value, is_inclusive)| End::new(value, *is_inclusive, low_row.as_ref()));
                let high = high
                    .as_ref()
                    .map(|(value, is_inclusive)| End::new(value, *is_inclusive, high_row.as_ref()));
                cut(range, column, low, high);
            }
            _ => {
                range.end.clear();
                range.end.extend_from_slice(&range.start);
                after_prefix(&mut range.end);
            }
        }
    }
    Ok(())
}

/// An end of a range: its column's value, and the bytes of the columns behind it.
#[derive(Clone, Copy)]
struct End<'v> {
    value: ValueRef<'v>,
    is_inclusive: bool,
    behind: &'v [u8],
}

impl<'v> End<'v> {
    fn new(value: &'v Value, is_inclusive: bool, row: Option<&'v (Vec<u8>, bool)>) -> End<'v> {
        let (behind, is_inclusive) =
            row.map_or((&[][..], is_inclusive), |(bytes, inclusive)| (bytes, *inclusive));
        End { value: value.as_ref(), is_inclusive, behind }
    }

    fn plain((value, is_inclusive): &'v (Value, bool)) -> End<'v> {
        End::new(value, *is_inclusive, None)
    }

    fn encode(self, column: KeyColumn, out: &mut Vec<u8>) {
        encode_value(self.value, column, out);
        out.extend_from_slice(self.behind);
    }
}

/// The bytes of the values behind an end's first one, and whether they are inside; of a value that compares with nothing, or
/// is no rowid, and what is behind it, there are none, and the rows that equal those before it are inside.
fn row_bytes(
    row: Option<&RowEnd>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<(Vec<u8>, bool)>> {
    let Some(row) = row else { return Ok(None) };
    let mut bytes = Vec::new();
    for part in &row.values {
        let mut value = eval(&part.expr, frame, context)?;
        convert(&mut value, part.comparison);
        match (part.column, value) {
            (Some(column), value) if !value.is_null() => encode_value(value.as_ref(), column, &mut bytes),
            (None, Value::Integer(rowid)) => encode_rowid(rowid, &mut bytes),
            _ => return Ok(Some((bytes, true))),
        }
    }
    Ok(Some((bytes, row.is_inclusive)))
}

/// All columns are equal to something: cuts the rowids at the keys' ends.
fn cut_rowids(
    bounds: &KeyBounds,
    ranges: &mut Vec<KeyRange>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    let Some((low, high)) = rowid_ends(bounds.low.as_ref(), bounds.high.as_ref(), frame, context)? else {
        ranges.clear();
        return Ok(());
    };
    for KeyRange { start, end } in ranges {
        end.clone_from(start);
        encode_rowid(low, start);
        encode_rowid(high, end);
        after_prefix(end);
    }
    Ok(())
}

/// `range.start` holds the equal columns' bytes; cuts what lies behind them.
fn cut(range: &mut KeyRange, column: KeyColumn, low: Option<End<'_>>, high: Option<End<'_>>) {
    let prefix = range.start.clone();
    // NULL compares with nothing: it stands before the low end of an ascending column.
    let below = low.unwrap_or(End { value: ValueRef::Null, is_inclusive: false, behind: &[] });
    let (first, last) = if column.descending { (high, Some(below)) } else { (Some(below), high) };
    if let Some(first) = first {
        first.encode(column, &mut range.start);
        if !first.is_inclusive {
            after_prefix(&mut range.start);
        }
    }
    range.end = prefix;
    match last {
        Some(last) => {
            last.encode(column, &mut range.end);
            if last.is_inclusive {
                after_prefix(&mut range.end);
            }
        }
        None => after_prefix(&mut range.end),
    }
}

/// Parts each prefix into NULLs and values, those that stand first in the index behind the others: read backwards, too, they
/// come on the other side.
fn part_nulls(ranges: &mut Vec<KeyRange>, column: KeyColumn) {
    for prefix in std::mem::take(ranges) {
        let mut nulls = prefix.clone();
        encode_value(ValueRef::Null, column, &mut nulls.start);
        nulls.end.clone_from(&nulls.start);
        after_prefix(&mut nulls.end);
        let mut end = prefix.start.clone();
        after_prefix(&mut end);
        if column.descending {
            let values = KeyRange { start: prefix.start, end: nulls.start.clone() };
            ranges.extend([nulls, values]);
        } else {
            ranges.extend([KeyRange { start: nulls.end.clone(), end }, nulls]);
        }
    }
}

/// Behind the range of texts that each prefix has, the one of blobs; the other way round where the column descends.
fn add_blobs(
    ranges: &mut Vec<KeyRange>,
    column: KeyColumn,
    blobs: (&(Value, bool), &(Value, bool)),
    texts: (Option<&(Value, bool)>, Option<&(Value, bool)>),
) {
    let prefixes = std::mem::take(ranges);
    for mut of_texts in prefixes {
        let mut of_blobs = of_texts.clone();
        cut(&mut of_texts, column, texts.0.map(End::plain), texts.1.map(End::plain));
        cut(&mut of_blobs, column, Some(End::plain(blobs.0)), Some(End::plain(blobs.1)));
        ranges.extend(if column.descending { [of_blobs, of_texts] } else { [of_texts, of_blobs] });
    }
}

fn end_value(
    end: Option<&RangeEnd>,
    comparison: Option<Comparison>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<(Value, bool)>> {
    let Some(end) = end else { return Ok(None) };
    let mut value = eval(&end.expr, frame, context)?;
    if let Some(comparison) = comparison {
        convert(&mut value, comparison);
    }
    Ok(Some((value, end.is_inclusive)))
}

/// The key bytes of an IN's values: sorted, each once, without NULL.
fn in_suffixes(
    values: &InValues,
    comparison: Comparison,
    column: KeyColumn,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Vec<Vec<u8>>> {
    let mut suffixes = Vec::new();
    let mut add = |mut value: Value| {
        if !value.is_null() {
            convert(&mut value, comparison);
            let mut suffix = Vec::new();
            encode_value(value.as_ref(), column, &mut suffix);
            suffixes.push(suffix);
        }
    };
    match values {
        InValues::List(list) => {
            for expr in list {
                add(eval(expr, frame, context)?);
            }
        }
        InValues::Select(id) => {
            subquery::for_each_first(*id, frame, context, |value| add(value.to_value()))?;
        }
    }
    suffixes.sort_unstable();
    suffixes.dedup();
    Ok(suffixes)
}

fn convert(value: &mut Value, comparison: Comparison) {
    if let Some(affinity) = comparison.affinity {
        affinity::apply(value, affinity);
    }
}

/// Turns `bytes` into the first byte string after all that begin with it; empty when there is none.
fn after_prefix(bytes: &mut Vec<u8>) {
    // False leaves it empty, which is no end.
    let _ = prefix_successor(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_leave_nulls_out_in_both_directions() {
        for descending in [false, true] {
            let column = KeyColumn { descending, ..KeyColumn::ASCENDING };
            let mut range = KeyRange::default();
            cut(&mut range, column, None, Some(End::plain(&(Value::Integer(5), false))));
            let inside = |value: Value| {
                let mut key = Vec::new();
                encode_value(value.as_ref(), column, &mut key);
                key.push(7);
                key >= range.start && (range.end.is_empty() || key < range.end)
            };
            assert!(!inside(Value::Null));
            assert!(inside(Value::Integer(4)));
            assert!(!inside(Value::Integer(5)));
            assert!(!inside(Value::text("x")));
        }
    }
}
