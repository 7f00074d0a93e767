//! The error that SQLite ends with where an expression has several.
//!
//! SQLite does not stop at the first one. It goes on as far as its walk of the tree leads, and of the errors it meets the
//! last one counts. A call, `IS NULL` and `IS NOT NULL` never end the walk, whatever they hold; everything else does once
//! there is an error, before its operands are looked at.
//!
//! ```text
//! SELECT sum(x) + y       no such column: y       the call was left, and the walk came to y
//! SELECT sum(x) + -y      no such column: x       -y is not entered any more
//! ```
//! Resolving stops at the first error; then the whole expression is walked again as SQLite walks it.

use pluresdb_sql::ast::{self, BinaryOp, ExprKind, FunctionArguments, FunctionCall, UnaryOp};

use super::Resolver;
use super::constant::{is_false, is_literal};
use super::expr::{boolean_name, compare_operator};
use super::function::{Called, is_probability};
use super::window::check_window;
use crate::error::{Error, Result, ResultCode};

/// Whether the walk ends here.
type IsOver = bool;

impl Resolver<'_> {
    /// The error that counts; `first` is the one that resolving the expression stopped at.
    pub(super) fn last_error(&mut self, expr: &ast::Expr, first: Error) -> Error {
        if self.is_recording() || !is_of_a_walk(&first) {
            return first;
        }
        let mut last = None;
        self.walk(expr, &mut last);
        self.failed_subquery = None;
        last.unwrap_or(first)
    }

    /// The error that counts where `first` came up before the expression was looked at.
    pub fn error_behind(&mut self, first: Error, expr: &ast::Expr) -> Error {
        let mut last = Some(first);
        self.walk(expr, &mut last);
        last.expect("the walk replaces an error and takes none away")
    }

    fn walk(&mut self, expr: &ast::Expr, last: &mut Option<Error>) -> IsOver {
        match &expr.kind {
            ExprKind::Column { .. } => return self.look_up(expr, last),
            ExprKind::Function(call) => {
                self.walk_call(call, expr.span, last);
                return false;
            }
            ExprKind::Like { operand, pattern, escape, .. } => {
                self.walk_all([&**pattern, &**operand].into_iter().chain(escape.as_deref()), last);
                return false;
            }
            ExprKind::Binary { op: BinaryOp::JsonExtract | BinaryOp::JsonExtractText, left, right } => {
                self.walk_all([&**left, &**right].into_iter(), last);
                return false;
            }
            ExprKind::Unary { op: UnaryOp::IsNull | UnaryOp::NotNull, operand } if !is_literal(operand) => {
                self.walk(operand, last);
                return false;
            }
            // A name on the right may be TRUE or FALSE, and is looked up first.
            ExprKind::Binary { op: BinaryOp::Is | BinaryOp::IsNot, left, right } => {
                let bare = super::select::split_collate(right).0;
                if let ExprKind::Column { qualifier, column } = &bare.kind
                    && qualifier.is_none()
                {
                    if self.look_up(bare, last) {
                        return true;
                    }
                    if boolean_name(column).is_some() {
                        return self.walk(left, last);
                    }
                }
            }
            _ => {}
        }
        if let Some(span) = subquery_of(expr) {
            self.note_subquery(span, last);
        }
        if is_of_two_widths(expr) {
            *last = Some(Error::error(super::expr::ROW_VALUE_MISUSED));
        }
        if last.is_some() {
            return true;
        }
        match &expr.kind {
            // What SQLite's parser has answered.
            ExprKind::Binary { .. } if is_false(expr) => false,
            ExprKind::Binary { left, right, .. } => self.walk_all([&**left, &**right].into_iter(), last),
            ExprKind::Unary { operand, .. }
            | ExprKind::Collate { operand, .. }
            | ExprKind::Cast { operand, .. }
            | ExprKind::InSelect { operand, .. }
            | ExprKind::InTable { operand, .. } => self.walk(operand, last),
            ExprKind::Between { operand, low, high, .. } => {
                self.walk_all([&**operand, &**low, &**high].into_iter(), last)
            }
            ExprKind::InList { operand, list, .. } => {
                self.walk_all(std::iter::once(&**operand).chain(list), last)
            }
            ExprKind::Case { operand, arms, otherwise } => {
                let arms = arms.iter().flat_map(|(when, then)| [when, then]);
                self.walk_all(operand.as_deref().into_iter().chain(arms).chain(otherwise.as_deref()), last)
            }
            ExprKind::Row(parts) => self.walk_all(parts.iter(), last),
            ExprKind::Raise { message, .. } => self.walk_all(message.as_deref().into_iter(), last),
            ExprKind::Literal(_)
            | ExprKind::Parameter(_)
            | ExprKind::Exists(_)
            | ExprKind::Subquery(_)
            | ExprKind::Column { .. }
            | ExprKind::Function(_)
            | ExprKind::Like { .. } => false,
        }
    }

    fn walk_all<'e>(
        &mut self,
        mut exprs: impl Iterator<Item = &'e ast::Expr>,
        last: &mut Option<Error>,
    ) -> IsOver {
        exprs.any(|expr| self.walk(expr, last))
    }

    fn walk_terms(&mut self, terms: &[ast::SortTerm], last: &mut Option<Error>) {
        self.walk_all(terms.iter().map(|term| &term.expr), last);
    }

    fn walk_call(&mut self, call: &FunctionCall, span: ast::Span, last: &mut Option<Error>) {
        let args = match &call.arguments {
            FunctionArguments::Star => &[][..],
            FunctionArguments::List(args) => args,
        };
        if call.name.is("likelihood") && args.len() == 2 && !is_probability(&args[1]) {
            *last = Some(Error::error(super::function::NOT_A_PROBABILITY));
        }
        let called = self.called(call, args.len());
        let is_aggregate = called.as_ref().is_ok_and(Called::is_aggregate);
        if let Err(error) = called {
            *last = Some(error.located(span.start as usize));
        }
        if !is_aggregate {
            self.walk_all(args.iter(), last);
        } else if let Some(over) = &call.over {
            self.within_window_call(|own| own.walk_window_call(call, over, args, last));
        } else {
            self.within_aggregate(|own| {
                own.walk_all(args.iter(), last);
                own.walk_terms(&call.order_by, last);
                own.walk_all(call.filter.iter(), last);
            });
        }
    }

    /// The window is looked at where the statement has no error yet.
    fn walk_window_call(
        &mut self,
        call: &FunctionCall,
        over: &ast::Over,
        args: &[ast::Expr],
        last: &mut Option<Error>,
    ) {
        self.walk_all(args.iter(), last);
        if last.is_none() {
            let window = match (self.window_of(over), over) {
                (Ok(window), _) => Some(window),
                (Err(error), over) => {
                    *last = Some(error);
                    match over {
                        ast::Over::Window(written) => Some(written.clone()),
                        ast::Over::Name(_) => None,
                    }
                }
            };
            if let Some(window) = window {
                if let Err(error) = check_window(call, &window) {
                    *last = Some(error);
                }
                self.walk_all(window.partition_by.iter(), last);
                self.walk_terms(&window.order_by, last);
            }
        }
        self.walk_all(call.filter.iter(), last);
    }

    /// Looks a name up.
    fn look_up(&mut self, column: &ast::Expr, last: &mut Option<Error>) -> IsOver {
        let ExprKind::Column { qualifier, column } = &column.kind else { return false };
        match self.resolve_column(qualifier.as_deref(), column) {
            Ok(_) => false,
            Err(error) => {
                *last = Some(error);
                true
            }
        }
    }

    /// Of the subqueries one at most has failed, as resolving ended there.
    fn note_subquery(&mut self, span: ast::Span, last: &mut Option<Error>) {
        if last.is_none()
            && let Some((failed, error)) = &self.failed_subquery
            && *failed == span
        {
            *last = Some(error.clone());
        }
    }

    /// Keeps the error of a subquery for the walk of the expression it stands in.
    pub(super) fn note_failed<T>(&mut self, span: ast::Span, resolved: &Result<T>) {
        if let Err(error) = resolved {
            self.failed_subquery = Some((span, error.clone()));
        }
    }
}

/// Where the subquery stands that the expression, without its operands, is to SQLite.
fn subquery_of(expr: &ast::Expr) -> Option<ast::Span> {
    match &expr.kind {
        ExprKind::InSelect { select, .. } | ExprKind::Exists(select) | ExprKind::Subquery(select) => {
            Some(select.span)
        }
        ExprKind::InTable { table, .. } => Some(table.span()),
        ExprKind::InList { operand, list, .. } => match &list[..] {
            [ast::Expr { kind: ExprKind::Subquery(select), .. }] => Some(select.span),
            [first, ..] if matches!(operand.kind, ExprKind::Row(_)) => Some(first.span),
            _ => None,
        },
        _ => None,
    }
}

/// Rows of two widths compared, as far as the text shows it.
fn is_of_two_widths(expr: &ast::Expr) -> bool {
    let width = |expr: &ast::Expr| match &expr.kind {
        ExprKind::Row(parts) => Some(parts.len()),
        ExprKind::Subquery(_) => None,
        _ => Some(1),
    };
    let differ = |left: &ast::Expr, right: &ast::Expr| match (width(left), width(right)) {
        (Some(left), Some(right)) => left != right,
        _ => false,
    };
    match &expr.kind {
        ExprKind::Binary { op, left, right } => compare_operator(*op).is_some() && differ(left, right),
        ExprKind::Between { operand, low, high, .. } => differ(operand, low) || differ(operand, high),
        _ => false,
    }
}

/// Errors that the walk meets; of all others the first one counts.
fn is_of_a_walk(error: &Error) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "no such column",
        "ambiguous column name",
        "no such function",
        "no such window",
        "wrong number of arguments",
        "misuse of ",
        "row value misused",
        "cannot override ",
        "RANGE with offset ",
        "FILTER ",
        "ORDER BY may not be used",
        "second argument to likelihood",
    ];
    let message = &error.message;
    error.code == ResultCode::Error
        && (message.ends_with("may not be used as a window function")
            || BEGINNINGS.iter().any(|beginning| message.starts_with(beginning)))
}
