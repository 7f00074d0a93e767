//! RETURNING: expressions over the changed row, which stands in the registers of one image.
//!
//! The rows are collected while the statement runs and handed out when it is done, as SQLite does; whoever takes only
//! the first has still changed them all.

use pluresdb_sql::ast::ResultColumn;
use pluresdb_value::Value;

use super::target::{Image, Target};
use crate::Result;
use crate::execute::{Context, Frame, eval};
use crate::resolve::Resolver;
use crate::resolve::tree::{Expr, OutputColumn};
use crate::session::Session;

#[derive(Default)]
pub(crate) struct Returning {
    exprs: Vec<Expr>,
    pub columns: Vec<OutputColumn>,
}

impl Returning {
    pub fn compile(
        written: &[ResultColumn],
        target: &Target,
        image: Image,
        session: &Session,
        resolver: &mut Resolver<'_>,
    ) -> Result<Returning> {
        if written.is_empty() {
            return Ok(Returning::default());
        }
        // An alias of the table is not known here, only its own name.
        let schema = session.database_name(target.database);
        resolver.push_scope(vec![target.scope(&target.table.name, Some(schema), image)]);
        let resolved = resolver.resolve_result_columns(written);
        resolver.pop_scope();
        let (exprs, columns) = resolved?;
        Ok(Returning { exprs, columns })
    }

    pub fn collect(
        &self,
        rows: &mut Vec<Vec<Value>>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.exprs.is_empty() {
            return Ok(());
        }
        let mut row = Vec::with_capacity(self.exprs.len());
        for expr in &self.exprs {
            row.push(eval(expr, frame, context)?);
        }
        rows.push(row);
        Ok(())
    }
}
