- dashboard: training_overview
  title: Training Overview
  description: "How much, how often and how hard: this period against the one before, by week, by discipline and by zone."
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - name: Period
    title: Period
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.start_date
    default_value: "26 weeks"
    allow_multiple_values: true
    required: false
    ui_config:
      type: advanced
      display: popover
  - name: Whose
    title: Whose
    type: field_filter
    model: peloton
    explore: workouts
    field: members.relation
    default_value: own
    allow_multiple_values: true
    required: false
    ui_config:
      type: button_toggles
      display: inline
  - name: Member
    title: Member
    type: field_filter
    model: peloton
    explore: workouts
    field: members.username
    default_value: ""
    allow_multiple_values: true
    required: false
    ui_config:
      type: tag_list
      display: popover
  - name: Discipline
    title: Discipline
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.discipline
    default_value: ""
    allow_multiple_values: true
    required: false
    ui_config:
      type: tag_list
      display: popover
  - name: Current Period
    title: Current Period
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.current_period
    default_value: "28 days"
    allow_multiple_values: true
    required: false
    ui_config:
      type: advanced
      display: popover
  - name: Previous Period
    title: Previous Period
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.previous_period
    default_value: "55 days ago for 28 days"
    allow_multiple_values: true
    required: false
    ui_config:
      type: advanced
      display: popover
  - name: Distance Unit
    title: Distance Unit
    type: field_filter
    model: peloton
    explore: workouts
    field: units.distance
    default_value: ""
    allow_multiple_values: false
    required: false
    ui_config:
      type: button_toggles
      display: inline
  elements:
  - name: workouts
    title: "Workouts, Current Period"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.current_count, workouts.count_change]
    show_comparison: true
    comparison_type: change
    comparison_label: against the previous period
    note_text: The filters Current Period and Previous Period say what is compared.
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Current Period: workouts.current_period
      Previous Period: workouts.previous_period
    row: 0
    col: 0
    width: 6
    height: 4
  - name: time
    title: "Time, Current Period (min)"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.current_minutes, workouts.minutes_change]
    show_comparison: true
    comparison_type: change
    comparison_label: against the previous period
    note_text: The filters Current Period and Previous Period say what is compared.
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Current Period: workouts.current_period
      Previous Period: workouts.previous_period
    row: 0
    col: 6
    width: 6
    height: 4
  - name: output
    title: "Output, Current Period (kJ)"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.current_output_kj, workouts.output_kj_change]
    show_comparison: true
    comparison_type: change
    comparison_label: against the previous period
    note_text: The filters Current Period and Previous Period say what is compared.
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Current Period: workouts.current_period
      Previous Period: workouts.previous_period
    row: 0
    col: 12
    width: 6
    height: 4
  - name: distance
    title: "Distance, Current Period"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.current_distance, workouts.distance_change]
    show_comparison: true
    comparison_type: change
    comparison_label: against the previous period
    note_text: The filters Current Period and Previous Period say what is compared.
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Current Period: workouts.current_period
      Previous Period: workouts.previous_period
      Distance Unit: units.distance
    row: 0
    col: 18
    width: 6
    height: 4
  - name: hours_by_week
    title: Hours by Week and Discipline
    model: peloton
    explore: workouts
    type: looker_column
    fields: [workouts.start_week, workouts.discipline, workouts.total_hours]
    pivots: [workouts.discipline]
    fill_fields: [workouts.start_week]
    sorts: [workouts.start_week, workouts.discipline]
    stacking: normal
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 0
    width: 12
    height: 8
  - name: output_by_week
    title: "Cycling: Average Output (W) and Cadence (rpm) by Week"
    model: peloton
    explore: workouts
    type: looker_line
    fields: [workouts.start_week, workouts.average_output, workouts.average_cadence]
    fill_fields: [workouts.start_week]
    filters:
      workouts.discipline: Cycling
    sorts: [workouts.start_week]
    show_null_points: false
    interpolation: linear
    note_text: Weighed by seconds. Tread and rower have an output that does not mean the same.
    note_state: collapsed
    note_display: hover
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 4
    col: 12
    width: 12
    height: 8
  - name: heart_rate_zones_by_week
    title: Heart Rate Zones by Week (min)
    model: peloton
    explore: workouts
    type: looker_column
    fields: [workouts.start_week, workout_zones.zone, workout_zones.heart_rate_minutes]
    pivots: [workout_zones.zone]
    fill_fields: [workouts.start_week]
    filters:
      workout_zones.zone: NOT NULL
    sorts: [workouts.start_week, workout_zones.zone]
    stacking: normal
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 12
    col: 0
    width: 12
    height: 8
  - name: power_zones_by_week
    title: "Cycling: Power Zones by Week (min)"
    model: peloton
    explore: workout_seconds
    type: looker_column
    fields: [workouts.start_week, workout_seconds.power_zone, workout_seconds.minutes_recorded]
    pivots: [workout_seconds.power_zone]
    fill_fields: [workouts.start_week]
    filters:
      workout_seconds.power_zone: NOT NULL
      workouts.discipline: Cycling
    sorts: [workouts.start_week, workout_seconds.power_zone]
    stacking: normal
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 12
    col: 12
    width: 12
    height: 8
  - name: disciplines
    title: Time by Discipline (min)
    model: peloton
    explore: workouts
    type: looker_pie
    fields: [workouts.discipline, workouts.total_minutes]
    sorts: [workouts.total_minutes desc]
    value_labels: legend
    label_type: labPer
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 20
    col: 0
    width: 8
    height: 8
  - name: days_of_the_week
    title: Workouts by Day of the Week and Part of the Day
    model: peloton
    explore: workouts
    type: looker_bar
    fields: [workouts.start_day_of_week, workouts.part_of_day, workouts.count]
    pivots: [workouts.part_of_day]
    fill_fields: [workouts.start_day_of_week]
    sorts: [workouts.start_day_of_week, workouts.part_of_day]
    stacking: normal
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 20
    col: 8
    width: 8
    height: 8
  - name: year_against_year
    title: "Hours by Month, Year against Year"
    model: peloton
    explore: workouts
    type: looker_line
    fields: [workouts.start_month_name, workouts.start_year, workouts.total_hours]
    pivots: [workouts.start_year]
    fill_fields: [workouts.start_month_name]
    sorts: [workouts.start_month_name, workouts.start_year]
    show_null_points: false
    note_text: All years; the filter Period does not apply.
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 20
    col: 16
    width: 8
    height: 8
  - name: last_workouts
    title: Last Workouts
    model: peloton
    explore: workouts
    type: looker_grid
    fields:
    - workouts.start_date
    - workouts.start_local_time_of_day
    - workouts.title
    - workouts.instructor_name
    - workouts.minutes
    - workouts.output_kj
    - workouts.avg_output
    - workouts.avg_heart_rate
    - workouts.distance
    - workouts.page
    sorts: [workouts.start_date desc, workouts.start_local_time_of_day desc]
    limit: 25
    listen:
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Distance Unit: units.distance
    row: 28
    col: 0
    width: 24
    height: 9
