//! ALTER TABLE: edits the texts in `sqlite_schema`, reads the schema anew, and looks whether it still makes sense.
//!
//!     prepare ─ what the statement alone can have wrong
//!     run     ─ rows the change does not suit ─ texts ─ reload ─ every view and trigger resolved again
//!
//! A column that is added or dropped costs nothing for the rows there are: they are shorter than the table is wide, or
//! keep a slot nobody reads. Only an added generated column is computed for every row.
//!
//! | module | decides |
//! |---|---|
//! | `rename` | RENAME TO, RENAME COLUMN |
//! | `column` | ADD COLUMN, DROP COLUMN |
//! | `constraint` | ADD CHECK, DROP CONSTRAINT, SET and DROP NOT NULL |
//! | `mentions` | what the names in a text stand for |
//! | `sound` | whether the schema makes sense before and after |
//! | `text` | edits of texts |

mod column;
mod constraint;
mod mentions;
mod rename;
mod sound;
mod text;

use std::sync::Arc;

use pluresdb_sql::ast::{self, AlterAction, Name};

use super::{Definition, is_reserved, virtual_table};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Table};
use crate::dml::no_such_table;
use crate::resolve::{Relation, Resolver, VirtualRelation};
use crate::session::Session;
use crate::statement::{Effect, Source};
use crate::{Error, Result};

pub(crate) struct Alter {
    pub database: DatabaseIndex,
    table: Arc<Table>,
    change: Change,
    /// SQLite's statement has a result column where it looks at rows with a query of its own.
    column: Option<String>,
}

enum Change {
    RenameTable(String),
    RenameColumn { column: usize, to: Name },
    AddColumn(Box<column::Added>),
    DropColumn(usize),
    AddCheck(constraint::AddedCheck),
    DropConstraint(String),
    SetNotNull { column: usize, constraint: String },
    DropNotNull(usize),
}

/// The table, where SQLite goes on to ask whether it may be altered.
pub(super) fn find(session: &Session, alter: &ast::AlterTable) -> Option<Arc<Table>> {
    let schema = alter.table.schema.as_ref().map(|schema| &*schema.text);
    let (database, table) = session.find_table(schema, &alter.table.name.text)?;
    let is_sound = match &alter.action {
        AlterAction::RenameTable(to) => {
            rename::check_name_is_free(session, database, to).is_ok() && rename::prepare_table(to).is_ok()
        }
        AlterAction::AddColumn(added) => !table.columns.iter().any(|column| added.name.is(&column.name)),
        _ => true,
    };
    (is_sound && !table.is_system && !is_reserved(&table.name)).then_some(table)
}

pub(super) fn prepare(session: &Session, alter: &ast::AlterTable, source: &Source<'_>) -> Result<Definition> {
    let schema = alter.table.schema.as_ref().map(|schema| &*schema.text);
    let (database, table) = match session.find_relation(schema, &alter.table.name.text) {
        Some(Relation::Table(database, table)) => (database, table),
        Some(Relation::View(database, view)) => {
            return Err(view_error(session, database, &alter.action, &view.name));
        }
        Some(Relation::Virtual(table)) => return prepare_virtual(session, alter, &table),
        None if schema.is_none() && is_table_function(session, &alter.table.name.text) => {
            return Err(Error::error(format!("table {} may not be altered", alter.table.name.text)));
        }
        None => return Err(no_such_table(schema, &alter.table.name.text)),
    };
    if let AlterAction::RenameTable(to) = &alter.action {
        rename::check_name_is_free(session, database, to)?;
    }
    if table.is_system || is_reserved(&table.name) {
        return Err(Error::error(format!("table {} may not be altered", table.name)));
    }
    let mut column = None;
    let change = match &alter.action {
        AlterAction::RenameTable(to) => rename::prepare_table(to)?,
        AlterAction::RenameColumn { from, to } => rename::prepare_column(&table, from, to, source)?,
        AlterAction::AddColumn(definition) => {
            let added = column::prepare_add(session, &table, definition, source)?;
            column = added.complaint_column();
            Change::AddColumn(Box::new(added))
        }
        AlterAction::DropColumn(name) => column::prepare_drop(session, database, &table, name, source)?,
        AlterAction::AddCheck { name, check, span, .. } => {
            let added =
                constraint::prepare_check(session, database, &table, name.as_ref(), check, *span, source)?;
            column = Some(added.complaint_column());
            Change::AddCheck(added)
        }
        AlterAction::DropConstraint(name) => Change::DropConstraint(name.text.to_string()),
        AlterAction::SetNotNull { column: name, span, .. } => {
            column = Some(constraint::failed_column());
            let constraint = constraint::written(source, *span);
            Change::SetNotNull { column: constraint::find_column(&table, name)?, constraint }
        }
        AlterAction::DropNotNull(name) => Change::DropNotNull(constraint::find_column(&table, name)?),
    };
    if matches!(change, Change::RenameTable(_) | Change::RenameColumn { .. } | Change::DropColumn(_)) {
        // The objects of temp are looked at, too.
        session.note_named(DatabaseIndex::TEMP);
    }
    Ok(Definition::Alter(Box::new(Alter { database, table, change, column })))
}

/// A virtual table has a new name at most: its columns are its module's.
fn prepare_virtual(
    session: &Session,
    alter: &ast::AlterTable,
    table: &VirtualRelation,
) -> Result<Definition> {
    let name = table.name();
    Err(match &alter.action {
        AlterAction::AddColumn(_) => Error::error("virtual tables may not be altered"),
        AlterAction::RenameTable(to) => {
            return virtual_table::prepare_rename(session, table, &to.text);
        }
        _ if matches!(table, VirtualRelation::Eponymous(_)) => {
            Error::error(format!("table {name} may not be altered"))
        }
        AlterAction::RenameColumn { .. } => {
            Error::error(format!("cannot rename columns of virtual table \"{name}\""))
        }
        AlterAction::DropColumn(_) => {
            Error::error(format!("cannot drop column from virtual table \"{name}\""))
        }
        AlterAction::AddCheck { .. }
        | AlterAction::DropConstraint(_)
        | AlterAction::SetNotNull { .. }
        | AlterAction::DropNotNull(_) => {
            Error::error(format!("cannot edit constraints of virtual table \"{name}\""))
        }
    })
}

fn view_error(session: &Session, database: DatabaseIndex, action: &AlterAction, view: &str) -> Error {
    match action {
        AlterAction::AddColumn(_) => Error::error("Cannot add a column to a view"),
        AlterAction::RenameTable(to) => match rename::check_name_is_free(session, database, to) {
            Ok(()) => Error::error(format!("view {view} may not be altered")),
            Err(taken) => taken,
        },
        AlterAction::RenameColumn { .. } => Error::error(format!("cannot rename columns of view \"{view}\"")),
        AlterAction::DropColumn(_) => Error::error(format!("cannot drop column from view \"{view}\"")),
        AlterAction::AddCheck { .. }
        | AlterAction::DropConstraint(_)
        | AlterAction::SetNotNull { .. }
        | AlterAction::DropNotNull(_) => Error::error(format!("cannot edit constraints of view \"{view}\"")),
    }
}

/// Whether the name is a table that is a function, such as `json_each`.
fn is_table_function(session: &Session, name: &str) -> bool {
    let sql = format!("SELECT 1 FROM \"{}\"", name.replace('"', "\"\""));
    let Ok(ast::Statement::Select(select)) = mentions::parse(&sql) else { return false };
    Resolver::new(session, &sql, 0).unasked().resolve_select(&select).is_ok()
}

/// The column of that name, in the words of RENAME and DROP: the name as it was written.
fn find_column(table: &Table, name: &Name, source: &Source<'_>) -> Result<usize> {
    let found = table.columns.iter().position(|column| name.is(&column.name));
    found.ok_or_else(|| Error::error(format!("no such column: \"{}\"", name.span.text(source.text))))
}

/// `rowid` and its like stay free in tables that have one.
fn check_no_rowid_alias(table: &Table, name: &str, verb: &str) -> Result<()> {
    let is_rowid = ["rowid", "oid", "_rowid_"].iter().any(|rowid| rowid.eq_ignore_ascii_case(name));
    if is_rowid && !table.without_rowid {
        return Err(Error::error(format!("cannot {verb} rowid alias: {name}")));
    }
    Ok(())
}

impl Alter {
    pub fn effect(&self) -> Effect {
        match self.change {
            // Temp views and triggers may name it.
            Change::RenameTable(_) | Change::RenameColumn { .. } => {
                Effect::of([self.database, DatabaseIndex::TEMP])
            }
            _ => Effect::Write(self.database),
        }
    }

    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        match &self.change {
            Change::RenameTable(to) => self.rename_table(session, to),
            Change::RenameColumn { column, to } => self.rename_column(session, *column, to),
            Change::AddColumn(added) => self.add_column(session, added),
            Change::DropColumn(column) => self.drop_column(session, *column),
            Change::AddCheck(added) => self.add_check(session, added),
            Change::DropConstraint(name) => self.edit_constraints(session, &|sql| {
                text::without_constraint(sql, text::Dropped::Constraint(name))
            }),
            Change::SetNotNull { column, constraint } => self.set_not_null(session, *column, constraint),
            Change::DropNotNull(column) => self.edit_constraints(session, &|sql| {
                text::without_constraint(sql, text::Dropped::NotNull(*column))
            }),
        }
    }

    /// Whether the row of `sqlite_schema` is the altered table's own.
    fn is_own(&self, row: &SchemaRow) -> bool {
        row.kind == ObjectKind::Table && row.name.eq_ignore_ascii_case(&self.table.name)
    }
}
