//! Expressions that were read.

use std::{collections::BTreeSet, iter};

use super::{Function, Value};
use crate::token::Span;

/// An expression and the characters it was written with.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `12.5`, `"text"`, `yes`, `null`
    Literal(Value),
    /// A filter expression in back-ticks.
    Filter(String),
    /// `${view.field:total}`
    Reference(Reference),
    /// `-a`
    Negate(Box<Expression>),
    /// `NOT a`
    Not(Box<Expression>),
    /// `a + b - c`, from left to right: operators of one rank only.
    Chain {
        /// What stands left of the first operator.
        first: Box<Expression>,
        /// Each operator with what stands right of it.
        rest: Vec<(Operator, Expression)>,
    },
    /// `case(when(a, b), c)`
    Case {
        /// Conditions and what holds then.
        branches: Vec<(Expression, Expression)>,
        /// What holds in no other case.
        otherwise: Option<Box<Expression>>,
    },
    /// `round(a, 2)`
    Call {
        /// Which function.
        function: &'static Function,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `=`
    Equal,
    /// `!=` or `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `AND`
    And,
    /// `OR`
    Or,
}

/// What is between `${` and `}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// A field with its view, or a calculation.
    pub name: String,
    /// Which of its values.
    pub part: ReferencePart,
}

/// Which values of a column are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferencePart {
    /// Those of the row.
    Row,
    /// `:total`
    Total,
    /// `:row_total`
    RowTotal,
}

impl Reference {
    /// Whether it names a field of a view. A calculation has no view.
    pub fn is_field(&self) -> bool {
        self.name.contains('.')
    }
}

impl Expression {
    /// The fields and calculations it uses, each once, in the order of their first use.
    pub fn references(&self) -> Vec<&Reference> {
        let mut references = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![self];
        while let Some(expression) = waiting.pop() {
            if let ExpressionKind::Reference(reference) = &expression.kind
                && seen.insert(reference)
            {
                references.push(reference);
            }
            waiting.extend(expression.children().into_iter().rev());
        }
        references
    }

    /// The expressions directly inside, from left to right.
    pub(crate) fn children(&self) -> Vec<&Expression> {
        match &self.kind {
            ExpressionKind::Literal(_)
            | ExpressionKind::Filter(_)
            | ExpressionKind::Reference(_) => Vec::new(),
            ExpressionKind::Negate(inner) | ExpressionKind::Not(inner) => vec![inner],
            ExpressionKind::Chain { first, rest } => {
                let rest = rest.iter().map(|(_, expression)| expression);
                iter::once(&**first).chain(rest).collect()
            }
            ExpressionKind::Case {
                branches,
                otherwise,
            } => {
                let branches = branches.iter().flat_map(|(when, then)| [when, then]);
                branches.chain(otherwise.as_deref()).collect()
            }
            ExpressionKind::Call { arguments, .. } => arguments.iter().collect(),
        }
    }
}
