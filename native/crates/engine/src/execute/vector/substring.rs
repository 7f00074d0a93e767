//! `substr()` with the same place for a whole column: parts of texts where they stand, nothing is copied.

use pluresdb_function::Scalar;
use pluresdb_value::Value;

use super::column::Column;
use super::entries::Entries;
use super::evaluate::Operand;

/// None when the call has to be made row by row: a place counted from the end, and texts whose characters are not bytes.
pub(super) fn parts<'a>(function: &Scalar, args: &[Operand<'_, 'a>], row_count: usize) -> Option<Column<'a>> {
    if !matches!(function.name, "substr" | "substring") {
        return None;
    }
    let (text, start, count) = match args {
        [text, start] => (text, start, None),
        [text, start, count] => (text, start, Some(count)),
        _ => return None,
    };
    let whole_number = |column: &Column<'_>| match column {
        Column::Constant(Value::Integer(integer)) => usize::try_from(*integer).ok(),
        _ => None,
    };
    let first = whole_number(start)?.checked_sub(1)?;
    let end = match count {
        Some(count) => first.checked_add(whole_number(count)?)?,
        None => usize::MAX,
    };
    let part = |text: &'a [u8]| {
        let end = end.min(text.len());
        is_plain(&text[..end]).then(|| &text[first.min(end)..end])
    };
    match &**text {
        Column::Texts(texts) => {
            let parts = texts.iter().map(|text| match text {
                Some(text) => part(text).map(Some),
                None => Some(None),
            });
            parts.collect::<Option<Vec<_>>>().map(Column::Texts)
        }
        Column::Run(run) if is_plain(run.bytes()) => {
            let part = |text: &'a [u8]| &text[first.min(text.len())..end.min(text.len())];
            Some(Column::Texts(run.iter().map(|text| Some(part(text))).collect()))
        }
        Column::Run(run) => {
            let parts = (0..row_count).map(|row| part(run.get(row)).map(Some));
            parts.collect::<Option<Vec<_>>>().map(Column::Texts)
        }
        Column::Dictionary { codes, entries } if entries.len() <= codes.len() => {
            let parts = entries.iter().flatten().map(part).collect::<Option<Vec<_>>>()?;
            Some(Column::Dictionary { codes: codes.clone(), entries: Entries::List(parts) })
        }
        Column::Dictionary { codes, entries } => {
            let parts = codes.iter().map(|code| match entries.get(*code) {
                Some(text) => part(text).map(Some),
                None => Some(None),
            });
            parts.collect::<Option<Vec<_>>>().map(Column::Texts)
        }
        _ => None,
    }
}

/// Whether each character is a byte. LIKE and length() do not look behind a NUL, nor does substr().
fn is_plain(text: &[u8]) -> bool {
    // All are looked at, so that the compiler makes vectors of the loop.
    text.iter().fold(0, |others, byte| others | u8::from(!byte.is_ascii() || *byte == 0)) == 0
}

#[cfg(test)]
mod tests {
    use pluresdb_function::scalar;
    use pluresdb_tree::{Offsets, Strings};

    use super::super::column::Run;
    use super::*;

    fn parts_of(texts: &[Option<&'static [u8]>], start: i64, count: i64) -> Option<Vec<Option<String>>> {
        let args = [
            Operand::Computed(Column::Texts(texts.to_vec())),
            Operand::Computed(Column::Constant(Value::Integer(start))),
            Operand::Computed(Column::Constant(Value::Integer(count))),
        ];
        let Column::Texts(parts) = parts(scalar("substr")?, &args, texts.len())? else { return None };
        let string = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        Some(parts.into_iter().map(|part| part.map(string)).collect())
    }

    #[test]
    fn parts_of_texts_side_by_side_are_the_same() {
        let of = |heap: &'static [u8]| {
            let strings = Strings { ends: Offsets::U8(&[0, 4, 5, 8]), heap, each: None };
            let args = [
                Operand::Computed(Column::Run(Run::new(strings, 0..3))),
                Operand::Computed(Column::Constant(Value::Integer(2))),
                Operand::Computed(Column::Constant(Value::Integer(2))),
            ];
            let Column::Texts(parts) = parts(scalar("substr")?, &args, 3)? else { return None };
            Some(parts)
        };
        assert_eq!(of(b"abcdefgh"), Some(vec![Some(&b"bc"[..]), Some(b""), Some(b"gh")]));
        // What stands behind the part is not asked about.
        assert_eq!(of(b"abc\0efgh"), Some(vec![Some(&b"bc"[..]), Some(b""), Some(b"gh")]));
        assert_eq!(of(b"ab\0defgh"), None);
    }

    #[test]
    fn parts_are_those_of_substr() {
        let some = |part: &str| Some(part.to_owned());
        assert_eq!(
            parts_of(&[Some(b"25-989"), None, Some(b"2")], 1, 2),
            Some(vec![some("25"), None, some("2")])
        );
        assert_eq!(parts_of(&[Some(b"abc"), Some(b"a")], 3, 9), Some(vec![some("c"), some("")]));
        assert_eq!(parts_of(&[Some("äb".as_bytes())], 1, 1), None);
        assert_eq!(parts_of(&[Some(b"a\0b")], 1, 3), None);
        assert_eq!(parts_of(&[Some(b"abc")], 0, 2), None);
        assert_eq!(parts_of(&[Some(b"abc")], -1, 1), None);
    }
}
