//! The tables as SQL that fills them.

use crate::model::Table;
use crate::value::Value;

/// CREATE and INSERT statements for DuckDB.
pub(crate) fn inserts(tables: &[Table]) -> String {
    tables.iter().map(table).collect()
}

fn table(table: &Table) -> String {
    let columns = table.relation.columns.iter().zip(&table.types);
    let columns: Vec<String> = columns
        .map(|(name, kind)| format!("{name} {kind}"))
        .collect();
    let mut text = format!("CREATE TABLE {} ({});\n", table.name, columns.join(", "));
    if table.relation.rows.is_empty() {
        return text;
    }
    let row = |row: &Vec<Value>| {
        let values: Vec<String> = row.iter().map(Value::sql).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = table.relation.rows.iter().map(row).collect();
    text += &format!("INSERT INTO {} VALUES\n{};\n", table.name, rows.join(",\n"));
    text
}
