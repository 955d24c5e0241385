//! Our tables as BigQuery describes tables.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::Error as Failure;
use crate::schema::{Column, ColumnType, Table};

/// Google's limit for the description of a column, in characters.
const DESCRIPTION: usize = 1024;

/// A field of a table's schema, in the names that the REST interface answers with. What we do not know
/// of it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) field_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<Field>,
    #[serde(flatten)]
    pub(super) rest: serde_json::Map<String, Value>,
}

impl Field {
    fn is_repeated(&self) -> bool {
        self.mode.as_deref() == Some("REPEATED")
    }

    /// As SQL names it, for people.
    fn shown(&self) -> String {
        let name = sql_name(&self.field_type);
        if self.is_repeated() {
            format!("ARRAY<{name}>")
        } else {
            name.to_owned()
        }
    }
}

/// The fields of a table of ours.
pub(super) fn fields(columns: &[Column]) -> Vec<Field> {
    columns.iter().map(field).collect()
}

fn field(column: &Column) -> Field {
    let (column_type, mode) = match &column.column_type {
        ColumnType::List(item) => (item.as_ref(), "REPEATED"),
        other => (other, "NULLABLE"),
    };
    let nested = match column_type {
        ColumnType::Struct(columns) => fields(columns),
        _ => Vec::new(),
    };
    Field {
        name: column.name.into(),
        field_type: legacy_name(column_type).into(),
        mode: Some(mode.into()),
        description: Some(column.comment().chars().take(DESCRIPTION).collect()),
        fields: nested,
        rest: serde_json::Map::new(),
    }
}

/// The names in which the interface answers. JSON is text: BigQuery refuses to load JSON from Parquet.
fn legacy_name(column_type: &ColumnType) -> &'static str {
    match column_type {
        ColumnType::String | ColumnType::Json | ColumnType::List(_) => "STRING",
        ColumnType::Int16 | ColumnType::Int32 | ColumnType::Int64 => "INTEGER",
        ColumnType::Float64 => "FLOAT",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::DateTime => "DATETIME",
        ColumnType::Struct(_) => "RECORD",
    }
}

/// The names that SQL uses, for the legacy ones; others stay.
pub(super) fn sql_name(name: &str) -> &str {
    match name {
        "INTEGER" => "INT64",
        "FLOAT" => "FLOAT64",
        "BOOLEAN" => "BOOL",
        "RECORD" => "STRUCT",
        other => other,
    }
}

/// The schema that a table there must have to take our rows: its own fields in their order, those of
/// ours that it lacks behind them, our descriptions, and nothing REQUIRED.
///
/// # Errors
/// [`Failure::Conflict`] for a column of another type.
pub(super) fn merge(table: &str, there: &[Field], ours: &[Field]) -> Result<Vec<Field>, Failure> {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let mut merged = Vec::new();
    for field in there {
        let mut field = field.clone();
        if field.mode.as_deref() == Some("REQUIRED") {
            field.mode = Some("NULLABLE".into());
        }
        if let Some(our) = ours.iter().find(|our| same(&our.name, &field.name)) {
            let is_type = sql_name(&our.field_type) == sql_name(&field.field_type);
            if !is_type || our.is_repeated() != field.is_repeated() {
                return Err(Failure::Conflict {
                    table: table.into(),
                    column: field.name.clone(),
                    there: field.shown(),
                    here: our.shown(),
                });
            }
            field.fields = merge(table, &field.fields, &our.fields)?;
            field.description.clone_from(&our.description);
        }
        merged.push(field);
    }
    for our in ours {
        if !there.iter().any(|field| same(&field.name, &our.name)) {
            merged.push(our.clone());
        }
    }
    Ok(merged)
}

/// The months of a table, as it is made.
pub(super) fn partitioning(table: &Table) -> Option<Value> {
    let field = table.partition_by?;
    Some(json!({ "type": "MONTH", "field": field }))
}

/// What rows lie close together.
pub(super) fn clustering(table: &Table) -> Option<Value> {
    (!table.cluster_by.is_empty()).then(|| json!({ "fields": table.cluster_by }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, field_type: &str, mode: &str) -> Field {
        Field {
            name: name.into(),
            field_type: field_type.into(),
            mode: (!mode.is_empty()).then(|| mode.into()),
            description: None,
            fields: Vec::new(),
            rest: serde_json::Map::new(),
        }
    }

    #[test]
    fn new_columns_come_last_and_nothing_is_dropped() {
        let there = [of("id", "STRING", "REQUIRED"), of("mine", "GEOGRAPHY", "")];
        let ours = [
            of("watts", "INTEGER", "NULLABLE"),
            of("id", "STRING", "NULLABLE"),
        ];
        let merged = merge("t", &there, &ours).unwrap();
        let shown: Vec<String> = merged
            .iter()
            .map(|field| format!("{} {:?}", field.name, field.mode.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            shown,
            ["id \"NULLABLE\"", "mine \"\"", "watts \"NULLABLE\""]
        );
    }

    #[test]
    fn both_spellings_of_a_type_are_one() {
        assert!(
            merge(
                "t",
                &[of("a", "INT64", "")],
                &[of("a", "INTEGER", "NULLABLE")]
            )
            .is_ok()
        );
    }

    #[test]
    fn another_type_is_a_conflict_that_names_both() {
        let error = merge("d.t", &[of("a", "STRING", "")], &[of("a", "INTEGER", "")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "column `a` of `d.t` is STRING there and INT64 here"
        );
        assert!(
            merge(
                "t",
                &[of("a", "STRING", "REPEATED")],
                &[of("a", "STRING", "")]
            )
            .is_err()
        );
    }

    #[test]
    fn what_we_do_not_know_of_a_field_is_kept() {
        let text = r#"{"name":"a","type":"STRING","policyTags":{"names":["x"]}}"#;
        let field: Field = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&field).unwrap(), text);
    }
}
