//! The lines of the subqueries that expressions ask, each told once, where it is asked first.

use super::Explainer;
use crate::error::Result;
use crate::plan::references::{Reference, Walker};
use crate::plan::{AccessPath, InValues, KeyBounds, KeyValue, RowidBounds, plan_select};
use crate::resolve::tree::{Expr, RowOperand, SubqueryId};
use crate::resolve::visit_expr;

impl Explainer<'_> {
    /// Those of the values that the path of a table is given.
    pub(super) fn path_subqueries(&mut self, path: &AccessPath, parent: i64) -> Result<()> {
        match path {
            AccessPath::Full | AccessPath::AnyOf(_) => Ok(()),
            AccessPath::Rowid(RowidBounds::Equal(expr)) => self.expressions([expr], parent),
            AccessPath::Rowid(RowidBounds::In(values)) => self.in_values(values, parent),
            AccessPath::Rowid(RowidBounds::Range { low, high }) => {
                self.expressions(low.iter().chain(high).map(|end| &end.expr), parent)
            }
            AccessPath::PrimaryKey { bounds, .. } | AccessPath::Index { bounds, .. } => {
                self.key_subqueries(bounds, parent)
            }
        }
    }

    fn key_subqueries(&mut self, bounds: &KeyBounds, parent: i64) -> Result<()> {
        for term in &bounds.equal {
            match &term.value {
                KeyValue::Equal(expr) | KeyValue::Is(expr) => self.expressions([expr], parent)?,
                KeyValue::In(values) => self.in_values(values, parent)?,
            }
        }
        self.expressions(bounds.low.iter().chain(&bounds.high).map(|end| &end.expr), parent)
    }

    pub(super) fn in_values(&mut self, values: &InValues, parent: i64) -> Result<()> {
        match values {
            InValues::List(exprs) => self.expressions(exprs, parent),
            InValues::Select(id) => self.subquery(*id, "LIST", parent),
        }
    }

    pub(super) fn expressions<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        parent: i64,
    ) -> Result<()> {
        if self.told_subqueries.is_empty() {
            return Ok(());
        }
        let mut asked = Vec::new();
        for expr in exprs {
            visit_expr(expr, &mut |expr| subqueries_of(expr, &mut asked));
        }
        asked.into_iter().try_for_each(|(id, kind)| self.subquery(id, kind, parent))
    }

    fn subquery(&mut self, id: SubqueryId, kind: &str, parent: i64) -> Result<()> {
        if std::mem::replace(&mut self.told_subqueries[id.0], true) {
            return Ok(());
        }
        let subquery = &self.program.subqueries[id.0];
        let correlated = if subquery.correlated { "CORRELATED " } else { "" };
        let number = match subquery.select.number {
            0 => self.next_query(),
            number => number,
        };
        let id = self.add(parent, format!("{correlated}{kind} SUBQUERY {number}"));
        let rows = plan_select(&subquery.select, self.program, self.session)?;
        self.rows(&rows, id)
    }

    /// Those of the expressions that no plan holds: what is inserted, set and returned.
    pub(super) fn other_subqueries(&mut self) -> Result<()> {
        if self.told_subqueries.iter().all(|told| *told) {
            return Ok(());
        }
        let mut nested = vec![false; self.program.subqueries.len()];
        for subquery in &self.program.subqueries {
            let mut visit = |reference: Reference| {
                if let Reference::Subquery(inner) = reference {
                    nested[inner.0] = true;
                }
            };
            Walker::new(self.program, &mut visit).select(&subquery.select);
        }
        let outer = (0..nested.len()).filter(|id| !nested[*id]);
        outer.map(SubqueryId).try_for_each(|id| self.subquery(id, "SCALAR", 0))
    }
}

/// The subqueries that an expression itself asks, with the word for what is made of their rows.
fn subqueries_of(expr: &Expr, asked: &mut Vec<(SubqueryId, &'static str)>) {
    let of_row = |operand: &RowOperand| match operand {
        RowOperand::Subquery(id) => Some((*id, "SCALAR")),
        RowOperand::Exprs(_) => None,
    };
    match expr {
        Expr::ScalarSubquery(id) | Expr::Exists { subquery: id, .. } => asked.push((*id, "SCALAR")),
        Expr::InSelect(select) => {
            asked.extend(of_row(&select.operand));
            asked.push((select.subquery, "LIST"));
        }
        Expr::RowCompare(compare) => {
            asked.extend([&compare.left, &compare.right].into_iter().filter_map(of_row));
        }
        _ => {}
    }
}
