- dashboard: friends
  title: Friends
  description: "The members whom you follow, and you: who does how much, who is ahead, and who follows whom."
  layout: newspaper
  crossfilter_enabled: true
  filters:
  - name: Period
    title: Period
    type: field_filter
    model: peloton
    explore: friends
    field: workouts.start_date
    default_value: "4 weeks"
    allow_multiple_values: true
    required: false
    ui_config:
      type: advanced
      display: popover
  - name: Member
    title: Member
    type: field_filter
    model: peloton
    explore: friends
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
    explore: friends
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
    explore: friends
    field: units.distance
    default_value: ""
    allow_multiple_values: false
    required: false
    ui_config:
      type: button_toggles
      display: inline
  elements:
  - name: followed
    title: Members You Follow
    model: peloton
    explore: friends
    type: single_value
    fields: [follows.following_count]
    row: 0
    col: 0
    width: 6
    height: 4
  - name: followers
    title: Followers
    model: peloton
    explore: friends
    type: single_value
    fields: [follows.follower_count]
    row: 0
    col: 6
    width: 6
    height: 4
  - name: mutual
    title: Mutual
    model: peloton
    explore: friends
    type: single_value
    fields: [follows.mutual_count]
    row: 0
    col: 12
    width: 6
    height: 4
  - name: streak
    title: Longest Current Streak (weeks)
    model: peloton
    explore: friends
    type: single_value
    fields: [members.longest_current_streak]
    listen:
      Member: members.username
    row: 0
    col: 18
    width: 6
    height: 4
  - name: output_by_member
    title: Total Output (kJ)
    model: peloton
    explore: friends
    type: looker_bar
    fields: [members.username, workouts.total_output_kj]
    filters:
      workouts.count: ">0"
    sorts: [workouts.total_output_kj desc]
    limit: 25
    listen:
      Period: workouts.start_date
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 0
    width: 8
    height: 8
  - name: hours_by_member
    title: Total Time (h)
    model: peloton
    explore: friends
    type: looker_bar
    fields: [members.username, workouts.total_hours]
    filters:
      workouts.count: ">0"
    sorts: [workouts.total_hours desc]
    limit: 25
    listen:
      Period: workouts.start_date
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 8
    width: 8
    height: 8
  - name: days_by_member
    title: Active Days
    model: peloton
    explore: friends
    type: looker_column
    fields: [members.username, workouts.active_days]
    filters:
      workouts.count: ">0"
    sorts: [workouts.active_days desc]
    limit: 25
    listen:
      Period: workouts.start_date
      Member: members.username
      Discipline: workouts.discipline
    row: 4
    col: 16
    width: 8
    height: 8
  - name: hours_by_week
    title: Hours by Week
    model: peloton
    explore: friends
    type: looker_line
    fields: [workouts.start_week, members.username, workouts.total_hours]
    pivots: [members.username]
    fill_fields: [workouts.start_week]
    filters:
      workouts.start_week: "26 weeks"
    sorts: [workouts.start_week, members.username]
    column_limit: 12
    show_null_points: false
    note_text: The last 26 weeks; the filter Period does not apply.
    note_state: collapsed
    note_display: hover
    listen:
      Member: members.username
      Discipline: workouts.discipline
    row: 12
    col: 0
    width: 24
    height: 8
  - name: leaderboard
    title: Leaderboard
    model: peloton
    explore: friends
    type: looker_grid
    fields:
    - members.username
    - members.relation
    - workouts.count
    - workouts.active_days
    - workouts.total_hours
    - workouts.total_output_kj
    - workouts.average_output
    - workouts.total_distance
    - workouts.record_count
    - members.current_weekly_streak
    - workouts.last_workout
    - members.page
    sorts: [workouts.total_output_kj desc]
    limit: 100
    listen:
      Period: workouts.start_date
      Member: members.username
      Discipline: workouts.discipline
      Distance Unit: units.distance
    row: 20
    col: 0
    width: 24
    height: 8
  - name: classes_together
    title: Classes Taken by More Than One Member
    model: peloton
    explore: classes
    type: looker_grid
    fields:
    - rides.title
    - instructors.name
    - workouts.member_count
    - workouts.count
    - workouts.best_output_kj
    - workouts.average_output_kj
    - rides.average_output_kj
    filters:
      workouts.member_count: ">1"
    sorts: [workouts.member_count desc, workouts.count desc]
    limit: 50
    listen:
      Period: workouts.start_date
      Discipline: workouts.discipline
    row: 28
    col: 0
    width: 14
    height: 8
  - name: who_follows_whom
    title: Who Follows Whom
    model: peloton
    explore: friends
    type: looker_grid
    fields: [follows.username, follows.list, follows.is_mutual, follows.is_private, follows.total_workouts]
    filters:
      follows.username: "-NULL"
    sorts: [follows.username, follows.list]
    limit: 200
    row: 28
    col: 14
    width: 10
    height: 8
  - name: about
    type: text
    body_text: "Members who are private or gone keep the workouts that were fetched before. Outputs compare within one discipline only: choose one above."
    row: 36
    col: 0
    width: 24
    height: 2
