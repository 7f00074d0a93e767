//! Tokens to tree: recursive descent over statements and clauses, an explicit stack for expressions (`expr`).
//!
//! Always true:
//! - One token of lookahead, `token`. A token is taken only after it was found to fit, so the first token that
//!   fits nowhere is the one SQLite names in `near "…": syntax error`.
//! - A keyword that may be an identifier is one exactly where its own meaning cannot stand.
//! - What SQLite's grammar actions complain about becomes an error when the next token fits; when it does not, that
//!   is the error. `complain` keeps this order.
//! - `depth` counts what SQLite's parser would hold on its stack, so nesting ends in an error long before our own
//!   stack does.

#![allow(clippy::unnecessary_box_returns, reason = "errors travel boxed in every result of the parser")]

mod change;
mod definition;
mod expr;
mod select;
mod statement;

use std::collections::HashMap;

pub(crate) use expr::{Precedence, precedence_of};

use crate::ParseError;
use crate::ast::{
    ConflictAction, Name, NullsOrder, QualifiedName, Quote, SortOrder, SortTerm, Span, Statement, TypeName,
};
use crate::lexer::Lexer;
use crate::token::{Token, TokenKind};

/// Symbols on SQLite's parser stack (SQLITE_MAX_PARSER_DEPTH).
const MAX_PARSER_DEPTH: u32 = 2500;
/// What lies on SQLite's stack below a statement's first symbol.
const DEPTH_OF_STATEMENT: u32 = 2;
/// SQLITE_MAX_VARIABLE_NUMBER
const MAX_PARAMETER: u32 = 32766;

/// Levels of an expression tree, at most (SQLITE_MAX_EXPR_DEPTH).
const MAX_EXPR_DEPTH: u32 = 1000;

/// In what the builds of SQLite and the limits of a connection differ, as far as it is the parser's to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Levels of an expression tree (SQLITE_LIMIT_EXPR_DEPTH).
    pub expr_depth: u32,
    /// Cores of a compound SELECT (SQLITE_LIMIT_COMPOUND_SELECT).
    pub compound_select: usize,
    /// SQLITE_LIMIT_COLUMN
    pub columns: usize,
    /// SQLITE_LIMIT_FUNCTION_ARG
    pub function_arguments: usize,
    /// Parameters may be called as Tcl's variables are: `$space::name(element)` (no SQLITE_OMIT_TCL_VARIABLE).
    pub tcl_variables: bool,
    /// ORDER BY and LIMIT of UPDATE and DELETE (SQLITE_ENABLE_UPDATE_DELETE_LIMIT).
    pub limited_changes: bool,
}

impl Default for Dialect {
    /// That of better-sqlite3's build, with the highest limits.
    fn default() -> Dialect {
        Dialect {
            expr_depth: MAX_EXPR_DEPTH,
            compound_select: 500,
            columns: 2000,
            function_arguments: 1000,
            tcl_variables: false,
            limited_changes: true,
        }
    }
}

/// One statement of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub statement: Statement,
    /// From the statement's first token to its last, the semicolon left out.
    pub span: Span,
    /// Where the next statement's text starts: behind the semicolon, or the end of the text.
    pub end: usize,
    pub parameters: Parameters,
}

/// The parameters of a statement, numbered from 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameters {
    /// Per number, its name with the prefix (`:a`, `@a`, `$a`, `?5`); None for `?` and for numbers skipped.
    /// Its length is the largest number in use.
    pub names: Vec<Option<Box<str>>>,
}

/// Parses the statement that starts at or after byte `offset`; None when only white space, comments and semicolons
/// are left. A NUL byte ends the text, as in SQLite.
pub fn parse_next(sql: &str, offset: usize) -> Result<Option<Parsed>, ParseError> {
    parse_dialect(sql, offset, Dialect::default())
}

/// The same in a connection's own dialect.
pub fn parse_dialect(sql: &str, offset: usize, dialect: Dialect) -> Result<Option<Parsed>, ParseError> {
    let mut lexer = Lexer::new(sql, offset).with_tcl_variables(dialect.tcl_variables);
    let mut token = lexer.next_token();
    while token.kind == TokenKind::Semicolon {
        token = lexer.next_token();
    }
    match token.kind {
        TokenKind::End => return Ok(None),
        TokenKind::Illegal => return Err(*unrecognized(token.span().text(sql), token.start)),
        _ => {}
    }
    let mut parser = Parser::new(sql, lexer, token);
    parser.dialect = dialect;
    match parser.whole_statement() {
        Ok((statement, span)) => Ok(Some(Parsed {
            statement,
            span,
            end: parser.token.end as usize,
            parameters: parser.parameters,
        })),
        Err(error) => Err(*error),
    }
}

/// Whether a text is what a declared type looks like, from end to end.
pub(crate) fn is_type(text: &str) -> bool {
    let mut lexer = Lexer::new(text, 0);
    let token = lexer.next_token();
    let mut parser = Parser::new(text, lexer, token);
    let covers = |name: &TypeName| *name.text == *text;
    matches!(parser.type_name(), Ok(Some(name)) if covers(&name)) && parser.kind() == TokenKind::End
}

/// Boxed: it is rare, and results are handed up through every level.
type Parse<T> = Result<T, Box<ParseError>>;

struct Parser<'a> {
    sql: &'a str,
    lexer: Lexer<'a>,
    /// The next token, not yet taken.
    token: Token,
    /// The end of the last token taken.
    last_end: u32,
    dialect: Dialect,
    depth: u32,
    /// Expressions being parsed inside one another through our own stack.
    nesting: u32,
    /// Of the expression parsed last.
    height: u32,
    /// Of the tallest expression completed since somebody set it to 0.
    peak: u32,
    frames: Vec<expr::Frame>,
    parameters: Parameters,
    parameter_numbers: HashMap<&'a str, u32>,
    in_trigger: bool,
    /// The name of a common table was met.
    has_with: bool,
    /// SELECTs and VALUES that ended.
    select_count: u32,
    /// What an action complained about since the last token was taken.
    complaint: Option<Box<ParseError>>,
}

#[cold]
fn unrecognized(text: &str, start: u32) -> Box<ParseError> {
    let message = format!("unrecognized token: \"{text}\"");
    Box::new(ParseError { message, offset: Some(start as usize), begun: None })
}

#[cold]
fn error(message: String) -> Box<ParseError> {
    Box::new(ParseError { message, offset: None, begun: None })
}

#[cold]
fn with_begun(mut error: Box<ParseError>, begun: Statement) -> Box<ParseError> {
    error.begun = Some(Box::new(begun));
    error
}

impl<'a> Parser<'a> {
    fn new(sql: &'a str, lexer: Lexer<'a>, token: Token) -> Self {
        Parser {
            sql,
            lexer,
            token,
            last_end: token.start,
            dialect: Dialect::default(),
            depth: DEPTH_OF_STATEMENT,
            nesting: 0,
            height: 0,
            peak: 0,
            frames: Vec::new(),
            parameters: Parameters::default(),
            parameter_numbers: HashMap::new(),
            in_trigger: false,
            has_with: false,
            select_count: 0,
            complaint: None,
        }
    }

    fn whole_statement(&mut self) -> Parse<(Statement, Span)> {
        let start = self.token.start;
        let statement = self.explainable_statement()?;
        let span = Span { start, end: self.last_end };
        match (self.token.kind, self.complaint.take()) {
            (TokenKind::Semicolon | TokenKind::End, Some(complaint)) => {
                Err(self.within(complaint, statement))
            }
            // Left in place: its end is where the next statement starts.
            (TokenKind::Semicolon | TokenKind::End, None) => Ok((statement, span)),
            _ => Err(self.within(self.syntax_error(), statement)),
        }
    }

    /// The error behind a statement that was whole.
    #[cold]
    fn within(&self, error: Box<ParseError>, statement: Statement) -> Box<ParseError> {
        match statement {
            Statement::Explain(explain) => self.within(error, explain.statement),
            // Waits for the token behind its module's name.
            Statement::CreateVirtualTable(create) if create.module.span.end == self.last_end => error,
            statement => with_begun(error, statement),
        }
    }

    // Tokens.

    #[inline]
    fn kind(&self) -> TokenKind {
        self.token.kind
    }

    /// Takes the token.
    #[inline]
    fn take(&mut self) -> Parse<Token> {
        if let Some(complaint) = self.complaint.take() {
            return Err(complaint);
        }
        let token = self.token;
        self.last_end = token.end;
        self.token = self.lexer.next_token();
        if self.token.kind == TokenKind::Illegal {
            return Err(unrecognized(self.token.span().text(self.sql), self.token.start));
        }
        Ok(token)
    }

    /// Takes the token if it is of this kind.
    #[inline]
    fn accept(&mut self, kind: TokenKind) -> Parse<bool> {
        if self.token.kind != kind {
            return Ok(false);
        }
        self.take()?;
        Ok(true)
    }

    #[inline]
    fn expect(&mut self, kind: TokenKind) -> Parse<Token> {
        if self.token.kind == kind { self.take() } else { Err(self.syntax_error()) }
    }

    fn text(&self, token: Token) -> &'a str {
        token.span().text(self.sql)
    }

    /// The span from `start` to the last token taken.
    fn span_from(&self, start: u32) -> Span {
        Span { start, end: self.last_end }
    }

    /// Cuts white space off both ends.
    fn trimmed(&self, span: Span) -> Span {
        let is_space = |c: char| matches!(c, ' ' | '\t'..='\r');
        let text = span.text(self.sql);
        let front = text.len() - text.trim_start_matches(is_space).len();
        let len = text.trim_matches(is_space).len();
        Span::new(span.start as usize + front, span.start as usize + front + len)
    }

    // Errors.

    /// The token fits nowhere.
    #[cold]
    fn syntax_error(&self) -> Box<ParseError> {
        if self.token.kind == TokenKind::End {
            return error("incomplete input".into());
        }
        Box::new(ParseError {
            message: format!("near \"{}\": syntax error", self.text(self.token)),
            offset: Some(self.token.start as usize),
            begun: None,
        })
    }

    /// An error, unless the next token is a worse one. The last complaint before a token counts.
    #[cold]
    fn complain(&mut self, message: String) {
        self.complaint = Some(error(message));
    }

    #[cold]
    fn complain_at(&mut self, start: u32, message: String) {
        self.complaint = Some(Box::new(ParseError { message, offset: Some(start as usize), begun: None }));
    }

    /// Notes `symbols` more on SQLite's stack; the caller takes them off again when it succeeds.
    #[inline]
    fn push_depth(&mut self, symbols: u32) -> Parse<()> {
        self.depth += symbols;
        if self.depth > MAX_PARSER_DEPTH {
            return Err(error("Recursion limit".into()));
        }
        Ok(())
    }

    // Names.

    fn make_name(&self, token: Token) -> Name {
        let (text, quote) = dequote(self.text(token));
        Name { text, span: token.span(), quote }
    }

    fn name(&mut self) -> Parse<Name> {
        if !self.token.kind.is_name() {
            return Err(self.syntax_error());
        }
        let token = self.take()?;
        Ok(self.make_name(token))
    }

    /// An identifier or a string: COLLATE's.
    fn identifier_or_string(&mut self) -> Parse<Name> {
        if !self.token.kind.is_identifier_or_string() {
            return Err(self.syntax_error());
        }
        let token = self.take()?;
        Ok(self.make_name(token))
    }

    fn qualified_name(&mut self) -> Parse<QualifiedName> {
        let name = self.name()?;
        if self.accept(TokenKind::Dot)? {
            return Ok(QualifiedName { schema: Some(name), name: self.name()? });
        }
        Ok(QualifiedName { schema: None, name })
    }

    /// Names separated by commas.
    fn name_list(&mut self) -> Parse<Vec<Name>> {
        let mut names = vec![self.name()?];
        while self.accept(TokenKind::Comma)? {
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// `(a, b, …)` or nothing.
    fn optional_name_list(&mut self) -> Parse<Option<Vec<Name>>> {
        if !self.accept(TokenKind::LeftParen)? {
            return Ok(None);
        }
        let names = self.name_list()?;
        self.expect(TokenKind::RightParen)?;
        Ok(Some(names))
    }

    /// Names of columns where SQLite once took COLLATE and a sort order, and now has an error of its own for them.
    fn column_name_list(&mut self) -> Parse<Vec<Name>> {
        let mut names = Vec::new();
        loop {
            let name = self.name()?;
            let mut is_plain = true;
            if self.accept(TokenKind::Collate)? {
                self.identifier_or_string()?;
                is_plain = false;
            }
            if matches!(self.kind(), TokenKind::Asc | TokenKind::Desc) {
                self.take()?;
                is_plain = false;
            }
            if !is_plain {
                let text = name.span.text(self.sql);
                self.complain(format!("syntax error after column name \"{text}\""));
            }
            names.push(name);
            if !self.accept(TokenKind::Comma)? {
                return Ok(names);
            }
        }
    }

    fn optional_column_name_list(&mut self) -> Parse<Option<Vec<Name>>> {
        if !self.accept(TokenKind::LeftParen)? {
            return Ok(None);
        }
        let names = self.column_name_list()?;
        self.expect(TokenKind::RightParen)?;
        Ok(Some(names))
    }

    fn if_not_exists(&mut self) -> Parse<bool> {
        if !self.accept(TokenKind::If)? {
            return Ok(false);
        }
        self.expect(TokenKind::Not)?;
        self.expect(TokenKind::Exists)?;
        Ok(true)
    }

    // Pieces several statements share.

    fn optional_sort_order(&mut self) -> Parse<Option<SortOrder>> {
        let order = match self.kind() {
            TokenKind::Asc => SortOrder::Ascending,
            TokenKind::Desc => SortOrder::Descending,
            _ => return Ok(None),
        };
        self.take()?;
        Ok(Some(order))
    }

    fn sort_terms(&mut self) -> Parse<Vec<SortTerm>> {
        let mut terms = Vec::new();
        loop {
            let start = self.token.start;
            let expr = self.expr()?;
            let order = self.optional_sort_order()?;
            let nulls = if self.accept(TokenKind::Nulls)? {
                let nulls = match self.kind() {
                    TokenKind::First => NullsOrder::First,
                    TokenKind::Last => NullsOrder::Last,
                    _ => return Err(self.syntax_error()),
                };
                self.take()?;
                Some(nulls)
            } else {
                None
            };
            terms.push(SortTerm { expr, order, nulls, span: self.span_from(start) });
            if !self.accept(TokenKind::Comma)? {
                return Ok(terms);
            }
        }
    }

    /// `ORDER BY …` or nothing.
    fn order_by(&mut self) -> Parse<Vec<SortTerm>> {
        if !self.accept(TokenKind::Order)? {
            return Ok(Vec::new());
        }
        self.expect(TokenKind::By)?;
        self.sort_terms()
    }

    fn conflict_action(&mut self) -> Parse<ConflictAction> {
        let action = match self.kind() {
            TokenKind::Rollback => ConflictAction::Rollback,
            TokenKind::Abort => ConflictAction::Abort,
            TokenKind::Fail => ConflictAction::Fail,
            TokenKind::Ignore => ConflictAction::Ignore,
            TokenKind::Replace => ConflictAction::Replace,
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        Ok(action)
    }

    /// `ON CONFLICT …` of a constraint, or nothing.
    fn on_conflict(&mut self) -> Parse<Option<ConflictAction>> {
        if !self.accept(TokenKind::On)? {
            return Ok(None);
        }
        self.expect(TokenKind::Conflict)?;
        Ok(Some(self.conflict_action()?))
    }

    /// `OR …` of INSERT and UPDATE, or nothing.
    fn or_conflict(&mut self) -> Parse<Option<ConflictAction>> {
        if !self.accept(TokenKind::Or)? {
            return Ok(None);
        }
        Ok(Some(self.conflict_action()?))
    }
}

/// Dequotes the way SQLite does the text of a type or of a CHECK: where it starts with a quote, up to the first closing
/// one, dropping what follows it.
pub fn dequote_prefix(text: &str) -> Box<str> {
    let mut chars = text.chars();
    let close = match chars.next() {
        Some('[') => ']',
        Some(quote @ ('"' | '\'' | '`')) => quote,
        _ => return text.into(),
    };
    let mut dequoted = String::new();
    while let Some(c) = chars.next() {
        if c == close && chars.next() != Some(close) {
            break;
        }
        dequoted.push(c);
    }
    dequoted.into()
}

/// The text between the quotes, doubled quotes made single.
fn dequote(text: &str) -> (Box<str>, Quote) {
    let (quote, double) = match text.as_bytes().first() {
        Some(b'"') => (Quote::Double, "\"\""),
        Some(b'`') => (Quote::Backtick, "``"),
        Some(b'\'') => (Quote::Single, "''"),
        Some(b'[') => return (text[1..text.len() - 1].into(), Quote::Bracket),
        _ => return (text.into(), Quote::None),
    };
    let inner = &text[1..text.len() - 1];
    if inner.contains(double) {
        (inner.replace(double, &double[..1]).into(), quote)
    } else {
        (inner.into(), quote)
    }
}
