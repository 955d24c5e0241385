//! Which features a query makes use of, and which pairs of them have met.

mod fields;
mod pairs;

pub(crate) use fields::{liquid_features, measure_features, plain_features};
pub(crate) use pairs::Pairs;

use std::collections::BTreeSet;

use crate::evaluate::{Answer, Scope, Uses, filter_type, uses_of};
use crate::features::fields::{of_dimension, of_liquid_dimension, of_liquid_measure, of_measure};
use crate::model::expression::Expr;
use crate::model::field::{DimensionKind, FilterType};
use crate::model::filter::Filter;
use crate::model::lists::Listed;
use crate::model::query::Query;
use crate::model::{Explore, Join, JoinKind, JoinWriting, Relationship, Source, World};

pub(crate) type Features = BTreeSet<&'static str>;

/// What takes part in answering a query.
pub(crate) fn features(world: &World, text: &str, query: &Query, answer: &Answer) -> Features {
    let scope = Scope::new(world, query);
    let uses = uses_of(&scope, query);
    let mut features = Features::new();
    of_model(world, text, query, &mut features);
    of_explore(scope.explore, &scope, &uses, query, &mut features);
    of_joins(&scope, &uses, &mut features);
    for field in &query.fields {
        if let Some((_, dimension)) = scope.dimension(field) {
            of_dimension(&dimension, &mut features);
            features.extend((!dimension.grants.is_empty()).then_some("field's grant"));
        }
    }
    for field in &uses.fields {
        if let Some((_, measure)) = scope.measure(field) {
            of_measure(measure, &mut features);
            let is_asked = query.has_field(field) && !measure.grants.is_empty();
            features.extend(is_asked.then_some("field's grant"));
        }
        of_liquid(&scope, field, &mut features);
    }
    of_filters(&scope, query, &mut features);
    of_query(&scope, query, answer, &mut features);
    features
}

fn of_model(world: &World, text: &str, query: &Query, features: &mut Features) {
    let model = &world.model;
    let tags = [
        (!model.case_sensitive, "case_sensitive: no"),
        (model.fiscal_offset != 0, "fiscal_month_offset"),
        (model.week_start != 1, "week_start_day"),
        (
            world.database_zone.iana_name() != Some("UTC"),
            "database time zone",
        ),
        (
            query.timezone.as_deref().is_some_and(|zone| zone != "UTC"),
            "query time zone",
        ),
        (text.contains("view: +"), "refined view"),
        (text.contains("explore: +"), "refined explore"),
        (text.contains("_parent]"), "extends"),
    ];
    features.extend(tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag));
}

fn of_explore(
    explore: &Explore,
    scope: &Scope<'_>,
    uses: &Uses,
    query: &Query,
    features: &mut Features,
) {
    let in_effect = |filters: &[(String, Filter)]| {
        filters
            .iter()
            .any(|pair| scope.filters.contains(pair) && !query.filters.contains(pair))
    };
    let cancels = |field: &String| query.has_field(field);
    let has_measure = query
        .fields
        .iter()
        .any(|field| scope.measure(field).is_some());
    let tags = [
        (explore.base != explore.view, "explore from"),
        (!explore.always_join.is_empty(), "always_join"),
        (explore.always_where.is_some(), "sql_always_where"),
        (
            matches!(explore.always_where, Some(Expr::Condition(..))),
            "condition in sql_always_where",
        ),
        (explore.always_having.is_some(), "sql_always_having"),
        (in_effect(&explore.always_filter), "always_filter"),
        (
            explore
                .conditional
                .as_ref()
                .is_some_and(|it| in_effect(&it.filters)),
            "conditionally_filter",
        ),
        (explore.access.is_some(), "access_filter"),
        (
            !explore.symmetric && uses.aliases.len() > 1,
            "symmetric_aggregates: no",
        ),
        (
            !has_measure && explore.cancel_grouping.iter().any(cancels),
            "cancel_grouping_fields",
        ),
        (explore.fields.is_some(), "explore fields"),
        (!explore.grants.is_empty(), "explore's grant"),
        (query.uses_old_names(), "old name"),
    ];
    features.extend(tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag));
}

fn of_joins(scope: &Scope<'_>, uses: &Uses, features: &mut Features) {
    for join in scope.ordered_joins(&uses.aliases) {
        features.insert(match join.relationship {
            _ if join.kind == JoinKind::Cross => "cross join",
            _ if matches!(join.writing, JoinWriting::Unnest(_)) => "elements of an array",
            Relationship::ManyToOne => "many_to_one",
            Relationship::OneToMany => "one_to_many",
            Relationship::OneToOne => "one_to_one",
            Relationship::ManyToMany => "many_to_many",
        });
        let tags = [
            (join.kind == JoinKind::Inner, "inner join"),
            (join.kind == JoinKind::Full, "full outer join"),
            (join.name != join.view, "join from"),
            (join.foreign_key.is_some(), "foreign_key"),
            (!join.required.is_empty(), "required_joins"),
            (join.filter.is_some(), "sql_where"),
            (join.writing == JoinWriting::Clause, "join by sql"),
            (has_condition(join), "condition in sql_on"),
            (join.fields.is_some(), "join fields"),
            (!join.grants.is_empty(), "join's grant"),
        ];
        features.extend(tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag));
    }
    let lists = scope.explore.joins.iter().map(|join| &join.fields);
    let lists = lists.chain([&scope.explore.fields]).flatten();
    for item in lists.flatten() {
        features.extend(match item.of {
            Listed::Set(_) => Some("set"),
            Listed::View(_) => Some("view* in fields"),
            Listed::All | Listed::Field(_) => None,
        });
    }
    for alias in &uses.aliases {
        features.extend((!scope.view(alias).grants.is_empty()).then_some("view's grant"));
        match &scope.view(alias).source {
            Source::Table(_) => {}
            Source::Elements { places, .. } => {
                features.extend(places.then_some("places of elements"));
            }
            Source::Filtered { .. } => {
                features.insert("derived table");
            }
            Source::Grouped { .. } => {
                features.insert("grouped derived table");
            }
            Source::Copy { .. } => {
                features.insert("derived table of another");
            }
            Source::Native(native) => {
                features.insert("native derived table");
                let tags = [
                    (!native.bind.is_empty(), "bind_filters"),
                    (native.bind_all, "bind_all_filters"),
                    (native.limit.is_some(), "native limit"),
                    (native.derives, "derived_column"),
                ];
                features.extend(tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag));
            }
        }
    }
}

fn has_condition(join: &Join) -> bool {
    let of = join.on.as_ref();
    let mut parts = of.into_iter().flat_map(Expr::parts);
    parts.any(|part| matches!(part, Expr::Condition(..)))
}

fn of_liquid(scope: &Scope<'_>, field: &str, features: &mut Features) {
    let (alias, name) = field.split_once('.').expect("a full name");
    let has_value = scope.filter(field).is_some();
    if scope.view(alias).parameter(name).is_some() {
        features.insert(if has_value {
            "parameter"
        } else {
            "parameter's default"
        });
    }
    if scope.view(alias).filter(name).is_some() && has_value {
        features.insert("templated filter");
    }
    if let Some((_, dimension)) = scope.dimension(field) {
        of_liquid_dimension(&dimension, features);
    }
    if let Some((_, measure)) = scope.measure(field) {
        of_liquid_measure(measure, features);
    }
}

fn of_filters(scope: &Scope<'_>, query: &Query, features: &mut Features) {
    for (field, filter) in &query.filters {
        if filter.is_any() {
            features.insert("any value");
            continue;
        }
        if scope.measure(field).is_some() {
            features.insert("measure filter");
            continue;
        }
        let Some((_, dimension)) = scope.dimension(field) else {
            continue;
        };
        features.insert(match (filter_type(&dimension), &dimension.kind) {
            (FilterType::Text, DimensionKind::Tier(_) | DimensionKind::Case(_)) => "label filter",
            (FilterType::Text | FilterType::Number, DimensionKind::Time(..)) => {
                "filter on a part of a time"
            }
            (FilterType::Text, _) => "string filter",
            (FilterType::Number, _) => "number filter",
            (FilterType::YesNo, _) => "yesno filter",
            (FilterType::Date, _) => "date filter",
        });
    }
}

fn of_query(scope: &Scope<'_>, query: &Query, answer: &Answer, features: &mut Features) {
    let sorted = |is: &dyn Fn(&str) -> bool| {
        query
            .sorts
            .iter()
            .any(|sort| query.has_field(&sort.field) && is(&sort.field))
    };
    let is_measure = |field: &str| scope.measure(field).is_some();
    let column_cut = query
        .column_limit
        .is_some_and(|limit| answer.pivots.len() == limit);
    let tags = [
        (!query.pivots.is_empty(), "pivot"),
        (query.pivots.len() > 1, "two pivots"),
        (query.total, "total"),
        (query.row_total, "row_total"),
        (!query.fill.is_empty(), "fill"),
        (answer.truncated, "cut rows"),
        (column_cut, "cut columns"),
        (query.sorts.is_empty(), "default sort"),
        (sorted(&|field| !is_measure(field)), "sort by a dimension"),
        (sorted(&is_measure), "sort by a measure"),
        (
            query.sorts.iter().any(|sort| sort.column.is_some()),
            "sort by a column",
        ),
        (
            query.sorts.iter().any(|sort| !query.has_field(&sort.field)),
            "ignored sort",
        ),
        (query.limit == Some(-1), "no limit"),
    ];
    features.extend(tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag));
}
