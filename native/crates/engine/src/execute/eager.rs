//! What SQLite computes although the result is already known: it shows when such a part fails.
//!
//! Where a value is wanted, SQLite computes both sides of AND and OR, unless the one it computes last has a subquery, and
//! both of BETWEEN. Where a decision is wanted (`decide`) the first side that decides ends it. Only parts with function
//! calls or subqueries can fail, so only they are computed here.

use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::context::Context;
use crate::execute::eval::{eval, eval_truth};
use crate::execute::frame::Frame;
use crate::resolve::tree::{Expr, InList, Waits};
use crate::resolve::{any_expr, names_subquery};

/// AND (decided by false) or OR (decided by true), three-valued.
pub(crate) fn connective(
    left: &Expr,
    right: &Expr,
    waits: Waits,
    decisive: bool,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    if is_always(left, decisive) || is_always(right, decisive) {
        return Ok(Some(decisive));
    }
    let (first, second) = waits.in_order(left, right);
    let known = eval_truth(first, frame, context)?;
    if known == Some(decisive) {
        if waits == Waits::Neither && may_fail(second) {
            eval(second, frame, context)?;
        }
        return Ok(known);
    }
    let other = eval_truth(second, frame, context)?;
    Ok(match (known, other) {
        (_, Some(truth)) if truth == decisive => other,
        (None, _) | (_, None) => None,
        _ => Some(!decisive),
    })
}

/// Computes the upper end of a BETWEEN whose lower end has decided.
pub(crate) fn upper_end(high: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
    if may_fail(high) || any_expr(high, &names_subquery) {
        eval(high, frame, context)?;
    }
    Ok(())
}

/// Computes the members of an IN list that SQLite makes a table of, before it computes the operand: what fails first is
/// what it tells of.
pub(crate) fn members_of_table(list: &InList, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
    if may_fail(&list.operand) && list.list.iter().any(may_fail) && is_table(list) {
        for member in &list.list {
            eval(member, frame, context)?;
        }
    }
    Ok(())
}

/// More than two constants.
fn is_table(list: &InList) -> bool {
    list.list.len() > 2 && list.list.iter().all(is_constant)
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
    if is_operand_null || is_table(list) {
        for member in rest {
            eval(member, frame, context)?;
        }
    }
    Ok(())
}

fn may_fail(expr: &Expr) -> bool {
    any_expr(expr, &|expr| matches!(expr, Expr::Function { .. } | Expr::Application { .. }))
}

/// Whether the text itself says the truth: SQLite drops the other side of `0 AND x` and `x OR 1`.
pub(crate) fn is_always(expr: &Expr, truth: bool) -> bool {
    match expr {
        // A minus sign makes a literal an expression, and SQLite looks at 32-bit ones only.
        Expr::Literal(Value::Integer(integer)) if i32::try_from(*integer).is_ok() => {
            if truth {
                *integer > 0
            } else {
                *integer == 0
            }
        }
        Expr::And(left, right, _) if truth => is_always(left, true) && is_always(right, true),
        Expr::And(left, right, _) => is_always(left, false) || is_always(right, false),
        Expr::Or(left, right, _) if truth => is_always(left, true) || is_always(right, true),
        Expr::Or(left, right, _) => is_always(left, false) && is_always(right, false),
        _ => false,
    }
}

fn is_constant(expr: &Expr) -> bool {
    !any_expr(expr, &|expr| matches!(expr, Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_)))
}
