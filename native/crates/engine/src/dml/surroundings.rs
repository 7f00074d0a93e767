//! What a statement that changes rows is compiled in: a connection by itself, or a row program of another statement.

use std::rc::Rc;

use super::row_program::RowPrograms;
use crate::catalog::ConflictAction;
use crate::resolve::{Resolver, RowImages};
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
    /// The conflict clause of the statement that fires the trigger goes before those of the steps.
    pub or: Option<ConflictAction>,
}

impl<'a> Surroundings<'a> {
    pub fn resolver(&self) -> Resolver<'a> {
        let resolver = Resolver::new(self.session, self.text, self.parameter_count);
        match self.trigger {
            Some(trigger) => resolver.within_trigger(trigger.home.as_deref(), &trigger.images),
            None => resolver,
        }
    }

    /// The conflict clause that counts, where the given one is written.
    pub fn conflict(&self, written: Option<ConflictAction>) -> Option<ConflictAction> {
        self.trigger.and_then(|trigger| trigger.or).or(written)
    }

    /// The database an unqualified table is looked for in.
    pub fn home(&self) -> Option<&'a str> {
        self.trigger?.home.as_deref()
    }
}
