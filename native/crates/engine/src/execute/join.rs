//! Nested loops: for each row of the left side, the right side from its beginning.
//!
//! RIGHT and FULL need to know which right rows never matched: the right side is then read in the same order each
//! time (it does not depend on the left), and a row is known by its ordinal.

use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::{Context, Frame, Source};
use crate::plan::{LoopKind, NestedLoop as Node};
use crate::resolve::tree::Expr;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    NextLeft,
    /// Reading the right side for the present left row.
    Right,
    /// The left side is done: right rows without a match.
    Unmatched,
    Done,
}

pub(crate) struct NestedLoop {
    left: Box<dyn Source>,
    right: Box<dyn Source>,
    kind: LoopKind,
    on: Vec<Expr>,
    phase: Phase,
    left_matched: bool,
    /// By ordinal of the right side's rows; only for RIGHT and FULL.
    right_matched: Vec<bool>,
    ordinal: usize,
}

impl NestedLoop {
    pub fn new(node: Node) -> NestedLoop {
        NestedLoop {
            left: node.left.into_operator(),
            right: node.right.into_operator(),
            kind: node.kind,
            on: node.on,
            phase: Phase::Done,
            left_matched: false,
            right_matched: Vec::new(),
            ordinal: 0,
        }
    }

    fn keeps_left(&self) -> bool {
        matches!(self.kind, LoopKind::Left | LoopKind::Full)
    }

    fn keeps_right(&self) -> bool {
        matches!(self.kind, LoopKind::Right | LoopKind::Full)
    }
}

impl Source for NestedLoop {
    fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.right_matched.clear();
        self.phase = Phase::NextLeft;
        self.left.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            match self.phase {
                Phase::Done => return Ok(false),
                Phase::NextLeft => {
                    if self.left.next(frame, context)? {
                        self.right.open(frame, context)?;
                        self.left_matched = false;
                        self.ordinal = 0;
                        self.phase = Phase::Right;
                    } else if self.keeps_right() {
                        self.left.set_null_row(frame);
                        self.right.open(frame, context)?;
                        self.ordinal = 0;
                        self.phase = Phase::Unmatched;
                    } else {
                        self.phase = Phase::Done;
                    }
                }
                Phase::Right => {
                    if !self.right.next(frame, context)? {
                        self.phase = Phase::NextLeft;
                        if self.keeps_left() && !self.left_matched {
                            self.right.set_null_row(frame);
                            return Ok(true);
                        }
                        continue;
                    }
                    let ordinal = self.ordinal;
                    self.ordinal += 1;
                    if self.keeps_right() && self.right_matched.len() <= ordinal {
                        frame.memory.charge(1)?;
                        self.right_matched.resize(ordinal + 1, false);
                    }
                    if all_true(&self.on, frame, context)? {
                        self.left_matched = true;
                        if self.keeps_right() {
                            self.right_matched[ordinal] = true;
                        }
                        return Ok(true);
                    }
                }
                Phase::Unmatched => {
                    if !self.right.next(frame, context)? {
                        self.phase = Phase::Done;
                        return Ok(false);
                    }
                    let ordinal = self.ordinal;
                    self.ordinal += 1;
                    if !self.right_matched.get(ordinal).is_some_and(|matched| *matched) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.right_matched = Vec::new();
        self.left.close(frame);
        self.right.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.left.set_null_row(frame);
        self.right.set_null_row(frame);
    }
}
