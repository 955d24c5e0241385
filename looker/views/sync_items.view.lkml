# One row is one item that was refused, failed or can't be read.
view: sync_items {
  sql_table_name: @{DATASET}.sync_items ;;
  label: "Item"

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: run_id {
    hidden: yes
    type: string
    sql: ${TABLE}.run_id ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension: endpoint {
    type: string
    label: "Endpoint"
    group_label: "Item"
    description: "What was asked."
    sql: ${TABLE}.endpoint ;;
  }

  dimension: item {
    type: string
    label: "Item"
    group_label: "Item"
    description: "About what: the id of a workout, class, member …"
    suggestable: no
    sql: ${TABLE}.key ;;
  }

  dimension: status {
    type: string
    label: "Status"
    group_label: "Item"
    description: "refused, failed, gone or unreadable."
    sql: ${TABLE}.status ;;
  }

  dimension: http_status {
    type: number
    label: "HTTP Status"
    group_label: "Item"
    description: "Status of the last answer."
    sql: ${TABLE}.http_status ;;
    value_format_name: plain
  }

  dimension: reason {
    type: string
    label: "Reason"
    group_label: "Item"
    description: "Why, in words."
    sql: ${TABLE}.reason ;;
  }

  dimension: tries {
    type: number
    label: "Tries"
    group_label: "Tries"
    description: "Number of tries."
    sql: ${TABLE}.tries ;;
    value_format_name: whole
  }

  dimension: is_tried_again {
    type: yesno
    label: "Is Tried Again"
    group_label: "Tries"
    description: "Whether another run asks for it."
    sql: ${TABLE}.next_try_at IS NOT NULL ;;
  }

  dimension_group: first_tried {
    type: time
    label: "First Tried"
    group_label: "First Tried Date"
    description: "When it was tried first, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.first_tried_at ;;
  }

  dimension_group: last_tried {
    type: time
    label: "Last Tried"
    group_label: "Last Tried Date"
    description: "When it was tried last, in the time zone of the query."
    timeframes: [raw, time, date, week]
    sql: ${TABLE}.last_tried_at ;;
  }

  dimension_group: next_try {
    type: time
    label: "Next Try"
    group_label: "Next Try Date"
    description: "When it is tried again, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.next_try_at ;;
  }

  measure: count {
    type: count
    label: "Item Count"
    group_label: "Counts"
    description: "Number of items."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: pending_count {
    type: count
    label: "Items to Be Tried Again"
    group_label: "Counts"
    description: "Items that another run asks for."
    filters: [id: "-NULL", is_tried_again: "Yes"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_tries {
    type: sum
    label: "Total Tries"
    group_label: "Totals"
    description: "Number of tries of all items."
    sql: ${tries} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [endpoint, item, status, http_status, reason, tries, next_try_time]
  }
}
