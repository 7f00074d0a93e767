//! The arguments of a function's call, where they stand.
//!
//! ```text
//! printf('%s: %s', name, lower(email))
//!        literal   column  └ computed, onto the frame's stack of arguments
//! ```
//!
//! What is direct (`eval::direct`) is borrowed; the rest is computed first, in order. A call ends with its part of the stack
//! given back, whoever fails: that is its caller's to do.
//!
//! SQLite's JSON subtype is no part of a `Value`: it is known here from the expression that made the argument.

use std::ops::Deref;

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::eval::{direct, eval, is_direct};
use crate::execute::function_call::{constant, eval_subtyped};
use crate::execute::{Context, Frame};
use crate::resolve::tree::Expr;

/// So many arguments need no allocation.
const FEW: usize = 8;

pub(crate) struct Arguments<'v> {
    few: [ValueRef<'v>; FEW],
    count: usize,
    /// All of them, once they are more than a few.
    many: Vec<ValueRef<'v>>,
}

impl<'v> Arguments<'v> {
    fn new() -> Arguments<'v> {
        Arguments { few: [ValueRef::Null; FEW], count: 0, many: Vec::new() }
    }

    #[inline]
    fn push(&mut self, value: ValueRef<'v>) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = value,
            None => {
                if self.many.is_empty() {
                    self.many.extend_from_slice(&self.few);
                }
                self.many.push(value);
            }
        }
        self.count += 1;
    }
}

impl<'v> Deref for Arguments<'v> {
    type Target = [ValueRef<'v>];

    #[inline]
    fn deref(&self) -> &[ValueRef<'v>] {
        if self.count <= FEW { &self.few[..self.count] } else { &self.many }
    }
}

impl<'v> FromIterator<ValueRef<'v>> for Arguments<'v> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = ValueRef<'v>>>(values: I) -> Arguments<'v> {
        let mut arguments = Arguments::new();
        for value in values {
            arguments.push(value);
        }
        arguments
    }
}

/// Computes the arguments that stand nowhere yet, onto the frame's stack; answers which of all are JSON, where that is read.
pub(crate) fn compute(
    args: &[Expr],
    reads_json: bool,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<JsonArgs> {
    let mut json_args = JsonArgs::default();
    for (index, arg) in args.iter().enumerate() {
        if !stands(arg) {
            let (value, is_json) = if reads_json {
                eval_subtyped(arg, frame, context)?
            } else {
                (eval(arg, frame, context)?, false)
            };
            frame.arguments.push(value);
            if is_json {
                json_args.insert(index);
            }
            continue;
        }
        if let Expr::Constant { call, constant: id } = arg {
            constant(call, *id, frame, context)?;
        }
        if reads_json && is_json_in_place(arg, &context.session.json_images, frame) {
            json_args.insert(index);
        }
    }
    Ok(json_args)
}

/// Whether the argument is looked at in place.
#[inline]
fn stands(arg: &Expr) -> bool {
    is_direct(arg) || matches!(arg, Expr::Constant { .. })
}

/// Whether what stands in the frame has the JSON subtype.
fn is_json_in_place(arg: &Expr, images: &[usize], frame: &Frame) -> bool {
    match arg {
        Expr::Register(register) => frame.json_registers.contains(register),
        Expr::Constant { constant, .. } => frame.constant(*constant).is_some_and(|(_, is_json)| is_json),
        Expr::Collate { operand, .. } | Expr::Plus(operand) => is_json_in_place(operand, images, frame),
        // What a trigger knows as `new`.
        Expr::Parameter(index) => images.contains(index),
        _ => false,
    }
}

/// Calls `call` with all arguments; those that were computed stand on the stack from `base` on.
#[inline]
pub(crate) fn with_arguments<R>(
    args: &[Expr],
    base: usize,
    frame: &Frame,
    parameters: &[Value],
    call: impl FnOnce(&[ValueRef<'_>]) -> Result<R>,
) -> Result<R> {
    let mut places = Places { computed: &frame.arguments[base..], frame, parameters };
    match args {
        [only] => call(&[places.next(only)?]),
        [first, second] => call(&[places.next(first)?, places.next(second)?]),
        args => {
            let mut arguments = Arguments::new();
            for arg in args {
                arguments.push(places.next(arg)?);
            }
            call(&arguments)
        }
    }
}

/// Where arguments stand, those that were computed in order.
struct Places<'v> {
    computed: &'v [Value],
    frame: &'v Frame,
    parameters: &'v [Value],
}

impl<'v> Places<'v> {
    #[inline]
    fn next(&mut self, arg: &'v Expr) -> Result<ValueRef<'v>> {
        if stands(arg) {
            return Ok(direct(arg, self.frame, self.parameters)?.unwrap_or(ValueRef::Null));
        }
        let Some((value, rest)) = self.computed.split_first() else { return Ok(ValueRef::Null) };
        self.computed = rest;
        Ok(value.as_ref())
    }
}

/// Which arguments of a call are JSON, a bit for each. Few calls have more than 64.
#[derive(Clone, Default)]
pub(crate) struct JsonArgs {
    first: u64,
    /// All words, `first` among them, once one is not enough.
    many: Vec<u64>,
}

impl JsonArgs {
    pub fn insert(&mut self, index: usize) {
        let (word, bit) = (index / 64, 1 << (index % 64));
        if word == 0 && self.many.is_empty() {
            self.first |= bit;
            return;
        }
        if self.many.is_empty() {
            self.many.push(self.first);
        }
        if self.many.len() <= word {
            self.many.resize(word + 1, 0);
        }
        self.many[word] |= bit;
    }

    pub fn words(&self) -> &[u64] {
        if self.many.is_empty() { std::slice::from_ref(&self.first) } else { &self.many }
    }
}
