//! GROUP BY and aggregates: rows in, one row per group out, in the order of the keys as SQLite gives it.
//!
//! | input | how |
//! |---|---|
//! | no GROUP BY | one group, even over no rows |
//! | sorted by the keys | a group ends where the next key begins |
//! | any other | hash table, groups sorted at the end; rows of groups for which there is no room are sorted |
//!
//! Columns outside aggregates come from the group's first row, or from the row of its last min() or max().

use pluresdb_value::Value;
use pluresdb_value::key::KeyColumn;

use crate::error::Result;
use crate::execute::aggregate::{ACCUMULATOR_SIZE, Accumulator};
use crate::execute::eval::eval;
use crate::execute::frame::row_size;
use crate::execute::group_overflow::{GroupOverflow, SortedOverflow};
use crate::execute::key_hash::{ENTRY_SIZE, KeyMap, push_column_key};
use crate::execute::number_calls::NumberCalls;
use crate::execute::subtype::{gives_json, makes_json};
use crate::execute::{Context, Frame, Source};
use crate::plan::{Group as Node, ImageSlot};
use crate::resolve::tree::{AggregateCall, Capture, GroupKey};

struct GroupState {
    keys: Vec<Value>,
    captured: Vec<Value>,
    accumulators: Vec<Accumulator>,
    charged: usize,
}

/// A group under its key's bytes.
type KeyedGroup = (Box<[u8]>, GroupState);

enum Phase {
    /// Input not read yet.
    Input,
    /// Groups in the order of their keys; the next to give out stands last. Those of rows for which there was no room come
    /// between them: the next of these.
    Output {
        groups: Vec<KeyedGroup>,
        overflow: Option<Stream>,
        ahead: Option<KeyedGroup>,
    },
    Streaming(Stream),
    Done,
}

/// Groups out of rows that come in the order of their keys.
#[derive(Default)]
struct Stream {
    /// None: the input's rows.
    overflow: Option<SortedOverflow>,
    /// The group that the last row read has begun.
    current: Option<KeyedGroup>,
    has_ended: bool,
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
    image: Vec<ImageSlot>,
    /// Calls of the application that may be gathered.
    calls: Option<NumberCalls>,
    phase: Phase,
    charged: usize,
}

impl Group {
    pub fn new(node: Node) -> Group {
        Group {
            calls: NumberCalls::of(&node),
            input: node.input.into_operator(),
            keys: node.keys,
            is_descending: node.is_descending,
            has_group_by: node.has_group_by,
            aggregates: node.aggregates,
            captured: node.captured,
            capture_from: node.capture_from,
            is_input_sorted: node.is_input_sorted,
            stops_at_first: node.stops_at_first,
            image: node.image,
            phase: Phase::Done,
            charged: 0,
        }
    }

    /// Says which registers will have the JSON subtype.
    pub fn tell_json_results(&self, frame: &mut Frame) {
        for call in self.aggregates.iter().filter(|call| gives_json(call)) {
            frame.tell_json(call.result, true);
        }
        for key in self.keys.iter().filter(|key| makes_json(&key.expr)) {
            frame.tell_json(key.register, true);
        }
    }

    fn new_group(&mut self, keys: Vec<Value>, frame: &mut Frame) -> Result<GroupState> {
        let bytes = row_size(&keys) + self.aggregates.len() * ACCUMULATOR_SIZE;
        frame.memory.charge(bytes)?;
        self.charged += bytes;
        let is_interleaved = self.has_group_by && !self.is_input_sorted;
        let accumulators =
            self.aggregates.iter().map(|call| Accumulator::new(call, is_interleaved)).collect();
        Ok(GroupState { keys, captured: Vec::new(), accumulators, charged: bytes })
    }

    /// Takes the frame's row into the group.
    fn step(&self, group: &mut GroupState, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if self.has_group_by && !self.is_input_sorted && !frame.json_registers.is_empty() {
            // SQLite sorts the rows, and what comes out of a sorter has no subtype.
            frame.forget_json(&self.image);
        }
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
    fn output(&mut self, mut group: GroupState, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for (call, accumulator) in self.aggregates.iter().zip(&mut group.accumulators) {
            let value = accumulator.finish(call, context)?;
            frame.set_register(call.result, value);
            if let Some(is_json) = accumulator.json_result() {
                frame.tell_json(call.result, is_json);
            }
        }
        frame.memory.release(group.charged);
        self.charged -= group.charged;
        for (key, value) in self.keys.iter().zip(group.keys) {
            frame.set_register(key.register, value);
        }
        let mut captured = group.captured.into_iter();
        for capture in &self.captured {
            frame.set_register(capture.register, captured.next().unwrap_or_default());
        }
        Ok(())
    }

    /// The keys of the frame's row, and their bytes.
    fn keys_of_row(
        &self,
        bytes: &mut Vec<u8>,
        values: &mut Vec<Value>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        values.clear();
        for key in &self.keys {
            values.push(eval(&key.expr, frame, context)?);
        }
        self.push_keys(values, bytes, context)
    }

    fn push_keys(&self, values: &[Value], bytes: &mut Vec<u8>, context: &Context<'_>) -> Result<()> {
        bytes.clear();
        for ((key, is_descending), value) in self.keys.iter().zip(&self.is_descending).zip(values) {
            let column = KeyColumn { collation: key.collation, descending: *is_descending };
            push_column_key(value.as_ref(), column, bytes, context.session)?;
        }
        Ok(())
    }

    fn read_single_group(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<GroupState> {
        let mut group = self.new_group(Vec::new(), frame)?;
        if !context.session.settings.is_reentrant
            && let Some(mut calls) = self.calls.take()
        {
            calls.clear();
            let outcome = self.read_with_calls(&mut calls, &mut group, frame, context);
            self.calls = Some(calls);
            return outcome.map(|()| group);
        }
        while self.input.next(frame, context)? {
            self.step(&mut group, frame, context)?;
            if self.stops_at_first {
                break;
            }
        }
        Ok(group)
    }

    /// What a row fails with comes after the calls of the rows before it.
    fn read_with_calls(
        &mut self,
        calls: &mut NumberCalls,
        group: &mut GroupState,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        loop {
            let next = self.input.next(frame, context);
            let gathered = match &next {
                Ok(true) => calls.gather(frame, context),
                Ok(false) | Err(_) => Ok(false),
            };
            if !matches!(gathered, Ok(true)) || calls.is_full() {
                calls.make(&self.aggregates[0], &mut group.accumulators[0], context)?;
            }
            if !next? {
                return Ok(());
            }
            if !gathered? {
                self.step(group, frame, context)?;
            }
        }
    }

    fn read_groups(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Phase> {
        context.session.work.sorts += 1;
        let mut places: KeyMap<u32> = KeyMap::default();
        let mut groups: Vec<GroupState> = Vec::new();
        let mut overflow: Option<GroupOverflow> = None;
        let (mut bytes, mut values) = (Vec::new(), Vec::new());
        while self.input.next(frame, context)? {
            self.keys_of_row(&mut bytes, &mut values, frame, context)?;
            let place = match places.get(bytes.as_slice()) {
                Some(place) => *place as usize,
                None if overflow.is_some() || self.charged >= context.session.settings.group_memory() => {
                    overflow.get_or_insert_with(|| GroupOverflow::new(self.image.clone())).keep(
                        &mut values,
                        &bytes,
                        frame,
                        &context.session.settings,
                    )?;
                    continue;
                }
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
        let in_order =
            order.into_iter().filter_map(|(key, place)| Some((key, groups[place as usize].take()?)));
        let groups = in_order.collect();
        let sorted = overflow.map(|overflow| overflow.into_sorted(&mut frame.memory)).transpose()?;
        let mut overflow = sorted.map(|sorted| Stream { overflow: Some(sorted), ..Stream::default() });
        let ahead = self.next_of_stream(overflow.as_mut(), frame, context)?;
        Ok(Phase::Output { groups, overflow, ahead })
    }

    /// Reads up to the first row of the next group; answers the group before it.
    fn next_of_stream(
        &mut self,
        stream: Option<&mut Stream>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<KeyedGroup>> {
        let Some(stream) = stream else { return Ok(None) };
        let (mut bytes, mut values) = (Vec::new(), Vec::new());
        while !stream.has_ended {
            let is_found = match &mut stream.overflow {
                None => self.input.next(frame, context)?,
                Some(overflow) => overflow.next(self.keys.len(), &mut values, frame)?,
            };
            if !is_found {
                stream.has_ended = true;
                return Ok(stream.current.take());
            }
            if stream.overflow.is_some() {
                self.push_keys(&values, &mut bytes, context)?;
            } else {
                self.keys_of_row(&mut bytes, &mut values, frame, context)?;
            }
            if let Some((key, group)) = &mut stream.current
                && **key == *bytes
            {
                self.step(group, frame, context)?;
                continue;
            }
            let mut group = self.new_group(std::mem::take(&mut values), frame)?;
            self.step(&mut group, frame, context)?;
            if let Some(finished) = stream.current.replace((bytes.as_slice().into(), group)) {
                return Ok(Some(finished));
            }
        }
        Ok(None)
    }

    /// The next group of those in memory and of those whose rows were sorted.
    fn next_of_both(
        &mut self,
        groups: &mut Vec<KeyedGroup>,
        overflow: Option<&mut Stream>,
        ahead: &mut Option<KeyedGroup>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<GroupState>> {
        let is_ahead = match (groups.last(), &*ahead) {
            (Some((key, _)), Some((sorted, _))) => sorted < key,
            (_, sorted) => sorted.is_some(),
        };
        if !is_ahead {
            return Ok(groups.pop().map(|(_, group)| group));
        }
        let next = self.next_of_stream(overflow, frame, context)?;
        Ok(std::mem::replace(ahead, next).map(|(_, group)| group))
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        if let Phase::Output { overflow: Some(Stream { overflow: Some(overflow), .. }), .. } = &mut self.phase
        {
            overflow.clear(&mut frame.memory);
        }
        self.phase = Phase::Done;
    }
}

impl Source for Group {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.tell_json_results(frame);
        self.phase = if self.has_group_by && self.is_input_sorted {
            Phase::Streaming(Stream::default())
        } else {
            Phase::Input
        };
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if matches!(self.phase, Phase::Input) && self.has_group_by {
            self.phase = self.read_groups(frame, context)?;
        }
        // A group that fails is the last.
        let (group, phase) = match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Done => (None, Phase::Done),
            Phase::Input => (Some(self.read_single_group(frame, context)?), Phase::Done),
            Phase::Streaming(mut stream) => {
                let group = self.next_of_stream(Some(&mut stream), frame, context)?.map(|(_, group)| group);
                (group, Phase::Streaming(stream))
            }
            Phase::Output { mut groups, mut overflow, mut ahead } => {
                let group = self.next_of_both(&mut groups, overflow.as_mut(), &mut ahead, frame, context)?;
                (group, Phase::Output { groups, overflow, ahead })
            }
        };
        self.phase = phase;
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
