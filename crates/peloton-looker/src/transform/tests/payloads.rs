//! Real answers, where the collection is beside the repository. A service on this machine gives them, the
//! real client asks for them, and everything that comes out is compared with a plain reading of the
//! same JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use peloton_api::models::Page;
use peloton_api::{Answer, Client, ClientConfig, Error, TokenProvider};
use peloton_sim::{Poison, Settings, Sim};
use serde_json::{Value, json};

use super::{Options, Outcome, answer, detail, workout_with};
use crate::transform::{Access, Relation};
use crate::transform::{CatalogAnswers, InstructorAnswers, RideAnswers, Rows, UserAnswers};

/// The word in all paths that the service answers for.
const ASKED: &str = "asked";

fn collection() -> PathBuf {
    let beside =
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/peloton-payloads");
    std::env::var_os("PELOTON_PAYLOADS").map_or_else(beside, PathBuf::from)
}

/// The texts of one kind, by file name. Empty, and said so, where the collection is not there.
fn texts(kind: &str) -> Vec<(String, String)> {
    let Ok(files) = fs::read_dir(collection().join(kind)) else {
        let loud = format!(
            "SKIPPED: no collection of real answers beside the repository or in PELOTON_PAYLOADS ({kind})\n"
        );
        // Past the capture of libtest.
        std::io::stderr().write_all(loud.as_bytes()).unwrap();
        return Vec::new();
    };
    let mut texts: Vec<(String, String)> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (format!("{kind}/{name}"), fs::read_to_string(&path).unwrap())
        })
        .collect();
    texts.sort();
    texts
}

/// Asks in the way in which answers of that kind are asked for.
async fn ask(client: &Client, kind: &str) -> Result<Answer, Error> {
    match kind {
        "workout-detail" | "p2gdto-workout-detail" => client.workout(ASKED).await,
        "performance-graph" | "p2gdto-performance-graph" => client.performance_graph(ASKED).await,
        "workouts-list" | "workouts-list-item" | "workouts-list-item-fragment" => {
            client.workouts(ASKED, 0).await
        }
        "ride-details" => client.ride_details(ASKED).await,
        "instructor" | "instructor-reshaped" => client.instructor(ASKED).await,
        "user-follow-row" => client.following(ASKED, 0).await,
        "user-calendar" => client.calendar(ASKED).await,
        "me" => client.user(ASKED).await,
        // What no sync asks for.
        _ => client.raw(&format!("/api/{ASKED}/{kind}")).await,
    }
}

/// What the client gives of such answers.
fn asked(kind: &str, answers: &[(u16, &str)]) -> Vec<Result<Answer, Error>> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let settings = Settings {
            members: 1,
            workouts: 0,
            ..Settings::default()
        };
        let sim = Sim::start(settings).await.unwrap();
        let config = ClientConfig {
            api_url: sim.api_url().parse().unwrap(),
            auth_url: sim.auth_url().parse().unwrap(),
            rate_per_second: None,
            ..ClientConfig::default()
        };
        let client = Client::new(config, TokenProvider::bearer("given".into())).unwrap();
        let mut given = Vec::new();
        for (status, text) in answers {
            sim.poison(ASKED, Poison::Answer(*status, (*text).to_owned()));
            given.push(ask(&client, kind).await);
        }
        given
    })
}

/// Good answers, as they come out of the client: to the byte as they were sent.
fn fetched(kind: &str, texts: &[(String, String)]) -> Vec<(String, Value)> {
    let good: Vec<(u16, &str)> = texts.iter().map(|(_, text)| (200, text.as_str())).collect();
    let answers = asked(kind, &good);
    let pairs = texts.iter().zip(answers);
    pairs
        .map(|((name, text), given)| {
            let given = given.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((given.status, &given.body[..]), (200, text.as_bytes()));
            (name.clone(), serde_json::from_slice(&given.body).unwrap())
        })
        .collect()
}

/// The answers of one kind.
fn payloads(kind: &str) -> Vec<(String, Value)> {
    fetched(kind, &texts(kind))
}

/// Rows of a list, each as a page of its own.
fn rows_of(kind: &str) -> Vec<(String, Value)> {
    let page = |row: &str| format!(r#"{{"data":[{row}],"total":1,"show_next":false}}"#);
    let pages: Vec<(String, String)> = texts(kind)
        .into_iter()
        .map(|(name, row)| (name, page(&row)))
        .collect();
    fetched(kind, &pages)
        .into_iter()
        .map(|(name, page)| {
            let page = Page::parse(page.to_string().as_bytes()).unwrap();
            assert!(!page.show_next, "{name}");
            (name, serde_json::from_str(page.data[0].get()).unwrap())
        })
        .collect()
}

/// The series as a plain reading finds it: by second, in our unit.
fn expected_series(graph: &Value, slug: &str) -> BTreeMap<i64, f64> {
    let axis = graph["seconds_since_pedaling_start"].as_array().unwrap();
    let metrics = graph["metrics"].as_array().unwrap();
    let alternatives = metrics
        .iter()
        .filter_map(|metric| metric["alternatives"].as_array())
        .flatten();
    let Some(metric) = metrics
        .iter()
        .chain(alternatives)
        .find(|metric| metric["slug"] == slug)
    else {
        return BTreeMap::new();
    };
    let unit = metric["display_unit"].as_str().unwrap();
    let values = metric["values"].as_array().unwrap();
    assert_eq!(axis.len(), values.len());
    let pairs = axis.iter().zip(values).filter_map(|(second, value)| {
        let value = value
            .as_f64()
            .filter(|value| slug != "heart_rate" || *value != 0.0)?;
        let value = match unit {
            "kph" => value / 1.609_344,
            "min/km" => value * 1.609_344,
            "ft" => value * 0.3048,
            _ => value,
        };
        Some((second.as_i64().unwrap(), value))
    });
    pairs.collect()
}

const SERIES: [&str; 10] = [
    "output",
    "cadence",
    "resistance",
    "speed",
    "heart_rate",
    "pace",
    "incline",
    "altitude",
    "stroke_rate",
    "split_pace",
];

fn check_seconds(name: &str, graph: &Value, outcome: &Outcome) {
    let rows = outcome.rows("workout_stats");
    let second = |row: &super::Row| row["seconds_since_pedaling_start"].as_i64().unwrap();
    let mut seconds: Vec<i64> = Vec::new();
    for slug in SERIES {
        let expected = expected_series(graph, slug);
        let got: BTreeMap<i64, f64> = rows
            .iter()
            .filter_map(|row| Some((second(row), row[slug].as_f64()?)))
            .collect();
        assert_eq!(got, expected, "{name} {slug}");
        seconds.extend(expected.keys());
    }
    seconds.sort_unstable();
    seconds.dedup();
    assert_eq!(
        rows.iter().map(second).collect::<Vec<i64>>(),
        seconds,
        "{name}"
    );
    let workout = outcome.row("workouts");
    let has_metrics = graph["metrics"]
        .as_array()
        .is_some_and(|metrics| !metrics.is_empty());
    let expected = has_metrics.then(|| {
        let axis = graph["seconds_since_pedaling_start"].as_array().unwrap();
        axis.last().unwrap().as_i64().unwrap() - axis[0].as_i64().unwrap() + 1
    });
    assert_eq!(workout["seconds_expected"].as_i64(), expected, "{name}");
    let recorded = has_metrics.then_some(seconds.len() as i64);
    assert_eq!(workout["seconds_recorded"].as_i64(), recorded, "{name}");
}

fn check_totals(name: &str, graph: &Value, outcome: &Outcome) {
    let workout = outcome.row("workouts");
    let total = |slug: &str| {
        let summary = graph["summaries"]
            .as_array()?
            .iter()
            .find(|summary| summary["slug"] == slug)?;
        let factor = match summary["display_unit"].as_str().unwrap_or_default() {
            "mi" => 1609.344,
            "km" => 1000.0,
            "ft" => 0.3048,
            _ => 1.0,
        };
        Some(summary["value"].as_f64()? * factor)
    };
    assert_eq!(workout["distance_m"].as_f64(), total("distance"), "{name}");
    assert_eq!(
        workout["elevation_gain_m"].as_f64(),
        total("elevation"),
        "{name}"
    );
    assert_eq!(
        workout["calories_kcal"].as_f64(),
        total("calories"),
        "{name}"
    );
    let points = graph["effort_zones"]["total_effort_points"].as_f64();
    assert_eq!(workout["effort_points"].as_f64(), points, "{name}");
    let segments = graph["segment_list"].as_array().map_or(0, Vec::len);
    assert_eq!(outcome.rows("workout_segments").len(), segments, "{name}");
    let muscles = graph["muscle_group_score"].as_array().map_or(0, Vec::len);
    assert_eq!(outcome.rows("muscle_groups").len(), muscles, "{name}");
}

#[test]
fn graphs_keep_every_sample_at_its_own_second() {
    for kind in ["performance-graph", "p2gdto-performance-graph"] {
        for (name, graph) in payloads(kind) {
            let options = Options {
                store_locations: false,
            };
            let outcome = workout_with(options, None, Some(&detail(json!({}))), Some(&graph));
            check_seconds(&name, &graph, &outcome);
            check_totals(&name, &graph, &outcome);
            // The placeholder ride has no offset, and the arrays of 2020 are longer than the axis.
            let unexpected: Vec<_> = outcome
                .problems
                .iter()
                .filter(|problem| !problem.column.starts_with("target_"))
                .collect();
            assert!(unexpected.is_empty(), "{name}: {unexpected:?}");
        }
    }
}

#[test]
fn tracks_are_joined_by_second() {
    for (name, graph) in payloads("performance-graph") {
        let options = Options {
            store_locations: true,
        };
        let outcome = workout_with(options, None, Some(&detail(json!({}))), Some(&graph));
        let mut points = BTreeMap::new();
        for segment in graph["location_data"].as_array().into_iter().flatten() {
            for point in segment["coordinates"].as_array().unwrap() {
                let second = point["seconds_offset_from_start"].as_i64().unwrap();
                points
                    .entry(second)
                    .or_insert(point["latitude"].as_f64().unwrap());
            }
        }
        let axis = graph["seconds_since_pedaling_start"].as_array().unwrap();
        points.retain(|second, _| axis.contains(&json!(second)));
        let got: BTreeMap<i64, f64> = outcome
            .rows("workout_stats")
            .iter()
            .filter_map(|row| {
                Some((
                    row["seconds_since_pedaling_start"].as_i64()?,
                    row["latitude"].as_f64()?,
                ))
            })
            .collect();
        assert_eq!(got, points, "{name}");
    }
}

fn check_workout(name: &str, body: &Value, outcome: &Outcome) {
    let row = outcome.row("workouts");
    for (column, field) in [
        ("created_at", "created_at"),
        ("start_time", "start_time"),
        ("status", "status"),
        ("discipline", "fitness_discipline"),
        ("timezone", "timezone"),
        (
            "is_total_work_personal_record",
            "is_total_work_personal_record",
        ),
        ("leaderboard_rank", "leaderboard_rank"),
    ] {
        assert_eq!(row[column], body[field], "{name} {column}");
    }
    assert_eq!(
        row["total_work"].as_f64(),
        body["total_work"].as_f64(),
        "{name}"
    );
    let ride = [&body["ride"], &body["peloton"]["ride"]]
        .into_iter()
        .find(|ride| ride.is_object());
    let ride_id = ride
        .and_then(|ride| ride["id"].as_str())
        .filter(|id| !id.trim_matches('0').is_empty());
    assert_eq!(row["ride_id"].as_str(), ride_id, "{name}");
    let badges = body["achievement_templates"].as_array().map_or(0, Vec::len);
    let of_detail = if outcome.rows("workout_achievements").is_empty() {
        0
    } else {
        badges
    };
    assert_eq!(
        outcome.rows("workout_achievements").len(),
        of_detail,
        "{name}"
    );
    if let Some(local) = row["start_local"].as_str() {
        // The device's clock is the start's wall clock but for the countdown.
        let zone_offset = body["device_time_created_at"].as_i64().unwrap_or_default()
            - body["created_at"].as_i64().unwrap_or_default();
        let start = row["start_time"]
            .as_i64()
            .or(row["created_at"].as_i64())
            .unwrap();
        let local: jiff::civil::DateTime = local.parse().unwrap();
        let local = jiff::tz::TimeZone::UTC
            .to_timestamp(local)
            .unwrap()
            .as_second();
        let differs = (local - start - zone_offset).abs();
        assert!(
            differs <= 2 || zone_offset.abs() > 14 * 3600,
            "{name}: {differs} s"
        );
    }
}

#[test]
fn details_keep_what_they_say() {
    for kind in ["workout-detail", "p2gdto-workout-detail"] {
        for (name, body) in payloads(kind) {
            let outcome = workout_with(Options::default(), None, Some(&body), None);
            check_workout(&name, &body, &outcome);
            let expected = ["id"]; // The bundle's id is invented.
            assert_eq!(
                outcome.problem_columns(),
                expected,
                "{name}: {:?}",
                outcome.problems
            );
        }
    }
}

#[test]
fn list_rows_keep_what_they_say() {
    let pages = payloads("workouts-list")
        .into_iter()
        .flat_map(|(name, page)| {
            let rows = page["data"].as_array().unwrap().clone();
            rows.into_iter().map(move |row| (name.clone(), row))
        });
    let items = rows_of("workouts-list-item").into_iter().chain(pages);
    for (name, body) in items {
        let outcome = workout_with(Options::default(), Some(&body), None, None);
        check_workout(&name, &body, &outcome);
        let unexpected: Vec<_> = outcome
            .problems
            .iter()
            .filter(|it| it.column != "id")
            .collect();
        assert!(unexpected.is_empty(), "{name}: {unexpected:?}");
    }
    for (_, body) in rows_of("workouts-list-item-fragment") {
        let outcome = workout_with(Options::default(), Some(&body), None, None);
        assert_eq!(outcome.rows("workouts").len(), 1);
    }
}

#[test]
fn classes_keep_plan_and_songs() {
    for (name, details) in payloads("ride-details") {
        let text = details.to_string();
        let mut rows = Rows::new(Options::default());
        let id = details["ride"]["id"].as_str().unwrap_or("c1");
        rows.ride(&RideAnswers {
            id,
            details: Some(answer(&text)),
            inline: None,
            counters: None,
        });
        let outcome = Outcome::of(rows);
        let offset = details["ride"]["pedaling_start_offset"].as_i64();
        let songs = details["playlist"]["songs"].as_array().unwrap();
        let expected: Vec<Option<i64>> = songs
            .iter()
            .map(|song| Some(song["start_time_offset"].as_i64()? - offset?))
            .collect();
        let got: Vec<Option<i64>> = outcome
            .rows("ride_songs")
            .iter()
            .map(|row| row["start_second"].as_i64())
            .collect();
        assert_eq!(got, expected, "{name}");
        let bands = details["target_metrics_data"]["target_metrics"].as_array();
        let bands: usize = bands
            .into_iter()
            .flatten()
            .map(|it| it["metrics"].as_array().unwrap().len())
            .sum();
        assert_eq!(outcome.rows("ride_targets").len(), bands, "{name}");
        let segments = details["segments"]["segment_list"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(outcome.rows("ride_segments").len(), segments, "{name}");
    }
}

#[test]
fn classes_of_a_list_keep_what_they_say() {
    let pages = payloads("ride-archived").into_iter();
    let rows = pages.flat_map(|(name, page)| {
        let rows = page["data"].as_array().unwrap().clone();
        rows.into_iter().map(move |row| (name.clone(), row))
    });
    for (name, ride) in rows_of("ride-archived-item").into_iter().chain(rows) {
        let text = ride.to_string();
        let id = ride["id"].as_str().unwrap();
        let mut rows = Rows::new(Options::default());
        rows.ride(&RideAnswers {
            id,
            details: None,
            inline: Some(answer(&text)),
            counters: None,
        });
        let outcome = Outcome::of(rows);
        assert_eq!(outcome.row("rides")["title"], ride["title"], "{name}");
        assert_eq!(outcome.problems, [], "{name}");
    }
}

#[test]
fn people_keep_their_names() {
    for (name, body) in payloads("instructor") {
        let text = body.to_string();
        let mut rows = Rows::new(Options::default());
        let id = body["id"].as_str().unwrap();
        rows.instructor(&InstructorAnswers {
            id,
            by_id: Some(answer(&text)),
            list_row: None,
            inline: None,
        });
        let outcome = Outcome::of(rows);
        assert_eq!(outcome.row("instructors")["bio"], body["bio"], "{name}");
        assert_eq!(outcome.problems, [], "{name}");
    }
    for (name, body) in payloads("instructor-reshaped") {
        let text = body.to_string();
        let mut rows = Rows::new(Options::default());
        let id = body["instructor_id"].as_str().unwrap();
        rows.instructor(&InstructorAnswers {
            id,
            by_id: Some(answer(&text)),
            list_row: None,
            inline: None,
        });
        let row = Outcome::of(rows).row("instructors");
        assert_eq!(row["last_name"], body["last_name"], "{name}");
    }
    for (name, body) in rows_of("user-follow-row") {
        let text = body.to_string();
        let mut rows = Rows::new(Options::default());
        let id = body["id"].as_str().unwrap();
        rows.user(&UserAnswers {
            follow_row: Some(answer(&text)),
            ..UserAnswers::new(id, Access::Public, Relation::Following)
        });
        let outcome = Outcome::of(rows);
        assert_eq!(
            outcome.row("users")["total_workouts"],
            body["total_workouts"],
            "{name}"
        );
        assert_eq!(outcome.problems, [], "{name}");
    }
}

#[test]
fn an_account_keeps_what_it_says() {
    let logins = texts("auth-login-legacy").into_iter();
    let accounts: Vec<(String, String)> = logins
        .map(|(name, text)| {
            let body: Value = serde_json::from_str(&text).unwrap();
            (name, body["user_data"].to_string())
        })
        .collect();
    for (name, me) in fetched("me", &accounts) {
        let text = me.to_string();
        let mut rows = Rows::new(Options::default());
        rows.user(&UserAnswers {
            me: Some(answer(&text)),
            ..UserAnswers::new("m", Access::Public, Relation::Own)
        });
        let row = Outcome::of(rows).row("users");
        for column in ["username", "created_at", "customized_max_heart_rate"] {
            assert_eq!(row[column], me[column], "{name} {column}");
        }
    }
}

/// Answers of which no table is made, in the place of those of which one is.
#[test]
fn answers_to_other_questions_make_no_rows() {
    for kind in [
        "workout-summary-legacy",
        "reservation-delete",
        "peloton-instance",
        "user-calendar",
    ] {
        for (name, body) in payloads(kind) {
            let outcome = workout_with(Options::default(), None, Some(&body), Some(&body));
            assert_eq!(outcome.rows("workout_stats").len(), 0, "{name}");
        }
    }
    for (name, body) in payloads("browse-categories") {
        let text = body.to_string();
        let mut rows = Rows::new(Options::default());
        rows.catalog(&CatalogAnswers {
            metadata_mappings: Some(answer(&text)),
        });
        let outcome = Outcome::of(rows);
        let categories = body["browse_categories"].as_array().unwrap().len();
        assert_eq!(outcome.rows("catalog").len(), categories, "{name}");
    }
}

#[test]
fn error_bodies_are_no_data() {
    for kind in ["error-body", "error-auth0"] {
        let texts = texts(kind);
        let bodies: Vec<Value> = texts
            .iter()
            .map(|(_, text)| serde_json::from_str(text).unwrap())
            .collect();
        let status = |body: &Value| body["status"].as_u64().or(body["statusCode"].as_u64());
        let answers: Vec<(u16, &str)> = texts
            .iter()
            .zip(&bodies)
            .map(|((_, text), body)| (status(body).unwrap() as u16, text.as_str()))
            .collect();
        for ((name, _), (given, body)) in
            texts.iter().zip(asked(kind, &answers).iter().zip(&bodies))
        {
            match given {
                Ok(given) => assert!(!given.is_ok(), "{name}"),
                Err(error) => assert!(
                    matches!(error, Error::Unauthorized { .. }),
                    "{name}: {error}"
                ),
            }
            let outcome = workout_with(Options::default(), None, Some(body), Some(body));
            assert_eq!(outcome.rows("workout_stats").len(), 0, "{name}");
            assert_eq!(outcome.rows("workouts").len(), 1, "{name}");
        }
    }
}

#[test]
fn every_kind_of_the_collection_is_read() {
    let Ok(entries) = fs::read_dir(collection()) else {
        return;
    };
    let code = include_str!("payloads.rs");
    let unread: BTreeSet<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|kind| code.matches(&format!("\"{kind}\"")).count() == 0)
        .collect();
    assert_eq!(unread, BTreeSet::new());
}
