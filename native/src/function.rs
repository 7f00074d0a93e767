//! The functions JavaScript sees. lib/native/binding.ts declares their types; nobody else calls them.

use pluresdb_engine::{Connection, DatabasePath, Error, OpenOptions, ResultCode, Step};
use pluresdb_value::Value;

use crate::environment::{ConnectionSlot, StatementSlot};
use crate::error::Failure;
use crate::node_api::{Call, Callback, RawValue};
use crate::row_buffer::{BlockState, HEADER, RowWriter};

pub const FUNCTIONS: &[(&str, Callback)] = &[
    ("setErrorClass", set_error_class),
    ("open", open),
    ("openBytes", open_bytes),
    ("serialize", serialize),
    ("close", close),
    ("setBuffer", set_buffer),
    ("inTransaction", in_transaction),
    ("exec", exec),
    ("splitFirst", split_first),
    ("prepare", prepare),
    ("finalize", finalize),
    ("isCurrent", is_current),
    ("describe", describe),
    ("setWideParameter", set_wide_parameter),
    ("bind", bind_parameters),
    ("run", run),
    ("get", get),
    ("block", block),
    ("reset", reset),
    ("wideValue", wide_value),
    ("expandedSql", expanded_sql),
];

const SAFE_INTEGERS: u32 = 1;

/// setErrorClass(constructor)
fn set_error_class(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let class = call.env.reference(call.value(0))?;
    call.environment.set_error_class(class);
    call.env.undefined()
}

/// open(path, kind: 0 file, 1 memory, 2 temporary, readOnly, mustExist, timeoutMs) → connection
fn open(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let path = match call.u32(1)? {
        0 => DatabasePath::Directory(call.string(0)?.into()),
        1 => DatabasePath::Memory,
        _ => DatabasePath::Temporary,
    };
    let mut options = OpenOptions::new(path);
    options.read_only = call.boolean(2)?;
    options.must_exist = call.boolean(3)?;
    options.busy_timeout_ms = call.f64(4)? as u64;
    let connection = Connection::open(&options)?;
    let handle = call.environment.add_connection(connection);
    call.env.new_u32(handle)
}

/// openBytes(typed array, readOnly, timeoutMs) → connection to a database in memory, out of a SQLite file's bytes
fn open_bytes(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let bytes = call.env.typed_array_bytes(call.value(0))?;
    let mut options = OpenOptions::new(DatabasePath::Memory);
    options.read_only = call.boolean(1)?;
    options.busy_timeout_ms = call.f64(2)? as u64;
    let connection = Connection::deserialize(bytes, &options)?;
    let handle = call.environment.add_connection(connection);
    call.env.new_u32(handle)
}

/// serialize(connection, schema) → Buffer with the bytes of a SQLite file, or null when there is no such database
fn serialize(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let schema = call.string(1)?;
    let bytes = call.environment.connection(handle)?.connection.serialize(&schema)?;
    match bytes {
        Some(bytes) => call.env.new_buffer(&bytes),
        None => call.env.null(),
    }
}

/// close(connection)
fn close(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    if let Some(slot) = call.environment.remove_connection(handle) {
        if let Some(buffer) = slot.buffer {
            buffer.release(call.env);
        }
        slot.connection.close()?;
    }
    call.env.undefined()
}

/// setBuffer(connection, arrayBuffer)
fn set_buffer(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let buffer = call.env.shared_buffer(call.value(1))?;
    let slot = call.environment.connection(handle)?;
    if let Some(old) = slot.buffer.replace(buffer) {
        old.release(call.env);
    }
    call.env.undefined()
}

/// inTransaction(connection) → boolean
fn in_transaction(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let open = call.environment.connection(handle)?.connection.in_transaction();
    call.env.new_boolean(open)
}

/// exec(connection, sql)
fn exec(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    call.environment.connection(handle)?.connection.execute(&sql)?;
    call.env.undefined()
}

/// splitFirst(connection, sql) → [first statement, what follows it] | null: for those who want to see each statement
/// before it runs. The first one is prepared, so that one which cannot run is not shown.
fn split_first(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    let env = call.env;
    let connection = &mut call.environment.connection(handle)?.connection;
    let Some((statement, end)) = connection.prepare(&sql, 0)? else { return env.null() };
    let first = statement.expanded_sql();
    connection.finalize(statement);
    env.new_array(&[
        env.new_string(first.trim_start_matches([' ', '\t', '\n', '\r', '\x0c', ';']).as_bytes())?,
        env.new_string(&sql.as_bytes()[end..])?,
    ])
}

/// prepare(connection, sql) → statement. The text must hold exactly one.
fn prepare(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let sql = call.string(1)?;
    let connection = &mut call.environment.connection(handle)?.connection;
    let Some((statement, end)) = connection.prepare(&sql, 0)? else {
        return Err(Failure::Range("The supplied SQL string contains no statements"));
    };
    if connection.has_more(&sql, end) {
        connection.finalize(statement);
        return Err(Failure::Range("The supplied SQL string contains more than one statement"));
    }
    let statement = call.environment.add_statement(handle, statement);
    call.env.new_u32(statement)
}

/// isCurrent(statement) → boolean: whether the schema is still the one it was prepared for
fn is_current(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let (statement, slot) = call.environment.statement(handle)?;
    let is_current = statement.statement.is_current(&mut slot.connection)?;
    call.env.new_boolean(is_current)
}

/// finalize(statement), once for each: its connection may be closed already.
fn finalize(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    call.environment.remove_statement(handle);
    call.env.undefined()
}

/// describe(statement) → [readOnly, returnsRows, compilation, [parameter name | null, …],
/// [[name, column, table, database, type], …]]
fn describe(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    let env = call.env;
    let (slot, _) = call.environment.statement(handle)?;
    let statement = &slot.statement;
    let text = |text: Option<&str>| match text {
        Some(text) => env.new_string(text.as_bytes()),
        None => env.null(),
    };
    let mut names = Vec::with_capacity(statement.parameter_count());
    for index in 0..statement.parameter_count() {
        names.push(text(statement.parameter_name(index))?);
    }
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
    env.new_array(&[
        env.new_boolean(statement.is_read_only())?,
        env.new_boolean(statement.returns_rows())?,
        env.new_u32(statement.compilation())?,
        env.new_array(&names)?,
        env.new_array(&columns)?,
    ])
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
    slot.wide.retain(|(wanted, _)| *wanted != index);
    slot.wide.push((index, value));
    call.env.undefined()
}

fn bind(statement: &mut StatementSlot, connection: &mut ConnectionSlot, count: usize) -> Result<(), Failure> {
    if statement.is_open {
        close_execution(statement, connection);
    }
    let buffer = connection.buffer.as_mut().map_or(&mut [][..], |buffer| buffer.bytes());
    crate::parameter::bind(&mut statement.statement, count, buffer, &mut statement.wide)
}

fn close_execution(statement: &mut StatementSlot, connection: &mut ConnectionSlot) {
    statement.statement.reset(&mut connection.connection);
    statement.is_open = false;
    statement.pending = None;
}

/// bind(statement, parameterCount)
fn bind_parameters(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count) = (call.u32(0)?, call.u32(1)? as usize);
    let (statement, slot) = call.environment.statement(handle)?;
    bind(statement, slot, count)?;
    call.env.undefined()
}

/// run(statement, parameterCount): writes f64 changes, f64 last rowid and i64 last rowid to the buffer's start.
fn run(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count) = (call.u32(0)?, call.u32(1)? as usize);
    let (statement, slot) = call.environment.statement(handle)?;
    bind(statement, slot, count)?;
    let connection = &mut slot.connection;
    let total = connection.total_changes();
    loop {
        match statement.statement.step(connection) {
            Ok(Step::Row) => {}
            Ok(Step::Done) => break,
            Err(error) => {
                statement.statement.reset(connection);
                return Err(error.into());
            }
        }
    }
    statement.statement.reset(connection);
    let changes = if connection.total_changes() == total { 0 } else { connection.changes() };
    let rowid = connection.last_insert_rowid();
    if let Some(buffer) = &mut slot.buffer
        && let Some(head) = buffer.bytes().first_chunk_mut::<24>()
    {
        head[..8].copy_from_slice(&(changes as f64).to_ne_bytes());
        head[8..16].copy_from_slice(&(rowid as f64).to_ne_bytes());
        head[16..].copy_from_slice(&rowid.to_ne_bytes());
    }
    call.env.undefined()
}

/// get(statement, parameterCount, flags) → undefined when there is no row; else the block's string or a number.
fn get(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count, flags) = (call.u32(0)?, call.u32(1)? as usize, call.u32(2)?);
    let (statement, slot) = call.environment.statement(handle)?;
    bind(statement, slot, count)?;
    let outcome = fill(statement, slot, 1, flags);
    // One row is enough: the rest is not computed (a statement that changes rows has changed all of them by now).
    let closed = statement.statement.try_reset(&mut slot.connection);
    statement.is_open = false;
    statement.pending = None;
    let rows = outcome?;
    closed?;
    if rows == 0 {
        return call.env.undefined();
    }
    heap_string(call, handle)
}

/// block(statement, parameterCount, maxRows, flags) → the block's string or a number. A count of 0xffffffff goes on with
/// the rows of the last block, or starts with what `bind` bound.
fn block(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, count, max_rows, flags) = (call.u32(0)?, call.u32(1)?, call.u32(2)?, call.u32(3)?);
    let (statement, slot) = call.environment.statement(handle)?;
    if count != u32::MAX {
        bind(statement, slot, count as usize)?;
    }
    if let Some(error) = statement.pending.take() {
        close_execution(statement, slot);
        return Err(error.into());
    }
    fill(statement, slot, max_rows, flags)?;
    heap_string(call, handle)
}

/// The text of the block just written.
fn heap_string(call: &mut Call<'_>, handle: u32) -> Result<RawValue, Failure> {
    let env = call.env;
    let (_, slot) = call.environment.statement(handle)?;
    if !slot.utf16.is_empty() {
        return env.new_utf16(&slot.utf16);
    }
    if !slot.ascii.is_empty() {
        return env.new_latin1(&slot.ascii);
    }
    env.new_u32(0)
}

/// Steps up to `max_rows` rows into the buffer. An error behind rows waits for the next block.
fn fill(
    statement: &mut StatementSlot,
    slot: &mut ConnectionSlot,
    max_rows: u32,
    flags: u32,
) -> Result<u32, Failure> {
    let ConnectionSlot { connection, buffer, wide, ascii, utf16 } = slot;
    let Some(buffer) = buffer else { return Err(Failure::Type("the connection has no buffer")) };
    let bytes = buffer.bytes();
    if bytes.len() < HEADER {
        return Err(Failure::Range("the shared buffer is too small"));
    }
    let mut writer = RowWriter::new(bytes, ascii, utf16, wide, flags & SAFE_INTEGERS != 0);
    let mut state = BlockState::More;
    while writer.rows() < max_rows && writer.has_room(statement.statement.column_count()) {
        match statement.statement.step(connection) {
            Ok(Step::Row) => {
                for index in 0..statement.statement.column_count() {
                    writer.push(statement.statement.value(index)?);
                }
                writer.end_row();
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
                statement.pending = Some(error);
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

/// reset(statement)
fn reset(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let handle = call.u32(0)?;
    if let Ok((statement, slot)) = call.environment.statement(handle) {
        close_execution(statement, slot);
    }
    call.env.undefined()
}

/// wideValue(connection, index) → string | Buffer, of the last block.
fn wide_value(call: &mut Call<'_>) -> Result<RawValue, Failure> {
    let (handle, index) = (call.u32(0)?, call.u32(1)? as usize);
    let env = call.env;
    let slot = call.environment.connection(handle)?;
    match slot.wide.get(index) {
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
    let (slot, _) = call.environment.statement(handle)?;
    let text = slot.statement.expanded_sql();
    call.env.new_string(text.as_bytes())
}
