//! Which statement it is; transactions and upkeep.

use super::{Parse, Parser};
use crate::ast::{
    Attach, BeginMode, Explain, Pragma, PragmaValue, PragmaValueKind, QualifiedName, Statement, Vacuum,
};
use crate::token::TokenKind;

impl Parser<'_> {
    pub(super) fn explainable_statement(&mut self) -> Parse<Statement> {
        if !self.accept(TokenKind::Explain)? {
            return self.statement();
        }
        let query_plan = self.accept(TokenKind::Query)?;
        if query_plan {
            self.expect(TokenKind::Plan)?;
        }
        Ok(Statement::Explain(Box::new(Explain { query_plan, statement: self.statement()? })))
    }

    fn statement(&mut self) -> Parse<Statement> {
        let start = self.token.start;
        match self.kind() {
            TokenKind::Select | TokenKind::Values => {
                Ok(Statement::Select(self.select_behind_with(None, start)?))
            }
            TokenKind::With => self.statement_with(),
            TokenKind::Insert | TokenKind::Replace => self.insert(None, start),
            TokenKind::Update => self.update(None, start),
            TokenKind::Delete => self.delete(None, start),
            TokenKind::Create => self.create(),
            TokenKind::Drop => self.drop_object(),
            TokenKind::Alter => self.alter_table(),
            TokenKind::Begin => self.begin(),
            TokenKind::Commit | TokenKind::EndWord => {
                self.take()?;
                self.optional_transaction()?;
                Ok(Statement::Commit)
            }
            TokenKind::Rollback => self.rollback(),
            TokenKind::Savepoint => {
                self.take()?;
                Ok(Statement::Savepoint(self.name()?))
            }
            TokenKind::Release => {
                self.take()?;
                self.accept(TokenKind::Savepoint)?;
                Ok(Statement::Release(self.name()?))
            }
            TokenKind::Pragma => self.pragma(),
            TokenKind::Attach => self.attach(),
            TokenKind::Detach => {
                self.take()?;
                self.accept(TokenKind::Database)?;
                Ok(Statement::Detach(Box::new(self.expr()?)))
            }
            TokenKind::Analyze => {
                self.take()?;
                Ok(Statement::Analyze(self.optional_qualified_name()?))
            }
            TokenKind::Reindex => {
                self.take()?;
                Ok(Statement::Reindex(self.optional_qualified_name()?))
            }
            TokenKind::Vacuum => self.vacuum(),
            _ => Err(self.syntax_error()),
        }
    }

    fn statement_with(&mut self) -> Parse<Statement> {
        let start = self.token.start;
        let with = self.optional_with()?;
        match self.kind() {
            TokenKind::Select | TokenKind::Values => {
                Ok(Statement::Select(self.select_behind_with(with, start)?))
            }
            TokenKind::Insert | TokenKind::Replace => self.insert(with, start),
            TokenKind::Update => self.update(with, start),
            TokenKind::Delete => self.delete(with, start),
            _ => Err(self.syntax_error()),
        }
    }

    fn optional_qualified_name(&mut self) -> Parse<Option<QualifiedName>> {
        if self.kind().is_name() { Ok(Some(self.qualified_name()?)) } else { Ok(None) }
    }

    fn begin(&mut self) -> Parse<Statement> {
        self.take()?;
        let mode = match self.kind() {
            TokenKind::Deferred => Some(BeginMode::Deferred),
            TokenKind::Immediate => Some(BeginMode::Immediate),
            TokenKind::Exclusive => Some(BeginMode::Exclusive),
            _ => None,
        };
        if mode.is_some() {
            self.take()?;
        }
        self.optional_transaction()?;
        Ok(Statement::Begin(mode.unwrap_or(BeginMode::Deferred)))
    }

    /// `TRANSACTION [name]`, of which SQLite keeps nothing.
    fn optional_transaction(&mut self) -> Parse<()> {
        if self.accept(TokenKind::Transaction)? && self.kind().is_name() {
            self.take()?;
        }
        Ok(())
    }

    fn rollback(&mut self) -> Parse<Statement> {
        self.take()?;
        self.optional_transaction()?;
        if !self.accept(TokenKind::To)? {
            return Ok(Statement::Rollback);
        }
        self.accept(TokenKind::Savepoint)?;
        Ok(Statement::RollbackTo(self.name()?))
    }

    fn pragma(&mut self) -> Parse<Statement> {
        self.take()?;
        let name = self.qualified_name()?;
        let value = match self.kind() {
            TokenKind::Equal => {
                self.take()?;
                Some(self.pragma_value(false)?)
            }
            TokenKind::LeftParen => {
                self.take()?;
                let value = self.pragma_value(true)?;
                self.expect(TokenKind::RightParen)?;
                Some(value)
            }
            _ => None,
        };
        Ok(Statement::Pragma(Box::new(Pragma { name, value })))
    }

    fn pragma_value(&mut self, in_parentheses: bool) -> Parse<PragmaValue> {
        let start = self.token.start;
        let sign = match self.kind() {
            TokenKind::Minus => "-",
            _ => "",
        };
        let is_signed = matches!(self.kind(), TokenKind::Plus | TokenKind::Minus);
        if is_signed {
            self.take()?;
        }
        let token = self.token;
        let (text, kind) = match token.kind {
            TokenKind::Integer | TokenKind::Float => {
                (format!("{sign}{}", self.text(token)).into(), PragmaValueKind::Number)
            }
            _ if is_signed => return Err(self.syntax_error()),
            TokenKind::On | TokenKind::Delete | TokenKind::Default => {
                (self.text(token).into(), PragmaValueKind::Word)
            }
            kind if kind.is_name() => match super::dequote(self.text(token)) {
                (text, crate::ast::Quote::None) => (text, PragmaValueKind::Word),
                (text, _) => (text, PragmaValueKind::Quoted),
            },
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        Ok(PragmaValue { text, kind, in_parentheses, span: self.span_from(start) })
    }

    fn attach(&mut self) -> Parse<Statement> {
        self.take()?;
        self.accept(TokenKind::Database)?;
        let file = self.expr()?;
        self.expect(TokenKind::As)?;
        let schema = self.expr()?;
        let key = if self.accept(TokenKind::Key)? { Some(self.expr()?) } else { None };
        Ok(Statement::Attach(Box::new(Attach { file, schema, key })))
    }

    fn vacuum(&mut self) -> Parse<Statement> {
        self.take()?;
        let schema = if self.kind().is_name() { Some(self.name()?) } else { None };
        let into = if self.accept(TokenKind::Into)? { Some(self.expr()?) } else { None };
        Ok(Statement::Vacuum(Box::new(Vacuum { schema, into })))
    }
}
