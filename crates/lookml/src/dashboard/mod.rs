//! LookML dashboards: YAML in files named `*.dashboard.lookml`.
//!
//! [`parse`] reads one file, [`resolve`] takes the dashboards of all files of a model, applies `extends` and
//! finds what is wrong between them. Whether models, explores and fields exist is not known here: what names
//! one keeps its place for that.

mod element;
mod extend;
mod filter;
mod json;
mod layout;
mod query;
mod reader;
mod yaml;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, rules};
use crate::label::title_case;
use crate::token::Span;

pub use element::{Element, Note};
pub use extend::resolve;
pub use filter::{DashboardFilter, FilterType};
pub use layout::{Layout, Tile};
pub use query::ElementQuery;

use reader::Reader;
use yaml::{Content, Node};

/// A stretch of one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path under which the file was handed in.
    pub file: Arc<str>,
    /// The characters that are meant.
    pub span: Span,
}

/// A value with its place. A dashboard that extends another has values of several files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The value, without quotes, with its constants replaced.
    pub value: String,
    /// Where it is written.
    pub place: Place,
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// What it is called in its model.
    pub name: Text,
    /// What people read instead, see [`Dashboard::label`].
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// How its elements are placed, see [`Dashboard::tiles`].
    pub layout: Layout,
    /// What it shows.
    pub elements: Vec<Element>,
    /// What can be chosen.
    pub filters: Vec<DashboardFilter>,
    /// The dashboards on which it is based.
    pub extends: Vec<Text>,
    /// Whether it is there to be extended only.
    pub extension_required: bool,
    /// Whether a click on a value filters all elements.
    pub crossfilter_enabled: bool,
    /// A time zone for all elements, or `query_saved` for each its own.
    pub query_timezone: Option<String>,
    /// What all this was read from: parents are merged with that.
    source: Node,
}

/// The dashboards of one file, and everything that is wrong with it. Any text has an answer.
///
/// `constants` gives the value of a constant of the manifest, in which other constants are replaced already.
pub fn parse(
    file: &str,
    text: &str,
    constants: &dyn Fn(&str) -> Option<String>,
) -> (Vec<Dashboard>, Vec<Diagnostic>) {
    let yaml::Parsed {
        documents,
        mut diagnostics,
        doubtful_from,
    } = yaml::parse(&Arc::from(file), text, constants);
    let mut reader = Reader::default();
    let dashboards = documents
        .into_iter()
        .flat_map(|document| reader.document(document))
        .collect();
    let is_certain = |found: &Diagnostic| doubtful_from.is_none_or(|from| found.span.start < from);
    diagnostics.extend(reader.diagnostics.into_iter().filter(is_certain));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (dashboards, diagnostics)
}

impl Dashboard {
    /// Its title, or its name in words.
    pub fn label(&self) -> String {
        let title = self.title.clone();
        title.unwrap_or_else(|| title_case(&self.name.value))
    }

    /// The filter of a name.
    pub fn filter(&self, name: &str) -> Option<&DashboardFilter> {
        self.filters.iter().find(|filter| filter.name.value == name)
    }
}

/// Keys of a dashboard that mean something, and those that Looker knows and that change nothing here.
const KEYS: &[&str] = &[
    "dashboard",
    "title",
    "description",
    "layout",
    "elements",
    "filters",
    "extends",
    "extension",
    "crossfilter_enabled",
    "query_timezone",
    "auto_run",
    "background_color",
    "dashboard_agents",
    "default_dashboard_agent",
    "embed_style",
    "enable_dashboard_agent",
    "enable_viz_full_screen",
    "enabled_dashboard_agents",
    "filters_bar_collapsed",
    "filters_location_top",
    "hidden",
    "load_configuration",
    "preferred_slug",
    "preferred_viewer",
    "preserve_desktop_layout",
    "refresh",
    "rows",
    "show_filters_bar",
    "show_title",
    "tabs",
    "text_tile_text_color",
    "theme_name",
    "tile_background_color",
    "tile_size",
    "tile_text_color",
    "title_color",
    "width",
];

impl Reader {
    /// A document is a list of dashboards.
    fn document(&mut self, document: Node) -> Vec<Dashboard> {
        match document.content {
            Content::Null => Vec::new(),
            Content::List(nodes) => {
                let dashboards = nodes.into_iter().map(|node| self.dashboard(node));
                dashboards.flatten().collect()
            }
            Content::Mapping(_) => {
                self.report(
                    Diagnostic::new(
                        rules::WRONG_SHAPE,
                        document.place.span,
                        "a dashboard outside of a list",
                    )
                    .hint("write `- dashboard: name`"),
                );
                self.dashboard(document).into_iter().collect()
            }
            Content::Scalar { .. } => {
                self.report_no_dashboard(&document);
                Vec::new()
            }
        }
    }

    fn report_no_dashboard(&mut self, node: &Node) {
        let message = "this is no dashboard";
        self.report(
            Diagnostic::new(rules::UNEXPECTED_TEXT, node.place.span, message)
                .hint("write `- dashboard: name`"),
        );
    }

    fn dashboard(&mut self, node: Node) -> Option<Dashboard> {
        // Broken YAML may leave an empty mapping, and is told already.
        if node.entry("dashboard").is_none() && node.content != Content::Mapping(Vec::new()) {
            self.report_no_dashboard(&node);
        }
        let name = self.text(&node, "dashboard")?;
        self.report_unknown_keys(&node, KEYS);
        let extension = self.string(&node, "extension");
        Some(Dashboard {
            name,
            title: self.string(&node, "title"),
            description: self.string(&node, "description"),
            layout: self.layout(&node),
            elements: self.elements(&node),
            filters: self.filters(&node),
            extends: self.texts_or_one(&node, "extends"),
            extension_required: extension.is_some_and(|extension| extension == "required"),
            crossfilter_enabled: self.flag(&node, "crossfilter_enabled").unwrap_or(false),
            query_timezone: self.string(&node, "query_timezone"),
            source: node,
        })
    }
}
