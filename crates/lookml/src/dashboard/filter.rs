//! What can be chosen on a dashboard.

use serde_json::Value;

use super::reader::Reader;
use super::yaml::Node;
use super::{Place, Text};
use crate::diagnostic::{Diagnostic, rules};

/// A filter of a dashboard: elements listen to it by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardFilter {
    /// The name, or the title where there is none.
    pub name: Text,
    /// What people read, and what the address of the page has.
    pub title: String,
    /// Whose values can be chosen.
    pub kind: FilterType,
    /// The model of the explore; without one it is the dashboard's.
    pub model: Option<Text>,
    /// The explore of the field.
    pub explore: Option<Text>,
    /// The field whose values can be chosen.
    pub field: Option<Text>,
    /// What is chosen at first: a filter expression, perhaps with Liquid in it. Blank is any value.
    pub default_value: String,
    /// Whether more than one value can be chosen.
    pub allow_multiple_values: bool,
    /// Whether something must be chosen.
    pub required: bool,
    /// The filters that narrow the values to choose from.
    pub listens_to_filters: Vec<Text>,
    /// How it is shown, as it is written.
    pub ui_config: Option<Value>,
}

/// Whose values a filter offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterType {
    /// Those of a field.
    Field,
    /// Any text.
    String,
    /// Any number.
    Number,
    /// Any date.
    Date,
}

const TYPES: &[(&str, FilterType)] = &[
    ("field_filter", FilterType::Field),
    ("string_filter", FilterType::String),
    ("number_filter", FilterType::Number),
    ("date_filter", FilterType::Date),
];

/// Keys that mean something, and those that Looker knows and that change nothing here.
const KEYS: &[&str] = &[
    "name",
    "title",
    "type",
    "model",
    "explore",
    "field",
    "dimension",
    "default_value",
    "allow_multiple_values",
    "required",
    "listens_to_filters",
    "ui_config",
    "note",
    "row",
    "suggest_dimension",
    "suggest_explore",
    "vis_filter",
];

impl Reader {
    pub(super) fn filters(&mut self, owner: &Node) -> Vec<DashboardFilter> {
        let mappings = self.mappings(owner, "filters").into_iter();
        let filters: Vec<_> = mappings.filter_map(|node| self.filter(node)).collect();
        let names = filters.iter().map(|filter| &filter.name);
        self.report_twice("filter", names);
        filters
    }

    fn filter(&mut self, node: &Node) -> Option<DashboardFilter> {
        let title = self.text(node, "title");
        let Some(name) = self.text(node, "name").or_else(|| title.clone()) else {
            self.report_nameless(&node.place);
            return None;
        };
        self.report_unknown_keys(node, KEYS);
        let field = self.text(node, "field");
        // The old name of the same.
        let field = field.or_else(|| self.text(node, "dimension"));
        let kind = self.choice(node, "type", TYPES);
        Some(DashboardFilter {
            title: title.as_ref().unwrap_or(&name).value.clone(),
            name,
            kind: kind.unwrap_or(match field {
                Some(_) => FilterType::Field,
                None => FilterType::String,
            }),
            model: self.text(node, "model"),
            explore: self.text(node, "explore"),
            field,
            default_value: self.string(node, "default_value").unwrap_or_default(),
            allow_multiple_values: self.flag(node, "allow_multiple_values").unwrap_or(true),
            required: self.flag(node, "required").unwrap_or(false),
            listens_to_filters: self.texts(node, "listens_to_filters"),
            ui_config: node.entry("ui_config").map(|entry| entry.value.to_json()),
        })
    }

    fn report_nameless(&mut self, place: &Place) {
        let message = "a filter without a name";
        self.report(
            Diagnostic::new(rules::MISSING_PARAMETER, place.span, message)
                .hint("write `name:`; elements listen to it by that"),
        );
    }
}
