//! Joins.

use super::{Case, checked, table};

#[test]
fn joins() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK220",
            has: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${b.id} = ${c.id} ;; } join: c { from: v relationship: many_to_one sql_on: ${c.id} = ${b.id} ;; } join: d { from: v relationship: many_to_one sql_on: ${a.id} = ${d.id} ;; sql_where: ${e.id} = 1 ;; } join: e { from: v relationship: many_to_one sql_on: ${a.id} = ${e.id} ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${b.id} = ${c.id} ;; } join: c { from: v relationship: many_to_one sql_on: ${c.id} = ${a.id} ;; sql_where: ${b.id} = 1 ;; } }",
        },
        Case {
            code: "LK221",
            has: "view: v { dimension: id {} } explore: a { from: v join: b { from: v relationship: many_to_one } join: c { from: v relationship: many_to_one foreign_key: a.id } }",
            has_not: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v type: cross } join: c { from: v relationship: many_to_one foreign_key: id } join: d { from: v sql: ;; } }",
        },
        Case {
            code: "LK222",
            has: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${a.id} = 1 ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${a.id} = ${id} ;; } join: c { from: v relationship: one_to_many sql: LEFT JOIN UNNEST(${a.id}) AS c ;; } }",
        },
        Case {
            code: "LK224",
            has: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v sql_on: ${a.id} = ${b.id} ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } } explore: a { from: v join: b { from: v relationship: one_to_one sql_on: ${a.id} = ${b.id} ;; } join: c { from: v type: cross } }",
        },
        Case {
            code: "LK225",
            has: "view: v { dimension: id { primary_key: yes } dimension: x {} } explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${a.x} = ${b.x} ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } dimension: x {} } view: w { dimension: pk { primary_key: yes sql: ${TABLE}.day || ${region} ;; } dimension: region {} dimension_group: day { timeframes: [date] } }
explore: a { from: v join: b { from: v relationship: many_to_one sql_on: ${a.x} = ${b.id} AND ${a.x} = ${b.x} ;; } join: c { from: v relationship: one_to_many sql_on: ${a.x} = ${c.x} ;; } join: w { relationship: many_to_one sql_on: ${a.x} = ${w.day_date} AND ${a.id} = ${w.region} ;; } }",
        },
        Case {
            code: "LK226",
            has: "view: v { dimension: id {} measure: n { type: count } } explore: a { from: v join: b { from: v relationship: one_to_many sql_on: ${a.id} = ${b.id} ;; } }",
            has_not: "view: v { dimension: id {} measure: n { type: max sql: ${id} ;; } } view: k { dimension: id { primary_key: yes } measure: n { type: count } } explore: a { from: v join: b { from: k relationship: many_to_one sql_on: ${a.id} = ${b.id} ;; } } explore: c { from: v }",
        },
        Case {
            code: "LK228",
            has: "view: v { dimension: id { primary_key: yes } measure: n { type: number sql: 1.0 * SUM(${id}) / COUNT(*) ;; } } explore: a { from: v join: b { from: v relationship: one_to_many sql_on: ${a.id} = ${b.id} ;; } }",
            has_not: "view: v { dimension: id { primary_key: yes } measure: n { type: number sql: MAX(${id}) - COUNT(DISTINCT ${id}) + ${sum} ;; } measure: sum { type: sum sql: ${id} ;; } measure: m { type: number sql: SUM(${id}) ;; } } explore: a { from: v join: b { from: v relationship: one_to_one sql_on: ${a.id} = ${b.id} ;; } }",
        },
    ]), @r#"
    error LK220 m.model.lkml:1:206 a [a] `${b.id}`: these joins need each other: b → c → b; a condition may use views that are joined without it
    error LK220 m.model.lkml:1:303 a [a] `${e.id}`: the `sql_where` of the join `d` uses `e`, which is declared after it; declare `join: e` before this one
    error LK221 m.model.lkml:1:51 a [a] `join: b`: the join `b` does not say what it is joined by; write `sql_on: ${a.…} = ${b.…} ;;`
    error LK221 m.model.lkml:1:141 a [a] `foreign_key: a.id`: the join `c` has a `foreign_key`, and its view `v` no primary key; declare a dimension with `primary_key: yes`
    warning LK222 m.model.lkml:1:113 a [a] `sql_on: ${a.id} = 1 ;;`: the condition of the join `b` does not mention `b`; every row meets every row that way
    warning LK224 m.model.lkml:1:69 a [a] `join: b`: the join `b` does not say its relationship; many_to_one is assumed: write `relationship:`
    warning LK225 m.model.lkml:1:129 a [a] `sql_on: ${a.x} = ${b.x} ;;`: `b` is joined many to one, and not by its primary key `b.id`; if several rows of it can match, sums are wrong: write `relationship: many_to_many` or `one_to_many`
    warning LK226 m.model.lkml:1:1 v [a] `view: v`: the view `v` has the measure `n` and no primary key, and is joined in the explore `a`; declare a dimension with `primary_key: yes`
    warning LK228 m.model.lkml:1:83 v.n [a] `SUM`: `SUM(…)` counts rows that joins repeat more than once, in the explore `a`; make a measure of it, and use that here
    "#);
}

#[test]
fn what_a_join_is_made_by() {
    insta::assert_snapshot!(checked("view: a { dimension: id { primary_key: yes } }
explore: a {
  join: b { from: a type: cross sql_on: ${a.id} = ${b.id} ;; }
  join: c { from: a relationship: many_to_one sql_foreign_key: ${a.id} ;; }
  join: d { from: a relationship: many_to_one }
}"), @r#"
    warning LK119 m.model.lkml:3:33 a [a] `sql_on: ${a.id} = ${b.id} ;;`: `sql_on` means nothing in a join of type `cross`, and is passed over; take `sql_on` away, or write another type
    error LK221 m.model.lkml:5:3 a [a] `join: d`: the join `d` does not say what it is joined by; write `sql_on: ${a.…} = ${d.…} ;;`
    "#);
}
