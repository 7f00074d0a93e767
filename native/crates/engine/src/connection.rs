//! A connection: opens databases, prepares statements, keeps the prepared ones for the next time.
//!
//! Always true:
//! - A statement text that was prepared before is found by its text alone; nothing is parsed or resolved again while
//!   the schema is the same.
//! - After a panic inside the engine the binding calls `poison`, and every later call answers `SQLITE_INTERNAL`.
//!
//! Not here: how a statement runs (`statement`), what a session is (`session`).

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use crate::environment::{Clock, InterruptHandle, Random, SystemClock};
pub use crate::session::{AttachedDatabase, ForeignKeyCounters, JournalMode, Session, Settings, Synchronous};

use pluresdb_value::Collation;

use crate::callback::{Authorizer, CollationFunction, FunctionDefinition, ModuleUses, TableModule};
use crate::catalog::DatabaseIndex;
use crate::session::Unreadable;
use crate::sqlite_file::{
    MigrationWatch, Watch, convert, export_to_bytes, finish_conversion, import_bytes, import_file,
    is_sqlite_file,
};
use crate::statement::{Statement, StatementCache, Templates, not_a_database};
use crate::transaction::{BusyHandler, Engine, EngineOptions, Found, Location, StoreKind, Transaction, look};
use crate::{Error, Result, ResultCode};

/// Where a database lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabasePath {
    /// `:memory:`: private to the connection.
    Memory,
    /// On disk: a directory or a file.
    Path(PathBuf),
    /// The empty name: private, gone at close.
    Temporary,
}

#[derive(Clone)]
pub struct OpenOptions {
    pub path: DatabasePath,
    pub read_only: bool,
    /// What a new database becomes.
    pub new_store: StoreKind,
    /// Where a SQLite file stands, convert it.
    pub migrate: bool,
    /// Do not create the database.
    pub must_exist: bool,
    pub busy_timeout_ms: u64,
    /// As `PRAGMA cache_size` takes it: pages, or KiB when negative.
    pub cache_size: i64,
    pub clock: Arc<dyn Clock>,
    pub seed: u64,
}

impl OpenOptions {
    /// SQLite's defaults as better-sqlite3 builds them.
    pub fn new(path: DatabasePath) -> Self {
        let clock = Arc::new(SystemClock::new());
        // Differs between processes and connections; nothing secret depends on it.
        let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), clock.unix_ms());
        OpenOptions {
            path,
            read_only: false,
            new_store: StoreKind::default(),
            migrate: false,
            must_exist: false,
            busy_timeout_ms: 5000,
            cache_size: -16000,
            clock,
            seed,
        }
    }
}

pub struct Connection {
    pub session: Session,
    pub(crate) cache: StatementCache,
    pub(crate) templates: Templates,
}

impl Connection {
    pub fn open(options: &OpenOptions) -> Result<Connection> {
        Connection::open_watched(options, &mut |_| Ok(()))
    }

    /// Opens a database; `watch` hears how a conversion goes, if there is one.
    pub fn open_watched(options: &OpenOptions, watch: MigrationWatch<'_>) -> Result<Connection> {
        if let DatabasePath::Path(path) = &options.path {
            if !options.read_only {
                finish_conversion(path)?;
            }
            if options.migrate && is_sqlite_file(path) {
                if options.read_only {
                    return Connection::open_copy(path, options);
                }
                convert(path, options, watch)?;
            }
        }
        let main = match (open_database("main", options), &options.path) {
            (Err(error), DatabasePath::Path(path))
                if error.code == ResultCode::NotADatabase && look(path) == Ok(Found::Foreign) =>
            {
                unreadable_file(path, options)?
            }
            (opened, _) => opened?,
        };
        Connection::with_main(main, options)
    }

    /// A connection to an engine that is open already, whatever store it stands on; `options.path` is not looked at.
    pub fn over(engine: Arc<Engine>, options: &OpenOptions) -> Result<Connection> {
        Connection::with_main(attach("main", String::new(), engine, options), options)
    }

    fn with_main(main: AttachedDatabase, options: &OpenOptions) -> Result<Connection> {
        let temp_options = OpenOptions { path: DatabasePath::Temporary, read_only: false, ..options.clone() };
        let temp = open_database("temp", &temp_options)?;
        let settings = Settings {
            busy_timeout_ms: options.busy_timeout_ms,
            cache_size: options.cache_size,
            new_store: options.new_store,
            ..Settings::default()
        };
        Ok(Connection::of(vec![main, temp], settings, options.clock.clone(), options.seed))
    }

    /// `databases`: main, temp, then what is attached.
    pub(crate) fn of(
        databases: Vec<AttachedDatabase>,
        settings: Settings,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> Connection {
        let session = Session::new(databases, settings, clock, seed);
        Connection { session, cache: StatementCache::default(), templates: Templates::default() }
    }

    /// A connection without databases: it takes its place while the session of another one is lent to it.
    pub fn borrower(clock: Arc<dyn Clock>) -> Connection {
        Connection::of(Vec::new(), Settings::default(), clock, 0)
    }

    /// A SQLite file that may not be converted, as a copy in memory.
    fn open_copy(path: &Path, options: &OpenOptions) -> Result<Connection> {
        let memory = OpenOptions { path: DatabasePath::Memory, read_only: false, ..options.clone() };
        let mut connection = Connection::open(&memory)?;
        import_file(&mut connection.session, DatabaseIndex::MAIN, path, &mut Watch::unheard())?;
        let main = &mut connection.session.databases[0];
        main.read_only = true;
        main.file = path.display().to_string();
        Ok(connection)
    }

    /// A database in memory out of the bytes of a SQLite file; no bytes are an empty one. `options.path` is not looked
    /// at.
    pub fn deserialize(bytes: Vec<u8>, options: &OpenOptions) -> Result<Connection> {
        let memory = OpenOptions {
            path: DatabasePath::Memory,
            read_only: false,
            must_exist: false,
            ..options.clone()
        };
        let mut connection = Connection::open(&memory)?;
        import_bytes(&mut connection.session, DatabaseIndex::MAIN, bytes)?;
        connection.session.databases[0].read_only = options.read_only;
        Ok(connection)
    }

    /// Puts what the bytes of a SQLite file hold in a database's place, in memory. Bytes that are no database are refused
    /// when they are first read. False: there is no such database.
    pub fn replace_database(&mut self, schema: &str, bytes: Vec<u8>) -> Result<bool> {
        self.check_usable()?;
        let Some(database) = self.session.database_index(schema) else { return Ok(false) };
        if !self.session.autocommit || self.session.active_statements > 0 {
            return Err(Error::new(ResultCode::Busy, "database is locked"));
        }
        if !self.session.can_be_read() {
            return Err(not_a_database());
        }
        let options = OpenOptions::new(DatabasePath::Memory);
        let (fresh, unreadable) = match Connection::deserialize(bytes.clone(), &options) {
            Ok(fresh) => (fresh, None),
            Err(error) if error.code == ResultCode::NotADatabase => {
                (Connection::open(&options)?, Some(Unreadable::Bytes(bytes)))
            }
            Err(error) => return Err(error),
        };
        let mut databases = fresh.session.databases;
        let place = &mut self.session.databases[database.0];
        let fresh = databases.swap_remove(0);
        *place = AttachedDatabase { name: std::mem::take(&mut place.name), unreadable, ..fresh };
        // Their texts may mean something else now.
        self.cache = StatementCache::default();
        self.templates = Templates::default();
        Ok(true)
    }

    /// A database of the connection as the bytes of a SQLite file, as an open transaction sees it; None when there is
    /// no database of that name.
    pub fn serialize(&mut self, schema: &str) -> Result<Option<Vec<u8>>> {
        self.check_usable()?;
        if !self.session.can_be_read() {
            let index = self.session.database_index(schema);
            return match index.and_then(|index| self.session.database(index).unreadable.as_ref()) {
                Some(Unreadable::Bytes(bytes)) => Ok(Some(bytes.clone())),
                Some(Unreadable::File) | None => Err(not_a_database()),
            };
        }
        let Some(database) = self.session.database_index(schema) else { return Ok(None) };
        if database == DatabaseIndex::TEMP && !self.session.temp_is_open.get() {
            return Ok(None);
        }
        let transaction = self.session.transaction_mut(database);
        let was_idle = transaction.is_none();
        transaction.begin_read()?;
        let bytes = export_to_bytes(&mut self.session, database);
        // A transaction that has begun keeps what it sees, and its savepoints.
        if was_idle && self.session.autocommit {
            self.session.transaction_mut(database).end_read();
        }
        bytes.map(Some)
    }

    /// Which version of a database `serialize` would write; None while this connection is writing another one.
    pub fn committed_version(&mut self, schema: &str) -> Result<Option<u64>> {
        self.check_usable()?;
        let Some(database) = self.session.database_index(schema) else {
            return Err(Error::error(format!("unknown database {schema}")));
        };
        if !self.session.can_be_read() {
            return Err(not_a_database());
        }
        let is_alone = self.session.autocommit;
        let transaction = self.session.transaction_mut(database);
        if transaction.is_write() {
            return Ok(None);
        }
        let was_idle = transaction.is_none() && is_alone;
        transaction.begin_read()?;
        let version = transaction.version();
        if was_idle {
            transaction.end_read();
        }
        Ok(Some(version))
    }

    /// Prepares the statement that starts at or after byte `offset` of `sql`, and says where the next one starts.
    /// None when only white space, comments and semicolons are left.
    pub fn prepare(&mut self, sql: &str, offset: usize) -> Result<Option<(Statement, usize)>> {
        self.check_usable()?;
        // Who decides what statements may do is asked each time.
        if offset == 0 && self.session.callbacks.authorizer().is_none() {
            let statement = match self.cache.take(sql) {
                // After a change of the schema it may be an error.
                Some(statement) => statement.is_current(self)?.then_some(statement),
                None => Statement::of_template(self, sql)?,
            };
            if let Some(statement) = statement {
                let end = statement.end();
                return Ok(Some((statement, end)));
            }
        }
        Statement::prepare(self, sql, offset)
    }

    /// `prepare`, for who goes on with what follows.
    fn prepare_of_script(&mut self, sql: &str, offset: usize) -> Result<Option<(Statement, usize)>> {
        let rest = sql[offset..].trim_ascii_start();
        let is_script =
            offset > 0 || rest.split_once(';').is_some_and(|(_, more)| !more.trim_ascii().is_empty());
        let is_usual = !self.session.is_poisoned && self.session.callbacks.authorizer().is_none();
        if is_script && is_usual && sql.len() - offset <= self.session.settings.max_sql_length {
            let start = sql.len() - rest.len();
            if let Some((statement, len)) = Statement::of_script(self, rest)? {
                return Ok(Some((statement, start + len)));
            }
        }
        self.prepare(sql, offset)
    }

    /// Whether anything but white space, comments and semicolons follows `offset`.
    pub fn has_more(&self, sql: &str, offset: usize) -> bool {
        !matches!(pluresdb_sql::parse_next(sql, offset), Ok(None))
    }

    /// Ends a statement and keeps what was prepared for the next `prepare` of the same text. Dropping a statement
    /// that is not running does as well, without the keeping.
    pub fn finalize(&mut self, mut statement: Statement) {
        statement.reset(self);
        self.cache.put(statement);
    }

    pub fn in_transaction(&self) -> bool {
        !self.session.autocommit
    }

    pub fn last_insert_rowid(&self) -> i64 {
        self.session.last_insert_rowid
    }

    pub fn changes(&self) -> i64 {
        self.session.changes
    }

    pub fn total_changes(&self) -> i64 {
        self.session.total_changes
    }

    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle(self.session.interrupt.clone())
    }

    pub fn set_busy_timeout(&mut self, timeout_ms: u64) {
        self.session.settings.busy_timeout_ms = timeout_ms;
    }

    /// Adds a function of the application, in place of one of the same name and number of arguments.
    pub fn define_function(&mut self, definition: FunctionDefinition) -> Result<()> {
        let session = &mut self.session;
        if session.active_statements > 0
            && session.callbacks.has_function(&definition.name, definition.arg_count)
        {
            let message = "unable to delete/modify user-function due to active statements";
            return Err(Error::new(ResultCode::Busy, message));
        }
        session.callbacks.define_function(definition);
        Ok(())
    }

    /// Lets the application decide what statements may do, or nobody.
    pub fn set_authorizer(&mut self, authorizer: Option<Rc<dyn Authorizer>>) {
        self.session.callbacks.set_authorizer(authorizer);
    }

    /// Adds a collation of the application, in place of one of the same name.
    pub fn define_collation(&mut self, name: &str, function: Rc<dyn CollationFunction>) -> Result<()> {
        match Collation::named(name) {
            Some(Collation::Custom(id)) => {
                self.session.callbacks.define_collation(id, function);
                Ok(())
            }
            Some(_) => Err(Error::error(format!("collation {name} is built in"))),
            None => Err(Error::error("too many collations")),
        }
    }

    /// Adds a table module of the application, in place of one of the same name.
    pub fn define_module(&mut self, name: &str, uses: ModuleUses, module: Rc<dyn TableModule>) {
        self.session.callbacks.define_module(name, uses, module);
    }

    pub fn is_read_only(&self) -> bool {
        self.session.databases[0].read_only
    }

    /// A panic went through the engine: what it left half done is not to be trusted.
    pub fn poison(&mut self) {
        self.session.is_poisoned = true;
    }

    pub(crate) fn check_usable(&self) -> Result<()> {
        if self.session.is_poisoned {
            return Err(Error::new(ResultCode::Internal, "the connection is closed after an internal error"));
        }
        Ok(())
    }

    /// Runs every statement of a text, dropping the rows: `exec`.
    pub fn execute(&mut self, sql: &str) -> Result<()> {
        let mut offset = 0;
        while let Some((mut statement, end)) = self.prepare_of_script(sql, offset)? {
            let outcome = loop {
                match statement.step(self) {
                    Ok(crate::Step::Row) => {}
                    Ok(crate::Step::Done) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            self.finalize(statement);
            outcome?;
            offset = end;
        }
        Ok(())
    }

    /// Rolls back what is open and lets go of the databases.
    pub fn close(mut self) -> Result<()> {
        if !self.session.is_poisoned {
            for database in &mut self.session.databases {
                if database.transaction.is_write() {
                    database.transaction.rollback();
                }
                database.transaction.end_read();
            }
        }
        Ok(())
    }
}

/// Opens the engine behind a path and makes it a database of a session.
pub(crate) fn open_database(name: &str, options: &OpenOptions) -> Result<AttachedDatabase> {
    let (location, file) = match &options.path {
        DatabasePath::Path(path) => (Location::Path(path.clone()), path.display().to_string()),
        DatabasePath::Memory | DatabasePath::Temporary => (Location::Memory, String::new()),
    };
    let engine_options = EngineOptions {
        read_only: options.read_only,
        create: !options.must_exist && !options.read_only,
        new_store: options.new_store,
        cache_bytes: cache_bytes(options.cache_size),
        busy: BusyHandler::new(Duration::from_millis(options.busy_timeout_ms)),
    };
    Ok(attach(name, file, Engine::open(&location, &engine_options)?, options))
}

/// The main database where a file stands that is none: SQLite opens it all the same, and finds out when it reads it. Nothing
/// of the file is touched.
fn unreadable_file(path: &Path, options: &OpenOptions) -> Result<AttachedDatabase> {
    let memory = OpenOptions { path: DatabasePath::Memory, read_only: false, ..options.clone() };
    Ok(AttachedDatabase {
        unreadable: Some(Unreadable::File),
        file: path.display().to_string(),
        read_only: options.read_only,
        ..open_database("main", &memory)?
    })
}

fn attach(name: &str, file: String, engine: Arc<Engine>, options: &OpenOptions) -> AttachedDatabase {
    let is_memory = engine.is_memory();
    AttachedDatabase {
        name: name.to_owned(),
        unreadable: None,
        file,
        transaction: Transaction::new(engine),
        read_only: options.read_only,
        rollback_mode: if is_memory { JournalMode::Memory } else { JournalMode::Delete },
        chosen_synchronous: None,
        is_memory,
        cache_size: if name == "temp" { 0 } else { options.cache_size },
        auto_vacuum: 0,
        relation_order: None,
    }
}

/// Bytes for a `cache_size` in pages of 4 kB or negative KiB.
pub(crate) fn cache_bytes(cache_size: i64) -> usize {
    let bytes = if cache_size < 0 {
        cache_size.unsigned_abs().saturating_mul(1024)
    } else {
        cache_size as u64 * 4096
    };
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
