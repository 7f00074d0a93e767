//! Reads a table in the order of its rowids (or of its key, WITHOUT ROWID): whole, one row, a list or a range.

use std::sync::Arc;

use pluresdb_value::{ValueRef, number};

use crate::catalog::{DatabaseIndex, Table};
use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::eval::{eval, with_value};
use crate::execute::{Context, Frame, RunRows, Source, subquery, tree_error};
use crate::plan::{AccessPath, InValues, RangeEnd, RowidBounds, Scan};
use crate::resolve::tree::{Expr, SourceId};

/// One row of nothing.
#[derive(Default)]
pub(crate) struct Once {
    is_done: bool,
}

impl Source for Once {
    fn open(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.is_done = false;
        Ok(())
    }

    fn next(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<bool> {
        Ok(!std::mem::replace(&mut self.is_done, true))
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, _: &mut Frame) {}
}

pub(crate) struct Filter {
    input: Box<dyn Source>,
    conditions: Vec<Expr>,
}

impl Filter {
    pub fn new(input: Box<dyn Source>, conditions: Vec<Expr>) -> Filter {
        Filter { input, conditions }
    }
}

impl Source for Filter {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        while self.input.next(frame, context)? {
            if all_true(&self.conditions, frame, context)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.input.set_null_row(frame);
    }
}

/// What is left of a scan.
enum Progress {
    /// `first` or `last` comes next.
    Unstarted,
    Running,
    /// One row at most.
    Seek(i64),
    /// Rowids still to look up, in order, from this one of `Bounds::In::rowids`.
    List(usize),
    /// From the first rowid to the second.
    Range(i64, i64),
    Done,
}

enum Bounds {
    Full,
    Equal(Expr),
    In { values: InValues, rowids: Vec<i64> },
    Range { range: RowidRange, stop: i64 },
}

/// The ends of a range of rowids; without any, every rowid.
#[derive(Default)]
pub(crate) struct RowidRange {
    pub low: Option<RangeEnd>,
    pub high: Option<RangeEnd>,
}

impl RowidRange {
    /// The first and the last rowid there may be; None when there can be none.
    pub fn ends(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<(i64, i64)>> {
        rowid_ends(self.low.as_ref(), self.high.as_ref(), frame, context)
    }

    /// How many rows a table has in the range: its inner nodes tell.
    pub fn count_rows(
        &self,
        database: DatabaseIndex,
        table: &Table,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<u64> {
        let Some((low, high)) = self.ends(frame, context)? else { return Ok(0) };
        let (tree, pager) = context.row_tree(database, table.tree)?;
        let end = match high.checked_add(1) {
            Some(end) => tree.rank(pager, end).map_err(tree_error)?,
            None => tree.count(),
        };
        Ok(end - tree.rank(pager, low).map_err(tree_error)?)
    }
}

pub(crate) struct TableScan {
    source: SourceId,
    database: DatabaseIndex,
    table: Arc<Table>,
    bounds: Bounds,
    is_reverse: bool,
    conditions: Vec<Expr>,
    progress: Progress,
    is_open: bool,
    /// The table is read whole, or a range of it, in its order, and every row counts.
    has_runs: bool,
    /// Rows that a run has handed out, of which the session's counters do not know yet.
    skipped: usize,
}

impl TableScan {
    pub fn new(node: Scan) -> TableScan {
        let bounds = match node.path {
            AccessPath::Rowid(RowidBounds::Equal(expr)) => Bounds::Equal(expr),
            AccessPath::Rowid(RowidBounds::In(values)) => Bounds::In { values, rowids: Vec::new() },
            AccessPath::Rowid(RowidBounds::Range { low, high }) => {
                Bounds::Range { range: RowidRange { low, high }, stop: 0 }
            }
            AccessPath::Full
            | AccessPath::PrimaryKey { .. }
            | AccessPath::Index { .. }
            | AccessPath::AnyOf(_) => Bounds::Full,
        };
        let has_runs = matches!(bounds, Bounds::Full | Bounds::Range { .. })
            && node.conditions.is_empty()
            && !node.table.without_rowid;
        TableScan {
            has_runs,
            skipped: 0,
            source: node.source,
            database: node.database,
            table: node.table,
            bounds,
            is_reverse: node.is_reverse,
            conditions: node.conditions,
            progress: Progress::Done,
            is_open: false,
        }
    }

    fn advance(&mut self, frame: &mut Frame, context: &Context<'_>) -> Result<bool> {
        let cursor = frame.cursor_mut(self.source);
        let standing = if context.reads_live() {
            Some(cursor.reopen(self.database, &self.table, context)?)
        } else {
            None
        };
        let (progress, found) = match self.progress {
            Progress::Done => (Progress::Done, false),
            Progress::Seek(rowid) => (Progress::Done, cursor.seek_rowid(rowid)?),
            Progress::List(mut index) => {
                let Bounds::In { rowids, .. } = &self.bounds else { return Ok(false) };
                let mut found = false;
                while !found && index < rowids.len() {
                    found = cursor.seek_rowid(rowids[index])?;
                    index += 1;
                }
                (Progress::List(index), found)
            }
            Progress::Unstarted | Progress::Running if self.table.without_rowid => {
                let is_first = matches!(self.progress, Progress::Unstarted);
                let found = if !is_first && let Some(standing) = &standing {
                    cursor.seek_behind(standing, self.is_reverse)?
                } else {
                    let keys = cursor.keys();
                    let found = match (is_first, self.is_reverse) {
                        (true, false) => keys.first(),
                        (true, true) => keys.last(),
                        (false, false) => keys.next(),
                        (false, true) => keys.prev(),
                    };
                    found.map_err(tree_error)?
                };
                (Progress::Running, cursor.landed(found))
            }
            Progress::Unstarted => {
                let rows = cursor.rows();
                let found = if self.is_reverse { rows.last() } else { rows.first() };
                (Progress::Running, cursor.landed(found.map_err(tree_error)?))
            }
            Progress::Range(low, high) => {
                let rows = cursor.rows();
                let found = if self.is_reverse { rows.seek_le(high) } else { rows.seek_ge(low) };
                let found = found.map_err(tree_error)? && (low..=high).contains(&rows.rowid());
                (Progress::Running, cursor.landed(found))
            }
            Progress::Running => {
                let mut found = match &standing {
                    Some(standing) => cursor.seek_behind(standing, self.is_reverse)?,
                    None => {
                        let rows = cursor.rows();
                        let found = match (self.is_reverse, self.has_runs) {
                            (false, true) => rows.next_settled(),
                            (true, true) => rows.prev_settled(),
                            (false, false) => rows.next(),
                            (true, false) => rows.prev(),
                        };
                        found.map_err(tree_error)?
                    }
                };
                let rows = cursor.rows();
                if found && let Bounds::Range { stop, .. } = self.bounds {
                    found = if self.is_reverse { rows.rowid() >= stop } else { rows.rowid() <= stop };
                }
                (Progress::Running, cursor.landed(found))
            }
        };
        self.progress = if found { progress } else { Progress::Done };
        Ok(found)
    }
}

impl Source for TableScan {
    fn restart(&mut self) {
        self.is_open = false;
    }

    fn as_scan(&self) -> Option<Scan> {
        let path = match &self.bounds {
            Bounds::Full => AccessPath::Full,
            Bounds::Range { range: RowidRange { low, high }, .. } => {
                AccessPath::Rowid(RowidBounds::Range { low: low.clone(), high: high.clone() })
            }
            Bounds::Equal(_) | Bounds::In { .. } => return None,
        };
        Some(Scan {
            source: self.source,
            database: self.database,
            table: self.table.clone(),
            name: String::new(),
            path,
            is_reverse: self.is_reverse,
            conditions: self.conditions.clone(),
            used_columns: Vec::new(),
        })
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.progress = match &mut self.bounds {
            Bounds::Full => Progress::Unstarted,
            Bounds::Equal(expr) => {
                with_value(expr, frame, context, exact_rowid)?.map_or(Progress::Done, Progress::Seek)
            }
            Bounds::In { values, rowids } => {
                rowids.clear();
                match values {
                    InValues::List(list) => {
                        for expr in list {
                            rowids.extend(with_value(expr, frame, context, exact_rowid)?);
                        }
                    }
                    InValues::Select(id) => subquery::for_each_first(*id, frame, context, |value| {
                        rowids.extend(exact_rowid(value));
                    })?,
                }
                rowids.sort_unstable();
                rowids.dedup();
                if self.is_reverse {
                    rowids.reverse();
                }
                Progress::List(0)
            }
            Bounds::Range { range, stop } => match range.ends(frame, context)? {
                Some((low, high)) => {
                    *stop = if self.is_reverse { low } else { high };
                    Progress::Range(low, high)
                }
                None => Progress::Done,
            },
        };
        if !self.is_open {
            frame.cursor_mut(self.source).open(self.database, &self.table, context)?;
            self.is_open = true;
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let is_full = matches!(self.bounds, Bounds::Full);
        if is_full {
            context.session.work.full_scan_steps += std::mem::take(&mut self.skipped) as u64;
        }
        loop {
            let is_step = is_full && matches!(self.progress, Progress::Running);
            if !self.advance(frame, context)? {
                return Ok(false);
            }
            context.session.work.full_scan_steps += u64::from(is_step);
            context.step()?;
            if all_true(&self.conditions, frame, context)? {
                return Ok(true);
            }
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.is_open = false;
        self.skipped = 0;
        frame.cursor_mut(self.source).close();
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.cursor_mut(self.source).set_null_row();
    }

    fn run(&self, frame: &Frame, limit: usize) -> Option<RunRows> {
        if !self.has_runs || !matches!(self.progress, Progress::Running | Progress::Range(..)) {
            return None;
        }
        let stop = if let Bounds::Range { stop, .. } = self.bounds { Some(stop) } else { None };
        let (source, is_reverse) = (self.source, self.is_reverse);
        let rows = frame.cursor(source).rows_ref();
        let places = if is_reverse {
            rows.plain_run_back(stop.unwrap_or(i64::MIN), limit)
        } else {
            rows.plain_run(stop.unwrap_or(i64::MAX), limit)
        };
        Some(RunRows { source, places: places?, is_reverse })
    }

    fn skip(&mut self, count: usize, frame: &mut Frame) {
        self.skipped += count;
        let rows = frame.cursor_mut(self.source).rows();
        if self.is_reverse { rows.skip_back(count) } else { rows.skip(count) }
    }
}

/// As `RowidRange::ends`.
pub(super) fn rowid_ends(
    low: Option<&RangeEnd>,
    high: Option<&RangeEnd>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<(i64, i64)>> {
    let low = range_end(low, frame, context, lowest_rowid, i64::MIN)?;
    let high = range_end(high, frame, context, highest_rowid, i64::MAX)?;
    Ok(low.zip(high).filter(|(low, high)| low <= high))
}

fn range_end(
    end: Option<&RangeEnd>,
    frame: &mut Frame,
    context: &mut Context<'_>,
    rowid_of: fn(ValueRef<'_>, bool) -> Option<i64>,
    unbounded: i64,
) -> Result<Option<i64>> {
    let Some(end) = end else { return Ok(Some(unbounded)) };
    let value = eval(&end.expr, frame, context)?;
    Ok(rowid_of(value.as_ref(), end.is_inclusive))
}

/// The rowid that equals a value under the rowid's INTEGER affinity.
pub(crate) fn exact_rowid(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(integer) => Some(integer),
        ValueRef::Real(real) => {
            let whole = real as i64;
            (pluresdb_value::compare_integer_real(whole, real).is_eq()).then_some(whole)
        }
        ValueRef::Text(text) => exact_rowid(number::number_in_text(text)?.as_ref()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// The smallest rowid above a value; None when there is none.
fn lowest_rowid(value: ValueRef<'_>, is_inclusive: bool) -> Option<i64> {
    match value {
        ValueRef::Integer(integer) => {
            if is_inclusive {
                Some(integer)
            } else {
                integer.checked_add(1)
            }
        }
        ValueRef::Real(real) if real < -9223372036854775808.0 => Some(i64::MIN),
        ValueRef::Real(real) if real >= 9223372036854775808.0 => None,
        ValueRef::Real(real) => {
            let ceiling = real.ceil();
            let is_beyond = ceiling >= 9223372036854775808.0;
            match ceiling as i64 {
                _ if is_beyond => None,
                whole if ceiling == real && !is_inclusive => whole.checked_add(1),
                whole => Some(whole),
            }
        }
        ValueRef::Text(text) => lowest_rowid(number::number_in_text(text)?.as_ref(), is_inclusive),
        // Every number is below a blob.
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// The greatest rowid below a value; None when there is none.
fn highest_rowid(value: ValueRef<'_>, is_inclusive: bool) -> Option<i64> {
    match value {
        ValueRef::Integer(integer) => {
            if is_inclusive {
                Some(integer)
            } else {
                integer.checked_sub(1)
            }
        }
        ValueRef::Real(real) if real < -9223372036854775808.0 => None,
        ValueRef::Real(real) if real >= 9223372036854775808.0 => Some(i64::MAX),
        ValueRef::Real(real) => {
            let floor = real.floor();
            let whole = floor as i64;
            if floor == real && !is_inclusive { whole.checked_sub(1) } else { Some(whole) }
        }
        ValueRef::Text(text) => match number::number_in_text(text) {
            Some(number) => highest_rowid(number.as_ref(), is_inclusive),
            None => Some(i64::MAX),
        },
        ValueRef::Blob(_) => Some(i64::MAX),
        ValueRef::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_ends_round_to_the_rowids_inside() {
        assert_eq!(lowest_rowid(ValueRef::Real(1.5), false), Some(2));
        assert_eq!(lowest_rowid(ValueRef::Real(2.0), false), Some(3));
        assert_eq!(lowest_rowid(ValueRef::Real(2.0), true), Some(2));
        assert_eq!(highest_rowid(ValueRef::Real(-1.5), true), Some(-2));
        assert_eq!(highest_rowid(ValueRef::Integer(i64::MIN), false), None);
        assert_eq!(highest_rowid(ValueRef::Text(b"abc"), false), Some(i64::MAX));
        assert_eq!(lowest_rowid(ValueRef::Text(b"abc"), false), None);
        assert_eq!(lowest_rowid(ValueRef::Text(b" 7 "), false), Some(8));
    }

    #[test]
    fn only_whole_numbers_are_rowids() {
        assert_eq!(exact_rowid(ValueRef::Real(7.0)), Some(7));
        assert_eq!(exact_rowid(ValueRef::Real(7.5)), None);
        assert_eq!(exact_rowid(ValueRef::Real(9223372036854775808.0)), None);
        assert_eq!(exact_rowid(ValueRef::Text(b"7")), Some(7));
        assert_eq!(exact_rowid(ValueRef::Null), None);
    }
}
