# One row is one segment of one class, on the clock that starts with the pedalling.
view: ride_segments {
  sql_table_name: @{DATASET}.ride_segments ;;
  label: "Segment of Class"

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

  dimension: start_second {
    hidden: yes
    type: number
    sql: ${TABLE}.start_second ;;
  }

  dimension: length_s {
    hidden: yes
    type: number
    sql: ${TABLE}.length_s ;;
  }

  dimension: name {
    type: string
    label: "Segment"
    group_label: "Segment"
    description: "Warm Up, Cycling, Cool Down …"
    sql: ${TABLE}.name ;;
  }

  dimension: position {
    type: number
    label: "Place in Class"
    group_label: "Segment"
    description: "Place in the class, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: icon_slug {
    type: string
    label: "Kind"
    group_label: "Segment"
    description: "Kind of the segment."
    sql: ${TABLE}.icon_slug ;;
  }

  dimension: metrics_type {
    type: string
    label: "Metrics Type"
    group_label: "Segment"
    description: "Which series it has."
    sql: ${TABLE}.metrics_type ;;
  }

  dimension: start_minute {
    type: number
    label: "Start (min)"
    group_label: "Time"
    description: "Start in minutes since the pedalling began."
    sql: ${start_second} / 60.0 ;;
    value_format_name: tenths
  }

  dimension: minutes {
    type: number
    label: "Length (min)"
    group_label: "Time"
    description: "Length in minutes."
    sql: ${length_s} / 60.0 ;;
    value_format_name: tenths
  }

  dimension: intensity_in_mets {
    type: number
    label: "Intensity (MET)"
    group_label: "Values"
    description: "Intensity that Peloton assumes, as a multiple of being at rest."
    sql: ${TABLE}.intensity_in_mets ;;
    value_format_name: tenths
  }

  dimension: is_drill {
    type: yesno
    label: "Is Drill"
    group_label: "Segment"
    description: "Whether it is a drill."
    sql: ${TABLE}.is_drill ;;
  }

  measure: count {
    type: count
    label: "Segment Count"
    group_label: "Counts"
    description: "Number of segments."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_minutes {
    type: sum
    label: "Segment Time (min)"
    group_label: "Totals"
    description: "Planned time of the segments in minutes."
    sql: ${minutes} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: mets_times_seconds {
    hidden: yes
    type: sum
    sql: ${intensity_in_mets} * ${length_s} ;;
  }

  measure: seconds_with_mets {
    hidden: yes
    type: sum
    sql: CASE WHEN ${intensity_in_mets} IS NOT NULL THEN ${length_s} END ;;
  }

  measure: average_mets {
    type: number
    label: "Average Intensity (MET)"
    group_label: "Averages"
    description: "Mean intensity that Peloton assumes, weighed by length."
    sql: ${mets_times_seconds} / NULLIF(${seconds_with_mets}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [position, name, start_minute, minutes, intensity_in_mets]
  }
}
