//! What ON DELETE and ON UPDATE do to the children, as row programs: each is the statement a trigger would hold.
//!
//! ```text
//! DELETE CASCADE    DELETE FROM c WHERE old.k = c.k
//! UPDATE CASCADE    UPDATE c SET k = new.k WHERE old.k = c.k
//! SET NULL          UPDATE c SET k = NULL WHERE old.k = c.k
//! SET DEFAULT       UPDATE c SET k = (its DEFAULT) WHERE old.k = c.k
//! RESTRICT          SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed') FROM c WHERE old.k = c.k
//! ```

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_sql::ast::{Expr, ForeignKeyAction, Statement};

use super::parent_key::{ParentKey, mismatch};
use crate::callback::Permission;
use crate::catalog::{ConflictAction, DatabaseIndex, ForeignKey, Table};
use crate::dml::nested::NestedStatement;
use crate::dml::row_program::{RowProgram, RowPrograms};
use crate::dml::surroundings::{Surroundings, TriggerPlace};
use crate::dml::trigger::all_on;
use crate::resolve::{Names, RowImages, ScopeSource};
use crate::session::Session;
use crate::statement::{authorize, parse_error};
use crate::{Error, Result};

/// What an action's program is compiled from.
#[derive(Clone)]
pub(crate) struct ActionKey {
    pub database: DatabaseIndex,
    pub parent: Arc<Table>,
    pub child: Arc<Table>,
    /// Index into the child's keys.
    pub number: usize,
    pub is_update: bool,
}

impl ActionKey {
    pub fn is_same(&self, other: &ActionKey) -> bool {
        Arc::ptr_eq(&self.child, &other.child)
            && self.number == other.number
            && self.is_update == other.is_update
    }

    fn foreign_key(&self) -> &ForeignKey {
        &self.child.foreign_keys[self.number]
    }

    fn action(&self) -> ForeignKeyAction {
        let foreign_key = self.foreign_key();
        if self.is_update { foreign_key.on_update } else { foreign_key.on_delete }
    }

    /// The key of this table that it sets to NULL.
    pub fn set_null_of(&self, database: DatabaseIndex, table: &str) -> Option<usize> {
        let is_own = self.database == database && self.child.name.eq_ignore_ascii_case(table);
        (is_own && self.action() == ForeignKeyAction::SetNull).then_some(self.number)
    }

    /// Whether each child that is left behind has been seen to once the action has run, whatever else happens, so that counting
    /// them first and taking each off again comes to nothing: nobody but the action changes children, none has another
    /// parent, and a child is nobody's parent.
    pub fn settles(&self, session: &Session) -> bool {
        let takes_all = matches!(self.action(), ForeignKeyAction::Cascade | ForeignKeyAction::SetNull);
        takes_all
            && !self.is_update
            && self.child.foreign_keys.len() == 1
            && session.catalog(self.database).children_of(&self.child.name).is_empty()
            && all_on(session, self.database, &self.child.name).next().is_none()
            && !session.has_authorizer()
    }

    pub fn compile(&self, session: &Session, programs: &Rc<RowPrograms>) -> Result<RowProgram> {
        let foreign_key = self.foreign_key();
        let Some(key) = ParentKey::find(session.catalog(self.database), foreign_key, &self.parent) else {
            return Err(mismatch(&self.child, foreign_key));
        };
        let schema = session.database_name(self.database);
        let (text, statement) = self.statement(&key, schema)?;
        let image = |name: &str, first: usize| Some(ScopeSource::from_parameters(name, &self.parent, first));
        let width = self.parent.columns.len() + 1;
        let place = TriggerPlace {
            home: Some(schema.to_owned()),
            images: if self.is_update {
                RowImages { new: image("new", 0), old: image("old", width) }
            } else {
                RowImages { new: None, old: image("old", 0) }
            },
            name: None,
            or: Some(ConflictAction::Abort),
            settled_key: self.settles(session).then_some(self.number),
        };
        let surroundings = Surroundings {
            session,
            text: &text,
            parameter_count: 2 * width,
            programs,
            trigger: Some(&place),
        };
        if self.is_update {
            // SQLite's program runs WHEN NOT (old.k IS new.k).
            for column in key.parent_columns.iter().flat_map(|column| [column; 2]) {
                surroundings.may_read(self.database, &self.parent, *column)?;
            }
        }
        let is_allowed = authorize(session, &statement, None)? == Permission::Allowed;
        let step = is_allowed.then(|| NestedStatement::compile(&statement, &surroundings)).transpose()?;
        Ok(RowProgram { trigger: None, condition: None, steps: step.into_iter().collect() })
    }

    fn statement(&self, key: &ParentKey, schema: &str) -> Result<(String, Statement)> {
        let action = self.action();
        let parent = |position: usize| quoted(&self.parent.columns[key.parent_columns[position]].name);
        let child = |position: usize| quoted(&self.child.columns[key.child_columns[position]].name);
        let positions = 0..key.child_columns.len();
        let each = |format: &dyn Fn(usize) -> String, between: &str| {
            positions.clone().map(format).collect::<Vec<_>>().join(between)
        };
        let table = format!("{}.{}", quoted(schema), quoted(&self.child.name));
        // The parent stands on the left, so that its collation is the comparison's.
        let filter = each(&|at| format!("old.{} = {}", parent(at), child(at)), " AND ");
        let text = match action {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
                format!("SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed') FROM {table} WHERE {filter}")
            }
            ForeignKeyAction::Cascade if !self.is_update => format!("DELETE FROM {table} WHERE {filter}"),
            ForeignKeyAction::Cascade => {
                let set = each(&|at| format!("{} = new.{}", child(at), parent(at)), ", ");
                format!("UPDATE {table} SET {set} WHERE {filter}")
            }
            ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => {
                let set = each(&|at| format!("{} = NULL", child(at)), ", ");
                format!("UPDATE {table} SET {set} WHERE {filter}")
            }
        };
        let parsed = pluresdb_sql::parse_next(&text, 0).map_err(parse_error)?;
        let mut statement =
            parsed.ok_or_else(|| Error::error("a foreign key's action is a statement"))?.statement;
        if let (ForeignKeyAction::SetDefault, Statement::Update(update)) = (action, &mut statement) {
            for (assignment, column) in update.assignments.iter_mut().zip(&key.child_columns) {
                if let Some(default) = self.default_of(*column) {
                    assignment.value = default;
                }
            }
        }
        Ok((text, statement))
    }

    fn default_of(&self, column: usize) -> Option<Expr> {
        self.child.columns[column].default.as_ref().map(|default| default.expr.clone())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
