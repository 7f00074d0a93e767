//! Groupings without groups that need no accumulators: `count(*)` of a table or of a range of its keys, since inner nodes of
//! trees keep counts, and a lone `min` or `max` of rows that come in its order, where the first one decides.

use std::sync::Arc;

use pluresdb_value::Value;
use pluresdb_value::key::KeyColumn;

use crate::catalog::{DatabaseIndex, Table, TreeId};
use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::key_bounds::{self, KeyRange};
use crate::execute::scan::RowidRange;
use crate::execute::{Context, Frame, Source, tree_error};
use crate::plan::{AccessPath, Group, KeyBounds, RowidBounds, Scan, SourceNode};
use crate::resolve::tree::{Expr, Register};

/// What is counted.
enum Counted {
    Table,
    Rowids(RowidRange),
    Keys { tree: TreeId, columns: Vec<KeyColumn>, bounds: KeyBounds },
}

pub(crate) struct Count {
    database: DatabaseIndex,
    table: Arc<Table>,
    counted: Counted,
    result: Register,
    is_done: bool,
}

impl Count {
    pub fn of_table(database: DatabaseIndex, table: Arc<Table>, result: Register) -> Count {
        Count { database, table, counted: Counted::Table, result, is_done: true }
    }

    /// For a grouping that only counts rows which a path finds without further conditions; any other is given back.
    pub fn of_range(node: Group) -> std::result::Result<Count, Box<Group>> {
        let is_count = !node.has_group_by
            && node.captured.is_empty()
            && matches!(&node.aggregates[..], [call]
                if call.function.built_in_name() == Some("count") && call.args.is_empty() && call.filter.is_none());
        let result = node.aggregates.first().map(|call| call.result);
        match (node.input, result) {
            (SourceNode::Scan(scan), Some(result)) if is_count && scan.conditions.is_empty() => {
                let counted = match scan.path {
                    AccessPath::Rowid(RowidBounds::Range { low, high }) if !scan.table.without_rowid => {
                        Counted::Rowids(RowidRange { low, high })
                    }
                    AccessPath::PrimaryKey { index, bounds } | AccessPath::Index { index, bounds, .. } => {
                        let columns = key_bounds::key_columns(&index);
                        Counted::Keys { tree: index.tree, columns, bounds }
                    }
                    path => {
                        return Err(Box::new(Group {
                            input: SourceNode::Scan(Scan { path, ..scan }),
                            ..node
                        }));
                    }
                };
                Ok(Count { database: scan.database, table: scan.table, counted, result, is_done: true })
            }
            (input, _) => Err(Box::new(Group { input, ..node })),
        }
    }

    fn count(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<u64> {
        match &self.counted {
            Counted::Table => context.row_count(self.database, &self.table),
            Counted::Rowids(range) => range.count_rows(self.database, &self.table, frame, context),
            Counted::Keys { tree, columns, bounds } => {
                let mut ranges: Vec<KeyRange> = Vec::new();
                key_bounds::compute(bounds, columns, &mut ranges, frame, context)?;
                let (tree, pager) = context.key_tree(self.database, *tree)?;
                let mut count = 0;
                for range in &ranges {
                    let start = tree.rank(pager, &range.start).map_err(tree_error)?;
                    let end = if range.end.is_empty() {
                        tree.count()
                    } else {
                        tree.rank(pager, &range.end).map_err(tree_error)?
                    };
                    // A range whose ends have crossed holds nothing.
                    count += end.saturating_sub(start);
                }
                Ok(count)
            }
        }
    }
}

/// The value of the first row, or NULL.
pub(crate) struct First {
    input: Box<dyn Source>,
    value: Expr,
    result: Register,
    is_done: bool,
}

impl First {
    /// For a grouping that its first row decides, and that gives nothing else of it; any other is given back.
    pub fn of_extreme(mut node: Box<Group>) -> std::result::Result<First, Box<Group>> {
        match &mut node.aggregates[..] {
            [call] if node.stops_at_first && node.captured.is_empty() && call.filter.is_none() => {
                let (Some(value), result) = (call.args.first().cloned(), call.result) else {
                    return Err(node);
                };
                Ok(First { input: node.input.into_operator(), value, result, is_done: true })
            }
            _ => Err(node),
        }
    }
}

impl Source for First {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_done = false;
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(false);
        }
        let found = self.input.next(frame, context)?;
        let value = if found { eval(&self.value, frame, context)? } else { Value::Null };
        frame.set_register(self.result, value);
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.set_register(self.result, Value::Null);
    }
}

impl Source for Count {
    fn open(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.is_done = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(false);
        }
        let count = self.count(frame, context)?;
        frame.set_register(self.result, Value::Integer(count as i64));
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.set_register(self.result, Value::Null);
    }
}
