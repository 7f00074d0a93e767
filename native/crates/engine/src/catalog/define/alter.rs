//! ALTER TABLE: edits the texts in `sqlite_schema`, then reads the schema anew.
//!
//! A column that is added or dropped costs nothing for the rows there are: they are shorter than the table is wide, or
//! keep a slot nobody reads. Only an added generated column is computed for every row.

use std::sync::Arc;

use pluresdb_sql::ast::{self, AlterAction, ColumnConstraintKind, Name, Qualifier, Span, Statement};
use pluresdb_value::{Value, key};

use super::mentions::{Mentions, visit_statement};
use super::table::{for_each_row, name_is_taken};
use super::write::{edit_schema_rows, reload};
use super::{Definition, check_not_reserved, is_reserved};
use crate::catalog::Layout;
use crate::catalog::{
    Column, DatabaseIndex, IndexTerm, ObjectKind, SchemaRow, Table, build_column, check_constant_default,
};
use crate::dml::{Image, Target, no_such_table};
use crate::execute::{Context, Frame, corrupt};
use crate::resolve::{Relation, Resolver};
use crate::session::Session;
use crate::statement::{Effect, Source};
use crate::{Error, Result};

pub(crate) struct Alter {
    database: DatabaseIndex,
    table: Arc<Table>,
    change: Change,
}

enum Change {
    RenameTable(String),
    RenameColumn { column: usize, to: Name },
    AddColumn { column: Box<Column>, text: String },
    DropColumn(usize),
}

/// A piece of a text and what stands there from now on.
type Edit = (Span, String);

pub(super) fn prepare(session: &Session, alter: &ast::AlterTable, source: &Source) -> Result<Definition> {
    let schema = alter.table.schema.as_ref().map(|schema| &*schema.text);
    let (database, table) = match session.find_relation(schema, &alter.table.name.text) {
        Some(Relation::Table(database, table)) => (database, table),
        Some(Relation::View(_, view)) => return Err(view_error(&alter.action, &view.name)),
        None => return Err(no_such_table(schema, &alter.table.name.text)),
    };
    if table.is_system || is_reserved(&table.name) {
        return Err(Error::error(format!("table {} may not be altered", table.name)));
    }
    let change = match &alter.action {
        AlterAction::RenameTable(name) => {
            let catalog = session.catalog(database);
            if name_is_taken(session, database, &name.text, &name.text).is_some()
                || catalog.index(&name.text).is_some()
            {
                return Err(Error::error(format!(
                    "there is already another table or index with this name: {}",
                    name.text
                )));
            }
            check_not_reserved(&name.text)?;
            Change::RenameTable(name.text.to_string())
        }
        AlterAction::RenameColumn { from, to } => {
            let column = find_column(&table, from)?;
            let is_taken =
                table.columns.iter().enumerate().any(|(other, c)| other != column && to.is(&c.name));
            if is_taken {
                return Err(Error::error(format!(
                    "error in table {} after rename: duplicate column name: {}",
                    table.name, to.text
                )));
            }
            Change::RenameColumn { column, to: to.clone() }
        }
        AlterAction::AddColumn(definition) => add_column(session, database, &table, definition, source)?,
        AlterAction::DropColumn(name) => {
            let column = find_column(&table, name)?;
            check_droppable(session, database, &table, column)?;
            Change::DropColumn(column)
        }
        AlterAction::AddCheck { .. }
        | AlterAction::DropConstraint(_)
        | AlterAction::SetNotNull { .. }
        | AlterAction::DropNotNull(_) => {
            return Err(Error::error("ALTER TABLE of constraints is not supported yet"));
        }
    };
    Ok(Definition::Alter(Box::new(Alter { database, table, change })))
}

fn view_error(action: &AlterAction, view: &str) -> Error {
    match action {
        AlterAction::AddColumn(_) => Error::error("Cannot add a column to a view"),
        AlterAction::RenameTable(_) => Error::error(format!("view {view} may not be altered")),
        AlterAction::RenameColumn { .. } => Error::error(format!("cannot rename columns of view \"{view}\"")),
        AlterAction::DropColumn(_) => Error::error(format!("cannot drop column from view \"{view}\"")),
        AlterAction::AddCheck { .. }
        | AlterAction::DropConstraint(_)
        | AlterAction::SetNotNull { .. }
        | AlterAction::DropNotNull(_) => Error::error(format!("cannot edit constraints of view \"{view}\"")),
    }
}

fn find_column(table: &Table, name: &Name) -> Result<usize> {
    table
        .columns
        .iter()
        .position(|column| name.is(&column.name))
        .ok_or_else(|| Error::error(format!("no such column: \"{}\"", name.text)))
}

fn add_column(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    definition: &ast::ColumnDefinition,
    source: &Source,
) -> Result<Change> {
    let mut has_foreign_key = false;
    for constraint in &definition.constraints {
        match &constraint.kind {
            ColumnConstraintKind::PrimaryKey { .. } => {
                return Err(Error::error("Cannot add a PRIMARY KEY column"));
            }
            ColumnConstraintKind::Unique { .. } => return Err(Error::error("Cannot add a UNIQUE column")),
            ColumnConstraintKind::ForeignKey(_) => has_foreign_key = true,
            _ => {}
        }
    }
    let name = &definition.name;
    if table.columns.iter().any(|column| name.is(&column.name)) {
        return Err(Error::error(format!("duplicate column name: {}", name.text)));
    }
    let mut column = build_column(definition, table.next_slot, &source.text)?;
    if table.strict {
        crate::catalog::check_strict_type(&mut column, &table.name)?;
    }
    check_constant_default(&column)?;
    let has_rows = !is_empty(session, database, table)?;
    let default = crate::execute::missing_value(&column);
    if has_rows && column.generated.is_none() {
        if has_foreign_key && session.settings.foreign_keys && !default.is_null() {
            return Err(Error::error("Cannot add a REFERENCES column with non-NULL default value"));
        }
        let written = column.default.as_ref();
        let is_null_literal = written.is_none_or(|default| is_null(&default.expr));
        if column.not_null.is_some() && is_null_literal {
            return Err(Error::error("Cannot add a NOT NULL column with default value NULL"));
        }
        if default.is_null() && !is_null_literal {
            return Err(Error::error("Cannot add a column with non-constant default"));
        }
    }
    if has_rows && column.generated.as_ref().is_some_and(|generated| generated.stored) {
        return Err(Error::error("cannot add a STORED column"));
    }
    let end = source.parsed.span.end as usize;
    let text = source.text[definition.name.span.start as usize..end].trim_end().to_owned();
    Ok(Change::AddColumn { column: Box::new(column), text })
}

fn is_null(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Literal(ast::Literal::Null))
}

fn is_empty(session: &Session, database: DatabaseIndex, table: &Table) -> Result<bool> {
    let transaction = session.transaction(database);
    Ok(if table.without_rowid {
        transaction.key_tree(table.tree)?.is_empty()
    } else {
        transaction.row_tree(table.tree)?.is_empty()
    })
}

fn check_droppable(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    column: usize,
) -> Result<()> {
    let name = &table.columns[column].name;
    if table.primary_key.iter().any(|key| key.column == column) {
        return Err(Error::error(format!("cannot drop PRIMARY KEY column: \"{name}\"")));
    }
    let indexes = session.catalog(database).indexes_of(&table.name);
    let is_in = |index: &crate::catalog::Index| {
        index.columns.iter().any(|key| matches!(key.term, IndexTerm::Column(other) if other == column))
    };
    if indexes.iter().any(|index| index.sql.is_none() && index.columns.len() == 1 && is_in(index)) {
        return Err(Error::error(format!("cannot drop UNIQUE column: \"{name}\"")));
    }
    if table.columns.len() == 1 {
        return Err(Error::error(format!("cannot drop column \"{name}\": no other columns exist")));
    }
    let uses_it = |sql: &str| {
        let mut search = ColumnUse { table: &table.name, column: name, count: 0 };
        if let Ok(Some(parsed)) = pluresdb_sql::parse_next(sql, 0) {
            visit_statement(&parsed.statement, &mut search);
        }
        search.count
    };
    // Its own definition mentions it once.
    if uses_it(&table.sql) > 1 {
        return Err(Error::error(format!(
            "error in table {} after drop column: no such column: {name}",
            table.name
        )));
    }
    for index in indexes {
        if index.sql.as_deref().is_some_and(|sql| uses_it(sql) > 0) {
            return Err(Error::error(format!(
                "error in index {} after drop column: no such column: {name}",
                index.name
            )));
        }
    }
    Ok(())
}

/// Counts the places that name a column of a table's own definition.
struct ColumnUse<'a> {
    table: &'a str,
    column: &'a str,
    count: usize,
}

impl Mentions for ColumnUse<'_> {
    fn column(&mut self, _qualifier: Option<&Qualifier>, column: &Name) {
        self.count += usize::from(column.is(self.column));
    }

    fn listed_column(&mut self, table: &Name, column: &Name) {
        self.count += usize::from(table.is(self.table) && column.is(self.column));
    }
}

impl Alter {
    pub fn effect(&self) -> Effect {
        match self.change {
            Change::AddColumn { .. } | Change::DropColumn(_) => Effect::Write(self.database),
            // Temp views and triggers may name it.
            Change::RenameTable(_) | Change::RenameColumn { .. } => Effect::WriteAll,
        }
    }

    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        match &self.change {
            Change::RenameTable(name) => self.rename_table(session, name),
            Change::RenameColumn { column, to } => self.rename_column(session, *column, to),
            Change::AddColumn { column, text } => self.add_column(session, column, text),
            Change::DropColumn(column) => self.drop_column(session, *column),
        }
    }

    /// Lets `edit` change the text of every object, in this database and in temp.
    fn edit_texts(&self, session: &mut Session, edit: &dyn Fn(&mut SchemaRow, &Statement)) -> Result<()> {
        let mut databases = vec![self.database];
        if self.database != DatabaseIndex::TEMP && !session.catalog(DatabaseIndex::TEMP).is_empty() {
            databases.push(DatabaseIndex::TEMP);
        }
        for database in databases {
            edit_schema_rows(session, database, &mut |mut row| {
                if let Some(sql) = row.sql.clone()
                    && let Some(parsed) =
                        pluresdb_sql::parse_next(&sql, 0).map_err(crate::statement::parse_error)?
                {
                    edit(&mut row, &parsed.statement);
                }
                Ok(Some(row))
            })?;
            reload(session, database)?;
        }
        Ok(())
    }

    fn rename_table(&self, session: &mut Session, to: &str) -> Result<()> {
        let old = self.table.name.clone();
        let quoted = format!("\"{}\"", to.replace('"', "\"\""));
        edit_schema_rows(session, self.database, &mut |mut row| {
            if row.kind != ObjectKind::View && row.table.eq_ignore_ascii_case(&old) {
                to.clone_into(&mut row.table);
                match row.kind {
                    ObjectKind::Table => to.clone_into(&mut row.name),
                    ObjectKind::Index if row.sql.is_none() => {
                        let number = row.name.rsplit('_').next().unwrap_or_default();
                        row.name = format!("sqlite_autoindex_{to}_{number}");
                    }
                    _ => {}
                }
            }
            Ok(Some(row))
        })?;
        self.edit_texts(session, &|row, statement| {
            let mut mentions = TableMentions { old: &old, quoted: &quoted, edits: Vec::new() };
            if let Statement::CreateTable(create) = statement {
                mentions.table(&create.name.name, None);
            }
            visit_statement(statement, &mut mentions);
            apply(row, mentions.edits);
        })?;
        crate::dml::rename_sequence(session, self.database, &old, to)
    }

    fn rename_column(&self, session: &mut Session, column: usize, to: &Name) -> Result<()> {
        let old = &self.table.columns[column].name;
        self.edit_texts(session, &|row, statement| {
            let owns = row.table.eq_ignore_ascii_case(&self.table.name) && row.kind != ObjectKind::View;
            let mut mentions = ColumnMentions {
                table: &self.table.name,
                old,
                to,
                owns,
                is_seen: owns,
                aliases: Vec::new(),
                edits: Vec::new(),
            };
            visit_statement(statement, &mut mentions);
            apply(row, mentions.edits);
        })
    }

    fn add_column(&self, session: &mut Session, column: &Column, text: &str) -> Result<()> {
        let table = &self.table;
        edit_schema_rows(session, self.database, &mut |mut row| {
            if row.kind == ObjectKind::Table && row.name.eq_ignore_ascii_case(&table.name) {
                let sql = row.sql.clone().unwrap_or_default();
                let at = end_of_columns(&sql)?;
                row.sql = Some(format!("{}, {text}{}", &sql[..at], &sql[at..]));
                if let Some(layout) = &mut row.layout {
                    layout.slots.push(layout.next_slot);
                    layout.next_slot += 1;
                }
            }
            Ok(Some(row))
        })?;
        reload(session, self.database)?;
        let Some(table) = session.catalog(self.database).table(&table.name).cloned() else { return Ok(()) };
        super::validate::check_table(session, &table, &table.sql)?;
        if column.generated.is_some() || table.checks.len() > self.table.checks.len() {
            rewrite_rows(session, self.database, &table)?;
        }
        Ok(())
    }

    fn drop_column(&self, session: &mut Session, column: usize) -> Result<()> {
        let table = &self.table;
        edit_schema_rows(session, self.database, &mut |mut row| {
            if row.kind == ObjectKind::Table && row.name.eq_ignore_ascii_case(&table.name) {
                let sql = row.sql.clone().unwrap_or_default();
                row.sql = Some(without_column(&sql, column)?);
                let mut slots: Vec<u32> = table.columns.iter().map(|column| column.slot).collect();
                slots.remove(column);
                row.layout = Some(Layout { slots, next_slot: table.next_slot });
            }
            Ok(Some(row))
        })?;
        reload(session, self.database)
    }
}

/// Where a new column goes: before the table's constraints, or the closing parenthesis.
fn end_of_columns(sql: &str) -> Result<usize> {
    let create = parse_table(sql)?;
    let ast::CreateTableBody::Columns { columns, constraints, close, .. } = &create.body else {
        return Err(malformed());
    };
    let Some(first) = constraints.first() else { return Ok(close.start as usize) };
    let last_column = columns.last().map_or(0, |column| column.span.end as usize);
    let between = &sql[last_column..first.span.start as usize];
    Ok(last_column + between.find(',').unwrap_or(0))
}

fn without_column(sql: &str, column: usize) -> Result<String> {
    let create = parse_table(sql)?;
    let ast::CreateTableBody::Columns { columns, .. } = &create.body else { return Err(malformed()) };
    let own = columns[column].span;
    let (start, end) = match columns.get(column + 1) {
        Some(next) => (own.start as usize, next.span.start as usize),
        None => {
            let previous = columns[column - 1].span.end as usize;
            let comma = sql[previous..own.start as usize].find(',').unwrap_or(0);
            (previous + comma, own.end as usize)
        }
    };
    Ok(format!("{}{}", &sql[..start], &sql[end..]))
}

fn parse_table(sql: &str) -> Result<ast::CreateTable> {
    let parsed = pluresdb_sql::parse_next(sql, 0).map_err(crate::statement::parse_error)?;
    match parsed.map(|parsed| parsed.statement) {
        Some(Statement::CreateTable(create)) => Ok(*create),
        _ => Err(malformed()),
    }
}

fn malformed() -> Error {
    Error::error("malformed database schema")
}

fn apply(row: &mut SchemaRow, mut edits: Vec<Edit>) {
    let Some(sql) = &mut row.sql else { return };
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    edits.dedup_by_key(|(span, _)| span.start);
    for (span, text) in edits {
        sql.replace_range(span.start as usize..span.end as usize, &text);
    }
}

/// Finds every mention of a table that gets a new name.
struct TableMentions<'a> {
    old: &'a str,
    quoted: &'a str,
    edits: Vec<Edit>,
}

impl Mentions for TableMentions<'_> {
    fn table(&mut self, name: &Name, _alias: Option<&Name>) {
        if name.is(self.old) {
            self.edits.push((name.span, self.quoted.to_owned()));
        }
    }

    fn column(&mut self, qualifier: Option<&Qualifier>, _column: &Name) {
        if let Some(qualifier) = qualifier {
            self.table(&qualifier.table, None);
        }
    }
}

/// Finds every mention of a column that gets a new name.
struct ColumnMentions<'a> {
    table: &'a str,
    old: &'a str,
    to: &'a Name,
    /// The text is the table's own, or an index's or trigger's on it.
    owns: bool,
    /// The table was named before.
    is_seen: bool,
    aliases: Vec<String>,
    edits: Vec<Edit>,
}

impl ColumnMentions<'_> {
    fn rename(&mut self, column: &Name) {
        if !column.is(self.old) {
            return;
        }
        let is_plain = self.to.quote == ast::Quote::None && column.quote == ast::Quote::None;
        let text = &self.to.text;
        let text = if is_plain { text.to_string() } else { format!("\"{}\"", text.replace('"', "\"\"")) };
        self.edits.push((column.span, text));
    }
}

impl Mentions for ColumnMentions<'_> {
    fn table(&mut self, name: &Name, alias: Option<&Name>) {
        if name.is(self.table) {
            self.is_seen = true;
            self.aliases.extend(alias.map(|alias| alias.text.to_string()));
        }
    }

    fn column(&mut self, qualifier: Option<&Qualifier>, column: &Name) {
        let is_own = match qualifier {
            None => self.is_seen,
            Some(qualifier) => {
                let name = &qualifier.table;
                name.is(self.table)
                    || self.aliases.iter().any(|alias| name.is(alias))
                    || (self.owns && (name.is("new") || name.is("old")))
            }
        };
        if is_own {
            self.rename(column);
        }
    }

    fn listed_column(&mut self, table: &Name, column: &Name) {
        if table.is(self.table) {
            self.rename(column);
        }
    }
}

/// Computes what a new generated column is in the rows there are, and checks them against a new CHECK.
fn rewrite_rows(session: &mut Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<()> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish();
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let mut packed = Vec::new();
    for_each_row(&mut context, database, table, &mut |context, identity, record| {
        target.unpack(Image::New, record, &mut frame)?;
        let rowid = if table.without_rowid { 0 } else { key::decode_rowid(identity).map_err(corrupt)? };
        frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
        target.complete_row(&mut frame, context)?;
        if let Err(error) = target.check_row(None, &mut frame, context) {
            let kind = if error.message.starts_with("CHECK") { "CHECK" } else { "NOT NULL" };
            return Err(Error::error(format!("{kind} constraint failed")));
        }
        target.pack(Image::New, &frame, &mut packed);
        let transaction = context.session.transaction_mut(database);
        if table.without_rowid {
            transaction.put_key(table.tree, identity, &packed, Some(record))
        } else {
            transaction.put_row(table.tree, rowid, &packed, Some(record))
        }
    })
}
