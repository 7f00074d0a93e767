//! What SQLite's parser sees in the text of an expression before any name is known: constants, integers, calls.

use pluresdb_sql::ast::{BinaryOp, Expr, ExprKind, FunctionArguments, Literal, UnaryOp};

/// Calls `visit` for every node of the text; subqueries are not looked into.
pub(super) fn visit_text<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        visit(expr);
        match &expr.kind {
            ExprKind::Literal(_)
            | ExprKind::Column { .. }
            | ExprKind::Parameter(_)
            | ExprKind::Exists(_)
            | ExprKind::Subquery(_)
            | ExprKind::Raise { .. } => {}
            ExprKind::Unary { operand, .. }
            | ExprKind::InSelect { operand, .. }
            | ExprKind::InTable { operand, .. }
            | ExprKind::Collate { operand, .. }
            | ExprKind::Cast { operand, .. } => pending.push(operand),
            ExprKind::Binary { left, right, .. } => pending.extend([left.as_ref(), right.as_ref()]),
            ExprKind::Like { operand, pattern, escape, .. } => {
                pending.extend([operand.as_ref(), pattern.as_ref()]);
                pending.extend(escape.as_deref());
            }
            ExprKind::Between { operand, low, high, .. } => {
                pending.extend([operand.as_ref(), low.as_ref(), high.as_ref()]);
            }
            ExprKind::InList { operand, list, .. } => {
                pending.push(operand);
                pending.extend(list);
            }
            ExprKind::Case { operand, arms, otherwise } => {
                pending.extend(operand.as_deref());
                pending.extend(arms.iter().flat_map(|(when, then)| [when, then]));
                pending.extend(otherwise.as_deref());
            }
            ExprKind::Function(call) => {
                if let FunctionArguments::List(args) = &call.arguments {
                    pending.extend(args);
                }
            }
            ExprKind::Row(parts) => pending.extend(parts),
        }
    }
}

/// Whether the text calls a function, LIKE and `->` among them.
pub(super) fn calls_functions(expr: &Expr) -> bool {
    let mut found = false;
    visit_text(expr, &mut |expr| {
        found |= matches!(
            expr.kind,
            ExprKind::Function(_)
                | ExprKind::Like { .. }
                | ExprKind::Binary { op: BinaryOp::JsonExtract | BinaryOp::JsonExtractText, .. }
        );
    });
    found
}

/// A literal 0, or what is one to SQLite's parser: `x IN ()`, `1 ISNULL`.
pub(super) fn is_zero(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Integer(0)) => true,
        ExprKind::InList { negated: false, operand, list } => list.is_empty() && !calls_functions(operand),
        ExprKind::Unary { op: UnaryOp::IsNull, operand } => is_literal(operand),
        _ => false,
    }
}

/// Whether SQLite's parser has put 0 in the text's place: a zero, and AND with one where nothing calls a function.
pub(super) fn is_false(expr: &Expr) -> bool {
    if is_zero(expr) {
        return true;
    }
    match &expr.kind {
        ExprKind::Binary { op: BinaryOp::And, left, right } => {
            (is_false(left) || is_false(right)) && !calls_functions(expr)
        }
        _ => false,
    }
}

/// Whether the text reads nothing, so that its value is the same everywhere in a statement. Functions never do here:
/// nobody knows yet which they are.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Parameter(_) => true,
        ExprKind::Column { qualifier: None, column } => super::expr::boolean_name(column).is_some(),
        ExprKind::Column { .. }
        | ExprKind::Function(_)
        | ExprKind::Like { .. }
        | ExprKind::Exists(_)
        | ExprKind::Subquery(_)
        | ExprKind::InSelect { .. }
        | ExprKind::InTable { .. }
        | ExprKind::Raise { .. } => false,
        ExprKind::Unary { operand, .. }
        | ExprKind::Collate { operand, .. }
        | ExprKind::Cast { operand, .. } => is_constant(operand),
        ExprKind::Binary { op: BinaryOp::JsonExtract | BinaryOp::JsonExtractText, .. } => false,
        ExprKind::Binary { .. } => {
            let mut leftmost = expr;
            while let ExprKind::Binary { left, right, .. } = &leftmost.kind {
                if !is_constant(right) {
                    return false;
                }
                leftmost = left;
            }
            is_constant(leftmost)
        }
        ExprKind::Between { operand, low, high, .. } => {
            [operand, low, high].into_iter().all(|part| is_constant(part))
        }
        ExprKind::InList { operand, list, .. } => is_constant(operand) && list.iter().all(is_constant),
        ExprKind::Case { operand, arms, otherwise } => {
            operand.as_deref().is_none_or(is_constant)
                && arms.iter().all(|(when, then)| is_constant(when) && is_constant(then))
                && otherwise.as_deref().is_none_or(is_constant)
        }
        ExprKind::Row(parts) => parts.iter().all(is_constant),
    }
}

/// The 32-bit integer that the text is, with any signs before it: a number of a column in ORDER BY and GROUP BY.
/// A hexadecimal literal may be negative by itself; then it is none.
pub(super) fn integer(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Integer(number @ 0..=MAX_INTEGER)) => Some(*number),
        ExprKind::Unary { op: UnaryOp::Plus, operand } => integer(operand),
        ExprKind::Unary { op: UnaryOp::Minus, operand } => integer(operand).map(|number| -number),
        // SQLite's parser answers these at once.
        ExprKind::Unary { op: UnaryOp::IsNull, operand } => is_literal(operand).then_some(0),
        ExprKind::Unary { op: UnaryOp::NotNull, operand } => is_literal(operand).then_some(1),
        ExprKind::Binary { op: BinaryOp::And, .. } => is_false(expr).then_some(0),
        _ => None,
    }
}

/// A literal that is not NULL, or what SQLite's parser has made one, with any signs before it.
pub(super) fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(literal) => matches!(
            literal,
            Literal::Integer(_)
                | Literal::BigInteger(_)
                | Literal::Real(_)
                | Literal::String(_)
                | Literal::Blob(_)
        ),
        ExprKind::Unary { op, operand } => {
            matches!(op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::IsNull | UnaryOp::NotNull)
                && is_literal(operand)
        }
        ExprKind::Binary { .. } => is_false(expr),
        _ => false,
    }
}

const MAX_INTEGER: i64 = i32::MAX as i64;
