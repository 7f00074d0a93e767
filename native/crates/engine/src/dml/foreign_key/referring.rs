//! A foreign key seen from the parent: which children does a row have?

use std::cmp::Ordering;
use std::sync::Arc;

use pluresdb_sql::ast::ForeignKeyAction;
use pluresdb_value::compare;

use super::UpdatedKeys;
use super::action::ActionKey;
use super::child_scan::ChildScan;
use super::parent_key::{ParentKey, mismatch};
use crate::catalog::{Catalog, DatabaseIndex, ForeignKey, Table};
use crate::dml::row_program::{ProgramId, ProgramKey};
use crate::dml::surroundings::Surroundings;
use crate::dml::target::{IMAGES, Image, Target};
use crate::execute::{Context, Frame};
use crate::resolve::tree::Register;
use crate::{Error, Result};

pub(super) struct ReferringKey {
    pub child: Arc<Table>,
    pub is_deferred: bool,
    /// The child is the table itself.
    pub is_self: bool,
    /// Index into the child's keys.
    pub number: usize,
    /// The application wants its values to be NULL.
    is_hidden: bool,
    on_delete: ForeignKeyAction,
    on_update: ForeignKeyAction,
    delete_program: Option<ProgramId>,
    update_program: Option<ProgramId>,
    /// The action of a DELETE leaves no child behind: see `ActionKey::settles`.
    is_settled: bool,
    side: std::result::Result<ParentSide, Error>,
}

struct ParentSide {
    key: ParentKey,
    /// Where the parent's key stands in each image.
    registers: [Vec<Register>; 3],
    /// Planned when it is first needed.
    scan: Option<ChildScan>,
}

/// The keys that refer to the table, with their children, in SQLite's order.
pub(super) fn referring_keys(catalog: &Catalog, parent: &Table) -> Vec<(Arc<Table>, usize)> {
    let children = catalog.children_of(&parent.name);
    let keys = children
        .iter()
        .flat_map(|child| (0..child.foreign_keys.len()).rev().map(move |number| (child.clone(), number)));
    let refers = |(child, number): &(Arc<Table>, usize)| {
        child.foreign_keys[*number].parent_table.eq_ignore_ascii_case(&parent.name)
    };
    keys.filter(refers).collect()
}

/// Whether the parent's key, as the foreign key names it, is among the columns that change. No names: the primary key.
fn is_parent_named(key: &ForeignKey, parent: &Table, changed: &[bool]) -> bool {
    let is_named = |column: usize| {
        if key.parent_columns.is_empty() {
            parent.primary_key.iter().any(|key| key.column == column)
        } else {
            let name = &parent.columns[column].name;
            key.parent_columns.iter().any(|named| named.eq_ignore_ascii_case(name))
        }
    };
    (0..changed.len()).any(|column| changed[column] && is_named(column))
}

impl ReferringKey {
    pub fn compile(catalog: &Catalog, target: &Target, child: &Arc<Table>, number: usize) -> ReferringKey {
        let foreign_key = &child.foreign_keys[number];
        let key = ParentKey::find(catalog, foreign_key, &target.table);
        let side = key.ok_or_else(|| mismatch(child, foreign_key)).map(|key| ParentSide {
            registers: IMAGES.map(|image| {
                key.parent_columns.iter().map(|column| target.register(image, *column)).collect()
            }),
            key,
            scan: None,
        });
        ReferringKey {
            child: child.clone(),
            is_deferred: foreign_key.initially_deferred,
            is_self: child.name.eq_ignore_ascii_case(&target.table.name),
            number,
            is_hidden: false,
            on_delete: foreign_key.on_delete,
            on_update: foreign_key.on_update,
            delete_program: None,
            update_program: None,
            is_settled: false,
            side,
        }
    }

    pub fn error(&self) -> Option<&Error> {
        self.side.as_ref().err()
    }

    /// Whether something is done beyond counting.
    pub fn has_action(&self, is_update: bool, puts_off: bool) -> bool {
        match if is_update { self.on_update } else { self.on_delete } {
            ForeignKeyAction::NoAction => false,
            ForeignKeyAction::Restrict => !puts_off,
            ForeignKeyAction::Cascade | ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => true,
        }
    }

    /// Asks whether the children's key may be read; where it is to be ignored there are no children.
    pub fn authorize(&mut self, place: &Surroundings<'_>, database: DatabaseIndex) -> Result<()> {
        let Ok(side) = &self.side else { return Ok(()) };
        for column in &side.key.child_columns {
            self.is_hidden |= !place.may_read(database, &self.child, *column)?;
        }
        Ok(())
    }

    /// Sees to it that the action is compiled.
    pub fn add_action(
        &mut self,
        is_update: bool,
        target: &Target,
        surroundings: &Surroundings<'_>,
    ) -> Result<()> {
        if !self.has_action(is_update, false) {
            return Ok(());
        }
        let key = ActionKey {
            database: target.database,
            parent: target.table.clone(),
            child: self.child.clone(),
            number: self.number,
            is_update,
        };
        self.is_settled |= key.settles(surroundings.session);
        let program = surroundings.programs.add(&ProgramKey::Action(key))?;
        *(if is_update { &mut self.update_program } else { &mut self.delete_program }) = Some(program);
        Ok(())
    }

    /// The action to run once the old row is gone.
    pub fn action(&self, is_update: bool, puts_off: bool) -> Option<ProgramId> {
        let program = if is_update { self.update_program } else { self.delete_program };
        program.filter(|_| self.has_action(is_update, puts_off))
    }

    /// Whether an UPDATE leaves the parent's key as it was.
    pub fn is_key_kept(&self, frame: &Frame) -> bool {
        let Ok(ParentSide { key, registers, .. }) = &self.side else { return true };
        let [new, old, _] = registers;
        new.iter().zip(old).zip(&key.parent_columns).all(|((new, old), column)| {
            let collation = key.parent.columns[*column].collation;
            compare(frame.register(*new).as_ref(), frame.register(*old).as_ref(), collation)
                == Ordering::Equal
        })
    }

    /// Whether the parent's key is among the columns that change.
    pub fn is_parent_changed(&self, parent: &Table, changed: &[bool]) -> bool {
        is_parent_named(&self.child.foreign_keys[self.number], parent, changed)
    }

    /// The image's row is deleted: its children are left behind, until the action has seen to them.
    pub fn leave(
        &mut self,
        image: Image,
        identity: &[u8],
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if !self.is_settled {
            return self.abandon(image, identity, target, frame, context);
        }
        self.scan(target, context)?;
        match &self.side {
            Ok(ParentSide { registers, scan: Some(scan), .. }) => {
                scan.note_count(target.database, &self.child, &registers[image as usize], frame, context)
            }
            _ => Ok(()),
        }
    }

    /// The image's row goes: its children are left behind. A child that is the row itself, `identity`, goes with it.
    pub fn abandon(
        &mut self,
        image: Image,
        identity: &[u8],
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let hidden = self.is_self.then_some(identity);
        let children = self.count(image, hidden, target, frame, context)?;
        let puts_off = context.session.settings.defer_foreign_keys;
        context.session.foreign_keys.count(self.is_deferred, puts_off, children);
        Ok(())
    }

    /// The new row comes: children that wait for it have a parent again. An UPDATE hides the old row,
    /// whose identity stands beside its keys, where the children are found by an index whose entries it changes.
    pub fn welcome(
        &mut self,
        updated: Option<(&UpdatedKeys, &[u8])>,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if !context.session.foreign_keys.has_violations(self.is_deferred) {
            return Ok(());
        }
        let hidden = match updated {
            Some((keys, identity)) if self.is_self => {
                let is_hidden = keys.hides_row
                    || self
                        .scan(target, context)?
                        .is_some_and(|scan| scan.is_touched_by(&keys.changed, target));
                is_hidden.then_some(identity)
            }
            _ => None,
        };
        let children = self.count(Image::New, hidden, target, frame, context)?;
        let puts_off = context.session.settings.defer_foreign_keys;
        context.session.foreign_keys.count(self.is_deferred, puts_off, -children);
        Ok(())
    }

    /// None: the keys do not match, or must not be read.
    fn scan(&mut self, target: &Target, context: &Context<'_>) -> Result<Option<&mut ChildScan>> {
        if self.is_hidden {
            return Ok(None);
        }
        let Ok(ParentSide { key, scan, .. }) = &mut self.side else { return Ok(None) };
        Ok(Some(match scan {
            Some(scan) => scan,
            None => scan.insert(ChildScan::plan(context.session, target.database, key, &self.child)?),
        }))
    }

    fn count(
        &mut self,
        image: Image,
        hidden: Option<&[u8]>,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<i64> {
        if self.scan(target, context)?.is_none() {
            return Ok(0);
        }
        match &mut self.side {
            Ok(ParentSide { registers, scan: Some(scan), .. }) => {
                scan.count(&registers[image as usize], hidden, frame, context)
            }
            _ => Ok(0),
        }
    }
}
