//! Paths: finding a node by one, and editing there.
//!
//! ```text
//! $ .label ."quoted label" [3] [#] [#-1]
//! ```
//!
//! A lookup walks down from the root. An edit happens at the bottom of the walk; on the way back every container sets
//! its length anew. Until it has, its header still tells the old length: `shrunk_by` is what makes such headers pass.

use std::borrow::Cow;

use super::escape::same_label;
use super::node::{self, Extent, MAX_DEPTH, is_raw_text, is_text, kind, push_node, set_payload_len};
use crate::registry::FunctionError;

/// What happens at the end of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit<'e> {
    /// Nothing: a lookup.
    None,
    Delete,
    /// Puts the node in the place of one that is there.
    Replace(&'e [u8]),
    /// Only where nothing is.
    Insert(&'e [u8]),
    Set(&'e [u8]),
    /// Before an array's element.
    ArrayInsert(&'e [u8]),
}

impl<'e> Edit<'e> {
    fn node(self) -> &'e [u8] {
        match self {
            Edit::None | Edit::Delete => &[],
            Edit::Replace(node) | Edit::Insert(node) | Edit::Set(node) | Edit::ArrayInsert(node) => node,
        }
    }

    /// Whether what is not there is made.
    fn creates(self) -> bool {
        matches!(self, Edit::Insert(_) | Edit::Set(_) | Edit::ArrayInsert(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Miss {
    NotFound,
    Malformed,
    NotArray,
    TooDeep,
    BadPath,
}

impl Miss {
    pub fn into_error(self, path: &[u8]) -> FunctionError {
        let quoted = || String::from_utf8_lossy(path).replace('\'', "''");
        FunctionError::Error(match self {
            Miss::NotArray => format!("not an array element: '{}'", quoted()),
            Miss::Malformed => "malformed JSON".to_owned(),
            Miss::TooDeep => "JSON path too deep".to_owned(),
            Miss::NotFound | Miss::BadPath => format!("bad JSON path: '{}'", quoted()),
        })
    }
}

/// A JSONB document, borrowed until it is edited.
pub(super) struct Document<'b> {
    pub blob: Cow<'b, [u8]>,
    /// Bytes by which an edit has made the blob longer than the headers above say.
    pub delta: isize,
    /// The label of the node found last, when it is a member of an object.
    pub label: Option<usize>,
    depth: u32,
}

impl<'b> Document<'b> {
    pub fn new(blob: impl Into<Cow<'b, [u8]>>) -> Document<'b> {
        Document { blob: blob.into(), delta: 0, label: None, depth: 0 }
    }

    /// Becomes empty; the memory of the blob stays.
    pub fn clear(&mut self) {
        match &mut self.blob {
            Cow::Owned(blob) => blob.clear(),
            borrowed @ Cow::Borrowed(_) => *borrowed = Cow::default(),
        }
        (self.delta, self.label, self.depth) = (0, None, 0);
    }

    #[inline]
    pub fn kind(&self, at: usize) -> u8 {
        self.blob.get(at).map_or(0xf, |first| first & 0x0f)
    }

    /// The node at `at`; it may reach as far as the blob did before an edit shortened it.
    #[inline]
    pub fn extent(&self, at: usize) -> Option<Extent> {
        if at >= self.blob.len() {
            return None;
        }
        let node = node::read_header(&self.blob, at)?;
        let end = (at + node.total()) as isize;
        let len = self.blob.len() as isize;
        (end <= len || end <= len - self.delta).then_some(node)
    }

    /// Elements of the array at `at`.
    pub fn array_len(&self, at: usize) -> u64 {
        let Some(array) = self.extent(at) else { return 0 };
        let end = at + array.total();
        let mut child = at + array.header;
        let mut count = 0;
        while child < end {
            count += 1;
            let Some(node) = self.extent(child) else { break };
            child += node.total();
        }
        count
    }

    /// Finds the node at `path`, which is what stands behind the `$`.
    pub fn find(&mut self, path: &[u8]) -> Result<usize, Miss> {
        self.apply(path, Edit::None)
    }

    pub fn apply(&mut self, path: &[u8], edit: Edit<'_>) -> Result<usize, Miss> {
        self.delta = 0;
        self.depth = 0;
        self.step(0, path, 0, None, edit)
    }

    /// Replaces bytes. A node shorter by a few bytes than the one it replaces may take a longer header, so that
    /// nothing moves.
    pub fn splice(&mut self, at: usize, remove: usize, insert: &[u8]) {
        let shrinks_by = remove as isize - insert.len() as isize;
        if (1..=8).contains(&shrinks_by)
            && !insert.is_empty()
            && let Some(stretched) = stretch(insert, shrinks_by as usize)
        {
            self.blob.to_mut().splice(at..at + remove, stretched);
            return;
        }
        let end = (at + remove).min(self.blob.len());
        self.blob.to_mut().splice(at..end, insert.iter().copied());
        self.delta -= shrinks_by;
    }

    /// Lengthens or shortens the container at `at` by what was edited inside it.
    pub fn adjust(&mut self, at: usize) {
        let payload = node::read_header(&self.blob, at).map_or(0, |node| node.payload);
        let length = payload.wrapping_add_signed(self.delta);
        self.delta += set_payload_len(self.blob.to_mut(), at, length);
    }

    fn enter(&mut self) -> Result<(), Miss> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH { Err(Miss::TooDeep) } else { Ok(()) }
    }

    // Recursion is one level for each step of the path, at most MAX_DEPTH.
    fn step(
        &mut self,
        root: usize,
        path: &[u8],
        at: usize,
        label: Option<usize>,
        edit: Edit<'_>,
    ) -> Result<usize, Miss> {
        match path.get(at) {
            None => self.arrive(root, path, label, edit),
            Some(b'.') => self.step_into_object(root, path, at + 1, edit),
            Some(b'[') => self.step_into_array(root, path, at, edit),
            Some(_) => Err(Miss::BadPath),
        }
    }

    fn arrive(
        &mut self,
        root: usize,
        path: &[u8],
        label: Option<usize>,
        edit: Edit<'_>,
    ) -> Result<usize, Miss> {
        let total = self.extent(root).map_or(0, Extent::total);
        let mut found = root;
        match edit {
            Edit::None | Edit::Insert(_) => {}
            Edit::Delete => {
                found = label.unwrap_or(root);
                self.splice(found, total + root - found, &[]);
            }
            Edit::ArrayInsert(node) => {
                if path.last() != Some(&b']') {
                    return Err(Miss::NotArray);
                }
                self.splice(root, 0, node);
            }
            Edit::Replace(node) | Edit::Set(node) => self.splice(root, total, node),
        }
        self.label = label;
        Ok(found)
    }

    fn descend(
        &mut self,
        root: usize,
        child: usize,
        path: &[u8],
        at: usize,
        label: Option<usize>,
        edit: Edit<'_>,
    ) -> Result<usize, Miss> {
        self.enter()?;
        let outcome = self.step(child, path, at, label, edit);
        self.depth -= 1;
        if self.delta != 0 {
            self.adjust(root);
        }
        outcome
    }

    fn step_into_object(
        &mut self,
        root: usize,
        path: &[u8],
        at: usize,
        edit: Edit<'_>,
    ) -> Result<usize, Miss> {
        let (key, is_raw, at) = read_key(path, at)?;
        if self.kind(root) != kind::OBJECT {
            return Err(Miss::NotFound);
        }
        // SQLite takes a container that is cut off for an empty one.
        let object = self.extent(root).unwrap_or(Extent::NOTHING);
        let end = root + object.total();
        let mut member = root + object.header;
        while member < end {
            let label_kind = self.kind(member);
            if !is_text(label_kind) {
                return Err(Miss::Malformed);
            }
            let label = self.extent(member).ok_or(Miss::Malformed)?;
            let value = member + label.total();
            if value >= end {
                return Err(Miss::Malformed);
            }
            let text = self.blob.get(member + label.header..value).ok_or(Miss::Malformed)?;
            let is_same = same_label(key, is_raw, text, is_raw_text(label_kind));
            if self.kind(value) > kind::OBJECT {
                return Err(Miss::Malformed);
            }
            let node = self.extent(value).ok_or(Miss::Malformed)?;
            if is_same {
                if value + node.total() > end {
                    return Err(Miss::Malformed);
                }
                return self.descend(root, value, path, at, Some(member), edit);
            }
            member = value + node.total();
        }
        if member > end {
            return Err(Miss::Malformed);
        }
        if !edit.creates() {
            return Err(Miss::NotFound);
        }
        if matches!(edit, Edit::ArrayInsert(_)) && path[at..].last() != Some(&b']') {
            return Err(Miss::NotArray);
        }
        let (created, outcome) = self.create(path, at, edit);
        if outcome.is_ok() {
            let mut insert = Vec::with_capacity(key.len() + created.len() + 5);
            push_node(if is_raw { kind::TEXTRAW } else { kind::TEXT5 }, key, &mut insert);
            insert.extend_from_slice(&created);
            self.splice(member, 0, &insert);
            self.adjust(root);
        }
        outcome
    }

    fn step_into_array(
        &mut self,
        root: usize,
        path: &[u8],
        at: usize,
        edit: Edit<'_>,
    ) -> Result<usize, Miss> {
        if self.kind(root) != kind::ARRAY {
            return Err(Miss::NotFound);
        }
        let array = self.extent(root).unwrap_or(Extent::NOTHING);
        let (mut index, at) = read_index(path, at, || Some(self.array_len(root)))?;
        let end = root + array.total();
        let mut element = root + array.header;
        while element < end {
            if index == 0 {
                return self.descend(root, element, path, at, None, edit);
            }
            index -= 1;
            element += self.extent(element).ok_or(Miss::Malformed)?.total();
        }
        if element > end {
            return Err(Miss::Malformed);
        }
        if index > 0 || !edit.creates() {
            return Err(Miss::NotFound);
        }
        let (created, outcome) = self.create(path, at, edit);
        if outcome.is_ok() {
            self.splice(element, 0, &created);
        }
        if self.delta != 0 {
            self.adjust(root);
        }
        outcome
    }

    /// What the rest of a path stands for where nothing is yet: the node itself, or containers around it.
    fn create<'e>(&self, path: &[u8], at: usize, edit: Edit<'e>) -> (Cow<'e, [u8]>, Result<usize, Miss>) {
        let Some(next) = path.get(at) else { return (Cow::Borrowed(edit.node()), Ok(0)) };
        let empty = vec![if *next == b'.' { kind::OBJECT } else { kind::ARRAY }];
        let mut document = Document::new(empty);
        document.depth = self.depth + 1;
        if document.depth >= MAX_DEPTH {
            return (Cow::Borrowed(&[]), Err(Miss::TooDeep));
        }
        let outcome = document.step(0, path, at, None, edit);
        (Cow::Owned(document.blob.into_owned()), outcome)
    }
}

/// Reads `[3]`, `[#]` or `[#-1]`; returns the index and where the path goes on. `array_len` answers None when the
/// array is malformed.
pub(super) fn read_index(
    path: &[u8],
    start: usize,
    array_len: impl FnOnce() -> Option<u64>,
) -> Result<(u64, usize), Miss> {
    const LIMIT: u64 = 0xffff_ffff;
    let byte = |at: usize| path.get(at).copied().unwrap_or(0);
    let read_digits = |at: &mut usize| {
        let mut number: u64 = 0;
        while byte(*at).is_ascii_digit() {
            if number < LIMIT {
                number = number * 10 + u64::from(byte(*at) - b'0');
            }
            *at += 1;
        }
        number
    };
    let mut at = start + 1;
    let index = read_digits(&mut at);
    if at > start + 1 && byte(at) == b']' {
        return Ok((index, at + 1));
    }
    if byte(start + 1) != b'#' {
        return Err(Miss::BadPath);
    }
    let mut index = array_len().ok_or(Miss::Malformed)?;
    at = start + 2;
    if byte(at) == b'-' && byte(at + 1).is_ascii_digit() {
        at += 1;
        let back = read_digits(&mut at);
        index = index.checked_sub(back).ok_or(Miss::NotFound)?;
    }
    if byte(at) == b']' { Ok((index, at + 1)) } else { Err(Miss::BadPath) }
}

/// Reads a label; whether it is raw, and where the path goes on.
#[inline]
pub(super) fn read_key(path: &[u8], start: usize) -> Result<(&[u8], bool, usize), Miss> {
    if path.get(start) == Some(&b'"') {
        let mut end = start + 1;
        while let Some(&c) = path.get(end) {
            if c == b'"' {
                let key = &path[start + 1..end];
                return Ok((key, !key.contains(&b'\\'), end + 1));
            }
            end += if c == b'\\' && end + 1 < path.len() { 2 } else { 1 };
        }
        return Err(Miss::BadPath);
    }
    let len = path[start..].iter().take_while(|&&c| c != b'.' && c != b'[').count();
    if len == 0 {
        return Err(Miss::BadPath);
    }
    Ok((&path[start..start + len], true, start + len))
}

/// The node with a header longer by `more` bytes, where there is such a header.
fn stretch(node: &[u8], more: usize) -> Option<Vec<u8>> {
    if node[0] & 0x0f <= kind::FALSE {
        return None;
    }
    let header = match node[0] >> 4 {
        0..=11 => 1,
        12 => 2,
        13 => 3,
        14 => 5,
        _ => return None,
    };
    let size = match header + more {
        2 => 0xc0,
        3 => 0xd0,
        5 => 0xe0,
        9 => 0xf0,
        _ => return None,
    };
    let length = (node.len() - header) as u64;
    let mut out = vec![node[0] & 0x0f | size];
    out.extend_from_slice(&length.to_be_bytes()[9 - (header + more)..]);
    out.extend_from_slice(&node[header..]);
    Some(out)
}
