//! Text to tokens, one at a time.
//!
//! Always true:
//! - White space and comments make no token.
//! - A token's text is `start..end`; it never splits a character.
//! - A NUL byte is the end of the text, as in SQLite.
//! - WINDOW, OVER and FILTER come out as identifiers unless what stands around them makes them keywords:
//!   WINDOW before `name AS`, OVER between `)` and `(` or a name, FILTER between `)` and `(`.

use crate::keyword::keyword;
use crate::token::{Token, TokenKind};

/// Reads a text token by token; behind its end every token is `TokenKind::End`.
pub struct Lexer<'a> {
    bytes: &'a [u8],
    position: usize,
    previous: TokenKind,
    /// See `Dialect::tcl_variables`.
    takes_tcl_variables: bool,
}

/// What the first byte of a token says about it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Illegal,
    Space,
    Word,
    /// `x`, which may start a blob.
    X,
    Digit,
    /// `'`, `"`, `` ` ``
    Quote,
    Bracket,
    Question,
    /// `:`, `@`, `$`, `#`
    Sigil,
    Minus,
    Slash,
    Dot,
    Less,
    Greater,
    Equal,
    Bang,
    Pipe,
    /// U+FEFF starts with it.
    ByteOrderMark,
    /// One byte, one token.
    Single(TokenKind),
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Illegal; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => Class::Space,
            b'x' | b'X' => Class::X,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Word,
            0xef => Class::ByteOrderMark,
            0x80..=0xff => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'"' | b'`' => Class::Quote,
            b'[' => Class::Bracket,
            b'?' => Class::Question,
            b':' | b'@' | b'$' | b'#' => Class::Sigil,
            b'-' => Class::Minus,
            b'/' => Class::Slash,
            b'.' => Class::Dot,
            b'<' => Class::Less,
            b'>' => Class::Greater,
            b'=' => Class::Equal,
            b'!' => Class::Bang,
            b'|' => Class::Pipe,
            b';' => Class::Single(TokenKind::Semicolon),
            b'(' => Class::Single(TokenKind::LeftParen),
            b')' => Class::Single(TokenKind::RightParen),
            b',' => Class::Single(TokenKind::Comma),
            b'+' => Class::Single(TokenKind::Plus),
            b'*' => Class::Single(TokenKind::Star),
            b'%' => Class::Single(TokenKind::Percent),
            b'&' => Class::Single(TokenKind::Ampersand),
            b'~' => Class::Single(TokenKind::Tilde),
            _ => Class::Illegal,
        };
        byte += 1;
    }
    classes
};

const WORD_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80;
        byte += 1;
    }
    table
};

/// White space inside a run of it; unlike at its start, a vertical tab counts.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

impl<'a> Lexer<'a> {
    pub fn new(sql: &'a str, position: usize) -> Self {
        Lexer { bytes: sql.as_bytes(), position, previous: TokenKind::End, takes_tcl_variables: false }
    }

    /// See `Dialect::tcl_variables`.
    #[must_use]
    pub fn with_tcl_variables(mut self, takes_tcl_variables: bool) -> Self {
        self.takes_tcl_variables = takes_tcl_variables;
        self
    }

    /// The byte at `position`, 0 behind the end.
    #[inline]
    fn at(&self, position: usize) -> u8 {
        self.bytes.get(position).copied().unwrap_or(0)
    }

    #[inline]
    pub fn next_token(&mut self) -> Token {
        let mut token = self.scan();
        if matches!(token.kind, TokenKind::Window | TokenKind::Over | TokenKind::Filter) {
            token.kind = self.keyword_in_company(token.kind);
        }
        self.previous = token.kind;
        token
    }

    /// The kinds of the two tokens that follow, for the few places where one is not enough.
    pub(crate) fn peek_two(&mut self) -> (TokenKind, TokenKind) {
        let (position, previous) = (self.position, self.previous);
        let first = self.next_token().kind;
        let second = self.next_token().kind;
        self.position = position;
        self.previous = previous;
        (first, second)
    }

    fn keyword_in_company(&mut self, kind: TokenKind) -> TokenKind {
        let position = self.position;
        let first = self.scan().kind;
        let is_name = first.is_name() && first != TokenKind::Indexed
            || matches!(first, TokenKind::Window | TokenKind::Over);
        let is_keyword = match kind {
            TokenKind::Window => is_name && self.scan().kind == TokenKind::As,
            TokenKind::Over => {
                self.previous == TokenKind::RightParen && (first == TokenKind::LeftParen || is_name)
            }
            _ => self.previous == TokenKind::RightParen && first == TokenKind::LeftParen,
        };
        self.position = position;
        if is_keyword { kind } else { TokenKind::Identifier }
    }

    /// The next token; WINDOW, OVER and FILTER always as keywords.
    fn scan(&mut self) -> Token {
        loop {
            let start = self.position;
            let class = CLASSES[self.at(start) as usize];
            let (kind, end) = match class {
                Class::Space => {
                    let mut end = start + 1;
                    while is_space(self.at(end)) {
                        end += 1;
                    }
                    self.position = end;
                    continue;
                }
                Class::Word => self.word(start),
                Class::Single(kind) => (kind, start + 1),
                Class::Digit => self.number(start),
                Class::Quote => self.quoted(start),
                Class::Dot => {
                    if self.at(start + 1).is_ascii_digit() {
                        self.number(start)
                    } else {
                        (TokenKind::Dot, start + 1)
                    }
                }
                Class::Equal => (TokenKind::Equal, start + 1 + usize::from(self.at(start + 1) == b'=')),
                Class::Question => {
                    let mut end = start + 1;
                    while self.at(end).is_ascii_digit() {
                        end += 1;
                    }
                    (TokenKind::Variable, end)
                }
                Class::Sigil if self.takes_tcl_variables => self.tcl_variable(start),
                Class::Sigil => {
                    let end = self.word_end(start + 1);
                    (if end > start + 1 { TokenKind::Variable } else { TokenKind::Illegal }, end)
                }
                Class::Minus => match self.at(start + 1) {
                    b'-' => {
                        let mut end = start + 2;
                        while !matches!(self.at(end), 0 | b'\n') {
                            end += 1;
                        }
                        self.position = end;
                        continue;
                    }
                    b'>' => (TokenKind::Arrow, start + 2 + usize::from(self.at(start + 2) == b'>')),
                    _ => (TokenKind::Minus, start + 1),
                },
                Class::Slash => {
                    if self.at(start + 1) != b'*' || self.at(start + 2) == 0 {
                        (TokenKind::Slash, start + 1)
                    } else {
                        self.position = self.block_comment_end(start);
                        continue;
                    }
                }
                Class::Less => match self.at(start + 1) {
                    b'=' => (TokenKind::LessOrEqual, start + 2),
                    b'>' => (TokenKind::NotEqual, start + 2),
                    b'<' => (TokenKind::ShiftLeft, start + 2),
                    _ => (TokenKind::Less, start + 1),
                },
                Class::Greater => match self.at(start + 1) {
                    b'=' => (TokenKind::GreaterOrEqual, start + 2),
                    b'>' => (TokenKind::ShiftRight, start + 2),
                    _ => (TokenKind::Greater, start + 1),
                },
                Class::Bang => match self.at(start + 1) {
                    b'=' => (TokenKind::NotEqual, start + 2),
                    _ => (TokenKind::Illegal, start + 1),
                },
                Class::Pipe => match self.at(start + 1) {
                    b'|' => (TokenKind::Concat, start + 2),
                    _ => (TokenKind::Pipe, start + 1),
                },
                Class::X => {
                    if self.at(start + 1) == b'\'' {
                        self.blob(start)
                    } else {
                        (TokenKind::Identifier, self.word_end(start + 1))
                    }
                }
                Class::Bracket => {
                    let mut end = start + 1;
                    while !matches!(self.at(end), 0 | b']') {
                        end += 1;
                    }
                    if self.at(end) == b']' {
                        (TokenKind::Identifier, end + 1)
                    } else {
                        (TokenKind::Illegal, end)
                    }
                }
                Class::ByteOrderMark => {
                    if self.at(start + 1) == 0xbb && self.at(start + 2) == 0xbf {
                        self.position = start + 3;
                        continue;
                    }
                    (TokenKind::Identifier, self.word_end(start + 1))
                }
                Class::Illegal => match self.at(start) {
                    0 => (TokenKind::End, start),
                    _ => (TokenKind::Illegal, start + 1),
                },
            };
            self.position = end;
            return Token { kind, start: start as u32, end: end as u32 };
        }
    }

    #[inline]
    fn word_end(&self, mut end: usize) -> usize {
        while WORD_BYTES[self.at(end) as usize] {
            end += 1;
        }
        end
    }

    /// `$name`, `$space::name`, `$name(element)`: an element has no white space and ends it.
    #[cold]
    fn tcl_variable(&self, start: usize) -> (TokenKind, usize) {
        let mut end = start + 1;
        let mut is_named = false;
        loop {
            match self.at(end) {
                byte if WORD_BYTES[byte as usize] => is_named = true,
                b'(' if is_named => {
                    end += 1;
                    while !matches!(self.at(end), 0 | b')') && !is_space(self.at(end)) {
                        end += 1;
                    }
                    let is_closed = self.at(end) == b')';
                    let kind = if is_closed { TokenKind::Variable } else { TokenKind::Illegal };
                    return (kind, end + usize::from(is_closed));
                }
                b':' if self.at(end + 1) == b':' => end += 1,
                _ => return (if is_named { TokenKind::Variable } else { TokenKind::Illegal }, end),
            }
            end += 1;
        }
    }

    #[inline]
    fn word(&self, start: usize) -> (TokenKind, usize) {
        let end = self.word_end(start + 1);
        (keyword(&self.bytes[start..end]), end)
    }

    fn block_comment_end(&self, start: usize) -> usize {
        let mut end = start + 2;
        loop {
            match self.at(end) {
                0 => return end,
                b'*' if self.at(end + 1) == b'/' => return end + 2,
                _ => end += 1,
            }
        }
    }

    fn quoted(&self, start: usize) -> (TokenKind, usize) {
        let quote = self.at(start);
        let mut end = start + 1;
        loop {
            let byte = self.at(end);
            if byte == 0 {
                return (TokenKind::Illegal, end);
            }
            if byte == quote {
                if self.at(end + 1) != quote {
                    break;
                }
                end += 1;
            }
            end += 1;
        }
        (if quote == b'\'' { TokenKind::String } else { TokenKind::Identifier }, end + 1)
    }

    fn blob(&self, start: usize) -> (TokenKind, usize) {
        let mut end = start + 2;
        while self.at(end).is_ascii_hexdigit() {
            end += 1;
        }
        if self.at(end) == b'\'' && (end - start).is_multiple_of(2) {
            return (TokenKind::Blob, end + 1);
        }
        while !matches!(self.at(end), 0 | b'\'') {
            end += 1;
        }
        (TokenKind::Illegal, end + usize::from(self.at(end) != 0))
    }

    fn number(&self, start: usize) -> (TokenKind, usize) {
        let mut kind = TokenKind::Integer;
        let mut is_separated = false;
        let mut end = start;
        let mut run = |mut end: usize, is_digit: fn(&u8) -> bool| {
            loop {
                let byte = self.at(end);
                if byte == b'_' {
                    is_separated = true;
                } else if !is_digit(&byte) {
                    return end;
                }
                end += 1;
            }
        };
        if self.at(start) == b'0'
            && matches!(self.at(start + 1), b'x' | b'X')
            && self.at(start + 2).is_ascii_hexdigit()
        {
            end = run(start + 3, u8::is_ascii_hexdigit);
        } else {
            end = run(end, u8::is_ascii_digit);
            if self.at(end) == b'.' {
                kind = TokenKind::Float;
                end = run(end + 1, u8::is_ascii_digit);
            }
            let sign = usize::from(matches!(self.at(end + 1), b'+' | b'-'));
            if matches!(self.at(end), b'e' | b'E') && self.at(end + 1 + sign).is_ascii_digit() {
                kind = TokenKind::Float;
                end = run(end + 2, u8::is_ascii_digit);
            }
        }
        if is_separated {
            kind = TokenKind::SeparatedNumber;
        }
        let word_end = self.word_end(end);
        if word_end > end { (TokenKind::Illegal, word_end) } else { (kind, end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<(TokenKind, &str)> {
        tokens_of(Lexer::new(sql, 0), sql)
    }

    fn tokens_of<'a>(mut lexer: Lexer<'_>, sql: &'a str) -> Vec<(TokenKind, &'a str)> {
        let mut tokens = Vec::new();
        loop {
            let token = lexer.next_token();
            if token.kind == TokenKind::End {
                return tokens;
            }
            tokens.push((token.kind, token.span().text(sql)));
        }
    }

    #[test]
    fn numbers_end_where_sqlite_ends_them() {
        use TokenKind::{Dot, Float, Identifier, Illegal, Integer, SeparatedNumber};
        assert_eq!(
            kinds("1 1.5 .5 1e9 1.e-3"),
            [(Integer, "1"), (Float, "1.5"), (Float, ".5"), (Float, "1e9"), (Float, "1.e-3")]
        );
        assert_eq!(
            kinds("0x1F 1_000 0x 1e 12ab"),
            [
                (Integer, "0x1F"),
                (SeparatedNumber, "1_000"),
                (Illegal, "0x"),
                (Illegal, "1e"),
                (Illegal, "12ab")
            ]
        );
        assert_eq!(kinds("a.b"), [(Identifier, "a"), (Dot, "."), (Identifier, "b")]);
    }

    #[test]
    fn variables_of_tcl_have_spaces_and_elements() {
        use TokenKind::{Comma, Illegal, Integer, LeftParen, RightParen, Variable};
        let kinds_in_tcl = |sql| tokens_of(Lexer::new(sql, 0).with_tcl_variables(true), sql);
        assert_eq!(
            kinds_in_tcl("$a::b(c d)"),
            [(Illegal, "$a::b(c"), (TokenKind::Identifier, "d"), (RightParen, ")")]
        );
        assert_eq!(kinds_in_tcl("$a::b(é)(1"), [(Variable, "$a::b(é)"), (LeftParen, "("), (Integer, "1")]);
        assert_eq!(
            kinds_in_tcl("@::a,:b::,$(1"),
            [
                (Variable, "@::a"),
                (Comma, ","),
                (Variable, ":b::"),
                (Comma, ","),
                (Illegal, "$"),
                (LeftParen, "("),
                (Integer, "1")
            ]
        );
        assert_eq!(kinds("$a(1)")[..2], [(Variable, "$a"), (LeftParen, "(")]);
    }

    #[test]
    fn comments_and_byte_order_marks_are_white_space() {
        use TokenKind::{Integer, Slash, Star};
        assert_eq!(kinds("\u{feff}1 -- x\n/* y */2 /* z"), [(Integer, "1"), (Integer, "2")]);
        assert_eq!(kinds("/*"), [(Slash, "/"), (Star, "*")]);
    }

    #[test]
    fn window_words_are_keywords_only_in_company() {
        use TokenKind::{Filter, Identifier, Over, Window};
        assert_eq!(kinds("over")[0].0, Identifier);
        assert_eq!(kinds(") over (")[1].0, Over);
        assert_eq!(kinds(") over x")[1].0, Over);
        assert_eq!(kinds(") filter (")[1].0, Filter);
        assert_eq!(kinds(") filter x")[1].0, Identifier);
        assert_eq!(kinds("window w as (")[0].0, Window);
        assert_eq!(kinds("window w")[0].0, Identifier);
    }

    #[test]
    fn open_quotes_are_illegal() {
        assert_eq!(kinds("'a''b"), [(TokenKind::Illegal, "'a''b")]);
        assert_eq!(kinds("'a''b'"), [(TokenKind::String, "'a''b'")]);
        assert_eq!(kinds("x'0'"), [(TokenKind::Illegal, "x'0'")]);
        assert_eq!(kinds("[a"), [(TokenKind::Illegal, "[a")]);
    }
}
