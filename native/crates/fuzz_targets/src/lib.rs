//! Everything that reads bytes from outside, as functions that take any bytes at all.
//!
//!     bytes ─ input ─► values, texts, edits ─► parser, codec, function, statement ─► nothing, or a panic: a finding
//!
//! | module | feeds |
//! |---|---|
//! | `sql` | lexer, parser and printer |
//! | `record`, `key`, `number` | the codecs and number rules of `pluresdb-value` |
//! | `function`, `json` | built-in functions; JSON, JSONB and paths |
//! | `block`, `log`, `directory` | the store: a block, a commit log, a damaged directory |
//! | `tree` | nodes of row and key trees |
//! | `recovery` | the engine: a store and log whose checksums hold and whose contents lie |
//! | `sqlite_file` | SQLite's own files |
//! | `changeset` | SQLite's changesets and patchsets |
//! | `statement` | whole SQL scripts on a small memory database |
//!
//! Three run them: `native/fuzz` under libFuzzer, which looks for new bytes; `tests/regressions.rs`, which replays the
//! bytes that were once a finding and the seeds; `examples/seeds.rs`, which writes the seeds for libFuzzer to start at.
//!
//! Always true:
//! - A target is deterministic (but for `statement`'s time limit), and leaves nothing behind.
//! - What a target makes of its bytes does not change when a function, a keyword or a target is added: a kept finding
//!   stays the finding it was.
#![forbid(unsafe_code)]

pub mod block;
pub mod changeset;
pub mod directory;
pub mod function;
mod input;
pub mod json;
pub mod key;
pub mod log;
pub mod number;
pub mod record;
pub mod recovery;
pub mod sql;
pub mod sqlite_file;
pub mod statement;
pub mod tree;

pub use input::Input;

/// One way in.
#[derive(Clone, Copy)]
pub struct Target {
    pub name: &'static str,
    /// Returns for every input; a panic is a finding.
    pub run: fn(&[u8]),
    /// Inputs that reach deep, for the fuzzer to vary.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

pub const TARGETS: &[Target] = &[
    Target { name: "sql", run: sql::run, seeds: sql::seeds },
    Target { name: "record", run: record::run, seeds: record::seeds },
    Target { name: "key", run: key::run, seeds: key::seeds },
    Target { name: "number", run: number::run, seeds: number::seeds },
    Target { name: "function", run: function::run, seeds: function::seeds },
    Target { name: "json", run: json::run, seeds: json::seeds },
    Target { name: "block", run: block::run, seeds: block::seeds },
    Target { name: "log", run: log::run, seeds: log::seeds },
    Target { name: "directory", run: directory::run, seeds: directory::seeds },
    Target { name: "row_tree", run: tree::run_rows, seeds: tree::row_seeds },
    Target { name: "key_tree", run: tree::run_keys, seeds: tree::key_seeds },
    Target { name: "recovery", run: recovery::run, seeds: recovery::seeds },
    Target { name: "sqlite_file", run: sqlite_file::run, seeds: sqlite_file::seeds },
    Target { name: "changeset", run: changeset::run, seeds: changeset::seeds },
    Target { name: "statement", run: statement::run, seeds: statement::seeds },
];

/// Texts as seeds.
fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
