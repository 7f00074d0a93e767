//! Expressions: names, operators with their affinities and collations, subqueries.

use std::rc::Rc;

use pluresdb_sql::ast::{self, BinaryOp, ExprKind, Literal, UnaryOp};
use pluresdb_value::{Affinity, Collation, Value};

use super::constant::{calls_functions, is_constant, is_false, is_literal, is_zero};
use super::function::misused_aggregate;
use super::scope::{Aggregates, Alias, CollationSource, Typed};
use super::tree::{
    ArithmeticOperator, Between, Body, CaseArm, Compare, CompareOperator, Comparison, CompoundOperator, Expr,
    InList, InSelect, RaiseAction, RawExpr, RowCompare, RowOperand, Select, SubqueryId, Waits,
};
use super::walk::has_known_subquery;
use super::{MAX_EXPR_DEPTH, Resolver, tree};
use crate::catalog::no_such_quoted_column;
use crate::error::{Error, Result, ResultCode};

/// One side of a comparison: a scalar, or a row value.
enum Operand {
    Scalar(Typed),
    Row(Vec<Typed>),
    /// A subquery of several columns.
    RowSubquery(SubqueryId, Vec<Typed>),
}

impl Operand {
    fn width(&self) -> usize {
        match self {
            Self::Scalar(_) => 1,
            Self::Row(parts) | Self::RowSubquery(_, parts) => parts.len(),
        }
    }

    fn parts(&self) -> &[Typed] {
        match self {
            Self::Scalar(typed) => std::slice::from_ref(typed),
            Self::Row(parts) | Self::RowSubquery(_, parts) => parts,
        }
    }

    fn into_row_operand(self) -> RowOperand {
        match self {
            Self::Scalar(typed) => RowOperand::Exprs(vec![typed.expr]),
            Self::Row(parts) => RowOperand::Exprs(parts.into_iter().map(|part| part.expr).collect()),
            Self::RowSubquery(id, _) => RowOperand::Subquery(id),
        }
    }
}

/// The affinity a comparison applies to both sides (SQLite's sqlite3CompareAffinity).
pub(super) fn comparison_affinity(left: Option<Affinity>, right: Option<Affinity>) -> Option<Affinity> {
    let is_numeric =
        |affinity: Affinity| matches!(affinity, Affinity::Numeric | Affinity::Integer | Affinity::Real);
    let narrowed = match (left, right) {
        (Some(left), Some(right)) => (is_numeric(left) || is_numeric(right)).then_some(Affinity::Numeric),
        (one, other) => one.or(other),
    };
    match narrowed? {
        Affinity::Blob => None,
        Affinity::Text => Some(Affinity::Text),
        Affinity::Numeric | Affinity::Integer | Affinity::Real => Some(Affinity::Numeric),
    }
}

/// The affinity that IN gives both its operand and its subquery's rows. They are not compared but looked up, so that a
/// REAL facing an expression makes a REAL of every integer, with the digits it has.
pub(super) fn in_affinity(left: Option<Affinity>, right: Option<Affinity>) -> Option<Affinity> {
    match (left, right) {
        (Some(Affinity::Real), None) | (None, Some(Affinity::Real)) => Some(Affinity::Real),
        _ => comparison_affinity(left, right),
    }
}

/// A column that USING made of those on both sides of a FULL JOIN has the affinity of the first and values of any.
fn may_defy_affinity(operand: &Typed) -> bool {
    operand.affinity.is_some() && matches!(operand.expr, Expr::Coalesce(_))
}

fn comparison(left: &Typed, right: &Typed) -> Comparison {
    Comparison {
        affinity: comparison_affinity(left.affinity, right.affinity),
        collation: CollationSource::of_comparison(left.collation, right.collation).collation(),
        operands: (left.affinity, right.affinity),
    }
}

/// The collation of that name, which may not exist: nothing may need it.
fn named_collation(name: &ast::Name) -> Result<Collation> {
    Collation::named(&name.text).ok_or_else(|| missing_collation(&name.text))
}

fn missing_collation(name: &str) -> Error {
    Error::new(ResultCode::MissingCollation, format!("no such collation sequence: {name}"))
}

pub(super) const ROW_VALUE_MISUSED: &str = "row value misused";

fn row_value_misused() -> Error {
    Error::error(ROW_VALUE_MISUSED)
}

fn wrong_width(width: usize, expected: usize) -> String {
    format!("sub-select returns {width} columns - expected {expected}")
}

/// What a name means, and which column (None: the rowid) of which source it is, when it is one.
type Found = (Typed, Option<usize>, Option<usize>);

impl Resolver<'_> {
    /// Resolves a scalar expression, with its affinity and collation.
    pub fn resolve_typed(&mut self, expr: &ast::Expr) -> Result<Typed> {
        match self.resolve_operand(expr)? {
            Operand::Scalar(typed) => Ok(typed),
            row => Ok(self.refuse_row(&row)),
        }
    }

    /// A row value where a scalar must stand.
    fn refuse_row(&mut self, row: &Operand) -> Typed {
        match row {
            Operand::Scalar(typed) => typed.clone(),
            Operand::Row(_) => self.refuse_late(ROW_VALUE_MISUSED),
            Operand::RowSubquery(_, parts) => self.refuse_late(wrong_width(parts.len(), 1)),
        }
    }

    fn scalar_of(&mut self, operand: Operand) -> Typed {
        match operand {
            Operand::Scalar(typed) => typed,
            row => self.refuse_row(&row),
        }
    }

    fn resolve_shared(&mut self, expr: &ast::Expr) -> Result<Rc<Expr>> {
        Ok(Rc::new(self.resolve_expr(expr)?))
    }

    fn resolve_operand(&mut self, expr: &ast::Expr) -> Result<Operand> {
        if self.expr_depth >= MAX_EXPR_DEPTH {
            return Err(Error::error(format!(
                "Expression tree is too large (maximum depth {MAX_EXPR_DEPTH})"
            )));
        }
        let is_part = std::mem::replace(&mut self.is_within_expr, true);
        self.expr_depth += 1;
        let resolved = self.resolve_operand_of_any_kind(expr);
        self.expr_depth -= 1;
        self.is_within_expr = is_part;
        match resolved {
            Err(error) if !is_part => Err(self.last_error(expr, error)),
            resolved => resolved,
        }
    }

    /// Gives a query in an expression the LIMIT that SQLite gives it: where one is written, whether it is not 0, as a number;
    /// else 1, which a compound has its own way with.
    fn take_first_row(&mut self, id: SubqueryId) {
        let select = &mut self.program.subqueries[id.0].select;
        let is_compound = matches!(select.body, Body::Compound(_));
        select.limit = match select.limit.take() {
            None => is_compound.then_some(Expr::Literal(Value::Integer(1))),
            Some(limit @ Expr::Literal(Value::Integer(1))) => Some(limit),
            Some(limit @ Expr::Literal(Value::Integer(_))) if !is_compound => Some(limit),
            Some(limit) => {
                let comparison =
                    Comparison { affinity: Some(Affinity::Numeric), ..Comparison::new(Collation::Binary) };
                let (operator, right) = (CompareOperator::NotEqual, Expr::Literal(Value::Integer(0)));
                let waits = Waits::Neither;
                Some(Expr::Compare(Rc::new(Compare { operator, left: limit, right, comparison, waits })))
            }
        };
    }

    fn resolve_operand_of_any_kind(&mut self, expr: &ast::Expr) -> Result<Operand> {
        match &expr.kind {
            ExprKind::Row(parts) => {
                let parts = parts.iter().map(|part| self.resolve_typed(part)).collect::<Result<Vec<_>>>()?;
                Ok(Operand::Row(parts))
            }
            ExprKind::Subquery(select) => {
                let (id, columns) = self.resolve_scalar_subquery(select)?;
                self.take_first_row(id);
                if columns.len() == 1 {
                    let column = columns.into_iter().next().map(|column| column.affinity);
                    return Ok(Operand::Scalar(Typed {
                        expr: Expr::ScalarSubquery(id),
                        affinity: column.flatten(),
                        collation: CollationSource::None,
                    }));
                }
                let parts = columns
                    .into_iter()
                    .map(|column| Typed {
                        affinity: column.affinity,
                        ..Typed::plain(Expr::ScalarSubquery(id))
                    })
                    .collect();
                Ok(Operand::RowSubquery(id, parts))
            }
            _ => Ok(Operand::Scalar(self.resolve_scalar(expr)?)),
        }
    }

    fn resolve_scalar(&mut self, expr: &ast::Expr) -> Result<Typed> {
        match &expr.kind {
            ExprKind::Literal(Literal::CurrentTime) => Ok(Typed::plain(self.moment(RawExpr::CurrentTime))),
            ExprKind::Literal(Literal::CurrentDate) => Ok(Typed::plain(self.moment(RawExpr::CurrentDate))),
            ExprKind::Literal(Literal::CurrentTimestamp) => {
                Ok(Typed::plain(self.moment(RawExpr::CurrentTimestamp)))
            }
            ExprKind::Literal(literal) => {
                Ok(resolve_literal(literal, false).map_or_else(|text| self.refuse_late(text), Typed::plain))
            }
            ExprKind::Column { qualifier, column } => self.resolve_column(qualifier.as_deref(), column),
            ExprKind::Parameter(number) => Ok(Typed::plain(Expr::Parameter(*number as usize - 1))),
            ExprKind::Unary { op, operand } => self.resolve_unary(*op, operand),
            ExprKind::Binary { .. } => self.resolve_binary_chain(expr),
            ExprKind::Like { op, negated, operand, pattern, escape } => {
                let name = match op {
                    ast::LikeOp::Like => "LIKE",
                    ast::LikeOp::Glob => "GLOB",
                    ast::LikeOp::Regexp => "REGEXP",
                    ast::LikeOp::Match => "MATCH",
                };
                if let Some(ignored) = self.authorize_function(name)? {
                    return Ok(ignored);
                }
                let mut args = vec![self.resolve_typed(pattern)?, self.resolve_typed(operand)?];
                if let Some(escape) = escape {
                    args.push(self.resolve_typed(escape)?);
                }
                // The error names the operator as it was written.
                let name = match self.word_between(operand.span, pattern.span) {
                    Some(written) if written.eq_ignore_ascii_case(name) => written.to_owned(),
                    _ => name.to_owned(),
                };
                let call = self.scalar_call(&name, args)?;
                Ok(if *negated { negation(call) } else { call })
            }
            ExprKind::Between { negated, operand, low, high } => {
                self.resolve_between(*negated, operand, low, high)
            }
            ExprKind::InList { negated, operand, list }
                if list.is_empty() && self.is_recording() && !crate::catalog::has_call(operand) =>
            {
                Ok(Typed::plain(Expr::Literal(Value::Integer(i64::from(*negated)))))
            }
            ExprKind::InList { negated, operand, list } => self.resolve_in_list(*negated, operand, list),
            ExprKind::InSelect { negated, operand, select } => {
                self.resolve_in_select(*negated, operand, select)
            }
            ExprKind::InTable { negated, operand, table, arguments } => {
                let select = select_all_from(table, arguments.as_deref());
                let resolved = self.resolve_in_select(*negated, operand, &select)?;
                self.forget_table(table.name.span);
                Ok(resolved)
            }
            ExprKind::Collate { operand, collation } => {
                let typed = self.resolve_typed(operand)?;
                let collation = named_collation(collation)?;
                Ok(Typed {
                    expr: Expr::Collate { operand: Rc::new(typed.expr), collation },
                    affinity: typed.affinity,
                    collation: CollationSource::Explicit(collation),
                })
            }
            ExprKind::Cast { operand, type_name } => {
                let typed = self.resolve_typed(operand)?;
                let affinity = type_name
                    .as_ref()
                    .map_or(Affinity::Numeric, |name| Affinity::of_declared_type(&name.text));
                Ok(Typed {
                    expr: Expr::Cast { operand: Rc::new(typed.expr), affinity },
                    affinity: Some(affinity),
                    collation: typed.collation,
                })
            }
            ExprKind::Case { operand, arms, otherwise } => {
                self.resolve_case(operand.as_deref(), arms, otherwise.as_deref())
            }
            ExprKind::Function(call) => match self.resolve_function(call, expr.span) {
                Err(error) if self.is_recording() && !error.message.starts_with("second argument to") => {
                    self.resolve_call_parts(call)
                }
                resolved => resolved,
            },
            ExprKind::Exists(select) => {
                let (subquery, _) = self.resolve_subquery(select)?;
                if self.program.subqueries[subquery.0].select.limit.is_some() {
                    self.take_first_row(subquery);
                }
                ask_for_any_row(&mut self.program.subqueries[subquery.0].select);
                Ok(Typed::plain(Expr::Exists { subquery, negated: false }))
            }
            ExprKind::Raise { action, message } => {
                if !self.is_in_trigger {
                    self.refuse_late("RAISE() may only be used within a trigger-program");
                }
                let action = match action {
                    ast::RaiseAction::Ignore => RaiseAction::Ignore,
                    ast::RaiseAction::Rollback => RaiseAction::Rollback,
                    ast::RaiseAction::Abort => RaiseAction::Abort,
                    ast::RaiseAction::Fail => RaiseAction::Fail,
                };
                let message = match message {
                    Some(message) => self.resolve_expr(message)?,
                    None => Expr::Literal(Value::Null),
                };
                Ok(Typed::plain(Expr::Raise { action, message: Rc::new(message) }))
            }
            ExprKind::Row(_) | ExprKind::Subquery(_) => self.resolve_typed(expr),
        }
    }

    /// The collation of a COLLATE that something is compared by.
    pub(super) fn resolve_collation(&mut self, name: &ast::Name) -> Result<Collation> {
        named_collation(name).inspect(|collation| self.need_collation(*collation))
    }

    /// Something compares by the collation: that it does not exist is an error only now.
    pub(super) fn need_collation(&mut self, collation: Collation) {
        if let Some(error) = self.missing_collation(collation) {
            self.late_error.get_or_insert(error);
        }
    }

    /// The error that the collation, which is needed, is nobody's.
    pub(super) fn missing_collation(&self, collation: Collation) -> Option<Error> {
        let Collation::Custom(id) = collation else { return None };
        self.names.find_collation(id.name()).is_none().then(|| missing_collation(id.name()))
    }

    pub(super) fn comparison(&mut self, left: &Typed, right: &Typed) -> Comparison {
        let comparison = comparison(left, right);
        self.need_collation(comparison.collation);
        comparison
    }

    fn resolve_unary(&mut self, op: UnaryOp, operand: &ast::Expr) -> Result<Typed> {
        if op == UnaryOp::Minus
            && let ExprKind::Literal(literal @ (Literal::Integer(_) | Literal::BigInteger(_))) = &operand.kind
        {
            if *literal == Literal::Integer(i64::MIN) {
                let written = self.span_text(operand.span);
                return Ok(self.refuse_late(format!("hex literal too big: -{written}")));
            }
            return Ok(
                resolve_literal(literal, true).map_or_else(|text| self.refuse_late(text), Typed::plain)
            );
        }
        // A minus sign is part of a real literal, so that -0.0 is not 0 - 0.0.
        if op == UnaryOp::Minus
            && let ExprKind::Literal(Literal::Real(digits)) = &operand.kind
        {
            let real = -pluresdb_value::number::text_to_real(digits.as_bytes());
            return Ok(Typed::plain(Expr::Literal(Value::real(real))));
        }
        // Here SQLite's parser looks no further.
        if let UnaryOp::IsNull | UnaryOp::NotNull = op
            && is_literal(operand)
        {
            let is_not_null = i64::from(op == UnaryOp::NotNull);
            return Ok(Typed::plain(Expr::Literal(Value::Integer(is_not_null))));
        }
        let typed = self.resolve_typed(operand)?;
        let operand = Rc::new(typed.expr);
        let collation = typed.collation.explicit_only();
        Ok(match op {
            UnaryOp::Not => Typed { collation, ..Typed::plain(Expr::Not(operand)) },
            UnaryOp::Minus => Typed { collation, ..Typed::plain(Expr::Negate(operand)) },
            UnaryOp::BitNot => Typed { collation, ..Typed::plain(Expr::BitNot(operand)) },
            UnaryOp::Plus => Typed { collation: typed.collation, ..Typed::plain(Expr::Plus(operand)) },
            UnaryOp::IsNull => Typed { collation, ..Typed::plain(Expr::IsNull { operand, negated: false }) },
            UnaryOp::NotNull => Typed { collation, ..Typed::plain(Expr::IsNull { operand, negated: true }) },
        })
    }

    /// Left-deep chains (`a AND b AND …`) are walked in a loop: their length must not cost stack.
    fn resolve_binary_chain(&mut self, expr: &ast::Expr) -> Result<Typed> {
        let mut spine: Vec<(BinaryOp, &ast::Expr)> = Vec::new();
        let begins_with_zero = is_zero(leftmost_of(expr));
        let mut leftmost = expr;
        while let ExprKind::Binary { op, left, right } = &leftmost.kind {
            // A conjunction that SQLite's parser has made 0 of: nobody sees what stood in it.
            if *op == BinaryOp::And
                && (is_false(right) || begins_with_zero)
                && is_false(leftmost)
                && !self.is_recording()
            {
                // It makes 0 of every conjunction that it stands in, too.
                while spine.last().is_some_and(|(op, right)| *op == BinaryOp::And && !calls_functions(right))
                {
                    spine.pop();
                }
                break;
            }
            spine.push((*op, right.as_ref()));
            leftmost = left;
        }
        let mut left = match &leftmost.kind {
            ExprKind::Binary { .. } => Operand::Scalar(Typed::plain(Expr::Literal(Value::Integer(0)))),
            _ => self.resolve_operand(leftmost)?,
        };
        let mut asks = None;
        while let Some((op, right)) = spine.pop() {
            left = Operand::Scalar(self.resolve_binary(op, left, right, &mut asks)?);
        }
        Ok(self.scalar_of(left))
    }

    /// `left_asks` is whether the left side has a subquery that SQLite knows of, where that has been found out already,
    /// and becomes what is known of the result.
    fn resolve_binary(
        &mut self,
        op: BinaryOp,
        left: Operand,
        right: &ast::Expr,
        left_asks: &mut Option<bool>,
    ) -> Result<Typed> {
        let known = left_asks.take();
        if let BinaryOp::Is | BinaryOp::IsNot = op
            && let Some(truth) = self.truth_literal(right)
        {
            let left = self.scalar_of(left);
            let collation = left.collation.explicit_only();
            let operand = Rc::new(left.expr);
            let is_truth = Expr::IsTruth { operand, truth, negated: op == BinaryOp::IsNot };
            return Ok(Typed { collation, ..Typed::plain(is_truth) });
        }
        let written = right;
        let right = self.resolve_operand(right)?;
        if let Some(operator) = compare_operator(op) {
            // SQLite compares widths before it opens `*`, where no SELECT stands around the expression.
            if self.depth == 0 && left.width() == 1 && right.width() > 1 && is_lone_star(written) {
                return Ok(self.refuse_late(wrong_width(right.width(), 1)));
            }
            return self.compare(operator, left, right);
        }
        let (left, right) = (self.scalar_of(left), self.scalar_of(right));
        let collation = left.collation.or_explicit(right.collation);
        let waits = self.waits(&left.expr, &right.expr, known);
        *left_asks = Some(waits != Waits::Neither);
        let operator = match op {
            BinaryOp::And => {
                let both = Expr::And(Rc::new(left.expr), Rc::new(right.expr), waits);
                return Ok(Typed { collation, ..Typed::plain(both) });
            }
            BinaryOp::Or => {
                let either = Expr::Or(Rc::new(left.expr), Rc::new(right.expr), waits);
                return Ok(Typed { collation, ..Typed::plain(either) });
            }
            BinaryOp::JsonExtract => return self.scalar_call("->", vec![left, right]),
            BinaryOp::JsonExtractText => return self.scalar_call("->>", vec![left, right]),
            BinaryOp::BitAnd => ArithmeticOperator::BitAnd,
            BinaryOp::BitOr => ArithmeticOperator::BitOr,
            BinaryOp::ShiftLeft => ArithmeticOperator::ShiftLeft,
            BinaryOp::ShiftRight => ArithmeticOperator::ShiftRight,
            BinaryOp::Add => ArithmeticOperator::Add,
            BinaryOp::Subtract => ArithmeticOperator::Subtract,
            BinaryOp::Multiply => ArithmeticOperator::Multiply,
            BinaryOp::Divide => ArithmeticOperator::Divide,
            BinaryOp::Remainder => ArithmeticOperator::Remainder,
            BinaryOp::Concat => ArithmeticOperator::Concat,
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Is
            | BinaryOp::IsNot
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual => unreachable!("comparisons were taken care of above"),
        };
        let (left, right) = (Rc::new(left.expr), Rc::new(right.expr));
        Ok(Typed { collation, ..Typed::plain(Expr::Arithmetic { operator, left, right, waits }) })
    }

    fn waits(&self, left: &Expr, right: &Expr, left_asks: Option<bool>) -> Waits {
        if self.program.subqueries.is_empty() {
            Waits::Neither
        } else if has_known_subquery(right) {
            Waits::Right
        } else if left_asks.unwrap_or_else(|| has_known_subquery(left)) {
            Waits::Left
        } else {
            Waits::Neither
        }
    }

    /// `TRUE` or `FALSE` standing for itself, not for a column of that name.
    fn truth_literal(&mut self, expr: &ast::Expr) -> Option<bool> {
        let ExprKind::Column { qualifier: None, column } = &super::select::split_collate(expr).0.kind else {
            return None;
        };
        let truth = boolean_name(column)?;
        match self.find_column(None, column) {
            Ok(Some(_)) => None,
            Ok(None) | Err(_) => Some(truth),
        }
    }

    /// `left = right`.
    pub fn equal(left: Typed, right: Typed) -> Expr {
        let comparison = comparison(&left, &right);
        let (operator, left, right) = (CompareOperator::Equal, left.expr, right.expr);
        Expr::Compare(Rc::new(Compare { operator, left, right, comparison, waits: Waits::Neither }))
    }

    fn compare(&mut self, operator: CompareOperator, left: Operand, right: Operand) -> Result<Typed> {
        if let (Operand::Scalar(left), Operand::Scalar(right)) = (&left, &right) {
            let comparison = self.comparison(left, right);
            let collation = left.collation.or_explicit(right.collation);
            let waits = match operator {
                CompareOperator::Is | CompareOperator::IsNot => Waits::Neither,
                _ => self.waits(&left.expr, &right.expr, None),
            };
            let (left, right) = (left.expr.clone(), right.expr.clone());
            let compare = Compare { operator, left, right, comparison, waits };
            return Ok(Typed { collation, ..Typed::plain(Expr::Compare(Rc::new(compare))) });
        }
        if left.width() != right.width() {
            return Err(row_value_misused());
        }
        let comparisons = left
            .parts()
            .iter()
            .zip(right.parts())
            .map(|(left, right)| self.comparison(left, right))
            .collect();
        let collation = Self::row_collation(&left, &right);
        let compare = RowCompare {
            operator,
            left: left.into_row_operand(),
            right: right.into_row_operand(),
            comparisons,
        };
        Ok(Typed { collation, ..Typed::plain(Expr::RowCompare(Rc::new(compare))) })
    }

    /// A COLLATE anywhere in a row value makes the comparison carry on the collation of that row's first part.
    fn row_collation(left: &Operand, right: &Operand) -> CollationSource {
        let is_explicit = |part: &Typed| matches!(part.collation, CollationSource::Explicit(_));
        [left, right].into_iter().find(|operand| operand.parts().iter().any(is_explicit)).map_or(
            CollationSource::None,
            |operand| {
                let first = operand.parts().first().map_or(Collation::Binary, Typed::collation);
                CollationSource::Explicit(first)
            },
        )
    }

    fn resolve_between(
        &mut self,
        negated: bool,
        operand: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
    ) -> Result<Typed> {
        let subject = self.resolve_operand(operand)?;
        let low = self.resolve_operand(low)?;
        let high = self.resolve_operand(high)?;
        let (Operand::Scalar(subject), Operand::Scalar(low), Operand::Scalar(high)) = (&subject, &low, &high)
        else {
            let again = self.resolve_operand(operand)?;
            let above = self.compare(CompareOperator::GreaterOrEqual, subject, low)?;
            let below = self.compare(CompareOperator::LessOrEqual, again, high)?;
            let both = Expr::And(Rc::new(above.expr), Rc::new(below.expr), Waits::Neither);
            return Ok(Typed::plain(if negated { Expr::Not(Rc::new(both)) } else { both }));
        };
        let collation = subject.collation.or_explicit(low.collation).or_explicit(high.collation);
        let expr = Expr::Between(Rc::new(Between {
            low_comparison: self.comparison(subject, low),
            high_comparison: self.comparison(subject, high),
            operand: subject.expr.clone(),
            low: low.expr.clone(),
            high: high.expr.clone(),
            negated,
        }));
        Ok(Typed { collation, ..Typed::plain(expr) })
    }

    /// SQLite resolves the query before the operand: its errors come first.
    fn resolve_in_select(
        &mut self,
        negated: bool,
        operand: &ast::Expr,
        select: &ast::Select,
    ) -> Result<Typed> {
        let asked = self.late_question_count();
        let (subquery, columns) = self.resolve_subquery(select)?;
        if self.searches_rowids(subquery) {
            // SQLite makes no query of what is looked up in a table.
            self.take_late_questions(asked);
        }
        let operand = self.resolve_operand(operand)?;
        Ok(self.in_select(negated, operand, subquery, columns))
    }

    /// As SQLite's parser takes them: nothing is in an empty list, one constant is compared, one subquery is asked.
    fn resolve_in_list(&mut self, negated: bool, operand: &ast::Expr, list: &[ast::Expr]) -> Result<Typed> {
        match list {
            [] => {
                // Nobody reads the operand; one that calls functions is resolved all the same.
                if calls_functions(operand) || self.is_recording() {
                    self.resolve_operand(operand)?;
                }
                return Ok(Typed::plain(Expr::Literal(Value::Integer(i64::from(negated)))));
            }
            [member] if is_constant(member) && !matches!(operand.kind, ExprKind::Row(_)) => {
                let left = self.resolve_operand(operand)?;
                let member = Typed::plain(self.resolve_expr(member)?);
                let equal = self.compare(CompareOperator::Equal, left, Operand::Scalar(member))?;
                return Ok(if negated { negation(equal) } else { equal });
            }
            [ast::Expr { kind: ExprKind::Subquery(select), .. }] => {
                return self.resolve_in_select(negated, operand, select);
            }
            _ => {}
        }
        if let ExprKind::Row(parts) = &operand.kind {
            let rows = values_of_rows(list, parts.len())?;
            return self.resolve_in_select(negated, operand, &rows);
        }
        let subject = self.resolve_typed(operand)?;
        let mut members = Vec::with_capacity(list.len());
        let mut collation = subject.collation.explicit_only();
        for member in list {
            let member = self.resolve_typed(member)?;
            collation = collation.or_explicit(member.collation);
            members.push(member.expr);
        }
        let comparison = Comparison {
            affinity: comparison_affinity(subject.affinity, None),
            collation: subject.collation(),
            operands: (subject.affinity, None),
        };
        self.need_collation(comparison.collation);
        // SQLite compares with few members, or those that are computed, one by one, and looks others up in a table.
        let keeps_operand = list.len() > 2 && list.iter().all(is_constant) && may_defy_affinity(&subject);
        let expr = Expr::InList(Rc::new(InList {
            operand: subject.expr,
            list: members,
            comparison,
            negated,
            keeps_operand,
        }));
        Ok(Typed { collation, ..Typed::plain(expr) })
    }

    fn in_select(
        &mut self,
        negated: bool,
        operand: Operand,
        subquery: SubqueryId,
        columns: Vec<tree::OutputColumn>,
    ) -> Typed {
        let width = operand.width();
        if columns.len() != width {
            return self.refuse_late(wrong_width(columns.len(), width));
        }
        let comparisons = operand
            .parts()
            .iter()
            .zip(&columns)
            .map(|(part, column)| {
                let last = &column.types;
                let collation = CollationSource::of_comparison(part.collation, last.last_collation);
                self.need_collation(collation.collation());
                Comparison {
                    affinity: in_affinity(part.affinity, last.last_affinity),
                    collation: collation.collation(),
                    operands: (part.affinity, last.last_affinity),
                }
            })
            .collect();
        let collation = Self::row_collation(&operand, &operand);
        let keeps_operand = match (operand.parts(), &columns[..]) {
            ([part], [column]) => {
                may_defy_affinity(part)
                    && comparison_affinity(part.affinity, column.types.last_affinity) == part.affinity
            }
            _ => false,
        };
        let operand = operand.into_row_operand();
        let select = InSelect { operand, subquery, comparisons, negated, keeps_operand };
        let expr = Expr::InSelect(Rc::new(select));
        Typed { collation, ..Typed::plain(expr) }
    }

    fn resolve_case(
        &mut self,
        operand: Option<&ast::Expr>,
        arms: &[(ast::Expr, ast::Expr)],
        otherwise: Option<&ast::Expr>,
    ) -> Result<Typed> {
        if let Some(row) = operand
            && !matches!(self.resolve_operand(row)?, Operand::Scalar(_))
        {
            return self.resolve_row_case(row, arms, otherwise);
        }
        let operand = operand.map(|operand| self.resolve_typed(operand)).transpose()?;
        let mut collation =
            operand.as_ref().map_or(CollationSource::None, |typed| typed.collation.explicit_only());
        let mut resolved = Vec::with_capacity(arms.len());
        for (when, then) in arms {
            let when = self.resolve_typed(when)?;
            let then = self.resolve_typed(then)?;
            collation = collation.or_explicit(when.collation).or_explicit(then.collation);
            let comparison = match &operand {
                Some(operand) => self.comparison(operand, &when),
                None => Comparison::new(Collation::Binary),
            };
            resolved.push(CaseArm { when: when.expr, comparison, then: then.expr });
        }
        let otherwise = otherwise.map(|otherwise| self.resolve_shared(otherwise)).transpose()?;
        let operand = operand.map(|typed| Rc::new(typed.expr));
        Ok(Typed { collation, ..Typed::plain(Expr::Case { operand, arms: resolved.into(), otherwise }) })
    }

    /// `CASE (a, b) WHEN (c, d) THEN …`: each arm compares row values.
    fn resolve_row_case(
        &mut self,
        row: &ast::Expr,
        arms: &[(ast::Expr, ast::Expr)],
        otherwise: Option<&ast::Expr>,
    ) -> Result<Typed> {
        let mut resolved = Vec::with_capacity(arms.len());
        for (when, then) in arms {
            let left = self.resolve_operand(row)?;
            let right = self.resolve_operand(when)?;
            let when = self.compare(CompareOperator::Equal, left, right)?.expr;
            let comparison = Comparison::new(Collation::Binary);
            resolved.push(CaseArm { when, comparison, then: self.resolve_expr(then)? });
        }
        let otherwise = otherwise.map(|otherwise| self.resolve_shared(otherwise)).transpose()?;
        Ok(Typed::plain(Expr::Case { operand: None, arms: resolved.into(), otherwise }))
    }

    /// `column`, `table.column`, `schema.table.column`, or what stands in for a column that is none.
    pub(super) fn resolve_column(
        &mut self,
        qualifier: Option<&ast::Qualifier>,
        column: &ast::Name,
    ) -> Result<Typed> {
        if let Some(typed) = self.find_column(qualifier, column)? {
            return Ok(typed);
        }
        if qualifier.is_none()
            && let Some(truth) = boolean_name(column)
        {
            return Ok(Typed::plain(Expr::Literal(Value::Integer(i64::from(truth)))));
        }
        let name = match qualifier {
            None => column.text.to_string(),
            Some(ast::Qualifier { schema: None, table }) => format!("{}.{}", table.text, column.text),
            Some(ast::Qualifier { schema: Some(schema), table }) => {
                format!("{}.{}.{}", schema.text, table.text, column.text)
            }
        };
        let hint = if qualifier.is_none() && column.quote == ast::Quote::Double {
            if self.names.has_double_quoted_strings() {
                return Ok(Typed::plain(Expr::Literal(Value::text(&*column.text))));
            }
            return Err(no_such_quoted_column(&name).at(column.span.start as usize));
        } else {
            name
        };
        Err(Error::error(format!("no such column: {hint}")).at(column.span.start as usize))
    }

    /// Looks the name up from the innermost scope outwards; `Ok(None)` when nobody has it.
    fn find_column(
        &mut self,
        qualifier: Option<&ast::Qualifier>,
        column: &ast::Name,
    ) -> Result<Option<Typed>> {
        if self.scopes.is_empty() {
            return self.find_in_row_image(qualifier, column);
        }
        for level in (0..self.scopes.len()).rev() {
            let mut found = self.find_in_scope(level, qualifier, column)?;
            if let Some((typed, Some(source), index)) = found {
                found = Some((self.authorize_column(level, source, index, typed)?, Some(source), index));
            }
            if self.is_recording()
                && let Some((_, Some(source), index)) = found
            {
                self.note_column(level, source, index, qualifier, column);
            }
            let found = match found {
                None if qualifier.is_none() => self.find_alias(level, column)?,
                found => found.map(|(typed, ..)| typed),
            };
            if let Some(typed) = found {
                self.scopes[level].reference_count += 1;
                self.outermost_reference = self.outermost_reference.min(level);
                return Ok(Some(typed));
            }
            if level + 1 == self.scopes.len()
                && let Some(typed) = self.find_in_row_image(qualifier, column)?
            {
                return Ok(Some(typed));
            }
        }
        Ok(None)
    }

    /// `new.x` and `old.x` of a trigger: constants of the running statement, no reference to any scope.
    fn find_in_row_image(
        &self,
        qualifier: Option<&ast::Qualifier>,
        name: &ast::Name,
    ) -> Result<Option<Typed>> {
        let Some(ast::Qualifier { schema: None, table }) = qualifier else { return Ok(None) };
        let Some(image) = self.row_images.get(table) else { return Ok(None) };
        let typed = match image.columns.iter().find(|column| name.is(&column.name)) {
            Some(column) => Some(column.typed()),
            None if is_rowid_name(name) => image
                .rowid
                .clone()
                .map(|rowid| Typed { affinity: Some(Affinity::Integer), ..Typed::plain(rowid) }),
            None => None,
        };
        typed.map(|typed| self.authorize_image(image, name, typed)).transpose()
    }

    fn find_in_scope(
        &self,
        level: usize,
        qualifier: Option<&ast::Qualifier>,
        name: &ast::Name,
    ) -> Result<Option<Found>> {
        let scope = &self.scopes[level];
        let candidates = || {
            scope.sources.iter().enumerate().filter(|(_, source)| match qualifier {
                None => true,
                Some(ast::Qualifier { schema: None, table }) => table.is(&source.name),
                Some(ast::Qualifier { schema: Some(schema), table }) => {
                    let is_schema = |own: &str| schema.is(own);
                    table.is(&source.name)
                        && (scope.ignores_schema || source.schema.as_deref().is_some_and(is_schema))
                }
            })
        };
        let ambiguous = || {
            let full = match qualifier {
                Some(ast::Qualifier { schema: Some(schema), table }) => {
                    format!("{}.{}.{}", schema.text, table.text, name.text)
                }
                Some(ast::Qualifier { schema: None, table }) => format!("{}.{}", table.text, name.text),
                None => name.text.to_string(),
            };
            Error::error(format!("ambiguous column name: {full}")).at(name.span.start as usize)
        };
        let mut found: Option<Found> = None;
        for (number, source) in candidates() {
            let Some(index) = source.columns.iter().position(|column| name.is(&column.name)) else {
                continue;
            };
            let column = &source.columns[index];
            // Of tables of one name, too, the leftmost has the column that joins them.
            if column.merged_away && (qualifier.is_none() || found.is_some()) {
                continue;
            }
            if found.is_some() {
                return Err(ambiguous());
            }
            let typed = if qualifier.is_none() { column.typed_unqualified() } else { column.typed() };
            found = Some((typed, Some(number), Some(index)));
        }
        if found.is_some() {
            return Ok(found);
        }
        if let Some(ast::Qualifier { schema: None, table }) = qualifier
            && let Some(in_nest) = scope.find_in_nest(table, name)
            && let Some(index) = in_nest.column
        {
            let column = &scope.sources[in_nest.source].columns[index];
            let typed = if in_nest.is_merged { column.typed_unqualified() } else { column.typed() };
            return Ok(Some((typed, None, None)));
        }
        if is_rowid_name(name) {
            let mut rowids =
                candidates().filter_map(|(number, source)| Some((number, source.rowid.as_ref()?)));
            if let Some((number, expr)) = rowids.next() {
                if rowids.next().is_some() {
                    return Err(ambiguous());
                }
                let rowid = Typed {
                    expr: expr.clone(),
                    affinity: Some(Affinity::Integer),
                    collation: CollationSource::None,
                };
                return Ok(Some((rowid, Some(number), None)));
            }
        }
        Ok(None)
    }

    /// A result column's alias, which the clauses behind the result columns may name.
    fn find_alias(&mut self, level: usize, name: &ast::Name) -> Result<Option<Typed>> {
        let scope = &self.scopes[level];
        let is_named = |alias: &&Alias| !alias.is_of_star && name.is(&alias.name);
        let Some(alias) = scope.aliases.iter().find(is_named) else { return Ok(None) };
        let is_innermost = level + 1 == self.scopes.len();
        if alias.has_window && !(scope.allowed.windows && is_innermost) {
            return Err(Error::error(format!("misuse of aliased window function {}", alias.name)));
        }
        let Some(aggregate) = &alias.aggregate else { return Ok(Some(alias.typed.clone())) };
        match scope.allowed.aggregates {
            Aggregates::Allowed if !scope.in_aggregate => Ok(Some(alias.typed.clone())),
            Aggregates::RefusedLate if !scope.in_aggregate => {
                let message = misused_aggregate(aggregate);
                Ok(Some(self.refuse_late(message)))
            }
            _ => Err(Error::error(format!("misuse of aliased aggregate {}", alias.name))),
        }
    }
}

/// Of what EXISTS asks SQLite computes no column, and it neither sorts the rows nor tells equal ones apart.
fn ask_for_any_row(select: &mut Select) {
    let null = Expr::Literal(Value::Null);
    match &mut select.body {
        Body::Core(core) => {
            core.outputs.fill(null);
            core.distinct = false;
        }
        Body::Values(rows) => rows.iter_mut().for_each(|row| row.fill(null.clone())),
        Body::Compound(compound) if compound.operator == CompoundOperator::UnionAll => {
            compound.order_by.clear();
            ask_for_any_row(&mut compound.left);
            ask_for_any_row(&mut compound.right);
        }
        Body::Compound(_) => return,
    }
    select.order_by.clear();
}

/// `(SELECT * …)`.
fn is_lone_star(expr: &ast::Expr) -> bool {
    let ExprKind::Subquery(select) = &expr.kind else { return false };
    let ast::SelectCore::Query(query) = &select.first else { return false };
    matches!(query.columns[..], [ast::ResultColumn::Star { .. } | ast::ResultColumn::TableStar { .. }])
}

/// NOT passes on the collation that was written.
fn negation(typed: Typed) -> Typed {
    let collation = typed.collation.explicit_only();
    Typed { collation, ..Typed::plain(Expr::Not(Rc::new(typed.expr))) }
}

/// The first operand of a chain of operators.
fn leftmost_of(expr: &ast::Expr) -> &ast::Expr {
    let mut leftmost = expr;
    while let ExprKind::Binary { left, .. } = &leftmost.kind {
        leftmost = left;
    }
    leftmost
}

pub(super) fn boolean_name(name: &ast::Name) -> Option<bool> {
    if name.quote != ast::Quote::None {
        return None;
    }
    if name.is("true") {
        Some(true)
    } else if name.is("false") {
        Some(false)
    } else {
        None
    }
}

pub(super) fn is_rowid_name(name: &ast::Name) -> bool {
    name.is("rowid") || name.is("oid") || name.is("_rowid_")
}

pub(super) fn compare_operator(op: BinaryOp) -> Option<CompareOperator> {
    Some(match op {
        BinaryOp::Equal => CompareOperator::Equal,
        BinaryOp::NotEqual => CompareOperator::NotEqual,
        BinaryOp::Is => CompareOperator::Is,
        BinaryOp::IsNot => CompareOperator::IsNot,
        BinaryOp::Less => CompareOperator::Less,
        BinaryOp::LessOrEqual => CompareOperator::LessOrEqual,
        BinaryOp::Greater => CompareOperator::Greater,
        BinaryOp::GreaterOrEqual => CompareOperator::GreaterOrEqual,
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Remainder
        | BinaryOp::Concat
        | BinaryOp::JsonExtract
        | BinaryOp::JsonExtractText => return None,
    })
}

/// A literal's value, or what SQLite says of it when it is coded; `negative` when a minus sign stands right before it.
fn resolve_literal(literal: &Literal, negative: bool) -> std::result::Result<Expr, String> {
    let value = match literal {
        Literal::Null => Value::Null,
        Literal::Integer(number) if negative => Value::Integer(number.wrapping_neg()),
        Literal::Integer(number) => Value::Integer(*number),
        Literal::BigInteger(digits) => {
            if digits.len() > 1 && digits.as_bytes()[1].eq_ignore_ascii_case(&b'x') {
                return Err(format!("hex literal too big: {}{digits}", if negative { "-" } else { "" }));
            }
            if negative && digits.trim_start_matches('0') == "9223372036854775808" {
                Value::Integer(i64::MIN)
            } else {
                let real = pluresdb_value::number::text_to_real(digits.as_bytes());
                Value::real(if negative { -real } else { real })
            }
        }
        Literal::Real(digits) => Value::real(pluresdb_value::number::text_to_real(digits.as_bytes())),
        Literal::String(text) => Value::text(text.as_bytes()),
        Literal::Blob(bytes) => Value::Blob(bytes.as_ref().into()),
        Literal::CurrentTime | Literal::CurrentDate | Literal::CurrentTimestamp => {
            unreachable!("moments are no literals to the resolver")
        }
    };
    Ok(Expr::Literal(value))
}

/// `VALUES …` of the rows that `(a, b) IN ((1, 2), …)` lists.
fn values_of_rows(list: &[ast::Expr], width: usize) -> Result<ast::Select> {
    let mut rows = Vec::with_capacity(list.len());
    for member in list {
        let row = match &member.kind {
            ExprKind::Row(parts) => parts.clone(),
            _ => vec![member.clone()],
        };
        if row.len() != width {
            let plural = if row.len() == 1 { "" } else { "s" };
            let message = format!("IN(...) element has {} term{plural} - expected {width}", row.len());
            return Err(Error::error(message));
        }
        rows.push(row);
    }
    let span = list.first().map_or_else(ast::Span::default, |member| member.span);
    Ok(ast::Select {
        with: None,
        first: ast::SelectCore::Values(ast::Values { rows, follows_with: true, span }),
        compounds: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        number: 0,
        span,
    })
}

/// `SELECT * FROM table`, which `x IN table` stands for.
fn select_all_from(table: &ast::QualifiedName, arguments: Option<&[ast::Expr]>) -> ast::Select {
    let span = table.span();
    let source = match arguments {
        Some(arguments) => ast::FromSource::Function { name: table.clone(), arguments: arguments.to_vec() },
        None => ast::FromSource::Table { name: table.clone(), indexed: None },
    };
    let term = ast::FromTerm { source, alias: None, constraint: None, span };
    super::from::select_star(ast::From { first: term, joins: Vec::new(), span })
}
