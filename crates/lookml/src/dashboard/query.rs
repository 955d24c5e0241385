//! What an element of a dashboard asks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::Reader;
use super::yaml::{Content, Node};
use super::{Place, Text};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::suggest::nearest;

/// The query of an element, before filters of the dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct ElementQuery {
    /// The model of the explore; without one it is the dashboard's.
    pub model: Option<Text>,
    /// The explore of the query.
    pub explore: Option<Text>,
    /// The fields; of old elements their dimensions, then their measures.
    pub fields: Vec<Text>,
    /// Those of the fields whose values become columns.
    pub pivots: Vec<Text>,
    /// Those of the fields whose gaps are filled.
    pub fill_fields: Vec<Text>,
    /// Fields and filter expressions.
    pub filters: Vec<(Text, Text)>,
    /// A condition over fields, in the language of table calculations.
    pub filter_expression: Option<Text>,
    /// `view.field`, `view.field desc`, `view.field desc 0`.
    pub sorts: Vec<Text>,
    /// How many rows.
    pub limit: Option<String>,
    /// How many columns of a pivot.
    pub column_limit: Option<String>,
    /// Whether a row of totals is wanted.
    pub total: bool,
    /// On which side a column of totals is wanted.
    pub row_total: Option<String>,
    /// The fields after which there are subtotals.
    pub subtotals: Vec<Text>,
    /// Table calculations and the like as the JSON text that a query has.
    pub dynamic_fields: Option<String>,
    /// Where each of them is written: its expression, if it has one. A JSON text is one place.
    pub dynamic_places: Vec<Place>,
    /// The time zone of the query.
    pub query_timezone: Option<String>,
    /// The key that makes it a result of several queries, which is not supported.
    pub merged_queries: Option<Text>,
}

/// Keys whose misspelling changes a number: an unknown one that looks like them is told.
const QUERY_KEYS: &[&str] = &[
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
    "dynamic_fields",
    "query_timezone",
    "listen",
];

impl Reader {
    pub(super) fn query(&mut self, node: &Node) -> ElementQuery {
        ElementQuery {
            model: self.text(node, "model"),
            explore: self.text(node, "explore"),
            fields: self.fields(node),
            pivots: self.texts(node, "pivots"),
            fill_fields: self.texts(node, "fill_fields"),
            filters: self.pairs(node, "filters"),
            filter_expression: self.text(node, "filter_expression"),
            sorts: self.texts(node, "sorts"),
            limit: self.limit(node, "limit"),
            column_limit: self.limit(node, "column_limit"),
            total: self.flag(node, "total").unwrap_or(false),
            row_total: self.row_total(node),
            subtotals: self.texts(node, "subtotals"),
            dynamic_fields: dynamic_fields(node),
            dynamic_places: dynamic_places(node),
            query_timezone: self.string(node, "query_timezone"),
            merged_queries: self.merged_queries(node),
        }
    }

    fn fields(&mut self, node: &Node) -> Vec<Text> {
        let keys = ["fields", "dimensions", "measures"].into_iter();
        let mut fields: Vec<Text> = keys.flat_map(|key| self.texts(node, key)).collect();
        let mut known = BTreeSet::new();
        fields.retain(|field| known.insert(field.value.clone()));
        fields
    }

    /// `right`, `left`; `false` is none.
    fn row_total(&mut self, node: &Node) -> Option<String> {
        const SIDES: &[(&str, Option<&str>)] = &[
            ("right", Some("right")),
            ("left", Some("left")),
            ("false", None),
        ];
        self.choice(node, "row_total", SIDES)?.map(str::to_owned)
    }

    fn merged_queries(&mut self, node: &Node) -> Option<Text> {
        let key = &node.entry("merged_queries")?.key;
        let message = "results of several queries are not supported";
        let mut diagnostic = Diagnostic::new(rules::MERGED_RESULTS, key.place.span, message)
            .hint("join the explores in the model; the other elements are shown");
        diagnostic.severity = Severity::Warning;
        self.report(diagnostic);
        Some(key.clone())
    }

    /// Options are not known, and there are hundreds. One with a single letter wrong is none.
    pub(super) fn check_option(&mut self, key: &Text) {
        let has_length = (5..=20).contains(&key.value.len());
        if !has_length || !self.has_hints() {
            return;
        }
        let Some(meant) = nearest(&key.value, QUERY_KEYS.iter().copied()) else {
            return;
        };
        if strsim::osa_distance(meant, &key.value) == 1 {
            let hint = format!("did you mean `{meant}`? As it is, it is an option of the chart");
            self.report_unknown_key(key, Some(hint));
        }
    }
}

/// A list is written as text; what is text already stays.
fn dynamic_fields(node: &Node) -> Option<String> {
    match node.entry("dynamic_fields")?.value.to_json() {
        Value::String(text) => Some(text),
        fields => Some(fields.to_string()),
    }
}

fn dynamic_places(node: &Node) -> Vec<Place> {
    let Some(entry) = node.entry("dynamic_fields") else {
        return Vec::new();
    };
    let of_field = |field: &Node| match field.entry("expression") {
        Some(expression) => expression.value.place.clone(),
        None => field.place.clone(),
    };
    match &entry.value.content {
        Content::List(fields) => fields.iter().map(of_field).collect(),
        _ => vec![entry.value.place.clone()],
    }
}
