//! One row by its rowid, or by all columns of a unique index, of which nothing is wanted but columns:
//!
//!     SELECT a, b FROM t WHERE id = ?        SELECT a, b FROM t WHERE mail = ?
//!
//! The row is found in its tree and read where it lies: there is no cursor to be opened for it and closed again.
//!
//! An index entry tells its rowid's last four bytes before its key has come from memory. With them the row is looked for at once,
//! so that the processor waits for both together. A key that was found before is looked for in its row, without the index.

use std::sync::Arc;

use pluresdb_tree::{FirstKey, KeyCursor, RowView};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Value, ValueRef, affinity};

use crate::catalog::{DatabaseIndex, Index, Table};
use crate::error::Result;
use crate::execute::cursor::missing_value;
use crate::execute::eval::with_value;
use crate::execute::hinted_key::HintedKey;
use crate::execute::index_scan::found_row;
use crate::execute::key_bounds::key_columns;
use crate::execute::scan::exact_rowid;
use crate::execute::{Context, Frame, Rows, corrupt, tree_error};
use crate::plan::{AccessPath, KeyTerm, KeyValue, RowidBounds, Scan};
use crate::resolve::tree::Expr;

pub(crate) struct PointGet {
    database: DatabaseIndex,
    table: Arc<Table>,
    by: By,
    outputs: Vec<Output>,
    /// The row to be looked up.
    wanted: Option<i64>,
    /// The row that was looked up last.
    found: i64,
    row: Option<RowView>,
}

enum By {
    Rowid(Expr),
    Key(ByKey),
}

/// What is equal to each column of a unique index.
struct ByKey {
    index: Arc<Index>,
    columns: Vec<KeyColumn>,
    terms: Vec<KeyTerm>,
    key: Vec<u8>,
    /// There is an entry to be looked for.
    is_wanted: bool,
    hinted: Option<HintedKey>,
}

enum Output {
    Rowid,
    Slot {
        slot: usize,
        /// What the column is in rows written before it existed.
        missing: Value,
    },
}

impl PointGet {
    /// None for a scan that needs more.
    pub fn new(scan: &Scan, outputs: &[Expr]) -> Option<PointGet> {
        if !scan.conditions.is_empty() || scan.table.without_rowid {
            return None;
        }
        let by = match &scan.path {
            AccessPath::Rowid(RowidBounds::Equal(rowid)) => By::Rowid(rowid.clone()),
            AccessPath::Index { index, bounds, covering: None } => {
                let is_equal = |term: &KeyTerm| matches!(term.value, KeyValue::Equal(_));
                let is_single = index.unique
                    && bounds.equal.len() == index.columns.len()
                    && bounds.equal.iter().all(is_equal);
                if !is_single {
                    return None;
                }
                By::Key(ByKey {
                    index: Arc::clone(index),
                    columns: key_columns(index),
                    terms: bounds.equal.clone(),
                    key: Vec::new(),
                    is_wanted: false,
                    hinted: HintedKey::new(index, &scan.table, &bounds.equal),
                })
            }
            _ => return None,
        };
        let output = |expr: &Expr| match expr {
            Expr::Rowid(source) if *source == scan.source => Some(Output::Rowid),
            Expr::Column { source, column } if *source == scan.source => {
                if scan.table.rowid_alias == Some(*column) {
                    return Some(Output::Rowid);
                }
                let column = &scan.table.columns[*column];
                Some(Output::Slot { slot: column.slot as usize, missing: missing_value(column) })
            }
            _ => None,
        };
        Some(PointGet {
            database: scan.database,
            table: Arc::clone(&scan.table),
            by,
            outputs: outputs.iter().map(output).collect::<Option<_>>()?,
            wanted: None,
            found: 0,
            row: None,
        })
    }
}

impl ByKey {
    fn compute(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.key.clear();
        self.is_wanted = true;
        for (term, column) in self.terms.iter().zip(&self.columns) {
            let (KeyValue::Equal(expr) | KeyValue::Is(expr)) = &term.value else { continue };
            let affinity = term.comparison.affinity;
            let key = &mut self.key;
            let is_null = with_value(expr, frame, context, |value| {
                let converted = affinity.and_then(|affinity| affinity::converted(value, affinity));
                key::encode_value(converted.as_ref().map_or(value, Value::as_ref), *column, key);
                value.is_null()
            })?;
            // NULL is equal to nothing; what else the terms say is computed all the same only up to there.
            if is_null {
                self.is_wanted = false;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The rowid of the entry; None when there is none. `ahead` gets what the rowid may be before that is known.
    fn find(
        &self,
        database: DatabaseIndex,
        context: &Context<'_>,
        ahead: impl FnOnce(i64),
    ) -> Result<Option<i64>> {
        let (tree, pager) = context.key_tree(database, self.index.tree)?;
        let rowid = |entry: &[u8]| {
            entry
                .starts_with(&self.key)
                .then(|| key::decode_trailing_rowid(entry).map_err(corrupt))
                .transpose()
        };
        let ahead = |tail: [u8; 4]| ahead(key::guess_trailing_rowid(tail));
        match tree.first_from(pager, &self.key, ahead, rowid).map_err(tree_error)? {
            FirstKey::Found(rowid) => rowid,
            FirstKey::Beyond => {
                let mut entries = KeyCursor::new(tree, Arc::clone(pager));
                if !entries.seek_ge(&self.key).map_err(tree_error)? {
                    return Ok(None);
                }
                rowid(entries.key())
            }
        }
    }
}

impl Rows for PointGet {
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.row = None;
        self.wanted = None;
        match &mut self.by {
            By::Rowid(rowid) => self.wanted = with_value(rowid, frame, context, exact_rowid)?,
            By::Key(by) if by.hinted.is_some() => by.is_wanted = true,
            By::Key(by) => by.compute(frame, context)?,
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        self.row = None;
        let By::Key(by) = &mut self.by else {
            let Some(rowid) = self.wanted.take() else { return Ok(false) };
            let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
            self.found = rowid;
            self.row = tree.get(pager, rowid).map_err(tree_error)?;
            return Ok(self.row.is_some());
        };
        if !std::mem::take(&mut by.is_wanted) {
            return Ok(false);
        }
        let parameters = context.parameters;
        if let Some(hinted) = &mut by.hinted {
            let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
            if let Some((rowid, row)) = hinted.find(tree, pager, frame, parameters)? {
                (self.found, self.row) = (rowid, Some(row));
                return Ok(true);
            }
            by.compute(frame, context)?;
            if !std::mem::take(&mut by.is_wanted) {
                return Ok(false);
            }
        }
        let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
        let (row, mut likely) = (&mut self.row, None);
        let ahead = |rowid| {
            likely = Some(rowid);
            *row = tree.get_in_memory(pager, rowid);
        };
        let Some(rowid) = by.find(self.database, context, ahead)? else {
            self.row = None;
            return Ok(false);
        };
        self.found = rowid;
        if self.row.is_none() || likely != Some(rowid) {
            self.row = tree.get(pager, rowid).map_err(tree_error)?;
        }
        found_row(self.row.is_some(), &by.index)?;
        if let Some(hinted) = &by.hinted {
            hinted.learn(rowid);
        }
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {
        self.wanted = None;
        if let By::Key(by) = &mut self.by {
            by.is_wanted = false;
        }
        self.row = None;
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    #[inline]
    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        let Some(row) = &self.row else { return Ok(ValueRef::Null) };
        Ok(match &self.outputs[index] {
            Output::Rowid => ValueRef::Integer(self.found),
            Output::Slot { slot, missing } => {
                row.column(*slot).map_err(tree_error)?.unwrap_or_else(|| missing.as_ref())
            }
        })
    }
}
