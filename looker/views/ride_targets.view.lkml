# One row is one target band of one stretch of a class, on the clock that starts with the pedalling.
view: ride_targets {
  sql_table_name: @{DATASET}.ride_targets ;;
  label: "Target"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id || '|' || CAST(${TABLE}.position AS STRING) ;;
  }

  dimension: ride_id {
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id ;;
  }

  # The last second belongs to the stretch.
  dimension: seconds {
    hidden: yes
    type: number
    sql: ${end_second} - ${start_second} + 1 ;;
  }

  dimension: metric {
    type: string
    label: "Metric"
    group_label: "Target"
    description: "cadence, resistance, speed, incline … Bounds of different metrics have different units: look at one at a time."
    sql: ${TABLE}.metric ;;
  }

  dimension: segment_type {
    type: string
    label: "Segment Type"
    group_label: "Target"
    description: "Discipline of the stretch, where given."
    sql: ${TABLE}.segment_type ;;
  }

  dimension: position {
    type: number
    label: "Place in List"
    group_label: "Target"
    description: "Place in Peloton's list, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: start_second {
    type: number
    label: "First Second (s)"
    group_label: "Time"
    description: "First second of the stretch since the pedalling began."
    sql: ${TABLE}.start_second ;;
    value_format_name: whole
  }

  dimension: end_second {
    type: number
    label: "Last Second (s)"
    group_label: "Time"
    description: "Last second of the stretch since the pedalling began; it belongs to it."
    sql: ${TABLE}.end_second ;;
    value_format_name: whole
  }

  dimension: lower {
    type: number
    label: "Lower Bound (Unit of Metric)"
    group_label: "Values"
    description: "Lower bound in the unit of the metric: rpm, % …"
    sql: ${TABLE}.lower ;;
    value_format_name: tenths
  }

  dimension: upper {
    type: number
    label: "Upper Bound (Unit of Metric)"
    group_label: "Values"
    description: "Upper bound in the unit of the metric: rpm, % …"
    sql: ${TABLE}.upper ;;
    value_format_name: tenths
  }

  measure: count {
    type: count
    label: "Target Count"
    group_label: "Counts"
    description: "Number of target bands."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_minutes {
    type: sum
    label: "Time with Target (min)"
    group_label: "Totals"
    description: "Time that has a target, in minutes; a second with targets of two metrics counts for each."
    sql: ${seconds} / 60.0 ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: lower_times_seconds {
    hidden: yes
    type: sum
    sql: ${lower} * ${seconds} ;;
  }

  measure: seconds_with_lower {
    hidden: yes
    type: sum
    sql: CASE WHEN ${lower} IS NOT NULL THEN ${seconds} END ;;
  }

  measure: upper_times_seconds {
    hidden: yes
    type: sum
    sql: ${upper} * ${seconds} ;;
  }

  measure: seconds_with_upper {
    hidden: yes
    type: sum
    sql: CASE WHEN ${upper} IS NOT NULL THEN ${seconds} END ;;
  }

  measure: average_lower {
    type: number
    label: "Average Lower Bound (Unit of Metric)"
    group_label: "Averages"
    description: "Mean lower bound, weighed by seconds. Means something for one metric only."
    sql: ${lower_times_seconds} / NULLIF(${seconds_with_lower}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_upper {
    type: number
    label: "Average Upper Bound (Unit of Metric)"
    group_label: "Averages"
    description: "Mean upper bound, weighed by seconds. Means something for one metric only."
    sql: ${upper_times_seconds} / NULLIF(${seconds_with_upper}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [metric, start_second, end_second, lower, upper]
  }
}
