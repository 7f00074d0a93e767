//! PRAGMA, as a statement and as `pragma_…` tables.
//!
//! | module | pragmas |
//! |---|---|
//! | `list` | which there are, their result columns |
//! | `schema` | about tables, indexes, foreign keys, functions: the ones that are tables too |
//! | `setting` | values that are asked and set |
//! | `check` | integrity_check, quick_check |
//!
//! Always true:
//! - An unknown pragma does nothing and has no columns, as in SQLite.

mod check;
mod list;
mod schema;
mod setting;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use crate::catalog::DatabaseIndex;
use crate::session::Session;
use crate::statement::Effect;
use crate::{Error, Result};
use list::{Kind, Spec};

pub(crate) struct Pragma {
    spec: Option<&'static Spec>,
    database: DatabaseIndex,
    has_schema: bool,
    value: Option<String>,
    effect: Effect,
}

impl Pragma {
    pub fn prepare(session: &Session, pragma: &ast::Pragma) -> Result<Pragma> {
        let database = match &pragma.name.schema {
            None => DatabaseIndex::MAIN,
            Some(schema) => session
                .database_index(&schema.text)
                .ok_or_else(|| Error::error(format!("unknown database {}", schema.text)))?,
        };
        let spec = list::find(&pragma.name.name.text);
        let value = pragma.value.as_ref().map(|value| value.text.to_string());
        if let Some(spec) = spec {
            check_argument(session, spec, pragma, value.as_deref())?;
        }
        let writes = spec.is_some_and(|spec| spec.kind == Kind::Header && value.is_some());
        let effect = if writes { Effect::Write(database) } else { Effect::Read };
        Ok(Pragma { spec, database, has_schema: pragma.name.schema.is_some(), value, effect })
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

    pub fn run(&mut self, session: &mut Session, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        let Some(spec) = self.spec else { return Ok(()) };
        let value = self.value.as_deref();
        match spec.name {
            "integrity_check" | "quick_check" => {
                *rows =
                    check::integrity(session, self.has_schema.then_some(self.database), value, spec.name)?;
            }
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
        "integrity_check" | "quick_check" => value.parse::<i64>().is_err(),
        _ => false,
    };
    let schema = pragma.name.schema.as_ref().map(|schema| &*schema.text);
    if names_table && session.find_table(schema, value).is_none() {
        return Err(crate::dml::no_such_table(schema, value));
    }
    Ok(())
}

/// Result columns of `pragma_NAME`; None when it is no table.
pub(crate) fn table_columns(name: &str) -> Option<Vec<String>> {
    let spec = list::find(name)?;
    let is_table = schema::is_table_pragma(spec.name)
        || matches!(spec.name, "integrity_check" | "quick_check")
        || matches!(spec.kind, Kind::Quiet | Kind::Header | Kind::Readable | Kind::Echo);
    let has_side_effect = matches!(spec.name, "journal_mode" | "wal_checkpoint" | "optimize");
    (is_table && !has_side_effect && !spec.columns.is_empty())
        .then(|| spec.columns.iter().map(|column| (*column).to_owned()).collect())
}

/// The rows of `pragma_NAME(argument, schema)`.
pub(crate) fn table_rows(
    session: &mut Session,
    name: &str,
    argument: Option<&Value>,
    schema: Option<&Value>,
) -> Result<Vec<Vec<Value>>> {
    let text = |value: Option<&Value>| {
        value.and_then(Value::to_text).map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    let (argument, schema) = (text(argument), text(schema));
    let Some(spec) = list::find(name) else { return Ok(Vec::new()) };
    if schema::is_table_pragma(spec.name) {
        return schema::rows(session, spec.name, argument.as_deref(), schema.as_deref());
    }
    let database = match &schema {
        None => DatabaseIndex::MAIN,
        Some(schema) => session
            .database_index(schema)
            .ok_or_else(|| Error::error(format!("unknown database {schema}")))?,
    };
    if matches!(spec.name, "integrity_check" | "quick_check") {
        return check::integrity(
            session,
            schema.is_some().then_some(database),
            argument.as_deref(),
            spec.name,
        );
    }
    let mut rows = Vec::new();
    setting::run(session, spec.name, database, schema.is_some(), None, &mut rows)?;
    Ok(rows)
}

/// ON, YES, TRUE or a number other than 0.
fn truth(value: &str) -> bool {
    match value.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" => true,
        other => leading_integer(other) != 0,
    }
}

/// The integer a text begins with; 0 when it begins with none.
fn leading_integer(text: &str) -> i64 {
    pluresdb_value::number::text_to_integer(text.as_bytes())
}
