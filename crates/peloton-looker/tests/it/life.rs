//! The life of a workout and of a member: a test for each cell of the tables in docs/sync.md.

use peloton_sim::Poison;
use serde_json::json;

use crate::home::{Home, small};

fn synced() -> Home {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    home
}

fn asked(home: &Home, part: &str) -> usize {
    home.sim
        .requests()
        .iter()
        .filter(|logged| logged.path.contains(part))
        .count()
}

fn one(home: &Home, column: &str, id: &str) -> String {
    home.sql(&format!("SELECT {column} FROM workouts WHERE id = '{id}'"))
}

fn finished(home: &Home) -> String {
    home.sim.workouts(0)[0].clone()
}

#[test]
fn unknown_listed_finished_becomes_complete() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
    assert_eq!(
        home.sql(
            "SELECT count(*) FROM workouts WHERE seconds_recorded > 0 AND discipline = 'cycling'"
        ),
        home.sql("SELECT count(*) FROM workouts WHERE discipline = 'cycling'")
    );
    let id = finished(&home);
    assert_eq!(asked(&home, &format!("/api/workout/{id}")), 2);
}

#[test]
fn unknown_listed_in_progress_is_kept_as_such() {
    let home = Home::new(small());
    home.sim.edit_workout(
        &finished(&home),
        json!({"status": "IN_PROGRESS", "end_time": null}),
    );
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(
        one(&home, "status, end_ts", &finished(&home)),
        "IN_PROGRESS,"
    );
}

#[test]
fn unknown_whose_graph_fails_has_a_row_and_an_item() {
    let home = Home::new(small());
    let id = finished(&home);
    home.sim
        .poison(&format!("{id}/performance_graph"), Poison::Status(403));
    home.sync(&["--me-only"]).ends(3).says("status");
    assert_eq!(one(&home, "status", &id), "COMPLETE");
    assert_eq!(
        home.sql("SELECT endpoint, status, http_status FROM sync_items WHERE status <> 'gone'"),
        "workout/performance_graph,refused,403"
    );
}

#[test]
fn unknown_whose_detail_fails_has_the_row_of_the_list() {
    let home = Home::new(small());
    let id = finished(&home);
    home.sim.poison(&id, Poison::Status(404));
    home.sync(&["--me-only"]).ends(3);
    assert_eq!(one(&home, "status", &id), "COMPLETE");
}

#[test]
fn in_progress_that_finished_is_fetched_whole() {
    let home = Home::new(small());
    let id = finished(&home);
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&["--me-only"]).ends(0);
    home.sim.edit_workout(
        &id,
        json!({"status": "COMPLETE", "end_time": 1_789_999_000}),
    );
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(one(&home, "status", &id), "COMPLETE");
    assert_eq!(asked(&home, &format!("/api/workout/{id}")), 2);
}

#[test]
fn complete_and_unchanged_is_not_asked_again() {
    let home = synced();
    let before = std::fs::metadata(home.profile().join("warehouse.duckdb"))
        .unwrap()
        .modified()
        .unwrap();
    home.sync(&[]).ends(0).says("Nothing new");
    assert_eq!(asked(&home, "/api/workout/"), 0);
    // At most two a member and five more.
    assert!(home.requests() <= 2 * 3 + 5, "{:?}", home.sim.requests());
    let after = std::fs::metadata(home.profile().join("warehouse.duckdb"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "the file was touched");
}

#[test]
fn complete_that_was_edited_is_replaced() {
    let home = synced();
    let id = finished(&home);
    home.sim.edit_workout(&id, json!({"total_work": 123_456.0}));
    home.sync(&[]).ends(0);
    assert_eq!(one(&home, "total_work", &id), "123456.0");
    assert_eq!(asked(&home, &format!("/api/workout/{id}")), 2);
}

#[test]
fn full_finds_an_edit_and_leaves_moving_counters_alone() {
    let home = synced();
    let id = home.sim.workouts(0)[11].clone();
    let moved = home.sim.workouts(0)[10].clone();
    home.sim.edit_workout(&id, json!({"total_work": 777.0}));
    home.sim.edit_workout(
        &moved,
        json!({"strava_id": "12345", "total_leaderboard_users": 99}),
    );
    home.sync(&["--full"]).ends(0);
    assert_eq!(one(&home, "total_work", &id), "777.0");
    assert_eq!(asked(&home, &format!("/api/workout/{moved}")), 0);
}

#[test]
fn complete_whose_refetch_fails_keeps_its_rows() {
    let home = synced();
    let id = finished(&home);
    let seconds = one(&home, "seconds_recorded", &id);
    home.sim.edit_workout(&id, json!({"total_work": 1.0}));
    home.sim.poison(&id, Poison::Status(500));
    home.sync(&[]).ends(3);
    assert_eq!(one(&home, "seconds_recorded", &id), seconds);
    assert_eq!(
        home.sql("SELECT count(*) FROM sync_items WHERE status = 'failed'"),
        "2"
    );
}

#[test]
fn failed_that_recovers_loses_its_item() {
    let home = Home::new(small());
    let id = finished(&home);
    let graph = format!("{id}/performance_graph");
    home.sim.poison(&graph, Poison::Garbage);
    home.sync(&["--me-only"]).ends(3);
    home.sim.heal(&graph);
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(
        home.sql("SELECT count(*) FROM sync_items WHERE status = 'failed'"),
        "0"
    );
    assert_ne!(one(&home, "seconds_recorded", &id), "");
}

#[test]
fn refused_waits_a_day_and_full_asks_at_once() {
    let home = Home::new(small());
    let id = finished(&home);
    home.sim
        .poison(&format!("{id}/performance_graph"), Poison::Status(403));
    home.sync(&["--me-only"]).ends(3);
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(3);
    assert_eq!(asked(&home, &id), 0);
    home.sync(&["--me-only", "--full"]).ends(3);
    assert_eq!(asked(&home, &id), 1);
}

#[test]
fn deleted_gets_a_tombstone_and_keeps_its_rows() {
    let home = synced();
    let id = home.sim.workouts(0)[5].clone();
    let seconds = home.sql(&format!(
        "SELECT count(*) FROM workout_stats WHERE workout_id = '{id}'"
    ));
    home.sim.delete_workout(&id);
    let ran = home.sync(&["--full"]).ends(0);
    let ran = ran.says("At Peloton: 1 workout deleted");
    assert!(!ran.talk.contains("Nothing new"), "{}", ran.talk);
    assert_eq!(one(&home, "deleted_at IS NOT NULL", &id), "true");
    assert_eq!(
        home.sql(&format!(
            "SELECT count(*) FROM workout_stats WHERE workout_id = '{id}'"
        )),
        seconds
    );
}

#[test]
fn deleted_is_found_without_full_because_the_count_differs() {
    let home = synced();
    let id = home.sim.workouts(0)[5].clone();
    home.sim.delete_workout(&id);
    home.sync(&[]).ends(0);
    assert_eq!(one(&home, "deleted_at IS NOT NULL", &id), "true");
}

/// A list of three pages that loses a workout of the second one when that has been read: a workout of
/// the third moves to where nobody looks any more.
fn shifted(arguments: &[&str], is_known: bool) {
    let home = Home::new(peloton_sim::Settings {
        members: 1,
        workouts: 250,
        latency: std::time::Duration::from_millis(30),
        ..small()
    });
    let ids = home.sim.workouts(0);
    if is_known {
        home.sync(&[]).ends(0);
        home.sim.reset_log();
    }
    std::thread::scope(|scope| {
        let sync = scope.spawn(|| home.sync(arguments));
        let is_second = |logged: &peloton_sim::Logged| {
            logged.path.ends_with("/workouts") && logged.query.contains("page=1")
        };
        while !home.sim.requests().iter().any(is_second) {
            std::thread::yield_now();
        }
        home.sim.delete_workout(&ids[150]);
        sync.join().unwrap().ends(0);
    });
    assert_eq!(one(&home, "deleted_at IS NOT NULL", &ids[150]), "true");
    assert_eq!(one(&home, "deleted_at IS NULL", &ids[200]), "true");
    assert_eq!(home.sql("SELECT count(deleted_at) FROM workouts"), "1");
    assert_eq!(asked(&home, &ids[200]) > 0, !is_known);
}

#[test]
fn deleted_while_a_first_walk_goes_on_hides_no_other_workout() {
    shifted(&["--me-only"], false);
}

#[test]
fn deleted_while_a_full_walk_goes_on_buries_no_other_workout() {
    shifted(&["--me-only", "--full"], true);
}

#[test]
fn deleted_that_is_back_again_loses_its_tombstone() {
    let home = synced();
    let id = home.sim.workouts(0)[5].clone();
    home.sim.delete_workout(&id);
    home.sync(&["--full"]).ends(0);
    home.sim.restore_workout(&id);
    home.sync(&[]).ends(0);
    assert_eq!(one(&home, "deleted_at IS NULL", &id), "true");
}

#[test]
fn a_new_workout_is_found() {
    let home = synced();
    let id = home.sim.add_workout(0, 1_789_998_000);
    home.sync(&[]).ends(0);
    assert_eq!(one(&home, "status", &id), "COMPLETE");
    // And then it is known.
    home.sim.reset_log();
    home.sync(&[]).ends(0).says("Nothing new");
    assert_eq!(asked(&home, "/api/workout/"), 0);
}

#[test]
fn asked_for_is_fetched_again_and_nothing_else() {
    let home = synced();
    let id = finished(&home);
    home.sync(&["--workout", &id]).ends(0);
    assert_eq!(asked(&home, "/api/workout/"), 2);
    assert_eq!(asked(&home, "/workouts"), 0);
}

#[test]
fn asked_for_in_a_fresh_home_is_fetched_with_its_class() {
    let home = synced();
    let (ride, workout) = class(&home);
    let instructor = home.sql(&format!(
        "SELECT instructor_id FROM rides WHERE id = '{ride}'"
    ));
    std::fs::remove_dir_all(home.profile()).unwrap();
    home.sync(&["--workout", &workout]).ends(0);
    let mut paths: Vec<String> = home
        .sim
        .requests()
        .into_iter()
        .map(|logged| logged.path)
        .collect();
    paths.sort();
    let mut expected = vec![
        format!("/api/instructor/{instructor}"),
        "/api/me".into(),
        format!("/api/ride/{ride}/details"),
        format!("/api/workout/{workout}"),
        format!("/api/workout/{workout}/performance_graph"),
    ];
    if instructor.is_empty() {
        expected.remove(0);
    }
    assert_eq!(paths, expected);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "1");
}

#[test]
fn asked_for_asks_for_no_instructor_of_other_workouts() {
    let home = Home::new(small());
    // Neither the list of instructors nor one of them.
    home.sim.poison("instructor", Poison::Large(33 << 20));
    home.sync(&["--me-only"]).ends(3);
    home.sim.heal("instructor");
    let (ride, id) = class(&home);
    let instructor = home.sql(&format!(
        "SELECT instructor_id FROM rides WHERE id = '{ride}'"
    ));
    assert_ne!(instructor, "");
    home.sim.reset_log();
    home.sync(&["--workout", &id]).ends(3);
    assert_eq!(asked(&home, "/api/instructor"), 1);
    assert_eq!(asked(&home, &format!("/api/instructor/{instructor}")), 1);
}

#[test]
fn a_removed_class_keeps_the_copy_inside_the_workouts() {
    let home = Home::new(peloton_sim::Settings {
        members: 2,
        workouts: 150,
        ..small()
    });
    home.sync(&[]).ends(0);
    assert_ne!(
        home.sql(
            "SELECT count(*) FROM sync_items WHERE status = 'gone' AND endpoint = 'ride/details'"
        ),
        "0"
    );
    assert_eq!(home.sql("SELECT count(*) FROM workouts WHERE ride_id IS NOT NULL AND ride_id NOT LIKE '%-%' AND ride_id NOT IN (SELECT id FROM rides)"), "0");
}

/// The class of the newest workout that took one, and the workout.
fn class(home: &Home) -> (String, String) {
    let row = home.sql(
        "SELECT r.id, w.id FROM workouts w JOIN rides r ON r.id = w.ride_id
         WHERE r.details_fetched_at IS NOT NULL AND r.total_workouts > 0
         ORDER BY w.start_ts DESC LIMIT 1",
    );
    let (ride, workout) = row.split_once(',').unwrap();
    (ride.into(), workout.into())
}

#[test]
fn the_counters_of_a_class_are_those_of_the_newest_answer() {
    let home = Home::new(peloton_sim::Settings {
        freeze_counters: false,
        ..small()
    });
    home.sync(&["--me-only"]).ends(0);
    let (ride, workout) = class(&home);
    let counters = || {
        let row = home.sql(&format!(
            "SELECT total_workouts, counters_fetched_at, title FROM rides WHERE id = '{ride}'"
        ));
        let (count, rest) = row.split_once(',').unwrap();
        (count.parse::<u64>().unwrap(), rest.to_owned())
    };
    let before = counters();
    home.sync(&["--workout", &workout]).ends(0);
    let after = counters();
    assert!(after.0 > before.0, "{before:?} {after:?}");
    assert_ne!(after.1, before.1);
    // They are no edit: nothing is fetched for their sake.
    home.sim.reset_log();
    home.sync(&["--me-only", "--full"]).ends(0);
    assert_eq!(asked(&home, "/api/workout/"), 0);
    assert_eq!(counters(), after);
    home.is_as_rebuilt();
}

#[test]
fn a_class_whose_details_say_nothing_of_it_has_the_copy_inside_the_workouts() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let (ride, _) = class(&home);
    let row = format!("SELECT title, duration, total_workouts FROM rides WHERE id = '{ride}'");
    let before = home.sql(&row);
    let home = Home::new(small());
    for unreadable in ["[]", "5", "null"] {
        let body = format!(r#"{{"ride": {unreadable}, "is_ftp_test": true}}"#);
        home.sim
            .poison(&format!("{ride}/details"), Poison::Answer(200, body));
        home.sync(&["--me-only"]).ends(0);
        assert_eq!(home.sql(&row), before, "{unreadable}");
        std::fs::remove_dir_all(home.profile()).unwrap();
    }
}

fn access(home: &Home, member: usize) -> String {
    let (id, _) = home.sim.member(member);
    home.sql(&format!(
        "SELECT access, relation FROM users WHERE id = '{id}'"
    ))
}

fn workouts_of(home: &Home, member: usize) -> String {
    let (id, _) = home.sim.member(member);
    home.sql(&format!(
        "SELECT count(*) FROM workouts WHERE user_id = '{id}'"
    ))
}

#[test]
fn a_followed_member_is_fetched() {
    let home = synced();
    assert_eq!(access(&home, 1), "public,following");
    assert_eq!(workouts_of(&home, 1), "12");
}

#[test]
fn a_private_member_is_a_state_and_no_failure() {
    let home = Home::new(small());
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "private,following");
    assert_eq!(workouts_of(&home, 1), "0");
}

#[test]
fn a_member_who_accepts_is_fetched() {
    let home = Home::new(small());
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    home.sim.set_private(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "public,following");
    assert_eq!(workouts_of(&home, 1), "12");
}

#[test]
fn a_member_who_turns_private_keeps_the_rows() {
    let home = synced();
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "private,following");
    assert_eq!(workouts_of(&home, 1), "12");
}

#[test]
fn a_member_who_vanishes_keeps_the_rows_and_may_come_back() {
    let home = synced();
    home.sim.set_gone(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "gone,following");
    assert_eq!(workouts_of(&home, 1), "12");
    home.sim.set_gone(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "public,following");
}

#[test]
fn an_unfollowed_member_keeps_the_rows_and_is_asked_no_more() {
    let home = synced();
    home.sim.set_followed(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "public,unfollowed");
    assert_eq!(workouts_of(&home, 1), "12");
    home.sim.reset_log();
    home.sync(&[]).ends(0);
    let (id, _) = home.sim.member(1);
    assert_eq!(asked(&home, &id), 0);
    // What is new when they are followed again is fetched, and nothing else.
    let new = home.sim.add_workout(1, 1_789_998_000);
    home.sim.set_followed(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(access(&home, 1), "public,following");
    assert_eq!(workouts_of(&home, 1), "13");
    assert_eq!(one(&home, "status", &new), "COMPLETE");
    assert_eq!(asked(&home, "/api/workout/"), 2);
}

#[test]
fn only_the_named_member_is_fetched() {
    let home = Home::new(small());
    let (_, name) = home.sim.member(2);
    home.sync(&["--member", &name]).ends(0);
    assert_eq!(workouts_of(&home, 0), "0");
    assert_eq!(workouts_of(&home, 1), "0");
    assert_eq!(workouts_of(&home, 2), "12");
}

#[test]
fn a_member_who_is_listed_twice_counts_once() {
    let home = Home::new(small());
    let ((one, _), (other, _)) = (home.sim.member(1), home.sim.member(2));
    home.sim.garble("following", &other, one.as_bytes());
    let ran = home.sync(&["--format", "json"]).ends(0);
    assert!(ran.data.contains(r#""members":2,"#), "{}", ran.data);
}

#[test]
fn a_refused_list_of_followed_members_is_a_failure() {
    let home = synced();
    let own = home.sim.account().user_id.clone();
    let (_, name) = home.sim.member(1);
    for (poison, code) in [(Poison::Status(403), 3), (Poison::Large(33 << 20), 3)] {
        home.sim.poison(&format!("{own}/following"), poison);
        home.sync(&[]).ends(code).says("status");
        home.sync(&["--member", "nobody"])
            .ends(code)
            .says("`nobody`");
        home.sync(&["--member", "nobody", "--dry-run"])
            .ends(0)
            .says("`nobody`");
        // Whom an earlier run has seen is looked for all the same.
        let ran = home.sync(&["--member", &name]).ends(code);
        assert!(!ran.talk.contains(&format!("`{name}`")), "{}", ran.talk);
    }
    assert_eq!(access(&home, 1), "public,following");
    home.sim.heal(&format!("{own}/following"));
    home.sync(&["--member", &name]).ends(0);
}

/// Paths of workouts in the order in which they were asked for.
fn workouts_asked(home: &Home) -> Vec<String> {
    let requests = home.sim.requests().into_iter().map(|logged| logged.path);
    requests
        .filter(|path| path.contains("/api/workout/"))
        .collect()
}

#[test]
fn asked_for_and_unlisted_has_a_graph_only_where_it_has_a_detail() {
    let home = Home::new(small());
    let id = finished(&home);
    let graph = format!("{id}/performance_graph");
    home.sim.poison(&graph, Poison::Status(404));
    home.sync(&["--workout", &id]).ends(3).says("1 item");
    let (detail, graph) = (
        format!("/api/workout/{id}"),
        format!("/api/workout/{graph}"),
    );
    assert_eq!(workouts_asked(&home), [detail.as_str(), &graph]);
    assert_eq!(
        home.sql("SELECT endpoint, http_status, next_try_at IS NOT NULL FROM sync_items"),
        "workout/performance_graph,404,true"
    );
    home.sim.reset_log();
    home.sync(&["--workout", "0123456789abcdef0123456789abcdef"])
        .ends(3)
        .says("does not know it");
    assert_eq!(workouts_asked(&home).len(), 1);
}

#[test]
fn asked_for_and_unknown_is_a_partial_run() {
    let home = synced();
    let unknown = "0123456789abcdef0123456789abcdef";
    let ran = home
        .sync(&["--workout", unknown, "--format", "json"])
        .ends(3);
    assert!(ran.data.contains(r#""ending":"partial""#), "{}", ran.data);
}

#[test]
fn asked_for_of_a_stranger_whose_graph_is_refused_is_said() {
    let home = Home::new(small());
    home.sim.set_followed(2, false);
    let id = home.sim.workouts(2)[0].clone();
    let graph = format!("{id}/performance_graph");
    home.sim.poison(&graph, Poison::Status(403));
    home.sync(&["--workout", &id])
        .ends(3)
        .says("the graph of workout")
        .says("HTTP 403");
    home.sync(&["--me-only"]).ends(0);
    home.sim.heal(&graph);
    home.sync(&["--workout", &id]).ends(0);
    assert_ne!(one(&home, "seconds_recorded", &id), "");
}
