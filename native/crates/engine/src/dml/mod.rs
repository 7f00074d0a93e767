//! INSERT, UPDATE and DELETE.
//!
//! ```text
//! INSERT  values ─► new row ─┐
//! UPDATE  rows found, then one by one: old row, SET ─► new row ─┤─► checks ─► conflicts ─► write ─► RETURNING
//! DELETE  rows found, then one by one: old row ─────────────────┘
//! ```
//! One row change goes: BEFORE triggers, generated columns and affinity, NOT NULL, types, CHECK, UNIQUE (what REPLACE
//! evicts goes here), foreign keys, the row and its index entries, AFTER triggers, RETURNING.
//!
//! | module | decides |
//! |---|---|
//! | `target` | what is known of a table before any row: indexes, checks, registers |
//! | `row` | rows between trees and registers; index entries |
//! | `constraint` | NOT NULL, types, CHECK |
//! | `conflict` | UNIQUE, and what is done about it |
//! | `evict` | how REPLACE takes a row away |
//! | `foreign_key` | parents and children of a changed row |
//! | `rowid` | which rowid a new row gets |
//! | `insert`, `upsert`, `update`, `delete` | the statements |
//! | `as_query` | changes whose rows SQLite finds with a query: aggregates, windows, LIMIT |
//! | `point` | UPDATE of rows and DELETE of one by rowid, with nothing else to do |
//! | `point_insert` | INSERT of one row, with nothing else to do |
//! | `change` | one of them as the application's own statement |
//! | `nested`, `row_program`, `surroundings` | statements that run for a row of another statement |
//! | `compile_order` | the order in which SQLite compiles those, where it shows |
//! | `trigger` | which triggers a change of a row fires |
//!
//! Always true:
//! - The rows a statement is about are found before the first is changed.
//! - A row's values live in the frame's registers: `new`, `old`, `victim` (what REPLACE evicts).

mod append;
mod as_query;
mod assignment;
mod change;
mod compile_order;
mod computed;
mod conflict;
mod constraint;
mod delete;
mod evict;
mod foreign_key;
mod found;
mod insert;
mod many;
mod many_entries;
mod nested;
mod point;
mod point_insert;
mod returning;
mod row;
mod row_program;
mod rowid;
mod surroundings;
mod target;
mod trigger;
mod update;
mod upsert;

pub(crate) use change::Change;
pub(crate) use conflict::unique_violation;
pub(crate) use foreign_key::{ask_before_drop, check_foreign_keys, delete_before_drop, violation};
pub(crate) use row::{End, index_entry};
pub(crate) use rowid::{remove_sequence, rename_sequence};
pub(crate) use target::{Image, IndexPlan, Target, generation_order, no_such_table};
pub(crate) use trigger::all_on;
