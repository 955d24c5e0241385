//! Whether a value passes a filter.

use crate::evaluate::dates::interval;
use crate::evaluate::expression::Over;
use crate::evaluate::scope::Scope;
use crate::evaluate::time::stored;
use crate::model::expression::FieldName;
use crate::model::field::{Datatype, Dimension, DimensionKind, FilterType, Frame, Unit};
use crate::model::filter::{DateTerm, Filter, NumberFilter, NumberTerm, Piece, TextKind, TextTerm};
use crate::value::Value;

impl Scope<'_> {
    /// Whether a row passes a filter on a dimension.
    pub(crate) fn passes(
        &self,
        over: Over<'_>,
        alias: &str,
        dimension: &Dimension,
        filter: &Filter,
    ) -> bool {
        match filter {
            Filter::Any(_) | Filter::YesNo(None, _) | Filter::Parameter(_) => true,
            Filter::Text(terms) => {
                let sensitive = self.is_case_sensitive(dimension.case_sensitive);
                text(terms, &self.shown(over, alias, dimension), sensitive)
            }
            Filter::Number(filter) => number(filter, &self.shown(over, alias, dimension)),
            Filter::YesNo(Some(wanted), _) => self.raw(over, alias, dimension).is_true() == *wanted,
            Filter::Date(terms) => {
                let DimensionKind::Time(_, source) = &dimension.kind else {
                    panic!("a date filter on {}", dimension.name);
                };
                let value = self.value(over, alias, &source.of);
                self.date(terms, &value, source.datatype)
            }
        }
    }

    /// Whether a value passes a filter that goes by a filter field's type.
    pub(crate) fn matches_type(&self, kind: FilterType, filter: &Filter, value: &Value) -> bool {
        match (kind, filter) {
            (FilterType::Text, Filter::Text(terms)) => {
                text(terms, value, self.is_case_sensitive(None))
            }
            (FilterType::Number, Filter::Number(filter)) => number(filter, value),
            (FilterType::YesNo, Filter::YesNo(wanted, _)) => {
                wanted.is_none_or(|wanted| value.is_true() == wanted)
            }
            (FilterType::Date, Filter::Date(terms)) => self.date(terms, value, Datatype::Timestamp),
            _ => panic!("{filter:?} for a {kind:?} filter"),
        }
    }

    /// Whether a measure's value passes.
    pub(crate) fn measure_passes(&self, value: &Value, filter: &Filter) -> bool {
        match filter {
            Filter::Text(terms) => text(terms, value, self.is_case_sensitive(None)),
            Filter::Number(filter) => number(filter, value),
            Filter::YesNo(wanted, _) => {
                wanted.is_none_or(|wanted| (*value == Value::text("Yes")) == wanted)
            }
            Filter::Any(_) => true,
            other => panic!("{other:?} on a measure"),
        }
    }

    fn date(&self, terms: &[DateTerm], value: &Value, datatype: Datatype) -> bool {
        let time = stored(value, datatype);
        terms.iter().any(|term| match term {
            DateTerm::Null => time.is_none(),
            DateTerm::NotNull => time.is_some(),
            _ => time.is_some_and(|time| {
                let (start, end) = interval(&self.clock, term).expect("no NULL term");
                let bound = |bound| self.bound(bound, datatype, false);
                let end_bound = |bound| self.bound(bound, datatype, true);
                start.is_none_or(|start| time >= bound(start))
                    && end.is_none_or(|end| time < end_bound(end))
            }),
        })
    }

    /// A bound as the column has it: a day's is floored at the start and ceiled at the end.
    fn bound(
        &self,
        bound: jiff::civil::DateTime,
        datatype: Datatype,
        is_end: bool,
    ) -> jiff::civil::DateTime {
        if !datatype.is_day() {
            return self.clock.to_database(bound);
        }
        let floor = crate::evaluate::dates::trunc(&self.clock, bound, Unit::Day);
        if is_end && floor < bound {
            return crate::evaluate::dates::add(floor, 1, Unit::Day);
        }
        floor
    }

    /// The literal of `{% date_start f %}`, or of `{% date_end f %}`.
    pub(crate) fn date_bound(&self, alias: &str, field: &FieldName, is_end: bool) -> Value {
        let Some(Filter::Date(terms)) = self.filter(&field.full(alias)) else {
            return Value::Null;
        };
        let term = terms.first();
        let range = term.and_then(|term| interval(&self.clock, term));
        let bound = range.and_then(|(start, end)| if is_end { end } else { start });
        bound.map_or(Value::Null, |bound| {
            Value::Time(self.clock.to_database(bound))
        })
    }
}

/// Which filter language a dimension has.
pub(crate) fn filter_type(dimension: &Dimension) -> FilterType {
    match &dimension.kind {
        DimensionKind::Text(_) | DimensionKind::Tier(_) | DimensionKind::Case(_) => {
            FilterType::Text
        }
        // That a location can't be filtered is found before this matters.
        DimensionKind::Number(_) | DimensionKind::Duration(..) | DimensionKind::Location(..) => {
            FilterType::Number
        }
        DimensionKind::YesNo(_) | DimensionKind::Time(Frame::YesNo, _) => FilterType::YesNo,
        DimensionKind::Time(frame, _) if frame.filters_time() => FilterType::Date,
        DimensionKind::Time(frame, _) if frame.filters_text() => FilterType::Text,
        DimensionKind::Time(..) => FilterType::Number,
    }
}

fn text(terms: &[TextTerm], value: &Value, case_sensitive: bool) -> bool {
    let fold = |text: &str| {
        if case_sensitive {
            text.to_owned()
        } else {
            text.to_uppercase()
        }
    };
    let value = match value {
        Value::Null => None,
        other => Some(fold(&other.shown())),
    };
    let is = |kind: &TextKind| match (kind, &value) {
        (TextKind::Null, value) => value.is_none(),
        (TextKind::Empty, value) => value.as_deref().is_none_or(str::is_empty),
        (_, None) => false,
        (TextKind::Exact(text) | TextKind::Quoted(text), Some(value)) => fold(text) == *value,
        (TextKind::Pattern(pieces), Some(value)) => {
            let letters: Vec<char> = value.chars().collect();
            like(pieces, &letters, &fold)
        }
    };
    let (negative, positive): (Vec<_>, Vec<_>) = terms.iter().partition(|term| term.negated);
    let some = positive.is_empty() || positive.iter().any(|term| is(&term.kind));
    some && !negative.iter().any(|term| is(&term.kind))
}

fn like(pieces: &[Piece], letters: &[char], fold: &impl Fn(&str) -> String) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return letters.is_empty();
    };
    match first {
        Piece::Anything => (0..=letters.len()).any(|skip| like(rest, &letters[skip..], fold)),
        Piece::OneCharacter => !letters.is_empty() && like(rest, &letters[1..], fold),
        Piece::Literal(text) => {
            let text: Vec<char> = fold(text).chars().collect();
            letters.starts_with(&text) && like(rest, &letters[text.len()..], fold)
        }
    }
}

fn number(filter: &NumberFilter, value: &Value) -> bool {
    let value = value.as_number();
    let any = |terms: &[NumberTerm]| terms.iter().any(|term| number_is(term, value));
    let none = |numbers: &[f64]| !numbers.iter().any(|number| value == Some(*number));
    match filter {
        NumberFilter::Any(terms, _) => any(terms),
        NumberFilter::None(numbers) => none(numbers),
        NumberFilter::AnyButNone(terms, numbers) => any(terms) && none(numbers),
        NumberFilter::Outside(low, high, _) => {
            value.is_none_or(|value| value < *low || value > *high)
        }
        NumberFilter::NotNull => value.is_some(),
    }
}

fn number_is(term: &NumberTerm, value: Option<f64>) -> bool {
    match term {
        NumberTerm::Null => value.is_none(),
        NumberTerm::Is(number) => value == Some(*number),
        NumberTerm::Range(low, high, _) => value.is_some_and(|value| {
            low.is_none_or(|(low, closed)| value > low || closed && value == low)
                && high.is_none_or(|(high, closed)| value < high || closed && value == high)
        }),
    }
}
