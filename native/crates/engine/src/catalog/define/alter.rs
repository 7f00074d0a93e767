//! ALTER TABLE.

use pluresdb_sql::ast;

use super::Definition;
use crate::catalog::DatabaseIndex;
use crate::session::Session;
use crate::statement::{Effect, Source};
use crate::{Error, Result};

pub(crate) struct Alter {
    database: DatabaseIndex,
}

pub(super) fn prepare(_session: &Session, _alter: &ast::AlterTable, _source: &Source) -> Result<Definition> {
    Err(Error::error("ALTER TABLE comes next"))
}

impl Alter {
    pub fn effect(&self) -> Effect {
        Effect::Write(self.database)
    }

    pub fn run(&mut self, _session: &mut Session) -> Result<()> {
        Ok(())
    }
}
