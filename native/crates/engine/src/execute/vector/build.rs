//! The kept side of a join: its rows as typed columns, found by the codes of their keys.
//!
//! Rows stand in the order in which they were read; those of one key form a chain in that order, so that the matches of a
//! row come out as a nested loop would find them.

use super::Run;
use super::batch::{Batch, NO_ROW};
use super::column::Column;
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate};
use super::kept::KeptColumn;
use super::key::{NOT_FOUND, RowCodes};
use super::known::converted;
use crate::resolve::tree::Comparison;

/// Two expressions that are equal in matching rows.
pub(super) struct JoinKey {
    pub left: Expression,
    pub right: Expression,
    pub comparison: Comparison,
}

pub(super) struct Build {
    columns: Vec<KeptColumn>,
    codes: RowCodes,
    /// First and last row of each code.
    chains: Vec<(u32, u32)>,
    /// The row after each row in its chain, or `NO_ROW`.
    next: Vec<u32>,
    /// Codes of the rows of one batch.
    found: Vec<u32>,
}

impl Build {
    pub fn new(slot_count: usize, keys: &[JoinKey]) -> Build {
        Build {
            columns: (0..slot_count).map(|_| KeptColumn::default()).collect(),
            codes: RowCodes::new(keys.iter().map(|key| key.comparison.collation)),
            chains: Vec::new(),
            next: Vec::new(),
            found: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// Bytes that the rows take.
    pub fn memory(&self) -> usize {
        let columns: usize = self.columns.iter().map(KeptColumn::memory).sum();
        columns + self.codes.memory() + self.chains.len() * 8 + self.next.len() * 4
    }

    /// Keeps the batch's rows, but for those with a NULL in their key: they match nothing.
    pub fn append(
        &mut self,
        keys: &[JoinKey],
        slots: &[usize],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        let row_count = batch.len();
        let mut has_key = vec![true; row_count];
        for (index, key) in keys.iter().enumerate() {
            let column = evaluate(&key.right, batch, surroundings)?;
            let column = converted(column, key.comparison, row_count);
            mark_nulls(&column, &mut has_key);
            self.codes.column(index, &column, row_count, &mut self.found);
        }
        let rows: Vec<u32> = (0..row_count as u32).filter(|row| has_key[*row as usize]).collect();
        self.chains.resize(self.codes.count() as usize, (NO_ROW, NO_ROW));
        for row in &rows {
            let kept = self.next.len() as u32;
            let (first, last) = &mut self.chains[self.found[*row as usize] as usize];
            if *first == NO_ROW {
                *first = kept;
            } else {
                self.next[*last as usize] = kept;
            }
            *last = kept;
            self.next.push(NO_ROW);
        }
        batch.load(slots)?;
        for slot in slots {
            self.columns[*slot].append(batch.column(*slot), &rows);
        }
        Ok(())
    }

    /// The first match of each row of a left batch, or `NO_ROW`.
    pub fn find(
        &mut self,
        keys: &[JoinKey],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        firsts: &mut Vec<u32>,
    ) -> Run<()> {
        let row_count = batch.len();
        let mut has_key = vec![true; row_count];
        for (index, key) in keys.iter().enumerate() {
            let column = evaluate(&key.left, batch, surroundings)?;
            let column = converted(column, key.comparison, row_count);
            mark_nulls(&column, &mut has_key);
            self.codes.find_column(index, &column, row_count, &mut self.found);
        }
        firsts.clear();
        firsts.extend(self.found.iter().zip(has_key).map(|(code, has_key)| match *code {
            NOT_FOUND => NO_ROW,
            code if has_key => self.chains[code as usize].0,
            _ => NO_ROW,
        }));
        Ok(())
    }

    /// The next row with the same key, or `NO_ROW`.
    #[inline]
    pub fn after(&self, row: u32) -> u32 {
        self.next[row as usize]
    }

    /// A slot of these rows, NULL where there is none.
    pub fn gather(&self, slot: usize, rows: &[u32]) -> Column<'_> {
        self.columns[slot].gather(rows)
    }
}

fn mark_nulls(column: &Column<'_>, has_key: &mut [bool]) {
    if column.has_no_null() {
        return;
    }
    for (row, has_key) in has_key.iter_mut().enumerate() {
        *has_key &= !column.value(row).is_null();
    }
}
