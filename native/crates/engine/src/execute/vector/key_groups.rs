//! Groups that the first columns of an index tell apart, of which nothing but their keys and `count(*)` is asked.
//!
//! Entries of a group stand side by side: those behind its first are passed over, whole leaves at once and else in steps
//! of growing length. Of a group of many leaves inner nodes tell the number. Each group comes out as it is found.

use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::Value;
use pluresdb_value::key::{self, KeyColumn};

use super::key_scan::first_other;
use crate::catalog::{DatabaseIndex, Index, IndexTerm};
use crate::error::Result;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::{Context, Frame, Source, corrupt, tree_error};
use crate::plan::{AccessPath, Group, KeyBounds, KeyValue, SourceNode};
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
    entries: KeyCursor,
    ranges: Vec<KeyRange>,
    /// The cursor stands on the first entry of the next group.
    is_in_range: bool,
    is_open: bool,
    /// Bytes of the present group's columns.
    prefix: Vec<u8>,
    values: Vec<Value>,
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
        let counts = node.aggregates.iter().map(|call| is_count(call).then_some(call.result));
        let counts = counts.collect::<Option<Vec<_>>>()?;
        let prefix_columns = keys.iter().map(|(position, _)| position + 1).max()?;
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
            entries: KeyCursor::closed(),
            ranges: Vec::new(),
            is_in_range: false,
            is_open: false,
            prefix: Vec::new(),
            values: Vec::new(),
            counted: 0,
        })
    }

    /// Takes the group's columns out of its first entry.
    fn take_keys(&mut self) -> Result<()> {
        let KeyGroups { columns, prefix_columns, entries, prefix, values, .. } = self;
        let entry = entries.key();
        let remainder = entries.value().map_err(tree_error)?;
        values.clear();
        let (mut rest, mut len) = (entry, 0);
        let read = if remainder.is_empty() { *prefix_columns } else { columns.len() };
        for (number, column) in columns[..read].iter().enumerate() {
            values.push(key::decode_value(&mut rest, *column).map_err(corrupt)?.0);
            if number + 1 == *prefix_columns {
                len = entry.len() - rest.len();
            }
        }
        key::apply_remainder(remainder, values).map_err(corrupt)?;
        prefix.clear();
        prefix.extend_from_slice(&entry[..len]);
        Ok(())
    }

    /// Goes on to the first entry of the next group; how many entries the present one has.
    fn pass_over(&mut self, context: &Context<'_>) -> Result<u64> {
        let Some(range) = self.ranges.first() else { return Ok(0) };
        let mut count = 0;
        for _ in 0..MOST_LEAVES {
            let run = self.entries.run(usize::MAX).before(&range.end);
            let (behind, len) = (first_other(run, 0, &self.prefix), run.len());
            count += behind as u64;
            if behind < len {
                self.entries.skip(behind);
                return Ok(count);
            }
            self.entries.skip(len - 1);
            let found = self.entries.next().map_err(tree_error)?;
            self.is_in_range = found && (range.end.is_empty() || self.entries.key() < &range.end[..]);
            if !self.is_in_range || !self.entries.key().starts_with(&self.prefix) {
                return Ok(count);
            }
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let begun = tree.rank(pager, self.entries.key()).map_err(tree_error)?;
        let mut end = self.prefix.clone();
        let is_last = !key::prefix_successor(&mut end) || !range.end.is_empty() && range.end <= end;
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
        let Some(range) = self.ranges.first() else { return Ok(0) };
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

/// Whether the call counts rows.
fn is_count(call: &AggregateCall) -> bool {
    call.function.built_in_name() == Some("count")
        && call.args.is_empty()
        && call.filter.is_none()
        && !call.distinct
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
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {
        self.is_open = false;
        self.is_in_range = false;
        self.entries.close();
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        for register in self.keys.iter().map(|(_, register)| register).chain(&self.counts) {
            frame.set_register(*register, Value::Null);
        }
    }
}
