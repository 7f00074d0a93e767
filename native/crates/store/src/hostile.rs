//! For fuzzing: bytes whose checksums hold and whose contents lie.
//!
//! A fuzzer that changes a byte is stopped by a checksum and never sees the code behind it. These functions put the
//! right checksums over any bytes, so that everything behind them meets any bytes.

use std::sync::Arc;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

pub use crate::journal_map::seal_journal;
pub use crate::log::seal_log_file;
pub use crate::paged_file::seal_single_file;

use crate::{
    BlockId, Result, Uuid,
    codec::{BLOCK_HEADER_LEN, decode_block},
    segment::SEGMENT_HEADER_LEN,
};

/// Decodes `bytes` as the block `id` under the checksum that they have.
pub fn decode_sealed_block(id: BlockId, bytes: &[u8]) -> Result<Arc<[u8]>> {
    let mut sealed = bytes.to_vec();
    if sealed.len() >= BLOCK_HEADER_LEN {
        sealed[8..16].copy_from_slice(&id.get().to_le_bytes());
    }
    let checksum = seal(&mut sealed, 0);
    decode_block(0, id, checksum, &sealed)
}

/// The encoded form of a block, for seeds.
pub fn encode_sealed_block(id: BlockId, raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    crate::codec::encode_block(0, id, raw, &mut out);
    out
}

/// Puts checksums over the blocks and markers of a segment, as far as their lengths lead.
pub fn seal_segment(uuid: Uuid, bytes: &mut [u8]) {
    let mut rest = bytes.get_mut(SEGMENT_HEADER_LEN as usize..).unwrap_or_default();
    while rest.len() >= BLOCK_HEADER_LEN {
        let len = BLOCK_HEADER_LEN.saturating_add(crate::codec::read_u32(rest, 16) as usize);
        let Some((block, behind)) = rest.split_at_mut_checked(len) else { return };
        seal(block, crate::codec::checksum_seed(uuid));
        rest = behind;
    }
}

/// The file `pluresdb` with a checksum that holds.
pub fn seal_magic_file(bytes: &mut [u8]) {
    if let Some((body, checksum)) = bytes.split_at_mut_checked(28)
        && let Some(checksum) = checksum.first_chunk_mut()
    {
        *checksum = xxh3_64(body).to_le_bytes();
    }
}

/// The checksum over what follows it.
fn seal(bytes: &mut [u8], seed: u64) -> u64 {
    let Some((checksum, body)) = bytes.split_first_chunk_mut::<8>() else { return 0 };
    let sum = xxh3_64_with_seed(body, seed);
    *checksum = sum.to_le_bytes();
    sum
}
