//! Subqueries of expressions, and FROM subqueries run alongside the outer query.
//!
//! An uncorrelated subquery runs once per execution and its answer is kept; a correlated one runs each time it is
//! asked. EXISTS and scalar subqueries stop at the first row. The plan is made when the subquery is first needed.

use pluresdb_value::{Affinity, Value, ValueRef, affinity};

use crate::error::Result;
use crate::execute::eval::label_value;
use crate::execute::eval::{compare_rows, eval};
use crate::execute::frame::row_size;
use crate::execute::key_hash::{ENTRY_SIZE, KeySet};
use crate::execute::memo::Memo;
use crate::execute::recursive::make_real;
use crate::execute::subtype;
use crate::execute::{Context, Frame, Query, Rows, Source};
use crate::plan::{RowsNode, correlated_ctes, plan_select};
use crate::resolve::tree::{CompareOperator, Comparison, CteId, InSelect, Register, RowOperand, SubqueryId};
use crate::session::Session;
use pluresdb_value::key::{KeyColumn, encode_value};

#[derive(Default)]
pub(crate) struct SubqueryState {
    query: Option<Query>,
    /// CTEs of the subquery that read an enclosing query: computed anew by each run.
    ctes: Vec<CteId>,
    kept: Option<Kept>,
    /// Of a correlated one.
    memo: Memo,
    /// Execution of the frame that `kept` belongs to.
    kept_in: u64,
    /// Its last value has the JSON subtype.
    gave_json: bool,
    /// The columns of its first row that have it, of a row value.
    json_columns: Vec<usize>,
}

enum Kept {
    Row(Vec<Value>),
    Exists(bool),
    /// One for each way in which its rows are compared.
    Sets(Vec<InSet>),
}

impl SubqueryState {
    pub fn close(&mut self, frame: &mut Frame) {
        self.kept = None;
        self.memo.forget();
        if let Some(query) = &mut self.query {
            query.operator().close(frame);
        }
    }
}

/// Takes the state out of the frame, runs `run`, puts it back.
fn with_state<R>(
    id: SubqueryId,
    frame: &mut Frame,
    context: &mut Context<'_>,
    run: impl FnOnce(&mut SubqueryState, &mut Frame, &mut Context<'_>) -> Result<R>,
) -> Result<R> {
    let mut state = std::mem::take(&mut frame.subqueries[id.0]);
    if state.kept_in != frame.execution {
        state.kept = None;
        state.memo.forget();
        state.kept_in = frame.execution;
    }
    let result = run(&mut state, frame, context);
    frame.subqueries[id.0] = state;
    result
}

impl SubqueryState {
    fn start(&mut self, id: SubqueryId, frame: &mut Frame, context: &mut Context<'_>) -> Result<&mut Query> {
        self.start_as(Query::new, id, frame, context)
    }

    /// For a set: of all rows. A subquery is asked in one way only.
    fn start_set(
        &mut self,
        id: SubqueryId,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<&mut Query> {
        self.start_as(Query::of_all, id, frame, context)
    }

    fn start_as(
        &mut self,
        make: fn(RowsNode) -> Query,
        id: SubqueryId,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<&mut Query> {
        if self.query.is_none() {
            let program = context.program;
            let select = &program.subqueries[id.0].select;
            self.ctes = correlated_ctes(select, program);
            self.query = Some(make(plan_select(select, program, context.session)?));
        }
        for cte in &self.ctes {
            let mut state = std::mem::take(&mut frame.ctes[cte.0]);
            state.forget(frame);
            frame.ctes[cte.0] = state;
        }
        let query = self.query.as_mut().expect("planned above");
        query.start(frame, context)?;
        Ok(query)
    }
}

impl SubqueryState {
    fn set_for(&self, comparisons: &[Comparison]) -> Option<&InSet> {
        let Some(Kept::Sets(sets)) = &self.kept else { return None };
        let wanted = || comparisons.iter().map(|comparison| comparison.affinity);
        sets.iter().find(|set| set.affinities.iter().copied().eq(wanted()))
    }

    /// The answer of a correlated subquery about the frame's rows, run unless the same was asked before.
    fn ask(
        &mut self,
        id: SubqueryId,
        frame: &mut Frame,
        context: &mut Context<'_>,
        answer: impl FnOnce(&mut Query, &mut Frame, &mut Context<'_>) -> Result<Value>,
    ) -> Result<Value> {
        let Some(question) = self.memo.question(id, frame, context)? else {
            return answer(self.start(id, frame, context)?, frame, context);
        };
        if let Some(kept) = self.memo.answer(&question) {
            return Ok(kept);
        }
        let value = answer(self.start(id, frame, context)?, frame, context)?;
        self.memo.keep(question, &value, frame)?;
        Ok(value)
    }
}

/// Gives whoever asks a subquery this answer, until it is taken back.
pub(super) fn give(id: SubqueryId, answer: Value, is_exists: bool, frame: &mut Frame) {
    let execution = frame.execution;
    let state = &mut frame.subqueries[id.0];
    if state.kept_in != execution {
        state.memo.forget();
        state.kept_in = execution;
    }
    match &mut state.kept {
        Some(Kept::Row(row)) => row[0] = answer,
        kept if is_exists => *kept = Some(Kept::Exists(answer == Value::Integer(1))),
        kept => *kept = Some(Kept::Row(vec![answer])),
    }
}

/// While the frame closes its subqueries it has none, and each forgets what it was given by itself.
pub(super) fn take_back(id: SubqueryId, frame: &mut Frame) {
    if let Some(state) = frame.subqueries.get_mut(id.0) {
        state.kept = None;
    }
}

pub(crate) fn is_correlated(id: SubqueryId, context: &Context<'_>) -> bool {
    context.program.subqueries[id.0].correlated
}

/// First value of the first row.
pub(crate) fn scalar(id: SubqueryId, frame: &mut Frame, context: &mut Context<'_>) -> Result<Value> {
    let state = &frame.subqueries[id.0];
    if let Some(Kept::Row(row)) = &state.kept
        && state.kept_in == frame.execution
    {
        return Ok(row.first().cloned().unwrap_or_default());
    }
    with_state(id, frame, context, |state, frame, context| {
        let handed_on = subtype::handed_on_by_query(&context.program.subqueries[id.0].select);
        let is_correlated = is_correlated(id, context);
        if is_correlated && handed_on.is_none() {
            return state.ask(id, frame, context, first_value);
        }
        let value = first_value(state.start(id, frame, context)?, frame, context)?;
        state.gave_json = handed_on.is_some_and(|from| frame.json_registers.contains(&from));
        if !is_correlated {
            state.kept = Some(Kept::Row(vec![value.clone()]));
        }
        Ok(value)
    })
}

/// Whether the value that `scalar` answered has the JSON subtype.
pub(crate) fn gave_json(id: SubqueryId, frame: &Frame) -> bool {
    frame.subqueries[id.0].gave_json
}

/// The columns that have the JSON subtype, of the row that `first_row` answered.
pub(crate) fn json_columns(id: SubqueryId, frame: &Frame) -> &[usize] {
    &frame.subqueries[id.0].json_columns
}

fn first_value(query: &mut Query, frame: &mut Frame, context: &mut Context<'_>) -> Result<Value> {
    Ok(if query.next(frame, context)? { query.column(0, frame)?.to_value() } else { Value::Null })
}

/// The first row; all NULL when there is none.
pub(crate) fn first_row(id: SubqueryId, frame: &mut Frame, context: &mut Context<'_>) -> Result<Vec<Value>> {
    with_state(id, frame, context, |state, frame, context| {
        if let Some(Kept::Row(row)) = &state.kept {
            return Ok(row.clone());
        }
        let query = state.start(id, frame, context)?;
        let mut row = Vec::new();
        if query.next(frame, context)? {
            query.take_row(frame, &mut row)?;
        } else {
            row.resize(query.column_count(), Value::Null);
        }
        state.json_columns = subtype::json_columns(&context.program.subqueries[id.0].select, &row, frame);
        if !is_correlated(id, context) {
            state.kept = Some(Kept::Row(row.clone()));
        }
        Ok(row)
    })
}

pub(crate) fn exists(id: SubqueryId, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
    with_state(id, frame, context, |state, frame, context| {
        if let Some(Kept::Exists(exists)) = state.kept {
            return Ok(exists);
        }
        if is_correlated(id, context) {
            let has_row = |query: &mut Query, frame: &mut Frame, context: &mut Context<'_>| {
                query.next(frame, context).map(|exists| Value::Integer(i64::from(exists)))
            };
            return Ok(state.ask(id, frame, context, has_row)? == Value::Integer(1));
        }
        let exists = state.start(id, frame, context)?.next(frame, context)?;
        state.kept = Some(Kept::Exists(exists));
        Ok(exists)
    })
}

/// Calls `use_value` with the first column of each row.
pub(crate) fn for_each_first(
    id: SubqueryId,
    frame: &mut Frame,
    context: &mut Context<'_>,
    mut use_value: impl FnMut(ValueRef<'_>),
) -> Result<()> {
    with_state(id, frame, context, |state, frame, context| {
        let query = state.start_set(id, frame, context)?;
        while query.next(frame, context)? {
            use_value(query.column(0, frame)?);
        }
        Ok(())
    })
}

/// What `x IN (SELECT …)` looks into.
struct InSet {
    /// What the rows' values were converted to. An arm of a compound may compare otherwise than another one.
    affinities: Vec<Option<Affinity>>,
    /// Rows without NULL, as key bytes.
    keys: KeySet,
    /// The same rows where they have several parts: to an operand with a NULL they may be unknown.
    rows: Vec<Vec<Value>>,
    /// Rows with a NULL: they may make the answer unknown.
    with_null: Vec<Vec<Value>>,
}

/// Whether the operands are among the subquery's rows; None is unknown. Negation is the caller's.
pub(crate) fn contains(
    in_select: &InSelect,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    let id = in_select.subquery;
    let comparisons = &in_select.comparisons;
    let mut operands = match &in_select.operand {
        RowOperand::Exprs(exprs) => {
            exprs.iter().map(|expr| eval(expr, frame, context)).collect::<Result<Vec<_>>>()?
        }
        RowOperand::Subquery(id) => first_row(*id, frame, context)?,
    };
    with_state(id, frame, context, |state, frame, context| {
        if in_select.keeps_operand {
            convert(&mut operands, &without_affinity(comparisons), context.session)?;
        } else {
            convert(&mut operands, comparisons, context.session)?;
        }
        if is_correlated(id, context) {
            return search(state.start(id, frame, context)?, &operands, comparisons, frame, context);
        }
        if state.set_for(comparisons).is_none() {
            let set = build_set(state.start_set(id, frame, context)?, comparisons, frame, context)?;
            match &mut state.kept {
                Some(Kept::Sets(sets)) => sets.push(set),
                kept => *kept = Some(Kept::Sets(vec![set])),
            }
        }
        Ok(state.set_for(comparisons).and_then(|set| look_up(set, &operands, comparisons)))
    })
}

/// Looks at the rows one by one, up to the first that is equal.
fn search(
    query: &mut Query,
    operands: &[Value],
    comparisons: &[Comparison],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<bool>> {
    let mut found = Some(false);
    let mut row = Vec::new();
    let converted = without_affinity(comparisons);
    while query.next(frame, context)? {
        query.take_row(frame, &mut row)?;
        convert(&mut row, comparisons, context.session)?;
        match compare_rows(CompareOperator::Equal, operands, &row, &converted) {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => found = None,
        }
    }
    Ok(found)
}

fn build_set(
    query: &mut Query,
    comparisons: &[Comparison],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<InSet> {
    let affinities = comparisons.iter().map(|comparison| comparison.affinity).collect();
    let mut set = InSet { affinities, keys: KeySet::default(), rows: Vec::new(), with_null: Vec::new() };
    let mut row = Vec::new();
    while query.next(frame, context)? {
        query.take_row(frame, &mut row)?;
        convert(&mut row, comparisons, context.session)?;
        let kept = if row.iter().any(Value::is_null) {
            &mut set.with_null
        } else {
            let key = set_key(&row, comparisons);
            let bytes = key.len() + ENTRY_SIZE;
            if !set.keys.insert(key.into()) {
                continue;
            }
            frame.memory.charge(bytes)?;
            &mut set.rows
        };
        // Of single values only whether any is NULL matters beside the keys.
        if row.len() > 1 || row[0].is_null() && kept.is_empty() {
            frame.memory.charge(row_size(&row))?;
            kept.push(std::mem::take(&mut row));
        }
    }
    Ok(set)
}

fn look_up(set: &InSet, operands: &[Value], comparisons: &[Comparison]) -> Option<bool> {
    let has_null = operands.iter().any(Value::is_null);
    if !has_null && set.keys.contains(set_key(operands, comparisons).as_slice()) {
        return Some(true);
    }
    // A lone NULL is unknown beside any row.
    if has_null && operands.len() == 1 {
        return if set.keys.is_empty() && set.with_null.is_empty() { Some(false) } else { None };
    }
    let complete: &[Vec<Value>] = if has_null { &set.rows } else { &[] };
    let is_unknown =
        |row: &Vec<Value>| compare_rows(CompareOperator::Equal, operands, row, comparisons).is_none();
    if set.with_null.iter().chain(complete).any(is_unknown) { None } else { Some(false) }
}

/// Makes the values what the comparisons compare: afterwards their bytes decide.
fn convert(row: &mut [Value], comparisons: &[Comparison], session: &Session) -> Result<()> {
    for (value, comparison) in row.iter_mut().zip(comparisons) {
        affinity::apply(value, comparison.affinity.unwrap_or(Affinity::Blob));
        label_value(value, comparison.collation, session)?;
    }
    Ok(())
}

fn without_affinity(comparisons: &[Comparison]) -> Vec<Comparison> {
    comparisons.iter().map(|comparison| Comparison { affinity: None, ..*comparison }).collect()
}

/// The key of converted values.
fn set_key(row: &[Value], comparisons: &[Comparison]) -> Vec<u8> {
    let mut key = Vec::new();
    for (value, comparison) in row.iter().zip(comparisons) {
        let column = KeyColumn { collation: comparison.collation, descending: false };
        encode_value(value.as_ref(), column, &mut key);
    }
    key
}

/// A subquery in FROM: each of its rows goes to the registers the outer query reads.
pub(crate) struct SubquerySource {
    rows: Box<dyn Rows>,
    output: Register,
    /// Columns whose integers are reals to who reads them.
    reals: Vec<usize>,
    /// Columns that hand on the JSON subtype of a register.
    handed_on: Vec<(usize, Register)>,
    row: Vec<Value>,
}

impl SubquerySource {
    pub fn new(
        rows: Box<dyn Rows>,
        output: Register,
        reals: Vec<usize>,
        handed_on: Vec<(usize, Register)>,
    ) -> SubquerySource {
        SubquerySource { rows, output, reals, handed_on, row: Vec::new() }
    }
}

impl Source for SubquerySource {
    fn restart(&mut self) {
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.rows.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.rows.next(frame, context)? {
            return Ok(false);
        }
        self.row.clear();
        self.rows.append_row(frame, &mut self.row)?;
        for column in &self.reals {
            make_real(&mut self.row[*column]);
        }
        for (index, from) in &self.handed_on {
            let is_json = frame.json_registers.contains(from);
            frame.tell_json(Register(self.output.0 + index), is_json);
        }
        let registers = frame.register_range(self.output, self.row.len());
        registers.swap_with_slice(&mut self.row);
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.rows.column_count()).fill(Value::Null);
    }
}
