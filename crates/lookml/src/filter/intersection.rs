//! Two filters on one field as one expression. The languages say `or`, and rarely `and`.

use jiff::civil::{DateTime, Time};

use super::{
    Bound, Comparison, Context, DateFilter, DateTerm, Filter, NumberFilter, NumberTerm, Operator,
    Period, StringFilter, StringTerm, Terms, Value,
};
use crate::calendar::{Calendar, DateRange};

impl Filter {
    /// The filter that lets through what both do. None: nothing passes both, or no expression says it.
    pub(crate) fn intersection(&self, other: &Self, context: &Context<'_>) -> Option<Self> {
        if self == other || other.is_any() {
            return Some(self.clone());
        }
        if self.is_any() {
            return Some(other.clone());
        }
        if !self.user_attributes.is_empty() || !other.user_attributes.is_empty() {
            return None;
        }
        let terms = match (&self.terms, &other.terms) {
            (Terms::String(one), Terms::String(other)) => {
                Terms::String(strings(one, other, context.is_case_sensitive)?)
            }
            (Terms::Number(one), Terms::Number(other)) => Terms::Number(numbers(one, other)?),
            (Terms::Date(one), Terms::Date(other)) => {
                Terms::Date(dates(one, other, context.calendar)?)
            }
            // Yes and no have nothing in common.
            _ => return None,
        };
        Some(Self {
            terms,
            user_attributes: Vec::new(),
        })
    }
}

/// Of certain texts those stay that the other filter wants; exclusions may be added to anything.
fn strings(
    one: &StringFilter,
    other: &StringFilter,
    is_case_sensitive: bool,
) -> Option<StringFilter> {
    for (certain, wanted) in [(one, other), (other, one)] {
        if is_certain(certain) {
            let passes = |term: &&StringTerm| {
                let value = match term {
                    StringTerm::Equal(text) => Value::String(text),
                    _ => Value::Null,
                };
                [certain, wanted]
                    .iter()
                    .all(|filter| filter.matches(&value, is_case_sensitive))
            };
            let is: Vec<StringTerm> = certain.is.iter().filter(passes).cloned().collect();
            // What is left was looked at one by one: it needs no exclusions.
            let is_not = Vec::new();
            return (!is.is_empty()).then_some(StringFilter { is, is_not });
        }
    }
    if !one.is.is_empty() && !other.is.is_empty() {
        return None;
    }
    Some(StringFilter {
        is: one.is.iter().chain(&other.is).cloned().collect(),
        is_not: united(&one.is_not, &other.is_not),
    })
}

/// Whether a filter names all that it lets through.
fn is_certain(filter: &StringFilter) -> bool {
    let mut terms = filter.is.iter();
    !filter.is.is_empty()
        && terms.all(|term| matches!(term, StringTerm::Equal(_) | StringTerm::Null))
}

/// The terms of two lists, each once.
fn united<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Vec<T> {
    let more = other.iter().filter(|term| !one.contains(term));
    one.iter().chain(more).cloned().collect()
}

fn numbers(one: &NumberFilter, other: &NumberFilter) -> Option<NumberFilter> {
    let is_not = united(&one.is_not, &other.is_not);
    if one.is.is_empty() && other.is.is_empty() {
        return Some(NumberFilter {
            is: Vec::new(),
            is_not,
        });
    }
    let any = [NumberTerm::Any, NumberTerm::Null];
    let terms = |filter: &NumberFilter| match filter.is.is_empty() {
        true => any.to_vec(),
        false => filter.is.clone(),
    };
    let mut is = Vec::new();
    for term in &terms(one) {
        for other in &terms(other) {
            is.extend(both(term, other)?);
        }
    }
    let is_excluded = |number| is_not.iter().any(|term| !term.holds_not(number));
    is.retain(|term| match term {
        NumberTerm::Null => !is_excluded(None),
        term => term
            .equal()
            .is_none_or(|number| !is_excluded(Some(number.value()))),
    });
    (!is.is_empty()).then_some(NumberFilter { is, is_not })
}

/// What two terms have in common, if anything. None: no term says it.
fn both(one: &NumberTerm, other: &NumberTerm) -> Option<Option<NumberTerm>> {
    match (one, other) {
        (NumberTerm::Null, NumberTerm::Null) => return Some(Some(NumberTerm::Null)),
        (NumberTerm::Null, _) | (_, NumberTerm::Null) => return Some(None),
        (NumberTerm::Any, term) | (term, NumberTerm::Any) => return Some(Some(term.clone())),
        _ => {}
    }
    for (certain, wanted) in [(one, other), (other, one)] {
        if let Some(number) = certain.equal() {
            let holds = wanted.holds(Some(number.value()));
            return Some(holds.then(|| certain.clone()));
        }
    }
    let ((low, high), (other_low, other_high)) = (bounds(one)?, bounds(other)?);
    let low = tighter(low, other_low, |one, other| one > other);
    let high = tighter(high, other_high, |one, other| one < other);
    let compare = |operator, bound: Bound| Comparison {
        operator,
        value: bound.value,
    };
    Some(match (low, high) {
        (Some(low), Some(high)) => {
            let is_empty = low.value.value() > high.value.value()
                || (low.value.value() >= high.value.value() && (low.is_open || high.is_open));
            (!is_empty).then_some(NumberTerm::Between { low, high })
        }
        (Some(low), None) => Some(NumberTerm::Compare(compare(low.operator_above(), low))),
        (None, Some(high)) => Some(NumberTerm::Compare(compare(high.operator_below(), high))),
        (None, None) => Some(NumberTerm::Any),
    })
}

/// Between which bounds a term is. None: it is no stretch of numbers.
fn bounds(term: &NumberTerm) -> Option<(Option<Bound>, Option<Bound>)> {
    let NumberTerm::Compare(comparison) = term else {
        return match term {
            NumberTerm::Between { low, high } => Some((Some(low.clone()), Some(high.clone()))),
            _ => None,
        };
    };
    let bound = |is_open| {
        Some(Bound {
            value: comparison.value.clone(),
            is_open,
        })
    };
    match comparison.operator {
        Operator::Greater => Some((bound(true), None)),
        Operator::AtLeast => Some((bound(false), None)),
        Operator::Less => Some((None, bound(true))),
        Operator::AtMost => Some((None, bound(false))),
        Operator::Equal | Operator::NotEqual => None,
    }
}

fn tighter(
    one: Option<Bound>,
    other: Option<Bound>,
    is_tighter: fn(f64, f64) -> bool,
) -> Option<Bound> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other),
    };
    let (value, limit) = (one.value.value(), other.value.value());
    let is_equal = !is_tighter(value, limit) && !is_tighter(limit, value);
    match is_tighter(value, limit) || (is_equal && one.is_open) {
        true => Some(one),
        false => Some(other),
    }
}

fn dates(one: &DateFilter, other: &DateFilter, calendar: &Calendar) -> Option<DateFilter> {
    for (inner, outer) in [(one, other), (other, one)] {
        if is_within(inner, outer, calendar) {
            return Some(inner.clone());
        }
    }
    let mut terms = Vec::new();
    if one.terms.contains(&DateTerm::Null) && other.terms.contains(&DateTerm::Null) {
        terms.push(DateTerm::Null);
    }
    for range in one.intervals(calendar) {
        for other in other.intervals(calendar) {
            let common = DateRange {
                start: range.start.max(other.start),
                end: match (range.end, other.end) {
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                },
            };
            let is_empty = common
                .start
                .zip(common.end)
                .is_some_and(|(start, end)| start >= end);
            if !is_empty {
                terms.push(term(common));
            }
        }
    }
    (!terms.is_empty()).then_some(DateFilter { terms })
}

/// Whether each stretch of one filter lies in one of the other.
fn is_within(inner: &DateFilter, outer: &DateFilter, calendar: &Calendar) -> bool {
    let has_null = |filter: &DateFilter| filter.terms.contains(&DateTerm::Null);
    let outers = outer.intervals(calendar);
    let lies = |range: &DateRange| {
        let mut outers = outers.iter();
        outers.any(|outer| {
            let is_after = outer.start.is_none() || (range.start >= outer.start);
            let is_before = match (range.end, outer.end) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(end), Some(limit)) => end <= limit,
            };
            is_after && is_before
        })
    };
    inner.intervals(calendar).iter().all(lies) && (has_null(outer) || !has_null(inner))
}

fn term(range: DateRange) -> DateTerm {
    match (range.start.map(period), range.end.map(period)) {
        (Some(start), Some(end)) => DateTerm::Between { start, end },
        (Some(start), None) => DateTerm::After(start),
        (None, Some(end)) => DateTerm::Before(end),
        (None, None) => DateTerm::NotNull,
    }
}

/// The one that begins at a moment, as short as it can be written.
fn period(at: DateTime) -> Period {
    match (at.time() == Time::MIN, at.second() == 0) {
        (true, _) => Period::Day(at.date()),
        (false, true) => Period::Minute(at),
        (false, false) => Period::Second(at),
    }
}
