//! Dimensions of a view.

use crate::chance::Chance;
use crate::model::View;
use crate::model::expression::{Expr, FieldName, Function, Op, Test};
use crate::model::field::{
    Case, DEFAULT_FRAMES, Datatype, Dimension, DimensionKind, DurationGroup, FilterField,
    FilterType, Frame, Parameter, ParameterType, Tier, TierStyle, TimeGroup, TimeSource, Unit,
};

/// All fields but the measures, of a view over a table's columns.
pub(crate) fn fill_dimensions(view: &mut View, epochs: bool, chance: &mut Chance) {
    let plain = |name: &str, kind: DimensionKind| Dimension::new(name, kind);
    let column = Expr::column;
    view.dimensions
        .push(plain("kind", DimensionKind::Text(column("kind"))));
    for name in ["amount", "score"] {
        view.dimensions
            .push(plain(name, DimensionKind::Number(column(name))));
    }
    view.dimensions
        .push(plain("flag", DimensionKind::YesNo(column("flag"))));
    let mut more = vec![
        note(chance),
        plain("weight", DimensionKind::Number(column("weight"))),
        plain(
            "upper",
            DimensionKind::Text(Expr::Call(Function::Upper, vec![Expr::own("kind")])),
        ),
        plain(
            "lower",
            DimensionKind::Text(Expr::Call(Function::Lower, vec![Expr::column("note")])),
        ),
        plain(
            "letters",
            DimensionKind::Number(Expr::Call(Function::Length, vec![Expr::own("kind")])),
        ),
        plain("joined", DimensionKind::Text(joined_text())),
        plain("mixed", DimensionKind::Number(mixed_number())),
        Dimension {
            allow_fill: chance.percent(70),
            ..plain("big", DimensionKind::YesNo(big(chance)))
        },
        plain("odd", DimensionKind::YesNo(odd())),
        tier("band", "amount", chance),
        tier("steps", "score", chance),
        case(chance),
        size_name(),
        Dimension {
            required: vec!["flag".to_owned()],
            ..plain("titled", DimensionKind::Text(column("kind")))
        },
        one_off("created_day", Frame::Date),
        one_off("created_stamp", Frame::Time),
        one_off("created_wk", Frame::Week),
        plain(
            "whole_days",
            DimensionKind::Duration(Unit::Day, Expr::own("created_raw"), Expr::own("ended_raw")),
        ),
    ];
    chance.shuffle(&mut more);
    more.truncate(6 + chance.below(10));
    // A group that others read is there in any case.
    view.dimensions.extend(more);
    view.times = times(epochs, chance);
    if chance.percent(60) {
        view.durations.push(duration(chance));
    }
}

/// Parameters, filter fields, and dimensions with Liquid. Only the base of an explore has them.
pub(crate) fn fill_liquid(view: &mut View, other: &str, chance: &mut Chance) {
    let parameter = |name: &str, kind, allowed: &[&str], default: &str| Parameter {
        name: name.to_owned(),
        kind,
        allowed: allowed.iter().map(|value| (*value).to_owned()).collect(),
        default: default.to_owned(),
    };
    view.parameters = vec![
        parameter(
            "pick",
            ParameterType::Unquoted,
            &["amount", "score", "weight"],
            "amount",
        ),
        parameter("word", ParameterType::Text, &[], "none"),
        parameter("threshold", ParameterType::Number, &[], "5"),
        parameter("switch", ParameterType::YesNo, &[], "no"),
        parameter("mode", ParameterType::Unquoted, &["kind", "note"], "kind"),
    ];
    let filter = |name: &str, kind, sql| FilterField {
        name: name.to_owned(),
        kind,
        sql,
    };
    let kind_filter = Expr::Condition(FieldName::own("kinds"), Box::new(Expr::own("kind")));
    view.filters = vec![
        filter("window", FilterType::Date, None),
        filter("kinds", FilterType::Text, Some(kind_filter)),
        filter("scores", FilterType::Number, None),
        filter("flags", FilterType::YesNo, None),
    ];
    let condition =
        |name: &str, of: &str| Expr::Condition(FieldName::own(name), Box::new(Expr::own(of)));
    let own = |name: &str| Box::new(Expr::own(name));
    let texts = || {
        (
            Box::new(Expr::Text("yes".into())),
            Box::new(Expr::Text("no".into())),
        )
    };
    let test = match chance.below(3) {
        0 => Test::InQuery(other.to_owned()),
        1 => Test::IsSelected(other.to_owned()),
        _ => Test::IsFiltered(other.to_owned()),
    };
    let (then, otherwise) = texts();
    let mode = Test::ParameterIs(FieldName::own("mode"), "note".to_owned());
    let note = Box::new(Expr::column("note"));
    let start = Expr::binary(
        Op::GreaterOrEqual,
        Expr::own("created_raw"),
        Expr::DateStart(FieldName::own("window")),
    );
    let threshold = Expr::binary(
        Op::Greater,
        Expr::own("amount"),
        Expr::Parameter(FieldName::own("threshold")),
    );
    let switched = Expr::binary(
        Op::And,
        Expr::own("flag"),
        Expr::Parameter(FieldName::own("switch")),
    );
    let worded = Expr::binary(
        Op::Concat,
        Expr::Parameter(FieldName::own("word")),
        Expr::own("kind"),
    );
    view.dimensions.extend([
        Dimension::new(
            "picked",
            DimensionKind::Number(Expr::ParameterColumn(FieldName::own("pick"))),
        ),
        Dimension::new("over", DimensionKind::YesNo(threshold)),
        Dimension::new("switched", DimensionKind::YesNo(switched)),
        Dimension::new("worded", DimensionKind::Text(worded)),
        Dimension::new(
            "moded",
            DimensionKind::Text(Expr::If(mode, note, own("kind"))),
        ),
        Dimension::new(
            "in_window",
            DimensionKind::YesNo(condition("window", "created_raw")),
        ),
        Dimension::new(
            "in_scores",
            DimensionKind::YesNo(condition("scores", "score")),
        ),
        Dimension::new("in_flags", DimensionKind::YesNo(condition("flags", "flag"))),
        Dimension::new("since", DimensionKind::YesNo(start)),
        Dimension::new(
            "noticed",
            DimensionKind::Text(Expr::If(test, then, otherwise)),
        ),
    ]);
}

fn note(chance: &mut Chance) -> Dimension {
    let case_sensitive = match chance.below(4) {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    Dimension {
        case_sensitive,
        ..Dimension::new("note", DimensionKind::Text(Expr::column("note")))
    }
}

fn joined_text() -> Expr {
    let note = Expr::Call(
        Function::Coalesce,
        vec![Expr::column("note"), Expr::Text("?".into())],
    );
    let left = Expr::binary(Op::Concat, Expr::own("kind"), Expr::Text("-".into()));
    Expr::binary(Op::Concat, left, note)
}

fn mixed_number() -> Expr {
    let double = Expr::binary(Op::Multiply, Expr::own("amount"), Expr::Number(2.0));
    Expr::binary(
        Op::Add,
        double,
        Expr::Call(Function::Abs, vec![Expr::own("score")]),
    )
}

fn big(chance: &mut Chance) -> Expr {
    let op = chance.pick(&[Op::Greater, Op::LessOrEqual, Op::NotEqual]);
    Expr::binary(
        op,
        Expr::own("amount"),
        Expr::Number(chance.between(0, 30) as f64),
    )
}

fn odd() -> Expr {
    let is_a = Expr::binary(Op::Equal, Expr::own("kind"), Expr::Text("a".into()));
    Expr::binary(Op::Or, Expr::IsNull(Box::new(Expr::column("note"))), is_a)
}

fn tier(name: &str, of: &str, chance: &mut Chance) -> Dimension {
    let styles = [
        TierStyle::Classic,
        TierStyle::Interval,
        TierStyle::Integer,
        TierStyle::Relational,
    ];
    let style = chance.pick(&styles);
    let whole: &[f64] = &[-1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0];
    let fractions: &[f64] = &[-2.5, 0.0, 0.5, 10.0, 12.5, 42.195];
    let from = if style == TierStyle::Integer {
        whole
    } else {
        fractions
    };
    let mut bounds = chance.some(from, 1 + chance.clone().below(4));
    bounds.sort_by(f64::total_cmp);
    Dimension::new(
        name,
        DimensionKind::Tier(Tier {
            style,
            bounds,
            of: Expr::own(of),
        }),
    )
}

fn case(chance: &mut Chance) -> Dimension {
    let above = |number: f64| Expr::binary(Op::Greater, Expr::own("score"), Expr::Number(number));
    let low = Expr::binary(Op::Less, Expr::own("score"), Expr::Number(0.0));
    let arms = vec![
        (above(5.0), "Up, high".to_owned()),
        (above(1.0), "Middle".to_owned()),
        (low, "below".to_owned()),
    ];
    let other = chance.percent(70).then(|| "Else".to_owned());
    let alpha_sort = chance.percent(30);
    Dimension::new(
        "mood",
        DimensionKind::Case(Case {
            arms,
            other,
            alpha_sort,
        }),
    )
}

/// A name for each score, so that it sorts by the score.
fn size_name() -> Dimension {
    let above = Expr::binary(Op::Greater, Expr::own("score"), Expr::Number(3.0));
    let name = Expr::Case(
        vec![(above, Expr::Text("large".into()))],
        Box::new(Expr::Text("small".into())),
    );
    let order_by = Some("score".to_owned());
    Dimension {
        order_by,
        ..Dimension::new("size_name", DimensionKind::Text(name))
    }
}

fn one_off(name: &str, frame: Frame) -> Dimension {
    Dimension::new(
        name,
        DimensionKind::Time(frame, stamp("created_at", Datatype::Timestamp, true)),
    )
}

fn stamp(column: &str, datatype: Datatype, convert_tz: bool) -> TimeSource {
    TimeSource {
        of: Expr::column(column),
        datatype,
        convert_tz,
    }
}

const FRAMES: [Frame; 32] = [
    Frame::YesNo,
    Frame::Time,
    Frame::Date,
    Frame::Week,
    Frame::Month,
    Frame::Quarter,
    Frame::Year,
    Frame::Hour(1),
    Frame::Hour(2),
    Frame::Hour(3),
    Frame::Hour(6),
    Frame::Hour(8),
    Frame::Hour(12),
    Frame::Minute(1),
    Frame::Minute(5),
    Frame::Minute(15),
    Frame::Minute(30),
    Frame::Second,
    Frame::TimeOfDay,
    Frame::HourOfDay,
    Frame::DayOfWeek,
    Frame::DayOfWeekIndex,
    Frame::DayOfMonth,
    Frame::DayOfYear,
    Frame::WeekOfYear,
    Frame::MonthNum,
    Frame::MonthName,
    Frame::QuarterOfYear,
    Frame::FiscalMonthNum,
    Frame::FiscalQuarter,
    Frame::FiscalQuarterOfYear,
    Frame::FiscalYear,
];

/// Those that tell days apart at most.
fn is_of_days(frame: &Frame) -> bool {
    !matches!(
        frame,
        Frame::Time
            | Frame::Hour(_)
            | Frame::Minute(_)
            | Frame::Second
            | Frame::TimeOfDay
            | Frame::HourOfDay
            | Frame::Raw
    )
}

fn times(epochs: bool, chance: &mut Chance) -> Vec<TimeGroup> {
    let some = |always: &[Frame], chance: &mut Chance| {
        let mut frames = always.to_vec();
        let more = chance.some(&FRAMES, 10);
        frames.extend(more.into_iter().filter(|frame| !always.contains(frame)));
        Some(frames)
    };
    let group = |name: &str, frames, source| TimeGroup {
        name: name.to_owned(),
        frames,
        source,
    };
    let created = match chance.percent(30) {
        true => None,
        false => some(&[Frame::Raw, Frame::Date], chance),
    };
    let of_days = |chance: &mut Chance| {
        let days: Vec<Frame> = FRAMES.iter().copied().filter(is_of_days).collect();
        Some(chance.some(&days, 5))
    };
    debug_assert!(
        DEFAULT_FRAMES.contains(&Frame::Raw),
        "others read the raw time"
    );
    let mut groups = vec![
        group(
            "created",
            created,
            stamp("created_at", Datatype::Timestamp, true),
        ),
        group(
            "ended",
            some(&[Frame::Raw], chance),
            stamp("ended_at", Datatype::Datetime, true),
        ),
    ];
    if chance.percent(50) {
        let local = some(&[Frame::Date], chance);
        groups.push(group(
            "local",
            local,
            stamp("created_at", Datatype::Timestamp, false),
        ));
    }
    if chance.percent(60) {
        groups.push(group(
            "due",
            of_days(chance),
            stamp("day", Datatype::Date, true),
        ));
    }
    if chance.percent(50) {
        groups.push(group(
            "booked",
            of_days(chance),
            stamp("ymd", Datatype::Yyyymmdd, true),
        ));
    }
    if epochs && chance.percent(60) {
        let placed = some(&[Frame::Time], chance);
        groups.push(group(
            "placed",
            placed,
            stamp("epoch", Datatype::Epoch, true),
        ));
    }
    groups
}

fn duration(chance: &mut Chance) -> DurationGroup {
    let intervals = match chance.percent(40) {
        true => None,
        false => Some(chance.some(&Unit::INTERVALS, 4)),
    };
    DurationGroup {
        name: "riding".to_owned(),
        intervals,
        start: Expr::own("created_raw"),
        end: Expr::own("ended_raw"),
    }
}
