//! The schema: what tables, indexes, views and triggers there are, and the text of `sqlite_schema` they come from.

mod schema;

pub use schema::*;
