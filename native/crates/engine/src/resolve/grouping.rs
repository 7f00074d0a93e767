//! Grouping: after GROUP BY and aggregates, what an expression may read changes.
//!
//! Result columns, HAVING and ORDER BY of an aggregate query see group keys, aggregate results, and otherwise columns
//! of one row of the group. This pass replaces, in those expressions and in the subqueries below them,
//!
//!     an expression equal to a GROUP BY term  →  the key's register
//!     a column of this FROM                   →  a register captured from the group's row
//!
//! Beside min() or max() such a row is the extreme's, of several the last one's. A key that the group's rows show in
//! different ways, as `'a'` and `'A'` under NOCASE, is taken from that row, too.

use pluresdb_value::{Affinity, Collation};
use std::ops::Range;

use super::Resolver;
use super::scope::Typed;
use super::tree::{Capture, Core, Expr, From, GroupKey, Grouping, OrderTerm, Register, SubqueryId};
use super::walk::{from_owns, rewrite_expr, same_expr, visit_select_exprs};
use crate::error::Result;

/// A core with the ORDER BY that is computed on its rows.
pub(super) struct GroupedCore {
    pub core: Core,
    pub order_by: Vec<OrderTerm>,
    /// The aggregates that were first met in HAVING.
    pub of_having: Range<usize>,
}

impl Resolver<'_> {
    pub(super) fn group(
        &mut self,
        grouped: &mut GroupedCore,
        keys: Vec<Typed>,
        has_group_by: bool,
    ) -> Result<()> {
        let aggregates = match self.scopes.last_mut() {
            Some(scope) => std::mem::take(&mut scope.aggregates),
            None => Vec::new(),
        };
        for key in &keys {
            self.need_collation(key.collation());
        }
        let is_extreme = |index: &usize| {
            let call = &aggregates[*index];
            matches!(call.function.built_in_name(), Some("min" | "max")) && call.args.len() == 1
        };
        // Of several the last one decides. SQLite looks for those of HAVING behind all others.
        let of_having = grouped.of_having.clone();
        let capture_from =
            of_having.rev().find(is_extreme).or_else(|| (0..aggregates.len()).rev().find(is_extreme));
        let has_one_form: Vec<bool> =
            keys.iter().map(|key| capture_from.is_none() || is_same_when_equal(key)).collect();
        let keys: Vec<GroupKey> = keys
            .into_iter()
            .map(|typed| GroupKey {
                collation: typed.collation(),
                expr: typed.expr,
                register: self.new_registers(1),
            })
            .collect();
        let mut grouping = Grouping { keys, has_group_by, aggregates, captured: Vec::new(), capture_from };
        // Windows are computed on groups: their parts are outer expressions too.
        let mut windows = match self.scopes.last_mut() {
            Some(scope) => std::mem::take(&mut scope.windows),
            None => Vec::new(),
        };
        let GroupedCore { core, order_by, .. } = grouped;
        let from = core.from.take();
        {
            let mut outer: Vec<&mut Expr> = Vec::new();
            outer.extend(core.outputs.iter_mut());
            outer.extend(core.having.iter_mut());
            for term in order_by {
                // Equal keys sort alike, whatever their form.
                match grouping.keys.iter().find(|key| same_expr(&key.expr, &term.expr)) {
                    Some(key) => term.expr = Expr::Register(key.register),
                    None => outer.push(&mut term.expr),
                }
            }
            outer.extend(windows.iter_mut().flat_map(super::window::expressions));
            for expr in outer {
                self.rewrite_grouped(expr, from.as_ref(), &mut grouping, &has_one_form);
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.windows = windows;
        }
        core.from = from;
        core.grouping = Some(grouping);
        Ok(())
    }

    /// Rewrites one outer expression of a grouped core.
    fn rewrite_grouped(
        &mut self,
        expr: &mut Expr,
        from: Option<&From>,
        grouping: &mut Grouping,
        has_one_form: &[bool],
    ) {
        let mut next_register = self.program.register_count;
        self.rewrite_outer(expr, &mut |expr: &mut Expr| {
            if let Some(index) = grouping.keys.iter().position(|key| same_expr(&key.expr, expr)) {
                let key = &grouping.keys[index];
                *expr = Expr::Register(if has_one_form[index] {
                    key.register
                } else {
                    captured_register(&key.expr, &mut grouping.captured, &mut next_register)
                });
                return true;
            }
            let Some(from) = from else { return false };
            capture(expr, from, &mut grouping.captured, &mut next_register)
        });
        self.program.register_count = next_register;
    }

    /// Rewrites an expression and the correlated subqueries below it.
    pub(super) fn rewrite_outer(&mut self, expr: &mut Expr, change: &mut dyn FnMut(&mut Expr) -> bool) {
        let mut subqueries: Vec<SubqueryId> = Vec::new();
        rewrite_expr(expr, change, &mut subqueries);
        // Correlated subqueries read the group's row too.
        while let Some(id) = subqueries.pop() {
            if !self.program.subqueries[id.0].correlated {
                continue;
            }
            let mut below = Vec::new();
            visit_select_exprs(&mut self.program.subqueries[id.0].select, &mut |expr| {
                rewrite_expr(expr, change, &mut below);
            });
            subqueries.append(&mut below);
        }
    }
}

/// Turns a column of `from` into a captured register; true when it was one.
pub(super) fn capture(
    expr: &mut Expr,
    from: &From,
    captured: &mut Vec<Capture>,
    next_register: &mut usize,
) -> bool {
    if !from_owns(from, expr) {
        return false;
    }
    *expr = Expr::Register(captured_register(expr, captured, next_register));
    true
}

fn captured_register(expr: &Expr, captured: &mut Vec<Capture>, next_register: &mut usize) -> Register {
    if let Some(capture) = captured.iter().find(|capture| same_expr(&capture.expr, expr)) {
        return capture.register;
    }
    let register = Register(*next_register);
    *next_register += 1;
    captured.push(Capture { expr: expr.clone(), register });
    register
}

/// Whether all equal values of the key are one value: no 1 beside 1.0, no 'a' beside 'A'.
fn is_same_when_equal(key: &Typed) -> bool {
    match &key.expr {
        Expr::Rowid(_) => true,
        Expr::Column { .. } => {
            let is_exact =
                matches!(key.affinity, Some(Affinity::Integer | Affinity::Numeric | Affinity::Text));
            is_exact && key.collation() == Collation::Binary
        }
        _ => false,
    }
}
