//! The transform as a whole: answers in, rows out.

mod classes;
mod members;
mod mutations;
mod parts;
mod payloads;
mod seconds;
mod stored;
mod unreadable;
mod workouts;

use std::collections::BTreeMap;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int16Array, Int32Array, Int64Array,
    StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::DataType;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Batch, Options, Problem, Rows, WorkoutAnswers};

const ID: &str = "0a5e00000000000000000000000000aa";
const MEMBER: &str = "fa5e00000000000000000000000000bb";
/// 2026-03-02 07:00Z
const START: i64 = 1_772_434_800;

/// A row by column; NULLs are there as null, timestamps and dates as ISO text.
type Row = BTreeMap<String, Value>;

/// What one bundle became.
struct Outcome {
    batches: Vec<Batch>,
    problems: Vec<Problem>,
}

impl Outcome {
    fn of(mut rows: Rows) -> Self {
        Self {
            batches: rows.take(),
            problems: rows.take_problems(),
        }
    }

    fn rows(&self, table: &str) -> Vec<Row> {
        let batch = self.batches.iter().find(|batch| batch.table == table);
        batch.map(|batch| read(&batch.rows)).unwrap_or_default()
    }

    fn row(&self, table: &str) -> Row {
        let rows = self.rows(table);
        assert_eq!(rows.len(), 1, "{table}: {rows:?}");
        rows[0].clone()
    }

    /// Columns with a problem, in order of their finding.
    fn problem_columns(&self) -> Vec<&str> {
        let columns = self.problems.iter().map(|problem| &*problem.column);
        columns.collect()
    }

    #[track_caller]
    fn check(&self, table: &str, expected: &Value) {
        let row = self.row(table);
        for (column, value) in expected.as_object().expect("an object") {
            assert_eq!(&row[column], value, "{table}.{column}");
        }
    }
}

fn read(batch: &arrow::array::RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    (0..batch.num_rows())
        .map(|index| {
            let cells = schema.fields().iter().zip(batch.columns());
            cells
                .map(|(field, column)| (field.name().clone(), cell(column, index)))
                .collect()
        })
        .collect()
}

fn cell(column: &ArrayRef, index: usize) -> Value {
    if column.is_null(index) {
        return Value::Null;
    }
    let any = column.as_any();
    match column.data_type() {
        DataType::Utf8 => json!(any.downcast_ref::<StringArray>().unwrap().value(index)),
        DataType::Int16 => json!(any.downcast_ref::<Int16Array>().unwrap().value(index)),
        DataType::Int32 => json!(any.downcast_ref::<Int32Array>().unwrap().value(index)),
        DataType::Int64 => json!(any.downcast_ref::<Int64Array>().unwrap().value(index)),
        DataType::Float64 => json!(any.downcast_ref::<Float64Array>().unwrap().value(index)),
        DataType::Boolean => json!(any.downcast_ref::<BooleanArray>().unwrap().value(index)),
        DataType::Date32 => {
            let days = any.downcast_ref::<Date32Array>().unwrap().value(index);
            let day = Timestamp::from_second(i64::from(days) * 86_400).unwrap();
            json!(day.to_string()[..10].to_owned())
        }
        DataType::Timestamp(..) => {
            let micros = any
                .downcast_ref::<TimestampMicrosecondArray>()
                .unwrap()
                .value(index);
            json!(
                Timestamp::from_microsecond(micros)
                    .unwrap()
                    .to_string()
                    .replace('Z', "")
            )
        }
        other => panic!("no column has the type {other}"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn answer(body: &str) -> Answer<'_> {
    Answer {
        body,
        fetched_at: at(START + 86_400),
    }
}

/// One workout from its detail and graph.
fn workout(detail: &Value, graph: &Value) -> Outcome {
    workout_with(Options::default(), None, Some(detail), Some(graph))
}

fn workout_with(
    options: Options,
    list_row: Option<&Value>,
    detail: Option<&Value>,
    graph: Option<&Value>,
) -> Outcome {
    let text = |value: Option<&Value>| value.map(Value::to_string);
    let (list_row, detail, graph) = (text(list_row), text(detail), text(graph));
    let mut rows = Rows::new(options);
    rows.workout(&WorkoutAnswers {
        id: ID,
        user_id: MEMBER,
        list_row: list_row.as_deref().map(answer),
        detail: detail.as_deref().map(answer),
        graph: graph.as_deref().map(answer),
        deleted_at: None,
    });
    Outcome::of(rows)
}

/// An ordinary detail with other values merged in.
fn detail(other: Value) -> Value {
    merged(
        json!({
            "id": ID, "user_id": MEMBER, "created_at": START, "created": START,
            "start_time": START, "end_time": START + 600, "status": "COMPLETE",
            "device_time_created_at": START - 18_000, "timezone": "America/New_York",
            "fitness_discipline": "cycling", "metrics_type": "cycling", "workout_type": "freestyle",
            "title": "Evening spin", "name": "Cycling Workout", "platform": "home_bike",
            "device_type": "home_bike_v1", "total_work": 60000.0, "peloton_id": null,
            "leaderboard_rank": null, "total_leaderboard_users": 0, "achievement_templates": [],
            "ftp_info": {"ftp": 200, "ftp_source": "ftp_workout_source", "ftp_workout_id": null},
            "ride": {"id": "00000000000000000000000000000000", "title": "Just Ride"},
        }),
        other,
    )
}

/// A graph of an axis and series, with other values merged in. Units are Peloton's usual ones.
fn graph(axis: Value, metrics: &[(&str, Value)], other: Value) -> Value {
    let unit = |slug: &str| match slug {
        "output" => "watts",
        "cadence" => "rpm",
        "speed" => "mph",
        "heart_rate" => "bpm",
        "pace" => "min/mi",
        "altitude" => "ft",
        "stroke_rate" => "spm",
        "split_pace" => "min/500m",
        _ => "%",
    };
    let metrics: Vec<Value> = metrics
        .iter()
        .map(|(slug, values)| {
            json!({"slug": slug, "display_unit": unit(slug), "values": values,
                   "average_value": null, "max_value": null})
        })
        .collect();
    merged(
        json!({
            "duration": 600, "seconds_since_pedaling_start": axis, "metrics": metrics,
            "summaries": [], "average_summaries": [], "segment_list": [], "location_data": [],
            "splits_data": {}, "effort_zones": null,
        }),
        other,
    )
}

fn merged(mut value: Value, other: Value) -> Value {
    let object = value.as_object_mut().expect("an object");
    object.extend(other.as_object().expect("an object").clone());
    value
}
