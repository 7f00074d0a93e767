//! A running sum of reals as SQLite keeps it: Kahan's, as Babuška and Neumaier have it.
//!
//! Each number is added to a plain sum, which rounds, and what rounding lost to a second one. The order of the numbers
//! decides the last digits of both, and each addition waits for the one before. As long as the plain sum stays between a
//! power of two and the next one, though, a block of positive numbers can be added side by side, to the same bits:
//! - All that the plain sum can be there are multiples of one *unit*. Adding a number adds the multiple that is nearest to
//!   the number, whatever the sum is, but for a number half way between two of them.
//! - Multiples of the unit add up exactly, so that their order is free.
//! - What a rounding loses is known exactly, too: Neumaier's second sum takes in the number less that multiple. Losses
//!   add up exactly, in any order, as long as all are multiples of some power of two and come to less than 2^53 of it.
//!
//! All of this is checked of each block; where it does not hold, its numbers are added one after the other.

/// Numbers that are added side by side at most.
const BLOCK: usize = 256;
/// Added in one step.
const LANES: usize = 4;
/// Of fewer, checking takes longer than adding one after the other.
const LEAST_CHUNKS: usize = 12;
/// The bits of a real that are its power of two.
const POWER_BITS: u64 = 0x7ff0_0000_0000_0000;
/// Between these nothing that is computed here is subnormal or infinite.
const LEAST_SUM: f64 = 1e-200;
const GREATEST_SUM: f64 = 1e300;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RealSum {
    pub(crate) real: f64,
    /// What `real` has lost by rounding.
    pub(crate) error: f64,
}

impl RealSum {
    #[inline]
    pub fn add(&mut self, real: f64) {
        let before = self.real;
        let after = before + real;
        self.error +=
            if before.abs() > real.abs() { (before - after) + real } else { (real - after) + before };
        self.real = after;
    }

    /// The same, to the last bit, as adding one after the other what `real_of` says of each.
    #[inline]
    pub fn add_all<T: Copy>(&mut self, stored: &[T], real_of: impl Fn(T) -> f64 + Copy) {
        for block in stored.chunks(BLOCK) {
            let (chunks, rest) = block.as_chunks::<LANES>();
            let is_added = chunks.len() >= LEAST_CHUNKS && self.add_block(chunks, real_of);
            self.add_each(if is_added { rest } else { block }, real_of);
        }
    }

    /// One after the other.
    #[inline(never)]
    fn add_each<T: Copy>(&mut self, stored: &[T], real_of: impl Fn(T) -> f64) {
        // A copy of its own: a sum that lies in memory is written there with each step.
        let mut sum = *self;
        for one in stored {
            sum.add(real_of(*one));
        }
        *self = sum;
    }

    /// Adds the numbers of a block side by side; false, and nothing is added, where that could come to something else.
    #[inline(always)]
    fn add_block<T: Copy>(&mut self, chunks: &[[T; LANES]], real_of: impl Fn(T) -> f64 + Copy) -> bool {
        if !(LEAST_SUM..GREATEST_SUM).contains(&self.real) {
            return false;
        }
        let power = power_of(self.real);
        let unit = power * f64::EPSILON;
        // All losses come to less than half of this on their way. They add up exactly when each is a multiple of its last
        // bit, as those of numbers are that are no less.
        let coarse = 4.0 * power_of(self.error.abs() + BLOCK as f64 * unit);
        if rounded(self.error, 1.5 * coarse) != self.error {
            return false;
        }
        let sample = Sample::of([&chunks[0], &chunks[chunks.len() / 2], &chunks[chunks.len() - 1]], real_of);
        let may_stay = self.real + sample.sum_of_lane * (chunks.len() as f64) < 2.0 * power;
        if sample.least < 0.0 || !may_stay {
            return false;
        }

        let SideBySide { sum, lost, most_lost, least } = SideBySide::of(chunks, power, real_of);
        // The sum only grows, so that it was below twice the power all the time; and no number is `power` or more.
        let stays = least >= 0.0 && self.real + sum < 2.0 * power;
        let has_none_half_way = most_lost < 0.5 * unit;
        if !(stays && has_none_half_way) {
            return false;
        }
        if least < coarse {
            let size = |real: f64| if real == 0.0 { f64::INFINITY } else { real };
            let mut sizes = [f64::INFINITY; LANES];
            for chunk in chunks {
                for lane in 0..LANES {
                    sizes[lane] = lesser(sizes[lane], size(real_of(chunk[lane])));
                }
            }
            if sizes.into_iter().fold(f64::INFINITY, lesser) < coarse {
                return false;
            }
        }
        self.real += sum;
        self.error += lost;
        true
    }

    /// Adds what others came to.
    pub fn merge(&mut self, other: RealSum) {
        self.add(other.real);
        self.error += other.error;
    }

    pub fn total(self) -> f64 {
        if self.error.is_finite() { self.real + self.error } else { self.real }
    }
}

/// What some numbers of a block tell about the others.
struct Sample {
    least: f64,
    sum_of_lane: f64,
}

impl Sample {
    #[inline(always)]
    fn of<T: Copy>(chunks: [&[T; LANES]; 3], real_of: impl Fn(T) -> f64) -> Sample {
        let (mut least, mut sum) = (f64::INFINITY, 0.0);
        for chunk in chunks {
            for one in chunk {
                let real = real_of(*one);
                least = lesser(least, real);
                sum += real;
            }
        }
        Sample { least, sum_of_lane: sum / chunks.len() as f64 }
    }
}

/// What numbers come to that are rounded and added lane by lane.
struct SideBySide {
    sum: f64,
    /// What rounding has lost of all, and of one at most.
    lost: f64,
    most_lost: f64,
    least: f64,
}

impl SideBySide {
    /// By itself, so that it has all of the processor's registers.
    #[inline(never)]
    fn of<T: Copy>(chunks: &[[T; LANES]], rounder: f64, real_of: impl Fn(T) -> f64) -> SideBySide {
        let mut sums = [0.0; LANES];
        let mut lost = [0.0; LANES];
        let mut most_lost = [0.0; LANES];
        let mut leasts = [f64::INFINITY; LANES];
        for chunk in chunks {
            for lane in 0..LANES {
                let real = real_of(chunk[lane]);
                let whole = rounded(real, rounder);
                let loss = real - whole;
                sums[lane] += whole;
                lost[lane] += loss;
                most_lost[lane] = greater(most_lost[lane], loss.abs());
                leasts[lane] = lesser(leasts[lane], real);
            }
        }
        SideBySide {
            sum: sums.into_iter().sum(),
            lost: lost.into_iter().sum(),
            most_lost: most_lost.into_iter().fold(0.0, greater),
            least: leasts.into_iter().fold(f64::INFINITY, lesser),
        }
    }
}

/// Each is one instruction, other than those of the standard library.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The greatest power of two that is no greater than a positive real.
#[inline(always)]
fn power_of(real: f64) -> f64 {
    f64::from_bits(real.to_bits() & POWER_BITS)
}

/// The nearest multiple of `rounder`'s last bit, when their sum has the same.
#[inline(always)]
fn rounded(real: f64, rounder: f64) -> f64 {
    (real + rounder) - rounder
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_by_one(mut sum: RealSum, reals: &[f64]) -> RealSum {
        for real in reals {
            sum.add(*real);
        }
        sum
    }

    /// 64 bits at a time.
    fn random() -> impl FnMut() -> u64 {
        let mut state = 88_172_645_463_325_252_u64;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        }
    }

    /// Numbers of many kinds; `random` gives 64 bits.
    fn kinds(random: &mut impl FnMut() -> u64) -> Vec<(&'static str, Vec<f64>)> {
        let mut of = |make: &dyn Fn(u64) -> f64| (0..6000).map(|_| make(random())).collect::<Vec<f64>>();
        vec![
            ("whole", of(&|bits| (bits % 1000) as f64)),
            ("halves", of(&|bits| (bits % 1001) as f64 / 2.0)),
            ("cents", of(&|bits| (bits % 1_000_000) as f64 / 100.0)),
            ("discounts", of(&|bits| (bits % 11) as f64 / 100.0)),
            ("negative", of(&|bits| (bits % 10_000) as f64 / -100.0)),
            ("balances", of(&|bits| (bits % 1_000_000) as f64 / 100.0 - 999.99)),
            ("about zero", of(&|bits| (bits % 1_000_000) as f64 / 100.0 - 5000.0)),
            ("any below one", of(&|bits| (bits >> 11) as f64 / (1_u64 << 53) as f64)),
            ("equal", of(&|_| 0.1)),
            ("rarely large", of(&|bits| if bits % 500 == 0 { 1e9 + 0.1 } else { 0.3 })),
            ("rarely small", of(&|bits| if bits % 500 == 0 { 1e-12 } else { 17.7 })),
            ("rarely tiny", of(&|bits| if bits % 500 == 0 { 5e-324 } else { 17.7 })),
            ("rarely infinite", of(&|bits| if bits % 2000 == 0 { f64::INFINITY } else { 17.7 })),
            ("of all sizes", of(&|bits| f64::from((bits % 60) as u32).exp2() * (1.0 + (bits >> 40) as f64))),
            ("all bits", of(&|bits| f64::from_bits(bits & 0x400f_ffff_ffff_ffff))),
            // Half way between what sums of 2^53 and more can be.
            ("ties", of(&|bits| (bits % 16) as f64)),
        ]
    }

    #[test]
    fn numbers_side_by_side_come_to_the_same_bits_as_one_after_the_other() {
        let mut random = random();
        let begins =
            [0.0, 1.0, -1.0, 0.1, 4096.0, -1e6, 1e9 + 0.7, 9_007_199_254_740_991.0, 9e15, -1e17, 1e-250];
        let errors = [0.0, 1e-9, -0.1, 1e-30];
        for (kind, reals) in kinds(&mut random) {
            for real in begins {
                for error in errors {
                    let begin = RealSum { real, error };
                    let mut sum = begin;
                    sum.add_all(&reals, |real| real);
                    let expected = one_by_one(begin, &reals);
                    let bits = |sum: RealSum| (sum.real.to_bits(), sum.error.to_bits());
                    assert_eq!(bits(sum), bits(expected), "{kind} from {begin:?}");
                }
            }
        }
    }

    #[test]
    fn most_blocks_of_common_numbers_are_added_side_by_side() {
        let common = ["whole", "halves", "cents", "discounts", "any below one", "equal"];
        for (kind, reals) in kinds(&mut random()).into_iter().filter(|(kind, _)| common.contains(kind)) {
            let mut sum = RealSum::default();
            let mut count = 0;
            for block in reals.chunks(BLOCK) {
                let (chunks, _) = block.as_chunks();
                let mut other = sum;
                count += usize::from(other.add_block(chunks, |real| real));
                sum = one_by_one(sum, block);
            }
            assert!(count >= 13, "{kind}: {count} of {}", reals.len().div_ceil(BLOCK));
        }
    }

    #[test]
    fn few_numbers_and_any_number_of_them_add_up() {
        let reals: Vec<f64> = (0..700).map(|index| f64::from(index % 97) / 10.0).collect();
        for len in 0..reals.len() {
            let mut sum = RealSum { real: 1e6, error: 0.0 };
            let expected = one_by_one(sum, &reals[..len]);
            sum.add_all(&reals[..len], |real| real);
            assert_eq!(sum, expected);
        }
    }
}
