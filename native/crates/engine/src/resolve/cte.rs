//! WITH: common table expressions, plain and recursive.
//!
//! A plain CTE's first use is resolved in place, as a subquery; from its second use on, and when it is MATERIALIZED,
//! it is computed once and read from there. A CTE is recursive when a term of its compound names it in FROM.

use std::cell::Cell;
use std::rc::Rc;

use pluresdb_sql::ast::{self, CompoundOp, FromSource, SelectCore};

use super::Resolver;
use super::authorize::may_be_joined;
use super::compound::{Wanted, unequal_widths};
use super::from::{subquery_scope_columns, subquery_source};
use super::scope::ScopeSource;
use super::tree::{Body, Cte, CteId, From, OutputColumn, Register, Select, columns_read_as_real};
use crate::error::{Error, Result};

/// One name of a WITH clause.
#[derive(Clone, Debug)]
struct CommonTable {
    name: String,
    columns: Option<Vec<String>>,
    materialized: Option<ast::Materialized>,
    select: ast::Select,
    state: State,
    uses: Rc<Cell<usize>>,
}

#[derive(Clone, Debug)]
enum State {
    Unused,
    /// Being resolved in place: naming it now is a circle.
    Open,
    /// Its recursive terms are being resolved; the columns are the initial part's.
    Recursing {
        cte: CteId,
        columns: Vec<OutputColumn>,
        seen: bool,
        scope_depth: usize,
    },
    Computed {
        cte: CteId,
        columns: Vec<OutputColumn>,
        correlated: bool,
    },
}

/// The names of one WITH clause, and the scopes its queries may see.
#[derive(Clone, Debug)]
pub(super) struct WithScope {
    tables: Vec<CommonTable>,
    scope_depth: usize,
}

impl WithScope {
    pub fn has(&self, name: &ast::Name) -> bool {
        self.tables.iter().any(|table| name.is(&table.name))
    }
}

impl Resolver<'_> {
    /// Opens the names of a WITH clause; DML statements call this before they resolve their parts.
    pub fn push_with(&mut self, with: &ast::With) -> Result<()> {
        let mut tables: Vec<CommonTable> = Vec::with_capacity(with.tables.len());
        for table in &with.tables {
            if tables.iter().any(|other| table.name.is(&other.name)) {
                return Err(Error::error(format!("duplicate WITH table name: {}", table.name.text)));
            }
            tables.push(CommonTable {
                name: table.name.text.to_string(),
                columns: table
                    .columns
                    .as_ref()
                    .map(|columns| columns.iter().map(|column| column.text.to_string()).collect()),
                materialized: table.materialized,
                select: (*table.select).clone(),
                state: State::Unused,
                uses: Rc::default(),
            });
        }
        self.ctes.push(WithScope { tables, scope_depth: self.scopes.len() });
        Ok(())
    }

    /// The queries of the common tables from WITH `first` on that no FROM has named.
    pub(super) fn unused_tables(&self, first: usize) -> Vec<ast::Select> {
        let tables = self.ctes[first..].iter().flat_map(|scope| &scope.tables);
        tables.filter(|table| table.uses.get() == 0).map(|table| table.select.clone()).collect()
    }

    fn find_common(&self, name: &ast::Name) -> Option<(usize, usize)> {
        self.ctes.iter().enumerate().rev().find_map(|(with, scope)| {
            let table = scope.tables.iter().position(|table| name.is(&table.name))?;
            Some((with, table))
        })
    }

    /// Looks into the query of the CTE of that name, with the names that it sees; None: there is none. One that is being
    /// looked into already is left alone.
    pub(super) fn within_common<R>(
        &mut self,
        name: &ast::Name,
        look: &mut dyn FnMut(&mut Self, &ast::Select) -> Option<R>,
    ) -> Option<Option<R>> {
        let (with, table) = self.find_common(name)?;
        let common = &mut self.ctes[with].tables[table];
        if !matches!(common.state, State::Unused) {
            return Some(None);
        }
        common.state = State::Open;
        let select = common.select.clone();
        let inner = self.ctes.split_off(with + 1);
        let found = look(self, &select);
        self.ctes.truncate(with + 1);
        self.ctes.extend(inner);
        self.ctes[with].tables[table].state = State::Unused;
        Some(found)
    }

    /// The FROM item for a name that is a CTE's; None when it is not.
    pub(super) fn resolve_cte_reference(
        &mut self,
        name: &ast::Name,
        alias: Option<String>,
        recursive_seen: &mut Vec<CteId>,
    ) -> Result<Option<From>> {
        let Some((with, table)) = self.find_common(name) else { return Ok(None) };
        let common = &mut self.ctes[with].tables[table];
        common.uses.set(common.uses.get() + 1);
        let definition = alias.is_some().then(|| common.name.clone());
        let shown = alias.unwrap_or_else(|| common.name.clone());
        match common.state.clone() {
            State::Open => Err(Error::error(format!("circular reference: {}", common.name))),
            State::Recursing { cte, columns, seen, scope_depth } => {
                let name = common.name.clone();
                if self.scopes.len() > scope_depth + 1 {
                    return Err(Error::error(format!("multiple recursive references: {name}")));
                }
                if recursive_seen.contains(&cte) {
                    return Err(Error::error(format!("multiple references to recursive table: {name}")));
                }
                recursive_seen.push(cte);
                if !seen {
                    let state = &mut self.ctes[with].tables[table].state;
                    *state = State::Recursing { cte, columns: columns.clone(), seen: true, scope_depth };
                }
                let output = self.new_registers(columns.len());
                let source = subquery_source(shown.clone(), subquery_scope_columns(&columns, output, None)?);
                self.add_source(ScopeSource { query: Some(name), ..source });
                Ok(Some(From::RecursiveRow { cte, name: shown, output, column_count: columns.len() }))
            }
            State::Computed { cte, columns, correlated } => {
                if correlated {
                    // What it reads outside may differ from use to use: note the reference, compute at each opening.
                    self.outermost_reference = 0;
                }
                self.computed_reference(cte, &columns, shown).map(Some)
            }
            State::Unused => self.first_reference(with, table, shown, definition).map(Some),
        }
    }

    fn computed_reference(&mut self, cte: CteId, columns: &[OutputColumn], shown: String) -> Result<From> {
        let output = self.new_registers(columns.len());
        let source = subquery_source(shown.clone(), subquery_scope_columns(columns, output, None)?);
        let name = self.program.ctes[cte.0].name.clone();
        self.add_source(ScopeSource { query: Some(name), ..source });
        Ok(From::Cte { cte, name: shown, output, column_count: columns.len() })
    }

    fn first_reference(
        &mut self,
        with: usize,
        table: usize,
        shown: String,
        definition: Option<String>,
    ) -> Result<From> {
        let common = &mut self.ctes[with].tables[table];
        let is_recursive = recursive_start(&common.select, &common.name).is_some();
        let compute =
            is_recursive || common.uses.get() > 1 || common.materialized == Some(ast::Materialized::Yes);
        common.state = State::Open;
        let common = common.clone();
        common.check_written_width()?;
        // The CTE's query sees the scopes of its WITH and the names declared in it, not the place of use.
        let depth = self.ctes[with].scope_depth.min(self.scopes.len());
        let inner_scopes = self.scopes.split_off(depth);
        let inner_ctes = self.ctes.split_off(with + 1);
        let outer = std::mem::replace(&mut self.outermost_reference, usize::MAX);
        self.enter_common_table(&common.name);
        let is_kept = is_recursive || common.materialized == Some(ast::Materialized::Yes);
        self.may_join = self.is_authorized && !is_kept && may_be_joined(&common.select);
        let names_stored = std::mem::take(&mut self.names_stored);
        let resolved = if is_recursive {
            self.resolve_recursive(with, table, &common)
        } else {
            self.resolve_select(&common.select).and_then(|mut select| {
                name_columns(&mut select.columns, &common)?;
                Ok(Resolved::Plain(Box::new(select)))
            })
        };
        self.names_stored = names_stored;
        self.leave_context();
        let correlated = self.outermost_reference < self.scopes.len();
        // The scopes of the place of use have other queries at the levels of the CTE's own.
        self.outermost_reference = if correlated { self.outermost_reference.min(outer) } else { outer };
        self.ctes.truncate(with + 1);
        self.ctes.extend(inner_ctes);
        self.scopes.extend(inner_scopes);
        self.ctes[with].tables[table].state = State::Unused;
        let (cte, columns) = match resolved? {
            Resolved::Plain(mut select) => {
                let output = self.ensure_output(&mut select);
                if !compute {
                    let columns = subquery_scope_columns(&select.columns, output, None)?;
                    let source = subquery_source(shown.clone(), columns);
                    self.add_source(ScopeSource { query: Some(common.name), ..source });
                    let uses = common.uses;
                    return Ok(From::Subquery { select, name: shown, definition, output, correlated, uses });
                }
                self.plain_cte(&common.name, *select, output, correlated)
            }
            Resolved::Recursive(cte, columns) => {
                self.program.ctes[cte.0].correlated = correlated;
                (cte, columns)
            }
        };
        self.ctes[with].tables[table].state = State::Computed { cte, columns: columns.clone(), correlated };
        self.computed_reference(cte, &columns, shown)
    }

    fn plain_cte(
        &mut self,
        name: &str,
        select: Select,
        output: Register,
        correlated: bool,
    ) -> (CteId, Vec<OutputColumn>) {
        let columns = select.columns.clone();
        self.program.ctes.push(Cte {
            name: name.to_owned(),
            column_count: columns.len(),
            collations: columns.iter().map(|column| column.collation).collect(),
            reals: select.read_as_real(),
            initial: select,
            recursive: Vec::new(),
            distinct: false,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            output,
            correlated,
        });
        (CteId(self.program.ctes.len() - 1), columns)
    }

    fn resolve_recursive(&mut self, with: usize, table: usize, common: &CommonTable) -> Result<Resolved> {
        let ast = &common.select;
        let start = recursive_start(ast, &common.name).expect("the caller found a recursive term");
        let inner_ctes = self.ctes.len();
        if let Some(inner) = &ast.with {
            self.push_with(inner)?;
        }
        let (before, terms) = ast.compounds.split_at(start);
        let mut wanted = Wanted::new(&ast.order_by);
        self.authorize_recursion()?;
        // Everything before the first recursive term is the initial query.
        // SQLite goes from right to left: what is asked for the initial query comes last.
        let (early, asked_before) = (self.set_asking(false), self.late_question_count());
        let initial = self.resolve_arms(&ast.first, before, &mut wanted);
        self.set_asking(early);
        let mut initial = initial?;
        let mut found = Wanted::new(&ast.order_by);
        name_columns(&mut initial.columns, common)?;
        let output = self.ensure_output(&mut initial);
        let mut columns = initial.columns.clone();
        let cte = CteId(self.program.ctes.len());
        self.program.ctes.push(Cte {
            name: common.name.clone(),
            initial,
            reals: Vec::new(),
            recursive: Vec::new(),
            distinct: terms.iter().any(|compound| compound.op == CompoundOp::Union),
            collations: columns.iter().map(|column| column.collation).collect(),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            column_count: columns.len(),
            output,
            correlated: false,
        });
        self.ctes[with].tables[table].state =
            State::Recursing { cte, columns: columns.clone(), seen: false, scope_depth: self.scopes.len() };
        let mut recursive = Vec::with_capacity(terms.len());
        let mut questions = Vec::with_capacity(terms.len());
        let asked = self.late_question_count();
        for compound in terms.iter().rev() {
            recursive.push(self.resolve_recursive_term(compound, &columns, output, &mut found)?);
            questions.push(self.take_late_questions(asked));
        }
        recursive.reverse();
        if early {
            let of_terms = self.take_late_questions(asked_before);
            let asked = self.resolve_arms(&ast.first, before, &mut Wanted::new(&ast.order_by))?;
            let initial = &mut self.program.ctes[cte.0].initial;
            *initial =
                Select { columns: std::mem::take(&mut initial.columns), output: initial.output, ..asked };
            self.add_late_questions(of_terms);
        }
        if terms.len() > 1 {
            self.authorize_query()?;
        }
        self.authorize_arms(questions.into_iter().rev())?;
        wanted.or(found);
        let order_by = self.compound_order(&ast.order_by, &wanted, &columns)?;
        let mut limits = Select {
            body: Body::Values(Vec::new()),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            columns: Vec::new(),
            output: None,
            number: 0,
        };
        self.resolve_limit(&mut limits, ast.limit.as_ref())?;
        self.ctes.truncate(inner_ctes);
        for (index, column) in columns.iter_mut().enumerate() {
            let arms = recursive.iter().filter_map(|term| term.columns.get(index));
            column.types = arms.fold(column.types, |types, arm| types.followed_by(arm.types));
            column.affinity = column.types.affinity();
        }
        let stored = &mut self.program.ctes[cte.0];
        stored.reals = columns_read_as_real(&columns);
        stored.recursive = recursive;
        stored.order_by = order_by;
        stored.limit = limits.limit;
        stored.offset = limits.offset;
        Ok(Resolved::Recursive(cte, columns))
    }

    fn resolve_recursive_term(
        &mut self,
        compound: &ast::Compound,
        columns: &[OutputColumn],
        output: Register,
        wanted: &mut Wanted<'_>,
    ) -> Result<Select> {
        let mut term = self.resolve_single(&compound.core, &[], None, wanted)?;
        if term.columns.len() != columns.len() {
            self.refuse_late(unequal_widths(compound.op));
        }
        if let Body::Core(core) = &term.body {
            if !core.windows.is_empty() {
                self.refuse_late("cannot use window functions in recursive queries");
            }
            if core.grouping.is_some() {
                self.refuse_late("recursive aggregate queries not supported");
            }
        }
        term.output = Some(output);
        Ok(term)
    }
}

enum Resolved {
    Plain(Box<Select>),
    Recursive(CteId, Vec<OutputColumn>),
}

impl CommonTable {
    /// SQLite compares the column list with the first SELECT before it looks at the others. Without FROM the width is
    /// what is written, `*` being no column.
    fn check_written_width(&self) -> Result<()> {
        let Some(names) = &self.columns else { return Ok(()) };
        let width = match &self.select.first {
            SelectCore::Values(values) => values.rows.first().map_or(0, Vec::len),
            SelectCore::Query(query) if query.from.is_none() => {
                let is_expr = |column: &&ast::ResultColumn| matches!(column, ast::ResultColumn::Expr { .. });
                query.columns.iter().filter(is_expr).count()
            }
            SelectCore::Query(_) => return Ok(()),
        };
        if width == 0 { Ok(()) } else { self.check_width(names, width) }
    }

    fn check_width(&self, names: &[String], width: usize) -> Result<()> {
        if names.len() == width {
            return Ok(());
        }
        Err(Error::error(format!("table {} has {width} values for {} columns", self.name, names.len())))
    }
}

/// Applies the column list of `name(a, b) AS (…)`.
fn name_columns(columns: &mut [OutputColumn], common: &CommonTable) -> Result<()> {
    let Some(names) = &common.columns else { return Ok(()) };
    common.check_width(names, columns.len())?;
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.as_str().into();
    }
    Ok(())
}

/// The first of the recursive terms: the arms at the end that all name the table in their own FROM and stand behind
/// the same operator, UNION or UNION ALL.
fn recursive_start(select: &ast::Select, name: &str) -> Option<usize> {
    let last = select.compounds.last()?.op;
    if !matches!(last, CompoundOp::Union | CompoundOp::UnionAll) {
        return None;
    }
    let is_recursive = |compound: &ast::Compound| compound.op == last && names_table(&compound.core, name);
    let count = select.compounds.iter().rev().take_while(|compound| is_recursive(compound)).count();
    (count > 0).then(|| select.compounds.len() - count)
}

fn names_table(core: &SelectCore, name: &str) -> bool {
    let SelectCore::Query(query) = core else { return false };
    query.from.as_ref().is_some_and(|from| from_names_table(from, name))
}

fn from_names_table(from: &ast::From, name: &str) -> bool {
    std::iter::once(&from.first).chain(from.joins.iter().map(|join| &join.term)).any(|term| {
        match &term.source {
            FromSource::Table { name: own, .. } => own.schema.is_none() && own.name.is(name),
            FromSource::Nested(nested) => from_names_table(nested, name),
            FromSource::Function { .. } | FromSource::Subquery(_) => false,
        }
    })
}
