//! The LookML project: what is in it, and how parsers read it that are not ours.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lookml::Query;
use lookml::dashboard::{self, Dashboard, Element};

use crate::built_in::{folder, texts, typical};
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

/// What the dashboards ask, with what their filters say at first.
pub(crate) fn tiles() -> Vec<Query> {
    let texts = texts(&folder(), ".lookml").into_iter();
    let dashboards = texts.flat_map(|(path, text)| dashboard::parse(&path, &text, &|_| None).0);
    let queries = dashboards.flat_map(|dashboard| {
        let elements = dashboard.elements.iter();
        let queries = elements.filter_map(|element| tile(&dashboard, element));
        queries.collect::<Vec<_>>()
    });
    queries.collect()
}

/// What an element of a dashboard asks. None: it is a text.
fn tile(dashboard: &Dashboard, element: &Element) -> Option<Query> {
    let asked = &element.query;
    let texts = |texts: &[dashboard::Text]| -> Vec<String> {
        texts.iter().map(|text| text.value.clone()).collect()
    };
    let own = asked.filters.iter();
    let own = own.map(|(field, filter)| (field.value.clone(), filter.value.clone()));
    let heard = element.listen.iter().map(|(filter, field)| {
        let filter = dashboard.filter(&filter.value).unwrap();
        (field.value.clone(), filter.default_value.clone())
    });
    Some(Query {
        model: asked.model.as_ref()?.value.clone(),
        view: asked.explore.as_ref()?.value.clone(),
        fields: texts(&asked.fields),
        pivots: texts(&asked.pivots),
        fill_fields: texts(&asked.fill_fields),
        filters: own.chain(heard).collect(),
        sorts: asked
            .sorts
            .iter()
            .map(|sort| sort.value.parse().unwrap())
            .collect(),
        limit: asked
            .limit
            .as_ref()
            .map(|limit| lookml::Limit::To(limit.parse().unwrap())),
        total: asked.total,
        dynamic_fields: asked.dynamic_fields.clone(),
        ..Query::default()
    })
}

#[test]
fn the_dashboards_ask_for_something() {
    assert!(tiles().len() >= 20, "{}", tiles().len());
}

#[test]
fn what_people_ask_is_asked_once() {
    let typical = typical();
    let symmetric = typical.iter().filter(|typical| typical.is_symmetric);
    assert!(symmetric.count() >= 6);
    let urls: BTreeSet<&str> = typical.iter().map(|typical| typical.url).collect();
    assert_eq!(urls.len(), typical.len());
    assert!(urls.len() >= 40, "{}", urls.len());
}
