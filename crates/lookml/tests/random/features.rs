//! Which features a query makes use of, and which pairs of them have met.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{Answer, Scope, Uses, filter_type, uses_of};
use crate::model::expression::{Expr, Test};
use crate::model::field::{
    Datatype, Dimension, DimensionKind, DistinctKind, FilterType, Frame, Measure, MeasureKind,
    TierStyle,
};
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

/// What a dimension is.
pub(crate) fn plain_features(dimension: &Dimension) -> Features {
    let mut features = Features::new();
    of_dimension(dimension, &mut features);
    features.extend((!dimension.grants.is_empty()).then_some("field's grant"));
    features
}

/// The Liquid in it.
pub(crate) fn liquid_features(dimension: &Dimension) -> Features {
    let mut features = Features::new();
    of_liquid_dimension(dimension, &mut features);
    features
}

pub(crate) fn measure_features(measure: &Measure) -> Features {
    let mut features = Features::new();
    of_measure(measure, &mut features);
    of_liquid_measure(measure, &mut features);
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

fn of_dimension(dimension: &Dimension, features: &mut Features) {
    features.insert(match &dimension.kind {
        DimensionKind::Text(_) => "string",
        DimensionKind::Number(_) => "number",
        DimensionKind::YesNo(_) => "yesno",
        DimensionKind::Tier(tier) => match tier.style {
            TierStyle::Classic => "classic tier",
            TierStyle::Interval => "interval tier",
            TierStyle::Integer => "integer tier",
            TierStyle::Relational => "relational tier",
        },
        DimensionKind::Case(_) => "case",
        DimensionKind::Duration(..) => "duration",
        DimensionKind::Time(frame, _) => frame_tag(*frame),
        DimensionKind::Location(..) => "location",
    });
    if let DimensionKind::Time(_, source) = &dimension.kind {
        features.extend(match source.datatype {
            Datatype::Timestamp => None,
            Datatype::Datetime => Some("datatype: datetime"),
            Datatype::Date => Some("datatype: date"),
            Datatype::Epoch => Some("datatype: epoch"),
            Datatype::Yyyymmdd => Some("datatype: yyyymmdd"),
        });
        features.extend((!source.convert_tz).then_some("convert_tz: no"));
        features.extend(dimension.group.is_none().then_some("one-off date"));
    }
    features.extend(dimension.order_by.as_ref().map(|_| "order_by_field"));
    features.extend((!dimension.required.is_empty()).then_some("required_fields"));
}

fn frame_tag(frame: Frame) -> &'static str {
    match frame {
        Frame::Raw => "raw",
        Frame::YesNo => "time yesno",
        Frame::Time | Frame::Second => "time",
        Frame::Date => "date",
        Frame::Week => "week",
        Frame::Month => "month",
        Frame::Quarter => "quarter",
        Frame::Year => "year",
        Frame::Hour(1) => "hour",
        Frame::Hour(_) => "hours",
        Frame::Minute(_) => "minutes",
        Frame::TimeOfDay | Frame::HourOfDay => "part of a day",
        Frame::DayOfWeek | Frame::MonthName => "name of a day or month",
        Frame::FiscalMonthNum
        | Frame::FiscalQuarter
        | Frame::FiscalQuarterOfYear
        | Frame::FiscalYear => "fiscal",
        _ => "number of a day, week or month",
    }
}

fn of_measure(measure: &Measure, features: &mut Features) {
    features.insert(match &measure.kind {
        MeasureKind::Count => "count",
        MeasureKind::CountDistinct(_) => "count_distinct",
        MeasureKind::Sum(_) => "sum",
        MeasureKind::Average(_) => "average",
        MeasureKind::Min(_) | MeasureKind::Max(_) => "min or max",
        MeasureKind::Percentile(50, _) => "median",
        MeasureKind::Percentile(..) => "percentile",
        MeasureKind::List(_) => "list",
        MeasureKind::Distinct(DistinctKind::Percentile(_), ..) => "percentile_distinct",
        MeasureKind::Distinct(..) => "sum_distinct",
        MeasureKind::Number(_) => "number measure",
        MeasureKind::YesNo(_) => "yesno measure",
        MeasureKind::Text(_) => "string measure",
        MeasureKind::Time(..) => "date measure",
        MeasureKind::RunningTotal(..) => "running_total",
        MeasureKind::PercentOfTotal(..) => "percent_of_total",
        MeasureKind::PercentOfPrevious(_) => "percent_of_previous",
    });
    features.extend((!measure.filters.is_empty()).then_some("filtered measure"));
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

fn of_liquid_dimension(dimension: &Dimension, features: &mut Features) {
    match &dimension.kind {
        DimensionKind::Text(of) | DimensionKind::YesNo(of) | DimensionKind::Number(of) => {
            of_expression(of, "condition in a dimension", features);
        }
        _ => {}
    }
}

fn of_liquid_measure(measure: &Measure, features: &mut Features) {
    if let MeasureKind::Number(of) | MeasureKind::Sum(of) = &measure.kind {
        of_expression(of, "condition in a measure", features);
    }
}

/// The Liquid of an expression; a condition counts by its place.
fn of_expression(of: &Expr, condition: &'static str, features: &mut Features) {
    match of {
        Expr::If(test, _, other) => {
            if matches!(**other, Expr::If(..)) {
                features.insert("elsif");
            }
            of_test(test, features);
        }
        Expr::Condition(..) => {
            features.insert(condition);
        }
        Expr::Switch(..) => {
            features.insert("{% case %}");
        }
        Expr::Repeated(..) => {
            features.insert("{% for %}");
        }
        Expr::In(..) => {
            features.insert("split");
        }
        Expr::DateStart(_) | Expr::DateEnd(_) => {
            features.insert("date_start or date_end");
        }
        Expr::Attribute(_, filters) => {
            features.insert("_user_attributes");
            features.extend((!filters.is_empty()).then_some("filter of Liquid"));
        }
        Expr::Reckoned(..) => {
            features.insert("arithmetic of Liquid");
        }
        Expr::Name(_) => {
            features.insert("name in Liquid");
        }
        _ => {}
    }
    for part in of.parts() {
        of_expression(part, condition, features);
    }
}

fn of_test(test: &Test, features: &mut Features) {
    let tag = match test {
        Test::ParameterIs(..) | Test::TextIs(..) | Test::IsMoreThan(..) => "parameter in an if",
        Test::InQuery(_) => "_in_query",
        Test::ViewInQuery(_) => "view._in_query",
        Test::IsSelected(_) => "_is_selected",
        Test::IsFiltered(_) => "_is_filtered",
        Test::AttributeIs(..) => "_user_attributes in an if",
        Test::FilterHas(..) => "_filters",
        Test::Not(of) => {
            of_test(of, features);
            "{% unless %}"
        }
        Test::And(one, other) | Test::Or(one, other) => {
            of_test(one, features);
            of_test(other, features);
            "and, or"
        }
    };
    features.insert(tag);
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

/// How often features came alone and in pairs.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    single: BTreeMap<&'static str, usize>,
    pairs: BTreeMap<(&'static str, &'static str), usize>,
}

impl Pairs {
    pub(crate) fn add(&mut self, features: &Features) {
        for (place, one) in features.iter().enumerate() {
            *self.single.entry(one).or_default() += 1;
            for other in features.iter().skip(place + 1) {
                *self.pairs.entry((one, other)).or_default() += 1;
            }
        }
    }

    /// Pairs that could have met and have not.
    pub(crate) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let names: Vec<&'static str> = self.single.keys().copied().collect();
        let mut missing = Vec::new();
        for (place, one) in names.iter().enumerate() {
            for other in &names[place + 1..] {
                if !self.pairs.contains_key(&(*one, *other)) && !excludes(one, other) {
                    missing.push((*one, *other));
                }
            }
        }
        missing
    }

    /// A line for each feature: how often it came, and its rarest company.
    pub(crate) fn table(&self) -> String {
        let line = |(name, count): (&&'static str, &usize)| {
            let mut with: Vec<(usize, &str)> = self
                .pairs
                .iter()
                .filter_map(
                    |((one, other), count)| match (*one == *name, *other == *name) {
                        (true, _) => Some((*count, *other)),
                        (_, true) => Some((*count, *one)),
                        _ => None,
                    },
                )
                .collect();
            with.sort_unstable();
            let rarest: Vec<String> = with
                .iter()
                .take(3)
                .map(|(count, other)| format!("{other} {count}"))
                .collect();
            format!(
                "{name:32} {count:7}  with {} others; rarest {}\n",
                with.len(),
                rarest.join(", ")
            )
        };
        let lines: String = self.single.iter().map(line).collect();
        let fewest = self.pairs.values().min().copied().unwrap_or(0);
        format!(
            "{lines}{} pairs met, the rarest {fewest} times\n",
            self.pairs.len()
        )
    }
}

/// Features that can't meet, or whose meeting the specification leaves open.
const EXCLUDED: [(&str, &[&str]); 6] = [
    // Nothing is ungrouped that has a measure.
    (
        "cancel_grouping_fields",
        &[
            "pivot",
            "two pivots",
            "cut columns",
            "row_total",
            "sort by a measure",
            "sort by a column",
            "list",
            "date measure",
            "running_total",
            "percent_of_total",
            "percent_of_previous",
        ],
    ),
    (
        "default sort",
        &[
            "sort by a dimension",
            "sort by a measure",
            "sort by a column",
            "ignored sort",
        ],
    ),
    // Where lines are filled in, the order goes by their dimension, and nothing is cut.
    (
        "fill",
        &[
            "location",
            "cancel_grouping_fields",
            "cut rows",
            "default sort",
            "sort by a measure",
            "sort by a column",
            "ignored sort",
            "order_by_field",
            "required_fields",
            "raw",
        ],
    ),
    // Whether such filters are handed on is open.
    (
        "bind_all_filters",
        &["always_filter", "conditionally_filter"],
    ),
    // In which zone a number of seconds is meant is open.
    ("database time zone", &["datatype: epoch"]),
    ("cut rows", &["no limit"]),
];

fn excludes(one: &str, other: &str) -> bool {
    EXCLUDED.iter().any(|(name, others)| {
        *name == one && others.contains(&other) || *name == other && others.contains(&one)
    })
}
