//! A statement's text with its parameters' values written in: what logs and `toString()` show.

use pluresdb_value::Value;

/// Of text and blobs `max_shown` bytes are shown, and a count of the others.
pub(crate) fn expand(
    sql: &str,
    names: &[Option<Box<str>>],
    parameters: &[Value],
    max_shown: usize,
) -> String {
    let bytes = sql.as_bytes();
    let mut out = String::with_capacity(sql.len());
    let mut last_number = 0;
    let mut at = 0;
    while at < bytes.len() {
        let len = token_len(&bytes[at..]);
        let token = &sql[at..at + len];
        at += len;
        let number = match token.as_bytes()[0] {
            b'?' if len == 1 => Some(last_number + 1),
            b'?' => token[1..].parse().ok(),
            b':' | b'@' | b'$' if len > 1 => {
                names.iter().position(|name| name.as_deref() == Some(token)).map(|index| index + 1)
            }
            _ => None,
        };
        match number.and_then(|number| parameters.get(number - 1)) {
            Some(value) => {
                last_number = last_number.max(number.unwrap_or(0));
                push_shown(value, max_shown, &mut out);
            }
            None => out.push_str(token),
        }
    }
    out
}

/// Length of the token at the start: strings, quoted names, comments and parameters whole, anything else a character.
fn token_len(bytes: &[u8]) -> usize {
    let until = |end: u8, from: usize| {
        bytes[from..].iter().position(|&byte| byte == end).map_or(bytes.len(), |found| from + found + 1)
    };
    match bytes[0] {
        quote @ (b'\'' | b'"' | b'`') => until(quote, 1),
        b'[' => until(b']', 1),
        b'-' if bytes.get(1) == Some(&b'-') => until(b'\n', 2),
        b'/' if bytes.get(1) == Some(&b'*') => {
            let end = bytes[2..].windows(2).position(|pair| pair == b"*/");
            end.map_or(bytes.len(), |end| end + 4)
        }
        b'?' => 1 + bytes[1..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        b':' | b'@' | b'$' => 1 + bytes[1..].iter().take_while(|&&byte| is_name_byte(byte)).count(),
        byte if is_name_byte(byte) => {
            bytes.iter().take_while(|&&byte| is_name_byte(byte) || byte == b'$').count()
        }
        byte if byte < 0x80 => 1,
        _ => bytes.iter().take_while(|&&byte| byte >= 0x80).count(),
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// A value as an SQL literal to look at. What is shown of a text ends at its first NUL, as in SQLite.
fn push_shown(value: &Value, max_shown: usize, out: &mut String) {
    let hidden = match value {
        Value::Text(text) => {
            let mut len = text.len().min(max_shown);
            // Characters stay whole.
            while len > 0 && text.get(len).is_some_and(|byte| byte & 0xc0 == 0x80) {
                len += 1;
            }
            let shown = text[..len].split(|&byte| byte == 0).next().unwrap_or_default();
            push_value(&Value::text(shown), out);
            text.len() - len
        }
        Value::Blob(blob) => {
            let len = blob.len().min(max_shown);
            push_value(&Value::blob(&blob[..len]), out);
            blob.len() - len
        }
        Value::Null | Value::Integer(_) | Value::Real(_) => {
            push_value(value, out);
            0
        }
    };
    if hidden > 0 {
        out.push_str("/*+");
        out.push_str(&hidden.to_string());
        out.push_str(" bytes*/");
    }
}

/// A value as an SQL literal.
pub(crate) fn push_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Text(text) => {
            out.push('\'');
            out.push_str(&String::from_utf8_lossy(text).replace('\'', "''"));
            out.push('\'');
        }
        Value::Blob(blob) => {
            out.push_str("x'");
            for byte in blob.iter() {
                out.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
                out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
            }
            out.push('\'');
        }
        number => out.push_str(&String::from_utf8_lossy(&number.to_text().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_parameters_stood_and_nowhere_else() {
        let names = [None, Some(":a".into()), None];
        let values = [Value::Integer(1), Value::text("it's"), Value::Real(25.0)];
        assert_eq!(
            expand("SELECT ?, :a, ?, ':a', \"?\" -- ?", &names, &values, 32),
            "SELECT 1, 'it''s', 25.0, ':a', \"?\" -- ?"
        );
        assert_eq!(
            expand("SELECT x'00' /* ? */ + ?2", &names, &values, 32),
            "SELECT x'00' /* ? */ + 'it''s'"
        );
    }

    #[test]
    fn long_values_are_cut_where_that_is_wanted() {
        let values = [Value::text("abcdef"), Value::blob(&b"abcdef"[..])];
        let shown = |max| expand("SELECT ?, ?", &[None, None], &values, max);
        assert_eq!(shown(4), "SELECT 'abcd'/*+2 bytes*/, x'61626364'/*+2 bytes*/");
        assert_eq!(shown(usize::MAX), "SELECT 'abcdef', x'616263646566'");
    }
}
