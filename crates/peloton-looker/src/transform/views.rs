//! Views over the tables.

/// A view, by DuckDB's SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: &'static str,
    /// The query after `CREATE VIEW … AS`.
    pub sql: String,
    pub description: &'static str,
}

/// All views, to be created after the tables.
pub fn views() -> Vec<View> {
    vec![View {
        name: "workouts_with_stats",
        sql: workouts_with_stats(),
        description: "All columns of `workouts`, and `stats`: its seconds in their order, a list of \
                      structs with output, cadence and resistance, the mean of each over the last 2 \
                      and 3 seconds (avg_output_2s, avg_output_3s, …; a gap is not averaged across), \
                      speed, heart_rate, the four targets, seconds_since_pedaling_start, and \
                      seconds_elapsed, the step from the second before.",
    }]
}

/// The seconds are found by the workout's id inside the query of the column: on seven million of them a
/// query of some workouts builds the lists of these alone (0.3 s), where a join with all lists takes 6 s.
fn workouts_with_stats() -> String {
    let means: Vec<String> = ["output", "cadence", "resistance"]
        .iter()
        .flat_map(|column| {
            [2, 3].map(|seconds| {
                let before = seconds - 1;
                format!(
                    "avg({column}) OVER (PARTITION BY workout_id ORDER BY seconds_since_pedaling_start \
                     RANGE BETWEEN {before} PRECEDING AND CURRENT ROW) AS avg_{column}_{seconds}s"
                )
            })
        })
        .collect();
    let fields: Vec<String> = STATS
        .iter()
        .map(|name| format!("{name} := {name}"))
        .collect();
    format!(
        "SELECT w.*, (SELECT list(struct_pack({fields}) ORDER BY seconds_since_pedaling_start) \
         FROM (SELECT *, {means}, seconds_since_pedaling_start - lag(seconds_since_pedaling_start) \
         OVER (PARTITION BY workout_id ORDER BY seconds_since_pedaling_start) AS seconds_elapsed \
         FROM workout_stats WHERE workout_id = w.id)) AS stats FROM workouts AS w",
        fields = fields.join(", "),
        means = means.join(", "),
    )
}

/// The fields of one second, in order.
const STATS: [&str; 17] = [
    "output",
    "avg_output_2s",
    "avg_output_3s",
    "cadence",
    "avg_cadence_2s",
    "avg_cadence_3s",
    "resistance",
    "avg_resistance_2s",
    "avg_resistance_3s",
    "speed",
    "heart_rate",
    "target_cadence_upper",
    "target_cadence_lower",
    "target_resistance_upper",
    "target_resistance_lower",
    "seconds_since_pedaling_start",
    "seconds_elapsed",
];
