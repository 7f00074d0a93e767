//! Delta blocks: the rows of a leaf that are not as its base block has them.
//!
//! ```text
//! magic 4 | kind u8 | version u8 | 0 u16 | base block id u64 | entries u32
//! | per entry: rowid i64 | length of the record and is-wide bit u32, or all ones: the row is gone
//! | the records, one after the other
//! ```
//!
//! Written when a few rows of a leaf changed: the base, 32 kB to be encoded and packed, stays where it is. Once the
//! delta is more than `BASE_SHARE` of its base, the leaf is written anew.
//!
//! Always true:
//! - Entries ascend by rowid; a record is one that a delta keeps.
//! - A row that is gone need not be in the base: it may have come and gone since.

use pluresdb_store::BlockId;
use pluresdb_value::record::Record;

use crate::{
    Result, TreeError,
    node::{Leaf, MAGIC, read_u32, read_u64},
    row::{
        base::MAX_SLOTS,
        delta::{MAX_ENTRIES, MAX_RECORD_LEN, Patch, are_wide_slots_sound},
        leaf::RowLeaf,
    },
};

const HEADER_LEN: usize = 20;
const ENTRY_LEN: usize = 12;
const VERSION: u8 = 1;
const GONE: u32 = u32::MAX;
const WIDE: u32 = 1 << 31;
/// A delta block has at most one part in so many of its base's bytes: it is read with the base each time, and its rows
/// are slower to scan.
const BASE_SHARE: usize = 16;

struct Entry<'a> {
    rowid: i64,
    /// None: the row is gone.
    row: Option<Row<'a>>,
}

struct Row<'a> {
    record: &'a [u8],
    is_wide: bool,
}

impl Entry<'_> {
    fn encoded_len(&self) -> usize {
        ENTRY_LEN + self.row.as_ref().map_or(0, |row| row.record.len())
    }
}

/// The delta block of a leaf over this base block, whose rows in `earlier`, a delta block, are in the leaf's own base
/// already. None when it would be too large.
pub(super) fn encode(leaf: &RowLeaf, base: BlockId, earlier: Option<&[u8]>) -> Option<Vec<u8>> {
    let max_len = leaf.base.as_ref()?.block.len() / BASE_SHARE;
    let delta = &leaf.delta;
    if delta.record_bytes() + ENTRY_LEN * (delta.len() + delta.gone_count()) > max_len {
        return None;
    }
    let row = |entry| Row { record: delta.bytes_of(entry), is_wide: delta.is_wide(entry) };
    let mut entries: Vec<Entry<'_>> =
        (0..delta.len()).map(|entry| Entry { rowid: delta.rowid(entry), row: Some(row(entry)) }).collect();
    if delta.gone_count() > 0 {
        let gone = delta.patched_rows().filter(|(_, patch)| *patch == Patch::Gone);
        entries.extend(gone.map(|(at, _)| Entry { rowid: leaf.base().rowid(at), row: None }));
    }
    entries.extend(earlier.into_iter().flat_map(|block| Entries::new(block).flatten()));
    // Stable, so that of two entries for a rowid the later one stands first and is kept.
    entries.sort_by_key(|entry| entry.rowid);
    entries.dedup_by_key(|entry| entry.rowid);
    let len: usize = entries.iter().map(Entry::encoded_len).sum();
    (len <= max_len && entries.len() <= MAX_ENTRIES).then(|| write(base, &entries, len))
}

fn write(base: BlockId, entries: &[Entry<'_>], len: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_LEN + len);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[RowLeaf::INNER_KIND + 2, VERSION, 0, 0]);
    out.extend_from_slice(&base.get().to_le_bytes());
    out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    for Entry { rowid, row } in entries {
        let bits = match row {
            None => GONE,
            Some(row) => row.record.len() as u32 | if row.is_wide { WIDE } else { 0 },
        };
        out.extend_from_slice(&rowid.to_le_bytes());
        out.extend_from_slice(&bits.to_le_bytes());
    }
    for row in entries.iter().filter_map(|entry| entry.row.as_ref()) {
        out.extend_from_slice(row.record);
    }
    out
}

/// The leaf that `leaf`, as its block has it, and the delta block are together.
pub(super) fn apply(leaf: &RowLeaf, base: BlockId, block: &[u8]) -> Result<RowLeaf> {
    let header = block.get(..HEADER_LEN).ok_or_else(|| TreeError::corrupt("a delta without header"))?;
    if header[..4] != MAGIC || header[4] != RowLeaf::INNER_KIND + 2 || header[5] != VERSION {
        return Err(TreeError::corrupt("a delta of an unknown version"));
    }
    if read_u64(header, 8) != Some(base.get()) || !leaf.is_as_in(base) {
        return Err(TreeError::corrupt(format!("the delta of another block than {base:?}")));
    }
    let mut changed = leaf.clone();
    let entries = Entries::new(block);
    changed.delta.reserve(entries.table.len() / ENTRY_LEN, entries.records.len());
    let mut last = None;
    for entry in entries {
        let Entry { rowid, row } = entry.ok_or_else(|| TreeError::corrupt("a delta cut short"))?;
        if last.is_some_and(|last| last >= rowid) {
            return Err(TreeError::corrupt("a delta with rows out of order"));
        }
        last = Some(rowid);
        match row {
            None => {
                changed.delete(rowid);
            }
            Some(Row { record, is_wide }) => {
                check_record(record, is_wide)?;
                changed.put(rowid, record, is_wide);
            }
        }
    }
    if changed.len() == 0 {
        return Err(TreeError::corrupt("a leaf without rows"));
    }
    Ok(changed)
}

/// Of a record as a delta keeps it: what else is read from it later is read without a check.
fn check_record(record: &[u8], is_wide: bool) -> Result<()> {
    let mut slots = 0;
    for value in &Record::new(record)? {
        value?;
        slots += 1;
    }
    if slots > MAX_SLOTS || is_wide && !are_wide_slots_sound(record, slots) {
        return Err(TreeError::corrupt("a bad row in a delta"));
    }
    Ok(())
}

/// The entries of a delta block; None stands for one that is cut short, and is the last.
struct Entries<'a> {
    table: &'a [u8],
    records: &'a [u8],
    is_whole: bool,
}

impl<'a> Entries<'a> {
    fn new(block: &'a [u8]) -> Entries<'a> {
        let table_and_records = || {
            let count = usize::try_from(read_u32(block, 16)?).ok().filter(|count| *count <= MAX_ENTRIES)?;
            block.get(HEADER_LEN..)?.split_at_checked(count * ENTRY_LEN)
        };
        match table_and_records() {
            Some((table, records)) => Entries { table, records, is_whole: true },
            None => Entries { table: &[], records: &[0], is_whole: true },
        }
    }

    fn take(&mut self) -> Option<Entry<'a>> {
        let (entry, table) = self.table.split_at_checked(ENTRY_LEN)?;
        self.table = table;
        let rowid = read_u64(entry, 0)? as i64;
        let bits = read_u32(entry, 8)?;
        if bits == GONE {
            return Some(Entry { rowid, row: None });
        }
        let len = (bits & !WIDE) as usize;
        if len > MAX_RECORD_LEN {
            return None;
        }
        let (record, records) = self.records.split_at_checked(len)?;
        self.records = records;
        Some(Entry { rowid, row: Some(Row { record, is_wide: bits & WIDE != 0 }) })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Option<Entry<'a>>;

    fn next(&mut self) -> Option<Option<Entry<'a>>> {
        if !self.is_whole || self.table.is_empty() && self.records.is_empty() {
            return None;
        }
        let entry = self.take();
        self.is_whole = entry.is_some();
        Some(entry)
    }
}
