//! Pages by number: each from the newest place that is committed, and each for one tree only.
//!
//!     file ◄─ hot journal (pages as they were) ◄─ WAL (pages as they became)
//!
//! A live writer in another process is not locked out. Instead `check_unchanged` tells, after the reading, whether all
//! of it saw one state. (POSIX locks end when any descriptor of the file is closed in the process that has them: taking
//! part in SQLite's locks would break those of a SQLite in the same process.)

use std::path::{Path, PathBuf};

use crate::header::{HEADER_LEN, Header, is_sqlite_file, lock_byte_page};
use crate::journal::Journal;
use crate::page::Page;
use crate::source::Source;
use crate::wal::Wal;
use crate::{FileError, Result};

pub(crate) struct Pager {
    source: Source,
    journal: Option<Journal>,
    wal: Option<Wal>,
    pub header: Header,
    pub page_count: u32,
    /// By page: the root of the tree that has it, 0 for none yet.
    owners: Vec<u32>,
}

/// The file with what stands beside it: SQLite finds both by name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

impl Pager {
    pub fn open(path: &Path) -> Result<Pager> {
        let source = Source::open(path)?;
        if source.len() == 0 {
            // SQLite takes what stands beside an empty file for some other file's.
            return Pager::new(source, None, None);
        }
        let journal = match Source::open_if_there(&beside(path, "-journal"))? {
            Some(journal) => Journal::read(journal, path)?,
            None => None,
        };
        let wal = match Source::open_if_there(&beside(path, "-wal"))? {
            Some(wal) => Wal::read(wal)?,
            None => None,
        };
        Pager::new(source, journal, wal)
    }

    pub fn from_bytes(bytes: Vec<u8>) -> Result<Pager> {
        Pager::new(Source::Bytes(bytes), None, None)
    }

    fn new(source: Source, journal: Option<Journal>, wal: Option<Wal>) -> Result<Pager> {
        let mut pager =
            Pager { source, journal, wal, header: Header::default(), page_count: 0, owners: Vec::new() };
        let is_rolled_back_to_nothing =
            pager.wal.is_none() && pager.journal.as_ref().is_some_and(|journal| journal.page_count == 0);
        if pager.source.len() == 0 || is_rolled_back_to_nothing {
            return Ok(pager);
        }
        pager.read_header()?;
        pager.count_pages()?;
        pager.owners = vec![0; pager.page_count as usize + 1];
        Ok(pager)
    }

    fn read_header(&mut self) -> Result<()> {
        let mut head = [0; HEADER_LEN];
        self.source.read_at(0, &mut head)?;
        // The size the pages beside have is the file's, even where the file's own header was lost.
        let beside = match (&self.wal, &self.journal) {
            (Some(wal), _) => Some(wal.page_size),
            (None, Some(journal)) => Some(journal.page_size),
            (None, None) => None,
        };
        if beside.is_none() && !is_sqlite_file(&head) {
            return Err(FileError::not_a_database("no SQLite header"));
        }
        if let Some(page_size) = beside {
            let mut first = vec![0; page_size as usize];
            self.header.page_size = page_size;
            self.read_newest(1, &mut first)?;
            head.copy_from_slice(&first[..HEADER_LEN]);
        }
        self.header = Header::parse(&head)?;
        let sizes = self.wal.iter().map(|wal| wal.page_size);
        let mut sizes = sizes.chain(self.journal.iter().map(|journal| journal.page_size));
        if sizes.any(|size| size != self.header.page_size) {
            return Err(FileError::corrupt("the pages beside the file are of another size"));
        }
        Ok(())
    }

    fn count_pages(&mut self) -> Result<()> {
        let in_file = self.source.len().div_ceil(u64::from(self.header.page_size));
        let in_file = u32::try_from(in_file).map_err(|_| FileError::corrupt("too many pages"))?;
        self.page_count = match (&self.wal, &self.journal) {
            (Some(wal), _) => wal.page_count,
            (None, Some(journal)) => journal.page_count,
            (None, None) => {
                let header = &self.header;
                let is_known = header.page_count > 0 && header.version_valid_for == header.change_counter;
                if is_known { header.page_count } else { in_file }
            }
        };
        // Each page stands somewhere, so what is kept per page is no more than what is there.
        if u64::from(self.page_count) > u64::from(in_file) + self.pages_beside() {
            return Err(FileError::corrupt("the file is shorter than its header says"));
        }
        Ok(())
    }

    fn pages_beside(&self) -> u64 {
        let in_wal = self.wal.as_ref().map_or(0, |wal| wal.frames.len());
        (in_wal + self.journal.as_ref().map_or(0, |journal| journal.pages.len())) as u64
    }

    fn read_newest(&self, page: u32, out: &mut [u8]) -> Result<()> {
        if let Some(wal) = &self.wal
            && let Some(&offset) = wal.frames.get(&page)
        {
            return wal.source.read_at(offset, out);
        }
        if let Some(journal) = &self.journal
            && let Some(&offset) = journal.pages.get(&page)
        {
            return journal.source.read_at(offset, out);
        }
        let offset = u64::from(page - 1) * u64::from(self.header.page_size);
        if offset >= self.source.len() {
            return Err(FileError::corrupt(format!("page {page} is behind the end of the file")));
        }
        self.source.read_at(offset, out)
    }

    /// Whether the page maps other pages to their parents: in files that vacuum themselves.
    fn is_pointer_map(&self, page: u32) -> bool {
        if self.header.largest_root == 0 || page < 2 {
            return false;
        }
        let stride = self.header.usable() as u32 / 5 + 1;
        let mut map = (page - 2) / stride * stride + 2;
        if map == lock_byte_page(self.header.page_size) {
            map += 1;
        }
        map == page
    }

    /// The bytes of a page, for the tree of that root. No page is part of two trees.
    pub fn claim(&mut self, page: u32, root: u32) -> Result<Vec<u8>> {
        let is_data = (1..=self.page_count).contains(&page)
            && page != lock_byte_page(self.header.page_size)
            && !self.is_pointer_map(page);
        if !is_data {
            return Err(FileError::corrupt(format!("page {page} holds no data")));
        }
        let owner = &mut self.owners[page as usize];
        if *owner != 0 && *owner != root {
            return Err(FileError::corrupt(format!("page {page} is part of the trees {owner} and {root}")));
        }
        *owner = root;
        let mut bytes = vec![0; self.header.page_size as usize];
        self.read_newest(page, &mut bytes)?;
        Ok(bytes)
    }

    pub fn claim_tree_page(&mut self, page: u32, root: u32) -> Result<Page> {
        Page::parse(self.claim(page, root)?, page, self.header.usable())
    }

    /// Fails when any of the files was changed since it was opened.
    pub fn check_unchanged(&self) -> Result<()> {
        self.source.check_unchanged()?;
        self.wal.iter().try_for_each(|wal| wal.source.check_unchanged())?;
        self.journal.iter().try_for_each(|journal| journal.source.check_unchanged())
    }
}
