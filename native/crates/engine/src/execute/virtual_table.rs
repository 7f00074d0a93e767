//! Reads a table of a module: the module's rows are pulled one by one, anew for each set of arguments.

use pluresdb_value::{Collation, Value, compare};

use crate::callback::RowGenerator;
use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::function_call::function_error;
use crate::execute::{Context, Frame, Source, subquery};
use crate::plan::{InValues, VirtualArgument, VirtualScan as Node};

pub(crate) struct VirtualScan {
    node: Node,
    /// What each parameter may be: one value, many for IN, None where nothing is said.
    choices: Vec<Option<Vec<Value>>>,
    /// Which choice of each parameter comes next; None: all were taken.
    next_choice: Option<Vec<usize>>,
    rows: Option<Box<dyn RowGenerator>>,
    row: Vec<Value>,
    rowid: i64,
}

impl VirtualScan {
    pub fn new(node: Node) -> VirtualScan {
        let row = vec![Value::Null; node.table.column_count()];
        VirtualScan { node, choices: Vec::new(), next_choice: None, rows: None, row, rowid: 0 }
    }

    /// Goes to the next set of arguments and starts its rows. False when there is none.
    fn open_next(&mut self, context: &mut Context<'_>) -> Result<bool> {
        let Some(chosen) = self.next_choice.take() else { return Ok(false) };
        let arguments: Vec<Option<Value>> = self
            .choices
            .iter()
            .zip(&chosen)
            .map(|(choices, index)| choices.as_ref().map(|values| values[*index].clone()))
            .collect();
        self.next_choice = self.after(chosen);
        context.poll()?;
        let table = &self.node.table.declaration.rows;
        let rows = context.session.call_out(|session| table.open(&arguments, session));
        self.rows = Some(rows.map_err(function_error)?);
        self.rowid = 0;
        Ok(true)
    }

    /// Counts on: the last parameter's choices change fastest.
    fn after(&self, mut chosen: Vec<usize>) -> Option<Vec<usize>> {
        for (index, choices) in chosen.iter_mut().zip(&self.choices).rev() {
            *index += 1;
            if choices.as_ref().is_some_and(|choices| *index < choices.len()) {
                return Some(chosen);
            }
            *index = 0;
        }
        None
    }
}

/// The values of an argument that are not NULL: equality with NULL finds nothing.
fn choices(argument: &VirtualArgument, frame: &mut Frame, context: &mut Context<'_>) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    match argument {
        VirtualArgument::Value(expr) => values.push(eval(expr, frame, context)?),
        VirtualArgument::In(InValues::List(list)) => {
            for expr in list {
                values.push(eval(expr, frame, context)?);
            }
        }
        VirtualArgument::In(InValues::Select(id)) => {
            subquery::for_each_first(*id, frame, context, |value| values.push(value.to_value()))?;
        }
    }
    values.retain(|value| !value.is_null());
    values.sort_by(|a, b| compare(a.as_ref(), b.as_ref(), Collation::Binary));
    values.dedup_by(|a, b| compare(a.as_ref(), b.as_ref(), Collation::Binary).is_eq());
    Ok(values)
}

impl Source for VirtualScan {
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.rows = None;
        self.next_choice = None;
        self.choices.clear();
        for argument in &self.node.arguments {
            let choices = argument.as_ref().map(|argument| choices(argument, frame, context)).transpose()?;
            if choices.as_ref().is_some_and(Vec::is_empty) {
                return Ok(());
            }
            self.choices.push(choices);
        }
        self.next_choice = Some(vec![0; self.choices.len()]);
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            context.poll()?;
            if let Some(rows) = &mut self.rows
                && context
                    .session
                    .call_out(|session| rows.next(&self.node.wanted, &mut self.row, session))
                    .map_err(function_error)?
            {
                self.rowid += 1;
                let registers = frame.register_range(self.node.output, self.row.len() + 1);
                let (columns, rowid) = registers.split_at_mut(self.row.len());
                columns.clone_from_slice(&self.row);
                rowid[0] = Value::Integer(self.rowid);
                return Ok(true);
            }
            self.rows = None;
            if !self.open_next(context)? {
                return Ok(false);
            }
        }
    }

    fn close(&mut self, _: &mut Frame) {
        self.rows = None;
        self.next_choice = None;
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.node.output, self.row.len() + 1).fill(Value::Null);
    }
}
