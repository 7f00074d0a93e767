//! `median()`, `percentile()`, `percentile_cont()` and `percentile_disc()`.

use pluresdb_value::{Collation, Value, ValueRef};

use crate::registry::{
    Aggregate, AggregateState, BuiltInState, Call, Context, Flags, FunctionError, Operand,
};

pub(crate) const FUNCTIONS: &[Aggregate] = &[
    listed("median", 1, |_| Percentile::boxed("median", 1.0, false)),
    listed("percentile", 2, |_| Percentile::boxed("percentile", 100.0, false)),
    listed("percentile_cont", 2, |_| Percentile::boxed("percentile_cont", 1.0, false)),
    listed("percentile_disc", 2, |_| Percentile::boxed("percentile_disc", 1.0, true)),
];

const fn listed(name: &'static str, args: i8, new: fn(Collation) -> BuiltInState) -> Aggregate {
    Aggregate { name, min_args: args, max_args: args, flags: Flags::NONE, new }
}

struct Percentile {
    name: &'static str,
    /// What the fraction argument may be at most.
    scale: f64,
    is_discrete: bool,
    fraction: Option<f64>,
    values: Vec<f64>,
    is_sorted: bool,
}

/// Fractions this close count as the same.
const SAME_FRACTION: f64 = 0.001;

impl Percentile {
    fn boxed(name: &'static str, scale: f64, is_discrete: bool) -> BuiltInState {
        Box::new(Percentile { name, scale, is_discrete, fraction: None, values: Vec::new(), is_sorted: true })
    }

    fn sort(&mut self) {
        if !self.is_sorted {
            self.values.sort_by(f64::total_cmp);
            self.is_sorted = true;
        }
    }
}

impl AggregateState for Percentile {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        let name = self.name;
        let mut fraction = 0.5;
        if let Some(arg) = call.args.get(1) {
            let given = Operand::of(*arg).number().map(|given| given / self.scale);
            fraction = given.filter(|given| (0.0..=1.0).contains(given)).ok_or_else(|| {
                FunctionError::new(format!(
                    "the fraction argument to {name}() is not between 0.0 and {:.1}",
                    self.scale
                ))
            })?;
        }
        let before = *self.fraction.get_or_insert(fraction);
        let difference = before - fraction;
        if !(-SAME_FRACTION..=SAME_FRACTION).contains(&difference) {
            return Err(FunctionError::new(format!(
                "the fraction argument to {name}() is not the same for all input rows"
            )));
        }
        let value = match call.args[0] {
            ValueRef::Null => return Ok(true),
            ValueRef::Integer(integer) => integer as f64,
            ValueRef::Real(real) => real,
            ValueRef::Text(_) | ValueRef::Blob(_) => {
                return Err(FunctionError::new(format!("input to {name}() is not numeric")));
            }
        };
        if value.is_infinite() {
            return Err(FunctionError::new(format!("Inf input to {name}()")));
        }
        self.is_sorted = self.is_sorted && self.values.last().is_none_or(|&last| last <= value);
        self.values.push(value);
        Ok(true)
    }

    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError> {
        let value = match call.args[0] {
            ValueRef::Integer(integer) => integer as f64,
            ValueRef::Real(real) if real.is_finite() => real,
            _ => return Ok(()),
        };
        self.sort();
        if let Some(at) = self.values.iter().position(|&other| other == value) {
            self.values.remove(at);
        }
        Ok(())
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        self.sort();
        let (Some(last), Some(fraction)) = (self.values.len().checked_sub(1), self.fraction) else {
            return Ok(Value::Null);
        };
        let position = fraction * last as f64;
        let below = position as usize;
        let low = self.values[below];
        if self.is_discrete {
            return Ok(Value::real(low));
        }
        let above = if position == below as f64 || below == last { below } else { below + 1 };
        let high = self.values[above];
        Ok(Value::real(low + (high - low) * (position - below as f64)))
    }
}
