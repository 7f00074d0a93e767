//! Runs parts of a plan over batches of rows: the vector engine.
//!
//! ```text
//! leaf ─► Batch (typed columns) ─► conditions ─► joins ─► aggregates, groups     VectorGroup
//!                                       └──────► rows, one by one                VectorScan, Joined
//! ```
//!
//! | module | does |
//! |---|---|
//! | `column`, `entries`, `batch` | the rows of one leaf as typed columns |
//! | `scan`, `conditions` | a table, leaf by leaf, and which of its rows pass |
//! | `key_scan`, `records` | an index, or a table WITHOUT ROWID, in the order of its keys |
//! | `stage` | expressions and conditions above joins and subqueries |
//! | `join`, `build` | equi-joins: one side kept, the other side's batches looking up |
//! | `narrow`, `members` | rows that a join can match, found by an index or told by their keys |
//! | `graph`, `order` | inner joins below a grouping, in an order of their own |
//! | `correlated`, `answers` | subqueries about each row, asked once for all rows |
//! | `known` | what all rows of a run have in common |
//! | `kept` | values that outlast their batch |
//! | `input`, `derived`, `subquery` | what batches come from: a scan, joins, groups, windows and compounds below |
//! | `compound` | UNION, INTERSECT, EXCEPT |
//! | `compile` | which expressions can run over batches |
//! | `deferred` | rows or batches, when the table's size is known |
//! | `packed`, `dictionary` | what can be told of columns as the leaf has them |
//! | `evaluate`, `chosen`, `compare`, `text_key`, `like`, `substring` | their results, column by column |
//! | `group`, `group_table`, `key`, `direct`, `ascending`, `group_order`, `having` | GROUP BY and HAVING |
//! | `matched` | groups that are a LEFT JOIN's left rows, each taking in the right rows that match it |
//! | `key_groups` | counts of an index's groups and its different entries, most of which are passed over |
//! | `parallel` | groups stretches of a table on several threads |
//! | `aggregate`, `sum`, `extreme`, `best_texts` | what aggregates keep of all groups |
//! | `window` | windows, sorted and computed by `execute::window` |
//! | `rows`, `joined`, `images` | pass filtered and joined rows on to the row engine |
//! | `found` | the rows that an UPDATE or DELETE is about |
//! | `project` | result columns that functions make |
//! | `result` | a query's result by column |
//! | `bound` | leaves out rows that an ORDER BY with LIMIT has no place for |
//!
//! Always true:
//! - The results are the row engine's to the last digit: rows are taken in the same order, sums are not reordered.
//! - What cannot run in batches is not compiled (`compile` answers None); what fails in a batch is run again row by row
//!   (`Stop::RowByRow`), so that errors are the row engine's.

mod aggregate;
mod answers;
mod ascending;
mod batch;
mod best_texts;
mod bound;
mod build;
mod chosen;
mod column;
mod compare;
mod compile;
mod compound;
mod conditions;
mod correlated;
mod deferred;
mod derived;
mod dictionary;
mod direct;
mod entries;
mod evaluate;
mod extreme;
mod found;
mod fresh;
mod graph;
mod group;
mod group_order;
mod group_table;
mod having;
mod images;
mod input;
mod join;
mod joined;
mod kept;
mod key;
mod key_groups;
mod key_scan;
mod known;
mod like;
mod matched;
mod members;
mod narrow;
mod order;
mod packed;
mod parallel;
mod project;
mod records;
mod result;
mod rows;
mod scan;
mod stage;
mod subquery;
mod substring;
mod sum;
mod text_key;
mod window;

pub(super) use batch::NO_ROW;
pub(super) use bound::SortBound;
pub(super) use column::Numbers;
pub(super) use compound::DeferredCompound;
pub(super) use derived::WindowedSubquery;
pub(crate) use found::{BatchFinder, FoundBatch};
pub(super) use kept::KeptColumn;
pub(super) use key::ValueCodes;
pub(super) use project::VectorProject;
pub(super) use result::ColumnScan;

use bound::BoundFilter;
use deferred::{Deferred, Plan};
use group::Parts;
use images::{Handing, Images};
use joined::Joining;
use key_groups::KeyGroups;
use rows::VectorScan;
use scan::BatchScan;
use window::VectorWindow;

use pluresdb_value::Collation;

use crate::error::{Error, Result};
use crate::execute::first_rows::FirstRows;
use crate::execute::group::Group;
use crate::execute::scan::TableScan;
use crate::execute::window::WindowSource;
use crate::execute::{Context, Frame, Source, wide};
use crate::plan::{
    self, AccessPath, HashJoin, LoopKind, NestedLoop, RowidBounds, RowsNode, SortKey, SortValue, SourceNode,
    is_volatile,
};
use crate::resolve::tree::{Expr, Window};
use crate::resolve::{any_expr, names_subquery};
use crate::session::Execution;

/// Why a run in batches ends early.
pub(super) enum Stop {
    Error(Error),
    /// Something in the batch failed: only the row engine knows whether SQLite would have computed it.
    RowByRow,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

pub(super) type Run<T> = std::result::Result<T, Stop>;

/// Below this many rows a table is read row by row: making a batch takes longer.
const LEAST_ROWS: u64 = 64;

/// How many rows a table needs for its scan to run in batches; None: it never does.
fn least_rows(context: &Context<'_>) -> Option<u64> {
    match context.session.settings.execution {
        // What a trigger knows as `new` has the JSON subtype, which batches know of no parameter.
        _ if !context.session.json_images.is_empty() => None,
        Execution::Row => None,
        Execution::Vector => Some(0),
        Execution::Automatic => Some(LEAST_ROWS),
    }
}

/// The operator of a scan by rowid: in batches where there are conditions that can run in them.
pub(super) fn scan_operator(node: plan::Scan) -> Box<dyn Source> {
    if reads_in_order(&node) && !node.conditions.is_empty() {
        Box::new(Deferred::new(FilteredScan(node)))
    } else {
        Box::new(TableScan::new(node))
    }
}

/// The operator below an ORDER BY with LIMIT, and the bound to be kept for it where it may take one.
pub(super) fn input_of_top_k(
    node: SourceNode,
    keys: &[SortKey],
    outputs: &[Expr],
) -> (Box<dyn Source>, Option<SortBound>) {
    // Of the outputs only what the rows are sorted by is computed for all of them.
    let asked: Vec<Expr> = keys
        .iter()
        .filter_map(|key| match &key.value {
            SortValue::Expr(term) => Some(term.clone()),
            SortValue::Output(index) => outputs.get(*index).cloned(),
        })
        .collect();
    let (scan, planned) = match node {
        SourceNode::Scan(scan)
            if keys.first().is_some_and(may_be_asked_twice)
                && !asks(&asked)
                && !asks(&scan.conditions)
                && order_is_told(&scan, keys) =>
        {
            let by_table = plan::Scan { path: AccessPath::Full, is_reverse: false, ..scan.clone() };
            (by_table, scan)
        }
        SourceNode::Scan(scan)
            if reads_in_order(&scan)
                && keys.first().is_some_and(may_be_asked_twice)
                && !asks(&asked)
                && !asks(&scan.conditions) =>
        {
            (scan.clone(), scan)
        }
        node if joins_or_asks(&node) || reads_keys(&node) || asks(&asked) => {
            let is_bounded = keys.first().is_some_and(may_be_asked_twice);
            let bound = is_bounded.then(SortBound::default);
            let bounded = bound.clone().map(|bound| (keys.to_vec(), bound));
            return (Box::new(Deferred::new(Joining { node, asked, bounded })), bound);
        }
        node => return (node.into_operator(), None),
    };
    let bound = SortBound::default();
    let bounded = BoundedScan { scan, planned, keys: keys.to_vec(), bound: bound.clone() };
    (Box::new(Deferred::new(bounded)), Some(bound))
}

/// Whether all of an index is read for a sort by the rowid: then its order shows nowhere, and reading the table's columns
/// takes less time than taking its keys apart.
fn order_is_told(scan: &plan::Scan, keys: &[SortKey]) -> bool {
    let AccessPath::Index { index, bounds, covering: Some(_) } = &scan.path else { return false };
    let is_rowid = |key: &SortKey| match key.value {
        SortValue::Expr(Expr::Rowid(source)) => source == scan.source,
        SortValue::Expr(Expr::Column { source, column }) => {
            source == scan.source && scan.table.rowid_alias == Some(column)
        }
        _ => false,
    };
    let is_whole = bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none();
    is_whole && index.partial.is_none() && !scan.table.without_rowid && keys.iter().any(is_rowid)
}

/// The bound is computed beside the key: what may differ the second time, or lets the application know, is not.
fn may_be_asked_twice(key: &SortKey) -> bool {
    match &key.value {
        SortValue::Expr(term) => {
            !is_volatile(term) && !any_expr(term, &|expr| matches!(expr, Expr::Application { .. }))
        }
        SortValue::Output(_) => true,
    }
}

/// The operator of a source all of whose rows are taken before any of them shows: joins run in batches where that pays.
pub(super) fn input_of_all(node: SourceNode, outputs: Vec<Expr>) -> Box<dyn Source> {
    if joins_or_asks(&node) || asks(&outputs) {
        Box::new(Deferred::new(Joining { node, asked: outputs, bounded: None }))
    } else {
        node.into_operator()
    }
}

/// The operator of a source whose rows are mostly all taken, one after the other.
pub(super) fn input_of_statement(node: SourceNode, outputs: &[Expr]) -> Box<dyn Source> {
    if joins_or_asks(&node) || asks(outputs) || filters_keys(&node) {
        Box::new(Deferred::new(Handing { node, asked: outputs.to_vec(), is_limited: false }))
    } else {
        node.into_operator()
    }
}

/// Whether an index has rows side by side that are equal in all that DISTINCT reads of them.
pub(super) fn skips_equal(scan: &plan::Scan, outputs: &[Expr], collations: &[Collation]) -> bool {
    KeyGroups::of_distinct(scan, outputs, collations).is_some()
}

/// The operator of a scan below DISTINCT: of such rows one is enough.
pub(super) fn input_of_distinct(
    scan: plan::Scan,
    outputs: &[Expr],
    collations: &[Collation],
) -> Box<dyn Source> {
    Box::new(Deferred::new(DistinctScan { scan, outputs: outputs.to_vec(), collations: collations.to_vec() }))
}

/// The operator of a source below a LIMIT: batches, where many entries of an index are asked for few rows.
pub(super) fn input_of_limited(node: SourceNode, outputs: &[Expr]) -> Box<dyn Source> {
    if filters_keys(&node) && !asks(outputs) && !joins_or_asks(&node) {
        Box::new(Deferred::new(Handing { node, asked: outputs.to_vec(), is_limited: true }))
    } else {
        node.into_operator()
    }
}

/// Whether the expressions have subqueries.
fn asks(exprs: &[Expr]) -> bool {
    exprs.iter().any(|expr| any_expr(expr, &names_subquery))
}

/// Whether it reads all of an index, or a range of it, in its order.
fn reads_keys(node: &SourceNode) -> bool {
    match node {
        SourceNode::Filter { input, .. } => reads_keys(input),
        SourceNode::Scan(scan) => scan_reads_keys(scan),
        _ => false,
    }
}

fn scan_reads_keys(scan: &plan::Scan) -> bool {
    match &scan.path {
        AccessPath::Full => scan.table.without_rowid,
        AccessPath::PrimaryKey { bounds, .. } | AccessPath::Index { bounds, covering: Some(_), .. } => {
            bounds.equal.is_empty() && !bounds.puts_nulls_apart
        }
        AccessPath::Index { .. } | AccessPath::Rowid(_) | AccessPath::AnyOf(_) => false,
    }
}

/// Whether it asks something of all entries of an index.
fn filters_keys(node: &SourceNode) -> bool {
    let SourceNode::Scan(scan) = node else { return false };
    let is_range = matches!(&scan.path, AccessPath::PrimaryKey { bounds, .. } | AccessPath::Index { bounds, .. }
        if bounds.low.is_some() || bounds.high.is_some());
    !scan.conditions.is_empty() && !is_range && scan_reads_keys(scan)
}

/// Whether the node joins tables, or has subqueries that may be about a table's rows.
fn joins_or_asks(node: &SourceNode) -> bool {
    match node {
        SourceNode::NestedLoop(_) | SourceNode::HashJoin(_) => true,
        SourceNode::Filter { input, conditions } => {
            joins_or_asks(input) || matches!(**input, SourceNode::Scan(_)) && asks(conditions)
        }
        SourceNode::Subquery { rows, .. } => match &**rows {
            RowsNode::Project { input, outputs, distinct: None } => joins_or_asks(input) || asks(outputs),
            _ => false,
        },
        SourceNode::Scan(scan) => asks(&scan.conditions),
        _ => false,
    }
}

/// The operator of a grouping: in batches where all of it can run in them.
pub(super) fn group_operator(node: plan::Group, having: &[Expr]) -> Box<dyn Source> {
    if scans_of(&node.input).is_empty() {
        return Box::new(Group::new(node));
    }
    Box::new(Deferred::new(Grouping { node, having: having.to_vec() }))
}

/// The operator of a window: in batches where all of it can run in them. The conditions stand above it.
pub(super) fn window_operator(input: SourceNode, window: Window, having: Vec<Expr>) -> Box<dyn Source> {
    if scans_of(&input).is_empty() {
        return Box::new(WindowSource::new(input, window, false));
    }
    Box::new(Deferred::new(Windowing { input, window, having }))
}

/// Whether batches can read the scan's path.
fn reads_in_order(scan: &plan::Scan) -> bool {
    let is_range = matches!(&scan.path, AccessPath::Full | AccessPath::Rowid(RowidBounds::Range { .. }));
    is_range && !scan.table.without_rowid && !scan.is_reverse
}

/// The scans of a plan that batches may read.
fn scans_of(node: &SourceNode) -> Vec<&plan::Scan> {
    match node {
        SourceNode::Scan(scan) => vec![scan],
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => scans_of(input),
        SourceNode::NestedLoop(join) => [scans_of(&join.left), scans_of(&join.right)].concat(),
        SourceNode::HashJoin(join) => [scans_of(&join.left), scans_of(&join.right)].concat(),
        SourceNode::Subquery { rows, .. } => scans_of_rows(rows),
        SourceNode::Group(group) => scans_of(&group.input),
        SourceNode::Window { input, .. } => scans_of(input),
        _ => Vec::new(),
    }
}

fn scans_of_rows(node: &RowsNode) -> Vec<&plan::Scan> {
    match node {
        RowsNode::Project { input, .. } => scans_of(input),
        RowsNode::Compound(compound) => {
            [scans_of_rows(&compound.left), scans_of_rows(&compound.right)].concat()
        }
        RowsNode::Values { .. } | RowsNode::Sort(_) | RowsNode::Limit { .. } => Vec::new(),
    }
}

/// The first rows of tables may be looked for by rows where a table has so many; then a part of them may be read for that,
/// in bounds.
const ROWS_OF_FIRST: u64 = 2048;
const PART_OF_FIRST: u64 = 128;
const STEPS_OF_ROW: (u64, u64) = (256, 512);
const STEPS_OF_GROUP: (u64, u64) = (256, 4096);

/// How many steps the row engine may take for the first rows, before batches give all of them; None: none.
fn steps_of_first(
    scans: &[&plan::Scan],
    (least, most): (u64, u64),
    context: &Context<'_>,
) -> Result<Option<u32>> {
    if least_rows(context) == Some(0) {
        return Ok(None);
    }
    let mut rows = 0;
    for scan in scans {
        rows = rows.max(context.row_count(scan.database, &scan.table)?);
    }
    Ok((rows >= ROWS_OF_FIRST).then_some((rows / PART_OF_FIRST).clamp(least, most) as u32))
}

/// The node with rows of joined tables looked up by their rowids, where it keeps all rows of these; they come in the same
/// order.
fn looking_up(node: &SourceNode) -> SourceNode {
    match node {
        SourceNode::HashJoin(join) => {
            let left = looking_up(&join.left);
            match (&join.right, &join.keys[..]) {
                (SourceNode::Scan(right), [key])
                    if matches!(join.kind, LoopKind::Inner | LoopKind::Left)
                        && !right.table.without_rowid
                        && reads_whole(right)
                        && matches!(key.right, Expr::Rowid(source) if source == right.source) =>
                {
                    let path = AccessPath::Rowid(RowidBounds::Equal(key.left.clone()));
                    let right = SourceNode::Scan(plan::Scan { path, ..right.clone() });
                    let (kind, on) = (join.kind, join.on.clone());
                    SourceNode::NestedLoop(Box::new(NestedLoop { left, right, kind, on }))
                }
                _ => SourceNode::HashJoin(Box::new(HashJoin { left, ..(**join).clone() })),
            }
        }
        SourceNode::NestedLoop(join) => {
            let left = looking_up(&join.left);
            SourceNode::NestedLoop(Box::new(NestedLoop { left, ..(**join).clone() }))
        }
        SourceNode::Filter { input, conditions } => {
            SourceNode::Filter { input: Box::new(looking_up(input)), conditions: conditions.clone() }
        }
        node => node.clone(),
    }
}

/// Whether a scan reads all rows of its table, or all entries of an index that has all of them.
fn reads_whole(scan: &plan::Scan) -> bool {
    match &scan.path {
        AccessPath::Full => true,
        AccessPath::Index { index, bounds, .. } => {
            bounds.equal.is_empty()
                && bounds.low.is_none()
                && bounds.high.is_none()
                && index.partial.is_none()
        }
        _ => false,
    }
}

struct FilteredScan(plan::Scan);

impl Plan for FilteredScan {
    fn scans(&self) -> Vec<&plan::Scan> {
        vec![&self.0]
    }

    fn as_scan(&self) -> Option<&plan::Scan> {
        Some(&self.0)
    }

    fn asks_shapes(&self) -> bool {
        wide::asks_shapes(&self.0.conditions)
    }

    fn by_rows(&self) -> Box<dyn Source> {
        Box::new(TableScan::new(self.0.clone()))
    }

    fn in_batches(&self, _: &mut Frame, _: &mut Context<'_>) -> Result<Box<dyn Source>> {
        Ok(self.filtered().unwrap_or_else(|| self.by_rows()))
    }
}

impl FilteredScan {
    /// None when no condition runs in batches.
    fn filtered(&self) -> Option<Box<dyn Source>> {
        let batches = BatchScan::compile(&self.0).filter(|batches| batches.condition_count() > 0)?;
        Some(Box::new(VectorScan::new(batches, self.0.clone(), None)))
    }
}

/// A scan whose equal rows count once.
struct DistinctScan {
    scan: plan::Scan,
    outputs: Vec<Expr>,
    collations: Vec<Collation>,
}

impl Plan for DistinctScan {
    fn scans(&self) -> Vec<&plan::Scan> {
        vec![&self.scan]
    }

    fn by_rows(&self) -> Box<dyn Source> {
        self.scan.clone().into_operator()
    }

    fn in_batches(&self, _: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>> {
        let groups = KeyGroups::of_distinct(&self.scan, &self.outputs, &self.collations);
        Ok(match groups.filter(|_| !context.program.reads_live) {
            Some(groups) => Box::new(groups),
            None => self.by_rows(),
        })
    }
}

/// A scan below an ORDER BY with LIMIT.
struct BoundedScan {
    scan: plan::Scan,
    /// By the plan's path.
    planned: plan::Scan,
    keys: Vec<SortKey>,
    bound: SortBound,
}

impl Plan for BoundedScan {
    fn scans(&self) -> Vec<&plan::Scan> {
        vec![&self.scan]
    }

    fn by_rows(&self) -> Box<dyn Source> {
        if reads_in_order(&self.planned) {
            Box::new(TableScan::new(self.scan.clone()))
        } else {
            self.planned.clone().into_operator()
        }
    }

    fn in_batches(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>> {
        let scan = &self.scan;
        // Where blocks have to be read an index has fewer of them.
        let is_cached = context.session.transaction(scan.database).engine().uncached_share() == 0.0;
        if !is_cached && !reads_in_order(&self.planned) {
            let node = SourceNode::Scan(self.planned.clone());
            let images = Images::compile(&node, &[], Some((&self.keys, &self.bound)), frame, context)?;
            return Ok(images.map_or_else(|| self.by_rows(), |images| Box::new(images) as Box<dyn Source>));
        }
        // Every condition is asked before a row is dropped for its place in the order.
        let batches =
            BatchScan::compile(scan).filter(|batches| batches.condition_count() == scan.conditions.len());
        let filtered = batches.and_then(|mut batches| {
            let filter = BoundFilter::compile(&self.keys, &self.bound, |term| batches.compile_expr(term))?;
            Some(VectorScan::new(batches, scan.clone(), Some(filter)))
        });
        Ok(match filtered {
            Some(scan) => Box::new(scan),
            None => FilteredScan(scan.clone()).filtered().unwrap_or_else(|| self.by_rows()),
        })
    }
}

/// A window, and conditions on its rows.
struct Windowing {
    input: SourceNode,
    window: Window,
    having: Vec<Expr>,
}

impl Plan for Windowing {
    fn scans(&self) -> Vec<&plan::Scan> {
        scans_of(&self.input)
    }

    fn by_rows(&self) -> Box<dyn Source> {
        Box::new(WindowSource::new(self.input.clone(), self.window.clone(), false))
    }

    fn in_batches(&self, _: &mut Frame, _: &mut Context<'_>) -> Result<Box<dyn Source>> {
        Ok(match VectorWindow::compile(&self.input, &self.window, &self.having) {
            Some(window) => Box::new(window),
            None => self.by_rows(),
        })
    }
}

/// A grouping, and the conditions on its groups.
struct Grouping {
    node: plan::Group,
    having: Vec<Expr>,
}

impl Plan for Grouping {
    fn scans(&self) -> Vec<&plan::Scan> {
        scans_of(&self.node.input)
    }

    fn asks_shapes(&self) -> bool {
        let aggregates = &self.node.aggregates;
        aggregates.iter().any(|call| wide::counts_column(call) || wide::asks_shapes(&*call.args))
            || self.node.keys.iter().any(|key| wide::asks_shapes([&key.expr]))
            || self.scans().iter().any(|scan| wide::asks_shapes(&scan.conditions))
    }

    fn finds_few(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let scan = match &self.node.input {
            SourceNode::Scan(scan) => scan,
            SourceNode::Filter { input, .. } => match &**input {
                SourceNode::Scan(scan) => scan,
                _ => return Ok(false),
            },
            _ => return Ok(false),
        };
        // Of groups that are passed over it does not matter how many entries they have.
        Ok(KeyGroups::of(&self.node).is_none() && key_scan::finds_few(scan, frame, context)?)
    }

    fn by_rows(&self) -> Box<dyn Source> {
        Box::new(Group::new(self.node.clone()))
    }

    fn in_batches(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>> {
        let groups = KeyGroups::of(&self.node).filter(|_| !context.program.reads_live);
        let mut counts_few = false;
        if let Some(groups) = groups {
            counts_few = groups.counts_few(context)?;
            if !counts_few {
                return Ok(Box::new(groups));
            }
        }
        if let (true, false, SourceNode::Scan(scan)) = (counts_few, self.node.has_group_by, &self.node.input)
        {
            // The table's columns are read in less time than an index's keys.
            let by_table = plan::Scan { path: AccessPath::Full, is_reverse: false, ..scan.clone() };
            let node = plan::Group { input: SourceNode::Scan(by_table), ..self.node.clone() };
            if reads_whole(scan)
                && !scan.table.without_rowid
                && let Some(parts) = Parts::compile(&node)
            {
                return Ok(Box::new(parts.into_operator(self.node.clone(), &self.having)));
            }
        }
        let reordered = match Parts::reordered(&self.node, frame, context) {
            Ok(_) if group::reads_few(&self.node, context)? => None,
            Ok(parts) => parts,
            Err(Stop::RowByRow) => None,
            Err(Stop::Error(error)) => return Err(error),
        };
        let Some(parts) = reordered.or_else(|| Parts::compile(&self.node)) else { return Ok(self.by_rows()) };
        let streams = parts.stream();
        let all = Box::new(parts.into_operator(self.node.clone(), &self.having));
        let allowed = steps_of_first(&self.scans(), STEPS_OF_GROUP, context)?;
        // Batches leave out groups that the conditions on groups would: of these there are not the same by rows.
        let are_same = self.having.is_empty();
        let begins_sorted = !streams && self.node.has_group_by && self.node.is_input_sorted;
        Ok(match allowed.filter(|_| are_same && begins_sorted) {
            Some(allowed) => {
                let node = plan::Group { input: looking_up(&self.node.input), ..self.node.clone() };
                Box::new(FirstRows::new(Box::new(Group::new(node)), all, allowed))
            }
            None => all,
        })
    }
}
