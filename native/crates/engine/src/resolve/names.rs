//! What the resolver may ask about the connection: which relations, indexes and collations there are.

use std::sync::Arc;

use pluresdb_value::Collation;

use crate::catalog::{DatabaseIndex, Index, Table, View};

/// What a name in FROM may stand for.
pub enum Relation {
    Table(DatabaseIndex, Arc<Table>),
    View(DatabaseIndex, Arc<View>),
}

/// The columns of a pragma that is a table; the hidden ones are its arguments.
pub struct PragmaColumns {
    pub visible: &'static [&'static str],
    pub hidden: &'static [&'static str],
}

/// The names a connection knows, in its own search order (temp, main, attached).
pub trait Names {
    /// A table or view. `schema` limits the search to one database.
    fn find_relation(&self, schema: Option<&str>, name: &str) -> Option<Relation>;

    /// The module of a virtual table of that name, where `find_relation` found nothing.
    fn find_module(&self, schema: Option<&str>, name: &str) -> Option<String>;

    fn database_exists(&self, schema: &str) -> bool;

    /// `main`, `temp` or the name given to ATTACH.
    fn database_name(&self, database: DatabaseIndex) -> &str;

    /// An index of that database, whatever table it stands on.
    fn find_index(&self, database: DatabaseIndex, name: &str) -> Option<Arc<Index>>;

    fn find_collation(&self, name: &str) -> Option<Collation>;

    /// Result columns of `pragma_NAME`, or None when there is no such table-valued pragma.
    fn pragma_columns(&self, name: &str) -> Option<PragmaColumns>;
}
