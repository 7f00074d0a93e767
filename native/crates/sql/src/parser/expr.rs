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

use super::{MAX_EXPR_DEPTH, MAX_PARAMETER, Parse, Parser, error};
use crate::ParseError;
use crate::ast::{
    BinaryOp, Expr, ExprKind, Frame as WindowFrame, FrameBound, FrameExclude, FrameUnit, FunctionArguments,
    FunctionCall, LikeOp, Literal, Over, Qualifier, RaiseAction, Select, Span, TypeName, UnaryOp, Window,
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
    /// With the parentheses around it: where an expression that has it as a part starts or ends.
    outer: Span,
}

/// What an operator makes of the operand before it.
enum AfterInfix {
    Complete(Operand),
    /// It waits on a frame for another.
    Wants,
    /// IN recurses, so it is left to the caller: less lies on the stack below it.
    In {
        negated: bool,
        left: Operand,
    },
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
        // In a box of its own, so that the frequent frames stay small.
        pattern: Box<Operand>,
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
        low: Box<Operand>,
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

#[cold]
fn too_deep(max: u32) -> Box<ParseError> {
    error(format!("Expression tree is too large (maximum depth {max})"))
}

fn like(
    op: LikeOp,
    negated: bool,
    left: Operand,
    pattern: Operand,
    escape: Option<Operand>,
) -> Parse<Operand> {
    let start = left.outer.start;
    let mut end = pattern.outer.end;
    let mut height = left.height.max(pattern.height) + u32::from(negated);
    let escape = escape.map(|escape| {
        end = escape.outer.end;
        height = height.max(escape.height + u32::from(negated));
        Box::new(escape.expr)
    });
    let kind =
        ExprKind::Like { op, negated, operand: Box::new(left.expr), pattern: Box::new(pattern.expr), escape };
    node(kind, start, end, height)
}

/// A node above parts of this height.
fn node(kind: ExprKind, start: u32, end: u32, parts_height: u32) -> Parse<Operand> {
    let height = parts_height + 1;
    if height > MAX_EXPR_DEPTH {
        return Err(too_deep(MAX_EXPR_DEPTH));
    }
    let outer = Span { start, end };
    Ok(Operand { expr: join(kind, start, end), height, outer })
}

fn join(kind: ExprKind, start: u32, end: u32) -> Expr {
    Expr { kind, span: Span { start, end } }
}

impl Parser<'_> {
    /// An expression; leaves its height in `self.height`.
    pub(super) fn expr(&mut self) -> Parse<Expr> {
        self.nesting += 1;
        if self.nesting > MAX_EXPR_DEPTH {
            return Err(too_deep(MAX_EXPR_DEPTH));
        }
        let base = self.frames.len();
        loop {
            // What starts an operand without being one stays on the frames.
            let operand = match self.kind() {
                TokenKind::LeftParen => match self.open_paren()? {
                    Some(start) => self.subquery(start)?,
                    None => continue,
                },
                TokenKind::Not => {
                    self.prefix(UnaryOp::Not)?;
                    continue;
                }
                TokenKind::Minus => {
                    self.prefix(UnaryOp::Minus)?;
                    continue;
                }
                TokenKind::Plus => {
                    self.prefix(UnaryOp::Plus)?;
                    continue;
                }
                TokenKind::Tilde => {
                    self.prefix(UnaryOp::BitNot)?;
                    continue;
                }
                _ => self.primary()?,
            };
            if let Some(expr) = self.after_operand(base, operand)? {
                if self.height > self.dialect.expr_depth {
                    return Err(too_deep(self.dialect.expr_depth));
                }
                return Ok(expr);
            }
        }
    }

    /// Opens a parenthesis, unless it is that of a subquery, whose start it tells.
    #[inline(never)]
    fn open_paren(&mut self) -> Parse<Option<u32>> {
        let start = self.take()?.start;
        if matches!(self.kind(), TokenKind::Select | TokenKind::Values | TokenKind::With) {
            return Ok(Some(start));
        }
        self.push_frame(Frame::Paren { start })?;
        Ok(None)
    }

    #[inline(never)]
    fn prefix(&mut self, op: UnaryOp) -> Parse<()> {
        let start = self.take()?.start;
        self.push_frame(Frame::Prefix { op, start })
    }

    fn push_frame(&mut self, frame: Frame) -> Parse<()> {
        self.push_depth(frame.symbols())?;
        self.frames.push(frame);
        Ok(())
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
                self.between_high(operand)?;
                return Ok(None);
            }
            match self.infix(operand)? {
                AfterInfix::Complete(complete) => operand = complete,
                AfterInfix::Wants => return Ok(None),
                AfterInfix::In { negated, left } => operand = self.in_operator(negated, left)?,
            }
        }
    }

    /// The AND of a BETWEEN, whose low end is the operand.
    #[inline(never)]
    fn between_high(&mut self, low: Operand) -> Parse<()> {
        self.take()?;
        if let Some(Frame::BetweenLow { negated, left }) = self.frames.pop() {
            self.depth -= 2;
            self.push_frame(Frame::BetweenHigh { negated, left, low: Box::new(low) })?;
        }
        Ok(())
    }

    /// The top frame has its operand.
    #[inline(never)]
    fn close_frame(&mut self, operand: Operand) -> Parse<Operand> {
        let frame = self.frames.pop().expect("the caller has looked at the top frame");
        self.depth -= frame.symbols();
        let Operand { expr, height, outer } = operand;
        let end = outer.end;
        match frame {
            Frame::Prefix { op, start } => {
                // SQLite folds a sign over a plus sign into one.
                if let (UnaryOp::Plus | UnaryOp::Minus, ExprKind::Unary { op: UnaryOp::Plus, .. }) =
                    (op, &expr.kind)
                    && let ExprKind::Unary { operand, .. } = expr.kind
                {
                    let expr = join(ExprKind::Unary { op, operand }, start, end);
                    return Ok(Operand { expr, height, outer: Span { start, end } });
                }
                node(ExprKind::Unary { op, operand: Box::new(expr) }, start, end, height)
            }
            Frame::Binary { op, left } => {
                let start = left.outer.start;
                let kind = match (op, &expr.kind) {
                    (BinaryOp::Is, ExprKind::Literal(Literal::Null)) => {
                        ExprKind::Unary { op: UnaryOp::IsNull, operand: Box::new(left.expr) }
                    }
                    (BinaryOp::IsNot, ExprKind::Literal(Literal::Null)) => {
                        ExprKind::Unary { op: UnaryOp::NotNull, operand: Box::new(left.expr) }
                    }
                    _ => ExprKind::Binary { op, left: Box::new(left.expr), right: Box::new(expr) },
                };
                node(kind, start, end, height.max(left.height))
            }
            Frame::Like { op, negated, left } => {
                like(op, negated, left, Operand { expr, height, outer }, None)
            }
            Frame::Escape { op, negated, left, pattern } => {
                like(op, negated, left, *pattern, Some(Operand { expr, height, outer }))
            }
            Frame::BetweenHigh { negated, left, low } => {
                let start = left.outer.start;
                let height = height.max(left.height).max(low.height) + u32::from(negated);
                let kind = ExprKind::Between {
                    negated,
                    operand: Box::new(left.expr),
                    low: Box::new(low.expr),
                    high: Box::new(expr),
                };
                node(kind, start, end, height)
            }
            Frame::Paren { .. } | Frame::Row { .. } | Frame::BetweenLow { .. } => {
                unreachable!("groups hold with no precedence, so no operator closes them")
            }
        }
    }

    /// No operator follows, but a group or a LIKE is open: its end, its comma or its ESCAPE must be next.
    #[inline(never)]
    fn close_group(&mut self, operand: Operand) -> Parse<Option<Operand>> {
        let top = self.frames.len() - 1;
        match (&mut self.frames[top], self.token.kind) {
            (Frame::Like { .. }, TokenKind::Escape) => {
                self.take()?;
                if let Some(Frame::Like { op, negated, left }) = self.frames.pop() {
                    self.depth -= 2;
                    self.push_frame(Frame::Escape { op, negated, left, pattern: Box::new(operand) })?;
                }
                Ok(None)
            }
            (Frame::Paren { start }, TokenKind::RightParen) => {
                let start = *start;
                // For a moment SQLite holds the closing parenthesis, too.
                self.push_depth(1)?;
                let end = self.take()?.end;
                self.frames.pop();
                self.depth -= 2;
                Ok(Some(Operand { outer: Span { start, end }, ..operand }))
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
                        node(ExprKind::Row(items), start, end, height).map(Some)
                    }
                    _ => unreachable!("the top frame is the row just looked at"),
                }
            }
            _ => Err(self.syntax_error()),
        }
    }

    /// An operator stands behind the operand.
    #[inline(never)]
    fn infix(&mut self, left: Operand) -> Parse<AfterInfix> {
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
        Ok(AfterInfix::Wants)
    }

    /// The operators that are words, AND and OR aside.
    fn word_infix(&mut self, token: Token, left: Operand) -> Parse<AfterInfix> {
        match token.kind {
            TokenKind::Is => {
                let op = self.is_operator()?;
                self.push_frame(Frame::Binary { op, left })?;
                Ok(AfterInfix::Wants)
            }
            TokenKind::Isnull => self.postfix(UnaryOp::IsNull, left),
            TokenKind::Notnull => self.postfix(UnaryOp::NotNull, left),
            TokenKind::Collate => {
                let collation = self.identifier_or_string()?;
                let start = left.outer.start;
                let kind = ExprKind::Collate { operand: Box::new(left.expr), collation };
                node(kind, start, self.last_end, left.height).map(AfterInfix::Complete)
            }
            TokenKind::Not => {
                if self.accept(TokenKind::Null)? {
                    return self.postfix(UnaryOp::NotNull, left);
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

    fn postfix(&mut self, op: UnaryOp, left: Operand) -> Parse<AfterInfix> {
        let start = left.outer.start;
        node(ExprKind::Unary { op, operand: Box::new(left.expr) }, start, self.last_end, left.height)
            .map(AfterInfix::Complete)
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
    fn negatable_infix(&mut self, token: Token, negated: bool, left: Operand) -> Parse<AfterInfix> {
        let frame = match token.kind {
            TokenKind::Between => Frame::BetweenLow { negated, left },
            TokenKind::In => return Ok(AfterInfix::In { negated, left }),
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
        Ok(AfterInfix::Wants)
    }

    // What comes before and after the recursion stands apart, so that little lies on the stack below it.
    fn in_operator(&mut self, negated: bool, left: Operand) -> Parse<Operand> {
        self.push_depth(3)?;
        if !self.accept(TokenKind::LeftParen)? {
            return self.in_table(negated, left);
        }
        if matches!(self.kind(), TokenKind::Select | TokenKind::Values | TokenKind::With) {
            let select = self.select()?;
            return self.in_select(negated, left, select);
        }
        let list = self.expr_list_until_paren()?;
        self.in_list(negated, left, list)
    }

    #[inline(never)]
    fn in_table(&mut self, negated: bool, left: Operand) -> Parse<Operand> {
        let table = Box::new(self.qualified_name()?);
        self.height = 0;
        let arguments = if self.accept(TokenKind::LeftParen)? {
            let arguments = self.expr_list_until_paren()?;
            self.expect(TokenKind::RightParen)?;
            Some(arguments)
        } else {
            None
        };
        let start = left.outer.start;
        let operand = Box::new(left.expr);
        self.in_node(ExprKind::InTable { negated, operand, table, arguments }, start, left.height, negated)
    }

    #[inline(never)]
    fn in_select(&mut self, negated: bool, left: Operand, select: Box<Select>) -> Parse<Operand> {
        self.expect(TokenKind::RightParen)?;
        let start = left.outer.start;
        let operand = Box::new(left.expr);
        self.in_node(ExprKind::InSelect { negated, operand, select }, start, left.height, negated)
    }

    #[inline(never)]
    fn in_list(&mut self, negated: bool, left: Operand, list: Vec<Expr>) -> Parse<Operand> {
        self.expect(TokenKind::RightParen)?;
        let start = left.outer.start;
        let operand = Box::new(left.expr);
        self.in_node(ExprKind::InList { negated, operand, list }, start, left.height, negated)
    }

    /// `self.height` is that of the right side.
    fn in_node(&mut self, kind: ExprKind, start: u32, left_height: u32, negated: bool) -> Parse<Operand> {
        self.depth -= 3;
        let height = left_height.max(self.height) + u32::from(negated);
        node(kind, start, self.last_end, height)
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
        node(ExprKind::Subquery(select), start, end, height)
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
                let number = self.parameter(token);
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
                self.take()?;
                return Ok(self.separated_number(text));
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
    fn separated_number(&mut self, text: &str) -> Literal {
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
            self.complain(format!("unrecognized token: \"{shown}\""));
        }
        buffer.truncate(len);
        let digits = String::from_utf8_lossy(&buffer);
        let is_real = !is_hex && digits.contains(['.', 'e', 'E']);
        if is_real { Literal::Real(digits.into()) } else { integer(&digits) }
    }

    /// The number of the parameter a token names; 0 when SQLite would not have it, which is a complaint already.
    fn parameter(&mut self, token: Token) -> u32 {
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
                    let message = format!("variable number must be between ?1 and ?{MAX_PARAMETER}");
                    self.complain_at(token.start, message);
                    return 0;
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
                self.complain_at(token.start, format!("near \"{text}\": syntax error"));
                return 0;
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
            self.complain_at(token.start, "too many SQL variables".into());
        }
        number
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
        let expr = join(kind, first.start, self.last_end);
        Ok(Operand { height, outer: expr.span, expr })
    }

    fn exists(&mut self) -> Parse<Operand> {
        let start = self.take()?.start;
        self.expect(TokenKind::LeftParen)?;
        self.push_depth(2)?;
        let select = self.select()?;
        let height = self.height;
        let end = self.expect(TokenKind::RightParen)?.end;
        self.depth -= 2;
        node(ExprKind::Exists(select), start, end, height)
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
        node(ExprKind::Cast { operand, type_name }, start, end, height)
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
        node(ExprKind::Raise { action, message }, start, end, height)
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
        self.push_depth(2)?;
        let mut arms = Vec::new();
        self.expect(TokenKind::When)?;
        loop {
            let when = self.expr()?;
            height = height.max(self.height);
            self.expect(TokenKind::Then)?;
            self.push_depth(2)?;
            let then = self.expr()?;
            self.depth -= 2;
            height = height.max(self.height);
            arms.push((when, then));
            if !self.accept(TokenKind::When)? {
                break;
            }
        }
        let otherwise = if self.accept(TokenKind::Else)? {
            self.push_depth(1)?;
            let otherwise = Box::new(self.expr()?);
            self.depth -= 1;
            height = height.max(self.height);
            Some(otherwise)
        } else {
            None
        };
        let end = self.expect(TokenKind::EndWord)?.end;
        self.depth -= 3;
        node(ExprKind::Case { operand, arms, otherwise }, start, end, height)
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
        let mut is_too_long = false;
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
            is_too_long = count > self.dialect.function_arguments;
        }
        self.expect(TokenKind::RightParen)?;
        if is_too_long {
            let name = self.text(name);
            self.complain(format!("too many arguments on function {name}"));
        }
        if matches!(self.kind(), TokenKind::Filter | TokenKind::Over) {
            self.filter_and_over(name, &mut call)?;
        }
        self.depth -= 3;
        let height = std::mem::replace(&mut self.peak, outer_peak);
        node(ExprKind::Function(call), name.start, self.last_end, height)
    }

    fn filter_and_over(&mut self, name: Token, call: &mut FunctionCall) -> Parse<()> {
        self.push_depth(4)?;
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
                self.complain("DISTINCT is not supported for window functions".into());
            }
            let has_arguments =
                matches!(&call.arguments, FunctionArguments::List(arguments) if !arguments.is_empty());
            if !call.order_by.is_empty() && has_arguments {
                let name = self.text(name);
                self.complain(format!("ORDER BY may not be used with non-aggregate {name}()"));
            }
        }
        self.depth -= 4;
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
        let is_backward = matches!(
            (&start, end.as_ref().unwrap_or(&FrameBound::CurrentRow)),
            (FrameBound::CurrentRow, FrameBound::Preceding(_))
                | (FrameBound::Following(_), FrameBound::Preceding(_) | FrameBound::CurrentRow)
        );
        if is_backward {
            self.complain("unsupported frame specification".into());
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
            let text = if text.len() >= 3 { super::dequote_prefix(text) } else { text.into() };
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
    Operand { expr: Expr { kind, span: token.span() }, height: 1, outer: token.span() }
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
