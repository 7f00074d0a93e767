//! Which expressions have the JSON subtype, as far as that is the same for all rows.
//!
//! Functions that make JSON give it, those that answer one of their arguments hand that one's on, and so do CASE and coalesce().
//! It goes through groups, aggregates and windows. Out of a subquery comes only what json_each() has given it.

use pluresdb_function::Flags;
use pluresdb_value::{Affinity, Value};

use crate::execute::Frame;
use crate::execute::arguments::JsonArgs;
use crate::plan::{RowsNode, SourceNode};
use crate::resolve::tree::{AggregateCall, Body, Core, Expr, Register, Select};

/// Which arguments of a function with such flags are JSON; None where the rows decide.
pub(crate) fn json_args_of(flags: Flags, args: &[Expr]) -> Option<JsonArgs> {
    let mut json_args = JsonArgs::default();
    if flags.has(Flags::READS_JSON) {
        for (index, arg) in args.iter().enumerate() {
            if is_json(arg)? {
                json_args.insert(index);
            }
        }
    }
    Some(json_args)
}

/// Whether a value has the JSON subtype, where that is the same for all rows.
pub(crate) fn is_json(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Column { .. } | Expr::Rowid(_) | Expr::Literal(_) | Expr::Parameter(_) => Some(false),
        // SQLite's cast to TEXT only takes flags off the value, and not this one.
        Expr::Cast { operand, affinity: Affinity::Text } => is_json(operand),
        Expr::Arithmetic { .. } | Expr::Compare(_) | Expr::Cast { .. } | Expr::Negate(_) => Some(false),
        Expr::ScalarSubquery(_) | Expr::Exists { .. } => Some(false),
        Expr::Collate { operand, .. } | Expr::Plus(operand) => is_json(operand),
        Expr::Constant { call, .. } => is_json(call),
        // NULL in place of JSON has no subtype, and JSON has no other null.
        Expr::Function { function, .. } if MAKING_JSON.contains(&function.name) => Some(true),
        Expr::Function { function, args, .. } if function.flags.has(Flags::PASSES_JSON) => {
            args.iter().all(|arg| is_json(arg) == Some(false)).then_some(false)
        }
        Expr::Function { function, .. } => {
            let is_plain = !function.flags.has(Flags::GIVES_JSON) && !function.flags.has(Flags::LAZY);
            is_plain.then_some(false)
        }
        _ => None,
    }
}

/// The result columns of a FROM subquery that hand on the subtype of what they read, by number: as in SQLite those that are
/// a column of json_each() or json_tree() and nothing else, where no group, window or sort lies between.
pub(crate) fn handed_on(rows: &RowsNode) -> Vec<(usize, Register)> {
    match rows {
        RowsNode::Limit { input, .. } => handed_on(input),
        RowsNode::Project { input, outputs, distinct: None } if reads_as_it_goes(input) => {
            let outputs = outputs.iter().enumerate();
            outputs
                .filter_map(|(index, output)| match output {
                    Expr::Register(register) => Some((index, *register)),
                    _ => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The register whose subtype the first value of a scalar subquery hands on.
pub(crate) fn handed_on_by_query(select: &Select) -> Option<Register> {
    let Body::Core(core) = &select.body else { return None };
    let is_plain = core.windows.is_empty() && !core.distinct && select.order_by.is_empty();
    let register = core.outputs.first().filter(|_| is_plain).and_then(carried)?;
    may_leave_first(register, core).then_some(register)
}

/// Whether the subtype of the register may stay with a subquery's first column. Of a group's registers it does where no
/// function in sight gives it: those that are an extreme of what carries it.
fn may_leave_first(register: Register, core: &Core) -> bool {
    let Some(grouping) = &core.grouping else { return true };
    let mut calls = grouping.aggregates.iter();
    calls.any(|call| {
        call.result == register && is_extreme(call) && call.args.iter().all(|arg| carried(arg).is_some())
    })
}

/// The register whose subtype an expression has, where it does nothing to it.
fn carried(expr: &Expr) -> Option<Register> {
    match expr {
        Expr::Register(register) => Some(*register),
        Expr::Collate { operand, .. }
        | Expr::Plus(operand)
        | Expr::Cast { operand, affinity: Affinity::Text } => carried(operand),
        _ => None,
    }
}

/// The columns of a row value's first row that have the subtype. SQLite takes it off the first column alone, and there only
/// of what a function or CASE may have given it.
pub(crate) fn json_columns(select: &Select, row: &[Value], frame: &Frame) -> Vec<usize> {
    let Body::Core(core) = &select.body else { return Vec::new() };
    if !core.windows.is_empty() || core.distinct || !select.order_by.is_empty() {
        return Vec::new();
    }
    let has_subtype = |(index, (output, value)): &(usize, (&Expr, &Value))| match carried(output) {
        Some(register) => {
            (*index > 0 || may_leave_first(register, core)) && frame.json_registers.contains(&register)
        }
        None => *index > 0 && !value.is_null() && makes_json(output),
    };
    core.outputs.iter().zip(row).enumerate().filter(has_subtype).map(|(index, _)| index).collect()
}

fn reads_as_it_goes(input: &SourceNode) -> bool {
    match input {
        SourceNode::Group(_) | SourceNode::Window { .. } => false,
        SourceNode::Filter { input, .. } => reads_as_it_goes(input),
        _ => true,
    }
}

/// Whatever they are given.
const MAKING_JSON: [&str; 8] = [
    "json",
    "json_array",
    "json_insert",
    "json_object",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
];

/// Whether a call's result has it: min() and max() answer one of the values they were given.
pub(crate) fn gives_json(call: &AggregateCall) -> bool {
    call.function.flags().has(Flags::GIVES_JSON) || is_extreme(call) && call.args.iter().all(makes_json)
}

/// Whether the rows decide about a call's result.
pub(crate) fn may_give_json(call: &AggregateCall) -> bool {
    is_extreme(call) && call.args.iter().any(may_be_json)
}

/// What a trigger knows as `new` is a parameter.
fn may_be_json(expr: &Expr) -> bool {
    match expr {
        Expr::Parameter(_) => true,
        Expr::Collate { operand, .. }
        | Expr::Plus(operand)
        | Expr::Cast { operand, affinity: Affinity::Text } => may_be_json(operand),
        _ => is_json(expr).is_none(),
    }
}

fn is_extreme(call: &AggregateCall) -> bool {
    matches!(call.function.built_in_name(), Some("min" | "max"))
}

/// Whether it is JSON in every row.
pub(crate) fn makes_json(expr: &Expr) -> bool {
    is_json(expr) == Some(true)
}
