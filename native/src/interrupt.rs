//! Interrupts from another thread: a connection's interrupt flag by a number that every thread of the process may use.
//!
//! A thread that runs a statement cannot be called, and the one that wants to stop it has no handle of the connection,
//! for those belong to one JavaScript environment. The flag itself is an atomic and may be set from anywhere.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pluresdb_engine::InterruptHandle;

#[derive(Default)]
struct Table {
    last_id: u32,
    handles: Option<HashMap<u32, InterruptHandle>>,
}

static TABLE: Mutex<Table> = Mutex::new(Table { last_id: 0, handles: None });

fn table() -> MutexGuard<'static, Table> {
    // Whatever panicked while holding it, the map is whole.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of the table; gone when this is dropped.
pub struct SharedInterrupt(u32);

impl SharedInterrupt {
    pub fn new(handle: InterruptHandle) -> SharedInterrupt {
        let mut table = table();
        table.last_id += 1;
        let id = table.last_id;
        table.handles.get_or_insert_default().insert(id, handle);
        SharedInterrupt(id)
    }

    pub fn id(&self) -> u32 {
        self.0
    }
}

impl Drop for SharedInterrupt {
    fn drop(&mut self) {
        if let Some(handles) = &mut table().handles {
            handles.remove(&self.0);
        }
    }
}

/// Interrupts what the connection runs; one that was closed meanwhile runs nothing.
pub fn interrupt(id: u32) {
    if let Some(handle) = table().handles.as_ref().and_then(|handles| handles.get(&id)) {
        handle.interrupt();
    }
}
