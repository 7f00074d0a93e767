//! Compound queries: arms resolved apart, then one row shape, one set of collations and an ORDER BY over columns.

use pluresdb_sql::ast::{self, ExprKind, SelectCore};

use super::Resolver;
use super::scope::Typed;
use super::select::{direction, ordinal, ordinal_text, split_collate};
use super::tree::{Body, Compound, CompoundOperator, CompoundOrder, OutputColumn, Select};
use super::walk::same_expr;
use crate::error::{Error, Result};

impl Resolver<'_> {
    pub(super) fn resolve_compound(&mut self, select: &ast::Select) -> Result<Select> {
        let mut wanted = Wanted::new(&select.order_by);
        let mut left = self.resolve_arms(&select.first, &select.compounds, &mut wanted)?;
        let order_by = self.compound_order(&select.order_by, &wanted, &left.columns)?;
        if let Body::Compound(body) = &mut left.body {
            body.order_by = order_by;
        }
        if self.is_recording() {
            let arms = std::iter::once(&select.first).chain(select.compounds.iter().map(|arm| &arm.core));
            self.note_compound_order(&select.order_by, &arms.collect::<Vec<_>>());
        }
        self.resolve_limit(&mut left, select.limit.as_ref())?;
        Ok(left)
    }

    /// The arms of a compound, combined from left to right.
    pub(super) fn resolve_arms(
        &mut self,
        first: &SelectCore,
        compounds: &[ast::Compound],
        wanted: &mut Wanted<'_>,
    ) -> Result<Select> {
        // SQLite resolves from the last arm to the first: that shows in which error comes first.
        let mut rights = Vec::with_capacity(compounds.len());
        let mut questions = Vec::with_capacity(compounds.len() + 1);
        let asked = self.late_question_count();
        for compound in compounds.iter().rev() {
            rights.push(self.resolve_single(&compound.core, &[], None, wanted)?);
            questions.push(self.take_late_questions(asked));
        }
        let mut left = self.resolve_single(first, &[], None, wanted)?;
        questions.push(self.take_late_questions(asked));
        self.authorize_arms(questions.into_iter().rev())?;
        for (compound, right) in compounds.iter().zip(rights.into_iter().rev()) {
            let operator = operator_of(compound.op);
            self.check_width(compound.op, &left, &right, &compound.core)?;
            left = self.combine(operator, left, right);
        }
        Ok(left)
    }

    /// One compound of two queries of equal width.
    pub(super) fn combine(
        &mut self,
        operator: CompoundOperator,
        mut left: Select,
        mut right: Select,
    ) -> Select {
        self.ensure_output(&mut left);
        self.ensure_output(&mut right);
        let columns: Vec<OutputColumn> = left
            .columns
            .iter()
            .zip(&right.columns)
            .map(|(left, right)| {
                let types = left.types.followed_by(right.types);
                OutputColumn { affinity: types.affinity(), types, ..left.clone() }
            })
            .collect();
        let collations =
            columns.iter().map(|column| column.types.first_collation.unwrap_or_default()).collect();
        Select {
            body: Body::Compound(Box::new(Compound {
                operator,
                left,
                right,
                collations,
                order_by: Vec::new(),
            })),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            columns,
            output: None,
            number: 0,
        }
    }

    /// ORDER BY of a compound: each term must be a column, by ordinal, name or equal expression of some arm.
    pub(super) fn compound_order(
        &mut self,
        terms: &[ast::SortTerm],
        wanted: &Wanted<'_>,
        columns: &[OutputColumn],
    ) -> Result<Vec<CompoundOrder>> {
        super::select::check_terms(terms.len(), "ORDER", self.names.max_columns())?;
        let mut order = Vec::with_capacity(terms.len());
        for (index, term) in terms.iter().enumerate() {
            let (bare, collate) = split_collate(&term.expr);
            let column = match ordinal(bare, index, columns.len(), "ORDER")? {
                Some(column) => column,
                None => wanted.columns[index].ok_or_else(|| {
                    Error::error(format!(
                        "{} ORDER BY term does not match any column in the result set",
                        ordinal_text(index + 1)
                    ))
                })?,
            };
            let collation = match collate {
                Some(name) => self.resolve_collation(name)?,
                None => columns[column].types.first_collation.unwrap_or_default(),
            };
            order.push(CompoundOrder { column, direction: direction(term), collation });
        }
        Ok(order)
    }

    /// Looks in one arm, whose scope is open, for the terms of the compound's ORDER BY.
    pub(super) fn match_wanted(&mut self, wanted: &mut Wanted<'_>, query: &ast::Query, outputs: &[Typed]) {
        for index in 0..wanted.terms.len() {
            let term = wanted.terms[index];
            let found = aliased_column(term, query)
                .or_else(|| self.resolved_column(term, outputs))
                .or_else(|| repeated_column(term, query));
            if found.is_some() {
                wanted.columns[index] = found;
            }
        }
    }

    /// The result column that the term means where the arm's tables are known. What it cannot mean is no error: it may
    /// mean a column of another arm.
    fn resolved_column(&mut self, term: &ast::Expr, outputs: &[Typed]) -> Option<usize> {
        let innermost = self.scopes.pop()?;
        let (aggregates, windows) = (innermost.aggregates.len(), innermost.windows.len());
        let outer = std::mem::replace(&mut self.scopes, vec![innermost]);
        let late_error = self.late_error.take();
        let outermost_reference = self.outermost_reference;
        let resolved = self.unrecorded(|resolver| resolver.resolve_typed(term));
        self.outermost_reference = outermost_reference;
        self.late_error = late_error;
        let mut innermost = self.scopes.pop()?;
        innermost.aggregates.truncate(aggregates);
        innermost.windows.truncate(windows);
        self.scopes = outer;
        self.scopes.push(innermost);
        let resolved = resolved.ok()?;
        outputs.iter().position(|output| same_expr(&output.expr, &resolved.expr))
    }

    fn check_width(
        &mut self,
        op: ast::CompoundOp,
        left: &Select,
        right: &Select,
        arm: &SelectCore,
    ) -> Result<()> {
        if left.columns.len() == right.columns.len() {
            return Ok(());
        }
        if matches!((arm, &left.body), (SelectCore::Values(_), Body::Values(_))) {
            return Err(Error::error("all VALUES must have the same number of terms"));
        }
        self.refuse_late(unequal_widths(op));
        Ok(())
    }
}

/// The terms of a compound's ORDER BY that are no numbers, and the result columns they turned out to be. Arms are
/// resolved from the last to the first and each overrides those behind it: the leftmost decides.
#[derive(Default)]
pub(super) struct Wanted<'e> {
    terms: Vec<&'e ast::Expr>,
    columns: Vec<Option<usize>>,
}

impl<'e> Wanted<'e> {
    /// Takes what arms further right found of the terms not found yet.
    pub fn or(&mut self, right: Wanted<'_>) {
        for (own, other) in self.columns.iter_mut().zip(right.columns) {
            *own = own.or(other);
        }
    }

    pub fn new(order_by: &'e [ast::SortTerm]) -> Wanted<'e> {
        let terms: Vec<&ast::Expr> = order_by.iter().map(|term| split_collate(&term.expr).0).collect();
        Wanted { columns: vec![None; terms.len()], terms }
    }
}

fn operator_of(op: ast::CompoundOp) -> CompoundOperator {
    match op {
        ast::CompoundOp::Union => CompoundOperator::Union,
        ast::CompoundOp::UnionAll => CompoundOperator::UnionAll,
        ast::CompoundOp::Except => CompoundOperator::Except,
        ast::CompoundOp::Intersect => CompoundOperator::Intersect,
    }
}

pub(super) fn unequal_widths(op: ast::CompoundOp) -> String {
    let word = match op {
        ast::CompoundOp::Union => "UNION",
        ast::CompoundOp::UnionAll => "UNION ALL",
        ast::CompoundOp::Except => "EXCEPT",
        ast::CompoundOp::Intersect => "INTERSECT",
    };
    format!("SELECTs to the left and right of {word} do not have the same number of result columns")
}

/// The position of a written result column, when none before it is a `*`.
fn written_position(
    query: &ast::Query,
    is_wanted: impl Fn(&ast::Expr, Option<&ast::Name>) -> bool,
) -> Option<usize> {
    for (position, column) in query.columns.iter().enumerate() {
        let ast::ResultColumn::Expr { expr, alias, .. } = column else { return None };
        if is_wanted(expr, alias.as_ref()) {
            return Some(position);
        }
    }
    None
}

fn aliased_column(term: &ast::Expr, query: &ast::Query) -> Option<usize> {
    let ExprKind::Column { qualifier: None, column } = &term.kind else { return None };
    written_position(query, |_, alias| alias.is_some_and(|alias| column.is(&alias.text)))
}

/// The result column that is written as the term is.
fn repeated_column(term: &ast::Expr, query: &ast::Query) -> Option<usize> {
    if matches!(term.kind, ExprKind::Column { .. }) {
        return None;
    }
    let printed = pluresdb_sql::print::expr(term);
    written_position(query, |expr, _| pluresdb_sql::print::expr(expr).eq_ignore_ascii_case(&printed))
}
