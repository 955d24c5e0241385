//! Dashboards against the model.

use super::{Case, checked, table};

const MODEL: &str = "--- m.model.lkml
include: \"d.dashboard\"
view: v { dimension: x {} dimension: y {} measure: n { type: count } dimension_group: t { timeframes: [date] } }
explore: v { fields: [ALL_FIELDS*, -y] }
--- d.dashboard.lookml
";

#[test]
fn elements_and_filters() {
    let text = format!("{MODEL}- dashboard: d
  filters:
  - {{name: f, type: field_filter, explore: v, field: v.z}}
  elements:
  - {{name: a, explore: v, model: m, fields: [v.x, v.y, w.x, v.t, share, other], sorts: [v.n desc 0, v.m], filters: {{v.q: '1'}}, listen: {{f: v.r}}, dynamic_fields: [{{table_calculation: share, expression: '1'}}]}}
  - {{name: b, model: n, explore: v, fields: [v.x]}}
  - {{name: c, model: m, explore: u, fields: [v.x]}}
");
    insta::assert_snapshot!(checked(&text), @r#"
    error LK424 d.dashboard.lookml:3:54 v.z [v] `v.z`: the explore `v` has no field `v.z`; -
    error LK424 d.dashboard.lookml:5:51 v.y [v] `v.y`: the explore `v` leaves the field `v.y` out; -
    error LK424 d.dashboard.lookml:5:56 w.x [v] `w.x`: the explore `v` has no view `w`; did you mean `v.x`?
    error LK424 d.dashboard.lookml:5:61 v.t [v] `v.t`: `v.t` is a dimension group, not one of its fields; -
    error LK424 d.dashboard.lookml:5:73 other [v] `other`: `other` is no calculation, and no full name of a field, `view.field`; -
    error LK424 d.dashboard.lookml:5:101 v.m [v] `v.m`: the explore `v` has no field `v.m`; -
    error LK424 d.dashboard.lookml:5:117 v.q [v] `v.q`: the explore `v` has no field `v.q`; -
    error LK424 d.dashboard.lookml:5:140 v.r [v] `v.r`: the explore `v` has no field `v.r`; -
    error LK424 d.dashboard.lookml:6:22 - [] `n`: there is no model `n`; -
    error LK424 d.dashboard.lookml:7:34 - [] `u`: the model `m` has no explore `u`; -
    "#);
}

#[test]
fn dashboards() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK424",
            has: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  elements:\n  - {name: a, explore: v, model: m, fields: [v.xx]}\n",
            has_not: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x { alias: [xx] } } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  elements:\n  - {name: a, explore: v, model: m, fields: [v.xx], sorts: [v.x desc]}\n  - {type: text, body_text: b}\n- dashboard: e\n  extension: required\n  elements:\n  - {name: a, explore: w, fields: [w.x]}\n",
        },
        Case {
            code: "LK425",
            has: "--- m.model.lkml\ninclude: \"*.dashboard\"\n--- a.dashboard.lookml\n- dashboard: d\n--- b.dashboard.lookml\n- dashboard: d\n",
            has_not: "--- m.model.lkml\ninclude: \"a.dashboard\"\n--- n.model.lkml\ninclude: \"b.dashboard\"\n--- a.dashboard.lookml\n- dashboard: d\n--- b.dashboard.lookml\n- dashboard: d\n",
        },
        Case {
            code: "LK426",
            has: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  filters:\n  - {name: Period}\n  elements:\n  - {name: a, explore: v, model: m, fields: [v.x], listen: {Periods: v.x}}\n",
            has_not: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  filters:\n  - {name: Period}\n  elements:\n  - {name: a, explore: v, model: m, fields: [v.x], listen: {Period: v.x}}\n",
        },
    ]), @r#"
    error LK424 d.dashboard.lookml:3:46 v.xx [v] `v.xx`: the explore `v` has no field `v.xx`; did you mean `v.x`?
    error LK425 b.dashboard.lookml:1:14 - [] `d`: a second dashboard `d`; the first is in `a.dashboard.lookml`; give this one another name
    error LK426 d.dashboard.lookml:5:61 - [] `Periods`: dashboard `d` has no filter `Periods`; did you mean `Period`?
    "#);
}

/// What is wrong with the parts of a dashboard.
fn with(parts: &str) -> String {
    let model = MODEL.replace(
        "measure: n",
        "dimension: k { type: number alias: [old] } parameter: p { type: number } measure: rt { type: running_total sql: ${n} ;; } measure: n",
    );
    checked(&format!("{model}- dashboard: d\n{parts}"))
}

#[test]
fn calculations() {
    insta::assert_snapshot!(with("  elements:
  - name: a
    explore: v
    fields: [v.x, v.old, v.n]
    dynamic_fields:
    - {table_calculation: one, expression: 'foo(${v.n})'}
    - table_calculation: two
      expression: ${v.nope} + ${v.k} + ${v.old} + ${one} + ${nobody}
    - {table_calculation: three, expression: '${v.rt}', value_format_name: usdd}
    - {table_calculation: four, expression: '1 +', value_format: '[>=1'}
    - {table_calculation: fine, expression: 'sum(${v.n}) / ${v.n:total}', value_format: '0.0%', value_format_name: ''}
    - {table_calculation: quiet, expression: 'foo(', is_disabled: true}
    - {measure: m, based_on: v.x, type: count_distinct}
    - {dimension: e, expression: '1'}
    - {label: nothing}
  - {name: b, explore: v, model: m, fields: [v.n], dynamic_fields: '[{\"table_calculation\": \"c\", \"expression\": \"foo(1)\"}]'}
  - {name: c, explore: v, model: m, fields: [v.n], dynamic_fields: '[{', filter_expression: '${v.x} = ${v.y} AND'}
  - {name: d, explore: v, model: m, fields: [v.n], filter_expression: '${v.z} = 1'}
  - {name: e, explore: v, model: m, fields: [v.n], filter_expression: '${v.n} > mean(${v.n})'}
"), @r#"
    warning LK118 d.dashboard.lookml:3:5 - [] `name`: the element `a` has no `model`; write `model: m`, which is assumed
    error LK935 d.dashboard.lookml:7:44 - [] `'foo(${v.n})'`: there is no function `foo`; the mistake is at character 1
    error LK424 d.dashboard.lookml:9:19 nobody [v] `${v.nope} + ${v.k} + ${v.old} + ${one} + ${nobody}`: `nobody` is no calculation, and no full name of a field, `view.field`; -
    error LK424 d.dashboard.lookml:9:19 v.nope [v] `${v.nope} + ${v.k} + ${v.old} + ${one} + ${nobody}`: the explore `v` has no field `v.nope`; -
    error LK217 d.dashboard.lookml:10:46 - [] `'${v.rt}'`: there is no value format `usdd`; did you mean `usd`?
    error LK301 d.dashboard.lookml:10:46 v.rt [v] `'${v.rt}'`: `three` uses `v.rt`, which is none of the element's fields; add it to `fields`
    error LK022 d.dashboard.lookml:11:45 - [] `'1 +'`: the value format `[>=1`: a bracket that does not end; the mistake is at character 1
    error LK937 d.dashboard.lookml:11:45 - [] `'1 +'`: a value should stand here, there is the end; the mistake is at character 4
    warning LK934 d.dashboard.lookml:14:8 - [] `measure`: the custom measure `m` is not supported; declare it in the model
    warning LK934 d.dashboard.lookml:15:34 - [] `'1'`: the custom dimension `e` is not supported; declare it in the model
    warning LK934 d.dashboard.lookml:16:8 - [] `label`: a dynamic field that is no table calculation; declare it in the model
    error LK935 d.dashboard.lookml:17:68 - [] `'[{"table_calculation": "c", "expression": "foo(1)"}]'`: there is no function `foo`; the mistake is at character 1
    error LK937 d.dashboard.lookml:18:68 - [] `'[{'`: the dynamic fields cannot be read: EOF while parsing an object at line 1 column 2; -
    error LK937 d.dashboard.lookml:18:93 - [] `'${v.x} = ${v.y} AND'`: a value should stand here, there is the end; the mistake is at character 20
    error LK424 d.dashboard.lookml:19:71 v.z [v] `'${v.z} = 1'`: the explore `v` has no field `v.z`; -
    error LK937 d.dashboard.lookml:20:71 - [] `'${v.n} > mean(${v.n})'`: `mean` looks at other rows of the answer, which a filter can't do; a filter decides which rows the answer has: filter by a measure instead
    "#);
}

#[test]
fn what_elements_and_filters_filter_by() {
    insta::assert_snapshot!(with("  filters:
  - {name: Field, type: field_filter, explore: v, field: v.k, default_value: a lot}
  - {name: Parameter, explore: v, field: v.p, default_value: one}
  - {name: Date, type: date_filter, default_value: blah blah}
  - {name: Number, type: number_filter, default_value: '>>5'}
  - {name: Text, type: string_filter, default_value: 'a,-b'}
  - {name: Later, type: date_filter, default_value: \"{{ _user_attributes['since'] }}\"}
  - {name: Of Nothing, type: field_filter}
  elements:
  - {name: a, explore: v, model: m, fields: [v.n], filters: {v.k: '>>5', v.t_date: blah blah, v.rt: '>5', v.p: x, v.x: 'any,-thing', v.n: }}
  - {name: b, explore: v, model: m, fields: [v.n, v.rt], sorts: [v.rt desc, v.n], listen: {Date: v.t_date, Number: v.rt, Text: v.x, Parameter: v.p}}
"), @r#"
    error LK310 d.dashboard.lookml:3:12 - [] `Field`: the filter `a lot` on `v.k`: expected a number, not `a`; the mistake is at character 1
    error LK311 d.dashboard.lookml:4:12 - [] `Parameter`: `one` is no number, as the parameter `v.p` needs it; -
    error LK310 d.dashboard.lookml:5:12 - [] `Date`: the filter `blah blah` on `Date`: expected a date, or a time span such as `7 days`, not `blah`; the mistake is at character 1
    error LK310 d.dashboard.lookml:6:12 - [] `Number`: the filter `>>5` on `Number`: expected a number, not `>5`; the mistake is at character 2
    error LK118 d.dashboard.lookml:9:12 - [] `Of Nothing`: the filter `Of Nothing` is of a field, and names none; write `field:`
    error LK310 d.dashboard.lookml:11:67 - [] `'>>5'`: the filter `>>5` on `v.k`: expected a number, not `>5`; the mistake is at character 2
    error LK310 d.dashboard.lookml:11:84 - [] `blah blah`: the filter `blah blah` on `v.t_date`: expected a date, or a time span such as `7 days`, not `blah`; the mistake is at character 1
    error LK331 d.dashboard.lookml:11:101 - [] `'>5'`: the filter on `v.rt`: a measure that is computed after the query can't be filtered; -
    error LK311 d.dashboard.lookml:11:112 - [] `x`: `x` is no number, as the parameter `v.p` needs it; -
    error LK331 d.dashboard.lookml:12:66 - [] `v.rt desc`: `v.rt` is computed after the query, so rows can't be sorted by it; -
    error LK331 d.dashboard.lookml:12:116 - [] `v.rt`: the filter on `v.rt`: a measure that is computed after the query can't be filtered; -
    "#);
}

#[test]
fn parts_of_a_dashboard() {
    insta::assert_snapshot!(with("  filters:
  - {name: Period}
  - {name: Period}
  elements:
  - {name: a, explore: v, model: m, fields: [v.n], pivots: [v.x, v.nope]}
  - {name: a, explore: v, model: m, type: looker_colum, fields: [v.x], pivots: [v.x]}
  - {name: b, explore: v, model: m, type: looker_map, fields: [v.x]}
  - {name: c, explore: v, model: m, type: 'marketplace_viz_radar::radar', fields: [v.x]}
  - {name: e, explore: v, model: m, type: pyramid, fields: [v.x]}
  - {name: old, explore: v, model: m, type: table, base_view: v, dimensions: [x], measures: [v.n]}
- dashboard: child
  extends: d
  filters:
  - {name: Period, type: field_filter}
  elements:
  - {name: a, fields: [v.x, v.n]}
"), @r#"
    warning LK017 d.dashboard.lookml:4:12 - [] `Period`: a second filter `Period`; give it another name
    error LK301 d.dashboard.lookml:6:61 v.x [v] `v.x`: the pivot is `v.x`, which is none of the element's fields; add it to `fields`
    error LK424 d.dashboard.lookml:6:66 v.nope [v] `v.nope`: the explore `v` has no field `v.nope`; -
    warning LK017 d.dashboard.lookml:7:12 - [] `a`: a second element `a`; give it another name
    warning LK022 d.dashboard.lookml:7:43 - [] `looker_colum`: there is no visualisation `looker_colum`; did you mean `looker_column`?
    info LK932 d.dashboard.lookml:8:43 - [] `looker_map`: `looker_map` is not drawn here; the element is shown as a table
    info LK932 d.dashboard.lookml:9:43 - [] `'marketplace_viz_radar::radar'`: `marketplace_viz_radar::radar` is not drawn here; the element is shown as a table
    warning LK022 d.dashboard.lookml:10:43 - [] `pyramid`: there is no visualisation `pyramid`; the element is shown as a table
    error LK424 d.dashboard.lookml:11:79 x [v] `x`: `x` is no calculation, and no full name of a field, `view.field`; -
    error LK118 d.dashboard.lookml:15:12 - [] `Period`: the filter `Period` is of a field, and names none; write `field:`
    "#);
}

#[test]
fn comments_switch_rules_off() {
    let element = "  - name: a # lookml-ignore: LK301
    explore: v
    model: m
    fields: [v.z] # lookml-ignore: LK424 since it comes soon
    pivots: [v.x]
";
    assert_eq!(with(&format!("  elements:\n{element}")), "");
    let above = "  # lookml-ignore: LK424\n\n  # all of them\n  elements:\n  - {name: a, explore: v, model: m, fields: [v.z]}\n";
    assert_eq!(with(above), "");
    let others = "  # lookml-ignore: LK424\n  filters:\n  - {name: b}\n  elements:
  # lookml-ignore: LK424
  - {name: c, explore: v, model: m, fields: [v.z]}
  - {name: a, explore: v, model: m, fields: [v.z]}
  - name: b
    explore: v
    # lookml-ignore: LK310
    fields:
    - v.z # lookml-ignore: LK424
    - v.q
    note_text: 'say # lookml-ignore: LK424'
";
    insta::assert_snapshot!(with(others), @r#"
    error LK424 d.dashboard.lookml:8:46 v.z [v] `v.z`: the explore `v` has no field `v.z`; -
    warning LK118 d.dashboard.lookml:9:5 - [] `name`: the element `b` has no `model`; write `model: m`, which is assumed
    error LK424 d.dashboard.lookml:14:7 v.q [v] `v.q`: the explore `v` has no field `v.q`; -
    "#);
}

#[test]
fn an_element_says_what_it_is_and_asks() {
    insta::assert_snapshot!(with("  elements:
  - {title: Rides, explore: v, model: m, fields: [v.x]}
  - {name: a, explore: v, fields: [v.x]}
  - {name: b, explore: v, model: m}
  - {explore: v, model: m, dynamic_fields: [{table_calculation: one, expression: '1'}]}
  - {type: text, body_text: b}
  - {name: c}
"), @r#"
    warning LK118 d.dashboard.lookml:3:6 - [] `title`: the element "Rides" has no `name`; write `name:`, by which others know it
    warning LK118 d.dashboard.lookml:4:6 - [] `name`: the element `a` has no `model`; write `model: m`, which is assumed
    warning LK118 d.dashboard.lookml:5:6 - [] `name`: the element `b` has no `fields`; write `fields:`; it shows nothing
    warning LK118 d.dashboard.lookml:6:6 - [] `explore`: an element has no `name`; write `name:`, by which others know it
    "#);
}
