# One row is a member's best workout of one length, as Peloton's overview lists it.
view: personal_records {
  sql_table_name: @{DATASET}.personal_records ;;
  label: "Record"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.user_id || '|' || CAST(${TABLE}.position AS STRING) ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension: workout_id {
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id ;;
  }

  dimension: length_s {
    hidden: yes
    type: number
    sql: ${TABLE}.length_s ;;
  }

  dimension: total_work {
    hidden: yes
    type: number
    sql: ${TABLE}.total_work ;;
  }

  dimension: page {
    type: string
    label: "Workout Page"
    group_label: "Record"
    description: "Link to the workout of the record second by second, and to the same workout at Peloton."
    suggestable: no
    sql: ${workout_id} ;;
    html: <a href="@{APP_URL}/workouts/{{ value }}">Open</a> ;;
    link: {
      label: "Second by second"
      url: "@{APP_URL}/workouts/{{ value }}"
    }
    link: {
      label: "At Peloton"
      url: "https://members.onepeloton.com/profile/workouts/{{ value }}"
    }
  }

  dimension: discipline {
    type: string
    label: "Discipline"
    group_label: "Record"
    description: "Discipline of the record."
    sql: ${TABLE}.discipline_name ;;
  }

  dimension: name {
    type: string
    label: "Record"
    group_label: "Record"
    description: "Which record: 20 min, 30 min …"
    sql: ${TABLE}.name ;;
  }

  dimension: minutes {
    type: number
    label: "Length (min)"
    group_label: "Record"
    description: "Length of the class in minutes."
    sql: ${length_s} / 60.0 ;;
    value_format_name: plain
  }

  dimension: value {
    type: number
    label: "Value (as Peloton Shows It)"
    group_label: "Values"
    description: "The record, in the unit of Value Unit."
    sql: ${TABLE}.value ;;
    value_format_name: tenths
  }

  dimension: unit {
    type: string
    label: "Value Unit"
    group_label: "Values"
    description: "Unit of the value: kj."
    sql: ${TABLE}.unit ;;
  }

  dimension: output_kj {
    type: number
    label: "Record Output (kJ)"
    group_label: "Values"
    description: "The record's exact total output in kilojoules."
    sql: ${total_work} / 1000.0 ;;
    value_format_name: tenths
  }

  dimension: average_output {
    type: number
    label: "Record Output (W)"
    group_label: "Values"
    description: "The record's total output spread over its length, in watts."
    sql: ${total_work} / NULLIF(${length_s}, 0) ;;
    value_format_name: whole
  }

  dimension: record_day {
    type: string
    label: "Record Day"
    group_label: "Record"
    description: "Day of the record as Peloton gives it."
    sql: SUBSTR(${TABLE}.workout_date, 1, 10) ;;
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    group_label: "Fetched Date"
    description: "When the overview was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  measure: count {
    type: count
    label: "Record Count"
    group_label: "Counts"
    description: "Number of records that stand."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: best_output_kj {
    type: max
    label: "Best Record (kJ)"
    group_label: "Bests"
    description: "The highest record in kilojoules."
    sql: ${output_kj} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: best_average_output {
    type: max
    label: "Best Record (W)"
    group_label: "Bests"
    description: "The highest record, spread over its length, in watts."
    sql: ${average_output} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [page, discipline, name, output_kj, average_output, record_day]
  }
}
