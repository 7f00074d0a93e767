//! Equi-joins without an index: the right side is kept in a hash table, the left side looks rows up.
//!
//! Output keeps the left side's order, and among the matches of one row the right side's, as a nested loop would.
//! The table is built when the first left row is there, and kept for later runs unless it depends on an outer query. Where
//! there is no room for it, both sides are sorted (`merge_join`).

use pluresdb_value::affinity;

use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::eval::eval;
use crate::execute::image::{ImageStore, push_image, restore_image};
use crate::execute::key_hash::{ENTRY_SIZE, KeyMap, push_key};
use crate::execute::merge_join::{JoinSide, Kept, MergedPairs};
use crate::execute::recursive::make_real;
use crate::execute::{Context, Frame, Source};
use crate::plan::{HashJoin as Node, HashKey, ImageSlot, LoopKind};
use crate::resolve::tree::{Comparison, Expr, Register};

/// Ends a chain of rows with the same key.
const NONE: u32 = u32::MAX;

struct Table {
    rows: ImageStore,
    /// First and last row of a key.
    chains: KeyMap<(u32, u32)>,
    /// The row after each row in its chain.
    next: Vec<u32>,
    /// Execution of the frame it was built in.
    built_in: Option<u64>,
    charged: usize,
}

impl Table {
    fn clear(&mut self, frame: &mut Frame) {
        self.rows.clear(frame);
        self.chains = KeyMap::default();
        self.next = Vec::new();
        self.built_in = None;
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    NextLeft,
    /// Candidates of the present left row, from this one on.
    Chain(u32),
    Unmatched(usize),
    Merged,
    Done,
}

pub(crate) struct HashJoin {
    left: Box<dyn Source>,
    right: Box<dyn Source>,
    kind: LoopKind,
    keys: Vec<HashKey>,
    on: Vec<Expr>,
    is_right_correlated: bool,
    reals: Vec<Register>,
    left_image: Option<Vec<ImageSlot>>,
    merged: Option<MergedPairs>,
    table: Table,
    right_matched: Vec<bool>,
    left_matched: bool,
    phase: Phase,
    key: Vec<u8>,
}

impl HashJoin {
    pub fn new(node: Node) -> HashJoin {
        HashJoin {
            left: node.left.into_operator(),
            right: node.right.into_operator(),
            kind: node.kind,
            keys: node.keys,
            on: node.on,
            is_right_correlated: node.is_right_correlated,
            reals: node.reals,
            left_image: node.left_image,
            merged: None,
            table: Table {
                rows: ImageStore::new(node.image),
                chains: KeyMap::default(),
                next: Vec::new(),
                built_in: None,
                charged: 0,
            },
            right_matched: Vec::new(),
            left_matched: false,
            phase: Phase::Done,
            key: Vec::new(),
        }
    }

    fn keeps_left(&self) -> bool {
        matches!(self.kind, LoopKind::Left | LoopKind::Full)
    }

    fn keeps_right(&self) -> bool {
        matches!(self.kind, LoopKind::Right | LoopKind::Full)
    }

    /// As `keep_right`. Reading a table for it is what SQLite counts as making an automatic index.
    fn build(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let before = context.session.work.full_scan_steps;
        let is_built = self.keep_right(frame, context)?;
        if self.right.as_scan().is_some() {
            let work = &mut context.session.work;
            work.automatic_index_rows += work.full_scan_steps - before;
            work.full_scan_steps = before;
        }
        Ok(is_built)
    }

    /// Keeps the right side; false when there is no room for it: its cursors stand on the row that had none.
    fn keep_right(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.table.built_in == Some(frame.execution) {
            return Ok(true);
        }
        self.table.clear(frame);
        self.right.restart();
        self.right.open(frame, context)?;
        while self.right.next(frame, context)? {
            let has_key = push_keys(&self.keys, |key| &key.right, &mut self.key, frame, context)?;
            if !has_key && !self.keeps_right() {
                continue;
            }
            let held = self.table.rows.memory() + self.table.charged;
            if self.left_image.is_some() && held >= context.session.settings.group_memory() {
                return Ok(false);
            }
            let row = self.table.rows.len() as u32;
            self.make_reals(frame);
            self.table.rows.push(frame)?;
            self.table.next.push(NONE);
            if !has_key {
                continue;
            }
            match self.table.chains.get_mut(self.key.as_slice()) {
                Some((_, last)) => {
                    self.table.next[*last as usize] = row;
                    *last = row;
                }
                None => {
                    let bytes = self.key.len() + ENTRY_SIZE;
                    frame.memory.charge(bytes)?;
                    self.table.charged += bytes;
                    self.table.chains.insert(self.key.as_slice().into(), (row, row));
                }
            }
        }
        self.table.built_in = Some(frame.execution);
        Ok(true)
    }

    /// Once a right row's keys are taken.
    fn make_reals(&self, frame: &mut Frame) {
        for register in &self.reals {
            make_real(&mut frame.registers[register.0]);
        }
    }

    /// Sorts both sides and matches them. The right side stands on the row for which there was no room, behind those of the
    /// table, and the left side on its first row, if it has been read.
    fn merge(&mut self, is_left_read: bool, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let Some(left_slots) = self.left_image.clone() else { return Ok(()) };
        let mut left = JoinSide::new(left_slots);
        let mut right = JoinSide::new(self.table.rows.slots().to_vec());
        let mut is_left_found = is_left_read;
        // The first left row is kept before the right side's rows take the frame.
        if is_left_found {
            self.keep_left(&mut left, frame, context)?;
        }
        let mut present = Vec::new();
        push_image(self.table.rows.slots(), frame, &mut present)?;
        let key_of_present = std::mem::take(&mut self.key);
        self.keep_table(&mut right, frame, context)?;
        restore_image(self.table.rows.slots(), present.into_iter(), frame);
        self.key = key_of_present;
        self.table.clear(frame);
        let mut is_right_found = true;
        while is_right_found {
            let has_key = push_keys(&self.keys, |key| &key.right, &mut self.key, frame, context)?;
            if has_key || self.keeps_right() {
                self.make_reals(frame);
                right.keep(has_key.then_some(&self.key), frame, &context.session.settings)?;
            }
            is_right_found = self.right.next(frame, context)?;
        }
        if !is_left_read {
            self.left.open(frame, context)?;
        }
        loop {
            is_left_found = self.left.next(frame, context)?;
            if !is_left_found {
                break;
            }
            self.keep_left(&mut left, frame, context)?;
        }
        let kept = Kept { left: self.keeps_left(), right: self.keeps_right() };
        self.merged = Some(MergedPairs::of(left, right, kept, &self.on, frame, context)?);
        Ok(())
    }

    fn keep_left(&mut self, left: &mut JoinSide, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let has_key = push_keys(&self.keys, |key| &key.left, &mut self.key, frame, context)?;
        if has_key || self.keeps_left() {
            left.keep(has_key.then_some(&self.key), frame, &context.session.settings)?;
        }
        Ok(())
    }

    /// Keeps the rows of the table as those of a side.
    fn keep_table(
        &mut self,
        right: &mut JoinSide,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut keys: Vec<Option<&[u8]>> = vec![None; self.table.rows.len()];
        for (key, (first, _)) in &self.table.chains {
            let mut row = *first;
            while row != NONE {
                keys[row as usize] = Some(key);
                row = self.table.next[row as usize];
            }
        }
        for (row, key) in keys.into_iter().enumerate() {
            self.table.rows.restore(row, frame);
            right.keep(key, frame, &context.session.settings)?;
        }
        Ok(())
    }

    fn forget_merged(&mut self, frame: &mut Frame) {
        if let Some(mut merged) = self.merged.take() {
            merged.clear(&mut frame.memory);
        }
    }

    fn find(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<u32> {
        if !push_keys(&self.keys, |key| &key.left, &mut self.key, frame, context)? {
            return Ok(NONE);
        }
        Ok(self.table.chains.get(self.key.as_slice()).map_or(NONE, |(first, _)| *first))
    }
}

/// Replaces `bytes` with the keys of one side; false when one is NULL, which equals nothing.
fn push_keys(
    keys: &[HashKey],
    side: fn(&HashKey) -> &Expr,
    bytes: &mut Vec<u8>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<bool> {
    bytes.clear();
    for key in keys {
        if !push_compared(side(key), key.comparison, bytes, frame, context)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn push_compared(
    expr: &Expr,
    comparison: Comparison,
    bytes: &mut Vec<u8>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<bool> {
    let mut value = eval(expr, frame, context)?;
    if value.is_null() {
        return Ok(false);
    }
    if let Some(affinity) = comparison.affinity {
        affinity::apply(&mut value, affinity);
    }
    push_key(value.as_ref(), comparison.collation, bytes, context.session)?;
    Ok(true)
}

impl Source for HashJoin {
    fn restart(&mut self) {
        self.left.restart();
        if self.is_right_correlated {
            self.table.built_in = None;
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.phase = Phase::NextLeft;
        self.right_matched.clear();
        self.forget_merged(frame);
        if self.keeps_right() {
            if !self.build(frame, context)? {
                self.phase = Phase::Merged;
                return self.merge(false, frame, context);
            }
            self.right_matched.resize(self.table.rows.len(), false);
        }
        self.left.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            match self.phase {
                Phase::Done => return Ok(false),
                Phase::NextLeft => {
                    if self.left.next(frame, context)? {
                        if !self.build(frame, context)? {
                            self.phase = Phase::Merged;
                            self.merge(true, frame, context)?;
                            continue;
                        }
                        self.left_matched = false;
                        self.phase = Phase::Chain(self.find(frame, context)?);
                    } else if self.keeps_right() {
                        self.left.set_null_row(frame);
                        self.phase = Phase::Unmatched(0);
                    } else {
                        self.phase = Phase::Done;
                    }
                }
                Phase::Chain(NONE) => {
                    self.phase = Phase::NextLeft;
                    if self.keeps_left() && !self.left_matched {
                        self.table.rows.set_null_row(frame);
                        return Ok(true);
                    }
                }
                Phase::Chain(row) => {
                    context.step()?;
                    self.phase = Phase::Chain(self.table.next[row as usize]);
                    self.table.rows.restore(row as usize, frame);
                    if all_true(&self.on, frame, context)? {
                        self.left_matched = true;
                        if self.keeps_right() {
                            self.right_matched[row as usize] = true;
                        }
                        return Ok(true);
                    }
                }
                Phase::Merged => {
                    let Some(merged) = &mut self.merged else { return Ok(false) };
                    return merged.next(frame);
                }
                Phase::Unmatched(row) => {
                    if row >= self.table.rows.len() {
                        self.phase = Phase::Done;
                        return Ok(false);
                    }
                    self.phase = Phase::Unmatched(row + 1);
                    if !self.right_matched[row] {
                        self.table.rows.restore(row, frame);
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.phase = Phase::Done;
        self.forget_merged(frame);
        self.table.clear(frame);
        self.right_matched = Vec::new();
        self.left.close(frame);
        self.right.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.left.set_null_row(frame);
        self.table.rows.set_null_row(frame);
        self.right.set_null_row(frame);
    }
}

/// Keeps the input's rows, so that the inner side of a loop computes them once.
pub(crate) struct Materialize {
    input: Box<dyn Source>,
    rows: ImageStore,
    is_correlated: bool,
    built_in: Option<u64>,
    next_row: usize,
}

impl Materialize {
    pub fn new(input: Box<dyn Source>, image: Vec<ImageSlot>, is_correlated: bool) -> Materialize {
        Materialize { input, rows: ImageStore::new(image), is_correlated, built_in: None, next_row: 0 }
    }
}

impl Source for Materialize {
    fn restart(&mut self) {
        if self.is_correlated {
            self.built_in = None;
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.next_row = 0;
        if self.built_in == Some(frame.execution) {
            return Ok(());
        }
        self.rows.clear(frame);
        self.input.restart();
        self.input.open(frame, context)?;
        while self.input.next(frame, context)? {
            self.rows.push(frame)?;
        }
        self.built_in = Some(frame.execution);
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.next_row >= self.rows.len() {
            return Ok(false);
        }
        context.step()?;
        self.rows.restore(self.next_row, frame);
        context.session.work.scan(self.next_row as u64, 1);
        self.next_row += 1;
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.built_in = None;
        self.rows.clear(frame);
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
        self.input.set_null_row(frame);
    }
}
