//! Names of the application's collations as numbers, so that a `Collation` stays a small value that can be copied.
//!
//! A schema names its columns' collations, and connections in any thread share the schema; each connection has its own
//! comparators. So the names are numbered for the whole process, and a number says nothing but the name.

use std::sync::{PoisonError, RwLock};

/// Names that are kept for good; a schema that needs more is refused.
const MAX_NAMES: usize = 65_536;

static NAMES: RwLock<Vec<&'static str>> = RwLock::new(Vec::new());

/// A collation's name, in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CollationId(u32);

impl CollationId {
    /// The number of a name, a new one where it is new. None when there are too many names.
    pub fn of_name(name: &str) -> Option<CollationId> {
        let known = |names: &[&str]| names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if let Some(index) = known(&NAMES.read().unwrap_or_else(PoisonError::into_inner)) {
            return Some(CollationId(index as u32));
        }
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known(&names) {
            return Some(CollationId(index as u32));
        }
        if names.len() >= MAX_NAMES {
            return None;
        }
        names.push(Box::leak(name.into()));
        Some(CollationId((names.len() - 1) as u32))
    }

    /// As it was first written.
    pub fn name(self) -> &'static str {
        NAMES.read().unwrap_or_else(PoisonError::into_inner)[self.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_in_any_case() {
        let (first, again) = (CollationId::of_name("German"), CollationId::of_name("GERMAN"));
        assert!(first.is_some() && first == again);
        assert_ne!(first, CollationId::of_name("Swedish"));
        assert_eq!(first.map(CollationId::name), Some("German"));
    }
}
