connection: "@{CONNECTION}"
label: "Peloton"
week_start_day: monday
case_sensitive: no

include: "/views/catalog.view.lkml"
include: "/views/challenges.view.lkml"
include: "/views/follows.view.lkml"
include: "/views/ftp_history.view.lkml"
include: "/views/instructors.view.lkml"
include: "/views/members.view.lkml"
include: "/views/muscle_groups.view.lkml"
include: "/views/personal_records.view.lkml"
include: "/views/ride_class_types.view.lkml"
include: "/views/ride_segments.view.lkml"
include: "/views/ride_songs.view.lkml"
include: "/views/ride_targets.view.lkml"
include: "/views/rides.view.lkml"
include: "/views/sync_items.view.lkml"
include: "/views/sync_runs.view.lkml"
include: "/views/units.view.lkml"
include: "/views/workout_achievements.view.lkml"
include: "/views/workout_in_class.view.lkml"
include: "/views/workout_movements.view.lkml"
include: "/views/workout_seconds.view.lkml"
include: "/views/workout_segments.view.lkml"
include: "/views/workout_splits.view.lkml"
include: "/views/workout_zones.view.lkml"
include: "/views/workouts.view.lkml"

include: "/explores/workouts.explore.lkml"
include: "/explores/workout_seconds.explore.lkml"
include: "/explores/classes.explore.lkml"
include: "/explores/songs.explore.lkml"
include: "/explores/friends.explore.lkml"
include: "/explores/sync_health.explore.lkml"
include: "/explores/catalog.explore.lkml"

include: "/dashboards/classes_and_instructors.dashboard.lookml"
include: "/dashboards/friends.dashboard.lookml"
include: "/dashboards/personal_records.dashboard.lookml"
include: "/dashboards/sync_health.dashboard.lookml"
include: "/dashboards/training_overview.dashboard.lookml"

include: "/tests/keys.test.lkml"
include: "/tests/row_counts.test.lkml"
include: "/tests/sums.test.lkml"

# Your own additions come last, so that their refinements win. Only your files are there, under names that
# nobody can list beforehand.
# lookml-ignore: LK413
include: "/custom/*.lkml"

# Results are kept until a run of sync has brought something new.
datagroup: sync {
  label: "Sync"
  description: "A run of sync has ended."
  sql_trigger: SELECT MAX(finished_at) FROM @{DATASET}.sync_runs ;;
  max_cache_age: "24 hours"
}

persist_with: sync

named_value_format: whole {
  value_format: "#,##0"
}

named_value_format: tenths {
  value_format: "#,##0.0"
}

named_value_format: hundredths {
  value_format: "#,##0.00"
}

# Numbers that are names: zones, places, minutes of a class.
named_value_format: plain {
  value_format: "0"
}

# Of a fraction: 0.256 is 25.6%.
named_value_format: share {
  value_format: "0.0%"
}

# Of a number that is a percentage already: 25.6 is 25.6%.
named_value_format: points {
  value_format: "0.0\%"
}

named_value_format: change {
  value_format: "+0.0%;-0.0%;0.0%"
}

# Of a fraction of a day, as spreadsheets have it.
named_value_format: clock {
  value_format: "[h]:mm:ss"
}
