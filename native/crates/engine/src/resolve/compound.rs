//! Compound queries: arms resolved apart, then one row shape, one set of collations and an ORDER BY over columns.

use pluresdb_sql::ast::{self, ExprKind, SelectCore};

use super::Resolver;
use super::select::{direction, ordinal, ordinal_text, split_collate};
use super::tree::{Body, Compound, CompoundOperator, CompoundOrder, OutputColumn, Select};
use crate::error::{Error, Result};

impl Resolver<'_> {
    pub(super) fn resolve_compound(&mut self, select: &ast::Select) -> Result<Select> {
        let mut arms = vec![&select.first];
        arms.extend(select.compounds.iter().map(|compound| &compound.core));
        // SQLite resolves from the last arm to the first: that shows in which error comes first.
        let mut rights = Vec::with_capacity(select.compounds.len());
        for compound in select.compounds.iter().rev() {
            rights.push(self.resolve_single(&compound.core, &[], None)?);
        }
        let mut left = self.resolve_single(&select.first, &[], None)?;
        let last = select.compounds.len() - 1;
        for (index, (compound, right)) in select.compounds.iter().zip(rights.into_iter().rev()).enumerate() {
            let operator = operator_of(compound.op);
            check_width(compound.op, &left, &right, &compound.core)?;
            left = self.combine(operator, left, right);
            if index == last
                && let Body::Compound(body) = &mut left.body
            {
                body.order_by = self.compound_order(&select.order_by, &arms, &left.columns)?;
                if self.is_recording() {
                    self.note_compound_order(&select.order_by, &arms);
                }
            }
        }
        self.resolve_limit(&mut left, select.limit.as_ref())?;
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
            .map(|(left, right)| OutputColumn {
                affinity: left.affinity.or(right.affinity),
                collation: if left.has_collation { left.collation } else { right.collation },
                has_collation: left.has_collation || right.has_collation,
                ..left.clone()
            })
            .collect();
        let collations = columns.iter().map(|column| column.collation).collect();
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
        }
    }

    /// ORDER BY of a compound: each term must be a column, by ordinal, name or equal expression of some arm.
    pub(super) fn compound_order(
        &self,
        terms: &[ast::SortTerm],
        arms: &[&SelectCore],
        columns: &[OutputColumn],
    ) -> Result<Vec<CompoundOrder>> {
        let mut order = Vec::with_capacity(terms.len());
        for (index, term) in terms.iter().enumerate() {
            let (bare, collate) = split_collate(&term.expr);
            let column = match ordinal(bare, index, columns.len(), "ORDER")? {
                Some(column) => column,
                None => named_column(bare, columns)
                    .or_else(|| arms.iter().find_map(|arm| matching_column(bare, arm)))
                    .ok_or_else(|| {
                        Error::error(format!(
                            "{} ORDER BY term does not match any column in the result set",
                            ordinal_text(index + 1)
                        ))
                    })?,
            };
            let collation = match collate {
                Some(name) => self.resolve_collation(name)?,
                None => columns[column].collation,
            };
            order.push(CompoundOrder { column, direction: direction(term), collation });
        }
        Ok(order)
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

fn check_width(op: ast::CompoundOp, left: &Select, right: &Select, arm: &SelectCore) -> Result<()> {
    if left.columns.len() == right.columns.len() {
        return Ok(());
    }
    if matches!((arm, &left.body), (SelectCore::Values(_), Body::Values(_))) {
        return Err(Error::error("all VALUES must have the same number of terms"));
    }
    let word = match op {
        ast::CompoundOp::Union => "UNION",
        ast::CompoundOp::UnionAll => "UNION ALL",
        ast::CompoundOp::Except => "EXCEPT",
        ast::CompoundOp::Intersect => "INTERSECT",
    };
    Err(Error::error(format!(
        "SELECTs to the left and right of {word} do not have the same number of result columns"
    )))
}

fn named_column(expr: &ast::Expr, columns: &[OutputColumn]) -> Option<usize> {
    let ExprKind::Column { qualifier: None, column } = &expr.kind else { return None };
    columns.iter().position(|output| column.is(&output.name))
}

/// The result column of this arm that the term names or repeats.
fn matching_column(term: &ast::Expr, arm: &SelectCore) -> Option<usize> {
    let SelectCore::Query(query) = arm else { return None };
    let printed = pluresdb_sql::print::expr(term);
    query.columns.iter().position(|column| {
        let ast::ResultColumn::Expr { expr, alias, .. } = column else { return false };
        let by_alias = matches!((&term.kind, alias),
            (ExprKind::Column { qualifier: None, column }, Some(alias)) if column.is(&alias.text));
        let by_column = matches!((&term.kind, &expr.kind),
            (ExprKind::Column { qualifier: None, column }, ExprKind::Column { column: own, .. }) if column.is(&own.text));
        by_alias || by_column || pluresdb_sql::print::expr(expr).eq_ignore_ascii_case(&printed)
    })
}
