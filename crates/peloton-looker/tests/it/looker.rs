//! The LookML project as parsers read it that are not ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::Ran;
use crate::publish::{python, script};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn project() -> String {
    root().join("looker").to_str().unwrap().to_owned()
}

/// How many files of a folder of the project are LookML.
fn files(folder: &str) -> usize {
    let entries = fs::read_dir(root().join("looker").join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_lookml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "lkml")
    };
    paths.filter(is_lookml).count()
}

fn all_files() -> usize {
    ["", "views", "explores", "tests", "custom"]
        .map(files)
        .iter()
        .sum()
}

#[test]
fn lkml_reads_every_file() {
    if python().is_none() {
        return;
    }
    let said = script("read_lookml.py", &[&project()], &[]);
    assert_eq!(said.trim_end(), format!("{} files", all_files()));
}

/// The packages of Node of `make test`; tests without them say that they skip.
fn node_modules() -> Option<PathBuf> {
    let modules = root().join(".node/node_modules");
    if modules.exists() {
        return Some(modules);
    }
    skip()
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip() -> Option<PathBuf> {
    eprintln!("SKIPPED: there is no environment of Node; `make test` makes it");
    None
}

#[test]
fn lookml_parser_reads_every_file() {
    let Some(modules) = node_modules() else {
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/read_lookml.js");
    let output = Command::new("node")
        .arg(script)
        .arg(project())
        .env("NODE_PATH", modules)
        .output()
        .unwrap();
    let said = Ran::new(output).ends(0).data;
    let (views, explores) = (files("views"), files("explores"));
    let expected = format!("{} files, {views} views, {explores} explores", all_files());
    assert_eq!(said.trim_end(), expected);
}
