//! The rows of a window as they are kept: every expression that is read of them is a column.
//!
//! ```text
//! sum(x) FILTER (WHERE f) OVER (PARTITION BY p ORDER BY o), captured c:    p │ o │ c │ x    and per row whether f holds
//! ```
//! What stands several times in a window is kept once.

use pluresdb_value::{Collation, CollationId, Value, ValueRef};

use crate::error::Result;
use crate::execute::column_order::Term;
use crate::execute::eval::{eval_truth, with_value};
use crate::execute::frame::heap_size;
use crate::execute::vector::KeptColumn;
use crate::execute::{Context, Frame};
use crate::resolve::identical_expr;
use crate::resolve::tree::{Direction, Expr, Window};

/// What is asked of a row when it comes by, in this order.
pub(crate) enum Part {
    /// The label of a text, under a collation of the application: labels are in its order.
    Value {
        expr: Expr,
        label: Option<CollationId>,
    },
    Filter(Expr),
}

/// Where everything about a row is kept.
pub(crate) struct Layout {
    pub parts: Vec<Part>,
    /// Those of the partition, then those of the order.
    pub terms: Vec<Term>,
    pub partition_len: usize,
    /// By capture its column.
    pub captured: Vec<usize>,
    /// By call the columns of its arguments.
    pub args: Vec<Vec<usize>>,
    /// By call which filter it has.
    pub filters: Vec<Option<usize>>,
    column_count: usize,
    filter_count: usize,
}

impl Layout {
    pub fn of(window: &Window) -> Layout {
        let mut layout = Layout {
            parts: Vec::new(),
            terms: Vec::new(),
            partition_len: window.partition_by.len(),
            captured: Vec::new(),
            args: Vec::new(),
            filters: Vec::new(),
            column_count: 0,
            filter_count: 0,
        };
        for capture in &window.captured {
            let column = layout.column(&capture.expr, None);
            layout.captured.push(column);
        }
        for call in &window.calls {
            let args = call.args.iter().map(|arg| layout.column(arg, None)).collect();
            layout.args.push(args);
            let filter = call.filter.as_ref().map(|filter| {
                layout.parts.push(Part::Filter(filter.clone()));
                layout.filter_count += 1;
                layout.filter_count - 1
            });
            layout.filters.push(filter);
        }
        // Last, as SQLite computes them.
        let ascending = Direction { descending: false, nulls_first: true };
        for (expr, collation) in &window.partition_by {
            layout.add_term(expr, *collation, ascending);
        }
        for term in &window.order_by {
            layout.add_term(&term.expr, term.collation, term.direction);
        }
        layout
    }

    /// How many values a row has, one for each filter included.
    pub fn width(&self) -> usize {
        self.column_count + self.filter_count
    }

    fn add_term(&mut self, expr: &Expr, collation: Collation, direction: Direction) {
        let (label, collation) = match collation {
            Collation::Custom(id) => (Some(id), Collation::Binary),
            collation => (None, collation),
        };
        let column = self.column(expr, label);
        self.terms.push(Term { column, collation, direction });
    }

    fn column(&mut self, wanted: &Expr, label: Option<CollationId>) -> usize {
        let is_plain = matches!(wanted, Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_));
        let values = self.parts.iter().filter_map(|part| match part {
            Part::Value { expr, label } => Some((expr, label)),
            Part::Filter(_) => None,
        });
        let is_kept = |(expr, of): (&Expr, &Option<CollationId>)| {
            is_plain && *of == label && identical_expr(expr, wanted)
        };
        if let Some(column) = values.map(is_kept).position(|is_kept| is_kept) {
            return column;
        }
        self.parts.push(Part::Value { expr: wanted.clone(), label });
        self.column_count += 1;
        self.column_count - 1
    }
}

/// Rows in the order they came.
pub(crate) struct KeptRows {
    pub count: usize,
    pub columns: Vec<KeptColumn>,
    /// By filter, then by row.
    pub passes: Vec<Vec<bool>>,
}

impl KeptRows {
    pub fn new(layout: &Layout) -> KeptRows {
        KeptRows {
            count: 0,
            columns: (0..layout.column_count).map(|_| KeptColumn::default()).collect(),
            passes: vec![Vec::new(); layout.filter_count],
        }
    }

    /// Keeps the frame's row; how many bytes it takes.
    pub fn push(&mut self, layout: &Layout, frame: &mut Frame, context: &mut Context<'_>) -> Result<usize> {
        let mut columns = self.columns.iter_mut();
        let mut passes = self.passes.iter_mut();
        let mut bytes = 0;
        for part in &layout.parts {
            match part {
                Part::Value { expr, label: None } => {
                    let Some(column) = columns.next() else { continue };
                    with_value(expr, frame, context, |value| {
                        bytes += heap_size(value);
                        column.push(value);
                    })?;
                }
                Part::Value { expr, label: Some(id) } => {
                    let Some(column) = columns.next() else { continue };
                    let value = crate::execute::eval(expr, frame, context)?;
                    match value.as_ref() {
                        ValueRef::Text(text) => {
                            let label = context.session.label(*id, text)?;
                            bytes += label.len();
                            column.push(ValueRef::Text(&label));
                        }
                        value => column.push(value),
                    }
                }
                Part::Filter(expr) => {
                    let Some(passes) = passes.next() else { continue };
                    passes.push(eval_truth(expr, frame, context)? == Some(true));
                }
            }
        }
        self.count += 1;
        Ok(bytes + self.fixed_size())
    }

    /// Keeps a row of such values, `Layout::width` many: of filters 0 or 1. How many bytes it takes.
    pub fn push_values(&mut self, values: &[Value]) -> usize {
        let (columns, passes) = values.split_at(self.columns.len());
        let mut bytes = 0;
        for (column, value) in self.columns.iter_mut().zip(columns) {
            bytes += heap_size(value.as_ref());
            column.push(value.as_ref());
        }
        for (passes, value) in self.passes.iter_mut().zip(passes) {
            passes.push(matches!(value, Value::Integer(1)));
        }
        self.count += 1;
        bytes + self.fixed_size()
    }

    /// Bytes of a row beside its texts, and of its place in the order.
    pub fn fixed_size(&self) -> usize {
        const VALUE_SIZE: usize = 16;
        self.columns.len() * VALUE_SIZE + self.passes.len() + KeptRows::PLACE_SIZE
    }

    /// What a row's place in the order takes.
    pub const PLACE_SIZE: usize = 8;
}
