//! Rows that any of several scans of one table finds: scan after scan, no row twice.

use std::collections::HashSet;

use pluresdb_value::ValueRef;

use crate::error::Result;
use crate::execute::{Context, Frame, Source};
use crate::plan::{AccessPath, Scan};
use crate::resolve::tree::SourceId;

/// What remembering a row costs in memory, its key aside.
const ROW_SIZE: usize = 16;

pub(crate) struct AnyOf {
    source: SourceId,
    scans: Vec<Box<dyn Source>>,
    /// The scan that rows come from; the first is open, those behind it not yet.
    current: usize,
    rowids: HashSet<i64>,
    /// Of a WITHOUT ROWID table.
    keys: HashSet<Box<[u8]>>,
    charged: usize,
}

impl AnyOf {
    /// One scan for each part of the OR. What is asked of all rows is asked in each.
    pub fn new(scan: Scan) -> AnyOf {
        let AccessPath::AnyOf(parts) = scan.path else {
            panic!("a scan for the parts of an OR is planned with them")
        };
        let scans = parts.into_iter().map(|part| {
            let mut conditions = part.conditions;
            conditions.extend(scan.conditions.iter().cloned());
            let scan = Scan {
                source: scan.source,
                database: scan.database,
                table: scan.table.clone(),
                name: String::new(),
                path: part.path,
                is_reverse: scan.is_reverse,
                conditions,
                used_columns: scan.used_columns.clone(),
            };
            scan.into_operator()
        });
        AnyOf {
            source: scan.source,
            scans: scans.collect(),
            current: 0,
            rowids: HashSet::new(),
            keys: HashSet::new(),
            charged: 0,
        }
    }

    /// Whether no scan found the row before. Rows of the last scan need not be remembered: none finds a row twice.
    fn is_new(&mut self, frame: &mut Frame) -> Result<bool> {
        let is_last = self.current + 1 == self.scans.len();
        let cursor = frame.cursor(self.source);
        let (is_new, size) = match (cursor.key(), cursor.rowid()) {
            (Some(key), _) if is_last => (!self.keys.contains(key), 0),
            (Some(key), _) => (self.keys.insert(key.into()), key.len()),
            (None, ValueRef::Integer(rowid)) if is_last => (!self.rowids.contains(&rowid), 0),
            (None, ValueRef::Integer(rowid)) => (self.rowids.insert(rowid), 0),
            (None, _) => (true, 0),
        };
        if is_new && !is_last {
            self.charged += ROW_SIZE + size;
            frame.memory.charge(ROW_SIZE + size)?;
        }
        Ok(is_new)
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.rowids.clear();
        self.keys.clear();
    }
}

impl Source for AnyOf {
    fn restart(&mut self) {
        for scan in &mut self.scans {
            scan.restart();
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.current = 0;
        self.scans[0].open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            while self.scans[self.current].next(frame, context)? {
                if self.is_new(frame)? {
                    return Ok(true);
                }
            }
            if self.current + 1 == self.scans.len() {
                return Ok(false);
            }
            self.current += 1;
            self.scans[self.current].open(frame, context)?;
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        for scan in &mut self.scans {
            scan.close(frame);
        }
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.scans[0].set_null_row(frame);
    }
}
