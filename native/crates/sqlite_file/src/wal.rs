//! A write-ahead log beside a file: which frame holds the newest committed bytes of a page.
//!
//! ```text
//! header  magic | version | page size | checkpoint | salt 1 | salt 2 | checksum (2 words)
//! frame   page | pages in the file after this commit, or 0 | salt 1 | salt 2 | checksum (2 words) | page bytes
//! ```
//!
//! The checksum runs through header and frames, in the byte order that the magic's last bit tells. The log ends at the
//! first frame whose salts or checksum are not the log's own; of what comes before, everything up to the last frame
//! that commits is true.

use std::collections::HashMap;

use crate::Result;
use crate::header::{is_page_size, u32_at};
use crate::source::Source;

const MAGIC: u32 = 0x377f_0682;
const VERSION: u32 = 3_007_000;
const HEADER_LEN: usize = 32;
const FRAME_HEADER_LEN: usize = 24;

pub(crate) struct Wal {
    pub source: Source,
    pub page_size: u32,
    /// Pages in the file after the last commit.
    pub page_count: u32,
    /// Page → where its bytes stand in the log.
    pub frames: HashMap<u32, u64>,
}

impl Wal {
    /// None when the log holds no commit.
    pub fn read(source: Source) -> Result<Option<Wal>> {
        let mut header = [0; HEADER_LEN];
        source.read_at(0, &mut header)?;
        let page_size = u32_at(&header, 8);
        let is_big_endian = u32_at(&header, 0) & 1 != 0;
        let sum = checksum((0, 0), &header[..24], is_big_endian);
        let is_valid = source.len() >= HEADER_LEN as u64
            && u32_at(&header, 0) & !1 == MAGIC
            && u32_at(&header, 4) == VERSION
            && is_page_size(page_size)
            && sum == (u32_at(&header, 24), u32_at(&header, 28));
        if !is_valid {
            return Ok(None);
        }
        let salts = (u32_at(&header, 16), u32_at(&header, 20));
        let mut wal = Wal { source, page_size, page_count: 0, frames: HashMap::new() };
        wal.read_frames(sum, salts, is_big_endian)?;
        Ok((wal.page_count > 0).then_some(wal))
    }

    fn read_frames(&mut self, mut sum: (u32, u32), salts: (u32, u32), is_big_endian: bool) -> Result<()> {
        let mut frame = vec![0; FRAME_HEADER_LEN + self.page_size as usize];
        let frame_len = frame.len() as u64;
        let mut uncommitted: Vec<(u32, u64)> = Vec::new();
        let mut offset = HEADER_LEN as u64;
        while offset + frame_len <= self.source.len() {
            self.source.read_at(offset, &mut frame)?;
            let page = u32_at(&frame, 0);
            if page == 0 || (u32_at(&frame, 8), u32_at(&frame, 12)) != salts {
                break;
            }
            sum = checksum(sum, &frame[..8], is_big_endian);
            sum = checksum(sum, &frame[FRAME_HEADER_LEN..], is_big_endian);
            if sum != (u32_at(&frame, 16), u32_at(&frame, 20)) {
                break;
            }
            uncommitted.push((page, offset + FRAME_HEADER_LEN as u64));
            let page_count = u32_at(&frame, 4);
            if page_count > 0 {
                self.page_count = page_count;
                self.frames.extend(uncommitted.drain(..));
            }
            offset += frame_len;
        }
        Ok(())
    }
}

/// `bytes` is a whole number of pairs of words.
pub(crate) fn checksum(start: (u32, u32), bytes: &[u8], is_big_endian: bool) -> (u32, u32) {
    let (mut first, mut second) = start;
    let mut words = bytes.chunks_exact(4).map(|word| {
        let word = [word[0], word[1], word[2], word[3]];
        if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    });
    while let (Some(one), Some(other)) = (words.next(), words.next()) {
        first = first.wrapping_add(one).wrapping_add(second);
        second = second.wrapping_add(other).wrapping_add(first);
    }
    (first, second)
}
