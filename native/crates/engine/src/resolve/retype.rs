//! A condition on a compound's columns as it compares inside one arm, where each column has the arm's own affinity:
//!
//! ```text
//! SELECT CAST(a AS TEXT) AS k … UNION ALL SELECT 2 …      k has no affinity, in the first arm it is TEXT
//! ```

use std::rc::Rc;

use pluresdb_value::Affinity;

use super::expr::{comparison_affinity, in_affinity};
use super::tree::{Comparison, Expr, OutputColumn, Register, RowOperand};
use super::walk::rewrite_expr;

/// The condition with the affinities that an arm's columns, read as registers from `output` on, give its comparisons;
/// None: they are those it has.
pub fn retyped(condition: &Expr, columns: &[OutputColumn], output: Register) -> Option<Expr> {
    let affinity_of =
        |expr: &Expr| column_of(expr, output).and_then(|index| columns.get(index)).map(|it| it.affinity);
    let mut is_changed = false;
    let mut retype = |comparison: &mut Comparison, left: Option<&Expr>, right: Option<&Expr>, rule: Rule| {
        let operands = (
            left.and_then(affinity_of).unwrap_or(comparison.operands.0),
            right.and_then(affinity_of).unwrap_or(comparison.operands.1),
        );
        let affinity = rule(operands.0, operands.1);
        is_changed |= affinity != comparison.affinity;
        *comparison = Comparison { affinity, operands, ..*comparison };
    };
    let mut change = |node: &mut Expr| {
        match node {
            Expr::Compare(compare) => {
                let compare = Rc::make_mut(compare);
                let (left, right) = (Some(&compare.left), Some(&compare.right));
                retype(&mut compare.comparison, left, right, comparison_affinity);
            }
            Expr::Between(between) => {
                let between = Rc::make_mut(between);
                let operand = Some(&between.operand);
                retype(&mut between.low_comparison, operand, Some(&between.low), comparison_affinity);
                retype(&mut between.high_comparison, operand, Some(&between.high), comparison_affinity);
            }
            Expr::InList(list) => {
                let list = Rc::make_mut(list);
                retype(&mut list.comparison, Some(&list.operand), None, comparison_affinity);
            }
            Expr::InSelect(select) => {
                let select = Rc::make_mut(select);
                for (index, comparison) in select.comparisons.iter_mut().enumerate() {
                    retype(comparison, part(&select.operand, index), None, in_affinity);
                }
            }
            Expr::Case { operand: Some(operand), arms, .. } => {
                for arm in Rc::make_mut(arms) {
                    retype(&mut arm.comparison, Some(operand), Some(&arm.when), comparison_affinity);
                }
            }
            Expr::RowCompare(compare) => {
                let compare = Rc::make_mut(compare);
                for (index, comparison) in compare.comparisons.iter_mut().enumerate() {
                    let (left, right) = (part(&compare.left, index), part(&compare.right, index));
                    retype(comparison, left, right, comparison_affinity);
                }
            }
            _ => {}
        }
        false
    };
    let mut condition = condition.clone();
    rewrite_expr(&mut condition, &mut change, &mut Vec::new());
    is_changed.then_some(condition)
}

type Rule = fn(Option<Affinity>, Option<Affinity>) -> Option<Affinity>;

fn part(row: &RowOperand, index: usize) -> Option<&Expr> {
    match row {
        RowOperand::Exprs(parts) => parts.get(index),
        RowOperand::Subquery(_) => None,
    }
}

/// The column that an expression is: COLLATE does not take its affinity.
fn column_of(expr: &Expr, output: Register) -> Option<usize> {
    match expr {
        Expr::Register(register) => register.0.checked_sub(output.0),
        Expr::Collate { operand, .. } => column_of(operand, output),
        _ => None,
    }
}
