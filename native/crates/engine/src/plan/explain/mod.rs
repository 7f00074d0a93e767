//! EXPLAIN QUERY PLAN: the plan in SQLite's words.
//!
//! ```text
//! SELECT a, (SELECT max(b) FROM u) FROM t JOIN totals USING (a) ORDER BY a
//!
//! MATERIALIZE totals                what FROM has to compute stands before the loops
//!   SCAN …
//! SCAN t                            the loops, from the outermost on, each with the subqueries it asks
//! SEARCH totals USING AUTOMATIC COVERING INDEX (a=?)
//! SCALAR SUBQUERY 1                 then those of the result columns
//!   SEARCH u
//! USE TEMP B-TREE FOR ORDER BY      and what the rows go through
//! ```
//! A subquery or view of FROM whose rows only run through is not named, as SQLite merges it into the outer query.
//! Where SQLite would do another thing the words are those for what is done here: a hash join is an automatic index.
//!
//! Not here: the words for one table (`words`), which subqueries of FROM have a line (`merge`), the subqueries that
//! expressions ask (`subqueries`).

mod merge;
mod subqueries;
mod words;

use std::collections::VecDeque;

use crate::error::Result;
use crate::plan::virtual_table;
use crate::plan::{
    AccessPath, Group, HashJoin, LoopKind, RowsNode, Scan, SortValue, SourceNode, SubqueryLabel,
    VirtualArgument, plan_select,
};
use crate::resolve::subquery_name;
use crate::resolve::tree::{AggregateCall, CompoundOperator, CteId, Program, Select};
use crate::session::Session;
use merge::{Place, is_above_from, is_nothing, is_single, leaf, merged_at, passed_through};
use words::join_suffix;

/// A row of EXPLAIN QUERY PLAN; `parent` 0 is the whole statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    pub id: i64,
    pub parent: i64,
    pub detail: String,
}

/// Describes the plan of a query and of the subqueries in the statement's other expressions.
pub fn explain(select: &Select, program: &Program, session: &Session) -> Result<Vec<PlanLine>> {
    let mut explainer = Explainer::new(program, session, select.number);
    explainer.rows(&plan_select(select, program, session)?, 0)?;
    explainer.other_subqueries()?;
    Ok(explainer.lines)
}

/// `explain` for the rows of an UPDATE or DELETE.
pub fn explain_row_source(plan: &SourceNode, program: &Program, session: &Session) -> Result<Vec<PlanLine>> {
    let mut explainer = Explainer::new(program, session, 0);
    explainer.from(plan, 0, false)?;
    explainer.other_subqueries()?;
    Ok(explainer.lines)
}

/// `explain` for the rows that VALUES lists in an INSERT.
pub fn explain_values(row_count: usize, program: &Program, session: &Session) -> Result<Vec<PlanLine>> {
    let mut explainer = Explainer::new(program, session, 0);
    if row_count > 1 {
        explainer.add(0, values_clause(row_count));
    }
    explainer.other_subqueries()?;
    Ok(explainer.lines)
}

fn values_clause(row_count: usize) -> String {
    format!("SCAN {row_count}-ROW VALUES CLAUSE")
}

struct Explainer<'p> {
    lines: Vec<PlanLine>,
    program: &'p Program,
    session: &'p Session,
    /// By subquery and by CTE: told already.
    told_subqueries: Vec<bool>,
    told_ctes: Vec<bool>,
    /// The queries that SQLite makes while it compiles are counted on from those that are written.
    query_count: u32,
    join_count: u32,
}

impl Explainer<'_> {
    fn new<'p>(program: &'p Program, session: &'p Session, query_count: u32) -> Explainer<'p> {
        Explainer {
            lines: Vec::new(),
            program,
            session,
            told_subqueries: vec![false; program.subqueries.len()],
            told_ctes: vec![false; program.ctes.len()],
            query_count,
            join_count: 0,
        }
    }

    /// Ids grow by more than one, as SQLite's do (they are program addresses there).
    fn add(&mut self, parent: i64, detail: impl Into<String>) -> i64 {
        let id = self.lines.len() as i64 * 2 + 2;
        self.lines.push(PlanLine { id, parent, detail: detail.into() });
        id
    }

    fn next_query(&mut self) -> u32 {
        self.query_count += 1;
        self.query_count
    }

    fn rows(&mut self, node: &RowsNode, parent: i64) -> Result<()> {
        match node {
            RowsNode::Project { input, outputs, distinct } => {
                let is_alone = distinct.is_none();
                if is_alone && let Some(rows) = passed_through(input) {
                    return self.rows(rows, parent);
                }
                self.from(input, parent, false)?;
                self.expressions(outputs, parent)?;
                if distinct.is_some() {
                    self.add(parent, "USE TEMP B-TREE FOR DISTINCT");
                }
                Ok(())
            }
            RowsNode::Values { rows } => {
                let detail = match rows.len() {
                    1 => "SCAN CONSTANT ROW".to_owned(),
                    count => values_clause(count),
                };
                self.add(parent, detail);
                rows.iter().try_for_each(|row| self.expressions(row, parent))
            }
            RowsNode::Sort(sort) => {
                self.expressions(sort.limit.iter().chain(&sort.offset), parent)?;
                self.from(&sort.input, parent, false)?;
                self.expressions(&sort.outputs, parent)?;
                for key in &sort.keys {
                    if let SortValue::Expr(expr) = &key.value {
                        self.expressions([expr], parent)?;
                    }
                }
                if sort.distinct.is_some() {
                    self.add(parent, "USE TEMP B-TREE FOR DISTINCT");
                }
                self.add(parent, "USE TEMP B-TREE FOR ORDER BY");
                Ok(())
            }
            RowsNode::Limit { input, limit, offset } => {
                self.expressions(limit.iter().chain(offset), parent)?;
                self.rows(input, parent)
            }
            RowsNode::Compound(compound) if matches!(&compound.right, RowsNode::Values { rows } if rows.is_empty()) =>
            {
                self.rows(&compound.left, parent)?;
                self.add(parent, "USE TEMP B-TREE FOR ORDER BY");
                Ok(())
            }
            RowsNode::Compound(compound) => {
                let id = self.add(parent, "COMPOUND QUERY");
                self.arms(node, id)?;
                if !compound.order_by.is_empty() {
                    self.add(parent, "USE TEMP B-TREE FOR ORDER BY");
                }
                Ok(())
            }
        }
    }

    /// The arms of a compound stand side by side, though each operator takes all before it as its left side.
    fn arms(&mut self, node: &RowsNode, parent: i64) -> Result<()> {
        let RowsNode::Compound(compound) = node else {
            let left = self.add(parent, "LEFT-MOST SUBQUERY");
            return self.rows(node, left);
        };
        self.arms(&compound.left, parent)?;
        let right = self.add(
            parent,
            match compound.operator {
                CompoundOperator::UnionAll => "UNION ALL",
                CompoundOperator::Union => "UNION USING TEMP B-TREE",
                CompoundOperator::Intersect => "INTERSECT USING TEMP B-TREE",
                CompoundOperator::Except => "EXCEPT USING TEMP B-TREE",
            },
        );
        self.rows(&compound.right, right)
    }

    /// A whole FROM with what is grouped and numbered above it.
    fn from(&mut self, node: &SourceNode, parent: i64, is_extreme: bool) -> Result<()> {
        match node {
            SourceNode::Filter { input, conditions } if is_above_from(input) => {
                self.from(input, parent, is_extreme)?;
                self.expressions(conditions, parent)
            }
            SourceNode::Group(group) => self.group(group, parent),
            SourceNode::Window { input, window, .. } => {
                let name = subquery_name(self.next_query());
                let id = self.add(parent, format!("CO-ROUTINE {name}"));
                self.from(input, id, false)?;
                let has_order = !window.partition_by.is_empty() || !window.order_by.is_empty();
                if has_order && !window.is_input_sorted {
                    self.add(id, "USE TEMP B-TREE FOR ORDER BY");
                }
                self.add(parent, format!("SCAN {name}"));
                Ok(())
            }
            SourceNode::Count { name, .. } => {
                self.add(parent, format!("SCAN {name}"));
                Ok(())
            }
            SourceNode::SortPositions(sort) => {
                self.expressions(sort.limit.iter().chain(&sort.offset), parent)?;
                self.from(&sort.input, parent, false)?;
                if !sort.keys.is_empty() {
                    self.add(parent, "USE TEMP B-TREE FOR ORDER BY");
                }
                Ok(())
            }
            node if is_nothing(node) => {
                self.add(parent, "SCAN CONSTANT ROW");
                self.gate(node, parent)
            }
            node => {
                let mut loops = Loops { parent, is_extreme, ..Loops::default() };
                self.computed(node, Place::First, &mut loops)?;
                self.loops(node, "", Place::First, &mut loops)?;
                for name in loops.kept_right {
                    let id = self.add(parent, format!("RIGHT-JOIN {name}"));
                    self.add(id, format!("SCAN {name}"));
                }
                Ok(())
            }
        }
    }

    fn group(&mut self, group: &Group, parent: i64) -> Result<()> {
        if !group.has_group_by {
            self.distinct_calls(group, parent);
        }
        self.from(&group.input, parent, is_lone_extreme(group))?;
        if group.has_group_by {
            if !group.is_input_sorted {
                self.add(parent, "USE TEMP B-TREE FOR GROUP BY");
            }
            self.distinct_calls(group, parent);
        }
        self.expressions(group.keys.iter().map(|key| &key.expr), parent)?;
        for call in &group.aggregates {
            self.expressions(call.args.iter().chain(&call.filter), parent)?;
        }
        Ok(())
    }

    fn distinct_calls(&mut self, group: &Group, parent: i64) {
        let mut tell = |call: &AggregateCall, why: &str| {
            let name = call.function.name();
            self.add(parent, format!("USE TEMP B-TREE FOR {name}({why})"));
        };
        for call in &group.aggregates {
            if !call.order_by.is_empty() {
                tell(call, "ORDER BY");
            } else if call.distinct {
                tell(call, "DISTINCT");
            }
        }
    }

    /// What FROM has to compute before its loops.
    fn computed(&mut self, node: &SourceNode, place: Place, around: &mut Loops) -> Result<()> {
        match node {
            SourceNode::Filter { input, .. } => self.computed(input, place, around),
            SourceNode::NestedLoop(join) => {
                self.computed(&join.left, place, around)?;
                self.computed(&join.right, Place::joined(join.kind), around)
            }
            SourceNode::HashJoin(join) => {
                self.computed(&join.left, place, around)?;
                self.computed_join(&join.right, Place::joined(join.kind).kept(), around)
            }
            SourceNode::Materialize { input, .. } => self.computed_join(input, place.kept(), around),
            SourceNode::Subquery { rows, label, .. } => match merged_at(rows, place) {
                Some(input) => self.computed(input, place, around),
                None => {
                    let verb = if place.is_kept() { "MATERIALIZE" } else { "CO-ROUTINE" };
                    let name = label.definition.clone().unwrap_or_else(|| shown(label));
                    let id = self.add(around.parent, format!("{verb} {name}"));
                    self.rows(rows, id)
                }
            },
            SourceNode::Cte { cte, .. } => self.cte(*cte, around.parent),
            _ => Ok(()),
        }
    }

    /// The right side of a join that is kept: of several items it is kept as a whole.
    fn computed_join(&mut self, node: &SourceNode, place: Place, around: &mut Loops) -> Result<()> {
        if is_single(node) {
            return self.computed(node, place, around);
        }
        self.join_count += 1;
        let name = format!("(join-{})", self.join_count);
        let id = self.add(around.parent, format!("MATERIALIZE {name}"));
        around.joins.push_back(name);
        self.from(node, id, false)
    }

    fn cte(&mut self, cte: CteId, parent: i64) -> Result<()> {
        if std::mem::replace(&mut self.told_ctes[cte.0], true) {
            return Ok(());
        }
        let (program, session) = (self.program, self.session);
        let cte = &program.ctes[cte.0];
        let initial = plan_select(&cte.initial, program, session)?;
        if cte.recursive.is_empty() {
            let id = self.add(parent, format!("MATERIALIZE {}", cte.name));
            return self.rows(&initial, id);
        }
        let id = self.add(parent, format!("CO-ROUTINE {}", cte.name));
        let setup = self.add(id, "SETUP");
        self.rows(&initial, setup)?;
        for step in &cte.recursive {
            let id = self.add(id, "RECURSIVE STEP");
            self.rows(&plan_select(step, program, session)?, id)?;
        }
        Ok(())
    }

    /// One line for each loop, with the subqueries that are asked in it.
    fn loops(&mut self, node: &SourceNode, suffix: &str, place: Place, around: &mut Loops) -> Result<()> {
        let parent = around.parent;
        match node {
            SourceNode::Scan(node) => {
                self.path(node, &node.path, suffix, around)?;
                self.expressions(&node.conditions, parent)
            }
            SourceNode::Filter { input, conditions } => {
                self.loops(input, suffix, place, around)?;
                self.expressions(conditions, parent)
            }
            SourceNode::NestedLoop(join) => {
                self.left_loops(&join.left, suffix, place, around)?;
                self.loops(&join.right, join_suffix(join.kind), Place::joined(join.kind), around)?;
                self.gate(&join.left, parent)?;
                around.keep_right(join.kind, &join.right);
                self.expressions(&join.on, parent)
            }
            SourceNode::HashJoin(join) => {
                self.left_loops(&join.left, suffix, place, around)?;
                self.hashed(join, around)?;
                self.gate(&join.left, parent)?;
                around.keep_right(join.kind, &join.right);
                self.expressions(join.keys.iter().map(|key| &key.left).chain(&join.on), parent)
            }
            SourceNode::Subquery { rows, label, .. } => match (&**rows, merged_at(rows, place)) {
                (RowsNode::Project { outputs, .. }, Some(input)) => {
                    self.loops(input, suffix, place, around)?;
                    self.expressions(outputs, parent)
                }
                _ => {
                    self.add(parent, format!("{} {}{suffix}", words::verb(around.is_extreme), shown(label)));
                    Ok(())
                }
            },
            SourceNode::Materialize { input, .. } if is_single(input) => {
                self.loops(input, suffix, place.kept(), around)
            }
            SourceNode::Materialize { .. } => {
                let line = format!("SCAN {}{suffix}", around.next_join());
                self.add(parent, line);
                Ok(())
            }
            SourceNode::Cte { name, .. } | SourceNode::RecursiveRow { name, .. } => {
                self.add(parent, format!("{} {name}{suffix}", words::verb(around.is_extreme)));
                Ok(())
            }
            SourceNode::TableFunction { function, name, args, .. } => {
                let number = words::index_number(function, args);
                self.add(parent, format!("SCAN {name} VIRTUAL TABLE INDEX {number}:{suffix}"));
                self.expressions(args.iter().flatten(), parent)
            }
            SourceNode::Virtual(scan) => {
                let number = virtual_table::index_number(&scan.arguments);
                self.add(parent, format!("SCAN {} VIRTUAL TABLE INDEX {number}:{suffix}", scan.name));
                scan.arguments.iter().flatten().try_for_each(|argument| match argument {
                    VirtualArgument::Value(expr) => self.expressions([expr], parent),
                    VirtualArgument::In(values) => self.in_values(values, parent),
                })
            }
            SourceNode::Once => Ok(()),
            SourceNode::Group(_)
            | SourceNode::Count { .. }
            | SourceNode::Window { .. }
            | SourceNode::SortPositions(_) => self.from(node, parent, false),
        }
    }

    /// The line of one table: how its rows are found. The parts of an OR have a line each.
    fn path(&mut self, scan: &Scan, path: &AccessPath, suffix: &str, around: &Loops) -> Result<()> {
        let AccessPath::AnyOf(parts) = path else {
            self.add(around.parent, words::scan(scan, path, around.is_extreme) + suffix);
            return self.path_subqueries(path, around.parent);
        };
        let id = self.add(around.parent, words::scan(scan, path, around.is_extreme));
        for (number, part) in parts.iter().enumerate() {
            let parent = self.add(id, format!("INDEX {}", number + 1));
            self.path(scan, &part.path, suffix, &Loops { parent, ..Loops::default() })?;
            self.expressions(&part.conditions, parent)?;
        }
        Ok(())
    }

    fn left_loops(
        &mut self,
        left: &SourceNode,
        suffix: &str,
        place: Place,
        around: &mut Loops,
    ) -> Result<()> {
        if is_nothing(left) { Ok(()) } else { self.loops(left, suffix, place, around) }
    }

    /// The right side of a hash join: looked up like an index that is made for this statement.
    fn hashed(&mut self, join: &HashJoin, around: &mut Loops) -> Result<()> {
        let (parent, suffix) = (around.parent, join_suffix(join.kind));
        match leaf(&join.right) {
            SourceNode::TableFunction { .. } | SourceNode::Virtual(_) => {
                self.loops(&join.right, suffix, Place::joined(join.kind).kept(), around)
            }
            right => {
                let name =
                    if is_single(&join.right) { words::source_name(right) } else { around.next_join() };
                let columns = match right {
                    SourceNode::Cte { cte, .. } => &self.program.ctes[cte.0].initial.columns[..],
                    _ => &[],
                };
                self.add(parent, words::hashed(join, name, columns) + suffix);
                Ok(())
            }
        }
    }

    /// The conditions on no table.
    fn gate(&mut self, node: &SourceNode, parent: i64) -> Result<()> {
        match node {
            SourceNode::Filter { input, conditions } if is_nothing(input) => {
                self.gate(input, parent)?;
                self.expressions(conditions, parent)
            }
            _ => Ok(()),
        }
    }
}

/// What the lines of one FROM have in common.
#[derive(Default)]
struct Loops {
    parent: i64,
    is_extreme: bool,
    /// Names of joins that are kept as a whole, in the order of the loops.
    joins: VecDeque<String>,
    /// The one whose line was written last.
    join: String,
    /// Tables whose rows come, all of them, by RIGHT or FULL JOIN.
    kept_right: Vec<String>,
}

impl Loops {
    fn next_join(&mut self) -> &str {
        self.join = self.joins.pop_front().unwrap_or_default();
        &self.join
    }

    fn keep_right(&mut self, kind: LoopKind, right: &SourceNode) {
        if matches!(kind, LoopKind::Right | LoopKind::Full) {
            let name = if is_single(right) { words::source_name(right) } else { &self.join };
            self.kept_right.push(name.to_owned());
        }
    }
}

/// One min() or max() and nothing else: SQLite calls that a search, whatever it reads.
fn is_lone_extreme(group: &Group) -> bool {
    let [call] = &group.aggregates[..] else { return false };
    let is_extreme = matches!(call.function.built_in_name(), Some("min" | "max"));
    is_extreme && !group.has_group_by && call.args.len() == 1
}

fn shown(label: &SubqueryLabel) -> String {
    if label.name.is_empty() { subquery_name(label.number) } else { label.name.clone() }
}
