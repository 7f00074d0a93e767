//! Recursive terms that read nothing but the row that left the queue.
//!
//! ```sql
//! SELECT n + 1, a + b FROM c WHERE n < 100
//! ```
//! Such a term needs no operators: the row goes to its registers, conditions and result columns are computed. Where they
//! are sums, differences, products and comparisons of integers they need no registers either, and since such a term cannot
//! fail, nor be seen to run, many rows can be made before anyone asks for them.

use pluresdb_value::{Affinity, Value};

use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::eval::eval;
use crate::execute::recursive::read_row;
use crate::execute::{Context, Frame};
use crate::plan::{RowsNode, SourceNode};
use crate::resolve::tree::{ArithmeticOperator, Compare, CompareOperator, Cte, Expr, Register};

/// More columns are computed by the general way.
const MAX_WHOLE_COLUMNS: usize = 8;

pub(super) struct Step {
    /// Where the row goes.
    output: Register,
    conditions: Vec<Expr>,
    columns: Vec<Expr>,
    whole: Option<WholeStep>,
}

impl Step {
    /// None where there is more to the plan of a term.
    pub fn of(plan: &RowsNode, cte: &Cte) -> Option<Step> {
        let RowsNode::Project { input, outputs, distinct: None } = plan else { return None };
        let (row, conditions) = match input {
            SourceNode::Filter { input, conditions } => (&**input, &conditions[..]),
            input => (input, &[][..]),
        };
        let SourceNode::RecursiveRow { output, .. } = row else { return None };
        let whole = WholeStep::of(*output, conditions, outputs, cte);
        Some(Step { output: *output, conditions: conditions.to_vec(), columns: outputs.clone(), whole })
    }

    /// Whether rows can be made ahead of who asks for them.
    pub fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Replaces `made` with what comes of a row of integers; None when it takes more than that to tell, or there is no such
    /// row. False: nothing comes of it.
    #[inline]
    pub fn run_whole(&self, row: &[Value], parameters: &[Value], made: &mut Vec<Value>) -> Option<bool> {
        self.whole.as_ref()?.run(row, parameters, made)
    }

    /// Replaces the row in `made` with what comes of it; false when nothing does.
    pub fn run(
        &self,
        reals: &[usize],
        made: &mut Vec<Value>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        read_row(made, frame.register_range(self.output, made.len()), reals);
        made.clear();
        if !all_true(&self.conditions, frame, context)? {
            return Ok(false);
        }
        for column in &self.columns {
            made.push(eval(column, frame, context)?);
        }
        Ok(true)
    }
}

/// A step over integers alone.
struct WholeStep {
    conditions: Vec<(CompareOperator, Whole, Whole)>,
    columns: Vec<Whole>,
}

enum Whole {
    /// Of the row.
    Column(usize),
    Constant(i64),
    Parameter(usize),
    Sum(Box<[Whole; 2]>),
    Difference(Box<[Whole; 2]>),
    Product(Box<[Whole; 2]>),
}

impl WholeStep {
    fn of(output: Register, conditions: &[Expr], columns: &[Expr], cte: &Cte) -> Option<WholeStep> {
        if cte.column_count > MAX_WHOLE_COLUMNS || !cte.reals.is_empty() {
            return None;
        }
        let row = output.0..output.0 + cte.column_count;
        let condition = |condition: &Expr| {
            let Expr::Compare(compare) = condition else { return None };
            let Compare { operator, left, right, comparison, .. } = &**compare;
            // As text, numbers have another order.
            if comparison.affinity == Some(Affinity::Text) {
                return None;
            }
            Some((*operator, Whole::of(left, &row)?, Whole::of(right, &row)?))
        };
        Some(WholeStep {
            conditions: conditions.iter().map(condition).collect::<Option<_>>()?,
            columns: columns.iter().map(|column| Whole::of(column, &row)).collect::<Option<_>>()?,
        })
    }

    #[inline]
    fn run(&self, row: &[Value], parameters: &[Value], made: &mut Vec<Value>) -> Option<bool> {
        let mut integers = [0; MAX_WHOLE_COLUMNS];
        for (integer, value) in integers.iter_mut().zip(row) {
            let Value::Integer(value) = value else { return None };
            *integer = *value;
        }
        let value = |whole: &Whole| whole.value(&integers, parameters);
        for (operator, left, right) in &self.conditions {
            let (left, right) = (value(left)?, value(right)?);
            let is_true = match operator {
                CompareOperator::Equal | CompareOperator::Is => left == right,
                CompareOperator::NotEqual | CompareOperator::IsNot => left != right,
                CompareOperator::Less => left < right,
                CompareOperator::LessOrEqual => left <= right,
                CompareOperator::Greater => left > right,
                CompareOperator::GreaterOrEqual => left >= right,
            };
            if !is_true {
                return Some(false);
            }
        }
        made.clear();
        for column in &self.columns {
            made.push(Value::Integer(value(column)?));
        }
        Some(true)
    }
}

impl Whole {
    fn of(expr: &Expr, row: &std::ops::Range<usize>) -> Option<Whole> {
        Some(match expr {
            Expr::Literal(Value::Integer(integer)) => Whole::Constant(*integer),
            Expr::Parameter(index) => Whole::Parameter(*index),
            Expr::Register(register) if row.contains(&register.0) => Whole::Column(register.0 - row.start),
            Expr::Plus(operand) => Whole::of(operand, row)?,
            Expr::Arithmetic { operator, left, right, .. } => {
                let operands = || Some(Box::new([Whole::of(left, row)?, Whole::of(right, row)?]));
                match operator {
                    ArithmeticOperator::Add => Whole::Sum(operands()?),
                    ArithmeticOperator::Subtract => Whole::Difference(operands()?),
                    ArithmeticOperator::Multiply => Whole::Product(operands()?),
                    ArithmeticOperator::Divide
                    | ArithmeticOperator::Remainder
                    | ArithmeticOperator::BitAnd
                    | ArithmeticOperator::BitOr
                    | ArithmeticOperator::ShiftLeft
                    | ArithmeticOperator::ShiftRight
                    | ArithmeticOperator::Concat => return None,
                }
            }
            _ => return None,
        })
    }

    /// None: not an integer, or not one of 64 bits.
    fn value(&self, row: &[i64; MAX_WHOLE_COLUMNS], parameters: &[Value]) -> Option<i64> {
        Some(match self {
            Whole::Column(index) => row[*index],
            Whole::Constant(integer) => *integer,
            Whole::Parameter(index) => match parameters.get(*index) {
                Some(Value::Integer(integer)) => *integer,
                _ => return None,
            },
            Whole::Sum(operands) => {
                let [left, right] = &**operands;
                left.value(row, parameters)?.checked_add(right.value(row, parameters)?)?
            }
            Whole::Difference(operands) => {
                let [left, right] = &**operands;
                left.value(row, parameters)?.checked_sub(right.value(row, parameters)?)?
            }
            Whole::Product(operands) => {
                let [left, right] = &**operands;
                left.value(row, parameters)?.checked_mul(right.value(row, parameters)?)?
            }
        })
    }
}
