//! Table-valued functions: json_each, json_tree, pragma_…. Rows are computed when the source is opened.

use pluresdb_function::json::{self, Column};
use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::function_call::function_error;
use crate::execute::{Context, Frame, Source};
use crate::pragma;
use crate::resolve::tree::{Expr, Register, TableFunction};

/// The columns of json_each and json_tree, the hidden ones last.
const JSON_COLUMNS: [Column; 10] = [
    Column::Key,
    Column::Value,
    Column::Type,
    Column::Atom,
    Column::Id,
    Column::Parent,
    Column::FullKey,
    Column::Path,
    Column::Json,
    Column::Root,
];

pub(crate) struct TableFunctionScan {
    function: TableFunction,
    args: Vec<Option<Expr>>,
    output: Register,
    column_count: usize,
    rows: std::vec::IntoIter<Vec<Value>>,
}

impl TableFunctionScan {
    pub fn new(
        function: TableFunction,
        args: Vec<Option<Expr>>,
        output: Register,
        column_count: usize,
    ) -> Self {
        TableFunctionScan { function, args, output, column_count, rows: Vec::new().into_iter() }
    }

    /// The rows, the hidden columns among them, and the rowid of the first.
    fn rows(&self, args: &[Option<Value>], context: &mut Context<'_>) -> Result<(Vec<Vec<Value>>, i64)> {
        match &self.function {
            TableFunction::Json { is_tree, is_jsonb } => Ok((json_rows(*is_tree, *is_jsonb, args)?, 0)),
            TableFunction::Pragma(name) => {
                let args: Vec<Value> = args.iter().map(|arg| arg.clone().unwrap_or_default()).collect();
                let mut rows = pragma::table_rows(context.session, name, &args)?;
                for row in &mut rows {
                    row.resize(self.column_count - 1 - args.len(), Value::Null);
                    row.extend_from_slice(&args);
                }
                Ok((rows, 1))
            }
        }
    }
}

fn json_rows(is_tree: bool, is_jsonb: bool, args: &[Option<Value>]) -> Result<Vec<Vec<Value>>> {
    let [Some(json), root] = args else { return Ok(Vec::new()) };
    let mut document = json::Rows::open(json, root.as_ref(), is_tree, is_jsonb).map_err(function_error)?;
    let mut rows = Vec::new();
    while !document.is_end() {
        let mut row = Vec::with_capacity(JSON_COLUMNS.len());
        for column in JSON_COLUMNS {
            row.push(document.column(column).map_err(function_error)?.0);
        }
        rows.push(row);
        document.advance().map_err(function_error)?;
    }
    Ok(rows)
}

impl Source for TableFunctionScan {
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let mut args = Vec::with_capacity(self.args.len());
        for arg in &self.args {
            args.push(arg.as_ref().map(|arg| eval(arg, frame, context)).transpose()?);
        }
        let (mut rows, first_rowid) = self.rows(&args, context)?;
        for (rowid, row) in (first_rowid..).zip(&mut rows) {
            debug_assert_eq!(row.len() + 1, self.column_count, "the rowid stands behind all columns");
            row.push(Value::Integer(rowid));
        }
        self.rows = rows.into_iter();
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let Some(mut row) = self.rows.next() else { return Ok(false) };
        context.step()?;
        frame.register_range(self.output, self.column_count).swap_with_slice(&mut row);
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {
        self.rows = Vec::new().into_iter();
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.column_count).fill(Value::Null);
    }
}
