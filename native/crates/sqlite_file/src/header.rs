//! The first hundred bytes of a file.
//!
//! ```text
//!  0  "SQLite format 3\0"     28 page count            60 user_version
//! 16  page size (1: 65536)    32 first freelist page   64 incremental vacuum
//! 18  write, read version     36 freelist pages        68 application_id
//! 20  reserved bytes a page   40 schema cookie         72 20 bytes of zero
//! 21  64 32 32                44 schema format 1 to 4  92 change counter that 28 is true for
//! 24  change counter          52 largest root page     96 SQLite's version number
//!                             56 text encoding
//! ```

use crate::text::Encoding;
use crate::{FileError, Result};

pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";
pub(crate) const HEADER_LEN: usize = 100;
/// The SQLite whose files ours are like.
const SQLITE_VERSION_NUMBER: u32 = 3_054_001;
/// SQLite asks for this much of each page beside the reserved bytes.
const MIN_USABLE: u32 = 480;
/// The byte range of these file locks holds no data, in any file.
const LOCK_BYTE: u64 = 0x4000_0000;

/// Whether these are the first bytes of a SQLite file.
pub fn is_sqlite_file(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub page_size: u32,
    /// The file is in WAL mode.
    pub is_wal: bool,
    /// At the end of each page, used by nobody we know.
    pub reserved: u8,
    pub change_counter: u32,
    /// As the header has it; true only while `version_valid_for` is the change counter.
    pub page_count: u32,
    pub schema_cookie: u32,
    /// 1: every index ascends. 4: they may descend, and records may use the types of 0 and 1.
    pub schema_format: u32,
    /// Not 0: the file has pages that map each page to its parent.
    pub largest_root: u32,
    pub encoding: Encoding,
    pub user_version: i32,
    pub incremental_vacuum: bool,
    pub application_id: i32,
    pub version_valid_for: u32,
}

impl Default for Header {
    fn default() -> Header {
        Header {
            page_size: 4096,
            is_wal: false,
            reserved: 0,
            change_counter: 0,
            page_count: 0,
            schema_cookie: 0,
            schema_format: 4,
            largest_root: 0,
            encoding: Encoding::Utf8,
            user_version: 0,
            incremental_vacuum: false,
            application_id: 0,
            version_valid_for: 0,
        }
    }
}

/// A big-endian integer at a place that is known to be there.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(word)
}

pub(crate) fn is_page_size(size: u32) -> bool {
    (512..=65536).contains(&size) && size.is_power_of_two()
}

impl Header {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Header> {
        if bytes.len() < HEADER_LEN || !is_sqlite_file(bytes) {
            return Err(FileError::not_a_database("no SQLite header"));
        }
        let page_size = match u32::from(bytes[16]) << 8 | u32::from(bytes[17]) {
            1 => 65536,
            size => size,
        };
        let reserved = bytes[20];
        let is_usable = is_page_size(page_size) && page_size - u32::from(reserved) >= MIN_USABLE;
        if bytes[19] > 2 || bytes[21..24] != [64, 32, 32] || !is_usable {
            return Err(FileError::not_a_database("a header SQLite would not write"));
        }
        let schema_format = u32_at(bytes, 44);
        let encoding = Encoding::from_number(u32_at(bytes, 56));
        if schema_format > 4 {
            let detail = format!("schema format {schema_format}");
            return Err(FileError::new(crate::ErrorKind::UnsupportedFormat, detail));
        }
        Ok(Header {
            page_size,
            is_wal: bytes[19] == 2,
            reserved,
            change_counter: u32_at(bytes, 24),
            page_count: u32_at(bytes, 28),
            schema_cookie: u32_at(bytes, 40),
            schema_format,
            largest_root: u32_at(bytes, 52),
            encoding: encoding.ok_or_else(|| FileError::corrupt("unknown text encoding"))?,
            user_version: u32_at(bytes, 60) as i32,
            incremental_vacuum: u32_at(bytes, 64) != 0,
            application_id: u32_at(bytes, 68) as i32,
            version_valid_for: u32_at(bytes, 92),
        })
    }

    /// Writes the header over the first bytes of page 1.
    pub(crate) fn write(&self, page: &mut [u8]) {
        let mut put = |at: usize, word: u32| page[at..at + 4].copy_from_slice(&word.to_be_bytes());
        put(24, self.change_counter);
        put(28, self.page_count);
        put(32, 0);
        put(36, 0);
        put(40, self.schema_cookie);
        put(44, self.schema_format);
        put(48, 0);
        put(52, self.largest_root);
        put(56, self.encoding.number());
        put(60, self.user_version as u32);
        put(64, u32::from(self.incremental_vacuum));
        put(68, self.application_id as u32);
        put(92, self.change_counter);
        put(96, SQLITE_VERSION_NUMBER);
        page[72..92].fill(0);
        page[..16].copy_from_slice(MAGIC);
        let page_size = if self.page_size == 65536 { 1 } else { self.page_size as u16 };
        page[16..18].copy_from_slice(&page_size.to_be_bytes());
        let version = 1 + u8::from(self.is_wal);
        page[18..24].copy_from_slice(&[version, version, self.reserved, 64, 32, 32]);
    }

    /// Bytes of a page that hold data.
    pub(crate) fn usable(&self) -> usize {
        (self.page_size - u32::from(self.reserved)) as usize
    }
}

/// The page that nobody may use: it covers the bytes that SQLite locks.
pub(crate) fn lock_byte_page(page_size: u32) -> u32 {
    (LOCK_BYTE / u64::from(page_size)) as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_header_is_read_as_it_was() {
        for page_size in [512, 4096, 65536] {
            let header = Header {
                page_size,
                change_counter: 7,
                version_valid_for: 7,
                user_version: -3,
                application_id: i32::MIN,
                encoding: Encoding::Utf16Be,
                ..Header::default()
            };
            let mut page = vec![0xaa; 512];
            header.write(&mut page);
            assert_eq!(Header::parse(&page), Ok(header));
        }
        assert!(Header::parse(b"SQLite format 3\0").is_err());
    }
}
