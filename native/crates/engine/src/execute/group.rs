//! GROUP BY and aggregates: rows in, one row per group out, in the order of the keys as SQLite gives it.
//!
//! | input | how |
//! |---|---|
//! | no GROUP BY | one group, even over no rows |
//! | sorted by the keys | a group ends where the next key begins |
//! | any other | hash table, groups sorted at the end |
//!
//! Columns outside aggregates come from the group's first row, or from the row of its last min() or max().

use pluresdb_function::Flags;
use pluresdb_value::Value;
use pluresdb_value::key::KeyColumn;

use crate::error::Result;
use crate::execute::aggregate::{ACCUMULATOR_SIZE, Accumulator, release};
use crate::execute::eval::eval;
use crate::execute::frame::row_size;
use crate::execute::key_hash::{ENTRY_SIZE, KeyMap, push_column_key};
use crate::execute::{Context, Frame, Source};
use crate::plan::Group as Node;
use crate::resolve::tree::{AggregateCall, Capture, GroupKey};

struct GroupState {
    keys: Vec<Value>,
    captured: Vec<Value>,
    accumulators: Vec<Accumulator>,
}

enum Phase {
    /// Input not read yet.
    Input,
    /// Groups in the order of their keys; the next to give out stands last.
    Output(Vec<GroupState>),
    /// Sorted input: the group that the last row read has begun, with its key.
    Streaming(Option<(Vec<u8>, GroupState)>),
    Done,
}

pub(crate) struct Group {
    input: Box<dyn Source>,
    keys: Vec<GroupKey>,
    is_descending: Vec<bool>,
    has_group_by: bool,
    aggregates: Vec<AggregateCall>,
    captured: Vec<Capture>,
    capture_from: Option<usize>,
    is_input_sorted: bool,
    stops_at_first: bool,
    phase: Phase,
    charged: usize,
}

impl Group {
    pub fn new(node: Node) -> Group {
        Group {
            input: node.input.into_operator(),
            keys: node.keys,
            is_descending: node.is_descending,
            has_group_by: node.has_group_by,
            aggregates: node.aggregates,
            captured: node.captured,
            capture_from: node.capture_from,
            is_input_sorted: node.is_input_sorted,
            stops_at_first: node.stops_at_first,
            phase: Phase::Done,
            charged: 0,
        }
    }

    fn new_group(&mut self, keys: Vec<Value>, frame: &mut Frame) -> Result<GroupState> {
        let bytes = row_size(&keys) + self.aggregates.len() * ACCUMULATOR_SIZE;
        frame.memory.charge(bytes)?;
        self.charged += bytes;
        let is_interleaved = self.has_group_by && !self.is_input_sorted;
        let accumulators =
            self.aggregates.iter().map(|call| Accumulator::new(call, is_interleaved)).collect();
        Ok(GroupState { keys, captured: Vec::new(), accumulators })
    }

    /// Takes the frame's row into the group.
    fn step(&self, group: &mut GroupState, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let mut captures = group.captured.is_empty();
        for (index, call) in self.aggregates.iter().enumerate() {
            let is_extreme = group.accumulators[index].step(call, frame, context)?;
            captures |= is_extreme && self.capture_from == Some(index);
        }
        if captures && !self.captured.is_empty() {
            group.captured.clear();
            for capture in &self.captured {
                let value = eval(&capture.expr, frame, context)?;
                group.captured.push(value);
            }
        }
        Ok(())
    }

    /// Fills the registers with a finished group.
    fn output(&self, mut group: GroupState, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for (call, accumulator) in self.aggregates.iter().zip(&mut group.accumulators) {
            let value = accumulator.finish(call, context)?;
            frame.set_register(call.result, value);
        }
        release(group.accumulators.len(), &mut frame.memory);
        for (key, value) in self.keys.iter().zip(group.keys) {
            frame.set_register(key.register, value);
        }
        let mut captured = group.captured.into_iter();
        for capture in &self.captured {
            frame.set_register(capture.register, captured.next().unwrap_or_default());
        }
        Ok(())
    }

    fn keys_of_row(
        &self,
        bytes: &mut Vec<u8>,
        values: &mut Vec<Value>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        bytes.clear();
        values.clear();
        for (key, is_descending) in self.keys.iter().zip(&self.is_descending) {
            let value = eval(&key.expr, frame, context)?;
            let column = KeyColumn { collation: key.collation, descending: *is_descending };
            push_column_key(value.as_ref(), column, bytes, context.session)?;
            values.push(value);
        }
        Ok(())
    }

    fn read_single_group(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<GroupState> {
        let mut group = self.new_group(Vec::new(), frame)?;
        while self.input.next(frame, context)? {
            self.step(&mut group, frame, context)?;
            if self.stops_at_first {
                break;
            }
        }
        Ok(group)
    }

    fn read_groups(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Vec<GroupState>> {
        let mut places: KeyMap<u32> = KeyMap::default();
        let mut groups: Vec<GroupState> = Vec::new();
        let (mut bytes, mut values) = (Vec::new(), Vec::new());
        while self.input.next(frame, context)? {
            self.keys_of_row(&mut bytes, &mut values, frame, context)?;
            let place = match places.get(bytes.as_slice()) {
                Some(place) => *place as usize,
                None => {
                    let group = self.new_group(std::mem::take(&mut values), frame)?;
                    let cost = bytes.len() + ENTRY_SIZE;
                    frame.memory.charge(cost)?;
                    self.charged += cost;
                    places.insert(bytes.as_slice().into(), groups.len() as u32);
                    groups.push(group);
                    groups.len() - 1
                }
            };
            self.step(&mut groups[place], frame, context)?;
        }
        let mut order: Vec<(Box<[u8]>, u32)> = places.into_iter().collect();
        // Descending, since groups are taken off the end.
        order.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        let mut groups: Vec<Option<GroupState>> = groups.into_iter().map(Some).collect();
        Ok(order.iter().filter_map(|(_, place)| groups[*place as usize].take()).collect())
    }

    /// Reads up to the first row of the next group; answers the group before it.
    fn next_sorted(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<GroupState>> {
        let (mut bytes, mut values) = (Vec::new(), Vec::new());
        loop {
            let Phase::Streaming(current) = std::mem::replace(&mut self.phase, Phase::Done) else {
                return Ok(None);
            };
            if !self.input.next(frame, context)? {
                return Ok(current.map(|(_, group)| group));
            }
            self.keys_of_row(&mut bytes, &mut values, frame, context)?;
            let (mut group, finished) = match current {
                Some((key, group)) if key == bytes => (group, None),
                other => {
                    let group = self.new_group(std::mem::take(&mut values), frame)?;
                    (group, other.map(|(_, group)| group))
                }
            };
            self.step(&mut group, frame, context)?;
            self.phase = Phase::Streaming(Some((std::mem::take(&mut bytes), group)));
            if finished.is_some() {
                return Ok(finished);
            }
        }
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.phase = Phase::Done;
    }
}

impl Source for Group {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        for call in &self.aggregates {
            if call.function.flags().has(Flags::GIVES_JSON) && !frame.json_registers.contains(&call.result) {
                frame.json_registers.push(call.result);
            }
        }
        self.phase =
            if self.has_group_by && self.is_input_sorted { Phase::Streaming(None) } else { Phase::Input };
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let group = match &mut self.phase {
            Phase::Done => None,
            Phase::Output(groups) => groups.pop(),
            Phase::Streaming(_) => self.next_sorted(frame, context)?,
            Phase::Input if self.has_group_by => {
                let mut groups = self.read_groups(frame, context)?;
                let first = groups.pop();
                self.phase = Phase::Output(groups);
                first
            }
            Phase::Input => {
                self.phase = Phase::Done;
                Some(self.read_single_group(frame, context)?)
            }
        };
        match group {
            Some(group) => {
                self.output(group, frame, context)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        let keys = self.keys.iter().map(|key| key.register);
        let results = self.aggregates.iter().map(|call| call.result);
        let captured = self.captured.iter().map(|capture| capture.register);
        for register in keys.chain(results).chain(captured) {
            frame.set_register(register, Value::Null);
        }
    }
}
