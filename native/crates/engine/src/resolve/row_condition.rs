//! Comparisons of rows as conditions.
//!
//! Of WHERE, ON and HAVING SQLite takes `(a, b) = (c, d)` apart into `a = c AND b = d` where it stands by itself or between
//! ANDs. Only there may rows stand within rows: each pair of them is compared, and taken apart, in turn.

use pluresdb_sql::ast::{self, BinaryOp, ExprKind};

use super::Resolver;
use super::tree::Expr;
use crate::error::Result;

impl Resolver<'_> {
    pub fn resolve_condition(&mut self, written: &ast::Expr) -> Result<Expr> {
        match taken_apart(written) {
            Some(parts) => self.resolve_expr(&parts),
            None => self.resolve_expr(written),
        }
    }
}

/// None: no row has a row within.
fn taken_apart(condition: &ast::Expr) -> Option<ast::Expr> {
    let ExprKind::Binary { op, left, right } = &condition.kind else { return None };
    match (op, &left.kind, &right.kind) {
        (BinaryOp::And, _, _) => {
            let (first, second) = (taken_apart(left), taken_apart(right));
            if first.is_none() && second.is_none() {
                return None;
            }
            let first = first.unwrap_or_else(|| (**left).clone());
            Some(binary(BinaryOp::And, first, second.unwrap_or_else(|| (**right).clone()), condition))
        }
        (BinaryOp::Equal | BinaryOp::Is, ExprKind::Row(lefts), ExprKind::Row(rights))
            if lefts.len() == rights.len() && lefts.iter().chain(rights).any(is_row) =>
        {
            let pairs = lefts.iter().zip(rights).map(|(left, right)| {
                let pair = binary(*op, left.clone(), right.clone(), condition);
                taken_apart(&pair).unwrap_or(pair)
            });
            pairs.reduce(|all, pair| binary(BinaryOp::And, all, pair, condition))
        }
        _ => None,
    }
}

fn is_row(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ExprKind::Row(_))
}

fn binary(op: BinaryOp, left: ast::Expr, right: ast::Expr, whole: &ast::Expr) -> ast::Expr {
    ast::Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, ..whole.clone() }
}
