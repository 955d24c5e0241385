# One row is one instructor, or a group of instructors who teach together.
view: instructors {
  sql_table_name: @{DATASET}.instructors ;;
  label: "Instructor"

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: name {
    type: string
    label: "Instructor"
    group_label: "Name"
    description: "Whole name."
    sql: ${TABLE}.name ;;
  }

  dimension: first_name {
    type: string
    label: "First Name"
    group_label: "Name"
    description: "First name."
    sql: ${TABLE}.first_name ;;
  }

  dimension: last_name {
    type: string
    label: "Last Name"
    group_label: "Name"
    description: "Last name."
    sql: ${TABLE}.last_name ;;
  }

  dimension: username {
    type: string
    label: "User Name"
    group_label: "Name"
    description: "Name on the leaderboard."
    sql: ${TABLE}.username ;;
  }

  dimension: short_bio {
    type: string
    label: "Short Biography"
    group_label: "About"
    description: "Short biography."
    sql: ${TABLE}.short_bio ;;
  }

  dimension: quote {
    type: string
    label: "Motto"
    group_label: "About"
    description: "Motto."
    sql: ${TABLE}.quote ;;
  }

  dimension: background {
    type: string
    label: "Background"
    group_label: "About"
    description: "How they came to it."
    sql: ${TABLE}.background ;;
  }

  dimension: fitness_disciplines {
    type: string
    label: "Disciplines Taught"
    group_label: "About"
    description: "What they teach, separated by commas."
    sql: ${TABLE}.fitness_disciplines ;;
  }

  dimension: is_group {
    type: yesno
    label: "Is Group"
    group_label: "Name"
    description: "Whether it stands for several instructors."
    sql: ${TABLE}.is_instructor_group ;;
  }

  dimension: is_active {
    type: yesno
    label: "Is Active"
    group_label: "Status"
    description: "Whether they teach now."
    sql: ${TABLE}.is_active ;;
  }

  dimension: is_listed {
    type: yesno
    label: "Is Listed"
    group_label: "Status"
    description: "Whether they are in Peloton's list of instructors."
    sql: ${TABLE}.is_listed ;;
  }

  measure: count {
    type: count
    label: "Instructor Count"
    group_label: "Counts"
    description: "Number of instructors."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [name, fitness_disciplines, is_active, background]
  }
}
