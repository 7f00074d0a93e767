//! The affinity of a compound's columns, VALUES of several rows included.
//!
//! As in SQLite it is that of the first arm that has one, unless another arm may give what that affinity would change:
//!
//! ```text
//! SELECT CAST(a AS TEXT) … UNION ALL SELECT 2      none: 2 would become '2' in comparisons
//! SELECT CAST(a AS TEXT) … UNION ALL SELECT x'00'  TEXT
//! ```
//!
//! VALUES of several rows is a compound of them, except that a run of constant rows behind one without affinities is
//! one arm, whose columns have none, and have a collation.

use pluresdb_function::Flags;
use pluresdb_value::{Affinity, Collation, Value};

use super::scope::{CollationSource, Typed};
use super::tree::{ArithmeticOperator, CompareOperator, Expr};
use super::walk::any_expr;

/// The storage classes that an expression may give, as far as its form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    const NONE: Kinds = Kinds(0);
    const NUMBER: Kinds = Kinds(1);
    const TEXT: Kinds = Kinds(2);
    const BLOB: Kinds = Kinds(4);
    const ANY: Kinds = Kinds(7);

    fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    fn of(expr: &Expr, affinity: Option<Affinity>) -> Kinds {
        match expr {
            Expr::Literal(Value::Null) => Kinds::NONE,
            Expr::Literal(Value::Text(_)) => Kinds::TEXT,
            Expr::Literal(Value::Blob(_)) => Kinds::BLOB,
            Expr::Plus(operand) | Expr::Collate { operand, .. } => Kinds::of(operand, affinity),
            Expr::Arithmetic { operator: ArithmeticOperator::Concat, .. } => Kinds::TEXT.or(Kinds::BLOB),
            Expr::Case { arms, otherwise, .. } => {
                let results = arms.iter().map(|arm| &arm.then).chain(otherwise.as_deref());
                results.fold(Kinds::NONE, |kinds, result| kinds.or(Kinds::of(result, None)))
            }
            Expr::Column { .. }
            | Expr::Rowid(_)
            | Expr::Register(_)
            | Expr::ScalarSubquery(_)
            | Expr::Cast { .. } => match affinity {
                Some(affinity) if affinity.is_numeric() => Kinds::NUMBER.or(Kinds::BLOB),
                Some(Affinity::Text) => Kinds::TEXT.or(Kinds::BLOB),
                _ => Kinds::ANY,
            },
            Expr::Constant { call, .. } => Kinds::of(call, affinity),
            Expr::Parameter(_) | Expr::Function { .. } | Expr::Coalesce(_) | Expr::Raw(_) => Kinds::ANY,
            _ => Kinds::NUMBER,
        }
    }
}

/// What the arms of a column say of its affinity.
#[derive(Clone, Copy, Debug)]
pub struct ArmTypes {
    /// Of the first arm that has one.
    first: Option<Affinity>,
    all: Kinds,
    /// Of the arms besides that one.
    others: Kinds,
    /// The first arm's is a CAST.
    is_cast: bool,
    has_several: bool,
    /// The collation of the first arm where it is a column's or was written: rows of the arms are compared by it.
    pub first_collation: Option<Collation>,
    /// By the last arm alone `x IN (…)` compares.
    pub last_affinity: Option<Affinity>,
    pub last_collation: CollationSource,
}

impl Default for ArmTypes {
    fn default() -> ArmTypes {
        ArmTypes::of_column(None, CollationSource::None)
    }
}

impl ArmTypes {
    pub(super) fn of(typed: &Typed) -> ArmTypes {
        let all = Kinds::of(&typed.expr, typed.affinity);
        let is_cast = matches!(typed.expr, Expr::Cast { .. });
        ArmTypes { all, is_cast, ..ArmTypes::of_column(typed.affinity, typed.collation) }
    }

    pub(super) fn of_column(affinity: Option<Affinity>, collation: CollationSource) -> ArmTypes {
        let all = match affinity {
            Some(affinity) if affinity.is_numeric() => Kinds::NUMBER.or(Kinds::BLOB),
            Some(Affinity::Text) => Kinds::TEXT.or(Kinds::BLOB),
            _ => Kinds::ANY,
        };
        ArmTypes {
            first: affinity,
            all,
            others: Kinds::NONE,
            is_cast: false,
            has_several: false,
            first_collation: (collation != CollationSource::None).then(|| collation.collation()),
            last_affinity: affinity,
            last_collation: collation,
        }
    }

    /// These arms, and then those to the right.
    pub(super) fn followed_by(self, right: ArmTypes) -> ArmTypes {
        let others = match self.first {
            Some(_) => self.others.or(right.all),
            None => self.all.or(right.others),
        };
        let (first, all) = (self.first.or(right.first), self.all.or(right.all));
        let first_collation = self.first_collation.or(right.first_collation);
        ArmTypes { first, all, others, is_cast: self.is_cast, has_several: true, first_collation, ..right }
    }

    /// Whether whoever reads the arms together as a table takes their integers for reals: all of a column is REAL then.
    pub fn reads_as_real(self) -> bool {
        self.affinity() == Some(Affinity::Real) && !self.is_cast
    }

    pub(super) fn affinity(self) -> Option<Affinity> {
        match self.first {
            Some(Affinity::Text) if self.others.has(Kinds::NUMBER) => Some(Affinity::Blob),
            Some(affinity) if affinity.is_numeric() && self.others.has(Kinds::TEXT) => Some(Affinity::Blob),
            // Other arms may give numbers of another kind than the first one casts to.
            Some(affinity) if affinity.is_numeric() && self.is_cast && self.has_several => {
                Some(Affinity::Numeric)
            }
            first => first,
        }
    }
}

/// The arms that the rows of VALUES are.
pub(super) struct ValuesArms {
    /// Whether constant rows may make a run: not in text of the schema, and not behind the name of a common table.
    may_run: bool,
    /// Of the arms that are complete.
    complete: Option<Vec<ArmTypes>>,
    last: Vec<ArmTypes>,
    is_run: bool,
    starts_run: bool,
}

impl ValuesArms {
    pub fn new(may_run: bool) -> ValuesArms {
        ValuesArms { may_run, complete: None, last: Vec::new(), is_run: false, starts_run: false }
    }

    /// Whether a constant row would go on with a run.
    pub fn may_go_on(&self) -> bool {
        self.is_run || self.starts_run
    }

    /// Whether the row goes on with the run.
    pub fn goes_on(&self, row: &[Typed]) -> bool {
        self.may_go_on() && row.iter().all(|typed| is_constant(&typed.expr, false))
    }

    pub fn add(&mut self, row: &[Typed]) {
        if self.goes_on(row) {
            self.is_run = true;
            for column in &mut self.last {
                let collation = column.last_collation.collation();
                *column = ArmTypes::of_column(None, CollationSource::Column(collation));
            }
            return;
        }
        let last = std::mem::replace(&mut self.last, row.iter().map(ArmTypes::of).collect());
        if !last.is_empty() {
            self.complete = Some(joined(self.complete.take(), last));
        }
        self.is_run = false;
        self.starts_run = self.may_run
            && row.iter().all(|typed| typed.affinity.is_none() && is_constant(&typed.expr, true));
    }

    /// The types of the columns.
    pub fn finish(self) -> Vec<ArmTypes> {
        joined(self.complete, self.last)
    }
}

fn joined(left: Option<Vec<ArmTypes>>, right: Vec<ArmTypes>) -> Vec<ArmTypes> {
    match left {
        None => right,
        Some(left) => left.into_iter().zip(right).map(|(left, right)| left.followed_by(right)).collect(),
    }
}

/// What SQLite's parser takes for a constant. Of a row that would go on with a run, IS is none to it.
fn is_constant(expr: &Expr, may_have_is: bool) -> bool {
    !any_expr(expr, &|expr| match expr {
        Expr::Column { .. }
        | Expr::Rowid(_)
        | Expr::Register(_)
        | Expr::ScalarSubquery(_)
        | Expr::Exists { .. }
        | Expr::InSelect(_)
        | Expr::Raise { .. } => true,
        Expr::Function { function, .. } => {
            let is_steady =
                function.flags.has(Flags::DETERMINISTIC) || function.flags.has(Flags::STATEMENT_CONSTANT);
            !is_steady
        }
        Expr::Application { function, .. } => !function.is_deterministic,
        Expr::IsTruth { .. } => !may_have_is,
        Expr::Compare(compare) => {
            !may_have_is && matches!(compare.operator, CompareOperator::Is | CompareOperator::IsNot)
        }
        _ => false,
    })
}
