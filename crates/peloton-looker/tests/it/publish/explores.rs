//! Explores of the built-in project: asked of BigQuery and of DuckDB they have equal answers.

use std::collections::BTreeSet;
use std::sync::Mutex;

use lookml::{Model, Query, Sort};
use serde_json::Value as Json;

use super::bigquery::Dataset;
use crate::built_in::{model, typical};
use crate::home::Home;
use crate::looker::tiles;
use crate::query::{NOW, settings, visible_fields};

/// Sums of what joins repeat are exact to six decimals there; the emulator's widest decimal has five.
const TOLERANCE: f64 = 1e-5;
/// They are about the short while that the run of a test took, of which the emulator counts the seconds and minutes that
/// began (BigQuery those that passed).
const TOO_SHORT: [&str; 4] = [
    "sync_runs.average_seconds",
    "sync_runs.minutes_run",
    "sync_runs.requests_per_minute",
    "sync_runs.seconds_run",
];

fn world() -> Home {
    let home = Home::new(settings());
    home.sync(&[]).ends(0);
    home
}

#[test]
fn explores_have_equal_answers_there() {
    let Some(dataset) = Dataset::new("explores", world) else {
        return;
    };
    let model = model();
    let typical = typical().into_iter().map(|typical| typical.query);
    let queries = typical.chain(tiles()).chain(every_field(&model));
    let queries: Vec<Query> = queries.map(without_short_times).collect();
    assert!(queries.len() > 100, "{}", queries.len());
    let next = Mutex::new(queries.iter());
    let take = || next.lock().unwrap().next();
    let work = || {
        let mut found = Vec::new();
        while let Some(query) = take() {
            found.extend(difference(&dataset, query));
        }
        found
    };
    let differences: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        let found = threads.map(|thread| thread.join().unwrap());
        found.into_iter().flatten().collect()
    });
    assert!(
        differences.is_empty(),
        "{} of {} queries differ:\n{}",
        differences.len(),
        queries.len(),
        differences.join("\n")
    );
}

/// The query without what the emulator counts in its own way.
fn without_short_times(mut query: Query) -> Query {
    query
        .fields
        .retain(|field| !TOO_SHORT.contains(&field.as_str()));
    query
}

/// Every visible field, in the first explore that has it, many at a time with something that is counted.
fn every_field(model: &Model) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut seen = BTreeSet::new();
    for explore in model.explores.keys() {
        let (mut fields, count) = visible_fields(model, explore);
        fields.retain(|field| seen.insert(field.clone()));
        for fields in fields.chunks(20) {
            let mut fields = fields.to_vec();
            if !fields.contains(&count) {
                fields.push(count.clone());
            }
            queries.push(Query {
                model: model.name.clone(),
                view: explore.clone(),
                sorts: dimensions(model, explore, &fields),
                fields,
                ..Query::default()
            });
        }
    }
    queries
}

/// Sorts by all dimensions of some fields, so that no two rows may change places.
fn dimensions(model: &Model, explore: &str, fields: &[String]) -> Vec<Sort> {
    let views = &model.explores[explore].views;
    let is_dimension = |name: &&String| {
        let (alias, field) = name.split_once('.').unwrap();
        let view = &model.views[&views[alias].view];
        view.fields[field].dimension().is_some()
    };
    let dimensions = fields.iter().filter(is_dimension);
    dimensions.map(|name| name.parse().unwrap()).collect()
}

/// How the answers differ.
fn difference(dataset: &Dataset, query: &Query) -> Option<String> {
    let target = dataset.target();
    let text = serde_json::to_string(query).unwrap();
    let ask = |on: &[&str]| {
        let arguments = ["query", "--now", NOW, "--format", "json", "--json", "-"];
        let ran = dataset.run_with(&[&arguments, on].concat(), &text);
        match ran.code {
            0 => Ok(serde_json::from_str::<Json>(&ran.data).unwrap()),
            _ => Err(ran.talk),
        }
    };
    match (ask(&[]), ask(&["--on", &target])) {
        (Ok(here), Ok(there)) => {
            unequal(&here, &there).map(|difference| format!("{text}\n    {difference}"))
        }
        (Err(error), _) => Some(format!("{text}\n    here: {error}")),
        (_, Err(error)) => Some(format!("{text}\n    there: {error}")),
    }
}

fn unequal(here: &Json, there: &Json) -> Option<String> {
    match (here, there) {
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            let mut rows = a.iter().zip(b).enumerate();
            rows.find_map(|(row, (a, b))| Some(format!("row {row}: {}", unequal(a, b)?)))
        }
        (Json::Object(a), Json::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(name, value)| {
                let other = b.get(name).unwrap_or(&Json::Null);
                unequal(value, other).map(|difference| format!("{name}: {difference}"))
            })
        }
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64()?, b.as_f64()?);
            let largest = a.abs().max(b.abs()).max(1.0);
            ((a - b).abs() > TOLERANCE * largest).then(|| format!("{a} here, {b} there"))
        }
        (a, b) => (a != b).then(|| format!("{a} here, {b} there")),
    }
}
