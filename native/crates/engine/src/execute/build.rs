//! Plans become operators.

use pluresdb_value::Collation;

use crate::execute::{
    Rows, Source, any_of, compound, hash_join, index_scan, join, limit, point_get, project, recursive, scan,
    shortcut, sort, sort_positions, subquery, subtype, table_function, values, vector, virtual_table, window,
};
use crate::plan::{AccessPath, Group, RowsNode, Scan, SourceNode};
use crate::resolve::tree::Expr;

impl RowsNode {
    /// For those who take all rows before they use any.
    pub(crate) fn into_operator_of_all(self) -> Box<dyn Rows> {
        match self {
            RowsNode::Project { input: SourceNode::Scan(scan), outputs, distinct: Some(collations) }
                if vector::skips_equal(&scan, &outputs, &collations) =>
            {
                distinct_operator(scan, outputs, collations)
            }
            RowsNode::Project { input, outputs, distinct } => {
                let input = vector::input_of_all(input, outputs.clone());
                Box::new(project::Project::new(input, outputs, distinct))
            }
            rows => rows.into_operator(),
        }
    }

    /// For a statement, whose rows are mostly all taken, but for a LIMIT.
    pub(crate) fn into_operator_of_statement(self) -> Box<dyn Rows> {
        match self {
            RowsNode::Limit { input, limit, offset } => {
                Box::new(limit::Limit::new(input.into_operator_of_projection(false), limit, offset))
            }
            rows => rows.into_operator_of_projection(true),
        }
    }

    /// `takes_all`: where few rows are taken, joins would keep a side for them; batches of one table begin small.
    fn into_operator_of_projection(self, takes_all: bool) -> Box<dyn Rows> {
        match self {
            RowsNode::Project { input: SourceNode::Scan(scan), outputs, distinct: Some(collations) }
                if vector::skips_equal(&scan, &outputs, &collations) =>
            {
                distinct_operator(scan, outputs, collations)
            }
            RowsNode::Project { input: SourceNode::Scan(scan), outputs, distinct }
                if vector::VectorProject::may_run(&scan, &outputs, distinct.as_deref()) =>
            {
                Box::new(vector::VectorProject::new(scan, outputs, distinct))
            }
            RowsNode::Project { input, outputs, distinct } if takes_all => {
                if let (SourceNode::Scan(scan), None) = (&input, &distinct)
                    && let Some(get) = point_get::PointGet::new(scan, &outputs)
                {
                    return Box::new(get);
                }
                let input = vector::input_of_statement(input, &outputs);
                Box::new(project::Project::new(input, outputs, distinct))
            }
            RowsNode::Project { input, outputs, distinct } => {
                let input = vector::input_of_limited(input, &outputs);
                Box::new(project::Project::new(input, outputs, distinct))
            }
            rows => rows.into_operator(),
        }
    }

    pub(crate) fn into_operator(self) -> Box<dyn Rows> {
        match self {
            RowsNode::Project { input: SourceNode::Scan(scan), outputs, distinct: Some(collations) }
                if vector::skips_equal(&scan, &outputs, &collations) =>
            {
                distinct_operator(scan, outputs, collations)
            }
            RowsNode::Project { input, outputs, distinct } => {
                Box::new(project::Project::new(input.into_operator(), outputs, distinct))
            }
            RowsNode::Values { rows } => Box::new(values::Values::new(rows)),
            RowsNode::Sort(node) => Box::new(sort::Sort::new(*node)),
            RowsNode::Limit { input, limit, offset } => {
                Box::new(limit::Limit::new(input.into_operator(), limit, offset))
            }
            RowsNode::Compound(node) => compound::into_operator(*node),
        }
    }
}

fn distinct_operator(scan: Scan, outputs: Vec<Expr>, collations: Vec<Collation>) -> Box<dyn Rows> {
    let input = vector::input_of_distinct(scan, &outputs, &collations);
    Box::new(project::Project::new(input, outputs, Some(collations)))
}

impl Scan {
    pub(crate) fn into_operator(self) -> Box<dyn Source> {
        match self.path {
            AccessPath::Full | AccessPath::Rowid(_) => vector::scan_operator(self),
            AccessPath::PrimaryKey { .. } | AccessPath::Index { .. } => {
                Box::new(index_scan::IndexScan::new(self))
            }
            AccessPath::AnyOf(_) => Box::new(any_of::AnyOf::new(self)),
        }
    }
}

impl SourceNode {
    pub(crate) fn into_operator(self) -> Box<dyn Source> {
        match self {
            SourceNode::Once => Box::new(scan::Once::default()),
            SourceNode::Scan(node) => node.into_operator(),
            SourceNode::Filter { input, conditions } => {
                let input = match *input {
                    SourceNode::Group(node) => group_operator(*node, &conditions),
                    input => match windowed_operator(&input, &conditions) {
                        Some(operator) => operator,
                        None => input.into_operator(),
                    },
                };
                Box::new(scan::Filter::new(input, conditions))
            }
            SourceNode::NestedLoop(node) => Box::new(join::NestedLoop::new(*node)),
            SourceNode::HashJoin(node) => Box::new(hash_join::HashJoin::new(*node)),
            SourceNode::Subquery { rows, output, reals, raw, .. } => {
                let handed_on = subtype::handed_on(&rows);
                let reals = reals.into_iter().filter(|column| !raw.contains(column)).collect();
                Box::new(subquery::SubquerySource::new(rows.into_operator(), output, reals, handed_on))
            }
            SourceNode::Materialize { input, image, correlated } => {
                Box::new(hash_join::Materialize::new(input.into_operator(), image, correlated))
            }
            SourceNode::Cte { cte, output, column_count, raw, .. } => {
                Box::new(recursive::CteScan::new(cte, output, column_count, raw))
            }
            SourceNode::RecursiveRow { cte, output, column_count, .. } => {
                Box::new(recursive::RecursiveRow::new(cte, output, column_count))
            }
            SourceNode::TableFunction { function, args, output, column_count, wanted, .. } => {
                let output = table_function::Output { first: output, column_count, wanted };
                Box::new(table_function::TableFunctionScan::new(function, args, output))
            }
            SourceNode::Virtual(node) => Box::new(virtual_table::VirtualScan::new(node)),
            SourceNode::Group(node) => group_operator(*node, &[]),
            SourceNode::Count { database, table, result, .. } => {
                Box::new(shortcut::Count::of_table(database, table, result))
            }
            SourceNode::Window { input, window, is_lazy: true } => {
                Box::new(window::WindowSource::new(*input, *window, true))
            }
            SourceNode::Window { input, window, is_lazy: false } => {
                vector::window_operator(*input, *window, Vec::new())
            }
            SourceNode::SortPositions(node) => Box::new(sort_positions::SortPositions::new(*node)),
        }
    }
}

/// The operator of a subquery that is a window, with conditions above it that the window may ask beforehand.
fn windowed_operator(node: &SourceNode, conditions: &[Expr]) -> Option<Box<dyn Source>> {
    let windowed = vector::WindowedSubquery::of(node)?;
    let having = windowed.conditions_below(conditions)?;
    let (input, window) = (windowed.input.clone(), windowed.window.clone());
    let rows = vector::window_operator(input, window, having);
    let rows = project::Project::new(rows, windowed.outputs.to_vec(), None);
    Some(Box::new(subquery::SubquerySource::new(Box::new(rows), windowed.output, Vec::new(), Vec::new())))
}

/// `having` stands above the grouping.
fn group_operator(node: Group, having: &[Expr]) -> Box<dyn Source> {
    let node = match shortcut::Count::of_range(node) {
        Ok(count) => return Box::new(count),
        Err(node) => node,
    };
    match shortcut::First::of_extreme(node) {
        Ok(first) => Box::new(first),
        Err(node) => vector::group_operator(*node, having),
    }
}
