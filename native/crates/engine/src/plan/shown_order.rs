//! Whether a grouping shows in which order rows come to it: through columns outside aggregates, and through aggregates
//! such as `group_concat()`. Where it does, rows must be read as SQLite reads them, though another way may be quicker.

use pluresdb_value::Collation;

use crate::resolve::tree::{AggregateCall, Grouping};

pub(super) fn shows_order(grouping: &Grouping) -> bool {
    !grouping.captured.is_empty() || grouping.aggregates.iter().any(call_shows_order)
}

/// With an ORDER BY of its own a call still shows the order of rows that are equal in it.
fn call_shows_order(call: &AggregateCall) -> bool {
    let Some(name) = call.function.built_in_name() else { return true };
    match name {
        "count" | "median" | "percentile" | "percentile_cont" | "percentile_disc" => false,
        // The same to the last digit in any order, but for sums that are tiny against their numbers.
        "sum" | "total" | "avg" => false,
        // Of texts that are equal and not the same, the first.
        "min" | "max" => call.collation != Collation::Binary,
        _ => true,
    }
}
