//! What the resolver may ask about the connection: which relations, indexes and collations there are.

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::Collation;

use crate::callback::{Action, ConnectedTable, FunctionDefinition, Permission};
use crate::catalog::{DatabaseIndex, Index, MAX_COLUMNS, Table, View, VirtualTable};
use crate::error::Result;

/// What a name in FROM may stand for.
pub enum Relation {
    Table(DatabaseIndex, Arc<Table>),
    View(DatabaseIndex, Arc<View>),
    Virtual(VirtualRelation),
}

/// A table that a module computes.
pub enum VirtualRelation {
    Created(DatabaseIndex, Arc<VirtualTable>),
    /// The module's own table, by the module's name.
    Eponymous(String),
}

impl VirtualRelation {
    pub fn name(&self) -> &str {
        match self {
            VirtualRelation::Created(_, table) => &table.name,
            VirtualRelation::Eponymous(name) => name,
        }
    }
}

/// `PRAGMA full_column_names` and `short_column_names`: the names of result columns without AS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnNames {
    /// `column`.
    Short,
    /// `table.column`; `is_of_stars`: also of what `*` stands for, by the table's alias.
    Full { is_of_stars: bool },
    /// As written.
    Written,
}

/// The columns of a pragma that is a table; the hidden ones are its arguments.
pub struct PragmaColumns {
    pub visible: &'static [&'static str],
    pub hidden: &'static [&'static str],
}

/// The columns of json_each and json_tree.
pub(crate) const JSON_TABLE: PragmaColumns = PragmaColumns {
    visible: &["key", "value", "type", "atom", "id", "parent", "fullkey", "path"],
    hidden: &["json", "root"],
};

/// The names a connection knows, in its own search order (temp, main, attached).
pub trait Names {
    /// A table or view. `schema` limits the search to one database.
    fn find_relation(&self, schema: Option<&str>, name: &str) -> Option<Relation>;

    fn database_exists(&self, schema: &str) -> bool;

    /// `main`, `temp` or the name given to ATTACH.
    fn database_name(&self, database: DatabaseIndex) -> &str;

    /// An index of that database, whatever table it stands on.
    fn find_index(&self, database: DatabaseIndex, name: &str) -> Option<Arc<Index>>;

    fn find_collation(&self, name: &str) -> Option<Collation>;

    /// The application's function that a call of so many arguments means.
    fn function(&self, name: &str, arg_count: usize) -> Option<Rc<FunctionDefinition>>;

    /// A function of the application of that name, whatever its arguments.
    fn any_function(&self, name: &str) -> Option<Rc<FunctionDefinition>>;

    /// What the module says of a table; its code may run for it.
    fn connect(&self, relation: &VirtualRelation) -> Result<Rc<ConnectedTable>>;

    /// A view of temp has been resolved, and these are its columns.
    fn note_view(&self, _name: &str, _columns: &Arc<Table>) {}

    /// `PRAGMA trusted_schema`: the schema's own expressions may call any function that is not for direct use only.
    fn trusts_schema(&self) -> bool;

    /// Whether somebody decides what statements may do.
    fn has_authorizer(&self) -> bool {
        false
    }

    /// Asks for something that a statement does; `context` is the view or trigger that does it.
    fn authorize(&self, _action: Action<'_>, _context: Option<&str>) -> Result<Permission> {
        Ok(Permission::Allowed)
    }

    fn column_names(&self) -> ColumnNames {
        ColumnNames::Short
    }

    /// Columns of a result, terms of ORDER BY and GROUP BY.
    fn max_columns(&self) -> usize {
        MAX_COLUMNS
    }

    /// A name in double quotes that nothing has is a string.
    fn has_double_quoted_strings(&self) -> bool;

    /// Result columns of `pragma_NAME`, or None when there is no such table-valued pragma.
    fn pragma_columns(&self, name: &str) -> Option<PragmaColumns>;

    /// A table-valued function is read: such a table belongs to the main database.
    fn note_table_function(&self) {}
}
