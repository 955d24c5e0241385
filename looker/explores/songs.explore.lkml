explore: songs {
  view_name: ride_songs
  label: "Songs"
  description: "One row a song in the playlist of a class, with the class and the workouts that took it."

  join: units {
    relationship: one_to_one
    sql: ;;
  }

  join: rides {
    relationship: many_to_one
    sql_on: ${ride_songs.ride_id} = ${rides.id} ;;
  }

  join: instructors {
    relationship: many_to_one
    sql_on: ${rides.instructor_id} = ${instructors.id} ;;
  }

  # The workouts that heard the song; of one that took the class twice, both.
  join: workouts {
    relationship: one_to_many
    sql_on: ${rides.id} = ${workouts.ride_id} AND ${workouts.is_counted} ;;
  }

  join: members {
    relationship: many_to_one
    sql_on: ${workouts.user_id} = ${members.id} ;;
  }

  query: artists_heard {
    label: "Artists Heard Most"
    description: "In how many workouts of the own account each artist was heard."
    dimensions: [ride_songs.artists]
    measures: [workouts.count, ride_songs.song_count, ride_songs.class_count]
    filters: [members.is_own: "Yes"]
    sorts: [workouts.count: desc]
    limit: 50
  }
}
