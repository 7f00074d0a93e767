//! Characters in bytes that need not be valid UTF-8, read the way SQLite reads them.

/// The text up to its first NUL: what functions that read C strings see.
#[inline]
pub(crate) fn before_nul(bytes: &[u8]) -> &[u8] {
    match memchr::memchr(0, bytes) {
        Some(end) => &bytes[..end],
        None => bytes,
    }
}

/// Takes a character off the front; `None` at the end. A lead byte takes all continuation bytes that follow it,
/// however many; overlong forms and surrogates read as U+FFFD; a stray continuation byte stands for itself.
#[inline]
pub(crate) fn next_char(bytes: &mut &[u8]) -> Option<u32> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut c = u32::from(first);
    if first >= 0xc0 {
        c = match first {
            0xc0..=0xdf => c & 0x1f,
            0xe0..=0xef => c & 0x0f,
            0xf0..=0xf7 => c & 0x07,
            0xf8..=0xfb => c & 0x03,
            0xfc..=0xfd => c & 0x01,
            0xfe..=0xff => 0,
            _ => c,
        };
        while let Some((&next, tail)) = rest.split_first()
            && is_continuation(next)
        {
            c = (c << 6).wrapping_add(u32::from(next & 0x3f));
            rest = tail;
        }
        if c < 0x80 || c & 0xffff_f800 == 0xd800 {
            c = 0xfffd;
        }
    }
    *bytes = rest;
    Some(c)
}

#[inline]
pub(crate) fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// Bytes of the first character, a stray continuation byte counting as one of its own.
#[inline]
pub(crate) fn skip_char(bytes: &[u8]) -> usize {
    match bytes.first() {
        None => 0,
        Some(&first) if first < 0xc0 => 1,
        Some(_) => 1 + bytes[1..].iter().take_while(|&&byte| is_continuation(byte)).count(),
    }
}

/// Appends a character; values beyond Unicode are cut as SQLite cuts them.
pub(crate) fn push_char(c: u32, out: &mut Vec<u8>) {
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend_from_slice(&[0xc0 | (c >> 6) as u8, 0x80 | (c & 0x3f) as u8]),
        0x800..0x10000 => {
            out.extend_from_slice(&[
                0xe0 | (c >> 12) as u8,
                0x80 | (c >> 6 & 0x3f) as u8,
                0x80 | (c & 0x3f) as u8,
            ]);
        }
        _ => out.extend_from_slice(&[
            0xf0 | (c >> 18 & 0x07) as u8,
            0x80 | (c >> 12 & 0x3f) as u8,
            0x80 | (c >> 6 & 0x3f) as u8,
            0x80 | (c & 0x3f) as u8,
        ]),
    }
}
