//! Sorted runs in a scratch file: where a sort puts what it has no room for in memory.
//!
//!     run      piece, piece, …               in a `ScratchFile`, one run behind the other
//!     piece    entry, entry, …               about 64 kB; an entry lies in one piece
//!     entry    key length varint | value length varint | key | value

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use pluresdb_store::{ScratchFile, StoreError};
use pluresdb_value::varint;

use crate::Result;
use crate::execute::merge::SortedRun;
use crate::session::Settings;

const PIECE_BYTES: usize = 64 * 1024;
/// What one sort holds in memory before it goes on in a scratch file.
const DEFAULT_SORT_MEMORY: usize = 256 << 20;
/// What a grouping holds before it sorts the rows of further groups.
const DEFAULT_GROUP_MEMORY: usize = 1 << 30;

impl Settings {
    /// How many bytes a sort may hold in memory: the soft heap limit, where there is one.
    pub(crate) fn sort_memory(&self) -> usize {
        const IN_MEMORY: i64 = 2;
        match usize::try_from(self.soft_heap_limit) {
            _ if self.temp_store == IN_MEMORY => usize::MAX,
            Ok(limit) if limit > 0 => limit,
            _ => DEFAULT_SORT_MEMORY,
        }
    }

    /// How many bytes a grouping may hold in memory: looking a group up takes less time than sorting its rows.
    pub(crate) fn group_memory(&self) -> usize {
        let memory = self.sort_memory();
        if memory == DEFAULT_SORT_MEMORY { DEFAULT_GROUP_MEMORY } else { memory }
    }

    pub(crate) fn scratch_folder(&self) -> Option<&Path> {
        self.temp_store_directory.as_deref().map(Path::new)
    }
}

/// Runs being written.
pub(crate) struct RunWriter {
    scratch: ScratchFile,
    piece: Vec<u8>,
    runs: Vec<Range<u64>>,
    start: u64,
}

impl RunWriter {
    /// In the folder, or where SQLite has such files.
    ///
    /// # Errors
    ///
    /// `CantOpen` when no folder takes a file.
    pub fn create(folder: Option<&Path>) -> Result<RunWriter> {
        let scratch = ScratchFile::create(folder)?;
        Ok(RunWriter { scratch, piece: Vec::new(), runs: Vec::new(), start: 0 })
    }

    /// Adds an entry to the present run: its key comes behind that of the last.
    ///
    /// # Errors
    ///
    /// `Full` and `IoError`.
    pub fn push(&mut self, key: &[u8], value: &[&[u8]]) -> Result<()> {
        varint::write(key.len() as u64, &mut self.piece);
        varint::write(value.iter().map(|part| part.len() as u64).sum(), &mut self.piece);
        self.piece.extend_from_slice(key);
        for part in value {
            self.piece.extend_from_slice(part);
        }
        if self.piece.len() >= PIECE_BYTES { self.flush() } else { Ok(()) }
    }

    pub fn end_run(&mut self) -> Result<()> {
        self.flush()?;
        let end = self.scratch.end();
        if end > self.start {
            self.runs.push(self.start..end);
        }
        self.start = end;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if !self.piece.is_empty() {
            self.scratch.append(&self.piece)?;
            self.piece.clear();
        }
        Ok(())
    }

    /// To be read, as often as one likes.
    pub fn finish(mut self) -> Result<SpilledRuns> {
        self.end_run()?;
        Ok(SpilledRuns { scratch: Arc::new(self.scratch), runs: self.runs })
    }
}

/// Runs that have been written.
pub(crate) struct SpilledRuns {
    scratch: Arc<ScratchFile>,
    runs: Vec<Range<u64>>,
}

impl SpilledRuns {
    /// One for each run, in the order they were written, before its first entry.
    pub fn readers(&self) -> impl Iterator<Item = RunReader> {
        (0..self.runs.len()).map(|number| self.reader(number))
    }

    /// That of one run, by its place in the order they were written.
    pub fn reader(&self, number: usize) -> RunReader {
        let run = &self.runs[number];
        RunReader {
            scratch: Arc::clone(&self.scratch),
            next_piece: run.start,
            end: run.end,
            piece: Vec::new(),
            key: 0..0,
            value: 0..0,
        }
    }
}

/// A run being read: stands on an entry.
pub(crate) struct RunReader {
    scratch: Arc<ScratchFile>,
    next_piece: u64,
    end: u64,
    piece: Vec<u8>,
    key: Range<usize>,
    value: Range<usize>,
}

impl RunReader {
    pub fn value(&self) -> &[u8] {
        &self.piece[self.value.clone()]
    }
}

impl SortedRun for RunReader {
    fn advance(&mut self) -> std::result::Result<bool, StoreError> {
        let mut at = self.value.end;
        if at == self.piece.len() {
            if self.next_piece == self.end {
                return Ok(false);
            }
            self.next_piece = self.scratch.read(self.next_piece, &mut self.piece)?;
            at = 0;
        }
        let mut rest = &self.piece[at..];
        let mut len = || varint::read(&mut rest).expect("a piece is what was written") as usize;
        let (key_len, value_len) = (len(), len());
        let key_start = self.piece.len() - rest.len();
        self.key = key_start..key_start + key_len;
        self.value = self.key.end..self.key.end + value_len;
        Ok(true)
    }

    fn key(&self) -> &[u8] {
        &self.piece[self.key.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::merge::Merge;

    /// Keys of a run: every `step`th number, written as text of some length.
    fn keys(start: usize, step: usize, count: usize) -> impl Iterator<Item = Vec<u8>> {
        (0..count).map(move |index| format!("{:08}", start + index * step).into_bytes())
    }

    #[test]
    fn runs_are_read_back_and_merged_in_order() {
        let mut writer = RunWriter::create(None).unwrap();
        let long = vec![7; 200_000];
        for (start, step, count) in [(0, 3, 30_000), (1, 3, 10_000), (2, 3, 1)] {
            for (index, key) in keys(start, step, count).enumerate() {
                let value: &[u8] = if index == 5 { &long } else { &key };
                writer.push(&key, &[b"=", value]).unwrap();
            }
            writer.end_run().unwrap();
        }
        writer.end_run().unwrap();
        let runs = writer.finish().unwrap();
        assert_eq!(runs.runs.len(), 3);
        for _ in 0..2 {
            let mut expected: Vec<(Vec<u8>, usize)> = [(0, 30_000), (1, 10_000), (2, 1)]
                .into_iter()
                .flat_map(|(start, count)| keys(start, 3, count).enumerate().map(|(index, key)| (key, index)))
                .collect();
            expected.sort();
            let mut merge = Merge::new(runs.readers());
            for (key, index) in expected {
                let run = merge.next().unwrap().expect("as many as were written");
                assert_eq!(run.key(), key);
                let value: &[u8] = if index == 5 { &long } else { &key };
                assert_eq!((run.value()[0], &run.value()[1..]), (b'=', value));
            }
            assert!(merge.next().unwrap().is_none());
            assert!(merge.next().unwrap().is_none());
        }
    }

    #[test]
    fn no_run_is_none_and_an_empty_key_is_a_key() {
        let runs = RunWriter::create(None).unwrap().finish().unwrap();
        assert!(Merge::new(runs.readers()).next().unwrap().is_none());
        let mut writer = RunWriter::create(None).unwrap();
        writer.push(b"", &[]).unwrap();
        let runs = writer.finish().unwrap();
        let mut merge = Merge::new(runs.readers());
        assert_eq!(merge.next().unwrap().map(RunReader::value), Some(&b""[..]));
        assert!(merge.next().unwrap().is_none());
    }

    #[test]
    fn settings_tell_how_much_memory_a_sort_has() {
        let mut settings = Settings::default();
        assert_eq!(settings.sort_memory(), DEFAULT_SORT_MEMORY);
        settings.soft_heap_limit = 1000;
        assert_eq!(settings.sort_memory(), 1000);
        settings.temp_store = 2;
        assert_eq!(settings.sort_memory(), usize::MAX);
    }
}
