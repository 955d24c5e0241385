//! Queries with known answers, from the folder that lies beside the project. Without it nothing is tested, and said.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the answers lie in a folder, and who runs the test is told where it is missing"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use duckdb::{AccessMode, Config, Connection};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lookml::testing::Database;
use lookml::{Dialect, Model, Project, Query, Settings, UserAttribute};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

#[derive(Deserialize)]
struct Case {
    id: String,
    project: String,
    query: Query,
    now: jiff::civil::DateTime,
    #[serde(default)]
    user_attributes: BTreeMap<String, String>,
    #[serde(default)]
    filter_attributes: BTreeMap<String, String>,
}

#[test]
fn every_case_has_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lookml-cases");
    let Ok(entries) = std::fs::read_dir(folder.join("cases")) else {
        eprintln!(
            "SKIPPED: there is no folder {} with queries and answers",
            folder.display()
        );
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut projects: BTreeMap<String, (Project, Database)> = BTreeMap::new();
    let mut count = 0;
    let mut failures = Vec::new();
    for path in paths {
        let cases: Vec<Case> = read(&path);
        let expected: Map<String, Json> =
            read(&folder.join("expected").join(path.file_name().unwrap()));
        for case in cases {
            let (project, database) = projects.entry(case.project.clone()).or_insert_with(|| {
                let files = folder.join("projects").join(&case.project);
                let warehouse = folder
                    .join("data")
                    .join(format!("{}_wh.duckdb", case.project));
                (
                    Project::new(texts(&files)),
                    Database::of(read_only(&warehouse)).unwrap(),
                )
            });
            count += 1;
            let expected = &expected[&case.id];
            let answer = answer(&case, project, database);
            if let Err(difference) = compare(expected, answer) {
                failures.push(format!("{}: {difference}", case.id));
            }
        }
    }
    let list = failures.join("\n");
    assert!(
        failures.is_empty(),
        "{} of {count} cases differ:\n{list}",
        failures.len()
    );
    eprintln!("{count} cases agree");
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of LookML by their paths in a folder.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            texts.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    texts
}

/// A connection that leaves the file as it is.
fn read_only(path: &Path) -> Connection {
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    Connection::open_with_flags(path, config).unwrap()
}

fn answer(case: &Case, project: &Project, database: &Database) -> Result<lookml::Answer, String> {
    let (model, _) = Model::load(project, &case.query.model);
    let model = model.ok_or("LK301: no such model")?;
    let now: Timestamp = TimeZone::UTC.to_timestamp(case.now).unwrap();
    let mut settings = Settings::new(Dialect::DuckDb, now);
    let literals = case.user_attributes.iter();
    let literals =
        literals.map(|(name, value)| (name.clone(), UserAttribute::Literal(value.clone())));
    let expressions = case.filter_attributes.iter();
    let expressions =
        expressions.map(|(name, value)| (name.clone(), UserAttribute::Expression(value.clone())));
    settings.user_attributes = literals.chain(expressions).collect();
    let compiled =
        lookml::compile(&model, &case.query, &settings).map_err(|error| error.to_string())?;
    database
        .answer(&compiled)
        .map_err(|error| error.to_string())
}

fn compare(expected: &Json, answer: Result<lookml::Answer, String>) -> Result<(), String> {
    let answer = match (expected.get("error").and_then(Json::as_str), answer) {
        (Some(code), Err(error)) if error.starts_with(code) => return Ok(()),
        (Some(code), Err(error)) => return Err(format!("expected {code}, got {error}")),
        (Some(code), Ok(_)) => return Err(format!("expected {code}, got rows")),
        (None, answer) => answer?,
    };
    let rows = answer.json();
    let rows = rows.as_array().unwrap();
    let wanted = expected["rows"].as_array().unwrap();
    let sql = || answer.sql().to_owned();
    if rows.len() != wanted.len() {
        return Err(format!(
            "{} rows expected, got {}\n{}",
            wanted.len(),
            rows.len(),
            sql()
        ));
    }
    let is_ordered = expected["ordered"] == true;
    for (at, wanted) in wanted.iter().enumerate() {
        let found = match is_ordered {
            true => difference(wanted, &rows[at]),
            false => match rows.iter().any(|row| difference(wanted, row).is_none()) {
                true => None,
                false => Some(format!("{wanted} is missing")),
            },
        };
        if let Some(difference) = found {
            return Err(format!("row {at}: {difference}\n{}", sql()));
        }
    }
    if let Some(wanted) = expected.get("totals").filter(|totals| !totals.is_null()) {
        let totals = answer
            .totals
            .as_ref()
            .map(|totals| Json::Object(answer.row_json(totals)));
        let totals = totals.unwrap_or(Json::Null);
        if let Some(difference) = difference(wanted, &totals) {
            return Err(format!("totals: {difference}\n{}", sql()));
        }
    } else if answer.totals.is_some() && expected.get("totals").is_some() {
        return Err("totals that nobody wants".to_owned());
    }
    if let Some(wanted) = expected.get("pivots").and_then(Json::as_array) {
        let keys: Vec<Json> = answer
            .pivots
            .iter()
            .map(|pivot| Json::from(pivot.key.clone()))
            .collect();
        if *wanted != keys {
            return Err(format!(
                "pivots {wanted:?} expected, got {keys:?}\n{}",
                sql()
            ));
        }
    }
    if expected["truncated"] == true && !answer.is_truncated {
        return Err("expected to be cut".to_owned());
    }
    Ok(())
}

/// How a row is not what is wanted.
fn difference(wanted: &Json, found: &Json) -> Option<String> {
    let wanted = wanted.as_object()?;
    wanted.iter().find_map(|(name, wanted)| {
        let found = found.get(name).unwrap_or(&Json::Null);
        let is_same = match wanted.as_object() {
            Some(cells) => {
                let names = cells
                    .keys()
                    .chain(found.as_object().into_iter().flat_map(Map::keys));
                let cell =
                    |json: &Json, name: &String| json.get(name).cloned().unwrap_or(Json::Null);
                let names: Vec<&String> = names.collect();
                names.iter().all(|name| {
                    is_same(
                        &cell(&Json::Object(cells.clone()), name),
                        &cell(found, name),
                    )
                })
            }
            None => is_same(wanted, found),
        };
        (!is_same).then(|| format!("{name}: {wanted} expected, got {found}"))
    })
}

fn is_same(wanted: &Json, found: &Json) -> bool {
    match (number(wanted), number(found)) {
        (Some(wanted), Some(found)) => {
            (wanted - found).abs() <= 1e-9_f64.max(wanted.abs().max(found.abs()) * 1e-6)
        }
        _ => match (wanted, found) {
            (Json::Array(_), Json::String(found)) => list(wanted) == sorted(found.split(", ")),
            _ => wanted == found,
        },
    }
}

fn number(json: &Json) -> Option<f64> {
    json.as_f64()
}

fn list(json: &Json) -> Vec<String> {
    let texts: Vec<String> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap().to_owned())
        .collect();
    sorted(texts.iter().map(String::as_str))
}

fn sorted<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut texts: Vec<String> = texts.map(str::to_owned).collect();
    texts.sort();
    texts
}
