//! What a dashboard shows.

use serde_json::{Map, Value};

use super::json::object;
use super::reader::Reader;
use super::yaml::{Entry, Node};
use super::{ElementQuery, Place, Text};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::suggest::did_you_mean;

/// An element: a query and how it is shown, or a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The name; texts often have none.
    pub name: Option<Text>,
    /// Where it begins.
    pub place: Place,
    /// What stands above it.
    pub title: Option<String>,
    /// `looker_line`, `single_value`, `text`: how it is shown.
    pub kind: String,
    /// What it asks.
    pub query: ElementQuery,
    /// The fields that are not shown.
    pub hidden_fields: Vec<Text>,
    /// Names of filters of the dashboard, and the fields that each filters.
    pub listen: Vec<(Text, Text)>,
    /// A note beside it.
    pub note: Option<Note>,
    /// The heading of a text.
    pub title_text: Option<String>,
    /// What stands below the heading of a text.
    pub subtitle_text: Option<String>,
    /// The text of a text.
    pub body_text: Option<String>,
    /// The tab on which it is.
    pub tab_name: Option<String>,
    /// Its place on the grid, see [`Dashboard::tiles`](super::Dashboard::tiles).
    pub row: Option<u32>,
    /// Its column on the grid.
    pub column: Option<u32>,
    /// Its width in columns.
    pub width: Option<u32>,
    /// Its height in rows.
    pub height: Option<u32>,
    /// `type` and everything that is not said above, as it is written: the options of the visualisation.
    pub vis_config: Map<String, Value>,
}

/// A note beside an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// `collapsed` or `expanded`.
    pub state: Option<String>,
    /// `above`, `below` or `hover`.
    pub display: Option<String>,
}

/// Kinds of elements that are drawn as what they are.
const DRAWN: &[&str] = &[
    "single_value",
    "looker_grid",
    "table",
    "looker_line",
    "looker_column",
    "looker_bar",
    "looker_area",
    "looker_pie",
    "looker_scatter",
    "text",
];

/// Kinds that Looker has beside them.
const KNOWN: &[&str] = &[
    "button",
    "looker_boxplot",
    "looker_donut_multiples",
    "looker_funnel",
    "looker_geo_choropleth",
    "looker_geo_coordinates",
    "looker_google_map",
    "looker_map",
    "looker_single_record",
    "looker_timeline",
    "looker_waterfall",
    "looker_wordcloud",
];

/// Keys that are no options of a visualisation.
const KEYS: &[&str] = &[
    "name",
    "title",
    "model",
    "explore",
    "fields",
    "dimensions",
    "measures",
    "pivots",
    "fill_fields",
    "filters",
    "filter_expression",
    "sorts",
    "limit",
    "column_limit",
    "total",
    "row_total",
    "subtotals",
    "dynamic_fields",
    "hidden_fields",
    "query_timezone",
    "listen",
    "merged_queries",
    "join_fields",
    "note",
    "note_text",
    "note_state",
    "note_display",
    "title_text",
    "subtitle_text",
    "body_text",
    "tab_name",
    "refresh",
    "row",
    "col",
    "width",
    "height",
    "top",
    "left",
];

impl Reader {
    pub(super) fn elements(&mut self, owner: &Node) -> Vec<Element> {
        let mappings = self.mappings(owner, "elements").into_iter();
        let elements: Vec<_> = mappings.map(|node| self.element(node)).collect();
        let names = elements.iter().filter_map(|element| element.name.as_ref());
        self.report_twice("element", names);
        elements
    }

    fn element(&mut self, node: &Node) -> Element {
        let body_text = self.string(node, "body_text");
        let title_text = self.string(node, "title_text");
        let kind = self.text(node, "type");
        if let Some(kind) = &kind {
            self.check_kind(kind);
        }
        let is_text = title_text.is_some() || body_text.is_some();
        let default_kind = if is_text { "text" } else { "looker_grid" };
        Element {
            name: self
                .text(node, "name")
                .filter(|name| !name.value.is_empty()),
            place: node.place.clone(),
            title: self.string(node, "title"),
            kind: kind.map_or_else(|| default_kind.to_owned(), |kind| kind.value),
            query: self.query(node),
            hidden_fields: self.texts(node, "hidden_fields"),
            listen: self.pairs(node, "listen"),
            note: self.note(node),
            title_text,
            subtitle_text: self.string(node, "subtitle_text"),
            body_text,
            tab_name: self.string(node, "tab_name"),
            row: self.number(node, "row"),
            column: self.number(node, "col"),
            width: self.number(node, "width"),
            height: self.number(node, "height"),
            vis_config: self.vis_config(node),
        }
    }

    /// Tells a kind that is shown as a table, since there is no such one, or none here.
    fn check_kind(&mut self, kind: &Text) {
        let (name, span) = (kind.value.as_str(), kind.place.span);
        if name.is_empty() || DRAWN.contains(&name) {
            return;
        }
        // Others' charts have names of their own.
        let is_foreign = name.contains("::") || name.starts_with("marketplace_viz_");
        if is_foreign || KNOWN.contains(&name) {
            let message = format!("`{name}` is not drawn here");
            let mut diagnostic = Diagnostic::new(rules::UNSUPPORTED, span, message);
            diagnostic.severity = Severity::Info;
            return self.report(diagnostic.hint("the element is shown as a table"));
        }
        let message = format!("there is no visualisation `{name}`");
        let mut diagnostic = Diagnostic::new(rules::ILLEGAL_VALUE, span, message);
        diagnostic.severity = Severity::Warning;
        let known = DRAWN.iter().chain(KNOWN).copied();
        let meant = self
            .has_hints()
            .then(|| did_you_mean(name, known))
            .flatten();
        let hint = meant.unwrap_or_else(|| "the element is shown as a table".to_owned());
        self.report(diagnostic.hint(hint));
    }

    fn note(&mut self, node: &Node) -> Option<Note> {
        let old = node.entry("note").map(|entry| &entry.value);
        let mut part = |key: &str, old_key: &str| {
            let part = self.string(node, key);
            part.or_else(|| self.string(old?, old_key))
        };
        let text = part("note_text", "text").filter(|text| !text.is_empty())?;
        Some(Note {
            text,
            state: part("note_state", "state"),
            display: part("note_display", "display"),
        })
    }

    fn vis_config(&mut self, node: &Node) -> Map<String, Value> {
        let options = node.entries().iter().filter(|entry| !is_known(entry));
        for option in options.clone() {
            self.check_option(&option.key);
        }
        object(options)
    }
}

fn is_known(entry: &Entry) -> bool {
    KEYS.contains(&entry.key.value.as_str())
}
