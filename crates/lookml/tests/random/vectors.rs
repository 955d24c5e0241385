//! The evaluator against the definitions of the specification.

use crate::evaluate::{percentile, tier_labels, time};
use crate::model::expression::Expr;
use crate::model::field::{Tier, TierStyle, Unit};
use crate::value::Value;

/// Section 6.6.
#[test]
fn tiers_have_their_labels() {
    let labels = |style: TierStyle, bounds: &[f64]| {
        tier_labels(&Tier {
            style,
            bounds: bounds.to_vec(),
            of: Expr::Null,
        })
    };
    let tens = [10.0, 20.0, 45.0];
    let classic = [
        "T00 (-inf,10.0)",
        "T01 [10.0,20.0)",
        "T02 [20.0,45.0)",
        "T03 [45.0,inf)",
        "TXX Undefined",
    ];
    assert_eq!(labels(TierStyle::Classic, &tens), classic);
    let interval = [
        "(-inf,10.0)",
        "[10.0,20.0)",
        "[20.0,45.0)",
        "[45.0,inf)",
        "Undefined",
    ];
    assert_eq!(labels(TierStyle::Interval, &tens), interval);
    let integer = [
        "Below 10",
        "10 to 19",
        "20 to 44",
        "45 or Above",
        "Undefined",
    ];
    assert_eq!(labels(TierStyle::Integer, &tens), integer);
    assert_eq!(labels(TierStyle::Integer, &[5.0, 6.0])[1], "5");
    let relational = [
        "< 10.0",
        ">= 10.0 and < 20.0",
        ">= 20.0 and < 45.0",
        ">= 45.0",
        "Undefined",
    ];
    assert_eq!(labels(TierStyle::Relational, &tens), relational);
    assert_eq!(labels(TierStyle::Classic, &[42.195])[1], "T01 [42.195,inf)");
}

/// Section 6.6: completed units.
#[test]
fn durations_count_what_is_completed() {
    let of = |unit: Unit, start: &str, end: &str| {
        let time = |text: &str| Value::Time(text.parse().unwrap());
        time::duration(unit, &time(start), &time(end))
    };
    let cases = [
        (Unit::Month, "2026-01-31T00:00", "2026-02-28T00:00", 0),
        (Unit::Month, "2024-02-29T00:00", "2025-02-28T00:00", 11),
        (Unit::Year, "2024-02-29T00:00", "2025-02-28T00:00", 0),
        (Unit::Month, "2026-01-31T10:00", "2026-03-31T09:59:59", 1),
        (Unit::Month, "2026-01-31T10:00", "2026-03-31T10:00", 2),
        (Unit::Month, "2026-02-28T00:00", "2026-01-31T00:00", 0),
        (Unit::Quarter, "2026-03-15T00:00", "2025-12-16T00:00", 0),
        (Unit::Day, "2026-03-01T23:00", "2026-03-02T01:00", 0),
        (Unit::Hour, "2026-03-01T23:00", "2026-03-02T01:00", 2),
        (Unit::Week, "2026-03-01T00:00", "2026-03-15T00:00", 2),
        (Unit::Minute, "2026-03-01T00:00:59", "2026-03-01T00:00", 0),
    ];
    for (unit, start, end, count) in cases {
        assert_eq!(
            of(unit, start, end).order(&Value::whole(count)),
            std::cmp::Ordering::Equal,
            "{start} {end}"
        );
    }
}

/// Section 6.7.
#[test]
fn percentiles_are_means_of_two() {
    let of = |percent: i64| percentile(percent, vec![110.0, 10.0, 50.0, 20.0, 70.0]);
    assert_eq!(of(80), Value::Number(90.0));
    assert_eq!(of(50), Value::Number(50.0));
    assert_eq!(of(100), Value::Number(110.0));
    assert_eq!(percentile(50, vec![1.0, 2.0]), Value::Number(1.5));
    assert_eq!(percentile(50, Vec::new()), Value::Null);
}
