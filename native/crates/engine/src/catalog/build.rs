//! What a CREATE TABLE or CREATE INDEX text means: the same for a new object and for one read from `sqlite_schema`.
//!
//! Automatic indexes come in the order of their constraints and are numbered as SQLite numbers them:
//! `sqlite_autoindex_t_1`, … A constraint equal to an earlier one makes no second index.
//!
//! Trees are not known here: every `tree` is `TreeId(0)` until the caller says which.
//!
//! Not here: whether expressions name things that exist (`define::validate`).

use pluresdb_sql::ast::{
    self, ColumnConstraintKind, ColumnDefinition, CreateTableBody, Expr, ExprKind, Quote, SortOrder,
    SortTerm, TableConstraintKind,
};
use pluresdb_value::{Affinity, Collation};

use super::{
    Check, Column, ConflictAction, DefaultValue, ForeignKey, Generated, Index, IndexColumn, IndexOrigin,
    IndexTerm, KeyColumnDef, RowHints, Table, TreeId,
};
use crate::{Error, Result, ResultCode};

/// SQLite's `SQLITE_MAX_COLUMN`.
pub(crate) const MAX_COLUMNS: usize = 2000;
/// Types that SQLite shows in capitals however they were written, and the only ones STRICT takes.
const STANDARD_TYPES: [&str; 6] = ["ANY", "BLOB", "INT", "INTEGER", "REAL", "TEXT"];

pub(crate) struct BuiltTable {
    pub table: Table,
    pub indexes: Vec<Index>,
}

/// The six types of STRICT tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StrictType {
    Any,
    Blob,
    Integer,
    Real,
    Text,
}

pub(crate) fn strict_type_of(declared: &str) -> Option<StrictType> {
    Some(match declared {
        "ANY" => StrictType::Any,
        "BLOB" => StrictType::Blob,
        "INT" | "INTEGER" => StrictType::Integer,
        "REAL" => StrictType::Real,
        "TEXT" => StrictType::Text,
        _ => return None,
    })
}

/// `sql` is the text the AST's spans point into; the table keeps it only through the caller.
pub(crate) fn build_table(create: &ast::CreateTable, sql: &str, name: &str) -> Result<BuiltTable> {
    build(create, sql, name, false)
}

/// The same of a text of the schema, where a name in double quotes that is no column's is a string to SQLite.
pub(crate) fn build_stored_table(create: &ast::CreateTable, sql: &str, name: &str) -> Result<BuiltTable> {
    build(create, sql, name, true)
}

fn build(create: &ast::CreateTable, sql: &str, name: &str, is_stored: bool) -> Result<BuiltTable> {
    let CreateTableBody::Columns { columns, constraints, options, .. } = &create.body else {
        return Err(Error::error(format!("malformed database schema ({name})")));
    };
    let mut builder = Builder { is_stored, ..Builder::new(name, sql) };
    builder.table.strict = options.strict;
    builder.table.without_rowid = options.without_rowid;
    builder.add_all(columns, constraints)?;
    builder.finish()
}

/// What is wrong with a table of which this much has been read.
pub(crate) fn check_begun_table(create: &ast::CreateTable, sql: &str, name: &str) -> Result<()> {
    match &create.body {
        CreateTableBody::Columns { columns, constraints, .. } => {
            Builder::new(name, sql).add_all(columns, constraints)
        }
        CreateTableBody::Select(_) => Ok(()),
    }
}

struct Builder<'a> {
    sql: &'a str,
    table: Table,
    indexes: Vec<PendingIndex>,
    has_primary_key: bool,
    is_stored: bool,
}

/// A UNIQUE or PRIMARY KEY constraint on its way to an index.
struct PendingIndex {
    columns: Vec<KeyColumnDef>,
    on_conflict: Option<ConflictAction>,
    origin: IndexOrigin,
}

impl<'a> Builder<'a> {
    fn new(name: &str, sql: &'a str) -> Self {
        let table = Table { sql: sql.to_owned(), ..Table::plain(name, TreeId(0), Vec::new()) };
        Builder { sql, table, indexes: Vec::new(), has_primary_key: false, is_stored: false }
    }

    /// In the order written, as SQLite does: of several mistakes it tells the first.
    fn add_all(&mut self, columns: &[ColumnDefinition], constraints: &[ast::TableConstraint]) -> Result<()> {
        for (index, definition) in columns.iter().enumerate() {
            self.add_column(definition)?;
            if !self.is_stored {
                check_constant_default(&self.table.columns[index])?;
            }
            self.add_column_constraints(index, definition)?;
        }
        constraints.iter().try_for_each(|constraint| self.add_table_constraint(constraint))
    }

    fn add_column(&mut self, definition: &ColumnDefinition) -> Result<()> {
        let name = &definition.name.text;
        if self.table.columns.len() >= MAX_COLUMNS {
            return Err(Error::error(format!("too many columns on {}", self.table.name)));
        }
        if self.find_column(name).is_some() {
            return Err(Error::error(format!("duplicate column name: {name}")));
        }
        let column = build_column(definition, self.table.next_slot, self.sql)?;
        self.table.next_slot += 1;
        self.table.columns.push(column);
        Ok(())
    }

    fn find_column(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn add_column_constraints(&mut self, index: usize, definition: &ColumnDefinition) -> Result<()> {
        let key = |builder: &Self, descending: bool| KeyColumnDef {
            column: index,
            collation: builder.table.columns[index].collation,
            descending,
        };
        for constraint in &definition.constraints {
            match &constraint.kind {
                ColumnConstraintKind::PrimaryKey { order, on_conflict, autoincrement } => {
                    let descending = *order == Some(SortOrder::Descending);
                    let columns = vec![key(self, descending)];
                    // `INTEGER PRIMARY KEY DESC` is no rowid: an old slip of SQLite that files depend on.
                    self.set_primary_key(columns, *on_conflict, *autoincrement, !descending)?;
                }
                ColumnConstraintKind::Unique { on_conflict } => {
                    let columns = vec![key(self, false)];
                    self.add_index(columns, *on_conflict, IndexOrigin::Unique)?;
                }
                ColumnConstraintKind::Check(check) => self.add_check(constraint.name.as_ref(), check),
                ColumnConstraintKind::ForeignKey(clause) => {
                    if let Some(parents) = &clause.columns
                        && parents.len() != 1
                    {
                        return Err(Error::error(format!(
                            "foreign key on {} should reference only one column of table {}",
                            definition.name.text, clause.table.text
                        )));
                    }
                    self.add_foreign_key(vec![index], clause);
                }
                ColumnConstraintKind::Deferrable(deferral) => {
                    if let Some(last) = self.table.foreign_keys.last_mut() {
                        last.initially_deferred = deferral.is_deferred();
                    }
                }
                ColumnConstraintKind::Null { .. }
                | ColumnConstraintKind::NotNull { .. }
                | ColumnConstraintKind::Default(_)
                | ColumnConstraintKind::Collate(_)
                | ColumnConstraintKind::Generated(_) => {}
            }
        }
        Ok(())
    }

    fn add_table_constraint(&mut self, constraint: &ast::TableConstraint) -> Result<()> {
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { columns, autoincrement, on_conflict } => {
                let keys = self.key_columns(columns)?;
                self.set_primary_key(keys, *on_conflict, *autoincrement, true)
            }
            TableConstraintKind::Unique { columns, on_conflict } => {
                let keys = self.key_columns(columns)?;
                self.add_index(keys, *on_conflict, IndexOrigin::Unique)
            }
            TableConstraintKind::Check { check, .. } => {
                self.add_check(constraint.name.as_ref(), check);
                Ok(())
            }
            TableConstraintKind::ForeignKey { columns, clause } => {
                if clause.columns.as_ref().is_some_and(|parents| parents.len() != columns.len()) {
                    return Err(Error::error(
                        "number of columns in foreign key does not match the number of columns in the referenced \
                         table",
                    ));
                }
                let mut indexes = Vec::with_capacity(columns.len());
                for name in columns {
                    indexes.push(self.find_column(&name.text).ok_or_else(|| {
                        Error::error(format!("unknown column \"{}\" in foreign key definition", name.text))
                    })?);
                }
                self.add_foreign_key(indexes, clause);
                Ok(())
            }
        }
    }

    fn no_such_key_column(&self, written: &Expr, name: &str) -> Error {
        let is_quoted =
            matches!(&written.kind, ExprKind::Column { column, .. } if column.quote == Quote::Double);
        match (is_quoted, self.is_stored) {
            (true, true) => expressions_prohibited(),
            (true, false) => no_such_quoted_column(name),
            (false, _) => Error::error(format!("no such column: {name}")),
        }
    }

    fn key_columns(&self, terms: &[SortTerm]) -> Result<Vec<KeyColumnDef>> {
        check_index_width(terms)?;
        terms
            .iter()
            .map(|term| {
                check_nulls_order(term)?;
                let (operand, collation) = split_collation(&term.expr)?;
                let Some(name) = column_name(operand) else {
                    return Err(expressions_prohibited());
                };
                let column = self.find_column(name).ok_or_else(|| self.no_such_key_column(operand, name))?;
                Ok(KeyColumnDef {
                    column,
                    collation: collation.unwrap_or(self.table.columns[column].collation),
                    descending: term.order == Some(SortOrder::Descending),
                })
            })
            .collect()
    }

    fn set_primary_key(
        &mut self,
        mut keys: Vec<KeyColumnDef>,
        on_conflict: Option<ConflictAction>,
        autoincrement: bool,
        may_be_rowid: bool,
    ) -> Result<()> {
        if self.has_primary_key {
            return Err(Error::error(format!("table \"{}\" has more than one primary key", self.table.name)));
        }
        self.has_primary_key = true;
        if keys.iter().any(|key| self.table.columns[key.column].generated.is_some()) {
            return Err(Error::error("generated columns cannot be part of the PRIMARY KEY"));
        }
        let is_integer = matches!(keys.as_slice(), [only]
            if self.table.columns[only.column].declared_type.eq_ignore_ascii_case("INTEGER"));
        if autoincrement && (!is_integer || !may_be_rowid) {
            return Err(Error::error("AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY"));
        }
        if is_integer && may_be_rowid && !self.table.without_rowid {
            self.table.rowid_alias = Some(keys[0].column);
            self.table.primary_key_conflict = on_conflict;
            self.table.autoincrement = autoincrement;
            keys[0].descending = false;
            self.table.primary_key = keys;
            return Ok(());
        }
        if autoincrement {
            return Err(Error::error("AUTOINCREMENT not allowed on WITHOUT ROWID tables"));
        }
        self.table.primary_key.clone_from(&keys);
        self.add_index(keys, on_conflict, IndexOrigin::PrimaryKey)
    }

    fn add_check(&mut self, name: Option<&ast::Name>, check: &ast::Check) {
        self.table.checks.push(Check {
            name: name.map(|name| name.text.to_string()),
            expr: check.expr.clone(),
            text: pluresdb_sql::dequote_prefix(check.text.text(self.sql)).into(),
        });
    }

    fn add_foreign_key(&mut self, columns: Vec<usize>, clause: &ast::ForeignKeyClause) {
        let parents = clause.columns.iter().flatten();
        self.table.foreign_keys.push(ForeignKey {
            columns,
            parent_table: clause.table.text.to_string(),
            parent_columns: parents.map(|name| name.text.to_string()).collect(),
            on_delete: clause.on_delete.unwrap_or(ast::ForeignKeyAction::NoAction),
            on_update: clause.on_update.unwrap_or(ast::ForeignKeyAction::NoAction),
            initially_deferred: clause.deferral.is_some_and(ast::Deferral::is_deferred),
        });
    }

    fn add_index(
        &mut self,
        columns: Vec<KeyColumnDef>,
        on_conflict: Option<ConflictAction>,
        origin: IndexOrigin,
    ) -> Result<()> {
        let same = |pending: &PendingIndex| {
            pending.columns.len() == columns.len()
                && pending
                    .columns
                    .iter()
                    .zip(&columns)
                    .all(|(a, b)| a.column == b.column && a.collation == b.collation)
        };
        if let Some(equal) = self.indexes.iter_mut().find(|pending| same(pending)) {
            match (equal.on_conflict, on_conflict) {
                (Some(one), Some(other)) if one != other => {
                    return Err(Error::error("conflicting ON CONFLICT clauses specified"));
                }
                (None, other) => equal.on_conflict = other,
                _ => {}
            }
            if origin == IndexOrigin::PrimaryKey {
                equal.origin = origin;
            }
            return Ok(());
        }
        self.indexes.push(PendingIndex { columns, on_conflict, origin });
        Ok(())
    }

    fn finish(mut self) -> Result<BuiltTable> {
        let table = &mut self.table;
        if table.columns.iter().all(|column| column.generated.is_some()) {
            return Err(Error::error("must have at least one non-generated column"));
        }
        if table.strict {
            for column in &mut table.columns {
                check_strict_type(column, &table.name)?;
            }
        }
        if table.without_rowid && !self.has_primary_key {
            return Err(Error::error(format!("PRIMARY KEY missing on table {}", table.name)));
        }
        if table.without_rowid || table.strict {
            for key in &table.primary_key {
                if table.rowid_alias != Some(key.column) {
                    table.columns[key.column].not_null.get_or_insert(ConflictAction::Abort);
                }
            }
        }
        if table.without_rowid {
            drop_repeated_keys(&mut table.primary_key);
            for pending in &mut self.indexes {
                if pending.origin == IndexOrigin::PrimaryKey {
                    pending.columns.clone_from(&table.primary_key);
                }
            }
        }
        // `INTEGER PRIMARY KEY` becomes an index only once the table proves to be WITHOUT ROWID, at the end.
        if let [key] = table.primary_key.as_slice()
            && table.without_rowid
            && !key.descending
            && table.columns[key.column].declared_type.eq_ignore_ascii_case("INTEGER")
        {
            self.indexes.sort_by_key(|pending| pending.origin == IndexOrigin::PrimaryKey);
        }
        let indexes = self.indexes.into_iter().enumerate().map(|(number, pending)| Index {
            name: format!("sqlite_autoindex_{}_{}", table.name, number + 1),
            table: table.name.to_string(),
            tree: TreeId(0),
            columns: pending
                .columns
                .iter()
                .map(|key| IndexColumn {
                    term: IndexTerm::Column(key.column),
                    collation: key.collation,
                    descending: key.descending,
                })
                .collect(),
            unique: true,
            on_conflict: pending.on_conflict.unwrap_or(ConflictAction::Abort),
            origin: pending.origin,
            partial: None,
            sql: None,
            hints: RowHints::default(),
        });
        let indexes = indexes.collect();
        Ok(BuiltTable { table: self.table, indexes })
    }
}

/// `PRIMARY KEY(a, b, a)` of a WITHOUT ROWID table orders by a, b.
fn drop_repeated_keys(keys: &mut Vec<KeyColumnDef>) {
    let mut seen: Vec<(usize, Collation)> = Vec::new();
    keys.retain(|key| {
        let is_new = !seen.contains(&(key.column, key.collation));
        seen.push((key.column, key.collation));
        is_new
    });
}

/// A column with everything but its keys, checks and foreign keys.
pub(crate) fn build_column(definition: &ColumnDefinition, slot: u32, sql: &str) -> Result<Column> {
    let name = &definition.name.text;
    let written = definition.type_name.as_ref().map_or("", |type_name| &type_name.text);
    let standard = STANDARD_TYPES.iter().find(|standard| standard.eq_ignore_ascii_case(written));
    let declared_type = standard.map_or(written, |standard| *standard);
    let mut column = Column::of_type(name.to_string().into(), slot, declared_type);
    for constraint in &definition.constraints {
        match &constraint.kind {
            ColumnConstraintKind::NotNull { on_conflict } => {
                column.not_null = Some(on_conflict.unwrap_or(ConflictAction::Abort));
            }
            ColumnConstraintKind::Default(default) => {
                if column.generated.is_some() {
                    return Err(Error::error("cannot use DEFAULT on a generated column"));
                }
                column.default = Some(DefaultValue {
                    expr: default.expr.clone(),
                    text: default.text.text(sql).to_owned(),
                });
            }
            ColumnConstraintKind::Collate(collation) => column.collation = find_collation(&collation.text)?,
            ColumnConstraintKind::Generated(generated) => {
                let stored = match &generated.storage {
                    None => Some(false),
                    Some(word) if word.is("virtual") => Some(false),
                    Some(word) if word.is("stored") => Some(true),
                    Some(_) => None,
                };
                match stored {
                    Some(stored) if column.default.is_none() => {
                        column.generated = Some(Generated { expr: generated.expr.clone(), stored });
                    }
                    _ => return Err(Error::error(format!("error in generated column \"{name}\""))),
                }
            }
            ColumnConstraintKind::Null { .. }
            | ColumnConstraintKind::PrimaryKey { .. }
            | ColumnConstraintKind::Unique { .. }
            | ColumnConstraintKind::Check(_)
            | ColumnConstraintKind::ForeignKey(_)
            | ColumnConstraintKind::Deferrable(_) => {}
        }
    }
    Ok(column)
}

pub(crate) fn check_strict_type(column: &mut Column, table: &str) -> Result<()> {
    let name = &column.name;
    if column.declared_type.is_empty() {
        return Err(Error::error(format!("missing datatype for {table}.{name}")));
    }
    match strict_type_of(&column.declared_type) {
        // ANY keeps values as they come; outside STRICT tables the word would mean NUMERIC.
        Some(StrictType::Any) => column.affinity = Affinity::Blob,
        Some(_) => {}
        None => {
            return Err(Error::error(format!(
                "unknown datatype for {table}.{name}: \"{}\"",
                column.declared_type
            )));
        }
    }
    Ok(())
}

/// A default may call functions but name no column, subquery or parameter.
pub(crate) fn check_constant_default(column: &Column) -> Result<()> {
    let Some(default) = &column.default else { return Ok(()) };
    let mut is_constant = true;
    walk_expr(&default.expr, &mut |expr| match &expr.kind {
        ExprKind::Column { qualifier: None, column } if column.is("true") || column.is("false") => {}
        ExprKind::Column { .. }
        | ExprKind::Parameter(_)
        | ExprKind::Exists(_)
        | ExprKind::Subquery(_)
        | ExprKind::InSelect { .. }
        | ExprKind::InTable { .. }
        | ExprKind::Raise { .. } => is_constant = false,
        _ => {}
    });
    if is_constant {
        Ok(())
    } else {
        Err(Error::error(format!("default value of column [{}] is not constant", column.name)))
    }
}

pub(crate) fn build_index(create: &ast::CreateIndex, table: &Table, sql: &str) -> Result<Index> {
    check_index_width(&create.columns)?;
    let mut columns = Vec::with_capacity(create.columns.len());
    for term in &create.columns {
        check_nulls_order(term)?;
        let (operand, collation) = split_collation(&term.expr)?;
        let descending = term.order == Some(SortOrder::Descending);
        let column = column_name(operand)
            .and_then(|name| table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)));
        if let (None, ExprKind::Literal(ast::Literal::String(name))) = (column, &operand.kind) {
            return Err(Error::error(format!("no such column: {name}")));
        }
        columns.push(match column {
            Some(column) => IndexColumn {
                term: IndexTerm::Column(column),
                collation: collation.unwrap_or(table.columns[column].collation),
                descending,
            },
            None => IndexColumn {
                term: IndexTerm::Expr(operand.clone()),
                collation: collation.unwrap_or_default(),
                descending,
            },
        });
    }
    Ok(Index {
        name: create.name.name.text.to_string(),
        table: table.name.to_string(),
        tree: TreeId(0),
        columns,
        unique: create.unique,
        on_conflict: ConflictAction::Abort,
        origin: IndexOrigin::CreateIndex,
        partial: create.filter.clone(),
        sql: Some(sql.to_owned()),
        hints: RowHints::default(),
    })
}

fn check_index_width(terms: &[SortTerm]) -> Result<()> {
    if terms.len() > MAX_COLUMNS { Err(Error::error("too many columns in index")) } else { Ok(()) }
}

fn check_nulls_order(term: &SortTerm) -> Result<()> {
    match term.nulls {
        Some(ast::NullsOrder::First) => Err(Error::error("unsupported use of NULLS FIRST")),
        Some(ast::NullsOrder::Last) => Err(Error::error("unsupported use of NULLS LAST")),
        None => Ok(()),
    }
}

/// The operand under the COLLATE operators of a key term, and the outermost collation.
fn split_collation(expr: &Expr) -> Result<(&Expr, Option<Collation>)> {
    let mut operand = expr;
    let mut outermost = None;
    while let ExprKind::Collate { operand: inner, collation } = &operand.kind {
        let found = find_collation(&collation.text)?;
        outermost.get_or_insert(found);
        operand = inner;
    }
    Ok((operand, outermost))
}

/// A bare column name; in a key also a string in single quotes is one.
fn expressions_prohibited() -> Error {
    Error::error("expressions prohibited in PRIMARY KEY and UNIQUE constraints")
}

/// A name in double quotes that is no column's, where it might be a string to an older SQLite.
pub(crate) fn no_such_quoted_column(name: &str) -> Error {
    Error::error(format!("no such column: \"{name}\"{MAY_BE_A_STRING}"))
}

/// What such an error ends in.
pub(crate) const MAY_BE_A_STRING: &str = " - should this be a string literal in single-quotes?";

fn column_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Column { qualifier: None, column } => Some(&column.text),
        ExprKind::Literal(ast::Literal::String(text)) => Some(text),
        _ => None,
    }
}

fn find_collation(name: &str) -> Result<Collation> {
    Collation::named(name).ok_or_else(|| {
        Error::new(ResultCode::MissingCollation, format!("no such collation sequence: {name}"))
    })
}

/// Whether a function is called outside of subqueries.
pub(crate) fn has_call(expr: &Expr) -> bool {
    let mut found = false;
    walk_expr(expr, &mut |expr| found |= matches!(expr.kind, ExprKind::Function(_)));
    found
}

/// Shows `visit` every expression below and including `expr`; subqueries' insides are left out.
pub(crate) fn walk_expr<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Column { .. }
        | ExprKind::Parameter(_)
        | ExprKind::Exists(_)
        | ExprKind::Subquery(_) => {}
        ExprKind::Unary { operand, .. }
        | ExprKind::InSelect { operand, .. }
        | ExprKind::Collate { operand, .. }
        | ExprKind::Cast { operand, .. } => walk_expr(operand, visit),
        ExprKind::Binary { left, right, .. } => {
            walk_expr(left, visit);
            walk_expr(right, visit);
        }
        ExprKind::Like { operand, pattern, escape, .. } => {
            walk_expr(operand, visit);
            walk_expr(pattern, visit);
            if let Some(escape) = escape {
                walk_expr(escape, visit);
            }
        }
        ExprKind::Between { operand, low, high, .. } => {
            for part in [operand, low, high] {
                walk_expr(part, visit);
            }
        }
        ExprKind::InList { operand, list, .. } => {
            // The operand of `IN ()` decides nothing, and SQLite's parser leaves it out.
            if !list.is_empty() || has_call(operand) {
                walk_expr(operand, visit);
            }
            for item in list {
                walk_expr(item, visit);
            }
        }
        ExprKind::InTable { operand, arguments, .. } => {
            walk_expr(operand, visit);
            arguments.iter().flatten().for_each(|item| walk_expr(item, visit));
        }
        ExprKind::Case { operand, arms, otherwise } => {
            if let Some(part) = operand {
                walk_expr(part, visit);
            }
            for (when, then) in arms {
                walk_expr(when, visit);
                walk_expr(then, visit);
            }
            if let Some(part) = otherwise {
                walk_expr(part, visit);
            }
        }
        ExprKind::Function(call) => {
            if let ast::FunctionArguments::List(arguments) = &call.arguments {
                for argument in arguments {
                    walk_expr(argument, visit);
                }
            }
            for term in &call.order_by {
                walk_expr(&term.expr, visit);
            }
            if let Some(filter) = &call.filter {
                walk_expr(filter, visit);
            }
        }
        ExprKind::Row(parts) => parts.iter().for_each(|part| walk_expr(part, visit)),
        ExprKind::Raise { message, .. } => message.iter().for_each(|part| walk_expr(part, visit)),
    }
}
