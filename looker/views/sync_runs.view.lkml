# One row is one run of sync or import that brought something new.
view: sync_runs {
  sql_table_name: @{DATASET}.sync_runs ;;
  label: "Run"

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: command {
    type: string
    label: "Command"
    group_label: "General"
    description: "sync or import."
    sql: ${TABLE}.command ;;
  }

  dimension: status {
    type: string
    label: "Status"
    group_label: "General"
    description: "complete, partial, failed or interrupted."
    sql: ${TABLE}.status ;;
  }

  dimension: message {
    type: string
    label: "Message"
    group_label: "General"
    description: "What ended the run before its end, or what it found gone, unfollowed or private."
    sql: ${TABLE}.message ;;
  }

  dimension_group: started {
    type: time
    label: "Started"
    group_label: "Started Date"
    description: "When it began, in the time zone of the query."
    timeframes: [raw, time, date, week, month]
    sql: ${TABLE}.started_at ;;
  }

  dimension_group: finished {
    type: time
    label: "Finished"
    group_label: "Finished Date"
    description: "When it ended, in the time zone of the query; empty for a run that was killed."
    timeframes: [raw, time, date]
    sql: ${TABLE}.finished_at ;;
  }

  dimension_group: run {
    type: duration
    label: "Run"
    group_label: "Runs"
    description: "How long it took, in completed units."
    intervals: [second, minute]
    sql_start: ${started_raw} ;;
    sql_end: ${finished_raw} ;;
  }

  dimension: is_finished {
    type: yesno
    label: "Is Finished"
    group_label: "General"
    description: "No for a run that was killed."
    sql: ${TABLE}.finished_at IS NOT NULL ;;
  }

  dimension: requests {
    type: number
    label: "Requests"
    group_label: "This Run"
    description: "Requests sent."
    sql: ${TABLE}.requests ;;
    value_format_name: whole
  }

  dimension: answers {
    type: number
    label: "Answers"
    group_label: "This Run"
    description: "Answers kept in the archive."
    sql: ${TABLE}.answers ;;
    value_format_name: whole
  }

  dimension: retries {
    type: number
    label: "Retries"
    group_label: "This Run"
    description: "Requests sent again."
    sql: ${TABLE}.retries ;;
    value_format_name: whole
  }

  dimension: rate_limited {
    type: number
    label: "Slow-Downs"
    group_label: "This Run"
    description: "Answers that said to slow down."
    sql: ${TABLE}.rate_limited ;;
    value_format_name: whole
  }

  dimension: members {
    type: number
    label: "Members"
    group_label: "This Run"
    description: "Members looked at."
    sql: ${TABLE}.members ;;
    value_format_name: whole
  }

  dimension: workouts_fetched {
    type: number
    label: "Workouts Fetched"
    group_label: "This Run"
    description: "Workouts whose seconds were fetched, or that a file brought."
    sql: ${TABLE}.workouts_fetched ;;
    value_format_name: whole
  }

  dimension: items_failed {
    type: number
    label: "Failed Items"
    group_label: "This Run"
    description: "Items that could not be had."
    sql: ${TABLE}.items_failed ;;
    value_format_name: whole
  }

  dimension: megabytes {
    type: number
    label: "Size (MB)"
    group_label: "This Run"
    description: "Size of the answers in megabytes."
    sql: ${TABLE}.bytes / 1000000.0 ;;
    value_format_name: tenths
  }

  measure: count {
    type: count
    label: "Run Count"
    group_label: "Runs"
    description: "Number of runs."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_requests {
    type: sum
    label: "Total Requests"
    group_label: "All Runs"
    description: "Requests sent by all runs."
    sql: ${requests} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_answers {
    type: sum
    label: "Total Answers"
    group_label: "All Runs"
    description: "Answers kept by all runs."
    sql: ${answers} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_retries {
    type: sum
    label: "Total Retries"
    group_label: "All Runs"
    description: "Requests sent again by all runs."
    sql: ${retries} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_rate_limited {
    type: sum
    label: "Total Slow-Downs"
    group_label: "All Runs"
    description: "Answers that said to slow down, of all runs."
    sql: ${rate_limited} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_workouts_fetched {
    type: sum
    label: "Total Workouts Fetched"
    group_label: "All Runs"
    description: "Workouts fetched by all runs; one that was fetched twice counts twice."
    sql: ${workouts_fetched} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_items_failed {
    type: sum
    label: "Total Failed Items"
    group_label: "All Runs"
    description: "Items that runs could not have; one that failed twice counts twice."
    sql: ${items_failed} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_megabytes {
    type: sum
    label: "Total Size (MB)"
    group_label: "All Runs"
    description: "Size of all answers in megabytes."
    sql: ${megabytes} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: last_start {
    type: date_time
    label: "Last Run"
    group_label: "Runs"
    description: "When the last run began, in the time zone of the query."
    sql: MAX(${started_raw}) ;;
    drill_fields: [detail*]
  }

  measure: average_seconds {
    type: average
    label: "Average Run (s)"
    group_label: "Runs"
    description: "Mean length of the runs in seconds."
    sql: ${seconds_run} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: minutes_of_runs {
    hidden: yes
    type: sum
    sql: ${seconds_run} / 60.0 ;;
  }

  measure: requests_per_minute {
    type: number
    label: "Requests per Minute"
    group_label: "Runs"
    description: "Requests divided by the minutes of the runs."
    sql: ${requests_of_finished} / NULLIF(${minutes_of_runs}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: requests_of_finished {
    hidden: yes
    type: sum
    sql: CASE WHEN ${is_finished} THEN ${requests} END ;;
  }

  set: detail {
    fields: [started_time, command, status, seconds_run, requests, workouts_fetched, items_failed, message]
  }
}
