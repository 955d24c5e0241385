//! Fields, views, sets and formats that are named.

use super::{Case, checked, table};

#[test]
fn views_and_fields() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK201",
            has: "explore: order { join: lines { sql_on: ${order.id} = ${lines.id} ;; } always_join: [line] } view: orders {} view: d { derived_table: { sql: SELECT * FROM ${nothing.SQL_TABLE_NAME} ;; } } view: n { derived_table: { explore_source: orders { column: x {} } } }",
            has_not: "explore: orders { always_join: [lines] join: lines { type: cross } } view: orders {} view: lines {} view: d { derived_table: { sql: SELECT * FROM ${orders.SQL_TABLE_NAME} ;; } }",
        },
        Case {
            code: "LK202",
            has: "explore: a { join: a { type: cross } join: b { type: cross } join: b { type: cross } } view: a {} view: b {}",
            has_not: "explore: a { join: b { type: cross } join: c { from: b type: cross } } explore: +a { join: b { type: inner sql_on: ${a.x} = ${b.x} ;; relationship: one_to_one } } view: a { dimension: x {} } view: b { extends: [a] }",
        },
        Case {
            code: "LK203",
            has: "--- m.model.lkml\nexplore: orders {}\n--- views/orders.view.lkml\nview: orders {}",
            has_not: "--- m.model.lkml\ninclude: \"views/orders.view\"\nexplore: orders {}\n--- views/orders.view.lkml\nview: orders {}",
        },
        Case {
            code: "LK210",
            has: "view: a {
  dimension: amount {}
  dimension: b { sql: ${amonut} ;; }
  dimension: c { sql: {% if a.x._in_query %} ${nothing} {% else %} 1 {% endif %} ;; order_by_field: z }
  dimension: d { type: number sql: ${b::date} ;; }
  measure: e { type: count filters: [q: \"1\"] drill_fields: [amount, r] }
  measure: f { type: list list_field: e }
  dimension: g { sql: {% condition h %} ${amount} {% endcondition %} ${p} ;; required_fields: [i] suggest_dimension: j }
  parameter: p {}
  set: s { fields: [k, -l] }
  dimension: m { sql: ${other.id} ;; }
  drill_fields: [n]
}",
            has_not: "view: a {
  dimension: amount { alias: [amonut] }
  dimension: b { sql: ${amonut} ;; }
  dimension: c { sql: {% if a.amount._in_query %} ${amount} {% else %} 1 {% endif %} ;; order_by_field: amount }
  dimension: d { type: number sql: ${b::string} ;; }
  measure: e { type: count filters: [amount: \"1\"] drill_fields: [amount, s*] }
  measure: f { type: list list_field: amount }
  dimension: g { sql: {% condition amount %} ${amount} {% endcondition %} {% parameter p %} {% comment %} ${no} {% endcomment %} ;; required_fields: [b] suggest_dimension: b }
  parameter: p {}
  set: s { fields: [amount, -b] }
  dimension: m { sql: ${TABLE}.a ;; }
  drill_fields: [amount]
}",
        },
        Case {
            code: "LK211",
            has: "view: a { dimension: x {} dimension: y { sql: ${x} ;; } measure: z { type: count filters: [x: \"1\"] } } explore: a { fields: [ALL_FIELDS*, -x] } explore: b { from: a fields: [b.y] }",
            has_not: "view: a { dimension: x {} dimension: y { hidden: yes sql: ${x} ;; } measure: z { type: count } } explore: a { fields: [ALL_FIELDS*, -x] } explore: b { from: a fields: [b.x, b.y] }",
        },
        Case {
            code: "LK212",
            has: "view: a { dimension_group: created { timeframes: [raw, date] } dimension: x { sql: ${created} ;; } measure: y { type: count drill_fields: [created] } }",
            has_not: "view: a { dimension_group: created { timeframes: [raw, yesno] } dimension: x { sql: ${created} ;; } measure: y { type: count drill_fields: [created_raw] } }",
        },
        Case {
            code: "LK213",
            has: "view: a { dimension: x { sql: ${n} > 1 ;; } measure: n { type: count } measure: s { type: sum sql: ${n} ;; } measure: f { type: count filters: [n: \">1\"] } } explore: a { sql_always_where: ${n} > 1 ;; }",
            has_not: "view: a { dimension: x {} measure: n { type: count } measure: s { type: number sql: ${n} ;; } measure: r { type: running_total sql: ${n} ;; } measure: l { type: date sql: MAX(${x}) ;; } } explore: a { sql_always_having: ${n} > 1 ;; }",
        },
        Case {
            code: "LK214",
            has: "view: a { dimension: x { sql: ${y} ;; } dimension: y { sql: ${z} ;; } dimension: z { sql: ${x} ;; } dimension: w { sql: ${w} ;; } dimension_group: g { sql: ${g_raw} ;; } }
view: b { dimension: x { sql: ${c.x} ;; } } view: c { dimension: x { sql: ${d.x} ;; } } explore: b { join: c { type: cross } join: d { from: b type: cross } } ",
            has_not: "view: a { dimension: x { sql: ${y} ;; } dimension: y { sql: ${z} || ${w} ;; } dimension: z { sql: ${w} ;; } dimension: w {} } view: b { dimension: x {} } view: c { dimension: x { sql: ${b.x} ;; } } explore: b { join: c { type: cross } }",
        },
        Case {
            code: "LK215",
            has: "view: a { derived_table: { sql: SELECT * FROM ${b.SQL_TABLE_NAME} ;; } dimension: x {} } view: b { derived_table: { explore_source: a { column: x {} } } dimension: x {} } explore: a {}",
            has_not: "view: a { dimension: x {} } view: b { derived_table: { explore_source: a { column: x {} } } dimension: x {} } explore: a { join: b { sql_on: ${a.x} = ${b.x} ;; relationship: many_to_one } }",
        },
        Case {
            code: "LK216",
            has: "view: a { set: detail { fields: [x] } dimension: x { drill_fields: [details*] } } explore: a { fields: [set*] }",
            has_not: "view: a { set: detail { fields: [x] } dimension: x { drill_fields: [detail*, a*] } } explore: a { fields: [a.detail*, a*] }",
        },
        Case {
            code: "LK217",
            has: "view: a { dimension: x { type: number value_format_name: usdd } measure: y { type: count value_format_name: mine } }",
            has_not: "view: a { dimension: x { type: number value_format_name: usd } measure: y { type: count value_format_name: mine } } named_value_format: mine { value_format: \"0\" }",
        },
        Case {
            code: "LK218",
            has: "--- m.model.lkml\nview: a { dimension: x { required_access_grants: [grant, elsewhere] map_layer_name: moon } derived_table: { sql: SELECT 1 ;; datagroup_trigger: nightly } } persist_with: nightyl\nexplore: a { required_access_grants: [grant] persist_with: no_group }\n--- n.model.lkml\naccess_grant: elsewhere { user_attribute: u allowed_values: [\"x\"] }",
            has_not: "view: a { dimension: x { required_access_grants: [grant] map_layer_name: us_states } dimension: y { map_layer_name: moon } } persist_with: nightly datagroup: nightly { max_cache_age: \"1 hour\" } map_layer: moon { file: \"/moon.json\" } access_grant: grant { user_attribute: u allowed_values: [\"x\"] }",
        },
        Case {
            code: "LK219",
            has: "view: a { dimension: x {} measure: s { type: sum sql: ${y} ;; } dimension: y { hidden: yes sql: ${b.x} ;; } filter: f { sql: {% condition f %} ${b.x} {% endcondition %} ;; } measure: c { type: count filters: [b.x: \"1\"] } } view: b { dimension: x {} }
explore: a {} explore: c { from: a } explore: d { from: a join: b { type: cross } } explore: e { from: a fields: [e.x, e.s] }",
            has_not: "view: a { dimension: x {} measure: s { type: sum sql: ${y} ;; } dimension: y { hidden: yes sql: ${b.x} ;; } dimension: z { html: {{ b.x._value }} ;; sql: {% if b._in_query %} 1 {% endif %} ;; } } view: b { dimension: x {} }
explore: d { from: a join: b { type: cross } } explore: e { from: a fields: [e.x, e.z] }",
        },
        Case {
            code: "LK223",
            has: "view: a { dimension: x {} measure: n { type: count drill_fields: [x, b.x] } } view: b { dimension: x {} } explore: a {}",
            has_not: "view: a { dimension: x {} measure: n { type: count drill_fields: [x, b.x] } } view: b { dimension: x {} } explore: a { join: b { type: cross } }",
        },
        Case {
            code: "LK227",
            has: "view: a { sql_table_name: t ;; dimension: x { sql: ${b.x} ;; } } view: b { dimension: x {} } explore: a { join: b { type: cross } }",
            has_not: "view: a { dimension: x { sql: ${b.x} ;; } } view: b { dimension: x {} } explore: b { join: a { sql: ;; } }",
        },
    ]), @r#"
    error LK201 m.model.lkml:1:1 order [order] `explore: order`: there is no view `order` in this model; the explore `order` needs it; name its view by `view_name` or `from`, and include the view's file
    error LK201 m.model.lkml:1:18 order [order] `join: lines`: there is no view `lines` in this model; the join `lines` of the explore `order` needs it; -
    error LK201 m.model.lkml:1:85 order [order] `line`: the explore `order` has no join `line`; did you mean `lines`?
    error LK201 m.model.lkml:1:155 d [] `${nothing.SQL_TABLE_NAME}`: `${nothing.SQL_TABLE_NAME}`: there is no view `nothing`; -
    error LK201 m.model.lkml:1:231 n [] `orders`: there is no explore `orders` in this model; did you mean `order`?
    error LK202 m.model.lkml:1:14 a [a] `join: a`: `a` stands twice in the explore `a`; -
    error LK202 m.model.lkml:1:62 a [a] `join: b`: `b` is joined twice here; to join a view twice, give one another name: `join: other { from: b`
    error LK203 m.model.lkml:1:1 orders [orders] `explore: orders`: the view `orders` is there, and this model does not include it; write `include: "/views/orders.view.lkml"`
    error LK210 m.model.lkml:3:23 a.b [] `${amonut}`: `${amonut}`: the view `a` has no field `amonut`; did you mean `amount`?
    warning LK210 m.model.lkml:4:29 a.c [] `a.x`: `a.x`: the view `a` has no field `x`; -
    error LK210 m.model.lkml:4:46 a.c [] `${nothing}`: `${nothing}`: the view `a` has no field `nothing`; -
    error LK210 m.model.lkml:4:101 a.c [] `z`: `z`: the view `a` has no field `z`; -
    error LK210 m.model.lkml:5:36 a.d [] `${b::date}`: `${b::date}`: the field has no value `date`; it has `::string`
    error LK210 m.model.lkml:6:38 a.e [] `q`: `q`: the view `a` has no field `q`; -
    error LK210 m.model.lkml:6:69 a.e [] `r`: `r`: the view `a` has no field `r`; -
    error LK210 m.model.lkml:8:36 a.g [] `h`: `h`: the view `a` has no field `h`; -
    error LK210 m.model.lkml:8:70 a.g [] `${p}`: `${p}` is a parameter, which has no SQL to put here; write `{% parameter p %}`
    error LK210 m.model.lkml:8:96 a.g [] `i`: `i`: the view `a` has no field `i`; -
    warning LK210 m.model.lkml:8:118 a.g [] `j`: `j`: the view `a` has no field `j`; -
    error LK210 m.model.lkml:10:21 a [] `k`: `k`: the view `a` has no field `k`; -
    error LK210 m.model.lkml:10:25 a [] `l`: `l`: the view `a` has no field `l`; -
    error LK210 m.model.lkml:11:23 a.m [] `${other.id}`: `${other.id}`: there is no view `other`; -
    error LK210 m.model.lkml:12:18 a [] `n`: `n`: the view `a` has no field `n`; -
    error LK211 m.model.lkml:1:47 a.y [a, b] `${x}`: `${x}` is left out by `fields`; leave this field out as well, or hide one of them instead
    error LK211 m.model.lkml:1:92 a.z [a] `x`: `x` is left out by `fields`; leave this field out as well, or hide one of them instead
    error LK212 m.model.lkml:1:84 a.x [] `${created}`: `${created}` is a dimension group, not one of its fields; write one of `created_raw`, `created_date`
    warning LK212 m.model.lkml:1:140 a.y [] `created`: `created` is a dimension group, not one of its fields; write one of `created_raw`, `created_date`
    error LK213 m.model.lkml:1:31 a.x [] `${n}`: `${n}` is a measure, and this is computed for each row; only measures of type `number`, `string`, `yesno` and `date` are made of measures
    error LK213 m.model.lkml:1:100 a.s [] `${n}`: `${n}` is a measure, and this is computed for each row; only measures of type `number`, `string`, `yesno` and `date` are made of measures
    error LK213 m.model.lkml:1:145 a.f [] `n`: `n` is a measure, and a dimension is needed here; -
    error LK213 m.model.lkml:1:189 a [a] `${n}`: `${n}` is a measure, and this is computed for each row; only measures of type `number`, `string`, `yesno` and `date` are made of measures
    error LK214 m.model.lkml:1:91 a.z [] `${x}`: these fields need each other: x → y → z → x; -
    error LK214 m.model.lkml:1:121 a.w [] `${w}`: these fields need each other: w → w; -
    error LK214 m.model.lkml:1:157 a.g [] `${g_raw}`: these fields need each other: g → g; -
    error LK214 m.model.lkml:2:31 b.x [b] `${c.x}`: these fields need each other: c.x → d.x → c.x; -
    error LK215 m.model.lkml:1:133 b [] `a`: these derived tables need each other: a → b → a; -
    error LK216 m.model.lkml:1:69 a.x [] `details*`: the view `a` has no set `details`; did you mean `detail`?
    error LK216 m.model.lkml:1:105 a [a] `set*`: there is no set `set` here; -
    error LK217 m.model.lkml:1:58 a.x [] `usdd`: there is no value format `usdd`; did you mean `usd`?
    error LK217 m.model.lkml:1:109 a.y [] `mine`: there is no value format `mine`; write `named_value_format: mine {`
    error LK218 m.model.lkml:1:51 a.x [] `grant`: there is no access grant `grant` in this model; -
    warning LK218 m.model.lkml:1:58 a.x [] `elsewhere`: there is no access grant `elsewhere` in this model; another model declares it: here nobody has it
    warning LK218 m.model.lkml:1:85 a.x [] `moon`: there is no map layer `moon` in this model; -
    warning LK218 m.model.lkml:1:145 a [] `nightly`: there is no datagroup `nightly` in this model; -
    warning LK218 m.model.lkml:1:171 - [] `nightyl`: there is no datagroup `nightyl` in this model; -
    error LK218 m.model.lkml:2:39 a [a] `grant`: there is no access grant `grant` in this model; -
    warning LK218 m.model.lkml:2:60 a [a] `no_group`: there is no datagroup `no_group` in this model; -
    error LK219 m.model.lkml:1:97 a.y [a, c, e] `${b.x}`: `${b.x}`: `b` is not joined in the explores `a`, `c`, `e`; join `b` there, or leave this field out by `fields`
    error LK219 m.model.lkml:1:144 a.f [a, c] `${b.x}`: `${b.x}`: `b` is not joined in the explores `a`, `c`; join `b` there, or leave this field out by `fields`
    error LK219 m.model.lkml:1:210 a.c [a, c] `b.x`: `b.x`: `b` is not joined in the explores `a`, `c`; join `b` there, or leave this field out by `fields`
    warning LK223 m.model.lkml:1:70 a.n [a] `b.x`: `b.x` is drilled into, and `b` is not joined in the explore `a`; leave it out of the list, or join the view
    warning LK227 m.model.lkml:1:52 a.x [] `${b.x}`: `${b.x}` is of another view than `a`; every explore with `a` has to join `b`: put the field in a view without a table
    "#);
}

#[test]
fn what_an_explore_names() {
    insta::assert_snapshot!(checked("view: v { dimension: id { primary_key: yes } dimension: x {} measure: n { type: count } }
view: unused { dimension: x {} }
explore: v {
  sql_always_where: ${v.y} = 1 AND ${w.x} = 2 AND ${unused.x} = 3 ;;
  sql_always_having: ${n} > 1 AND ${m} > 1 ;;
  always_filter: { filters: [v.x: \"1\", z: \"2\"] }
  conditionally_filter: { filters: [v.a: \"\"] unless: [v.x, b] }
  access_filter: { field: v.n user_attribute: u }
  cancel_grouping_fields: [v.c]
  query: q { dimensions: [x, d] measures: [v.n, v.e] sorts: [v.f: desc] filters: [v.g: \"1\"] }
  join: o { from: v relationship: many_to_one sql_on: ${v.id} = ${o.idd} ;; sql_where: ${o.h} ;; required_joins: [p] }
  join: k { from: v relationship: many_to_one foreign_key: l }
}"), @r#"
    error LK210 m.model.lkml:4:21 v [v] `${v.y}`: `${v.y}`: the view `v` has no field `y`; -
    error LK210 m.model.lkml:4:36 v [v] `${w.x}`: `${w.x}`: there is no view `w`; -
    error LK210 m.model.lkml:4:51 v [v] `${unused.x}`: `${unused.x}`: `unused` is not joined in the explore `v`; write `join: unused`
    error LK210 m.model.lkml:5:35 v [v] `${m}`: `${m}`: the view `v` has no field `m`; -
    error LK210 m.model.lkml:6:40 v [v] `z`: `z`: the view `v` has no field `z`; -
    error LK210 m.model.lkml:7:37 v [v] `v.a`: `v.a`: the view `v` has no field `a`; -
    error LK210 m.model.lkml:7:60 v [v] `b`: `b`: the view `v` has no field `b`; -
    error LK213 m.model.lkml:8:27 v [v] `v.n`: `v.n` is a measure, and a dimension is needed here; -
    error LK210 m.model.lkml:9:28 v [v] `v.c`: `v.c`: the view `v` has no field `c`; -
    error LK210 m.model.lkml:10:30 v [v] `d`: `d`: the view `v` has no field `d`; did you mean `id`?
    error LK210 m.model.lkml:10:49 v [v] `v.e`: `v.e`: the view `v` has no field `e`; -
    error LK210 m.model.lkml:10:62 v [v] `v.f`: `v.f`: the view `v` has no field `f`; -
    error LK210 m.model.lkml:10:83 v [v] `v.g`: `v.g`: the view `v` has no field `g`; -
    error LK210 m.model.lkml:11:65 v [v] `${o.idd}`: `${o.idd}`: the view `v` has no field `idd`; did you mean `id`?
    error LK210 m.model.lkml:11:88 v [v] `${o.h}`: `${o.h}`: the view `v` has no field `h`; -
    error LK201 m.model.lkml:11:115 v [v] `p`: the explore `v` has no join `p`; -
    error LK210 m.model.lkml:12:60 v [v] `l`: `l`: the view `v` has no field `l`; -
    "#);
}

#[test]
fn what_a_custom_filter_names_and_does() {
    insta::assert_snapshot!(checked("view: v { dimension: x {} measure: n { type: count } }
view: d {
  derived_table: { explore_source: v { column: x {} expression_custom_filter: ${x} = 1 AND row() < 5 ;; } }
  dimension: x {}
}
explore: v {
  query: q { measures: [n] expression_custom_filter: ${v.y} = 1 OR ${x} = 2 OR ${v.n} > ${v.n:total} ;; }
  query: r { measures: [n] expression_custom_filter: ${v.x} = ;; }
}
explore: d {}
test: t { explore_source: v { column: n {} expression_custom_filter: max(${v.n}) > 1 ;; } assert: a { expression: yes ;; } }
"), @r#"
    error LK937 m.model.lkml:3:92 d [] `row()`: `row` looks at other rows of the answer, which a filter can't do; a filter decides which rows the answer has: filter by a measure instead
    error LK210 m.model.lkml:7:56 v [v] `v.y`: `v.y`: the view `v` has no field `y`; -
    error LK937 m.model.lkml:7:89 v [v] `${v.n:total}`: a total of `v.n` is known only when the rows are there that the filter lets through; compare with a number
    error LK937 m.model.lkml:8:62 v [v] ``: a value should stand here, there is the end; -
    error LK937 m.model.lkml:11:70 t [] `max(${v.n})`: `max` looks at other rows of the answer, which a filter can't do; a filter decides which rows the answer has: filter by a measure instead
    "#);
}

#[test]
fn what_a_query_names() {
    insta::assert_snapshot!(checked("view: v { dimension: x {} measure: n { type: count } dimension_group: t { timeframes: [date] } }
view: d {
  derived_table: {
    explore_source: v {
      column: x {}
      column: m { field: v.m }
      column: n { field: v.n }
      derived_column: rank { sql: RANK() OVER () ;; }
      filters: [v.y: \"1\"]
      bind_filters: { from_field: d.w to_field: v.z }
      sorts: [rank: desc, n: desc, v.o: asc]
      expression_custom_filter: ${v.p} > 1 ;;
    }
  }
  filter: window { type: date }
  filter: suggested { suggest_explore: v suggest_dimension: v.s }
  filter: nowhere { suggest_explore: u suggest_dimension: v.s }
  dimension: x { sql: {% if nothing._parameter_value == '1' %} 1 {% endif %} ;; }
}
explore: v { aggregate_table: a { query: { dimensions: [x, aa] } materialization: { persist_for: \"1 hour\" } } }
explore: d {}
test: t {
  explore_source: v { column: n { field: v.n } column: x {} }
  assert: fine { expression: ${v.n} = 1 AND ${x} = 2 ;; }
  assert: wrong { expression: ${v.t_date} = 1 ;; }
  assert: broken { expression: ${v.n} = ;; }
  assert: unknown { expression: nothing(${v.n}) ;; }
}
test: none { explore_source: w { column: x {} } assert: a { expression: yes ;; } }
"), @r#"
    error LK210 m.model.lkml:6:26 d [v] `v.m`: `v.m`: the view `v` has no field `m`; -
    error LK210 m.model.lkml:9:17 d [v] `v.y`: `v.y`: the view `v` has no field `y`; -
    error LK210 m.model.lkml:10:35 d [] `d.w`: `d.w`: the view `d` has no field `w`; -
    error LK210 m.model.lkml:10:49 d [v] `v.z`: `v.z`: the view `v` has no field `z`; -
    error LK210 m.model.lkml:11:36 d [v] `v.o`: `v.o`: the view `v` has no field `o`; -
    error LK210 m.model.lkml:12:35 d [v] `v.p`: `v.p`: the view `v` has no field `p`; -
    error LK210 m.model.lkml:16:61 d.suggested [v] `v.s`: `v.s`: the view `v` has no field `s`; -
    error LK201 m.model.lkml:17:38 d.nowhere [] `u`: there is no explore `u` in this model; -
    warning LK210 m.model.lkml:18:29 d.x [] `nothing`: `nothing`: the view `d` has no field `nothing`; -
    error LK210 m.model.lkml:20:60 v [v] `aa`: `aa`: the view `v` has no field `aa`; -
    error LK210 m.model.lkml:25:33 t [] `v.t_date`: `v.t_date` is no column of this test; write `column: t_date { field: v.t_date }`
    error LK937 m.model.lkml:26:40 t [] ``: a value should stand here, there is the end; -
    error LK935 m.model.lkml:27:33 t [] `nothing`: there is no function `nothing`; -
    error LK201 m.model.lkml:29:30 none [] `w`: there is no explore `w` in this model; -
    "#);
}

#[test]
fn a_mention_says_why_it_is_unknown() {
    insta::assert_snapshot!(checked("--- m.model.lkml
include: \"a.view\"
explore: a { sql_always_where: ${b.x} = ${c.x} AND ${d.x} = ${a.y} ;; }
--- a.view.lkml
view: a { dimension: x {} }
view: d { dimension: x {} }
--- b.view.lkml
view: b { dimension: x {} }
--- n.model.lkml
include: \"b.view\""), @r#"
    error LK210 m.model.lkml:2:32 a [a] `${b.x}`: `${b.x}`: the view `b` is not included in this model; write `include: "/b.view.lkml"`
    error LK210 m.model.lkml:2:41 a [a] `${c.x}`: `${c.x}`: there is no view `c`; -
    error LK210 m.model.lkml:2:52 a [a] `${d.x}`: `${d.x}`: `d` is not joined in the explore `a`; write `join: d`
    error LK210 m.model.lkml:2:61 a [a] `${a.y}`: `${a.y}`: the view `a` has no field `y`; -
    "#);
}

#[test]
fn what_follows_from_another_mistake_is_not_told() {
    insta::assert_snapshot!(checked("--- m.model.lkml
include: \"v.view\"
--- v.view.lkml
view: v { sql_table_name: t ;; dimension: x { sql: ${nowhere.id} ;; } }
--- manifest.lkml
constant: X {}
constant: Y { value: }
"), @r#"
    error LK118 manifest.lkml:1:1 X [] `constant`: `constant` needs `value`; -
    error LK018 manifest.lkml:2:15 Y [] `value`: `value` has no value; give it one, or take it away
    error LK102 manifest.lkml:2:15 Y [] `value`: the manifest can't be read, so constants may be missing; -
    error LK210 v.view.lkml:1:52 v.x [] `${nowhere.id}`: `${nowhere.id}`: there is no view `nowhere`; -
    "#);
}

#[test]
fn lists_of_a_view_that_name_others() {
    insta::assert_snapshot!(checked("--- m.model.lkml
view: v {
  drill_fields: [id, w.id, w.nope, u.x, w.s*, w.nos*, u.s*]
  dimension: id { primary_key: yes drill_fields: [w.s*] }
  measure: c { type: count drill_fields: [v.s*, v.nos*] }
  set: s { fields: [id, w.id, w.nope, -w.not, w.s*, w.nos*, u.s*, x.id, x.nope] }
}
view: w { dimension: id { primary_key: yes } set: s { fields: [id] } }
view: x { dimension: id {} }
explore: v { join: w { relationship: one_to_one sql_on: ${v.id} = ${w.id} ;; } }
explore: alone { from: v view_name: v }
explore: few { from: v view_name: v fields: [v.c] }
"), @r#"
    warning LK223 m.model.lkml:2:22 v [alone, few] `w.id`: `w.id` is drilled into, and `w` is not joined in the explores `alone`, `few`; leave it out of the list, or join the view
    error LK210 m.model.lkml:2:28 v [v] `w.nope`: `w.nope`: the view `w` has no field `nope`; -
    warning LK223 m.model.lkml:2:28 v [alone, few] `w.nope`: `w.nope` is drilled into, and `w` is not joined in the explores `alone`, `few`; leave it out of the list, or join the view
    error LK210 m.model.lkml:2:36 v [] `u.x`: `u.x`: there is no view `u`; -
    warning LK223 m.model.lkml:2:41 v [alone, few] `w.s*`: `w.s*` is drilled into, and `w` is not joined in the explores `alone`, `few`; leave it out of the list, or join the view
    error LK216 m.model.lkml:2:47 v [] `w.nos*`: `w.nos*`: the view `w` has no set `nos`; -
    error LK210 m.model.lkml:2:55 v [] `u.s*`: `u.s*`: there is no view `u`; -
    warning LK223 m.model.lkml:3:51 v.id [alone] `w.s*`: `w.s*` is drilled into, and `w` is not joined in the explore `alone`; leave it out of the list, or join the view
    error LK216 m.model.lkml:4:49 v.c [] `v.nos*`: `v.nos*`: the view `v` has no set `nos`; -
    error LK210 m.model.lkml:5:31 v [v] `w.nope`: `w.nope`: the view `w` has no field `nope`; -
    error LK216 m.model.lkml:5:53 v [] `w.nos*`: `w.nos*`: the view `w` has no set `nos`; -
    error LK210 m.model.lkml:5:61 v [] `u.s*`: `u.s*`: there is no view `u`; -
    error LK210 m.model.lkml:5:73 v [] `x.nope`: `x.nope`: the view `x` has no field `nope`; -
    "#);
}

#[test]
fn values_that_are_nothing() {
    insta::assert_snapshot!(checked("--- m.model.lkml
view: v {
  dimension: a { sql: '{{ _localization['hello'] }}' ;; html: {{ _localization['hallo'] }} ;; }
  dimension: b { link: { label: \"x\" url: \"{{ _explore._dashboard_url }}\" } }
}
--- en.strings.json
{ \"hello\": \"Hello\" }"), @r#"
    warning LK210 m.model.lkml:2:66 v.a [] `_localization`: `_localization['hallo']` is nothing: no text has this key; texts are in files such as `en.strings.json`
    info LK932 m.model.lkml:3:37 v.b [] `url: "{{ _explore._dashboard_url }}"`: `_explore._dashboard_url` is nothing here, where no page shows it; -
    "#);
}
