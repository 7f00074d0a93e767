//! CREATE INDEX and REINDEX: the entries of all rows are made, sorted, and built into a tree in one go.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::index_entries::{self, EntryView, EntryWriter, IndexEntries, KeyEntries, KeyRanges, Room};
use super::new_object::add_object;
use super::validate::{self, Place};
use super::write::edit_schema_rows;
use super::{Definition, check_not_reserved, is_reserved, stored_sql_with_comments};
use crate::catalog::{
    DatabaseIndex, Index, IndexTerm, ObjectKind, RowHints, SchemaRow, Table, TreeId, build_index,
};
use crate::dml::{End, Image, Target, index_entry, no_such_table, unique_violation};
use crate::execute::{Context, Cursor, Frame, KeySet, push_column_key};
use crate::resolve::{Relation, Resolver};
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result, ResultCode};
use pluresdb_value::key;

pub(crate) struct CreateIndex {
    pub database: DatabaseIndex,
    pub table: Arc<Table>,
    pub index: Option<Index>,
    sql: String,
}

/// Where the index goes; None: there is one already, which is no mistake.
pub(super) fn find_place(
    session: &Session,
    create: &ast::CreateIndex,
) -> Result<Option<(DatabaseIndex, Arc<Table>)>> {
    let name = &create.name.name.text;
    let schema = create.name.schema.as_ref().map(|schema| &*schema.text);
    if let Some(schema) = schema
        && session.database_index(schema).is_none()
    {
        return Err(Error::error(format!("unknown database {schema}")));
    }
    let (database, table) = match find_indexed(session, schema, &create.table.text) {
        Some(Relation::Table(database, table)) => (database, table),
        Some(Relation::View(..)) => return Err(Error::error("views may not be indexed")),
        Some(Relation::Virtual(_)) => return Err(Error::error("virtual tables may not be indexed")),
        None => {
            let is_temp_only = schema.is_some_and(|schema| schema.eq_ignore_ascii_case("temp"));
            if is_temp_only && session.find_table(None, &create.table.text).is_some() {
                let table = &create.table.text;
                return Err(Error::error(format!(
                    "cannot create a TEMP index on non-TEMP table \"{table}\""
                )));
            }
            let shown = if is_temp_only { None } else { Some(schema.unwrap_or("main")) };
            return Err(no_such_table(shown, &create.table.text));
        }
    };
    if table.is_system || is_reserved(&table.name) {
        return Err(Error::error(format!("table {} may not be indexed", table.name)));
    }
    check_not_reserved(name)?;
    if session.catalog(database).table(name).is_some() || session.catalog(database).view(name).is_some() {
        return Err(Error::error(format!("there is already a table named {name}")));
    }
    if session.catalog(database).index(name).is_some() {
        return if create.if_not_exists {
            session.note_named(database);
            Ok(None)
        } else {
            Err(Error::error(format!("index {name} already exists")))
        };
    }
    Ok(Some((database, table)))
}

pub(super) fn prepare(
    session: &Session,
    create: &ast::CreateIndex,
    source: &Source<'_>,
) -> Result<Definition> {
    let Some((database, table)) = find_place(session, create)? else { return Ok(Definition::Nothing) };
    let sql = stored_sql_with_comments(
        if create.unique { "UNIQUE INDEX" } else { "INDEX" },
        &create.name.name,
        source,
    );
    if create.columns.len() > session.settings.max_column {
        return Err(Error::error("too many columns in index"));
    }
    let index = build_index(create, &table, &sql)?;
    let check = |expr, place| validate::check_expr(session, database, &table, expr, source.text, place);
    // SQLite goes on to the first term after a mistake in the condition; of two mistakes, it tells the later.
    let mut condition = index.partial.as_ref().map(|partial| check(partial, Place::PartialIndex));
    for column in &index.columns {
        if let IndexTerm::Expr(expr) = &column.term {
            check(expr, Place::IndexTerm)?;
        }
        condition.take().transpose()?;
        validate::check_collation(session, column.collation)?;
    }
    Ok(Definition::CreateIndex(Box::new(CreateIndex { database, table, index: Some(index), sql })))
}

/// An index stands in its table's database: where none is named, that is temp or main, never an attached one.
fn find_indexed(session: &Session, schema: Option<&str>, table: &str) -> Option<Relation> {
    if schema.is_some() {
        return session.find_relation(schema, table);
    }
    let main = session.database_name(DatabaseIndex::MAIN);
    match session.find_relation(None, table) {
        found @ Some(Relation::Table(DatabaseIndex::TEMP, _) | Relation::View(DatabaseIndex::TEMP, _)) => {
            found
        }
        _ => session.find_relation(Some(main), table),
    }
}

impl CreateIndex {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        check_unlocked(session, self.database, &self.table)?;
        let mut index = self.index.take().ok_or_else(|| Error::error("the index was made already"))?;
        index.tree = build_tree(session, self.database, &self.table, &index)?;
        session.work.sorts += 1;
        let (kind, table) = (ObjectKind::Index, &self.table.name);
        let row = SchemaRow::new(kind, &index.name, table, Some(index.tree), Some(&self.sql));
        session.reentry.expire_idle_statements();
        add_object(session, self.database, &row, |catalog| catalog.add_index(Arc::new(index)))
    }
}

/// A statement that waits for this one would write rows without entries: SQLite leaves such an index damaged.
fn check_unlocked(session: &Session, database: DatabaseIndex, table: &Table) -> Result<()> {
    // What is no change of rows, a CREATE TABLE AS or so, is not told of.
    let waiting = session.active_writers.saturating_sub(1);
    let may_change = |changed: &Option<_>| changed.is_none_or(|changed| changed == (database, table.tree));
    let is_changed = session.changing.len() < waiting || session.changing.iter().any(may_change);
    if session.reentry.is_within() && waiting > 0 && is_changed {
        return Err(Error::new(ResultCode::Locked, "database table is locked"));
    }
    Ok(())
}

/// Builds an index's entries again, into a new tree. To SQLite that is no change of the schema.
pub(crate) fn rebuild_index(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<()> {
    check_unlocked(session, database, table)?;
    let tree = build_tree(session, database, table, index)?;
    session.transaction_mut(database).drop_tree(index.tree)?;
    let name = index.name.clone();
    edit_schema_rows(session, database, &mut |mut row| {
        if row.kind == ObjectKind::Index && row.name == name {
            row.tree = Some(tree);
        }
        Ok(row)
    })?;
    super::write::reload_part(session, database)
}

fn build_tree(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<TreeId> {
    let entries = gathered_entries(session, database, table, index)?;
    let built = session.transaction_mut(database).build_key_tree(&entries, entries.len());
    if entries.has_met_repeated() { Err(unique_violation(table, index)) } else { built }
}

/// Gives an index whose tree is empty the entries of all rows.
pub(crate) fn fill_index(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<()> {
    let entries = gathered_entries(session, database, table, index)?;
    let filled = session.transaction_mut(database).fill_key_tree(index.tree, &entries, entries.len());
    if entries.has_met_repeated() { Err(unique_violation(table, index)) } else { filled }
}

/// The entries of all rows, to be sorted.
fn gathered_entries(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<IndexEntries> {
    match read_plain_entries(session, database, table, index)? {
        Some(entries) => Ok(entries),
        None => read_entries(session, database, table, index),
    }
}

fn read_plain_entries(
    session: &Session,
    database: DatabaseIndex,
    table: &Table,
    index: &Index,
) -> Result<Option<IndexEntries>> {
    if table.without_rowid {
        return Ok(None);
    }
    let transaction = session.transaction(database);
    let rows = transaction.row_tree(table.tree)?;
    let room = Room::of(&session.settings);
    index_entries::read_plain(table, index, rows, transaction.pager(), room, &session.interrupt)
}

/// Through the frame, row by row: whatever the index is of.
fn read_entries(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<IndexEntries> {
    let settings = session.settings.clone();
    let mut entries = EntryWriter::new(Room::of(&settings), 1);
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let schema = session.database_name(database).to_owned();
    let plan = target.compile_index(&mut resolver, &schema, &Arc::new(index.clone_definition()))?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let (mut identity, mut entry_key, mut value) = (Vec::new(), Vec::new(), Vec::new());
    // Under a collation of the application, equal entries need not stand side by side.
    let collates = plan.columns.iter().any(|column| column.collation.is_custom());
    let mut labelled = KeySet::default();
    let mut cursor = Cursor::default();
    cursor.open(database, table, &context)?;
    let mut found = cursor.first()?;
    while found {
        context.step()?;
        target.read(Image::New, &cursor, &plan.reads, &mut frame)?;
        if Target::is_indexed(&plan, Image::New, &mut frame, &mut context)? {
            identity.clear();
            match cursor.key() {
                Some(key) => identity.extend_from_slice(key),
                None => identity.extend_from_slice(&key::rowid_bytes(target.rowid(Image::New, &frame))),
            }
            let registers = &plan.image(Image::New).registers;
            let end = End::Identity(&identity, plan.turned.as_ref());
            let (prefix_len, has_null) =
                index_entry(registers, &plan.columns, end, &frame, &mut entry_key, &mut value)?;
            if index.unique && !has_null && collates {
                let mut unique_key = Vec::new();
                for (register, column) in registers.iter().zip(&plan.columns) {
                    let value = frame.register(*register).as_ref();
                    push_column_key(value, *column, &mut unique_key, context.session)?;
                }
                if !labelled.insert(unique_key.into_boxed_slice()) {
                    return Err(unique_violation(table, index));
                }
            }
            entries.push(0, EntryView { key: &entry_key, value: &value, prefix_len, has_null })?;
        }
        found = cursor.next()?;
    }
    let alone = vec![entries.finish()?];
    let interrupt = Arc::clone(&context.session.interrupt);
    Ok(IndexEntries::Keys(KeyEntries::new(KeyRanges::default(), alone, index.unique, interrupt)))
}

impl Index {
    /// What the index is, apart from where it lives.
    fn clone_definition(&self) -> Index {
        Index {
            name: self.name.clone(),
            table: self.table.clone(),
            tree: self.tree,
            columns: self.columns.clone(),
            unique: self.unique,
            on_conflict: self.on_conflict,
            origin: self.origin,
            partial: self.partial.clone(),
            sql: self.sql.clone(),
            hints: RowHints::default(),
        }
    }
}
