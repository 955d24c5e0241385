//! Whether two answers are the same.

use serde_json::{Map, Value as Json};

use crate::engine::EngineAnswer;
use crate::evaluate::{Answer, SEPARATOR};
use crate::model::World;
use crate::model::field::MeasureKind;
use crate::model::query::Query;

/// What differs, if anything does.
pub(crate) fn difference(
    world: &World,
    query: &Query,
    wanted: &Answer,
    found: &Result<EngineAnswer, String>,
) -> Option<String> {
    let found = match (wanted.error, found) {
        (Some(code), Err(message)) if message.contains(code) => return None,
        (Some(code), found) => return Some(format!("{code} was expected, not {found:?}")),
        (None, Err(message)) => return Some(format!("it fails: {message}")),
        (None, Ok(found)) => found,
    };
    // What is left open may come in any order, and so cut anywhere.
    if wanted.doubt.is_some() {
        return None;
    }
    if wanted.truncated != found.truncated {
        return Some(format!(
            "cut: {} expected, {} found",
            wanted.truncated, found.truncated
        ));
    }
    let comparison = Comparison { world, query };
    pivots(wanted, found)
        .or_else(|| comparison.rows(wanted, found))
        .or_else(|| comparison.totals(wanted, found))
}

/// All columns that have cells must be there, in order; those that the limit of rows emptied may be.
fn pivots(wanted: &Answer, found: &EngineAnswer) -> Option<String> {
    let all: Vec<String> = wanted.pivots.iter().map(|key| canonical(key)).collect();
    let has_cells = |key: &String| {
        wanted.rows.iter().chain(&wanted.totals).any(|row| {
            row.values()
                .filter_map(Json::as_object)
                .any(|cells| cells.contains_key(key))
        })
    };
    let needed: Vec<String> = wanted
        .pivots
        .iter()
        .filter(|key| has_cells(key))
        .map(|key| canonical(key))
        .collect();
    let found: Vec<String> = found.pivots.iter().map(|key| canonical(key)).collect();
    let is_ordered = is_part(&found, &all) && is_part(&needed, &found);
    (!is_ordered)
        .then(|| format!("pivots: {all:?} expected (with cells {needed:?}), {found:?} found"))
}

/// Whether these are some of those, in the same order.
fn is_part(some: &[String], all: &[String]) -> bool {
    let mut all = all.iter();
    some.iter().all(|item| all.any(|other| other == item))
}

/// Numbers are written in different ways.
fn canonical(key: &str) -> String {
    let part = |part: &str| match part.parse::<f64>() {
        Ok(number) if part.contains('.') => number.to_string(),
        _ => part.to_owned(),
    };
    key.split("|FIELD|")
        .map(part)
        .collect::<Vec<_>>()
        .join("|FIELD|")
}

struct Comparison<'a> {
    world: &'a World,
    query: &'a Query,
}

impl Comparison<'_> {
    fn rows(&self, wanted: &Answer, found: &EngineAnswer) -> Option<String> {
        let (count, other) = (wanted.rows.len(), found.rows.len());
        if count != other {
            return Some(format!("{count} rows expected, {other} found"));
        }
        let rows = wanted.rows.iter().zip(&found.rows).enumerate();
        rows.into_iter().find_map(|(number, (wanted, found))| {
            let difference = self.row(wanted, found)?;
            Some(format!("row {number}: {difference}"))
        })
    }

    fn totals(&self, wanted: &Answer, found: &EngineAnswer) -> Option<String> {
        match (&wanted.totals, &found.totals) {
            (Some(wanted), Some(found)) => {
                let difference = self.row(wanted, found)?;
                Some(format!("totals: {difference}"))
            }
            (Some(_), None) => Some("no totals".to_owned()),
            // What the totals of computed measures are is open, and of none there are none.
            (None, Some(_)) if self.query.total && !self.has_plain_measure() => None,
            (None, Some(_)) => Some("totals that were not asked for".to_owned()),
            (None, None) => None,
        }
    }

    fn row(&self, wanted: &Map<String, Json>, found: &Map<String, Json>) -> Option<String> {
        wanted.iter().find_map(|(field, wanted)| {
            let found = found.get(field).unwrap_or(&Json::Null);
            let same = match wanted {
                Json::Object(wanted) => self.across(field, wanted, found),
                _ => self.is_same(field, wanted, found),
            };
            (!same).then(|| format!("{field}: {wanted} expected, {found} found"))
        })
    }

    fn across(&self, field: &str, wanted: &Map<String, Json>, found: &Json) -> bool {
        let empty = Map::new();
        let found = found.as_object().unwrap_or(&empty);
        let find = |key: &str| {
            let same = |other: &&String| canonical(other) == canonical(key);
            found
                .keys()
                .find(same)
                .map_or(&Json::Null, |key| &found[key])
        };
        let agree = wanted
            .iter()
            .all(|(key, wanted)| self.is_same(field, wanted, find(key)));
        // A running total may or may not be shown where the row has no cell.
        let more = found.iter().any(|(key, value)| {
            !value.is_null()
                && !wanted
                    .keys()
                    .any(|wanted| canonical(wanted) == canonical(key))
        });
        agree && (!more || self.is_post_query(field))
    }

    fn measure(&self, field: &str) -> Option<&MeasureKind> {
        let (alias, name) = field.split_once('.')?;
        let explore = self.world.model.explore(&self.query.explore);
        let view = self.world.model.view(explore.view_of(alias)?);
        view.measure(name).map(|measure| &measure.kind)
    }

    fn has_plain_measure(&self) -> bool {
        let mut fields = self.query.fields.iter();
        fields.any(|field| self.measure(field).is_some() && !self.is_post_query(field))
    }

    fn is_post_query(&self, field: &str) -> bool {
        matches!(
            self.measure(field),
            Some(
                MeasureKind::RunningTotal(..)
                    | MeasureKind::PercentOfTotal(..)
                    | MeasureKind::PercentOfPrevious(_)
            )
        )
    }

    fn is_same(&self, field: &str, wanted: &Json, found: &Json) -> bool {
        match (wanted.as_str(), found.as_str(), self.measure(field)) {
            (Some(wanted), Some(found), Some(MeasureKind::List(_))) => {
                sorted(&wanted.replace(SEPARATOR, ", ")) == sorted(found)
            }
            _ => is_same_value(wanted, found),
        }
    }
}

/// Numbers may differ in the last digits, by which additions in another order differ.
pub(crate) fn is_same_value(wanted: &Json, found: &Json) -> bool {
    if let (Some(wanted), Some(found)) = (wanted.as_array(), found.as_array()) {
        let mut pairs = wanted.iter().zip(found);
        return wanted.len() == found.len() && pairs.all(|(one, other)| is_same_value(one, other));
    }
    match (wanted.as_f64(), found.as_f64()) {
        (Some(wanted), Some(found)) => {
            (wanted - found).abs() <= (1e-6 * wanted.abs().max(found.abs())).max(1e-9)
        }
        _ => wanted == found,
    }
}

fn sorted(list: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = list.split(", ").collect();
    parts.sort_unstable();
    parts
}
