//! `count`, `sum`, `total`, `avg`, `min`, `max`, `group_concat` and `string_agg`.
//!
//! Sums of integers are exact until they overflow, which fails in `sum()`. From the first real on, a sum runs as
//! Kahan, Babuška and Neumaier have it: the order of the rows decides the last digits, so nobody may reorder it.

use std::cmp::Ordering;

use pluresdb_value::{Collation, TextRef, Value, ValueRef};

use crate::real_sum::RealSum;
use crate::registry::{
    Aggregate, AggregateState, BuiltInState, Call, Context, Flags, FunctionError, Operand,
};

pub(crate) const FUNCTIONS: &[Aggregate] = &[
    listed("avg", 1, 1, |_| Box::new(SumState { total: Sum::default(), result: SumResult::Average })),
    listed("count", 0, 1, |_| Box::new(Count(0))),
    listed("group_concat", 1, 2, |_| Box::new(GroupConcat::default())),
    Aggregate {
        flags: Flags::INNOCUOUS.with(Flags::COLLATION),
        ..listed("max", 1, 1, |_| Extreme::boxed(Ordering::Greater))
    },
    Aggregate {
        flags: Flags::INNOCUOUS.with(Flags::COLLATION),
        ..listed("min", 1, 1, |_| Extreme::boxed(Ordering::Less))
    },
    listed("string_agg", 2, 2, |_| Box::new(GroupConcat::default())),
    listed("sum", 1, 1, |_| Box::new(SumState { total: Sum::default(), result: SumResult::Sum })),
    listed("total", 1, 1, |_| Box::new(SumState { total: Sum::default(), result: SumResult::Total })),
];

const fn listed(
    name: &'static str,
    min_args: i8,
    max_args: i8,
    new: fn(Collation) -> BuiltInState,
) -> Aggregate {
    Aggregate { name, min_args, max_args, flags: Flags::INNOCUOUS, new }
}

struct Count(i64);

impl AggregateState for Count {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        self.0 += i64::from(!call.args.first().is_some_and(|arg| arg.is_null()));
        Ok(true)
    }

    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError> {
        self.0 -= i64::from(!call.args.first().is_some_and(|arg| arg.is_null()));
        Ok(())
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        Ok(Value::Integer(self.0))
    }
}

/// A running sum as SQLite keeps it. The engine's vector lanes use it too, so that every path gives the same digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    reals: RealSum,
    integer: i64,
    count: i64,
    is_real: bool,
    has_overflowed: bool,
}

/// Integers from here on are added in two parts, so that neither loses digits.
const SPLIT_FROM: i64 = 1 << 52;
const SPLIT_AT: i64 = 1 << 14;

impl Sum {
    /// Of so many reals that came to this.
    pub fn of_reals(reals: RealSum, count: i64) -> Sum {
        Sum { reals, count, is_real: count > 0, ..Sum::default() }
    }

    /// Of so many integers that came to this, with no overflow on the way.
    pub fn of_integers(integer: i64, count: i64) -> Sum {
        Sum { integer, count, ..Sum::default() }
    }

    #[inline]
    pub fn add_integer(&mut self, integer: i64) {
        self.count += 1;
        if self.is_real {
            self.accumulate_integer(integer);
            return;
        }
        match self.integer.checked_add(integer) {
            Some(sum) => self.integer = sum,
            None => {
                self.has_overflowed = true;
                self.become_real();
                self.accumulate_integer(integer);
            }
        }
    }

    /// The same as adding one after the other.
    pub fn add_integers(&mut self, integers: &[i64]) {
        // No partial sum is beyond this, so that none overflows when it fits.
        let magnitude = integers.iter().fold(0, |bits, integer| bits | integer.unsigned_abs());
        let bound = u128::from(magnitude) * integers.len() as u128 + u128::from(self.integer.unsigned_abs());
        if self.is_real || bound > i64::MAX as u128 {
            for integer in integers {
                self.add_integer(*integer);
            }
            return;
        }
        self.integer += integers.iter().sum::<i64>();
        self.count += integers.len() as i64;
    }

    /// The same as adding one after the other what `real_of` says of each.
    pub fn add_reals<T: Copy>(&mut self, stored: &[T], real_of: impl Fn(T) -> f64 + Copy) {
        // The first does once what each does: it makes the sum a real.
        let Some((first, others)) = stored.split_first() else { return };
        self.add_real(real_of(*first));
        self.reals.add_all(others, real_of);
        self.count += others.len() as i64;
    }

    /// Adds what other numbers came to: the same as adding them one after the other, but for the order of rounding.
    pub fn merge(&mut self, other: &Sum) {
        let count = self.count + other.count;
        if !other.is_real {
            self.add_integer(other.integer);
        } else {
            if !self.is_real {
                self.become_real();
            }
            self.reals.merge(other.reals);
            self.has_overflowed |= other.has_overflowed;
        }
        self.count = count;
    }

    /// Adds a value of any class; NULL adds nothing.
    pub fn add(&mut self, value: ValueRef<'_>) {
        match Operand::of(value) {
            Operand::Null => {}
            Operand::Integer(integer) => self.add_integer(integer),
            Operand::Real(real) | Operand::Other(real) => self.add_real(real),
        }
    }

    #[inline]
    pub fn add_real(&mut self, real: f64) {
        self.count += 1;
        if self.is_real {
            // A real in the rows makes the sum a real, and a real does not overflow.
            self.has_overflowed = false;
        } else {
            self.become_real();
        }
        self.reals.add(real);
    }

    /// Takes a value of any class out again.
    pub fn remove(&mut self, value: ValueRef<'_>) {
        match Operand::of(value) {
            Operand::Null => {}
            Operand::Integer(integer) => self.remove_integer(integer),
            Operand::Real(real) | Operand::Other(real) => self.remove_real(real),
        }
    }

    pub fn remove_integer(&mut self, integer: i64) {
        self.count -= 1;
        if !self.is_real {
            if let Some(sum) = self.integer.checked_sub(integer) {
                self.integer = sum;
                return;
            }
            self.has_overflowed = true;
            self.become_real();
        }
        match integer.checked_neg() {
            Some(negated) => self.accumulate_integer(negated),
            None => {
                self.accumulate_integer(i64::MAX);
                self.accumulate_integer(1);
            }
        }
    }

    pub fn remove_real(&mut self, real: f64) {
        self.count -= 1;
        if !self.is_real {
            // What SQLite does with a real it never added; the sum is a real from now on.
            self.become_real();
        }
        self.reals.add(-real);
    }

    /// Rows added that were not NULL.
    pub fn count(&self) -> i64 {
        self.count
    }

    pub fn sum(&self) -> Result<Value, FunctionError> {
        Ok(match (self.count, self.is_real) {
            (..=0, _) => Value::Null,
            (_, true) if self.has_overflowed => return Err(FunctionError::new("integer overflow")),
            (_, true) => Value::real(self.reals.total()),
            (_, false) => Value::Integer(self.integer),
        })
    }

    pub fn total(&self) -> f64 {
        if self.is_real { self.reals.total() } else { self.integer as f64 }
    }

    pub fn average(&self) -> Value {
        if self.count > 0 { Value::real(self.total() / self.count as f64) } else { Value::Null }
    }

    fn become_real(&mut self) {
        self.is_real = true;
        let (large, small) = split(self.integer);
        self.reals = RealSum { real: large, error: small.unwrap_or(0.0) };
    }

    fn accumulate_integer(&mut self, integer: i64) {
        let (large, small) = split(integer);
        self.reals.add(large);
        if let Some(small) = small {
            self.reals.add(small);
        }
    }
}

fn split(integer: i64) -> (f64, Option<f64>) {
    if (-SPLIT_FROM + 1..SPLIT_FROM).contains(&integer) {
        return (integer as f64, None);
    }
    let small = integer % SPLIT_AT;
    ((integer - small) as f64, Some(small as f64))
}

enum SumResult {
    Sum,
    Total,
    Average,
}

struct SumState {
    total: Sum,
    result: SumResult,
}

impl AggregateState for SumState {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        self.total.add(call.args[0]);
        Ok(true)
    }

    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError> {
        self.total.remove(call.args[0]);
        Ok(())
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        match self.result {
            SumResult::Sum => self.total.sum(),
            SumResult::Total => Ok(Value::real(self.total.total())),
            SumResult::Average => Ok(self.total.average()),
        }
    }
}

struct Extreme {
    wanted: Ordering,
    best: Option<Value>,
}

impl Extreme {
    fn boxed(wanted: Ordering) -> BuiltInState {
        Box::new(Extreme { wanted, best: None })
    }
}

impl AggregateState for Extreme {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        let value = call.args[0];
        let is_better = match &self.best {
            Some(_) if value.is_null() => false,
            Some(best) => call.compare(value, best.as_ref())? == self.wanted,
            None if value.is_null() => return Ok(true),
            None => true,
        };
        if is_better {
            self.best.get_or_insert_default().assign(value);
        }
        Ok(is_better)
    }

    /// SQLite's min() and max() have no inverse: a window that moves keeps its values in order instead.
    fn inverse(&mut self, _call: &mut Call<'_>) -> Result<(), FunctionError> {
        unreachable!("a window over min() or max() is computed anew or from ordered values");
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        Ok(self.best.clone().unwrap_or(Value::Null))
    }
}

#[derive(Default)]
struct GroupConcat {
    text: Vec<u8>,
    has_started: bool,
    /// Values that are in `text`.
    count: usize,
    has_seen_any: bool,
    first_separator_len: usize,
    /// Lengths of the separators in `text`, once they differ.
    separator_lens: Option<std::collections::VecDeque<usize>>,
}

impl AggregateState for GroupConcat {
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError> {
        let Some(value) = call.text(0) else { return Ok(true) };
        let separator = if call.args.len() == 1 { Some(TextRef::Borrowed(b",")) } else { call.text(1) }
            .unwrap_or_default();
        self.has_seen_any = true;
        if self.has_started {
            self.text.extend_from_slice(&separator);
            if separator.len() != self.first_separator_len || self.separator_lens.is_some() {
                let (count, len) = (self.count, self.first_separator_len);
                let lens = self
                    .separator_lens
                    .get_or_insert_with(|| std::iter::repeat_n(len, count.saturating_sub(1)).collect());
                lens.push_back(separator.len());
            }
        } else {
            self.has_started = true;
            self.first_separator_len = separator.len();
        }
        self.count += 1;
        self.text.extend_from_slice(&value);
        call.check_length(self.text.len() + 1)?;
        Ok(true)
    }

    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError> {
        let Some(value) = call.text(0) else { return Ok(()) };
        self.count = self.count.saturating_sub(1);
        let mut remove = value.len();
        match &mut self.separator_lens {
            Some(lens) if self.count > 0 => remove += lens.pop_front().unwrap_or(0),
            Some(_) => {}
            None => remove += self.first_separator_len,
        }
        self.text.drain(..remove.min(self.text.len()));
        if self.text.is_empty() {
            self.has_started = false;
            self.separator_lens = None;
        }
        Ok(())
    }

    fn value(&mut self, _context: &mut dyn Context) -> Result<Value, FunctionError> {
        Ok(if self.has_seen_any && self.count > 0 { Value::text(&self.text[..]) } else { Value::Null })
    }
}
