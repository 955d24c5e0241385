//! What real answers look like: `peloton-payloads/fields.tsv`, a line for each path of each endpoint.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

/// Shapes of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    fields: BTreeMap<String, Field>,
}

#[derive(Debug, Default)]
struct Field {
    /// As the file names types: int, float, string, bool, null, array, object.
    types: BTreeSet<String>,
    is_in_all_files: bool,
}

/// The folder with the payloads; None where there is none.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside =
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/peloton-payloads");
    let folder = std::env::var_os("PELOTON_PAYLOADS").map_or_else(beside, PathBuf::from);
    folder.join("fields.tsv").is_file().then_some(folder)
}

impl Facts {
    /// Reads the lines of an endpoint and those of others that show parts of the same objects.
    pub(crate) fn read(table: &str, endpoint: &str, others: &[&str]) -> Self {
        let mut facts = Self::default();
        for line in table.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [slug, path, types, present, files, ..] = columns[..] else {
                continue;
            };
            // Rows of a page are an endpoint of their own.
            let is_row = path.starts_with("data[]");
            if is_row || slug != endpoint && !others.contains(&slug) {
                continue;
            }
            let field = facts.fields.entry(path.to_owned()).or_default();
            field.types.extend(types.split(' ').map(plain));
            field.is_in_all_files = slug == endpoint
                && is_always(present)
                && is_always(files)
                && !files.ends_with("/1");
        }
        assert!(!facts.fields.is_empty(), "no facts about {endpoint}");
        facts
    }

    /// Whether an answer may have such a value there.
    pub(crate) fn allow(&self, path: &str, kind: &str) -> bool {
        let types = self.fields.get(path).map(|field| &field.types);
        types.is_some_and(|types| types.contains(kind) || kind == "int" && types.contains("float"))
    }

    pub(crate) fn know(&self, path: &str) -> bool {
        self.fields.contains_key(path)
    }

    /// Paths that no real answer lacks.
    pub(crate) fn always(&self) -> impl Iterator<Item = &String> {
        let always = self
            .fields
            .iter()
            .filter(|(_, field)| field.is_in_all_files);
        always.map(|(path, _)| path)
    }
}

/// `array(empty):3` is an array.
fn plain(types: &str) -> String {
    let name = types.split([':', '(']).next();
    name.unwrap_or_default().to_owned()
}

/// `22/22`
fn is_always(share: &str) -> bool {
    share.split_once('/').is_some_and(|(part, all)| part == all)
}

/// Every path of an answer with its types, written as the file writes them.
pub(crate) fn paths(answer: &Value) -> BTreeSet<(String, &'static str)> {
    let mut paths = BTreeSet::new();
    collect("", answer, &mut paths);
    paths
}

fn collect(path: &str, value: &Value, paths: &mut BTreeSet<(String, &'static str)>) {
    if !path.is_empty() {
        paths.insert((path.to_owned(), kind(value)));
    }
    match value {
        Value::Array(elements) => {
            let path = format!("{path}[]");
            elements
                .iter()
                .for_each(|element| collect(&path, element, paths));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = if is_month(name) { "{YYYY-MM}" } else { name };
                let dot = if path.is_empty() { "" } else { "." };
                collect(&format!("{path}{dot}{name}"), field, paths);
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_month(name: &str) -> bool {
    let is_digit = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    name.len() == 7
        && name
            .split_once('-')
            .is_some_and(|(year, month)| year.len() == 4 && is_digit(year) && is_digit(month))
}
