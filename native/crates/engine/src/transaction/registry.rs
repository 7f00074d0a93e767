//! Which databases this process has open, so that every connection to a path shares one engine.
//!
//! A path has a slot for as long as anybody uses it. Opening holds the slot's lock, so two threads that open at once
//! get the same engine; an opener that finds the engine just closing waits until its files are let go.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, Weak},
};

use super::{engine::Engine, writer_lock::lock};
use crate::Result;

#[derive(Default)]
pub(super) struct Slot {
    path: PathBuf,
    state: Mutex<SlotState>,
    closed: Condvar,
}

#[derive(Default)]
struct SlotState {
    engine: Weak<Engine>,
    /// The files are held, by a living engine or by one that is closing.
    is_open: bool,
    /// Which file it is that the path named; None of a directory, and where files have no identity.
    file: Option<FileIdentity>,
}

/// Device and number: nobody else's for as long as the file is open.
type FileIdentity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;

    let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.dev(), metadata.ino()))
}

// Windows does not let go of a name while the file is open.
#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<FileIdentity> {
    None
}

fn slots() -> &'static Mutex<HashMap<PathBuf, Arc<Slot>>> {
    static SLOTS: OnceLock<Mutex<HashMap<PathBuf, Arc<Slot>>>> = OnceLock::new();
    SLOTS.get_or_init(Mutex::default)
}

/// The path's one name in this process. What does not exist yet goes by its parent's name.
fn canonical(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = path.file_name().ok_or(error)?;
            let parent = match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            Ok(parent.canonicalize()?.join(name))
        }
        other => other,
    }
}

/// The engine of `path`: the one this process has, or what `open` makes.
///
/// Where somebody removed or replaced the file of an open database, the path means another one: who has the old one open
/// goes on reading it, and may not write.
pub(super) fn find_or_open(path: &Path, open: impl FnOnce() -> Result<Arc<Engine>>) -> Result<Arc<Engine>> {
    // A path that has no canonical name cannot be opened either; `open` knows how to say so.
    let Ok(path) = canonical(path) else { return open() };
    loop {
        let slot = Arc::clone(
            lock(slots())
                .entry(path.clone())
                .or_insert_with(|| Arc::new(Slot { path: path.clone(), ..Slot::default() })),
        );
        let mut state = lock(&slot.state);
        while state.is_open && state.engine.strong_count() == 0 {
            state = slot.closed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let Some(engine) = state.engine.upgrade() else {
            if state.is_open {
                // It began to close between the two questions.
                continue;
            }
            let engine = open()?;
            state.engine = Arc::downgrade(&engine);
            state.is_open = true;
            state.file = identity(&path);
            drop(state);
            engine.set_slot(slot);
            return Ok(engine);
        };
        if state.file.is_none() || state.file == identity(&path) {
            return Ok(engine);
        }
        drop(state);
        engine.disown();
        let mut slots = lock(slots());
        if slots.get(&path).is_some_and(|current| Arc::ptr_eq(current, &slot)) {
            slots.remove(&path);
        }
    }
}

/// The engine has let go of its files.
pub(super) fn closed(slot: &Arc<Slot>) {
    // Slots are cloned under this lock only, so a count of two (map and caller) means that nobody waits. One that is not
    // in the map any more was disowned.
    let mut slots = lock(slots());
    lock(&slot.state).is_open = false;
    slot.closed.notify_all();
    let is_current = slots.get(&slot.path).is_some_and(|current| Arc::ptr_eq(current, slot));
    if is_current && Arc::strong_count(slot) == 2 {
        slots.remove(&slot.path);
    }
}
