//! LIKE and GLOB with one pattern for a whole column of texts.
//!
//! `'%word%'` over texts that lie one after the other is one search through all of them.

use pluresdb_function::pattern::LikePattern;
use pluresdb_function::{Context as _, Scalar};
use pluresdb_value::Value;

use super::column::{Column, FALSE, Run, UNKNOWN};
use super::evaluate::Surroundings;

/// None when the call has to be made row by row.
pub(super) fn truths(
    function: &Scalar,
    pattern: &Column<'_>,
    texts: &Column<'_>,
    surroundings: &mut Surroundings<'_, '_>,
) -> Option<Vec<u8>> {
    let Surroundings { known, context } = surroundings;
    let Column::Constant(Value::Text(pattern)) = pattern else { return None };
    if pattern.len() > context.max_pattern_length() {
        return None;
    }
    let pattern = match function.name {
        "like" => known.like_pattern(pattern, context.case_sensitive_like()),
        "glob" => known.glob_pattern(pattern),
        _ => return None,
    };
    match texts {
        Column::Texts(texts) => {
            let truth = |text: &[u8]| u8::from(pattern.matches(text));
            Some(texts.iter().map(|text| text.map_or(UNKNOWN, truth)).collect())
        }
        Column::Run(run) => Some(
            search(pattern, run)
                .unwrap_or_else(|| run.iter().map(|text| u8::from(pattern.matches(text))).collect()),
        ),
        Column::Made(made) => {
            let truth = |row| made.text(row).map_or(UNKNOWN, |text| u8::from(pattern.matches(text)));
            Some((0..made.len()).map(truth).collect())
        }
        Column::Dictionary { codes, entries } => {
            let truth = |text: &[u8]| u8::from(pattern.matches(text));
            Some(codes.iter().map(|code| entries.get(*code).map_or(UNKNOWN, truth)).collect())
        }
        _ => None,
    }
}

/// Looks for the first word of a `'%word%'` or `'%word%word%'` in all texts at once. None for other patterns, and where a text
/// has a NUL, behind which LIKE does not look.
fn search(pattern: &LikePattern, run: &Run<'_>) -> Option<Vec<u8>> {
    let bytes = run.bytes();
    let word = pattern.searched_word(bytes)?;
    let mut truths = vec![FALSE; run.len()];
    let (mut from, mut row) = (0, 0);
    while let Some(found) = pattern.find_word(&bytes[from..]) {
        let at = from + found;
        row = run.row_at(at, row);
        let end = run.end_of(row);
        if at + word.len() <= end {
            truths[row] = u8::from(pattern.says_no_more() || pattern.matches(run.get(row)));
            from = end;
        } else {
            // It began in one text and ended in another.
            from = at + 1;
        }
    }
    Some(truths)
}

#[cfg(test)]
mod tests {
    use pluresdb_tree::{Offsets, Strings};

    use super::super::column::TRUE;
    use super::*;

    #[test]
    fn a_word_across_two_texts_is_in_neither() {
        let ends = [0, 3, 3, 6, 9];
        let strings = Strings { ends: Offsets::U8(&ends), heap: b"xxabcxxAB", each: None };
        let run = Run::new(strings, 0..4);
        let found = search(&LikePattern::new(b"%ab%", None, false), &run);
        assert_eq!(found, Some(vec![FALSE, FALSE, FALSE, TRUE]));
        let found = search(&LikePattern::new(b"%ab%", None, false), &Run::new(strings, 0..1));
        assert_eq!(found, Some(vec![FALSE]));
        let found = search(&LikePattern::new(b"%bc%", None, true), &Run::new(strings, 2..4));
        assert_eq!(found, Some(vec![TRUE, FALSE]));
        let found = search(&LikePattern::new(b"%x%c%", None, false), &Run::new(strings, 0..4));
        assert_eq!(found, Some(vec![FALSE, FALSE, FALSE, FALSE]));
        let found = search(&LikePattern::new(b"%x%b%", None, false), &Run::new(strings, 0..4));
        assert_eq!(found, Some(vec![FALSE, FALSE, FALSE, TRUE]));
    }
}
