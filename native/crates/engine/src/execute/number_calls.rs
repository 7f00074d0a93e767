//! Calls of the application's code about many rows at once.
//!
//! ```text
//! SELECT sum(twice(a)) FROM t        SELECT mysum(a) FROM t
//!            └ rows ─► numbers, 256 calls ─► the binding, which goes into the application once ─► results, row by row
//! ```
//!
//! The way into the application costs more than most calls, so that of one group over one table the calls that take numbers
//! are gathered. The application is called as often as ever, in the order of the rows, and before an error that a later row
//! has. It could tell only by what it sees of the rows' reading, so nothing else of the statement may call it, and it must
//! not use the connection meanwhile.

use std::rc::Rc;

use pluresdb_value::{Value, ValueRef};

use crate::callback::{AggregateKind, FunctionBody, FunctionDefinition};
use crate::error::Result;
use crate::execute::aggregate::Accumulator;
use crate::execute::eval::{direct, is_direct};
use crate::execute::function_call::function_error;
use crate::execute::{Context, Frame};
use crate::plan::{AccessPath, Group as Node, Scan, SourceNode};
use crate::resolve::any_expr;
use crate::resolve::tree::{AggregateCall, Expr};

/// Calls that are made at once.
pub(crate) const MOST_CALLS: usize = 256;
/// A call with more arguments is made by itself.
pub(crate) const MOST_NUMBERS: usize = 3;

/// Aggregates that take any value and see no more of it than its number.
const AROUND: [&str; 4] = ["sum", "total", "avg", "count"];

pub(crate) struct NumberCalls {
    /// The function within the aggregate; None where the aggregate itself is the application's.
    function: Option<Rc<FunctionDefinition>>,
    args: Vec<Expr>,
    /// Those of the gathered calls, one after the other.
    numbers: Vec<f64>,
    count: usize,
    results: Vec<Value>,
}

impl NumberCalls {
    /// For the only aggregate of a group over all rows of a table.
    pub fn of(node: &Node) -> Option<NumberCalls> {
        let [call] = &node.aggregates[..] else { return None };
        let is_plain = !node.has_group_by
            && node.captured.is_empty()
            && !call.distinct
            && call.filter.is_none()
            && call.order_by.is_empty()
            && reads_only(&node.input);
        if !is_plain {
            return None;
        }
        let (function, args) = match (&call.function, &call.args[..]) {
            (AggregateKind::Application(definition), args) => match &definition.body {
                FunctionBody::Aggregate(aggregate) if aggregate.takes_numbers() => (None, args),
                _ => return None,
            },
            (AggregateKind::BuiltIn(around), [Expr::Application { function, args }])
                if AROUND.contains(&around.name) =>
            {
                match &function.body {
                    FunctionBody::Scalar(scalar) if scalar.takes_numbers() => {
                        (Some(Rc::clone(function)), &args[..])
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        let is_fit = (1..=MOST_NUMBERS).contains(&args.len()) && args.iter().all(is_direct);
        is_fit.then(|| NumberCalls {
            function,
            args: args.to_vec(),
            numbers: Vec::with_capacity(MOST_CALLS * args.len()),
            count: 0,
            results: Vec::new(),
        })
    }

    pub fn clear(&mut self) {
        self.numbers.clear();
        self.count = 0;
    }

    /// Gathers the call of the frame's row; false when its arguments are not all numbers.
    pub fn gather(&mut self, frame: &Frame, context: &Context<'_>) -> Result<bool> {
        let start = self.numbers.len();
        for arg in &self.args {
            let number = match direct(arg, frame, context.parameters)? {
                Some(ValueRef::Integer(integer)) => integer as f64,
                Some(ValueRef::Real(real)) => real,
                _ => {
                    self.numbers.truncate(start);
                    return Ok(false);
                }
            };
            self.numbers.push(number);
        }
        self.count += 1;
        Ok(true)
    }

    pub fn is_full(&self) -> bool {
        self.count == MOST_CALLS
    }

    /// Makes the gathered calls.
    pub fn make(
        &mut self,
        call: &AggregateCall,
        accumulator: &mut Accumulator,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        context.poll()?;
        let outcome = match self.function.as_deref().map(|function| &function.body) {
            Some(FunctionBody::Scalar(function)) => {
                let (numbers, count, results) = (&self.numbers, self.count, &mut self.results);
                results.clear();
                context
                    .session
                    .call_out(|session| function.call_with_numbers(numbers, count, results, session))
                    .map_err(function_error)
                    .and_then(|()| accumulator.step_values(call, results, context))
            }
            _ => accumulator.step_numbers(&self.numbers, self.count, context),
        };
        self.clear();
        outcome
    }
}

/// Whether rows come out of one table without a call of the application.
fn reads_only(input: &SourceNode) -> bool {
    match input {
        SourceNode::Scan(Scan { path: AccessPath::Full, conditions, .. }) => {
            conditions.iter().all(calls_nothing)
        }
        SourceNode::Filter { input, conditions } => reads_only(input) && conditions.iter().all(calls_nothing),
        _ => false,
    }
}

/// No function of the application is called, no collation of it, and no subquery that may do so.
fn calls_nothing(expr: &Expr) -> bool {
    let may_call = |expr: &Expr| match expr {
        Expr::Column { .. }
        | Expr::Rowid(_)
        | Expr::Register(_)
        | Expr::Literal(_)
        | Expr::Parameter(_)
        | Expr::Plus(_)
        | Expr::Negate(_)
        | Expr::Not(_)
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::IsNull { .. }
        | Expr::Arithmetic { .. } => false,
        Expr::Compare(compare) => compare.comparison.collation.is_custom(),
        Expr::Between(between) => {
            between.low_comparison.collation.is_custom() || between.high_comparison.collation.is_custom()
        }
        _ => true,
    };
    !any_expr(expr, &may_call)
}
