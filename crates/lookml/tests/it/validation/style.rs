//! What is a matter of style.

use lookml::check_project;

use super::{Case, project, table};

#[test]
fn views_and_fields() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK401",
            has: "view: a { dimension: x {} dimension_group: t { timeframes: [raw, date] } measure: n { type: count description: \" \" } }",
            has_not: "view: a { dimension: x { hidden: yes } measure: n { type: count description: \"Rows.\" } }",
        },
        Case {
            code: "LK402",
            has: "view: a { dimension: x {} }",
            has_not: "view: a { dimension: x { primary_key: yes } } view: p { parameter: y {} } view: f { dimension: x { sql: 1 ;; } } explore: a { join: f { sql: ;; } } view: r { extension: required dimension: x {} }",
        },
        Case {
            code: "LK403",
            has: "view: a { dimension: id { primary_key: yes } dimension: b_id {} } view: b { dimension: id { primary_key: yes hidden: yes } } explore: a { join: b { relationship: many_to_one sql_on: ${a.b_id}=${b.id} ;; } }",
            has_not: "view: a { dimension: id { primary_key: yes hidden: yes } dimension: b_id { hidden: yes } dimension: strava_id {} } view: b { dimension: id { primary_key: yes hidden: yes } } explore: a { join: b { relationship: many_to_one sql_on: ${a.b_id} = ${b.id} ;; } }",
        },
        Case {
            code: "LK404",
            has: "view: a { dimension_group: created_at { type: time timeframes: [raw] } dimension_group: sent_date { timeframes: [raw] } }",
            has_not: "view: a { dimension_group: created { timeframes: [raw] } dimension_group: part_time_ { timeframes: [raw] } dimension_group: run_time { type: duration sql_start: 1 ;; sql_end: 2 ;; } }",
        },
        Case {
            code: "LK405",
            has: "view: a { dimension: paid { type: yesno } dimension: paid_is { type: yesno } }",
            has_not: "view: a { dimension: is_paid { type: yesno } dimension: has_bill { type: yesno } dimension: was_sent { type: yesno } dimension: can_fly { type: yesno } dimension: due { type: yesno hidden: yes } dimension_group: sent { timeframes: [raw, yesno] } }",
        },
        Case {
            code: "LK406",
            has: "view: a { dimension: price {} measure: total { type: sum sql: ${TABLE}.Price ;; } }",
            has_not: "view: a { dimension: price { sql: ${TABLE}.price / 100 ;; } measure: total { type: sum sql: ${TABLE}.price ;; } }",
        },
        Case {
            code: "LK407",
            has: "view: a { dimension: id { primary_key: yes } dimension: x {} measure: n { type: count } measure: m { type: count filters: [x: \"-done\"] } }",
            has_not: "view: a { dimension: id { primary_key: yes } dimension: x {} measure: n { type: count filters: [id: \"-NULL\"] } measure: m { type: count filters: [x: \"done\"] } }",
        },
        Case {
            code: "LK408",
            has: "view: a { measure: n { type: count } measure: r { type: number sql: 1 ;; } }",
            has_not: "view: a { measure: n { type: count value_format_name: decimal_0 } measure: r { type: number sql: 1 ;; value_format: \"0\" } measure: t { type: string sql: MAX('x') ;; } measure: h { hidden: yes type: count } }",
        },
        Case {
            code: "LK409",
            has: "view: a { measure: n { type: count } }",
            has_not: "view: a { drill_fields: [x] dimension: x {} measure: n { type: count } measure: m { type: sum sql: 1 ;; drill_fields: [x] } }",
        },
        Case {
            code: "LK410",
            has: "view: a { dimension: x { type: number sql: ${TABLE}.a / ${TABLE}.b ;; } measure: r { type: number sql: 1.0 * ${n}/${m} ;; } measure: n { type: count } measure: m { type: count } measure: c { type: number sql: ${n} / CAST(${m} AS FLOAT64) ;; } }",
            has_not: "view: a { dimension: x { type: number sql: ${TABLE}.a / NULLIF(${TABLE}.b, 0) / 60.0 / (24 * 7) / CAST(60 AS FLOAT64) / safe_cast ( NULLIF(${TABLE}.c, 0) AS INT64) ;; } dimension: y { sql: '/' || \"a/b\" -- a / b
 || `c/d` /* a / b */ {% comment %} a / b {% endcomment %} ;; } }",
        },
        Case {
            code: "LK414",
            has: "view: a { dimension: a1 {} dimension: a2 {} dimension: a3 {} dimension: a4 {} dimension: a5 {} dimension: a6 {} dimension: a7 {} dimension: a8 {} dimension: a9 {} dimension: b1 {} dimension: b2 {} dimension: b3 {} dimension: b4 {} dimension: b5 {} dimension: b6 {} dimension: b7 {} dimension: b8 {} dimension: b9 {} dimension: c1 {} dimension: c2 {} dimension: c3 {} }",
            has_not: "view: a { dimension: a1 {} dimension: a2 {} dimension: a3 {} dimension: a4 {} dimension: a5 {} dimension: a6 {} dimension: a7 {} dimension: a8 {} dimension: a9 {} dimension: b1 {} dimension: b2 {} dimension: b3 {} dimension: b4 {} dimension: b5 {} dimension: b6 {} dimension: b7 {} dimension: b8 {} dimension: b9 {} dimension: c1 {} dimension: c2 {} dimension: c3 { hidden: yes } dimension: c4 { group_label: \"C\" } }",
        },
        Case {
            code: "LK417",
            has: "view: a { dimension: x { view_label: \"Other\" } }",
            has_not: "view: a { view_label: \"A\" dimension: x { group_label: \"Other\" } }",
        },
        Case {
            code: "LK418",
            has: "view: a { dimension_group: created { timeframes: [date, week] } }",
            has_not: "view: a { dimension_group: created { timeframes: [raw, date] } dimension_group: sent {} }",
        },
        Case {
            code: "LK421",
            has: "view: a { dimension: id { primary_key: yes } dimension: birthday {} measure: s { type: sum sql: ${id} ;; } measure: b { type: average sql: ${birthday} ;; } measure: u { type: sum sql: ${TABLE}.user_id ;; } }",
            has_not: "view: a { dimension: id { primary_key: yes } dimension: birth_rate {} measure: s { type: count_distinct sql: ${id} ;; } measure: b { type: average sql: ${birth_rate} ;; } measure: u { type: max sql: ${TABLE}.user_id ;; } measure: d { type: sum sql: CASE WHEN ${id} > 1 THEN 1 END ;; } }",
        },
        Case {
            code: "LK423",
            has: "view: a { derived_table: { sql: SELECT 1 AS x; ;; } }",
            has_not: "view: a { derived_table: { sql: SELECT ';' AS x -- a;
 ;; } }",
        },
        Case {
            code: "LK427",
            has: "view: a { dimension: x { hidden: yes } dimension_group: t { hidden: yes timeframes: [raw, date] } } explore: a {}",
            has_not: "view: a { dimension: id { hidden: yes primary_key: yes } dimension: x { hidden: yes } dimension: y { sql: ${x} ;; } dimension_group: t { hidden: yes timeframes: [raw, date] } measure: n { type: count drill_fields: [t_date] } } view: b { extension: required dimension: z { hidden: yes } } explore: a {}",
        },
    ]), @r#"
    warning LK401 m.model.lkml:1:11 a.x [] `dimension: x`: `x` has no description; say in a sentence what it is, or hide it
    warning LK401 m.model.lkml:1:27 a.t [] `dimension_group: t`: `t` has no description; say in a sentence what it is, or hide it
    warning LK401 m.model.lkml:1:74 a.n [] `measure: n`: `n` has no description; say in a sentence what it is, or hide it
    warning LK402 m.model.lkml:1:1 a [] `view: a`: the view `a` has no primary key; without one, measures are wrong or fail where a join repeats rows
    warning LK403 m.model.lkml:1:11 a.id [] `dimension: id`: the primary key `id` is visible; write `hidden: yes`
    warning LK403 m.model.lkml:1:46 a.b_id [] `dimension: b_id`: the foreign key `b_id` is visible; write `hidden: yes`
    warning LK404 m.model.lkml:1:11 a.created_at [] `dimension_group: created_at`: the group `created_at` ends in `_at`; its labels say it twice: call it `created`
    warning LK404 m.model.lkml:1:72 a.sent_date [] `dimension_group: sent_date`: the group `sent_date` ends in `_date`; its labels say it twice: call it `sent`
    warning LK405 m.model.lkml:1:11 a.paid [] `dimension: paid`: `paid` is a yes or no; call it `is_paid` or `has_paid`
    warning LK405 m.model.lkml:1:43 a.paid_is [] `dimension: paid_is`: `paid_is` is a yes or no; call it `is_paid` or `has_paid`
    warning LK406 m.model.lkml:1:58 a.total [] `sql: ${TABLE}.Price ;;`: this reads the column `price`, which is the dimension `price`; write `${price}`
    warning LK407 m.model.lkml:1:62 a.n [] `measure: n`: `n` counts rows without a match too; write `filters: [id: "-NULL"]`
    warning LK407 m.model.lkml:1:89 a.m [] `measure: m`: `m` counts rows without a match too; write `filters: [id: "-NULL"]`
    warning LK408 m.model.lkml:1:11 a.n [] `measure: n`: `n` has no value format; write `value_format_name:`
    warning LK408 m.model.lkml:1:38 a.r [] `measure: r`: `r` has no value format; write `value_format_name:`
    warning LK409 m.model.lkml:1:11 a.n [] `measure: n`: `n` has no drill fields; write `drill_fields:`, so that a click shows what is behind a number
    warning LK410 m.model.lkml:1:55 a.x [] `/ ${TABLE}.b`: `/ ${TABLE}.b` may divide by zero; write `/ NULLIF(…, 0)`
    warning LK410 m.model.lkml:1:114 a.r [] `/${m}`: `/${m}` may divide by zero; write `/ NULLIF(…, 0)`
    warning LK410 m.model.lkml:1:215 a.c [] `/ CAST(${m} AS FLOAT64)`: `/ CAST(${m} AS FLOAT64)` may divide by zero; write `/ NULLIF(…, 0)`
    warning LK414 m.model.lkml:1:1 a [] `view: a`: the view `a` shows 21 fields without a `group_label`; put those together that belong together
    warning LK417 m.model.lkml:1:26 a.x [] `view_label: "Other"`: `x` stands under another heading; people look for it under that of its view: use `group_label`
    warning LK418 m.model.lkml:1:11 a.created [] `dimension_group: created`: the group `created` has no timeframe `raw`; other SQL needs the column as it is: add `raw`
    warning LK421 m.model.lkml:1:92 a.s [] `sql: ${id} ;;`: `${id}` is a key: its sum and its mean are nothing; -
    warning LK421 m.model.lkml:1:135 a.b [] `sql: ${birthday} ;;`: `${birthday}` is a time: its sum and its mean are nothing; -
    warning LK421 m.model.lkml:1:180 a.u [] `sql: ${TABLE}.user_id ;;`: `${TABLE}.user_id` is an identifier: its sum and its mean are nothing; -
    warning LK423 m.model.lkml:1:28 a [] `sql: SELECT 1 AS x; ;;`: a semicolon in the SQL of a derived table; it is put into another query, where one would end it
    warning LK427 m.model.lkml:1:11 a.x [] `dimension: x`: `x` is hidden, and nothing uses it; take it away, or show it
    warning LK427 m.model.lkml:1:40 a.t [] `dimension_group: t`: `t` is hidden, and nothing uses it; take it away, or show it
    "#);
}

#[test]
fn files_and_explores() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK411",
            has: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: one_to_one sql_on: a.id = ${b.id} ;; } join: c { from: v relationship: one_to_one sql_on: ${a.id} = ${TABLE}.id ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: one_to_one sql_on: ${a.id} = ${b.id} AND 'a.id' <> s.f(${a.id}, 1.5) ;; } }",
        },
        Case {
            code: "LK412",
            has: "--- m.model.lkml\ninclude: \"a.view\"\n--- a.view.lkml\nview: b {} view: c {}",
            has_not: "--- m.model.lkml\ninclude: \"a.view\"\ninclude: \"x\"\n--- a.view.lkml\nview: a {} view: +b {}\n--- x.lkml\nview: b {} view: c {}",
        },
        Case {
            code: "LK413",
            has: "--- m.model.lkml\ninclude: \"*.view\"\n--- a.view.lkml\nview: a {}",
            has_not: "--- m.model.lkml\ninclude: \"a.view\"\n--- a.view.lkml\nview: a {}",
        },
        Case {
            code: "LK415",
            has: "view: a {} explore: a {} explore: b { from: a label: \"B\" } explore: c { from: a description: \"C.\" }",
            has_not: "view: a {} explore: a { label: \"A\" description: \"A.\" } explore: b { from: a hidden: yes }",
        },
        Case {
            code: "LK416",
            has: "view: a {} explore: a { label: \"One Letter Longer than It\" } explore: b { from: a label: \"Two Letters Longer than It\" }",
            has_not: "view: a {} explore: a { label: \"One Letter Longer than It\" }",
        },
        Case {
            code: "LK419",
            has: "# This dimension will be called \"X\" in Explore.\nview: a {}",
            has_not: "# This dimension is called \"X\" in Explore.\nview: a {}",
        },
        Case {
            code: "LK420",
            has: "# TODO: more\nview: a { derived_table: { sql: SELECT 1 -- FIXME
 ;; } }",
            has_not: "# METHODOLOGY, TODOS\nview: a { label: \"To Do\" }",
        },
        Case {
            code: "LK422",
            has: "view: a { label: \"Order\" dimension: x {} } explore: a { join: b { from: a type: cross } }",
            has_not: "view: a { label: \"Order\" dimension: x {} } explore: a { join: b { from: a type: cross view_label: \"Other\" } join: c { from: a type: cross view_label: \"Other\" } }",
        },
    ]), @r#"
    warning LK411 m.model.lkml:1:120 a [a] `a.id`: `a.id` is a column, not a field; write `${view.field}`, which stays right when the column changes
    warning LK411 m.model.lkml:1:201 a [a] `${TABLE}.id`: `${TABLE}.id` is a column, not a field; write `${view.field}`, which stays right when the column changes
    warning LK412 a.view.lkml:1:7 b [] `b`: the view is called `b`, and its file `a`; call the file `b.view.lkml`
    warning LK412 a.view.lkml:1:18 c [] `c`: `c` is the second view in this file; give it a file of its own
    warning LK413 m.model.lkml:1:10 - [] `"*.view"`: "*.view" includes whatever there is; name each file, so that nothing comes in by accident
    warning LK415 m.model.lkml:1:12 a [a] `explore: a`: the explore `a` has no label and no description; -
    warning LK415 m.model.lkml:1:26 b [b] `explore: b`: the explore `b` has no description; -
    warning LK415 m.model.lkml:1:60 c [c] `explore: c`: the explore `c` has no label; -
    warning LK416 m.model.lkml:1:83 b [b] `label: "Two Letters Longer than It"`: the label has 26 letters, and the menu room for 25; -
    warning LK419 m.model.lkml:1:1 - [] `# This dimension will be called "X" in Explore.`: a generator left this comment; take it away
    warning LK420 m.model.lkml:1:3 - [] `TODO`: `TODO` is left; do it, or write it down elsewhere
    warning LK420 m.model.lkml:2:45 a [] `FIXME`: `FIXME` is left; do it, or write it down elsewhere
    warning LK422 m.model.lkml:1:57 a [a] `join: b`: `b` and `a` stand under one heading, `Order`; give one of them a `view_label`
    "#);
}

#[test]
fn nobody_hears_of_style_who_does_not_ask() {
    let problems = check_project(&project("view: a { dimension: x {} } explore: a {}"));
    assert_eq!(problems, []);
}
