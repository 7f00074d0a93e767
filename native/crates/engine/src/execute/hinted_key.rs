//! A key of a unique index, looked for in the row where it was found last (`catalog/row_hints.rs`).
//!
//! A hint leads straight to the row: the index with its levels and its key is not looked at. The row must have the very
//! values that are looked for, then no other row can have a key equal to theirs. Where it has not, the index decides.

use std::hash::Hasher;
use std::sync::Arc;

use pluresdb_tree::{Pager, RowTree, RowView};
use pluresdb_value::{Affinity, Value, ValueRef};

use crate::catalog::{Index, IndexTerm, Table};
use crate::error::Result;
use crate::execute::Frame;
use crate::execute::eval::at_hand;
use crate::execute::key_hash::KeyHasher;
use crate::execute::tree_error;
use crate::plan::{KeyTerm, KeyValue};
use crate::resolve::tree::Expr;

/// Longer texts take as long to be compared as an index is looked through.
const LONGEST: usize = 256;
/// So many lookups tell whether hints help.
const SAMPLE: u32 = 1024;
/// Of them that a hint answered, at least: a hint that does not costs a wait for memory.
const FEWEST_ANSWERED: u32 = SAMPLE / 8;
/// Lookups that go without hints where these did not help.
const PAUSE: u32 = 64 * SAMPLE;

/// Of one statement.
pub(super) struct HintedKey {
    index: Arc<Index>,
    /// Where rows have the columns of the index.
    slots: Vec<usize>,
    /// What is looked for, with what is done to it before it is compared.
    values: Vec<(Expr, Option<Affinity>)>,
    /// Of the values of the present lookup; None when no row has just these.
    hash: Option<u64>,
    tried: u32,
    answered: u32,
    /// Rows that hints led to and that were others.
    misled: u32,
    pause: u32,
}

impl HintedKey {
    /// None when rows do not have the index's columns as they are, or values need to be computed.
    pub fn new(index: &Arc<Index>, table: &Table, terms: &[KeyTerm]) -> Option<HintedKey> {
        if index.partial.is_some() {
            return None;
        }
        let slot = |term: &IndexTerm| match term {
            IndexTerm::Column(column) if table.rowid_alias != Some(*column) => {
                let column = &table.columns[*column];
                column.generated.is_none().then_some(column.slot as usize)
            }
            _ => None,
        };
        let value = |term: &KeyTerm| match &term.value {
            KeyValue::Equal(expr @ (Expr::Parameter(_) | Expr::Register(_) | Expr::Literal(_))) => {
                Some((expr.clone(), term.comparison.affinity))
            }
            _ => None,
        };
        Some(HintedKey {
            index: Arc::clone(index),
            slots: index.columns.iter().map(|column| slot(&column.term)).collect::<Option<_>>()?,
            values: terms.iter().map(value).collect::<Option<_>>()?,
            hash: None,
            tried: 0,
            answered: 0,
            misled: 0,
            pause: 0,
        })
    }

    /// Of the values that are looked for; None when no row has just these.
    #[inline]
    pub fn compute_hash(&mut self, frame: &Frame, parameters: &[Value]) -> Option<u64> {
        self.hash = self.hash(frame, parameters);
        self.hash
    }

    /// The row, when a hint knows it. The hash of its values has been computed.
    #[inline]
    pub fn find(
        &mut self,
        tree: &RowTree,
        pager: &Arc<Pager>,
        frame: &Frame,
        parameters: &[Value],
    ) -> Result<Option<(i64, RowView)>> {
        let Some(hash) = self.hash else { return Ok(None) };
        if self.pause > 0 {
            self.pause -= 1;
            self.hash = None;
            return Ok(None);
        }
        self.tried += 1;
        if let Some(rowid) = self.index.hints.get(hash) {
            if let Some(row) = tree.get(pager, rowid).map_err(tree_error)?
                && self.is_in(|slot| row.column(slot).map_err(tree_error), frame, parameters)?
            {
                self.answered += 1;
                return Ok(Some((rowid, row)));
            }
            self.misled += 1;
        }
        self.judge();
        Ok(None)
    }

    /// The index had the key that `find` did not, in this row.
    #[inline]
    pub fn learn(&self, rowid: i64) {
        if let Some(hash) = self.hash {
            self.index.hints.learn(hash, rowid);
        }
    }

    fn judge(&mut self) {
        if self.tried < SAMPLE {
            return;
        }
        let is_in_vain = self.misled > SAMPLE / 2 || self.index.hints.is_full_grown();
        if self.answered < FEWEST_ANSWERED && is_in_vain {
            self.pause = PAUSE;
        }
        (self.tried, self.answered, self.misled) = (0, 0, 0);
    }

    fn hash(&self, frame: &Frame, parameters: &[Value]) -> Option<u64> {
        let mut hasher = KeyHasher::default();
        for (expr, affinity) in &self.values {
            // What is converted before it is compared is in no row as it is.
            match at_hand(expr, frame, parameters)? {
                ValueRef::Text(text) if text.len() <= LONGEST && *affinity != Some(Affinity::Numeric) => {
                    hasher.write_usize(text.len());
                    hasher.write(text);
                }
                ValueRef::Blob(blob) if blob.len() <= LONGEST => {
                    hasher.write_usize(blob.len());
                    hasher.write(blob);
                }
                ValueRef::Integer(integer) if *affinity != Some(Affinity::Text) => {
                    hasher.write(&integer.to_le_bytes());
                }
                _ => return None,
            }
        }
        Some(hasher.finish())
    }

    /// Whether the row that has these columns has just these values.
    #[inline]
    pub fn is_in<'r>(
        &self,
        column: impl Fn(usize) -> Result<Option<ValueRef<'r>>>,
        frame: &Frame,
        parameters: &[Value],
    ) -> Result<bool> {
        for (slot, (expr, _)) in self.slots.iter().zip(&self.values) {
            let found = column(*slot)?;
            if found.is_none() || found != at_hand(expr, frame, parameters) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
