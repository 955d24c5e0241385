//! Real troubles of other people. The numbers are those of the collection that they come from.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::home::{Home, Ran, empty};

/// 2026-03-02 07:00 UTC.
const START: i64 = 1_772_434_800;

/// One ordinary workout, whose detail and graph a test may change.
pub(crate) struct Workout {
    name: String,
    discipline: &'static str,
    at: i64,
    length: i64,
    axis: Option<Vec<i64>>,
    metrics: Vec<(&'static str, &'static str, Vec<Value>)>,
    summaries: Vec<(&'static str, f64, &'static str)>,
}

pub(crate) fn w(name: &str) -> Workout {
    Workout {
        name: name.into(),
        discipline: "cycling",
        at: START,
        length: 600,
        axis: None,
        metrics: Vec::new(),
        summaries: Vec::new(),
    }
}

impl Workout {
    pub(crate) fn discipline(mut self, discipline: &'static str) -> Self {
        self.discipline = discipline;
        self
    }

    pub(crate) fn at(mut self, at: i64) -> Self {
        self.at = at;
        self
    }

    pub(crate) fn length(mut self, length: i64) -> Self {
        self.length = length;
        self
    }

    pub(crate) fn axis(mut self, axis: Vec<i64>) -> Self {
        self.axis = Some(axis);
        self
    }

    pub(crate) fn metric(
        mut self,
        slug: &'static str,
        unit: &'static str,
        values: Vec<f64>,
    ) -> Self {
        self.metrics
            .push((slug, unit, values.into_iter().map(Value::from).collect()));
        self
    }

    fn nullable(
        mut self,
        slug: &'static str,
        unit: &'static str,
        values: Vec<Option<f64>>,
    ) -> Self {
        self.metrics
            .push((slug, unit, values.into_iter().map(Value::from).collect()));
        self
    }

    fn summary(mut self, slug: &'static str, value: f64, unit: &'static str) -> Self {
        self.summaries.push((slug, value, unit));
        self
    }

    /// Detail and graph.
    pub(crate) fn made(self) -> (Value, Value) {
        let work: f64 = self
            .metrics
            .iter()
            .filter(|(slug, ..)| *slug == "output")
            .flat_map(|(.., values)| values.iter().filter_map(Value::as_f64))
            .fold(0.0, |sum, value| sum + value);
        let id = id(&self.name);
        let axis = self.axis.unwrap_or_else(|| (1..=self.length).collect());
        let detail = json!({
            "id": id, "created_at": self.at, "created": self.at, "start_time": self.at, "end_time": self.at + self.length,
            "status": "COMPLETE", "device_time_created_at": self.at - 18_000, "timezone": "America/New_York",
            "fitness_discipline": self.discipline, "metrics_type": self.discipline, "workout_type": "freestyle", "title": self.name,
            "name": self.discipline, "platform": "home_bike", "device_type": "home_bike_v1", "device_type_display_name": "Bike",
            "total_work": work, "peloton_id": null, "has_pedaling_metrics": true, "has_leaderboard_metrics": false,
            "is_total_work_personal_record": false, "strava_id": null, "fitbit_id": null, "leaderboard_rank": null,
            "total_leaderboard_users": 0, "achievement_templates": [],
            "ftp_info": {"ftp": 200, "ftp_source": "ftp_workout_source", "ftp_workout_id": null},
            "ride": {"id": "0".repeat(32), "title": self.name, "duration": self.length, "is_archived": false},
        });
        let metrics: Vec<Value> = self
            .metrics
            .into_iter()
            .map(|(slug, unit, values)| json!({"slug": slug, "display_name": slug, "display_unit": unit, "values": values, "average_value": null, "max_value": null}))
            .collect();
        let summaries: Vec<Value> = self
            .summaries
            .into_iter()
            .map(|(slug, value, unit)| json!({"slug": slug, "display_name": slug, "display_unit": unit, "value": value}))
            .collect();
        let graph = json!({
            "duration": self.length, "is_class_plan_shown": false, "segment_list": [], "seconds_since_pedaling_start": axis,
            "average_summaries": [], "summaries": summaries, "metrics": metrics, "location_data": [], "splits_data": {}, "effort_zones": null,
        });
        (detail, graph)
    }
}

/// 32 hexadecimal digits that follow from the name.
fn id(name: &str) -> String {
    let mut digest: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in name.bytes() {
        digest =
            (digest ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("{digest:032x}")
}

#[test]
fn f1_csv_of_a_metric_account() {
    let home = Home::new(empty());
    let file = home.path().join("f1.csv");
    fs::write(&file, "Workout Timestamp,Live/On-Demand,Instructor Name,Length (minutes),Fitness Discipline,Type,Title,Class Timestamp,Total Output,Avg. Watts,Avg. Resistance,Avg. Cadence (RPM),Avg. Speed (kph),Distance (km),Calories Burned,Avg. Heartrate,Avg. Incline,Avg. Pace (min/km)\n\
        2026-05-04 07:00 (UTC),On Demand,Pat Q,30,Cycling,Music,30 min Ride,2026-05-01 12:00 (UTC),300,167,45%,85,32.2,16.1,400,140.5,,\n\
        2026-05-05 07:00 (UTC),On Demand,,20,Running,Fun Run,20 min Run,,,,,,10.0,3.33,200,150,1.5%,\n\
        ,On Demand,,10,Yoga,Flow,10 min Flow,,,,,,,,,,,\n").unwrap();
    home.run(&["import", file.to_str().unwrap()])
        .ends(3)
        .says("line 4")
        .says("no timestamp");
    assert_eq!(
        home.sql("SELECT distance_m, round(avg_speed, 3), total_work, avg_resistance, avg_heart_rate, avg_incline FROM workouts ORDER BY start_ts"),
        "16100.0,20.008,300000.0,45.0,140.5,\n3330.0,6.214,,,150.0,1.5"
    );
}

#[test]
fn an_imported_workout_gives_way_to_the_synced_one_whichever_came_first() {
    let file_of = |home: &Home| {
        let file = home.path().join("history.csv");
        fs::write(&file, "Workout Timestamp,Fitness Discipline,Length (minutes),Title\n2026-03-02 07:01 (UTC),Cycling,10,same\n2026-03-09 07:00 (UTC),Cycling,10,other\n").unwrap();
        file
    };
    for csv_first in [true, false] {
        let home = Home::new(empty());
        let (detail, graph) = w("ride").made();
        home.sim.add_custom(detail, graph);
        let file = file_of(&home);
        let import = ["import", file.to_str().unwrap()];
        if csv_first {
            home.run(&import).ends(0);
            assert_eq!(home.sql("SELECT DISTINCT user_id FROM workouts"), "local");
        }
        home.sync(&[]).ends(0);
        if !csv_first {
            home.run(&import).ends(0);
        }
        assert_eq!(
            home.sql("SELECT origin, title FROM workouts ORDER BY start_ts"),
            "api,ride\ncsv,other"
        );
        let own = home.sim.account().user_id.clone();
        assert_eq!(home.sql("SELECT DISTINCT user_id FROM workouts"), own);
    }
}

#[test]
fn f5_two_dumbbells() {
    let home = Home::new(empty());
    let (mut detail, graph) = w("a").discipline("strength").length(60).made();
    let weight = json!({"weight_category": "light", "weight_data": {"weight_value": 20, "weight_unit": "lb"}});
    detail["movement_tracker_data"] = json!({"completed_movements_summary_data": {"repetition_summary_data": [{
        "movement_id": "a".repeat(32), "movement_name": "Press", "offset": 0, "length": 30, "tracking_type": "rep_counting",
        "completed_reps": 10, "completed_duration": 30, "total_volume": 400, "weight": [weight.clone(), weight]}]}});
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workout_movements"), "1");
    assert_eq!(
        home.sql("SELECT movement_name, repetitions, weight, weight_unit, number_of_weights, total_volume FROM workout_movements"),
        "Press,10,20.0,lb,2,400.0"
    );
}

/// The DuckDB file and the files of an export in whose bytes the latitude of F7 is, as text or as a number.
fn with_the_coordinate(home: &Home, export: &Path) -> Vec<PathBuf> {
    let number = (-7.1234_f64).to_le_bytes();
    let files = fs::read_dir(export).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .chain([home.profile().join("warehouse.duckdb")])
        .filter(|path| {
            let bytes = fs::read(path).unwrap();
            let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            has(b"7.1234") || has(&number)
        })
        .collect()
}

#[test]
fn f7_gps_of_a_free_run_one_point_missing() {
    let mut home = Home::new(empty());
    let coordinates: Vec<Value> = (1..=60)
        .filter(|second| *second != 30)
        .map(|second| json!({"seconds_offset_from_start": second, "latitude": -7.1234, "longitude": -28.5678, "accuracy": 5.0, "distance": f64::from(second) / 600.0, "distance_display_unit": "mi"}))
        .collect();
    let (detail, mut graph) = w("a")
        .discipline("running")
        .length(60)
        .metric("pace", "min/mi", vec![10.0; 60])
        .summary("distance", 0.1, "mi")
        .made();
    graph["location_data"] =
        json!([{"segment_id": null, "is_gap": false, "coordinates": coordinates}]);
    let id = home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT count(*), count(latitude) FROM workout_stats"),
        "60,0"
    );
    assert!(!home.archive().contains("7.1234"));
    let folder = home.path().join("out");
    home.run(&["export", folder.to_str().unwrap(), "--format", "csv"])
        .ends(0);
    assert_eq!(with_the_coordinate(&home, &folder), Vec::<PathBuf>::new());
    // Switched on later it can't come back by itself, but it can be fetched.
    fs::write(home.path().join("config.toml"), "store_locations = true\n").unwrap();
    home.run(&["rebuild"]).ends(0);
    assert_eq!(home.sql("SELECT count(latitude) FROM workout_stats"), "0");
    home.sync(&["--workout", &id]).ends(0);
    home.run(&["export", folder.to_str().unwrap(), "--format", "csv"])
        .ends(0);
    // Where it may be, it is found.
    assert_eq!(with_the_coordinate(&home, &folder).len(), 2);
    assert_eq!(
        home.sql("SELECT count(*), count(latitude), min(latitude) FROM workout_stats"),
        "60,59,-7.1234"
    );
    home.move_house();
    fs::write(home.path().join("config.toml"), "store_locations = true\n").unwrap();
    home.sync(&[]).ends(0);
    assert_eq!(home.sql("SELECT latitude FROM workout_stats WHERE seconds_since_pedaling_start IN (29, 30, 31) ORDER BY seconds_since_pedaling_start"), "-7.1234\n\"\"\n-7.1234");
}

#[test]
fn f9_a_workout_without_distance_has_no_pace() {
    let home = Home::new(empty());
    for (number, (name, miles, seconds)) in [("a", 1.0, 480), ("b", 3.0, 1800), ("c", 0.0, 600)]
        .into_iter()
        .enumerate()
    {
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        let pace = (miles > 0.0).then(|| seconds as f64 / miles / 60.0);
        let length = usize::try_from(seconds).unwrap();
        let (detail, graph) = w(name)
            .discipline("running")
            .at(START + 7200 * number as i64)
            .length(seconds)
            .nullable("pace", "min/mi", vec![pace; length])
            .summary("distance", miles, "mi")
            .made();
        home.sim.add_custom(detail, graph);
    }
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT title, avg_pace IS NULL FROM workouts WHERE title = 'c'"),
        "c,true"
    );
}

#[test]
fn f11_a_workout_with_seconds_and_no_metrics() {
    let home = Home::new(empty());
    let (mut detail, graph) = w("Just Cardio").discipline("cardio").length(900).made();
    detail["metrics_type"] = Value::Null;
    detail["has_pedaling_metrics"] = json!(false);
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT title, ride_id, coalesce(total_work, 0), avg_output, seconds_expected, seconds_recorded, seconds_missing FROM workouts"),
        "Just Cardio,,0.0,,,,"
    );
    assert_eq!(home.sql("SELECT count(*) FROM workout_stats"), "0");
    assert!(
        home.sim
            .requests()
            .iter()
            .all(|logged| !logged.path.contains(&"0".repeat(32)))
    );
}

#[test]
fn f36_heart_rate_0_is_no_reading() {
    let home = Home::new(empty());
    let mut beats = vec![140.0; 600];
    beats[100..200].fill(0.0);
    let (detail, graph) = w("a")
        .metric("output", "watts", vec![200.0; 600])
        .metric("heart_rate", "bpm", beats)
        .made();
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT count(*), count(heart_rate), min(heart_rate) FROM workout_stats"),
        "600,500,140"
    );
}

#[test]
fn f26_no_answer_depends_on_the_zone_of_the_machine() {
    let home = Home::new(empty());
    let (detail, graph) = w("jan").at(1_768_500_000).made();
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    let file = home.profile().join("warehouse.duckdb");
    let on = format!("duckdb:{}", file.display());
    let sql = "SELECT title, start_ts, CAST(start_ts AS DATE) AS day, start_local FROM workouts";
    for zone in ["UTC", "Asia/Tehran", "America/Los_Angeles"] {
        for arguments in [
            &["sql", sql, "--format", "csv"][..],
            &["sql", "--on", &on, sql, "--format", "csv"],
        ] {
            let mut command = home.command(arguments);
            let ran = Ran::new(command.env("TZ", zone).output().unwrap()).ends(0);
            assert_eq!(
                ran.data.lines().nth(1),
                Some("jan,2026-01-15 18:00:00,2026-01-15,2026-01-15 13:00:00"),
                "{zone}"
            );
        }
    }
}

#[test]
fn times_with_a_zone_are_printed_in_every_format() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    let sql = "SELECT TIMESTAMPTZ '2026-01-15 18:00:00+00' AS t, [t] AS l -- a comment";
    for (format, text) in [
        ("csv", "2026-01-15 18:00:00+00:00,"),
        ("json", "\"t\":\"2026-01-15 18:00:00+00:00\""),
        ("jsonl", "\"t\":\"2026-01-15 18:00:00+00:00\""),
        ("table", "2026-01-15 18:00:00+00:00"),
    ] {
        let mut command = home.command(&["sql", "--format", format, sql]);
        let ran = Ran::new(command.env("TZ", "Asia/Tehran").output().unwrap()).ends(0);
        assert!(ran.data.contains(text), "{format}: {}", ran.data);
    }
    home.run(&["sql", "-- first a comment\nSELECT 1"]).ends(0);
}

#[test]
fn f31_a_pause_stays_a_gap() {
    let home = Home::new(empty());
    let axis: Vec<i64> = (1..=100).chain(181..=280).collect();
    let (detail, graph) = w("a")
        .length(280)
        .axis(axis)
        .metric("output", "watts", vec![300.0; 200])
        .made();
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT seconds_expected, seconds_recorded, seconds_missing FROM workouts"),
        "280,200,80"
    );
    assert_eq!(home.sql("SELECT min(seconds_since_pedaling_start), max(seconds_since_pedaling_start), sum(output) FROM workout_stats"), "1,280,60000");
    assert_eq!(home.sql("SELECT count(*) FROM workout_stats WHERE seconds_since_pedaling_start BETWEEN 101 AND 180"), "0");
}

#[test]
fn f40_a_reader_that_goes_away_and_a_terminal_without_utf8() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    for format in ["csv", "jsonl", "table"] {
        let program = env!("CARGO_BIN_EXE_peloton-looker");
        let script = format!(
            "'{program}' sql 'SELECT range AS n FROM range(200000)' --format {format} | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}"
        );
        let mut command = std::process::Command::new("bash");
        command
            .args(["-c", &script])
            .env("PELOTON_LOOKER_HOME", home.path());
        let ran = Ran::new(command.output().unwrap());
        assert!(ran.code == 0 || ran.code == 141, "{format}: {}", ran.code);
        assert_eq!(ran.talk, "", "{format}");
    }
    let plain = |format: &str| {
        let mut command = home.command(&["sql", "SELECT 'Café' AS t", "--format", format]);
        command.env("LC_ALL", "C");
        Ran::new(command.output().unwrap()).ends(0).data
    };
    let table = plain("table");
    assert_eq!(
        table.lines().filter(|line| !line.is_ascii()).count(),
        1,
        "{table}"
    );
    for format in ["json", "csv", "jsonl"] {
        assert!(plain(format).contains("Café"), "{format}");
    }
}
