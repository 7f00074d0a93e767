//! Queries: WITH, compounds, SELECT and VALUES, FROM.

use super::{Parse, Parser};
use crate::ast::{
    CommonTable, Compound, CompoundOp, Expr, From, FromSource, FromTerm, IndexedBy, Join, JoinConstraint,
    JoinKind, JoinOperator, Limit, Materialized, Name, NamedWindow, QualifiedName, Quantifier, Query,
    ResultColumn, Select, SelectCore, SortTerm, Span, Values, With,
};
use crate::token::{Token, TokenKind};

/// The clauses SQLite's grammar lets follow every core, and its actions allow only behind the last.
#[derive(Default)]
struct Tail {
    order_by: Vec<SortTerm>,
    limit: Option<Limit>,
}

impl Parser<'_> {
    /// A query with its WITH; leaves the height of its tallest expression in `self.height`.
    pub(super) fn select(&mut self) -> Parse<Box<Select>> {
        let start = self.token.start;
        let outer_peak = std::mem::take(&mut self.peak);
        let with = self.optional_with()?;
        let select = self.select_behind_with(with, start)?;
        self.height = self.peak;
        self.peak = outer_peak.max(self.height);
        Ok(select)
    }

    pub(super) fn select_behind_with(&mut self, with: Option<With>, start: u32) -> Parse<Box<Select>> {
        let mut tail = Tail::default();
        let first = self.select_core(&mut tail)?;
        let mut select = Box::new(Select {
            with,
            first,
            compounds: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            number: 0,
            span: Span::default(),
        });
        let mut misplaced = None;
        while let Some(op) = self.compound_op()? {
            if !tail.order_by.is_empty() {
                misplaced = Some(("ORDER BY", op));
            } else if tail.limit.is_some() {
                misplaced = Some(("LIMIT", op));
            }
            tail = Tail::default();
            self.select_count += 1;
            let core = self.select_core(&mut tail)?;
            select.compounds.push(Compound { op, core });
        }
        // SQLite looks at the compound when it is complete, from its end: the last misplaced clause is reported.
        if let Some((clause, op)) = misplaced {
            let op = match op {
                CompoundOp::Union => "UNION",
                CompoundOp::UnionAll => "UNION ALL",
                CompoundOp::Except => "EXCEPT",
                CompoundOp::Intersect => "INTERSECT",
            };
            self.complain(format!("{clause} clause should come after {op} not before"));
        } else if select.compounds.len() >= self.dialect.compound_select
            && matches!(select.compounds.last(), Some(Compound { core: SelectCore::Query(_), .. }))
        {
            self.complain("too many terms in compound SELECT".into());
        }
        select.order_by = tail.order_by;
        select.limit = tail.limit;
        self.select_count += 1;
        select.number = self.select_count;
        select.span = self.span_from(start);
        Ok(select)
    }

    fn compound_op(&mut self) -> Parse<Option<CompoundOp>> {
        let op = match self.kind() {
            TokenKind::Union => {
                self.take()?;
                return Ok(Some(if self.accept(TokenKind::All)? {
                    CompoundOp::UnionAll
                } else {
                    CompoundOp::Union
                }));
            }
            TokenKind::Except => CompoundOp::Except,
            TokenKind::Intersect => CompoundOp::Intersect,
            _ => return Ok(None),
        };
        self.take()?;
        Ok(Some(op))
    }

    fn select_core(&mut self, tail: &mut Tail) -> Parse<SelectCore> {
        match self.kind() {
            TokenKind::Select => Ok(SelectCore::Query(self.query(tail)?)),
            TokenKind::Values => Ok(SelectCore::Values(self.values()?)),
            _ => Err(self.syntax_error()),
        }
    }

    fn values(&mut self) -> Parse<Values> {
        let start = self.take()?.start;
        let follows_with = self.has_with;
        let mut rows = Vec::new();
        self.push_depth(2)?;
        loop {
            self.expect(TokenKind::LeftParen)?;
            rows.push(self.expr_list()?);
            self.expect(TokenKind::RightParen)?;
            if !self.accept(TokenKind::Comma)? {
                break;
            }
        }
        self.depth -= 2;
        Ok(Values { rows, follows_with, span: self.span_from(start) })
    }

    fn query(&mut self, tail: &mut Tail) -> Parse<Box<Query>> {
        let start = self.take()?.start;
        self.push_depth(4)?;
        let quantifier = match self.kind() {
            TokenKind::Distinct => Some(Quantifier::Distinct),
            TokenKind::All => Some(Quantifier::All),
            _ => None,
        };
        if quantifier.is_some() {
            self.take()?;
        }
        let mut query = Box::new(Query {
            quantifier,
            columns: self.result_columns()?,
            from: None,
            filter: None,
            group_by: Vec::new(),
            having: None,
            windows: Vec::new(),
            span: Span::default(),
        });
        query.from = self.optional_from()?;
        query.filter = self.optional_where()?;
        if self.accept(TokenKind::Group)? {
            self.expect(TokenKind::By)?;
            query.group_by = self.expr_list()?;
        }
        if self.accept(TokenKind::Having)? {
            query.having = Some(self.expr()?);
        }
        if self.accept(TokenKind::Window)? {
            query.windows = self.named_windows()?;
        }
        query.span = self.span_from(start);
        tail.order_by = self.order_by()?;
        tail.limit = self.optional_limit()?;
        self.depth -= 4;
        Ok(query)
    }

    fn named_windows(&mut self) -> Parse<Vec<NamedWindow>> {
        let mut windows = Vec::new();
        loop {
            let name = self.name()?;
            self.expect(TokenKind::As)?;
            self.expect(TokenKind::LeftParen)?;
            let window = self.window()?;
            self.expect(TokenKind::RightParen)?;
            windows.push(NamedWindow { name, window });
            if !self.accept(TokenKind::Comma)? {
                return Ok(windows);
            }
        }
    }

    /// `WHERE …` or nothing.
    pub(super) fn optional_where(&mut self) -> Parse<Option<Expr>> {
        if self.accept(TokenKind::Where)? { Ok(Some(self.expr()?)) } else { Ok(None) }
    }

    /// `LIMIT …` or nothing.
    pub(super) fn optional_limit(&mut self) -> Parse<Option<Limit>> {
        if !self.accept(TokenKind::Limit)? {
            return Ok(None);
        }
        let first = Box::new(self.expr()?);
        Ok(Some(if self.accept(TokenKind::Offset)? {
            Limit { limit: first, offset: Some(Box::new(self.expr()?)) }
        } else if self.accept(TokenKind::Comma)? {
            Limit { limit: Box::new(self.expr()?), offset: Some(first) }
        } else {
            Limit { limit: first, offset: None }
        }))
    }

    /// The list behind SELECT and RETURNING.
    pub(super) fn result_columns(&mut self) -> Parse<Vec<ResultColumn>> {
        let mut columns = Vec::new();
        loop {
            columns.push(self.result_column()?);
            if !self.accept(TokenKind::Comma)? {
                return Ok(columns);
            }
        }
    }

    fn result_column(&mut self) -> Parse<ResultColumn> {
        let first = self.token;
        if first.kind == TokenKind::Star {
            self.take()?;
            return Ok(ResultColumn::Star { span: first.span() });
        }
        let is_name = first.kind.is_name()
            && !matches!(first.kind, TokenKind::Cast | TokenKind::Raise | TokenKind::TimeWord);
        if is_name && self.lexer.peek_two() == (TokenKind::Dot, TokenKind::Star) {
            let table = self.name()?;
            self.take()?;
            self.take()?;
            return Ok(ResultColumn::TableStar { table, span: self.span_from(first.start) });
        }
        let expr = self.expr()?;
        // The column is named by all text up to the next token, comments included.
        let span = self.trimmed(Span { start: first.start, end: self.token.start });
        let alias = self.optional_alias()?;
        Ok(ResultColumn::Expr { expr, alias, span })
    }

    /// `AS name`, an identifier or a string, or nothing.
    fn optional_alias(&mut self) -> Parse<Option<Name>> {
        if self.accept(TokenKind::As)? {
            return Ok(Some(self.name()?));
        }
        if self.kind().is_identifier_or_string() {
            let token = self.take()?;
            return Ok(Some(self.make_name(token)));
        }
        Ok(None)
    }

    // FROM.

    /// `FROM …` or nothing.
    pub(super) fn optional_from(&mut self) -> Parse<Option<From>> {
        if !self.accept(TokenKind::From)? {
            return Ok(None);
        }
        let mut from = empty_from();
        self.joined_terms(&mut from)?;
        Ok(Some(*from))
    }

    // FROM fills its parts in place, and what does not recurse stands apart, so that little lies on the stack below
    // a nested FROM.

    fn joined_terms(&mut self, from: &mut From) -> Parse<()> {
        let start = self.token.start;
        self.joined_term(&mut from.first)?;
        while let Some(operator) = self.join_operator()? {
            let term = push_join(&mut from.joins, operator);
            self.joined_term(term)?;
        }
        from.span = self.span_from(start);
        Ok(())
    }

    fn joined_term(&mut self, term: &mut FromTerm) -> Parse<()> {
        let start = self.token.start;
        if self.kind() == TokenKind::LeftParen {
            self.take()?;
            self.push_depth(2)?;
            match self.kind() {
                TokenKind::Select | TokenKind::Values | TokenKind::With => {
                    term.source = FromSource::Subquery(self.select()?);
                }
                _ => {
                    let mut from = empty_from();
                    self.joined_terms(&mut from)?;
                    term.source = FromSource::Nested(from);
                }
            }
            self.depth -= 2;
            self.expect(TokenKind::RightParen)?;
        } else {
            term.source = self.table_or_function()?;
        }
        self.joined_term_end(term)?;
        term.span = self.span_from(start);
        Ok(())
    }

    #[inline(never)]
    fn table_or_function(&mut self) -> Parse<FromSource> {
        let name = self.qualified_name()?;
        if !self.accept(TokenKind::LeftParen)? {
            return Ok(FromSource::Table { name, indexed: None });
        }
        self.push_depth(4)?;
        let arguments = self.expr_list_until_paren()?;
        self.depth -= 4;
        self.expect(TokenKind::RightParen)?;
        Ok(FromSource::Function { name, arguments })
    }

    #[inline(never)]
    fn joined_term_end(&mut self, term: &mut FromTerm) -> Parse<()> {
        term.alias = self.optional_alias()?;
        if let FromSource::Table { indexed, .. } = &mut term.source {
            *indexed = self.optional_indexed_by()?;
        }
        match self.kind() {
            TokenKind::On => {
                self.take()?;
                term.constraint = Some(JoinConstraint::On(self.expr()?));
            }
            TokenKind::Using => {
                self.take()?;
                self.expect(TokenKind::LeftParen)?;
                term.constraint = Some(JoinConstraint::Using(self.name_list()?));
                self.expect(TokenKind::RightParen)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// `INDEXED BY name`, `NOT INDEXED` or nothing.
    pub(super) fn optional_indexed_by(&mut self) -> Parse<Option<IndexedBy>> {
        match self.kind() {
            TokenKind::Indexed => {
                self.take()?;
                self.expect(TokenKind::By)?;
                Ok(Some(IndexedBy::Index(self.name()?)))
            }
            TokenKind::Not => {
                self.take()?;
                self.expect(TokenKind::Indexed)?;
                Ok(Some(IndexedBy::NotIndexed))
            }
            _ => Ok(None),
        }
    }

    fn join_operator(&mut self) -> Parse<Option<JoinOperator>> {
        let kind = match self.kind() {
            TokenKind::Comma => JoinKind::Comma,
            TokenKind::Join => JoinKind::Inner,
            TokenKind::JoinWord => return self.join_words().map(Some),
            _ => return Ok(None),
        };
        self.take()?;
        Ok(Some(JoinOperator { kind, natural: false }))
    }

    /// Up to three words and JOIN: `LEFT JOIN`, `NATURAL FULL OUTER JOIN`. SQLite takes any names here and then
    /// looks at them.
    fn join_words(&mut self) -> Parse<JoinOperator> {
        let mut words = vec![self.take()?];
        while words.len() < 3 && self.kind().is_name() {
            words.push(self.take()?);
        }
        self.expect(TokenKind::Join)?;
        if let Some(operator) = self.join_operator_of(&words) {
            return Ok(operator);
        }
        let words: Vec<&str> = words.into_iter().map(|word| self.text(word)).collect();
        self.complain(format!("unknown join type: {}", words.join(" ")));
        Ok(JoinOperator { kind: JoinKind::Inner, natural: false })
    }

    fn join_operator_of(&self, words: &[Token]) -> Option<JoinOperator> {
        let (mut natural, mut inner, mut cross) = (false, false, false);
        let (mut left, mut right, mut outer) = (false, false, false);
        for &word in words {
            match self.text(word).to_ascii_lowercase().as_str() {
                "natural" => natural = true,
                "inner" => inner = true,
                "cross" => (inner, cross) = (true, true),
                "left" => (left, outer) = (true, true),
                "right" => (right, outer) = (true, true),
                "full" => (left, right, outer) = (true, true, true),
                "outer" => outer = true,
                _ => return None,
            }
        }
        if inner && outer || outer && !left && !right {
            return None;
        }
        let kind = match (left, right) {
            (true, true) => JoinKind::Full,
            (true, false) => JoinKind::Left,
            (false, true) => JoinKind::Right,
            (false, false) if cross => JoinKind::Cross,
            (false, false) => JoinKind::Inner,
        };
        Some(JoinOperator { kind, natural })
    }

    // WITH.

    pub(super) fn optional_with(&mut self) -> Parse<Option<With>> {
        if self.kind() != TokenKind::With {
            return Ok(None);
        }
        let start = self.take()?.start;
        let recursive = self.accept(TokenKind::Recursive)?;
        let mut tables: Vec<CommonTable> = Vec::new();
        self.push_depth(5)?;
        loop {
            let table = self.common_table()?;
            if tables.iter().any(|other| other.name.is(&table.name.text)) {
                self.complain(format!("duplicate WITH table name: {}", table.name.text));
            }
            tables.push(table);
            if !self.accept(TokenKind::Comma)? {
                break;
            }
        }
        self.depth -= 5;
        Ok(Some(With { recursive, tables, span: self.span_from(start) }))
    }

    fn common_table(&mut self) -> Parse<CommonTable> {
        let start = self.token.start;
        let name = self.name()?;
        self.has_with = true;
        let columns = self.optional_column_name_list()?;
        self.expect(TokenKind::As)?;
        let materialized = match self.kind() {
            TokenKind::Materialized => {
                self.take()?;
                Some(Materialized::Yes)
            }
            TokenKind::Not => {
                self.take()?;
                self.expect(TokenKind::Materialized)?;
                Some(Materialized::No)
            }
            _ => None,
        };
        self.expect(TokenKind::LeftParen)?;
        let select = self.select()?;
        self.expect(TokenKind::RightParen)?;
        Ok(CommonTable { name, columns, materialized, select, span: self.span_from(start) })
    }

    /// `name [AS alias]` of INSERT, UPDATE and DELETE.
    pub(super) fn changed_table(&mut self) -> Parse<(QualifiedName, Option<Name>)> {
        let table = self.qualified_name()?;
        let alias = if self.accept(TokenKind::As)? { Some(self.name()?) } else { None };
        Ok((table, alias))
    }
}

/// A term to be filled in.
fn empty_term() -> FromTerm {
    let name = QualifiedName { schema: None, name: Name::default() };
    let source = FromSource::Table { name, indexed: None };
    FromTerm { source, alias: None, constraint: None, span: Span::default() }
}

#[inline(never)]
fn empty_from() -> Box<From> {
    Box::new(From { first: empty_term(), joins: Vec::new(), span: Span::default() })
}

#[inline(never)]
fn push_join(joins: &mut Vec<Join>, operator: JoinOperator) -> &mut FromTerm {
    let index = joins.len();
    joins.push(Join { operator, term: empty_term() });
    &mut joins[index].term
}
