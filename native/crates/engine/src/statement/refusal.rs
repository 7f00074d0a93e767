//! A database whose bytes are none of SQLite's: everything that reads it is refused, as SQLite does it, and nothing else.
//!
//! SQLite finds out when it first reads the schema: for a statement that names a table, for every change of the schema
//! and most pragmas, and for any SELECT as long as it has read no schema yet. It then reads that of every database, so
//! that temp cannot be used either.

use pluresdb_sql::ast;

use crate::session::Session;
use crate::{Error, Result, ResultCode};

/// Pragmas that read a database or its schema.
const READING_PRAGMAS: [&str; 26] = [
    "application_id",
    "auto_vacuum",
    "cache_size",
    "data_version",
    "default_cache_size",
    "encoding",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "incremental_vacuum",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "journal_mode",
    "max_page_count",
    "optimize",
    "page_count",
    "quick_check",
    "schema_version",
    "synchronous",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
    "wal_checkpoint",
];

pub(crate) fn not_a_database() -> Error {
    Error::new(ResultCode::NotADatabase, "file is not a database")
}

/// Refuses what reads a database whatever it names, before anything is compiled.
pub(super) fn check_readable(session: &Session, statement: &ast::Statement) -> Result<()> {
    if !matches!(reading(session, statement), Reading::Always) {
        return Ok(());
    }
    if !session.can_be_read() {
        return Err(not_a_database());
    }
    session.has_read_schema.set(true);
    Ok(())
}

/// What became of compiling the statement, now that it is known whether it named a table.
pub(super) fn check_compiled<T>(
    session: &Session,
    statement: &ast::Statement,
    compiled: Result<T>,
) -> Result<T> {
    let has_read = matches!(reading(session, statement), Reading::OfTables) && session.has_looked_up.get();
    if has_read && !session.can_be_read() { Err(not_a_database()) } else { compiled }
}

/// When compiling a statement reads the schema.
enum Reading {
    Never,
    /// When it names a table.
    OfTables,
    Always,
}

fn reading(session: &Session, statement: &ast::Statement) -> Reading {
    match statement {
        ast::Statement::Begin(_)
        | ast::Statement::Commit
        | ast::Statement::Rollback
        | ast::Statement::Savepoint(_)
        | ast::Statement::Release(_)
        | ast::Statement::RollbackTo(_)
        | ast::Statement::Vacuum(_) => Reading::Never,
        ast::Statement::Pragma(pragma) if pragma.name.name.is("encoding") && pragma.value.is_some() => {
            Reading::Never
        }
        ast::Statement::Pragma(pragma) => {
            let is_reading = READING_PRAGMAS.iter().any(|reading| pragma.name.name.is(reading));
            if is_reading { Reading::Always } else { Reading::Never }
        }
        ast::Statement::Select(_) | ast::Statement::Explain(_) if session.has_read_schema.get() => {
            Reading::OfTables
        }
        _ => Reading::Always,
    }
}
