//! Pragmas that are values: asked without an argument, set with one.

use pluresdb_value::Value;

use super::list::EXECUTION_ENGINE;
use super::{int32, int64, integer, starts_with_digit, truth, word};
use crate::catalog::DatabaseIndex;
use crate::connection::{DatabasePath, OpenOptions, cache_bytes, open_database};
use crate::session::{Execution, JournalMode, Session, Settings, Synchronous};
use crate::statement::busy_handler;
use crate::transaction::{CheckpointMode, read_only};
use crate::{Error, Result, ResultCode};

/// What page counts are counted in.
const PAGE_BYTES: u64 = 4096;
/// What SQLite's cache needs for a page besides the page.
const PAGE_OVERHEAD: i64 = 136;
/// SQLite's `SQLITE_MAX_WORKER_THREADS`.
const MAX_THREADS: i64 = 8;
const MAX_PAGE_COUNT: i64 = 0xffff_fffe;
/// The `temp_store` of files; 0 is the same by default.
const IN_FILES: i64 = 1;

pub(super) fn run(
    session: &mut Session,
    name: &str,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let is_defensive = session.settings.is_defensive;
    if let Some(flag) = flag(&mut session.settings, name) {
        return match value {
            None => answer(rows, i64::from(*flag)),
            Some(value) => {
                let is_on = truth(value);
                // SQLite takes no notice of the first while a transaction is open, and a defensive connection, as
                // better-sqlite3 opens them, never turns the second on.
                let is_refused = (name == "foreign_keys" && !session.autocommit)
                    || (name == "writable_schema" && is_on && is_defensive);
                if !is_refused {
                    *flag = is_on;
                }
                if name == "defer_foreign_keys" && !is_on {
                    session.foreign_keys.forgive();
                }
                Ok(())
            }
        };
    }
    match name {
        "user_version" | "application_id" | "schema_version" => header(session, name, database, value, rows),
        "journal_mode" => journal_mode(session, database, has_schema, value, rows),
        "synchronous" => synchronous(session, database, value, rows),
        "wal_checkpoint" => wal_checkpoint(session, database, value, rows),
        "busy_timeout" => {
            if let Some(timeout) = value.and_then(int32) {
                session.settings.busy_timeout_ms = timeout.max(0) as u64;
            }
            answer(rows, session.settings.busy_timeout_ms as i64)
        }
        "cache_size" => {
            let Some(value) = value else { return answer(rows, session.database(database).cache_size) };
            let size = integer(value);
            session.databases[database.0].cache_size = size;
            session.transaction_mut(database).set_cache_size(cache_bytes(size));
            Ok(())
        }
        "cache_spill" => cache_spill(session, database, value, rows),
        "temp_store" => {
            let Some(value) = value else { return answer(rows, session.settings.temp_store) };
            let store = match value.to_ascii_lowercase().as_str() {
                "file" => 1,
                "memory" => 2,
                other => match other.as_bytes().first() {
                    Some(digit @ b'0'..=b'2') => i64::from(digit - b'0'),
                    _ => 0,
                },
            };
            if store != session.settings.temp_store {
                drop_temp(session)?;
                session.settings.temp_store = store;
            }
            Ok(())
        }
        "secure_delete" => {
            if let Some(value) = value {
                let is_fast = value.eq_ignore_ascii_case("fast");
                session.settings.secure_delete = if is_fast { 2 } else { i64::from(truth(value)) };
            }
            answer(rows, session.settings.secure_delete)
        }
        "locking_mode" => {
            locking_mode(session, database, has_schema, value, rows);
            Ok(())
        }
        "encoding" => match value {
            None => {
                rows.push(vec![Value::text("UTF-8")]);
                Ok(())
            }
            Some(value) => check_encoding(session, value),
        },
        "mmap_size" => {
            if session.database(database).is_memory {
                Ok(())
            } else {
                answer(rows, 0)
            }
        }
        "page_size" => {
            if value.is_none() {
                answer(rows, PAGE_BYTES as i64)
            } else {
                Ok(())
            }
        }
        "page_count" | "freelist_count" => {
            let sizes = session.transaction(database).engine().sizes();
            let bytes = if name == "page_count" {
                sizes.store.live_bytes + sizes.dirty_bytes as u64
            } else {
                sizes.store.dead_bytes
            };
            answer(rows, bytes.div_ceil(PAGE_BYTES) as i64)
        }
        "data_version" => {
            let commits = session.transaction(database).foreign_commits();
            answer(rows, commits as i64 + 1)
        }
        "auto_vacuum" => auto_vacuum(session, database, value, rows),
        "case_sensitive_like" => {
            if let Some(value) = value {
                session.settings.case_sensitive_like = truth(value);
            }
            Ok(())
        }
        EXECUTION_ENGINE => {
            session.settings.execution = match value.map(str::to_ascii_lowercase).as_deref() {
                Some("row") => Execution::Row,
                Some("vector") => Execution::Vector,
                _ => Execution::Automatic,
            };
            Ok(())
        }
        "temp_store_directory" => temp_store_directory(session, value, rows),
        "wal_autocheckpoint" => {
            let pages = value.map(|value| integer(value).max(0));
            number(&mut session.settings.wal_autocheckpoint, pages, rows)
        }
        "analysis_limit" => number(&mut session.settings.analysis_limit, not_negative(value), rows),
        "journal_size_limit" => {
            let limit = value.map(|value| int64(value).unwrap_or(0).max(-1));
            number(&mut session.settings.journal_size_limit, limit, rows)
        }
        "soft_heap_limit" => {
            let hard = session.settings.hard_heap_limit;
            let limit = not_negative(value)
                .map(|limit| if hard > 0 && (limit > hard || limit == 0) { hard } else { limit });
            number(&mut session.settings.soft_heap_limit, limit, rows)
        }
        "hard_heap_limit" => hard_heap_limit(&mut session.settings, value, rows),
        "threads" => {
            let threads = not_negative(value).map(|threads| threads.min(MAX_THREADS));
            number(&mut session.settings.threads, threads, rows)
        }
        "max_page_count" => {
            let count =
                value.and_then(int64).filter(|count| *count > 0).map(|count| count.min(MAX_PAGE_COUNT));
            number(&mut session.settings.max_page_count, count, rows)
        }
        // Nothing to do, nothing to say.
        _ => Ok(()),
    }
}

fn answer(rows: &mut Vec<Vec<Value>>, value: i64) -> Result<()> {
    rows.push(vec![Value::Integer(value)]);
    Ok(())
}

fn number(setting: &mut i64, value: Option<i64>, rows: &mut Vec<Vec<Value>>) -> Result<()> {
    if let Some(value) = value {
        *setting = value;
    }
    answer(rows, *setting)
}

fn not_negative(value: Option<&str>) -> Option<i64> {
    value.and_then(int64).filter(|value| *value >= 0)
}

/// A lower limit than the one there is takes its place, and soft limits above it come down.
fn hard_heap_limit(settings: &mut Settings, value: Option<&str>, rows: &mut Vec<Vec<Value>>) -> Result<()> {
    let prior = settings.hard_heap_limit;
    if let Some(limit) = value.and_then(int64)
        && limit > 0
        && (prior == 0 || prior > limit)
    {
        settings.hard_heap_limit = limit;
        if settings.soft_heap_limit == 0 || settings.soft_heap_limit > limit {
            settings.soft_heap_limit = limit;
        }
    }
    answer(rows, settings.hard_heap_limit)
}

/// Pages of a cache, as SQLite counts them.
fn cache_pages(cache_size: i64) -> i64 {
    if cache_size >= 0 {
        cache_size
    } else {
        cache_size.saturating_mul(-1024) / (PAGE_BYTES as i64 + PAGE_OVERHEAD)
    }
}

fn cache_spill(
    session: &mut Session,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let Some(value) = value else {
        let pages = cache_pages(session.settings.cache_size.min(session.database(database).cache_size));
        let settings = &session.settings;
        return answer(rows, if settings.cache_spill { pages.max(settings.cache_spill_pages) } else { 0 });
    };
    let size = int32(value);
    if let Some(size) = size.filter(|size| *size != 0) {
        session.settings.cache_spill_pages = cache_pages(size);
    }
    session.settings.cache_spill = match word(value) {
        Some(level @ 0..=1) => level == 1,
        _ => size != Some(0),
    };
    Ok(())
}

fn locking_mode(
    session: &mut Session,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) {
    let wanted = match value.map(str::to_ascii_lowercase).as_deref() {
        Some("exclusive") => Some(true),
        Some("normal") => Some(false),
        _ => None,
    };
    let is_exclusive = match wanted {
        // Without a database the question is what new databases begin with.
        None if !has_schema => session.settings.exclusive_locking,
        _ => {
            if let Some(wanted) = wanted
                && !has_schema
            {
                session.settings.exclusive_locking = wanted;
            }
            session.settings.exclusive_locking || session.database(database).is_memory
        }
    };
    rows.push(vec![Value::text(if is_exclusive { "exclusive" } else { "normal" })]);
}

/// Text is UTF-8 here, whatever is asked for; SQLite objects to names it does not know until there is a schema.
fn check_encoding(session: &Session, value: &str) -> Result<()> {
    let known = ["UTF8", "UTF-8", "UTF-16le", "UTF-16be", "UTF16le", "UTF16be", "UTF-16", "UTF16"];
    let is_known = known.iter().any(|name| name.eq_ignore_ascii_case(value));
    if is_known || !session.catalog(DatabaseIndex::MAIN).is_empty() {
        return Ok(());
    }
    Err(Error::error(format!("unsupported encoding: {value}")))
}

/// The mode can be chosen before the database is written, and between the two ways of doing it after.
fn auto_vacuum(
    session: &mut Session,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let current = session.database(database).auto_vacuum;
    let Some(value) = value else { return answer(rows, current) };
    let wanted = match value.to_ascii_lowercase().as_str() {
        "full" => 1,
        "incremental" => 2,
        other => match integer(other) {
            mode @ 1..=2 => mode,
            _ => 0,
        },
    };
    let is_new = current == 0 && session.catalog(database).is_empty();
    if is_new || (current != 0 && wanted != 0) {
        session.databases[database.0].auto_vacuum = wanted;
    }
    Ok(())
}

/// Ends the temp database, which another one follows: it cannot go from one kind of storage to another.
fn drop_temp(session: &mut Session) -> Result<()> {
    if !session.temp_is_open.get() {
        return Ok(());
    }
    if !session.autocommit || session.active_statements > 1 {
        return Err(Error::error("temporary storage cannot be changed from within a transaction"));
    }
    let options = OpenOptions {
        cache_size: session.settings.cache_size,
        clock: session.clock.clone(),
        ..OpenOptions::new(DatabasePath::Temporary)
    };
    session.databases[DatabaseIndex::TEMP.0] = open_database("temp", &options)?;
    session.temp_is_open.set(false);
    Ok(())
}

/// Where scratch files are made.
fn temp_store_directory(
    session: &mut Session,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let Some(value) = value else {
        let directory = session.settings.temp_store_directory.as_deref();
        rows.extend(directory.map(|directory| vec![Value::text(directory)]));
        return Ok(());
    };
    let is_writable = || std::fs::metadata(value).is_ok_and(|found| !found.permissions().readonly());
    if !value.is_empty() && !is_writable() {
        return Err(Error::error("not a writable directory"));
    }
    // SQLite keeps the directory also where it refuses to end the temp database.
    let dropped = if session.settings.temp_store <= IN_FILES { drop_temp(session) } else { Ok(()) };
    session.settings.temp_store_directory = (!value.is_empty()).then(|| value.to_owned());
    dropped
}

pub(super) fn is_flag(name: &str) -> bool {
    flag(&mut Settings::default(), name).is_some()
}

fn flag<'s>(settings: &'s mut Settings, name: &str) -> Option<&'s mut bool> {
    Some(match name {
        "foreign_keys" => &mut settings.foreign_keys,
        "defer_foreign_keys" => &mut settings.defer_foreign_keys,
        "recursive_triggers" => &mut settings.recursive_triggers,
        "ignore_check_constraints" => &mut settings.ignore_check_constraints,
        "query_only" => &mut settings.query_only,
        "read_uncommitted" => &mut settings.read_uncommitted,
        "legacy_alter_table" => &mut settings.legacy_alter_table,
        "writable_schema" => &mut settings.writable_schema,
        "reverse_unordered_selects" => &mut settings.reverse_unordered_selects,
        "automatic_index" => &mut settings.automatic_index,
        "trusted_schema" => &mut settings.trusted_schema,
        "cell_size_check" => &mut settings.cell_size_check,
        "count_changes" => &mut settings.count_changes,
        "full_column_names" => &mut settings.full_column_names,
        "short_column_names" => &mut settings.short_column_names,
        "empty_result_callbacks" => &mut settings.empty_result_callbacks,
        "fullfsync" => &mut settings.fullfsync,
        "checkpoint_fullfsync" => &mut settings.checkpoint_fullfsync,
        _ => return None,
    })
}

fn header(
    session: &mut Session,
    name: &str,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let transaction = session.transaction_mut(database);
    let Some(value) = value else {
        let value = match name {
            "user_version" => i64::from(transaction.user_version()),
            "application_id" => i64::from(transaction.application_id()),
            _ => i64::from(transaction.schema_version()),
        };
        return answer(rows, value);
    };
    let value = integer(value) as i32;
    match name {
        "user_version" => transaction.set_user_version(value),
        "application_id" => transaction.set_application_id(value),
        // A defensive connection, as better-sqlite3 opens them, does not touch it.
        _ => {}
    }
    Ok(())
}

/// The log is always written ahead here; the mode is what an application is told, and what decides `synchronous`. WAL
/// is the database's, and stays; the other modes are the connection's.
fn journal_mode(
    session: &mut Session,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let modes = [
        JournalMode::Delete,
        JournalMode::Persist,
        JournalMode::Off,
        JournalMode::Truncate,
        JournalMode::Memory,
        JournalMode::Wal,
    ];
    // The beginning of a mode's name is enough.
    let begins = |mode: &JournalMode, value: &str| {
        mode.name().get(..value.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(value))
    };
    let wanted = value
        .and_then(|value| modes.into_iter().find(|mode| begins(mode, value)))
        .filter(|mode| *mode != JournalMode::Off || !session.settings.is_defensive);
    for index in 0..session.databases.len() {
        if has_schema && index != database.0 {
            continue;
        }
        let Some(wanted) = wanted else { continue };
        let attached = &mut session.databases[index];
        if attached.is_memory {
            if matches!(wanted, JournalMode::Memory | JournalMode::Off) {
                attached.rollback_mode = wanted;
            }
            continue;
        }
        // What a transaction has changed ties it to the journal it has.
        if attached.transaction.is_changed() {
            continue;
        }
        let to_wal = wanted == JournalMode::Wal;
        if (attached.journal_mode() == JournalMode::Wal) != to_wal {
            set_wal(session, DatabaseIndex(index), to_wal)?;
        }
        session.databases[index].rollback_mode = if to_wal { JournalMode::Delete } else { wanted };
    }
    // Temp has a file of its own in SQLite, and a journal.
    let is_temp = database == DatabaseIndex::TEMP;
    let mode = if is_temp { JournalMode::Delete } else { session.database(database).journal_mode() };
    rows.push(vec![Value::text(mode.name())]);
    Ok(())
}

/// Commits by itself: the mode cannot change within a transaction.
fn set_wal(session: &mut Session, database: DatabaseIndex, is_wal: bool) -> Result<()> {
    if !session.autocommit || session.active_statements > 1 {
        let way = if is_wal { "into" } else { "out of" };
        return Err(Error::error(format!("cannot change {way} wal mode from within a transaction")));
    }
    let busy = busy_handler(&session.settings, &session.interrupt);
    let synchronous = session.database(database).synchronous(&session.settings).of_commits();
    if session.database(database).read_only {
        return Err(read_only());
    }
    let transaction = session.transaction_mut(database);
    transaction.begin_write(&busy)?;
    let outcome = transaction.set_is_wal(is_wal).and_then(|()| transaction.commit(synchronous));
    if outcome.is_err() {
        transaction.rollback();
    }
    outcome?;
    transaction.begin_read()?;
    if is_wal {
        session.unseen_wal.set(session.unseen_wal.get().with(database));
    }
    Ok(())
}

fn synchronous(
    session: &mut Session,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let autocommit = session.autocommit;
    let is_temp = database == DatabaseIndex::TEMP;
    let Some(value) = value else {
        let attached = session.database(database);
        let level = match attached.chosen_synchronous {
            _ if is_temp => Synchronous::Off,
            // SQLite learns what WAL means for it when it next reads the file.
            None if session.unseen_wal.get().contains(database) => Synchronous::Full,
            _ => attached.synchronous(&session.settings),
        };
        return answer(rows, level as i64);
    };
    if !autocommit {
        return Err(Error::error("Safety level may not be changed inside a transaction"));
    }
    if is_temp {
        return Ok(());
    }
    let level = if starts_with_digit(value) { integer(value) & 7 } else { word(value).unwrap_or(1) };
    session.databases[database.0].chosen_synchronous = Some(match level {
        0 | 7 => Synchronous::Off,
        1 => Synchronous::Normal,
        2 => Synchronous::Full,
        _ => Synchronous::Extra,
    });
    Ok(())
}

fn wal_checkpoint(
    session: &mut Session,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let mode = match value.map(str::to_ascii_lowercase).as_deref() {
        Some("full") => CheckpointMode::Full,
        Some("restart") => CheckpointMode::Restart,
        Some("truncate") => CheckpointMode::Truncate,
        _ => CheckpointMode::Passive,
    };
    let transaction = session.transaction(database);
    // That the pragma names temp counts as having read it.
    if transaction.is_write() || (database != DatabaseIndex::TEMP && transaction.has_read()) {
        return Err(Error::new(ResultCode::Locked, "database table is locked"));
    }
    if session.database(database).is_memory || session.database(database).journal_mode() != JournalMode::Wal {
        rows.push(vec![Value::Integer(0), Value::Integer(-1), Value::Integer(-1)]);
        return Ok(());
    }
    let busy = busy_handler(&session.settings, &session.interrupt);
    let result = session.transaction_mut(database).checkpoint(mode, &busy)?;
    rows.push(vec![
        Value::Integer(i64::from(result.is_busy)),
        Value::Integer(result.log_pages),
        Value::Integer(result.checkpointed_pages),
    ]);
    Ok(())
}
