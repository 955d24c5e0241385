//! Answers that are too large, hostile, or out of range.

#[cfg(target_os = "linux")]
use std::fs;
#[cfg(target_os = "linux")]
use std::process::Stdio;

use peloton_sim::{Poison, Settings};
use serde_json::json;

use crate::fields::w;
use crate::home::{Home, empty, small};

#[test]
fn an_answer_of_fifty_megabytes_costs_that_item() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .poison(&format!("{id}/performance_graph"), Poison::Large(50 << 20));
    home.sync(&["--me-only"]).ends(3);
    let reason = home.sql("SELECT reason FROM sync_items WHERE status = 'failed'");
    assert!(reason.contains("larger than"), "{reason}");
}

/// The most memory that a sync of the own account ever held, in MB.
#[cfg(target_os = "linux")]
fn peak_memory_mb(home: &Home) -> u64 {
    let mut command = home.command(&["sync", "--rate", "0", "--me-only"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak_kb = kb.unwrap_or(0).max(peak_kb);
        std::thread::yield_now();
    }
    peak_kb / 1024
}

#[cfg(target_os = "linux")]
#[test]
fn answers_of_fifty_megabytes_do_not_blow_up_the_memory() {
    let mut home = Home::new(small());
    let usual = peak_memory_mb(&home);
    home.move_house();
    for id in home.sim.workouts(0) {
        let graph = format!("{id}/performance_graph");
        home.sim.poison(&graph, Poison::Large(50 << 20));
    }
    let peak = peak_memory_mb(&home);
    assert!(usual > 10 && home.sql("SELECT count(*) FROM sync_items") == "12");
    // Four requests at once of at most 32 MB each, and what a buffer that doubles has in spare.
    assert!(peak < usual + 4 * 64 + 50, "{peak} MB, {usual} MB without");
}

#[test]
fn hostile_texts_come_through_as_they_are() {
    let long = "x".repeat(10_000);
    let texts = [
        "Robert'); DROP TABLE workouts;--",
        "<script>alert(1)</script>",
        "🚲\u{202e}ریدر",
        "\"quoted\", comma\nline",
        &long,
    ];
    let home = Home::new(Settings {
        members: texts.len() + 1,
        workouts: 0,
        ..Settings::default()
    });
    for (number, text) in (1..).zip(texts) {
        let (detail, graph) = w(text)
            .length(60)
            .at(1_772_434_800 + 7200 * number as i64)
            .made();
        home.sim.add_custom(detail, graph);
        home.sim.set_private(number, false);
        home.sim.set_gone(number, false);
        home.sim.set_followed(number, true);
        let profile = json!({"first_name": text, "location": text});
        home.sim.edit_profile(number, profile);
    }
    home.sync(&[]).ends(0);
    home.run(&["status"]).ends(0);
    for text in texts {
        let quoted = text.replace('\'', "''");
        for column in ["workouts.title", "users.first_name", "users.location"] {
            let (table, _) = column.split_once('.').unwrap();
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} = '{quoted}'");
            assert_eq!(home.sql(&sql), "1", "{column}: {text}");
        }
    }
}

#[test]
fn what_the_service_says_does_not_steer_the_terminal() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    let wipes = "\u{1b}[2J\u{9b}31m";
    let message = format!("{wipes}{}", "no ".repeat(2_000));
    let body = json!({"status": 403, "message": message}).to_string();
    home.sim.poison(
        &format!("{id}/performance_graph"),
        Poison::Answer(403, body),
    );
    home.sim
        .edit_profile(0, json!({"username": format!("ada{wipes}")}));
    let mut said = String::new();
    for arguments in [&["login"][..], &["sync", "--rate", "0"], &["status"]] {
        let ran = home.run(arguments);
        said.push_str(&ran.talk);
        said.push_str(&ran.data);
    }
    assert!(said.contains("Logged in as ada\\u{1b}[2J"), "{said}");
    assert!(said.contains("HTTP 403: \\u{1b}[2J"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{9b}']), "{said}");
    assert!(
        said.lines().all(|line| line.chars().count() < 400),
        "{said}"
    );
}

#[test]
fn numbers_out_of_range_cost_their_value_only() {
    let home = Home::new(empty());
    let (mut detail, mut graph) = w("wild")
        .length(60)
        .metric("output", "watts", vec![100.0; 60])
        .made();
    detail["created_at"] = json!(1e300);
    detail["total_work"] = json!("many");
    graph["metrics"][0]["values"][3] = json!(65_535);
    graph["metrics"][0]["values"][4] = json!({"a": 1});
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT total_work, seconds_recorded FROM workouts"),
        ",59"
    );
    assert_eq!(home.sql("SELECT max(output) FROM workout_stats"), "65535");
    assert_ne!(
        home.sql("SELECT count(*) FROM sync_items WHERE status = 'unreadable'"),
        "0"
    );
}

#[test]
fn a_graph_of_a_hundred_thousand_seconds_and_arrays_of_unequal_length() {
    let home = Home::new(empty());
    let (detail, graph) = w("long")
        .length(100_000)
        .metric("output", "watts", vec![100.0; 100_000])
        .made();
    home.sim.add_custom(detail, graph);
    let (mut detail, graph) = w("short")
        .length(60)
        .metric("output", "watts", vec![100.0; 50])
        .made();
    detail["created_at"] = json!(1_772_500_000);
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT title, seconds_recorded FROM workouts ORDER BY 2"),
        "short,50\nlong,100000"
    );
    let flagged = home.sql("SELECT reason FROM sync_items WHERE status = 'unreadable'");
    assert!(!flagged.is_empty());
}

/// Texts that JSON allows and no string or number can hold.
const UNREADABLE: [&[u8]; 2] = [b"\"abc\\ud83d\"", b"1e999"];

fn asked(home: &Home, part: &str) -> usize {
    let requests = home.sim.requests();
    let of = requests.iter().filter(|logged| logged.path.contains(part));
    of.count()
}

#[test]
fn a_row_with_a_value_that_no_type_can_hold_is_fetched_all_the_same() {
    for bytes in UNREADABLE {
        let home = Home::new(small());
        let id = home.sim.workouts(0)[3].clone();
        home.sim.edit_workout(&id, json!({"total_work": "BAD"}));
        home.sim.garble("workouts", "\"BAD\"", bytes);
        home.sim.garble(&id, "\"BAD\"", bytes);
        home.sync(&["--me-only"]).ends(0);
        let row = format!(
            "SELECT status, total_work, (SELECT count(*) > 0 FROM workout_stats WHERE workout_id = '{id}')
             FROM workouts WHERE id = '{id}'"
        );
        assert_eq!(home.sql(&row), "COMPLETE,,true");
        let items =
            format!("SELECT endpoint FROM sync_items WHERE status = 'unreadable' AND key = '{id}'");
        assert_eq!(home.sql(&items), "workouts");
        home.sim.reset_log();
        home.sync(&["--me-only"]).ends(0);
        assert_eq!(asked(&home, &id), 0);
    }
}

#[test]
fn a_value_that_only_the_detail_can_not_hold_is_no_reason_to_ask_again() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[3].clone();
    home.sim.edit_workout(&id, json!({"title": "BAD"}));
    home.sim.garble(&id, "\"BAD\"", UNREADABLE[0]);
    home.sync(&["--me-only"]).ends(0);
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(asked(&home, &id), 0);
}

#[test]
fn a_list_with_a_byte_that_is_no_text_is_read_to_its_end() {
    let home = Home::new(Settings {
        members: 1,
        workouts: 120,
        ..Settings::default()
    });
    let id = home.sim.workouts(0)[3].clone();
    home.sim.edit_workout(&id, json!({"title": "a BAD day"}));
    home.sim.garble("workouts", "BAD", b"\xff");
    home.sim.garble(&id, "BAD", b"\xff");
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "120");
    let title = format!("SELECT title FROM workouts WHERE id = '{id}'");
    assert_eq!(home.sql(&title), "a \u{fffd} day");
}

#[test]
fn a_followed_member_with_a_value_that_no_type_can_hold_is_there() {
    for bytes in UNREADABLE {
        let home = Home::new(small());
        let (id, _) = home.sim.member(1);
        home.sim.edit_profile(1, json!({"location": "BAD"}));
        for list in ["following", "followers", &id] {
            home.sim.garble(list, "\"BAD\"", bytes);
        }
        home.sync(&[]).ends(0);
        let row = format!("SELECT relation, location IS NULL FROM users WHERE id = '{id}'");
        assert_eq!(home.sql(&row), "following,true");
        let follows = format!("SELECT count(*) FROM follows WHERE followed_user_id = '{id}'");
        assert_eq!(home.sql(&follows), "1");
        // A row of the list of followed members is an answer about the member, and an item of theirs.
        let items = format!(
            "SELECT endpoint FROM sync_items WHERE status = 'unreadable' AND (key = '{id}' OR key LIKE '%/following')"
        );
        assert_eq!(home.sql(&items), "users");
    }
}
