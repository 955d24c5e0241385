//! The filters: what stands behind a `|`.

mod dates;
mod lists;
mod numbers;
mod quoting;
mod texts;

use std::borrow::Cow;
use std::cell::Cell;

use super::context::{Context, Problem};
use super::number::{Number, number};
use super::value::Value;

/// Bytes made and steps taken by one evaluation; far more than any template needs.
const WORK: usize = 1 << 24;

/// What is left of them.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<usize>,
}

impl Work {
    pub(super) fn full() -> Self {
        let left = Cell::new(WORK);
        Self { left }
    }

    pub(super) fn spend(&self, amount: usize) -> Result<(), Problem> {
        let left = self.left.get().checked_sub(amount);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(Problem::too_much)
    }
}

/// One use of a filter.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) input: &'a Value,
    pub(super) arguments: &'a [Cow<'a, Value>],
    pub(super) context: &'a dyn Context,
    pub(super) work: &'a Work,
}

impl<'a> Call<'a> {
    fn text(&self) -> Cow<'a, str> {
        self.input.text()
    }

    fn number(&self) -> Number {
        number(self.input)
    }

    fn argument(&self, index: usize) -> Option<&'a Value> {
        self.arguments.get(index).map(AsRef::as_ref)
    }

    fn argument_text(&self, index: usize) -> Cow<'a, str> {
        self.argument(index).map(Value::text).unwrap_or_default()
    }

    fn argument_number(&self, index: usize) -> Number {
        self.argument(index).map_or(Number::Integer(0), number)
    }

    fn argument_integer(&self, index: usize, default: i64) -> i64 {
        let value = self.argument(index).map(number);
        value.map_or(default, Number::truncated)
    }
}

type Apply = fn(Call<'_>) -> Result<Value, Problem>;

/// A filter, by its name.
pub(super) struct Filter {
    name: &'static str,
    /// The fewest and the most arguments.
    arguments: (usize, usize),
    apply: Apply,
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Filter {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FILTERS.iter().find(|filter| filter.name == name)
    }

    pub(super) fn takes(&self, arguments: usize) -> bool {
        (self.arguments.0..=self.arguments.1).contains(&arguments)
    }

    pub(super) fn usage(&self, given: usize) -> String {
        let takes = match self.arguments {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{most} arguments"),
            (least, most) => format!("{least} or {most} arguments"),
        };
        format!("`{}` takes {takes}, not {given}", self.name)
    }

    pub(super) fn apply(&self, call: Call<'_>) -> Result<Value, Problem> {
        let given = call.arguments.iter().map(|argument| argument.weight());
        call.work
            .spend(call.input.weight() + given.sum::<usize>())?;
        let value = (self.apply)(call)?;
        call.work.spend(value.weight())?;
        Ok(value)
    }
}

const fn filter(name: &'static str, least: usize, most: usize, apply: Apply) -> Filter {
    Filter {
        name,
        arguments: (least, most),
        apply,
    }
}

static FILTERS: &[Filter] = &[
    filter("abs", 0, 0, numbers::abs),
    filter("append", 1, 1, texts::append),
    filter("at_least", 1, 1, numbers::at_least),
    filter("at_most", 1, 1, numbers::at_most),
    filter("capitalize", 0, 0, texts::capitalize),
    filter("ceil", 0, 0, numbers::ceil),
    filter("compact", 0, 0, lists::compact),
    filter("concat", 1, 1, lists::concat),
    filter("date", 1, 1, dates::date),
    filter("default", 1, 1, lists::default),
    filter("divided_by", 1, 1, numbers::divided_by),
    filter("downcase", 0, 0, texts::downcase),
    filter("encode_uri", 0, 0, quoting::encode_uri),
    filter("escape", 0, 0, texts::escape),
    filter("first", 0, 0, lists::first),
    filter("floor", 0, 0, numbers::floor),
    filter("join", 0, 1, lists::join),
    filter("last", 0, 0, lists::last),
    filter("lstrip", 0, 0, texts::lstrip),
    filter("minus", 1, 1, numbers::minus),
    filter("modulo", 1, 1, numbers::modulo),
    filter("newline_to_br", 0, 0, texts::newline_to_br),
    filter("plus", 1, 1, numbers::plus),
    filter("prepend", 1, 1, texts::prepend),
    filter("remove", 1, 1, texts::remove),
    filter("remove_first", 1, 1, texts::remove_first),
    filter("replace", 1, 2, texts::replace),
    filter("replace_first", 1, 2, texts::replace_first),
    filter("reverse", 0, 0, lists::reverse),
    filter("round", 0, 1, numbers::round),
    filter("rstrip", 0, 0, texts::rstrip),
    filter("size", 0, 0, lists::size),
    filter("slice", 1, 2, lists::slice),
    filter("sort", 0, 0, lists::sort),
    filter("split", 1, 1, lists::split),
    filter("sql_boolean", 0, 0, quoting::sql_boolean),
    filter("sql_quote", 0, 0, quoting::sql_quote),
    filter("strip", 0, 0, texts::strip),
    filter("strip_html", 0, 0, texts::strip_html),
    filter("strip_newlines", 0, 0, texts::strip_newlines),
    filter("times", 1, 1, numbers::times),
    filter("truncate", 0, 2, texts::truncate),
    filter("truncatewords", 0, 2, texts::truncatewords),
    filter("uniq", 0, 0, lists::uniq),
    filter("upcase", 0, 0, texts::upcase),
    filter("url_decode", 0, 0, quoting::url_decode),
    filter("url_encode", 0, 0, quoting::url_encode),
];
