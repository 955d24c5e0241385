//! What stands in an output or a tag: operands, filters, tests.
//!
//! ```text
//! filtered   = [ operand { "|" name [ ":" operand { "," operand } ] } ] ;
//! test       = comparison { ( "and" | "or" ) comparison } ;
//! comparison = operand [ operator operand ] ;
//! operand    = string | number | "true" | "false" | "nil" | "empty" | "blank" | variable ;
//! variable   = name { "." name | "[" operand "]" } ;
//! ```

mod marks;

use std::collections::VecDeque;

use marks::Mark;

use super::error::LiquidError;
use super::filters::Filter;
use super::pieces::Inside;
use super::syntax::{
    Comparison, Connective, FilterCall, Filtered, Operand, Operator, Step, Test, Variable,
};
use super::value::Value;
use crate::diagnostic::rules;

/// Steps in a path, and brackets in brackets: more than this mean nothing.
const STEPS: usize = 16;

/// Reads one output or tag from left to right.
pub(super) struct Markup<'a> {
    marks: VecDeque<(usize, Mark<'a>)>,
    /// Where the next one begins.
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Markup<'a> {
    pub(super) fn of(inside: Inside<'a>) -> Result<Self, LiquidError> {
        let mut markup = Self {
            marks: marks::marks(inside)?,
            at: inside.at,
            end: inside.at + inside.text.len(),
            depth: 0,
        };
        markup.find();
        Ok(markup)
    }

    /// Where what comes next begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Nothing may be left.
    pub(super) fn finish(&self) -> Result<(), LiquidError> {
        match self.peek() {
            None => Ok(()),
            Some(mark) => Err(self.error(format!("{mark} is not expected here"))),
        }
    }

    pub(super) fn filtered(&mut self) -> Result<Filtered, LiquidError> {
        let operand = match self.peek() {
            None | Some(Mark::Symbol("|")) => None,
            Some(_) => Some(self.operand()?),
        };
        let mut calls = Vec::new();
        while self.accept("|") {
            calls.push(self.filter()?);
        }
        self.finish()?;
        Ok(Filtered { operand, calls })
    }

    fn filter(&mut self) -> Result<FilterCall, LiquidError> {
        let at = self.at;
        let name = self.name("the name of a filter")?;
        let filter = Filter::named(name).ok_or_else(|| {
            let message = format!("there is no filter `{name}`");
            LiquidError::new(at, rules::UNKNOWN_LIQUID_FILTER, message)
        })?;
        let mut arguments = Vec::new();
        if self.accept(":") {
            arguments = self.operands(&[","])?;
        }
        if !filter.takes(arguments.len()) {
            return Err(LiquidError::malformed(at, filter.usage(arguments.len())));
        }
        Ok(FilterCall {
            at,
            filter,
            arguments,
        })
    }

    /// One or more, with any of these between them.
    pub(super) fn operands(&mut self, separators: &[&str]) -> Result<Vec<Operand>, LiquidError> {
        let mut operands = vec![self.operand()?];
        while separators.iter().any(|separator| self.accept(separator)) {
            operands.push(self.operand()?);
        }
        Ok(operands)
    }

    pub(super) fn test(&mut self) -> Result<Test, LiquidError> {
        let mut comparisons = Vec::new();
        loop {
            let comparison = self.comparison()?;
            let connective = match () {
                () if self.accept("and") => Some(Connective::And),
                () if self.accept("or") => Some(Connective::Or),
                () => None,
            };
            comparisons.push((comparison, connective));
            if connective.is_none() {
                break;
            }
        }
        self.finish()?;
        Ok(Test(comparisons))
    }

    fn comparison(&mut self) -> Result<Comparison, LiquidError> {
        let at = self.at;
        let left = self.operand()?;
        let right = match self.operator() {
            Some(operator) => Some((operator, self.operand()?)),
            None => None,
        };
        Ok(Comparison { at, left, right })
    }

    fn operator(&mut self) -> Option<Operator> {
        let operator = match self.peek()? {
            Mark::Symbol("==") => Operator::Equal,
            Mark::Symbol("!=" | "<>") => Operator::NotEqual,
            Mark::Symbol("<") => Operator::Less,
            Mark::Symbol("<=") => Operator::LessOrEqual,
            Mark::Symbol(">") => Operator::Greater,
            Mark::Symbol(">=") => Operator::GreaterOrEqual,
            Mark::Word("contains") => Operator::Contains,
            _ => return None,
        };
        self.bump();
        Some(operator)
    }

    pub(super) fn operand(&mut self) -> Result<Operand, LiquidError> {
        let at = self.at;
        let operand = match self.peek() {
            Some(Mark::Text(text)) => Operand::Literal(Value::String((*text).to_owned())),
            Some(Mark::Integer(value)) => Operand::Literal(Value::Integer(*value)),
            Some(Mark::Float(value)) => Operand::Literal(Value::Float(*value)),
            Some(Mark::Word(word)) => {
                let word = *word;
                self.bump();
                return self.word(at, word);
            }
            _ => return Err(self.expected("a value")),
        };
        self.bump();
        Ok(operand)
    }

    /// A variable, or one of the words that are values.
    fn word(&mut self, at: usize, word: &str) -> Result<Operand, LiquidError> {
        let steps = self.steps()?;
        let literal = match word {
            "true" => Operand::Literal(Value::Boolean(true)),
            "false" => Operand::Literal(Value::Boolean(false)),
            "nil" | "null" => Operand::Literal(Value::Nil),
            "empty" => Operand::Empty,
            "blank" => Operand::Blank,
            _ => {
                let root = word.to_owned();
                return Ok(Operand::Variable(Variable { at, root, steps }));
            }
        };
        match steps.is_empty() {
            true => Ok(literal),
            false => Err(LiquidError::malformed(at, format!("`{word}` has no parts"))),
        }
    }

    fn steps(&mut self) -> Result<Vec<Step>, LiquidError> {
        let mut steps = Vec::new();
        loop {
            if steps.len() > STEPS || self.depth > STEPS {
                let message = "a path of more parts than anything has";
                return Err(LiquidError::new(self.at, rules::TOO_MUCH_LIQUID, message));
            }
            if self.accept(".") {
                steps.push(Step::Name(self.name("a name")?.to_owned()));
            } else if self.accept("[") {
                self.depth += 1;
                steps.push(Step::Index(self.operand()?));
                self.depth -= 1;
                self.expect("]")?;
            } else {
                return Ok(steps);
            }
        }
    }

    /// `created_date`, `orders.created_date`: how a tag names a field.
    pub(super) fn field(&mut self) -> Result<String, LiquidError> {
        let mut field = self.name("the name of a field")?.to_owned();
        while self.accept(".") {
            field.push('.');
            field.push_str(self.name("the name of a field")?);
        }
        self.finish()?;
        Ok(field)
    }

    pub(super) fn name(&mut self, what: &str) -> Result<&'a str, LiquidError> {
        match self.peek() {
            Some(Mark::Word(name)) => {
                let name = *name;
                self.bump();
                Ok(name)
            }
            // `words.0`
            Some(Mark::Digits(digits)) => {
                let digits = *digits;
                self.bump();
                Ok(digits)
            }
            _ => Err(self.expected(what)),
        }
    }

    /// The name of a capture may stand in quotes.
    pub(super) fn quoted_name(&mut self) -> Result<&'a str, LiquidError> {
        match self.peek() {
            Some(Mark::Text(name)) => {
                let name = *name;
                self.bump();
                Ok(name)
            }
            _ => self.name("a name"),
        }
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), LiquidError> {
        match self.accept(text) {
            true => Ok(()),
            false => Err(self.expected(&format!("`{text}`"))),
        }
    }

    /// Goes on behind this symbol or word, if it comes next.
    pub(super) fn accept(&mut self, text: &str) -> bool {
        let is_next = match self.peek() {
            Some(Mark::Symbol(symbol)) => *symbol == text,
            Some(Mark::Word(word)) => *word == text,
            _ => false,
        };
        if is_next {
            self.bump();
        }
        is_next
    }

    pub(super) fn is_done(&self) -> bool {
        self.marks.is_empty()
    }

    fn peek(&self) -> Option<&Mark<'a>> {
        self.marks.front().map(|(_, mark)| mark)
    }

    fn bump(&mut self) {
        self.marks.pop_front();
        self.find();
    }

    fn find(&mut self) {
        self.at = self.marks.front().map_or(self.end, |(at, _)| *at);
    }

    fn expected(&self, what: &str) -> LiquidError {
        match self.peek() {
            Some(mark) => self.error(format!("{what} is expected here, not {mark}")),
            None => self.error(format!("{what} is missing")),
        }
    }

    fn error(&self, message: String) -> LiquidError {
        LiquidError::malformed(self.at, message)
    }
}
