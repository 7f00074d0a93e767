//! A block as it lies on disk, under a checksum that holds.
//!
//!     input    0 u8 | encoded block       any byte else: what follows is a block's contents, encoded and decoded

use pluresdb_store::BlockId;
use pluresdb_store::hostile::{decode_sealed_block, encode_sealed_block};

pub fn run(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let id = BlockId::new(9).expect("9 is an id");
    if *kind == 0 {
        let _ = decode_sealed_block(id, rest);
        return;
    }
    let encoded = encode_sealed_block(id, rest);
    let decoded = decode_sealed_block(id, &encoded).expect("what was written can be read");
    assert_eq!(&*decoded, rest, "blocks come back as written");
}

pub fn seeds() -> Vec<Vec<u8>> {
    let id = BlockId::new(9).expect("9 is an id");
    let noise: Vec<u8> = (0..300_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let raws = [&b""[..], b"short", &[7; 4000], &b"abcabcabd".repeat(50), &noise];
    let encoded = raws.map(|raw| [&[0][..], &encode_sealed_block(id, raw)].concat());
    let plain = raws.map(|raw| [&[1][..], raw].concat());
    [encoded.as_slice(), plain.as_slice()].concat()
}
