//! Text ↔ number, casts, affinity, arithmetic, comparison.
//!
//!     input    two values; or, from FF on, text that is read as a number
//!
//! Laws: applying an affinity twice is applying it once; comparison is antisymmetric; a real's text reads back as it.

use pluresdb_value::{
    Affinity, Collation, Value, ValueRef, affinity, arithmetic, cast, compare, number, truth,
};

use crate::Input;
use crate::input::{is_same, sample_values, write_value};

const AFFINITIES: [Affinity; 5] =
    [Affinity::Blob, Affinity::Text, Affinity::Numeric, Affinity::Integer, Affinity::Real];

type Operator = fn(ValueRef<'_>, ValueRef<'_>) -> Value;

const OPERATORS: [Operator; 10] = [
    arithmetic::add,
    arithmetic::subtract,
    arithmetic::multiply,
    arithmetic::divide,
    arithmetic::remainder,
    arithmetic::bit_and,
    arithmetic::bit_or,
    arithmetic::shift_left,
    arithmetic::shift_right,
    arithmetic::concat,
];

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    if bytes.first() == Some(&0xff) {
        check_text(&bytes[1..]);
        return;
    }
    let (a, b) = (input.value(), input.value());
    for value in [&a, &b] {
        check_value(value);
    }
    for operator in OPERATORS {
        if let Value::Real(real) = operator(a.as_ref(), b.as_ref()) {
            assert!(!real.is_nan(), "no result is NaN");
        }
    }
    for collation in [Collation::Binary, Collation::NoCase, Collation::Rtrim] {
        let there = compare(a.as_ref(), b.as_ref(), collation);
        let back = compare(b.as_ref(), a.as_ref(), collation);
        assert_eq!(there, back.reverse(), "{a:?} and {b:?} have one order");
    }
    for target in AFFINITIES {
        let _ = affinity::compare_with(a.as_ref(), b.as_ref(), target, Collation::Binary);
        affinity::apply_for_comparison(&mut a.clone(), &mut b.clone(), target);
    }
}

fn check_value(value: &Value) {
    for target in AFFINITIES {
        let mut once = value.clone();
        affinity::apply(&mut once, target);
        let mut twice = once.clone();
        affinity::apply(&mut twice, target);
        assert!(is_same(&once, &twice), "{target:?} twice is once: {once:?}, {twice:?}");
        let _ = cast::cast(value.clone(), target);
    }
    let _ = (arithmetic::negate(value.as_ref()), arithmetic::bit_not(value.as_ref()), truth(value.as_ref()));
    if let Value::Real(real) = value {
        check_real(*real);
    }
    if let Value::Text(text) | Value::Blob(text) = value {
        check_text(text);
    }
}

fn check_real(real: f64) {
    let text = number::real_to_text(real);
    let back = number::text_to_real(&text);
    // The text of -0.0 has no sign.
    if real.is_finite() && real != 0.0 {
        // 17 digits by SQLite's own arithmetic: the last bit may be off.
        assert!((back.to_bits() as i64).wrapping_sub(real.to_bits() as i64).unsigned_abs() <= 1, "{real:e}");
    }
    for round in [-400, -30, -1, 0, 1, 6, 30, 400] {
        let _ = number::Decimal::of(real, round, 26).digits();
    }
    let _ = (number::real_to_integer(real), number::real_as_integer(real));
}

fn check_text(text: &[u8]) {
    let parsed = number::parse_real(text);
    assert!(!parsed.value.is_nan(), "no text is NaN");
    let _ = number::parse_integer(text);
    let _ = number::text_to_number(text);
    let _ = number::number_in_text(text);
    let _ = number::cast_text_to_numeric(text);
    let _ = arithmetic::is_numeric_text(text);
    if let Ok(declared) = std::str::from_utf8(text) {
        let _ = Affinity::of_declared_type(declared);
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let values = sample_values();
    let pairs = values.iter().flat_map(|a| values.iter().map(move |b| (a, b)));
    let mut seeds: Vec<Vec<u8>> = pairs
        .map(|(a, b)| {
            let mut out = Vec::new();
            write_value(a, &mut out);
            write_value(b, &mut out);
            out
        })
        .collect();
    let texts = ["1", " -12.5e-300 ", "+.5", "9223372036854775808", "1e400", "0x10", "1_0", "1e", "\u{b}7 x"];
    seeds.extend(texts.map(|text| [b"\xff", text.as_bytes()].concat()));
    seeds
}
