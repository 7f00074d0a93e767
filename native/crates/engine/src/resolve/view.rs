//! Views: their queries, resolved where they are named, and their columns as those of a table.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::Affinity;

use super::Resolver;
use super::authorize::may_be_joined;
use super::from::{subquery_scope_columns, subquery_source};
use super::names::ColumnNames;
use super::scope::ScopeColumn;
use super::tree::From;
use crate::catalog::{Column, DatabaseIndex, Table, TreeId, View};
use crate::error::{Error, Result};

impl Resolver<'_> {
    /// A view as a source of the innermost scope.
    pub fn resolve_view(
        &mut self,
        database: DatabaseIndex,
        view: &Arc<View>,
        alias: Option<String>,
    ) -> Result<From> {
        self.count_reference(&view.name)?;
        let key = view.name.to_ascii_lowercase();
        if self.open_views.contains(&key) {
            return Err(Error::error(format!("view {} is circularly defined", view.name)));
        }
        self.open_views.push(key);
        self.enter_context(&view.name);
        let scopes = std::mem::take(&mut self.scopes);
        let ctes = std::mem::take(&mut self.ctes);
        let text = std::mem::replace(&mut self.text, Cow::Owned(view.sql.clone()));
        let own_schema =
            (database != DatabaseIndex::TEMP).then(|| self.names.database_name(database).to_owned());
        let schema = std::mem::replace(&mut self.view_schema, own_schema);
        let row_images = std::mem::take(&mut self.row_images);
        let outer = std::mem::replace(&mut self.outermost_reference, usize::MAX);
        let was_schema_text = self.is_schema_text;
        self.is_schema_text |= database != DatabaseIndex::TEMP;
        self.may_join = self.is_authorized && may_be_joined(&view.select);
        let column_names = std::mem::replace(&mut self.column_names, ColumnNames::Short);
        let names_stored = std::mem::replace(&mut self.names_stored, true);
        let resolved = self.resolve_select(&view.select);
        self.names_stored = names_stored;
        self.column_names = column_names;
        self.is_schema_text = was_schema_text;
        self.outermost_reference = outer;
        self.view_schema = schema;
        self.row_images = row_images;
        self.text = text;
        self.ctes = ctes;
        self.scopes = scopes;
        self.open_views.pop();
        self.leave_context();
        let mut select = resolved?;
        let output = self.ensure_output(&mut select);
        if let Some(columns) = &view.columns
            && columns.len() != select.columns.len()
        {
            return Err(Error::error(format!(
                "expected {} columns for '{}' but got {}",
                columns.len(),
                view.name,
                select.columns.len()
            )));
        }
        let columns = subquery_scope_columns(&select.columns, output, view.columns.as_deref())?;
        if database == DatabaseIndex::TEMP && !self.is_recording() {
            let found: Vec<&ScopeColumn> = columns.iter().collect();
            self.names.note_view(&view.name, &view_as_table(view, &found));
        }
        let definition = alias.is_some().then(|| view.name.clone());
        let shown = alias.unwrap_or_else(|| view.name.clone());
        let mut source = subquery_source(shown.clone(), columns);
        let schema: Arc<str> = self.names.database_name(database).into();
        source.readable = Some((schema.clone(), view.name.as_str().into()));
        source.schema = Some(schema);
        source.query = Some(view.name.clone());
        self.add_source(source);
        Ok(From::Subquery {
            select: Box::new(select),
            name: shown,
            definition,
            output,
            correlated: false,
            uses: Rc::default(),
        })
    }
}

fn shown_type_of(column: &ScopeColumn) -> Arc<str> {
    shown_type(column.provenance.declared_type().unwrap_or_default(), column.affinity)
}

/// The type that a view's column shows: without one of its own, or with one of another affinity, its affinity.
pub fn shown_type(declared: Arc<str>, affinity: Option<Affinity>) -> Arc<str> {
    let Some(affinity) = affinity else { return declared };
    if !declared.is_empty() && Affinity::of_declared_type(&declared) == affinity {
        return declared;
    }
    match affinity {
        Affinity::Blob => "BLOB".into(),
        Affinity::Text => "TEXT".into(),
        Affinity::Integer => "INT".into(),
        Affinity::Real => "REAL".into(),
        Affinity::Numeric => "NUM".into(),
    }
}

/// The view's columns as those of a table that has nothing else. Names written behind the view's name count, whatever
/// its query gives: only who reads the view finds out that their numbers differ.
pub fn view_as_table(view: &View, found: &[&ScopeColumn]) -> Arc<Table> {
    let named = view.columns.as_ref();
    let count = named.map_or(found.len(), Vec::len);
    let columns = (0..count).map(|index| {
        let column = found.get(index);
        let name = match (named, column) {
            (Some(names), _) => names[index].as_str().into(),
            (None, column) => column.map(|column| column.name.clone()).unwrap_or_default(),
        };
        Column {
            declared_type: column.map(|column| shown_type_of(column)).unwrap_or_default(),
            affinity: column.and_then(|column| column.affinity).unwrap_or(Affinity::Blob),
            collation: column.map(|column| column.collation.collation()).unwrap_or_default(),
            ..Column::plain(name, u32::try_from(index).unwrap_or(u32::MAX))
        }
    });
    Arc::new(Table::plain(&view.name, TreeId(0), columns.collect()))
}
