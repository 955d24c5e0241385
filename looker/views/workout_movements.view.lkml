# One row is one movement of a strength workout, as the movement tracker saw it.
view: workout_movements {
  sql_table_name: @{DATASET}.workout_movements ;;
  label: "Movement"

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

  dimension: movement_id {
    hidden: yes
    type: string
    sql: ${TABLE}.movement_id ;;
  }

  dimension: movement_name {
    type: string
    label: "Movement"
    group_label: "Movement"
    description: "Name of the movement."
    sql: ${TABLE}.movement_name ;;
  }

  dimension: position {
    type: number
    label: "Place in Workout"
    group_label: "Movement"
    description: "Place in the workout, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: tracking_type {
    type: string
    label: "Tracking Type"
    group_label: "Movement"
    description: "rep_counting, time_based, rounds …"
    sql: ${TABLE}.tracking_type ;;
  }

  dimension: is_hold {
    type: yesno
    label: "Is Hold"
    group_label: "Movement"
    description: "Whether it is held instead of repeated."
    sql: ${TABLE}.is_hold ;;
  }

  dimension: repetitions {
    type: number
    label: "Repetitions"
    group_label: "Values"
    description: "Completed repetitions; empty for a hold."
    sql: CASE WHEN NOT COALESCE(${TABLE}.is_hold, FALSE) THEN ${TABLE}.repetitions END ;;
    value_format_name: whole
  }

  dimension: hold_seconds {
    type: number
    label: "Held (s)"
    group_label: "Values"
    description: "Seconds that a hold was held."
    sql: CASE WHEN ${TABLE}.is_hold THEN ${TABLE}.repetitions END ;;
    value_format_name: whole
  }

  dimension: target_number {
    type: number
    label: "Target (Repetitions or s)"
    group_label: "Movement"
    description: "Repetitions, or seconds of a hold, that the plan asks for."
    sql: ${TABLE}.target_number ;;
    value_format_name: whole
  }

  dimension: seconds {
    type: number
    label: "Time (s)"
    group_label: "Values"
    description: "Time that was spent on it, in seconds."
    sql: ${TABLE}.duration_s ;;
    value_format_name: tenths
  }

  dimension: start_seconds {
    type: number
    label: "Start (s)"
    group_label: "Values"
    description: "Its start in the workout, in seconds."
    sql: ${TABLE}.offset_s ;;
    value_format_name: tenths
  }

  dimension: weight {
    type: number
    label: "Weight ({% if units.weight._parameter_value == 'kilograms' %}kg{% else %}lb{% endif %})"
    group_label: "Values"
    description: "Weight of one of the weights, in the unit that Weight Unit says; empty if they differ."
    sql:
      CASE ${TABLE}.weight_unit WHEN 'lb' THEN ${TABLE}.weight * {% if units.weight._parameter_value == 'kilograms' %}0.45359237{% else %}1.0{% endif %} WHEN 'kg' THEN ${TABLE}.weight * {% if units.weight._parameter_value == 'kilograms' %}1.0{% else %}2.2046226218{% endif %} END
    ;;
    value_format_name: tenths
  }

  dimension: weight_category {
    type: string
    label: "Weight Category"
    group_label: "Values"
    description: "light, medium, heavy …, of the first weight."
    sql: ${TABLE}.weight_category ;;
  }

  dimension: number_of_weights {
    type: number
    label: "Number of Weights"
    group_label: "Values"
    description: "How many weights; two dumbbells are two."
    sql: ${TABLE}.number_of_weights ;;
    value_format_name: whole
  }

  dimension: volume {
    type: number
    label: "Volume ({% if units.weight._parameter_value == 'kilograms' %}kg{% else %}lb{% endif %})"
    group_label: "Values"
    description: "Repetitions times all weights, as Peloton says, in the unit that Weight Unit says."
    sql:
      CASE ${TABLE}.weight_unit WHEN 'lb' THEN ${TABLE}.total_volume * {% if units.weight._parameter_value == 'kilograms' %}0.45359237{% else %}1.0{% endif %} WHEN 'kg' THEN ${TABLE}.total_volume * {% if units.weight._parameter_value == 'kilograms' %}1.0{% else %}2.2046226218{% endif %} END
    ;;
    value_format_name: whole
  }

  measure: count {
    type: count
    label: "Movement Count"
    group_label: "Counts"
    description: "Number of movements that were done."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: different_movements {
    type: count_distinct
    label: "Different Movements"
    group_label: "Counts"
    description: "Number of different movements."
    sql: ${movement_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_repetitions {
    type: sum
    label: "Total Repetitions"
    group_label: "Totals"
    description: "Completed repetitions; seconds of holds are not among them."
    sql: ${repetitions} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_hold_seconds {
    type: sum
    label: "Total Held (s)"
    group_label: "Totals"
    description: "Seconds of all holds."
    sql: ${hold_seconds} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_volume {
    type: sum
    label: "Total Volume ({% if units.weight._parameter_value == 'kilograms' %}kg{% else %}lb{% endif %})"
    group_label: "Totals"
    description: "Repetitions times all weights, in the unit that Weight Unit says."
    sql: ${volume} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: heaviest_weight {
    type: max
    label: "Heaviest Weight ({% if units.weight._parameter_value == 'kilograms' %}kg{% else %}lb{% endif %})"
    group_label: "Bests"
    description: "The heaviest single weight, in the unit that Weight Unit says."
    sql: ${weight} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [position, movement_name, repetitions, hold_seconds, weight, number_of_weights, volume]
  }
}
