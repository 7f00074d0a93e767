//! What a new row must be in itself: affinity and generated columns applied, NOT NULL, STRICT types, CHECK.

use pluresdb_value::{Affinity, Value, affinity};

use super::assignment::Assignments;
use super::target::{Image, Target};
use crate::catalog::{ConflictAction, StrictType, Table};
use crate::execute::{Context, Frame, eval, eval_subtyped, is_not_false};
use crate::resolve::tree::Register;
use crate::{Error, Result, ResultCode};

/// Whether the row may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    /// IGNORE: the row is passed over.
    Ignore,
}

/// Says what the statement's failure undoes, and hands the error back.
pub(crate) fn fail(context: &mut Context<'_>, action: ConflictAction, error: Error) -> Error {
    context.session.error_action = action;
    error
}

impl Target {
    /// Affinity, then generated columns, on the new row. Where there are such, a STRICT table looks at the types of what
    /// they are computed from, and at what a VIRTUAL one becomes; `check_types` looks at the others.
    pub fn complete_row(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.apply_affinities(frame);
        let base = self.base(Image::New).0;
        if self.table.strict && !self.generated.is_empty() {
            for index in (0..self.columns.len()).filter(|index| !self.columns[*index].is_generated) {
                self.check_type(index, frame, context)?;
            }
        }
        for (column, expr) in &self.generated {
            let (mut value, is_json) =
                context.within("a generated column", |context| eval_subtyped(expr, frame, context))?;
            affinity::apply(&mut value, self.columns[*column].affinity);
            frame.registers[base + column] = value;
            frame.tell_json(Register(base + column), is_json);
            if self.is_virtual(*column) {
                self.check_type(*column, frame, context)?;
            }
        }
        Ok(())
    }

    pub fn apply_affinities(&self, frame: &mut Frame) {
        let base = self.base(Image::New).0;
        for (column, value) in self.columns.iter().zip(&mut frame.registers[base..]) {
            if !column.is_generated {
                affinity::apply(value, column.affinity);
            }
        }
    }

    fn is_virtual(&self, column: usize) -> bool {
        self.table.columns[column].generated.as_ref().is_some_and(|generated| !generated.stored)
    }

    /// Integers in REAL columns of the image become REAL, also where the row has no affinities.
    pub fn settle_reals(&self, image: Image, frame: &mut Frame) {
        let base = self.base(image).0;
        for (column, value) in self.columns.iter().zip(&mut frame.registers[base..]) {
            if let (Affinity::Real, Value::Integer(integer)) = (column.affinity, &*value) {
                *value = Value::Real(*integer as f64);
            }
        }
    }

    /// NOT NULL, types and CHECK of the new row, as far as an UPDATE touches them. `or` is the statement's own conflict
    /// clause; `assignments` is None for INSERT.
    pub fn check_row(
        &self,
        or: Option<ConflictAction>,
        assignments: Option<&Assignments>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Verdict> {
        if self.check_not_null(or, assignments, frame, context)? == Verdict::Ignore {
            return Ok(Verdict::Ignore);
        }
        if self.table.strict && !self.checks_types_late(assignments, context) {
            self.check_types(frame, context)?;
        }
        self.check_checks(or, assignments, frame, context)
    }

    /// Without generated columns and CHECKs SQLite applies affinities only once a rowid is known to be free: ON CONFLICT
    /// sees `excluded` as it was given, and may make up for a row that could not be stored.
    pub fn completes_late(&self, context: &Context<'_>) -> bool {
        self.generated.is_empty() && !self.has_checks(None, context)
    }

    /// Without CHECKs SQLite looks at types only once a rowid is known to be free.
    pub fn checks_types_late(&self, assignments: Option<&Assignments>, context: &Context<'_>) -> bool {
        self.table.strict && !self.has_checks(assignments, context)
    }

    fn has_checks(&self, assignments: Option<&Assignments>, context: &Context<'_>) -> bool {
        !context.session.settings.ignore_check_constraints
            && self.checks.iter().any(|check| check.is_touched_by(assignments))
    }

    fn check_not_null(
        &self,
        or: Option<ConflictAction>,
        assignments: Option<&Assignments>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Verdict> {
        let mut has_replaced = false;
        // SQLite passes twice: generated columns, and the defaults that REPLACE took, are looked at after all others.
        for is_second in [false, true] {
            for (index, column) in self.columns.iter().enumerate() {
                let Some(own) = column.not_null else { continue };
                if !column.is_generated && assignments.is_some_and(|assignments| !assignments.changed[index])
                {
                    continue;
                }
                let register = self.register(Image::New, index);
                if (column.is_generated && !is_second) || !frame.register(register).is_null() {
                    continue;
                }
                let action = or.unwrap_or(own);
                if action == ConflictAction::Replace
                    && !is_second
                    && let Some(Ok(default)) = &column.default
                {
                    let mut value = eval(default, frame, context)?;
                    affinity::apply(&mut value, column.affinity);
                    frame.set_register(register, value);
                    has_replaced = true;
                    continue;
                }
                if action == ConflictAction::Ignore {
                    return Ok(Verdict::Ignore);
                }
                let action = if action == ConflictAction::Replace { ConflictAction::Abort } else { action };
                return Err(fail(context, action, not_null_violation(&self.table, index)));
            }
            if has_replaced && !is_second {
                self.complete_row(frame, context)?;
            }
        }
        Ok(Verdict::Good)
    }

    pub fn check_types(&self, frame: &Frame, context: &mut Context<'_>) -> Result<()> {
        (0..self.columns.len())
            .filter(|index| !self.is_virtual(*index))
            .try_for_each(|index| self.check_type(index, frame, context))
    }

    fn check_type(&self, index: usize, frame: &Frame, context: &mut Context<'_>) -> Result<()> {
        let Some(strict) = self.columns[index].strict else { return Ok(()) };
        let value = frame.register(self.register(Image::New, index));
        if is_of_type(value, strict) {
            return Ok(());
        }
        let error = wrong_type(&self.table, index, value);
        Err(fail(context, ConflictAction::Abort, error))
    }

    fn check_checks(
        &self,
        or: Option<ConflictAction>,
        assignments: Option<&Assignments>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Verdict> {
        if context.session.settings.ignore_check_constraints {
            return Ok(Verdict::Good);
        }
        for check in self.checks.iter().filter(|check| check.is_touched_by(assignments)) {
            let holds =
                context.within("a CHECK constraint", |context| is_not_false(&check.expr, frame, context))?;
            if holds {
                continue;
            }
            let action = match or.unwrap_or(ConflictAction::Abort) {
                ConflictAction::Ignore => return Ok(Verdict::Ignore),
                ConflictAction::Replace => ConflictAction::Abort,
                action => action,
            };
            let message = format!("CHECK constraint failed: {}", check.name);
            return Err(fail(context, action, Error::new(ResultCode::ConstraintCheck, message)));
        }
        Ok(Verdict::Good)
    }
}

fn is_of_type(value: &Value, strict: StrictType) -> bool {
    match (value, strict) {
        (Value::Null, _) | (_, StrictType::Any) => true,
        (Value::Integer(_), StrictType::Integer) => true,
        (Value::Real(_), StrictType::Real) => true,
        (Value::Text(_), StrictType::Text) => true,
        (Value::Blob(_), StrictType::Blob) => true,
        (Value::Integer(_) | Value::Real(_) | Value::Text(_) | Value::Blob(_), _) => false,
    }
}

pub(crate) fn not_null_violation(table: &Table, column: usize) -> Error {
    let (table, name) = (&table.name, &table.columns[column].name);
    Error::new(ResultCode::ConstraintNotNull, format!("NOT NULL constraint failed: {table}.{name}"))
}

/// A type as this one error calls it.
fn type_word(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Integer(_) => "INT",
        Value::Real(_) => "REAL",
        Value::Text(_) => "TEXT",
        Value::Blob(_) => "BLOB",
    }
}

fn wrong_type(table: &Table, column: usize, value: &Value) -> Error {
    let column = &table.columns[column];
    let message = format!(
        "cannot store {} value in {} column {}.{}",
        type_word(value),
        column.declared_type,
        table.name,
        column.name
    );
    Error::new(ResultCode::ConstraintDatatype, message)
}
