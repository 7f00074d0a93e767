//! The rows of `json_each`, `json_tree`, `jsonb_each` and `jsonb_tree`.

use std::borrow::Cow;

use pluresdb_value::{Value, ValueRef, number};

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

/// What a cursor makes of its documents.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// `json_tree`: the rows of what lies within, too.
    pub is_tree: bool,
    /// Arrays and objects come as JSONB.
    pub is_jsonb: bool,
    /// `Column::Id` is read. If not, only what the root leads to becomes JSONB of plain JSON text.
    pub has_ids: bool,
    /// `Column::Json` is read.
    pub has_json: bool,
}

/// A cursor over the rows of one document, then of another: it keeps its memory.
pub struct Rows {
    document: Document<'static>,
    /// The text the rows were made of; `None` when it was JSONB, and where nobody reads it.
    text: Option<Value>,
    options: Options,
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
    /// A cursor without a document: it has no rows.
    pub fn new(options: Options) -> Rows {
        Rows {
            document: Document::new(Vec::new()),
            text: None,
            options,
            at: 0,
            end: 0,
            row: 0,
            container_kind: None,
            containers: Vec::new(),
            path: Vec::new(),
            root_len: 0,
        }
    }

    /// Opens `json_each(json, root)` or, with `is_tree`, `json_tree`; `is_jsonb` gives arrays and objects as JSONB.
    pub fn open(
        json: &Value,
        root: Option<&Value>,
        is_tree: bool,
        is_jsonb: bool,
    ) -> Result<Rows, FunctionError> {
        let mut rows = Rows::new(Options { is_tree, is_jsonb, has_ids: true, has_json: true });
        rows.begin(json.as_ref(), root.map(Value::as_ref))?;
        Ok(rows)
    }

    /// The rows of `json_each` where nobody asks for `Column::Id`.
    pub fn open_without_ids(
        json: &Value,
        root: Option<&Value>,
        is_jsonb: bool,
    ) -> Result<Rows, FunctionError> {
        let mut rows = Rows::new(Options { is_tree: false, is_jsonb, has_ids: false, has_json: true });
        rows.begin(json.as_ref(), root.map(Value::as_ref))?;
        Ok(rows)
    }

    /// Goes to the first row of a document.
    pub fn begin(&mut self, json: ValueRef<'_>, root: Option<ValueRef<'_>>) -> Result<(), FunctionError> {
        self.clear();
        if !self.options.has_ids && !self.options.is_tree && self.begin_part(json, root).is_some() {
            return Ok(());
        }
        self.clear();
        self.begin_whole(json, root)
    }

    /// No rows; the memory of the last document's stays.
    fn clear(&mut self) {
        self.document.clear();
        if self.text.is_some() {
            self.text = None;
        }
        (self.at, self.end, self.row) = (0, 0, 0);
        self.container_kind = None;
        self.containers.clear();
        self.set_path(b"$");
    }

    /// No rows; of its memory what a document of some size needed is given back.
    pub fn close(&mut self) {
        const KEPT: usize = 1 << 16;
        self.clear();
        if self.blob_capacity().max(self.path.capacity()) > KEPT {
            *self = Rows::new(self.options);
        }
    }

    fn blob_capacity(&self) -> usize {
        if let Cow::Owned(blob) = &self.document.blob { blob.capacity() } else { 0 }
    }

    #[inline]
    fn take_blob(&mut self) -> Vec<u8> {
        match std::mem::take(&mut self.document.blob) {
            Cow::Owned(blob) => blob,
            Cow::Borrowed(_) => Vec::new(),
        }
    }

    fn set_path(&mut self, path: &[u8]) {
        self.path.clear();
        self.path.extend_from_slice(path);
        self.root_len = path.len();
    }

    fn begin_whole(&mut self, json: ValueRef<'_>, root: Option<ValueRef<'_>>) -> Result<(), FunctionError> {
        let malformed = || FunctionError::new("malformed JSON");
        match json {
            ValueRef::Blob(bytes) if node::is_jsonb(bytes) => {
                let mut blob = self.take_blob();
                blob.extend_from_slice(bytes);
                self.document.blob = Cow::Owned(blob);
            }
            ValueRef::Null => {
                self.text = Some(Value::Null);
                return Ok(());
            }
            other => {
                let made;
                let text = if let ValueRef::Text(text) = other {
                    text
                } else {
                    made = other.to_value().to_text().unwrap_or_default();
                    &made[..]
                };
                let read = before_nul(text);
                let parsed = parse::parse_into(read, self.take_blob()).map_err(|_| malformed())?;
                self.document.blob = Cow::Owned(parsed.blob);
                self.text = self.options.has_json.then(|| Value::text(read));
            }
        }
        let mut start = 0;
        if let Some(root) = root {
            let root = root.to_value();
            let Some(written) = root.to_text() else { return Ok(()) };
            let written = before_nul(&written);
            let Some((b'$', path)) = written.split_first() else {
                return Err(Miss::BadPath.into_error(written));
            };
            if !path.is_empty() {
                match self.document.find(path) {
                    Ok(found) => start = found,
                    Err(Miss::NotFound) => return Ok(()),
                    Err(_) => return Err(Miss::BadPath.into_error(written)),
                }
                self.container_kind =
                    Some(if self.document.label.is_some() { kind::OBJECT } else { kind::ARRAY });
                self.at = self.document.label.unwrap_or(start);
            }
            self.set_path(written);
        }
        self.enter(start).ok_or_else(malformed)
    }

    /// Of plain JSON text, of which only what the root leads to becomes JSONB; None where that cannot be.
    fn begin_part(&mut self, json: ValueRef<'_>, root: Option<ValueRef<'_>>) -> Option<()> {
        let (ValueRef::Text(text), ValueRef::Text(root)) = (json, root?) else { return None };
        let (text, root) = (before_nul(text), before_nul(root));
        let steps = root.strip_prefix(b"$").filter(|steps| !steps.is_empty())?;
        let found = scan::find(text, steps)?;
        self.text = self.options.has_json.then(|| Value::text(text));
        let Some(found) = found else { return Some(()) };
        self.document.blob = Cow::Owned(parse::parse_into(found.text, self.take_blob()).ok()?.blob);
        self.set_path(root);
        self.enter(0)
    }

    /// Goes to the first row, the root being at `start`. None when it is not all there.
    fn enter(&mut self, start: usize) -> Option<()> {
        let node = self.document.extent(start)?;
        self.end = start + node.total();
        let root_kind = self.document.kind(start);
        if root_kind >= kind::ARRAY && !self.options.is_tree {
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

    #[inline]
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
        if !self.options.is_tree {
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
                let value = read_value(
                    &self.document.blob,
                    value_at,
                    if self.options.is_jsonb { Form::Binary } else { Form::Text },
                )?;
                Ok((value, kind >= kind::ARRAY))
            }
            Column::Type => plain(Value::text(type_name(kind))),
            Column::Atom if kind >= kind::ARRAY => plain(Value::Null),
            Column::Atom => plain(read_value(&self.document.blob, value_at, Form::Text)?),
            Column::Id => plain(Value::Integer(self.at as i64)),
            Column::Parent => plain(match self.containers.last() {
                Some(container) if self.options.is_tree => Value::Integer(container.id as i64),
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
        if self.row == 0 && self.options.is_tree && len >= 2 {
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
