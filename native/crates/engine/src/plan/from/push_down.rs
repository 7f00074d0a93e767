//! Whether a condition on a FROM subquery's columns may be checked inside it.

use pluresdb_value::{Affinity, Collation};

use super::FromPlanner;
use crate::plan::predicate::{Conjunct, ItemSet, is_steady, is_volatile, reading};
use crate::plan::references::{Reference, Walker};
use crate::resolve::tree::{Body, CompoundOperator, Core, Expr, From, Program, Register, Select};
use crate::resolve::{any_expr, is_column, retyped, rewrite_expr, subqueries_of};

impl FromPlanner<'_> {
    /// The conditions that are checked inside a subquery, and those that are checked on its rows.
    ///
    /// SQLite leaves all of them outside as well. That shows where an arm of a compound compares by other affinities than
    /// the compound: a row must pass both. Into a common table that is read elsewhere, too, SQLite pushes nothing.
    pub(super) fn push_down(
        &self,
        own: Vec<Conjunct>,
        select: &Select,
        output: Register,
        is_shared: bool,
    ) -> (Vec<Expr>, Vec<Conjunct>) {
        let (mut pushed, mut outside) = (Vec::new(), Vec::new());
        for conjunct in own {
            if self.differs_in_arms(select, &conjunct.expr, output) {
                if !conjunct.is_implied && self.is_checked_in_arms(select, &conjunct.expr, is_shared) {
                    pushed.push(conjunct.expr.clone());
                }
                outside.push(conjunct);
            } else if !conjunct.has_subquery && can_push_into(select, &conjunct.expr, output) {
                pushed.push(conjunct.expr);
            } else {
                outside.push(conjunct);
            }
        }
        (pushed, outside)
    }

    /// Conditions on the subquery and on constant columns of others, which SQLite has its arms check as well: it puts what
    /// such a subquery computes in the column's place.
    pub(super) fn checked_in_arms_of(&self, item: usize, conjuncts: &[Conjunct]) -> Vec<Expr> {
        let From::Subquery { select, output, uses, .. } = self.items[item].from else { return Vec::new() };
        let bit: ItemSet = 1 << item;
        let is_joined =
            |conjunct: &&Conjunct| conjunct.items & bit != 0 && conjunct.items != bit && !conjunct.is_implied;
        let checked = |conjunct: &Conjunct| {
            let mut expr = conjunct.expr.clone();
            self.put_constants(&mut expr);
            let reading = reading(&expr, &self.filled, self.program);
            let is_own = reading.items == bit && !reading.reads_outer;
            let is_checked = is_own
                && self.differs_in_arms(select, &expr, *output)
                && self.is_checked_in_arms(select, &expr, uses.get() > 1);
            is_checked.then_some(expr)
        };
        if !matches!(select.body, Body::Compound(_)) {
            return Vec::new();
        }
        conjuncts.iter().filter(is_joined).filter_map(checked).collect()
    }

    /// Puts constants in the place of columns that are nothing else.
    fn put_constants(&self, expr: &mut Expr) {
        let mut change = |expr: &mut Expr| {
            let Expr::Register(register) = expr else { return false };
            if let Some(constant) = self.constant_column(*register) {
                *expr = constant.clone();
            }
            true
        };
        rewrite_expr(expr, &mut change, &mut Vec::new());
    }

    /// What the register always is, as the column of a subquery that SQLite joins into the query.
    fn constant_column(&self, register: Register) -> Option<&Expr> {
        let item = self.filled.iter().position(|filled| filled.has(register))?;
        let From::Subquery { select, output, .. } = self.items[item].from else { return None };
        let Body::Core(core) = &select.body else { return None };
        let is_joined = self.nullable & (1 << item) == 0
            && core.from.is_some()
            && core.grouping.is_none()
            && core.windows.is_empty()
            && !core.distinct
            && select.limit.is_none();
        let column = core.outputs.get(register.0 - output.0).filter(|_| is_joined)?;
        let reads = reading(column, &[], self.program);
        (!reads.reads_outer && !reads.has_subquery).then_some(column)
    }

    /// Whether checked inside the condition could give another answer than on the subquery's rows.
    fn differs_in_arms(&self, select: &Select, condition: &Expr, output: Register) -> bool {
        compares_otherwise_in_arms(select, condition, output)
            || reads_reals_of_others(select, condition, output, self.program)
    }

    fn is_checked_in_arms(&self, select: &Select, condition: &Expr, is_shared: bool) -> bool {
        self.right_joins == 0
            && !is_shared
            && decides_in_arms(select, condition)
            && self.has_steady_subqueries(condition)
    }

    /// Whether each subquery gives the same in the whole statement.
    fn has_steady_subqueries(&self, condition: &Expr) -> bool {
        let is_other =
            |expr: &Expr| subqueries_of(expr).iter().any(|id| self.program.subqueries[id.0].correlated);
        !any_expr(condition, &is_other)
    }
}

/// Whether some arm of a compound compares by other affinities than the whole.
fn compares_otherwise_in_arms(select: &Select, condition: &Expr, output: Register) -> bool {
    let Body::Compound(compound) = &select.body else { return false };
    [&compound.left, &compound.right].into_iter().any(|arm| {
        retyped(condition, &arm.columns, output).is_some()
            || compares_otherwise_in_arms(arm, condition, output)
    })
}

/// Whether the condition reads a column whose integers become reals on their way out of a compound.
fn reads_reals_of_others(select: &Select, condition: &Expr, output: Register, program: &Program) -> bool {
    let reals = select.read_as_real();
    let is_of_others = |column: &usize| {
        let is_real =
            |arm: &Select| arm.columns.get(*column).is_some_and(|it| it.affinity == Some(Affinity::Real));
        reals.contains(column) && !all_arms(select, &is_real)
    };
    let mut found = false;
    let mut visit = |reference: Reference| {
        if let Reference::Register(register) = reference {
            found |= register.0.checked_sub(output.0).as_ref().is_some_and(is_of_others);
        }
    };
    Walker::new(program, &mut visit).expr(condition);
    found
}

/// Whether SQLite has each arm of a compound check the condition.
fn decides_in_arms(select: &Select, condition: &Expr) -> bool {
    let is_plain = |arm: &Select| match &arm.body {
        Body::Core(core) => core.windows.is_empty(),
        Body::Values(_) | Body::Compound(_) => true,
    };
    select.limit.is_none()
        && !any_expr(condition, &calls_volatile)
        && all_arms(select, &is_plain)
        && (is_union_all(select) || all_arms(select, &has_plain_collations))
}

fn calls_volatile(expr: &Expr) -> bool {
    match expr {
        Expr::Function { function, .. } => !is_steady(function),
        Expr::Application { function, .. } => !function.is_deterministic,
        _ => false,
    }
}

fn all_arms(select: &Select, holds: &dyn Fn(&Select) -> bool) -> bool {
    match &select.body {
        Body::Compound(compound) => all_arms(&compound.left, holds) && all_arms(&compound.right, holds),
        Body::Core(_) | Body::Values(_) => holds(select),
    }
}

fn is_union_all(select: &Select) -> bool {
    let Body::Compound(compound) = &select.body else { return true };
    compound.operator == CompoundOperator::UnionAll
        && is_union_all(&compound.left)
        && is_union_all(&compound.right)
}

fn has_plain_collations(arm: &Select) -> bool {
    arm.columns.iter().all(|column| column.collation == Collation::Binary)
}

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
