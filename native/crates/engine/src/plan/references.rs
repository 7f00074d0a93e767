//! What an expression or query reads: columns, rowids and registers, its correlated subqueries' reading included.

use crate::resolve::tree::{
    Body, CteId, Expr, FrameBound, From, OrderTerm, Program, Register, RowOperand, Select, SourceId,
    SubqueryId,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Column { source: SourceId, column: usize },
    Rowid(SourceId),
    Register(Register),
    Subquery(SubqueryId),
    Cte(CteId),
}

pub(crate) struct Walker<'p, 'f> {
    program: &'p Program,
    visit: &'f mut dyn FnMut(Reference),
}

impl<'p, 'f> Walker<'p, 'f> {
    pub fn new(program: &'p Program, visit: &'f mut dyn FnMut(Reference)) -> Walker<'p, 'f> {
        Walker { program, visit }
    }

    pub fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(_) | Expr::Parameter(_) | Expr::Raw(_) => {}
            Expr::Column { source, column } => {
                (self.visit)(Reference::Column { source: *source, column: *column });
            }
            Expr::Rowid(source) => (self.visit)(Reference::Rowid(*source)),
            Expr::Register(register) => (self.visit)(Reference::Register(*register)),
            Expr::Not(operand)
            | Expr::Negate(operand)
            | Expr::BitNot(operand)
            | Expr::Plus(operand)
            | Expr::IsNull { operand, .. }
            | Expr::IsTruth { operand, .. }
            | Expr::Cast { operand, .. }
            | Expr::Collate { operand, .. }
            | Expr::Constant { call: operand, .. }
            | Expr::Raise { message: operand, .. } => self.expr(operand),
            Expr::And(left, right, _) | Expr::Or(left, right, _) | Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Compare(compare) => {
                self.expr(&compare.left);
                self.expr(&compare.right);
            }
            Expr::Between(between) => {
                self.expr(&between.operand);
                self.expr(&between.low);
                self.expr(&between.high);
            }
            Expr::InList(in_list) => {
                self.expr(&in_list.operand);
                self.exprs(&in_list.list);
            }
            Expr::InSelect(in_select) => {
                self.row(&in_select.operand);
                self.subquery(in_select.subquery);
            }
            Expr::Case { operand, arms, otherwise } => {
                if let Some(operand) = operand {
                    self.expr(operand);
                }
                for arm in arms.iter() {
                    self.expr(&arm.when);
                    self.expr(&arm.then);
                }
                if let Some(otherwise) = otherwise {
                    self.expr(otherwise);
                }
            }
            Expr::Function { args, .. } | Expr::Application { args, .. } | Expr::Coalesce(args) => {
                self.exprs(args);
            }
            Expr::ScalarSubquery(id) | Expr::Exists { subquery: id, .. } => self.subquery(*id),
            Expr::RowCompare(compare) => {
                self.row(&compare.left);
                self.row(&compare.right);
            }
        }
    }

    fn row(&mut self, operand: &RowOperand) {
        match operand {
            RowOperand::Exprs(exprs) => self.exprs(exprs),
            RowOperand::Subquery(id) => self.subquery(*id),
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn subquery(&mut self, id: SubqueryId) {
        (self.visit)(Reference::Subquery(id));
        let subquery = &self.program.subqueries[id.0];
        if subquery.correlated {
            self.select(&subquery.select);
        }
    }

    pub fn select(&mut self, select: &Select) {
        match &select.body {
            Body::Core(core) => {
                if let Some(from) = &core.from {
                    self.from(from);
                }
                core.filter.iter().for_each(|filter| self.expr(filter));
                if let Some(grouping) = &core.grouping {
                    grouping.keys.iter().for_each(|key| self.expr(&key.expr));
                    for call in &grouping.aggregates {
                        self.exprs(&call.args);
                        call.filter.iter().for_each(|filter| self.expr(filter));
                        self.order_terms(&call.order_by);
                    }
                    grouping.captured.iter().for_each(|capture| self.expr(&capture.expr));
                }
                core.having.iter().for_each(|having| self.expr(having));
                for window in &core.windows {
                    window.partition_by.iter().for_each(|(expr, _)| self.expr(expr));
                    self.order_terms(&window.order_by);
                    for bound in [&window.frame.start, &window.frame.end] {
                        if let FrameBound::Preceding(expr) | FrameBound::Following(expr) = bound {
                            self.expr(expr);
                        }
                    }
                    for call in &window.calls {
                        self.exprs(&call.args);
                        call.filter.iter().for_each(|filter| self.expr(filter));
                    }
                    window.captured.iter().for_each(|capture| self.expr(&capture.expr));
                }
                self.exprs(&core.outputs);
            }
            Body::Values(rows) => rows.iter().for_each(|row| self.exprs(row)),
            Body::Compound(compound) => {
                self.select(&compound.left);
                self.select(&compound.right);
            }
        }
        self.order_terms(&select.order_by);
        select.limit.iter().chain(&select.offset).for_each(|expr| self.expr(expr));
    }

    fn order_terms(&mut self, terms: &[OrderTerm]) {
        for term in terms {
            self.expr(&term.expr);
        }
    }

    pub fn from(&mut self, from: &From) {
        match from {
            From::Table(_) | From::RecursiveRow { .. } => {}
            From::Subquery { select, .. } => self.select(select),
            From::Cte { cte, .. } => {
                (self.visit)(Reference::Cte(*cte));
                let cte = &self.program.ctes[cte.0];
                if cte.correlated {
                    self.select(&cte.initial);
                    cte.recursive.iter().for_each(|term| self.select(term));
                }
            }
            From::TableFunction(source) => self.exprs(&source.args),
            From::Virtual(source) => self.exprs(&source.args),
            From::Join(join) => {
                self.from(&join.left);
                self.from(&join.right);
                join.on.iter().for_each(|on| self.expr(on));
            }
        }
    }
}

/// CTEs of a subquery that read a query around it: each run of the subquery computes them anew.
pub(crate) fn correlated_ctes(select: &Select, program: &Program) -> Vec<CteId> {
    let mut found = Vec::new();
    if program.ctes.iter().any(|cte| cte.correlated) {
        let mut visit = |reference: Reference| {
            if let Reference::Cte(id) = reference
                && program.ctes[id.0].correlated
                && !found.contains(&id)
            {
                found.push(id);
            }
        };
        Walker::new(program, &mut visit).select(select);
    }
    found
}
