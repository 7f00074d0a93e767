//! Pragmas about the schema and the engine itself: the ones that are tables as well.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::{CollationId, Value};

use super::list::{EXECUTION_ENGINE, PRAGMAS};
use crate::callback::{ConnectedTable, FunctionBody};
use crate::catalog::define::relations_in_order;
use crate::catalog::{
    ConflictAction, DatabaseIndex, Index, IndexOrigin, IndexTerm, Table, View, schema_table,
};
use crate::resolve::tree::OutputColumn;
use crate::resolve::{JSON_TABLE, Names, Relation, Resolver, VirtualRelation, shown_type};
use crate::session::Session;
use crate::{Error, Result};

pub(super) fn is_table_pragma(name: &str) -> bool {
    matches!(
        name,
        "table_info"
            | "table_xinfo"
            | "table_list"
            | "index_list"
            | "index_info"
            | "index_xinfo"
            | "foreign_key_list"
            | "foreign_key_check"
            | "database_list"
            | "collation_list"
            | "function_list"
            | "module_list"
            | "pragma_list"
            | "compile_options"
    )
}

pub(super) fn rows(
    session: &mut Session,
    name: &str,
    argument: Option<&str>,
    schema: Option<&str>,
) -> Result<Vec<Vec<Value>>> {
    if let Some(schema) = schema
        && session.database_index(schema).is_none()
    {
        return Err(Error::error(format!("unknown database {schema}")));
    }
    match name {
        "table_list" => return table_list(session, argument, schema),
        "database_list" => return Ok(database_list(session)),
        "foreign_key_check" => return crate::dml::check_foreign_keys(session, argument, schema),
        "collation_list" => {
            // Those of the application stand before the built-in ones.
            let mut defined: Vec<_> = session.callbacks.collations().collect();
            defined.sort_unstable_by(|a, b| b.cmp(a));
            let defined = defined.into_iter().map(CollationId::name);
            let names = defined.chain(["RTRIM", "NOCASE", "BINARY"]).enumerate();
            return Ok(names.map(|(index, name)| vec![integer(index), Value::text(name)]).collect());
        }
        "function_list" => return Ok(function_list(session)),
        "module_list" => {
            return Ok(session.callbacks.module_names().map(|name| vec![Value::text(name)]).collect());
        }
        "pragma_list" => {
            let listed = PRAGMAS.iter().filter(|spec| spec.name != EXECUTION_ENGINE);
            return Ok(listed.map(|spec| vec![Value::text(spec.name)]).collect());
        }
        "compile_options" => {
            let options = pluresdb_function::COMPILE_OPTIONS.iter();
            return Ok(options.map(|option| vec![Value::text(*option)]).collect());
        }
        _ => {}
    }
    let Some(argument) = argument else { return Ok(Vec::new()) };
    match name {
        "table_info" => table_info(session, argument, schema, false),
        "table_xinfo" => table_info(session, argument, schema, true),
        "index_list" => Ok(index_list(session, argument, schema)),
        "index_info" => Ok(index_info(session, argument, schema, false)),
        "index_xinfo" => Ok(index_info(session, argument, schema, true)),
        _ => Ok(foreign_key_list(session, argument, schema)),
    }
}

fn integer(value: usize) -> Value {
    Value::Integer(value as i64)
}

fn table_info(
    session: &Session,
    name: &str,
    schema: Option<&str>,
    extended: bool,
) -> Result<Vec<Vec<Value>>> {
    match session.find_relation(schema, name) {
        None => Ok(function_info(name, extended)),
        Some(Relation::View(database, view)) => view_info(session, database, &view, extended),
        Some(Relation::Virtual(table)) => Ok(virtual_info(&*session.connect(&table)?, extended)),
        Some(Relation::Table(_, table)) => {
            let mut rows = Vec::with_capacity(table.columns.len());
            for (index, column) in table.columns.iter().enumerate() {
                let hidden =
                    column.generated.as_ref().map_or(0, |generated| if generated.stored { 3 } else { 2 });
                if hidden != 0 && !extended {
                    continue;
                }
                let key = table.primary_key.iter().position(|key| key.column == index);
                let mut row = vec![
                    integer(rows.len()),
                    Value::text(&*column.name),
                    Value::text(&*column.declared_type),
                    Value::boolean(column.not_null.is_some()),
                    column.default.as_ref().map_or(Value::Null, |default| Value::text(default.text.as_str())),
                    integer(key.map_or(0, |position| position + 1)),
                ];
                if extended {
                    row.push(Value::Integer(hidden));
                }
                rows.push(row);
            }
            Ok(rows)
        }
    }
}

/// A table-valued function's columns; its parameters are hidden ones behind them.
fn function_info(name: &str, extended: bool) -> Vec<Vec<Value>> {
    let name = name.to_ascii_lowercase();
    let columns = match name.as_str() {
        "json_each" | "json_tree" | "jsonb_each" | "jsonb_tree" => Some(JSON_TABLE),
        other => other.strip_prefix("pragma_").and_then(super::table_columns),
    };
    let Some(columns) = columns else { return Vec::new() };
    let hidden = if extended { columns.hidden } else { &[] };
    let all = columns.visible.iter().map(|column| (column, false));
    let all = all.chain(hidden.iter().map(|column| (column, true)));
    all.enumerate()
        .map(|(index, (column, is_hidden))| plain_column(index, column, extended.then_some(is_hidden)))
        .collect()
}

/// A column without a type, a default or constraints.
fn plain_column(index: usize, name: &str, hidden: Option<bool>) -> Vec<Value> {
    let mut row = vec![
        integer(index),
        Value::text(name),
        Value::text(""),
        Value::Integer(0),
        Value::Null,
        Value::Integer(0),
    ];
    row.extend(hidden.map(Value::boolean));
    row
}

/// A virtual table's parameters are hidden columns.
fn virtual_info(table: &ConnectedTable, extended: bool) -> Vec<Vec<Value>> {
    let parameters = table.declaration.parameters.len();
    let mut rows = Vec::new();
    for (index, name) in table.column_names().enumerate() {
        let is_hidden = index < parameters;
        if is_hidden && !extended {
            continue;
        }
        rows.push(plain_column(rows.len(), name, extended.then_some(is_hidden)));
    }
    rows
}

/// A view's columns are its query's.
fn view_info(
    session: &Session,
    database: DatabaseIndex,
    view: &View,
    extended: bool,
) -> Result<Vec<Vec<Value>>> {
    let columns = view_columns(session, database, view)?;
    let rows = columns.into_iter().enumerate().map(|(index, (name, declared_type))| {
        let mut row = vec![
            integer(index),
            Value::text(&*name),
            Value::text(&*declared_type),
            Value::Integer(0),
            Value::Null,
            Value::Integer(0),
        ];
        if extended {
            row.push(Value::Integer(0));
        }
        row
    });
    Ok(rows.collect())
}

fn view_columns(
    session: &Session,
    database: DatabaseIndex,
    view: &View,
) -> Result<Vec<(Arc<str>, Arc<str>)>> {
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let text = format!("SELECT * FROM {}.{}", quote(session.database_name(database)), quote(&view.name));
    let parsed = pluresdb_sql::parse_next(&text, 0).map_err(crate::statement::parse_error)?;
    let Some(ast::Statement::Select(select)) = parsed.map(|parsed| parsed.statement) else {
        return Ok(Vec::new());
    };
    let resolved = match Resolver::new(session, &text, 0).with_short_names().resolve_select(&select) {
        Ok(resolved) => resolved.columns,
        Err(error) => {
            let known = session.known_views.columns_of(&view.name);
            let known = known.filter(|_| database == DatabaseIndex::TEMP).ok_or(error)?;
            let described = known.columns.iter().map(|column| OutputColumn {
                name: column.name.clone(),
                declared_type: Some(column.declared_type.clone()),
                ..OutputColumn::default()
            });
            described.collect()
        }
    };
    let columns = resolved
        .into_iter()
        .map(|column| (column.name, shown_type(column.declared_type.unwrap_or_default(), column.affinity)));
    Ok(columns.collect())
}

fn table_list(session: &Session, name: Option<&str>, schema: Option<&str>) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    let only = schema.and_then(|schema| session.database_index(schema));
    for database in (0..session.databases.len()).map(DatabaseIndex) {
        if only.is_some_and(|only| only != database) {
            continue;
        }
        let database_name = session.database_name(database);
        let catalog = session.catalog(database);
        let is_wanted = |table: &str| name.is_none_or(|name| name.eq_ignore_ascii_case(table));
        let mut push = |table: &str, kind: &str, columns: usize, without_rowid: bool, strict: bool| {
            rows.push(vec![
                Value::text(database_name),
                Value::text(table),
                Value::text(kind),
                integer(columns),
                Value::boolean(without_rowid),
                Value::boolean(strict),
            ]);
        };
        for name in relations_in_order(session, database) {
            let (table, view) = (catalog.table(&name), catalog.view(&name));
            let shown = name.replacen("_master", "_schema", usize::from(table.is_none() && view.is_none()));
            if !is_wanted(&name) {
                continue;
            }
            if let Some(created) = catalog.virtual_table(&name) {
                let relation = VirtualRelation::Created(database, created.clone());
                // Without its module, nobody knows its columns.
                let columns = session.connect(&relation).map_or(0, |table| table.column_count());
                push(&name, "virtual", columns, false, false);
                continue;
            }
            match (table, view) {
                (Some(table), _) => {
                    push(&shown, "table", table.columns.len(), table.without_rowid, table.strict);
                }
                (None, Some(view)) => {
                    let columns = view_columns(session, database, view).map_or(0, |columns| columns.len());
                    push(&shown, "view", columns, false, false);
                }
                (None, None) => push(&shown, "table", schema_table(false).columns.len(), false, false),
            }
        }
    }
    Ok(rows)
}

/// SQLite lists the newest index first, and those that replace rows behind all others.
fn index_list(session: &Session, name: &str, schema: Option<&str>) -> Vec<Vec<Value>> {
    let Some((database, table)) = session.find_table(schema, name) else { return Vec::new() };
    let newest_first = || session.catalog(database).indexes_of(&table.name).iter().rev();
    let replaces = |index: &&Arc<Index>| index.on_conflict == ConflictAction::Replace;
    newest_first()
        .filter(|index| !replaces(index))
        .chain(newest_first().filter(replaces))
        .enumerate()
        .map(|(position, index)| {
            let origin = match index.origin {
                IndexOrigin::CreateIndex => "c",
                IndexOrigin::Unique => "u",
                IndexOrigin::PrimaryKey => "pk",
            };
            vec![
                integer(position),
                Value::text(index.name.as_str()),
                Value::boolean(index.unique),
                Value::text(origin),
                Value::boolean(index.partial.is_some()),
            ]
        })
        .collect()
}

/// One column of an index as the pragmas show it.
struct ShownColumn {
    cid: i64,
    name: Value,
    descending: bool,
    collation: &'static str,
    is_key: bool,
}

fn index_info(session: &Session, name: &str, schema: Option<&str>, extended: bool) -> Vec<Vec<Value>> {
    let found = session.find_index(schema, name).or_else(|| {
        // A WITHOUT ROWID table's name stands for its primary key.
        let (database, table) = session.find_table(schema, name)?;
        let indexes = session.catalog(database).indexes_of(&table.name);
        let own =
            indexes.iter().find(|index| table.without_rowid && index.origin == IndexOrigin::PrimaryKey)?;
        Some((database, own.clone()))
    });
    let Some((database, index)) = found else { return Vec::new() };
    let Some(table) = session.catalog(database).table(&index.table) else { return Vec::new() };
    let shown = shown_columns(&index, table);
    let shown = shown.into_iter().filter(|column| extended || column.is_key).enumerate();
    shown
        .map(|(position, column)| {
            let mut row = vec![integer(position), Value::Integer(column.cid), column.name];
            if extended {
                row.push(Value::boolean(column.descending));
                row.push(Value::text(column.collation));
                row.push(Value::boolean(column.is_key));
            }
            row
        })
        .collect()
}

fn shown_columns(index: &Index, table: &Table) -> Vec<ShownColumn> {
    let name_of = |column: usize| Value::text(&*table.columns[column].name);
    let mut shown: Vec<ShownColumn> = index
        .columns
        .iter()
        .map(|column| {
            let (cid, name) = match &column.term {
                IndexTerm::Column(column) => (*column as i64, name_of(*column)),
                IndexTerm::Rowid => (-1, Value::Null),
                IndexTerm::Expr(_) => (-2, Value::Null),
            };
            ShownColumn {
                cid,
                name,
                descending: column.descending,
                collation: column.collation.name(),
                is_key: true,
            }
        })
        .collect();
    let add = |shown: &mut Vec<ShownColumn>, column: usize, collation, descending| {
        if !shown.iter().any(|other| other.cid == column as i64 && other.collation == collation) {
            shown.push(ShownColumn {
                cid: column as i64,
                name: name_of(column),
                descending,
                collation,
                is_key: false,
            });
        }
    };
    if !table.without_rowid {
        shown.push(ShownColumn {
            cid: -1,
            name: Value::Null,
            descending: false,
            collation: "BINARY",
            is_key: false,
        });
    } else if index.origin == IndexOrigin::PrimaryKey {
        for column in 0..table.columns.len() {
            let is_stored = table.columns[column].generated.as_ref().is_none_or(|generated| generated.stored);
            if is_stored && !shown.iter().any(|other| other.cid == column as i64) {
                add(&mut shown, column, "BINARY", false);
            }
        }
    } else {
        // A column that the index orders by another collation stands in the key once more.
        for key in &table.primary_key {
            add(&mut shown, key.column, key.collation.name(), key.descending);
        }
    }
    shown
}

/// SQLite lists the last foreign key first.
fn foreign_key_list(session: &Session, name: &str, schema: Option<&str>) -> Vec<Vec<Value>> {
    let Some((_, table)) = session.find_table(schema, name) else { return Vec::new() };
    let mut rows = Vec::new();
    for (id, foreign_key) in table.foreign_keys.iter().rev().enumerate() {
        for (seq, column) in foreign_key.columns.iter().enumerate() {
            rows.push(vec![
                integer(id),
                integer(seq),
                Value::text(foreign_key.parent_table.as_str()),
                Value::text(&*table.columns[*column].name),
                foreign_key
                    .parent_columns
                    .get(seq)
                    .map_or(Value::Null, |parent| Value::text(parent.as_str())),
                Value::text(action_name(foreign_key.on_update)),
                Value::text(action_name(foreign_key.on_delete)),
                Value::text("NONE"),
            ]);
        }
    }
    rows
}

fn action_name(action: ast::ForeignKeyAction) -> &'static str {
    match action {
        ast::ForeignKeyAction::SetNull => "SET NULL",
        ast::ForeignKeyAction::SetDefault => "SET DEFAULT",
        ast::ForeignKeyAction::Cascade => "CASCADE",
        ast::ForeignKeyAction::Restrict => "RESTRICT",
        ast::ForeignKeyAction::NoAction => "NO ACTION",
    }
}

/// The temp database is shown once something has named it or is in it.
fn database_list(session: &Session) -> Vec<Vec<Value>> {
    let databases = session.databases.iter().enumerate();
    databases
        .filter(|(index, database)| {
            *index != DatabaseIndex::TEMP.0
                || session.temp_is_open.get()
                || !database.transaction.catalog().is_empty()
        })
        .map(|(index, database)| {
            vec![integer(index), Value::text(database.name.as_str()), Value::text(database.file.as_str())]
        })
        .collect()
}

fn function_list(session: &Session) -> Vec<Vec<Value>> {
    const DETERMINISTIC: i64 = 0x800;
    const DIRECT_ONLY: i64 = 0x8_0000;
    let listed = pluresdb_function::all().map(|function| {
        vec![
            Value::text(function.name),
            // What virtual tables overload is not counted as built in.
            Value::Integer(i64::from(function.name != "match")),
            Value::text(function.kind),
            Value::text("utf8"),
            Value::Integer(i64::from(function.arg_count)),
            Value::Integer(function.flags),
        ]
    });
    let defined = session.callbacks.functions().map(|function| {
        let kind = match &function.body {
            FunctionBody::Scalar(_) => "s",
            FunctionBody::Aggregate(aggregate) if aggregate.has_inverse() => "w",
            FunctionBody::Aggregate(_) => "a",
        };
        let flags = if function.is_deterministic { DETERMINISTIC } else { 0 }
            | if function.is_direct_only { DIRECT_ONLY } else { 0 };
        vec![
            Value::text(function.name.to_ascii_lowercase()),
            Value::Integer(0),
            Value::text(kind),
            Value::text("utf8"),
            Value::Integer(function.arg_count.map_or(-1, |count| count as i64)),
            Value::Integer(flags),
        ]
    });
    listed.chain(defined).collect()
}
