//! Groups that the first columns of an index tell apart, of which nothing but their keys, `count(*)`, and `min`, `max` and
//! `count(DISTINCT …)` of the next column is asked; and the different rows of a DISTINCT by such columns.
//!
//! Entries of a group stand side by side: those behind its first are passed over, whole leaves at once and else in steps
//! of growing length. Of a group of many leaves inner nodes tell the number. Each group comes out as it is found.
//!
//! ```text
//! SELECT a, count(*) … GROUP BY a                 groups by a
//! SELECT count(DISTINCT b) … WHERE a = 1          the groups by a, b of one by a are counted
//! SELECT DISTINCT b … WHERE a = 1                 a row for each group by a, b
//! SELECT min(b), max(b) … WHERE a = 1             the first entry and the last of one group by a
//! ```

use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Collation, Value, ValueRef};

use super::key_scan::first_other;
use crate::catalog::{DatabaseIndex, Index, IndexTerm, Table};
use crate::error::Result;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::subtype::makes_json;
use crate::execute::{Context, Frame, Source, corrupt, tree_error};
use crate::plan::{AccessPath, Group, KeyBounds, KeyValue, Scan, SourceNode, is_volatile};
use crate::resolve::tree::{AggregateCall, Expr, GroupKey, Register, SourceId};
use crate::resolve::{any_expr, names_subquery, visit_expr};

/// A group of more leaves is counted by inner nodes.
const MOST_LEAVES: usize = 4;
/// The same of entries that are read backwards.
const MOST_STEPS: u64 = 16;
/// Passing over a group costs what keeping the values of so many entries does.
const FEW_ENTRIES: u64 = 32;
const TRIED_PLACES: u64 = 4;

/// Where a column of a group goes.
#[derive(Clone, Copy)]
enum Target {
    Register(Register),
    /// Column of the table, in the image that its cursor stands on.
    Column(usize),
}

pub(super) struct KeyGroups {
    /// The table whose cursor stands on an image of each group; None: groups go to registers.
    image: Option<(SourceId, Arc<Table>)>,
    /// Of no GROUP BY: there is one group, even of no entries.
    is_one: bool,
    is_given: bool,
    database: DatabaseIndex,
    index: Arc<Index>,
    columns: Vec<KeyColumn>,
    bounds: KeyBounds,
    is_reverse: bool,
    is_full: bool,
    /// So many columns tell groups apart.
    prefix_columns: usize,
    /// Columns that are asked for, and where they go.
    keys: Vec<(usize, Target)>,
    counts: Vec<Register>,
    /// Of the column behind those: how many different values it has.
    distinct: Vec<Register>,
    /// The least and the greatest value of the column behind those.
    least: Vec<Register>,
    greatest: Vec<Register>,
    entries: KeyCursor,
    ranges: Vec<KeyRange>,
    /// Which of them is read.
    range: usize,
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
        let AccessPath::Index { index, bounds, covering } = &scan.path else { return None };
        if node.stops_at_first || !node.captured.is_empty() || !scan.conditions.is_empty() {
            return None;
        }
        let position = |key: &GroupKey| {
            let position = match key.expr {
                Expr::Column { source, column } if source == scan.source => column_at(index, column)?,
                // Of the lone key it was told that the index is in its order.
                // The index has no subtypes.
                _ if node.is_input_sorted
                    && node.keys.len() == 1
                    && bounds.equal.is_empty()
                    && !makes_json(&key.expr) =>
                {
                    matches!(index.columns[0].term, IndexTerm::Expr(_)).then_some(0)?
                }
                _ => return None,
            };
            let collation = index.columns[position].collation;
            let is_told = collation == key.collation && !collation.is_custom();
            is_told.then_some((position, Target::Register(key.register)))
        };
        let keys = node.keys.iter().map(position).collect::<Option<Vec<_>>>()?;
        let prefix_columns = keys.iter().map(|(position, _)| position + 1).max();
        let prefix_columns = prefix_columns.unwrap_or(bounds.equal.len());
        let (mut counts, mut distinct) = (Vec::new(), Vec::new());
        let (mut least, mut greatest) = (Vec::new(), Vec::new());
        for call in &node.aggregates {
            match call.function.built_in_name() {
                _ if call.filter.is_some() => return None,
                Some("count") if call.distinct && is_told_apart(call, scan, index, prefix_columns) => {
                    distinct.push(call.result);
                }
                _ if call.distinct => return None,
                Some("count") if call.args.is_empty() => counts.push(call.result),
                Some("min") if !scan.is_reverse && is_next(call, scan, index, prefix_columns) => {
                    least.push(call.result);
                }
                Some("max") if is_next(call, scan, index, prefix_columns) => greatest.push(call.result),
                _ => return None,
            }
        }
        let asks_ends = !least.is_empty() || !greatest.is_empty();
        if covering.is_none() && (asks_ends || !distinct.is_empty())
            || asks_ends && !distinct.is_empty()
            || !node.has_group_by && distinct.is_empty() && (!asks_ends || prefix_columns == 0)
        {
            return None;
        }
        let is_key = |position| keys.iter().any(|(of_key, _)| *of_key == position);
        let is_told = |position| position < bounds.equal.len() || is_key(position);
        let comes_sorted = if node.has_group_by {
            node.is_input_sorted || is_in_order(node, &keys, index, scan)
        } else {
            true
        };
        if !comes_sorted
            || !(0..prefix_columns).all(is_told)
            || !has_groups_apart(bounds, prefix_columns, &is_key)
        {
            return None;
        }
        let is_one = !node.has_group_by;
        let groups = KeyGroups::new(scan, index, bounds, prefix_columns);
        Some(KeyGroups { is_one, keys, counts, distinct, least, greatest, ..groups })
    }

    /// Whether it counts different values of a whole index that are mostly those of a few entries: to keep the values of all
    /// takes less time.
    pub fn counts_few(&self, context: &Context<'_>) -> Result<bool> {
        if self.distinct.is_empty() || !self.bounds.equal.is_empty() {
            return Ok(false);
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let count = tree.count();
        let mut entries = KeyCursor::new(tree, pager.clone());
        let mut alike = 0;
        for place in 0..TRIED_PLACES {
            if !entries.seek_nth(count * (2 * place + 1) / (2 * TRIED_PLACES)).map_err(tree_error)? {
                return Ok(true);
            }
            let mut rest = entries.key();
            for column in &self.columns[..=self.prefix_columns] {
                key::skip_value(&mut rest, *column).map_err(corrupt)?;
            }
            let mut group = entries.key()[..entries.key().len() - rest.len()].to_vec();
            let start = tree.rank(pager, &group).map_err(tree_error)?;
            let has_end = key::prefix_successor(&mut group);
            let end = if has_end { tree.rank(pager, &group).map_err(tree_error)? } else { count };
            alike += end.saturating_sub(start);
        }
        Ok(alike < TRIED_PLACES * FEW_ENTRIES)
    }

    /// For a DISTINCT of what is made of a few columns; None when they are not those that an index begins with. Its rows are the
    /// first ones of those that are equal in these columns.
    pub fn of_distinct(scan: &Scan, outputs: &[Expr], collations: &[Collation]) -> Option<KeyGroups> {
        let AccessPath::Index { index, bounds, covering: Some(_) } = &scan.path else { return None };
        // Of an index that is read whole batches leave equal entries out, too.
        if bounds.equal.is_empty()
            || !scan.conditions.is_empty()
            || outputs.iter().any(|output| any_expr(output, &reads_more))
        {
            return None;
        }
        let mut keys = Vec::new();
        let mut is_told = true;
        for (output, collation) in outputs.iter().zip(collations) {
            let is_plain = matches!(output, Expr::Column { .. });
            visit_expr(output, &mut |expr| {
                let Expr::Column { source, column } = expr else { return };
                let position = column_at(index, *column).filter(|_| *source == scan.source);
                let Some(position) = position else {
                    is_told = false;
                    return;
                };
                let own = index.columns[position].collation;
                let of_one_form = has_one_form(scan.table.columns[*column].affinity);
                is_told &= own == Collation::Binary && (is_plain || of_one_form)
                    || is_plain && own == *collation && !own.is_custom();
                if !keys.iter().any(|(of_key, _)| *of_key == position) {
                    keys.push((position, Target::Column(*column)));
                }
            });
        }
        let prefix_columns = keys.iter().map(|(position, _)| position + 1).max().filter(|_| is_told)?;
        let is_key = |position| keys.iter().any(|(of_key, _)| *of_key == position);
        let leaves_out = !index.unique || prefix_columns < index.columns.len();
        if !leaves_out
            || !(0..prefix_columns).all(|position| position < bounds.equal.len() || is_key(position))
        {
            return None;
        }
        let image = Some((scan.source, scan.table.clone()));
        Some(KeyGroups { image, keys, ..KeyGroups::new(scan, index, bounds, prefix_columns) })
            .filter(|groups| !groups.bounds.puts_nulls_apart)
    }

    fn new(scan: &Scan, index: &Arc<Index>, bounds: &KeyBounds, prefix_columns: usize) -> KeyGroups {
        KeyGroups {
            image: None,
            is_one: false,
            is_given: false,
            database: scan.database,
            index: index.clone(),
            columns: key_bounds::key_columns(index),
            bounds: bounds.clone(),
            is_reverse: scan.is_reverse,
            is_full: bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none(),
            prefix_columns,
            keys: Vec::new(),
            counts: Vec::new(),
            distinct: Vec::new(),
            least: Vec::new(),
            greatest: Vec::new(),
            entries: KeyCursor::closed(),
            ranges: Vec::new(),
            range: 0,
            is_in_range: false,
            is_open: false,
            prefix: Vec::new(),
            values: Vec::new(),
            ends: (Value::Null, Value::Null),
            counted: 0,
        }
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

    /// Counts the entries of the group that the cursor stands on, and the different values, but NULL, of the column behind its
    /// own.
    fn pass_over_values(&mut self, context: &Context<'_>) -> Result<(u64, u64)> {
        let group = std::mem::take(&mut self.prefix);
        let (mut count, mut different) = (0, 0);
        while self.is_in_range && self.entries.key().starts_with(&group) {
            context.poll()?;
            let entry = self.entries.key();
            let mut rest = &entry[group.len()..];
            let column = self.columns[self.prefix_columns];
            let value = key::decode_value(&mut rest, column).map_err(corrupt)?.0;
            different += u64::from(!value.is_null());
            self.prefix.clear();
            self.prefix.extend_from_slice(&entry[..entry.len() - rest.len()]);
            count += self.pass(context)?;
        }
        self.prefix = group;
        Ok((count, different))
    }

    /// Goes on to the first entry of the next group; how many entries the present one has.
    fn pass(&mut self, context: &Context<'_>) -> Result<u64> {
        if self.is_reverse { self.pass_back(context) } else { self.pass_over(context) }
    }

    /// Goes to the first entry of the next range that has any, unless the cursor stands in one.
    fn find_range(&mut self) -> Result<()> {
        while !self.is_in_range && self.range + 1 < self.ranges.len() {
            self.range += 1;
            self.begin_range()?;
        }
        Ok(())
    }

    fn begin_range(&mut self) -> Result<()> {
        let KeyGroups { entries, ranges, range, is_reverse, .. } = self;
        let Some(range) = ranges.get(*range) else {
            self.is_in_range = false;
            return Ok(());
        };
        self.is_in_range = if *is_reverse {
            let found = if range.end.is_empty() { entries.last() } else { entries.seek_lt(&range.end) };
            found.map_err(tree_error)? && entries.key() >= &range.start[..]
        } else {
            let found = entries.seek_ge(&range.start).map_err(tree_error)?;
            found && (range.end.is_empty() || entries.key() < &range.end[..])
        };
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
            let range = &self.ranges[self.range];
            let run = self.entries.run(usize::MAX).before(&range.end);
            let (behind, len) = (first_other(run, 0, &self.prefix), run.len());
            count += behind as u64;
            self.entries.skip(behind - 1);
            self.take_greatest()?;
            if behind < len {
                self.entries.skip(1);
                return Ok(count);
            }
            let range = &self.ranges[self.range];
            let found = self.entries.next().map_err(tree_error)?;
            self.is_in_range = found && (range.end.is_empty() || self.entries.key() < &range.end[..]);
            if !self.is_in_range || !self.entries.key().starts_with(&self.prefix) {
                return Ok(count);
            }
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let begun = tree.rank(pager, self.entries.key()).map_err(tree_error)?;
        let mut end = self.prefix.clone();
        let range = &self.ranges[self.range];
        let is_last = !key::prefix_successor(&mut end) || !range.end.is_empty() && range.end <= end;
        let behind = if is_last { range.end.clone() } else { end.clone() };
        if !self.greatest.is_empty() {
            let found = if behind.is_empty() { self.entries.last() } else { self.entries.seek_lt(&behind) };
            found.map_err(tree_error)?;
            self.take_greatest()?;
        }
        let range = &self.ranges[self.range];
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
        let range = &self.ranges[self.range];
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

/// Where an index has a column.
fn column_at(index: &Index, column: usize) -> Option<usize> {
    index.columns.iter().position(|part| matches!(part.term, IndexTerm::Column(own) if own == column))
}

/// Whether equal values of such a column are the same.
fn has_one_form(affinity: Affinity) -> bool {
    matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Text)
}

/// Whether more is read than columns, or another row would give another value.
fn reads_more(expr: &Expr) -> bool {
    matches!(expr, Expr::Rowid(_) | Expr::Register(_) | Expr::Application { .. })
        || is_volatile(expr)
        || names_subquery(expr)
}

/// Whether groups that are asked for in the order of their keys come in this order, though no sort was saved for it: in parts
/// of the index, those of an IN.
fn is_in_order(node: &Group, keys: &[(usize, Target)], index: &Index, scan: &Scan) -> bool {
    let AccessPath::Index { bounds, .. } = &scan.path else { return false };
    let is_fixed = |position: usize| matches!(bounds.equal.get(position), Some(term) if !matches!(term.value, KeyValue::In(_)));
    let positions: Vec<usize> =
        keys.iter().map(|(position, _)| *position).filter(|position| !is_fixed(*position)).collect();
    !scan.is_reverse
        && !node.is_descending.iter().any(|is_descending| *is_descending)
        && positions.is_sorted()
        && positions.iter().all(|position| !index.columns[*position].descending)
}

/// Whether no group has entries of two parts of the index: those of an IN differ in a key.
fn has_groups_apart(bounds: &KeyBounds, prefix_columns: usize, is_key: &dyn Fn(usize) -> bool) -> bool {
    let mut equal = bounds.equal.iter().enumerate();
    !bounds.puts_nulls_apart
        && equal.all(|(position, term)| {
            !matches!(term.value, KeyValue::In(_)) || position < prefix_columns && is_key(position)
        })
}

/// Whether the call counts different values of the index's column behind the keys.
fn is_told_apart(call: &AggregateCall, scan: &Scan, index: &Index, position: usize) -> bool {
    let [Expr::Column { source, column }] = call.args[..] else { return false };
    let Some(next) = index.columns.get(position) else { return false };
    source == scan.source
        && matches!(next.term, IndexTerm::Column(own) if own == column)
        && next.collation == call.collation
        && !next.collation.is_custom()
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
        && has_one_form(affinity)
}

impl Source for KeyGroups {
    fn restart(&mut self) {
        self.is_open = false;
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        key_bounds::compute(&self.bounds, &self.columns, &mut self.ranges, frame, context)?;
        if self.is_reverse {
            self.ranges.reverse();
        }
        if !self.is_open {
            let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
            self.entries.reset(tree, pager);
            self.is_open = true;
        }
        if let Some((source, table)) = &self.image {
            frame.cursor_mut(*source).open_for_images(table);
        }
        (self.counted, self.range, self.is_given) = (0, 0, false);
        self.begin_range()?;
        self.find_range()
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if if self.is_one { self.is_given } else { !self.is_in_range } {
            return Ok(false);
        }
        self.is_given = true;
        context.step()?;
        let (mut count, mut different) = (0, 0);
        self.ends = (Value::Null, Value::Null);
        if self.is_in_range {
            self.take_keys()?;
            self.take_least(context)?;
            if self.distinct.is_empty() {
                count = self.pass(context)?;
            } else {
                (count, different) = self.pass_over_values(context)?;
            }
            self.find_range()?;
        }
        if self.is_full {
            context.session.work.scan(self.counted, count);
        }
        self.counted += count;
        if let Some((source, _)) = &self.image {
            frame.cursor_mut(*source).set_image(0);
        }
        for (position, target) in &self.keys {
            let value = self.values[*position].clone();
            match (target, &self.image) {
                (Target::Register(register), _) => frame.set_register(*register, value),
                (Target::Column(column), Some((source, _))) => {
                    frame.cursor_mut(*source).set_image_column(*column, value);
                }
                (Target::Column(_), None) => {}
            }
        }
        for register in &self.counts {
            frame.set_register(*register, Value::Integer(count as i64));
        }
        for register in &self.distinct {
            frame.set_register(*register, Value::Integer(different as i64));
        }
        for register in &self.least {
            frame.set_register(*register, self.ends.0.clone());
        }
        for register in &self.greatest {
            frame.set_register(*register, self.ends.1.clone());
        }
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.is_open = false;
        self.is_in_range = false;
        self.entries.close();
        if let Some((source, _)) = &self.image {
            frame.cursor_mut(*source).close();
        }
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        if let Some((source, _)) = &self.image {
            frame.cursor_mut(*source).set_null_row();
        }
        let of_keys = self.keys.iter().filter_map(|(_, target)| match target {
            Target::Register(register) => Some(register),
            Target::Column(_) => None,
        });
        let results = self.counts.iter().chain(&self.distinct).chain(&self.least).chain(&self.greatest);
        for register in of_keys.chain(results) {
            frame.set_register(*register, Value::Null);
        }
    }
}
