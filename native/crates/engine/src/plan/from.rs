//! FROM and WHERE into one `SourceNode`.
//!
//! ```text
//! a, b JOIN c ON …           a chain of inner joins: any order, conditions pooled
//! a LEFT JOIN (b JOIN c)     an outer join: its sides are planned apart
//! ```
//! A chain is planned left-deep. Each further operand is looked up by an index, found in a hash table, or read again
//! for each row, whichever is cheapest. Conditions are checked where the last item they read is positioned.

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::plan::access_path::{self, PathChoice, Place, TableItem, WantedOrder};
use crate::plan::join_order;
use crate::plan::partial::Implication;
use crate::plan::predicate::{
    Conjunct, Filled, ItemSet, is_column, is_volatile, reading, rejects_nulls, split,
};
use crate::plan::references::{Reference, Walker};
use crate::plan::select::{plan_select_filtered, sort_keys};
use crate::plan::virtual_table::{self, Arguments};
use crate::plan::{
    HashJoin, HashKey, ImageSlot, LoopKind, NestedLoop, Scan, SortPositions, SourceNode, SubqueryLabel,
    VirtualScan,
};
use crate::resolve::tree::{
    Body, CompareOperator, CompoundOperator, Core, Direction, Expr, From, JoinKind, OrderTerm, Program,
    Register, Select, SourceId, TableSource, VirtualSource,
};
use crate::session::Session;

/// SQLite's own limit: item sets are 64 bits wide.
const MAX_ITEMS: usize = 64;
/// Below this many rows, reading a table again is as quick as hashing it.
const MIN_HASHED_ROWS: f64 = 6.0;

/// Small tables are planned as if they were this large: they may have grown when the statement runs, and SQLite, which
/// does not count, takes an index wherever there is one.
const MIN_PLANNED_ROWS: f64 = 200.0;

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

/// One thing FROM reads.
pub(super) struct Item<'s> {
    pub from: &'s From,
    /// Items whose columns a table function's arguments read.
    pub needs: ItemSet,
    pub row_count: f64,
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
}

/// Part of FROM, planned.
struct Planned {
    /// None: nothing yet, one row of nothing.
    node: Option<SourceNode>,
    items: ItemSet,
    rows: f64,
}

/// An order of rows by places of one table.
#[derive(Clone)]
pub(super) struct SourceOrder {
    source: SourceId,
    terms: Vec<WantedOrder>,
}

/// The order ORDER BY or GROUP BY asks for, when all its terms are plain columns of one table.
pub(super) fn source_order<'e>(
    terms: impl Iterator<Item = (&'e Expr, Direction, pluresdb_value::Collation)>,
) -> Option<SourceOrder> {
    let mut order: Option<SourceOrder> = None;
    for (expr, direction, collation) in terms {
        let (source, place) = match expr {
            Expr::Column { source, column } => (*source, Place::Column(*column)),
            Expr::Rowid(source) => (*source, Place::Rowid),
            Expr::Collate { operand, .. } => match &**operand {
                Expr::Column { source, column } => (*source, Place::Column(*column)),
                _ => return None,
            },
            _ => return None,
        };
        let order = order.get_or_insert_with(|| SourceOrder { source, terms: Vec::new() });
        if order.source != source {
            return None;
        }
        order.terms.push(WantedOrder { place, direction, collation });
    }
    order
}

fn order_of_terms(terms: &[OrderTerm]) -> Option<SourceOrder> {
    source_order(terms.iter().map(|term| (&term.expr, term.direction, term.collation)))
}

pub(super) struct FromPlanner<'s> {
    program: &'s Program,
    session: &'s Session,
    pub items: Vec<Item<'s>>,
    pub filled: Vec<Filled>,
    shape: Option<Shape>,
    /// Of UPDATE and DELETE: never an image.
    target: Option<SourceId>,
    wanted: Option<SourceOrder>,
    pub limit: Option<f64>,
    /// An index that covers may be read in place of a whole table.
    pub allows_covering_scan: bool,
    /// The plan gives rows in the wanted order.
    pub is_ordered: bool,
    /// PRAGMA reverse_unordered_selects, of a query that names no order: tables are read backwards.
    pub is_reversed: bool,
    /// Registers the query reads; None: not known, any.
    used_registers: Option<HashSet<usize>>,
}

impl<'s> FromPlanner<'s> {
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
            shape: None,
            target: None,
            wanted: None,
            limit: None,
            allows_covering_scan: false,
            is_ordered: false,
            is_reversed: false,
            used_registers: None,
        };
        if let Some(from) = from {
            planner.add_items(from)?;
            for index in 0..planner.items.len() {
                if let From::TableFunction { args, .. } = planner.items[index].from {
                    for arg in args {
                        let reading = reading(arg, &planner.filled, program);
                        planner.items[index].needs |= reading.items;
                        planner.items[index].is_correlated |= reading.reads_outer;
                    }
                }
                if let From::Virtual(source) = planner.items[index].from {
                    for arg in &source.args {
                        planner.items[index].needs |= reading(arg, &planner.filled, program).items;
                    }
                }
            }
            let mut next_item = 0;
            planner.shape = Some(planner.shape_of(from, &mut next_item));
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
            From::TableFunction { output, column_count, .. } => {
                (Filled::Registers { first: *output, count: *column_count }, 20.0, false)
            }
            From::Virtual(source) => {
                (Filled::Registers { first: source.output, count: source.width() }, VIRTUAL_ROWS, false)
            }
        };
        if self.items.len() == MAX_ITEMS {
            return Err(Error::error("at most 64 tables in a join"));
        }
        self.items.push(Item { from, needs: 0, row_count, used_columns: None, is_correlated });
        self.filled.push(filled);
        Ok(())
    }

    fn row_count(&self, table: &TableSource) -> Result<f64> {
        let transaction = self.session.transaction(table.database);
        let count = if table.table.without_rowid {
            transaction.key_tree(table.table.tree)?.count()
        } else {
            transaction.row_tree(table.table.tree)?.count()
        };
        Ok(count as f64)
    }

    fn shape_of(&self, from: &From, next_item: &mut usize) -> Shape {
        let From::Join(join) = from else {
            *next_item += 1;
            return Shape::Leaf(*next_item - 1);
        };
        let left = Box::new(self.shape_of(&join.left, next_item));
        let right = Box::new(self.shape_of(&join.right, next_item));
        let mut on = Vec::new();
        if let Some(condition) = &join.on {
            split(condition, &self.filled, self.program, &mut on);
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
        let reads_virtual = self.items.iter().any(|item| matches!(item.from, From::Virtual(_)));
        let mut registers = HashSet::new();
        let mut visit = |reference: Reference| {
            if let Reference::Register(register) = reference
                && reads_virtual
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
            split(condition, &self.filled, self.program, &mut pool);
        }
        let Some(shape) = self.shape.take() else {
            return Ok(filtered(SourceNode::Once, pool));
        };
        // What reads no item decides before the first row is read.
        let (gate, pool): (Vec<_>, Vec<_>) = pool.into_iter().partition(|conjunct| {
            conjunct.items == 0 && (conjunct.has_subquery || !is_volatile(&conjunct.expr))
        });
        let planned = self.plan_shape(shape, pool)?;
        let node = planned.node.unwrap_or(SourceNode::Once);
        if gate.is_empty() {
            return Ok(node);
        }
        Ok(SourceNode::NestedLoop(Box::new(NestedLoop {
            left: filtered(SourceNode::Once, gate),
            right: node,
            kind: LoopKind::Inner,
            on: Vec::new(),
        })))
    }

    /// Plans a shape; every condition of the pool, which reads only items of the shape, is checked inside.
    fn plan_shape(&mut self, shape: Shape, pool: Vec<Conjunct>) -> Result<Planned> {
        let (kind, left, right, on) = match shape {
            Shape::Leaf(_) => return self.plan_chain(vec![shape], pool, true),
            Shape::Join { kind, left, right, on } => (kind, left, right, on),
        };
        let rejects = |items| {
            pool.iter().any(|conjunct| rejects_nulls(&conjunct.expr, items, &self.filled, self.program))
        };
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
                if pool.iter().any(|conjunct| {
                    rejects_nulls(&conjunct.expr, right.items(), &self.filled, self.program)
                }) =>
            {
                pool.extend(on);
                self.flatten(*left, operands, pool, is_fixed);
                self.flatten(*right, operands, pool, is_fixed);
            }
            operand => operands.push(operand),
        }
    }

    fn plan_chain(
        &mut self,
        operands: Vec<Shape>,
        mut pool: Vec<Conjunct>,
        is_fixed: bool,
    ) -> Result<Planned> {
        for operand in &operands {
            if let Shape::Leaf(item) = operand
                && let From::Virtual(source) = self.items[*item].from
            {
                self.items[*item].needs |= virtual_table::needs(source, 1 << item, &pool);
            }
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
        let indexes = self.session.catalog(table.database).indexes_of(&table.table.name);
        let is_target = self.target == Some(table.source);
        Some(TableItem {
            source: table.source,
            table: &table.table,
            indexes: if table.table.is_system { &[] } else { indexes },
            indexed_by: &table.indexed_by,
            row_count: self.items[item].row_count.max(MIN_PLANNED_ROWS),
            used_columns: if is_target { None } else { self.items[item].used_columns.clone() },
            allows_covering_scan: self.allows_covering_scan && !is_target,
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
        let has_partial = table.indexes.iter().any(|index| index.partial.is_some());
        let said =
            if has_partial { conjuncts.clone().map(|(_, conjunct)| conjunct).collect() } else { Vec::new() };
        let terms = access_path::terms(item, table.source, conjuncts, available, &self.filled, self.program);
        let conditions = Implication { table: table.table, source: table.source, conjuncts: &said };
        access_path::choose(table, &terms, conditions, wanted, self.limit.filter(|_| wanted.is_some()))
    }

    /// Joins one more operand to what is planned. For a LEFT join `conjuncts` is its ON, and all of it is used here;
    /// for an inner join what reads later items is left.
    fn attach(
        &mut self,
        left: Planned,
        operand: Shape,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let own = operand.items();
        let Shape::Leaf(item) = operand else {
            let inside = take(conjuncts, |conjunct| {
                conjunct.items & !own == 0 && (conjunct.items != 0 || kind == LoopKind::Inner)
            });
            let wanted = if left.node.is_none() { None } else { self.wanted.take() };
            let right = self.plan_shape(operand, inside)?;
            self.wanted = self.wanted.take().or(wanted);
            if left.node.is_none() {
                return Ok(right);
            }
            return Ok(self.join_planned(left, right, conjuncts, kind));
        };
        if let From::Virtual(source) = self.items[item].from {
            return self.attach_virtual(left, item, source, conjuncts, kind);
        }
        let Some(table) = self.table_item(item) else {
            return self.attach_computed(left, item, conjuncts, kind);
        };
        let wanted = match self.wanted.take() {
            Some(wanted) if left.node.is_none() && wanted.source == table.source => Some(wanted.terms),
            _ => None,
        };
        let choice = self.choose_path(item, &table, numbered(conjuncts), left.items, wanted.as_deref());
        if table.is_refused(&choice.path) {
            return Err(Error::error("no query solution"));
        }
        if left.node.is_none() {
            self.is_ordered = wanted.is_some() && choice.is_ordered;
        }
        let keys = if self.is_target(item) || self.is_changed(item) {
            Vec::new()
        } else {
            self.hash_keys(item, left.items, conjuncts)
        };
        let alone = self.choose_path(item, &table, numbered(conjuncts), 0, None);
        // A first table with keys is read by a correlated subquery: it will be read many times.
        let left_rows = if left.node.is_none() { 100.0 } else { left.rows };
        let looped = left_rows * choice.cost;
        let hashed = alone.cost * 2.0 + left_rows * 1.5;
        let is_hashed = !keys.is_empty()
            && hashed < looped
            && self.items[item].row_count >= MIN_HASHED_ROWS
            && !self.is_ordered;
        let (choice, available) = if is_hashed { (alone, 0) } else { (choice, left.items) };
        let hash_keys = if is_hashed { take_keys(keys, conjuncts) } else { Vec::new() };
        for used in &choice.used_conjuncts {
            conjuncts[*used].is_used = true;
        }
        let bit = 1 << item;
        let is_correlated_scan = is_hashed
            && choice
                .used_conjuncts
                .iter()
                .any(|used| reading(&conjuncts[*used].expr, &self.filled, self.program).reads_outer);
        let conditions = take(conjuncts, |conjunct| {
            conjunct.items & !(available | bit) == 0
                && (kind == LoopKind::Inner && left.node.is_none() || conjunct.items & bit != 0)
        });
        let rows = (choice.rows * selectivity(&conditions)).max(0.1);
        let reads_left = |index: &usize| conjuncts[*index].items & left.items != 0;
        let is_kept = !is_hashed
            && left.rows > 1.5
            && self.is_worth_keeping(item, bit, &conditions)
            && !choice.used_conjuncts.iter().any(reads_left);
        let (conditions, joined): (Vec<_>, Vec<_>) =
            conditions.into_iter().partition(|conjunct| !is_kept || conjunct.items & !bit == 0);
        let is_correlated_scan = is_correlated_scan
            || (is_kept
                && choice.used_conjuncts.iter().any(|used| self.reads_outer(&conjuncts[*used..=*used])));
        let is_correlated = is_correlated_scan || self.reads_outer(&conditions);
        let From::Table(source) = self.items[item].from else { return Ok(left) };
        let node = SourceNode::Scan(Scan {
            source: source.source,
            database: source.database,
            table: source.table.clone(),
            name: source.shown.clone(),
            path: choice.path,
            is_reverse: choice.is_reverse || self.is_reversed,
            conditions: exprs(conditions),
        });
        let right = Planned { node: Some(node), items: bit, rows };
        if is_hashed {
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(self.hash_join(left, right, hash_keys, on, kind, is_correlated));
        }
        if left.node.is_none() && kind == LoopKind::Inner {
            return Ok(right);
        }
        let mut on = Self::take_joined(&left, bit, conjuncts, kind);
        on.extend(exprs(joined));
        let right = if is_kept { self.materialized(right, is_correlated) } else { right };
        Ok(nested_loop(left, right, on, kind))
    }

    /// Whether the rows of a table that its own conditions leave are kept for the loop around it, rather than looked
    /// for again for each of its rows.
    fn is_worth_keeping(&self, item: usize, bit: ItemSet, conditions: &[Conjunct]) -> bool {
        let is_own = |conjunct: &&Conjunct| conjunct.items & !bit == 0;
        let is_steady = |conjunct: &Conjunct| !conjunct.has_subquery && !is_volatile(&conjunct.expr);
        !self.is_target(item)
            && !self.is_changed(item)
            && self.items[item].row_count >= MIN_HASHED_ROWS
            && conditions.iter().any(|conjunct| is_own(&conjunct))
            && conditions.iter().filter(is_own).all(is_steady)
    }

    fn is_target(&self, item: usize) -> bool {
        matches!((self.target, self.filled[item]), (Some(target), Filled::Source(source)) if target == source)
    }

    /// Whether the statement changes the table between two questions of a subquery.
    fn is_changed(&self, item: usize) -> bool {
        match (&self.program.changed, self.items[item].from) {
            (Some(changed), From::Table(source)) => Arc::ptr_eq(changed, &source.table),
            _ => false,
        }
    }

    fn reads_outer(&self, conjuncts: &[Conjunct]) -> bool {
        conjuncts.iter().any(|conjunct| reading(&conjunct.expr, &self.filled, self.program).reads_outer)
    }

    /// A FROM item that is no table: rows are computed.
    fn attach_computed(
        &mut self,
        left: Planned,
        item: usize,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let bit: ItemSet = 1 << item;
        let is_first = left.node.is_none();
        if is_first {
            self.wanted = None;
        }
        let own = take(conjuncts, |conjunct| {
            conjunct.items == bit || (is_first && kind == LoopKind::Inner && conjunct.items == 0)
        });
        let mut is_correlated = self.items[item].is_correlated || self.reads_outer(&own);
        let (node, own) = match self.items[item].from {
            From::Subquery { select, output, name, definition, .. } => {
                let (pushed, own): (Vec<_>, Vec<_>) = own.into_iter().partition(|conjunct| {
                    !conjunct.has_subquery && can_push_into(select, &conjunct.expr, *output)
                });
                let pushed: Vec<Expr> = pushed.into_iter().map(|conjunct| conjunct.expr).collect();
                let rows = plan_select_filtered(select, self.program, self.session, &pushed, *output)?;
                let label = Box::new(SubqueryLabel {
                    name: name.clone(),
                    definition: definition.clone(),
                    number: select.number,
                    columns: select.columns.iter().map(|column| column.name.clone()).collect(),
                });
                (SourceNode::Subquery { rows: Box::new(rows), output: *output, label }, own)
            }
            From::Cte { cte, name, output, column_count } => {
                let name = name.clone();
                (SourceNode::Cte { cte: *cte, output: *output, column_count: *column_count, name }, own)
            }
            From::RecursiveRow { cte, name, output, column_count } => {
                let (cte, output, column_count, name) = (*cte, *output, *column_count, name.clone());
                (SourceNode::RecursiveRow { cte, output, column_count, name }, own)
            }
            From::TableFunction { function, name, args, output, column_count } => {
                let node = SourceNode::TableFunction {
                    function: function.clone(),
                    name: name.clone(),
                    args: args.clone(),
                    output: *output,
                    column_count: *column_count,
                };
                (node, own)
            }
            From::Table(_) | From::Virtual(_) | From::Join(_) => return Ok(left),
        };
        let rows = (self.items[item].row_count * selectivity(&own)).max(0.1);
        let right = Planned { node: Some(filtered(node, own)), items: bit, rows };
        if is_first && kind == LoopKind::Inner {
            return Ok(right);
        }
        let depends_on_left = self.items[item].needs & left.items != 0;
        if depends_on_left {
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(nested_loop(left, right, on, kind));
        }
        is_correlated |= self.items[item].is_correlated;
        let keys = self.hash_keys(item, left.items, conjuncts);
        if !keys.is_empty() && left.node.is_some() {
            let keys = take_keys(keys, conjuncts);
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(self.hash_join(left, right, keys, on, kind, is_correlated));
        }
        let right = match self.items[item].from {
            From::Subquery { .. } | From::TableFunction { .. } => self.materialized(right, is_correlated),
            _ => right,
        };
        let on = Self::take_joined(&left, bit, conjuncts, kind);
        Ok(nested_loop(left, right, on, kind))
    }

    /// A module's table: read again for each row of what is positioned, as its arguments may be others.
    fn attach_virtual(
        &mut self,
        left: Planned,
        item: usize,
        source: &VirtualSource,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let bit: ItemSet = 1 << item;
        let is_first = left.node.is_none();
        if is_first {
            self.wanted = None;
        }
        let Arguments { by_parameter, conditions } =
            virtual_table::take_arguments(source, bit, left.items, conjuncts, &self.filled, self.program)?;
        let own = take(conjuncts, |conjunct| {
            conjunct.items == bit || (is_first && kind == LoopKind::Inner && conjunct.items == 0)
        });
        let is_wanted = |index: usize| match &self.used_registers {
            Some(used) => used.contains(&(source.output.0 + index)),
            None => true,
        };
        let rows = (VIRTUAL_ROWS * selectivity(&own)).max(0.1);
        let node = SourceNode::Virtual(VirtualScan {
            table: source.table.clone(),
            name: source.name.clone(),
            arguments: by_parameter,
            wanted: (0..source.table.column_count()).map(is_wanted).collect(),
            output: source.output,
        });
        let all: Vec<Expr> = conditions.into_iter().chain(exprs(own)).collect();
        let node =
            if all.is_empty() { node } else { SourceNode::Filter { input: Box::new(node), conditions: all } };
        let right = Planned { node: Some(node), items: bit, rows };
        if is_first && kind == LoopKind::Inner {
            return Ok(right);
        }
        let on = Self::take_joined(&left, bit, conjuncts, kind);
        Ok(nested_loop(left, right, on, kind))
    }

    fn materialized(&self, planned: Planned, correlated: bool) -> Planned {
        let image = self.image(planned.items);
        let node =
            planned.node.map(|node| SourceNode::Materialize { input: Box::new(node), image, correlated });
        Planned { node, ..planned }
    }

    /// Joins a part planned by itself.
    fn join_planned(
        &self,
        left: Planned,
        right: Planned,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Planned {
        let mut keys = Vec::new();
        for item in 0..self.items.len() {
            if right.items & 1 << item != 0 {
                keys.extend(self.hash_keys_of(right.items, left.items, conjuncts));
                break;
            }
        }
        let right_items = right.items;
        if keys.is_empty() {
            let right = self.materialized(right, true);
            let on = Self::take_joined(&left, right_items, conjuncts, kind);
            return nested_loop(left, right, on, kind);
        }
        let keys = take_keys(keys, conjuncts);
        let on = Self::take_joined(&left, right_items, conjuncts, kind);
        self.hash_join(left, right, keys, on, kind, true)
    }

    /// RIGHT and FULL: the right side is read as it is, whatever the left row.
    fn join_kept_right(
        &self,
        left: Planned,
        right: Planned,
        right_items: ItemSet,
        mut on: Vec<Conjunct>,
        kind: LoopKind,
    ) -> Planned {
        let keys = self.hash_keys_of(right_items, left.items, &on);
        if keys.is_empty() {
            let right = self.materialized(right, true);
            return nested_loop(left, right, exprs(on), kind);
        }
        let keys = take_keys(keys, &mut on);
        on.retain(|conjunct| !conjunct.is_used);
        self.hash_join(left, right, keys, exprs(on), kind, true)
    }

    /// Takes the conditions that a join checks once both its sides are positioned.
    fn take_joined(left: &Planned, right: ItemSet, conjuncts: &mut [Conjunct], kind: LoopKind) -> Vec<Expr> {
        let positioned = left.items | right;
        let taken = take(conjuncts, |conjunct| kind != LoopKind::Inner || conjunct.items & !positioned == 0);
        exprs(taken)
    }

    fn hash_keys(&self, item: usize, left: ItemSet, conjuncts: &[Conjunct]) -> Vec<(usize, HashKey)> {
        self.hash_keys_of(1 << item, left, conjuncts)
    }

    /// Equalities between what `right` gives and what is known before: items of `left`, or an enclosing query.
    fn hash_keys_of(&self, right: ItemSet, left: ItemSet, conjuncts: &[Conjunct]) -> Vec<(usize, HashKey)> {
        let mut keys = Vec::new();
        for (index, conjunct) in conjuncts.iter().enumerate() {
            if conjunct.is_used || conjunct.has_subquery || conjunct.items & right == 0 {
                continue;
            }
            let Expr::Compare(compare) = &conjunct.expr else { continue };
            if compare.operator != CompareOperator::Equal {
                continue;
            }
            for (of_left, of_right) in [(&compare.left, &compare.right), (&compare.right, &compare.left)] {
                let reading_left = reading(of_left, &self.filled, self.program);
                let reading_right = reading(of_right, &self.filled, self.program);
                let is_left = reading_left.items & !left == 0
                    && (reading_left.items != 0 || (left == 0 && reading_left.reads_outer));
                let is_right = reading_right.items != 0
                    && reading_right.items & !right == 0
                    && !reading_right.reads_outer;
                if is_left && is_right {
                    let (left, right) = (of_left.clone(), of_right.clone());
                    keys.push((index, HashKey { left, right, comparison: compare.comparison }));
                    break;
                }
            }
        }
        keys
    }

    fn hash_join(
        &self,
        left: Planned,
        right: Planned,
        keys: Vec<HashKey>,
        on: Vec<Expr>,
        kind: LoopKind,
        is_right_correlated: bool,
    ) -> Planned {
        let items = left.items | right.items;
        let matches = (right.rows / 10.0).clamp(1.0_f64.min(right.rows), 20.0);
        let rows = left.rows * matches;
        let image = self.image(right.items);
        let node = SourceNode::HashJoin(Box::new(HashJoin {
            left: left.node.unwrap_or(SourceNode::Once),
            right: right.node.unwrap_or(SourceNode::Once),
            kind,
            keys,
            on,
            image,
            is_right_correlated,
        }));
        Planned { node: Some(node), items, rows }
    }

    /// The places of the frame that rows of the items fill.
    fn image(&self, items: ItemSet) -> Vec<ImageSlot> {
        let mut slots = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            if items & 1 << index == 0 {
                continue;
            }
            match (self.filled[index], item.from) {
                (Filled::Source(source), From::Table(table)) => {
                    slots.push(ImageSlot::Rowid(source));
                    let all = || (0..table.table.columns.len()).collect();
                    let used: Vec<usize> = item.used_columns.clone().unwrap_or_else(all);
                    slots.extend(used.into_iter().map(|column| ImageSlot::Column { source, column }));
                }
                (Filled::Source(_), _) => {}
                (Filled::Registers { first, count }, _) => {
                    let registers = first.0..first.0 + count;
                    slots.extend(registers.map(|register| ImageSlot::Register(Register(register))));
                }
            }
        }
        slots
    }
}

fn numbered(conjuncts: &[Conjunct]) -> impl Iterator<Item = (usize, &Conjunct)> + Clone {
    conjuncts.iter().enumerate()
}

fn nested_loop(left: Planned, right: Planned, on: Vec<Expr>, kind: LoopKind) -> Planned {
    let items = left.items | right.items;
    let rows = left.rows * right.rows;
    let node = SourceNode::NestedLoop(Box::new(NestedLoop {
        left: left.node.unwrap_or(SourceNode::Once),
        right: right.node.unwrap_or(SourceNode::Once),
        kind,
        on,
    }));
    Planned { node: Some(node), items, rows }
}

fn filtered(node: SourceNode, conjuncts: Vec<Conjunct>) -> SourceNode {
    if conjuncts.is_empty() {
        return node;
    }
    SourceNode::Filter { input: Box::new(node), conditions: exprs(conjuncts) }
}

/// The conditions in the order they are checked: subqueries last.
fn exprs(mut conjuncts: Vec<Conjunct>) -> Vec<Expr> {
    conjuncts.sort_by_key(|conjunct| conjunct.has_subquery);
    conjuncts.into_iter().map(|conjunct| conjunct.expr).collect()
}

/// Copies out the unused conjuncts that satisfy, and marks them used.
fn take(conjuncts: &mut [Conjunct], satisfies: impl Fn(&Conjunct) -> bool) -> Vec<Conjunct> {
    let mut taken = Vec::new();
    for conjunct in conjuncts {
        if !conjunct.is_used && satisfies(conjunct) {
            conjunct.is_used = true;
            taken.push(Conjunct { is_used: false, ..conjunct.clone() });
        }
    }
    taken
}

fn take_keys(keys: Vec<(usize, HashKey)>, conjuncts: &mut [Conjunct]) -> Vec<HashKey> {
    keys.into_iter()
        .map(|(index, key)| {
            conjuncts[index].is_used = true;
            key
        })
        .collect()
}

/// Conditions that read only `items`, and the others.
fn part(pool: Vec<Conjunct>, items: ItemSet) -> (Vec<Conjunct>, Vec<Conjunct>) {
    pool.into_iter().partition(|conjunct| conjunct.items != 0 && conjunct.items & !items == 0)
}

/// The share of rows that conditions are expected to let through.
pub(super) fn selectivity<'c>(conjuncts: impl IntoIterator<Item = &'c Conjunct>) -> f64 {
    conjuncts
        .into_iter()
        .map(|conjunct| match &conjunct.expr {
            Expr::Compare(compare) => match compare.operator {
                CompareOperator::Equal | CompareOperator::Is => 0.1,
                CompareOperator::NotEqual | CompareOperator::IsNot => 0.9,
                _ => 0.4,
            },
            Expr::InList(list) => (list.list.len() as f64 * 0.1).min(0.9),
            _ => 0.5,
        })
        .product()
}

/// Whether a condition on a FROM subquery's columns may be checked inside it.
fn can_push_into(select: &Select, condition: &Expr, output: Register) -> bool {
    if select.limit.is_some() || select.offset.is_some() {
        return false;
    }
    match &select.body {
        Body::Core(core) => can_push_into_core(core, condition, output),
        Body::Compound(compound) => {
            compound.operator == CompoundOperator::UnionAll
                && can_push_into(&compound.left, condition, output)
                && can_push_into(&compound.right, condition, output)
        }
        Body::Values(_) => false,
    }
}

fn can_push_into_core(core: &Core, condition: &Expr, output: Register) -> bool {
    if core.grouping.is_some() || !core.windows.is_empty() || is_volatile(condition) {
        return false;
    }
    let mut is_simple = true;
    let no_subqueries = Program::default();
    let mut visit = |reference: Reference| {
        if let Reference::Register(register) = reference
            && let Some(read) = register.0.checked_sub(output.0).and_then(|index| core.outputs.get(index))
        {
            is_simple &= is_column(read) || !is_volatile(read);
        }
    };
    Walker::new(&no_subqueries, &mut visit).expr(condition);
    is_simple
}
