//! A scan's conditions in the order that costs least. Rows have to pass all of them, so that none shows its place.
//!
//! They begin with plain comparisons of numbers, then come other plain ones, then the rest; those of one column that cost the
//! same are one, so that the column is loaded once. How many rows each lets through is counted, and what drops most for
//! what it costs moves forward.

use pluresdb_value::Affinity;

use super::batch::Slot;
use super::compile::{Expression, Node, Shared};
use crate::catalog::Table;

/// What a condition takes for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cost {
    /// Less than looking a key up.
    Cheap,
    Plain,
    Dear,
}

impl Cost {
    fn of(condition: &Expression, table: &Table, shared: &Shared) -> Cost {
        let is_number = |slot: &usize| match shared.slots[*slot] {
            Slot::Column(_, column) => table.columns[column].affinity != Affinity::Text,
            Slot::Rowid(_) | Slot::Answer(_) | Slot::Register(_) => true,
        };
        match condition.node {
            Node::Compare { .. } | Node::And(..) if condition.slots.iter().all(is_number) => Cost::Cheap,
            Node::Compare { .. } | Node::And(..) | Node::InList { .. } => Cost::Plain,
            _ => Cost::Dear,
        }
    }

    fn weight(self) -> f64 {
        match self {
            Cost::Cheap => 1.0,
            Cost::Plain => 3.0,
            Cost::Dear => 12.0,
        }
    }
}

#[derive(Clone)]
pub(super) struct Condition {
    pub expression: Expression,
    cost: Cost,
    asked: u64,
    passed: u64,
}

impl Condition {
    pub fn count(&mut self, asked: usize, passed: usize) {
        self.asked += asked as u64;
        self.passed += passed as u64;
    }

    /// It was told of a leaf's packed columns.
    pub fn is_told_by_packed(&mut self) {
        self.cost = Cost::Cheap;
    }

    /// Whether asking it of rows that are left out already costs little and changes nothing.
    pub fn is_harmless(&self) -> bool {
        self.cost != Cost::Dear && !self.expression.may_fail
    }

    /// What dropping a row costs.
    fn price(&self) -> f64 {
        let passing = self.passed as f64 / self.asked.max(1) as f64;
        self.cost.weight() / (1.001 - passing)
    }
}

/// The order is looked at again after so many batches.
const BATCHES: u32 = 16;

#[derive(Clone)]
pub(super) struct Conditions {
    pub list: Vec<Condition>,
    batches: u32,
}

impl Conditions {
    pub fn new(conditions: Vec<Expression>, table: &Table, shared: &Shared) -> Conditions {
        let cost = |expression: Expression| {
            let cost = Cost::of(&expression, table, shared);
            Condition { expression, cost, asked: 0, passed: 0 }
        };
        let mut sorted: Vec<Condition> = conditions.into_iter().map(cost).collect();
        sorted.sort_by_key(|condition| (condition.cost, condition.expression.slots.first().copied()));
        let mut list: Vec<Condition> = Vec::with_capacity(sorted.len());
        for condition in sorted {
            match list.last_mut() {
                Some(last) if last.cost == condition.cost && is_of_one_column(last, &condition) => {
                    let first = std::mem::replace(&mut last.expression.node, Node::Constant(0));
                    last.expression.node = Node::And(Box::new(first), Box::new(condition.expression.node));
                    last.expression.is_dear |= condition.expression.is_dear;
                    last.expression.may_fail |= condition.expression.may_fail;
                }
                _ => list.push(condition),
            }
        }
        Conditions { list, batches: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What they look at.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.list.iter().flat_map(|condition| condition.expression.slots.iter().copied())
    }

    /// Adds one behind the others.
    pub fn push(&mut self, expression: Expression) {
        self.list.push(Condition { expression, cost: Cost::Dear, asked: 0, passed: 0 });
    }

    /// So many of the first cost less than looking a key up.
    pub fn cheap_count(&self) -> usize {
        self.list.iter().take_while(|condition| condition.cost == Cost::Cheap).count()
    }

    /// Another batch begins.
    pub fn begin_batch(&mut self) {
        self.batches += 1;
        if self.batches.is_multiple_of(BATCHES) && self.list.len() > 1 {
            self.list.sort_by_key(|condition| condition.cost != Cost::Cheap);
            let cheap_count = self.cheap_count();
            let (cheap, others) = self.list.split_at_mut(cheap_count);
            for part in [cheap, others] {
                part.sort_by(|a, b| a.price().total_cmp(&b.price()));
            }
        }
    }
}

fn is_of_one_column(condition: &Condition, other: &Condition) -> bool {
    condition.expression.slots.len() == 1 && condition.expression.slots == other.expression.slots
}
