//! Affinity: the class a column or expression would rather have.
//!
//! It converts only what survives the conversion: `'12'` becomes 12 in an INTEGER column, `'12x'` stays text.

use crate::{Collation, cast};
use crate::{Value, ValueRef, compare, number};
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Affinity {
    /// No preference; SQLite's documents also call it NONE.
    Blob,
    Text,
    Numeric,
    Integer,
    Real,
}

impl Affinity {
    /// The affinity SQLite reads out of a declared type: the first of INT, CHAR/CLOB/TEXT, BLOB, REAL/FLOA/DOUB that
    /// occurs in it, in that order of rank; nothing declared is `Blob`, anything else `Numeric`.
    pub fn of_declared_type(declared: &str) -> Affinity {
        if declared.is_empty() {
            return Affinity::Blob;
        }
        let upper = declared.to_ascii_uppercase();
        let has = |parts: &[&str]| parts.iter().any(|part| upper.contains(part));
        if has(&["INT"]) {
            Affinity::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Affinity::Text
        } else if has(&["BLOB"]) {
            Affinity::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Affinity::Real
        } else {
            Affinity::Numeric
        }
    }

    pub fn is_numeric(self) -> bool {
        matches!(self, Affinity::Numeric | Affinity::Integer | Affinity::Real)
    }

    /// The name `CAST` and the pragmas use.
    pub fn name(self) -> &'static str {
        match self {
            Affinity::Blob => "BLOB",
            Affinity::Text => "TEXT",
            Affinity::Numeric => "NUMERIC",
            Affinity::Integer => "INTEGER",
            Affinity::Real => "REAL",
        }
    }
}

/// Converts a value as storing it into a column of that affinity does.
#[inline]
pub fn apply(value: &mut Value, affinity: Affinity) {
    if let Some(converted) = converted(value.as_ref(), affinity) {
        *value = converted;
    }
}

/// What a column of that affinity stores in the value's place; None: the value as it is.
#[inline]
pub fn converted(value: ValueRef<'_>, affinity: Affinity) -> Option<Value> {
    match (affinity, value) {
        (Affinity::Text, ValueRef::Integer(integer)) => Some(Value::Text(number::integer_to_text(integer))),
        (Affinity::Text, ValueRef::Real(real)) => Some(Value::Text(number::real_to_text(real))),
        (Affinity::Blob | Affinity::Text, _) | (_, ValueRef::Null | ValueRef::Blob(_)) => None,
        (Affinity::Numeric | Affinity::Integer, ValueRef::Integer(_)) => None,
        (Affinity::Numeric | Affinity::Integer, ValueRef::Real(real)) => {
            number::real_as_integer(real).map(Value::Integer)
        }
        (Affinity::Real, ValueRef::Integer(integer)) => Some(Value::Real(integer as f64)),
        // By way of an integer, as SQLite stores it: -0.0 comes back as 0.0.
        (Affinity::Real, ValueRef::Real(real)) => (real == 0.0).then_some(Value::Real(0.0)),
        (Affinity::Numeric | Affinity::Integer | Affinity::Real, ValueRef::Text(text)) => {
            let number = number_of_text(text)?;
            Some(match (affinity, number) {
                (Affinity::Real, Value::Integer(integer)) => Value::Real(integer as f64),
                (_, number) => number,
            })
        }
    }
}

fn number_of_text(text: &[u8]) -> Option<Value> {
    let number = number::number_in_text(text)?;
    Some(match number {
        Value::Real(real) => number::real_as_integer(real).map_or(number, Value::Integer),
        _ => number,
    })
}

/// The value where an integer is asked for: a rowid, LIMIT, a key that is one. None when it is none.
pub fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(integer) => Some(*integer),
        Value::Real(real) => number::real_exactly_integer(*real),
        Value::Text(text) => match number::number_in_text(text)? {
            Value::Real(real) => number::real_as_integer(real),
            Value::Integer(integer) => Some(integer),
            Value::Null | Value::Text(_) | Value::Blob(_) => None,
        },
        Value::Null | Value::Blob(_) => None,
    }
}

/// Converts both sides of a comparison that is made under `affinity`: text that is a number becomes one under a
/// numeric affinity; under `Text`, a number facing text becomes text.
pub fn apply_for_comparison(a: &mut Value, b: &mut Value, affinity: Affinity) {
    if matches!(a, Value::Null) || matches!(b, Value::Null) {
        return;
    }
    match affinity {
        Affinity::Blob => {}
        Affinity::Text => {
            if matches!(a, Value::Text(_)) || matches!(b, Value::Text(_)) {
                apply(a, Affinity::Text);
                apply(b, Affinity::Text);
            }
        }
        Affinity::Numeric | Affinity::Integer | Affinity::Real => {
            for side in [a, b] {
                if let Value::Text(text) = &*side
                    && let Some(number) = number::number_in_text(text)
                {
                    *side = number;
                }
            }
        }
    }
}

/// The affinity a comparison is made under, from those of its two sides (`None` for an expression that has none).
pub fn of_comparison(left: Option<Affinity>, right: Option<Affinity>) -> Affinity {
    match (left, right) {
        (Some(left), Some(right)) => {
            if left.is_numeric() || right.is_numeric() {
                Affinity::Numeric
            } else {
                Affinity::Blob
            }
        }
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => Affinity::Blob,
    }
}

/// `compare` after `apply_for_comparison`, without touching the values. Neither side may be NULL when the caller
/// wants SQL's three-valued answer.
#[inline]
pub fn compare_with(a: ValueRef<'_>, b: ValueRef<'_>, affinity: Affinity, collation: Collation) -> Ordering {
    match affinity {
        Affinity::Blob => compare(a, b, collation),
        Affinity::Text => match (a, b) {
            (ValueRef::Integer(_) | ValueRef::Real(_), ValueRef::Text(_))
            | (ValueRef::Text(_), ValueRef::Integer(_) | ValueRef::Real(_)) => {
                let a = cast::cast(a.to_value(), Affinity::Text);
                let b = cast::cast(b.to_value(), Affinity::Text);
                compare(a.as_ref(), b.as_ref(), collation)
            }
            _ => compare(a, b, collation),
        },
        Affinity::Numeric | Affinity::Integer | Affinity::Real => {
            if a.is_null() || b.is_null() {
                return compare(a, b, collation);
            }
            compare(numeric_side(a), numeric_side(b), collation)
        }
    }
}

fn numeric_side(value: ValueRef<'_>) -> ValueRef<'_> {
    let ValueRef::Text(text) = value else { return value };
    match number::number_in_text(text) {
        Some(Value::Integer(integer)) => ValueRef::Integer(integer),
        Some(Value::Real(real)) => ValueRef::Real(real),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_read_as_sqlite_reads_them() {
        for (declared, affinity) in [
            ("", Affinity::Blob),
            ("INT", Affinity::Integer),
            ("CHARINT", Affinity::Integer),
            ("FLOATING POINT", Affinity::Integer),
            ("varchar(10)", Affinity::Text),
            ("BLOBTEXT", Affinity::Text),
            ("blob", Affinity::Blob),
            ("REALBLOB", Affinity::Blob),
            ("double precision", Affinity::Real),
            ("DECIMAL(10,5)", Affinity::Numeric),
            ("STRING", Affinity::Numeric),
        ] {
            assert_eq!(Affinity::of_declared_type(declared), affinity, "{declared}");
        }
    }

    #[test]
    fn columns_store_what_their_affinity_makes_of_a_value() {
        let stored = |value: Value, affinity| {
            let mut value = value;
            apply(&mut value, affinity);
            value
        };
        assert_eq!(stored(Value::Real(1.0), Affinity::Integer), Value::Integer(1));
        assert_eq!(stored(Value::Integer(1), Affinity::Real), Value::Real(1.0));
        assert_eq!(stored(Value::Integer(1), Affinity::Text), Value::text("1"));
        assert_eq!(stored(Value::text("1e2"), Affinity::Numeric), Value::Integer(100));
        assert_eq!(stored(Value::text(" 1.5 "), Affinity::Integer), Value::Real(1.5));
        assert_eq!(stored(Value::text("1x"), Affinity::Integer), Value::text("1x"));
        assert_eq!(stored(Value::blob(&b"1"[..]), Affinity::Integer), Value::blob(&b"1"[..]));
        assert_eq!(stored(Value::Real(1e300), Affinity::Integer), Value::Real(1e300));
    }
}
