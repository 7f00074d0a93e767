//! What stands around FROM and WHERE: grouping, windows, DISTINCT, ORDER BY, LIMIT.

use std::rc::Rc;

use pluresdb_value::{Collation, Value};

use crate::error::Result;
use crate::plan::compound::{ArmsTop, plan_compound, plan_top_arms};
use crate::plan::from::{FromPlanner, source_order};
use crate::plan::given_order::Remaining;
use crate::plan::predicate::is_steady;
use crate::plan::shown_order::shows_order;
use crate::plan::{
    AccessPath, Compound, EarlyRows, Group, RowidBounds, RowsNode, Sort, SortKey, SortValue, SourceNode,
    SubqueryLabel, is_volatile,
};
use crate::resolve::tree::{
    AggregateCall, Body, CompoundOperator, CompoundOrder, Core, Direction, Expr, FrameBound, From, Grouping,
    OrderTerm, Program, Register, Select, Window, WindowCall,
};
use crate::resolve::{any_expr, identical_expr, is_column, names_subquery, retyped, substituted};
use crate::session::Session;

/// What a LIMIT that is not known yet is taken for.
const UNKNOWN_LIMIT: f64 = 100.0;

pub(super) const ASCENDING: Direction = Direction { descending: false, nulls_first: true };
const DESCENDING: Direction = Direction { descending: true, nulls_first: false };

/// ORDER BY, LIMIT and OFFSET of a core: those of its query, or what a compound asks of an arm.
pub(super) struct Asked<'a> {
    pub order_by: &'a [OrderTerm],
    pub limit: Option<&'a Expr>,
    pub offset: Option<&'a Expr>,
    /// Equal rows count once, though the core does not say so.
    pub is_distinct: bool,
}

impl Asked<'_> {
    fn is_distinct(&self, core: &Core) -> bool {
        core.distinct || self.is_distinct
    }

    fn of(select: &Select) -> Asked<'_> {
        Asked {
            order_by: &select.order_by,
            limit: select.limit.as_ref(),
            offset: select.offset.as_ref(),
            is_distinct: false,
        }
    }
}

/// Plans a query.
pub fn plan_select(select: &Select, program: &Program, session: &Session) -> Result<RowsNode> {
    plan_select_filtered(select, program, session, &[], Register(0))
}

/// Plans a query with further conditions on its result columns, which they read as registers from `output`. In each arm
/// of a compound they compare by the affinities of its own columns.
pub(super) fn plan_select_filtered(
    select: &Select,
    program: &Program,
    session: &Session,
    conditions: &[Expr],
    output: Register,
) -> Result<RowsNode> {
    match &select.body {
        Body::Core(core) => {
            let inside: Vec<Expr> =
                conditions.iter().map(|condition| substituted(condition, &core.outputs, output)).collect();
            plan_core(core, select, &Asked::of(select), program, session, inside)
        }
        Body::Values(rows) => {
            let values = filtered_values(RowsNode::Values { rows: rows.clone() }, select, conditions, output);
            let order_by: Vec<CompoundOrder> = select
                .order_by
                .iter()
                .filter_map(|term| {
                    let column = term.output_column?;
                    Some(CompoundOrder { column, direction: term.direction, collation: term.collation })
                })
                .collect();
            let rows = if order_by.is_empty() {
                values
            } else {
                // A union with nothing is what sorts rows that have no frame.
                RowsNode::Compound(Box::new(Compound {
                    operator: CompoundOperator::UnionAll,
                    left: values,
                    right: RowsNode::Values { rows: Vec::new() },
                    collations: Vec::new(),
                    order_by,
                }))
            };
            Ok(limited(rows, &Asked::of(select)))
        }
        Body::Compound(compound) => {
            let plan_side = |side: &Select| {
                let in_arm = |condition: &Expr| {
                    retyped(condition, &side.columns, output).unwrap_or_else(|| condition.clone())
                };
                let conditions: Vec<Expr> = conditions.iter().map(in_arm).collect();
                plan_select_filtered(side, program, session, &conditions, output)
            };
            let is_one =
                select.offset.is_none() && matches!(select.limit, Some(Expr::Literal(Value::Integer(1))));
            let asked = Asked::of(select);
            let top = if conditions.is_empty() { ArmsTop::of(compound, &asked) } else { None };
            let rows = match top {
                Some(top) => plan_top_arms(compound, &top, &compound.order_by, program, session)?,
                None => plan_compound(compound, is_one, &plan_side)?,
            };
            Ok(limited(rows, &Asked::of(select)))
        }
    }
}

/// The rows of VALUES, an arm of a compound, of which the conditions are true.
fn filtered_values(values: RowsNode, select: &Select, conditions: &[Expr], output: Register) -> RowsNode {
    if conditions.is_empty() {
        return values;
    }
    let label = Box::new(SubqueryLabel {
        name: String::new(),
        definition: None,
        number: select.number,
        columns: select.columns.iter().map(|column| column.name.clone()).collect(),
    });
    let input =
        SourceNode::Subquery { rows: Box::new(values), output, reals: Vec::new(), raw: Vec::new(), label };
    let input = SourceNode::Filter { input: Box::new(input), conditions: conditions.to_vec() };
    let outputs = (0..select.columns.len()).map(|index| Expr::Register(Register(output.0 + index))).collect();
    RowsNode::Project { input, outputs, distinct: None }
}

/// A query with such a LIMIT wants few rows of its windows.
const FEW_ROWS: f64 = 1000.0;

fn limited(rows: RowsNode, asked: &Asked<'_>) -> RowsNode {
    if asked.limit.is_none() && asked.offset.is_none() {
        return rows;
    }
    let (limit, offset) = (asked.limit.cloned(), asked.offset.cloned());
    RowsNode::Limit { input: Box::new(rows), limit, offset }
}

pub(super) fn plan_core(
    core: &Core,
    select: &Select,
    asked: &Asked<'_>,
    program: &Program,
    session: &Session,
    conditions: Vec<Expr>,
) -> Result<RowsNode> {
    // What groups give is known behind them.
    let (mut conditions, of_groups) =
        if core.grouping.is_some() { (Vec::new(), conditions) } else { (conditions, Vec::new()) };
    let mut is_ordered = false;
    let mut given = None;
    let mut node = match count_shortcut(core) {
        Some(node) if conditions.is_empty() => node,
        _ => {
            let mut planner = FromPlanner::new(core.from.as_ref(), program, session)?;
            planner.set_used_columns(select);
            planner.is_reversed = session.settings.reverse_unordered_selects
                && asked.order_by.is_empty()
                && core.grouping.is_none()
                && core.windows.is_empty();
            planner.drops_order = (!asked.order_by.is_empty() || planner.items.len() > 1)
                && !core.grouping.as_ref().is_some_and(reads_in_order);
            planner.allows_covering_scan = core
                .grouping
                .as_ref()
                .is_none_or(|grouping| grouping.has_group_by || counts_different(grouping));
            planner.shows_order = match &core.grouping {
                Some(grouping) => shows_order(grouping),
                None => asked.order_by.is_empty() && planner.is_of_one_without_rowid(),
            };
            let extreme = core.grouping.as_ref().and_then(|grouping| lone_extreme(grouping, core));
            let wanted = match (&core.grouping, extreme) {
                (_, Some((arg, is_max))) => {
                    if !matches!(arg, Expr::Rowid(_)) {
                        conditions.push(Expr::IsNull { operand: Rc::new(arg.clone()), negated: true });
                    }
                    planner.limit = Some(1.0);
                    let collation = core.grouping.as_ref().map(|grouping| grouping.aggregates[0].collation);
                    let direction = if is_max { DESCENDING } else { ASCENDING };
                    source_order([(arg, Some(direction), collation.unwrap_or_default())].into_iter())
                }
                (Some(grouping), None) => {
                    // An index gives groups in its own order, unless that saves the sort.
                    let is_sorted = !asked.order_by.is_empty() && groups_are_ordered(grouping, core, asked);
                    let directions = group_directions(grouping, core, asked);
                    let keys =
                        grouping.keys.iter().zip(directions).map(|(key, direction)| {
                            (&key.expr, is_sorted.then_some(direction), key.collation)
                        });
                    source_order(keys)
                }
                (None, None) if core.windows.is_empty() => {
                    planner.sorts_parts = planner.items.len() == 1;
                    planner.limit = limit_hint(asked, core);
                    planner.taken =
                        planner.limit.filter(|_| asked.order_by.is_empty() && !asked.is_distinct(core));
                    source_order(
                        asked
                            .order_by
                            .iter()
                            .map(|term| (ordered_expr(term, core), Some(term.direction), term.collation)),
                    )
                }
                (None, None) => {
                    let window = window_of_few(asked, core);
                    planner.limit = window.and(limit_hint(asked, core));
                    source_order(window.into_iter().flat_map(window_order))
                }
            };
            let input = planner.plan(core.filter.as_ref(), &conditions, wanted)?;
            is_ordered = planner.is_ordered;
            if let (Some(given), Some(grouping)) = (&planner.given, &core.grouping) {
                // With an ORDER BY of the groups no sort follows: they must come in its directions.
                let is_shown = !asked.order_by.is_empty() && groups_are_ordered(grouping, core, asked);
                let directions = group_directions(grouping, core, asked).into_iter();
                let keys = grouping.keys.iter().zip(directions);
                is_ordered =
                    given.groups(keys.map(|(key, direction)| (&key.expr, is_shown.then_some(direction))));
            }
            given = planner.given.take();
            match &core.grouping {
                Some(grouping) => {
                    let directions = group_directions(grouping, core, asked);
                    let mut node = grouped(grouping, directions, input, is_ordered, extreme.is_some());
                    let is_shown = core.windows.is_empty() && !asked.is_distinct(core);
                    if is_shown && (asked.order_by.is_empty() || groups_are_ordered(grouping, core, asked)) {
                        node.few = limit_hint(asked, core).filter(|limit| *limit <= FEW_ROWS);
                    }
                    if node.has_group_by && !node.is_input_sorted {
                        node.image = planner.image_of_all();
                    }
                    SourceNode::Group(Box::new(node))
                }
                None => input,
            }
        }
    };
    if let Some(grouping) = &core.grouping {
        is_ordered = groups_are_ordered(grouping, core, asked);
    }
    let having: Vec<Expr> = core.having.iter().cloned().chain(of_groups).collect();
    if !having.is_empty() {
        node = SourceNode::Filter { input: Box::new(node), conditions: having };
    }
    let is_in_order = core.windows.last().is_some_and(|window| is_order_of(window, asked, core));
    let mut is_lazy = (asked.order_by.is_empty() || is_in_order)
        && !asked.is_distinct(core)
        && limit_hint(asked, core).is_some_and(|limit| limit <= FEW_ROWS);
    // What a window was planned for is the order of its rows; no other one's order shows before all are read.
    let is_planned = is_ordered && core.grouping.is_none();
    for (index, window) in core.windows.iter().enumerate() {
        let mut window = window.clone();
        window.is_input_sorted |= index == 0 && is_planned || comes_in_order(&node, &window);
        is_lazy &= window.is_input_sorted && gives_as_it_reads(&window);
        node = SourceNode::Window { input: Box::new(node), window: Box::new(window), is_lazy };
    }
    let distinct =
        asked.is_distinct(core).then(|| select.columns.iter().map(|column| column.collation).collect());
    let outputs = core.outputs.clone();
    if asked.order_by.is_empty()
        || is_ordered && core.windows.is_empty()
        || is_in_order && !asked.is_distinct(core)
    {
        return Ok(limited(RowsNode::Project { input: node, outputs, distinct }, asked));
    }
    let mut keys = sort_keys(asked.order_by);
    for (key, term) in keys.iter_mut().zip(asked.order_by) {
        if let Some(column) = term.output_column {
            // A plain column is read where it stands, so that rows that are not kept are not made.
            let is_plain = distinct.is_none() && is_column(&outputs[column]);
            key.value =
                if is_plain { SortValue::Expr(outputs[column].clone()) } else { SortValue::Output(column) };
        }
    }
    let is_single = core.grouping.is_none() && core.windows.is_empty();
    if let Some(given) = given.filter(|_| is_single) {
        match given.remaining(asked.order_by, core, &keys) {
            Some(Remaining::Nothing) => {
                return Ok(limited(RowsNode::Project { input: node, outputs, distinct }, asked));
            }
            Some(Remaining::Sort(sorted)) => keys = sorted,
            None => {}
        }
    }
    let (limit, offset) = (asked.limit.cloned(), asked.offset.cloned());
    let early = if is_single && distinct.is_none() {
        early_rows(select, asked, core, &conditions, program, session)?
    } else {
        None
    };
    Ok(RowsNode::Sort(Box::new(Sort { input: node, outputs, distinct, keys, limit, offset, early })))
}

/// The rows of a table in the order of the first terms of ORDER BY, where few of them are wanted and nobody can see which
/// ones are read.
fn early_rows(
    select: &Select,
    asked: &Asked<'_>,
    core: &Core,
    conditions: &[Expr],
    program: &Program,
    session: &Session,
) -> Result<Option<Box<EarlyRows>>> {
    let limit = limit_hint(asked, core).filter(|limit| *limit <= FEW_ROWS);
    let (Some(limit), Some(From::Table(_))) = (limit, &core.from) else { return Ok(None) };
    let shows_itself = |expr: &Expr| match expr {
        Expr::Application { .. } => true,
        Expr::Function { function, .. } => !is_steady(function),
        expr => names_subquery(expr),
    };
    let is_seen = |expr: &Expr| any_expr(expr, &shows_itself);
    let terms = asked.order_by.iter().map(|term| &term.expr);
    if core.filter.iter().chain(conditions).chain(&core.outputs).chain(terms).any(is_seen) {
        return Ok(None);
    }
    for given in (1..asked.order_by.len()).rev() {
        let mut planner = FromPlanner::new(core.from.as_ref(), program, session)?;
        planner.set_used_columns(select);
        planner.limit = Some(limit);
        let terms = asked.order_by[..given].iter();
        let wanted =
            source_order(terms.map(|term| (ordered_expr(term, core), Some(term.direction), term.collation)));
        if wanted.is_none() {
            continue;
        }
        let input = planner.plan(core.filter.as_ref(), conditions, wanted)?;
        if planner.is_ordered {
            return Ok(Some(Box::new(EarlyRows { input, given })));
        }
    }
    Ok(None)
}

/// Whether rows of a window have their results before its partition has ended.
fn gives_as_it_reads(window: &Window) -> bool {
    if window.calls.iter().all(WindowCall::is_told_by_rows_before) {
        return true;
    }
    let ends_open = matches!(window.frame.end, FrameBound::UnboundedFollowing);
    !ends_open && window.calls.iter().all(|call| call.function.reads_frame())
}

/// The window whose rows had better come in its order: few are wanted, and it gives them as it reads.
fn window_of_few<'c>(asked: &Asked<'_>, core: &'c Core) -> Option<&'c Window> {
    let (window, others) = core.windows.split_first()?;
    let is_few = limit_hint(asked, core).is_some_and(|limit| limit <= FEW_ROWS) && !asked.is_distinct(core);
    let is_told = core.grouping.is_none()
        && core.windows.iter().all(gives_as_it_reads)
        && others.iter().all(|window| window.is_input_sorted)
        && (asked.order_by.is_empty() || is_order_of(window, asked, core));
    (is_few && is_told).then_some(window)
}

fn window_order(window: &Window) -> impl Iterator<Item = (&Expr, Option<Direction>, Collation)> {
    let partitions = window.partition_by.iter().map(|(expr, collation)| (expr, Some(ASCENDING), *collation));
    let order = window.order_by.iter().map(|term| (&term.expr, Some(term.direction), term.collation));
    partitions.chain(order)
}

/// Whether the rows of the lone window come out in the order that is asked for.
fn is_order_of(window: &Window, asked: &Asked<'_>, core: &Core) -> bool {
    if core.windows.len() != 1 || core.grouping.is_some() {
        return false;
    }
    // What is read above the window was captured below it.
    let below = |expr: &Expr| match expr {
        Expr::Register(register) => {
            let captured = window.captured.iter().find(|capture| capture.register == *register);
            captured.map(|capture| capture.expr.clone())
        }
        _ => None,
    };
    let mut own = window_order(window);
    !asked.order_by.is_empty()
        && asked.order_by.iter().all(|term| {
            let wanted = ordered_expr(term, core);
            let captured = below(wanted);
            own.next().is_some_and(|(expr, direction, collation)| {
                collation == term.collation
                    && direction == Some(term.direction)
                    && !is_volatile(expr)
                    && identical_expr(captured.as_ref().unwrap_or(wanted), expr)
            })
        })
}

/// Whether a table is read in the order of the window over it: that of its rowids.
fn comes_in_order(node: &SourceNode, window: &Window) -> bool {
    let SourceNode::Scan(scan) = node else { return false };
    let is_by_rowid = matches!(scan.path, AccessPath::Full | AccessPath::Rowid(RowidBounds::Range { .. }))
        && !scan.table.without_rowid
        && !scan.is_reverse;
    let is_rowid = |expr: &Expr| matches!(expr, Expr::Rowid(source) if *source == scan.source);
    // No two rows have one rowid: what comes behind it decides nothing.
    let is_first = match (window.partition_by.first(), window.order_by.first()) {
        (Some((expr, _)), _) => is_rowid(expr),
        (None, Some(term)) => is_rowid(&term.expr) && !term.direction.descending,
        (None, None) => true,
    };
    is_by_rowid && is_first
}

/// What a term of ORDER BY sorts by, where the rows of FROM can be read.
pub(super) fn ordered_expr<'t>(term: &'t OrderTerm, core: &'t Core) -> &'t Expr {
    term.output_column.map_or(&term.expr, |column| &core.outputs[column])
}

pub(super) fn sort_keys(terms: &[OrderTerm]) -> Vec<SortKey> {
    terms
        .iter()
        .map(|term| SortKey {
            value: SortValue::Expr(term.expr.clone()),
            direction: term.direction,
            collation: term.collation,
        })
        .collect()
}

/// How many rows will be read, when ORDER BY needs no sort.
fn limit_hint(asked: &Asked<'_>, core: &Core) -> Option<f64> {
    let limit = asked.limit?;
    if asked.is_distinct(core) {
        return Some(UNKNOWN_LIMIT);
    }
    let known = |expr: &Expr| match expr {
        Expr::Literal(Value::Integer(limit)) if *limit >= 0 => Some(*limit as f64),
        _ => None,
    };
    let offset = asked.offset.map_or(Some(0.0), known);
    Some(known(limit).zip(offset).map_or(UNKNOWN_LIMIT, |(limit, offset)| limit + offset))
}

fn grouped(
    grouping: &Grouping,
    directions: Vec<Direction>,
    input: SourceNode,
    is_ordered: bool,
    is_extreme: bool,
) -> Group {
    Group {
        input,
        few: None,
        is_descending: directions.iter().map(|direction| direction.descending).collect(),
        keys: grouping.keys.clone(),
        has_group_by: grouping.has_group_by,
        aggregates: grouping.aggregates.clone(),
        captured: grouping.captured.clone(),
        capture_from: grouping.capture_from,
        is_input_sorted: is_ordered && !is_extreme && !grouping.keys.is_empty(),
        stops_at_first: is_extreme && is_ordered,
        is_order_free: false,
        image: Vec::new(),
    }
}

/// Whether an aggregate may tell in which order it read the rows.
fn reads_in_order(grouping: &Grouping) -> bool {
    let tells =
        |call: &AggregateCall| !matches!(call.function.built_in_name(), Some("count" | "min" | "max"));
    grouping.aggregates.iter().any(tells)
}

/// The order in which groups are sorted, by key. As in SQLite an ORDER BY of as many terms lends its directions, whatever
/// its terms are, so that its ties come out in this order.
fn group_directions(grouping: &Grouping, core: &Core, asked: &Asked<'_>) -> Vec<Direction> {
    let is_lent = core.windows.is_empty() && asked.order_by.len() == grouping.keys.len();
    let is_descending = |index: usize| is_lent && asked.order_by[index].direction.descending;
    (0..grouping.keys.len()).map(|index| if is_descending(index) { DESCENDING } else { ASCENDING }).collect()
}

/// Whether groups come out in the order that ORDER BY asks for.
fn groups_are_ordered(grouping: &Grouping, core: &Core, asked: &Asked<'_>) -> bool {
    let order_by = asked.order_by;
    if !core.windows.is_empty() {
        return false;
    }
    if !grouping.has_group_by {
        return true;
    }
    let directions = group_directions(grouping, core, asked);
    order_by.len() <= grouping.keys.len()
        && order_by.iter().zip(&grouping.keys).zip(directions).all(|((term, key), direction)| {
            matches!(term.expr, Expr::Register(register) if register == key.register)
                && term.direction == direction
                && term.collation == key.collation
        })
}

/// Whether all that is asked is how many different values there are: an index has equal ones side by side.
fn counts_different(grouping: &Grouping) -> bool {
    let is_count = |call: &AggregateCall| {
        call.distinct && call.function.built_in_name() == Some("count") && call.filter.is_none()
    };
    grouping.captured.is_empty() && matches!(&grouping.aggregates[..], [call] if is_count(call))
}

/// `count(*)` of a whole table.
fn count_shortcut(core: &Core) -> Option<SourceNode> {
    let (Some(From::Table(table)), Some(grouping), None) = (&core.from, &core.grouping, &core.filter) else {
        return None;
    };
    let [call] = &grouping.aggregates[..] else { return None };
    let is_plain =
        call.function.built_in_name() == Some("count") && call.args.is_empty() && call.filter.is_none();
    if !is_plain || grouping.has_group_by || !grouping.captured.is_empty() {
        return None;
    }
    Some(SourceNode::Count {
        database: table.database,
        table: table.table.clone(),
        result: call.result,
        name: table.shown.clone(),
    })
}

/// A lone `min(x)` or `max(x)` of one table: the first row in the order of x answers it. True for max.
fn lone_extreme<'g>(grouping: &'g Grouping, core: &Core) -> Option<(&'g Expr, bool)> {
    let [call] = &grouping.aggregates[..] else { return None };
    let is_max = match call.function.built_in_name()? {
        "min" => false,
        "max" => true,
        _ => return None,
    };
    let [arg @ (Expr::Column { .. } | Expr::Rowid(_))] = &call.args[..] else { return None };
    let is_plain = !grouping.has_group_by
        && grouping.captured.is_empty()
        && call.filter.is_none()
        && core.windows.is_empty()
        && matches!(core.from, Some(From::Table(_)));
    is_plain.then_some((arg, is_max))
}
