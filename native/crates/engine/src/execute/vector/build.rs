//! The kept side of a join: its rows as typed columns, found by the codes of their keys.
//!
//! Rows stand in the order in which they were read; those of one key form a chain in that order, so that the matches of a
//! row come out as a nested loop would find them.

use super::Run;
use super::batch::{Batch, NO_ROW};
use super::column::{Column, FALSE, Numbers, TRUE};
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
    /// By row its code, or `NO_ROW` where its key has a NULL; None: such rows are not kept.
    row_codes: Option<Vec<u32>>,
    is_unique: bool,
    /// The values of each code, where somebody asks for them.
    distinct: Option<Vec<KeptColumn>>,
}

impl Build {
    pub fn new(slot_count: usize, keys: &[JoinKey]) -> Build {
        Build {
            columns: (0..slot_count).map(|_| KeptColumn::default()).collect(),
            codes: RowCodes::new(keys.iter().map(|key| key.comparison.collation)),
            chains: Vec::new(),
            next: Vec::new(),
            found: Vec::new(),
            row_codes: None,
            is_unique: true,
            distinct: None,
        }
    }

    /// Rows with a NULL in their key are kept too, though nothing finds them.
    pub fn keeping_all(slot_count: usize, keys: &[JoinKey]) -> Build {
        Build { row_codes: Some(Vec::new()), ..Build::new(slot_count, keys) }
    }

    /// Has the values of the keys kept, each once.
    pub fn keep_keys(&mut self, keys: &[JoinKey]) {
        self.distinct = Some(keys.iter().map(|_| KeptColumn::default()).collect());
    }

    /// The values of a key by code, where all are integers and somebody asked to keep them.
    pub fn integer_keys(&self, key: usize) -> Option<&[i64]> {
        match &self.distinct.as_ref()?[key] {
            KeptColumn::Integers(Numbers { values, nulls: None }) => Some(values),
            KeptColumn::Nulls(0) => Some(&[]),
            _ => None,
        }
    }

    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// Bytes that the rows take.
    pub fn memory(&self) -> usize {
        let columns: usize = self.columns.iter().map(KeptColumn::memory).sum();
        let row_codes = self.row_codes.as_ref().map_or(0, |codes| codes.len() * 4);
        let distinct: usize = self.distinct.iter().flatten().map(KeptColumn::memory).sum();
        columns + distinct + self.codes.memory() + self.chains.len() * 8 + self.next.len() * 4 + row_codes
    }

    /// Whether every row has a key of its own, whose code is the row's number.
    pub fn is_unique(&self) -> bool {
        self.is_unique
    }

    /// How many different keys the rows have.
    pub fn code_count(&self) -> usize {
        self.chains.len()
    }

    /// Of rows that are all kept: the code of the row's key, unless it has a NULL.
    pub fn code_of(&self, row: u32) -> Option<u32> {
        let code = self.row_codes.as_ref()?[row as usize];
        (code != NO_ROW).then_some(code)
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
        let keeps_all = self.row_codes.is_some();
        let rows: Vec<u32> =
            (0..row_count as u32).filter(|row| keeps_all || has_key[*row as usize]).collect();
        self.chains.resize(self.codes.count() as usize, (NO_ROW, NO_ROW));
        let mut first_rows = Vec::new();
        for row in &rows {
            let kept = self.next.len() as u32;
            let has_key = has_key[*row as usize];
            self.is_unique &= has_key && self.found[*row as usize] == kept;
            if let Some(codes) = &mut self.row_codes {
                codes.push(if has_key { self.found[*row as usize] } else { NO_ROW });
            }
            if !has_key {
                self.next.push(NO_ROW);
                continue;
            }
            let (first, last) = &mut self.chains[self.found[*row as usize] as usize];
            if *first == NO_ROW {
                *first = kept;
                first_rows.push(*row);
            } else {
                self.next[*last as usize] = kept;
            }
            *last = kept;
            self.next.push(NO_ROW);
        }
        if let (Some(distinct), false) = (&mut self.distinct, first_rows.is_empty()) {
            for (key, kept) in keys.iter().zip(distinct) {
                let column = evaluate(&key.right, batch, surroundings)?;
                kept.append(&converted(column, key.comparison, row_count), &first_rows);
            }
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
        self.find_codes(keys, batch, surroundings, firsts)?;
        if self.is_unique() {
            return Ok(());
        }
        for found in firsts {
            if *found != NO_ROW {
                *found = self.chains[*found as usize].0;
            }
        }
        Ok(())
    }

    /// Takes the rows that match nothing out of a left batch.
    pub fn probe(
        &mut self,
        keys: &[JoinKey],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        let mut codes = Vec::new();
        self.find_codes(keys, batch, surroundings, &mut codes)?;
        let truths: Vec<u8> = codes.iter().map(|code| if *code == NO_ROW { FALSE } else { TRUE }).collect();
        batch.keep(&truths);
        Ok(())
    }

    /// The code of each row of a left batch, or `NO_ROW`.
    pub fn find_codes(
        &mut self,
        keys: &[JoinKey],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        codes: &mut Vec<u32>,
    ) -> Run<()> {
        const { assert!(NOT_FOUND == NO_ROW) };
        let row_count = batch.len();
        for (index, key) in keys.iter().enumerate() {
            let column = evaluate(&key.left, batch, surroundings)?;
            let column = converted(column, key.comparison, row_count);
            self.codes.find_column(index, &column, row_count, codes);
        }
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
