//! Values: whether they have the shape that their parameter needs, and are one of those that it may have.

use std::borrow::Cow;

use super::file::Checker;
use crate::diagnostic::{Diagnostic, rules};
use crate::parameters::{FIELDS, FILTER_BLOCK, Kind, Level, Parameter, Shape};
use crate::suggest::did_you_mean;
use crate::syntax::{Element, Item, List, Scalar, Value};
use crate::timeframe::{Interval, Timeframe};
use crate::token::Span;

/// What stands for the inherited list in a list.
const EXTENDED: &str = "EXTENDED*";

impl Checker<'_> {
    pub(super) fn value(&mut self, kind: &Kind, parameter: &Parameter, item: &Item) {
        match (parameter.shape, &item.value) {
            // The parser said so.
            (_, Value::Missing) | (Shape::Any, _) => {}
            (Shape::Expression, Value::Expression(_)) => {}
            (Shape::Block(kind), Value::Block(block)) => self.block(item.key, kind, block),
            (Shape::Filters, Value::Block(block)) => self.block(item.key, &FILTER_BLOCK, block),
            (shape, Value::List(list)) if is_list(shape) => self.list(parameter, list),
            (shape, Value::Scalar(scalar)) if is_scalar(shape) => {
                self.scalar(kind, parameter, *scalar);
            }
            _ => self.wrong_shape(parameter, item),
        }
    }

    fn wrong_shape(&mut self, parameter: &Parameter, item: &Item) {
        let key = parameter.key;
        let shape = parameter.shape;
        let message = format!("`{key}` needs {shape}");
        let mut diagnostic = Diagnostic::new(rules::WRONG_SHAPE, item.key, message);
        diagnostic.hint = match &item.value {
            Value::Scalar(_) if matches!(shape, Shape::Filters) => {
                Some(format!("write `{key}: [field: \"expression\"]`"))
            }
            Value::Scalar(scalar) if is_list(shape) => {
                let written = scalar.span.of(self.text);
                Some(format!("write `{key}: [{}]`", first_line(written)))
            }
            Value::List(_) if is_scalar(shape) => {
                Some(format!("write `{key}: …`, without brackets"))
            }
            _ => None,
        };
        self.report(diagnostic);
    }

    fn list(&mut self, parameter: &Parameter, list: &List) {
        for element in &list.elements {
            match (parameter.shape, element) {
                (Shape::Filters, Element::Pair { .. }) => {}
                (Shape::Filters, Element::Scalar(scalar)) => self.no_filter(*scalar),
                (Shape::Sorts, Element::Pair { value, .. }) => {
                    self.choice(parameter.key, *value, &["asc", "desc"]);
                }
                (Shape::Sorts, Element::Scalar(_)) => {}
                (shape, Element::Scalar(scalar)) => self.element(parameter.key, shape, *scalar),
                (_, Element::Pair { key, value }) => {
                    let span = key.span.to(value.span);
                    let message = format!("`{}` needs {}", parameter.key, parameter.shape);
                    self.report(Diagnostic::new(rules::WRONG_SHAPE, span, message));
                }
            }
        }
    }

    fn no_filter(&mut self, scalar: Scalar) {
        let field = scalar.value(self.text);
        if field == EXTENDED {
            return;
        }
        let message = format!("`{}` has no value to filter by", first_line(&field));
        let hint = format!("write `{}: \"expression\"`", first_line(&field));
        self.report(Diagnostic::new(rules::WRONG_SHAPE, scalar.span, message).hint(hint));
    }

    /// One of the texts of a list.
    fn element(&mut self, key: &str, shape: Shape, scalar: Scalar) {
        let value = scalar.value(self.text);
        if is_for_later(&value) || value == EXTENDED {
            return;
        }
        let (is_legal, names) = match shape {
            Shape::Timeframes => (Timeframe::parse(&value).is_some(), timeframes as Names),
            Shape::Intervals => (Interval::parse(&value).is_some(), intervals as Names),
            Shape::Numbers if !is_number(&value) => {
                return self.no_number(key, &value, "a number", scalar.span);
            }
            _ => return,
        };
        if !is_legal {
            let message = format!("`{}` can't be in `{key}`", first_line(&value));
            self.illegal(scalar.span, message, &value, names);
        }
    }

    fn scalar(&mut self, kind: &Kind, parameter: &Parameter, scalar: Scalar) {
        let value = scalar.value(self.text);
        if is_for_later(&value) {
            return;
        }
        let key = parameter.key;
        match parameter.shape {
            Shape::YesNo if !matches!(&*value, "yes" | "no") => {
                self.no_number(key, &value, "`yes` or `no`", scalar.span);
            }
            Shape::Integer if value.parse::<i64>().is_err() => {
                self.no_number(key, &value, "a whole number", scalar.span);
            }
            Shape::Number if !is_number(&value) => {
                self.no_number(key, &value, "a number", scalar.span);
            }
            Shape::Number if key == "percentile" && !is_percent(&value) => {
                let message = format!("`percentile` is from 0 to 100, not `{value}`");
                self.report(Diagnostic::new(rules::ILLEGAL_VALUE, scalar.span, message));
            }
            Shape::Choice(words) => self.choice(key, scalar, words),
            Shape::Type => self.field_type(kind, &value, scalar.span),
            _ => {}
        }
    }

    fn no_number(&mut self, key: &str, value: &str, needed: &str, span: Span) {
        let message = format!("`{key}` needs {needed}, not `{}`", first_line(value));
        let mut diagnostic = Diagnostic::new(rules::NOT_A_NUMBER, span, message);
        diagnostic.hint = match value {
            "true" => Some("write `yes`".to_owned()),
            "false" => Some("write `no`".to_owned()),
            _ => None,
        };
        self.report(diagnostic);
    }

    fn choice(&mut self, key: &str, scalar: Scalar, words: &[&str]) {
        let value = scalar.value(self.text);
        if is_for_later(&value) || words.contains(&&*value) {
            return;
        }
        let message = format!("`{key}` can't be `{}`", first_line(&value));
        let words = || words.iter().map(|word| (*word).to_owned()).collect();
        self.illegal(scalar.span, message, &value, words);
    }

    fn field_type(&mut self, kind: &Kind, value: &str, span: Span) {
        if kind.field_type(value).is_some() {
            return;
        }
        let owners = fields_of_type(value);
        if !owners.is_empty() {
            let message = format!("a `{}` can't have the type `{value}`", kind.name);
            let hint = format!("it is a type of {}", owners.join(", "));
            self.report(Diagnostic::new(rules::ILLEGAL_TYPE, span, message).hint(hint));
            return;
        }
        let message = format!("`type` can't be `{}`", first_line(value));
        self.illegal(span, message, value, || type_names(kind));
    }

    fn illegal(
        &mut self,
        span: Span,
        message: String,
        value: &str,
        names: impl FnOnce() -> Vec<String>,
    ) {
        let mut diagnostic = Diagnostic::new(rules::ILLEGAL_VALUE, span, message);
        if self.has_hints() {
            let names = names();
            let nearest = did_you_mean(value, names.iter().map(String::as_str));
            diagnostic.hint = nearest.or_else(|| one_of(&names));
        }
        self.report(diagnostic);
    }
}

type Names = fn() -> Vec<String>;

fn timeframes() -> Vec<String> {
    Timeframe::all()
        .map(|timeframe| timeframe.to_string())
        .collect()
}

fn intervals() -> Vec<String> {
    Interval::ALL.iter().map(Interval::to_string).collect()
}

/// Every type of a kind of field, those with timeframes and intervals too.
fn type_names(kind: &Kind) -> Vec<String> {
    let names = kind.types.iter().flat_map(|known| match known.name {
        "date_*" => Timeframe::all()
            .map(|frame| format!("date_{frame}"))
            .collect(),
        "duration_*" => Interval::ALL
            .iter()
            .map(|unit| format!("duration_{unit}"))
            .collect(),
        name => vec![name.to_owned()],
    });
    names.collect()
}

/// The kinds of fields that have such a type, for a person.
fn fields_of_type(name: &str) -> Vec<String> {
    let is_type = |kind: &&Kind| {
        let known = kind.field_type(name);
        known.is_some_and(|known| known.promised != Level::Accept)
    };
    let owners = FIELDS.iter().copied().filter(is_type);
    owners.map(|kind| format!("`{}`", kind.name)).collect()
}

/// So many legal values are listed where none is like the one that is written.
const LISTED: usize = 12;

fn one_of(names: &[String]) -> Option<String> {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [name] => Some(format!("write {name}")),
        names if names.len() <= LISTED => Some(format!("write one of {}", names.join(", "))),
        _ => None,
    }
}

/// Whether a value is known only later: with its constants, or for a query.
fn is_for_later(value: &str) -> bool {
    value.contains("@{") || value.contains("{{") || value.contains("{%")
}

fn is_number(value: &str) -> bool {
    let is_finite = value.parse().is_ok_and(f64::is_finite);
    is_finite && value.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_percent(value: &str) -> bool {
    value
        .parse()
        .is_ok_and(|value: f64| (0.0..=100.0).contains(&value))
}

fn is_list(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Names
            | Shape::Texts
            | Shape::Numbers
            | Shape::Timeframes
            | Shape::Intervals
            | Shape::Filters
            | Shape::Sorts
    )
}

fn is_scalar(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Text
            | Shape::Name
            | Shape::YesNo
            | Shape::Integer
            | Shape::Number
            | Shape::Choice(_)
            | Shape::Type
    )
}

/// A message is one line, however long what it quotes.
fn first_line(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", line.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(line),
    }
}
