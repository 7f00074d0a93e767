//! CREATE, DROP and ALTER as statements.
//!
//! `prepare` finds everything that can be wrong and answers as SQLite does at prepare; `run` makes the trees, writes
//! the rows of `sqlite_schema` and hands the transaction a new catalog. A statement is prepared again when the schema
//! has changed in between, so `run` relies on what `prepare` saw.
//!
//! | module | statement |
//! |---|---|
//! | `table` | CREATE TABLE, also AS SELECT |
//! | `index` | CREATE INDEX, REINDEX |
//! | `view`, `trigger` | CREATE VIEW, CREATE TRIGGER |
//! | `drop` | DROP |
//! | `alter` | ALTER TABLE |
//! | `edit_schema` | UPDATE and DELETE of `sqlite_schema` itself |
//! | `validate` | what expressions of a definition may hold |
//! | `hash_order` | the order in which SQLite walks a database's tables |
//! | `renumber` | the rows of `sqlite_schema` as VACUUM numbers them |
//! | `write` | rows of `sqlite_schema`, catalogs |

mod alter;
mod drop;
mod edit_schema;
pub(crate) mod hash_order;
mod index;
mod index_entries;
mod new_object;
mod own_database;
mod renumber;
mod table;
mod trigger;
mod validate;
mod view;
mod virtual_table;
mod write;

use pluresdb_sql::ast;
use pluresdb_value::Value;

pub(crate) use hash_order::{RelationOrder, relations_in_order, tables_in_order};
pub(crate) use index::{fill_index, rebuild_index};
pub(crate) use renumber::renumber_schema;
pub(crate) use table::{create_internal_table, for_each_row};
pub(crate) use write::{insert_schema_row, reload, schema_rows};

use super::{DatabaseIndex, Index, IndexTerm};
use crate::session::Session;
use crate::statement::{Effect, Source};
use crate::{Error, Result};

pub(crate) enum Definition {
    /// IF NOT EXISTS of something that exists, IF EXISTS of something that does not.
    Nothing,
    CreateTable(Box<table::CreateTable>),
    CreateIndex(Box<index::CreateIndex>),
    CreateView(Box<view::CreateView>),
    CreateTrigger(Box<trigger::CreateTrigger>),
    CreateVirtualTable(Box<virtual_table::CreateVirtualTable>),
    RenameVirtualTable(Box<virtual_table::RenameVirtualTable>),
    Drop(Box<drop::Drop>),
    Alter(Box<alter::Alter>),
    EditSchema(Box<edit_schema::EditSchema>),
}

impl Definition {
    pub fn is_nothing(&self) -> bool {
        matches!(self, Definition::Nothing)
    }

    pub fn prepare(session: &Session, statement: &ast::Statement, source: &Source<'_>) -> Result<Definition> {
        match statement {
            ast::Statement::CreateTable(create) => table::prepare(session, create, source),
            ast::Statement::CreateIndex(create) => index::prepare(session, create, source),
            ast::Statement::CreateView(create) => view::prepare_view(session, create, source),
            ast::Statement::CreateTrigger(create) => trigger::prepare(session, create, source),
            ast::Statement::Drop(drop) => Definition::prepare_drop(session, drop),
            ast::Statement::AlterTable(alter) => alter::prepare(session, alter, source),
            ast::Statement::CreateVirtualTable(create) => virtual_table::prepare(session, create, source),
            _ => Err(Error::error("not a definition")),
        }
    }

    /// What SQLite finds wrong with a definition whose text goes wrong further on: it acts while it reads.
    pub fn check_begun(session: &Session, begun: &ast::Statement, text: &str) -> Result<()> {
        match begun {
            ast::Statement::CreateTable(create) => table::check_begun(session, create, text),
            ast::Statement::CreateTrigger(create) => {
                trigger::find_place(session, create, create.name.name.span.text(text)).map(drop)
            }
            ast::Statement::CreateVirtualTable(create) => {
                virtual_table::new_name(create).find_place(session, text).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// A change of `sqlite_schema` itself; None: the statement is none, or a connection like this may not.
    pub fn prepare_edit(
        session: &Session,
        statement: &ast::Statement,
        source: &Source<'_>,
    ) -> Result<Option<Definition>> {
        let edit = edit_schema::prepare(session, statement, source)?;
        Ok(edit.map(|edit| Definition::EditSchema(Box::new(edit))))
    }

    pub fn prepare_drop(session: &Session, drop: &ast::Drop) -> Result<Definition> {
        drop::prepare(session, drop)
    }

    /// Whether SQLite comes to ask the authorizer for the statement: what it finds wrong before is not asked for. What is
    /// wrong, or that there is nothing to do, `prepare` tells.
    pub fn is_asked_for(session: &Session, statement: &ast::Statement) -> bool {
        match statement {
            ast::Statement::CreateTable(create) => {
                database_for(session, &create.name, create.temporary).is_ok()
                    && check_not_reserved(&create.name.name.text).is_ok()
            }
            ast::Statement::CreateView(create) => {
                database_for(session, &create.name, create.temporary).is_ok()
                    && check_not_reserved(&create.name.name.text).is_ok()
            }
            ast::Statement::CreateIndex(create) => index::find_place(session, create).is_ok_and(is_some),
            ast::Statement::CreateTrigger(create) => {
                trigger::find_place(session, create, &create.name.name.text).is_ok_and(is_some)
            }
            ast::Statement::AlterTable(alter) => alter::find(session, alter).is_some(),
            _ => true,
        }
    }

    /// The one result column that some forms of ALTER TABLE have.
    pub fn column(&self) -> Option<&str> {
        match self {
            Definition::Alter(alter) => alter.column(),
            _ => None,
        }
    }

    pub fn effect(&self) -> Effect {
        match self {
            Definition::Nothing => Effect::Read,
            Definition::CreateTable(create) => Effect::Write(create.database),
            Definition::CreateIndex(create) => Effect::Write(create.database),
            Definition::CreateView(create) => Effect::Write(create.database),
            Definition::CreateTrigger(create) => Effect::Write(create.database),
            Definition::CreateVirtualTable(create) => Effect::Write(create.database),
            Definition::RenameVirtualTable(rename) => Effect::Write(rename.database),
            Definition::Drop(drop) => drop.effect(),
            Definition::Alter(alter) => alter.effect(),
            Definition::EditSchema(edit) => Effect::Write(edit.database),
        }
    }

    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        match self {
            Definition::Nothing => Ok(()),
            Definition::RenameVirtualTable(rename) => rename.run(session),
            Definition::EditSchema(edit) => edit.run(session, parameters),
            Definition::Alter(alter) => {
                alter.run(session)?;
                session.known_views.forget();
                hash_order::forget_altered(session, alter.database);
                Ok(())
            }
            Definition::CreateTable(create) => {
                hash_order::follow(session, create.database, |session| create.run(session, parameters))
            }
            Definition::CreateIndex(create) => {
                hash_order::follow(session, create.database, |session| create.run(session))
            }
            Definition::CreateView(create) => {
                hash_order::follow(session, create.database, |session| create.run(session))
            }
            Definition::CreateTrigger(create) => {
                hash_order::follow(session, create.database, |session| create.run(session))
            }
            Definition::CreateVirtualTable(create) => {
                hash_order::follow(session, create.database, |session| create.run(session))
            }
            Definition::Drop(drop) => {
                if drop.forgets_columns() {
                    session.known_views.forget();
                }
                hash_order::follow(session, drop.database, |session| drop.run(session))
            }
        }
    }
}

fn is_some<T>(found: Option<T>) -> bool {
    found.is_some()
}

/// The database a CREATE makes its object in.
fn database_for(session: &Session, name: &ast::QualifiedName, temporary: bool) -> Result<DatabaseIndex> {
    match &name.schema {
        Some(schema) => {
            let database = session
                .database_index(&schema.text)
                .ok_or_else(|| Error::error(format!("unknown database {}", schema.text)))?;
            if temporary && database != DatabaseIndex::TEMP {
                // Of views as well.
                return Err(Error::error("temporary table name must be unqualified"));
            }
            Ok(database)
        }
        None if temporary => Ok(DatabaseIndex::TEMP),
        None => Ok(DatabaseIndex::MAIN),
    }
}

/// `sqlite_…` names are SQLite's own.
fn check_not_reserved(name: &str) -> Result<()> {
    if is_reserved(name) {
        return Err(Error::error(format!("object name reserved for internal use: {name}")));
    }
    Ok(())
}

fn is_reserved(name: &str) -> bool {
    name.get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sqlite_"))
}

/// The expressions an index holds, and where they stand.
fn stored_expressions(index: &Index) -> impl Iterator<Item = (&ast::Expr, validate::Place)> {
    let terms = index.columns.iter().filter_map(|column| match &column.term {
        IndexTerm::Expr(expr) => Some((expr, validate::Place::IndexTerm)),
        IndexTerm::Column(_) | IndexTerm::Rowid => None,
    });
    terms.chain(index.partial.iter().map(|partial| (partial, validate::Place::PartialIndex)))
}

/// `CREATE TABLE ` and the text from the object's name on: what `sqlite_schema.sql` keeps.
fn stored_sql(kind: &str, name: &ast::Name, source: &Source<'_>) -> String {
    let end = source.parsed.span.end as usize;
    format!("CREATE {kind} {}", &source.text[name.span.start as usize..end])
}

/// The same, with what stands between the last token and the semicolon: of indexes and views SQLite keeps comments there.
fn stored_sql_with_comments(kind: &str, name: &ast::Name, source: &Source<'_>) -> String {
    let text = &source.text[name.span.start as usize..source.parsed.end];
    format!("CREATE {kind} {}", text.strip_suffix(';').unwrap_or(text))
}
