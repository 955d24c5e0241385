- dashboard: personal_records
  title: Personal Records
  description: "The best of everything: records that stand, records by length of class, bests by month and FTP."
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - name: Period
    title: Period
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.start_date
    default_value: ""
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
  - name: output_records
    title: Output Records
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.record_count]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 0
    col: 0
    width: 6
    height: 4
  - name: best_output
    title: "Best Total Output, Cycling (kJ)"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.best_output_kj]
    filters:
      workouts.discipline: Cycling
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 0
    col: 6
    width: 6
    height: 4
  - name: best_mean_output
    title: "Best Mean Output, Cycling (W)"
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.best_average_output]
    filters:
      workouts.discipline: Cycling
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 0
    col: 12
    width: 6
    height: 4
  - name: longest_distance
    title: Longest Distance
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.longest_distance]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
      Distance Unit: units.distance
    row: 0
    col: 18
    width: 6
    height: 4
  - name: best_by_length
    title: "Cycling: Best Total Output by Class Length (kJ)"
    model: peloton
    explore: workouts
    type: looker_bar
    fields: [workouts.class_minutes, workouts.best_output_kj]
    filters:
      workouts.discipline: Cycling
      workouts.class_minutes: ">0"
    sorts: [workouts.class_minutes]
    show_value_labels: true
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 4
    col: 0
    width: 12
    height: 8
  - name: standing_records
    title: Records That Stand
    model: peloton
    explore: friends
    type: looker_grid
    fields:
    - members.username
    - personal_records.discipline
    - personal_records.name
    - personal_records.minutes
    - personal_records.output_kj
    - personal_records.average_output
    - personal_records.record_day
    - personal_records.page
    filters:
      personal_records.name: "-NULL"
    sorts: [members.username, personal_records.discipline, personal_records.minutes]
    limit: 100
    note_text: "As Peloton's overview lists them; the filter Period does not apply."
    note_state: collapsed
    note_display: hover
    listen:
      Whose: members.relation
      Member: members.username
    row: 4
    col: 12
    width: 12
    height: 8
  - name: bests_by_month
    title: "Cycling: Best and Average Output by Month (W)"
    model: peloton
    explore: workouts
    type: looker_line
    fields: [workouts.start_month, workouts.best_average_output, workouts.average_output]
    fill_fields: [workouts.start_month]
    filters:
      workouts.discipline: Cycling
    sorts: [workouts.start_month]
    show_null_points: false
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 12
    col: 0
    width: 12
    height: 8
  - name: ftp
    title: FTP by Month (W)
    model: peloton
    explore: friends
    type: looker_line
    fields: [ftp_history.valid_month, members.username, ftp_history.highest_ftp]
    pivots: [members.username]
    fill_fields: [ftp_history.valid_month]
    filters:
      ftp_history.ftp: ">0"
    sorts: [ftp_history.valid_month, members.username]
    show_null_points: false
    listen:
      Whose: members.relation
      Member: members.username
      Period: ftp_history.valid_date
    row: 12
    col: 12
    width: 12
    height: 8
  - name: heart_rate_against_output
    title: "Cycling: Heart Rate (bpm) against Mean Output (W)"
    model: peloton
    explore: workouts
    type: looker_scatter
    fields: [workouts.avg_output, workouts.average_heart_rate]
    filters:
      workouts.discipline: Cycling
      workouts.avg_output: ">0"
      workouts.avg_heart_rate: ">0"
    sorts: [workouts.avg_output]
    limit: 1000
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
    row: 20
    col: 0
    width: 12
    height: 8
  - name: records_by_month
    title: Output Records by Month
    model: peloton
    explore: workouts
    type: looker_column
    fields: [workouts.start_month, workouts.record_count, workouts.split_record_count]
    fill_fields: [workouts.start_month]
    sorts: [workouts.start_month]
    stacking: normal
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 20
    col: 12
    width: 12
    height: 8
  - name: record_workouts
    title: Workouts That Were a Record
    model: peloton
    explore: workouts
    type: looker_grid
    fields:
    - workouts.start_date
    - members.username
    - workouts.title
    - workouts.discipline
    - workouts.class_minutes
    - workouts.output_kj
    - workouts.avg_output
    - workouts.leaderboard_percentile
    - workouts.page
    filters:
      workouts.is_personal_record: "Yes"
    sorts: [workouts.start_date desc]
    limit: 100
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 28
    col: 0
    width: 24
    height: 9
