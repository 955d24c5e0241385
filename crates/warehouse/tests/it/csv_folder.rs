//! A folder of CSV files: the example of `docs/destinations.md`, which has this file's text.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use async_trait::async_trait;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;
use warehouse::schema::{ColumnType, Table};
use warehouse::{
    Destination, Error, Fingerprint, Found, Kind, Part, Replacement, Result, Size, Transport, Unit,
    spell_path,
};

/// `DIR/<table>.csv`, and beside it `DIR/<table>.fingerprint`; `DIR/owner` says whose data they are.
pub(crate) struct CsvFolder {
    path: PathBuf,
}

/// What the line in `destination.rs` names: `crate::csv_folder::KIND`.
pub(crate) const KIND: Kind = Kind {
    name: "csv",
    form: "csv:DIR",
    spell: spell_path,
    open: Some(|path, _| Ok(Arc::new(CsvFolder::at(path.into())))),
    query: None,
    is_remote: false,
};

impl CsvFolder {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    fn file(&self, table: &str, ending: &str) -> PathBuf {
        self.path.join(format!("{table}.{ending}"))
    }

    /// The rows of a Parquet file as CSV.
    fn convert(replacement: &Replacement<'_>) -> Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let names = replacement.table.columns.iter().map(|column| column.name);
        writer.write_record(names).map_err(other)?;
        let file = fs::File::open(replacement.file).map_err(other)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        for batch in builder.build()? {
            write_rows(&mut writer, &replacement.table.conform(&batch?)?)?;
        }
        writer.into_inner().map_err(other)
    }
}

fn write_rows(writer: &mut csv::Writer<Vec<u8>>, batch: &RecordBatch) -> Result<()> {
    use arrow::util::display::{ArrayFormatter, FormatOptions};
    let times = FormatOptions::new().with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"));
    let columns: std::result::Result<Vec<_>, _> = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &times))
        .collect();
    for row in 0..batch.num_rows() {
        let columns = columns.as_ref().map_err(other)?;
        let cells = columns.iter().map(|column| column.value(row).to_string());
        writer.write_record(cells).map_err(other)?;
    }
    Ok(())
}

fn other(error: impl std::fmt::Display) -> Error {
    Error::Refused {
        reason: error.to_string(),
    }
}

#[async_trait]
impl Destination for CsvFolder {
    fn workspace(&self) -> Result<TempDir> {
        fs::create_dir_all(&self.path).map_err(other)?;
        tempfile::tempdir_in(&self.path).map_err(other)
    }

    async fn published(&self) -> Result<Found> {
        let mut units = BTreeMap::new();
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let path = entry.path();
            let table = path.file_stem().unwrap_or_default().to_string_lossy();
            if path
                .extension()
                .is_some_and(|ending| ending == "fingerprint")
            {
                let text = fs::read_to_string(&path).map_err(other)?;
                let table = table.into_owned();
                let part = Part::All;
                units.insert(Unit { table, part }, Fingerprint::from_text(text));
            }
        }
        let tables = units.keys().map(|unit: &Unit| unit.table.clone()).collect();
        let owner = fs::read_to_string(self.path.join("owner")).ok();
        let owner = owner.map(Fingerprint::from_text);
        Ok(Found {
            units,
            tables,
            owner,
        })
    }

    /// CSV has no place for lists, and no months here.
    fn transport(&self, table: &Table, _: Size) -> Transport {
        let is_list = |column_type: &ColumnType| matches!(column_type, ColumnType::List(_));
        if table.partition_by.is_some() || table.columns.iter().any(|c| is_list(&c.column_type)) {
            Transport::Absent
        } else {
            Transport::Whole
        }
    }

    async fn claim(&self, owner: &Fingerprint) -> Result<()> {
        fs::write(self.path.join("owner"), owner.as_str()).map_err(other)
    }

    async fn prepare(&self, _: &Table) -> Result<()> {
        Ok(())
    }

    /// The old fingerprint goes first: a kill in between costs one more publication.
    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let table = replacement.table.name;
        let rows = Self::convert(&replacement)?;
        let fingerprint = self.file(table, "fingerprint");
        let _ = fs::remove_file(&fingerprint);
        let beside = replacement.file.with_extension("csv");
        fs::write(&beside, rows).map_err(other)?;
        fs::rename(&beside, self.file(table, "csv")).map_err(other)?;
        for known in replacement.units.values() {
            fs::write(&fingerprint, known.as_str()).map_err(other)?;
        }
        Ok(())
    }

    async fn remove(&self, table: &Table, _: &Unit) -> Result<()> {
        let _ = fs::remove_file(self.file(table.name, "fingerprint"));
        fs::remove_file(self.file(table.name, "csv")).map_err(other)
    }

    async fn commit(&self) -> Result<()> {
        Ok(())
    }
}
