//! `docs tables`: the reference, from the same source as the tables.

use std::io::Write;

use anyhow::Result;
use warehouse::schema::{Column, ColumnType, Table};

use super::Outcome;
use crate::cli::DocsFormat;
use crate::transform;

pub(crate) fn tables(format: DocsFormat) -> Result<Outcome> {
    let tables = transform::tables();
    let text = match format {
        DocsFormat::Markdown => markdown(&tables),
        DocsFormat::Json => json(&tables)?,
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Outcome::Complete)
}

/// The page `docs/tables.md`.
pub(crate) fn markdown(tables: &[Table]) -> String {
    let mut page = String::from(
        "# Tables\n\nMade by `peloton-looker docs tables`. Names and types are the same in every warehouse. \
         TIMESTAMP is UTC, DATETIME is a wall clock without a zone. Schema `state` of the DuckDB file is the program's own: its version, and how far it has come in the archive.\n",
    );
    for table in tables {
        page.push_str(&format!(
            "\n## {}\n\n{}\n\nOne row: {}. Key: {}.\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
            table.name,
            table.description,
            table.grain,
            table.key.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        ));
        for column in &table.columns {
            page.push_str(&line("", column));
        }
    }
    for view in transform::views() {
        page.push_str(&format!(
            "\n## {} (view)\n\n{}\n\nOne row: {}. A table where there are no views: in BigQuery, by months of \
             `{}`.\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
            view.table.name,
            view.table.description,
            view.table.grain,
            view.table.partition_by.unwrap_or_default(),
        ));
        for (prefix, column) in nested(&view.table) {
            page.push_str(&line(prefix, column));
        }
    }
    page
}

/// The columns that a view adds: lists with what is nested in them.
fn nested(table: &Table) -> Vec<(&str, &Column)> {
    let mut columns = Vec::new();
    for column in &table.columns {
        let ColumnType::List(item) = &column.column_type else {
            continue;
        };
        if let ColumnType::Struct(fields) = item.as_ref() {
            columns.extend(fields.iter().map(|field| (column.name, field)));
        }
    }
    columns
}

fn line(prefix: &str, column: &Column) -> String {
    let dot = if prefix.is_empty() { "" } else { "." };
    format!(
        "| `{prefix}{dot}{}` | {} | {} | {} |\n",
        column.name,
        column.column_type.logical_name(),
        column.unit.unwrap_or(""),
        column.description.replace('|', "\\|"),
    )
}

fn json(tables: &[Table]) -> Result<String> {
    let tables: Vec<serde_json::Value> = tables
        .iter()
        .map(|table| {
            let columns: Vec<serde_json::Value> = table
                .columns
                .iter()
                .map(|column| {
                    serde_json::json!({
                        "name": column.name,
                        "type": column.column_type.logical_name(),
                        "unit": column.unit,
                        "description": column.description,
                    })
                })
                .collect();
            serde_json::json!({
                "name": table.name,
                "description": table.description,
                "grain": table.grain,
                "key": table.key,
                "columns": columns,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&tables)? + "\n")
}
