//! Homes that something is wrong with: the person learns what to do, and that it helps.

use std::fs;

use crate::home::{Home, Ran, empty, small};

fn doctor(home: &Home, code: i32) -> String {
    home.run(&["doctor", "--offline"]).ends(code).data
}

/// Without the login that a home of imports lacks.
fn archive_of(home: &Home) -> String {
    let ran = home.run(&["doctor", "--offline"]);
    let mut lines = ran
        .data
        .lines()
        .skip_while(|line| !line.contains(" archive "));
    let found = lines.next().unwrap();
    format!("{found} {}", lines.next().unwrap().trim())
}

fn import(home: &Home, year: u32) -> Ran {
    let file = home.path().join(format!("{year}.csv"));
    let text = format!(
        "Workout Timestamp,Fitness Discipline,Length (minutes),Title\n{year}-03-02 07:01 (UTC),Cycling,10,one\n"
    );
    fs::write(&file, text).unwrap();
    home.run(&["import", file.to_str().unwrap()])
}

#[test]
fn imports_without_an_account_come_back_from_their_files() {
    let home = Home::new(empty());
    import(&home, 2019).ends(0);
    import(&home, 2020).ends(0);
    let found = archive_of(&home);
    assert!(
        found.contains("0 workouts, 2 imported files, no damage"),
        "{found}"
    );
    fs::remove_file(super::first_segment(&home)).unwrap();
    let found = archive_of(&home);
    assert!(
        found.starts_with("bad  archive   only the warehouse has 1 imported workout"),
        "{found}"
    );
    assert!(found.contains("peloton-looker import FILE"), "{found}");
    assert!(!found.contains("sync --full"), "{found}");
    import(&home, 2019)
        .ends(0)
        .says("segment 1 of the archive is gone");
    let found = archive_of(&home);
    assert!(found.starts_with("note archive"), "{found}");
    let ran = import(&home, 2020).ends(0);
    assert!(!ran.talk.contains("warning"), "{}", ran.talk);
    home.is_as_rebuilt();
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "2");
}

#[test]
fn a_warehouse_that_was_cut_says_how_to_go_on() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let before = home.tables();
    let path = home.profile().join("warehouse.duckdb");
    let whole = fs::read(&path).unwrap();
    for length in [100, 9_000, whole.len() / 2, whole.len() - 300_000] {
        fs::write(&path, &whole[..length]).unwrap();
        let asked = home.requests();
        for command in [&["sync", "--me-only"][..], &["status"], &["rebuild"]] {
            home.run(command)
                .ends(1)
                .says("away, then run `peloton-looker rebuild`");
        }
        assert_eq!(home.requests(), asked);
        assert!(doctor(&home, 1).contains("bad  warehouse"), "{length}");
    }
    fs::remove_file(&path).unwrap();
    home.run(&["rebuild"]).ends(0);
    crate::home::same(&before, &home.tables());
}

#[test]
fn there_is_nothing_to_rebuild_in_a_profile_that_never_was() {
    let home = Home::new(empty());
    home.run(&["rebuild", "--profile", "typo"])
        .ends(1)
        .says("there is nothing to rebuild: profile `typo`");
    assert!(!home.path().join("profiles").exists());
}

#[test]
fn a_file_in_the_place_of_the_archive_is_named() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let archive = home.profile().join("archive");
    fs::rename(&archive, home.path().join("away")).unwrap();
    fs::write(&archive, "").unwrap();
    let found = doctor(&home, 1);
    assert!(found.contains("archive` is no folder"), "{found}");
    for command in [&["rebuild"][..], &["sync"], &["status"]] {
        home.run(command)
            .ends(1)
            .says("archive` is no folder")
            .says("hint: move it away");
    }
}

#[test]
fn a_demo_is_made_anew_by_a_demo() {
    let home = Home::new(empty());
    let demo = ["demo", "--no-explore", "--members", "1", "--workouts", "3"];
    home.run(&demo).ends(0);
    let archive = home.path().join("profiles/demo/archive");
    fs::remove_dir_all(&archive).unwrap();
    let found = home
        .run(&["doctor", "--offline", "--profile", "demo"])
        .ends(1);
    assert!(
        found.data.contains("`peloton-looker demo`"),
        "{}",
        found.data
    );
    assert!(!found.data.contains("sync --full"), "{}", found.data);
    home.run(&demo).ends(0);
    home.run(&["doctor", "--offline", "--profile", "demo"])
        .ends(0);
}

#[test]
fn a_small_archive_is_told_in_kilobytes() {
    let home = Home::new(empty());
    home.sync(&["--me-only"]).ends(0);
    let status = home.run(&["status"]).ends(0).data;
    assert!(status.contains(" kB, warehouse "), "{status}");
    assert!(!status.contains("Archive 0"), "{status}");
}
