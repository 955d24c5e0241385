//! Dashboards as text, for snapshots.

use std::fmt::Write as _;

use lookml::dashboard::{Dashboard, DashboardFilter, Element, Text};

pub(super) fn show(dashboards: &[Dashboard]) -> String {
    let mut out = String::new();
    for dashboard in dashboards {
        let Dashboard {
            name,
            title,
            description,
            layout,
            extends,
            extension_required,
            crossfilter_enabled,
            query_timezone,
            ..
        } = dashboard;
        let label = dashboard.label();
        writeln!(out, "dashboard {} {label:?} {layout:?}", name.value).unwrap();
        let mut part = |name: &str, value: String| show_part(&mut out, 1, name, &value);
        part("title", title.clone().unwrap_or_default());
        part("description", description.clone().unwrap_or_default());
        part("extends", joined(extends));
        part("extension required", yes(*extension_required));
        part("crossfilter", yes(*crossfilter_enabled));
        part("query timezone", query_timezone.clone().unwrap_or_default());
        for filter in &dashboard.filters {
            show_filter(&mut out, filter);
        }
        for (element, tile) in dashboard.elements.iter().zip(dashboard.tiles()) {
            let name = element.name.as_ref().map(|name| name.value.as_str());
            let place = format!(
                "{},{} {}x{}",
                tile.row, tile.column, tile.width, tile.height
            );
            writeln!(out, "  element {name:?} {} at {place}", element.kind).unwrap();
            show_element(&mut out, element);
        }
    }
    out
}

fn show_part(out: &mut String, depth: usize, name: &str, value: &str) {
    if !value.is_empty() {
        writeln!(out, "{}{name}: {value}", "  ".repeat(depth)).unwrap();
    }
}

fn show_filter(out: &mut String, filter: &DashboardFilter) {
    let DashboardFilter {
        name,
        title,
        kind,
        default_value,
        allow_multiple_values,
        required,
        ..
    } = filter;
    writeln!(
        out,
        "  filter {:?} {title:?} {kind:?} {default_value:?} multiple {allow_multiple_values} required {required}",
        name.value
    )
    .unwrap();
    let mut part = |name: &str, value: String| show_part(out, 2, name, &value);
    let source = [&filter.model, &filter.explore, &filter.field];
    part("of", joined(source.into_iter().flatten()));
    part("listens to", joined(&filter.listens_to_filters));
    part(
        "ui",
        filter
            .ui_config
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    );
}

fn show_element(out: &mut String, element: &Element) {
    let query = &element.query;
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut part = |name: &str, value: String| show_part(out, 2, name, &value);
    part("title", optional(&element.title));
    let source = [&query.model, &query.explore];
    part("of", joined(source.into_iter().flatten()));
    part("fields", joined(&query.fields));
    part("pivots", joined(&query.pivots));
    part("fill", joined(&query.fill_fields));
    part("filters", pairs(&query.filters));
    part("filter expression", joined(&query.filter_expression));
    part("sorts", joined(&query.sorts));
    part("limit", optional(&query.limit));
    part("column limit", optional(&query.column_limit));
    part("total", yes(query.total));
    part("row total", optional(&query.row_total));
    part("subtotals", joined(&query.subtotals));
    part("dynamic fields", optional(&query.dynamic_fields));
    part("hidden", joined(&element.hidden_fields));
    part("query timezone", optional(&query.query_timezone));
    part("listen", pairs(&element.listen));
    part("merged", joined(&query.merged_queries));
    let note = element.note.as_ref();
    part(
        "note",
        note.map(|note| format!("{note:?}")).unwrap_or_default(),
    );
    let texts = [
        &element.title_text,
        &element.subtitle_text,
        &element.body_text,
    ];
    let texts: Vec<_> = texts.into_iter().flatten().cloned().collect();
    part("texts", texts.join(" | "));
    part("tab", optional(&element.tab_name));
    part(
        "vis",
        serde_json::Value::Object(element.vis_config.clone()).to_string(),
    );
}

fn yes(flag: bool) -> String {
    if flag {
        "yes".to_owned()
    } else {
        String::new()
    }
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a Text>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| text.value.as_str()).collect();
    texts.join(", ")
}

fn pairs(pairs: &[(Text, Text)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{:?} = {:?}", key.value, value.value));
    pairs.collect::<Vec<_>>().join(", ")
}
