# One row is the FTP that was valid at one workout. There is no other history to ask Peloton for.
view: ftp_history {
  sql_table_name: @{DATASET}.ftp_history ;;
  label: "FTP History"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.user_id || '|' || CAST(${TABLE}.date AS STRING) || '|' || ${TABLE}.workout_id ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension_group: valid {
    type: time
    label: "FTP"
    group_label: "FTP Date"
    description: "Day of the workout, by the member's calendar."
    timeframes: [raw, date, week, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.date ;;
  }

  dimension: ftp {
    type: number
    label: "FTP (W)"
    group_label: "FTP"
    description: "FTP that was valid, in watts."
    sql: ${TABLE}.ftp ;;
    value_format_name: whole
  }

  dimension: source {
    type: string
    label: "FTP Source"
    group_label: "FTP"
    description: "Whether it was typed in, tested or estimated."
    sql: ${TABLE}.source ;;
  }

  measure: highest_ftp {
    type: max
    label: "Highest FTP (W)"
    group_label: "Bests"
    description: "The highest FTP in watts."
    sql: ${ftp} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: lowest_ftp {
    type: min
    label: "Lowest FTP (W)"
    group_label: "Bests"
    description: "The lowest FTP in watts."
    sql: ${ftp} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: average_ftp {
    type: average
    label: "Average FTP (W)"
    group_label: "Averages"
    description: "Mean FTP in watts; each workout counts once."
    sql: ${ftp} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [valid_date, ftp, source]
  }
}
