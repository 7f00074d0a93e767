//! JSON text, with JSON5's liberties, to JSONB.
//!
//! The parser never looks behind a NUL or the end. Where it stops and why decides `json_error_position()` and
//! `json_valid()`, so `error_at` is set at the same places as in SQLite, and `is_json5` at the first liberty taken.

use super::node::{MAX_DEPTH, is_plain, is_text, kind, plain_len, push_header, push_node, set_payload_len};

pub(super) struct Parsed {
    pub blob: Vec<u8>,
    /// The text was more than plain JSON.
    pub is_json5: bool,
}

/// Parses a whole text; `Err` is the byte at fault.
pub(super) fn parse(text: &[u8]) -> Result<Parsed, usize> {
    parse_into(text, Vec::new())
}

/// The same, in the memory of another blob.
pub(super) fn parse_into(text: &[u8], blob: Vec<u8>) -> Result<Parsed, usize> {
    let mut parser = Parser::over(text, blob);
    let Found::Value(mut at) = parser.value(0) else { return Err(parser.error_at) };
    while is_json_space(parser.byte(at)) {
        at += 1;
    }
    if parser.byte(at) != 0 {
        at += parser.json5_space_len(at);
        if parser.byte(at) != 0 {
            return Err(parser.error_at);
        }
        parser.is_json5 = true;
    }
    Ok(Parsed { blob: parser.blob, is_json5: parser.is_json5 })
}

/// Parses text that this crate made. What is not JSON ends it.
pub(super) fn parse_own(text: &[u8]) -> Vec<u8> {
    let mut parser = Parser::new(text);
    let _ = parser.value(0);
    parser.blob
}

/// What stood at a position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// A value; where it ends.
    Value(usize),
    End,
    Error,
    CloseBrace,
    CloseBracket,
    Comma,
    Colon,
}

struct Parser<'a> {
    text: &'a [u8],
    blob: Vec<u8>,
    is_json5: bool,
    error_at: usize,
    depth: u32,
}

#[inline]
pub(super) fn is_json_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn starts_identifier(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'$' | b'_') || byte >= 0x80
}

impl<'a> Parser<'a> {
    fn new(text: &'a [u8]) -> Parser<'a> {
        Parser::over(text, Vec::new())
    }

    fn over(text: &'a [u8], mut blob: Vec<u8>) -> Parser<'a> {
        blob.clear();
        blob.reserve(text.len() + 8);
        Parser { text, blob, is_json5: false, error_at: 0, depth: 0 }
    }

    /// 0 behind the end, as in a C string.
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn has(&self, at: usize, wanted: &[u8]) -> bool {
        self.text.get(at..at + wanted.len()).is_some_and(|found| found.eq_ignore_ascii_case(wanted))
    }

    fn fail(&mut self, at: usize) -> Found {
        self.error_at = at;
        Found::Error
    }

    fn sign(&mut self, at: usize, found: Found) -> Found {
        self.error_at = at;
        found
    }

    fn value(&mut self, start: usize) -> Found {
        let mut at = start;
        loop {
            let c = self.byte(at);
            return match c {
                b'{' => self.object(at),
                b'[' => self.array(at),
                b'"' | b'\'' => self.string(at),
                b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(at),
                b'}' => self.sign(at, Found::CloseBrace),
                b']' => self.sign(at, Found::CloseBracket),
                b',' => self.sign(at, Found::Comma),
                b':' => self.sign(at, Found::Colon),
                0 => Found::End,
                b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                0x0b | 0x0c | b'/' | 0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef => {
                    let len = self.json5_space_len(at);
                    if len > 0 {
                        at += len;
                        self.is_json5 = true;
                        continue;
                    }
                    self.fail(at)
                }
                _ => self.word(at),
            };
        }
    }

    fn word(&mut self, at: usize) -> Found {
        for (word, node) in [(&b"true"[..], kind::TRUE), (b"false", kind::FALSE), (b"null", kind::NULL)] {
            if self.text[at..].starts_with(word) && !self.byte(at + word.len()).is_ascii_alphanumeric() {
                self.blob.push(node);
                return Found::Value(at + word.len());
            }
        }
        for word in [&b"inf"[..], b"infinity", b"NaN", b"QNaN", b"SNaN"] {
            if self.has(at, word) && !self.byte(at + word.len()).is_ascii_alphanumeric() {
                if word[0] == b'i' {
                    push_node(kind::FLOAT, b"9e999", &mut self.blob);
                } else {
                    self.blob.push(kind::NULL);
                }
                self.is_json5 = true;
                return Found::Value(at + word.len());
            }
        }
        self.fail(at)
    }

    /// Opens a container whose length is yet unknown: its header has room for all that is left of the text.
    fn open(&mut self, container: u8, start: usize) -> usize {
        push_header(container, self.text.len() - start, &mut self.blob);
        self.blob.len()
    }

    fn object(&mut self, start: usize) -> Found {
        let header = self.blob.len();
        let first = self.open(kind::OBJECT, start);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(start);
        }
        let mut at = start + 1;
        loop {
            let label = self.blob.len();
            let next = match self.value(at) {
                Found::Value(next) => next,
                Found::CloseBrace => {
                    at = self.error_at;
                    self.is_json5 |= label != first;
                    break;
                }
                other => {
                    at += self.json5_space_len(at);
                    match self.identifier(at) {
                        Some(next) => next,
                        None => {
                            if other != Found::Error {
                                self.error_at = at;
                            }
                            return Found::Error;
                        }
                    }
                }
            };
            if !is_text(self.blob[label] & 0x0f) {
                return self.fail(at);
            }
            at = next;
            while is_json_space(self.byte(at)) {
                at += 1;
            }
            if self.byte(at) == b':' {
                at += 1;
            } else {
                match self.value(at) {
                    Found::Colon => at = self.error_at + 1,
                    Found::Error => return Found::Error,
                    _ => return self.fail(at),
                }
            }
            match self.value(at) {
                Found::Value(next) => at = next,
                Found::Error => return Found::Error,
                _ => return self.fail(at),
            }
            match self.after_element(&mut at, b'}', Found::CloseBrace) {
                Found::Comma => at += 1,
                Found::Value(_) => break,
                other => return other,
            }
        }
        let payload = self.blob.len() - first;
        set_payload_len(&mut self.blob, header, payload);
        self.depth -= 1;
        Found::Value(at + 1)
    }

    /// An unquoted label; where it ends.
    fn identifier(&mut self, start: usize) -> Option<usize> {
        let mut node = kind::TEXT;
        let mut escape_at = |parser: &Self, at: usize| {
            let is_escape = parser.byte(at) == b'\\'
                && parser.byte(at + 1) == b'u'
                && (at + 2..at + 6).all(|at| parser.byte(at).is_ascii_hexdigit());
            if is_escape {
                node = kind::TEXTJ;
            }
            is_escape
        };
        if !starts_identifier(self.byte(start)) && !escape_at(self, start) {
            return None;
        }
        let mut end = start + 1;
        loop {
            let c = self.byte(end);
            let continues = starts_identifier(c) || c.is_ascii_digit();
            if !(continues && self.json5_space_len(end) == 0 || escape_at(self, end)) {
                break;
            }
            end += 1;
        }
        let text = self.text;
        push_node(node, &text[start..end], &mut self.blob);
        self.is_json5 = true;
        Some(end)
    }

    fn array(&mut self, start: usize) -> Found {
        let header = self.blob.len();
        let first = self.open(kind::ARRAY, start);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(start);
        }
        let mut at = start + 1;
        loop {
            match self.value(at) {
                Found::Value(next) => at = next,
                Found::CloseBracket => {
                    at = self.error_at;
                    self.is_json5 |= self.blob.len() != first;
                    break;
                }
                Found::Error => return Found::Error,
                _ => return self.fail(at),
            }
            match self.after_element(&mut at, b']', Found::CloseBracket) {
                Found::Comma => at += 1,
                Found::Value(_) => break,
                other => return other,
            }
        }
        let payload = self.blob.len() - first;
        set_payload_len(&mut self.blob, header, payload);
        self.depth -= 1;
        Found::Value(at + 1)
    }

    /// Behind an element: `Comma` and `at` on it, or `Value` and `at` on the closing bracket.
    fn after_element(&mut self, at: &mut usize, close: u8, closing: Found) -> Found {
        while is_json_space(self.byte(*at)) {
            *at += 1;
        }
        let c = self.byte(*at);
        if c == b',' {
            return Found::Comma;
        }
        if c == close {
            return Found::Value(*at);
        }
        // Comments and JSON5 spaces may stand before it.
        let found = self.value(*at);
        if found == Found::Comma || found == closing {
            *at = self.error_at;
            return if found == closing { Found::Value(*at) } else { found };
        }
        self.fail(*at)
    }

    fn string(&mut self, start: usize) -> Found {
        let quote = self.byte(start);
        let mut node = kind::TEXT;
        if quote == b'\'' {
            self.is_json5 = true;
        }
        let mut at = start + 1;
        loop {
            if quote == b'"' {
                at += plain_len(self.text.get(at..).unwrap_or_default());
            } else {
                while is_plain(self.byte(at)) {
                    at += 1;
                }
            }
            let c = self.byte(at);
            if c == quote {
                break;
            }
            match c {
                0 => return self.fail(at),
                b'\\' => {
                    at += 1;
                    match self.byte(at) {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                            if node == kind::TEXT {
                                node = kind::TEXTJ;
                            }
                        }
                        b'u' if (at + 1..at + 5).all(|at| self.byte(at).is_ascii_hexdigit()) => {
                            if node == kind::TEXT {
                                node = kind::TEXTJ;
                            }
                        }
                        escaped => {
                            let is_known = match escaped {
                                b'\'' | b'v' | b'\n' | b'\r' => true,
                                b'0' => !self.byte(at + 1).is_ascii_digit(),
                                0xe2 => self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0xa8 | 0xa9),
                                b'x' => (at + 1..at + 3).all(|at| self.byte(at).is_ascii_hexdigit()),
                                _ => false,
                            };
                            if !is_known {
                                return self.fail(at);
                            }
                            if escaped == b'\r' && self.byte(at + 1) == b'\n' {
                                at += 1;
                            }
                            node = kind::TEXT5;
                            self.is_json5 = true;
                        }
                    }
                }
                1..=0x1f => {
                    node = kind::TEXT5;
                    self.is_json5 = true;
                }
                b'"' => node = kind::TEXT5,
                _ => {}
            }
            at += 1;
        }
        let text = self.text;
        push_node(node, &text[start + 1..at], &mut self.blob);
        Found::Value(at + 1)
    }

    fn number(&mut self, start: usize) -> Found {
        let first = self.byte(start);
        let next = self.byte(start + 1);
        let mut is_float = false;
        let mut is_json5 = false;
        match first {
            b'.' => {
                if !next.is_ascii_digit() {
                    return self.fail(start);
                }
                (is_float, is_json5) = (true, true);
            }
            b'0' => {
                if matches!(next, b'x' | b'X') && self.byte(start + 2).is_ascii_hexdigit() {
                    return self.hexadecimal(start, start + 3);
                }
                if next.is_ascii_digit() {
                    return self.fail(start + 1);
                }
            }
            b'+' | b'-' => {
                self.is_json5 |= first == b'+';
                if next == b'0' {
                    let second = self.byte(start + 2);
                    if second.is_ascii_digit() {
                        return self.fail(start + 1);
                    }
                    if matches!(second, b'x' | b'X') && self.byte(start + 3).is_ascii_hexdigit() {
                        return self.hexadecimal(start, start + 4);
                    }
                } else if !next.is_ascii_digit() {
                    if self.has(start + 1, b"inf") {
                        self.is_json5 = true;
                        let infinity: &[u8] = if first == b'-' { b"-9e999" } else { b"9e999" };
                        push_node(kind::FLOAT, infinity, &mut self.blob);
                        return Found::Value(start + if self.has(start + 4, b"inity") { 9 } else { 4 });
                    }
                    if next != b'.' {
                        return self.fail(start);
                    }
                    is_json5 = true;
                }
            }
            _ => {}
        }
        let mut seen_exponent = false;
        let mut at = start + 1;
        loop {
            match self.byte(at) {
                b'0'..=b'9' => {}
                b'.' => {
                    if is_float {
                        return self.fail(at);
                    }
                    is_float = true;
                }
                b'e' | b'E' => {
                    if self.byte(at - 1) < b'0' {
                        if !self.ends_in_point(start, at) {
                            return self.fail(at);
                        }
                        is_json5 = true;
                    }
                    if seen_exponent {
                        return self.fail(at);
                    }
                    is_float = true;
                    seen_exponent = true;
                    if matches!(self.byte(at + 1), b'+' | b'-') {
                        at += 1;
                    }
                    if !self.byte(at + 1).is_ascii_digit() {
                        return self.fail(at);
                    }
                }
                _ => break,
            }
            at += 1;
        }
        if self.byte(at - 1) < b'0' {
            if !self.ends_in_point(start, at) {
                return self.fail(at);
            }
            is_json5 = true;
        }
        self.is_json5 |= is_json5;
        self.push_number(start, at, is_float, is_json5)
    }

    /// Whether a digit and a point stand before `at`.
    fn ends_in_point(&self, start: usize, at: usize) -> bool {
        self.byte(at - 1) == b'.' && at >= start + 2 && self.byte(at - 2).is_ascii_digit()
    }

    fn hexadecimal(&mut self, start: usize, mut at: usize) -> Found {
        self.is_json5 = true;
        while self.byte(at).is_ascii_hexdigit() {
            at += 1;
        }
        self.push_number(start, at, false, true)
    }

    fn push_number(&mut self, start: usize, end: usize, is_float: bool, is_json5: bool) -> Found {
        let node = match (is_float, is_json5) {
            (false, false) => kind::INT,
            (false, true) => kind::INT5,
            (true, false) => kind::FLOAT,
            (true, true) => kind::FLOAT5,
        };
        let text = self.text;
        let start = start + usize::from(text[start] == b'+');
        push_node(node, &text[start..end], &mut self.blob);
        Found::Value(end)
    }

    /// Bytes of JSON5 white space and comments at a position.
    fn json5_space_len(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            at += match self.byte(at) {
                b'\t'..=b'\r' | b' ' => 1,
                b'/' => match self.comment_len(at) {
                    0 => break,
                    len => len,
                },
                0xc2 if self.byte(at + 1) == 0xa0 => 2,
                0xe1 if self.byte(at + 1) == 0x9a && self.byte(at + 2) == 0x80 => 3,
                0xe2 => match (self.byte(at + 1), self.byte(at + 2)) {
                    (0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf) | (0x81, 0x9f) => 3,
                    _ => break,
                },
                0xe3 if self.byte(at + 1) == 0x80 && self.byte(at + 2) == 0x80 => 3,
                0xef if self.byte(at + 1) == 0xbb && self.byte(at + 2) == 0xbf => 3,
                _ => break,
            };
        }
        at - start
    }

    fn comment_len(&self, start: usize) -> usize {
        match self.byte(start + 1) {
            b'*' if self.byte(start + 2) != 0 => {
                let mut at = start + 3;
                while self.byte(at) != b'/' || self.byte(at - 1) != b'*' {
                    if self.byte(at) == 0 {
                        return 0;
                    }
                    at += 1;
                }
                at + 1 - start
            }
            b'/' => {
                let mut at = start + 2;
                loop {
                    match self.byte(at) {
                        0 => return at - start,
                        b'\n' | b'\r' => return at + 1 - start,
                        0xe2 if self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0xa8 | 0xa9) => {
                            return at + 3 - start;
                        }
                        _ => at += 1,
                    }
                }
            }
            _ => 0,
        }
    }
}
