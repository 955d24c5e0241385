//! Dimensions of a view.

use crate::chance::Chance;
use crate::model::View;
use crate::model::expression::{Expr, Function, Op};
use crate::model::field::{
    Case, Datatype, Dimension, DimensionKind, DurationGroup, Frame, Tier, TierStyle, TimeGroup,
    TimeSource, Unit,
};

/// All fields but the measures, of a view over a table's columns. What others read is there in any case.
pub(crate) fn fill_dimensions(view: &mut View, epochs: bool, chance: &mut Chance) {
    view.dimensions.extend([
        Dimension::text("kind", Expr::column("kind")),
        Dimension::number("amount", Expr::column("amount")),
        Dimension::number("score", Expr::column("score")),
        Dimension::yes_no("flag", Expr::column("flag")),
    ]);
    let mut more = plain_dimensions(chance);
    more.extend(labelled_dimensions(chance));
    more.extend(times_alone());
    chance.shuffle(&mut more);
    more.truncate(12 + chance.below(10));
    view.dimensions.extend(more);
    view.times = times(epochs, chance);
    if chance.percent(60) {
        view.durations.push(duration(chance));
    }
}

fn plain_dimensions(chance: &mut Chance) -> Vec<Dimension> {
    let call = |function: Function, of: Expr| Expr::Call(function, vec![of]);
    vec![
        note(chance),
        Dimension::number("weight", Expr::column("weight")),
        Dimension::text("upper", call(Function::Upper, Expr::own("kind"))),
        Dimension::text("lower", call(Function::Lower, Expr::column("note"))),
        Dimension::number("letters", call(Function::Length, Expr::own("kind"))),
        Dimension::text("joined", joined_text()),
        Dimension::number("mixed", mixed_number()),
        Dimension {
            allow_fill: chance.percent(70),
            ..Dimension::yes_no("big", big(chance))
        },
        Dimension::yes_no("odd", odd()),
    ]
}

fn labelled_dimensions(chance: &mut Chance) -> Vec<Dimension> {
    let mut styles = [
        TierStyle::Classic,
        TierStyle::Interval,
        TierStyle::Integer,
        TierStyle::Relational,
    ];
    chance.shuffle(&mut styles);
    let of = [
        ("band", "amount"),
        ("span", "amount"),
        ("steps", "score"),
        ("reach", "score"),
    ];
    let pairs = of.into_iter().zip(styles);
    let mut dimensions: Vec<Dimension> = pairs
        .map(|((name, of), style)| tier(name, of, style, chance))
        .collect();
    dimensions.extend([
        case(chance),
        size_name(),
        Dimension::new(
            "place",
            DimensionKind::Location(Expr::column("weight"), Expr::own("amount")),
        ),
        Dimension {
            required: vec!["flag".to_owned()],
            ..Dimension::text("titled", Expr::column("kind"))
        },
    ]);
    dimensions
}

/// Times and durations that belong to no group.
fn times_alone() -> Vec<Dimension> {
    let (start, end) = (Expr::own("created_raw"), Expr::own("ended_raw"));
    vec![
        one_off("created_day", Frame::Date),
        one_off("created_stamp", Frame::Time),
        one_off("created_wk", Frame::Week),
        Dimension::new("whole_days", DimensionKind::Duration(Unit::Day, start, end)),
    ]
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

fn tier(name: &str, of: &str, style: TierStyle, chance: &mut Chance) -> Dimension {
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
    let group = |name: &str, frames, source| TimeGroup {
        name: name.to_owned(),
        frames,
        source,
        grants: Vec::new(),
    };
    // Without a list there are the usual ones, among them those that others read.
    let created = match chance.percent(30) {
        true => None,
        false => frames(&[Frame::Raw, Frame::Date], chance),
    };
    let created_at = stamp("created_at", Datatype::Timestamp, true);
    let ended_at = stamp("ended_at", Datatype::Datetime, true);
    let mut groups = vec![
        group("created", created, created_at),
        group("ended", frames(&[Frame::Raw], chance), ended_at),
    ];
    if chance.percent(50) {
        let local = stamp("created_at", Datatype::Timestamp, false);
        groups.push(group("local", frames(&[Frame::Date], chance), local));
    }
    if chance.percent(60) {
        let due = stamp("day", Datatype::Date, true);
        groups.push(group("due", frames_of_days(chance), due));
    }
    if chance.percent(50) {
        let booked = stamp("ymd", Datatype::Yyyymmdd, true);
        groups.push(group("booked", frames_of_days(chance), booked));
    }
    if epochs && chance.percent(60) {
        let placed = stamp("epoch", Datatype::Epoch, true);
        groups.push(group("placed", frames(&[Frame::Time], chance), placed));
    }
    groups
}

/// Those that must be, and some more.
fn frames(always: &[Frame], chance: &mut Chance) -> Option<Vec<Frame>> {
    let mut frames = always.to_vec();
    let more = chance.some(&FRAMES, 10);
    frames.extend(more.into_iter().filter(|frame| !always.contains(frame)));
    Some(frames)
}

fn frames_of_days(chance: &mut Chance) -> Option<Vec<Frame>> {
    let days: Vec<Frame> = FRAMES.iter().copied().filter(is_of_days).collect();
    Some(chance.some(&days, 5))
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
