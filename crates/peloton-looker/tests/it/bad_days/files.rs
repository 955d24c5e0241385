//! Files that are torn, damaged, lost, or not ours.

use std::fs;

use super::first_segment;
use crate::home::{Home, same, small};

#[test]
fn a_torn_tail_is_cut_and_fetched_again() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    let segment = first_segment(&home);
    let bytes = fs::read(&segment).unwrap();
    fs::write(&segment, &bytes[..bytes.len() - 100]).unwrap();
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
    home.move_house();
}

#[test]
fn damage_in_the_middle_is_named_and_full_fetches_it_again() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    let segment = first_segment(&home);
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&segment, &bytes).unwrap();
    home.run(&["doctor", "--offline"]).ends(1);
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.sync(&["--full"]).ends(0).says("damaged between bytes");
    same(&undisturbed, &home.tables());
}

#[test]
fn a_line_that_says_nothing_is_named_and_the_rest_is_used() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let segment = first_segment(&home);
    let text = String::from_utf8(zstd::decode_all(fs::File::open(&segment).unwrap()).unwrap());
    let text: String = text
        .unwrap()
        .lines()
        .map(|line| match line.contains("\"endpoint\":\"walk\"") {
            true => {
                let mut walk: serde_json::Value = serde_json::from_str(line).unwrap();
                walk["body"] = "{}".into();
                format!("{walk}\n")
            }
            false => format!("{line}\n"),
        })
        .collect();
    fs::write(&segment, zstd::encode_all(text.as_bytes(), 3).unwrap()).unwrap();
    home.run(&["rebuild"]).ends(0).says("damaged between bytes");
    let status = home.run(&["status"]).ends(0);
    let name = segment.file_name().unwrap().to_str().unwrap();
    assert!(status.data.contains(name), "{}", status.data);
    assert!(status.data.contains("`peloton-looker sync --full` fetches"));
    home.run(&["doctor", "--offline"]).ends(1);
    home.sync(&["--full", "--me-only"]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
}

#[cfg(unix)]
#[test]
fn a_linked_warehouse_stays_where_it_is() {
    use std::os::unix::fs::symlink;
    use std::path::Path;
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let other = tempfile::tempdir().unwrap();
    let link = home.profile().join("warehouse.duckdb");
    let next = other.path().join("current.duckdb");
    let file = other.path().join("large.duckdb");
    fs::rename(&link, &file).unwrap();
    symlink(&next, &link).unwrap();
    symlink("large.duckdb", &next).unwrap();
    home.sync(&[]).ends(0);
    // The last of the links may point to nothing yet.
    fs::remove_file(&file).unwrap();
    home.run(&["rebuild"]).ends(0);
    assert_eq!(fs::read_link(&link).unwrap(), next);
    assert_eq!(fs::read_link(&next).unwrap(), Path::new("large.duckdb"));
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "36");
    // Nothing of a load is left on either side.
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 2);
}

#[test]
fn a_lost_warehouse_is_made_again_from_the_archive() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let before = home.tables();
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.run(&["sql", "SELECT 1"]).ends(1).says("rebuild");
    home.run(&["rebuild"]).ends(0);
    same(&before, &home.tables());
}

#[test]
fn rebuild_gives_the_same_file_to_the_byte_of_its_export() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    home.sync(&[]).ends(0);
    let export = |name: &str| {
        let folder = home.path().join(name);
        home.run(&["export", folder.to_str().unwrap(), "--format", "csv"])
            .ends(0);
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (
                    path.file_name().unwrap().to_str().unwrap().to_owned(),
                    fs::read(path).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    };
    let before = export("before");
    home.run(&["rebuild"]).ends(0);
    for (one, other) in before.iter().zip(export("after")) {
        let text = |file: &(String, Vec<u8>)| String::from_utf8_lossy(&file.1).into_owned();
        let (before, after) = (text(one), text(&other));
        let line = before.lines().zip(after.lines()).find(|(a, b)| a != b);
        assert!(before == after, "{} differs: {line:?}", one.0);
    }
}

#[test]
fn a_file_that_is_not_ours_is_never_overwritten() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    let file = home.profile().join("warehouse.duckdb");
    fs::write(&file, "my diary").unwrap();
    for command in [&["sync"][..], &["rebuild"]] {
        home.run(command)
            .ends(1)
            .says("not a warehouse of ours")
            .says("hint: move it away, then run `peloton-looker rebuild`");
    }
    let on = format!("duckdb:{}", file.display());
    home.run(&["sql", "SELECT 1", "--on", &on])
        .ends(1)
        .says("hint: check the path");
    assert_eq!(fs::read_to_string(&file).unwrap(), "my diary");
    // Nor one that another program made with DuckDB.
    fs::remove_file(&file).unwrap();
    let theirs = duckdb::Connection::open(&file).unwrap();
    theirs
        .execute_batch("CREATE TABLE theirs(n INTEGER)")
        .unwrap();
    drop(theirs);
    home.sync(&[]).ends(1).says("another program made");
}
