//! Tokens to an expression.
//!
//! ```text
//! or         = and { "OR" and } ;
//! and        = not { "AND" not } ;
//! not        = "NOT" not | comparison ;
//! comparison = sum [ ("=" | "!=" | "<>" | "<" | "<=" | ">" | ">=") sum ] ;
//! sum        = product { ("+" | "-") product } ;
//! product    = sign { ("*" | "/" | "%") sign } ;
//! sign       = "-" sign | "+" sign | primary ;
//! primary    = number | text | filter | reference | "yes" | "no" | "null" | case | call | "(" or ")" ;
//! case       = "case" "(" { "when" "(" or "," or ")" [","] } [ or ] ")" ;
//! call       = name "(" [ or { "," or } ] ")" ;
//! ```

use super::{
    Expression, ExpressionKind, Operator, Value,
    functions::{Function, function, nearest_function},
    lexer::{Token, TokenKind, lex},
};
use crate::{Diagnostic, rules, token::Span};

/// Deeper than anybody nests, and far from the end of the stack.
const MAX_DEPTH: usize = 100;

impl Expression {
    /// Reads an expression. The first mistake is the answer where there is one.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let mut parser = Parser {
            tokens: lex(text)?,
            at: 0,
            depth: 0,
        };
        if parser.kind() == &TokenKind::End {
            let span = Span::new(0, text.len());
            return Err(Diagnostic::new(
                rules::BAD_EXPRESSION,
                span,
                "there is no expression",
            ));
        }
        let expression = parser.or()?;
        match parser.kind() {
            TokenKind::End => Ok(expression),
            _ => Err(parser.unexpected("an operator")),
        }
    }
}

struct Parser {
    /// The last one is the end.
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn or(&mut self) -> Result<Expression, Diagnostic> {
        self.nested(|parser| parser.chain(Self::and, &[("or", Operator::Or)]))
    }

    fn and(&mut self) -> Result<Expression, Diagnostic> {
        self.chain(Self::not, &[("and", Operator::And)])
    }

    fn not(&mut self) -> Result<Expression, Diagnostic> {
        let start = self.span();
        if !self.take_word("not") {
            return self.comparison();
        }
        let inner = self.nested(Self::not)?;
        Ok(Expression {
            span: start.to(inner.span),
            kind: ExpressionKind::Not(Box::new(inner)),
        })
    }

    fn comparison(&mut self) -> Result<Expression, Diagnostic> {
        const COMPARISONS: [(&str, Operator); 7] = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<>", Operator::NotEqual),
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
        ];
        let left = self.sum()?;
        let Some(operator) = self.take_operator(&COMPARISONS) else {
            return Ok(left);
        };
        let right = self.sum()?;
        let second = self.span();
        if self.take_operator(&COMPARISONS).is_some() {
            let message = "two values are compared at a time";
            let diagnostic = Diagnostic::new(rules::BAD_EXPRESSION, second, message);
            return Err(diagnostic.hint("write `a < b AND b < c`"));
        }
        Ok(chained(left, vec![(operator, right)]))
    }

    fn sum(&mut self) -> Result<Expression, Diagnostic> {
        let operators = [("+", Operator::Add), ("-", Operator::Subtract)];
        self.chain(Self::product, &operators)
    }

    fn product(&mut self) -> Result<Expression, Diagnostic> {
        let operators = [
            ("*", Operator::Multiply),
            ("/", Operator::Divide),
            ("%", Operator::Remainder),
        ];
        self.chain(Self::sign, &operators)
    }

    fn sign(&mut self) -> Result<Expression, Diagnostic> {
        let start = self.span();
        if self.take("+") {
            return self.nested(Self::sign);
        }
        if !self.take("-") {
            return self.primary();
        }
        let inner = self.nested(Self::sign)?;
        Ok(Expression {
            span: start.to(inner.span),
            kind: ExpressionKind::Negate(Box::new(inner)),
        })
    }

    fn primary(&mut self) -> Result<Expression, Diagnostic> {
        let span = self.span();
        let kind = match self.kind().clone() {
            TokenKind::Number(number) => ExpressionKind::Literal(Value::Number(number)),
            TokenKind::Text(text) => ExpressionKind::Literal(Value::Text(text)),
            TokenKind::Filter(filter) => ExpressionKind::Filter(filter),
            TokenKind::Reference(reference) => ExpressionKind::Reference(reference),
            TokenKind::Name(name) => return self.name(&name.to_ascii_lowercase()),
            TokenKind::Symbol("(") => return self.parenthesis(),
            TokenKind::Symbol(_) | TokenKind::End => return Err(self.unexpected("a value")),
        };
        self.at += 1;
        Ok(Expression { kind, span })
    }

    fn parenthesis(&mut self) -> Result<Expression, Diagnostic> {
        let start = self.span();
        self.at += 1;
        let mut inner = self.or()?;
        inner.span = start.to(self.expect(")")?);
        Ok(inner)
    }

    /// A word that is a value, or a function.
    fn name(&mut self, name: &str) -> Result<Expression, Diagnostic> {
        let span = self.span();
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        if next == Some(&TokenKind::Symbol("(")) {
            return match name {
                "case" => self.case(),
                _ => self.call(name),
            };
        }
        let value = match name {
            "yes" => Value::YesNo(true),
            "no" => Value::YesNo(false),
            "null" => Value::Null,
            _ => return Err(unknown_word(name, span)),
        };
        self.at += 1;
        let kind = ExpressionKind::Literal(value);
        Ok(Expression { kind, span })
    }

    fn case(&mut self) -> Result<Expression, Diagnostic> {
        let start = self.span();
        self.at += 2;
        let mut branches = Vec::new();
        while self.take_word("when") {
            self.expect("(")?;
            let when = self.or()?;
            self.expect(",")?;
            let then = self.or()?;
            self.expect(")")?;
            branches.push((when, then));
            if !self.take(",") {
                break;
            }
        }
        let otherwise = match self.kind() {
            _ if branches.is_empty() => return Err(self.unexpected("`when(…)`")),
            TokenKind::Symbol(")") => None,
            _ => Some(Box::new(self.or()?)),
        };
        let span = start.to(self.expect(")")?);
        let kind = ExpressionKind::Case {
            branches,
            otherwise,
        };
        Ok(Expression { kind, span })
    }

    fn call(&mut self, name: &str) -> Result<Expression, Diagnostic> {
        let start = self.span();
        let Some(function) = function(name) else {
            return Err(unknown_function(name, start));
        };
        self.at += 2;
        let arguments = self.arguments()?;
        let span = start.to(self.expect(")")?);
        check_count(function, arguments.len(), span)?;
        let kind = ExpressionKind::Call {
            function,
            arguments,
        };
        Ok(Expression { kind, span })
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, Diagnostic> {
        let mut arguments = Vec::new();
        if self.kind() == &TokenKind::Symbol(")") {
            return Ok(arguments);
        }
        arguments.push(self.or()?);
        while self.take(",") {
            arguments.push(self.or()?);
        }
        Ok(arguments)
    }

    /// What stands between operators of one rank.
    fn chain(
        &mut self,
        part: fn(&mut Self) -> Result<Expression, Diagnostic>,
        operators: &[(&str, Operator)],
    ) -> Result<Expression, Diagnostic> {
        let first = part(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.take_operator(operators) {
            rest.push((operator, part(self)?));
        }
        match rest.is_empty() {
            true => Ok(first),
            false => Ok(chained(first, rest)),
        }
    }

    /// One level deeper.
    fn nested(
        &mut self,
        part: fn(&mut Self) -> Result<Expression, Diagnostic>,
    ) -> Result<Expression, Diagnostic> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = "an expression nested too deep";
            return Err(Diagnostic::new(rules::BAD_EXPRESSION, self.span(), message));
        }
        let expression = part(self)?;
        self.depth -= 1;
        Ok(expression)
    }

    fn take_operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let found = operators.iter().find(|(text, _)| match self.kind() {
            TokenKind::Symbol(symbol) => symbol == text,
            TokenKind::Name(name) => name.eq_ignore_ascii_case(text),
            _ => false,
        });
        let (_, operator) = found?;
        self.at += 1;
        Some(*operator)
    }

    fn take(&mut self, symbol: &'static str) -> bool {
        let is_next = self.kind() == &TokenKind::Symbol(symbol);
        self.at += usize::from(is_next);
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next =
            matches!(self.kind(), TokenKind::Name(name) if name.eq_ignore_ascii_case(word));
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, symbol: &'static str) -> Result<Span, Diagnostic> {
        let span = self.span();
        match self.take(symbol) {
            true => Ok(span),
            false => Err(self.unexpected(&format!("`{symbol}`"))),
        }
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let found = match self.kind() {
            TokenKind::Number(_) => "a number".to_owned(),
            TokenKind::Text(_) => "a text".to_owned(),
            TokenKind::Filter(_) => "a filter".to_owned(),
            TokenKind::Reference(reference) => format!("`${{{}}}`", reference.name),
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::End => "the end".to_owned(),
        };
        let message = format!("{wanted} should stand here, there is {found}");
        Diagnostic::new(rules::BAD_EXPRESSION, self.span(), message)
    }

    fn kind(&self) -> &TokenKind {
        self.tokens
            .get(self.at)
            .map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map(|token| token.span).unwrap_or_default()
    }
}

fn chained(first: Expression, rest: Vec<(Operator, Expression)>) -> Expression {
    let end = rest.last().map_or(first.span, |(_, last)| last.span);
    Expression {
        span: first.span.to(end),
        kind: ExpressionKind::Chain {
            first: Box::new(first),
            rest,
        },
    }
}

fn unknown_word(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is no value");
    let diagnostic = Diagnostic::new(rules::BAD_EXPRESSION, span, message);
    match name {
        "true" => diagnostic.hint("write `yes`"),
        "false" => diagnostic.hint("write `no`"),
        _ if function(name).is_some() => diagnostic.hint(format!("a function: `{name}(…)`")),
        _ => diagnostic.hint(format!(
            "a field is written `${{view.{name}}}`, a text in double quotes"
        )),
    }
}

fn unknown_function(name: &str, span: Span) -> Diagnostic {
    if name == "when" {
        let message = "`when` stands in `case(…)` only";
        return Diagnostic::new(rules::BAD_EXPRESSION, span, message);
    }
    let message = format!("there is no function `{name}`");
    let diagnostic = Diagnostic::new(rules::UNKNOWN_FUNCTION, span, message);
    match nearest_function(name) {
        Some(known) => diagnostic.hint(format!("did you mean `{known}`?")),
        None => diagnostic,
    }
}

fn check_count(function: &Function, count: usize, span: Span) -> Result<(), Diagnostic> {
    let allowed = &function.arguments;
    if allowed.contains(&count) {
        return Ok(());
    }
    let wanted = match (*allowed.start(), *allowed.end()) {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    };
    let name = function.name;
    let message = format!("`{name}` takes {wanted} arguments, there are {count}");
    Err(Diagnostic::new(rules::BAD_EXPRESSION, span, message))
}
