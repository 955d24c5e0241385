# One row is one entry of one of Peloton's lookup lists: class types, disciplines, devices, difficulty levels.
view: catalog {
  sql_table_name: @{DATASET}.catalog ;;
  label: "Peloton's List"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.kind || '|' || CAST(${TABLE}.position AS STRING) ;;
  }

  dimension: kind {
    type: string
    label: "List"
    group_label: "Entry"
    description: "Which list, as Peloton calls it: class_types …"
    sql: ${TABLE}.kind ;;
  }

  dimension: position {
    type: number
    label: "Place in List"
    group_label: "Entry"
    description: "Place in the list, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: name {
    type: string
    label: "Name"
    group_label: "Entry"
    description: "The name for showing."
    sql: ${TABLE}.name ;;
  }

  dimension: code {
    type: string
    label: "Code"
    group_label: "Entry"
    description: "What other tables refer to: an id, else a short name."
    sql: ${TABLE}.id ;;
  }

  dimension: discipline {
    type: string
    label: "Discipline"
    group_label: "Entry"
    description: "Of a class type: its discipline."
    sql: ${TABLE}.fitness_discipline ;;
  }

  dimension: is_active {
    type: yesno
    label: "Is in Use"
    group_label: "Entry"
    description: "Whether it is in use."
    sql: ${TABLE}.is_active ;;
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    group_label: "Fetched Date"
    description: "When the list was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  measure: count {
    type: count
    label: "Entry Count"
    group_label: "Counts"
    description: "Number of entries."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [kind, name, code, discipline, is_active]
  }
}
