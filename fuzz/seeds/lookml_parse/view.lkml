include: "*.view"
view: +orders { # lookml-ignore: LK401
  extends: [base]
  sql_table_name: s.orders ;;
  dimension: size { type: tier tiers: [0, 10] style: integer sql: {% if a %} ${TABLE}.x {% endif %} ;; html: <b>{{ value }}</b> ;; }
  dimension_group: created { type: time timeframes: [raw, date, EXTENDED*] hidden: yes }
  measure: n { type: count filters: [status: "a,\"b", x.y: "-7"] filters: { field: a value: "b" } }
  dimension: k { case: { when: { sql: 1 ;; label: "x" } else: "y" } }
}
explore: orders { join: lines { type: left_outer relationship: many_to_one sql_on: 1 = 1 ;; } }
test: t { explore_source: orders { column: id {} sorts: [id: desc] } assert: a { expression: yes ;; } }
