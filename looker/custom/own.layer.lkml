# Your own additions. Files in this folder stay when `peloton-looker lookml write` writes the project again.
#
# view: +workouts {
#   dimension: is_lunch_ride {
#     type: yesno
#     label: "Is Lunch Ride"
#     description: "Whether it began between 11 and 14 o'clock."
#     sql: ${start_local_hour_of_day} >= 11 AND ${start_local_hour_of_day} < 14 ;;
#   }
# }
