//! Function calls: scalar, aggregate or window, and the few that are not functions at all inside.

use std::rc::Rc;

use pluresdb_function::{self as functions, Flags};
use pluresdb_sql::ast::{self, ExprKind, FunctionArguments, FunctionCall};
use pluresdb_value::{Collation, Value};

use super::authorize::AskedWindow;
use super::constant::visit_text;
use super::scope::{Aggregates, CollationSource, PendingWindow, ScopeSource, Typed};
use super::tree::{
    AggregateCall, CaseArm, Comparison, ConstantId, Expr, RawExpr, Register, WindowCall, WindowFunction,
};
use super::walk::{any_expr, for_each_child, names_subquery, same_expr};
use super::window::{WindowParts, check_window};
use super::{Names, Resolver};
use crate::callback::AggregateKind;
use crate::error::{Error, Result};

impl Resolver<'_> {
    pub(super) fn resolve_function(&mut self, call: &FunctionCall, span: ast::Span) -> Result<Typed> {
        let name = call.name.text.as_ref();
        let no_args = Vec::new();
        let args = match &call.arguments {
            FunctionArguments::Star => &no_args,
            FunctionArguments::List(args) => args,
        };
        let offset = span.start as usize;
        let asked = self.asked_function_count();
        if (self.is_function(name) || functions::window_function(name).is_some())
            && let Some(ignored) = self.authorize_function(name)?
        {
            return Ok(ignored);
        }
        if name.eq_ignore_ascii_case("likelihood") && args.len() == 2 && !is_probability(&args[1]) {
            return Err(Error::error(NOT_A_PROBABILITY));
        }
        let resolved = match self.called(call, args.len()) {
            Err(error) => Err(error),
            Ok(Called::Aggregate(function)) => {
                let resolved = self.aggregate_call(call, function, args);
                self.note_asked_call(asked, None);
                resolved
            }
            Ok(Called::Window(function, over)) => self.window_call(call, function, over, args, asked),
            Ok(Called::Scalar) => {
                let mut resolved = Vec::with_capacity(args.len());
                for arg in args {
                    resolved.push(self.resolve_typed(arg)?);
                }
                self.scalar_call(name, resolved)
            }
        };
        resolved.map_err(|error| error.located(offset))
    }

    /// What is called; the errors that SQLite finds before it looks at arguments, in its order.
    pub(super) fn called<'c>(&self, call: &'c FunctionCall, arg_count: usize) -> Result<Called<'c>> {
        let name = call.name.text.as_ref();
        let (allowed, in_aggregate) =
            self.scopes.last().map_or_else(Default::default, |scope| (scope.allowed, scope.in_aggregate));
        if let Some(over) = &call.over {
            let function = self.windowed(name, arg_count)?;
            if !allowed.windows || in_aggregate {
                return Err(misuse("window", name));
            }
            if call.distinct {
                return Err(Error::error("DISTINCT is not supported for window functions"));
            }
            if !call.order_by.is_empty() {
                return Err(Error::error(format!("ORDER BY may not be used with non-aggregate {name}()")));
            }
            return Ok(Called::Window(function, over));
        }
        let application = self.names.function(name, arg_count);
        if application.is_none()
            && let Some(window) = functions::window_function(name)
        {
            return Err(if window.accepts(arg_count) {
                misuse("window", name)
            } else {
                wrong_arguments(name)
            });
        }
        if is_aggregate_call(self.names, call) {
            let function = self.aggregate_kind(name, arg_count)?.ok_or_else(|| misuse("aggregate", name))?;
            if self.scopes.is_empty() || allowed.aggregates == Aggregates::Refused || in_aggregate {
                return Err(misuse("aggregate", name));
            }
            return Ok(Called::Aggregate(function));
        }
        if application.is_none() {
            match functions::scalar(name) {
                Some(function) if function.accepts(arg_count) => {}
                None if !self.is_function(name) => {
                    return Err(Error::error(format!("no such function: {name}")));
                }
                Some(_) | None => return Err(wrong_arguments(name)),
            }
        }
        if call.filter.is_some() {
            return Err(Error::error(format!("FILTER may not be used with non-aggregate {name}()")));
        }
        if !call.order_by.is_empty() {
            return Err(Error::error(format!("ORDER BY may not be used with non-aggregate {name}()")));
        }
        Ok(Called::Scalar)
    }

    /// Whether any function has that name.
    fn is_function(&self, name: &str) -> bool {
        functions::scalar(name).is_some()
            || functions::aggregate(name).is_some()
            || self.names.any_function(name).is_some()
    }

    /// The schema's own expressions may not call everything: whoever wrote the file is not who runs it.
    fn check_usable(&self, name: &str, is_direct_only: bool, is_innocuous: bool) -> Result<()> {
        if self.is_schema_text && (is_direct_only || !is_innocuous && !self.names.trusts_schema()) {
            return Err(Error::error(format!("unsafe use of {name}()")));
        }
        Ok(())
    }

    fn check_built_in(&self, name: &str, flags: Flags) -> Result<()> {
        self.check_usable(name, flags.has(Flags::DIRECT_ONLY), flags.has(Flags::INNOCUOUS))
    }

    /// A call of a scalar function, arguments resolved.
    pub(super) fn scalar_call(&mut self, name: &str, args: Vec<Typed>) -> Result<Typed> {
        let explicit = explicit_collation(&args);
        let typed = |expr| Typed { collation: explicit, ..Typed::plain(expr) };
        if let Some(function) = self.names.function(name, args.len()) {
            self.check_usable(name, function.is_direct_only, false)?;
            let args: Vec<Expr> = args.into_iter().map(|arg| arg.expr).collect();
            self.calls_application = true;
            let is_steady = function.is_deterministic;
            let is_kept = is_steady && self.are_constant(&args);
            let call = Expr::Application { function, args: args.into() };
            return Ok(typed(if is_kept { self.kept(call) } else { call }));
        }
        let Some(function) = functions::scalar(name) else {
            if self.is_function(name) {
                return Err(wrong_arguments(name));
            }
            return Err(Error::error(format!("no such function: {name}")));
        };
        if !function.accepts(args.len()) {
            return Err(wrong_arguments(name));
        }
        self.check_built_in(name, function.flags)?;
        match function.name {
            "coalesce" | "ifnull" => {
                return Ok(typed(Expr::Coalesce(args.into_iter().map(|arg| arg.expr).collect())));
            }
            "iif" | "if" => return Ok(typed(conditional(args))),
            "likely" | "unlikely" => {
                let arg = args.into_iter().next().map_or(Expr::Literal(Value::Null), |arg| arg.expr);
                return Ok(typed(Expr::Plus(Rc::new(arg))));
            }
            "likelihood" => {
                let mut args = args.into_iter();
                let subject = args.next().map_or(Expr::Literal(Value::Null), |arg| arg.expr);
                return Ok(typed(Expr::Plus(Rc::new(subject))));
            }
            _ => {}
        }
        let collation = if function.flags.has(Flags::COLLATION) {
            args.iter()
                .map(|arg| arg.collation)
                .find(|collation| *collation != CollationSource::None)
                .map_or(Collation::Binary, CollationSource::collation)
        } else {
            Collation::Binary
        };
        self.need_collation(collation);
        let mut args: Vec<Expr> = args.into_iter().map(|arg| arg.expr).collect();
        self.keep_before_applications(&mut args);
        if function.flags.has(Flags::READS_JSON) {
            for arg in &mut args {
                self.compute_virtual_json(arg);
            }
        }
        let is_steady =
            function.flags.has(Flags::DETERMINISTIC) || function.flags.has(Flags::STATEMENT_CONSTANT);
        let is_kept = is_steady && self.are_constant(&args);
        let call = Expr::Function { function, args: args.into(), collation };
        Ok(typed(if is_kept { self.kept(call) } else { call }))
    }

    /// SQLite computes a virtual column where it is read, and the JSON that comes out has the JSON subtype. Here it is
    /// stored, which loses it: where the subtype is asked for, the column is computed, too.
    fn compute_virtual_json(&mut self, arg: &mut Expr) {
        if let Expr::Plus(operand) = arg {
            return self.compute_virtual_json(Rc::make_mut(operand));
        }
        let Expr::Column { source, column } = *arg else { return };
        let is_it = |of: &&ScopeSource| {
            let found = of.columns.get(column).map(|column| &column.expr);
            matches!(found, Some(Expr::Column { source: own, .. }) if *own == source)
        };
        let Some(row) = self.scopes.iter().flat_map(|scope| &scope.sources).find(is_it).cloned() else {
            return;
        };
        let Some(table) = row.table.clone() else { return };
        let of = &table.columns[column];
        let Some(generated) = of.generated.as_ref().filter(|generated| !generated.stored) else { return };
        if self.is_recording() || of.affinity.is_numeric() {
            return;
        }
        self.push_schema_scope(row);
        let outermost = self.outermost_reference;
        let computed = self.resolve_typed(&generated.expr);
        self.outermost_reference = outermost;
        self.scopes.pop();
        let Ok(Typed { expr: computed, .. }) = computed else { return };
        let call = if let Expr::Constant { call, .. } = &computed { call } else { &computed };
        if matches!(call, Expr::Function { function, .. } if function.flags.has(Flags::GIVES_JSON)) {
            // In a row that an outer join made up it is NULL, whatever it is computed from.
            let operand = Rc::new(arg.clone());
            let when = Expr::IsNull { operand, negated: false };
            let comparison = Comparison::new(Collation::Binary);
            let arm = CaseArm { when, comparison, then: Expr::Literal(Value::Null) };
            *arg = Expr::Case { operand: None, arms: [arm].into(), otherwise: Some(Rc::new(computed)) };
        }
    }

    /// Columns among a call's arguments are looked at in place, which is behind the computed ones. SQLite reads each in its
    /// turn, and what the application does in a later argument may change the row: such columns are computed, too.
    fn keep_before_applications(&self, args: &mut [Expr]) {
        if !self.calls_application {
            return;
        }
        let calls = |expr: &Expr| matches!(expr, Expr::Application { .. }) || names_subquery(expr);
        let Some(last) = args.iter().rposition(|arg| any_expr(arg, &calls)) else { return };
        for arg in &mut args[..last] {
            if is_in_row(arg) {
                *arg = Expr::Coalesce([arg.clone()].into());
            }
        }
    }

    /// Whether all are the same in every row of one execution. SQLite does not ask in a trigger.
    fn are_constant(&self, exprs: &[Expr]) -> bool {
        !self.is_in_trigger && exprs.iter().all(|expr| is_constant_in(expr, self.program.parameter_count))
    }

    /// `CURRENT_TIMESTAMP` and the like.
    pub(super) fn moment(&mut self, raw: RawExpr) -> Expr {
        if self.is_in_trigger { Expr::Raw(raw) } else { self.kept(Expr::Raw(raw)) }
    }

    fn kept(&mut self, call: Expr) -> Expr {
        self.program.constant_count += 1;
        let constant = ConstantId(self.program.constant_count - 1);
        Expr::Constant { call: Rc::new(call), constant }
    }

    /// An aggregate belongs to the innermost query whose columns its arguments read, or to the current one.
    fn aggregate_call(
        &mut self,
        call: &FunctionCall,
        function: AggregateKind,
        args: &[ast::Expr],
    ) -> Result<Typed> {
        let name = call.name.text.as_ref();
        let innermost = self.scopes.len() - 1;
        let counts: Vec<usize> = self.scopes.iter().map(|scope| scope.reference_count).collect();
        let (args, filter, order_by) =
            self.within_aggregate(|resolver| resolver.aggregate_parts(call, args))?;
        let owner = (0..self.scopes.len())
            .rev()
            .find(|&level| self.scopes[level].reference_count > counts[level])
            .unwrap_or(innermost);
        self.outermost_reference = self.outermost_reference.min(owner);
        let scope = &self.scopes[owner];
        // What a window call reads is computed below it, where an aggregate of its query is none yet.
        let is_in_window = owner < innermost && scope.in_window_args;
        if scope.allowed.aggregates != Aggregates::Allowed || scope.in_aggregate || is_in_window {
            return Ok(self.refuse_late(misused_aggregate(name)));
        }
        if call.distinct && args.len() != 1 {
            return Ok(self.refuse_late("DISTINCT aggregates must have exactly one argument"));
        }
        let explicit = explicit_collation(&args);
        if call.distinct || function.flags().has(Flags::COLLATION) {
            for arg in &args {
                self.need_collation(arg.collation());
            }
        }
        let collation = args.first().map_or(Collation::Binary, Typed::collation);
        let mut args: Vec<Expr> = args.into_iter().map(|arg| arg.expr).collect();
        self.keep_before_applications(&mut args);
        let call = AggregateCall {
            function,
            collation,
            args,
            distinct: call.distinct,
            filter,
            order_by,
            result: Register(0),
        };
        // The same call written twice is made once.
        let known = self.scopes[owner].aggregates.iter().find(|known| is_same_call(known, &call));
        if let Some(known) = known {
            return Ok(Typed { collation: explicit, ..Typed::plain(Expr::Register(known.result)) });
        }
        let result = self.new_registers(1);
        self.scopes[owner].aggregates.push(AggregateCall { result, ..call });
        Ok(Typed { collation: explicit, ..Typed::plain(Expr::Register(result)) })
    }

    /// Does something where parts of an aggregate's call stand.
    pub(super) fn within_aggregate<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let was_inside: Vec<bool> = self.scopes.iter().map(|scope| scope.in_aggregate).collect();
        for scope in &mut self.scopes {
            scope.in_aggregate = true;
        }
        let done = act(self);
        for (scope, was) in self.scopes.iter_mut().zip(was_inside) {
            scope.in_aggregate = was;
        }
        done
    }

    /// The aggregate that a call of so many arguments means, the application's before SQLite's own.
    fn aggregate_kind(&self, name: &str, arg_count: usize) -> Result<Option<AggregateKind>> {
        if let Some(definition) = self.names.function(name, arg_count) {
            self.check_usable(name, definition.is_direct_only, false)?;
            return Ok(definition.is_aggregate().then_some(AggregateKind::Application(definition)));
        }
        let Some(function) = functions::aggregate(name) else { return Ok(None) };
        if !function.accepts(arg_count) {
            return Err(wrong_arguments(name));
        }
        self.check_built_in(name, function.flags)?;
        Ok(Some(AggregateKind::BuiltIn(function)))
    }

    fn aggregate_parts(
        &mut self,
        call: &FunctionCall,
        args: &[ast::Expr],
    ) -> Result<(Vec<Typed>, Option<Expr>, Vec<super::tree::OrderTerm>)> {
        let args = args.iter().map(|arg| self.resolve_typed(arg)).collect::<Result<Vec<_>>>()?;
        let filter = call.filter.as_ref().map(|filter| self.resolve_expr(filter)).transpose()?;
        let order_by = self.resolve_sort_terms(&call.order_by)?;
        Ok((args, filter, order_by))
    }

    fn window_call(
        &mut self,
        call: &FunctionCall,
        function: WindowFunction,
        over: &ast::Over,
        args: &[ast::Expr],
        asked: usize,
    ) -> Result<Typed> {
        let result = self.new_registers(1);
        let (args, filter, WindowParts { partition_by, order_by, frame }) =
            self.within_window_call(|resolver| resolver.window_parts(call, args, over, result, asked))?;
        let explicit = explicit_collation(&args);
        let collation = args.first().map_or(Collation::Binary, Typed::collation);
        if let WindowFunction::Aggregate(aggregate) = &function
            && aggregate.flags().has(Flags::COLLATION)
        {
            self.need_collation(collation);
        }
        let call = WindowCall {
            function,
            args: args.into_iter().map(|arg| arg.expr).collect(),
            filter,
            collation,
            result,
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.windows.push(PendingWindow { partition_by, order_by, frame, call });
        }
        Ok(Typed { collation: explicit, ..Typed::plain(Expr::Register(result)) })
    }

    /// What a call with OVER means.
    fn windowed(&self, name: &str, arg_count: usize) -> Result<WindowFunction> {
        let no_window = || Error::error(format!("{name}() may not be used as a window function"));
        if let Some(definition) = self.names.function(name, arg_count) {
            if !definition.is_window() {
                return Err(no_window());
            }
            self.check_usable(name, definition.is_direct_only, false)?;
            return Ok(WindowFunction::Aggregate(AggregateKind::Application(definition)));
        }
        if let Some(window) = functions::window_function(name) {
            if !window.accepts(arg_count) {
                return Err(wrong_arguments(name));
            }
            return Ok(window_only(window.name));
        }
        match self.aggregate_kind(name, arg_count)? {
            Some(aggregate) => Ok(WindowFunction::Aggregate(aggregate)),
            None if functions::scalar(name).is_some() => Err(no_window()),
            None => Err(match self.names.any_function(name) {
                Some(definition) if definition.is_window() => wrong_arguments(name),
                Some(_) => no_window(),
                None => Error::error(format!("no such function: {name}")),
            }),
        }
    }

    /// Does something where parts of a window call stand: no other window call may be one, but aggregates may.
    pub(super) fn within_window_call<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.set_windows_allowed(false);
        let done = act(self);
        self.set_windows_allowed(true);
        done
    }

    fn set_windows_allowed(&mut self, allowed: bool) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.allowed.windows = allowed;
        }
    }

    fn set_in_window_args(&mut self, is_inside: bool) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.in_window_args = is_inside;
        }
    }

    fn window_parts(
        &mut self,
        call: &FunctionCall,
        args: &[ast::Expr],
        over: &ast::Over,
        result: Register,
        asked: usize,
    ) -> Result<(Vec<Typed>, Option<Expr>, WindowParts)> {
        let before_args = self.asked_function_count();
        self.set_in_window_args(true);
        let args = args.iter().map(|arg| self.resolve_typed(arg)).collect::<Result<Vec<_>>>();
        self.set_in_window_args(false);
        let args = args?;
        let window = self.window_of(over)?;
        check_window(call, &window)?;
        let (before_window, first_query) = (self.asked_function_count(), self.late_question_count());
        let window = self.resolve_window(&window)?;
        let (before_filter, last_query) = (self.asked_function_count(), self.late_question_count());
        let filter = call.filter.as_ref().map(|filter| self.resolve_expr(filter)).transpose()?;
        let names = AskedWindow {
            result,
            args: before_args..before_window,
            sorted: before_window..before_filter,
            filter: before_filter..self.asked_function_count(),
            queries_sorted: first_query..last_query,
        };
        self.note_asked_call(asked, Some(names));
        Ok((args, filter, window))
    }
}

/// What a call means.
pub(super) enum Called<'c> {
    Scalar,
    Aggregate(AggregateKind),
    Window(WindowFunction, &'c ast::Over),
}

impl Called<'_> {
    /// A window function is an aggregate, too.
    pub fn is_aggregate(&self) -> bool {
        !matches!(self, Called::Scalar)
    }
}

/// Whether a row's change may change what stands there.
fn is_in_row(expr: &Expr) -> bool {
    match expr {
        Expr::Column { .. } | Expr::Rowid(_) => true,
        Expr::Plus(operand) | Expr::Collate { operand, .. } => is_in_row(operand),
        _ => false,
    }
}

fn is_constant_in(expr: &Expr, parameter_count: usize) -> bool {
    let is_own = match expr {
        Expr::Literal(_) | Expr::Constant { .. } | Expr::Raw(_) => return true,
        Expr::Parameter(index) => return *index < parameter_count,
        Expr::Not(_)
        | Expr::Negate(_)
        | Expr::BitNot(_)
        | Expr::Plus(_)
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::Arithmetic { .. }
        | Expr::Compare(_)
        | Expr::Between(_)
        | Expr::IsNull { .. }
        | Expr::IsTruth { .. }
        | Expr::InList(_)
        | Expr::Case { .. }
        | Expr::Cast { .. }
        | Expr::Collate { .. }
        | Expr::Coalesce(_) => true,
        Expr::Column { .. }
        | Expr::Rowid(_)
        | Expr::Register(_)
        | Expr::InSelect(_)
        | Expr::Function { .. }
        | Expr::Application { .. }
        | Expr::ScalarSubquery(_)
        | Expr::Exists { .. }
        | Expr::RowCompare(_)
        | Expr::Raise { .. } => false,
    };
    let mut are_constant = is_own;
    for_each_child(expr, &mut |child| are_constant = are_constant && is_constant_in(child, parameter_count));
    are_constant
}

fn is_same_call(known: &AggregateCall, call: &AggregateCall) -> bool {
    let all_same = |known: &[Expr], call: &[Expr]| {
        known.len() == call.len() && known.iter().zip(call).all(|(known, call)| same_expr(known, call))
    };
    let same_filter = match (&known.filter, &call.filter) {
        (None, None) => true,
        (Some(known), Some(call)) => same_expr(known, call),
        (None, Some(_)) | (Some(_), None) => false,
    };
    known.function == call.function
        && known.distinct == call.distinct
        && known.collation == call.collation
        && known.order_by.is_empty()
        && call.order_by.is_empty()
        && same_filter
        && all_same(&known.args, &call.args)
}

fn window_only(name: &str) -> WindowFunction {
    match name {
        "row_number" => WindowFunction::RowNumber,
        "rank" => WindowFunction::Rank,
        "dense_rank" => WindowFunction::DenseRank,
        "percent_rank" => WindowFunction::PercentRank,
        "cume_dist" => WindowFunction::CumeDist,
        "ntile" => WindowFunction::Ntile,
        "lag" => WindowFunction::Lag,
        "lead" => WindowFunction::Lead,
        "first_value" => WindowFunction::FirstValue,
        "last_value" => WindowFunction::LastValue,
        _ => WindowFunction::NthValue,
    }
}

/// `iif(a, b, c, d, …, otherwise)` as CASE.
fn conditional(args: Vec<Typed>) -> Expr {
    let mut arms = Vec::new();
    let mut args = args.into_iter().map(|arg| arg.expr);
    let mut otherwise = None;
    while let Some(when) = args.next() {
        match args.next() {
            Some(then) => {
                let comparison = Comparison::new(Collation::Binary);
                arms.push(CaseArm { when, comparison, then });
            }
            None => otherwise = Some(Rc::new(when)),
        }
    }
    Expr::Case { operand: None, arms: arms.into(), otherwise }
}

pub(super) const NOT_A_PROBABILITY: &str =
    "second argument to likelihood() must be a constant between 0.0 and 1.0";

pub(super) fn is_probability(text: &ast::Expr) -> bool {
    match &text.kind {
        ExprKind::Literal(ast::Literal::Real(digits)) => {
            (0.0..=1.0).contains(&pluresdb_value::number::text_to_real(digits.as_bytes()))
        }
        _ => false,
    }
}

/// The collation that a call carries on: the first written in its arguments.
fn explicit_collation(args: &[Typed]) -> CollationSource {
    args.iter().fold(CollationSource::None, |collation, arg| collation.or_explicit(arg.collation))
}

fn misuse(kind: &str, name: &str) -> Error {
    Error::error(format!("misuse of {kind} function {name}()"))
}

pub(super) fn misused_aggregate(name: &str) -> String {
    format!("misuse of aggregate: {name}()")
}

fn wrong_arguments(name: &str) -> Error {
    Error::error(format!("wrong number of arguments to function {name}()"))
}

/// Whether the call means an aggregate: min and max do with one argument only.
pub(super) fn is_aggregate_call(names: &dyn Names, call: &FunctionCall) -> bool {
    let name = call.name.text.as_ref();
    let count = match &call.arguments {
        FunctionArguments::Star => 0,
        FunctionArguments::List(args) => args.len(),
    };
    if let Some(definition) = names.function(name, count) {
        return definition.is_aggregate();
    }
    if functions::aggregate(name).is_none() {
        return false;
    }
    match functions::scalar(name) {
        // min and max with several arguments are scalars.
        Some(scalar) => !scalar.accepts(count) || count == 1,
        None => true,
    }
}

/// Whether the text calls an aggregate or a window function; subqueries are not looked into.
pub fn calls_over_rows(names: &dyn Names, expr: &ast::Expr) -> bool {
    let (aggregate, has_window) = call_kinds(names, expr);
    aggregate.is_some() || has_window
}

/// An aggregate that the text calls, and whether it calls a window function; subqueries are not looked into.
pub(super) fn call_kinds(names: &dyn Names, expr: &ast::Expr) -> (Option<String>, bool) {
    let mut kinds = (None, false);
    visit_text(expr, &mut |expr| {
        let ExprKind::Function(call) = &expr.kind else { return };
        if call.over.is_some() {
            kinds.1 = true;
        } else if is_aggregate_call(names, call) {
            kinds.0.get_or_insert_with(|| call.name.text.to_string());
        }
    });
    kinds
}
