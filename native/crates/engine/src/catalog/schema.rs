//! Schema objects as the rest of the engine sees them: immutable, shared, found by name.
//!
//! A `Catalog` is one version of one database's schema. DDL builds a new one and the transaction publishes it with
//! its commit, so a snapshot always sees the schema of its own moment.
//!
//! Always true:
//! - A column's `slot` is its position in stored records; slots are never reused, so a dropped column leaves a hole.
//! - Names keep the case they were written in; look-ups fold ASCII case.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Affinity, Collation};

use super::name_map::NameMap;
use super::row_hints::RowHints;

/// Names a tree within one database; what `sqlite_schema.rootpage` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeId(pub u32);

impl TreeId {
    /// The tree of `sqlite_schema` itself.
    pub const SCHEMA: TreeId = TreeId(1);
}

/// Position in a connection's list of databases: 0 main, 1 temp, then the attached ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DatabaseIndex(pub usize);

impl DatabaseIndex {
    pub const MAIN: DatabaseIndex = DatabaseIndex(0);
    pub const TEMP: DatabaseIndex = DatabaseIndex(1);
}

/// Databases of a connection, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DatabaseSet(u64);

impl DatabaseSet {
    #[must_use]
    pub fn with(self, database: DatabaseIndex) -> DatabaseSet {
        assert!(database.0 < u64::BITS as usize, "a connection attaches fewer databases than a set has bits");
        DatabaseSet(self.0 | 1 << database.0)
    }

    #[must_use]
    pub fn without(self, others: DatabaseSet) -> DatabaseSet {
        DatabaseSet(self.0 & !others.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn contains(self, database: DatabaseIndex) -> bool {
        database.0 < u64::BITS as usize && self.0 & 1 << database.0 != 0
    }
}

/// What to do when a constraint fails.
pub use pluresdb_sql::ast::ConflictAction;

#[derive(Clone, Debug)]
pub struct Table {
    pub name: Arc<str>,
    pub tree: TreeId,
    pub columns: Vec<Column>,
    /// The column that is the rowid (`INTEGER PRIMARY KEY`), an index into `columns`.
    pub rowid_alias: Option<usize>,
    pub without_rowid: bool,
    pub strict: bool,
    pub autoincrement: bool,
    /// Columns of the declared PRIMARY KEY, in key order; empty when there is none.
    pub primary_key: Vec<KeyColumnDef>,
    /// The conflict clause written at an `INTEGER PRIMARY KEY`.
    pub primary_key_conflict: Option<ConflictAction>,
    pub checks: Vec<Check>,
    pub foreign_keys: Vec<ForeignKey>,
    /// The text in `sqlite_schema.sql`; empty for `sqlite_schema` itself.
    pub sql: String,
    /// `sqlite_schema` and its like: readable, not writable by SQL.
    pub is_system: bool,
    pub next_slot: u32,
}

impl Table {
    /// With these columns and nothing else.
    pub(crate) fn plain(name: &str, tree: TreeId, columns: Vec<Column>) -> Table {
        Table {
            name: name.into(),
            tree,
            next_slot: u32::try_from(columns.len()).unwrap_or(u32::MAX),
            columns,
            rowid_alias: None,
            without_rowid: false,
            strict: false,
            autoincrement: false,
            primary_key: Vec::new(),
            primary_key_conflict: None,
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            sql: String::new(),
            is_system: false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: Arc<str>,
    /// As written; empty when no type was given.
    pub declared_type: Arc<str>,
    /// How wide SQLite takes its values to be, in units of four bytes.
    pub width: usize,
    pub affinity: Affinity,
    pub collation: Collation,
    pub slot: u32,
    /// `NOT NULL`, with its conflict clause.
    pub not_null: Option<ConflictAction>,
    pub default: Option<DefaultValue>,
    pub generated: Option<Generated>,
}

impl Column {
    /// With a name and a type, and nothing else.
    pub(crate) fn of_type(name: Arc<str>, slot: u32, declared_type: &str) -> Column {
        let affinity = Affinity::of_declared_type(declared_type);
        let width = width_of(declared_type, affinity);
        Column { declared_type: declared_type.into(), width, affinity, ..Column::plain(name, slot) }
    }

    /// With a name and nothing else.
    pub(crate) fn plain(name: Arc<str>, slot: u32) -> Column {
        Column {
            name,
            declared_type: "".into(),
            width: 1,
            affinity: Affinity::Blob,
            collation: Collation::Binary,
            slot,
            not_null: None,
            default: None,
            generated: None,
        }
    }
}

/// What text and blobs without a given length are taken for.
const UNKNOWN_LENGTH: usize = 16;

fn width_of(declared_type: &str, affinity: Affinity) -> usize {
    // ANY is a number to SQLite at first, also where STRICT makes more of it.
    let is_any = declared_type.eq_ignore_ascii_case("any");
    if declared_type.is_empty() || is_any || !matches!(affinity, Affinity::Text | Affinity::Blob) {
        return 1;
    }
    let declared = declared_type.to_ascii_lowercase();
    // Only CHAR, in any compound, and BLOB( tell a length: the first number behind.
    let behind = declared.rfind("char").map(|start| start + "char".len());
    let behind = behind.or_else(|| declared.find("blob(").filter(|_| affinity == Affinity::Blob));
    let length = behind.map_or(UNKNOWN_LENGTH, |start| {
        let digits = declared[start..].trim_start_matches(|char: char| !char.is_ascii_digit());
        let end = digits.find(|char: char| !char.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<i32>().map_or(0, |length| length as usize)
    });
    (length / 4 + 1).min(255)
}

#[derive(Clone, Debug)]
pub struct DefaultValue {
    pub expr: ast::Expr,
    /// As `PRAGMA table_info` shows it.
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Generated {
    pub expr: ast::Expr,
    pub stored: bool,
}

#[derive(Clone, Debug)]
pub struct Check {
    pub name: Option<String>,
    pub expr: ast::Expr,
    /// The expression as written, without the quotes it may start with: the error's text when the check has no name.
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct KeyColumnDef {
    /// Index into `Table::columns`.
    pub column: usize,
    pub collation: Collation,
    pub descending: bool,
}

impl KeyColumnDef {
    pub fn key_column(&self) -> KeyColumn {
        KeyColumn { collation: self.collation, descending: self.descending }
    }
}

#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Indexes into `Table::columns` of the child's columns.
    pub columns: Vec<usize>,
    pub parent_table: String,
    /// Empty: the parent's primary key.
    pub parent_columns: Vec<String>,
    pub on_delete: ast::ForeignKeyAction,
    pub on_update: ast::ForeignKeyAction,
    pub initially_deferred: bool,
}

#[derive(Debug)]
pub struct Index {
    pub name: String,
    pub table: String,
    pub tree: TreeId,
    pub columns: Vec<IndexColumn>,
    pub unique: bool,
    /// Conflict clause of the constraint that made it; `Abort` for CREATE INDEX.
    pub on_conflict: ConflictAction,
    pub origin: IndexOrigin,
    pub partial: Option<ast::Expr>,
    /// None for automatic indexes.
    pub sql: Option<String>,
    pub(crate) hints: RowHints,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexOrigin {
    CreateIndex,
    Unique,
    /// The primary key of a rowid table, or the table itself when it is WITHOUT ROWID (then `tree` is the table's).
    PrimaryKey,
}

#[derive(Clone, Debug)]
pub struct IndexColumn {
    pub term: IndexTerm,
    pub collation: Collation,
    pub descending: bool,
}

#[derive(Clone, Debug)]
pub enum IndexTerm {
    /// Index into `Table::columns`.
    Column(usize),
    Rowid,
    Expr(ast::Expr),
}

#[derive(Clone, Debug)]
pub struct View {
    pub name: String,
    /// Column names written after the view's name.
    pub columns: Option<Vec<String>>,
    pub select: ast::Select,
    pub sql: String,
    pub temporary: bool,
}

/// A table that a module of the application computes.
#[derive(Debug)]
pub struct VirtualTable {
    pub name: String,
    pub module: String,
    /// As written; empty ones are left out.
    pub arguments: Vec<String>,
    pub sql: String,
}

#[derive(Debug)]
pub struct Trigger {
    pub name: String,
    /// Table or view it stands on.
    pub table: String,
    /// For a temp trigger: the database of that table; None: where the name is found first.
    pub table_schema: Option<String>,
    pub definition: ast::CreateTrigger,
    pub sql: String,
}

/// One version of one database's schema.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub tables: NameMap<Arc<Table>>,
    pub indexes: NameMap<Arc<Index>>,
    /// Indexes by table, oldest first.
    pub table_indexes: NameMap<Vec<Arc<Index>>>,
    pub views: NameMap<Arc<View>>,
    pub virtual_tables: NameMap<Arc<VirtualTable>>,
    pub triggers: NameMap<Arc<Trigger>>,
    /// Triggers by table or view, oldest first.
    pub table_triggers: NameMap<Vec<Arc<Trigger>>>,
    /// By the table their foreign keys name, which need not exist.
    pub children: NameMap<Vec<Arc<Table>>>,
    /// `PRAGMA schema_version`: grows with every change of the schema.
    pub schema_version: u32,
}

impl Catalog {
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.get(name)
    }

    pub fn view(&self, name: &str) -> Option<&Arc<View>> {
        self.views.get(name)
    }

    pub fn virtual_table(&self, name: &str) -> Option<&Arc<VirtualTable>> {
        self.virtual_tables.get(name)
    }

    pub fn index(&self, name: &str) -> Option<&Arc<Index>> {
        self.indexes.get(name)
    }

    /// The table's indexes, oldest first. A WITHOUT ROWID table's own key is among them (`IndexOrigin::PrimaryKey`).
    pub fn indexes_of(&self, table: &str) -> &[Arc<Index>] {
        self.table_indexes.get(table).map_or(&[], Vec::as_slice)
    }

    pub fn trigger(&self, name: &str) -> Option<&Arc<Trigger>> {
        self.triggers.get(name)
    }

    /// The tables with a foreign key to that table, newest first: SQLite goes through them in this order.
    pub fn children_of(&self, parent: &str) -> Vec<Arc<Table>> {
        if self.children.is_empty() {
            return Vec::new();
        }
        let mut children = self.children.get(parent).cloned().unwrap_or_default();
        children.sort_by_key(|child| std::cmp::Reverse(child.tree));
        children
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty()
            && self.views.is_empty()
            && self.virtual_tables.is_empty()
            && self.triggers.is_empty()
    }

    pub(crate) fn add_table(&mut self, table: Arc<Table>, indexes: Vec<Arc<Index>>) {
        for foreign_key in &table.foreign_keys {
            let children = self.children.get_or_default(&foreign_key.parent_table);
            if !children.iter().any(|child| Arc::ptr_eq(child, &table)) {
                children.push(table.clone());
            }
        }
        self.tables.insert(table.name.to_string(), table);
        for index in indexes {
            self.add_index(index);
        }
    }

    pub(crate) fn add_index(&mut self, index: Arc<Index>) {
        self.table_indexes.get_or_default(&index.table).push(index.clone());
        self.indexes.insert(index.name.clone(), index);
    }

    pub(crate) fn add_view(&mut self, view: Arc<View>) {
        self.views.insert(view.name.clone(), view);
    }

    pub(crate) fn add_virtual_table(&mut self, table: Arc<VirtualTable>) {
        self.virtual_tables.insert(table.name.clone(), table);
    }

    pub(crate) fn add_trigger(&mut self, trigger: Arc<Trigger>) {
        self.table_triggers.get_or_default(&trigger.table).push(trigger.clone());
        self.triggers.insert(trigger.name.clone(), trigger);
    }

    pub(crate) fn remove_trigger(&mut self, name: &str) {
        if let Some(trigger) = self.triggers.remove(name)
            && let Some(siblings) = self.table_triggers.get_mut(&trigger.table)
        {
            siblings.retain(|sibling| !Arc::ptr_eq(sibling, &trigger));
        }
    }

    /// The table with its indexes; its triggers are the caller's.
    pub(crate) fn remove_table(&mut self, name: &str) {
        let removed = self.tables.remove(name);
        for foreign_key in removed.iter().flat_map(|table| &table.foreign_keys) {
            let parent = &foreign_key.parent_table;
            if let Some(children) = self.children.get_mut(parent) {
                children.retain(|child| !child.name.eq_ignore_ascii_case(name));
                if children.is_empty() {
                    self.children.remove(parent);
                }
            }
        }
        for index in self.table_indexes.remove(name).unwrap_or_default() {
            self.indexes.remove(&index.name);
        }
    }

    pub(crate) fn remove_index(&mut self, name: &str) {
        if let Some(index) = self.indexes.remove(name)
            && let Some(siblings) = self.table_indexes.get_mut(&index.table)
        {
            siblings.retain(|sibling| !Arc::ptr_eq(sibling, &index));
        }
    }

    /// The triggers of a table or view, oldest first. In temp, also those on a table of that name elsewhere.
    pub fn triggers_of(&self, table: &str) -> &[Arc<Trigger>] {
        if self.triggers.is_empty() {
            return &[];
        }
        self.table_triggers.get(table).map_or(&[], Vec::as_slice)
    }
}
