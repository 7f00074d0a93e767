//! Runs parts of a plan over batches of rows: the vector engine.
//!
//! ```text
//! leaf ─► Batch (typed columns) ─► conditions ─► joins ─► aggregates, groups     VectorGroup
//!                                       └──────► rows, one by one                VectorScan
//! ```
//!
//! | module | does |
//! |---|---|
//! | `column`, `batch` | the rows of one leaf as typed columns |
//! | `scan` | a table, leaf by leaf |
//! | `join`, `build` | equi-joins: one side kept, the other side's batches looking up |
//! | `kept` | values that outlast their batch |
//! | `input` | what batches come from: a scan or joins |
//! | `compile` | which expressions can run over batches |
//! | `evaluate`, `compare`, `like` | their results, column by column |
//! | `group`, `key`, `aggregate` | GROUP BY and aggregates |
//! | `rows` | passes filtered rows on to the row engine |
//! | `bound` | leaves out rows that an ORDER BY with LIMIT has no place for |
//!
//! Always true:
//! - The results are the row engine's to the last digit: rows are taken in the same order, sums are not reordered.
//! - What cannot run in batches is not compiled (`compile` answers None); what fails in a batch is run again row by row
//!   (`Stop::RowByRow`), so that errors are the row engine's.

mod aggregate;
mod batch;
mod bound;
mod build;
mod column;
mod compare;
mod compile;
mod evaluate;
mod group;
mod input;
mod join;
mod kept;
mod key;
mod like;
mod rows;
mod scan;

pub(super) use bound::SortBound;

use bound::BoundFilter;
use group::Parts;
use rows::VectorScan;
use scan::BatchScan;

use crate::error::Error;
use crate::execute::group::Group;
use crate::execute::scan::TableScan;
use crate::execute::{Context, Source};
use crate::plan::{self, SortKey, SourceNode};
use crate::session::Execution;

/// Why a run in batches ends early.
pub(super) enum Stop {
    Error(Error),
    /// Something in the batch failed: only the row engine knows whether SQLite would have computed it.
    RowByRow,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

pub(super) type Run<T> = Result<T, Stop>;

/// Below this many rows a table is read row by row: making a batch takes longer.
const LEAST_ROWS: u64 = 64;

/// How many rows a table needs for its scan to run in batches; None: it never does.
fn least_rows(context: &Context<'_>) -> Option<u64> {
    match context.session.settings.execution {
        Execution::Row => None,
        Execution::Vector => Some(0),
        Execution::Automatic => Some(LEAST_ROWS),
    }
}

/// The operator of a scan by rowid: in batches where there are conditions that can run in them.
pub(super) fn scan_operator(node: plan::Scan) -> Box<dyn Source> {
    match BatchScan::compile(&node) {
        Some(batches) if batches.condition_count() > 0 => Box::new(VectorScan::new(batches, node, None)),
        _ => Box::new(TableScan::new(node)),
    }
}

/// The operator below an ORDER BY with LIMIT, and the bound to be kept for it where it takes one.
pub(super) fn input_of_top_k(node: SourceNode, keys: &[SortKey]) -> (Box<dyn Source>, Option<SortBound>) {
    let SourceNode::Scan(scan) = node else { return (node.into_operator(), None) };
    let bound = SortBound::default();
    // Every condition is asked before a row is dropped for its place in the order.
    let batches =
        BatchScan::compile(&scan).filter(|batches| batches.condition_count() == scan.conditions.len());
    let filtered = batches.and_then(|mut batches| {
        let filter = BoundFilter::compile(keys, &bound, &mut batches)?;
        Some((batches, filter))
    });
    match filtered {
        Some((batches, filter)) => (Box::new(VectorScan::new(batches, scan, Some(filter))), Some(bound)),
        None => (scan.into_operator(), None),
    }
}

/// The operator of a grouping: in batches where all of it can run in them.
pub(super) fn group_operator(node: plan::Group) -> Box<dyn Source> {
    match Parts::compile(&node) {
        Some(parts) => Box::new(parts.into_operator(node)),
        None => Box::new(Group::new(node)),
    }
}
