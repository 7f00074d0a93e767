//! The five storage classes, owned (`Value`) and borrowed (`ValueRef`).

use std::ops::Deref;

use crate::Bytes;
use crate::number;

/// A SQL value. `PartialEq` is identity of class and content; SQL's equality is `compare`.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Integer(i64),
    /// Never NaN: make it with `Value::real`.
    Real(f64),
    Text(Bytes),
    Blob(Bytes),
}

/// A SQL value whose bytes live elsewhere: in a row, a register, a parameter buffer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

impl Value {
    /// A real, or NULL for NaN: SQLite has no NaN.
    #[inline]
    pub fn real(real: f64) -> Value {
        if real.is_nan() { Value::Null } else { Value::Real(real) }
    }

    #[inline]
    pub fn text(text: impl Into<Bytes>) -> Value {
        Value::Text(text.into())
    }

    #[inline]
    pub fn blob(blob: impl Into<Bytes>) -> Value {
        Value::Blob(blob.into())
    }

    /// Becomes another value, in the memory it has where that is possible.
    #[inline]
    pub fn assign(&mut self, value: ValueRef<'_>) {
        match (self, value) {
            (Value::Text(bytes), ValueRef::Text(text)) => bytes.assign(text),
            (Value::Blob(bytes), ValueRef::Blob(blob)) => bytes.assign(blob),
            (slot, value) => *slot = value.to_value(),
        }
    }

    /// SQL has no boolean class: true is 1.
    #[inline]
    pub fn boolean(truth: bool) -> Value {
        Value::Integer(i64::from(truth))
    }

    #[inline]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Real(real) => ValueRef::Real(*real),
            Value::Text(text) => ValueRef::Text(text),
            Value::Blob(blob) => ValueRef::Blob(blob),
        }
    }

    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// What `typeof()` answers.
    pub fn type_name(&self) -> &'static str {
        self.as_ref().type_name()
    }

    pub fn to_integer(&self) -> i64 {
        self.as_ref().to_integer()
    }

    pub fn to_real(&self) -> f64 {
        self.as_ref().to_real()
    }

    /// The value as text, `None` for NULL; text and blob bytes are shared, not copied.
    pub fn to_text(&self) -> Option<Bytes> {
        match self {
            Value::Text(bytes) | Value::Blob(bytes) => Some(bytes.clone()),
            other => other.as_ref().to_text(),
        }
    }
}

impl<'a> ValueRef<'a> {
    /// A real, or NULL for NaN.
    #[inline]
    pub fn real(real: f64) -> ValueRef<'a> {
        if real.is_nan() { ValueRef::Null } else { ValueRef::Real(real) }
    }

    #[inline]
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(integer) => Value::Integer(integer),
            ValueRef::Real(real) => Value::Real(real),
            ValueRef::Text(text) => Value::Text(Bytes::new(text)),
            ValueRef::Blob(blob) => Value::Blob(Bytes::new(blob)),
        }
    }

    #[inline]
    pub fn is_null(self) -> bool {
        matches!(self, ValueRef::Null)
    }

    /// What `typeof()` answers.
    pub fn type_name(self) -> &'static str {
        match self {
            ValueRef::Null => "null",
            ValueRef::Integer(_) => "integer",
            ValueRef::Real(_) => "real",
            ValueRef::Text(_) => "text",
            ValueRef::Blob(_) => "blob",
        }
    }

    /// The value where an integer is wanted (bit operators, LIMIT, function arguments): NULL is 0, reals are cut,
    /// of text the leading integer counts.
    pub fn to_integer(self) -> i64 {
        match self {
            ValueRef::Null => 0,
            ValueRef::Integer(integer) => integer,
            ValueRef::Real(real) => number::real_to_integer(real),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => number::text_to_integer(bytes),
        }
    }

    /// The value where a real is wanted: NULL is 0.0, of text the leading number counts.
    pub fn to_real(self) -> f64 {
        match self {
            ValueRef::Null => 0.0,
            ValueRef::Integer(integer) => integer as f64,
            ValueRef::Real(real) => real,
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => number::text_to_real(bytes),
        }
    }

    /// The value as text, `None` for NULL; a blob's bytes are taken as they are.
    #[inline]
    pub fn as_text(self) -> Option<TextRef<'a>> {
        match self {
            ValueRef::Null => None,
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(TextRef::Borrowed(bytes)),
            ValueRef::Integer(integer) => Some(TextRef::Made(number::integer_to_text(integer))),
            ValueRef::Real(real) => Some(TextRef::Made(number::real_to_text(real))),
        }
    }

    /// As `as_text`, with bytes of its own.
    pub fn to_text(self) -> Option<Bytes> {
        match self {
            ValueRef::Null => None,
            ValueRef::Integer(integer) => Some(number::integer_to_text(integer)),
            ValueRef::Real(real) => Some(number::real_to_text(real)),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(Bytes::new(bytes)),
        }
    }
}

/// A value as text: the bytes of a text or blob where they stand, those of a number as they were made.
pub enum TextRef<'a> {
    Borrowed(&'a [u8]),
    Made(Bytes),
}

impl Deref for TextRef<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            TextRef::Borrowed(bytes) => bytes,
            TextRef::Made(bytes) => bytes,
        }
    }
}

impl Default for TextRef<'_> {
    fn default() -> Self {
        TextRef::Borrowed(&[])
    }
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(value: &'a Value) -> ValueRef<'a> {
        value.as_ref()
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Value {
        Value::Integer(integer)
    }
}

impl From<f64> for Value {
    fn from(real: f64) -> Value {
        Value::real(real)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_at_most_24_bytes_and_no_real_is_nan() {
        assert!(size_of::<Value>() <= 24);
        assert_eq!(Value::real(f64::NAN), Value::Null);
        assert_eq!(Value::real(0.0 / 1.0), Value::Real(0.0));
    }
}
