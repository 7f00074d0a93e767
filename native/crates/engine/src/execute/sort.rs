//! ORDER BY. A row's sort terms become one byte string, so that comparing rows is comparing bytes.
//!
//! Always true:
//! - Rows with equal terms stay in the order they came.
//! - Result columns are computed when the row comes by, sort terms too; with DISTINCT only the first of equal rows is.

use pluresdb_value::key::{KeyColumn, encode_value};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::distinct::{Distinct, Seen};
use crate::execute::eval::{eval, with_value};
use crate::execute::key_hash::push_column_key;
use crate::execute::limit::{Window, limit_window};
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::execute::top_k::{MAX_TOP_K, TopK};
use crate::execute::vector::{self, SortBound};
use crate::execute::{Context, Frame, Rows, Source};
use crate::plan::{Sort as Node, SortKey, SortValue, SourceNode, is_volatile};
use crate::resolve::any_expr;
use crate::resolve::tree::{Direction, Expr, GroupKey};
use crate::session::{Session, Settings};

/// Appends a sort term's bytes.
pub(crate) fn push_sort_key(
    value: ValueRef<'_>,
    direction: Direction,
    collation: Collation,
    key: &mut Vec<u8>,
    session: &Session,
) -> Result<()> {
    if collation.is_custom() {
        push_null_place(value, direction, key);
        return push_column_key(
            value,
            KeyColumn { collation, descending: direction.descending },
            key,
            session,
        );
    }
    push_plain_sort_key(value, direction, collation, key);
    Ok(())
}

/// The same for a collation that bytes can tell.
pub(crate) fn push_plain_sort_key(
    value: ValueRef<'_>,
    direction: Direction,
    collation: Collation,
    key: &mut Vec<u8>,
) {
    push_null_place(value, direction, key);
    encode_value(value, KeyColumn { collation, descending: direction.descending }, key);
}

/// NULL is the lowest key: first when ascending, last when descending. Anything else is told by a byte before it.
fn push_null_place(value: ValueRef<'_>, direction: Direction, key: &mut Vec<u8>) {
    if direction.nulls_first == direction.descending {
        key.push(u8::from(value.is_null() != direction.nulls_first));
    }
}

pub(crate) struct Sort {
    input: Box<dyn Source>,
    outputs: Vec<Expr>,
    distinct: Option<Distinct>,
    keys: Vec<SortKey>,
    limit: Option<Expr>,
    offset: Option<Expr>,
    /// For a scan that leaves out what comes behind the worst row kept.
    bound: Option<SortBound>,
    /// Asked first, where few rows are wanted.
    early: Option<Early>,
    ordered: OrderedRows,
    is_read: bool,
}

/// Rows in the order of the first terms: behind rows that are equal in these no better ones come.
struct Early {
    input: Box<dyn Source>,
    given: usize,
}

/// So many rows of them are looked at: where more are equal in the first terms than that, sorting all takes less time.
const MAX_EARLY_ROWS: usize = 2000;
/// With more rows wanted they are not asked.
const MAX_EARLY_TOP: usize = 1000;

/// Groups of which no two are equal in the terms need no order before they are sorted.
fn free_groups(node: &mut Node) {
    let (group, having) = match &mut node.input {
        SourceNode::Group(group) => (group, &[][..]),
        SourceNode::Filter { input, conditions } => match &mut **input {
            SourceNode::Group(group) => (group, &conditions[..]),
            _ => return,
        },
        _ => return,
    };
    let tells = |term: &SortKey, key: &GroupKey| {
        let value = match &term.value {
            SortValue::Expr(value) => Some(value),
            SortValue::Output(index) => node.outputs.get(*index),
        };
        matches!(value, Some(Expr::Register(register)) if *register == key.register)
            && (term.collation == key.collation || term.collation == Collation::Binary)
    };
    // The application would see in which order it is called.
    let is_seen = |expr: &Expr| any_expr(expr, &|expr| matches!(expr, Expr::Application { .. }));
    group.is_order_free = node.distinct.is_none()
        && group.keys.iter().all(|key| node.keys.iter().any(|term| tells(term, key)))
        && !node.outputs.iter().chain(having).any(|expr| is_volatile(expr) || is_seen(expr));
}

impl Sort {
    pub fn new(mut node: Node) -> Sort {
        free_groups(&mut node);
        let (input, bound) = if node.limit.is_some() && node.distinct.is_none() {
            vector::input_of_top_k(node.input, &node.keys, &node.outputs)
        } else {
            let terms = node.keys.iter().filter_map(|key| match &key.value {
                SortValue::Expr(term) => Some(term),
                SortValue::Output(_) => None,
            });
            let computed = node.outputs.iter().chain(terms).cloned().collect();
            (vector::input_of_all(node.input, computed), None)
        };
        Sort {
            input,
            bound,
            outputs: node.outputs,
            distinct: node.distinct.map(Distinct::new),
            keys: node.keys,
            limit: node.limit,
            offset: node.offset,
            early: node.early.map(|early| Early { input: early.input.into_operator(), given: early.given }),
            ordered: OrderedRows::default(),
            is_read: false,
        }
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let window = limit_window(self.limit.as_ref(), self.offset.as_ref(), frame, context)?;
        let wanted = window.end();
        let mut top = wanted.filter(|wanted| *wanted <= MAX_TOP_K as u64).map(|k| TopK::new(k as usize));
        if wanted == Some(0) {
            return Ok(());
        }
        if let Some(bound) = &self.bound {
            bound.begin(top.as_ref().map(TopK::limit));
        }
        if let Some(few) = wanted.filter(|wanted| *wanted <= MAX_EARLY_TOP as u64)
            && let Some(top) = self.read_early(few as usize, frame, context)?
        {
            self.ordered = in_order(top, Vec::new(), window);
            context.session.work.sorts += 1;
            return Ok(());
        }
        self.input.open(frame, context)?;
        let needs_row_first = self.needs_row_first();
        let mut key = Vec::new();
        let mut rows = GatheredRows::default();
        while self.input.next(frame, context)? {
            let start = rows.values.len();
            let mut seen = Seen::Never;
            if needs_row_first {
                self.push_row(&mut rows.values, frame, context)?;
                if let Some(distinct) = &mut self.distinct {
                    let row = rows.values[start..].iter().map(|value| Ok(value.as_ref()));
                    seen = distinct.look(row, context.session)?;
                    distinct.charge(&mut frame.memory)?;
                }
            }
            if seen == Seen::Before {
                rows.values.truncate(start);
                continue;
            }
            key.clear();
            push_sort_keys(&self.keys, &rows.values[start..], &mut key, frame, context)?;
            if let (Seen::Perhaps, Some(distinct)) = (seen, &mut self.distinct) {
                let late = rows.values.drain(start..).chain([Value::Blob(key.as_slice().into())]);
                distinct.keep_late(late, &mut frame.memory, &context.session.settings)?;
                continue;
            }
            if top.as_ref().is_some_and(|top| !top.wants(&key)) {
                rows.values.truncate(start);
                // No row behind it is wanted, either.
                self.input.leave_part();
                continue;
            }
            if !needs_row_first {
                self.push_row(&mut rows.values, frame, context)?;
            }
            match &mut top {
                Some(top) => {
                    let lead = match (&self.bound, self.keys.first()) {
                        (Some(_), Some(SortKey { value: SortValue::Expr(term), .. })) => {
                            Some(eval(term, frame, context)?)
                        }
                        _ => None,
                    };
                    top.push(key.clone(), rows.values.drain(start..).collect(), lead);
                    if let Some(bound) = &self.bound {
                        bound.set(top.worst_lead().cloned());
                    }
                }
                None => rows.keep(&key, start, &mut frame.memory, &context.session.settings)?,
            }
        }
        self.take_late(&mut rows, top.as_mut(), frame, &context.session.settings)?;
        context.session.work.sorts += 1;
        self.ordered = match top {
            Some(top) => in_order(top, rows.values, window),
            None => rows.into_ordered(window, &mut frame.memory)?,
        };
        Ok(())
    }

    /// Whether result columns are computed before sort terms: as SQLite does it, which functions of the application see;
    /// with a LIMIT few rows are made at all.
    fn needs_row_first(&self) -> bool {
        self.limit.is_none()
            || self.distinct.is_some()
            || self.keys.iter().any(|key| matches!(key.value, SortValue::Output(_)))
    }

    /// The first rows, found among those that come in the order of the first terms; None: they had better be sought among
    /// all.
    fn read_early(
        &mut self,
        wanted: usize,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<TopK>> {
        let Some(mut early) = self.early.take() else { return Ok(None) };
        let found = early.input.open(frame, context).and_then(|()| {
            let mut top = TopK::new(wanted);
            let (mut key, mut row, mut last_given) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..MAX_EARLY_ROWS {
                if !early.input.next(frame, context)? {
                    return Ok(Some(top));
                }
                row.clear();
                if self.needs_row_first() {
                    self.push_row(&mut row, frame, context)?;
                }
                key.clear();
                push_sort_keys(&self.keys[..early.given], &row, &mut key, frame, context)?;
                if key != last_given {
                    if top.is_full() {
                        return Ok(Some(top));
                    }
                    last_given.clone_from(&key);
                }
                push_sort_keys(&self.keys[early.given..], &row, &mut key, frame, context)?;
                if top.wants(&key) {
                    if row.is_empty() {
                        self.push_row(&mut row, frame, context)?;
                    }
                    top.push(key.clone(), std::mem::take(&mut row), None);
                }
            }
            Ok(None)
        });
        early.input.close(frame);
        self.early = Some(early);
        found
    }

    /// Takes in the rows of which it was not known whether they came before.
    fn take_late(
        &mut self,
        rows: &mut GatheredRows,
        mut top: Option<&mut TopK>,
        frame: &mut Frame,
        settings: &Settings,
    ) -> Result<()> {
        let Some(distinct) = &mut self.distinct else { return Ok(()) };
        // Behind a row's values stands its key.
        let width = self.outputs.len();
        let Some(mut late) = distinct.take_late(width + 1, &mut frame.memory, settings)? else {
            return Ok(());
        };
        while late.next()? {
            let Value::Blob(key) = late.value(width).clone() else { panic!("a late row has its key") };
            let start = rows.values.len();
            match &mut top {
                Some(top) if top.wants(&key) => top.push(key.to_vec(), late.take(width).collect(), None),
                Some(_) => {}
                None => {
                    rows.values.extend(late.take(width));
                    rows.keep(&key, start, &mut frame.memory, settings)?;
                }
            }
        }
        late.clear(&mut frame.memory);
        Ok(())
    }

    fn push_row(&self, row: &mut Vec<Value>, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for output in &self.outputs {
            row.push(eval(output, frame, context)?);
        }
        Ok(())
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.ordered.clear(&mut frame.memory);
        if let Some(distinct) = &mut self.distinct {
            distinct.clear(frame);
        }
    }
}

fn in_order(top: TopK, mut values: Vec<Value>, window: Window) -> OrderedRows {
    let mut order = Vec::new();
    for mut row in top.into_sorted() {
        order.push(values.len());
        values.append(&mut row);
    }
    OrderedRows::in_memory(values, order, window, 0)
}

pub(super) fn push_sort_keys(
    keys: &[SortKey],
    row: &[Value],
    bytes: &mut Vec<u8>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    for SortKey { value, direction, collation } in keys {
        match value {
            SortValue::Output(index) => {
                push_sort_key(row[*index].as_ref(), *direction, *collation, bytes, context.session)?;
            }
            SortValue::Expr(expr) if collation.is_custom() => {
                let value = eval(expr, frame, context)?;
                push_sort_key(value.as_ref(), *direction, *collation, bytes, context.session)?;
            }
            SortValue::Expr(expr) => with_value(expr, frame, context, |value| {
                push_plain_sort_key(value, *direction, *collation, bytes);
            })?,
        }
    }
    Ok(())
}

impl Rows for Sort {
    fn restart(&mut self) {
        self.input.restart();
        if let Some(early) = &mut self.early {
            early.input.restart();
        }
    }

    fn open(&mut self, frame: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.is_read = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            self.read(frame, context)?;
        }
        self.ordered.next()
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        Ok(self.ordered.value(index).as_ref())
    }

    fn append_row(&mut self, _: &Frame, row: &mut Vec<Value>) -> Result<()> {
        row.extend(self.ordered.take(self.outputs.len()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_stand_where_they_are_asked_to() {
        for descending in [false, true] {
            for nulls_first in [false, true] {
                let key = |value: Value| {
                    let mut key = Vec::new();
                    let direction = Direction { descending, nulls_first };
                    push_plain_sort_key(value.as_ref(), direction, Collation::Binary, &mut key);
                    key
                };
                assert_eq!(key(Value::Null) < key(Value::Integer(1)), nulls_first);
                assert_eq!(key(Value::Integer(1)) > key(Value::text("a")), descending);
            }
        }
    }
}
