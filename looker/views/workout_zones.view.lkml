# One row is the time in one zone of one workout, as Peloton reports it with the workout.
view: workout_zones {
  sql_table_name: @{DATASET}.workout_zones ;;
  label: "Zone"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id || '|' || ${TABLE}.kind || '|' || CAST(${TABLE}.zone AS STRING) ;;
  }

  dimension: workout_id {
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id ;;
  }

  dimension: seconds {
    hidden: yes
    type: number
    sql: ${TABLE}.seconds ;;
  }

  dimension: is_heart_rate {
    hidden: yes
    type: yesno
    sql: ${kind} = 'heart_rate' ;;
  }

  dimension: kind {
    type: string
    label: "Kind of Zone"
    group_label: "Zone"
    description: "heart_rate. Look at one kind at a time."
    sql: ${TABLE}.kind ;;
  }

  dimension: zone {
    type: number
    label: "Zone"
    group_label: "Zone"
    description: "Zone 1 to 5."
    sql: ${TABLE}.zone ;;
    value_format_name: plain
  }

  dimension: low {
    type: number
    label: "Lower Bound (bpm)"
    group_label: "Zone"
    description: "Lowest heart rate of the zone; empty where Peloton gives times only."
    sql: ${TABLE}.low ;;
    value_format_name: whole
  }

  dimension: high {
    type: number
    label: "Upper Bound (bpm)"
    group_label: "Zone"
    description: "Highest heart rate of the zone."
    sql: ${TABLE}.high ;;
    value_format_name: whole
  }

  measure: total_minutes {
    type: sum
    label: "Time in Zone (min)"
    group_label: "Totals"
    description: "Time in the zones in minutes."
    sql: ${seconds} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  # This type gives 0 to 100.
  measure: share_of_time {
    type: percent_of_total
    label: "Share of Time (%)"
    group_label: "Shares"
    description: "Time in the zone as a percentage of all rows shown."
    sql: ${total_minutes} ;;
    value_format_name: points
    drill_fields: [detail*]
  }

  measure: heart_rate_minutes {
    type: sum
    label: "Time in Heart Rate Zones (min)"
    group_label: "Totals"
    description: "Time in heart rate zones in minutes."
    filters: [is_heart_rate: "Yes"]
    sql: ${seconds} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: hard_minutes {
    type: sum
    label: "Hard Time (min)"
    group_label: "Totals"
    description: "Time in the heart rate zones 4 and 5 in minutes."
    filters: [is_heart_rate: "Yes", zone: ">=4"]
    sql: ${seconds} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: hard_share {
    type: number
    label: "Hard Time (%)"
    group_label: "Shares"
    description: "Time in the heart rate zones 4 and 5 as a share of the time in all."
    sql: ${hard_minutes} / NULLIF(${heart_rate_minutes}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  set: detail {
    fields: [kind, zone, low, high, total_minutes]
  }
}
