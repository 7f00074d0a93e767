//! A connection's state that every stage reads: its databases, settings, counters, clock and chance.
//!
//! `Session` is what `resolve`, `plan`, `execute` and `dml` see of a connection; `Connection` adds the statements.
//!
//! Always true:
//! - `databases[0]` is main, `databases[1]` is temp, attached ones follow.
//! - An unqualified name is looked for in temp, then main, then the attached databases in order.

mod patterns;

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicBool};

use crate::callback::{
    Action, Callbacks, ChangedRows, ConnectedTable, FunctionDefinition, Permission, Reentry, TriggerTrace,
};
use crate::catalog::define::RelationOrder;
use crate::catalog::{
    self, Catalog, ConflictAction, DatabaseIndex, DatabaseSet, Index, KnownViews, Table, TreeId, Trigger,
    View,
};
use crate::changeset::Recorders;
use crate::environment::{Clock, Random};
use crate::pragma;
use crate::resolve::{ColumnNames, Names, PragmaColumns, Relation, VirtualRelation};
use crate::transaction::{StoreKind, Transaction};
use crate::work::Work;
use crate::{Error, Result, ResultCode};
use pluresdb_value::{Collation, CollationId};

pub(crate) use patterns::{PatternParameter, Patterns};

pub struct Session {
    pub databases: Vec<AttachedDatabase>,
    pub last_insert_rowid: i64,
    /// Rows the last INSERT, UPDATE or DELETE changed by itself.
    pub changes: i64,
    pub total_changes: i64,
    /// No BEGIN or outer SAVEPOINT is open: each statement commits by itself.
    pub autocommit: bool,
    pub interrupt: Arc<AtomicBool>,
    pub clock: Arc<dyn Clock>,
    pub random: Random,
    pub settings: Settings,
    /// Functions, aggregates, modules and collations of the application.
    pub callbacks: Callbacks,
    pub changed_rows: ChangedRows,
    pub trigger_trace: TriggerTrace,
    /// Who records what changes.
    pub recorders: Recorders,
    /// Statements between their first step and their reset.
    pub active_statements: usize,
    /// Of those, the ones that write.
    pub active_writers: usize,
    /// Statements that run beside or within others.
    pub(crate) reentry: Reentry,
    /// A panic went through the engine: what it left half done is not to be trusted.
    pub(crate) is_poisoned: bool,
    /// What the statements that run change, outermost first, as far as they may be waited for: a table, or None for what
    /// may be several.
    pub(crate) changing: Vec<Option<(DatabaseIndex, TreeId)>>,
    /// How deep the running statement stands in trigger programs.
    pub trigger_depth: usize,
    /// Values of the row a trigger fires for that have the JSON subtype, by their place among its parameters.
    pub json_images: Vec<usize>,
    /// What the statements of those programs must not write to: see `dml::evict`.
    pub(crate) locked_tables: Vec<(DatabaseIndex, TreeId)>,
    /// Where the thread's stack was when the outermost of them began.
    pub(crate) stack_position: usize,
    /// The session was opened by a SAVEPOINT outside BEGIN: releasing it commits.
    pub savepoint_is_transaction: bool,
    /// Something of temp was named: `PRAGMA database_list` shows it from then on.
    pub temp_is_open: Cell<bool>,
    pub(crate) known_views: KnownViews,
    /// The statement being compiled names a table or view, or what might be one.
    pub(crate) has_looked_up: Cell<bool>,
    /// Some statement has read the schema. SQLite knows the text encoding from then on, and reads the schema for every
    /// SELECT before.
    pub(crate) has_read_schema: Cell<bool>,
    /// What the statement being compiled, or the pragma being run, names: see `take_named`.
    pub(crate) named: Cell<DatabaseSet>,
    /// LIKE and GLOB by parameters in the statement being compiled.
    pub(crate) patterns: RefCell<Patterns>,
    /// Databases that this connection has put into WAL mode and not looked at since.
    pub(crate) unseen_wal: Cell<DatabaseSet>,
    /// Open savepoints, outermost first.
    pub savepoints: Vec<OpenSavepoint>,
    pub foreign_keys: ForeignKeyCounters,
    /// What the running statement has done.
    pub(crate) work: Work,
    /// What the running statement's failure undoes: set where a conflict clause or RAISE says otherwise than ABORT.
    pub error_action: ConflictAction,
}

pub struct OpenSavepoint {
    pub name: String,
    /// What ROLLBACK TO makes of the counters.
    pub foreign_keys: ForeignKeyCounters,
}

/// How many violations of foreign keys there are to be mended. SQLite only counts them: what it does not look at, such
/// as rows written while `foreign_keys` was off, can make the counts wrong, also negative, and an answer depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForeignKeyCounters {
    /// Of deferred keys, in this transaction.
    deferred: i64,
    /// Of immediate keys that PRAGMA defer_foreign_keys puts off to the end of this transaction.
    put_off: i64,
    /// Of immediate keys, in the outermost statement that runs.
    immediate: i64,
    /// The running statement's failure leaves the counts as they are.
    keeps_counts: bool,
}

impl ForeignKeyCounters {
    #[inline]
    pub fn count(&mut self, is_deferred: bool, puts_off: bool, violations: i64) {
        match (is_deferred, puts_off) {
            (true, _) => self.deferred += violations,
            (false, true) => self.put_off += violations,
            (false, false) => self.immediate += violations,
        }
    }

    /// Whether a change could mend something.
    #[inline]
    pub fn has_violations(&self, is_deferred: bool) -> bool {
        self.put_off != 0 || (if is_deferred { self.deferred } else { self.immediate }) != 0
    }

    /// Whether the transaction may commit.
    pub fn allow_commit(&self) -> bool {
        self.deferred + self.put_off == 0
    }

    /// Whether the statement may end well. The count begins anew.
    pub fn take_immediate(&mut self) -> i64 {
        let count = self.immediate;
        // Hardly ever: who copies the counters next would wait for what is written here.
        if count != 0 {
            self.immediate = 0;
        }
        count
    }

    pub fn has_no_immediate(&self) -> bool {
        self.immediate == 0
    }

    /// The running statement is about to fail, and SQLite will not take back what it counted.
    pub fn keep_counts(&mut self) {
        self.keeps_counts = true;
    }

    /// As they were when a statement or savepoint began that is undone.
    pub fn restore(&mut self, before: ForeignKeyCounters) {
        if std::mem::take(&mut self.keeps_counts) {
            return;
        }
        self.deferred = before.deferred;
        self.put_off = before.put_off;
    }

    pub fn forgive(&mut self) {
        self.deferred = 0;
        self.put_off = 0;
    }
}

/// What is no database.
pub(crate) enum Unreadable {
    /// Put there by `deserialize`.
    Bytes(Vec<u8>),
    /// Found at the path.
    File,
}

pub struct AttachedDatabase {
    pub name: String,
    /// What stands in its place is no database: who reads it is refused.
    pub(crate) unreadable: Option<Unreadable>,
    /// As `PRAGMA database_list` shows it; empty for memory and temp databases.
    pub file: String,
    pub transaction: Transaction,
    pub read_only: bool,
    /// The connection's own, which holds while the database itself is not in WAL mode.
    pub rollback_mode: JournalMode,
    /// None until PRAGMA synchronous gave one.
    pub chosen_synchronous: Option<Synchronous>,
    pub is_memory: bool,
    /// `PRAGMA cache_size`: pages, or KiB when negative.
    pub cache_size: i64,
    /// `PRAGMA auto_vacuum`; storage needs none, so it is only remembered.
    pub auto_vacuum: i64,
    /// The order of its tables and views, once the connection has made or dropped some.
    pub(crate) relation_order: Option<RelationOrder>,
}

impl AttachedDatabase {
    /// The same database for another session.
    pub fn another(&self) -> AttachedDatabase {
        AttachedDatabase {
            unreadable: None,
            name: self.name.clone(),
            file: self.file.clone(),
            transaction: Transaction::new(self.transaction.engine().clone()),
            relation_order: None,
            ..*self
        }
    }

    pub fn journal_mode(&self) -> JournalMode {
        if !self.is_memory && self.transaction.is_wal() { JournalMode::Wal } else { self.rollback_mode }
    }

    pub fn synchronous(&self, settings: &Settings) -> Synchronous {
        self.chosen_synchronous.unwrap_or_else(|| match self.journal_mode() {
            JournalMode::Wal if settings.wal_syncs_less => Synchronous::Normal,
            _ => Synchronous::Full,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalMode {
    Delete,
    Truncate,
    Persist,
    Memory,
    Wal,
    Off,
}

impl JournalMode {
    pub fn name(self) -> &'static str {
        match self {
            JournalMode::Delete => "delete",
            JournalMode::Truncate => "truncate",
            JournalMode::Persist => "persist",
            JournalMode::Memory => "memory",
            JournalMode::Wal => "wal",
            JournalMode::Off => "off",
        }
    }
}

/// How far a commit must have gone before it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    Off,
    Normal,
    Full,
    Extra,
}

impl Synchronous {
    pub(crate) fn of_commits(self) -> crate::transaction::Synchronous {
        match self {
            Synchronous::Off => crate::transaction::Synchronous::Off,
            Synchronous::Normal => crate::transaction::Synchronous::Normal,
            Synchronous::Full | Synchronous::Extra => crate::transaction::Synchronous::Full,
        }
    }
}

/// Which engine runs what both can run: `PRAGMA execution`, a switch for tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Execution {
    /// Batches from a number of rows on.
    #[default]
    Automatic,
    Row,
    Vector,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub execution: Execution,
    pub busy_timeout_ms: u64,
    /// What `ATTACH` makes where nothing stands.
    pub new_store: StoreKind,
    pub foreign_keys: bool,
    pub defer_foreign_keys: bool,
    pub recursive_triggers: bool,
    pub case_sensitive_like: bool,
    pub ignore_check_constraints: bool,
    pub query_only: bool,
    pub read_uncommitted: bool,
    pub legacy_alter_table: bool,
    pub writable_schema: bool,
    pub reverse_unordered_selects: bool,
    pub automatic_index: bool,
    pub trusted_schema: bool,
    pub cell_size_check: bool,
    pub count_changes: bool,
    pub full_column_names: bool,
    pub short_column_names: bool,
    pub empty_result_callbacks: bool,
    pub fullfsync: bool,
    pub checkpoint_fullfsync: bool,
    pub temp_store: i64,
    /// What `PRAGMA cache_size` begins with: pages, or KiB when negative.
    pub cache_size: i64,
    pub cache_spill: bool,
    pub cache_spill_pages: i64,
    pub wal_autocheckpoint: i64,
    pub analysis_limit: i64,
    pub secure_delete: i64,
    pub journal_size_limit: i64,
    pub soft_heap_limit: i64,
    pub hard_heap_limit: i64,
    pub threads: i64,
    pub max_page_count: i64,
    pub exclusive_locking: bool,
    /// The longest text or blob, in bytes (SQLITE_LIMIT_LENGTH).
    pub max_length: usize,
    /// The longest statement, in bytes (SQLITE_LIMIT_SQL_LENGTH).
    pub max_sql_length: usize,
    /// The highest parameter (SQLITE_LIMIT_VARIABLE_NUMBER).
    pub max_parameter: usize,
    /// The longest pattern of LIKE and GLOB, in bytes (SQLITE_LIMIT_LIKE_PATTERN_LENGTH).
    pub max_pattern_length: usize,
    /// Of longer text and blobs an expanded statement shows so many bytes (SQLITE_TRACE_SIZE_LIMIT).
    pub max_shown_literal: usize,
    /// Databases beside main and temp (SQLITE_LIMIT_ATTACHED).
    pub max_attached: usize,
    /// Columns of a table, an index, a result (SQLITE_LIMIT_COLUMN).
    pub max_column: usize,
    /// How deep an expression is nested (SQLITE_LIMIT_EXPR_DEPTH).
    pub max_expr_depth: usize,
    /// Arms of a compound SELECT (SQLITE_LIMIT_COMPOUND_SELECT).
    pub max_compound_select: usize,
    /// Arguments of a function (SQLITE_LIMIT_FUNCTION_ARG).
    pub max_function_arg: usize,
    /// How deep triggers set off triggers (SQLITE_LIMIT_TRIGGER_DEPTH).
    pub max_trigger_depth: usize,
    /// Instructions of a statement (SQLITE_LIMIT_VDBE_OP).
    pub max_instructions: usize,
    /// A name in double quotes that nothing has is a string (SQLITE_DBCONFIG_DQS_DML and _DDL).
    pub double_quoted_strings: bool,
    /// The journal cannot be given up (SQLITE_DBCONFIG_DEFENSIVE).
    pub is_defensive: bool,
    /// Code of the application that a statement calls may run statements itself.
    pub is_reentrant: bool,
    /// WAL mode makes `synchronous` NORMAL where nothing was said (SQLITE_DEFAULT_WAL_SYNCHRONOUS=1).
    pub wal_syncs_less: bool,
    /// LIKE and GLOB read blobs as text (a build without SQLITE_LIKE_DOESNT_MATCH_BLOBS).
    pub like_matches_blobs: bool,
    /// Parameters may be called as Tcl's variables are (a build without SQLITE_OMIT_TCL_VARIABLE).
    pub tcl_variables: bool,
    /// UPDATE and DELETE take ORDER BY and LIMIT (SQLITE_ENABLE_UPDATE_DELETE_LIMIT).
    pub limited_changes: bool,
    /// ANALYZE takes samples (SQLITE_ENABLE_STAT4).
    pub takes_samples: bool,
    pub temp_store_directory: Option<String>,
    /// What EXPLAIN QUERY PLAN and the planner may use of `ANALYZE`; a switch for tests.
    pub use_statistics: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            execution: Execution::Automatic,
            busy_timeout_ms: 5000,
            new_store: StoreKind::default(),
            foreign_keys: true,
            defer_foreign_keys: false,
            recursive_triggers: false,
            case_sensitive_like: false,
            ignore_check_constraints: false,
            query_only: false,
            read_uncommitted: false,
            legacy_alter_table: false,
            writable_schema: false,
            reverse_unordered_selects: false,
            automatic_index: true,
            trusted_schema: true,
            cell_size_check: false,
            count_changes: false,
            full_column_names: false,
            short_column_names: true,
            empty_result_callbacks: false,
            fullfsync: false,
            checkpoint_fullfsync: false,
            temp_store: 0,
            cache_size: -16000,
            cache_spill: true,
            cache_spill_pages: 1,
            wal_autocheckpoint: 1000,
            analysis_limit: 0,
            secure_delete: 0,
            journal_size_limit: -1,
            soft_heap_limit: 0,
            hard_heap_limit: 0,
            threads: 0,
            max_page_count: 4_294_967_294,
            exclusive_locking: false,
            // As better-sqlite3 sets it: the longest string of V8.
            max_length: (1 << 29) - 24,
            max_sql_length: 1_000_000_000,
            max_parameter: 32_766,
            max_pattern_length: 50_000,
            max_shown_literal: 32,
            max_attached: 10,
            max_column: 2000,
            max_expr_depth: 1000,
            max_compound_select: 500,
            max_function_arg: 1000,
            max_trigger_depth: 1000,
            max_instructions: 250_000_000,
            double_quoted_strings: false,
            is_defensive: true,
            is_reentrant: false,
            wal_syncs_less: true,
            like_matches_blobs: false,
            tcl_variables: false,
            limited_changes: true,
            takes_samples: true,
            temp_store_directory: None,
            use_statistics: true,
        }
    }
}

impl Settings {
    pub(crate) fn dialect(&self) -> pluresdb_sql::Dialect {
        pluresdb_sql::Dialect {
            expr_depth: u32::try_from(self.max_expr_depth).unwrap_or(u32::MAX),
            compound_select: self.max_compound_select,
            columns: self.max_column,
            function_arguments: self.max_function_arg,
            tcl_variables: self.tcl_variables,
            limited_changes: self.limited_changes,
        }
    }

    /// Whether statements may change `sqlite_schema`.
    pub(crate) fn writes_schema(&self) -> bool {
        self.writable_schema && !self.is_defensive
    }
}

impl Session {
    /// Whether functions or tables of the application may use the session in the middle of a statement.
    pub(crate) fn may_be_used_within(&self) -> bool {
        self.settings.is_reentrant && self.callbacks.may_see_rows()
    }

    /// `databases`: main, temp, then what is attached.
    pub(crate) fn new(
        databases: Vec<AttachedDatabase>,
        settings: Settings,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> Session {
        Session {
            databases,
            last_insert_rowid: 0,
            changes: 0,
            total_changes: 0,
            autocommit: true,
            interrupt: Arc::new(AtomicBool::new(false)),
            clock,
            random: Random::from_seed(seed),
            settings,
            callbacks: Callbacks::default(),
            changed_rows: ChangedRows::default(),
            trigger_trace: TriggerTrace::default(),
            recorders: Recorders::default(),
            active_statements: 0,
            active_writers: 0,
            reentry: Reentry::default(),
            is_poisoned: false,
            trigger_depth: 0,
            json_images: Vec::new(),
            locked_tables: Vec::new(),
            changing: Vec::new(),
            stack_position: 0,
            savepoint_is_transaction: false,
            temp_is_open: Cell::new(false),
            known_views: KnownViews::default(),
            has_looked_up: Cell::default(),
            has_read_schema: Cell::default(),
            named: Cell::default(),
            patterns: RefCell::default(),
            unseen_wal: Cell::default(),
            savepoints: Vec::new(),
            foreign_keys: ForeignKeyCounters::default(),
            work: Work::default(),
            error_action: ConflictAction::Abort,
        }
    }

    /// What the running statement has done; the count begins anew when it `restarts`.
    pub fn work(&mut self, restarts: bool) -> Work {
        if restarts { std::mem::take(&mut self.work) } else { self.work }
    }

    /// Whether every database is one.
    pub(crate) fn can_be_read(&self) -> bool {
        self.databases.iter().all(|database| database.unreadable.is_none())
    }

    pub fn database(&self, database: DatabaseIndex) -> &AttachedDatabase {
        &self.databases[database.0]
    }

    pub fn transaction(&self, database: DatabaseIndex) -> &Transaction {
        &self.databases[database.0].transaction
    }

    pub fn transaction_mut(&mut self, database: DatabaseIndex) -> &mut Transaction {
        &mut self.databases[database.0].transaction
    }

    pub fn catalog(&self, database: DatabaseIndex) -> &Arc<Catalog> {
        self.databases[database.0].transaction.catalog()
    }

    /// The statement names something of the database, or makes something in it: temp begins to be with that.
    pub(crate) fn note_named(&self, database: DatabaseIndex) {
        self.note_looked_at(database);
        if database == DatabaseIndex::TEMP {
            self.temp_is_open.set(true);
        }
    }

    /// The statement looks whether there is something in the database.
    pub(crate) fn note_looked_at(&self, database: DatabaseIndex) {
        self.named.set(self.named.get().with(database));
    }

    /// The databases that were named since the last time. SQLite begins to read them when the statement runs, whether
    /// it comes to read anything or not; until the transaction ends, they cannot be detached.
    pub(crate) fn take_named(&self) -> DatabaseSet {
        self.named.take()
    }

    /// A statement that names these databases runs.
    #[inline]
    pub(crate) fn begin_named(&self, databases: DatabaseSet) {
        let unseen = self.unseen_wal.get();
        if !unseen.is_empty() {
            self.unseen_wal.set(unseen.without(databases));
        }
        // A statement by itself is a transaction, too, which matters to the pragma that holds for one.
        if self.autocommit && !self.settings.defer_foreign_keys {
            return;
        }
        for (index, database) in self.databases.iter().enumerate() {
            if databases.contains(DatabaseIndex(index)) {
                database.transaction.note_read();
            }
        }
    }

    pub fn database_name(&self, database: DatabaseIndex) -> &str {
        &self.databases[database.0].name
    }

    pub fn database_index(&self, name: &str) -> Option<DatabaseIndex> {
        self.databases
            .iter()
            .position(|database| database.name.eq_ignore_ascii_case(name))
            .or_else(|| name.eq_ignore_ascii_case("main").then_some(0))
            .map(DatabaseIndex)
    }

    /// Where an unqualified name is looked for, in order; with a schema name, only there.
    pub fn search_order(&self, schema: Option<&str>) -> impl Iterator<Item = DatabaseIndex> + use<> {
        let (only, count) = match schema {
            Some(schema) => (Some(self.database_index(schema)), 0),
            None => (None, self.databases.len()),
        };
        let everywhere = [1, 0].into_iter().chain(2..count.max(2)).take(count).map(DatabaseIndex);
        only.flatten().into_iter().chain(everywhere)
    }

    /// The table or view of that name that a statement means.
    pub fn find_relation(&self, schema: Option<&str>, name: &str) -> Option<Relation> {
        self.has_looked_up.set(true);
        if let Some((database, table)) = self.find_schema_table(schema, name) {
            self.note_named(database);
            return Some(Relation::Table(database, table));
        }
        let in_catalogs = self.search_order(schema).find_map(|database| {
            let catalog = self.catalog(database);
            if let Some(table) = catalog.table(name) {
                self.note_named(database);
                return Some(Relation::Table(database, table.clone()));
            }
            if let Some(view) = catalog.view(name) {
                return Some(Relation::View(database, view.clone()));
            }
            let created = catalog.virtual_table(name)?;
            Some(Relation::Virtual(VirtualRelation::Created(database, created.clone())))
        });
        in_catalogs.or_else(|| {
            let eponymous = self.callbacks.eponymous_name(name)?;
            Some(Relation::Virtual(VirtualRelation::Eponymous(eponymous)))
        })
    }

    pub fn find_table(&self, schema: Option<&str>, name: &str) -> Option<(DatabaseIndex, Arc<Table>)> {
        match self.find_relation(schema, name)? {
            Relation::Table(database, table) => Some((database, table)),
            Relation::View(..) | Relation::Virtual(_) => None,
        }
    }

    pub fn find_view(&self, schema: Option<&str>, name: &str) -> Option<(DatabaseIndex, Arc<View>)> {
        match self.find_relation(schema, name)? {
            Relation::View(database, view) => Some((database, view)),
            Relation::Table(..) | Relation::Virtual(_) => None,
        }
    }

    pub fn find_index(&self, schema: Option<&str>, name: &str) -> Option<(DatabaseIndex, Arc<Index>)> {
        self.search_order(schema)
            .find_map(|database| Some((database, self.catalog(database).index(name)?.clone())))
    }

    pub fn find_trigger(&self, schema: Option<&str>, name: &str) -> Option<(DatabaseIndex, Arc<Trigger>)> {
        self.search_order(schema)
            .find_map(|database| Some((database, self.catalog(database).trigger(name)?.clone())))
    }

    /// Whether a trigger stands on a table or view of this database: temp triggers may stand on those of any.
    pub fn stands_in(&self, trigger: &Trigger, database: DatabaseIndex) -> bool {
        match self.find_relation(trigger.table_schema.as_deref(), &trigger.table) {
            Some(Relation::Table(found, _) | Relation::View(found, _)) => found == database,
            Some(Relation::Virtual(_)) | None => false,
        }
    }

    /// `sqlite_schema` under its four names. An attached temp table of that name cannot exist: the names are reserved.
    fn find_schema_table(&self, schema: Option<&str>, name: &str) -> Option<(DatabaseIndex, Arc<Table>)> {
        let rest =
            name.get(..7).filter(|prefix| prefix.eq_ignore_ascii_case("sqlite_")).map(|_| &name[7..])?;
        let names_main = rest.eq_ignore_ascii_case("master") || rest.eq_ignore_ascii_case("schema");
        let names_temp = rest.eq_ignore_ascii_case("temp_master") || rest.eq_ignore_ascii_case("temp_schema");
        let database = match schema {
            Some(schema) => self.database_index(schema)?,
            None if names_temp => DatabaseIndex::TEMP,
            None => DatabaseIndex::MAIN,
        };
        let is_temp = database == DatabaseIndex::TEMP;
        ((names_main) || (names_temp && is_temp)).then(|| (database, catalog::schema_table(is_temp)))
    }

    /// What INSERT, UPDATE and DELETE report when they end. A statement that was undone changed nothing.
    pub(crate) fn count_changes(&mut self, changes: i64, succeeded: bool) {
        let counts = succeeded || self.error_action == ConflictAction::Fail;
        self.changes = if counts { changes } else { 0 };
        self.total_changes += self.changes;
    }

    /// The statement failed after all.
    pub(crate) fn uncount_changes(&mut self) {
        self.total_changes -= std::mem::take(&mut self.changes);
    }

    /// Asks for what a statement is; a refusal is an error.
    pub(crate) fn authorize_statement(
        &self,
        action: Action<'_>,
        context: Option<&str>,
    ) -> Result<Permission> {
        match Names::authorize(self, action, context)? {
            Permission::Denied => Err(Error::new(ResultCode::Auth, "not authorized")),
            permission => Ok(permission),
        }
    }

    /// Remembers where the stack is, before the first of what nests begins.
    pub(crate) fn note_stack(&mut self) {
        if self.trigger_depth == 0 && !self.reentry.is_within() {
            self.stack_position = stack_position();
        }
    }

    /// What the stack holds of what nests.
    pub(crate) fn stack_bytes(&self) -> usize {
        self.stack_position.abs_diff(stack_position())
    }

    /// Compares two texts by a collation of the application.
    pub(crate) fn collate(&self, id: CollationId, a: &[u8], b: &[u8]) -> Result<Ordering> {
        self.callbacks.collate(id, a, b, self.call_site())
    }

    /// Bytes that stand for a text in the order of a collation of the application.
    pub(crate) fn label(&self, id: CollationId, text: &[u8]) -> Result<Rc<[u8]>> {
        self.callbacks.label(id, text, self.call_site())
    }

    /// The interrupt flag as an error; polled by every loop that may be long.
    #[inline]
    pub fn check_interrupt(&self) -> Result<()> {
        if self.interrupt.load(atomic::Ordering::Relaxed) { Err(interrupted()) } else { Ok(()) }
    }
}

/// About where the thread's stack has got to.
#[inline(never)]
fn stack_position() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

impl Names for Session {
    fn note_view(&self, name: &str, columns: &Arc<Table>) {
        self.known_views.note(name, columns);
    }

    fn find_relation(&self, schema: Option<&str>, name: &str) -> Option<Relation> {
        Session::find_relation(self, schema, name)
    }

    fn database_exists(&self, schema: &str) -> bool {
        self.database_index(schema).is_some()
    }

    fn database_name(&self, database: DatabaseIndex) -> &str {
        Session::database_name(self, database)
    }

    fn find_index(&self, database: DatabaseIndex, name: &str) -> Option<Arc<Index>> {
        self.catalog(database).index(name).cloned()
    }

    fn find_collation(&self, name: &str) -> Option<Collation> {
        let collation = Collation::named(name)?;
        let is_known = match collation {
            Collation::Custom(id) => self.callbacks.has_collation(id),
            Collation::Binary | Collation::NoCase | Collation::Rtrim => true,
        };
        is_known.then_some(collation)
    }

    fn function(&self, name: &str, arg_count: usize) -> Option<Rc<FunctionDefinition>> {
        self.callbacks.function(name, arg_count).cloned()
    }

    fn any_function(&self, name: &str) -> Option<Rc<FunctionDefinition>> {
        self.callbacks.any_function(name).cloned()
    }

    fn connect(&self, relation: &VirtualRelation) -> Result<Rc<ConnectedTable>> {
        match relation {
            VirtualRelation::Created(database, table) => {
                self.callbacks.virtual_table(self.database_name(*database), table, self.call_site())
            }
            VirtualRelation::Eponymous(name) => self.callbacks.eponymous_table(name, self.call_site()),
        }
    }

    fn trusts_schema(&self) -> bool {
        self.settings.trusted_schema
    }

    fn max_columns(&self) -> usize {
        self.settings.max_column
    }

    fn has_authorizer(&self) -> bool {
        self.callbacks.authorizer().is_some()
    }

    fn authorize(&self, action: Action<'_>, context: Option<&str>) -> Result<Permission> {
        match self.callbacks.authorizer() {
            Some(authorizer) => Ok(authorizer.authorize(action, context, self.call_site())?),
            None => Ok(Permission::Allowed),
        }
    }

    fn column_names(&self) -> ColumnNames {
        match (self.settings.full_column_names, self.settings.short_column_names) {
            (false, true) => ColumnNames::Short,
            (false, false) => ColumnNames::Written,
            (true, is_short) => ColumnNames::Full { is_of_stars: !is_short },
        }
    }

    fn has_double_quoted_strings(&self) -> bool {
        self.settings.double_quoted_strings
    }

    fn note_table_function(&self) {
        self.note_looked_at(DatabaseIndex::MAIN);
    }

    fn pragma_columns(&self, name: &str) -> Option<PragmaColumns> {
        pragma::table_columns(name)
    }
}

#[cold]
fn interrupted() -> Error {
    Error::new(ResultCode::Interrupt, "interrupted")
}
