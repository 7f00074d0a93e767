//! The entries of an index that is built as a whole: divided by key ranges, each sorted while its leaves are made.
//!
//! ```text
//! stretch of rows ── an arena for each range ──┐
//! stretch of rows ── an arena for each range ──┴─ range: what all stretches have of it, in the order of the keys
//! ```
//!
//! An index of plain columns reads its table's leaves directly (`plain`), a large table on several threads, each a stretch
//! of it. Everything else (expressions, conditions, collations of the application, WITHOUT ROWID tables) goes through the
//! frame, as rows of DML do.
//!
//! A range of the entries of 32,768 rows fits a core's second-level cache, so that sorting it and going through it in its
//! order wait for nothing; and it needs room for its order alone: fresh memory is what takes longest here.

mod key_ranges;
mod keys;
mod numbers;
mod plain;
mod stretches;

use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use key_ranges::KeyRanges;
pub(super) use keys::{EntryView, EntryWriter, KeyEntries, Room};
pub(super) use plain::read_plain;

use pluresdb_tree::{SortedEntries, SortedParts, TreeError};

use self::keys::SortedKeys;
use self::numbers::{NumberEntries, SortedNumbers};
use crate::{Error, Result, ResultCode};

/// Rows of a range, as long as there are few enough ranges.
const ROWS_PER_RANGE: u64 = 32 * 1024;
const MAX_RANGES: u64 = 64;
/// Rows that are looked at for each range, to know where it begins.
const SAMPLES_PER_RANGE: u64 = 4;
/// Rows between two looks at the interrupt flag.
const ROWS_PER_POLL: usize = 1024;

/// All entries of an index; a part of them are those of a range.
pub(super) enum IndexEntries {
    Keys(KeyEntries),
    Narrow(NumberEntries<u64>),
    Wide(NumberEntries<u128>),
}

macro_rules! of_any {
    ($entries:expr, $own:ident => $do:expr) => {
        match $entries {
            IndexEntries::Keys($own) => $do,
            IndexEntries::Narrow($own) => $do,
            IndexEntries::Wide($own) => $do,
        }
    };
}

impl IndexEntries {
    pub fn len(&self) -> usize {
        of_any!(self, entries => entries.len())
    }

    /// Whether two rows of a UNIQUE index had the same values, none of them NULL: it is why whoever went through the entries
    /// was stopped.
    pub fn has_met_repeated(&self) -> bool {
        of_any!(self, entries => entries.has_met_repeated())
    }
}

impl SortedParts for IndexEntries {
    type Part<'p> = SortedPart<'p>;

    fn part_count(&self) -> usize {
        of_any!(self, entries => entries.part_count())
    }

    fn bound(&self, number: usize) -> &[u8] {
        of_any!(self, entries => entries.bound(number))
    }

    fn part(&self, number: usize) -> std::result::Result<SortedPart<'_>, TreeError> {
        Ok(match self {
            IndexEntries::Keys(entries) => SortedPart::Keys(entries.part(number)?),
            IndexEntries::Narrow(entries) => SortedPart::Narrow(entries.part(number)?),
            IndexEntries::Wide(entries) => SortedPart::Wide(entries.part(number)?),
        })
    }
}

/// The entries of a range in the order of their keys.
pub(super) enum SortedPart<'a> {
    Keys(SortedKeys<'a>),
    Narrow(SortedNumbers<'a, u64>),
    Wide(SortedNumbers<'a, u128>),
}

impl SortedEntries for SortedPart<'_> {
    #[inline]
    fn advance(&mut self) -> std::result::Result<bool, TreeError> {
        match self {
            SortedPart::Keys(part) => part.advance(),
            SortedPart::Narrow(part) => part.advance(),
            SortedPart::Wide(part) => part.advance(),
        }
    }

    #[inline]
    fn entry(&self) -> (&[u8], &[u8]) {
        match self {
            SortedPart::Keys(part) => part.entry(),
            SortedPart::Narrow(part) => part.entry(),
            SortedPart::Wide(part) => part.entry(),
        }
    }
}

fn check_interrupt(interrupt: &AtomicBool) -> Result<()> {
    if interrupt.load(Ordering::Relaxed) {
        return Err(Error::new(ResultCode::Interrupt, "interrupted"));
    }
    Ok(())
}
