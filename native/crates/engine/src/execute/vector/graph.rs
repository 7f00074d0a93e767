//! The tables of a plan's inner joins, and the conditions between them: what another order of the joins starts from.
//!
//! ```text
//! nested loop                        tables:     a, b, c, each read as a whole
//! ├─ scan a, a.x > 5                 conditions: a.x > 5   b.id = a.b   c.b = b.id
//! └─ nested loop                     substitutions: registers of subqueries in FROM → their expressions
//!    ├─ search b (rowid = a.b)
//!    └─ search c by index (b = b.id)
//! ```
//!
//! What an access path ensures becomes a condition again. Of an OR, what all its parts say is said once, and what its
//! parts say of one table alone is said of that table too.

use std::rc::Rc;

use pluresdb_value::{Affinity, Collation};

use super::batch::Slot;
use crate::catalog::{Index, IndexTerm};
use crate::plan::references::{Reference, Walker};
use crate::plan::{AccessPath, InValues, KeyBounds, KeyValue, LoopKind, RangeEnd, RowidBounds, RowsNode};
use crate::plan::{PartialPath, Scan, SourceNode};
use crate::resolve::tree::{
    AggregateCall, Compare, CompareOperator, Comparison, Expr, InList, InSelect, Program, Register,
    RowOperand, SourceId, SubqueryId, Waits,
};
use crate::resolve::{identical_expr, substituted};

/// A set of tables, bit i for table i.
pub(super) type TableSet = u64;

const MAX_TABLES: usize = 64;

/// How the plan finds a table's rows for a row of the tables before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// It is read as a whole.
    Whole,
    One,
    Some,
}

#[derive(Clone)]
pub(super) struct GraphTable {
    /// Read as a whole, or a range of its rowids.
    pub scan: Scan,
    pub lookup: Lookup,
}

#[derive(Clone)]
pub(super) struct Condition {
    pub expr: Expr,
    pub tables: TableSet,
    /// It asks a subquery anew for each row, or for all rows that pass the other conditions.
    pub is_correlated: bool,
    /// Another condition says it too, which the plan could not use for this table.
    is_derived: bool,
}

#[derive(Clone)]
pub(super) struct JoinGraph {
    /// In the order of the plan.
    pub tables: Vec<GraphTable>,
    pub conditions: Vec<Condition>,
    /// Inner ones first.
    substitutions: Vec<(Register, Vec<Expr>)>,
}

impl JoinGraph {
    /// None when there is more in the plan than tables and inner joins.
    pub fn of(node: &SourceNode, program: &Program) -> Option<JoinGraph> {
        let mut gathered = Gathered::default();
        gathered.node(node)?;
        if gathered.tables.is_empty() || gathered.tables.len() > MAX_TABLES {
            return None;
        }
        let mut graph = JoinGraph {
            tables: gathered.tables,
            conditions: Vec::new(),
            substitutions: gathered.substitutions,
        };
        let mut exprs = Vec::new();
        for expr in gathered.conditions {
            split(graph.substituted(&expr, program)?, &mut exprs);
        }
        for expr in exprs {
            graph.add_condition(expr, program);
        }
        Some(graph)
    }

    /// Whether batches leave out rows of the table before the plan could.
    pub fn has_derived_conditions(&self, table: usize) -> bool {
        self.conditions.iter().any(|condition| condition.is_derived && condition.tables == 1 << table)
    }

    /// Has the rows of a lone table come by the plan's path; false when batches cannot read that.
    pub fn read_as_planned(&mut self, node: &SourceNode) -> bool {
        let scan = match node {
            SourceNode::Scan(scan) => scan,
            SourceNode::Filter { input, .. } => return self.read_as_planned(input),
            _ => return false,
        };
        match &mut self.tables[..] {
            [table] if !scan.is_reverse => table.scan.path = scan.path.clone(),
            _ => return false,
        }
        true
    }

    /// The columns of FROM's subqueries by the tables', from these registers on.
    pub fn registers(&self) -> &[(Register, Vec<Expr>)] {
        &self.substitutions
    }

    pub fn sources(&self) -> Vec<SourceId> {
        self.tables.iter().map(|table| table.scan.source).collect()
    }

    /// The expression without the registers of FROM's subqueries; None when one of its own subqueries reads them.
    pub fn substituted(&self, expr: &Expr, program: &Program) -> Option<Expr> {
        let mut expr = expr.clone();
        for (register, outputs) in self.substitutions.iter().rev() {
            expr = substituted(&expr, outputs, *register);
        }
        let mut is_left = false;
        let mut visit = |reference: Reference| {
            if let Reference::Register(register) = reference {
                let is_in = |(first, outputs): &(Register, Vec<Expr>)| {
                    (first.0..first.0 + outputs.len()).contains(&register.0)
                };
                is_left |= self.substitutions.iter().any(is_in);
            }
        };
        Walker::new(program, &mut visit).expr(&expr);
        (!is_left).then_some(expr)
    }

    pub fn substituted_call(&self, call: &AggregateCall, program: &Program) -> Option<AggregateCall> {
        let mut call = call.clone();
        for arg in &mut call.args {
            *arg = self.substituted(arg, program)?;
        }
        if let Some(filter) = &mut call.filter {
            *filter = self.substituted(filter, program)?;
        }
        Some(call)
    }

    fn add_condition(&mut self, expr: Expr, program: &Program) {
        let (tables, is_correlated) = self.reading(&expr, program);
        if tables.count_ones() > 1 && !is_correlated {
            for part in self.said_of_single_tables(&expr, program) {
                let (tables, is_correlated) = self.reading(&part, program);
                self.conditions.push(Condition { expr: part, tables, is_correlated, is_derived: true });
            }
        }
        self.conditions.push(Condition { expr, tables, is_correlated, is_derived: false });
    }

    /// The same with the sets of IN (SELECT …) asked for the rows that pass everything else; None when there is no such
    /// condition, or nothing else.
    pub fn asking_sets_last(&self, program: &Program) -> Option<JoinGraph> {
        let is_set = |condition: &Condition| {
            !condition.is_correlated && condition.tables != 0 && set_of(&condition.expr, program).is_some()
        };
        if self.conditions.iter().all(is_set) || !self.conditions.iter().any(is_set) {
            return None;
        }
        let mut graph = self.clone();
        for condition in &mut graph.conditions {
            condition.is_correlated |= is_set(condition);
        }
        Some(graph)
    }

    /// Of a column of its tables.
    pub fn affinity_of(&self, slot: Slot) -> Option<Affinity> {
        let Slot::Column(source, column) = slot else { return None };
        let table = self.tables.iter().find(|table| table.scan.source == source)?;
        Some(table.scan.table.columns[column].affinity)
    }

    /// The tables an expression reads, and whether it asks a subquery about them.
    pub fn reading(&self, expr: &Expr, program: &Program) -> (TableSet, bool) {
        let (mut tables, mut is_correlated) = (0, false);
        let mut visit = |reference: Reference| match reference {
            Reference::Column { source, .. } | Reference::Rowid(source) => {
                if let Some(table) = self.tables.iter().position(|table| table.scan.source == source) {
                    tables |= 1 << table;
                }
            }
            Reference::Subquery(id) => is_correlated |= program.subqueries[id.0].correlated,
            Reference::Register(_) | Reference::Cte(_) => {}
        };
        Walker::new(program, &mut visit).expr(expr);
        (tables, is_correlated)
    }

    /// What the parts of an OR say of one table alone: `(a.x = 1 AND b.y = 1) OR (a.x = 2 AND …)` says `a.x IN (1, 2)`.
    fn said_of_single_tables(&self, expr: &Expr, program: &Program) -> Vec<Expr> {
        if !matches!(expr, Expr::Or(..)) {
            return Vec::new();
        }
        let mut arms = Vec::new();
        arms_of(expr, &mut arms);
        let arms: Vec<Vec<Expr>> = arms
            .into_iter()
            .map(|arm| {
                let mut conjuncts = Vec::new();
                split(arm.clone(), &mut conjuncts);
                conjuncts
            })
            .collect();
        let of_table = |table: usize| {
            let said = |arm: &Vec<Expr>| {
                let own = arm.iter().filter(|expr| self.reading(expr, program) == (1 << table, false));
                own.cloned().reduce(and)
            };
            arms.iter().map(said).collect::<Option<Vec<Expr>>>()?.into_iter().reduce(or)
        };
        (0..self.tables.len()).filter_map(of_table).collect()
    }
}

/// What has to be among a subquery's values.
pub(super) struct SetMember<'e> {
    pub subquery: SubqueryId,
    pub operand: &'e Expr,
    pub comparison: Comparison,
}

/// Of a condition on one value that is among those of a subquery, which is the same for all rows.
pub(super) fn set_of<'e>(condition: &'e Expr, program: &Program) -> Option<SetMember<'e>> {
    let Expr::InSelect(in_select) = condition else { return None };
    let InSelect { operand, subquery, comparisons, negated: false, keeps_operand: false } = &**in_select
    else {
        return None;
    };
    let (RowOperand::Exprs(operands), [comparison]) = (operand, &comparisons[..]) else { return None };
    let [operand] = &operands[..] else { return None };
    let is_same = !program.subqueries[subquery.0].correlated && !comparison.collation.is_custom();
    is_same.then_some(SetMember { subquery: *subquery, operand, comparison: *comparison })
}

fn and(left: Expr, right: Expr) -> Expr {
    Expr::And(Rc::new(left), Rc::new(right), Waits::Neither)
}

fn or(left: Expr, right: Expr) -> Expr {
    Expr::Or(Rc::new(left), Rc::new(right), Waits::Neither)
}

fn arms_of<'e>(expr: &'e Expr, arms: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Or(left, right, _) => {
            arms_of(left, arms);
            arms_of(right, arms);
        }
        arm => arms.push(arm),
    }
}

/// Takes a condition apart at its ANDs, and an OR at what all its parts have in common.
fn split(expr: Expr, conjuncts: &mut Vec<Expr>) {
    match &expr {
        Expr::And(left, right, _) => {
            split((**left).clone(), conjuncts);
            split((**right).clone(), conjuncts);
        }
        Expr::Or(..) => {
            let mut arms = Vec::new();
            arms_of(&expr, &mut arms);
            let mut parts: Vec<Vec<Expr>> = arms
                .into_iter()
                .map(|arm| {
                    let mut parts = Vec::new();
                    split(arm.clone(), &mut parts);
                    parts
                })
                .collect();
            let Some((first, others)) = parts.split_first() else { return };
            let is_in = |part: &Expr, arm: &Vec<Expr>| arm.iter().any(|other| identical_expr(part, other));
            let common: Vec<Expr> =
                first.iter().filter(|part| others.iter().all(|arm| is_in(part, arm))).cloned().collect();
            if common.is_empty() {
                conjuncts.push(expr);
                return;
            }
            for arm in &mut parts {
                arm.retain(|part| !common.iter().any(|shared| identical_expr(shared, part)));
            }
            conjuncts.extend(common);
            // An arm that says no more than the others decides nothing.
            let rests = parts.into_iter().map(|arm| arm.into_iter().reduce(and)).collect::<Option<Vec<_>>>();
            conjuncts.extend(rests.and_then(|rests| rests.into_iter().reduce(or)));
        }
        _ => conjuncts.push(expr),
    }
}

#[derive(Default)]
struct Gathered {
    tables: Vec<GraphTable>,
    conditions: Vec<Expr>,
    substitutions: Vec<(Register, Vec<Expr>)>,
}

impl Gathered {
    fn node(&mut self, node: &SourceNode) -> Option<()> {
        match node {
            SourceNode::Once => {}
            SourceNode::Scan(scan) => self.scan(scan)?,
            SourceNode::Filter { input, conditions } => {
                self.node(input)?;
                self.conditions.extend_from_slice(conditions);
            }
            SourceNode::NestedLoop(join) if join.kind == LoopKind::Inner => {
                self.node(&join.left)?;
                self.node(&join.right)?;
                self.conditions.extend_from_slice(&join.on);
            }
            SourceNode::HashJoin(join) if join.kind == LoopKind::Inner => {
                self.node(&join.left)?;
                self.node(&join.right)?;
                for key in &join.keys {
                    self.conditions.push(equality(key.left.clone(), key.right.clone(), key.comparison));
                }
                self.conditions.extend_from_slice(&join.on);
            }
            SourceNode::Materialize { input, .. } => self.node(input)?,
            SourceNode::Subquery { rows, output, reals, .. } if reals.is_empty() => {
                let RowsNode::Project { input, outputs, distinct: None } = &**rows else { return None };
                self.node(input)?;
                let mut outputs = outputs.clone();
                for (register, inner) in self.substitutions.iter().rev() {
                    for expr in &mut outputs {
                        *expr = substituted(expr, inner, *register);
                    }
                }
                self.substitutions.push((*output, outputs));
            }
            _ => return None,
        }
        Some(())
    }

    fn scan(&mut self, scan: &Scan) -> Option<()> {
        let is_known = |end: &RangeEnd| matches!(end.expr, Expr::Literal(_) | Expr::Parameter(_));
        let (path, lookup) = match &scan.path {
            AccessPath::Full => (AccessPath::Full, Lookup::Whole),
            AccessPath::Rowid(RowidBounds::Range { low, high })
                if [low, high].into_iter().flatten().all(is_known) =>
            {
                (scan.path.clone(), Lookup::Whole)
            }
            path => {
                let conditions = path_conditions(scan.source, path)?;
                let lookup = match path {
                    _ if conditions.is_empty() => Lookup::Whole,
                    AccessPath::Rowid(RowidBounds::Equal(_)) => Lookup::One,
                    AccessPath::PrimaryKey { index, bounds } | AccessPath::Index { index, bounds, .. }
                        if index.unique && bounds.equal.len() == key_len(index) =>
                    {
                        Lookup::One
                    }
                    _ => Lookup::Some,
                };
                self.conditions.extend(conditions);
                (AccessPath::Full, lookup)
            }
        };
        self.conditions.extend_from_slice(&scan.conditions);
        let scan = Scan { path, is_reverse: false, conditions: Vec::new(), ..scan.clone() };
        self.tables.push(GraphTable { scan, lookup });
        Some(())
    }
}

/// Columns of an index without the rowid behind them.
fn key_len(index: &Index) -> usize {
    index.columns.iter().take_while(|column| !matches!(column.term, IndexTerm::Rowid)).count()
}

fn equality(left: Expr, right: Expr, comparison: Comparison) -> Expr {
    compare(CompareOperator::Equal, left, right, comparison)
}

fn compare(operator: CompareOperator, left: Expr, right: Expr, comparison: Comparison) -> Expr {
    Expr::Compare(Rc::new(Compare { operator, left, right, comparison, waits: Waits::Neither }))
}

/// What a path ensures of its rows; None when that is not said in an expression.
fn path_conditions(source: SourceId, path: &AccessPath) -> Option<Vec<Expr>> {
    let of_rowid = Comparison { affinity: Some(Affinity::Numeric), ..Comparison::new(Collation::Binary) };
    match path {
        AccessPath::Full => Some(Vec::new()),
        AccessPath::Rowid(RowidBounds::Equal(value)) => {
            Some(vec![equality(Expr::Rowid(source), value.clone(), of_rowid)])
        }
        AccessPath::Rowid(RowidBounds::In(values)) => {
            Some(vec![among(Expr::Rowid(source), values, of_rowid)])
        }
        AccessPath::Rowid(RowidBounds::Range { .. }) => None,
        AccessPath::PrimaryKey { index, bounds } | AccessPath::Index { index, bounds, .. } => {
            index_conditions(source, index, bounds)
        }
        AccessPath::AnyOf(parts) => {
            let arm = |part: &PartialPath| {
                let ensured = path_conditions(source, &part.path)?;
                ensured.into_iter().chain(part.conditions.iter().cloned()).reduce(and)
            };
            let arms = parts.iter().map(arm).collect::<Option<Vec<Expr>>>()?;
            arms.into_iter().reduce(or).map(|expr| vec![expr])
        }
    }
}

fn among(operand: Expr, values: &InValues, comparison: Comparison) -> Expr {
    match values {
        InValues::List(list) => Expr::InList(Rc::new(InList {
            operand,
            list: list.clone(),
            comparison,
            negated: false,
            keeps_operand: false,
        })),
        InValues::Select(subquery) => Expr::InSelect(Rc::new(InSelect {
            operand: RowOperand::Exprs(vec![operand]),
            subquery: *subquery,
            comparisons: vec![comparison],
            negated: false,
            keeps_operand: false,
        })),
    }
}

fn index_conditions(source: SourceId, index: &Index, bounds: &KeyBounds) -> Option<Vec<Expr>> {
    if index.partial.is_some() {
        return None;
    }
    let place = |position: usize| match index.columns.get(position).map(|column| &column.term) {
        Some(IndexTerm::Column(column)) => Some(Expr::Column { source, column: *column }),
        // A range behind all columns is one of rowids.
        Some(IndexTerm::Rowid) | None => Some(Expr::Rowid(source)),
        Some(IndexTerm::Expr(_)) => None,
    };
    let mut conditions = Vec::new();
    for (position, term) in bounds.equal.iter().enumerate() {
        let place = place(position)?;
        conditions.push(match &term.value {
            KeyValue::Equal(value) => equality(place, value.clone(), term.comparison),
            KeyValue::Is(value) => compare(CompareOperator::Is, place, value.clone(), term.comparison),
            KeyValue::In(values) => among(place, values, term.comparison),
        });
    }
    let ends = [
        (&bounds.low, CompareOperator::Greater, CompareOperator::GreaterOrEqual),
        (&bounds.high, CompareOperator::Less, CompareOperator::LessOrEqual),
    ];
    for (end, exclusive, inclusive) in ends {
        let Some(end) = end else { continue };
        let operator = if end.is_inclusive { inclusive } else { exclusive };
        let comparison = bounds.range_comparison?;
        conditions.push(compare(operator, place(bounds.equal.len())?, end.expr.clone(), comparison));
    }
    Some(conditions)
}
