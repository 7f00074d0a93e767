//! CREATE INDEX and REINDEX: the entries of all rows are made, sorted, and built into a tree in one go.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::new_object::add_object;
use super::validate::{self, Place};
use super::write::edit_schema_rows;
use super::{Definition, check_not_reserved, is_reserved, stored_sql_with_comments};
use crate::catalog::{DatabaseIndex, Index, IndexTerm, ObjectKind, SchemaRow, Table, TreeId, build_index};
use crate::dml::{Image, Target, index_entry, no_such_table, unique_violation};
use crate::execute::{Context, Cursor, Frame, KeySet, key_order, push_column_key};
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

pub(super) fn prepare(
    session: &Session,
    create: &ast::CreateIndex,
    source: &Source<'_>,
) -> Result<Definition> {
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
            Ok(Definition::Nothing)
        } else {
            Err(Error::error(format!("index {name} already exists")))
        };
    }
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
        let mut index = self.index.take().ok_or_else(|| Error::error("the index was made already"))?;
        index.tree = build_tree(session, self.database, &self.table, &index)?;
        let (kind, table) = (ObjectKind::Index, &self.table.name);
        let row = SchemaRow::new(kind, &index.name, table, Some(index.tree), Some(&self.sql));
        add_object(session, self.database, &row, |catalog| catalog.add_index(Arc::new(index)))
    }
}

/// Builds an index's entries again, into a new tree.
pub(crate) fn rebuild_index(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<()> {
    let tree = build_tree(session, database, table, index)?;
    session.transaction_mut(database).drop_tree(index.tree)?;
    let name = index.name.clone();
    edit_schema_rows(session, database, &mut |mut row| {
        if row.kind == ObjectKind::Index && row.name == name {
            row.tree = Some(tree);
        }
        Ok(Some(row))
    })?;
    super::write::reload(session, database)
}

/// The entries of an index being built, one after the other in one arena.
#[derive(Default)]
struct Entries {
    arena: Vec<u8>,
    entries: Vec<Entry>,
    /// Indexes into `entries` by key, once they are sorted.
    order: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    /// The indexed values, without the row's identity.
    prefix_len: u32,
    key_len: u32,
    value_len: u32,
    has_null: bool,
}

impl Entries {
    fn push(&mut self, prefix_len: usize, key: &[u8], value: &[u8], has_null: bool) -> Result<()> {
        let len = |len: usize| {
            u32::try_from(len).map_err(|_| Error::new(ResultCode::TooBig, "string or blob too big"))
        };
        let (prefix_len, key_len, value_len) = (len(prefix_len)?, len(key.len())?, len(value.len())?);
        self.entries.push(Entry { start: self.arena.len(), prefix_len, key_len, value_len, has_null });
        self.arena.extend_from_slice(key);
        self.arena.extend_from_slice(value);
        Ok(())
    }

    fn key(&self, entry: Entry) -> &[u8] {
        &self.arena[entry.start..entry.start + entry.key_len as usize]
    }

    fn prefix(&self, entry: Entry) -> &[u8] {
        &self.arena[entry.start..entry.start + entry.prefix_len as usize]
    }

    fn value(&self, entry: Entry) -> &[u8] {
        let value = entry.start + entry.key_len as usize;
        &self.arena[value..value + entry.value_len as usize]
    }

    /// By key, key and value.
    fn sorted(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.order.iter().map(|index| {
            let entry = self.entries[*index as usize];
            (self.key(entry), self.value(entry))
        })
    }

    /// Whether two rows have the same indexed values, none of them NULL. Asked of sorted entries.
    fn has_repeated(&self) -> bool {
        self.order.windows(2).any(|pair| {
            let (one, other) = (self.entries[pair[0] as usize], self.entries[pair[1] as usize]);
            !one.has_null && self.prefix(one) == self.prefix(other)
        })
    }

    fn sort(&mut self) {
        self.order = key_order::sorted(self.entries.len(), |index| self.key(self.entries[index]));
    }
}

fn build_tree(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<TreeId> {
    let entries = sorted_entries(session, database, table, index)?;
    session.transaction_mut(database).build_key_tree(entries.sorted())
}

/// Gives an index whose tree is empty the entries of all rows.
pub(crate) fn fill_index(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<()> {
    let entries = sorted_entries(session, database, table, index)?;
    session.transaction_mut(database).fill_key_tree(index.tree, entries.sorted())
}

/// The entries of all rows, sorted.
fn sorted_entries(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    index: &Index,
) -> Result<Entries> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let schema = session.database_name(database).to_owned();
    let plan = target.compile_index(&mut resolver, &schema, &Arc::new(index.clone_definition()))?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let mut entries = Entries::default();
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
            let (prefix_len, has_null) =
                index_entry(registers, &plan.columns, Some(&identity), &frame, &mut entry_key, &mut value);
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
            entries.push(prefix_len, &entry_key, &value, has_null)?;
        }
        found = cursor.next()?;
    }
    entries.sort();
    if index.unique && entries.has_repeated() {
        return Err(unique_violation(table, index));
    }
    Ok(entries)
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
        }
    }
}
