//! Views and their declarations.

use super::{Case, table};

#[test]
fn objects() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK110",
            has: "view: a {} view: a {} explore: a {} explore: a {}",
            has_not: "view: a {} explore: a {}",
        },
        Case {
            code: "LK111",
            has: "view: orders {} view: +order {} explore: +orders {}",
            has_not: "view: +orders {} view: orders {}",
        },
        Case {
            code: "LK112",
            has: "view: a { extension: required } explore: a {} test: t { explore_source: e { column: x {} } assert: one { expression: yes ;; } } explore: e { extension: required }",
            has_not: "view: a { extension: required } view: b { extends: [a] } explore: b {}",
        },
        Case {
            code: "LK113",
            has: "view: a { extends: [b] } view: b { extends: [a] } view: c { extends: [orders] } view: order {}",
            has_not: "view: a { extends: [b] } view: b {}",
        },
        Case {
            code: "LK114",
            has: "view: a { dimension: x {} } view: +a { measure: x { type: count } }",
            has_not: "view: a { dimension: x {} } view: +a { dimension: x { label: \"X\" } }",
        },
        Case {
            code: "LK115",
            has: "view: a { dimension_group: created { timeframes: [raw, date] } dimension: created_date {} dimension: x { alias: [created_raw, z] } dimension: y { alias: [z] } }",
            has_not: "view: a { dimension_group: created { timeframes: [raw, week] } dimension: created_date {} dimension: x { alias: [old_x, older_x] } }",
        },
        Case {
            code: "LK116",
            has: "view: a { dimension: x { primary_key: yes } dimension: y { primary_key: yes } }",
            has_not: "view: a { dimension: x { primary_key: yes } dimension: y { primary_key: yes } } view: +a { dimension: y { primary_key: no } }",
        },
        Case {
            code: "LK117",
            has: "view: a { dimension: x { type: sum } }",
            has_not: "view: a { measure: x { type: sum sql: 1 ;; } }",
        },
        Case {
            code: "LK118",
            has: "view: a { measure: x { type: number } measure: y { type: sum } dimension: z { type: tier } dimension_group: d { type: duration sql_start: 1 ;; } measure: l { type: list } }",
            has_not: "view: a { measure: x { type: number sql: 1 ;; } measure: y { type: sum sql: 1 ;; } dimension: z { type: tier } } view: +a { dimension: z { tiers: [1] } } view: b { extension: required measure: x { type: number } }",
        },
        Case {
            code: "LK119",
            has: "view: a { measure: x { type: number sql: 1 ;; filters: [y: \"1\"] } dimension: y { style: integer } measure: z { type: count sql: 1 ;; } }",
            has_not: "view: a { measure: x { type: sum sql: 1 ;; filters: [y: \"1\"] } dimension: y {} measure: z { type: count } }",
        },
        Case {
            code: "LK120",
            has: "view: a { final: yes } view: +a { label: \"A\" }",
            has_not: "view: a {} view: +a { final: yes }",
        },
        Case {
            code: "LK121",
            has: "view: a { sql_table_name: t ;; derived_table: { sql: SELECT 1 ;; } }",
            has_not: "view: a { derived_table: { sql: SELECT 1 ;; } }",
        },
        Case {
            code: "LK122",
            has: "view: o { dimension: x {} } explore: o { join: d { type: cross } } explore: p { from: o join: d { type: cross } }
view: d { derived_table: { explore_source: o { column: x {} bind_all_filters: yes bind_filters: { from_field: o.x to_field: o.x } } } dimension: x {} }",
            has_not: "view: o { dimension: x {} } explore: o { join: d { type: cross } } explore: p { from: o join: d { type: cross } fields: [p*] }
view: d { derived_table: { explore_source: o { column: x {} bind_all_filters: yes } } dimension: x {} }",
        },
        Case {
            code: "LK030",
            has: "view: a { derived_table: { sql: SELECT 1 ;; persist_for: \"1 hour\" indexes: [\"a\"] } }",
            has_not: "view: a { derived_table: { sql: SELECT 1 ;; } }",
        },
        Case {
            code: "LK920",
            has: "view: a { dimension: x { sql: {% iff a %} 1 {% endif %} ;; } }",
            has_not: "view: a { dimension: x { sql: {% if a %} 1 {% endif %} ;; } }",
        },
        Case {
            code: "LK922",
            has: "view: a { derived_table: { sql: SELECT {% if x %} 1 ;; } dimension: y { html: {{ value | }} ;; } }",
            has_not: "view: a { derived_table: { sql: SELECT 1 ;; } dimension: y { html: {{ value }} ;; } }",
        },
    ]), @r#"
    error LK110 m.model.lkml:1:12 a [] `view: a`: the view `a` is defined in `m.model.lkml` already; to change it, write `view: +a`
    error LK110 m.model.lkml:1:37 a [a] `explore: a`: the explore `a` is defined in `m.model.lkml` already; to change it, write `explore: +a`
    error LK111 m.model.lkml:1:17 order [] `view: +order`: there is no view `order` to refine in this model; did you mean `orders`?
    error LK111 m.model.lkml:1:33 orders [orders] `explore: +orders`: there is no explore `orders` to refine in this model; -
    error LK112 m.model.lkml:1:33 a [a] `explore: a`: the view `a` is there to be extended only; the explore `a` needs it; extend it, and use the view that does
    error LK112 m.model.lkml:1:73 t [] `e`: the explore `e` is there to be extended only; -
    error LK113 m.model.lkml:1:46 b [] `a`: the views extend each other: a → b → a; -
    error LK113 m.model.lkml:1:71 c [] `orders`: there is no view `orders` to extend in this model; did you mean `order`?
    error LK114 m.model.lkml:1:40 a.x [] `measure: x`: `x` can't be a dimension and a measure; -
    error LK115 m.model.lkml:1:64 a.created_date [] `dimension: created_date`: `created_date` is the name of another field of the group `created` already; -
    error LK115 m.model.lkml:1:114 a.x [] `created_raw`: `created_raw` is a name of the field `created_raw` already; -
    error LK115 m.model.lkml:1:127 a.x [] `z`: `z` is a name of the field `y` already; -
    error LK116 m.model.lkml:1:45 a.y [] `dimension: y`: the view `a` has the primary key `x` already; put the columns together in one dimension, and take `primary_key` away here
    error LK117 m.model.lkml:1:32 a.x [] `sum`: a `dimension` can't have the type `sum`; it is a type of `measure`
    error LK118 m.model.lkml:1:11 a.x [] `measure: x`: a `measure` of type `number` needs `sql`; -
    warning LK118 m.model.lkml:1:39 a.y [] `measure: y`: a `measure` of type `sum` should have `sql`; the column that is named like it is used
    error LK118 m.model.lkml:1:64 a.z [] `dimension: z`: a `dimension` of type `tier` needs `tiers`; -
    error LK118 m.model.lkml:1:92 a.d [] `dimension_group: d`: a `dimension_group` of type `duration` needs `sql_end`; -
    error LK118 m.model.lkml:1:146 a.l [] `measure: l`: a `measure` of type `list` needs `list_field`; -
    error LK119 m.model.lkml:1:47 a.x [] `filters: [y: "1"]`: `filters` means nothing in a `measure` of type `number`; -
    error LK119 m.model.lkml:1:82 a.y [] `style: integer`: `style` means nothing in a `dimension` of type `string`; it is for type `tier`, `bin`
    warning LK119 m.model.lkml:1:124 a.z [] `sql: 1 ;;`: `sql` means nothing in a `measure` of type `count`; it is ignored: take it away
    error LK120 m.model.lkml:1:24 a [] `view: +a`: the view `a` is final; -
    error LK121 m.model.lkml:1:11 a [] `sql_table_name: t ;;`: the view `a` has a `sql_table_name` and a `derived_table`; -
    error LK122 m.model.lkml:2:61 d [] `bind_all_filters: yes`: `bind_all_filters` and `bind_filters` can't stand side by side; -
    error LK122 m.model.lkml:2:61 d [p] `bind_all_filters: yes`: all filters of the explore `o` are bound, and the view stands in the explore `p`; write `bind_filters` for each of them
    info LK030 m.model.lkml:1:45 a [] `persist_for: "1 hour"`: `persist_for` changes nothing here; the table is computed in each query
    error LK920 m.model.lkml:1:31 a.x [] `{%`: there is no tag `iff`; -
    error LK922 m.model.lkml:1:40 a [] `{%`: `if` is never closed; -
    error LK922 m.model.lkml:1:89 a.y [] ` }`: the name of a filter is missing; -
    "#);
}
