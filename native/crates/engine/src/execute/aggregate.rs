//! One aggregate call over the rows of one group: FILTER, DISTINCT and ORDER BY around the function's own state.

use pluresdb_function::{AggregateState, Call, Flags};
use pluresdb_value::{Value, ValueRef};

use crate::callback::AggregateKind;
use crate::error::Result;
use crate::execute::arguments::{self, Arguments, JsonArgs};
use crate::execute::decide::is_true;
use crate::execute::eval::{direct, eval};
use crate::execute::frame::row_size;
use crate::execute::function_call::function_error;
use crate::execute::key_hash::{ENTRY_SIZE, KeySet, push_key};
use crate::execute::sort::push_sort_key;
use crate::execute::subtype::may_give_json;
use crate::execute::{Context, Frame, wide};
use crate::resolve::tree::AggregateCall;

/// What an accumulator costs in memory, roughly.
pub(crate) const ACCUMULATOR_SIZE: usize = 96;

pub(crate) struct Accumulator {
    state: Box<dyn AggregateState>,
    /// Arguments seen, of a DISTINCT call.
    seen: Option<KeySet>,
    /// Arguments kept until the end, of a call with ORDER BY and of one that must not run beside other groups.
    kept: Vec<KeptRow>,
    keeps: bool,
    /// The rows decide whether the result has the JSON subtype; the row that gave it last did.
    follows_json: bool,
    is_json: bool,
    counts_column: bool,
}

struct KeptRow {
    key: Vec<u8>,
    args: Vec<Value>,
    json_args: JsonArgs,
}

impl Accumulator {
    /// `is_interleaved`: rows of several groups come mixed. A function of the application sees one group after the
    /// other all the same.
    pub fn new(call: &AggregateCall, is_interleaved: bool) -> Accumulator {
        let is_application = matches!(call.function, AggregateKind::Application(_));
        Accumulator {
            state: call.function.new_state(call.collation),
            seen: call.distinct.then(KeySet::default),
            kept: Vec::new(),
            keeps: !call.order_by.is_empty() || is_interleaved && is_application,
            follows_json: may_give_json(call),
            is_json: false,
            counts_column: wide::counts_column(call),
        }
    }

    /// Takes the frame's row in. False when min() or max() saw nothing new.
    pub fn step(
        &mut self,
        call: &AggregateCall,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        if let Some(filter) = &call.filter
            && !is_true(filter, frame, context)?
        {
            return Ok(false);
        }
        if self.counts_column && wide::is_wide(&call.args[0], frame)? {
            return self.step_state(call, &[ValueRef::Integer(1)], &[], context);
        }
        let reads_json = self.follows_json || call.function.flags().has(Flags::READS_JSON);
        if !self.keeps && self.seen.is_none() && !reads_json {
            // Mostly one argument that stands somewhere, or none: nothing is put together for them.
            match &call.args[..] {
                [] => return self.step_state(call, &[], &[], context),
                [arg] => {
                    if let Some(value) = direct(arg, frame, context.parameters)? {
                        return self.step_state(call, &[value], &[], context);
                    }
                }
                _ => {}
            }
        }
        let mut key = Vec::new();
        for term in &call.order_by {
            let value = eval(&term.expr, frame, context)?;
            push_sort_key(value.as_ref(), term.direction, term.collation, &mut key, context.session)?;
        }
        let base = frame.arguments.len();
        let result = arguments::compute(&call.args, reads_json, frame, context)
            .and_then(|json_args| self.step_args(call, key, base, json_args, frame, context));
        frame.arguments.truncate(base);
        result
    }

    /// What of the arguments was computed stands on the frame's stack from `base` on; `key` is the row's place by ORDER BY,
    /// whose terms SQLite computes before the arguments.
    fn step_args(
        &mut self,
        call: &AggregateCall,
        key: Vec<u8>,
        base: usize,
        json_args: JsonArgs,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        if let Some(seen) = &mut self.seen {
            let mut row = Vec::new();
            arguments::with_arguments(&call.args, base, frame, context.parameters, |args| {
                args.iter().try_for_each(|arg| push_key(*arg, call.collation, &mut row, context.session))
            })?;
            let bytes = row.len() + ENTRY_SIZE;
            if !seen.insert(row.into()) {
                return Ok(false);
            }
            frame.memory.charge(bytes)?;
        }
        if self.keeps {
            let args = arguments::with_arguments(&call.args, base, frame, context.parameters, |args| {
                Ok(args.iter().map(|arg| arg.to_value()).collect::<Vec<_>>())
            })?;
            frame.memory.charge(key.len() + row_size(&args))?;
            self.kept.push(KeptRow { key, args, json_args });
            return Ok(true);
        }
        arguments::with_arguments(&call.args, base, frame, context.parameters, |args| {
            self.step_state(call, args, json_args.words(), context)
        })
    }

    fn step_state(
        &mut self,
        call: &AggregateCall,
        args: &[ValueRef<'_>],
        json_args: &[u64],
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let mut step = Call::new(context, args);
        step.collation = call.collation;
        step.json_args = json_args;
        let is_new = self.state.step(&mut step).map_err(function_error)?;
        if self.follows_json && is_new {
            self.is_json = json_args.first().is_some_and(|word| word & 1 == 1);
        }
        Ok(is_new)
    }

    /// Takes in rows of one argument each, of a call with nothing around its function.
    pub fn step_values(
        &mut self,
        call: &AggregateCall,
        values: &[Value],
        context: &mut Context<'_>,
    ) -> Result<()> {
        values.iter().try_for_each(|value| self.step_state(call, &[value.as_ref()], &[], context).map(|_| ()))
    }

    /// The same of rows of numbers, whose arguments stand one after the other.
    pub fn step_numbers(&mut self, numbers: &[f64], count: usize, context: &mut Context<'_>) -> Result<()> {
        self.state.step_numbers(numbers, count, context).map_err(function_error)
    }

    /// Whether the result has the JSON subtype, where the rows decide.
    pub fn json_result(&self) -> Option<bool> {
        self.follows_json.then_some(self.is_json)
    }

    /// The group's result. Memory of kept rows is given back.
    pub fn finish(&mut self, call: &AggregateCall, context: &mut Context<'_>) -> Result<Value> {
        let mut kept = std::mem::take(&mut self.kept);
        kept.sort_by(|a, b| a.key.cmp(&b.key));
        for row in &kept {
            let args: Arguments<'_> = row.args.iter().map(Value::as_ref).collect();
            self.step_state(call, &args, row.json_args.words(), context)?;
        }
        self.state.value(context).map_err(function_error)
    }
}
