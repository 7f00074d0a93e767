//! Expressions.
//!
//! Operators, parentheses and row values live on an explicit stack of frames, each waiting for the operand that
//! is being read. When an operand is complete, the operator behind it closes every frame that binds at least as
//! tight, then opens a frame itself:
//!
//!     a + b * ( - c ) < d         read so far:  a + b * ( - c
//!     frames: Binary(+, a) Binary(*, b) Paren Prefix(-)     operand: c
//!
//! Only what has its own inner grammar (functions, CASE, CAST, lists, subqueries) recurses.
//!
//! Height is SQLite's: a leaf is 1, everything else one more than its tallest part; above 1000 it is an error.

use super::{MAX_EXPR_DEPTH, MAX_FUNCTION_ARGUMENTS, MAX_PARAMETER, Parse, Parser};
use crate::ast::{
    BinaryOp, Expr, ExprKind, Frame as WindowFrame, FrameBound, FrameExclude, FrameUnit, FunctionArguments,
    FunctionCall, LikeOp, Literal, Over, Qualifier, RaiseAction, Span, TypeName, UnaryOp, Window,
};
use crate::token::{Token, TokenKind};

/// How tight an operator binds, SQLite's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precedence {
    /// No operator.
    None,
    Or,
    And,
    Not,
    /// `=`, `<>`, IS, IN, LIKE, BETWEEN, ISNULL, …
    Equality,
    Comparison,
    /// `&`, `|`, `<<`, `>>`
    Bits,
    Sum,
    Product,
    /// `||`, `->`, `->>`
    Concat,
    Collate,
    /// `-x`, `+x`, `~x`
    Sign,
}

/// An operand with the height of its tree.
pub(super) struct Operand {
    expr: Expr,
    height: u32,
}

/// What waits for an operand.
pub(super) enum Frame {
    /// `(`
    Paren {
        start: u32,
    },
    /// `(a, b,`
    Row {
        start: u32,
        items: Vec<Expr>,
        height: u32,
    },
    Prefix {
        op: UnaryOp,
        start: u32,
    },
    Binary {
        op: BinaryOp,
        left: Operand,
    },
    Like {
        op: LikeOp,
        negated: bool,
        left: Operand,
    },
    /// `a LIKE b ESCAPE`
    Escape {
        op: LikeOp,
        negated: bool,
        left: Operand,
        pattern: Operand,
    },
    /// `a BETWEEN`: like a parenthesis that AND closes.
    BetweenLow {
        negated: bool,
        left: Operand,
    },
    /// `a BETWEEN b AND`
    BetweenHigh {
        negated: bool,
        left: Operand,
        low: Operand,
    },
}

impl Frame {
    /// How tight the frame holds its operand; None for those that only their own end closes.
    fn precedence(&self) -> Precedence {
        match self {
            Frame::Paren { .. } | Frame::Row { .. } | Frame::BetweenLow { .. } => Precedence::None,
            Frame::Prefix { op: UnaryOp::Not, .. } => Precedence::Not,
            Frame::Prefix { .. } => Precedence::Sign,
            Frame::Binary { op, .. } => precedence_of(*op),
            Frame::Like { .. } | Frame::Escape { .. } | Frame::BetweenHigh { .. } => Precedence::Equality,
        }
    }

    /// Symbols it keeps on SQLite's parser stack.
    fn symbols(&self) -> u32 {
        match self {
            Frame::Paren { .. } | Frame::Prefix { .. } => 1,
            Frame::Binary { op: BinaryOp::IsNot, .. } | Frame::Row { .. } => 3,
            Frame::Binary { .. } | Frame::Like { .. } | Frame::BetweenLow { .. } => 2,
            Frame::Escape { .. } | Frame::BetweenHigh { .. } => 4,
        }
    }
}

pub(crate) fn precedence_of(op: BinaryOp) -> Precedence {
    match op {
        BinaryOp::Or => Precedence::Or,
        BinaryOp::And => Precedence::And,
        BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Is | BinaryOp::IsNot => Precedence::Equality,
        BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
            Precedence::Comparison
        }
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::ShiftLeft | BinaryOp::ShiftRight => Precedence::Bits,
        BinaryOp::Add | BinaryOp::Subtract => Precedence::Sum,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => Precedence::Product,
        BinaryOp::Concat | BinaryOp::JsonExtract | BinaryOp::JsonExtractText => Precedence::Concat,
    }
}

/// How tight the operator that starts with this token binds to what stands before it.
fn infix_precedence(kind: TokenKind) -> Precedence {
    use TokenKind as T;
    match kind {
        T::Or => Precedence::Or,
        T::And => Precedence::And,
        T::Not => Precedence::Not,
        T::Is
        | T::Match
        | T::LikeWord
        | T::Between
        | T::In
        | T::Isnull
        | T::Notnull
        | T::NotEqual
        | T::Equal => Precedence::Equality,
        T::Less | T::LessOrEqual | T::Greater | T::GreaterOrEqual => Precedence::Comparison,
        T::Ampersand | T::Pipe | T::ShiftLeft | T::ShiftRight => Precedence::Bits,
        T::Plus | T::Minus => Precedence::Sum,
        T::Star | T::Slash | T::Percent => Precedence::Product,
        T::Concat | T::Arrow => Precedence::Concat,
        T::Collate => Precedence::Collate,
        _ => Precedence::None,
    }
}

fn join(kind: ExprKind, start: u32, end: u32) -> Expr {
    Expr { kind, span: Span { start, end } }
}

impl Parser<'_> {
    /// An expression; leaves its height in `self.height`.
    pub(super) fn expr(&mut self) -> Parse<Expr> {
        self.nesting += 1;
        if self.nesting > MAX_EXPR_DEPTH {
            return Err(self.too_deep());
        }
        let base = self.frames.len();
        loop {
            // What starts an operand without being one.
            let frame = match self.kind() {
                TokenKind::LeftParen => {
                    let start = self.take()?.start;
                    if matches!(self.kind(), TokenKind::Select | TokenKind::Values | TokenKind::With) {
                        let operand = self.subquery(start)?;
                        if let Some(expr) = self.after_operand(base, operand)? {
                            return Ok(expr);
                        }
                        continue;
                    }
                    Frame::Paren { start }
                }
                TokenKind::Not => self.prefix(UnaryOp::Not)?,
                TokenKind::Minus => self.prefix(UnaryOp::Minus)?,
                TokenKind::Plus => self.prefix(UnaryOp::Plus)?,
                TokenKind::Tilde => self.prefix(UnaryOp::BitNot)?,
                _ => {
                    let operand = self.primary()?;
                    if let Some(expr) = self.after_operand(base, operand)? {
                        return Ok(expr);
                    }
                    continue;
                }
            };
            self.push_frame(frame)?;
        }
    }

    fn prefix(&mut self, op: UnaryOp) -> Parse<Frame> {
        Ok(Frame::Prefix { op, start: self.take()?.start })
    }

    fn push_frame(&mut self, frame: Frame) -> Parse<()> {
        self.push_depth(frame.symbols())?;
        self.frames.push(frame);
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> Box<crate::ParseError> {
        self.error(format!("Expression tree is too large (maximum depth {MAX_EXPR_DEPTH})"))
    }

    /// A node of this height above its parts.
    fn node(&self, kind: ExprKind, start: u32, end: u32, parts_height: u32) -> Parse<Operand> {
        let height = parts_height + 1;
        if height > MAX_EXPR_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Operand { expr: join(kind, start, end), height })
    }

    /// Takes the operators behind a complete operand: Some when the whole expression is complete, None when one of
    /// them wants another operand.
    fn after_operand(&mut self, base: usize, mut operand: Operand) -> Parse<Option<Expr>> {
        loop {
            let kind = self.kind();
            let precedence = infix_precedence(kind);
            // Close what binds at least as tight. NOT as an operator (NOT IN, …) is the exception on its own
            // level: `NOT a NOT IN b` is `NOT (a NOT IN b)`, prefix operators associate to the right.
            while self.frames.len() > base {
                let top = &self.frames[self.frames.len() - 1];
                let held = top.precedence();
                if held == Precedence::None
                    || held < precedence
                    || held == Precedence::Not && held == precedence
                {
                    break;
                }
                if let Frame::Like { .. } = top
                    && kind == TokenKind::Escape
                {
                    break;
                }
                operand = self.close_frame(operand)?;
            }
            let has_frame = self.frames.len() > base;
            if precedence == Precedence::None {
                if !has_frame {
                    self.nesting -= 1;
                    self.height = operand.height;
                    self.peak = self.peak.max(operand.height);
                    return Ok(Some(operand.expr));
                }
                match self.close_group(operand)? {
                    Some(complete) => operand = complete,
                    None => return Ok(None),
                }
                continue;
            }
            if kind == TokenKind::And
                && has_frame
                && matches!(self.frames[self.frames.len() - 1], Frame::BetweenLow { .. })
            {
                self.take()?;
                if let Some(Frame::BetweenLow { negated, left }) = self.frames.pop() {
                    self.depth -= 2;
                    self.push_frame(Frame::BetweenHigh { negated, left, low: operand })?;
                }
                return Ok(None);
            }
            match self.infix(operand)? {
                Some(complete) => operand = complete,
                None => return Ok(None),
            }
        }
    }

    /// The top frame has its operand.
    fn close_frame(&mut self, operand: Operand) -> Parse<Operand> {
        let frame = self.frames.pop().expect("the caller has looked at the top frame");
        self.depth -= frame.symbols();
        let Operand { expr, height } = operand;
        let end = expr.span.end;
        match frame {
            Frame::Prefix { op, start } => {
                // SQLite folds a sign over a plus sign into one.
                if let (UnaryOp::Plus | UnaryOp::Minus, ExprKind::Unary { op: UnaryOp::Plus, .. }) =
                    (op, &expr.kind)
                    && let ExprKind::Unary { operand, .. } = expr.kind
                {
                    return Ok(Operand { expr: join(ExprKind::Unary { op, operand }, start, end), height });
                }
                self.node(ExprKind::Unary { op, operand: Box::new(expr) }, start, end, height)
            }
            Frame::Binary { op, left } => {
                let start = left.expr.span.start;
                let kind = match (op, &expr.kind) {
                    (BinaryOp::Is, ExprKind::Literal(Literal::Null)) => {
                        ExprKind::Unary { op: UnaryOp::IsNull, operand: Box::new(left.expr) }
                    }
                    (BinaryOp::IsNot, ExprKind::Literal(Literal::Null)) => {
                        ExprKind::Unary { op: UnaryOp::NotNull, operand: Box::new(left.expr) }
                    }
                    _ => ExprKind::Binary { op, left: Box::new(left.expr), right: Box::new(expr) },
                };
                self.node(kind, start, end, height.max(left.height))
            }
            Frame::Like { op, negated, left } => self.like(op, negated, left, Operand { expr, height }, None),
            Frame::Escape { op, negated, left, pattern } => {
                self.like(op, negated, left, pattern, Some(Operand { expr, height }))
            }
            Frame::BetweenHigh { negated, left, low } => {
                let start = left.expr.span.start;
                let height = height.max(left.height).max(low.height) + u32::from(negated);
                let kind = ExprKind::Between {
                    negated,
                    operand: Box::new(left.expr),
                    low: Box::new(low.expr),
                    high: Box::new(expr),
                };
                self.node(kind, start, end, height)
            }
            Frame::Paren { .. } | Frame::Row { .. } | Frame::BetweenLow { .. } => {
                unreachable!("groups hold with no precedence, so no operator closes them")
            }
        }
    }

    fn like(
        &mut self,
        op: LikeOp,
        negated: bool,
        left: Operand,
        pattern: Operand,
        escape: Option<Operand>,
    ) -> Parse<Operand> {
        let start = left.expr.span.start;
        let mut end = pattern.expr.span.end;
        let mut height = left.height.max(pattern.height) + u32::from(negated);
        let escape = escape.map(|escape| {
            end = escape.expr.span.end;
            height = height.max(escape.height + u32::from(negated));
            Box::new(escape.expr)
        });
        let kind = ExprKind::Like {
            op,
            negated,
            operand: Box::new(left.expr),
            pattern: Box::new(pattern.expr),
            escape,
        };
        self.node(kind, start, end, height)
    }

    /// No operator follows, but a group or a LIKE is open: its end, its comma or its ESCAPE must be next.
    fn close_group(&mut self, operand: Operand) -> Parse<Option<Operand>> {
        let top = self.frames.len() - 1;
        match (&mut self.frames[top], self.token.kind) {
            (Frame::Like { .. }, TokenKind::Escape) => {
                self.take()?;
                if let Some(Frame::Like { op, negated, left }) = self.frames.pop() {
                    self.depth -= 2;
                    self.push_frame(Frame::Escape { op, negated, left, pattern: operand })?;
                }
                Ok(None)
            }
            (Frame::Paren { .. }, TokenKind::RightParen) => {
                self.take()?;
                self.frames.pop();
                self.depth -= 1;
                Ok(Some(operand))
            }
            (Frame::Paren { start }, TokenKind::Comma) => {
                let start = *start;
                self.take()?;
                self.frames[top] = Frame::Row { start, items: vec![operand.expr], height: operand.height };
                self.push_depth(2)?;
                Ok(None)
            }
            (Frame::Row { items, height, .. }, TokenKind::Comma) => {
                items.push(operand.expr);
                *height = operand.height.max(*height);
                self.take()?;
                Ok(None)
            }
            (Frame::Row { items, height, .. }, TokenKind::RightParen) => {
                items.push(operand.expr);
                let height = operand.height.max(*height);
                let end = self.take()?.end;
                self.depth -= 3;
                match self.frames.pop() {
                    // SQLite does not count the parts of a row value; we do, or trees could grow without bound.
                    Some(Frame::Row { start, items, .. }) => {
                        self.node(ExprKind::Row(items), start, end, height).map(Some)
                    }
                    _ => unreachable!("the top frame is the row just looked at"),
                }
            }
            _ => Err(self.syntax_error()),
        }
    }

    /// An operator stands behind the operand: Some when it makes a complete operand, None when it waits for one.
    fn infix(&mut self, left: Operand) -> Parse<Option<Operand>> {
        let token = self.take()?;
        let op = match token.kind {
            TokenKind::Or => BinaryOp::Or,
            TokenKind::And => BinaryOp::And,
            TokenKind::Equal => BinaryOp::Equal,
            TokenKind::NotEqual => BinaryOp::NotEqual,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::LessOrEqual => BinaryOp::LessOrEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::GreaterOrEqual => BinaryOp::GreaterOrEqual,
            TokenKind::Ampersand => BinaryOp::BitAnd,
            TokenKind::Pipe => BinaryOp::BitOr,
            TokenKind::ShiftLeft => BinaryOp::ShiftLeft,
            TokenKind::ShiftRight => BinaryOp::ShiftRight,
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Subtract,
            TokenKind::Star => BinaryOp::Multiply,
            TokenKind::Slash => BinaryOp::Divide,
            TokenKind::Percent => BinaryOp::Remainder,
            TokenKind::Concat => BinaryOp::Concat,
            TokenKind::Arrow if token.end - token.start == 3 => BinaryOp::JsonExtractText,
            TokenKind::Arrow => BinaryOp::JsonExtract,
            _ => return self.word_infix(token, left),
        };
        self.push_frame(Frame::Binary { op, left })?;
        Ok(None)
    }

    /// The operators that are words, AND and OR aside.
    fn word_infix(&mut self, token: Token, left: Operand) -> Parse<Option<Operand>> {
        match token.kind {
            TokenKind::Is => {
                let op = self.is_operator()?;
                self.push_frame(Frame::Binary { op, left })?;
                Ok(None)
            }
            TokenKind::Isnull => self.postfix(UnaryOp::IsNull, left).map(Some),
            TokenKind::Notnull => self.postfix(UnaryOp::NotNull, left).map(Some),
            TokenKind::Collate => {
                let collation = self.identifier_or_string()?;
                let start = left.expr.span.start;
                let kind = ExprKind::Collate { operand: Box::new(left.expr), collation };
                self.node(kind, start, self.last_end, left.height).map(Some)
            }
            TokenKind::Not => {
                if self.accept(TokenKind::Null)? {
                    return self.postfix(UnaryOp::NotNull, left).map(Some);
                }
                if !matches!(
                    self.kind(),
                    TokenKind::LikeWord | TokenKind::Match | TokenKind::Between | TokenKind::In
                ) {
                    return Err(self.syntax_error());
                }
                let token = self.take()?;
                self.negatable_infix(token, true, left)
            }
            _ => self.negatable_infix(token, false, left),
        }
    }

    fn postfix(&mut self, op: UnaryOp, left: Operand) -> Parse<Operand> {
        let start = left.expr.span.start;
        self.node(ExprKind::Unary { op, operand: Box::new(left.expr) }, start, self.last_end, left.height)
    }

    /// Behind IS.
    fn is_operator(&mut self) -> Parse<BinaryOp> {
        let negated = self.accept(TokenKind::Not)?;
        let distinct = self.accept(TokenKind::Distinct)?;
        if distinct {
            self.expect(TokenKind::From)?;
        }
        Ok(if negated == distinct { BinaryOp::Is } else { BinaryOp::IsNot })
    }

    /// LIKE, GLOB, REGEXP, MATCH, BETWEEN, IN; the word is taken already.
    fn negatable_infix(&mut self, token: Token, negated: bool, left: Operand) -> Parse<Option<Operand>> {
        let frame = match token.kind {
            TokenKind::Between => Frame::BetweenLow { negated, left },
            TokenKind::In => return self.in_operator(negated, left).map(Some),
            TokenKind::Match => Frame::Like { op: LikeOp::Match, negated, left },
            _ => {
                let op = match self.text(token).as_bytes()[0] {
                    b'l' | b'L' => LikeOp::Like,
                    b'g' | b'G' => LikeOp::Glob,
                    _ => LikeOp::Regexp,
                };
                Frame::Like { op, negated, left }
            }
        };
        self.push_frame(frame)?;
        Ok(None)
    }

    fn in_operator(&mut self, negated: bool, left: Operand) -> Parse<Operand> {
        let start = left.expr.span.start;
        let operand = Box::new(left.expr);
        self.push_depth(3)?;
        let mut height = left.height;
        let kind = if self.accept(TokenKind::LeftParen)? {
            if matches!(self.kind(), TokenKind::Select | TokenKind::Values | TokenKind::With) {
                let select = self.select()?;
                height = height.max(self.height);
                self.expect(TokenKind::RightParen)?;
                ExprKind::InSelect { negated, operand, select }
            } else {
                let list = self.expr_list_until_paren()?;
                height = height.max(self.height);
                self.expect(TokenKind::RightParen)?;
                ExprKind::InList { negated, operand, list }
            }
        } else {
            let table = Box::new(self.qualified_name()?);
            let arguments = if self.accept(TokenKind::LeftParen)? {
                let arguments = self.expr_list_until_paren()?;
                self.expect(TokenKind::RightParen)?;
                Some(arguments)
            } else {
                None
            };
            ExprKind::InTable { negated, operand, table, arguments }
        };
        self.depth -= 3;
        self.node(kind, start, self.last_end, height + u32::from(negated))
    }

    /// Expressions up to a closing parenthesis, perhaps none; leaves the tallest's height.
    pub(super) fn expr_list_until_paren(&mut self) -> Parse<Vec<Expr>> {
        if self.kind() == TokenKind::RightParen {
            self.height = 0;
            return Ok(Vec::new());
        }
        self.expr_list()
    }

    /// Expressions separated by commas, at least one; leaves the tallest's height.
    pub(super) fn expr_list(&mut self) -> Parse<Vec<Expr>> {
        let mut list = vec![self.expr()?];
        let mut height = self.height;
        if self.kind() == TokenKind::Comma {
            self.push_depth(2)?;
            while self.accept(TokenKind::Comma)? {
                list.push(self.expr()?);
                height = height.max(self.height);
            }
            self.depth -= 2;
        }
        self.height = height;
        Ok(list)
    }

    /// Behind the parenthesis of a scalar subquery.
    fn subquery(&mut self, start: u32) -> Parse<Operand> {
        self.push_depth(1)?;
        let select = self.select()?;
        let height = self.height;
        let end = self.expect(TokenKind::RightParen)?.end;
        self.depth -= 1;
        self.node(ExprKind::Subquery(select), start, end, height)
    }

    /// An operand that is no operator's and stands in no parentheses.
    fn primary(&mut self) -> Parse<Operand> {
        let token = self.token;
        match token.kind {
            TokenKind::Cast => self.cast(),
            TokenKind::Raise => self.raise(),
            TokenKind::Case => self.case(),
            TokenKind::Exists => self.exists(),
            TokenKind::Variable => {
                self.take()?;
                let number = self.parameter(token)?;
                Ok(leaf(ExprKind::Parameter(number), token))
            }
            TokenKind::String => {
                self.take()?;
                if self.kind() == TokenKind::Dot {
                    return self.column(token);
                }
                let literal = Literal::String(super::dequote(self.text(token)).0);
                Ok(leaf(ExprKind::Literal(literal), token))
            }
            kind if kind.is_word() && kind != TokenKind::TimeWord => {
                self.take()?;
                if self.kind() == TokenKind::LeftParen { self.function(token) } else { self.column(token) }
            }
            _ => {
                let literal = self.literal()?;
                Ok(leaf(ExprKind::Literal(literal), token))
            }
        }
    }

    /// A literal: what DEFAULT takes without parentheses, names aside.
    pub(super) fn literal(&mut self) -> Parse<Literal> {
        let token = self.token;
        let text = self.text(token);
        let literal = match token.kind {
            TokenKind::Null => Literal::Null,
            TokenKind::Integer => integer(text),
            TokenKind::Float => Literal::Real(text.into()),
            TokenKind::SeparatedNumber => {
                // SQLite looks inside the number when the token behind it has arrived.
                self.take()?;
                return self.separated_number(text);
            }
            TokenKind::String => Literal::String(super::dequote(text).0),
            TokenKind::Blob => Literal::Blob(blob(text)),
            TokenKind::TimeWord => match text.len() {
                12 if text.as_bytes()[8].eq_ignore_ascii_case(&b't') => Literal::CurrentTime,
                12 => Literal::CurrentDate,
                _ => Literal::CurrentTimestamp,
            },
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        Ok(literal)
    }

    /// Takes the underscores out of a number. Each must stand between two digits; SQLite's message shows the text
    /// as it is at that moment, with the digits behind the ones taken out already moved forward.
    fn separated_number(&self, text: &str) -> Parse<Literal> {
        let source = text.as_bytes();
        let is_hex = source.len() > 1 && source[1].eq_ignore_ascii_case(&b'x');
        let is_digit = |index: usize| {
            source.get(index).is_some_and(|b| if is_hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
        };
        let mut buffer = source.to_vec();
        let mut len = 0;
        let mut complaint = None;
        for (index, &byte) in source.iter().enumerate() {
            if byte != b'_' {
                buffer[len] = byte;
                len += 1;
            } else if !(is_digit(index - 1) && is_digit(index + 1)) {
                complaint = Some(String::from_utf8_lossy(&buffer).into_owned());
            }
        }
        if let Some(shown) = complaint {
            return Err(self.error(format!("unrecognized token: \"{shown}\"")));
        }
        buffer.truncate(len);
        let digits = String::from_utf8_lossy(&buffer);
        let is_real = !is_hex && digits.contains(['.', 'e', 'E']);
        Ok(if is_real { Literal::Real(digits.into()) } else { integer(&digits) })
    }

    /// The number of the parameter a token names.
    fn parameter(&mut self, token: Token) -> Parse<u32> {
        let text = self.text(token);
        let names = &mut self.parameters.names;
        let number = match text.as_bytes() {
            [b'?'] => {
                names.push(None);
                names.len() as u32
            }
            [b'?', ..] => {
                let number = text[1..].parse().ok().filter(|number| (1..=MAX_PARAMETER).contains(number));
                let Some(number) = number else {
                    return Err(self.error_at(
                        token.start,
                        format!("variable number must be between ?1 and ?{MAX_PARAMETER}"),
                    ));
                };
                if names.len() < number as usize {
                    names.resize(number as usize, None);
                }
                let name = &mut names[number as usize - 1];
                if name.is_none() {
                    *name = Some(text.into());
                }
                number
            }
            // SQLite's own name for a register, which only SQLite may write.
            [b'#', b'0'..=b'9', ..] => {
                return Err(self.error_at(token.start, format!("near \"{text}\": syntax error")));
            }
            _ => match self.parameter_numbers.get(text) {
                Some(&number) => number,
                None => {
                    names.push(Some(text.into()));
                    let number = names.len() as u32;
                    self.parameter_numbers.insert(text, number);
                    number
                }
            },
        };
        if number > MAX_PARAMETER {
            return Err(self.error_at(token.start, "too many SQL variables".into()));
        }
        Ok(number)
    }

    /// `a`, `a.b`, `a.b.c`; the first name is taken already.
    fn column(&mut self, first: Token) -> Parse<Operand> {
        let first_name = self.make_name(first);
        if !self.accept(TokenKind::Dot)? {
            return Ok(leaf(ExprKind::Column { qualifier: None, column: first_name }, first));
        }
        let second = self.name()?;
        let (qualifier, column, height) = if self.accept(TokenKind::Dot)? {
            let third = self.name()?;
            (Qualifier { schema: Some(first_name), table: second }, third, 3)
        } else {
            (Qualifier { schema: None, table: first_name }, second, 2)
        };
        let kind = ExprKind::Column { qualifier: Some(Box::new(qualifier)), column };
        Ok(Operand { expr: join(kind, first.start, self.last_end), height })
    }

    fn exists(&mut self) -> Parse<Operand> {
        let start = self.take()?.start;
        self.expect(TokenKind::LeftParen)?;
        self.push_depth(2)?;
        let select = self.select()?;
        let height = self.height;
        let end = self.expect(TokenKind::RightParen)?.end;
        self.depth -= 2;
        self.node(ExprKind::Exists(select), start, end, height)
    }

    fn cast(&mut self) -> Parse<Operand> {
        let start = self.take()?.start;
        self.expect(TokenKind::LeftParen)?;
        self.push_depth(2)?;
        let operand = Box::new(self.expr()?);
        let height = self.height;
        self.expect(TokenKind::As)?;
        let type_name = self.type_name()?.map(Box::new);
        let end = self.expect(TokenKind::RightParen)?.end;
        self.depth -= 2;
        self.node(ExprKind::Cast { operand, type_name }, start, end, height)
    }

    fn raise(&mut self) -> Parse<Operand> {
        let start = self.take()?.start;
        self.expect(TokenKind::LeftParen)?;
        let action = match self.kind() {
            TokenKind::Ignore => RaiseAction::Ignore,
            TokenKind::Rollback => RaiseAction::Rollback,
            TokenKind::Abort => RaiseAction::Abort,
            TokenKind::Fail => RaiseAction::Fail,
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        self.height = 0;
        let message = if action == RaiseAction::Ignore {
            None
        } else {
            self.expect(TokenKind::Comma)?;
            self.push_depth(4)?;
            let message = Box::new(self.expr()?);
            self.depth -= 4;
            Some(message)
        };
        let height = self.height;
        let end = self.expect(TokenKind::RightParen)?.end;
        self.node(ExprKind::Raise { action, message }, start, end, height)
    }

    fn case(&mut self) -> Parse<Operand> {
        let start = self.take()?.start;
        self.push_depth(1)?;
        let mut height = 0;
        let operand = if self.kind() == TokenKind::When {
            None
        } else {
            let operand = Box::new(self.expr()?);
            height = self.height;
            Some(operand)
        };
        self.push_depth(3)?;
        let mut arms = Vec::new();
        self.expect(TokenKind::When)?;
        loop {
            let when = self.expr()?;
            height = height.max(self.height);
            self.expect(TokenKind::Then)?;
            let then = self.expr()?;
            height = height.max(self.height);
            arms.push((when, then));
            if !self.accept(TokenKind::When)? {
                break;
            }
        }
        let otherwise = if self.accept(TokenKind::Else)? {
            let otherwise = Box::new(self.expr()?);
            height = height.max(self.height);
            Some(otherwise)
        } else {
            None
        };
        let end = self.expect(TokenKind::EndWord)?.end;
        self.depth -= 4;
        self.node(ExprKind::Case { operand, arms, otherwise }, start, end, height)
    }

    /// `f(…) [FILTER …] [OVER …]`; the name is taken already.
    fn function(&mut self, name: Token) -> Parse<Operand> {
        self.take()?;
        let outer_peak = std::mem::take(&mut self.peak);
        self.push_depth(3)?;
        let mut call = Box::new(FunctionCall {
            name: self.make_name(name),
            distinct: false,
            arguments: FunctionArguments::Star,
            order_by: Vec::new(),
            filter: None,
            over: None,
        });
        if !self.accept(TokenKind::Star)? {
            match self.kind() {
                TokenKind::Distinct => {
                    self.take()?;
                    call.distinct = true;
                }
                TokenKind::All => {
                    self.take()?;
                }
                _ => {}
            }
            let arguments = match self.kind() {
                TokenKind::RightParen | TokenKind::Order => Vec::new(),
                _ => self.expr_list()?,
            };
            call.order_by = self.order_by()?;
            let count = arguments.len();
            call.arguments = FunctionArguments::List(arguments);
            if count > MAX_FUNCTION_ARGUMENTS && self.kind() == TokenKind::RightParen {
                let name = self.text(name);
                return Err(self.error(format!("too many arguments on function {name}")));
            }
        }
        self.expect(TokenKind::RightParen)?;
        if matches!(self.kind(), TokenKind::Filter | TokenKind::Over) {
            self.filter_and_over(name, &mut call)?;
        }
        self.depth -= 3;
        let height = std::mem::replace(&mut self.peak, outer_peak);
        self.node(ExprKind::Function(call), name.start, self.last_end, height)
    }

    fn filter_and_over(&mut self, name: Token, call: &mut FunctionCall) -> Parse<()> {
        self.push_depth(3)?;
        if self.accept(TokenKind::Filter)? {
            self.expect(TokenKind::LeftParen)?;
            self.expect(TokenKind::Where)?;
            call.filter = Some(self.expr()?);
            self.expect(TokenKind::RightParen)?;
        }
        if self.accept(TokenKind::Over)? {
            call.over = Some(if self.accept(TokenKind::LeftParen)? {
                let window = self.window()?;
                self.expect(TokenKind::RightParen)?;
                Over::Window(window)
            } else {
                Over::Name(self.name()?)
            });
            if call.distinct {
                return Err(self.error("DISTINCT is not supported for window functions".into()));
            }
            let has_arguments =
                matches!(&call.arguments, FunctionArguments::List(arguments) if !arguments.is_empty());
            if !call.order_by.is_empty() && has_arguments {
                let name = self.text(name);
                return Err(self.error(format!("ORDER BY may not be used with non-aggregate {name}()")));
            }
        }
        self.depth -= 3;
        Ok(())
    }

    /// What stands in the parentheses of OVER and WINDOW.
    pub(super) fn window(&mut self) -> Parse<Window> {
        use TokenKind as T;
        let is_base =
            self.kind().is_name() && !matches!(self.kind(), T::Partition | T::Range | T::Rows | T::Groups);
        let base = if is_base { Some(self.name()?) } else { None };
        let partition_by = if self.accept(T::Partition)? {
            self.expect(T::By)?;
            self.expr_list()?
        } else {
            Vec::new()
        };
        let order_by = self.order_by()?;
        let unit = match self.kind() {
            T::Range => FrameUnit::Range,
            T::Rows => FrameUnit::Rows,
            T::Groups => FrameUnit::Groups,
            _ => return Ok(Window { base, partition_by, order_by, frame: None }),
        };
        self.take()?;
        let frame = self.frame(unit)?;
        Ok(Window { base, partition_by, order_by, frame: Some(frame) })
    }

    fn frame(&mut self, unit: FrameUnit) -> Parse<WindowFrame> {
        let (start, end) = if self.accept(TokenKind::Between)? {
            let start = self.frame_bound(true)?;
            self.expect(TokenKind::And)?;
            (start, Some(self.frame_bound(false)?))
        } else {
            (self.frame_bound(true)?, None)
        };
        let exclude = if self.accept(TokenKind::Exclude)? { Some(self.frame_exclude()?) } else { None };
        let is_backward = match (&start, end.as_ref().unwrap_or(&FrameBound::CurrentRow)) {
            (FrameBound::CurrentRow, FrameBound::Preceding(_)) => true,
            (FrameBound::Following(_), FrameBound::Preceding(_) | FrameBound::CurrentRow) => true,
            _ => false,
        };
        if is_backward {
            if self.kind() != TokenKind::RightParen {
                return Err(self.syntax_error());
            }
            return Err(self.error("unsupported frame specification".into()));
        }
        Ok(WindowFrame { unit, start, end, exclude })
    }

    fn frame_exclude(&mut self) -> Parse<FrameExclude> {
        let exclude = match self.kind() {
            TokenKind::No => {
                self.take()?;
                self.expect(TokenKind::Others)?;
                return Ok(FrameExclude::NoOthers);
            }
            TokenKind::Current => {
                self.take()?;
                self.expect(TokenKind::Row)?;
                return Ok(FrameExclude::CurrentRow);
            }
            TokenKind::Group => FrameExclude::Group,
            TokenKind::Ties => FrameExclude::Ties,
            _ => return Err(self.syntax_error()),
        };
        self.take()?;
        Ok(exclude)
    }

    fn frame_bound(&mut self, is_start: bool) -> Parse<FrameBound> {
        match self.kind() {
            TokenKind::Unbounded => {
                self.take()?;
                self.expect(if is_start { TokenKind::Preceding } else { TokenKind::Following })?;
                Ok(if is_start { FrameBound::UnboundedPreceding } else { FrameBound::UnboundedFollowing })
            }
            TokenKind::Current => {
                self.take()?;
                self.expect(TokenKind::Row)?;
                Ok(FrameBound::CurrentRow)
            }
            _ => {
                let expr = Box::new(self.expr()?);
                let bound = match self.kind() {
                    TokenKind::Preceding => FrameBound::Preceding(expr),
                    TokenKind::Following => FrameBound::Following(expr),
                    _ => return Err(self.syntax_error()),
                };
                self.take()?;
                Ok(bound)
            }
        }
    }

    /// A declared type, perhaps none.
    pub(super) fn type_name(&mut self) -> Parse<Option<TypeName>> {
        if !self.kind().is_identifier_or_string() {
            return Ok(None);
        }
        let start = self.token.start;
        while self.kind().is_identifier_or_string() {
            self.take()?;
        }
        if self.accept(TokenKind::LeftParen)? {
            self.signed_number()?;
            if self.accept(TokenKind::Comma)? {
                self.signed_number()?;
            }
            self.expect(TokenKind::RightParen)?;
        }
        Ok(self.type_name_of(self.span_from(start)))
    }

    /// The type a span holds.
    pub(super) fn type_name_of(&self, span: Span) -> Option<TypeName> {
        let text = span.text(self.sql);
        (!text.is_empty()).then(|| {
            let bytes = text.as_bytes();
            let is_quoted = matches!(bytes[0], b'"' | b'\'' | b'`' | b'[') && bytes.len() >= 3;
            let text = if is_quoted { dequote_prefix(text) } else { text.into() };
            TypeName { text, span }
        })
    }

    fn signed_number(&mut self) -> Parse<()> {
        if matches!(self.kind(), TokenKind::Plus | TokenKind::Minus) {
            self.take()?;
        }
        match self.kind() {
            TokenKind::Integer | TokenKind::Float => self.take().map(drop),
            _ => Err(self.syntax_error()),
        }
    }
}

fn leaf(kind: ExprKind, token: Token) -> Operand {
    Operand { expr: Expr { kind, span: token.span() }, height: 1 }
}

/// Dequotes the way SQLite does a type's text: up to the first closing quote, dropping what follows it.
fn dequote_prefix(text: &str) -> Box<str> {
    let mut chars = text.chars();
    let close = match chars.next() {
        Some('[') => ']',
        Some(quote) => quote,
        None => return text.into(),
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

fn integer(text: &str) -> Literal {
    let bytes = text.as_bytes();
    if bytes.len() > 2 && bytes[1].eq_ignore_ascii_case(&b'x') {
        let digits = text[2..].trim_start_matches('0');
        if digits.len() > 16 {
            return Literal::BigInteger(text.into());
        }
        return Literal::Integer(u64::from_str_radix(digits, 16).unwrap_or(0) as i64);
    }
    match text.parse() {
        Ok(value) => Literal::Integer(value),
        Err(_) => Literal::BigInteger(text.into()),
    }
}

/// The bytes of `x'…'`.
fn blob(text: &str) -> Box<[u8]> {
    let nibble =
        |byte: u8| (byte as char).to_digit(16).expect("the lexer let only hexadecimal digits through");
    let digits = &text.as_bytes()[2..text.len() - 1];
    digits.chunks_exact(2).map(|pair| (nibble(pair[0]) << 4 | nibble(pair[1])) as u8).collect()
}
