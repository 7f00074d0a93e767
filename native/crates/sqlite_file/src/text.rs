//! Text in a file's encoding, and as UTF-8.
//!
//! Broken UTF-16 is read as SQLite reads it: a unit of the surrogate range takes the next unit with it whatever that
//! is, one at the end stands for itself, an odd last byte is dropped. Broken UTF-8 passes through unchanged.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// The number in the header; 0 is a file that holds no schema yet.
    pub(crate) fn from_number(number: u32) -> Option<Encoding> {
        match number {
            0 | 1 => Some(Encoding::Utf8),
            2 => Some(Encoding::Utf16Le),
            3 => Some(Encoding::Utf16Be),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> u32 {
        match self {
            Encoding::Utf8 => 1,
            Encoding::Utf16Le => 2,
            Encoding::Utf16Be => 3,
        }
    }

    fn unit(self, pair: [u8; 2]) -> u32 {
        u32::from(if self == Encoding::Utf16Be { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    }
}

/// UTF-16 as UTF-8.
pub(crate) fn to_utf8(text: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut units = text.chunks_exact(2).map(|pair| encoding.unit([pair[0], pair[1]]));
    let mut out = Vec::with_capacity(text.len() / 2 + text.len() / 4);
    while let Some(unit) = units.next() {
        let mut code = unit;
        if (0xd800..0xe000).contains(&unit)
            && let Some(low) = units.next()
        {
            code = (low & 0x3ff) + ((unit & 0x3f) << 10) + (((unit & 0x3c0) + 0x40) << 10);
        }
        push_utf8(code, &mut out);
    }
    out
}

/// Also for codes that are no characters: halves of a pair.
fn push_utf8(code: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| (code >> shift) as u8 & 0x3f | 0x80;
    match code {
        0..0x80 => out.push(code as u8),
        0x80..0x800 => out.extend([(code >> 6) as u8 & 0x1f | 0xc0, tail(0)]),
        0x800..0x10000 => out.extend([(code >> 12) as u8 & 0x0f | 0xe0, tail(6), tail(0)]),
        _ => out.extend([(code >> 18) as u8 & 0x07 | 0xf0, tail(12), tail(6), tail(0)]),
    }
}

/// UTF-8 in the file's encoding; what is no UTF-8 becomes U+FFFD in UTF-16.
pub(crate) fn from_utf8(text: &[u8], encoding: Encoding, out: &mut Vec<u8>) {
    match encoding {
        Encoding::Utf8 => out.extend_from_slice(text),
        Encoding::Utf16Le => {
            out.extend(String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_le_bytes));
        }
        Encoding::Utf16Be => {
            out.extend(String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_be_bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_every_width_round_trip_and_broken_pairs_are_kept_somehow() {
        let text = "a\0é€𝄞z";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let mut wide = Vec::new();
            from_utf8(text.as_bytes(), encoding, &mut wide);
            assert_eq!(to_utf8(&wide, encoding), text.as_bytes());
        }
        assert_eq!(to_utf8(&[0xd8, 0x00], Encoding::Utf16Be), [0xed, 0xa0, 0x80]);
        assert_eq!(to_utf8(&[0x00, 0x41, 0x42], Encoding::Utf16Be), b"A");
    }
}
