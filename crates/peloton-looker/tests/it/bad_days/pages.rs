//! Pages of lists that can't be had.

use peloton_sim::{Poison, Settings};

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
    let home = Home::new(small());
    let graph = format!("{}/performance_graph", home.sim.workouts(0)[3]);
    home.sim.poison(&graph, TOO_LARGE);
    home.sync(&["--me-only"]).ends(3);
    home.sim.heal(&graph);
    let own = home.sim.member(0).0;
    home.sim.poison(&format!("{own}/workouts"), TOO_LARGE);
    home.sim.reset_log();
    home.sync(&["--me-only"]).ends(3);
    assert!(is_asked(&home, &graph));
    assert_eq!(home.sql(FAILED), "user/workouts");
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
