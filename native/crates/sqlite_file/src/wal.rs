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

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 512;

    /// A log of frames (page, pages after the commit or 0, salt), its checksums right for all of them.
    fn log(magic: u32, frames: &[(u32, u32, u32)]) -> Vec<u8> {
        let is_big_endian = magic & 1 != 0;
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        let mut bytes = words(&[magic, VERSION, PAGE as u32, 0, 7, 8]);
        let mut sum = checksum((0, 0), &bytes, is_big_endian);
        bytes.extend(words(&[sum.0, sum.1]));
        for &(page, page_count, salt) in frames {
            let head = words(&[page, page_count]);
            let body = [page as u8; PAGE];
            sum = checksum(checksum(sum, &head, is_big_endian), &body, is_big_endian);
            bytes.extend(head.into_iter().chain(words(&[salt, 8, sum.0, sum.1])).chain(body));
        }
        bytes
    }

    fn read(bytes: Vec<u8>) -> Option<(u32, Vec<(u32, u64)>)> {
        let wal = Wal::read(Source::Bytes(bytes)).expect("memory is always readable")?;
        let mut frames: Vec<_> = wal.frames.into_iter().collect();
        frames.sort_unstable();
        Some((wal.page_count, frames))
    }

    #[test]
    fn the_last_committed_frame_of_each_page_counts() {
        let place = |frame: u64| HEADER_LEN as u64 + 24 + frame * (24 + PAGE as u64);
        for magic in [MAGIC, MAGIC | 1] {
            let frames = [(1, 0, 7), (2, 2, 7), (2, 3, 7), (3, 0, 7)];
            let expected = Some((3, vec![(1, place(0)), (2, place(2))]));
            assert_eq!(read(log(magic, &frames)), expected);
            // Frames of an older log stand behind the last one.
            assert_eq!(read(log(magic, &[(1, 0, 7), (2, 2, 7), (2, 3, 7), (1, 9, 6)])), expected);
            // A frame that was cut, and one whose bytes are wrong, end the log.
            let mut bytes = log(magic, &[(1, 0, 7), (2, 2, 7), (2, 3, 7), (1, 9, 7)]);
            bytes.pop();
            assert_eq!(read(bytes.clone()), expected);
            bytes[place(2) as usize] ^= 1;
            assert_eq!(read(bytes), Some((2, vec![(1, place(0)), (2, place(1))])));
        }
    }

    #[test]
    fn a_log_without_a_commit_or_with_another_header_is_none() {
        assert_eq!(read(log(MAGIC, &[(1, 0, 7), (2, 0, 7)])), None);
        assert_eq!(read(Vec::new()), None);
        let mut bytes = log(MAGIC, &[(1, 1, 7)]);
        bytes[20] ^= 1;
        assert_eq!(read(bytes), None);
    }
}
