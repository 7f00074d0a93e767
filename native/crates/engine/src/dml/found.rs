//! The rows an UPDATE or DELETE is about, found before the first is changed.
//!
//! Rows are remembered by identity and read again when their turn comes, because a trigger or REPLACE may have changed
//! them meanwhile. When there is only one, what the search read is used as it is.
//!
//! Where functions of the application may look at the table between two rows, each row is changed before the next one is
//! looked for, if SQLite does so: in one pass.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::{Value, ValueRef, key};

use super::target::{Image, IndexPlan, Target};
use crate::catalog::Index;
use crate::execute::{Context, Frame, RowSource, corrupt};
use crate::plan::{self, AccessPath, PlanLine, RowSourceRequest, RowidBounds, Scan, SourceNode};
use crate::resolve::Resolver;
use crate::resolve::tree::{
    Direction, Expr, From, IndexedBy, Join, JoinKind, OrderTerm, Program, SourceId, TableSource,
};
use crate::resolve::{ScopeSource, any_expr, conjunction, has_known_subquery, names_subquery};
use crate::session::Session;
use crate::{Error, Result, ResultCode};

/// Identities back to back.
#[derive(Default)]
pub(crate) struct FoundRows {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl FoundRows {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn identity(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn push(&mut self, identity: &[u8]) {
        self.bytes.extend_from_slice(identity);
        self.ends.push(self.bytes.len());
    }

    /// Into the order of the table.
    fn sort(&mut self) {
        if (1..self.len()).all(|index| self.identity(index - 1) <= self.identity(index)) {
            return;
        }
        let mut rows: Vec<&[u8]> = (0..self.len()).map(|index| self.identity(index)).collect();
        rows.sort_unstable();
        let mut sorted = FoundRows::default();
        for identity in rows {
            sorted.push(identity);
        }
        *self = sorted;
    }
}

/// Which rows a statement means.
pub(crate) struct FinderRequest<'a> {
    pub alias: Option<&'a str>,
    pub indexed: Option<&'a ast::IndexedBy>,
    pub from: Option<&'a ast::From>,
    pub filter: Option<&'a ast::Expr>,
    pub order_by: &'a [ast::SortTerm],
    pub limit: Option<&'a ast::Limit>,
}

impl<'a> FinderRequest<'a> {
    pub fn of_update(update: &'a ast::Update) -> FinderRequest<'a> {
        FinderRequest {
            alias: update.alias.as_ref().map(|alias| &*alias.text),
            indexed: update.indexed.as_ref(),
            from: update.from.as_ref(),
            filter: update.filter.as_ref(),
            order_by: &update.order_by,
            limit: update.limit.as_ref(),
        }
    }

    pub fn of_delete(delete: &'a ast::Delete) -> FinderRequest<'a> {
        FinderRequest {
            alias: delete.alias.as_ref().map(|alias| &*alias.text),
            indexed: delete.indexed.as_ref(),
            from: None,
            filter: delete.filter.as_ref(),
            order_by: &delete.order_by,
            limit: delete.limit.as_ref(),
        }
    }
}

/// The same, resolved.
pub(super) struct Search {
    pub from: From,
    filter: Option<Expr>,
    order_by: Vec<OrderTerm>,
    limit: Option<Expr>,
    offset: Option<Expr>,
}

impl Search {
    /// `table` is what the statement changes; its scope is open, and is closed. `in_scope` is called while the names of
    /// FROM can be seen: the columns that UPDATE sets are looked at before its WHERE.
    pub fn resolve(
        table: From,
        request: &FinderRequest<'_>,
        resolver: &mut Resolver<'_>,
        in_scope: &mut dyn FnMut(&mut Resolver<'_>) -> Result<()>,
    ) -> Result<Search> {
        let asked = resolver.late_question_count();
        let (from, mut filter) = match request.from {
            None => (table, None),
            Some(written) => {
                let (right, filter) = resolver.resolve_joined(written)?;
                // Joins of the written FROM count from 0; this one stands outside of them.
                let join = Join { kind: JoinKind::Inner, left: table, right, on: None, number: usize::MAX };
                (From::Join(Box::new(join)), filter)
            }
        };
        in_scope(resolver)?;
        if let Some(written) = request.filter {
            let condition = resolver.resolve_condition(written)?;
            filter = Some(conjunction(filter, condition));
        }
        let order_by = request
            .order_by
            .iter()
            .map(|term| resolve_order_term(term, resolver))
            .collect::<Result<Vec<_>>>()?;
        if request.from.is_some() {
            resolver.close_from(asked);
        }
        resolver.pop_scope();
        let (limit, offset) = match request.limit {
            Some(limit) => (
                Some(resolver.resolve_constant(&limit.limit)?),
                limit.offset.as_ref().map(|offset| resolver.resolve_constant(offset)).transpose()?,
            ),
            None => (None, None),
        };
        Ok(Search { from, filter, order_by, limit, offset })
    }

    /// For the planner. `target` is the table whose rows are changed.
    pub fn request(&self, target: Option<SourceId>) -> RowSourceRequest<'_> {
        RowSourceRequest {
            from: &self.from,
            target,
            filter: self.filter.as_ref(),
            order_by: &self.order_by,
            limit: self.limit.as_ref(),
            offset: self.offset.as_ref(),
        }
    }
}

pub(crate) struct RowFinder {
    source: SourceId,
    /// None until `plan`.
    rows: Option<RowSource>,
    search: Search,
    lines: Vec<PlanLine>,
    /// The index that leads to the rows, where there is no more to it.
    index: Option<Arc<Index>>,
    /// The scan that finds the rows, where that is all of it.
    scan: Option<Scan>,
    /// The rowid that the row must have, where that is all of it.
    only_rowid: Option<Expr>,
    /// The rows are changed in the order of the table, however they were found: SQLite does so whenever it keeps them
    /// before it changes the first.
    is_sorted: bool,
    pub found: FoundRows,
    /// `found` was filled ahead of `find`.
    is_found: bool,
    /// The first row's record, as the search read it.
    first_record: Vec<u8>,
    has_first_record: bool,
    /// What `Reentry::writes` was then.
    first_read_at: u64,
    first_rowid: i64,
    is_one_pass: bool,
    /// SQLite opens what it writes to when the first row is found, and then only where statements have not expired
    /// meanwhile.
    opens_late: bool,
    /// `Reentry::expirations`, when the search began; None: everything is open.
    begun_at: Option<u64>,
    /// How many of `found` have had their turn.
    position: usize,
}

impl RowFinder {
    /// Resolves FROM and WHERE. `in_scope` is called while their names can be seen.
    pub fn compile(
        request: &FinderRequest<'_>,
        target: &Target,
        session: &Session,
        resolver: &mut Resolver<'_>,
        in_scope: &mut dyn FnMut(&mut Resolver<'_>) -> Result<()>,
    ) -> Result<RowFinder> {
        let source = resolver.new_source();
        let name = request.alias.unwrap_or(&target.table.name);
        let schema = request.alias.is_none().then(|| session.database_name(target.database));
        let table = From::Table(TableSource {
            source,
            database: target.database,
            table: target.table.clone(),
            shown: name.to_owned(),
            indexed_by: indexed_by(request.indexed, target, session)?,
        });
        resolver.push_scope(vec![ScopeSource::from_cursor(name, schema, &target.table, source)]);
        Ok(RowFinder {
            source,
            rows: None,
            search: Search::resolve(table, request, resolver, in_scope)?,
            lines: Vec::new(),
            index: None,
            scan: None,
            only_rowid: None,
            is_sorted: false,
            found: FoundRows::default(),
            is_found: false,
            first_record: Vec::new(),
            has_first_record: false,
            first_read_at: 0,
            first_rowid: 0,
            is_one_pass: false,
            opens_late: true,
            begun_at: None,
            position: 0,
        })
    }

    /// Decides how the rows are found, once the program is whole.
    pub fn plan(mut self, program: &Program, session: &Session) -> Result<RowFinder> {
        let request = self.search.request(Some(self.source));
        let mut node = plan::plan_row_source(&request, program, session)?;
        self.lines = plan::explain_row_source(&node, program, session)?;
        if let SourceNode::Scan(Scan { path: AccessPath::Index { index, .. }, .. }) = node.behind_gate() {
            self.index = Some(index.clone());
        }
        if let SourceNode::Scan(scan) = &node
            && let AccessPath::Rowid(RowidBounds::Equal(rowid)) = &scan.path
            && scan.conditions.is_empty()
            && self.search.limit.is_none()
        {
            self.only_rowid = Some(rowid.clone());
        }
        if let SourceNode::Scan(scan) = &node
            && self.search.limit.is_none()
        {
            self.scan = Some(scan.clone());
        }
        // What tells the rows is all in the index: the rows are read when their turn comes.
        if let SourceNode::Scan(Scan { path: AccessPath::Index { covering, .. }, table, conditions, .. }) =
            &mut node
            && conditions.is_empty()
            && !table.without_rowid
            && matches!(self.search.from, From::Table(_))
        {
            *covering = Some(Vec::new());
        }
        self.rows = Some(RowSource::new(node));
        Ok(self)
    }

    /// The scan that finds the rows, where that is all of it and a row need not be changed before the next one is found.
    pub fn scan(&self) -> Option<&Scan> {
        self.scan.as_ref().filter(|_| !self.is_one_pass)
    }

    /// The rowid of the only row there can be, if that is all that is asked of it.
    pub fn only_rowid(&self) -> Option<&Expr> {
        self.only_rowid.as_ref()
    }

    /// The index that leads to the rows, where there is no more to it.
    pub fn index(&self) -> Option<&Index> {
        self.index.as_deref()
    }

    pub fn explain(&self) -> &[PlanLine] {
        &self.lines
    }

    pub fn sort(&mut self, is_sorted: bool) {
        self.is_sorted = is_sorted;
    }

    /// Whether the rows can be changed one by one while they are found, as far as the search goes; `is_touched` tells of
    /// the index that leads to them.
    pub fn allows_one_pass(&self, is_touched: impl Fn(&Index) -> bool) -> bool {
        self.search.limit.is_none()
            && !self.search.filter.as_ref().is_some_and(has_known_subquery)
            && self.index().is_some_and(|index| !is_touched(index))
    }

    /// Has each row changed before the next one is looked for, if that can be told from outside: by functions of the
    /// application, called by the search or, as `calls_application` says, by what is done with its rows.
    /// `is_written` tells of the indexes that change with a row.
    pub fn set_one_pass(
        &mut self,
        calls_application: bool,
        target: &Target,
        is_written: impl Fn(&IndexPlan) -> bool,
        program: &mut Program,
        session: &Session,
    ) {
        let filter = self.search.filter.as_ref();
        let is_application = |expr: &Expr| matches!(expr, Expr::Application { .. });
        self.is_one_pass = session.settings.is_reentrant
            && (calls_application || filter.is_some_and(|filter| any_expr(filter, &is_application)))
            && self.search.limit.is_none()
            && !filter.is_some_and(has_known_subquery);
        program.reads_live |= self.is_one_pass;
        let leading = self.index().map(|index| index.tree);
        self.opens_late = !self.is_one_pass
            || target
                .indexes
                .iter()
                .any(|plan| !plan.is_table && Some(plan.index.tree) != leading && is_written(plan));
    }

    /// Everything that is written to is open from now on.
    fn open_all(&mut self, session: &Session) -> Result<()> {
        match self.begun_at.take() {
            Some(begun_at) if begun_at != session.reentry.expirations() => {
                Err(Error::new(ResultCode::AbortRollback, "abort due to ROLLBACK"))
            }
            _ => Ok(()),
        }
    }

    /// Whether SQLite, as long as nothing but the search is against it, changes each row before it looks at the next one,
    /// and the search sees that: a subquery that SQLite overlooks reads the table.
    pub fn sees_changes(&self, target: &Target, resolver: &Resolver<'_>) -> bool {
        let overlooks = |filter: &Expr| any_expr(filter, &names_subquery) && !has_known_subquery(filter);
        self.search.limit.is_none()
            && self.search.filter.as_ref().is_some_and(overlooks)
            && resolver.subqueries_read(&target.table)
    }

    /// Has the search find every row.
    pub fn drop_filter(&mut self) {
        self.search.filter = None;
    }

    /// Whether every row of the table is meant.
    pub fn finds_all(&self) -> bool {
        self.search.filter.is_none()
            && self.search.limit.is_none()
            && matches!(self.search.from, From::Table(_))
    }

    /// Before the first `next`.
    pub fn begin(&mut self, target: &Target, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.position = 0;
        self.begun_at = self.opens_late.then(|| context.session.reentry.expirations());
        if self.is_one_pass {
            return self.rows().start(frame, context);
        }
        self.find(target, frame, context, &mut |_, _| Ok(()))?;
        self.open_all(context.session)
    }

    /// Reads the next row into the `Old` image. False: there is none.
    pub fn next(
        &mut self,
        target: &Target,
        record: &mut Vec<u8>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        loop {
            context.step()?;
            if self.is_one_pass {
                if !self.rows().next(frame, context)? {
                    return Ok(false);
                }
                self.open_all(context.session)?;
                self.found.clear();
                self.position = 0;
                if !self.remember(target, frame) {
                    continue;
                }
            } else if self.position == self.found.len() {
                return Ok(false);
            }
            self.position += 1;
            if self.load(self.position - 1, target, record, frame, context)? {
                return Ok(true);
            }
        }
    }

    /// Of the row that `next` came to.
    pub fn identity(&self) -> &[u8] {
        self.found.identity(self.position - 1)
    }

    /// After the last `next`, however it went.
    pub fn end(&mut self, frame: &mut Frame) {
        if self.is_one_pass {
            self.rows().close(frame);
        }
    }

    fn rows(&mut self) -> &mut RowSource {
        self.rows.as_mut().expect("a finder is planned when its statement is compiled")
    }

    /// The row that the search stands at. False: a function that the search called has deleted it.
    fn remember(&mut self, target: &Target, frame: &Frame) -> bool {
        let cursor = frame.cursor(self.source);
        if target.table.without_rowid {
            let Some(key) = cursor.key() else { return false };
            self.found.push(key);
        } else {
            let ValueRef::Integer(rowid) = cursor.rowid() else { return false };
            self.found.push(&key::rowid_bytes(rowid));
            self.first_rowid = rowid;
        }
        true
    }

    /// Fills `found`, and answers the rowids in the order of the table; None when there are fewer than `least`, which `find` then
    /// need not look for any more.
    pub fn find_ahead(
        &mut self,
        least: usize,
        target: &Target,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<Vec<i64>>> {
        self.is_found = false;
        self.find(target, frame, context, &mut |_, _| Ok(()))?;
        if self.found.len() >= least {
            let rowids = (0..self.found.len()).map(|index| key::decode_rowid(self.found.identity(index)));
            let mut rowids = rowids.collect::<std::result::Result<Vec<i64>, _>>().map_err(corrupt)?;
            rowids.sort_unstable();
            if rowids.is_sorted_by(|a, b| a < b) {
                return Ok(Some(rowids));
            }
        }
        self.keep_found();
        Ok(None)
    }

    /// What was found ahead is what `find` is about to look for.
    pub fn keep_found(&mut self) {
        self.is_found = true;
    }

    /// Fills `found`; `each` sees the frame at every row.
    pub fn find(
        &mut self,
        target: &Target,
        frame: &mut Frame,
        context: &mut Context<'_>,
        each: &mut dyn FnMut(&mut Frame, &mut Context<'_>) -> Result<()>,
    ) -> Result<()> {
        if std::mem::take(&mut self.is_found) {
            return Ok(());
        }
        self.found.clear();
        self.has_first_record = false;
        let mut outcome = self.rows().start(frame, context);
        while outcome.is_ok() {
            match self.rows().next(frame, context) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
            if !self.remember(target, frame) {
                continue;
            }
            if self.found.len() == 1 {
                self.first_record.clear();
                self.first_read_at = context.session.reentry.writes();
                match frame.cursor(self.source).to_record(&mut self.first_record) {
                    Ok(has_record) => self.has_first_record = has_record,
                    Err(error) => outcome = Err(error),
                }
            } else {
                self.has_first_record = false;
            }
            if outcome.is_ok() {
                outcome = each(frame, context);
            }
        }
        self.rows().close(frame);
        self.has_first_record &= self.first_read_at == context.session.reentry.writes();
        // ORDER BY says which rows a LIMIT takes; SQLite then visits them by key all the same.
        let is_limited = self.search.limit.is_some() && matches!(self.search.from, From::Table(_));
        if (self.is_sorted || is_limited) && self.found.len() > 1 {
            self.found.sort();
        }
        outcome
    }

    /// Reads a found row into the `Old` image. False: it is gone.
    pub fn load(
        &mut self,
        index: usize,
        target: &Target,
        record: &mut Vec<u8>,
        frame: &mut Frame,
        context: &Context<'_>,
    ) -> Result<bool> {
        if self.has_first_record {
            target.note_read(context);
            std::mem::swap(record, &mut self.first_record);
            target.unpack(Image::Old, record, frame)?;
            frame.set_register(target.rowid_register(Image::Old), Value::Integer(self.first_rowid));
            return Ok(true);
        }
        target.load(Image::Old, self.found.identity(index), record, frame, context)
    }
}

impl RowFinder {
    /// The record of a found row of a rowid table. False: it is gone.
    pub fn read(
        &mut self,
        index: usize,
        target: &Target,
        record: &mut Vec<u8>,
        context: &Context<'_>,
    ) -> Result<bool> {
        record.clear();
        if self.has_first_record {
            target.note_read(context);
            std::mem::swap(record, &mut self.first_record);
            return Ok(true);
        }
        target.read_record(self.found.identity(index), record, context)
    }
}

/// INDEXED BY is looked at before anything else of a change.
pub(super) fn check_indexed_by(
    written: Option<&ast::IndexedBy>,
    target: &Target,
    session: &Session,
) -> Result<()> {
    indexed_by(written, target, session).map(drop)
}

fn indexed_by(written: Option<&ast::IndexedBy>, target: &Target, session: &Session) -> Result<IndexedBy> {
    match written {
        None => Ok(IndexedBy::Any),
        Some(ast::IndexedBy::NotIndexed) => Ok(IndexedBy::NotIndexed),
        Some(ast::IndexedBy::Index(name)) => match session.catalog(target.database).index(&name.text) {
            Some(index) if index.table.eq_ignore_ascii_case(&target.table.name) => {
                Ok(IndexedBy::Index(index.clone()))
            }
            _ => Err(Error::error(format!("no such index: {}", name.text))),
        },
    }
}

fn resolve_order_term(term: &ast::SortTerm, resolver: &mut Resolver<'_>) -> Result<OrderTerm> {
    let typed = resolver.resolve_typed(&term.expr)?;
    let descending = term.order == Some(ast::SortOrder::Descending);
    let nulls_first = match term.nulls {
        Some(ast::NullsOrder::First) => true,
        Some(ast::NullsOrder::Last) => false,
        None => !descending,
    };
    Ok(OrderTerm {
        collation: typed.collation(),
        expr: typed.expr,
        direction: Direction { descending, nulls_first },
        output_column: None,
        is_collated: false,
    })
}
