//! Functions and aggregates written by the application.

use std::fmt;
use std::rc::Rc;

use pluresdb_function::{self as functions, AggregateState, Call, Context, Flags, FunctionError};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::session::Session;
use crate::{Error, ResultCode};

/// The application's code failed; what it threw is with the binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thrown;

impl From<Thrown> for Error {
    fn from(_: Thrown) -> Error {
        Error::new(ResultCode::Callback, "")
    }
}

impl From<Thrown> for FunctionError {
    fn from(_: Thrown) -> FunctionError {
        FunctionError::Thrown
    }
}

/// What the application may learn about the connection while its code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSite {
    pub in_transaction: bool,
}

/// The session is the one that calls: the binding may lend it to the application meanwhile (see `reentry`).
pub trait ScalarFunction {
    fn call(&self, args: &[Value], session: &mut Session) -> Result<Value, Thrown>;

    /// Whether many calls with numbers are worth gathering: the application has no other view of numbers than reals.
    fn takes_numbers(&self) -> bool {
        false
    }

    /// `count` calls, one after the other, whose arguments stand one after the other. Appends their results.
    fn call_with_numbers(
        &self,
        numbers: &[f64],
        count: usize,
        results: &mut Vec<Value>,
        session: &mut Session,
    ) -> Result<(), Thrown> {
        for args in numbers.chunks_exact(numbers.len() / count.max(1)) {
            let args: Vec<Value> = args.iter().copied().map(Value::real).collect();
            results.push(self.call(&args, session)?);
        }
        Ok(())
    }
}

pub trait AggregateFunction {
    /// An accumulator for one group or window partition. The application's code does not run yet.
    fn accumulator(&self) -> Box<dyn Accumulator>;
    /// Whether rows can be taken out again: only then may it have an OVER clause.
    fn has_inverse(&self) -> bool;

    /// As of a scalar function.
    fn takes_numbers(&self) -> bool {
        false
    }
}

/// A group being aggregated by the application.
pub trait Accumulator {
    fn step(&mut self, args: &[Value], session: &mut Session) -> Result<(), Thrown>;
    /// Takes in `count` rows of numbers, which stand one after the other.
    fn step_numbers(&mut self, numbers: &[f64], count: usize, session: &mut Session) -> Result<(), Thrown> {
        for args in numbers.chunks_exact(numbers.len() / count.max(1)) {
            let args: Vec<Value> = args.iter().copied().map(Value::real).collect();
            self.step(&args, session)?;
        }
        Ok(())
    }
    fn inverse(&mut self, args: &[Value], session: &mut Session) -> Result<(), Thrown>;
    /// The result so far; a window asks many times.
    fn value(&mut self, session: &mut Session) -> Result<Value, Thrown>;
}

/// One name with one number of arguments.
pub struct FunctionDefinition {
    /// As it was given.
    pub name: String,
    /// None: any number.
    pub arg_count: Option<usize>,
    pub is_deterministic: bool,
    /// Not allowed in the schema's own expressions, views and triggers.
    pub is_direct_only: bool,
    pub body: FunctionBody,
}

#[derive(Clone)]
pub enum FunctionBody {
    Scalar(Rc<dyn ScalarFunction>),
    Aggregate(Rc<dyn AggregateFunction>),
}

impl FunctionDefinition {
    pub fn is_aggregate(&self) -> bool {
        matches!(self.body, FunctionBody::Aggregate(_))
    }

    /// Whether it may have an OVER clause.
    pub fn is_window(&self) -> bool {
        matches!(&self.body, FunctionBody::Aggregate(function) if function.has_inverse())
    }
}

impl fmt::Debug for FunctionDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}()", self.name)
    }
}

/// An aggregate that a statement calls: SQLite's own or the application's.
#[derive(Clone, Debug)]
pub enum AggregateKind {
    BuiltIn(&'static functions::Aggregate),
    Application(Rc<FunctionDefinition>),
}

impl PartialEq for AggregateKind {
    fn eq(&self, other: &AggregateKind) -> bool {
        match (self, other) {
            (AggregateKind::BuiltIn(a), AggregateKind::BuiltIn(b)) => a.name == b.name,
            (AggregateKind::Application(a), AggregateKind::Application(b)) => Rc::ptr_eq(a, b),
            (AggregateKind::BuiltIn(_), AggregateKind::Application(_))
            | (AggregateKind::Application(_), AggregateKind::BuiltIn(_)) => false,
        }
    }
}

impl AggregateKind {
    pub fn name(&self) -> &str {
        match self {
            AggregateKind::BuiltIn(function) => function.name,
            AggregateKind::Application(definition) => &definition.name,
        }
    }

    /// The name of a built-in aggregate.
    pub fn built_in_name(&self) -> Option<&'static str> {
        match self {
            AggregateKind::BuiltIn(function) => Some(function.name),
            AggregateKind::Application(_) => None,
        }
    }

    #[inline]
    pub fn flags(&self) -> Flags {
        match self {
            AggregateKind::BuiltIn(function) => function.flags,
            AggregateKind::Application(_) => Flags::NONE,
        }
    }

    pub fn new_state(&self, collation: Collation) -> Box<dyn AggregateState> {
        match self {
            AggregateKind::BuiltIn(function) => (function.new)(collation),
            AggregateKind::Application(definition) => match &definition.body {
                FunctionBody::Aggregate(function) => {
                    Box::new(ApplicationState { accumulator: function.accumulator(), args: Vec::new() })
                }
                FunctionBody::Scalar(_) => unreachable!("only aggregates are resolved as aggregates"),
            },
        }
    }
}

/// The application's accumulator in the shape of a built-in one.
struct ApplicationState {
    accumulator: Box<dyn Accumulator>,
    /// Of the call at work.
    args: Vec<Value>,
}

impl ApplicationState {
    fn take_args(&mut self, args: &[ValueRef<'_>]) {
        self.args.clear();
        self.args.extend(args.iter().map(|arg| arg.to_value()));
    }
}

impl AggregateState for ApplicationState {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        self.take_args(call.args);
        session_of(call.context).call_out(|session| self.accumulator.step(&self.args, session))?;
        Ok(true)
    }

    fn step_numbers(
        &mut self,
        numbers: &[f64],
        count: usize,
        context: &mut dyn Context,
    ) -> Result<(), FunctionError> {
        session_of(context).call_out(|session| self.accumulator.step_numbers(numbers, count, session))
    }

    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError> {
        self.take_args(call.args);
        session_of(call.context).call_out(|session| self.accumulator.inverse(&self.args, session))
    }

    fn value(&mut self, context: &mut dyn Context) -> Result<Value, FunctionError> {
        session_of(context).call_out(|session| self.accumulator.value(session))
    }
}

fn session_of(context: &mut dyn Context) -> &mut Session {
    let host = context.host().and_then(|host| host.downcast_mut());
    host.expect("the engine's statements run in a session")
}
