//! RETURNING: expressions over the changed row, which stands in the registers of one image.
//!
//! The rows are collected while the statement runs and handed out when it is done, as SQLite does; whoever takes only
//! the first has still changed them all.
//!
//! SQLite keeps those rows as records, and a record holds a whole number of a REAL column as an integer. What is read
//! back is a real again where the expression is the column itself, but not where it only hands the column's value on:
//! `RETURNING r, +r, coalesce(r, 0), r / 4` gives `3.0, 3, 3, 0.75`. Such expressions read the value from a register
//! beside the column's, which holds it as the record does. Where a CHECK or an index reads the row, SQLite converts
//! its values before the record is made, and then all of them stay reals.

use std::rc::Rc;

use pluresdb_sql::ast::ResultColumn;
use pluresdb_value::{Affinity, Value};

use super::assignment::Assignments;
use super::target::{Image, IndexPlan, Target};
use crate::execute::{Context, Frame, eval};
use crate::resolve::tree::{Expr, OutputColumn, Register};
use crate::resolve::{Names, Resolver, ScopeSource};
use crate::session::Session;
use crate::{Error, Result};

#[derive(Default)]
pub(crate) struct Returning {
    exprs: Vec<Expr>,
    pub columns: Vec<OutputColumn>,
    stored: Vec<StoredReal>,
}

/// A REAL column whose value an expression hands on, and the register with what the record holds of it.
struct StoredReal {
    column: Register,
    stored: Register,
}

/// The largest whole number that a record holds as an integer in a REAL column: six bytes of it.
const MAX_STORED_INTEGER: i64 = (1 << 47) - 1;
const MIN_STORED_INTEGER: i64 = -(1 << 47);

/// What SQLite says whatever else is wrong with RETURNING, or with the keys that it comes upon before.
pub(crate) fn check_wildcards(written: &[ResultColumn]) -> Result<()> {
    if written.iter().any(|column| matches!(column, ResultColumn::TableStar { .. })) {
        return Err(Error::error("RETURNING may not use \"TABLE.*\" wildcards"));
    }
    Ok(())
}

impl Returning {
    pub fn compile(
        written: &[ResultColumn],
        target: &Target,
        image: Image,
        session: &Session,
        resolver: &mut Resolver<'_>,
    ) -> Result<Returning> {
        if written.is_empty() {
            return Ok(Returning::default());
        }
        // An alias of the table is not known here, only its own name.
        let schema = session.database_name(target.database);
        let scope = target.scope(&target.table.name, Some(schema), image);
        if session.has_authorizer() {
            // SQLite looks at the list once as a query of the table, which it throws away; then the row is nobody's.
            let asked = resolver.late_question_count();
            resolver.push_scope(vec![scope.clone()]);
            let resolved = resolver.resolve_result_columns(written);
            resolver.pop_scope();
            resolver.take_late_questions(asked);
            resolved?;
        }
        // Nor is the database known that the table is in.
        resolver.push_scope(vec![ScopeSource { readable: None, schema: None, ..scope }]);
        let outside = resolver.subquery_count();
        let resolved = resolver.resolve_result_columns(written);
        resolver.pop_scope();
        // As in SQLite a subquery that reads the changed table itself is asked anew for every row, and no other is.
        resolver.correlate_readers(outside, &target.table);
        let (mut exprs, columns) = resolved?;
        let mut stored = Vec::new();
        // A deleted row was read from its record, where a REAL column's value became a real.
        if image == Image::New {
            let reals = real_columns(target);
            for (expr, column) in exprs.iter_mut().zip(&columns) {
                if !reals.is_empty() && column.affinity != Some(Affinity::Real) {
                    read_stored(expr, &reals, &mut stored, resolver);
                }
            }
        }
        Ok(Returning { exprs, columns, stored })
    }

    /// `is_converted`: the row's values were converted before its record was made (`EarlyReaders`).
    pub fn collect(
        &self,
        is_converted: bool,
        rows: &mut Vec<Vec<Value>>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.exprs.is_empty() {
            return Ok(());
        }
        for StoredReal { column, stored } in &self.stored {
            let value = frame.register(*column);
            let value = if is_converted { value.clone() } else { stored_form(value) };
            frame.set_register(*stored, value);
        }
        let mut row = Vec::with_capacity(self.exprs.len());
        for (expr, column) in self.exprs.iter().zip(&self.columns) {
            let value = eval(expr, frame, context)?;
            // A row for a view may have an integer there.
            row.push(match (column.affinity, value) {
                (Some(Affinity::Real), Value::Integer(integer)) => Value::Real(integer as f64),
                (_, value) => value,
            });
        }
        rows.push(row);
        Ok(())
    }
}

/// What reads the row before its record is made.
#[derive(Clone, Copy, Default)]
pub(super) struct EarlyReaders {
    has_check: bool,
    has_index: bool,
}

impl EarlyReaders {
    /// Whether values are converted early: a CHECK that is ignored reads nothing.
    pub fn convert(self, session: &Session) -> bool {
        self.has_index || (self.has_check && !session.settings.ignore_check_constraints)
    }
}

/// `assignments` are those of an UPDATE.
pub(super) fn early_readers(target: &Target, assignments: Option<&Assignments>) -> EarlyReaders {
    // Types of STRICT tables are checked, which converts nothing for good.
    if target.table.strict {
        return EarlyReaders::default();
    }
    let reads_change = |plan: &IndexPlan| {
        assignments.is_none_or(|assignments| {
            // A row of another rowid has other entries, and a table that is an index itself is written whole.
            assignments.changes_rowid || plan.is_table || plan.is_touched_by(&assignments.changed)
        })
    };
    EarlyReaders {
        has_check: target.checks.iter().any(|check| check.is_touched_by(assignments)),
        has_index: target.indexes.iter().any(reads_change),
    }
}

/// The columns that records hold with REAL affinity: all but those that are computed when they are read.
fn real_columns(target: &Target) -> Vec<Register> {
    let is_held = |column: &crate::catalog::Column| {
        column.affinity == Affinity::Real
            && column.generated.as_ref().is_none_or(|generated| generated.stored)
    };
    let columns = target.table.columns.iter().enumerate().filter(|(_, column)| is_held(column));
    columns.map(|(index, _)| target.register(Image::New, index)).collect()
}

/// Makes the places whose value becomes the expression's read what the record holds.
fn read_stored(
    expr: &mut Expr,
    reals: &[Register],
    stored: &mut Vec<StoredReal>,
    resolver: &mut Resolver<'_>,
) {
    let mut hand_on = |expr: &mut Expr| read_stored(expr, reals, stored, resolver);
    match expr {
        Expr::Register(register) if reals.contains(register) => {
            let known = stored.iter().find(|known| known.column == *register);
            *register = match known {
                Some(known) => known.stored,
                None => {
                    let fresh = resolver.new_registers(1);
                    stored.push(StoredReal { column: *register, stored: fresh });
                    fresh
                }
            };
        }
        Expr::Plus(operand)
        | Expr::Collate { operand, .. }
        | Expr::Cast { operand, affinity: Affinity::Numeric } => hand_on(Rc::make_mut(operand)),
        Expr::Case { arms, otherwise, .. } => {
            for arm in Rc::make_mut(arms) {
                hand_on(&mut arm.then);
            }
            if let Some(otherwise) = otherwise {
                hand_on(Rc::make_mut(otherwise));
            }
        }
        Expr::Coalesce(args) => Rc::make_mut(args).iter_mut().for_each(hand_on),
        Expr::Function { function, args, .. } => match function.name {
            "max" | "min" => Rc::make_mut(args).iter_mut().for_each(hand_on),
            "nullif" | "likelihood" => Rc::make_mut(args).iter_mut().take(1).for_each(hand_on),
            _ => {}
        },
        _ => {}
    }
}

fn stored_form(value: &Value) -> Value {
    match value {
        Value::Real(real) if real.trunc() == *real => {
            let whole = *real as i64;
            let is_held = (MIN_STORED_INTEGER..=MAX_STORED_INTEGER).contains(&whole) && whole as f64 == *real;
            if is_held { Value::Integer(whole) } else { value.clone() }
        }
        _ => value.clone(),
    }
}
