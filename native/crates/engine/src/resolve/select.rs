//! Queries: one core with its clauses in SQLite's order of resolution, and what stands around it.
//!
//! Order matters for errors and for what an alias may mean: FROM, result columns, HAVING, WHERE, GROUP BY, ORDER BY.

use std::sync::{Arc, LazyLock};

use pluresdb_sql::ast::{self, ExprKind, SelectCore};

use super::arms::{ArmTypes, ValuesArms};
use super::columns::Stars;
use super::compound::Wanted;
use super::from::PendingJoins;
use super::function::misused_aggregate;
use super::grouping::GroupedCore;
use super::scope::{Aggregates, Allowed, CollationSource, Scope, Typed};
use super::tree::{Body, Core, Direction, Expr, From, OrderTerm, OutputColumn, Register, Select, SubqueryId};
use super::walk::{any_expr, conjunction, same_expr, substituted, visit_expr};
use super::{Names, Resolver};
use crate::error::{Error, Result};

impl Resolver<'_> {
    /// A whole query in the current scopes, which it sees as outer queries.
    pub fn resolve_select(&mut self, select: &ast::Select) -> Result<Select> {
        let mut resolved = self.resolve_limited(select)?;
        if let Body::Core(core) = &mut resolved.body
            && !core.windows.is_empty()
        {
            order_below_window(core);
        } else if !resolved.order_by.is_empty()
            && resolved.limit.is_none()
            && let Some(limit) = take_inner_limit(&mut resolved)
        {
            resolved.limit = Some(limit);
        }
        Ok(resolved)
    }

    /// The same for a query that has a LIMIT to SQLite, be it that only its first row is asked for.
    fn resolve_limited(&mut self, select: &ast::Select) -> Result<Select> {
        let is_inner = std::mem::replace(&mut self.is_within_query, true);
        let ctes = self.ctes.len();
        let resolved = self.resolve_whole(select);
        self.is_within_query = is_inner;
        if is_inner {
            return resolved;
        }
        resolved.map_err(|error| {
            self.ctes.truncate(ctes);
            self.first_error(error, select)
        })
    }

    fn resolve_whole(&mut self, select: &ast::Select) -> Result<Select> {
        self.enter()?;
        let is_first = !self.has_asked;
        if !self.is_joined_exists(select) {
            self.authorize_query()?;
        }
        self.asks_values_now = is_first && select.values_rows() > 1;
        let ctes = self.ctes.len();
        if let Some(with) = &select.with {
            self.push_with(with)?;
        }
        let resolved = if select.compounds.is_empty() {
            self.resolve_single(
                &select.first,
                &select.order_by,
                select.limit.as_ref(),
                &mut Wanted::default(),
            )
        } else {
            self.resolve_compound(select)
        };
        if self.is_recording() {
            self.note_unused_tables(ctes);
        }
        self.ctes.truncate(ctes);
        self.depth -= 1;
        resolved.map(|resolved| Select { number: select.number, ..resolved })
    }

    /// A subquery of an expression that asks for all of its rows: its id and its result columns.
    pub fn resolve_subquery(&mut self, select: &ast::Select) -> Result<(SubqueryId, Vec<OutputColumn>)> {
        self.resolve_subquery_with(select, Self::resolve_select)
    }

    /// One that asks for the first row.
    pub fn resolve_scalar_subquery(
        &mut self,
        select: &ast::Select,
    ) -> Result<(SubqueryId, Vec<OutputColumn>)> {
        self.resolve_subquery_with(select, Self::resolve_limited)
    }

    fn resolve_subquery_with(
        &mut self,
        select: &ast::Select,
        resolve: fn(&mut Self, &ast::Select) -> Result<Select>,
    ) -> Result<(SubqueryId, Vec<OutputColumn>)> {
        let outer = std::mem::replace(&mut self.outermost_reference, usize::MAX);
        let is_part = std::mem::replace(&mut self.is_within_expr, false);
        let resolved = resolve(self, select);
        self.is_within_expr = is_part;
        self.note_failed(select.span, &resolved);
        let correlated = self.outermost_reference < self.scopes.len();
        self.outermost_reference = self.outermost_reference.min(outer);
        let mut resolved = resolved?;
        self.ensure_output(&mut resolved);
        let columns = resolved.columns.clone();
        Ok((self.add_subquery(resolved, correlated), columns))
    }

    pub(super) fn resolve_single(
        &mut self,
        core: &SelectCore,
        order_by: &[ast::SortTerm],
        limit: Option<&ast::Limit>,
        wanted: &mut Wanted<'_>,
    ) -> Result<Select> {
        let mut select = match core {
            SelectCore::Query(query) => self.resolve_query(query, order_by, wanted)?,
            SelectCore::Values(values) if calls_over_rows(self.names, values) => {
                self.resolve_computed_values(values)?
            }
            SelectCore::Values(values) => {
                super::columns::check_width(
                    values.rows.first().map_or(0, Vec::len),
                    self.names.max_columns(),
                )?;
                self.resolve_values(values, Aggregates::RefusedLate)?
            }
        };
        self.resolve_limit(&mut select, limit)?;
        Ok(select)
    }

    pub(super) fn resolve_limit(&mut self, select: &mut Select, limit: Option<&ast::Limit>) -> Result<()> {
        let Some(limit) = limit else { return Ok(()) };
        // It sees no query at all.
        let scopes = std::mem::take(&mut self.scopes);
        let resolved = self.resolve_limit_unscoped(select, limit);
        self.scopes = scopes;
        resolved
    }

    fn resolve_limit_unscoped(&mut self, select: &mut Select, limit: &ast::Limit) -> Result<()> {
        select.limit = Some(self.resolve_expr(&limit.limit)?);
        select.offset = limit.offset.as_ref().map(|offset| self.resolve_expr(offset)).transpose()?;
        Ok(())
    }

    /// What an INSERT takes its rows from. The lone row of VALUES is a list of expressions, no query.
    pub fn resolve_inserted(&mut self, select: &ast::Select) -> Result<Select> {
        match &select.first {
            SelectCore::Values(values)
                if values.rows.len() == 1
                    && select.compounds.is_empty()
                    && select.order_by.is_empty()
                    && select.limit.is_none() =>
            {
                self.ask_query_late();
                self.resolve_values(values, Aggregates::Refused)
            }
            SelectCore::Values(values)
                if select.values_rows() > 1
                    && self.insert_question.is_some()
                    && !calls_over_rows(self.names, values) =>
            {
                // The query itself is asked for behind the INSERT.
                self.has_asked = true;
                let asked = self.late_question_count();
                let resolved = self.resolve_select(select)?;
                let mut questions = self.take_late_questions(asked);
                questions.remove(0);
                self.add_late_questions(questions);
                Ok(resolved)
            }
            _ => {
                self.authorize_insert()?;
                self.resolve_select(select)
            }
        }
    }

    /// What an INSERT of several rows is asked for comes behind the first of them, where they make a run.
    pub fn ask_insert(&mut self, table: &str, database: &str) {
        if self.is_authorized {
            self.insert_question = Some((table.to_owned(), database.to_owned()));
        }
    }

    /// Rows of VALUES.
    fn resolve_rows(&mut self, values: &ast::Values) -> Result<Vec<Vec<Typed>>> {
        let width = values.rows.first().map_or(0, Vec::len);
        let mut rows = Vec::with_capacity(values.rows.len());
        for row in &values.rows {
            if row.len() != width {
                return Err(Error::error("all VALUES must have the same number of terms"));
            }
            rows.push(self.resolve_row(row)?);
        }
        Ok(rows)
    }

    fn resolve_row(&mut self, row: &[ast::Expr]) -> Result<Vec<Typed>> {
        row.iter().map(|expr| self.resolve_typed(expr)).collect()
    }

    /// The same, with what SQLite asks for them. It makes code of a run of constant rows while it reads the text: its
    /// first row is a query, of the others nobody is asked. Where there is more than one run or row, runs and rows are
    /// the arms of a compound, but rows alone are no queries.
    ///
    /// ```text
    /// (1), (2)            run                 (1), (f())          rows
    /// (1), (2), (f())     run, row            (f()), (1), (2)     row, run
    /// ```
    fn resolve_asked_rows(&mut self, values: &ast::Values, may_run: bool) -> Result<Vec<Vec<Typed>>> {
        let asks_now = std::mem::take(&mut self.asks_values_now);
        let is_asking = self.set_asking(false);
        let resolved = self.resolve_rows(values);
        self.set_asking(is_asking);
        let mut rows = resolved?;
        let mut arms = ValuesArms::new(may_run);
        // The first row of each arm, and whether it is a run.
        let mut found: Vec<(usize, bool)> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            match found.last_mut().filter(|_| arms.goes_on(row)) {
                Some((_, is_run)) => *is_run = true,
                None => found.push((number, false)),
            }
            arms.add(row);
        }
        let has_run = found.iter().any(|(_, is_run)| *is_run);
        for (position, (number, _)) in found.iter().filter(|(_, is_run)| *is_run).enumerate() {
            if self.insert_question.is_some() || (asks_now && position > 0) {
                self.ask_query_now()?;
            } else if !asks_now {
                self.authorize_query()?;
            }
            rows[*number] = self.resolve_row(&values.rows[*number])?;
        }
        let is_inserted = self.authorize_insert()?;
        if is_inserted && !(has_run && found.len() == 1) {
            self.ask_query_now()?;
        }
        if has_run && asks_now {
            // The query itself; what was asked for first was the run.
            if found.len() == 1 { self.authorize_query()? } else { self.ask_query_now()? }
        }
        if has_run && found.len() > 1 {
            for _ in 0..2 * found.len() - 2 {
                self.authorize_query()?;
            }
        }
        let asked = self.late_question_count();
        let mut questions = Vec::with_capacity(found.len());
        for (number, _) in found.iter().rev().filter(|(_, is_run)| !*is_run) {
            rows[*number] = self.resolve_row(&values.rows[*number])?;
            questions.push(self.take_late_questions(asked));
        }
        questions.into_iter().rev().for_each(|questions| self.add_late_questions(questions));
        Ok(rows)
    }

    fn resolve_values(&mut self, values: &ast::Values, aggregates: Aggregates) -> Result<Select> {
        let mut rows = Vec::with_capacity(values.rows.len());
        let mut columns: Vec<OutputColumn> = Vec::new();
        let is_schema_text = self.is_in_trigger || !self.open_views.is_empty();
        let may_run = !values.follows_with && !is_schema_text;
        let mut arms = ValuesArms::new(may_run);
        let allowed = Allowed { aggregates, windows: false };
        self.scopes.push(Scope { allowed, ..Scope::default() });
        let resolved = if self.is_authorized && values.rows.len() > 1 {
            self.resolve_asked_rows(values, may_run)
        } else {
            self.resolve_rows(values)
        };
        self.scopes.pop();
        for resolved in resolved? {
            if rows.is_empty() {
                columns = resolved
                    .iter()
                    .enumerate()
                    .map(|(index, typed)| OutputColumn { name: value_name(index), ..output_column(typed) })
                    .collect();
            }
            arms.add(&resolved);
            rows.push(resolved.into_iter().map(|typed| typed.expr).collect());
        }
        for (column, types) in columns.iter_mut().zip(arms.finish()) {
            column.types = types;
            column.affinity = types.affinity();
        }
        Ok(Select {
            body: Body::Values(rows),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            columns,
            output: None,
            number: 0,
        })
    }

    /// VALUES with aggregates or window functions in it: each row is a SELECT without FROM.
    fn resolve_computed_values(&mut self, values: &ast::Values) -> Result<Select> {
        let core = |row: &Vec<ast::Expr>| {
            let column = |expr: &ast::Expr| {
                let alias = None;
                ast::ResultColumn::Expr { expr: expr.clone(), alias, span: expr.span }
            };
            SelectCore::Query(Box::new(ast::Query {
                quantifier: None,
                columns: row.iter().map(column).collect(),
                from: None,
                filter: None,
                group_by: Vec::new(),
                having: None,
                windows: Vec::new(),
                span: values.span,
            }))
        };
        let mut cores = values.rows.iter().map(core);
        let Some(first) = cores.next() else { return self.resolve_values(values, Aggregates::Refused) };
        let compounds: Vec<ast::Compound> =
            cores.map(|core| ast::Compound { op: ast::CompoundOp::UnionAll, core }).collect();
        let mut select = self.resolve_arms(&first, &compounds, &mut Wanted::default())?;
        for (index, column) in select.columns.iter_mut().enumerate() {
            (column.name, column.shown) = (value_name(index), None);
        }
        Ok(select)
    }

    fn resolve_query(
        &mut self,
        query: &ast::Query,
        order_by: &[ast::SortTerm],
        wanted: &mut Wanted<'_>,
    ) -> Result<Select> {
        let level = self.scopes.len();
        let may_join = std::mem::take(&mut self.may_join);
        let asked = self.late_question_count();
        self.scopes.push(Scope::default());
        let resolved = self.resolve_query_in_scope(query, order_by, wanted);
        if let Ok(Select { body: Body::Core(core), .. }) = &resolved {
            let is_joined = may_join && core.grouping.is_none() && core.windows.is_empty();
            if self.is_authorized {
                // Queries in expressions come behind the tables, what windows read before them.
                let of_expressions =
                    self.take_late_questions(self.scopes[level].questions_of_from.max(asked));
                let of_from = self.take_late_questions(asked);
                let of_windows = std::mem::take(&mut self.scopes[level].questions_of_windows);
                let moved = of_windows.len();
                self.add_late_questions(of_windows);
                self.add_late_questions(of_from);
                self.scopes[level].sources.iter_mut().for_each(|source| source.questions_end += moved);
                self.authorize_untouched(level, asked + moved, is_joined);
                self.add_late_questions(of_expressions);
                let sorted_by = std::mem::take(&mut self.scopes[level].queries_sorted_by);
                self.add_late_questions(sorted_by);
            }
        }
        self.scopes.truncate(level);
        if self.is_recording() {
            self.forget_stars();
        }
        resolved
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("a query resolves inside the scope it pushed")
    }

    fn resolve_query_in_scope(
        &mut self,
        query: &ast::Query,
        order_by: &[ast::SortTerm],
        wanted: &mut Wanted<'_>,
    ) -> Result<Select> {
        let mut core = Core::default();
        let mut joins = PendingJoins::default();
        if let Some(from) = &query.from {
            core.from = Some(self.resolve_from(from, &mut joins)?);
            self.scope().questions_of_from = self.late_question_count();
        }
        let is_from_wrong = self.late_error.is_some();
        self.scope().named_windows.clone_from(&query.windows);
        if !self.is_recording() {
            self.check_named_windows(&query.windows)?;
        }

        self.scope().allowed = Allowed { aggregates: Aggregates::Allowed, windows: true };
        let stars = if query.from.is_some() { Stars::From } else { Stars::Nothing };
        let (outputs, columns, aliases) = self.resolve_columns(&query.columns, stars)?;
        let has_group_by = !query.group_by.is_empty();
        let is_aggregate = has_group_by || !self.scope().aggregates.is_empty();
        self.scope().aliases = aliases;

        let of_groups = if is_aggregate { Aggregates::Allowed } else { Aggregates::Refused };
        self.scope().allowed = Allowed { aggregates: of_groups, windows: false };
        let before_having = self.scope().aggregates.len();
        let asked_before = self.asked_function_count();
        if let Some(having) = &query.having {
            if !is_aggregate {
                return Err(Error::error("HAVING clause on a non-aggregate query"));
            }
            core.having = Some(self.resolve_condition(having)?);
        }
        let asked_of_having = asked_before..self.asked_function_count();
        let of_having = before_having..self.scope().aggregates.len();
        let of_rows = if is_aggregate { Aggregates::RefusedLate } else { Aggregates::Refused };
        self.scope().allowed = Allowed { aggregates: of_rows, windows: false };
        if let (Some(filter), Some(_), true) = (&query.filter, &query.from, self.is_authorized) {
            self.note_joined_exists(filter);
        }
        let asked_before = self.asked_function_count();
        let filter = query.filter.as_ref().map(|filter| self.resolve_condition(filter)).transpose()?;
        let asked_of_filter = asked_before..self.asked_function_count();
        if let Some(from) = &mut core.from {
            core.filter = self.resolve_on(from, joins)?;
        }
        if let Some(filter) = filter {
            core.filter = Some(conjunction(core.filter.take(), filter));
        }
        if self.is_recording() {
            self.note_windows(&query.windows)?;
        }
        self.scope().allowed = Allowed::default();
        let asked_before = self.asked_function_count();
        let keys = match self.resolve_group_by(&query.group_by, &outputs) {
            Ok(keys) => keys,
            Err(error) => return Err(self.order_by_error(order_by, &outputs, &columns).unwrap_or(error)),
        };
        let asked_of_groups = asked_before..self.asked_function_count();

        // A window function makes a query no aggregate query, but may stand in its ORDER BY.
        let in_order = if is_aggregate { Aggregates::Allowed } else { Aggregates::RefusedLate };
        self.scope().allowed = Allowed { aggregates: in_order, windows: true };
        let late_error = self.late_error.clone();
        let order_by = self.resolve_order_by(order_by, &outputs, &columns)?;
        if core.from.is_none() {
            // A single row needs no order, and SQLite makes no code of one.
            self.late_error = late_error;
        }
        // What sorts is made ready before any expression has code, and of several collations the last one is told.
        let missing = order_by.iter().rev().find_map(|term| self.missing_collation(term.collation));
        if let (Some(missing), false) = (missing, is_from_wrong) {
            self.late_error = Some(missing);
        }
        self.match_wanted(wanted, query, &outputs);

        core.distinct = query.quantifier == Some(ast::Quantifier::Distinct);
        if core.distinct {
            for output in &outputs {
                self.need_collation(output.collation());
            }
        }
        core.outputs = outputs.into_iter().map(|typed| typed.expr).collect();
        let mut grouped = GroupedCore { core, order_by, of_having };
        if is_aggregate {
            self.group(&mut grouped, keys, has_group_by)?;
        }
        self.build_windows(&mut grouped)?;
        self.ask_for_windows(&grouped.core.windows, &[asked_of_filter, asked_of_groups, asked_of_having]);
        Ok(Select {
            body: Body::Core(Box::new(grouped.core)),
            order_by: grouped.order_by,
            limit: None,
            offset: None,
            columns,
            output: None,
            number: 0,
        })
    }

    fn resolve_group_by(&mut self, group_by: &[ast::Expr], outputs: &[Typed]) -> Result<Vec<Typed>> {
        check_terms(group_by.len(), "GROUP", self.names.max_columns())?;
        let mut keys = Vec::with_capacity(group_by.len());
        let mut late = None;
        for (index, term) in group_by.iter().enumerate() {
            let (bare, collation) = split_collate(term);
            if is_ordinal_of_none(bare, outputs.len()) {
                late.get_or_insert_with(|| out_of_range(index, outputs.len(), "GROUP"));
                continue;
            }
            let key = match ordinal(bare, index, outputs.len(), "GROUP")? {
                Some(column) => {
                    let typed = outputs[column].clone();
                    self.check_group_key(&typed.expr, collation.is_none())?;
                    if let Some(name) = self.window_call_in(&typed.expr) {
                        return Err(Error::error(format!("misuse of window function {name}()")));
                    }
                    match collation {
                        Some(name) => Typed {
                            collation: CollationSource::Explicit(self.resolve_collation(name)?),
                            ..typed
                        },
                        None => typed,
                    }
                }
                None => {
                    let is_whole = matches!(term.kind, ExprKind::Column { .. });
                    let typed = match self.resolve_typed(term) {
                        Ok(typed) => typed,
                        Err(error) => return Err(self.group_key_error(error, is_whole)),
                    };
                    self.check_group_key(&typed.expr, is_whole)?;
                    typed
                }
            };
            keys.push(key);
        }
        late.map_or(Ok(keys), Err)
    }

    /// The error of a term of GROUP BY that has an aggregate in it.
    fn group_key_error(&mut self, error: Error, is_whole_column: bool) -> Error {
        let alias = error.message.strip_prefix("misuse of aliased aggregate ");
        if alias.is_none() && !error.message.starts_with("misuse of aggregate") {
            return error;
        }
        let of_alias = alias.filter(|_| !is_whole_column).and_then(|name| {
            self.scope().aliases.iter().find(|alias| *alias.name == *name)?.aggregate.as_deref()
        });
        Error::error(of_alias.map_or_else(|| GROUPED_BY_AGGREGATE.to_owned(), misused_aggregate))
    }

    /// Nothing is grouped by an aggregate. Where a term only holds a result column that is one, SQLite finds out when it
    /// makes code, and names the aggregate it comes to last.
    fn check_group_key(&self, key: &Expr, is_whole_column: bool) -> Result<()> {
        let mut last = None;
        visit_expr(key, &mut |node| {
            if let Expr::Register(register) = node {
                let aggregates = self.scopes.last().map_or(&[][..], |scope| &scope.aggregates);
                last = aggregates.iter().find(|call| call.result == *register).or(last);
            }
        });
        match last {
            None => Ok(()),
            Some(_) if is_whole_column => Err(Error::error(GROUPED_BY_AGGREGATE)),
            Some(call) => Err(Error::error(misused_aggregate(call.function.name()))),
        }
    }

    /// The name of a window function whose result the expression reads.
    fn window_call_in(&self, expr: &Expr) -> Option<&str> {
        let calls = self.scopes.last()?.windows.iter().map(|pending| &pending.call);
        let mut reads = calls.filter(|call| {
            any_expr(expr, &|node| matches!(node, Expr::Register(register) if *register == call.result))
        });
        reads.next().map(|call| call.function.name())
    }

    /// ORDER BY of a query that is no compound.
    pub(super) fn resolve_order_by(
        &mut self,
        terms: &[ast::SortTerm],
        outputs: &[Typed],
        columns: &[OutputColumn],
    ) -> Result<Vec<OrderTerm>> {
        debug_assert_eq!(outputs.len(), columns.len(), "one description for each output");
        check_terms(terms.len(), "ORDER", self.names.max_columns())?;
        let mut resolved = Vec::with_capacity(terms.len());
        let mut late = None;
        for (index, term) in terms.iter().enumerate() {
            let (bare, collation) = split_collate(&term.expr);
            let by_alias = self.alias_position(bare);
            if by_alias.is_none() && is_ordinal_of_none(bare, outputs.len()) {
                late.get_or_insert_with(|| out_of_range(index, outputs.len(), "ORDER"));
                continue;
            }
            let position = match by_alias {
                Some(position) => Some(position),
                None => ordinal(bare, index, outputs.len(), "ORDER")?,
            };
            let (typed, output_column) = match position {
                Some(position) => {
                    let typed = outputs[position].clone();
                    let typed = match collation {
                        Some(name) => Typed {
                            collation: CollationSource::Explicit(self.resolve_collation(name)?),
                            ..typed
                        },
                        None => typed,
                    };
                    (typed, Some(position))
                }
                None => {
                    let typed = if self.is_recording() && self.is_starred(bare) {
                        self.unrecorded(|resolver| resolver.resolve_typed(&term.expr))?
                    } else {
                        self.resolve_typed(&term.expr)?
                    };
                    let position = outputs.iter().position(|output| same_expr(&output.expr, &typed.expr));
                    (typed, position)
                }
            };
            self.need_collation(typed.collation());
            resolved.push(OrderTerm {
                collation: typed.collation(),
                expr: typed.expr,
                direction: direction(term),
                output_column,
                is_collated: collation.is_some(),
            });
        }
        late.map_or(Ok(resolved), Err)
    }

    /// What is wrong with names and numbers of ORDER BY, which SQLite looks at before GROUP BY.
    fn order_by_error(
        &mut self,
        terms: &[ast::SortTerm],
        outputs: &[Typed],
        columns: &[OutputColumn],
    ) -> Option<Error> {
        let resolved = self.unrecorded(|resolver| resolver.resolve_order_by(terms, outputs, columns));
        resolved.err().filter(|error| {
            error.message.starts_with("no such column") || error.message.contains("BY term out of range")
        })
    }

    /// A bare name that is some result column's alias: ORDER BY prefers it to a column of that name.
    fn alias_position(&mut self, expr: &ast::Expr) -> Option<usize> {
        let ExprKind::Column { qualifier: None, column } = &expr.kind else { return None };
        let alias = self.scope().aliases.iter().find(|alias| column.is(&alias.name))?;
        Some(alias.position)
    }
}

/// The name of a column of VALUES; those of the first are made once.
fn value_name(index: usize) -> Arc<str> {
    static FIRST: LazyLock<Vec<Arc<str>>> =
        LazyLock::new(|| (1..=16).map(|number| format!("column{number}").into()).collect());
    FIRST.get(index).cloned().unwrap_or_else(|| format!("column{}", index + 1).into())
}

/// The subquery that SQLite puts into the query around it although it may have a LIMIT, and its output.
fn merged_subquery(outer: &mut Core) -> Option<(&mut Select, Register)> {
    if outer.filter.is_some() || outer.grouping.is_some() {
        return None;
    }
    let Some(From::Subquery { select: inner, output, .. }) = &mut outer.from else { return None };
    let Body::Core(core) = &inner.body else { return None };
    let is_merged = inner.order_by.is_empty()
        && inner.offset.is_none()
        && core.from.is_some()
        && core.grouping.is_none()
        && core.windows.is_empty()
        && !core.distinct;
    is_merged.then_some((inner, *output))
}

/// `SELECT … FROM (SELECT … LIMIT n) ORDER BY x`: merged, the LIMIT takes the first in the order of x.
fn take_inner_limit(outer: &mut Select) -> Option<Expr> {
    let Body::Core(core) = &mut outer.body else { return None };
    if core.distinct {
        return None;
    }
    let (inner, _) = merged_subquery(core)?;
    inner.limit.take().or_else(|| take_inner_limit(inner))
}

/// The same where window functions stand around the subquery: SQLite sorts below them for the first one it computes, and
/// that is the order in which the LIMIT takes rows.
fn order_below_window(outer: &mut Core) {
    let Some(window) = outer.windows.first() else { return };
    let ascending = Direction { descending: false, nulls_first: true };
    let partitions = window.partition_by.iter().map(|(expr, collation)| (expr, ascending, *collation));
    let orders = window.order_by.iter().map(|term| (&term.expr, term.direction, term.collation));
    let mut order_by: Vec<OrderTerm> = partitions
        .chain(orders)
        .map(|(expr, direction, collation)| OrderTerm {
            expr: expr.clone(),
            direction,
            collation,
            output_column: None,
            is_collated: false,
        })
        .collect();
    let Some((inner, output)) = merged_subquery(outer) else { return };
    if inner.limit.is_none() {
        return;
    }
    let Body::Core(core) = &inner.body else { return };
    for term in &mut order_by {
        term.expr = substituted(&term.expr, &core.outputs, output);
    }
    inner.order_by = order_by;
}

fn calls_over_rows(names: &dyn Names, values: &ast::Values) -> bool {
    values.rows.iter().flatten().any(|expr| {
        if matches!(expr.kind, ExprKind::Literal(_) | ExprKind::Parameter(_)) {
            return false;
        }
        let (aggregate, has_window) = super::function::call_kinds(names, expr);
        has_window || (aggregate.is_some() && values.rows.len() == 1)
    })
}

/// `expr COLLATE name` taken apart.
pub(super) fn split_collate(expr: &ast::Expr) -> (&ast::Expr, Option<&ast::Name>) {
    match &expr.kind {
        ExprKind::Collate { operand, collation } => (split_collate(operand).0, Some(collation)),
        _ => (expr, None),
    }
}

pub(super) fn direction(term: &ast::SortTerm) -> Direction {
    let descending = term.order == Some(ast::SortOrder::Descending);
    let nulls_first = match term.nulls {
        Some(ast::NullsOrder::First) => true,
        Some(ast::NullsOrder::Last) => false,
        None => !descending,
    };
    Direction { descending, nulls_first }
}

/// The output column that a term names by its number, from 1; an error when there is none of that number. As for
/// SQLite, only 32-bit literals are numbers of columns: a larger one is an expression like any other.
pub(super) fn ordinal(expr: &ast::Expr, index: usize, count: usize, clause: &str) -> Result<Option<usize>> {
    let Some(number) = super::constant::integer(expr) else { return Ok(None) };
    match usize::try_from(number) {
        Ok(number @ 1..) if number <= count => Ok(Some(number - 1)),
        _ => Err(out_of_range(index, count, clause)),
    }
}

fn out_of_range(index: usize, count: usize, clause: &str) -> Error {
    Error::error(format!(
        "{} {clause} BY term out of range - should be between 1 and {count}",
        ordinal_text(index + 1)
    ))
}

/// Whether a term is a number that could be a column's and is none's: SQLite tells of these behind all other errors of the
/// clause.
fn is_ordinal_of_none(expr: &ast::Expr, count: usize) -> bool {
    let number = super::constant::integer(expr).and_then(|number| u16::try_from(number).ok());
    number.is_some_and(|number| usize::from(number) > count)
}

pub(super) fn check_terms(terms: usize, clause: &str, max: usize) -> Result<()> {
    if terms > max {
        return Err(Error::error(format!("too many terms in {clause} BY clause")));
    }
    Ok(())
}

/// `1st`, `2nd`, `3rd`, `4th`, … as SQLite's `%r` prints.
pub(crate) fn ordinal_text(number: usize) -> String {
    let suffix = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

const GROUPED_BY_AGGREGATE: &str = "aggregate functions are not allowed in the GROUP BY clause";

/// A column without a name, as another query sees it.
pub(super) fn output_column(typed: &Typed) -> OutputColumn {
    OutputColumn {
        affinity: typed.affinity,
        collation: typed.collation(),
        types: ArmTypes::of(typed),
        ..OutputColumn::default()
    }
}
