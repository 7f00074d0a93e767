//! The functions JavaScript sees. lib/native/binding.ts declares their types; nobody else calls them.

use std::fmt::Write;
use std::rc::Rc;

use pluresdb_engine::callback::{Authorizer, FunctionBody, FunctionDefinition, ModuleUses, RowChange};
use pluresdb_engine::{
    Connection, DatabasePath, Error, MigrationPhase, MigrationProgress, OpenOptions, ResultCode, Run,
    Statement, Step, StoreKind,
};
use pluresdb_value::{Value, ValueRef};

use pluresdb_engine::changeset::{Kind, RecorderId};

use crate::callback::{
    AggregateFunctions, JsAggregate, JsAuthorizer, JsChangesetHandler, JsCollation, JsFunction, JsModule,
    NumberRuns,
};
use crate::environment::{ConnectionState, Pending, StatementState};
use crate::error::Failure;
use crate::interrupt::SharedInterrupt;
use crate::job::{self, Block, Jobs, Place, Wanted};
use crate::node_api::{Call, Callback, Js, NOTHING, RawValue};
use crate::row_buffer::{BlockState, HEADER, Integers, RowWriter, write_header};

pub const FUNCTIONS: &[(&str, Callback)] = &[
    ("setErrorClass", set_error_class),
    ("open", open),
    ("openBytes", open_bytes),
    ("serialize", serialize),
    ("close", close),
    ("setBuffer", set_buffer),
    ("setStatus", set_status),
    ("defineFunction", define_function),
    ("defineAggregate", define_aggregate),
    ("defineTable", define_table),
    ("defineCollation", define_collation),
    ("interrupt", interrupt),
    ("interruptId", interrupt_id),
    ("interruptById", interrupt_by_id),
    ("setOption", set_option),
    ("watchRows", watch_rows),
    ("changedRows", changed_rows),
    ("traceTriggers", trace_triggers),
    ("tracedTriggers", traced_triggers),
    ("readCounters", read_counters),
    ("committedVersion", committed_version),
    ("inTransaction", in_transaction),
    ("databaseFile", database_file),
    ("setAuthorizer", set_authorizer),
    ("replaceDatabase", replace_database),
    ("beginRecording", begin_recording),
    ("endRecording", end_recording),
    ("recordedChanges", recorded_changes),
    ("applyChangeset", apply_changeset),
    ("exec", exec),
    ("splitFirst", split_first),
    ("prepare", prepare),
    ("prepareFirst", prepare_first),
    ("sourceText", source_text),
    ("finalize", finalize),
    ("discard", discard),
    ("isCurrent", is_current),
    ("copy", copy),
    ("describe", describe),
    ("describeColumns", describe_columns),
    ("statementWork", statement_work),
    ("parameterNames", parameter_names),
    ("columnNames", column_names),
    ("setWideParameter", set_wide_parameter),
    ("bind", bind_parameters),
    ("run", run),
    ("get", get),
    ("block", block),
    ("columns", columns),
    ("startJob", start_job),
    ("jobBlock", job_block),
    ("jobColumns", job_columns),
    ("interruptJobs", interrupt_jobs),
    ("reset", reset),
    ("wideValue", wide_value),
    ("expandedSql", expanded_sql),
];

/// setErrorClass(constructor)
fn set_error_class(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let class = call.env.reference(call.value(0))?;
    call.environment.set_error_class(class);
    call.env.undefined()
}

/// open(path, kind: 0 on disk, 1 memory, 2 temporary, readOnly, mustExist, timeoutMs, asFile, migrate: boolean or a
/// function of (phase, table or null, rows)) → connection
fn open(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let path = match call.u32(1)? {
        0 => DatabasePath::Path(call.string(0)?.into()),
        1 => DatabasePath::Memory,
        _ => DatabasePath::Temporary,
    };
    let mut options = OpenOptions::new(path);
    options.read_only = call.boolean(2)?;
    options.must_exist = call.boolean(3)?;
    options.busy_timeout_ms = call.f64(4)? as u64;
    options.new_store = if call.boolean(5)? { StoreKind::File } else { StoreKind::Directory };
    let watch = call.env.is_function(call.value(6))?.then(|| call.value(6));
    options.migrate = watch.is_some() || call.boolean(6)?;
    // What the watch threw goes on to who opens.
    let mut thrown = None;
    let opened = Connection::open_watched(&options, &mut |progress| {
        let Some(watch) = watch else { return Ok(()) };
        tell_progress(call.env, watch, progress).map_err(|failure| {
            thrown = Some(failure);
            Error::new(ResultCode::Abort, "the conversion was ended")
        })
    });
    let connection = opened.map_err(|error| thrown.unwrap_or_else(|| error.into()))?;
    let handle = call.environment.add_connection(call.env, connection);
    call.env.new_u32(handle)
}

fn tell_progress(env: Js, watch: RawValue, progress: &MigrationProgress) -> Result<(), Failure> {
    let phase = match progress.phase {
        MigrationPhase::Copy => "copy",
        MigrationPhase::Check => "check",
        MigrationPhase::Backup => "backup",
        MigrationPhase::Swap => "swap",
        MigrationPhase::Clean => "clean",
    };
    let table = match &progress.table {
        Some(table) => env.new_string(table.as_bytes())?,
        None => env.null()?,
    };
    let args = [env.new_string(phase.as_bytes())?, table, env.new_f64(progress.rows as f64)?];
    env.call(watch, &args).map(|_| ())
}

/// openBytes(typed array, readOnly, timeoutMs) → connection to a database in memory, out of a SQLite file's bytes
fn open_bytes(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let bytes = call.env.typed_array_bytes(call.value(0))?;
    let mut options = OpenOptions::new(DatabasePath::Memory);
    options.read_only = call.boolean(1)?;
    options.busy_timeout_ms = call.f64(2)? as u64;
    let connection = Connection::deserialize(bytes, &options)?;
    let handle = call.environment.add_connection(call.env, connection);
    call.env.new_u32(handle)
}

/// serialize(connection, schema) → Buffer with the bytes of a SQLite file, or null when there is no such database
fn serialize(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let schema = call.string(1)?;
    let bytes = call.environment.connection(handle)?.lock()?.connection.serialize(&schema)?;
    match bytes {
        Some(bytes) => call.env.new_buffer(&bytes),
        None => call.env.null(),
    }
}

/// close(connection)
fn close(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let gate = call.environment.connection(handle).map(|slot| slot.gate.clone());
    if let Some(state) = call.environment.remove_connection(handle)? {
        if let Ok(gate) = gate {
            gate.levels.release(call.env);
        }
        if let Some(buffer) = state.buffer {
            buffer.release(call.env);
        }
        state.connection.close()?;
    }
    call.env.undefined()
}

/// setBuffer(connection, arrayBuffer)
fn set_buffer(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let buffer = call.env.shared_buffer(call.value(1))?;
    let slot = call.environment.connection(handle)?;
    if let Some(old) = slot.lock()?.buffer.replace(buffer) {
        old.release(call.env);
    }
    call.env.undefined()
}

/// setStatus(connection, arrayBuffer): where lib/ reads what holds while the engine calls JavaScript
fn set_status(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let status = call.env.status(call.value(1))?;
    call.environment.connection(handle)?.gate.set_status(status);
    call.env.undefined()
}

/// interrupt(connection): the running statement fails; also from inside a function it calls
fn interrupt(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    call.environment.connection(handle)?.interrupt.interrupt();
    call.environment.jobs.borrow().interrupt(handle);
    call.env.undefined()
}

/// interruptId(connection) → number, which interrupts this connection from any thread
fn interrupt_id(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let slot = call.environment.connection(call.u32(0)?)?;
    let shared = slot.shared_interrupt.get_or_init(|| SharedInterrupt::new(slot.interrupt.clone()));
    call.env.new_u32(shared.id())
}

/// interruptById(id)
fn interrupt_by_id(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    crate::interrupt::interrupt(call.u32(0)?);
    call.env.undefined()
}

/// setOption(connection, name, number): what differs between builds of SQLite, and its run-time limits
fn set_option(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let name = call.string(1)?;
    let number = call.f64(2)?;
    let slot = call.environment.connection(call.u32(0)?)?;
    let settings = &mut slot.lock()?.connection.session.settings;
    let (is_on, limit) = (number != 0.0, number as usize);
    match name.as_str() {
        "foreignKeys" => settings.foreign_keys = is_on,
        "doubleQuotedStrings" => settings.double_quoted_strings = is_on,
        "likeMatchesBlobs" => settings.like_matches_blobs = is_on,
        "tclVariables" => settings.tcl_variables = is_on,
        "defensive" => settings.is_defensive = is_on,
        "reentrant" => settings.is_reentrant = is_on,
        "limitedChanges" => settings.limited_changes = is_on,
        "samples" => settings.takes_samples = is_on,
        "walSyncsLess" => settings.wal_syncs_less = is_on,
        "busyTimeoutMs" => settings.busy_timeout_ms = number as u64,
        "length" => settings.max_length = limit,
        "sqlLength" => settings.max_sql_length = limit,
        "parameter" => settings.max_parameter = limit,
        "patternLength" => settings.max_pattern_length = limit,
        "attached" => settings.max_attached = limit,
        "column" => settings.max_column = limit,
        "exprDepth" => settings.max_expr_depth = limit,
        "compoundSelect" => settings.max_compound_select = limit,
        "vdbeOp" => settings.max_instructions = limit,
        "functionArg" => settings.max_function_arg = limit,
        "triggerDepth" => settings.max_trigger_depth = limit,
        "shownLiteral" => settings.max_shown_literal = limit,
        _ => return Err(Failure::fixed_type("unknown option")),
    }
    call.env.undefined()
}

/// watchRows(connection, isWatching): whether `changedRows` has anything to tell
fn watch_rows(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let is_watching = call.boolean(1)?;
    let slot = call.environment.connection(call.u32(0)?)?;
    slot.lock()?.connection.session.changed_rows.watch(is_watching);
    call.env.undefined()
}

/// changedRows(connection) → [kind, database, table, rowid, kind, …] since the last call
fn changed_rows(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let env = call.env;
    let slot = call.environment.connection(call.u32(0)?)?;
    let rows = slot.lock()?.connection.session.changed_rows.take();
    let mut items = Vec::with_capacity(rows.len() * 4);
    for row in rows {
        let change: &[u8] = match row.change {
            RowChange::Insert => b"insert",
            RowChange::Update => b"update",
            RowChange::Delete => b"delete",
        };
        items.push(env.new_latin1(change)?);
        items.push(env.new_string(row.database.as_bytes())?);
        items.push(env.new_string(row.table.as_bytes())?);
        items.push(env.new_f64(row.rowid as f64)?);
    }
    env.new_array(&items)
}

/// traceTriggers(connection, isTracing): whether `tracedTriggers` has anything to tell
fn trace_triggers(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let is_tracing = call.boolean(1)?;
    let slot = call.environment.connection(call.u32(0)?)?;
    slot.lock()?.connection.session.trigger_trace.turn(is_tracing);
    call.env.undefined()
}

/// tracedTriggers(connection) → [line, …] since the last call
fn traced_triggers(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let env = call.env;
    let slot = call.environment.connection(call.u32(0)?)?;
    let lines = slot.lock()?.connection.session.trigger_trace.take();
    let lines = lines.iter().map(|line| env.new_string(line.as_bytes()));
    env.new_array(&lines.collect::<Result<Vec<_>, _>>()?)
}

/// readCounters(connection): `changes()` and `last_insert_rowid()` to the buffer's start, as `run` leaves them
fn read_counters(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let slot = call.environment.connection(call.u32(0)?)?;
    let mut slot = slot.lock()?;
    let changes = slot.connection.changes();
    write_counters(&mut slot, changes);
    call.env.undefined()
}

const ANY_ARGUMENTS: u32 = u32::MAX;
const DETERMINISTIC: u32 = 2;
const DIRECT_ONLY: u32 = 4;
const HAS_INVERSE: u32 = 8;

/// What makes many calls at once, and the memory for it, which are two arguments; undefined where there is none.
fn number_runs(call: &Call<'_>, at: usize) -> Result<Option<NumberRuns>, Failure> {
    if !call.env.is_function(call.value(at))? {
        return Ok(None);
    }
    let numbers = call.env.shared_buffer(call.value(at + 1))?;
    Ok(Some(NumberRuns::new(call.env.reference(call.value(at))?, numbers)))
}

/// defineFunction(connection, name, argument count, flags, function, many, numbers): `many` as `NumberRuns` has it
fn define_function(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let name = call.string(1)?;
    let (arg_count, flags) = (call.u32(2)?, call.u32(3)?);
    let slot = call.environment.connection(call.u32(0)?)?;
    let function = call.env.reference(call.value(4))?;
    let runs = number_runs(call, 5)?;
    let function = JsFunction::new(slot.gate.clone(), &name, Integers::of_flags(flags), function, runs);
    let definition = definition(name, arg_count, flags, FunctionBody::Scalar(Rc::new(function)));
    slot.lock()?.connection.define_function(definition)?;
    call.env.undefined()
}

/// defineAggregate(connection, name, argument count, flags, start, step, inverse, result, many, numbers)
fn define_aggregate(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let name = call.string(1)?;
    let (arg_count, flags) = (call.u32(2)?, call.u32(3)?);
    let slot = call.environment.connection(call.u32(0)?)?;
    let functions = AggregateFunctions {
        start: call.env.reference(call.value(4))?,
        step: call.env.reference(call.value(5))?,
        inverse: call.env.reference(call.value(6))?,
        result: call.env.reference(call.value(7))?,
    };
    let integers = Integers::of_flags(flags);
    let (runs, has_inverse) = (number_runs(call, 8)?, flags & HAS_INVERSE != 0);
    let aggregate = JsAggregate::new(slot.gate.clone(), &name, integers, functions, runs, has_inverse);
    let definition = definition(name, arg_count, flags, FunctionBody::Aggregate(Rc::new(aggregate)));
    slot.lock()?.connection.define_function(definition)?;
    call.env.undefined()
}

/// defineTable(connection, name, uses: 0 CREATE VIRTUAL TABLE, 1 a table by itself, 2 both, factory)
fn define_table(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let name = call.string(1)?;
    let uses = match call.u32(2)? {
        0 => ModuleUses::Created,
        1 => ModuleUses::Eponymous,
        _ => ModuleUses::Both,
    };
    let slot = call.environment.connection(call.u32(0)?)?;
    let factory = call.env.reference(call.value(3))?;
    let module = JsModule::new(slot.gate.clone(), &name, factory);
    slot.lock()?.connection.define_module(&name, uses, Rc::new(module));
    call.env.undefined()
}

/// defineCollation(connection, name, compare)
fn define_collation(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let name = call.string(1)?;
    let slot = call.environment.connection(call.u32(0)?)?;
    let compare = call.env.reference(call.value(2))?;
    let collation = JsCollation::new(slot.gate.clone(), compare);
    slot.lock()?.connection.define_collation(&name, Rc::new(collation))?;
    call.env.undefined()
}

fn definition(name: String, arg_count: u32, flags: u32, body: FunctionBody) -> FunctionDefinition {
    FunctionDefinition {
        name,
        arg_count: (arg_count != ANY_ARGUMENTS).then_some(arg_count as usize),
        is_deterministic: flags & DETERMINISTIC != 0,
        is_direct_only: flags & DIRECT_ONLY != 0,
        body,
    }
}

/// committedVersion(connection, schema) → number | null: null while the connection is writing.
fn committed_version(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let schema = call.string(1)?;
    let version = call.environment.connection(handle)?.lock()?.connection.committed_version(&schema)?;
    match version {
        #[expect(
            clippy::cast_precision_loss,
            reason = "versions are counted from one; 2^53 commits are out of reach"
        )]
        Some(version) => call.env.new_f64(version as f64),
        None => call.env.null(),
    }
}

/// inTransaction(connection) → boolean
fn in_transaction(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let open = call.environment.connection(handle)?.lock()?.connection.in_transaction();
    call.env.new_boolean(open)
}

/// databaseFile(connection, schema) → string, empty in memory; null when there is no such database
fn database_file(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let schema = call.string(1)?;
    let slot = call.environment.connection(call.u32(0)?)?;
    let slot = slot.lock()?;
    let session = &slot.connection.session;
    let file = session.database_index(&schema).map(|index| session.databases[index.0].file.as_str());
    text_or_null(call.env, file)
}

/// setAuthorizer(connection, function of (action, first, second, database, context) or null)
fn set_authorizer(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let slot = call.environment.connection(call.u32(0)?)?;
    let authorizer = if call.env.is_function(call.value(1))? {
        let ask = call.env.reference(call.value(1))?;
        Some(Rc::new(JsAuthorizer::new(slot.gate.clone(), ask)) as Rc<dyn Authorizer>)
    } else {
        None
    };
    slot.lock()?.connection.set_authorizer(authorizer);
    call.env.undefined()
}

/// replaceDatabase(connection, schema, typed array) → boolean: puts a SQLite file's contents in a database's place;
/// false when there is no such database
fn replace_database(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let schema = call.string(1)?;
    let bytes = call.env.typed_array_bytes(call.value(2))?;
    call.environment.reset_statements(handle)?;
    let slot = call.environment.connection(handle)?;
    let is_known = slot.lock()?.connection.replace_database(&schema, bytes)?;
    call.env.new_boolean(is_known)
}

/// beginRecording(connection, database, table or null) → recorder
fn begin_recording(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let database = call.string(1)?;
    let table = if call.env.is_string(call.value(2))? { Some(call.string(2)?) } else { None };
    let slot = call.environment.connection(call.u32(0)?)?;
    let recorder = slot.lock()?.connection.begin_recording(&database, table.as_deref());
    call.env.new_u32(recorder.0)
}

/// endRecording(connection, recorder)
fn end_recording(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let recorder = RecorderId(call.u32(1)?);
    let slot = call.environment.connection(call.u32(0)?)?;
    slot.lock()?.connection.end_recording(recorder);
    call.env.undefined()
}

/// recordedChanges(connection, recorder, asPatchset) → Buffer
fn recorded_changes(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let recorder = RecorderId(call.u32(1)?);
    let kind = if call.boolean(2)? { Kind::Patchset } else { Kind::Changeset };
    let slot = call.environment.connection(call.u32(0)?)?;
    let bytes = slot.lock()?.connection.recorded_changes(recorder, kind)?;
    call.env.new_buffer(&bytes)
}

/// applyChangeset(connection, typed array, filter(table) → boolean, conflict(kind) → number)
fn apply_changeset(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let bytes = call.env.typed_array_bytes(call.value(1))?;
    let slot = call.environment.connection(call.u32(0)?)?;
    let mut handler = JsChangesetHandler::new(slot.gate.clone(), call.value(2), call.value(3));
    slot.lock()?.connection.apply_changeset(&bytes, &mut handler)?;
    call.env.undefined()
}

/// exec(connection, sql)
fn exec(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    call.environment.connection(handle)?.lock()?.connection.execute(&sql)?;
    call.env.undefined()
}

/// splitFirst(connection, sql) → [first statement, what follows it] | null: for those who want to see each statement
/// before it runs. The first one is prepared, so that one which cannot run is not shown.
fn split_first(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    let env = call.env;
    let slot = call.environment.connection(handle)?;
    let connection = &mut slot.lock()?.connection;
    let Some((statement, end)) = connection.prepare(&sql, 0)? else { return env.null() };
    let first = statement.expanded_sql(connection);
    connection.finalize(statement);
    env.new_array(&[
        env.new_string(first.trim_start_matches([' ', '\t', '\n', '\r', '\x0c', ';']).as_bytes())?,
        env.new_string(&sql.as_bytes()[end..])?,
    ])
}

/// prepare(connection, sql) → statement, described in the buffer. The text must hold exactly one.
fn prepare(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    let slot = call.environment.connection(handle)?;
    let state = &mut *slot.lock()?;
    let connection = &mut state.connection;
    let Some((statement, end)) = connection.prepare(&sql, 0)? else {
        return Err(Failure::fixed_range("The supplied SQL string contains no statements"));
    };
    if connection.has_more(&sql, end) {
        connection.finalize(statement);
        return Err(Failure::fixed_range("The supplied SQL string contains more than one statement"));
    }
    write_description(&statement, state);
    let statement = call.environment.add_statement(handle, statement);
    call.env.new_u32(statement)
}

/// prepareFirst(connection, sql) → statement of the text's first statement, or null when it has none
fn prepare_first(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    let slot = call.environment.connection(handle)?;
    let prepared = slot.lock()?.connection.prepare(&sql, 0)?;
    match prepared {
        Some((statement, _)) => call.env.new_u32(call.environment.add_statement(handle, statement)),
        None => call.env.null(),
    }
}

/// sourceText(statement) → its text as given, to its semicolon
fn source_text(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (slot, _) = call.environment.statement(call.u32(0)?)?;
    let slot = slot.lock()?;
    call.env.new_string(slot.statement.sql().as_bytes())
}

/// isCurrent(statement) → boolean: whether the schema is still the one it was prepared for
fn is_current(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let (statement, slot) = call.environment.statement(handle)?;
    let is_current = statement.lock()?.statement.is_current(&mut slot.lock()?.connection)?;
    call.env.new_boolean(is_current)
}

/// copy(statement) → another one of its text, with the columns that it has now; null where its text is to be prepared.
fn copy(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (slot, connection) = call.environment.statement(call.u32(0)?)?;
    let copied = slot.lock()?.statement.copy();
    let Some(statement) = copied else { return call.env.null() };
    write_description(&statement, &mut *connection.lock()?);
    let handle = call.environment.add_statement(slot.connection, statement);
    call.env.new_u32(handle)
}

/// finalize(statement), once for each: its connection may be closed already.
fn finalize(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    call.environment.remove_statement(handle, true);
    call.env.undefined()
}

/// discard(statement): as finalize, for one whose text is not expected again.
fn discard(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    call.environment.remove_statement(handle, false);
    call.env.undefined()
}

fn text_or_null(env: Js, text: Option<&str>) -> Result<RawValue, Failure> {
    match text {
        Some(text) => env.new_string(text.as_bytes()),
        None => env.null(),
    }
}

const IS_READ_ONLY: u32 = 1;
const RETURNS_ROWS: u32 = 2;
const HAS_NAMED_PARAMETERS: u32 = 4;

/// describe(statement): flags with the columns' number above them, numbers of parameters and columns and compilation go to the buffer's start.
fn describe(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (statement, slot) = call.environment.statement(call.u32(0)?)?;
    write_description(&statement.lock()?.statement, &mut *slot.lock()?);
    call.env.undefined()
}

fn write_description(statement: &Statement, state: &mut ConnectionState) {
    let count = statement.parameter_count();
    let has_named = (0..count).any(|index| statement.parameter_name(index).is_some());
    let flags = [
        (statement.is_read_only(), IS_READ_ONLY),
        (statement.returns_rows(), RETURNS_ROWS),
        (has_named, HAS_NAMED_PARAMETERS),
    ];
    let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, flag)| all | flag);
    let number = statement.columns_number();
    let flags = if number < 1 << 24 { flags | number << 8 } else { flags };
    if let Some(buffer) = &mut state.buffer {
        write_header(
            buffer.bytes(),
            [flags, count as u32, statement.column_count() as u32, statement.compilation()],
        );
    }
}

/// parameterNames(statement) → [name | null, …]
fn parameter_names(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let env = call.env;
    let (slot, _) = call.environment.statement(call.u32(0)?)?;
    let statement = &slot.lock()?.statement;
    let mut names = Vec::with_capacity(statement.parameter_count());
    for index in 0..statement.parameter_count() {
        names.push(text_or_null(env, statement.parameter_name(index))?);
    }
    env.new_array(&names)
}

/// columnNames(statement) → `4:name2:id`: each name with its length in UTF-16 units before it
fn column_names(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (slot, _) = call.environment.statement(call.u32(0)?)?;
    let statement = &slot.lock()?.statement;
    let mut names = String::new();
    for index in 0..statement.column_count() {
        let name = &statement.column(index).name;
        // Writing to a string never fails.
        let _written = write!(names, "{}:{name}", name.encode_utf16().count());
    }
    call.env.new_string(names.as_bytes())
}

/// statementWork(statement, restarts) → [steps of full scans, sorts, rows of automatic indexes, runs, recompilations],
/// counted anew
fn statement_work(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let restarts = call.boolean(1)?;
    let env = call.env;
    let (slot, connection) = call.environment.statement(call.u32(0)?)?;
    let work = match slot.lock() {
        Ok(mut slot) => slot.statement.work(restarts),
        // It is the one that runs the code that asks.
        Err(_) => connection.lock()?.connection.session.work(restarts),
    };
    let counts =
        [work.full_scan_steps, work.sorts, work.automatic_index_rows, work.runs, work.recompilations];
    let numbers = counts.map(|count| env.new_f64(count as f64));
    env.new_array(&numbers.into_iter().collect::<Result<Vec<_>, _>>()?)
}

/// describeColumns(statement) → [[name, column, table, database, type], …]
fn describe_columns(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let env = call.env;
    let (slot, _) = call.environment.statement(handle)?;
    let statement = &slot.lock()?.statement;
    let text = |text| text_or_null(env, text);
    let mut columns = Vec::with_capacity(statement.column_count());
    for index in 0..statement.column_count() {
        let column = statement.column(index);
        columns.push(env.new_array(&[
            text(Some(&column.name))?,
            text(column.column.as_deref())?,
            text(column.table.as_deref())?,
            text(column.database.as_deref())?,
            text(column.declared_type.as_deref())?,
        ])?);
    }
    env.new_array(&columns)
}

/// setWideParameter(statement, index, string | typed array): for values that do not fit the shared buffer.
fn set_wide_parameter(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, index) = (call.u32(0)?, call.u32(1)?);
    let value = if call.env.is_string(call.value(2))? {
        Value::text(call.env.string_bytes(call.value(2))?)
    } else {
        Value::blob(call.env.typed_array_bytes(call.value(2))?)
    };
    let (slot, _) = call.environment.statement(handle)?;
    let mut slot = slot.lock()?;
    slot.wide.retain(|(wanted, _)| *wanted != index);
    slot.wide.push((index, value));
    call.env.undefined()
}

fn bind(
    call: &Call<'_>,
    statement: &mut StatementState,
    connection: &mut ConnectionState,
    count: usize,
) -> Result<(), Failure> {
    if statement.is_open {
        close_execution(call, statement, connection);
    }
    let buffer = connection.buffer.as_mut().map_or(&mut [][..], |buffer| buffer.bytes());
    let max_length = connection.connection.session.settings.max_length;
    crate::parameter::bind(&mut statement.statement, count, buffer, &mut statement.wide, max_length)
}

fn close_execution(call: &Call<'_>, statement: &mut StatementState, connection: &mut ConnectionState) {
    statement.statement.reset(&mut connection.connection);
    statement.is_open = false;
    forget_pending(call, statement);
}

fn forget_pending(call: &Call<'_>, statement: &mut StatementState) {
    if let Some(Pending::Thrown(exception)) = statement.pending.take() {
        call.env.unreference(exception);
    }
}

/// bind(statement, parameterCount)
fn bind_parameters(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count) = (call.u32(0)?, call.u32(1)? as usize);
    let (statement, slot) = call.environment.statement(handle)?;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    bind(call, statement, slot, count)?;
    call.env.undefined()
}

/// run(statement, parameterCount): writes f64 changes, f64 last rowid and i64 last rowid to the buffer's start.
fn run(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count) = (call.u32(0)?, call.u32(1)? as usize);
    let (statement, slot) = call.environment.statement(handle)?;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    bind(call, statement, slot, count)?;
    let connection = &mut slot.connection;
    let total = connection.total_changes();
    // One step, as with SQLite: whatever changes rows has changed all of them by then, and a query's other rows are not
    // asked for.
    let outcome = statement.statement.step(connection);
    let closed = statement.statement.try_reset(connection);
    outcome?;
    closed?;
    let changes = if connection.total_changes() == total { 0 } else { connection.changes() };
    write_counters(slot, changes);
    Ok(NOTHING)
}

/// i32 changes | u32 1 when it is that small | i32 rowid | u32 1 | f64 changes | f64 rowid | i64 rowid
fn write_counters(slot: &mut ConnectionState, changes: i64) {
    let rowid = slot.connection.last_insert_rowid();
    let Some(buffer) = &mut slot.buffer else { return };
    let Some(head) = buffer.bytes().first_chunk_mut::<40>() else { return };
    for (place, count) in head.chunks_exact_mut(8).zip([changes, rowid]) {
        let small = i32::try_from(count);
        place[..4].copy_from_slice(&small.unwrap_or(0).to_ne_bytes());
        place[4..].copy_from_slice(&u32::from(small.is_ok()).to_ne_bytes());
    }
    head[16..24].copy_from_slice(&(changes as f64).to_ne_bytes());
    head[24..32].copy_from_slice(&(rowid as f64).to_ne_bytes());
    head[32..].copy_from_slice(&rowid.to_ne_bytes());
}

/// get(statement, parameterCount, flags) → undefined when there is no row; else the block's string or a number.
fn get(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count, flags) = (call.u32(0)?, call.u32(1)? as usize, call.u32(2)?);
    let (statement, slot) = call.environment.statement(handle)?;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    bind(call, statement, slot, count)?;
    let outcome = fill(call, statement, slot, 1, flags);
    // One row is enough: the rest is not computed (a statement that changes rows has changed all of them by now).
    let closed = statement.statement.try_reset(&mut slot.connection);
    statement.is_open = false;
    forget_pending(call, statement);
    let rows = outcome?;
    closed?;
    if rows == 0 {
        return call.env.undefined();
    }
    heap_string(call, slot)
}

/// block(statement, parameterCount, maxRows, flags) → the block's string or a number. A count of 0xffffffff goes on with
/// the rows of the last block, or starts with what `bind` bound.
fn block(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count, max_rows, flags) = (call.u32(0)?, call.u32(1)?, call.u32(2)?, call.u32(3)?);
    let (statement, slot) = call.environment.statement(handle)?;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    if count != u32::MAX {
        bind(call, statement, slot, count as usize)?;
    }
    if let Some(pending) = statement.pending.take() {
        close_execution(call, statement, slot);
        return Err(match pending {
            Pending::Engine(error) => error.into(),
            Pending::Thrown(exception) => Failure::Thrown(exception),
        });
    }
    fill(call, statement, slot, max_rows, flags)?;
    heap_string(call, slot)
}

/// columns(statement, parameterCount, flags) → [rows, column, column, …]: the whole result by column.
fn columns(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count, flags) = (call.u32(0)?, call.u32(1)? as usize, call.u32(2)?);
    let (statement, slot) = call.environment.statement(handle)?;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    bind(call, statement, slot, count)?;
    let columns = statement.statement.columns(&mut slot.connection)?;
    crate::column_array::new_columns(call.env, &columns, Integers::of_flags(flags))
}

/// startJob(statement, parameterCount, maxRows, flags) → promise of a job's number, when it has ended; undefined when the
/// statement calls code of the application. 0 rows: the result by column.
fn start_job(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count) = (call.u32(0)?, call.u32(1)? as usize);
    let (at_most, flags) = (call.u32(2)? as usize, call.u32(3)?);
    let (statement, slot) = call.environment.statement(handle)?;
    let connection = statement.connection;
    let (statement, slot) = (&mut *statement.lock()?, &mut *slot.lock()?);
    bind(call, statement, slot, count)?;
    let Some(query) = statement.statement.detach(&mut slot.connection)? else { return call.env.undefined() };
    let wanted = if at_most == 0 {
        Wanted::Columns
    } else {
        let compilation = statement.statement.compilation();
        Wanted::Rows { at_most, integers: Integers::of_flags(flags), compilation }
    };
    let jobs = call.environment.jobs.clone();
    let job = jobs.borrow_mut().begin(connection, query.interrupt_handle());
    let place = Place::default();
    let result = place.clone();
    call.env.start_task(
        move || job::run(query, wanted, &result),
        move |env| {
            Jobs::end(&jobs, job, &place);
            env.new_u32(job)
        },
    )
}

/// jobBlock(connection, job) → the next block's string or a number, as `block`; throws what the query failed with.
fn job_block(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, job) = (call.u32(0)?, call.u32(1)?);
    let block = call.environment.jobs.borrow_mut().take_block(job)?;
    let slot = call.environment.connection(handle)?;
    let slot = &mut *slot.lock()?;
    let buffer = slot.buffer.as_mut().map_or(&mut [][..], |buffer| buffer.bytes());
    let Some(place) = buffer.get_mut(..block.bytes.len()) else {
        return Err(Failure::fixed_range("the shared buffer is too small"));
    };
    place.copy_from_slice(&block.bytes);
    let Block { ascii, utf16, wide, .. } = block;
    (slot.ascii, slot.utf16, slot.wide) = (ascii, utf16, wide);
    heap_string(call, slot)
}

/// jobColumns(job, flags) → as `columns`
fn job_columns(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (job, flags) = (call.u32(0)?, call.u32(1)?);
    let columns = call.environment.jobs.borrow_mut().take_columns(job)?;
    crate::column_array::new_columns(call.env, &columns, Integers::of_flags(flags))
}

/// interruptJobs(): all of them; the environment ends, and would wait for them
fn interrupt_jobs(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    call.environment.jobs.borrow().interrupt_all();
    call.env.undefined()
}

/// The text of the block just written.
fn heap_string(call: &Call<'_>, slot: &ConnectionState) -> Result<RawValue, Failure> {
    let env = call.env;
    if !slot.utf16.is_empty() {
        return env.new_utf16(&slot.utf16);
    }
    if !slot.ascii.is_empty() {
        return env.new_latin1(&slot.ascii);
    }
    env.new_u32(0)
}

/// A flag of `block`: it ends with a row for which code of the application was called, because the application sees when
/// that happens.
const LAZY: u32 = 32;

/// Steps up to `max_rows` rows into the buffer. An error behind rows waits for the next block.
fn fill(
    call: &Call<'_>,
    statement: &mut StatementState,
    slot: &mut ConnectionState,
    max_rows: u32,
    flags: u32,
) -> Result<u32, Failure> {
    let ConnectionState { connection, buffer, wide, ascii, utf16 } = slot;
    let Some(buffer) = buffer else { return Err(Failure::fixed_type("the connection has no buffer")) };
    let bytes = buffer.bytes();
    if bytes.len() < HEADER {
        return Err(Failure::fixed_range("the shared buffer is too small"));
    }
    let mut writer = RowWriter::new(bytes, ascii, utf16, wide, Integers::of_flags(flags));
    let mut state = BlockState::More;
    let calls_before = (flags & LAZY != 0).then(|| call.environment.callback_count());
    while writer.rows() < max_rows && writer.has_room(statement.statement.column_count()) {
        if writer.rows() > 0 && calls_before.is_some_and(|count| count != call.environment.callback_count()) {
            break;
        }
        match statement.statement.step(connection) {
            Ok(Step::Row) => {
                let limit = (max_rows - writer.rows()) as usize;
                match run_of(&statement.statement, &writer, limit) {
                    Some(run) => {
                        let count = run.rows().len();
                        writer.push_run(&run, statement.statement.column_count());
                        statement.statement.skip(count - 1);
                    }
                    None => {
                        push_row(&statement.statement, &mut writer)?;
                        writer.end_row();
                    }
                }
            }
            Ok(Step::Done) => {
                state = BlockState::Done;
                break;
            }
            Err(error) if writer.rows() == 0 => {
                statement.statement.reset(connection);
                statement.is_open = false;
                return Err(error.into());
            }
            Err(error) => {
                statement.pending = Some(match call.take_thrown(&error) {
                    Some(exception) => Pending::Thrown(call.env.keep(exception)?),
                    None => Pending::Engine(error),
                });
                break;
            }
        }
    }
    statement.is_open = matches!(state, BlockState::More);
    if !statement.is_open {
        statement.statement.reset(connection);
    }
    let columns = statement.statement.column_count() as u32;
    Ok(writer.finish(state, columns, statement.statement.compilation()))
}

/// Rows that can be written at once, when there are enough of them to be worth it.
fn run_of<'s>(statement: &'s Statement, writer: &RowWriter<'_>, limit: usize) -> Option<Run<'s>> {
    const MIN_ROWS: usize = 4;
    const MAX_ROWS: usize = 128;
    let room = writer.room(statement.column_count()).min(limit).min(MAX_ROWS);
    if room < MIN_ROWS {
        return None;
    }
    let mut run = statement.run(room)?;
    while run.text_len() > writer.heap_room() && run.rows().len() >= MIN_ROWS {
        run.truncate(run.rows().len() / 2);
    }
    (run.rows().len() >= MIN_ROWS).then_some(run)
}

/// Texts and blobs are found before any of them is copied: so the processor fetches them from memory at the same time.
/// Other values go to their cells at once; a `ValueRef` that is copied waits until its parts have been written.
fn push_row(statement: &Statement, writer: &mut RowWriter<'_>) -> Result<(), Failure> {
    const AT_ONCE: usize = 8;
    let count = statement.column_count();
    let mut found: [(usize, &[u8], bool); AT_ONCE] = [(0, &[], false); AT_ONCE];
    for first in (0..count).step_by(AT_ONCE) {
        let mut len = 0;
        for index in first..count.min(first + AT_ONCE) {
            let value = statement.value(index)?;
            if let ValueRef::Text(bytes) | ValueRef::Blob(bytes) = value {
                std::hint::black_box((bytes.first().copied(), bytes.last().copied()));
                found[len] = (writer.leave_cell(), bytes, matches!(value, ValueRef::Text(_)));
                len += 1;
            } else {
                writer.push(value);
            }
        }
        for &(cell, bytes, is_text) in &found[..len] {
            writer.fill_cell(cell, if is_text { ValueRef::Text(bytes) } else { ValueRef::Blob(bytes) });
        }
    }
    Ok(())
}

/// reset(statement)
fn reset(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    if let Ok((statement, slot)) = call.environment.statement(handle) {
        close_execution(call, &mut *statement.lock()?, &mut *slot.lock()?);
    }
    call.env.undefined()
}

/// wideValue(connection, index) → string | Buffer, of the last block.
fn wide_value(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, index) = (call.u32(0)?, call.u32(1)? as usize);
    let env = call.env;
    let slot = call.environment.connection(handle)?;
    match slot.lock()?.wide.get(index) {
        Some(Value::Text(text)) => env.new_string(text),
        Some(Value::Blob(blob)) => env.new_buffer(blob),
        Some(Value::Null | Value::Integer(_) | Value::Real(_)) | None => {
            Err(Error::new(ResultCode::Internal, "no such wide value").into())
        }
    }
}

/// expandedSql(statement) → string, with the parameters bound last
fn expanded_sql(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let (statement, slot) = call.environment.statement(handle)?;
    let text = statement.lock()?.statement.expanded_sql(&slot.lock()?.connection);
    call.env.new_string(text.as_bytes())
}
