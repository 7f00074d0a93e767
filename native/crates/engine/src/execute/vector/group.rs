//! GROUP BY and aggregates over batches of one table, with the results and the order of `execute::group`.
//!
//! Nothing is given out before the input is read, so that a run in which something fails can start again row by row; but for
//! groups that come one after the other, of which the row engine then passes over those that are out. Results are computed for
//! a portion of the groups at a time, column by column.

use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{self, KeyColumn};

use super::aggregate::VectorAggregate;
use super::batch::{Batch, Rows};
use super::column::Column;
use super::compile::{Expression, Shared};
use super::direct::DirectKeys;
use super::fresh::typed;
use super::graph::JoinGraph;
use super::group_order::{OrderedKey, order_of_keys};
use super::group_table::{GroupTable, GroupedBy, Numbering};
use super::having::Having;
use super::input::Input;
use super::matched::Matched;
use super::order::order;
use super::parallel::{self, Division};
use super::{Run, Stop, least_rows, reads_in_order};
use crate::catalog::{IndexColumn, IndexTerm};
use crate::error::{Error, Result};
use crate::execute::group::Group;
use crate::execute::{Context, Frame, Source, corrupt, key_bounds, tree_error};
use crate::plan::{AccessPath, Group as Node, SourceNode};
use crate::resolve::tree::{AggregateCall, Capture, Expr, GroupKey, Register};
use crate::resolve::{any_expr, identical_expr, names_subquery};

/// Groups whose results are computed together.
const PORTION: usize = 1024;

enum Mode {
    /// The run is the row engine's.
    Rows,
    Unread,
    Output(Output),
    /// Groups come out as soon as the next one begins.
    Stream(Stream),
}

#[derive(Default)]
struct Stream {
    output: Output,
    /// Groups that were given to `output`.
    handed: usize,
    has_ended: bool,
}

/// Groups on their way out.
#[derive(Default)]
struct Output {
    /// All groups, in their order.
    order: Vec<u32>,
    /// How many of them the portions so far have taken.
    taken: usize,
    /// The groups of the present portion, and by aggregate their results.
    groups: Vec<u32>,
    results: Vec<Column<'static>>,
    /// Places in the portion that pass HAVING, and how many of these groups have been given out.
    passing: Vec<u32>,
    given: usize,
    /// HAVING could not be asked of the portion: all of it is in `passing`.
    is_unasked: bool,
    /// What comes behind the portion instead of another group.
    error: Option<Error>,
}

pub(crate) struct VectorGroup {
    input: Input,
    /// Reads the sides of the input, a join, by themselves.
    matched: Option<Matched>,
    groups: GroupTable,
    key_registers: Vec<Register>,
    has_group_by: bool,
    /// Groups come as they are found.
    is_input_sorted: bool,
    /// Who reads the groups sorts them.
    is_order_free: bool,
    /// Rows come in another order than the plan's, which was found to pay: the order of groups.
    reordered: Option<Vec<OrderedKey>>,
    /// Batches are known to take less time than rows.
    is_weighed: bool,
    /// By aggregate.
    result_registers: Vec<Register>,
    capture_registers: Vec<Register>,
    having: Option<Having>,
    /// For runs that are the row engine's.
    rows: Group,
    mode: Mode,
    charged: usize,
}

impl VectorGroup {
    /// Reads the input; the groups in their order.
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<Vec<u32>> {
        self.groups.begin(self.numbering(context)?, !self.has_group_by);
        if let Some(matched) = &mut self.matched {
            matched.read(&mut self.groups, frame, context)?;
        } else {
            if self.read_beside(frame, context)? {
                return Ok(self.in_order());
            }
            while self.take_batch(frame, context)? {}
        }
        if !self.groups.is_certain() {
            return Err(Stop::RowByRow);
        }
        Ok(self.in_order())
    }

    /// Takes the next batch in; false: there is none.
    fn take_batch(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        let VectorGroup { input, groups, .. } = self;
        let found =
            input.next_batch(frame, context, &mut |batch, surroundings| groups.take(batch, surroundings))?;
        let bytes = self.groups.memory();
        if bytes > self.charged {
            frame.memory.charge(bytes - self.charged)?;
            self.charged = bytes;
        }
        // The row engine goes on with less.
        if self.has_group_by && bytes > context.session.settings.group_memory() {
            return Err(Stop::RowByRow);
        }
        Ok(found)
    }

    /// Reads the input on several threads, if it may and that pays; false: nothing has been read.
    fn read_beside(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        if context.session.settings.threads == 0 || !self.groups.can_merge() {
            return Ok(false);
        }
        let Some(numbers) = self.input.row_numbers(context)? else { return Ok(false) };
        let Some(division) = Division::of(&numbers, context) else { return Ok(false) };
        let Some(stretches) = self.input.stretches(&division.begins, frame, context)? else {
            return Ok(false);
        };
        let Some(groups) = parallel::group(&division, stretches, &self.groups, frame, context)? else {
            return Ok(false);
        };
        self.input.count_stretches(context)?;
        self.charged = groups.memory();
        frame.memory.charge(self.charged)?;
        self.groups.adopt(groups);
        Ok(true)
    }

    /// All groups as they come out.
    fn in_order(&self) -> Vec<u32> {
        match &self.reordered {
            _ if self.is_order_free => self.groups.in_any_order(),
            Some(order) => self.groups.in_order(order),
            None if self.is_input_sorted => self.groups.as_found(),
            None => self.groups.in_order_of_keys(),
        }
    }

    /// Reads the input.
    fn read_groups(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<Output> {
        let order = self.read(frame, context)?;
        if let Some(having) = &mut self.having {
            having.begin(frame, context);
        }
        Ok(Output { order, ..Output::default() })
    }

    /// How the groups of a run that begins are told apart.
    fn numbering(&self, context: &Context<'_>) -> Result<Numbering> {
        if self.key_registers.is_empty() {
            return Ok(Numbering::One);
        }
        let is_sorted = self.is_input_sorted && self.reordered.is_none();
        if !is_sorted && self.matched.is_none() && self.groups.may_have_direct_keys() {
            return Ok(Numbering::Direct(DirectKeys::new(self.input.certain_rows(context)? as usize)));
        }
        Ok(Numbering::Codes(self.groups.codes()))
    }

    /// Opens the input; false when the run is the row engine's.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        let Some(least) = least_rows(context) else { return Ok(false) };
        if !self.is_weighed && !self.input.pays(least, frame, context)? {
            return Ok(false);
        }
        self.rows.tell_json_results(frame);
        if self.matched.is_none() {
            self.input.open(frame, context)?;
        }
        Ok(true)
    }

    /// Whether groups that come one after the other are given out before all are read.
    fn may_stream(&self, context: &Context<'_>) -> bool {
        self.has_group_by
            && self.is_input_sorted
            && self.reordered.is_none()
            && context.session.settings.threads == 0
            && matches!(self.input, Input::Keys(_) | Input::Scan(_))
    }

    fn begin_stream(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Stream> {
        self.groups.begin(self.numbering(context)?, false);
        if let Some(having) = &mut self.having {
            having.begin(frame, context);
        }
        Ok(Stream::default())
    }

    /// Puts the next group's results into the registers; false: there is none.
    fn stream(&mut self, stream: &mut Stream, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        while !self.output(&mut stream.output, frame, context)? {
            if stream.has_ended {
                return Ok(false);
            }
            let found = self.take_batch(frame, context)?;
            stream.has_ended = !found;
            // More rows may come of the last one.
            let complete = self.groups.count() - usize::from(found && self.groups.count() > 0);
            let order = (stream.handed as u32..complete as u32).collect();
            stream.handed = complete;
            stream.output = Output { order, ..Output::default() };
        }
        Ok(true)
    }

    /// Goes on by rows behind so many groups.
    fn go_on_by_rows(&mut self, passed: usize, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.rows.restart();
        self.rows.open(frame, context)?;
        for _ in 0..passed {
            self.rows.next(frame, context)?;
        }
        Ok(())
    }

    fn close_input(&mut self, frame: &mut Frame) {
        self.input.close(frame);
        if let Some(matched) = &mut self.matched {
            matched.close(frame);
        }
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        if let Some(matched) = &mut self.matched {
            matched.forget(frame);
        }
        self.groups.clear();
    }

    /// Computes the next portion of the groups' results, up to the first that fails.
    fn take_portion(&mut self, output: &mut Output, context: &mut Context<'_>) {
        let end = output.order.len().min(output.taken + PORTION);
        output.groups.clear();
        output.groups.extend_from_slice(&output.order[output.taken..end]);
        output.results.clear();
        for index in 0..self.result_registers.len() {
            let (results, error) = self.groups.results(index, &output.groups, context);
            if let (Some(error), Column::Owned(values)) = (error, &results) {
                output.groups.truncate(values.len());
                output.error = Some(error);
            }
            output.results.push(results);
        }
        for results in &mut output.results {
            results.truncate(output.groups.len());
        }
        output.taken += output.groups.len();
        output.passing.clear();
        output.passing.extend(0..output.groups.len() as u32);
        output.given = 0;
        if let Some(having) = &mut self.having
            && !output.groups.is_empty()
        {
            let mut batch = batch_of(&self.groups, self.capture_registers.len(), output);
            match having.passing(&mut batch, context) {
                Some(passing) => output.passing = passing,
                None => output.is_unasked = true,
            }
        }
    }

    /// The registers of the results: aggregates, keys, what is captured.
    fn registers(&self) -> Vec<Register> {
        [&self.result_registers[..], &self.key_registers, &self.capture_registers].concat()
    }

    /// Takes the next portion that has a group passing; false: there is none.
    fn next_portion(&mut self, output: &mut Output, context: &mut Context<'_>) -> Result<bool> {
        while output.given == output.passing.len() {
            if let Some(error) = output.error.take() {
                return Err(error);
            }
            if output.taken == output.order.len() {
                return Ok(false);
            }
            self.take_portion(output, context);
        }
        Ok(true)
    }

    /// Puts the next group's results into the registers; false: there is none.
    fn output(&mut self, output: &mut Output, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.next_portion(output, context)? {
            return Ok(false);
        }
        let place = output.passing[output.given] as usize;
        let group = output.groups[place] as usize;
        output.given += 1;
        for (register, results) in self.result_registers.iter().zip(&mut output.results) {
            let value = match results {
                Column::Owned(values) => std::mem::take(&mut values[place]),
                results => results.value(place).to_value(),
            };
            frame.set_register(*register, value);
        }
        for (register, key) in self.key_registers.iter().zip(self.groups.key_columns()) {
            frame.set_register(*register, key.value(group).to_value());
        }
        for (index, register) in self.capture_registers.iter().enumerate() {
            frame.set_register(*register, self.groups.take_captured(group, index));
        }
        Ok(true)
    }
}

/// As batches, for a grouping above.
impl VectorGroup {
    /// What reads the groups' batches: a slot for each register.
    pub fn shared_by_registers(&self) -> Shared {
        Shared::of_registers(self.registers())
    }

    /// Whether all conditions on the groups are asked in batches.
    pub fn asks_all_of(&self, having: &[Expr]) -> bool {
        having.len() == self.having.as_ref().map_or(0, Having::condition_count)
    }

    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        self.input.row_count(context)
    }

    pub fn restart_input(&mut self) {
        self.input.restart();
        if let Some(matched) = &mut self.matched {
            matched.restart();
        }
    }

    pub fn open_in_batches(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.forget(frame);
        if !self.begin(frame, context)? {
            return Err(Stop::RowByRow);
        }
        self.mode = Mode::Unread;
        Ok(())
    }

    /// Hands on the next groups.
    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Context<'_>) -> Run<()>,
    ) -> Run<bool> {
        if let Mode::Unread = self.mode {
            self.mode = Mode::Output(self.read_groups(frame, context)?);
        }
        context.poll()?;
        let Mode::Output(mut output) = std::mem::replace(&mut self.mode, Mode::Rows) else {
            return Err(Stop::RowByRow);
        };
        // When a group fails depends on when it is asked for.
        if !self.next_portion(&mut output, context).map_err(|_| Stop::RowByRow)? {
            return Ok(false);
        }
        // No filter stands above.
        if output.is_unasked {
            return Err(Stop::RowByRow);
        }
        output.given = output.passing.len();
        consume(batch_of(&self.groups, self.capture_registers.len(), &output), context)?;
        self.mode = Mode::Output(output);
        Ok(true)
    }

    pub fn close_in_batches(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.mode = Mode::Rows;
        if let Some(having) = &mut self.having {
            having.close(frame);
        }
        self.close_input(frame);
    }
}

/// The groups of a portion that pass.
fn batch_of<'p>(states: &'p GroupTable, capture_count: usize, output: &'p Output) -> Batch<'p> {
    let groups: Vec<u32> = output.passing.iter().map(|place| output.groups[*place as usize]).collect();
    let results = output.results.iter().map(|results| results.gather(&output.passing));
    let keys = states.key_columns().iter().map(|key| key.gather(&groups));
    let captured = (0..capture_count)
        .map(|index| typed(groups.iter().map(|group| states.captured(*group as usize, index)).collect()));
    let columns = results.chain(keys).chain(captured).map(Some).collect();
    Batch::of_columns(columns, Rows::Computed(groups.len()))
}

/// The compiled expressions of a grouping.
pub(super) struct Parts {
    input: Input,
    matched: Option<Matched>,
    keys: Vec<Expression>,
    aggregates: Vec<VectorAggregate>,
    captures: Vec<Expression>,
    /// Rows come in another order than the plan's: the order of groups.
    reordered: Option<Vec<OrderedKey>>,
    is_weighed: bool,
}

impl Parts {
    /// Over joins in an order of their own. None when the order of rows matters to the grouping, when a part of it needs the
    /// row engine, and when the plan's way is the quicker one.
    pub fn reordered(node: &Node, frame: &mut Frame, context: &mut Context<'_>) -> Run<Option<Parts>> {
        if node.stops_at_first || !captures_any_order(node) {
            return Ok(None);
        }
        let program = context.program;
        let Some(key_order) = order_of_keys(node) else { return Ok(None) };
        let Some(graph) = JoinGraph::of(&node.input, program) else { return Ok(None) };
        let asks = graph.conditions.iter().any(|condition| condition.is_correlated);
        if is_read_in_order(&node.input) && !asks {
            return Ok(None);
        }
        let Some(ordered) = order(&graph, frame, context)? else { return Ok(None) };
        if !ordered.pays() && least_rows(context) != Some(0) {
            return Ok(None);
        }
        let input = ordered.input;
        let parts = || {
            let mut node = Node { input: SourceNode::Once, ..node.clone() };
            for key in &mut node.keys {
                key.expr = graph.substituted(&key.expr, program)?;
            }
            for call in &mut node.aggregates {
                *call = graph.substituted_call(call, program)?;
            }
            let mut parts = Parts::over(&node, input)?;
            parts.is_weighed = true;
            parts.taking_any_order(key_order)
        };
        Ok(parts())
    }

    /// None when an aggregate depends on the order of rows.
    fn taking_any_order(mut self, key_order: Vec<OrderedKey>) -> Option<Parts> {
        self.reordered = Some(key_order);
        let takes_any_order = |aggregate: &mut VectorAggregate| aggregate.take_any_order();
        self.aggregates.iter_mut().all(takes_any_order).then_some(self)
    }

    /// In the plan's order. None when the grouping is the row engine's in any case.
    pub fn compile(node: &Node) -> Option<Parts> {
        // A lone min() or max() over rows in its order needs one row.
        if node.stops_at_first {
            return None;
        }
        Parts::in_any_order(node).or_else(|| {
            let input = Input::compile(&node.input)?;
            // A subquery may be sorted otherwise than its groups are told apart: then one comes again and again.
            if node.is_input_sorted && input.is_subquery() {
                return None;
            }
            Some(Parts::over(node, input)?.matching(node))
        })
    }

    /// Over the plan's joins, the matches of a row in another order than the plan's; None where that changes anything, or
    /// nothing is gained.
    fn in_any_order(node: &Node) -> Option<Parts> {
        let key_order = order_of_keys(node)?;
        if !captures_are_of_keys(node) {
            return None;
        }
        let input = Input::compile_tables(&node.input, true)?;
        if !input.is_unordered() {
            return None;
        }
        Parts::over(node, input)?.taking_any_order(key_order)
    }

    /// With the groups matched, where they are rows of a LEFT JOIN's left side.
    fn matching(mut self, node: &Node) -> Parts {
        let Some(mut matched) = Matched::compile(node).filter(|_| captures_are_of_keys(node)) else {
            return self;
        };
        let captures = node.captured.iter().map(|capture| &capture.expr);
        let keys = node.keys.iter().map(|key| &key.expr).chain(captures);
        let keys = keys.map(|expr| matched.compile_key(expr)).collect::<Option<Vec<_>>>();
        if let (Some(keys), Some(aggregates)) = (keys, aggregates_over(node, &mut matched.right)) {
            (self.keys, self.aggregates, self.matched) = (keys, aggregates, Some(matched));
        }
        self
    }

    /// Whether the input is a LEFT JOIN whose sides are read by themselves.
    pub fn is_matched(&self) -> bool {
        self.matched.is_some()
    }

    fn over(node: &Node, mut input: Input) -> Option<Parts> {
        if node.keys.iter().any(|key| key.collation.is_custom()) {
            return None;
        }
        let mut compile = |expr| input.compile_expr(expr);
        let mut keys = node.keys.iter().map(|key| compile(&key.expr)).collect::<Option<Vec<_>>>()?;
        let mut captures =
            node.captured.iter().map(|capture| compile(&capture.expr)).collect::<Option<Vec<_>>>()?;
        if captures_are_of_keys(node) {
            keys.append(&mut captures);
        }
        let aggregates = aggregates_over(node, &mut input)?;
        Some(Parts { aggregates, input, matched: None, keys, captures, reordered: None, is_weighed: false })
    }

    /// Whether groups in the order of their rows come out before all are read.
    pub fn stream(&self) -> bool {
        self.reordered.is_none() && matches!(self.input, Input::Keys(_) | Input::Scan(_))
    }

    pub fn into_operator(self, node: Node, having: &[Expr]) -> VectorGroup {
        let Parts { input, matched, keys, aggregates, captures, reordered, is_weighed } = self;
        let are_keys = captures_are_of_keys(&node);
        let (told, captured): (Vec<&Capture>, Vec<&Capture>) = node.captured.iter().partition(|_| are_keys);
        let told = told.into_iter().map(|capture| capture.register);
        let key_columns = node
            .keys
            .iter()
            .zip(&node.is_descending)
            .map(|(key, descending)| KeyColumn { collation: key.collation, descending: *descending })
            .chain(told.clone().map(|_| KeyColumn::ASCENDING));
        let result_registers = aggregates.iter().map(|aggregate| aggregate.result).collect();
        let told_by = told_by(&node.keys);
        let groups = GroupTable::new(
            GroupedBy {
                deciding: (0..node.keys.len()).filter(|key| told_by[*key].is_none()).collect(),
                // Columns beside the keys stand behind all of them.
                told_by: told_by.into_iter().chain(told.clone().map(|_| Some(0))).collect(),
                keys,
                key_columns: key_columns.collect(),
                captures,
                capture_from: node.capture_from,
            },
            aggregates,
        );
        let mut operator = VectorGroup {
            having: None,
            input,
            matched,
            groups,
            key_registers: node.keys.iter().map(|key| key.register).chain(told).collect(),
            has_group_by: node.has_group_by,
            is_input_sorted: node.is_input_sorted,
            is_order_free: node.is_order_free,
            reordered,
            is_weighed,
            result_registers,
            capture_registers: captured.into_iter().map(|capture| capture.register).collect(),
            rows: Group::new(node),
            mode: Mode::Rows,
            charged: 0,
        };
        if operator.key_registers.is_empty() {
            operator.input.take_marked();
        } else if operator.is_input_sorted {
            operator.input.begin_small();
        }
        operator.having = Having::compile(having, operator.registers());
        operator
    }
}

/// The aggregates of the grouping's rows, which the input has. None when one needs the row engine.
fn aggregates_over(node: &Node, input: &mut Input) -> Option<Vec<VectorAggregate>> {
    let aggregates = node.aggregates.iter().map(|call| VectorAggregate::compile(call, input));
    let mut aggregates = aggregates.collect::<Option<Vec<_>>>()?;
    for index in 0..aggregates.len() {
        let is_like = |other: &usize| {
            aggregates[index].takes_what(&aggregates[*other])
                && is_same_input(&node.aggregates[index], &node.aggregates[*other])
        };
        aggregates[index].like = (0..index).find(is_like);
    }
    Some(aggregates)
}

/// Whether two calls take the same values in.
fn is_same_input(call: &AggregateCall, other: &AggregateCall) -> bool {
    let same =
        |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identical_expr(a, b));
    let filter = |call: &AggregateCall| call.filter.clone().into_iter().collect::<Vec<Expr>>();
    same(&call.args, &other.args) && same(&filter(call), &filter(other))
}

/// Whether the columns beside the aggregates are the same in all rows of a group: then they are keys that tell nothing apart.
fn captures_are_of_keys(node: &Node) -> bool {
    let is_key = |wanted| node.keys.iter().any(|key| matches!(key.expr, Expr::Rowid(own) if own == wanted));
    let varies = |expr: &Expr| match expr {
        Expr::Column { source, .. } | Expr::Rowid(source) => !is_key(*source),
        Expr::Register(_) | Expr::Application { .. } => true,
        expr => names_subquery(expr),
    };
    node.captured.iter().all(|capture| !any_expr(&capture.expr, &varies))
}

/// Whether the columns beside the aggregates are the same when the rows come in another order.
fn captures_any_order(node: &Node) -> bool {
    captures_are_of_keys(node) || captures_first_extreme(node)
}

/// Whether the columns are those of a least or greatest value, and rows with that value come by their rowids in the plan too:
/// an index has the keys, then that value.
fn captures_first_extreme(node: &Node) -> bool {
    let SourceNode::Scan(scan) = &node.input else { return false };
    let AccessPath::Index { index, .. } = &scan.path else { return false };
    let Some(call) = node.capture_from.and_then(|from| node.aggregates.get(from)) else { return false };
    let is_extreme = matches!(call.function.built_in_name(), Some("min" | "max"));
    let [Expr::Column { column: of_call, .. }] = &call.args[..] else { return false };
    let is_told = |column: &IndexColumn| match column.term {
        IndexTerm::Column(column) => {
            let is_key =
                |key: &GroupKey| matches!(key.expr, Expr::Column { column: of_key, .. } if of_key == column);
            column == *of_call || node.keys.iter().any(is_key)
        }
        IndexTerm::Rowid => true,
        IndexTerm::Expr(_) => false,
    };
    let collates = |column: &IndexColumn| {
        !matches!(column.term, IndexTerm::Column(own) if own == *of_call)
            || column.collation == call.collation
    };
    is_extreme
        && !scan.is_reverse
        && !scan.table.without_rowid
        && index.columns.iter().all(|column| is_told(column) && collates(column))
}

/// By key another one that tells it: a table's rowid does so of its columns.
fn told_by(keys: &[GroupKey]) -> Vec<Option<usize>> {
    let rowid_of = |source| keys.iter().position(|key| matches!(key.expr, Expr::Rowid(own) if own == source));
    let told_by = |key: &GroupKey| match key.expr {
        Expr::Column { source, .. } => rowid_of(source),
        _ => None,
    };
    keys.iter().map(told_by).collect()
}

/// The groups that are wanted must have less than this part of an index for its order to be read.
const SMALL_PART: f64 = 16.0;

/// Whether the groups that are wanted are a small part of an index that is read in its order, as one in its middle shows.
pub(super) fn reads_few(node: &Node, context: &Context<'_>) -> Result<bool> {
    let (Some(few), true, SourceNode::Scan(scan)) = (node.few, node.is_input_sorted, &node.input) else {
        return Ok(false);
    };
    let AccessPath::Index { index, bounds, .. } = &scan.path else { return Ok(false) };
    if !bounds.equal.is_empty() {
        return Ok(false);
    }
    let (tree, pager) = context.key_tree(scan.database, index.tree)?;
    let count = tree.count();
    let mut entries = KeyCursor::new(tree, pager.clone());
    if !entries.seek_nth(count / 2).map_err(tree_error)? {
        return Ok(false);
    }
    let mut rest = entries.key();
    for column in key_bounds::key_columns(index).into_iter().take(node.keys.len()) {
        key::skip_value(&mut rest, column).map_err(corrupt)?;
    }
    let mut group = entries.key()[..entries.key().len() - rest.len()].to_vec();
    let start = tree.rank(pager, &group).map_err(tree_error)?;
    let end =
        if key::prefix_successor(&mut group) { tree.rank(pager, &group).map_err(tree_error)? } else { count };
    Ok(end.saturating_sub(start) as f64 * few * SMALL_PART < count as f64)
}

/// Whether the plan reads one table as batches do in any case.
pub(super) fn is_read_in_order(input: &SourceNode) -> bool {
    match input {
        SourceNode::Scan(scan) => reads_in_order(scan),
        SourceNode::Filter { input, .. } => is_read_in_order(input),
        _ => false,
    }
}

impl Source for VectorGroup {
    fn restart(&mut self) {
        self.restart_input();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        match self.begin(frame, context) {
            Ok(true) => {
                self.mode = Mode::Unread;
                Ok(())
            }
            Ok(false) | Err(Stop::RowByRow) => {
                self.mode = Mode::Rows;
                self.rows.open(frame, context)
            }
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let Mode::Unread = self.mode
            && self.may_stream(context)
        {
            self.mode = Mode::Stream(self.begin_stream(frame, context)?);
        }
        if let Mode::Unread = self.mode {
            match self.read_groups(frame, context) {
                Ok(output) => {
                    let is_sorted = self.has_group_by && !self.is_input_sorted;
                    context.session.work.sorts += u64::from(is_sorted);
                    self.mode = Mode::Output(output);
                }
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    self.mode = Mode::Rows;
                    self.go_on_by_rows(0, frame, context)?;
                }
            }
        }
        let mut mode = std::mem::replace(&mut self.mode, Mode::Rows);
        let found = match &mut mode {
            Mode::Rows => self.rows.next(frame, context),
            Mode::Unread => unreachable!("the input was read above"),
            Mode::Output(output) => self.output(output, frame, context),
            Mode::Stream(stream) => match self.stream(stream, frame, context) {
                Ok(found) => Ok(found),
                Err(Stop::Error(error)) => Err(error),
                Err(Stop::RowByRow) => {
                    let passed = stream.handed;
                    mode = Mode::Rows;
                    self.go_on_by_rows(passed, frame, context)?;
                    self.rows.next(frame, context)
                }
            },
        };
        self.mode = mode;
        found
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        if let Some(having) = &mut self.having {
            having.close(frame);
        }
        self.close_input(frame);
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}
