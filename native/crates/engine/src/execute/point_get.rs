//! One row by its rowid, or by all columns of a unique index, of which nothing is wanted but columns:
//!
//!     SELECT a, b FROM t WHERE id = ?        SELECT a, b FROM t WHERE mail = ?
//!
//! The row is found in its tree and read where it lies: there is no cursor to be opened for it and closed again.
//!
//! An index entry tells its rowid's last four bytes before its key has come from memory. With them the row is looked for at once,
//! so that the processor waits for both together. A key that was found before is looked for in its row, without the index; and a
//! row that was looked up again and again while its table did not change is in the table's row cache.

use std::sync::Arc;

use pluresdb_tree::{CachedRow, FirstKey, KeyCursor, Pager, RowTree, RowView};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Value, ValueRef, affinity};

use crate::catalog::{DatabaseIndex, Index, Table};
use crate::error::Result;
use crate::execute::cursor::missing_value;
use crate::execute::eval::{at_hand, with_value};
use crate::execute::hinted_key::HintedKey;
use crate::execute::index_scan::found_row;
use crate::execute::key_bounds::key_columns;
use crate::execute::key_hash::MULTIPLIER;
use crate::execute::row_lookup::RowLookup;
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
    row: Found,
    cached: RowLookup,
}

enum Found {
    Nothing,
    InLeaf(RowView),
    /// In `cached`.
    InCache,
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
    /// What `hinted` makes of the key, with the index in it.
    hash: Option<u64>,
    /// It is that of the lookup that is about to begin.
    is_hashed: bool,
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
                    hash: None,
                    is_hashed: false,
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
            row: Found::Nothing,
            cached: RowLookup::new(scan.table.next_slot as usize),
        })
    }

    fn next_by_rowid(&mut self, context: &mut Context<'_>) -> Result<bool> {
        let Some(rowid) = self.wanted.take() else { return Ok(false) };
        let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
        self.found = rowid;
        let hash = hash_of_rowid(rowid);
        if self.cached.find(tree, hash, |row| row.rowid() == rowid) {
            self.row = Found::InCache;
            return Ok(true);
        }
        self.row = tree.get(pager, rowid).map_err(tree_error)?.map_or(Found::Nothing, Found::InLeaf);
        let Found::InLeaf(row) = &self.row else { return Ok(false) };
        self.cached.learn(tree, pager, hash, row);
        Ok(true)
    }

    fn next_by_key(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let By::Key(by) = &mut self.by else { return Ok(false) };
        if !std::mem::take(&mut by.is_wanted) {
            return Ok(false);
        }
        if by.hinted.is_some() {
            let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
            if let Some(found) = by.find_known(&mut self.cached, tree, pager, frame, context.parameters)? {
                (self.found, self.row) = found;
                return Ok(true);
            }
            by.compute(frame, context)?;
            if !std::mem::take(&mut by.is_wanted) {
                return Ok(false);
            }
        }
        let (tree, pager) = context.row_tree(self.database, self.table.tree)?;
        let (mut row, mut likely) = (None, None);
        let ahead = |rowid| {
            likely = Some(rowid);
            row = tree.get_in_memory(pager, rowid);
        };
        let Some(rowid) = by.find(self.database, context, ahead)? else { return Ok(false) };
        self.found = rowid;
        if row.is_none() || likely != Some(rowid) {
            row = tree.get(pager, rowid).map_err(tree_error)?;
        }
        found_row(row.is_some(), &by.index)?;
        let Some(row) = row else { return Ok(false) };
        if let Some(hinted) = &by.hinted {
            hinted.learn(rowid);
        }
        if let Some(hash) = by.hash {
            self.cached.learn(tree, pager, hash, &row);
        }
        self.row = Found::InLeaf(row);
        Ok(true)
    }
}

#[inline]
fn hash_of_rowid(rowid: i64) -> u64 {
    (rowid as u64).wrapping_mul(MULTIPLIER)
}

impl ByKey {
    #[inline]
    fn compute_hash(&mut self, frame: &Frame, parameters: &[Value]) -> Option<u64> {
        let hash = self.hinted.as_mut()?.compute_hash(frame, parameters);
        self.hash = hash.map(|hash| hash ^ u64::from(self.index.tree.0).wrapping_mul(MULTIPLIER));
        self.hash
    }

    /// The row that has the values, where a cache or a hint knows it.
    fn find_known(
        &mut self,
        cached: &mut RowLookup,
        tree: &RowTree,
        pager: &Arc<Pager>,
        frame: &Frame,
        parameters: &[Value],
    ) -> Result<Option<(i64, Found)>> {
        let Some(hinted) = &mut self.hinted else { return Ok(None) };
        let Some(hash) = self.hash else { return Ok(None) };
        let is_wanted = |row: &CachedRow| hinted.is_in(|slot| Ok(row.column(slot)), frame, parameters);
        if cached.find(tree, hash, |row| is_wanted(row).unwrap_or(false)) {
            return Ok(Some((cached.row().rowid(), Found::InCache)));
        }
        let Some((rowid, row)) = hinted.find(tree, pager, frame, parameters)? else { return Ok(None) };
        cached.learn(tree, pager, hash, &row);
        Ok(Some((rowid, Found::InLeaf(row))))
    }

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
    #[inline]
    fn ask(&mut self, frame: &Frame, parameters: &[Value]) {
        match &mut self.by {
            By::Rowid(rowid) => {
                if let Some(ValueRef::Integer(rowid)) = at_hand(rowid, frame, parameters) {
                    self.cached.ask(hash_of_rowid(rowid));
                }
            }
            By::Key(by) => {
                by.is_hashed = true;
                if let Some(hash) = by.compute_hash(frame, parameters) {
                    self.cached.ask(hash);
                }
            }
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.row = Found::Nothing;
        self.wanted = None;
        match &mut self.by {
            By::Rowid(rowid) => self.wanted = with_value(rowid, frame, context, exact_rowid)?,
            By::Key(by) if by.hinted.is_some() => {
                by.is_wanted = true;
                if !std::mem::take(&mut by.is_hashed) {
                    by.compute_hash(frame, context.parameters);
                }
            }
            By::Key(by) => by.compute(frame, context)?,
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        self.row = Found::Nothing;
        match self.by {
            By::Rowid(_) => self.next_by_rowid(context),
            By::Key(_) => self.next_by_key(frame, context),
        }
    }

    fn close(&mut self, _: &mut Frame) {
        self.wanted = None;
        if let By::Key(by) = &mut self.by {
            (by.is_wanted, by.is_hashed) = (false, false);
        }
        self.row = Found::Nothing;
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    #[inline]
    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        let (slot, missing) = match &self.outputs[index] {
            Output::Rowid => return Ok(ValueRef::Integer(self.found)),
            Output::Slot { slot, missing } => (*slot, missing),
        };
        let value = match &self.row {
            Found::InLeaf(row) => row.column(slot).map_err(tree_error)?,
            Found::InCache => self.cached.row().column(slot),
            Found::Nothing => return Ok(ValueRef::Null),
        };
        Ok(value.unwrap_or_else(|| missing.as_ref()))
    }
}
