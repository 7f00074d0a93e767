//! A block as it lies on disk.
//!
//!     checksum u64 | id u64 | encoded len u32 | raw len u32 | codec u32 | encoded bytes      (little endian)
//!
//! Encoding is compress → (encrypt) → checksum. The checksum is XXH3-64 over everything after it, seeded with the
//! database's uuid: a block of another database, or in another block's place, does not pass. It guards against decay
//! and misplaced writes, not against forgers.
//!
//! Always true: nothing is allocated by a length that the checksum has not covered, nor beyond `MAX_BLOCK_LEN`.

use std::sync::Arc;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::{
    error::{Result, StoreError},
    store::{BlockId, MAX_BLOCK_LEN, Uuid},
};

pub(crate) const BLOCK_HEADER_LEN: usize = 28;

/// What turns a database's uuid into the seed of its checksums.
pub(crate) fn checksum_seed(uuid: Uuid) -> u64 {
    xxh3_64(&uuid.0)
}

/// How the encoded bytes were made. Encryption will be its own codecs, not a flag: an old reader must refuse them.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Codec {
    Plain = 0,
    Lz4 = 1,
}

/// The id in the header of a marker, which no block has.
const MARKER_ID: u64 = 0;

/// Appends the encoded block to `out` and returns its checksum.
pub(crate) fn encode_block(seed: u64, id: BlockId, raw: &[u8], out: &mut Vec<u8>) -> u64 {
    encode(seed, id.get(), raw, out)
}

/// A note between the blocks of a segment, in a block's shape.
pub(crate) fn encode_marker(seed: u64, note: &[u8]) -> Vec<u8> {
    let mut out = vec![0; BLOCK_HEADER_LEN];
    out.extend_from_slice(note);
    finish(seed, MARKER_ID, note.len(), Codec::Plain, &mut out);
    out
}

/// What follows a block's header in the file, by what the header says; it may be wrong.
pub(crate) struct Next {
    pub len: u64,
    pub is_marker: bool,
}

pub(crate) fn peek(header: &[u8; BLOCK_HEADER_LEN]) -> Next {
    Next { len: u64::from(read_u32(header, 16)), is_marker: read_u64(header, 8) == MARKER_ID }
}

/// The note of a marker, or None when it is damaged.
pub(crate) fn decode_marker(seed: u64, encoded: &[u8]) -> Option<&[u8]> {
    let note = encoded.get(BLOCK_HEADER_LEN..)?;
    let is_sound =
        xxh3_64_with_seed(&encoded[8..], seed) == read_u64(encoded, 0) && read_u64(encoded, 8) == MARKER_ID;
    is_sound.then_some(note)
}

fn encode(seed: u64, id: u64, raw: &[u8], out: &mut Vec<u8>) -> u64 {
    let start = out.len();
    let body = start + BLOCK_HEADER_LEN;
    out.resize(body + lz4_flex::block::get_maximum_output_size(raw.len()), 0);
    let compressed = lz4_flex::block::compress_into(raw, &mut out[body..]);
    // An eighth is what decompressing at every read should at least buy.
    let (codec, len) = match compressed {
        Ok(len) if len <= raw.len() - raw.len() / 8 && len < raw.len() => (Codec::Lz4, len),
        _ => {
            out[body..body + raw.len()].copy_from_slice(raw);
            (Codec::Plain, raw.len())
        }
    };
    out.truncate(body + len);
    finish(seed, id, raw.len(), codec, &mut out[start..])
}

/// Fills in the header before the encoded bytes.
fn finish(seed: u64, id: u64, raw_len: usize, codec: Codec, out: &mut [u8]) -> u64 {
    let len = out.len() - BLOCK_HEADER_LEN;
    out[8..16].copy_from_slice(&id.to_le_bytes());
    out[16..20].copy_from_slice(&(len as u32).to_le_bytes());
    out[20..24].copy_from_slice(&(raw_len as u32).to_le_bytes());
    out[24..28].copy_from_slice(&(codec as u32).to_le_bytes());
    let checksum = xxh3_64_with_seed(&out[8..], seed);
    out[..8].copy_from_slice(&checksum.to_le_bytes());
    checksum
}

/// Checks that `encoded` is the block `id` with the checksum its map entry remembers.
pub(crate) fn verify_block(seed: u64, id: BlockId, checksum: u64, encoded: &[u8]) -> Result<()> {
    let bad = |what: &str| Err(StoreError::corrupt(format!("{id:?}: {what}")));
    if encoded.len() < BLOCK_HEADER_LEN {
        return bad("shorter than its header");
    }
    if xxh3_64_with_seed(&encoded[8..], seed) != read_u64(encoded, 0) {
        return bad("its checksum does not match its bytes");
    }
    if read_u64(encoded, 8) != id.get() {
        return bad(&format!("block {} lies in its place", read_u64(encoded, 8)));
    }
    // The bytes are sound but older: a write that was acknowledged never reached the disk.
    if read_u64(encoded, 0) != checksum {
        return bad("another version of it lies in its place");
    }
    Ok(())
}

/// Verifies and decodes.
pub(crate) fn decode_block(seed: u64, id: BlockId, checksum: u64, encoded: &[u8]) -> Result<Arc<[u8]>> {
    verify_block(seed, id, checksum, encoded)?;
    let bad = |what: &str| StoreError::corrupt(format!("{id:?}: {what}"));
    let body = &encoded[BLOCK_HEADER_LEN..];
    let raw_len = read_u32(encoded, 20) as usize;
    if read_u32(encoded, 16) as usize != body.len() || raw_len > MAX_BLOCK_LEN {
        return Err(bad("impossible length"));
    }
    // No byte of LZ4 stands for more than 255: what a short block claims beyond that is not allocated.
    if raw_len / 256 > body.len() {
        return Err(bad("impossible length"));
    }
    let codec = read_u32(encoded, 24);
    if codec == Codec::Plain as u32 {
        return if raw_len == body.len() { Ok(Arc::from(body)) } else { Err(bad("impossible length")) };
    }
    if codec != Codec::Lz4 as u32 {
        return Err(bad(&format!("codec {codec} is not known to this version")));
    }
    let mut block: Arc<[u8]> = std::iter::repeat_n(0, raw_len).collect();
    let raw = Arc::get_mut(&mut block).expect("nobody else has it yet");
    match lz4_flex::block::decompress_into(body, raw) {
        Ok(len) if len == raw_len => Ok(block),
        _ => Err(bad("its compressed bytes are malformed")),
    }
}

/// The caller has checked that four bytes are there.
pub(crate) fn read_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("the range has four bytes"))
}

/// The caller has checked that eight bytes are there.
pub(crate) fn read_u64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("the range has eight bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(id: u64) -> BlockId {
        BlockId::new(id).unwrap()
    }

    proptest! {
        #[test]
        fn blocks_come_back_as_written(raw: Vec<u8>, repeat in 1usize..40, seed: u64) {
            let raw = raw.repeat(repeat);
            let mut encoded = vec![7; 3];
            let checksum = encode_block(seed, id(9), &raw, &mut encoded);
            prop_assert_eq!(&*decode_block(seed, id(9), checksum, &encoded[3..]).unwrap(), &raw[..]);
        }

        #[test]
        fn a_changed_bit_is_noticed(raw: Vec<u8>, at: prop::sample::Index, bit in 0..8) {
            let mut encoded = Vec::new();
            let checksum = encode_block(1, id(9), &raw, &mut encoded);
            let at = at.index(encoded.len());
            encoded[at] ^= 1u8 << bit;
            prop_assert!(decode_block(1, id(9), checksum, &encoded).is_err());
        }

        // With a checksum that fits, so that the bytes behind it are believed as far as the checksum goes.
        #[test]
        fn hostile_blocks_are_errors(body: Vec<u8>, len: u32, raw_len: u32, codec in 0u32..3, fits: bool) {
            let mut encoded = vec![0; 8];
            encoded.extend_from_slice(&9u64.to_le_bytes());
            encoded.extend_from_slice(&(if fits { body.len() as u32 } else { len }).to_le_bytes());
            encoded.extend_from_slice(&(raw_len % (MAX_BLOCK_LEN as u32 / 64)).to_le_bytes());
            encoded.extend_from_slice(&codec.to_le_bytes());
            encoded.extend_from_slice(&body);
            let checksum = xxh3_64_with_seed(&encoded[8..], 1);
            encoded[..8].copy_from_slice(&checksum.to_le_bytes());
            let _ = decode_block(1, id(9), checksum, &encoded);
            let _ = decode_block(1, id(9), checksum, &body);
        }
    }

    #[test]
    fn a_block_in_a_wrong_place_is_noticed() {
        let mut encoded = Vec::new();
        let checksum = encode_block(1, id(9), b"bytes", &mut encoded);
        assert!(decode_block(1, id(8), checksum, &encoded).is_err(), "another id");
        assert!(decode_block(2, id(9), checksum, &encoded).is_err(), "another database");
        assert!(decode_block(1, id(9), checksum ^ 1, &encoded).is_err(), "an older version");
    }

    #[test]
    fn only_what_shrinks_is_compressed() {
        let (mut plain, mut packed) = (Vec::new(), Vec::new());
        let noise: Vec<u8> =
            (0..4096u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        let seeded: Vec<u8> =
            noise.iter().enumerate().map(|(n, b)| b ^ (xxh3_64(&n.to_le_bytes()) as u8)).collect();
        encode_block(1, id(1), &seeded, &mut plain);
        encode_block(1, id(1), &[5; 4096], &mut packed);
        assert_eq!(plain.len(), BLOCK_HEADER_LEN + 4096);
        assert!(packed.len() < 200);
    }
}
