# One row is one song in the playlist of one class.
view: ride_songs {
  sql_table_name: @{DATASET}.ride_songs ;;
  label: "Song"

  dimension: pk {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id || '|' || CAST(${TABLE}.position AS STRING) ;;
  }

  dimension: ride_id {
    hidden: yes
    type: string
    sql: ${TABLE}.ride_id ;;
  }

  dimension: song_id {
    hidden: yes
    type: string
    sql: ${TABLE}.song_id ;;
  }

  dimension: title {
    type: string
    label: "Song"
    group_label: "Song"
    description: "Title of the song."
    sql: ${TABLE}.title ;;
  }

  dimension: artists {
    type: string
    label: "Artists"
    group_label: "Song"
    description: "Artists, separated by commas."
    sql: ${TABLE}.artists ;;
  }

  dimension: album {
    type: string
    label: "Album"
    group_label: "Song"
    description: "Album."
    sql: ${TABLE}.album ;;
  }

  dimension: position {
    type: number
    label: "Place in Playlist"
    group_label: "Place in Class"
    description: "Place in the playlist, from 1."
    sql: ${TABLE}.position ;;
    value_format_name: plain
  }

  dimension: start_minute {
    type: number
    label: "Start (min)"
    group_label: "Place in Class"
    description: "Start in minutes since the pedalling began; negative before it."
    sql: ${TABLE}.start_second / 60.0 ;;
    value_format_name: tenths
  }

  dimension: is_liked {
    type: yesno
    label: "Is Liked"
    group_label: "Song"
    description: "Whether the account liked it."
    sql: ${TABLE}.liked ;;
  }

  dimension: is_explicit {
    type: yesno
    label: "Is Explicit"
    group_label: "Song"
    description: "Whether words are explicit."
    sql: ${TABLE}.explicit_rating > 0 ;;
  }

  dimension: popularity {
    type: number
    label: "Popularity (0 to 100)"
    group_label: "Song"
    description: "Peloton's popularity of the song."
    sql: ${TABLE}.popularity ;;
    value_format_name: whole
  }

  measure: count {
    type: count
    label: "Plays in Classes"
    group_label: "Counts"
    description: "How often the songs are in playlists of classes; each class counts once, however often it was taken."
    filters: [pk: "-NULL"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: song_count {
    type: count_distinct
    label: "Different Songs"
    group_label: "Counts"
    description: "Number of different songs."
    sql: ${song_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: class_count {
    type: count_distinct
    label: "Classes with Songs"
    group_label: "Counts"
    description: "Number of classes whose playlists these are."
    sql: ${ride_id} ;;
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: liked_count {
    type: count
    label: "Liked Plays"
    group_label: "Counts"
    description: "Plays in classes of songs that the account liked."
    filters: [pk: "-NULL", is_liked: "Yes"]
    value_format_name: whole
    drill_fields: [detail*]
  }

  measure: average_popularity {
    type: average
    label: "Average Popularity (0 to 100)"
    group_label: "Averages"
    description: "Mean popularity of the plays."
    sql: ${popularity} ;;
    value_format_name: tenths
    drill_fields: [detail*]
  }

  set: detail {
    fields: [title, artists, album, position, is_liked, rides.title]
  }
}
