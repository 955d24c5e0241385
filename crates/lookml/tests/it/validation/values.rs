//! Values that no query could use: of filters and parameters, formats, zones, and measures that come after the query.

use super::{Case, checked, table};

/// A view with a field of every sort, and what else is written in a model.
fn with(model: &str) -> String {
    checked(&format!(
        "view: v {{ dimension: d {{}} dimension: n {{ type: number }} dimension: b {{ type: yesno }} dimension: l {{ type: location sql_latitude: 1 ;; sql_longitude: 2 ;; }} dimension_group: t {{ timeframes: [date] }} measure: count {{ type: count }} measure: name {{ type: string sql: MAX(${{d}}) ;; }} measure: rt {{ type: running_total sql: ${{count}} ;; }} measure: lst {{ type: list list_field: d }} parameter: p {{ type: number allowed_value: {{ value: \"1\" }} allowed_value: {{ value: \"2\" }} }} }}\n{model}"
    ))
}

#[test]
fn filters_of_measures() {
    insta::assert_snapshot!(with("view: +v {
  measure: a { type: count filters: [n: \">>5\", d: \"a,-b\", b: \"maybe\"] }
  measure: b2 { type: count filters: { field: t_date value: \"foo bar\" } }
  measure: c { type: count filters: [w.n: \"many\", l: \"1\", n: \"{{ _user_attributes['u'] }}\"] }
}
view: w { extends: [v] }
explore: v { join: w { relationship: one_to_one type: cross } }"), @r#"
    error LK310 m.model.lkml:3:42 v.a [] `>>5`: the filter `>>5` on `n`: expected a number, not `>5`; the mistake is at character 2
    error LK310 m.model.lkml:3:63 v.a [] `maybe`: the filter `maybe` on `b`: expected `yes` or `no`, not `maybe`; the mistake is at character 1
    error LK310 m.model.lkml:4:62 v.b2 [] `foo bar`: the filter `foo bar` on `t_date`: expected a date, or a time span such as `7 days`, not `foo`; the mistake is at character 1
    error LK310 m.model.lkml:5:44 v.c [] `many`: the filter `many` on `w.n`: expected a number, not `many`; the mistake is at character 1
    error LK933 m.model.lkml:5:55 v.c [] `1`: the filter on `l`: a location can't be filtered; -
    warning LK226 m.model.lkml:7:1 w [v] `view: w`: the view `w` has the measure `count` and no primary key, and is joined in the explore `v`; declare a dimension with `primary_key: yes`
    "#);
}

#[test]
fn filters_of_explores_and_of_their_queries() {
    insta::assert_snapshot!(with("explore: v {
  always_filter: { filters: [v.rt: \">5\", lst: \"x\"] }
  conditionally_filter: { filters: [v.t_date: \"blah blah\", v.p: \"3\"] unless: [d] }
  access_filter: { field: v.l user_attribute: u }
  access_filter: { field: v.d user_attribute: u }
  query: q { dimensions: [d] filters: [v.n: \"a lot\"] sorts: [v.rt: desc] timezone: \"Mars/Olympus\" }
}
explore: fine { from: v always_filter: { filters: [fine.t_date: \"7 days\", count: \">5\", fine.p: \"2\"] } query: q { dimensions: [d] timezone: \"Europe/Paris\" } }"), @r#"
    error LK331 m.model.lkml:3:37 v [v] `>5`: the filter on `v.rt`: a measure that is computed after the query can't be filtered; -
    error LK119 m.model.lkml:3:48 v [v] `x`: the filter on `lst`: a list can't be filtered; -
    error LK310 m.model.lkml:4:48 v [v] `blah blah`: the filter `blah blah` on `v.t_date`: expected a date, or a time span such as `7 days`, not `blah`; the mistake is at character 1
    error LK311 m.model.lkml:4:66 v [v] `3`: `3` is no value of the parameter `v.p`; it has `1`, `2`
    error LK933 m.model.lkml:5:27 v [v] `v.l`: the filter on `v.l`: a location can't be filtered; -
    error LK310 m.model.lkml:7:46 v [v] `a lot`: the filter `a lot` on `v.n`: expected a number, not `a`; the mistake is at character 1
    error LK331 m.model.lkml:7:62 v [v] `v.rt`: `v.rt` is computed after the query, so rows can't be sorted by it; -
    error LK022 m.model.lkml:7:85 v [v] `Mars/Olympus`: there is no time zone `Mars/Olympus`; write it as `America/New_York`
    "#);
}

#[test]
fn filters_of_tables_and_tests() {
    insta::assert_snapshot!(with("explore: v {}
view: w {
  derived_table: { explore_source: v { column: d {} column: total { field: v.rt } filters: [v.n: \"x\"] timezone: \"Mars/X\" sorts: [v.rt: desc] } }
  dimension: d {}
}
view: f { derived_table: { explore_source: v { column: d {} column: lst {} filters: [v.n: \"5\"] timezone: \"query_timezone\" } } dimension: d {} }
test: t { explore_source: v { column: rt {} filters: [v.b: \"perhaps\"] } assert: a { expression: ${v.rt} > 0 ;; } }"), @r#"
    error LK331 m.model.lkml:4:76 w [v] `v.rt`: `v.rt` is computed after the query, so it can't be a column of a table; -
    error LK310 m.model.lkml:4:99 w [v] `x`: the filter `x` on `v.n`: expected a number, not `x`; the mistake is at character 1
    error LK022 m.model.lkml:4:114 w [] `Mars/X`: there is no time zone `Mars/X`; write it as `America/New_York`
    error LK331 m.model.lkml:4:130 w [v] `v.rt`: `v.rt` is computed after the query, so rows can't be sorted by it; -
    error LK310 m.model.lkml:8:61 t [v] `perhaps`: the filter `perhaps` on `v.b`: expected `yes` or `no`, not `perhaps`; the mistake is at character 1
    "#);
}

#[test]
fn what_filters_and_parameters_are_at_first() {
    insta::assert_snapshot!(checked("view: v {
  filter: f { type: date default_value: \"7 dayz\" }
  filter: g { type: date default_value: \"7 days\" }
  parameter: n { type: number default_value: \"x\" }
  parameter: u { type: unquoted default_value: \"a b\" }
  parameter: y { type: yesno default_value: \"perhaps\" }
  parameter: d { type: date default_value: \"someday\" }
  parameter: c { allowed_value: { value: \"a\" } allowed_value: { value: \"b\" } default_value: \"c\" }
  parameter: ok { type: number allowed_value: { value: \"1\" } default_value: \"1\" }
}"), @r#"
    error LK310 m.model.lkml:2:42 v.f [] `7 dayz`: the filter `7 dayz` on `f`: expected a date, or a time span such as `7 days`, not `7`; the mistake is at character 1
    error LK311 m.model.lkml:4:47 v.n [] `x`: `x` is no number, as the parameter `n` needs it; -
    error LK311 m.model.lkml:5:49 v.u [] `a b`: `a b` is no word of letters, digits, `_`, `.` and `$`, as the parameter `u` needs it; -
    error LK311 m.model.lkml:6:46 v.y [] `perhaps`: `perhaps` is neither yes nor no, as the parameter `y` needs it; -
    error LK311 m.model.lkml:7:45 v.d [] `someday`: `someday` is no date, as the parameter `d` needs it; -
    warning LK311 m.model.lkml:8:94 v.c [] `c`: `c` is no value of the parameter `c`; it has `a`, `b`
    "#);
}

#[test]
fn what_comes_after_the_query() {
    insta::assert_snapshot!(with("view: +v {
  measure: of_dimension { type: running_total sql: ${d} ;; }
  measure: of_itself { type: running_total sql: ${rt} ;; }
  measure: of_sum { type: percent_of_total sql: ${count} + 1 ;; }
  measure: of_text { type: percent_of_previous sql: ${name} ;; }
  measure: of_nothing { type: percent_of_previous sql: ${nothing} ;; }
  measure: over { type: number sql: ${rt} * 2 ;; }
  measure: text { type: string sql: ${lst} || 'x' ;; }
  measure: liquid { type: running_total sql: {% if true %}${count}{% else %}${over}{% endif %} ;; }
}
explore: v { sql_always_having: ${rt} > 5 ;; }"), @r#"
    error LK213 m.model.lkml:3:47 v.of_dimension [] `sql: ${d} ;;`: `of_dimension` is computed from `d`, which is no measure that is a number; write `sql: ${measure} ;;`
    error LK331 m.model.lkml:4:49 v.of_itself [] `${rt}`: `${rt}` is computed after the query, so no SQL can use it; use the measure that it is computed from, or a table calculation
    error LK213 m.model.lkml:5:44 v.of_sum [] `sql: ${count} + 1 ;;`: `of_sum` is computed from one measure as it is; write `sql: ${measure} ;;`
    error LK213 m.model.lkml:6:48 v.of_text [] `sql: ${name} ;;`: `of_text` is computed from `name`, which is no measure that is a number; write `sql: ${measure} ;;`
    error LK210 m.model.lkml:7:56 v.of_nothing [] `${nothing}`: `${nothing}`: the view `v` has no field `nothing`; -
    error LK331 m.model.lkml:8:37 v.over [] `${rt}`: `${rt}` is computed after the query, so no SQL can use it; use the measure that it is computed from, or a table calculation
    error LK119 m.model.lkml:9:37 v.text [] `${lst}`: `${lst}` is a list, which other SQL can't use; -
    error LK331 m.model.lkml:12:33 v [v] `${rt}`: `${rt}` is computed after the query, so no SQL can use it; use the measure that it is computed from, or a table calculation
    "#);
}

#[test]
fn rules_of_queries() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK022",
            has: "named_value_format: f { value_format: \"[>=1\" } view: v { measure: p { type: percentile percentile: 150 sql: 1 ;; } dimension: a { value_format: \"0;0;0;0;0\" } }",
            has_not: "named_value_format: f { value_format: \"[>=1]0.0;0\" } view: v { measure: p { type: percentile percentile: 99.9 sql: 1 ;; } dimension: a { value_format: \"0;0;0;@\" } dimension: b { value_format: \"\" } }",
        },
        Case {
            code: "LK310",
            has: "view: v { dimension: n { type: number } measure: a { type: count filters: [n: \"some\"] } }",
            has_not: "view: v { dimension: n { type: number } measure: a { type: count filters: [n: \"[1, 5)\"] } }",
        },
        Case {
            code: "LK311",
            has: "view: v { parameter: n { type: number default_value: \"one\" } }",
            has_not: "view: v { parameter: n { type: number default_value: \"1\" } }",
        },
        Case {
            code: "LK331",
            has: "view: v { measure: a { type: count } measure: b { type: running_total sql: ${a} ;; } measure: c { type: number sql: ${b} ;; } }",
            has_not: "view: v { measure: a { type: count } measure: b { type: running_total sql: ${a} ;; } measure: c { type: number sql: ${a} ;; } }",
        },
        Case {
            code: "LK933",
            has: "view: v { dimension: l { type: location sql_latitude: 1 ;; sql_longitude: 2 ;; } measure: a { type: count filters: [l: \"1\"] } }",
            has_not: "view: v { dimension: l { type: location sql_latitude: 1 ;; sql_longitude: 2 ;; } measure: a { type: count } }",
        },
    ]), @r#"
    error LK022 m.model.lkml:1:40 f [] `[>=1`: the value format `[>=1`: a bracket that does not end; the mistake is at character 1
    error LK022 m.model.lkml:1:100 v.p [] `150`: `percentile` is from 0 to 100, not `150`; -
    error LK022 m.model.lkml:1:146 v.a [] `0;0;0;0;0`: the value format `0;0;0;0;0`: a format has at most four sections; the mistake is at character 8
    error LK310 m.model.lkml:1:80 v.a [] `some`: the filter `some` on `n`: expected a number, not `some`; the mistake is at character 1
    error LK311 m.model.lkml:1:55 v.n [] `one`: `one` is no number, as the parameter `n` needs it; -
    error LK331 m.model.lkml:1:117 v.c [] `${b}`: `${b}` is computed after the query, so no SQL can use it; use the measure that it is computed from, or a table calculation
    error LK933 m.model.lkml:1:121 v.a [] `1`: the filter on `l`: a location can't be filtered; -
    "#);
}
