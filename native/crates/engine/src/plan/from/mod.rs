//! FROM and WHERE into one `SourceNode`.
//!
//! ```text
//! a, b JOIN c ON …           a chain of inner joins: any order, conditions pooled
//! a LEFT JOIN (b JOIN c)     an outer join: its sides are planned apart
//! ```
//! A chain is planned left-deep. Conditions are checked where the last item they read is positioned.
//!
//! | module | decides |
//! |---|---|
//! | `attach` | how one more operand is joined to what is planned |
//! | `push_down` | which conditions are checked inside a subquery of FROM |

mod attach;
mod push_down;

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::{Affinity, Collation};

use crate::catalog::Index;
use crate::error::{Error, Result};
use crate::plan::access_path::{self, PathChoice, TableItem, WantedOrder};
use crate::plan::disjunction;
use crate::plan::given_order::GivenOrder;
use crate::plan::indexed_expr::IndexedExprs;
use crate::plan::join_order;
use crate::plan::partial::Implication;
use crate::plan::pattern;
use crate::plan::predicate::{
    Conjunct, Filled, ItemSet, Nulls, exprs, is_volatile, part, reading, rejects_nulls, split,
};
use crate::plan::references::{Reference, Walker};
use crate::plan::select::sort_keys;
use crate::plan::table_function;
use crate::plan::virtual_table;
use crate::plan::{LoopKind, SortPositions, SourceNode};
use crate::resolve::tree::{
    Direction, Expr, From, IndexedBy, JoinKind, OrderTerm, Program, Select, SourceId, TableSource,
};
use crate::resolve::visit_expr;
use crate::session::Session;
use attach::filtered;

/// SQLite's own limit: item sets are 64 bits wide.
const MAX_ITEMS: usize = 64;
/// Below this many rows, reading a table again is as quick as hashing it.
const MIN_HASHED_ROWS: f64 = 6.0;

/// Small tables are planned as if they were this large: they may have grown when the statement runs, and SQLite, which
/// does not count, takes an index wherever there is one.
pub(super) const MIN_PLANNED_ROWS: f64 = 200.0;

/// Nothing is known of a module's rows, but that computing them is dear: it had better be done once.
const VIRTUAL_ROWS: f64 = 1e6;

/// What UPDATE and DELETE ask for: the rows of `target`, which is in `from`.
pub struct RowSourceRequest<'r> {
    pub from: &'r From,
    /// The table whose rows are meant; None: a view.
    pub target: Option<SourceId>,
    pub filter: Option<&'r Expr>,
    pub order_by: &'r [OrderTerm],
    pub limit: Option<&'r Expr>,
    pub offset: Option<&'r Expr>,
}

/// Plans the rows of an UPDATE or DELETE. The target's cursor stands on the row itself, never on an image.
pub fn plan_row_source(
    request: &RowSourceRequest<'_>,
    program: &Program,
    session: &Session,
) -> Result<SourceNode> {
    let mut planner = FromPlanner::new(Some(request.from), program, session)?;
    planner.target = request.target;
    planner.searched_columns = searched_columns(request, program);
    let wanted = order_of_terms(request.order_by);
    // Planning uses the shape up.
    let items = planner.all_items();
    let input = planner.plan(request.filter, &[], wanted)?;
    let is_sorted = request.order_by.is_empty() || planner.is_ordered;
    if is_sorted && request.limit.is_none() && request.offset.is_none() {
        return Ok(input);
    }
    let image = planner.image(items);
    Ok(SourceNode::SortPositions(Box::new(SortPositions {
        input,
        image,
        target: request.target,
        keys: if is_sorted { Vec::new() } else { sort_keys(request.order_by) },
        limit: request.limit.cloned(),
        offset: request.offset.cloned(),
    })))
}

/// What the conditions read of the table; None: there is more than the table, or the order in which rows are found does
/// not matter.
fn searched_columns(request: &RowSourceRequest<'_>, program: &Program) -> Option<Vec<usize>> {
    let From::Table(table) = request.from else { return None };
    if request.limit.is_some() || matches!(table.indexed_by, IndexedBy::Index(_)) {
        return None;
    }
    let mut columns = Vec::new();
    let mut has_subquery = false;
    let mut visit = |reference: Reference| match reference {
        Reference::Column { source, column }
            if source == table.source && table.table.rowid_alias != Some(column) =>
        {
            columns.push(column);
        }
        Reference::Subquery(_) | Reference::Cte(_) => has_subquery = true,
        _ => {}
    };
    if let Some(filter) = request.filter {
        Walker::new(program, &mut visit).expr(filter);
    }
    (!has_subquery).then_some(columns)
}

/// One thing FROM reads.
pub(super) struct Item<'s> {
    pub from: &'s From,
    /// Items whose columns a table function's arguments read.
    pub needs: ItemSet,
    pub row_count: f64,
    /// Expressions that the table's indexes keep.
    indexed_exprs: Rc<IndexedExprs>,
    /// Columns of a table that anything reads; None: all.
    used_columns: Option<Vec<usize>>,
    is_correlated: bool,
}

/// How the items are joined.
pub(super) enum Shape {
    Leaf(usize),
    Join { kind: JoinKind, left: Box<Shape>, right: Box<Shape>, on: Vec<Conjunct> },
}

impl Shape {
    pub fn items(&self) -> ItemSet {
        match self {
            Shape::Leaf(item) => 1 << item,
            Shape::Join { left, right, .. } => left.items() | right.items(),
        }
    }

    /// Items on the right of a LEFT JOIN.
    fn nullable(&self) -> ItemSet {
        match self {
            Shape::Leaf(_) => 0,
            Shape::Join { kind: JoinKind::Left, left, right, .. } => left.nullable() | right.items(),
            Shape::Join { left, right, .. } => left.nullable() | right.nullable(),
        }
    }
}

/// Part of FROM, planned.
struct Planned {
    /// None: nothing yet, one row of nothing.
    node: Option<SourceNode>,
    items: ItemSet,
    rows: f64,
}

/// An order of rows by expressions of one table.
#[derive(Clone)]
pub(super) struct SourceOrder {
    source: SourceId,
    /// No direction: equal values need only come together.
    terms: Vec<(Expr, Option<Direction>, Collation)>,
}

/// The order ORDER BY or GROUP BY asks for, when all its terms read one table.
pub(super) fn source_order<'e>(
    terms: impl Iterator<Item = (&'e Expr, Option<Direction>, Collation)>,
) -> Option<SourceOrder> {
    let mut order: Option<SourceOrder> = None;
    for (expr, direction, collation) in terms {
        let source = source_of(expr)?;
        let order = order.get_or_insert_with(|| SourceOrder { source, terms: Vec::new() });
        if order.source != source {
            return None;
        }
        order.terms.push((expr.clone(), direction, collation));
    }
    order
}

/// The first table that the expression names a column of.
fn source_of(expr: &Expr) -> Option<SourceId> {
    let mut found = None;
    visit_expr(expr, &mut |expr| {
        if let Expr::Column { source, .. } | Expr::Rowid(source) = expr {
            found = found.or(Some(*source));
        }
    });
    found
}

impl SourceOrder {
    /// As places of the table; None: one of the terms is no column, and no index keeps it.
    fn at(&self, table: &TableItem<'_>) -> Option<Vec<WantedOrder>> {
        let wanted = |(expr, direction, collation): &(Expr, Option<Direction>, Collation)| {
            let place = table.place_of(expr)?;
            Some(WantedOrder { place, direction: *direction, collation: *collation })
        };
        self.terms.iter().map(wanted).collect()
    }
}

fn order_of_terms(terms: &[OrderTerm]) -> Option<SourceOrder> {
    source_order(terms.iter().map(|term| (&term.expr, Some(term.direction), term.collation)))
}

pub(super) struct FromPlanner<'s> {
    program: &'s Program,
    session: &'s Session,
    pub items: Vec<Item<'s>>,
    pub filled: Vec<Filled>,
    /// Items that a module computes, a table-valued function among them.
    computed: ItemSet,
    shape: Option<Shape>,
    /// Of UPDATE and DELETE: never an image.
    target: Option<SourceId>,
    wanted: Option<SourceOrder>,
    pub limit: Option<f64>,
    /// So many rows are taken as they come, without a sort.
    pub taken: Option<f64>,
    /// An index that covers may be read in place of a whole table.
    pub allows_covering_scan: bool,
    /// Items on the right of a LEFT JOIN.
    nullable: ItemSet,
    /// How many of its joins are RIGHT or FULL ones, without those whose extra rows no condition lets through.
    right_joins: usize,
    /// It shows in which order the tables' rows come.
    pub shows_order: bool,
    /// Columns of the target that conditions read, where an index may be read in its place.
    searched_columns: Option<Vec<usize>>,
    /// The plan gives rows in the wanted order.
    pub is_ordered: bool,
    /// The order of the rows where a subquery comes first.
    pub given: Option<GivenOrder>,
    /// The query has an order of its own: that of a subquery says nothing.
    pub drops_order: bool,
    /// An ORDER BY sorts the rows: those of each part of an IN may come in its order.
    pub sorts_parts: bool,
    /// PRAGMA reverse_unordered_selects, of a query that names no order: tables are read backwards.
    pub is_reversed: bool,
    /// Registers the query reads; None: not known, any.
    used_registers: Option<HashSet<usize>>,
}

impl<'s> FromPlanner<'s> {
    /// Whether the rows are those of one table, WITHOUT ROWID: of all its indexes, the table's own among them, SQLite reads the
    /// one that costs least, and rows come in that one's order.
    pub fn is_of_one_without_rowid(&self) -> bool {
        let [Item { from: From::Table(table), .. }] = &self.items[..] else { return false };
        table.table.without_rowid
    }

    pub fn new(
        from: Option<&'s From>,
        program: &'s Program,
        session: &'s Session,
    ) -> Result<FromPlanner<'s>> {
        let mut planner = FromPlanner {
            program,
            session,
            items: Vec::new(),
            filled: Vec::new(),
            computed: 0,
            shape: None,
            target: None,
            wanted: None,
            limit: None,
            taken: None,
            allows_covering_scan: false,
            nullable: 0,
            right_joins: 0,
            shows_order: false,
            searched_columns: None,
            is_ordered: false,
            given: None,
            drops_order: false,
            sorts_parts: false,
            is_reversed: false,
            used_registers: None,
        };
        if let Some(from) = from {
            planner.add_items(from)?;
            for index in 0..planner.items.len() {
                if let From::TableFunction(source) = planner.items[index].from {
                    for arg in &source.args {
                        planner.items[index].needs |= reading(arg, &planner.filled, program).items;
                    }
                }
                if let From::Virtual(source) = planner.items[index].from {
                    for arg in &source.args {
                        planner.items[index].needs |= reading(arg, &planner.filled, program).items;
                    }
                }
            }
            let mut next_item = 0;
            let shape = planner.shape_of(from, &mut next_item);
            planner.nullable = shape.nullable();
            planner.shape = Some(shape);
        }
        Ok(planner)
    }

    fn add_items(&mut self, from: &'s From) -> Result<()> {
        let (filled, row_count, is_correlated) = match from {
            From::Join(join) => {
                self.add_items(&join.left)?;
                return self.add_items(&join.right);
            }
            From::Table(table) => (Filled::Source(table.source), self.row_count(table)?, false),
            From::Subquery { select, output, correlated, .. } => {
                let count = select.columns.len();
                (Filled::Registers { first: *output, count }, 100.0, *correlated)
            }
            From::Cte { cte, output, column_count, .. } => {
                let correlated = self.program.ctes[cte.0].correlated;
                (Filled::Registers { first: *output, count: *column_count }, 100.0, correlated)
            }
            From::RecursiveRow { output, column_count, .. } => {
                (Filled::Registers { first: *output, count: *column_count }, 1.0, true)
            }
            From::TableFunction(source) => {
                (Filled::Registers { first: source.output, count: source.column_count }, 20.0, false)
            }
            From::Virtual(source) => {
                (Filled::Registers { first: source.output, count: source.width() }, VIRTUAL_ROWS, false)
            }
        };
        if self.items.len() == MAX_ITEMS {
            return Err(Error::error("at most 64 tables in a join"));
        }
        if matches!(from, From::TableFunction(_) | From::Virtual(_)) {
            self.computed |= 1 << self.items.len();
        }
        let indexed_exprs = match from {
            From::Table(table) => IndexedExprs::new(table, self.indexes_of(table), self.session),
            _ => IndexedExprs::default(),
        };
        self.items.push(Item {
            from,
            needs: 0,
            row_count,
            indexed_exprs: Rc::new(indexed_exprs),
            used_columns: None,
            is_correlated,
        });
        self.filled.push(filled);
        Ok(())
    }

    fn indexes_of(&self, table: &TableSource) -> &'s [Arc<Index>] {
        if table.table.is_system {
            return &[];
        }
        self.session.catalog(table.database).indexes_of(&table.table.name)
    }

    fn row_count(&self, table: &TableSource) -> Result<f64> {
        Ok(self.session.transaction(table.database).entry_count(table.table.tree)? as f64)
    }

    fn shape_of(&mut self, from: &From, next_item: &mut usize) -> Shape {
        let From::Join(join) = from else {
            *next_item += 1;
            return Shape::Leaf(*next_item - 1);
        };
        let left = Box::new(self.shape_of(&join.left, next_item));
        let right = Box::new(self.shape_of(&join.right, next_item));
        self.right_joins += usize::from(keeps_right(join.kind));
        let mut on = Vec::new();
        if let Some(condition) = &join.on {
            self.split(condition, &mut on);
        }
        Shape::Join { kind: join.kind, left, right, on }
    }

    pub fn all_items(&self) -> ItemSet {
        self.shape.as_ref().map_or(0, Shape::items)
    }

    /// Says which columns the query reads, so that indexes may cover and kept rows be narrow.
    pub fn set_used_columns(&mut self, select: &Select) {
        let mut used: Vec<Vec<usize>> = vec![Vec::new(); self.items.len()];
        let filled = &self.filled;
        let is_computed = |item: &Item<'_>| {
            matches!(item.from, From::Virtual(_) | From::TableFunction(_) | From::Subquery { .. })
        };
        let reads_registers = self.items.iter().any(is_computed);
        let mut registers = HashSet::new();
        let mut visit = |reference: Reference| {
            if let Reference::Register(register) = reference
                && reads_registers
            {
                registers.insert(register.0);
            }
            if let Reference::Column { source, column } = reference
                && let Some(item) =
                    filled.iter().position(|filled| matches!(filled, Filled::Source(own) if *own == source))
                && !used[item].contains(&column)
            {
                used[item].push(column);
            }
        };
        Walker::new(self.program, &mut visit).select(select);
        for (item, used) in self.items.iter_mut().zip(used) {
            item.used_columns = Some(used);
        }
        self.used_registers = Some(registers);
    }

    /// Plans FROM with the WHERE condition and `extra` ones.
    pub fn plan(
        &mut self,
        filter: Option<&Expr>,
        extra: &[Expr],
        wanted: Option<SourceOrder>,
    ) -> Result<SourceNode> {
        self.wanted = wanted;
        let mut pool = Vec::new();
        for condition in filter.into_iter().chain(extra) {
            self.split(condition, &mut pool);
        }
        let Some(shape) = self.shape.take() else {
            return Ok(filtered(SourceNode::Once, pool));
        };
        // What reads no item decides before the first row is read.
        let (gate, pool): (Vec<_>, Vec<_>) = pool.into_iter().partition(|conjunct| {
            conjunct.items == 0 && (conjunct.has_subquery || !is_volatile(&conjunct.expr))
        });
        let planned = self.plan_shape(shape, pool)?;
        Ok(planned.node.unwrap_or(SourceNode::Once).gated(exprs(gate)))
    }

    /// Plans a shape; every condition of the pool, which reads only items of the shape, is checked inside.
    fn plan_shape(&mut self, shape: Shape, pool: Vec<Conjunct>) -> Result<Planned> {
        let (kind, left, right, on) = match shape {
            Shape::Leaf(_) => return self.plan_chain(vec![shape], pool, true),
            Shape::Join { kind, left, right, on } => (kind, left, right, on),
        };
        let rejects = |items| self.rejects_nulls(&pool, items);
        let written = kind;
        let kind = match kind {
            JoinKind::Left if rejects(right.items()) => JoinKind::Inner,
            JoinKind::Right if rejects(left.items()) => JoinKind::Inner,
            JoinKind::Full => match (rejects(left.items()), rejects(right.items())) {
                (true, true) => JoinKind::Inner,
                (true, false) => JoinKind::Left,
                (false, true) => JoinKind::Right,
                (false, false) => JoinKind::Full,
            },
            kind => kind,
        };
        self.right_joins -= usize::from(keeps_right(written) && !keeps_right(kind));
        if written == JoinKind::Left && kind == JoinKind::Inner {
            self.nullable &= !right.items() | right.nullable();
        }
        match kind {
            JoinKind::Inner | JoinKind::Cross => {
                let mut pool = pool;
                let mut operands = Vec::new();
                let mut is_fixed = kind == JoinKind::Cross;
                pool.splice(0..0, on);
                self.flatten(*left, &mut operands, &mut pool, &mut is_fixed);
                self.flatten(*right, &mut operands, &mut pool, &mut is_fixed);
                self.plan_chain(operands, pool, is_fixed)
            }
            JoinKind::Left => {
                let (inside, after) = part(pool, left.items());
                let left = self.plan_shape(*left, inside)?;
                let mut on = on;
                let planned = self.attach(left, *right, &mut on, LoopKind::Left)?;
                Ok(Planned { node: planned.node.map(|node| filtered(node, after)), ..planned })
            }
            JoinKind::Right | JoinKind::Full => {
                let (inside, after) =
                    if kind == JoinKind::Right { part(pool, right.items()) } else { (Vec::new(), pool) };
                self.wanted = None;
                let left = self.plan_shape(*left, Vec::new())?;
                let right_items = right.items();
                let right = self.plan_shape(*right, inside)?;
                self.given = None;
                let kind = if kind == JoinKind::Right { LoopKind::Right } else { LoopKind::Full };
                let planned = self.join_kept_right(left, right, right_items, on, kind);
                Ok(Planned { node: planned.node.map(|node| filtered(node, after)), ..planned })
            }
        }
    }

    /// Takes nested inner joins apart into one chain.
    fn flatten(
        &self,
        shape: Shape,
        operands: &mut Vec<Shape>,
        pool: &mut Vec<Conjunct>,
        is_fixed: &mut bool,
    ) {
        match shape {
            Shape::Join { kind: kind @ (JoinKind::Inner | JoinKind::Cross), left, right, on } => {
                *is_fixed |= kind == JoinKind::Cross;
                pool.extend(on);
                self.flatten(*left, operands, pool, is_fixed);
                self.flatten(*right, operands, pool, is_fixed);
            }
            Shape::Join { kind: JoinKind::Left, left, right, on }
                if self.rejects_nulls(pool, right.items()) =>
            {
                pool.extend(on);
                self.flatten(*left, operands, pool, is_fixed);
                self.flatten(*right, operands, pool, is_fixed);
            }
            operand => operands.push(operand),
        }
    }

    /// Whether the conditions drop every row in which these items are NULL. Of a row comparison SQLite does not see it, and
    /// with an outer join left less goes into subqueries.
    fn rejects_nulls(&self, pool: &[Conjunct], items: ItemSet) -> bool {
        let nulls = Nulls { items, computed: self.computed, filled: &self.filled, program: self.program };
        pool.iter().any(|conjunct| !conjunct.is_implied && rejects_nulls(&conjunct.expr, &nulls))
    }

    fn plan_chain(
        &mut self,
        operands: Vec<Shape>,
        mut pool: Vec<Conjunct>,
        is_fixed: bool,
    ) -> Result<Planned> {
        for operand in &operands {
            let Shape::Leaf(item) = operand else { continue };
            self.items[*item].needs |= match self.items[*item].from {
                From::Virtual(source) => virtual_table::needs(source, 1 << item, &pool),
                From::TableFunction(source) => table_function::needs(source, 1 << item, &pool),
                _ => 0,
            };
        }
        let order = if is_fixed || operands.len() == 1 {
            (0..operands.len()).collect()
        } else {
            join_order::choose(self, &operands, &pool)
        };
        let mut operands: Vec<Option<Shape>> = operands.into_iter().map(Some).collect();
        let mut planned = Planned { node: None, items: 0, rows: 1.0 };
        for index in order {
            if let Some(operand) = operands[index].take() {
                planned = self.attach(planned, operand, &mut pool, LoopKind::Inner)?;
            }
        }
        pool.retain(|conjunct| !conjunct.is_used);
        planned.node = planned.node.map(|node| filtered(node, pool));
        Ok(planned)
    }

    pub fn table_item(&self, item: usize) -> Option<TableItem<'s>> {
        let From::Table(table) = self.items[item].from else { return None };
        let is_target = self.target == Some(table.source);
        Some(TableItem {
            source: table.source,
            table: &table.table,
            indexes: self.indexes_of(table),
            indexed_exprs: self.items[item].indexed_exprs.clone(),
            indexed_by: &table.indexed_by,
            row_count: self.items[item].row_count.max(MIN_PLANNED_ROWS),
            used_columns: if is_target { None } else { self.items[item].used_columns.clone() },
            allows_covering_scan: self.allows_covering_scan && !is_target,
            is_target,
            shown_columns: if is_target {
                self.searched_columns.clone()
            } else {
                self.items[item].used_columns.clone().filter(|_| self.shows_order)
            },
            database: table.database,
            session: self.session,
        })
    }

    /// The cheapest path to a table, given what is positioned.
    pub fn choose_path<'c>(
        &self,
        item: usize,
        table: &TableItem<'_>,
        conjuncts: impl Iterator<Item = (usize, &'c Conjunct)> + Clone,
        available: ItemSet,
        wanted: Option<&[WantedOrder]>,
    ) -> PathChoice {
        let of_parts = disjunction::choices(self, item, table, conjuncts.clone(), available);
        self.choose_among(item, table, conjuncts, available, wanted, of_parts)
    }

    /// The cheapest path that is a single one.
    pub fn choose_simple_path<'c>(
        &self,
        item: usize,
        table: &TableItem<'_>,
        conjuncts: impl Iterator<Item = (usize, &'c Conjunct)> + Clone,
        available: ItemSet,
    ) -> PathChoice {
        self.choose_among(item, table, conjuncts, available, None, Vec::new())
    }

    fn choose_among<'c>(
        &self,
        item: usize,
        table: &TableItem<'_>,
        conjuncts: impl Iterator<Item = (usize, &'c Conjunct)> + Clone,
        available: ItemSet,
        wanted: Option<&[WantedOrder]>,
        others: Vec<PathChoice>,
    ) -> PathChoice {
        let has_partial = table.indexes.iter().any(|index| index.partial.is_some());
        let said =
            if has_partial { conjuncts.clone().map(|(_, conjunct)| conjunct).collect() } else { Vec::new() };
        let terms = access_path::terms(item, table, conjuncts, available, &self.filled, self.program);
        let conditions = Implication { table: table.table, source: table.source, conjuncts: &said };
        let limit = self.limit.filter(|_| wanted.is_some());
        access_path::choose(table, &terms, conditions, wanted, limit, others)
    }

    /// Takes a condition apart.
    pub fn split(&self, condition: &Expr, conjuncts: &mut Vec<Conjunct>) {
        let is_indexed = |expr: &Expr| self.items.iter().any(|item| item.indexed_exprs.find(expr).is_some());
        let first = conjuncts.len();
        split(condition, &is_indexed, &self.filled, self.program, conjuncts);
        let patterns: Vec<Conjunct> =
            conjuncts[first..].iter().filter_map(|conjunct| self.range_of_pattern(conjunct)).collect();
        conjuncts.extend(patterns);
    }

    /// What a LIKE or GLOB says that an index can find.
    fn range_of_pattern(&self, conjunct: &Conjunct) -> Option<Conjunct> {
        let affinity = |operand: &Expr| self.indexed_affinity(operand);
        let (range, says_all) = pattern::as_range(&conjunct.expr, self.session, affinity)?;
        let proves = match &conjunct.expr {
            Expr::Function { args, .. } if says_all => Some(args.clone()),
            _ => None,
        };
        Some(Conjunct { expr: Expr::Between(Rc::new(range)), is_implied: true, proves, ..conjunct.clone() })
    }

    /// The affinity of what an index of some table may have.
    fn indexed_affinity(&self, operand: &Expr) -> Option<Affinity> {
        self.items.iter().find_map(|item| match (operand, item.from) {
            (Expr::Column { source, column }, From::Table(table)) if *source == table.source => {
                Some(table.table.columns[*column].affinity)
            }
            // SQLite takes no expression for one that has no numbers.
            _ => item.indexed_exprs.find(operand).map(|_| Affinity::Blob),
        })
    }
}

fn keeps_right(kind: JoinKind) -> bool {
    matches!(kind, JoinKind::Right | JoinKind::Full)
}
