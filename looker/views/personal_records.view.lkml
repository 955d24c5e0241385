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
    description: "Discipline of the record."
    sql: ${TABLE}.discipline_name ;;
  }

  dimension: name {
    type: string
    label: "Record"
    description: "Which record: 20 min, 30 min …"
    sql: ${TABLE}.name ;;
  }

  dimension: minutes {
    type: number
    label: "Length (min)"
    description: "Length of the class in minutes."
    sql: ${length_s} / 60.0 ;;
    value_format_name: plain
  }

  dimension: value {
    type: number
    label: "Value (as Peloton Shows It)"
    description: "The record, in the unit of Value Unit."
    sql: ${TABLE}.value ;;
    value_format_name: tenths
  }

  dimension: unit {
    type: string
    label: "Value Unit"
    description: "Unit of the value: kj."
    sql: ${TABLE}.unit ;;
  }

  dimension: output_kj {
    type: number
    label: "Record Output (kJ)"
    description: "The record's exact total output in kilojoules."
    sql: ${total_work} / 1000.0 ;;
    value_format_name: tenths
  }

  dimension: average_output {
    type: number
    label: "Record Output (W)"
    description: "The record's total output spread over its length, in watts."
    sql: ${total_work} / NULLIF(${length_s}, 0) ;;
    value_format_name: whole
  }

  dimension: record_day {
    type: string
    label: "Record Day"
    description: "Day of the record as Peloton gives it."
    sql: SUBSTR(${TABLE}.workout_date, 1, 10) ;;
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    description: "When the overview was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  measure: count {
    type: count
    label: "Record Count"
    description: "Number of records that stand."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: best_output_kj {
    type: max
    label: "Best Record (kJ)"
    description: "The highest record in kilojoules."
    sql: ${output_kj} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: best_average_output {
    type: max
    label: "Best Record (W)"
    description: "The highest record, spread over its length, in watts."
    sql: ${average_output} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [page, discipline, name, output_kj, average_output, record_day]
  }
}
