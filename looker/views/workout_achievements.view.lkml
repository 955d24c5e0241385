# One row is one badge that was earned in one workout.
view: workout_achievements {
  sql_table_name: @{DATASET}.workout_achievements ;;
  label: "Badge"

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

  dimension: achievement_id {
    hidden: yes
    type: string
    sql: ${TABLE}.achievement_id ;;
  }

  dimension: name {
    type: string
    label: "Badge"
    group_label: "Achievement"
    description: "Name of the badge."
    sql: ${TABLE}.name ;;
  }

  dimension: slug {
    type: string
    label: "Short Name"
    group_label: "Achievement"
    description: "Peloton's short name of the badge."
    sql: ${TABLE}.slug ;;
  }

  dimension: description {
    type: string
    label: "What for"
    group_label: "Achievement"
    description: "What the badge is for."
    sql: ${TABLE}.description ;;
  }

  dimension: achievement_count {
    type: number
    label: "Earned So Far"
    group_label: "Achievement"
    description: "How often it was earned so far, as Peloton counts."
    sql: ${TABLE}.achievement_count ;;
    value_format_name: whole
  }

  measure: count {
    type: count
    label: "Badge Count"
    group_label: "Counts"
    description: "Number of badges earned."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: different_badges {
    type: count_distinct
    label: "Different Badges"
    group_label: "Counts"
    description: "Number of different badges."
    sql: ${achievement_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [name, description, achievement_count]
  }
}
