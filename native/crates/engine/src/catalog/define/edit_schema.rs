//! UPDATE and DELETE of `sqlite_schema`: what `PRAGMA writable_schema` lets a connection do that is not defensive.
//!
//!     UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 't'
//!       ► SELECT rowid, replace(…) FROM sqlite_schema WHERE name = 't'
//!       ► the rows with the new texts ► catalog ► is everything stored as it says? ► written and published
//!
//! SQLite takes any text, and reads it when it reads the schema the next time; what does not fit the rows then is damage.
//! Here the schema follows with the statement, so the texts must make sense together, and what they say about stored rows
//! and entries must be so already: constraints, defaults, foreign keys, columns behind the last one, views and triggers may
//! change, and affinities, keys and what is indexed may not.
//!
//! Rows of tables and indexes that are deleted take what was stored with them.

use pluresdb_sql::ast::{
    self, AssignmentTarget, Expr, ExprKind, FromSource, FromTerm, Name, QualifiedName, ResultColumn, Select,
    SelectCore, Span,
};
use pluresdb_value::Value;
use pluresdb_value::record;

use super::hash_order;
use super::write::{publish, schema_rows};
use crate::catalog::{
    Catalog, Column, DatabaseIndex, Generated, Index, IndexTerm, Layout, ObjectKind, SchemaRow, Table,
    TreeId, build_stored_table, load, malformed,
};
use crate::resolve::{Relation, Resolver};
use crate::session::Session;
use crate::statement::{RunningQuery, Source};
use crate::{Error, Result, ResultCode};

pub(crate) struct EditSchema {
    pub database: DatabaseIndex,
    query: RunningQuery,
    edit: Edit,
}

enum Edit {
    /// The columns that get values.
    Update(Vec<usize>),
    Delete,
}

/// None: the statement changes something else, or is refused for what it is.
pub(crate) fn prepare(
    session: &Session,
    statement: &ast::Statement,
    source: &Source<'_>,
) -> Result<Option<EditSchema>> {
    if !session.settings.writes_schema() {
        return Ok(None);
    }
    let (table, alias, filter) = match statement {
        ast::Statement::Update(update)
            if update.with.is_none()
                && update.from.is_none()
                && update.returning.is_empty()
                && update.order_by.is_empty()
                && update.limit.is_none() =>
        {
            (&update.table, &update.alias, &update.filter)
        }
        ast::Statement::Delete(delete)
            if delete.with.is_none()
                && delete.returning.is_empty()
                && delete.order_by.is_empty()
                && delete.limit.is_none() =>
        {
            (&delete.table, &delete.alias, &delete.filter)
        }
        _ => return Ok(None),
    };
    let schema = table.schema.as_ref().map(|schema| &*schema.text);
    let (database, schema_table) = match session.find_relation(schema, &table.name.text) {
        Some(Relation::Table(database, found)) if found.is_system && found.tree == TreeId::SCHEMA => {
            (database, found)
        }
        _ => return Ok(None),
    };
    let mut outputs = vec![column("rowid")];
    let edit = match statement {
        ast::Statement::Update(update) => {
            let mut columns = Vec::new();
            for ast::Assignment { target, value } in &update.assignments {
                let AssignmentTarget::Column(name) = target else { return Ok(None) };
                let place = schema_table.columns.iter().position(|column| name.is(&column.name));
                columns.push(place.ok_or_else(|| Error::error(format!("no such column: {}", name.text)))?);
                outputs.push(value.clone());
            }
            Edit::Update(columns)
        }
        _ => Edit::Delete,
    };
    let select = select(outputs, table, alias.as_ref(), filter.as_ref());
    let parameter_count = source.parsed.parameters.names.len();
    let mut resolver = Resolver::new(session, source.text, parameter_count);
    let resolved = resolver.resolve_select(&select)?;
    let query = RunningQuery::plan(&resolved, resolver.finish()?, session)?;
    Ok(Some(EditSchema { database, query, edit }))
}

fn column(name: &str) -> Expr {
    Expr { kind: ExprKind::Column { qualifier: None, column: Name::synthetic(name) }, span: Span::default() }
}

fn select(outputs: Vec<Expr>, table: &QualifiedName, alias: Option<&Name>, filter: Option<&Expr>) -> Select {
    let outputs = outputs.into_iter().enumerate().map(|(index, expr)| ResultColumn::Expr {
        expr,
        alias: Some(Name::synthetic(&index.to_string())),
        span: Span::default(),
    });
    let source = FromSource::Table { name: table.clone(), indexed: None };
    let first = FromTerm { source, alias: alias.cloned(), constraint: None, span: Span::default() };
    let query = ast::Query {
        quantifier: None,
        columns: outputs.collect(),
        from: Some(ast::From { first, joins: Vec::new(), span: Span::default() }),
        filter: filter.cloned(),
        group_by: Vec::new(),
        having: None,
        windows: Vec::new(),
        span: Span::default(),
    };
    Select {
        with: None,
        first: SelectCore::Query(Box::new(query)),
        compounds: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        number: 0,
        span: Span::default(),
    }
}

impl EditSchema {
    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        let found = self.find(session, parameters);
        self.query.close();
        let found = found?;
        let changed = i64::try_from(found.len()).unwrap_or(i64::MAX);
        if !found.is_empty() {
            self.apply(session, &found)?;
        }
        session.count_changes(changed, true);
        Ok(())
    }

    /// The rows concerned, each with its rowid before its new values.
    fn find(&mut self, session: &mut Session, parameters: &[Value]) -> Result<Vec<Vec<Value>>> {
        self.query.start(session, parameters)?;
        let width = match &self.edit {
            Edit::Update(columns) => columns.len() + 1,
            Edit::Delete => 1,
        };
        let mut found = Vec::new();
        while self.query.next(session, parameters)? {
            let row = (0..width).map(|index| Ok(self.query.column(index)?.to_value()));
            found.push(row.collect::<Result<Vec<Value>>>()?);
        }
        Ok(found)
    }

    fn apply(&self, session: &mut Session, found: &[Vec<Value>]) -> Result<()> {
        let before = schema_rows(session, self.database)?;
        let new_values = |rowid: i64| found.iter().find(|row| row[0] == Value::Integer(rowid));
        // Rowid, values as they are, and as they will be.
        let mut rows: Vec<(i64, Vec<Value>, Option<Vec<Value>>)> = Vec::with_capacity(before.len());
        for (rowid, values) in before {
            let after = match (&self.edit, new_values(rowid)) {
                (_, None) => Some(values.clone()),
                (Edit::Delete, Some(_)) => None,
                (Edit::Update(columns), Some(new)) => Some(updated(&values, columns, &new[1..])?),
            };
            rows.push((rowid, values, after));
        }
        let kept = rows.iter().filter_map(|(rowid, _, after)| Some((*rowid, after.clone()?)));
        let loaded = load(kept)?;
        let old = session.catalog(self.database).clone();
        for (_, _, after) in &rows {
            if let Some(after) = after {
                check_stored(&SchemaRow::from_values(after)?, &old, &loaded)?;
            }
        }
        self.drop_trees(session, &rows)?;
        for (rowid, values, after) in rows {
            let mut old = Vec::new();
            record::encode_values(&values, &mut old);
            let transaction = session.transaction_mut(self.database);
            match after {
                Some(after) if after == values => {}
                Some(after) => {
                    let mut new = Vec::new();
                    record::encode_values(&after, &mut new);
                    transaction.put_row(TreeId::SCHEMA, rowid, &new, Some(&old))?;
                }
                None => transaction.delete_row(TreeId::SCHEMA, rowid, &old)?,
            }
        }
        publish(session, self.database, |catalog| {
            *catalog = Catalog { schema_version: catalog.schema_version, ..loaded };
            Ok(())
        })?;
        session.known_views.forget();
        hash_order::forget_altered(session, self.database);
        Ok(())
    }

    fn drop_trees(
        &self,
        session: &mut Session,
        rows: &[(i64, Vec<Value>, Option<Vec<Value>>)],
    ) -> Result<()> {
        let mut trees = Vec::new();
        for (_, values, _) in rows.iter().filter(|(_, _, after)| after.is_none()) {
            trees.extend(SchemaRow::from_values(values)?.tree);
        }
        // The index that is a table without rowid has the table's tree.
        trees.sort_unstable();
        trees.dedup();
        if !trees.is_empty() && session.active_statements > 1 {
            return Err(Error::new(ResultCode::Locked, "database table is locked"));
        }
        trees.into_iter().try_for_each(|tree| session.transaction_mut(self.database).drop_tree(tree))
    }
}

/// The row with new values in these columns.
fn updated(values: &[Value], columns: &[usize], new: &[Value]) -> Result<Vec<Value>> {
    let mut after = values.to_vec();
    for (column, value) in columns.iter().zip(new) {
        after[*column].clone_from(value);
    }
    let old = SchemaRow::from_values(values)?;
    let mut row = SchemaRow::from_values(&after)?;
    if row.kind != old.kind || row.tree != old.tree {
        return Err(stored_otherwise(&old.name));
    }
    widen_layout(&mut row);
    Ok(row.to_values())
}

/// Where columns were dropped, new ones get slots of their own behind those that there were.
fn widen_layout(row: &mut SchemaRow) {
    let Some(layout) = &row.layout else { return };
    let Some(sql) = row.sql.as_deref() else { return };
    let Ok(Some(parsed)) = pluresdb_sql::parse_next(sql, 0) else { return };
    let ast::Statement::CreateTable(create) = &parsed.statement else { return };
    let Ok(built) = build_stored_table(create, sql, &row.name) else { return };
    let Layout { mut slots, mut next_slot } = layout.clone();
    while slots.len() < built.table.columns.len() {
        slots.push(next_slot);
        next_slot += 1;
    }
    row.layout = Some(Layout { slots, next_slot });
}

fn stored_otherwise(name: &str) -> Error {
    malformed(name, "it is stored otherwise")
}

/// Whether what the new schema says of a row's tree is true of it.
fn check_stored(row: &SchemaRow, old: &Catalog, new: &Catalog) -> Result<()> {
    let is_as_stored = match (row.kind, row.tree) {
        (ObjectKind::Table, Some(tree)) => {
            let of_tree =
                |catalog: &Catalog| catalog.tables.values().find(|table| table.tree == tree).cloned();
            match (of_tree(old), of_tree(new)) {
                (Some(old), Some(new)) => is_table_alike(&old, &new),
                _ => false,
            }
        }
        (ObjectKind::Table, None) => {
            let table = new.virtual_table(&row.name);
            table.is_some_and(|table| old.virtual_tables.values().any(|old| old.sql == table.sql))
        }
        (ObjectKind::Index, Some(tree)) => {
            let of_tree = |catalog: &Catalog| {
                let mut indexes = catalog.indexes.values();
                indexes.find(|index| index.tree == tree).cloned()
            };
            match (of_tree(old), of_tree(new)) {
                (Some(old), Some(new)) => {
                    new.name.eq_ignore_ascii_case(&row.name) && is_index_alike(&old, &new)
                }
                _ => false,
            }
        }
        (ObjectKind::Index, None) => false,
        (ObjectKind::View | ObjectKind::Trigger, tree) => tree.is_none(),
    };
    if is_as_stored { Ok(()) } else { Err(stored_otherwise(&row.name)) }
}

fn is_table_alike(old: &Table, new: &Table) -> bool {
    let is_key_alike = old.primary_key.len() == new.primary_key.len()
        && old.primary_key.iter().zip(&new.primary_key).all(|(old, new)| {
            (old.column, old.collation, old.descending) == (new.column, new.collation, new.descending)
        });
    let text = |generated: &Option<Generated>, sql: &str| {
        generated.as_ref().map(|generated| (generated.expr.span.text(sql).to_owned(), generated.stored))
    };
    let is_column_alike = |(before, after): (&Column, &Column)| {
        before.affinity == after.affinity
            && before.slot == after.slot
            && text(&before.generated, &old.sql) == text(&after.generated, &new.sql)
            && before.collation == after.collation
    };
    // Rows are as long as they were: what stands behind has its default there, and is computed for none of them.
    let added = new.columns.get(old.columns.len()..);
    let are_added_plain = added.is_some_and(|added| {
        added.iter().all(|column| column.generated.as_ref().is_none_or(|generated| !generated.stored))
    });
    is_key_alike
        && are_added_plain
        && old.columns.iter().zip(&new.columns).all(is_column_alike)
        && old.rowid_alias == new.rowid_alias
        && old.without_rowid == new.without_rowid
        && old.strict == new.strict
        && old.autoincrement == new.autoincrement
}

fn is_index_alike(old: &Index, new: &Index) -> bool {
    let sql = |index: &Index| index.sql.clone().unwrap_or_default();
    let (old_sql, new_sql) = (sql(old), sql(new));
    let is_term_alike = |old: &IndexTerm, new: &IndexTerm| match (old, new) {
        (IndexTerm::Column(old), IndexTerm::Column(new)) => old == new,
        (IndexTerm::Rowid, IndexTerm::Rowid) => true,
        (IndexTerm::Expr(old), IndexTerm::Expr(new)) => old.span.text(&old_sql) == new.span.text(&new_sql),
        _ => false,
    };
    let partial =
        |index: &Index, sql: &str| index.partial.as_ref().map(|expr| expr.span.text(sql).to_owned());
    old.columns.len() == new.columns.len()
        && old.columns.iter().zip(&new.columns).all(|(old, new)| {
            is_term_alike(&old.term, &new.term)
                && old.collation == new.collation
                && old.descending == new.descending
        })
        && (old.unique || !new.unique)
        && partial(old, &old_sql) == partial(new, &new_sql)
}
