//! Partial indexes: whether the conditions of a query say that every row it wants is in the index.
//!
//! As in SQLite a condition says so when it reads like the index's own WHERE, or, where that is `x IS NOT NULL` or an
//! OR, when it lets no NULL pass or reads like one side. Nothing is computed: `a > 5` does not say `a > 1`.

use pluresdb_sql::ast::{self, BinaryOp, ExprKind, FunctionArguments, Literal, UnaryOp};
use pluresdb_value::Value;

use super::predicate::Conjunct;
use crate::catalog::{Index, Table};
use crate::resolve::tree::{ArithmeticOperator, CompareOperator, Expr, RowOperand, SourceId};

/// A table as one source of the query.
#[derive(Clone, Copy)]
pub(super) struct Implication<'q> {
    pub table: &'q Table,
    pub source: SourceId,
    pub conjuncts: &'q [&'q Conjunct],
}

impl Implication<'_> {
    pub fn holds_for(self, index: &Index) -> bool {
        index.partial.as_ref().is_none_or(|partial| self.is_said(partial))
    }

    fn is_said(self, part: &ast::Expr) -> bool {
        match &part.kind {
            ExprKind::Binary { op: BinaryOp::And, left, right } => self.is_said(left) && self.is_said(right),
            _ => self.conjuncts.iter().any(|conjunct| self.says(&conjunct.expr, part)),
        }
    }

    fn says(self, condition: &Expr, part: &ast::Expr) -> bool {
        self.is_same(condition, part)
            || match &part.kind {
                ExprKind::Binary { op: BinaryOp::Or, left, right } => {
                    self.says(condition, left) || self.says(condition, right)
                }
                ExprKind::Unary { op: UnaryOp::NotNull, operand } => {
                    self.stops_null(condition, operand, false)
                }
                _ => false,
            }
    }

    /// Whether the expression is not true where `operand` is NULL, and if `is_under_not`, whether it is NULL there, as far
    /// as SQLite sees it.
    fn stops_null(self, expr: &Expr, operand: &ast::Expr, is_under_not: bool) -> bool {
        if self.is_same(expr, operand) {
            return true;
        }
        match expr {
            Expr::Compare(compare) => {
                !matches!(compare.operator, CompareOperator::Is | CompareOperator::IsNot)
                    && [&compare.right, &compare.left].iter().any(|side| self.stops_null(side, operand, true))
            }
            Expr::Arithmetic { operator, left, right, .. } => {
                use ArithmeticOperator::{BitAnd, Divide, Multiply, Remainder};

                // These can be 0 where an operand is NULL, or so SQLite says.
                let may_be_zero = matches!(operator, Multiply | Divide | Remainder | BitAnd);
                let is_under_not = is_under_not || !may_be_zero;
                [right, left].iter().any(|side| self.stops_null(side, operand, is_under_not))
            }
            Expr::InList(list) => self.stops_null(&list.operand, operand, true),
            Expr::InSelect(select) => {
                let RowOperand::Exprs(operands) = &select.operand else { return false };
                let [own] = &operands[..] else { return false };
                !is_under_not && !select.negated && self.stops_null(own, operand, true)
            }
            Expr::Between(between) => {
                let parts = [&between.low, &between.high, &between.operand];
                !is_under_not
                    && !between.negated
                    && parts.iter().any(|part| self.stops_null(part, operand, true))
            }
            Expr::IsTruth { operand: own, negated, .. } => {
                !is_under_not && !negated && self.stops_null(own, operand, true)
            }
            Expr::Not(own) | Expr::BitNot(own) => self.stops_null(own, operand, true),
            Expr::Plus(own) | Expr::Negate(own) | Expr::Collate { operand: own, .. } => {
                self.stops_null(own, operand, is_under_not)
            }
            _ => false,
        }
    }

    /// Whether the resolved expression reads like the text.
    fn is_same(self, expr: &Expr, text: &ast::Expr) -> bool {
        let expr = if let Expr::Constant { call, .. } = expr { call } else { expr };
        match (&text.kind, expr) {
            (ExprKind::Column { column, .. }, Expr::Column { source, column: at }) => {
                *source == self.source && column.is(&self.table.columns[*at].name)
            }
            (ExprKind::Column { column, .. }, Expr::Rowid(source)) => {
                let alias = self.table.rowid_alias;
                *source == self.source
                    && alias.is_some_and(|alias| column.is(&self.table.columns[alias].name))
            }
            (ExprKind::Literal(literal), Expr::Literal(value)) => is_literal(literal, value),
            (ExprKind::Unary { op: UnaryOp::NotNull, operand }, Expr::IsNull { operand: own, negated }) => {
                *negated && self.is_same(own, operand)
            }
            (ExprKind::Unary { op: UnaryOp::IsNull, operand }, Expr::IsNull { operand: own, negated }) => {
                !*negated && self.is_same(own, operand)
            }
            (ExprKind::Unary { op: UnaryOp::Not, operand }, Expr::Not(own)) => self.is_same(own, operand),
            (ExprKind::Unary { op: UnaryOp::Minus, operand }, Expr::Negate(own)) => {
                self.is_same(own, operand)
            }
            (ExprKind::Binary { op: BinaryOp::Or, left, right }, Expr::Or(own_left, own_right, _)) => {
                self.is_same(own_left, left) && self.is_same(own_right, right)
            }
            (ExprKind::Binary { op, left, right }, Expr::Compare(compare)) => {
                operator_of(*op) == Some(compare.operator)
                    && self.is_same(&compare.left, left)
                    && self.is_same(&compare.right, right)
            }
            (ExprKind::InList { negated, operand, list }, Expr::InList(own)) => {
                *negated == own.negated
                    && self.is_same(&own.operand, operand)
                    && self.are_same(&own.list, list)
            }
            (ExprKind::Between { negated, operand, low, high }, Expr::Between(own)) => {
                *negated == own.negated
                    && self.is_same(&own.operand, operand)
                    && self.is_same(&own.low, low)
                    && self.is_same(&own.high, high)
            }
            (ExprKind::Function(call), Expr::Function { function, args, .. }) => {
                let FunctionArguments::List(written) = &call.arguments else { return false };
                call.name.is(function.name) && self.are_same(args, written)
            }
            _ => false,
        }
    }

    fn are_same(self, exprs: &[Expr], texts: &[ast::Expr]) -> bool {
        exprs.len() == texts.len() && exprs.iter().zip(texts).all(|(expr, text)| self.is_same(expr, text))
    }
}

fn operator_of(op: BinaryOp) -> Option<CompareOperator> {
    Some(match op {
        BinaryOp::Equal => CompareOperator::Equal,
        BinaryOp::NotEqual => CompareOperator::NotEqual,
        BinaryOp::Is => CompareOperator::Is,
        BinaryOp::IsNot => CompareOperator::IsNot,
        BinaryOp::Less => CompareOperator::Less,
        BinaryOp::LessOrEqual => CompareOperator::LessOrEqual,
        BinaryOp::Greater => CompareOperator::Greater,
        BinaryOp::GreaterOrEqual => CompareOperator::GreaterOrEqual,
        _ => return None,
    })
}

fn is_literal(literal: &Literal, value: &Value) -> bool {
    match (literal, value) {
        (Literal::Null, Value::Null) => true,
        (Literal::Integer(written), Value::Integer(value)) => written == value,
        (Literal::String(written), Value::Text(value)) => value.as_slice() == written.as_bytes(),
        (Literal::Blob(written), Value::Blob(value)) => value.as_slice() == &**written,
        (Literal::Real(written), Value::Real(value)) => written.parse() == Ok(*value),
        _ => false,
    }
}
