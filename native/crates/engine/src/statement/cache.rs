//! Prepared statements waiting for their text to be prepared again.
//!
//! Found by the whole text. A text that is prepared twice at once has two statements, and both come back here. When
//! the cache is full, the least used half of the texts goes.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::Statement;
use crate::text_hash::TextHasher;

/// Texts kept per connection.
const MAX_TEXTS: usize = 256;
/// Longer texts are scripts or bulk inserts that hardly come again.
const MAX_TEXT_LEN: usize = 8192;
/// Idle statements of one text.
const MAX_IDLE: usize = 4;

#[derive(Default)]
pub(crate) struct StatementCache {
    texts: HashMap<Arc<str>, Entry, BuildHasherDefault<TextHasher>>,
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
        if !core.cacheable || core.text.len() > MAX_TEXT_LEN {
            return;
        }
        core.bound().fill(pluresdb_value::Value::Null);
        core.rows.clear();
        core.work = crate::work::Work::default();
        let text = core.text.clone();
        self.clock += 1;
        if let Some(entry) = self.texts.get_mut(&*text) {
            if entry.idle.len() < MAX_IDLE {
                entry.idle.push(statement);
            }
            return;
        }
        if self.texts.len() >= MAX_TEXTS {
            self.evict_older_half();
        }
        self.texts.insert(text, Entry { idle: vec![statement], used_at: self.clock });
    }

    fn evict_older_half(&mut self) {
        let mut ages: Vec<u64> = self.texts.values().map(|entry| entry.used_at).collect();
        ages.sort_unstable();
        let median = ages[ages.len() / 2];
        self.texts.retain(|_, entry| entry.used_at > median);
    }
}
