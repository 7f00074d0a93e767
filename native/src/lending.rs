//! The session of a connection, lent to JavaScript that a statement of it calls.
//!
//!     level 0  the connection's own: session, buffer           ◄─ statements of the application
//!     level 1  the same session, moved here, another buffer    ◄─ statements of a function that one of those calls
//!     …
//!
//! A session is moved and not shared: while the application's code uses it, the statement that waits has one without
//! databases in its place, which nobody looks at. Each level has a buffer of its own, since the one of the level before
//! may be half full of rows.
//!
//! Always true:
//! - A call works on the deepest level; the session is back where it was when the code that had it has ended, however it
//!   ended.

use std::cell::{Cell, OnceCell, RefCell};

use pluresdb_engine::{Connection, Session};

use crate::environment::ConnectionState;
use crate::node_api::Js;

/// The levels below the connection's own.
#[derive(Default)]
pub struct Levels {
    first: OnceCell<Box<Level>>,
    depth: Cell<usize>,
}

struct Level {
    state: RefCell<ConnectionState>,
    next: OnceCell<Box<Level>>,
}

impl Levels {
    /// How many are in use.
    pub fn depth(&self) -> usize {
        self.depth.get()
    }

    /// The deepest level in use; None: the connection itself.
    pub fn current(&self) -> Option<&RefCell<ConnectionState>> {
        let mut level = None;
        let mut next = &self.first;
        for _ in 0..self.depth() {
            let deeper = next.get()?;
            level = Some(&deeper.state);
            next = &deeper.next;
        }
        level
    }

    /// Moves the session to a new level, until the loan is dropped. None when it is in the midst of a call.
    pub fn lend<'s>(&'s self, session: &'s mut Session) -> Option<Loan<'s>> {
        let mut next = &self.first;
        for _ in 0..self.depth() {
            next = &next.get()?.next;
        }
        let level = next.get_or_init(|| Box::new(Level::new(session)));
        std::mem::swap(session, &mut level.state.try_borrow_mut().ok()?.connection.session);
        self.depth.set(self.depth() + 1);
        Some(Loan { levels: self, level, session })
    }

    /// Lets go of the buffers.
    pub fn release(&self, env: Js) {
        let mut next = &self.first;
        while let Some(level) = next.get() {
            if let Some(buffer) = level.state.borrow_mut().buffer.take() {
                buffer.release(env);
            }
            next = &level.next;
        }
    }
}

impl Level {
    fn new(session: &Session) -> Level {
        let connection = Connection::borrower(session.clock.clone());
        Level { state: RefCell::new(ConnectionState::new(connection)), next: OnceCell::new() }
    }
}

pub struct Loan<'s> {
    levels: &'s Levels,
    level: &'s Level,
    session: &'s mut Session,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        self.levels.depth.set(self.levels.depth() - 1);
        // Every call on the level has ended: calls end before the JavaScript that made them.
        if let Ok(mut state) = self.level.state.try_borrow_mut() {
            std::mem::swap(self.session, &mut state.connection.session);
        }
    }
}
