//! Tree to text.
//!
//! The text parses to the same statement again (spans aside), and printing that gives the same text: names keep
//! the quotes they were written with, parentheses stand only where precedence needs them, keywords are upper case,
//! one space stands between tokens. Parameters come out as `?N`.

use crate::ast::{
    AlterAction, AlterTable, Assignment, AssignmentTarget, BeginMode, BinaryOp, Check, ColumnConstraint,
    ColumnConstraintKind, ColumnDefinition, CompoundOp, ConflictAction, CreateTable, CreateTableBody,
    CreateTrigger, CreateVirtualTable, DefaultValue, Deferral, Delete, DropObject, Expr, ExprKind,
    ForeignKeyAction, ForeignKeyClause, Frame, FrameBound, FrameExclude, FrameUnit, From, FromSource,
    FromTerm, FunctionArguments, FunctionCall, IndexedBy, Initially, Insert, InsertSource, JoinConstraint,
    JoinKind, JoinOperator, LikeOp, Limit, Literal, Materialized, Name, NullsOrder, Over, PragmaValue,
    PragmaValueKind, QualifiedName, Quantifier, Query, Quote, RaiseAction, ResultColumn, Select, SelectCore,
    SortOrder, SortTerm, Statement, TableConstraint, TableConstraintKind, TriggerEvent, TriggerTime,
    TypeName, UnaryOp, Update, Upsert, UpsertAction, Window, With,
};
use crate::keyword::push_identifier;
use crate::parser::{Precedence, is_type, precedence_of};

/// The statement as SQL text, without a semicolon.
pub fn statement(statement: &Statement) -> String {
    let mut printer = Printer::default();
    printer.statement(statement);
    printer.out
}

/// The query as SQL text.
pub fn select(select: &Select) -> String {
    let mut printer = Printer::default();
    printer.select(select);
    printer.out
}

/// The expression as SQL text, without parentheses around it.
pub fn expr(expr: &Expr) -> String {
    let mut printer = Printer::default();
    printer.expr(expr, Precedence::None);
    printer.out
}

#[derive(Default)]
struct Printer {
    out: String,
}

impl Printer {
    // Pieces. `word` sets a space before itself where one is needed.

    fn word(&mut self, word: &str) {
        if !self.out.is_empty() && !self.out.ends_with(['(', ' ', '.']) {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }

    fn space(&mut self) {
        self.word("");
    }

    fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.space();
            print(self, item);
        }
    }

    fn parens(&mut self, print: impl FnOnce(&mut Self)) {
        self.word("(");
        print(self);
        self.out.push(')');
    }

    fn quoted(&mut self, text: &str, quote: char) {
        self.out.push(quote);
        for c in text.chars() {
            if c == quote {
                self.out.push(quote);
            }
            self.out.push(c);
        }
        self.out.push(quote);
    }

    fn name(&mut self, name: &Name) {
        self.space();
        match name.quote {
            Quote::None => push_identifier(&mut self.out, &name.text),
            Quote::Double => self.quoted(&name.text, '"'),
            Quote::Backtick => self.quoted(&name.text, '`'),
            Quote::Single => self.quoted(&name.text, '\''),
            Quote::Bracket => {
                self.out.push('[');
                self.out.push_str(&name.text);
                self.out.push(']');
            }
        }
    }

    fn qualified_name(&mut self, name: &QualifiedName) {
        if let Some(schema) = &name.schema {
            self.name(schema);
            self.out.push('.');
        }
        self.name(&name.name);
    }

    fn names(&mut self, names: &[Name]) {
        self.parens(|p| p.list(names, Self::name));
    }

    fn optional_names(&mut self, names: Option<&Vec<Name>>) {
        if let Some(names) = names {
            self.names(names);
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        self.list(exprs, |p, expr| p.expr(expr, Precedence::None));
    }

    fn clause(&mut self, words: &str, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.word(words);
            self.expr(expr, Precedence::None);
        }
    }

    // Expressions.

    /// In parentheses when it binds less tight than `least`.
    fn expr(&mut self, expr: &Expr, least: Precedence) {
        if precedence(&expr.kind) < least {
            self.parens(|p| p.expr_kind(&expr.kind));
        } else {
            self.expr_kind(&expr.kind);
        }
    }

    fn expr_kind(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Column { qualifier, column } => {
                if let Some(qualifier) = qualifier {
                    if let Some(schema) = &qualifier.schema {
                        self.name(schema);
                        self.out.push('.');
                    }
                    self.name(&qualifier.table);
                    self.out.push('.');
                }
                self.name(column);
            }
            ExprKind::Parameter(number) => self.word(&format!("?{number}")),
            ExprKind::Unary { op, operand } => self.unary(*op, operand),
            ExprKind::Binary { op, left, right } => {
                let precedence = precedence_of(*op);
                self.expr(left, precedence);
                self.word(binary_op(*op));
                self.expr(right, tighter(precedence));
            }
            ExprKind::Like { op, negated, operand, pattern, escape } => {
                self.operand(operand, *negated);
                self.word(match op {
                    LikeOp::Like => "LIKE",
                    LikeOp::Glob => "GLOB",
                    LikeOp::Regexp => "REGEXP",
                    LikeOp::Match => "MATCH",
                });
                self.expr(pattern, Precedence::Comparison);
                if let Some(escape) = escape {
                    self.word("ESCAPE");
                    self.expr(escape, Precedence::Comparison);
                }
            }
            ExprKind::Between { negated, operand, low, high } => {
                self.operand(operand, *negated);
                self.word("BETWEEN");
                self.expr(low, Precedence::Not);
                self.word("AND");
                self.expr(high, Precedence::Comparison);
            }
            ExprKind::InList { negated, operand, list } => {
                self.operand(operand, *negated);
                self.word("IN");
                self.parens(|p| p.exprs(list));
            }
            ExprKind::InSelect { negated, operand, select } => {
                self.operand(operand, *negated);
                self.word("IN");
                self.parens(|p| p.select(select));
            }
            ExprKind::InTable { negated, operand, table, arguments } => {
                self.operand(operand, *negated);
                self.word("IN");
                self.qualified_name(table);
                if let Some(arguments) = arguments {
                    self.parens(|p| p.exprs(arguments));
                }
            }
            ExprKind::Collate { operand, collation } => {
                self.expr(operand, Precedence::Collate);
                self.word("COLLATE");
                self.name(collation);
            }
            ExprKind::Cast { operand, type_name } => {
                self.word("CAST(");
                self.expr(operand, Precedence::None);
                self.word("AS");
                if let Some(type_name) = type_name {
                    self.type_name(type_name);
                }
                self.out.push(')');
            }
            ExprKind::Case { operand, arms, otherwise } => {
                self.word("CASE");
                if let Some(operand) = operand {
                    self.expr(operand, Precedence::None);
                }
                for (when, then) in arms {
                    self.clause("WHEN", Some(when));
                    self.clause("THEN", Some(then));
                }
                self.clause("ELSE", otherwise.as_deref());
                self.word("END");
            }
            ExprKind::Function(call) => self.function(call),
            ExprKind::Exists(select) => {
                self.word("EXISTS");
                self.parens(|p| p.select(select));
            }
            ExprKind::Subquery(select) => self.parens(|p| p.select(select)),
            ExprKind::Row(items) => self.parens(|p| p.exprs(items)),
            ExprKind::Raise { action, message } => {
                self.word(match action {
                    RaiseAction::Ignore => "RAISE(IGNORE",
                    RaiseAction::Rollback => "RAISE(ROLLBACK,",
                    RaiseAction::Abort => "RAISE(ABORT,",
                    RaiseAction::Fail => "RAISE(FAIL,",
                });
                if let Some(message) = message {
                    self.expr(message, Precedence::None);
                }
                self.out.push(')');
            }
        }
    }

    /// The left side of an operator on the level of `=`.
    fn operand(&mut self, operand: &Expr, negated: bool) {
        self.expr(operand, Precedence::Equality);
        if negated {
            self.word("NOT");
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) {
        match op {
            UnaryOp::Not => {
                self.word("NOT");
                self.expr(operand, Precedence::Not);
            }
            UnaryOp::Minus | UnaryOp::Plus | UnaryOp::BitNot => {
                self.word(match op {
                    UnaryOp::Minus => "-",
                    UnaryOp::Plus => "+",
                    _ => "~",
                });
                // The space keeps `- -x` from becoming a comment.
                self.expr(operand, Precedence::Sign);
            }
            UnaryOp::IsNull => {
                self.expr(operand, Precedence::Equality);
                self.word("ISNULL");
            }
            UnaryOp::NotNull => {
                self.expr(operand, Precedence::Equality);
                self.word("NOTNULL");
            }
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.word("NULL"),
            Literal::Integer(value) if *value < 0 => self.word(&format!("0x{value:x}")),
            Literal::Integer(value) => self.word(&value.to_string()),
            Literal::BigInteger(text) | Literal::Real(text) => self.word(text),
            Literal::String(text) => {
                self.space();
                self.quoted(text, '\'');
            }
            Literal::Blob(bytes) => {
                self.word("x'");
                for byte in bytes {
                    let hex = b"0123456789abcdef";
                    self.out.push(hex[usize::from(byte >> 4)] as char);
                    self.out.push(hex[usize::from(byte & 15)] as char);
                }
                self.out.push('\'');
            }
            Literal::CurrentTime => self.word("CURRENT_TIME"),
            Literal::CurrentDate => self.word("CURRENT_DATE"),
            Literal::CurrentTimestamp => self.word("CURRENT_TIMESTAMP"),
        }
    }

    fn type_name(&mut self, type_name: &TypeName) {
        self.space();
        if is_type(&type_name.text) {
            self.out.push_str(&type_name.text);
        } else {
            self.quoted(&type_name.text, '"');
        }
    }

    fn function(&mut self, call: &FunctionCall) {
        self.name(&call.name);
        self.out.push('(');
        match &call.arguments {
            FunctionArguments::Star => self.out.push('*'),
            FunctionArguments::List(arguments) => {
                if call.distinct {
                    self.word("DISTINCT");
                }
                self.exprs(arguments);
                self.order_by(&call.order_by);
            }
        }
        self.out.push(')');
        if let Some(filter) = &call.filter {
            self.word("FILTER");
            self.parens(|p| p.clause("WHERE", Some(filter)));
        }
        match &call.over {
            Some(Over::Name(name)) => {
                self.word("OVER");
                self.name(name);
            }
            Some(Over::Window(window)) => {
                self.word("OVER");
                self.parens(|p| p.window(window));
            }
            None => {}
        }
    }

    fn window(&mut self, window: &Window) {
        if let Some(base) = &window.base {
            self.name(base);
        }
        if !window.partition_by.is_empty() {
            self.word("PARTITION BY");
            self.exprs(&window.partition_by);
        }
        self.order_by(&window.order_by);
        if let Some(frame) = &window.frame {
            self.frame(frame);
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.word(match frame.unit {
            FrameUnit::Rows => "ROWS",
            FrameUnit::Range => "RANGE",
            FrameUnit::Groups => "GROUPS",
        });
        if let Some(end) = &frame.end {
            self.word("BETWEEN");
            self.frame_bound(&frame.start);
            self.word("AND");
            self.frame_bound(end);
        } else {
            self.frame_bound(&frame.start);
        }
        match frame.exclude {
            Some(FrameExclude::NoOthers) => self.word("EXCLUDE NO OTHERS"),
            Some(FrameExclude::CurrentRow) => self.word("EXCLUDE CURRENT ROW"),
            Some(FrameExclude::Group) => self.word("EXCLUDE GROUP"),
            Some(FrameExclude::Ties) => self.word("EXCLUDE TIES"),
            None => {}
        }
    }

    fn frame_bound(&mut self, bound: &FrameBound) {
        let (expr, word) = match bound {
            FrameBound::UnboundedPreceding => return self.word("UNBOUNDED PRECEDING"),
            FrameBound::CurrentRow => return self.word("CURRENT ROW"),
            FrameBound::UnboundedFollowing => return self.word("UNBOUNDED FOLLOWING"),
            FrameBound::Preceding(expr) => (expr, "PRECEDING"),
            FrameBound::Following(expr) => (expr, "FOLLOWING"),
        };
        // Tighter than AND, which separates the bounds.
        self.expr(expr, Precedence::Not);
        self.word(word);
    }

    fn order_by(&mut self, terms: &[SortTerm]) {
        if !terms.is_empty() {
            self.word("ORDER BY");
            self.list(terms, Self::sort_term);
        }
    }

    fn sort_term(&mut self, term: &SortTerm) {
        self.expr(&term.expr, Precedence::None);
        self.sort_order(term.order);
        match term.nulls {
            Some(NullsOrder::First) => self.word("NULLS FIRST"),
            Some(NullsOrder::Last) => self.word("NULLS LAST"),
            None => {}
        }
    }

    fn sort_order(&mut self, order: Option<SortOrder>) {
        match order {
            Some(SortOrder::Ascending) => self.word("ASC"),
            Some(SortOrder::Descending) => self.word("DESC"),
            None => {}
        }
    }

    // Queries.

    fn select(&mut self, select: &Select) {
        self.with(select.with.as_ref());
        self.select_core(&select.first);
        for compound in &select.compounds {
            self.word(match compound.op {
                CompoundOp::Union => "UNION",
                CompoundOp::UnionAll => "UNION ALL",
                CompoundOp::Except => "EXCEPT",
                CompoundOp::Intersect => "INTERSECT",
            });
            self.select_core(&compound.core);
        }
        self.order_by(&select.order_by);
        self.limit(select.limit.as_ref());
    }

    fn limit(&mut self, limit: Option<&Limit>) {
        if let Some(limit) = limit {
            self.clause("LIMIT", Some(&limit.limit));
            self.clause("OFFSET", limit.offset.as_deref());
        }
    }

    fn with(&mut self, with: Option<&With>) {
        let Some(with) = with else { return };
        self.word(if with.recursive { "WITH RECURSIVE" } else { "WITH" });
        self.list(&with.tables, |p, table| {
            p.name(&table.name);
            p.optional_names(table.columns.as_ref());
            p.word(match table.materialized {
                Some(Materialized::Yes) => "AS MATERIALIZED",
                Some(Materialized::No) => "AS NOT MATERIALIZED",
                None => "AS",
            });
            p.parens(|p| p.select(&table.select));
        });
    }

    fn select_core(&mut self, core: &SelectCore) {
        match core {
            SelectCore::Query(query) => self.query(query),
            SelectCore::Values(values) => {
                self.word("VALUES");
                self.list(&values.rows, |p, row| p.parens(|p| p.exprs(row)));
            }
        }
    }

    fn query(&mut self, query: &Query) {
        self.word(match query.quantifier {
            Some(Quantifier::Distinct) => "SELECT DISTINCT",
            Some(Quantifier::All) => "SELECT ALL",
            None => "SELECT",
        });
        self.result_columns(&query.columns);
        self.from(query.from.as_ref());
        self.clause("WHERE", query.filter.as_ref());
        if !query.group_by.is_empty() {
            self.word("GROUP BY");
            self.exprs(&query.group_by);
        }
        self.clause("HAVING", query.having.as_ref());
        if !query.windows.is_empty() {
            self.word("WINDOW");
            self.list(&query.windows, |p, named| {
                p.name(&named.name);
                p.word("AS");
                p.parens(|p| p.window(&named.window));
            });
        }
    }

    fn result_columns(&mut self, columns: &[ResultColumn]) {
        self.list(columns, |p, column| match column {
            ResultColumn::Expr { expr, alias, .. } => {
                p.expr(expr, Precedence::None);
                p.alias(alias.as_ref());
            }
            ResultColumn::Star { .. } => p.word("*"),
            ResultColumn::TableStar { table, .. } => {
                p.name(table);
                p.out.push_str(".*");
            }
        });
    }

    fn alias(&mut self, alias: Option<&Name>) {
        if let Some(alias) = alias {
            self.word("AS");
            self.name(alias);
        }
    }

    fn from(&mut self, from: Option<&From>) {
        if let Some(from) = from {
            self.word("FROM");
            self.joined_terms(from);
        }
    }

    fn joined_terms(&mut self, from: &From) {
        self.joined_term(&from.first);
        for join in &from.joins {
            self.join_operator(join.operator);
            self.joined_term(&join.term);
        }
    }

    fn join_operator(&mut self, operator: JoinOperator) {
        if operator.kind == JoinKind::Comma {
            return self.out.push(',');
        }
        if operator.natural {
            self.word("NATURAL");
        }
        self.word(match operator.kind {
            JoinKind::Comma | JoinKind::Inner => "JOIN",
            JoinKind::Cross => "CROSS JOIN",
            JoinKind::Left => "LEFT JOIN",
            JoinKind::Right => "RIGHT JOIN",
            JoinKind::Full => "FULL JOIN",
        });
    }

    fn joined_term(&mut self, term: &FromTerm) {
        match &term.source {
            FromSource::Table { name, .. } => self.qualified_name(name),
            FromSource::Function { name, arguments } => {
                self.qualified_name(name);
                self.out.push('(');
                self.exprs(arguments);
                self.out.push(')');
            }
            FromSource::Subquery(select) => self.parens(|p| p.select(select)),
            FromSource::Nested(from) => self.parens(|p| p.joined_terms(from)),
        }
        self.alias(term.alias.as_ref());
        if let FromSource::Table { indexed, .. } = &term.source {
            self.indexed_by(indexed.as_ref());
        }
        match &term.constraint {
            Some(JoinConstraint::On(expr)) => self.clause("ON", Some(expr)),
            Some(JoinConstraint::Using(names)) => {
                self.word("USING");
                self.names(names);
            }
            None => {}
        }
    }

    fn indexed_by(&mut self, indexed: Option<&IndexedBy>) {
        match indexed {
            Some(IndexedBy::Index(name)) => {
                self.word("INDEXED BY");
                self.name(name);
            }
            Some(IndexedBy::NotIndexed) => self.word("NOT INDEXED"),
            None => {}
        }
    }

    // Statements.

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Explain(explain) => {
                self.word(if explain.query_plan { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" });
                self.statement(&explain.statement);
            }
            Statement::Select(select) => self.select(select),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::CreateTable(create) => self.create_table(create),
            Statement::CreateIndex(create) => {
                self.word(if create.unique { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" });
                self.created_name(create.if_not_exists, &create.name);
                self.word("ON");
                self.name(&create.table);
                self.parens(|p| p.list(&create.columns, Self::sort_term));
                self.clause("WHERE", create.filter.as_ref());
            }
            Statement::CreateView(create) => {
                self.word(if create.temporary { "CREATE TEMP VIEW" } else { "CREATE VIEW" });
                self.created_name(create.if_not_exists, &create.name);
                self.optional_names(create.columns.as_ref());
                self.word("AS");
                self.select(&create.select);
            }
            Statement::CreateTrigger(create) => self.create_trigger(create),
            Statement::CreateVirtualTable(create) => self.create_virtual_table(create),
            Statement::Drop(drop) => {
                self.word(match drop.object {
                    DropObject::Table => "DROP TABLE",
                    DropObject::Index => "DROP INDEX",
                    DropObject::View => "DROP VIEW",
                    DropObject::Trigger => "DROP TRIGGER",
                });
                if drop.if_exists {
                    self.word("IF EXISTS");
                }
                self.qualified_name(&drop.name);
            }
            Statement::AlterTable(alter) => self.alter_table(alter),
            Statement::Begin(BeginMode::Deferred) => self.word("BEGIN"),
            Statement::Begin(BeginMode::Immediate) => self.word("BEGIN IMMEDIATE"),
            Statement::Begin(BeginMode::Exclusive) => self.word("BEGIN EXCLUSIVE"),
            Statement::Commit => self.word("COMMIT"),
            Statement::Rollback => self.word("ROLLBACK"),
            Statement::Savepoint(name) => self.named("SAVEPOINT", name),
            Statement::Release(name) => self.named("RELEASE", name),
            Statement::RollbackTo(name) => self.named("ROLLBACK TO", name),
            Statement::Pragma(pragma) => {
                self.word("PRAGMA");
                self.qualified_name(&pragma.name);
                if let Some(value) = &pragma.value {
                    self.pragma_value(value);
                }
            }
            Statement::Attach(attach) => {
                self.clause("ATTACH", Some(&attach.file));
                self.clause("AS", Some(&attach.schema));
                self.clause("KEY", attach.key.as_ref());
            }
            Statement::Detach(schema) => self.clause("DETACH", Some(schema)),
            Statement::Analyze(name) => self.upkeep("ANALYZE", name.as_ref()),
            Statement::Reindex(name) => self.upkeep("REINDEX", name.as_ref()),
            Statement::Vacuum(vacuum) => {
                self.word("VACUUM");
                if let Some(schema) = &vacuum.schema {
                    self.name(schema);
                }
                self.clause("INTO", vacuum.into.as_ref());
            }
        }
    }

    fn named(&mut self, words: &str, name: &Name) {
        self.word(words);
        self.name(name);
    }

    fn upkeep(&mut self, word: &str, name: Option<&QualifiedName>) {
        self.word(word);
        if let Some(name) = name {
            self.qualified_name(name);
        }
    }

    fn pragma_value(&mut self, value: &PragmaValue) {
        self.word(if value.in_parentheses { "(" } else { "=" });
        match value.kind {
            PragmaValueKind::Number | PragmaValueKind::Word => self.word(&value.text),
            PragmaValueKind::Quoted => {
                self.space();
                self.quoted(&value.text, '\'');
            }
        }
        if value.in_parentheses {
            self.out.push(')');
        }
    }

    fn or_conflict(&mut self, or: Option<ConflictAction>) {
        if let Some(action) = or {
            self.word("OR");
            self.word(conflict_action(action));
        }
    }

    fn on_conflict(&mut self, on_conflict: Option<ConflictAction>) {
        if let Some(action) = on_conflict {
            self.word("ON CONFLICT");
            self.word(conflict_action(action));
        }
    }

    fn insert(&mut self, insert: &Insert) {
        self.with(insert.with.as_ref());
        if insert.is_replace {
            self.word("REPLACE");
        } else {
            self.word("INSERT");
            self.or_conflict(insert.or);
        }
        self.word("INTO");
        self.qualified_name(&insert.table);
        self.alias(insert.alias.as_ref());
        self.optional_names(insert.columns.as_ref());
        match &insert.source {
            InsertSource::DefaultValues => self.word("DEFAULT VALUES"),
            InsertSource::Select(select) => self.select(select),
        }
        for upsert in &insert.upserts {
            self.upsert(upsert);
        }
        self.returning(&insert.returning);
    }

    fn upsert(&mut self, upsert: &Upsert) {
        self.word("ON CONFLICT");
        if let Some(target) = &upsert.target {
            self.parens(|p| p.list(&target.columns, Self::sort_term));
            self.clause("WHERE", target.filter.as_ref());
        }
        match &upsert.action {
            UpsertAction::Nothing => self.word("DO NOTHING"),
            UpsertAction::Update { assignments, filter } => {
                self.word("DO UPDATE SET");
                self.list(assignments, Self::assignment);
                self.clause("WHERE", filter.as_ref());
            }
        }
    }

    fn assignment(&mut self, assignment: &Assignment) {
        match &assignment.target {
            AssignmentTarget::Column(name) => self.name(name),
            AssignmentTarget::Row(names) => self.names(names),
        }
        self.word("=");
        self.expr(&assignment.value, Precedence::None);
    }

    fn returning(&mut self, columns: &[ResultColumn]) {
        if !columns.is_empty() {
            self.word("RETURNING");
            self.result_columns(columns);
        }
    }

    fn update(&mut self, update: &Update) {
        self.with(update.with.as_ref());
        self.word("UPDATE");
        self.or_conflict(update.or);
        self.qualified_name(&update.table);
        self.alias(update.alias.as_ref());
        self.indexed_by(update.indexed.as_ref());
        self.word("SET");
        self.list(&update.assignments, Self::assignment);
        self.from(update.from.as_ref());
        self.clause("WHERE", update.filter.as_ref());
        self.returning(&update.returning);
        self.order_by(&update.order_by);
        self.limit(update.limit.as_ref());
    }

    fn delete(&mut self, delete: &Delete) {
        self.with(delete.with.as_ref());
        self.word("DELETE FROM");
        self.qualified_name(&delete.table);
        self.alias(delete.alias.as_ref());
        self.indexed_by(delete.indexed.as_ref());
        self.clause("WHERE", delete.filter.as_ref());
        self.returning(&delete.returning);
        self.order_by(&delete.order_by);
        self.limit(delete.limit.as_ref());
    }

    // Definitions.

    fn created_name(&mut self, if_not_exists: bool, name: &QualifiedName) {
        if if_not_exists {
            self.word("IF NOT EXISTS");
        }
        self.qualified_name(name);
    }

    fn create_table(&mut self, create: &CreateTable) {
        self.word(if create.temporary { "CREATE TEMP TABLE" } else { "CREATE TABLE" });
        self.created_name(create.if_not_exists, &create.name);
        match &create.body {
            CreateTableBody::Select(select) => {
                self.word("AS");
                self.select(select);
            }
            CreateTableBody::Columns { columns, constraints, options, .. } => {
                self.parens(|p| {
                    p.list(columns, Self::column_definition);
                    for constraint in constraints {
                        p.out.push(',');
                        p.table_constraint(constraint);
                    }
                });
                if options.without_rowid {
                    self.word("WITHOUT ROWID");
                }
                if options.strict {
                    self.word(if options.without_rowid { ", STRICT" } else { "STRICT" });
                }
            }
        }
    }

    fn column_definition(&mut self, column: &ColumnDefinition) {
        self.name(&column.name);
        if let Some(type_name) = &column.type_name {
            self.type_name(type_name);
        }
        for constraint in &column.constraints {
            self.column_constraint(constraint);
        }
    }

    fn constraint_name(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.named("CONSTRAINT", name);
        }
    }

    fn column_constraint(&mut self, constraint: &ColumnConstraint) {
        self.constraint_name(constraint.name.as_ref());
        match &constraint.kind {
            ColumnConstraintKind::Null { on_conflict } => {
                self.word("NULL");
                self.on_conflict(*on_conflict);
            }
            ColumnConstraintKind::NotNull { on_conflict } => {
                self.word("NOT NULL");
                self.on_conflict(*on_conflict);
            }
            ColumnConstraintKind::PrimaryKey { order, on_conflict, autoincrement } => {
                self.word("PRIMARY KEY");
                self.sort_order(*order);
                self.on_conflict(*on_conflict);
                if *autoincrement {
                    self.word("AUTOINCREMENT");
                }
            }
            ColumnConstraintKind::Unique { on_conflict } => {
                self.word("UNIQUE");
                self.on_conflict(*on_conflict);
            }
            ColumnConstraintKind::Check(check) => self.check(check),
            ColumnConstraintKind::Default(default) => self.default_value(default),
            ColumnConstraintKind::ForeignKey(clause) => self.foreign_key_clause(clause),
            ColumnConstraintKind::Deferrable(deferral) => self.deferral(*deferral),
            ColumnConstraintKind::Collate(name) => self.named("COLLATE", name),
            ColumnConstraintKind::Generated(generated) => {
                self.word("AS");
                self.parens(|p| p.expr(&generated.expr, Precedence::None));
                if let Some(storage) = &generated.storage {
                    self.name(storage);
                }
            }
        }
    }

    fn check(&mut self, check: &Check) {
        self.word("CHECK");
        self.parens(|p| p.expr(&check.expr, Precedence::None));
    }

    fn default_value(&mut self, default: &DefaultValue) {
        self.word("DEFAULT");
        let is_term = match &default.expr.kind {
            ExprKind::Literal(_) => true,
            ExprKind::Unary { op: UnaryOp::Minus, operand } => matches!(operand.kind, ExprKind::Literal(_)),
            _ => false,
        };
        if is_term {
            self.expr(&default.expr, Precedence::None);
        } else {
            self.parens(|p| p.expr(&default.expr, Precedence::None));
        }
    }

    fn foreign_key_clause(&mut self, clause: &ForeignKeyClause) {
        self.named("REFERENCES", &clause.table);
        self.optional_names(clause.columns.as_ref());
        for (words, action) in [("ON DELETE", clause.on_delete), ("ON UPDATE", clause.on_update)] {
            if let Some(action) = action {
                self.word(words);
                self.word(match action {
                    ForeignKeyAction::SetNull => "SET NULL",
                    ForeignKeyAction::SetDefault => "SET DEFAULT",
                    ForeignKeyAction::Cascade => "CASCADE",
                    ForeignKeyAction::Restrict => "RESTRICT",
                    ForeignKeyAction::NoAction => "NO ACTION",
                });
            }
        }
        if let Some(deferral) = clause.deferral {
            self.deferral(deferral);
        }
    }

    fn deferral(&mut self, deferral: Deferral) {
        self.word(if deferral.deferrable { "DEFERRABLE" } else { "NOT DEFERRABLE" });
        match deferral.initially {
            Some(Initially::Deferred) => self.word("INITIALLY DEFERRED"),
            Some(Initially::Immediate) => self.word("INITIALLY IMMEDIATE"),
            None => {}
        }
    }

    fn table_constraint(&mut self, constraint: &TableConstraint) {
        self.constraint_name(constraint.name.as_ref());
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { columns, autoincrement, on_conflict } => {
                self.word("PRIMARY KEY");
                self.parens(|p| {
                    p.list(columns, Self::sort_term);
                    if *autoincrement {
                        p.word("AUTOINCREMENT");
                    }
                });
                self.on_conflict(*on_conflict);
            }
            TableConstraintKind::Unique { columns, on_conflict } => {
                self.word("UNIQUE");
                self.parens(|p| p.list(columns, Self::sort_term));
                self.on_conflict(*on_conflict);
            }
            TableConstraintKind::Check { check, on_conflict } => {
                self.check(check);
                self.on_conflict(*on_conflict);
            }
            TableConstraintKind::ForeignKey { columns, clause } => {
                self.word("FOREIGN KEY");
                self.names(columns);
                self.foreign_key_clause(clause);
            }
        }
    }

    fn create_trigger(&mut self, create: &CreateTrigger) {
        self.word(if create.temporary { "CREATE TEMP TRIGGER" } else { "CREATE TRIGGER" });
        self.created_name(create.if_not_exists, &create.name);
        match create.time {
            Some(TriggerTime::Before) => self.word("BEFORE"),
            Some(TriggerTime::After) => self.word("AFTER"),
            Some(TriggerTime::InsteadOf) => self.word("INSTEAD OF"),
            None => {}
        }
        match &create.event {
            TriggerEvent::Delete => self.word("DELETE"),
            TriggerEvent::Insert => self.word("INSERT"),
            TriggerEvent::Update => self.word("UPDATE"),
            TriggerEvent::UpdateOf(names) => {
                self.word("UPDATE OF");
                self.list(names, Self::name);
            }
        }
        self.word("ON");
        self.qualified_name(&create.table);
        if create.for_each_row {
            self.word("FOR EACH ROW");
        }
        self.clause("WHEN", create.when.as_ref());
        self.word("BEGIN");
        for step in &create.body {
            self.statement(&step.statement);
            self.out.push(';');
        }
        self.word("END");
    }

    fn create_virtual_table(&mut self, create: &CreateVirtualTable) {
        self.word("CREATE VIRTUAL TABLE");
        self.created_name(create.if_not_exists, &create.name);
        self.named("USING", &create.module);
        if !create.arguments.is_empty() {
            self.parens(|p| p.list(&create.arguments, |p, argument| p.out.push_str(argument)));
        }
    }

    fn alter_table(&mut self, alter: &AlterTable) {
        self.word("ALTER TABLE");
        self.qualified_name(&alter.table);
        match &alter.action {
            AlterAction::RenameTable(name) => self.named("RENAME TO", name),
            AlterAction::RenameColumn { from, to } => {
                self.named("RENAME COLUMN", from);
                self.named("TO", to);
            }
            AlterAction::AddColumn(column) => {
                self.word("ADD COLUMN");
                self.column_definition(column);
            }
            AlterAction::DropColumn(name) => self.named("DROP COLUMN", name),
            AlterAction::AddCheck { name, check, on_conflict, .. } => {
                self.word("ADD");
                self.constraint_name(name.as_ref());
                self.check(check);
                self.on_conflict(*on_conflict);
            }
            AlterAction::DropConstraint(name) => self.named("DROP CONSTRAINT", name),
            AlterAction::SetNotNull { column, on_conflict, .. } => {
                self.named("ALTER COLUMN", column);
                self.word("SET NOT NULL");
                self.on_conflict(*on_conflict);
            }
            AlterAction::DropNotNull(name) => {
                self.named("ALTER COLUMN", name);
                self.word("DROP NOT NULL");
            }
        }
    }
}

/// How tight the outermost operator of an expression binds; what has none binds tightest.
fn precedence(kind: &ExprKind) -> Precedence {
    match kind {
        ExprKind::Binary { op, .. } => precedence_of(*op),
        ExprKind::Unary { op: UnaryOp::Not, .. } => Precedence::Not,
        ExprKind::Unary { op: UnaryOp::IsNull | UnaryOp::NotNull, .. }
        | ExprKind::Like { .. }
        | ExprKind::Between { .. }
        | ExprKind::InList { .. }
        | ExprKind::InSelect { .. }
        | ExprKind::InTable { .. } => Precedence::Equality,
        ExprKind::Collate { .. } => Precedence::Collate,
        _ => Precedence::Sign,
    }
}

/// The next tighter level: what the right side of a left-associative operator needs.
fn tighter(precedence: Precedence) -> Precedence {
    match precedence {
        Precedence::None => Precedence::Or,
        Precedence::Or => Precedence::And,
        Precedence::And => Precedence::Not,
        Precedence::Not => Precedence::Equality,
        Precedence::Equality => Precedence::Comparison,
        Precedence::Comparison => Precedence::Bits,
        Precedence::Bits => Precedence::Sum,
        Precedence::Sum => Precedence::Product,
        Precedence::Product => Precedence::Concat,
        Precedence::Concat => Precedence::Collate,
        Precedence::Collate | Precedence::Sign => Precedence::Sign,
    }
}

fn binary_op(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "OR",
        BinaryOp::And => "AND",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "<>",
        BinaryOp::Is => "IS",
        BinaryOp::IsNot => "IS NOT",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
        BinaryOp::Concat => "||",
        BinaryOp::JsonExtract => "->",
        BinaryOp::JsonExtractText => "->>",
    }
}

fn conflict_action(action: ConflictAction) -> &'static str {
    match action {
        ConflictAction::Rollback => "ROLLBACK",
        ConflictAction::Abort => "ABORT",
        ConflictAction::Fail => "FAIL",
        ConflictAction::Ignore => "IGNORE",
        ConflictAction::Replace => "REPLACE",
    }
}
