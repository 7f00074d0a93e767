//! Unsigned integers in 1 to 10 bytes, low bits first (LEB128).

use crate::Malformed;

#[inline]
pub fn write(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes to the front of `out`; how many bytes, or None when it is too short.
pub fn write_into(mut value: u64, out: &mut [u8]) -> Option<usize> {
    let len = encoded_len(value);
    let (last, before) = out.get_mut(..len)?.split_last_mut()?;
    for byte in before {
        *byte = value as u8 | 0x80;
        value >>= 7;
    }
    *last = value as u8;
    Some(len)
}

/// Takes a varint off the front of `input`.
#[inline]
pub fn read(input: &mut &[u8]) -> Result<u64, Malformed> {
    let (&first, rest) = input.split_first().ok_or(Malformed)?;
    if first < 0x80 {
        *input = rest;
        return Ok(u64::from(first));
    }
    let mut value = u64::from(first & 0x7f);
    let mut shift = 7;
    for (i, &byte) in rest.iter().enumerate() {
        if shift == 63 && byte > 1 {
            return Err(Malformed);
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            *input = &rest[i + 1..];
            return Ok(value);
        }
        shift += 7;
        if shift > 63 {
            return Err(Malformed);
        }
    }
    Err(Malformed)
}

/// Bytes `write` takes for `value`.
pub fn encoded_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_round_trip_and_bad_ones_are_refused() {
        for value in [0, 1, 127, 128, 16383, 16384, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut out = Vec::new();
            write(value, &mut out);
            assert_eq!(out.len(), encoded_len(value));
            let mut input = &out[..];
            assert_eq!(read(&mut input), Ok(value));
            assert!(input.is_empty());
            let mut place = [0; 10];
            assert_eq!(write_into(value, &mut place), Some(out.len()));
            assert_eq!(place[..out.len()], out[..]);
            assert_eq!(write_into(value, &mut place[..out.len() - 1]), None);
        }
        assert_eq!(read(&mut &[0x80][..]), Err(Malformed));
        assert_eq!(read(&mut &[0xff; 11][..]), Err(Malformed));
    }
}
