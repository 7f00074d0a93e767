//! A SQLite file becomes a database of ours, in its place.
//!
//! ```text
//! copy, check   <path>-migrating        the new database, built beside the file; thrown away by whoever finds it
//! backup        <path>-migrated         it is complete; <path>.sqlite-backup, -wal, -journal: the file, by a second name
//! swap          <path>                  the new database, by one rename; of a directory by two
//! clean         -wal, -shm, -journal    of the file go: the new database's log has the same name
//! ```
//!
//! Always true:
//! - The file is never written to, and it or its backup is there at every moment.
//! - Whoever opens the path after a crash finds the file as it was, or the new database whole. Between the two renames
//!   of a directory the path is empty: who finds `<path>-migrated` then renames it first.
//! - Nobody else writes to the file meanwhile: SQLite's lock on it is held.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pluresdb_sqlite_file::FileLock;

use super::import::{Watch, import_file};
use super::is_sqlite_file;
use crate::catalog::DatabaseIndex;
use crate::connection::{Connection, DatabasePath, OpenOptions};
use crate::statement::Step;
use crate::transaction::{CheckpointMode, Synchronous};
use crate::{Error, Result, ResultCode};
use pluresdb_value::Value;

/// How often a file that is locked is asked for again.
const LOCK_POLL: Duration = Duration::from_millis(20);
/// Backups that one path may have.
const MAX_BACKUPS: u32 = 1000;
/// What SQLite keeps beside a file and a backup needs.
const BESIDE: [&str; 2] = ["-wal", "-journal"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationPhase {
    Copy,
    Check,
    Backup,
    Swap,
    Clean,
}

/// How far a conversion has come.
#[derive(Clone, Debug)]
pub struct MigrationProgress {
    pub phase: MigrationPhase,
    /// The table being copied or checked.
    pub table: Option<String>,
    /// Rows copied so far, of all tables.
    pub rows: u64,
}

/// Hears of the progress. An error ends the conversion, and leaves the file as it was.
pub type MigrationWatch<'a> = &'a mut dyn FnMut(&MigrationProgress) -> Result<()>;

/// Ends what a crash left of an earlier conversion. Costs one look at the path's neighbours.
pub(crate) fn finish_conversion(path: &Path) -> Result<()> {
    if !path.exists() {
        let complete = beside(path, "-migrated");
        if complete.exists() {
            rename(&complete, path)?;
        }
        return Ok(());
    }
    if beside(path, ".sqlite-backup").exists() && !is_sqlite_file(path) {
        clean(path)?;
    }
    Ok(())
}

/// Converts the SQLite file at the path; nothing else may stand there when it returns.
pub(crate) fn convert(path: &Path, options: &OpenOptions, watch: MigrationWatch<'_>) -> Result<()> {
    // Two connections of this process that open at once: the second finds the new database.
    static CONVERSIONS: Mutex<()> = Mutex::new(());
    let _guard = CONVERSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let deadline = Instant::now() + Duration::from_millis(options.busy_timeout_ms);
    let lock = loop {
        if !is_sqlite_file(path) {
            return Ok(());
        }
        if let Some(lock) = FileLock::exclusive(path)? {
            break lock;
        }
        if Instant::now() >= deadline {
            return Err(Error::new(ResultCode::Busy, "database is locked"));
        }
        std::thread::sleep(LOCK_POLL);
    };
    // Another process may have been quicker, between the look and the lock.
    if !is_sqlite_file(path) {
        return Ok(());
    }
    let draft = beside(path, "-migrating");
    let complete = beside(path, "-migrated");
    remove_database(&draft)?;
    remove_database(&complete)?;
    let built = build(path, &draft, options, watch);
    if let Err(error) = built.and_then(|()| rename(&draft, &complete)) {
        // What cannot be removed is removed by the next attempt.
        let _removed = remove_database(&draft);
        return Err(error);
    }
    swap(path, &complete, watch)?;
    drop(lock);
    Ok(())
}

/// The new database, closed and on the disk.
fn build(path: &Path, draft: &Path, options: &OpenOptions, watch: MigrationWatch<'_>) -> Result<()> {
    let draft_options = OpenOptions {
        path: DatabasePath::Path(draft.to_path_buf()),
        read_only: false,
        must_exist: false,
        ..options.clone()
    };
    let mut connection = Connection::open(&draft_options)?;
    let counts = {
        let mut watched = Watch::new(Synchronous::Full, |table, rows| {
            watch(&MigrationProgress { phase: MigrationPhase::Copy, table: Some(table.to_owned()), rows })
        });
        import_file(&mut connection.session, DatabaseIndex::MAIN, path, &mut watched)?;
        watched.counts
    };
    let rows = counts.iter().map(|(_, count)| count).sum();
    for (table, count) in &counts {
        let progress = MigrationProgress { phase: MigrationPhase::Check, table: Some(table.clone()), rows };
        watch(&progress)?;
        let name = table.replace('"', "\"\"");
        let found = column(&mut connection, &format!("SELECT count(*) FROM \"{name}\""))?;
        if found != [Value::Integer(*count as i64)] {
            return Err(failed_check(format!("table {table} has {count} rows, and not {found:?}")));
        }
    }
    check_integrity(&mut connection)?;
    let engine = connection.session.transaction(DatabaseIndex::MAIN).engine().clone();
    engine.checkpoint(CheckpointMode::Truncate, &crate::transaction::BusyHandler::default())?;
    drop(engine);
    connection.close()
}

/// What the rows break of the schema's own rules they broke in the file too.
fn check_integrity(connection: &mut Connection) -> Result<()> {
    let problems = match column(connection, "PRAGMA integrity_check(1000)") {
        Ok(problems) => problems,
        // A function of the application in a CHECK: it will be known to who defines it.
        Err(error) if error.code == ResultCode::Error => return Ok(()),
        Err(error) => return Err(error),
    };
    for problem in problems {
        let text = problem.to_text().unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let is_a_rule = ["CHECK constraint failed in ", "NULL value in ", "non-unique "]
            .into_iter()
            .any(|rule| text.starts_with(rule));
        if text != "ok" && !is_a_rule && !text.contains(" value in ") {
            return Err(failed_check(text));
        }
    }
    Ok(())
}

fn column(connection: &mut Connection, sql: &str) -> Result<Vec<Value>> {
    let Some((mut statement, _)) = connection.prepare(sql, 0)? else { return Ok(Vec::new()) };
    let mut values = Vec::new();
    let outcome = loop {
        match statement.step(connection) {
            Ok(Step::Row) => match statement.value(0) {
                Ok(value) => values.push(value.to_value()),
                Err(error) => break Err(error),
            },
            Ok(Step::Done) => break Ok(values),
            Err(error) => break Err(error),
        }
    };
    connection.finalize(statement);
    outcome
}

fn failed_check(detail: String) -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed").with_detail(detail)
}

fn swap(path: &Path, complete: &Path, watch: MigrationWatch<'_>) -> Result<()> {
    let mut tell = |phase| watch(&MigrationProgress { phase, table: None, rows: 0 });
    tell(MigrationPhase::Backup)?;
    let backup = backup_place(path)?;
    for suffix in BESIDE {
        let (from, to) = (beside(path, suffix), beside(&backup, suffix));
        if from.exists() {
            fs::copy(&from, &to).and_then(|_| File::open(&to)?.sync_all()).map_err(|e| io_error(&e))?;
        }
    }
    // A second name keeps the path taken all the time; where there are none, and for a directory, the file moves.
    let has_second_name = !complete.is_dir() && fs::hard_link(path, &backup).is_ok();
    sync_folder(path)?;
    tell(MigrationPhase::Swap)?;
    if !has_second_name {
        rename(path, &backup)?;
        tell(MigrationPhase::Swap)?;
    }
    rename(complete, path)?;
    tell(MigrationPhase::Clean)?;
    clean(path)
}

/// Removes what SQLite kept beside the file that is a backup now.
fn clean(path: &Path) -> Result<()> {
    let mut is_changed = false;
    for suffix in ["-wal", "-shm", "-journal"] {
        let place = beside(path, suffix);
        if place.exists() && (suffix != "-wal" || is_sqlite_wal(&place)) {
            fs::remove_file(&place).map_err(|e| io_error(&e))?;
            is_changed = true;
        }
    }
    if is_changed { sync_folder(path) } else { Ok(()) }
}

/// Whether the log is SQLite's and not ours.
fn is_sqlite_wal(path: &Path) -> bool {
    let mut magic = [0; 3];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == [0x37, 0x7f, 0x06]
}

/// Where the file goes. One that a crash left there before the swap is the same file.
fn backup_place(path: &Path) -> Result<PathBuf> {
    for number in 0..MAX_BACKUPS {
        let suffix =
            if number == 0 { ".sqlite-backup".to_owned() } else { format!(".sqlite-backup-{number}") };
        let place = beside(path, &suffix);
        if is_same_file(path, &place) {
            fs::remove_file(&place).map_err(|e| io_error(&e))?;
        }
        if !place.exists() {
            return Ok(place);
        }
    }
    Err(Error::new(ResultCode::CantOpen, "unable to open database file").with_detail("too many backups"))
}

#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path: &Path| path.metadata().map(|found| (found.dev(), found.ino())).ok();
    id(other).is_some_and(|found| Some(found) == id(one))
}

// A file that only seems to be another one costs room, nothing else.
#[cfg(not(unix))]
fn is_same_file(_one: &Path, _other: &Path) -> bool {
    false
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_database(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    let log = beside(path, "-wal");
    let log_removed = if log.exists() { fs::remove_file(log) } else { Ok(()) };
    removed.and(log_removed).map_err(|e| io_error(&e))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|e| io_error(&e))?;
    sync_folder(to)
}

fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Windows cannot open a folder, and needs no sync of it.
    match File::open(folder.unwrap_or(Path::new("."))) {
        Ok(folder) => folder.sync_all().map_err(|e| io_error(&e)),
        Err(_) => Ok(()),
    }
}

fn io_error(error: &io::Error) -> Error {
    let (code, message) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            (ResultCode::Full, "database or disk is full")
        }
        _ => (ResultCode::IoError, "disk I/O error"),
    };
    Error::new(code, message).with_detail(error.to_string())
}
