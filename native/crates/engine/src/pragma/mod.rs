//! PRAGMA, as a statement and as `pragma_…` tables.
//!
//! | module | pragmas |
//! |---|---|
//! | `list` | which there are, their result columns |
//! | `schema` | about tables, indexes, foreign keys, functions: the ones that are tables too |
//! | `setting` | values that are asked and set |
//! | `check` | integrity_check, quick_check |
//! | `optimize` | optimize |
//!
//! Always true:
//! - An unknown pragma does nothing and has no columns, as in SQLite.

mod check;
mod list;
mod optimize;
mod schema;
mod setting;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use crate::callback::{Action, Permission};
use crate::catalog::DatabaseIndex;
use crate::resolve::{Names, PragmaColumns};
use crate::session::{JournalMode, Session};
use crate::statement::Effect;
use crate::{Error, Result};
use list::{Kind, Spec};

pub(crate) struct Pragma {
    spec: Option<&'static Spec>,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<String>,
    /// As a table, the argument of a check is a table's name, whatever it looks like.
    is_name: bool,
    effect: Effect,
    /// When it gave its flag a value: see `Reentry::expirations`.
    set_at: Option<u64>,
}

impl Pragma {
    pub fn prepare(session: &Session, pragma: &ast::Pragma) -> Result<Pragma> {
        let database = match &pragma.name.schema {
            None => DatabaseIndex::MAIN,
            Some(schema) => session
                .database_index(&schema.text)
                .ok_or_else(|| Error::error(format!("unknown database {}", schema.text)))?,
        };
        if database == DatabaseIndex::TEMP {
            session.note_named(database);
        }
        let spec = list::find(&pragma.name.name.text);
        let value = pragma.value.as_ref().map(|value| value.text.to_string());
        if let Some(spec) = spec {
            check_argument(session, spec, pragma, value.as_deref())?;
        }
        let writes = spec.is_some_and(|spec| spec.kind == Kind::Header && value.is_some());
        let only = pragma.name.schema.as_ref().map(|_| database);
        let effect = if writes {
            Effect::Write(database)
        } else if spec.is_some_and(|spec| spec.name == "optimize") {
            optimize::effect(session, only, value.as_deref())
        } else {
            Effect::Read
        };
        Ok(Pragma {
            spec,
            database,
            has_schema: pragma.name.schema.is_some(),
            value,
            is_name: false,
            effect,
            set_at: None,
        })
    }

    pub fn columns(&self) -> &'static [&'static str] {
        match self.spec {
            None => &[],
            Some(spec) => match (spec.kind, &self.value) {
                (Kind::Quiet | Kind::Header, Some(_)) | (Kind::Action, _) => &[],
                _ => spec.columns,
            },
        }
    }

    pub fn effect(&self) -> Effect {
        self.effect
    }

    pub fn is_read_only(&self) -> bool {
        let writes = self.spec.is_some_and(|spec| {
            matches!(spec.name, "journal_mode" | "wal_checkpoint" | "incremental_vacuum")
        });
        !writes && !self.effect.writes()
    }

    /// Whether SQLite runs it twice without another compilation: it only reads a number of the file's header.
    pub fn is_reusable(&self) -> bool {
        let reads =
            |spec: &Spec| spec.kind == Kind::Header || matches!(spec.name, "data_version" | "freelist_count");
        self.value.is_none() && self.spec.is_some_and(reads)
    }

    pub fn names_database(&self) -> bool {
        self.has_schema
    }

    /// Whether it gives one of the flags another value.
    pub fn sets_flag(&self) -> bool {
        self.value.is_some() && self.spec.is_some_and(|spec| setting::is_flag(spec.name))
    }

    /// Does so, unless it has since it was compiled.
    pub fn set_flag(&mut self, session: &mut Session) -> Result<()> {
        let Some(spec) = self.spec else { return Ok(()) };
        let expirations = session.reentry.expirations();
        if self.set_at.replace(expirations) == Some(expirations) {
            return Ok(());
        }
        let value = self.value.as_deref();
        setting::run(session, spec.name, self.database, self.has_schema, value, &mut Vec::new())
    }

    fn names_view(&self, session: &Session) -> bool {
        let schema = self.has_schema.then(|| session.database_name(self.database));
        self.value.as_ref().is_some_and(|name| session.find_view(schema, name).is_some())
    }

    pub fn run(&mut self, session: &mut Session, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        let Some(spec) = self.spec else { return Ok(()) };
        session.take_named();
        let outcome = if self.sets_flag() {
            // What SQLite does by running it.
            self.set_flag(session).map(|()| session.reentry.expire_statements())
        } else {
            self.run_known(spec, session, rows)
        };
        self.note_looked_at(spec, rows, session);
        session.begin_named(session.take_named());
        outcome
    }

    /// The databases that SQLite begins to read for the pragma, beside those whose tables it finds.
    fn note_looked_at(&self, spec: &Spec, rows: &[Vec<Value>], session: &Session) {
        let (is_one, is_all) = match spec.name {
            "table_info" | "table_xinfo" => (false, self.value.is_some()),
            "table_list" | "integrity_check" | "quick_check" | "optimize" => (false, true),
            "page_count" | "max_page_count" | "freelist_count" | "data_version" | "incremental_vacuum" => {
                (true, false)
            }
            // It begins no transaction of its own, but is a statement that ends one.
            "journal_mode" => (session.autocommit && session.settings.defer_foreign_keys, false),
            "index_list" | "index_info" | "index_xinfo" => (!rows.is_empty(), false),
            // A log that can be written back is looked at first.
            "wal_checkpoint" => (session.database(self.database).journal_mode() == JournalMode::Wal, false),
            _ => (spec.kind == Kind::Header, false),
        };
        if is_one || (is_all && self.has_schema) {
            session.note_looked_at(self.database);
        } else if is_all {
            (0..session.databases.len()).for_each(|index| session.note_looked_at(DatabaseIndex(index)));
            // What is checked must be open.
            if spec.name.ends_with("_check") {
                session.note_named(DatabaseIndex::TEMP);
            }
        }
    }

    fn run_known(
        &mut self,
        spec: &'static Spec,
        session: &mut Session,
        rows: &mut Vec<Vec<Value>>,
    ) -> Result<()> {
        let value = self.value.as_deref();
        match spec.name {
            "integrity_check" | "quick_check" => {
                let limit = value.filter(|_| !self.is_name).and_then(int32);
                let table = value.filter(|_| limit.is_none());
                let only = self.has_schema.then_some(self.database);
                *rows = check::integrity(session, only, table, limit, spec.name)?;
            }
            "optimize" => {
                // As a table it may not write, and it has nothing to say either.
                let is_allowed = self.effect.writes() || value.is_some();
                if is_allowed {
                    optimize::run(session, self.has_schema.then_some(self.database), value, rows)?;
                    session.reentry.expire_statements();
                }
            }
            // A view holds no rows to check.
            "foreign_key_check" if self.names_view(session) => {}
            name if schema::is_table_pragma(name) => {
                let schema = self.has_schema.then(|| session.database_name(self.database).to_owned());
                *rows = schema::rows(session, name, value, schema.as_deref())?;
            }
            name => setting::run(session, name, self.database, self.has_schema, value, rows)?,
        }
        Ok(())
    }
}

/// What SQLite complains about before the pragma runs.
fn check_argument(session: &Session, spec: &Spec, pragma: &ast::Pragma, value: Option<&str>) -> Result<()> {
    let Some(value) = value else { return Ok(()) };
    let names_table = match spec.name {
        "foreign_key_check" => true,
        "integrity_check" | "quick_check" => int32(value).is_none(),
        _ => false,
    };
    let schema = pragma.name.schema.as_ref().map(|schema| &*schema.text);
    if names_table && session.find_relation(schema, value).is_none() {
        return Err(crate::dml::no_such_table(schema, value));
    }
    Ok(())
}

/// Result columns of `pragma_NAME` and its hidden ones; None when it is no table.
pub(crate) fn table_columns(name: &str) -> Option<PragmaColumns> {
    let spec = list::find(name)?;
    let hidden = list::hidden_columns(spec)?;
    Some(PragmaColumns { visible: spec.columns, hidden })
}

/// The rows of `pragma_NAME(…)`; the arguments are its hidden columns in their order.
pub(crate) fn table_rows(session: &mut Session, name: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>> {
    let Some(spec) = list::find(name) else { return Ok(Vec::new()) };
    // Also of a database that the statement does not name.
    for attached in &mut session.databases {
        attached.transaction.begin_read()?;
    }
    let hidden = list::hidden_columns(spec).unwrap_or_default();
    let text = |wanted: &str| {
        let value = arguments.get(hidden.iter().position(|column| *column == wanted)?)?;
        Some(String::from_utf8_lossy(&value.to_text()?).into_owned())
    };
    let (argument, schema) = (text("arg"), text("schema"));
    let database = match &schema {
        None => DatabaseIndex::MAIN,
        Some(schema) => session
            .database_index(schema)
            .ok_or_else(|| Error::error(format!("unknown database '{}'", schema.replace('\'', "''"))))?,
    };
    if database == DatabaseIndex::TEMP {
        session.note_named(database);
    }
    if Names::has_authorizer(session) {
        let action = Action {
            second: argument.as_deref(),
            database: schema.as_deref(),
            ..Action::new(Action::PRAGMA)
        };
        if session.authorize_statement(action.of(spec.name), None)? == Permission::Ignored {
            return Ok(Vec::new());
        }
    }
    let effect = Effect::Read;
    let has_schema = schema.is_some();
    let mut pragma = Pragma {
        spec: Some(spec),
        database,
        has_schema,
        value: argument,
        is_name: true,
        effect,
        set_at: None,
    };
    if let (Some(name), "foreign_key_check" | "integrity_check" | "quick_check") = (&pragma.value, spec.name)
        && session.find_relation(schema.as_deref(), name).is_none()
    {
        return Err(crate::dml::no_such_table(schema.as_deref(), name));
    }
    let mut rows = Vec::new();
    pragma.run(session, &mut rows)?;
    Ok(rows)
}

/// What SQLite takes for true: ON, YES, TRUE, or a number other than 0. A sign makes it no number.
fn truth(value: &str) -> bool {
    word(value).map_or_else(|| starts_with_digit(value) && integer(value) != 0, |level| level == 1)
}

/// The words that switches and safety levels share.
fn word(value: &str) -> Option<i64> {
    Some(match value.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" => 1,
        "no" | "off" | "false" => 0,
        "full" => 2,
        "extra" => 3,
        _ => return None,
    })
}

fn starts_with_digit(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii_digit())
}

/// The 32-bit integer a text begins with, None when it begins with none that fits.
fn int32(value: &str) -> Option<i64> {
    let (negative, digits) = match value.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        digits => (false, digits),
    };
    if let [b'0', b'x' | b'X', rest @ ..] = digits
        && rest.first().is_some_and(u8::is_ascii_hexdigit)
    {
        let end = rest.iter().position(|digit| !digit.is_ascii_hexdigit()).unwrap_or(rest.len());
        let number = i64::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        return (number <= i64::from(i32::MAX) && !negative).then_some(number);
    }
    let end = digits.iter().position(|digit| !digit.is_ascii_digit()).unwrap_or(digits.len());
    let number: i64 = std::str::from_utf8(&digits[..end]).ok()?.parse().ok()?;
    let number = if negative { -number } else { number };
    i32::try_from(number).ok().map(i64::from)
}

/// As `int32`, and 0 for what is no integer.
fn integer(value: &str) -> i64 {
    int32(value).unwrap_or(0)
}

/// A text that is a 64-bit integer from end to end, decimal or hexadecimal.
fn int64(value: &str) -> Option<i64> {
    let value = value.trim();
    match value.strip_prefix("0x").or_else(|| value.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => value.parse().ok(),
    }
}
