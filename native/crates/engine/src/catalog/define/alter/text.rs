//! Edits of CREATE texts, token by token: everything that is not edited stays as it was, byte for byte.
//!
//! Constraints are found as SQLite finds them, by the words they begin with: a constraint lasts until the next word
//! that may begin one, and a text in parentheses is one token.

use pluresdb_sql::ast::{self, Name, Quote, Span};
use pluresdb_sql::{Lexer, TokenKind};

use crate::{Error, Result, ResultCode};

/// A piece of a text and what stands there from now on.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub span: Span,
    pub text: String,
}

impl Edit {
    /// Puts a new name in the place of an old one. It is quoted unless both the wish and the old name are plain.
    pub fn rename(sql: &str, span: Span, to: &str, must_quote: bool) -> Edit {
        let old = span.text(sql);
        let is_plain = !must_quote && old.bytes().next().is_some_and(is_word_byte);
        let mut text = if is_plain { to.to_owned() } else { format!("\"{}\"", to.replace('"', "\"\"")) };
        // Else the quotes of two neighbours would read as one doubled quote.
        if !is_plain && sql[span.end as usize..].starts_with('"') {
            text.push(' ');
        }
        Edit { span, text }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

pub(super) fn apply(sql: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span.start);
    edits.dedup_by_key(|edit| edit.span.start);
    let mut edited = String::with_capacity(sql.len());
    let mut copied = 0;
    for edit in edits {
        edited.push_str(&sql[copied..edit.span.start as usize]);
        edited.push_str(&edit.text);
        copied = edit.span.end as usize;
    }
    edited.push_str(&sql[copied..]);
    edited
}

/// Where ADD COLUMN inserts: at the comma before the table's own constraints, or at the closing parenthesis.
pub(super) fn end_of_columns(create: &ast::CreateTable, sql: &str) -> Result<usize> {
    let ast::CreateTableBody::Columns { columns, constraints, close, .. } = &create.body else {
        return Err(malformed());
    };
    if constraints.is_empty() {
        return Ok(close.start as usize);
    }
    let last = columns.last().ok_or_else(malformed)?;
    comma_after(sql, last.name.span.start as usize)
}

/// Where the definition that starts at `position` ends in a comma.
fn comma_after(sql: &str, position: usize) -> Result<usize> {
    let mut scan = Scan::new(sql, position);
    loop {
        match scan.next() {
            Piece { kind: TokenKind::Comma, end, .. } => return Ok(end - 1),
            Piece { kind: TokenKind::End | TokenKind::Illegal, .. } => return Err(malformed()),
            _ => {}
        }
    }
}

pub(super) fn without_column(create: &ast::CreateTable, sql: &str, column: usize) -> Result<String> {
    let ast::CreateTableBody::Columns { columns, .. } = &create.body else { return Err(malformed()) };
    let (start, end) = match columns.get(column + 1) {
        Some(next) => (columns[column].name.span.start as usize, next.name.span.start as usize),
        None => {
            (comma_after(sql, columns[column - 1].name.span.start as usize)?, end_of_columns(create, sql)?)
        }
    };
    Ok(format!("{}{}", &sql[..start], &sql[end..]))
}

/// What DROP takes out of a CREATE TABLE text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dropped<'a> {
    Constraint(&'a str),
    /// NOT NULL of the column of that number. There may be none.
    NotNull(usize),
}

pub(super) fn without_constraint(sql: &str, dropped: Dropped<'_>) -> Result<String> {
    let mut scan = Scan::at_body(sql)?;
    let mut definition = 0;
    let found = loop {
        let is_here = match dropped {
            Dropped::Constraint(_) => true,
            Dropped::NotNull(column) => column == definition,
        };
        let start = scan.position;
        match scan.next().kind {
            TokenKind::Constraint if is_here => {
                if let Some(end) = named_constraint(&mut scan, dropped)? {
                    break Some((start, end));
                }
            }
            TokenKind::Not if is_here && matches!(dropped, Dropped::NotNull(_)) => {
                scan.skip_constraint(TokenKind::Not);
                break Some((start, scan.position));
            }
            TokenKind::RightParen | TokenKind::Illegal | TokenKind::End => break None,
            TokenKind::Comma => definition += 1,
            _ => {}
        }
    };
    match (found, dropped) {
        (Some((start, end)), _) => Ok(cut(sql, start, end)),
        (None, Dropped::NotNull(_)) => Ok(sql.to_owned()),
        (None, Dropped::Constraint(name)) => Err(Error::error(format!("no such constraint: {name}"))),
    }
}

/// Behind the word CONSTRAINT: the end of the constraint when it is the one to drop.
fn named_constraint(scan: &mut Scan<'_>, dropped: Dropped<'_>) -> Result<Option<usize>> {
    let name = scan.next();
    let is_named = match dropped {
        Dropped::Constraint(wanted) => unquote(name.text).eq_ignore_ascii_case(wanted),
        Dropped::NotNull(_) => false,
    };
    let before = scan.position;
    let mut kind = scan.next().kind;
    match kind {
        // A name with nothing behind it that it could name.
        TokenKind::Constraint
        | TokenKind::Default
        | TokenKind::Collate
        | TokenKind::Comma
        | TokenKind::RightParen
        | TokenKind::Generated
        | TokenKind::As => {
            kind = TokenKind::Check;
            scan.position = before;
        }
        _ => scan.skip_constraint(kind),
    }
    let is_not_null = matches!(dropped, Dropped::NotNull(_)) && kind == TokenKind::Not;
    if !is_named && !is_not_null {
        return Ok(None);
    }
    let can_go = [TokenKind::Not, TokenKind::Check, TokenKind::References, TokenKind::Foreign];
    match dropped {
        Dropped::Constraint(name) if !can_go.contains(&kind) => {
            Err(Error::error(format!("constraint may not be dropped: {name}")))
        }
        _ => Ok(Some(scan.position)),
    }
}

/// Takes `start..end` out, with the comma or the space that is one too many then.
fn cut(sql: &str, start: usize, end: usize) -> String {
    let next = Scan::new(sql, end).next();
    let rest = &sql[next.start..];
    if matches!(next.kind, TokenKind::RightParen | TokenKind::Comma) {
        let before = &sql[..start];
        return format!("{}{rest}", before.strip_suffix(',').unwrap_or(before));
    }
    format!("{} {rest}", &sql[..start])
}

/// Where a constraint is added.
#[derive(Clone, Copy, Debug)]
pub(super) enum Added {
    Table,
    Column(usize),
}

pub(super) fn with_constraint(sql: &str, constraint: &str, added: Added) -> Result<String> {
    let mut scan = Scan::at_body(sql)?;
    let mut definition = 0;
    loop {
        scan.next();
        let ends_with = loop {
            let before = scan.position;
            let kind = scan.next().kind;
            match kind {
                TokenKind::Comma | TokenKind::RightParen => {
                    scan.position = before;
                    break kind;
                }
                TokenKind::Illegal | TokenKind::End => return Err(malformed()),
                _ => {}
            }
        };
        let is_here = match added {
            Added::Table => ends_with == TokenKind::RightParen,
            Added::Column(column) => column == definition,
        };
        if is_here {
            break;
        }
        if ends_with == TokenKind::RightParen {
            return Err(malformed());
        }
        scan.next();
        definition += 1;
    }
    let at = scan.peek().start;
    let comma = if matches!(added, Added::Table) { "," } else { "" };
    Ok(format!("{}{comma} {constraint}{}", &sql[..at], &sql[at..]))
}

pub(super) fn has_constraint(sql: &str, name: &str) -> Result<bool> {
    let mut scan = Scan::at_body(sql)?;
    loop {
        match scan.next().kind {
            TokenKind::Constraint if unquote(scan.next().text).eq_ignore_ascii_case(name) => return Ok(true),
            TokenKind::Illegal | TokenKind::End => return Ok(false),
            _ => {}
        }
    }
}

/// The text of a constraint up to the end of its statement: trailing white space and `--` comments go, because more
/// text will follow; a comment of the other kind stays.
pub(super) fn constraint_text(statement: &str, start: usize) -> String {
    let mut scan = Scan::new(statement, start);
    let mut end = start;
    loop {
        let piece = scan.next();
        if matches!(piece.kind, TokenKind::Semicolon | TokenKind::End | TokenKind::Illegal) {
            end += closed_comments(&statement[end..piece.start]);
            return statement[start..end].to_owned();
        }
        end = piece.end;
    }
}

/// How much of a gap between tokens belongs to `/* … */` comments and what precedes them.
fn closed_comments(gap: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    while at < gap.len() {
        let rest = &gap[at..];
        if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(comment) = rest.strip_prefix("/*") {
            at += comment.find("*/").map_or(rest.len(), |close| close + 4);
            end = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    end
}

/// A token, or a whole text in parentheses, whose kind is `LeftParen` then.
struct Piece<'a> {
    kind: TokenKind,
    text: &'a str,
    start: usize,
    end: usize,
}

struct Scan<'a> {
    sql: &'a str,
    position: usize,
}

impl<'a> Scan<'a> {
    fn new(sql: &'a str, position: usize) -> Self {
        Scan { sql, position }
    }

    /// Behind the parenthesis that opens the column list.
    fn at_body(sql: &'a str) -> Result<Self> {
        let mut lexer = Lexer::new(sql, 0);
        loop {
            let token = lexer.next_token();
            match token.kind {
                TokenKind::LeftParen => return Ok(Scan { sql, position: token.end as usize }),
                TokenKind::Illegal | TokenKind::End => return Err(malformed()),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Piece<'a> {
        let mut lexer = Lexer::new(self.sql, self.position);
        let first = lexer.next_token();
        let (start, mut end) = (first.start as usize, first.end as usize);
        let mut kind = first.kind;
        if kind == TokenKind::LeftParen {
            let mut nesting = 1;
            while nesting > 0 {
                let token = lexer.next_token();
                end = token.end as usize;
                match token.kind {
                    TokenKind::LeftParen => nesting += 1,
                    TokenKind::RightParen => nesting -= 1,
                    TokenKind::Illegal | TokenKind::End => {
                        kind = TokenKind::Illegal;
                        break;
                    }
                    _ => {}
                }
            }
        }
        self.position = end;
        Piece { kind, text: &self.sql[start..end], start, end }
    }

    fn peek(&self) -> Piece<'a> {
        Scan::new(self.sql, self.position).next()
    }

    /// Goes to the end of a constraint whose first word, of kind `first`, was read.
    fn skip_constraint(&mut self, first: TokenKind) {
        let mut first = first;
        if first == TokenKind::Foreign {
            self.skip_constraint(TokenKind::Key);
            first = self.next().kind;
        }
        if first == TokenKind::References {
            // The table's name may be a word that begins a constraint elsewhere.
            self.next();
        }
        loop {
            let before = self.position;
            match self.next().kind {
                TokenKind::Constraint
                | TokenKind::Primary
                | TokenKind::Not
                | TokenKind::Unique
                | TokenKind::Check
                | TokenKind::Default
                | TokenKind::Collate
                | TokenKind::References
                | TokenKind::Foreign
                | TokenKind::RightParen
                | TokenKind::Comma
                | TokenKind::As
                | TokenKind::Generated
                | TokenKind::Illegal
                | TokenKind::End => {
                    self.position = before;
                    return;
                }
                _ => {}
            }
        }
    }
}

/// A name without its quotes.
fn unquote(text: &str) -> String {
    let close = match text.as_bytes().first() {
        Some(b'[') => return text.trim_start_matches('[').trim_end_matches(']').to_owned(),
        Some(quote @ (b'"' | b'\'' | b'`')) => char::from(*quote),
        _ => return text.to_owned(),
    };
    let inner = text.strip_prefix(close).and_then(|rest| rest.strip_suffix(close)).unwrap_or(text);
    inner.replace(&format!("{close}{close}"), &close.to_string())
}

pub(super) fn is_quoted(name: &Name) -> bool {
    name.quote != Quote::None
}

pub(super) fn malformed() -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed")
}
