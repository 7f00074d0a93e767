//! Prepared statements waiting for their text to be prepared again.
//!
//! Found by the whole text. A text that is prepared twice at once has two statements, and both come back here. When
//! the cache is full, the least used half of the texts goes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Statement;

/// Texts kept per connection.
const MAX_TEXTS: usize = 256;
/// Longer texts are scripts or bulk inserts that hardly come again.
const MAX_TEXT_LEN: usize = 8192;
/// Idle statements of one text.
const MAX_IDLE: usize = 4;

#[derive(Default)]
pub(crate) struct StatementCache {
    texts: HashMap<Box<str>, Entry, BuildHasherDefault<TextHasher>>,
    clock: u64,
}

struct Entry {
    idle: Vec<Statement>,
    used_at: u64,
}

impl StatementCache {
    #[inline]
    pub fn take(&mut self, sql: &str) -> Option<Statement> {
        let entry = self.texts.get_mut(sql)?;
        self.clock += 1;
        entry.used_at = self.clock;
        entry.idle.pop()
    }

    pub fn put(&mut self, mut statement: Statement) {
        let core = &mut statement.core;
        if !core.cacheable || core.source.text.len() > MAX_TEXT_LEN {
            return;
        }
        core.parameters.fill(pluresdb_value::Value::Null);
        core.rows.clear();
        let source = core.source.clone();
        self.clock += 1;
        if let Some(entry) = self.texts.get_mut(&*source.text) {
            if entry.idle.len() < MAX_IDLE {
                entry.idle.push(statement);
            }
            return;
        }
        if self.texts.len() >= MAX_TEXTS {
            self.evict_older_half();
        }
        self.texts.insert((*source.text).into(), Entry { idle: vec![statement], used_at: self.clock });
    }

    fn evict_older_half(&mut self) {
        let mut ages: Vec<u64> = self.texts.values().map(|entry| entry.used_at).collect();
        ages.sort_unstable();
        let median = ages[ages.len() / 2];
        self.texts.retain(|_, entry| entry.used_at > median);
    }
}

/// Multiplies and rotates eight bytes at a time: the texts are the application's own, nobody attacks this table.
#[derive(Default)]
pub(crate) struct TextHasher(u64);

impl TextHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for TextHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.mix(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
