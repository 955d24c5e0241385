//! Date filters.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::evaluate::dates::Clock;
use crate::model::field::Unit;
use crate::model::filter::{Bound, DateTerm, Point};

const UNITS: [Unit; 10] = [
    Unit::Day,
    Unit::Week,
    Unit::Month,
    Unit::Quarter,
    Unit::Year,
    Unit::Hour,
    Unit::Minute,
    Unit::Second,
    Unit::FiscalQuarter,
    Unit::FiscalYear,
];

pub(crate) fn date_terms(clock: &Clock, chance: &mut Chance) -> Vec<DateTerm> {
    let count = chance.pick(&[1, 1, 1, 1, 2, 3]);
    (0..count).map(|_| date_term(clock, chance)).collect()
}

/// A term with a start and an end.
pub(crate) fn bounded_term(clock: &Clock, chance: &mut Chance) -> DateTerm {
    let unit = chance.pick(&UNITS[..5]);
    match chance.below(5) {
        0 => DateTerm::Last(chance.between(1, 12), unit, chance.percent(50)),
        1 => DateTerm::AgoFor(chance.between(1, 9), unit, chance.between(1, 9), unit),
        2 => DateTerm::Relative(chance.between(-1, 1), unit),
        3 => DateTerm::Between(day(clock, chance, -120), day(clock, chance, 30)),
        _ => DateTerm::Point(point(clock, chance)),
    }
}

pub(crate) fn date_term(clock: &Clock, chance: &mut Chance) -> DateTerm {
    let unit = chance.pick(&UNITS);
    let count = many(unit, chance);
    match chance.below(16) {
        0 => DateTerm::Null,
        1 => DateTerm::NotNull,
        2 | 3 => DateTerm::Point(point(clock, chance)),
        4 | 5 => DateTerm::Last(count, unit, chance.percent(50)),
        6 => DateTerm::Ago(count, unit),
        7 => {
            let other = chance.pick(&UNITS);
            DateTerm::AgoFor(count, unit, many(other, chance), other)
        }
        8 => DateTerm::FromNow(chance.between(1, 3), unit),
        9 => DateTerm::FromNowFor(chance.between(1, 3), unit, chance.between(1, 9), unit),
        10 => DateTerm::Relative(chance.between(-1, 1), unit),
        11 => {
            let pairs = [
                (Unit::Year, Unit::Day),
                (Unit::Month, Unit::Day),
                (Unit::Week, Unit::Second),
                (Unit::Quarter, Unit::Month),
                (Unit::Day, Unit::Hour),
            ];
            let (from, to) = chance.pick(&pairs);
            DateTerm::ThisTo(from, to)
        }
        12 => DateTerm::Before(bound(clock, chance)),
        13 => DateTerm::After(bound(clock, chance)),
        14 => DateTerm::Between(point(clock, chance), point(clock, chance)),
        _ => {
            // A month after a 31st is nobody's agreement.
            let unit = chance.pick(&[Unit::Day, Unit::Week, Unit::Hour]);
            DateTerm::PointFor(point(clock, chance), chance.between(1, 40), unit)
        }
    }
}

fn many(unit: Unit, chance: &mut Chance) -> i64 {
    match unit {
        Unit::Second | Unit::Minute => chance.between(1, 120),
        Unit::Hour => chance.between(1, 72),
        Unit::Day => chance.between(1, 60),
        Unit::Week | Unit::Month => chance.between(1, 14),
        _ => chance.between(1, 4),
    }
}

fn bound(clock: &Clock, chance: &mut Chance) -> Bound {
    let unit = chance.pick(&UNITS);
    match chance.below(5) {
        0 => Bound::Ago(many(unit, chance), unit, true),
        1 => Bound::Ago(many(unit, chance), unit, false),
        2 => Bound::FromNow(chance.between(1, 3), unit),
        3 => Bound::Relative(chance.between(-1, 1), unit),
        _ => Bound::Point(point(clock, chance)),
    }
}

fn somewhen(clock: &Clock, chance: &mut Chance) -> Date {
    clock.wall().date() + chance.between(-500, 120).days()
}

fn day(clock: &Clock, chance: &mut Chance, shift: i64) -> Point {
    let date = clock.wall().date() + (shift + chance.between(-20, 20)).days();
    Point::Day(date.year(), date.month(), date.day(), "-")
}

fn point(clock: &Clock, chance: &mut Chance) -> Point {
    let date = somewhen(clock, chance);
    let (year, month, day) = (date.year(), date.month(), date.day());
    let quarter = (month + 2) / 3;
    let (hour, minute) = (chance.between(0, 23) as i8, chance.between(0, 59) as i8);
    match chance.below(13) {
        0 => Point::Year(year),
        1 => Point::Month(year, month),
        2 | 3 => Point::Day(year, month, day, chance.pick(&["-", "/"])),
        4 => Point::Minute(year, month, day, hour, minute),
        5 => Point::Second(year, month, day, hour, minute, chance.between(0, 59) as i8),
        6 => Point::Quarter(year, quarter),
        7 => Point::FiscalYear(year),
        8 => Point::FiscalQuarter(year, quarter),
        9 => Point::Today,
        10 => Point::Yesterday,
        11 => Point::Tomorrow,
        _ => Point::Weekday(chance.between(0, 6) as i8),
    }
}
