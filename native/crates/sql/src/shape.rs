//! A text without its literals: what texts have in common that differ in their numbers and strings only.
//!
//!     SELECT name FROM t WHERE id = 5 AND n = 'x'   ─►   SELECT name FROM t WHERE id = ␀i AND n = ␀s
//!
//! Texts of one shape have the same tokens but for those literals. What the scanner is not sure of (comments, blobs,
//! unusual numbers, parameters) has no shape.

/// A literal left out: its bytes in the text, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiteralToken {
    pub kind: LiteralKind,
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// Decimal, of at most 18 digits.
    Integer,
    /// `digits.digits`
    Real,
    String,
}

/// More of them are a bulk insert, whose text hardly has the shape of another one.
const MAX_LITERALS: usize = 64;

/// Read from one text after another, in the same memory.
#[derive(Default)]
pub struct Shape {
    key: Vec<u8>,
    literals: Vec<LiteralToken>,
}

impl Shape {
    /// What texts of one shape have in common.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// In the order in which they stand.
    pub fn literals(&self) -> &[LiteralToken] {
        &self.literals
    }

    /// Whether the text, one statement, has a shape. One without literals has none.
    pub fn read(&mut self, sql: &str) -> bool {
        self.key.clear();
        self.literals.clear();
        self.scan(sql.as_bytes()).is_some() && !self.literals.is_empty()
    }

    fn scan(&mut self, sql: &[u8]) -> Option<()> {
        let at = |place: usize| sql.get(place).copied().unwrap_or(0);
        // Up to here the text is in the key.
        let mut copied = 0;
        let mut place = 0;
        let mut is_over = false;
        while place < sql.len() {
            let start = place;
            let first = at(start);
            place += 1;
            if is_over && !matches!(first, b' ' | b'\t' | b'\n' | b'\r') {
                return None;
            }
            let kind = match first {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    while is_word(at(place)) {
                        place += 1;
                    }
                    // It may be a blob.
                    if at(place) == b'\'' && place == start + 1 {
                        return None;
                    }
                    continue;
                }
                b'0'..=b'9' => {
                    let kind = number(sql, start, &mut place)?;
                    if is_word(at(place)) {
                        return None;
                    }
                    kind
                }
                b'\'' => {
                    string(sql, &mut place)?;
                    LiteralKind::String
                }
                quote @ (b'"' | b'`') => {
                    // A doubled quote begins another stretch in quotes.
                    while at(place) != quote {
                        if at(place) == 0 {
                            return None;
                        }
                        place += 1;
                    }
                    place += 1;
                    continue;
                }
                b'-' if at(place) == b'-' => return None,
                b'/' if at(place) == b'*' => return None,
                b'.' if at(place).is_ascii_digit() => return None,
                b';' => {
                    is_over = true;
                    continue;
                }
                b' ' | b'\t' | b'\n' | b'\r' | b'(' | b')' | b',' | b'.' | b'=' | b'<' | b'>' | b'!'
                | b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'~' => continue,
                _ => return None,
            };
            if self.literals.len() == MAX_LITERALS {
                return None;
            }
            self.key.extend_from_slice(&sql[copied..start]);
            self.key.extend_from_slice(&[0, kind as u8]);
            copied = place;
            self.literals.push(LiteralToken { kind, start: start as u32, end: place as u32 });
        }
        self.key.extend_from_slice(&sql[copied..]);
        Some(())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn number(sql: &[u8], start: usize, place: &mut usize) -> Option<LiteralKind> {
    let skip_digits = |place: &mut usize| {
        while sql.get(*place).is_some_and(u8::is_ascii_digit) {
            *place += 1;
        }
    };
    skip_digits(place);
    if *place - start > 18 {
        return None;
    }
    if sql.get(*place) != Some(&b'.') {
        return Some(LiteralKind::Integer);
    }
    *place += 1;
    let fraction = *place;
    skip_digits(place);
    (*place > fraction).then_some(LiteralKind::Real)
}

fn string(sql: &[u8], place: &mut usize) -> Option<()> {
    loop {
        match sql.get(*place)? {
            0 => return None,
            b'\'' if sql.get(*place + 1) == Some(&b'\'') => *place += 2,
            b'\'' => {
                *place += 1;
                return Some(());
            }
            _ => *place += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lexer, TokenKind};

    fn shape(sql: &str) -> Option<(String, Vec<&str>)> {
        let mut shape = Shape::default();
        if !shape.read(sql) {
            return None;
        }
        let literals = shape.literals.iter().map(|token| &sql[token.start as usize..token.end as usize]);
        Some((String::from_utf8_lossy(&shape.key).replace('\0', "?"), literals.collect()))
    }

    #[test]
    fn texts_that_differ_in_literals_have_one_shape() {
        let sql = "INSERT INTO \"a 1\" VALUES (10, 'it''s', 2.5, -7);";
        assert_eq!(
            shape(sql),
            Some((
                "INSERT INTO \"a 1\" VALUES (?\0, ?\u{2}, ?\u{1}, -?\0);".replace('\0', "?"),
                vec!["10", "'it''s'", "2.5", "7"]
            ))
        );
        assert_eq!(
            shape("SELECT a1 FROM t WHERE b=1").map(|(key, _)| key),
            shape("SELECT a1 FROM t WHERE b=22").map(|(key, _)| key)
        );
        assert_ne!(shape("SELECT 1").map(|(key, _)| key), shape("SELECT '1'").map(|(key, _)| key));
    }

    #[test]
    fn what_the_scanner_is_not_sure_of_has_no_shape() {
        for sql in [
            "SELECT a",
            "SELECT ?, 1",
            "SELECT :a, 1",
            "SELECT 1 -- x",
            "SELECT 1 /* x */",
            "SELECT x'00', 1",
            "SELECT 1e5",
            "SELECT 0x10",
            "SELECT 1_000",
            "SELECT .5, 1",
            "SELECT 5.",
            "SELECT 1a",
            "SELECT 'a",
            "SELECT \"a, 1",
            "SELECT [a], 1",
            "SELECT 1; SELECT 2",
            "SELECT 1234567890123456789",
            "SELECT é, 1",
            "SELECT 1\0",
            "SELECT 'a\0b'",
            "SELECT $a, 1",
            "SELECT 1.2.3",
            "SELECT 1.5e3",
        ] {
            assert_eq!(shape(sql), None, "{sql}");
        }
    }

    #[test]
    fn literals_are_tokens() {
        for sql in [
            "SELECT a-1, b - 2 FROM t1 WHERE c IN('x', 'y''z') AND d<>3.25;",
            "SELECT t.a||'b', \"1\"\"2\" = 4",
        ] {
            let mut expected = Vec::new();
            let mut lexer = Lexer::new(sql, 0);
            loop {
                let token = lexer.next_token();
                match token.kind {
                    TokenKind::End => break,
                    TokenKind::Integer | TokenKind::Float | TokenKind::String => {
                        expected.push(token.span().text(sql));
                    }
                    _ => {}
                }
            }
            assert_eq!(shape(sql).map(|(_, literals)| literals), Some(expected));
        }
    }
}
