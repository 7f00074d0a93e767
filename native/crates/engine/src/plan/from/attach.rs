//! One more operand joined to what is planned: looked up, found in a hash table, kept and read again, or computed anew.
//!
//! ```text
//! t JOIN u ON u.id = t.u       u is looked up by its key for each row of t
//! t JOIN u ON u.b = t.b        u is hashed by b, when there is no index and both are large
//! t JOIN u ON u.b > t.b        u is read again for each row of t
//! t LEFT JOIN (u JOIN v)       the right side is planned by itself and kept
//! ```

use std::sync::Arc;

use pluresdb_value::Value;

use super::{FromPlanner, MIN_HASHED_ROWS, Planned, Shape, VIRTUAL_ROWS};
use crate::error::{Error, Result};
use crate::plan::given_order::GivenOrder;
use crate::plan::predicate::{
    Conjunct, Filled, ItemSet, exprs, is_volatile, mark_used, reading, selectivity, take,
};
use crate::plan::references::{Reference, Walker};
use crate::plan::select::plan_select_filtered;
use crate::plan::table_function;
use crate::plan::virtual_table::{self, Arguments};
use crate::plan::{
    HashJoin, HashKey, ImageSlot, LoopKind, NestedLoop, RowsNode, Scan, SourceNode, SubqueryLabel,
    VirtualScan,
};
use crate::resolve::tree::{
    Body, CompareOperator, Expr, From, JSON_VALUE, Register, TableFunction, VirtualSource,
};

impl FromPlanner<'_> {
    /// Joins one more operand to what is planned. For a LEFT join `conjuncts` is its ON, and all of it is used here;
    /// for an inner join what reads later items is left.
    pub(super) fn attach(
        &mut self,
        left: Planned,
        operand: Shape,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let own = operand.items();
        let Shape::Leaf(item) = operand else {
            let inside = take(conjuncts, |conjunct| {
                conjunct.items & !own == 0 && (conjunct.items != 0 || kind == LoopKind::Inner)
            });
            let wanted = if left.node.is_none() { None } else { self.wanted.take() };
            let given = self.given.take();
            let right = self.plan_shape(operand, inside)?;
            self.wanted = self.wanted.take().or(wanted);
            if left.node.is_none() {
                return Ok(right);
            }
            self.given = given;
            return Ok(self.join_planned(left, right, conjuncts, kind));
        };
        if let From::Virtual(source) = self.items[item].from {
            return self.attach_virtual(left, item, source, conjuncts, kind);
        }
        let Some(table) = self.table_item(item) else {
            return self.attach_computed(left, item, conjuncts, kind);
        };
        let wanted = match self.wanted.take() {
            Some(wanted) if left.node.is_none() && wanted.source == table.source => wanted.at(&table),
            _ => None,
        };
        let mut choice = self.choose_path(item, &table, numbered(conjuncts), left.items, wanted.as_deref());
        if !self.sorts_parts {
            choice.forget_parts();
        }
        if table.is_refused(&choice.path) {
            return Err(Error::error("no query solution"));
        }
        if left.node.is_none() {
            self.is_ordered = wanted.is_some() && choice.is_ordered;
        }
        let keys = if self.is_target(item) || self.is_changed(item) {
            Vec::new()
        } else {
            self.hash_keys(item, left.items, conjuncts)
        };
        // A first table with keys is read by a correlated subquery: it will be read many times.
        let left_rows = match self.taken {
            _ if left.node.is_none() => 100.0,
            // Each of them gives a row at least.
            Some(taken) if kind == LoopKind::Left => left.rows.min(taken),
            _ => left.rows,
        };
        let looped = left_rows * choice.cost;
        let is_hashable =
            !keys.is_empty() && self.items[item].row_count >= MIN_HASHED_ROWS && !self.is_ordered;
        let hashed = is_hashable
            .then(|| self.choose_path(item, &table, numbered(conjuncts), 0, None))
            // A subquery that looks its rows up by an enclosing query's values needs no table of its own.
            .filter(|alone| keys.iter().all(|(key, _)| !alone.used_conjuncts.contains(key)))
            .filter(|alone| alone.cost * 2.0 + left_rows * 1.5 < looped);
        let is_hashed = hashed.is_some();
        let (choice, available) = match hashed {
            Some(alone) => (alone, 0),
            None => (choice, left.items),
        };
        let hash_keys = if is_hashed { take_keys(keys, conjuncts) } else { Vec::new() };
        for used in &choice.used_conjuncts {
            mark_used(conjuncts, *used);
        }
        let bit = 1 << item;
        let is_correlated_scan = is_hashed
            && choice
                .used_conjuncts
                .iter()
                .any(|used| reading(&conjuncts[*used].expr, &self.filled, self.program).reads_outer);
        let conditions = take(conjuncts, |conjunct| {
            conjunct.items & !(available | bit) == 0
                && (kind == LoopKind::Inner && left.node.is_none() || conjunct.items & bit != 0)
        });
        let rows = (choice.rows * selectivity(&conditions)).max(0.1);
        let reads_left = |index: &usize| conjuncts[*index].items & left.items != 0;
        let is_kept = !is_hashed
            && left.rows > 1.5
            && self.is_worth_keeping(item, bit, &conditions)
            && !choice.used_conjuncts.iter().any(reads_left);
        let (conditions, joined): (Vec<_>, Vec<_>) =
            conditions.into_iter().partition(|conjunct| !is_kept || conjunct.items & !bit == 0);
        let is_correlated_scan = is_correlated_scan
            || (is_kept
                && choice.used_conjuncts.iter().any(|used| self.reads_outer(&conjuncts[*used..=*used])));
        let is_correlated = is_correlated_scan || self.reads_outer(&conditions);
        let From::Table(source) = self.items[item].from else { return Ok(left) };
        let node = SourceNode::Scan(Scan {
            source: source.source,
            database: source.database,
            table: source.table.clone(),
            name: source.shown.clone(),
            path: choice.path,
            is_reverse: choice.is_reverse || self.is_reversed,
            conditions: exprs(conditions),
            used_columns: self.items[item].used_columns.clone().unwrap_or_default(),
        });
        let right = Planned { node: Some(node), items: bit, rows };
        if is_hashed {
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(self.hash_join(left, right, hash_keys, on, kind, is_correlated));
        }
        if left.node.is_none() && kind == LoopKind::Inner {
            return Ok(right);
        }
        let mut on = Self::take_joined(&left, bit, conjuncts, kind);
        on.extend(exprs(joined));
        let right = if is_kept { self.materialized(right, is_correlated) } else { right };
        Ok(nested_loop(left, right, on, kind))
    }

    /// Whether the rows of a table that its own conditions leave are kept for the loop around it, rather than looked
    /// for again for each of its rows.
    fn is_worth_keeping(&self, item: usize, bit: ItemSet, conditions: &[Conjunct]) -> bool {
        let is_own = |conjunct: &&Conjunct| conjunct.items & !bit == 0;
        let is_steady = |conjunct: &Conjunct| !conjunct.has_subquery && !is_volatile(&conjunct.expr);
        !self.is_target(item)
            && !self.is_changed(item)
            && self.items[item].row_count >= MIN_HASHED_ROWS
            && conditions.iter().any(|conjunct| is_own(&conjunct))
            && conditions.iter().filter(is_own).all(is_steady)
    }

    fn is_target(&self, item: usize) -> bool {
        matches!((self.target, self.filled[item]), (Some(target), Filled::Source(source)) if target == source)
    }

    /// Whether the statement changes the table between two questions of a subquery.
    fn is_changed(&self, item: usize) -> bool {
        match (&self.program.changed, self.items[item].from) {
            (Some(changed), From::Table(source)) => Arc::ptr_eq(changed, &source.table),
            _ => false,
        }
    }

    fn reads_outer(&self, conjuncts: &[Conjunct]) -> bool {
        conjuncts.iter().any(|conjunct| reading(&conjunct.expr, &self.filled, self.program).reads_outer)
    }

    /// The order of the rows of a subquery.
    fn given_by(&self, item: usize) -> Option<GivenOrder> {
        let drops_order = self.drops_order;
        match self.items[item].from {
            From::Subquery { select, output, .. } => GivenOrder::of(select, *output, drops_order, false),
            From::Cte { cte, output, .. } => {
                let cte = &self.program.ctes[cte.0];
                let is_plain = cte.recursive.is_empty();
                is_plain.then(|| GivenOrder::of(&cte.initial, *output, drops_order, true)).flatten()
            }
            _ => None,
        }
    }

    /// Columns of a subquery's tables that nobody reads are NULL.
    fn leave_out_unread(&self, rows: &mut RowsNode, output: Register) {
        let Some(used) = &self.used_registers else { return };
        let rows = if let RowsNode::Limit { input, .. } = rows { &mut **input } else { rows };
        let RowsNode::Project { outputs, distinct: None, .. } = rows else { return };
        for (index, column) in outputs.iter_mut().enumerate() {
            if matches!(column, Expr::Column { .. }) && !used.contains(&(output.0 + index)) {
                *column = Expr::Literal(Value::Null);
            }
        }
    }

    /// A FROM item that is no table: rows are computed.
    fn attach_computed(
        &mut self,
        left: Planned,
        item: usize,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let bit: ItemSet = 1 << item;
        let is_first = left.node.is_none();
        if is_first {
            self.wanted = None;
            self.given = self.given_by(item);
        }
        let args = match self.items[item].from {
            From::TableFunction(source) => {
                table_function::take_arguments(source, left.items, conjuncts, &self.filled, self.program)?
            }
            _ => Vec::new(),
        };
        let of_args = |expr: &Expr| reading(expr, &self.filled, self.program);
        let needs = args.iter().flatten().fold(0, |needs, arg| needs | of_args(arg).items);
        let is_alone = is_first && kind == LoopKind::Inner;
        let outer_keys = if is_alone { self.outer_keys(item, conjuncts) } else { Vec::new() };
        let in_arms =
            if kind == LoopKind::Inner { self.checked_in_arms_of(item, conjuncts) } else { Vec::new() };
        let own = take(conjuncts, |conjunct| conjunct.items == bit || (is_alone && conjunct.items == 0));
        let is_correlated = self.items[item].is_correlated
            || self.reads_outer(&own)
            || args.iter().flatten().any(|arg| of_args(arg).reads_outer);
        let (node, own) = match self.items[item].from {
            From::Subquery { select, output, name, definition, uses, .. } => {
                let is_shared = uses.get() > 1;
                let (mut pushed, own) = self.push_down(own, select, *output, is_shared);
                pushed.extend(in_arms);
                let mut rows = plan_select_filtered(select, self.program, self.session, &pushed, *output)?;
                self.leave_out_unread(&mut rows, *output);
                let label = Box::new(SubqueryLabel {
                    name: name.clone(),
                    definition: definition.clone(),
                    number: select.number,
                    columns: select.columns.iter().map(|column| column.name.clone()).collect(),
                });
                let reals = select.read_as_real();
                let (rows, output, raw) = (Box::new(rows), *output, Vec::new());
                (SourceNode::Subquery { rows, output, reals, raw, label }, own)
            }
            From::Cte { cte, name, output, column_count } => {
                let (cte, output, column_count, name) = (*cte, *output, *column_count, name.clone());
                (SourceNode::Cte { cte, output, column_count, raw: Vec::new(), name }, own)
            }
            From::RecursiveRow { cte, name, output, column_count } => {
                let (cte, output, column_count, name) = (*cte, *output, *column_count, name.clone());
                (SourceNode::RecursiveRow { cte, output, column_count, name }, own)
            }
            From::TableFunction(source) => {
                let is_wanted = |index: &usize| {
                    let used = self.used_registers.as_ref();
                    used.is_none_or(|used| used.contains(&(source.output.0 + index)))
                };
                let node = SourceNode::TableFunction {
                    function: source.function.clone(),
                    name: source.name.clone(),
                    args,
                    output: source.output,
                    column_count: source.column_count,
                    wanted: (0..source.column_count).filter(is_wanted).collect(),
                };
                (node, own)
            }
            From::Table(_) | From::Virtual(_) | From::Join(_) => return Ok(left),
        };
        let rows = (self.items[item].row_count * selectivity(&own)).max(0.1);
        let right = Planned { node: Some(filtered(node, own)), items: bit, rows };
        if is_alone {
            if outer_keys.is_empty() {
                return Ok(right);
            }
            return Ok(self.hash_join(left, right, outer_keys, Vec::new(), kind, is_correlated));
        }
        if needs & left.items != 0 {
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(nested_loop(left, right, on, kind));
        }
        let keys = self.hash_keys(item, left.items, conjuncts);
        if !keys.is_empty() && left.node.is_some() {
            let keys = take_keys(keys, conjuncts);
            let on = Self::take_joined(&left, bit, conjuncts, kind);
            return Ok(self.hash_join(left, right, keys, on, kind, is_correlated));
        }
        let right = match self.items[item].from {
            From::Subquery { .. } | From::TableFunction(_) => self.materialized(right, is_correlated),
            _ => right,
        };
        let on = Self::take_joined(&left, bit, conjuncts, kind);
        Ok(nested_loop(left, right, on, kind))
    }

    /// A module's table: read again for each row of what is positioned, as its arguments may be others.
    fn attach_virtual(
        &mut self,
        left: Planned,
        item: usize,
        source: &VirtualSource,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Result<Planned> {
        let bit: ItemSet = 1 << item;
        let is_first = left.node.is_none();
        if is_first {
            self.wanted = None;
        }
        let Arguments { by_parameter, conditions } =
            virtual_table::take_arguments(source, bit, left.items, conjuncts, &self.filled, self.program)?;
        let own = take(conjuncts, |conjunct| {
            conjunct.items == bit || (is_first && kind == LoopKind::Inner && conjunct.items == 0)
        });
        let is_wanted = |index: usize| match &self.used_registers {
            Some(used) => used.contains(&(source.output.0 + index)),
            None => true,
        };
        let rows = (VIRTUAL_ROWS * selectivity(&own)).max(0.1);
        let node = SourceNode::Virtual(VirtualScan {
            table: source.table.clone(),
            name: source.name.clone(),
            arguments: by_parameter,
            wanted: (0..source.table.column_count()).map(is_wanted).collect(),
            output: source.output,
        });
        let all: Vec<Expr> = conditions.into_iter().chain(exprs(own)).collect();
        let node =
            if all.is_empty() { node } else { SourceNode::Filter { input: Box::new(node), conditions: all } };
        let right = Planned { node: Some(node), items: bit, rows };
        if is_first && kind == LoopKind::Inner {
            return Ok(right);
        }
        let on = Self::take_joined(&left, bit, conjuncts, kind);
        Ok(nested_loop(left, right, on, kind))
    }

    pub(super) fn materialized(&self, planned: Planned, correlated: bool) -> Planned {
        let image = self.image(planned.items);
        let node =
            planned.node.map(|node| SourceNode::Materialize { input: Box::new(node), image, correlated });
        Planned { node, ..planned }
    }

    /// Joins a part planned by itself.
    fn join_planned(
        &self,
        left: Planned,
        right: Planned,
        conjuncts: &mut [Conjunct],
        kind: LoopKind,
    ) -> Planned {
        let mut keys = Vec::new();
        for item in 0..self.items.len() {
            if right.items & 1 << item != 0 {
                keys.extend(self.hash_keys_of(right.items, left.items, conjuncts));
                break;
            }
        }
        let right_items = right.items;
        if keys.is_empty() {
            let right = self.materialized(right, true);
            let on = Self::take_joined(&left, right_items, conjuncts, kind);
            return nested_loop(left, right, on, kind);
        }
        let keys = take_keys(keys, conjuncts);
        let on = Self::take_joined(&left, right_items, conjuncts, kind);
        self.hash_join(left, right, keys, on, kind, true)
    }

    /// RIGHT and FULL: the right side is read as it is, whatever the left row.
    pub(super) fn join_kept_right(
        &self,
        left: Planned,
        right: Planned,
        right_items: ItemSet,
        mut on: Vec<Conjunct>,
        kind: LoopKind,
    ) -> Planned {
        let keys = self.hash_keys_of(right_items, left.items, &on);
        if keys.is_empty() {
            let right = self.materialized(right, true);
            return nested_loop(left, right, exprs(on), kind);
        }
        let keys = take_keys(keys, &mut on);
        on.retain(|conjunct| !conjunct.is_used);
        self.hash_join(left, right, keys, exprs(on), kind, true)
    }

    /// Takes the conditions that a join checks once both its sides are positioned.
    fn take_joined(left: &Planned, right: ItemSet, conjuncts: &mut [Conjunct], kind: LoopKind) -> Vec<Expr> {
        let positioned = left.items | right;
        let taken = take(conjuncts, |conjunct| kind != LoopKind::Inner || conjunct.items & !positioned == 0);
        exprs(taken)
    }

    fn hash_keys(&self, item: usize, left: ItemSet, conjuncts: &[Conjunct]) -> Vec<(usize, HashKey)> {
        self.hash_keys_of(1 << item, left, conjuncts)
    }

    /// Equalities between what `right` gives and what is known before: items of `left`, or an enclosing query.
    fn hash_keys_of(&self, right: ItemSet, left: ItemSet, conjuncts: &[Conjunct]) -> Vec<(usize, HashKey)> {
        let mut keys = Vec::new();
        for (index, conjunct) in conjuncts.iter().enumerate() {
            if conjunct.is_used || conjunct.has_subquery || conjunct.items & right == 0 {
                continue;
            }
            let Expr::Compare(compare) = &conjunct.expr else { continue };
            if compare.operator != CompareOperator::Equal {
                continue;
            }
            for (of_left, of_right) in [(&compare.left, &compare.right), (&compare.right, &compare.left)] {
                let reading_left = reading(of_left, &self.filled, self.program);
                let reading_right = reading(of_right, &self.filled, self.program);
                let is_left = reading_left.items & !left == 0
                    && (reading_left.items != 0 || (left == 0 && reading_left.reads_outer));
                let is_right = reading_right.items != 0
                    && reading_right.items & !right == 0
                    && !reading_right.reads_outer;
                if is_left && is_right {
                    let (left, right) = (of_left.clone(), of_right.clone());
                    keys.push((index, HashKey { left, right, comparison: compare.comparison }));
                    break;
                }
            }
        }
        keys
    }

    /// The equalities by which each row of an enclosing query looks up rows of a common table that is the same for all of
    /// them: it is hashed once.
    fn outer_keys(&self, item: usize, conjuncts: &mut [Conjunct]) -> Vec<HashKey> {
        if !matches!(self.items[item].from, From::Cte { .. }) || self.items[item].is_correlated {
            return Vec::new();
        }
        let keys = self.hash_keys(item, 0, conjuncts);
        let is_of_outer = |(index, conjunct): (usize, &Conjunct)| {
            !conjunct.is_used
                && keys.iter().all(|(key, _)| *key != index)
                && reading(&conjunct.expr, &self.filled, self.program).reads_outer
        };
        if conjuncts.iter().enumerate().any(is_of_outer) {
            return Vec::new();
        }
        take_keys(keys, conjuncts)
    }

    fn hash_join(
        &self,
        left: Planned,
        right: Planned,
        keys: Vec<HashKey>,
        on: Vec<Expr>,
        kind: LoopKind,
        is_right_correlated: bool,
    ) -> Planned {
        let items = left.items | right.items;
        let matches = (right.rows / 10.0).clamp(1.0_f64.min(right.rows), 20.0);
        let rows = left.rows * matches;
        let image = self.image(right.items);
        let left_image = self.target.is_none().then(|| self.image(left.items));
        let mut right = right.node.unwrap_or(SourceNode::Once);
        let reals = match kind {
            LoopKind::Inner | LoopKind::Left => self.take_raw(&mut right, &keys),
            LoopKind::Right | LoopKind::Full => Vec::new(),
        };
        let node = SourceNode::HashJoin(Box::new(HashJoin {
            left: left.node.unwrap_or(SourceNode::Once),
            right,
            kind,
            keys,
            on,
            left_image,
            image,
            is_right_correlated,
            reals,
        }));
        Planned { node: Some(node), items, rows }
    }

    /// Has a computed table hand on the integers of columns that the keys are, where no condition of its own reads them: they
    /// become real behind the join, which is what is given.
    fn take_raw(&self, right: &mut SourceNode, keys: &[HashKey]) -> Vec<Register> {
        let (right, conditions) = match right {
            SourceNode::Filter { input, conditions } => (&mut **input, &conditions[..]),
            right => (right, &[][..]),
        };
        let (output, reals, raw) = match right {
            SourceNode::Subquery { output, reals, raw, .. } => (*output, &*reals, raw),
            SourceNode::Cte { cte, output, raw, .. } => (*output, &self.program.ctes[cte.0].reals, raw),
            _ => return Vec::new(),
        };
        let register = |column: &usize| Register(output.0 + column);
        let is_key =
            |register| keys.iter().any(|key| matches!(key.right, Expr::Register(it) if it == register));
        let mut read = Vec::new();
        let mut visit = |reference| read.push(reference);
        for condition in conditions {
            Walker::new(self.program, &mut visit).expr(condition);
        }
        let is_raw = |column: &usize| {
            is_key(register(column)) && !read.contains(&Reference::Register(register(column)))
        };
        *raw = reals.iter().copied().filter(is_raw).collect();
        raw.iter().map(register).collect()
    }

    /// The places of the frame that rows of all items fill.
    pub(in crate::plan) fn image_of_all(&self) -> Vec<ImageSlot> {
        self.image(ItemSet::MAX)
    }

    /// The places of the frame that rows of the items fill.
    pub(super) fn image(&self, items: ItemSet) -> Vec<ImageSlot> {
        let mut slots = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            if items & 1 << index == 0 {
                continue;
            }
            match (self.filled[index], item.from) {
                (Filled::Source(source), From::Table(table)) => {
                    slots.push(ImageSlot::Rowid(source));
                    let all = || (0..table.table.columns.len()).collect();
                    let used: Vec<usize> = item.used_columns.clone().unwrap_or_else(all);
                    slots.extend(used.into_iter().map(|column| ImageSlot::Column { source, column }));
                }
                (Filled::Source(_), _) => {}
                (Filled::Registers { first, count }, _) => {
                    let registers = first.0..first.0 + count;
                    slots.extend(registers.map(|register| ImageSlot::Register(Register(register))));
                    let subtyped = (first.0..first.0 + count).map(Register);
                    slots.extend(subtyped.filter(|it| may_be_json(item.from, *it)).map(ImageSlot::Subtype));
                }
            }
        }
        slots
    }
}

/// Whether the register, filled by the item, gets values with the JSON subtype from json_each() or json_tree().
fn may_be_json(from: &From, register: Register) -> bool {
    match from {
        From::TableFunction(source) => {
            let is_json = matches!(source.function, TableFunction::Json { .. });
            is_json && register.0 == source.output.0 + JSON_VALUE
        }
        From::Subquery { select, output, .. } => {
            let Body::Core(core) = &select.body else { return false };
            let read = register.0.checked_sub(output.0).and_then(|index| core.outputs.get(index));
            match (&core.from, read) {
                (Some(from), Some(Expr::Register(read))) => may_be_json(from, *read),
                _ => false,
            }
        }
        From::Join(join) => may_be_json(&join.left, register) || may_be_json(&join.right, register),
        From::Table(_) | From::Cte { .. } | From::RecursiveRow { .. } | From::Virtual(_) => false,
    }
}

fn numbered(conjuncts: &[Conjunct]) -> impl Iterator<Item = (usize, &Conjunct)> + Clone {
    conjuncts.iter().enumerate()
}

fn nested_loop(left: Planned, right: Planned, on: Vec<Expr>, kind: LoopKind) -> Planned {
    let items = left.items | right.items;
    let rows = left.rows * right.rows;
    let node = SourceNode::NestedLoop(Box::new(NestedLoop {
        left: left.node.unwrap_or(SourceNode::Once),
        right: right.node.unwrap_or(SourceNode::Once),
        kind,
        on,
    }));
    Planned { node: Some(node), items, rows }
}

pub(super) fn filtered(node: SourceNode, conjuncts: Vec<Conjunct>) -> SourceNode {
    if conjuncts.is_empty() {
        return node;
    }
    SourceNode::Filter { input: Box::new(node), conditions: exprs(conjuncts) }
}

fn take_keys(keys: Vec<(usize, HashKey)>, conjuncts: &mut [Conjunct]) -> Vec<HashKey> {
    keys.into_iter()
        .map(|(index, key)| {
            conjuncts[index].is_used = true;
            key
        })
        .collect()
}
