//! Reads rows by ranges of an index's keys, or of a WITHOUT ROWID table's own.
//!
//! A covering scan never touches the table: the values the query reads come out of the key (and its remainder) and are
//! put into the cursor as an image. Of a table WITHOUT ROWID that includes the primary key in which the entry ends; a key
//! does not always tell what value it was made of, and then the row itself is read.

use std::sync::Arc;

use pluresdb_tree::{KeyCursor, MOST_EXPECTED};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Value, ValueRef};

use crate::catalog::{DatabaseIndex, Index, IndexTerm, KeyColumnDef, Table, TurnedIdentity, identity_of};
use crate::error::Result;
use crate::execute::cursor::Standing;
use crate::execute::decide::all_true;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::{Context, Frame, Source, corrupt, tree_error};
use crate::plan::{AccessPath, CoveredColumn, KeyBounds, KeyValue, Scan};
use crate::resolve::tree::{Expr, SourceId};

pub(crate) struct IndexScan {
    source: SourceId,
    database: DatabaseIndex,
    table: Arc<Table>,
    index: Arc<Index>,
    columns: Vec<KeyColumn>,
    bounds: KeyBounds,
    covering: Option<Vec<CoveredColumn>>,
    /// The primary key's columns and what they hold, where a covering scan reads one.
    identity: Vec<(KeyColumn, Affinity)>,
    turned: Option<TurnedIdentity>,
    is_reverse: bool,
    conditions: Vec<Expr>,
    /// None: the ranges are of the table's own key, read by the frame's cursor.
    entries: Option<KeyCursor>,
    ranges: Vec<KeyRange>,
    /// Of the entry, when covering.
    values: Vec<Value>,
    /// A text of it that is not in the key as it is.
    scratch: Vec<u8>,
    /// Ranges not yet begun, counted in scan order.
    next_range: usize,
    is_in_range: bool,
    /// A range holds one entry at most: all columns of a unique index are equal to something.
    is_single: bool,
    /// All entries are read.
    is_full: bool,
    is_open: bool,
    /// Columns that the query reads of the row, but for those that the range decides.
    used_columns: Vec<usize>,
    /// The same as slots of its record, once they were needed.
    slots: Vec<usize>,
    /// Entries of the present range that were come to.
    entry_count: usize,
    /// How many of the next entries' rows the cursor was told to expect.
    expected: usize,
}

/// Columns that are fetched of a row that is expected, at most.
const MOST_USED: usize = 8;

impl IndexScan {
    pub fn new(node: Scan) -> IndexScan {
        let (index, bounds, covering, entries) = match node.path {
            AccessPath::PrimaryKey { index, bounds } => (index, bounds, None, None),
            AccessPath::Index { index, bounds, covering } => {
                (index, bounds, covering, Some(KeyCursor::closed()))
            }
            AccessPath::Full | AccessPath::Rowid(_) | AccessPath::AnyOf(_) => {
                panic!("an index scan is planned with an index path")
            }
        };
        let covering = covering.map(|mut covered| {
            covered.sort_unstable_by_key(|covered| covered.position);
            covered
        });
        let reads_identity = |covered: &CoveredColumn| covered.position >= index.columns.len();
        let identity = if covering.iter().flatten().any(reads_identity) {
            let affinity = |key: &KeyColumnDef| node.table.columns[key.column].affinity;
            let affinities = node.table.primary_key.iter().map(affinity);
            index.identity_columns(&node.table).into_iter().zip(affinities).collect()
        } else {
            Vec::new()
        };
        let is_single = index.unique
            && bounds.equal.len() == index.columns.len()
            && bounds.equal.iter().all(|term| !matches!(term.value, KeyValue::Is(_)));
        let is_full = bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none();
        let is_decided = |column: &usize| {
            let mut equal = index.columns.iter().take(bounds.equal.len());
            equal.any(|part| matches!(part.term, IndexTerm::Column(of) if of == *column))
        };
        let used_columns =
            node.used_columns.into_iter().filter(|column| !is_decided(column)).take(MOST_USED).collect();
        let turned = index.turned_identity(&node.table);
        IndexScan {
            source: node.source,
            database: node.database,
            table: node.table,
            columns: key_bounds::key_columns(&index),
            index,
            bounds,
            covering,
            identity,
            turned,
            is_reverse: node.is_reverse,
            conditions: node.conditions,
            entries,
            ranges: Vec::new(),
            values: Vec::new(),
            scratch: Vec::new(),
            next_range: 0,
            is_in_range: false,
            is_single,
            is_full,
            is_open: false,
            used_columns,
            slots: Vec::new(),
            entry_count: 0,
            expected: 0,
        }
    }

    /// Whoever wants the first row of a range alone pays nothing for the others.
    #[inline]
    fn come_to_entry(&mut self, frame: &mut Frame, context: &Context<'_>) {
        self.entry_count += 1;
        if self.expected > 0 {
            self.expected -= 1;
        } else if self.entry_count > 1 {
            self.expect_rows(frame, context);
        }
    }

    /// Has the rows of this entry and the next ones fetched together.
    fn expect_rows(&mut self, frame: &mut Frame, context: &Context<'_>) {
        let Some(entries) = &self.entries else { return };
        let is_read_otherwise = self.covering.is_some() || self.table.without_rowid;
        if is_read_otherwise || self.is_reverse || context.reads_live() {
            return;
        }
        let cursor = frame.cursor_mut(self.source);
        if self.slots.is_empty() {
            let stored = |column: &usize| Some(cursor.stored_slot(*column)?.0);
            self.slots.extend(self.used_columns.iter().filter_map(stored));
        }
        // Rows that lie side by side need no fetching.
        let rows = cursor.rows();
        if key::decode_trailing_rowid(entries.key()).is_ok_and(|rowid| rows.is_in_leaf(rowid)) {
            return;
        }
        let end = &self.ranges[self.next_range - 1].end;
        let mut rowids = [0; MOST_EXPECTED];
        let mut count = 0;
        while count < MOST_EXPECTED
            && let Some(key) = entries.key_behind(count)
            && (end.is_empty() || key < end.as_slice())
            && let Ok(rowid) = key::decode_trailing_rowid(key)
        {
            rowids[count] = rowid;
            count += 1;
        }
        if count > 1 {
            rows.expect(&rowids[..count], &self.slots);
            self.expected = count - 1;
        }
    }

    /// Moves to the next entry; false when all ranges are done.
    fn advance(&mut self, frame: &mut Frame, context: &Context<'_>) -> Result<bool> {
        let standing = if context.reads_live() { self.reopen(frame, context)? } else { None };
        let Self { ranges, next_range, is_in_range, is_reverse, is_single, .. } = self;
        let cursor = match &mut self.entries {
            Some(cursor) => cursor,
            None => frame.cursor_mut(self.source).keys(),
        };
        loop {
            let found = if *is_in_range {
                if *is_single {
                    false
                } else {
                    let moved = match (&standing, *is_reverse) {
                        (None, false) => cursor.next(),
                        (None, true) => cursor.prev(),
                        (Some(key), false) => cursor.seek_gt(key),
                        (Some(key), true) => cursor.seek_lt(key),
                    };
                    moved.map_err(tree_error)?
                }
            } else {
                if *next_range >= ranges.len() {
                    return Ok(false);
                }
                *next_range += 1;
                (self.entry_count, self.expected) = (0, 0);
                let range = &ranges[range_index(*next_range, ranges.len(), *is_reverse)];
                let moved = match (*is_reverse, range.end.is_empty()) {
                    (false, _) if range.start.is_empty() => cursor.first(),
                    (false, _) => cursor.seek_ge(&range.start),
                    (true, true) => cursor.last(),
                    (true, false) => cursor.seek_lt(&range.end),
                };
                moved.map_err(tree_error)?
            };
            *is_in_range = found && {
                let range = &ranges[range_index(*next_range, ranges.len(), *is_reverse)];
                if *is_reverse {
                    cursor.key() >= range.start.as_slice()
                } else {
                    range.end.is_empty() || cursor.key() < range.end.as_slice()
                }
            };
            if *is_in_range {
                return Ok(true);
            }
        }
    }

    /// Looks at the present version of table and index; the key of the entry that the scan stands on.
    fn reopen(&mut self, frame: &mut Frame, context: &Context<'_>) -> Result<Option<Vec<u8>>> {
        let cursor = frame.cursor_mut(self.source);
        let Some(entries) = &mut self.entries else {
            return Ok(match cursor.reopen(self.database, &self.table, context)? {
                Standing::Key(key) => Some(key),
                Standing::Nowhere | Standing::Rowid(_) => None,
            });
        };
        let standing = entries.is_valid().then(|| entries.key().to_vec());
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        entries.reset(tree, pager);
        if self.reads_table() {
            cursor.open(self.database, &self.table, context)?;
        }
        Ok(standing)
    }

    /// Puts the frame's cursor onto the row of the entry.
    fn position(&mut self, frame: &mut Frame) -> Result<()> {
        let cursor = frame.cursor_mut(self.source);
        let Some(entries) = &self.entries else {
            cursor.landed(true);
            return Ok(());
        };
        let mut entry = entries.key();
        if let Some(covering) = &self.covering {
            if covering.is_empty() {
                let is_keyed = self.table.without_rowid;
                cursor.set_image(if is_keyed {
                    0
                } else {
                    key::decode_trailing_rowid(entry).map_err(corrupt)?
                });
                return Ok(());
            }
            let remainder = entries.value().map_err(tree_error)?;
            if remainder.is_empty() && self.identity.is_empty() {
                // The key says it all: what is covered is read out of it in place.
                let mut at = 0;
                for covered in covering {
                    while at < covered.position {
                        key::skip_value(&mut entry, self.columns[at]).map_err(corrupt)?;
                        at += 1;
                    }
                    let (value, _) =
                        key::read_value(&mut entry, self.columns[at], &mut self.scratch).map_err(corrupt)?;
                    cursor.assign_image_column(covered.column, value);
                    at += 1;
                }
                cursor.set_image(if self.table.without_rowid {
                    0
                } else {
                    key::decode_trailing_rowid(entries.key()).map_err(corrupt)?
                });
                return Ok(());
            }
            let values = &mut self.values;
            values.clear();
            for column in &self.columns {
                values.push(key::decode_value(&mut entry, *column).map_err(corrupt)?.0);
            }
            key::apply_remainder(remainder, values).map_err(corrupt)?;
            let identity = entry;
            let mut is_certain = true;
            for (column, affinity) in &self.identity {
                let (value, is_exact) = key::decode_value(&mut entry, *column).map_err(corrupt)?;
                is_certain &= is_exact || is_integer_of(value.as_ref(), *affinity);
                values.push(value);
            }
            if !is_certain {
                let identity =
                    identity_of(identity, self.turned.as_ref(), &mut self.scratch).map_err(corrupt)?;
                return found_row(cursor.seek_key(identity)?, &self.index);
            }
            let rowid =
                if self.table.without_rowid { 0 } else { key::decode_rowid(entry).map_err(corrupt)? };
            cursor.set_image(rowid);
            for covered in covering {
                cursor.set_image_column(covered.column, values[covered.position].clone());
            }
            return Ok(());
        }
        let found = if self.table.without_rowid {
            for column in &self.columns {
                key::skip_value(&mut entry, *column).map_err(corrupt)?;
            }
            let identity = identity_of(entry, self.turned.as_ref(), &mut self.scratch).map_err(corrupt)?;
            cursor.seek_key(identity)?
        } else {
            cursor.seek_rowid(key::decode_trailing_rowid(entry).map_err(corrupt)?)?
        };
        found_row(found, &self.index)
    }

    fn reads_table(&self) -> bool {
        self.covering.is_none() || !self.identity.is_empty()
    }
}

/// An entry without a row is damage.
pub(super) fn found_row(found: bool, index: &Index) -> Result<()> {
    if found {
        return Ok(());
    }
    let detail = format!("index {} has an entry without a row", index.name);
    Err(corrupt(pluresdb_value::Malformed).with_detail(detail))
}

/// Whether the whole number from a key is what stands in such a column: affinity leaves no whole real there, but the
/// least of all.
pub(super) fn is_integer_of(value: ValueRef<'_>, affinity: Affinity) -> bool {
    matches!(value, ValueRef::Integer(integer) if integer != i64::MIN)
        && matches!(affinity, Affinity::Integer | Affinity::Numeric)
}

/// Ranges are in key order; a reverse scan takes the last one first. `begun` counts from 1.
fn range_index(begun: usize, len: usize, is_reverse: bool) -> usize {
    if is_reverse { len - begun } else { begun - 1 }
}

impl Source for IndexScan {
    fn restart(&mut self) {
        self.is_open = false;
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.next_range = 0;
        self.is_in_range = false;
        key_bounds::compute(&self.bounds, &self.columns, &mut self.ranges, frame, context)?;
        if !self.is_open {
            if self.reads_table() {
                frame.cursor_mut(self.source).open(self.database, &self.table, context)?;
            } else {
                frame.cursor_mut(self.source).open_for_images(&self.table);
            }
            if let Some(entries) = &mut self.entries {
                let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
                entries.reset(tree, pager);
            }
            self.is_open = true;
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            let is_step = self.is_full && self.is_in_range;
            if !self.advance(frame, context)? {
                return Ok(false);
            }
            context.session.work.full_scan_steps += u64::from(is_step);
            context.step()?;
            self.come_to_entry(frame, context);
            self.position(frame)?;
            if all_true(&self.conditions, frame, context)? {
                return Ok(true);
            }
        }
    }

    fn leave_part(&mut self) {
        if self.bounds.gives_parts_in_order {
            self.is_in_range = false;
        }
    }

    /// Inner nodes tell how many entries a range has.
    fn pass_over(&mut self, count: u64, _: &mut Frame, context: &mut Context<'_>) -> Result<u64> {
        let Some(entries) = &mut self.entries else { return Ok(0) };
        if !self.conditions.is_empty() || self.is_in_range || context.reads_live() {
            return Ok(0);
        }
        let (tree, pager) = context.key_tree(self.database, self.index.tree)?;
        let mut passed = 0;
        while passed < count && self.next_range < self.ranges.len() {
            self.next_range += 1;
            let range = &self.ranges[range_index(self.next_range, self.ranges.len(), self.is_reverse)];
            let start = tree.rank(pager, &range.start).map_err(tree_error)?;
            let end = match &range.end[..] {
                [] => tree.count(),
                end => tree.rank(pager, end).map_err(tree_error)?,
            };
            let wanted = (count - passed).min(end.saturating_sub(start));
            passed += wanted;
            if wanted > 0 && passed == count {
                let last = if self.is_reverse { end - wanted } else { start + wanted - 1 };
                self.is_in_range = entries.seek_nth(last).map_err(tree_error)?;
                (self.entry_count, self.expected) = (0, 0);
            }
        }
        if self.is_full {
            context.session.work.scan(0, passed);
        }
        Ok(passed)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.is_open = false;
        if let Some(entries) = &mut self.entries {
            entries.close();
        }
        frame.cursor_mut(self.source).close();
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.cursor_mut(self.source).set_null_row();
    }
}
