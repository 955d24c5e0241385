# Each key stands for one row. Of a view that an Explore joins to many rows a count is a count of keys, so each
# is looked at where its rows do not repeat.

test: workouts_key_is_unique {
  explore_source: workouts {
    column: workouts_id { field: workouts.id }
    column: workouts_count { field: workouts.count }
    filters: [workouts.id: "-NULL", workouts.is_counted: "Yes,No"]
    sorts: [workouts.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${workouts.count} = 1 ;;
  }
}

test: workout_segments_key_is_unique {
  explore_source: workouts {
    column: workout_segments_pk { field: workout_segments.pk }
    column: workout_segments_count { field: workout_segments.count }
    filters: [workout_segments.pk: "-NULL", workouts.is_counted: "Yes,No"]
    sorts: [workout_segments.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${workout_segments.count} = 1 ;;
  }
}

test: workout_splits_key_is_unique {
  explore_source: workouts {
    column: workout_splits_pk { field: workout_splits.pk }
    column: workout_splits_count { field: workout_splits.count }
    filters: [workout_splits.pk: "-NULL", workouts.is_counted: "Yes,No"]
    sorts: [workout_splits.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${workout_splits.count} = 1 ;;
  }
}

test: workout_movements_key_is_unique {
  explore_source: workouts {
    column: workout_movements_pk { field: workout_movements.pk }
    column: workout_movements_count { field: workout_movements.count }
    filters: [workout_movements.pk: "-NULL", workouts.is_counted: "Yes,No"]
    sorts: [workout_movements.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${workout_movements.count} = 1 ;;
  }
}

test: workout_achievements_key_is_unique {
  explore_source: workouts {
    column: workout_achievements_pk { field: workout_achievements.pk }
    column: workout_achievements_count { field: workout_achievements.count }
    filters: [workout_achievements.pk: "-NULL", workouts.is_counted: "Yes,No"]
    sorts: [workout_achievements.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${workout_achievements.count} = 1 ;;
  }
}

test: rides_key_is_unique {
  explore_source: classes {
    column: rides_id { field: rides.id }
    column: rides_count { field: rides.count }
    filters: [rides.id: "-NULL"]
    sorts: [rides.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${rides.count} = 1 ;;
  }
}

test: ride_segments_key_is_unique {
  explore_source: classes {
    column: ride_segments_pk { field: ride_segments.pk }
    column: ride_segments_count { field: ride_segments.count }
    filters: [ride_segments.pk: "-NULL"]
    sorts: [ride_segments.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${ride_segments.count} = 1 ;;
  }
}

test: ride_targets_key_is_unique {
  explore_source: classes {
    column: ride_targets_pk { field: ride_targets.pk }
    column: ride_targets_count { field: ride_targets.count }
    filters: [ride_targets.pk: "-NULL"]
    sorts: [ride_targets.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${ride_targets.count} = 1 ;;
  }
}

test: ride_songs_key_is_unique {
  explore_source: classes {
    column: ride_songs_pk { field: ride_songs.pk }
    column: ride_songs_count { field: ride_songs.count }
    filters: [ride_songs.pk: "-NULL"]
    sorts: [ride_songs.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${ride_songs.count} = 1 ;;
  }
}

test: members_key_is_unique {
  explore_source: friends {
    column: members_id { field: members.id }
    column: members_count { field: members.count }
    filters: [members.id: "-NULL"]
    sorts: [members.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${members.count} = 1 ;;
  }
}

test: follows_key_is_unique {
  explore_source: friends {
    column: follows_pk { field: follows.pk }
    column: follows_count { field: follows.count }
    filters: [follows.pk: "-NULL"]
    sorts: [follows.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${follows.count} = 1 ;;
  }
}

test: personal_records_key_is_unique {
  explore_source: friends {
    column: personal_records_pk { field: personal_records.pk }
    column: personal_records_count { field: personal_records.count }
    filters: [personal_records.pk: "-NULL"]
    sorts: [personal_records.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${personal_records.count} = 1 ;;
  }
}

test: challenges_key_is_unique {
  explore_source: friends {
    column: challenges_pk { field: challenges.pk }
    column: challenges_count { field: challenges.count }
    filters: [challenges.pk: "-NULL"]
    sorts: [challenges.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${challenges.count} = 1 ;;
  }
}

test: catalog_key_is_unique {
  explore_source: catalog {
    column: catalog_pk { field: catalog.pk }
    column: catalog_count { field: catalog.count }
    filters: [catalog.pk: "-NULL"]
    sorts: [catalog.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${catalog.count} = 1 ;;
  }
}

test: sync_runs_key_is_unique {
  explore_source: sync_health {
    column: sync_runs_id { field: sync_runs.id }
    column: sync_runs_count { field: sync_runs.count }
    filters: [sync_runs.id: "-NULL"]
    sorts: [sync_runs.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${sync_runs.count} = 1 ;;
  }
}

test: sync_items_key_is_unique {
  explore_source: sync_health {
    column: sync_items_id { field: sync_items.id }
    column: sync_items_count { field: sync_items.count }
    filters: [sync_items.id: "-NULL"]
    sorts: [sync_items.count: desc]
    limit: 1
  }
  assert: one_row_a_key {
    expression: ${sync_items.count} = 1 ;;
  }
}
