//! The queries behind cells: the rows that a measure counts, the same query by one more dimension for one value.
//!
//! A link that can't say exactly the rows of its cell is left out: no link is better than one to other rows.

use serde_json::{Value as Json, json};

use super::page::Spot;
use super::{Answer, Cell, Value};
use crate::compile::{Column, FieldFilter};
use crate::dialect::Dialect;
use crate::explore_url::ExploreUrl;
use crate::filter::{self, Datatype, FilterType, StringFilter};
use crate::model::Shape;
use crate::query::{Limit, Query};
use crate::timeframe::Timeframe;

/// How many rows are behind a measure at most.
const DRILL_LIMIT: u64 = 500;

impl Answer {
    /// `by …`: the query with one more dimension, for this value only.
    pub(super) fn drill_entries(&self, spot: Spot<'_>, column: &Column) -> Vec<Json> {
        let Some(mut filtered) = self.filtered(spot, &[&column.name]) else {
            return Vec::new();
        };
        // They are of the groups that the row is one of, which are others then.
        self.lift_measure_filters(&mut filtered);
        let selected = &self.outline.query.fields;
        let entries = column.drill_fields.iter();
        let entries = entries.filter(|field| !selected.contains(field));
        let entries = entries.map(|field| {
            let mut query = filtered.clone();
            query.fields.retain(|name| *name != column.name);
            query.fields.insert(0, field.clone());
            query.pivots.clear();
            query.sorts.clear();
            let name = field
                .split_once('.')
                .map_or(field.as_str(), |(_, name)| name);
            let label = format!("by {}", crate::label::title_case(name));
            json!({ "label": label, "url": address(query), "type": "drill" })
        });
        entries.collect()
    }

    /// The rows behind a measure. None: it is not drilled, or no query finds just them.
    pub(super) fn drill_url(&self, spot: Spot<'_>, column: &Column, cell: &Cell) -> Option<String> {
        if !column.is_measure() || column.drill_fields.is_empty() || cell.is_null() {
            return None;
        }
        let columns = self.outline.columns.iter();
        let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let mut query = self.filtered(spot, &names)?;
        self.lift_measure_filters(&mut query);
        for own in &column.filters {
            self.narrow(&mut query, own)?;
        }
        query.fields.clone_from(&column.drill_fields);
        query.pivots.clear();
        query.fill_fields.clear();
        query.sorts.clear();
        query.total = false;
        query.row_total = None;
        query.column_limit = None;
        query.dynamic_fields = None;
        query.vis_config = None;
        query.limit = Some(Limit::To(DRILL_LIMIT));
        Some(address(query))
    }

    fn lift_measure_filters(&self, query: &mut Query) {
        for name in &self.outline.filtered_measures {
            // A blank one says that the explore's own is not wanted either.
            query.filters.insert(name.clone(), String::new());
        }
        query
            .filter_expression
            .clone_from(&self.outline.row_expression);
    }

    /// The query for the values that dimensions have where a cell is.
    fn filtered(&self, spot: Spot<'_>, names: &[&str]) -> Option<Query> {
        let mut query = self.outline.query.clone();
        for (name, expression) in &self.outline.brought {
            query.filters.insert(name.clone(), expression.clone());
        }
        for (place, column) in self.outline.columns.iter().enumerate() {
            let is_wanted = names.contains(&column.name.as_str());
            if column.is_measure() || column.field.show.skip_drill_filter || !is_wanted {
                continue;
            }
            if self.is_location_at(spot, place) {
                return None;
            }
            let Some(cell) = self.value_at(spot, place) else {
                continue;
            };
            if self.has_other_spelling(place, column, &cell) {
                return None;
            }
            let exact = FieldFilter {
                field: column.name.clone(),
                expression: filter_value(column, &cell)?,
                filter_type: column.filter_type,
                is_case_sensitive: column.is_case_sensitive,
            };
            // The row is there since its values pass the filters of the query; only of times it may be a part.
            match column.filter_type {
                Some(FilterType::Date) => self.narrow(&mut query, &exact)?,
                _ => {
                    query.filters.insert(exact.field, exact.expression);
                }
            }
        }
        Some(query)
    }

    /// Adds a filter to those of a query. None: both together can't be said, or let nothing through.
    fn narrow(&self, query: &mut Query, wanted: &FieldFilter) -> Option<()> {
        let given = query.filters.get(&wanted.field);
        let expression = match given.filter(|given| !given.trim().is_empty()) {
            None => wanted.expression.clone(),
            Some(given) if *given == wanted.expression => return Some(()),
            Some(given) => self.both(given, wanted)?,
        };
        query.filters.insert(wanted.field.clone(), expression);
        Some(())
    }

    /// Two filters as one expression: one of the two as it is written, where that is enough.
    fn both(&self, given: &str, wanted: &FieldFilter) -> Option<String> {
        let filter_type = wanted.filter_type?;
        let context = filter::Context {
            dialect: Dialect::DuckDb,
            calendar: &self.outline.calendar,
            datatype: Datatype::Timestamp,
            is_converted: false,
            is_case_sensitive: wanted.is_case_sensitive,
        };
        let one = filter::parse(given, filter_type).ok()?;
        let other = filter::parse(&wanted.expression, filter_type).ok()?;
        let both = one.intersection(&other, &context)?;
        Some(match (both == one, both == other) {
            (true, _) => given.to_owned(),
            (_, true) => wanted.expression.clone(),
            (false, false) => both.to_string(),
        })
    }

    /// Whether a filter by this value would find another one of the answer, which differs in upper and lower case.
    fn has_other_spelling(&self, place: usize, column: &Column, cell: &Cell) -> bool {
        let Cell::Text(text) = cell else {
            return false;
        };
        if column.is_case_sensitive || column.filter_type != Some(FilterType::String) {
            return false;
        }
        let upper = text.to_uppercase();
        let is_other = |other: &Cell| match other {
            Cell::Text(other) => other != text && other.to_uppercase() == upper,
            _ => false,
        };
        if let Some(at) = self.pivot_place(column) {
            let mut heads = self.pivots.iter().filter_map(|head| head.values.get(at));
            return heads.any(is_other);
        }
        let cells = self.rows.iter().filter_map(|row| row.values.get(place));
        let mut cells = cells.filter_map(|value| match value {
            Value::One(cell) => Some(cell),
            _ => None,
        });
        cells.any(is_other)
    }

    /// Whether a column is a place on the map where a cell is.
    fn is_location_at(&self, spot: Spot<'_>, place: usize) -> bool {
        let value = spot.row.and_then(|row| row.values.get(place));
        matches!(value, Some(Value::Location { .. }))
    }

    /// What a dimension is where a cell is. None: it is none there, as in the row of totals.
    pub(super) fn value_at(&self, spot: Spot<'_>, place: usize) -> Option<Cell> {
        let column = self.outline.columns.get(place)?;
        if column.is_pivot {
            let at = self.pivot_place(column)?;
            return self.pivots.get(spot.pivot?)?.values.get(at).cloned();
        }
        match spot.row?.values.get(place)? {
            Value::One(cell) => Some(cell.clone()),
            _ => None,
        }
    }
}

fn address(query: Query) -> String {
    let url = ExploreUrl {
        query,
        ..ExploreUrl::default()
    };
    url.to_string()
}

/// The filter that lets exactly one value through. None: there is none.
pub(super) fn filter_value(column: &Column, cell: &Cell) -> Option<String> {
    if cell.is_null() {
        return Some("NULL".to_owned());
    }
    let text = cell.text();
    let exactly = |text: String| Some(StringFilter::equal_to(text).to_string());
    match &column.field.dimension()?.shape {
        Shape::Number | Shape::Duration { .. } | Shape::YesNo => Some(text),
        Shape::Text | Shape::Tier(_) | Shape::Case(_) => exactly(text),
        Shape::Time(frame) => time_filter(*frame, text),
        Shape::Location { .. } | Shape::Unsupported(_) => None,
    }
}

/// The whole of what a frame shows.
fn time_filter(frame: Timeframe, text: String) -> Option<String> {
    let filter = match frame {
        Timeframe::Week => format!("{text} for 1 week"),
        Timeframe::Quarter => quarter(&text)?,
        Timeframe::Hour => format!("{text}:00 for 1 hour"),
        Timeframe::Hours(count) => format!("{text} for {count} hours"),
        Timeframe::Minute => format!("{text} for 1 minute"),
        Timeframe::Minutes(count) => format!("{text} for {count} minutes"),
        // Fractions of a second can't be written as a filter.
        Timeframe::Raw if text.contains('.') => return None,
        Timeframe::Millisecond | Timeframe::Milliseconds(_) | Timeframe::Microsecond => {
            return None;
        }
        Timeframe::Raw => text,
        frame if frame.filters_own_value() && !frame.is_numeric() && frame != Timeframe::YesNo => {
            StringFilter::equal_to(text).to_string()
        }
        _ => text,
    };
    Some(filter)
}

fn quarter(text: &str) -> Option<String> {
    let (year, month) = text.split_once('-')?;
    let month: u8 = month.parse().ok()?;
    Some(format!("{year}-Q{}", month.checked_add(2)? / 3))
}
