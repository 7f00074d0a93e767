//! A statement's text with its parameters' values written in: what logs and `toString()` show.

use pluresdb_function::format::format;
use pluresdb_sql::{Lexer, TokenKind};
use pluresdb_value::{Value, ValueRef};

/// More than 15 digits, sign, point and exponent take.
const MAX_REAL_LEN: usize = 64;

/// Of text and blobs `max_shown` bytes are shown, and a count of the others.
pub(crate) fn expand(
    sql: &str,
    tcl_variables: bool,
    names: &[Option<Box<str>>],
    parameters: &[Value],
    max_shown: usize,
) -> String {
    let mut lexer = Lexer::new(sql, 0).with_tcl_variables(tcl_variables);
    let mut out = String::with_capacity(sql.len());
    let mut last_number = 0;
    // What is copied so far.
    let mut copied = 0;
    loop {
        let token = lexer.next_token();
        let text = match token.kind {
            TokenKind::End => break,
            TokenKind::Variable => token.span().text(sql),
            _ => continue,
        };
        let number = match text.as_bytes() {
            b"?" => Some(last_number + 1),
            [b'?', ..] => text[1..].parse().ok(),
            _ => names.iter().position(|name| name.as_deref() == Some(text)).map(|index| index + 1),
        };
        let Some(number) = number else { continue };
        let Some(value) = parameters.get(number - 1) else { continue };
        last_number = last_number.max(number);
        out.push_str(&sql[copied..token.start as usize]);
        push_shown(value, max_shown, &mut out);
        copied = token.end as usize;
    }
    out.push_str(&sql[copied..]);
    out
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
        // With fewer digits than a value has as text: 15.
        Value::Real(real) => {
            let shown = format(b"%!.15g", &[ValueRef::Real(*real)], MAX_REAL_LEN);
            out.push_str(&String::from_utf8_lossy(&shown.unwrap_or_default()));
        }
        Value::Integer(integer) => out.push_str(&integer.to_string()),
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
            expand("SELECT ?, :a, ?, ':a', \"?\" -- ?", false, &names, &values, 32),
            "SELECT 1, 'it''s', 25.0, ':a', \"?\" -- ?"
        );
        assert_eq!(
            expand("SELECT x'00' /* ? */ + ?2", false, &names, &values, 32),
            "SELECT x'00' /* ? */ + 'it''s'"
        );
    }

    #[test]
    fn reals_have_fifteen_digits() {
        let values = [0.1 + 0.2, 9_007_199_254_740_992.0, 1e300, -2.5].map(Value::Real);
        let shown = expand("SELECT ?, ?, ?, ?", false, &[const { None }; 4], &values, 32);
        assert_eq!(shown, "SELECT 0.3, 9.00719925474099e+15, 1.0e+300, -2.5");
    }

    #[test]
    fn long_values_are_cut_where_that_is_wanted() {
        let values = [Value::text("abcdef"), Value::blob(&b"abcdef"[..])];
        let shown = |max| expand("SELECT ?, ?", false, &[None, None], &values, max);
        assert_eq!(shown(4), "SELECT 'abcd'/*+2 bytes*/, x'61626364'/*+2 bytes*/");
        assert_eq!(shown(usize::MAX), "SELECT 'abcdef', x'616263646566'");
    }
}
