//! What a statement that changes rows is compiled in: a connection by itself, or a row program of another statement.

use std::rc::Rc;

use super::compile_order::Step;
use super::row_program::RowPrograms;
use crate::Result;
use crate::catalog::{ConflictAction, DatabaseIndex, Table};
use crate::resolve::{Names, Resolver, RowImages, may_read};
use crate::session::Session;

#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub session: &'a Session,
    /// What the statement's spans point into.
    pub text: &'a str,
    pub parameter_count: usize,
    /// Where the triggers and foreign-key actions it sets off are compiled.
    pub programs: &'a Rc<RowPrograms>,
    pub trigger: Option<&'a TriggerPlace>,
}

/// What the steps of a trigger know that other statements do not.
pub(crate) struct TriggerPlace {
    /// The database of unqualified names; None: wherever they are found.
    pub home: Option<String>,
    pub images: RowImages,
    /// The trigger's; None for what a foreign key does.
    pub name: Option<String>,
    /// The conflict clause of the statement that fires the trigger goes before those of the steps.
    pub or: Option<ConflictAction>,
    /// Which of the changed table's foreign keys need not be looked at: the rows that go have no parent, and nobody counted that.
    pub settled_key: Option<usize>,
}

impl<'a> Surroundings<'a> {
    pub fn resolver(&self) -> Resolver<'a> {
        let resolver = Resolver::new(self.session, self.text, self.parameter_count);
        match self.trigger {
            Some(trigger) => {
                let mut resolver = resolver.within_trigger(trigger.home.as_deref(), &trigger.images);
                if let Some(name) = &trigger.name {
                    resolver.enter_context(name);
                }
                resolver
            }
            None => resolver,
        }
    }

    /// The conflict clause that counts, where the given one is written.
    pub fn conflict(&self, written: Option<ConflictAction>) -> Option<ConflictAction> {
        self.trigger.and_then(|trigger| trigger.or).or(written)
    }

    /// Whether a column may be read for the sake of a foreign key; false: it is to be taken for NULL.
    pub fn may_read(&self, database: DatabaseIndex, table: &Table, column: usize) -> Result<bool> {
        let database = self.session.database_name(database);
        may_read(self.session, self.context(), database, &table.name, &table.columns[column].name)
    }

    /// Whether the application is asked: then things are compiled in SQLite's order, which shows in its questions.
    pub fn is_asking(&self) -> bool {
        self.session.has_authorizer()
    }

    /// Compiles what the steps begin where SQLite does.
    pub fn compile_in_turn(&self, steps: impl Iterator<Item = Step>) -> Result<()> {
        self.programs.compile_in_turn(steps, self.session)
    }

    /// What the application is told of who asks: the trigger.
    pub fn context(&self) -> Option<&'a str> {
        self.trigger?.name.as_deref()
    }

    /// The database an unqualified table is looked for in.
    pub fn home(&self) -> Option<&'a str> {
        self.trigger?.home.as_deref()
    }
}
