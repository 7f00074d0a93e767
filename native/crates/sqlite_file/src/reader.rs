//! A SQLite file as schema entries, rows and index records.

use std::path::Path;

use pluresdb_value::Value;

use crate::btree::{IndexRecords, TableRows};
use crate::page::TreeKind;
use crate::pager::Pager;
use crate::record::Record;
use crate::{Encoding, FileError, Header, Result};

/// The root of `sqlite_schema` itself.
const SCHEMA_ROOT: u32 = 1;

pub struct Reader {
    pager: Pager,
}

/// One row of `sqlite_schema`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaEntry {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    pub name: String,
    pub table: String,
    /// 0 for what has no tree: views, triggers, virtual tables.
    pub root: u32,
    /// None for automatic indexes.
    pub sql: Option<String>,
}

/// What `read_everything` met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub trees: u64,
    pub records: u64,
    pub values: u64,
}

impl Reader {
    /// Opens a file as its last committed transaction left it: a WAL or a hot journal beside it counts.
    pub fn open(path: &Path) -> Result<Reader> {
        Ok(Reader { pager: Pager::open(path)? })
    }

    /// A file that stands in memory. No bytes at all are an empty database.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Reader> {
        Ok(Reader { pager: Pager::from_bytes(bytes.into())? })
    }

    pub fn header(&self) -> &Header {
        &self.pager.header
    }

    pub fn encoding(&self) -> Encoding {
        self.pager.header.encoding
    }

    pub fn page_count(&self) -> u32 {
        self.pager.page_count
    }

    /// All entries of `sqlite_schema`, in its order. No two have the same tree.
    pub fn schema(&mut self) -> Result<Vec<SchemaEntry>> {
        let encoding = self.encoding();
        let mut rows = self.rows(SCHEMA_ROOT)?;
        let mut entries = Vec::new();
        while let Some((_, payload)) = rows.next()? {
            let columns = Record::new(payload, encoding)?.take(5).collect::<Result<Vec<Value>>>()?;
            entries.push(schema_entry(&columns)?);
        }
        let mut roots: Vec<u32> = entries.iter().map(|entry| entry.root).filter(|root| *root != 0).collect();
        roots.sort_unstable();
        if roots.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(FileError::corrupt("two entries of sqlite_schema have one root"));
        }
        Ok(entries)
    }

    /// The rows of a table that has rowids.
    pub fn rows(&mut self, root: u32) -> Result<TableRows<'_>> {
        TableRows::new(&mut self.pager, root)
    }

    /// The records of an index, or of a WITHOUT ROWID table: its key's columns, then the others.
    pub fn records(&mut self, root: u32) -> Result<IndexRecords<'_>> {
        IndexRecords::new(&mut self.pager, root)
    }

    /// Fails with `Changed` when somebody wrote to the file since it was opened: what was read may be half of each.
    pub fn check_unchanged(&self) -> Result<()> {
        self.pager.check_unchanged()
    }

    /// Reads every record of every tree that the schema names.
    pub fn read_everything(&mut self) -> Result<Totals> {
        let encoding = self.encoding();
        let mut totals = Totals::default();
        let mut count = |payload: &[u8]| -> Result<()> {
            totals.records += 1;
            for value in Record::new(payload, encoding)? {
                value?;
                totals.values += 1;
            }
            Ok(())
        };
        let roots: Vec<u32> =
            self.schema()?.iter().map(|entry| entry.root).filter(|root| *root != 0).collect();
        for root in &roots {
            match self.pager.claim_tree_page(*root, *root)?.kind {
                TreeKind::Table => {
                    let mut rows = self.rows(*root)?;
                    while let Some((_, payload)) = rows.next()? {
                        count(payload)?;
                    }
                }
                TreeKind::Index => {
                    let mut records = self.records(*root)?;
                    while let Some(payload) = records.next()? {
                        count(payload)?;
                    }
                }
            }
        }
        totals.trees = roots.len() as u64;
        Ok(totals)
    }
}

fn schema_entry(columns: &[Value]) -> Result<SchemaEntry> {
    let text = |index: usize| match columns.get(index) {
        Some(Value::Text(text)) => Ok(String::from_utf8_lossy(text).into_owned()),
        _ => Err(FileError::corrupt("sqlite_schema has a row that is none")),
    };
    let root = match columns.get(3) {
        Some(Value::Integer(root)) => u32::try_from(*root).ok(),
        Some(Value::Null) | None => Some(0),
        Some(_) => None,
    };
    Ok(SchemaEntry {
        kind: text(0)?,
        name: text(1)?,
        table: text(2)?,
        root: root.ok_or_else(|| FileError::corrupt("sqlite_schema names an impossible page"))?,
        sql: match columns.get(4) {
            Some(Value::Null) | None => None,
            Some(_) => Some(text(4)?),
        },
    })
}
