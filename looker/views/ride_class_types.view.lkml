# One row is one type of one class; a class may have several.
view: ride_class_types {
  sql_table_name: @{DATASET}.ride_class_types ;;
  label: "Class Type"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id || '|' || ${TABLE}.class_type_id ;;
  }

  dimension: ride_id {
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id ;;
  }

  dimension: class_type_id {
    hidden: yes
    type: string
    sql: ${TABLE}.class_type_id ;;
  }

  dimension: name {
    type: string
    label: "Class Type"
    group_label: "Class Type"
    description: "Music, Power Zone, Climb …; empty until the details of the class were fetched."
    sql: ${TABLE}.name ;;
  }

  dimension: position {
    type: number
    label: "Place in List"
    group_label: "Class Type"
    description: "Place in Peloton's list of the class's types, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  measure: type_count {
    type: count_distinct
    label: "Class Types"
    group_label: "Counts"
    description: "Number of different class types."
    sql: ${class_type_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: type_list {
    type: list
    list_field: name
    label: "Class Type List"
    group_label: "Lists"
    description: "All class types of the rows, in one text."
    drill_fields: [detail*]
  }

  set: detail {
    fields: [name, position]
  }
}
