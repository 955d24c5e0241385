//! The rest of the tables in docs/sync.md: what has already happened to an item, and what happens next.

use jiff::Timestamp;
use peloton_sim::{Poison, Settings};
use serde_json::json;

use crate::home::{Home, small};

/// A failure that no retry can help: it is over at once.
const TOO_LARGE: Poison = Poison::Large(33 << 20);

/// A home whose world ends now: its newest workouts are of today.
fn today() -> Home {
    Home::new(Settings {
        members: 1,
        now: Timestamp::now(),
        ..small()
    })
}

/// The newest workout, still going on, after a sync.
fn in_progress() -> (Home, String) {
    let home = today();
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    (home, id)
}

/// The newest workout, whose graph could not be had, after a sync.
fn failed() -> (Home, String) {
    let home = today();
    let id = home.sim.workouts(0)[0].clone();
    home.sim.poison(&graph(&id), TOO_LARGE);
    home.sync(&[]).ends(3);
    home.sim.reset_log();
    (home, id)
}

/// A workout that is in no list any more, after a sync that found it out.
fn deleted() -> (Home, String) {
    let home = today();
    let id = home.sim.workouts(0)[5].clone();
    home.sync(&[]).ends(0);
    home.sim.delete_workout(&id);
    home.sync(&["--full"]).ends(0);
    home.sim.reset_log();
    (home, id)
}

fn graph(id: &str) -> String {
    format!("{id}/performance_graph")
}

fn asked(home: &Home, part: &str) -> usize {
    let requests = home.sim.requests();
    let of = requests.iter().filter(|logged| logged.path.contains(part));
    of.count()
}

fn workout(home: &Home, columns: &str, id: &str) -> String {
    home.sql(&format!("SELECT {columns} FROM workouts WHERE id = '{id}'"))
}

fn seconds(home: &Home, id: &str) -> String {
    home.sql(&format!(
        "SELECT count(*) FROM workout_stats WHERE workout_id = '{id}'"
    ))
}

fn items(home: &Home) -> String {
    home.sql("SELECT status, tries FROM sync_items WHERE status = 'failed'")
}

#[test]
fn in_progress_and_still_so_is_asked_again_with_every_run_of_the_first_day() {
    let (home, id) = in_progress();
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(workout(&home, "status, end_ts", &id), "IN_PROGRESS,");
}

#[test]
fn in_progress_of_long_ago_is_not_asked_again_within_a_week() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 0);
}

#[test]
fn in_progress_with_a_changed_row_is_replaced() {
    let (home, id) = in_progress();
    home.sim
        .edit_workout(&id, json!({"total_work": 4_321.0, "name": "Longer"}));
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(
        workout(&home, "status, total_work::BIGINT", &id),
        "IN_PROGRESS,4321"
    );
}

#[test]
fn in_progress_whose_refetch_fails_keeps_its_rows() {
    let (home, id) = in_progress();
    let had = seconds(&home, &id);
    home.sim.poison(&graph(&id), TOO_LARGE);
    home.sync(&[]).ends(3);
    assert_eq!(items(&home), "failed,1");
    assert_eq!(workout(&home, "status", &id), "IN_PROGRESS");
    assert_eq!(seconds(&home, &id), had);
}

#[test]
fn in_progress_that_is_deleted_gets_a_tombstone() {
    let (home, id) = in_progress();
    let had = seconds(&home, &id);
    home.sim.delete_workout(&id);
    home.sync(&["--full"]).ends(0);
    assert_eq!(
        workout(&home, "status, deleted_at IS NOT NULL", &id),
        "IN_PROGRESS,true"
    );
    assert_eq!(seconds(&home, &id), had);
    assert_eq!(asked(&home, &id), 0);
}

#[test]
fn complete_that_goes_on_is_in_progress_again() {
    let home = today();
    let id = home.sim.workouts(0)[0].clone();
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(workout(&home, "status, end_ts", &id), "IN_PROGRESS,");
}

#[test]
fn failed_again_counts_its_tries() {
    let (home, id) = failed();
    assert_eq!(items(&home), "failed,1");
    home.sync(&[]).ends(3);
    assert_eq!(items(&home), "failed,2");
    assert_ne!(asked(&home, &graph(&id)), 0);
    // What was had is not asked for again.
    assert_eq!(asked(&home, &id), asked(&home, &graph(&id)));
}

#[test]
fn failed_that_goes_on_is_asked_whole() {
    let (home, id) = failed();
    home.sim.heal(&graph(&id));
    home.sim
        .edit_workout(&id, json!({"status": "IN_PROGRESS", "end_time": null}));
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(workout(&home, "status", &id), "IN_PROGRESS");
    assert_eq!(items(&home), "");
}

#[test]
fn failed_with_a_changed_row_is_asked_whole() {
    let (home, id) = failed();
    home.sim.heal(&graph(&id));
    home.sim.edit_workout(&id, json!({"total_work": 4_321.0}));
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(workout(&home, "total_work::BIGINT", &id), "4321");
    assert_ne!(seconds(&home, &id), "0");
    assert_eq!(items(&home), "");
}

#[test]
fn refused_with_a_changed_row_is_asked_whole_and_then_by_the_schedule() {
    let home = today();
    let id = home.sim.workouts(0)[0].clone();
    home.sim.poison(&graph(&id), Poison::Status(403));
    home.sync(&[]).ends(3);
    for work in [4_321.0, 5_432.0] {
        home.sim.edit_workout(&id, json!({"total_work": work}));
        home.sim.reset_log();
        home.sync(&[]).ends(3);
        assert_eq!(asked(&home, &id), 2);
        // It is not the edit that every run finds.
        home.sync(&[]).ends(3);
        assert_eq!(asked(&home, &id), 2);
    }
    home.sim.heal(&graph(&id));
    home.sim.edit_workout(&id, json!({"total_work": 6_543.0}));
    home.sync(&[]).ends(0);
    assert_eq!(workout(&home, "total_work::BIGINT", &id), "6543");
    assert_ne!(seconds(&home, &id), "0");
}

#[test]
fn failed_that_is_deleted_is_outstanding_no_more_and_comes_back_by_the_schedule() {
    let (home, id) = failed();
    home.sim.delete_workout(&id);
    home.sync(&["--full"]).ends(0);
    assert_eq!(workout(&home, "deleted_at IS NOT NULL", &id), "true");
    assert_eq!(items(&home), "");
    home.sim.restore_workout(&id);
    home.sim.heal(&graph(&id));
    home.sync(&[]).ends(0);
    assert_eq!(workout(&home, "deleted_at IS NULL", &id), "true");
    assert_ne!(seconds(&home, &id), "0");
}

#[test]
fn deleted_and_still_so_stays_as_it_is() {
    let (home, id) = deleted();
    let when = workout(&home, "deleted_at", &id);
    home.sync(&["--full"]).ends(0);
    assert_eq!(asked(&home, &id), 0);
    assert_eq!(workout(&home, "deleted_at", &id), when);
}

#[test]
fn deleted_and_asked_for_is_said() {
    let (home, id) = deleted();
    home.sync(&["--workout", &id])
        .ends(3)
        .says("does not know it");
    home.sync(&[]).ends(0);
}

#[test]
fn deleted_that_comes_back_changed_is_fetched() {
    let (home, id) = deleted();
    home.sim.restore_workout(&id);
    home.sim.edit_workout(&id, json!({"total_work": 4_321.0}));
    home.sync(&[]).ends(0);
    assert_eq!(asked(&home, &id), 2);
    assert_eq!(
        workout(&home, "total_work::BIGINT, deleted_at", &id),
        "4321,"
    );
}

/// Access and relation of the second member.
fn member(home: &Home) -> String {
    let (id, _) = home.sim.member(1);
    home.sql(&format!(
        "SELECT access, relation FROM users WHERE id = '{id}'"
    ))
}

fn asked_of_member(home: &Home) -> usize {
    asked(home, &home.sim.member(1).0)
}

/// After a first sync, the second member is private.
fn private() -> Home {
    let home = Home::new(small());
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    home
}

/// After a first sync, the second member has gone.
fn gone() -> Home {
    let home = Home::new(small());
    home.sim.set_gone(1, true);
    home.sync(&[]).ends(0);
    home.sim.reset_log();
    home
}

#[test]
fn an_unknown_member_who_has_gone_is_a_state_and_no_failure() {
    assert_eq!(member(&gone()), "gone,following");
}

#[test]
fn a_member_who_was_private_from_the_first_sync_on_is_no_news() {
    let home = Home::new(small());
    home.sim.set_private(1, true);
    let ran = home.sync(&[]).ends(0);
    assert!(!ran.talk.contains("At Peloton"), "{}", ran.talk);
    home.sync(&[]).ends(0).says("Nothing new");
    home.sim.set_private(1, false);
    home.sync(&[])
        .ends(0)
        .says("1 member private, gone or back");
}

#[test]
fn what_has_gone_says_when_it_is_asked_for_again() {
    let home = private();
    let (id, _) = home.sim.member(1);
    let list = format!(
        "SELECT next_try_at = last_tried_at FROM sync_items
         WHERE endpoint = 'user/workouts' AND key = '{id}' AND status = 'gone'"
    );
    assert_eq!(home.sql(&list), "true");
    let rest = "SELECT DISTINCT next_try_at > last_tried_at FROM sync_items
        WHERE status = 'gone' AND endpoint <> 'user/workouts'";
    assert_eq!(home.sql(rest), "true");
    let status = home.run(&["status", "--format", "json"]).ends(0).data;
    assert!(!status.contains(r#""next_try": null"#), "{status}");
    home.sim.set_followed(1, false);
    home.sync(&[]).ends(0);
    let of_member = format!("SELECT count(next_try_at) FROM sync_items WHERE key = '{id}'");
    assert_eq!(home.sql(&of_member), "0");
}

#[test]
fn a_private_member_costs_one_request_a_run() {
    costs_one_request(&private(), "private");
}

#[test]
fn a_private_member_whose_list_fails_is_private_still() {
    let home = private();
    let list = format!("{}/workouts", home.sim.member(1).0);
    for poison in [TOO_LARGE, Poison::Status(402)] {
        home.sim.poison(&list, poison);
        home.sync(&[]).ends(3);
        assert_eq!(member(&home), "private,following");
    }
    home.sim.heal(&list);
    home.sync(&[]).ends(0);
    assert_eq!(member(&home), "private,following");
}

#[test]
fn a_private_member_may_be_unfollowed() {
    may_be_unfollowed(&private(), "private");
}

#[test]
fn a_private_member_may_go() {
    let home = private();
    home.sim.set_gone(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(member(&home), "gone,following");
}

#[test]
fn a_member_who_has_gone_costs_one_request_a_run() {
    costs_one_request(&gone(), "gone");
}

#[test]
fn a_member_who_has_gone_may_be_unfollowed() {
    may_be_unfollowed(&gone(), "gone");
}

#[test]
fn a_member_who_has_gone_may_be_back_and_private() {
    let home = gone();
    home.sim.set_gone(1, false);
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(member(&home), "private,following");
}

#[track_caller]
fn costs_one_request(home: &Home, access: &str) {
    home.sync(&[]).ends(0);
    assert_eq!(asked_of_member(home), 1);
    assert_eq!(member(home), format!("{access},following"));
}

#[track_caller]
fn may_be_unfollowed(home: &Home, access: &str) {
    home.sim.set_followed(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(asked_of_member(home), 0);
    assert_eq!(member(home), format!("{access},unfollowed"));
}

#[test]
fn a_page_of_a_gateway_says_nothing_about_a_member_or_a_workout() {
    let home = Home::new(small());
    let (member_id, _) = home.sim.member(1);
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .poison(&format!("{member_id}/workouts"), Poison::Page(403));
    home.sim.poison(&graph(&id), Poison::Page(404));
    home.sync(&[]).ends(3);
    assert_eq!(member(&home), "public,following");
    assert_eq!(items(&home), "failed,1\nfailed,1");
}

/// A workout of the second member whose graph could not be had, after a sync.
fn failed_of_member() -> (Home, String) {
    let home = Home::new(small());
    let graph = graph(&home.sim.workouts(1)[0]);
    home.sim.poison(&graph, TOO_LARGE);
    home.sync(&[]).ends(3);
    (home, graph)
}

fn next_try(home: &Home) -> String {
    home.sql("SELECT next_try_at IS NOT NULL FROM sync_items WHERE status = 'failed'")
}

#[test]
fn what_failed_of_a_member_who_is_unfollowed_is_outstanding_no_more() {
    let (home, graph) = failed_of_member();
    assert_eq!(next_try(&home), "true");
    home.sim.set_followed(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(next_try(&home), "false");
    let status = home.run(&["status"]).ends(0).data;
    assert!(
        status.contains("no longer asked for: 1 workout"),
        "{status}"
    );
    assert!(!status.contains("could not be had"), "{status}");
    home.sim.set_followed(1, true);
    home.sim.heal(&graph);
    home.sync(&[]).ends(0);
    assert_eq!(items(&home), "");
}

#[test]
fn what_failed_of_a_member_who_hides_or_goes_is_outstanding_no_more() {
    let (home, _) = failed_of_member();
    home.sim.set_private(1, true);
    home.sync(&[]).ends(0);
    home.sim.set_private(1, false);
    home.sync(&[]).ends(3);
    home.sim.set_gone(1, true);
    home.sync(&[]).ends(0);
    assert_eq!(next_try(&home), "false");
}

#[test]
fn a_strangers_workout_that_is_refused_is_said_and_leaves_nothing() {
    let home = Home::new(small());
    home.sim.set_followed(2, false);
    home.sync(&[]).ends(0);
    let id = home.sim.workouts(2)[0].clone();
    home.sim.set_private(2, true);
    home.sync(&["--workout", &id])
        .ends(3)
        .says("refuses it")
        .says("HTTP 403");
    home.sim.set_private(2, false);
    home.sim.poison(&id, TOO_LARGE);
    home.sync(&["--workout", &id]).ends(3).says("larger than");
    home.sync(&["--full"]).ends(0);
    assert!(!home.archive().contains(&id));
}
