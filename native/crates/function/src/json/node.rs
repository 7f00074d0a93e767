//! JSONB, SQLite's binary JSON, byte by byte.
//!
//! A node is a header and a payload. The header's low four bits are the kind; the high four are the payload's length
//! up to 11, or 12, 13, 14, 15 for a length in the next 1, 2, 4, 8 bytes. Numbers and texts keep the characters they
//! were written with; an array's payload is its elements, an object's is label, value, label, value.
//!
//! JSONB comes from outside too, so every length is checked against the bytes there are.

/// What a node is. Kinds 13 to 15 do not exist.
pub(super) mod kind {
    pub const NULL: u8 = 0;
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const INT: u8 = 3;
    /// JSON5: hexadecimal.
    pub const INT5: u8 = 4;
    pub const FLOAT: u8 = 5;
    /// JSON5: a point at the beginning or end.
    pub const FLOAT5: u8 = 6;
    /// Text without anything to escape.
    pub const TEXT: u8 = 7;
    /// With JSON escapes.
    pub const TEXTJ: u8 = 8;
    /// With JSON5 escapes.
    pub const TEXT5: u8 = 9;
    /// SQL text, of which anything may need escaping.
    pub const TEXTRAW: u8 = 10;
    pub const ARRAY: u8 = 11;
    pub const OBJECT: u8 = 12;
}

/// Deepest nesting that is read or written.
pub(super) const MAX_DEPTH: u32 = 1000;

pub(super) fn type_name(kind: u8) -> &'static str {
    const NAMES: [&str; 13] = [
        "null", "true", "false", "integer", "integer", "real", "real", "text", "text", "text", "text",
        "array", "object",
    ];
    NAMES.get(usize::from(kind)).copied().unwrap_or("")
}

pub(super) fn is_text(kind: u8) -> bool {
    (kind::TEXT..=kind::TEXTRAW).contains(&kind)
}

/// Text that compares byte by byte.
pub(super) fn is_raw_text(kind: u8) -> bool {
    kind == kind::TEXT || kind == kind::TEXTRAW
}

/// Characters that stand for themselves between quotes. The apostrophe does so between double quotes only.
#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && !matches!(byte, b'"' | b'\'' | b'\\')
}

/// How many bytes at the front stand for themselves between double quotes.
#[inline]
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    // The top bit of each byte that is 0; above the first of them, of others, too.
    let zeros = |word: u64| word.wrapping_sub(EACH) & !word & TOP;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(0x20 * EACH) & !word & TOP;
        let found =
            zeros(word ^ (EACH * u64::from(b'"'))) | zeros(word ^ (EACH * u64::from(b'\\'))) | control;
        if found != 0 {
            return 8 * index + found.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| **byte >= 0x20 && !matches!(**byte, b'"' | b'\\');
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

/// Where a node's parts lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub header: usize,
    pub payload: usize,
}

impl Extent {
    pub const NOTHING: Extent = Extent { header: 0, payload: 0 };

    #[inline]
    pub fn total(self) -> usize {
        self.header + self.payload
    }
}

/// The header at `at`, whatever lies behind it.
#[inline]
pub(super) fn read_header(blob: &[u8], at: usize) -> Option<Extent> {
    let first = *blob.get(at)?;
    let length = |from: usize, count: usize| {
        let bytes = blob.get(at + from..at + from + count)?;
        Some(bytes.iter().fold(0, |length: usize, &byte| length << 8 | usize::from(byte)))
    };
    Some(match first >> 4 {
        small @ 0..=11 => Extent { header: 1, payload: usize::from(small) },
        12 => Extent { header: 2, payload: length(1, 1)? },
        13 => Extent { header: 3, payload: length(1, 2)? },
        14 => Extent { header: 5, payload: length(1, 4)? },
        _ => {
            if length(1, 4)? != 0 {
                return None;
            }
            Extent { header: 9, payload: length(5, 4)? }
        }
    })
}

/// The node at `at`, if all of it is there.
#[inline]
pub(super) fn extent(blob: &[u8], at: usize) -> Option<Extent> {
    read_header(blob, at).filter(|extent| at + extent.total() <= blob.len())
}

fn header_bytes(kind: u8, length: usize) -> ([u8; 5], usize) {
    let length = length as u32;
    let [a, b, c, d] = length.to_be_bytes();
    match length {
        0..=11 => ([kind | d << 4, 0, 0, 0, 0], 1),
        12..=0xff => ([kind | 0xc0, d, 0, 0, 0], 2),
        0x100..=0xffff => ([kind | 0xd0, c, d, 0, 0], 3),
        _ => ([kind | 0xe0, a, b, c, d], 5),
    }
}

#[inline]
pub(super) fn push_header(kind: u8, length: usize, out: &mut Vec<u8>) {
    let (header, len) = header_bytes(kind, length);
    out.extend_from_slice(&header[..len]);
}

#[inline]
pub(super) fn push_node(kind: u8, payload: &[u8], out: &mut Vec<u8>) {
    push_header(kind, payload.len(), out);
    out.extend_from_slice(payload);
}

/// Gives the node at `at` a header for another payload length, in its shortest form; returns by how much the header
/// grew.
pub(super) fn set_payload_len(blob: &mut Vec<u8>, at: usize, length: usize) -> isize {
    let old_len = match blob[at] >> 4 {
        0..=11 => 1,
        12 => 2,
        13 => 3,
        14 => 5,
        _ => 9,
    };
    let (header, len) = header_bytes(blob[at] & 0x0f, length);
    let old_end = (at + old_len).min(blob.len());
    if old_len == len && old_end == at + len {
        blob[at..old_end].copy_from_slice(&header[..len]);
        return 0;
    }
    blob.splice(at..old_end, header[..len].iter().copied());
    len as isize - old_len as isize
}

/// Whether bytes pass for JSONB: a root node that fills them. Short ones that could also be JSON text are looked
/// through.
pub(super) fn is_jsonb(blob: &[u8]) -> bool {
    let Some(&first) = blob.first() else { return false };
    let kind = first & 0x0f;
    let Some(root) = extent(blob, 0) else { return false };
    kind <= kind::OBJECT
        && root.total() == blob.len()
        && (kind > kind::FALSE || root.payload == 0)
        && (root.payload > 7
            || !(matches!(first, b'{' | b'[') || first.is_ascii_digit())
            || find_flaw(blob, 0, blob.len(), 1) == 0)
}

/// Looks through the node that fills `at..end`; 0 when it is sound, else one more than where it is not.
pub(super) fn find_flaw(blob: &[u8], at: usize, end: usize, depth: u32) -> usize {
    let flaw_here = at + 1;
    let Some(node) = extent(blob, at) else { return flaw_here };
    if depth > MAX_DEPTH || at + node.total() != end {
        return flaw_here;
    }
    let start = at + node.header;
    let payload = &blob[start..end];
    let kind = blob[at] & 0x0f;
    let here_or = |flaw: Result<(), Option<usize>>| match flaw {
        Ok(()) => 0,
        Err(None) => flaw_here,
        Err(Some(offset)) => start + offset + 1,
    };
    match kind {
        kind::NULL | kind::TRUE | kind::FALSE => {
            if node.total() == 1 {
                0
            } else {
                flaw_here
            }
        }
        kind::INT => here_or(check_integer(payload)),
        kind::INT5 => here_or(check_hexadecimal(payload)),
        kind::FLOAT | kind::FLOAT5 => here_or(check_float(payload, kind == kind::FLOAT)),
        kind::TEXT => here_or(
            Some(plain_len(payload)).filter(|&at| at < payload.len()).map_or(Ok(()), |at| Err(Some(at))),
        ),
        kind::TEXTJ | kind::TEXT5 => here_or(check_escapes(payload, kind == kind::TEXT5)),
        kind::TEXTRAW => 0,
        kind::ARRAY | kind::OBJECT => {
            let mut child = start;
            let mut count = 0;
            while child < end {
                let Some(node) = extent(blob, child) else { return child + 1 };
                let child_end = child + node.total();
                if child_end > end || kind == kind::OBJECT && count % 2 == 0 && !is_text(blob[child] & 0x0f) {
                    return child + 1;
                }
                let flaw = find_flaw(blob, child, child_end, depth + 1);
                if flaw != 0 {
                    return flaw;
                }
                count += 1;
                child = child_end;
            }
            if kind == kind::OBJECT && count % 2 != 0 { child + 1 } else { 0 }
        }
        _ => flaw_here,
    }
}

/// `Err(None)` blames the whole node, `Err(Some(offset))` a byte of its payload.
fn check_integer(payload: &[u8]) -> Result<(), Option<usize>> {
    let sign_len = usize::from(payload.first() == Some(&b'-'));
    if payload.len() <= sign_len {
        return Err(None);
    }
    let bad = payload[sign_len..].iter().position(|byte| !byte.is_ascii_digit());
    bad.map_or(Ok(()), |at| Err(Some(sign_len + at)))
}

fn check_hexadecimal(payload: &[u8]) -> Result<(), Option<usize>> {
    if payload.len() < 3 {
        return Err(None);
    }
    let sign_len = usize::from(payload[0] == b'-');
    if payload.len() < 3 + sign_len || payload[sign_len] != b'0' {
        return Err(None);
    }
    if !matches!(payload[sign_len + 1], b'x' | b'X') {
        return Err(Some(sign_len + 1));
    }
    let bad = payload[sign_len + 2..].iter().position(|byte| !byte.is_ascii_hexdigit());
    bad.map_or(Ok(()), |at| Err(Some(sign_len + 2 + at)))
}

fn check_float(payload: &[u8], is_strict: bool) -> Result<(), Option<usize>> {
    let at = |i: usize| payload.get(i).copied().unwrap_or(0);
    let end = payload.len();
    if end < 2 || payload[0] == b'-' && end < 3 {
        return Err(None);
    }
    let mut i = usize::from(payload[0] == b'-');
    let mut seen_point = false;
    let mut seen_exponent = false;
    if at(i) == b'.' {
        if is_strict || !at(i + 1).is_ascii_digit() {
            return Err(Some(i));
        }
        i += 2;
        seen_point = true;
    } else if at(i) == b'0' && is_strict {
        if i + 3 > end || !matches!(at(i + 1), b'.' | b'e' | b'E') {
            return Err(Some(i));
        }
        i += 1;
    }
    while i < end {
        match at(i) {
            b'0'..=b'9' => {}
            b'.' => {
                if seen_point || seen_exponent || is_strict && !at(i + 1).is_ascii_digit() {
                    return Err(Some(i));
                }
                seen_point = true;
            }
            b'e' | b'E' => {
                if seen_exponent || i + 1 == end {
                    return Err(Some(i));
                }
                if matches!(at(i + 1), b'+' | b'-') {
                    i += 1;
                    if i + 1 == end {
                        return Err(Some(i));
                    }
                }
                seen_exponent = true;
            }
            _ => return Err(Some(i)),
        }
        i += 1;
    }
    if seen_point || seen_exponent { Ok(()) } else { Err(None) }
}

fn check_escapes(payload: &[u8], is_json5: bool) -> Result<(), Option<usize>> {
    let end = payload.len();
    let mut i = 0;
    while i < end {
        let c = payload[i];
        if !is_plain(c) && c != b'\'' {
            match c {
                b'"' | 0..=0x1f if is_json5 => {}
                b'\\' if i + 1 < end => match payload[i + 1] {
                    // SQLite searches a C string here, and finds the NUL at its end.
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | 0 => i += 1,
                    b'u' => {
                        if i + 5 >= end || !payload[i + 2..i + 6].iter().all(u8::is_ascii_hexdigit) {
                            return Err(Some(i));
                        }
                        i += 1;
                    }
                    _ if !is_json5 => return Err(Some(i)),
                    _ => {
                        let (len, c) = super::escape::unescape(&payload[i..]);
                        if c.is_none() {
                            return Err(Some(i));
                        }
                        i += len - 1;
                    }
                },
                _ => return Err(Some(i)),
            }
        }
        i += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::plain_len;

    #[test]
    fn plain_bytes_are_counted_up_to_the_first_that_needs_an_escape() {
        for special in 0..=u8::MAX {
            let is_plain = special >= 0x20 && !matches!(special, b'"' | b'\\');
            for len in 0..40 {
                for at in 0..len {
                    for filler in [b' ', b'#', b'!', b'[', b']', 0x7f, 0x80, 0xff, b'\''] {
                        let mut bytes = vec![filler; len];
                        bytes[at] = special;
                        let expected = if is_plain { len } else { at };
                        assert_eq!(plain_len(&bytes), expected, "{special} at {at} of {len} {filler}");
                        if at + 1 < len {
                            bytes[at + 1] = b'"';
                            assert_eq!(plain_len(&bytes), expected.min(at + 1));
                        }
                    }
                }
            }
        }
    }
}
