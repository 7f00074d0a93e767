//! What SQLite's ALTER TABLE asks: it runs statements of its own on the schema's tables, each with its questions.
//!
//! ```text
//! ADD COLUMN      look for a row where none may be, UPDATE main schema, check the rows
//! RENAME TO       UPDATE main schema, UPDATE temp schema, test both
//! RENAME COLUMN   test both, mend quotes in both, UPDATE both, test both
//! DROP COLUMN     test both, mend quotes in both, UPDATE main schema, test both
//! ```
//! A table of temp has the temp schema alone. Nothing of it is run here; what becomes of an ALTER of which a function is
//! to be ignored, and so gives NULL, is told as SQLite ends up with it (`outcome`).

use std::cell::RefCell;

use pluresdb_sql::ast::{self, ColumnConstraintKind};

use super::authorization::schema_table;
use crate::callback::{Action, Permission};
use crate::catalog::Table;
use crate::resolve::{Names, may_read};
use crate::session::Session;
use crate::{Error, Result, ResultCode};

/// Questions in their order: `SELECT` a query, `name()` a function, `column` one that is read, `column=` one that is set.
type Questions = &'static str;

const ADD_COLUMN: Questions = "printf() sql substr() sql length() printf() sql sql= type name";
const RENAME_TABLE: Questions = "sqlite_rename_table() type name sql sql= type tbl_name like() name \
     tbl_name= type like() name type substr() name name name= tbl_name type type type";
const RENAME_TABLE_IN_TEMP: Questions = "sqlite_rename_table() type name sql sql= tbl_name sqlite_rename_test() sql type name tbl_name tbl_name= type";
const RENAME_COLUMN: Questions = "sqlite_rename_column() sql type name sql= like() name type tbl_name";
const RENAME_COLUMN_IN_TEMP: Questions = "sqlite_rename_column() sql type name sql= type";
const DROP_COLUMN: Questions = "sqlite_drop_column() sql sql= type tbl_name";
const TEST: Questions = "SELECT like() name like() sql sqlite_rename_test() sql type name";
const MEND_QUOTES: Questions = "sqlite_rename_quotefix() sql sql= like() name like() sql";
/// Of the rows that a new column must suit.
const QUICK_CHECK: Questions = "SELECT glob() ? glob() ? glob() ? glob() ? glob() ?";

const TEMP: &str = "temp";

/// `table` stands in `database`; `forbids_rows`: it must be empty.
pub(super) fn ask_alter(
    session: &Session,
    action: &ast::AlterAction,
    table: &Table,
    database: &str,
    forbids_rows: bool,
) -> Result<Permission> {
    let ignored = RefCell::new(Vec::new());
    ask_questions(session, action, table, database, forbids_rows, &ignored)?;
    outcome(action, &table.name, &ignored.into_inner())
}

/// What becomes of the ALTER when these functions are to be ignored: where one computes a text of the schema, that is
/// NULL, and SQLite takes the table's row for that of an index whose table is gone.
fn outcome(action: &ast::AlterAction, table: &str, ignored: &[&str]) -> Result<Permission> {
    let is_ignored = |functions: &[&str]| functions.iter().any(|function| ignored.contains(function));
    let fail = |table: &str, what: &str, why: &str| {
        Err(Error::error(format!("error in table {table} after {what}: {why}")))
    };
    match action {
        ast::AlterAction::AddColumn(_) if is_ignored(&["printf", "substr", "length"]) => {
            fail(table, "add column", "orphan index")
        }
        // Its own condition finds no row of the schema then.
        ast::AlterAction::RenameTable(name) if is_ignored(&["like"]) => fail(&name.text, "rename", ""),
        ast::AlterAction::RenameTable(name) if is_ignored(&["sqlite_rename_table"]) => {
            fail(&name.text, "rename", "orphan index")
        }
        ast::AlterAction::RenameColumn { .. } if is_ignored(&["like"]) => Ok(Permission::Ignored),
        ast::AlterAction::RenameColumn { .. }
            if is_ignored(&["sqlite_rename_quotefix", "sqlite_rename_column"]) =>
        {
            fail(table, "rename", "orphan index")
        }
        ast::AlterAction::DropColumn(_) if is_ignored(&["sqlite_drop_column"]) => {
            fail(table, "drop column", "orphan index")
        }
        _ => Ok(Permission::Allowed),
    }
}

fn ask_questions(
    session: &Session,
    action: &ast::AlterAction,
    table: &Table,
    database: &str,
    forbids_rows: bool,
    ignored: &RefCell<Vec<&'static str>>,
) -> Result<()> {
    let ask = |questions: Questions, database: &str| {
        questions
            .split_ascii_whitespace()
            .try_for_each(|question| ask_one(session, question, database, ignored))
    };
    let is_temp = database == TEMP;
    let ask_both = |questions: Questions| {
        if !is_temp {
            ask(questions, database)?;
        }
        ask(questions, TEMP)
    };
    match action {
        ast::AlterAction::AddColumn(column) => {
            if forbids_rows {
                permit(session, Action::new(Action::SELECT))?;
                may_read(session, None, database, &table.name, "")?;
            }
            ask(ADD_COLUMN, database)?;
            if is_checked(column, table) { ask(QUICK_CHECK, database) } else { Ok(()) }
        }
        ast::AlterAction::RenameTable(_) => {
            ask(RENAME_TABLE, database)?;
            if !is_temp {
                ask(RENAME_TABLE_IN_TEMP, TEMP)?;
            }
            ask_both(TEST)
        }
        ast::AlterAction::RenameColumn { .. } => {
            ask_both(TEST)?;
            ask_both(MEND_QUOTES)?;
            ask(RENAME_COLUMN, database)?;
            ask(RENAME_COLUMN_IN_TEMP, TEMP)?;
            ask_both(TEST)
        }
        ast::AlterAction::DropColumn(_) => {
            ask_both(TEST)?;
            ask_both(MEND_QUOTES)?;
            ask(DROP_COLUMN, database)?;
            ask_both(TEST)
        }
        ast::AlterAction::AddCheck { .. }
        | ast::AlterAction::DropConstraint(_)
        | ast::AlterAction::SetNotNull { .. }
        | ast::AlterAction::DropNotNull(_) => Ok(()),
    }
}

/// Whether the table's rows may not suit the new column.
fn is_checked(column: &ast::ColumnDefinition, table: &Table) -> bool {
    let has = |wanted: fn(&ColumnConstraintKind) -> bool| {
        column.constraints.iter().any(|constraint| wanted(&constraint.kind))
    };
    table.strict
        || has(|kind| matches!(kind, ColumnConstraintKind::Check(_)))
        || has(|kind| matches!(kind, ColumnConstraintKind::NotNull { .. }))
            && has(|kind| matches!(kind, ColumnConstraintKind::Generated(_)))
}

fn ask_one(
    session: &Session,
    question: &'static str,
    database: &str,
    ignored: &RefCell<Vec<&'static str>>,
) -> Result<()> {
    let schema = schema_table(database);
    if question == "SELECT" {
        return permit(session, Action::new(Action::SELECT));
    }
    if question == "?" {
        return may_read(session, None, database, "pragma_quick_check", "quick_check").map(|_| ());
    }
    if let Some(column) = question.strip_suffix('=') {
        return permit(session, Action::new(Action::UPDATE).of(schema).and(column).within(database));
    }
    let Some(function) = question.strip_suffix("()") else {
        return may_read(session, None, database, schema, question).map(|_| ());
    };
    match session.authorize(Action::new(Action::FUNCTION).and(function), None)? {
        Permission::Allowed => Ok(()),
        Permission::Ignored => {
            ignored.borrow_mut().push(function);
            Ok(())
        }
        Permission::Denied => Err(Error::error(format!("not authorized to use function: {function}"))),
    }
}

fn permit(session: &Session, action: Action<'_>) -> Result<()> {
    match session.authorize(action, None)? {
        Permission::Allowed | Permission::Ignored => Ok(()),
        Permission::Denied => Err(Error::new(ResultCode::Auth, "not authorized")),
    }
}
