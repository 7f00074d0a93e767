//! `printf()`: SQLite's conversions, flags and roundings.
//!
//! ```text
//! % flags width .precision l type
//! ```
//!
//! Flags: `-` left, `+` and space signs, `0` zero-padded, `#` alternate form, `!` alternate form 2 (more digits for
//! reals, characters instead of bytes for text), `,` thousands. Width and precision may be `*`.
//! Types: `d i u x X o p r` integers, `f e E g G` reals, `s z` text, `c` a character, `q Q w` SQL quoting, `j J` JSON
//! quoting, `%`, and `n`, which prints nothing. Anything else ends the output there.
//!
//! Texts are read up to a NUL, and an argument that is missing counts as NULL.

use pluresdb_value::number::{self, Decimal, DecimalKind};
use pluresdb_value::{TextRef, ValueRef};

use crate::registry::FunctionError;
use crate::text::{before_nul, is_continuation, skip_char};

/// Reals are printed with at most this precision.
const MAX_REAL_PRECISION: i64 = 100_000_000;
/// Significant digits of a real without and with the flag `!`.
const DIGITS: i32 = 16;
const MORE_DIGITS: i32 = 20;

#[derive(Clone, Copy, Default)]
struct Conversion {
    left: bool,
    /// `+`, space or 0.
    sign: u8,
    alternate: bool,
    alternate2: bool,
    zero_pad: bool,
    thousands: bool,
    width: i64,
    precision: Option<i64>,
}

struct Writer<'a, 'o> {
    out: &'o mut Vec<u8>,
    /// Where the text begins in `out`.
    start: usize,
    args: std::slice::Iter<'a, ValueRef<'a>>,
    max_length: usize,
}

/// The text `printf(template, args…)` gives.
pub fn format(template: &[u8], args: &[ValueRef<'_>], max_length: usize) -> Result<Vec<u8>, FunctionError> {
    let mut out = Vec::with_capacity(usual_len(template, args).min(max_length));
    write(template, args, max_length, &mut out)?;
    Ok(out)
}

/// How long the text will be, about.
pub(crate) fn usual_len(template: &[u8], args: &[ValueRef<'_>]) -> usize {
    const USUAL_LEN: usize = 12;
    template.len() + USUAL_LEN * args.len()
}

/// Appends the text to `out`.
pub(crate) fn write(
    template: &[u8],
    args: &[ValueRef<'_>],
    max_length: usize,
    out: &mut Vec<u8>,
) -> Result<(), FunctionError> {
    let start = out.len();
    let mut writer = Writer { out, start, args: args.iter(), max_length };
    let mut rest = before_nul(template);
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        writer.push(&rest[..at])?;
        rest = &rest[at + 1..];
        if rest.is_empty() {
            return writer.push(b"%");
        }
        let conversion = writer.read_conversion(&mut rest);
        let Some((&kind, tail)) = rest.split_first() else { return Ok(()) };
        rest = tail;
        if !writer.convert(kind, conversion)? {
            return Ok(());
        }
    }
    writer.push(rest)
}

/// `printf('%!.<places>f', real)`.
pub(crate) fn fixed(real: f64, places: i32) -> Vec<u8> {
    let conversion =
        Conversion { alternate2: true, precision: Some(i64::from(places)), ..Conversion::default() };
    render_real(b'f', real, conversion)
}

impl<'a> Writer<'a, '_> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), FunctionError> {
        self.reserve(bytes.len() as i64)?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn push_repeated(&mut self, byte: u8, count: i64) -> Result<(), FunctionError> {
        self.reserve(count)?;
        self.out.resize(self.out.len() + usize::try_from(count).unwrap_or(0), byte);
        Ok(())
    }

    /// Fails before anything large is allocated.
    fn reserve(&self, more: i64) -> Result<(), FunctionError> {
        let len = (self.out.len() - self.start) as i64 + more.max(0);
        if len >= self.max_length as i64 { Err(FunctionError::TooBig) } else { Ok(()) }
    }

    fn next_integer(&mut self) -> i64 {
        self.args.next().map_or(0, |arg| arg.to_integer())
    }

    fn next_text(&mut self) -> Option<TextRef<'a>> {
        self.args.next().and_then(|arg| arg.as_text())
    }

    /// Reads everything between `%` and the type, of which at least one byte is left unless the template ends.
    fn read_conversion(&mut self, rest: &mut &[u8]) -> Conversion {
        let mut conversion = Conversion::default();
        while let Some(&c) = rest.first() {
            match c {
                b'-' => conversion.left = true,
                b'+' | b' ' => conversion.sign = c,
                b'#' => conversion.alternate = true,
                b'!' => conversion.alternate2 = true,
                b'0' => conversion.zero_pad = true,
                b',' => conversion.thousands = true,
                b'l' => {
                    *rest = &rest[1..];
                    if rest.first() == Some(&b'l') {
                        *rest = &rest[1..];
                    }
                    return conversion;
                }
                b'1'..=b'9' => {
                    conversion.width = read_number(rest);
                    if !matches!(rest.first(), Some(b'.' | b'l')) {
                        return conversion;
                    }
                    continue;
                }
                b'*' => {
                    let width = self.next_integer() as i32;
                    conversion.left |= width < 0;
                    conversion.width = if width == i32::MIN { 0 } else { i64::from(width.abs()) };
                    *rest = &rest[1..];
                    if !matches!(rest.first(), Some(b'.' | b'l')) {
                        return conversion;
                    }
                    continue;
                }
                b'.' => {
                    *rest = &rest[1..];
                    if rest.first() == Some(&b'*') {
                        let precision = self.next_integer() as i32;
                        conversion.precision = precision.checked_abs().map(i64::from);
                        *rest = &rest[1..];
                    } else {
                        conversion.precision = Some(read_number(rest));
                    }
                    if rest.first() != Some(&b'l') {
                        return conversion;
                    }
                    continue;
                }
                _ => return conversion,
            }
            *rest = &rest[1..];
        }
        conversion
    }

    /// Prints one conversion; `false` ends the output.
    fn convert(&mut self, kind: u8, conversion: Conversion) -> Result<bool, FunctionError> {
        match kind {
            b'd' | b'i' | b'u' | b'x' | b'X' | b'o' | b'p' | b'r' => {
                self.convert_integer(kind, conversion)?;
            }
            b'f' | b'e' | b'E' | b'g' | b'G' => {
                let real = self.args.next().map_or(0.0, |arg| arg.to_real());
                let precision = conversion.precision.unwrap_or(6).min(MAX_REAL_PRECISION);
                self.reserve(precision + conversion.width + 10)?;
                let text = render_real(kind, real, conversion);
                self.push_padded(&text, conversion.width, conversion.left)?;
            }
            b's' | b'z' => {
                let text = self.next_text().unwrap_or_default();
                let text = before_nul(&text);
                let text = match conversion.precision {
                    None => text,
                    Some(precision) if conversion.alternate2 => &text[..chars_len(text, precision)],
                    Some(precision) => &text[..text.len().min(precision as usize)],
                };
                self.push_text(text, conversion)?;
            }
            b'c' => self.convert_character(conversion)?,
            b'q' | b'Q' | b'w' => self.convert_quoted(kind, conversion)?,
            b'j' | b'J' => self.convert_json(kind, conversion)?,
            b'%' => self.push_padded(b"%", conversion.width, conversion.left)?,
            b'n' => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn push_padded(&mut self, text: &[u8], width: i64, left: bool) -> Result<(), FunctionError> {
        let padding = width - text.len() as i64;
        if !left {
            self.push_repeated(b' ', padding)?;
        }
        self.push(text)?;
        if left {
            self.push_repeated(b' ', padding)?;
        }
        Ok(())
    }

    /// With `!`, the width counts characters.
    fn push_text(&mut self, text: &[u8], conversion: Conversion) -> Result<(), FunctionError> {
        let mut width = conversion.width;
        if conversion.alternate2 && width > 0 {
            width += text.iter().filter(|&&byte| is_continuation(byte)).count() as i64;
        }
        self.push_padded(text, width, conversion.left)
    }

    fn convert_integer(&mut self, kind: u8, conversion: Conversion) -> Result<(), FunctionError> {
        let integer = self.next_integer();
        let is_signed = matches!(kind, b'd' | b'i' | b'r');
        let (magnitude, sign) = match (is_signed, integer < 0) {
            (true, true) => (integer.unsigned_abs(), b'-'),
            (true, false) => (integer as u64, conversion.sign),
            (false, _) => (integer as u64, 0),
        };
        let mut precision = conversion.precision.unwrap_or(-1);
        let width_for_digits = conversion.width - i64::from(sign != 0);
        if conversion.zero_pad && precision < width_for_digits {
            precision = width_for_digits;
        }
        self.reserve(precision + precision / 3 + 10)?;
        if matches!(kind, b'd' | b'i' | b'u') && !conversion.thousands {
            return self.push_decimal(magnitude, sign, precision, conversion);
        }
        let mut digits = match kind {
            b'x' => format!("{magnitude:x}"),
            b'X' | b'p' => format!("{magnitude:X}"),
            b'o' => format!("{magnitude:o}"),
            _ => magnitude.to_string(),
        }
        .into_bytes();
        if kind == b'r' {
            let suffix = match (magnitude % 10, magnitude / 10 % 10) {
                (1, tens) if tens != 1 => b"st",
                (2, tens) if tens != 1 => b"nd",
                (3, tens) if tens != 1 => b"rd",
                _ => b"th",
            };
            digits.extend_from_slice(suffix);
        }
        let zeros = usize::try_from(precision - digits.len() as i64).unwrap_or(0);
        digits.splice(0..0, std::iter::repeat_n(b'0', zeros));
        if conversion.thousands && matches!(kind, b'd' | b'i' | b'u') {
            digits = with_thousands(&digits);
        }
        let mut text = Vec::with_capacity(digits.len() + 3);
        if conversion.alternate && magnitude != 0 {
            match kind {
                b'x' | b'p' => text.extend_from_slice(b"0x"),
                b'X' => text.extend_from_slice(b"0X"),
                b'o' => text.push(b'0'),
                _ => {}
            }
        }
        if sign != 0 {
            text.push(sign);
        }
        text.extend_from_slice(&digits);
        self.push_padded(&text, conversion.width, conversion.left)
    }

    /// Digits with a sign, or with 0 none, at least as many of them as the precision says.
    fn push_decimal(
        &mut self,
        magnitude: u64,
        sign: u8,
        precision: i64,
        conversion: Conversion,
    ) -> Result<(), FunctionError> {
        let mut buffer = [0; 20];
        let digits = number::write_unsigned(magnitude, &mut buffer);
        let zeros = (precision - digits.len() as i64).max(0);
        let len = i64::from(sign != 0) + zeros + digits.len() as i64;
        let padding = conversion.width - len;
        if !conversion.left {
            self.push_repeated(b' ', padding)?;
        }
        self.reserve(len)?;
        if sign != 0 {
            self.out.push(sign);
        }
        self.push_repeated(b'0', zeros)?;
        self.out.extend_from_slice(digits);
        if conversion.left {
            self.push_repeated(b' ', padding)?;
        }
        Ok(())
    }

    /// The first character of a text, repeated as often as the precision says. Of an empty text that is a NUL.
    fn convert_character(&mut self, mut conversion: Conversion) -> Result<(), FunctionError> {
        const MAX_CHARACTER_LEN: usize = 4;
        let text = self.next_text().unwrap_or_default();
        let text = before_nul(&text);
        let character =
            if text.is_empty() { &[0][..] } else { &text[..skip_char(text).min(MAX_CHARACTER_LEN)] };
        let precision = conversion.precision.unwrap_or(1);
        if precision > 1 {
            conversion.width -= precision - 1;
            if conversion.width > 1 && !conversion.left {
                self.push_repeated(b' ', conversion.width - 1)?;
                conversion.width = 0;
            }
            self.reserve((precision - 1).saturating_mul(character.len() as i64))?;
            for _ in 1..precision {
                self.out.extend_from_slice(character);
            }
        }
        conversion.alternate2 = true;
        self.push_text(character, conversion)
    }

    fn convert_quoted(&mut self, kind: u8, conversion: Conversion) -> Result<(), FunctionError> {
        let given = self.next_text();
        let is_null = given.is_none();
        let text = given.unwrap_or(TextRef::Borrowed(if kind == b'Q' { b"NULL" } else { b"(NULL)" }));
        let mut text = before_nul(&text);
        if let Some(precision) = conversion.precision {
            text = if conversion.alternate2 {
                &text[..chars_len(text, precision)]
            } else {
                &text[..text.len().min(precision as usize)]
            };
        }
        let quote = if kind == b'w' { b'"' } else { b'\'' };
        let has_controls = text.iter().any(|&byte| byte < 0x20);
        let escapes = conversion.alternate && (kind == b'q' || kind == b'Q' && has_controls);
        let is_wrapped = kind == b'Q' && !is_null;
        let is_unistr = escapes && kind == b'Q';
        let mut out = Vec::with_capacity(text.len() + 12);
        if is_unistr {
            // A NULL with control characters cannot be, so the wrapping is always there.
            out.extend_from_slice(b"unistr('");
        } else if is_wrapped {
            out.push(b'\'');
        }
        for &byte in text {
            match byte {
                _ if byte == quote => out.extend_from_slice(&[byte, byte]),
                b'\\' if escapes => out.extend_from_slice(b"\\\\"),
                0..0x20 if escapes => {
                    out.extend_from_slice(b"\\u00");
                    push_hex(byte, &mut out);
                }
                _ => out.push(byte),
            }
        }
        if is_unistr {
            out.extend_from_slice(b"')");
        } else if is_wrapped {
            out.push(b'\'');
        }
        self.push_text(&out, conversion)
    }

    fn convert_json(&mut self, kind: u8, conversion: Conversion) -> Result<(), FunctionError> {
        let is_wrapped = kind == b'J';
        let mut out = Vec::new();
        match self.next_text() {
            None if is_wrapped => out.extend_from_slice(b"null"),
            None => {}
            Some(text) => {
                let mut text = before_nul(&text);
                if let Some(precision) = conversion.precision {
                    text = if conversion.alternate2 {
                        &text[..json_chars_len(text, precision)]
                    } else {
                        &text[..text.len().min(precision as usize)]
                    };
                }
                if is_wrapped {
                    out.push(b'"');
                }
                for &byte in text {
                    match byte {
                        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
                        8 => out.extend_from_slice(b"\\b"),
                        9 => out.extend_from_slice(b"\\t"),
                        10 => out.extend_from_slice(b"\\n"),
                        12 => out.extend_from_slice(b"\\f"),
                        13 => out.extend_from_slice(b"\\r"),
                        0..0x20 => {
                            out.extend_from_slice(b"\\u00");
                            push_hex(byte, &mut out);
                        }
                        _ => out.push(byte),
                    }
                }
                if is_wrapped {
                    out.push(b'"');
                }
            }
        }
        self.push_text(&out, conversion)
    }
}

fn push_hex(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(DIGITS[usize::from(byte >> 4)]);
    out.push(DIGITS[usize::from(byte & 15)]);
}

/// Reads digits off the front, as a 31-bit number.
fn read_number(rest: &mut &[u8]) -> i64 {
    let mut number: u32 = 0;
    while let Some((&digit @ b'0'..=b'9', tail)) = rest.split_first() {
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'));
        *rest = tail;
    }
    i64::from(number & 0x7fff_ffff)
}

/// Bytes of the first `count` characters.
fn chars_len(text: &[u8], count: i64) -> usize {
    let mut at = 0;
    let mut left = count;
    while left > 0 && at < text.len() {
        at += skip_char(&text[at..]);
        left -= 1;
    }
    at
}

/// The same, every continuation byte belonging to what stands before it.
fn json_chars_len(text: &[u8], count: i64) -> usize {
    let mut left = count;
    for (at, &byte) in text.iter().enumerate() {
        if !is_continuation(byte) {
            if left == 0 {
                return at;
            }
            left -= 1;
        }
    }
    text.len()
}

fn with_thousands(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() + digits.len() / 3);
    for (i, &digit) in digits.iter().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(b',');
        }
        out.push(digit);
    }
    out
}

/// A real by `%f`, `%e` or `%g`, padded only where the padding stands behind the sign (`0`).
fn render_real(kind: u8, real: f64, conversion: Conversion) -> Vec<u8> {
    let mut precision = conversion.precision.unwrap_or(6).min(MAX_REAL_PRECISION) as i32;
    let round = match kind {
        b'f' => -precision,
        b'g' | b'G' => {
            precision = precision.max(1);
            precision
        }
        _ => precision + 1,
    };
    let decimal = Decimal::of(real, round, if conversion.alternate2 { MORE_DIGITS } else { DIGITS });
    let (mut digits, mut point) = (decimal.digits(), decimal.point);
    match decimal.kind {
        DecimalKind::Finite => {}
        DecimalKind::NotANumber => {
            return if conversion.zero_pad { b"null".to_vec() } else { b"NaN".to_vec() };
        }
        // Padded with zeros, infinity is a number too large for a real.
        DecimalKind::Infinite if conversion.zero_pad => (digits, point) = (b"9", 1000),
        DecimalKind::Infinite => {
            let mut out = Vec::new();
            match (decimal.is_negative, conversion.sign) {
                (true, _) => out.push(b'-'),
                (false, 0) => {}
                (false, sign) => out.push(sign),
            }
            out.extend_from_slice(b"Inf");
            return out;
        }
    }
    let shows_as_zero = kind == b'f' && point <= round;
    let sign = match decimal.is_negative {
        true if conversion.alternate && conversion.sign == 0 && shows_as_zero => 0,
        true => b'-',
        false => conversion.sign,
    };
    let exponent = point - 1;
    let mut in_exponent_form = matches!(kind, b'e' | b'E');
    let mut drops_zeros = conversion.alternate2;
    if matches!(kind, b'g' | b'G') {
        precision -= 1;
        drops_zeros = !conversion.alternate;
        if exponent < -4 || exponent > precision {
            in_exponent_form = true;
        } else {
            precision -= exponent;
        }
    }
    let shows_point = precision > 0 || conversion.alternate || conversion.alternate2;
    let mut precision = usize::try_from(precision).unwrap_or(0);
    let mut out = Vec::with_capacity(32 + precision.min(64));
    if sign != 0 {
        out.push(sign);
    }

    // Digits before the point.
    let whole_len = if in_exponent_form { 1 } else { point };
    let mut used = 0;
    if whole_len <= 0 {
        out.push(b'0');
    } else {
        let whole_len = whole_len as usize;
        used = whole_len.min(digits.len());
        let start = out.len();
        out.extend_from_slice(&digits[..used]);
        out.resize(start + whole_len, b'0');
        if conversion.thousands {
            let whole = with_thousands(&out[start..]);
            out.truncate(start);
            out.extend_from_slice(&whole);
        }
    }
    if shows_point {
        out.push(b'.');
    }
    // Digits behind it.
    if whole_len < 0 {
        let zeros = (whole_len.unsigned_abs() as usize).min(precision);
        out.resize(out.len() + zeros, b'0');
        precision -= zeros;
    }
    let fraction = &digits[used..];
    let fraction = &fraction[..fraction.len().min(precision)];
    out.extend_from_slice(fraction);
    if !drops_zeros {
        out.resize(out.len() + precision - fraction.len(), b'0');
    }
    if drops_zeros && shows_point {
        while out.last() == Some(&b'0') {
            out.pop();
        }
        if out.last() == Some(&b'.') {
            if conversion.alternate2 {
                out.push(b'0');
            } else {
                out.pop();
            }
        }
    }
    if in_exponent_form {
        out.push(if matches!(kind, b'E' | b'G') { b'E' } else { b'e' });
        out.push(if exponent < 0 { b'-' } else { b'+' });
        let exponent = exponent.unsigned_abs();
        if exponent >= 100 {
            out.push(b'0' + (exponent / 100) as u8);
        }
        out.push(b'0' + (exponent / 10 % 10) as u8);
        out.push(b'0' + (exponent % 10) as u8);
    }
    if conversion.zero_pad && !conversion.left {
        let zeros = usize::try_from(conversion.width - out.len() as i64).unwrap_or(0);
        let after_sign = usize::from(sign != 0);
        out.splice(after_sign..after_sign, std::iter::repeat_n(b'0', zeros));
    }
    out
}

#[cfg(test)]
mod tests {
    use pluresdb_value::Value;

    use super::*;

    fn printf(template: &str, args: &[Value]) -> String {
        let args: Vec<ValueRef<'_>> = args.iter().map(Value::as_ref).collect();
        String::from_utf8(format(template.as_bytes(), &args, 1_000_000).unwrap()).unwrap()
    }

    #[test]
    fn integers_reals_and_texts_print_as_in_c_and_then_some() {
        assert_eq!(
            printf("%5d|%-5d|%05d|%+d|%,d", &[1, 2, -3, 4, 1234567].map(Value::Integer)),
            "    1|2    |-0003|+4|1,234,567"
        );
        assert_eq!(printf("%x %#X %o %r", &[255, 255, 8, 22].map(Value::Integer)), "ff 0XFF 10 22nd");
        assert_eq!(
            printf("%.2f %e %g %!.3f", &[2.675, 12345.678, 1e-5, 1.5].map(Value::Real)),
            "2.67 1.234568e+04 1e-05 1.5"
        );
        assert_eq!(printf("%5.1s|%-4s|%!3s", &["abc", "é", "é"].map(Value::text)), "    a|é  |  é");
        assert_eq!(
            printf("%Q %q %w %J", &["it's", "it's", "a\"b", "a\nb"].map(Value::text)),
            "'it''s' it''s a\"\"b \"a\\nb\""
        );
        assert_eq!(printf("%Q %s", &[Value::Null, Value::Null]), "NULL ");
    }

    #[test]
    fn what_is_too_long_fails_before_it_is_made() {
        assert_eq!(format(b"%999999999d", &[], 1000), Err(FunctionError::TooBig));
        assert_eq!(format(b"%.999999999f", &[], 1000), Err(FunctionError::TooBig));
    }
}
