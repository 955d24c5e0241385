explore: friends {
  view_name: members
  label: "Friends"
  description: "One row a member: the own account and whom it follows, with their workouts, records, FTP and challenges, and who follows whom."

  join: units {
    relationship: one_to_one
    sql: ;;
  }

  # Followers whom the account does not follow are in the lists only, so both sides are kept.
  join: follows {
    type: full_outer
    relationship: one_to_many
    sql_on: ${members.id} = ${follows.other_user_id} ;;
  }

  join: workouts {
    relationship: one_to_many
    sql_on: ${members.id} = ${workouts.user_id} AND ${workouts.is_counted} ;;
  }

  join: rides {
    relationship: many_to_one
    sql_on: ${workouts.ride_id} = ${rides.id} ;;
  }

  join: instructors {
    relationship: many_to_one
    sql_on: ${workouts.instructor_id} = ${instructors.id} ;;
  }

  join: personal_records {
    relationship: one_to_many
    sql_on: ${members.id} = ${personal_records.user_id} ;;
  }

  join: ftp_history {
    relationship: one_to_many
    sql_on: ${members.id} = ${ftp_history.user_id} ;;
  }

  join: challenges {
    relationship: one_to_many
    sql_on: ${members.id} = ${challenges.user_id} ;;
  }

  query: leaderboard_of_the_month {
    label: "Leaderboard of the Month"
    description: "Who has done how much this month."
    dimensions: [members.username]
    measures: [workouts.count, workouts.active_days, workouts.total_hours, workouts.total_output_kj]
    filters: [workouts.start_date: "this month"]
    sorts: [workouts.total_output_kj: desc]
  }

  query: who_follows_whom {
    label: "Who Follows Whom"
    description: "Members of the lists, and whether it is mutual."
    dimensions: [follows.username, follows.list, follows.is_mutual, follows.total_workouts]
    sorts: [follows.username: asc]
  }
}
