//! CREATE, DROP and ALTER.

use super::{Parse, Parser, with_begun};
use crate::ast::{
    AlterAction, AlterTable, Check, ColumnConstraint, ColumnConstraintKind, ColumnDefinition, CreateIndex,
    CreateTable, CreateTableBody, CreateTrigger, CreateView, CreateVirtualTable, DefaultValue, Deferral,
    Drop, DropObject, Expr, ExprKind, ForeignKeyAction, ForeignKeyClause, Generated, Initially, Literal,
    Name, QualifiedName, Span, Statement, TableConstraint, TableConstraintKind, TableOptions, TriggerEvent,
    TriggerStep, TriggerTime, TypeName, UnaryOp,
};
use crate::token::TokenKind;

impl Parser<'_> {
    pub(super) fn create(&mut self) -> Parse<Statement> {
        self.take()?;
        let temporary = self.accept(TokenKind::Temp)?;
        match self.kind() {
            TokenKind::Table => self.create_table(temporary),
            TokenKind::View => self.create_view(temporary),
            TokenKind::Trigger => self.create_trigger(temporary),
            TokenKind::Unique | TokenKind::Index if !temporary => self.create_index(),
            TokenKind::Virtual if !temporary => self.create_virtual_table(),
            _ => Err(self.syntax_error()),
        }
    }

    // CREATE TABLE.

    fn create_table(&mut self, temporary: bool) -> Parse<Statement> {
        self.take()?;
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_name()?;
        let kind = self.kind();
        if !matches!(kind, TokenKind::As | TokenKind::LeftParen) {
            return Err(self.syntax_error());
        }
        let open = self.take()?;
        let (mut columns, mut constraints) = (Vec::new(), Vec::new());
        let body = if kind == TokenKind::As {
            self.select().map(CreateTableBody::Select)
        } else {
            self.table_body(&mut columns, &mut constraints).map(|(options, close)| {
                let (columns, constraints) = (std::mem::take(&mut columns), std::mem::take(&mut constraints));
                CreateTableBody::Columns { columns, constraints, options, close }
            })
        };
        let create =
            |body| Statement::CreateTable(Box::new(CreateTable { temporary, if_not_exists, name, body }));
        match body {
            Ok(body) => Ok(create(body)),
            Err(error) => {
                self.drop_unread(&mut columns, &mut constraints);
                let (options, close) = (TableOptions::default(), open.span());
                Err(with_begun(
                    error,
                    create(CreateTableBody::Columns { columns, constraints, options, close }),
                ))
            }
        }
    }

    /// What ends in front of the token that does not fit SQLite has not acted on: it waits for a token behind it.
    fn drop_unread(&self, columns: &mut Vec<ColumnDefinition>, constraints: &mut Vec<TableConstraint>) {
        constraints.pop_if(|constraint| constraint.span.end == self.last_end);
        columns.pop_if(|column| column.constraints.is_empty() && column.span.end == self.last_end);
        if let Some(column) = columns.last_mut() {
            column.constraints.pop_if(|constraint| constraint.span.end == self.last_end);
        }
    }

    fn table_body(
        &mut self,
        columns: &mut Vec<ColumnDefinition>,
        constraints: &mut Vec<TableConstraint>,
    ) -> Parse<(TableOptions, Span)> {
        loop {
            columns.push(self.column_head()?);
            if let Some(column) = columns.last_mut() {
                self.column_constraints(column)?;
            }
            if !self.accept(TokenKind::Comma)? {
                break;
            }
            if self.at_table_constraint() {
                self.table_constraints(last_constraint_name(columns), constraints)?;
                break;
            }
        }
        let close = self.expect(TokenKind::RightParen)?.span();
        Ok((self.table_options()?, close))
    }

    fn table_options(&mut self) -> Parse<TableOptions> {
        let mut options = TableOptions::default();
        // SQLite takes a comma in front of the first option, too.
        let mut is_next = self.kind().is_name() || self.accept(TokenKind::Comma)?;
        while is_next {
            let without = self.accept(TokenKind::Without)?;
            if !self.kind().is_name() {
                return Err(self.syntax_error());
            }
            let token = self.take()?;
            let text = self.text(token);
            if without && text.eq_ignore_ascii_case("rowid") {
                options.without_rowid = true;
            } else if !without && text.eq_ignore_ascii_case("strict") {
                options.strict = true;
            } else {
                self.complain(format!("unknown table option: {text}"));
            }
            is_next = self.accept(TokenKind::Comma)?;
        }
        Ok(options)
    }

    /// A column's name and type.
    fn column_head(&mut self) -> Parse<ColumnDefinition> {
        let name = self.name()?;
        let type_name = self.type_name()?.and_then(|type_name| self.without_generated(type_name));
        let span = self.span_from(name.span.start);
        Ok(ColumnDefinition { name, type_name, constraints: Vec::new(), span })
    }

    /// GENERATED ALWAYS behind a type reads as two more words of it; SQLite cuts them off, so do we.
    fn without_generated(&self, type_name: TypeName) -> Option<TypeName> {
        let cut = |text: &str, word: &str| -> Option<usize> {
            let start = text.len().checked_sub(word.len())?;
            let is_word = text.as_bytes()[start..].eq_ignore_ascii_case(word.as_bytes());
            is_word.then(|| text[..start].trim_end().len())
        };
        let source = type_name.span.text(self.sql);
        let len = cut(source, "ALWAYS").and_then(|len| cut(&source[..len], "GENERATED"));
        match len {
            Some(len) => {
                let start = type_name.span.start;
                self.type_name_of(Span { start, end: start + len as u32 })
            }
            None => Some(type_name),
        }
    }

    fn column_constraints(&mut self, column: &mut ColumnDefinition) -> Parse<()> {
        let mut name: Option<Name> = None;
        let mut start = self.token.start;
        loop {
            if self.accept(TokenKind::Constraint)? {
                name = Some(self.name()?);
                continue;
            }
            if !matches!(name, Some(ref name) if name.span.end == self.last_end) {
                start = self.token.start;
            }
            let Some(kind) = self.column_constraint()? else { return Ok(()) };
            let span = self.span_from(start);
            column.constraints.push(ColumnConstraint { name: name.clone(), kind, span });
            column.span.end = self.last_end;
            start = self.token.start;
        }
    }

    fn column_constraint(&mut self) -> Parse<Option<ColumnConstraintKind>> {
        use ColumnConstraintKind as Kind;
        let token = self.token;
        if !matches!(
            token.kind,
            TokenKind::Default
                | TokenKind::Null
                | TokenKind::Not
                | TokenKind::Primary
                | TokenKind::Unique
                | TokenKind::Check
                | TokenKind::References
                | TokenKind::Deferrable
                | TokenKind::Collate
                | TokenKind::Generated
                | TokenKind::As
        ) {
            return Ok(None);
        }
        self.take()?;
        Ok(Some(match token.kind {
            TokenKind::Default => Kind::Default(self.default_value()?),
            TokenKind::Null => Kind::Null { on_conflict: self.on_conflict()? },
            TokenKind::Not if self.kind() == TokenKind::Deferrable => {
                self.take()?;
                Kind::Deferrable(self.deferral(false)?)
            }
            TokenKind::Not => {
                self.expect(TokenKind::Null)?;
                Kind::NotNull { on_conflict: self.on_conflict()? }
            }
            TokenKind::Primary => {
                self.expect(TokenKind::Key)?;
                Kind::PrimaryKey {
                    order: self.optional_sort_order()?,
                    on_conflict: self.on_conflict()?,
                    autoincrement: self.accept(TokenKind::Autoincrement)?,
                }
            }
            TokenKind::Unique => Kind::Unique { on_conflict: self.on_conflict()? },
            TokenKind::Check => Kind::Check(self.check()?),
            TokenKind::References => Kind::ForeignKey(self.foreign_key_clause()?),
            TokenKind::Deferrable => Kind::Deferrable(self.deferral(true)?),
            TokenKind::Collate => Kind::Collate(self.identifier_or_string()?),
            TokenKind::Generated => {
                self.expect(TokenKind::Always)?;
                self.expect(TokenKind::As)?;
                Kind::Generated(self.generated()?)
            }
            _ => Kind::Generated(self.generated()?),
        }))
    }

    /// `(expr)`: the expression and the trimmed text between the parentheses.
    fn parenthesized(&mut self) -> Parse<(Expr, Span)> {
        let open = self.expect(TokenKind::LeftParen)?;
        let expr = self.expr()?;
        let close = self.expect(TokenKind::RightParen)?;
        Ok((expr, self.trimmed(Span { start: open.end, end: close.start })))
    }

    fn check(&mut self) -> Parse<Check> {
        let (expr, text) = self.parenthesized()?;
        Ok(Check { expr, text })
    }

    fn generated(&mut self) -> Parse<Generated> {
        let (expr, text) = self.parenthesized()?;
        let storage = if self.kind().is_identifier() { Some(self.name()?) } else { None };
        Ok(Generated { expr, storage, text })
    }

    fn default_value(&mut self) -> Parse<DefaultValue> {
        let token = self.token;
        match token.kind {
            TokenKind::LeftParen => {
                let (expr, text) = self.parenthesized()?;
                Ok(DefaultValue { expr, text })
            }
            TokenKind::Plus | TokenKind::Minus => {
                self.take()?;
                let number = self.token;
                let operand = Expr { kind: ExprKind::Literal(self.literal()?), span: number.span() };
                let text = Span { start: token.start, end: number.end };
                let expr = if token.kind == TokenKind::Minus {
                    let operand = Box::new(operand);
                    Expr { kind: ExprKind::Unary { op: UnaryOp::Minus, operand }, span: text }
                } else {
                    operand
                };
                Ok(DefaultValue { expr, text })
            }
            kind if (kind.is_identifier() || kind == TokenKind::Indexed) && kind != TokenKind::TimeWord => {
                let name = self.name()?;
                let kind = if name.is("true") || name.is("false") {
                    ExprKind::Column { qualifier: None, column: name }
                } else {
                    ExprKind::Literal(Literal::String(name.text))
                };
                Ok(DefaultValue { expr: Expr { kind, span: token.span() }, text: token.span() })
            }
            _ => {
                let kind = ExprKind::Literal(self.literal()?);
                Ok(DefaultValue { expr: Expr { kind, span: token.span() }, text: token.span() })
            }
        }
    }

    // Foreign keys.

    /// Behind REFERENCES.
    fn foreign_key_clause(&mut self) -> Parse<ForeignKeyClause> {
        let table = self.name()?;
        let columns = self.optional_column_name_list()?;
        let mut clause =
            ForeignKeyClause { table, columns, on_delete: None, on_update: None, deferral: None };
        loop {
            if self.accept(TokenKind::Match)? {
                // SQLite keeps nothing of it.
                self.name()?;
            } else if self.accept(TokenKind::On)? {
                let event = self.token.kind;
                if !matches!(event, TokenKind::Insert | TokenKind::Delete | TokenKind::Update) {
                    return Err(self.syntax_error());
                }
                self.take()?;
                let action = self.foreign_key_action()?;
                match event {
                    TokenKind::Delete => clause.on_delete = Some(action),
                    TokenKind::Update => clause.on_update = Some(action),
                    _ => {}
                }
            } else {
                break;
            }
        }
        clause.deferral = self.optional_deferral()?;
        Ok(clause)
    }

    fn foreign_key_action(&mut self) -> Parse<ForeignKeyAction> {
        let action = match self.kind() {
            TokenKind::Cascade => ForeignKeyAction::Cascade,
            TokenKind::Restrict => ForeignKeyAction::Restrict,
            TokenKind::No => {
                self.take()?;
                self.expect(TokenKind::Action)?;
                return Ok(ForeignKeyAction::NoAction);
            }
            TokenKind::Set => {
                self.take()?;
                match self.kind() {
                    TokenKind::Null => ForeignKeyAction::SetNull,
                    TokenKind::Default => ForeignKeyAction::SetDefault,
                    _ => return Err(self.syntax_error()),
                }
            }
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        Ok(action)
    }

    /// A deferral directly behind REFERENCES; NOT may be that of NOT NULL instead.
    fn optional_deferral(&mut self) -> Parse<Option<Deferral>> {
        match self.kind() {
            TokenKind::Deferrable => {
                self.take()?;
                Ok(Some(self.deferral(true)?))
            }
            TokenKind::Not if self.lexer.peek_two().0 == TokenKind::Deferrable => {
                self.take()?;
                self.take()?;
                Ok(Some(self.deferral(false)?))
            }
            _ => Ok(None),
        }
    }

    /// Behind DEFERRABLE.
    fn deferral(&mut self, deferrable: bool) -> Parse<Deferral> {
        let initially = if self.accept(TokenKind::Initially)? {
            let initially = match self.kind() {
                TokenKind::Deferred => Initially::Deferred,
                TokenKind::Immediate => Initially::Immediate,
                _ => return Err(self.syntax_error()),
            };
            self.take()?;
            Some(initially)
        } else {
            None
        };
        Ok(Deferral { deferrable, initially })
    }

    // Table constraints.

    fn at_table_constraint(&self) -> bool {
        matches!(
            self.kind(),
            TokenKind::Constraint
                | TokenKind::Primary
                | TokenKind::Unique
                | TokenKind::Check
                | TokenKind::Foreign
        )
    }

    /// At least one; commas between them may be left out, and each comma ends the reach of a CONSTRAINT name, but for
    /// the one in front of the first: the last column's name goes on as `name`.
    fn table_constraints(
        &mut self,
        mut name: Option<Name>,
        constraints: &mut Vec<TableConstraint>,
    ) -> Parse<()> {
        let mut start = self.token.start;
        loop {
            if self.kind() == TokenKind::Constraint {
                start = self.take()?.start;
                name = Some(self.name()?);
            } else if self.at_table_constraint() {
                if !matches!(name, Some(ref name) if name.span.end == self.last_end) {
                    start = self.token.start;
                }
                let kind = self.table_constraint()?;
                constraints.push(TableConstraint { name: name.clone(), kind, span: self.span_from(start) });
            } else {
                return Err(self.syntax_error());
            }
            if self.accept(TokenKind::Comma)? {
                name = None;
            } else if !self.at_table_constraint() {
                return Ok(());
            }
        }
    }

    fn table_constraint(&mut self) -> Parse<TableConstraintKind> {
        match self.take()?.kind {
            TokenKind::Primary => {
                self.expect(TokenKind::Key)?;
                self.expect(TokenKind::LeftParen)?;
                let columns = self.sort_terms()?;
                let autoincrement = self.accept(TokenKind::Autoincrement)?;
                self.expect(TokenKind::RightParen)?;
                let on_conflict = self.on_conflict()?;
                Ok(TableConstraintKind::PrimaryKey { columns, autoincrement, on_conflict })
            }
            TokenKind::Unique => {
                self.expect(TokenKind::LeftParen)?;
                let columns = self.sort_terms()?;
                self.expect(TokenKind::RightParen)?;
                Ok(TableConstraintKind::Unique { columns, on_conflict: self.on_conflict()? })
            }
            TokenKind::Check => {
                let check = self.check()?;
                Ok(TableConstraintKind::Check { check, on_conflict: self.on_conflict()? })
            }
            _ => {
                self.expect(TokenKind::Key)?;
                self.expect(TokenKind::LeftParen)?;
                let columns = self.column_name_list()?;
                self.expect(TokenKind::RightParen)?;
                self.expect(TokenKind::References)?;
                let mut clause = self.foreign_key_clause()?;
                if clause.deferral.is_none() && self.accept(TokenKind::Not)? {
                    self.expect(TokenKind::Deferrable)?;
                    clause.deferral = Some(self.deferral(false)?);
                }
                Ok(TableConstraintKind::ForeignKey { columns, clause })
            }
        }
    }

    // CREATE INDEX, VIEW, TRIGGER, VIRTUAL TABLE.

    fn create_index(&mut self) -> Parse<Statement> {
        let unique = self.accept(TokenKind::Unique)?;
        self.expect(TokenKind::Index)?;
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_name()?;
        self.expect(TokenKind::On)?;
        let table = self.name()?;
        self.expect(TokenKind::LeftParen)?;
        let columns = self.sort_terms()?;
        self.expect(TokenKind::RightParen)?;
        let filter = self.optional_where()?;
        Ok(Statement::CreateIndex(Box::new(CreateIndex {
            unique,
            if_not_exists,
            name,
            table,
            columns,
            filter,
        })))
    }

    fn create_view(&mut self, temporary: bool) -> Parse<Statement> {
        self.take()?;
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_name()?;
        let columns = self.optional_column_name_list()?;
        self.expect(TokenKind::As)?;
        let select = self.select()?;
        Ok(Statement::CreateView(Box::new(CreateView { temporary, if_not_exists, name, columns, select })))
    }

    fn create_trigger(&mut self, temporary: bool) -> Parse<Statement> {
        self.take()?;
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_name()?;
        let time = self.trigger_time()?;
        let event = self.trigger_event()?;
        self.expect(TokenKind::On)?;
        let table = self.qualified_name()?;
        let for_each_row = self.accept(TokenKind::For)?;
        if for_each_row {
            self.expect(TokenKind::Each)?;
            self.expect(TokenKind::Row)?;
        }
        let when = if self.accept(TokenKind::When)? { Some(self.expr()?) } else { None };
        let begin = self.expect(TokenKind::Begin)?;
        self.in_trigger = true;
        let mut body = Vec::new();
        let steps = self.trigger_steps(&mut body);
        self.in_trigger = false;
        let trigger = Statement::CreateTrigger(Box::new(CreateTrigger {
            temporary,
            if_not_exists,
            name,
            time,
            event,
            table,
            for_each_row,
            when,
            body,
            body_span: self.span_from(begin.start),
        }));
        match steps {
            Ok(()) => Ok(trigger),
            Err(error) => Err(with_begun(error, trigger)),
        }
    }

    fn trigger_steps(&mut self, body: &mut Vec<TriggerStep>) -> Parse<()> {
        loop {
            body.push(self.trigger_step()?);
            // At the end of the text SQLite's parser is given one semicolon, which fits here.
            if self.kind() == TokenKind::End
                && let Some(complaint) = self.complaint.take()
            {
                return Err(complaint);
            }
            self.expect(TokenKind::Semicolon)?;
            if self.accept(TokenKind::EndWord)? {
                return Ok(());
            }
        }
    }

    fn trigger_time(&mut self) -> Parse<Option<TriggerTime>> {
        let time = match self.kind() {
            TokenKind::Before => TriggerTime::Before,
            TokenKind::After => TriggerTime::After,
            TokenKind::Instead => {
                self.take()?;
                self.expect(TokenKind::Of)?;
                return Ok(Some(TriggerTime::InsteadOf));
            }
            _ => return Ok(None),
        };
        self.take()?;
        Ok(Some(time))
    }

    fn trigger_event(&mut self) -> Parse<TriggerEvent> {
        let event = match self.kind() {
            TokenKind::Delete => TriggerEvent::Delete,
            TokenKind::Insert => TriggerEvent::Insert,
            TokenKind::Update => TriggerEvent::Update,
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        if event == TriggerEvent::Update && self.accept(TokenKind::Of)? {
            return Ok(TriggerEvent::UpdateOf(self.name_list()?));
        }
        Ok(event)
    }

    fn trigger_step(&mut self) -> Parse<TriggerStep> {
        let start = self.token.start;
        let statement = match self.kind() {
            TokenKind::Update => self.update(None, start)?,
            TokenKind::Insert | TokenKind::Replace => self.insert(None, start)?,
            TokenKind::Delete => self.delete(None, start)?,
            TokenKind::Select | TokenKind::Values | TokenKind::With => Statement::Select(self.select()?),
            _ => return Err(self.syntax_error()),
        };
        Ok(TriggerStep { statement, span: self.span_from(start) })
    }

    fn create_virtual_table(&mut self) -> Parse<Statement> {
        self.take()?;
        self.expect(TokenKind::Table)?;
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_name()?;
        self.expect(TokenKind::Using)?;
        let module = self.name()?;
        let create = |arguments| {
            Statement::CreateVirtualTable(Box::new(CreateVirtualTable {
                if_not_exists,
                name,
                module,
                arguments,
            }))
        };
        if !self.accept(TokenKind::LeftParen)? {
            return Ok(create(Vec::new()));
        }
        match self.module_arguments() {
            Ok(arguments) => Ok(create(arguments)),
            Err(error) => Err(with_begun(error, create(Vec::new()))),
        }
    }

    /// Any tokens, split at the commas outside parentheses. Semicolons, too, are tokens like others here.
    fn module_arguments(&mut self) -> Parse<Vec<Box<str>>> {
        let mut arguments: Vec<Box<str>> = Vec::new();
        let mut start = self.token.start;
        let mut open_count = 0u32;
        loop {
            let token = self.token;
            match token.kind {
                TokenKind::End => return Err(self.syntax_error()),
                TokenKind::Comma | TokenKind::RightParen if open_count == 0 => {
                    // SQLite hands no empty argument to a module.
                    if self.last_end > start {
                        arguments.push(self.span_from(start).text(self.sql).into());
                    }
                    self.take()?;
                    if token.kind == TokenKind::RightParen {
                        break;
                    }
                    start = self.token.start;
                    continue;
                }
                TokenKind::LeftParen => open_count += 1,
                TokenKind::RightParen => open_count -= 1,
                _ => {}
            }
            self.take()?;
        }
        Ok(arguments)
    }

    // DROP and ALTER.

    pub(super) fn drop_object(&mut self) -> Parse<Statement> {
        self.take()?;
        let object = match self.kind() {
            TokenKind::Table => DropObject::Table,
            TokenKind::Index => DropObject::Index,
            TokenKind::View => DropObject::View,
            TokenKind::Trigger => DropObject::Trigger,
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        let if_exists = self.accept(TokenKind::If)?;
        if if_exists {
            self.expect(TokenKind::Exists)?;
        }
        let name = self.qualified_name()?;
        Ok(Statement::Drop(Box::new(Drop { object, if_exists, name })))
    }

    pub(super) fn alter_table(&mut self) -> Parse<Statement> {
        self.take()?;
        self.expect(TokenKind::Table)?;
        let table: QualifiedName = self.qualified_name()?;
        let action = match self.kind() {
            TokenKind::Rename => self.alter_rename()?,
            TokenKind::Add => self.alter_add()?,
            TokenKind::Drop => {
                self.take()?;
                if self.accept(TokenKind::Constraint)? {
                    AlterAction::DropConstraint(self.name()?)
                } else {
                    self.accept(TokenKind::Column)?;
                    AlterAction::DropColumn(self.name()?)
                }
            }
            TokenKind::Alter => self.alter_column()?,
            _ => return Err(self.syntax_error()),
        };
        Ok(Statement::AlterTable(Box::new(AlterTable { table, action })))
    }

    fn alter_rename(&mut self) -> Parse<AlterAction> {
        self.take()?;
        if self.accept(TokenKind::To)? {
            return Ok(AlterAction::RenameTable(self.name()?));
        }
        self.accept(TokenKind::Column)?;
        let from = self.name()?;
        self.expect(TokenKind::To)?;
        Ok(AlterAction::RenameColumn { from, to: self.name()? })
    }

    fn alter_add(&mut self) -> Parse<AlterAction> {
        self.take()?;
        let start = self.token.start;
        let name = match self.kind() {
            TokenKind::Constraint => {
                self.take()?;
                let name = self.name()?;
                Some(name)
            }
            TokenKind::Check => None,
            _ => {
                self.accept(TokenKind::Column)?;
                let mut column = self.column_head()?;
                self.column_constraints(&mut column)?;
                return Ok(AlterAction::AddColumn(column));
            }
        };
        self.expect(TokenKind::Check)?;
        let check = self.check()?;
        let on_conflict = self.on_conflict()?;
        Ok(AlterAction::AddCheck { name, check, on_conflict, span: self.span_from(start) })
    }

    fn alter_column(&mut self) -> Parse<AlterAction> {
        self.take()?;
        self.accept(TokenKind::Column)?;
        let column = self.name()?;
        if self.accept(TokenKind::Drop)? {
            self.expect(TokenKind::Not)?;
            self.expect(TokenKind::Null)?;
            return Ok(AlterAction::DropNotNull(column));
        }
        self.expect(TokenKind::Set)?;
        let start = self.token.start;
        self.expect(TokenKind::Not)?;
        self.expect(TokenKind::Null)?;
        let on_conflict = self.on_conflict()?;
        Ok(AlterAction::SetNotNull { column, on_conflict, span: self.span_from(start) })
    }
}

fn last_constraint_name(columns: &[ColumnDefinition]) -> Option<Name> {
    columns.last()?.constraints.last()?.name.clone()
}
