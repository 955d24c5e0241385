explore: classes {
  view_name: rides
  label: "Classes"
  description: "One row a class that somebody here has taken: instructor, plan, songs, ratings, and how often it was taken."

  join: units {
    relationship: one_to_one
    sql: ;;
  }

  join: instructors {
    relationship: many_to_one
    sql_on: ${rides.instructor_id} = ${instructors.id} ;;
  }

  join: ride_class_types {
    relationship: one_to_many
    sql_on: ${rides.id} = ${ride_class_types.ride_id} ;;
  }

  join: ride_segments {
    relationship: one_to_many
    sql_on: ${rides.id} = ${ride_segments.ride_id} ;;
  }

  join: ride_targets {
    relationship: one_to_many
    sql_on: ${rides.id} = ${ride_targets.ride_id} ;;
  }

  join: ride_songs {
    relationship: one_to_many
    sql_on: ${rides.id} = ${ride_songs.ride_id} ;;
  }

  join: workouts {
    relationship: one_to_many
    sql_on: ${rides.id} = ${workouts.ride_id} AND ${workouts.is_counted} ;;
  }

  join: members {
    relationship: many_to_one
    sql_on: ${workouts.user_id} = ${members.id} ;;
  }

  query: favourite_classes {
    label: "Classes Taken Most"
    description: "Which classes were taken how often, and the best output in them."
    dimensions: [rides.title, instructors.name]
    measures: [workouts.count, workouts.best_output_kj]
    sorts: [workouts.count: desc]
    limit: 50
  }

  query: class_types {
    label: "Class Types"
    description: "How many classes of each type, how hard they are and how often they were taken."
    dimensions: [ride_class_types.name]
    measures: [rides.count, rides.average_difficulty, workouts.count, workouts.total_hours]
    sorts: [workouts.count: desc]
  }
}
