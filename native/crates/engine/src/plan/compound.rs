//! UNION, INTERSECT and EXCEPT: which rows each arm is asked for.

use std::rc::Rc;

use pluresdb_value::{Affinity, Collation, Value};

use crate::error::Result;
use crate::plan::select::{ASCENDING, Asked, plan_core, plan_select};
use crate::plan::{Compound, RowsNode};
use crate::resolve::tree::{
    self, ArithmeticOperator, Between, Body, CaseArm, Comparison, CompoundOperator, CompoundOrder, Core,
    Expr, OrderTerm, Program, Select, Waits,
};
use crate::session::Session;

/// `takes_one`: LIMIT 1 stands behind it. Then UNION without ORDER BY looks for no equal rows and does not sort.
pub(super) fn plan_compound(
    compound: &tree::Compound,
    takes_one: bool,
    plan_side: &dyn Fn(&Select) -> Result<RowsNode>,
) -> Result<RowsNode> {
    let is_union = matches!(compound.operator, CompoundOperator::Union | CompoundOperator::UnionAll);
    let takes_one = takes_one && is_union && compound.order_by.is_empty();
    let left = match &compound.left.body {
        Body::Compound(left) if takes_one && compound.left.limit.is_none() => {
            plan_compound(left, true, plan_side)?
        }
        _ => plan_side(&compound.left)?,
    };
    Ok(RowsNode::Compound(Box::new(Compound {
        operator: if takes_one { CompoundOperator::UnionAll } else { compound.operator },
        left,
        right: plan_side(&compound.right)?,
        collations: compound.collations.clone(),
        order_by: compound.order_by.clone(),
    })))
}

/// What each arm of a UNION ALL is asked for under ORDER BY and LIMIT: as in SQLite its own first rows, in that order. Those
/// of a UNION, which gives different rows in the order of their values, only where an index gives them in this order.
///
/// ```text
/// SELECT id FROM t UNION ALL SELECT id FROM u ORDER BY 1 LIMIT 10     ten rows of t, ten rows of u
/// SELECT name FROM t UNION SELECT name FROM u LIMIT 10                ten different names of t, ten of u
/// ```
pub(super) struct ArmsTop {
    order_by: Vec<CompoundOrder>,
    limit: Expr,
    is_distinct: bool,
}

impl ArmsTop {
    /// None: all rows of the arms are wanted, or it is not known how many.
    pub fn of(compound: &tree::Compound, asked: &Asked<'_>) -> Option<ArmsTop> {
        let mut order_by = compound.order_by.clone();
        let is_distinct = match compound.operator {
            CompoundOperator::UnionAll if !order_by.is_empty() => false,
            CompoundOperator::Union if has_one_form(compound) => {
                let columns = (0..compound.left.columns.len())
                    .filter(|column| compound.order_by.iter().all(|term| term.column != *column));
                order_by.extend(columns.map(|column| CompoundOrder {
                    column,
                    direction: ASCENDING,
                    collation: Collation::Binary,
                }));
                true
            }
            _ => return None,
        };
        let limit = asked.limit?;
        let limit = match (limit, asked.offset) {
            (Expr::Literal(Value::Integer(limit @ 0..)), None) => Expr::Literal(Value::Integer(*limit)),
            (Expr::Literal(Value::Integer(limit @ 0..)), Some(Expr::Literal(Value::Integer(offset)))) => {
                Expr::Literal(Value::Integer(limit.saturating_add((*offset).max(0))))
            }
            (Expr::Parameter(_), None) => limit.clone(),
            (
                Expr::Literal(Value::Integer(_)) | Expr::Parameter(_),
                Some(offset @ (Expr::Literal(Value::Integer(_)) | Expr::Parameter(_))),
            ) => rows_up_to(limit, offset),
            _ => return None,
        };
        Some(ArmsTop { order_by, limit, is_distinct })
    }

    fn order_of(&self, core: &Core) -> Vec<OrderTerm> {
        let term = |order: &CompoundOrder| OrderTerm {
            expr: core.outputs[order.column].clone(),
            direction: order.direction,
            collation: order.collation,
            output_column: Some(order.column),
            is_collated: false,
        };
        self.order_by.iter().map(term).collect()
    }
}

/// Whether the arms' columns are tables' columns whose equal values are the same: it does not matter which one is given.
fn has_one_form(compound: &tree::Compound) -> bool {
    let is_binary = |collation: &Collation| *collation == Collation::Binary;
    let of_arm = |arm: &Select| match &arm.body {
        Body::Core(core) => core.outputs.iter().zip(&arm.columns).all(|(output, column)| {
            let affinity = column.affinity;
            matches!(output, Expr::Column { .. } | Expr::Rowid(_))
                && column.collation == Collation::Binary
                && matches!(affinity, Some(Affinity::Integer | Affinity::Numeric | Affinity::Text))
        }),
        Body::Compound(inner) => inner.operator == CompoundOperator::Union && has_one_form(inner),
        Body::Values(_) => false,
    };
    let terms = compound.order_by.iter().map(|term| &term.collation);
    compound.collations.iter().chain(terms).all(is_binary)
        && of_arm(&compound.left)
        && of_arm(&compound.right)
}

/// A window that ends behind this many rows leaves nothing out.
const MOST_TOP: i64 = 1 << 20;

/// `limit` and `offset` added where both are numbers of rows, else no limit.
fn rows_up_to(limit: &Expr, offset: &Expr) -> Expr {
    let number = |value: i64| Expr::Literal(Value::Integer(value));
    let within = |operand: &Expr, low: i64| {
        Expr::Between(Rc::new(Between {
            operand: operand.clone(),
            low: number(low),
            high: number(MOST_TOP),
            low_comparison: Comparison::new(Collation::Binary),
            high_comparison: Comparison::new(Collation::Binary),
            negated: false,
        }))
    };
    let both = Expr::And(Rc::new(within(limit, 0)), Rc::new(within(offset, 0)), Waits::Neither);
    let sum = Expr::Arithmetic {
        operator: ArithmeticOperator::Add,
        left: Rc::new(limit.clone()),
        right: Rc::new(offset.clone()),
        waits: Waits::Neither,
    };
    let arm = CaseArm { when: both, comparison: Comparison::new(Collation::Binary), then: sum };
    Expr::Case { operand: None, arms: Rc::new([arm]), otherwise: Some(Rc::new(number(-1))) }
}

/// The compound whose arms give their first rows; `order_by` puts them together, but for those within another one.
pub(super) fn plan_top_arms(
    compound: &tree::Compound,
    top: &ArmsTop,
    order_by: &[CompoundOrder],
    program: &Program,
    session: &Session,
) -> Result<RowsNode> {
    let plan_arm = |arm: &Select| match &arm.body {
        Body::Core(core) if arm.order_by.is_empty() && arm.limit.is_none() => {
            let order_by = top.order_of(core);
            let asked = Asked {
                order_by: &order_by,
                limit: Some(&top.limit),
                offset: None,
                is_distinct: top.is_distinct,
            };
            let first = plan_core(core, arm, &asked, program, session, Vec::new())?;
            let is_told = !top.is_distinct || matches!(first, RowsNode::Limit { .. });
            if is_told { Ok(first) } else { plan_select(arm, program, session) }
        }
        Body::Compound(inner)
            if inner.operator == compound.operator && inner.order_by.is_empty() && arm.limit.is_none() =>
        {
            plan_top_arms(inner, top, &[], program, session)
        }
        _ => plan_select(arm, program, session),
    };
    Ok(RowsNode::Compound(Box::new(Compound {
        operator: compound.operator,
        left: plan_arm(&compound.left)?,
        right: plan_arm(&compound.right)?,
        collations: compound.collations.clone(),
        order_by: order_by.to_vec(),
    })))
}
