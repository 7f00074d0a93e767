//! Conditions on a column that repeats its texts: asked about each text once, and of the rows by their codes as the leaf
//! packs them.

use pluresdb_tree::{Offsets, Strings};

use super::Run;
use super::batch::{Batch, Picks, Rows};
use super::column::{self, Column, FALSE, TRUE};
use super::compile::{Expression, Node};
use super::evaluate::{Surroundings, evaluate_truths};
use super::packed::{self, Kernel, Offset, Verdict};

/// The texts of a leaf's column, and which of them each row of the batch has.
pub(super) struct Dictionary<'a, 'r> {
    pub codes: Offsets<'a>,
    pub entries: Strings<'a>,
    pub entry_count: usize,
    pub rows: Picks<'r>,
}

/// What the condition says of the rows of the batch, of which `row_count` are still asked about; None when it has to be
/// evaluated row by row.
pub(super) fn verdict(
    condition: &Expression,
    row_count: usize,
    batch: &Batch<'_>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Option<Verdict>> {
    let ([slot], false) = (&condition.slots[..], matches!(condition.node, Node::Slot(_))) else {
        return Ok(None);
    };
    let Some(dictionary) = batch.dictionary(*slot).filter(|found| found.entry_count < row_count) else {
        return Ok(None);
    };
    let mut columns: Vec<Option<Column<'_>>> = (0..batch.slot_count()).map(|_| None).collect();
    columns[*slot] = Some(Column::Run(column::Run::new(dictionary.entries, 0..dictionary.entry_count)));
    let mut by_entry = Batch::of_columns(columns, Rows::Computed(dictionary.entry_count));
    let mut truths = evaluate_truths(condition, &mut by_entry, surroundings)?;
    for truth in &mut truths {
        *truth = u8::from(*truth == TRUE);
    }
    Ok(Some(if truths.iter().all(|truth| *truth == FALSE) {
        Verdict::None
    } else if truths.iter().all(|truth| *truth == TRUE) {
        Verdict::All
    } else {
        let Dictionary { codes, rows, .. } = dictionary;
        Verdict::Each(packed::run(codes, ByCode { truths: &truths, rows: &rows }))
    }))
}

struct ByCode<'r> {
    truths: &'r [u8],
    rows: &'r Picks<'r>,
}

impl Kernel for ByCode<'_> {
    type Output = Vec<u8>;

    fn run<O: Offset>(self, codes: &[O]) -> Vec<u8> {
        let truth = |code: O| {
            let code: u64 = code.number().into();
            self.truths[code as usize]
        };
        match self.rows {
            Picks::Range(range) => column::each(codes[range.clone()].iter(), |code| truth(*code)),
            Picks::Rows(rows) => column::each(rows.iter(), |row| truth(codes[*row as usize])),
        }
    }

    fn run_constant(self) -> Vec<u8> {
        vec![self.truths[0]; self.rows.len()]
    }
}
