//! Pages of lists that can't be had.

use std::time::Duration;

use peloton_sim::{Poison, Settings};
use serde_json::{Value, json};

use crate::home::{Home, small};

/// A failure that no retry can help: it is over at once.
const TOO_LARGE: Poison = Poison::Large(33 << 20);

const FAILED: &str = "SELECT endpoint FROM sync_items WHERE status = 'failed'";

fn is_asked(home: &Home, part: &str) -> bool {
    let requests = home.sim.requests();
    let mut urls = requests
        .iter()
        .map(|logged| format!("{}?{}", logged.path, logged.query));
    urls.any(|url| url.contains(part))
}

/// What `sync_items` has of the own list of workouts; as a rebuild would have it.
fn own_list(home: &Home) -> String {
    let own = home.sim.member(0).0;
    let sql = format!(
        "SELECT status, http_status, tries FROM sync_items
         WHERE endpoint = 'user/workouts' AND key = '{own}'"
    );
    let loaded = home.sql(&sql);
    home.run(&["rebuild"]).ends(0);
    assert_eq!(home.sql(&sql), loaded);
    loaded
}

/// A page of a list as it is now, but for what it says of the list.
fn saying(home: &Home, list: &str, page: u32, said: &Value) -> Poison {
    let own = home.sim.member(0).0;
    let path = format!("/api/user/{own}/{list}?joins=ride,ride.instructor&limit=100&page={page}");
    let answer = home.run(&["api", "get", &path]).ends(0).data;
    let mut answer: serde_json::Map<String, Value> = serde_json::from_str(&answer).unwrap();
    answer.extend(said.as_object().unwrap().clone());
    Poison::Answer(200, Value::from(answer).to_string())
}

/// Has the pages of the own workouts say something of the list.
fn have_pages_say(home: &Home, said: &[Value]) {
    for (page, said) in (0..).zip(said) {
        let item = format!("{}/workouts?page={page}", home.sim.member(0).0);
        home.sim.heal(&item);
        let answer = saying(home, "workouts", page, said);
        home.sim.poison(&item, answer);
    }
}

/// Four pages of own workouts, of which one can't be had.
fn without_page(page: u32) -> (Home, String) {
    let home = Home::new(Settings {
        members: 1,
        workouts: 350,
        ..Settings::default()
    });
    let page = format!("{}/workouts?page={page}", home.sim.member(0).0);
    home.sim.poison(&page, TOO_LARGE);
    (home, page)
}

fn counts(home: &Home) -> String {
    home.sql("SELECT count(*), count(deleted_at) FROM workouts")
}

#[test]
fn a_page_that_can_not_be_had_hides_nothing_behind_it() {
    let (home, page) = without_page(1);
    home.sync(&[]).ends(3);
    assert_eq!(counts(&home), "250,0");
    assert_eq!(home.sql(FAILED), "user/workouts");
    // It is no news that it fails, and what is known is left alone.
    home.sim.reset_log();
    home.sync(&[]).ends(3);
    assert_eq!(own_list(&home), "failed,,2");
    assert!(is_asked(&home, "page=3") && !is_asked(&home, "/api/workout/"));
    assert_eq!(counts(&home), "250,0");
    home.sim.heal(&page);
    home.sync(&[]).ends(0);
    assert_eq!(counts(&home), "350,0");
    assert_eq!(home.sql(FAILED), "");
    home.is_as_rebuilt();
    // Nor does a list that lacks a page prove a deletion.
    home.sim.poison(&page, TOO_LARGE);
    home.sync(&["--full"]).ends(3);
    assert_eq!(counts(&home), "350,0");
}

#[test]
fn a_first_page_that_can_not_be_had_hides_nothing_either() {
    let (home, page) = without_page(0);
    home.sync(&[]).ends(3);
    assert_eq!(counts(&home), "250,0");
    home.sim.heal(&page);
    home.sync(&[]).ends(0);
    assert_eq!(counts(&home), "350,0");
}

#[test]
fn two_pages_in_a_row_that_can_not_be_had_are_the_end() {
    let (home, _) = without_page(1);
    let own = home.sim.member(0).0;
    home.sim
        .poison(&format!("{own}/workouts?page=2"), TOO_LARGE);
    home.sync(&[]).ends(3);
    assert_eq!(counts(&home), "100,0");
    assert!(!is_asked(&home, "page=3"));
}

#[test]
fn what_failed_before_is_tried_again_although_the_list_can_not_be_had() {
    for (poison, item) in [
        (TOO_LARGE, "failed,,1"),
        (Poison::Status(402), "refused,402,1"),
    ] {
        let home = Home::new(small());
        let graph = format!("{}/performance_graph", home.sim.workouts(0)[3]);
        home.sim.poison(&graph, TOO_LARGE);
        home.sync(&["--me-only"]).ends(3);
        home.sim.heal(&graph);
        let own = home.sim.member(0).0;
        home.sim.poison(&format!("{own}/workouts"), poison);
        home.sim.reset_log();
        home.sync(&["--me-only"]).ends(3);
        assert!(is_asked(&home, &graph));
        assert_eq!(own_list(&home), item);
    }
}

#[test]
fn a_list_that_fails_is_an_item_until_it_recovers_although_nothing_else_is_new() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let list = format!("{}/workouts", home.sim.member(0).0);
    home.sim.poison(&list, Poison::Status(402));
    home.sync(&["--me-only"]).ends(3);
    assert_eq!(own_list(&home), "refused,402,1");
    home.sync(&["--me-only"]).ends(3);
    assert_eq!(own_list(&home), "refused,402,2");
    home.sim.heal(&list);
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(own_list(&home), "");
}

#[test]
fn a_refused_page_behind_the_first_says_nothing_about_the_member() {
    let home = Home::new(Settings {
        members: 2,
        workouts: 350,
        ..Settings::default()
    });
    let (id, name) = home.sim.member(1);
    let page = format!("{id}/workouts?page=1");
    let access = || home.sql(&format!("SELECT access FROM users WHERE id = '{id}'"));
    for refused in [403, 404] {
        home.sim.poison(&page, Poison::Status(refused));
        home.sim.reset_log();
        let ran = home.sync(&["--member", &name, "--full"]).ends(3);
        assert!(!ran.talk.contains("private, gone"), "{}", ran.talk);
        assert!(is_asked(&home, "page=3"));
        assert_eq!(counts(&home), "250,0");
        assert_eq!(access(), "public");
        assert_eq!(home.sql(FAILED), "user/workouts");
    }
    home.sim.heal(&page);
    home.sync(&["--member", &name]).ends(0);
    assert_eq!(counts(&home), "350,0");
    assert_eq!(home.sql(FAILED), "");
}

#[test]
fn a_list_that_came_short_once_is_read_again() {
    for promise in [true, false] {
        let home = Home::new(Settings {
            members: 1,
            workouts: 150,
            ..Settings::default()
        });
        let page = format!("{}/workouts?page=1", home.sim.member(0).0);
        let nothing = format!(r#"{{"data": [], "show_next": {promise}, "total": 150}}"#);
        home.sim.poison(&page, Poison::Answer(200, nothing));
        home.sync(&["--me-only"])
            .ends(0)
            .says("shows 100 rows, Peloton counts 150");
        assert_eq!(counts(&home), "100,0");
        home.sim.heal(&page);
        home.sync(&["--me-only"]).ends(0);
        assert_eq!(counts(&home), "150,0");
    }
}

#[test]
fn a_count_that_differs_in_two_runs_is_pelotons_own() {
    let home = Home::new(Settings {
        members: 1,
        workouts: 150,
        ..Settings::default()
    });
    home.run(&["login"]).ends(0);
    have_pages_say(&home, &[json!({"total": 151}), json!({"total": 151})]);
    for _ in 0..2 {
        home.sync(&["--me-only"])
            .ends(0)
            .says("shows 150 rows, Peloton counts 151");
    }
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(0);
    assert!(!is_asked(&home, "page=1"));
    assert_eq!(counts(&home), "150,0");
    // What is deleted of such a list can't be proven gone, and is no reason to read it for ever.
    for id in &home.sim.workouts(0)[..2] {
        home.sim.delete_workout(id);
    }
    have_pages_say(&home, &[json!({"total": 149}), json!({"total": 149})]);
    home.sync(&["--me-only"]).ends(0);
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(0);
    assert!(!is_asked(&home, "page=1"));
}

#[test]
fn a_list_that_is_odd_in_two_runs_is_pelotons_own() {
    let count_differently = [json!({"total": 151}), json!({"total": 150})];
    let promise_more = json!({"total": 151, "show_next": true});
    let end_on_a_promise = [promise_more.clone(), promise_more.clone(), promise_more];
    for said in [&count_differently[..], &end_on_a_promise] {
        let home = Home::new(Settings {
            members: 1,
            workouts: 150,
            ..Settings::default()
        });
        home.run(&["login"]).ends(0);
        have_pages_say(&home, said);
        for _ in 0..2 {
            home.sim.reset_log();
            home.sync(&["--me-only"]).ends(0);
            assert!(is_asked(&home, "page=1"), "{said:?}");
        }
        home.sim.reset_log();
        home.sync(&["--me-only"]).ends(0);
        assert!(!is_asked(&home, "page=1"), "{said:?}");
        // What is new is found all the same, and what such a list lacks is not proven gone.
        home.sim.delete_workout(&home.sim.workouts(0)[0]);
        home.sim.add_workout(0, 1_789_998_000);
        have_pages_say(&home, said);
        home.sync(&["--me-only", "--full"]).ends(0);
        assert_eq!(counts(&home), "151,0", "{said:?}");
        home.is_as_rebuilt();
    }
}

#[test]
fn a_list_whose_count_is_wrong_is_reported_and_hides_nobody() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let own = home.sim.member(0).0;
    home.sim.set_followed(1, false);
    let list = format!("{own}/following");
    home.sim
        .poison(&list, saying(&home, "following", 0, &json!({"total": 2})));
    let (id, name) = home.sim.member(1);
    home.sim.reset_log();
    home.sync(&["--member", &name])
        .ends(0)
        .says("the list of followed members shows 1 row, Peloton counts 2");
    assert!(is_asked(&home, &format!("{id}/workouts")));
    home.sync(&["--member", &name, "--member", "nobody"])
        .ends(3)
        .says("`nobody` was not found");
    home.sim.heal(&list);
    home.sync(&[]).ends(0).says("1 member unfollowed");
}

/// More followed members and followers than a page has.
fn many() -> Home {
    Home::new(Settings {
        members: 205,
        workouts: 0,
        latency: Duration::from_millis(30),
        ..Settings::default()
    })
}

/// The pages of a list in the order in which they were asked for.
fn pages(home: &Home, list: &str) -> Vec<String> {
    let of = |query: &str| {
        query
            .split('&')
            .find_map(|pair| Some(pair.strip_prefix("page=")?.to_owned()))
    };
    let requests = home.sim.requests();
    let asked = requests.iter().filter(|logged| logged.path.ends_with(list));
    asked.filter_map(|logged| of(&logged.query)).collect()
}

#[test]
fn who_is_followed_while_the_list_is_read_is_seen_on_its_first_page() {
    let home = many();
    let ((_, own), (new, _)) = (home.sim.member(0), home.sim.member(1));
    home.sim.set_followed(1, false);
    std::thread::scope(|scope| {
        let sync = scope.spawn(|| home.sync(&["--member", &own]));
        while pages(&home, "/following").len() < 2 {
            std::thread::yield_now();
        }
        home.sim.set_followed(1, true);
        sync.join().unwrap().ends(0);
    });
    assert_eq!(pages(&home, "/following")[..2], ["0", "1"]);
    assert_eq!(pages(&home, "/following").last().unwrap(), "0");
    assert_eq!(pages(&home, "/followers"), ["0", "1", "0"]);
    assert_eq!(
        home.sql(&format!("SELECT relation FROM users WHERE id = '{new}'")),
        "following"
    );
}

#[test]
fn members_of_before_are_asked_for_although_their_list_can_not_be_had() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    for poison in [TOO_LARGE, Poison::Status(402)] {
        let at = 1_789_998_000 + home.sim.workouts(1).len() as i64;
        let new = home.sim.add_workout(1, at);
        home.sim.poison("following", poison);
        home.sync(&[]).ends(3);
        assert_eq!(
            home.sql(&format!("SELECT status FROM workouts WHERE id = '{new}'")),
            "COMPLETE"
        );
        assert_eq!(
            home.sql("SELECT relation, count(*) FROM users GROUP BY 1 ORDER BY 1"),
            "following,2\nown,1"
        );
        let (_, name) = home.sim.member(2);
        home.sync(&["--member", &name]).ends(3);
    }
}

#[test]
fn a_list_that_always_promises_more_is_read_when_all_rows_are_there() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    for (list, said) in [
        ("followers", json!({"show_next": true})),
        ("following", json!({"show_next": true})),
    ] {
        let answer = saying(&home, list, 0, &said);
        home.sim
            .poison(&format!("{}/{list}", home.sim.member(0).0), answer);
    }
    home.sim.reset_log();
    home.sync(&[]).ends(0);
    assert_eq!(pages(&home, "/followers"), ["0", "1", "1", "0"]);
    home.sim.reset_log();
    home.sync(&[]).ends(0);
    // Weekly lists are not due again, and the other one proves what is gone.
    assert_eq!(pages(&home, "/followers"), [""; 0]);
    let own = home.sim.member(0).0;
    home.sim.heal(&format!("{own}/following"));
    home.sim.set_followed(1, false);
    let answer = saying(&home, "following", 0, &json!({"show_next": true}));
    home.sim.poison(&format!("{own}/following"), answer);
    home.sync(&[]).ends(0).says("1 member unfollowed");
    home.is_as_rebuilt();
}

#[test]
fn a_followed_row_without_a_readable_id_hides_nobody() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let own = home.sim.member(0).0;
    let list = format!("{own}/following");
    let path = format!("/api/user/{own}/following?limit=100&page=0");
    let answer = home.run(&["api", "get", &path]).ends(0).data;
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    answer["data"][0]["id"] = json!(["not", "an", "id"]);
    home.sim
        .poison(&list, Poison::Answer(200, answer.to_string()));
    for _ in 0..2 {
        home.sim.reset_log();
        home.sync(&[])
            .ends(0)
            .says("the list of followed members shows 1 row, Peloton counts 2");
        // Both are asked for as before, and the list is read once.
        for member in [1, 2] {
            let id = home.sim.member(member).0;
            assert!(is_asked(&home, &format!("{id}/workouts")));
        }
        assert_eq!(pages(&home, "/following"), ["0"]);
    }
    let following = "SELECT count(*) FROM users WHERE relation = 'following'";
    assert_eq!(home.sql(following), "2");
    home.is_as_rebuilt();
}
