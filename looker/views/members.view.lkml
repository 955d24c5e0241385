# One row is one member: the own account, and everybody who is or was followed. Names, birthday and body
# measures are there for the own account only.
view: members {
  sql_table_name: @{DATASET}.users ;;
  label: "Member"

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: page {
    type: string
    label: "Member Page"
    group_label: "General"
    description: "Link to the member at Peloton."
    suggestable: no
    sql: ${id} ;;
    html: <a href="https://members.onepeloton.com/members/{{ value }}/overview">Open</a> ;;
    link: {
      label: "At Peloton"
      url: "https://members.onepeloton.com/members/{{ value }}/overview"
    }
  }

  dimension: username {
    type: string
    label: "Member"
    group_label: "General"
    description: "Name on the leaderboard."
    sql: ${TABLE}.username ;;
  }

  dimension: relation {
    type: string
    label: "Relation"
    group_label: "General"
    description: "own for the own account, following, or unfollowed."
    sql: ${TABLE}.relation ;;
  }

  dimension: is_own {
    type: yesno
    label: "Is Own Account"
    group_label: "General"
    description: "Whether it is the account that synced."
    sql: ${relation} = 'own' ;;
  }

  dimension: access {
    type: string
    label: "Access"
    group_label: "General"
    description: "public, private or gone. Workouts of before stay."
    sql: ${TABLE}.access ;;
  }

  dimension: is_private {
    type: yesno
    label: "Is Private"
    group_label: "General"
    description: "Whether the member hides workouts."
    sql: ${TABLE}.is_profile_private ;;
  }

  dimension: location {
    type: string
    label: "Location"
    group_label: "General"
    description: "As the member wrote it."
    sql: ${TABLE}.location ;;
  }

  dimension_group: joined {
    type: time
    label: "Joined Peloton"
    group_label: "Joined Peloton Date"
    description: "When the account was made, in the time zone of the query."
    timeframes: [raw, date, week, month, quarter, year]
    sql: ${TABLE}.created_ts ;;
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    group_label: "Fetched Date"
    description: "When the newest of its answers was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  dimension: total_workouts {
    type: number
    label: "Workouts (All Time)"
    group_label: "As Peloton Counts"
    description: "Workouts as the app counts them, also those that are not here."
    sql: ${TABLE}.total_workouts ;;
    value_format_name: whole
  }

  dimension: total_pedaling_workouts {
    type: number
    label: "Pedaling Workouts (All Time)"
    group_label: "As Peloton Counts"
    description: "Of these, those with pedalling metrics."
    sql: ${TABLE}.total_pedaling_metric_workouts ;;
    value_format_name: whole
  }

  dimension: total_followers {
    type: number
    label: "Followers"
    group_label: "As Peloton Counts"
    description: "Followers, as Peloton counts them."
    sql: ${TABLE}.total_followers ;;
    value_format_name: whole
  }

  dimension: total_following {
    type: number
    label: "Following"
    group_label: "As Peloton Counts"
    description: "Members whom they follow, as Peloton counts them."
    sql: ${TABLE}.total_following ;;
    value_format_name: whole
  }

  dimension: current_weekly_streak {
    type: number
    label: "Current Streak (weeks)"
    group_label: "As Peloton Counts"
    description: "Weeks in a row with a workout, as Peloton counts them."
    sql: ${TABLE}.current_weekly_streak ;;
    value_format_name: whole
  }

  dimension: best_weekly_streak {
    type: number
    label: "Longest Streak (weeks)"
    group_label: "As Peloton Counts"
    description: "The longest such row, as Peloton counts it."
    sql: ${TABLE}.best_weekly_streak ;;
    value_format_name: whole
  }

  dimension: name {
    type: string
    label: "Name"
    group_label: "Own Account"
    description: "Whole name."
    sql: ${TABLE}.name ;;
  }

  dimension: gender {
    type: string
    label: "Gender"
    group_label: "Own Account"
    description: "As entered."
    sql: ${TABLE}.gender ;;
  }

  dimension_group: birth {
    type: time
    label: "Birth"
    group_label: "Birth Date"
    description: "Birthday."
    timeframes: [raw, date, year]
    datatype: epoch
    convert_tz: no
    sql: ${TABLE}.birthday ;;
  }

  dimension: height {
    type: number
    label: "Height (as Entered)"
    group_label: "Own Account"
    description: "Body height, in the unit of Height Unit."
    sql: ${TABLE}.height ;;
    value_format_name: tenths
  }

  dimension: height_unit {
    type: string
    label: "Height Unit"
    group_label: "Own Account"
    description: "Unit of the height."
    sql: ${TABLE}.height_unit ;;
  }

  dimension: weight {
    type: number
    label: "Weight (as Entered)"
    group_label: "Own Account"
    description: "Body weight, in the unit of Weight Unit."
    sql: ${TABLE}.weight ;;
    value_format_name: tenths
  }

  dimension: weight_unit {
    type: string
    label: "Weight Unit"
    group_label: "Own Account"
    description: "Unit of the weight."
    sql: ${TABLE}.weight_unit ;;
  }

  dimension: ftp {
    type: number
    label: "FTP of Last Test (W)"
    group_label: "FTP and Heart Rate"
    description: "FTP of the last test in watts."
    sql: ${TABLE}.cycling_workout_ftp ;;
    value_format_name: whole
  }

  dimension: typed_ftp {
    type: number
    label: "FTP as Typed (W)"
    group_label: "FTP and Heart Rate"
    description: "FTP that the member typed in, in watts."
    sql: ${TABLE}.cycling_ftp ;;
    value_format_name: whole
  }

  dimension: estimated_ftp {
    type: number
    label: "FTP as Estimated (W)"
    group_label: "FTP and Heart Rate"
    description: "FTP as Peloton estimates it, in watts."
    sql: ${TABLE}.estimated_cycling_ftp ;;
    value_format_name: whole
  }

  dimension: ftp_source {
    type: string
    label: "FTP Source"
    group_label: "FTP and Heart Rate"
    description: "Which of them counts."
    sql: ${TABLE}.cycling_ftp_source ;;
  }

  dimension: max_heart_rate {
    type: number
    label: "Maximum Heart Rate (bpm)"
    group_label: "FTP and Heart Rate"
    description: "As the member set it, else as Peloton assumes it by age."
    sql: COALESCE(NULLIF(${TABLE}.customized_max_heart_rate, 0), ${TABLE}.default_max_heart_rate) ;;
    value_format_name: whole
  }

  measure: count {
    type: count
    label: "Member Count"
    group_label: "General"
    description: "Number of members."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: longest_weekly_streak {
    type: max
    label: "Longest Streak of All (weeks)"
    group_label: "As Peloton Counts"
    description: "The longest row of weeks with a workout of any of the members, as Peloton counts it."
    sql: ${best_weekly_streak} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: longest_current_streak {
    type: max
    label: "Longest Current Streak (weeks)"
    group_label: "As Peloton Counts"
    description: "The longest row that is still going of any of the members, as Peloton counts it."
    sql: ${current_weekly_streak} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: workouts_at_peloton {
    type: sum
    label: "Total Workouts (All Time)"
    group_label: "As Peloton Counts"
    description: "Workouts as the app counts them, of all these members, also those that are not here."
    sql: ${total_workouts} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [page, username, relation, access, location, joined_date, total_workouts, current_weekly_streak]
  }
}
