//! INSERT of VALUES, where nothing but these rows and their index entries change.
//!
//!     INSERT INTO t (a, b) VALUES (?, ?), (?, ?)
//!
//! Everything that could have a say in it is excluded when the statement is compiled: triggers, foreign keys, RETURNING,
//! ON CONFLICT and REPLACE, CHECKs, generated columns, STRICT types. So there is no image of the row: each value goes
//! from where it stands, a parameter or a literal, into the record. Only a table with indexes gets its registers
//! filled, which keys are made of.
//!
//! Always true: what may fail of a row comes before the first tree is changed, except for an index's own limits.

use pluresdb_value::record::RecordWriter;
use pluresdb_value::{Affinity, Value, affinity};

use super::conflict::{ConflictStep, Resolution, Response, UniqueKey};
use super::constraint::{fail, not_null_violation};
use super::rowid::{next_rowid, rowid_of};
use super::target::{Image, Target};
use crate::Result;
use crate::catalog::ConflictAction;
use crate::execute::{Context, Frame, eval, tree_error, with_value};
use crate::resolve::tree::{Expr, Register};
use crate::resolve::{any_expr, names_subquery};

pub(crate) struct PointInsert {
    /// In the order of the slots.
    pub(super) values: Vec<PointValue>,
    /// Which of the given values the rowid is; None: it is to be chosen.
    pub(super) rowid: Option<usize>,
    writer: RecordWriter,
}

pub(super) struct PointValue {
    /// None for the slot of a dropped column.
    column: Option<usize>,
    register: Register,
    pub affinity: Affinity,
    pub is_not_null: bool,
    pub source: ValueSource,
}

/// What a column is set to.
pub(super) enum ValueSource {
    /// The given value of that number.
    Given(usize),
    Own(Expr),
}

impl ValueSource {
    #[inline]
    fn expr<'e>(&'e self, given: &'e [Expr]) -> &'e Expr {
        match self {
            ValueSource::Given(index) => &given[*index],
            ValueSource::Own(expr) => expr,
        }
    }
}

impl PointInsert {
    /// None for an INSERT that needs more. `source_of` gives what a column is set to; what may touch other rows has been
    /// looked at.
    pub fn compile(
        target: &Target,
        steps: &[ConflictStep],
        or: Option<ConflictAction>,
        rows: &[Vec<Expr>],
        rowid: Option<usize>,
        source_of: impl Fn(usize) -> Option<ValueSource>,
    ) -> Option<PointInsert> {
        let is_plain = |step: &ConflictStep| match step.response {
            Response::Act(action) => action != ConflictAction::Replace,
            Response::Upsert(_) => false,
        };
        if target.is_view
            || target.table.strict
            || target.table.without_rowid
            || !target.checks.is_empty()
            || !target.generated.is_empty()
            || target.foreign_keys.is_some()
            || !steps.iter().all(is_plain)
        {
            return None;
        }
        let mut values = Vec::with_capacity(target.slots.len());
        for column in &target.slots {
            let Some(column) = *column else {
                values.push(PointValue {
                    column: None,
                    register: target.base(Image::New),
                    affinity: Affinity::Blob,
                    is_not_null: false,
                    source: ValueSource::Own(Expr::Literal(Value::Null)),
                });
                continue;
            };
            let plan = &target.columns[column];
            let is_not_null = match plan.not_null {
                None => false,
                Some(own) if or.unwrap_or(own) == ConflictAction::Abort => true,
                Some(_) => return None,
            };
            values.push(PointValue {
                column: Some(column),
                register: target.register(Image::New, column),
                affinity: plan.affinity,
                is_not_null,
                source: source_of(column)?,
            });
        }
        // The values are computed in the order of the slots: who calls something that may tell the order of the columns
        // does not go this way, nor who looks at rows.
        let asks = |expr: &Expr| any_expr(expr, &names_subquery);
        let is_in_order = values.iter().filter_map(|value| value.column).is_sorted();
        let own = values.iter().filter_map(|value| match &value.source {
            ValueSource::Given(_) => None,
            ValueSource::Own(expr) => Some(expr),
        });
        if !is_in_order || own.chain(rows.iter().flatten()).any(asks) {
            return None;
        }
        Some(PointInsert { values, rowid, writer: RecordWriter::default() })
    }

    /// Inserts a row of these values, and counts it where it came in. `steps` is what may stand in the way.
    pub fn run(
        &mut self,
        given: &[Expr],
        target: &mut Target,
        steps: &[ConflictStep],
        changes: &mut i64,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let has_indexes = !target.indexes.is_empty();
        let record = &mut target.buffers.record;
        self.writer.begin(self.values.len(), record);
        let mut violated = None;
        for value in &self.values {
            let mut null = false;
            let writer = &mut self.writer;
            if has_indexes {
                let mut stored = eval(value.source.expr(given), frame, context)?;
                affinity::apply(&mut stored, value.affinity);
                null = stored.is_null();
                writer.push(stored.as_ref(), record);
                if value.column.is_some() {
                    frame.set_register(value.register, stored);
                }
            } else {
                with_value(value.source.expr(given), frame, context, |given| {
                    match affinity::converted(given, value.affinity) {
                        Some(stored) => writer.push(stored.as_ref(), record),
                        None => {
                            null = given.is_null();
                            writer.push(given, record);
                        }
                    }
                })?;
            }
            if value.is_not_null && null && violated.is_none() {
                violated = value.column;
            }
        }
        self.writer.finish(record);
        let given = match self.rowid {
            Some(index) => rowid_of(&eval(&given[index], frame, context)?)?,
            None => None,
        };
        let rowid = match given {
            Some(rowid) => rowid,
            None => next_rowid(target.database, target.table.tree, context.session)?,
        };
        if let Some(column) = violated {
            let error = not_null_violation(&target.table, column);
            return Err(fail(context, ConflictAction::Abort, error));
        }
        frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
        let has_room = if has_indexes {
            let is_given = given.is_some();
            target.resolve_conflicts(steps, None, is_given, &mut false, frame, context)? == Resolution::Write
        } else {
            given.is_none() || is_free(target, steps, rowid, context)?
        };
        if !has_room {
            return Ok(());
        }
        target.insert_packed(frame, context)?;
        context.session.last_insert_rowid = rowid;
        *changes += 1;
        Ok(())
    }
}

/// Whether no row of a table without indexes has the rowid.
fn is_free(target: &Target, steps: &[ConflictStep], rowid: i64, context: &mut Context<'_>) -> Result<bool> {
    let transaction = context.session.transaction(target.database);
    let rows = transaction.row_tree(target.table.tree)?;
    if !rows.contains(transaction.pager(), rowid).map_err(tree_error)? {
        return Ok(true);
    }
    match steps.first().map(|step| step.response) {
        Some(Response::Act(ConflictAction::Ignore)) => Ok(false),
        Some(Response::Act(action)) => Err(fail(context, action, target.not_unique(UniqueKey::Rowid))),
        Some(Response::Upsert(_)) | None => Ok(true),
    }
}
