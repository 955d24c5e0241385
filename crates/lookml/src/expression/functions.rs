//! The functions there are.

use std::{fmt, ops::RangeInclusive};

use super::{
    Value, aggregates, columns::ColumnFunction, dates, numbers, pivots::PivotFunction,
    rows::Arguments, texts,
};
use crate::{Diagnostic, nearest};

/// A function.
#[derive(Clone)]
pub struct Function {
    /// Its name in lower case.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    pub(super) kind: Kind,
}

pub(super) type RowFunction = fn(&Arguments<'_>) -> Result<Value, Diagnostic>;
/// Of the values that are not null.
pub(super) type AggregateFunction = fn(&aggregates::Values<'_>) -> Result<Value, Diagnostic>;

/// How a function is evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// In each row by itself; null where an argument is null.
    Row(RowFunction),
    /// In each row by itself, and it has a rule of its own for nulls.
    RowWithNulls(RowFunction),
    /// Over a column, over a list, or over several arguments.
    Aggregate(AggregateFunction),
    /// Over a column, with one value for each row.
    Column(ColumnFunction),
    /// Over the pivot columns.
    Pivot(PivotFunction),
    MatchesFilter,
}

const MANY: usize = usize::MAX;

const FUNCTIONS: &[Function] = &[
    // Numbers
    row("abs", 1..=1, numbers::abs),
    row("ceiling", 1..=1, numbers::ceiling),
    row("floor", 1..=1, numbers::floor),
    row("round", 1..=2, numbers::round),
    row("power", 2..=2, numbers::power),
    row("sqrt", 1..=1, numbers::sqrt),
    row("exp", 1..=1, numbers::exp),
    row("ln", 1..=1, numbers::ln),
    row("log", 1..=1, numbers::log),
    row("mod", 2..=2, numbers::remainder),
    // Logic
    row_with_nulls("if", 2..=3, super::rows::if_),
    row_with_nulls("coalesce", 1..=MANY, super::rows::coalesce),
    row_with_nulls("is_null", 1..=1, super::rows::is_null),
    row_with_nulls("list", 0..=MANY, super::rows::list),
    function_of("matches_filter", 2..=2, Kind::MatchesFilter),
    // Texts
    row("concat", 1..=MANY, texts::concat),
    row("contains", 2..=2, texts::contains),
    row("length", 1..=1, texts::length),
    row("lower", 1..=1, texts::lower),
    row("upper", 1..=1, texts::upper),
    row("position", 2..=2, texts::position),
    row("replace", 3..=3, texts::replace),
    row("split", 2..=2, texts::split),
    row("starts_with", 2..=2, texts::starts_with),
    row("substring", 2..=3, texts::substring),
    row("to_number", 1..=1, texts::to_number),
    row("to_string", 1..=1, texts::to_string),
    // Dates and times
    row("now", 0..=0, dates::now),
    row("date", 3..=3, dates::date),
    row("date_time", 3..=6, dates::date_time),
    row("to_date", 1..=1, dates::to_date),
    row("add_seconds", 2..=2, dates::add_seconds),
    row("add_minutes", 2..=2, dates::add_minutes),
    row("add_hours", 2..=2, dates::add_hours),
    row("add_days", 2..=2, dates::add_days),
    row("add_months", 2..=2, dates::add_months),
    row("add_years", 2..=2, dates::add_years),
    row("diff_seconds", 2..=2, dates::diff_seconds),
    row("diff_minutes", 2..=2, dates::diff_minutes),
    row("diff_hours", 2..=2, dates::diff_hours),
    row("diff_days", 2..=2, dates::diff_days),
    row("diff_months", 2..=2, dates::diff_months),
    row("diff_years", 2..=2, dates::diff_years),
    row("extract_seconds", 1..=1, dates::extract_seconds),
    row("extract_minutes", 1..=1, dates::extract_minutes),
    row("extract_hours", 1..=1, dates::extract_hours),
    row("extract_days", 1..=1, dates::extract_days),
    row("extract_months", 1..=1, dates::extract_months),
    row("extract_years", 1..=1, dates::extract_years),
    row("trunc_minutes", 1..=1, dates::trunc_minutes),
    row("trunc_hours", 1..=1, dates::trunc_hours),
    row("trunc_days", 1..=1, dates::trunc_days),
    row("trunc_months", 1..=1, dates::trunc_months),
    row("trunc_years", 1..=1, dates::trunc_years),
    // Columns and lists
    aggregate("sum", 1..=1, aggregates::sum),
    aggregate("mean", 1..=1, aggregates::mean),
    aggregate("median", 1..=1, aggregates::median),
    aggregate("min", 1..=MANY, aggregates::min),
    aggregate("max", 1..=MANY, aggregates::max),
    aggregate("count", 1..=1, aggregates::count),
    aggregate("count_distinct", 1..=1, aggregates::count_distinct),
    aggregate("stddev_samp", 1..=1, aggregates::stddev_samp),
    column("percentile", 2..=2, ColumnFunction::Percentile),
    column("running_total", 1..=1, ColumnFunction::RunningTotal),
    column("offset", 2..=2, ColumnFunction::Offset),
    column("offset_list", 3..=3, ColumnFunction::OffsetList),
    column("row", 0..=0, ColumnFunction::Row),
    column("index", 2..=2, ColumnFunction::Index),
    column("rank", 2..=2, ColumnFunction::Rank),
    column("lookup", 3..=3, ColumnFunction::Lookup),
    // Pivot columns
    pivot("pivot_column", 0..=0, PivotFunction::Column),
    pivot("pivot_index", 2..=2, PivotFunction::Index),
    pivot("pivot_offset", 2..=2, PivotFunction::Offset),
    pivot("pivot_row", 1..=1, PivotFunction::Row),
    pivot("pivot_where", 2..=2, PivotFunction::Where),
];

/// The function of that name, in lower case.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names of all functions. `case` is not among them: its arguments have a form of their own.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

/// What functions of ours are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("average", "mean"),
    ("avg", "mean"),
    ("ceil", "ceiling"),
    ("char_length", "length"),
    ("countd", "count_distinct"),
    ("cumsum", "running_total"),
    ("datediff", "diff_days"),
    ("iff", "if"),
    ("ifnull", "coalesce"),
    ("isnull", "is_null"),
    ("len", "length"),
    ("nvl", "coalesce"),
    ("pow", "power"),
    ("rownumber", "row"),
    ("stddev", "stddev_samp"),
    ("substr", "substring"),
    ("tostring", "to_string"),
    ("today", "now"),
];

/// What was probably meant by a name that no function has.
pub(super) fn nearest_function(name: &str) -> Option<&'static str> {
    let others = OTHER_NAMES.iter().map(|(other, _)| *other);
    let found = nearest(name, function_names().chain(["case"]).chain(others))?;
    let ours = OTHER_NAMES.iter().find(|(other, _)| *other == found);
    Some(ours.map_or(found, |(_, ours)| ours))
}

const fn function_of(name: &'static str, arguments: RangeInclusive<usize>, kind: Kind) -> Function {
    Function {
        name,
        arguments,
        kind,
    }
}

const fn row(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    function: RowFunction,
) -> Function {
    function_of(name, arguments, Kind::Row(function))
}

const fn row_with_nulls(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    function: RowFunction,
) -> Function {
    function_of(name, arguments, Kind::RowWithNulls(function))
}

const fn aggregate(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    function: AggregateFunction,
) -> Function {
    function_of(name, arguments, Kind::Aggregate(function))
}

const fn column(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    function: ColumnFunction,
) -> Function {
    function_of(name, arguments, Kind::Column(function))
}

const fn pivot(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    function: PivotFunction,
) -> Function {
    function_of(name, arguments, Kind::Pivot(function))
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
