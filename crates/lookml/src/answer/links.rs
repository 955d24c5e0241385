//! What a cell shows beside its value: the menu of its links, its html.

use serde_json::{Value as Json, json};

use super::detail::Look;
use super::page::{CellContext, Spot};
use super::{Answer, Cell};
use crate::compile::Column;
use crate::html::sanitise_html;
use crate::liquid::Template;

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
