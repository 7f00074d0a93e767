//! Plain JSON text read where it stands: one pass that checks all of it and finds the value at a path.
//!
//! Most documents are plain JSON and most paths lead somewhere, or nowhere, without an error. For those no JSONB has to
//! be made. Everything else, JSON5, faults, strange paths, documents deeper than `MAX_NESTING`, is answered by `None`:
//! then the parser and `path` decide, and tell what is wrong.

use pluresdb_value::Bytes;

use super::escape::same_label;
use super::node::{kind, plain_len};
use super::parse::is_json_space;
use super::path::{Miss, read_index, read_key};

/// Containers within each other that are still read here: a bit of a word for each.
const MAX_NESTING: u32 = 64;

/// A value in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span<'t> {
    pub kind: u8,
    /// Where it begins in the document.
    pub at: usize,
    /// The same with its label, if it has one.
    pub member_at: usize,
    /// As it is written, with its quotes or brackets.
    pub text: &'t [u8],
    /// White space stands between its parts.
    pub is_spaced: bool,
}

impl<'t> Span<'t> {
    pub fn is_container(self) -> bool {
        self.kind >= kind::ARRAY
    }

    /// What JSONB would have as the payload of a scalar.
    pub fn payload(self) -> &'t [u8] {
        match self.kind {
            kind::NULL | kind::TRUE | kind::FALSE => &[],
            kind::TEXT | kind::TEXTJ => &self.text[1..self.text.len() - 1],
            _ => self.text,
        }
    }

    /// The text without white space between its parts: as JSONB would be rendered.
    pub fn compact(self) -> Bytes {
        if !self.is_spaced {
            return Bytes::new(self.text);
        }
        let mut out = Vec::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some(&c) = rest.first() {
            let len = if c == b'"' {
                string_len(rest)
            } else {
                rest.iter().take_while(|&&c| !is_json_space(c) && c != b'"').count()
            };
            out.extend_from_slice(&rest[..len]);
            rest = &rest[len..];
            rest = &rest[rest.iter().take_while(|&&c| is_json_space(c)).count()..];
        }
        Bytes::from(out)
    }

    /// Elements of the array that it is.
    pub fn array_len(self) -> Option<u64> {
        Scanner::new(self.text).array_len()
    }
}

/// What a path leads to.
pub(super) enum Place<'t, 'p> {
    At(Span<'t>),
    /// Nothing, but a container that could have it.
    Room(Room<'p>),
    Nowhere,
}

/// The end of a container that lacks the last step of a path.
#[derive(Clone, Copy)]
pub(super) struct Room<'p> {
    /// Where its closing bracket stands.
    pub at: usize,
    /// The label, of an object.
    pub key: Option<&'p [u8]>,
}

/// Bytes of the sound string at the front.
fn string_len(text: &[u8]) -> usize {
    let mut at = 1;
    while text[at] != b'"' {
        at += 1 + usize::from(text[at] == b'\\');
    }
    at + 1
}

/// The whole document.
pub(super) fn document(text: &[u8]) -> Option<Span<'_>> {
    find(text, b"").flatten()
}

/// The value at `path`, which is what stands behind the `$`; `Some(None)` when there is none.
pub(super) fn find<'t>(text: &'t [u8], path: &[u8]) -> Option<Option<Span<'t>>> {
    Some(match find_place(text, path)? {
        Place::At(found) => Some(found),
        Place::Room(_) | Place::Nowhere => None,
    })
}

/// The same for edits.
pub(super) fn find_place<'t, 'p>(text: &'t [u8], path: &'p [u8]) -> Option<Place<'t, 'p>> {
    let mut scanner = Scanner::new(text);
    let place = scanner.find(path, 0)?;
    scanner.peek();
    (scanner.at == text.len()).then_some(place)
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    is_spaced: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t [u8]) -> Scanner<'t> {
        Scanner { text, at: 0, is_spaced: false }
    }

    #[inline]
    fn byte(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// The next byte that is no white space; 0 at the end.
    #[inline]
    fn peek(&mut self) -> u8 {
        let byte = self.byte();
        if byte > b' ' { byte } else { self.peek_behind_space() }
    }

    fn peek_behind_space(&mut self) -> u8 {
        while is_json_space(self.byte()) {
            self.at += 1;
            self.is_spaced = true;
        }
        self.byte()
    }

    #[inline]
    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek() == wanted).then(|| self.at += 1)
    }

    // Recursion is one level for each step of the path, at most MAX_NESTING.
    fn find<'p>(&mut self, path: &'p [u8], depth: u32) -> Option<Place<'t, 'p>> {
        let opening = self.peek();
        match path.first() {
            None => {
                let at = self.at;
                self.is_spaced = false;
                let kind = self.value()?;
                let text = &self.text[at..self.at];
                Some(Place::At(Span { kind, at, member_at: at, text, is_spaced: self.is_spaced }))
            }
            Some(_) if depth == MAX_NESTING => None,
            Some(b'.') => {
                let (key, is_raw, next) = read_key(path, 1).ok()?;
                if opening != b'{' {
                    self.value()?;
                    return Some(Place::Nowhere);
                }
                self.find_member(key, is_raw, &path[next..], depth)
            }
            Some(b'[') => {
                if opening != b'[' {
                    self.value()?;
                    return Some(Place::Nowhere);
                }
                let start = self.at;
                let index = read_index(path, 0, || self.array_len());
                self.at = start;
                match index {
                    Ok((index, next)) => self.find_element(index, &path[next..], depth),
                    Err(Miss::NotFound) => {
                        self.value()?;
                        Some(Place::Nowhere)
                    }
                    Err(_) => None,
                }
            }
            Some(_) => None,
        }
    }

    /// In the object here the first member of that label counts.
    fn find_member<'p>(
        &mut self,
        key: &'p [u8],
        key_is_raw: bool,
        rest: &'p [u8],
        depth: u32,
    ) -> Option<Place<'t, 'p>> {
        let mut found = None;
        self.at += 1;
        if self.peek() != b'}' {
            loop {
                self.peek();
                let member_at = self.at;
                let (label, label_is_raw) = self.label()?;
                if found.is_none() && same_label(key, key_is_raw, label, label_is_raw) {
                    let mut place = self.find(rest, depth + 1)?;
                    if let Place::At(span) = &mut place
                        && rest.is_empty()
                    {
                        span.member_at = member_at;
                    }
                    found = Some(place);
                } else {
                    self.value()?;
                }
                match self.peek() {
                    b',' => self.at += 1,
                    b'}' => break,
                    _ => return None,
                }
            }
        }
        let at = self.at;
        self.at += 1;
        let has_room = rest.is_empty() && key_is_raw;
        let missing = || if has_room { Place::Room(Room { at, key: Some(key) }) } else { Place::Nowhere };
        Some(found.unwrap_or_else(missing))
    }

    fn find_element<'p>(&mut self, index: u64, rest: &'p [u8], depth: u32) -> Option<Place<'t, 'p>> {
        let mut found = None;
        let mut count = 0;
        self.at += 1;
        if self.peek() != b']' {
            loop {
                if count == index {
                    found = Some(self.find(rest, depth + 1)?);
                } else {
                    self.value()?;
                }
                count += 1;
                match self.peek() {
                    b',' => self.at += 1,
                    b']' => break,
                    _ => return None,
                }
            }
        }
        let at = self.at;
        self.at += 1;
        let has_room = rest.is_empty() && count == index;
        let missing = || if has_room { Place::Room(Room { at, key: None }) } else { Place::Nowhere };
        Some(found.unwrap_or_else(missing))
    }

    fn array_len(&mut self) -> Option<u64> {
        self.take(b'[')?;
        if self.peek() == b']' {
            return Some(0);
        }
        for count in 1.. {
            self.value()?;
            match self.peek() {
                b',' => self.at += 1,
                b']' => return Some(count),
                _ => return None,
            }
        }
        None
    }

    /// A label and its colon; the text between the quotes, and whether it has no escapes.
    #[inline]
    fn label(&mut self) -> Option<(&'t [u8], bool)> {
        if self.peek() != b'"' {
            return None;
        }
        let start = self.at + 1;
        let kind = self.string()?;
        let label = &self.text[start..self.at - 1];
        self.take(b':')?;
        Some((label, kind == kind::TEXT))
    }

    /// Passes a value; its kind.
    fn value(&mut self) -> Option<u8> {
        let mut nesting = 0;
        // The innermost container is the lowest bit.
        let mut is_object: u64 = 0;
        let mut outermost = None;
        loop {
            let opening = self.peek();
            let kind = match opening {
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b'{' | b'[' => {
                    let (kind, close) =
                        if opening == b'{' { (kind::OBJECT, b'}') } else { (kind::ARRAY, b']') };
                    self.at += 1;
                    if self.peek() == close {
                        self.at += 1;
                        kind
                    } else {
                        if nesting == MAX_NESTING {
                            return None;
                        }
                        nesting += 1;
                        is_object = is_object << 1 | u64::from(opening == b'{');
                        outermost.get_or_insert(kind);
                        if opening == b'{' {
                            self.label()?;
                        }
                        continue;
                    }
                }
                b't' => self.word(b"true", kind::TRUE)?,
                b'f' => self.word(b"false", kind::FALSE)?,
                b'n' => self.word(b"null", kind::NULL)?,
                _ => return None,
            };
            let outermost = *outermost.get_or_insert(kind);
            loop {
                if nesting == 0 {
                    return Some(outermost);
                }
                match (self.peek(), is_object & 1 == 1) {
                    (b',', in_object) => {
                        self.at += 1;
                        if in_object {
                            self.label()?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        nesting -= 1;
                        is_object >>= 1;
                    }
                    _ => return None,
                }
            }
        }
    }

    #[inline]
    fn word(&mut self, word: &[u8], kind: u8) -> Option<u8> {
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            kind
        })
    }

    #[inline]
    fn string(&mut self) -> Option<u8> {
        let mut kind = kind::TEXT;
        self.at += 1;
        loop {
            self.at += plain_len(&self.text[self.at..]);
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Some(kind);
                }
                b'\\' => {
                    kind = kind::TEXTJ;
                    self.at += 1;
                    match self.byte() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                        b'u' => {
                            let digits = self.text.get(self.at + 1..self.at + 5)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            self.at += 5;
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }

    #[inline]
    fn number(&mut self) -> Option<u8> {
        let mut kind = kind::INT;
        self.at += usize::from(self.byte() == b'-');
        if self.byte() == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == b'.' {
            kind = kind::FLOAT;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            kind = kind::FLOAT;
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), b'+' | b'-'));
            self.digits()?;
        }
        Some(kind)
    }

    #[inline]
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}
