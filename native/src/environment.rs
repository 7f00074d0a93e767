//! What one JavaScript environment has open: connections and statements, by integer handle.
//!
//! A call holds what it works on locked (`lock`). JavaScript that the engine calls back may call again: on another
//! connection that works, on the same one it is refused unless the session was lent (`lending`).

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::rc::Rc;

use pluresdb_engine::{Connection, Error, InterruptHandle, ResultCode, Statement};
use pluresdb_value::Value;

use crate::callback::CallbackGate;
use crate::error::Failure;
use crate::interrupt::SharedInterrupt;
use crate::job::Jobs;
use crate::node_api::{Js, RawValue, Reference, SharedBuffer};

#[derive(Default)]
pub struct Environment {
    connections: RefCell<Vec<Option<Rc<ConnectionSlot>>>>,
    statements: RefCell<StatementTable>,
    /// lib's class `SqliteError`.
    error_class: RefCell<Option<Reference>>,
    /// The connection that the running call works on: the one to poison when it panics.
    active: Cell<Option<u32>>,
    pub jobs: Rc<RefCell<Jobs>>,
}

#[derive(Default)]
struct StatementTable {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

pub struct ConnectionSlot {
    state: RefCell<ConnectionState>,
    /// How the engine calls JavaScript.
    pub gate: Rc<CallbackGate>,
    pub interrupt: InterruptHandle,
    /// The same for other threads, once they asked for it.
    pub shared_interrupt: OnceCell<SharedInterrupt>,
}

pub struct ConnectionState {
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
    Open(Rc<StatementSlot>),
}

pub struct StatementSlot {
    pub connection: u32,
    state: RefCell<StatementState>,
}

pub struct StatementState {
    pub statement: Statement,
    /// Came after rows that had to be handed out first.
    pub pending: Option<Pending>,
    /// Wide parameters, set one by one before the call that uses them.
    pub wide: Vec<(u32, Value)>,
    /// A block ended with more rows to come.
    pub is_open: bool,
}

/// A failure that waits for the next call.
pub enum Pending {
    Engine(Error),
    /// What JavaScript threw.
    Thrown(Reference),
}

const NOT_OPEN: Failure = Failure::fixed_type("The database connection is not open");
const BUSY: Failure = Failure::fixed_type("This database connection is busy executing a query");

impl ConnectionSlot {
    /// The connection for the running call alone.
    pub fn lock(&self) -> Result<RefMut<'_, ConnectionState>, Failure> {
        self.gate.levels.current().unwrap_or(&self.state).try_borrow_mut().map_err(|_| BUSY)
    }
}

impl ConnectionState {
    pub fn new(connection: Connection) -> ConnectionState {
        ConnectionState { connection, buffer: None, wide: Vec::new(), ascii: Vec::new(), utf16: Vec::new() }
    }
}

impl StatementSlot {
    pub fn lock(&self) -> Result<RefMut<'_, StatementState>, Failure> {
        self.state.try_borrow_mut().map_err(|_| BUSY)
    }
}

impl Environment {
    pub fn set_error_class(&self, class: Reference) {
        self.error_class.replace(Some(class));
    }

    pub fn add_connection(&self, env: Js, connection: Connection) -> u32 {
        let slot = ConnectionSlot {
            gate: Rc::new(CallbackGate::new(env)),
            interrupt: connection.interrupt_handle(),
            shared_interrupt: OnceCell::new(),
            state: RefCell::new(ConnectionState::new(connection)),
        };
        let mut connections = self.connections.borrow_mut();
        connections.push(Some(Rc::new(slot)));
        (connections.len() - 1) as u32
    }

    /// Takes the connection out, its statements ended. None when it was closed before.
    pub fn remove_connection(&self, handle: u32) -> Result<Option<ConnectionState>, Failure> {
        let Ok(slot) = self.connection(handle) else { return Ok(None) };
        let mut state = slot.state.try_borrow_mut().map_err(|_| BUSY)?;
        self.jobs.borrow_mut().abandon(handle);
        for open in &mut self.statements.borrow_mut().slots {
            if let Slot::Open(statement) = open
                && statement.connection == handle
            {
                statement.lock()?.statement.reset(&mut state.connection);
                *open = Slot::Closed;
            }
        }
        drop(state);
        self.connections.borrow_mut()[handle as usize] = None;
        Ok(Rc::into_inner(slot).map(|slot| slot.state.into_inner()))
    }

    /// Ends what the statements of a connection are doing.
    pub fn reset_statements(&self, handle: u32) -> Result<(), Failure> {
        let slot = self.connection(handle)?;
        let mut state = slot.lock()?;
        for open in &self.statements.borrow().slots {
            if let Slot::Open(statement) = open
                && statement.connection == handle
            {
                statement.lock()?.statement.reset(&mut state.connection);
            }
        }
        Ok(())
    }

    pub fn add_statement(&self, connection: u32, statement: Statement) -> u32 {
        let state = StatementState { statement, pending: None, wide: Vec::new(), is_open: false };
        let slot = Slot::Open(Rc::new(StatementSlot { connection, state: RefCell::new(state) }));
        let mut table = self.statements.borrow_mut();
        if let Some(handle) = table.free.pop() {
            table.slots[handle as usize] = slot;
            return handle;
        }
        table.slots.push(slot);
        (table.slots.len() - 1) as u32
    }

    /// `is_kept`: for when its text is prepared again.
    pub fn remove_statement(&self, handle: u32, is_kept: bool) {
        let mut table = self.statements.borrow_mut();
        let Some(slot) = table.slots.get_mut(handle as usize) else { return };
        match std::mem::replace(slot, Slot::Free) {
            Slot::Free => return,
            Slot::Closed => {}
            Slot::Open(slot) => {
                if let Some(Some(connection)) = self.connections.borrow().get(slot.connection as usize)
                    && let Ok(mut connection) = connection.lock()
                    && let Some(slot) = Rc::into_inner(slot)
                {
                    let mut statement = slot.state.into_inner().statement;
                    if is_kept {
                        connection.connection.finalize(statement);
                    } else {
                        statement.reset(&mut connection.connection);
                    }
                }
            }
        }
        table.free.push(handle);
    }

    pub fn connection(&self, handle: u32) -> Result<Rc<ConnectionSlot>, Failure> {
        self.active.set(Some(handle));
        self.connections.borrow().get(handle as usize).and_then(Option::clone).ok_or(NOT_OPEN)
    }

    /// A statement together with its connection.
    pub fn statement(&self, handle: u32) -> Result<(Rc<StatementSlot>, Rc<ConnectionSlot>), Failure> {
        let statement = match self.statements.borrow().slots.get(handle as usize) {
            Some(Slot::Open(statement)) => statement.clone(),
            Some(Slot::Free | Slot::Closed) | None => return Err(NOT_OPEN),
        };
        let connection = self.connection(statement.connection)?;
        Ok((statement, connection))
    }

    /// Which connection a call works on; a call within another one gives it back at its end.
    pub fn active(&self) -> Option<u32> {
        self.active.get()
    }

    pub fn set_active(&self, active: Option<u32>) {
        self.active.set(active);
    }

    /// Throws what the failure says; an exception that is already pending stays.
    pub fn throw(&self, env: Js, failure: Failure) {
        // When even throwing fails, the trampoline has a last word.
        let _thrown = match failure {
            Failure::Engine(error) if error.code == ResultCode::Callback => match self.take_thrown() {
                Some(exception) => env.throw(exception),
                None => Ok(()),
            },
            Failure::Engine(error) => {
                self.throw_engine(env, &error.message, error.code.name(), error.detail.as_deref())
            }
            Failure::Thrown(exception) => env.throw_kept(exception),
            Failure::Plain(message) => {
                env.throw_error(message);
                Ok(())
            }
            Failure::Range(message) => env.throw_range_error(&message),
            Failure::Type(message) => env.throw_type_error(&message),
            Failure::NodeApi(_) if env.is_exception_pending() => Ok(()),
            Failure::NodeApi(status) => {
                env.throw_type_error(&format!("Node-API refused a call with status {status}"))
            }
        };
    }

    /// How often the connection of the running call has called JavaScript.
    pub fn callback_count(&self) -> u64 {
        let connection = self.active.get().and_then(|handle| self.connection(handle).ok());
        connection.map_or(0, |connection| connection.gate.calls())
    }

    /// What JavaScript threw inside the running call.
    pub fn take_thrown(&self) -> Option<RawValue> {
        self.connection(self.active.get()?).ok()?.gate.take_thrown()
    }

    fn throw_engine(&self, env: Js, message: &str, code: &str, detail: Option<&str>) -> Result<(), Failure> {
        match &*self.error_class.borrow() {
            Some(class) => env.throw_instance(class, message, code, detail),
            None => env.throw_type_error(message),
        }
    }

    /// A panic is our bug: the connection it went through refuses further use, the process lives.
    pub fn throw_panic(&self, env: Js, panic: &(dyn Any + Send)) {
        if let Some(active) = self.active.get()
            && let Ok(slot) = self.connection(active)
            && let Ok(mut state) = slot.lock()
        {
            state.connection.poison();
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
        for slot in self.connections.take().into_iter().flatten() {
            slot.gate.end();
            if let Some(slot) = Rc::into_inner(slot) {
                // At the end of the process nobody is left to hear of it; what was committed is in the log.
                let _closed = slot.state.into_inner().connection.close();
            }
        }
    }
}
