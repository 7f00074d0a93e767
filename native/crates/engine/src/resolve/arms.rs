//! The affinity of a compound's columns, VALUES of several rows included.
//!
//! As in SQLite it is that of the first arm that has one, unless another arm may give what that affinity would change:
//!
//! ```text
//! SELECT CAST(a AS TEXT) … UNION ALL SELECT 2      none: 2 would become '2' in comparisons
//! SELECT CAST(a AS TEXT) … UNION ALL SELECT x'00'  TEXT
//! ```

use pluresdb_value::{Affinity, Value};

use super::scope::Typed;
use super::tree::{ArithmeticOperator, Expr};

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
}

impl Default for ArmTypes {
    fn default() -> ArmTypes {
        ArmTypes { first: None, all: Kinds::ANY, others: Kinds::NONE }
    }
}

impl ArmTypes {
    pub(super) fn of(typed: &Typed) -> ArmTypes {
        ArmTypes { first: typed.affinity, all: Kinds::of(&typed.expr, typed.affinity), others: Kinds::NONE }
    }

    pub(super) fn of_column(affinity: Option<Affinity>) -> ArmTypes {
        let all = match affinity {
            Some(affinity) if affinity.is_numeric() => Kinds::NUMBER.or(Kinds::BLOB),
            Some(Affinity::Text) => Kinds::TEXT.or(Kinds::BLOB),
            _ => Kinds::ANY,
        };
        ArmTypes { first: affinity, all, others: Kinds::NONE }
    }

    /// These arms, and then those to the right.
    pub(super) fn followed_by(self, right: ArmTypes) -> ArmTypes {
        let others = match self.first {
            Some(_) => self.others.or(right.all),
            None => self.all.or(right.others),
        };
        ArmTypes { first: self.first.or(right.first), all: self.all.or(right.all), others }
    }

    pub(super) fn affinity(self) -> Option<Affinity> {
        match self.first {
            Some(Affinity::Text) if self.others.has(Kinds::NUMBER) => Some(Affinity::Blob),
            Some(affinity) if affinity.is_numeric() && self.others.has(Kinds::TEXT) => Some(Affinity::Blob),
            first => first,
        }
    }
}
