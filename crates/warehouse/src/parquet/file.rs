//! One Parquet file of a table's rows.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{FileMetaData, KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnPath;

use crate::SCHEMA_VERSION;
use crate::error::{Error, IoContext, Result};
use crate::schema::{Column, ColumnType, Table};
use crate::unit::Fingerprint;

const VERSION_KEY: &str = "peloton_looker.schema_version";
const TABLE_KEY: &str = "peloton_looker.table";
const FINGERPRINT_KEY: &str = "peloton_looker.fingerprint";

/// A seventh smaller than level 1, and a tenth slower.
const ZSTD_LEVEL: i32 = 3;

/// Where numbers are packed by their differences there is little left to compress: a tenth is what a higher level
/// would save, for a sixth of the time.
const ZSTD_LEVEL_OF_DELTAS: i32 = 1;

/// Rows of a page: those of the library's own limit compress a tenth worse, and each waits with eight bytes a
/// column.
const PAGE: usize = 1 << 17;

/// Rows that are compressed and indexed together.
const ROW_GROUP: usize = 1 << 20;

/// What our files say about themselves in their metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Names of the columns.
    pub columns: BTreeSet<String>,
    /// Version of the tables.
    pub schema_version: i32,
    /// Name of the table.
    pub table: String,
    /// Of the rows.
    pub fingerprint: Fingerprint,
}

/// A file that is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// How the rows of a file lie in it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Layout {
    /// They come in the order of the table's key, as the file then says.
    pub(crate) is_sorted: bool,
    /// Whole numbers of a table in months are packed by their differences, see
    /// [`Destination::reads_deltas`](crate::Destination::reads_deltas).
    pub(crate) has_deltas: bool,
}

/// Writes batches of a table to a file.
pub(crate) struct Writer {
    schema: SchemaRef,
    writer: ArrowWriter<File>,
    rows: u64,
}

impl Writer {
    /// For rows in any order, in a file that every reader knows.
    pub(crate) fn create(path: &Path, table: &Table, fingerprint: &Fingerprint) -> Result<Self> {
        Self::laid_out(path, table, fingerprint, Layout::default())
    }

    /// For rows that lie in the file as is said.
    pub(crate) fn laid_out(
        path: &Path,
        table: &Table,
        fingerprint: &Fingerprint,
        layout: Layout,
    ) -> Result<Self> {
        let mut properties = properties(table, fingerprint)?;
        if layout.is_sorted {
            properties = properties.set_sorting_columns(Some(sorting(table)));
        }
        if layout.has_deltas && table.partition_by.is_some() {
            properties = by_differences(properties, table)?;
        }
        Self::with(path, table, properties)
    }

    fn with(path: &Path, table: &Table, properties: WriterPropertiesBuilder) -> Result<Self> {
        let file = File::create(path).at("create", path)?;
        let schema = parquet_schema(table);
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties.build()))?;
        Ok(Self {
            schema,
            writer,
            rows: 0,
        })
    }

    /// Appends rows as DuckDB gives them: columns in the table's order.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let batch = crate::schema::conform(batch, &self.schema)?;
        self.rows += batch.num_rows() as u64;
        self.writer.write(&batch)?;
        Ok(())
    }

    /// Appends batches, all of one schema, as one.
    pub(crate) fn write_all(&mut self, batches: &[RecordBatch]) -> Result<()> {
        match batches.first() {
            Some(first) => self.write(&concat_batches(&first.schema(), batches)?),
            None => Ok(()),
        }
    }

    /// Ends the file and brings it to the disk.
    pub(crate) fn finish(self, path: &Path) -> Result<Written> {
        let file = self.writer.into_inner()?;
        file.sync_all().at("sync", path)?;
        let bytes = file.metadata().at("look at", path)?.len();
        Ok(Written {
            rows: self.rows,
            bytes,
        })
    }
}

fn properties(table: &Table, fingerprint: &Fingerprint) -> Result<WriterPropertiesBuilder> {
    let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let metadata = vec![
        pair(VERSION_KEY, SCHEMA_VERSION.to_string()),
        pair(TABLE_KEY, table.name.to_owned()),
        pair(FINGERPRINT_KEY, fingerprint.to_string()),
    ];
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_row_count_limit(PAGE)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata))
        .set_created_by(format!("peloton-looker {}", env!("CARGO_PKG_VERSION"))))
}

/// What a sensor measures moves in small steps: their differences take fewer bits than its values, and no
/// table of values has to be looked through. Two thirds of the time, and of the size.
fn by_differences(
    mut properties: WriterPropertiesBuilder,
    table: &Table,
) -> Result<WriterPropertiesBuilder> {
    let is_whole = |column: &&Column| {
        use ColumnType::{Date, Int16, Int32, Int64};
        matches!(column.column_type, Int16 | Int32 | Int64 | Date)
    };
    for column in table.columns.iter().filter(is_whole) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    let level = ZstdLevel::try_new(ZSTD_LEVEL_OF_DELTAS)?;
    Ok(properties.set_compression(Compression::ZSTD(level)))
}

fn sorting(table: &Table) -> Vec<SortingColumn> {
    let position = |name: &&str| table.columns.iter().position(|column| column.name == *name);
    let positions = table.key.iter().filter_map(position);
    positions
        .filter_map(|at| {
            Some(SortingColumn {
                column_idx: i32::try_from(at).ok()?,
                descending: false,
                nulls_first: false,
            })
        })
        .collect()
}

/// The types in the file: those of the table, with TIMESTAMP marked as UTC, so that every reader takes
/// it for an instant and DATETIME for a wall clock.
fn parquet_schema(table: &Table) -> SchemaRef {
    Arc::new(Schema::new(fields(&table.columns)))
}

fn fields(columns: &[Column]) -> Fields {
    columns
        .iter()
        .map(|column| Field::new(column.name, parquet_type(&column.column_type), true))
        .collect()
}

fn parquet_type(column_type: &ColumnType) -> DataType {
    match column_type {
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        // BigQuery reads the items of a list as empty under any other name.
        ColumnType::List(item) => {
            DataType::List(Arc::new(Field::new("element", parquet_type(item), true)))
        }
        ColumnType::Struct(columns) => DataType::Struct(fields(columns)),
        other => other.arrow_type(),
    }
}

/// What a file says about itself; `None` for one that is not ours.
pub(crate) fn stamp(path: &Path) -> Result<Option<Stamp>> {
    let file = File::open(path).at("open", path)?;
    let reader = SerializedFileReader::new(file).map_err(|source| Error::Damaged {
        path: path.into(),
        source,
    })?;
    Ok(read_stamp(reader.metadata().file_metadata()))
}

fn read_stamp(metadata: &FileMetaData) -> Option<Stamp> {
    let pairs = metadata.key_value_metadata()?;
    let value = |key: &str| pairs.iter().find(|pair| pair.key == key)?.value.clone();
    let fields = metadata.schema_descr().root_schema().get_fields();
    Some(Stamp {
        columns: fields.iter().map(|field| field.name().to_owned()).collect(),
        schema_version: value(VERSION_KEY)?.parse().ok()?,
        table: value(TABLE_KEY)?,
        fingerprint: Fingerprint::from_text(value(FINGERPRINT_KEY)?),
    })
}

impl From<parquet::errors::ParquetError> for Error {
    fn from(source: parquet::errors::ParquetError) -> Self {
        Self::Parquet { source }
    }
}

impl From<arrow::error::ArrowError> for Error {
    fn from(source: arrow::error::ArrowError) -> Self {
        Self::Arrow { source }
    }
}
