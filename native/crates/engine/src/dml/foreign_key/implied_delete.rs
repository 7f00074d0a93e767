//! DROP TABLE begins with a DELETE of all rows where foreign keys could notice: for a table that others refer to, and for
//! a child of deferred keys while there are violations, which may be its own.
//!
//! No trigger of the table fires, but actions run. Parents that do not exist are taken for empty.

use std::rc::Rc;
use std::sync::Arc;

use super::{ForeignKeys, violation};
use crate::Result;
use crate::callback::Action;
use crate::catalog::define::for_each_row;
use crate::catalog::{DatabaseIndex, Table};
use crate::dml::row_program::RowPrograms;
use crate::dml::surroundings::Surroundings;
use crate::dml::target::{Image, Target};
use crate::execute::{Context, Frame};
use crate::resolve::Resolver;
use crate::resolve::tree::Program;
use crate::session::Session;

pub(crate) fn delete_before_drop(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
) -> Result<()> {
    if !is_needed(session, database, table) {
        return Ok(());
    }
    let puts_off = session.settings.defer_foreign_keys;
    if session.catalog(database).children_of(&table.name).is_empty()
        && !session.foreign_keys.has_violations(true)
    {
        session.count_changes(0, true);
        return Ok(());
    }
    let mut resolver = Resolver::new(session, "", 0);
    let mut target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let programs = Rc::new(RowPrograms::default());
    let surroundings =
        Surroundings { session, text: "", parameter_count: 0, programs: &programs, trigger: None };
    target.foreign_keys = ForeignKeys::compile(&surroundings, &target);
    target.prepare_keys(|keys, target| keys.prepare_drop(target, &surroundings))?;
    programs.note(target.delete_steps(session).collect());
    programs.compile_all(session)?;
    programs.open_sequences(session)?;
    let mut changes = 0;
    let outcome = delete_rows(&mut target, &program, session, &mut changes)
        .and_then(|()| programs.close_sequences(session));
    let is_violated = !puts_off && session.foreign_keys.has_violations(false);
    let outcome = outcome.and_then(|()| if is_violated { Err(violation()) } else { Ok(()) });
    session.count_changes(changes, outcome.is_ok());
    outcome
}

/// Whether DROP TABLE has such a DELETE, be it that it finds nothing to do.
fn is_needed(session: &Session, database: DatabaseIndex, table: &Table) -> bool {
    let puts_off = session.settings.defer_foreign_keys;
    session.settings.foreign_keys
        && (!session.catalog(database).children_of(&table.name).is_empty()
            || table.foreign_keys.iter().any(|key| key.initially_deferred || puts_off))
}

/// Asks for what the DELETE does, where DROP TABLE has one; the application has an authorizer.
pub(crate) fn ask_before_drop(session: &Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<()> {
    if !is_needed(session, database, table) {
        return Ok(());
    }
    let home = session.database_name(database);
    session.authorize_statement(Action::new(Action::DELETE).of(&table.name).within(home), None)?;
    let mut resolver = Resolver::new(session, "", 0);
    let mut target = Target::compile(session, &mut resolver, database, table)?;
    let programs = Rc::new(RowPrograms::default());
    let surroundings =
        Surroundings { session, text: "", parameter_count: 0, programs: &programs, trigger: None };
    target.foreign_keys = ForeignKeys::compile(&surroundings, &target);
    target.prepare_keys(|keys, target| {
        keys.prepare_drop(target, &surroundings)?;
        keys.authorize(|_| true, |_, _| true, target, &surroundings)
    })?;
    // What is wrong with the schema is found when the table is dropped.
    let _ = surroundings.compile_in_turn(target.delete_steps(session));
    Ok(())
}

fn delete_rows(
    target: &mut Target,
    program: &Program,
    session: &mut Session,
    changes: &mut i64,
) -> Result<()> {
    let mut frame = Frame::new(program);
    frame.reset();
    let mut context = Context::new(session, &[], program);
    let mut record = Vec::new();
    let (database, table) = (target.database, target.table.clone());
    for_each_row(&mut context, database, &table, &mut |context, identity, _| {
        if target.load(Image::Old, identity, &mut record, &mut frame, context)? {
            target.before_delete(Image::Old, &frame, context)?;
            target.delete_row(Image::Old, &record, &mut frame, context)?;
            target.after_delete(Image::Old, &frame, context)?;
            *changes += 1;
        }
        Ok(())
    })
}
