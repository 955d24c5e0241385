//! Expressions: what stands in `sql`, as a tree that can be printed and evaluated.

/// A field, of the view in which the name is written if none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldName {
    pub view: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    /// `${TABLE}.column`
    Column(String),
    /// A column whose table is not said.
    Bare(String),
    /// `${field}`
    Field(FieldName),
    Number(f64),
    Text(String),
    Null,
    Binary(Op, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    IsNull(Box<Expr>),
    Call(Function, Vec<Expr>),
    /// `CASE WHEN … THEN … ELSE … END`
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    Aggregate(Aggregate, Box<Expr>),
    /// `${TABLE}.{% parameter p %}`
    ParameterColumn(FieldName),
    /// `{% parameter p %}`
    Parameter(FieldName),
    /// `{% condition f %} … {% endcondition %}`
    Condition(FieldName, Box<Expr>),
    /// `{% date_start f %}`
    DateStart(FieldName),
    /// `{% date_end f %}`
    DateEnd(FieldName),
    /// `{% if … %} … {% else %} … {% endif %}`, and `{% unless … %}` where the test is a `Not`.
    If(Test, Box<Expr>, Box<Expr>),
    /// `{% case p._parameter_value %}`: of an unquoted parameter.
    Switch(FieldName, Vec<(Vec<&'static str>, Expr)>, Box<Expr>),
    /// The sum of as many of the same, written by a `{% for %}`.
    Repeated(i64, Box<Expr>),
    /// `IN`, its list written by `split` and `{% for %}`.
    In(Box<Expr>, Vec<&'static str>),
    /// `{{ _user_attributes['…'] | … | sql_quote }}`
    Attribute(&'static str, Vec<TextFilter>),
    /// `{{ p._parameter_value | … }}`: of a number.
    Reckoned(FieldName, Vec<(Op, i64)>),
    /// A name in quotes.
    Name(Named),
}

/// A filter of Liquid on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFilter {
    Upcase,
    Downcase,
    Append(&'static str),
    Replace(&'static str, &'static str),
}

/// What Liquid knows by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Model,
    Explore,
    Dialect,
    Timezone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Subtract,
    Multiply,
    /// By what may be zero: `a / NULLIF(b, 0)`.
    Divide,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Concat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Upper,
    Lower,
    Length,
    Coalesce,
    Abs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Sum,
    Max,
    Min,
    Count,
    CountDistinct,
}

/// What a Liquid `if` asks. Fields are named in full.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    ParameterIs(FieldName, String),
    InQuery(String),
    IsSelected(String),
    IsFiltered(String),
    /// `view._in_query`
    ViewInQuery(String),
    /// The value of a parameter that is a text, with its quotes.
    TextIs(FieldName, &'static str),
    /// The value of a parameter that is a number.
    IsMoreThan(FieldName, i64),
    /// `_user_attributes['…'] == '…'`
    AttributeIs(&'static str, &'static str),
    /// `_filters['…'] contains '…'`
    FilterHas(String, &'static str),
    Not(Box<Test>),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
}

impl FieldName {
    pub(crate) fn own(name: &str) -> FieldName {
        FieldName {
            view: None,
            name: name.to_owned(),
        }
    }

    pub(crate) fn of(view: &str, name: &str) -> FieldName {
        FieldName {
            view: Some(view.to_owned()),
            name: name.to_owned(),
        }
    }

    /// `view.field` under the alias of the view that it is written in.
    pub(crate) fn full(&self, alias: &str) -> String {
        format!("{}.{}", self.view.as_deref().unwrap_or(alias), self.name)
    }

    pub(crate) fn written(&self) -> String {
        match &self.view {
            Some(view) => format!("{view}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Op {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Subtract => "-",
            Op::Multiply => "*",
            Op::Divide => "/",
            Op::Equal => "=",
            Op::NotEqual => "<>",
            Op::Less => "<",
            Op::LessOrEqual => "<=",
            Op::Greater => ">",
            Op::GreaterOrEqual => ">=",
            Op::And => "AND",
            Op::Or => "OR",
            Op::Concat => "||",
        }
    }
}

impl Expr {
    pub(crate) fn column(name: &str) -> Expr {
        Expr::Column(name.to_owned())
    }

    pub(crate) fn own(name: &str) -> Expr {
        Expr::Field(FieldName::own(name))
    }

    pub(crate) fn of(view: &str, name: &str) -> Expr {
        Expr::Field(FieldName::of(view, name))
    }

    pub(crate) fn either(test: Test, then: Expr, other: Expr) -> Expr {
        Expr::If(test, Box::new(then), Box::new(other))
    }

    pub(crate) fn condition(filter: FieldName, of: Expr) -> Expr {
        Expr::Condition(filter, Box::new(of))
    }

    /// What it is made of, in whichever branch.
    pub(crate) fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Binary(_, left, right) => vec![left, right],
            Expr::If(_, then, other) => vec![then, other],
            Expr::Not(of)
            | Expr::IsNull(of)
            | Expr::Aggregate(_, of)
            | Expr::Condition(_, of)
            | Expr::Repeated(_, of)
            | Expr::In(of, _) => vec![of],
            Expr::Call(_, arguments) => arguments.iter().collect(),
            Expr::Case(arms, other) => {
                let arms = arms.iter().flat_map(|(when, then)| [when, then]);
                arms.chain([&**other]).collect()
            }
            Expr::Switch(_, arms, other) => arms
                .iter()
                .map(|(_, then)| then)
                .chain([&**other])
                .collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn binary(op: Op, left: Expr, right: Expr) -> Expr {
        Expr::Binary(op, Box::new(left), Box::new(right))
    }
}
