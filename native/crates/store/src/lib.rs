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
//!     file_store    one file = a Store               single_file  opens `<path>`: lock, file, log
//!     file          blocks by id in redb             paged_file   pages with checksums, and a header in two slots
//!     block_places  where redb had them
//!     place         tells which of the two stands at a path
//!     segment       append-only files of blocks      codec      compress → checksum, and back
//!     block_map     id → place; sled, or a journal   place_table  the same in memory
//!     stale_groups  where the map is behind          log        the commit log
//!     scratch       what a statement has no room for in memory, while it runs
//!     disk          everything that touches files: real, memory, faulty, recorded
//!     hostile       for fuzzing: the right checksums over the wrong bytes (a feature of its own)
#![forbid(unsafe_code)]

mod block_map;
mod block_places;
mod block_store;
mod codec;
mod directory;
pub mod disk;
mod error;
mod file;
mod file_store;
#[cfg(feature = "hostile")]
pub mod hostile;
mod journal_map;
mod log;
mod memory;
mod paged_file;
mod place;
mod place_table;
mod scratch;
mod segment;
mod single_file;
mod sled;
mod stale_groups;
mod store;

use std::sync::Arc;

pub use directory::{DirectoryOptions, MapKind, open_directory, open_directory_on};
pub use error::{ErrorKind, Result, StoreError};
pub use log::{CommitLog, LogOptions, MAX_RECORD_LEN};
pub use memory::MemoryStore;
pub use place::{Found, StoreKind, look, open_path};
pub use scratch::ScratchFile;
pub use single_file::{FileOptions, open_file, open_file_on};
pub use store::{
    BlockId, LogPosition, MAX_BLOCK_LEN, MAX_ENGINE_BYTES, Pin, Root, Sizes, Store, Synchronous, Uuid,
};

/// What an opener hands to the engine.
pub struct Opened {
    pub store: Arc<dyn Store>,
    /// None for `:memory:`: nothing there outlives the process, so nothing needs replaying.
    pub log: Option<Arc<CommitLog>>,
    /// This call made the store.
    pub is_new: bool,
}

impl Opened {
    /// Lets go of log, files and lock, whoever still holds a reference. Does not checkpoint.
    pub fn close(&self) -> Result<()> {
        if let Some(log) = &self.log {
            log.close();
        }
        self.store.close()
    }
}

/// A store that lives and dies with the process.
pub fn open_memory() -> Opened {
    Opened { store: Arc::new(MemoryStore::new()), log: None, is_new: true }
}
