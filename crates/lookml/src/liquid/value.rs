//! Values, how they print and how they compare.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A value of Liquid.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing: prints as nothing, counts as false.
    #[default]
    Nil,
    /// `true`, `false`
    Boolean(bool),
    /// A whole number, which stays one.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(String),
    /// What `split` makes.
    List(Vec<Value>),
}

impl Value {
    /// As it is printed.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::String(text) => Cow::Borrowed(text),
            Self::Nil => Cow::Borrowed(""),
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
            other => {
                let mut out = String::new();
                other.print(&mut out);
                Cow::Owned(out)
            }
        }
    }

    /// Everything is true but nil and false.
    pub fn is_true(&self) -> bool {
        !matches!(self, Self::Nil | Self::Boolean(false))
    }

    pub(super) fn print(&self, out: &mut String) {
        match self {
            Self::Nil => {}
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(value) => out.push_str(&value.to_string()),
            Self::Float(value) => print_float(*value, out),
            Self::String(text) => out.push_str(text),
            Self::List(values) => values.iter().for_each(|value| value.print(out)),
        }
    }

    /// About how many bytes it is.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::String(text) => 16 + text.len(),
            Self::List(values) => 16 + values.iter().map(Self::weight).sum::<usize>(),
            _ => 16,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::String(text) => text.is_empty(),
            Self::List(values) => values.is_empty(),
            _ => false,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::String(text) => text.trim().is_empty(),
            Self::List(values) => values.is_empty(),
            other => !other.is_true(),
        }
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integer(_) | Self::Float(_), Self::Integer(_) | Self::Float(_)) => {
                self.order(other) == Some(Ordering::Equal)
            }
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.equals(b))
            }
            _ => self == other,
        }
    }

    /// Which of two numbers or of two texts is larger. None: they can't be compared.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            (Self::String(left), Self::String(right)) => Some(left.cmp(right)),
            _ => self.float()?.partial_cmp(&other.float()?),
        }
    }

    pub(super) fn contains(&self, part: &Self) -> bool {
        match self {
            _ if *part == Self::Nil => false,
            Self::String(text) => text.contains(part.text().as_ref()),
            Self::List(values) => values.iter().any(|value| value.equals(part)),
            _ => false,
        }
    }

    /// `list[0]`, `list[-1]`, `list.first`, `list.last`, `text.size`. None: it has no such thing.
    pub(super) fn step(&self, key: &str) -> Option<Cow<'_, Value>> {
        let size = |size: usize| Self::Integer(i64::try_from(size).unwrap_or(i64::MAX));
        match (self, key) {
            (Self::String(text), "size") => Some(Cow::Owned(size(text.chars().count()))),
            (Self::List(values), "size") => Some(Cow::Owned(size(values.len()))),
            (Self::List(values), "first") => values.first().map(Cow::Borrowed),
            (Self::List(values), "last") => values.last().map(Cow::Borrowed),
            (Self::List(values), key) => {
                let index = key.parse::<isize>().ok()?;
                let index = match index {
                    0.. => index.unsigned_abs(),
                    _ => values.len().checked_sub(index.unsigned_abs())?,
                };
                values.get(index).map(Cow::Borrowed)
            }
            _ => None,
        }
    }

    /// What it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::String(_) => "a text",
            Self::List(_) => "a list",
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// Always with a point, never with an exponent.
fn print_float(value: f64, out: &mut String) {
    let text = value.to_string();
    let is_whole = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    out.push_str(&text);
    if is_whole {
        out.push_str(".0");
    }
}

/// What Ruby strips.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\0')
}
