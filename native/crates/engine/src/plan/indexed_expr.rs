//! Indexes on expressions: which expression of a query is one whose values an index keeps.
//!
//! ```text
//! CREATE INDEX i ON t(lower(name))
//! … WHERE lower(name) = 'x' ORDER BY lower(name)     the resolved expressions are the same: i finds and orders
//! ```

use std::sync::Arc;

use pluresdb_value::Affinity;

use crate::catalog::{Index, IndexTerm};
use crate::resolve::tree::{Expr, TableSource};
use crate::resolve::{Resolver, ScopeSource, same_expr};
use crate::session::Session;

/// The expressions in one table's indexes, resolved for one source of the query.
#[derive(Default)]
pub(super) struct IndexedExprs {
    exprs: Vec<IndexedExpr>,
}

struct IndexedExpr {
    /// Among the table's indexes, and among the index's columns.
    index: usize,
    position: usize,
    expr: Expr,
    affinity: Option<Affinity>,
}

impl IndexedExprs {
    pub fn new(table: &TableSource, indexes: &[Arc<Index>], session: &Session) -> IndexedExprs {
        let mut exprs = Vec::new();
        for (number, index) in indexes.iter().enumerate() {
            for (position, column) in index.columns.iter().enumerate() {
                let IndexTerm::Expr(text) = &column.term else { continue };
                let mut resolver = Resolver::new(session, "", 0);
                let source = ScopeSource::from_cursor(&table.table.name, None, &table.table, table.source);
                resolver.push_schema_scope(source);
                // What cannot be resolved any more (a function that is gone) finds nothing.
                if let Ok(typed) = resolver.resolve_typed(text) {
                    let (index, expr, affinity) = (number, typed.expr, typed.affinity);
                    exprs.push(IndexedExpr { index, position, expr, affinity });
                }
            }
        }
        IndexedExprs { exprs }
    }

    /// The number of the expression, the same for every index that has it.
    pub fn find(&self, expr: &Expr) -> Option<usize> {
        self.exprs.iter().position(|indexed| same_expr(&indexed.expr, expr))
    }

    /// The number of the expression that is this column of this index.
    pub fn at(&self, index: usize, position: usize) -> Option<usize> {
        let found = self.exprs.iter().find(|expr| expr.index == index && expr.position == position)?;
        self.find(&found.expr)
    }

    pub fn affinity(&self, number: usize) -> Affinity {
        self.exprs[number].affinity.unwrap_or(Affinity::Blob)
    }
}
