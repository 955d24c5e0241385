//! The LookML project that this repository ships.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use lookml::dashboard::{Dashboard, parse, resolve};
use lookml::{Diagnostic, Lines, Project};

/// Texts by their paths in `looker/`.
pub(crate) fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../looker");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in entries(&folder) {
            if entry.is_dir() {
                folders.push(entry);
            } else if let Some(text) = text(&entry) {
                let path = entry.strip_prefix(&root).unwrap();
                files.insert(path.to_str().unwrap().replace('\\', "/"), text);
            }
        }
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "the files are handed in here")]
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The text of a file that is LookML.
#[expect(clippy::disallowed_methods, reason = "the files are handed in here")]
fn text(path: &Path) -> Option<String> {
    let is_lookml = path
        .extension()
        .is_some_and(|extension| extension == "lkml" || extension == "lookml");
    is_lookml.then(|| fs::read_to_string(path).unwrap())
}

fn project() -> Project {
    Project::new(files())
}

fn constant(name: &str) -> Option<String> {
    let text = format!("@{{{name}}}");
    let project = project();
    let (value, unknown) = project.replace_constants("", &text);
    unknown.is_empty().then(|| value.into_owned())
}

fn rendered(file: &str, text: &str, diagnostic: &Diagnostic) -> String {
    let (line, column) = Lines::of(text).position(text, diagnostic.span.start);
    let Diagnostic { rule, message, .. } = diagnostic;
    format!("{} {file}:{line}:{column} {message}", rule.code)
}

#[test]
fn no_file_has_a_diagnostic() {
    let files = files();
    let project = project();
    assert!(files.len() > 30, "{}", files.len());
    let problems: Vec<String> = project
        .files
        .iter()
        .flat_map(|(path, file)| file.diagnostics.iter().map(move |problem| (path, problem)))
        .map(|(path, problem)| rendered(path, &files[path], problem))
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    // Dashboards are YAML, which has another parser.
    let lkml = project.files.iter();
    for (path, file) in lkml.filter(|(path, _)| path.ends_with(".lkml")) {
        assert_eq!(file.syntax.to_string(), files[path], "{path}");
    }
}

#[test]
fn the_model_includes_every_file_and_every_include_matches() {
    let project = project();
    let (models, problems) = project.models();
    assert_eq!(models.keys().collect::<Vec<_>>(), ["peloton"]);
    assert_eq!(problems, []);
    let included = project.include("peloton.model.lkml");
    assert_eq!(included.problems, []);
    let reached: BTreeSet<&String> = included.files.iter().chain(&included.dashboards).collect();
    let left: Vec<&String> = project
        .files
        .keys()
        .filter(|path| *path != "manifest.lkml" && !reached.contains(path))
        .collect();
    assert_eq!(left, Vec::<&String>::new());
}

#[test]
fn every_constant_is_in_the_manifest() {
    let project = project();
    for (path, text) in files() {
        let (_, unknown) = project.replace_constants("", &text);
        assert_eq!(unknown, Vec::<String>::new(), "{path}");
    }
}

#[test]
fn dashboards_have_no_diagnostic_and_name_our_model() {
    let files = files();
    let mut parsed = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".lookml")) {
        let (dashboards, diagnostics) = parse(path, text, &constant);
        let problems = diagnostics
            .iter()
            .map(|problem| rendered(path, text, problem));
        assert_eq!(problems.collect::<Vec<_>>(), Vec::<String>::new());
        parsed.extend(dashboards);
    }
    assert!(parsed.len() >= 4, "{}", parsed.len());
    let (dashboards, problems) = resolve(parsed);
    assert_eq!(problems, []);
    for dashboard in &dashboards {
        check(dashboard);
    }
}

fn check(dashboard: &Dashboard) {
    let name = &dashboard.name.value;
    assert!(dashboard.description.is_some(), "{name}");
    for filter in &dashboard.filters {
        let model = filter.model.as_ref().map(|model| model.value.as_str());
        assert_eq!(model, Some("peloton"), "{name}: {}", filter.name.value);
    }
    let tiles = dashboard.tiles();
    for (position, tile) in tiles.iter().enumerate() {
        assert!(tile.column + tile.width <= 24, "{name}: {tile:?}");
        for other in tiles.iter().skip(position + 1) {
            let is_beside = tile.column + tile.width <= other.column
                || other.column + other.width <= tile.column
                || tile.row + tile.height <= other.row
                || other.row + other.height <= tile.row;
            assert!(is_beside, "{name}: {tile:?} lies over {other:?}");
        }
    }
}

#[test]
fn views_name_only_columns_that_exist() {
    let columns = columns();
    let mut tables = BTreeSet::new();
    for (path, text) in files() {
        let Some((_, rest)) = text.split_once("sql_table_name: @{DATASET}.") else {
            continue;
        };
        let table = word(rest);
        tables.insert(table.to_owned());
        let known = &columns[table];
        for rest in text.split("${TABLE}.").skip(1) {
            let column = word(rest);
            assert!(
                known.contains(column),
                "{path}: `{column}` is no column of `{table}`"
            );
        }
    }
    let without: Vec<&String> = columns
        .keys()
        .filter(|name| !tables.contains(*name))
        .collect();
    assert_eq!(without, ["workouts_with_stats"]);
}

/// Columns of each table, as the reference page has them.
fn columns() -> BTreeMap<String, BTreeSet<String>> {
    let page = include_str!("../../../../docs/tables.md");
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for section in page.split("\n## ").skip(1) {
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let names = rows.filter_map(|row| row.split('`').next().map(str::to_owned));
        columns.insert(word(section).to_owned(), names.collect());
    }
    columns
}

/// The name at the beginning of a text.
fn word(text: &str) -> &str {
    let is_over = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    text.split(is_over).next().unwrap_or_default()
}
