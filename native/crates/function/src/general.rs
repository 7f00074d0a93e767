//! The core scalar functions: text, blobs, classes, the connection's counters.

use std::cmp::Ordering;

use memchr::memmem;
use pluresdb_value::{TextRef, Value, ValueRef, number};

use crate::build::{COMPILE_OPTIONS, SOURCE_ID, VERSION};
use crate::registry::{Call, Flags, FunctionError, Operand, Scalar};
use crate::text::{before_nul, is_continuation, next_char, push_char, skip_char};
use crate::{format, pattern};

type Answer = Result<Value, FunctionError>;

/// JSON's subtype as `subtype()` shows it.
const JSON_SUBTYPE: i64 = 74;

/// Of functions that compare their arguments and answer one of them.
const CHOOSING: Flags = Flags::COLLATION.with(Flags::PASSES_JSON);

pub(crate) const FUNCTIONS: &[Scalar] = &[
    Scalar::new("abs", 1, 1, abs),
    Scalar::new("changes", 0, 0, |call| Ok(Value::Integer(call.context.changes()))).only(Flags::INNOCUOUS),
    Scalar::new("char", 0, -1, char),
    Scalar::new("coalesce", 2, -1, coalesce).with(Flags::LAZY),
    Scalar::new("concat", 1, -1, |call| concat(call, 0, &[])),
    Scalar::new("concat_ws", 2, -1, concat_ws),
    Scalar::new("format", 0, -1, printf),
    Scalar::new("glob", 2, 2, glob).with(Flags::LIKE),
    Scalar::new("hex", 1, 1, hex),
    Scalar::new("if", 2, -1, iif).with(Flags::LAZY),
    Scalar::new("ifnull", 2, 2, coalesce).with(Flags::LAZY),
    Scalar::new("iif", 2, -1, iif).with(Flags::LAZY),
    Scalar::new("instr", 2, 2, instr),
    Scalar::new("last_insert_rowid", 0, 0, |call| Ok(Value::Integer(call.context.last_insert_rowid())))
        .only(Flags::INNOCUOUS),
    Scalar::new("length", 1, 1, length).with(Flags::READS_SHAPE),
    Scalar::new("like", 2, 3, like).with(Flags::LIKE),
    Scalar::new("likelihood", 2, 2, first).with(Flags::LAZY),
    Scalar::new("likely", 1, 1, first).with(Flags::LAZY),
    Scalar::new("load_extension", 1, 2, |_| Err(FunctionError::new("not authorized")))
        .only(Flags::DIRECT_ONLY),
    Scalar::new("lower", 1, 1, |call| change_case(call, <[u8]>::make_ascii_lowercase)),
    Scalar::new("ltrim", 1, 2, |call| trim(call, true, false)),
    // Only a virtual table knows what matches.
    Scalar::new("match", 2, 2, |_| {
        Err(FunctionError::new("unable to use function MATCH in the requested context"))
    })
    .only(Flags::NONE),
    Scalar::new("max", 2, -1, |call| extreme(call, Ordering::Greater)).with(CHOOSING),
    Scalar::new("min", 2, -1, |call| extreme(call, Ordering::Less)).with(CHOOSING),
    Scalar::new("nullif", 2, 2, nullif).with(CHOOSING),
    Scalar::new("octet_length", 1, 1, octet_length).with(Flags::READS_SHAPE),
    Scalar::new("printf", 0, -1, printf),
    Scalar::new("quote", 1, 1, |call| quote(call, false)),
    Scalar::new("random", 0, 0, random).only(Flags::INNOCUOUS),
    Scalar::new("randomblob", 1, 1, randomblob).only(Flags::INNOCUOUS),
    Scalar::new("replace", 3, 3, replace),
    Scalar::new("rtrim", 1, 2, |call| trim(call, false, true)),
    Scalar::new("soundex", 1, 1, soundex),
    Scalar::new("sqlite_compileoption_get", 1, 1, compileoption_get)
        .only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("sqlite_compileoption_used", 1, 1, compileoption_used)
        .only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("sqlite_log", 2, 2, |_| Ok(Value::Null)).only(Flags::DIRECT_ONLY),
    Scalar::new("sqlite_source_id", 0, 0, |_| Ok(Value::text(SOURCE_ID)))
        .only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("sqlite_version", 0, 0, |_| Ok(Value::text(VERSION)))
        .only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("substr", 2, 3, substr).with(Flags::READS_SHAPE),
    Scalar::new("substring", 2, 3, substr).with(Flags::READS_SHAPE),
    Scalar::new("subtype", 1, 1, subtype).with(Flags::READS_JSON),
    Scalar::new("total_changes", 0, 0, |call| Ok(Value::Integer(call.context.total_changes())))
        .only(Flags::INNOCUOUS),
    Scalar::new("trim", 1, 2, |call| trim(call, true, true)),
    Scalar::new("typeof", 1, 1, |call| Ok(Value::text(call.args[0].type_name()))).with(Flags::READS_SHAPE),
    Scalar::new("unhex", 1, 2, unhex),
    Scalar::new("unicode", 1, 1, unicode),
    Scalar::new("unistr", 1, 1, unistr),
    Scalar::new("unistr_quote", 1, 1, |call| quote(call, true)),
    Scalar::new("unlikely", 1, 1, first).with(Flags::LAZY),
    Scalar::new("upper", 1, 1, |call| change_case(call, <[u8]>::make_ascii_uppercase)),
    Scalar::new("zeroblob", 1, 1, zeroblob),
];

fn abs(call: &mut Call<'_>) -> Answer {
    Ok(match call.args[0] {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => match integer.checked_abs() {
            Some(magnitude) => Value::Integer(magnitude),
            None => return Err(FunctionError::new("integer overflow")),
        },
        other => {
            let real = other.to_real();
            // Not `f64::abs`: -0.0 stays what it is.
            Value::real(if real < 0.0 { -real } else { real })
        }
    })
}

fn char(call: &mut Call<'_>) -> Answer {
    let mut out = Vec::with_capacity(call.args.len());
    for arg in call.args {
        let c = u32::try_from(arg.to_integer()).ok().filter(|&c| c <= 0x10_ffff);
        push_char(c.unwrap_or(0xfffd), &mut out);
    }
    Ok(Value::text(out))
}

fn first(call: &mut Call<'_>) -> Answer {
    call.json_result = call.is_json(0);
    Ok(call.args[0].to_value())
}

fn coalesce(call: &mut Call<'_>) -> Answer {
    for (i, arg) in call.args.iter().enumerate() {
        if !arg.is_null() {
            call.json_result = call.is_json(i);
            return Ok(arg.to_value());
        }
    }
    Ok(Value::Null)
}

/// Pairs of condition and result; a last argument without a partner is the result when no condition holds.
fn iif(call: &mut Call<'_>) -> Answer {
    let mut i = 0;
    while i + 1 < call.args.len() {
        if pluresdb_value::truth(call.args[i]) == Some(true) {
            call.json_result = call.is_json(i + 1);
            return Ok(call.args[i + 1].to_value());
        }
        i += 2;
    }
    let Some(otherwise) = call.args.get(i) else { return Ok(Value::Null) };
    call.json_result = call.is_json(i);
    Ok(otherwise.to_value())
}

fn concat(call: &mut Call<'_>, skip: usize, separator: &[u8]) -> Answer {
    call.write_text(0, |call, out| {
        let start = out.len();
        let mut is_first = true;
        for arg in &call.args[skip..] {
            if let Some(text) = arg.as_text() {
                if !is_first {
                    out.extend_from_slice(separator);
                }
                is_first = false;
                out.extend_from_slice(&text);
            }
        }
        call.check_length(out.len() - start)
    })
}

fn concat_ws(call: &mut Call<'_>) -> Answer {
    match call.text(0) {
        Some(separator) => concat(call, 1, &separator),
        None => Ok(Value::Null),
    }
}

fn printf(call: &mut Call<'_>) -> Answer {
    let Some(template) = call.text(0) else { return Ok(Value::Null) };
    let args = &call.args[1..];
    call.write_text(format::usual_len(&template, args), |call, out| {
        format::write(&template, args, call.context.max_length(), out)
    })
}

fn hex(call: &mut Call<'_>) -> Answer {
    let bytes = call.text(0).unwrap_or_default();
    call.check_length(bytes.len() * 2 + 1)?;
    call.write_text(bytes.len() * 2, |_, out| {
        let start = out.len();
        out.resize(start + bytes.len() * 2, 0);
        write_hex(&bytes, &mut out[start..]);
        Ok(())
    })
}

/// Writes two digits for each byte.
fn write_hex(bytes: &[u8], out: &mut [u8]) {
    // Arithmetic rather than a table: many bytes at once.
    let digit = |four_bits: u8| four_bits + if four_bits < 10 { b'0' } else { b'A' - 10 };
    for (byte, digits) in bytes.iter().zip(out.as_chunks_mut::<2>().0) {
        *digits = [digit(byte >> 4), digit(byte & 15)];
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

fn unhex(call: &mut Call<'_>) -> Answer {
    let ignored = if call.args.len() == 2 { call.text(1) } else { Some(TextRef::default()) };
    let (Some(text), Some(ignored)) = (call.text(0), ignored) else { return Ok(Value::Null) };
    let is_ignored = |c: u32| {
        let mut rest = &ignored[..];
        std::iter::from_fn(|| next_char(&mut rest)).any(|other| other == c)
    };
    let mut rest = before_nul(&text);
    let mut out = Vec::with_capacity(rest.len() / 2);
    loop {
        let high = loop {
            let Some(&byte) = rest.first() else { return Ok(Value::blob(out)) };
            if let Some(high) = hex_value(byte) {
                rest = &rest[1..];
                break high;
            }
            match next_char(&mut rest) {
                Some(c) if is_ignored(c) => {}
                _ => return Ok(Value::Null),
            }
        };
        let Some(low) = rest.first().copied().and_then(hex_value) else { return Ok(Value::Null) };
        rest = &rest[1..];
        out.push(high << 4 | low);
    }
}

fn instr(call: &mut Call<'_>) -> Answer {
    let (Some(haystack), Some(needle)) = (call.text(0), call.text(1)) else { return Ok(Value::Null) };
    let is_text = !matches!(call.args, [ValueRef::Blob(_), ValueRef::Blob(_)]);
    let mut rest = &haystack[..];
    let mut position = 1;
    if needle.is_empty() {
        return Ok(Value::Integer(1));
    }
    while rest.len() >= needle.len() {
        if rest.starts_with(&needle) {
            return Ok(Value::Integer(position));
        }
        position += 1;
        rest = &rest[1..];
        while is_text && rest.first().is_some_and(|&byte| is_continuation(byte)) {
            rest = &rest[1..];
        }
    }
    Ok(Value::Integer(0))
}

/// Bytes of the first character as `length()` and `substr()` count: whatever is not ASCII takes the continuation
/// bytes behind it along.
fn char_len(bytes: &[u8]) -> usize {
    match bytes.first() {
        None => 0,
        Some(byte) if byte.is_ascii() => 1,
        Some(_) => 1 + bytes[1..].iter().take_while(|&&byte| is_continuation(byte)).count(),
    }
}

fn length(call: &mut Call<'_>) -> Answer {
    Ok(match call.args[0] {
        ValueRef::Null => Value::Null,
        ValueRef::Text(text) => {
            let mut rest = before_nul(text);
            if rest.is_ascii() {
                return Ok(Value::Integer(rest.len() as i64));
            }
            let mut count = 0;
            while !rest.is_empty() {
                rest = &rest[char_len(rest)..];
                count += 1;
            }
            Value::Integer(count)
        }
        _ => octet_length(call)?,
    })
}

fn octet_length(call: &mut Call<'_>) -> Answer {
    Ok(call.text(0).map_or(Value::Null, |bytes| Value::Integer(bytes.len() as i64)))
}

fn like(call: &mut Call<'_>) -> Answer {
    let case_sensitive = call.context.case_sensitive_like();
    match_pattern(call, |pattern, text, escape| pattern::like(pattern, text, escape, case_sensitive))
}

fn glob(call: &mut Call<'_>) -> Answer {
    match_pattern(call, |pattern, text, _| pattern::glob(pattern, text))
}

/// The pattern is the first argument: `x LIKE y` is `like(y, x)`.
fn match_pattern(call: &mut Call<'_>, matches: impl Fn(&[u8], &[u8], Option<u32>) -> bool) -> Answer {
    let has_blob = call.args[..2].iter().any(|arg| matches!(arg, ValueRef::Blob(_)));
    if has_blob && !call.context.like_matches_blobs() {
        return Ok(Value::Integer(0));
    }
    let pattern = call.text(0);
    if pattern.as_ref().is_some_and(|pattern| pattern.len() > call.context.max_pattern_length()) {
        return Err(FunctionError::new("LIKE or GLOB pattern too complex"));
    }
    let mut escape = None;
    if call.args.len() == 3 {
        let Some(written) = call.text(2) else { return Ok(Value::Null) };
        escape = pattern::escape_character(&written);
        if escape.is_none() {
            return Err(FunctionError::new("ESCAPE expression must be a single character"));
        }
    }
    let (Some(pattern), Some(text)) = (pattern, call.text(1)) else { return Ok(Value::Null) };
    Ok(Value::boolean(matches(&pattern, &text, escape)))
}

fn change_case(call: &mut Call<'_>, change: fn(&mut [u8])) -> Answer {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    call.write_text(text.len(), |_, out| {
        let start = out.len();
        out.extend_from_slice(&text);
        change(&mut out[start..]);
        Ok(())
    })
}

fn trim(call: &mut Call<'_>, left: bool, right: bool) -> Answer {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    let set = if call.args.len() == 2 { call.text(1) } else { Some(TextRef::Borrowed(b" ")) };
    let Some(set) = set else { return Ok(Value::Null) };
    let mut chars: Vec<&[u8]> = Vec::new();
    let mut rest_of_set = before_nul(&set);
    while !rest_of_set.is_empty() {
        let (one, rest) = rest_of_set.split_at(skip_char(rest_of_set));
        chars.push(one);
        rest_of_set = rest;
    }
    let mut rest = &text[..];
    if left {
        while let Some(trimmed) = chars.iter().find_map(|c| rest.strip_prefix(*c)) {
            rest = trimmed;
        }
    }
    if right {
        while let Some(trimmed) = chars.iter().find_map(|c| rest.strip_suffix(*c)) {
            rest = trimmed;
        }
    }
    call.write_text(rest.len(), |_, out| {
        out.extend_from_slice(rest);
        Ok(())
    })
}

fn extreme(call: &mut Call<'_>, wanted: Ordering) -> Answer {
    let (mut best, mut place) = (call.args[0], 0);
    if best.is_null() {
        return Ok(Value::Null);
    }
    for (index, &arg) in call.args.iter().enumerate().skip(1) {
        if arg.is_null() {
            return Ok(Value::Null);
        }
        // Of equal values min() takes the last, max() the first.
        let order = call.compare(arg, best)?;
        if order == wanted || order == Ordering::Equal && wanted == Ordering::Less {
            (best, place) = (arg, index);
        }
    }
    call.json_result = call.is_json(place);
    Ok(best.to_value())
}

fn nullif(call: &mut Call<'_>) -> Answer {
    let is_equal = call.compare(call.args[0], call.args[1])?.is_eq();
    call.json_result = !is_equal && call.is_json(0);
    Ok(if is_equal { Value::Null } else { call.args[0].to_value() })
}

fn quote(call: &mut Call<'_>, escape_controls: bool) -> Answer {
    let mut out = Vec::new();
    match call.args[0] {
        ValueRef::Null => out.extend_from_slice(b"NULL"),
        ValueRef::Integer(integer) => {
            out.extend_from_slice(number::write_integer(integer, &mut [0; 20]));
        }
        // SQL has no literal for infinity, but this one overflows to it.
        ValueRef::Real(real) if real.is_infinite() => {
            out.extend_from_slice(if real < 0.0 { b"-9.0e+999" } else { b"9.0e+999" });
        }
        ValueRef::Real(real) => number::write_real(real, &mut out),
        ValueRef::Blob(blob) => {
            call.check_length(blob.len() * 2 + 4)?;
            out.resize(blob.len() * 2 + 3, b'\'');
            out[0] = b'X';
            write_hex(blob, &mut out[2..]);
        }
        text @ ValueRef::Text(_) => {
            let template: &[u8] = if escape_controls { b"%#Q" } else { b"%Q" };
            out = format::format(template, &[text], call.context.max_length())?;
        }
    }
    Ok(Value::text(out))
}

fn random(call: &mut Call<'_>) -> Answer {
    let random = call.context.random_i64();
    // Never i64::MIN, of which abs() would fail.
    Ok(Value::Integer(if random < 0 { -(random & i64::MAX) } else { random }))
}

fn randomblob(call: &mut Call<'_>) -> Answer {
    let len = usize::try_from(call.args[0].to_integer().max(1)).unwrap_or(usize::MAX);
    call.check_length(len)?;
    let mut out = Vec::with_capacity(len + 8);
    while out.len() < len {
        out.extend_from_slice(&call.context.random_i64().to_le_bytes());
    }
    out.truncate(len);
    Ok(Value::blob(out))
}

fn replace(call: &mut Call<'_>) -> Answer {
    let (Some(text), Some(wanted)) = (call.text(0), call.text(1)) else { return Ok(Value::Null) };
    if before_nul(&wanted).is_empty() {
        return Ok(Value::text(&text[..]));
    }
    let Some(replacement) = call.text(2) else { return Ok(Value::Null) };
    call.write_text(text.len(), |call, out| {
        let start = out.len();
        let mut rest = &text[..];
        while let Some(at) = find(rest, &wanted) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(&replacement);
            rest = &rest[at + wanted.len()..];
            call.check_length(out.len() - start + rest.len())?;
        }
        out.extend_from_slice(rest);
        Ok(())
    })
}

/// Where the bytes first are.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    match wanted {
        // Making a searcher takes longer than searching a short text for one byte.
        [byte] => memchr::memchr(*byte, text),
        wanted => memmem::find(text, wanted),
    }
}

fn soundex(call: &mut Call<'_>) -> Answer {
    /// Codes of the letters A to Z.
    const CODES: &[u8; 26] = b"01230120022455012623010202";
    let code = |byte: u8| match byte & 0x7f {
        letter if letter.is_ascii_alphabetic() => CODES[usize::from(letter.to_ascii_uppercase() - b'A')],
        _ => b'0',
    };
    let text = call.text(0).unwrap_or_default();
    let text = before_nul(&text);
    let Some(start) = text.iter().position(u8::is_ascii_alphabetic) else { return Ok(Value::text("?000")) };
    let mut out = vec![text[start].to_ascii_uppercase()];
    let mut previous = code(text[start]);
    for &byte in &text[start..] {
        if out.len() == 4 {
            break;
        }
        let code = code(byte);
        if code != b'0' && code != previous {
            out.push(code);
        }
        previous = code;
    }
    out.resize(4, b'0');
    Ok(Value::text(out))
}

fn compileoption_get(call: &mut Call<'_>) -> Answer {
    // SQLite takes the argument as a 32-bit integer.
    let index = usize::try_from(call.args[0].to_integer() as i32).ok();
    Ok(index.and_then(|index| COMPILE_OPTIONS.get(index)).map_or(Value::Null, |option| Value::text(*option)))
}

fn compileoption_used(call: &mut Call<'_>) -> Answer {
    let Some(name) = call.text(0) else { return Ok(Value::Null) };
    let mut name = before_nul(&name);
    if name.len() >= 7 && name[..7].eq_ignore_ascii_case(b"SQLITE_") {
        name = &name[7..];
    }
    let is_used = COMPILE_OPTIONS.iter().map(|option| option.as_bytes()).any(|option| {
        option.len() >= name.len()
            && option[..name.len()].eq_ignore_ascii_case(name)
            && !option
                .get(name.len())
                .is_some_and(|&next| next.is_ascii_alphanumeric() || matches!(next, b'_' | b'$'))
    });
    Ok(Value::boolean(is_used))
}

fn substr(call: &mut Call<'_>) -> Answer {
    let is_blob = matches!(call.args[0], ValueRef::Blob(_));
    let Some(bytes) = call.text(0) else { return Ok(Value::Null) };
    // SQLite takes the empty blob for none at all.
    if is_blob && bytes.is_empty() {
        return Ok(Value::Null);
    }
    let bytes: &[u8] = if is_blob { &bytes } else { before_nul(&bytes) };
    let mut start = call.args[1].to_integer();
    let mut count = i64::MAX;
    if let Some(arg) = call.args.get(2) {
        if arg.is_null() {
            return Ok(Value::Null);
        }
        count = arg.to_integer();
    }
    if call.args[1].is_null() {
        return Ok(Value::Null);
    }
    if start < 0 {
        start += if is_blob { bytes.len() as i64 } else { chars_by_skip(bytes) };
        if start < 0 {
            count = if count < 0 { 0 } else { count + start };
            start = 0;
        }
    } else if start > 0 {
        start -= 1;
    } else if count > 0 {
        count -= 1;
    }
    if count < 0 {
        count = if count < -start { start } else { -count };
        start -= count;
    }
    if is_blob {
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
        let end = start.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)).min(bytes.len());
        return Ok(Value::blob(&bytes[start..end]));
    }
    let rest = &bytes[advance(bytes, start)..];
    Ok(Value::text(&rest[..advance(rest, count)]))
}

/// Bytes of the first `count` characters.
fn advance(bytes: &[u8], count: i64) -> usize {
    let mut at = 0;
    let mut left = count;
    while left > 0 && at < bytes.len() {
        at += char_len(&bytes[at..]);
        left -= 1;
    }
    at
}

/// Characters, stray continuation bytes counted one by one: how `substr()` counts from the end.
fn chars_by_skip(mut bytes: &[u8]) -> i64 {
    let mut count = 0;
    while !bytes.is_empty() {
        bytes = &bytes[skip_char(bytes)..];
        count += 1;
    }
    count
}

fn subtype(call: &mut Call<'_>) -> Answer {
    Ok(Value::Integer(if call.is_json(0) { JSON_SUBTYPE } else { 0 }))
}

fn unicode(call: &mut Call<'_>) -> Answer {
    let text = call.text(0).unwrap_or_default();
    Ok(next_char(&mut before_nul(&text)).map_or(Value::Null, |c| Value::Integer(i64::from(c as i32))))
}

fn unistr(call: &mut Call<'_>) -> Answer {
    let Some(text) = call.text(0) else { return Ok(Value::Null) };
    let mut out = Vec::with_capacity(text.len());
    let mut rest = &text[..];
    // An escape behind a NUL is none.
    while let Some(at) = before_nul(rest).iter().position(|&byte| byte == b'\\') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let (skip, digits) = match rest.first() {
            Some(b'\\') => {
                out.push(b'\\');
                rest = &rest[1..];
                continue;
            }
            Some(b'+') => (1, 6),
            Some(b'u') => (1, 4),
            Some(b'U') => (1, 8),
            _ => (0, 4),
        };
        let c = rest.get(skip..skip + digits).and_then(|digits| {
            digits.iter().try_fold(0, |c: u32, &digit| Some(c << 4 | u32::from(hex_value(digit)?)))
        });
        let Some(c) = c else { return Err(FunctionError::new("invalid Unicode escape")) };
        push_char(c, &mut out);
        rest = &rest[skip + digits..];
    }
    out.extend_from_slice(rest);
    Ok(Value::text(out))
}

fn zeroblob(call: &mut Call<'_>) -> Answer {
    let len = usize::try_from(call.args[0].to_integer().max(0)).unwrap_or(usize::MAX);
    call.check_length(len)?;
    Ok(Value::blob(vec![0; len]))
}

/// `round()`, here because it rounds decimal digits as `printf` does.
pub(crate) fn round(call: &mut Call<'_>) -> Answer {
    let places = match call.args.get(1) {
        Some(ValueRef::Null) => return Ok(Value::Null),
        Some(places) => places.to_integer().clamp(0, 30),
        None => 0,
    };
    if call.args[0].is_null() {
        return Ok(Value::Null);
    }
    let real = call.args[0].to_real();
    // From 2^52 on there is no fraction.
    const NO_FRACTION: f64 = 4503599627370496.0;
    if !(-NO_FRACTION..=NO_FRACTION).contains(&real) {
        return Ok(Value::real(real));
    }
    if places == 0 {
        let half = if real < 0.0 { -0.5 } else { 0.5 };
        return Ok(Value::real((real + half) as i64 as f64));
    }
    let text = format::fixed(real, places as i32);
    Ok(Value::real(number::text_to_real(&text)))
}

/// `sign()`.
pub(crate) fn sign(call: &mut Call<'_>) -> Answer {
    let Some(real) = Operand::of(call.args[0]).number() else { return Ok(Value::Null) };
    Ok(Value::Integer(i64::from(real > 0.0) - i64::from(real < 0.0)))
}
