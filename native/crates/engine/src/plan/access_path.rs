//! How one table's rows are reached: by rowid, by an index, or by reading it all; and in which order they then come.
//!
//! Costs are in units of one row read in scan order. What a lookup is expected to find follows SQLite's rules of
//! thumb (an equality on an index finds ten rows, each end of a range leaves a fraction); table sizes are the trees' own counts.

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Affinity, Collation, Value};

use crate::analyze::known_rows;
use crate::catalog::{DatabaseIndex, Index, IndexOrigin, IndexTerm, Table};
use crate::plan::from::MIN_PLANNED_ROWS;
use crate::plan::indexed_expr::IndexedExprs;
use crate::plan::partial::Implication;
use crate::plan::predicate::{Conjunct, Filled, ItemSet, reading};
use crate::plan::width::{index_width, table_width, whole_index};
use crate::plan::{
    AccessPath, CoveredColumn, InValues, KeyBounds, KeyTerm, KeyValue, RangeEnd, RowEnd, RowValue,
    RowidBounds,
};
use crate::resolve::tree::{
    CompareOperator, Comparison, Direction, Expr, IndexedBy, Program, RowCompare, RowOperand, SourceId,
    SubqueryId,
};
use crate::session::Session;

/// A place of a table's row that terms and orders are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Column(usize),
    Rowid,
    /// An expression that an index keeps, by its number.
    Expr(usize),
}

/// A conjunct seen as `place operator value`, the value being known before the table is read.
pub(super) struct Term<'c> {
    conjunct: usize,
    place: Place,
    comparison: Comparison,
    kind: TermKind<'c>,
    /// What is compared is the first column of rows.
    row: Option<&'c RowCompare>,
}

/// Values and bounds stand in the conjunct; whether a bound is inclusive stands beside it.
#[derive(Clone, Copy)]
enum TermKind<'c> {
    Equal(&'c Expr),
    Is(&'c Expr),
    IsNull,
    In(KnownValues<'c>, f64),
    Low(&'c Expr, bool),
    High(&'c Expr, bool),
    /// A range of texts, the end left out, and the blobs with the same bytes.
    Pattern(&'c Expr, &'c Expr),
}

#[derive(Clone, Copy)]
enum KnownValues<'c> {
    List(&'c [Expr]),
    Select(SubqueryId),
}

impl KnownValues<'_> {
    fn to_values(self) -> InValues {
        match self {
            KnownValues::List(list) => InValues::List(list.to_vec()),
            KnownValues::Select(id) => InValues::Select(id),
        }
    }
}

/// An order the rows should come in.
#[derive(Clone, Copy, Debug)]
pub(super) struct WantedOrder {
    pub place: Place,
    /// None: equal values need only come together.
    pub direction: Option<Direction>,
    pub collation: Collation,
}

/// What the planner knows about a table of FROM.
pub(super) struct TableItem<'s> {
    pub source: SourceId,
    pub table: &'s Arc<Table>,
    pub indexes: &'s [Arc<Index>],
    pub indexed_by: &'s IndexedBy,
    pub indexed_exprs: Rc<IndexedExprs>,
    pub row_count: f64,
    /// Columns anything reads; None: all, and the cursor must stand on the row itself.
    pub used_columns: Option<Vec<usize>>,
    /// A whole index that covers may stand for the whole table.
    pub allows_covering_scan: bool,
    /// Its rows are changed.
    pub is_target: bool,
    /// It shows in which order the rows come, so that an index is read in the table's place where SQLite reads one: the
    /// columns that it must have.
    pub shown_columns: Option<Vec<usize>>,
    pub database: DatabaseIndex,
    pub session: &'s Session,
}

impl TableItem<'_> {
    /// The place of the table's row that an expression reads; its collation is the comparison's.
    pub fn place_of(&self, expr: &Expr) -> Option<Place> {
        match expr {
            Expr::Column { source, column } if *source == self.source => Some(Place::Column(*column)),
            Expr::Rowid(source) if *source == self.source => Some(Place::Rowid),
            Expr::Column { .. } | Expr::Rowid(_) | Expr::Literal(_) | Expr::Parameter(_) => None,
            Expr::Collate { operand, .. } => self.place_of(operand),
            expr => self.indexed_exprs.find(expr).map(Place::Expr),
        }
    }

    fn place_at(&self, index: usize, position: usize) -> Option<Place> {
        match &self.indexes[index].columns.get(position)?.term {
            IndexTerm::Column(column) => Some(Place::Column(*column)),
            IndexTerm::Rowid => Some(Place::Rowid),
            IndexTerm::Expr(_) => self.indexed_exprs.at(index, position).map(Place::Expr),
        }
    }

    /// Whether SQLite, after ANALYZE, reads all rows rather than ranges of an index that lead to them in another order.
    fn is_read_whole(&self) -> bool {
        let known = || known_rows(self.session, self.database, self.table).ok().flatten();
        matches!(self.indexed_by, IndexedBy::Any)
            && self.row_count <= MIN_PLANNED_ROWS
            && known().is_some_and(|rows| rows <= READ_WHOLE)
    }

    /// INDEXED BY asks for an index, and the path does not take it.
    pub fn is_refused(&self, path: &AccessPath) -> bool {
        matches!(self.indexed_by, IndexedBy::Index(_)) && matches!(path, AccessPath::Full)
    }
}

pub(super) struct PathChoice {
    pub path: AccessPath,
    pub used_conjuncts: Vec<usize>,
    /// Rows it gives each time it is opened.
    pub rows: f64,
    pub cost: f64,
    pub is_reverse: bool,
    pub is_ordered: bool,
}

impl PathChoice {
    /// Whoever takes the rows does not sort them.
    pub fn forget_parts(&mut self) {
        if let AccessPath::Index { bounds, .. } | AccessPath::PrimaryKey { bounds, .. } = &mut self.path
            && bounds.gives_parts_in_order
        {
            bounds.gives_parts_in_order = false;
            self.is_reverse = false;
        }
    }
}

/// The conjuncts that could lead to rows of `item`, when the items of `available` are positioned.
pub(super) fn terms<'c>(
    item: usize,
    table: &TableItem<'_>,
    conjuncts: impl Iterator<Item = (usize, &'c Conjunct)>,
    available: ItemSet,
    filled: &[Filled],
    program: &Program,
) -> Vec<Term<'c>> {
    let own: ItemSet = 1 << item;
    let mut terms = Vec::new();
    let place_of = |expr: &Expr| table.place_of(expr);
    let is_known = |expr: &Expr| {
        let items = reading(expr, filled, program).items;
        items & own == 0 && items & !available == 0
    };
    for (index, conjunct) in conjuncts {
        if conjunct.is_used || conjunct.items & own == 0 || conjunct.items & !(available | own) != 0 {
            continue;
        }
        match &conjunct.expr {
            Expr::Compare(compare) => {
                for (column, value, operator) in [
                    (&compare.left, &compare.right, compare.operator),
                    (&compare.right, &compare.left, flipped(compare.operator)),
                ] {
                    let Some(place) = place_of(column) else { continue };
                    if !is_known(value) {
                        continue;
                    }
                    let kind = match operator {
                        CompareOperator::Equal => TermKind::Equal(value),
                        CompareOperator::Is => TermKind::Is(value),
                        CompareOperator::Greater => TermKind::Low(value, false),
                        CompareOperator::GreaterOrEqual => TermKind::Low(value, true),
                        CompareOperator::Less => TermKind::High(value, false),
                        CompareOperator::LessOrEqual => TermKind::High(value, true),
                        CompareOperator::NotEqual | CompareOperator::IsNot => continue,
                    };
                    terms.push(Term {
                        conjunct: index,
                        place,
                        comparison: compare.comparison,
                        kind,
                        row: conjunct.row.as_deref(),
                    });
                    break;
                }
            }
            // Of a pattern: others have been taken apart.
            Expr::Between(between) if conjunct.is_implied => {
                if let Some(place) = place_of(&between.operand)
                    && is_known(&between.low)
                {
                    let kind = TermKind::Pattern(&between.low, &between.high);
                    terms.push(Term {
                        conjunct: index,
                        place,
                        comparison: between.low_comparison,
                        kind,
                        row: None,
                    });
                }
            }
            Expr::IsNull { operand, negated: false } => {
                if let Some(place) = place_of(operand) {
                    let comparison = Comparison::new(Collation::Binary);
                    let kind = TermKind::IsNull;
                    terms.push(Term { conjunct: index, place, comparison, kind, row: None });
                }
            }
            Expr::InList(list) if !list.negated => {
                if let Some(place) = place_of(&list.operand)
                    && list.list.iter().all(is_known)
                {
                    let kind = TermKind::In(KnownValues::List(&list.list), list.list.len() as f64);
                    terms.push(Term { conjunct: index, place, comparison: list.comparison, kind, row: None });
                }
            }
            Expr::InSelect(select) if !select.negated => {
                if let (RowOperand::Exprs(operands), [comparison]) =
                    (&select.operand, &select.comparisons[..])
                    && let [operand] = &operands[..]
                    && let Some(place) = place_of(operand)
                    && !program.subqueries[select.subquery.0].correlated
                {
                    let kind = TermKind::In(KnownValues::Select(select.subquery), 25.0);
                    terms.push(Term { conjunct: index, place, comparison: *comparison, kind, row: None });
                }
            }
            _ => {}
        }
    }
    terms
}

fn flipped(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
        same => same,
    }
}

/// Steps down the tree to find one key.
fn seek_cost(row_count: f64) -> f64 {
    1.0 + (row_count + 2.0).log2() / 4.0
}

/// Costs are estimates: as for SQLite, what differs by less than a tenth of a power of two comes to the same.
fn rounded(cost: f64) -> f64 {
    ((cost.log2() * 10.0).round() / 10.0).exp2()
}

fn sort_cost(rows: f64) -> f64 {
    rows * (rows + 2.0).log2() * 0.5
}

/// The part of its rows that a condition is taken to let through when nothing is known.
const UNUSED_TERM_SELECTIVITY: f64 = 0.25;

/// A table of so many rows takes SQLite no longer to read than a range of an index and the rows it leads to.
const READ_WHOLE: u64 = 4;

/// Whether rows that differ in what an index keeps are looked up in its order.
fn reads_ranges(path: &AccessPath) -> bool {
    let AccessPath::Index { bounds, covering: None, .. } = path else { return false };
    bounds.low.is_some()
        || bounds.high.is_some()
        || bounds.equal.iter().any(|term| matches!(term.value, KeyValue::In(_)))
}

/// The cheapest path, `others` among them. `wanted` is the order ORDER BY asks for, `limit` how many rows will be taken
/// at most.
pub(super) fn choose(
    item: &TableItem<'_>,
    terms: &[Term<'_>],
    conditions: Implication<'_>,
    wanted: Option<&[WantedOrder]>,
    limit: Option<f64>,
    others: Vec<PathChoice>,
) -> PathChoice {
    let mut choices: Vec<PathChoice> = Vec::new();
    let mut consider = |choice: PathChoice| choices.push(choice);
    if !matches!(item.indexed_by, IndexedBy::Index(_)) {
        consider(full_scan(item, wanted));
        if !item.table.without_rowid {
            rowid_paths(item, terms, wanted, &mut consider);
        }
    }
    // SQLite looks at the newest index first, and keeps it where another is as cheap.
    for (number, index) in item.indexes.iter().enumerate().rev() {
        let is_allowed = match item.indexed_by {
            IndexedBy::Any => true,
            // SQLite does not heed it where the table is an index itself.
            IndexedBy::NotIndexed => item.table.without_rowid,
            IndexedBy::Index(only) => Arc::ptr_eq(only, index) || only.name == index.name,
        };
        if is_allowed && conditions.holds_for(index) {
            index_path(item, number, terms, wanted, &mut consider);
        }
    }
    others.into_iter().for_each(&mut consider);
    // No more rows pass all conditions than the fewest that any path finds.
    let fewest = choices.iter().map(|choice| choice.rows).fold(f64::INFINITY, f64::min);
    let mut best: Option<(f64, usize)> = None;
    for (number, choice) in choices.iter().enumerate() {
        let mut cost = rounded(choice.cost);
        if let (Some(_), false) = (wanted, choice.is_ordered) {
            cost += if limit.is_some() { choice.rows * 0.2 } else { sort_cost(choice.rows) };
        } else if let (Some(limit), true) = (limit, choice.rows > 0.0) {
            // Conditions that the path does not use let through a part of its rows: more of them must be read.
            let unused = terms.len().saturating_sub(choice.used_conjuncts.len());
            let passing = (choice.rows * UNUSED_TERM_SELECTIVITY.powi(unused as i32)).min(fewest.max(1.0));
            cost *= (limit / passing).min(1.0);
        }
        if best.as_ref().is_none_or(|(best_cost, _)| cost < *best_cost) {
            best = Some((cost, number));
        }
    }
    let mut choice = best.map_or_else(|| full_scan(item, wanted), |(_, number)| choices.swap_remove(number));
    if reads_ranges(&choice.path) && item.is_read_whole() {
        choice = full_scan(item, wanted);
    }
    if let (AccessPath::Full, Some(columns)) = (&choice.path, &item.shown_columns)
        && !choice.is_ordered
        && let Some(index) = whole_index(item, columns, conditions)
    {
        let covering = covering_columns(item, &index);
        choice.path = AccessPath::Index { index, bounds: KeyBounds::default(), covering };
    }
    choice
}

fn full_scan(item: &TableItem<'_>, wanted: Option<&[WantedOrder]>) -> PathChoice {
    let order = if item.table.without_rowid {
        let key = item.indexes.iter().position(|index| is_table_key(item.table, index));
        // A key of its own has no NULL.
        key.and_then(|key| index_order(item, key, 0, true, wanted)).map(|order| order.is_reverse)
    } else {
        rowid_order(wanted)
    };
    PathChoice {
        path: AccessPath::Full,
        used_conjuncts: Vec::new(),
        rows: item.row_count,
        cost: item.row_count + 1.0,
        is_reverse: order == Some(true),
        is_ordered: order.is_some(),
    }
}

/// Whether rowid order is the wanted one, and then whether read backwards.
fn rowid_order(wanted: Option<&[WantedOrder]>) -> Option<bool> {
    let wanted = wanted?;
    let any_order = wanted.iter().all(|term| term.direction.is_none());
    let first =
        if any_order { wanted.iter().find(|term| term.place == Place::Rowid)? } else { wanted.first()? };
    // Rowids are unique and never NULL: further terms decide nothing.
    (first.place == Place::Rowid).then_some(first.direction.is_some_and(|direction| direction.descending))
}

fn rowid_paths(
    item: &TableItem<'_>,
    terms: &[Term<'_>],
    wanted: Option<&[WantedOrder]>,
    consider: &mut dyn FnMut(PathChoice),
) {
    let of_rowid = || terms.iter().filter(|term| is_rowid(item.table, term.place));
    let seek = seek_cost(item.row_count);
    let choice = |bounds, used_conjuncts, rows: f64, cost, order: Option<bool>| PathChoice {
        path: AccessPath::Rowid(bounds),
        used_conjuncts,
        rows,
        cost,
        is_reverse: order == Some(true),
        is_ordered: order.is_some(),
    };
    let (mut low, mut high) = (None, None);
    for term in of_rowid() {
        let used = vec![term.conjunct];
        match &term.kind {
            TermKind::Equal(expr) | TermKind::Is(expr) => {
                let bounds = RowidBounds::Equal((*expr).clone());
                consider(choice(bounds, used, item.row_count.min(1.0), seek, wanted.map(|_| false)));
            }
            TermKind::IsNull => {
                let bounds = RowidBounds::Equal(Expr::Literal(Value::Null));
                consider(choice(bounds, used, item.row_count.min(1.0), seek, wanted.map(|_| false)));
            }
            TermKind::In(values, count) => {
                let bounds = RowidBounds::In(values.to_values());
                let rows = item.row_count.min(*count);
                consider(choice(bounds, used, rows, seek * count, rowid_order(wanted)));
            }
            TermKind::Low(expr, is_inclusive) => {
                low = low.or(Some((term.conjunct, range_end(expr, *is_inclusive))));
            }
            TermKind::High(expr, is_inclusive) => {
                high = high.or(Some((term.conjunct, range_end(expr, *is_inclusive))));
            }
            TermKind::Pattern(..) => {}
        }
    }
    if low.is_some() || high.is_some() {
        let fraction = if low.is_some() && high.is_some() { 16.0 } else { 4.0 };
        let rows = (item.row_count / fraction).max(1.0);
        let used = low.iter().chain(&high).map(|(conjunct, _)| *conjunct).collect();
        let bounds = RowidBounds::Range { low: low.map(|(_, end)| end), high: high.map(|(_, end)| end) };
        consider(choice(bounds, used, rows, seek + rows, rowid_order(wanted)));
    }
}

fn is_rowid(table: &Table, place: Place) -> bool {
    match place {
        Place::Rowid => !table.without_rowid,
        Place::Column(column) => table.rowid_alias == Some(column),
        Place::Expr(_) => false,
    }
}

fn range_end(expr: &Expr, is_inclusive: bool) -> RangeEnd {
    RangeEnd { expr: expr.clone(), is_inclusive }
}

/// How far an index has the columns of a row behind one another, the first one at `position`: the values behind the first.
fn row_end(item: &TableItem<'_>, number: usize, position: usize, row: &RowCompare) -> Option<RowEnd> {
    let RowCompare { operator, left: RowOperand::Exprs(left), right: RowOperand::Exprs(right), comparisons } =
        row
    else {
        return None;
    };
    let index = &item.indexes[number];
    let is_descending = index.columns.get(position)?.descending;
    let mut values = Vec::new();
    let parts = left.iter().zip(right).zip(comparisons).skip(1);
    for (at, ((column, value), comparison)) in (position + 1..).zip(parts) {
        let Some(place) = item.place_of(column) else { break };
        if !matches!(value, Expr::Literal(_) | Expr::Parameter(_)) {
            break;
        }
        let term =
            Term { conjunct: 0, place, comparison: *comparison, kind: TermKind::Low(value, true), row: None };
        let column = match index.columns.get(at) {
            Some(own) if own.descending == is_descending && suits(item, number, at, &term) => {
                Some(KeyColumn { collation: own.collation, descending: own.descending })
            }
            None if at == index.columns.len() && is_rowid(item.table, place) && !is_descending => None,
            _ => break,
        };
        values.push(RowValue { expr: value.clone(), comparison: *comparison, column });
    }
    let is_whole = values.len() + 1 == left.len();
    let is_inclusive =
        !is_whole || matches!(operator, CompareOperator::LessOrEqual | CompareOperator::GreaterOrEqual);
    (!values.is_empty()).then_some(RowEnd { values, is_inclusive })
}

/// The index that is the WITHOUT ROWID table itself.
pub(super) fn is_table_key(table: &Table, index: &Index) -> bool {
    table.without_rowid && index.origin == IndexOrigin::PrimaryKey
}

/// Whether comparing index entries is comparing as the term does.
fn suits(item: &TableItem<'_>, index: usize, position: usize, term: &Term<'_>) -> bool {
    let table = item.table;
    let column = &item.indexes[index].columns[position];
    let same_place = match (item.place_at(index, position), term.place) {
        (Some(Place::Column(column)), Place::Rowid) => table.rowid_alias == Some(column),
        (place, of_term) => place == Some(of_term),
    };
    if !same_place {
        return false;
    }
    let affinity = match term.place {
        Place::Column(column) => table.columns[column].affinity,
        Place::Rowid => Affinity::Integer,
        Place::Expr(number) => item.indexed_exprs.affinity(number),
    };
    // IS NULL compares no text.
    let is_null_test = matches!(&term.kind, TermKind::IsNull | TermKind::Is(Expr::Literal(Value::Null)));
    // An index keeps text under a collation of the application in byte order: it finds and orders nothing by it.
    let collates =
        is_null_test || term.comparison.collation == column.collation && !column.collation.is_custom();
    let converts = match term.comparison.affinity {
        None | Some(Affinity::Blob) => true,
        Some(Affinity::Text) => affinity == Affinity::Text,
        Some(Affinity::Numeric | Affinity::Integer | Affinity::Real) => affinity.is_numeric(),
    };
    collates && converts
}

fn index_path(
    item: &TableItem<'_>,
    number: usize,
    terms: &[Term<'_>],
    wanted: Option<&[WantedOrder]>,
    consider: &mut dyn FnMut(PathChoice),
) {
    let (table, index) = (item.table, &item.indexes[number]);
    let mut bounds = KeyBounds::default();
    let mut used = Vec::new();
    let mut ranges = 1.0;
    let mut single_prefix = true;
    for position in 0..index.columns.len() {
        let suitable = || terms.iter().filter(|term| suits(item, number, position, term));
        let equal = suitable()
            .find(|term| matches!(term.kind, TermKind::Equal(_)))
            .or_else(|| suitable().find(|term| matches!(term.kind, TermKind::Is(_) | TermKind::IsNull)))
            .or_else(|| suitable().find(|term| matches!(term.kind, TermKind::In(..))));
        let Some(term) = equal else { break };
        let value = match &term.kind {
            TermKind::Equal(expr) => KeyValue::Equal((*expr).clone()),
            TermKind::Is(expr) => KeyValue::Is((*expr).clone()),
            TermKind::IsNull => KeyValue::Is(Expr::Literal(Value::Null)),
            TermKind::In(values, count) => {
                ranges *= count;
                single_prefix = false;
                KeyValue::In(values.to_values())
            }
            TermKind::Low(..) | TermKind::High(..) | TermKind::Pattern(..) => break,
        };
        used.push(term.conjunct);
        bounds.equal.push(KeyTerm { value, comparison: term.comparison });
    }
    let equal_count = bounds.equal.len();
    let mut ends = 0;
    if equal_count < index.columns.len() {
        for term in terms.iter().filter(|term| suits(item, number, equal_count, term)) {
            if let TermKind::Pattern(low, high) = &term.kind {
                if bounds.low.is_none() && bounds.high.is_none() {
                    (bounds.low, bounds.high) = (Some(range_end(low, true)), Some(range_end(high, false)));
                    bounds.range_comparison = Some(term.comparison);
                    bounds.is_pattern = true;
                    used.push(term.conjunct);
                    ends = 2;
                }
                continue;
            }
            let slot = match &term.kind {
                TermKind::Low(expr, inclusive) if bounds.low.is_none() => (&mut bounds.low, expr, *inclusive),
                TermKind::High(expr, inclusive) if bounds.high.is_none() => {
                    (&mut bounds.high, expr, *inclusive)
                }
                _ => continue,
            };
            if bounds.range_comparison.is_some_and(|comparison| comparison != term.comparison) {
                continue;
            }
            *slot.0 = Some(range_end(slot.1, slot.2));
            let row = term.row.and_then(|row| row_end(item, number, equal_count, row));
            match term.kind {
                TermKind::Low(..) => bounds.low_row = row,
                _ => bounds.high_row = row,
            }
            bounds.range_comparison = Some(term.comparison);
            used.push(term.conjunct);
            ends += 1;
        }
    } else if !table.without_rowid && !index.unique {
        // Behind the columns stands the rowid.
        for term in terms.iter().filter(|term| is_rowid(table, term.place)) {
            let (slot, expr, is_inclusive) = match &term.kind {
                TermKind::Low(expr, inclusive) if bounds.low.is_none() => (&mut bounds.low, expr, *inclusive),
                TermKind::High(expr, inclusive) if bounds.high.is_none() => {
                    (&mut bounds.high, expr, *inclusive)
                }
                _ => continue,
            };
            *slot = Some(range_end(expr, is_inclusive));
            bounds.range_comparison = Some(term.comparison);
            used.push(term.conjunct);
            ends += 1;
        }
    }
    let is_lookup = equal_count > 0 || ends > 0;
    let is_own_key = is_table_key(table, index);
    let covering = if is_own_key { None } else { covering_columns(item, index) };
    let mut order = index_order(item, number, equal_count, ends > 0, wanted);
    // As in SQLite the parts of an IN are read in the order in which their rows are sorted then, all of them backwards.
    let mut are_parts_reverse = false;
    if !single_prefix {
        let is_of_parts = |order: &IndexOrder| !order.puts_nulls_apart && gives_directions(wanted);
        let of_parts = order.take().filter(is_of_parts);
        bounds.gives_parts_in_order = of_parts.is_some();
        are_parts_reverse = of_parts.is_some_and(|order| order.is_reverse);
    }
    bounds.puts_nulls_apart = order.is_some_and(|order| order.puts_nulls_apart);
    let is_forced = matches!(item.indexed_by, IndexedBy::Index(_));
    if !is_lookup && order.is_none() && !is_forced {
        // Where rows show their order `whole_index` decides.
        let is_cheaper = covering.is_some()
            && item.allows_covering_scan
            && item.shown_columns.is_none()
            && index.partial.is_none()
            && index_width(table, index) < table_width(table);
        if !is_cheaper {
            return;
        }
    }
    let mut rows = if index.unique && equal_count == index.columns.len() {
        1.0
    } else {
        match equal_count {
            0 => item.row_count,
            // Ten rows for the first column, nine for two, …; but never more than a tenth of a small table's rows.
            count => (11.0 - count as f64).max(2.0).min((item.row_count / 2.0).max(1.0)),
        }
    };
    for _ in 0..ends {
        rows = (rows / 8.0).max(1.0);
    }
    rows = (rows * ranges).min(item.row_count);
    // The narrower, the more entries stand side by side.
    let per_entry = 0.4 + 0.6 * (index_width(table, index) as f64 / table_width(table) as f64).min(1.0);
    let per_row = match &covering {
        _ if is_own_key => 0.9,
        Some(_) => per_entry,
        None => per_entry + seek_cost(item.row_count),
    };
    let bounds_count = ranges * if is_lookup { seek_cost(item.row_count) } else { 1.0 };
    let path = if is_own_key {
        AccessPath::PrimaryKey { index: index.clone(), bounds }
    } else {
        AccessPath::Index { index: index.clone(), bounds, covering }
    };
    consider(PathChoice {
        path,
        used_conjuncts: used,
        rows,
        cost: bounds_count + rows * per_row,
        is_reverse: are_parts_reverse || order.is_some_and(|order| order.is_reverse),
        is_ordered: order.is_some(),
    });
}

/// Whether the order is that of an ORDER BY: groups have no directions.
fn gives_directions(wanted: Option<&[WantedOrder]>) -> bool {
    wanted.is_some_and(|wanted| wanted.iter().all(|term| term.direction.is_some()))
}

/// How an index is read to give an order.
#[derive(Clone, Copy)]
struct IndexOrder {
    is_reverse: bool,
    puts_nulls_apart: bool,
}

/// How the index gives the wanted order behind `fixed` equal columns; None: it does not. `has_range`: of the column behind
/// these no NULL is read.
fn index_order(
    item: &TableItem<'_>,
    number: usize,
    fixed: usize,
    has_range: bool,
    wanted: Option<&[WantedOrder]>,
) -> Option<IndexOrder> {
    let wanted = wanted?;
    let (table, index) = (item.table, &item.indexes[number]);
    let mut is_reverse: Option<bool> = None;
    let mut puts_nulls_apart = false;
    let mut position = fixed;
    // What is equal under another collation may still differ in the order wanted.
    let is_fixed = |term: &WantedOrder| {
        (0..fixed).any(|at| {
            item.place_at(number, at) == Some(term.place) && index.columns[at].collation == term.collation
        })
    };
    // Whether the index has the term at a position, and then whether descending.
    let found_at = |term: &WantedOrder, position: usize| match index.columns.get(position) {
        Some(column) => {
            let place = item.place_at(number, position);
            let same = place == Some(term.place)
                || (is_rowid(table, term.place) && place.is_some_and(|place| is_rowid(table, place)));
            let collates = column.collation == term.collation && !column.collation.is_custom()
                || is_rowid(table, term.place);
            (same && collates).then_some(column.descending)
        }
        // Behind the columns stands the rowid, ascending.
        None => (position == index.columns.len() && is_rowid(table, term.place)).then_some(false),
    };
    let mut open: Vec<&WantedOrder> = wanted.iter().filter(|term| !is_fixed(term)).collect();
    while !open.is_empty() {
        if position == index.columns.len() && is_table_key(table, index) {
            break;
        }
        // Terms without a direction may come in any order.
        let candidates = if open[0].direction.is_some() { 1 } else { open.len() };
        let mut found = open[..candidates].iter().enumerate();
        let (at, descending) =
            found.find_map(|(at, term)| found_at(term, position).map(|descending| (at, descending)))?;
        let term = open.remove(at);
        if let Some(direction) = term.direction {
            let has_natural_nulls = direction.nulls_first != direction.descending;
            let needs_reverse = direction.descending != descending;
            let turns_nulls = !(has_natural_nulls || is_rowid(table, term.place));
            puts_nulls_apart |= turns_nulls && !has_range;
            if turns_nulls && position != fixed || *is_reverse.get_or_insert(needs_reverse) != needs_reverse {
                return None;
            }
        }
        if is_rowid(table, term.place) {
            break;
        }
        position += 1;
    }
    Some(IndexOrder { is_reverse: is_reverse.unwrap_or(false), puts_nulls_apart })
}

fn covering_columns(item: &TableItem<'_>, index: &Index) -> Option<Vec<CoveredColumn>> {
    let table = item.table;
    let used = item.used_columns.as_ref()?;
    let in_identity = |column: usize| {
        let key = table.primary_key.iter().position(|key| table.without_rowid && key.column == column)?;
        Some(index.columns.len() + key)
    };
    used.iter()
        .filter(|column| table.rowid_alias != Some(**column))
        .map(|&column| {
            let mut terms = index.columns.iter();
            let position = terms
                .position(|term| matches!(term.term, IndexTerm::Column(of) if of == column))
                .or_else(|| in_identity(column))?;
            Some(CoveredColumn { column, position })
        })
        .collect()
}
