//! WHERE and ON as conjuncts: what each one reads decides where it is checked.

use std::rc::Rc;

use pluresdb_function::{Flags, Scalar};
use pluresdb_value::Value;

use crate::plan::references::{Reference, Walker};
use crate::resolve::is_column;
use crate::resolve::tree::{
    Compare, CompareOperator, Comparison, Expr, InList, Program, Register, RowCompare, RowOperand, SourceId,
    Waits,
};

/// A set of the FROM clause's items, bit i for item i.
pub(super) type ItemSet = u64;

/// What an item fills: a cursor, or registers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Filled {
    Source(SourceId),
    Registers { first: Register, count: usize },
}

impl Filled {
    pub fn has(self, register: Register) -> bool {
        matches!(self, Filled::Registers { first, count } if (first.0..first.0 + count).contains(&register.0))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Conjunct {
    pub expr: Expr,
    pub items: ItemSet,
    pub has_subquery: bool,
    /// An access path or join key took it.
    pub is_used: bool,
    /// Another conjunct says so already: good for an access path, not worth being checked.
    pub is_implied: bool,
    /// The comparison of rows that implies it.
    pub row: Option<Rc<RowCompare>>,
    /// The arguments of a LIKE or GLOB that need not be checked where an access path takes this one.
    pub proves: Option<Rc<[Expr]>>,
}

/// Which items an expression reads. What no item fills belongs to an enclosing query.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    pub items: ItemSet,
    pub reads_outer: bool,
    pub has_subquery: bool,
}

pub(super) fn reading(expr: &Expr, filled: &[Filled], program: &Program) -> Reading {
    let mut reading = Reading::default();
    let mut visit = |reference: Reference| {
        let item = match reference {
            Reference::Column { source, .. } | Reference::Rowid(source) => {
                filled.iter().position(|filled| matches!(filled, Filled::Source(own) if *own == source))
            }
            Reference::Register(register) => filled.iter().position(|filled| filled.has(register)),
            Reference::Subquery(_) => {
                reading.has_subquery = true;
                return;
            }
            Reference::Cte(_) => return,
        };
        match item {
            Some(item) => reading.items |= 1 << item,
            None => reading.reads_outer = true,
        }
    };
    Walker::new(program, &mut visit).expr(expr);
    reading
}

/// Takes a condition apart at its ANDs, and row comparisons and BETWEEN where an index could use the parts: it may be
/// one on columns, or on an expression that `is_indexed`.
pub(super) fn split(
    expr: &Expr,
    is_indexed: &dyn Fn(&Expr) -> bool,
    filled: &[Filled],
    program: &Program,
    out: &mut Vec<Conjunct>,
) {
    match expr {
        Expr::And(left, right, _) => {
            split(left, is_indexed, filled, program, out);
            split(right, is_indexed, filled, program, out);
        }
        Expr::Or(..) => match simplified(expr) {
            // SQLite takes no AND apart that was in an OR.
            simple @ (Expr::Or(..) | Expr::And(..)) => {
                out.push(conjunct(simple, filled, program));
                for said in said_by_both(simple) {
                    out.push(Conjunct { is_implied: true, ..conjunct(&said, filled, program) });
                }
            }
            simple => split(simple, is_indexed, filled, program, out),
        },
        Expr::Between(between)
            if !between.negated && (is_column(&between.operand) || is_indexed(&between.operand)) =>
        {
            for (operator, bound, comparison) in [
                (CompareOperator::GreaterOrEqual, &between.low, between.low_comparison),
                (CompareOperator::LessOrEqual, &between.high, between.high_comparison),
            ] {
                let (left, right, waits) = (between.operand.clone(), bound.clone(), Waits::Neither);
                let compare = Expr::Compare(Rc::new(Compare { operator, left, right, comparison, waits }));
                split(&compare, is_indexed, filled, program, out);
            }
        }
        Expr::RowCompare(compare) => match &**compare {
            RowCompare {
                operator: operator @ (CompareOperator::Equal | CompareOperator::Is),
                left: RowOperand::Exprs(left),
                right: RowOperand::Exprs(right),
                comparisons,
            } => {
                for ((left, right), comparison) in left.iter().zip(right).zip(comparisons) {
                    let (left, right, waits) = (left.clone(), right.clone(), Waits::Neither);
                    let (operator, comparison) = (*operator, *comparison);
                    let compare =
                        Expr::Compare(Rc::new(Compare { operator, left, right, comparison, waits }));
                    split(&compare, is_indexed, filled, program, out);
                }
            }
            _ => {
                out.push(conjunct(expr, filled, program));
                let implied = compare_of_firsts(compare).map(|first| conjunct(&first, filled, program));
                out.extend(implied.map(|first| Conjunct {
                    is_implied: true,
                    row: Some(compare.clone()),
                    ..first
                }));
            }
        },
        _ => out.push(conjunct(expr, filled, program)),
    }
}

/// `a >= 1` of `(a, b) > (1, 2)`: where rows are compared by order, the first values are never the other way round.
fn compare_of_firsts(compare: &RowCompare) -> Option<Expr> {
    let RowCompare { operator, left, right, comparisons } = compare;
    let operator = match operator {
        CompareOperator::Less | CompareOperator::LessOrEqual => CompareOperator::LessOrEqual,
        CompareOperator::Greater | CompareOperator::GreaterOrEqual => CompareOperator::GreaterOrEqual,
        _ => return None,
    };
    let (RowOperand::Exprs(left), RowOperand::Exprs(right)) = (left, right) else { return None };
    let (left, right) = (left.first()?, right.first()?);
    // What is computed twice gives the same twice and costs nothing.
    let is_plain = |expr: &Expr| is_column(expr) || matches!(expr, Expr::Literal(_) | Expr::Parameter(_));
    let comparison = *comparisons.first()?;
    let (left, right) = (is_plain(left) && is_plain(right)).then(|| (left.clone(), right.clone()))?;
    Some(Expr::Compare(Rc::new(Compare { operator, left, right, comparison, waits: Waits::Neither })))
}

/// `a <= 1` of `a < 1 OR a = 1 AND b < 2`: what two parts say of one column and one value, as SQLite tells it. Of more parts
/// it tells nothing.
fn said_by_both(expr: &Expr) -> Vec<Expr> {
    let Expr::Or(left, right, _) = expr else { return Vec::new() };
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    comparisons_of(left, &mut of_left);
    comparisons_of(right, &mut of_right);
    let both = of_left.iter().flat_map(|left| of_right.iter().map(move |right| (left, right)));
    both.filter_map(|(left, right)| {
        let is_same = left.comparison == right.comparison
            && same_column(&left.left, &right.left)
            && same_value(&left.right, &right.right);
        let operator = wider(left.operator, right.operator).filter(|_| is_same)?;
        Some(Expr::Compare(Rc::new(Compare { operator, waits: Waits::Neither, ..left.clone() })))
    })
    .collect()
}

/// The comparisons of a column with a value that an AND consists of, the column on the left.
fn comparisons_of(expr: &Expr, comparisons: &mut Vec<Compare>) {
    match expr {
        Expr::And(left, right, _) => {
            comparisons_of(left, comparisons);
            comparisons_of(right, comparisons);
        }
        Expr::Compare(compare) if is_column(&compare.left) && is_constant(&compare.right) => {
            comparisons.push((**compare).clone());
        }
        _ => {}
    }
}

fn same_value(left: &Expr, right: &Expr) -> bool {
    match (left, right) {
        (Expr::Literal(Value::Integer(left)), Expr::Literal(Value::Integer(right))) => left == right,
        (Expr::Literal(Value::Text(left)), Expr::Literal(Value::Text(right))) => left == right,
        (Expr::Parameter(left), Expr::Parameter(right)) => left == right,
        _ => false,
    }
}

/// The comparison that is true where one of the two is.
fn wider(left: CompareOperator, right: CompareOperator) -> Option<CompareOperator> {
    use CompareOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    match (left, right) {
        (Equal | Less | LessOrEqual | Greater | GreaterOrEqual, _) if left == right => Some(left),
        (Equal | Less | LessOrEqual, Equal | Less | LessOrEqual) => Some(LessOrEqual),
        (Equal | Greater | GreaterOrEqual, Equal | Greater | GreaterOrEqual) => Some(GreaterOrEqual),
        _ => None,
    }
}

/// AND and OR without the parts that are written as true or false. What becomes of `x OR false` may use an index.
fn simplified(expr: &Expr) -> &Expr {
    let (left, right, deciding) = match expr {
        Expr::And(left, right, _) => (simplified(left), simplified(right), false),
        Expr::Or(left, right, _) => (simplified(left), simplified(right), true),
        _ => return expr,
    };
    match (written_truth(left), written_truth(right)) {
        (Some(truth), _) => {
            if truth == deciding {
                left
            } else {
                right
            }
        }
        (None, Some(truth)) => {
            if truth == deciding {
                right
            } else {
                left
            }
        }
        (None, None) => expr,
    }
}

/// Of a whole number of 32 bits, as SQLite knows it when it parses.
fn written_truth(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Literal(Value::Integer(integer)) => i32::try_from(*integer).ok().map(|integer| integer != 0),
        _ => None,
    }
}

fn conjunct(expr: &Expr, filled: &[Filled], program: &Program) -> Conjunct {
    let expr = or_as_in(expr).unwrap_or_else(|| expr.clone());
    let Reading { items, has_subquery, .. } = reading(&expr, filled, program);
    Conjunct { expr, items, has_subquery, is_used: false, is_implied: false, row: None, proves: None }
}

/// `a = 1 OR a = 2` as `a IN (1, 2)`, when the comparisons are the same.
fn or_as_in(expr: &Expr) -> Option<Expr> {
    let Expr::Or(..) = expr else { return None };
    let mut in_list: Option<InList> = None;
    collect_or(expr, &mut in_list).then_some(())?;
    in_list.map(|in_list| Expr::InList(Rc::new(in_list)))
}

fn collect_or(expr: &Expr, in_list: &mut Option<InList>) -> bool {
    let (operand, values, comparison): (_, &[Expr], _) = match expr {
        Expr::Or(left, right, _) => return collect_or(left, in_list) && collect_or(right, in_list),
        Expr::Compare(compare) if compare.operator == CompareOperator::Equal => {
            let (left, right) = (&compare.left, &compare.right);
            if is_column(left) && is_constant(right) {
                (left, std::slice::from_ref(right), compare.comparison)
            } else if is_column(right) && is_constant(left) {
                let (of_left, of_right) = compare.comparison.operands;
                let comparison = Comparison { operands: (of_right, of_left), ..compare.comparison };
                (right, std::slice::from_ref(left), comparison)
            } else {
                return false;
            }
        }
        Expr::InList(list)
            if !list.negated && is_column(&list.operand) && list.list.iter().all(is_constant) =>
        {
            (&list.operand, list.list.as_slice(), list.comparison)
        }
        _ => return false,
    };
    match in_list {
        Some(in_list) => {
            if !same_column(&in_list.operand, operand) || in_list.comparison != comparison {
                return false;
            }
            in_list.list.extend_from_slice(values);
        }
        None => {
            let (operand, list) = (operand.clone(), values.to_vec());
            *in_list = Some(InList { operand, list, comparison, negated: false, keeps_operand: false });
        }
    }
    true
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(_) | Expr::Parameter(_) | Expr::Constant { .. })
}

pub(super) fn same_column(left: &Expr, right: &Expr) -> bool {
    match (left, right) {
        (Expr::Column { source: a, column: x }, Expr::Column { source: b, column: y }) => a == b && x == y,
        (Expr::Rowid(a), Expr::Rowid(b)) => a == b,
        (Expr::Register(a), Expr::Register(b)) => a == b,
        _ => false,
    }
}

/// Whether the condition cannot be true while every column of the items is NULL: then an outer join that would make
/// them so is an inner one.
pub(super) fn rejects_nulls(expr: &Expr, nulls: &Nulls<'_>) -> bool {
    match expr {
        Expr::And(left, right, _) => rejects_nulls(left, nulls) || rejects_nulls(right, nulls),
        Expr::IsNull { operand, negated: true } => is_null_there(operand, nulls),
        _ => is_null_there(expr, nulls),
    }
}

/// Rows that a join fills with NULL.
pub(super) struct Nulls<'a> {
    pub items: ItemSet,
    /// Those of all items that a module computes.
    pub computed: ItemSet,
    pub filled: &'a [Filled],
    pub program: &'a Program,
}

impl Nulls<'_> {
    /// Of a module's column a comparison tells nothing to SQLite: the module may take `x = NULL` for its own.
    fn is_of_module(&self, operand: &Expr) -> bool {
        is_column(operand) && self.reads(operand, self.computed)
    }

    fn reads(&self, expr: &Expr, items: ItemSet) -> bool {
        reading(expr, self.filled, self.program).items & items != 0
    }
}

/// Whether the expression is NULL while every column of the items is.
fn is_null_there(expr: &Expr, nulls: &Nulls<'_>) -> bool {
    let is_null_there = |expr: &Expr| is_null_there(expr, nulls);
    match expr {
        Expr::Compare(compare) => {
            !matches!(compare.operator, CompareOperator::Is | CompareOperator::IsNot)
                && !nulls.is_of_module(&compare.left)
                && !nulls.is_of_module(&compare.right)
                && (is_null_there(&compare.left) || is_null_there(&compare.right))
        }
        Expr::And(left, right, _) | Expr::Or(left, right, _) => is_null_there(left) && is_null_there(right),
        Expr::Arithmetic { left, right, .. } => is_null_there(left) || is_null_there(right),
        Expr::Not(operand)
        | Expr::Negate(operand)
        | Expr::BitNot(operand)
        | Expr::Plus(operand)
        | Expr::Cast { operand, .. }
        | Expr::Collate { operand, .. } => is_null_there(operand),
        Expr::InList(list) => !list.list.is_empty() && is_null_there(&list.operand),
        Expr::Between(between) => is_null_there(&between.operand),
        _ => is_column(expr) && nulls.reads(expr, nulls.items),
    }
}

/// Whether a function gives the same for the same arguments, as long as a statement runs.
pub(super) fn is_steady(function: &Scalar) -> bool {
    function.flags.has(Flags::DETERMINISTIC) || function.flags.has(Flags::STATEMENT_CONSTANT)
}

/// Whether an expression gives another value each time it is evaluated.
pub(crate) fn is_volatile(expr: &Expr) -> bool {
    match expr {
        Expr::Function { function, args, .. } => !is_steady(function) || args.iter().any(is_volatile),
        Expr::Application { function, args } => !function.is_deterministic || args.iter().any(is_volatile),
        Expr::Not(operand)
        | Expr::Negate(operand)
        | Expr::BitNot(operand)
        | Expr::Plus(operand)
        | Expr::IsNull { operand, .. }
        | Expr::IsTruth { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Collate { operand, .. } => is_volatile(operand),
        Expr::And(left, right, _) | Expr::Or(left, right, _) | Expr::Arithmetic { left, right, .. } => {
            is_volatile(left) || is_volatile(right)
        }
        Expr::Compare(compare) => is_volatile(&compare.left) || is_volatile(&compare.right),
        Expr::Between(between) => {
            is_volatile(&between.operand) || is_volatile(&between.low) || is_volatile(&between.high)
        }
        Expr::InList(list) => is_volatile(&list.operand) || list.list.iter().any(is_volatile),
        Expr::Literal(_) | Expr::Parameter(_) | Expr::Constant { .. } => false,
        Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_) => false,
        _ => true,
    }
}

/// The conditions in the order they are checked: subqueries last.
pub(super) fn exprs(mut conjuncts: Vec<Conjunct>) -> Vec<Expr> {
    conjuncts.retain(|conjunct| !conjunct.is_implied);
    conjuncts.sort_by_key(|conjunct| conjunct.has_subquery);
    conjuncts.into_iter().map(|conjunct| conjunct.expr).collect()
}

/// An access path takes a conjunct: it need not be checked, nor what it proves.
pub(super) fn mark_used(conjuncts: &mut [Conjunct], used: usize) {
    conjuncts[used].is_used = true;
    let Some(proven) = conjuncts[used].proves.clone() else { return };
    for conjunct in conjuncts {
        conjunct.is_used |=
            matches!(&conjunct.expr, Expr::Function { args, .. } if Rc::ptr_eq(args, &proven));
    }
}

/// Copies out the unused conjuncts that satisfy, and marks them used.
pub(super) fn take(conjuncts: &mut [Conjunct], satisfies: impl Fn(&Conjunct) -> bool) -> Vec<Conjunct> {
    let mut taken = Vec::new();
    for conjunct in conjuncts {
        if !conjunct.is_used && satisfies(conjunct) {
            conjunct.is_used = true;
            taken.push(Conjunct { is_used: false, ..conjunct.clone() });
        }
    }
    taken
}

/// Conditions that read only `items`, and the others.
pub(super) fn part(pool: Vec<Conjunct>, items: ItemSet) -> (Vec<Conjunct>, Vec<Conjunct>) {
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
