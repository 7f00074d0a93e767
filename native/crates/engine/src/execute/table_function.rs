//! Table-valued functions: json_each, json_tree, pragma_…. Rows are computed when the source is opened.

use pluresdb_function::json::{self, Column};
use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::function_call::function_error;
use crate::execute::{Context, Frame, Source};
use crate::pragma;
use crate::resolve::tree::{Expr, Register, TableFunction};

/// The columns of json_each and json_tree that are not hidden.
const JSON_COLUMNS: [Column; 8] = [
    Column::Key,
    Column::Value,
    Column::Type,
    Column::Atom,
    Column::Id,
    Column::Parent,
    Column::FullKey,
    Column::Path,
];

pub(crate) struct TableFunctionScan {
    function: TableFunction,
    args: Vec<Expr>,
    output: Register,
    column_count: usize,
    rows: std::vec::IntoIter<Vec<Value>>,
}

impl TableFunctionScan {
    pub fn new(function: TableFunction, args: Vec<Expr>, output: Register, column_count: usize) -> Self {
        TableFunctionScan { function, args, output, column_count, rows: Vec::new().into_iter() }
    }

    fn rows(&self, args: &[Value], context: &mut Context<'_>) -> Result<Vec<Vec<Value>>> {
        match &self.function {
            TableFunction::JsonEach | TableFunction::JsonTree => {
                json_rows(self.function == TableFunction::JsonTree, args)
            }
            TableFunction::Pragma(name) => pragma::table_rows(context.session, name, args),
        }
    }
}

fn json_rows(is_tree: bool, args: &[Value]) -> Result<Vec<Vec<Value>>> {
    let Some(json) = args.first() else { return Ok(Vec::new()) };
    let mut document = json::Rows::open(json, args.get(1), is_tree, false).map_err(function_error)?;
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
            args.push(eval(arg, frame, context)?);
        }
        let mut rows = self.rows(&args, context)?;
        let first_rowid = match self.function {
            TableFunction::JsonEach | TableFunction::JsonTree => 0,
            TableFunction::Pragma(_) => 1,
        };
        // Behind the columns stand the hidden ones: the arguments, and last the rowid.
        for (rowid, row) in (first_rowid..).zip(&mut rows) {
            row.extend_from_slice(&args);
            row.resize(self.column_count - 1, Value::Null);
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
