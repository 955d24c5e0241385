//! `export`: tables as files, rows sorted by their key.

use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context as _, Result};
use futures::StreamExt;
use warehouse::schema::Table;
use warehouse::{BatchStream, Dialect, Limits, QueryEngine};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime};
use crate::cli::{ExportArgs, FileFormat, RowFormat};
use crate::error::Usage;
use crate::output::{RowWriter, counted, persist};
use crate::places;

pub(crate) fn run(args: &ExportArgs, context: &Context) -> Result<Outcome> {
    let tables = chosen(&args.table)?;
    let limits = Limits {
        timeout: None,
        max_bytes_billed: args.bill.max_bytes_billed,
        ..Limits::default()
    };
    runtime()?.block_on(async {
        let engine = places::engine(context.on.as_deref(), &context.config)?;
        let export = Export {
            engine: engine.as_ref(),
            limits,
            context,
        };
        let outcome = tokio::select! {
            done = export.tables(&tables, args) => done.map(|()| Outcome::Complete),
            () = interrupted() => Ok(Outcome::Interrupted),
        };
        engine.close().await;
        outcome
    })
}

struct Export<'a> {
    engine: &'a dyn QueryEngine,
    limits: Limits,
    context: &'a Context,
}

fn chosen(names: &[String]) -> Result<Vec<Table>> {
    let publication = places::publication();
    let views = publication.views.into_iter().map(|view| view.table);
    // Unasked, the tables alone: a view says the same again.
    let tables: Vec<Table> = if names.is_empty() {
        publication.tables
    } else {
        publication.tables.into_iter().chain(views).collect()
    };
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

impl Export<'_> {
    async fn tables(&self, tables: &[Table], args: &ExportArgs) -> Result<()> {
        for table in tables {
            let name = format!("{}.{}", table.name, extension(args.format));
            let path = args.folder.join(name);
            self.write(table, &path, args.format)
                .await
                .with_context(|| format!("export `{}` to `{}`", table.name, path.display()))?;
        }
        self.context.terminal.say(&format!(
            "{} in {}",
            counted(tables.len() as u64, "table"),
            args.folder.display()
        ));
        Ok(())
    }

    async fn rows(&self, table: &Table) -> Result<BatchStream> {
        let sql = select(table, self.engine.dialect());
        super::sql::begin(self.engine, &sql, &self.limits, self.context).await
    }

    /// Written beside and renamed: a file with the final name is whole.
    async fn write(&self, table: &Table, path: &Path, format: FileFormat) -> Result<()> {
        // Where nothing can be asked, nothing is made.
        let rows = self.rows(table).await?;
        let folder = path.parent().context("the file is in a folder")?;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("create the folder `{}`", folder.display()))?;
        let file = tempfile::NamedTempFile::new_in(folder).context("create a file")?;
        match format {
            FileFormat::Parquet => write_parquet(rows, table, file.as_file()).await?,
            FileFormat::Csv => write_rows(rows, RowFormat::Csv, file.as_file()).await?,
            FileFormat::Jsonl => write_rows(rows, RowFormat::Jsonl, file.as_file()).await?,
        }
        persist(file, path)
    }
}

fn select(table: &Table, dialect: Dialect) -> String {
    let quote = |name: &str| match dialect {
        Dialect::DuckDb => format!("\"{name}\""),
        Dialect::BigQuery => format!("`{name}`"),
    };
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quote(column.name))
        .collect();
    let key: Vec<String> = table.key.iter().map(|name| quote(name)).collect();
    format!(
        "SELECT {} FROM {} ORDER BY {}",
        columns.join(", "),
        quote(table.name),
        key.join(", ")
    )
}

async fn write_rows(mut rows: BatchStream, format: RowFormat, file: &std::fs::File) -> Result<()> {
    let out = BufWriter::with_capacity(1 << 20, file);
    let mut writer = RowWriter::new(Box::new(out), format);
    writer.start(&rows.schema)?;
    while let Some(batch) = rows.batches.next().await {
        writer.write(&batch?)?;
    }
    writer.finish()
}

async fn write_parquet(mut rows: BatchStream, table: &Table, file: &std::fs::File) -> Result<()> {
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .build();
    let mut writer = ArrowWriter::try_new(file, table.arrow_schema(), Some(properties))?;
    while let Some(batch) = rows.batches.next().await {
        let batch = table.conform(&batch?)?;
        writer.write(&batch).context("write Parquet")?;
    }
    writer.close()?;
    Ok(())
}
