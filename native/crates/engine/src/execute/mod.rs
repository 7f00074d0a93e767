//! Runs plans row by row: operators pull from each other and share one frame.
//!
//! ```text
//! Query ─► Rows operator    hands out result rows          project, values, sort, limit, compound
//!             └─► Source operator   positions the frame    scan, join, filter, group, window, subquery
//!                      └─► frame: cursors, registers
//! ```
//!
//! A `Source` leaves its row in the frame: it moves cursors and fills registers. A `Rows` operator has result columns.
//! Operators are built once per statement and opened again by each execution, so that a point query allocates nothing.
//!
//! Always true:
//! - `open` may be called again at any time; it begins anew, reading the frame's present outer rows.
//! - `restart` comes before the first `open` of a run: what depends on outer queries is computed anew.
//! - After `next` returned false or an error, only `open`, `restart` and `close` are called.

mod aggregate;
mod any_of;
mod arguments;
mod build;
mod byte_codes;
mod column_order;
mod compound;
mod context;
mod cursor;
mod decide;
mod distinct;
mod eager;
mod eval;
mod first_rows;
mod frame;
mod function_call;
mod group;
mod group_overflow;
mod hash_join;
mod hinted_key;
mod image;
mod index_scan;
mod join;
mod key_bounds;
mod key_hash;
pub(crate) mod key_order;
mod limit;
mod memo;
pub(crate) mod merge;
mod merge_join;
mod number_calls;
mod point_get;
mod project;
mod query;
mod recursive;
mod recursive_step;
mod result_column;
mod row_lookup;
mod run;
mod scan;
mod shortcut;
mod sort;
mod sort_positions;
mod sorted_rows;
pub(crate) mod sorted_runs;
mod sorted_sides;
mod subquery;
mod subtype;
mod table_function;
mod top_k;
mod values;
mod vector;
mod virtual_table;
mod wide;
mod window;

pub(crate) use column_order::{ordered_bits, real_of_ordered_bits, sorted_by_digits};
pub use context::Context;
pub(crate) use context::INDEX;
pub(crate) use context::{corrupt, tree_error};
pub use cursor::Cursor;
pub(crate) use cursor::{is_stored_constant, missing_value};
pub use decide::{is_not_false, is_true};
pub use eval::eval;
pub(crate) use eval::{is_ignore, with_value};
pub use frame::Frame;
pub(crate) use frame::row_size;
pub(crate) use function_call::{eval_subtyped, function_error};
pub(crate) use key_hash::{KeySet, push_column_key};
pub use query::{Query, RowSource};
pub(crate) use result_column::ColumnBuilder;
pub use result_column::{ColumnValues, ResultColumn, Texts};
pub(crate) use run::RunRows;
pub use run::{Run, RunColumn};
pub(crate) use scan::exact_rowid;
pub(crate) use subquery::{first_row, json_columns};

#[cfg(test)]
mod tests;

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::plan::Scan;
use vector::ColumnScan;
pub(crate) use vector::{BatchFinder, FoundBatch};

/// An operator that leaves its row in the frame.
pub(crate) trait Source {
    fn restart(&mut self) {}
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()>;
    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool>;
    /// Lets go of snapshots and rows.
    fn close(&mut self, frame: &mut Frame);
    /// The scan that this is and nothing more, for those who can run it otherwise.
    fn as_scan(&self) -> Option<Scan> {
        None
    }
    /// Makes everything this operator fills NULL: the missing side of an outer join.
    fn set_null_row(&mut self, frame: &mut Frame);
    /// The rows that make a run from the present one on, `limit` at most.
    fn run(&self, _frame: &Frame, _limit: usize) -> Option<RunRows> {
        None
    }
    /// Goes on by so many rows within a run.
    fn skip(&mut self, _count: usize, _frame: &mut Frame) {}
    /// Leaves out the rest of the part of a table that it reads, whose rows come in the order they are sorted in.
    fn leave_part(&mut self) {}
    /// Leaves out the next rows, so many at most, if that takes less time than going to them; how many it left out.
    fn pass_over(&mut self, _count: u64, _frame: &mut Frame, _context: &mut Context<'_>) -> Result<u64> {
        Ok(0)
    }
}

/// An operator that has result columns.
pub(crate) trait Rows {
    fn restart(&mut self) {}
    /// Asks for memory that will be needed: the statement is about to begin.
    fn ask(&mut self, _frame: &Frame, _parameters: &[Value]) {}
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()>;
    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool>;
    fn close(&mut self, frame: &mut Frame);
    fn column_count(&self) -> usize;
    /// A column of the row `next` found.
    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>>;
    /// The run from the present row on, of `limit` rows at most.
    fn run<'r>(&'r self, _frame: &'r Frame, _limit: usize) -> Option<Run<'r>> {
        None
    }
    /// Goes on by so many rows within a run.
    fn skip(&mut self, _count: usize, _frame: &mut Frame) {}
    /// Leaves out the next rows, so many at most, if that takes less time than going to them; how many it left out.
    fn pass_over(&mut self, _count: u64, _frame: &mut Frame, _context: &mut Context<'_>) -> Result<u64> {
        Ok(0)
    }
    /// The result by column, where that is quicker than row by row.
    fn as_columns(&self) -> Option<ColumnScan> {
        None
    }
    /// Appends the row `next` found to `row`; it may be gone afterwards.
    fn append_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        for index in 0..self.column_count() {
            row.push(self.column(index, frame)?.to_value());
        }
        Ok(())
    }
}
