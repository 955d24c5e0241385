//! What a table is: the one description from which DuckDB's DDL, Arrow schemas, BigQuery schemas
//! and the reference page are made.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, ListArray, RecordBatch, RecordBatchOptions, StructArray,
};
use arrow::datatypes::{
    DataType, Field, Fields, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use arrow::error::ArrowError;

use crate::error::Result;

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
    /// The DATE or TIMESTAMP column by whose month published copies are divided; `None` for a table
    /// that is one piece.
    pub partition_by: Option<&'static str>,
    /// Columns by which a warehouse that can keeps rows close together.
    pub cluster_by: &'static [&'static str],
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

    /// The sentence that stands at the table in a warehouse that keeps one.
    pub fn comment(&self) -> String {
        format!("{} One row: {}.", self.description, self.grain)
    }

    /// A batch of this table's rows that came from somewhere, in the order and the types that it should have:
    /// integers may have been wider, times may have had a zone.
    ///
    /// # Errors
    /// [`crate::Error::Arrow`] for a column that is missing, and for what can't be read as the type.
    pub fn conform(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        conform(batch, &self.arrow_schema())
    }

    /// The Arrow schema of a batch of this table's rows; columns in order, all nullable.
    pub fn arrow_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(arrow_fields(&self.columns)))
    }
}

impl Column {
    /// The meaning with the unit, as it stands at the column in a warehouse that keeps it.
    pub fn comment(&self) -> String {
        match self.unit {
            Some(unit) => format!("{} [{unit}]", self.description),
            None => self.description.to_owned(),
        }
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

/// The same values under a schema that differs in widths, zones and the order of the columns.
pub(crate) fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let named = |name: &str| batch.column_by_name(name);
    let columns = relabel_all(schema.fields(), named)?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(
        Arc::clone(schema),
        columns,
        &options,
    )?)
}

/// By name: a table of an older program got its newer columns at the end.
fn relabel_all<'a>(
    fields: &Fields,
    named: impl Fn(&str) -> Option<&'a ArrayRef>,
) -> Result<Vec<ArrayRef>> {
    let column = |field: &Arc<Field>| {
        let column = named(field.name()).ok_or_else(|| {
            ArrowError::SchemaError(format!("the column `{}` is not there", field.name()))
        })?;
        relabel(column, field.data_type())
    };
    fields.iter().map(column).collect()
}

fn relabel(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    if array.data_type() == to {
        return Ok(Arc::clone(array));
    }
    let array = match (array.data_type(), to) {
        (DataType::List(_), DataType::List(field)) => {
            let list = array.as_list::<i32>();
            let items = relabel(list.values(), field.data_type())?;
            let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
            Arc::new(ListArray::try_new(
                Arc::clone(field),
                offsets,
                items,
                nulls,
            )?) as ArrayRef
        }
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let array = array.as_struct();
            let columns = relabel_all(fields, |name| array.column_by_name(name))?;
            Arc::new(StructArray::try_new(
                fields.clone(),
                columns,
                array.nulls().cloned(),
            )?)
        }
        // Microseconds in both: only the zone's name differs, the instant stays.
        (DataType::Timestamp(TimeUnit::Microsecond, _), DataType::Timestamp(unit, zone))
            if *unit == TimeUnit::Microsecond =>
        {
            let times = array.as_primitive::<TimestampMicrosecondType>().clone();
            Arc::new(times.with_timezone_opt(zone.clone()))
        }
        _ => arrow::compute::cast(array, to)?,
    };
    Ok(array)
}

fn arrow_fields(columns: &[Column]) -> Fields {
    columns
        .iter()
        .map(|column| Field::new(column.name, column.column_type.arrow_type(), true))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int64Array, StringArray};

    fn batch(names: [&str; 2]) -> RecordBatch {
        let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let number: ArrayRef = Arc::new(Int64Array::from(vec![7]));
        let inner = [names[0], names[1]].into_iter().zip([&number, &text]);
        let inner = inner.map(|(name, array)| {
            let field = Field::new(name, array.data_type().clone(), true);
            (Arc::new(field), Arc::clone(array))
        });
        let inner: ArrayRef = Arc::new(StructArray::from(inner.collect::<Vec<_>>()));
        let columns = [("inner", inner), (names[0], number), (names[1], text)];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn schema() -> SchemaRef {
        let id = Field::new("id", DataType::Utf8, true);
        let n = Field::new("n", DataType::Int32, true);
        let inner = DataType::Struct(Fields::from(vec![id.clone(), n.clone()]));
        Arc::new(Schema::new(vec![id, n, Field::new("inner", inner, true)]))
    }

    #[test]
    fn columns_are_taken_by_their_names() {
        let conformed = conform(&batch(["n", "id"]), &schema()).unwrap();
        let inner = conformed.column(2).as_struct();
        for columns in [conformed.columns(), inner.columns()] {
            assert_eq!(columns[0].as_string::<i32>().value(0), "a");
            assert_eq!(columns[1].data_type(), &DataType::Int32);
        }
    }

    #[test]
    fn a_column_of_another_name_is_refused() {
        for names in [["n", "other"], ["other", "id"]] {
            assert!(conform(&batch(names), &schema()).is_err());
        }
    }
}
