//! A new SQLite file, written front to back; only page 1 waits for the end.

use std::io::{Seek, SeekFrom, Write};

use pluresdb_value::{Value, ValueRef};

use crate::build::{Root, TableBuilder};
use crate::header::lock_byte_page;
use crate::reader::SchemaEntry;
use crate::{Encoding, ErrorKind, FileError, Header, Result, record};

/// SQLite's `SQLITE_MAX_PAGE_COUNT`.
const MAX_PAGES: u32 = 0xffff_fffe;

#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// A power of two from 512 to 65536.
    pub page_size: u32,
    pub encoding: Encoding,
    pub schema_cookie: u32,
    pub user_version: i32,
    pub application_id: i32,
}

impl Default for WriterOptions {
    fn default() -> WriterOptions {
        WriterOptions {
            page_size: 4096,
            encoding: Encoding::Utf8,
            schema_cookie: 1,
            user_version: 0,
            application_id: 0,
        }
    }
}

/// Makes a file of trees, which are given one after the other, and of the schema that names them.
pub struct Writer<W: Write + Seek> {
    pub(crate) pages: Pages<W>,
    options: WriterOptions,
}

impl<W: Write + Seek> Writer<W> {
    /// `out` is empty and stands at its start.
    pub fn new(out: W, options: WriterOptions) -> Result<Writer<W>> {
        assert!(crate::header::is_page_size(options.page_size), "a page size is a power of two in bounds");
        let mut pages = Pages {
            out,
            page: vec![0; options.page_size as usize],
            next: 1,
            lock_byte_page: lock_byte_page(options.page_size),
            encoding: options.encoding,
        };
        pages.append(|_| ())?;
        Ok(Writer { pages, options })
    }

    /// Writes the schema and page 1. `out` is complete, though not synced.
    pub fn finish(mut self, schema: &[SchemaEntry]) -> Result<W> {
        let root = self.build_schema(schema)?;
        let mut page = vec![0; self.options.page_size as usize];
        root.write_first(&mut self.pages, &mut page)?;
        let WriterOptions { page_size, encoding, schema_cookie, user_version, application_id } = self.options;
        let header = Header {
            page_size,
            encoding,
            schema_cookie,
            user_version,
            application_id,
            change_counter: 1,
            version_valid_for: 1,
            page_count: self.pages.next - 1,
            ..Header::default()
        };
        header.write(&mut page);
        self.pages.finish(&page)
    }

    fn build_schema(&mut self, schema: &[SchemaEntry]) -> Result<Root> {
        let encoding = self.options.encoding;
        let mut table = TableBuilder::new(&mut self.pages);
        let mut payload = Vec::new();
        for (rowid, entry) in (1..).zip(schema) {
            let text = |text: &str| Value::text(text);
            let values = [
                text(&entry.kind),
                text(&entry.name),
                text(&entry.table),
                Value::Integer(i64::from(entry.root)),
                entry.sql.as_deref().map_or(Value::Null, text),
            ];
            payload.clear();
            record::encode(values.iter().map(Value::as_ref), encoding, &mut payload);
            table.push(rowid, &payload)?;
        }
        table.finish_below_root()
    }

    /// Encodes a row as a table of this file wants it.
    pub fn encode_record<'v, I>(&self, values: I, out: &mut Vec<u8>)
    where
        I: IntoIterator<Item = ValueRef<'v>>,
        I::IntoIter: Clone,
    {
        record::encode(values, self.options.encoding, out);
    }
}

/// The file as far as it is written.
pub(crate) struct Pages<W> {
    out: W,
    /// The page being made.
    page: Vec<u8>,
    next: u32,
    lock_byte_page: u32,
    encoding: Encoding,
}

impl<W: Write + Seek> Pages<W> {
    /// No byte is reserved, so all are.
    pub fn usable(&self) -> usize {
        self.page.len()
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The number that the next page gets.
    pub fn next_page(&self) -> Result<u32> {
        Pages::<W>::skip(self.next, self.lock_byte_page)
    }

    pub fn page_after_next(&self) -> Result<u32> {
        Pages::<W>::skip(self.next_page()?.saturating_add(1), self.lock_byte_page)
    }

    fn skip(page: u32, lock_byte_page: u32) -> Result<u32> {
        let page = if page == lock_byte_page { page + 1 } else { page };
        if page > MAX_PAGES {
            return Err(FileError::new(ErrorKind::Full, "no page numbers are left"));
        }
        Ok(page)
    }

    /// Appends a page that `fill` makes of zeros; its number.
    pub fn append(&mut self, fill: impl FnOnce(&mut [u8])) -> Result<u32> {
        let number = self.next_page()?;
        self.page.fill(0);
        if number != self.next {
            self.write()?;
        }
        fill(&mut self.page);
        self.write()?;
        self.next = number + 1;
        Ok(number)
    }

    fn write(&mut self) -> Result<()> {
        self.out.write_all(&self.page).map_err(|error| FileError::from_io(&error, "write"))
    }

    fn finish(mut self, first: &[u8]) -> Result<W> {
        let written = self
            .out
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.out.write_all(first))
            .and_then(|()| self.out.flush());
        written.map_err(|error| FileError::from_io(&error, "write"))?;
        Ok(self.out)
    }
}
