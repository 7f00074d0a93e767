//! Whether a condition on a FROM subquery's columns may be checked inside it.

use crate::plan::predicate::{is_column, is_volatile};
use crate::plan::references::{Reference, Walker};
use crate::resolve::tree::{Body, CompoundOperator, Core, Expr, Program, Register, Select};

pub(super) fn can_push_into(select: &Select, condition: &Expr, output: Register) -> bool {
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

pub(super) fn can_push_into_core(core: &Core, condition: &Expr, output: Register) -> bool {
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
