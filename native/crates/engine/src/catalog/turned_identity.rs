//! The end of an index entry's key where it is not the key of the table's row, byte for byte.
//!
//! Entries of an index of a WITHOUT ROWID table end in the key of their row. In the index of a UNIQUE constraint SQLite
//! has its columns ascending, whatever the table's own order is; entries of equal values, which are NULLs there, come so.
//!
//! ```text
//! CREATE TABLE t(a PRIMARY KEY DESC, b UNIQUE) WITHOUT ROWID      table: a descending     index: b, then a ascending
//! ```

use pluresdb_value::Malformed;
use pluresdb_value::key::{self, KeyColumn};

use super::schema::{Index, IndexOrigin, KeyColumnDef, Table};

impl Index {
    /// How the key of a WITHOUT ROWID table's row orders behind the indexed values: as the table does, but ascending in
    /// the index of a UNIQUE constraint, as SQLite has it.
    pub fn identity_columns(&self, table: &Table) -> Vec<KeyColumn> {
        let is_turned = self.origin == IndexOrigin::Unique;
        let keys = table.primary_key.iter().filter(|_| table.without_rowid);
        keys.map(|key| KeyColumn { descending: key.descending && !is_turned, ..key.key_column() }).collect()
    }

    /// None: entries end in the key of their row as the table has it.
    pub fn turned_identity(&self, table: &Table) -> Option<TurnedIdentity> {
        let is_turned = table.without_rowid
            && self.origin == IndexOrigin::Unique
            && table.primary_key.iter().any(|key| key.descending);
        is_turned.then(|| TurnedIdentity {
            table: table.primary_key.iter().map(KeyColumnDef::key_column).collect(),
            entry: self.identity_columns(table),
        })
    }
}

/// Columns of a table's key that order otherwise where entries of an index end in it.
#[derive(Clone, Debug)]
pub struct TurnedIdentity {
    table: Vec<KeyColumn>,
    entry: Vec<KeyColumn>,
}

impl TurnedIdentity {
    /// Appends what an entry ends in to `out`.
    pub fn push_to_entry(&self, identity: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        key::redirect(identity, &self.table, &self.entry, out)
    }

    /// Appends the key of the row whose entry ends so to `out`.
    pub fn push_to_identity(&self, end: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        key::redirect(end, &self.entry, &self.table, out)
    }
}

/// The identity that an entry ends in, as the table has it; `bytes` is room for it.
pub fn identity_of<'b>(
    end: &'b [u8],
    turned: Option<&TurnedIdentity>,
    bytes: &'b mut Vec<u8>,
) -> Result<&'b [u8], Malformed> {
    let Some(turned) = turned else { return Ok(end) };
    bytes.clear();
    turned.push_to_identity(end, bytes)?;
    Ok(bytes)
}

/// Appends the identity that an entry ends in, as the table has it.
pub fn push_identity(
    end: &[u8],
    turned: Option<&TurnedIdentity>,
    out: &mut Vec<u8>,
) -> Result<(), Malformed> {
    match turned {
        Some(turned) => turned.push_to_identity(end, out),
        None => {
            out.extend_from_slice(end);
            Ok(())
        }
    }
}
