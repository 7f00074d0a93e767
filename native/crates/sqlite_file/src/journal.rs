//! A rollback journal that its writer left behind: the pages as they were before the transaction that did not end.
//!
//! ```text
//! header  magic | records, or all ones | nonce | pages before | sector size | page size     one sector long
//! record  page | page bytes | checksum
//! end     page of the lock bytes | name | its length | its checksum | magic                 the super-journal
//! ```
//!
//! A header that is not synced yet has zeros where the magic stands, or no records: nothing is taken back then. A
//! journal that names a super-journal which is gone belongs to a transaction that was committed. Records end at the
//! first bad checksum: what comes after was not synced, so the file was not changed after it either.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::header::{is_page_size, lock_byte_page, u32_at};
use crate::source::Source;

const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const HEADER_LEN: usize = 28;
const COUNT_FROM_SIZE: u32 = 0xffff_ffff;
/// Longer names do not exist on any system SQLite runs on.
const MAX_SUPER_NAME: u32 = 4096;
/// Every so many bytes of a page one byte is summed.
const CHECKSUM_STEP: usize = 200;

pub(crate) struct Journal {
    pub source: Source,
    pub page_size: u32,
    /// Pages of the file before the transaction.
    pub page_count: u32,
    /// Page → where its old bytes stand in the journal.
    pub pages: HashMap<u32, u64>,
}

struct Section {
    records: u32,
    nonce: u32,
    page_count: u32,
    sector_size: u32,
    page_size: u32,
}

impl Journal {
    /// None when there is nothing to take back.
    pub fn read(source: Source, database: &Path) -> Result<Option<Journal>> {
        let Some(first) = read_section(&source, 0)? else { return Ok(None) };
        if !is_page_size(first.page_size)
            || !(32..=65536).contains(&first.sector_size)
            || !first.sector_size.is_power_of_two()
        {
            return Ok(None);
        }
        if let Some(name) = super_journal(&source)?
            && !resolve(&name, database).exists()
        {
            return Ok(None);
        }
        let mut journal = Journal {
            source,
            page_size: first.page_size,
            page_count: first.page_count,
            pages: HashMap::new(),
        };
        journal.read_sections(first)?;
        Ok(Some(journal))
    }

    fn read_sections(&mut self, first: Section) -> Result<()> {
        let sector = u64::from(first.sector_size);
        let record_len = u64::from(self.page_size) + 8;
        let mut record = vec![0; record_len as usize];
        let mut section = Some(first);
        let mut offset = 0;
        while let Some(current) = section {
            offset += sector;
            let room = self.source.len().saturating_sub(offset) / record_len;
            let records = if current.records == COUNT_FROM_SIZE { room } else { u64::from(current.records) };
            for _ in 0..records.min(room) {
                self.source.read_at(offset, &mut record)?;
                let page = u32_at(&record, 0);
                let bytes = &record[4..record.len() - 4];
                let is_end = page == 0 || page == lock_byte_page(self.page_size);
                if is_end || checksum(current.nonce, bytes) != u32_at(&record, record.len() - 4) {
                    return Ok(());
                }
                if page <= self.page_count {
                    self.pages.insert(page, offset + 4);
                }
                offset += record_len;
            }
            offset = offset.div_ceil(sector) * sector;
            section = read_section(&self.source, offset)?;
        }
        Ok(())
    }
}

fn read_section(source: &Source, offset: u64) -> Result<Option<Section>> {
    let mut header = [0; HEADER_LEN];
    if offset + HEADER_LEN as u64 > source.len() {
        return Ok(None);
    }
    source.read_at(offset, &mut header)?;
    Ok((header[..8] == MAGIC).then(|| Section {
        records: u32_at(&header, 8),
        nonce: u32_at(&header, 12),
        page_count: u32_at(&header, 16),
        sector_size: u32_at(&header, 20),
        page_size: u32_at(&header, 24),
    }))
}

pub(crate) fn checksum(nonce: u32, page: &[u8]) -> u32 {
    let mut sum = nonce;
    let mut at = page.len().saturating_sub(CHECKSUM_STEP);
    while at > 0 {
        sum = sum.wrapping_add(u32::from(page[at]));
        at = at.saturating_sub(CHECKSUM_STEP);
    }
    sum
}

fn super_journal(source: &Source) -> Result<Option<Vec<u8>>> {
    if source.len() < 16 {
        return Ok(None);
    }
    let mut end = [0; 16];
    source.read_at(source.len() - 16, &mut end)?;
    let (len, sum) = (u32_at(&end, 0), u32_at(&end, 4));
    if end[8..] != MAGIC || len == 0 || len > MAX_SUPER_NAME || u64::from(len) + 16 > source.len() {
        return Ok(None);
    }
    let mut name = vec![0; len as usize];
    source.read_at(source.len() - 16 - u64::from(len), &mut name)?;
    let found = name.iter().fold(0_u32, |sum, &byte| sum.wrapping_add(byte as i8 as u32));
    Ok((found == sum).then_some(name))
}

fn resolve(name: &[u8], database: &Path) -> PathBuf {
    let name = String::from_utf8_lossy(name);
    let name = name.trim_end_matches('\0');
    // SQLite writes the full path; a bare name stands beside the file.
    database.parent().map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 512;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// One section, one sector long: records of these pages.
    fn section(count: u32, pages: &[u32]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(words(&[count, 99, 5, 512, PAGE as u32]));
        bytes.resize(512, 0);
        for &page in pages {
            let body = [page as u8; PAGE];
            bytes.extend(words(&[page]).into_iter().chain(body).chain(words(&[checksum(99, &body)])));
        }
        bytes.resize(bytes.len().div_ceil(512) * 512, 0);
        bytes
    }

    fn pages(bytes: Vec<u8>) -> Option<Vec<u32>> {
        let journal = Journal::read(Source::Bytes(bytes), Path::new("somewhere.db"));
        let mut pages: Vec<u32> = journal.expect("memory is always readable")?.pages.into_keys().collect();
        pages.sort_unstable();
        Some(pages)
    }

    #[test]
    fn every_section_counts_up_to_the_first_bad_record() {
        assert_eq!(pages(section(2, &[3, 1])), Some(vec![1, 3]));
        assert_eq!(pages(section(COUNT_FROM_SIZE, &[3, 1])), Some(vec![1, 3]));
        // What the header does not count was not synced; a page beyond the old end is cut off anyway.
        assert_eq!(pages(section(1, &[3, 1])), Some(vec![3]));
        assert_eq!(pages(section(2, &[3, 6])), Some(vec![3]));
        let mut two = section(1, &[3]);
        two.extend(section(2, &[4, 2]));
        assert_eq!(pages(two.clone()), Some(vec![2, 3, 4]));
        let second_record = 512 + 1024 + 512 + 520;
        two[second_record + 4 + 112] ^= 1;
        assert_eq!(pages(two), Some(vec![3, 4]));
    }

    #[test]
    fn a_journal_that_is_over_takes_nothing_back() {
        assert_eq!(pages(Vec::new()), None);
        let mut zeroed = section(1, &[3]);
        zeroed[..28].fill(0);
        assert_eq!(pages(zeroed), None);
        // Its super-journal is gone, so the transaction was committed.
        let name = b"no-such-super-journal";
        let mut bytes = section(1, &[3]);
        bytes.extend(words(&[lock_byte_page(PAGE as u32)]));
        bytes.extend_from_slice(name);
        let sum = name.iter().map(|byte| u32::from(*byte)).sum();
        bytes.extend(words(&[name.len() as u32, sum]));
        bytes.extend_from_slice(&MAGIC);
        assert_eq!(pages(bytes), None);
    }
}
