//! EXPLAIN QUERY PLAN: the plan in SQLite's words.

use crate::catalog::{Index, IndexTerm, Table};
use crate::error::Result;
use crate::plan::virtual_table;
use crate::plan::{
    AccessPath, KeyBounds, LoopKind, NestedLoop, RowidBounds, RowsNode, Scan, SourceNode, plan_select,
};
use crate::resolve::tree::{CompoundOperator, Program, Select, TableFunction};
use crate::session::Session;

/// A row of EXPLAIN QUERY PLAN; `parent` 0 is the whole statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    pub id: i64,
    pub parent: i64,
    pub detail: String,
}

#[derive(Default)]
struct Lines {
    lines: Vec<PlanLine>,
}

impl Lines {
    /// Ids grow by more than one, as SQLite's do (they are program addresses there).
    fn add(&mut self, parent: i64, detail: impl Into<String>) -> i64 {
        let id = self.lines.len() as i64 * 2 + 2;
        self.lines.push(PlanLine { id, parent, detail: detail.into() });
        id
    }
}

/// Describes the plan of a query and of the subqueries in its expressions.
pub fn explain(select: &Select, program: &Program, session: &Session) -> Result<Vec<PlanLine>> {
    let mut lines = Lines::default();
    rows(&plan_select(select, program, session)?, 0, &mut lines);
    subqueries(program, session, &mut lines)?;
    Ok(lines.lines)
}

/// `explain` for the rows of an UPDATE or DELETE.
pub fn explain_row_source(plan: &SourceNode, program: &Program, session: &Session) -> Result<Vec<PlanLine>> {
    let mut lines = Lines::default();
    source(plan, 0, "", &mut lines);
    subqueries(program, session, &mut lines)?;
    Ok(lines.lines)
}

fn subqueries(program: &Program, session: &Session, lines: &mut Lines) -> Result<()> {
    for (index, subquery) in program.subqueries.iter().enumerate() {
        let kind = if subquery.correlated { "CORRELATED SCALAR SUBQUERY" } else { "SCALAR SUBQUERY" };
        let id = lines.add(0, format!("{kind} {}", index + 1));
        rows(&plan_select(&subquery.select, program, session)?, id, lines);
    }
    Ok(())
}

fn rows(node: &RowsNode, parent: i64, lines: &mut Lines) {
    match node {
        RowsNode::Project { input, distinct, .. } => {
            source(input, parent, "", lines);
            if distinct.is_some() {
                lines.add(parent, "USE TEMP B-TREE FOR DISTINCT");
            }
        }
        RowsNode::Values { rows } => {
            let detail = match rows.len() {
                1 => "SCAN CONSTANT ROW".to_owned(),
                count => format!("SCAN {count} CONSTANT ROWS"),
            };
            lines.add(parent, detail);
        }
        RowsNode::Sort(sort) => {
            source(&sort.input, parent, "", lines);
            if sort.distinct.is_some() {
                lines.add(parent, "USE TEMP B-TREE FOR DISTINCT");
            }
            lines.add(parent, "USE TEMP B-TREE FOR ORDER BY");
        }
        RowsNode::Limit { input, .. } => rows(input, parent, lines),
        RowsNode::Compound(compound) => {
            let id = lines.add(parent, "COMPOUND QUERY");
            let left = lines.add(id, "LEFT-MOST SUBQUERY");
            rows(&compound.left, left, lines);
            let right = lines.add(
                id,
                match compound.operator {
                    CompoundOperator::UnionAll => "UNION ALL",
                    CompoundOperator::Union => "UNION USING TEMP B-TREE",
                    CompoundOperator::Intersect => "INTERSECT USING TEMP B-TREE",
                    CompoundOperator::Except => "EXCEPT USING TEMP B-TREE",
                },
            );
            rows(&compound.right, right, lines);
            if !compound.order_by.is_empty() {
                lines.add(parent, "USE TEMP B-TREE FOR ORDER BY");
            }
        }
    }
}

fn source(node: &SourceNode, parent: i64, suffix: &str, lines: &mut Lines) {
    match node {
        SourceNode::Once => {}
        SourceNode::Scan(node) => {
            lines.add(parent, scan(node) + suffix);
        }
        SourceNode::Filter { input, .. } => match &**input {
            SourceNode::Once => {}
            input => source(input, parent, suffix, lines),
        },
        SourceNode::NestedLoop(join) => {
            let NestedLoop { left, right, kind, .. } = &**join;
            source(left, parent, suffix, lines);
            source(right, parent, join_suffix(*kind), lines);
        }
        SourceNode::HashJoin(join) => {
            source(&join.left, parent, suffix, lines);
            let suffix = join_suffix(join.kind);
            match &join.right {
                SourceNode::Scan(node) => {
                    let keys = vec!["=?"; join.keys.len()].join(" AND ");
                    let detail =
                        format!("SEARCH {} USING AUTOMATIC COVERING INDEX ({keys}){suffix}", node.name);
                    lines.add(parent, detail);
                }
                right => source(right, parent, suffix, lines),
            }
        }
        SourceNode::Subquery { rows: input, name, .. } => {
            let id = lines.add(parent, format!("CO-ROUTINE {}", shown(name)));
            rows(input, id, lines);
            lines.add(parent, format!("SCAN {}{suffix}", shown(name)));
        }
        SourceNode::Materialize { input, .. } => match &**input {
            SourceNode::Subquery { rows: input, name, .. } => {
                let id = lines.add(parent, format!("MATERIALIZE {}", shown(name)));
                rows(input, id, lines);
                lines.add(parent, format!("SCAN {}{suffix}", shown(name)));
            }
            input => source(input, parent, suffix, lines),
        },
        SourceNode::Cte { name, .. } | SourceNode::RecursiveRow { name, .. } => {
            lines.add(parent, format!("SCAN {name}{suffix}"));
        }
        SourceNode::TableFunction { function, .. } => {
            let (name, index) = match function {
                TableFunction::JsonEach => ("json_each".to_owned(), 1),
                TableFunction::JsonTree => ("json_tree".to_owned(), 1),
                TableFunction::Pragma(name) => (format!("pragma_{name}"), 0),
            };
            lines.add(parent, format!("SCAN {name} VIRTUAL TABLE INDEX {index}:{suffix}"));
        }
        SourceNode::Virtual(scan) => {
            let number = virtual_table::index_number(&scan.arguments);
            lines.add(parent, format!("SCAN {} VIRTUAL TABLE INDEX {number}:{suffix}", scan.name));
        }
        SourceNode::Group(group) => {
            source(&group.input, parent, suffix, lines);
            if group.has_group_by && !group.is_input_sorted {
                lines.add(parent, "USE TEMP B-TREE FOR GROUP BY");
            }
        }
        SourceNode::Count { name, .. } => {
            lines.add(parent, format!("SCAN {name}"));
        }
        SourceNode::Window { input, .. } => {
            source(input, parent, suffix, lines);
            lines.add(parent, "USE TEMP B-TREE FOR ORDER BY");
        }
        SourceNode::SortPositions(sort) => {
            source(&sort.input, parent, suffix, lines);
            if !sort.keys.is_empty() {
                lines.add(parent, "USE TEMP B-TREE FOR ORDER BY");
            }
        }
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "(subquery)" } else { name }
}

fn join_suffix(kind: LoopKind) -> &'static str {
    match kind {
        LoopKind::Inner => "",
        LoopKind::Left => " LEFT-JOIN",
        LoopKind::Right => " RIGHT-JOIN",
        LoopKind::Full => " FULL-JOIN",
    }
}

fn scan(scan: &Scan) -> String {
    let name = &scan.name;
    match &scan.path {
        AccessPath::Full => format!("SCAN {name}"),
        AccessPath::Rowid(bounds) => {
            let terms = match bounds {
                RowidBounds::Equal(_) | RowidBounds::In(_) => "rowid=?".to_owned(),
                RowidBounds::Range { low, high } => {
                    let ends = [low.as_ref().map(|_| "rowid>?"), high.as_ref().map(|_| "rowid<?")];
                    ends.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
                }
            };
            format!("SEARCH {name} USING INTEGER PRIMARY KEY ({terms})")
        }
        AccessPath::PrimaryKey { index, bounds } => {
            let terms = key_terms(&scan.table, index, bounds);
            if terms.is_empty() {
                format!("SCAN {name}")
            } else {
                format!("SEARCH {name} USING PRIMARY KEY ({terms})")
            }
        }
        AccessPath::Index { index, bounds, covering } => {
            let covering = if covering.is_some() { "COVERING INDEX" } else { "INDEX" };
            let terms = key_terms(&scan.table, index, bounds);
            if terms.is_empty() {
                format!("SCAN {name} USING {covering} {}", index.name)
            } else {
                format!("SEARCH {name} USING {covering} {} ({terms})", index.name)
            }
        }
    }
}

fn key_terms(table: &Table, index: &Index, bounds: &KeyBounds) -> String {
    let column = |position: usize| match index.columns.get(position).map(|column| &column.term) {
        Some(IndexTerm::Column(column)) => &*table.columns[*column].name,
        Some(IndexTerm::Rowid) => "rowid",
        _ => "<expr>",
    };
    let mut terms: Vec<String> =
        (0..bounds.equal.len()).map(|position| format!("{}=?", column(position))).collect();
    if bounds.low.is_some() {
        terms.push(format!("{}>?", column(bounds.equal.len())));
    }
    if bounds.high.is_some() {
        terms.push(format!("{}<?", column(bounds.equal.len())));
    }
    terms.join(" AND ")
}
