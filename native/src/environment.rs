//! What one JavaScript environment has open: connections and statements, by integer handle.

use std::any::Any;

use pluresdb_engine::{Connection, Error, Statement};
use pluresdb_value::Value;

use crate::error::Failure;
use crate::node_api::{Js, Reference, SharedBuffer};

#[derive(Default)]
pub struct Environment {
    connections: Vec<Option<ConnectionSlot>>,
    statements: Vec<Slot>,
    free_statements: Vec<u32>,
    /// lib's class `SqliteError`.
    error_class: Option<Reference>,
    /// The connection that the running call works on: the one to poison when it panics.
    active: Option<u32>,
}

pub struct ConnectionSlot {
    pub connection: Connection,
    pub buffer: Option<SharedBuffer>,
    /// Wide values of the last block, fetched one by one.
    pub wide: Vec<Value>,
    /// Reused by every block: the block's text while it is ASCII, and from its first other character on.
    pub ascii: Vec<u8>,
    pub utf16: Vec<u16>,
}

enum Slot {
    Free,
    /// The connection was closed; JavaScript still has the handle, so nobody else may get it.
    Closed,
    Open(StatementSlot),
}

pub struct StatementSlot {
    pub connection: u32,
    pub statement: Statement,
    /// Came after rows that had to be handed out first.
    pub pending: Option<Error>,
    /// Wide parameters, set one by one before the call that uses them.
    pub wide: Vec<(u32, Value)>,
    /// A block ended with more rows to come.
    pub is_open: bool,
}

impl Environment {
    pub fn set_error_class(&mut self, class: Reference) {
        self.error_class = Some(class);
    }

    pub fn add_connection(&mut self, connection: Connection) -> u32 {
        let slot = ConnectionSlot {
            connection,
            buffer: None,
            wide: Vec::new(),
            ascii: Vec::new(),
            utf16: Vec::new(),
        };
        self.connections.push(Some(slot));
        (self.connections.len() - 1) as u32
    }

    /// Takes the connection out, its statements ended.
    pub fn remove_connection(&mut self, handle: u32) -> Option<ConnectionSlot> {
        let mut removed = self.connections.get_mut(handle as usize)?.take()?;
        for slot in &mut self.statements {
            if let Slot::Open(statement) = slot
                && statement.connection == handle
            {
                statement.statement.reset(&mut removed.connection);
                *slot = Slot::Closed;
            }
        }
        Some(removed)
    }

    pub fn add_statement(&mut self, connection: u32, statement: Statement) -> u32 {
        let slot = StatementSlot { connection, statement, pending: None, wide: Vec::new(), is_open: false };
        if let Some(handle) = self.free_statements.pop() {
            self.statements[handle as usize] = Slot::Open(slot);
            return handle;
        }
        self.statements.push(Slot::Open(slot));
        (self.statements.len() - 1) as u32
    }

    pub fn remove_statement(&mut self, handle: u32) {
        let Some(slot) = self.statements.get_mut(handle as usize) else { return };
        match std::mem::replace(slot, Slot::Free) {
            Slot::Free => return,
            Slot::Closed => {}
            Slot::Open(slot) => {
                if let Some(Some(connection)) = self.connections.get_mut(slot.connection as usize) {
                    connection.connection.finalize(slot.statement);
                }
            }
        }
        self.free_statements.push(handle);
    }

    pub fn connection(&mut self, handle: u32) -> Result<&mut ConnectionSlot, Failure> {
        self.active = Some(handle);
        self.connections
            .get_mut(handle as usize)
            .and_then(Option::as_mut)
            .ok_or(Failure::Type("The database connection is not open"))
    }

    /// A statement together with its connection.
    pub fn statement(&mut self, handle: u32) -> Result<(&mut StatementSlot, &mut ConnectionSlot), Failure> {
        let Some(Slot::Open(statement)) = self.statements.get_mut(handle as usize) else {
            return Err(Failure::Type("The database connection is not open"));
        };
        self.active = Some(statement.connection);
        let connection = self
            .connections
            .get_mut(statement.connection as usize)
            .and_then(Option::as_mut)
            .ok_or(Failure::Type("The database connection is not open"))?;
        Ok((statement, connection))
    }

    /// Throws what the failure says; an exception that is already pending stays.
    pub fn throw(&mut self, env: Js, failure: Failure) {
        // When even throwing fails, the trampoline has a last word.
        let _thrown = match failure {
            Failure::Engine(error) => {
                self.throw_engine(env, &error.message, error.code.name(), error.detail.as_deref())
            }
            Failure::Range(message) => env.throw_range_error(message),
            Failure::Type(message) => env.throw_type_error(message),
            Failure::NodeApi(_) if env.is_exception_pending() => Ok(()),
            Failure::NodeApi(status) => {
                env.throw_type_error(&format!("Node-API refused a call with status {status}"))
            }
        };
    }

    fn throw_engine(&self, env: Js, message: &str, code: &str, detail: Option<&str>) -> Result<(), Failure> {
        match &self.error_class {
            Some(class) => env.throw_instance(class, message, code, detail),
            None => env.throw_type_error(message),
        }
    }

    /// A panic is our bug: the connection it went through refuses further use, the process lives.
    pub fn throw_panic(&mut self, env: Js, panic: &(dyn Any + Send)) {
        if let Some(active) = self.active
            && let Some(Some(slot)) = self.connections.get_mut(active as usize)
        {
            slot.connection.poison();
        }
        let text = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let _thrown = self.throw_engine(env, &format!("internal error: {text}"), "SQLITE_INTERNAL", None);
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        for slot in self.connections.drain(..).flatten() {
            // At the end of the process nobody is left to hear of it; what was committed is in the log.
            let _closed = slot.connection.close();
        }
    }
}
