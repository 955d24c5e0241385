//! The features of fields: what they are, and the Liquid in them.

use crate::features::Features;
use crate::model::expression::{Expr, Test};
use crate::model::field::{
    Datatype, Dimension, DimensionKind, DistinctKind, Frame, Measure, MeasureKind, TierStyle,
};

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

pub(super) fn of_dimension(dimension: &Dimension, features: &mut Features) {
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

pub(super) fn of_measure(measure: &Measure, features: &mut Features) {
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

pub(super) fn of_liquid_dimension(dimension: &Dimension, features: &mut Features) {
    match &dimension.kind {
        DimensionKind::Text(of) | DimensionKind::YesNo(of) | DimensionKind::Number(of) => {
            of_expression(of, "condition in a dimension", features);
        }
        _ => {}
    }
}

pub(super) fn of_liquid_measure(measure: &Measure, features: &mut Features) {
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
