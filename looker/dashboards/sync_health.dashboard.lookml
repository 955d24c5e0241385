- dashboard: sync_health
  title: Sync Health
  description: "What the runs of sync have brought, and what could not be had and why."
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - name: Period
    title: Period
    type: field_filter
    model: peloton
    explore: sync_health
    field: sync_runs.started_date
    default_value: "12 weeks"
    allow_multiple_values: true
    required: false
    ui_config:
      type: advanced
      display: popover
  elements:
  - name: last_run
    title: Last Run
    model: peloton
    explore: sync_health
    type: single_value
    fields: [sync_runs.last_start]
    listen:
      Period: sync_runs.started_date
    row: 0
    col: 0
    width: 6
    height: 4
  - name: runs
    title: Runs
    model: peloton
    explore: sync_health
    type: single_value
    fields: [sync_runs.count]
    listen:
      Period: sync_runs.started_date
    row: 0
    col: 6
    width: 6
    height: 4
  - name: workouts_fetched
    title: Workouts Fetched
    model: peloton
    explore: sync_health
    type: single_value
    fields: [sync_runs.total_workouts_fetched]
    listen:
      Period: sync_runs.started_date
    row: 0
    col: 12
    width: 6
    height: 4
  - name: pending
    title: Items to Be Tried Again
    model: peloton
    explore: sync_health
    type: single_value
    fields: [sync_items.pending_count]
    note_text: Of all runs; the filter Period does not apply.
    note_state: collapsed
    note_display: hover
    row: 0
    col: 18
    width: 6
    height: 4
  - name: runs_by_week
    title: Runs by Week
    model: peloton
    explore: sync_health
    type: looker_column
    fields: [sync_runs.started_week, sync_runs.status, sync_runs.count]
    pivots: [sync_runs.status]
    fill_fields: [sync_runs.started_week]
    sorts: [sync_runs.started_week, sync_runs.status]
    stacking: normal
    listen:
      Period: sync_runs.started_date
    row: 4
    col: 0
    width: 12
    height: 8
  - name: last_runs
    title: Last Runs
    model: peloton
    explore: sync_health
    type: looker_grid
    fields:
    - sync_runs.started_time
    - sync_runs.command
    - sync_runs.status
    - sync_runs.seconds_run
    - sync_runs.requests
    - sync_runs.workouts_fetched
    - sync_runs.items_failed
    - sync_runs.message
    filters:
      sync_runs.started_time: NOT NULL
    sorts: [sync_runs.started_time desc]
    limit: 25
    row: 4
    col: 12
    width: 12
    height: 8
  - name: what_failed
    title: What Could Not Be Had
    model: peloton
    explore: sync_health
    type: looker_grid
    fields:
    - sync_items.endpoint
    - sync_items.status
    - sync_items.http_status
    - sync_items.reason
    - sync_items.count
    - sync_items.pending_count
    filters:
      sync_items.status: "-NULL"
    sorts: [sync_items.count desc]
    limit: 100
    row: 12
    col: 0
    width: 24
    height: 8
