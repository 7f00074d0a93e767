//! What SQLite computes although the result is already known: it shows when such a part fails.
//!
//! Where a value is wanted, SQLite computes both sides of AND, OR and BETWEEN, unless a subquery stands in them; where
//! a decision is wanted (WHERE, CASE WHEN) the first side that decides ends it. Only parts with function calls can
//! fail, so only they are computed here.

use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::context::Context;
use crate::execute::eval::{eval, eval_truth};
use crate::execute::frame::Frame;
use crate::resolve::tree::{Expr, InList};
use crate::resolve::{any_expr, subqueries_of};

/// The truth of an expression that stands where a value is wanted.
pub(crate) fn truth_as_value(
    expr: &Expr,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    match expr {
        Expr::And(left, right) => connective(left, right, false, frame, context),
        Expr::Or(left, right) => connective(left, right, true, frame, context),
        Expr::Not(operand) => Ok(truth_as_value(operand, frame, context)?.map(|truth| !truth)),
        Expr::Between(between) => {
            let truth = eval_truth(expr, frame, context)?;
            let all = [&between.operand, &between.low, &between.high];
            if truth == Some(between.negated) && may_fail(&between.high) && !all.into_iter().any(has_subquery)
            {
                eval(&between.high, frame, context)?;
            }
            Ok(truth)
        }
        _ => eval_truth(expr, frame, context),
    }
}

/// AND (decided by false) or OR (decided by true).
fn connective(
    left: &Expr,
    right: &Expr,
    decisive: bool,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    if is_always(left, decisive) || is_always(right, decisive) {
        return Ok(Some(decisive));
    }
    let first = truth_as_value(left, frame, context)?;
    if first == Some(decisive) {
        if may_fail(right) && !has_subquery(right) && !has_subquery(left) {
            eval(right, frame, context)?;
        }
        return Ok(first);
    }
    let second = truth_as_value(right, frame, context)?;
    Ok(match (first, second) {
        (_, Some(truth)) if truth == decisive => second,
        (None, _) | (_, None) => None,
        _ => Some(!decisive),
    })
}

/// Computes the members that the search of an IN list did not reach but SQLite had computed: all of a list of more than
/// two constants, which becomes a table first; of any other list those behind a NULL operand, which stops no search.
pub(crate) fn remaining_members(
    list: &InList,
    reached: usize,
    is_operand_null: bool,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    let rest = &list.list[reached..];
    if !rest.iter().any(may_fail) {
        return Ok(());
    }
    let is_table = list.list.len() > 2 && list.list.iter().all(is_constant);
    if is_table || is_operand_null {
        for member in rest {
            eval(member, frame, context)?;
        }
    }
    Ok(())
}

fn may_fail(expr: &Expr) -> bool {
    any_expr(expr, &|expr| matches!(expr, Expr::Function { .. } | Expr::Application { .. }))
}

fn has_subquery(expr: &Expr) -> bool {
    any_expr(expr, &|expr| !subqueries_of(expr).is_empty())
}

/// Whether the text itself says the truth: SQLite drops the other side of `0 AND x` and `x OR 1`.
fn is_always(expr: &Expr, truth: bool) -> bool {
    match expr {
        // A minus sign makes a literal an expression, and SQLite looks at 32-bit ones only.
        Expr::Literal(Value::Integer(integer)) if i32::try_from(*integer).is_ok() => {
            if truth {
                *integer > 0
            } else {
                *integer == 0
            }
        }
        Expr::And(left, right) => !truth && (is_always(left, false) || is_always(right, false)),
        Expr::Or(left, right) => truth && (is_always(left, true) || is_always(right, true)),
        _ => false,
    }
}

fn is_constant(expr: &Expr) -> bool {
    !any_expr(expr, &|expr| matches!(expr, Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_)))
}
