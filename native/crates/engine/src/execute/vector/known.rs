//! What all rows of a run have in common: constants, the patterns among them, and the sets that IN (SELECT …) looks into.

use pluresdb_function::pattern::LikePattern;
use pluresdb_value::{Affinity, Value, affinity};

use super::column::Column;
use super::evaluate::Operand;
use super::key::{NOT_FOUND, ValueCodes};
use super::{Run, Stop};
use crate::error::ResultCode;
use crate::execute::eval::eval;
use crate::execute::{Context, Frame, subquery};
use crate::resolve::tree::{Comparison, Expr, SubqueryId};

/// The subquery of an IN, and how its values are compared.
#[derive(Clone, Copy)]
pub(super) struct SetOf {
    pub subquery: SubqueryId,
    pub comparison: Comparison,
}

/// The values of a subquery.
#[derive(Clone)]
pub(super) struct ValueSet {
    comparison: Comparison,
    codes: ValueCodes,
    has_null: bool,
    /// The values, each once, as long as all are integers.
    integers: Option<Vec<i64>>,
    found: Vec<u32>,
}

#[derive(Default)]
pub(super) struct Known {
    pub constants: Vec<Value>,
    pub sets: Vec<ValueSet>,
    /// Those that were asked for.
    patterns: Vec<LikePattern>,
    /// The execution that the sets belong to: they are the same throughout.
    built_in: Option<u64>,
    charged: usize,
}

impl Known {
    /// Evaluates for a run that begins.
    pub fn begin(
        &mut self,
        constants: &[Expr],
        sets: &[SetOf],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<()> {
        self.constants.clear();
        self.patterns.clear();
        for expr in constants {
            let value = match expr {
                Expr::ScalarSubquery(id) | Expr::Exists { subquery: id, .. }
                    if subquery::is_correlated(*id, context) =>
                {
                    return Err(Stop::RowByRow);
                }
                _ => eval(expr, frame, context),
            };
            self.constants.push(value.map_err(|error| match expr {
                // Perhaps no row asks for it.
                Expr::Constant { .. } | Expr::ScalarSubquery(_) | Expr::Exists { .. }
                    if error.code != ResultCode::Interrupt =>
                {
                    Stop::RowByRow
                }
                _ => Stop::Error(error),
            })?);
        }
        if self.built_in == Some(frame.execution) {
            return Ok(());
        }
        self.forget(frame);
        for set in sets {
            let set = ValueSet::read(*set, frame, context)?;
            let bytes = set.codes.memory();
            self.sets.push(set);
            self.charged += bytes;
            frame.memory.charge(bytes)?;
        }
        self.built_in = Some(frame.execution);
        Ok(())
    }

    /// LIKE's pattern, made ready once.
    pub fn like_pattern(&mut self, pattern: &[u8], case_sensitive: bool) -> &LikePattern {
        let is_it = |known: &LikePattern| known.is_like(pattern, case_sensitive);
        self.pattern(is_it, || LikePattern::new(pattern, None, case_sensitive))
    }

    /// GLOB's pattern, made ready once.
    pub fn glob_pattern(&mut self, pattern: &[u8]) -> &LikePattern {
        self.pattern(|known| known.is_glob(pattern), || LikePattern::glob(pattern))
    }

    fn pattern(
        &mut self,
        is_it: impl Fn(&LikePattern) -> bool,
        new: impl FnOnce() -> LikePattern,
    ) -> &LikePattern {
        let known = self.patterns.iter().position(is_it);
        let index = known.unwrap_or_else(|| {
            self.patterns.push(new());
            self.patterns.len() - 1
        });
        &self.patterns[index]
    }

    /// The same, for another thread.
    pub fn another(&self) -> Known {
        Known { constants: self.constants.clone(), sets: self.sets.clone(), ..Known::default() }
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.built_in = None;
        self.sets.clear();
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn clear(&mut self, frame: &mut Frame) {
        self.constants.clear();
        self.forget(frame);
    }
}

impl ValueSet {
    fn read(set: SetOf, frame: &mut Frame, context: &mut Context<'_>) -> Run<ValueSet> {
        if subquery::is_correlated(set.subquery, context) {
            return Err(Stop::RowByRow);
        }
        let comparison = set.comparison;
        let mut values = ValueSet {
            comparison,
            codes: ValueCodes::new(comparison.collation),
            has_null: false,
            integers: Some(Vec::new()),
            found: Vec::new(),
        };
        let read = subquery::for_each_first(set.subquery, frame, context, |value| {
            if value.is_null() {
                values.has_null = true;
                return;
            }
            let mut value = value.to_value();
            affinity::apply(&mut value, comparison.affinity.unwrap_or(Affinity::Blob));
            let known = values.codes.count();
            let is_new = values.codes.value(value.as_ref()) == known;
            match (&mut values.integers, value) {
                (Some(integers), Value::Integer(integer)) => integers.extend(is_new.then_some(integer)),
                (integers, _) => *integers = None,
            }
        });
        match read {
            Ok(()) => Ok(values),
            Err(error) if error.code == ResultCode::Interrupt => Err(Stop::Error(error)),
            // Perhaps no row asks for it.
            Err(_) => Err(Stop::RowByRow),
        }
    }

    /// The values but for NULL, each once, when all are integers.
    pub fn integers(&self) -> Option<&[i64]> {
        self.integers.as_deref()
    }

    /// Whether each row's operand is in the set, as a condition.
    pub fn contains(&mut self, operand: Operand<'_, '_>, row_count: usize) -> Vec<u8> {
        use super::column::{FALSE, TRUE, UNKNOWN};
        if self.codes.count() == 0 && !self.has_null {
            return vec![FALSE; row_count];
        }
        let column = converted(operand, self.comparison, row_count);
        self.codes.find_codes(&column, row_count, &mut self.found);
        let missed = if self.has_null { UNKNOWN } else { FALSE };
        let mut truths: Vec<u8> =
            self.found.iter().map(|code| if *code == NOT_FOUND { missed } else { TRUE }).collect();
        if !column.has_no_null() {
            for (row, truth) in truths.iter_mut().enumerate() {
                if column.value(row).is_null() {
                    *truth = UNKNOWN;
                }
            }
        }
        truths
    }
}

/// Values as a comparison for equality sees them.
pub(super) fn converted<'x, 'a>(
    column: Operand<'x, 'a>,
    comparison: Comparison,
    row_count: usize,
) -> Operand<'x, 'a> {
    let Some(wanted) = comparison.affinity else { return column };
    match (&*column, wanted) {
        (_, Affinity::Blob)
        | (Column::Integers(_) | Column::Reals(_), Affinity::Numeric | Affinity::Integer | Affinity::Real)
        | (Column::Texts(_) | Column::Run(_) | Column::Dictionary { .. } | Column::Made(_), Affinity::Text) => {
            column
        }
        (other, _) => {
            let mut values: Vec<Value> = (0..row_count).map(|row| other.value(row).to_value()).collect();
            for value in &mut values {
                affinity::apply(value, wanted);
            }
            Operand::Computed(Column::Owned(values))
        }
    }
}
