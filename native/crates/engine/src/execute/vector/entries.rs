//! The texts of a dictionary column, where they are: none of them is listed or copied for a batch.

use super::column::Run;
use super::kept::KeptTexts;

#[derive(Clone, Debug)]
pub(in crate::execute) enum Entries<'a> {
    /// In a leaf.
    Run(Run<'a>),
    /// In a leaf and its delta.
    List(Vec<&'a [u8]>),
    /// With the rows that a join keeps; there may be more of them than the column has rows.
    Kept(&'a KeptTexts),
}

impl<'a> Entries<'a> {
    pub fn len(&self) -> usize {
        match self {
            Entries::Run(run) => run.len(),
            Entries::List(texts) => texts.len(),
            Entries::Kept(texts) => texts.len(),
        }
    }

    /// None for the code of NULL.
    #[inline]
    pub fn get(&self, code: u32) -> Option<&'a [u8]> {
        let index = code as usize;
        match self {
            Entries::Run(run) => (index < run.len()).then(|| run.get(index)),
            Entries::List(texts) => texts.get(index).copied(),
            Entries::Kept(texts) => texts.get(index),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<&'a [u8]>> + '_ {
        (0..self.len() as u32).map(|code| self.get(code))
    }

    /// Tells texts that outlast their batch from all others.
    pub fn identity(&self) -> Option<u64> {
        match self {
            Entries::Kept(texts) => Some(texts.identity()),
            Entries::Run(_) | Entries::List(_) => None,
        }
    }
}
