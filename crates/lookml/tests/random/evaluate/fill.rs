//! Missing values of a dimension, filled in.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use serde_json::{Map, Value as Json};

use crate::evaluate::answer::{Computation, Line, ROW_TOTAL};
use crate::evaluate::dates::{Clock, add, interval, trunc};
use crate::evaluate::dimension::tier_labels;
use crate::evaluate::table::{By, Column};
use crate::evaluate::time::{MONTHS, frame_order, of_local};
use crate::model::field::{Dimension, DimensionKind, Frame, Unit};
use crate::model::filter::{DateTerm, Filter, WEEKDAYS};
use crate::value::Value;

/// Adds the lines that are missing. Says why the specification leaves the result open, if it does.
pub(crate) fn fill(
    computation: &Computation<'_>,
    lines: &mut Vec<Line>,
    truncated: bool,
) -> Option<&'static str> {
    let columns = computation.visible_row_columns();
    let [column] = columns.as_slice() else {
        return None;
    };
    let dimension = &column.dimension;
    let is_open = dimension.allow_fill
        && dimension.order_by.is_none()
        && computation.query.fill.contains(&column.full)
        && !computation.scope.filters_measures()
        && computation.scope.explore.always_having.is_none();
    if !is_open {
        return None;
    }
    let first = first_key(computation, column);
    if truncated && first.is_none() {
        return None;
    }
    let (values, doubt) = domain(computation, column, lines)?;
    let place = computation.columns.iter().filter(|other| !other.is_pivot);
    let place = place.take_while(|other| other.full != column.full).count();
    let present: BTreeSet<String> = lines.iter().map(|line| line.shown[place].key()).collect();
    let is_missing = |value: &Value| !present.contains(&value.key());
    let mut missing: Vec<Value> = values.into_iter().filter(is_missing).collect();
    if let (true, Some(descending), Some(last)) = (truncated, first, lines.last()) {
        let order =
            |value: &Value| domain_order(&computation.scope.clock, &column.dimension, value);
        missing.retain(|value| match order(value).order(&last.order[place]) {
            Ordering::Less => !descending,
            _ => descending,
        });
    }
    if missing.is_empty() {
        return doubt;
    }
    let is_sorted = insert(computation, column, lines, missing, place);
    let mut fields = computation.query.fields.iter();
    let computes = fields.any(|field| computation.is_post_query(field));
    let doubts = [
        (computes, "computed measures of lines that were filled in"),
        (!is_sorted, "filled lines where the order is another one"),
    ];
    let found = doubts.into_iter().find(|(is, _)| *is);
    found.map(|(_, doubt)| doubt).or(doubt)
}

/// Puts lines without measures in their places. False if the dimension is not what the answer goes by.
fn insert(
    computation: &Computation<'_>,
    column: &Column,
    lines: &mut Vec<Line>,
    missing: Vec<Value>,
    place: usize,
) -> bool {
    lines.extend(
        missing
            .into_iter()
            .map(|value| empty_line(computation, column, &value, place)),
    );
    let Some(descending) = first_key(computation, column) else {
        return false;
    };
    lines.sort_by(|a, b| {
        let order = a.order[place].order(&b.order[place]);
        if descending { order.reverse() } else { order }
    });
    true
}

/// Whether the lines descend by a dimension, if that is what they go by before all.
fn first_key(computation: &Computation<'_>, column: &Column) -> Option<bool> {
    let is_row =
        |by: By| !matches!(by, By::Dimension(index) if computation.columns[index].is_pivot);
    let first = computation.keys.iter().find(|key| is_row(key.by))?;
    let is_it = |index: usize| computation.columns[index].full == column.full;
    matches!(first.by, By::Dimension(index) if is_it(index)).then_some(first.descending)
}

fn empty_line(computation: &Computation<'_>, column: &Column, value: &Value, place: usize) -> Line {
    let query = computation.query;
    let others = query
        .fields
        .iter()
        .filter(|field| !query.is_pivot(field) && **field != column.full);
    let mut cells: Map<String, Json> = others
        .map(|field| (field.clone(), empty_cell(computation)))
        .collect();
    cells.insert(column.full.clone(), value.json());
    let width = computation
        .columns
        .iter()
        .filter(|column| !column.is_pivot)
        .count();
    let mut order = vec![Value::Null; width];
    order[place] = domain_order(&computation.scope.clock, &column.dimension, value);
    Line {
        shown: order.clone(),
        order,
        cells,
    }
}

fn empty_cell(computation: &Computation<'_>) -> Json {
    match computation.query.pivots.is_empty() {
        true => Json::Null,
        false => Map::from_iter([(ROW_TOTAL.to_owned(), Json::Null)]).into(),
    }
}

fn domain_order(clock: &Clock, dimension: &Dimension, value: &Value) -> Value {
    let label = |labels: Vec<String>| {
        let place = labels.iter().position(|label| *value == Value::text(label));
        place.map_or(Value::Null, |place| Value::whole(place as i64))
    };
    match &dimension.kind {
        DimensionKind::Tier(tier) => label(tier_labels(tier)),
        DimensionKind::Case(case) if !case.alpha_sort => label(case_labels(dimension)),
        DimensionKind::Time(frame, _) => frame_order(clock, *frame, value),
        _ => value.clone(),
    }
}

fn case_labels(dimension: &Dimension) -> Vec<String> {
    let DimensionKind::Case(case) = &dimension.kind else {
        return Vec::new();
    };
    case.arms
        .iter()
        .map(|(_, label)| label)
        .chain(&case.other)
        .cloned()
        .collect()
}

type Domain = (Vec<Value>, Option<&'static str>);

/// All values that should be there. None if the field is not one that is filled.
fn domain(computation: &Computation<'_>, column: &Column, lines: &[Line]) -> Option<Domain> {
    let dimension = &column.dimension;
    let is_filtered = computation.scope.filter(&column.full).is_some();
    if let DimensionKind::Time(frame, _) = &dimension.kind
        && let Some(unit) = range_unit(*frame)
    {
        return range(computation, column, *frame, unit, lines);
    }
    let values = fixed(dimension)?;
    let doubt = match &dimension.kind {
        DimensionKind::Case(case) if case.other.is_none() => Some("a case without else is filled"),
        DimensionKind::Tier(_) => Some("whether a tier's undefined is filled"),
        _ => None,
    };
    (!is_filtered).then_some((values, doubt))
}

fn fixed(dimension: &Dimension) -> Option<Vec<Value>> {
    let numbers = |from: i64, to: i64| (from..=to).map(Value::whole).collect();
    let texts = |names: &[&str]| names.iter().map(|name| Value::text(*name)).collect();
    let labels = |labels: Vec<String>| labels.into_iter().map(Value::Text).collect();
    Some(match &dimension.kind {
        DimensionKind::YesNo(_) => texts(&["No", "Yes"]),
        DimensionKind::Tier(tier) => labels(tier_labels(tier)),
        DimensionKind::Case(_) => labels(case_labels(dimension)),
        DimensionKind::Time(frame, _) => match frame {
            Frame::YesNo => texts(&["No", "Yes"]),
            Frame::DayOfMonth => numbers(1, 31),
            Frame::DayOfYear => numbers(1, 366),
            Frame::DayOfWeek => texts(&WEEKDAYS),
            Frame::DayOfWeekIndex => numbers(0, 6),
            Frame::FiscalMonthNum | Frame::MonthNum => numbers(1, 12),
            Frame::HourOfDay => numbers(0, 23),
            Frame::MonthName => texts(&MONTHS),
            Frame::FiscalQuarterOfYear | Frame::QuarterOfYear => texts(&["Q1", "Q2", "Q3", "Q4"]),
            Frame::WeekOfYear => numbers(1, 53),
            Frame::TimeOfDay => (0..1440)
                .map(|at| Value::text(format!("{:02}:{:02}", at / 60, at % 60)))
                .collect(),
            _ => return None,
        },
        _ => return None,
    })
}

fn range_unit(frame: Frame) -> Option<Unit> {
    Some(match frame {
        Frame::Date => Unit::Day,
        Frame::Week => Unit::Week,
        Frame::Month => Unit::Month,
        Frame::Quarter => Unit::Quarter,
        Frame::Year => Unit::Year,
        Frame::Hour(1) => Unit::Hour,
        Frame::Minute(1) => Unit::Minute,
        Frame::FiscalQuarter => Unit::FiscalQuarter,
        Frame::FiscalYear => Unit::FiscalYear,
        _ => return None,
    })
}

/// Beyond this many lines nothing is learned.
const MOST_LINES: usize = 3_000;

fn range(
    computation: &Computation<'_>,
    column: &Column,
    frame: Frame,
    unit: Unit,
    lines: &[Line],
) -> Option<Domain> {
    let clock = &computation.scope.clock;
    let filters = group_filters(computation, column);
    let present = || {
        let shown = lines
            .iter()
            .filter_map(|line| shown(line.cells.get(&column.full)?));
        let starts: Vec<DateTime> = shown
            .map(|shown| start_of_shown(clock, frame, &shown))
            .collect();
        let last = add(*starts.iter().max()?, 1, Unit::Second);
        Some((*starts.iter().min()?, last))
    };
    let (start, end) = bounds(clock, &filters).or_else(present)?;
    let is_local = matches!(
        &column.dimension.kind,
        DimensionKind::Time(_, source) if source.convert_tz && !source.datatype.is_day()
    );
    let mut at = trunc(clock, start, unit);
    let mut values = Vec::new();
    while at < end && values.len() < MOST_LINES {
        let next = add(at, 1, unit);
        if !is_local || is_shown(clock, at, next, unit) {
            values.push(of_local(clock, frame, at));
        }
        at = next;
    }
    let doubt = range_doubt(clock, column, &filters, values.len());
    Some((values, doubt))
}

/// Whether a clock of the query's zone shows any of the minutes.
fn is_shown(clock: &Clock, start: DateTime, end: DateTime, unit: Unit) -> bool {
    if !matches!(unit, Unit::Minute | Unit::Hour | Unit::Day) {
        return true;
    }
    let is_real = |at: DateTime| {
        let moment = clock.query_zone.to_timestamp(at);
        moment.is_ok_and(|moment| clock.query_zone.to_datetime(moment) == at)
    };
    is_real(start) || is_real(add(end, -1, Unit::Second))
}

/// Those of the one filter that has both.
fn bounds(clock: &Clock, filters: &[&Filter]) -> Option<(DateTime, DateTime)> {
    let [Filter::Date(terms)] = filters else {
        return None;
    };
    let [term] = terms.as_slice() else {
        return None;
    };
    let (start, end) = interval(clock, term)?;
    Some((start?, end?))
}

fn shown(cell: &Json) -> Option<String> {
    let text = cell.as_str().map(str::to_owned);
    text.or_else(|| Some(cell.as_f64()?.to_string()))
}

fn range_doubt(
    clock: &Clock,
    column: &Column,
    filters: &[&Filter],
    count: usize,
) -> Option<&'static str> {
    let converts = !matches!(
        &column.dimension.kind,
        DimensionKind::Time(_, source) if !source.convert_tz
    );
    let several = filters.len() > 1 || filters.iter().any(|filter| has_open_terms(filter));
    let shifted = !converts && clock.query_zone != clock.database_zone;
    let doubts = [
        (several, "which of several filters bounds what is filled"),
        (shifted, "a range of one time zone is filled in another"),
        (count >= MOST_LINES, "too many lines are filled in"),
    ];
    doubts
        .into_iter()
        .find(|(is, _)| *is)
        .map(|(_, doubt)| doubt)
}

fn has_open_terms(filter: &Filter) -> bool {
    match filter {
        Filter::Date(terms) => {
            terms.len() > 1
                || matches!(
                    terms[0],
                    DateTerm::Null | DateTerm::NotNull | DateTerm::Before(_) | DateTerm::After(_)
                )
        }
        _ => false,
    }
}

/// The date filters on any frame of the column's group.
fn group_filters<'a>(computation: &'a Computation<'_>, column: &Column) -> Vec<&'a Filter> {
    let is_sibling = |field: &str| {
        computation
            .scope
            .dimension(field)
            .is_some_and(|(alias, dimension)| {
                let same = field == column.full
                    || dimension.group.is_some() && dimension.group == column.dimension.group;
                alias == column.alias && same
            })
    };
    let filters = computation.scope.filters.iter();
    let dates =
        filters.filter(|(field, filter)| is_sibling(field) && matches!(filter, Filter::Date(_)));
    dates.map(|(_, filter)| filter).collect()
}

/// The first moment of what is shown.
fn start_of_shown(clock: &Clock, frame: Frame, shown: &str) -> DateTime {
    let number = |text: &str| text.parse::<i16>().expect("a number");
    let first = |year: i16, month: i16| {
        Date::new(year, month as i8, 1)
            .expect("a month")
            .to_datetime(Time::midnight())
    };
    match frame {
        Frame::Date | Frame::Week => shown
            .parse::<Date>()
            .expect("a date")
            .to_datetime(Time::midnight()),
        Frame::Month | Frame::Quarter => first(number(&shown[..4]), number(&shown[5..7])),
        Frame::Year => first(number(shown), 1),
        Frame::Hour(_) => {
            DateTime::strptime("%Y-%m-%d %H:%M", format!("{shown}:00")).expect("an hour")
        }
        Frame::Minute(_) => DateTime::strptime("%Y-%m-%d %H:%M", shown).expect("a minute"),
        Frame::FiscalYear => add(
            first(number(&shown[2..]), 1),
            i64::from(clock.fiscal_offset),
            Unit::Month,
        ),
        _ => {
            let quarter = number(&shown[shown.len() - 1..]);
            let start = first(number(&shown[2..6]), quarter * 3 - 2);
            add(start, i64::from(clock.fiscal_offset), Unit::Month)
        }
    }
}
