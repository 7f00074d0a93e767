//! Scopes: which columns a name can mean at one place of a statement.
//!
//! A scope holds the sources of one FROM clause. Look-up goes from the innermost scope outwards; within a scope a
//! name must be unique, except that USING and NATURAL merge columns of equal name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use pluresdb_value::{Affinity, Collation};

use super::authorize::{AskedCall, LateQuestion};
use super::nest::JoinedItem;
use super::tree::{
    AggregateCall, ColumnOrigin, Expr, OrderTerm, Register, SourceId, WindowCall, WindowFrame,
};
use crate::catalog::Table;

/// Where an expression's collation comes from: a COLLATE operator outranks a column's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CollationSource {
    None,
    Column(Collation),
    Explicit(Collation),
}

impl CollationSource {
    pub fn collation(self) -> Collation {
        match self {
            Self::None => Collation::Binary,
            Self::Column(collation) | Self::Explicit(collation) => collation,
        }
    }

    /// What an operator passes on from its operands: only an explicit collation.
    pub fn explicit_only(self) -> Self {
        match self {
            Self::Explicit(_) => self,
            Self::None | Self::Column(_) => Self::None,
        }
    }

    pub fn or_explicit(self, other: Self) -> Self {
        match (self, other) {
            (Self::Explicit(_), _) => self,
            (_, Self::Explicit(_)) => other,
            _ => Self::None,
        }
    }

    /// The collation of a comparison: explicit left, explicit right, then the left column's, then the right's.
    pub fn of_comparison(left: Self, right: Self) -> Self {
        match (left, right) {
            (Self::Explicit(_), _) => left,
            (_, Self::Explicit(_)) => right,
            (Self::Column(_), _) => left,
            (Self::None, other) => other,
        }
    }
}

/// An expression with what comparisons need to know about it.
#[derive(Clone, Debug)]
pub struct Typed {
    pub expr: Expr,
    /// None: an expression without affinity.
    pub affinity: Option<Affinity>,
    pub collation: CollationSource,
}

impl Typed {
    pub fn plain(expr: Expr) -> Self {
        Self { expr, affinity: None, collation: CollationSource::None }
    }

    pub fn collation(&self) -> Collation {
        self.collation.collation()
    }
}

/// One column that a scope offers.
#[derive(Clone, Debug)]
pub struct ScopeColumn {
    pub name: Arc<str>,
    pub expr: Expr,
    pub affinity: Option<Affinity>,
    pub collation: CollationSource,
    pub provenance: Provenance,
    /// A hidden column of a table-valued function: found by name, left out of `*`.
    pub hidden: bool,
    /// Merged into a column further left by USING or NATURAL: found only with its table's name.
    pub merged_away: bool,
    /// What the bare name means after a RIGHT or FULL join merged it: the first that is not NULL.
    pub merged: Option<Rc<Typed>>,
    /// What a later USING compares, after such a join: the first of all that were merged.
    pub gathered: Option<Rc<Typed>>,
}

/// Where a column comes from, as result columns tell it. A table's columns are described when they are asked: a statement
/// reads few of them.
#[derive(Clone, Debug)]
pub enum Provenance {
    /// The column at that place of a table.
    Table(Rc<TableOrigin>, usize),
    Other(Rc<Described>),
    Unknown,
}

#[derive(Debug, Default)]
pub struct Described {
    pub declared_type: Option<Arc<str>>,
    pub origin: Option<ColumnOrigin>,
}

#[derive(Debug)]
pub struct TableOrigin {
    pub database: Arc<str>,
    pub table: Arc<Table>,
}

impl TableOrigin {
    pub fn of_column(&self, column: Arc<str>) -> ColumnOrigin {
        ColumnOrigin { database: self.database.clone(), table: self.table.name.clone(), column }
    }
}

impl Provenance {
    pub fn described(declared_type: Option<Arc<str>>, origin: Option<ColumnOrigin>) -> Provenance {
        if declared_type.is_none() && origin.is_none() {
            return Provenance::Unknown;
        }
        Provenance::Other(Rc::new(Described { declared_type, origin }))
    }

    pub fn declared_type(&self) -> Option<Arc<str>> {
        match self {
            Provenance::Table(of, column) => {
                let declared_type = &of.table.columns[*column].declared_type;
                (!declared_type.is_empty()).then(|| declared_type.clone())
            }
            Provenance::Other(described) => described.declared_type.clone(),
            Provenance::Unknown => None,
        }
    }

    pub fn origin(&self) -> Option<ColumnOrigin> {
        match self {
            Provenance::Table(of, column) => Some(of.of_column(of.table.columns[*column].name.clone())),
            Provenance::Other(described) => described.origin.clone(),
            Provenance::Unknown => None,
        }
    }
}

impl ScopeColumn {
    pub fn typed(&self) -> Typed {
        Typed { expr: self.expr.clone(), affinity: self.affinity, collation: self.collation }
    }

    /// What the name means without a table in front.
    pub fn typed_unqualified(&self) -> Typed {
        self.merged.as_deref().cloned().unwrap_or_else(|| self.typed())
    }
}

/// One item of FROM.
#[derive(Clone, Debug)]
pub struct ScopeSource {
    /// Alias, or the table's own name.
    pub name: String,
    /// Database name, for `schema.table.column`; None for subqueries and aliased tables.
    pub schema: Option<Arc<str>>,
    /// The table whose row it is; None for views and subqueries.
    pub table: Option<Arc<Table>>,
    /// Its name here is not the table's own.
    pub is_aliased: bool,
    pub columns: Vec<ScopeColumn>,
    /// What `rowid`, `oid` and `_rowid_` mean here.
    pub rowid: Option<Expr>,
    /// The name `rowid` shows as a result column: the INTEGER PRIMARY KEY's when there is one.
    pub rowid_name: Arc<str>,
    pub rowid_origin: Option<ColumnOrigin>,
    /// Database and name, where reading it is something the application may be asked for: of tables and views.
    pub readable: Option<(Arc<str>, Arc<str>)>,
    /// What was read of it, as far as anybody asks: columns other than a table's rowid.
    pub reads: Vec<ColumnRead>,
    /// Of a query that SQLite joins into the one around it: its tables.
    pub joined: Vec<JoinedTable>,
    /// Of a view or common table: its name.
    pub query: Option<String>,
    /// Of a subquery: its number.
    pub number: u32,
    /// Where the questions end that wait for what it is made of.
    pub questions_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnRead {
    pub column: usize,
    /// The result column that reads it; None: another clause.
    pub output: Option<usize>,
}

/// A table of a FROM, and who needs it.
#[derive(Clone, Debug)]
pub struct JoinedTable {
    pub table: String,
    pub database: Option<Arc<str>>,
    /// It is read for the rows themselves.
    pub is_read: bool,
    /// The result columns that read it.
    pub outputs: Vec<usize>,
}

/// What a query without a name is called.
pub fn subquery_name(number: u32) -> String {
    format!("(subquery-{number})")
}

impl ScopeSource {
    /// What the table is called, whatever its alias here.
    pub fn own_name(&self) -> Cow<'_, str> {
        let readable = self.readable.as_ref().map(|(_, name)| &**name);
        let known = self.table.as_ref().map(|table| &*table.name).or(self.query.as_deref()).or(readable);
        match known {
            Some(name) => Cow::Borrowed(name),
            None => self.shown_name(),
        }
    }

    /// The alias or name; of a subquery without one what EXPLAIN calls it.
    pub fn shown_name(&self) -> Cow<'_, str> {
        if self.name.is_empty() {
            return Cow::Owned(subquery_name(self.number));
        }
        Cow::Borrowed(&self.name)
    }

    /// A table read through a cursor.
    pub fn from_cursor(name: &str, schema: Option<&str>, table: &Arc<Table>, source: SourceId) -> Self {
        let exprs = (0..table.columns.len()).map(|column| {
            if table.rowid_alias == Some(column) {
                Expr::Rowid(source)
            } else {
                Expr::Column { source, column }
            }
        });
        let rowid = (!table.without_rowid).then_some(Expr::Rowid(source));
        Self::from_table(name, schema, table, exprs.collect(), rowid)
    }

    /// A table's row held in registers: `base + i` is column i, `base + columns.len()` the rowid.
    pub fn from_registers(name: &str, schema: Option<&str>, table: &Arc<Table>, base: Register) -> Self {
        let count = table.columns.len();
        let rowid = Expr::Register(Register(base.0 + count));
        let exprs = (0..count).map(|column| {
            if table.rowid_alias == Some(column) {
                rowid.clone()
            } else {
                Expr::Register(Register(base.0 + column))
            }
        });
        Self::from_table(name, schema, table, exprs.collect(), (!table.without_rowid).then(|| rowid.clone()))
    }

    /// The same without a rowid to be seen: a view's row.
    #[must_use]
    pub fn without_rowid(self) -> Self {
        Self { rowid: None, ..self }
    }

    /// What `excluded` names in an ON CONFLICT clause: values that came from no column, to SQLite.
    #[must_use]
    pub fn without_types(mut self) -> Self {
        for column in &mut self.columns {
            column.affinity = None;
            column.collation = CollationSource::None;
        }
        self.readable = None;
        self
    }

    /// A table's row given as parameters, laid out as in `from_registers`. SQLite gives such columns their collation,
    /// but no affinity; only the rowid has one.
    pub fn from_parameters(name: &str, table: &Arc<Table>, first: usize) -> Self {
        let count = table.columns.len();
        let rowid = Expr::Parameter(first + count);
        let exprs = (0..count).map(|column| {
            if table.rowid_alias == Some(column) { rowid.clone() } else { Expr::Parameter(first + column) }
        });
        let rowid = (!table.without_rowid).then(|| rowid.clone());
        let mut source = Self::from_table(name, None, table, exprs.collect(), rowid);
        for (index, column) in source.columns.iter_mut().enumerate() {
            if table.rowid_alias != Some(index) {
                column.affinity = None;
            }
        }
        source
    }

    fn from_table(
        name: &str,
        schema: Option<&str>,
        table: &Arc<Table>,
        exprs: Vec<Expr>,
        rowid: Option<Expr>,
    ) -> Self {
        let schema: Option<Arc<str>> = schema.map(Into::into);
        let database = schema.clone().unwrap_or_else(|| "main".into());
        let origin = TableOrigin { database, table: table.clone() };
        let origin = Rc::new(origin);
        let columns = table
            .columns
            .iter()
            .enumerate()
            .zip(exprs)
            .map(|((index, column), expr)| ScopeColumn {
                name: column.name.clone(),
                expr,
                affinity: Some(column.affinity),
                collation: CollationSource::Column(column.collation),
                provenance: Provenance::Table(origin.clone(), index),
                hidden: false,
                merged_away: false,
                merged: None,
                gathered: None,
            })
            .collect();
        let rowid_name =
            table.rowid_alias.map_or_else(rowid_name, |column| table.columns[column].name.clone());
        Self {
            name: name.to_owned(),
            schema,
            table: Some(table.clone()),
            is_aliased: !table.name.eq_ignore_ascii_case(name),
            columns,
            rowid,
            rowid_origin: Some(origin.of_column(rowid_name.clone())),
            rowid_name,
            readable: Some((origin.database.clone(), table.name.clone())),
            reads: Vec::new(),
            joined: Vec::new(),
            query: None,
            number: 0,
            questions_end: 0,
        }
    }
}

/// `new` and `old` inside a trigger: their columns are parameters of the trigger's statements. The names are looked for
/// right after the innermost scope, always with `new.` or `old.` before them.
#[derive(Clone, Debug, Default)]
pub struct RowImages {
    pub new: Option<ScopeSource>,
    pub old: Option<ScopeSource>,
}

impl RowImages {
    pub fn get(&self, name: &pluresdb_sql::ast::Name) -> Option<&ScopeSource> {
        if name.is("new") {
            self.new.as_ref()
        } else if name.is("old") {
            self.old.as_ref()
        } else {
            None
        }
    }
}

/// What may stand at the place being resolved, beyond plain columns and scalar functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    pub aggregates: Aggregates,
    pub windows: bool,
}

/// Whether an aggregate may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregates {
    #[default]
    Refused,
    /// SQLite's resolver lets it pass and its code generator refuses it: WHERE of an aggregate query, ORDER BY of one
    /// that is none.
    RefusedLate,
    Allowed,
}

/// Result columns that later clauses may name by alias.
#[derive(Clone, Debug)]
pub struct Alias {
    pub name: String,
    pub typed: Typed,
    /// Among the result columns.
    pub position: usize,
    /// `*` gave it its name, which ORDER BY alone knows.
    pub is_of_star: bool,
    /// The name of an aggregate it calls.
    pub aggregate: Option<String>,
    pub has_window: bool,
}

/// A window call with its window, resolved, waiting to be put together with others of the same window.
#[derive(Debug)]
pub struct PendingWindow {
    pub partition_by: Vec<(Expr, Collation)>,
    pub order_by: Vec<OrderTerm>,
    pub frame: WindowFrame,
    pub call: WindowCall,
}

/// The names of one query level, and the aggregate and window calls found in it so far.
#[derive(Debug, Default)]
pub struct Scope {
    /// The result column that is being resolved.
    pub output: Option<usize>,
    /// How many questions waited when FROM was done.
    pub questions_of_from: usize,
    /// The aggregates and window functions that were asked for.
    pub asked_calls: Vec<AskedCall>,
    /// What is asked for the subqueries that windows read.
    pub questions_of_windows: Vec<LateQuestion>,
    /// The questions of queries that windows are sorted by.
    pub queries_sorted_by: Vec<LateQuestion>,
    pub sources: Vec<ScopeSource>,
    pub aliases: Vec<Alias>,
    pub allowed: Allowed,
    pub aggregates: Vec<AggregateCall>,
    pub windows: Vec<PendingWindow>,
    pub named_windows: Vec<pluresdb_sql::ast::NamedWindow>,
    /// Inside an aggregate's arguments: another aggregate of this level is a misuse.
    pub in_aggregate: bool,
    /// Inside a window call's arguments.
    pub in_window_args: bool,
    /// Counts references to this scope, so that an aggregate knows which level it belongs to.
    pub reference_count: usize,
    /// Sources on the left of each RIGHT and FULL JOIN.
    pub left_of_right: Vec<Range<usize>>,
    /// Sources within each pair of parentheses in FROM, inner ones first.
    pub nests: Vec<Range<usize>>,
    /// The names that parentheses have, behind AS.
    pub nest_aliases: Vec<(String, Range<usize>)>,
    /// Names of parentheses within others can be seen: in ON.
    pub is_in_on: bool,
    /// The right side of each join.
    pub joined: Vec<JoinedItem>,
    /// The names that columns within parentheses show, by source and column.
    pub nested_names: HashMap<(usize, usize), Arc<str>>,
    /// The names that joins within parentheses give what they merge into these columns.
    pub merged_names: HashMap<(usize, usize), Arc<str>>,
    /// In CHECK and the WHERE of an index any schema may stand before the table's name.
    pub ignores_schema: bool,
}

impl Scope {
    pub fn new(sources: Vec<ScopeSource>) -> Self {
        Self { sources, ..Self::default() }
    }
}

/// What a rowid without a column of its own is called.
pub fn rowid_name() -> Arc<str> {
    static NAME: LazyLock<Arc<str>> = LazyLock::new(|| "rowid".into());
    NAME.clone()
}
