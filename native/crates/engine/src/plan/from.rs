//! FROM and WHERE into one `SourceNode`.

use crate::error::Result;
use crate::plan::SourceNode;
use crate::resolve::tree::{Expr, From, OrderTerm, Program, SourceId};
use crate::session::Session;

/// What UPDATE and DELETE ask for: the rows of `target`, which is in `from`.
pub struct RowSourceRequest<'r> {
    pub from: &'r From,
    pub target: SourceId,
    pub filter: Option<&'r Expr>,
    pub order_by: &'r [OrderTerm],
    pub limit: Option<&'r Expr>,
    pub offset: Option<&'r Expr>,
}
