//! Edits of plain JSON text where it stands. The result is what JSONB would be rendered as; `None` leaves it to JSONB.

use std::borrow::Cow;

use pluresdb_value::ValueRef;

use super::escape::push_quoted;
use super::scan::{self, Place, Room};
use super::{Insertion, push_value};
use crate::json::render::Text;

/// A document under edit: plain JSON without white space between its parts.
pub(super) struct PlainText<'t>(Cow<'t, [u8]>);

impl<'t> PlainText<'t> {
    pub fn new(text: &'t [u8]) -> Option<PlainText<'t>> {
        let whole = scan::document(text)?;
        Some(PlainText(if whole.is_spaced {
            Cow::Owned(whole.compact().to_vec())
        } else {
            Cow::Borrowed(whole.text)
        }))
    }

    pub fn into_text(self) -> Cow<'t, [u8]> {
        self.0
    }

    /// `path` is what stands behind the `$`.
    pub fn insert(
        &mut self,
        path: &[u8],
        insertion: Insertion,
        value: ValueRef<'_>,
        is_json: bool,
    ) -> Option<()> {
        let (replaces, creates) = match insertion {
            Insertion::Insert => (false, true),
            Insertion::Replace => (true, false),
            Insertion::Set => (true, true),
            Insertion::Array => return None,
        };
        let new = json_of(value, is_json)?;
        match scan::find_place(&self.0, path)? {
            Place::At(found) if replaces => {
                let end = found.at + found.text.len();
                self.splice(found.at, end, &[&new]);
            }
            Place::Room(Room { at, key }) if creates => {
                let comma: &[u8] = if matches!(self.0[at - 1], b'{' | b'[') { b"" } else { b"," };
                let mut label = Vec::new();
                if let Some(key) = key {
                    push_quoted(key, &mut label);
                    label.push(b':');
                }
                self.splice(at, at, &[comma, &label, &new]);
            }
            Place::Nowhere if creates => return None,
            Place::At(_) | Place::Room(_) | Place::Nowhere => {}
        }
        Some(())
    }

    pub fn remove(&mut self, path: &[u8]) -> Option<()> {
        if path.is_empty() {
            return None;
        }
        if let Place::At(found) = scan::find_place(&self.0, path)? {
            let (mut start, mut end) = (found.member_at, found.at + found.text.len());
            if self.0[end] == b',' {
                end += 1;
            } else if self.0[start - 1] == b',' {
                start -= 1;
            }
            self.splice(start, end, &[]);
        }
        Some(())
    }

    fn splice(&mut self, start: usize, end: usize, new: &[&[u8]]) {
        let mut out =
            Vec::with_capacity(start + new.iter().map(|part| part.len()).sum::<usize>() + self.0.len() - end);
        out.extend_from_slice(&self.0[..start]);
        for part in new {
            out.extend_from_slice(part);
        }
        out.extend_from_slice(&self.0[end..]);
        self.0 = Cow::Owned(out);
    }
}

/// A SQL value as the JSON text that its node would be rendered as.
fn json_of(value: ValueRef<'_>, is_json: bool) -> Option<Vec<u8>> {
    match value {
        ValueRef::Text(json) if is_json => Some(scan::document(json)?.compact().to_vec()),
        // Written another way than where no document is around it.
        ValueRef::Real(real) if real.is_infinite() => None,
        ValueRef::Blob(_) => None,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => {
            let mut text = Text::default();
            push_value(&mut text, value, false);
            Some(text.out)
        }
    }
}
