//! A LEFT JOIN each of whose left rows is a group by itself: the right side's rows go into the group of the row that they
//! match, as they are read, and none of them is kept.
//!
//! ```text
//! SELECT u.id, u.name, count(p.id), max(p.made) FROM users u LEFT JOIN posts p ON p.author = u.id GROUP BY u.id
//!        │ kept by id: a group each                     │ read once: each row finds its group
//! ```
//! The join would keep all posts, in a chain for each user, and walk these in no order of memory. A group's rows come in the
//! right side's order either way, so that sums add up to the same digits. What no row matches has aggregates of NULLs alone:
//! only such aggregates are taken as are the same of no row at all.

use super::batch::NO_ROW;
use super::build::{Build, JoinKey};
use super::column::{FALSE, TRUE};
use super::compile::Expression;
use super::group_table::GroupTable;
use super::input::{Input, narrowing_slots};
use super::join::Sides;
use super::{Run, Stop};
use crate::execute::{Context, Frame};
use crate::plan::{Group, LoopKind, SourceNode};
use crate::resolve::tree::{AggregateCall, Expr, SourceId};

pub(super) struct Matched {
    left: Input,
    pub right: Input,
    /// One: left the right side's expression, right the left side's rowid.
    keys: Vec<JoinKey>,
    kept: Build,
    charged: usize,
}

impl Matched {
    /// None when the input is another one, or an aggregate looks at more than the right side's columns.
    pub fn compile(node: &Group) -> Option<Matched> {
        let Sides { left_node, mut left, mut right, kind, keys, has_more_conditions } =
            Sides::of(&node.input)?;
        let SourceNode::Scan(scan) = left_node else { return None };
        let [(of_left, of_right, comparison)] = &keys[..] else { return None };
        let is_rowid = |expr: &Expr| match expr {
            Expr::Rowid(source) => *source == scan.source,
            Expr::Column { source, column } => {
                *source == scan.source && scan.table.rowid_alias == Some(*column)
            }
            _ => false,
        };
        let is_group_each =
            node.keys.iter().any(|key| matches!(key.expr, Expr::Rowid(own) if own == scan.source));
        let of_right_alone =
            node.aggregates.iter().all(|call| ignores_nulls_of(call, right.shared().sources()));
        if kind != LoopKind::Left
            || has_more_conditions
            || !is_group_each
            || !is_rowid(of_left)
            || !of_right_alone
            || !matches!((&left, &right), (Input::Scan(_), Input::Scan(_)))
        {
            return None;
        }
        let key = JoinKey {
            left: right.compile_expr(of_right)?,
            right: left.compile_expr(of_left)?,
            comparison: *comparison,
        };
        let kept = Build::new(0, &[]);
        Some(Matched { left, right, keys: vec![key], kept, charged: 0 })
    }

    /// An expression about the left side.
    pub fn compile_key(&mut self, expr: &Expr) -> Option<Expression> {
        self.left.compile_expr(expr)
    }

    /// Has the groups of all left rows take in the right rows that match them.
    pub fn read(&mut self, groups: &mut GroupTable, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.forget(frame);
        let Matched { left, right, keys, kept, charged } = self;
        left.open(frame, context)?;
        *kept = Build::new(left.shared().slots.len(), keys);
        if !left.is_whole_table() && !narrowing_slots(keys, right).is_empty() {
            kept.keep_keys(keys);
        }
        while left.next_batch(frame, context, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            groups.take_keys(&mut batch, surroundings)?;
            kept.append(keys, &[], &mut batch, surroundings)
        })? {
            charge(kept.memory() + groups.memory(), charged, frame, context)?;
        }
        // Then a row's code is its group.
        if !kept.is_unique() || kept.len() != groups.count() {
            return Err(Stop::RowByRow);
        }
        groups.fit();
        if groups.count() == 0 {
            return Ok(());
        }
        if let Input::Scan(scan) = right {
            let of_keys = keys.iter().flat_map(|key| &key.left.slots);
            scan.gather(of_keys.copied().chain(groups.aggregate_slots()).collect());
        }
        let steps = context.session.work.full_scan_steps;
        right.open(frame, context)?;
        right.narrow(keys, kept, context)?;
        let mut codes = Vec::new();
        while right.next_batch(frame, context, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            kept.find_codes(keys, &mut batch, surroundings, &mut codes)?;
            if codes.contains(&NO_ROW) {
                let truths: Vec<u8> =
                    codes.iter().map(|code| if *code == NO_ROW { FALSE } else { TRUE }).collect();
                batch.keep(&truths);
                codes.retain(|code| *code != NO_ROW);
            }
            groups.step(&mut batch, &codes, surroundings)
        })? {
            charge(kept.memory() + groups.memory(), charged, frame, context)?;
        }
        // Making an automatic index, to SQLite.
        let work = &mut context.session.work;
        work.automatic_index_rows += work.full_scan_steps - steps;
        work.full_scan_steps = steps;
        Ok(())
    }

    pub fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    pub fn forget(&mut self, frame: &mut Frame) {
        self.kept = Build::new(0, &self.keys);
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.left.close(frame);
        self.right.close(frame);
    }
}

/// Charges what the groups have come to take.
fn charge(bytes: usize, charged: &mut usize, frame: &mut Frame, context: &Context<'_>) -> Run<()> {
    if bytes > *charged {
        frame.memory.charge(bytes - *charged)?;
        *charged = bytes;
    }
    // The row engine goes on with less.
    if bytes > context.session.settings.group_memory() { Err(Stop::RowByRow) } else { Ok(()) }
}

/// Whether a call of columns of these tables, all of them NULL, comes to what it is of no row.
fn ignores_nulls_of(call: &AggregateCall, sources: &[SourceId]) -> bool {
    let is_own = |arg: &Expr| match arg {
        Expr::Column { source, .. } | Expr::Rowid(source) => sources.contains(source),
        _ => false,
    };
    matches!(call.function.built_in_name(), Some("count" | "sum" | "total" | "avg" | "min" | "max"))
        && call.filter.is_none()
        && call.order_by.is_empty()
        && matches!(&call.args[..], [arg] if is_own(arg))
}
