//! SQLite's words for the way to one table.

use super::merge::{is_one_table, leaf, merged};
use crate::catalog::{Index, IndexTerm, Table};
use crate::plan::{
    AccessPath, HashJoin, HashKey, KeyBounds, LoopKind, RowEnd, RowidBounds, RowsNode, Scan, SourceNode,
};
use crate::resolve::tree::{Expr, OutputColumn, SourceId, TableFunction};

/// How what is not looked up by a key is read; a lone min() or max() is always a search.
pub(super) fn verb(is_extreme: bool) -> &'static str {
    if is_extreme { "SEARCH" } else { "SCAN" }
}

pub(super) fn scan(scan: &Scan, path: &AccessPath, is_extreme: bool) -> String {
    let name = &scan.name;
    let verb = verb(is_extreme);
    let with_terms = |using: String, terms: String| {
        if terms.is_empty() {
            format!("{verb} {name}{using}")
        } else {
            format!("SEARCH {name}{using} ({terms})")
        }
    };
    match path {
        AccessPath::Full => format!("{verb} {name}"),
        AccessPath::Rowid(bounds) => with_terms(" USING INTEGER PRIMARY KEY".to_owned(), rowid_terms(bounds)),
        AccessPath::PrimaryKey { index, bounds } => {
            let terms = key_terms(&scan.table, index, bounds);
            let using = if terms.is_empty() { "" } else { " USING PRIMARY KEY" };
            with_terms(using.to_owned(), terms)
        }
        AccessPath::Index { index, bounds, covering } => {
            let covering = if covering.is_some() { "COVERING " } else { "" };
            let using = format!(" USING {covering}INDEX {}", index.name);
            with_terms(using, key_terms(&scan.table, index, bounds))
        }
        AccessPath::AnyOf(_) => "MULTI-INDEX OR".to_owned(),
    }
}

fn rowid_terms(bounds: &RowidBounds) -> String {
    match bounds {
        RowidBounds::Equal(_) | RowidBounds::In(_) => "rowid=?".to_owned(),
        RowidBounds::Range { low, high } => {
            let ends = [low.as_ref().map(|_| "rowid>?"), high.as_ref().map(|_| "rowid<?")];
            ends.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
        }
    }
}

fn key_terms(table: &Table, index: &Index, bounds: &KeyBounds) -> String {
    let column = |position: usize| match index.columns.get(position).map(|column| &column.term) {
        Some(IndexTerm::Column(column)) => &*table.columns[*column].name,
        Some(IndexTerm::Rowid) | None => "rowid",
        _ => "<expr>",
    };
    let mut terms: Vec<String> =
        (0..bounds.equal.len()).map(|position| format!("{}=?", column(position))).collect();
    // Rows are compared as rows, as far as the index itself has their columns.
    let end = |row: &Option<RowEnd>, operator: char| {
        let behind = row.iter().flat_map(|row| &row.values).filter(|value| value.column.is_some()).count();
        let first = bounds.equal.len();
        let columns: Vec<&str> = (first..=first + behind).map(column).collect();
        match &columns[..] {
            [column] => format!("{column}{operator}?"),
            columns => format!("({}){operator}({})", columns.join(","), vec!["?"; columns.len()].join(",")),
        }
    };
    if bounds.low.is_some() {
        terms.push(end(&bounds.low_row, '>'));
    }
    if bounds.high.is_some() {
        terms.push(end(&bounds.high_row, '<'));
    }
    terms.join(" AND ")
}

/// The look-up in the hash table of a join, which is an index made for this statement alone; PARTIAL: of some rows.
pub(super) fn hashed(join: &HashJoin, name: &str, cte_columns: &[OutputColumn]) -> String {
    let partial = match leaf(&join.right) {
        SourceNode::Scan(scan) if is_filtered(scan) => "PARTIAL ",
        _ => "",
    };
    let term = |key: &HashKey| format!("{}=?", column_name(&key.right, &join.right, cte_columns));
    let terms = join.keys.iter().map(term).collect::<Vec<_>>().join(" AND ");
    format!("SEARCH {name} USING AUTOMATIC {partial}COVERING INDEX ({terms})")
}

fn is_filtered(scan: &Scan) -> bool {
    let is_part = match &scan.path {
        AccessPath::Full => false,
        AccessPath::Rowid(_) | AccessPath::AnyOf(_) => true,
        AccessPath::PrimaryKey { index, bounds } | AccessPath::Index { index, bounds, .. } => {
            !key_terms(&scan.table, index, bounds).is_empty()
        }
    };
    is_part || !scan.conditions.is_empty()
}

pub(super) fn source_name(node: &SourceNode) -> &str {
    match leaf(node) {
        SourceNode::Scan(scan) => &scan.name,
        SourceNode::Subquery { label, .. } => &label.name,
        SourceNode::Cte { name, .. }
        | SourceNode::RecursiveRow { name, .. }
        | SourceNode::TableFunction { name, .. }
        | SourceNode::Count { name, .. } => name,
        SourceNode::Virtual(scan) => &scan.name,
        _ => "",
    }
}

/// The column of `node` that an expression is.
fn column_name<'n>(expr: &Expr, node: &'n SourceNode, cte_columns: &'n [OutputColumn]) -> &'n str {
    const UNNAMED: &str = "<expr>";
    match (expr, node) {
        (Expr::Collate { operand, .. }, _) => column_name(operand, node, cte_columns),
        (_, SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. }) => {
            column_name(expr, input, cte_columns)
        }
        (Expr::Column { column, .. }, SourceNode::Scan(scan)) => &scan.table.columns[*column].name,
        (Expr::Rowid(_), SourceNode::Scan(scan)) => {
            scan.table.rowid_alias.map_or("rowid", |column| &scan.table.columns[column].name)
        }
        (Expr::Register(register), SourceNode::Subquery { rows, output, label, .. }) => {
            let Some(column) = register.0.checked_sub(output.0) else { return UNNAMED };
            match (&**rows, merged(rows)) {
                (RowsNode::Project { outputs, .. }, Some(input))
                    if is_one_table(input) && column < outputs.len() =>
                {
                    column_name(&outputs[column], input, cte_columns)
                }
                _ => label.columns.get(column).map_or(UNNAMED, |name| name),
            }
        }
        (Expr::Register(register), SourceNode::Cte { output, .. }) => {
            let column = register.0.checked_sub(output.0).and_then(|column| cte_columns.get(column));
            column.map_or(UNNAMED, |column| &column.name)
        }
        (Expr::Column { source, .. } | Expr::Rowid(source), node) => {
            scan_of(*source, node).map_or(UNNAMED, |scan| column_name(expr, scan, cte_columns))
        }
        _ => UNNAMED,
    }
}

/// The scan of a source, in a join that is kept as a whole.
fn scan_of(source: SourceId, node: &SourceNode) -> Option<&SourceNode> {
    match node {
        SourceNode::Scan(scan) => (scan.source == source).then_some(node),
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => scan_of(source, input),
        SourceNode::NestedLoop(join) => scan_of(source, &join.left).or_else(|| scan_of(source, &join.right)),
        SourceNode::HashJoin(join) => scan_of(source, &join.left).or_else(|| scan_of(source, &join.right)),
        _ => None,
    }
}

/// RIGHT and FULL give the rows that found nothing in a loop of their own.
pub(super) fn join_suffix(kind: LoopKind) -> &'static str {
    match kind {
        LoopKind::Inner | LoopKind::Right => "",
        LoopKind::Left | LoopKind::Full => " LEFT-JOIN",
    }
}

/// SQLite's number of the plan that its own table functions make.
pub(super) fn index_number(function: &TableFunction, args: &[Option<Expr>]) -> u32 {
    let is_given = |parameter: usize| args.get(parameter).is_some_and(Option::is_some);
    match function {
        TableFunction::Json { .. } if !is_given(0) => 0,
        TableFunction::Json { .. } => 1 | u32::from(is_given(1)) << 1,
        TableFunction::Pragma(_) => 0,
    }
}
