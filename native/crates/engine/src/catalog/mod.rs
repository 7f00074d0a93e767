//! The schema: what tables, indexes, views and triggers there are, and the text of `sqlite_schema` they come from.
//!
//!     CREATE … ─ build ─► Table, Index ─ define ─► trees + a row of sqlite_schema + a new Catalog
//!     open     ─ load: rows of sqlite_schema ─ parse, build ─► Catalog
//!
//! | module | decides |
//! |---|---|
//! | `schema` | what the rest of the engine sees |
//! | `build` | what a CREATE TABLE or CREATE INDEX text means |
//! | `load` | a catalog out of the rows of `sqlite_schema` |
//! | `name_map` | which names are equal |
//! | `turned_identity` | ends of index entries that are not the key of their row, byte for byte |
//! | `row` | one row of `sqlite_schema`, and the hidden layout in it |
//! | `row_hints` | in which rows the keys of an index were found last |
//! | `define` | CREATE, DROP, ALTER as statements |

mod build;
pub(crate) mod define;
mod known_views;
mod load;
mod name_map;
mod names;
mod row;
mod row_hints;
mod schema;
mod turned_identity;

pub(crate) use build::{
    BuiltTable, MAX_COLUMNS, MAY_BE_A_STRING, StrictType, build_column, build_index, build_stored_table,
    build_table, check_begun_table, check_constant_default, has_call, no_such_quoted_column, strict_type_of,
    walk_expr,
};
pub use known_views::KnownViews;
pub use load::load;
pub(crate) use load::load_with;
pub(crate) use load::virtual_table;
pub(crate) use names::quote_name;
pub use names::schema_table;
pub(crate) use row::{Layout, ObjectKind, SchemaRow, malformed};
pub(crate) use row_hints::RowHints;
pub use schema::*;
pub(crate) use turned_identity::{TurnedIdentity, identity_of, push_identity};
