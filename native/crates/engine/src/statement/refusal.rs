//! A database whose bytes are none of SQLite's: everything that reads it is refused, as SQLite does it, and nothing else.
//!
//! SQLite finds out when it first reads the schema: for a statement that names a table, for every change of the schema
//! and most pragmas. It then reads that of every database, so that temp cannot be used either.

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

/// What became of compiling the statement, as far as every database is one.
pub(super) fn check_readable<T>(
    session: &Session,
    statement: &ast::Statement,
    compiled: Result<T>,
) -> Result<T> {
    if session.can_be_read() || !reads(session, statement) {
        return compiled;
    }
    Err(not_a_database())
}

fn reads(session: &Session, statement: &ast::Statement) -> bool {
    match statement {
        ast::Statement::Begin(_)
        | ast::Statement::Commit
        | ast::Statement::Rollback
        | ast::Statement::Savepoint(_)
        | ast::Statement::Release(_)
        | ast::Statement::RollbackTo(_)
        | ast::Statement::Vacuum(_) => false,
        ast::Statement::Pragma(pragma) => READING_PRAGMAS.iter().any(|reading| pragma.name.name.is(reading)),
        ast::Statement::Select(_) | ast::Statement::Explain(_) => session.has_looked_up.get(),
        _ => true,
    }
}
