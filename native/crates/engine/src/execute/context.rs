//! What every operator and expression receives besides the frame: the session, the parameters, the program.
//!
//! A `Context` borrows and is made anew for each call into the executor; what lasts an execution is in the `Frame`.

use std::any::Any;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pluresdb_function::FunctionError;
use pluresdb_tree::{KeyTree, Pager, RowTree, TreeError};
use pluresdb_value::{CollationId, Value};

use crate::catalog::{DatabaseIndex, Table, TreeId};
use crate::environment::Clock;
use crate::error::{Error, Result, ResultCode};
use crate::resolve::tree::Program;
use crate::session::{Session, Settings};

/// Where index entries are computed.
pub(crate) const INDEX: &str = "an index";
/// How many steps operators take between two looks at the interrupt flag.
const STEPS_PER_POLL: u32 = 1000;

pub struct Context<'a> {
    pub session: &'a mut Session,
    pub parameters: &'a [Value],
    pub program: &'a Program,
    /// What of the schema is being computed, whose results must be lasting: as errors name it.
    pub place: Option<&'static str>,
    steps: u32,
    /// Steps before something is looked at: the interrupt flag, or whether few were allowed.
    allowed: u32,
    is_limited: bool,
    /// Read from the clock once, so that every 'now' of a step is the same.
    now_unix_ms: OnceCell<i64>,
}

impl<'a> Context<'a> {
    pub fn new(session: &'a mut Session, parameters: &'a [Value], program: &'a Program) -> Context<'a> {
        Context {
            session,
            parameters,
            program,
            place: None,
            steps: 0,
            allowed: STEPS_PER_POLL,
            is_limited: false,
            now_unix_ms: OnceCell::new(),
        }
    }

    /// The same session and parameters under another program, for a trigger or a nested statement.
    pub fn with_program<'b>(&'b mut self, parameters: &'b [Value], program: &'b Program) -> Context<'b> {
        Context {
            session: self.session,
            parameters,
            program,
            place: None,
            steps: self.steps.min(STEPS_PER_POLL),
            allowed: STEPS_PER_POLL,
            is_limited: false,
            now_unix_ms: self.now_unix_ms.clone(),
        }
    }

    /// Computes what the schema says: there the clock and the time zone are refused.
    pub fn within<T>(
        &mut self,
        place: &'static str,
        compute: impl FnOnce(&mut Context<'a>) -> Result<T>,
    ) -> Result<T> {
        let outer = self.place.replace(place);
        let computed = compute(self);
        self.place = outer;
        computed
    }

    /// One unit of work: now and then asks whether the statement was interrupted.
    #[inline]
    pub fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps >= self.allowed { self.look_up() } else { Ok(()) }
    }

    #[cold]
    fn look_up(&mut self) -> Result<()> {
        if self.is_limited {
            return Err(Error::error("more steps than were allowed"));
        }
        self.steps = 0;
        self.session.check_interrupt()
    }

    /// Computes something in so many steps at most, and takes those it took off them; None: they were too few, and what was
    /// begun has to be closed. Within such a computation there is no other limit.
    pub fn within_steps<T>(
        &mut self,
        allowed: &mut u32,
        compute: impl FnOnce(&mut Context<'a>) -> Result<T>,
    ) -> Result<Option<T>> {
        if self.is_limited {
            return compute(self).map(Some);
        }
        self.poll()?;
        (self.steps, self.allowed, self.is_limited) = (0, *allowed, true);
        let computed = compute(self);
        let is_over = self.steps >= self.allowed;
        *allowed = allowed.saturating_sub(self.steps);
        (self.steps, self.allowed, self.is_limited) = (0, STEPS_PER_POLL, false);
        match computed {
            Err(_) if is_over => Ok(None),
            computed => computed.map(Some),
        }
    }

    /// Whether rows may have changed since they began to be read.
    #[inline]
    pub fn reads_live(&self) -> bool {
        self.program.reads_live || self.session.reentry.has_written()
    }

    /// Asks at once: before code of the application runs, which may take long or interrupt the statement itself.
    #[inline]
    pub fn poll(&self) -> Result<()> {
        self.session.check_interrupt()
    }

    pub(crate) fn row_tree(&self, database: DatabaseIndex, tree: TreeId) -> Result<(&RowTree, &Arc<Pager>)> {
        let transaction = &self.session.databases[database.0].transaction;
        Ok((transaction.row_tree(tree)?, transaction.pager()))
    }

    /// Rows of the table.
    pub(crate) fn row_count(&self, database: DatabaseIndex, table: &Table) -> Result<u64> {
        Ok(if table.without_rowid {
            self.key_tree(database, table.tree)?.0.count()
        } else {
            self.row_tree(database, table.tree)?.0.count()
        })
    }

    pub(crate) fn key_tree(&self, database: DatabaseIndex, tree: TreeId) -> Result<(&KeyTree, &Arc<Pager>)> {
        let transaction = &self.session.databases[database.0].transaction;
        Ok((transaction.key_tree(tree)?, transaction.pager()))
    }
}

/// What a thread needs that helps with a statement: of its context whatever expressions ask, but no database.
pub(crate) struct Helper {
    settings: Settings,
    clock: Arc<dyn Clock>,
    interrupt: Arc<AtomicBool>,
    now_unix_ms: i64,
}

impl Helper {
    pub fn of(context: &Context<'_>) -> Helper {
        Helper {
            settings: context.session.settings.clone(),
            clock: context.session.clock.clone(),
            interrupt: context.session.interrupt.clone(),
            now_unix_ms: pluresdb_function::Context::now_unix_ms(context),
        }
    }

    /// Does a part of the statement's work.
    pub fn help<T>(self, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let mut session = Session::new(Vec::new(), self.settings, self.clock, 0);
        session.interrupt = self.interrupt;
        let program = Program::default();
        let mut context = Context::new(&mut session, &[], &program);
        context.now_unix_ms = OnceCell::from(self.now_unix_ms);
        work(&mut context)
    }
}

impl pluresdb_function::Context for Context<'_> {
    fn now_unix_ms(&self) -> i64 {
        *self.now_unix_ms.get_or_init(|| self.session.clock.unix_ms())
    }

    fn host(&mut self) -> Option<&mut dyn Any> {
        Some(&mut *self.session)
    }

    fn deterministic_place(&self) -> Option<&'static str> {
        self.place
    }

    fn random_i64(&mut self) -> i64 {
        self.session.random.next_i64()
    }

    fn last_insert_rowid(&self) -> i64 {
        self.session.last_insert_rowid
    }

    fn changes(&self) -> i64 {
        self.session.changes
    }

    fn total_changes(&self) -> i64 {
        self.session.total_changes
    }

    fn local_offset_seconds(&self, _unix_seconds: i64) -> Option<i64> {
        Some(0)
    }

    fn collate(
        &self,
        collation: CollationId,
        a: &[u8],
        b: &[u8],
    ) -> std::result::Result<Ordering, FunctionError> {
        self.session.collate(collation, a, b).map_err(|error| match error.code {
            ResultCode::Callback => FunctionError::Thrown,
            _ => FunctionError::Error(error.message),
        })
    }

    fn case_sensitive_like(&self) -> bool {
        self.session.settings.case_sensitive_like
    }

    fn like_matches_blobs(&self) -> bool {
        self.session.settings.like_matches_blobs
    }

    fn max_length(&self) -> usize {
        self.session.settings.max_length
    }

    fn max_pattern_length(&self) -> usize {
        self.session.settings.max_pattern_length
    }
}

/// A tree's error as the engine's.
pub(crate) fn tree_error(error: TreeError) -> Error {
    let code = match error.sqlite_code() {
        11 => ResultCode::Corrupt,
        18 => ResultCode::TooBig,
        13 => ResultCode::Full,
        8 => ResultCode::ReadOnly,
        7 => ResultCode::NoMemory,
        14 => ResultCode::CantOpen,
        26 => ResultCode::NotADatabase,
        _ => ResultCode::IoError,
    };
    Error::new(code, error.sqlite_message()).with_detail(error.to_string())
}

/// Bytes from a tree that no encoder wrote.
pub(crate) fn corrupt(error: pluresdb_value::Malformed) -> Error {
    tree_error(TreeError::from(error))
}
