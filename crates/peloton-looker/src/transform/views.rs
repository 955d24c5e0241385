//! Views over the tables.

use warehouse::schema::{ColumnType, Table};
use warehouse::{Field, FieldValue, Nested, View};

use super::definition::column;
use super::tables;

/// All views, to be created after the tables.
pub fn views() -> Vec<View> {
    let workouts = tables().into_iter().find(|table| table.name == "workouts");
    let workouts = workouts.map(|table| table.columns).unwrap_or_default();
    let table = Table {
        name: "workouts_with_stats",
        grain: "one workout",
        description: "All columns of `workouts`, and `stats`: its seconds in their order. A mean over 2 or 3 \
                      seconds ends at its second; a gap is not averaged across.",
        key: &["id"],
        replace_by: "id",
        partition_by: Some("created_ts"),
        cluster_by: &["user_id"],
        columns: workouts,
    };
    let stats = Nested {
        name: "stats",
        description: "The seconds of the workout, in their order; empty where it has none.",
        from: "workout_stats",
        key: "workout_id",
        order: "seconds_since_pedaling_start",
        fields: second(),
    };
    vec![View::new(table, "workouts", stats)]
}

/// One second.
fn second() -> Vec<Field> {
    use ColumnType::{Float64, Int32};
    let field = |name, column_type, unit, description, value| Field {
        column: column(name, column_type, unit, description),
        value,
    };
    let is_column = FieldValue::Column;
    let mut fields = Vec::new();
    for (of, unit, what, [two, three]) in [
        ("output", "W", "Power.", ["avg_output_2s", "avg_output_3s"]),
        (
            "cadence",
            "rpm",
            "Cadence.",
            ["avg_cadence_2s", "avg_cadence_3s"],
        ),
        (
            "resistance",
            "%",
            "Resistance.",
            ["avg_resistance_2s", "avg_resistance_3s"],
        ),
    ] {
        let mean = |over| FieldValue::TrailingMean { of, over };
        let over_two = "Its mean over this second and the one before.";
        let over_three = "Its mean over this second and the two before.";
        fields.extend([
            field(of, Int32, unit, what, is_column),
            field(two, Float64, unit, over_two, mean(2)),
            field(three, Float64, unit, over_three, mean(3)),
        ]);
    }
    let heart_rate = "Heart rate; NULL where the device had no reading.";
    fields.extend([
        field("speed", Float64, "mph", "Speed.", is_column),
        field("heart_rate", Int32, "bpm", heart_rate, is_column),
    ]);
    for (name, unit, what) in [
        (
            "target_cadence_upper",
            "rpm",
            "Upper bound of the class's cadence.",
        ),
        (
            "target_cadence_lower",
            "rpm",
            "Lower bound of the class's cadence.",
        ),
        (
            "target_resistance_upper",
            "%",
            "Upper bound of the class's resistance.",
        ),
        (
            "target_resistance_lower",
            "%",
            "Lower bound of the class's resistance.",
        ),
        (
            "seconds_since_pedaling_start",
            "s",
            "The second on Peloton's time axis.",
        ),
    ] {
        fields.push(field(name, Int32, unit, what, is_column));
    }
    let step = "The step from the second before; NULL for the first.";
    fields.push(field("seconds_elapsed", Int32, "s", step, FieldValue::Step));
    fields
}
