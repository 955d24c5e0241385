# One row is one workout, of the own account or of a followed member. Local dates and clocks are the member's
# own: they are stored without a zone, so that nothing converts them.
view: workouts {
  sql_table_name: @{DATASET}.workouts ;;
  label: "Workout"

  filter: current_period {
    type: date
    label: "Current Period"
    group_label: "Period Comparison"
    description: "The period to look at, for the fields of Period Comparison: 28 days, this month, 2026 …"
    datatype: date
    convert_tz: no
  }

  filter: previous_period {
    type: date
    label: "Previous Period"
    group_label: "Period Comparison"
    description: "The period to compare with: 55 days ago for 28 days, last month, 2025 … A day in both belongs to the current one."
    datatype: date
    convert_tz: no
  }

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension: ride_id {
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id ;;
  }

  dimension: instructor_id {
    hidden: yes
    type: string
    sql: ${TABLE}.instructor_id ;;
  }

  dimension: discipline_slug {
    hidden: yes
    type: string
    sql: ${TABLE}.discipline ;;
  }

  dimension: total_work {
    hidden: yes
    type: number
    sql: ${TABLE}.total_work ;;
  }

  dimension: distance_m {
    hidden: yes
    type: number
    sql: ${TABLE}.distance_m ;;
  }

  # What a mean of a workout is weighed with: the seconds that it was made of, where they are known.
  dimension: metric_seconds {
    hidden: yes
    type: number
    sql: COALESCE(${TABLE}.seconds_recorded, ${TABLE}.duration_s, ${TABLE}.class_duration_s) ;;
  }

  dimension: is_on_foot {
    hidden: yes
    type: yesno
    sql: ${discipline_slug} NOT IN ('cycling', 'bike_bootcamp', 'caesar', 'caesar_bootcamp') ;;
  }

  dimension: is_rowing {
    hidden: yes
    type: yesno
    sql: ${discipline_slug} IN ('caesar', 'caesar_bootcamp') ;;
  }

  dimension: page {
    type: string
    label: "Workout Page"
    group_label: "General"
    description: "Link to the workout second by second, and to the same workout at Peloton."
    suggestable: no
    sql: ${id} ;;
    html: <a href="@{APP_URL}/workouts/{{ value }}">Open</a> ;;
    link: {
      label: "Second by second"
      url: "@{APP_URL}/workouts/{{ value }}"
    }
    link: {
      label: "At Peloton"
      url: "https://members.onepeloton.com/profile/workouts/{{ value }}"
    }
  }

  dimension: title {
    type: string
    label: "Title"
    group_label: "General"
    description: "The class's title, else the workout's own."
    sql: ${TABLE}.title ;;
  }

  dimension: discipline {
    type: string
    label: "Discipline"
    group_label: "General"
    description: "Cycling, Running, Rowing … A discipline without a name here keeps Peloton's word for it."
    sql:
      CASE ${TABLE}.discipline
        WHEN 'cycling' THEN 'Cycling'
        WHEN 'bike_bootcamp' THEN 'Bike Bootcamp'
        WHEN 'running' THEN 'Running'
        WHEN 'walking' THEN 'Walking'
        WHEN 'circuit' THEN 'Tread Bootcamp'
        WHEN 'caesar' THEN 'Rowing'
        WHEN 'caesar_bootcamp' THEN 'Row Bootcamp'
        WHEN 'strength' THEN 'Strength'
        WHEN 'stretching' THEN 'Stretching'
        WHEN 'yoga' THEN 'Yoga'
        WHEN 'meditation' THEN 'Meditation'
        WHEN 'cardio' THEN 'Cardio'
        ELSE ${TABLE}.discipline
      END
    ;;
  }

  dimension: workout_type {
    type: string
    label: "Workout Type"
    group_label: "General"
    description: "class, scenic or freestyle."
    sql: ${TABLE}.workout_type ;;
  }

  dimension: status {
    type: string
    label: "Status"
    group_label: "General"
    description: "COMPLETE, IN_PROGRESS and others, as Peloton says it."
    sql: ${TABLE}.status ;;
  }

  dimension: is_counted {
    type: yesno
    label: "Is Counted"
    group_label: "General"
    description: "Whether it counts: it is complete, and Peloton has not lost it. The Explores ask for this by default."
    sql: ${TABLE}.status = 'COMPLETE' AND ${TABLE}.deleted_at IS NULL ;;
  }

  dimension: is_deleted {
    type: yesno
    label: "Is Deleted"
    group_label: "General"
    description: "Whether it is gone from Peloton's list. Its numbers are kept."
    sql: ${TABLE}.deleted_at IS NOT NULL ;;
  }

  dimension: origin {
    type: string
    label: "Origin"
    group_label: "General"
    description: "Where the row is from: api, csv, or the service that sent it to Peloton."
    sql: ${TABLE}.origin ;;
  }

  dimension: live_or_on_demand {
    type: string
    label: "Live or On Demand"
    group_label: "General"
    description: "From an imported CSV file only; empty for synced workouts, since Peloton does not say."
    sql: CASE WHEN ${TABLE}.is_live THEN 'Live' WHEN NOT ${TABLE}.is_live THEN 'On Demand' END ;;
  }

  dimension: is_outdoor {
    type: yesno
    label: "Is Outdoor"
    group_label: "General"
    description: "Whether it was outdoors. Peloton says so since 2022."
    sql: ${TABLE}.is_outdoor ;;
  }

  dimension: has_pedaling_metrics {
    type: yesno
    label: "Has Pedaling Metrics"
    group_label: "General"
    description: "Whether there is output, cadence and resistance."
    sql: ${TABLE}.has_pedaling_metrics ;;
  }

  dimension: has_leaderboard_metrics {
    type: yesno
    label: "Has Leaderboard Metrics"
    group_label: "General"
    description: "Whether it counts on a leaderboard."
    sql: ${TABLE}.has_leaderboard_metrics ;;
  }

  dimension: has_paused {
    type: yesno
    label: "Has Paused"
    group_label: "General"
    description: "Whether the member paused."
    sql: ${TABLE}.has_paused ;;
  }

  dimension: is_from_peloton {
    type: yesno
    label: "Is from Peloton"
    group_label: "General"
    description: "No where Peloton took it over from another service."
    sql: ${TABLE}.is_peloton_originated_workout ;;
  }

  dimension: is_on_strava {
    type: yesno
    label: "Is on Strava"
    group_label: "General"
    description: "Whether Peloton posted it to Strava."
    sql: ${TABLE}.strava_id IS NOT NULL AND ${TABLE}.strava_id <> '-1' ;;
  }

  dimension: pause_minutes {
    type: number
    label: "Pause (min)"
    group_label: "General"
    description: "Time paused, in minutes."
    sql: ${TABLE}.pause_time_elapsed / 60.0 ;;
    value_format_name: tenths
  }

  dimension: video_minutes {
    type: number
    label: "Video Watched (min)"
    group_label: "General"
    description: "How long the video of the class was watched, in minutes."
    sql: ${TABLE}.v2_total_video_watch_time_seconds / 60.0 ;;
    value_format_name: tenths
  }

  dimension: instructor_name {
    type: string
    label: "Instructor (as Recorded)"
    group_label: "Class"
    description: "Name that came with the workout; also there for imported rows, which have no class."
    sql: ${TABLE}.instructor_name ;;
  }

  dimension: imported_class_type {
    type: string
    label: "Class Type (Imported)"
    group_label: "Class"
    description: "Type of the class in an imported CSV file; empty for synced workouts, whose types are in Class Type."
    sql: ${TABLE}.class_type ;;
  }

  dimension: class_minutes {
    type: number
    label: "Class Length (min)"
    group_label: "Class"
    description: "Nominal length of the class in minutes, not the time that was worked out."
    sql: ${TABLE}.class_duration_s / 60.0 ;;
    value_format_name: plain
  }

  dimension: class_length {
    type: tier
    label: "Class Length Tier (min)"
    group_label: "Class"
    description: "Nominal length of the class in minutes, in steps."
    tiers: [5, 10, 15, 20, 30, 45, 60, 75, 90]
    style: integer
    sql: ${class_minutes} ;;
  }

  dimension: device {
    type: string
    label: "Device"
    group_label: "Device"
    description: "Bike, Tread, Row, App …"
    sql: ${TABLE}.device ;;
  }

  dimension: device_type {
    type: string
    label: "Device Type"
    group_label: "Device"
    description: "The screen that was used, as Peloton names it."
    sql: ${TABLE}.device_type ;;
  }

  dimension: platform {
    type: string
    label: "Platform"
    group_label: "Device"
    description: "home_bike, home_tread, iOS_app …"
    sql: ${TABLE}.platform ;;
  }

  dimension_group: start {
    type: time
    label: "Start"
    group_label: "Start Date"
    description: "Day of the start by the member's own calendar; by UTC where the zone is not known."
    timeframes: [
      raw,
      date,
      week,
      month,
      quarter,
      year,
      day_of_week,
      day_of_week_index,
      day_of_month,
      day_of_year,
      week_of_year,
      month_name,
      month_num,
      quarter_of_year
    ]
    datatype: date
    convert_tz: no
    sql: COALESCE(${TABLE}.start_date_local, CAST(${TABLE}.start_ts AS DATE)) ;;
  }

  dimension_group: start_local {
    type: time
    label: "Start by Local Clock"
    group_label: "Start by Local Clock"
    description: "The member's wall clock at the start; empty where the zone is not known."
    timeframes: [raw, time, hour, time_of_day, hour_of_day]
    datatype: datetime
    convert_tz: no
    sql: ${TABLE}.start_local ;;
  }

  dimension_group: started {
    type: time
    label: "Start as Instant"
    group_label: "Start as Instant Date"
    description: "The moment of the start, in the time zone of the query."
    timeframes: [raw, time, date, hour, week, month]
    sql: ${TABLE}.start_ts ;;
  }

  dimension_group: ended {
    type: time
    label: "End as Instant"
    group_label: "End as Instant Date"
    description: "The moment of the end, in the time zone of the query; empty where Peloton has none."
    timeframes: [raw, time, date]
    sql: ${TABLE}.end_ts ;;
  }

  dimension: timezone {
    type: string
    label: "Time Zone"
    group_label: "Times"
    description: "Time zone of the workout as Peloton names it; Etc/GMT+4 is four hours behind UTC."
    sql: ${TABLE}.timezone ;;
  }

  dimension: part_of_day {
    label: "Part of Day"
    group_label: "Times"
    description: "Morning from 5, midday from 10, afternoon from 14, evening from 18, night from 22 o'clock, by the member's clock."
    case: {
      when: {
        sql: ${start_local_hour_of_day} >= 5 AND ${start_local_hour_of_day} < 10 ;;
        label: "Morning"
      }
      when: {
        sql: ${start_local_hour_of_day} >= 10 AND ${start_local_hour_of_day} < 14 ;;
        label: "Midday"
      }
      when: {
        sql: ${start_local_hour_of_day} >= 14 AND ${start_local_hour_of_day} < 18 ;;
        label: "Afternoon"
      }
      when: {
        sql: ${start_local_hour_of_day} >= 18 AND ${start_local_hour_of_day} < 22 ;;
        label: "Evening"
      }
      when: {
        sql: ${start_local_hour_of_day} >= 22 OR ${start_local_hour_of_day} < 5 ;;
        label: "Night"
      }
      else: "Unknown"
    }
  }

  dimension: is_weekend {
    type: yesno
    label: "Is Weekend"
    group_label: "Times"
    description: "Whether it began on a Saturday or Sunday, by the member's calendar."
    sql: ${start_day_of_week_index} >= 5 ;;
  }

  dimension: period {
    type: string
    label: "Period"
    group_label: "Period Comparison"
    description: "Current or Previous, as the two filters of Period Comparison say; empty for other days and without these filters. Made to pivot by."
    suggestions: ["Current", "Previous"]
    sql:
      CASE
        WHEN {% if workouts.current_period._is_filtered %}{% condition current_period %} ${start_raw} {% endcondition %}{% else %}1 = 0{% endif %} THEN 'Current'
        WHEN {% if workouts.previous_period._is_filtered %}{% condition previous_period %} ${start_raw} {% endcondition %}{% else %}1 = 0{% endif %} THEN 'Previous'
      END
    ;;
  }

  dimension: minutes {
    type: number
    label: "Duration (min)"
    group_label: "Totals"
    description: "From start to end in minutes, pauses included; the class's length where Peloton has no end, as for imported rows."
    sql: COALESCE(${TABLE}.duration_s, ${TABLE}.class_duration_s) / 60.0 ;;
    value_format_name: tenths
  }

  dimension: duration_tier {
    type: tier
    label: "Duration Tier (min)"
    group_label: "Totals"
    description: "Duration in minutes, in steps."
    tiers: [5, 10, 20, 30, 45, 60, 90, 120]
    style: integer
    sql: ${minutes} ;;
  }

  dimension: output_kj {
    type: number
    label: "Output (kJ)"
    group_label: "Totals"
    description: "Work of the whole workout in kilojoules, as Peloton reports it; empty where no power was measured."
    sql: NULLIF(${total_work}, 0) / 1000.0 ;;
    value_format_name: tenths
  }

  dimension: distance {
    type: number
    label: "Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Totals"
    description: "Distance, in the unit that Distance Unit says."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${distance_m} / 1000.0{% else %}${distance_m} / 1609.344{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: calories_kcal {
    type: number
    label: "Calories (kcal)"
    group_label: "Totals"
    description: "Energy as Peloton estimates it, in kilocalories."
    sql: ${TABLE}.calories_kcal ;;
    value_format_name: whole
  }

  dimension: elevation_gain_m {
    type: number
    label: "Elevation Gain (m)"
    group_label: "Totals"
    description: "Metres climbed."
    sql: ${TABLE}.elevation_gain_m ;;
    value_format_name: whole
  }

  dimension: stroke_count {
    type: number
    label: "Strokes"
    group_label: "Totals"
    description: "Strokes of the rower."
    sql: ${TABLE}.stroke_count ;;
    value_format_name: whole
  }

  dimension: effort_points {
    type: number
    label: "Effort Score"
    group_label: "Totals"
    description: "Peloton's effort score by heart rate."
    sql: ${TABLE}.effort_points ;;
    value_format_name: tenths
  }

  dimension: avg_output {
    type: number
    label: "Mean Output (W)"
    group_label: "Means and Highest"
    description: "Mean power in watts, as Peloton reports it."
    sql: ${TABLE}.avg_output ;;
    value_format_name: tenths
  }

  dimension: best_output {
    type: number
    label: "Highest Output (W)"
    group_label: "Means and Highest"
    description: "Highest power in watts, as Peloton reports it."
    sql: ${TABLE}.best_output ;;
    value_format_name: whole
  }

  dimension: avg_cadence {
    type: number
    label: "Mean Cadence (rpm)"
    group_label: "Means and Highest"
    description: "Mean cadence in revolutions a minute, as Peloton reports it."
    sql: ${TABLE}.avg_cadence ;;
    value_format_name: tenths
  }

  dimension: best_cadence {
    type: number
    label: "Highest Cadence (rpm)"
    group_label: "Means and Highest"
    description: "Highest cadence in revolutions a minute, as Peloton reports it."
    sql: ${TABLE}.best_cadence ;;
    value_format_name: whole
  }

  dimension: avg_resistance {
    type: number
    label: "Mean Resistance (%)"
    group_label: "Means and Highest"
    description: "Mean resistance in percent, as Peloton reports it."
    sql: ${TABLE}.avg_resistance ;;
    value_format_name: tenths
  }

  dimension: best_resistance {
    type: number
    label: "Highest Resistance (%)"
    group_label: "Means and Highest"
    description: "Highest resistance in percent, as Peloton reports it."
    sql: ${TABLE}.best_resistance ;;
    value_format_name: whole
  }

  dimension: avg_heart_rate {
    type: number
    label: "Mean Heart Rate (bpm)"
    group_label: "Means and Highest"
    description: "Mean heart rate in beats a minute, as Peloton reports it."
    sql: ${TABLE}.avg_heart_rate ;;
    value_format_name: tenths
  }

  dimension: best_heart_rate {
    type: number
    label: "Highest Heart Rate (bpm)"
    group_label: "Means and Highest"
    description: "Highest heart rate in beats a minute, as Peloton reports it."
    sql: ${TABLE}.best_heart_rate ;;
    value_format_name: whole
  }

  dimension: avg_speed {
    type: number
    label: "Mean Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Means and Highest"
    description: "Mean speed, in the unit that Distance Unit says."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.avg_speed * 1.609344{% else %}${TABLE}.avg_speed{% endif %} ;;
    value_format_name: tenths
  }

  dimension: best_speed {
    type: number
    label: "Highest Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Means and Highest"
    description: "Highest speed, in the unit that Distance Unit says."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.best_speed * 1.609344{% else %}${TABLE}.best_speed{% endif %} ;;
    value_format_name: tenths
  }

  dimension: avg_pace {
    type: number
    label: "Mean Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Means and Highest"
    description: "Mean pace in minutes and their hundredths; empty without distance."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.avg_pace / 1.609344{% else %}${TABLE}.avg_pace{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: best_pace {
    type: number
    label: "Best Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Means and Highest"
    description: "Best, that is smallest, pace in minutes and their hundredths."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.best_pace / 1.609344{% else %}${TABLE}.best_pace{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: avg_stroke_rate {
    type: number
    label: "Mean Stroke Rate (spm)"
    group_label: "Means and Highest"
    description: "Mean strokes a minute."
    sql: ${TABLE}.avg_stroke_rate ;;
    value_format_name: tenths
  }

  dimension: best_stroke_rate {
    type: number
    label: "Highest Stroke Rate (spm)"
    group_label: "Means and Highest"
    description: "Highest strokes a minute."
    sql: ${TABLE}.best_stroke_rate ;;
    value_format_name: whole
  }

  dimension: avg_split_pace {
    type: number
    label: "Mean Split (min/500 m)"
    group_label: "Means and Highest"
    description: "Mean rowing pace in minutes and their hundredths for 500 metres."
    sql: ${TABLE}.avg_split_pace ;;
    value_format_name: hundredths
  }

  dimension: best_split_pace {
    type: number
    label: "Best Split (min/500 m)"
    group_label: "Means and Highest"
    description: "Best, that is smallest, rowing pace in minutes and their hundredths for 500 metres."
    sql: ${TABLE}.best_split_pace ;;
    value_format_name: hundredths
  }

  dimension: avg_incline {
    type: number
    label: "Mean Incline (%)"
    group_label: "Means and Highest"
    description: "Mean incline in percent."
    sql: ${TABLE}.avg_incline ;;
    value_format_name: tenths
  }

  dimension: best_incline {
    type: number
    label: "Steepest Incline (%)"
    group_label: "Means and Highest"
    description: "Steepest incline in percent."
    sql: ${TABLE}.best_incline ;;
    value_format_name: tenths
  }

  dimension: is_personal_record {
    type: yesno
    label: "Is Output Record"
    group_label: "Records and FTP"
    description: "Whether its total output was the member's best so far for that length of class, as Peloton says."
    sql: ${TABLE}.is_total_work_personal_record ;;
  }

  dimension: is_split_record {
    type: yesno
    label: "Is Split Record"
    group_label: "Records and FTP"
    description: "Whether one of its splits was the member's best so far."
    sql: ${TABLE}.is_splits_personal_record ;;
  }

  dimension: ftp {
    type: number
    label: "FTP (W)"
    group_label: "Records and FTP"
    description: "Functional threshold power at the workout, as Peloton stores it, in watts; empty if unset."
    sql: NULLIF(${TABLE}.ftp, 0) ;;
    value_format_name: whole
  }

  dimension: ftp_source {
    type: string
    label: "FTP Source"
    group_label: "Records and FTP"
    description: "Whether the FTP was typed in, tested or estimated."
    sql: ${TABLE}.ftp_source ;;
  }

  dimension: output_share_of_ftp {
    type: number
    label: "Mean Output of FTP (%)"
    group_label: "Records and FTP"
    description: "Mean output as a share of the FTP at the workout."
    sql: ${avg_output} / NULLIF(${ftp}, 0) ;;
    value_format_name: share
  }

  dimension: leaderboard_rank {
    type: number
    label: "Leaderboard Rank"
    group_label: "Leaderboard"
    description: "Place by total output when it was fetched; 1 is first."
    sql: ${TABLE}.leaderboard_rank ;;
    value_format_name: whole
  }

  dimension: total_leaderboard_users {
    type: number
    label: "Leaderboard Members"
    group_label: "Leaderboard"
    description: "Members on the leaderboard when it was fetched."
    sql: ${TABLE}.total_leaderboard_users ;;
    value_format_name: whole
  }

  dimension: leaderboard_percentile {
    type: number
    label: "Leaderboard Percentile (%)"
    group_label: "Leaderboard"
    description: "Share of the leaderboard at or below this place; 100 % is first."
    sql: ${TABLE}.leaderboard_percentile ;;
    value_format_name: share
  }

  dimension: leaderboard_tier {
    type: tier
    label: "Leaderboard Tier"
    group_label: "Leaderboard"
    description: "Share of the leaderboard at or below this place, in steps: 0.9 and above are the best tenth."
    tiers: [0.25, 0.5, 0.75, 0.9]
    style: relational
    sql: ${leaderboard_percentile} ;;
  }

  dimension: leaderboard_distance_rank {
    type: number
    label: "Distance Rank"
    group_label: "Leaderboard"
    description: "Place by distance when it was fetched; 1 is first."
    sql: ${TABLE}.leaderboard_distance_rank ;;
    value_format_name: whole
  }

  dimension: total_leaderboard_distance_users {
    type: number
    label: "Distance Board Members"
    group_label: "Leaderboard"
    description: "Members on the leaderboard by distance when it was fetched."
    sql: ${TABLE}.total_leaderboard_distance_users ;;
    value_format_name: whole
  }

  dimension_group: leaderboard_fetched {
    type: time
    label: "Leaderboard Fetched"
    group_label: "Leaderboard Fetched Date"
    description: "When the places on the leaderboards were fetched, in the time zone of the query. They go on moving at Peloton."
    timeframes: [raw, time, date]
    sql: ${TABLE}.leaderboard_fetched_at ;;
  }

  dimension: seconds_expected {
    type: number
    label: "Seconds Expected (s)"
    group_label: "Completeness"
    description: "Last less first second of the time axis, plus one; empty without metrics."
    sql: ${TABLE}.seconds_expected ;;
    value_format_name: whole
  }

  dimension: seconds_recorded {
    type: number
    label: "Seconds Recorded (s)"
    group_label: "Completeness"
    description: "Seconds that have at least one value."
    sql: ${TABLE}.seconds_recorded ;;
    value_format_name: whole
  }

  dimension: seconds_missing {
    type: number
    label: "Seconds Missing (s)"
    group_label: "Completeness"
    description: "Expected less recorded seconds."
    sql: ${TABLE}.seconds_missing ;;
    value_format_name: whole
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    group_label: "Fetched Date"
    description: "When the newest of its answers was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  dimension_group: deleted {
    type: time
    label: "Deleted"
    group_label: "Deleted Date"
    description: "When it was found gone from Peloton's list, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.deleted_at ;;
  }

  measure: count {
    type: count
    label: "Workout Count"
    group_label: "Counts"
    description: "Number of workouts."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: active_days {
    type: count_distinct
    label: "Active Days"
    group_label: "Counts"
    description: "Days with at least one workout, by the member's calendar; of several members, each one's days."
    sql: ${user_id} || ' ' || CAST(${start_raw} AS STRING) ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: active_weeks {
    type: count_distinct
    label: "Active Weeks"
    group_label: "Counts"
    description: "Weeks from Monday with at least one workout; of several members, each one's weeks."
    sql: ${user_id} || ' ' || CAST(${start_week} AS STRING) ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: class_count {
    type: count_distinct
    label: "Different Classes"
    group_label: "Counts"
    description: "Number of different classes that were taken."
    sql: ${ride_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: repeat_count {
    type: number
    label: "Repeated Classes"
    group_label: "Counts"
    description: "Workouts that took a class which was among them already."
    sql: ${class_workout_count} - ${class_count} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: class_workout_count {
    hidden: yes
    type: count
    filters: [ride_id: "-NULL", id: "-NULL"]
  }

  measure: instructor_count {
    type: count_distinct
    label: "Different Instructors"
    group_label: "Counts"
    description: "Number of different instructors, by the name that came with the workout."
    sql: ${instructor_name} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: member_count {
    type: count_distinct
    label: "Members Working Out"
    group_label: "Counts"
    description: "Number of members with at least one workout."
    sql: ${user_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: first_workout {
    type: date
    label: "First Workout"
    group_label: "Counts"
    description: "Day of the first workout, by the member's calendar."
    datatype: date
    convert_tz: no
    sql: MIN(${start_raw}) ;;
    drill_fields: [detail*]
  }

  measure: last_workout {
    type: date
    label: "Last Workout"
    group_label: "Counts"
    description: "Day of the last workout, by the member's calendar."
    datatype: date
    convert_tz: no
    sql: MAX(${start_raw}) ;;
    drill_fields: [detail*]
  }

  measure: workouts_per_active_week {
    type: number
    label: "Workouts per Active Week"
    group_label: "Counts"
    description: "Workouts divided by the weeks that have any."
    sql: ${count} / NULLIF(${active_weeks}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: total_minutes {
    type: sum
    label: "Total Time (min)"
    group_label: "Totals"
    description: "Time of all workouts in minutes."
    sql: ${minutes} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_hours {
    type: number
    label: "Total Time (h)"
    group_label: "Totals"
    description: "Time of all workouts in hours."
    sql: ${total_minutes} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: total_clock {
    type: number
    label: "Total Time (h:mm:ss)"
    group_label: "Totals"
    description: "Time of all workouts as a clock shows it."
    sql: ${total_minutes} / 1440.0 ;;
    value_format_name: clock
    drill_fields: [detail*]
  }

  measure: total_output_kj {
    type: sum
    label: "Total Output (kJ)"
    group_label: "Totals"
    description: "Work of all workouts in kilojoules. A bike's, a tread's and a rower's do not mean the same: compare within one discipline."
    sql: ${output_kj} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_distance {
    type: sum
    label: "Total Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Totals"
    description: "Distance of all workouts, in the unit that Distance Unit says."
    sql: ${distance} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: total_calories_kcal {
    type: sum
    label: "Total Calories (kcal)"
    group_label: "Totals"
    description: "Energy of all workouts in kilocalories, as Peloton estimates it."
    sql: ${calories_kcal} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_elevation_gain_m {
    type: sum
    label: "Total Elevation Gain (m)"
    group_label: "Totals"
    description: "Metres climbed in all workouts."
    sql: ${elevation_gain_m} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_strokes {
    type: sum
    label: "Total Strokes"
    group_label: "Totals"
    description: "Strokes of the rower in all workouts."
    sql: ${stroke_count} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_effort_points {
    type: sum
    label: "Total Effort Score"
    group_label: "Totals"
    description: "Sum of Peloton's effort scores."
    sql: ${effort_points} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: total_seconds_missing {
    type: sum
    label: "Total Seconds Missing (s)"
    group_label: "Completeness"
    description: "Seconds that no metric was recorded for."
    sql: ${seconds_missing} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: total_seconds_expected {
    hidden: yes
    type: sum
    sql: ${seconds_expected} ;;
  }

  measure: missing_share {
    type: number
    label: "Seconds Missing (%)"
    group_label: "Completeness"
    description: "Seconds without a metric as a share of those expected."
    sql: ${total_seconds_missing} / NULLIF(${total_seconds_expected}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: average_minutes {
    type: average
    label: "Average Duration (min)"
    group_label: "Averages"
    description: "Minutes a workout."
    sql: ${minutes} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_output_kj {
    type: average
    label: "Average Total Output (kJ)"
    group_label: "Averages"
    description: "Kilojoules a workout, of those with power."
    sql: ${output_kj} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: median_output_kj {
    type: median
    label: "Median Total Output (kJ)"
    group_label: "Averages"
    description: "The middle one of the workouts' total outputs, of those with power."
    sql: ${output_kj} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_distance {
    type: average
    label: "Average Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Averages"
    description: "Distance a workout, of those with one, in the unit that Distance Unit says."
    sql: CASE WHEN ${distance_m} > 0 THEN ${distance} END ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: average_calories_kcal {
    type: average
    label: "Average Calories (kcal)"
    group_label: "Averages"
    description: "Kilocalories a workout, as Peloton estimates them."
    sql: ${calories_kcal} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: output_times_seconds {
    hidden: yes
    type: sum
    sql: ${avg_output} * ${metric_seconds} ;;
  }

  measure: output_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_output} IS NOT NULL THEN ${metric_seconds} END ;;
  }

  measure: average_output {
    type: number
    label: "Average Output (W)"
    group_label: "Averages"
    description: "Mean power in watts. A bike's, a tread's and a rower's do not mean the same: compare within one discipline. Each workout counts by its seconds, so a long one counts more."
    sql: ${output_times_seconds} / NULLIF(${output_seconds}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: cadence_times_seconds {
    hidden: yes
    type: sum
    sql: ${avg_cadence} * ${metric_seconds} ;;
  }

  measure: cadence_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_cadence} IS NOT NULL THEN ${metric_seconds} END ;;
  }

  measure: average_cadence {
    type: number
    label: "Average Cadence (rpm)"
    group_label: "Averages"
    description: "Mean cadence in revolutions a minute. Each workout counts by its seconds, so a long one counts more."
    sql: ${cadence_times_seconds} / NULLIF(${cadence_seconds}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: resistance_times_seconds {
    hidden: yes
    type: sum
    sql: ${avg_resistance} * ${metric_seconds} ;;
  }

  measure: resistance_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_resistance} IS NOT NULL THEN ${metric_seconds} END ;;
  }

  measure: average_resistance {
    type: number
    label: "Average Resistance (%)"
    group_label: "Averages"
    description: "Mean resistance in percent. Each workout counts by its seconds, so a long one counts more."
    sql: ${resistance_times_seconds} / NULLIF(${resistance_seconds}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: speed_times_seconds {
    hidden: yes
    type: sum
    sql: ${avg_speed} * ${metric_seconds} ;;
  }

  measure: speed_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_speed} IS NOT NULL THEN ${metric_seconds} END ;;
  }

  measure: average_speed {
    type: number
    label: "Average Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Averages"
    description: "Mean speed, in the unit that Distance Unit says. Each workout counts by its seconds, so a long one counts more."
    sql: ${speed_times_seconds} / NULLIF(${speed_seconds}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: heart_rate_times_seconds {
    hidden: yes
    type: sum
    sql: ${avg_heart_rate} * ${metric_seconds} ;;
  }

  measure: heart_rate_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_heart_rate} IS NOT NULL THEN ${metric_seconds} END ;;
  }

  measure: average_heart_rate {
    type: number
    label: "Average Heart Rate (bpm)"
    group_label: "Averages"
    description: "Mean heart rate in beats a minute. Each workout counts by its seconds, so a long one counts more."
    sql: ${heart_rate_times_seconds} / NULLIF(${heart_rate_seconds}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: seconds_on_foot {
    hidden: yes
    type: sum
    sql: CASE WHEN ${is_on_foot} AND ${distance_m} > 0 THEN ${metric_seconds} END ;;
  }

  measure: distance_on_foot {
    hidden: yes
    type: sum
    sql: CASE WHEN ${is_on_foot} AND ${metric_seconds} > 0 THEN ${distance} END ;;
  }

  measure: average_pace {
    type: number
    label: "Average Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Averages"
    description: "Time over distance of running, walking and the like, in minutes and their hundredths; never the mean of paces. Workouts without distance are left out."
    sql: ${seconds_on_foot} / 60.0 / NULLIF(${distance_on_foot}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: seconds_rowing {
    hidden: yes
    type: sum
    sql: CASE WHEN ${is_rowing} AND ${distance_m} > 0 THEN ${metric_seconds} END ;;
  }

  measure: metres_rowing {
    hidden: yes
    type: sum
    sql: CASE WHEN ${is_rowing} AND ${metric_seconds} > 0 THEN ${distance_m} END ;;
  }

  measure: average_split_pace {
    type: number
    label: "Average Split (min/500 m)"
    group_label: "Averages"
    description: "Time over distance of rowing, in minutes and their hundredths for 500 metres."
    sql: ${seconds_rowing} / 60.0 * 500.0 / NULLIF(${metres_rowing}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: minutes_with_output {
    hidden: yes
    type: sum
    sql: CASE WHEN ${output_kj} IS NOT NULL THEN ${metric_seconds} / 60.0 END ;;
  }

  measure: output_kj_with_minutes {
    hidden: yes
    type: sum
    sql: CASE WHEN ${metric_seconds} IS NOT NULL THEN ${output_kj} END ;;
  }

  measure: output_per_minute {
    type: number
    label: "Output per Minute (kJ/min)"
    group_label: "Averages"
    description: "Kilojoules a minute of the workouts with power."
    sql: ${output_kj_with_minutes} / NULLIF(${minutes_with_output}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: minutes_with_calories {
    hidden: yes
    type: sum
    sql: CASE WHEN ${calories_kcal} IS NOT NULL THEN ${minutes} END ;;
  }

  measure: calories_per_minute {
    type: number
    label: "Calories per Minute (kcal/min)"
    group_label: "Averages"
    description: "Kilocalories a minute of the workouts with an estimate."
    sql: ${total_calories_kcal} / NULLIF(${minutes_with_calories}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: minutes_per_active_day {
    type: number
    label: "Time per Active Day (min)"
    group_label: "Averages"
    description: "Minutes divided by the days with a workout."
    sql: ${total_minutes} / NULLIF(${active_days}, 0) ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: ftp_times_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_output} IS NOT NULL THEN ${ftp} * ${metric_seconds} END ;;
  }

  measure: output_times_seconds_with_ftp {
    hidden: yes
    type: sum
    sql: CASE WHEN ${ftp} IS NOT NULL THEN ${avg_output} * ${metric_seconds} END ;;
  }

  measure: average_output_share_of_ftp {
    type: number
    label: "Average Output of FTP (%)"
    group_label: "Averages"
    description: "Mean output as a share of the FTP at each workout, weighed by seconds."
    sql: ${output_times_seconds_with_ftp} / NULLIF(${ftp_times_seconds}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: output_times_seconds_with_heart_rate {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_heart_rate} IS NOT NULL THEN ${avg_output} * ${metric_seconds} END ;;
  }

  measure: heart_rate_times_seconds_with_output {
    hidden: yes
    type: sum
    sql: CASE WHEN ${avg_output} IS NOT NULL THEN ${avg_heart_rate} * ${metric_seconds} END ;;
  }

  measure: output_per_heartbeat {
    type: number
    label: "Output per Heart Rate (W/bpm)"
    group_label: "Averages"
    description: "Mean output over mean heart rate of the workouts with both: more of it at the same effort is fitness."
    sql: ${output_times_seconds_with_heart_rate} / NULLIF(${heart_rate_times_seconds_with_output}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: best_output_kj {
    type: max
    label: "Best Total Output (kJ)"
    group_label: "Bests"
    description: "The highest total output of a workout, in kilojoules."
    sql: ${output_kj} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: best_average_output {
    type: max
    label: "Best Mean Output (W)"
    group_label: "Bests"
    description: "The highest mean output of a workout, in watts."
    sql: ${avg_output} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: highest_output {
    type: max
    label: "Peak Output (W)"
    group_label: "Bests"
    description: "The highest output that Peloton reports of any workout, in watts: an instant, not a second's mean."
    sql: ${best_output} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: highest_cadence {
    type: max
    label: "Peak Cadence (rpm)"
    group_label: "Bests"
    description: "The highest cadence that Peloton reports of any workout."
    sql: ${best_cadence} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: highest_speed {
    type: max
    label: "Peak Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Bests"
    description: "The highest speed that Peloton reports of any workout, in the unit that Distance Unit says."
    sql: ${best_speed} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: highest_heart_rate {
    type: max
    label: "Peak Heart Rate (bpm)"
    group_label: "Bests"
    description: "The highest heart rate that Peloton reports of any workout."
    sql: ${best_heart_rate} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: longest_distance {
    type: max
    label: "Longest Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Bests"
    description: "The longest distance of a workout, in the unit that Distance Unit says."
    sql: ${distance} ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: longest_minutes {
    type: max
    label: "Longest Duration (min)"
    group_label: "Bests"
    description: "The longest workout, in minutes."
    sql: ${minutes} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: best_mean_pace {
    type: min
    label: "Best Mean Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Bests"
    description: "The best, that is smallest, mean pace of a workout on foot."
    sql: CASE WHEN ${is_on_foot} THEN ${avg_pace} END ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: best_mean_split_pace {
    type: min
    label: "Best Mean Split (min/500 m)"
    group_label: "Bests"
    description: "The best, that is smallest, mean rowing pace of a workout."
    sql: ${avg_split_pace} ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: highest_ftp {
    type: max
    label: "Highest FTP (W)"
    group_label: "Bests"
    description: "The highest FTP that was valid at a workout, in watts."
    sql: ${ftp} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: record_count {
    type: count
    label: "Output Records"
    group_label: "Records and FTP"
    description: "Workouts that were the member's best total output so far for their length."
    filters: [id: "-NULL", is_personal_record: "Yes"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: split_record_count {
    type: count
    label: "Split Records"
    group_label: "Records and FTP"
    description: "Workouts with a split that was the member's best so far."
    filters: [id: "-NULL", is_split_record: "Yes"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: record_share {
    type: number
    label: "Output Records (%)"
    group_label: "Records and FTP"
    description: "Output records as a share of the workouts."
    sql: ${record_count} / NULLIF(${count}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: best_leaderboard_rank {
    type: min
    label: "Best Rank"
    group_label: "Leaderboard"
    description: "The best place on a leaderboard when it was fetched; 1 is first."
    sql: ${leaderboard_rank} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: average_leaderboard_percentile {
    type: average
    label: "Average Percentile (%)"
    group_label: "Leaderboard"
    description: "Mean share of the leaderboard at or below the member's place."
    sql: ${leaderboard_percentile} ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: best_leaderboard_percentile {
    type: max
    label: "Best Percentile (%)"
    group_label: "Leaderboard"
    description: "The best share of the leaderboard at or below the member's place."
    sql: ${leaderboard_percentile} ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: current_count {
    type: count
    label: "Current Workouts"
    group_label: "Period Comparison"
    description: "Number of workouts in the current period; 0 without the filter Current Period."
    filters: [id: "-NULL", period: "Current"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: previous_count {
    type: count
    label: "Previous Workouts"
    group_label: "Period Comparison"
    description: "Number of workouts in the previous period; 0 without the filter Previous Period."
    filters: [id: "-NULL", period: "Previous"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: count_change {
    type: number
    label: "Change of Workouts (%)"
    group_label: "Period Comparison"
    description: "How much more or less it is than in the previous period; empty where that has nothing."
    sql: (${current_count} - ${previous_count}) / NULLIF(${previous_count}, 0) ;;
    value_format_name: change
    drill_fields: [detail*]
  }

  measure: current_minutes {
    type: sum
    label: "Current Time (min)"
    group_label: "Period Comparison"
    description: "Time of the workouts in the current period; 0 without the filter Current Period."
    filters: [period: "Current"]
    sql: ${minutes} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: previous_minutes {
    type: sum
    label: "Previous Time (min)"
    group_label: "Period Comparison"
    description: "Time of the workouts in the previous period; 0 without the filter Previous Period."
    filters: [period: "Previous"]
    sql: ${minutes} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: minutes_change {
    type: number
    label: "Change of Time (%)"
    group_label: "Period Comparison"
    description: "How much more or less it is than in the previous period; empty where that has nothing."
    sql: (${current_minutes} - ${previous_minutes}) / NULLIF(${previous_minutes}, 0) ;;
    value_format_name: change
    drill_fields: [detail*]
  }

  measure: current_output_kj {
    type: sum
    label: "Current Output (kJ)"
    group_label: "Period Comparison"
    description: "Output of the workouts in the current period; 0 without the filter Current Period."
    filters: [period: "Current"]
    sql: ${output_kj} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: previous_output_kj {
    type: sum
    label: "Previous Output (kJ)"
    group_label: "Period Comparison"
    description: "Output of the workouts in the previous period; 0 without the filter Previous Period."
    filters: [period: "Previous"]
    sql: ${output_kj} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: output_kj_change {
    type: number
    label: "Change of Output (%)"
    group_label: "Period Comparison"
    description: "How much more or less it is than in the previous period; empty where that has nothing."
    sql: (${current_output_kj} - ${previous_output_kj}) / NULLIF(${previous_output_kj}, 0) ;;
    value_format_name: change
    drill_fields: [detail*]
  }

  measure: current_distance {
    type: sum
    label: "Current Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Period Comparison"
    description: "Distance of the workouts in the current period; 0 without the filter Current Period."
    filters: [period: "Current"]
    sql: ${distance} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: previous_distance {
    type: sum
    label: "Previous Distance ({% if units.distance._parameter_value == 'kilometres' %}km{% else %}miles{% endif %})"
    group_label: "Period Comparison"
    description: "Distance of the workouts in the previous period; 0 without the filter Previous Period."
    filters: [period: "Previous"]
    sql: ${distance} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: distance_change {
    type: number
    label: "Change of Distance (%)"
    group_label: "Period Comparison"
    description: "How much more or less it is than in the previous period; empty where that has nothing."
    sql: (${current_distance} - ${previous_distance}) / NULLIF(${previous_distance}, 0) ;;
    value_format_name: change
    drill_fields: [detail*]
  }

  set: detail {
    fields: [
      page,
      start_date,
      start_local_time_of_day,
      title,
      discipline,
      instructor_name,
      minutes,
      output_kj,
      avg_output,
      avg_heart_rate,
      distance,
      is_personal_record,
      members.username
    ]
  }
}
