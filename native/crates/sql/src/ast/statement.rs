//! Statements other than queries: data changes, definitions, transactions, upkeep.

use super::{
    Expr, From, IndexedBy, Limit, Name, QualifiedName, ResultColumn, Select, SortOrder, SortTerm, Span,
    TypeName, With,
};

#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    Explain(Box<Explain>),
    Select(Box<Select>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    CreateTable(Box<CreateTable>),
    CreateIndex(Box<CreateIndex>),
    CreateView(Box<CreateView>),
    CreateTrigger(Box<CreateTrigger>),
    CreateVirtualTable(Box<CreateVirtualTable>),
    Drop(Box<Drop>),
    AlterTable(Box<AlterTable>),
    Begin(BeginMode),
    /// COMMIT and END.
    Commit,
    Rollback,
    Savepoint(Name),
    Release(Name),
    RollbackTo(Name),
    Pragma(Box<Pragma>),
    Attach(Box<Attach>),
    Detach(Box<Expr>),
    /// Without a name: everything.
    Analyze(Option<QualifiedName>),
    /// A collation, table or index; without a name: everything.
    Reindex(Option<QualifiedName>),
    Vacuum(Box<Vacuum>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Explain {
    pub query_plan: bool,
    pub statement: Statement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeginMode {
    Deferred,
    Immediate,
    Exclusive,
}

/// What to do when a constraint fails: `OR …` and `ON CONFLICT …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictAction {
    Rollback,
    Abort,
    Fail,
    Ignore,
    Replace,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    pub with: Option<With>,
    /// Whether the text says REPLACE; `or` is `Replace` then.
    pub is_replace: bool,
    pub or: Option<ConflictAction>,
    pub table: QualifiedName,
    pub alias: Option<Name>,
    /// None without a column list.
    pub columns: Option<Vec<Name>>,
    pub source: InsertSource,
    /// In the order written; only the last may lack a target.
    pub upserts: Vec<Upsert>,
    /// Empty without RETURNING.
    pub returning: Vec<ResultColumn>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    DefaultValues,
    Select(Box<Select>),
}

/// `ON CONFLICT [(target) [WHERE …]] DO NOTHING | UPDATE SET … [WHERE …]`
#[derive(Debug, Clone, PartialEq)]
pub struct Upsert {
    pub target: Option<UpsertTarget>,
    pub action: UpsertAction,
}

#[derive(Debug, Clone, PartialEq)]
pub struct UpsertTarget {
    pub columns: Vec<SortTerm>,
    pub filter: Option<Expr>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum UpsertAction {
    Nothing,
    Update { assignments: Vec<Assignment>, filter: Option<Expr> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    pub target: AssignmentTarget,
    pub value: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AssignmentTarget {
    Column(Name),
    /// `(a, b) = …`, also `(a) = …`
    Row(Vec<Name>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub with: Option<With>,
    pub or: Option<ConflictAction>,
    pub table: QualifiedName,
    pub alias: Option<Name>,
    pub indexed: Option<IndexedBy>,
    pub assignments: Vec<Assignment>,
    pub from: Option<From>,
    pub filter: Option<Expr>,
    /// Empty without RETURNING.
    pub returning: Vec<ResultColumn>,
    pub order_by: Vec<SortTerm>,
    pub limit: Option<Limit>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    pub with: Option<With>,
    pub table: QualifiedName,
    pub alias: Option<Name>,
    pub indexed: Option<IndexedBy>,
    pub filter: Option<Expr>,
    /// Empty without RETURNING.
    pub returning: Vec<ResultColumn>,
    pub order_by: Vec<SortTerm>,
    pub limit: Option<Limit>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    pub temporary: bool,
    pub if_not_exists: bool,
    pub name: QualifiedName,
    pub body: CreateTableBody,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CreateTableBody {
    Columns {
        columns: Vec<ColumnDefinition>,
        constraints: Vec<TableConstraint>,
        options: TableOptions,
        /// The closing parenthesis of the column list, where ALTER TABLE inserts.
        close: Span,
    },
    Select(Box<Select>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableOptions {
    pub without_rowid: bool,
    pub strict: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDefinition {
    pub name: Name,
    /// GENERATED ALWAYS in front of AS is not part of it.
    pub type_name: Option<TypeName>,
    pub constraints: Vec<ColumnConstraint>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnConstraint {
    /// The last CONSTRAINT name before it: SQLite lets one name serve several constraints of a column.
    pub name: Option<Name>,
    pub kind: ColumnConstraintKind,
    /// From CONSTRAINT, when it stands right before.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ColumnConstraintKind {
    /// `NULL`, which does nothing.
    Null {
        on_conflict: Option<ConflictAction>,
    },
    NotNull {
        on_conflict: Option<ConflictAction>,
    },
    PrimaryKey {
        order: Option<SortOrder>,
        on_conflict: Option<ConflictAction>,
        autoincrement: bool,
    },
    Unique {
        on_conflict: Option<ConflictAction>,
    },
    Check(Check),
    Default(DefaultValue),
    /// With the deferral that follows it directly.
    ForeignKey(ForeignKeyClause),
    /// A deferral that follows no REFERENCES directly: it bears on the table's last foreign key, if any.
    Deferrable(Deferral),
    Collate(Name),
    Generated(Generated),
}

/// `CHECK (expr)`
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub expr: Expr,
    /// The text between the parentheses, trimmed: what "CHECK constraint failed: …" quotes when there is no name.
    pub text: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DefaultValue {
    /// A bare identifier arrives as a string literal, except TRUE and FALSE, which stay names.
    pub expr: Expr,
    /// What `PRAGMA table_info` shows: without the parentheses of `DEFAULT (expr)`, with a sign, trimmed.
    pub text: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    pub expr: Expr,
    /// The word behind the parentheses; SQLite knows VIRTUAL and STORED, without one it is VIRTUAL.
    pub storage: Option<Name>,
    /// The text between the parentheses, trimmed.
    pub text: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKeyClause {
    pub table: Name,
    /// None without a column list.
    pub columns: Option<Vec<Name>>,
    pub on_delete: Option<ForeignKeyAction>,
    pub on_update: Option<ForeignKeyAction>,
    pub deferral: Option<Deferral>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKeyAction {
    SetNull,
    SetDefault,
    Cascade,
    Restrict,
    NoAction,
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deferral {
    pub deferrable: bool,
    pub initially: Option<Initially>,
}

impl Deferral {
    /// Whether the check waits for COMMIT.
    pub fn is_deferred(self) -> bool {
        self.deferrable && self.initially == Some(Initially::Deferred)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initially {
    Deferred,
    Immediate,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableConstraint {
    pub name: Option<Name>,
    pub kind: TableConstraintKind,
    /// From CONSTRAINT, when it stands right before.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TableConstraintKind {
    PrimaryKey {
        columns: Vec<SortTerm>,
        autoincrement: bool,
        on_conflict: Option<ConflictAction>,
    },
    Unique {
        columns: Vec<SortTerm>,
        on_conflict: Option<ConflictAction>,
    },
    /// SQLite takes a conflict clause here and ignores it.
    Check {
        check: Check,
        on_conflict: Option<ConflictAction>,
    },
    ForeignKey {
        columns: Vec<Name>,
        clause: ForeignKeyClause,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    pub unique: bool,
    pub if_not_exists: bool,
    pub name: QualifiedName,
    pub table: Name,
    pub columns: Vec<SortTerm>,
    pub filter: Option<Expr>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    pub temporary: bool,
    pub if_not_exists: bool,
    pub name: QualifiedName,
    /// None without a column list.
    pub columns: Option<Vec<Name>>,
    pub select: Box<Select>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateTrigger {
    pub temporary: bool,
    pub if_not_exists: bool,
    pub name: QualifiedName,
    /// None means BEFORE.
    pub time: Option<TriggerTime>,
    pub event: TriggerEvent,
    pub table: QualifiedName,
    pub for_each_row: bool,
    pub when: Option<Expr>,
    /// INSERT, UPDATE, DELETE and SELECT only, each with its own span inside; at least one.
    pub body: Vec<TriggerStep>,
    /// From BEGIN to END.
    pub body_span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TriggerStep {
    pub statement: Statement,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerTime {
    Before,
    After,
    InsteadOf,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TriggerEvent {
    Delete,
    Insert,
    Update,
    UpdateOf(Vec<Name>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateVirtualTable {
    pub if_not_exists: bool,
    pub name: QualifiedName,
    pub module: Name,
    /// The source text of each argument from its first token to its last; empty ones are left out, as in SQLite.
    pub arguments: Vec<Box<str>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    pub object: DropObject,
    pub if_exists: bool,
    pub name: QualifiedName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropObject {
    Table,
    Index,
    View,
    Trigger,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AlterTable {
    pub table: QualifiedName,
    pub action: AlterAction,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AlterAction {
    RenameTable(Name),
    RenameColumn {
        from: Name,
        to: Name,
    },
    AddColumn(ColumnDefinition),
    DropColumn(Name),
    /// `ADD [CONSTRAINT name] CHECK (…)`
    AddCheck {
        name: Option<Name>,
        check: Check,
        on_conflict: Option<ConflictAction>,
        span: Span,
    },
    DropConstraint(Name),
    /// `ALTER column SET NOT NULL`; the span is that of `NOT NULL [ON CONFLICT …]`.
    SetNotNull {
        column: Name,
        on_conflict: Option<ConflictAction>,
        span: Span,
    },
    /// `ALTER column DROP NOT NULL`
    DropNotNull(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pragma {
    pub name: QualifiedName,
    pub value: Option<PragmaValue>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PragmaValue {
    /// Dequoted; a number keeps its minus sign and loses its plus sign.
    pub text: Box<str>,
    pub kind: PragmaValueKind,
    /// `PRAGMA name(value)` rather than `PRAGMA name = value`.
    pub in_parentheses: bool,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PragmaValueKind {
    Number,
    /// Also ON, DELETE and DEFAULT.
    Word,
    /// A name or string in quotes.
    Quoted,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Attach {
    pub file: Expr,
    pub schema: Expr,
    pub key: Option<Expr>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Vacuum {
    pub schema: Option<Name>,
    pub into: Option<Expr>,
}
