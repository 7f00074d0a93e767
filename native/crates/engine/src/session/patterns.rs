//! LIKE and GLOB by a parameter: its value decides whether an index is looked up.
//!
//! SQLite prepares a statement again when such a parameter is bound to another value; ours is compiled again when another
//! plan follows. Within a plan the bounds are computed for each run.

use pluresdb_function::PatternLanguage;
use pluresdb_value::Value;

/// A parameter that is a pattern: whether a run may use the plan depends on its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PatternParameter {
    parameter: usize,
    language: PatternLanguage,
    was_used: bool,
}

impl PatternParameter {
    /// Whether the plan would be another with these values.
    pub fn decides_otherwise(&self, values: &[Value]) -> bool {
        values.get(self.parameter).is_some_and(|value| self.language.has_range(value)) != self.was_used
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
    /// Whether the parameter's value has a range now. The plan that is made depends on the answer.
    pub fn has_range(&mut self, parameter: usize, language: PatternLanguage) -> bool {
        let was_used = self.values.get(parameter).is_some_and(|value| language.has_range(value));
        self.asked.push(PatternParameter { parameter, language, was_used });
        was_used
    }
}
