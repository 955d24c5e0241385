//! What is wrong with a file.

use super::check;

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
        "- dashboard: a\n  elements:\n  - name: one\n    fields: [a, b\n    sorts: [c]\n    limit: x\n  - name: two\n",
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
    "- dashboard: a\n  elements:\n  - name: one\n    fields: [a, b\n    sorts: [c]\n    limit: x\n  - name: two\n"
    dashboard a "A" Newspaper
      element Some("one") looker_grid at 0,0 8x6
        fields: a
        vis: {}
    error LK018 5:10 `:`: this is not YAML: illegal placement of ':' indicator; perhaps a `]` or `}` is missing before it
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
