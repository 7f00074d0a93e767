//! Which expressions can run over batches, and what they become.
//!
//! Of the tables that are read an expression reads *slots*; everything that is the same for all rows of a run (literals,
//! parameters, columns and registers of enclosing queries) is a *constant*, evaluated when the run begins.
//!
//! Left to the row engine, by answering None: functions of the application, functions with other results for the same
//! arguments, collations of the application, JSON subtypes. A function that fails makes the whole run start again row by
//! row, so that the error, and whether there is one at all, is the row engine's; so does a subquery that depends on the row.

use pluresdb_function::{Flags, Scalar};
use pluresdb_value::{Affinity, Collation};

use super::Run;
use super::batch::Slot;
use super::known::{Known, SetOf};
use crate::execute::arguments::JsonArgs;
use crate::execute::subtype::json_args_of;
use crate::execute::{Context, Frame};
use crate::resolve::tree::{
    ArithmeticOperator, Between, CompareOperator, Comparison, Expr, InList, InSelect, Register, RowOperand,
    SourceId, SubqueryId,
};

#[derive(Clone)]
pub(super) enum Node {
    Slot(usize),
    Constant(usize),
    Negate(Box<Node>),
    BitNot(Box<Node>),
    Arithmetic {
        operator: ArithmeticOperator,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// `||`.
    Concat(Box<Node>, Box<Node>),
    Compare {
        operator: CompareOperator,
        left: Box<Node>,
        right: Box<Node>,
        comparison: Comparison,
    },
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    IsNull {
        operand: Box<Node>,
        negated: bool,
    },
    IsTruth {
        operand: Box<Node>,
        truth: bool,
        negated: bool,
    },
    /// The values, and how each is compared.
    InList {
        operand: Box<Node>,
        list: Vec<Node>,
        comparison: Comparison,
        negated: bool,
    },
    /// Whether the operand is in one of the run's sets.
    InSet {
        operand: Box<Node>,
        set: usize,
        negated: bool,
    },
    /// Conditions with what they give, and what stands behind ELSE.
    Case {
        arms: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Cast {
        operand: Box<Node>,
        affinity: Affinity,
    },
    Coalesce(Vec<Node>),
    /// NULL where it equals the other.
    NullIf {
        value: Box<Node>,
        other: Box<Node>,
        collation: Collation,
    },
    Function {
        function: &'static Scalar,
        args: Vec<Node>,
        collation: Collation,
        json_args: JsonArgs,
    },
}

/// An expression and the slots it reads.
#[derive(Clone)]
pub(super) struct Expression {
    pub node: Node,
    pub slots: Vec<usize>,
    /// It calls a function that takes longer than finding out whether a text was met before.
    pub is_dear: bool,
    /// It calls a function that could fail.
    pub may_fail: bool,
}

/// What the expressions of one scan or join share.
pub(super) struct Shared {
    pub slots: Vec<Slot>,
    constants: Vec<Expr>,
    sets: Vec<SetOf>,
    /// The sources whose columns are slots.
    sources: Vec<SourceId>,
    /// Sources of a join around this: their columns are neither slots nor constants.
    beside: Vec<SourceId>,
    /// Subqueries whose answers about each row are slots.
    answers: Vec<SubqueryId>,
    /// Registers that are slots.
    registers: Vec<Register>,
}

impl Shared {
    pub fn new(sources: Vec<SourceId>, beside: &[SourceId]) -> Shared {
        let beside = beside.iter().copied().filter(|source| !sources.contains(source)).collect();
        Shared {
            slots: Vec::new(),
            constants: Vec::new(),
            sets: Vec::new(),
            sources,
            beside,
            answers: Vec::new(),
            registers: Vec::new(),
        }
    }

    /// For rows that stand in registers: each has its slot, in this order.
    pub fn of_registers(registers: Vec<Register>) -> Shared {
        let slots = registers.iter().map(|register| Slot::Register(*register)).collect();
        Shared { slots, registers, ..Shared::new(Vec::new(), &[]) }
    }

    /// For expressions that are compiled already.
    pub fn of_slots(slots: Vec<Slot>) -> Shared {
        Shared { slots, ..Shared::new(Vec::new(), &[]) }
    }

    pub fn sources(&self) -> &[SourceId] {
        &self.sources
    }

    pub fn add_answer(&mut self, subquery: SubqueryId) {
        self.answers.push(subquery);
    }

    pub fn take_answers(&mut self, other: &Shared) {
        self.answers.extend_from_slice(&other.answers);
    }

    /// The number of a slot, new or known.
    pub fn slot(&mut self, wanted: Slot) -> usize {
        self.slots.iter().position(|slot| *slot == wanted).unwrap_or_else(|| {
            self.slots.push(wanted);
            self.slots.len() - 1
        })
    }

    /// Whether the constants are the same for all runs of one execution of the statement.
    pub fn is_lasting(&self) -> bool {
        let is_lasting = |expr: &Expr| matches!(expr, Expr::Literal(_) | Expr::Parameter(_));
        self.sets.is_empty() && self.constants.iter().all(is_lasting)
    }

    /// Evaluates what the rows of a run that begins have in common.
    pub fn begin(&self, known: &mut Known, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        known.begin(&self.constants, &self.sets, frame, context)
    }
}

/// Those that have loops of their own, or hardly do anything.
const CHEAP_FUNCTIONS: [&str; 15] = [
    "like",
    "substr",
    "substring",
    "length",
    "abs",
    "octet_length",
    "typeof",
    "lower",
    "upper",
    "replace",
    "trim",
    "ltrim",
    "rtrim",
    "instr",
    "hex",
];

/// Whatever they are given.
const NEVER_FAILING: [&str; 5] = ["substr", "substring", "length", "octet_length", "typeof"];

pub(super) struct Compiler<'s> {
    shared: &'s mut Shared,
    /// Of the expression being compiled.
    slots: Vec<usize>,
    is_dear: bool,
    may_fail: bool,
}

/// The expression over rows of the sources of `shared`; None when only the row engine can run it.
pub(super) fn compile(expr: &Expr, shared: &mut Shared) -> Option<Expression> {
    let mut compiler = Compiler { shared, slots: Vec::new(), is_dear: false, may_fail: false };
    let node = compiler.node(expr)?;
    let Compiler { slots, is_dear, may_fail, .. } = compiler;
    Some(Expression { node, slots, is_dear, may_fail })
}

impl Compiler<'_> {
    fn boxed(&mut self, expr: &Expr) -> Option<Box<Node>> {
        self.node(expr).map(Box::new)
    }

    fn nodes(&mut self, exprs: &[Expr]) -> Option<Vec<Node>> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    fn slot(&mut self, wanted: Slot) -> Node {
        let index = self.shared.slot(wanted);
        if !self.slots.contains(&index) {
            self.slots.push(index);
        }
        Node::Slot(index)
    }

    fn constant(&mut self, expr: Expr) -> Node {
        self.shared.constants.push(expr);
        Node::Constant(self.shared.constants.len() - 1)
    }

    fn node(&mut self, expr: &Expr) -> Option<Node> {
        Some(match expr {
            Expr::Column { source, column } if self.shared.sources.contains(source) => {
                self.slot(Slot::Column(*source, *column))
            }
            Expr::Rowid(source) if self.shared.sources.contains(source) => self.slot(Slot::Rowid(*source)),
            Expr::Column { source, .. } | Expr::Rowid(source) if self.shared.beside.contains(source) => {
                return None;
            }
            Expr::Register(register) if self.shared.registers.contains(register) => {
                self.slot(Slot::Register(*register))
            }
            Expr::Literal(_)
            | Expr::Parameter(_)
            | Expr::Column { .. }
            | Expr::Rowid(_)
            | Expr::Register(_) => self.constant(expr.clone()),
            Expr::Constant { call, .. } => match &**call {
                Expr::Function { collation, .. } if !collation.is_custom() => self.constant(expr.clone()),
                Expr::Raw(_) => self.constant(expr.clone()),
                _ => return None,
            },
            Expr::Plus(operand) => self.node(operand)?,
            Expr::Collate { operand, collation } => {
                if collation.is_custom() {
                    return None;
                }
                self.node(operand)?
            }
            Expr::Negate(operand) => match &**operand {
                // -1 is a literal to everybody but the parser.
                Expr::Literal(value) => {
                    self.constant(Expr::Literal(pluresdb_value::arithmetic::negate(value.as_ref())))
                }
                operand => Node::Negate(self.boxed(operand)?),
            },
            Expr::BitNot(operand) => Node::BitNot(self.boxed(operand)?),
            Expr::Arithmetic { operator: ArithmeticOperator::Concat, left, right, .. } => {
                // It can make values that are too long.
                self.may_fail = true;
                Node::Concat(self.boxed(left)?, self.boxed(right)?)
            }
            Expr::Arithmetic { operator, left, right, .. } => {
                Node::Arithmetic { operator: *operator, left: self.boxed(left)?, right: self.boxed(right)? }
            }
            Expr::Compare(compare) => {
                self.comparison(compare.operator, &compare.left, &compare.right, compare.comparison)?
            }
            Expr::Between(between) => self.between(between)?,
            Expr::Not(operand) => Node::Not(self.boxed(operand)?),
            Expr::And(left, right, _) => Node::And(self.boxed(left)?, self.boxed(right)?),
            Expr::Or(left, right, _) => Node::Or(self.boxed(left)?, self.boxed(right)?),
            Expr::IsNull { operand, negated } => {
                Node::IsNull { operand: self.boxed(operand)?, negated: *negated }
            }
            Expr::IsTruth { operand, truth, negated } => {
                Node::IsTruth { operand: self.boxed(operand)?, truth: *truth, negated: *negated }
            }
            Expr::InList(in_list) => self.in_list(in_list)?,
            Expr::Case { operand, arms, otherwise } => {
                let mut compiled = Vec::with_capacity(arms.len());
                for arm in arms.iter() {
                    let when = match operand {
                        Some(operand) => {
                            self.comparison(CompareOperator::Equal, operand, &arm.when, arm.comparison)?
                        }
                        None => self.node(&arm.when)?,
                    };
                    compiled.push((when, self.node(&arm.then)?));
                }
                let otherwise = match otherwise {
                    Some(otherwise) => Some(self.boxed(otherwise)?),
                    None => None,
                };
                Node::Case { arms: compiled, otherwise }
            }
            Expr::Cast { operand, affinity } => {
                Node::Cast { operand: self.boxed(operand)?, affinity: *affinity }
            }
            Expr::Coalesce(args) => Node::Coalesce(self.nodes(args)?),
            Expr::Function { function, args, collation } => self.function(function, args, *collation)?,
            Expr::InSelect(in_select) if self.shared.answers.contains(&in_select.subquery) => {
                self.slot(Slot::Answer(in_select.subquery))
            }
            Expr::InSelect(in_select) => self.in_set(in_select)?,
            Expr::ScalarSubquery(id) if self.shared.answers.contains(id) => self.slot(Slot::Answer(*id)),
            Expr::Exists { subquery, negated } if self.shared.answers.contains(subquery) => {
                let answer = self.slot(Slot::Answer(*subquery));
                if *negated { Node::Not(Box::new(answer)) } else { answer }
            }
            // Of the subqueries only those are run in batches that no row changes; which those are, the run tells.
            Expr::ScalarSubquery(_) | Expr::Exists { .. } => self.constant(expr.clone()),
            Expr::Application { .. } | Expr::RowCompare(_) | Expr::Raise { .. } | Expr::Raw(_) => {
                return None;
            }
        })
    }

    fn comparison(
        &mut self,
        operator: CompareOperator,
        left: &Expr,
        right: &Expr,
        comparison: Comparison,
    ) -> Option<Node> {
        if comparison.collation.is_custom() {
            return None;
        }
        let (left, right) = (self.boxed(left)?, self.boxed(right)?);
        Some(Node::Compare { operator, left, right, comparison })
    }

    fn between(&mut self, between: &Between) -> Option<Node> {
        let above = self.comparison(
            CompareOperator::GreaterOrEqual,
            &between.operand,
            &between.low,
            between.low_comparison,
        )?;
        let below = self.comparison(
            CompareOperator::LessOrEqual,
            &between.operand,
            &between.high,
            between.high_comparison,
        )?;
        let within = Node::And(Box::new(above), Box::new(below));
        Some(if between.negated { Node::Not(Box::new(within)) } else { within })
    }

    fn in_list(&mut self, in_list: &InList) -> Option<Node> {
        if in_list.comparison.collation.is_custom() || in_list.keeps_operand {
            return None;
        }
        Some(Node::InList {
            operand: self.boxed(&in_list.operand)?,
            list: self.nodes(&in_list.list)?,
            comparison: in_list.comparison,
            negated: in_list.negated,
        })
    }

    fn in_set(&mut self, in_select: &InSelect) -> Option<Node> {
        let (RowOperand::Exprs(operands), [comparison]) = (&in_select.operand, &in_select.comparisons[..])
        else {
            return None;
        };
        let [operand] = &operands[..] else { return None };
        if comparison.collation.is_custom() || in_select.keeps_operand {
            return None;
        }
        let operand = self.boxed(operand)?;
        self.shared.sets.push(SetOf { subquery: in_select.subquery, comparison: *comparison });
        Some(Node::InSet { operand, set: self.shared.sets.len() - 1, negated: in_select.negated })
    }

    fn function(&mut self, function: &'static Scalar, args: &[Expr], collation: Collation) -> Option<Node> {
        if function.flags.has(Flags::LAZY) {
            return matches!(function.name, "iif" | "if").then(|| self.choice(args)).flatten();
        }
        // It tells NULL and JSON apart.
        if function.name == "subtype" {
            return None;
        }
        if let ("nullif", [value, other], false) = (function.name, args, collation.is_custom()) {
            let (value, other) = (self.boxed(value)?, self.boxed(other)?);
            return Some(Node::NullIf { value, other, collation });
        }
        if !function.flags.has(Flags::DETERMINISTIC) || collation.is_custom() {
            return None;
        }
        let json_args = json_args_of(function.flags, args)?;
        self.may_fail |= !NEVER_FAILING.contains(&function.name);
        self.is_dear |= !CHEAP_FUNCTIONS.contains(&function.name);
        Some(Node::Function { function, args: self.nodes(args)?, collation, json_args })
    }

    /// `iif(condition, value, …, otherwise)`.
    fn choice(&mut self, args: &[Expr]) -> Option<Node> {
        let mut arms = Vec::new();
        let mut rest = args;
        while let [condition, value, behind @ ..] = rest {
            arms.push((self.node(condition)?, self.node(value)?));
            rest = behind;
        }
        let otherwise = match rest {
            [otherwise] => Some(self.boxed(otherwise)?),
            _ => None,
        };
        Some(Node::Case { arms, otherwise })
    }
}
