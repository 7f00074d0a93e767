//! Walks over the resolved tree: every expression of an expression, of a query, of a FROM clause.

use std::rc::Rc;

use super::tree::{
    Body, Core, Expr, FrameBound, From, OrderTerm, Program, Register, RowOperand, Select, SourceId,
    SubqueryId, Waits,
};
use crate::catalog::Table;

/// Calls `visit` for the expression and all below it, subqueries excluded, parents first.
pub fn visit_expr<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    for_each_child(expr, &mut |child| visit_expr(child, visit));
}

/// Whether the expression or one below it passes the test; subqueries are not looked into.
pub fn any_expr(expr: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
    if test(expr) {
        return true;
    }
    let mut found = false;
    for_each_child(expr, &mut |child| found = found || any_expr(child, test));
    found
}

/// A condition behind another, both to be taken apart again.
pub fn conjunction(before: Option<Expr>, condition: Expr) -> Expr {
    match before {
        Some(before) => Expr::And(Rc::new(before), Rc::new(condition), Waits::Neither),
        None => condition,
    }
}

/// Whether SQLite knows of a subquery in the expression. It overlooks those below COLLATE.
pub fn has_known_subquery(expr: &Expr) -> bool {
    if let Expr::Collate { .. } = expr {
        return false;
    }
    let mut found = names_subquery(expr);
    for_each_child(expr, &mut |child| found = found || has_known_subquery(child));
    found
}

/// Calls `visit` for the expressions directly below.
pub fn for_each_child<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match expr {
        Expr::Literal(_)
        | Expr::Parameter(_)
        | Expr::Column { .. }
        | Expr::Rowid(_)
        | Expr::Register(_)
        | Expr::ScalarSubquery(_)
        | Expr::Exists { .. }
        | Expr::Raw(_) => {}
        Expr::Not(operand)
        | Expr::Negate(operand)
        | Expr::BitNot(operand)
        | Expr::Plus(operand)
        | Expr::IsNull { operand, .. }
        | Expr::IsTruth { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Collate { operand, .. }
        | Expr::Constant { call: operand, .. } => visit(operand),
        Expr::And(left, right, _) | Expr::Or(left, right, _) | Expr::Arithmetic { left, right, .. } => {
            visit(left);
            visit(right);
        }
        Expr::Compare(compare) => {
            visit(&compare.left);
            visit(&compare.right);
        }
        Expr::Between(between) => {
            visit(&between.operand);
            visit(&between.low);
            visit(&between.high);
        }
        Expr::InList(list) => {
            visit(&list.operand);
            list.list.iter().for_each(visit);
        }
        Expr::InSelect(select) => row_exprs(&select.operand).iter().for_each(visit),
        Expr::Case { operand, arms, otherwise } => {
            if let Some(operand) = operand {
                visit(operand);
            }
            for arm in arms.iter() {
                visit(&arm.when);
                visit(&arm.then);
            }
            if let Some(otherwise) = otherwise {
                visit(otherwise);
            }
        }
        Expr::Function { args, .. } | Expr::Application { args, .. } | Expr::Coalesce(args) => {
            args.iter().for_each(visit);
        }
        Expr::RowCompare(compare) => {
            row_exprs(&compare.left).iter().chain(row_exprs(&compare.right)).for_each(visit);
        }
        Expr::Raise { message, .. } => visit(message),
    }
}

fn children(expr: &Expr) -> Vec<&Expr> {
    let mut all = Vec::new();
    for_each_child(expr, &mut |child| all.push(child));
    all
}

fn row_exprs(operand: &RowOperand) -> &[Expr] {
    match operand {
        RowOperand::Exprs(exprs) => exprs,
        RowOperand::Subquery(_) => &[],
    }
}

fn row_subquery(operand: &RowOperand) -> Option<SubqueryId> {
    match operand {
        RowOperand::Subquery(id) => Some(*id),
        RowOperand::Exprs(_) => None,
    }
}

/// Whether an expression node itself refers to a subquery (children not looked at).
pub fn names_subquery(expr: &Expr) -> bool {
    match expr {
        Expr::ScalarSubquery(_) | Expr::Exists { .. } | Expr::InSelect(_) => true,
        Expr::RowCompare(compare) => {
            row_subquery(&compare.left).is_some() || row_subquery(&compare.right).is_some()
        }
        _ => false,
    }
}

/// The subqueries an expression node itself refers to (children not looked at).
pub fn subqueries_of(expr: &Expr) -> Vec<SubqueryId> {
    match expr {
        Expr::ScalarSubquery(id) | Expr::Exists { subquery: id, .. } => vec![*id],
        Expr::InSelect(select) => {
            row_subquery(&select.operand).into_iter().chain([select.subquery]).collect()
        }
        Expr::RowCompare(compare) => {
            [&compare.left, &compare.right].into_iter().filter_map(row_subquery).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the expression is a column of what the query reads, and nothing else.
pub fn is_column(expr: &Expr) -> bool {
    matches!(expr, Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_))
}

/// Calls `change` for the expression and then, unless it answers true ("done here"), for its children.
/// Subqueries are reported by id so that the caller can descend into them.
pub fn rewrite_expr(
    expr: &mut Expr,
    change: &mut dyn FnMut(&mut Expr) -> bool,
    subqueries: &mut Vec<SubqueryId>,
) {
    if change(expr) {
        return;
    }
    subqueries.extend(subqueries_of(expr));
    match expr {
        Expr::Literal(_)
        | Expr::Parameter(_)
        | Expr::Column { .. }
        | Expr::Rowid(_)
        | Expr::Register(_)
        | Expr::ScalarSubquery(_)
        | Expr::Exists { .. }
        | Expr::Raw(_) => {}
        Expr::Not(operand)
        | Expr::Negate(operand)
        | Expr::BitNot(operand)
        | Expr::Plus(operand)
        | Expr::IsNull { operand, .. }
        | Expr::IsTruth { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Collate { operand, .. }
        | Expr::Constant { call: operand, .. } => rewrite_expr(Rc::make_mut(operand), change, subqueries),
        Expr::And(left, right, _) | Expr::Or(left, right, _) | Expr::Arithmetic { left, right, .. } => {
            rewrite_expr(Rc::make_mut(left), change, subqueries);
            rewrite_expr(Rc::make_mut(right), change, subqueries);
        }
        Expr::Compare(compare) => {
            let compare = Rc::make_mut(compare);
            rewrite_expr(&mut compare.left, change, subqueries);
            rewrite_expr(&mut compare.right, change, subqueries);
        }
        Expr::Between(between) => {
            let between = Rc::make_mut(between);
            rewrite_expr(&mut between.operand, change, subqueries);
            rewrite_expr(&mut between.low, change, subqueries);
            rewrite_expr(&mut between.high, change, subqueries);
        }
        Expr::InList(list) => {
            let list = Rc::make_mut(list);
            rewrite_expr(&mut list.operand, change, subqueries);
            for member in &mut list.list {
                rewrite_expr(member, change, subqueries);
            }
        }
        Expr::InSelect(select) => {
            if let RowOperand::Exprs(exprs) = &mut Rc::make_mut(select).operand {
                for expr in exprs {
                    rewrite_expr(expr, change, subqueries);
                }
            }
        }
        Expr::Case { operand, arms, otherwise } => {
            if let Some(operand) = operand {
                rewrite_expr(Rc::make_mut(operand), change, subqueries);
            }
            for arm in Rc::make_mut(arms) {
                rewrite_expr(&mut arm.when, change, subqueries);
                rewrite_expr(&mut arm.then, change, subqueries);
            }
            if let Some(otherwise) = otherwise {
                rewrite_expr(Rc::make_mut(otherwise), change, subqueries);
            }
        }
        Expr::Function { args, .. } | Expr::Application { args, .. } | Expr::Coalesce(args) => {
            for arg in Rc::make_mut(args) {
                rewrite_expr(arg, change, subqueries);
            }
        }
        Expr::RowCompare(compare) => {
            let compare = Rc::make_mut(compare);
            for side in [&mut compare.left, &mut compare.right] {
                if let RowOperand::Exprs(exprs) = side {
                    for expr in exprs {
                        rewrite_expr(expr, change, subqueries);
                    }
                }
            }
        }
        Expr::Raise { message, .. } => rewrite_expr(Rc::make_mut(message), change, subqueries),
    }
}

/// The expression with a query's result columns in place of the registers that stand for them from `output` on.
pub fn substituted(expr: &Expr, outputs: &[Expr], output: Register) -> Expr {
    let mut expr = expr.clone();
    let mut change = |node: &mut Expr| {
        let Expr::Register(register) = node else { return false };
        let Some(column) = register.0.checked_sub(output.0).and_then(|index| outputs.get(index)) else {
            return false;
        };
        *node = column.clone();
        true
    };
    rewrite_expr(&mut expr, &mut change, &mut Vec::new());
    expr
}

/// Whether the query, or any subquery or common table of the program, may read the table.
pub fn reads_table(select: &Select, program: &Program, table: &Table) -> bool {
    may_name(select, table) || subqueries_read(program, table)
}

/// Whether a subquery or common table of the program may read the table.
pub fn subqueries_read(program: &Program, table: &Table) -> bool {
    let subqueries = program.subqueries.iter().map(|subquery| &subquery.select);
    let ctes = program.ctes.iter().flat_map(|cte| std::iter::once(&cte.initial).chain(&cte.recursive));
    subqueries.chain(ctes).any(|select| may_name(select, table))
}

fn may_name(select: &Select, table: &Table) -> bool {
    match &select.body {
        Body::Core(core) => core.from.as_ref().is_some_and(|from| may_read(from, table)),
        Body::Values(_) => false,
        Body::Compound(compound) => may_name(&compound.left, table) || may_name(&compound.right, table),
    }
}

fn may_read(from: &From, table: &Table) -> bool {
    match from {
        From::Table(source) => std::ptr::eq(&raw const *source.table, table),
        From::Join(join) => may_read(&join.left, table) || may_read(&join.right, table),
        From::Subquery { select, .. } => may_name(select, table),
        From::Cte { .. } | From::RecursiveRow { .. } => false,
        From::TableFunction(_) => true,
        From::Virtual(_) => false,
    }
}

/// Calls `visit` once for each top expression of a query, its FROM subqueries included.
pub fn visit_select_exprs(select: &mut Select, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut select.body {
        Body::Core(core) => visit_core(core, visit),
        Body::Values(rows) => rows.iter_mut().flatten().for_each(&mut *visit),
        Body::Compound(compound) => {
            visit_select_exprs(&mut compound.left, visit);
            visit_select_exprs(&mut compound.right, visit);
        }
    }
    visit_order(&mut select.order_by, visit);
    select.limit.iter_mut().for_each(&mut *visit);
    select.offset.iter_mut().for_each(&mut *visit);
}

fn visit_order(terms: &mut [OrderTerm], visit: &mut dyn FnMut(&mut Expr)) {
    for term in terms {
        visit(&mut term.expr);
    }
}

fn visit_core(core: &mut Core, visit: &mut dyn FnMut(&mut Expr)) {
    if let Some(from) = &mut core.from {
        visit_from(from, visit);
    }
    core.filter.iter_mut().for_each(&mut *visit);
    if let Some(grouping) = &mut core.grouping {
        grouping.keys.iter_mut().for_each(|key| visit(&mut key.expr));
        for call in &mut grouping.aggregates {
            call.args.iter_mut().for_each(&mut *visit);
            call.filter.iter_mut().for_each(&mut *visit);
            visit_order(&mut call.order_by, visit);
        }
        grouping.captured.iter_mut().for_each(|capture| visit(&mut capture.expr));
    }
    core.having.iter_mut().for_each(&mut *visit);
    for window in &mut core.windows {
        window.partition_by.iter_mut().for_each(|(expr, _)| visit(expr));
        visit_order(&mut window.order_by, visit);
        for bound in [&mut window.frame.start, &mut window.frame.end] {
            if let FrameBound::Preceding(expr) | FrameBound::Following(expr) = bound {
                visit(expr);
            }
        }
        for call in &mut window.calls {
            call.args.iter_mut().for_each(&mut *visit);
            call.filter.iter_mut().for_each(&mut *visit);
        }
        window.captured.iter_mut().for_each(|capture| visit(&mut capture.expr));
    }
    core.outputs.iter_mut().for_each(&mut *visit);
}

fn visit_from(from: &mut From, visit: &mut dyn FnMut(&mut Expr)) {
    match from {
        From::Table(_) | From::Cte { .. } | From::RecursiveRow { .. } => {}
        From::Subquery { select, .. } => visit_select_exprs(select, visit),
        From::TableFunction(source) => source.args.iter_mut().for_each(&mut *visit),
        From::Virtual(source) => source.args.iter_mut().for_each(&mut *visit),
        From::Join(join) => {
            visit_from(&mut join.left, visit);
            visit_from(&mut join.right, visit);
            join.on.iter_mut().for_each(&mut *visit);
        }
    }
}

/// Whether the column, rowid or register belongs to a source of this FROM.
pub fn from_owns(from: &From, expr: &Expr) -> bool {
    let in_registers = |first: usize, count: usize| match expr {
        Expr::Register(register) => (first..first + count).contains(&register.0),
        _ => false,
    };
    match from {
        From::Table(table) => source_of(expr) == Some(table.source),
        From::Subquery { select, output, .. } => in_registers(output.0, select.columns.len()),
        From::Cte { output, column_count, .. } | From::RecursiveRow { output, column_count, .. } => {
            in_registers(output.0, *column_count)
        }
        From::TableFunction(source) => in_registers(source.output.0, source.column_count),
        From::Virtual(source) => in_registers(source.output.0, source.width()),
        From::Join(join) => from_owns(&join.left, expr) || from_owns(&join.right, expr),
    }
}

fn source_of(expr: &Expr) -> Option<SourceId> {
    match expr {
        Expr::Column { source, .. } | Expr::Rowid(source) => Some(*source),
        _ => None,
    }
}

/// Structural equality, as SQLite decides that an expression equals a GROUP BY or ORDER BY term.
/// Subqueries and parameters never equal anything; COLLATE is looked through.
pub fn same_expr(left: &Expr, right: &Expr) -> bool {
    is_same(left, right, false)
}

/// The same, but a COLLATE must stand in both.
pub fn identical_expr(left: &Expr, right: &Expr) -> bool {
    is_same(left, right, true)
}

fn is_same(left: &Expr, right: &Expr, with_collations: bool) -> bool {
    match (left, right) {
        (Expr::Collate { operand: own, collation }, Expr::Collate { operand: other, collation: others })
            if with_collations =>
        {
            collation == others && is_same(own, other, true)
        }
        (Expr::Collate { operand, .. }, other) | (other, Expr::Collate { operand, .. }) => {
            !with_collations && is_same(operand, other, false)
        }
        (Expr::ScalarSubquery(a), Expr::ScalarSubquery(b)) => a == b,
        _ => {
            let (left_children, right_children) = (children(left), children(right));
            left_children.len() == right_children.len()
                && same_node(left, right)
                && left_children
                    .into_iter()
                    .zip(right_children)
                    .all(|(left, right)| is_same(left, right, with_collations))
        }
    }
}

/// Equality of two nodes without their children.
fn same_node(left: &Expr, right: &Expr) -> bool {
    match (left, right) {
        (Expr::Literal(a), Expr::Literal(b)) => a == b,
        (Expr::Parameter(a), Expr::Parameter(b)) => a == b,
        (Expr::Column { source, column }, Expr::Column { source: other, column: other_column }) => {
            source == other && column == other_column
        }
        (Expr::Rowid(a), Expr::Rowid(b)) => a == b,
        (Expr::Register(a), Expr::Register(b)) => a == b,
        (Expr::Not(_), Expr::Not(_))
        | (Expr::Negate(_), Expr::Negate(_))
        | (Expr::BitNot(_), Expr::BitNot(_))
        | (Expr::Plus(_), Expr::Plus(_))
        | (Expr::And(..), Expr::And(..))
        | (Expr::Or(..), Expr::Or(..))
        | (Expr::Coalesce(_), Expr::Coalesce(_))
        | (Expr::Constant { .. }, Expr::Constant { .. }) => true,
        (Expr::Arithmetic { operator, .. }, Expr::Arithmetic { operator: other, .. }) => operator == other,
        (Expr::Compare(a), Expr::Compare(b)) => a.operator == b.operator && a.comparison == b.comparison,
        (Expr::Between(a), Expr::Between(b)) => {
            a.negated == b.negated && a.low_comparison == b.low_comparison
        }
        (Expr::IsNull { negated, .. }, Expr::IsNull { negated: other, .. }) => negated == other,
        (
            Expr::IsTruth { truth, negated, .. },
            Expr::IsTruth { truth: other_truth, negated: other_negated, .. },
        ) => truth == other_truth && negated == other_negated,
        (Expr::InList(a), Expr::InList(b)) => a.negated == b.negated && a.comparison == b.comparison,
        (
            Expr::Case { operand, arms, otherwise },
            Expr::Case { operand: other_operand, arms: other_arms, otherwise: other_otherwise },
        ) => {
            operand.is_some() == other_operand.is_some()
                && arms.len() == other_arms.len()
                && otherwise.is_some() == other_otherwise.is_some()
        }
        (Expr::Cast { affinity, .. }, Expr::Cast { affinity: other, .. }) => affinity == other,
        (
            Expr::Function { function, collation, .. },
            Expr::Function { function: other, collation: other_collation, .. },
        ) => std::ptr::eq(*function, *other) && collation == other_collation,
        (Expr::Application { function, .. }, Expr::Application { function: other, .. }) => {
            Rc::ptr_eq(function, other)
        }
        (Expr::Raw(a), Expr::Raw(b)) => a == b,
        _ => false,
    }
}
