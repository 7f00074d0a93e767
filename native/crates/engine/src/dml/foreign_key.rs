//! Foreign keys.

use pluresdb_value::Value;

use crate::Result;
use crate::session::Session;

/// PRAGMA foreign_key_check.
pub(crate) fn check_foreign_keys(
    _session: &mut Session,
    _table: Option<&str>,
    _schema: Option<&str>,
) -> Result<Vec<Vec<Value>>> {
    Ok(Vec::new())
}
