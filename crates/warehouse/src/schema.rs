//! What a table is: the one description from which DuckDB's DDL, Arrow schemas, BigQuery schemas
//! and the reference page are made.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// A table: what one row is, what identifies it, and its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name in every warehouse, snake case.
    pub name: &'static str,
    /// What one row is, as a phrase: "one workout".
    pub grain: &'static str,
    /// What a reader should know before using it.
    pub description: &'static str,
    /// Columns that together identify a row; exports are sorted by them.
    pub key: &'static [&'static str],
    /// The STRING column by whose values rows are replaced as a whole (a workout's seconds by
    /// `workout_id`). A load deletes all rows of the values it brings, then appends.
    pub replace_by: &'static str,
    /// Columns in their order.
    pub columns: Vec<Column>,
}

/// A column: name, type, unit and meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name in every warehouse, snake case.
    pub name: &'static str,
    /// Logical type.
    pub column_type: ColumnType,
    /// Unit of the values, in the field's own short form: `W`, `rpm`, `m`. `None` where there is none.
    pub unit: Option<&'static str>,
    /// What it means, one line.
    pub description: &'static str,
}

/// Logical type of a column. All are nullable.
///
/// The three integer widths differ in how DuckDB and Parquet store them; BigQuery has INT64 only.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnType {
    /// UTF-8 text.
    String,
    /// 16-bit signed integer.
    Int16,
    /// 32-bit signed integer.
    Int32,
    /// 64-bit signed integer.
    Int64,
    /// 64-bit float, never NaN or infinite.
    Float64,
    /// True or false.
    Bool,
    /// Calendar date.
    Date,
    /// Instant, microseconds, UTC; stored naive in DuckDB.
    Timestamp,
    /// Wall clock without a zone, microseconds.
    DateTime,
    /// JSON text.
    Json,
    /// Repeated values.
    List(Box<ColumnType>),
    /// Nested columns.
    Struct(Vec<Column>),
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The Arrow schema of a batch of this table's rows; columns in order, all nullable.
    pub fn arrow_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(arrow_fields(&self.columns)))
    }
}

impl ColumnType {
    /// The Arrow type that batches carry. Timestamps have no zone: the values are UTC.
    pub fn arrow_type(&self) -> DataType {
        match self {
            Self::String | Self::Json => DataType::Utf8,
            Self::Int16 => DataType::Int16,
            Self::Int32 => DataType::Int32,
            Self::Int64 => DataType::Int64,
            Self::Float64 => DataType::Float64,
            Self::Bool => DataType::Boolean,
            Self::Date => DataType::Date32,
            Self::Timestamp | Self::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::List(item) => {
                DataType::List(Arc::new(Field::new("element", item.arrow_type(), true)))
            }
            Self::Struct(columns) => DataType::Struct(arrow_fields(columns)),
        }
    }

    /// The type in DuckDB's DDL.
    pub fn duckdb_type(&self) -> String {
        match self {
            Self::String => "VARCHAR".into(),
            Self::Int16 => "SMALLINT".into(),
            Self::Int32 => "INTEGER".into(),
            Self::Int64 => "BIGINT".into(),
            Self::Float64 => "DOUBLE".into(),
            Self::Bool => "BOOLEAN".into(),
            Self::Date => "DATE".into(),
            Self::Timestamp | Self::DateTime => "TIMESTAMP".into(),
            Self::Json => "JSON".into(),
            Self::List(item) => format!("{}[]", item.duckdb_type()),
            Self::Struct(columns) => {
                let fields: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        format!("\"{}\" {}", column.name, column.column_type.duckdb_type())
                    })
                    .collect();
                format!("STRUCT({})", fields.join(", "))
            }
        }
    }

    /// The name that the documentation uses: the common names of design and BigQuery.
    pub fn logical_name(&self) -> String {
        match self {
            Self::String => "STRING".into(),
            Self::Int16 | Self::Int32 | Self::Int64 => "INT64".into(),
            Self::Float64 => "FLOAT64".into(),
            Self::Bool => "BOOL".into(),
            Self::Date => "DATE".into(),
            Self::Timestamp => "TIMESTAMP".into(),
            Self::DateTime => "DATETIME".into(),
            Self::Json => "JSON".into(),
            Self::List(item) => format!("ARRAY<{}>", item.logical_name()),
            Self::Struct(columns) => {
                let fields: Vec<String> = columns
                    .iter()
                    .map(|column| format!("{} {}", column.name, column.column_type.logical_name()))
                    .collect();
                format!("STRUCT<{}>", fields.join(", "))
            }
        }
    }
}

fn arrow_fields(columns: &[Column]) -> Fields {
    columns
        .iter()
        .map(|column| Field::new(column.name, column.column_type.arrow_type(), true))
        .collect()
}
