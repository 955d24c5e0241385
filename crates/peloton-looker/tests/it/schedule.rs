//! The tables of docs/sync.md that speak of days: an archive that is moved into the past, and what the next
//! run asks.

use jiff::{SignedDuration, Timestamp};
use peloton_sim::{Poison, Settings};
use serde_json::json;

use crate::home::{Home, small};

const DAY: i64 = 86_400;

/// A home whose world ends now.
fn today() -> Home {
    Home::new(Settings {
        now: Timestamp::now(),
        ..small()
    })
}

/// What a run asks whose path contains that, after so many days.
fn asked_after(home: &Home, days: i64, part: &str, code: i32) -> usize {
    home.age(SignedDuration::from_hours(24 * days));
    home.sim.reset_log();
    home.sync(&[]).ends(code);
    let requests = home.sim.requests();
    let of = requests.iter().filter(|logged| logged.path.contains(part));
    of.count()
}

/// A workout that began so many days ago.
fn begun(home: &Home, days_ago: i64) -> String {
    let start = Timestamp::now().as_second() - days_ago * DAY;
    home.sim.add_workout(0, start)
}

#[test]
fn a_detail_is_asked_for_once_more_when_its_workout_is_a_week_old() {
    let home = today();
    let (young, week_old, old) = (begun(&home, 2), begun(&home, 8), begun(&home, 12));
    home.sync(&[]).ends(0);
    assert_eq!(asked_after(&home, 3, &week_old, 0), 1);
    let requests = home.sim.requests();
    let asked = |part: &str| requests.iter().any(|logged| logged.path.contains(part));
    // Ranks and totals are in the detail; the seconds stay as they are.
    assert!(!asked(&format!("{week_old}/performance_graph")));
    // One is not old enough, and the other was when it was fetched.
    assert!(!asked(&young));
    assert!(!asked(&old));
    assert_eq!(asked_after(&home, 0, &week_old, 0), 0);
    home.is_as_rebuilt();
}

const WEEKLY: [&str; 10] = [
    "/overview",
    "/calendar",
    "/achievements",
    "/settings",
    "/challenges/current",
    "/challenges/past",
    "/followers",
    "/metadata_mappings",
    "/api/instructor",
    "/api/user/",
];

#[test]
fn what_is_asked_weekly_is_asked_after_a_week_and_not_before() {
    let home = today();
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    assert_eq!(asked_after(&home, 6, "/overview", 0), 0);
    assert_eq!(asked_after(&home, 1, "/overview", 0), 3);
    let paths: Vec<String> = home
        .sim
        .requests()
        .into_iter()
        .map(|logged| logged.path)
        .collect();
    for part in WEEKLY {
        assert!(paths.iter().any(|path| path.contains(part)), "{part}");
    }
    let (own, _) = home.sim.member(0);
    assert!(paths.contains(&format!("/api/user/{own}")));
    assert_eq!(asked_after(&home, 0, "/overview", 0), 0);
}

#[test]
fn classes_and_instructors_are_asked_for_once() {
    let home = today();
    home.sync(&[]).ends(0);
    assert_ne!(asked_after(&home, 100, "/overview", 0), 0);
    let requests = home.sim.requests();
    let is_once = |path: &str| path.ends_with("/details") || path.contains("/api/instructor/");
    // Those that Peloton has removed are asked for again, as the other table says.
    let had = requests
        .iter()
        .filter(|logged| is_once(&logged.path) && logged.status == 200);
    assert_eq!(had.count(), 0);
}

#[test]
fn a_workout_in_progress_of_long_ago_is_looked_at_every_week() {
    let home = today();
    let id = begun(&home, 3);
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&[]).ends(0);
    assert_eq!(asked_after(&home, 2, &id, 0), 0);
    assert_eq!(asked_after(&home, 5, &id, 0), 2);
}

#[test]
fn what_was_refused_is_asked_again_after_one_day_then_two_then_four() {
    let home = today();
    let id = begun(&home, 1);
    let graph = format!("{id}/performance_graph");
    home.sim.poison(&graph, Poison::Status(403));
    home.sync(&[]).ends(3);
    let asked: Vec<usize> = (0..8).map(|_| asked_after(&home, 1, &graph, 3)).collect();
    assert_eq!(asked, [1, 0, 1, 0, 0, 0, 1, 0]);
}

#[test]
fn a_removed_class_is_asked_for_again_after_a_day_and_is_no_failure() {
    let home = today();
    home.sync(&["--me-only"]).ends(0);
    let ride = home.sql("SELECT id FROM rides WHERE details_fetched_at IS NOT NULL LIMIT 1");
    std::fs::remove_dir_all(home.profile()).unwrap();
    let details = format!("{ride}/details");
    home.sim.poison(&details, Poison::Status(404));
    home.sync(&[]).ends(0);
    assert_eq!(asked_after(&home, 0, &details, 0), 0);
    assert_eq!(asked_after(&home, 1, &details, 0), 1);
    assert_eq!(asked_after(&home, 1, &details, 0), 0);
    home.sim.heal(&details);
    assert_eq!(asked_after(&home, 1, &details, 0), 1);
    assert_ne!(
        home.sql(&format!(
            "SELECT details_fetched_at FROM rides WHERE id = '{ride}'"
        )),
        ""
    );
}
