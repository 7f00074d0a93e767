//! Pragmas that are values: asked without an argument, set with one.

use pluresdb_value::Value;

use super::{leading_integer, truth};
use crate::catalog::DatabaseIndex;
use crate::connection::cache_bytes;
use crate::session::{JournalMode, Session, Settings, Synchronous};
use crate::statement::busy_handler;
use crate::transaction::CheckpointMode;
use crate::{Error, Result};

/// What page counts are counted in.
const PAGE_BYTES: u64 = 4096;

pub(super) fn run(
    session: &mut Session,
    name: &str,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    if let Some(flag) = flag(&mut session.settings, name) {
        return match value {
            None => answer(rows, i64::from(*flag)),
            Some(value) => {
                let is_on = truth(value);
                // SQLite takes no notice of this one while a transaction is open.
                if name != "foreign_keys" || session.autocommit {
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
            if let Some(value) = value {
                session.settings.busy_timeout_ms = leading_integer(value).max(0) as u64;
            }
            answer(rows, session.settings.busy_timeout_ms as i64)
        }
        "cache_size" => {
            let Some(value) = value else { return answer(rows, session.settings.cache_size) };
            session.settings.cache_size = leading_integer(value);
            let bytes = cache_bytes(session.settings.cache_size);
            session.transaction_mut(database).set_cache_size(bytes);
            Ok(())
        }
        "temp_store" => {
            let Some(value) = value else { return answer(rows, session.settings.temp_store) };
            session.settings.temp_store = match value.to_ascii_lowercase().as_str() {
                "file" => 1,
                "memory" => 2,
                other => leading_integer(other).clamp(0, 2),
            };
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
            match value.map(str::to_ascii_lowercase).as_deref() {
                Some("exclusive") => session.settings.exclusive_locking = true,
                Some("normal") => session.settings.exclusive_locking = false,
                _ => {}
            }
            let is_exclusive = session.settings.exclusive_locking || session.database(database).is_memory;
            let is_shown_exclusive =
                is_exclusive && !(value.is_some_and(|value| value.eq_ignore_ascii_case("normal")));
            rows.push(vec![Value::text(if is_shown_exclusive { "exclusive" } else { "normal" })]);
            Ok(())
        }
        "encoding" => {
            if value.is_none() {
                rows.push(vec![Value::text("UTF-8")]);
            }
            Ok(())
        }
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
            let version = session.transaction(database).version();
            answer(rows, version as i64 + 1)
        }
        "cache_spill" => number(&mut session.settings.cache_spill, value, false, rows),
        "auto_vacuum" => {
            if value.is_none() {
                answer(rows, 0)
            } else {
                Ok(())
            }
        }
        "case_sensitive_like" => {
            if let Some(value) = value {
                session.settings.case_sensitive_like = truth(value);
            }
            Ok(())
        }
        "wal_autocheckpoint" => number(&mut session.settings.wal_autocheckpoint, value, true, rows),
        "analysis_limit" => number(&mut session.settings.analysis_limit, value, true, rows),
        "journal_size_limit" => number(&mut session.settings.journal_size_limit, value, true, rows),
        "soft_heap_limit" => number(&mut session.settings.soft_heap_limit, value, true, rows),
        "hard_heap_limit" => number(&mut session.settings.hard_heap_limit, value, true, rows),
        "threads" => number(&mut session.settings.threads, value, true, rows),
        "max_page_count" => {
            let value = value.filter(|value| leading_integer(value) > 0);
            number(&mut session.settings.max_page_count, value, true, rows)
        }
        // Nothing to do, nothing to say.
        _ => Ok(()),
    }
}

fn answer(rows: &mut Vec<Vec<Value>>, value: i64) -> Result<()> {
    rows.push(vec![Value::Integer(value)]);
    Ok(())
}

fn number(setting: &mut i64, value: Option<&str>, echoes: bool, rows: &mut Vec<Vec<Value>>) -> Result<()> {
    if let Some(value) = value {
        *setting = leading_integer(value);
        if !echoes {
            return Ok(());
        }
    }
    answer(rows, *setting)
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
    let value = leading_integer(value) as i32;
    match name {
        "user_version" => transaction.set_user_version(value),
        "application_id" => transaction.set_application_id(value),
        // A defensive connection, as better-sqlite3 opens them, does not touch it.
        _ => {}
    }
    Ok(())
}

/// The log is always written ahead here; the mode is what an application is told, and what decides `synchronous`.
fn journal_mode(
    session: &mut Session,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let wanted = value.and_then(|value| match value.to_ascii_lowercase().as_str() {
        "delete" => Some(JournalMode::Delete),
        "truncate" => Some(JournalMode::Truncate),
        "persist" => Some(JournalMode::Persist),
        "memory" => Some(JournalMode::Memory),
        "wal" => Some(JournalMode::Wal),
        "off" => Some(JournalMode::Off),
        _ => None,
    });
    for index in 0..session.databases.len() {
        if has_schema && index != database.0 {
            continue;
        }
        let autocommit = session.autocommit;
        let attached = &mut session.databases[index];
        let Some(wanted) = wanted else { continue };
        if attached.is_memory {
            if wanted == JournalMode::Off {
                attached.journal_mode = wanted;
            }
            continue;
        }
        let is_wal_change = (attached.journal_mode == JournalMode::Wal) != (wanted == JournalMode::Wal);
        if is_wal_change && !autocommit {
            let way = if wanted == JournalMode::Wal { "into" } else { "out of" };
            return Err(Error::error(format!("cannot change {way} wal mode from within a transaction")));
        }
        // A defensive connection, as better-sqlite3 opens them, does not give up its journal.
        if wanted != JournalMode::Off {
            attached.journal_mode = wanted;
        }
        if wanted == JournalMode::Wal && !attached.has_set_synchronous {
            attached.synchronous = Synchronous::Normal;
        }
    }
    rows.push(vec![Value::text(session.database(database).journal_mode.name())]);
    Ok(())
}

fn synchronous(
    session: &mut Session,
    database: DatabaseIndex,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let autocommit = session.autocommit;
    let attached = &mut session.databases[database.0];
    let Some(value) = value else { return answer(rows, attached.synchronous as i64) };
    if !autocommit {
        return Err(Error::error("Safety level may not be changed inside a transaction"));
    }
    if database == DatabaseIndex::TEMP {
        return Ok(());
    }
    attached.synchronous = match value.to_ascii_lowercase().as_str() {
        "off" | "no" | "false" => Synchronous::Off,
        "normal" | "on" | "yes" | "true" => Synchronous::Normal,
        "full" => Synchronous::Full,
        "extra" => Synchronous::Extra,
        other => match leading_integer(other) & 7 {
            0 if other.starts_with(|first: char| first.is_ascii_digit()) => Synchronous::Off,
            0 | 1 => Synchronous::Normal,
            2 => Synchronous::Full,
            _ => Synchronous::Extra,
        },
    };
    attached.has_set_synchronous = true;
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
    if session.database(database).is_memory || session.database(database).journal_mode != JournalMode::Wal {
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
