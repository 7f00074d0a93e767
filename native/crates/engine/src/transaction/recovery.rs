//! From files to a snapshot: the trees of the store's root, then the log's records after it.
//!
//!     root ─► block of tree roots ─► trees ─► replay records after root.log_position ─► catalog
//!
//! Nothing is written. Blocks that no root took are the store's own affair: it undoes them when it is opened.
//!
//! The block of tree roots:  (tree | 0 rows, 1 keys | length | encoded root)…   numbers are varints

use std::sync::Arc;

use pluresdb_store::{CommitLog, Store};
use pluresdb_tree::{Pager, RowCursor};
use pluresdb_value::{Value, record::Record};

use super::{
    record,
    snapshot::{DatabaseState, Snapshot},
    tree_map::{Tree, TreeKind, TreeMap},
};
use crate::{
    Error, Result, ResultCode,
    catalog::{self, Catalog, TreeId},
};

pub(super) fn load(store: &Arc<dyn Store>, log: Option<&CommitLog>, pager: &Arc<Pager>) -> Result<Snapshot> {
    let root = store.root();
    let mut state = DatabaseState::empty();
    if let Some(block) = root.catalog {
        state.trees = decode_roots(&store.read(block)?)?;
        state.header = record::decode_header(&mut &root.engine[..])?;
    }
    let mut version = root.commit_version;
    if let Some(log) = log {
        log.replay(root.log_position, |_, bytes| -> Result<()> {
            let next = record::version_of(bytes)?;
            // A record the root holds already stands before its position; this guards the order of all others.
            if next != version + 1 {
                return Err(corrupt(format!("the log goes from version {version} to {next}")));
            }
            record::apply(bytes, &mut state, pager)?;
            version = next;
            Ok(())
        })?;
    }
    state.catalog = Arc::new(load_catalog(&state, pager)?);
    let pin = Arc::new(store.pin());
    Ok(Snapshot { version, generation: 0, state, pager: Arc::clone(pager), pin })
}

/// Runs `sqlite_schema` through the catalog's loader.
fn load_catalog(state: &DatabaseState, pager: &Arc<Pager>) -> Result<Catalog> {
    let mut rows: Vec<(i64, Vec<Value>)> = Vec::new();
    let mut cursor = RowCursor::new(state.trees.row(TreeId::SCHEMA)?, Arc::clone(pager));
    let mut bytes = Vec::new();
    let mut has_row = cursor.first()?;
    while has_row {
        bytes.clear();
        cursor.to_record(&mut bytes)?;
        let record = Record::new(&bytes).map_err(|_| corrupt("a row of sqlite_schema is no record"))?;
        let mut values = vec![Value::Null; record.len()];
        record.read_into(&mut values).map_err(|_| corrupt("a row of sqlite_schema is no record"))?;
        rows.push((cursor.rowid(), values));
        has_row = cursor.next()?;
    }
    let mut catalog = catalog::load(rows)?;
    catalog.schema_version = state.header.schema_version;
    Ok(catalog)
}

/// The trees must be written back.
pub(super) fn encode_roots(trees: &TreeMap) -> Vec<u8> {
    use pluresdb_value::varint;

    let mut out = Vec::new();
    for (id, tree) in trees.iter() {
        let root = tree.encode_root();
        varint::write(u64::from(id.0), &mut out);
        out.push(u8::from(tree.kind() == TreeKind::Key));
        varint::write(root.len() as u64, &mut out);
        out.extend_from_slice(&root);
    }
    out
}

fn decode_roots(mut input: &[u8]) -> Result<TreeMap> {
    let mut trees = TreeMap::default();
    while !input.is_empty() {
        let id = record::read_tree(&mut input)?;
        let kind = match input.split_off_first() {
            Some(0) => TreeKind::Row,
            Some(1) => TreeKind::Key,
            Some(_) | None => return Err(corrupt("the table of trees names an unknown kind")),
        };
        let root = record::read_bytes(&mut input)?;
        trees.insert(id, Tree::decode_root(kind, root)?);
    }
    if trees.row(TreeId::SCHEMA).is_err() {
        return Err(corrupt("the table of trees has no schema"));
    }
    Ok(trees)
}

fn corrupt(detail: impl Into<String>) -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed").with_detail(detail)
}

#[cfg(test)]
mod tests {
    use pluresdb_store::MemoryStore;
    use pluresdb_value::record::encode_values;

    use super::*;

    #[test]
    fn tree_roots_round_trip_and_damaged_ones_are_refused_without_a_panic() {
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
        let mut state = DatabaseState::empty();
        let mut stored = Vec::new();
        encode_values(&[Value::Integer(1)], &mut stored);
        for id in [5, 300] {
            state.trees.insert(TreeId(id), Tree::new(TreeKind::Row));
            state.trees.insert(TreeId(id + 1), Tree::new(TreeKind::Key));
            state.trees.row_mut(TreeId(id)).unwrap().put(&pager, 1, &stored).unwrap();
        }
        for (_, tree) in state.trees.iter_mut() {
            tree.write_back(&pager).unwrap();
        }
        let bytes = encode_roots(&state.trees);
        let decoded = decode_roots(&bytes).unwrap();
        assert_eq!(encode_roots(&decoded), bytes);
        assert!(decoded.row(TreeId(300)).unwrap().contains(&pager, 1).unwrap());
        for len in 0..bytes.len() {
            let _ = decode_roots(&bytes[..len]);
        }
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[index] ^= 1 << bit;
                let _ = decode_roots(&damaged);
            }
        }
        assert!(decode_roots(&[]).is_err());
    }
}
