//! A recorder's rows and those of now become a changeset.

use pluresdb_sqlite_changeset::{Change, Kind, Operation, Row, Writer};
use pluresdb_value::Value;

use super::recorder::{Entry, RecordedTable};
use super::table::{TableShape, run, run_prepared};
use super::{RecorderId, Recorders};
use crate::{Connection, Error, Result, ResultCode, Statement};

impl Connection {
    /// Begins to record changes of a database: of one table, or of all.
    pub fn begin_recording(&mut self, database: &str, table: Option<&str>) -> RecorderId {
        self.session.recorders.begin(database, table)
    }

    pub fn end_recording(&mut self, recorder: RecorderId) {
        self.session.recorders.end(recorder);
    }

    /// What has changed since the recorder began.
    pub fn recorded_changes(&mut self, recorder: RecorderId, kind: Kind) -> Result<Vec<u8>> {
        self.check_usable()?;
        // Nothing is recorded while the rows are read.
        let recorders = std::mem::take(&mut self.session.recorders);
        let outcome = self.execute("SAVEPOINT changeset").and_then(|()| {
            let written = self.write_changes(&recorders, recorder, kind);
            let released = self.execute("RELEASE changeset");
            // What was not allowed fails without a word: those of the RELEASE are said, and that succeeds.
            let is_told = |error: &Error| error.code != ResultCode::Auth;
            let written = written.map_err(|error| if is_told(&error) { error } else { schema_changed() });
            written.and_then(|bytes| released.map(|()| bytes))
        });
        self.session.recorders = recorders;
        outcome
    }

    fn write_changes(&mut self, recorders: &Recorders, recorder: RecorderId, kind: Kind) -> Result<Vec<u8>> {
        let Some(recorder) = recorders.get(recorder) else { return Ok(Vec::new()) };
        if recorder.is_lost {
            return Err(schema_changed());
        }
        let mut writer = Writer::new(kind);
        for table in recorder.tables.iter().filter(|table| !table.is_unchanged()) {
            let shape = TableShape::read(self, &recorder.database, &table.name)?;
            if shape.columns.len() < table.key.len() {
                return Err(schema_changed());
            }
            writer.begin_table(&table.name, &shape.key);
            self.write_table(table, &shape, &mut writer)?;
        }
        Ok(writer.finish())
    }

    fn write_table(&mut self, table: &RecordedTable, shape: &TableShape, writer: &mut Writer) -> Result<()> {
        let Some((mut select, _)) = self.prepare(&shape.select(), 0)? else { return Ok(()) };
        let is_short = |entry: &Entry| entry.values.len() < shape.columns.len();
        let needs_added = table.key.len() < shape.columns.len() || table.entries().any(is_short);
        let outcome = (|| {
            let added = if needs_added { self.defaults_behind(shape, table.key.len())? } else { Vec::new() };
            for entry in table.entries() {
                if let Some(change) = self.change_of(entry, shape, &mut select, &added)? {
                    writer.put(&change);
                }
            }
            Ok(())
        })();
        self.finalize(select);
        outcome
    }

    /// What rows of before have in the columns from `first` on, and in those that an entry is too short for.
    fn defaults_behind(&mut self, shape: &TableShape, first: usize) -> Result<Vec<Value>> {
        let mut values = vec![Value::Null; shape.columns.len()];
        for (column, default) in shape.defaults.iter().enumerate() {
            let Some(default) = default.as_ref().filter(|_| column > 0 || first == 0) else { continue };
            if let Some(row) = run(self, &format!("SELECT {default}"), &[])?.pop() {
                values[column] = row.into_iter().next().unwrap_or_default();
            }
        }
        Ok(values)
    }

    fn change_of(
        &mut self,
        entry: &Entry,
        shape: &TableShape,
        select: &mut Statement,
        added: &[Value],
    ) -> Result<Option<Change>> {
        let mut values = entry.values.clone();
        values.extend_from_slice(&added[values.len().min(added.len())..]);
        let is_key = |column: &usize| shape.key[*column] != 0;
        let key = (0..values.len()).filter(is_key).map(|column| (column, values[column].clone()));
        let key: Vec<_> = key.collect();
        let now = run_prepared(self, select, &key)?.pop();
        let is_indirect = entry.is_indirect;
        let change = |operation, old, new| Some(Change { operation, is_indirect, old, new });
        Ok(match (entry.was_there, now) {
            (false, None) => None,
            (false, Some(now)) => {
                change(Operation::Insert, Row::default(), now.into_iter().enumerate().collect())
            }
            (true, None) => {
                change(Operation::Delete, values.into_iter().enumerate().collect(), Row::default())
            }
            (true, Some(now)) => {
                let changed: Vec<bool> = values.iter().zip(&now).map(|(was, is)| was != is).collect();
                if !changed.contains(&true) {
                    return Ok(None);
                }
                let old =
                    values.into_iter().enumerate().filter(|(column, _)| changed[*column] || is_key(column));
                let new = now.into_iter().enumerate().filter(|(column, _)| changed[*column]);
                change(Operation::Update, old.collect(), new.collect())
            }
        })
    }
}

fn schema_changed() -> Error {
    Error::new(ResultCode::Schema, "database schema has changed")
}
