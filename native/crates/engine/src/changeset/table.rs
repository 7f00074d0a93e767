//! A table as changesets see it: the columns that are not generated, and the SQL that reaches its rows.

use pluresdb_sql::quote_identifier;
use pluresdb_value::{Value, ValueRef};

use crate::resolve::Names;
use crate::{Connection, Result, Statement, Step};

pub(super) struct TableShape {
    /// `"database"."table"`
    pub place: String,
    pub columns: Vec<String>,
    /// Of each column, its place in the primary key or 0.
    pub key: Vec<u8>,
    /// What older rows have in a column, as SQL; None for NULL.
    pub defaults: Vec<Option<String>>,
}

/// Runs a statement to its end, with these parameters; its rows.
pub(super) fn run(
    connection: &mut Connection,
    sql: &str,
    parameters: &[(usize, Value)],
) -> Result<Vec<Vec<Value>>> {
    let Some((mut statement, _)) = connection.prepare(sql, 0)? else { return Ok(Vec::new()) };
    let rows = run_prepared(connection, &mut statement, parameters);
    connection.finalize(statement);
    rows
}

/// The same with one that was prepared before.
pub(super) fn run_prepared(
    connection: &mut Connection,
    statement: &mut Statement,
    parameters: &[(usize, Value)],
) -> Result<Vec<Vec<Value>>> {
    statement.clear_bindings();
    let mut rows = Vec::new();
    let outcome = (|| {
        for (index, value) in parameters {
            statement.bind(*index, value.clone())?;
        }
        while statement.step(connection)? == Step::Row {
            let count = statement.column_count();
            let row = (0..count).map(|index| statement.value(index).map(ValueRef::to_value));
            rows.push(row.collect::<Result<Vec<Value>>>()?);
        }
        Ok(())
    })();
    let ended = statement.try_reset(connection);
    outcome.and(ended).map(|()| rows)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

impl TableShape {
    /// Without columns where there is no such table.
    pub fn read(connection: &mut Connection, database: &str, table: &str) -> Result<TableShape> {
        let (schema, name) = (quote_identifier(database), quote_identifier(table));
        let sql = format!("PRAGMA {schema}.table_xinfo({name})");
        if Names::has_authorizer(&connection.session) {
            // SQLite counts the columns before it reads them, and is asked for both.
            run(connection, &sql, &[])?;
        }
        let rows = run(connection, &sql, &[])?;
        let mut shape = TableShape {
            place: format!("{schema}.{name}"),
            columns: Vec::new(),
            key: Vec::new(),
            defaults: Vec::new(),
        };
        for row in rows.iter().filter(|row| row[6] == Value::Integer(0)) {
            shape.columns.push(text(&row[1]).unwrap_or_default());
            let place = if let Value::Integer(place) = row[5] { place } else { 0 };
            shape.key.push(u8::try_from(place).unwrap_or(u8::MAX));
            shape.defaults.push(text(&row[4]));
        }
        Ok(shape)
    }

    /// To SQLite the key of a table without a primary key is its rowid, a column before all others.
    pub fn begin_with_rowid(&mut self) {
        self.columns.insert(0, "_rowid_".to_owned());
        self.key.insert(0, 1);
        self.defaults.insert(0, None);
    }

    /// The row of a key, whose values are parameters by the columns' numbers.
    pub fn select(&self) -> String {
        let columns =
            self.columns.iter().map(|column| quote_identifier(column)).collect::<Vec<_>>().join(", ");
        format!("SELECT {columns} FROM {} WHERE {}", self.place, self.matches(|column| self.key[column] != 0))
    }

    /// `"a" IS ?1 AND …` for the columns that are chosen.
    pub fn matches(&self, is_chosen: impl Fn(usize) -> bool) -> String {
        let chosen = self.columns.iter().enumerate().filter(|(column, _)| is_chosen(*column));
        let terms = chosen.map(|(column, name)| format!("{} IS ?{}", quote_identifier(name), column + 1));
        terms.collect::<Vec<_>>().join(" AND ")
    }
}
