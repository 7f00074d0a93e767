//! Rows into a columnar base: chooses a lane per column and writes the block that `base` reads.

use pluresdb_value::ValueRef;

use crate::{
    node::{Leaf, MAGIC},
    row::{
        base::{
            Base, Cell, HAS_MISSING, HAS_NULLS, HEADER_LEN, LANE_BLOB, LANE_DICTIONARY, LANE_INTEGER,
            LANE_MIXED, LANE_NULL, LANE_REAL, LANE_TEXT, MIXED_BLOB, MIXED_INTEGER, MIXED_REAL, MIXED_TEXT,
            MIXED_WIDE_BLOB, MIXED_WIDE_TEXT, MUST_UNDERSTAND, NO_ROW, SECTION_ENTRY_LEN, TAG_COLUMN,
            TAG_ROWIDS, TypeSet, VERSION,
        },
        leaf::RowLeaf,
    },
};

struct Section {
    tag: u16,
    slot: u32,
    start: usize,
}

/// A base in the making: first the row keys, then the columns, slots ascending.
pub(crate) struct Builder {
    rows: usize,
    /// Begins with room for the header and as many sections as there may be.
    block: Vec<u8>,
    sections: Vec<Section>,
}

impl Builder {
    pub(crate) fn new(rows: usize, slot_count: usize, expected_len: usize) -> Builder {
        let table_len = (1 + slot_count) * SECTION_ENTRY_LEN;
        let mut block = Vec::with_capacity(HEADER_LEN + table_len + expected_len);
        block.resize(HEADER_LEN + table_len, 0);
        Builder { rows, block, sections: Vec::with_capacity(1 + slot_count) }
    }

    fn begin(&mut self, tag: u16, slot: usize) {
        self.sections.push(Section { tag, slot: slot as u32, start: self.block.len() });
    }

    pub(crate) fn rowids(&mut self, rowids: &[i64]) {
        self.begin(TAG_ROWIDS, 0);
        let (width, base) = width_of(rowids[0], rowids[rowids.len() - 1]);
        self.block.extend_from_slice(&base.to_le_bytes());
        self.block.extend_from_slice(&[width, 0, 0, 0, 0, 0, 0, 0]);
        write_offsets(rowids.iter().copied(), base, width, &mut self.block);
    }

    /// The row keys of another base of as many rows.
    pub(crate) fn copy_rowids(&mut self, from: &Base) {
        self.copy(from, TAG_ROWIDS, 0);
    }

    /// A column of another base with the same row keys.
    pub(crate) fn copy_column(&mut self, from: &Base, slot: usize) {
        self.copy(from, TAG_COLUMN, slot);
    }

    fn copy(&mut self, from: &Base, tag: u16, slot: usize) {
        if let Some(section) = from.section(tag, slot) {
            self.begin(tag, slot);
            self.block.extend_from_slice(section);
        }
    }

    pub(crate) fn column(&mut self, slot: usize, cells: &[Cell<'_>]) {
        let start = self.block.len();
        if write_lane(cells, &mut self.block) {
            self.sections.push(Section { tag: TAG_COLUMN, slot: slot as u32, start });
        }
    }

    /// A column of NULLs only.
    pub(crate) fn nulls(&mut self, slot: usize) {
        let rows = self.rows;
        self.begin_lane(slot, TypeSet::NULL, rows, None);
        self.block.resize(self.block.len() + rows / 8, 0xff);
        if !rows.is_multiple_of(8) {
            self.block.push(0xff >> (8 - rows % 8));
        }
    }

    /// A column of integers only.
    pub(crate) fn integers(&mut self, slot: usize, integers: &[i64]) {
        let zone = extremes(integers.iter().copied().enumerate(), |a, b| a < b);
        let header = self.begin_lane(slot, TypeSet::INTEGER, 0, zone);
        let (least, greatest) = zone.expect("a leaf has rows");
        let (width, base) = width_of(integers[least as usize], integers[greatest as usize]);
        self.block[header] = LANE_INTEGER;
        self.block[header + 3] = width;
        self.block.extend_from_slice(&base.to_le_bytes());
        write_offsets(integers.iter().copied(), base, width, &mut self.block);
    }

    /// A column of reals only, by their bits.
    pub(crate) fn reals(&mut self, slot: usize, bits: &[i64]) {
        let reals = bits.iter().map(|&bits| f64::from_bits(bits as u64));
        let header = self.begin_lane(slot, TypeSet::REAL, 0, extremes(reals.enumerate(), |a, b| a < b));
        self.block[header] = LANE_REAL;
        if bits.iter().all(|&each| each == bits[0]) {
            self.block.extend_from_slice(&bits[0].to_le_bytes());
        } else {
            self.block[header + 3] = 8;
            write_offsets(bits.iter().copied(), 0, 8, &mut self.block);
        }
    }

    /// A column of texts only.
    pub(crate) fn texts(&mut self, slot: usize, texts: &[&[u8]]) {
        let header = self.begin_lane(slot, TypeSet::TEXT, 0, None);
        match write_dictionary(texts.iter().map(|text| Some(*text)), &mut self.block) {
            Some(Dictionary { width, zone }) => {
                self.block[header] = LANE_DICTIONARY;
                self.block[header + 3] = width;
                write_zone(header, zone, &mut self.block);
            }
            None => {
                self.block[header] = LANE_TEXT;
                let heap_len = texts.iter().map(|text| text.len()).sum();
                self.block[header + 3] = write_heap(texts.iter().copied(), heap_len, &mut self.block);
                if let Some(zone) = text_extremes(texts.iter().copied().enumerate()) {
                    write_zone(header, zone, &mut self.block);
                }
            }
        }
    }

    /// Begins the section of a column in which no row is missing; its lane and width are still to be told. Where the
    /// section lies.
    fn begin_lane(&mut self, slot: usize, types: TypeSet, nulls: usize, zone: Option<(u32, u32)>) -> usize {
        self.begin(TAG_COLUMN, slot);
        let header = self.block.len();
        let flags = if nulls > 0 { HAS_NULLS } else { 0 };
        self.block.extend_from_slice(&[LANE_NULL, types.0, flags, 0]);
        self.block.extend_from_slice(&(nulls as u32).to_le_bytes());
        self.block.extend_from_slice(&[0xff; 8]);
        write_zone(header, zone.unwrap_or((NO_ROW, NO_ROW)), &mut self.block);
        header
    }

    pub(crate) fn finish(self) -> Base {
        let Builder { rows, mut block, sections } = self;
        let mut header = Vec::with_capacity(HEADER_LEN + sections.len() * SECTION_ENTRY_LEN);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&[RowLeaf::INNER_KIND + 1, VERSION, 0, 0]);
        header.extend_from_slice(&(rows as u32).to_le_bytes());
        header.extend_from_slice(&(sections.len() as u32).to_le_bytes());
        for (index, section) in sections.iter().enumerate() {
            let end = sections.get(index + 1).map_or(block.len(), |next| next.start);
            header.extend_from_slice(&section.tag.to_le_bytes());
            header.extend_from_slice(&MUST_UNDERSTAND.to_le_bytes());
            header.extend_from_slice(&section.slot.to_le_bytes());
            header.extend_from_slice(&(section.start as u32).to_le_bytes());
            header.extend_from_slice(&((end - section.start) as u32).to_le_bytes());
        }
        block[..header.len()].copy_from_slice(&header);
        Base::of_own(&block.into()).expect("a leaf just built can be read")
    }
}

/// The narrowest width for offsets of integers between two, and the base they count from.
fn width_of(least: i64, greatest: i64) -> (u8, i64) {
    match greatest.wrapping_sub(least) as u64 {
        0 => (0, least),
        1..=0xff => (1, least),
        0x100..=0xffff => (2, least),
        0x1_0000..=0xffff_ffff => (4, least),
        _ => (8, 0),
    }
}

fn write_offsets(integers: impl ExactSizeIterator<Item = i64>, base: i64, width: u8, out: &mut Vec<u8>) {
    fn write<const N: usize>(
        integers: impl ExactSizeIterator<Item = i64>,
        base: i64,
        out: &mut Vec<u8>,
        cut: impl Fn(u64) -> [u8; N],
    ) {
        let start = out.len();
        out.resize(start + N * integers.len(), 0);
        let (places, _) = out[start..].as_chunks_mut();
        for (place, integer) in places.iter_mut().zip(integers) {
            *place = cut(integer.wrapping_sub(base) as u64);
        }
    }
    match width {
        0 => {}
        1 => write(integers, base, out, |offset| [offset as u8]),
        2 => write(integers, base, out, |offset| (offset as u16).to_le_bytes()),
        4 => write(integers, base, out, |offset| (offset as u32).to_le_bytes()),
        _ => write(integers, base, out, u64::to_le_bytes),
    }
}

/// What one pass over a column tells.
struct Survey {
    types: TypeSet,
    null_count: u32,
    heap_len: usize,
    integers: (i64, i64),
    is_constant_real: bool,
}

fn survey(cells: &[Cell<'_>]) -> Survey {
    let mut types = TypeSet::default();
    let mut null_count = 0;
    let mut heap_len = 0;
    let mut integers = (i64::MAX, i64::MIN);
    let mut first_real = None;
    let mut is_constant_real = true;
    for cell in cells {
        match *cell {
            Cell::Missing => types.insert(TypeSet::MISSING),
            Cell::Wide(_) => types.insert(TypeSet::WIDE),
            Cell::Value(ValueRef::Null) => {
                types.insert(TypeSet::NULL);
                null_count += 1;
            }
            Cell::Value(ValueRef::Integer(integer)) => {
                types.insert(TypeSet::INTEGER);
                integers = (integers.0.min(integer), integers.1.max(integer));
            }
            Cell::Value(ValueRef::Real(real)) => {
                types.insert(TypeSet::REAL);
                is_constant_real &= *first_real.get_or_insert(real.to_bits()) == real.to_bits();
            }
            Cell::Value(ValueRef::Text(text)) => {
                types.insert(TypeSet::TEXT);
                heap_len += text.len();
            }
            Cell::Value(ValueRef::Blob(blob)) => {
                types.insert(TypeSet::BLOB);
                heap_len += blob.len();
            }
        }
    }
    Survey { types, null_count, heap_len, integers, is_constant_real }
}

/// Appends a column section; false and nothing when every row is missing.
fn write_lane(cells: &[Cell<'_>], out: &mut Vec<u8>) -> bool {
    let survey = survey(cells);
    if survey.types == TypeSet::MISSING {
        return false;
    }
    let header = out.len();
    let flags = if survey.types.contains(TypeSet::NULL) { HAS_NULLS } else { 0 }
        | if survey.types.contains(TypeSet::MISSING) { HAS_MISSING } else { 0 };
    out.extend_from_slice(&[LANE_NULL, survey.types.0, flags, 0]);
    out.extend_from_slice(&survey.null_count.to_le_bytes());
    out.extend_from_slice(&NO_ROW.to_le_bytes());
    out.extend_from_slice(&NO_ROW.to_le_bytes());
    if flags & HAS_NULLS != 0 {
        write_bits(cells, |cell| matches!(cell, Cell::Value(ValueRef::Null)), out);
    }
    if flags & HAS_MISSING != 0 {
        write_bits(cells, |cell| matches!(cell, Cell::Missing), out);
    }
    let values = survey.types.values();
    let (lane, width) = if values == TypeSet::default() {
        (LANE_NULL, 0)
    } else if values == TypeSet::INTEGER {
        (LANE_INTEGER, write_integers(cells, &survey, out))
    } else if values == TypeSet::REAL {
        (LANE_REAL, write_reals(cells, &survey, out))
    } else if values == TypeSet::TEXT {
        match write_dictionary(cells.iter().map(text_of), out) {
            Some(dictionary) => {
                write_zone(header, dictionary.zone, out);
                (LANE_DICTIONARY, dictionary.width)
            }
            None => (LANE_TEXT, write_heap(cells.iter().map(bytes_of), survey.heap_len, out)),
        }
    } else if values == TypeSet::BLOB {
        (LANE_BLOB, write_heap(cells.iter().map(bytes_of), survey.heap_len, out))
    } else {
        (LANE_MIXED, write_mixed(cells, out))
    };
    out[header] = lane;
    out[header + 3] = width;
    if let Some(zone) = zone(cells, lane) {
        write_zone(header, zone, out);
    }
    true
}

fn write_zone(header: usize, (least, greatest): (u32, u32), out: &mut [u8]) {
    out[header + 8..header + 12].copy_from_slice(&least.to_le_bytes());
    out[header + 12..header + 16].copy_from_slice(&greatest.to_le_bytes());
}

struct Dictionary {
    width: u8,
    /// Rows of the least and the greatest text.
    zone: (u32, u32),
}

fn write_bits(cells: &[Cell<'_>], is_set: impl Fn(&Cell<'_>) -> bool, out: &mut Vec<u8>) {
    for eight in cells.chunks(8) {
        let bits = eight.iter().enumerate().fold(0, |bits, (at, cell)| bits | u8::from(is_set(cell)) << at);
        out.push(bits);
    }
}

fn write_integers(cells: &[Cell<'_>], survey: &Survey, out: &mut Vec<u8>) -> u8 {
    let (width, base) = width_of(survey.integers.0, survey.integers.1);
    out.extend_from_slice(&base.to_le_bytes());
    let integers = cells.iter().map(|cell| match cell {
        Cell::Value(ValueRef::Integer(integer)) => *integer,
        _ => base,
    });
    write_offsets(integers, base, width, out);
    width
}

fn write_reals(cells: &[Cell<'_>], survey: &Survey, out: &mut Vec<u8>) -> u8 {
    let mut reals = cells.iter().map(|cell| match cell {
        Cell::Value(ValueRef::Real(real)) => Some(*real),
        _ => None,
    });
    if survey.is_constant_real {
        let real = reals.find_map(|real| real).expect("a lane of reals has one");
        out.extend_from_slice(&real.to_le_bytes());
        return 0;
    }
    for real in reals {
        out.extend_from_slice(&real.unwrap_or(0.0).to_le_bytes());
    }
    8
}

fn bytes_of<'a>(cell: &Cell<'a>) -> &'a [u8] {
    match cell {
        Cell::Value(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes,
        _ => &[],
    }
}

fn text_of<'a>(cell: &Cell<'a>) -> Option<&'a [u8]> {
    match cell {
        Cell::Value(ValueRef::Text(text)) => Some(text),
        _ => None,
    }
}

fn write_end(end: usize, width: u8, out: &mut Vec<u8>) {
    if width == 2 {
        out.extend_from_slice(&(end as u16).to_le_bytes());
    } else {
        out.extend_from_slice(&(end as u32).to_le_bytes());
    }
}

fn write_heap<'a>(strings: impl Iterator<Item = &'a [u8]> + Clone, heap_len: usize, out: &mut Vec<u8>) -> u8 {
    let width = if u16::try_from(heap_len).is_ok() { 2 } else { 4 };
    let mut end = 0;
    write_end(0, width, out);
    for string in strings.clone() {
        end += string.len();
        write_end(end, width, out);
    }
    out.reserve(heap_len);
    for string in strings {
        out.extend_from_slice(string);
    }
    width
}

fn write_mixed(cells: &[Cell<'_>], out: &mut Vec<u8>) -> u8 {
    let mut ends = Vec::with_capacity(cells.len());
    let mut heap = Vec::new();
    for cell in cells {
        match cell {
            Cell::Missing | Cell::Value(ValueRef::Null) => {}
            Cell::Value(ValueRef::Integer(integer)) => {
                heap.push(MIXED_INTEGER);
                heap.extend_from_slice(&integer.to_le_bytes());
            }
            Cell::Value(ValueRef::Real(real)) => {
                heap.push(MIXED_REAL);
                heap.extend_from_slice(&real.to_le_bytes());
            }
            Cell::Value(ValueRef::Text(text)) => {
                heap.push(MIXED_TEXT);
                heap.extend_from_slice(text);
            }
            Cell::Value(ValueRef::Blob(blob)) => {
                heap.push(MIXED_BLOB);
                heap.extend_from_slice(blob);
            }
            Cell::Wide(wide) => {
                heap.push(if wide.is_text { MIXED_WIDE_TEXT } else { MIXED_WIDE_BLOB });
                heap.extend_from_slice(&wide.number.to_le_bytes());
                heap.extend_from_slice(&wide.len.to_le_bytes());
            }
        }
        ends.push(heap.len());
    }
    let width = if u16::try_from(heap.len()).is_ok() { 2 } else { 4 };
    write_end(0, width, out);
    for end in ends {
        write_end(end, width, out);
    }
    out.extend_from_slice(&heap);
    width
}

fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut chunks = bytes.chunks_exact(8);
    let mut state = bytes.len() as u64;
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(chunk.try_into().expect("chunks of 8"));
        state = (state.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    let rest = u64::from_le_bytes(last);
    let state = (state.rotate_left(5) ^ rest).wrapping_mul(FACTOR);
    state ^ state >> 32
}

/// Writes a dictionary lane when texts repeat; None, and nothing written, when they do not.
fn write_dictionary<'a>(
    texts: impl ExactSizeIterator<Item = Option<&'a [u8]>>,
    out: &mut Vec<u8>,
) -> Option<Dictionary> {
    const FREE: u16 = u16::MAX;
    let rows = texts.len();
    if rows < 8 {
        return None;
    }
    // Texts that are all different give up after 64 rows; those that repeat in no order are mostly new at first.
    let max_entries = |seen: usize| (16 + seen / 4 * 3).min(usize::from(FREE) - 1);
    let mut table = vec![FREE; (2 * max_entries(rows)).next_power_of_two()];
    let mask = table.len() - 1;
    let mut entries: Vec<&[u8]> = Vec::new();
    let mut first_rows: Vec<u32> = Vec::new();
    let mut codes = Vec::with_capacity(rows);
    let mut last: Option<(&[u8], u16)> = None;
    for (row, text) in texts.enumerate() {
        let Some(text) = text else {
            codes.push(0);
            continue;
        };
        if let Some((same, code)) = last
            && same == text
        {
            codes.push(code);
            continue;
        }
        let mut place = hash(text) as usize & mask;
        while table[place] != FREE && entries[usize::from(table[place])] != text {
            place = (place + 1) & mask;
        }
        if table[place] == FREE {
            if entries.len() >= max_entries(row) {
                return None;
            }
            table[place] = entries.len() as u16;
            entries.push(text);
            first_rows.push(row as u32);
        }
        codes.push(table[place]);
        last = Some((text, table[place]));
    }
    let width = match entries.len() {
        1 => 0,
        2..=256 => 1,
        _ => 2,
    };
    if width > 0 && 2 * entries.len() > rows {
        return None;
    }
    out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    let mut end = 0;
    write_end(0, 4, out);
    for entry in &entries {
        end += entry.len();
        write_end(end, 4, out);
    }
    match width {
        0 => {}
        1 => out.extend(codes.iter().map(|&code| code as u8)),
        _ => {
            for code in codes {
                out.extend_from_slice(&code.to_le_bytes());
            }
        }
    }
    for entry in &entries {
        out.extend_from_slice(entry);
    }
    let firsts = || entries.iter().zip(first_rows.iter().copied());
    let zone = (firsts().min()?.1, firsts().max()?.1);
    Some(Dictionary { width, zone })
}

/// The first of the rows with the least, and of those with the greatest value.
fn extremes<T: Copy>(
    mut values: impl Iterator<Item = (usize, T)>,
    is_less: impl Fn(T, T) -> bool,
) -> Option<(u32, u32)> {
    let first = values.next()?;
    let (mut least, mut greatest) = (first, first);
    for (row, value) in values {
        if is_less(value, least.1) {
            least = (row, value);
        } else if is_less(greatest.1, value) {
            greatest = (row, value);
        }
    }
    Some((least.0 as u32, greatest.0 as u32))
}

/// `extremes` of texts, which compare as bytes: their first eight tell most of them apart.
fn text_extremes<'a>(texts: impl Iterator<Item = (usize, &'a [u8])>) -> Option<(u32, u32)> {
    let headed = texts.map(|(row, text)| (row, (head(text), text)));
    extremes(headed, |(a_head, a), (b_head, b)| if a_head == b_head { a < b } else { a_head < b_head })
}

/// The first eight bytes, zeros where there are fewer, as a number in their order.
#[inline]
fn head(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => text.iter().fold(0, |head, &byte| head << 8 | u64::from(byte)) << (8 * (8 - text.len()) % 64),
    }
}

/// The rows of the least and the greatest value of a lane of one class; texts compare as bytes.
fn zone(cells: &[Cell<'_>], lane: u8) -> Option<(u32, u32)> {
    let rows = cells.iter().enumerate();
    match lane {
        LANE_INTEGER => extremes(
            rows.filter_map(|(row, cell)| match cell {
                Cell::Value(ValueRef::Integer(integer)) => Some((row, *integer)),
                _ => None,
            }),
            |a, b| a < b,
        ),
        LANE_REAL => extremes(
            rows.filter_map(|(row, cell)| match cell {
                Cell::Value(ValueRef::Real(real)) => Some((row, *real)),
                _ => None,
            }),
            |a, b| a < b,
        ),
        LANE_TEXT => text_extremes(rows.filter_map(|(row, cell)| Some((row, text_of(cell)?)))),
        _ => None,
    }
}
