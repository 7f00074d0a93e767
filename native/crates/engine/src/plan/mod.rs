//! Decides how rows are found: resolved tree in, tree of physical nodes out.
//!
//! | module | decides |
//! |---|---|
//! | `predicate` | which conjunct of WHERE and ON is checked where |
//! | `access_path` | rowid, index or whole table; in which order rows then come |
//! | `pattern` | which range of an index LIKE and GLOB ask for |
//! | `width` | which index is narrower than its table |
//! | `disjunction` | an index for each part of an OR |
//! | `indexed_expr` | which expressions of a query an index keeps |
//! | `partial` | whether the conditions allow a partial index |
//! | `table_function`, `virtual_table` | which conditions are arguments |
//! | `join_order` | which table is looked up for which |
//! | `shown_order` | whether it shows in which order rows come to a grouping |
//! | `given_order` | which order the rows of a FROM subquery have already |
//! | `questions` | what a correlated subquery's answer depends on |
//! | `select` | grouping, windows, DISTINCT, ORDER BY, LIMIT around it |
//! | `compound` | which rows each arm of UNION, INTERSECT, EXCEPT is asked for |
//! | `explain` | the plan in SQLite's words |
//!
//! Always true:
//! - A plan gives the rows SQLite gives; ORDER BY decides their order, and without it the outermost table's order does.
//! - What is outside an outer join never filters inside it, and ON of an outer join never filters its left side.

mod access_path;
mod compound;
mod disjunction;
mod explain;
mod from;
mod given_order;
mod indexed_expr;
mod join_order;
mod node;
mod partial;
mod pattern;
mod predicate;
mod questions;
pub(crate) mod references;
mod select;
mod shown_order;
mod table_function;
mod virtual_table;
mod width;

pub use explain::{PlanLine, explain, explain_row_source, explain_values};
pub use from::{RowSourceRequest, plan_row_source};
pub use node::*;
pub(crate) use predicate::is_volatile;
pub(crate) use questions::asked_about;
pub(crate) use references::correlated_ctes;
pub use select::plan_select;
pub(crate) use width::logarithm;
