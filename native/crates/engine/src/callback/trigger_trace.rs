//! What triggers do, for an application that traces statements: the comments that SQLite's trace shows for them.
//!
//!     -- TRIGGER name              a trigger begins, for a row
//!     -- INSERT INTO log …         one of its statements begins
//!
//! The lines are kept until the application asks for them.

#[derive(Default)]
pub struct TriggerTrace {
    is_on: bool,
    lines: Vec<String>,
}

impl TriggerTrace {
    pub fn turn(&mut self, is_on: bool) {
        self.is_on = is_on;
    }

    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    pub(crate) fn trigger_begins(&mut self, name: &str) {
        self.lines.push(format!("-- TRIGGER {name}"));
    }

    /// With every kind of white space as a space.
    pub(crate) fn step_begins(&mut self, text: &str) {
        let line = text.replace(['\n', '\r', '\t', '\x0b', '\x0c'], " ");
        self.lines.push(format!("-- {}", line.trim_matches(' ')));
    }

    /// Those since the last call.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}
