//! The columns of temp's views, kept from when they were last resolved.
//!
//! SQLite finds out the columns of a view once. Those of a temp view, whose tables may be in other databases, outlive
//! the tables: a change of such a view complains that it is a view, not of a missing table. They are forgotten when
//! something of temp is dropped and when the schema is read anew: after ALTER TABLE, VACUUM and a rollback of its changes.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::Table;
use super::name_map::NameMap;

#[derive(Default)]
pub struct KnownViews {
    columns: RefCell<NameMap<Arc<Table>>>,
    /// The open transaction has changed the schema of some database.
    is_schema_changed: Cell<bool>,
}

impl KnownViews {
    pub fn note(&self, view: &str, columns: &Arc<Table>) {
        self.columns.borrow_mut().insert(view.to_owned(), columns.clone());
    }

    pub fn columns_of(&self, view: &str) -> Option<Arc<Table>> {
        self.columns.borrow().get(view).cloned()
    }

    pub fn forget(&self) {
        *self.columns.borrow_mut() = NameMap::default();
    }

    pub fn schema_has_changed(&self) {
        self.is_schema_changed.set(true);
    }

    /// Whether a rollback now has SQLite read the schema anew.
    pub fn is_schema_changed(&self) -> bool {
        self.is_schema_changed.get()
    }

    pub fn transaction_ended(&self) {
        self.is_schema_changed.set(false);
    }
}
