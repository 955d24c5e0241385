//! Dashboards that extend others.

use super::check_all;

const BASE: &str = "
- dashboard: base
  title: Base
  description: Of all
  extension: required
  crossfilter_enabled: true
  filters:
  - name: Period
    type: date_filter
    default_value: 7 days
  - name: Title
    type: string_filter
  elements:
  - name: one
    title: One
    explore: workouts
    type: table
    fields: [workouts.id, workouts.count]
    filters: {workouts.id: 1}
    listen: {Period: workouts.created_date, Title: rides.title}
    row: 0
    col: 0
  - type: text
    body_text: Hello
";

#[test]
fn a_child_changes_what_it_names_and_adds_the_rest() {
    insta::assert_snapshot!(check_all(&[BASE, "
- dashboard: child
  extends: base
  title: Child
  filters:
  - name: Period
    default_value: 30 days
  - name: Live
    type: string_filter
  elements:
  - name: one
    type: looker_line
    fields: [workouts.count]
    filters: {workouts.count: '>1'}
  - name: two
    explore: rides
    fields: [rides.id]
    listen: {Live: rides.is_live}
  - type: text
    body_text: Bye
", "
- dashboard: grandchild
  extends: [child, other]
  elements:
  - name: one
    title: First
    dimensions: [workouts.year]
    measures: [workouts.total]
  - name: two
    fields: [rides.title]
- dashboard: other
  description: Of others
"]), @r#"
    dashboard base "Base" Newspaper
      title: Base
      description: Of all
      extension required: yes
      crossfilter: yes
      filter "Period" "Period" Date "7 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      element Some("one") table at 0,0 8x6
        title: One
        of: workouts
        fields: workouts.id, workouts.count
        filters: "workouts.id" = "1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"table"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
    dashboard child "Child" Newspaper
      title: Child
      description: Of all
      extends: base
      crossfilter: yes
      filter "Period" "Period" Date "30 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      filter "Live" "Live" String "" multiple true required false
      element Some("one") looker_line at 0,0 8x6
        title: One
        of: workouts
        fields: workouts.count
        filters: "workouts.count" = ">1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"looker_line"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
      element Some("two") looker_grid at 6,8 8x6
        of: rides
        fields: rides.id
        listen: "Live" = "rides.is_live"
        vis: {}
      element None text at 6,16 8x6
        texts: Bye
        vis: {"type":"text"}
    dashboard grandchild "Child" Newspaper
      title: Child
      description: Of others
      extends: child, other
      crossfilter: yes
      filter "Period" "Period" Date "30 days" multiple true required false
      filter "Title" "Title" String "" multiple true required false
      filter "Live" "Live" String "" multiple true required false
      element Some("one") looker_line at 0,0 8x6
        title: First
        of: workouts
        fields: workouts.year, workouts.total
        filters: "workouts.count" = ">1"
        listen: "Period" = "workouts.created_date", "Title" = "rides.title"
        vis: {"type":"looker_line"}
      element None text at 6,0 8x6
        texts: Hello
        vis: {"type":"text"}
      element Some("two") looker_grid at 6,8 8x6
        of: rides
        fields: rides.title
        listen: "Live" = "rides.is_live"
        vis: {}
      element None text at 6,16 8x6
        texts: Bye
        vis: {"type":"text"}
    dashboard other "Other" Newspaper
      description: Of others
    "#);
}

#[test]
fn what_is_wrong_between_dashboards_is_told() {
    insta::assert_snapshot!(check_all(&["
- dashboard: a
  extends: [b]
- dashboard: b
  extends: [a]
- dashboard: self
  extends: self
- dashboard: lost
  extends: bse
", "
- dashboard: a
- dashboard: base
  extension: required
  elements:
  - listen: {Nobody: x.y}
- dashboard: deaf
  filters:
  - name: Period
    listens_to_filters: [Perid, Period]
  elements:
  - name: one
    explore: x
    fields: [x.y]
    listen: {Period: x.y, period: x.y, Other filter: x.y}
  - name: two
    fields: [x.y]
"]), @r#"
    dashboard a "A" Newspaper
      extends: b
    dashboard b "B" Newspaper
      extends: a
    dashboard self "Self" Newspaper
      extends: self
    dashboard lost "Lost" Newspaper
      extends: bse
    dashboard base "Base" Newspaper
      extension required: yes
      element None looker_grid at 0,0 8x6
        listen: "Nobody" = "x.y"
        vis: {}
    dashboard deaf "Deaf" Newspaper
      filter "Period" "Period" String "" multiple true required false
        listens to: Perid, Period
      element Some("one") looker_grid at 0,0 8x6
        of: x
        fields: x.y
        listen: "Period" = "x.y", "period" = "x.y", "Other filter" = "x.y"
        vis: {}
      element Some("two") looker_grid at 0,8 8x6
        fields: x.y
        vis: {}
    1: error LK425 2:14 `a`: a second dashboard `a`; the first is in `0`; give this one another name
    0: error LK113 5:13 `a`: dashboard `a` extends itself in the end; `a` extends `b` extends `a`
    0: error LK113 7:12 `self`: dashboard `self` extends itself in the end; `self` extends `self`
    0: error LK113 9:12 `bse`: no dashboard `bse` to extend; did you mean `base`?
    1: error LK426 15:27 `period`: dashboard `deaf` has no filter `period`; did you mean `Period`?
    1: error LK426 15:40 `Other filter`: dashboard `deaf` has no filter `Other filter`; 
    1: error LK426 10:26 `Perid`: dashboard `deaf` has no filter `Perid`; did you mean `Period`?
    1: error LK118 17:14 `x.y`: an element with fields and without an explore; write `explore:`
    "#);
}
