//! Expressions on the frame.
//!
//! Evaluation is as lazy as SQLite's, so that an error is raised exactly when SQLite would have computed the part that
//! fails. CASE, coalesce() and IN stop where the answer is known; so do AND and OR where a decision is wanted (`decide`).
//!
//! Columns, registers, literals and parameters are *direct*: they are looked at in place. A comparison or a NULL test
//! of direct operands makes no `Value`.

use std::cmp::Ordering;
use std::convert::Infallible;

use pluresdb_value::{Affinity, Collation, Value, ValueRef, affinity, arithmetic, cast, truth};

use crate::catalog::ConflictAction;
use crate::error::{Error, Result, ResultCode};
use crate::execute::context::Context;
use crate::execute::decide::is_true;
use crate::execute::frame::Frame;
use crate::execute::{eager, function_call, subquery, wide};
use crate::resolve::tree::{
    ArithmeticOperator, Between, CaseArm, Compare, CompareOperator, Comparison, Expr, InList, RaiseAction,
    RawExpr, RowCompare, RowOperand, Waits,
};
use crate::session::Session;

/// The value of an expression.
pub fn eval(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<Value> {
    Ok(match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Parameter(index) => context.parameters.get(*index).cloned().unwrap_or_default(),
        Expr::Column { source, column } => frame.cursor(*source).column(*column)?.to_value(),
        Expr::Rowid(source) => frame.cursor(*source).rowid().to_value(),
        Expr::Register(register) => frame.register(*register).clone(),
        Expr::Plus(operand) | Expr::Collate { operand, .. } => eval(operand, frame, context)?,
        Expr::Negate(operand) => with_value(operand, frame, context, arithmetic::negate)?,
        Expr::BitNot(operand) => with_value(operand, frame, context, arithmetic::bit_not)?,
        Expr::Arithmetic { operator: ArithmeticOperator::Concat, left, right, waits } => {
            let limit = context.session.settings.max_length;
            if *waits != Waits::Neither {
                return match waiting(left, right, *waits, frame, context)? {
                    Some((left, right)) => concat(left.as_ref(), right.as_ref(), limit),
                    None => Ok(Value::Null),
                };
            }
            with_values(left, right, frame, context, |left, right| concat(left, right, limit))??
        }
        Expr::Arithmetic { operator, left, right, waits } => {
            let operation = arithmetic_function(*operator);
            if *waits != Waits::Neither {
                let values = waiting(left, right, *waits, frame, context)?;
                return Ok(
                    values.map_or(Value::Null, |(left, right)| operation(left.as_ref(), right.as_ref()))
                );
            }
            with_values(left, right, frame, context, operation)?
        }
        Expr::Not(_)
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::Between(_)
        | Expr::Compare(_)
        | Expr::IsNull { .. }
        | Expr::IsTruth { .. }
        | Expr::InList(_)
        | Expr::InSelect(_)
        | Expr::Exists { .. }
        | Expr::RowCompare(_) => truth_value(eval_truth(expr, frame, context)?),
        Expr::Case { operand, arms, otherwise } => {
            eval_case(operand.as_deref(), arms, otherwise.as_deref(), frame, context)?
        }
        Expr::Cast { operand, affinity } => cast::cast(eval(operand, frame, context)?, *affinity),
        Expr::Function { function, args, collation } => {
            function_call::call_scalar(function, args, *collation, frame, context)?
        }
        Expr::Application { function, args } => {
            function_call::call_application(function, args, frame, context)?
        }
        Expr::Constant { call, constant } => {
            function_call::constant(call, *constant, frame, context)?;
            frame.constant(*constant).map_or(Value::Null, |(value, _)| value.clone())
        }
        Expr::Coalesce(args) => {
            for arg in args.iter() {
                let value = eval(arg, frame, context)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Value::Null
        }
        Expr::ScalarSubquery(id) => subquery::scalar(*id, frame, context)?,
        Expr::Raise { action, message } => {
            let message = eval(message, frame, context)?;
            return Err(raise(*action, &message, context));
        }
        Expr::Raw(raw) => {
            let function = match raw {
                RawExpr::CurrentDate => "date",
                RawExpr::CurrentTime => "time",
                RawExpr::CurrentTimestamp => "datetime",
            };
            function_call::call_by_name(function, &[Value::text("now")], context)?
        }
    })
}

/// The truth of an expression that stands where a value is wanted: None is NULL.
pub fn eval_truth(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<bool>> {
    Ok(match expr {
        Expr::And(left, right, waits) => eager::connective(left, right, *waits, false, frame, context)?,
        Expr::Or(left, right, waits) => eager::connective(left, right, *waits, true, frame, context)?,
        Expr::Not(operand) => eval_truth(operand, frame, context)?.map(|truth| !truth),
        Expr::Compare(compare) => eval_compare(compare, frame, context)?,
        Expr::Between(between) => eval_between(between, frame, context)?,
        Expr::IsNull { operand, negated } => {
            let is_null = is_null(operand, frame, context)?;
            Some(is_null != *negated)
        }
        Expr::IsTruth { operand, truth, negated } => {
            let is_so = eval_truth(operand, frame, context)? == Some(*truth);
            Some(is_so != *negated)
        }
        Expr::InList(in_list) => eval_in_list(in_list, frame, context)?,
        Expr::InSelect(in_select) => {
            let found = subquery::contains(in_select, frame, context)?;
            found.map(|found| found != in_select.negated)
        }
        Expr::Exists { subquery, negated } => Some(subquery::exists(*subquery, frame, context)? != *negated),
        Expr::RowCompare(compare) => eval_row_compare(compare, frame, context)?,
        Expr::Plus(operand) | Expr::Collate { operand, .. } => eval_truth(operand, frame, context)?,
        _ => with_value(expr, frame, context, truth)?,
    })
}

pub(crate) fn truth_value(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::boolean)
}

#[inline]
pub(crate) fn is_direct(expr: &Expr) -> bool {
    match expr {
        Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_) | Expr::Literal(_) | Expr::Parameter(_) => {
            true
        }
        Expr::Plus(operand) | Expr::Collate { operand, .. } => is_direct(operand),
        _ => false,
    }
}

/// Looks at a direct expression in place; None for every other.
#[inline]
pub(crate) fn direct<'v>(
    expr: &'v Expr,
    frame: &'v Frame,
    parameters: &'v [Value],
) -> Result<Option<ValueRef<'v>>> {
    Ok(Some(match expr {
        Expr::Column { source, column } => frame.cursor(*source).column(*column)?,
        Expr::Rowid(source) => frame.cursor(*source).rowid(),
        Expr::Register(register) => frame.register(*register).as_ref(),
        Expr::Literal(value) => value.as_ref(),
        Expr::Parameter(index) => parameters.get(*index).map_or(ValueRef::Null, Value::as_ref),
        Expr::Constant { constant, .. } => match frame.constant(*constant) {
            Some((value, _)) => value.as_ref(),
            None => return Ok(None),
        },
        Expr::Plus(operand) | Expr::Collate { operand, .. } => return direct(operand, frame, parameters),
        _ => return Ok(None),
    }))
}

/// What `direct` answers most often, in place: its own answer comes back through memory, which is waited for.
#[inline(always)]
pub(crate) fn at_hand<'v>(expr: &'v Expr, frame: &'v Frame, parameters: &'v [Value]) -> Option<ValueRef<'v>> {
    let value = match expr {
        Expr::Parameter(index) => parameters.get(*index)?,
        Expr::Register(register) => frame.register(*register),
        Expr::Literal(value) => value,
        _ => return None,
    };
    Some(value.as_ref())
}

/// Calls `use_value` with the value of `expr`, in place when it is direct.
#[inline]
pub(crate) fn with_value<R>(
    expr: &Expr,
    frame: &mut Frame,
    context: &mut Context<'_>,
    use_value: impl FnOnce(ValueRef<'_>) -> R,
) -> Result<R> {
    if let Some(value) = at_hand(expr, frame, context.parameters) {
        return Ok(use_value(value));
    }
    if let Some(value) = direct(expr, frame, context.parameters)? {
        return Ok(use_value(value));
    }
    let value = eval(expr, frame, context)?;
    Ok(use_value(value.as_ref()))
}

fn is_null(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    if wide::is_wide(expr, frame)? {
        return Ok(false);
    }
    if let Some(value) = direct(expr, frame, context.parameters)? {
        return Ok(value.is_null());
    }
    Ok(eval(expr, frame, context)?.is_null())
}

/// `with_value` of two; the left one is evaluated first.
#[inline]
fn with_values<R>(
    left: &Expr,
    right: &Expr,
    frame: &mut Frame,
    context: &mut Context<'_>,
    use_values: impl FnOnce(ValueRef<'_>, ValueRef<'_>) -> R,
) -> Result<R> {
    let is_right_direct = is_direct(right);
    // What is computed on the right may call the application, which may change the row that the left one stands in.
    let stays = is_right_direct || !context.session.settings.is_reentrant;
    let computed_left = if is_direct(left) && stays { None } else { Some(eval(left, frame, context)?) };
    let computed_right = if is_right_direct { None } else { Some(eval(right, frame, context)?) };
    let left = match &computed_left {
        Some(value) => value.as_ref(),
        None => match at_hand(left, frame, context.parameters) {
            Some(value) => value,
            None => direct(left, frame, context.parameters)?.unwrap_or(ValueRef::Null),
        },
    };
    let right = match &computed_right {
        Some(value) => value.as_ref(),
        None => match at_hand(right, frame, context.parameters) {
            Some(value) => value,
            None => direct(right, frame, context.parameters)?.unwrap_or(ValueRef::Null),
        },
    };
    Ok(use_values(left, right))
}

/// Both values, unless the one that is computed first is NULL.
fn waiting(
    left: &Expr,
    right: &Expr,
    waits: Waits,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<(Value, Value)>> {
    let (first, second) = waits.in_order(left, right);
    let first = eval(first, frame, context)?;
    if first.is_null() {
        return Ok(None);
    }
    let second = eval(second, frame, context)?;
    Ok(Some(if waits == Waits::Left { (second, first) } else { (first, second) }))
}

pub(crate) fn arithmetic_function(operator: ArithmeticOperator) -> fn(ValueRef<'_>, ValueRef<'_>) -> Value {
    match operator {
        ArithmeticOperator::Add => arithmetic::add,
        ArithmeticOperator::Subtract => arithmetic::subtract,
        ArithmeticOperator::Multiply => arithmetic::multiply,
        ArithmeticOperator::Divide => arithmetic::divide,
        ArithmeticOperator::Remainder => arithmetic::remainder,
        ArithmeticOperator::BitAnd => arithmetic::bit_and,
        ArithmeticOperator::BitOr => arithmetic::bit_or,
        ArithmeticOperator::ShiftLeft => arithmetic::shift_left,
        ArithmeticOperator::ShiftRight => arithmetic::shift_right,
        ArithmeticOperator::Concat => arithmetic::concat,
    }
}

/// `||`; what two long values would come to is not made first.
fn concat(left: ValueRef<'_>, right: ValueRef<'_>, max_length: usize) -> Result<Value> {
    if byte_len(left) + byte_len(right) > max_length && !left.is_null() && !right.is_null() {
        return Err(Error::new(ResultCode::TooBig, "string or blob too big"));
    }
    Ok(arithmetic::concat(left, right))
}

/// Of texts and blobs; the text of a number is short.
fn byte_len(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 0,
    }
}

/// The order of two values as a comparison sees them.
#[inline]
pub(crate) fn order(left: ValueRef<'_>, right: ValueRef<'_>, comparison: Comparison) -> Ordering {
    let affinity = comparison.affinity.unwrap_or(Affinity::Blob);
    affinity::compare_with(left, right, affinity, comparison.collation)
}

/// `left operator right`, three-valued.
#[inline]
pub(crate) fn compare_values(
    operator: CompareOperator,
    left: ValueRef<'_>,
    right: ValueRef<'_>,
    comparison: Comparison,
) -> Option<bool> {
    // Numbers of one class compare the same under every affinity and collation.
    match (left, right) {
        (ValueRef::Integer(left), ValueRef::Integer(right)) => {
            return Some(holds(operator, left.cmp(&right)));
        }
        (ValueRef::Real(left), ValueRef::Real(right)) => {
            return Some(holds(operator, left.partial_cmp(&right).unwrap_or(Ordering::Equal)));
        }
        _ => {}
    }
    if left.is_null() || right.is_null() {
        let both = left.is_null() && right.is_null();
        return match operator {
            CompareOperator::Is => Some(both),
            CompareOperator::IsNot => Some(!both),
            _ => None,
        };
    }
    Some(holds(operator, order(left, right, comparison)))
}

#[inline]
pub(crate) fn holds(operator: CompareOperator, order: Ordering) -> bool {
    match operator {
        CompareOperator::Equal | CompareOperator::Is => order.is_eq(),
        CompareOperator::NotEqual | CompareOperator::IsNot => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::LessOrEqual => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::GreaterOrEqual => order.is_ge(),
    }
}

/// `compare_values` of computed values by any collation, those of the application included.
fn compare_computed(
    operator: CompareOperator,
    left: &Value,
    right: &Value,
    comparison: Comparison,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    let Collation::Custom(id) = comparison.collation else {
        return Ok(compare_values(operator, left.as_ref(), right.as_ref(), comparison));
    };
    let (mut left, mut right) = (left.clone(), right.clone());
    let affinity = comparison.affinity.unwrap_or(Affinity::Blob);
    affinity::apply(&mut left, affinity);
    affinity::apply(&mut right, affinity);
    let (Value::Text(left_text), Value::Text(right_text)) = (&left, &right) else {
        return Ok(compare_values(operator, left.as_ref(), right.as_ref(), comparison));
    };
    context.poll()?;
    Ok(Some(holds(operator, context.session.collate(id, left_text, right_text)?)))
}

/// Gives text under a collation of the application a form whose bytes order as it does. No number begins as it does.
pub(crate) fn label_value(value: &mut Value, collation: Collation, session: &Session) -> Result<()> {
    if let Collation::Custom(id) = collation
        && let Value::Text(text) = value
    {
        let label = session.label(id, text)?;
        *value = Value::text([b"L", &*label].concat());
    }
    Ok(())
}

fn eval_compare(compare: &Compare, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<bool>> {
    if compare.waits != Waits::Neither {
        return match waiting(&compare.left, &compare.right, compare.waits, frame, context)? {
            Some((left, right)) => {
                compare_computed(compare.operator, &left, &right, compare.comparison, context)
            }
            None => Ok(None),
        };
    }
    if compare.comparison.collation.is_custom() {
        let left = eval(&compare.left, frame, context)?;
        let right = eval(&compare.right, frame, context)?;
        return compare_computed(compare.operator, &left, &right, compare.comparison, context);
    }
    // Nearly every comparison is of a column and a constant.
    if let Some(left) = direct(&compare.left, frame, context.parameters)?
        && let Some(right) = direct(&compare.right, frame, context.parameters)?
    {
        return Ok(compare_values(compare.operator, left, right, compare.comparison));
    }
    with_values(&compare.left, &compare.right, frame, context, |left, right| {
        compare_values(compare.operator, left, right, compare.comparison)
    })
}

/// Compares a computed value with an expression, in place when that is direct.
#[inline]
pub(crate) fn compare_with(
    operator: CompareOperator,
    left: &Value,
    right: &Expr,
    comparison: Comparison,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    if comparison.collation.is_custom() {
        let right = eval(right, frame, context)?;
        return compare_computed(operator, left, &right, comparison, context);
    }
    with_value(right, frame, context, |right| compare_values(operator, left.as_ref(), right, comparison))
}

fn eval_between(between: &Between, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<bool>> {
    let Between { operand, low, high, low_comparison, high_comparison, negated } = between;
    let operand = eval(operand, frame, context)?;
    let above =
        compare_with(CompareOperator::GreaterOrEqual, &operand, low, *low_comparison, frame, context)?;
    let within = match above {
        Some(false) => {
            eager::upper_end(high, frame, context)?;
            Some(false)
        }
        _ => {
            let below =
                compare_with(CompareOperator::LessOrEqual, &operand, high, *high_comparison, frame, context)?;
            match (above, below) {
                (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
    };
    Ok(within.map(|within| within != *negated))
}

fn eval_in_list(in_list: &InList, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<bool>> {
    if in_list.list.is_empty() {
        return Ok(Some(in_list.negated));
    }
    eager::members_of_table(in_list, frame, context)?;
    let operand = eval(&in_list.operand, frame, context)?;
    if operand.is_null() {
        eager::remaining_members(in_list, 0, true, frame, context)?;
        return Ok(None);
    }
    let mut saw_null = false;
    for (index, item) in in_list.list.iter().enumerate() {
        let equal = if in_list.keeps_operand {
            let mut item = eval(item, frame, context)?;
            affinity::apply(&mut item, in_list.comparison.affinity.unwrap_or(Affinity::Blob));
            let comparison = Comparison { affinity: None, ..in_list.comparison };
            compare_computed(CompareOperator::Equal, &operand, &item, comparison, context)?
        } else {
            compare_with(CompareOperator::Equal, &operand, item, in_list.comparison, frame, context)?
        };
        match equal {
            Some(true) => {
                eager::remaining_members(in_list, index + 1, false, frame, context)?;
                return Ok(Some(!in_list.negated));
            }
            Some(false) => {}
            None => saw_null = true,
        }
    }
    Ok(if saw_null { None } else { Some(in_list.negated) })
}

fn eval_case(
    operand: Option<&Expr>,
    arms: &[CaseArm],
    otherwise: Option<&Expr>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Value> {
    let taken = taken_arm(operand, arms, otherwise, frame, context)?;
    taken.map_or(Ok(Value::Null), |arm| eval(arm, frame, context))
}

/// What a CASE computes.
pub(crate) fn taken_arm<'e>(
    operand: Option<&Expr>,
    arms: &'e [CaseArm],
    otherwise: Option<&'e Expr>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<&'e Expr>> {
    let operand = operand.map(|operand| eval(operand, frame, context)).transpose()?;
    for arm in arms {
        let is_taken = match &operand {
            Some(operand) => {
                let comparison = arm.comparison;
                compare_with(CompareOperator::Equal, operand, &arm.when, comparison, frame, context)?
                    == Some(true)
            }
            None => is_true(&arm.when, frame, context)?,
        };
        if is_taken {
            return Ok(Some(&arm.then));
        }
    }
    Ok(otherwise)
}

/// One side of a comparison of row values: expressions are computed when they are needed, a subquery's row at once.
enum RowSide<'e> {
    Exprs(&'e [Expr]),
    Row(Vec<Value>),
}

fn row_operand<'e>(
    operand: &'e RowOperand,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<RowSide<'e>> {
    match operand {
        RowOperand::Exprs(exprs) => Ok(RowSide::Exprs(exprs)),
        RowOperand::Subquery(id) => Ok(RowSide::Row(subquery::first_row(*id, frame, context)?)),
    }
}

fn row_part(
    side: &mut RowSide<'_>,
    index: usize,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Value> {
    match side {
        RowSide::Exprs(exprs) => eval(&exprs[index], frame, context),
        RowSide::Row(row) => Ok(std::mem::replace(&mut row[index], Value::Null)),
    }
}

fn eval_row_compare(
    compare: &RowCompare,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    let mut left = row_operand(&compare.left, frame, context)?;
    let mut right = row_operand(&compare.right, frame, context)?;
    compare_parts(compare.operator, &compare.comparisons, |index| {
        let mut left = row_part(&mut left, index, frame, context)?;
        let mut right = row_part(&mut right, index, frame, context)?;
        let Comparison { affinity, collation, .. } = compare.comparisons[index];
        if collation.is_custom() {
            for value in [&mut left, &mut right] {
                affinity::apply(value, affinity.unwrap_or(Affinity::Blob));
                label_value(value, collation, context.session)?;
            }
        }
        Ok((left, right))
    })
}

/// Row values compare part by part: equality needs every part, an order is decided by the first that differs. Parts
/// behind the one that decides are not computed.
pub(crate) fn compare_rows(
    operator: CompareOperator,
    left: &[Value],
    right: &[Value],
    comparisons: &[Comparison],
) -> Option<bool> {
    let parts = |index: usize| Ok::<_, Infallible>((left[index].clone(), right[index].clone()));
    match compare_parts(operator, comparisons, parts) {
        Ok(truth) => truth,
        Err(never) => match never {},
    }
}

fn compare_parts<E>(
    operator: CompareOperator,
    comparisons: &[Comparison],
    mut part: impl FnMut(usize) -> std::result::Result<(Value, Value), E>,
) -> std::result::Result<Option<bool>, E> {
    let mut is_unknown = false;
    for (index, comparison) in comparisons.iter().enumerate() {
        let (left, right) = part(index)?;
        let (left, right) = (left.as_ref(), right.as_ref());
        match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => {
                match compare_values(CompareOperator::Equal, left, right, *comparison) {
                    Some(true) => {}
                    Some(false) => return Ok(Some(operator == CompareOperator::NotEqual)),
                    None => is_unknown = true,
                }
            }
            CompareOperator::Is | CompareOperator::IsNot => {
                if compare_values(CompareOperator::Is, left, right, *comparison) != Some(true) {
                    return Ok(Some(operator == CompareOperator::IsNot));
                }
            }
            CompareOperator::Less
            | CompareOperator::LessOrEqual
            | CompareOperator::Greater
            | CompareOperator::GreaterOrEqual => {
                if left.is_null() || right.is_null() {
                    return Ok(None);
                }
                let order = order(left, right, *comparison);
                if order.is_ne() {
                    return Ok(Some(holds(operator, order)));
                }
            }
        }
    }
    Ok(if is_unknown { None } else { Some(holds(operator, Ordering::Equal)) })
}

/// RAISE() ends the program it stands in. What the error undoes is the session's to know; `is_ignore` tells IGNORE.
#[cold]
fn raise(action: RaiseAction, message: &Value, context: &mut Context<'_>) -> Error {
    context.session.error_action = match action {
        RaiseAction::Ignore => return Error::error(IGNORE).with_detail(IGNORE),
        RaiseAction::Rollback => ConflictAction::Rollback,
        RaiseAction::Abort => ConflictAction::Abort,
        RaiseAction::Fail => ConflictAction::Fail,
    };
    let text = message.to_text().unwrap_or_default();
    Error::new(ResultCode::ConstraintTrigger, String::from_utf8_lossy(&text))
}

/// The error that never leaves a row program.
const IGNORE: &str = "RAISE(IGNORE)";

/// Whether RAISE(IGNORE) made this error.
pub(crate) fn is_ignore(error: &Error) -> bool {
    error.detail.as_deref() == Some(IGNORE)
}
