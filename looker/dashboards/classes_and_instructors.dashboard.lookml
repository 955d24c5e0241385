- dashboard: classes_and_instructors
  title: Classes and Instructors
  description: "Who teaches you, what you take again and again, what it sounds like, and how you do against the class."
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - name: Period
    title: Period
    type: field_filter
    model: peloton
    explore: workouts
    field: workouts.start_date
    default_value: "1 year"
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
  elements:
  - name: classes
    title: Different Classes
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.class_count]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 0
    col: 0
    width: 6
    height: 4
  - name: instructors
    title: Different Instructors
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.instructor_count]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 0
    col: 6
    width: 6
    height: 4
  - name: repeats
    title: Repeated Classes
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.repeat_count]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 0
    col: 12
    width: 6
    height: 4
  - name: percentile
    title: Average Leaderboard Percentile
    model: peloton
    explore: workouts
    type: single_value
    fields: [workouts.average_leaderboard_percentile]
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 0
    col: 18
    width: 6
    height: 4
  - name: instructors_by_time
    title: Hours by Instructor
    model: peloton
    explore: workouts
    type: looker_bar
    fields: [workouts.instructor_name, workouts.total_hours]
    filters:
      workouts.instructor_name: "-NULL"
    sorts: [workouts.total_hours desc]
    limit: 15
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 0
    width: 8
    height: 9
  - name: instructors_in_numbers
    title: Instructors in Numbers
    model: peloton
    explore: workouts
    type: looker_grid
    fields:
    - workouts.instructor_name
    - workouts.count
    - workouts.class_count
    - workouts.total_hours
    - workouts.output_per_minute
    - workouts.average_heart_rate
    - workouts.record_count
    - workouts.average_leaderboard_percentile
    - workout_in_class.average_output_against_class
    filters:
      workouts.instructor_name: "-NULL"
    sorts: [workouts.count desc]
    limit: 50
    total: true
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 8
    width: 16
    height: 9
  - name: class_lengths
    title: Workouts by Class Length
    model: peloton
    explore: workouts
    type: looker_pie
    fields: [workouts.class_length, workouts.count]
    filters:
      workouts.class_minutes: ">0"
    sorts: [workouts.class_length]
    value_labels: legend
    label_type: labPer
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 13
    col: 0
    width: 8
    height: 8
  - name: class_types
    title: Workouts by Class Type
    model: peloton
    explore: workouts
    type: looker_column
    fields: [ride_class_types.name, workouts.count]
    filters:
      ride_class_types.name: "-NULL"
    sorts: [workouts.count desc]
    limit: 15
    note_text: A class may have several types; its workouts then count for each.
    note_state: collapsed
    note_display: hover
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 13
    col: 8
    width: 8
    height: 8
  - name: difficulty
    title: "Difficulty (0 to 10) and Output against Class (%)"
    model: peloton
    explore: workouts
    type: looker_scatter
    fields: [rides.difficulty, workout_in_class.average_output_against_class]
    filters:
      rides.difficulty: NOT NULL
      workout_in_class.output_against_class: NOT NULL
    sorts: [rides.difficulty]
    limit: 1000
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 13
    col: 16
    width: 8
    height: 8
  - name: classes_taken_most
    title: Classes Taken Most
    model: peloton
    explore: classes
    type: looker_grid
    fields:
    - rides.title
    - instructors.name
    - rides.minutes
    - rides.overall_rating
    - rides.difficulty
    - workouts.count
    - workouts.best_output_kj
    - workouts.last_workout
    - rides.page
    filters:
      workouts.count: ">0"
    sorts: [workouts.count desc]
    limit: 50
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 21
    col: 0
    width: 14
    height: 9
  - name: artists
    title: Artists Heard Most (Workouts)
    model: peloton
    explore: songs
    type: looker_bar
    fields: [ride_songs.artists, workouts.count]
    filters:
      workouts.count: ">0"
    sorts: [workouts.count desc]
    limit: 15
    listen:
      Period: workouts.start_date
      Whose: members.relation
      Member: members.username
      Discipline: workouts.discipline
    row: 21
    col: 14
    width: 10
    height: 9
