//! Which action SQLite compiles last for a statement.
//!
//! Where REPLACE may evict rows, SQLite does not check new rows against a key with SET NULL, if that is the last action
//! it compiles: it takes the whole statement for the action, which sets NULL. Trees are filled by REPLACE in any order
//! because of this.
//!
//! An action comes before those that its own statement sets off, and each comes once:
//! ```text
//! DELETE of a row ─► ON DELETE of each key that refers to it
//!                    CASCADE ─► DELETE of the child;  SET NULL, SET DEFAULT ─► UPDATE of its key
//! UPDATE of a row ─► ON UPDATE of each key whose parent columns change ─► UPDATE of the child's key
//! ```
//! Not here: triggers. Where one may fire on the way, no key is overlooked.

use std::sync::Arc;

use pluresdb_sql::ast::{ForeignKeyAction, Name, TriggerEvent};

use super::referring::{is_parent_named, referring_keys};
use crate::catalog::{DatabaseIndex, ForeignKey, Table};
use crate::dml::assignment::propagate_to_generated;
use crate::dml::target::generation_order;
use crate::session::Session;

struct Action {
    child: Arc<Table>,
    /// Index into the child's keys.
    number: usize,
    is_update: bool,
}

impl Action {
    fn foreign_key(&self) -> &ForeignKey {
        &self.child.foreign_keys[self.number]
    }

    fn kind(&self) -> ForeignKeyAction {
        let key = self.foreign_key();
        if self.is_update { key.on_update } else { key.on_delete }
    }
}

/// Which rows a statement changes: those that go, or these columns.
enum Rows<'a> {
    Gone,
    Changed(&'a [bool]),
}

/// The actions in the order in which SQLite compiles them.
pub(super) struct Actions<'a> {
    session: &'a Session,
    database: DatabaseIndex,
    found: Vec<Action>,
    has_trigger: bool,
}

impl<'a> Actions<'a> {
    pub fn new(session: &'a Session, database: DatabaseIndex) -> Actions<'a> {
        Actions { session, database, found: Vec::new(), has_trigger: false }
    }

    /// Adds the action of one key, and those it sets off.
    pub fn add(&mut self, child: &Arc<Table>, number: usize, is_update: bool) {
        let is_known = |known: &Action| {
            Arc::ptr_eq(&known.child, child) && known.number == number && known.is_update == is_update
        };
        let action = Action { child: child.clone(), number, is_update };
        let kind = action.kind();
        if self.has_trigger || kind == ForeignKeyAction::NoAction || self.found.iter().any(is_known) {
            return;
        }
        let mut changed = vec![false; child.columns.len()];
        for column in &action.foreign_key().columns {
            changed[*column] = true;
        }
        self.found.push(action);
        match kind {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {}
            ForeignKeyAction::Cascade if !is_update => self.follow(child, &Rows::Gone),
            ForeignKeyAction::Cascade | ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => {
                if let Ok(order) = generation_order(child) {
                    propagate_to_generated(child, order.into_iter(), &mut changed);
                }
                self.follow(child, &Rows::Changed(&changed));
            }
        }
    }

    /// Adds what a change of the table's rows sets off.
    fn follow(&mut self, table: &Table, rows: &Rows<'_>) {
        let databases = [self.database, DatabaseIndex::TEMP];
        let mut triggers = databases.iter().flat_map(|of| self.session.catalog(*of).triggers_of(&table.name));
        self.has_trigger |= triggers.any(|trigger| fires(&trigger.definition.event, table, rows));
        for (child, number) in referring_keys(self.session.catalog(self.database), table) {
            match rows {
                Rows::Gone => self.add(&child, number, false),
                Rows::Changed(changed) => {
                    if is_parent_named(&child.foreign_keys[number], table, changed) {
                        self.add(&child, number, true);
                    }
                }
            }
        }
    }

    /// The key of the table whose SET NULL is the last action: index into the table's keys.
    pub fn last_set_null(&self, table: &Table) -> Option<usize> {
        let last = self.found.last().filter(|_| !self.has_trigger)?;
        let is_own = last.child.name.eq_ignore_ascii_case(&table.name);
        (is_own && last.kind() == ForeignKeyAction::SetNull).then_some(last.number)
    }
}

fn fires(event: &TriggerEvent, table: &Table, rows: &Rows<'_>) -> bool {
    let is_changed = |name: &Name, changed: &[bool]| {
        table.columns.iter().zip(changed).any(|(column, changed)| *changed && name.is(&column.name))
    };
    match (event, rows) {
        (TriggerEvent::Delete, Rows::Gone) | (TriggerEvent::Update, Rows::Changed(_)) => true,
        (TriggerEvent::UpdateOf(names), Rows::Changed(changed)) => {
            names.iter().any(|name| is_changed(name, changed))
        }
        _ => false,
    }
}
