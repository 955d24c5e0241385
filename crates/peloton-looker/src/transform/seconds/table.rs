//! The description of `workout_stats`.

use warehouse::schema::{ColumnType, Table};

use crate::transform::definition::column;

/// The table's description.
pub(super) fn table() -> Table {
    use ColumnType::{Bool, Date, Float64, Int16, Int32, String};
    Table {
        name: "workout_stats",
        grain: "one second of one workout",
        description: "A second is here when at least one metric has a value there; a gap of the device \
                      is a gap here. Whole-number series are whole: a fraction is rounded and reported.",
        key: &["workout_id", "seconds_since_pedaling_start"],
        replace_by: "workout_id",
        partition_by: Some("start_date"),
        cluster_by: &["workout_id"],
        columns: vec![
            column("workout_id", String, "", "The workout."),
            column(
                "seconds_since_pedaling_start",
                Int32,
                "s",
                "The second on Peloton's time axis.",
            ),
            column("output", Int32, "W", "Power."),
            column("cadence", Int32, "rpm", "Cadence."),
            column("resistance", Int32, "%", "Resistance."),
            column("speed", Float64, "mph", "Speed."),
            column(
                "heart_rate",
                Int32,
                "bpm",
                "Heart rate; NULL where the device had no reading.",
            ),
            column(
                "target_cadence_upper",
                Int32,
                "rpm",
                "Upper bound of the class's cadence.",
            ),
            column(
                "target_cadence_lower",
                Int32,
                "rpm",
                "Lower bound of the class's cadence.",
            ),
            column(
                "target_resistance_upper",
                Int32,
                "%",
                "Upper bound of the class's resistance.",
            ),
            column(
                "target_resistance_lower",
                Int32,
                "%",
                "Lower bound of the class's resistance.",
            ),
            column("start_date", Date, "", "UTC date of the workout's start."),
            column(
                "is_counted",
                Bool,
                "",
                "Whether the workout is finished and was not deleted.",
            ),
            column(
                "pace",
                Float64,
                "min/mile",
                "Pace; NULL when standing still.",
            ),
            column("incline", Float64, "%", "Incline of the tread."),
            column("altitude", Float64, "m", "Altitude outdoors."),
            column("stroke_rate", Int32, "spm", "Strokes a minute."),
            column("split_pace", Float64, "min/500 m", "Rowing pace."),
            column(
                "latitude",
                Float64,
                "°",
                "Latitude; only with `store_locations`.",
            ),
            column(
                "longitude",
                Float64,
                "°",
                "Longitude; only with `store_locations`.",
            ),
            column(
                "power_zone",
                Int16,
                "",
                "Zone 1 to 7 by the FTP of that workout.",
            ),
            column(
                "heart_rate_zone",
                Int16,
                "",
                "Zone 1 to 5 by Peloton's bounds in that workout.",
            ),
        ],
    }
}
