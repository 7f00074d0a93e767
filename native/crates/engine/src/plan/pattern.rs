//! LIKE and GLOB by how their pattern begins: what an index can find of them (`pluresdb_function::PatternLanguage`).
//!
//! ```text
//! name LIKE 'Ab%c'   name >= 'AB' AND name < 'ac' COLLATE NOCASE    an index of that collation
//! name GLOB 'Ab*c'   name >= 'Ab' AND name < 'Ac'                   an index of plain texts
//! ```
//!
//! The condition itself is asked as well, unless the range says all of it. Of a pattern that is a parameter the bounds are
//! computed for each run.

use pluresdb_function::{PATTERN_HIGH, PATTERN_LOW, PatternLanguage, Reach, Wildcards};
use pluresdb_value::{Affinity, Collation, Value};

use crate::resolve::tree::{Between, Comparison, Expr};
use crate::session::Session;

/// `x LIKE pattern` as `x BETWEEN low AND high`, the end left out, of texts alone, and whether that says as much; None: no
/// index finds it. `affinity` is that of a column which an index could have.
pub(super) fn as_range(
    condition: &Expr,
    session: &Session,
    affinity: impl FnOnce(&Expr) -> Option<Affinity>,
) -> Option<(Between, bool)> {
    let Expr::Function { function, args, .. } = condition else { return None };
    let (pattern, operand) = (args.first()?, args.get(1)?);
    let wildcards = match (function.name, args.get(2)) {
        ("glob", None) => Wildcards::Glob,
        ("like", escape) => {
            let escape = match escape {
                Some(escape) => Some(written_escape(escape)?),
                None => None,
            };
            Wildcards::Like { escape, ignores_case: !session.settings.case_sensitive_like }
        }
        _ => return None,
    };
    let language = PatternLanguage { wildcards, is_text: affinity(operand)? == Affinity::Text };
    let (low, high, reach) = match without_collation(pattern) {
        Expr::Literal(Value::Text(text)) => {
            let (low, high) = language.range(text)?;
            (
                Expr::Literal(Value::Text(low.into())),
                Expr::Literal(Value::Text(high.into())),
                language.reach_of(text),
            )
        }
        pattern @ Expr::Parameter(parameter) => {
            let reach = session.patterns.borrow_mut().reach(*parameter, language);
            if reach == Reach::Nothing {
                return None;
            }
            let bound = |function| {
                let number = Expr::Literal(Value::Integer(wildcards.to_number()));
                let args = [pattern.clone(), number].into();
                Expr::Function { function, args, collation: Collation::Binary }
            };
            (bound(&PATTERN_LOW), bound(&PATTERN_HIGH), reach)
        }
        _ => return None,
    };
    let collation = if wildcards.ignores_case() { Collation::NoCase } else { Collation::Binary };
    let comparison = Comparison::new(collation);
    let range = Between {
        operand: operand.clone(),
        low,
        high,
        low_comparison: comparison,
        high_comparison: comparison,
        negated: false,
    };
    // Of blobs the range has more than those that match.
    let says_all = reach == Reach::All && !session.settings.like_matches_blobs;
    Some((range, says_all))
}

/// The character after ESCAPE; None: one that SQLite does not look up by.
fn written_escape(escape: &Expr) -> Option<u8> {
    match escape {
        Expr::Literal(Value::Text(text)) => match &text[..] {
            [b'%' | b'_'] => None,
            [escape @ 1..0x80] => Some(*escape),
            _ => None,
        },
        _ => None,
    }
}

fn without_collation(expr: &Expr) -> &Expr {
    match expr {
        Expr::Collate { operand, .. } => without_collation(operand),
        expr => expr,
    }
}
