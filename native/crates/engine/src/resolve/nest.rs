//! Joins in parentheses, which to SQLite are queries of all their columns.
//!
//! `*` gives such a query's columns in its own order: before each table's come those that the next join merges, and
//! names that repeat get numbers, which even a column named with its table shows:
//!
//! ```text
//! SELECT * FROM z JOIN (x JOIN y USING (id)) ON 1     z's columns, then id, v, v:1
//! SELECT y.v FROM z JOIN (x JOIN y USING (id)) ON 1   v:1
//! ```
//!
//! With a name, as `(x JOIN y) AS q`, the tables inside keep theirs, and `q.v` is the query's own column.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use pluresdb_sql::ast;

use super::scope::Scope;

/// What stands on the right of a join: one source, or all within parentheses.
#[derive(Clone, Debug)]
pub struct JoinedItem {
    pub sources: Range<usize>,
    /// The columns that USING or NATURAL merges, in their order.
    pub using: Vec<String>,
}

/// A column of a parenthesised join.
#[derive(Clone, Debug)]
pub(super) struct NestColumn {
    pub name: Arc<str>,
    pub source: usize,
    /// Among the source's columns; None: the rowid.
    pub column: Option<usize>,
    /// It stands for what the next join makes of the column and others.
    pub is_merged: bool,
    /// `*` leaves it out.
    pub is_hidden: bool,
}

impl Scope {
    /// What the joins of one level join, the first among them.
    pub(super) fn items(&self, level: &Range<usize>) -> Vec<JoinedItem> {
        let mut items = Vec::new();
        let mut at = level.start;
        while at < level.end {
            let joined = self.joined.iter().filter(|item| item.sources.start == at && at > level.start);
            let widest = joined.max_by_key(|item| item.sources.end);
            let item = widest.cloned().unwrap_or_else(|| self.first_item(level));
            at = item.sources.end;
            items.push(item);
        }
        items
    }

    /// What stands before the first join: parentheses count when they have a name.
    fn first_item(&self, level: &Range<usize>) -> JoinedItem {
        let inside = |(_, nest): &&(String, Range<usize>)| {
            nest.start == level.start && nest.end <= level.end && nest != level
        };
        let widest = self.nest_aliases.iter().filter(inside).max_by_key(|(_, nest)| nest.end);
        let sources = widest.map_or(level.start..level.start + 1, |(_, nest)| nest.clone());
        JoinedItem { sources, using: Vec::new() }
    }

    /// Whether the whole FROM is one pair of parentheses with a name.
    pub(super) fn is_one_nest(&self) -> bool {
        self.nest_aliases.iter().any(|(_, nest)| *nest == (0..self.sources.len()))
    }

    /// The column that `qualifier.name` means in parentheses of that name.
    pub(super) fn find_in_nest(&self, qualifier: &ast::Name, name: &ast::Name) -> Option<NestColumn> {
        let is_seen = |nest: &Range<usize>| self.is_in_on || self.is_outermost(nest);
        let named = self.nest_aliases.iter().filter(|(alias, nest)| qualifier.is(alias) && is_seen(nest));
        let mut columns = named.flat_map(|(_, nest)| self.nest_columns(nest));
        columns.find(|column| column.column.is_some() && name.is(&column.name))
    }

    pub(super) fn is_nest(&self, sources: &Range<usize>) -> bool {
        self.nests.contains(sources)
    }

    /// The columns of a parenthesised join, named.
    pub(super) fn nest_columns(&self, level: &Range<usize>) -> Vec<NestColumn> {
        let mut columns = Vec::new();
        let items = self.items(level);
        for (position, item) in items.iter().enumerate() {
            let next = items.get(position + 1).map_or(&[][..], |next| &next.using[..]);
            let left = level.start..item.sources.end;
            columns.extend(next.iter().filter_map(|name| self.merged_column(name, left.clone())));
            let is_merged_name =
                |name: &str| item.using.iter().chain(next).any(|merged| merged.eq_ignore_ascii_case(name));
            if self.is_nest(&item.sources) {
                let inner = self.nest_columns(&item.sources).into_iter();
                for column in inner.filter(|column| column.column.is_some()) {
                    let is_hidden = column.is_hidden || is_merged_name(&column.name);
                    columns.push(NestColumn { is_hidden, is_merged: false, ..column });
                }
                continue;
            }
            let source = item.sources.start;
            for (index, column) in self.sources[source].columns.iter().enumerate() {
                if !column.hidden {
                    columns.push(NestColumn {
                        name: column.name.clone(),
                        source,
                        column: Some(index),
                        is_merged: false,
                        is_hidden: is_merged_name(&column.name),
                    });
                }
            }
            if let Some(name) = self.rowid_name(source) {
                columns.push(NestColumn { name, source, column: None, is_merged: false, is_hidden: true });
            }
        }
        number_repeated(&mut columns);
        columns
    }

    /// The first name of the rowid that no column has.
    fn rowid_name(&self, source: usize) -> Option<Arc<str>> {
        let source = &self.sources[source];
        source.rowid.as_ref()?;
        let is_free =
            |name: &&str| !source.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        ["_ROWID_", "ROWID", "OID"].into_iter().find(is_free).map(Arc::from)
    }

    /// The column that a merged name stands for: the first that no join has merged into another.
    fn merged_column(&self, name: &str, sources: Range<usize>) -> Option<NestColumn> {
        sources.into_iter().find_map(|source| {
            let is_named = |index: &usize| {
                let column = &self.sources[source].columns[*index];
                !column.merged_away && column.name.eq_ignore_ascii_case(name)
            };
            let index = (0..self.sources[source].columns.len()).find(is_named)?;
            let name = name.into();
            Some(NestColumn { name, source, column: Some(index), is_merged: true, is_hidden: false })
        })
    }

    /// Whether no other parentheses stand around these.
    fn is_outermost(&self, nest: &Range<usize>) -> bool {
        !self.nests.iter().any(|other| other != nest && other.start <= nest.start && nest.end <= other.end)
    }

    /// Notes the names that columns and rowids within parentheses show.
    pub(super) fn name_nested(&mut self) {
        let nests: Vec<Range<usize>> =
            self.nests.iter().filter(|nest| self.is_outermost(nest)).cloned().collect();
        for column in nests.iter().flat_map(|nest| self.nest_columns(nest)).collect::<Vec<_>>() {
            match column.column {
                Some(index) if column.is_merged => {
                    self.merged_names.entry((column.source, index)).or_insert(column.name);
                }
                Some(index) => {
                    self.nested_names.insert((column.source, index), column.name);
                }
                None => self.sources[column.source].rowid_name = column.name,
            }
        }
    }

    /// The name that a column shows in a result; written without its table, it is the merged column where there is one.
    pub(super) fn shown_name(&self, source: usize, column: usize, is_bare: bool) -> Arc<str> {
        let place = (source, column);
        let merged = self.merged_names.get(&place).filter(|_| is_bare);
        let shown = merged.or_else(|| self.nested_names.get(&place));
        shown.unwrap_or(&self.sources[source].columns[column].name).clone()
    }
}

/// Gives names that repeat a number. What repeats a merged column is left out of `*`.
fn number_repeated(columns: &mut [NestColumn]) {
    let mut names = UniqueNames::default();
    let mut merged = HashSet::new();
    for column in columns {
        column.is_hidden |= merged.contains(&column.name.to_ascii_lowercase());
        column.name = names.add(&column.name).into();
        if column.is_merged {
            merged.insert(column.name.to_ascii_lowercase());
        }
    }
}

/// Names of a query's columns, with a number where they repeat: `a`, `a:1`, `a:2`.
#[derive(Default)]
pub(crate) struct UniqueNames {
    taken: HashSet<String>,
    /// How far each name without a number was counted.
    counts: HashMap<String, usize>,
}

impl UniqueNames {
    pub fn add(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        while !self.taken.insert(unique.to_ascii_lowercase()) {
            let base = without_number(&unique);
            let count = self.counts.entry(base.to_ascii_lowercase()).or_insert(0);
            *count += 1;
            unique = format!("{base}:{count}");
        }
        unique
    }
}

fn without_number(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((base, digits)) if !base.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => name,
    }
}
