//! RFC 7396 merge patches, made in place.

use super::escape::same_label;
use super::node::{self, MAX_DEPTH, is_raw_text, is_text, kind};
use super::path::Document;
use crate::registry::FunctionError;

fn malformed() -> FunctionError {
    FunctionError::new("malformed JSON")
}

/// Applies the patch at `patch_at` to the node at `at`. Afterwards `target.delta` is what the node grew by.
pub(super) fn merge(
    target: &mut Document<'_>,
    at: usize,
    patch: &[u8],
    patch_at: usize,
    depth: u32,
) -> Result<(), FunctionError> {
    let patch_node = node::extent(patch, patch_at).ok_or_else(malformed)?;
    if patch[patch_at] & 0x0f != kind::OBJECT {
        let size = target.extent(at).map_or(0, node::Extent::total);
        target.splice(at, size, &patch[patch_at..patch_at + patch_node.total()]);
        return Ok(());
    }
    if target.kind(at) != kind::OBJECT {
        // Any other node becomes an empty object. Its header tells the old length until the end.
        let old = target.extent(at).ok_or_else(malformed)?;
        target.splice(at + old.header, old.payload, &[]);
        let first = &mut target.blob.to_mut()[at];
        *first = *first & 0xf0 | kind::OBJECT;
    }
    let object = target.extent(at).ok_or_else(malformed)?;
    let start = at + object.header;
    let original_end = start + object.payload;
    let patch_end = patch_at + patch_node.total();
    let mut cursor = patch_at + patch_node.header;
    while cursor < patch_end {
        let label_at = cursor;
        let label_kind = patch[label_at] & 0x0f;
        let label = node::extent(patch, label_at).filter(|_| is_text(label_kind)).ok_or_else(malformed)?;
        let value_at = label_at + label.total();
        if value_at >= patch_end {
            return Err(malformed());
        }
        let value = node::extent(patch, value_at).ok_or_else(malformed)?;
        cursor = value_at + value.total();
        if cursor > patch_end {
            return Err(malformed());
        }
        let text = &patch[label_at + label.header..value_at];
        let end = original_end.wrapping_add_signed(target.delta);
        let member = find_member(target, start, end, text, is_raw_text(label_kind))?;
        let is_null = patch[value_at] & 0x0f == kind::NULL;
        match member {
            Some((member_at, member_end, _)) if is_null => {
                target.splice(member_at, member_end - member_at, &[]);
            }
            Some((_, _, member_value)) => merge_inside(target, member_value, patch, value_at, depth)?,
            None if is_null => {}
            None if patch[value_at] & 0x0f == kind::OBJECT => {
                // Merged into nothing, so that the nulls inside the patch vanish.
                let mut member = patch[label_at..value_at].to_vec();
                member.push(kind::NULL);
                target.splice(end, 0, &member);
                merge_inside(target, end + label.total(), patch, value_at, depth)?;
            }
            None => target.splice(end, 0, &patch[label_at..cursor]),
        }
    }
    if target.delta != 0 {
        target.adjust(at);
    }
    Ok(())
}

fn merge_inside(
    target: &mut Document<'_>,
    at: usize,
    patch: &[u8],
    patch_at: usize,
    depth: u32,
) -> Result<(), FunctionError> {
    if depth >= MAX_DEPTH {
        return Err(FunctionError::new("JSON nested too deep"));
    }
    let outer = std::mem::take(&mut target.delta);
    merge(target, at, patch, patch_at, depth + 1)?;
    target.delta += outer;
    Ok(())
}

/// The member with that label: where it begins, where it ends, where its value begins.
fn find_member(
    target: &Document<'_>,
    start: usize,
    end: usize,
    label: &[u8],
    is_raw: bool,
) -> Result<Option<(usize, usize, usize)>, FunctionError> {
    let mut at = start;
    while at < end {
        let kind = target.kind(at);
        let found = target.extent(at).filter(|_| is_text(kind)).ok_or_else(malformed)?;
        let value_at = at + found.total();
        if value_at >= end {
            return Err(malformed());
        }
        let value = target.extent(value_at).ok_or_else(malformed)?;
        let member_end = value_at + value.total();
        if member_end > end {
            return Err(malformed());
        }
        let text = target.blob.get(at + found.header..value_at).ok_or_else(malformed)?;
        if same_label(label, is_raw, text, is_raw_text(kind)) {
            return Ok(Some((at, member_end, value_at)));
        }
        at = member_end;
    }
    Ok(None)
}
