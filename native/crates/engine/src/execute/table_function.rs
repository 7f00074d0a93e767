//! Table-valued functions: json_each and json_tree, which step through their document, and pragma_…, whose rows are
//! computed when the source is opened.

use pluresdb_function::json::{self, Column};
use pluresdb_value::Value;

use crate::error::Result;
use crate::execute::eval::{eval, with_value};
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

/// Where `Column::Id` and `Column::Json` stand among them.
const ID: usize = 4;
const JSON: usize = 8;

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
    /// Kept from one document to the next, with its memory.
    document: Option<Box<json::Rows>>,
}

enum Rows {
    None,
    Json {
        /// The row that the document stands at was given.
        is_given: bool,
    },
    Computed(std::vec::IntoIter<Vec<Value>>),
}

impl TableFunctionScan {
    pub fn new(function: TableFunction, args: Vec<Option<Expr>>, output: Output) -> Self {
        let document = match &function {
            TableFunction::Json { is_tree, is_jsonb } => Some(Box::new(json::Rows::new(json::Options {
                is_tree: *is_tree,
                is_jsonb: *is_jsonb,
                has_ids: output.wanted.contains(&ID),
                has_json: output.wanted.contains(&JSON),
            }))),
            TableFunction::Pragma(_) => None,
        };
        TableFunctionScan { function, args, output, rows: Rows::None, document }
    }

    /// Goes to the first row of the document that the arguments tell.
    fn begin_document(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let (Some(document), Some(Some(json))) = (&mut self.document, self.args.first()) else {
            return Ok(());
        };
        let begun = match self.args.get(1) {
            Some(Some(root)) => {
                let json = eval(json, frame, context)?;
                with_value(root, frame, context, |root| document.begin(json.as_ref(), Some(root)))?
            }
            _ => with_value(json, frame, context, |json| document.begin(json, None))?,
        };
        begun.map_err(function_error)?;
        self.rows = Rows::Json { is_given: false };
        Ok(())
    }

    fn pragma_rows(&self, name: &str, args: &[Value], context: &mut Context<'_>) -> Result<Rows> {
        let mut rows = pragma::table_rows(context.session, name, args)?;
        for (rowid, row) in (1..).zip(&mut rows) {
            row.resize(self.output.column_count - 1 - args.len(), Value::Null);
            row.extend_from_slice(args);
            row.push(Value::Integer(rowid));
        }
        Ok(Rows::Computed(rows.into_iter()))
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
        self.rows = Rows::None;
        let TableFunction::Pragma(name) = &self.function else {
            return self.begin_document(frame, context);
        };
        let mut args = Vec::with_capacity(self.args.len());
        for arg in &self.args {
            let value = arg.as_ref().map(|arg| eval(arg, frame, context)).transpose()?;
            args.push(value.unwrap_or_default());
        }
        self.rows = self.pragma_rows(name, &args, context)?;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let Output { first, column_count, wanted } = &self.output;
        match &mut self.rows {
            Rows::None => return Ok(false),
            Rows::Json { is_given } => {
                let Some(document) = &mut self.document else { return Ok(false) };
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
        if let Some(document) = &mut self.document {
            document.close();
        }
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output.first, self.output.column_count).fill(Value::Null);
    }
}
