//! What a table of a module is asked for: conditions on its parameters become the arguments its rows are computed from.
//!
//!     FROM series(1, t.n) WHERE step = 2      series.start = 1, series.stop = t.n, step = 2
//!
//! Always true:
//! - A parameter is only compared with `=` (or IN, which is many of them); anything else is an error, and so is an order
//!   of the joins in which an argument is not known yet: rows computed without it would be wrong.
//! - The first condition on a parameter gives its argument; further ones are checked on the rows.

use std::rc::Rc;

use crate::error::{Error, Result};
use crate::plan::predicate::{Conjunct, Filled, ItemSet, reading};
use crate::plan::{InValues, VirtualArgument};
use crate::resolve::tree::{
    Compare, CompareOperator, Comparison, Expr, Program, Register, RowOperand, VirtualSource, Waits,
};

/// The arguments of one table, by parameter, and what is left to check on its rows.
pub(super) struct Arguments {
    pub by_parameter: Vec<Option<VirtualArgument>>,
    pub conditions: Vec<Expr>,
}

/// The parameter a condition is about, with what it says of it.
enum OnParameter<'e> {
    Equal(usize, &'e Expr),
    In(usize, InValues),
    Other(usize),
}

fn on_parameter<'e>(expr: &'e Expr, source: &VirtualSource) -> Option<OnParameter<'e>> {
    match expr {
        Expr::Compare(compare) => {
            let sides = [(&compare.left, &compare.right), (&compare.right, &compare.left)];
            let (parameter, other) =
                sides.into_iter().find_map(|(side, other)| Some((source.parameter_of(side)?, other)))?;
            Some(match compare.operator {
                CompareOperator::Equal => OnParameter::Equal(parameter, other),
                CompareOperator::NotEqual
                | CompareOperator::Less
                | CompareOperator::LessOrEqual
                | CompareOperator::Greater
                | CompareOperator::GreaterOrEqual
                | CompareOperator::Is
                | CompareOperator::IsNot => OnParameter::Other(parameter),
            })
        }
        Expr::InList(list) if !list.negated => {
            let parameter = source.parameter_of(&list.operand)?;
            Some(OnParameter::In(parameter, InValues::List(list.list.clone())))
        }
        Expr::InSelect(select) if !select.negated => {
            let RowOperand::Exprs(operands) = &select.operand else { return None };
            let [operand] = &operands[..] else { return None };
            Some(OnParameter::In(source.parameter_of(operand)?, InValues::Select(select.subquery)))
        }
        Expr::IsNull { operand, .. } => Some(OnParameter::Other(source.parameter_of(operand)?)),
        _ => None,
    }
}

/// The items that must be positioned before the table's arguments are known.
pub(super) fn needs(source: &VirtualSource, own: ItemSet, conjuncts: &[Conjunct]) -> ItemSet {
    conjuncts
        .iter()
        .filter(|conjunct| on_parameter(&conjunct.expr, source).is_some())
        .fold(0, |needs, conjunct| needs | conjunct.items & !own)
}

/// Takes the conditions on parameters; `available` items are positioned.
pub(super) fn take_arguments(
    source: &VirtualSource,
    own: ItemSet,
    available: ItemSet,
    conjuncts: &mut [Conjunct],
    filled: &[Filled],
    program: &Program,
) -> Result<Arguments> {
    let mut by_parameter: Vec<Option<VirtualArgument>> = Vec::new();
    by_parameter.resize_with(source.parameter_count(), || None);
    let no_solution = || Error::error("no query solution");
    for conjunct in conjuncts.iter_mut().filter(|conjunct| !conjunct.is_used) {
        let (parameter, argument) = match on_parameter(&conjunct.expr, source) {
            None => continue,
            Some(OnParameter::Equal(parameter, other)) => (parameter, VirtualArgument::Value(other.clone())),
            Some(OnParameter::In(parameter, values)) => (parameter, VirtualArgument::In(values)),
            Some(OnParameter::Other(parameter)) => {
                let name = &source.table.declaration.parameters[parameter];
                return Err(Error::error(format!(
                    "virtual table parameter \"{name}\" can only be constrained by the '=' operator"
                )));
            }
        };
        let reads_itself = match &argument {
            VirtualArgument::Value(expr) => reading(expr, filled, program).items & own != 0,
            VirtualArgument::In(_) => false,
        };
        if conjunct.items & !(available | own) != 0 || reads_itself {
            return Err(no_solution());
        }
        if by_parameter[parameter].is_none() {
            by_parameter[parameter] = Some(argument);
            conjunct.is_used = true;
        }
    }
    let mut conditions = Vec::new();
    for (parameter, arg) in source.args.iter().enumerate() {
        if reading(arg, filled, program).items & !available != 0 {
            return Err(no_solution());
        }
        if by_parameter[parameter].is_none() {
            by_parameter[parameter] = Some(VirtualArgument::Value(arg.clone()));
            continue;
        }
        conditions.push(Expr::Compare(Rc::new(Compare {
            operator: CompareOperator::Equal,
            left: Expr::Register(Register(source.output.0 + parameter)),
            right: arg.clone(),
            comparison: Comparison::new(pluresdb_value::Collation::Binary),
            waits: Waits::Neither,
        })));
    }
    Ok(Arguments { by_parameter, conditions })
}

/// The number EXPLAIN QUERY PLAN shows: a bit for each parameter that is given.
pub(super) fn index_number(arguments: &[Option<VirtualArgument>]) -> u64 {
    let given = arguments.iter().enumerate().filter(|(_, argument)| argument.is_some());
    given.fold(0, |number, (parameter, _)| number | 1 << parameter)
}
