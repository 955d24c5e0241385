//! `lookml write`: the built-in project in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::built_in;
use crate::home::{Home, Ran, empty};

struct Folder {
    home: Home,
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            home: Home::new(empty()),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("looker")
    }

    fn write(&self, arguments: &[&str]) -> Ran {
        let path = self.path();
        let command = ["lookml", "write", path.to_str().unwrap()];
        self.home.run(&[&command, arguments].concat())
    }

    fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap()
    }

    /// Has a person change a file.
    fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{text}");
        fs::write(self.file(path), text.replace(from, to)).unwrap();
    }
}

/// Texts by path, without what the program keeps for itself.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let texts = built_in::texts(folder, "").into_iter();
    texts
        .filter(|(path, _)| path != ".peloton-looker.json")
        .collect()
}

#[test]
fn the_project_is_written_as_it_is_but_for_its_constants() {
    let folder = Folder::new();
    let ran = folder.write(&[
        "--connection",
        "my_bigquery",
        "--dataset",
        "my-project.peloton",
    ]);
    let ran = ran.ends(0);
    assert!(
        ran.data.contains("new       peloton.model.lkml\n"),
        "{}",
        ran.data
    );
    let mut expected = texts(&built_in::folder());
    let count = expected.len();
    let last = format!(
        "{count} files in {}: {count} new\n",
        folder.path().display()
    );
    assert!(ran.data.ends_with(&last), "{}", ran.data);
    let manifest = expected.get_mut("manifest.lkml").unwrap();
    *manifest = manifest
        .replacen("value: \"peloton\"", "value: \"my_bigquery\"", 1)
        .replacen("value: \"peloton\"", "value: \"my-project.peloton\"", 1);
    assert_eq!(texts(&folder.path()), expected);
}

#[test]
fn the_connection_of_the_settings_is_taken_where_none_is_given() {
    let folder = Folder::new();
    let settings = "[model]\nconnection = \"of_the_settings\"\n";
    fs::write(folder.home.path().join("config.toml"), settings).unwrap();
    folder.write(&[]).ends(0);
    assert!(folder.text("manifest.lkml").contains("\"of_the_settings\""));
    folder.write(&["--connection", "given"]).ends(0);
    assert!(folder.text("manifest.lkml").contains("\"given\""));
}

#[test]
fn what_was_set_and_what_is_custom_stays() {
    let folder = Folder::new();
    folder.write(&["--connection", "my_bigquery"]).ends(0);
    // By hand, as looker/README.md says.
    folder.change("manifest.lkml", "\"miles\"", "\"kilometres\"");
    folder.change("custom/own.layer.lkml", "# view", "# explore");
    fs::remove_file(folder.file("custom/README.md")).unwrap();
    fs::remove_file(folder.file("views/rides.view.lkml")).unwrap();
    let before = texts(&folder.path());
    let ran = folder.write(&["--dataset", "elsewhere"]).ends(0);
    let mut expected = before.clone();
    let rides = fs::read_to_string(built_in::folder().join("views/rides.view.lkml")).unwrap();
    expected.insert("views/rides.view.lkml".to_owned(), rides);
    let manifest = expected.get_mut("manifest.lkml").unwrap();
    *manifest = manifest.replacen("value: \"peloton\"", "value: \"elsewhere\"", 1);
    assert!(manifest.contains("my_bigquery") && manifest.contains("kilometres"));
    assert_eq!(texts(&folder.path()), expected);
    assert!(
        ran.data
            .starts_with("new       views/rides.view.lkml\nupdated   manifest.lkml\n"),
        "{}",
        ran.data
    );
    // Twice equals once.
    let ran = folder.write(&[]).ends(0);
    assert_eq!(texts(&folder.path()), expected);
    assert!(!ran.data.contains("updated"), "{}", ran.data);
}

#[test]
fn a_file_that_was_changed_by_hand_is_not_written_over() {
    let folder = Folder::new();
    folder.write(&[]).ends(0);
    folder.change(
        "views/rides.view.lkml",
        "view: rides",
        "# mine\nview: rides",
    );
    fs::remove_file(folder.file("views/workouts.view.lkml")).unwrap();
    let before = texts(&folder.path());
    let said = format!(
        "error: nothing was written: a file is there in `{}` that this program did not write, or that was changed \
         since: views/rides.view.lkml\n\
         hint: put your changes into custom/ as refinements, then run it with --force; or name another folder\n",
        folder.path().display()
    );
    let ran = folder.write(&["--dataset", "elsewhere"]).ends(1);
    assert_eq!(ran.talk, said);
    assert_eq!(texts(&folder.path()), before);
    let ran = folder.write(&["--force"]).ends(0);
    assert!(
        ran.data.contains("replaced  views/rides.view.lkml\n"),
        "{}",
        ran.data
    );
    assert_eq!(texts(&folder.path()), texts(&built_in::folder()));
}

#[test]
fn another_project_is_left_alone() {
    let folder = Folder::new();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.file("README.md"), "My project\n").unwrap();
    fs::write(folder.file("peloton.model.lkml"), "connection: \"mine\"\n").unwrap();
    folder.write(&[]).ends(1).says("peloton.model.lkml");
    assert_eq!(texts(&folder.path()).len(), 2);
    // A page of text beside it is nobody's trouble.
    fs::remove_file(folder.file("peloton.model.lkml")).unwrap();
    let ran = folder.write(&[]).ends(0);
    assert!(ran.data.contains("kept      README.md\n"), "{}", ran.data);
    assert_eq!(folder.text("README.md"), "My project\n");
}

#[test]
fn line_ends_that_git_changed_are_no_change() {
    let folder = Folder::new();
    folder.write(&["--connection", "mine"]).ends(0);
    for path in texts(&folder.path()).keys() {
        let text = folder.text(path).replace('\n', "\r\n");
        fs::write(folder.file(path), text).unwrap();
    }
    folder.write(&["--dataset", "elsewhere"]).ends(0);
    assert!(folder.text("manifest.lkml").contains("value: \"mine\""));
}

#[test]
fn what_an_earlier_version_had_goes_unless_it_was_changed() {
    let folder = Folder::new();
    folder.write(&[]).ends(0);
    for name in ["old", "loved"] {
        let path = format!("views/{name}.view.lkml");
        fs::copy(folder.file("views/units.view.lkml"), folder.file(&path)).unwrap();
    }
    // As if that version had written both.
    let record = folder.text(".peloton-looker.json");
    let units = record
        .lines()
        .find(|line| line.contains("units.view"))
        .unwrap();
    let digest = units.split('"').nth(3).unwrap();
    let more = format!(
        "\"views/loved.view.lkml\": \"{digest}\",\n    \"views/old.view.lkml\": \"{digest}\",\n    \"views/units"
    );
    fs::write(
        folder.file(".peloton-looker.json"),
        record.replace("\"views/units", &more),
    )
    .unwrap();
    folder.change("views/loved.view.lkml", "view: units", "view: loved");
    let ran = folder.write(&[]).ends(0);
    assert!(
        ran.data.contains("removed   views/old.view.lkml\n"),
        "{}",
        ran.data
    );
    assert!(!folder.file("views/old.view.lkml").exists());
    assert!(folder.file("views/loved.view.lkml").exists());
}

#[test]
fn a_name_that_needs_quotes_is_wrong_usage() {
    let folder = Folder::new();
    for wrong in ["my\"connection", "a b", "", "x;;"] {
        folder
            .write(&["--connection", wrong])
            .ends(2)
            .says("make one");
    }
    assert!(!folder.path().exists());
}

#[test]
fn what_is_no_folder_is_named() {
    let folder = Folder::new();
    fs::write(folder.path(), "").unwrap();
    folder.write(&[]).ends(1).says("is no folder");
}

#[cfg(unix)]
#[test]
fn others_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write(&[]).ends(0);
    let mode = fs::metadata(folder.file("manifest.lkml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644);
}
