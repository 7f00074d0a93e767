//! Joins in an order of their own: the largest table drives, every other one is kept where a table that needs it looks it up.
//!
//! ```text
//! lineitem ⋈ (orders ⋈ (customer ⋈ nation)) ⋈ (supplier ⋈ nation)
//! ```
//! How many rows pass a table's conditions is found by trying them on a few places of the table. What is kept is reduced by
//! its own joins first; of several kept sides the one that lets the fewest rows through is asked first.
//!
//! For groupings only, and only where the order of rows decides nothing: pairs come in the driving table's order.

use super::answers::{Question, questions};
use super::correlated::Correlated;
use super::graph::{Condition, JoinGraph, Lookup, TableSet, set_of};
use super::input::Input;
use super::join::BatchJoin;
use super::{Run, least_rows};
use crate::catalog::{IndexColumn, IndexTerm};
use crate::execute::{Context, Frame};
use crate::resolve::tree::{CompareOperator, Comparison, Expr, Program, SourceId};
use crate::resolve::{subqueries_of, visit_expr};

/// What of a table's rows is taken to pass a condition that cannot be tried.
const UNTRIED: f64 = 0.3;

// Nanoseconds, for choosing between batches and rows only.
const SCAN_COST: f64 = 5.0;
/// Of an entry of a table WITHOUT ROWID.
const KEY_SCAN_COST: f64 = 30.0;
const KEEP_COST: f64 = 60.0;
const PROBE_COST: f64 = 10.0;
const ROW_COST: f64 = 150.0;
const LOOKUP_COST: f64 = 900.0;
const ROWID_COST: f64 = 300.0;
/// What is added where the block is not in the cache: it is read, checked and decompressed, for one row or for each row of a
/// scan its part.
const UNCACHED_LOOKUP_COST: f64 = 12_000.0;
const UNCACHED_SCAN_COST: f64 = 60.0;
/// Of a subquery that is asked about one row.
const ASK_COST: f64 = 6000.0;

/// Of a row that is put into the plan's order.
const ORDER_COST: f64 = 200.0;
/// Of a row that is copied for the row engine.
const IMAGE_COST: f64 = 100.0;

/// The set of an IN is asked for the rows that pass the other conditions where these are one in so many, of the table and of the
/// set's own.
const FEW_OF_SET: f64 = 8.0;

/// A share of rows that are looked up before anything dear is asked about them.
const FEW: f64 = 0.5;

/// An input and what is known of it before it runs.
pub(super) struct Ordered {
    pub input: Input,
    /// Rows that are expected.
    pub rows: f64,
    /// What it costs, and what the plan costs row by row.
    pub by_batches: f64,
    by_rows: f64,
    /// Of a row whose rowid is known.
    lookup_cost: f64,
    /// A subquery is asked for the few rows that pass everything else, instead of for all that it could have.
    asks_few: bool,
}

impl Ordered {
    /// Whether batches take less time than rows.
    pub fn pays(&self) -> bool {
        self.by_batches < self.by_rows
    }

    /// Whether it takes longer, with its rows looked up and put into the plan's order, than joins in that order, which read
    /// and keep so many rows.
    pub fn is_dearer_than_images(&self, driving_rows: u64, kept_rows: u64) -> bool {
        let images = driving_rows as f64 * (SCAN_COST + PROBE_COST) + kept_rows as f64 * KEEP_COST;
        self.by_batches + self.rows * (ORDER_COST + self.lookup_cost) > images + self.rows * IMAGE_COST
    }

    /// The same where each row that comes out has to be found once more in so many tables.
    pub fn pays_with_lookups(&self, table_count: usize) -> bool {
        self.by_batches + self.rows * table_count as f64 * self.lookup_cost < self.by_rows
    }
}

/// A table with those that are kept for it.
struct Part {
    table: usize,
    tables: TableSet,
    children: Vec<Part>,
    /// Rows that are expected, and what share of the table's rows that is.
    rows: f64,
    share: f64,
}

struct Estimate {
    /// Of the whole table.
    rows: f64,
    /// What passes the table's own conditions.
    passing: f64,
    /// Columns of which no two rows have the same values.
    unique_keys: Vec<Vec<usize>>,
}

/// A key between two sets of tables.
struct Edge {
    condition: usize,
    sides: [TableSet; 2],
}

struct Orderer<'g> {
    graph: &'g JoinGraph,
    sources: Vec<SourceId>,
    estimates: Vec<Estimate>,
    edges: Vec<Edge>,
    is_used: Vec<bool>,
    keep_cost: f64,
    /// What share of the database the cache has no room for.
    uncached: f64,
}

/// None when a part of the joins needs the row engine.
pub(super) fn order(graph: &JoinGraph, frame: &mut Frame, context: &mut Context<'_>) -> Run<Option<Ordered>> {
    order_beside(graph, &[], frame, context)
}

/// The joins of a subquery that is asked about rows of the tables `beside` it, which nothing here may read.
pub(super) fn order_beside(
    graph: &JoinGraph,
    beside: &[SourceId],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Run<Option<Ordered>> {
    // Where other conditions leave few rows, what a set has is asked for these alone.
    if let Some(last) = graph.asking_sets_last(context.program)
        && let Some(ordered) = order_as_given(&last, beside, frame, context)?
        && ordered.asks_few
    {
        return Ok(Some(ordered));
    }
    order_as_given(graph, beside, frame, context)
}

fn order_as_given(
    graph: &JoinGraph,
    beside: &[SourceId],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Run<Option<Ordered>> {
    let sources = [&graph.sources(), beside].concat();
    let mut estimates = Vec::with_capacity(graph.tables.len());
    for table in 0..graph.tables.len() {
        estimates.push(estimate(graph, table, &sources, frame, context)?);
    }
    let mut orderer = Orderer {
        graph,
        sources,
        estimates,
        edges: edges(graph, context.program),
        is_used: graph.conditions.iter().map(|condition| condition.is_correlated).collect(),
        keep_cost: 0.0,
        uncached: uncached_share(graph, context),
    };
    let Some(mut ordered) = orderer.run() else { return Ok(None) };
    let sources = orderer.sources;
    for condition in graph.conditions.iter().filter(|condition| condition.is_correlated) {
        let program = context.program;
        if let Some(member) = set_of(&condition.expr, program) {
            let rows = &orderer.estimates;
            let of_tables = |(table, estimate): (usize, &Estimate)| {
                if condition.tables >> table & 1 == 1 { estimate.rows } else { 1.0 }
            };
            let all_rows = rows.iter().enumerate().map(of_tables).fold(1.0, f64::max);
            if ordered.rows * FEW_OF_SET > all_rows {
                return Ok(None);
            }
            let asked = Correlated::compile_member(&member, ordered.input, graph, &sources, frame, context)?;
            let Some((correlated, cost)) = asked else { return Ok(None) };
            if correlated.inner_rows() < ordered.rows * FEW_OF_SET || !correlated.never_fails() {
                return Ok(None);
            }
            ordered.input = Input::Correlated(Box::new(correlated));
            ordered.asks_few = true;
            ordered.by_batches += cost * ordered.rows / all_rows;
            ordered.by_rows += cost;
            if !ordered.input.add_condition(&condition.expr) {
                return Ok(None);
            }
            continue;
        }
        let questions = questions(std::iter::once(&condition.expr), program);
        let mut is_answered = true;
        visit_expr(&condition.expr, &mut |expr| {
            is_answered &= subqueries_of(expr).iter().all(|id| {
                !program.subqueries[id.0].correlated || questions.iter().any(|asked| asked.subquery == *id)
            });
        });
        if !is_answered {
            return Ok(None);
        }
        for question in questions {
            let asked = Correlated::compile(question, ordered.input, graph, &sources, frame, context)?;
            let Some((correlated, cost)) = asked else { return Ok(None) };
            ordered.input = Input::Correlated(Box::new(correlated));
            ordered.by_batches += cost;
            ordered.by_rows += ordered.rows * (ASK_COST + orderer.uncached * UNCACHED_LOOKUP_COST);
        }
        if !ordered.input.add_condition(&condition.expr) {
            return Ok(None);
        }
    }
    Ok(Some(ordered))
}

/// `input`, whose rows are those of the graph, with the answers to questions about each of them; None when batches cannot
/// answer all of them, or take longer for it than rows.
pub(super) fn answering(
    questions: &[Question],
    mut input: Input,
    rows: f64,
    graph: &JoinGraph,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Run<Option<Input>> {
    let sources = graph.sources();
    for question in questions {
        let asked = Correlated::compile(*question, input, graph, &sources, frame, context)?;
        let Some((correlated, cost)) = asked else { return Ok(None) };
        let pays = cost + rows * KEEP_COST < rows * correlated.ask_cost(rows);
        if !pays && least_rows(context) != Some(0) {
            return Ok(None);
        }
        input = Input::Correlated(Box::new(correlated));
    }
    Ok(Some(input))
}

fn uncached_share(graph: &JoinGraph, context: &Context<'_>) -> f64 {
    let share = |database| context.session.transaction(database).engine().uncached_share();
    graph.tables.iter().map(|table| share(table.scan.database)).fold(0.0, f64::max)
}

fn edges(graph: &JoinGraph, program: &Program) -> Vec<Edge> {
    let edge = |(condition, Condition { expr, is_correlated, .. }): (usize, &Condition)| {
        let Expr::Compare(compare) = expr else { return None };
        if *is_correlated {
            return None;
        }
        let sides = [&compare.left, &compare.right].map(|side| graph.reading(side, program).0);
        let joins = sides[0] != 0 && sides[1] != 0 && sides[0] & sides[1] == 0;
        (compare.operator == CompareOperator::Equal && joins).then_some(Edge { condition, sides })
    };
    graph.conditions.iter().enumerate().filter_map(edge).collect()
}

fn own_conditions(graph: &JoinGraph, table: usize) -> Vec<Expr> {
    let is_own = |condition: &&Condition| condition.tables == 1 << table && !condition.is_correlated;
    let own = graph.conditions.iter().filter(is_own);
    own.map(|condition| condition.expr.clone()).collect()
}

fn scan_of(graph: &JoinGraph, table: usize, sources: &[SourceId]) -> Option<Input> {
    let mut scan = graph.tables[table].scan.clone();
    scan.conditions = own_conditions(graph, table);
    Input::of_scan(&scan, &scan.path, sources)
}

fn estimate(
    graph: &JoinGraph,
    table: usize,
    sources: &[SourceId],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Run<Estimate> {
    let scan = &graph.tables[table].scan;
    let rows = context.row_count(scan.database, &scan.table)? as f64;
    let share = match scan_of(graph, table, sources) {
        Some(mut input) => input.passing_share(UNTRIED, frame, context)?,
        None => UNTRIED,
    };
    let indexes = context.session.catalog(scan.database).indexes_of(&scan.table.name);
    let unique_keys = indexes
        .iter()
        .filter(|index| index.unique && index.partial.is_none())
        .filter_map(|index| {
            let columns = index.columns.iter().filter(|column| !matches!(column.term, IndexTerm::Rowid));
            let column = |column: &IndexColumn| match column.term {
                IndexTerm::Column(column) => Some(column),
                IndexTerm::Rowid | IndexTerm::Expr(_) => None,
            };
            columns.map(column).collect()
        })
        .collect();
    Ok(Estimate { rows, passing: rows * share, unique_keys })
}

impl Orderer<'_> {
    fn run(&mut self) -> Option<Ordered> {
        let root = self.root();
        let part = self.tree(root)?;
        let reading =
            (0..self.estimates.len()).map(|table| self.estimates[table].rows * self.scan_cost(table));
        let reading: f64 = reading.sum();
        let input = self.build(&part)?;
        let by_batches = reading + self.keep_cost;
        let lookup_cost = ROWID_COST + self.uncached * UNCACHED_LOOKUP_COST;
        let by_rows = self.cost_by_rows();
        Some(Ordered { input, rows: part.rows, by_batches, by_rows, lookup_cost, asks_few: false })
    }

    /// Of a row that a scan of the table reads.
    fn scan_cost(&self, table: usize) -> f64 {
        let is_keyed = self.graph.tables[table].scan.table.without_rowid;
        let cost = if is_keyed { KEY_SCAN_COST } else { SCAN_COST };
        cost + self.uncached * UNCACHED_SCAN_COST
    }

    /// The table with the most rows left; of several the plan's first.
    fn root(&self) -> usize {
        let mut root = 0;
        for (table, estimate) in self.estimates.iter().enumerate() {
            if estimate.passing > self.estimates[root].passing {
                root = table;
            }
        }
        root
    }

    /// The tables as a tree below the root, each below one that shares a key with it: first those of which a row finds one.
    fn tree(&self, root: usize) -> Option<Part> {
        let count = self.graph.tables.len();
        let mut parents: Vec<Option<usize>> = vec![None; count];
        let mut placed: TableSet = 1 << root;
        let mut order = vec![root];
        while order.len() < count {
            let mut best: Option<(bool, f64, usize, usize)> = None;
            for edge in &self.edges {
                for [from, to] in [edge.sides, [edge.sides[1], edge.sides[0]]] {
                    if !from.is_power_of_two()
                        || !to.is_power_of_two()
                        || from & placed == 0
                        || to & placed != 0
                    {
                        continue;
                    }
                    let (parent, child) = (from.trailing_zeros() as usize, to.trailing_zeros() as usize);
                    let multiplies = !self.finds_one(parent, child);
                    let candidate = (multiplies, self.estimates[child].passing, parent, child);
                    if best.is_none_or(|best| (candidate.0, candidate.1) < (best.0, best.1)) {
                        best = Some(candidate);
                    }
                }
            }
            let (_, _, parent, child) = best?;
            parents[child] = Some(parent);
            placed |= 1 << child;
            order.push(child);
        }
        Some(self.part(root, &parents))
    }

    fn part(&self, table: usize, parents: &[Option<usize>]) -> Part {
        let is_child = |child: &usize| parents[*child] == Some(table);
        let mut children: Vec<Part> =
            (0..parents.len()).filter(is_child).map(|child| self.part(child, parents)).collect();
        children.sort_by(|a, b| (a.share, a.rows).partial_cmp(&(b.share, b.rows)).expect("numbers of rows"));
        let estimate = &self.estimates[table];
        let share = children
            .iter()
            .fold(estimate.passing / estimate.rows.max(1.0), |share, child| share * child.share);
        let tables = children.iter().fold(1 << table, |tables, child| tables | child.tables);
        Part { table, tables, children, rows: estimate.rows * share, share }
    }

    /// Whether a row of `parent` finds at most one of `child`: all of a unique key is given.
    fn finds_one(&self, parent: usize, child: usize) -> bool {
        let scan = &self.graph.tables[child].scan;
        let pair: TableSet = 1 << parent | 1 << child;
        let given: Vec<&Expr> = self
            .edges
            .iter()
            .filter(|edge| edge.sides[0] | edge.sides[1] == pair)
            .filter_map(|edge| {
                let Expr::Compare(compare) = &self.graph.conditions[edge.condition].expr else { return None };
                Some(if edge.sides[0] == 1 << child { &compare.left } else { &compare.right })
            })
            .collect();
        let is_given = |wanted: usize| {
            given.iter().any(|expr| match expr {
                Expr::Column { column, .. } => *column == wanted,
                Expr::Rowid(_) => scan.table.rowid_alias == Some(wanted),
                _ => false,
            })
        };
        given.iter().any(|expr| matches!(expr, Expr::Rowid(_)))
            || self.estimates[child].unique_keys.iter().any(|key| key.iter().all(|column| is_given(*column)))
    }

    fn build(&mut self, part: &Part) -> Option<Input> {
        let mut input = scan_of(self.graph, part.table, &self.sources)?;
        let mut rows = self.estimates[part.table].passing;
        let mut placed: TableSet = 1 << part.table;
        for child in &part.children {
            let right = self.build(child)?;
            let keys = self.take_keys(placed, child.tables);
            let mut join = BatchJoin::inner(input, right, keys, &self.sources)?;
            if child.share < FEW {
                join.probe_first();
            }
            placed |= child.tables;
            self.keep_cost += child.rows * KEEP_COST + rows * PROBE_COST;
            rows *= child.share;
            for condition in self.take_conditions(placed) {
                if !join.stage.add_condition(&condition) {
                    return None;
                }
            }
            input = Input::Join(Box::new(join));
        }
        if placed.count_ones() as usize == self.graph.tables.len() {
            // What reads no table at all decides for every row.
            for condition in self.take_conditions(placed) {
                if !input.add_condition(&condition) {
                    return None;
                }
            }
        }
        Some(input)
    }

    fn take_keys(&mut self, left: TableSet, right: TableSet) -> Vec<(Expr, Expr, Comparison)> {
        let mut keys = Vec::new();
        for edge in &self.edges {
            let Expr::Compare(compare) = &self.graph.conditions[edge.condition].expr else { continue };
            if self.is_used[edge.condition] {
                continue;
            }
            let within = |side: usize, tables: TableSet| edge.sides[side] & !tables == 0;
            let (of_left, of_right) = if within(0, left) && within(1, right) {
                (&compare.left, &compare.right)
            } else if within(1, left) && within(0, right) {
                (&compare.right, &compare.left)
            } else {
                continue;
            };
            keys.push((of_left.clone(), of_right.clone(), compare.comparison));
            self.is_used[edge.condition] = true;
        }
        keys
    }

    /// The conditions on several tables, all of which are placed; those on none when all tables are.
    fn take_conditions(&mut self, placed: TableSet) -> Vec<Expr> {
        let is_whole = placed.count_ones() as usize == self.graph.tables.len();
        let mut taken = Vec::new();
        for (index, condition) in self.graph.conditions.iter().enumerate() {
            let is_own = condition.tables.is_power_of_two();
            if self.is_used[index]
                || is_own
                || condition.tables & !placed != 0
                || condition.tables == 0 && !is_whole
            {
                continue;
            }
            self.is_used[index] = true;
            taken.push(condition.expr.clone());
        }
        taken
    }

    /// What the plan costs row by row, its tables read in its order.
    fn cost_by_rows(&self) -> f64 {
        let mut cost = 0.0;
        let mut rows = 1.0;
        let mut before: Option<&Estimate> = None;
        for (index, (table, estimate)) in self.graph.tables.iter().zip(&self.estimates).enumerate() {
            let passing =
                if self.graph.has_derived_conditions(index) { estimate.rows } else { estimate.passing };
            let share = passing / estimate.rows.max(1.0);
            let Some(last) = before.replace(estimate) else {
                rows = match table.lookup {
                    Lookup::Whole => {
                        cost += estimate.rows * self.scan_cost(index) + passing * ROW_COST;
                        passing
                    }
                    Lookup::One => 1.0,
                    Lookup::Some => passing.min(100.0),
                };
                continue;
            };
            let found = match table.lookup {
                Lookup::Whole => {
                    cost += estimate.rows * ROW_COST + rows * ROW_COST;
                    (estimate.rows / last.rows.max(1.0)).max(1.0)
                }
                Lookup::One => 1.0,
                Lookup::Some => (estimate.rows / last.rows.max(1.0)).max(1.0),
            };
            cost += rows * found * (LOOKUP_COST + self.uncached * UNCACHED_LOOKUP_COST);
            rows *= found * share;
        }
        cost + rows * ROW_COST
    }
}
