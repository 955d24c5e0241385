use std::collections::HashSet;

use super::{DIMENSION, DIMENSION_GROUP, FILE, Kind, MEASURE, Need, Shape, Types, VIEW, kinds};
use crate::is_expression_key;

fn every_row() -> impl Iterator<Item = (&'static Kind, &'static super::Parameter)> {
    let kinds = kinds().into_iter();
    kinds.flat_map(|kind| kind.parameters().map(move |parameter| (kind, parameter)))
}

#[test]
fn no_kind_has_a_key_twice() {
    for kind in kinds() {
        let mut keys = HashSet::new();
        for parameter in kind.parameters() {
            assert!(
                keys.insert(parameter.key),
                "{} {}",
                kind.name,
                parameter.key
            );
        }
    }
}

/// The lexer decides by the key alone.
#[test]
fn expressions_are_those_of_the_lexer() {
    for (kind, parameter) in every_row() {
        assert_eq!(
            matches!(parameter.shape, Shape::Expression),
            is_expression_key(parameter.key),
            "{} {}",
            kind.name,
            parameter.key
        );
    }
}

#[test]
fn types_named_by_parameters_exist() {
    for (kind, parameter) in every_row() {
        let types = match parameter.types {
            Types::All => &[],
            Types::Only(types)
            | Types::Except(types)
            | Types::IgnoredFor(types)
            | Types::IgnoredUnless(types) => types,
        };
        let (required, expected): (&[&str], &[&str]) = match parameter.need {
            Need::Optional | Need::Required => (&[], &[]),
            Need::RequiredFor(required) => (required, &[]),
            Need::RequiredOrExpectedFor { required, expected } => (required, expected),
        };
        for name in types.iter().chain(required).chain(expected) {
            assert!(
                kind.types.iter().any(|known| known.name == *name),
                "{} {} {name}",
                kind.name,
                parameter.key
            );
        }
    }
}

#[test]
fn a_star_is_a_timeframe_or_an_interval() {
    let exists = |kind: &Kind, name| kind.field_type(name).is_some();
    assert!(exists(&DIMENSION, "date_week"));
    assert!(exists(&DIMENSION, "date"));
    assert!(exists(&DIMENSION, "duration_day"));
    assert!(exists(&MEASURE, "date_time"));
    assert!(!exists(&DIMENSION, "date_*"));
    assert!(!exists(&DIMENSION, "date_weak"));
    assert!(!exists(&DIMENSION, "duration_date"));
    assert!(!exists(&MEASURE, "duration_day"));
    assert!(!exists(&DIMENSION, "sum"));
}

#[test]
fn fields_without_a_type_have_one() {
    assert_eq!(DIMENSION.default_type(), "string");
    assert_eq!(DIMENSION_GROUP.default_type(), "time");
    assert_eq!(MEASURE.default_type(), "string");
}

#[test]
fn parameters_are_found_in_every_group() {
    let tiers = DIMENSION.parameter("tiers").unwrap();
    assert!(tiers.types.contains("tier"));
    assert!(!tiers.types.contains("number"));
    assert!(DIMENSION.parameter("datatype").is_some());
    assert!(DIMENSION.parameter("timeframes").is_none());
    assert!(VIEW.parameter("measure").is_some_and(|row| row.repeats));
    assert!(FILE.parameter("dimension").is_none());
    let filters = MEASURE.parameter("filters").unwrap();
    assert!(filters.types.contains("sum"));
    assert!(!filters.types.contains("date_week"));
}

/// What section 3 of the specification names, so that nothing is forgotten.
#[test]
fn every_key_of_the_specification_is_there() {
    let known: HashSet<_> = every_row().map(|(_, parameter)| parameter.key).collect();
    let named = include_str!("specification.txt").split_whitespace();
    let missing: Vec<_> = named.filter(|key| !known.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
