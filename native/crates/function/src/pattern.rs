//! LIKE and GLOB.
//!
//! Both walk pattern and text character by character; a `%` or `*` looks for the next literal character and tries the
//! rest from there. A branch that runs out of text under a wildcard ends the whole search (`Outcome::Exhausted`):
//! that keeps the work quadratic rather than exponential.
//!
//! Like SQLite, both read up to the first NUL, fold only ASCII, and take invalid UTF-8 as it comes.

use memchr::memmem;

use crate::text::{before_nul, next_char, skip_char};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Match,
    NoMatch,
    /// No match, and none further right either.
    Exhausted,
}

/// The special characters of a pattern language; `None` where it has none.
#[derive(Clone, Copy)]
struct Language {
    any: Option<u32>,
    one: Option<u32>,
    /// LIKE's escape character, or GLOB's `[`.
    other: Option<u32>,
    has_sets: bool,
    ignores_case: bool,
}

/// `text LIKE pattern ESCAPE escape`. An escape character that is itself a wildcard is no wildcard any more.
pub fn like(pattern: &[u8], text: &[u8], escape: Option<u32>, case_sensitive: bool) -> bool {
    let percent = u32::from('%');
    let underscore = u32::from('_');
    let language = Language {
        any: (escape != Some(percent)).then_some(percent),
        one: (escape != Some(underscore)).then_some(underscore),
        other: escape,
        has_sets: false,
        ignores_case: !case_sensitive,
    };
    matches(before_nul(pattern), before_nul(text), language) == Outcome::Match
}

/// `text GLOB pattern`.
pub fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let language = Language {
        any: Some(u32::from('*')),
        one: Some(u32::from('?')),
        other: Some(u32::from('[')),
        has_sets: true,
        ignores_case: false,
    };
    matches(before_nul(pattern), before_nul(text), language) == Outcome::Match
}

/// The only character of an ESCAPE text, if it is one character.
pub fn escape_character(escape: &[u8]) -> Option<u32> {
    let mut rest = before_nul(escape);
    if rest.is_empty() || skip_char(rest) != rest.len() {
        return None;
    }
    next_char(&mut rest)
}

fn lower(c: u32) -> u32 {
    if (0x41..=0x5a).contains(&c) { c + 32 } else { c }
}

// Recursion is one level for each wildcard of the pattern; the length of patterns is limited by the caller.
fn matches(mut pattern: &[u8], mut text: &[u8], language: Language) -> Outcome {
    while let Some(mut c) = next_char(&mut pattern) {
        let at = Some(c);
        let mut is_escaped = false;
        if at == language.any {
            return matches_after_wildcard(pattern, text, language);
        }
        if at == language.other {
            if language.has_sets {
                let Some(subject) = next_char(&mut text) else { return Outcome::NoMatch };
                if !set_contains(&mut pattern, subject) {
                    return Outcome::NoMatch;
                }
                continue;
            }
            match next_char(&mut pattern) {
                Some(literal) => c = literal,
                None => return Outcome::NoMatch,
            }
            is_escaped = true;
        }
        let Some(subject) = next_char(&mut text) else { return Outcome::NoMatch };
        let is_equal = c == subject
            || language.ignores_case && c < 0x80 && subject < 0x80 && lower(c) == lower(subject)
            || Some(c) == language.one && !is_escaped;
        if !is_equal {
            return Outcome::NoMatch;
        }
    }
    if text.is_empty() { Outcome::Match } else { Outcome::NoMatch }
}

fn matches_after_wildcard(mut pattern: &[u8], mut text: &[u8], language: Language) -> Outcome {
    let mut literal;
    let mut before_literal;
    loop {
        before_literal = pattern;
        literal = next_char(&mut pattern);
        if literal.is_some() && literal == language.any {
            continue;
        }
        if literal.is_some() && literal == language.one {
            if next_char(&mut text).is_none() {
                return Outcome::Exhausted;
            }
            continue;
        }
        break;
    }
    let Some(mut c) = literal else { return Outcome::Match };
    if literal == language.other {
        if language.has_sets {
            while !text.is_empty() {
                let outcome = matches(before_literal, text, language);
                if outcome != Outcome::NoMatch {
                    return outcome;
                }
                text = &text[skip_char(text)..];
            }
            return Outcome::Exhausted;
        }
        match next_char(&mut pattern) {
            Some(escaped) => c = escaped,
            None => return Outcome::Exhausted,
        }
    }
    if c < 0x80 {
        // Bytes below 80 hex stand for themselves wherever they are.
        while let Some(found) = find_byte(c as u8, text, language.ignores_case) {
            text = &text[found + 1..];
            let outcome = matches(pattern, text, language);
            if outcome != Outcome::NoMatch {
                return outcome;
            }
        }
    } else {
        while let Some(subject) = next_char(&mut text) {
            if subject == c {
                let outcome = matches(pattern, text, language);
                if outcome != Outcome::NoMatch {
                    return outcome;
                }
            }
        }
    }
    Outcome::Exhausted
}

fn find_byte(byte: u8, text: &[u8], ignores_case: bool) -> Option<usize> {
    if ignores_case && byte.is_ascii_alphabetic() {
        memchr::memchr2(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), text)
    } else {
        memchr::memchr(byte, text)
    }
}

/// A LIKE or GLOB pattern made ready for many texts. ASCII literals with `%` or `*` around, before, behind or between
/// them are plain searches; anything else is matched as `like` and `glob` do.
#[derive(Clone, Debug)]
pub struct LikePattern {
    pattern: Vec<u8>,
    syntax: Syntax,
    case_sensitive: bool,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Like { escape: Option<u32> },
    Glob,
}

impl Syntax {
    /// The character that stands for any text, if there is one.
    fn any(self) -> Option<u8> {
        match self {
            Syntax::Like { escape } => (escape != Some(u32::from('%'))).then_some(b'%'),
            Syntax::Glob => Some(b'*'),
        }
    }

    /// What is no literal, or not compared byte by byte.
    fn is_special(self, byte: u8) -> bool {
        !byte.is_ascii()
            || match self {
                Syntax::Like { escape } => byte == b'_' || escape == Some(u32::from(byte)),
                Syntax::Glob => matches!(byte, b'?' | b'['),
            }
    }
}

#[derive(Clone, Debug)]
enum Form {
    Equal(Vec<u8>),
    Prefix(Vec<u8>),
    Suffix(Vec<u8>),
    /// One after the other, with anything around them.
    Contains(Vec<Word>),
    /// One after the other, behind a beginning and before an end.
    Between {
        start: Vec<u8>,
        words: Vec<Word>,
        end: Vec<u8>,
    },
    General,
}

impl LikePattern {
    pub fn new(pattern: &[u8], escape: Option<u32>, case_sensitive: bool) -> LikePattern {
        LikePattern::of(pattern, Syntax::Like { escape }, case_sensitive)
    }

    pub fn glob(pattern: &[u8]) -> LikePattern {
        LikePattern::of(pattern, Syntax::Glob, true)
    }

    fn of(pattern: &[u8], syntax: Syntax, case_sensitive: bool) -> LikePattern {
        let pattern = before_nul(pattern);
        LikePattern { form: Form::of(pattern, syntax), pattern: pattern.to_vec(), syntax, case_sensitive }
    }

    /// Whether it was made of this LIKE pattern, with no ESCAPE.
    pub fn is_like(&self, pattern: &[u8], case_sensitive: bool) -> bool {
        self.syntax == Syntax::Like { escape: None }
            && self.case_sensitive == case_sensitive
            && self.pattern == before_nul(pattern)
    }

    /// Whether it was made of this GLOB pattern.
    pub fn is_glob(&self, pattern: &[u8]) -> bool {
        self.syntax == Syntax::Glob && self.pattern == before_nul(pattern)
    }

    /// The first word that a text has to contain, and before any NUL, when the pattern is made of words.
    pub fn searched_word(&self) -> Option<&[u8]> {
        match &self.form {
            Form::Contains(words) if !words[0].bytes.is_empty() => Some(&words[0].bytes),
            _ => None,
        }
    }

    /// Whether what contains `searched_word`, and before any NUL, matches.
    pub fn says_no_more(&self) -> bool {
        matches!(&self.form, Form::Contains(words) if words.len() == 1)
    }

    /// Whether a text matches in which `searched_word` stands first at this place, and before any NUL.
    pub fn matches_behind(&self, text: &[u8], at: usize) -> bool {
        match &self.form {
            Form::Contains(words) => {
                let rest = before_nul(&text[at + words[0].bytes.len()..]);
                contains_all(rest, &words[1..], self.case_sensitive)
            }
            _ => self.matches(text),
        }
    }

    /// Calls `visit` with the places where `searched_word` stands, from left to right, but for those before what it last
    /// returned.
    pub fn each_word(&self, bytes: &[u8], visit: impl FnMut(usize) -> usize) {
        if let Form::Contains(words) = &self.form {
            words[0].each(bytes, self.case_sensitive, visit);
        }
    }

    pub fn matches(&self, text: &[u8]) -> bool {
        let same = |a: &[u8], b: &[u8]| if self.case_sensitive { a == b } else { a.eq_ignore_ascii_case(b) };
        let begins =
            |text: &[u8], literal: &[u8]| text.get(..literal.len()).is_some_and(|start| same(start, literal));
        match &self.form {
            // No literal has a NUL, so that what it equals lies before the text's.
            Form::Equal(literal) => {
                begins(text, literal) && text.get(literal.len()).is_none_or(|byte| *byte == 0)
            }
            Form::Prefix(literal) => begins(text, literal),
            Form::Suffix(literal) => {
                let text = before_nul(text);
                text.len().checked_sub(literal.len()).is_some_and(|at| same(&text[at..], literal))
            }
            Form::Contains(words) => contains_all(before_nul(text), words, self.case_sensitive),
            Form::Between { start, words, end } => {
                let text = before_nul(text);
                let Some(end_at) = text.len().checked_sub(end.len()) else { return false };
                start.len() <= end_at
                    && same(&text[end_at..], end)
                    && begins(text, start)
                    && contains_all(&text[start.len()..end_at], words, self.case_sensitive)
            }
            Form::General => match self.syntax {
                Syntax::Like { escape } => like(&self.pattern, text, escape, self.case_sensitive),
                Syntax::Glob => glob(&self.pattern, text),
            },
        }
    }
}

/// Whether the words stand one after the other.
fn contains_all(text: &[u8], words: &[Word], case_sensitive: bool) -> bool {
    let mut rest = text;
    words.iter().all(|word| match word.find(rest, case_sensitive) {
        Some(at) => {
            rest = &rest[at + word.bytes.len()..];
            true
        }
        None => false,
    })
}

/// A word that is looked for: without regard to case by the three of its letters that are met least, in a short text by one.
#[derive(Clone, Debug)]
struct Word {
    bytes: Vec<u8>,
    finder: memmem::Finder<'static>,
    has_case: bool,
    rarest: usize,
    /// `rarest` and the two rarest of the others.
    probes: Option<[Probe; 3]>,
    head: Head,
}

/// The first bytes of a word, up to eight, as one number.
#[derive(Clone, Copy, Debug)]
struct Head {
    bytes: u64,
    /// Set in letters, whose case is of no account.
    case_bits: u64,
    mask: u64,
}

impl Head {
    fn new(word: &[u8]) -> Head {
        let (mut bytes, mut case_bits, mut mask) = ([0; 8], [0; 8], [0; 8]);
        for (at, byte) in word.iter().take(8).enumerate() {
            (bytes[at], case_bits[at], mask[at]) = (byte.to_ascii_lowercase(), 0, 0xff);
            if byte.is_ascii_alphabetic() {
                case_bits[at] = 0x20;
            }
        }
        let number = u64::from_le_bytes;
        Head { bytes: number(bytes), case_bits: number(case_bits), mask: number(mask) }
    }

    /// Whether these begin with it.
    #[inline]
    fn meets(self, bytes: [u8; 8]) -> bool {
        (u64::from_le_bytes(bytes) | self.case_bits) & self.mask == self.bytes
    }
}

/// A byte of a word. A letter is found in both cases by setting the bit they differ in.
#[derive(Clone, Copy, Debug)]
struct Probe {
    at: usize,
    bit: u8,
    byte: u8,
}

impl Probe {
    fn new(word: &[u8], at: usize) -> Probe {
        let bit = if word[at].is_ascii_alphabetic() { 0x20 } else { 0 };
        Probe { at, bit, byte: word[at] | bit }
    }

    #[inline]
    fn meets(self, byte: u8) -> bool {
        byte | self.bit == self.byte
    }
}

/// Places that are looked at together.
const CHUNK: usize = 64;

impl Word {
    fn new(bytes: Vec<u8>) -> Word {
        // From common to rare in most languages; what is not listed is rarer, digits included.
        const COMMON: &[u8] = b" etaoinsrhldcumfpgwybvk";
        let rank =
            |byte: &u8| COMMON.iter().position(|c| *c == byte.to_ascii_lowercase()).unwrap_or(COMMON.len());
        let rarest = (0..bytes.len()).max_by_key(|at| rank(&bytes[*at])).unwrap_or(0);
        let rarest_but = |taken: &[usize]| {
            (0..bytes.len()).filter(|at| !taken.contains(at)).max_by_key(|at| rank(&bytes[*at]))
        };
        let probes = rarest_but(&[rarest]).map(|second| {
            let third = rarest_but(&[rarest, second]).unwrap_or(second);
            [rarest, second, third].map(|at| Probe::new(&bytes, at))
        });
        let finder = memmem::Finder::new(&bytes).into_owned();
        let has_case = bytes.iter().any(u8::is_ascii_alphabetic);
        let head = Head::new(&bytes);
        Word { bytes, finder, has_case, rarest, probes, head }
    }

    /// As `LikePattern::each_word`.
    fn each(&self, text: &[u8], case_sensitive: bool, mut visit: impl FnMut(usize) -> usize) {
        if !case_sensitive
            && self.has_case
            && let Some(probes) = self.probes
            && let Some(places) = (text.len() + 1).checked_sub(self.bytes.len())
            && places >= CHUNK
        {
            return self.each_by_probes(probes, text, places, visit);
        }
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| self.find(rest, case_sensitive)) {
            from = visit(from + found).max(from + found + 1);
        }
    }

    /// Where the word first stands.
    fn find(&self, text: &[u8], case_sensitive: bool) -> Option<usize> {
        if case_sensitive || !self.has_case {
            return self.finder.find(text);
        }
        let places = (text.len() + 1).checked_sub(self.bytes.len())?;
        if let Some(probes) = self.probes
            && places >= CHUNK
        {
            let mut found = None;
            self.each_by_probes(probes, text, places, |at| {
                found = Some(at);
                places
            });
            return found;
        }
        let rare = self.bytes[self.rarest];
        let mut from = self.rarest;
        while let Some(found) = find_byte(rare, text.get(from..)?, true) {
            let at = from + found - self.rarest;
            let here = text.get(at..at + self.bytes.len())?;
            if here.eq_ignore_ascii_case(&self.bytes) {
                return Some(at);
            }
            from += found + 1;
        }
        None
    }

    /// Whether the text, which has so many bytes from there on, has the word there, in any case.
    #[inline]
    fn stands_at(&self, text: &[u8], at: usize) -> bool {
        match text[at..].first_chunk() {
            Some(first) => {
                self.head.meets(*first)
                    && self
                        .bytes
                        .get(8..)
                        .is_none_or(|behind| text[at + 8..at + self.bytes.len()].eq_ignore_ascii_case(behind))
            }
            None => text[at..at + self.bytes.len()].eq_ignore_ascii_case(&self.bytes),
        }
    }

    /// `places` are those where it may begin, a chunk of them or more.
    fn each_by_probes(
        &self,
        [first, second, third]: [Probe; 3],
        text: &[u8],
        places: usize,
        mut visit: impl FnMut(usize) -> usize,
    ) {
        let mut start = 0;
        // No place before this one is of interest.
        let mut from = 0;
        while start < places {
            // The last chunk reaches back into the one before.
            start = start.min(places - CHUNK);
            let chunk = |probe: Probe| text[start + probe.at..].first_chunk::<CHUNK>();
            let (Some(firsts), Some(seconds), Some(thirds)) = (chunk(first), chunk(second), chunk(third))
            else {
                return;
            };
            let mut are_met = [0; CHUNK];
            for place in 0..CHUNK {
                are_met[place] = u8::from(
                    first.meets(firsts[place]) & second.meets(seconds[place]) & third.meets(thirds[place]),
                );
            }
            let words = are_met.as_chunks::<8>().0;
            if words.iter().fold(0, |any, word| any | u64::from_le_bytes(*word)) != 0 {
                let mut met = bits_of(words);
                while met != 0 {
                    let at = start + met.trailing_zeros() as usize;
                    met &= met - 1;
                    if at >= from && self.stands_at(text, at) {
                        from = visit(at).max(at + 1);
                    }
                }
            }
            start = from.max(start + CHUNK);
        }
    }
}

/// A bit for each byte, which is 0 or 1, the first one lowest.
#[inline]
fn bits_of(words: &[[u8; 8]]) -> u64 {
    words.iter().enumerate().fold(0, |all, (index, word)| {
        // The product brings the lowest bits of the eight bytes together in the highest byte.
        let bits = u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        all | bits << (8 * index)
    })
}

impl Form {
    fn of(pattern: &[u8], syntax: Syntax) -> Form {
        let Some(any) = syntax.any() else { return Form::General };
        if pattern.iter().any(|byte| syntax.is_special(*byte)) {
            return Form::General;
        }
        let mut parts = pattern.split(|byte| *byte == any);
        let start = parts.next().unwrap_or_default().to_vec();
        let Some(end) = parts.next_back() else { return Form::Equal(start) };
        let end = end.to_vec();
        let words: Vec<Word> =
            parts.filter(|part| !part.is_empty()).map(|part| Word::new(part.to_vec())).collect();
        match (start.is_empty(), words.is_empty(), end.is_empty()) {
            (true, true, true) => Form::Contains(vec![Word::new(Vec::new())]),
            (true, false, true) => Form::Contains(words),
            (false, true, true) => Form::Prefix(start),
            (true, true, false) => Form::Suffix(end),
            _ => Form::Between { start, words, end },
        }
    }
}

/// Reads a set up to and with its `]`, and whether it holds `subject`. A set that does not end holds nothing.
fn set_contains(pattern: &mut &[u8], subject: u32) -> bool {
    let mut next = || next_char(pattern).map(|c| (c, *pattern));
    let (hyphen, close) = (u32::from('-'), u32::from(']'));
    let mut is_member = false;
    let mut is_inverted = false;
    let mut before: Option<u32> = None;
    let mut c = next();
    if c.is_some_and(|(c, _)| c == u32::from('^')) {
        is_inverted = true;
        c = next();
    }
    if c.is_some_and(|(c, _)| c == close) {
        is_member = subject == close;
        c = next();
    }
    loop {
        let Some((member, rest)) = c else { return false };
        if member == close {
            return is_member != is_inverted;
        }
        match before {
            Some(from) if member == hyphen && !rest.is_empty() && rest[0] != b']' => {
                let Some((to, _)) = next() else { return false };
                is_member |= (from..=to).contains(&subject);
                before = None;
            }
            _ => {
                is_member |= subject == member;
                before = Some(member);
            }
        }
        c = next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_knows_wildcards_case_and_escapes() {
        let yes = |pattern: &str, text: &str| like(pattern.as_bytes(), text.as_bytes(), None, false);
        assert!(yes("a%C", "abbc") && yes("%", "") && yes("_é_", "xéy") && yes("%b%", "aBa"));
        assert!(!yes("a_", "a") && !yes("É", "é") && !yes("", "x"));
        assert!(like(b"10!%", b"10%", Some(u32::from('!')), false));
        assert!(!like(b"10!%", b"10x", Some(u32::from('!')), false));
        assert!(!like(b"A", b"a", None, true));
        assert!(like(b"%%x", b"%x", Some(u32::from('%')), false));
    }

    #[test]
    fn a_word_is_found_wherever_it_begins_in_a_long_text() {
        for word in ["special", "Sp", "a1", "zz", "1a1", "[{"] {
            let ready = LikePattern::new(format!("%{word}%").as_bytes(), None, false);
            for len in word.len()..120 {
                for at in 0..=len - word.len() {
                    let mut text = vec![b'P'; len];
                    assert!(!ready.matches(&text), "no {word} among {len}");
                    text[at..at + word.len()].copy_from_slice(word.to_uppercase().as_bytes());
                    assert!(ready.matches(&text), "{word} at {at} of {len}");
                }
            }
        }
        // Bytes that differ from letters in the bit of their case alone.
        assert!(!LikePattern::new(b"%k@k%", None, false).matches(&b"k`k+`+".repeat(20)));
        assert!(
            LikePattern::new(b"%k@k%", None, false).matches(&[b"xyz".repeat(20), b"K@K".to_vec()].concat())
        );
    }

    #[test]
    fn a_pattern_made_ready_matches_as_like_does() {
        let texts =
            ["", "a", "Zaz", "xZebra", "zebr", "zebraX", "zzebra", "ZEBRA", "12", "x12y", "\0zebra", "é12"];
        for pattern in [
            "%", "%%", "%zebra%", "%a%", "%12%", "zebra%", "%zebra", "zebra", "%z_bra%", "%é%", "", "z%a",
            "%e%a", "z%b%",
        ] {
            for case_sensitive in [false, true] {
                let ready = LikePattern::new(pattern.as_bytes(), None, case_sensitive);
                for text in texts {
                    let expected = like(pattern.as_bytes(), text.as_bytes(), None, case_sensitive);
                    assert_eq!(ready.matches(text.as_bytes()), expected, "{text:?} LIKE {pattern:?}");
                }
            }
            let pattern = pattern.replace('%', "*").replace('_', "?");
            let ready = LikePattern::glob(pattern.as_bytes());
            for text in texts {
                let expected = glob(pattern.as_bytes(), text.as_bytes());
                assert_eq!(ready.matches(text.as_bytes()), expected, "{text:?} GLOB {pattern:?}");
            }
        }
    }

    #[test]
    fn glob_knows_sets() {
        let yes = |pattern: &str, text: &str| glob(pattern.as_bytes(), text.as_bytes());
        assert!(yes("a[b-d]*", "acxx") && yes("[^a]", "b") && yes("[]]", "]") && yes("*[0-9]", "ab1"));
        assert!(!yes("a", "A") && !yes("[a", "a") && !yes("[^]]", "]"));
    }
}
