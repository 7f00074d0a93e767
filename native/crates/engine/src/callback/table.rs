//! Table modules of the application: tables whose rows its code computes.
//!
//!     module ── connect(arguments) ──► ConnectedTable ── open(parameters) ──► RowGenerator ── next ──► row
//!
//! An eponymous module is a table by itself (`FROM module(1, 2)`); any other makes tables of
//! `CREATE VIRTUAL TABLE … USING module(…)`. A session connects a table when it is first named, and keeps the connection
//! while the schema stays the same.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::Value;

use super::{CallSite, Thrown};
use crate::catalog::VirtualTable;
use crate::session::Session;
use crate::{Error, Result};

pub trait TableModule {
    /// Makes the table. `arguments` are those in the parentheses behind USING, as they were written.
    fn connect(
        &self,
        database: &str,
        table: &str,
        arguments: &[String],
        site: CallSite,
    ) -> std::result::Result<Declaration, Thrown>;
}

/// What a module says of a table.
pub struct Declaration {
    /// Hidden columns, which hold what the rows were computed from; they come before the others.
    pub parameters: Vec<String>,
    pub columns: Vec<String>,
    /// Declared types of the columns; empty where none were declared.
    pub types: Vec<String>,
    /// Not to be used by views and triggers.
    pub is_direct_only: bool,
    pub rows: Rc<dyn TableRows>,
}

pub trait TableRows {
    /// Starts computing rows; None for a parameter nothing was said about.
    fn open(
        &self,
        parameters: &[Option<Value>],
        session: &mut Session,
    ) -> std::result::Result<Box<dyn RowGenerator>, Thrown>;
}

/// Rows being computed. Dropping it tells the application that no more are wanted.
pub trait RowGenerator {
    /// Computes the next row, parameters first; only columns that are `wanted` are looked at. False: there is none.
    fn next(
        &mut self,
        wanted: &[bool],
        row: &mut [Value],
        session: &mut Session,
    ) -> std::result::Result<bool, Thrown>;
}

/// A table a session is connected to.
pub struct ConnectedTable {
    pub name: String,
    pub declaration: Declaration,
}

impl ConnectedTable {
    pub fn column_count(&self) -> usize {
        self.declaration.parameters.len() + self.declaration.columns.len()
    }

    /// Parameters, then columns.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.declaration.parameters.iter().chain(&self.declaration.columns).map(String::as_str)
    }
}

impl fmt::Debug for ConnectedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What a module is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleUses {
    /// It is a table by itself.
    Eponymous,
    /// It makes tables of CREATE VIRTUAL TABLE.
    Created,
    Both,
}

/// A module by its name, and the tables connected through it.
pub(super) struct Module {
    pub name: String,
    pub uses: ModuleUses,
    pub module: Rc<dyn TableModule>,
    /// By definition; None: the module's own table.
    connected: Vec<(Option<Arc<VirtualTable>>, Rc<ConnectedTable>)>,
}

impl Module {
    /// Tables connected through the module `before` stay as they are.
    pub fn new(
        name: String,
        uses: ModuleUses,
        module: Rc<dyn TableModule>,
        before: Option<Module>,
    ) -> Module {
        let mut connected = before.map_or_else(Vec::new, |before| before.connected);
        connected.retain(|(definition, _)| definition.is_some());
        Module { name, uses, module, connected }
    }

    pub fn known(&self, definition: Option<&Arc<VirtualTable>>) -> Option<Rc<ConnectedTable>> {
        let is_same = |known: &Option<Arc<VirtualTable>>| match (known, definition) {
            (None, None) => true,
            (Some(known), Some(wanted)) => Arc::ptr_eq(known, wanted),
            (None, Some(_)) | (Some(_), None) => false,
        };
        self.connected.iter().find(|(known, _)| is_same(known)).map(|(_, table)| table.clone())
    }

    /// Keeps a connection; those whose table is gone go.
    pub fn keep(&mut self, definition: Option<Arc<VirtualTable>>, table: Rc<ConnectedTable>) {
        self.connected.retain(|(known, _)| known.as_ref().is_none_or(|known| Arc::strong_count(known) > 1));
        self.connected.push((definition, table));
    }
}

/// Calls the module and checks what it declares.
pub(super) fn connect(
    module: &dyn TableModule,
    database: &str,
    table: &str,
    arguments: &[String],
    site: CallSite,
) -> Result<Rc<ConnectedTable>> {
    let declaration = module.connect(database, table, arguments, site).map_err(Error::from)?;
    let connected = ConnectedTable { name: table.to_owned(), declaration };
    let mut seen = std::collections::HashSet::new();
    if !connected.column_names().all(|name| seen.insert(name.to_ascii_lowercase())) {
        return Err(Error::error(format!("failed to declare virtual table \"{table}\"")));
    }
    Ok(Rc::new(connected))
}
