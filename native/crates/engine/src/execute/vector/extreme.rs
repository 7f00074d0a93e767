//! min() or max() of all groups side by side: numbers of one class and texts as such, any other values as values.

use std::cmp::Ordering;

use pluresdb_tree::Integers;
use pluresdb_value::{Collation, Value, ValueRef, compare};

use super::aggregate::{Groups, picked, rows};
use super::batch::Picks;
use super::best_texts::BestTexts;
use super::column::{Column, Numbers};
use super::packed::{self, Marked};

enum States {
    /// So many groups without a value.
    Nothing(usize),
    Integers(Vec<Option<i64>>),
    Reals(Vec<Option<f64>>),
    /// Compared byte by byte.
    Texts(BestTexts),
    Values(Vec<Option<Value>>),
}

pub(super) struct Extremes {
    states: States,
    /// min: less is better; max: greater.
    wanted: Ordering,
    collation: Collation,
}

impl Extremes {
    /// Of no group yet.
    pub fn new(wanted: Ordering, collation: Collation) -> Extremes {
        Extremes { states: States::Nothing(0), wanted, collation }
    }

    pub fn fit(&mut self, count: usize) {
        match &mut self.states {
            States::Nothing(groups) => *groups = count,
            States::Integers(best) => best.resize(count, None),
            States::Reals(best) => best.resize(count, None),
            States::Texts(best) => best.fit(count),
            States::Values(best) => best.resize(count, None),
        }
    }

    /// Group `order[n]` becomes group n.
    pub fn renumber(&mut self, order: &[u32]) {
        match &mut self.states {
            States::Nothing(count) => *count = order.len(),
            States::Integers(best) => *best = picked(best, order),
            States::Reals(best) => *best = picked(best, order),
            States::Texts(best) => best.renumber(order),
            States::Values(best) => *best = picked(best, order),
        }
    }

    /// Takes in the extremes of later rows, group n's into group `groups[n]`.
    pub fn merge(&mut self, mut other: Extremes, groups: &[u32]) {
        match (&mut self.states, &other.states) {
            (_, States::Nothing(_)) => {}
            (States::Integers(best), States::Integers(others)) => {
                improve_all(best, others, groups, self.wanted);
            }
            (States::Reals(best), States::Reals(others)) => improve_all(best, others, groups, self.wanted),
            (States::Texts(best), States::Texts(others)) => {
                for (other, group) in groups.iter().enumerate() {
                    if let Some(text) = others.get(other) {
                        best.offer(*group as usize, text, self.wanted);
                    }
                }
            }
            _ => {
                let (wanted, collation) = (self.wanted, self.collation);
                let best = self.values();
                for (other, group) in other.values().iter().zip(groups) {
                    if let Some(other) = other {
                        let group = *group as usize;
                        offer(best, group, 0, other.as_ref(), wanted, collation, &mut Vec::new());
                    }
                }
            }
        }
    }

    pub fn take(&mut self, group: usize) -> Value {
        match &mut self.states {
            States::Nothing(_) => Value::Null,
            States::Integers(best) => best[group].map_or(Value::Null, Value::Integer),
            States::Reals(best) => best[group].map_or(Value::Null, Value::Real),
            States::Texts(best) => best.get(group).map_or(Value::Null, Value::text),
            States::Values(best) => best[group].take().unwrap_or_default(),
        }
    }

    /// The extremes of these groups as a column, where all are of one kind.
    pub fn column(&self, groups: &[u32]) -> Option<Column<'static>> {
        match &self.states {
            States::Integers(best) => Some(Column::Integers(numbers(best, groups))),
            States::Reals(best) => Some(Column::Reals(numbers(best, groups))),
            States::Texts(best) => Some(Column::Made(best.texts(groups))),
            States::Nothing(_) | States::Values(_) => None,
        }
    }

    /// Takes packed integers into the one group there is; false when they have to be looked at one by one.
    pub fn step_packed(&mut self, lane: Integers<'_>, picks: &Picks<'_>) -> bool {
        let wanted = self.wanted;
        self.offer_integer(|| packed::extreme(lane, picks, wanted))
    }

    /// As `step_packed`, of rows that are marked.
    pub fn step_marked(&mut self, lane: Integers<'_>, rows: &Marked<'_>) -> bool {
        let wanted = self.wanted;
        self.offer_integer(|| packed::marked_extreme(lane, rows, wanted))
    }

    /// As `step_packed`, of integers of which the ends are known.
    pub fn step_ends(&mut self, least: i64, greatest: i64) -> bool {
        let extreme = if self.wanted == Ordering::Less { least } else { greatest };
        self.offer_integer(|| Some(extreme))
    }

    fn offer_integer(&mut self, extreme: impl FnOnce() -> Option<i64>) -> bool {
        if let States::Nothing(groups) = self.states {
            self.states = States::Integers(vec![None; groups]);
        }
        let States::Integers(best) = &mut self.states else { return false };
        if let Some(extreme) = extreme() {
            let is_better = best[0].is_none_or(|best| extreme.cmp(&best) == self.wanted);
            best[0] = if is_better { Some(extreme) } else { best[0] };
        }
        true
    }

    /// Takes a column in. `improved`, where somebody wants to know, receives group and row of each new extreme.
    pub fn step(
        &mut self,
        column: &Column<'_>,
        groups: &Groups<'_>,
        chosen: Option<&[u32]>,
        row_count: usize,
        improved: Option<&mut Vec<(u32, u32)>>,
    ) {
        if improved.is_none() {
            match (&mut self.states, column) {
                (_, Column::Constant(Value::Null)) => return,
                (States::Nothing(count), Column::Integers(_)) => {
                    self.states = States::Integers(vec![None; *count]);
                }
                (States::Nothing(count), Column::Reals(_)) => self.states = States::Reals(vec![None; *count]),
                _ => {}
            }
            match (&mut self.states, column) {
                (States::Integers(best), Column::Integers(numbers)) => {
                    return improve(best, self.wanted, numbers, groups, chosen, row_count);
                }
                (States::Reals(best), Column::Reals(numbers)) => {
                    return improve(best, self.wanted, numbers, groups, chosen, row_count);
                }
                _ => {}
            }
        }
        let (wanted, collation) = (self.wanted, self.collation);
        let mut unwanted = Vec::new();
        let improved = improved.unwrap_or(&mut unwanted);
        if column.is_of_texts() && collation == Collation::Binary {
            if let States::Nothing(count) = self.states {
                self.states = States::Texts(BestTexts::new(count));
            }
            if let States::Texts(best) = &mut self.states {
                for row in rows(chosen, row_count) {
                    let group = groups.of(row);
                    let is_better = match column.value(row) {
                        ValueRef::Text(text) => best.offer(group, text, wanted),
                        // The row of a NULL is the group's as long as there is no other.
                        _ => best.get(group).is_none(),
                    };
                    if is_better {
                        improved.push((group as u32, row as u32));
                    }
                }
                best.shrink();
                return;
            }
        }
        let best = self.values();
        for row in rows(chosen, row_count) {
            offer(best, groups.of(row), row, column.value(row), wanted, collation, improved);
        }
    }

    fn values(&mut self) -> &mut Vec<Option<Value>> {
        let values = match &mut self.states {
            States::Nothing(count) => vec![None; *count],
            States::Integers(best) => best.iter().map(|best| best.map(Value::Integer)).collect(),
            States::Reals(best) => best.iter().map(|best| best.map(Value::Real)).collect(),
            States::Texts(best) => (0..best.len()).map(|group| best.get(group).map(Value::text)).collect(),
            States::Values(values) => std::mem::take(values),
        };
        self.states = States::Values(values);
        let States::Values(values) = &mut self.states else { unreachable!("they were just made values") };
        values
    }
}

fn numbers<T: Copy + Default>(best: &[Option<T>], groups: &[u32]) -> Numbers<T> {
    let of_groups = || groups.iter().map(|group| best[*group as usize]);
    let has_nulls = of_groups().any(|best| best.is_none());
    Numbers {
        values: of_groups().map(Option::unwrap_or_default).collect(),
        nulls: has_nulls.then(|| of_groups().map(|best| best.is_none()).collect()),
    }
}

/// Group n's number among the others is offered to group `groups[n]`; of equal numbers the first stays.
fn improve_all<T: PartialOrd + Copy>(
    best: &mut [Option<T>],
    others: &[Option<T>],
    groups: &[u32],
    wanted: Ordering,
) {
    for (other, group) in others.iter().zip(groups) {
        let best = &mut best[*group as usize];
        let is_better = |other: T| best.is_none_or(|best| other.partial_cmp(&best) == Some(wanted));
        if other.is_some_and(is_better) {
            *best = *other;
        }
    }
}

/// Of equal numbers the first stays.
fn improve<T: PartialOrd + Copy>(
    best: &mut [Option<T>],
    wanted: Ordering,
    numbers: &Numbers<T>,
    groups: &Groups<'_>,
    chosen: Option<&[u32]>,
    row_count: usize,
) {
    fn each<T: Copy>(
        best: &mut [Option<T>],
        numbers: &Numbers<T>,
        groups: &Groups<'_>,
        chosen: Option<&[u32]>,
        row_count: usize,
        is_better: impl Fn(T, T) -> bool,
    ) {
        let mut offer = |group: usize, number: T| {
            let best = &mut best[group];
            if best.is_none_or(|best| is_better(number, best)) {
                *best = Some(number);
            }
        };
        match (groups, chosen, &numbers.nulls) {
            (Groups::One, None, None) => {
                let better = |best: T, number: T| if is_better(number, best) { number } else { best };
                if let Some(number) = numbers.values.iter().copied().reduce(better) {
                    offer(0, number);
                }
            }
            (Groups::Each(groups, _), None, None) => {
                for (group, number) in groups.iter().zip(&numbers.values) {
                    offer(*group as usize, *number);
                }
            }
            _ => {
                for row in rows(chosen, row_count) {
                    if let Some(number) = numbers.get(row) {
                        offer(groups.of(row), number);
                    }
                }
            }
        }
    }
    match wanted {
        Ordering::Less => each(best, numbers, groups, chosen, row_count, |number, best| number < best),
        _ => each(best, numbers, groups, chosen, row_count, |number, best| number > best),
    }
}

#[inline]
fn offer(
    best: &mut [Option<Value>],
    group: usize,
    row: usize,
    value: ValueRef<'_>,
    wanted: Ordering,
    collation: Collation,
    improved: &mut Vec<(u32, u32)>,
) {
    let best = &mut best[group];
    let is_better = match best {
        Some(_) if value.is_null() => false,
        Some(best) => compare(value, best.as_ref(), collation) == wanted,
        None => {
            // The row of a NULL is the group's as long as there is no other.
            if value.is_null() {
                improved.push((group as u32, row as u32));
                return;
            }
            true
        }
    };
    if is_better {
        match best {
            Some(best) => best.assign(value),
            None => *best = Some(value.to_value()),
        }
        improved.push((group as u32, row as u32));
    }
}
