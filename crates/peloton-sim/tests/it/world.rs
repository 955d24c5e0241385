//! The invented world as a client sees it: it follows from its seed, it has all odd cases, and its members
//! are plausible.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use peloton_sim::Settings;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::browser::text;
use crate::odd_cases::{CASES, Seen};
use crate::session::Session;

const JOINS: &str = "ride,ride.instructor";
const MEMBERS: usize = 6;

/// What one walk over the whole default world found.
#[derive(Default)]
struct Walk {
    missing: Vec<&'static str>,
    wrong: Vec<String>,
    /// Rows of all members.
    rows: Vec<Vec<Value>>,
}

/// The walk is long, so all tests share one.
fn walk() -> &'static Walk {
    static WALK: OnceLock<Walk> = OnceLock::new();
    WALK.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(walked())
    })
}

async fn walked() -> Walk {
    let session = Session::of(Settings::default()).await;
    let mut walk = Walk {
        missing: CASES.iter().map(|(name, _)| *name).collect(),
        ..Walk::default()
    };
    for member in 0..MEMBERS {
        session.sim.set_private(member, false);
        let rows = session.rows(member, JOINS).await;
        for row in &rows {
            let id = text(row, "id");
            let (detail, graph) = (
                session.detail(&id, JOINS).await,
                session.graph(&id, 1).await,
            );
            let seen = Seen {
                row,
                detail: &detail,
                graph: &graph,
            };
            walk.missing
                .retain(|name| !CASES.iter().any(|(case, is)| case == name && is(&seen)));
            walk.wrong.extend(
                faults_of(&seen)
                    .into_iter()
                    .map(|fault| format!("{id}: {fault}")),
            );
        }
        walk.rows.push(rows);
    }
    walk
}

/// What must not be, whatever the workout.
fn faults_of(seen: &Seen<'_>) -> Vec<&'static str> {
    let axis = seen.axis();
    let mut faults = Vec::new();
    if !axis.is_sorted_by(|one, next| one < next) {
        faults.push("the axis does not rise");
    }
    let metrics = seen.graph["metrics"].as_array().into_iter().flatten();
    let alternatives = |metric: &Value| {
        metric["alternatives"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    for metric in
        metrics.flat_map(|metric| alternatives(metric).into_iter().chain([metric.clone()]))
    {
        if metric["values"].as_array().map(Vec::len) != Some(axis.len()) {
            faults.push("a metric is not as long as the axis");
        }
    }
    let output = seen.values("output");
    let sum: f64 = output.iter().flatten().sum();
    let work = seen.detail["total_work"].as_f64().unwrap_or(-1.0);
    // Work of seconds that no sample has was still done; a rower's figure is about a sixth less than its samples.
    let expected = if seen.is_rowed() { sum * 0.84 } else { sum };
    if (work - expected).abs() > expected * 0.03 {
        faults.push("the work is not that of the samples");
    }
    if output
        .iter()
        .flatten()
        .any(|watts| !(0.0..1_200.0).contains(watts))
    {
        faults.push("nobody has such power");
    }
    let kilojoules = seen.kilojoules();
    if kilojoules.is_some_and(|kilojoules| (kilojoules - work / 1_000.0).abs() > 0.51) {
        faults.push("joules and kilojoules differ");
    }
    let twenty_minutes = output
        .windows(1_200)
        .map(|part| part.iter().flatten().sum::<f64>() / 1_200.0);
    if twenty_minutes.fold(0.0, f64::max) > 450.0 {
        faults.push("nobody has such power for so long");
    }
    if seen
        .values("heart_rate")
        .iter()
        .flatten()
        .any(|beats| *beats > 205.0)
    {
        faults.push("no heart beats so fast");
    }
    faults
}

#[test]
fn every_odd_case_is_in_the_default_world() {
    let missing = &walk().missing;
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn graphs_are_whole_and_figures_are_those_of_humans() {
    let wrong = &walk().wrong;
    assert!(
        wrong.is_empty(),
        "{} in all: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(9)]
    );
}

#[test]
fn friends_meet_on_the_same_classes() {
    let mut takers: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (member, rows) in walk().rows.iter().enumerate() {
        for ride in rows.iter().filter_map(|row| {
            row["ride"]["instructor_id"]
                .as_str()
                .and(row["ride"]["id"].as_str())
        }) {
            takers.entry(ride).or_default().insert(member);
        }
    }
    let shared = takers.values().filter(|members| members.len() >= 3).count();
    assert!(shared >= 10, "{shared} classes with three members or more");
}

#[test]
fn everybody_has_a_favourite_instructor() {
    for rows in &walk().rows {
        let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
        for instructor in rows
            .iter()
            .filter_map(|row| row["ride"]["instructor_id"].as_str())
        {
            *classes.entry(instructor).or_default() += 1;
        }
        let (most, all) = (
            classes.values().max().expect("classes"),
            classes.values().sum::<usize>(),
        );
        assert!(most * classes.len() * 2 >= all * 3, "{classes:?}");
    }
}

#[test]
fn somebody_was_away_for_ten_days() {
    let starts = |rows: &[Value]| -> Vec<i64> {
        let mut starts: Vec<i64> = rows
            .iter()
            .filter_map(|row| row["start_time"].as_i64())
            .collect();
        starts.sort_unstable();
        starts
    };
    let longest = |rows: &Vec<Value>| starts(rows).windows(2).map(|pair| pair[1] - pair[0]).max();
    let longest = walk().rows.iter().filter_map(longest).max();
    assert!(longest >= Some(10 * 86_400), "{longest:?} seconds");
}

#[test]
fn names_places_and_titles_hold_any_unicode() {
    let titles = walk()
        .rows
        .iter()
        .flatten()
        .filter_map(|row| row["title"].as_str());
    assert!(titles.clone().any(|title| !title.is_ascii()));
    assert!(
        titles
            .clone()
            .any(|title| title.contains('"') && title.contains('<'))
    );
}

/// All answers of a small world, by path.
async fn world(seed: u64) -> BTreeMap<String, (StatusCode, String)> {
    let session = Session::of(Settings {
        seed,
        members: 3,
        workouts: 8,
        ..Settings::default()
    })
    .await;
    let mut paths = vec![
        "/api/me".to_owned(),
        "/api/instructor?limit=100".into(),
        "/api/ride/metadata_mappings".into(),
    ];
    for member in 0..3 {
        let (id, _) = session.sim.member(member);
        paths.extend(
            [
                "",
                "/workouts?joins=ride",
                "/overview",
                "/calendar",
                "/achievements",
            ]
            .map(|part| format!("/api/user/{id}{part}")),
        );
        for row in session.rows(member, JOINS).await {
            let id = text(&row, "id");
            paths.push(format!("/api/workout/{id}?joins={JOINS}"));
            paths.push(format!("/api/workout/{id}/performance_graph?every_n=1"));
            if let Some(ride) = row["ride"]["id"].as_str() {
                paths.push(format!("/api/ride/{ride}/details"));
            }
        }
    }
    let mut answers = BTreeMap::new();
    for path in paths {
        let answer = session.raw(&path).await;
        answers.insert(path, answer);
    }
    answers
}

#[tokio::test]
async fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let first = world(4).await;
    assert!(first.len() > 50);
    assert_eq!(first, world(4).await);
    let other = world(5).await;
    let common: Vec<&String> = first
        .keys()
        .filter(|path| other.contains_key(*path) && !path.ends_with("mappings"))
        .collect();
    assert!(
        common
            .iter()
            .all(|path| first[*path] != other[*path] || path.contains("0000")),
        "{common:?}"
    );
    let pages = |world: &BTreeMap<String, (StatusCode, String)>| -> BTreeSet<String> {
        world.values().map(|(_, body)| body.clone()).collect()
    };
    let same = pages(&first).intersection(&pages(&other)).count();
    assert!(
        same <= 1,
        "{same} answers are the same, where only the placeholder's refusal should be"
    );
}

#[tokio::test]
async fn a_class_of_a_workout_has_details_or_was_removed() {
    let session = Session::new(2, 120).await;
    let rows = [session.rows(0, JOINS).await, session.rows(1, JOINS).await].concat();
    let rides: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row["ride"]["id"].as_str())
        .collect();
    let mut statuses = BTreeMap::new();
    for ride in rides {
        let (status, body) = session.ask(&format!("/api/ride/{ride}/details")).await;
        *statuses.entry(status.as_u16()).or_insert(0) += 1;
        if status == StatusCode::NOT_FOUND {
            assert_eq!(body["error_code"], 110);
        } else {
            assert_eq!(body["ride"]["id"], ride);
            // 5.13: what is empty has several forms.
            assert_eq!(body["ride"]["extra_images"], json!([]));
            assert_eq!(body["related_rides"], json!({}));
            let alone = session.get(&format!("/api/ride/{ride}")).await;
            assert_eq!(alone["extra_images"], Value::Null);
        }
    }
    assert_eq!(statuses.keys().collect::<Vec<_>>(), [&200, &404]);
}

#[tokio::test]
async fn ftp_changes_over_the_years() {
    let session = Session::new(1, 300).await;
    let mut seen = BTreeSet::new();
    for id in session.sim.workouts(0).iter().step_by(6) {
        let ftp = session.detail(id, "").await["ftp_info"]["ftp"].as_i64();
        seen.extend(ftp.filter(|ftp| *ftp > 0));
    }
    let (low, high) = (seen.first().expect("an FTP"), seen.last().expect("an FTP"));
    assert!(
        seen.len() >= 4 && high - low >= 5 && *high < 400,
        "{seen:?}"
    );
}

/// Rides by power zones: graph and FTP.
async fn power_zone_rides(session: &Session) -> Vec<(Value, f64)> {
    let mut rides = Vec::new();
    for row in session.rows(0, JOINS).await {
        let title = row["ride"]["title"].as_str().unwrap_or_default();
        if title.contains("Power Zone") && row["fitness_discipline"] == "cycling" {
            let id = text(&row, "id");
            let ftp = session.detail(&id, "").await["ftp_info"]["ftp"].as_f64();
            rides.push((session.graph(&id, 1).await, ftp.expect("an FTP")));
        }
    }
    assert!(rides.len() >= 10);
    rides
}

#[tokio::test]
async fn power_zones_are_roughly_followed() {
    /// Lower bounds of the zones, and the end of the last.
    const BOUNDS: [f64; 8] = [0.0, 0.55, 0.75, 0.9, 1.05, 1.2, 1.5, 2.0];
    let session = Session::new(1, 120).await;
    let (mut followed, mut all) = (0, 0);
    for (graph, ftp) in power_zone_rides(&session).await {
        let seen = Seen::alone(&graph);
        let (axis, output) = (seen.axis(), seen.values("output"));
        let targets = graph["target_metrics_performance_data"]["target_metrics"].as_array();
        for target in targets.expect("targets") {
            let second = |end: &str| target["offsets"][end].as_i64().expect("an offset") - 60;
            let (start, end) = (second("start") + 30, second("end"));
            let within = axis
                .iter()
                .zip(&output)
                .filter(|(second, _)| (start..=end).contains(*second));
            let watts: Vec<f64> = within.filter_map(|(_, watts)| *watts).collect();
            if watts.len() < 60 {
                continue;
            }
            let zone = target["metrics"][0]["lower"]
                .as_u64()
                .and_then(|zone| usize::try_from(zone).ok())
                .expect("a zone");
            let share = watts.iter().sum::<f64>() / watts.len() as f64 / ftp;
            all += 1;
            followed += usize::from(share > BOUNDS[zone - 1] - 0.05 && share < BOUNDS[zone] + 0.05);
        }
    }
    assert!(all > 50 && followed * 10 >= all * 9, "{followed} of {all}");
}

#[tokio::test]
async fn the_heart_follows_the_power_later() {
    let session = Session::new(1, 120).await;
    let (mut later, mut all) = (0, 0);
    for (graph, _) in power_zone_rides(&session).await {
        let seen = Seen::alone(&graph);
        let (output, beats) = (seen.values("output"), seen.values("heart_rate"));
        if beats.is_empty() {
            continue;
        }
        let at = |lag: usize| {
            let pairs = output.iter().zip(&beats[lag..]);
            correlation(pairs.filter_map(|(watts, beats)| {
                Some(((*watts)?, beats.filter(|beats| *beats > 0.0)?))
            }))
        };
        all += 1;
        later += usize::from(at(30) > at(0) && at(30) > 0.6);
    }
    assert!(all >= 8 && later * 10 >= all * 9, "{later} of {all}");
}

fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let mean =
        |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / pairs.len() as f64;
    let (mean_x, mean_y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut both, mut of_x, mut of_y) = (0.0, 0.0, 0.0);
    for (x, y) in &pairs {
        both += (x - mean_x) * (y - mean_y);
        of_x += (x - mean_x).powi(2);
        of_y += (y - mean_y).powi(2);
    }
    both / (of_x * of_y).sqrt()
}
