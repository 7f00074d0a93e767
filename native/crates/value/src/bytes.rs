//! Immutable bytes of a text or blob: up to 15 in place, more behind a shared pointer.
//!
//! Most SQL text is short (names, codes, dates), and a row is cloned more often than it is made: a short value
//! costs neither an allocation nor a reference count. The whole is 16 bytes wide, so that `Value` is 24.

use std::ops::Deref;
use std::sync::Arc;

/// Cheap-to-clone immutable bytes.
#[derive(Clone)]
pub struct Bytes(Repr);

#[derive(Clone)]
enum Repr {
    Inline(InlineLen, [u8; INLINE_MAX]),
    // A thin pointer: a fat one (`Arc<[u8]>`) would leave room for 7 bytes in place instead of 15.
    Shared(Arc<Box<[u8]>>),
}

const INLINE_MAX: usize = 15;

/// A length the compiler knows to be at most 15; its unused bit patterns hold the tag of `Repr`.
#[derive(Clone, Copy)]
#[repr(u8)]
enum InlineLen {
    L0,
    L1,
    L2,
    L3,
    L4,
    L5,
    L6,
    L7,
    L8,
    L9,
    L10,
    L11,
    L12,
    L13,
    L14,
    L15,
}

const INLINE_LENS: [InlineLen; INLINE_MAX + 1] = [
    InlineLen::L0,
    InlineLen::L1,
    InlineLen::L2,
    InlineLen::L3,
    InlineLen::L4,
    InlineLen::L5,
    InlineLen::L6,
    InlineLen::L7,
    InlineLen::L8,
    InlineLen::L9,
    InlineLen::L10,
    InlineLen::L11,
    InlineLen::L12,
    InlineLen::L13,
    InlineLen::L14,
    InlineLen::L15,
];

impl Bytes {
    pub const EMPTY: Bytes = Bytes(Repr::Inline(InlineLen::L0, [0; INLINE_MAX]));

    #[inline]
    pub fn new(bytes: &[u8]) -> Bytes {
        match Bytes::inline(bytes) {
            Some(short) => short,
            None => Bytes(Repr::Shared(Arc::new(Box::from(bytes)))),
        }
    }

    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline(len, bytes) => &bytes[..*len as usize],
            Repr::Shared(bytes) => bytes,
        }
    }

    #[inline]
    fn inline(bytes: &[u8]) -> Option<Bytes> {
        if bytes.len() > INLINE_MAX {
            return None;
        }
        let mut buffer = [0; INLINE_MAX];
        buffer[..bytes.len()].copy_from_slice(bytes);
        Some(Bytes(Repr::Inline(INLINE_LENS[bytes.len()], buffer)))
    }

    /// Becomes a copy of other bytes, in the memory it has where nobody shares it and the length is the same.
    #[inline]
    pub fn assign(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Repr::Inline(len, buffer) if bytes.len() <= INLINE_MAX => {
                buffer[..bytes.len()].copy_from_slice(bytes);
                *len = INLINE_LENS[bytes.len()];
                return;
            }
            Repr::Shared(shared) if bytes.len() > INLINE_MAX => {
                if let Some(own) = Arc::get_mut(shared)
                    && own.len() == bytes.len()
                {
                    own.copy_from_slice(bytes);
                    return;
                }
            }
            _ => {}
        }
        *self = Bytes::new(bytes);
    }

    /// The bytes as an owned vector, for code that builds on them.
    pub fn to_vec(&self) -> Vec<u8> {
        self.as_slice().to_vec()
    }
}

impl Deref for Bytes {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl From<&[u8]> for Bytes {
    #[inline]
    fn from(bytes: &[u8]) -> Bytes {
        Bytes::new(bytes)
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(bytes: &[u8; N]) -> Bytes {
        Bytes::new(bytes)
    }
}

impl From<Vec<u8>> for Bytes {
    #[inline]
    fn from(bytes: Vec<u8>) -> Bytes {
        match Bytes::inline(&bytes) {
            Some(short) => short,
            None => Bytes(Repr::Shared(Arc::new(bytes.into_boxed_slice()))),
        }
    }
}

impl From<&str> for Bytes {
    #[inline]
    fn from(text: &str) -> Bytes {
        Bytes::new(text.as_bytes())
    }
}

impl From<String> for Bytes {
    #[inline]
    fn from(text: String) -> Bytes {
        Bytes::from(text.into_bytes())
    }
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::EMPTY
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Bytes) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Bytes) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Bytes) -> std::cmp::Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl std::hash::Hash for Bytes {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.as_slice().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_bytes_leave_copies_as_they_were() {
        for len in [0, 15, 16, 100] {
            let mut bytes = Bytes::from(vec![1; len]);
            bytes.assign(&vec![2; len]);
            assert_eq!(*bytes, vec![2; len]);
            let copy = bytes.clone();
            for other in [len, len + 1, 3] {
                bytes.assign(&vec![3; other]);
                assert_eq!(*bytes, vec![3; other]);
            }
            assert_eq!(*copy, vec![2; len]);
        }
    }

    #[test]
    fn bytes_are_16_wide_and_keep_what_they_were_given() {
        assert_eq!(size_of::<Bytes>(), 16);
        for len in [0, 1, 14, 15, 16, 17, 1000] {
            let original: Vec<u8> = (0..len).map(|i| i as u8).collect();
            let bytes = Bytes::from(original.clone());
            assert_eq!(&*bytes, &original[..]);
            assert_eq!(bytes.clone(), Bytes::new(&original));
        }
    }
}
