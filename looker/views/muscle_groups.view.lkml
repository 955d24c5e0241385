# One row is one muscle group of one workout, with the score that Peloton gives it.
view: muscle_groups {
  sql_table_name: @{DATASET}.muscle_groups ;;
  label: "Muscle Group"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id || '|' || CAST(${TABLE}.position AS STRING) ;;
  }

  dimension: workout_id {
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id ;;
  }

  dimension: name {
    type: string
    label: "Muscle Group"
    group_label: "Muscle Group"
    description: "Name of the muscle group."
    sql: COALESCE(${TABLE}.display_name, ${TABLE}.muscle_group) ;;
  }

  dimension: slug {
    type: string
    label: "Short Name"
    group_label: "Muscle Group"
    description: "Peloton's short name of the muscle group."
    sql: ${TABLE}.muscle_group ;;
  }

  dimension: score {
    type: number
    label: "Score"
    group_label: "Values"
    description: "How much it worked, by Peloton's score."
    sql: ${TABLE}.score ;;
    value_format_name: tenths
  }

  dimension: percentage {
    type: number
    label: "Share of Workout (%)"
    group_label: "Values"
    description: "Share of the workout in percent."
    sql: ${TABLE}.percentage ;;
    value_format_name: tenths
  }

  dimension: bucket {
    type: number
    label: "Bucket"
    group_label: "Values"
    description: "Peloton's class of the share."
    sql: ${TABLE}.bucket ;;
    value_format_name: plain
  }

  measure: total_score {
    type: sum
    label: "Total Score"
    group_label: "Totals"
    description: "Sum of Peloton's scores."
    sql: ${score} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_percentage {
    type: average
    label: "Average Share (%)"
    group_label: "Averages"
    description: "Mean share of the workouts that trained it, in percent."
    sql: ${percentage} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: workout_count {
    type: count_distinct
    label: "Workouts with Muscle Group"
    group_label: "Counts"
    description: "Number of workouts that trained it."
    sql: ${workout_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [name, score, percentage]
  }
}
