//! The mathematical functions. What is not a number gives NULL, and so does a result that is none.

use pluresdb_value::Value;

use crate::general::{round, sign};
use crate::registry::{Call, FunctionError, Operand, Scalar};

type Answer = Result<Value, FunctionError>;

pub(crate) const FUNCTIONS: &[Scalar] = &[
    Scalar::new("acos", 1, 1, |call| of_one(call, f64::acos)),
    Scalar::new("acosh", 1, 1, |call| of_one(call, acosh)),
    Scalar::new("asin", 1, 1, |call| of_one(call, f64::asin)),
    Scalar::new("asinh", 1, 1, |call| of_one(call, asinh)),
    Scalar::new("atan", 1, 1, |call| of_one(call, f64::atan)),
    Scalar::new("atan2", 2, 2, |call| of_two(call, f64::atan2)),
    Scalar::new("atanh", 1, 1, |call| of_one(call, atanh)),
    Scalar::new("ceil", 1, 1, |call| to_whole(call, f64::ceil)),
    Scalar::new("ceiling", 1, 1, |call| to_whole(call, f64::ceil)),
    Scalar::new("cos", 1, 1, |call| of_one(call, f64::cos)),
    Scalar::new("cosh", 1, 1, |call| of_one(call, f64::cosh)),
    Scalar::new("degrees", 1, 1, |call| of_one(call, |x| x * (180.0 / std::f64::consts::PI))),
    Scalar::new("exp", 1, 1, |call| of_one(call, f64::exp)),
    Scalar::new("floor", 1, 1, |call| to_whole(call, f64::floor)),
    Scalar::new("ln", 1, 1, |call| logarithm(call, f64::ln)),
    Scalar::new("log", 1, 2, log),
    Scalar::new("log10", 1, 1, |call| logarithm(call, f64::log10)),
    Scalar::new("log2", 1, 1, |call| logarithm(call, f64::log2)),
    Scalar::new("mod", 2, 2, |call| of_two(call, |x, y| x % y)),
    Scalar::new("pi", 0, 0, |_| Ok(Value::Real(std::f64::consts::PI))),
    Scalar::new("pow", 2, 2, |call| of_two(call, f64::powf)),
    Scalar::new("power", 2, 2, |call| of_two(call, f64::powf)),
    Scalar::new("radians", 1, 1, |call| of_one(call, |x| x * (std::f64::consts::PI / 180.0))),
    Scalar::new("round", 1, 2, round),
    Scalar::new("sign", 1, 1, sign),
    Scalar::new("sin", 1, 1, |call| of_one(call, f64::sin)),
    Scalar::new("sinh", 1, 1, |call| of_one(call, f64::sinh)),
    Scalar::new("sqrt", 1, 1, |call| of_one(call, f64::sqrt)),
    Scalar::new("tan", 1, 1, |call| of_one(call, f64::tan)),
    Scalar::new("tanh", 1, 1, |call| of_one(call, f64::tanh)),
    Scalar::new("trunc", 1, 1, |call| to_whole(call, f64::trunc)),
];

fn of_one(call: &Call<'_>, function: fn(f64) -> f64) -> Answer {
    Ok(Operand::of(call.args[0]).number().map_or(Value::Null, |x| Value::real(function(x))))
}

fn of_two(call: &Call<'_>, function: fn(f64, f64) -> f64) -> Answer {
    let (x, y) = (Operand::of(call.args[0]).number(), Operand::of(call.args[1]).number());
    Ok(x.zip(y).map_or(Value::Null, |(x, y)| Value::real(function(x, y))))
}

/// Integers stay what they are.
fn to_whole(call: &Call<'_>, function: fn(f64) -> f64) -> Answer {
    Ok(match Operand::of(call.args[0]) {
        Operand::Integer(integer) => Value::Integer(integer),
        Operand::Real(real) => Value::real(function(real)),
        Operand::Null | Operand::Other(_) => Value::Null,
    })
}

fn logarithm(call: &Call<'_>, function: fn(f64) -> f64) -> Answer {
    let x = Operand::of(call.args[0]).number().filter(|&x| x > 0.0);
    Ok(x.map_or(Value::Null, |x| Value::real(function(x))))
}

/// `log(X)` to base 10, `log(B, X)` to base B.
fn log(call: &mut Call<'_>) -> Answer {
    let Some(argument) = call.args.get(1) else { return logarithm(call, f64::log10) };
    let base = Operand::of(call.args[0]).number().filter(|&base| base > 0.0).map(f64::ln);
    // SQLite checks only the base for being a number.
    let x = argument.to_real();
    Ok(match base {
        Some(base) if base > 0.0 && x > 0.0 => Value::real(x.ln() / base),
        _ => Value::Null,
    })
}

// The C library's inverse hyperbolic functions; Rust's own use other formulas and differ in the last digits.

const LN_2: f64 = std::f64::consts::LN_2;
/// Above 2^28 a square swallows the 1 beside it.
const LARGE: f64 = 268435456.0;

fn asinh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < 1.0 / LARGE || !x.is_finite() {
        return x;
    }
    let result = if magnitude > LARGE {
        magnitude.ln() + LN_2
    } else if magnitude > 2.0 {
        (2.0 * magnitude + 1.0 / ((x * x + 1.0).sqrt() + magnitude)).ln()
    } else {
        let square = x * x;
        (magnitude + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    result.copysign(x)
}

fn acosh(x: f64) -> f64 {
    if x < 1.0 || x.is_nan() {
        f64::NAN
    } else if x >= LARGE {
        x.ln() + LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let above = x - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    }
}

fn atanh(x: f64) -> f64 {
    let magnitude = x.abs();
    let result = if magnitude < 0.5 {
        if magnitude < 1.0 / LARGE {
            return x;
        }
        let twice = magnitude + magnitude;
        0.5 * (twice + twice * magnitude / (1.0 - magnitude)).ln_1p()
    } else if magnitude < 1.0 {
        0.5 * ((magnitude + magnitude) / (1.0 - magnitude)).ln_1p()
    } else {
        return if magnitude == 1.0 { f64::INFINITY.copysign(x) } else { f64::NAN };
    };
    result.copysign(x)
}
