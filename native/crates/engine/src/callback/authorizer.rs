//! The application's word on what statements may do, asked while they are compiled: SQLite's authorizer.
//!
//! It is asked with SQLite's action codes and arguments, in SQLite's order as far as the order of compiling is the same:
//! first what the statement is, then each function and column where its name is resolved, then queries within it.

use super::{CallSite, Thrown};

/// What is to be done, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    pub code: u8,
    pub first: Option<&'a str>,
    pub second: Option<&'a str>,
    pub database: Option<&'a str>,
}

impl<'a> Action<'a> {
    pub const CREATE_INDEX: u8 = 1;
    pub const CREATE_TABLE: u8 = 2;
    pub const CREATE_TEMP_INDEX: u8 = 3;
    pub const CREATE_TEMP_TABLE: u8 = 4;
    pub const CREATE_TEMP_TRIGGER: u8 = 5;
    pub const CREATE_TEMP_VIEW: u8 = 6;
    pub const CREATE_TRIGGER: u8 = 7;
    pub const CREATE_VIEW: u8 = 8;
    pub const DELETE: u8 = 9;
    pub const DROP_INDEX: u8 = 10;
    pub const DROP_TABLE: u8 = 11;
    pub const DROP_TEMP_INDEX: u8 = 12;
    pub const DROP_TEMP_TABLE: u8 = 13;
    pub const DROP_TEMP_TRIGGER: u8 = 14;
    pub const DROP_TEMP_VIEW: u8 = 15;
    pub const DROP_TRIGGER: u8 = 16;
    pub const DROP_VIEW: u8 = 17;
    pub const INSERT: u8 = 18;
    pub const PRAGMA: u8 = 19;
    pub const READ: u8 = 20;
    pub const SELECT: u8 = 21;
    pub const TRANSACTION: u8 = 22;
    pub const UPDATE: u8 = 23;
    pub const ATTACH: u8 = 24;
    pub const DETACH: u8 = 25;
    pub const ALTER_TABLE: u8 = 26;
    pub const REINDEX: u8 = 27;
    pub const ANALYZE: u8 = 28;
    pub const CREATE_VIRTUAL_TABLE: u8 = 29;
    pub const DROP_VIRTUAL_TABLE: u8 = 30;
    pub const FUNCTION: u8 = 31;
    pub const SAVEPOINT: u8 = 32;
    pub const RECURSIVE: u8 = 33;

    pub fn new(code: u8) -> Action<'a> {
        Action { code, first: None, second: None, database: None }
    }

    #[must_use]
    pub fn of(self, first: &'a str) -> Action<'a> {
        Action { first: Some(first), ..self }
    }

    #[must_use]
    pub fn and(self, second: &'a str) -> Action<'a> {
        Action { second: Some(second), ..self }
    }

    #[must_use]
    pub fn within(self, database: &'a str) -> Action<'a> {
        Action { database: Some(database), ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Allowed,
    /// An error.
    Denied,
    /// Done without: a column is NULL, a statement does nothing.
    Ignored,
}

pub trait Authorizer {
    /// `context`: the view or trigger whose text asks for it.
    fn authorize(
        &self,
        action: Action<'_>,
        context: Option<&str>,
        site: CallSite,
    ) -> Result<Permission, Thrown>;
}
