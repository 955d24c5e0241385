//! Every field of the built-in project, on real rows.

use std::path::Path;

use duckdb::{AccessMode, Config, Connection};
use jiff::Timestamp;
use lookml::testing::Database;
use lookml::{Dialect, Limit, Model, Query, Settings};

use super::{NOW, world};
use crate::built_in::model;

/// Fields of an explore that a person may ask for, with one measure that counts something.
pub(crate) fn visible_fields(model: &Model, explore: &str) -> (Vec<String>, String) {
    let explore = &model.explores[explore];
    let mut visible = Vec::new();
    for name in &explore.included {
        let (alias, field) = name.split_once('.').unwrap();
        let view = &explore.views[alias].view;
        let field = &model.views[view].fields[field];
        if !field.show.hidden && (field.dimension().is_some() || field.measure().is_some()) {
            visible.push(name.clone());
        }
    }
    visible.sort();
    let count = visible.iter().find(|name| name.ends_with("count"));
    let count = count.expect("an explore counts something").clone();
    (visible, count)
}

/// What fails of the fields of an explore: alone, and some at a time with a count.
fn failures(model: &Model, explore: &str, path: &Path) -> (usize, Vec<String>) {
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let connection = Connection::open_with_flags(path, config).unwrap();
    let database = Database::of(connection).unwrap();
    let mut settings = Settings::new(Dialect::DuckDb, NOW.parse::<Timestamp>().unwrap());
    settings.tables.schemas = [("peloton".to_owned(), "main".to_owned())].into();
    let (fields, count) = visible_fields(model, explore);
    let alone = fields.chunks(1).map(<[String]>::to_vec);
    let counted = fields
        .chunks(5)
        .map(|fields| [fields, std::slice::from_ref(&count)].concat());
    let mut failures = Vec::new();
    for fields in alone.chain(counted) {
        let query = Query {
            model: model.name.clone(),
            view: explore.to_owned(),
            fields,
            limit: Some(Limit::To(10)),
            ..Query::default()
        };
        let compiled = lookml::compile(model, &query, &settings);
        let answer = compiled
            .map_err(|error| error.to_string())
            .and_then(|compiled| {
                database
                    .answer(&compiled)
                    .map_err(|error| error.to_string())
            });
        if let Err(error) = answer {
            failures.push(format!("{explore}: {:?}: {error}", query.fields));
        }
    }
    (fields.len(), failures)
}

#[test]
fn every_visible_field_can_be_asked_for_alone_and_with_a_count() {
    let home = world();
    let path = home.profile().join("warehouse.duckdb");
    let model = model();
    let found = std::thread::scope(|scope| {
        let explores = model.explores.keys();
        let threads = explores.map(|explore| scope.spawn(|| failures(&model, explore, &path)));
        let threads: Vec<_> = threads.collect();
        let found = threads.into_iter().map(|thread| thread.join().unwrap());
        found.collect::<Vec<_>>()
    });
    let failures: Vec<&String> = found.iter().flat_map(|(_, failures)| failures).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    let count: usize = found.iter().map(|(count, _)| count).sum();
    assert!(count > 500, "{count}");
}
