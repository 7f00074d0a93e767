//! A correlated subquery, asked once for all rows instead of for each.
//!
//! ```text
//! SELECT … FROM orders WHERE EXISTS (SELECT 1 FROM lineitem WHERE l_orderkey = o_orderkey AND …)
//!               │ kept, by o_orderkey                │ read once; each row finds the orders it answers
//! ```
//! The rows around the subquery are kept, hashed by what it compares with them for equality. Then the subquery's own rows
//! are read: of EXISTS they mark the kept rows that they match, of an aggregate they go into the group of theirs. The answer
//! is one more column of the kept rows, which go on in the order they came.
//!
//! The set of an IN (SELECT …) is such a subquery where other conditions leave few rows: what of it equals one of them is read
//! alone, not all that it has (`JoinGraph::asking_sets_last`).

use std::cell::RefCell;

use pluresdb_value::Value;

use super::aggregate::{Groups, VectorAggregate};
use super::answers;
use super::batch::{Batch, NO_ROW, Rows, Side, Slot};
use super::build::{Build, JoinKey};
use super::column::{FALSE, TRUE};
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate_truths};
use super::fresh::typed;
use super::graph::{Condition, JoinGraph, Lookup, SetMember};
use super::input::{Input, narrowing_slots, own_slots, slots_of};
use super::kept::KeptColumn;
use super::known::Known;
use super::narrow::Key;
use super::order::order_beside;
use super::scan::BatchScan;
use super::stage::Stage;
use super::{Run, Stop};
use crate::error::ResultCode;
use crate::execute::eval::eval;
use crate::execute::{Context, Frame};
use crate::plan::{RowsNode, SourceNode, plan_select};
use crate::resolve::any_expr;
use crate::resolve::tree::{CompareOperator, Comparison, Expr, Program, SourceId};

/// Kept rows that go on together, and pairs that are looked at together.
const PORTION: usize = 1 << 14;

// Nanoseconds, of a question by an index and of each row that it finds.
const ASK_COST: f64 = 1000.0;
const ROW_COST: f64 = 100.0;

/// What is asked about a kept row.
enum Question {
    /// Is there a row? One that passes these conditions on both.
    Exists { on: Vec<Expression>, sides: Vec<Side>, shared: Shared, known: Known },
    /// What do the aggregates of its rows come to?
    Aggregate { aggregates: Vec<VectorAggregate>, output: Expr },
}

impl Question {
    /// What is read of the subquery's rows beside the keys.
    fn slots(&self) -> Vec<usize> {
        match self {
            Question::Exists { sides, .. } => sides
                .iter()
                .filter_map(|side| match side {
                    Side::Left(slot) => Some(*slot),
                    Side::Right(_) => None,
                })
                .collect(),
            Question::Aggregate { aggregates, .. } => {
                aggregates.iter().flat_map(VectorAggregate::slots).collect()
            }
        }
    }
}

pub(super) struct Correlated {
    outer: Input,
    inner: Input,
    /// Left: the subquery's rows, right: the kept ones.
    keys: Vec<JoinKey>,
    question: Question,
    answer: Slot,
    pub stage: Stage,
    /// By slot: of the outer rows, or the answer.
    outer_slots: Vec<Option<usize>>,
    kept: Build,
    /// By kept row.
    answers: KeptColumn,
    next: usize,
    charged: usize,
    /// How the plan finds the subquery's rows, and how many there are.
    lookup: Lookup,
    inner_rows: f64,
    /// The subquery's keys or aggregates could fail.
    may_fail: bool,
    /// What rows of the outer side have to have, as whoever reads this one knows.
    narrowing: Vec<(Slot, Vec<i64>)>,
}

/// The two sides of an equality between the subquery's tables and those around it.
fn key_of<'e>(
    expr: &'e Expr,
    inner: &JoinGraph,
    outer: &JoinGraph,
    program: &Program,
) -> Option<(&'e Expr, &'e Expr, Comparison)> {
    let Expr::Compare(compare) = expr else { return None };
    let reads = |graph: &JoinGraph, side: &Expr| graph.reading(side, program).0 != 0;
    let is_of_inner = |side: &Expr| reads(inner, side) && !reads(outer, side);
    let is_of_outer = |side: &Expr| reads(outer, side) && !reads(inner, side);
    if compare.operator != CompareOperator::Equal {
        None
    } else if is_of_inner(&compare.left) && is_of_outer(&compare.right) {
        Some((&compare.left, &compare.right, compare.comparison))
    } else if is_of_outer(&compare.left) && is_of_inner(&compare.right) {
        Some((&compare.right, &compare.left, compare.comparison))
    } else {
        None
    }
}

impl Correlated {
    /// Puts a subquery of `graph`'s conditions behind `outer`, which has all the graph's tables; tells what reading its
    /// rows costs. None when it is neither EXISTS of plain rows nor the value of an aggregate of them.
    pub fn compile(
        question: answers::Question,
        outer: Input,
        graph: &JoinGraph,
        sources: &[SourceId],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<Option<(Correlated, f64)>> {
        Correlated::compile_asking(question, None, outer, graph, sources, frame, context)
    }

    /// As `compile`: whether a row's value is among those of the subquery.
    pub fn compile_member(
        member: &SetMember<'_>,
        outer: Input,
        graph: &JoinGraph,
        sources: &[SourceId],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<Option<(Correlated, f64)>> {
        let question = answers::Question { subquery: member.subquery, is_exists: true };
        Correlated::compile_asking(question, Some(member), outer, graph, sources, frame, context)
    }

    fn compile_asking(
        answers::Question { subquery, is_exists }: answers::Question,
        member: Option<&SetMember<'_>>,
        mut outer: Input,
        graph: &JoinGraph,
        sources: &[SourceId],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<Option<(Correlated, f64)>> {
        let program = context.program;
        let select = &program.subqueries[subquery.0].select;
        if select.limit.is_some() || select.offset.is_some() {
            return Ok(None);
        }
        let rows = plan_select(select, program, context.session)?;
        let RowsNode::Project { input, outputs, .. } = &rows else { return Ok(None) };
        let grouping = match input {
            SourceNode::Group(group) => Some(&**group),
            _ => None,
        };
        // Of plain rows a value would be the first one's; of an aggregate there is a row whatever it comes to.
        if is_exists == grouping.is_some() {
            return Ok(None);
        }
        let node = grouping.map_or(input, |group| &group.input);
        let Some(mut inner_graph) = JoinGraph::of(node, program) else { return Ok(None) };
        let reads_outer = |condition: &Condition| graph.reading(&condition.expr, program).0 != 0;
        let (crossing, own) = std::mem::take(&mut inner_graph.conditions).into_iter().partition(reads_outer);
        inner_graph.conditions = own;
        let crossing: Vec<Condition> = crossing;
        let all_sources = [sources, &inner_graph.sources()].concat();
        let Some(ordered) = order_beside(&inner_graph, sources, frame, context)? else { return Ok(None) };
        let (mut inner, cost, inner_rows) = (ordered.input, ordered.by_batches, ordered.rows);
        let (mut keys, mut on) = (Vec::new(), Vec::new());
        if let Some(member) = member {
            // It is the same for all rows: nothing of it is about one of them.
            let ([output], None, true) = (&outputs[..], grouping, crossing.is_empty()) else {
                return Ok(None);
            };
            let output = inner_graph.substituted(output, program);
            let left = output.and_then(|output| inner.compile_expr(&output));
            let (Some(left), Some(right)) = (left, outer.compile_expr(member.operand)) else {
                return Ok(None);
            };
            keys.push(JoinKey { left, right, comparison: member.comparison });
        }
        for Condition { expr, is_correlated, .. } in &crossing {
            match key_of(expr, &inner_graph, graph, program) {
                Some((of_inner, of_outer, comparison)) if !comparison.collation.is_custom() => {
                    let (Some(left), Some(right)) =
                        (inner.compile_expr(of_inner), outer.compile_expr(of_outer))
                    else {
                        return Ok(None);
                    };
                    keys.push(JoinKey { left, right, comparison });
                }
                _ if *is_correlated => return Ok(None),
                _ => on.push(expr),
            }
        }
        if keys.is_empty() {
            return Ok(None);
        }
        let mut may_fail = keys.iter().any(|key| key.left.may_fail);
        let question = match grouping {
            None => {
                let own = [inner.shared().sources(), outer.shared().sources()].concat();
                let mut shared = Shared::new(own, &all_sources);
                let Some(on) = on.iter().map(|on| compile(on, &mut shared)).collect() else {
                    return Ok(None);
                };
                let side = |slot: &Slot| match slot {
                    Slot::Rowid(source) | Slot::Column(source, _)
                        if inner.shared().sources().contains(source) =>
                    {
                        Side::Left(inner.slot(*slot))
                    }
                    _ => Side::Right(outer.slot(*slot)),
                };
                let sides = shared.slots.iter().map(side).collect();
                Question::Exists { on, sides, shared, known: Known::default() }
            }
            Some(group) => {
                let [output] = &outputs[..] else { return Ok(None) };
                if group.has_group_by || !group.captured.is_empty() || !on.is_empty() {
                    return Ok(None);
                }
                // The answer is made by group, where no row of the query around it stands.
                if graph.reading(output, program).0 != 0 {
                    return Ok(None);
                }
                let mut aggregates = Vec::new();
                for call in &group.aggregates {
                    let call = inner_graph.substituted_call(call, program);
                    let aggregate = call.and_then(|call| VectorAggregate::compile(&call, &mut inner));
                    let Some(mut aggregate) = aggregate else { return Ok(None) };
                    if !aggregate.take_any_order() {
                        return Ok(None);
                    }
                    may_fail |= aggregate.may_fail(inner.shared(), &inner_graph);
                    aggregates.push(aggregate);
                }
                may_fail |= any_expr(output, &|expr| matches!(expr, Expr::Function { .. }));
                Question::Aggregate { aggregates, output: output.clone() }
            }
        };
        let answer = Slot::Answer(subquery);
        let mut shared = Shared::new(outer.shared().sources().to_vec(), sources);
        shared.take_answers(outer.shared());
        shared.add_answer(subquery);
        let correlated = Correlated {
            kept: Build::new(0, &[]),
            outer,
            inner,
            keys,
            question,
            answer,
            stage: Stage::new(shared),
            outer_slots: Vec::new(),
            answers: KeptColumn::default(),
            next: 0,
            charged: 0,
            lookup: inner_graph.tables[0].lookup,
            inner_rows,
            may_fail,
            narrowing: Vec::new(),
        };
        Ok(Some((correlated, cost)))
    }

    /// Rows that the subquery is expected to have.
    pub fn inner_rows(&self) -> f64 {
        self.inner_rows
    }

    /// Whether no row that is left out could have failed; not said of all inputs of which that is so.
    pub fn never_fails(&self) -> bool {
        self.inner.never_fails() && !self.may_fail
    }

    /// Whether the rows it gives, and what it asks about them, could not have failed.
    pub fn gives_without_failing(&self) -> bool {
        self.outer.never_fails() && self.never_fails() && !self.stage.may_fail()
    }

    /// Has the next run leave out rows of the outer side without one of these values.
    fn narrow_when_opened(&mut self, narrowing: Vec<(Slot, Vec<i64>)>) {
        self.narrowing = narrowing;
    }

    /// As `Input::driving_scan`, of the outer side before it is read.
    pub fn outer_scan(&mut self) -> Option<&mut BatchScan> {
        if self.gives_without_failing() { self.outer.driving_scan() } else { None }
    }

    /// What it costs to ask about one of so many rows, row by row.
    pub fn ask_cost(&self, outer_rows: f64) -> f64 {
        match self.lookup {
            Lookup::Whole => ASK_COST + self.inner_rows * ROW_COST,
            Lookup::One => ASK_COST,
            Lookup::Some => ASK_COST + (self.inner_rows / outer_rows.max(1.0)).clamp(1.0, 100.0) * ROW_COST,
        }
    }

    pub fn outer(&self) -> &Input {
        &self.outer
    }

    pub fn outer_mut(&mut self) -> &mut Input {
        &mut self.outer
    }

    /// Asks the outer rows for what is read of them.
    fn find_slots(&mut self) {
        for index in self.outer_slots.len()..self.stage.shared.slots.len() {
            let slot = self.stage.shared.slots[index];
            self.outer_slots.push((slot != self.answer).then(|| self.outer.slot(slot)));
        }
    }

    pub fn restart(&mut self) {
        self.outer.restart();
        self.inner.restart();
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.stage.begin(frame, context)?;
        self.find_slots();
        if let Question::Exists { shared, known, .. } = &mut self.question {
            shared.begin(known, frame, context)?;
        }
        self.keep(frame, context)?;
        self.next = 0;
        self.ask(frame, context)
    }

    fn keep(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.forget(frame);
        let mut slots: Vec<usize> = self.outer_slots.iter().filter_map(|slot| *slot).collect();
        if let Question::Exists { sides, .. } = &self.question {
            slots.extend(sides.iter().filter_map(|side| match side {
                Side::Right(slot) => Some(*slot),
                Side::Left(_) => None,
            }));
        }
        slots.sort_unstable();
        slots.dedup();
        if let Input::Scan(scan) = &mut self.outer {
            let of_keys = self.keys.iter().flat_map(|key| &key.right.slots);
            scan.gather(slots.iter().chain(of_keys).copied().collect());
        }
        self.outer.open(frame, context)?;
        let narrowing = std::mem::take(&mut self.narrowing);
        if let Some(scan) = self.outer.driving_scan()
            && !narrowing.is_empty()
        {
            let keys: Vec<Key<'_>> =
                narrowing.iter().map(|(slot, values)| Key { slot: *slot, values }).collect();
            scan.narrow(&keys, context)?;
        }
        self.kept = Build::keeping_all(self.outer.shared().slots.len(), &self.keys);
        if !self.inner_narrowing_slots().is_empty() {
            self.kept.keep_keys(&self.keys);
        }
        let Correlated { outer, kept, keys, charged, .. } = self;
        while outer.next_batch(frame, context, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            kept.append(keys, &slots, &mut batch, surroundings)
        })? {
            let bytes = kept.memory();
            frame.memory.charge(bytes - *charged)?;
            *charged = bytes;
            if kept.len() >= NO_ROW as usize {
                return Err(Stop::RowByRow);
            }
        }
        Ok(())
    }

    /// Those of the keys that are columns of the scan that the subquery's rows come from.
    fn inner_narrowing_slots(&mut self) -> Vec<(usize, Slot)> {
        let Input::Correlated(inner) = &mut self.inner else {
            return narrowing_slots(&self.keys, &mut self.inner);
        };
        let slots = slots_of(&self.keys, &inner.stage.shared);
        inner.outer_scan().map_or_else(Vec::new, |scan| own_slots(slots, scan))
    }

    /// What asks about its own rows in turn reads them when it is opened: it is told before which are of use.
    fn narrow_inner_outer(&mut self) {
        let Input::Correlated(_) = self.inner else { return };
        let slots = self.inner_narrowing_slots();
        let values = |(key, slot): (usize, Slot)| Some((slot, self.kept.integer_keys(key)?.to_vec()));
        let narrowing = slots.into_iter().filter_map(values).collect();
        if let Input::Correlated(inner) = &mut self.inner {
            inner.narrow_when_opened(narrowing);
        }
    }

    fn ask(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.answers = KeptColumn::default();
        let (answers, of_rows) = if self.kept.len() == 0 {
            (Vec::new(), Vec::new())
        } else {
            if let Input::Scan(scan) = &mut self.inner {
                let of_keys = self.keys.iter().flat_map(|key| &key.left.slots);
                let asked = self.question.slots();
                scan.gather(of_keys.copied().chain(asked).collect());
            }
            self.narrow_inner_outer();
            self.inner.open(frame, context)?;
            let is_told = self.inner.narrow(&self.keys, &self.kept, context)?;
            match self.question {
                Question::Exists { .. } => self.mark(is_told, frame, context)?,
                Question::Aggregate { .. } => self.aggregate(frame, context)?,
            }
        };
        let answers = typed(of_rows.iter().map(|answer| answers[*answer as usize].as_ref()).collect());
        self.answers.append_all(&answers, of_rows.len());
        Ok(())
    }

    /// The answers there are, and which of them is that of each kept row: whether it has a match. `is_told`: all rows that
    /// come have one.
    fn mark(
        &mut self,
        is_told: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<(Vec<Value>, Vec<u32>)> {
        let inner_slots = self.question.slots();
        let Correlated { inner, keys, kept, question, .. } = self;
        let Question::Exists { on, sides, known, .. } = question else { return Ok(Default::default()) };
        let mut is_matched = vec![false; kept.len()];
        let mut firsts = Vec::new();
        let kept = RefCell::new(kept);
        let mut probe = |batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>| {
            if is_told { Ok(()) } else { kept.borrow_mut().probe(keys, batch, surroundings) }
        };
        while inner.next_probed(frame, context, &mut probe, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            kept.borrow_mut().find(keys, &mut batch, surroundings, &mut firsts)?;
            let kept: &Build = &kept.borrow();
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for (row, first) in firsts.iter().enumerate() {
                let mut found = *first;
                if on.is_empty() && found != NO_ROW && is_matched[found as usize] {
                    // Then so are all behind it.
                    continue;
                }
                while found != NO_ROW {
                    if on.is_empty() {
                        is_matched[found as usize] = true;
                    } else if !is_matched[found as usize] {
                        left.push(row as u32);
                        right.push(found);
                    }
                    found = kept.after(found);
                }
            }
            if left.is_empty() {
                return Ok(());
            }
            batch.load(&inner_slots)?;
            let mut surroundings = Surroundings { known: &mut *known, context: &mut *surroundings.context };
            let mut pairs = Batch::of_pairs(&batch, kept, sides, Rows::Pairs { left, right });
            for on in on.iter() {
                let truths = evaluate_truths(on, &mut pairs, &mut surroundings)?;
                pairs.keep(&truths);
            }
            if let Rows::Pairs { right, .. } = pairs.into_rows() {
                for row in right {
                    is_matched[row as usize] = true;
                }
            }
            Ok(())
        })? {}
        let answers = vec![Value::Integer(0), Value::Integer(1)];
        Ok((answers, is_matched.into_iter().map(u32::from).collect()))
    }

    /// As `mark`, what the aggregates come to.
    fn aggregate(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<(Vec<Value>, Vec<u32>)> {
        let Correlated { inner, keys, kept, question, .. } = self;
        let Question::Aggregate { aggregates, output } = question else { return Ok(Default::default()) };
        // One group more, of no rows: the answer about a row that has a NULL in its key, or no match.
        let group_count = kept.code_count() + 1;
        for aggregate in aggregates.iter_mut() {
            aggregate.clear();
            aggregate.fit(group_count);
        }
        let mut codes = Vec::new();
        while inner.next_batch(frame, context, &mut |mut batch, surroundings| {
            if batch.is_empty() {
                return Ok(());
            }
            kept.find_codes(keys, &mut batch, surroundings, &mut codes)?;
            let truths: Vec<u8> =
                codes.iter().map(|code| if *code == NO_ROW { FALSE } else { TRUE }).collect();
            batch.keep(&truths);
            codes.retain(|code| *code != NO_ROW);
            for aggregate in aggregates.iter_mut() {
                aggregate.step(&mut batch, &Groups::Each(&codes, None), surroundings, None)?;
            }
            Ok(())
        })? {}
        if !aggregates.iter().all(VectorAggregate::is_certain) {
            return Err(Stop::RowByRow);
        }
        let mut results = Vec::with_capacity(group_count);
        for group in 0..group_count {
            for aggregate in aggregates.iter_mut() {
                let value = aggregate.finish(group, context).map_err(|_| Stop::RowByRow)?;
                frame.set_register(aggregate.result, value);
            }
            results.push(eval(output, frame, context).map_err(|error| match error.code {
                ResultCode::Interrupt => Stop::Error(error),
                // Perhaps no row asks for it.
                _ => Stop::RowByRow,
            })?);
        }
        let group_of = |row: u32| kept.code_of(row).unwrap_or(group_count as u32 - 1);
        let groups = (0..kept.len() as u32).map(group_of).collect();
        Ok((results, groups))
    }

    /// Hands on the next of the kept rows.
    pub fn next_batch(
        &mut self,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        context.poll()?;
        let Correlated { kept, answers, outer_slots, stage, next, .. } = self;
        if *next >= kept.len() {
            return Ok(false);
        }
        let end = kept.len().min(*next + PORTION);
        let rows = (*next as u32..end as u32).collect();
        *next = end;
        let mut batch = Batch::of_kept(kept, answers, outer_slots, rows);
        stage.filter(&mut batch, context)?;
        consume(batch, &mut Surroundings { known: &mut stage.known, context })?;
        Ok(true)
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.kept = Build::new(0, &self.keys);
        self.answers = KeptColumn::default();
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.stage.known.clear(frame);
        self.outer.close(frame);
        self.inner.close(frame);
    }
}
