//! Expressions where a decision is wanted: WHERE, ON, HAVING, FILTER, CHECK, CASE WHEN.
//!
//! SQLite makes jumps of AND, OR, NOT, BETWEEN and IS TRUE there, and what no longer matters is not computed: of
//! `NULL AND f()` in a WHERE the call never runs. Where a value is wanted, both sides are (`eager`).

use crate::error::Result;
use crate::execute::context::Context;
use crate::execute::eager::is_always;
use crate::execute::eval::{compare_with, eval, eval_truth};
use crate::execute::frame::Frame;
use crate::resolve::tree::{Between, CompareOperator, Expr};

/// Whether the condition is true; NULL is not.
pub fn is_true(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    decide(expr, false, frame, context)
}

/// Whether the condition is true or NULL: what a CHECK asks for.
pub fn is_not_false(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    decide(expr, true, frame, context)
}

/// Whether all conditions are true; stops at the first that is not.
#[inline]
pub(crate) fn all_true(conditions: &[Expr], frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    for condition in conditions {
        if !is_true(condition, frame, context)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The decision, NULL being `if_null`.
fn decide(expr: &Expr, if_null: bool, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    match expr {
        Expr::And(left, right, waits) => {
            if is_always(right, false) {
                return Ok(false);
            }
            let (first, second) = waits.in_order(left, right);
            Ok(decide(first, if_null, frame, context)? && decide(second, if_null, frame, context)?)
        }
        Expr::Or(left, right, waits) => {
            if is_always(right, true) {
                return Ok(true);
            }
            let (first, second) = waits.in_order(left, right);
            Ok(decide(first, if_null, frame, context)? || decide(second, if_null, frame, context)?)
        }
        Expr::Not(operand) => Ok(!decide(operand, !if_null, frame, context)?),
        Expr::IsTruth { operand, truth, negated } => {
            // `x IS NOT FALSE` holds for NULL, `x IS FALSE` does not.
            let is_so = decide(operand, !*truth, frame, context)? == *truth;
            Ok(is_so != *negated)
        }
        Expr::Between(between) => {
            let within = is_within(between, if_null != between.negated, frame, context)?;
            Ok(within != between.negated)
        }
        _ => Ok(eval_truth(expr, frame, context)?.unwrap_or(if_null)),
    }
}

fn is_within(between: &Between, if_null: bool, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    let operand = eval(&between.operand, frame, context)?;
    let above = compare_with(
        CompareOperator::GreaterOrEqual,
        &operand,
        &between.low,
        between.low_comparison,
        frame,
        context,
    )?;
    if !above.unwrap_or(if_null) {
        return Ok(false);
    }
    let below = compare_with(
        CompareOperator::LessOrEqual,
        &operand,
        &between.high,
        between.high_comparison,
        frame,
        context,
    )?;
    Ok(below.unwrap_or(if_null))
}
