//! SQLite's varints: 1 to 9 bytes, high bits first; the ninth byte gives eight bits.

/// Takes a varint off the front of `input`; None when it ends too early.
pub(crate) fn read(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for (at, &byte) in input.iter().enumerate().take(9) {
        if at == 8 {
            value = value << 8 | u64::from(byte);
        } else {
            value = value << 7 | u64::from(byte & 0x7f);
        }
        if at == 8 || byte < 0x80 {
            *input = &input[at + 1..];
            return Some(value);
        }
    }
    None
}

#[inline]
pub(crate) fn write(value: u64, out: &mut Vec<u8>) {
    if value < 0x80 {
        out.push(value as u8);
    } else {
        write_long(value, out);
    }
}

fn write_long(value: u64, out: &mut Vec<u8>) {
    if value >> 56 != 0 {
        for at in 0..8 {
            out.push((value >> (57 - 7 * at)) as u8 & 0x7f | 0x80);
        }
        out.push(value as u8);
        return;
    }
    let len = encoded_len(value);
    for at in (0..len).rev() {
        let more = if at == 0 { 0 } else { 0x80 };
        out.push((value >> (7 * at)) as u8 & 0x7f | more);
    }
}

pub(crate) fn encoded_len(value: u64) -> usize {
    if value >> 56 != 0 { 9 } else { (64 - (value | 1).leading_zeros() as usize).div_ceil(7) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_round_trips() {
        let edges = (0..64).flat_map(|shift| [(1_u64 << shift) - 1, 1 << shift, (1 << shift) + 1]);
        for value in edges.chain([u64::MAX]) {
            let mut out = Vec::new();
            write(value, &mut out);
            assert_eq!(out.len(), encoded_len(value));
            out.push(7);
            let mut input = &out[..];
            assert_eq!(read(&mut input), Some(value));
            assert_eq!(input, [7]);
        }
        assert_eq!(read(&mut &[0x81, 0x80][..]), None);
        assert_eq!(read(&mut &[0xff; 9][..]), Some(u64::MAX));
    }
}
