//! Where the bytes live: blocks by id, one root that swings everything at once, and a commit log.
//!
//!     commit      CommitLog::append (one write) [sync_to at FULL]        survives kill -9
//!     checkpoint  Store::write blocks… → Store::commit_root → CommitLog::release
//!     open        open_directory → Store::root → CommitLog::replay(root.log_position)
//!
//! Nothing here knows SQL, rows, keys or trees; a block and a log record are bytes.
//!
//!     store         the trait and its types          memory     blocks in a hash map (`:memory:`)
//!     block_store   segments + map = a Store         directory  opens `<path>`: magic, lock, map, log
//!     segment       append-only files of blocks      codec      compress → checksum, and back
//!     block_map     id → place; sled, or a journal   log        the commit log
//!     disk          everything that touches files: real, memory, faulty, recorded
#![forbid(unsafe_code)]

mod error;
mod log;
mod memory;
mod store;

pub use error::{ErrorKind, StoreError};
pub use log::CommitLog;
pub use memory::MemoryStore;
pub use store::{
    BlockId, LogPosition, MAX_BLOCK_LEN, MAX_ENGINE_BYTES, Pin, Root, Sizes, Store, Synchronous, Uuid,
};

/// What an opener hands to the engine.
pub struct Opened {
    pub store: std::sync::Arc<dyn Store>,
    /// None for `:memory:`: nothing there outlives the process, so nothing needs replaying.
    pub log: Option<std::sync::Arc<CommitLog>>,
    /// The store did not exist before and holds no root's catalog yet.
    pub is_new: bool,
}

/// A store that lives and dies with the process.
pub fn open_memory() -> Opened {
    Opened { store: std::sync::Arc::new(MemoryStore::new()), log: None, is_new: true }
}
