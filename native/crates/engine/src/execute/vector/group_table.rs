//! The groups of all rows taken in so far: their keys, what aggregates keep of them, what was captured beside these.
//!
//! Each batch's rows get group numbers from the codes of their keys; then each aggregate takes the batch in, group states
//! side by side.

use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Value, ValueRef};

use super::Run;
use super::aggregate::{Groups, RowsOfFew, VectorAggregate};
use super::ascending::AscendingKeys;
use super::batch::Batch;
use super::column::{Column, Numbers};
use super::compile::Expression;
use super::direct::DirectKeys;
use super::evaluate::{Surroundings, evaluate};
use super::group_order::OrderedKey;
use super::kept::KeptColumn;
use super::key::{RowCodes, order_of_groups};
use crate::error::Error;
use crate::execute::Context;
use crate::execute::aggregate::ACCUMULATOR_SIZE;
use crate::execute::frame::row_size;

/// How rows are told which group is theirs.
pub(super) enum Numbering {
    /// All rows are of one group.
    One,
    Codes(RowCodes),
    Direct(DirectKeys),
    Ascending(AscendingKeys),
}

/// What is asked of each row.
#[derive(Clone)]
pub(super) struct GroupedBy {
    pub keys: Vec<Expression>,
    /// Those that tell groups apart, by number: beside a table's rowid no column of the table does.
    pub deciding: Vec<usize>,
    /// By key another one that tells it.
    pub told_by: Vec<Option<usize>>,
    /// As groups are ordered.
    pub key_columns: Vec<KeyColumn>,
    /// Columns beside the aggregates, and the aggregate whose rows they are taken from.
    pub captures: Vec<Expression>,
    pub capture_from: Option<usize>,
}

pub(super) struct GroupTable {
    by: GroupedBy,
    aggregates: Vec<VectorAggregate>,
    numbering: Numbering,
    count: usize,
    /// By key, then by group, in the order groups were first seen.
    keys: Vec<KeptColumn>,
    /// By group; empty when nothing is captured.
    captured: Vec<Vec<Value>>,
    /// What captured values take.
    captured_bytes: usize,
    /// Of the last batch.
    group_of_row: Vec<u32>,
}

impl GroupTable {
    pub fn new(by: GroupedBy, aggregates: Vec<VectorAggregate>) -> GroupTable {
        GroupTable {
            by,
            aggregates,
            numbering: Numbering::One,
            count: 0,
            keys: Vec::new(),
            captured: Vec::new(),
            captured_bytes: 0,
            group_of_row: Vec::new(),
        }
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.count = 0;
        self.keys = self.by.keys.iter().map(|_| KeptColumn::default()).collect();
        self.captured = Vec::new();
        self.captured_bytes = 0;
        self.numbering = Numbering::One;
        for aggregate in &mut self.aggregates {
            aggregate.clear();
        }
    }

    /// Begins anew; with a group of everything, whether a row comes or not.
    pub fn begin(&mut self, numbering: Numbering, has_group: bool) {
        self.clear();
        self.numbering = numbering;
        if has_group {
            self.count = 1;
            self.fit();
        }
    }

    /// Codes for the keys.
    pub fn codes(&self) -> RowCodes {
        RowCodes::new(self.by.deciding.iter().map(|key| self.by.key_columns[*key].collation))
    }

    /// Whether numbers may be given that are no group's.
    pub fn may_have_direct_keys(&self) -> bool {
        self.by.keys.len() == 1
            && self.by.captures.is_empty()
            && self.aggregates.iter().all(VectorAggregate::takes_sparse_groups)
    }

    /// Numbers the groups of a batch's rows, which no aggregate takes in.
    pub fn take_keys(&mut self, batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>) -> Run<()> {
        self.number(batch, surroundings, &mut Vec::new())
    }

    /// Has the aggregates take in rows that begin no group; `groups` by row.
    pub fn step(
        &mut self,
        batch: &mut Batch<'_>,
        groups: &[u32],
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        if groups.is_empty() {
            return Ok(());
        }
        let places = Groups::Each(groups, None);
        for aggregate in self.aggregates.iter_mut().filter(|aggregate| aggregate.like.is_none()) {
            aggregate.step(batch, &places, surroundings, None)?;
        }
        Ok(())
    }

    /// What the aggregates read of a row.
    pub fn aggregate_slots(&self) -> impl Iterator<Item = usize> {
        self.aggregates.iter().flat_map(VectorAggregate::slots)
    }

    /// Makes states for all groups.
    pub fn fit(&mut self) {
        for aggregate in self.aggregates.iter_mut().filter(|aggregate| aggregate.like.is_none()) {
            aggregate.fit(self.count);
        }
    }

    /// Takes a batch in.
    pub fn take(&mut self, mut batch: Batch<'_>, surroundings: &mut Surroundings<'_, '_>) -> Run<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let wants_rows = !self.by.captures.is_empty();
        if wants_rows || !matches!(self.numbering, Numbering::One) {
            batch.settle();
        }
        // The rows that captures are taken from, each with its group.
        let mut captured_rows: Vec<(u32, u32)> = Vec::new();
        self.number(&mut batch, surroundings, &mut captured_rows)?;
        let few;
        let places = if let Numbering::One = self.numbering {
            Groups::One
        } else {
            self.fit();
            few = self
                .aggregates
                .iter()
                .any(VectorAggregate::wants_rows_of_few)
                .then(|| RowsOfFew::of(&self.group_of_row, self.count))
                .flatten();
            Groups::Each(&self.group_of_row, few.as_ref())
        };
        for (index, aggregate) in self.aggregates.iter_mut().enumerate() {
            if aggregate.like.is_some() {
                continue;
            }
            let improved = (wants_rows && self.by.capture_from == Some(index)).then_some(&mut captured_rows);
            aggregate.step(&mut batch, &places, surroundings, improved)?;
        }
        self.capture(&captured_rows, &mut batch, surroundings)
    }

    /// Finds the group of each row. `first_rows` receives the new groups with the row that began each.
    fn number(
        &mut self,
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        first_rows: &mut Vec<(u32, u32)>,
    ) -> Run<()> {
        if let Numbering::Direct(direct) = &self.numbering
            && direct.count() == 0
            && AscendingKeys::suit(&*evaluate(&self.by.keys[0], batch, surroundings)?)
        {
            self.numbering = Numbering::Ascending(AscendingKeys::default());
        }
        if let Numbering::Ascending(ascending) = &mut self.numbering {
            let keys = evaluate(&self.by.keys[0], batch, surroundings)?;
            let mut new_keys = Vec::new();
            if ascending.assign(&keys, &mut self.group_of_row, &mut new_keys) {
                self.count = ascending.count();
                let new_count = new_keys.len();
                self.keys[0].append_all(&Column::Integers(Numbers::new(new_keys)), new_count);
                return Ok(());
            }
            self.number_anew();
        }
        if let Numbering::Direct(direct) = &mut self.numbering {
            if direct.assign(&self.by.keys[0], batch, surroundings, &mut self.group_of_row)? {
                self.count = direct.count();
                self.keys[0] = KeptColumn::Places(self.count);
                return Ok(());
            }
            self.number_anew();
        }
        match self.numbering {
            Numbering::Codes(_) => self.assign(batch, surroundings, first_rows),
            // A group of everything, which GROUP BY of constants has once there is a row.
            _ => {
                let is_first = self.captured.first().is_none_or(Vec::is_empty);
                first_rows.extend(is_first.then_some((0, 0)));
                Ok(())
            }
        }
    }

    /// Gives groups that were numbered by their keys numbers in the order of these, as codes have them.
    fn number_anew(&mut self) {
        let mut codes = self.codes();
        if let Numbering::Ascending(_) = self.numbering {
            let keys = self.keys[0].gather(&self.as_found());
            codes.column(0, &keys, self.count, &mut Vec::new());
            self.numbering = Numbering::Codes(codes);
            return;
        }
        let Numbering::Direct(direct) = &self.numbering else { return };
        let order = direct.keys();
        self.count = order.len();
        self.keys[0] = KeptColumn::default();
        if !order.is_empty() {
            for aggregate in self.aggregates.iter_mut().filter(|aggregate| aggregate.like.is_none()) {
                aggregate.renumber(&order);
            }
            let keys = Column::Integers(Numbers::new(order.iter().map(|key| i64::from(*key)).collect()));
            codes.column(0, &keys, order.len(), &mut Vec::new());
            self.keys[0].append(&keys, &(0..order.len() as u32).collect::<Vec<u32>>());
        }
        self.numbering = Numbering::Codes(codes);
    }

    /// The group of each row by its code.
    fn assign(
        &mut self,
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        first_rows: &mut Vec<(u32, u32)>,
    ) -> Run<()> {
        let Numbering::Codes(codes) = &mut self.numbering else { return Ok(()) };
        let row_count = batch.len();
        let known = codes.count();
        for (index, key) in self.by.deciding.iter().enumerate() {
            let column = evaluate(&self.by.keys[*key], batch, surroundings)?;
            codes.column(index, &column, row_count, &mut self.group_of_row);
        }
        if codes.count() == known {
            return Ok(());
        }
        // New groups are numbered in the order of their first rows.
        let mut next = known;
        for (row, group) in self.group_of_row.iter().enumerate() {
            if *group == next {
                first_rows.push((next, row as u32));
                next += 1;
            }
        }
        let rows: Vec<u32> = first_rows.iter().map(|(_, row)| *row).collect();
        for (key, kept) in self.by.keys.iter().zip(&mut self.keys) {
            let column = evaluate(key, batch, surroundings)?;
            kept.append(&column, &rows);
        }
        self.count = next as usize;
        Ok(())
    }

    /// Takes the columns beside the aggregates from these rows; of a group's, the last.
    fn capture(
        &mut self,
        rows: &[(u32, u32)],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        let captures = &self.by.captures;
        if captures.is_empty() || rows.is_empty() {
            return Ok(());
        }
        self.captured.resize(self.count, Vec::new());
        for (group, _) in rows {
            self.captured[*group as usize].clear();
        }
        let mut last = std::collections::HashMap::new();
        last.extend(rows.iter().copied());
        for capture in captures {
            let column = evaluate(capture, batch, surroundings)?;
            for (group, row) in &last {
                self.captured[*group as usize].push(column.value(*row as usize).to_value());
            }
        }
        let bytes = last.keys().map(|group| row_size(&self.captured[*group as usize]));
        self.captured_bytes += bytes.sum::<usize>();
        Ok(())
    }

    /// Whether what stretches of the rows come to can be put together.
    pub fn can_merge(&self) -> bool {
        let may_capture = self.by.captures.is_empty() || self.by.capture_from.is_none();
        may_capture && self.aggregates.iter().all(VectorAggregate::can_merge)
    }

    /// For a stretch of the rows; of a table that begins.
    pub fn another(&self) -> GroupTable {
        let aggregates = self.aggregates.iter().map(VectorAggregate::another).collect();
        let mut another = GroupTable::new(self.by.clone(), aggregates);
        let numbering = match &self.numbering {
            Numbering::One => Numbering::One,
            Numbering::Codes(_) => Numbering::Codes(self.codes()),
            Numbering::Direct(direct) => Numbering::Direct(direct.another()),
            Numbering::Ascending(_) => Numbering::Ascending(AscendingKeys::default()),
        };
        another.begin(numbering, self.count > 0);
        another
    }

    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        match &self.numbering {
            Numbering::Direct(direct) => direct.keys().len(),
            Numbering::One | Numbering::Codes(_) | Numbering::Ascending(_) => self.count,
        }
    }

    /// Takes in the groups of the rows behind; false when the order of all rows could decide a result.
    pub fn merge(&mut self, mut other: GroupTable) -> bool {
        let mut in_order = None;
        match (&mut self.numbering, &mut other.numbering) {
            (Numbering::Ascending(ascending), Numbering::Ascending(others)) => {
                in_order = ascending.merge(others);
                match &in_order {
                    Some(groups) => {
                        let new = (0..).zip(groups).filter(|(_, group)| **group as usize >= self.count);
                        let new: Vec<u32> = new.map(|(other, _)| other).collect();
                        self.keys[0].append_all(&other.keys[0].gather(&new), new.len());
                        self.count = ascending.count();
                    }
                    None => {
                        self.number_anew();
                        other.number_anew();
                    }
                }
            }
            (Numbering::Direct(direct), Numbering::Direct(others)) => {
                direct.merge(others);
                self.count = direct.count();
                self.keys[0] = KeptColumn::Places(self.count);
            }
            (Numbering::One, Numbering::One) => self.count = self.count.max(other.count),
            _ => {
                self.number_anew();
                other.number_anew();
            }
        }
        let groups = match (&self.numbering, in_order) {
            (_, Some(groups)) => groups,
            (Numbering::Codes(_), None) => self.groups_of(&other),
            (Numbering::One | Numbering::Direct(_) | Numbering::Ascending(_), None) => other.as_found(),
        };
        let known = self.captured.len();
        self.fit();
        let new = groups.iter().zip(other.captured).filter(|(group, _)| **group as usize >= known);
        self.captured.extend(new.map(|(_, values)| values));
        self.captured_bytes += other.captured_bytes;
        let pairs = self.aggregates.iter_mut().zip(other.aggregates);
        let mut is_certain = true;
        for (aggregate, other) in pairs.filter(|(aggregate, _)| aggregate.like.is_none()) {
            is_certain &= aggregate.merge(other, &groups);
        }
        is_certain
    }

    /// Has the groups of another table for the same rows.
    pub fn adopt(&mut self, other: GroupTable) {
        for (own, other) in self.aggregates.iter_mut().zip(other.aggregates) {
            own.adopt(other);
        }
        self.numbering = other.numbering;
        self.count = other.count;
        self.keys = other.keys;
        self.captured = other.captured;
        self.captured_bytes = other.captured_bytes;
    }

    /// The groups of another table here; those that are new come behind.
    fn groups_of(&mut self, other: &GroupTable) -> Vec<u32> {
        let Numbering::Codes(codes) = &mut self.numbering else { return Vec::new() };
        let known = codes.count();
        let all = other.as_found();
        let mut groups = Vec::new();
        for (index, key) in self.by.deciding.iter().enumerate() {
            codes.column(index, &other.keys[*key].gather(&all), all.len(), &mut groups);
        }
        self.count = codes.count() as usize;
        let new: Vec<u32> = all.into_iter().filter(|group| groups[*group as usize] >= known).collect();
        for (kept, others) in self.keys.iter_mut().zip(&other.keys) {
            kept.append(&others.gather(&new), &(0..new.len() as u32).collect::<Vec<u32>>());
        }
        groups
    }

    /// Whether another order of the rows could not have changed a result.
    pub fn is_certain(&self) -> bool {
        self.aggregates.iter().all(VectorAggregate::is_certain)
    }

    pub fn memory(&self) -> usize {
        let states = self.count * self.aggregates.len() * ACCUMULATOR_SIZE;
        let keys: usize = self.keys.iter().map(KeptColumn::memory).sum();
        let seen: usize = self.aggregates.iter().map(VectorAggregate::memory).sum();
        let numbers = match &self.numbering {
            Numbering::One | Numbering::Ascending(_) => 0,
            Numbering::Codes(codes) => codes.memory(),
            Numbering::Direct(direct) => direct.count(),
        };
        states + keys + seen + self.captured_bytes + numbers
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// All groups as they were found.
    pub fn as_found(&self) -> Vec<u32> {
        (0..self.count as u32).collect()
    }

    /// All groups, in the order that costs nothing.
    pub fn in_any_order(&self) -> Vec<u32> {
        match &self.numbering {
            Numbering::Direct(direct) => direct.keys(),
            Numbering::One | Numbering::Codes(_) | Numbering::Ascending(_) => self.as_found(),
        }
    }

    /// All groups in the order of their keys.
    pub fn in_order_of_keys(&self) -> Vec<u32> {
        let order: Vec<OrderedKey> = (0..)
            .zip(&self.by.key_columns)
            .map(|(key, column)| OrderedKey { key, is_descending: column.descending })
            .collect();
        self.in_order(&order)
    }

    /// All groups in an order of their keys.
    pub fn in_order(&self, order: &[OrderedKey]) -> Vec<u32> {
        if order.is_empty() {
            return self.as_found();
        }
        if let Numbering::Direct(direct) = &self.numbering {
            let mut keys = direct.keys();
            if order[0].is_descending {
                keys.reverse();
            }
            return keys;
        }
        if let Numbering::Ascending(_) = self.numbering {
            let mut groups = self.as_found();
            if order[0].is_descending {
                groups.reverse();
            }
            return groups;
        }
        // Behind what tells it a key decides no order.
        let is_told = |place: &usize| {
            self.by.told_by[order[*place].key]
                .is_some_and(|teller| order[..*place].iter().any(|before| before.key == teller))
        };
        let order: Vec<OrderedKey> =
            (0..order.len()).filter(|place| !is_told(place)).map(|place| order[place]).collect();
        let keys: Vec<&KeptColumn> = order.iter().map(|ordered| &self.keys[ordered.key]).collect();
        let column = |ordered: &OrderedKey| KeyColumn {
            descending: ordered.is_descending,
            ..self.by.key_columns[ordered.key]
        };
        order_of_groups(&keys, &order.iter().map(column).collect::<Vec<KeyColumn>>())
    }

    /// The keys of all groups, by key.
    pub fn key_columns(&self) -> &[KeptColumn] {
        &self.keys
    }

    /// A captured value of a group.
    pub fn captured(&self, group: usize, capture: usize) -> ValueRef<'_> {
        let values = self.captured.get(group);
        values.and_then(|values| values.get(capture)).map_or(ValueRef::Null, Value::as_ref)
    }

    /// The same, asked for once.
    pub fn take_captured(&mut self, group: usize, capture: usize) -> Value {
        let values = self.captured.get_mut(group);
        values.and_then(|values| values.get_mut(capture)).map(std::mem::take).unwrap_or_default()
    }

    /// An aggregate's results of these groups up to the first that fails, asked for once.
    pub fn results(
        &mut self,
        aggregate: usize,
        groups: &[u32],
        context: &mut Context<'_>,
    ) -> (Column<'static>, Option<Error>) {
        let kind = self.aggregates[aggregate].kind();
        let taken = self.aggregates[aggregate].like.unwrap_or(aggregate);
        self.aggregates[taken].results(kind, groups, context)
    }
}
