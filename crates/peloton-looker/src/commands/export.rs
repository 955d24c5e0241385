//! `export`: tables as files, rows sorted by their key.

use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context as _, Result};
use warehouse::schema::Table;
use warehouse::{Limits, Reader};

use super::sql::QueryError;
use super::{Context, Outcome};
use crate::cli::{ExportArgs, FileFormat, RowFormat};
use crate::error::Usage;
use crate::output::{RowWriter, counted};
use crate::transform;

pub(crate) fn run(args: &ExportArgs, context: &Context) -> Result<Outcome> {
    let tables = chosen(&args.table)?;
    let limits = Limits {
        timeout: None,
        ..Limits::default()
    };
    let reader = super::sql::reader(limits, context)?;
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("create the folder `{}`", args.folder.display()))?;
    for table in &tables {
        let path = args
            .folder
            .join(format!("{}.{}", table.name, extension(args.format)));
        write(&reader, table, &path, args.format)
            .with_context(|| format!("export `{}` to `{}`", table.name, path.display()))?;
    }
    context.terminal.say(&format!(
        "{} in {}",
        counted(tables.len() as u64, "table"),
        args.folder.display()
    ));
    Ok(Outcome::Complete)
}

fn chosen(names: &[String]) -> Result<Vec<Table>> {
    let tables = transform::tables();
    for name in names {
        if !tables.iter().any(|table| table.name == name) {
            let known: Vec<&str> = tables.iter().map(|table| table.name).collect();
            let known = known.join(", ");
            return Err(Usage(format!("there is no table `{name}`; there are {known}")).into());
        }
    }
    let wanted = |table: &Table| names.is_empty() || names.iter().any(|name| table.name == name);
    Ok(tables.into_iter().filter(wanted).collect())
}

fn extension(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Parquet => "parquet",
        FileFormat::Csv => "csv",
        FileFormat::Jsonl => "jsonl",
    }
}

/// Written beside and renamed: a file with the final name is whole.
fn write(reader: &Reader, table: &Table, path: &Path, format: FileFormat) -> Result<()> {
    let folder = path.parent().context("the file is in a folder")?;
    let file = tempfile::NamedTempFile::new_in(folder).context("create a file")?;
    let sql = select(table);
    match format {
        FileFormat::Parquet => write_parquet(reader, &sql, table, file.as_file())?,
        FileFormat::Csv => write_rows(reader, &sql, RowFormat::Csv, file.as_file())?,
        FileFormat::Jsonl => write_rows(reader, &sql, RowFormat::Jsonl, file.as_file())?,
    }
    file.as_file()
        .sync_all()
        .context("bring the file to the disk")?;
    let persisted = file.persist(path).context("rename the file")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        persisted
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .context("open the file to readers")?;
    }
    Ok(())
}

fn select(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("\"{}\"", column.name))
        .collect();
    let key: Vec<String> = table.key.iter().map(|name| format!("\"{name}\"")).collect();
    format!(
        "SELECT {} FROM main.\"{}\" ORDER BY {}",
        columns.join(", "),
        table.name,
        key.join(", ")
    )
}

fn write_rows(reader: &Reader, sql: &str, format: RowFormat, file: &std::fs::File) -> Result<()> {
    let out = BufWriter::with_capacity(1 << 20, file);
    let mut writer = RowWriter::new(Box::new(out), format);
    super::sql::query(reader, sql, &mut writer)?;
    writer.finish()
}

fn write_parquet(reader: &Reader, sql: &str, table: &Table, file: &std::fs::File) -> Result<()> {
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .build();
    let schema = table.arrow_schema();
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))?;
    reader
        .query::<QueryError>(
            sql,
            |_| Ok(()),
            |batch| {
                let batch = batch.with_schema(schema.clone());
                let written = batch
                    .map_err(Into::into)
                    .and_then(|batch| writer.write(&batch));
                Ok(written.context("write Parquet")?)
            },
        )
        .map_err(|QueryError(error)| error)?;
    writer.close()?;
    Ok(())
}
