# A workout beside the mean of all members in the same class. It has no table: it reads the workout and the
# class that the Explore joins.
view: workout_in_class {
  label: "Against the Class"

  dimension: output_against_class {
    type: number
    label: "Output against Class (%)"
    group_label: "Against the Class"
    description: "Total output as a share of the mean of all members in that class; 100 % is the mean."
    sql: ${workouts.output_kj} / NULLIF(${rides.average_output_kj}, 0) ;;
    value_format_name: share
  }

  dimension: is_above_class {
    type: yesno
    label: "Is above Class Mean"
    group_label: "Against the Class"
    description: "Whether the total output is above the mean of all members in that class."
    sql: ${workouts.output_kj} > ${rides.average_output_kj} ;;
  }

  measure: average_output_against_class {
    type: average_distinct
    label: "Average Output against Class (%)"
    group_label: "Averages"
    description: "Mean of the workouts' shares; 100 % is the mean of all members."
    sql: ${output_against_class} ;;
    sql_distinct_key: ${workouts.id} ;;
    value_format_name: share
    drill_fields: [workouts.detail*]
  }

  measure: above_class_count {
    type: count_distinct
    label: "Workouts above Class Mean"
    group_label: "Counts"
    description: "Workouts whose total output is above the mean of all members in that class."
    filters: [is_above_class: "Yes"]
    sql: ${workouts.id} ;;
    value_format_name: whole
    drill_fields: [workouts.detail*]
  }
}
