//! Fills an empty database from a SQLite file.
//!
//! The schema's texts make the catalog, as they do when a database of ours is opened. Then each table's rows are read
//! once, in order, and each index is built from its table: what the file's own indexes hold is not looked at.

use std::path::Path;
use std::sync::Arc;

use pluresdb_sql::ast::{self, CreateTableBody};
use pluresdb_sqlite_file::{ErrorKind, Reader, Record, SchemaEntry};
use pluresdb_value::{Affinity, Value, affinity};

use super::layout::{is_virtual, record_columns};
use crate::catalog::define::{fill_index, insert_schema_row, reload};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Table, TreeId, malformed};
use crate::dml::{Image, Target};
use crate::execute::{Context, Frame, eval};
use crate::resolve::Resolver;
use crate::session::Session;
use crate::statement::busy_handler;
use crate::transaction::Synchronous;
use crate::{Error, Result, ResultCode};

/// How often a file is read again that somebody changed meanwhile.
const ATTEMPTS: usize = 3;
/// How often who watches hears of a large table.
const ROWS_A_STEP: u64 = 10_000;

/// Hears which rows come in, and remembers how many each table has.
pub(crate) struct Watch<'a> {
    /// Of the commit.
    synchronous: Synchronous,
    tell: Box<dyn FnMut(&str, u64) -> Result<()> + 'a>,
    /// Of all tables.
    rows: u64,
    pub counts: Vec<(String, u64)>,
}

impl<'a> Watch<'a> {
    /// `tell` is called with each table's name, and again every `ROWS_A_STEP` rows.
    pub fn new(synchronous: Synchronous, tell: impl FnMut(&str, u64) -> Result<()> + 'a) -> Watch<'a> {
        Watch { synchronous, tell: Box::new(tell), rows: 0, counts: Vec::new() }
    }

    /// For a copy that lives no longer than its connection.
    pub fn unheard() -> Watch<'a> {
        Watch::new(Synchronous::Off, |_, _| Ok(()))
    }

    fn begin_table(&mut self, name: &str) -> Result<()> {
        self.counts.push((name.to_owned(), 0));
        (self.tell)(name, self.rows)
    }

    #[inline]
    fn count_row(&mut self) -> Result<()> {
        let (name, count) = self.counts.last_mut().expect("a row belongs to a table");
        *count += 1;
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_A_STEP) { (self.tell)(name, self.rows) } else { Ok(()) }
    }
}

/// Fills the database from a file, as its last committed transaction left it.
pub(crate) fn import_file(
    session: &mut Session,
    database: DatabaseIndex,
    path: &Path,
    watch: &mut Watch<'_>,
) -> Result<()> {
    for attempt in 1.. {
        let mut reader = Reader::open(path)?;
        let outcome = import(session, database, &mut reader, watch);
        // Damage may be no damage: a page of before and one of after.
        match reader.check_unchanged() {
            Err(changed) if changed.kind == ErrorKind::Changed && attempt < ATTEMPTS => {
                undo(session, database)?;
                (watch.rows, watch.counts) = (0, Vec::new());
            }
            unchanged => return outcome.and(unchanged.map_err(Error::from)),
        }
    }
    Ok(())
}

/// Fills the database from the bytes of a file.
pub(crate) fn import_bytes(session: &mut Session, database: DatabaseIndex, bytes: Vec<u8>) -> Result<()> {
    import(session, database, &mut Reader::from_bytes(bytes)?, &mut Watch::unheard())
}

fn import(
    session: &mut Session,
    database: DatabaseIndex,
    reader: &mut Reader,
    watch: &mut Watch<'_>,
) -> Result<()> {
    let schema = reader.schema()?;
    let busy = busy_handler(&session.settings, &session.interrupt);
    session.transaction_mut(database).begin_write(&busy)?;
    let filled = fill(session, database, &schema, reader, watch);
    let transaction = session.transaction_mut(database);
    match filled {
        Ok(()) => transaction.commit(watch.synchronous),
        Err(error) => {
            transaction.rollback();
            Err(error)
        }
    }
}

/// Empties what an import filled.
fn undo(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    let busy = busy_handler(&session.settings, &session.interrupt);
    let transaction = session.transaction_mut(database);
    transaction.begin_write(&busy)?;
    let trees: Vec<TreeId> = transaction.tree_ids().filter(|tree| *tree != TreeId::SCHEMA).collect();
    for tree in trees {
        transaction.drop_tree(tree)?;
    }
    transaction.clear_tree(TreeId::SCHEMA)?;
    transaction.set_catalog(Arc::default());
    transaction.commit(Synchronous::Off)
}

fn fill(
    session: &mut Session,
    database: DatabaseIndex,
    schema: &[SchemaEntry],
    reader: &mut Reader,
    watch: &mut Watch<'_>,
) -> Result<()> {
    let mut trees = Vec::with_capacity(schema.len());
    for entry in schema {
        let row = create_object(session, database, entry)?;
        insert_schema_row(session, database, &row)?;
        trees.push(row.tree);
    }
    reload(session, database)?;
    for (entry, tree) in schema.iter().zip(&trees) {
        if let Some(tree) = tree
            && entry.kind == ObjectKind::Table.name()
        {
            let table = session.catalog(database).table(&entry.name).cloned();
            let table = table.filter(|table| table.tree == *tree);
            let table = table.ok_or_else(|| malformed(&entry.name, "there is another table of that name"))?;
            watch.begin_table(&entry.name)?;
            fill_table(session, database, &table, entry.root, reader, watch)?;
        }
    }
    let mut indexes: Vec<_> = session.catalog(database).indexes.values().cloned().collect();
    indexes.sort_by_key(|index| index.tree);
    for index in indexes {
        let table = session.catalog(database).table(&index.table).cloned();
        if let Some(table) = table.filter(|table| table.tree != index.tree) {
            fill_index(session, database, &table, &index)?;
        }
    }
    let header = reader.header();
    let transaction = session.transaction_mut(database);
    transaction.set_user_version(header.user_version);
    transaction.set_application_id(header.application_id);
    transaction.set_is_wal(header.is_wal)?;
    transaction.set_schema_version(header.schema_cookie);
    Ok(())
}

/// Makes an empty tree for the entry where it has one.
fn create_object(session: &mut Session, database: DatabaseIndex, entry: &SchemaEntry) -> Result<SchemaRow> {
    let transaction = session.transaction_mut(database);
    let invalid = || malformed(&entry.name, "invalid rootpage");
    let (kind, tree) = match entry.kind.as_str() {
        "table" => match table_kind(entry)? {
            TableKind::Virtual => (ObjectKind::Table, None),
            _ if entry.root == 0 => return Err(invalid()),
            TableKind::WithoutRowid => (ObjectKind::Table, Some(transaction.create_key_tree()?)),
            TableKind::Rowid => (ObjectKind::Table, Some(transaction.create_row_tree()?)),
        },
        "index" if entry.root == 0 => return Err(invalid()),
        "index" => (ObjectKind::Index, Some(transaction.create_key_tree()?)),
        "view" => (ObjectKind::View, None),
        "trigger" => (ObjectKind::Trigger, None),
        _ => return Err(malformed(&entry.name, "")),
    };
    Ok(SchemaRow {
        kind,
        name: entry.name.clone(),
        table: entry.table.clone(),
        tree,
        sql: entry.sql.clone(),
        layout: None,
    })
}

enum TableKind {
    Rowid,
    WithoutRowid,
    Virtual,
}

fn table_kind(entry: &SchemaEntry) -> Result<TableKind> {
    let sql = entry.sql.as_deref().unwrap_or_default();
    let parsed = pluresdb_sql::parse_next(sql, 0).map_err(|error| malformed(&entry.name, &error.message))?;
    match parsed.map(|parsed| parsed.statement) {
        Some(ast::Statement::CreateVirtualTable(_)) => Ok(TableKind::Virtual),
        Some(ast::Statement::CreateTable(create)) => match &create.body {
            CreateTableBody::Columns { options, .. } if options.without_rowid => Ok(TableKind::WithoutRowid),
            CreateTableBody::Columns { .. } => Ok(TableKind::Rowid),
            CreateTableBody::Select(_) => Err(malformed(&entry.name, "")),
        },
        _ => Err(malformed(&entry.name, "")),
    }
}

/// Rows on their way from the file to a table's tree.
struct Filling {
    target: Target,
    frame: Frame,
    /// Of the file's records.
    columns: Vec<usize>,
    record: Vec<u8>,
    /// Of a WITHOUT ROWID table: the row's key, and the greatest so far.
    key: Vec<u8>,
    last_key: Vec<u8>,
}

fn fill_table(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    root: u32,
    reader: &mut Reader,
    watch: &mut Watch<'_>,
) -> Result<()> {
    let encoding = reader.encoding();
    // What the rows had to satisfy they did when they were written, by functions that may not be known here.
    let unchecked = Arc::new(Table { checks: Vec::new(), ..Table::clone(table) });
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, &unchecked)?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let columns = record_columns(table);
    let mut filling =
        Filling { target, frame, columns, record: Vec::new(), key: Vec::new(), last_key: Vec::new() };
    let mut context = Context::new(session, &[], &program);
    if table.without_rowid {
        let mut records = reader.records(root)?;
        while let Some(payload) = records.next()? {
            filling.unpack(Record::new(payload, encoding)?, &mut context)?;
            filling.put_by_key(&mut context)?;
            watch.count_row()?;
        }
        return Ok(());
    }
    let mut rows = reader.rows(root)?;
    while let Some((rowid, payload)) = rows.next()? {
        let register = filling.target.rowid_register(Image::New);
        filling.frame.set_register(register, Value::Integer(rowid));
        filling.unpack(Record::new(payload, encoding)?, &mut context)?;
        let transaction = context.session.transaction_mut(database);
        transaction.put_row(table.tree, rowid, &filling.record, None)?;
        watch.count_row()?;
    }
    Ok(())
}

impl Filling {
    /// Spreads a record of the file over the registers and packs it as a record of ours.
    fn unpack(&mut self, mut values: Record<'_>, context: &mut Context<'_>) -> Result<()> {
        context.step()?;
        let Filling { target, frame, .. } = self;
        let base = target.base(Image::New).0;
        for column in &self.columns {
            let plan = &target.columns[*column];
            let value = match values.next().transpose()? {
                // A real that is whole may stand in the file as an integer.
                Some(Value::Integer(integer)) if plan.affinity == Affinity::Real => {
                    Value::Real(integer as f64)
                }
                Some(value) => value,
                None => plan.missing.clone(),
            };
            frame.registers[base + column] = value;
        }
        for (column, expr) in &target.generated {
            if is_virtual(&target.table.columns[*column]) {
                let mut value = eval(expr, frame, context)?;
                affinity::apply(&mut value, target.columns[*column].affinity);
                frame.registers[base + column] = value;
            }
        }
        target.pack(Image::New, frame, &mut self.record);
        Ok(())
    }

    /// Writes the row of a WITHOUT ROWID table. A file in UTF-16 has them in another order than ours.
    fn put_by_key(&mut self, context: &mut Context<'_>) -> Result<()> {
        let Filling { target, frame, record, key, last_key, .. } = self;
        target.identity(Image::New, frame, key);
        let tree = target.table.tree;
        let transaction = context.session.transaction_mut(target.database);
        if key <= last_key
            && transaction
                .key_tree(tree)?
                .contains(transaction.pager(), key)
                .map_err(crate::execute::tree_error)?
        {
            let detail = format!("table {} has a key twice", target.table.name);
            return Err(
                Error::new(ResultCode::Corrupt, "database disk image is malformed").with_detail(detail)
            );
        }
        transaction.put_key(tree, key, record, None)?;
        if key > last_key {
            std::mem::swap(key, last_key);
        }
        Ok(())
    }
}
