//! Rows between trees and registers, and the index entries of a row.
//!
//! An index entry's key is the indexed values, then the row's identity: the rowid's eight bytes, or the whole primary
//! key of a WITHOUT ROWID table. Its value is what the key lost (`key::encode_remainder`).

use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::record::{self, Record};
use pluresdb_value::{Value, ValueRef};

use super::target::{Image, IndexPlan, Target};
use crate::callback::{Action, ChangedRow, Permission, RowChange};
use crate::catalog::{TreeId, TurnedIdentity};
use crate::changeset::Observed;
use crate::execute::{Context, Cursor, Frame, INDEX, corrupt, eval, is_true, tree_error};
use crate::resolve::Names;
use crate::resolve::tree::Register;
use crate::{Error, Result, ResultCode};

/// What an entry's key ends in.
#[derive(Clone, Copy)]
pub(crate) enum End<'i> {
    /// Nothing: it is looked for, or is the table's own key.
    Open,
    Identity(&'i [u8], Option<&'i TurnedIdentity>),
}

/// Builds key and value of an entry from the registers of one image. Tells where the identity starts and whether any
/// indexed value is NULL.
pub(crate) fn index_entry(
    registers: &[Register],
    columns: &[KeyColumn],
    end: End<'_>,
    frame: &Frame,
    key: &mut Vec<u8>,
    value: &mut Vec<u8>,
) -> Result<(usize, bool)> {
    key.clear();
    value.clear();
    let mut has_null = false;
    for (register, column) in registers.iter().zip(columns) {
        let indexed = frame.register(*register).as_ref();
        has_null |= indexed.is_null();
        key::encode_value(indexed, *column, key);
    }
    let prefix_len = key.len();
    if let End::Identity(identity, turned) = end {
        match turned {
            None => key.extend_from_slice(identity),
            Some(turned) => turned.push_to_entry(identity, key).map_err(corrupt)?,
        }
        let values = registers.iter().map(|register| frame.register(*register).as_ref());
        key::encode_remainder(values, columns, value);
    }
    Ok((prefix_len, has_null))
}

impl Target {
    /// The identity of the image's row: rowid bytes or primary key.
    pub fn identity(&self, image: Image, frame: &Frame, out: &mut Vec<u8>) {
        out.clear();
        match self.primary_index() {
            None => out.extend_from_slice(&key::rowid_bytes(self.rowid(image, frame))),
            Some(index) => {
                let plan = &self.indexes[index];
                for (register, column) in plan.image(image).registers.iter().zip(&plan.columns) {
                    key::encode_value(frame.register(*register).as_ref(), *column, out);
                }
            }
        }
    }

    #[inline]
    pub fn rowid(&self, image: Image, frame: &Frame) -> i64 {
        match frame.register(self.rowid_register(image)) {
            Value::Integer(rowid) => *rowid,
            _ => 0,
        }
    }

    /// Whether the partial index holds the image's row, after computing the index's expressions.
    pub fn is_indexed(
        plan: &IndexPlan,
        image: Image,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let image = plan.image(image);
        if let Some(partial) = &image.partial
            && !context.within(INDEX, |context| is_true(partial, frame, context))?
        {
            return Ok(false);
        }
        for (register, expr) in &image.computed {
            let value = context.within(INDEX, |context| eval(expr, frame, context))?;
            frame.set_register(*register, value);
        }
        Ok(true)
    }

    /// Reads the row of that identity into the image's registers and its record into `record`. False: there is none.
    pub fn load(
        &self,
        image: Image,
        identity: &[u8],
        record: &mut Vec<u8>,
        frame: &mut Frame,
        context: &Context<'_>,
    ) -> Result<bool> {
        if !self.read_record(identity, record, context)? {
            return Ok(false);
        }
        if !self.table.without_rowid {
            let rowid = key::decode_rowid(identity).map_err(corrupt)?;
            frame.set_register(self.rowid_register(image), Value::Integer(rowid));
        }
        self.unpack(image, record, frame)?;
        Ok(true)
    }

    /// The record of the row of that identity. False: there is none.
    pub fn read_record(&self, identity: &[u8], record: &mut Vec<u8>, context: &Context<'_>) -> Result<bool> {
        record.clear();
        self.note_read(context);
        let transaction = context.session.transaction(self.database);
        if self.table.without_rowid {
            let tree = transaction.key_tree(self.table.tree)?;
            match tree.get(transaction.pager(), identity).map_err(tree_error)? {
                Some(view) => record.extend_from_slice(view.value()),
                None => return Ok(false),
            }
        } else {
            let rowid = key::decode_rowid(identity).map_err(corrupt)?;
            let tree = transaction.row_tree(self.table.tree)?;
            match tree.get(transaction.pager(), rowid).map_err(tree_error)? {
                Some(view) => view.to_record(record).map_err(tree_error)?,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The row that is about to be changed was read just now.
    #[inline]
    pub fn note_read(&self, context: &Context<'_>) {
        self.read_at.set(context.session.reentry.writes());
    }

    /// Whether what the application did since then may have changed the row.
    #[inline]
    pub fn is_outdated(&self, context: &Context<'_>) -> bool {
        self.read_at.get() != context.session.reentry.writes()
    }

    /// Spreads a record over the image's registers; the rowid's register is the caller's.
    pub fn unpack(&self, image: Image, record: &[u8], frame: &mut Frame) -> Result<()> {
        let base = self.base(image).0;
        let record = Record::new(record).map_err(corrupt)?;
        let mut values = record.iter();
        for column in &self.slots {
            let value = values.next().transpose().map_err(corrupt)?;
            if let Some(column) = column {
                let register = &mut frame.registers[base + column];
                *register = match value {
                    Some(value) => value.to_value(),
                    None => self.columns[*column].missing.clone(),
                };
            }
        }
        Ok(())
    }

    /// Reads these columns of the row that the cursor stands on into the image's registers, and its rowid.
    pub fn read(&self, image: Image, cursor: &Cursor, columns: &[usize], frame: &mut Frame) -> Result<()> {
        for column in columns {
            let value = cursor.column(*column)?.to_value();
            frame.set_register(self.register(image, *column), value);
        }
        frame.set_register(self.rowid_register(image), cursor.rowid().to_value());
        Ok(())
    }

    /// Encodes the image's row into `record`.
    pub fn pack(&self, image: Image, frame: &Frame, record: &mut Vec<u8>) {
        record.clear();
        let base = self.base(image).0;
        let values = self.slots.iter().map(|column| match column {
            Some(column) => frame.registers[base + column].as_ref(),
            None => ValueRef::Null,
        });
        record::encode(values, record);
    }

    /// Tells the application of a row, where it wants to hear.
    #[inline]
    pub fn tell_of(&self, change: RowChange, image: Image, frame: &Frame, context: &mut Context<'_>) {
        let session = &mut *context.session;
        if !session.changed_rows.is_watching() || self.table.without_rowid {
            return;
        }
        let (database, table) = (session.database_name(self.database).into(), (*self.table.name).into());
        let rowid = self.rowid(image, frame);
        session.changed_rows.push(ChangedRow { change, database, table, rowid });
    }

    /// Whether somebody records what changes in the table.
    #[inline]
    pub fn is_recorded(&self, context: &Context<'_>) -> bool {
        let session = &*context.session;
        session.recorders.are_recording(session.database_name(self.database))
    }

    /// Shows a row that is about to change to those who record.
    fn show(&self, old: Option<Image>, new: Option<Image>, frame: &Frame, context: &mut Context<'_>) {
        if !self.is_recorded(context) {
            return;
        }
        let values = |image: Image| -> Vec<Value> {
            let columns = self.columns.iter().enumerate().filter(|(_, column)| !column.is_generated);
            columns.map(|(index, _)| frame.register(self.register(image, index)).clone()).collect()
        };
        let (old, new) = (old.map(values), new.map(values));
        let session = &mut *context.session;
        let database = session.database_name(self.database).to_owned();
        let mut recorders = std::mem::take(&mut session.recorders);
        let observed = Observed {
            database: &database,
            table: &self.table,
            is_indirect: session.trigger_depth > 0,
            old: old.as_deref(),
            new: new.as_deref(),
        };
        recorders.observe(&observed, &|database, table| {
            let look = Action::new(Action::PRAGMA).of("table_xinfo").and(table).within(database);
            if !Names::has_authorizer(session) {
                return Permission::Allowed;
            }
            // What it threw is told when the changes are asked for.
            session.authorize_statement(look, None).unwrap_or(Permission::Denied)
        });
        session.recorders = recorders;
    }

    /// Writes the new row and its entries. Nothing stands in the way any more.
    pub fn insert_row(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.show(None, Some(Image::New), frame, context);
        let mut record = std::mem::take(&mut self.buffers.record);
        self.pack(Image::New, frame, &mut record);
        self.buffers.record = record;
        self.insert_packed(frame, context)
    }

    /// The same of a row whose record stands in the buffers; registers are asked for index entries and the rowid only.
    pub fn insert_packed(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.check_lock(context)?;
        if self.indexes.is_empty() && !self.table.without_rowid {
            let rowid = self.rowid(Image::New, frame);
            let transaction = context.session.transaction_mut(self.database);
            return transaction.put_row(self.table.tree, rowid, &self.buffers.record, None);
        }
        let mut buffers = std::mem::take(&mut self.buffers);
        self.identity(Image::New, frame, &mut buffers.identity);
        let outcome = self.insert_with(&mut buffers, frame, context);
        self.buffers = buffers;
        outcome
    }

    fn insert_with(
        &self,
        buffers: &mut super::target::Buffers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        for plan in &self.indexes {
            if plan.is_table || !Target::is_indexed(plan, Image::New, frame, context)? {
                continue;
            }
            index_entry(
                &plan.image(Image::New).registers,
                &plan.columns,
                End::Identity(&buffers.identity, plan.turned.as_ref()),
                frame,
                &mut buffers.key,
                &mut buffers.value,
            )?;
            let transaction = context.session.transaction_mut(self.database);
            transaction.put_key(plan.index.tree, &buffers.key, &buffers.value, None)?;
        }
        let rowid = self.rowid(Image::New, frame);
        let transaction = context.session.transaction_mut(self.database);
        if self.table.without_rowid {
            transaction.put_key(self.table.tree, &buffers.identity, &buffers.record, None)
        } else {
            transaction.put_row(self.table.tree, rowid, &buffers.record, None)
        }
    }

    /// Deletes the image's row, whose record is given, and its entries.
    pub fn delete_row(
        &mut self,
        image: Image,
        record: &[u8],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.show(Some(image), None, frame, context);
        let mut buffers = std::mem::take(&mut self.buffers);
        let outcome = self.delete_with(image, record, &mut buffers, frame, context);
        self.buffers = buffers;
        outcome
    }

    fn delete_with(
        &self,
        image: Image,
        record: &[u8],
        buffers: &mut super::target::Buffers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.check_lock(context)?;
        self.identity(image, frame, &mut buffers.identity);
        for plan in &self.indexes {
            if plan.is_table || !Target::is_indexed(plan, image, frame, context)? {
                continue;
            }
            index_entry(
                &plan.image(image).registers,
                &plan.columns,
                End::Identity(&buffers.identity, plan.turned.as_ref()),
                frame,
                &mut buffers.key,
                &mut buffers.value,
            )?;
            let transaction = context.session.transaction_mut(self.database);
            transaction.delete_key(plan.index.tree, &buffers.key, &buffers.value)?;
        }
        let rowid = self.rowid(image, frame);
        let transaction = context.session.transaction_mut(self.database);
        if self.table.without_rowid {
            transaction.delete_key(self.table.tree, &buffers.identity, record)
        } else {
            transaction.delete_row(self.table.tree, rowid, record)
        }
    }

    /// Puts the new row in the place of another image's: only entries that differ are written. `changed` says which
    /// columns do.
    pub fn replace_row(
        &mut self,
        old: Image,
        old_record: &[u8],
        changed: &[bool],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.show(Some(old), Some(Image::New), frame, context);
        let mut buffers = std::mem::take(&mut self.buffers);
        let outcome = self.replace_with(old, old_record, changed, &mut buffers, frame, context);
        self.buffers = buffers;
        outcome
    }

    fn replace_with(
        &self,
        old: Image,
        old_record: &[u8],
        changed: &[bool],
        buffers: &mut super::target::Buffers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        self.check_lock(context)?;
        let mut old_identity = std::mem::take(&mut buffers.conflict);
        self.identity(old, frame, &mut old_identity);
        self.identity(Image::New, frame, &mut buffers.identity);
        let is_moved = old_identity != buffers.identity;
        for plan in &self.indexes {
            if plan.is_table || (!is_moved && !plan.is_touched_by(changed)) {
                continue;
            }
            let was_indexed = Target::is_indexed(plan, old, frame, context)?;
            if was_indexed {
                let registers = &plan.image(old).registers;
                let (key, value) = (&mut buffers.old_key, &mut buffers.old_value);
                let end = End::Identity(&old_identity, plan.turned.as_ref());
                index_entry(registers, &plan.columns, end, frame, key, value)?;
            }
            let is_indexed = Target::is_indexed(plan, Image::New, frame, context)?;
            if is_indexed {
                let registers = &plan.image(Image::New).registers;
                let (key, value) = (&mut buffers.key, &mut buffers.value);
                let end = End::Identity(&buffers.identity, plan.turned.as_ref());
                index_entry(registers, &plan.columns, end, frame, key, value)?;
            }
            let transaction = context.session.transaction_mut(self.database);
            let tree = plan.index.tree;
            if was_indexed && is_indexed && buffers.key == buffers.old_key {
                if buffers.value != buffers.old_value {
                    transaction.put_key(tree, &buffers.key, &buffers.value, Some(&buffers.old_value))?;
                }
                continue;
            }
            if was_indexed {
                transaction.delete_key(tree, &buffers.old_key, &buffers.old_value)?;
            }
            if is_indexed {
                transaction.put_key(tree, &buffers.key, &buffers.value, None)?;
            }
        }
        self.pack(Image::New, frame, &mut buffers.record);
        let (rowid, old_rowid) = (self.rowid(Image::New, frame), self.rowid(old, frame));
        let transaction = context.session.transaction_mut(self.database);
        let tree = self.table.tree;
        let written = if self.table.without_rowid {
            if is_moved {
                transaction
                    .delete_key(tree, &old_identity, old_record)
                    .and_then(|()| transaction.put_key(tree, &buffers.identity, &buffers.record, None))
            } else {
                transaction.put_key(tree, &buffers.identity, &buffers.record, Some(old_record))
            }
        } else if is_moved {
            transaction
                .delete_row(tree, old_rowid, old_record)
                .and_then(|()| transaction.put_row(tree, rowid, &buffers.record, None))
        } else {
            transaction.put_row(tree, rowid, &buffers.record, Some(old_record))
        };
        buffers.conflict = old_identity;
        written
    }

    /// Empties the table and its indexes.
    pub fn truncate(&self, context: &mut Context<'_>) -> Result<i64> {
        let transaction = context.session.transaction_mut(self.database);
        let tree = self.table.tree;
        let count = if self.table.without_rowid {
            transaction.key_tree(tree)?.count()
        } else {
            transaction.row_tree(tree)?.count()
        };
        if count == 0 {
            return Ok(0);
        }
        let trees: Vec<TreeId> =
            self.indexes.iter().filter(|plan| !plan.is_table).map(|plan| plan.index.tree).collect();
        for index in trees {
            transaction.clear_tree(index)?;
        }
        transaction.clear_tree(tree)?;
        Ok(count as i64)
    }
}

pub(crate) fn row_vanished() -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed")
        .with_detail("an index names a row that is gone")
}
