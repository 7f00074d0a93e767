//! A foreign key seen from the child: is there a parent?

use std::cmp::Ordering;

use pluresdb_value::{Collation, Value, affinity};

use super::parent_key::{ParentKey, ParentLookup, mismatch};
use crate::catalog::DatabaseIndex;
use crate::dml::surroundings::Surroundings;
use crate::dml::target::{IMAGES, Image, Target, no_such_table};
use crate::execute::{Context, Frame};
use crate::resolve::Relation;
use crate::resolve::tree::Register;
use crate::session::Session;
use crate::{Error, Result};

pub(super) struct OwnKey {
    /// Index into the table's keys.
    pub number: usize,
    /// The table's columns as the key names them.
    pub columns: Vec<usize>,
    pub is_deferred: bool,
    /// The parent is the table itself.
    pub is_self: bool,
    /// The application wants its parent's values to be NULL.
    is_hidden: bool,
    parent: Parent,
}

enum Parent {
    Found {
        key: ParentKey,
        lookup: ParentLookup,
        /// Where the child's values stand in each image.
        registers: [Vec<Register>; 3],
    },
    /// There is no such table. Only DROP TABLE goes on: for it the parent is empty.
    NoTable { error: Error, registers: [Vec<Register>; 3] },
    /// There is no such key. Only DROP TABLE goes on, without the key.
    NoKey(Error),
}

impl OwnKey {
    pub fn compile(session: &Session, target: &Target, number: usize) -> OwnKey {
        let foreign_key = &target.table.foreign_keys[number];
        let schema = session.database_name(target.database);
        let registers = |columns: &[usize]| {
            IMAGES.map(|image| columns.iter().map(|column| target.register(image, *column)).collect())
        };
        let parent = match session.find_relation(Some(schema), &foreign_key.parent_table) {
            Some(Relation::Table(_, table)) => {
                match ParentKey::find(session.catalog(target.database), foreign_key, &table) {
                    Some(key) => Parent::Found {
                        lookup: ParentLookup::new(&key),
                        registers: registers(&key.child_columns),
                        key,
                    },
                    None => Parent::NoKey(mismatch(&target.table, foreign_key)),
                }
            }
            Some(Relation::View(..) | Relation::Virtual(_)) => {
                Parent::NoKey(mismatch(&target.table, foreign_key))
            }
            None => Parent::NoTable {
                error: no_such_table(Some(schema), &foreign_key.parent_table),
                registers: registers(&foreign_key.columns),
            },
        };
        OwnKey {
            number,
            columns: foreign_key.columns.clone(),
            is_deferred: foreign_key.initially_deferred,
            is_self: foreign_key.parent_table.eq_ignore_ascii_case(&target.table.name),
            is_hidden: false,
            parent,
        }
    }

    /// Asks whether the parent's key may be read; where it is to be ignored there is no parent.
    pub fn authorize(&mut self, place: &Surroundings<'_>, database: DatabaseIndex) -> Result<()> {
        let Parent::Found { key, .. } = &self.parent else { return Ok(()) };
        for column in &key.parent_columns {
            self.is_hidden |= !place.may_read(database, &key.parent, *column)?;
        }
        Ok(())
    }

    pub fn error(&self) -> Option<&Error> {
        match &self.parent {
            Parent::Found { .. } => None,
            Parent::NoTable { error, .. } | Parent::NoKey(error) => Some(error),
        }
    }

    /// For a key of the table to itself: whether the parent's columns are among these.
    pub fn is_parent_changed(&self, changed: &[bool]) -> bool {
        match &self.parent {
            Parent::Found { key, .. } => {
                self.is_self && key.parent_columns.iter().any(|column| changed[*column])
            }
            Parent::NoTable { .. } | Parent::NoKey(_) => false,
        }
    }

    /// Whether the image's row has no parent, and needs one. `hidden` is the identity of a row that is nobody's parent.
    pub fn is_orphan(
        &mut self,
        image: Image,
        hidden: Option<&[u8]>,
        target: &Target,
        frame: &Frame,
        context: &Context<'_>,
    ) -> Result<bool> {
        let Parent::Found { key, lookup, registers } = &mut self.parent else { return Ok(false) };
        let registers = &registers[image as usize];
        if has_null(registers, frame) {
            return Ok(false);
        }
        if self.is_hidden {
            return Ok(true);
        }
        if self.is_self && image == Image::New {
            let own = key.parent_columns.iter().map(|column| target.register(image, *column));
            let is_own_parent = if key.index.is_none() {
                affinity::as_integer(frame.register(registers[0])) == Some(target.rowid(image, frame))
            } else {
                registers.iter().zip(own).all(|(child, parent)| is_same(*child, parent, frame))
            };
            if is_own_parent {
                return Ok(false);
            }
        }
        let transaction = context.session.transaction(target.database);
        Ok(!lookup.finds(registers, hidden, frame, transaction)?)
    }

    /// The image's row goes: its violation goes with it.
    pub fn leave(
        &mut self,
        image: Image,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let is_mended = match &self.parent {
            Parent::Found { .. } => {
                context.session.foreign_keys.has_violations(self.is_deferred)
                    && self.is_orphan(image, None, target, frame, context)?
            }
            Parent::NoTable { registers, .. } => !has_null(&registers[image as usize], frame),
            Parent::NoKey(_) => false,
        };
        if is_mended {
            let puts_off = context.session.settings.defer_foreign_keys;
            context.session.foreign_keys.count(self.is_deferred, puts_off, -1);
        }
        Ok(())
    }
}

fn has_null(registers: &[Register], frame: &Frame) -> bool {
    registers.iter().any(|register| frame.register(*register).is_null())
}

/// SQLite compares a row's child key with its own parent key as the values are, without the parent's affinity and
/// collation.
fn is_same(child: Register, parent: Register, frame: &Frame) -> bool {
    let (child, parent): (&Value, &Value) = (frame.register(child), frame.register(parent));
    !parent.is_null()
        && pluresdb_value::compare(child.as_ref(), parent.as_ref(), Collation::Binary) == Ordering::Equal
}
