//! Walks the indexes of a table and writes down what was counted.

use std::sync::Arc;

use pluresdb_sqlite_file::{Encoding, encode_record};
use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{self, KeyColumn, skip_value};
use pluresdb_value::{Value, ValueRef};

use super::samples::{Accumulator, Sample};
use crate::Result;
use crate::catalog::{DatabaseIndex, Index, IndexTerm, Table, identity_of};
use crate::dml::{Image, IndexPlan, Target};
use crate::execute::{Context, Frame, corrupt, tree_error};
use crate::resolve::Resolver;
use crate::resolve::tree::Register;
use crate::session::Session;

/// The columns of an index's entries that SQLite compares.
struct Shape {
    /// The indexed columns, then the primary key's that are not among them.
    columns: Vec<KeyColumn>,
    /// Of the identity's columns, those that count.
    identity: Vec<(KeyColumn, bool)>,
    key_columns: usize,
    /// With the rowid, or the rest of the primary key.
    width: usize,
    /// How many columns can make an entry a new one; the others always do.
    tested: usize,
}

/// Appends the rows of both tables of statistics for `table`, or for its index `only`.
pub(super) fn table(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    only: Option<&str>,
    counts: &mut Vec<Vec<Value>>,
    samples: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let limit = u64::try_from(session.settings.analysis_limit).unwrap_or(0);
    let mut context = Context::new(session, &[], &program);
    let mut turned_bytes = Vec::new();
    for plan in &target.indexes {
        let index = &plan.index;
        if only.is_some_and(|only| only != index.name) {
            continue;
        }
        let name = if plan.is_table { &*table.name } else { index.name.as_str() };
        let shape = Shape::new(table, plan);
        let accumulator = count(&mut context, database, index, &shape, limit)?;
        let Some(accumulator) = accumulator else { continue };
        let names = [Value::text(&*table.name), Value::text(name)];
        let stat = Value::text(accumulator.stat(shape.key_columns));
        counts.push(vec![names[0].clone(), names[1].clone(), stat]);
        for sample in accumulator.finish() {
            let turned = plan.turned.as_ref();
            let identity = identity_of(&sample.identity, turned, &mut turned_bytes).map_err(corrupt)?;
            let is_found = find_row(&mut context, database, &target, identity, &mut frame)?;
            if is_found && Target::is_indexed(plan, Image::New, &mut frame, &mut context)? {
                let record = sample_record(&target, plan, &shape, &frame);
                samples.push(sample_row(&names, &sample, record));
            }
        }
    }
    let is_counted = target.indexes.iter().any(|plan| plan.index.partial.is_none());
    let rows = row_count(context.session, database, table)?;
    if only.is_none() && !is_counted && rows > 0 {
        counts.push(vec![Value::text(&*table.name), Value::Null, Value::text(rows.to_string())]);
    }
    Ok(())
}

pub(crate) fn row_count(session: &Session, database: DatabaseIndex, table: &Table) -> Result<u64> {
    let transaction = session.transaction(database);
    Ok(if table.without_rowid {
        transaction.key_tree(table.tree)?.count()
    } else {
        transaction.row_tree(table.tree)?.count()
    })
}

impl Shape {
    fn new(table: &Table, plan: &IndexPlan) -> Shape {
        let columns = plan.columns.clone();
        let key_columns = columns.len();
        if plan.is_table {
            return Shape {
                columns,
                identity: Vec::new(),
                key_columns,
                width: key_columns,
                tested: key_columns - 1,
            };
        }
        let is_in_index = |column: usize, key: KeyColumn| {
            plan.index.columns.iter().any(|indexed| {
                matches!(indexed.term, IndexTerm::Column(other) if other == column)
                    && indexed.collation == key.collation
            })
        };
        let identity: Vec<(KeyColumn, bool)> = table
            .primary_key
            .iter()
            .zip(plan.index.identity_columns(table))
            .map(|(key, column)| (column, !is_in_index(key.column, column)))
            .collect();
        let extra =
            if table.without_rowid { identity.iter().filter(|(_, counts)| *counts).count() } else { 1 };
        let width = key_columns + extra;
        let tested = if is_unique_without_null(table, &plan.index) { key_columns } else { width };
        Shape { columns, identity, key_columns, width, tested: tested - 1 }
    }

    /// The first column in which an entry differs from the one before it.
    fn change(&self, key: &[u8], previous: &[u8]) -> Result<usize> {
        let mut rest = key;
        let mut index = 0;
        let differs = |rest: &[u8]| {
            let len = key.len() - rest.len();
            previous.get(..len) != Some(&key[..len])
        };
        for column in &self.columns {
            if index == self.tested {
                return Ok(index);
            }
            skip_value(&mut rest, *column).map_err(corrupt)?;
            if differs(rest) {
                return Ok(index);
            }
            index += 1;
        }
        for (column, counts) in &self.identity {
            if index == self.tested {
                return Ok(index);
            }
            skip_value(&mut rest, *column).map_err(corrupt)?;
            if *counts {
                if differs(rest) {
                    return Ok(index);
                }
                index += 1;
            }
        }
        Ok(self.tested)
    }

    /// Where the identity begins in a key.
    fn identity_start(&self, key: &[u8]) -> Result<usize> {
        let mut rest = key;
        for column in &self.columns {
            skip_value(&mut rest, *column).map_err(corrupt)?;
        }
        Ok(key.len() - rest.len())
    }
}

fn is_unique_without_null(table: &Table, index: &Index) -> bool {
    index.unique
        && index.columns.iter().all(|column| match column.term {
            IndexTerm::Column(column) => {
                table.rowid_alias == Some(column) || table.columns[column].not_null.is_some()
            }
            IndexTerm::Rowid => true,
            IndexTerm::Expr(_) => false,
        })
}

/// None: an index without entries has no row, unless it is partial.
fn count(
    context: &mut Context<'_>,
    database: DatabaseIndex,
    index: &Index,
    shape: &Shape,
    limit: u64,
) -> Result<Option<Accumulator>> {
    let transaction = context.session.transaction(database);
    let tree = transaction.key_tree(index.tree)?;
    let mut cursor = KeyCursor::new(tree, transaction.pager().clone());
    let mut accumulator = Accumulator::new(shape.width, tree.count(), limit);
    let mut previous: Vec<u8> = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    if !found && index.partial.is_none() {
        return Ok(None);
    }
    let is_table = shape.identity.is_empty() && shape.width == shape.key_columns;
    while found {
        context.step()?;
        let key = cursor.key();
        let change = if previous.is_empty() { 0 } else { shape.change(key, &previous)? };
        let start = if is_table { 0 } else { shape.identity_start(key)? };
        let enough = accumulator.push(change, &key[start..]);
        previous.clear();
        previous.extend_from_slice(key);
        match enough {
            None => {}
            Some(true) => break,
            // Nothing but the first prefix was seen so far: on to the next one.
            Some(false) => {
                let mut rest = previous.as_slice();
                if let Some(first) = shape.columns.first() {
                    skip_value(&mut rest, *first).map_err(corrupt)?;
                }
                let mut prefix = previous[..previous.len() - rest.len()].to_vec();
                if !key::prefix_successor(&mut prefix) || !cursor.seek_ge(&prefix).map_err(tree_error)? {
                    break;
                }
            }
        }
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(Some(accumulator))
}

/// Reads the row of a sample into the frame.
fn find_row(
    context: &mut Context<'_>,
    database: DatabaseIndex,
    target: &Target,
    identity: &[u8],
    frame: &mut Frame,
) -> Result<bool> {
    let table = &target.table;
    let transaction = context.session.transaction(database);
    let mut record = Vec::new();
    if table.without_rowid {
        let mut cursor = KeyCursor::new(transaction.key_tree(table.tree)?, transaction.pager().clone());
        if !cursor.seek_exact(identity).map_err(tree_error)? {
            return Ok(false);
        }
        record.extend_from_slice(cursor.value().map_err(tree_error)?);
    } else {
        let rowid = key::decode_rowid(identity).map_err(corrupt)?;
        let mut cursor =
            pluresdb_tree::RowCursor::new(transaction.row_tree(table.tree)?, transaction.pager().clone());
        if !cursor.seek_exact(rowid).map_err(tree_error)? {
            return Ok(false);
        }
        cursor.to_record(&mut record).map_err(tree_error)?;
        frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
    }
    target.unpack(Image::New, &record, frame)?;
    Ok(true)
}

/// The sample's index entry as a record of SQLite's file format.
fn sample_record(target: &Target, plan: &IndexPlan, shape: &Shape, frame: &Frame) -> Vec<u8> {
    let mut registers: Vec<Register> = plan.image(Image::New).registers.clone();
    if !plan.is_table {
        if target.table.without_rowid {
            let rest =
                target.table.primary_key.iter().zip(&shape.identity).filter(|(_, (_, counts))| *counts);
            registers.extend(rest.map(|(key, _)| target.register(Image::New, key.column)));
        } else {
            registers.push(target.rowid_register(Image::New));
        }
    }
    let values: Vec<ValueRef<'_>> =
        registers.iter().map(|register| frame.register(*register).as_ref()).collect();
    let mut bytes = Vec::new();
    encode_record(values, Encoding::Utf8, &mut bytes);
    bytes
}

fn sample_row(names: &[Value; 2], sample: &Sample, record: Vec<u8>) -> Vec<Value> {
    let list = |numbers: &[u64]| {
        let texts: Vec<String> = numbers.iter().map(u64::to_string).collect();
        Value::text(texts.join(" "))
    };
    vec![
        names[0].clone(),
        names[1].clone(),
        list(&sample.equal),
        list(&sample.less),
        list(&sample.distinct),
        Value::blob(record),
    ]
}
