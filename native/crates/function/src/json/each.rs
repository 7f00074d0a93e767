//! The rows of `json_each`, `json_tree`, `jsonb_each` and `jsonb_tree`.

use pluresdb_value::{Value, number};

use super::node::{self, kind, type_name};
use super::path::{Document, Miss};
use super::{Form, is_json_value, parse, read_value, scan};
use crate::registry::FunctionError;
use crate::text::before_nul;

/// The columns of the table, in order; the last two are hidden: they are its arguments.
pub const COLUMNS: [&str; 10] =
    ["key", "value", "type", "atom", "id", "parent", "fullkey", "path", "json", "root"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Key,
    Value,
    Type,
    Atom,
    Id,
    Parent,
    FullKey,
    Path,
    Json,
    Root,
}

struct Container {
    /// Where the label or, without one, the container itself begins: the `id` of its row.
    id: usize,
    value: usize,
    end: usize,
    path_len: usize,
    index: i64,
}

/// A cursor over the rows of one document.
pub struct Rows {
    document: Document<'static>,
    /// The text the rows were made of; `None` when it was JSONB.
    text: Option<Value>,
    is_tree: bool,
    form: Form,
    at: usize,
    end: usize,
    row: i64,
    /// Kind of the container the current node is in.
    container_kind: Option<u8>,
    containers: Vec<Container>,
    path: Vec<u8>,
    root_len: usize,
}

impl Rows {
    /// Opens `json_each(json, root)` or, with `is_tree`, `json_tree`; `is_jsonb` gives arrays and objects as JSONB.
    pub fn open(
        json: &Value,
        root: Option<&Value>,
        is_tree: bool,
        is_jsonb: bool,
    ) -> Result<Rows, FunctionError> {
        let malformed = || FunctionError::new("malformed JSON");
        let (blob, text) = match json {
            Value::Blob(blob) if node::is_jsonb(blob) => (blob.to_vec(), None),
            Value::Null => (Vec::new(), Some(Value::Null)),
            other => {
                let text = other.to_text().unwrap_or_default();
                let read = before_nul(&text);
                let parsed = parse::parse(read).map_err(|_| malformed())?;
                let read_all = read.len() == text.len();
                (parsed.blob, Some(if read_all { Value::Text(text) } else { Value::text(read) }))
            }
        };
        let mut rows = Rows::none(blob, text, is_tree, is_jsonb);
        if json.is_null() {
            return Ok(rows);
        }
        let mut start = 0;
        if let Some(root) = root {
            let Some(written) = root.to_text() else { return Ok(rows) };
            let written = before_nul(&written);
            let Some((b'$', path)) = written.split_first() else {
                return Err(Miss::BadPath.into_error(written));
            };
            if !path.is_empty() {
                match rows.document.find(path) {
                    Ok(found) => start = found,
                    Err(Miss::NotFound) => return Ok(rows),
                    Err(_) => return Err(Miss::BadPath.into_error(written)),
                }
                rows.container_kind =
                    Some(if rows.document.label.is_some() { kind::OBJECT } else { kind::ARRAY });
                rows.at = rows.document.label.unwrap_or(start);
            }
            rows.path = written.to_vec();
            rows.root_len = written.len();
        }
        rows.begin(start).ok_or_else(malformed)?;
        Ok(rows)
    }

    /// The rows of `json_each` where nobody asks for `Column::Id`: of plain JSON text only what the root leads to becomes
    /// JSONB.
    pub fn open_without_ids(
        json: &Value,
        root: Option<&Value>,
        is_jsonb: bool,
    ) -> Result<Rows, FunctionError> {
        Rows::open_part(json, root, is_jsonb).map_or_else(|| Rows::open(json, root, false, is_jsonb), Ok)
    }

    fn open_part(json: &Value, root: Option<&Value>, is_jsonb: bool) -> Option<Rows> {
        let (Value::Text(text), Value::Text(root)) = (json, root?) else { return None };
        let (text, root) = (before_nul(text), before_nul(root));
        let steps = root.strip_prefix(b"$").filter(|steps| !steps.is_empty())?;
        let found = scan::find(text, steps)?;
        let shown = if matches!(json, Value::Text(whole) if whole.len() == text.len()) {
            json.clone()
        } else {
            Value::text(text)
        };
        let Some(found) = found else { return Some(Rows::none(Vec::new(), Some(shown), false, is_jsonb)) };
        let part = parse::parse(found.text).ok()?.blob;
        let mut rows = Rows::none(part, Some(shown), false, is_jsonb);
        rows.path = root.to_vec();
        rows.root_len = root.len();
        rows.begin(0)?;
        Some(rows)
    }

    /// No rows yet.
    fn none(blob: Vec<u8>, text: Option<Value>, is_tree: bool, is_jsonb: bool) -> Rows {
        Rows {
            document: Document::new(blob),
            text,
            is_tree,
            form: if is_jsonb { Form::Binary } else { Form::Text },
            at: 0,
            end: 0,
            row: 0,
            container_kind: None,
            containers: Vec::new(),
            path: b"$".to_vec(),
            root_len: 1,
        }
    }

    /// Goes to the first row, the root being at `start`. None when it is not all there.
    fn begin(&mut self, start: usize) -> Option<()> {
        let node = self.document.extent(start)?;
        self.end = start + node.total();
        let root_kind = self.document.kind(start);
        if root_kind >= kind::ARRAY && !self.is_tree {
            self.at = start + node.header;
            self.container_kind = Some(root_kind);
            self.containers.push(Container {
                id: self.at,
                value: start,
                end: self.end,
                path_len: 0,
                index: 0,
            });
        }
        Some(())
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.end
    }

    pub fn rowid(&self) -> i64 {
        self.row
    }

    /// Goes to the next row.
    pub fn advance(&mut self) -> Result<(), FunctionError> {
        let value = self.value_at();
        let Some(node) = self.document.extent(value) else {
            self.end = 0;
            return Err(FunctionError::new("malformed JSON"));
        };
        if !self.is_tree {
            self.at = value + node.total();
        } else {
            let mut has_changed_level = false;
            if matches!(self.document.kind(value), kind::ARRAY | kind::OBJECT) {
                has_changed_level = true;
                let path_len = self.path.len();
                if self.container_kind.is_some() && !self.containers.is_empty() {
                    self.push_path_name();
                }
                self.containers.push(Container {
                    id: self.at,
                    value,
                    end: value + node.total(),
                    path_len,
                    index: -1,
                });
                self.at = value + node.header;
            } else {
                self.at = value + node.total();
            }
            while let Some(innermost) = self.containers.last()
                && self.at >= innermost.end
            {
                self.path.truncate(innermost.path_len);
                self.containers.pop();
                has_changed_level = true;
            }
            if has_changed_level {
                self.container_kind =
                    self.containers.last().map(|container| self.document.kind(container.value));
            }
        }
        if self.container_kind == Some(kind::ARRAY)
            && let Some(innermost) = self.containers.last_mut()
        {
            innermost.index += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// A column of the current row, and whether it has the JSON subtype.
    pub fn column(&mut self, column: Column) -> Result<(Value, bool), FunctionError> {
        let plain = |value| Ok((value, false));
        let value_at = self.value_at();
        let kind = self.document.kind(value_at);
        match column {
            Column::Key => plain(self.key()?),
            Column::Value => {
                let value = read_value(&self.document.blob, value_at, self.form)?;
                Ok((value, kind >= kind::ARRAY))
            }
            Column::Type => plain(Value::text(type_name(kind))),
            Column::Atom if kind >= kind::ARRAY => plain(Value::Null),
            Column::Atom => plain(read_value(&self.document.blob, value_at, Form::Text)?),
            Column::Id => plain(Value::Integer(self.at as i64)),
            Column::Parent => plain(match self.containers.last() {
                Some(container) if self.is_tree => Value::Integer(container.id as i64),
                _ => Value::Null,
            }),
            Column::FullKey => {
                let len = self.path.len();
                if !self.containers.is_empty() {
                    self.push_path_name();
                }
                let full = Value::text(&self.path[..]);
                self.path.truncate(len);
                plain(full)
            }
            Column::Path => {
                let len = self.path_len();
                plain(Value::text(&self.path[..len]))
            }
            Column::Json => plain(match &self.text {
                Some(text) => text.clone(),
                None => Value::blob(&self.document.blob[..]),
            }),
            Column::Root => plain(Value::text(&self.path[..self.root_len.min(self.path.len())])),
        }
    }

    /// The value of the current row, behind its label if it has one.
    fn value_at(&self) -> usize {
        if self.container_kind != Some(kind::OBJECT) {
            return self.at;
        }
        let end = self.at + self.document.extent(self.at).map_or(0, node::Extent::total);
        if end >= self.document.blob.len() { self.at } else { end }
    }

    fn key(&mut self) -> Result<Value, FunctionError> {
        if let Some(container) = self.containers.last() {
            return if self.container_kind == Some(kind::OBJECT) {
                read_value(&self.document.blob, self.at, Form::Text)
            } else {
                Ok(Value::Integer(container.index))
            };
        }
        if self.root_len == 1 {
            return Ok(Value::Null);
        }
        // The root of the rows was given by a path, whose last step is its key.
        let step = self.path_len();
        let root = &self.path[step..self.root_len.max(step)];
        Ok(match root {
            [] => Value::Null,
            [b'[', index @ ..] => Value::Integer(number::text_to_integer(index)),
            [_, b'"', label @ ..] => Value::text(&label[..label.len().saturating_sub(1)]),
            [_, label @ ..] => Value::text(label),
        })
    }

    /// The path without the last step when the current row is the root that the path led to.
    fn path_len(&mut self) -> usize {
        let mut len = self.path.len();
        if self.row == 0 && self.is_tree && len >= 2 {
            while len > 1 {
                len -= 1;
                if !matches!(self.path[len], b'[' | b'.') {
                    continue;
                }
                let prefix = self.path[1..len].to_vec();
                let Ok(found) = self.document.find(&prefix) else { continue };
                let header = self.document.extent(found).map_or(0, |node| node.header);
                if found + header == self.at {
                    break;
                }
            }
        }
        len
    }

    fn push_path_name(&mut self) {
        let Some(container) = self.containers.last() else { return };
        if self.container_kind == Some(kind::ARRAY) {
            self.path.extend_from_slice(format!("[{}]", container.index).as_bytes());
            return;
        }
        let label = self.document.extent(self.at).map_or(&[][..], |node| {
            self.document.blob.get(self.at + node.header..self.at + node.total()).unwrap_or(&[])
        });
        let is_simple =
            label.first().is_some_and(u8::is_ascii_alphabetic) && label.iter().all(u8::is_ascii_alphanumeric);
        self.path.push(b'.');
        if is_simple {
            self.path.extend_from_slice(label);
        } else {
            self.path.push(b'"');
            self.path.extend_from_slice(before_nul(label));
            self.path.push(b'"');
        }
    }

    /// Whether a value may be given as the `json` argument without an error.
    pub fn accepts(json: &Value) -> bool {
        is_json_value(json.as_ref())
    }
}
