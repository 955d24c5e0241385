//! Schemas of tables: what a new one may be, and what an old one may become.

use serde_json::Value as Json;

use super::answer::{Refusal, Result};

/// Beginnings of names that are BigQuery's own.
const PREFIXES: [&str; 9] = [
    "_TABLE_",
    "_FILE_",
    "_PARTITION",
    "_ROW_TIMESTAMP",
    "__ROOT__",
    "_COLIDENTIFIER",
    "_CHANGE_SEQUENCE_NUMBER",
    "_CHANGE_TYPE",
    "_CHANGE_TIMESTAMP",
];

pub(super) fn name(field: &Json) -> &str {
    field["name"].as_str().unwrap_or_default()
}

/// The type in the name that answers have.
pub(super) fn kind(field: &Json) -> &str {
    match field["type"].as_str().unwrap_or_default() {
        "INT64" => "INTEGER",
        "FLOAT64" => "FLOAT",
        "BOOL" => "BOOLEAN",
        "STRUCT" => "RECORD",
        other => other,
    }
}

pub(super) fn mode(field: &Json) -> &str {
    field["mode"].as_str().unwrap_or("NULLABLE")
}

pub(super) fn fields(of: &Json) -> Vec<Json> {
    of["fields"].as_array().cloned().unwrap_or_default()
}

/// Columns are found whatever the case of their letters.
pub(super) fn find<'a>(fields: &'a [Json], wanted: &str) -> Option<&'a Json> {
    let is_wanted = |field: &&Json| name(field).eq_ignore_ascii_case(wanted);
    fields.iter().find(is_wanted)
}

/// The fields of a request in the names that answers have.
pub(super) fn read(schema: &Json) -> Result<Vec<Json>> {
    let mut fields = fields(schema);
    if fields.is_empty() {
        return Err(Refusal::invalid("Schema has no fields"));
    }
    let mut names = Vec::new();
    for field in &mut fields {
        check_name(name(field))?;
        names.push(name(field).to_lowercase());
        let length = field["description"]
            .as_str()
            .map_or(0, |text| text.chars().count());
        if length > 1024 {
            return Err(Refusal::invalid("The description for a field is too long"));
        }
        field["type"] = kind(field).into();
        match kind(field) {
            "RECORD" => field["fields"] = read(field)?.into(),
            "STRING" | "BYTES" | "INTEGER" | "FLOAT" | "BOOLEAN" | "TIMESTAMP" | "DATE"
            | "DATETIME" | "NUMERIC" | "GEOGRAPHY" | "JSON" => {}
            other => return Err(Refusal::invalid(format!("{other} is not a valid value"))),
        }
    }
    names.sort();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::invalid("Duplicate field name in schema"));
    }
    Ok(fields)
}

fn check_name(name: &str) -> Result<()> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let upper = name.to_uppercase();
    let is_theirs = PREFIXES.iter().any(|prefix| upper.starts_with(prefix));
    if is_first && name.chars().all(is_part) && name.len() <= 300 && !is_theirs {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Invalid field name \"{name}\"")))
}

/// What keeps a table from getting a schema by `tables.patch`.
pub(super) fn check_patch(table: &str, old: &[Json], new: &[Json]) -> Result<()> {
    let wrong = |what: String| {
        let message = format!("Provided Schema does not match Table {table}. {what}");
        Err(Refusal::invalid(message))
    };
    for field in old {
        let Some(other) = find(new, name(field)) else {
            return wrong(format!("Field {} is missing in new schema", name(field)));
        };
        if let Some(what) = type_change(field, other) {
            return wrong(what);
        }
        if mode(field) != mode(other) && (mode(field), mode(other)) != ("REQUIRED", "NULLABLE") {
            return wrong(mode_change(field, other));
        }
        check_patch(table, &fields(field), &fields(other))?;
    }
    let added = new.iter().filter(|field| find(old, name(field)).is_none());
    for field in added {
        if mode(field) == "REQUIRED" {
            let name = name(field);
            let message =
                format!("Cannot add required fields to an existing schema. (field: {name})");
            return Err(Refusal::invalid(message));
        }
    }
    Ok(())
}

/// What keeps a load with a schema from adding to a table, or from replacing one of its partitions.
pub(super) fn check_load(table: &str, old: &[Json], new: &[Json]) -> Result<()> {
    let wrong = |what: String| {
        let message = format!("Provided Schema does not match Table {table}. {what}");
        Err(Refusal::invalid(message))
    };
    for field in new {
        let Some(there) = find(old, name(field)) else {
            return wrong(format!("Cannot add fields (field: {})", name(field)));
        };
        if let Some(what) = type_change(there, field) {
            return wrong(what);
        }
        if mode(there) != mode(field) {
            return wrong(mode_change(there, field));
        }
        check_load(table, &fields(there), &fields(field))?;
    }
    Ok(())
}

fn type_change(old: &Json, new: &Json) -> Option<String> {
    let (name, old, new) = (name(old), kind(old), kind(new));
    (old != new).then(|| format!("Field {name} has changed type from {old} to {new}"))
}

fn mode_change(old: &Json, new: &Json) -> String {
    let (name, old, new) = (name(old), mode(old), mode(new));
    format!("Field {name} has changed mode from {old} to {new}")
}
