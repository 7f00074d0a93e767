//! Which key of the parent table a foreign key means, and whether a row there has given values.
//!
//! ```text
//! REFERENCES p          the primary key: the rowid, or its index
//! REFERENCES p(b, a)    an INTEGER PRIMARY KEY, or a unique index on exactly these columns in any order: whole, and
//!                       under the columns' own collations
//! ```
//! Columns of a key come in the order of the parent's index, on both sides.

use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Value, affinity};

use crate::catalog::{
    Catalog, ConflictAction, ForeignKey, Index, IndexOrigin, IndexTerm, Table, TreeId, TurnedIdentity,
    identity_of,
};
use crate::execute::{Frame, corrupt, tree_error};
use crate::resolve::tree::Register;
use crate::transaction::Transaction;
use crate::{Error, Result};

/// Both sides of a foreign key.
pub(super) struct ParentKey {
    pub parent: Arc<Table>,
    /// None: the parent's rowid.
    pub index: Option<Arc<Index>>,
    pub parent_columns: Vec<usize>,
    pub child_columns: Vec<usize>,
}

impl ParentKey {
    /// None: the parent has no such key.
    pub fn find(catalog: &Catalog, foreign_key: &ForeignKey, parent: &Arc<Table>) -> Option<ParentKey> {
        if let ([child], Some(alias)) = (foreign_key.columns.as_slice(), parent.rowid_alias)
            && foreign_key
                .parent_columns
                .first()
                .is_none_or(|name| name.eq_ignore_ascii_case(&parent.columns[alias].name))
        {
            return Some(ParentKey {
                parent: parent.clone(),
                index: None,
                parent_columns: vec![alias],
                child_columns: vec![*child],
            });
        }
        let mut indexes: Vec<&Arc<Index>> = catalog.indexes_of(&parent.name).iter().rev().collect();
        // As SQLite keeps them: see `Target::compile`.
        indexes.sort_by_key(|index| index.on_conflict == ConflictAction::Replace);
        indexes.into_iter().find_map(|index| ParentKey::in_index(foreign_key, parent, index))
    }

    fn in_index(foreign_key: &ForeignKey, parent: &Arc<Table>, index: &Arc<Index>) -> Option<ParentKey> {
        if !index.unique || index.partial.is_some() || index.columns.len() != foreign_key.columns.len() {
            return None;
        }
        let is_implied = foreign_key.parent_columns.is_empty();
        if is_implied && index.origin != IndexOrigin::PrimaryKey {
            return None;
        }
        let mut parent_columns = Vec::with_capacity(index.columns.len());
        let mut child_columns = Vec::with_capacity(index.columns.len());
        for (position, indexed) in index.columns.iter().enumerate() {
            let column = match &indexed.term {
                IndexTerm::Column(column) => *column,
                IndexTerm::Rowid => parent.rowid_alias?,
                IndexTerm::Expr(_) => return None,
            };
            let named = if is_implied {
                position
            } else {
                let definition = &parent.columns[column];
                if indexed.collation != definition.collation {
                    return None;
                }
                let names = &foreign_key.parent_columns;
                names.iter().position(|name| name.eq_ignore_ascii_case(&definition.name))?
            };
            parent_columns.push(column);
            child_columns.push(foreign_key.columns[named]);
        }
        Some(ParentKey { parent: parent.clone(), index: Some(index.clone()), parent_columns, child_columns })
    }
}

pub(super) fn mismatch(child: &Table, foreign_key: &ForeignKey) -> Error {
    let quoted = |name: &str| name.replace('"', "\"\"");
    Error::error(format!(
        "foreign key mismatch - \"{}\" referencing \"{}\"",
        quoted(&child.name),
        quoted(&foreign_key.parent_table)
    ))
}

/// Looks for parent rows by values in registers, none of them NULL.
pub(super) struct ParentLookup {
    place: Place,
    key: Vec<u8>,
    turned_bytes: Vec<u8>,
    cursor: KeyCursor,
}

enum Place {
    Rowid(TreeId),
    Index {
        tree: TreeId,
        /// With the parent column's affinity, which is what the child's value is compared under.
        columns: Vec<(KeyColumn, Affinity)>,
        /// The index is the parent itself, WITHOUT ROWID.
        is_table: bool,
        turned: Option<TurnedIdentity>,
    },
}

impl ParentLookup {
    pub fn new(key: &ParentKey) -> ParentLookup {
        let place = match &key.index {
            None => Place::Rowid(key.parent.tree),
            Some(index) => Place::Index {
                tree: index.tree,
                columns: index
                    .columns
                    .iter()
                    .zip(&key.parent_columns)
                    .map(|(indexed, column)| {
                        let key_column =
                            KeyColumn { collation: indexed.collation, descending: indexed.descending };
                        (key_column, key.parent.columns[*column].affinity)
                    })
                    .collect(),
                is_table: index.tree == key.parent.tree,
                turned: index.turned_identity(&key.parent),
            },
        };
        ParentLookup { place, key: Vec::new(), turned_bytes: Vec::new(), cursor: KeyCursor::closed() }
    }

    /// `hidden` is the identity of a row that is passed over.
    pub fn finds(
        &mut self,
        registers: &[Register],
        hidden: Option<&[u8]>,
        frame: &Frame,
        transaction: &Transaction,
    ) -> Result<bool> {
        match &self.place {
            Place::Rowid(tree) => {
                let Some(rowid) = affinity::as_integer(frame.register(registers[0])) else {
                    return Ok(false);
                };
                if hidden.is_some_and(|hidden| hidden == key::rowid_bytes(rowid)) {
                    return Ok(false);
                }
                transaction.row_tree(*tree)?.contains(transaction.pager(), rowid).map_err(tree_error)
            }
            Place::Index { tree, columns, is_table, turned } => {
                self.key.clear();
                for (register, (column, affinity)) in registers.iter().zip(columns) {
                    encode(frame.register(*register), *column, *affinity, &mut self.key);
                }
                let tree = transaction.key_tree(*tree)?;
                if tree.is_empty() {
                    return Ok(false);
                }
                self.cursor.reset(tree, transaction.pager());
                let mut found = self.cursor.seek_ge(&self.key).map_err(tree_error)?
                    && self.cursor.key().starts_with(&self.key);
                if let (true, Some(hidden)) = (found, hidden) {
                    let entry = self.cursor.key();
                    let end = if *is_table { entry } else { &entry[self.key.len()..] };
                    found = hidden
                        != identity_of(end, turned.as_ref(), &mut self.turned_bytes).map_err(corrupt)?;
                }
                // A cursor that keeps standing on the tree would make the next write copy its leaf.
                self.cursor.close();
                Ok(found)
            }
        }
    }
}

fn encode(value: &Value, column: KeyColumn, affinity: Affinity, out: &mut Vec<u8>) {
    let is_settled = match (value, affinity) {
        (Value::Null | Value::Blob(_), _) | (_, Affinity::Blob) => true,
        (Value::Text(_), affinity) => affinity == Affinity::Text,
        // Numbers of either class have the same key.
        (Value::Integer(_) | Value::Real(_), affinity) => affinity != Affinity::Text,
    };
    if is_settled {
        return key::encode_value(value.as_ref(), column, out);
    }
    let mut value = value.clone();
    // Under REAL, too, text becomes an integer where it can: one that no real is equals no key.
    affinity::apply(&mut value, if affinity.is_numeric() { Affinity::Numeric } else { affinity });
    key::encode_value(value.as_ref(), column, out);
}
