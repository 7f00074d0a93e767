//! JSON and JSON5 escapes in text, and labels compared across them.

use super::node::plain_len;
use crate::text::push_char;

fn hex_value(digit: u8) -> u32 {
    // Of what is no digit SQLite takes the low bits, too.
    let digit = u32::from(digit);
    (digit + 9 * (digit >> 6 & 1)) & 0x0f
}

fn four_digits(bytes: &[u8]) -> u32 {
    bytes[..4].iter().fold(0, |value, &digit| value << 4 | hex_value(digit))
}

/// Reads the escape at the front: how long it is, and the character, if it is one. A line continuation stands for the
/// character behind it, or for NUL at the end.
pub(super) fn unescape(bytes: &[u8]) -> (usize, Option<u32>) {
    let len = bytes.len();
    if len < 2 {
        return (len, None);
    }
    match bytes[1] {
        b'u' => {
            if len < 6 {
                return (len, None);
            }
            let high = four_digits(&bytes[2..]);
            if high & 0xfc00 == 0xd800 && len >= 12 && bytes[6] == b'\\' && bytes[7] == b'u' {
                let low = four_digits(&bytes[8..]);
                if low & 0xfc00 == 0xdc00 {
                    return (12, Some(((high & 0x3ff) << 10) + (low & 0x3ff) + 0x10000));
                }
            }
            (6, Some(high))
        }
        b'b' => (2, Some(8)),
        b'f' => (2, Some(12)),
        b'n' => (2, Some(10)),
        b'r' => (2, Some(13)),
        b't' => (2, Some(9)),
        b'v' => (2, Some(11)),
        b'0' => (2, (!bytes.get(2).is_some_and(u8::is_ascii_digit)).then_some(0)),
        c @ (b'\'' | b'"' | b'/' | b'\\') => (2, Some(u32::from(c))),
        b'x' => {
            if len < 4 {
                return (len, None);
            }
            (4, Some(hex_value(bytes[2]) << 4 | hex_value(bytes[3])))
        }
        0xe2 | b'\r' | b'\n' => {
            let skip = continuations_len(bytes);
            if skip == 0 {
                (len, None)
            } else if skip == len {
                (len, Some(0))
            } else if bytes[skip] == b'\\' {
                let (rest, c) = unescape(&bytes[skip..]);
                (skip + rest, c)
            } else {
                let (rest, c) = read_char(&bytes[skip..]);
                (skip + rest, Some(c))
            }
        }
        _ => (2, None),
    }
}

/// Bytes of the escaped line ends at the front.
fn continuations_len(bytes: &[u8]) -> usize {
    let mut i = 0;
    loop {
        match &bytes[i..] {
            [b'\\', b'\r', b'\n', ..] => i += 3,
            [b'\\', b'\r' | b'\n', ..] => i += 2,
            [b'\\', 0xe2, 0x80, 0xa8 | 0xa9, ..] => i += 4,
            _ => return i,
        }
    }
}

/// A character of at most four bytes, nothing refused.
fn read_char(bytes: &[u8]) -> (usize, u32) {
    let first = bytes[0];
    let mut c = u32::from(first);
    let mut len = 1;
    if first >= 0xc0 {
        c &= match first {
            0xc0..=0xdf => 0x1f,
            0xe0..=0xef => 0x0f,
            0xf0..=0xf7 => 0x07,
            0xf8..=0xfb => 0x03,
            0xfc..=0xfd => 0x01,
            _ => 0,
        };
        while len < bytes.len().min(4) && bytes[len] & 0xc0 == 0x80 {
            c = c << 6 | u32::from(bytes[len] & 0x3f);
            len += 1;
        }
    }
    (len, c)
}

/// Text with its escapes resolved; those that mean nothing vanish.
pub(super) fn unescape_all(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        out.extend_from_slice(&rest[..at]);
        let (len, c) = unescape(&rest[at..]);
        if let Some(c) = c {
            push_char(c, &mut out);
        }
        rest = &rest[at + len..];
    }
    out.extend_from_slice(rest);
    out
}

/// Whether two labels are the same text. A raw one has no escapes.
#[inline]
pub(super) fn same_label(left: &[u8], left_is_raw: bool, right: &[u8], right_is_raw: bool) -> bool {
    if left_is_raw && right_is_raw {
        return left == right;
    }
    let (mut left, mut right) = (left, right);
    loop {
        let a = next_of_label(&mut left, left_is_raw);
        let b = next_of_label(&mut right, right_is_raw);
        // An escape that means nothing compares as itself, and a NUL as the end.
        if a != b {
            return false;
        }
        if a == Some(0) {
            return true;
        }
    }
}

fn next_of_label(label: &mut &[u8], is_raw: bool) -> Option<u32> {
    let Some(&first) = label.first() else { return Some(0) };
    let (len, c) = if !is_raw && first == b'\\' {
        unescape(label)
    } else {
        let (len, c) = read_char(label);
        (len, Some(c))
    };
    *label = &label[len..];
    c
}

/// Appends SQL text as a JSON string.
pub(super) fn push_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text;
    loop {
        let at = plain_len(rest);
        out.extend_from_slice(&rest[..at]);
        if at == rest.len() {
            break;
        }
        if rest[at] < 0x20 {
            push_control(rest[at], out);
        } else {
            out.extend_from_slice(&[b'\\', rest[at]]);
        }
        rest = &rest[at + 1..];
    }
    out.push(b'"');
}

/// Appends the escape of a control character.
pub(super) fn push_control(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.push(DIGITS[usize::from(byte >> 4)]);
            out.push(DIGITS[usize::from(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}
