//! Filters for a dimension, in its type's language.

use crate::chance::Chance;
use crate::draw::dates::date_terms;
use crate::draw::tables::{KINDS, NOTES};
use crate::evaluate::dates::Clock;
use crate::evaluate::filter_type;
use crate::evaluate::tier_labels;
use crate::evaluate::time::MONTHS;
use crate::model::field::{Dimension, DimensionKind, FilterType, Frame};
use crate::model::filter::{
    Filter, NumberFilter, NumberTerm, Piece, RangeStyle, TextKind, TextTerm, WEEKDAYS,
};

/// A filter that goes with a dimension's type. Inside LookML a quote can't stand in quotes.
pub(crate) fn filter_for(
    dimension: &Dimension,
    clock: &Clock,
    chance: &mut Chance,
    in_lookml: bool,
) -> Filter {
    let kind = filter_type(dimension);
    if kind == FilterType::Text {
        return Filter::Text(text_terms(&samples(dimension), chance, in_lookml));
    }
    if let DimensionKind::Time(frame, _) = &dimension.kind
        && kind == FilterType::Number
    {
        let (low, high) = part_range(*frame);
        return Filter::Number(numbers(low, high, chance));
    }
    filter_of_type(kind, clock, chance, in_lookml)
}

pub(crate) fn filter_of_type(
    kind: FilterType,
    clock: &Clock,
    chance: &mut Chance,
    in_lookml: bool,
) -> Filter {
    match kind {
        FilterType::Text => Filter::Text(text_terms(&KINDS.map(str::to_owned), chance, in_lookml)),
        FilterType::Number => Filter::Number(numbers(-3, 20, chance)),
        FilterType::YesNo => yes_no(chance),
        FilterType::Date => Filter::Date(date_terms(clock, chance)),
    }
}

fn yes_no(chance: &mut Chance) -> Filter {
    let yes = ["yes", "Yes", "true", "TRUE", "1"];
    let no = ["no", "No", "false", "0"];
    match chance.below(10) {
        0..5 => Filter::YesNo(Some(true), chance.pick(&yes)),
        _ => Filter::YesNo(Some(false), chance.pick(&no)),
    }
}

/// Texts that such a dimension shows.
fn samples(dimension: &Dimension) -> Vec<String> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match &dimension.kind {
        DimensionKind::Tier(tier) => tier_labels(tier),
        DimensionKind::Case(case) => case
            .arms
            .iter()
            .map(|(_, label)| label)
            .chain(&case.other)
            .cloned()
            .collect(),
        DimensionKind::Time(Frame::DayOfWeek, _) => owned(&WEEKDAYS),
        DimensionKind::Time(Frame::MonthName, _) => owned(&MONTHS),
        DimensionKind::Time(Frame::TimeOfDay, _) => owned(&["00:00", "23:59", "12:00", "0"]),
        DimensionKind::Time(..) => owned(&["Q1", "Q2", "Q3", "Q4"]),
        _ => match dimension.name.as_str() {
            "note" | "lower" => owned(&NOTES),
            "id" => owned(&["k1", "k2", "k3", "k5"]),
            "size_name" => owned(&["large", "small"]),
            "joined" => owned(&["a-alpha", "A-?", "b-", "a,b-beta"]),
            _ => owned(&KINDS),
        },
    }
}

fn text_terms(samples: &[String], chance: &mut Chance, in_lookml: bool) -> Vec<TextTerm> {
    let count = chance.pick(&[1, 1, 1, 2, 2, 3]);
    let polarity = chance.below(4);
    let term = |chance: &mut Chance| {
        let negated = match polarity {
            0 | 1 => false,
            2 => true,
            _ => chance.percent(50),
        };
        TextTerm {
            negated,
            kind: text_kind(samples, chance, in_lookml),
        }
    };
    (0..count).map(|_| term(chance)).collect()
}

fn text_kind(samples: &[String], chance: &mut Chance, in_lookml: bool) -> TextKind {
    let sample = chance.one(samples).clone();
    let can_quote = !in_lookml || !sample.contains('"');
    match chance.below(10) {
        0 => TextKind::Empty,
        1 => TextKind::Null,
        2..5 => TextKind::Pattern(pattern(&sample, chance)),
        5 if can_quote => TextKind::Quoted(sample),
        _ if sample.is_empty() => TextKind::Quoted(sample),
        _ => TextKind::Exact(sample),
    }
}

/// A pattern that such a text may match. It starts with no minus and has no blank at an end.
fn pattern(sample: &str, chance: &mut Chance) -> Vec<Piece> {
    let letters: Vec<char> = sample.chars().collect();
    let from = chance.below(letters.len().max(1));
    let part: String = letters
        .iter()
        .skip(from)
        .take(1 + chance.below(3))
        .collect();
    let part = part.trim_matches([' ', '-']).to_owned();
    let literal = || Piece::Literal(part.clone());
    match chance.below(5) {
        _ if part.is_empty() => vec![Piece::Anything],
        0 => vec![literal(), Piece::Anything],
        1 => vec![Piece::Anything, literal()],
        2 => vec![Piece::OneCharacter, literal(), Piece::Anything],
        3 => vec![literal(), Piece::OneCharacter],
        _ => vec![Piece::Anything, literal(), Piece::Anything],
    }
}

fn part_range(frame: Frame) -> (i64, i64) {
    match frame {
        Frame::DayOfYear => (1, 366),
        Frame::WeekOfYear => (1, 53),
        Frame::DayOfMonth => (1, 31),
        Frame::HourOfDay => (0, 23),
        _ => (0, 12),
    }
}

pub(crate) fn numbers(low: i64, high: i64, chance: &mut Chance) -> NumberFilter {
    let some = |chance: &mut Chance| {
        let number = chance.between(low, high) as f64;
        if chance.percent(15) {
            number + 0.5
        } else {
            number
        }
    };
    let several = |chance: &mut Chance| {
        let count = 1 + chance.below(3);
        (0..count).map(|_| some(chance)).collect::<Vec<f64>>()
    };
    let is = |numbers: Vec<f64>| numbers.into_iter().map(NumberTerm::Is).collect::<Vec<_>>();
    match chance.below(9) {
        0 => NumberFilter::Any(is(several(chance)), ", "),
        1 => NumberFilter::None(several(chance)),
        2 => NumberFilter::AnyButNone(is(several(chance)), several(chance)),
        3 => {
            let (a, b) = (some(chance), some(chance));
            let style = chance.pick(&[RangeStyle::Interval, RangeStyle::To]);
            NumberFilter::Outside(a.min(b), a.max(b), style)
        }
        4 => NumberFilter::NotNull,
        5 => NumberFilter::Any(vec![NumberTerm::Null], ", "),
        6 => {
            let terms = vec![
                range(some(chance), some(chance), chance),
                NumberTerm::Is(some(chance)),
            ];
            NumberFilter::Any(terms, " OR ")
        }
        7 => NumberFilter::Any(vec![NumberTerm::Null, NumberTerm::Is(some(chance))], ", "),
        _ => NumberFilter::Any(vec![range(some(chance), some(chance), chance)], ", "),
    }
}

fn range(a: f64, b: f64, chance: &mut Chance) -> NumberTerm {
    let styles = [
        RangeStyle::Interval,
        RangeStyle::Infinite,
        RangeStyle::To,
        RangeStyle::Comparison,
    ];
    let style = chance.pick(&styles);
    let is_to = style == RangeStyle::To;
    let closed = |chance: &mut Chance| is_to || chance.percent(50);
    let low = Some((a.min(b), closed(chance)));
    let high = Some((a.max(b), closed(chance)));
    match chance.below(4) {
        0 => NumberTerm::Range(low, None, style),
        1 => NumberTerm::Range(None, high, style),
        _ => NumberTerm::Range(low, high, style),
    }
}
