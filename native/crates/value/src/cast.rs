//! `CAST`: conversion that always succeeds, whatever is lost.

use crate::number;
use crate::{Affinity, Value};

/// The value in the class a `CAST` to a type of that affinity gives. NULL stays NULL.
pub fn cast(value: Value, target: Affinity) -> Value {
    match (target, value) {
        (_, Value::Null) => Value::Null,
        (Affinity::Blob, Value::Text(bytes) | Value::Blob(bytes)) => Value::Blob(bytes),
        (Affinity::Text, Value::Text(bytes) | Value::Blob(bytes)) => Value::Text(bytes),
        (Affinity::Blob, Value::Integer(integer)) => Value::Blob(number::integer_to_text(integer)),
        (Affinity::Blob, Value::Real(real)) => Value::Blob(number::real_to_text(real)),
        (Affinity::Text, Value::Integer(integer)) => Value::Text(number::integer_to_text(integer)),
        (Affinity::Text, Value::Real(real)) => Value::Text(number::real_to_text(real)),
        (Affinity::Integer, value) => Value::Integer(value.to_integer()),
        (Affinity::Real, value) => Value::real(value.to_real()),
        (Affinity::Numeric, Value::Text(bytes) | Value::Blob(bytes)) => number::cast_text_to_numeric(&bytes),
        (Affinity::Numeric, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_take_the_leading_number_and_lose_the_rest() {
        assert_eq!(cast(Value::text("12abc"), Affinity::Integer), Value::Integer(12));
        assert_eq!(cast(Value::text("1e3"), Affinity::Integer), Value::Integer(1));
        assert_eq!(cast(Value::text("1e3"), Affinity::Numeric), Value::Integer(1000));
        assert_eq!(cast(Value::text("0x10"), Affinity::Integer), Value::Integer(0));
        assert_eq!(cast(Value::Real(-1e30), Affinity::Integer), Value::Integer(i64::MIN));
        assert_eq!(cast(Value::Real(2.0), Affinity::Numeric), Value::Real(2.0));
        assert_eq!(cast(Value::Integer(7), Affinity::Blob), Value::blob(&b"7"[..]));
    }
}
