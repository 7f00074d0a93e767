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
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let end = self.scan(sql.as_bytes());
        let is_one = end.is_some_and(|end| sql.as_bytes()[end..].iter().all(is_space));
        if let Some(end) = end
            && is_one
        {
            self.key.extend_from_slice(&sql.as_bytes()[end..]);
        }
        is_one && !self.literals.is_empty()
    }

    /// Reads the first statement of a script, whose bytes up to its semicolon or the script's end it answers. None: it has no
    /// shape.
    pub fn read_first(&mut self, script: &str) -> Option<usize> {
        self.scan(script.as_bytes()).filter(|_| !self.literals.is_empty())
    }

    /// Answers where the first statement ends.
    fn scan(&mut self, sql: &[u8]) -> Option<usize> {
        self.key.clear();
        self.literals.clear();
        let at = |place: usize| sql.get(place).copied().unwrap_or(0);
        // Up to here the text is in the key.
        let mut copied = 0;
        let mut place = 0;
        while place < sql.len() {
            let start = place;
            let first = at(start);
            place += 1;
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
                b';' => break,
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
        self.key.extend_from_slice(&sql[copied..place]);
        Some(place)
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
    fn a_script_is_read_statement_by_statement() {
        let script = "INSERT INTO t VALUES (1, 'a;b');\nINSERT INTO t VALUES (2, 'c'); SELECT -- no\n 1";
        let mut shape = Shape::default();
        let end = shape.read_first(script).unwrap();
        assert_eq!(&script[..end], "INSERT INTO t VALUES (1, 'a;b');");
        assert_eq!(shape.literals().len(), 2);
        let key = shape.key().to_vec();
        let rest = script[end..].trim_start();
        let end = shape.read_first(rest).unwrap();
        assert_eq!(&rest[..end], "INSERT INTO t VALUES (2, 'c');");
        assert_eq!(shape.key(), key);
        assert_eq!(shape.read_first(&rest[end..]), None);
        assert_eq!(shape.read_first("SELECT 7"), Some(8));
        assert_eq!(shape.read_first("COMMIT; SELECT 7"), None);
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
