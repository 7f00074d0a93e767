//! What a correlated subquery asks about: the columns and registers of enclosing queries that its answer depends on.

use crate::callback::AggregateKind;
use crate::plan::predicate::is_volatile;
use crate::plan::references::{Reference, Walker};
use crate::resolve::tree::{Body, Core, Expr, From, Program, Register, Select, SourceId};

/// None when the answer may depend on more: on chance, on the application's code, on what else is computed meanwhile.
pub(crate) fn asked_about(select: &Select, program: &Program) -> Option<Vec<Expr>> {
    let Body::Core(core) = &select.body else { return None };
    if !select.order_by.is_empty()
        || select.limit.is_some()
        || select.offset.is_some()
        || !core.windows.is_empty()
    {
        return None;
    }
    if program.changed.is_some() || exprs_of(core)?.into_iter().any(is_volatile) {
        return None;
    }
    let mut sources = Vec::new();
    collect_sources(core.from.as_ref()?, &mut sources)?;
    let registers = own_registers(core)?;
    let mut about: Vec<Expr> = Vec::new();
    let mut is_plain = true;
    let mut visit = |reference: Reference| {
        let expr = match reference {
            Reference::Column { source, .. } | Reference::Rowid(source) if sources.contains(&source) => {
                return;
            }
            Reference::Register(register) if registers.contains(&register) => return,
            Reference::Column { source, column } => Expr::Column { source, column },
            Reference::Rowid(source) => Expr::Rowid(source),
            Reference::Register(register) => Expr::Register(register),
            Reference::Subquery(_) | Reference::Cte(_) => {
                is_plain = false;
                return;
            }
        };
        about.push(expr);
    };
    Walker::new(program, &mut visit).select(select);
    is_plain.then_some(about)
}

fn collect_sources(from: &From, sources: &mut Vec<SourceId>) -> Option<()> {
    match from {
        From::Table(table) => sources.push(table.source),
        From::Join(join) => {
            collect_sources(&join.left, sources)?;
            collect_sources(&join.right, sources)?;
        }
        From::Subquery { .. }
        | From::Cte { .. }
        | From::RecursiveRow { .. }
        | From::TableFunction(_)
        | From::Virtual(_) => return None,
    }
    Some(())
}

/// Registers that the subquery itself fills; None when it calls the application.
fn own_registers(core: &Core) -> Option<Vec<Register>> {
    let mut registers = Vec::new();
    if let Some(grouping) = &core.grouping {
        registers.extend(grouping.keys.iter().map(|key| key.register));
        registers.extend(grouping.captured.iter().map(|capture| capture.register));
        for call in &grouping.aggregates {
            let AggregateKind::BuiltIn(_) = call.function else { return None };
            registers.push(call.result);
        }
    }
    Some(registers)
}

/// Every expression of the query; None where a join has more than tables.
fn exprs_of(core: &Core) -> Option<Vec<&Expr>> {
    let mut exprs: Vec<&Expr> = core.filter.iter().chain(&core.having).chain(&core.outputs).collect();
    if let Some(grouping) = &core.grouping {
        exprs.extend(grouping.keys.iter().map(|key| &key.expr));
        for call in &grouping.aggregates {
            exprs.extend(call.args.iter().chain(&call.filter));
            if !call.order_by.is_empty() {
                return None;
            }
        }
    }
    conditions_of(core.from.as_ref()?, &mut exprs);
    Some(exprs)
}

fn conditions_of<'f>(from: &'f From, exprs: &mut Vec<&'f Expr>) {
    if let From::Join(join) = from {
        exprs.extend(&join.on);
        conditions_of(&join.left, exprs);
        conditions_of(&join.right, exprs);
    }
}
