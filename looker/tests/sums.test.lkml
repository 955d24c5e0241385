# Sums and means that are known by another way.

# A workout's work counts once, however many segments stand beside it.
test: segments_do_not_multiply_output {
  explore_source: workouts {
    column: workouts_id { field: workouts.id }
    column: workouts_output_kj { field: workouts.output_kj }
    column: workouts_total_output_kj { field: workouts.total_output_kj }
    column: workout_segments_count { field: workout_segments.count }
    filters: [workouts.output_kj: ">0", workout_segments.pk: "-NULL", workouts.is_counted: "Yes"]
    sorts: [workouts.id: asc]
    limit: 5000
  }
  assert: once {
    expression: abs(${workouts.total_output_kj} - ${workouts.output_kj}) <= 0.000001 * ${workouts.output_kj} + 0.001 ;;
  }
}

test: songs_do_not_multiply_ratings {
  explore_source: classes {
    column: rides_id { field: rides.id }
    column: rides_overall_rating_count { field: rides.overall_rating_count }
    column: rides_total_ratings { field: rides.total_ratings }
    column: ride_songs_count { field: ride_songs.count }
    filters: [rides.overall_rating_count: ">0", ride_songs.pk: "-NULL"]
    sorts: [rides.id: asc]
    limit: 5000
  }
  assert: once {
    expression: ${rides.total_ratings} = ${rides.overall_rating_count} ;;
  }
}

# Of a bike, and where no second is missing: of a rower, and across a gap, they do not.
test: seconds_add_up_to_output {
  explore_source: workout_seconds {
    column: workouts_id { field: workouts.id }
    column: workouts_output_kj { field: workouts.output_kj }
    column: workout_seconds_output_kj { field: workout_seconds.output_kj }
    filters: [workouts.discipline: "Cycling", workouts.seconds_missing: "0", workouts.output_kj: ">0", workout_seconds.start_utc_date: "after 2012-01-01", workout_seconds.is_counted: "Yes"]
    sorts: [workouts.id: asc]
    limit: 5000
  }
  assert: within_one_percent {
    expression: abs(${workout_seconds.output_kj} - ${workouts.output_kj}) <= 0.01 * ${workouts.output_kj} + 1 ;;
  }
}

test: mean_of_one_workout_is_its_own {
  explore_source: workouts {
    column: workouts_id { field: workouts.id }
    column: workouts_avg_output { field: workouts.avg_output }
    column: workouts_average_output { field: workouts.average_output }
    filters: [workouts.avg_output: ">0", workouts.metric_seconds: ">0", workouts.is_counted: "Yes"]
    sorts: [workouts.id: asc]
    limit: 5000
  }
  assert: same {
    expression: abs(${workouts.average_output} - ${workouts.avg_output}) <= 0.000001 * ${workouts.avg_output} + 0.001 ;;
  }
}

# Two periods that leave no day out hold every workout once.
test: periods_partition {
  explore_source: workouts {
    column: workouts_current_count { field: workouts.current_count }
    column: workouts_previous_count { field: workouts.previous_count }
    column: workouts_count { field: workouts.count }
    filters: [workouts.current_period: "2026", workouts.previous_period: "before 2026", workouts.start_date: "before 2027", workouts.is_counted: "Yes"]
  }
  assert: sum {
    expression: ${workouts.current_count} + ${workouts.previous_count} = ${workouts.count} ;;
  }
}

test: percentiles_are_shares {
  explore_source: workouts {
    column: workouts_best_leaderboard_percentile { field: workouts.best_leaderboard_percentile }
    column: workouts_average_leaderboard_percentile { field: workouts.average_leaderboard_percentile }
    filters: [workouts.is_counted: "Yes"]
  }
  assert: at_most_one {
    expression: is_null(${workouts.best_leaderboard_percentile}) OR ${workouts.best_leaderboard_percentile} <= 1 ;;
  }
  assert: not_negative {
    expression: is_null(${workouts.average_leaderboard_percentile}) OR ${workouts.average_leaderboard_percentile} >= 0 ;;
  }
}
