//! The CSV that Peloton's web site offers: one row a workout, no ids, units in the headers.

mod clock;

use std::cell::RefCell;
use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};

use crate::error::Advised;

const METERS_PER_MILE: f64 = 1609.344;
const KILOMETERS_PER_MILE: f64 = 1.609_344;

/// One workout of the file, in the warehouse's units. An empty cell is `None`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HistoryWorkout {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    pub(crate) start: Timestamp,
    /// The member's wall clock, as the file has it.
    pub(crate) start_local: DateTime,
    pub(crate) timezone: String,
    pub(crate) discipline: String,
    pub(crate) length_minutes: Option<f64>,
    pub(crate) title: Option<String>,
    pub(crate) class_type: Option<String>,
    pub(crate) instructor_name: Option<String>,
    pub(crate) is_live: Option<bool>,
    /// When the class first aired.
    pub(crate) class_time: Option<Timestamp>,
    pub(crate) total_work: Option<f64>,
    pub(crate) avg_output: Option<f64>,
    pub(crate) avg_resistance: Option<f64>,
    pub(crate) avg_cadence: Option<f64>,
    pub(crate) avg_speed: Option<f64>,
    pub(crate) avg_incline: Option<f64>,
    pub(crate) avg_pace: Option<f64>,
    pub(crate) avg_heart_rate: Option<f64>,
    pub(crate) distance_m: Option<f64>,
    pub(crate) calories_kcal: Option<f64>,
    /// Numbers that can't be read, each with its column.
    pub(crate) problems: Vec<String>,
}

/// A row that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) line: u64,
    pub(crate) reason: String,
}

impl HistoryWorkout {
    /// An id made of what identifies the row: the file has none.
    pub(crate) fn id(&self, user_id: &str) -> String {
        id(user_id, self.start, &self.discipline, self.length_minutes)
    }
}

/// The id of that member's workout with that start, discipline and length.
pub(crate) fn id(
    user_id: &str,
    start: Timestamp,
    discipline: &str,
    length_minutes: Option<f64>,
) -> String {
    let length = length_minutes.map(|length| length.to_string());
    let length = length.unwrap_or_default();
    let text = format!("{user_id}\n{start}\n{discipline}\n{length}");
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest
        .iter()
        .take(14)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("csv-{hex}")
}

/// Reads a whole file. Two rows of one identity are one workout.
pub(crate) fn read(text: &str) -> Result<(Vec<HistoryWorkout>, Vec<Refused>)> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = Header::read(reader.headers().context("read the header")?)?;
    let (mut workouts, mut refused) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let (line, row) = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                (line, header.workout(&record, line))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, Err(format!("not readable: {error}")))
            }
        };
        match row {
            Ok(workout) => workouts.push(workout),
            Err(reason) => refused.push(Refused { line, reason }),
        }
    }
    let mut seen = std::collections::HashSet::new();
    workouts.retain(|workout| seen.insert(workout.id("")));
    Ok((workouts, refused))
}

/// Where each column is, and the unit that its header names.
struct Header {
    /// How many cells a row has.
    cells: usize,
    columns: BTreeMap<String, usize>,
    speed_is_metric: bool,
    distance_is_metric: bool,
    pace_is_metric: bool,
}

impl Header {
    fn read(names: &csv::StringRecord) -> Result<Self> {
        let mut columns = BTreeMap::new();
        let mut units = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            let (name, unit) = match name.split_once('(') {
                Some((name, unit)) => (name, unit.trim_end_matches(')')),
                None => (name, ""),
            };
            let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
            units.insert(name.clone(), unit.trim().to_ascii_lowercase());
            columns.insert(name, at);
        }
        if !columns.contains_key("workout timestamp") {
            return Err(Advised::new(
                "this is not Peloton's workout file: it has no column `Workout Timestamp`",
                "download it at members.onepeloton.com, Profile, Workouts, Download Workouts",
            )
            .into());
        }
        let is_metric = |name: &str, imperial: &str, metric: &str| match units.get(name) {
            None => Ok(false),
            Some(unit) if unit == metric => Ok(true),
            Some(unit) if unit == imperial || unit.is_empty() => Ok(false),
            Some(unit) => Err(Advised::new(
                format!(
                    "the column `{name}` is in `{unit}`, which is neither `{imperial}` nor `{metric}`"
                ),
                "the numbers would be wrong, so nothing was taken; please report the header",
            )),
        };
        Ok(Self {
            speed_is_metric: is_metric("avg. speed", "mph", "kph")?,
            distance_is_metric: is_metric("distance", "mi", "km")?,
            pace_is_metric: is_metric("avg. pace", "min/mi", "min/km")?,
            cells: names.len(),
            columns,
        })
    }

    fn workout(&self, record: &csv::StringRecord, line: u64) -> Result<HistoryWorkout, String> {
        let text = |name: &str| {
            let cell = self
                .columns
                .get(name)
                .and_then(|at| record.get(*at))
                .unwrap_or("")
                .trim();
            (!cell.is_empty()).then_some(cell)
        };
        // A number that can't be read costs itself, not its row.
        let problems = RefCell::new(Vec::new());
        let readable = |value: Result<f64, String>| {
            value
                .map_err(|problem| problems.borrow_mut().push(problem))
                .ok()
        };
        let number = |name: &str| text(name).and_then(|cell| readable(number(name, cell)));
        if record.len() != self.cells {
            return Err(format!(
                "it has {} cells, the header {}: is a quote not closed?",
                record.len(),
                self.cells
            ));
        }
        let time = clock::read(text("workout timestamp").ok_or("no timestamp")?)?;
        let discipline = text("fitness discipline").ok_or("no fitness discipline")?;
        let speed = number("avg. speed");
        let distance = number("distance");
        let pace = text("avg. pace").and_then(|cell| readable(pace_minutes(cell)));
        let meters = if self.distance_is_metric {
            1000.0
        } else {
            METERS_PER_MILE
        };
        Ok(HistoryWorkout {
            line,
            start: time.instant,
            start_local: time.wall_clock,
            timezone: time.zone,
            discipline: discipline_slug(discipline),
            length_minutes: number("length"),
            title: text("title").map(str::to_owned),
            class_type: text("type").map(str::to_owned),
            instructor_name: text("instructor name").map(str::to_owned),
            is_live: text("live/on-demand").map(|text| text.eq_ignore_ascii_case("live")),
            class_time: text("class timestamp")
                .and_then(|time| clock::read(time).ok())
                .map(|time| time.instant),
            total_work: number("total output").map(|kj| kj * 1000.0),
            avg_output: number("avg. watts"),
            avg_resistance: number("avg. resistance"),
            avg_cadence: number("avg. cadence"),
            avg_speed: speed.map(|speed| {
                if self.speed_is_metric {
                    speed / KILOMETERS_PER_MILE
                } else {
                    speed
                }
            }),
            avg_incline: number("avg. incline"),
            avg_pace: pace.map(|pace| {
                if self.pace_is_metric {
                    pace * KILOMETERS_PER_MILE
                } else {
                    pace
                }
            }),
            avg_heart_rate: number("avg. heartrate"),
            distance_m: distance.map(|distance| micrometers(distance * meters)),
            calories_kcal: number("calories burned"),
            problems: problems.into_inner(),
        })
    }
}

/// A number; percent signs and thousands separators belong to the writing, not to the value.
fn number(name: &str, cell: &str) -> Result<f64, String> {
    let digits = cell.trim_end_matches('%').replace(',', "");
    match digits.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{name}` is `{cell}`, which is no number")),
    }
}

/// 16.1 km are 16100 m, not 16100.000000000002: the file has two decimals, not sixteen.
fn micrometers(meters: f64) -> f64 {
    (meters * 1e6).round() / 1e6
}

/// `9:30` or `9.5`, in minutes.
fn pace_minutes(cell: &str) -> Result<f64, String> {
    let Some((minutes, seconds)) = cell.split_once(':') else {
        return number("avg. pace", cell);
    };
    let minutes = number("avg. pace", minutes)?;
    let seconds = number("avg. pace", seconds)?;
    Ok(minutes + seconds / 60.0)
}

/// The API's name for what the file calls by the app's.
fn discipline_slug(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "rowing" | "row" => "caesar".into(),
        "row bootcamp" | "rowing bootcamp" => "caesar_bootcamp".into(),
        "tread bootcamp" | "bootcamp" => "circuit".into(),
        other => other.replace([' ', '-'], "_"),
    }
}

#[cfg(test)]
mod tests;
