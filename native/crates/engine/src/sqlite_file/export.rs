//! Writes a database, as its transaction sees it, as a SQLite file.
//!
//! An image keeps the schema's order; VACUUM INTO has tables with their automatic indexes first, then the indexes, then
//! what has no tree. Our trees have their entries in SQLite's order, so that they stream.

use std::collections::HashMap;
use std::io::{BufWriter, Cursor, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use pluresdb_sqlite_file::{Encoding, SchemaEntry, Writer, WriterOptions};
use pluresdb_tree::{KeyCursor, RowCursor};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Value, ValueRef};

use super::layout::{appended_key_columns, index_columns, primary_key_columns, record_columns};
use super::place::Draft;
use crate::Result;
use crate::catalog::define::{for_each_row, schema_rows};
use crate::catalog::{DatabaseIndex, Index, ObjectKind, SchemaRow, Table, TreeId, identity_of};
use crate::dml::{Image, Target};
use crate::execute::{Context, Frame, corrupt, missing_value, tree_error};
use crate::resolve::Resolver;
use crate::resolve::tree::Program;
use crate::session::Session;

/// Whole reals up to this size stand in a REAL column as integers of six bytes, as in SQLite.
const MAX_WHOLE_REAL: f64 = 140_737_488_355_327.0;

/// What the file is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// The same database, elsewhere.
    Image,
    /// A new one, with a schema cookie that nobody has seen.
    Vacuum,
}

/// The database as the bytes of a file.
pub(crate) fn export_to_bytes(session: &mut Session, database: DatabaseIndex) -> Result<Vec<u8>> {
    Ok(export(session, database, Purpose::Image, Cursor::new(Vec::new()))?.into_inner())
}

/// The database as a new file: complete and synced before it has its name.
pub(crate) fn export_to_file(session: &mut Session, database: DatabaseIndex, path: &Path) -> Result<()> {
    let mut draft = Draft::create(path)?;
    export(session, database, Purpose::Vacuum, BufWriter::with_capacity(1 << 16, draft.file()))?;
    draft.publish()
}

fn export<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    purpose: Purpose,
    out: W,
) -> Result<W> {
    let transaction = session.transaction(database);
    let options = WriterOptions {
        schema_cookie: transaction.schema_version().wrapping_add(u32::from(purpose == Purpose::Vacuum)),
        user_version: transaction.user_version(),
        application_id: transaction.application_id(),
        ..WriterOptions::default()
    };
    let mut writer = Writer::new(out, options)?;
    let mut roots: HashMap<TreeId, u32> = HashMap::new();
    let mut rows = Vec::new();
    for (_, values) in schema_rows(session, database)? {
        rows.push(SchemaRow::from_values(&values)?);
    }
    if purpose == Purpose::Vacuum {
        rows.sort_by_key(vacuum_rank);
    }
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let root = match row.tree {
            Some(tree) => {
                let root = export_tree(session, database, &row, &mut writer)?;
                roots.insert(tree, root);
                root
            }
            None => 0,
        };
        let SchemaRow { kind, name, table, sql, .. } = row;
        entries.push(SchemaEntry { kind: kind.name().to_owned(), name, table, root, sql });
    }
    Ok(writer.finish(&entries)?)
}

fn vacuum_rank(row: &SchemaRow) -> u8 {
    match (row.kind, row.tree, &row.sql) {
        (ObjectKind::Table, Some(_), _) | (ObjectKind::Index, _, None) => 0,
        (ObjectKind::Index, _, Some(_)) => 1,
        (ObjectKind::Table | ObjectKind::View | ObjectKind::Trigger, ..) => 2,
    }
}

fn export_tree<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    row: &SchemaRow,
    writer: &mut Writer<W>,
) -> Result<u32> {
    let catalog = session.catalog(database);
    let missing = || crate::catalog::malformed(&row.name, "");
    if row.kind == ObjectKind::Table {
        let table = catalog.table(&row.name).cloned().ok_or_else(missing)?;
        return export_table(session, database, &table, writer);
    }
    let index = catalog.index(&row.name).cloned().ok_or_else(missing)?;
    let table = catalog.table(&index.table).cloned().ok_or_else(missing)?;
    if table.without_rowid {
        export_keyed_index(session, database, &table, &index, writer)
    } else {
        export_index(session, database, &index, writer)
    }
}

/// A table's rows in registers, one after the other.
struct Rows {
    target: Target,
    program: Program,
    frame: Frame,
}

impl Rows {
    fn new(session: &Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<Rows> {
        let mut resolver = Resolver::new(session, "", 0);
        let target = Target::compile(session, &mut resolver, database, table)?;
        let program = resolver.finish()?;
        let mut frame = Frame::new(&program);
        frame.reset();
        Ok(Rows { target, program, frame })
    }
}

/// As it stands in a record of SQLite's.
fn stored_value(value: ValueRef<'_>, affinity: Affinity) -> ValueRef<'_> {
    match value {
        ValueRef::Real(real)
            if affinity == Affinity::Real
                && real.abs() <= MAX_WHOLE_REAL
                && (real as i64 as f64).to_bits() == real.to_bits() =>
        {
            ValueRef::Integer(real as i64)
        }
        value => value,
    }
}

fn export_table<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    writer: &mut Writer<W>,
) -> Result<u32> {
    if !table.without_rowid {
        return export_rows(session, database, table, writer);
    }
    let Rows { target, program, mut frame } = Rows::new(session, database, table)?;
    let columns = record_columns(table);
    let base = target.base(Image::New).0;
    let mut context = Context::new(session, &[], &program);
    let mut builder = writer.index(&primary_key_columns(table));
    let mut values: Vec<Value> = Vec::new();
    for_each_row(&mut context, database, table, &mut |_, _, record| {
        target.unpack(Image::New, record, &mut frame)?;
        values.clear();
        values.extend(columns.iter().map(|column| {
            let value = frame.registers[base + column].as_ref();
            stored_value(value, table.columns[*column].affinity).to_value()
        }));
        Ok(builder.push(&mut values)?)
    })?;
    Ok(builder.finish()?)
}

/// A table that has rowids.
fn export_rows<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    writer: &mut Writer<W>,
) -> Result<u32> {
    /// A column of the record; no slot: the rowid, which stands elsewhere.
    struct Stored {
        slot: Option<usize>,
        affinity: Affinity,
        missing: Value,
    }
    let stored: Vec<Stored> = record_columns(table)
        .into_iter()
        .map(|index| {
            let column = &table.columns[index];
            Stored {
                slot: (table.rowid_alias != Some(index)).then_some(column.slot as usize),
                affinity: column.affinity,
                missing: missing_value(column),
            }
        })
        .collect();
    let transaction = session.transaction(database);
    let mut cursor = RowCursor::new(transaction.row_tree(table.tree)?, transaction.pager().clone());
    let mut builder = writer.table();
    let mut payload = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        session.check_interrupt()?;
        let mut values = Vec::with_capacity(stored.len());
        for Stored { slot, affinity, missing } in &stored {
            values.push(match slot {
                Some(slot) => {
                    let value = cursor.column(*slot).map_err(tree_error)?;
                    stored_value(value.unwrap_or(missing.as_ref()), *affinity)
                }
                None => ValueRef::Null,
            });
        }
        payload.clear();
        pluresdb_sqlite_file::encode_record(values.iter().copied(), Encoding::Utf8, &mut payload);
        builder.push(cursor.rowid(), &payload)?;
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(builder.finish()?)
}

/// The indexed values of an entry, and what is behind them in its key.
fn read_entry<'c>(cursor: &'c KeyCursor, columns: &[KeyColumn], values: &mut Vec<Value>) -> Result<&'c [u8]> {
    let mut rest = cursor.key();
    values.clear();
    for column in columns {
        values.push(key::decode_value(&mut rest, *column).map_err(corrupt)?.0);
    }
    key::apply_remainder(cursor.value().map_err(tree_error)?, values).map_err(corrupt)?;
    Ok(rest)
}

fn export_index<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    index: &Index,
    writer: &mut Writer<W>,
) -> Result<u32> {
    let columns = index_columns(index);
    let transaction = session.transaction(database);
    let mut cursor = KeyCursor::new(transaction.key_tree(index.tree)?, transaction.pager().clone());
    let mut builder = writer.index(&columns);
    let mut values = Vec::with_capacity(columns.len() + 1);
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        session.check_interrupt()?;
        let rowid = read_entry(&cursor, &columns, &mut values)?;
        values.push(Value::Integer(key::decode_rowid(rowid).map_err(corrupt)?));
        builder.push(&mut values)?;
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(builder.finish()?)
}

/// An index of a WITHOUT ROWID table. Its entries end in the row's key, which may have lost what a collation folds: the
/// row itself tells.
fn export_keyed_index<W: Write + Seek>(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
    writer: &mut Writer<W>,
) -> Result<u32> {
    let Rows { target, program, mut frame } = Rows::new(session, database, table)?;
    let own = index_columns(index);
    let appended = appended_key_columns(table, index);
    let (turned, mut turned_bytes) = (index.turned_identity(table), Vec::new());
    let columns: Vec<KeyColumn> = own.iter().copied().chain(appended.iter().map(|(_, key)| *key)).collect();
    let base = target.base(Image::New).0;
    let mut context = Context::new(session, &[], &program);
    let (tree, pager) = context.key_tree(database, index.tree)?;
    let mut cursor = KeyCursor::new(tree, pager.clone());
    let mut builder = writer.index(&columns);
    let (mut values, mut record) = (Vec::with_capacity(columns.len()), Vec::new());
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        context.step()?;
        let end = read_entry(&cursor, &own, &mut values)?;
        let identity = identity_of(end, turned.as_ref(), &mut turned_bytes).map_err(corrupt)?;
        if !target.load(Image::New, identity, &mut record, &mut frame, &context)? {
            let detail = format!("index {} has an entry without a row", index.name);
            return Err(corrupt(pluresdb_value::Malformed).with_detail(detail));
        }
        values.extend(appended.iter().map(|(column, _)| frame.registers[base + column].clone()));
        builder.push(&mut values)?;
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(builder.finish()?)
}
