//! Tiers and cases: their labels, and the order of these, in SQL.

use crate::dialect::Dialect;
use crate::model::{TierStyle, Tiers};

/// The label of a number that is in no tier.
fn undefined(style: TierStyle) -> &'static str {
    match style {
        TierStyle::Classic => "TXX Undefined",
        _ => "Undefined",
    }
}

/// The labels, from the lowest tier up, then that of what is in none.
pub(crate) fn tier_labels(tiers: &Tiers) -> Vec<String> {
    let breaks = &tiers.breaks;
    let lows = std::iter::once(None).chain(breaks.iter().copied().map(Some));
    let highs = breaks
        .iter()
        .copied()
        .map(Some)
        .chain(std::iter::once(None));
    let labels = lows.zip(highs).enumerate();
    let labels = labels.map(|(at, (low, high))| match tiers.style {
        TierStyle::Classic => format!("T{at:02} {}", bracketed(low, high)),
        TierStyle::Interval => bracketed(low, high),
        TierStyle::Integer => counted(low, high),
        TierStyle::Relational => compared(low, high),
    });
    let none = undefined(tiers.style).to_owned();
    labels.chain(std::iter::once(none)).collect()
}

fn bracketed(low: Option<f64>, high: Option<f64>) -> String {
    let high = high.map_or_else(|| "inf".to_owned(), decimal);
    match low {
        Some(low) => format!("[{},{high})", decimal(low)),
        None => format!("(-inf,{high})"),
    }
}

fn compared(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!(">= {} and < {}", decimal(low), decimal(high)),
        (Some(low), None) => format!(">= {}", decimal(low)),
        (None, Some(high)) => format!("< {}", decimal(high)),
        (None, None) => "any".to_owned(),
    }
}

fn counted(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => {
            let last = high.ceil() - 1.0;
            match last <= low {
                true => format!("{low:.0}"),
                false => format!("{low:.0} to {last:.0}"),
            }
        }
        (Some(low), None) => format!("{low:.0} or Above"),
        (None, Some(high)) => format!("Below {high:.0}"),
        (None, None) => "any".to_owned(),
    }
}

/// The shortest form with at least one decimal: `10.0`, `42.195`.
fn decimal(number: f64) -> String {
    format!("{number:?}")
}

/// The label of each number.
pub(super) fn tier(sql: &str, tiers: &Tiers, dialect: Dialect) -> String {
    let labels = tier_labels(tiers);
    tier_case(sql, tiers, &|at| {
        dialect.string(labels.get(at).map_or("", String::as_str))
    })
}

/// The place of each number's label: text that sorts as numbers do.
pub(super) fn tier_order(sql: &str, tiers: &Tiers) -> String {
    tier_case(sql, tiers, &|at| at.to_string())
}

/// The label at a place.
pub(super) fn at_place(place: &str, labels: &[String], dialect: Dialect) -> String {
    let whens = labels.iter().enumerate();
    let whens = whens.map(|(at, label)| format!(" WHEN {at} THEN {}", dialect.string(label)));
    format!("CASE {place}{} END", whens.collect::<String>())
}

fn tier_case(sql: &str, tiers: &Tiers, value: &dyn Fn(usize) -> String) -> String {
    let mut case = String::from("CASE");
    for (at, limit) in tiers.breaks.iter().enumerate() {
        case.push_str(&format!(" WHEN {sql} < {limit} THEN {}", value(at)));
    }
    let count = tiers.breaks.len();
    format!(
        "{case} WHEN {sql} IS NOT NULL THEN {} ELSE {} END",
        value(count),
        value(count + 1)
    )
}

/// The label of the first condition that holds.
pub(super) fn case(
    conditions: &[String],
    labels: &[&str],
    otherwise: Option<&str>,
    dialect: Dialect,
) -> String {
    let labels = labels.iter().map(|label| dialect.string(label));
    let otherwise = otherwise.map(|label| dialect.string(label));
    branches(conditions, labels, otherwise)
}

/// The place of that label among all: the same for the same label.
pub(super) fn case_order(
    conditions: &[String],
    labels: &[&str],
    otherwise: Option<&str>,
) -> String {
    let place = |label: &&str| {
        let place = labels.iter().position(|other| other == label);
        place.unwrap_or(labels.len()).to_string()
    };
    let otherwise = otherwise.as_ref().map(place);
    branches(conditions, labels.iter().map(place), otherwise)
}

fn branches(
    conditions: &[String],
    values: impl Iterator<Item = String>,
    otherwise: Option<String>,
) -> String {
    let mut case = String::from("CASE");
    for (condition, value) in conditions.iter().zip(values) {
        case.push_str(&format!(" WHEN {condition} THEN {value}"));
    }
    match (conditions.is_empty(), otherwise) {
        (true, otherwise) => otherwise.unwrap_or_else(|| "NULL".to_owned()),
        (false, Some(otherwise)) => format!("{case} ELSE {otherwise} END"),
        (false, None) => format!("{case} END"),
    }
}
