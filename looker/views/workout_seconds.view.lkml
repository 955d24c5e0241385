# One row is one second of one workout that has at least one value. What was not recorded has no row: a mean
# is over the seconds that are there.
view: workout_seconds {
  sql_table_name: @{DATASET}.workout_stats ;;
  label: "Second"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id || '|' || CAST(${TABLE}.seconds_since_pedaling_start AS STRING) ;;
  }

  dimension: workout_id {
    hidden: yes
    type: string
    sql: ${TABLE}.workout_id ;;
  }

  parameter: step_seconds {
    type: number
    label: "Step (s)"
    group_label: "Axis"
    description: "How many seconds Start of Step puts together."
    default_value: "10"
  }

  dimension: second {
    type: number
    label: "Second (s)"
    group_label: "Axis"
    description: "Second on Peloton's time axis, which counts from the start of the pedalling."
    sql: ${TABLE}.seconds_since_pedaling_start ;;
    value_format_name: whole
  }

  dimension: minute {
    type: number
    label: "Minute"
    group_label: "Axis"
    description: "Minute on the same axis; 0 is the first."
    sql: CAST(FLOOR(${second} / 60.0) AS INT64) ;;
    value_format_name: whole
  }

  dimension: step_start {
    type: number
    label: "Start of Step (s)"
    group_label: "Axis"
    description: "First second of the step, which is as long as the parameter Step says."
    sql: CAST(FLOOR(${second} / NULLIF(1.0 * {% parameter step_seconds %}, 0)) AS INT64) * {% parameter step_seconds %} ;;
    value_format_name: whole
  }

  dimension_group: start_utc {
    type: time
    label: "Workout Start (UTC)"
    group_label: "Workout Start (UTC) Date"
    description: "UTC date of the workout's start. In BigQuery the table is divided by it: a filter here saves money."
    timeframes: [raw, date, month]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.start_date ;;
  }

  # The workout's, kept with each second, so that no query has to join all seconds to ask for it.
  dimension: is_counted {
    type: yesno
    label: "Is Counted"
    group_label: "Axis"
    description: "Whether the workout counts: it is complete, and Peloton has not lost it. The Explore asks for this by default."
    sql: ${TABLE}.is_counted ;;
  }

  dimension: output {
    type: number
    label: "Output (W)"
    group_label: "Values"
    description: "Power in watts."
    sql: ${TABLE}.output ;;
    value_format_name: whole
  }

  dimension: cadence {
    type: number
    label: "Cadence (rpm)"
    group_label: "Values"
    description: "Cadence in revolutions a minute."
    sql: ${TABLE}.cadence ;;
    value_format_name: whole
  }

  dimension: resistance {
    type: number
    label: "Resistance (%)"
    group_label: "Values"
    description: "Resistance in percent."
    sql: ${TABLE}.resistance ;;
    value_format_name: whole
  }

  dimension: speed {
    type: number
    label: "Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Values"
    description: "Speed, in the unit that Distance Unit says."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.speed * 1.609344{% else %}${TABLE}.speed{% endif %} ;;
    value_format_name: tenths
  }

  dimension: pace {
    type: number
    label: "Pace ({% if units.distance._parameter_value == 'kilometres' %}min/km{% else %}min/mile{% endif %})"
    group_label: "Values"
    description: "Pace in minutes and their hundredths; empty when standing still."
    sql: {% if units.distance._parameter_value == 'kilometres' %}${TABLE}.pace / 1.609344{% else %}${TABLE}.pace{% endif %} ;;
    value_format_name: hundredths
  }

  dimension: heart_rate {
    type: number
    label: "Heart Rate (bpm)"
    group_label: "Values"
    description: "Heart rate in beats a minute; empty where the device had no reading."
    sql: NULLIF(${TABLE}.heart_rate, 0) ;;
    value_format_name: whole
  }

  dimension: incline {
    type: number
    label: "Incline (%)"
    group_label: "Values"
    description: "Incline of the tread in percent."
    sql: ${TABLE}.incline ;;
    value_format_name: tenths
  }

  dimension: altitude {
    type: number
    label: "Altitude (m)"
    group_label: "Values"
    description: "Altitude outdoors in metres."
    sql: ${TABLE}.altitude ;;
    value_format_name: tenths
  }

  dimension: stroke_rate {
    type: number
    label: "Stroke Rate (spm)"
    group_label: "Values"
    description: "Strokes a minute."
    sql: ${TABLE}.stroke_rate ;;
    value_format_name: whole
  }

  dimension: split_pace {
    type: number
    label: "Split (min/500 m)"
    group_label: "Values"
    description: "Rowing pace in minutes and their hundredths for 500 metres."
    sql: ${TABLE}.split_pace ;;
    value_format_name: hundredths
  }

  dimension: location {
    type: location
    label: "Location (°)"
    group_label: "Values"
    description: "Latitude and longitude; there only if locations are stored."
    sql_latitude: ${TABLE}.latitude ;;
    sql_longitude: ${TABLE}.longitude ;;
  }

  dimension: cadence_tier {
    type: tier
    label: "Cadence Tier (rpm)"
    group_label: "Values"
    description: "Cadence in steps."
    tiers: [50, 60, 70, 80, 90, 100, 110]
    style: integer
    sql: ${cadence} ;;
  }

  dimension: resistance_tier {
    type: tier
    label: "Resistance Tier (%)"
    group_label: "Values"
    description: "Resistance in steps."
    tiers: [20, 25, 30, 35, 40, 45, 50, 60]
    style: integer
    sql: ${resistance} ;;
  }

  dimension: output_tier {
    type: tier
    label: "Output Tier (W)"
    group_label: "Values"
    description: "Output in steps."
    tiers: [50, 100, 150, 200, 250, 300, 400]
    style: integer
    sql: ${output} ;;
  }

  dimension: heart_rate_tier {
    type: tier
    label: "Heart Rate Tier (bpm)"
    group_label: "Values"
    description: "Heart rate in steps."
    tiers: [100, 120, 140, 160, 180]
    style: integer
    sql: ${heart_rate} ;;
  }

  dimension: power_zone {
    type: number
    label: "Power Zone"
    group_label: "Zones and Targets"
    description: "Zone 1 to 7 by the FTP of that workout."
    sql: ${TABLE}.power_zone ;;
    value_format_name: plain
  }

  dimension: heart_rate_zone {
    type: number
    label: "Heart Rate Zone"
    group_label: "Zones and Targets"
    description: "Zone 1 to 5 by Peloton's bounds in that workout."
    sql: ${TABLE}.heart_rate_zone ;;
    value_format_name: plain
  }

  dimension: target_cadence_lower {
    type: number
    label: "Lowest Target Cadence (rpm)"
    group_label: "Zones and Targets"
    description: "Lower bound of the class's cadence."
    sql: ${TABLE}.target_cadence_lower ;;
    value_format_name: whole
  }

  dimension: target_cadence_upper {
    type: number
    label: "Highest Target Cadence (rpm)"
    group_label: "Zones and Targets"
    description: "Upper bound of the class's cadence."
    sql: ${TABLE}.target_cadence_upper ;;
    value_format_name: whole
  }

  dimension: target_resistance_lower {
    type: number
    label: "Lowest Target Resistance (%)"
    group_label: "Zones and Targets"
    description: "Lower bound of the class's resistance in percent."
    sql: ${TABLE}.target_resistance_lower ;;
    value_format_name: whole
  }

  dimension: target_resistance_upper {
    type: number
    label: "Highest Target Resistance (%)"
    group_label: "Zones and Targets"
    description: "Upper bound of the class's resistance in percent."
    sql: ${TABLE}.target_resistance_upper ;;
    value_format_name: whole
  }

  dimension: cadence_against_target {
    type: string
    label: "Cadence against Target"
    group_label: "Zones and Targets"
    description: "Below, In or Above; empty without a value or without a target."
    suggestions: ["Below", "In", "Above"]
    sql:
      CASE
        WHEN ${cadence} < ${target_cadence_lower} THEN 'Below'
        WHEN ${cadence} > ${target_cadence_upper} THEN 'Above'
        WHEN ${cadence} >= ${target_cadence_lower} AND ${cadence} <= ${target_cadence_upper} THEN 'In'
      END
    ;;
  }

  dimension: resistance_against_target {
    type: string
    label: "Resistance against Target"
    group_label: "Zones and Targets"
    description: "Below, In or Above; empty without a value or without a target."
    suggestions: ["Below", "In", "Above"]
    sql:
      CASE
        WHEN ${resistance} < ${target_resistance_lower} THEN 'Below'
        WHEN ${resistance} > ${target_resistance_upper} THEN 'Above'
        WHEN ${resistance} >= ${target_resistance_lower} AND ${resistance} <= ${target_resistance_upper} THEN 'In'
      END
    ;;
  }

  # Seconds are what their Explore is of, so that no join leaves one without a match; to look at a column of each of
  # millions would cost for nothing.
  # lookml-ignore: LK407
  measure: count {
    type: count
    label: "Seconds Recorded (s)"
    group_label: "Counts"
    description: "Number of seconds that have a value."
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: different_seconds {
    hidden: yes
    type: count_distinct
    sql: ${second} ;;
  }

  measure: minutes_recorded {
    type: number
    label: "Time Recorded (min)"
    group_label: "Counts"
    description: "Recorded seconds in minutes."
    sql: ${count} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: workout_count {
    type: count_distinct
    label: "Workouts with Seconds"
    group_label: "Counts"
    description: "Number of workouts that the seconds are of."
    sql: ${workout_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: average_output {
    type: average
    label: "Average Output (W)"
    group_label: "Averages"
    description: "Mean power of the recorded seconds, those without effort included."
    sql: ${output} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_cadence {
    type: average
    label: "Average Cadence (rpm)"
    group_label: "Averages"
    description: "Mean cadence of the recorded seconds."
    sql: ${cadence} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_resistance {
    type: average
    label: "Average Resistance (%)"
    group_label: "Averages"
    description: "Mean resistance of the recorded seconds in percent."
    sql: ${resistance} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_speed {
    type: average
    label: "Average Speed ({% if units.distance._parameter_value == 'kilometres' %}km/h{% else %}mph{% endif %})"
    group_label: "Averages"
    description: "Mean speed of the recorded seconds, in the unit that Distance Unit says."
    sql: ${speed} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_heart_rate {
    type: average
    label: "Average Heart Rate (bpm)"
    group_label: "Averages"
    description: "Mean heart rate of the seconds with a reading."
    sql: ${heart_rate} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_incline {
    type: average
    label: "Average Incline (%)"
    group_label: "Averages"
    description: "Mean incline of the recorded seconds in percent."
    sql: ${incline} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: average_stroke_rate {
    type: average
    label: "Average Stroke Rate (spm)"
    group_label: "Averages"
    description: "Mean strokes a minute of the recorded seconds."
    sql: ${stroke_rate} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: output_with_heart_rate {
    hidden: yes
    type: sum
    sql: CASE WHEN ${heart_rate} IS NOT NULL THEN ${output} END ;;
  }

  measure: heart_rate_with_output {
    hidden: yes
    type: sum
    sql: CASE WHEN ${output} IS NOT NULL THEN ${heart_rate} END ;;
  }

  measure: output_per_heartbeat {
    type: number
    label: "Output per Heart Rate (W/bpm)"
    group_label: "Averages"
    description: "Mean output over mean heart rate of the seconds with both."
    sql: ${output_with_heart_rate} / NULLIF(${heart_rate_with_output}, 0) ;;
    value_format_name: hundredths
    drill_fields: [detail*]
  }

  measure: output_kj {
    type: sum
    label: "Output Recorded (kJ)"
    group_label: "Totals"
    description: "Power of the recorded seconds added up, in kilojoules. Gaps add nothing, and a rower's seconds do not add up to its total."
    sql: ${output} / 1000.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: highest_output {
    type: max
    label: "Highest Output of a Second (W)"
    group_label: "Highest"
    description: "The highest power of one second, in watts."
    sql: ${output} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: highest_cadence {
    type: max
    label: "Highest Cadence of a Second (rpm)"
    group_label: "Highest"
    description: "The highest cadence of one second."
    sql: ${cadence} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: highest_resistance {
    type: max
    label: "Highest Resistance of a Second (%)"
    group_label: "Highest"
    description: "The highest resistance of one second in percent."
    sql: ${resistance} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: highest_heart_rate {
    type: max
    label: "Highest Heart Rate of a Second (bpm)"
    group_label: "Highest"
    description: "The highest heart rate of one second."
    sql: ${heart_rate} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: cadence_in_target_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${cadence_against_target} = 'In' THEN 1 END ;;
  }

  measure: cadence_target_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${cadence_against_target} IS NOT NULL THEN 1 END ;;
  }

  measure: cadence_in_target_share {
    type: number
    label: "Cadence in Target (%)"
    group_label: "Zones and Targets"
    description: "Seconds in the target of cadence as a share of those that have a target and a value."
    sql: ${cadence_in_target_seconds} / NULLIF(${cadence_target_seconds}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: resistance_in_target_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${resistance_against_target} = 'In' THEN 1 END ;;
  }

  measure: resistance_target_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${resistance_against_target} IS NOT NULL THEN 1 END ;;
  }

  measure: resistance_in_target_share {
    type: number
    label: "Resistance in Target (%)"
    group_label: "Zones and Targets"
    description: "Seconds in the target of resistance as a share of those that have a target and a value."
    sql: ${resistance_in_target_seconds} / NULLIF(${resistance_target_seconds}, 0) ;;
    value_format_name: share
    drill_fields: [detail*]
  }

  measure: minutes_in_zone_4_and_up {
    type: number
    label: "Time in Power Zones 4 to 7 (min)"
    group_label: "Zones and Targets"
    description: "Recorded time in the power zones 4 to 7 in minutes."
    sql: ${zone_4_and_up_seconds} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: zone_4_and_up_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${power_zone} >= 4 THEN 1 END ;;
  }

  measure: minutes_with_heart_rate {
    type: number
    label: "Time with Heart Rate (min)"
    group_label: "Zones and Targets"
    description: "Recorded time with a reading of the heart rate, in minutes."
    sql: ${heart_rate_seconds} / 60.0 ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  measure: heart_rate_seconds {
    hidden: yes
    type: sum
    sql: CASE WHEN ${heart_rate} IS NOT NULL THEN 1 END ;;
  }

  set: detail {
    fields: [
      workouts.page,
      workouts.title,
      second,
      output,
      cadence,
      resistance,
      speed,
      heart_rate,
      power_zone
    ]
  }
}
