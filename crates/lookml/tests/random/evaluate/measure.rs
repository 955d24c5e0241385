//! Measures over the rows of a group, each key of their view counted once.

use std::collections::BTreeSet;

use crate::evaluate::dimension::yes_no;
use crate::evaluate::expression::Over;
use crate::evaluate::scope::{Row, Scope};
use crate::evaluate::time;
use crate::model::expression::{Aggregate, Expr};
use crate::model::field::{Datatype, DistinctKind, Measure, MeasureKind, TimeSource};
use crate::value::Value;

impl Scope<'_> {
    pub(crate) fn measured(&self, rows: &[Row], alias: &str, measure: &Measure) -> Value {
        let values = |of: &Expr| self.values(rows, alias, measure, None, Some(of));
        let all_values = |of: &Expr| {
            let passing = rows.iter().filter(|row| self.counts(row, alias, measure));
            let all = passing.map(|row| self.value(Over::Row(row), alias, of));
            all.filter(|value| !value.is_null()).collect::<Vec<_>>()
        };
        match &measure.kind {
            MeasureKind::Count => {
                Value::whole(self.values(rows, alias, measure, None, None).len() as i64)
            }
            MeasureKind::CountDistinct(of) => distinct_count(&all_values(of)),
            MeasureKind::Sum(of) => Value::Number(numbers(&values(of)).iter().sum()),
            MeasureKind::Average(of) => average(&numbers(&values(of))),
            MeasureKind::Min(of) => extreme(all_values(of), false),
            MeasureKind::Max(of) => extreme(all_values(of), true),
            MeasureKind::Percentile(percent, of) => percentile(*percent, numbers(&values(of))),
            MeasureKind::List(of) => list(all_values(&Expr::own(of))),
            MeasureKind::Distinct(kind, of, key) => {
                let values =
                    numbers(&self.values(rows, alias, measure, Some(key.as_ref()), Some(of)));
                match kind {
                    DistinctKind::Sum => Value::Number(values.iter().sum()),
                    DistinctKind::Average => average(&values),
                    DistinctKind::Percentile(percent) => percentile(*percent, values),
                }
            }
            MeasureKind::Number(of) | MeasureKind::Text(of) => {
                self.value(Over::Group(rows), alias, of)
            }
            MeasureKind::YesNo(of) => yes_no(&self.value(Over::Group(rows), alias, of)),
            MeasureKind::Time(frame, of) => {
                let value = self.value(Over::Group(rows), alias, of);
                let source = TimeSource {
                    of: of.clone(),
                    datatype: Datatype::Timestamp,
                    convert_tz: true,
                };
                time::frame(&self.clock, *frame, &source, &value)
            }
            MeasureKind::RunningTotal(..)
            | MeasureKind::PercentOfTotal(..)
            | MeasureKind::PercentOfPrevious(_) => Value::Null,
        }
    }

    /// Whether a row passes the measure's own filters.
    fn counts(&self, row: &Row, alias: &str, measure: &Measure) -> bool {
        measure.filters.iter().all(|(field, filter)| {
            let (alias, dimension) = self.dimension(&field.full(alias)).expect("a dimension");
            self.passes(Over::Row(row), &alias, &dimension, filter)
        })
    }

    /// The values of the first row of each key, without NULLs; without an expression 1 for each. A view
    /// without a key, and one that is said to need no protection, counts each row that it has a part in.
    fn values(
        &self,
        rows: &[Row],
        alias: &str,
        measure: &Measure,
        distinct_key: Option<Option<&Expr>>,
        of: Option<&Expr>,
    ) -> Vec<Value> {
        let own_key = self
            .view(alias)
            .primary_key()
            .map(|key| Expr::own(&key.name));
        let key = match distinct_key {
            Some(Some(key)) => Some(key.clone()),
            Some(None) => Some(own_key.expect("a primary key")),
            None if self.explore.symmetric => own_key,
            None => None,
        };
        let position = self.position(alias);
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for row in rows {
            let over = Over::Row(row);
            if !self.counts(row, alias, measure) {
                continue;
            }
            if let Some(key) = &key {
                let key = self.value(over, alias, key);
                if key.is_null() || !seen.insert(key.key()) {
                    continue;
                }
            } else if row[position].is_none() {
                continue;
            }
            values.push(of.map_or(Value::whole(1), |of| self.value(over, alias, of)));
        }
        values.retain(|value| !value.is_null());
        values
    }

    /// A hand-written aggregate sees the joined rows as they are.
    pub(crate) fn aggregate(
        &self,
        aggregate: Aggregate,
        rows: &[Row],
        alias: &str,
        of: &Expr,
    ) -> Value {
        let values = rows.iter().map(|row| self.value(Over::Row(row), alias, of));
        let values: Vec<Value> = values.filter(|value| !value.is_null()).collect();
        match aggregate {
            Aggregate::Count => Value::whole(values.len() as i64),
            Aggregate::CountDistinct => distinct_count(&values),
            Aggregate::Max => extreme(values, true),
            Aggregate::Min => extreme(values, false),
            Aggregate::Sum if values.is_empty() => Value::Null,
            Aggregate::Sum => Value::Number(numbers(&values).iter().sum()),
        }
    }
}

/// What stands between the texts of a list in SQL, and so decides how lists are sorted.
pub(crate) const SEPARATOR: &str = "|RECORD|";

fn numbers(values: &[Value]) -> Vec<f64> {
    values
        .iter()
        .map(|value| value.as_number().expect("a number"))
        .collect()
}

fn distinct_count(values: &[Value]) -> Value {
    let distinct: BTreeSet<String> = values.iter().map(Value::key).collect();
    Value::whole(distinct.len() as i64)
}

fn average(values: &[f64]) -> Value {
    match values.len() {
        0 => Value::Null,
        count => Value::Number(values.iter().sum::<f64>() / count as f64),
    }
}

fn extreme(mut values: Vec<Value>, largest: bool) -> Value {
    values.sort_by(Value::order);
    let found = if largest {
        values.pop()
    } else {
        values.into_iter().next()
    };
    found.unwrap_or(Value::Null)
}

/// As it is sorted; it is shown with commas.
fn list(values: Vec<Value>) -> Value {
    let texts: BTreeSet<String> = values.iter().map(Value::shown).collect();
    if texts.is_empty() {
        return Value::Null;
    }
    Value::text(texts.into_iter().collect::<Vec<_>>().join(SEPARATOR))
}

/// The mean of the values at ⌊n·p − 0.0000001⌋ and ⌊n·p⌋ of those sorted.
pub(crate) fn percentile(percent: i64, mut values: Vec<f64>) -> Value {
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else {
        return Value::Null;
    };
    let place = values.len() as f64 * percent as f64 / 100.0;
    let at = |place: f64| values[(place.floor().max(0.0) as usize).min(last)];
    Value::Number((at(place - 0.000_000_1) + at(place)) / 2.0)
}
