//! Window calls: their windows found and joined, and what later expressions may read once rows were buffered.

use pluresdb_sql::ast;
use pluresdb_value::{Collation, Value};

use super::Resolver;
use super::constant::is_constant;
use super::grouping::{GroupedCore, capture};
use super::scope::PendingWindow;
use super::select::direction;
use super::tree::{Capture, Direction, Expr, FrameBound, From, OrderTerm, Register, Window, WindowFrame};
use super::walk::same_expr;
use crate::error::{Error, Result};

/// A window's parts, resolved.
pub(super) struct WindowParts {
    pub partition_by: Vec<(Expr, Collation)>,
    pub order_by: Vec<OrderTerm>,
    pub frame: WindowFrame,
}

impl Resolver<'_> {
    pub(super) fn check_named_windows(&mut self, windows: &[ast::NamedWindow]) -> Result<()> {
        for window in windows {
            self.merged_window(&window.window)?;
        }
        Ok(())
    }

    /// The window an OVER clause means, with what it inherits from named windows; while names are recorded, what is
    /// written there, as the named windows come later (`note_windows`).
    pub(super) fn window_of(&mut self, over: &ast::Over) -> Result<ast::Window> {
        match over {
            ast::Over::Name(_) if self.is_recording() => Ok(ast::Window::default()),
            ast::Over::Window(window) if self.is_recording() => {
                Ok(ast::Window { base: None, frame: None, ..window.clone() })
            }
            ast::Over::Name(name) => {
                let window = self.named_window(name)?;
                self.merged_window(&window)
            }
            ast::Over::Window(window) => self.merged_window(window),
        }
    }

    fn named_window(&self, name: &ast::Name) -> Result<ast::Window> {
        let scope = self.scopes.last();
        scope
            .and_then(|scope| scope.named_windows.iter().find(|window| name.is(&window.name.text)))
            .map(|named| named.window.clone())
            .ok_or_else(|| Error::error(format!("no such window: {}", name.text)))
    }

    fn merged_window(&self, window: &ast::Window) -> Result<ast::Window> {
        let Some(base_name) = &window.base else { return Ok(window.clone()) };
        let base = self.named_window(base_name)?;
        let base = if base.base.as_ref().is_some_and(|inner| inner.is(&base_name.text)) {
            ast::Window { base: None, ..base }
        } else {
            self.merged_window(&base)?
        };
        let refuse =
            |what: &str| Err(Error::error(format!("cannot override {what} of window: {}", base_name.text)));
        if !window.partition_by.is_empty() {
            return refuse("PARTITION clause");
        }
        if !base.order_by.is_empty() && !window.order_by.is_empty() {
            return refuse("ORDER BY clause");
        }
        if base.frame.is_some() {
            return refuse("frame specification");
        }
        Ok(ast::Window {
            base: None,
            partition_by: base.partition_by,
            order_by: if window.order_by.is_empty() { base.order_by } else { window.order_by.clone() },
            frame: window.frame.clone(),
        })
    }

    /// Resolves the parts of a window in the current scope.
    pub(super) fn resolve_window(&mut self, window: &ast::Window) -> Result<WindowParts> {
        let frame = self.resolve_frame(window)?;
        let partition_by = window
            .partition_by
            .iter()
            .map(|expr| {
                let typed = self.resolve_typed(expr)?;
                let collation = typed.collation();
                self.need_collation(collation);
                Ok((typed.expr, collation))
            })
            .collect::<Result<Vec<_>>>()?;
        let order_by = self.resolve_sort_terms(&window.order_by)?;
        // SQLite sorts by both at once.
        let terms = window.partition_by.len() + window.order_by.len();
        super::select::check_terms(terms, "ORDER", self.names.max_columns())?;
        Ok(WindowParts { partition_by, order_by, frame })
    }

    fn resolve_frame(&mut self, window: &ast::Window) -> Result<WindowFrame> {
        let Some(frame) = &window.frame else {
            return Ok(WindowFrame {
                unit: ast::FrameUnit::Range,
                start: FrameBound::UnboundedPreceding,
                end: FrameBound::CurrentRow,
                exclude: None,
            });
        };
        let start = self.resolve_bound(&frame.start)?;
        let end = frame.end.as_ref().map_or(Ok(FrameBound::CurrentRow), |end| self.resolve_bound(end))?;
        Ok(WindowFrame { unit: frame.unit, start, end, exclude: frame.exclude })
    }

    /// ORDER BY of a window or an aggregate: plain expressions, no ordinals, no aliases first.
    pub(super) fn resolve_sort_terms(&mut self, terms: &[ast::SortTerm]) -> Result<Vec<OrderTerm>> {
        terms
            .iter()
            .map(|term| {
                let typed = self.resolve_typed(&term.expr)?;
                self.need_collation(typed.collation());
                Ok(OrderTerm {
                    collation: typed.collation(),
                    expr: typed.expr,
                    direction: direction(term),
                    output_column: None,
                    is_collated: false,
                })
            })
            .collect()
    }

    fn resolve_bound(&mut self, bound: &ast::FrameBound) -> Result<FrameBound> {
        Ok(match bound {
            ast::FrameBound::UnboundedPreceding => FrameBound::UnboundedPreceding,
            ast::FrameBound::Preceding(expr) => FrameBound::Preceding(self.resolve_offset(expr)?),
            ast::FrameBound::CurrentRow => FrameBound::CurrentRow,
            ast::FrameBound::Following(expr) => FrameBound::Following(self.resolve_offset(expr)?),
            ast::FrameBound::UnboundedFollowing => FrameBound::UnboundedFollowing,
        })
    }

    /// What is no constant stands for NULL, which is refused when the window is computed.
    fn resolve_offset(&mut self, expr: &ast::Expr) -> Result<Expr> {
        if is_constant(expr) { self.resolve_expr(expr) } else { Ok(Expr::Literal(Value::Null)) }
    }

    /// Puts the calls found in this query together by window and rewrites what is computed after them.
    pub(super) fn build_windows(&mut self, grouped: &mut GroupedCore) -> Result<()> {
        let pending = match self.scopes.last_mut() {
            Some(scope) => std::mem::take(&mut scope.windows),
            None => Vec::new(),
        };
        if pending.is_empty() {
            return Ok(());
        }
        let mut windows: Vec<Window> = Vec::new();
        for PendingWindow { partition_by, order_by, frame, call } in pending {
            let frame = if call.function.reads_frame() { frame } else { whole_partition() };
            let same =
                windows.iter_mut().find(|window| same_window(window, &partition_by, &order_by, &frame));
            match same {
                Some(window) => window.calls.push(call),
                None => {
                    let calls = vec![call];
                    let (is_input_sorted, captured) = (false, Vec::new());
                    windows.push(Window { partition_by, order_by, frame, is_input_sorted, calls, captured });
                }
            }
        }
        // As in SQLite the window named first is computed last: its order is the one rows come out in.
        windows.reverse();
        for index in 1..windows.len() {
            windows[index].is_input_sorted =
                starts_with(&sort_terms(&windows[index - 1]), &sort_terms(&windows[index]));
        }
        let GroupedCore { core, order_by, .. } = grouped;
        let has_order = |window: &Window| {
            let terms = order_by.iter().map(|term| (&term.expr, term.collation, term.direction));
            starts_with(&sort_terms(window), &terms.collect::<Vec<_>>())
        };
        if windows.last().is_some_and(has_order) {
            order_by.clear();
        }
        let from = core.from.take();
        let group_registers: Vec<Register> = core.grouping.as_ref().map_or_else(Vec::new, |grouping| {
            let keys = grouping.keys.iter().map(|key| key.register);
            let captured = grouping.captured.iter().map(|capture| capture.register);
            keys.chain(captured).chain(grouping.aggregates.iter().map(|call| call.result)).collect()
        });
        let mut captured: Vec<Capture> = group_registers
            .iter()
            .map(|&register| Capture { expr: Expr::Register(register), register })
            .collect();
        let mut outer: Vec<&mut Expr> = core.outputs.iter_mut().collect();
        outer.extend(order_by.iter_mut().map(|term| &mut term.expr));
        outer.extend(windows.iter_mut().skip(1).flat_map(window_expressions));
        for expr in outer {
            self.rewrite_captured(expr, from.as_ref(), &mut captured);
        }
        core.from = from;
        let mut known: Vec<Register> = captured.iter().map(|capture| capture.register).collect();
        for (index, window) in windows.iter_mut().enumerate() {
            window.captured = if index == 0 {
                std::mem::take(&mut captured)
            } else {
                known.iter().map(|&register| Capture { expr: Expr::Register(register), register }).collect()
            };
            known.extend(window.calls.iter().map(|call| call.result));
        }
        core.windows = windows;
        Ok(())
    }

    fn rewrite_captured(&mut self, expr: &mut Expr, from: Option<&From>, captured: &mut Vec<Capture>) {
        let Some(from) = from else { return };
        let mut next_register = self.program.register_count;
        self.rewrite_outer(expr, &mut |expr: &mut Expr| capture(expr, from, captured, &mut next_register));
        self.program.register_count = next_register;
    }
}

/// What SQLite refuses before it looks into a window.
pub(super) fn check_window(call: &ast::FunctionCall, window: &ast::Window) -> Result<()> {
    let has_offset = |bound: &ast::FrameBound| {
        matches!(bound, ast::FrameBound::Preceding(_) | ast::FrameBound::Following(_))
    };
    let is_range_with_offset = window.frame.as_ref().is_some_and(|frame| {
        frame.unit == ast::FrameUnit::Range
            && (has_offset(&frame.start) || frame.end.as_ref().is_some_and(has_offset))
    });
    if is_range_with_offset && window.order_by.len() != 1 {
        return Err(Error::error("RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression"));
    }
    if call.filter.is_some() && pluresdb_function::window_function(&call.name.text).is_some() {
        return Err(Error::error("FILTER clause may only be used with aggregate window functions"));
    }
    Ok(())
}

fn whole_partition() -> WindowFrame {
    WindowFrame {
        unit: ast::FrameUnit::Rows,
        start: FrameBound::UnboundedPreceding,
        end: FrameBound::UnboundedFollowing,
        exclude: None,
    }
}

/// Every expression of a pending window call.
pub(super) fn expressions(pending: &mut PendingWindow) -> Vec<&mut Expr> {
    let mut all: Vec<&mut Expr> = pending.partition_by.iter_mut().map(|(expr, _)| expr).collect();
    all.extend(pending.order_by.iter_mut().map(|term| &mut term.expr));
    all.extend(bound_exprs(&mut pending.frame));
    all.extend(pending.call.args.iter_mut());
    all.extend(pending.call.filter.iter_mut());
    all
}

fn window_expressions(window: &mut Window) -> Vec<&mut Expr> {
    let mut all: Vec<&mut Expr> = window.partition_by.iter_mut().map(|(expr, _)| expr).collect();
    all.extend(window.order_by.iter_mut().map(|term| &mut term.expr));
    all.extend(bound_exprs(&mut window.frame));
    for call in &mut window.calls {
        all.extend(call.args.iter_mut());
        all.extend(call.filter.iter_mut());
    }
    all
}

fn bound_exprs(frame: &mut WindowFrame) -> Vec<&mut Expr> {
    [&mut frame.start, &mut frame.end]
        .into_iter()
        .filter_map(|bound| match bound {
            FrameBound::Preceding(expr) | FrameBound::Following(expr) => Some(expr),
            FrameBound::UnboundedPreceding | FrameBound::CurrentRow | FrameBound::UnboundedFollowing => None,
        })
        .collect()
}

/// An expression to sort by, and how.
type SortTerm<'e> = (&'e Expr, Collation, Direction);

/// Whether rows sorted by the one are sorted by the other.
fn starts_with(terms: &[SortTerm<'_>], wanted: &[SortTerm<'_>]) -> bool {
    wanted.len() <= terms.len()
        && terms
            .iter()
            .zip(wanted)
            .all(|(own, wanted)| own.1 == wanted.1 && own.2 == wanted.2 && same_expr(own.0, wanted.0))
}

fn sort_terms(window: &Window) -> Vec<SortTerm<'_>> {
    let ascending = Direction { descending: false, nulls_first: true };
    let partition_by = window.partition_by.iter().map(|(expr, collation)| (expr, *collation, ascending));
    let order_by = window.order_by.iter().map(|term| (&term.expr, term.collation, term.direction));
    partition_by.chain(order_by).collect()
}

fn same_window(
    window: &Window,
    partition_by: &[(Expr, Collation)],
    order_by: &[OrderTerm],
    frame: &WindowFrame,
) -> bool {
    let same_partition = window.partition_by.len() == partition_by.len()
        && window.partition_by.iter().zip(partition_by).all(|(a, b)| a.1 == b.1 && same_expr(&a.0, &b.0));
    let same_order = window.order_by.len() == order_by.len()
        && window.order_by.iter().zip(order_by).all(|(a, b)| {
            a.direction == b.direction && a.collation == b.collation && same_expr(&a.expr, &b.expr)
        });
    let same_frame = window.frame.unit == frame.unit
        && window.frame.exclude == frame.exclude
        && same_bound(&window.frame.start, &frame.start)
        && same_bound(&window.frame.end, &frame.end);
    same_partition && same_order && same_frame
}

fn same_bound(left: &FrameBound, right: &FrameBound) -> bool {
    match (left, right) {
        (FrameBound::Preceding(a), FrameBound::Preceding(b))
        | (FrameBound::Following(a), FrameBound::Following(b)) => same_expr(a, b),
        (FrameBound::UnboundedPreceding, FrameBound::UnboundedPreceding)
        | (FrameBound::CurrentRow, FrameBound::CurrentRow)
        | (FrameBound::UnboundedFollowing, FrameBound::UnboundedFollowing) => true,
        _ => false,
    }
}
