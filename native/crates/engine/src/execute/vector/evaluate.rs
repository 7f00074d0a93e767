//! Runs an expression over a batch, one node after the other, each over all rows.
//!
//! Every result equals what `execute::eval` gives row by row: where both operands are of a kind, a plain loop computes it,
//! everything else goes through the same functions of `pluresdb_value`. Parts that SQLite would not compute are computed
//! here all the same; that can only show when one of them fails, and then the run starts again row by row.

use std::borrow::Cow;
use std::ops::Deref;

use pluresdb_function::{Call, Flags, Scalar};
use pluresdb_value::{Affinity, Collation, Value, ValueRef, arithmetic, cast, number};

use super::batch::{Batch, Rows};
use super::chosen::{choose, without};
use super::column::{Column, FALSE, Numbers, TRUE, UNKNOWN, truths_of};
use super::compare::{among_short_texts, compare_columns};
use super::compile::{Expression, Node};
use super::entries::Entries;
use super::kept::KeptTexts;
use super::key::ValueCodes;
use super::known::Known;
use super::{Run, Stop, like, substring};
use crate::execute::Context;
use crate::execute::arguments::JsonArgs;
use crate::execute::eval::arithmetic_function;
use crate::resolve::tree::{ArithmeticOperator, CompareOperator, Comparison};

/// A column of the batch, or one that was computed.
pub(super) enum Operand<'x, 'a> {
    Borrowed(&'x Column<'a>),
    Computed(Column<'a>),
}

impl<'a> Deref for Operand<'_, 'a> {
    type Target = Column<'a>;

    fn deref(&self) -> &Column<'a> {
        match self {
            Operand::Borrowed(column) => column,
            Operand::Computed(column) => column,
        }
    }
}

impl<'a> Operand<'_, 'a> {
    pub fn into_column(self) -> Column<'a> {
        match self {
            Operand::Borrowed(column) => column.duplicate(),
            Operand::Computed(column) => column,
        }
    }

    fn into_truths(self, row_count: usize) -> Vec<u8> {
        match self {
            Operand::Borrowed(column) => truths_of(column, row_count),
            Operand::Computed(column) => column.into_truths(row_count),
        }
    }
}

/// What the rows of a run have in common.
pub(super) struct Surroundings<'s, 'c> {
    pub known: &'s mut Known,
    pub context: &'s mut Context<'c>,
}

/// The expression's column. What it reads is loaded first.
pub(super) fn evaluate<'x, 'a>(
    expression: &Expression,
    batch: &'x mut Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Operand<'x, 'a>> {
    batch.load(&expression.slots)?;
    evaluate_loaded(expression, batch, surroundings)
}

fn evaluate_loaded<'x, 'a>(
    expression: &Expression,
    batch: &'x Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Operand<'x, 'a>> {
    if let Some(column) = over_entries(expression, batch, surroundings)? {
        return Ok(Operand::Computed(column));
    }
    node(&expression.node, batch, surroundings)
}

/// The columns of several expressions.
pub(super) fn evaluate_all<'x, 'a>(
    expressions: &[Expression],
    batch: &'x mut Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Vec<Operand<'x, 'a>>> {
    for expression in expressions {
        batch.load(&expression.slots)?;
    }
    let batch = &*batch;
    expressions.iter().map(|expression| evaluate_loaded(expression, batch, surroundings)).collect()
}

/// What each row is as a condition.
pub(super) fn evaluate_truths(
    expression: &Expression,
    batch: &mut Batch<'_>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Vec<u8>> {
    let row_count = batch.len();
    Ok(evaluate(expression, batch, surroundings)?.into_truths(row_count))
}

/// An expression of one column that repeats its texts is computed once for each of them.
fn over_entries<'a>(
    expression: &Expression,
    batch: &Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Option<Column<'a>>> {
    let ([slot], false) = (&expression.slots[..], matches!(expression.node, Node::Slot(_))) else {
        return Ok(None);
    };
    let Some(DistinctTexts { codes, texts, count }) = distinct_texts(batch, *slot, expression.is_dear) else {
        return Ok(None);
    };
    let mut columns: Vec<Option<Column<'a>>> = (0..batch.slot_count()).map(|_| None).collect();
    columns[*slot] = Some(texts);
    let by_entry = Batch::of_columns(columns, Rows::Computed(count));
    let result = match node(&expression.node, &by_entry, surroundings)? {
        Operand::Computed(column) => column,
        Operand::Borrowed(_) => return Ok(None),
    };
    Ok(Some(match result {
        Column::Constant(value) => Column::Constant(value),
        Column::Truths(truths) => Column::Truths(codes.iter().map(|code| truths[*code as usize]).collect()),
        Column::Integers(Numbers { values, nulls }) => Column::Integers(Numbers {
            values: codes.iter().map(|code| values[*code as usize]).collect(),
            nulls: nulls.map(|nulls| codes.iter().map(|code| nulls[*code as usize]).collect()),
        }),
        Column::Texts(texts) => Column::Texts(codes.iter().map(|code| texts[*code as usize]).collect()),
        Column::Made(texts) => {
            let mut made = KeptTexts::with_room(codes.len(), 0);
            for code in codes.iter() {
                made.push(texts.text(*code as usize));
            }
            Column::Made(made)
        }
        column => Column::Owned(codes.iter().map(|code| column.value(*code as usize).to_value()).collect()),
    }))
}

/// A code for each row, and the text of each code.
struct DistinctTexts<'c, 'a> {
    codes: Cow<'c, [u32]>,
    texts: Column<'a>,
    count: usize,
}

/// So many rows tell whether a column repeats its texts.
const TRIED_ROWS: usize = 64;

/// Where it makes for fewer evaluations; texts that are not known to repeat are worth looking for where one `is_dear`.
fn distinct_texts<'c, 'a>(batch: &'c Batch<'a>, slot: usize, is_dear: bool) -> Option<DistinctTexts<'c, 'a>> {
    let column = batch.column(slot);
    match column {
        Column::Dictionary { codes, entries } if entries.len() < codes.len() => {
            let null = entries.len() as u32;
            let texts = match entries {
                // Without an entry for NULL, and so in the leaf's heap as one.
                Entries::Run(run) if !codes.contains(&null) => Column::Run(run.clone()),
                entries => Column::Texts(entries.iter().chain([None]).collect()),
            };
            let count = entries.len() + usize::from(matches!(texts, Column::Texts(_)));
            Some(DistinctTexts { codes: Cow::Borrowed(codes), texts, count })
        }
        Column::Dictionary { .. } | Column::Texts(_) | Column::Run(_) if is_dear => {
            let codes_of = |count: usize| {
                let mut codes = Vec::new();
                let by_row = Column::Texts((0..count).map(|row| column.text(row)).collect());
                ValueCodes::new(Collation::Binary).codes(&by_row, count, &mut codes);
                codes
            };
            // Where hardly one of the first rows repeats a text, looking costs more than it saves.
            let tried = batch.len().min(TRIED_ROWS);
            let different = codes_of(tried).iter().max().map_or(0, |last| *last as usize + 1);
            if different * 8 > tried * 7 {
                return None;
            }
            let codes = codes_of(batch.len());
            let mut texts: Vec<Option<&'a [u8]>> = Vec::new();
            for (row, code) in codes.iter().enumerate() {
                if *code as usize == texts.len() {
                    texts.push(column.text(row));
                }
            }
            let count = texts.len();
            Some(DistinctTexts { codes: Cow::Owned(codes), texts: Column::Texts(texts), count })
        }
        _ => None,
    }
}

fn node<'x, 'a>(
    expression: &Node,
    batch: &'x Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Operand<'x, 'a>> {
    let row_count = batch.len();
    let column = match expression {
        Node::Slot(slot) => return Ok(Operand::Borrowed(batch.column(*slot))),
        Node::Constant(index) => Column::Constant(surroundings.known.constants[*index].clone()),
        Node::Negate(operand) => {
            let operand = node(operand, batch, surroundings)?;
            let zero = Column::Constant(Value::Integer(0));
            calculate(ArithmeticOperator::Subtract, &zero, &operand, row_count)
        }
        Node::BitNot(operand) => {
            let operand = node(operand, batch, surroundings)?;
            map_values(&operand, row_count, arithmetic::bit_not)
        }
        Node::Arithmetic { operator, left, right } => {
            let left = node(left, batch, surroundings)?;
            let right = node(right, batch, surroundings)?;
            calculate(*operator, &left, &right, row_count)
        }
        Node::Concat(left, right) => {
            let left = node(left, batch, surroundings)?;
            let right = node(right, batch, surroundings)?;
            concatenated(&left, &right, row_count, surroundings.context.session.settings.max_length)?
        }
        Node::Compare { operator, left, right, comparison } => {
            let left = node(left, batch, surroundings)?;
            let right = node(right, batch, surroundings)?;
            Column::Truths(compare_columns(*operator, &left, &right, *comparison, row_count))
        }
        Node::Not(operand) => {
            let mut truths = node(operand, batch, surroundings)?.into_truths(row_count);
            for truth in &mut truths {
                *truth = match *truth {
                    FALSE => TRUE,
                    TRUE => FALSE,
                    _ => UNKNOWN,
                };
            }
            Column::Truths(truths)
        }
        Node::And(left, right) => Column::Truths(connect(left, right, FALSE, batch, surroundings)?),
        Node::Or(left, right) => Column::Truths(connect(left, right, TRUE, batch, surroundings)?),
        Node::IsNull { operand, negated } => {
            let operand = node(operand, batch, surroundings)?;
            Column::Truths(
                (0..row_count).map(|row| u8::from(operand.value(row).is_null() != *negated)).collect(),
            )
        }
        Node::IsTruth { operand, truth, negated } => {
            let truths = node(operand, batch, surroundings)?.into_truths(row_count);
            let wanted = u8::from(*truth);
            Column::Truths(truths.iter().map(|truth| u8::from((*truth == wanted) != *negated)).collect())
        }
        Node::InList { operand, list, comparison, negated } => {
            in_list(operand, list, *comparison, *negated, batch, surroundings)?
        }
        Node::InSet { operand, set, negated } => {
            let operand = node(operand, batch, surroundings)?;
            let mut truths = surroundings.known.sets[*set].contains(operand, row_count);
            if *negated {
                for truth in truths.iter_mut().filter(|truth| **truth != UNKNOWN) {
                    *truth = 1 - *truth;
                }
            }
            Column::Truths(truths)
        }
        Node::Case { arms, otherwise } => case(arms, otherwise.as_deref(), batch, surroundings)?,
        Node::Cast { operand, affinity } => {
            let operand = node(operand, batch, surroundings)?;
            match (&*operand, affinity) {
                (Column::Integers(_), Affinity::Integer | Affinity::Numeric)
                | (Column::Reals(_), Affinity::Real)
                | (
                    Column::Texts(_) | Column::Run(_) | Column::Dictionary { .. } | Column::Made(_),
                    Affinity::Text,
                ) => return Ok(operand),
                _ => map_values(&operand, row_count, |value| cast::cast(value.to_value(), *affinity)),
            }
        }
        Node::Coalesce(args) => return coalesce(args, batch, surroundings),
        Node::NullIf { value, other, collation } => {
            let value = node(value, batch, surroundings)?;
            let other = node(other, batch, surroundings)?;
            let comparison = Comparison::new(*collation);
            let equal = compare_columns(CompareOperator::Equal, &value, &other, comparison, row_count);
            return Ok(without(value, &equal));
        }
        Node::Function { function, args, collation, json_args } => {
            call(function, args, *collation, json_args, batch, surroundings)?
        }
    };
    Ok(Operand::Computed(column))
}

fn map_values<'a>(
    column: &Column<'_>,
    row_count: usize,
    operation: impl Fn(ValueRef<'_>) -> Value,
) -> Column<'a> {
    match column {
        Column::Constant(value) => Column::Constant(operation(value.as_ref())),
        column => Column::computed((0..row_count).map(|row| operation(column.value(row))).collect()),
    }
}

/// AND is decided by `FALSE`, OR by `TRUE`.
fn connect(
    left: &Node,
    right: &Node,
    decisive: u8,
    batch: &Batch<'_>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Vec<u8>> {
    let row_count = batch.len();
    let mut truths = node(left, batch, surroundings)?.into_truths(row_count);
    let right = node(right, batch, surroundings)?.into_truths(row_count);
    for (truth, right) in truths.iter_mut().zip(right) {
        // `UNKNOWN` is the greatest.
        let greater = (*truth).max(right);
        *truth = if *truth == decisive || right == decisive { decisive } else { greater };
    }
    Ok(truths)
}

fn in_list<'a>(
    operand: &Node,
    list: &[Node],
    comparison: Comparison,
    negated: bool,
    batch: &Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Column<'a>> {
    let row_count = batch.len();
    if list.is_empty() {
        return Ok(Column::Constant(Value::boolean(negated)));
    }
    let operand = node(operand, batch, surroundings)?;
    let constant = |item: &Node| match item {
        Node::Constant(index) => Some(&surroundings.known.constants[*index]),
        _ => None,
    };
    let constants: Option<Vec<&Value>> = list.iter().map(constant).collect();
    let short = constants.and_then(|constants| among_short_texts(&operand, &constants, comparison));
    let mut found = match short {
        Some(found) => found,
        None => {
            let mut found = vec![FALSE; row_count];
            for item in list {
                let item = node(item, batch, surroundings)?;
                let equal = compare_columns(CompareOperator::Equal, &operand, &item, comparison, row_count);
                for (found, equal) in found.iter_mut().zip(equal) {
                    if *found != TRUE && equal != FALSE {
                        *found = equal;
                    }
                }
            }
            found
        }
    };
    if negated {
        for truth in &mut found {
            if *truth != UNKNOWN {
                *truth = 1 - *truth;
            }
        }
    }
    Ok(Column::Truths(found))
}

fn case<'a>(
    arms: &[(Node, Node)],
    otherwise: Option<&Node>,
    batch: &Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Column<'a>> {
    let row_count = batch.len();
    let mut conditions = Vec::with_capacity(arms.len());
    let mut results = Vec::with_capacity(arms.len() + 1);
    for (when, then) in arms {
        conditions.push(node(when, batch, surroundings)?.into_truths(row_count));
        results.push(node(then, batch, surroundings)?);
    }
    results.push(match otherwise {
        Some(otherwise) => node(otherwise, batch, surroundings)?,
        None => Operand::Computed(Column::Constant(Value::Null)),
    });
    let mut choice = vec![conditions.len() as u32; row_count];
    for (arm, truths) in conditions.iter().enumerate().rev() {
        for (choice, truth) in choice.iter_mut().zip(truths) {
            if *truth == TRUE {
                *choice = arm as u32;
            }
        }
    }
    Ok(choose(results, choice))
}

/// The first that is no NULL; what stands behind arguments that together have none is not computed.
fn coalesce<'x, 'a>(
    args: &[Node],
    batch: &'x Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Operand<'x, 'a>> {
    let row_count = batch.len();
    let mut columns: Vec<Operand<'x, 'a>> = Vec::with_capacity(args.len());
    let mut choice = vec![0; row_count];
    // Rows that were NULL so far.
    let mut open: Vec<u32> = (0..row_count as u32).collect();
    for (number, arg) in args.iter().enumerate() {
        let column = node(arg, batch, surroundings)?;
        if column.has_no_null() {
            for row in &open {
                choice[*row as usize] = number as u32;
            }
            open.clear();
        } else {
            open.retain(|row| {
                choice[*row as usize] = number as u32;
                column.value(*row as usize).is_null()
            });
        }
        if number == 0 && open.is_empty() {
            return Ok(column);
        }
        columns.push(column);
        if open.is_empty() {
            break;
        }
    }
    Ok(Operand::Computed(choose(columns, choice)))
}

fn call<'a>(
    function: &'static Scalar,
    args: &[Node],
    collation: Collation,
    json_args: &JsonArgs,
    batch: &Batch<'a>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<Column<'a>> {
    let row_count = batch.len();
    let mut columns = Vec::with_capacity(args.len());
    for arg in args {
        columns.push(node(arg, batch, surroundings)?);
    }
    let is_constant = columns.iter().all(|column| matches!(**column, Column::Constant(_)));
    // A function of constants is not called when there is no row.
    if row_count == 0 {
        return Ok(Column::Constant(Value::Null));
    }
    if function.flags.has(Flags::LIKE)
        && let [pattern, text] = &columns[..]
        && let Some(truths) = like::truths(function, pattern, text, surroundings)
    {
        return Ok(Column::Truths(truths));
    }
    if let Some(parts) = substring::parts(function, &columns, row_count) {
        return Ok(parts);
    }
    // Those that are the same for all rows are looked at once.
    let mut values: Vec<ValueRef<'_>> = columns.iter().map(|column| column.value(0)).collect();
    let varying = columns.iter().enumerate().filter(|(_, column)| !matches!(***column, Column::Constant(_)));
    let varying: Vec<(usize, &Column<'_>)> = varying.map(|(index, column)| (index, &**column)).collect();
    let mut call_of_row = |row: usize, heap: Option<&mut Vec<u8>>| -> Run<(Value, bool)> {
        for (index, column) in &varying {
            values[*index] = column.value(row);
        }
        let mut call = Call::new(&mut *surroundings.context, &values);
        call.collation = collation;
        call.json_args = json_args.words();
        call.heap = heap;
        let value = (function.call)(&mut call).map_err(|_| Stop::RowByRow)?;
        Ok((value, call.is_in_heap))
    };
    if is_constant {
        return Ok(Column::Constant(call_of_row(0, None)?.0));
    }
    let mut results = Results { texts: KeptTexts::with_room(0, 0), values: None };
    for row in 0..row_count {
        let heap = if results.values.is_none() { Some(results.texts.heap()) } else { None };
        let (value, is_in_heap) = call_of_row(row, heap)?;
        results.push(value, is_in_heap);
    }
    Ok(match results.values {
        Some(values) => Column::computed(values),
        None => Column::Made(results.texts),
    })
}

/// What calls gave so far: texts, one behind the other, as long as nothing else came.
struct Results {
    texts: KeptTexts,
    values: Option<Vec<Value>>,
}

impl Results {
    /// `is_in_heap`: the bytes of a text stand behind the texts.
    #[inline]
    fn push(&mut self, value: Value, is_in_heap: bool) {
        if let Some(values) = &mut self.values {
            values.push(value);
            return;
        }
        match value {
            _ if is_in_heap => self.texts.end(),
            Value::Text(text) => self.texts.push(Some(&text)),
            Value::Null => self.texts.push(None),
            value => {
                let texts = (0..self.texts.len()).map(|row| self.texts.value(row).to_value());
                self.values = Some(texts.chain([value]).collect());
            }
        }
    }
}

/// `||`.
fn concatenated<'a>(
    left: &Column<'_>,
    right: &Column<'_>,
    row_count: usize,
    max_length: usize,
) -> Run<Column<'a>> {
    let is_constant = matches!((left, right), (Column::Constant(_), Column::Constant(_)));
    let count = if is_constant { row_count.min(1) } else { row_count };
    let mut texts = KeptTexts::with_room(count, 0);
    for row in 0..count {
        let parts = [left.value(row), right.value(row)];
        if parts.iter().any(|part| part.is_null()) {
            texts.push(None);
            continue;
        }
        let heap = texts.heap();
        let start = heap.len();
        for part in parts {
            match part {
                ValueRef::Null => {}
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => heap.extend_from_slice(bytes),
                ValueRef::Integer(integer) => {
                    heap.extend_from_slice(number::write_integer(integer, &mut [0; 20]));
                }
                ValueRef::Real(real) => number::write_real(real, heap),
            }
        }
        if heap.len() - start > max_length {
            return Err(Stop::RowByRow);
        }
        texts.end();
    }
    Ok(if is_constant && count == 1 {
        Column::Constant(texts.value(0).to_value())
    } else {
        Column::Made(texts)
    })
}

/// An operand of numbers of one class.
enum Side<'c, T> {
    Each(&'c Numbers<T>),
    Same(T),
}

impl<T: Copy> Side<'_, T> {
    #[inline]
    fn get(&self, row: usize) -> T {
        match self {
            Side::Each(numbers) => numbers.values[row],
            Side::Same(value) => *value,
        }
    }

    fn nulls(&self) -> Option<&[bool]> {
        match self {
            Side::Each(numbers) => numbers.nulls.as_deref(),
            Side::Same(_) => None,
        }
    }
}

fn integer_side<'c>(column: &'c Column<'_>) -> Option<Side<'c, i64>> {
    match column {
        Column::Integers(numbers) => Some(Side::Each(numbers)),
        Column::Constant(Value::Integer(integer)) => Some(Side::Same(*integer)),
        _ => None,
    }
}

fn real_side<'c>(column: &'c Column<'_>, converted: &'c mut Numbers<f64>) -> Option<Side<'c, f64>> {
    match column {
        Column::Reals(numbers) => Some(Side::Each(numbers)),
        Column::Constant(Value::Real(real)) => Some(Side::Same(*real)),
        Column::Constant(Value::Integer(integer)) => Some(Side::Same(*integer as f64)),
        Column::Integers(numbers) => {
            converted.values = numbers.values.iter().map(|integer| *integer as f64).collect();
            converted.nulls.clone_from(&numbers.nulls);
            Some(Side::Each(converted))
        }
        _ => None,
    }
}

/// One loop over two operands, whichever of them is the same in every row.
fn zip<T: Copy, R: Copy>(
    left: &Side<'_, T>,
    right: &Side<'_, T>,
    row_count: usize,
    mut operation: impl FnMut(T, T) -> R,
) -> Vec<R> {
    match (left, right) {
        (Side::Each(left), Side::Each(right)) => {
            left.values.iter().zip(&right.values).map(|(left, right)| operation(*left, *right)).collect()
        }
        (Side::Each(left), Side::Same(right)) => {
            left.values.iter().map(|left| operation(*left, *right)).collect()
        }
        (Side::Same(left), Side::Each(right)) => {
            right.values.iter().map(|right| operation(*left, *right)).collect()
        }
        (Side::Same(left), Side::Same(right)) => vec![operation(*left, *right); row_count],
    }
}

fn either_null(left: Option<&[bool]>, right: Option<&[bool]>) -> Option<Vec<bool>> {
    match (left, right) {
        (None, None) => None,
        (Some(nulls), None) | (None, Some(nulls)) => Some(nulls.to_vec()),
        (Some(left), Some(right)) => Some(left.iter().zip(right).map(|(a, b)| *a || *b).collect()),
    }
}

fn calculate<'a>(
    operator: ArithmeticOperator,
    left: &Column<'_>,
    right: &Column<'_>,
    row_count: usize,
) -> Column<'a> {
    let operation = arithmetic_function(operator);
    if let (Column::Constant(left), Column::Constant(right)) = (left, right) {
        return Column::Constant(operation(left.as_ref(), right.as_ref()));
    }
    if let (Some(left), Some(right)) = (integer_side(left), integer_side(right)) {
        if let Some(numbers) = calculate_integers(operator, &left, &right, row_count) {
            return Column::Integers(numbers);
        }
    } else {
        let (mut left_converted, mut right_converted) = (Numbers::default(), Numbers::default());
        if let (Some(left), Some(right)) =
            (real_side(left, &mut left_converted), real_side(right, &mut right_converted))
            && let Some(numbers) = calculate_reals(operator, &left, &right, row_count)
        {
            return Column::Reals(numbers);
        }
    }
    Column::Owned((0..row_count).map(|row| operation(left.value(row), right.value(row))).collect())
}

/// None when a row overflows, or the operator has no loop here.
fn calculate_integers(
    operator: ArithmeticOperator,
    left: &Side<'_, i64>,
    right: &Side<'_, i64>,
    row_count: usize,
) -> Option<Numbers<i64>> {
    fn each(
        left: &Side<'_, i64>,
        right: &Side<'_, i64>,
        row_count: usize,
        operation: impl Fn(i64, i64) -> (i64, bool),
    ) -> Option<Vec<i64>> {
        let mut overflows = false;
        let values = zip(left, right, row_count, |left, right| {
            let (result, overflow) = operation(left, right);
            overflows |= overflow;
            result
        });
        // The filler of NULL rows may overflow too; then the slow way computes the same.
        (!overflows).then_some(values)
    }
    let mut nulls = either_null(left.nulls(), right.nulls());
    let values = match operator {
        ArithmeticOperator::Add => each(left, right, row_count, i64::overflowing_add)?,
        ArithmeticOperator::Subtract => each(left, right, row_count, i64::overflowing_sub)?,
        ArithmeticOperator::Multiply => each(left, right, row_count, i64::overflowing_mul)?,
        ArithmeticOperator::BitAnd => each(left, right, row_count, |a, b| (a & b, false))?,
        ArithmeticOperator::BitOr => each(left, right, row_count, |a, b| (a | b, false))?,
        ArithmeticOperator::Divide | ArithmeticOperator::Remainder => {
            let is_divide = operator == ArithmeticOperator::Divide;
            let by_zero: Vec<bool> = (0..row_count).map(|row| right.get(row) == 0).collect();
            let values = each(left, right, row_count, |a, b| match (b, is_divide) {
                (0, _) => (0, false),
                (_, true) => a.overflowing_div(b),
                (_, false) => (a.wrapping_rem(b), false),
            })?;
            if by_zero.contains(&true) {
                nulls = either_null(nulls.as_deref(), Some(&by_zero));
            }
            values
        }
        ArithmeticOperator::ShiftLeft | ArithmeticOperator::ShiftRight | ArithmeticOperator::Concat => {
            return None;
        }
    };
    Some(Numbers { values, nulls })
}

/// None when the operator has no loop here.
fn calculate_reals(
    operator: ArithmeticOperator,
    left: &Side<'_, f64>,
    right: &Side<'_, f64>,
    row_count: usize,
) -> Option<Numbers<f64>> {
    let values = match operator {
        ArithmeticOperator::Add => zip(left, right, row_count, |a, b| a + b),
        ArithmeticOperator::Subtract => zip(left, right, row_count, |a, b| a - b),
        ArithmeticOperator::Multiply => zip(left, right, row_count, |a, b| a * b),
        // Division by zero is NULL, which NaN becomes below.
        ArithmeticOperator::Divide => {
            zip(left, right, row_count, |a, b| if b == 0.0 { f64::NAN } else { a / b })
        }
        ArithmeticOperator::Remainder
        | ArithmeticOperator::BitAnd
        | ArithmeticOperator::BitOr
        | ArithmeticOperator::ShiftLeft
        | ArithmeticOperator::ShiftRight
        | ArithmeticOperator::Concat => return None,
    };
    let mut nulls = either_null(left.nulls(), right.nulls());
    if values.iter().any(|value| value.is_nan()) {
        let not_numbers: Vec<bool> = values.iter().map(|value| value.is_nan()).collect();
        nulls = either_null(nulls.as_deref(), Some(&not_numbers));
    }
    Some(Numbers { values, nulls })
}
