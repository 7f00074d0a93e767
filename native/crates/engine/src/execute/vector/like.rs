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

/// Looks for the first word of a `'%word%'` or `'%word%word%'` in all texts at once. None for other patterns.
fn search(pattern: &LikePattern, run: &Run<'_>) -> Option<Vec<u8>> {
    let word_len = pattern.searched_word()?.len();
    let bytes = run.bytes();
    let mut truths = vec![FALSE; run.len()];
    let mut row = 0;
    pattern.each_word(bytes, |at| {
        row = run.row_at(at, row);
        let end = run.end_of(row);
        if at + word_len > end {
            // It began in one text and ended in another.
            return at + 1;
        }
        let start = run.start_of(row);
        // LIKE does not look behind a NUL.
        truths[row] = u8::from(
            !bytes[start..at].contains(&0)
                && (pattern.says_no_more() || pattern.matches_behind(&bytes[start..end], at - start)),
        );
        end
    });
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

    #[test]
    fn a_word_behind_a_nul_is_in_no_text() {
        let ends = [0, 4, 8, 10];
        let strings = Strings { ends: Offsets::U8(&ends), heap: b"a\0xxxx\0axx", each: None };
        let run = Run::new(strings, 0..3);
        for pattern in [&b"%xx%"[..], b"%x%x%", b"%XX%"] {
            let pattern = LikePattern::new(pattern, None, false);
            assert_eq!(search(&pattern, &run), Some(vec![FALSE, TRUE, TRUE]));
        }
    }

    #[test]
    fn words_of_many_texts_are_found_wherever_they_stand() {
        // 300 texts of 0 to 12 bytes, some with the word, some with parts of it.
        let texts: Vec<String> = (0..300_usize)
            .map(|index| {
                format!(
                    "{}{}{}",
                    "a".repeat(index % 5),
                    ["", "Lx", "l", "x", "lxLX"][index % 7 % 5],
                    index % 3
                )
            })
            .collect();
        let heap = texts.concat();
        let lengths = texts.iter().map(String::len);
        let ends: Vec<[u8; 2]> = std::iter::once(0)
            .chain(lengths.scan(0, |end, len| {
                *end += len;
                Some(*end)
            }))
            .map(|end| (end as u16).to_le_bytes())
            .collect();
        let strings = Strings { ends: Offsets::U16(&ends), heap: heap.as_bytes(), each: None };
        for pattern in ["%lx%", "%x%", "%xl%", "%al%x%", "%lxlx%"] {
            let pattern = LikePattern::new(pattern.as_bytes(), None, false);
            for rows in [0..300, 7..260, 3..4, 5..5] {
                let expected: Vec<u8> = texts[rows.clone()]
                    .iter()
                    .map(|text| u8::from(pattern.matches(text.as_bytes())))
                    .collect();
                assert_eq!(search(&pattern, &Run::new(strings, rows)), Some(expected));
            }
        }
    }
}
