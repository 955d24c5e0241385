//! The tree of a template.

use super::filters::Filter;
use super::value::Value;

/// A piece of a template and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) kind: NodeKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    Text(String),
    /// `{{ … }}`
    Output(Filtered),
    Assign {
        name: String,
        value: Filtered,
    },
    Capture {
        name: String,
        body: Vec<Node>,
    },
    /// `if` and `unless`: the first branch whose test holds.
    If(Vec<Branch>),
    Case {
        subject: Operand,
        whens: Vec<When>,
        otherwise: Vec<Node>,
    },
    For(Box<Loop>),
    Break,
    Continue,
    Condition {
        field: Option<String>,
        body: Vec<Node>,
    },
    IncrementCondition(Vec<Node>),
    DateStart(String),
    DateEnd(String),
    Parameter(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Branch {
    /// None is `else`.
    pub(super) test: Option<Test>,
    /// Whether it is taken when the test fails: `unless`.
    pub(super) negated: bool,
    pub(super) body: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct When {
    pub(super) values: Vec<Operand>,
    pub(super) body: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Loop {
    pub(super) name: String,
    pub(super) over: Over,
    pub(super) limit: Option<Operand>,
    pub(super) offset: Option<Operand>,
    pub(super) reversed: bool,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Over {
    Values(Operand),
    /// `(1..5)`, both ends in it.
    Range(Operand, Operand),
}

/// Comparisons with what joins each to the next one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Test(pub(super) Vec<(Comparison, Option<Connective>)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connective {
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub(super) at: usize,
    pub(super) left: Operand,
    /// None: whether the left one is anything but nil and false.
    pub(super) right: Option<(Operator, Operand)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// A value and the filters it goes through. None is `{{ }}`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filtered {
    pub(super) operand: Option<Operand>,
    pub(super) calls: Vec<FilterCall>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct FilterCall {
    pub(super) at: usize,
    pub(super) filter: &'static Filter,
    pub(super) arguments: Vec<Operand>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Literal(Value),
    Empty,
    Blank,
    Variable(Variable),
}

/// `orders.status._value`, `_filters['orders.status']`, `words[0]`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub(super) at: usize,
    pub(super) root: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Name(String),
    Index(Operand),
}
