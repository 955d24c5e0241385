# As many rows as there should be.

# What a workout says of its seconds, and what there is of them.
test: seconds_are_those_recorded {
  explore_source: workout_seconds {
    column: workouts_id { field: workouts.id }
    column: workouts_seconds_recorded { field: workouts.seconds_recorded }
    column: workout_seconds_count { field: workout_seconds.count }
    column: workout_seconds_different_seconds { field: workout_seconds.different_seconds }
    filters: [workout_seconds.start_utc_date: "after 2012-01-01", workout_seconds.is_counted: "Yes,No"]
    sorts: [workouts.id: asc]
    limit: 5000
  }
  assert: as_the_workout_says {
    expression: ${workout_seconds.count} = ${workouts.seconds_recorded} ;;
  }
  assert: each_second_once {
    expression: ${workout_seconds.count} = ${workout_seconds.different_seconds} ;;
  }
}

# A second that lay in two segments would be counted twice.
test: segments_do_not_overlap {
  explore_source: workout_seconds {
    column: workouts_id { field: workouts.id }
    column: workouts_seconds_recorded { field: workouts.seconds_recorded }
    column: workout_seconds_count { field: workout_seconds.count }
    column: workout_segments_count { field: workout_segments.count }
    filters: [workout_seconds.start_utc_date: "after 2012-01-01", workout_seconds.is_counted: "Yes,No"]
    sorts: [workouts.id: asc]
    limit: 5000
  }
  assert: each_second_once {
    expression: ${workout_seconds.count} = ${workouts.seconds_recorded} ;;
  }
}

test: workouts_have_a_member {
  explore_source: workouts {
    column: workouts_count { field: workouts.count }
    filters: [members.id: "NULL", workouts.origin: "-csv", workouts.is_counted: "Yes,No"]
  }
  assert: none_without {
    expression: ${workouts.count} = 0 ;;
  }
}

test: one_own_account {
  explore_source: friends {
    column: members_count { field: members.count }
    filters: [members.is_own: "Yes"]
  }
  assert: at_most_one {
    expression: ${members.count} <= 1 ;;
  }
}

test: classes_are_no_more_than_workouts {
  explore_source: workouts {
    column: workouts_count { field: workouts.count }
    column: workouts_class_count { field: workouts.class_count }
    column: workouts_repeat_count { field: workouts.repeat_count }
    column: workouts_record_count { field: workouts.record_count }
    filters: [workouts.is_counted: "Yes"]
  }
  assert: classes {
    expression: ${workouts.class_count} <= ${workouts.count} ;;
  }
  assert: repeats {
    expression: ${workouts.repeat_count} >= 0 ;;
  }
  assert: records {
    expression: ${workouts.record_count} <= ${workouts.count} ;;
  }
}

test: active_days_are_in_active_weeks {
  explore_source: workouts {
    column: members_id { field: members.id }
    column: workouts_count { field: workouts.count }
    column: workouts_active_days { field: workouts.active_days }
    column: workouts_active_weeks { field: workouts.active_weeks }
    filters: [workouts.is_counted: "Yes"]
    sorts: [members.id: asc]
    limit: 5000
  }
  assert: days {
    expression: ${workouts.active_days} <= ${workouts.count} ;;
  }
  assert: weeks {
    expression: ${workouts.active_weeks} <= ${workouts.active_days} AND ${workouts.active_days} <= 7 * ${workouts.active_weeks} ;;
  }
}

# Whether a workout counts is kept with its seconds too.
test: seconds_count_with_their_workout {
  explore_source: workout_seconds {
    column: workouts_count { field: workouts.count }
    filters: [workout_seconds.start_utc_date: "after 2012-01-01", workout_seconds.is_counted: "Yes", workouts.is_counted: "No"]
  }
  assert: none_that_does_not {
    expression: ${workouts.count} = 0 ;;
  }
}

test: seconds_are_left_out_with_it {
  explore_source: workout_seconds {
    column: workouts_count { field: workouts.count }
    filters: [workout_seconds.start_utc_date: "after 2012-01-01", workout_seconds.is_counted: "No", workouts.is_counted: "Yes"]
  }
  assert: none_that_counts {
    expression: ${workouts.count} = 0 ;;
  }
}
