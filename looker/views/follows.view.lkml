# One row is one member following another, as a list of followed members or of followers gives it.
view: follows {
  sql_table_name: @{DATASET}.follows ;;
  label: "Follow"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.list_id || '|' || ${TABLE}.user_id || '|' || ${TABLE}.followed_user_id ;;
  }

  dimension: user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.user_id ;;
  }

  dimension: followed_user_id {
    hidden: yes
    type: string
    sql: ${TABLE}.followed_user_id ;;
  }

  # The one whom the row is about, who is not the owner of the list.
  dimension: other_user_id {
    hidden: yes
    type: string
    sql: CASE WHEN ${list} = 'following' THEN ${followed_user_id} ELSE ${user_id} END ;;
  }

  dimension: list {
    type: string
    label: "List"
    group_label: "Relation"
    description: "following: members whom the owner of the list follows. followers: members who follow the owner."
    sql: ${TABLE}.list ;;
  }

  dimension: username {
    type: string
    label: "Listed Member"
    group_label: "Member"
    description: "Name of the member in the list; there also for those whose workouts are not synced."
    sql: ${TABLE}.username ;;
  }

  dimension: category {
    type: string
    label: "Category"
    group_label: "Member"
    description: "Peloton's group in the list."
    sql: ${TABLE}.category ;;
  }

  dimension: me_to_user {
    type: string
    label: "Account to Member"
    group_label: "Relation"
    description: "What the account is to the member: following, none …"
    sql: ${TABLE}.me_to_user ;;
  }

  dimension: user_to_me {
    type: string
    label: "Member to Account"
    group_label: "Relation"
    description: "What the member is to the account: following, none …"
    sql: ${TABLE}.user_to_me ;;
  }

  dimension: is_mutual {
    type: yesno
    label: "Is Mutual"
    group_label: "Relation"
    description: "Whether both follow each other."
    sql: ${me_to_user} = 'following' AND ${user_to_me} = 'following' ;;
  }

  dimension: is_private {
    type: yesno
    label: "Is Private"
    group_label: "Member"
    description: "Whether they hide their workouts."
    sql: ${TABLE}.is_profile_private ;;
  }

  dimension: total_workouts {
    type: number
    label: "Workouts (All Time)"
    group_label: "Member"
    description: "Workouts as Peloton counts them; empty for some private members."
    sql: ${TABLE}.total_workouts ;;
    value_format_name: whole
  }

  dimension: total_followers {
    type: number
    label: "Their Followers"
    group_label: "Member"
    description: "Their followers, as Peloton counts them."
    sql: ${TABLE}.total_followers ;;
    value_format_name: whole
  }

  dimension: total_following {
    type: number
    label: "Whom They Follow"
    group_label: "Member"
    description: "Members whom they follow, as Peloton counts them."
    sql: ${TABLE}.total_following ;;
    value_format_name: whole
  }

  dimension_group: fetched {
    type: time
    label: "Fetched"
    group_label: "Fetched Date"
    description: "When the list was fetched, in the time zone of the query."
    timeframes: [raw, time, date]
    sql: ${TABLE}.fetched_at ;;
  }

  measure: count {
    type: count
    label: "Listed Count"
    group_label: "Counts"
    description: "Number of rows of the lists: somebody who follows and is followed has two."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: member_count {
    type: count_distinct
    label: "Listed Members"
    group_label: "Counts"
    description: "Number of different members in the lists."
    sql: ${other_user_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: following_count {
    type: count
    label: "Followed Members"
    group_label: "Counts"
    description: "Members whom the owners of the lists follow."
    filters: [pk: "-NULL", list: "following"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: follower_count {
    type: count
    label: "Followers"
    group_label: "Counts"
    description: "Members who follow the owners of the lists."
    filters: [pk: "-NULL", list: "followers"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: mutual_count {
    type: count_distinct
    label: "Mutual Members"
    group_label: "Counts"
    description: "Members who follow and are followed."
    filters: [is_mutual: "Yes"]
    sql: ${other_user_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  set: detail {
    fields: [list, username, category, is_mutual, is_private, total_workouts, total_followers]
  }
}
