//! What the names in an object's text stand for, and whether they stand for anything.
//!
//! Each text is resolved by the resolver that compiles statements, in its recording mode; nothing is planned. Lists in
//! which only columns of one table can stand (INSERT's, SET's, UPDATE OF's, a foreign key's) are told apart.

use std::sync::Arc;

use pluresdb_sql::ast::{self, ExprKind, Name, Statement};
use pluresdb_value::{Collation, Value};

use crate::Result;
use crate::catalog::{DatabaseIndex, Table, build_table, walk_expr};
use crate::dml::no_such_table;
use crate::resolve::tree::Expr;
use crate::resolve::{
    CollationSource, Meaning, Provenance, Reference, Relation, Resolver, ScopeColumn, ScopeSource,
};
use crate::session::Session;

/// A CREATE text and what its names mean.
pub(super) struct Object {
    pub statement: Statement,
    pub references: Vec<Reference>,
    /// Names that are columns of a table if it has such a column.
    pub listed: Vec<Listed>,
    /// A trigger's table or view, and the database it is in.
    pub trigger_on: Option<(DatabaseIndex, String)>,
}

pub(super) struct Listed {
    pub table: Arc<Table>,
    pub name: Name,
}

/// How much of a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    Everything,
    /// `PRAGMA legacy_alter_table`: views and the bodies of triggers stay closed.
    Legacy,
}

pub(super) fn parse(sql: &str) -> Result<Statement> {
    let parsed = pluresdb_sql::parse_next(sql, 0).map_err(crate::statement::parse_error)?;
    parsed.map(|parsed| parsed.statement).ok_or_else(super::text::malformed)
}

/// Resolves the text of an object in `database`.
pub(super) fn resolve(session: &Session, database: DatabaseIndex, sql: &str, depth: Depth) -> Result<Object> {
    let statement = parse(sql)?;
    let mut reader = Reader::new(session, database, sql);
    let mut trigger_on = None;
    match &statement {
        Statement::CreateTable(create) => reader.table(create)?,
        Statement::CreateIndex(create) => reader.index(create)?,
        Statement::CreateView(create) => {
            if depth == Depth::Everything {
                reader.resolver.resolve_select(&create.select)?;
            }
        }
        Statement::CreateTrigger(create) => {
            let (home, name, table) = reader.trigger_table(create)?;
            trigger_on = Some((home, name));
            if depth == Depth::Everything {
                reader.trigger(create, table)?;
            }
        }
        _ => return Err(super::text::malformed()),
    }
    let Reader { resolver, listed, .. } = reader;
    let references = resolver.into_references();
    Ok(Object { statement, references, listed, trigger_on })
}

struct Reader<'s> {
    session: &'s Session,
    database: DatabaseIndex,
    sql: &'s str,
    resolver: Resolver<'s>,
    listed: Vec<Listed>,
}

impl<'s> Reader<'s> {
    fn new(session: &'s Session, database: DatabaseIndex, sql: &'s str) -> Self {
        let mut resolver = Resolver::new(session, sql, 0);
        resolver.record_references(home_schema(session, database));
        Reader { session, database, sql, resolver, listed: Vec::new() }
    }

    fn table(&mut self, create: &ast::CreateTable) -> Result<()> {
        use ast::{ColumnConstraintKind, CreateTableBody, TableConstraintKind};
        let CreateTableBody::Columns { columns, constraints, .. } = &create.body else { return Ok(()) };
        let name = &create.name.name.text;
        let table = match self.session.catalog(self.database).table(name) {
            Some(table) => table.clone(),
            None => Arc::new(build_table(create, self.sql, name)?.table),
        };
        self.push_row(&table);
        for column in columns {
            for constraint in &column.constraints {
                match &constraint.kind {
                    ColumnConstraintKind::Check(check) => self.expr(&check.expr)?,
                    ColumnConstraintKind::Generated(generated) => self.expr(&generated.expr)?,
                    _ => {}
                }
            }
        }
        for constraint in constraints {
            match &constraint.kind {
                TableConstraintKind::Check { check, .. } => self.expr(&check.expr)?,
                TableConstraintKind::PrimaryKey { columns, .. }
                | TableConstraintKind::Unique { columns, .. } => {
                    for term in columns {
                        self.key_term(&term.expr, &table)?;
                    }
                }
                TableConstraintKind::ForeignKey { .. } => {}
            }
        }
        Ok(())
    }

    fn index(&mut self, create: &ast::CreateIndex) -> Result<()> {
        let name = &create.table.text;
        let table = self
            .session
            .catalog(self.database)
            .table(name)
            .cloned()
            .ok_or_else(|| no_such_table(Some(self.session.database_name(self.database)), name))?;
        self.push_row(&table);
        for term in &create.columns {
            self.key_term(&term.expr, &table)?;
        }
        if let Some(filter) = &create.filter {
            self.expr(filter)?;
        }
        Ok(())
    }

    fn push_row(&mut self, table: &Arc<Table>) {
        let base = self.resolver.new_registers(table.columns.len() + 1);
        self.resolver.push_scope(vec![ScopeSource::from_registers(&table.name, None, table, base)]);
    }

    fn expr(&mut self, expr: &ast::Expr) -> Result<()> {
        let mut has_subquery = false;
        walk_expr(expr, &mut |expr| {
            has_subquery |= matches!(
                expr.kind,
                ExprKind::Subquery(_)
                    | ExprKind::Exists(_)
                    | ExprKind::InSelect { .. }
                    | ExprKind::InTable { .. }
            );
        });
        // They are prohibited here, which `validate` says in the right words.
        if !has_subquery {
            self.resolver.resolve_expr(expr)?;
        }
        Ok(())
    }

    /// A term of a key or an index, where a string is a column's name.
    fn key_term(&mut self, term: &ast::Expr, table: &Arc<Table>) -> Result<()> {
        let mut operand = term;
        while let ExprKind::Collate { operand: inner, .. } = &operand.kind {
            operand = inner;
        }
        if let ExprKind::Literal(ast::Literal::String(text)) = &operand.kind {
            let name = Name { text: text.clone(), span: operand.span, quote: ast::Quote::Single };
            self.listed.push(Listed { table: table.clone(), name });
            return Ok(());
        }
        self.expr(operand)
    }

    fn find(&self, name: &ast::QualifiedName) -> Result<Relation> {
        let own = home_schema(self.session, self.database);
        let schema = name.schema.as_ref().map(|schema| &*schema.text).or(own);
        let found = self.session.find_relation(schema, &name.name.text);
        found.ok_or_else(|| no_such_table(schema, &name.name.text))
    }

    /// The database and name of what the trigger stands on, and the table when it is one.
    fn trigger_table(
        &self,
        create: &ast::CreateTrigger,
    ) -> Result<(DatabaseIndex, String, Option<Arc<Table>>)> {
        Ok(match self.find(&create.table)? {
            Relation::Table(home, table) => (home, table.name.to_string(), Some(table)),
            Relation::View(home, view) => (home, view.name.clone(), None),
            Relation::Virtual(table) => (self.database, table.name().to_owned(), None),
        })
    }

    fn trigger(&mut self, create: &ast::CreateTrigger, table: Option<Arc<Table>>) -> Result<()> {
        let row = match &table {
            Some(table) => {
                let base = self.resolver.new_registers(table.columns.len() + 1);
                ScopeSource::from_registers("new", None, table, base)
            }
            None => self.view_row(&create.table)?,
        };
        if let (Some(table), ast::TriggerEvent::UpdateOf(columns)) = (&table, &create.event) {
            self.list(table, columns);
        }
        let mut images = Vec::new();
        for (name, is_absent) in [
            ("new", matches!(create.event, ast::TriggerEvent::Delete)),
            ("old", matches!(create.event, ast::TriggerEvent::Insert)),
        ] {
            if !is_absent {
                images.push(qualified_only(ScopeSource {
                    name: name.to_owned(),
                    is_aliased: true,
                    ..row.clone()
                }));
            }
        }
        self.resolver.push_scope(images);
        if let Some(when) = &create.when {
            self.resolver.resolve_expr(when)?;
        }
        for step in &create.body {
            self.step(&step.statement)?;
        }
        Ok(())
    }

    /// The columns of a view that a trigger stands on.
    fn view_row(&mut self, view: &ast::QualifiedName) -> Result<ScopeSource> {
        let mut inner = Resolver::new(self.session, self.sql, 0);
        inner.record_references(home_schema(self.session, self.database));
        inner.push_scope(Vec::new());
        inner.resolve_joined(&from_table(view.clone(), None))?;
        let scope = inner.into_scope().unwrap_or_default();
        let source = scope.into_iter().next().ok_or_else(super::text::malformed)?;
        Ok(ScopeSource { table: None, ..source })
    }

    fn list(&mut self, table: &Arc<Table>, names: &[Name]) {
        self.listed.extend(names.iter().map(|name| Listed { table: table.clone(), name: name.clone() }));
    }

    fn step(&mut self, statement: &Statement) -> Result<()> {
        match statement {
            Statement::Select(select) => {
                self.resolver.resolve_select(select)?;
            }
            Statement::Insert(insert) => self.insert(insert)?,
            Statement::Update(update) => {
                let target = self.open(&update.table, update.alias.as_ref(), update.from.as_ref())?;
                self.assignments(target.as_ref(), &update.assignments)?;
                if let Some(filter) = &update.filter {
                    self.resolver.resolve_expr(filter)?;
                }
                self.resolver.pop_scope();
            }
            Statement::Delete(delete) => {
                self.open(&delete.table, delete.alias.as_ref(), None)?;
                if let Some(filter) = &delete.filter {
                    self.resolver.resolve_expr(filter)?;
                }
                self.resolver.pop_scope();
            }
            _ => {}
        }
        Ok(())
    }

    fn insert(&mut self, insert: &ast::Insert) -> Result<()> {
        if let ast::InsertSource::Select(select) = &insert.source {
            match &insert.with {
                None => self.resolver.resolve_select(select)?,
                with => {
                    let select = ast::Select { with: with.clone(), ..(**select).clone() };
                    self.resolver.resolve_select(&select)?
                }
            };
        }
        let target = self.open(&insert.table, insert.alias.as_ref(), None)?;
        if let (Some(table), Some(columns)) = (&target, &insert.columns) {
            self.list(table, columns);
        }
        for upsert in &insert.upserts {
            if let Some(wanted) = &upsert.target {
                for term in &wanted.columns {
                    self.resolver.resolve_expr(&term.expr)?;
                }
                if let Some(filter) = &wanted.filter {
                    self.resolver.resolve_expr(filter)?;
                }
            }
            if let ast::UpsertAction::Update { assignments, filter } = &upsert.action {
                self.upsert(target.as_ref(), assignments, filter.as_ref())?;
            }
        }
        self.resolver.pop_scope();
        Ok(())
    }

    fn upsert(
        &mut self,
        target: Option<&Arc<Table>>,
        assignments: &[ast::Assignment],
        filter: Option<&ast::Expr>,
    ) -> Result<()> {
        if let Some(table) = target {
            let base = self.resolver.new_registers(table.columns.len() + 1);
            // SQLite takes `excluded` for the table's name and edits it as such.
            let excluded = ScopeSource::from_registers("excluded", None, table, base);
            let excluded = qualified_only(ScopeSource { is_aliased: false, ..excluded });
            self.resolver.add_source(excluded);
        }
        self.assignments(target, assignments)?;
        if let Some(filter) = filter {
            self.resolver.resolve_expr(filter)?;
        }
        Ok(())
    }

    fn assignments(&mut self, target: Option<&Arc<Table>>, assignments: &[ast::Assignment]) -> Result<()> {
        for assignment in assignments {
            if let Some(table) = target {
                match &assignment.target {
                    ast::AssignmentTarget::Column(name) => self.list(table, std::slice::from_ref(name)),
                    ast::AssignmentTarget::Row(names) => self.list(table, names),
                }
            }
            match &assignment.value.kind {
                ExprKind::Row(parts) => {
                    for part in parts {
                        self.resolver.resolve_expr(part)?;
                    }
                }
                ExprKind::Subquery(select) => {
                    self.resolver.resolve_subquery(select)?;
                }
                _ => {
                    self.resolver.resolve_expr(&assignment.value)?;
                }
            }
        }
        Ok(())
    }

    /// Opens the scope of a change of `name`; the table when it is one.
    fn open(
        &mut self,
        name: &ast::QualifiedName,
        alias: Option<&Name>,
        from: Option<&ast::From>,
    ) -> Result<Option<Arc<Table>>> {
        let mut sources = from_table(name.clone(), alias.cloned());
        if let Some(from) = from {
            let operator = ast::JoinOperator { kind: ast::JoinKind::Comma, natural: false };
            sources.joins.push(ast::Join { operator, term: from.first.clone() });
            sources.joins.extend(from.joins.iter().cloned());
        }
        self.resolver.push_scope(Vec::new());
        self.resolver.resolve_joined(&sources)?;
        Ok(match self.find(name)? {
            Relation::Table(_, table) => Some(table),
            Relation::View(..) | Relation::Virtual(_) => None,
        })
    }
}

/// The database that names without one mean; None for the texts of temp, which see every database.
fn home_schema(session: &Session, database: DatabaseIndex) -> Option<&str> {
    (database != DatabaseIndex::TEMP).then(|| session.database_name(database))
}

fn from_table(name: ast::QualifiedName, alias: Option<Name>) -> ast::From {
    let span = name.span();
    let source = ast::FromSource::Table { name, indexed: None };
    let first = ast::FromTerm { source, alias, constraint: None, span };
    ast::From { first, joins: Vec::new(), span }
}

/// A row that only names with its own name in front reach.
fn qualified_only(mut source: ScopeSource) -> ScopeSource {
    if source.table.as_ref().is_some_and(|table| !table.without_rowid) {
        let rowid = source.rowid.take().unwrap_or(Expr::Literal(Value::Null));
        // As hidden columns: a source's own rowid would be found without a qualifier.
        let names = ["rowid", "oid", "_rowid_"].into_iter();
        let taken = |name: &&str| source.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let rowids: Vec<ScopeColumn> = names
            .filter(|name| !taken(name))
            .map(|name| ScopeColumn {
                name: name.into(),
                expr: rowid.clone(),
                affinity: None,
                collation: CollationSource::Column(Collation::Binary),
                provenance: Provenance::Unknown,
                hidden: true,
                merged_away: true,
                merged: None,
                gathered: None,
            })
            .collect();
        source.columns.extend(rowids);
    }
    for column in &mut source.columns {
        column.merged_away = true;
    }
    source
}

/// Whether a mention is one of this table's column; `rowid` is one of the INTEGER PRIMARY KEY.
pub(super) fn is_column(reference: &Reference, table: &Arc<Table>, column: usize) -> bool {
    let is_same = |found: usize| {
        // `qualified_only` appends the rowid's names behind the columns.
        found == column || (found >= table.columns.len() && table.rowid_alias == Some(column))
    };
    Arc::ptr_eq(&reference.table, table)
        && match reference.meaning {
            Meaning::Column(found) => is_same(found),
            Meaning::Rowid => table.rowid_alias == Some(column),
            Meaning::Table => false,
        }
}

pub(super) fn is_table(reference: &Reference, table: &Arc<Table>) -> bool {
    reference.meaning == Meaning::Table && Arc::ptr_eq(&reference.table, table)
}
