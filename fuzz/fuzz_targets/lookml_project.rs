//! Files of a project, one after the other behind `### name`: they are resolved and checked, and every explore is asked
//! for its first fields in both dialects.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lookml::{Dialect, Model, Project, Query, Settings, check_project, compile};

/// Fields that are asked for at once.
const FIELDS: usize = 6;

fuzz_target!(|text: &str| {
    let files = text.split("### ").filter_map(|file| {
        let (name, text) = file.split_once('\n')?;
        Some((name.trim().to_owned(), text.to_owned()))
    });
    let project = Project::new(files);
    let _ = check_project(&project);
    let (models, _) = project.models();
    for name in models.keys() {
        if let (Some(model), _) = Model::load(&project, name) {
            ask(&model);
        }
    }
});

fn ask(model: &Model) {
    for explore in model.explores.values() {
        let mut fields: Vec<String> = explore.included.iter().cloned().collect();
        fields.sort();
        fields.truncate(FIELDS);
        let query = Query {
            model: model.name.clone(),
            view: explore.name.clone(),
            pivots: fields.first().cloned().into_iter().collect(),
            fields,
            total: true,
            ..Query::default()
        };
        for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
            let settings = Settings::new(dialect, jiff::Timestamp::UNIX_EPOCH);
            if let Ok(compiled) = compile(model, &query, &settings) {
                let none = compiled.statements.iter().map(|_| Vec::new()).collect();
                let answer = compiled.answer(none).expect("no rows fit every query");
                let _ = answer.json_detail();
            }
        }
    }
}
