//! Groups that the first columns of an index tell apart, of which nothing but their keys, `count(*)`, and `min` and `max` of
//! the next column is asked.
//!
//! Entries of a group stand side by side: those behind its first are passed over, whole leaves at once and else in steps
//! of growing length. Of a group of many leaves inner nodes tell the number. Each group comes out as it is found.

use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Collation, Value, ValueRef};

use super::key_scan::first_other;
use crate::catalog::{DatabaseIndex, Index, IndexTerm};
use crate::error::Result;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::{Context, Frame, Source, corrupt, tree_error};
use crate::plan::{AccessPath, Group, KeyBounds, KeyValue, Scan, SourceNode};
use crate::resolve::tree::{AggregateCall, Expr, GroupKey, Register};

/// A group of more leaves is counted by inner nodes.
const MOST_LEAVES: usize = 4;
/// The same of entries that are read backwards.
const MOST_STEPS: u64 = 16;

pub(super) struct KeyGroups {
    database: DatabaseIndex,
    index: Arc<Index>,
    columns: Vec<KeyColumn>,
    bounds: KeyBounds,
    is_reverse: bool,
    is_full: bool,
    /// So many columns tell groups apart.
    prefix_columns: usize,
    /// Columns that are asked for, and where they go.
    keys: Vec<(usize, Register)>,
    counts: Vec<Register>,
    /// The least and the greatest value of the column behind those.
    least: Vec<Register>,
    greatest: Vec<Register>,
    entries: KeyCursor,
    ranges: Vec<KeyRange>,
    /// The cursor stands on the first entry of the next group.
    is_in_range: bool,
    is_open: bool,
    /// Bytes of the present group's columns.
    prefix: Vec<u8>,
    values: Vec<Value>,
    /// The next column's value in the present group's first entry and in its last.
    ends: (Value, Value),
    /// Entries that were counted since `open`.
    counted: u64,
}

impl KeyGroups {
    /// None when the grouping is another one.
    pub fn of(node: &Group) -> Option<KeyGroups> {
        let SourceNode::Scan(scan) = &node.input else { return None };
        let AccessPath::Index { index, bounds, covering: Some(_) } = &scan.path else { return None };
        let is_plain = node.has_group_by
            && node.is_input_sorted
            && !node.stops_at_first
            && node.captured.is_empty()
            && scan.conditions.is_empty();
        let is_one = |value: &KeyValue| matches!(value, KeyValue::Equal(_) | KeyValue::Is(_));
        if !is_plain || bounds.puts_nulls_apart || !bounds.equal.iter().all(|term| is_one(&term.value)) {
            return None;
        }
        let position = |key: &GroupKey| {
            let Expr::Column { source, column } = key.expr else { return None };
            let is_own = |term: &IndexTerm| matches!(term, IndexTerm::Column(own) if *own == column);
            let position = index.columns.iter().position(|part| is_own(&part.term))?;
            let collation = index.columns[position].collation;
            let is_told = collation == key.collation && !collation.is_custom();
            (source == scan.source && is_told).then_some((position, key.register))
        };
        let keys = node.keys.iter().map(position).collect::<Option<Vec<_>>>()?;
        let prefix_columns = keys.iter().map(|(position, _)| position + 1).max()?;
        let (mut counts, mut least, mut greatest) = (Vec::new(), Vec::new(), Vec::new());
        for call in &node.aggregates {
            match call.function.built_in_name() {
                _ if call.filter.is_some() || call.distinct => return None,
                Some("count") if call.args.is_empty() => counts.push(call.result),
                Some("min") if !scan.is_reverse && is_next(call, scan, index, prefix_columns) => {
                    least.push(call.result);
                }
                Some("max") if is_next(call, scan, index, prefix_columns) => greatest.push(call.result),
                _ => return None,
            }
        }
        let is_told =
            |position| position < bounds.equal.len() || keys.iter().any(|(of_key, _)| *of_key == position);
        (0..prefix_columns).all(is_told).then(|| KeyGroups {
            database: scan.database,
            index: index.clone(),
            columns: key_bounds::key_columns(index),
            bounds: bounds.clone(),
            is_reverse: scan.is_reverse,
            is_full: bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none(),
            prefix_columns,
            keys,
            counts,
            least,
            greatest,
            entries: KeyCursor::closed(),
            ranges: Vec::new(),
            is_in_range: false,
            is_open: false,
            prefix: Vec::new(),
            values: Vec::new(),
            ends: (Value::Null, Value::Null),
            counted: 0,
        })
    }

    /// Takes the group's columns out of its first entry.
    fn take_keys(&mut self) -> Result<()> {
        let asks_ends = self.asks_ends();
        let KeyGroups { columns, prefix_columns, entries, prefix, values, .. } = self;
        let entry = entries.key();
        let remainder = entries.value().map_err(tree_error)?;
        values.clear();
        let (mut rest, mut len) = (entry, 0);
        let asked = *prefix_columns + usize::from(asks_ends);
        let read = if remainder.is_empty() { asked } else { columns.len() };
        for (number, column) in columns[..read].iter().enumerate() {
            values.push(key::decode_value(&mut rest, *column).map_err(corrupt)?.0);
            if number + 1 == *prefix_columns {
                len = entry.len() - rest.len();
            }
        }
        key::apply_remainder(remainder, values).map_err(corrupt)?;
        prefix.clear();
        prefix.extend_from_slice(&entry[..len]);
        if asks_ends {
            let value = std::mem::take(&mut values[*prefix_columns]);
            self.ends = (value.clone(), value);
        }
        Ok(())
    }

    fn asks_ends(&self) -> bool {
        !self.least.is_empty() || !self.greatest.is_empty()
    }

    /// Takes the greatest value out of the entry that the cursor stands on.
    fn take_greatest(&mut self) -> Result<()> {
        if self.greatest.is_empty() {
            return Ok(());
        }
        self.ends.1 = self.value_of(&self.entries)?;
        Ok(())
    }

    /// The next column's value of the entry that a cursor stands on.
    fn value_of(&self, entries: &KeyCursor) -> Result<Value> {
        let remainder = entries.value().map_err(tree_error)?;
        let mut rest = entries.key();
        if remainder.is_empty() {
            for column in &self.columns[..self.prefix_columns] {
                key::skip_value(&mut rest, *column).map_err(corrupt)?;
            }
            return Ok(key::decode_value(&mut rest, self.columns[self.prefix_columns]).map_err(corrupt)?.0);
        }
        let mut values = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            values.push(key::decode_value(&mut rest, *column).map_err(corrupt)?.0);
        }
        key::apply_remainder(remainder, &mut values).map_err(corrupt)?;
        Ok(values.swap_remove(self.prefix_columns))
    }

    /// Of a group that begins with NULLs, its first other value is the least.
    fn take_least(&mut self, context: &Context<'_>) -> Result<()> {
        if self.least.is_empty() || !self.ends.0.is_null() {
            return Ok(());
        }
        let column = self.columns[self.prefix_columns];
        let mut start = self.prefix.clone();
        key::encode_value(ValueRef::Null, column, &mut start);
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let mut entries = KeyCursor::new(tree, pager.clone());
        if key::prefix_successor(&mut start)
            && entries.seek_ge(&start).map_err(tree_error)?
            && entries.key().starts_with(&self.prefix)
        {
            self.ends.0 = self.value_of(&entries)?;
        }
        Ok(())
    }

    /// Goes on to the first entry of the next group; how many entries the present one has.
    fn pass_over(&mut self, context: &Context<'_>) -> Result<u64> {
        let mut count = 0;
        for _ in 0..MOST_LEAVES {
            let range = &self.ranges[0];
            let run = self.entries.run(usize::MAX).before(&range.end);
            let (behind, len) = (first_other(run, 0, &self.prefix), run.len());
            count += behind as u64;
            self.entries.skip(behind - 1);
            self.take_greatest()?;
            if behind < len {
                self.entries.skip(1);
                return Ok(count);
            }
            let range = &self.ranges[0];
            let found = self.entries.next().map_err(tree_error)?;
            self.is_in_range = found && (range.end.is_empty() || self.entries.key() < &range.end[..]);
            if !self.is_in_range || !self.entries.key().starts_with(&self.prefix) {
                return Ok(count);
            }
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let begun = tree.rank(pager, self.entries.key()).map_err(tree_error)?;
        let mut end = self.prefix.clone();
        let range = &self.ranges[0];
        let is_last = !key::prefix_successor(&mut end) || !range.end.is_empty() && range.end <= end;
        let behind = if is_last { range.end.clone() } else { end.clone() };
        if !self.greatest.is_empty() {
            let found = if behind.is_empty() { self.entries.last() } else { self.entries.seek_lt(&behind) };
            found.map_err(tree_error)?;
            self.take_greatest()?;
        }
        let range = &self.ranges[0];
        self.is_in_range = !is_last && {
            let found = self.entries.seek_ge(&end).map_err(tree_error)?;
            found && (range.end.is_empty() || self.entries.key() < &range.end[..])
        };
        let end = if is_last { &range.end } else { &end };
        let end = if end.is_empty() { tree.count() } else { tree.rank(pager, end).map_err(tree_error)? };
        Ok(count + end.saturating_sub(begun))
    }

    /// The same backwards: the first entry is the group's last one.
    fn pass_back(&mut self, context: &Context<'_>) -> Result<u64> {
        let range = &self.ranges[0];
        let mut count = 0;
        while count < MOST_STEPS {
            count += 1;
            let found = self.entries.prev().map_err(tree_error)?;
            self.is_in_range = found && self.entries.key() >= &range.start[..];
            if !self.is_in_range || !self.entries.key().starts_with(&self.prefix) {
                return Ok(count);
            }
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let start = self.prefix.as_slice().max(&range.start);
        let end = tree.rank(pager, self.entries.key()).map_err(tree_error)? + 1;
        count += end.saturating_sub(tree.rank(pager, start).map_err(tree_error)?);
        let found = self.entries.seek_lt(start).map_err(tree_error)?;
        self.is_in_range = found && self.entries.key() >= &range.start[..];
        Ok(count)
    }
}

/// Whether the call takes the index's column behind the keys, ascending, of whose equal values there is one form.
fn is_next(call: &AggregateCall, scan: &Scan, index: &Index, position: usize) -> bool {
    let [Expr::Column { source, column }] = call.args[..] else { return false };
    let Some(next) = index.columns.get(position) else { return false };
    let affinity = scan.table.columns[column].affinity;
    source == scan.source
        && matches!(next.term, IndexTerm::Column(own) if own == column)
        && !next.descending
        && next.collation == call.collation
        && next.collation == Collation::Binary
        && matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Text)
}

impl Source for KeyGroups {
    fn restart(&mut self) {
        self.is_open = false;
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let KeyGroups { bounds, columns, ranges, entries, .. } = self;
        key_bounds::compute(bounds, columns, ranges, frame, context)?;
        if !self.is_open {
            let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
            entries.reset(tree, pager);
            self.is_open = true;
        }
        self.counted = 0;
        self.is_in_range = match ranges.first() {
            None => false,
            Some(range) if !self.is_reverse => {
                let found = entries.seek_ge(&range.start).map_err(tree_error)?;
                found && (range.end.is_empty() || entries.key() < &range.end[..])
            }
            Some(range) => {
                let found = if range.end.is_empty() { entries.last() } else { entries.seek_lt(&range.end) };
                found.map_err(tree_error)? && entries.key() >= &range.start[..]
            }
        };
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_in_range {
            return Ok(false);
        }
        context.step()?;
        self.take_keys()?;
        self.take_least(context)?;
        let count = if self.is_reverse { self.pass_back(context)? } else { self.pass_over(context)? };
        if self.is_full {
            context.session.work.scan(self.counted, count);
        }
        self.counted += count;
        for (position, register) in &self.keys {
            frame.set_register(*register, self.values[*position].clone());
        }
        for register in &self.counts {
            frame.set_register(*register, Value::Integer(count as i64));
        }
        for register in &self.least {
            frame.set_register(*register, self.ends.0.clone());
        }
        for register in &self.greatest {
            frame.set_register(*register, self.ends.1.clone());
        }
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {
        self.is_open = false;
        self.is_in_range = false;
        self.entries.close();
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        let keys = self.keys.iter().map(|(_, register)| register);
        for register in keys.chain(&self.counts).chain(&self.least).chain(&self.greatest) {
            frame.set_register(*register, Value::Null);
        }
    }
}
