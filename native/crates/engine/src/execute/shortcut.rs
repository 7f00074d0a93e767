//! `SELECT count(*) FROM t`: inner nodes of trees keep counts, so nothing is scanned.

use std::sync::Arc;

use pluresdb_value::Value;

use crate::catalog::{DatabaseIndex, Table};
use crate::error::Result;
use crate::execute::{Context, Frame, Source};
use crate::resolve::tree::Register;

pub(crate) struct Count {
    database: DatabaseIndex,
    table: Arc<Table>,
    result: Register,
    is_done: bool,
}

impl Count {
    pub fn new(database: DatabaseIndex, table: Arc<Table>, result: Register) -> Count {
        Count { database, table, result, is_done: true }
    }
}

impl Source for Count {
    fn open(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.is_done = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(false);
        }
        let count = if self.table.without_rowid {
            context.key_tree(self.database, self.table.tree)?.0.count()
        } else {
            context.row_tree(self.database, self.table.tree)?.0.count()
        };
        frame.set_register(self.result, Value::Integer(count as i64));
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.set_register(self.result, Value::Null);
    }
}
