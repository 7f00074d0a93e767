//! JavaScript that the engine calls: functions, aggregates, collations and table modules of the application.
//!
//!     engine ─ call ─► CallbackGate (busy, own handle scope) ─► JavaScript
//!                            └─ an exception is kept here until the statement has ended, then thrown as it is
//!
//! While JavaScript runs, the connection's status says that it is busy, and lib/ refuses to use it; where the engine
//! allows that it is used, the session is lent meanwhile (`lending`), and the status says that.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use pluresdb_engine::Session;
use pluresdb_engine::callback::{
    Accumulator, Action, AggregateFunction, Authorizer, CallSite, CollationFunction, Declaration, Permission,
    RowGenerator, ScalarFunction, TableModule, TableRows, Thrown,
};
use pluresdb_engine::changeset::{ChangesetHandler, ConflictAnswer, ConflictKind};
use pluresdb_value::Value;

use crate::error::Failure;
use crate::lending::Levels;
use crate::node_api::{Js, RawValue, Reference, SharedBuffer, Status};
use crate::row_buffer::Integers;

/// Calls with so many arguments need no allocation.
const FEW: usize = 8;

/// The one way from a connection's engine into JavaScript.
pub struct CallbackGate {
    env: Js,
    status: RefCell<Option<Status>>,
    /// What the last call threw, a value of the running native call.
    thrown: Cell<Option<RawValue>>,
    /// The environment ends: no JavaScript runs any more.
    is_ending: Cell<bool>,
    calls: Cell<u64>,
    pub levels: Levels,
}

impl CallbackGate {
    pub fn new(env: Js) -> CallbackGate {
        CallbackGate {
            env,
            status: RefCell::new(None),
            thrown: Cell::new(None),
            is_ending: Cell::new(false),
            calls: Cell::new(0),
            levels: Levels::default(),
        }
    }

    pub fn set_status(&self, status: Status) {
        self.status.replace(Some(status));
    }

    pub fn end(&self) {
        self.is_ending.set(true);
    }

    /// How often JavaScript was called.
    pub fn calls(&self) -> u64 {
        self.calls.get()
    }

    pub fn take_thrown(&self) -> Option<RawValue> {
        self.thrown.take()
    }

    /// Lets `body` call JavaScript, which may use the session where the engine lends it.
    fn enter_with<R>(
        &self,
        session: &mut Session,
        body: impl FnOnce(Js) -> Result<R, Failure>,
    ) -> Result<R, Thrown> {
        let site = session.call_site();
        let loan = if session.is_lent() { self.levels.lend(session) } else { None };
        let level = loan.as_ref().and_then(|_| u16::try_from(self.levels.depth()).ok());
        let outcome = self.enter_on(level, site, body);
        drop(loan);
        self.set_level(u16::try_from(self.levels.depth()).ok());
        outcome
    }

    /// Lets `body` call JavaScript.
    fn enter<R>(&self, site: CallSite, body: impl FnOnce(Js) -> Result<R, Failure>) -> Result<R, Thrown> {
        let outcome = self.enter_on(None, site, body);
        self.set_level(u16::try_from(self.levels.depth()).ok());
        outcome
    }

    fn set_level(&self, level: Option<u16>) {
        if let Some(status) = &mut *self.status.borrow_mut() {
            status.set_level(level);
        }
    }

    fn enter_on<R>(
        &self,
        level: Option<u16>,
        site: CallSite,
        body: impl FnOnce(Js) -> Result<R, Failure>,
    ) -> Result<R, Thrown> {
        if self.is_ending.get() {
            return Err(Thrown);
        }
        let env = self.env;
        self.calls.set(self.calls.get() + 1);
        if let Some(status) = &mut *self.status.borrow_mut() {
            status.enter(site.in_transaction, level);
        }
        let outcome = env.in_scope(|| body(env));
        if let Some(status) = &mut *self.status.borrow_mut() {
            status.leave();
        }
        outcome.map_err(|exception| {
            self.thrown.set(exception);
            Thrown
        })
    }
}

impl Drop for CallbackGate {
    fn drop(&mut self) {
        if let Some(status) = self.status.take() {
            status.release(self.env);
        }
    }
}

/// A function and what is common to all ways to call it.
struct Callee {
    gate: Rc<CallbackGate>,
    /// How errors about a result begin.
    result_words: String,
    integers: Integers,
}

impl Callee {
    /// Calls `function` with `first` and `args`.
    fn call(
        &self,
        env: Js,
        function: &Reference,
        first: Option<RawValue>,
        args: &[Value],
    ) -> Result<RawValue, Failure> {
        let function = env.referenced(function)?;
        let skipped = usize::from(first.is_some());
        let count = skipped + args.len();
        let mut few = [std::ptr::null_mut(); FEW];
        let mut many = Vec::new();
        let values = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, std::ptr::null_mut());
            &mut many[..]
        };
        if let Some(first) = first {
            values[0] = first;
        }
        for (value, arg) in values[skipped..].iter_mut().zip(args) {
            *value = env.new_value(arg, self.integers)?;
        }
        env.call(function, values)
    }

    /// A result as SQL sees it.
    fn value(&self, env: Js, value: RawValue) -> Result<Value, Failure> {
        env.to_value(value)?.map_err(|refusal| refusal.failure(&self.result_words))
    }
}

/// Many calls with numbers at once: `(…, from, to)` makes those of a run of calls. Their arguments stand one after the other in
/// memory that both sides know, and results that are numbers take the places of the first ones. Its last number says where the
/// run ended: `to`, or before, with the call whose result, no number, is answered.
pub struct NumberRuns {
    make: Reference,
    numbers: RefCell<Option<SharedBuffer>>,
}

impl NumberRuns {
    pub fn new(make: Reference, numbers: SharedBuffer) -> NumberRuns {
        NumberRuns { make, numbers: RefCell::new(Some(numbers)) }
    }

    /// The memory, for as long as no JavaScript runs.
    fn with_numbers<R>(&self, body: impl FnOnce(&mut [[u8; 8]]) -> Option<R>) -> Result<R, Failure> {
        let mut numbers = self.numbers.borrow_mut();
        let numbers = numbers.as_mut().map_or(&mut [][..], |numbers| numbers.bytes());
        body(numbers.as_chunks_mut().0).ok_or(Failure::fixed_range("the numbers' memory is too small"))
    }

    fn write(&self, numbers: &[f64]) -> Result<(), Failure> {
        self.with_numbers(|places| {
            for (place, number) in places.get_mut(..numbers.len())?.iter_mut().zip(numbers) {
                *place = number.to_ne_bytes();
            }
            Some(())
        })
    }

    /// Where the run ended.
    fn end(&self, from: usize, to: usize) -> Result<usize, Failure> {
        let end = self.with_numbers(|places| Some(f64::from_ne_bytes(*places.last()?) as usize))?;
        Ok(end.clamp(from, to))
    }

    fn release(&self, env: Js) {
        env.release(&self.make);
        if let Some(numbers) = self.numbers.take() {
            numbers.release(env);
        }
    }
}

pub struct JsFunction {
    callee: Callee,
    function: Reference,
    runs: Option<NumberRuns>,
}

impl JsFunction {
    pub fn new(
        gate: Rc<CallbackGate>,
        name: &str,
        integers: Integers,
        function: Reference,
        runs: Option<NumberRuns>,
    ) -> JsFunction {
        JsFunction { callee: function_callee(gate, name, integers), function, runs }
    }
}

fn function_callee(gate: Rc<CallbackGate>, name: &str, integers: Integers) -> Callee {
    Callee { gate, result_words: format!("User-defined function {name}() returned"), integers }
}

impl ScalarFunction for JsFunction {
    fn call(&self, args: &[Value], session: &mut Session) -> Result<Value, Thrown> {
        let callee = &self.callee;
        callee.gate.enter_with(session, |env| {
            let result = callee.call(env, &self.function, None, args)?;
            callee.value(env, result)
        })
    }

    fn takes_numbers(&self) -> bool {
        self.runs.is_some() && self.callee.integers == Integers::Numbers
    }

    fn call_with_numbers(
        &self,
        numbers: &[f64],
        count: usize,
        results: &mut Vec<Value>,
        session: &mut Session,
    ) -> Result<(), Thrown> {
        let callee = &self.callee;
        callee.gate.enter_with(session, |env| {
            let Some(runs) = &self.runs else { return Err(Failure::fixed_type("no runs of calls")) };
            runs.write(numbers)?;
            let mut from = 0;
            while from < count {
                let args = [env.new_u32(from as u32)?, env.new_u32(count as u32)?];
                let other = env.call(env.referenced(&runs.make)?, &args)?;
                let end = runs.end(from, count)?;
                runs.with_numbers(|places| {
                    let numbers = places.get(from..end)?.iter();
                    results.extend(numbers.map(|number| Value::real(f64::from_ne_bytes(*number))));
                    Some(())
                })?;
                if end < count {
                    results.push(callee.value(env, other)?);
                }
                from = end + 1;
            }
            Ok(())
        })
    }
}

impl Drop for JsFunction {
    fn drop(&mut self) {
        let env = self.callee.gate.env;
        env.release(&self.function);
        if let Some(runs) = &self.runs {
            runs.release(env);
        }
    }
}

/// An aggregate. lib/ keeps what is accumulated in an object of its own, so that this side holds one reference a group.
pub struct JsAggregate {
    parts: Rc<AggregateParts>,
    has_inverse: bool,
}

struct AggregateParts {
    callee: Callee,
    functions: AggregateFunctions,
    /// Of steps: `(accumulator, from, to)`, which answers nothing.
    runs: Option<NumberRuns>,
}

pub struct AggregateFunctions {
    /// () → accumulator
    pub start: Reference,
    /// (accumulator, …args)
    pub step: Reference,
    /// (accumulator, …args)
    pub inverse: Reference,
    /// (accumulator) → value
    pub result: Reference,
}

impl JsAggregate {
    pub fn new(
        gate: Rc<CallbackGate>,
        name: &str,
        integers: Integers,
        functions: AggregateFunctions,
        runs: Option<NumberRuns>,
        has_inverse: bool,
    ) -> JsAggregate {
        let callee = function_callee(gate, name, integers);
        JsAggregate { parts: Rc::new(AggregateParts { callee, functions, runs }), has_inverse }
    }
}

impl AggregateFunction for JsAggregate {
    fn accumulator(&self) -> Box<dyn Accumulator> {
        Box::new(JsAccumulator { parts: self.parts.clone(), accumulator: None })
    }

    fn has_inverse(&self) -> bool {
        self.has_inverse
    }

    fn takes_numbers(&self) -> bool {
        self.parts.runs.is_some() && self.parts.callee.integers == Integers::Numbers
    }
}

impl Drop for AggregateParts {
    fn drop(&mut self) {
        let AggregateFunctions { start, step, inverse, result } = &self.functions;
        let env = self.callee.gate.env;
        for reference in [start, step, inverse, result] {
            env.release(reference);
        }
        if let Some(runs) = &self.runs {
            runs.release(env);
        }
    }
}

struct JsAccumulator {
    parts: Rc<AggregateParts>,
    /// None before the first call.
    accumulator: Option<Reference>,
}

impl JsAccumulator {
    /// The accumulator, made by `start` when there is none yet.
    fn accumulator(&mut self, env: Js) -> Result<RawValue, Failure> {
        if let Some(accumulator) = &self.accumulator {
            return env.referenced(accumulator);
        }
        let start = env.referenced(&self.parts.functions.start)?;
        let accumulator = env.call(start, &[])?;
        self.accumulator = Some(env.reference(accumulator)?);
        Ok(accumulator)
    }

    fn take_in(&mut self, args: &[Value], is_inverse: bool, session: &mut Session) -> Result<(), Thrown> {
        let parts = self.parts.clone();
        let function = if is_inverse { &parts.functions.inverse } else { &parts.functions.step };
        parts.callee.gate.enter_with(session, |env| {
            let accumulator = self.accumulator(env)?;
            parts.callee.call(env, function, Some(accumulator), args).map(|_| ())
        })
    }
}

impl Accumulator for JsAccumulator {
    fn step(&mut self, args: &[Value], session: &mut Session) -> Result<(), Thrown> {
        self.take_in(args, false, session)
    }

    fn step_numbers(&mut self, numbers: &[f64], count: usize, session: &mut Session) -> Result<(), Thrown> {
        let parts = self.parts.clone();
        parts.callee.gate.enter_with(session, |env| {
            let Some(runs) = &parts.runs else { return Err(Failure::fixed_type("no runs of calls")) };
            let accumulator = self.accumulator(env)?;
            runs.write(numbers)?;
            let args = [accumulator, env.new_u32(0)?, env.new_u32(count as u32)?];
            env.call(env.referenced(&runs.make)?, &args).map(|_| ())
        })
    }

    fn inverse(&mut self, args: &[Value], session: &mut Session) -> Result<(), Thrown> {
        self.take_in(args, true, session)
    }

    fn value(&mut self, session: &mut Session) -> Result<Value, Thrown> {
        let parts = self.parts.clone();
        parts.callee.gate.enter_with(session, |env| {
            let accumulator = self.accumulator(env)?;
            let value = env.call(env.referenced(&parts.functions.result)?, &[accumulator])?;
            parts.callee.value(env, value)
        })
    }
}

impl Drop for JsAccumulator {
    fn drop(&mut self) {
        if let Some(accumulator) = &self.accumulator {
            self.parts.callee.gate.env.release(accumulator);
        }
    }
}

/// A collation: `(a, b) → number`.
pub struct JsCollation {
    gate: Rc<CallbackGate>,
    compare: Reference,
}

impl JsCollation {
    pub fn new(gate: Rc<CallbackGate>, compare: Reference) -> JsCollation {
        JsCollation { gate, compare }
    }
}

impl CollationFunction for JsCollation {
    fn compare(&self, a: &[u8], b: &[u8], site: CallSite) -> Result<Ordering, Thrown> {
        self.gate.enter(site, |env| {
            let args = [env.new_string(a)?, env.new_string(b)?];
            let order = env.f64(env.call(env.referenced(&self.compare)?, &args)?)?;
            Ok(order.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
        })
    }
}

impl Drop for JsCollation {
    fn drop(&mut self) {
        self.gate.env.release(&self.compare);
    }
}

/// A table module: `(module, database, table, …arguments) → [parameters, columns, flags, open, next, close, types]`.
pub struct JsModule {
    gate: Rc<CallbackGate>,
    name: String,
    factory: Reference,
}

const TABLE_DIRECT_ONLY: u32 = 4;

impl JsModule {
    pub fn new(gate: Rc<CallbackGate>, name: &str, factory: Reference) -> JsModule {
        JsModule { gate, name: name.to_owned(), factory }
    }

    fn declaration(&self, env: Js, declared: RawValue) -> Result<Declaration, Failure> {
        let flags = env.u32(env.element(declared, 2)?)?;
        let rows = JsRows {
            callee: Callee {
                gate: self.gate.clone(),
                result_words: format!("Virtual table module \"{}\" yielded", self.name),
                integers: Integers::of_flags(flags),
            },
            open: env.reference(env.element(declared, 3)?)?,
            next: env.reference(env.element(declared, 4)?)?,
            close: env.reference(env.element(declared, 5)?)?,
        };
        Ok(Declaration {
            parameters: env.strings(env.element(declared, 0)?)?,
            columns: env.strings(env.element(declared, 1)?)?,
            types: env.strings(env.element(declared, 6)?)?,
            is_direct_only: flags & TABLE_DIRECT_ONLY != 0,
            rows: Rc::new(TableFunctions(Rc::new(rows))),
        })
    }
}

impl TableModule for JsModule {
    fn connect(
        &self,
        database: &str,
        table: &str,
        arguments: &[String],
        site: CallSite,
    ) -> Result<Declaration, Thrown> {
        self.gate.enter(site, |env| {
            let fixed = [self.name.as_str(), database, table].into_iter();
            let texts = fixed.chain(arguments.iter().map(String::as_str));
            let args = texts.map(|text| env.new_string(text.as_bytes())).collect::<Result<Vec<_>, _>>()?;
            let declared = env.call(env.referenced(&self.factory)?, &args)?;
            self.declaration(env, declared)
        })
    }
}

impl Drop for JsModule {
    fn drop(&mut self) {
        self.gate.env.release(&self.factory);
    }
}

struct JsRows {
    callee: Callee,
    /// (…parameters) → cursor
    open: Reference,
    /// (cursor) → array of the row's columns, undefined behind the last
    next: Reference,
    /// (cursor): no more rows are wanted
    close: Reference,
}

impl Drop for JsRows {
    fn drop(&mut self) {
        for reference in [&self.open, &self.next, &self.close] {
            self.callee.gate.env.release(reference);
        }
    }
}

struct TableFunctions(Rc<JsRows>);

impl TableRows for TableFunctions {
    fn open(
        &self,
        parameters: &[Option<Value>],
        session: &mut Session,
    ) -> Result<Box<dyn RowGenerator>, Thrown> {
        let site = session.call_site();
        let rows = self.0.clone();
        let callee = &rows.callee;
        let cursor = callee.gate.enter_with(session, |env| {
            let args = parameters.iter().map(|parameter| match parameter {
                Some(value) => env.new_value(value, callee.integers),
                None => env.undefined(),
            });
            let args = args.collect::<Result<Vec<_>, _>>()?;
            env.reference(env.call(env.referenced(&rows.open)?, &args)?)
        })?;
        // A parameter reads as JavaScript would give it back: its numbers are reals.
        let parameters = parameters.iter().map(|parameter| match parameter {
            Some(Value::Integer(integer)) if !callee.integers.is_bigint(*integer) => {
                Value::real(*integer as f64)
            }
            Some(value) => value.clone(),
            None => Value::Null,
        });
        let parameters = parameters.collect();
        Ok(Box::new(JsGenerator { rows, cursor: Some(cursor), parameters, site }))
    }
}

struct JsGenerator {
    rows: Rc<JsRows>,
    /// None once there are no more rows.
    cursor: Option<Reference>,
    parameters: Vec<Value>,
    site: CallSite,
}

impl JsGenerator {
    fn forget(&mut self) {
        if let Some(cursor) = self.cursor.take() {
            self.rows.callee.gate.env.unreference(cursor);
        }
    }
}

impl RowGenerator for JsGenerator {
    fn next(&mut self, wanted: &[bool], row: &mut [Value], session: &mut Session) -> Result<bool, Thrown> {
        let Some(cursor) = &self.cursor else { return Ok(false) };
        let rows = &self.rows;
        let (parameters, columns) = row.split_at_mut(self.parameters.len());
        let wanted = &wanted[self.parameters.len()..];
        let outcome = rows.callee.gate.enter_with(session, |env| {
            let yielded = env.call(env.referenced(&rows.next)?, &[env.referenced(cursor)?])?;
            if env.is_undefined(yielded)? {
                return Ok(false);
            }
            for (index, (column, _)) in
                columns.iter_mut().zip(wanted).enumerate().filter(|(_, (_, wanted))| **wanted)
            {
                *column = rows.callee.value(env, env.element(yielded, index as u32)?)?;
            }
            Ok(true)
        });
        parameters.clone_from_slice(&self.parameters);
        if outcome != Ok(true) {
            self.forget();
        }
        outcome
    }
}

impl Drop for JsGenerator {
    fn drop(&mut self) {
        let Some(cursor) = &self.cursor else { return };
        let rows = &self.rows;
        let gate = &rows.callee.gate;
        // What the generator throws at its end is nobody's: the statement has ended, with an outcome of its own.
        let outcome_of_statement = gate.take_thrown();
        let _ended = gate.enter(self.site, |env| {
            env.call(env.referenced(&rows.close)?, &[env.referenced(cursor)?]).map(|_| ())
        });
        gate.thrown.set(outcome_of_statement);
        self.forget();
    }
}

/// What the application says while a changeset is applied: `filter(table) → boolean`, `conflict(kind) → number`.
pub struct JsChangesetHandler {
    gate: Rc<CallbackGate>,
    filter: RawValue,
    conflict: RawValue,
}

impl JsChangesetHandler {
    /// With two functions that are values of the running native call.
    pub fn new(gate: Rc<CallbackGate>, filter: RawValue, conflict: RawValue) -> JsChangesetHandler {
        JsChangesetHandler { gate, filter, conflict }
    }
}

impl ChangesetHandler for JsChangesetHandler {
    fn takes_table(&mut self, table: &str, session: &mut Session) -> Result<bool, Thrown> {
        self.gate.enter_with(session, |env| {
            let answer = env.call(self.filter, &[env.new_string(table.as_bytes())?])?;
            Ok(env.f64(answer)? != 0.0)
        })
    }

    fn conflict(&mut self, kind: ConflictKind, session: &mut Session) -> Result<ConflictAnswer, Thrown> {
        self.gate.enter_with(session, |env| {
            let answer = env.f64(env.call(self.conflict, &[env.new_u32(kind as u32)?])?)?;
            Ok(match answer {
                0.0 => ConflictAnswer::Omit,
                1.0 => ConflictAnswer::Replace,
                2.0 => ConflictAnswer::Abort,
                _ => ConflictAnswer::Unknown,
            })
        })
    }
}

/// Decides what statements may do: `(action, first, second, database, context) → 0 allowed, 1 denied, 2 ignored`.
pub struct JsAuthorizer {
    gate: Rc<CallbackGate>,
    ask: Reference,
}

impl JsAuthorizer {
    pub fn new(gate: Rc<CallbackGate>, ask: Reference) -> JsAuthorizer {
        JsAuthorizer { gate, ask }
    }
}

impl Authorizer for JsAuthorizer {
    fn authorize(
        &self,
        action: Action<'_>,
        context: Option<&str>,
        site: CallSite,
    ) -> Result<Permission, Thrown> {
        self.gate.enter(site, |env| {
            let text = |text: Option<&str>| match text {
                Some(text) => env.new_string(text.as_bytes()),
                None => env.null(),
            };
            let Action { code, first, second, database } = action;
            let args =
                [env.new_u32(u32::from(code))?, text(first)?, text(second)?, text(database)?, text(context)?];
            let answer = env.f64(env.call(env.referenced(&self.ask)?, &args)?)?;
            Ok(match answer {
                0.0 => Permission::Allowed,
                2.0 => Permission::Ignored,
                _ => Permission::Denied,
            })
        })
    }
}

impl Drop for JsAuthorizer {
    fn drop(&mut self) {
        self.gate.env.release(&self.ask);
    }
}
