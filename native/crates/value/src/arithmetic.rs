//! Operators on values. Integers that overflow become reals, division by zero is NULL, and so is anything with a
//! NULL in it; text and blobs count as the number they begin with.

use crate::number::{self, Numeric};
use crate::{Bytes, Value, ValueRef};

#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    Real(f64),
}

fn operand(value: ValueRef<'_>) -> Option<Number> {
    Some(match value {
        ValueRef::Null => return None,
        ValueRef::Integer(integer) => Number::Integer(integer),
        ValueRef::Real(real) => Number::Real(real),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match number::text_to_number(bytes).0 {
            Value::Integer(integer) => Number::Integer(integer),
            Value::Real(real) => Number::Real(real),
            _ => Number::Integer(0),
        },
    })
}

#[inline]
fn apply(
    a: ValueRef<'_>,
    b: ValueRef<'_>,
    on_integers: fn(i64, i64) -> Option<i64>,
    on_reals: fn(f64, f64) -> f64,
) -> Value {
    let (Some(x), Some(y)) = (operand(a), operand(b)) else { return Value::Null };
    if let (Number::Integer(x), Number::Integer(y)) = (x, y)
        && let Some(result) = on_integers(x, y)
    {
        return Value::Integer(result);
    }
    // From the operands as they were: the text '-0' is the integer 0, but the real -0.0.
    Value::real(on_reals(a.to_real(), b.to_real()))
}

pub fn add(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    apply(a, b, i64::checked_add, |a, b| a + b)
}

pub fn subtract(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    apply(a, b, i64::checked_sub, |a, b| a - b)
}

pub fn multiply(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    apply(a, b, i64::checked_mul, |a, b| a * b)
}

pub fn divide(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    let divisor_is_zero = match operand(b) {
        None => return Value::Null,
        Some(Number::Integer(b)) => b == 0,
        Some(Number::Real(b)) => b == 0.0,
    };
    if divisor_is_zero {
        return Value::Null;
    }
    // checked_div fails on i64::MIN / -1 alone, which then divides as reals.
    apply(a, b, i64::checked_div, |a, b| a / b)
}

/// `%` works on integers; with a real on either side the operands are cut to integers and the result is a real.
pub fn remainder(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    let (Some(x), Some(y)) = (operand(a), operand(b)) else { return Value::Null };
    if let (Number::Integer(x), Number::Integer(y)) = (x, y) {
        return if y == 0 { Value::Null } else { Value::Integer(x.wrapping_rem(y)) };
    }
    match (a.to_integer(), b.to_integer()) {
        (_, 0) => Value::Null,
        (x, y) => Value::Real(x.wrapping_rem(y) as f64),
    }
}

/// Unary minus: SQLite computes `0 - x`, so `-(0.0)` is 0.0.
pub fn negate(a: ValueRef<'_>) -> Value {
    subtract(ValueRef::Integer(0), a)
}

fn on_bits(a: ValueRef<'_>, b: ValueRef<'_>, operation: impl Fn(i64, i64) -> i64) -> Value {
    if a.is_null() || b.is_null() {
        return Value::Null;
    }
    Value::Integer(operation(a.to_integer(), b.to_integer()))
}

pub fn bit_and(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    on_bits(a, b, |a, b| a & b)
}

pub fn bit_or(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    on_bits(a, b, |a, b| a | b)
}

pub fn shift_left(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    on_bits(a, b, shift)
}

pub fn shift_right(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    on_bits(a, b, |a, b| shift(a, b.checked_neg().unwrap_or(i64::MAX)))
}

/// Left by `by` bits, or right when negative; the sign is kept on the way right.
fn shift(a: i64, by: i64) -> i64 {
    match by {
        64.. => 0,
        0..64 => a << by,
        -63..0 => a >> -by,
        _ => a >> 63,
    }
}

pub fn bit_not(a: ValueRef<'_>) -> Value {
    match a {
        ValueRef::Null => Value::Null,
        _ => Value::Integer(!a.to_integer()),
    }
}

/// `||`: always text, of blobs too.
pub fn concat(a: ValueRef<'_>, b: ValueRef<'_>) -> Value {
    fn bytes_of<'a>(value: ValueRef<'a>, made: &'a mut Bytes) -> Option<&'a [u8]> {
        match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
            _ => {
                *made = value.to_text()?;
                Some(made)
            }
        }
    }
    let (mut made_a, mut made_b) = (Bytes::EMPTY, Bytes::EMPTY);
    let (Some(a), Some(b)) = (bytes_of(a, &mut made_a), bytes_of(b, &mut made_b)) else {
        return Value::Null;
    };
    let mut joined = Vec::with_capacity(a.len() + b.len());
    joined.extend_from_slice(a);
    joined.extend_from_slice(b);
    Value::Text(Bytes::from(joined))
}

/// How a condition reads a value: `None` for NULL, otherwise whether its number differs from zero.
#[inline]
pub fn truth(value: ValueRef<'_>) -> Option<bool> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(integer) => Some(integer != 0),
        _ => Some(value.to_real() != 0.0),
    }
}

/// Whether text or a blob is, as a whole, a number: what `sum()` and friends ask.
pub fn is_numeric_text(bytes: &[u8]) -> bool {
    number::text_to_number(bytes).1 == Numeric::Whole
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn int(i: i64) -> ValueRef<'static> {
        ValueRef::Integer(i)
    }

    #[test]
    fn integers_that_overflow_become_reals() {
        assert_eq!(add(int(i64::MAX), int(1)), Value::Real(9223372036854775808.0));
        assert_eq!(negate(int(i64::MIN)), Value::Real(9223372036854775808.0));
        assert_eq!(divide(int(i64::MIN), int(-1)), Value::Real(9223372036854775808.0));
        assert_eq!(remainder(int(i64::MIN), int(-1)), Value::Integer(0));
    }

    #[test]
    fn division_by_zero_is_null() {
        assert_eq!(divide(int(1), int(0)), Value::Null);
        assert_eq!(divide(int(1), ValueRef::Real(0.0)), Value::Null);
        assert_eq!(remainder(ValueRef::Real(5.5), ValueRef::Real(0.5)), Value::Null);
    }

    #[test]
    fn shifts_by_any_amount_are_defined() {
        assert_eq!(shift_left(int(1), int(63)), Value::Integer(i64::MIN));
        assert_eq!(shift_left(int(1), int(64)), Value::Integer(0));
        assert_eq!(shift_right(int(-8), int(70)), Value::Integer(-1));
        assert_eq!(shift_right(int(-8), int(i64::MIN)), Value::Integer(0));
        assert_eq!(shift_left(int(-8), int(i64::MIN)), Value::Integer(-1));
        assert_eq!(shift_left(int(-8), int(-2)), Value::Integer(-2));
    }

    #[test]
    fn text_counts_as_the_number_it_begins_with() {
        assert_eq!(add(ValueRef::Text(b"12abc"), int(1)), Value::Integer(13));
        assert_eq!(add(ValueRef::Text(b"1.5abc"), int(1)), Value::Real(2.5));
        assert_eq!(add(ValueRef::Text(b"abc"), int(1)), Value::Integer(1));
        assert_eq!(truth(ValueRef::Text(b"0.1")), Some(true));
        assert_eq!(truth(ValueRef::Text(b"x")), Some(false));
    }
}
