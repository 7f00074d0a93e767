//! One row of `sqlite_schema`: type, name, tbl_name, rootpage, sql, and a sixth slot no SQL sees.
//!
//! The sixth slot is a table's layout where it is not the plain one: the slots of its columns and the next free slot,
//! as text: `0,2,3;4` after the second of four columns was dropped. NULL: column i has slot i.

use pluresdb_value::Value;

use super::TreeId;
use crate::{Error, Result, ResultCode};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Table,
    Index,
    View,
    Trigger,
}

impl ObjectKind {
    pub fn name(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::Index => "index",
            ObjectKind::View => "view",
            ObjectKind::Trigger => "trigger",
        }
    }

    pub fn from_name(name: &[u8]) -> Option<ObjectKind> {
        [ObjectKind::Table, ObjectKind::Index, ObjectKind::View, ObjectKind::Trigger]
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SchemaRow {
    pub kind: ObjectKind,
    pub name: String,
    pub table: String,
    /// None for views and triggers.
    pub tree: Option<TreeId>,
    /// None for automatic indexes.
    pub sql: Option<String>,
    pub layout: Option<Layout>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub slots: Vec<u32>,
    pub next_slot: u32,
}

impl Layout {
    fn encode(&self) -> String {
        let slots: Vec<String> = self.slots.iter().map(u32::to_string).collect();
        format!("{};{}", slots.join(","), self.next_slot)
    }

    fn decode(text: &str) -> Option<Layout> {
        let (slots, next_slot) = text.split_once(';')?;
        let slots = slots.split(',').map(|slot| slot.parse().ok()).collect::<Option<Vec<u32>>>()?;
        Some(Layout { slots, next_slot: next_slot.parse().ok()? })
    }
}

impl SchemaRow {
    /// Of an object with the plain layout. `table` is what it belongs to: itself, or the table of an index or a trigger.
    pub fn new(
        kind: ObjectKind,
        name: &str,
        table: &str,
        tree: Option<TreeId>,
        sql: Option<&str>,
    ) -> SchemaRow {
        let (name, table) = (name.to_owned(), table.to_owned());
        SchemaRow { kind, name, table, tree, sql: sql.map(str::to_owned), layout: None }
    }

    pub fn to_values(&self) -> Vec<Value> {
        vec![
            Value::text(self.kind.name()),
            Value::text(self.name.as_str()),
            Value::text(self.table.as_str()),
            Value::Integer(self.tree.map_or(0, |tree| i64::from(tree.0))),
            self.sql.as_deref().map_or(Value::Null, Value::text),
            self.layout.as_ref().map_or(Value::Null, |layout| Value::text(layout.encode())),
        ]
    }

    pub fn from_values(values: &[Value]) -> Result<SchemaRow> {
        let text = |index: usize| match values.get(index) {
            Some(Value::Text(text)) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        };
        let name = text(1).unwrap_or_default();
        let malformed = || malformed(&name, "");
        let kind = match values.first() {
            Some(Value::Text(kind)) => ObjectKind::from_name(kind).ok_or_else(malformed)?,
            _ => return Err(malformed()),
        };
        let tree = match values.get(3) {
            Some(Value::Integer(0)) | None => None,
            Some(Value::Integer(tree)) => Some(TreeId(u32::try_from(*tree).map_err(|_| malformed())?)),
            Some(_) => return Err(malformed()),
        };
        let layout = match text(5) {
            Some(layout) => Some(Layout::decode(&layout).ok_or_else(malformed)?),
            None => None,
        };
        let table = text(2).unwrap_or_default();
        Ok(SchemaRow { kind, table, tree, sql: text(4), layout, name })
    }
}

/// The schema's own text cannot be understood.
pub(crate) fn malformed(name: &str, why: &str) -> Error {
    let message = if why.is_empty() {
        format!("malformed database schema ({name})")
    } else {
        format!("malformed database schema ({name}) - {why}")
    };
    Error::new(ResultCode::Corrupt, message)
}
