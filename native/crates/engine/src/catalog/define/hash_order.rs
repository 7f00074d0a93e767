//! The order in which SQLite walks the tables of a database: that of its hash table of names.
//!
//! ```text
//! fewer than five names    one list, newest first
//! from then on             buckets, three for each name when they are made, at most 64; a name goes before the others
//!                          of its bucket in the list, and to the list's head when its bucket is empty
//! ```
//! Tables and views are entered in the order of `sqlite_schema`, behind that table itself. Names are in the table as
//! SQLite's hash sees them, without their case.

use std::sync::Arc;

use super::write::schema_rows;
use crate::Result;
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Table};
use crate::session::Session;

/// Buckets are made when the names are more than this and than twice the buckets.
const MIN_HASHED: usize = 5;
const BUCKETS_PER_NAME: usize = 3;
/// 1024 bytes of buckets of 16 bytes each.
const MAX_BUCKETS: usize = 64;

pub(crate) fn tables_in_hash_order(session: &Session, database: DatabaseIndex) -> Result<Vec<Arc<Table>>> {
    let own = if database == DatabaseIndex::TEMP { "sqlite_temp_master" } else { "sqlite_master" };
    let mut names = vec![own.to_owned()];
    for (_, values) in schema_rows(session, database)? {
        let row = SchemaRow::from_values(&values)?;
        if matches!(row.kind, ObjectKind::Table | ObjectKind::View) {
            names.push(row.name);
        }
    }
    let catalog = session.catalog(database);
    Ok(hash_order(&names).into_iter().filter_map(|name| catalog.table(name).cloned()).collect())
}

/// The names as a walk through a hash table meets them that got them one after the other.
fn hash_order(names: &[String]) -> Vec<&str> {
    let mut walk: Vec<(u32, &str)> = Vec::with_capacity(names.len());
    let mut bucket_count = 0;
    for (index, name) in names.iter().enumerate() {
        let count = index + 1;
        if count >= MIN_HASHED && count > 2 * bucket_count {
            let wanted = (count * BUCKETS_PER_NAME).min(MAX_BUCKETS);
            if wanted != bucket_count {
                bucket_count = wanted;
                let before = std::mem::take(&mut walk);
                for (hash, name) in before {
                    insert(&mut walk, bucket_count, hash, name);
                }
            }
        }
        insert(&mut walk, bucket_count, hash(name), name);
    }
    walk.into_iter().map(|(_, name)| name).collect()
}

fn insert<'n>(walk: &mut Vec<(u32, &'n str)>, bucket_count: usize, hash: u32, name: &'n str) {
    let bucket = |hash: u32| hash as usize % bucket_count;
    let head = if bucket_count == 0 {
        None
    } else {
        walk.iter().position(|(other, _)| bucket(*other) == bucket(hash))
    };
    walk.insert(head.unwrap_or(0), (hash, name));
}

fn hash(name: &str) -> u32 {
    name.bytes()
        .fold(0, |hash: u32, byte| hash.wrapping_add(u32::from(byte & 0xdf)).wrapping_mul(0x9e37_79b1))
}
