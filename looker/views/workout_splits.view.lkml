# One row is one split of one workout by distance, as Peloton gives it. Its seconds and its pace do not always
# agree.
view: workout_splits {
  sql_table_name: @{DATASET}.workout_splits ;;
  label: "Split"

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

  dimension: position {
    type: number
    label: "Split"
    group_label: "Split"
    description: "Place in the workout, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: marker {
    type: number
    label: "Split Marker ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Split"
    description: "Peloton's marker of the split, in the unit that Distance Unit says."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.distance_m / 1000.0{% else %}${TABLE}.distance_m / 1609.344{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: seconds {
    type: number
    label: "Split Time (s)"
    group_label: "Values"
    description: "Time of the split in seconds."
    sql: ${TABLE}.seconds ;;
    value_format_name: tenths
  }

  dimension: pace {
    type: number
    label: "Split Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Values"
    description: "Pace of the split in minutes and their hundredths."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.pace / 1.609344{% else %}${TABLE}.pace{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: split_pace {
    type: number
    label: "Rowing Pace (min/500 m)"
    group_label: "Values"
    description: "Rowing pace of the split in minutes and their hundredths for 500 metres."
    sql: ${TABLE}.split_pace ;;
    value_format_name: hundredths
  }

  dimension: elevation_change_m {
    type: number
    label: "Elevation Change (m)"
    group_label: "Values"
    description: "Climb of the split in metres."
    sql: ${TABLE}.elevation_change_m ;;
    value_format_name: tenths
  }

  dimension: stroke_rate {
    type: number
    label: "Stroke Rate (spm)"
    group_label: "Values"
    description: "Mean strokes a minute."
    sql: ${TABLE}.stroke_rate ;;
    value_format_name: tenths
  }

  dimension: avg_output {
    type: number
    label: "Mean Output (W)"
    group_label: "Values"
    description: "Mean power of the split in watts."
    sql: ${TABLE}.avg_output ;;
    value_format_name: whole
  }

  dimension: form_score {
    type: number
    label: "Form Score (%)"
    group_label: "Values"
    description: "Peloton's rating of the rowing form, in percent."
    sql: ${TABLE}.form_score ;;
    value_format_name: whole
  }

  dimension: is_best {
    type: yesno
    label: "Is Fastest"
    group_label: "Split"
    description: "Whether it is the fastest split of the workout."
    sql: ${TABLE}.is_best ;;
  }

  dimension: has_floor_segment {
    type: yesno
    label: "Has Floor Segment"
    group_label: "Split"
    description: "Whether part of it was off the machine."
    sql: ${TABLE}.has_floor_segment ;;
  }

  measure: count {
    type: count
    label: "Split Count"
    group_label: "Counts"
    description: "Number of splits."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: fastest_pace {
    type: min
    label: "Fastest Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Bests"
    description: "The smallest pace of a split."
    sql: ${pace} ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: fastest_split_pace {
    type: min
    label: "Fastest Rowing Pace (min/500 m)"
    group_label: "Bests"
    description: "The smallest rowing pace of a split."
    sql: ${split_pace} ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: fastest_seconds {
    type: min
    label: "Fastest Split Time (s)"
    group_label: "Bests"
    description: "The shortest time of a split."
    sql: ${seconds} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_form_score {
    type: average
    label: "Average Form Score (%)"
    group_label: "Averages"
    description: "Mean rating of the rowing form, in percent."
    sql: ${form_score} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [position, marker, seconds, pace, split_pace, avg_output, is_best]
  }
}
