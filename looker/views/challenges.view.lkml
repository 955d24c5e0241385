# One row is one challenge that a member joined.
view: challenges {
  sql_table_name: @{DATASET}.challenges ;;
  label: "Challenge"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.user_id || '|' || ${TABLE}.challenge_id ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension: title {
    type: string
    label: "Challenge"
    group_label: "Challenge"
    description: "Title of the challenge."
    sql: ${TABLE}.title ;;
  }

  dimension: state {
    type: string
    label: "Period"
    group_label: "Challenge"
    description: "current or past."
    sql: ${TABLE}.period ;;
  }

  dimension_group: start {
    type: time
    label: "Challenge Start"
    group_label: "Challenge Start Date"
    description: "Start of the challenge, in the time zone of the query."
    timeframes: [raw, time, date, month, year]
    sql: ${TABLE}.start_ts ;;
  }

  dimension_group: finish {
    type: time
    label: "Challenge End"
    group_label: "Challenge End Date"
    description: "End of the challenge, in the time zone of the query."
    timeframes: [raw, time, date, month, year]
    sql: ${TABLE}.end_ts ;;
  }

  dimension: metric_value {
    type: number
    label: "Progress (Unit of Challenge)"
    group_label: "Challenge"
    description: "How far the member is, in the unit of the challenge."
    sql: ${TABLE}.metric_value ;;
    value_format_name: tenths
  }

  dimension: metric_unit {
    type: string
    label: "Progress Unit"
    group_label: "Challenge"
    description: "Unit of the progress, where Peloton gives one."
    sql: ${TABLE}.metric_unit ;;
  }

  dimension: is_complete {
    type: yesno
    label: "Is Complete"
    group_label: "Challenge"
    description: "Whether it is done."
    sql: ${TABLE}.is_complete ;;
  }

  measure: count {
    type: count
    label: "Challenge Count"
    group_label: "Counts"
    description: "Number of challenges joined."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: complete_count {
    type: count
    label: "Completed Challenges"
    group_label: "Counts"
    description: "Number of challenges done."
    filters: [pk: "-NULL", is_complete: "Yes"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [title, start_date, finish_date, metric_value, metric_unit, is_complete]
  }
}
