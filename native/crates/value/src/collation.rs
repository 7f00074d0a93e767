//! Which of two values comes first.
//!
//! Storage classes order NULL < numbers < text < blob. Integers and reals compare by exact value, beyond 2^53 too;
//! text by its collation; blobs byte by byte.

use std::cmp::Ordering;

use crate::ValueRef;
use crate::collation_name::CollationId;

/// A text order: one of the built-in ones, or the application's by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Collation {
    /// Byte by byte.
    #[default]
    Binary,
    /// ASCII letters without their case.
    NoCase,
    /// Byte by byte, trailing spaces aside.
    Rtrim,
    /// The application's. Only its name is known here: what compares text by it is with the session, in the engine. To
    /// this crate such text orders byte by byte.
    Custom(CollationId),
}

impl Collation {
    /// The built-in collation of that name, in any case.
    pub fn from_name(name: &str) -> Option<Collation> {
        [Collation::Binary, Collation::NoCase, Collation::Rtrim]
            .into_iter()
            .find(|collation| collation.name().eq_ignore_ascii_case(name))
    }

    /// The collation of that name, built-in or not. None when there are too many names already.
    pub fn named(name: &str) -> Option<Collation> {
        Collation::from_name(name).or_else(|| CollationId::of_name(name).map(Collation::Custom))
    }

    pub fn name(self) -> &'static str {
        match self {
            Collation::Binary => "BINARY",
            Collation::NoCase => "NOCASE",
            Collation::Rtrim => "RTRIM",
            Collation::Custom(id) => id.name(),
        }
    }

    #[inline]
    pub fn is_custom(self) -> bool {
        matches!(self, Collation::Custom(_))
    }
}

/// SQL's order of any two values; NULLs are equal to each other here.
#[inline]
pub fn compare(a: ValueRef<'_>, b: ValueRef<'_>, collation: Collation) -> Ordering {
    match (a, b) {
        (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(&b),
        (ValueRef::Real(a), ValueRef::Real(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (ValueRef::Integer(a), ValueRef::Real(b)) => compare_integer_real(a, b),
        (ValueRef::Real(a), ValueRef::Integer(b)) => compare_integer_real(b, a).reverse(),
        (ValueRef::Text(a), ValueRef::Text(b)) => compare_text(a, b, collation),
        (ValueRef::Blob(a), ValueRef::Blob(b)) => a.cmp(b),
        _ => class_rank(a).cmp(&class_rank(b)),
    }
}

fn class_rank(value: ValueRef<'_>) -> u8 {
    match value {
        ValueRef::Null => 0,
        ValueRef::Integer(_) | ValueRef::Real(_) => 1,
        ValueRef::Text(_) => 2,
        ValueRef::Blob(_) => 3,
    }
}

pub fn compare_integer_real(integer: i64, real: f64) -> Ordering {
    if real < -9223372036854775808.0 {
        return Ordering::Greater;
    }
    if real >= 9223372036854775808.0 {
        return Ordering::Less;
    }
    // The whole part decides; when it is equal, `integer` is below 2^53 or the fraction is zero, so that the
    // comparison as reals is exact.
    integer.cmp(&(real as i64)).then_with(|| (integer as f64).partial_cmp(&real).unwrap_or(Ordering::Equal))
}

pub fn compare_text(a: &[u8], b: &[u8], collation: Collation) -> Ordering {
    match collation {
        Collation::Binary | Collation::Custom(_) => a.cmp(b),
        Collation::NoCase => compare_nocase(a, b),
        Collation::Rtrim => without_trailing_spaces(a).cmp(without_trailing_spaces(b)),
    }
}

/// SQLite's NOCASE looks no further than a NUL that both texts have at the same place; then the shorter one is
/// first.
fn compare_nocase(a: &[u8], b: &[u8]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x.to_ascii_lowercase(), y.to_ascii_lowercase());
        if x != y {
            return x.cmp(&y);
        }
        if x == 0 {
            break;
        }
    }
    a.len().cmp(&b.len())
}

pub(crate) fn without_trailing_spaces(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_reals_compare_exactly_beyond_2_53() {
        let int = |i| ValueRef::Integer(i);
        let real = |r| ValueRef::Real(r);
        let binary = Collation::Binary;
        assert_eq!(compare(int(9007199254740993), real(9007199254740992.0), binary), Ordering::Greater);
        assert_eq!(compare(int(i64::MAX), real(9223372036854775808.0), binary), Ordering::Less);
        assert_eq!(compare(int(i64::MIN), real(-9223372036854775808.0), binary), Ordering::Equal);
        assert_eq!(compare(real(1.5), int(1), binary), Ordering::Greater);
        assert_eq!(compare(real(-0.0), int(0), binary), Ordering::Equal);
    }

    #[test]
    fn collations_fold_what_they_promise_and_no_more() {
        assert_eq!(compare_text(b"aB", b"Ab", Collation::NoCase), Ordering::Equal);
        assert_eq!(compare_text(b"a[", b"aZ", Collation::NoCase), Ordering::Less);
        assert_eq!(compare_text(b"a\0b", b"A\0c", Collation::NoCase), Ordering::Equal);
        assert_eq!(compare_text(b"a  ", b"a", Collation::Rtrim), Ordering::Equal);
        assert_eq!(compare_text(b"a\t", b"a", Collation::Rtrim), Ordering::Greater);
        assert_eq!(Collation::from_name("NoCase"), Some(Collation::NoCase));
    }
}
