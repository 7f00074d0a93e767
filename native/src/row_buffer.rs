//! Rows: values become cells of the shared buffer and parts of one string.
//!
//!     u32 row count | u32 state | u32 columns | u32 compilation | cell, cell, … (8 bytes each, row after row)
//!     … free … | 8-byte integers and blob bytes, from the end of the buffer downwards
//!
//! A cell is an f64. A real is itself. Everything else is a NaN whose upper half tells what it is:
//!
//! | upper half | lower half | value |
//! |---|---|---|
//! | `FFF9 llll` | start | text: `llll` UTF-16 units of the block's string from `start` |
//! | `FFFA 0000` | | NULL |
//! | `FFFB llll` | byte offset | blob of `llll` bytes in the buffer |
//! | `FFFC 0000` | index | wide text or blob, fetched by `wideValue` |
//! | `FFFD 0000` | byte offset | 64-bit integer in the buffer (where integers may be bigints) |
//! | `FFFE 0000` | integer | integer of 32 bits; larger ones are reals |
//!
//! The block's string is one-byte while all its text is ASCII and two-byte from the first other character on; since
//! ASCII is one unit either way, offsets stay. lib/native/row-decoder.ts reads this layout.

use pluresdb_engine::{Run, RunColumn, Strings};
use pluresdb_value::{Value, ValueRef};

/// Longer text and blobs travel one by one: they must not fill a block, nor keep one alive through a substring.
const MAX_INLINE: usize = 2048;
/// A kept cell keeps its block's string alive, so the string stays small.
const MAX_HEAP: usize = 64 * 1024;
/// Wide values are copied for their block and once more for JavaScript: while they are few, the first copy is still in the
/// processor's cache, and its memory that of the last block.
const MAX_WIDE: usize = 256 * 1024;
pub const HEADER: usize = 16;

const TEXT: u32 = 0xFFF9_0000;
const NULL: u32 = 0xFFFA_0000;
const BLOB: u32 = 0xFFFB_0000;
const WIDE: u32 = 0xFFFC_0000;
const INTEGER: u32 = 0xFFFD_0000;
const SMALL_INTEGER: u32 = 0xFFFE_0000;

/// State of the statement after a block.
#[derive(Clone, Copy)]
pub enum BlockState {
    More = 0,
    Done = 1,
}

/// How integers reach JavaScript.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Integers {
    /// As numbers, whatever digits they lose.
    Numbers,
    /// As numbers where these hold them exactly, else as bigints.
    Exact,
    Bigints,
}

impl Integers {
    const SAFE_INTEGERS: u32 = 1;
    const EXACT_INTEGERS: u32 = 16;

    pub fn of_flags(flags: u32) -> Integers {
        if flags & Integers::SAFE_INTEGERS != 0 {
            Integers::Bigints
        } else if flags & Integers::EXACT_INTEGERS != 0 {
            Integers::Exact
        } else {
            Integers::Numbers
        }
    }

    /// Whether this one becomes a bigint.
    #[inline]
    pub fn is_bigint(self, integer: i64) -> bool {
        const MAX_SAFE: u64 = (1 << 53) - 1;
        match self {
            Integers::Numbers => false,
            Integers::Exact => integer.unsigned_abs() > MAX_SAFE,
            Integers::Bigints => true,
        }
    }
}

/// Writes one block.
pub struct RowWriter<'a> {
    buffer: &'a mut [u8],
    /// Where the next cell goes.
    at: usize,
    /// Everything from here on is taken.
    end: usize,
    rows: u32,
    ascii: &'a mut Vec<u8>,
    utf16: &'a mut Vec<u16>,
    wide: &'a mut Vec<Value>,
    wide_bytes: usize,
    integers: Integers,
}

impl<'a> RowWriter<'a> {
    pub fn new(
        buffer: &'a mut [u8],
        ascii: &'a mut Vec<u8>,
        utf16: &'a mut Vec<u16>,
        wide: &'a mut Vec<Value>,
        integers: Integers,
    ) -> Self {
        ascii.clear();
        utf16.clear();
        wide.clear();
        let end = buffer.len() & !7;
        Self { buffer, at: HEADER, end, rows: 0, ascii, utf16, wide, wide_bytes: 0, integers }
    }

    /// Whether a row of so many columns is sure to fit, whatever its values: wide ones can always step aside.
    pub fn has_room(&self, columns: usize) -> bool {
        let heap = self.ascii.len().max(self.utf16.len());
        self.at + columns * 16 <= self.end && heap < MAX_HEAP && self.wide_bytes < MAX_WIDE
    }

    /// Bytes that may still go into the string.
    pub fn heap_room(&self) -> usize {
        MAX_HEAP.saturating_sub(self.ascii.len().max(self.utf16.len()))
    }

    pub fn rows(&self) -> u32 {
        self.rows
    }

    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>) {
        let bits = self.bits(value);
        self.put(self.at, bits);
        self.at += 8;
    }

    /// A cell whose value comes later, by `fill_cell`.
    #[inline]
    pub fn leave_cell(&mut self) -> usize {
        let cell = self.at;
        self.at += 8;
        cell
    }

    #[inline]
    pub fn fill_cell(&mut self, cell: usize, value: ValueRef<'_>) {
        let bits = self.bits(value);
        self.put(cell, bits);
    }

    /// Rows of so many columns that are sure to fit.
    pub fn room(&self, columns: usize) -> usize {
        (self.end - self.at) / (columns * 16).max(1)
    }

    /// Writes whole rows, column by column; `room` has been asked.
    pub fn push_run(&mut self, run: &Run<'_>, columns: usize) {
        let rows = run.rows();
        let (at, count) = (self.at, rows.len());
        for index in 0..columns {
            let place_of = |row: usize| if run.is_reverse() { count - 1 - row } else { row };
            let places = (0..count).map(|row| at + 8 * (index + columns * place_of(row)));
            let cells = rows.clone().zip(places);
            match run.column(index) {
                RunColumn::Integers(integers) => {
                    for (row, at) in cells {
                        let bits = self.bits(ValueRef::Integer(integers.get(row)));
                        self.put(at, bits);
                    }
                }
                RunColumn::Reals(reals) => cells.for_each(|(row, at)| self.put(at, reals.get(row).to_bits())),
                RunColumn::Texts(texts) if self.takes_at_once(&texts, run) => {
                    let first = texts.ends.get(rows.start) as usize;
                    let last = texts.ends.get(rows.end) as usize;
                    let heap = self.ascii.len();
                    self.ascii.extend_from_slice(&texts.heap[first..last]);
                    let mut start = first;
                    for (row, at) in cells {
                        let end = texts.ends.get(row + 1) as usize;
                        self.put(at, cell(TEXT | (end - start) as u32, heap + start - first));
                        start = end;
                    }
                }
                RunColumn::Texts(_) | RunColumn::Values => {
                    for (row, at) in cells {
                        let bits = self.bits(run.value(index, row));
                        self.put(at, bits);
                    }
                }
            }
        }
        self.at += 8 * columns * rows.len();
        self.rows += rows.len() as u32;
    }

    /// Whether the texts of a run can go into the one-byte string in one piece.
    fn takes_at_once(&self, texts: &Strings<'_>, run: &Run<'_>) -> bool {
        let rows = run.rows();
        let bytes = &texts.heap[texts.ends.get(rows.start) as usize..texts.ends.get(rows.end) as usize];
        let is_short = |row| texts.get(row).len() <= MAX_INLINE;
        self.utf16.is_empty() && bytes.is_ascii() && (bytes.len() <= MAX_INLINE || rows.clone().all(is_short))
    }

    #[inline]
    fn put(&mut self, at: usize, bits: u64) {
        self.buffer[at..at + 8].copy_from_slice(&bits.to_ne_bytes());
    }

    #[inline]
    fn bits(&mut self, value: ValueRef<'_>) -> u64 {
        match value {
            ValueRef::Real(real) => real.to_bits(),
            ValueRef::Integer(integer) if self.integers.is_bigint(integer) => self.integer(integer),
            ValueRef::Integer(integer) => match i32::try_from(integer) {
                Ok(small) => cell(SMALL_INTEGER, small as u32 as usize),
                Err(_) => (integer as f64).to_bits(),
            },
            ValueRef::Null => cell(NULL, 0),
            ValueRef::Text(text) => self.text(text),
            ValueRef::Blob(blob) => self.blob(blob),
        }
    }

    fn integer(&mut self, integer: i64) -> u64 {
        // `has_room` reserved 16 bytes a cell: 8 for the cell, 8 for this.
        self.end -= 8;
        self.buffer[self.end..self.end + 8].copy_from_slice(&integer.to_ne_bytes());
        cell(INTEGER, self.end)
    }

    fn text(&mut self, text: &[u8]) -> u64 {
        if text.len() > MAX_INLINE {
            return self.wide(Value::text(text), text.len());
        }
        let is_ascii = text.is_ascii();
        if self.utf16.is_empty() && is_ascii {
            let start = self.ascii.len();
            self.ascii.extend_from_slice(text);
            return cell(TEXT | text.len() as u32, start);
        }
        if self.utf16.is_empty() {
            self.utf16.extend(self.ascii.iter().map(|&byte| u16::from(byte)));
        }
        let start = self.utf16.len();
        if is_ascii {
            self.utf16.extend(text.iter().map(|&byte| u16::from(byte)));
        } else {
            self.utf16.extend(String::from_utf8_lossy(text).encode_utf16());
        }
        cell(TEXT | (self.utf16.len() - start) as u32, start)
    }

    fn blob(&mut self, blob: &[u8]) -> u64 {
        // The room left beyond what this row's cells may still need.
        let free = self.end.saturating_sub(self.at + 16 * 1024).min(MAX_INLINE);
        let padded = blob.len().next_multiple_of(8);
        if padded > free {
            return self.wide(Value::blob(blob), blob.len());
        }
        self.end -= padded;
        self.buffer[self.end..self.end + blob.len()].copy_from_slice(blob);
        cell(BLOB | blob.len() as u32, self.end)
    }

    fn wide(&mut self, value: Value, len: usize) -> u64 {
        self.wide_bytes += len;
        self.wide.push(value);
        cell(WIDE, self.wide.len() - 1)
    }

    /// Writes the header.
    pub fn finish(self, state: BlockState, columns: u32, compilation: u32) -> u32 {
        write_header(self.buffer, [self.rows, state as u32, columns, compilation]);
        self.rows
    }
}

/// The four numbers before the cells; a buffer too small for them stays as it is.
pub fn write_header(buffer: &mut [u8], words: [u32; 4]) {
    let Some(header) = buffer.first_chunk_mut::<HEADER>() else { return };
    for (place, word) in header.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_ne_bytes());
    }
}

fn cell(upper: u32, lower: usize) -> u64 {
    (u64::from(upper) << 32) | lower as u64
}
