//! Where a cell leads to: the rows behind a measure, the same query by one more dimension, the links of the model.

use serde_json::{Value as Json, json};

use super::detail::Look;
use super::page::{CellContext, Spot};
use super::{Answer, Cell, Value};
use crate::compile::Column;
use crate::explore_url::ExploreUrl;
use crate::filter::StringFilter;
use crate::html::sanitise_html;
use crate::liquid::Template;
use crate::model::Shape;
use crate::query::{Limit, Query};
use crate::timeframe::Timeframe;

/// How many rows are behind a measure at most.
const DRILL_LIMIT: u64 = 500;

impl Answer {
    /// A cell as `json_detail` has it.
    pub(super) fn detailed_cell(
        &self,
        spot: Spot<'_>,
        column: &Column,
        cell: &Cell,
        looks: &[Look],
    ) -> Json {
        let rendered = looks
            .get(spot.column)
            .map_or_else(|| cell.text(), |look| look.show(cell));
        let mut detailed = json!({ "value": cell.json(), "rendered": rendered });
        let drill = self.drill_url(spot, column, cell);
        let context = CellContext {
            answer: self,
            spot,
            cell,
            rendered: &rendered,
            looks,
            link: drill.clone(),
        };
        let Some(object) = detailed.as_object_mut() else {
            return detailed;
        };
        if let Some(html) = &column.field.html
            && let Some(html) = rendered_text(html, &context)
        {
            object.insert("html".to_owned(), Json::String(sanitise_html(html.trim())));
        }
        let links = self.links(spot, column, cell, &context, drill);
        if !links.is_empty() {
            object.insert("links".to_owned(), Json::Array(links));
        }
        detailed
    }

    fn links(
        &self,
        spot: Spot<'_>,
        column: &Column,
        cell: &Cell,
        context: &CellContext<'_>,
        drill: Option<String>,
    ) -> Vec<Json> {
        let entry = |label: String, url: String, kind: &str| json!({ "label": label, "url": url, "type": kind });
        let mut links: Vec<Json> = Vec::new();
        if column.is_measure() {
            links.extend(drill.map(|url| entry("Show All".to_owned(), url, "measure_default")));
        }
        for link in &column.field.links {
            let label = rendered_text(&link.label, context);
            let url = rendered_text(&link.url, context).map(|url| url.trim().to_owned());
            if let (Some(label), Some(url)) = (label, url)
                && !cell.is_null()
                && is_safe(&url)
            {
                links.push(entry(label.trim().to_owned(), url, "url"));
            }
        }
        if !column.is_measure() {
            links.extend(self.drill_entries(spot, column));
        }
        links
    }

    /// `by …`: the query with one more dimension, for this value only.
    fn drill_entries(&self, spot: Spot<'_>, column: &Column) -> Vec<Json> {
        let selected = &self.outline.query.fields;
        let entries = column.drill_fields.iter();
        let entries = entries.filter(|field| !selected.contains(field));
        let entries = entries.map(|field| {
            let mut query = self.filtered(spot, &[&column.name]);
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

    /// The rows behind a measure. None: it is not drilled.
    fn drill_url(&self, spot: Spot<'_>, column: &Column, cell: &Cell) -> Option<String> {
        if !column.is_measure() || column.drill_fields.is_empty() || cell.is_null() {
            return None;
        }
        let names: Vec<&str> = self
            .outline
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let mut query = self.filtered(spot, &names);
        for (field, expression) in &column.filters {
            let value = self.exact_value(spot, field);
            query.filters.insert(field.clone(), both(value, expression));
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

    /// The query for the values that dimensions have where a cell is.
    fn filtered(&self, spot: Spot<'_>, names: &[&str]) -> Query {
        let mut query = self.outline.query.clone();
        for (place, column) in self.outline.columns.iter().enumerate() {
            let is_wanted = names.contains(&column.name.as_str());
            if column.is_measure() || column.field.show.skip_drill_filter || !is_wanted {
                continue;
            }
            if let Some(expression) = self
                .value_at(spot, place)
                .and_then(|cell| filter_value(column, &cell))
            {
                query.filters.insert(column.name.clone(), expression);
            }
        }
        query
    }

    /// The filter for what a dimension is where a cell is.
    fn exact_value(&self, spot: Spot<'_>, name: &str) -> Option<String> {
        let columns = &self.outline.columns;
        let place = columns.iter().position(|column| column.name == name)?;
        let column = columns.get(place)?;
        self.value_at(spot, place)
            .and_then(|cell| filter_value(column, &cell))
    }

    /// What a dimension is where a cell is. None: it is none there, as in the row of totals.
    pub(super) fn value_at(&self, spot: Spot<'_>, place: usize) -> Option<Cell> {
        let column = self.outline.columns.get(place)?;
        if column.is_pivot {
            let query = &self.outline.query.pivots;
            let at = query.iter().position(|name| *name == column.name)?;
            return self.pivots.get(spot.pivot?)?.values.get(at).cloned();
        }
        match spot.row?.values.get(place)? {
            Value::One(cell) => Some(cell.clone()),
            _ => None,
        }
    }
}

/// One filter for a value of a row and for what a measure wants of it. A measure that excludes does so still; where it
/// wants certain values, the row's is one of them, or there is nothing behind the cell.
fn both(value: Option<String>, wanted: &str) -> String {
    match value {
        None => wanted.to_owned(),
        Some(value) if wanted.starts_with('-') => format!("{value},{wanted}"),
        Some(value) => value,
    }
}

fn address(query: Query) -> String {
    let url = ExploreUrl {
        query,
        ..ExploreUrl::default()
    };
    url.to_string()
}

/// Whether a page may lead there.
fn is_safe(url: &str) -> bool {
    let scheme = url
        .split_once(':')
        .map(|(scheme, _)| scheme.trim().to_ascii_lowercase());
    let is_scheme = |scheme: &String| {
        scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    match scheme.filter(is_scheme) {
        Some(scheme) => matches!(scheme.as_str(), "http" | "https" | "mailto"),
        None => !url.is_empty(),
    }
}

/// None where the template has a mistake: a menu without an entry is better than a wrong one.
fn rendered_text(text: &str, context: &CellContext<'_>) -> Option<String> {
    let template = Template::parse(text).ok()?;
    Some(template.render(context).ok()?.into_owned())
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
        Timeframe::Millisecond | Timeframe::Milliseconds(_) | Timeframe::Microsecond => {
            return None;
        }
        Timeframe::Raw => text.split('.').next()?.to_owned(),
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
