//! Calls of scalar functions, and values with their JSON subtype.

use pluresdb_function::{Call, Flags, FunctionError, Scalar};
use pluresdb_value::{Affinity, Bytes, Collation, Value, cast};

use crate::callback::{FunctionBody, FunctionDefinition};
use crate::error::{Error, Result, ResultCode};
use crate::execute::arguments::{self, Arguments};
use crate::execute::decide::is_true;
use crate::execute::eval::{eval, taken_arm};
use crate::execute::subquery::gave_json;
use crate::execute::{Context, Frame, INDEX, wide};
use crate::resolve::tree::{ConstantId, Expr};

pub(crate) fn function_error(error: FunctionError) -> Error {
    match error {
        FunctionError::Error(message) => Error::error(message),
        FunctionError::TooBig => Error::new(ResultCode::TooBig, "string or blob too big"),
        FunctionError::Thrown => Error::new(ResultCode::Callback, ""),
        FunctionError::RolledBack => Error::new(ResultCode::AbortRollback, "abort due to ROLLBACK"),
    }
}

pub(crate) fn call_scalar(
    function: &'static Scalar,
    args: &[Expr],
    collation: Collation,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Value> {
    Ok(call(function, args, collation, frame, context)?.0)
}

/// A call of a function of the application.
pub(crate) fn call_application(
    definition: &FunctionDefinition,
    args: &[Expr],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Value> {
    let FunctionBody::Scalar(function) = &definition.body else {
        unreachable!("only scalar functions are resolved as calls");
    };
    context.poll()?;
    let base = frame.arguments.len();
    for arg in args {
        match eval(arg, frame, context) {
            Ok(value) => frame.arguments.push(value),
            Err(error) => {
                frame.arguments.truncate(base);
                return Err(error);
            }
        }
    }
    let args = &frame.arguments[base..];
    let writes = context.session.reentry.writes();
    let result = if context.place == Some(INDEX) {
        // The row's entries are being written: nobody else may write now.
        context.session.call_alone(|session| function.call(args, session))
    } else {
        context.session.call_out(|session| function.call(args, session))
    };
    frame.arguments.truncate(base);
    if context.session.reentry.writes() != writes {
        for cursor in &mut frame.cursors {
            cursor.look_again(context)?;
        }
    }
    result.map_err(function_error)
}

/// A call without expressions.
pub(crate) fn call_by_name(name: &str, args: &[Value], context: &mut Context<'_>) -> Result<Value> {
    let function =
        pluresdb_function::scalar(name).ok_or_else(|| Error::error(format!("no such function: {name}")))?;
    let args: Arguments<'_> = args.iter().map(Value::as_ref).collect();
    (function.call)(&mut Call::new(context, &args)).map_err(function_error)
}

/// A statement keeps so much memory for the texts that functions make.
const MOST_KEPT_BYTES: usize = 1 << 16;

fn call(
    function: &'static Scalar,
    args: &[Expr],
    collation: Collation,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<(Value, bool)> {
    if function.flags.has(Flags::LAZY) && matches!(function.name, "iif" | "if") {
        return choose(args, frame, context);
    }
    if function.flags.has(Flags::READS_SHAPE)
        && let Some(value) = wide::call(function, args, frame, context)?
    {
        return Ok((value, false));
    }
    let base = frame.arguments.len();
    // A text grows in memory that all calls share, and takes what it needs at last.
    let mut heap = std::mem::take(&mut frame.text_heap);
    let reads_json = function.flags.has(Flags::READS_JSON) || function.flags.has(Flags::PASSES_JSON);
    let result = arguments::compute(args, reads_json, frame, context).and_then(|json_args| {
        arguments::with_arguments(args, base, frame, context.parameters, |args| {
            let mut call = Call::new(context, args);
            call.collation = collation;
            call.json_args = json_args.words();
            call.heap = Some(&mut heap);
            let value = (function.call)(&mut call).map_err(function_error)?;
            let (is_in_heap, is_json) = (call.is_in_heap, call.json_result);
            Ok((if is_in_heap { Value::Text(Bytes::new(&heap)) } else { value }, is_json))
        })
    });
    frame.arguments.truncate(base);
    if heap.capacity() <= MOST_KEPT_BYTES {
        heap.clear();
        frame.text_heap = heap;
    }
    result
}

/// `iif(condition, value, …, otherwise)`.
fn choose(args: &[Expr], frame: &mut Frame, context: &mut Context<'_>) -> Result<(Value, bool)> {
    let mut rest = args;
    while let [condition, value, behind @ ..] = rest {
        if is_true(condition, frame, context)? {
            return eval_subtyped(value, frame, context);
        }
        rest = behind;
    }
    match rest {
        [otherwise] => eval_subtyped(otherwise, frame, context),
        _ => Ok((Value::Null, false)),
    }
}

/// Sees to it that the constant is kept in the frame.
pub(crate) fn constant(
    call: &Expr,
    constant: ConstantId,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    if frame.constant(constant).is_none() {
        let (value, is_json) = eval_subtyped(call, frame, context)?;
        frame.keep_constant(constant, value, is_json);
    }
    Ok(())
}

/// The value, and whether it has the JSON subtype.
pub(crate) fn eval_subtyped(
    expr: &Expr,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<(Value, bool)> {
    match expr {
        Expr::Function { function, args, collation } => call(function, args, *collation, frame, context),
        Expr::Collate { operand, .. } | Expr::Plus(operand) => eval_subtyped(operand, frame, context),
        Expr::Cast { operand, affinity: Affinity::Text } => {
            let (value, is_json) = eval_subtyped(operand, frame, context)?;
            Ok((cast::cast(value, Affinity::Text), is_json))
        }
        Expr::Constant { call, constant: id } => {
            constant(call, *id, frame, context)?;
            Ok(frame.constant(*id).map_or((Value::Null, false), |(value, is_json)| (value.clone(), is_json)))
        }
        Expr::Coalesce(args) => {
            for arg in args.iter() {
                let result = eval_subtyped(arg, frame, context)?;
                if !result.0.is_null() {
                    return Ok(result);
                }
            }
            Ok((Value::Null, false))
        }
        Expr::Case { operand, arms, otherwise } => {
            match taken_arm(operand.as_deref(), arms, otherwise.as_deref(), frame, context)? {
                Some(arm) => eval_subtyped(arm, frame, context),
                None => Ok((Value::Null, false)),
            }
        }
        Expr::ScalarSubquery(id) => {
            let value = eval(expr, frame, context)?;
            Ok((value, gave_json(*id, frame)))
        }
        Expr::Register(register) => {
            let is_json = frame.json_registers.contains(register);
            Ok((frame.register(*register).clone(), is_json))
        }
        // What a trigger knows as `new`.
        Expr::Parameter(index) => {
            let is_json = context.session.json_images.contains(index);
            Ok((eval(expr, frame, context)?, is_json))
        }
        _ => Ok((eval(expr, frame, context)?, false)),
    }
}
