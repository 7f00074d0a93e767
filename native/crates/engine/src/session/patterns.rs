//! LIKE and GLOB by a parameter: its value decides whether an index is looked up.
//!
//! SQLite prepares a statement again when such a parameter is bound to another value; ours is compiled again when another
//! plan follows. Within a plan the bounds are computed for each run.

use pluresdb_function::{PatternLanguage, Reach};
use pluresdb_value::Value;

/// A parameter that is a pattern: whether a run may use the plan depends on its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PatternParameter {
    parameter: usize,
    language: PatternLanguage,
    was: Reach,
}

impl PatternParameter {
    /// Whether the plan would be another with these values.
    pub fn decides_otherwise(&self, values: &[Value]) -> bool {
        self.language.reach(values.get(self.parameter)) != self.was
    }
}

/// Of the statement that is being compiled.
#[derive(Default)]
pub(crate) struct Patterns {
    /// What is bound to its parameters; nothing while it is prepared.
    pub values: Vec<Value>,
    /// The parameters that were looked at.
    pub asked: Vec<PatternParameter>,
}

impl Patterns {
    /// What the parameter's value is now. The plan that is made depends on the answer.
    pub fn reach(&mut self, parameter: usize, language: PatternLanguage) -> Reach {
        let was = language.reach(self.values.get(parameter));
        self.asked.push(PatternParameter { parameter, language, was });
        was
    }
}
