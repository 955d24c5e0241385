//! Filters, as what they mean, and how that is written in the language of their field's type.

use crate::model::field::Unit;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// Any value: nothing or blanks.
    Any(&'static str),
    Text(Vec<TextTerm>),
    Number(NumberFilter),
    /// `None` is `yes,no`.
    YesNo(Option<bool>, &'static str),
    Date(Vec<DateTerm>),
    /// The value of a parameter.
    Parameter(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TextTerm {
    pub negated: bool,
    pub kind: TextKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TextKind {
    Exact(String),
    /// The same, in quotes.
    Quoted(String),
    Pattern(Vec<Piece>),
    Empty,
    Null,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Literal(String),
    Anything,
    OneCharacter,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NumberFilter {
    /// Some of them hold.
    Any(Vec<NumberTerm>, &'static str),
    /// `NOT 5, 7`: none of them.
    None(Vec<f64>),
    /// `5, NOT 6, NOT 7`.
    AnyButNone(Vec<NumberTerm>, Vec<f64>),
    /// `NOT [3,8]`, `NOT 3 to 8`.
    Outside(f64, f64, RangeStyle),
    NotNull,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NumberTerm {
    Is(f64),
    Null,
    /// Low and high, whether each is part of it.
    Range(Option<(f64, bool)>, Option<(f64, bool)>, RangeStyle),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RangeStyle {
    /// `[1,5)`, `(,5]`.
    Interval,
    /// `[1,inf)`.
    Infinite,
    /// `1 to 5`: both bounds are part of it.
    To,
    /// `>=1 AND <5`.
    Comparison,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DateTerm {
    Null,
    NotNull,
    Point(Point),
    /// `3 days`; with `last` in front if true.
    Last(i64, Unit, bool),
    Ago(i64, Unit),
    AgoFor(i64, Unit, i64, Unit),
    FromNow(i64, Unit),
    FromNowFor(i64, Unit, i64, Unit),
    /// −1 last, 0 this, 1 next.
    Relative(i64, Unit),
    ThisTo(Unit, Unit),
    Before(Bound),
    After(Bound),
    Between(Point, Point),
    PointFor(Point, i64, Unit),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    Point(Point),
    Ago(i64, Unit, bool),
    FromNow(i64, Unit),
    Relative(i64, Unit),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Point {
    Year(i16),
    Month(i16, i8),
    Day(i16, i8, i8, &'static str),
    Minute(i16, i8, i8, i8, i8),
    Second(i16, i8, i8, i8, i8, i8),
    Quarter(i16, i8),
    FiscalYear(i16),
    FiscalQuarter(i16, i8),
    Today,
    Yesterday,
    Tomorrow,
    /// Days after Sunday.
    Weekday(i8),
}

impl Filter {
    pub(crate) fn is_any(&self) -> bool {
        matches!(self, Filter::Any(_) | Filter::YesNo(None, _))
    }

    /// Whether nothing but blanks is written.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Filter::Any(_))
    }

    pub(crate) fn written(&self) -> String {
        match self {
            Filter::Any(text) | Filter::YesNo(_, text) => (*text).to_owned(),
            Filter::Text(terms) => joined(terms, TextTerm::written, ","),
            Filter::Number(filter) => filter.written(),
            Filter::Date(terms) => joined(terms, DateTerm::written, ","),
            Filter::Parameter(value) => value.clone(),
        }
    }
}

fn joined<T>(items: &[T], written: impl Fn(&T) -> String, separator: &str) -> String {
    items
        .iter()
        .map(written)
        .collect::<Vec<_>>()
        .join(separator)
}

impl TextTerm {
    fn written(&self) -> String {
        let sign = if self.negated { "-" } else { "" };
        let term = match &self.kind {
            TextKind::Exact(text) => exact(text),
            TextKind::Quoted(text) => quoted(text),
            TextKind::Pattern(pieces) => joined(pieces, Piece::written, ""),
            TextKind::Empty => "EMPTY".to_owned(),
            TextKind::Null => "NULL".to_owned(),
        };
        format!("{sign}{term}")
    }
}

impl Piece {
    fn written(&self) -> String {
        match self {
            Piece::Literal(text) => escaped(text),
            Piece::Anything => "%".to_owned(),
            Piece::OneCharacter => "_".to_owned(),
        }
    }
}

fn exact(text: &str) -> String {
    let is_keyword = ["empty", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if text.is_empty() || is_keyword || text.trim() != text {
        return quoted(text);
    }
    match text.strip_prefix('-') {
        Some(rest) => format!("^-{}", escaped(rest)),
        None => escaped(text),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

fn escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '%' | '_' | ',' | '"' | '^' => format!("^{letter}"),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}

impl NumberFilter {
    fn written(&self) -> String {
        match self {
            NumberFilter::Any(terms, separator) => joined(terms, NumberTerm::written, separator),
            NumberFilter::None(numbers) => format!("NOT {}", joined(numbers, f64::to_string, ", ")),
            NumberFilter::AnyButNone(terms, numbers) => {
                let none = joined(numbers, |number| format!("NOT {number}"), ", ");
                format!("{}, {none}", joined(terms, NumberTerm::written, ", "))
            }
            NumberFilter::Outside(low, high, style) => {
                let inside = NumberTerm::Range(Some((*low, true)), Some((*high, true)), *style);
                format!("NOT {}", inside.written())
            }
            NumberFilter::NotNull => "NOT NULL".to_owned(),
        }
    }
}

impl NumberTerm {
    fn written(&self) -> String {
        match self {
            NumberTerm::Is(number) => number.to_string(),
            NumberTerm::Null => "NULL".to_owned(),
            NumberTerm::Range(low, high, style) => range(*low, *high, *style),
        }
    }
}

fn range(low: Option<(f64, bool)>, high: Option<(f64, bool)>, style: RangeStyle) -> String {
    let number = |bound: Option<(f64, bool)>| bound.map(|(value, _)| value.to_string());
    let is_closed = |bound: Option<(f64, bool)>| bound.is_some_and(|(_, closed)| closed);
    match style {
        RangeStyle::To => {
            let (low, high) = (
                number(low).unwrap_or_default(),
                number(high).unwrap_or_default(),
            );
            format!("{low} to {high}").trim().to_owned()
        }
        RangeStyle::Interval | RangeStyle::Infinite => {
            let missing = |text: &str| match style {
                RangeStyle::Infinite => text.to_owned(),
                _ => String::new(),
            };
            let open = if is_closed(low) { "[" } else { "(" };
            let close = if is_closed(high) { "]" } else { ")" };
            let low = number(low).unwrap_or_else(|| missing("-inf"));
            let high = number(high).unwrap_or_else(|| missing("inf"));
            format!("{open}{low},{high}{close}")
        }
        RangeStyle::Comparison => {
            let low =
                low.map(|(value, closed)| format!("{}{value}", if closed { ">=" } else { ">" }));
            let high =
                high.map(|(value, closed)| format!("{}{value}", if closed { "<=" } else { "<" }));
            let both: Vec<String> = [low, high].into_iter().flatten().collect();
            both.join(" AND ")
        }
    }
}

impl DateTerm {
    fn written(&self) -> String {
        match self {
            DateTerm::Null => "NULL".to_owned(),
            DateTerm::NotNull => "NOT NULL".to_owned(),
            DateTerm::Point(point) => point.written(),
            DateTerm::Last(count, unit, false) => units(*count, *unit),
            DateTerm::Last(count, unit, true) => format!("last {}", units(*count, *unit)),
            DateTerm::Ago(count, unit) => format!("{} ago", units(*count, *unit)),
            DateTerm::AgoFor(count, unit, length, of) => {
                format!("{} ago for {}", units(*count, *unit), units(*length, *of))
            }
            DateTerm::FromNow(count, unit) => format!("{} from now", units(*count, *unit)),
            DateTerm::FromNowFor(count, unit, length, of) => {
                format!(
                    "{} from now for {}",
                    units(*count, *unit),
                    units(*length, *of)
                )
            }
            DateTerm::Relative(shift, unit) => relative(*shift, *unit),
            DateTerm::ThisTo(from, to) => format!("this {} to {}", from.name(), to.name()),
            DateTerm::Before(bound) => format!("before {}", bound.written()),
            DateTerm::After(bound) => format!("after {}", bound.written()),
            DateTerm::Between(from, to) => format!("{} to {}", from.written(), to.written()),
            DateTerm::PointFor(point, length, unit) => {
                format!("{} for {}", point.written(), units(*length, *unit))
            }
        }
    }
}

impl Bound {
    fn written(&self) -> String {
        match self {
            Bound::Point(point) => point.written(),
            Bound::Ago(count, unit, true) => format!("{} ago", units(*count, *unit)),
            Bound::Ago(count, unit, false) => units(*count, *unit),
            Bound::FromNow(count, unit) => format!("{} from now", units(*count, *unit)),
            Bound::Relative(shift, unit) => relative(*shift, *unit),
        }
    }
}

fn units(count: i64, unit: Unit) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {}{plural}", unit.name())
}

fn relative(shift: i64, unit: Unit) -> String {
    let word = match shift {
        0 => "this",
        1 => "next",
        _ => "last",
    };
    format!("{word} {}", unit.name())
}

pub(crate) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

impl Point {
    fn written(&self) -> String {
        match self {
            Point::Year(year) => format!("{year:04}"),
            Point::Month(year, month) => format!("{year:04}-{month:02}"),
            Point::Day(year, month, day, dash) => {
                format!("{year:04}{dash}{month:02}{dash}{day:02}")
            }
            Point::Minute(year, month, day, hour, minute) => {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
            }
            Point::Second(year, month, day, hour, minute, second) => {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
            Point::Quarter(year, quarter) => format!("{year:04}-Q{quarter}"),
            Point::FiscalYear(year) => format!("FY{year:04}"),
            Point::FiscalQuarter(year, quarter) => format!("FY{year:04}-Q{quarter}"),
            Point::Today => "today".to_owned(),
            Point::Yesterday => "yesterday".to_owned(),
            Point::Tomorrow => "tomorrow".to_owned(),
            Point::Weekday(day) => WEEKDAYS[*day as usize].to_lowercase(),
        }
    }
}
