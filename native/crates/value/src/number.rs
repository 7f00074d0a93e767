//! Text ↔ number, digit for digit as SQLite 3.54 does it.
//!
//! Neither the shortest round-trip form nor `%.15g` is what SQLite prints. A real becomes 18 decimal digits by one
//! 64 × 96 bit multiplication with a power of ten, then 17 by decimal rounding, and fewer when digits 15 and 16 are
//! `99` or digits 14 to 16 are `000` and the shorter form reads back as the same real. Text becomes a real from its
//! first 19 or so digits the same way, which is not always the nearest real: to agree with SQLite on every digit the
//! same multiplication is needed, error and all.
//!
//! Three readings of text, all of which SQLite uses:
//! - `parse_real`: the longest leading real, and how much of the text it was;
//! - `parse_integer`: the leading integer, saturated;
//! - `text_to_number`: what arithmetic makes of text; `number_in_text`: what affinity does.
//!
//! A NUL ends the text for `parse_real`, because SQLite reads a C string there; `parse_integer` knows the length and
//! takes it for trailing garbage.

use crate::{Bytes, Value};

/// How much of a text a number was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numeric {
    /// No number at the front.
    No,
    /// A number with something behind it.
    Prefix,
    /// Nothing but a number, white space around it aside.
    Whole,
}

/// What `parse_real` found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParsedReal {
    pub value: f64,
    pub extent: Numeric,
    /// The text has a decimal point or an exponent.
    pub has_point_or_exponent: bool,
}

/// What `parse_integer` found besides the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerForm {
    /// No digit at the front.
    NoDigits,
    /// An integer and nothing else but white space.
    Whole,
    /// An integer with something behind it.
    Prefix,
    /// Exactly 9223372036854775808, one more than fits.
    TwoPow63,
    /// Larger than that; the value is saturated.
    TooLarge,
}

/// SQLite's white space: space, tab, newline, vertical tab, form feed, return.
#[inline]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

// Digits are collected while one more of them cannot overflow the mantissa.
const MANTISSA_FULL: u64 = (u64::MAX - 9) / 10;
// Exponents beyond this are all the same: zero or infinity.
const EXPONENT_LIMIT: i32 = 10_000;

/// Reads the real at the front of `text`.
pub fn parse_real(text: &[u8]) -> ParsedReal {
    let at = |i: usize| text.get(i).copied().unwrap_or(0);
    let mut i = 0;
    while is_space(at(i)) {
        i += 1;
    }
    let negative = at(i) == b'-';
    if matches!(at(i), b'-' | b'+') {
        i += 1;
    }
    let mut mantissa: u64 = 0;
    let mut exponent: i32 = 0;
    let mut has_digits = false;
    let mut has_point_or_exponent = false;
    if at(i).is_ascii_digit() {
        has_digits = true;
        mantissa = u64::from(at(i) - b'0');
        i += 1;
        while at(i).is_ascii_digit() {
            mantissa = mantissa * 10 + u64::from(at(i) - b'0');
            i += 1;
            if mantissa >= MANTISSA_FULL {
                while at(i).is_ascii_digit() {
                    i += 1;
                    exponent = exponent.saturating_add(1);
                }
                break;
            }
        }
    }
    if at(i) == b'.' {
        i += 1;
        while at(i).is_ascii_digit() {
            has_digits = true;
            if mantissa < MANTISSA_FULL {
                mantissa = mantissa * 10 + u64::from(at(i) - b'0');
                exponent -= 1;
            }
            i += 1;
        }
        has_point_or_exponent = true;
    }
    if !has_digits {
        return ParsedReal { value: 0.0, extent: Numeric::No, has_point_or_exponent: false };
    }
    if matches!(at(i), b'e' | b'E') {
        let sign_len = usize::from(matches!(at(i + 1), b'-' | b'+'));
        if at(i + 1 + sign_len).is_ascii_digit() {
            let down = at(i + 1) == b'-';
            i += 1 + sign_len;
            let mut written: i32 = 0;
            while at(i).is_ascii_digit() {
                written = if written < EXPONENT_LIMIT {
                    written * 10 + i32::from(at(i) - b'0')
                } else {
                    EXPONENT_LIMIT
                };
                i += 1;
            }
            exponent = exponent.saturating_add(if down { -written } else { written });
            has_point_or_exponent = true;
        }
    }
    let magnitude = if mantissa == 0 { 0.0 } else { decimal_to_real(mantissa, exponent) };
    while is_space(at(i)) {
        i += 1;
    }
    ParsedReal {
        value: if negative { -magnitude } else { magnitude },
        extent: if at(i) == 0 { Numeric::Whole } else { Numeric::Prefix },
        has_point_or_exponent,
    }
}

/// The real at the front of `text`, 0.0 when there is none.
pub fn text_to_real(text: &[u8]) -> f64 {
    parse_real(text).value
}

/// Reads the decimal integer at the front of `text`; the value is saturated.
pub fn parse_integer(text: &[u8]) -> (i64, IntegerForm) {
    let mut rest = text;
    while let [first, tail @ ..] = rest
        && is_space(*first)
    {
        rest = tail;
    }
    let negative = rest.first() == Some(&b'-');
    if matches!(rest.first(), Some(b'-' | b'+')) {
        rest = &rest[1..];
    }
    let digit_count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, behind) = rest.split_at(digit_count);
    if digits.is_empty() {
        return (0, IntegerForm::NoDigits);
    }
    let form =
        if behind.iter().all(|&byte| is_space(byte)) { IntegerForm::Whole } else { IntegerForm::Prefix };
    let mut magnitude: u64 = 0;
    let mut fits = true;
    for digit in digits {
        match magnitude.checked_mul(10).and_then(|m| m.checked_add(u64::from(digit - b'0'))) {
            Some(next) => magnitude = next,
            None => {
                fits = false;
                break;
            }
        }
    }
    match (fits, magnitude, negative) {
        (true, 0..=0x7fff_ffff_ffff_ffff, false) => (magnitude as i64, form),
        (true, 0..=0x7fff_ffff_ffff_ffff, true) => (-(magnitude as i64), form),
        (true, 0x8000_0000_0000_0000, true) => (i64::MIN, form),
        (true, 0x8000_0000_0000_0000, false) => (i64::MAX, IntegerForm::TwoPow63),
        (_, _, true) => (i64::MIN, IntegerForm::TooLarge),
        (_, _, false) => (i64::MAX, IntegerForm::TooLarge),
    }
}

/// The integer at the front of `text`, saturated, 0 when there is none.
pub fn text_to_integer(text: &[u8]) -> i64 {
    parse_integer(text).0
}

/// What arithmetic makes of text or a blob: always a number, and how much of the text it was.
pub fn text_to_number(text: &[u8]) -> (Value, Numeric) {
    let parsed = parse_real(text);
    if !parsed.has_point_or_exponent {
        let (integer, form) = parse_integer(text);
        let is_integer = match form {
            IntegerForm::Whole => true,
            IntegerForm::Prefix | IntegerForm::NoDigits => parsed.extent != Numeric::Whole,
            IntegerForm::TwoPow63 | IntegerForm::TooLarge => false,
        };
        if is_integer {
            return (Value::Integer(integer), parsed.extent);
        }
    }
    (Value::Real(parsed.value), parsed.extent)
}

/// The number a text as a whole is, if it is one: an integer when written as one that fits, else a real.
pub fn number_in_text(text: &[u8]) -> Option<Value> {
    let parsed = parse_real(text);
    if parsed.extent != Numeric::Whole {
        return None;
    }
    if !parsed.has_point_or_exponent {
        let cut = real_to_integer(parsed.value);
        if is_same(parsed.value, cut) {
            return Some(Value::Integer(cut));
        }
        if let (integer, IntegerForm::Whole) = parse_integer(text) {
            return Some(Value::Integer(integer));
        }
    }
    Some(Value::Real(parsed.value))
}

/// `CAST(text AS NUMERIC)`.
pub fn cast_text_to_numeric(text: &[u8]) -> Value {
    let parsed = parse_real(text);
    if !parsed.has_point_or_exponent {
        let (integer, form) = parse_integer(text);
        if matches!(form, IntegerForm::Whole | IntegerForm::Prefix | IntegerForm::NoDigits) {
            return Value::Integer(integer);
        }
    }
    let cut = real_to_integer(parsed.value);
    if is_same(parsed.value, cut) { Value::Integer(cut) } else { Value::Real(parsed.value) }
}

/// Cut toward zero, saturated: what `CAST(real AS INTEGER)` gives.
#[inline]
pub fn real_to_integer(real: f64) -> i64 {
    real as i64
}

/// The integer a real equals, unless it is the largest or smallest one: what an INTEGER column makes of a real.
#[inline]
pub fn real_as_integer(real: f64) -> Option<i64> {
    let integer = real as i64;
    (real == integer as f64 && integer > i64::MIN && integer < i64::MAX).then_some(integer)
}

/// The integer that a real is, the smallest one included: where an integer is asked for, a rowid say.
pub fn real_exactly_integer(real: f64) -> Option<i64> {
    // Cut off at the top: 2^63, which is no integer, would come back as one.
    let integer = real as i64;
    (real == integer as f64 && integer < i64::MAX).then_some(integer)
}

/// SQLite's stricter test: the real is that integer and is small enough (51 bits) to leave no doubt.
fn is_same(real: f64, integer: i64) -> bool {
    const LIMIT: i64 = 1 << 51;
    real == 0.0 || (real.to_bits() == (integer as f64).to_bits() && (-LIMIT..LIMIT).contains(&integer))
}

pub fn integer_to_text(integer: i64) -> Bytes {
    let mut buffer = [0; 20];
    Bytes::new(write_integer(integer, &mut buffer))
}

/// The decimal form of `integer`, written into the end of `buffer`.
pub fn write_integer(integer: i64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut at = buffer.len() - write_unsigned(integer.unsigned_abs(), buffer).len();
    if integer < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// The same of a number without a sign.
pub fn write_unsigned(integer: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut rest = integer;
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    &buffer[at..]
}

pub fn real_to_text(real: f64) -> Bytes {
    let mut out = Vec::with_capacity(24);
    write_real(real, &mut out);
    Bytes::from(out)
}

/// Digits kept in the text form of a real. Older SQLite kept 15.
const TEXT_DIGITS: i32 = 17;

/// Appends the text form of a real: `1.0`, `0.1`, `1.0e+17`, `-Inf`.
pub fn write_real(real: f64, out: &mut Vec<u8>) {
    let decimal = Decimal::of(real, TEXT_DIGITS, 20);
    match decimal.kind {
        DecimalKind::Finite => {}
        DecimalKind::Infinite => {
            out.extend_from_slice(if decimal.is_negative { b"-Inf" } else { b"Inf" });
            return;
        }
        DecimalKind::NotANumber => {
            out.extend_from_slice(b"NaN");
            return;
        }
    }
    if decimal.is_negative {
        out.push(b'-');
    }
    let digits = decimal.digits();
    let exponent = decimal.point - 1;
    if (-4..TEXT_DIGITS).contains(&exponent) {
        if decimal.point <= 0 {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + decimal.point.unsigned_abs() as usize, b'0');
            out.extend_from_slice(digits);
        } else {
            let whole_len = decimal.point as usize;
            if digits.len() > whole_len {
                out.extend_from_slice(&digits[..whole_len]);
                out.push(b'.');
                out.extend_from_slice(&digits[whole_len..]);
            } else {
                out.extend_from_slice(digits);
                out.resize(out.len() + whole_len - digits.len(), b'0');
                out.extend_from_slice(b".0");
            }
        }
        return;
    }
    out.push(digits[0]);
    out.push(b'.');
    out.extend_from_slice(if digits.len() > 1 { &digits[1..] } else { b"0" });
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    let exponent = exponent.unsigned_abs();
    if exponent >= 100 {
        out.push(b'0' + (exponent / 100) as u8);
    }
    out.push(b'0' + (exponent / 10 % 10) as u8);
    out.push(b'0' + (exponent % 10) as u8);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalKind {
    Finite,
    Infinite,
    NotANumber,
}

/// A real as decimal digits: 0.d1d2d3… × 10^point.
#[derive(Clone, Debug)]
pub struct Decimal {
    pub is_negative: bool,
    pub kind: DecimalKind,
    /// Digits before the decimal point; may be negative or more than there are digits.
    pub point: i32,
    // One slot in front for a carry out of the first digit.
    buffer: [u8; 24],
    start: usize,
    len: usize,
}

impl Decimal {
    /// The digits without trailing zeros; `0` for zero, empty when not finite.
    pub fn digits(&self) -> &[u8] {
        &self.buffer[self.start..self.start + self.len]
    }

    /// Rounds to `round` significant digits, or when `round` is zero or negative to `-round` digits behind the
    /// decimal point; to `max_digits` significant digits in any case. Exactly 17 digits asks for the shortening
    /// described above.
    pub fn of(real: f64, round: i32, max_digits: i32) -> Decimal {
        let mut decimal = Decimal {
            is_negative: real < 0.0,
            kind: DecimalKind::Finite,
            point: 1,
            buffer: [b'0'; 24],
            start: 1,
            len: 1,
        };
        if real == 0.0 {
            return decimal;
        }
        if !real.is_finite() {
            decimal.kind = if real.is_nan() { DecimalKind::NotANumber } else { DecimalKind::Infinite };
            (decimal.point, decimal.len) = (0, 0);
            return decimal;
        }
        let real = real.abs();
        let (mantissa, exponent) = normalized(real);
        let wanted = if round <= 0 || round >= 18 { 18 } else { round + 1 };
        let (mut value, power) = binary_to_decimal(mantissa, exponent, wanted);

        let mut count = 0;
        let mut reversed = [0; 20];
        while value > 0 {
            reversed[count] = b'0' + (value % 10) as u8;
            value /= 10;
            count += 1;
        }
        for i in 0..count {
            decimal.buffer[2 + i] = reversed[count - 1 - i];
        }
        decimal.start = 2;
        decimal.len = count;
        decimal.point = count as i32 + power;

        let mut round = round;
        if round <= 0 {
            round = decimal.point.saturating_sub(round);
            if round == 0 && decimal.buffer[decimal.start] >= b'5' {
                // Rounds up into the place before the first digit.
                round = 1;
                decimal.start -= 1;
                decimal.buffer[decimal.start] = b'0';
                decimal.len += 1;
                decimal.point += 1;
            }
        }
        if round > 0 && ((round as usize) < decimal.len || decimal.len > max_digits as usize) {
            let mut keep = round.min(max_digits) as usize;
            if keep == 17
                && let Some(fewer) = decimal.shorter_form(real, power)
            {
                keep = fewer;
            }
            decimal.round_to(keep);
        }
        while decimal.len > 1 && decimal.buffer[decimal.start + decimal.len - 1] == b'0' {
            decimal.len -= 1;
        }
        decimal
    }

    /// Digits to keep so that the rest rounds away to a form that still reads back as `real`.
    fn shorter_form(&self, real: f64, power: i32) -> Option<usize> {
        let digits = self.digits();
        let nines = digits[14] == b'9' && digits[15] == b'9';
        let (prefix_len, increment) = if nines {
            (digits[..14].iter().rposition(|&digit| digit != b'9').map_or(0, |last| last + 1), 1)
        } else if self.point >= digits.len() as i32 || digits[13..16] == *b"000" {
            (digits[..13].iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1), 0)
        } else {
            return None;
        };
        let prefix = digits[..prefix_len].iter().fold(0, |n: u64, digit| n * 10 + u64::from(digit - b'0'));
        let scale = power + (digits.len() - prefix_len) as i32;
        (decimal_to_real(prefix + increment, scale) == real).then_some(prefix_len + 1)
    }

    fn round_to(&mut self, keep: usize) {
        let round_up = self.buffer[self.start + keep] >= b'5';
        self.len = keep;
        if !round_up {
            return;
        }
        for i in (self.start..self.start + keep).rev() {
            if self.buffer[i] < b'9' {
                self.buffer[i] += 1;
                return;
            }
            self.buffer[i] = b'0';
        }
        self.start -= 1;
        self.buffer[self.start] = b'1';
        self.len += 1;
        self.point += 1;
    }
}

/// A positive real as mantissa × 2^exponent with the mantissa's highest bit set.
fn normalized(real: f64) -> (u64, i32) {
    let bits = real.to_bits();
    let exponent = (bits >> 52) as i32 & 0x7ff;
    let fraction = bits & 0x000f_ffff_ffff_ffff;
    if exponent == 0 {
        let shift = fraction.leading_zeros();
        (fraction << shift, -1074 - shift as i32)
    } else {
        (fraction << 11 | 1 << 63, exponent - 1086)
    }
}

const FIRST_POWER: i32 = -348;
const LAST_POWER: i32 = 347;

/// floor(log2(10^p)) for the powers in range.
fn log2_of_power10(p: i32) -> i32 {
    (p * 108_853) >> 15
}

/// floor(log10(2^p)) for the exponents in range.
fn log10_of_power2(p: i32) -> i32 {
    (p * 78_913) >> 18
}

fn multiply_wide(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    ((product >> 64) as u64, product as u64)
}

/// Powers of ten 27 apart, their first 64 and next 32 bits, from 10^-351 on: rounded, but for 10^-1, which stands in
/// the place of 10^0 and is cut.
#[rustfmt::skip]
const SCALE: [(u64, u32); 26] = [
    (0x8049a4ac0c5811ae, 0x205b896d), // 1e-351
    (0xcf42894a5dce35ea, 0x52064cad), // 1e-324
    (0xa76c582338ed2621, 0xaf2af2b8), // 1e-297
    (0x873e4f75e2224e68, 0x5a7744a7), // 1e-270
    (0xda7f5bf590966848, 0xaf39a475), // 1e-243
    (0xb080392cc4349dec, 0xbd8d794e), // 1e-216
    (0x8e938662882af53e, 0x547eb47b), // 1e-189
    (0xe65829b3046b0afa, 0x0cb4a5a3), // 1e-162
    (0xba121a4650e4ddeb, 0x92f34d62), // 1e-135
    (0x964e858c91ba2655, 0x3a6a07f9), // 1e-108
    (0xf2d56790ab41c2a2, 0xfae27299), // 1e-81
    (0xc428d05aa4751e4c, 0xaa97e14c), // 1e-54
    (0x9e74d1b791e07e48, 0x775ea265), // 1e-27
    (0xcccccccccccccccc, 0xcccccccc), // 1e-1
    (0xcecb8f27f4200f3a, 0x00000000), // 1e27
    (0xa70c3c40a64e6c51, 0x999090b6), // 1e54
    (0x86f0ac99b4e8dafd, 0x69a028bb), // 1e81
    (0xda01ee641a708de9, 0xe80e6f48), // 1e108
    (0xb01ae745b101e9e4, 0x5ec05dd0), // 1e135
    (0x8e41ade9fbebc27d, 0x14588f14), // 1e162
    (0xe5d3ef282a242e81, 0x8f1668c9), // 1e189
    (0xb9a74a0637ce2ee1, 0x6d953e2c), // 1e216
    (0x95f83d0a1fb69cd9, 0x4abdaf10), // 1e243
    (0xf24a01a73cf2dccf, 0xbc633b39), // 1e270
    (0xc3b8358109e84f07, 0x0a862f81), // 1e297
    (0x9e19db92b4e31ba9, 0x6c07a2c2), // 1e324
];

/// 10^0 to 10^26, shifted so that the highest bit is set; 63 bits and a trailing zero hold them exactly up to 10^27.
const BASE: [u64; 27] = {
    let mut table = [0; 27];
    let mut power: u128 = 1;
    let mut i = 0;
    while i < 27 {
        let width = 128 - power.leading_zeros();
        table[i] = if width <= 64 { (power as u64) << (64 - width) } else { (power >> (width - 64)) as u64 };
        power *= 10;
        i += 1;
    }
    table
};

/// The first 64 and the next 32 bits of 10^p.
fn power_of_ten(p: i32) -> (u64, u32) {
    debug_assert!((FIRST_POWER..=LAST_POWER).contains(&p));
    if p == -1 {
        return SCALE[13];
    }
    if (0..27).contains(&p) {
        return (BASE[p as usize], 0);
    }
    let (high, low) = SCALE[(p.div_euclid(27) + 13) as usize];
    let base = BASE[p.rem_euclid(27) as usize];
    if p.rem_euclid(27) == 0 {
        return (high, low);
    }
    // The upper 96 of 160 bits.
    let product = u128::from(high) * u128::from(base) + ((u128::from(low) * u128::from(base)) >> 32);
    let (mut high, mut low) = ((product >> 64) as u64, (product >> 32) as u32);
    if high >> 63 == 0 {
        high = high << 1 | u64::from(low >> 31);
        low = low << 1 | 1;
    }
    (high, low)
}

/// mantissa × 2^exponent as (d, p) with d × 10^p about the same and d of at least `digits` digits.
fn binary_to_decimal(mantissa: u64, exponent: i32, digits: i32) -> (u64, i32) {
    let p = digits - 1 - log10_of_power2(exponent + 63);
    let (high, _) = multiply_wide(mantissa, power_of_ten(p).0);
    let shift = -(exponent + log2_of_power10(p) + 1);
    let decimal = if digits == 18 {
        let high = high >> (shift - 1);
        (high + (high << 1 & 2)) >> 1
    } else {
        high >> shift
    };
    (decimal, -p)
}

/// The real next to `decimal` × 10^`power`. `decimal` must not be zero.
pub fn decimal_to_real(decimal: u64, power: i32) -> f64 {
    if power < FIRST_POWER {
        return 0.0;
    }
    if power > LAST_POWER {
        return f64::INFINITY;
    }
    let width = 64 - decimal.leading_zeros() as i32;
    let log = log2_of_power10(power);
    let mut exponent = 53 - width - log;
    if exponent > 1074 {
        if exponent >= 1130 {
            return 0.0;
        }
        exponent = 1074;
    }
    let shift = -(exponent - (64 - width) + log + 3);
    let (mut power_high, mut power_low) = power_of_ten(power);
    if power_low != 0 {
        power_high += 1;
        power_low = !power_low;
    }
    let scaled = decimal << (64 - width);
    let (mut high, low) = multiply_wide(scaled, power_high);
    let mut sticky = 1;
    if high & ((1 << shift) - 1) == 0 {
        // The result lies near the middle of two reals: the low bits decide.
        let middle = (low >> 32) as u32;
        let borrow = (multiply_wide(scaled, u64::from(power_low) << 32).0 >> 32) as u32;
        sticky = u64::from(middle.wrapping_sub(borrow) > 1);
        high -= u64::from(middle < borrow);
    }
    let mut rounded = high >> shift | sticky;
    if rounded >= (1 << 55) - 2 {
        rounded = rounded >> 1 | rounded & 1;
        exponent -= 1;
    }
    let mut bits = (rounded + 1 + (rounded >> 2 & 1)) >> 2;
    if exponent <= -972 {
        return f64::INFINITY;
    }
    if bits & 1 << 52 != 0 {
        bits = bits & !(1 << 52) | ((1075 - exponent) as u64) << 52;
    }
    f64::from_bits(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(real: f64) -> String {
        String::from_utf8_lossy(&real_to_text(real)).into_owned()
    }

    #[test]
    fn reals_print_as_sqlite_3_54_prints_them() {
        for (real, expected) in [
            (1.0 / 3.0, "0.33333333333333332"),
            (0.1, "0.1"),
            (0.123_456_789_012_345_6, "0.12345678901234559"),
            (0.799_999_999_999_999_9, "0.79999999999999993"),
            (1e23, "1.0e+23"),
            (5e-324, "4.9406564584124654e-324"),
            (1e15, "1000000000000000.0"),
            (1e17, "1.0e+17"),
            (1e-5, "1.0e-05"),
            (-0.0, "0.0"),
            (49.47, "49.47"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(text(real), expected);
        }
    }

    #[test]
    fn text_reads_as_the_number_it_begins_with() {
        assert_eq!(text_to_number(b"1e"), (Value::Integer(1), Numeric::Prefix));
        assert_eq!(text_to_number(b"."), (Value::Integer(0), Numeric::No));
        assert_eq!(text_to_number(b" -1.5 "), (Value::Real(-1.5), Numeric::Whole));
        assert_eq!(
            text_to_number(b"9223372036854775808"),
            (Value::Real(9223372036854775808.0), Numeric::Whole)
        );
        assert_eq!(number_in_text(b"1\0x"), Some(Value::Integer(1)));
        assert_eq!(number_in_text(b"1e2"), Some(Value::Real(100.0)));
        assert_eq!(number_in_text(b""), None);
        assert_eq!(parse_integer(b"-9223372036854775808"), (i64::MIN, IntegerForm::Whole));
    }
}
