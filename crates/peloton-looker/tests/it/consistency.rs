//! Whatever a run brings, the warehouse is the one that a rebuild makes.

use std::fs;

use peloton_sim::{Poison, Settings};
use serde_json::json;

use crate::fields::w;
use crate::home::{Home, Ran, empty, small};

fn import(home: &Home) {
    let file = home.path().join("history.csv");
    fs::write(
        &file,
        "Workout Timestamp,Fitness Discipline,Length (minutes),Avg. Watts,Title\n\
         2019-03-02 07:01 (UTC),Cycling,10,100,one\n2019-03-09 07:00 (EST),Cycling,10,n/a,two\n",
    )
    .unwrap();
    home.run(&["import", file.to_str().unwrap()])
        .ends(0)
        .says("line 3")
        .says("`n/a`");
}

fn imported(home: &Home) -> String {
    home.sql("SELECT title, avg_output FROM workouts WHERE origin = 'csv' ORDER BY start_ts")
}

#[test]
fn imported_workouts_stay_when_only_a_member_changes() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    import(&home);
    home.sim.set_followed(1, false);
    home.sync(&[]).ends(0);
    assert_eq!(imported(&home), "one,100.0\ntwo,");
    home.sim.set_private(2, true);
    home.sync(&[]).ends(0);
    assert_eq!(imported(&home), "one,100.0\ntwo,");
    home.is_as_rebuilt();
}

#[test]
fn imported_workouts_are_the_accounts_from_its_first_login_on() {
    let home = Home::new(empty());
    import(&home);
    assert_eq!(home.sql("SELECT DISTINCT user_id FROM workouts"), "local");
    home.sync(&[]).ends(0);
    let own = home.sim.account().user_id.clone();
    assert_eq!(home.sql("SELECT DISTINCT user_id FROM workouts"), own);
    assert_eq!(imported(&home), "one,100.0\ntwo,");
    home.is_as_rebuilt();
}

#[test]
fn an_import_is_a_run_with_news() {
    let home = Home::new(empty());
    import(&home);
    assert_eq!(
        home.sql("SELECT command, status, workouts_fetched FROM sync_runs"),
        "import,complete,2"
    );
}

#[test]
fn the_same_file_again_is_nothing_new() {
    let home = Home::new(empty());
    import(&home);
    let file = home.path().join("history.csv");
    let again = ["import", file.to_str().unwrap()];
    home.run(&again).ends(0).says("imported before");
    assert_eq!(home.sql("SELECT count(*) FROM sync_runs"), "1");
    // What a first one could not load is loaded.
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.run(&again).ends(0);
    assert_eq!(imported(&home), "one,100.0\ntwo,");
}

#[test]
fn every_failure_names_its_run() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .poison(&format!("{id}/performance_graph"), Poison::Status(404));
    home.sync(&["--me-only"])
        .ends(3)
        .says("Fetched 11 workouts");
    assert_eq!(
        home.sql(
            "SELECT run_id = (SELECT id FROM sync_runs) FROM sync_items WHERE status = 'refused'"
        ),
        "true"
    );
    home.sim.heal(&format!("{id}/performance_graph"));
    home.sync(&["--full"]).ends(0);
    home.is_as_rebuilt();
}

#[test]
fn members_who_come_and_go_leave_what_a_rebuild_leaves() {
    let home = Home::new(small());
    home.sim.set_gone(1, true);
    home.sync(&[]).ends(0);
    home.sim.set_gone(1, false);
    home.sim.set_private(2, true);
    home.sync(&[]).ends(0);
    let access = "SELECT access, count(*) FROM users GROUP BY 1 ORDER BY 1";
    assert_eq!(home.sql(access), "private,1\npublic,2");
    home.is_as_rebuilt();
}

#[test]
fn a_refusal_that_says_nothing_about_the_member_is_an_item() {
    let home = Home::new(small());
    let own = home.sim.account().user_id.clone();
    home.sim
        .poison(&format!("{own}/workouts"), Poison::Status(402));
    home.sync(&[]).ends(3);
    assert_eq!(
        home.sql("SELECT access FROM users WHERE relation = 'own'"),
        "public"
    );
    assert_eq!(
        home.sql("SELECT http_status FROM sync_items WHERE status = 'refused'"),
        "402"
    );
}

#[test]
fn another_account_in_the_same_profile_is_refused() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let before = home.tables();
    let other = Home::new(Settings {
        seed: 99,
        ..empty()
    });
    let mut command = other.command(&["sync", "--rate", "0"]);
    command.env("PELOTON_LOOKER_HOME", home.path());
    fs::remove_file(home.profile().join("credentials.toml")).unwrap();
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("holds the data of")
        .says("--profile NAME");
    crate::home::same(&before, &home.tables());
    home.is_as_rebuilt();
}

#[test]
fn what_is_no_longer_there_is_told() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let own = home.sim.account().user_id.clone();
    let nothing = || {
        Poison::Answer(
            200,
            r#"{"data": [], "total": 0, "show_next": false}"#.into(),
        )
    };
    home.sim.poison(&format!("{own}/workouts"), nothing());
    home.sim.poison(&format!("{own}/following"), nothing());
    const FOUND: &str = "12 workouts deleted, 2 members unfollowed";
    home.sync(&[]).ends(0).says(FOUND);
    let message = "SELECT message FROM sync_runs ORDER BY id DESC LIMIT 1";
    assert_eq!(home.sql(message), format!("\"{FOUND}\""));
    home.sync(&[]).ends(0).says("Nothing new");
    home.sim.heal(&format!("{own}/workouts"));
    home.sim.heal(&format!("{own}/following"));
    home.sim.set_private(1, true);
    let json = home.sync(&["--format", "json"]).ends(0).data;
    let summary: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(summary["access_changed"], 1);
    home.sim.set_private(1, false);
    home.sim.set_gone(2, true);
    home.sync(&[])
        .ends(0)
        .says("2 members private, gone or back");
}

#[test]
fn the_login_of_another_account_does_not_take_the_place_of_one_that_works() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let credentials = home.profile().join("credentials.toml");
    let before = fs::read_to_string(&credentials).unwrap();
    let other = Home::new(Settings {
        seed: 99,
        ..empty()
    });
    let elsewhere = |arguments: &[&str]| {
        let mut command = other.command(arguments);
        command.env("PELOTON_LOOKER_HOME", home.path());
        Ran::new(command.output().unwrap())
    };
    for login in [&["login"][..], &["login", "--grant", "password"]] {
        elsewhere(login)
            .ends(1)
            .says("not stored")
            .says("holds the data of")
            .says("--profile NAME");
        assert_eq!(fs::read_to_string(&credentials).unwrap(), before);
    }
    home.sync(&["--me-only"]).ends(0);
    // Where it got there by other ways, the doctor sees it.
    fs::remove_file(&credentials).unwrap();
    let ran = elsewhere(&["doctor"]).ends(1);
    assert!(ran.data.contains("holds the data of"), "{}", ran.data);
    home.run(&["doctor"]).ends(0);
}

#[test]
fn a_profile_that_can_not_be_asked_for_ends_the_run_and_leaves_nothing() {
    let home = Home::new(small());
    home.sim.poison("me", Poison::Status(500));
    home.sync(&[]).ends(1).says("/api/me");
    home.sim.heal("me");
    home.sync(&[]).ends(0);
    home.sync(&[]).ends(0);
}

#[test]
fn members_are_chosen_by_name_and_a_wrong_name_is_told() {
    let home = Home::new(small());
    let (_, own) = home.sim.member(0);
    home.sync(&["--member", &own]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
    let (_, other) = home.sim.member(1);
    home.sync(&["--member", &other]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "24");
    home.sync(&["--member", "nobody"]).ends(2).says("`nobody`");
    assert_eq!(
        home.sql("SELECT status FROM sync_runs ORDER BY id DESC LIMIT 1"),
        "complete"
    );
    home.sync(&[]).ends(0);
}

#[test]
fn a_workout_that_nobody_knows_is_an_answer_and_no_debt() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let id = "0123456789abcdef0123456789abcdef";
    home.sync(&["--workout", id]).ends(3).says(id);
    home.sync(&[]).ends(0);
}

#[test]
fn workouts_of_other_services_say_whose() {
    let home = Home::new(empty());
    let (mut detail, graph) = w("abroad").made();
    detail["device_type"] = json!("garmin");
    detail["is_3p_fit_feed_workout"] = json!(true);
    detail["is_peloton_originated_workout"] = json!(false);
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(home.sql("SELECT origin FROM workouts"), "garmin");
}

#[test]
fn a_demo_touches_nothing_that_is_a_persons() {
    let home = Home::new(small());
    home.run(&["--profile", "mine", "login"]).ends(0);
    let demo = ["demo", "--members", "1", "--workouts", "1", "--no-explore"];
    let here = [&["--profile", "mine"], &demo[..]].concat();
    home.run(&here).ends(1).says("no demo's");
    home.sync(&["--me-only", "--profile", "mine"]).ends(0);
    home.run(&demo).ends(0);
    for command in [&["login"][..], &["sync"], &["api", "get", "/api/me"]] {
        home.run(&[&["--profile", "demo"], command].concat())
            .ends(1)
            .says("invented data");
    }
    home.run(&["--profile", "demo", "doctor"]).ends(0);
    home.run(&demo).ends(0);
}
