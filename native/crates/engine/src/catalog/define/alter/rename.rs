//! RENAME TO and RENAME COLUMN: every text that names the table or the column gets the new name in its place.

use std::sync::Arc;

use pluresdb_sql::ast::{self, ColumnConstraintKind, CreateTableBody, Name, Statement, TableConstraintKind};

use super::mentions::{self, Depth, Object};
use super::text::{self, Edit};
use super::{Alter, Change, check_no_rowid_alias, find_column, sound};
use crate::catalog::define::write::{edit_schema_rows, schema_rows};
use crate::catalog::define::{check_not_reserved, is_reserved};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Table};
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result};

pub(super) fn check_name_is_free(session: &Session, database: DatabaseIndex, to: &Name) -> Result<()> {
    let schema = session.database_name(database);
    if session.find_relation(Some(schema), &to.text).is_some()
        || session.catalog(database).index(&to.text).is_some()
    {
        return Err(Error::error(format!(
            "there is already another table or index with this name: {}",
            to.text
        )));
    }
    Ok(())
}

pub(super) fn prepare_table(to: &Name) -> Result<Change> {
    check_not_reserved(&to.text)?;
    Ok(Change::RenameTable(to.text.to_string()))
}

pub(super) fn prepare_column(table: &Table, from: &Name, to: &Name, source: &Source<'_>) -> Result<Change> {
    let column = find_column(table, from, source)?;
    check_no_rowid_alias(table, &from.text, "rename from")?;
    check_no_rowid_alias(table, &to.text, "rename to")?;
    Ok(Change::RenameColumn { column, to: to.clone() })
}

/// What a text becomes; None leaves it.
type NewText = Option<String>;

impl Alter {
    pub(super) fn rename_table(&self, session: &mut Session, to: &str) -> Result<()> {
        let old = &self.table.name;
        let depth = sound::depth(session);
        edit(session, self.database, &|session, row| {
            let is_concerned = row.kind != ObjectKind::Index || row.table.eq_ignore_ascii_case(old);
            if !is_concerned || is_reserved(&row.name) {
                return Ok(None);
            }
            self.with_new_table(session, self.database, row, to, depth).map(Some)
        })?;
        rename_rows(session, self.database, old, to)?;
        crate::dml::rename_sequence(session, self.database, old, to)?;
        if self.database != DatabaseIndex::TEMP {
            self.rename_in_temp(session, to, depth)?;
        }
        self.finish(session)
    }

    /// Reads the schema anew and looks whether it makes sense.
    fn finish(&self, session: &mut Session) -> Result<()> {
        sound::reload(session, self.database, "rename")?;
        if self.database != DatabaseIndex::TEMP && !session.catalog(DatabaseIndex::TEMP).is_empty() {
            sound::reload(session, DatabaseIndex::TEMP, "rename")?;
        }
        sound::check(session, self.database, "after rename")
    }

    fn rename_in_temp(&self, session: &mut Session, to: &str, depth: Depth) -> Result<()> {
        let old = &self.table.name;
        // A temp trigger on a temp table of that name stays with it.
        let mut follows = Vec::new();
        for (_, values) in schema_rows(session, DatabaseIndex::TEMP)? {
            let row = SchemaRow::from_values(&values)?;
            if row.kind == ObjectKind::Trigger
                && row.table.eq_ignore_ascii_case(old)
                && let Some(sql) = &row.sql
            {
                let object = mentions::resolve(session, DatabaseIndex::TEMP, sql, depth)
                    .map_err(|error| sound::in_object(&row, "after rename", &error))?;
                if object.trigger_on.is_some_and(|(home, _)| home == self.database) {
                    follows.push(row.name);
                }
            }
        }
        edit(session, DatabaseIndex::TEMP, &|session, row| match row.kind {
            ObjectKind::View | ObjectKind::Trigger => {
                self.with_new_table(session, DatabaseIndex::TEMP, row, to, depth).map(Some)
            }
            ObjectKind::Table | ObjectKind::Index => Ok(None),
        })?;
        edit_schema_rows(session, DatabaseIndex::TEMP, &mut |mut row| {
            if row.kind == ObjectKind::Trigger && follows.contains(&row.name) {
                to.clone_into(&mut row.table);
            }
            Ok(row)
        })
    }

    pub(super) fn rename_column(&self, session: &mut Session, column: usize, to: &Name) -> Result<()> {
        sound::check(session, self.database, "")?;
        edit(session, self.database, &|session, row| {
            let is_concerned =
                row.kind != ObjectKind::Index || row.table.eq_ignore_ascii_case(&self.table.name);
            if !is_concerned || is_reserved(&row.name) {
                return Ok(None);
            }
            self.with_new_column(session, self.database, row, column, to).map(Some)
        })?;
        // SQLite does so for a temp table, too, whose views and triggers then have the new name already, and fails for
        // those that look for it in the table as it was.
        edit(session, DatabaseIndex::TEMP, &|session, row| match row.kind {
            ObjectKind::View | ObjectKind::Trigger => {
                self.with_new_column(session, DatabaseIndex::TEMP, row, column, to).map(Some)
            }
            ObjectKind::Table | ObjectKind::Index => Ok(None),
        })?;
        self.finish(session)
    }

    fn with_new_table(
        &self,
        session: &Session,
        database: DatabaseIndex,
        row: &SchemaRow,
        to: &str,
        depth: Depth,
    ) -> Result<String> {
        let sql = row.sql.as_deref().unwrap_or_default();
        let object = mentions::resolve(session, database, sql, depth)
            .map_err(|error| sound::in_object(row, "", &error))?;
        let mut names: Vec<ast::Span> = Vec::new();
        let is_open = depth == Depth::Everything;
        let mentioned = object.references.iter().filter(|mention| mentions::is_table(mention, &self.table));
        match &object.statement {
            Statement::CreateTable(create) => {
                if is_open || session.settings.foreign_keys {
                    names.extend(
                        parents(create).filter(|parent| parent.is(&self.table.name)).map(|name| name.span),
                    );
                }
                if create.name.name.is(&self.table.name) {
                    names.push(create.name.name.span);
                    names.extend(mentioned.map(|mention| mention.span).filter(|_| is_open));
                }
            }
            Statement::CreateIndex(create) => {
                names.push(create.table.span);
                names.extend(mentioned.map(|mention| mention.span).filter(|_| is_open));
            }
            Statement::CreateTrigger(create) => {
                let is_here = object.trigger_on.as_ref().is_some_and(|(home, _)| *home == self.database);
                if is_here && create.table.name.is(&self.table.name) {
                    names.push(create.table.name.span);
                }
                names.extend(mentioned.map(|mention| mention.span));
            }
            _ => names.extend(mentioned.map(|mention| mention.span)),
        }
        let edits = names.into_iter().map(|span| Edit::rename(sql, span, to, true)).collect();
        Ok(text::apply(sql, edits))
    }

    fn with_new_column(
        &self,
        session: &Session,
        database: DatabaseIndex,
        row: &SchemaRow,
        column: usize,
        to: &Name,
    ) -> Result<String> {
        let sql = row.sql.as_deref().unwrap_or_default();
        let object = mentions::resolve(session, database, sql, Depth::Everything)
            .map_err(|error| sound::in_object(row, "", &error))?;
        let spans = self.column_mentions(&object, column);
        let must_quote = text::is_quoted(to);
        let edits = spans.into_iter().map(|span| Edit::rename(sql, span, &to.text, must_quote)).collect();
        Ok(text::apply(sql, edits))
    }

    fn column_mentions(&self, object: &Object, column: usize) -> Vec<ast::Span> {
        let name = &self.table.columns[column].name;
        let mut spans = Vec::new();
        let is_other_table = match &object.statement {
            Statement::CreateTable(create) => {
                let is_own = create.name.name.is(&self.table.name);
                if is_own {
                    spans.extend(own_column(create, column));
                }
                spans.extend(foreign_key_columns(create, &self.table.name, name, is_own));
                !is_own
            }
            _ => false,
        };
        if is_other_table {
            return spans;
        }
        let mentioned =
            object.references.iter().filter(|mention| mentions::is_column(mention, &self.table, column));
        spans.extend(mentioned.map(|mention| mention.span));
        let listed = object.listed.iter().filter(|listed| Arc::ptr_eq(&listed.table, &self.table));
        spans.extend(listed.filter(|listed| listed.name.is(name)).map(|listed| listed.name.span));
        spans
    }
}

/// Gives the texts of a database what `change` makes of them, each resolved in the schema as it was.
fn edit(
    session: &mut Session,
    database: DatabaseIndex,
    change: &dyn Fn(&Session, &SchemaRow) -> Result<NewText>,
) -> Result<()> {
    let mut texts = Vec::new();
    for (_, values) in schema_rows(session, database)? {
        let row = SchemaRow::from_values(&values)?;
        let new = if row.sql.is_some() { change(session, &row)? } else { None };
        texts.push(new.or(row.sql));
    }
    let mut texts = texts.into_iter();
    edit_schema_rows(session, database, &mut |row| {
        let sql = texts.next().unwrap_or_default();
        Ok(SchemaRow { sql, ..row })
    })
}

/// `tbl_name` of what belongs to the table, its own name, and the names of its automatic indexes.
fn rename_rows(session: &mut Session, database: DatabaseIndex, old: &str, to: &str) -> Result<()> {
    edit_schema_rows(session, database, &mut |mut row| {
        if row.kind != ObjectKind::View && row.table.eq_ignore_ascii_case(old) {
            to.clone_into(&mut row.table);
            match row.kind {
                ObjectKind::Table => to.clone_into(&mut row.name),
                ObjectKind::Index if row.sql.is_none() => {
                    let number = row.name.rsplit('_').next().unwrap_or_default();
                    row.name = format!("sqlite_autoindex_{to}_{number}");
                }
                ObjectKind::Index | ObjectKind::View | ObjectKind::Trigger => {}
            }
        }
        Ok(row)
    })
}

fn foreign_keys(create: &ast::CreateTable) -> Vec<(Vec<&Name>, &ast::ForeignKeyClause)> {
    let CreateTableBody::Columns { columns, constraints, .. } = &create.body else { return Vec::new() };
    let of_columns = columns.iter().flat_map(|column| {
        column.constraints.iter().filter_map(move |constraint| match &constraint.kind {
            ColumnConstraintKind::ForeignKey(clause) => Some((vec![&column.name], clause)),
            _ => None,
        })
    });
    let of_table = constraints.iter().filter_map(|constraint| match &constraint.kind {
        TableConstraintKind::ForeignKey { columns, clause } => Some((columns.iter().collect(), clause)),
        _ => None,
    });
    of_columns.chain(of_table).collect()
}

fn parents(create: &ast::CreateTable) -> impl Iterator<Item = &Name> {
    foreign_keys(create).into_iter().map(|(_, clause)| &clause.table)
}

/// The column's definition.
fn own_column(create: &ast::CreateTable, column: usize) -> Option<ast::Span> {
    let CreateTableBody::Columns { columns, .. } = &create.body else { return None };
    Some(columns.get(column)?.name.span)
}

/// Columns of foreign keys: the child's when the table is the altered one, the parent's when they refer to it.
fn foreign_key_columns(create: &ast::CreateTable, table: &str, column: &str, is_own: bool) -> Vec<ast::Span> {
    let mut spans = Vec::new();
    for (children, clause) in foreign_keys(create) {
        if is_own {
            spans.extend(children.iter().filter(|name| name.is(column)).map(|name| name.span));
        }
        if clause.table.is(table) {
            spans
                .extend(clause.columns.iter().flatten().filter(|name| name.is(column)).map(|name| name.span));
        }
    }
    spans
}
