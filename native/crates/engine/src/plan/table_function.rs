//! What json_each, pragma_… and the like are asked for: their parameters are hidden columns, and a condition on one gives
//! an argument as the parentheses do.
//!
//!     FROM t, json_each WHERE json = t.doc     json_each(t.doc)
//!
//! Always true:
//! - An argument is known before rows are computed: an order of the joins in which one is not is an error.
//! - The first condition on a parameter gives its argument; further ones are checked on the rows.

use crate::error::{Error, Result};
use crate::plan::predicate::{Conjunct, Filled, ItemSet, reading};
use crate::resolve::tree::{CompareOperator, Expr, Program, TableFunctionSource};

/// The parameter that a condition says the value of.
fn on_parameter<'e>(expr: &'e Expr, source: &TableFunctionSource) -> Option<(usize, &'e Expr)> {
    let Expr::Compare(compare) = expr else { return None };
    if compare.operator != CompareOperator::Equal {
        return None;
    }
    let sides = [(&compare.left, &compare.right), (&compare.right, &compare.left)];
    sides.into_iter().find_map(|(side, other)| Some((source.parameter_of(side)?, other)))
}

/// The items that must be positioned before the arguments are known.
pub(super) fn needs(source: &TableFunctionSource, own: ItemSet, conjuncts: &[Conjunct]) -> ItemSet {
    conjuncts
        .iter()
        .filter(|conjunct| on_parameter(&conjunct.expr, source).is_some())
        .fold(0, |needs, conjunct| needs | conjunct.items & !own)
}

/// The arguments by parameter, the written ones first; takes the conditions that give the others. `available` items
/// are positioned.
pub(super) fn take_arguments(
    source: &TableFunctionSource,
    available: ItemSet,
    conjuncts: &mut [Conjunct],
    filled: &[Filled],
    program: &Program,
) -> Result<Vec<Option<Expr>>> {
    let is_known = |expr: &Expr| reading(expr, filled, program).items & !available == 0;
    let no_solution = || Error::error("no query solution");
    let mut args: Vec<Option<Expr>> = source.args.iter().cloned().map(Some).collect();
    if !args.iter().flatten().all(is_known) {
        return Err(no_solution());
    }
    args.resize(source.parameter_count, None);
    for conjunct in conjuncts.iter_mut().filter(|conjunct| !conjunct.is_used) {
        let Some((parameter, value)) = on_parameter(&conjunct.expr, source) else { continue };
        if !is_known(value) {
            return Err(no_solution());
        }
        if args[parameter].is_none() {
            args[parameter] = Some(value.clone());
            conjunct.is_used = true;
        }
    }
    Ok(args)
}
