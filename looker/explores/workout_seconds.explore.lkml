explore: workout_seconds {
  label: "Workout Seconds"
  description: "One row a second of a workout: output, cadence, resistance, speed, heart rate, zones and targets. Shows the last 90 days unless it is asked for others, or for one workout or class."

  always_filter: {
    filters: [workout_seconds.is_counted: "Yes"]
  }

  # In BigQuery every query pays for the months that it reads.
  conditionally_filter: {
    filters: [workout_seconds.start_utc_date: "90 days"]
    unless: [workout_seconds.workout_id, workouts.id, workouts.page, workouts.start_date, rides.id, rides.page, rides.title]
  }

  join: units {
    relationship: one_to_one
    sql: ;;
  }

  join: workouts {
    relationship: many_to_one
    sql_on: ${workout_seconds.workout_id} = ${workouts.id} ;;
  }

  join: members {
    relationship: many_to_one
    sql_on: ${workouts.user_id} = ${members.id} ;;
  }

  join: rides {
    relationship: many_to_one
    sql_on: ${workouts.ride_id} = ${rides.id} ;;
  }

  join: instructors {
    relationship: many_to_one
    sql_on: ${workouts.instructor_id} = ${instructors.id} ;;
  }

  # A second lies in one segment at most: segments of a workout do not overlap, which a data test proves.
  # lookml-ignore: LK225
  join: workout_segments {
    relationship: many_to_one
    sql_on: ${workout_seconds.workout_id} = ${workout_segments.workout_id}
      AND ${workout_seconds.second} >= ${workout_segments.start_second}
      AND ${workout_seconds.second} < ${workout_segments.start_second} + ${workout_segments.length_s} ;;
  }

  query: minute_by_minute {
    label: "Minute by Minute"
    description: "Mean output, cadence and heart rate by the minute of the last week's workouts of the own account."
    dimensions: [workout_seconds.minute]
    measures: [workout_seconds.average_output, workout_seconds.average_cadence, workout_seconds.average_heart_rate]
    filters: [workouts.start_date: "7 days", members.is_own: "Yes"]
    sorts: [workout_seconds.minute: asc]
  }

  query: zones_by_week {
    label: "Power Zones by Week"
    description: "Recorded minutes of the own account in each power zone."
    dimensions: [workouts.start_week, workout_seconds.power_zone]
    pivots: [workout_seconds.power_zone]
    measures: [workout_seconds.minutes_recorded]
    filters: [workouts.start_date: "12 weeks", members.is_own: "Yes", workout_seconds.power_zone: "NOT NULL"]
    sorts: [workouts.start_week: desc]
  }
}
