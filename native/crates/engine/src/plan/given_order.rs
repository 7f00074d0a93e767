//! The order in which the rows of a FROM subquery come, which saves the query around it a sort.
//!
//! ```text
//! SELECT * FROM (SELECT a FROM t UNION SELECT b FROM u) ORDER BY 1     UNION has sorted them
//! ```
//! As in SQLite, columns and directions decide and collations do not: rows that the subquery sorted by NOCASE are taken
//! for sorted, and come out in that order.

use pluresdb_value::Collation;

use crate::plan::select::{ASCENDING, ordered_expr};
use crate::plan::{SortKey, SortValue};
use crate::resolve::tree::{
    Body, CompoundOperator, CompoundOrder, Core, Direction, Expr, From, OrderTerm, Register, Select,
};

pub(super) struct GivenOrder {
    /// The rows' columns.
    output: Register,
    terms: Vec<CompoundOrder>,
    /// The rows are kept before they are read, and may be read from the end.
    is_reversible: bool,
    /// The rows really come so; otherwise they come by an ORDER BY that SQLite would have dropped.
    is_actual: bool,
}

/// What a given order leaves to do for an ORDER BY.
pub(super) enum Remaining {
    Nothing,
    Sort(Vec<SortKey>),
}

impl GivenOrder {
    /// `drops_order`: the query around it has an order of its own, so that an ORDER BY without LIMIT says nothing.
    pub fn of(
        select: &Select,
        output: Register,
        drops_order: bool,
        is_reversible: bool,
    ) -> Option<GivenOrder> {
        let is_dropped = drops_order && select.limit.is_none();
        let mut is_actual = !is_dropped || !select.is_ordered();
        let terms = match &select.body {
            Body::Compound(compound) => {
                let written = if is_dropped { &[][..] } else { &compound.order_by[..] };
                let mut terms = written.to_vec();
                if compound.operator != CompoundOperator::UnionAll {
                    terms.extend(merged(compound.collations.iter().copied(), written));
                }
                terms
            }
            Body::Core(core) if select.order_by.is_empty() || is_dropped => {
                let (inner, actual) = handed_on(core, select, drops_order)?;
                is_actual &= actual;
                inner
            }
            Body::Core(_) | Body::Values(_) => select.order_by.iter().map_while(as_output).collect(),
        };
        (!terms.is_empty()).then_some(GivenOrder { output, terms, is_reversible, is_actual })
    }

    /// Whether rows that are equal in these expressions come together, by SQLite's reckoning, and in these directions.
    pub fn groups<'g>(&self, keys: impl ExactSizeIterator<Item = (&'g Expr, Option<Direction>)>) -> bool {
        let count = keys.len();
        let is_given = |((key, wanted), term): &((&Expr, Option<Direction>), &CompoundOrder)| {
            self.is(key, term) && wanted.is_none_or(|wanted| wanted == term.direction)
        };
        self.is_actual && count > 0 && keys.zip(&self.terms).filter(is_given).count() == count
    }

    /// What is left to do for an ORDER BY; None: all.
    pub fn remaining(&self, order_by: &[OrderTerm], core: &Core, keys: &[SortKey]) -> Option<Remaining> {
        let mut is_backward = false;
        let is_given = |(index, (wanted, term)): &(usize, (&OrderTerm, &CompoundOrder))| {
            let is_turned = wanted.direction.descending != term.direction.descending;
            is_backward |= *index == 0 && is_turned && self.is_reversible;
            !wanted.is_collated
                && self.is(ordered_expr(wanted, core), term)
                && puts_nulls_apart(wanted.direction) == puts_nulls_apart(term.direction)
                && is_turned == is_backward
        };
        let count = order_by.iter().zip(&self.terms).enumerate().take_while(is_given).count();
        if count == 0 {
            return None;
        }
        if count == order_by.len() {
            if self.is_actual && !is_backward {
                return Some(Remaining::Nothing);
            }
            return Some(Remaining::Sort(
                self.terms.iter().map(|term| self.key(term, is_backward)).collect(),
            ));
        }
        let given = order_by.iter().zip(&self.terms).take(count).map(|(wanted, term)| {
            let direction = wanted.direction;
            SortKey { direction, ..self.key(term, false) }
        });
        Some(Remaining::Sort(given.chain(keys[count..].iter().cloned()).collect()))
    }

    fn is(&self, expr: &Expr, term: &CompoundOrder) -> bool {
        matches!(expr, Expr::Register(register) if register.0 == self.output.0 + term.column)
    }

    fn key(&self, term: &CompoundOrder, is_backward: bool) -> SortKey {
        let value = SortValue::Expr(Expr::Register(Register(self.output.0 + term.column)));
        let Direction { descending, nulls_first } = term.direction;
        let direction = if is_backward {
            Direction { descending: !descending, nulls_first: !nulls_first }
        } else {
            term.direction
        };
        SortKey { value, direction, collation: term.collation }
    }
}

/// The order that a query hands on which only filters and picks columns of one that gives it.
fn handed_on(core: &Core, select: &Select, drops_order: bool) -> Option<(Vec<CompoundOrder>, bool)> {
    let is_plain =
        core.grouping.is_none() && core.windows.is_empty() && !core.distinct && select.limit.is_none();
    let Some(From::Subquery { select: inner, output, .. }) = &core.from else { return None };
    let inner = is_plain.then(|| GivenOrder::of(inner, *output, drops_order, false)).flatten()?;
    let terms = inner.terms.iter().map_while(|term| {
        let column = core.outputs.iter().position(|output| inner.is(output, term))?;
        Some(CompoundOrder { column, ..term.clone() })
    });
    Some((terms.collect(), inner.is_actual))
}

/// A term of ORDER BY that is a result column; for SQLite one with COLLATE is none, unless it is its number or alias.
fn as_output(term: &OrderTerm) -> Option<CompoundOrder> {
    if matches!(term.expr, Expr::Collate { .. }) {
        return None;
    }
    Some(CompoundOrder { column: term.output_column?, direction: term.direction, collation: term.collation })
}

/// The columns by which a compound that tells rows apart merges its arms, behind those of its ORDER BY.
fn merged(
    collations: impl Iterator<Item = Collation>,
    order_by: &[CompoundOrder],
) -> impl Iterator<Item = CompoundOrder> {
    let rest =
        collations.enumerate().filter(|(column, _)| order_by.iter().all(|term| term.column != *column));
    rest.map(|(column, collation)| CompoundOrder { column, direction: ASCENDING, collation })
}

/// NULLS LAST of ascending values, or NULLS FIRST of descending ones.
fn puts_nulls_apart(direction: Direction) -> bool {
    direction.nulls_first == direction.descending
}
