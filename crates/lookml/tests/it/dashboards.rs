//! Dashboards and diagnostics of small files.

use std::fmt::Write as _;

use lookml::dashboard::{Dashboard, DashboardFilter, Element, Place, Text, parse, resolve};
use lookml::{Diagnostic, Lines};
use proptest::prelude::*;

/// What a file holds, line by line, then the diagnostics with the characters they point at.
fn check(text: &str) -> String {
    let (dashboards, diagnostics) = parse("a.dashboard.lookml", text, &constant);
    let mut out = show(&dashboards);
    for diagnostic in diagnostics {
        out.push_str(&rendered(text, &diagnostic));
    }
    out
}

/// The same of several files after `extends`.
fn check_all(texts: &[&str]) -> String {
    let files = texts.iter().enumerate();
    let files: Vec<_> = files.map(|(n, text)| (format!("{n}"), *text)).collect();
    let mut parsed = Vec::new();
    for (file, text) in &files {
        let (dashboards, diagnostics) = parse(file, text, &constant);
        assert_eq!(diagnostics, []);
        parsed.extend(dashboards);
    }
    let (dashboards, diagnostics) = resolve(parsed);
    let mut out = show(&dashboards);
    for (Place { file, .. }, diagnostic) in diagnostics {
        let text = files.iter().find(|(name, _)| **name == *file).unwrap().1;
        write!(out, "{file}: {}", rendered(text, &diagnostic)).unwrap();
    }
    out
}

fn constant(name: &str) -> Option<String> {
    (name == "MODEL").then(|| "peloton".to_owned())
}

fn rendered(text: &str, diagnostic: &Diagnostic) -> String {
    let (line, column) = Lines::of(text).position(text, diagnostic.span.start);
    format!(
        "{} {} {line}:{column} `{}`: {}; {}\n",
        diagnostic.severity,
        diagnostic.rule.code,
        diagnostic.span.of(text),
        diagnostic.message,
        diagnostic.hint.as_deref().unwrap_or_default(),
    )
}

fn show(dashboards: &[Dashboard]) -> String {
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

#[test]
fn the_example_of_the_specification_is_read() {
    insta::assert_snapshot!(check(r#"
- dashboard: weekly_training
  title: Weekly Training
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - {name: Period, title: Period, type: field_filter, model: peloton, explore: workouts, field: workouts.created_date, default_value: 12 weeks, allow_multiple_values: true, required: false}
  elements:
  - name: output_by_week
    title: Output by week
    model: peloton
    explore: workouts
    type: looker_column
    fields: [workouts.created_week, workouts.total_output_kj]
    fill_fields: [workouts.created_week]
    sorts: [workouts.created_week]
    listen: {Period: workouts.created_date}
    row: 0
    col: 0
    width: 12
    height: 8
"#), @r#"
    dashboard weekly_training "Weekly Training" Newspaper
      title: Weekly Training
      crossfilter: yes
      filter "Period" "Period" Field "12 weeks" multiple true required false
        of: peloton, workouts, workouts.created_date
      element Some("output_by_week") looker_column at 0,0 12x8
        title: Output by week
        of: peloton, workouts
        fields: workouts.created_week, workouts.total_output_kj
        fill: workouts.created_week
        sorts: workouts.created_week
        listen: "Period" = "workouts.created_date"
        vis: {"type":"looker_column"}
    "#);
}

#[test]
fn every_part_is_read() {
    insta::assert_snapshot!(check(r##"---
- dashboard: riding
  title: "@{MODEL}: @{MODEL} @{} @{a b} @{"
  description: >
    What I rode,
    and when.
  extends: [base, other]
  extension: required
  preferred_viewer: dashboards-next
  preferred_slug: abc
  load_configuration: wait
  filters_bar_collapsed: false
  filters_location_top: true
  enable_viz_full_screen: true
  auto_run: true
  refresh: 30 minutes
  query_timezone: query_saved
  embed_style: {background_color: "#fff"}
  tabs:
  - name: One
    label: One
  filters:
  - title: Discipline
    name: Discipline
    type: field_filter
    default_value: "{{ _user_attributes['discipline'] }}"
    ui_config:
      type: anything
      display: popover
      options: [1, b]
    model: "@{MODEL}"
    explore: workouts
    listens_to_filters: [Period]
    field: rides.discipline
  - name: Live
    type: string_filter
    default_value: yes
    required: true
    allow_multiple_values: no
  elements:
  - name: zones
    title: Zones
    tab_name: One
    model: "@{MODEL}"
    explore: workouts
    type: looker_area
    fields: [workouts.created_month, zones.zone, zones.minutes]
    pivots: [zones.zone]
    fill_fields: [workouts.created_month]
    filters:
      rides.discipline: "-yoga,-meditation"
      workouts.watts: 100
      workouts.note:
    filter_expression: ${workouts.watts} > 3
    sorts: [workouts.created_month desc, zones.zone]
    limit: 5000
    column_limit: 50
    total: true
    row_total: right
    subtotals: [zones.zone]
    dynamic_fields: [{table_calculation: share, label: Share, expression: "${zones.minutes} / 60",
        value_format: !!null '', value_format_name: decimal_1, _kind_hint: measure}]
    hidden_fields: [zones.count]
    query_timezone: America/New_York
    stacking: normal
    trellis: ''
    show_value_labels: false
    label_density: 25
    y_axis_max: 1.50
    series_colors:
      zones.minutes: "#808080"
      b: 012
    x_axis_label: null
    defaults_version: 1
    listen:
      Discipline: rides.discipline
      Live: rides.is_live
    note_state: collapsed
    note_display: hover
    note_text: Minutes
    row: 2
    col: 8
    width: 25
    height: 4
  - name: ''
    type: text
    title_text: <b>Old</b>
    subtitle_text: ''
    body_text: |-
      two
      lines
    row:
    col:
    width:
    height:
"##), @r##"
    dashboard riding "peloton: peloton @{} @{a b} @{" Newspaper
      title: peloton: peloton @{} @{a b} @{
      description: What I rode, and when.

      extends: base, other
      extension required: yes
      query timezone: query_saved
      filter "Discipline" "Discipline" Field "{{ _user_attributes['discipline'] }}" multiple true required false
        of: peloton, workouts, rides.discipline
        listens to: Period
        ui: {"type":"anything","display":"popover","options":[1,"b"]}
      filter "Live" "Live" String "yes" multiple false required true
      element Some("zones") looker_area at 2,0 24x4
        title: Zones
        of: peloton, workouts
        fields: workouts.created_month, zones.zone, zones.minutes
        pivots: zones.zone
        fill: workouts.created_month
        filters: "rides.discipline" = "-yoga,-meditation", "workouts.watts" = "100", "workouts.note" = ""
        filter expression: ${workouts.watts} > 3
        sorts: workouts.created_month desc, zones.zone
        limit: 5000
        column limit: 50
        total: yes
        row total: right
        subtotals: zones.zone
        dynamic fields: [{"table_calculation":"share","label":"Share","expression":"${zones.minutes} / 60","value_format":null,"value_format_name":"decimal_1","_kind_hint":"measure"}]
        hidden: zones.count
        query timezone: America/New_York
        listen: "Discipline" = "rides.discipline", "Live" = "rides.is_live"
        note: Note { text: "Minutes", state: Some("collapsed"), display: Some("hover") }
        tab: One
        vis: {"type":"looker_area","stacking":"normal","trellis":"","show_value_labels":false,"label_density":25,"y_axis_max":1.5,"series_colors":{"zones.minutes":"#808080","b":"012"},"x_axis_label":null,"defaults_version":1}
      element None text at 6,0 8x6
        texts: <b>Old</b> |  | two
    lines
        vis: {"type":"text"}
    "##);
}

#[test]
fn old_ways_are_understood() {
    insta::assert_snapshot!(check(r#"
- dashboard: old
  layout: tile
  tile_size: 100
  elements:
  - name: top
    type: looker_column
    model: peloton
    explore: workouts
    dimensions: [workouts.year, rides.title]
    pivots: [workouts.year]
    measures: [workouts.count]
    filters: [workouts.year: 2026, rides.title: "-NULL"]
    width: 4
    note: {text: Old, state: expanded, display: below}
  - name: second
    fields: []
  - name: third
    body_text: Text
  - name: fourth
    dynamic_fields: '[{"table_calculation":"x"}]'
  filters:
  - name: year
    type: date_filter
  - name: title
    explore: rides
    dimension: rides.title
- dashboard: empty
  elements:
  filters:
"#), @r#"
    dashboard old "Old" Tile
      filter "year" "year" Date "" multiple true required false
      filter "title" "title" Field "" multiple true required false
        of: rides, rides.title
      element Some("top") looker_column at 0,0 8x6
        of: peloton, workouts
        fields: workouts.year, rides.title, workouts.count
        pivots: workouts.year
        filters: "workouts.year" = "2026", "rides.title" = "-NULL"
        note: Note { text: "Old", state: Some("expanded"), display: Some("below") }
        vis: {"type":"looker_column"}
      element Some("second") looker_grid at 0,8 8x6
        vis: {}
      element Some("third") text at 0,16 8x6
        texts: Text
        vis: {}
      element Some("fourth") looker_grid at 6,0 8x6
        dynamic fields: [{"table_calculation":"x"}]
        vis: {}
    dashboard empty "Empty" Newspaper
    "#);
}

#[test]
fn ruby_classes_are_plain_mappings_and_anchors_are_followed() {
    insta::assert_snapshot!(check(r#"
- !ruby/object:Dashboard
  dashboard: tagged
  elements:
  - &first !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    name: one
    type: table
    explore: rides
    fields: &fields !!seq [rides.id]
    series: [!ruby/hash:ActiveSupport::HashWithIndifferentAccess {label: 7g, filter: '7'}, !!str 5]
  - <<: *first
    name: two
    type: single_value
  - name: three
    fields: *fields
"#), @r#"
    dashboard tagged "Tagged" Newspaper
      element Some("one") table at 0,0 8x6
        of: rides
        fields: rides.id
        vis: {"type":"table","series":[{"label":"7g","filter":"7"},"5"]}
      element Some("two") single_value at 0,8 8x6
        of: rides
        fields: rides.id
        vis: {"type":"single_value","series":[{"label":"7g","filter":"7"},"5"]}
      element Some("three") looker_grid at 0,16 8x6
        fields: rides.id
        vis: {}
    "#);
}

#[test]
fn what_looker_writes_is_read() {
    insta::assert_snapshot!(check(r##"---
- dashboard: written_by_looker
  title: "\U0001F6B4 Riding: by Looker"
  elements:
  - title: Share
    name: Share
    explore: workouts
    type: looker_line
    fields: [workouts.created_month, workouts.total_output, rides.discipline,
      workouts.count]
    filters: {}
    dynamic_fields: [{category: measure, expression: "if(\n  ${workouts.total_output}\
          \ > 0,\n  1, null\n)", label: It's mine, value_format: !!null '', _kind_hint: measure,
        measure: mine, type: count, filters: {rides.discipline: 'cycling,"a, b"'}}, {table_calculation: per_ride,
        expression: 'round(${workouts.total_output}/${workouts.count}, 1)'}]
    x_axis_label_rotation: -45
    map_scale_indicator: 'off'
    y_axes: [{label: '', orientation: left, series: [{axisId: workouts.count, id: 2026-11 - 0
              - workouts.count, name: Nov}], showLabels: true, valueFormat: '#,##0', minValue: 0.0}]
    series_types: {}
    note_text: "1. one \n<br> 2. two\n"
    listen: {}
    row: 0
    col: 0
    width: 24
    height: 12
  - name: button_12
    type: button
    rich_content_json: '{"text":"Open","href":"https://example.org/"}'
"##), @r##"
    dashboard written_by_looker "🚴 Riding: by Looker" Newspaper
      title: 🚴 Riding: by Looker
      element Some("Share") looker_line at 0,0 24x12
        title: Share
        of: workouts
        fields: workouts.created_month, workouts.total_output, rides.discipline, workouts.count
        dynamic fields: [{"category":"measure","expression":"if(\n  ${workouts.total_output} > 0,\n  1, null\n)","label":"It's mine","value_format":null,"_kind_hint":"measure","measure":"mine","type":"count","filters":{"rides.discipline":"cycling,\"a, b\""}},{"table_calculation":"per_ride","expression":"round(${workouts.total_output}/${workouts.count}, 1)"}]
        note: Note { text: "1. one \n<br> 2. two\n", state: None, display: None }
        vis: {"type":"looker_line","x_axis_label_rotation":-45,"map_scale_indicator":"off","y_axes":[{"label":"","orientation":"left","series":[{"axisId":"workouts.count","id":"2026-11 - 0 - workouts.count","name":"Nov"}],"showLabels":true,"valueFormat":"#,##0","minValue":0.0}],"series_types":{}}
      element Some("button_12") button at 12,0 8x6
        vis: {"type":"button","rich_content_json":"{\"text\":\"Open\",\"href\":\"https://example.org/\"}"}
    "##);
}

#[test]
fn what_is_wrong_is_told() {
    insta::assert_snapshot!(check(r#"
- dashboard: wrong
  titel: Wrong
  enable_dashboard_agents: true
  layout: newspapr
  crossfilter_enabled: maybe
  query_timezone: [a]
  nonsense_that_is_long: 1
  elements:
  - name: a
    type: [table]
    feilds: [rides.id]
    sort: [rides.id]
    fields: rides.id
    pivots: {a: b}
    filters: rides.id
    listen: {Period: [x, y]}
    sorts: [[a], rides.id: desc, ~]
    limit: many
    column_limit: -5
    total: 3
    row_total: rigt
    row: -1
    col: 1.5
    name: b
    merged_queries:
    - explore: rides
  - text
  -
  filters:
    name: Period
- title: nothing
- dashboard:
- 5
- dashboard: filters
  filters:
  - type: date_filter
  - name: Period
    type: dates
    fields: x
    model: "@{MODLE}"
"#), @r#"
    dashboard wrong "Wrong" Newspaper
      element Some("b") looker_grid at 0,0 8x6
        fields: rides.id
        merged: merged_queries
        vis: {"type":["table"],"feilds":["rides.id"],"sort":["rides.id"]}
    dashboard filters "Filters" Newspaper
      filter "Period" "Period" String "" multiple true required false
        of: @{MODLE}
    warning LK020 3:3 `titel`: `titel` is unknown here; did you mean `title`?
    warning LK020 4:3 `enable_dashboard_agents`: `enable_dashboard_agents` is unknown here; did you mean `enable_dashboard_agent`?
    error LK022 5:11 `newspapr`: `layout` can't be `newspapr`; did you mean `newspaper`?
    error LK023 6:24 `maybe`: `crossfilter_enabled` is neither `true` nor `false`; 
    error LK016 7:3 `query_timezone`: `query_timezone` needs one value; 
    warning LK020 8:3 `nonsense_that_is_long`: `nonsense_that_is_long` is unknown here; 
    error LK016 11:5 `type`: `type` needs one value; 
    warning LK020 12:5 `feilds`: `feilds` is unknown here; did you mean `fields`? As it is, it is an option of the chart
    error LK016 14:13 `rides.id`: `fields` needs a list; write `fields: [rides.id]`
    error LK016 15:5 `pivots`: `pivots` needs a list; 
    error LK016 16:5 `filters`: `filters` needs names with a value each; 
    error LK016 17:14 `Period`: `Period` needs one value; 
    error LK016 18:14 `a`: an element of `sorts` that is no text; 
    error LK016 18:18 `rides.id`: an element of `sorts` that is no text; 
    error LK023 19:12 `many`: `limit` is no whole number; 
    error LK023 20:19 `-5`: `column_limit` is no whole number; 
    error LK023 21:12 `3`: `total` is neither `true` nor `false`; 
    error LK022 22:16 `rigt`: `row_total` can't be `rigt`; did you mean `right`?
    error LK023 23:10 `-1`: `row` is no whole number; 
    error LK023 24:10 `1.5`: `col` is no whole number; 
    warning LK017 25:5 `name`: `name` stands here twice; the last one is used
    warning LK936 26:5 `merged_queries`: results of several queries are not supported; join the explores in the model; the other elements are shown
    error LK016 28:5 `text`: an element of `elements` without keys; 
    error LK016 30:3 `filters`: `filters` needs a list; 
    error LK018 32:3 `title`: this is no dashboard; write `- dashboard: name`
    error LK018 33:3 `dashboard`: this is no dashboard; write `- dashboard: name`
    error LK018 34:3 `5`: this is no dashboard; write `- dashboard: name`
    error LK118 37:5 `type`: a filter without a name; write `name:`; elements listen to it by that
    error LK022 39:11 `dates`: `type` can't be `dates`; write one of `field_filter`, `string_filter`, `number_filter`, `date_filter`
    warning LK020 40:5 `fields`: `fields` is unknown here; did you mean `field`?
    error LK105 41:12 `"@{MODLE}"`: no constant `MODLE`; declare it in the manifest
    "#);
}

#[test]
fn a_dashboard_outside_of_a_list_is_one_too() {
    insta::assert_snapshot!(check("dashboard: x\ntitle: X\n"), @r#"
    dashboard x "X" Newspaper
      title: X
    error LK016 1:1 `dashboard`: a dashboard outside of a list; write `- dashboard: name`
    "#);
    insta::assert_snapshot!(check("just text"), @"error LK018 1:1 `just text`: this is no dashboard; write `- dashboard: name`");
    insta::assert_snapshot!(check(""), @"");
    insta::assert_snapshot!(check("# nothing yet\n---\n"), @"");
    insta::assert_snapshot!(check("\u{feff}- dashboard: x\r\n  title: X\r\n  layout: y\r\n"), @r#"
    dashboard x "X" Newspaper
      title: X
    error LK022 3:11 `y`: `layout` can't be `y`; write one of `newspaper`, `grid`, `tile`, `static`
    "#);
}

#[test]
fn what_comes_before_broken_yaml_stays() {
    let broken = [
        "- dashboard: a\n  elements:\n  - name: one\n    model: @{MODEL}\n  - name: two\n",
        "- dashboard: a\n  title: one: two\n",
        "- dashboard: a\n\ttitle: b\n",
        "- dashboard: a\n  title: \"b\n",
        "- dashboard: a\n  elements:\n  - name: one\n    fields: [a, b\n  - name: two\n",
        "- dashboard: a\n  title: `b`\n",
        "- dashboard: a\n title: b\n",
        "- dashboard: a\n  filters:\n  - name: b\n    default_value: {{ x }}\n",
        "- dashboard: a\n  title: %d\n",
        "- dashboard: a\n  title: *b\n",
        "- dashboard: &a [*a]\n",
        "- dashboard: a\n  <<: b\n",
    ];
    let shown: String = broken
        .iter()
        .map(|text| format!("{text:?}\n{}", check(text)))
        .collect();
    insta::assert_snapshot!(shown, @r#"
    "- dashboard: a\n  elements:\n  - name: one\n    model: @{MODEL}\n  - name: two\n"
    dashboard a "A" Newspaper
      element Some("one") looker_grid at 0,0 8x6
        vis: {}
    error LK018 4:12 `@`: this is not YAML: unexpected character: `@'; put quotes around it: `"@{NAME}"`
    "- dashboard: a\n  title: one: two\n"
    dashboard a "one" Newspaper
      title: one
    error LK018 2:13 `:`: this is not YAML: mapping values are not allowed in this context; put quotes around a text with `: ` in it
    "- dashboard: a\n\ttitle: b\n"
    error LK018 1:14 `a`: this is not YAML: while scanning a plain scalar, found a tab; indent with spaces
    "- dashboard: a\n  title: \"b\n"
    dashboard a "A" Newspaper
    error LK018 2:10 `"`: this is not YAML: unclosed quote; a quote is missing at its end
    "- dashboard: a\n  elements:\n  - name: one\n    fields: [a, b\n  - name: two\n"
    dashboard a "A" Newspaper
      element Some("one") looker_grid at 0,0 8x6
        fields: a
        vis: {}
    error LK018 5:9 `:`: this is not YAML: illegal placement of ':' indicator; perhaps a `]` or `}` is missing before it
    "- dashboard: a\n  title: `b`\n"
    dashboard a "A" Newspaper
    error LK018 2:10 ```: this is not YAML: unexpected character: ``'; put quotes around the value
    "- dashboard: a\n title: b\n"
    dashboard a "A" Newspaper
    error LK018 2:2 `t`: this is not YAML: while parsing a block collection, did not find expected '-' indicator; perhaps the line should stand further to the left or to the right
    "- dashboard: a\n  filters:\n  - name: b\n    default_value: {{ x }}\n"
    dashboard a "A" Newspaper
      filter "b" "b" String "" multiple true required false
    error LK016 4:5 `default_value`: `default_value` needs one value; 
    error LK018 4:23 `x`: a key that is no text; put quotes around a value that begins with `{`
    "- dashboard: a\n  title: %d\n"
    dashboard a "A" Newspaper
    error LK018 2:10 `%`: this is not YAML: unexpected character: `%'; put quotes around the value
    "- dashboard: a\n  title: *b\n"
    dashboard a "A" Newspaper
    error LK018 2:10 `*b`: no anchor `&b` stands before; 
    "- dashboard: &a [*a]\n"
    error LK016 1:3 `dashboard`: `dashboard` needs one value; 
    error LK018 1:18 `*a`: the anchor holds this place itself, or more than may be repeated; 
    "- dashboard: a\n  <<: b\n"
    dashboard a "A" Newspaper
    error LK016 2:7 `b`: `<<` needs a mapping; 
    "#);
}

const BASE: &str = "
- dashboard: base
  title: Base
  description: Of all
  extension: required
  crossfilter_enabled: true
  filters:
  - name: Period
    type: date_filter
    default_value: 7 days
  - name: Title
    type: string_filter
  elements:
  - name: one
    title: One
    explore: workouts
    type: table
    fields: [workouts.id, workouts.count]
    filters: {workouts.id: 1}
    listen: {Period: workouts.created_date, Title: rides.title}
    row: 0
    col: 0
  - type: text
    body_text: Hello
";

#[test]
fn a_child_changes_what_it_names_and_adds_the_rest() {
    insta::assert_snapshot!(check_all(&[BASE, "
- dashboard: child
  extends: base
  title: Child
  filters:
  - name: Period
    default_value: 30 days
  - name: Live
    type: string_filter
  elements:
  - name: one
    type: looker_line
    fields: [workouts.count]
    filters: {workouts.count: '>1'}
  - name: two
    explore: rides
    fields: [rides.id]
    listen: {Live: rides.is_live}
  - type: text
    body_text: Bye
", "
- dashboard: grandchild
  extends: [child, other]
  elements:
  - name: one
    title: First
    dimensions: [workouts.year]
    measures: [workouts.total]
  - name: two
    fields: [rides.title]
- dashboard: other
  description: Of others
"]), @r#"
    dashboard base "Base" Newspaper
      title: Base
      description: Of all
      extension required: yes
      crossfilter: yes
      filter "Period" "Period" Date "7 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      element Some("one") table at 0,0 8x6
        title: One
        of: workouts
        fields: workouts.id, workouts.count
        filters: "workouts.id" = "1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"table"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
    dashboard child "Child" Newspaper
      title: Child
      description: Of all
      extends: base
      crossfilter: yes
      filter "Period" "Period" Date "30 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      filter "Live" "Live" String "" multiple true required false
      element Some("one") looker_line at 0,0 8x6
        title: One
        of: workouts
        fields: workouts.count
        filters: "workouts.count" = ">1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"looker_line"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
      element Some("two") looker_grid at 6,8 8x6
        of: rides
        fields: rides.id
        listen: "Live" = "rides.is_live"
        vis: {}
      element None text at 6,16 8x6
        texts: Bye
        vis: {"type":"text"}
    dashboard grandchild "Child" Newspaper
      title: Child
      description: Of others
      extends: child, other
      crossfilter: yes
      filter "Period" "Period" Date "30 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      filter "Live" "Live" String "" multiple true required false
      element Some("one") looker_line at 0,0 8x6
        title: First
        of: workouts
        fields: workouts.year, workouts.total
        filters: "workouts.count" = ">1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"looker_line"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
      element Some("two") looker_grid at 6,8 8x6
        of: rides
        fields: rides.title
        listen: "Live" = "rides.is_live"
        vis: {}
      element None text at 6,16 8x6
        texts: Bye
        vis: {"type":"text"}
    dashboard other "Other" Newspaper
      description: Of others
    "#);
}

#[test]
fn what_is_wrong_between_dashboards_is_told() {
    insta::assert_snapshot!(check_all(&["
- dashboard: a
  extends: [b]
- dashboard: b
  extends: [a]
- dashboard: self
  extends: self
- dashboard: lost
  extends: bse
", "
- dashboard: a
- dashboard: base
  extension: required
  elements:
  - listen: {Nobody: x.y}
- dashboard: deaf
  filters:
  - name: Period
    listens_to_filters: [Perid, Period]
  elements:
  - name: one
    explore: x
    fields: [x.y]
    listen: {Period: x.y, period: x.y, Other filter: x.y}
  - name: two
    fields: [x.y]
"]), @r#"
    dashboard a "A" Newspaper
      extends: b
    dashboard b "B" Newspaper
      extends: a
    dashboard self "Self" Newspaper
      extends: self
    dashboard lost "Lost" Newspaper
      extends: bse
    dashboard base "Base" Newspaper
      extension required: yes
      element None looker_grid at 0,0 8x6
        listen: "Nobody" = "x.y"
        vis: {}
    dashboard deaf "Deaf" Newspaper
      filter "Period" "Period" String "" multiple true required false
        listens to: Perid, Period
      element Some("one") looker_grid at 0,0 8x6
        of: x
        fields: x.y
        listen: "Period" = "x.y", "period" = "x.y", "Other filter" = "x.y"
        vis: {}
      element Some("two") looker_grid at 0,8 8x6
        fields: x.y
        vis: {}
    1: error LK425 2:14 `a`: a second dashboard `a`; the first is in `0`; give this one another name
    0: error LK113 5:13 `a`: dashboard `a` extends itself in the end; `a` extends `b` extends `a`
    0: error LK113 7:12 `self`: dashboard `self` extends itself in the end; `self` extends `self`
    0: error LK113 9:12 `bse`: no dashboard `bse` to extend; did you mean `base`?
    1: error LK426 15:27 `period`: dashboard `deaf` has no filter `period`; did you mean `Period`?
    1: error LK426 15:40 `Other filter`: dashboard `deaf` has no filter `Other filter`; 
    1: error LK426 10:26 `Perid`: dashboard `deaf` has no filter `Perid`; did you mean `Period`?
    1: error LK118 17:14 `x.y`: an element with fields and without an explore; write `explore:`
    "#);
}

#[test]
fn elements_without_a_place_stand_below() {
    insta::assert_snapshot!(check("
- dashboard: places
  elements:
  - {name: a, row: 4, col: 20, width: 8, height: 3}
  - {name: b}
  - {name: c, width: 12}
  - {name: d, width: 5, height: 9}
  - {name: e, row: 1}
  - {name: f, row: 99999999, col: 99, width: 0, height: 0}
"), @r#"
    dashboard places "Places" Newspaper
      element Some("a") looker_grid at 4,16 8x3
        vis: {}
      element Some("b") looker_grid at 10001,0 8x6
        vis: {}
      element Some("c") looker_grid at 10001,8 12x6
        vis: {}
      element Some("d") looker_grid at 10007,0 5x9
        vis: {}
      element Some("e") looker_grid at 10007,5 8x6
        vis: {}
      element Some("f") looker_grid at 10000,23 1x1
        vis: {}
    "#);
}

#[test]
fn places_are_those_of_the_file() {
    let text = "- dashboard: x\n  elements:\n  - name: 'a b'\n    fields: [é.b, \"c.d\"]\n    listen: {Ä: e.f}\n";
    let (dashboards, _) = parse("x", text, &constant);
    let element = &dashboards[0].elements[0];
    let listen = element.listen.iter().flat_map(|(key, value)| [key, value]);
    let texts = element
        .name
        .iter()
        .chain(&element.query.fields)
        .chain(listen);
    let written: Vec<_> = texts.map(|found| found.place.span.of(text)).collect();
    assert_eq!(written, ["'a b'", "é.b", "\"c.d\"", "Ä", "e.f"]);
    assert_eq!(element.place.span.of(text), "name");
    assert_eq!(dashboards[0].name.place.span.of(text), "x");
}

#[test]
fn hostile_texts_have_an_answer_at_once() {
    let laughs = (1..60).fold("a0: &a0 [ha, ha]\n".to_owned(), |text, n| {
        let one = format!("*a{}", n - 1);
        let all = [one.as_str(); 9].join(", ");
        text + &format!("a{n}: &a{n} [{all}]\n")
    });
    let nested = (1..2_000).fold("a0: &a0 [ha]\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} [*a{}]\n", n - 1)
    });
    let texts = [
        laughs,
        nested,
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        "? ".repeat(20_000),
        "&a ".repeat(20_000),
        "*a ".repeat(20_000),
        "a: \n ".repeat(20_000),
        "- a\n".repeat(20_000),
        "\"".repeat(100_001),
        "'".repeat(100_001),
        "\0".repeat(20_000),
        "a".repeat(2_000_000),
        "# c\n".repeat(50_000),
        "---\n".repeat(20_000),
        "%A\n".repeat(20_000),
        "a: |\n".repeat(50_000),
        format!("- dashboard: \"{}\"", "@{MODEL".repeat(20_000)),
        format!("- dashboard: \"{}\"", "@{MODEL}".repeat(50_000)),
        format!("- dashboard: \"{}\"", "@{X}".repeat(20_000)),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  layout: lay{n}\n  titl{n}: x\n"))
            .collect(),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  extends: d{}\n", n + 1))
            .collect(),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  extends: e{n}\n"))
            .collect(),
        (0..1_000)
            .map(|n| {
                format!(
                    "- dashboard: d{n}\n  extends: [d{}, d{}]\n  filters:\n  - name: {n}\n",
                    n + 1,
                    n + 2
                )
            })
            .rev()
            .collect(),
        format!(
            "- dashboard: a\n  elements:\n  - listen:\n{}",
            "      filter: x\n".repeat(20_000)
        ),
        format!(
            "- dashboard: a\n  elements:\n  - fields: [{}]",
            (0..20_000).map(|n| format!("v.f{n}, ")).collect::<String>()
        ),
    ];
    for text in texts {
        answers(&text);
    }
}

/// Both stages give an answer, and every place is a place.
fn answers(text: &str) {
    let (dashboards, diagnostics) = parse("x", text, &constant);
    for diagnostic in &diagnostics {
        assert!(
            text.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?}"
        );
    }
    let (dashboards, diagnostics) = resolve(dashboards);
    for (place, diagnostic) in &diagnostics {
        assert!(text.get(place.span.range()).is_some(), "{diagnostic:?}");
        assert_eq!(place.span, diagnostic.span);
    }
    for dashboard in &dashboards {
        assert_eq!(dashboard.tiles().len(), dashboard.elements.len());
        assert!(text.get(dashboard.name.place.span.range()).is_some());
    }
}

const PARTS: &[&str] = &[
    "- dashboard: a\n",
    "- dashboard: b\n  extends: a\n",
    "  elements:\n",
    "  filters:\n",
    "  - name: x\n",
    "    fields: [a.b, c.d]\n",
    "    listen: {x: a.b}\n",
    "    merged_queries: []\n",
    "    filters: ",
    "    sorts: ",
    "    row: ",
    "    type: text\n",
    "  layout: ",
    "&a ",
    "*a",
    "<<: ",
    "!ruby/hash:A ",
    "@{MODEL}",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "- ",
    "? ",
    "|\n",
    ">-\n",
    "#",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "\r\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\u{feff}",
    "é",
    "3",
    "true",
    "~",
];

fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = "[ -?A-~äß日🚴]{0,8}";
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        (-1e9..1e9).prop_map(|number: f64| serde_json::Value::from(number.round() / 4.0)),
        text.prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 30, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map(text, inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    /// JSON is YAML: options come out as they went in.
    #[test]
    fn options_are_kept_as_they_are(option in json()) {
        let text = format!("- dashboard: a\n  elements:\n  - option: {option}\n");
        let (dashboards, diagnostics) = parse("x", &text, &constant);
        prop_assert_eq!(diagnostics, []);
        prop_assert_eq!(&dashboards[0].elements[0].vis_config["option"], &option);
    }

    #[test]
    fn any_text_has_an_answer(text in ".{0,200}") {
        answers(&text);
    }

    #[test]
    fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        answers(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_mixture_of_yaml_has_an_answer(parts in prop::collection::vec(prop::sample::select(PARTS), 0..60)) {
        answers(&parts.concat());
    }
}
