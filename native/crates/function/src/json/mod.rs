//! JSON: text in (JSON5 too), SQLite's binary JSON inside, text or binary out.
//!
//! ```text
//! text ─ parse ─► JSONB ─ path, patch ─► JSONB ─ render ─► text
//! ```
//!
//! Every function works on JSONB (`node`), parsed from its argument or given as a blob. Numbers and texts keep the
//! characters they were written with all the way through.
//!
//! In plain JSON text values are found (`scan`) and edited (`edit`) where they stand, without JSONB.
//!
//! A result that is JSON has the JSON *subtype*, which tells the next function to take the text for JSON rather than
//! for a string: `Call::json_result` out, `Call::is_json` in.

mod each;
mod edit;
mod escape;
mod node;
mod parse;
mod patch;
mod path;
mod render;
mod scan;

use std::borrow::Cow;

use pluresdb_value::number::{self, IntegerForm, Numeric};
use pluresdb_value::{Bytes, Collation, TextRef, Value, ValueRef};

pub use each::{COLUMNS, Column, Options, Rows};

use crate::registry::{Aggregate, AggregateState, BuiltInState, Call, Context, Flags, FunctionError, Scalar};
use crate::text::before_nul;
use edit::PlainText;
use escape::{push_quoted, unescape_all};
use node::{kind, push_node, type_name};
use path::{Document, Edit, Miss};
use render::Text;
use scan::Span;

type Answer = Result<Value, FunctionError>;

/// How arrays and objects leave: as text or as JSONB.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Binary,
}

const READS: Flags = Flags::READS_JSON;
const GIVES: Flags = Flags::GIVES_JSON;

pub(crate) const FUNCTIONS: &[Scalar] = &[
    Scalar::new("->", 2, 2, |call| extract(call, Extract::Json)).with(GIVES),
    Scalar::new("->>", 2, 2, |call| extract(call, Extract::Sql)),
    Scalar::new("json", 1, 1, |call| remove(call, Form::Text)).with(GIVES),
    Scalar::new("jsonb", 1, 1, |call| remove(call, Form::Binary)),
    Scalar::new("json_array", 0, -1, |call| array(call, Form::Text)).with(READS).with(GIVES),
    Scalar::new("jsonb_array", 0, -1, |call| array(call, Form::Binary)).with(READS).with(GIVES),
    Scalar::new("json_array_insert", 0, -1, |call| insert(call, Insertion::Array, Form::Text))
        .with(READS)
        .with(GIVES),
    Scalar::new("jsonb_array_insert", 0, -1, |call| insert(call, Insertion::Array, Form::Binary)).with(READS),
    Scalar::new("json_array_length", 1, 2, array_length),
    Scalar::new("json_error_position", 1, 1, error_position),
    Scalar::new("json_extract", 0, -1, |call| extract(call, Extract::Function(Form::Text))).with(GIVES),
    Scalar::new("jsonb_extract", 0, -1, |call| extract(call, Extract::Function(Form::Binary))),
    Scalar::new("json_insert", 0, -1, |call| insert(call, Insertion::Insert, Form::Text))
        .with(READS)
        .with(GIVES),
    Scalar::new("jsonb_insert", 0, -1, |call| insert(call, Insertion::Insert, Form::Binary)).with(READS),
    Scalar::new("json_object", 0, -1, |call| object(call, Form::Text)).with(READS).with(GIVES),
    Scalar::new("jsonb_object", 0, -1, |call| object(call, Form::Binary)).with(READS).with(GIVES),
    Scalar::new("json_patch", 2, 2, |call| patch_with(call, Form::Text)).with(GIVES),
    Scalar::new("jsonb_patch", 2, 2, |call| patch_with(call, Form::Binary)),
    Scalar::new("json_pretty", 1, 2, pretty),
    Scalar::new("json_quote", 1, 1, quote).with(READS).with(GIVES),
    Scalar::new("json_remove", 0, -1, |call| remove(call, Form::Text)).with(GIVES),
    Scalar::new("jsonb_remove", 0, -1, |call| remove(call, Form::Binary)),
    Scalar::new("json_replace", 0, -1, |call| insert(call, Insertion::Replace, Form::Text))
        .with(READS)
        .with(GIVES),
    Scalar::new("jsonb_replace", 0, -1, |call| insert(call, Insertion::Replace, Form::Binary)).with(READS),
    Scalar::new("json_set", 0, -1, |call| insert(call, Insertion::Set, Form::Text)).with(READS).with(GIVES),
    Scalar::new("jsonb_set", 0, -1, |call| insert(call, Insertion::Set, Form::Binary)).with(READS),
    Scalar::new("json_type", 1, 2, type_of),
    Scalar::new("json_valid", 1, 2, valid),
];

pub(crate) const AGGREGATES: &[Aggregate] = &[
    group("json_group_array", 1, |_| Group::boxed(b'[', Form::Text)),
    group("jsonb_group_array", 1, |_| Group::boxed(b'[', Form::Binary)),
    group("json_group_object", 2, |_| Group::boxed(b'{', Form::Text)),
    group("jsonb_group_object", 2, |_| Group::boxed(b'{', Form::Binary)),
];

const fn group(name: &'static str, args: i8, new: fn(Collation) -> BuiltInState) -> Aggregate {
    Aggregate { name, min_args: args, max_args: args, flags: Flags::INNOCUOUS.with(READS).with(GIVES), new }
}

fn malformed() -> FunctionError {
    FunctionError::new("malformed JSON")
}

/// An argument as JSONB; `None` for NULL.
fn read_argument(value: ValueRef<'_>) -> Result<Option<Cow<'_, [u8]>>, FunctionError> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(blob) if node::is_jsonb(blob) => Ok(Some(Cow::Borrowed(blob))),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            let parsed = parse::parse(before_nul(text)).map_err(|_| malformed())?;
            Ok(Some(Cow::Owned(parsed.blob)))
        }
        ValueRef::Integer(_) | ValueRef::Real(_) => {
            let text = value.as_text().unwrap_or_default();
            let parsed = parse::parse(&text).map_err(|_| malformed())?;
            Ok(Some(Cow::Owned(parsed.blob)))
        }
    }
}

/// The value at a path, what stands behind its `$`, of an argument that is plain JSON text; `Some(None)` when there is
/// none. `None` leaves the answer to JSONB.
fn scan_argument<'t>(value: ValueRef<'t>, steps: &[u8]) -> Option<Option<Span<'t>>> {
    match value {
        ValueRef::Text(text) => scan::find(before_nul(text), steps),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

/// The same for a path as it was given.
fn scan_at<'t>(value: ValueRef<'t>, path: ValueRef<'_>) -> Option<Option<Span<'t>>> {
    let ValueRef::Text(path) = path else { return None };
    scan_argument(value, before_nul(path).strip_prefix(b"$")?)
}

fn is_json_value(value: ValueRef<'_>) -> bool {
    value.is_null()
        || matches!(scan_argument(value, b""), Some(Some(_)))
        || matches!(read_argument(value), Ok(Some(_)))
}

/// A document as the result of a function.
fn give(call: &mut Call<'_>, blob: Cow<'_, [u8]>, form: Form) -> Answer {
    if form == Form::Binary {
        return Ok(Value::blob(blob.into_owned()));
    }
    let mut text = Text::default();
    text.push_node(&blob, 0);
    let text = text.finish()?;
    give_text(call, text, Form::Text)
}

/// JSON text made from values as the result of a function. The JSON subtype stands on JSONB, too.
fn give_text(call: &mut Call<'_>, text: impl AsRef<[u8]> + Into<Bytes>, form: Form) -> Answer {
    let len = text.as_ref().len();
    call.check_length(len)?;
    call.json_result = true;
    if form == Form::Binary {
        return Ok(Value::blob(parse::parse_own(text.as_ref())));
    }
    if call.heap.is_none() {
        return Ok(Value::Text(text.into()));
    }
    call.write_text(len, |_, out| {
        out.extend_from_slice(text.as_ref());
        Ok(())
    })
}

/// As `give_text`, of what `write` appends.
fn write_text(
    call: &mut Call<'_>,
    form: Form,
    write: impl FnOnce(&Call<'_>, &mut Text) -> Result<(), FunctionError>,
) -> Answer {
    if form == Form::Binary || call.heap.is_none() {
        let mut text = Text::for_values(call.args);
        write(call, &mut text)?;
        let text = text.finish()?;
        return give_text(call, text, form);
    }
    call.json_result = true;
    call.write_text(0, |call, out| {
        let start = out.len();
        let mut text = Text::behind(std::mem::take(out));
        let written = write(call, &mut text).and_then(|()| text.check());
        *out = text.out;
        written?;
        call.check_length(out.len() - start)
    })
}

/// Appends a SQL value as JSON.
fn push_value(text: &mut Text, value: ValueRef<'_>, is_json: bool) {
    match value {
        ValueRef::Null => text.out.extend_from_slice(b"null"),
        ValueRef::Integer(integer) => {
            text.out.extend_from_slice(number::write_integer(integer, &mut [0; 20]));
        }
        ValueRef::Real(real) if real.is_infinite() => {
            text.out.extend_from_slice(if real < 0.0 { b"-9.0e+999" } else { b"9.0e+999" });
        }
        ValueRef::Real(real) => number::write_real(real, &mut text.out),
        ValueRef::Text(json) if is_json => text.out.extend_from_slice(json),
        ValueRef::Text(string) => push_quoted(string, &mut text.out),
        ValueRef::Blob(blob) if node::is_jsonb(blob) => {
            text.push_node(blob, 0);
        }
        // Told at the end: an error found later may come before it.
        ValueRef::Blob(_) => text.has_foreign_blob = true,
    }
}

/// A SQL value as a JSONB node.
fn value_to_node(value: ValueRef<'_>, is_json: bool) -> Result<Vec<u8>, FunctionError> {
    let mut out = Vec::new();
    match value {
        ValueRef::Null => out.push(kind::NULL),
        ValueRef::Integer(integer) => {
            push_node(kind::INT, number::write_integer(integer, &mut [0; 20]), &mut out);
        }
        ValueRef::Real(real) if real.is_infinite() => {
            push_node(kind::FLOAT, if real < 0.0 { b"-9e999" } else { b"9e999" }, &mut out);
        }
        ValueRef::Real(real) => push_node(kind::FLOAT, &number::real_to_text(real), &mut out),
        ValueRef::Text(json) if is_json => {
            out = parse::parse(before_nul(json)).map_err(|_| malformed())?.blob;
        }
        ValueRef::Text(string) => push_node(kind::TEXTRAW, string, &mut out),
        ValueRef::Blob(blob) if node::is_jsonb(blob) => out.extend_from_slice(blob),
        ValueRef::Blob(_) => return Err(FunctionError::new("JSON cannot hold BLOB values")),
    }
    Ok(out)
}

/// The node at `at` as a SQL value.
fn read_value(blob: &[u8], at: usize, form: Form) -> Answer {
    let node = node::extent(blob, at).ok_or_else(malformed)?;
    let payload = &blob[at + node.header..at + node.total()];
    let kind = blob[at] & 0x0f;
    if kind < kind::ARRAY {
        return read_scalar(kind, payload);
    }
    if kind > kind::OBJECT {
        return Err(malformed());
    }
    let whole = &blob[at..at + node.total()];
    if form == Form::Binary {
        return Ok(Value::blob(whole));
    }
    let mut text = Text::default();
    text.push_node(whole, 0);
    Ok(Value::text(text.finish()?))
}

fn read_scalar(kind: u8, payload: &[u8]) -> Answer {
    Ok(match kind {
        kind::NULL | kind::TRUE | kind::FALSE => {
            if !payload.is_empty() {
                return Err(malformed());
            }
            match kind {
                kind::NULL => Value::Null,
                kind => Value::boolean(kind == kind::TRUE),
            }
        }
        kind::INT | kind::INT5 => read_integer(payload)?,
        kind::FLOAT | kind::FLOAT5 => read_real(payload)?,
        kind::TEXT | kind::TEXTRAW => Value::text(payload),
        kind::TEXTJ | kind::TEXT5 => Value::text(unescape_all(payload)),
        _ => return Err(malformed()),
    })
}

fn read_integer(payload: &[u8]) -> Answer {
    let digits = payload.strip_prefix(b"-").unwrap_or(payload);
    let is_negative = digits.len() < payload.len();
    if digits.is_empty() {
        return Err(malformed());
    }
    let digits = before_nul(digits);
    if let [b'0', b'x' | b'X', hex @ ..] = digits {
        const MAX_HEX_DIGITS: usize = 16;
        let leading = hex.iter().take_while(|&&digit| digit == b'0').count();
        let significant = hex[leading..].iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
        if significant > MAX_HEX_DIGITS {
            return read_real(payload);
        }
        if leading + significant < hex.len() {
            return Err(malformed());
        }
        let value = hex[leading..].iter().fold(0, |value: u64, &digit| {
            value << 4 | u64::from(char::from(digit).to_digit(16).unwrap_or(0))
        });
        return Ok(match i64::try_from(value) {
            Ok(integer) => Value::Integer(if is_negative { -integer } else { integer }),
            Err(_) => Value::Real(if is_negative { -(value as f64) } else { value as f64 }),
        });
    }
    let number_len = digits
        .iter()
        .take_while(|&&c| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b' ' | b'\n' | b'\t'))
        .count();
    match number::parse_integer(&digits[..digits.len().min(number_len + 1)]) {
        (integer, IntegerForm::Whole) if integer < 0 => {
            // A second sign: SQLite takes the bits for an unsigned number.
            let real = integer as u64 as f64;
            Ok(Value::Real(if is_negative { -real } else { real }))
        }
        (integer, IntegerForm::Whole) => Ok(Value::Integer(if is_negative { -integer } else { integer })),
        (_, IntegerForm::TwoPow63) if is_negative => Ok(Value::Integer(i64::MIN)),
        (_, IntegerForm::Prefix) => Err(malformed()),
        (_, IntegerForm::TwoPow63 | IntegerForm::TooLarge | IntegerForm::NoDigits) => read_real(payload),
    }
}

fn read_real(payload: &[u8]) -> Answer {
    let parsed = number::parse_real(payload);
    if parsed.extent != Numeric::Whole {
        return Err(malformed());
    }
    Ok(Value::real(parsed.value))
}

/// `json()`, `json_remove()` and their binary kin.
fn remove(call: &mut Call<'_>, form: Form) -> Answer {
    let Some(first) = call.args.first() else { return Ok(Value::Null) };
    if form == Form::Text
        && let Some(text) = remove_in_text(call.args)
    {
        return give_text(call, text.into_owned(), form);
    }
    let Some(blob) = read_argument(*first)? else { return Ok(Value::Null) };
    let mut document = Document::new(blob);
    for arg in &call.args[1..] {
        let Some(path) = arg.as_text() else { return Ok(Value::Null) };
        let path = before_nul(&path);
        let Some((b'$', steps)) = path.split_first() else { return Err(Miss::BadPath.into_error(path)) };
        if steps.is_empty() {
            return Ok(Value::Null);
        }
        match document.apply(steps, Edit::Delete) {
            Ok(_) | Err(Miss::NotFound) => {}
            Err(miss) => return Err(miss.into_error(path)),
        }
    }
    give(call, document.blob, form)
}

/// `json_remove()` in plain JSON text.
fn remove_in_text<'t>(args: &[ValueRef<'t>]) -> Option<Cow<'t, [u8]>> {
    let [ValueRef::Text(text), paths @ ..] = args else { return None };
    let mut document = PlainText::new(before_nul(text))?;
    for path in paths {
        let ValueRef::Text(path) = path else { return None };
        document.remove(before_nul(path).strip_prefix(b"$")?)?;
    }
    Some(document.into_text())
}

fn array(call: &mut Call<'_>, form: Form) -> Answer {
    write_text(call, form, |call, text| {
        text.out.push(b'[');
        for (i, arg) in call.args.iter().enumerate() {
            text.separate();
            push_value(text, *arg, call.is_json(i));
        }
        text.out.push(b']');
        Ok(())
    })
}

fn object(call: &mut Call<'_>, form: Form) -> Answer {
    if !call.args.len().is_multiple_of(2) {
        return Err(FunctionError::new("json_object() requires an even number of arguments"));
    }
    write_text(call, form, |call, text| {
        text.out.push(b'{');
        for (i, pair) in call.args.chunks_exact(2).enumerate() {
            let ValueRef::Text(label) = pair[0] else {
                return Err(FunctionError::new("json_object() labels must be TEXT"));
            };
            text.separate();
            push_quoted(label, &mut text.out);
            text.out.push(b':');
            push_value(text, pair[1], call.is_json(2 * i + 1));
        }
        text.out.push(b'}');
        Ok(())
    })
}

fn quote(call: &mut Call<'_>) -> Answer {
    let mut text = Text::default();
    push_value(&mut text, call.args[0], call.is_json(0));
    let text = text.finish()?;
    give_text(call, text, Form::Text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Insertion {
    Insert,
    Replace,
    Set,
    Array,
}

fn insert(call: &mut Call<'_>, insertion: Insertion, form: Form) -> Answer {
    let Some(first) = call.args.first() else { return Ok(Value::Null) };
    if call.args.len().is_multiple_of(2) {
        let name = match insertion {
            Insertion::Insert => "insert",
            Insertion::Replace => "replace",
            Insertion::Set => "set",
            Insertion::Array => "array_insert",
        };
        return Err(FunctionError::new(format!("json_{name}() needs an odd number of arguments")));
    }
    if form == Form::Text
        && let Some(text) = insert_in_text(call, insertion)
    {
        return give_text(call, text.into_owned(), form);
    }
    let Some(blob) = read_argument(*first)? else { return Ok(Value::Null) };
    let mut document = Document::new(blob);
    for (i, pair) in call.args[1..].chunks_exact(2).enumerate() {
        let Some(path) = pair[0].as_text() else { continue };
        let path = before_nul(&path);
        let Some((b'$', steps)) = path.split_first() else { return Err(Miss::BadPath.into_error(path)) };
        let new = value_to_node(pair[1], call.is_json(2 * i + 2))?;
        if steps.is_empty() {
            if matches!(insertion, Insertion::Replace | Insertion::Set) {
                document.splice(0, document.blob.len(), &new);
            }
            continue;
        }
        let edit = match insertion {
            Insertion::Insert => Edit::Insert(&new),
            Insertion::Replace => Edit::Replace(&new),
            Insertion::Set => Edit::Set(&new),
            Insertion::Array => Edit::ArrayInsert(&new),
        };
        match document.apply(steps, edit) {
            Ok(_) | Err(Miss::NotFound) => {}
            Err(miss) => return Err(miss.into_error(path)),
        }
    }
    give(call, document.blob, form)
}

/// `json_set()` and its kin in plain JSON text.
fn insert_in_text<'c>(call: &Call<'c>, insertion: Insertion) -> Option<Cow<'c, [u8]>> {
    let [ValueRef::Text(text), pairs @ ..] = call.args else { return None };
    let mut document = PlainText::new(before_nul(text))?;
    for (i, pair) in pairs.chunks_exact(2).enumerate() {
        let ValueRef::Text(path) = pair[0] else { return None };
        let steps = before_nul(path).strip_prefix(b"$")?;
        document.insert(steps, insertion, pair[1], call.is_json(2 * i + 2))?;
    }
    Some(document.into_text())
}

fn patch_with(call: &mut Call<'_>, form: Form) -> Answer {
    let Some(target) = read_argument(call.args[0])? else { return Ok(Value::Null) };
    let Some(changes) = read_argument(call.args[1])? else { return Ok(Value::Null) };
    let mut document = Document::new(target);
    patch::merge(&mut document, 0, &changes, 0, 0)?;
    give(call, document.blob, form)
}

fn array_length(call: &mut Call<'_>) -> Answer {
    let scanned = match call.args {
        [json] => scan_argument(*json, b""),
        [json, path, ..] => scan_at(*json, *path),
        [] => None,
    };
    match scanned {
        Some(None) => return Ok(Value::Null),
        Some(Some(found)) if found.kind != kind::ARRAY => return Ok(Value::Integer(0)),
        Some(Some(found)) => {
            if let Some(len) = found.array_len() {
                return Ok(Value::Integer(len as i64));
            }
        }
        None => {}
    }
    let Some(blob) = read_argument(call.args[0])? else { return Ok(Value::Null) };
    let mut document = Document::new(blob);
    let mut at = 0;
    if let Some(arg) = call.args.get(1) {
        let Some(path) = arg.as_text() else { return Ok(Value::Null) };
        let path = before_nul(&path);
        let found = match path.split_first() {
            Some((b'$', steps)) => document.find(steps),
            _ => Err(Miss::BadPath),
        };
        match found {
            Ok(found) => at = found,
            Err(Miss::NotFound) => return Ok(Value::Null),
            Err(miss) => return Err(miss.into_error(path)),
        }
    }
    let is_array = document.kind(at) == kind::ARRAY;
    Ok(Value::Integer(if is_array { document.array_len(at) as i64 } else { 0 }))
}

fn type_of(call: &mut Call<'_>) -> Answer {
    let scanned = match call.args {
        [json] => scan_argument(*json, b""),
        [json, path, ..] => scan_at(*json, *path),
        [] => None,
    };
    if let Some(found) = scanned {
        return Ok(found.map_or(Value::Null, |found| Value::text(type_name(found.kind))));
    }
    let Some(blob) = read_argument(call.args[0])? else { return Ok(Value::Null) };
    let mut document = Document::new(blob);
    let mut at = 0;
    if let Some(arg) = call.args.get(1) {
        let Some(path) = arg.as_text() else { return Ok(Value::Null) };
        let path = before_nul(&path);
        let Some((b'$', steps)) = path.split_first() else { return Err(Miss::BadPath.into_error(path)) };
        match document.find(steps) {
            Ok(found) => at = found,
            Err(Miss::NotFound) => return Ok(Value::Null),
            Err(miss) => return Err(miss.into_error(path)),
        }
    }
    Ok(Value::text(type_name(document.kind(at))))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extract {
    /// `json_extract()`, `jsonb_extract()`.
    Function(Form),
    /// `->`: JSON, whatever is found.
    Json,
    /// `->>`: a SQL value.
    Sql,
}

fn extract(call: &mut Call<'_>, mode: Extract) -> Answer {
    if call.args.len() < 2 {
        return Ok(Value::Null);
    }
    if let [json, path] = *call.args
        && let Some(found) = scan_for_extract(json, path, mode)
    {
        return found.map_or(Ok(Value::Null), |found| extract_span(call, found, mode));
    }
    let Some(blob) = read_argument(call.args[0])? else { return Ok(Value::Null) };
    let mut document = Document::new(blob);
    if let [_, path] = *call.args {
        let Some(found) = find_for_extract(&mut document, path, mode)? else { return Ok(Value::Null) };
        return match mode {
            Extract::Json => {
                let mut text = Text::default();
                text.push_node(&document.blob, found);
                let text = text.finish()?;
                give_text(call, text, Form::Text)
            }
            Extract::Sql => read_value(&document.blob, found, Form::Text),
            Extract::Function(form) => {
                call.json_result = form == Form::Text && document.kind(found) >= kind::ARRAY;
                read_value(&document.blob, found, form)
            }
        };
    }
    let mut text = Text::default();
    text.out.push(b'[');
    for &path in &call.args[1..] {
        if path.is_null() {
            return Ok(Value::Null);
        }
        let found = find_for_extract(&mut document, path, mode)?;
        text.separate();
        match found {
            Some(found) => {
                text.push_node(&document.blob, found);
            }
            None => text.out.extend_from_slice(b"null"),
        }
    }
    text.out.push(b']');
    let text = text.finish()?;
    let form = if mode == Extract::Function(Form::Binary) { Form::Binary } else { Form::Text };
    let value = give_text(call, text, form)?;
    call.json_result = form == Form::Text;
    Ok(value)
}

/// Finds a value for `->` and its kin in plain JSON text.
fn scan_for_extract<'t>(json: ValueRef<'t>, path: ValueRef<'_>, mode: Extract) -> Option<Option<Span<'t>>> {
    let found = match (path, mode) {
        (ValueRef::Text(written), _) if written.starts_with(b"$") => scan_at(json, path),
        (_, Extract::Function(_)) | (ValueRef::Null, _) => None,
        (_, Extract::Json | Extract::Sql) => {
            let written = path.as_text()?;
            scan_argument(json, &abbreviated_path(path, before_nul(&written)))
        }
    }?;
    let makes_jsonb = mode == Extract::Function(Form::Binary) && found.is_some_and(Span::is_container);
    (!makes_jsonb).then_some(found)
}

fn extract_span(call: &mut Call<'_>, found: Span<'_>, mode: Extract) -> Answer {
    if mode == Extract::Json {
        return give_text(call, found.compact(), Form::Text);
    }
    if found.is_container() {
        call.json_result = mode == Extract::Function(Form::Text);
        return Ok(Value::Text(found.compact()));
    }
    read_scalar(found.kind, found.payload())
}

/// Finds a node for `->` and its kin; `None` when there is none or the path is NULL.
fn find_for_extract(
    document: &mut Document<'_>,
    path: ValueRef<'_>,
    mode: Extract,
) -> Result<Option<usize>, FunctionError> {
    let Some(written) = path.as_text() else { return Ok(None) };
    let written = before_nul(&written);
    let found = match (written.split_first(), mode) {
        (Some((b'$', steps)), _) => document.find(steps),
        (_, Extract::Function(_)) => Err(Miss::BadPath),
        (_, Extract::Json | Extract::Sql) => document.find(&abbreviated_path(path, written)),
    };
    match found {
        Ok(found) if found < document.blob.len() => Ok(Some(found)),
        Ok(_) => Err(Miss::BadPath.into_error(written)),
        Err(Miss::NotFound) => Ok(None),
        Err(miss) => Err(miss.into_error(written)),
    }
}

/// `-> 'label'` and `-> 2` for `$.label` and `$[2]`; a negative number counts from the end.
fn abbreviated_path(path: ValueRef<'_>, written: &[u8]) -> Vec<u8> {
    let is_word = written.iter().all(|&c| c.is_ascii_alphanumeric() || c == b'_');
    let mut steps = Vec::with_capacity(written.len() + 3);
    if let ValueRef::Integer(integer) = path {
        steps.push(b'[');
        if integer < 0 {
            steps.push(b'#');
        }
        steps.extend_from_slice(written);
        steps.push(b']');
    } else if is_word {
        steps.push(b'.');
        steps.extend_from_slice(written);
    } else if written.len() >= 3 && written.starts_with(b"[") && written.ends_with(b"]") {
        steps.extend_from_slice(written);
    } else {
        steps.extend_from_slice(b".\"");
        steps.extend_from_slice(written);
        steps.push(b'"');
    }
    steps
}

fn pretty(call: &mut Call<'_>) -> Answer {
    let Some(blob) = read_argument(call.args[0])? else { return Ok(Value::Null) };
    let indent = call.text(1).unwrap_or(TextRef::Borrowed(b"    "));
    let mut text = Text::default();
    text.push_pretty(&blob, 0, before_nul(&indent), 0);
    let text = text.finish()?;
    call.check_length(text.len())?;
    Ok(Value::text(text))
}

fn valid(call: &mut Call<'_>) -> Answer {
    const STRICT_TEXT: i64 = 1;
    const JSON5_TEXT: i64 = 2;
    const JSONB: i64 = 4;
    const SOUND_JSONB: i64 = 8;
    let flags = call.args.get(1).map_or(STRICT_TEXT, |flags| flags.to_integer());
    if !(1..=15).contains(&flags) {
        return Err(FunctionError::new("FLAGS parameter to json_valid() must be between 1 and 15"));
    }
    let has = |flag: i64| flags & flag != 0;
    let is_valid = match call.args[0] {
        ValueRef::Null => return Ok(Value::Null),
        ValueRef::Blob(blob) if node::is_jsonb(blob) => {
            has(JSONB) || has(SOUND_JSONB) && node::find_flaw(blob, 0, blob.len(), 1) == 0
        }
        other => {
            let text = other.as_text().unwrap_or_default();
            let text = before_nul(&text);
            has(STRICT_TEXT | JSON5_TEXT)
                && (scan::document(text).is_some()
                    || parse::parse(text).is_ok_and(|parsed| has(JSON5_TEXT) || !parsed.is_json5))
        }
    };
    Ok(Value::boolean(is_valid))
}

fn error_position(call: &mut Call<'_>) -> Answer {
    let position = match call.args[0] {
        ValueRef::Null => return Ok(Value::Null),
        ValueRef::Blob(blob) if node::is_jsonb(blob) => node::find_flaw(blob, 0, blob.len(), 1),
        other => {
            let text = other.as_text().unwrap_or_default();
            match parse::parse(before_nul(&text)) {
                Ok(_) => 0,
                // In characters, from 1.
                Err(at) => 1 + text.iter().take(at).filter(|&&byte| byte & 0xc0 != 0x80).count(),
            }
        }
    };
    Ok(Value::Integer(position as i64))
}

/// `json_group_array` and `json_group_object`, as the text so far without its closing bracket.
struct Group {
    text: Text,
    open: u8,
    form: Form,
    has_rows: bool,
    /// A label was NULL; such a pair stands as `@` until the result is made.
    has_null_label: bool,
}

impl Group {
    fn boxed(open: u8, form: Form) -> BuiltInState {
        Box::new(Group { text: Text::default(), open, form, has_rows: false, has_null_label: false })
    }

    /// The text without the pairs whose label was NULL.
    fn without_null_labels(&self) -> Vec<u8> {
        let text = &self.text.out;
        let mut out = vec![self.open];
        let mut is_in_string = false;
        let mut i = 1;
        while i < text.len() {
            match text[i] {
                b'"' => {
                    is_in_string = !is_in_string;
                    out.push(b'"');
                }
                b'\\' => {
                    out.push(b'\\');
                    i += 1;
                    out.extend(text.get(i));
                }
                b'@' if !is_in_string => {
                    if text.get(i + 1) == Some(&b',') {
                        i += 1;
                    } else if out.last() == Some(&b',') {
                        out.pop();
                    }
                }
                c => out.push(c),
            }
            i += 1;
        }
        out
    }
}

impl AggregateState for Group {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        if !self.has_rows {
            self.has_rows = true;
            self.text.out.push(self.open);
        } else if self.text.out.len() > 1 {
            self.text.out.push(b',');
        }
        let mut value_index = 0;
        if self.open == b'{' {
            value_index = 1;
            let Some(label) = call.text(0) else {
                self.has_null_label = true;
                self.text.out.push(b'@');
                return Ok(true);
            };
            push_quoted(before_nul(&label), &mut self.text.out);
            self.text.out.push(b':');
        }
        push_value(&mut self.text, call.args[value_index], call.is_json(value_index));
        if self.text.has_foreign_blob {
            self.text.check()?;
        }
        call.check_length(self.text.out.len() + 1)?;
        Ok(true)
    }

    /// Takes the first element out of the text.
    fn inverse(&mut self, _call: &mut Call<'_>) -> Result<(), FunctionError> {
        let text = &mut self.text.out;
        let mut is_in_string = false;
        let mut nesting = 0;
        let mut i = 1;
        while i < text.len() {
            match text[i] {
                b',' if !is_in_string && nesting == 0 => break,
                b'"' => is_in_string = !is_in_string,
                b'\\' => i += 1,
                b'{' | b'[' if !is_in_string => nesting += 1,
                b'}' | b']' if !is_in_string => nesting -= 1,
                _ => {}
            }
            i += 1;
        }
        let end = (i + 1).min(text.len());
        text.drain(1.min(end)..end);
        Ok(())
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        self.text.check()?;
        let mut text = match (self.has_rows, self.has_null_label) {
            (false, _) => vec![self.open],
            (true, false) => {
                // With room for the bracket, so that a long text is copied once.
                let mut text = Vec::with_capacity(self.text.out.len() + 1);
                text.extend_from_slice(&self.text.out);
                text
            }
            (true, true) => self.without_null_labels(),
        };
        text.push(if self.open == b'[' { b']' } else { b'}' });
        Ok(match self.form {
            Form::Text => Value::text(text),
            Form::Binary => Value::blob(parse::parse_own(&text)),
        })
    }
}
