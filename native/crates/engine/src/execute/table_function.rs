//! Table-valued functions: json_each and json_tree, which step through their document, and pragma_…, whose rows are
//! computed when the source is opened.

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

/// Where `Column::Id` stands among them.
const ID: usize = 4;

/// The registers that a row fills.
pub(crate) struct Output {
    pub first: Register,
    /// All columns, the hidden ones and the rowid among them.
    pub column_count: usize,
    /// The columns that are read; of json_each's others nothing is computed.
    pub wanted: Vec<usize>,
}

pub(crate) struct TableFunctionScan {
    function: TableFunction,
    args: Vec<Option<Expr>>,
    output: Output,
    rows: Rows,
}

enum Rows {
    None,
    Json {
        document: Box<json::Rows>,
        /// The row that the document stands at was given.
        is_given: bool,
    },
    Computed(std::vec::IntoIter<Vec<Value>>),
}

impl TableFunctionScan {
    pub fn new(function: TableFunction, args: Vec<Option<Expr>>, output: Output) -> Self {
        TableFunctionScan { function, args, output, rows: Rows::None }
    }

    fn rows(&self, args: &[Option<Value>], context: &mut Context<'_>) -> Result<Rows> {
        match &self.function {
            TableFunction::Json { is_tree, is_jsonb } => {
                let [Some(json), root] = args else { return Ok(Rows::None) };
                let document = if *is_tree || self.output.wanted.contains(&ID) {
                    json::Rows::open(json, root.as_ref(), *is_tree, *is_jsonb)
                } else {
                    json::Rows::open_without_ids(json, root.as_ref(), *is_jsonb)
                };
                let document = document.map_err(function_error)?;
                Ok(Rows::Json { document: Box::new(document), is_given: false })
            }
            TableFunction::Pragma(name) => {
                let args: Vec<Value> = args.iter().map(|arg| arg.clone().unwrap_or_default()).collect();
                let mut rows = pragma::table_rows(context.session, name, &args)?;
                for (rowid, row) in (1..).zip(&mut rows) {
                    row.resize(self.output.column_count - 1 - args.len(), Value::Null);
                    row.extend_from_slice(&args);
                    row.push(Value::Integer(rowid));
                }
                Ok(Rows::Computed(rows.into_iter()))
            }
        }
    }
}

/// A column of the row that the document stands at, and whether it has the JSON subtype; behind the others comes the rowid.
fn json_column(document: &mut json::Rows, index: usize) -> Result<(Value, bool)> {
    match JSON_COLUMNS.get(index) {
        Some(column) => document.column(*column).map_err(function_error),
        None => Ok((Value::Integer(document.rowid()), false)),
    }
}

impl Source for TableFunctionScan {
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let mut args = Vec::with_capacity(self.args.len());
        for arg in &self.args {
            args.push(arg.as_ref().map(|arg| eval(arg, frame, context)).transpose()?);
        }
        self.rows = self.rows(&args, context)?;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let Output { first, column_count, wanted } = &self.output;
        match &mut self.rows {
            Rows::None => return Ok(false),
            Rows::Json { document, is_given } => {
                if std::mem::replace(is_given, true) && !document.is_end() {
                    document.advance().map_err(function_error)?;
                }
                if document.is_end() {
                    return Ok(false);
                }
                for index in wanted {
                    let register = Register(first.0 + index);
                    let (value, is_json) = json_column(document, *index)?;
                    frame.set_register(register, value);
                    frame.tell_json(register, is_json);
                }
            }
            Rows::Computed(rows) => {
                let Some(mut row) = rows.next() else { return Ok(false) };
                debug_assert_eq!(row.len(), *column_count, "the rowid stands behind all columns");
                frame.register_range(*first, *column_count).swap_with_slice(&mut row);
            }
        }
        context.step()?;
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {
        self.rows = Rows::None;
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output.first, self.output.column_count).fill(Value::Null);
    }
}
