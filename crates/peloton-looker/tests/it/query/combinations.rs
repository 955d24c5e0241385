//! Random queries of the built-in project, on real rows: fields that are hidden too, filters of every type, parameters,
//! pivots, totals, sorts.

use duckdb::{AccessMode, Config, Connection};
use jiff::Timestamp;
use lookml::model::{FieldKind, MeasureFunction, MeasureType, Shape};
use lookml::testing::Database;
use lookml::{Dialect, FilterBy, Limit, Model, Query, RowTotal, Settings, Sort};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestRunner;

use super::{NOW, world};
use crate::built_in::model;

/// What may be asked of a field.
#[derive(Debug, Clone)]
struct Asked {
    name: String,
    is_measure: bool,
    /// Filter expressions that mean something; for a parameter its values.
    filters: &'static [&'static str],
}

/// The fields that can be selected, and those that can only be filtered by.
fn fields(model: &Model, explore: &str) -> (Vec<Asked>, Vec<Asked>) {
    let explore = &model.explores[explore];
    let (mut selected, mut filters) = (Vec::new(), Vec::new());
    for name in &explore.included {
        let (alias, field) = name.split_once('.').unwrap();
        let field = &model.views[&explore.views[alias].view].fields[field];
        let asked = |filters| Asked {
            name: name.clone(),
            is_measure: field.measure().is_some(),
            filters,
        };
        match &field.kind {
            FieldKind::Dimension(dimension) => selected.push(asked(texts(&dimension.shape))),
            FieldKind::Measure(measure) => selected.push(asked(measure_texts(&measure.function))),
            FieldKind::Filter(_) => filters.push(asked(&["this month", "90 days", "2025"])),
            FieldKind::Parameter(parameter) => {
                let first = parameter.allowed_values.first();
                let values: &[&str] = match first.map(|allowed| allowed.value.as_str()) {
                    None => &["5", "60"],
                    Some("pounds") => &["pounds", "kilograms"],
                    Some(_) => &["kilometres", "miles"],
                };
                filters.push(asked(values));
            }
        }
    }
    (selected, filters)
}

fn texts(shape: &Shape) -> &'static [&'static str] {
    match shape {
        Shape::Number | Shape::Duration { .. } => &[">0", "[1, 20]", "NOT NULL", "1, 2, 3"],
        Shape::YesNo => &["Yes", "No"],
        Shape::Time(frame) => match frame.filter_by() {
            FilterBy::Date => &["30 days", "2026", "before 2026-01-01", "NULL"],
            FilterBy::Number => &["[1, 20]", "NOT NULL"],
            FilterBy::Text => &["Q1", "%a%", "January,Monday"],
            FilterBy::YesNo => &["Yes", "No"],
        },
        _ => &["%a%", "-EMPTY", "Cycling,Running", "-it's, NULL"],
    }
}

fn measure_texts(function: &MeasureFunction) -> &'static [&'static str] {
    match function {
        MeasureFunction::Expression(MeasureType::Time(_)) => &["before 2026-01-01", "NOT NULL"],
        MeasureFunction::Expression(MeasureType::Text) => &["%a%", "-NULL"],
        MeasureFunction::Expression(MeasureType::YesNo) => &["Yes", "No"],
        _ => &[">0", "NOT NULL", "<1000"],
    }
}

/// A query of an explore.
fn queries(model: &Model, explore: &str) -> impl Strategy<Value = Query> {
    let (selected, filters) = fields(model, explore);
    let all: Vec<Asked> = selected.iter().chain(&filters).cloned().collect();
    let base = Query {
        model: model.name.clone(),
        view: explore.to_owned(),
        limit: Some(Limit::To(20)),
        ..Query::default()
    };
    let most = selected.len().min(6);
    let filtered = subsequence(all.clone(), 0..=all.len().min(3));
    let filtered = filtered.prop_flat_map(|fields| {
        let filters = fields.into_iter();
        let pairs = filters.map(|field| (Just(field.name), select(field.filters)));
        pairs.collect::<Vec<_>>()
    });
    (
        subsequence(selected, 1..=most),
        filtered,
        any::<[bool; 4]>(),
    )
        .prop_map(
            move |(fields, filters, [is_pivoted, is_sorted, total, row_total])| {
                let mut query = base.clone();
                let (measures, dimensions): (Vec<_>, Vec<_>) =
                    fields.iter().partition(|field| field.is_measure);
                if is_pivoted && !measures.is_empty() && !dimensions.is_empty() {
                    query.pivots = vec![dimensions[0].name.clone()];
                    query.row_total = row_total.then_some(RowTotal::Right);
                }
                if is_sorted {
                    let last = fields.last().unwrap().name.clone();
                    query.sorts = vec![Sort {
                        field: last,
                        descending: true,
                        pivot: None,
                    }];
                }
                query.total = total;
                query.fields = fields.into_iter().map(|field| field.name).collect();
                query.filters = filters
                    .into_iter()
                    .map(|(name, filter)| (name, filter.to_owned()))
                    .collect();
                query
            },
        )
}

/// An answer, or a refusal that says what can't be.
fn check(
    model: &Model,
    settings: &Settings,
    database: &Database,
    query: &Query,
) -> Result<(), String> {
    let compiled = match lookml::compile(model, query, settings) {
        Ok(compiled) => compiled,
        Err(error) if REFUSALS.contains(&error.rule.code) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let answer = database
        .answer(&compiled)
        .map_err(|error| error.to_string())?;
    let width = answer.names().count();
    match answer.rows.iter().all(|row| row.values.len() == width) {
        true => Ok(()),
        false => Err("rows that are not as wide as their head".to_owned()),
    }
}

/// A filter or a sort on what is computed after the query; a filter on a place, or on a list.
const REFUSALS: [&str; 3] = ["LK331", "LK933", "LK119"];

#[test]
fn any_combination_has_an_answer() {
    let home = world();
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let path = home.profile().join("warehouse.duckdb");
    let database = Database::of(Connection::open_with_flags(path, config).unwrap()).unwrap();
    let mut settings = Settings::new(Dialect::DuckDb, NOW.parse::<Timestamp>().unwrap());
    settings.tables.schemas = [("peloton".to_owned(), "main".to_owned())].into();
    let model = model();
    for explore in model.explores.keys() {
        let mut runner = TestRunner::new(ProptestConfig {
            cases: 24,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let result = runner.run(&queries(&model, explore), |query| {
            check(&model, &settings, &database, &query).map_err(|error| {
                let query = serde_json::to_string(&query).unwrap();
                TestCaseError::fail(format!("{query}\n{error}"))
            })
        });
        result.unwrap_or_else(|error| panic!("{explore}: {error}"));
    }
}
