//! ADD COLUMN and DROP COLUMN.

use std::sync::Arc;

use pluresdb_sql::ast::{self, ColumnConstraintKind, Name, Statement};
use pluresdb_value::{Value, key};

use super::{Alter, Change, check_no_rowid_alias, find_column, mentions, sound, text};
use crate::catalog::define::table::for_each_row;
use crate::catalog::define::validate;
use crate::catalog::define::write::edit_schema_rows;
use crate::catalog::{
    Column, DatabaseIndex, IndexOrigin, Layout, MAX_COLUMNS, Table, build_column, check_constant_default,
};
use crate::dml::{Image, Target};
use crate::execute::{Context, Frame, corrupt};
use crate::resolve::Resolver;
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result, ResultCode};

/// A column on its way into a table.
pub(super) struct Added {
    column: Column,
    text: String,
    has_check: bool,
    /// What forbids it in a table that has rows, in SQLite's order.
    complaint: Option<&'static str>,
}

impl Added {
    /// SQLite asks for a row with a query that raises the complaint.
    pub fn complaint_column(&self) -> Option<String> {
        self.complaint.map(|complaint| format!("raise(ABORT,'{complaint}')"))
    }
}

pub(super) fn prepare_add(
    session: &Session,
    table: &Arc<Table>,
    definition: &ast::ColumnDefinition,
    source: &Source<'_>,
) -> Result<Added> {
    let name = &definition.name;
    if table.columns.len() >= session.settings.max_column.min(MAX_COLUMNS) {
        return Err(Error::error(format!("too many columns on sqlite_altertab_{}", table.name)));
    }
    if table.columns.iter().any(|column| name.is(&column.name)) {
        return Err(Error::error(format!("duplicate column name: {}", name.text)));
    }
    let column = build_column(definition, table.next_slot, source.text)?;
    validate::check_collation(session, column.collation)?;
    let has_foreign_key = check_constraints(definition, &column)?;
    check_no_rowid_alias(table, &column.name, "add")?;
    check_constant_default(&column)?;
    let mut end = source.parsed.end;
    let start = name.span.start as usize;
    while let Some(b';' | b' ' | b'\t'..=b'\r') = source.text.as_bytes().get(end - 1) {
        end -= 1;
    }
    let is_check =
        |constraint: &ast::ColumnConstraint| matches!(constraint.kind, ColumnConstraintKind::Check(_));
    Ok(Added {
        complaint: complaint(&column, has_foreign_key && session.settings.foreign_keys),
        text: source.text[start..end].to_owned(),
        has_check: definition.constraints.iter().any(is_check),
        column,
    })
}

/// Keys cannot be added; tells whether the column refers to a parent.
fn check_constraints(definition: &ast::ColumnDefinition, column: &Column) -> Result<bool> {
    let name = &definition.name.text;
    let mut has_foreign_key = false;
    let mut key = None;
    for constraint in &definition.constraints {
        match &constraint.kind {
            ColumnConstraintKind::PrimaryKey { autoincrement, order, .. } => {
                let is_rowid = column.declared_type.eq_ignore_ascii_case("INTEGER")
                    && *order != Some(ast::SortOrder::Descending);
                if *autoincrement && !is_rowid {
                    return Err(Error::error("AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY"));
                }
                key = Some("PRIMARY KEY");
            }
            ColumnConstraintKind::Unique { .. } => {
                key.get_or_insert("UNIQUE");
            }
            ColumnConstraintKind::ForeignKey(clause) => {
                has_foreign_key = true;
                if clause.columns.as_ref().is_some_and(|parents| parents.len() != 1) {
                    return Err(Error::error(format!(
                        "foreign key on {name} should reference only one column of table {}",
                        clause.table.text
                    )));
                }
            }
            _ => {}
        }
    }
    match key {
        Some(key) => Err(Error::error(format!("Cannot add a {key} column"))),
        None => Ok(has_foreign_key),
    }
}

fn complaint(column: &Column, refers: bool) -> Option<&'static str> {
    if let Some(generated) = &column.generated {
        return generated.stored.then_some("cannot add a STORED column");
    }
    let default = column.default.as_ref().filter(|default| !is_null(&default.expr));
    if refers && default.is_some() {
        return Some("Cannot add a REFERENCES column with non-NULL default value");
    }
    if column.not_null.is_some() && default.is_none() {
        return Some("Cannot add a NOT NULL column with default value NULL");
    }
    let is_constant = default.is_none_or(|default| crate::execute::is_stored_constant(&default.expr));
    (!is_constant).then_some("Cannot add a column with non-constant default")
}

fn is_null(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Literal(ast::Literal::Null))
}

pub(super) fn prepare_drop(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    name: &Name,
    source: &Source<'_>,
) -> Result<Change> {
    let column = find_column(table, name, source)?;
    check_no_rowid_alias(table, &name.text, "drop")?;
    let shown = &name.text;
    if table.primary_key.iter().any(|key| key.column == column) {
        return Err(Error::error(format!("cannot drop PRIMARY KEY column: \"{shown}\"")));
    }
    if is_unique_by_itself(session, database, table, column)? {
        return Err(Error::error(format!("cannot drop UNIQUE column: \"{shown}\"")));
    }
    if table.columns.len() == 1 {
        return Err(Error::error(format!("cannot drop column \"{shown}\": no other columns exist")));
    }
    Ok(Change::DropColumn(column))
}

/// Whether the column's own definition says UNIQUE.
fn is_unique_by_itself(
    session: &Session,
    database: DatabaseIndex,
    table: &Table,
    column: usize,
) -> Result<bool> {
    let indexes = session.catalog(database).indexes_of(&table.name);
    if !indexes.iter().any(|index| index.origin == IndexOrigin::Unique) {
        return Ok(false);
    }
    let Statement::CreateTable(create) = mentions::parse(&table.sql)? else { return Ok(false) };
    let ast::CreateTableBody::Columns { columns, .. } = &create.body else { return Ok(false) };
    let constraints = columns.get(column).map_or(&[][..], |column| column.constraints.as_slice());
    Ok(constraints.iter().any(|constraint| matches!(constraint.kind, ColumnConstraintKind::Unique { .. })))
}

impl Alter {
    pub(super) fn add_column(&self, session: &mut Session, added: &Added) -> Result<()> {
        if let Some(complaint) = added.complaint
            && !is_empty(session, self.database, &self.table)?
        {
            return Err(Error::error(complaint));
        }
        edit_schema_rows(session, self.database, &mut |mut row| {
            if self.is_own(&row)
                && let Some(sql) = &row.sql
            {
                let Statement::CreateTable(create) = mentions::parse(sql)? else {
                    return Err(text::malformed());
                };
                let at = text::end_of_columns(&create, sql)?;
                row.sql = Some(format!("{}, {}{}", &sql[..at], added.text, &sql[at..]));
                if let Some(layout) = &mut row.layout {
                    layout.slots.push(layout.next_slot);
                    layout.next_slot += 1;
                }
            }
            Ok(row)
        })?;
        sound::reload(session, self.database, "add column")?;
        let Some(table) = session.catalog(self.database).table(&self.table.name).cloned() else {
            return Ok(());
        };
        let is_generated = added.column.generated.is_some();
        let must_check = added.has_check || (is_generated && added.column.not_null.is_some()) || table.strict;
        if must_check || is_generated {
            look_at_rows(session, self.database, &table, must_check, is_generated)?;
        }
        Ok(())
    }

    pub(super) fn drop_column(&self, session: &mut Session, column: usize) -> Result<()> {
        sound::check(session, self.database, "")?;
        let table = &self.table;
        edit_schema_rows(session, self.database, &mut |mut row| {
            if self.is_own(&row)
                && let Some(sql) = &row.sql
            {
                let Statement::CreateTable(create) = mentions::parse(sql)? else {
                    return Err(text::malformed());
                };
                row.sql = Some(text::without_column(&create, sql, column)?);
                let mut slots: Vec<u32> = table.columns.iter().map(|column| column.slot).collect();
                slots.remove(column);
                row.layout = Some(Layout { slots, next_slot: table.next_slot });
            }
            Ok(row)
        })?;
        sound::reload(session, self.database, "drop column")?;
        sound::check(session, self.database, "after drop column")
    }
}

fn is_empty(session: &Session, database: DatabaseIndex, table: &Table) -> Result<bool> {
    let transaction = session.transaction(database);
    Ok(if table.without_rowid {
        transaction.key_tree(table.tree)?.is_empty()
    } else {
        transaction.row_tree(table.tree)?.is_empty()
    })
}

/// What ADD COLUMN says where a row there is cannot take the column.
fn in_existing_row(error: Error, is_generated: bool) -> Error {
    match error.code {
        ResultCode::ConstraintCheck => Error::error("CHECK constraint failed"),
        ResultCode::ConstraintNotNull => Error::error("NOT NULL constraint failed"),
        // SQLite cannot even read the row then, and has no more to say about it.
        ResultCode::ConstraintDatatype if is_generated => Error::new(error.code, "constraint failed"),
        ResultCode::ConstraintDatatype => Error::error("type mismatch on DEFAULT"),
        _ => error,
    }
}

/// Computes what a new generated column is in the rows there are, and checks the rows against their constraints.
fn look_at_rows(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    must_check: bool,
    must_write: bool,
) -> Result<()> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let mut packed = Vec::new();
    for_each_row(&mut context, database, table, &mut |context, identity, record| {
        target.unpack(Image::New, record, &mut frame)?;
        let rowid = if table.without_rowid { 0 } else { key::decode_rowid(identity).map_err(corrupt)? };
        frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
        let completed = target.complete_row(&mut frame, context);
        completed.map_err(|error| in_existing_row(error, must_write))?;
        if must_check {
            let checked = target.check_row(None, None, &mut frame, context);
            let checked = checked.and_then(|_| target.check_types(&frame, context));
            checked.map_err(|error| in_existing_row(error, must_write))?;
        }
        if !must_write {
            return Ok(());
        }
        target.pack(Image::New, &frame, &mut packed);
        let transaction = context.session.transaction_mut(database);
        if table.without_rowid {
            transaction.put_key(table.tree, identity, &packed, Some(record))
        } else {
            transaction.put_row(table.tree, rowid, &packed, Some(record))
        }
    })
}
