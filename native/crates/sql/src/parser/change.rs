//! INSERT, REPLACE, UPDATE, DELETE, as statements and as steps of a trigger.

use super::{Parse, Parser};
use crate::ast::{
    Assignment, AssignmentTarget, ConflictAction, Delete, IndexedBy, Insert, InsertSource, ResultColumn,
    Statement, Update, Upsert, UpsertAction, UpsertTarget, With,
};
use crate::token::TokenKind;

impl Parser<'_> {
    /// Behind the WITH, which may be absent; `start` is where the statement starts, WITH included.
    pub(super) fn insert(&mut self, with: Option<With>, start: u32) -> Parse<Statement> {
        let is_replace = self.take()?.kind == TokenKind::Replace;
        let or = if is_replace { Some(ConflictAction::Replace) } else { self.or_conflict()? };
        self.expect(TokenKind::Into)?;
        let (table, alias) = self.changed_table()?;
        let columns = self.optional_name_list()?;
        let mut insert = Box::new(Insert {
            with,
            is_replace,
            or,
            table,
            alias,
            columns,
            source: InsertSource::DefaultValues,
            upserts: Vec::new(),
            returning: Vec::new(),
            span: crate::ast::Span::default(),
        });
        if self.kind() == TokenKind::Default && !self.in_trigger {
            self.take()?;
            self.expect(TokenKind::Values)?;
        } else {
            insert.source = InsertSource::Select(self.select()?);
            insert.upserts = self.upserts()?;
        }
        insert.returning = self.optional_returning()?;
        insert.span = self.span_from(start);
        Ok(Statement::Insert(insert))
    }

    fn upserts(&mut self) -> Parse<Vec<Upsert>> {
        let mut upserts = Vec::new();
        while self.accept(TokenKind::On)? {
            self.expect(TokenKind::Conflict)?;
            let target = if self.accept(TokenKind::LeftParen)? {
                let columns = self.sort_terms()?;
                self.expect(TokenKind::RightParen)?;
                Some(UpsertTarget { columns, filter: self.optional_where()? })
            } else {
                None
            };
            let is_last = target.is_none();
            self.expect(TokenKind::Do)?;
            let action = match self.kind() {
                TokenKind::Nothing => {
                    self.take()?;
                    UpsertAction::Nothing
                }
                TokenKind::Update => {
                    self.take()?;
                    self.expect(TokenKind::Set)?;
                    UpsertAction::Update { assignments: self.assignments()?, filter: self.optional_where()? }
                }
                _ => return Err(self.syntax_error()),
            };
            upserts.push(Upsert { target, action });
            if is_last {
                break;
            }
        }
        Ok(upserts)
    }

    fn optional_returning(&mut self) -> Parse<Vec<ResultColumn>> {
        if !self.accept(TokenKind::Returning)? {
            return Ok(Vec::new());
        }
        let columns = self.result_columns()?;
        if self.in_trigger {
            self.complain("cannot use RETURNING in a trigger".into());
        }
        Ok(columns)
    }

    fn assignments(&mut self) -> Parse<Vec<Assignment>> {
        let mut assignments = Vec::new();
        let mut columns = 0;
        loop {
            let target = if self.accept(TokenKind::LeftParen)? {
                let names = self.name_list()?;
                self.expect(TokenKind::RightParen)?;
                AssignmentTarget::Row(names)
            } else {
                AssignmentTarget::Column(self.name()?)
            };
            self.expect(TokenKind::Equal)?;
            columns += match &target {
                AssignmentTarget::Column(_) => 1,
                AssignmentTarget::Row(names) => names.len(),
            };
            assignments.push(Assignment { target, value: self.expr()? });
            if !self.accept(TokenKind::Comma)? {
                if columns > self.dialect.columns {
                    return Err(super::error("too many columns in set list".to_owned()));
                }
                return Ok(assignments);
            }
        }
    }

    pub(super) fn update(&mut self, with: Option<With>, start: u32) -> Parse<Statement> {
        self.take()?;
        let or = self.or_conflict()?;
        let (table, alias) = self.changed_table()?;
        let indexed = self.changed_table_index()?;
        self.expect(TokenKind::Set)?;
        let mut update = Box::new(Update {
            with,
            or,
            table,
            alias,
            indexed,
            assignments: self.assignments()?,
            from: self.optional_from()?,
            filter: self.optional_where()?,
            returning: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            span: crate::ast::Span::default(),
        });
        if !self.in_trigger {
            update.returning = self.optional_returning()?;
        }
        if self.takes_limit_of_change() {
            update.order_by = self.order_by()?;
            update.limit = self.optional_limit()?;
        }
        update.span = self.span_from(start);
        Ok(Statement::Update(update))
    }

    pub(super) fn delete(&mut self, with: Option<With>, start: u32) -> Parse<Statement> {
        self.take()?;
        self.expect(TokenKind::From)?;
        let (table, alias) = self.changed_table()?;
        let indexed = self.changed_table_index()?;
        let mut delete = Box::new(Delete {
            with,
            table,
            alias,
            indexed,
            filter: self.optional_where()?,
            returning: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            span: crate::ast::Span::default(),
        });
        if !self.in_trigger {
            delete.returning = self.optional_returning()?;
        }
        if self.takes_limit_of_change() {
            delete.order_by = self.order_by()?;
            delete.limit = self.optional_limit()?;
        }
        delete.span = self.span_from(start);
        Ok(Statement::Delete(delete))
    }

    fn takes_limit_of_change(&self) -> bool {
        !self.in_trigger && self.dialect.limited_changes
    }

    fn changed_table_index(&mut self) -> Parse<Option<IndexedBy>> {
        let indexed = self.optional_indexed_by()?;
        if let Some(indexed) = &indexed
            && self.in_trigger
        {
            let clause = match indexed {
                IndexedBy::Index(_) => "INDEXED BY",
                IndexedBy::NotIndexed => "NOT INDEXED",
            };
            self.complain(format!(
                "the {clause} clause is not allowed on UPDATE or DELETE statements within triggers"
            ));
        }
        Ok(indexed)
    }
}
