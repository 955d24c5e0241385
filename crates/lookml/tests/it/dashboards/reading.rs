//! What files hold.

use lookml::dashboard::parse;

use super::{check, constant};

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
    info LK932 28:11 `button`: `button` is not drawn here; the element is shown as a table
    "##);
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
