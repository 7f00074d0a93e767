//! LIKE and GLOB by how their pattern begins: the range of texts that can match.
//!
//! ```text
//! LIKE 'Ab%c'   from 'AB' to before 'ac', where case counts for nothing
//! GLOB 'Ab*c'   from 'Ab' to before 'Ac'
//! ```
//!
//! The rules are SQLite's ("The LIKE optimization"): a pattern that begins with a wildcard has no range, and no number's
//! text may lie in it, unless the texts' column has no numbers.

use pluresdb_value::{Value, ValueRef, number};

use crate::registry::{Call, Flags, FunctionError, Scalar, ScalarFn};

/// Which characters of a pattern stand for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wildcards {
    Like { escape: Option<u8>, ignores_case: bool },
    Glob,
}

impl Wildcards {
    fn are_at(self, byte: u8) -> bool {
        match self {
            Wildcards::Like { .. } => matches!(byte, b'%' | b'_'),
            Wildcards::Glob => matches!(byte, b'*' | b'?' | b'['),
        }
    }

    fn escape(self) -> Option<u8> {
        match self {
            Wildcards::Like { escape, .. } => escape,
            Wildcards::Glob => None,
        }
    }

    pub fn ignores_case(self) -> bool {
        matches!(self, Wildcards::Like { ignores_case: true, .. })
    }

    /// As an argument of the functions that compute bounds.
    pub fn to_number(self) -> i64 {
        match self {
            Wildcards::Glob => 2,
            Wildcards::Like { escape, ignores_case } => {
                i64::from(escape.unwrap_or(0)) << 8 | i64::from(ignores_case)
            }
        }
    }

    fn of_number(number: i64) -> Wildcards {
        if number == 2 {
            return Wildcards::Glob;
        }
        let escape = (number >> 8) as u8;
        Wildcards::Like { escape: (escape != 0).then_some(escape), ignores_case: number & 1 == 1 }
    }
}

/// What a pattern tells of the texts that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    /// They lie in its range.
    Range,
    /// They are those of its range.
    All,
}

/// Patterns of one operator, on one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternLanguage {
    pub wildcards: Wildcards,
    /// The column has no numbers.
    pub is_text: bool,
}

impl PatternLanguage {
    /// From this text on, and before that one; None: nothing that could be looked up.
    pub fn range(self, pattern: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        self.split(pattern).map(|(beginning, _)| bounds(beginning, self.wildcards.ignores_case()))
    }

    /// What a value is as a pattern.
    pub fn reach(self, pattern: Option<&Value>) -> Reach {
        match pattern {
            Some(Value::Text(pattern)) => self.reach_of(pattern),
            _ => Reach::Nothing,
        }
    }

    pub fn reach_of(self, pattern: &[u8]) -> Reach {
        let Some((beginning, rest)) = self.split(pattern) else { return Reach::Nothing };
        let is_any = match self.wildcards {
            Wildcards::Like { .. } => matches!(rest, [b'%'] | [b'%', 0, ..]),
            Wildcards::Glob => matches!(rest, [b'*'] | [b'*', 0, ..]),
        };
        // Behind '@' comes 'A', which is 'a' where case counts for nothing: the range has more.
        let is_exact = !(self.wildcards.ignores_case() && beginning.ends_with(b"@"));
        if is_any && is_exact { Reach::All } else { Reach::Range }
    }

    /// What every text begins with that matches, and the pattern behind that; None: nothing that could be looked up.
    fn split(self, pattern: &[u8]) -> Option<(Vec<u8>, &[u8])> {
        let mut beginning = Vec::new();
        let mut rest = pattern;
        while let Some(&byte) = rest.first().filter(|byte| **byte != 0 && !self.wildcards.are_at(**byte)) {
            let len = match byte {
                0..0x80 => 1,
                _ => match character_len(rest) {
                    Some(len) => len,
                    None => break,
                },
            };
            if self.wildcards.escape() == Some(byte) {
                match rest.get(1) {
                    Some(escaped @ 1..0x80) => {
                        beginning.push(*escaped);
                        rest = &rest[2..];
                        continue;
                    }
                    // It stands before nothing.
                    _ => break,
                }
            }
            beginning.extend_from_slice(&rest[..len]);
            rest = &rest[len..];
        }
        let is_range = !beginning.is_empty() && (self.is_text || !is_like_number(&beginning));
        is_range.then_some((beginning, rest))
    }
}

/// Bytes of the character that a text begins with; None: it is none.
fn character_len(text: &[u8]) -> Option<usize> {
    let len = match text[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    std::str::from_utf8(text.get(..len)?).is_ok().then_some(len)
}

/// Whether a number's text may lie between the bounds: one of them is one, or begins one.
fn is_like_number(beginning: &[u8]) -> bool {
    let mut end = beginning.to_vec();
    if let Some(last) = end.last_mut() {
        *last = last.wrapping_add(1);
    }
    beginning == b"-" || [beginning, &end].into_iter().any(|bound| number::number_in_text(bound).is_some())
}

/// From this text on, and before that one.
fn bounds(mut beginning: Vec<u8>, ignores_case: bool) -> (Vec<u8>, Vec<u8>) {
    let mut end = beginning.clone();
    if ignores_case {
        beginning.make_ascii_uppercase();
        end.make_ascii_lowercase();
    }
    let last = end.last_mut().expect("a beginning is not empty");
    *last = last.wrapping_add(1);
    (beginning, end)
}

/// The bounds of a pattern's range, of `(pattern, wildcards.to_number())`.
pub static PATTERN_LOW: Scalar = bound_function("pattern_low", |call| bound_of(call, false));
pub static PATTERN_HIGH: Scalar = bound_function("pattern_high", |call| bound_of(call, true));

const fn bound_function(name: &'static str, call: ScalarFn) -> Scalar {
    Scalar { name, min_args: 2, max_args: 2, flags: Flags::DETERMINISTIC.with(Flags::INNOCUOUS), call }
}

/// NULL of a pattern that has no range.
fn bound_of(call: &Call<'_>, is_end: bool) -> Result<Value, FunctionError> {
    let (ValueRef::Text(pattern), ValueRef::Integer(wildcards)) = (call.args[0], call.args[1]) else {
        return Ok(Value::Null);
    };
    let language = PatternLanguage { wildcards: Wildcards::of_number(wildcards), is_text: true };
    let range = language.range(pattern);
    Ok(range.map_or(Value::Null, |(low, high)| Value::Text(if is_end { high } else { low }.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(wildcards: Wildcards, is_text: bool, pattern: &str) -> Option<(String, String)> {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let range = PatternLanguage { wildcards, is_text }.range(pattern.as_bytes());
        range.map(|(low, high)| (text(low), text(high)))
    }

    fn of(low: &str, high: &str) -> Option<(String, String)> {
        Some((low.to_owned(), high.to_owned()))
    }

    #[test]
    fn a_range_begins_with_what_stands_before_the_first_wildcard() {
        let like = |escape| Wildcards::Like { escape, ignores_case: true };
        assert_eq!(range(like(None), true, "Ab%c"), of("AB", "ac"));
        assert_eq!(range(like(None), true, "Ab_"), of("AB", "ac"));
        assert_eq!(range(like(None), true, "z"), of("Z", "{"));
        assert_eq!(range(like(None), true, "%b"), None);
        assert_eq!(range(like(None), true, ""), None);
        assert_eq!(range(like(Some(b'@')), true, "a@%@_b%"), of("A%_B", "a%_c"));
        assert_eq!(range(like(Some(b'@')), true, "ab@"), of("AB", "ac"));
        assert_eq!(range(like(Some(b'@')), true, "@"), None);
        assert_eq!(range(Wildcards::Glob, true, "Ab[c]*"), of("Ab", "Ac"));
        assert_eq!(range(Wildcards::Glob, true, "a%_"), of("a%_", "a%`"));
        assert_eq!(range(Wildcards::Glob, true, "été*"), of("été", "étê"));
        let sensitive = Wildcards::Like { escape: None, ignores_case: false };
        assert_eq!(range(sensitive, true, "Ab%"), of("Ab", "Ac"));
        let invalid = PatternLanguage { wildcards: Wildcards::Glob, is_text: true }.range(b"a\xff*");
        assert_eq!(invalid, Some((b"a".to_vec(), b"b".to_vec())));
    }

    #[test]
    fn a_beginning_and_a_wildcard_are_all_of_the_range() {
        let reach = |wildcards, pattern: &str| {
            PatternLanguage { wildcards, is_text: true }.reach_of(pattern.as_bytes())
        };
        let like = Wildcards::Like { escape: Some(b'!'), ignores_case: true };
        for (pattern, expected) in [
            ("ab%", Reach::All),
            ("ab", Reach::Range),
            ("ab%%", Reach::Range),
            ("ab_", Reach::Range),
            ("ab!%", Reach::Range),
            ("ab!%%", Reach::All),
            ("a@%", Reach::Range),
            ("ab%\0c", Reach::All),
            ("%", Reach::Nothing),
        ] {
            assert_eq!(reach(like, pattern), expected, "{pattern}");
        }
        assert_eq!(reach(Wildcards::Glob, "a@*"), Reach::All);
        assert_eq!(reach(Wildcards::Glob, "a?"), Reach::Range);
        assert_eq!(reach(Wildcards::Glob, "a*b"), Reach::Range);
    }

    #[test]
    fn numbers_must_not_match() {
        for pattern in ["12*", "-*", "1/*", "-1.5*", "1e3*"] {
            assert_eq!(range(Wildcards::Glob, false, pattern), None, "{pattern}");
            assert!(range(Wildcards::Glob, true, pattern).is_some(), "{pattern}");
        }
        assert_eq!(range(Wildcards::Glob, false, "12x*"), of("12x", "12y"));
        assert_eq!(range(Wildcards::Glob, false, "a*"), of("a", "b"));
    }

    #[test]
    fn wildcards_are_what_their_number_says() {
        let escapes = [None, Some(b'\\'), Some(b'~')];
        let likes = escapes
            .into_iter()
            .flat_map(|escape| [false, true].map(|ignores_case| Wildcards::Like { escape, ignores_case }));
        for wildcards in likes.chain([Wildcards::Glob]) {
            assert_eq!(Wildcards::of_number(wildcards.to_number()), wildcards);
        }
    }
}
