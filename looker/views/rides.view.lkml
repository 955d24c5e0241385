# One row is one class of any discipline that a workout took. Ratings and counts are as of the day on which
# they were fetched; Peloton's move daily.
view: rides {
  sql_table_name: @{DATASET}.rides ;;
  label: "Class"

  dimension: id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.id ;;
  }

  dimension: instructor_id {
    hidden: yes
    type: string
    sql: ${TABLE}.instructor_id ;;
  }

  dimension: page {
    type: string
    label: "Class Page"
    group_label: "General"
    description: "Link to the class at Peloton."
    suggestable: no
    sql: ${id} ;;
    html: <a href="https://members.onepeloton.com/classes/all?modal=classDetailsModal&amp;classId={{ value }}">Open</a> ;;
    link: {
      label: "At Peloton"
      url: "https://members.onepeloton.com/classes/all?modal=classDetailsModal&classId={{ value }}"
    }
  }

  dimension: title {
    type: string
    label: "Title"
    group_label: "General"
    description: "Title of the class."
    sql: ${TABLE}.title ;;
  }

  dimension: description {
    type: string
    label: "Description"
    group_label: "General"
    description: "What the class is about."
    sql: ${TABLE}.description ;;
  }

  dimension: discipline {
    type: string
    label: "Discipline"
    group_label: "General"
    description: "Discipline by the name that Peloton shows."
    sql: COALESCE(${TABLE}.fitness_discipline_display_name, ${TABLE}.fitness_discipline) ;;
  }

  dimension: minutes {
    type: number
    label: "Class Length (min)"
    group_label: "General"
    description: "Nominal length in minutes."
    sql: ${TABLE}.duration / 60.0 ;;
    value_format_name: plain
  }

  dimension: length_tier {
    type: tier
    label: "Class Length Tier (min)"
    group_label: "General"
    description: "Nominal length in minutes, in steps."
    tiers: [5, 10, 15, 20, 30, 45, 60, 75, 90]
    style: integer
    sql: ${minutes} ;;
  }

  dimension: language {
    type: string
    label: "Language"
    group_label: "General"
    description: "Language of the class."
    sql: ${TABLE}.language ;;
  }

  dimension: location {
    type: string
    label: "Location"
    group_label: "General"
    description: "Studio, or the place of a scenic class."
    sql: ${TABLE}.location ;;
  }

  dimension: content_provider {
    type: string
    label: "Content Provider"
    group_label: "General"
    description: "peloton, or virtual_active for scenic classes."
    sql: ${TABLE}.content_provider ;;
  }

  dimension: content_format {
    type: string
    label: "Content Format"
    group_label: "General"
    description: "video or audio."
    sql: ${TABLE}.content_format ;;
  }

  dimension_group: original_air {
    type: time
    label: "First Aired"
    group_label: "First Aired Date"
    description: "When it was aired first, in the time zone of the query."
    timeframes: [raw, time, date, week, month, year]
    sql: ${TABLE}.original_air_ts ;;
  }

  dimension_group: counters_fetched {
    type: time
    label: "Counters Fetched"
    group_label: "Counters Fetched Date"
    description: "When ratings and counts were fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.counters_fetched_at ;;
  }

  dimension: is_power_zone_class {
    type: yesno
    label: "Is Power Zone Class"
    group_label: "Kind"
    description: "Whether it is by power zones."
    sql: ${TABLE}.is_power_zone_class ;;
  }

  dimension: is_ftp_test {
    type: yesno
    label: "Is FTP Test"
    group_label: "Kind"
    description: "Whether it is an FTP test."
    sql: ${TABLE}.is_ftp_test ;;
  }

  dimension: is_favorite {
    type: yesno
    label: "Is Bookmarked"
    group_label: "Kind"
    description: "Whether the account bookmarked it."
    sql: ${TABLE}.is_favorite ;;
  }

  dimension: is_explicit {
    type: yesno
    label: "Is Explicit"
    group_label: "Kind"
    description: "Whether words are explicit."
    sql: ${TABLE}.is_explicit ;;
  }

  dimension: is_outdoor {
    type: yesno
    label: "Is Outdoor"
    group_label: "Kind"
    description: "Whether it is for outdoors."
    sql: ${TABLE}.is_outdoor ;;
  }

  dimension: is_on_demand {
    type: yesno
    label: "Is on Demand"
    group_label: "Kind"
    description: "Whether it can be taken on demand."
    sql: ${TABLE}.is_archived ;;
  }

  dimension: is_fixed_distance {
    type: yesno
    label: "Is Fixed Distance"
    group_label: "Kind"
    description: "Whether it goes by distance."
    sql: ${TABLE}.is_fixed_distance ;;
  }

  dimension: has_pedaling_metrics {
    type: yesno
    label: "Has Pedaling Metrics"
    group_label: "Kind"
    description: "Whether there is output, cadence and resistance."
    sql: ${TABLE}.has_pedaling_metrics ;;
  }

  dimension: overall_rating {
    type: number
    label: "Rating (%)"
    group_label: "Ratings"
    description: "Mean rating by all members."
    sql: ${TABLE}.overall_rating_avg ;;
    value_format_name: share
  }

  dimension: overall_rating_count {
    type: number
    label: "Ratings"
    group_label: "Ratings"
    description: "Number of ratings."
    sql: ${TABLE}.overall_rating_count ;;
    value_format_name: whole
  }

  dimension: difficulty {
    type: number
    label: "Difficulty (0 to 10)"
    group_label: "Ratings"
    description: "Mean difficulty as all members voted."
    sql: ${TABLE}.difficulty_rating_avg ;;
    value_format_name: hundredths
  }

  dimension: difficulty_rating_count {
    type: number
    label: "Difficulty Votes"
    group_label: "Ratings"
    description: "Number of votes on the difficulty."
    sql: ${TABLE}.difficulty_rating_count ;;
    value_format_name: whole
  }

  dimension: difficulty_estimate {
    type: number
    label: "Difficulty Estimate (0 to 10)"
    group_label: "Ratings"
    description: "Difficulty as Peloton estimates it."
    sql: ${TABLE}.difficulty_estimate ;;
    value_format_name: hundredths
  }

  dimension: difficulty_level {
    type: string
    label: "Difficulty Level"
    group_label: "Ratings"
    description: "beginner, intermediate …"
    sql: ${TABLE}.difficulty_level ;;
  }

  dimension: total_workouts {
    type: number
    label: "Workouts of All Members"
    group_label: "All Members"
    description: "How often all members took it; Peloton rounds it for popular classes."
    sql: ${TABLE}.total_workouts ;;
    value_format_name: whole
  }

  dimension: own_workouts {
    type: number
    label: "Own Workouts"
    group_label: "All Members"
    description: "How often the account took it, as Peloton counts."
    sql: ${TABLE}.total_user_workouts ;;
    value_format_name: whole
  }

  dimension: following_workouts {
    type: number
    label: "Workouts of Followed Members"
    group_label: "All Members"
    description: "How often followed members took it, as Peloton counts."
    sql: ${TABLE}.total_following_workouts ;;
    value_format_name: whole
  }

  dimension: average_output_kj {
    type: number
    label: "All Members' Total Output (kJ)"
    group_label: "All Members"
    description: "Mean total output of all members, in kilojoules."
    sql: ${TABLE}.average_total_work_kj ;;
    value_format_name: tenths
  }

  dimension: average_output {
    type: number
    label: "All Members' Output (W)"
    group_label: "All Members"
    description: "Mean power of all members, in watts."
    sql: ${TABLE}.average_output ;;
    value_format_name: whole
  }

  dimension: average_cadence {
    type: number
    label: "All Members' Cadence (rpm)"
    group_label: "All Members"
    description: "Mean cadence of all members."
    sql: ${TABLE}.average_cadence ;;
    value_format_name: whole
  }

  dimension: average_resistance {
    type: number
    label: "All Members' Resistance (%)"
    group_label: "All Members"
    description: "Mean resistance of all members, in percent."
    sql: ${TABLE}.average_resistance ;;
    value_format_name: whole
  }

  dimension: average_calories {
    type: number
    label: "All Members' Calories (kcal)"
    group_label: "All Members"
    description: "Mean energy of all members, in kilocalories."
    sql: ${TABLE}.average_calories ;;
    value_format_name: whole
  }

  dimension: expected_output_lower_kj {
    type: number
    label: "Output at Lower Targets (kJ)"
    group_label: "All Members"
    description: "Total output at the lower bounds of the targets, in kilojoules."
    sql: ${TABLE}.expected_output_lower_kj ;;
    value_format_name: whole
  }

  dimension: expected_output_upper_kj {
    type: number
    label: "Output at Upper Targets (kJ)"
    group_label: "All Members"
    description: "Total output at the upper bounds of the targets, in kilojoules."
    sql: ${TABLE}.expected_output_upper_kj ;;
    value_format_name: whole
  }

  measure: count {
    type: count
    label: "Class Count"
    group_label: "General"
    description: "Number of classes."
    filters: [id: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: average_minutes {
    type: average
    label: "Average Class Length (min)"
    group_label: "General"
    description: "Mean nominal length of the classes; each class counts once, however often it was taken."
    sql: ${minutes} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: rating_times_count {
    hidden: yes
    type: sum
    sql: ${overall_rating} * ${overall_rating_count} ;;
  }

  measure: rated_count {
    hidden: yes
    type: sum
    sql: CASE WHEN ${overall_rating} IS NOT NULL THEN ${overall_rating_count} END ;;
  }

  measure: average_rating {
    type: number
    label: "Average Rating (%)"
    group_label: "Ratings"
    description: "Mean rating of the classes; each one counts by its number of ratings."
    sql: ${rating_times_count} / NULLIF(${rated_count}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: difficulty_times_count {
    hidden: yes
    type: sum
    sql: ${difficulty} * ${difficulty_rating_count} ;;
  }

  measure: difficulty_count {
    hidden: yes
    type: sum
    sql: CASE WHEN ${difficulty} IS NOT NULL THEN ${difficulty_rating_count} END ;;
  }

  measure: average_difficulty {
    type: number
    label: "Average Difficulty (0 to 10)"
    group_label: "Ratings"
    description: "Mean difficulty of the classes; each one counts by its number of votes."
    sql: ${difficulty_times_count} / NULLIF(${difficulty_count}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: total_ratings {
    type: sum
    label: "Total Ratings"
    group_label: "Ratings"
    description: "Number of ratings of the classes."
    sql: ${overall_rating_count} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [page, title, discipline, minutes, original_air_date, overall_rating, difficulty, total_workouts]
  }
}
