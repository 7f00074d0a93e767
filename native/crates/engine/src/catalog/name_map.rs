//! Maps by names as SQLite compares them: ASCII letters of either case are equal.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::text_hash::TextHasher;

#[derive(Clone, Debug)]
pub struct NameMap<V> {
    /// By the name in lower case.
    entries: HashMap<String, V, BuildHasherDefault<TextHasher>>,
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        NameMap { entries: HashMap::default() }
    }
}

/// Most names are written in lower case already.
fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl<V> NameMap<V> {
    pub fn get(&self, name: &str) -> Option<&V> {
        if self.entries.is_empty() { None } else { self.entries.get(&*folded(name)) }
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.entries.get_mut(&*folded(name))
    }

    pub fn insert(&mut self, mut name: String, value: V) {
        name.make_ascii_lowercase();
        self.entries.insert(name, value);
    }

    pub fn remove(&mut self, name: &str) -> Option<V> {
        self.entries.remove(&*folded(name))
    }

    /// The value of the name, which is the default one when there was none.
    pub fn get_or_default(&mut self, name: &str) -> &mut V
    where
        V: Default,
    {
        self.entries.entry(name.to_ascii_lowercase()).or_default()
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
