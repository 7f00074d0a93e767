//! JSONB to JSON text.

use pluresdb_value::ValueRef;

use super::escape::{push_control, push_quoted};
use super::node::{self, MAX_DEPTH, kind, plain_len};
use crate::registry::FunctionError;

/// JSON text under way. What goes wrong is noted, and told at the end.
#[derive(Default)]
pub(super) struct Text {
    pub out: Vec<u8>,
    is_malformed: bool,
    is_too_deep: bool,
    /// A blob that is no JSONB was to be written.
    pub has_foreign_blob: bool,
    depth: u32,
}

impl Text {
    /// With room for an array or object of these.
    pub fn for_values(values: &[ValueRef<'_>]) -> Text {
        const NUMBER_AND_COMMA: usize = 8;
        let len = |value: &ValueRef<'_>| match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() + 3,
            ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => NUMBER_AND_COMMA,
        };
        let out = Vec::with_capacity(2 + values.iter().map(len).sum::<usize>());
        Text { out, ..Text::default() }
    }

    /// That stands behind other texts.
    pub fn behind(out: Vec<u8>) -> Text {
        Text { out, ..Text::default() }
    }

    pub fn finish(self) -> Result<Vec<u8>, FunctionError> {
        self.check()?;
        Ok(self.out)
    }

    pub fn check(&self) -> Result<(), FunctionError> {
        if self.is_too_deep {
            return Err(FunctionError::new("JSON nested too deep"));
        }
        if self.is_malformed {
            return Err(FunctionError::new("malformed JSON"));
        }
        if self.has_foreign_blob {
            return Err(FunctionError::new("JSON cannot hold BLOB values"));
        }
        Ok(())
    }

    fn has_failed(&self) -> bool {
        self.is_malformed || self.is_too_deep || self.has_foreign_blob
    }

    /// A comma, unless this is the first element.
    pub fn separate(&mut self) {
        if !matches!(self.out.last(), None | Some(b'[' | b'{')) {
            self.out.push(b',');
        }
    }

    /// Appends the node at `at`; returns where it ends.
    pub fn push_node(&mut self, blob: &[u8], at: usize) -> usize {
        let Some(node) = node::extent(blob, at) else {
            self.is_malformed = true;
            return blob.len() + 1;
        };
        let end = at + node.total();
        let payload = &blob[at + node.header..end];
        match blob[at] & 0x0f {
            kind::NULL => {
                self.out.extend_from_slice(b"null");
                return at + 1;
            }
            kind::TRUE => {
                self.out.extend_from_slice(b"true");
                return at + 1;
            }
            kind::FALSE => {
                self.out.extend_from_slice(b"false");
                return at + 1;
            }
            kind::INT | kind::FLOAT => {
                self.is_malformed |= payload.is_empty();
                self.out.extend_from_slice(payload);
            }
            kind::INT5 => self.push_hexadecimal(payload),
            kind::FLOAT5 => self.push_json5_float(payload),
            kind::TEXT | kind::TEXTJ => {
                self.out.push(b'"');
                self.out.extend_from_slice(payload);
                self.out.push(b'"');
            }
            kind::TEXT5 => self.push_json5_text(payload),
            kind::TEXTRAW => push_quoted(payload, &mut self.out),
            kind::ARRAY => self.push_children(blob, at + node.header, end, [b'[', b']'], [b',', b',']),
            kind::OBJECT => self.push_children(blob, at + node.header, end, [b'{', b'}'], [b':', b',']),
            _ => self.is_malformed = true,
        }
        end
    }

    fn push_children(
        &mut self,
        blob: &[u8],
        start: usize,
        end: usize,
        brackets: [u8; 2],
        separators: [u8; 2],
    ) {
        self.out.push(brackets[0]);
        self.depth += 1;
        self.is_too_deep |= self.depth > MAX_DEPTH;
        let mut at = start;
        let mut count = 0;
        while at < end && !self.has_failed() {
            at = self.push_node(blob, at);
            self.out.push(separators[count % 2]);
            count += 1;
        }
        self.depth -= 1;
        self.is_malformed |= at > end || separators[0] == b':' && count % 2 != 0;
        if start < end {
            self.out.pop();
        }
        self.out.push(brackets[1]);
    }

    fn push_hexadecimal(&mut self, payload: &[u8]) {
        let Some(&first) = payload.first() else {
            self.is_malformed = true;
            return;
        };
        if first == b'-' {
            self.out.push(b'-');
        }
        let digits_at = 2 + usize::from(matches!(first, b'-' | b'+'));
        let mut value: u64 = 0;
        let mut has_overflowed = false;
        for &digit in payload.get(digits_at..).unwrap_or(&[]) {
            let Some(digit) = char::from(digit).to_digit(16) else {
                self.is_malformed = true;
                break;
            };
            if value >> 60 != 0 {
                has_overflowed = true;
            } else {
                value = value << 4 | u64::from(digit);
            }
        }
        let text = if has_overflowed { "9.0e999".to_owned() } else { value.to_string() };
        self.out.extend_from_slice(text.as_bytes());
    }

    fn push_json5_float(&mut self, payload: &[u8]) {
        let digits = payload.strip_prefix(b"-").unwrap_or(payload);
        if digits.is_empty() {
            self.is_malformed = true;
            return;
        }
        if digits.len() < payload.len() {
            self.out.push(b'-');
        }
        if digits[0] == b'.' {
            self.out.push(b'0');
        }
        for (i, &c) in digits.iter().enumerate() {
            self.out.push(c);
            if c == b'.' && !digits.get(i + 1).is_some_and(u8::is_ascii_digit) {
                self.out.push(b'0');
            }
        }
    }

    fn push_json5_text(&mut self, payload: &[u8]) {
        self.out.push(b'"');
        let mut rest = payload;
        while let Some(&c) = rest.first() {
            let plain = plain_len(rest);
            if plain > 0 {
                self.out.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
                continue;
            }
            if c == b'"' {
                self.out.extend_from_slice(b"\\\"");
                rest = &rest[1..];
                continue;
            }
            if c < 0x20 {
                push_control(c, &mut self.out);
                rest = &rest[1..];
                continue;
            }
            let len = match rest {
                [_] => {
                    self.is_malformed = true;
                    break;
                }
                [_, b'\'', ..] => {
                    self.out.push(b'\'');
                    2
                }
                [_, b'v', ..] => {
                    self.out.extend_from_slice(b"\\u000b");
                    2
                }
                [_, b'x', high, low, ..] => {
                    self.out.extend_from_slice(b"\\u00");
                    self.out.extend_from_slice(&[*high, *low]);
                    4
                }
                [_, b'0', ..] => {
                    self.out.extend_from_slice(b"\\u0000");
                    2
                }
                [_, b'\r', b'\n', ..] => 3,
                [_, b'\r' | b'\n', ..] => 2,
                [_, 0xe2, 0x80, 0xa8 | 0xa9, ..] => 4,
                [_, b'x' | 0xe2, ..] => {
                    self.is_malformed = true;
                    break;
                }
                [_, other, ..] => {
                    self.out.extend_from_slice(&[b'\\', *other]);
                    2
                }
                [] => break,
            };
            rest = &rest[len..];
        }
        self.out.push(b'"');
    }

    /// Appends the node at `at` with line breaks and indentation.
    pub fn push_pretty(&mut self, blob: &[u8], at: usize, indent: &[u8], level: u32) -> usize {
        let Some(node) = node::extent(blob, at) else {
            self.is_malformed = true;
            return blob.len() + 1;
        };
        let kind = blob[at] & 0x0f;
        let brackets = match kind {
            kind::ARRAY => [b'[', b']'],
            kind::OBJECT => [b'{', b'}'],
            _ => return self.push_node(blob, at),
        };
        let end = at + node.total();
        let mut at = at + node.header;
        self.out.push(brackets[0]);
        if at < end {
            self.out.push(b'\n');
            let level = level + 1;
            self.is_too_deep |= level >= MAX_DEPTH;
            while !self.has_failed() {
                self.push_indent(indent, level);
                if kind == kind::OBJECT {
                    self.depth = level;
                    at = self.push_node(blob, at);
                    if at > end {
                        self.is_malformed = true;
                        break;
                    }
                    self.out.extend_from_slice(b": ");
                }
                at = self.push_pretty(blob, at, indent, level);
                if at >= end {
                    self.is_malformed |= at > end && kind == kind::ARRAY;
                    break;
                }
                self.out.extend_from_slice(b",\n");
            }
            self.out.push(b'\n');
            self.push_indent(indent, level - 1);
        }
        self.out.push(brackets[1]);
        end
    }

    fn push_indent(&mut self, indent: &[u8], level: u32) {
        for _ in 0..level {
            self.out.extend_from_slice(indent);
        }
    }
}
