explore: workouts {
  label: "Workouts"
  description: "One row a workout: how much, how hard, how often; with its class, its instructor, its member, and what it is made of."

  always_filter: {
    filters: [workouts.is_counted: "Yes"]
  }

  join: units {
    relationship: one_to_one
    sql: ;;
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

  join: ride_class_types {
    relationship: one_to_many
    sql_on: ${rides.id} = ${ride_class_types.ride_id} ;;
  }

  join: workout_in_class {
    relationship: one_to_one
    sql: ;;
  }

  join: workout_segments {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${workout_segments.workout_id} ;;
  }

  join: workout_splits {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${workout_splits.workout_id} ;;
  }

  join: workout_movements {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${workout_movements.workout_id} ;;
  }

  join: workout_achievements {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${workout_achievements.workout_id} ;;
  }

  join: workout_zones {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${workout_zones.workout_id} ;;
  }

  join: muscle_groups {
    relationship: one_to_many
    sql_on: ${workouts.id} = ${muscle_groups.workout_id} ;;
  }

  query: output_by_week {
    label: "My Output by Week"
    description: "Total output and average output of the own account in the last 26 weeks."
    dimensions: [workouts.start_week]
    measures: [workouts.count, workouts.total_output_kj, workouts.average_output]
    filters: [workouts.start_date: "26 weeks", members.is_own: "Yes", workouts.discipline: "Cycling"]
    sorts: [workouts.start_week: desc]
  }

  query: year_against_year {
    label: "Year against Year"
    description: "Hours of the own account by month, a column a year."
    dimensions: [workouts.start_month_name, workouts.start_year]
    pivots: [workouts.start_year]
    measures: [workouts.total_hours]
    filters: [members.is_own: "Yes"]
    sorts: [workouts.start_month_name: asc]
  }

  query: this_month_against_last {
    label: "This Month against Last Month"
    description: "What the own account has done this month and in the whole of last month."
    dimensions: [workouts.discipline]
    measures: [workouts.current_count, workouts.previous_count, workouts.current_minutes, workouts.previous_minutes, workouts.minutes_change]
    filters: [workouts.current_period: "this month", workouts.previous_period: "last month", members.is_own: "Yes"]
    sorts: [workouts.current_minutes: desc]
  }

  query: instructors_taken {
    label: "Instructors by Time"
    description: "How often and how long with whom, and how hard."
    dimensions: [workouts.instructor_name]
    measures: [workouts.count, workouts.total_hours, workouts.average_output, workouts.record_count]
    filters: [members.is_own: "Yes", workouts.instructor_name: "-NULL"]
    sorts: [workouts.total_hours: desc]
    limit: 50
  }
}
