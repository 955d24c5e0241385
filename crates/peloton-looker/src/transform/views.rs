//! Views over the tables.

use warehouse::schema::{Column, ColumnType, Table, View};

use super::definition::column;
use super::tables;

/// All views, to be created after the tables.
pub fn views() -> Vec<View> {
    let tables = tables();
    let columns = |name: &str| {
        let table = tables.iter().find(|table| table.name == name);
        table.map(|table| table.columns.clone()).unwrap_or_default()
    };
    vec![View {
        table: Table {
            name: "workouts_with_stats",
            grain: "one workout",
            description: "All columns of `workouts`, and `stats`: its seconds in their order. A mean over 2 or 3 \
                          seconds ends at its second; a gap is not averaged across.",
            key: &["id"],
            replace_by: "id",
            partition_by: Some("created_ts"),
            cluster_by: &["user_id"],
            columns: [columns("workouts"), vec![stats()]].concat(),
        },
        sql: workouts_with_stats(),
        part: part_of_workouts_with_stats(),
        digest: digest_of_workouts_with_stats(&columns("workouts"), &columns("workout_stats")),
    }]
}

/// The nested seconds.
fn stats() -> Column {
    let seconds = ColumnType::List(Box::new(ColumnType::Struct(second())));
    column(
        "stats",
        seconds,
        "",
        "The seconds of the workout, in their order; empty where it has none.",
    )
}

/// One second.
fn second() -> Vec<Column> {
    use ColumnType::{Float64, Int32};
    let mut columns = Vec::new();
    for (name, unit, names, what) in [
        ("output", "W", ["avg_output_2s", "avg_output_3s"], "Power."),
        (
            "cadence",
            "rpm",
            ["avg_cadence_2s", "avg_cadence_3s"],
            "Cadence.",
        ),
        (
            "resistance",
            "%",
            ["avg_resistance_2s", "avg_resistance_3s"],
            "Resistance.",
        ),
    ] {
        let [two, three] = names;
        columns.extend([
            column(name, Int32, unit, what),
            column(
                two,
                Float64,
                unit,
                "Its mean over this second and the one before.",
            ),
            column(
                three,
                Float64,
                unit,
                "Its mean over this second and the two before.",
            ),
        ]);
    }
    columns.extend([
        column("speed", Float64, "mph", "Speed."),
        column(
            "heart_rate",
            Int32,
            "bpm",
            "Heart rate; NULL where the device had no reading.",
        ),
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
        (
            "seconds_elapsed",
            "s",
            "The step from the second before; NULL for the first.",
        ),
    ] {
        columns.push(column(name, Int32, unit, what));
    }
    columns
}

/// What changes when a row of the view does: its workout, or its seconds.
fn digest_of_workouts_with_stats(workouts: &[Column], seconds: &[Column]) -> String {
    let names = |columns: &[Column], table: &str| {
        let names: Vec<String> = columns
            .iter()
            .map(|column| format!("{table}.\"{}\"", column.name))
            .collect();
        names.join(", ")
    };
    format!(
        "SELECT CASE WHEN year(w.created_ts) BETWEEN 1 AND 9999 THEN date_trunc('month', w.created_ts)::DATE \
         END AS month, hash({workout}, s.sum, s.mix, s.samples) AS digest, coalesce(s.samples, 0) AS samples \
         FROM main.workouts AS w LEFT JOIN (SELECT workout_id, sum(hash({second})) AS sum, \
         bit_xor(hash({second})) AS mix, count(*) AS samples FROM main.workout_stats AS t \
         GROUP BY workout_id) AS s ON s.workout_id = w.id",
        workout = names(workouts, "w"),
        second = names(seconds, "t"),
    )
}

/// The seconds are found by the workout's id inside the query of the column: on seven million of them a
/// query of some workouts builds the lists of these alone (0.3 s), where a join with all lists takes 6 s.
fn workouts_with_stats() -> String {
    format!(
        "SELECT w.*, coalesce((SELECT {list} FROM ({seconds} WHERE workout_id = w.id)), []) AS stats \
         FROM workouts AS w",
        list = list_of_seconds(),
        seconds = select_seconds(),
    )
}

/// The same for some of the workouts, whose lists are made all at once.
fn part_of_workouts_with_stats() -> String {
    format!(
        "WITH w AS MATERIALIZED (SELECT * FROM workouts WHERE {{condition}}), s AS (SELECT workout_id, {list} \
         AS stats FROM ({seconds} WHERE workout_id IN (SELECT id FROM w)) GROUP BY workout_id) \
         SELECT w.*, coalesce(s.stats, []) AS stats FROM w LEFT JOIN s ON s.workout_id = w.id ORDER BY w.id",
        list = list_of_seconds(),
        seconds = select_seconds(),
    )
}

fn list_of_seconds() -> String {
    let fields: Vec<String> = second()
        .iter()
        .map(|column| format!("{name} := {name}", name = column.name))
        .collect();
    format!(
        "list(struct_pack({}) ORDER BY seconds_since_pedaling_start)",
        fields.join(", ")
    )
}

/// The seconds with their means and steps; a WHERE may follow.
fn select_seconds() -> String {
    const ORDER: &str = "OVER (PARTITION BY workout_id ORDER BY seconds_since_pedaling_start";
    let means: Vec<String> = ["output", "cadence", "resistance"]
        .iter()
        .flat_map(|column| {
            [2, 3].map(|seconds| {
                let before = seconds - 1;
                format!(
                    "avg({column}) {ORDER} RANGE BETWEEN {before} PRECEDING AND CURRENT ROW) \
                     AS avg_{column}_{seconds}s"
                )
            })
        })
        .collect();
    format!(
        "SELECT *, {}, seconds_since_pedaling_start - lag(seconds_since_pedaling_start) {ORDER}) \
         AS seconds_elapsed FROM workout_stats",
        means.join(", ")
    )
}
