//! ADD CHECK, DROP CONSTRAINT, SET NOT NULL and DROP NOT NULL.

use std::sync::Arc;

use pluresdb_sql::ast::{self, Name, Span, Statement};

use super::text::{self, Added};
use super::{Alter, mentions, sound};
use crate::catalog::DatabaseIndex;
use crate::catalog::Table;
use crate::catalog::define::validate::{self, Place};
use crate::catalog::define::write::edit_schema_rows;
use crate::resolve::Resolver;
use crate::session::Session;
use crate::statement::{RunningQuery, Source};
use crate::{Error, Result, ResultCode};

/// SQLite's numbers for result codes, which its own queries name.
const SQLITE_ERROR: u8 = 1;
const SQLITE_CONSTRAINT: u8 = 19;

/// A CHECK on its way into a table.
pub(super) struct AddedCheck {
    name: Option<String>,
    /// The expression alone, and the constraint as it is written into the table's text.
    expr: String,
    constraint: String,
}

impl AddedCheck {
    /// The first of the queries by which SQLite looks whether the constraint can be added.
    pub fn complaint_column(&self) -> String {
        match &self.name {
            Some(name) => complaint_column(&format!("constraint {name} already exists"), SQLITE_ERROR),
            None => failed_column(),
        }
    }
}

pub(super) fn failed_column() -> String {
    complaint_column("constraint failed", SQLITE_CONSTRAINT)
}

fn complaint_column(complaint: &str, code: u8) -> String {
    format!("sqlite_fail('{}', {code})", complaint.replace('\'', "''"))
}

pub(super) fn prepare_check(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    name: Option<&Name>,
    check: &ast::Check,
    span: Span,
    source: &Source<'_>,
) -> Result<AddedCheck> {
    validate::check_expr(session, database, table, &check.expr, source.text, Place::Check)?;
    Ok(AddedCheck {
        name: name.map(|name| name.text.to_string()),
        expr: check.text.text(source.text).to_owned(),
        constraint: written(source, span),
    })
}

/// The constraint that starts at `span`, with what SQLite keeps of the comments behind it.
pub(super) fn written(source: &Source<'_>, span: Span) -> String {
    text::constraint_text(&source.text[..source.parsed.end], span.start as usize)
}

pub(super) fn find_column(table: &Table, name: &Name) -> Result<usize> {
    let found = table.columns.iter().position(|column| name.is(&column.name));
    found.ok_or_else(|| Error::error(format!("no such column: {}", name.text)))
}

impl Alter {
    pub(super) fn add_check(&self, session: &mut Session, added: &AddedCheck) -> Result<()> {
        if let Some(name) = &added.name
            && text::has_constraint(&self.table.sql, name)?
        {
            return Err(Error::error(format!("constraint {name} already exists")));
        }
        self.check_no_row(session, &format!("({}) IS FALSE", added.expr))?;
        self.edit_constraints(session, &|sql| text::with_constraint(sql, &added.constraint, Added::Table))
    }

    pub(super) fn set_not_null(&self, session: &mut Session, column: usize, constraint: &str) -> Result<()> {
        let name = quoted(&self.table.columns[column].name);
        self.check_no_row(session, &format!("{name} IS NULL"))?;
        self.edit_constraints(session, &|sql| {
            let without = text::without_constraint(sql, text::Dropped::NotNull(column))?;
            text::with_constraint(&without, constraint, Added::Column(column))
        })
    }

    pub(super) fn edit_constraints(
        &self,
        session: &mut Session,
        edit: &dyn Fn(&str) -> Result<String>,
    ) -> Result<()> {
        edit_schema_rows(session, self.database, &mut |mut row| {
            if self.is_own(&row)
                && let Some(sql) = &row.sql
            {
                row.sql = Some(edit(sql)?);
            }
            Ok(row)
        })?;
        sound::reload(session, self.database, "drop constraint")
    }

    /// Fails when a row of the table meets the condition.
    fn check_no_row(&self, session: &mut Session, condition: &str) -> Result<()> {
        let schema = quoted(session.database_name(self.database));
        let sql = format!("SELECT 1 FROM {schema}.{} WHERE {condition}", quoted(&self.table.name));
        let Statement::Select(select) = mentions::parse(&sql)? else { return Err(text::malformed()) };
        let mut resolver = Resolver::new(session, &sql, 0);
        let resolved = resolver.resolve_select(&select)?;
        let mut query = RunningQuery::plan(&resolved, resolver.finish()?, session)?;
        let found = query.start(session, &[]).and_then(|()| query.next(session, &[]));
        query.close();
        if found? {
            return Err(Error::new(ResultCode::Constraint, "constraint failed"));
        }
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
