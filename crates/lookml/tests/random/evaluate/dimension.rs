//! Dimensions: what is shown, what another field's SQL gets, what they sort by.

use crate::evaluate::expression::Over;
use crate::evaluate::scope::Scope;
use crate::evaluate::time;
use crate::model::field::{Case, Dimension, DimensionKind, Frame, Tier, TierStyle};
use crate::value::Value;

impl Scope<'_> {
    /// What stands in the column of the answer.
    pub(crate) fn shown(&self, over: Over<'_>, alias: &str, dimension: &Dimension) -> Value {
        let raw = self.raw(over, alias, dimension);
        match &dimension.kind {
            DimensionKind::YesNo(_) | DimensionKind::Time(Frame::YesNo, _) => yes_no(&raw),
            _ => raw,
        }
    }

    /// What stands for it in the SQL of another field.
    pub(crate) fn raw(&self, over: Over<'_>, alias: &str, dimension: &Dimension) -> Value {
        match &dimension.kind {
            DimensionKind::Text(of) | DimensionKind::Number(of) | DimensionKind::YesNo(of) => {
                self.value(over, alias, of)
            }
            DimensionKind::Tier(tier) => {
                let value = self.value(over, alias, &tier.of).as_number();
                Value::text(tier_label(tier, tier_of(tier, value)))
            }
            DimensionKind::Case(case) => match self.arm(over, alias, case) {
                Some(arm) => Value::text(&case.arms[arm].1),
                None => case.other.as_ref().map_or(Value::Null, Value::text),
            },
            DimensionKind::Time(frame, source) => {
                let value = self.value(over, alias, &source.of);
                time::frame(&self.clock, *frame, source, &value)
            }
            DimensionKind::Duration(unit, start, end) => {
                let (start, end) = (self.value(over, alias, start), self.value(over, alias, end));
                time::duration(*unit, &start, &end)
            }
            DimensionKind::Location(latitude, longitude) => {
                let at = |expr| self.value(over, alias, expr);
                Value::Place(Box::new((at(latitude), at(longitude))))
            }
        }
    }

    /// What it sorts by.
    pub(crate) fn order(&self, over: Over<'_>, alias: &str, dimension: &Dimension) -> Value {
        if let Some(by) = &dimension.order_by {
            let by = self
                .view(alias)
                .dimension(by)
                .expect("the field to order by");
            return self.shown(over, alias, &by);
        }
        match &dimension.kind {
            DimensionKind::Tier(tier) => {
                let value = self.value(over, alias, &tier.of).as_number();
                Value::whole(tier_of(tier, value).unwrap_or(tier.bounds.len() + 1) as i64)
            }
            DimensionKind::Case(case) if !case.alpha_sort => match self.arm(over, alias, case) {
                Some(arm) => Value::whole(arm as i64),
                None if case.other.is_some() => Value::whole(case.arms.len() as i64),
                None => Value::Null,
            },
            DimensionKind::Time(frame, _) => {
                let shown = self.shown(over, alias, dimension);
                time::frame_order(&self.clock, *frame, &shown)
            }
            _ => self.shown(over, alias, dimension),
        }
    }

    fn arm(&self, over: Over<'_>, alias: &str, case: &Case) -> Option<usize> {
        case.arms
            .iter()
            .position(|(when, _)| self.value(over, alias, when).is_true())
    }
}

pub(crate) fn yes_no(value: &Value) -> Value {
    Value::text(if value.is_true() { "Yes" } else { "No" })
}

/// How many bounds are not above the value.
fn tier_of(tier: &Tier, value: Option<f64>) -> Option<usize> {
    let value = value?;
    Some(tier.bounds.iter().filter(|bound| **bound <= value).count())
}

/// All labels in their order.
pub(crate) fn tier_labels(tier: &Tier) -> Vec<String> {
    (0..=tier.bounds.len())
        .map(Some)
        .chain([None])
        .map(|number| tier_label(tier, number))
        .collect()
}

fn tier_label(tier: &Tier, number: Option<usize>) -> String {
    let Some(number) = number else {
        return match tier.style {
            TierStyle::Classic => "TXX Undefined".to_owned(),
            _ => "Undefined".to_owned(),
        };
    };
    let low = number.checked_sub(1).map(|below| tier.bounds[below]);
    let high = tier.bounds.get(number).copied();
    match tier.style {
        TierStyle::Classic => format!("T{number:02} {}", interval(low, high)),
        TierStyle::Interval => interval(low, high),
        TierStyle::Integer => whole(low, high),
        TierStyle::Relational => relational(low, high),
    }
}

fn interval(low: Option<f64>, high: Option<f64>) -> String {
    let open = low.map_or("(-inf".to_owned(), |low| format!("[{low:?}"));
    let close = high.map_or("inf".to_owned(), |high| format!("{high:?}"));
    format!("{open},{close})")
}

fn whole(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (None, Some(high)) => format!("Below {high}"),
        (Some(low), None) => format!("{low} or Above"),
        (Some(low), Some(high)) if high - low == 1.0 => format!("{low}"),
        (Some(low), Some(high)) => format!("{low} to {}", high - 1.0),
        (None, None) => panic!("a tier without bounds"),
    }
}

fn relational(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (None, Some(high)) => format!("< {high:?}"),
        (Some(low), None) => format!(">= {low:?}"),
        (Some(low), Some(high)) => format!(">= {low:?} and < {high:?}"),
        (None, None) => panic!("a tier without bounds"),
    }
}
