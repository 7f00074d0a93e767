//! What can be told of values in overflow blocks without reading all of them, as SQLite does: class, length, and those bytes
//! that `substr` gives.

use pluresdb_function::{Call, Flags, Scalar};
use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::eval::direct;
use crate::execute::function_call::function_error;
use crate::execute::{Context, Frame};
use crate::plan::Scan;
use crate::resolve::any_expr;
use crate::resolve::tree::{AggregateCall, Expr};

/// The most bytes of a character.
const CHARACTER_BYTES: u64 = 4;

/// A table is read row by row for what is told here when it has an overflow block for so many rows: batches read all values.
const ROWS_OF_BLOCK: u64 = 16;

/// The result of a function that `READS_SHAPE`, where its first argument is a column whose value lies in overflow blocks; None
/// where the value has to be read.
pub(crate) fn call(
    function: &Scalar,
    args: &[Expr],
    frame: &Frame,
    context: &mut Context<'_>,
) -> Result<Option<Value>> {
    let Some(Expr::Column { source, column }) = args.first() else { return Ok(None) };
    let cursor = frame.cursor(*source);
    let Some(shape) = cursor.wide(*column)? else { return Ok(None) };
    Ok(match (function.name, &args[1..]) {
        ("length", _) if shape.is_text => None,
        ("length" | "octet_length", _) => Some(Value::Integer(shape.len as i64)),
        ("typeof", _) => Some(Value::text(if shape.is_text { "text" } else { "blob" })),
        (_, [start, count]) => {
            let start = direct(start, frame, context.parameters)?;
            let count = direct(count, frame, context.parameters)?;
            let (Some(ValueRef::Integer(start @ 1..)), Some(ValueRef::Integer(count @ 0..))) = (start, count)
            else {
                return Ok(None);
            };
            let (before, wanted) = (start as u64 - 1, count as u64);
            let end = before.saturating_add(wanted);
            if !shape.is_text {
                return Ok(cursor.wide_part(*column, before..end)?.map(Value::blob));
            }
            let end = end.saturating_mul(CHARACTER_BYTES);
            if end >= shape.len {
                return Ok(None);
            }
            let Some(head) = cursor.wide_part(*column, 0..end)? else { return Ok(None) };
            // Characters of what is no UTF-8 may be longer.
            if std::str::from_utf8(&head).is_err_and(|error| error.error_len().is_some()) {
                return Ok(None);
            }
            let args = [ValueRef::Text(&head), ValueRef::Integer(start), ValueRef::Integer(count)];
            Some((function.call)(&mut Call::new(context, &args)).map_err(function_error)?)
        }
        _ => None,
    })
}

/// Whether the expression is a column whose value lies in overflow blocks, which is not NULL.
#[inline]
pub(crate) fn is_wide(expr: &Expr, frame: &Frame) -> Result<bool> {
    match expr {
        Expr::Column { source, column } => Ok(frame.cursor(*source).wide(*column)?.is_some()),
        _ => Ok(false),
    }
}

/// Whether a call counts what is not NULL of a column's values and asks nothing else of them.
pub(crate) fn counts_column(call: &AggregateCall) -> bool {
    call.function.built_in_name() == Some("count")
        && !call.distinct
        && call.order_by.is_empty()
        && matches!(&*call.args, [Expr::Column { .. }])
}

/// Whether expressions ask what is told here of columns, which decides how a table with wide values is read.
pub(crate) fn asks_shapes<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> bool {
    let is_column = |expr: &Expr| matches!(expr, Expr::Column { .. });
    exprs.into_iter().any(|expr| {
        any_expr(expr, &|expr| match expr {
            Expr::Function { function, args, .. } => {
                function.flags.has(Flags::READS_SHAPE) && args.first().is_some_and(is_column)
            }
            Expr::IsNull { operand, .. } => is_column(operand),
            _ => false,
        })
    })
}

/// Whether many rows of one of the tables have values in overflow blocks.
pub(crate) fn are_wide(scans: &[&Scan], context: &Context<'_>) -> Result<bool> {
    for Scan { database, table, .. } in scans {
        if !table.without_rowid {
            let tree = context.row_tree(*database, table.tree)?.0;
            if tree.overflow_blocks() * ROWS_OF_BLOCK > tree.count() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
