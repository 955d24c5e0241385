//! Questions to the warehouse.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker sql 'SELECT title, total_work / 1000 AS kj FROM workouts ORDER BY 2 DESC LIMIT 10'\n  peloton-looker sql --format csv 'FROM workout_stats' > seconds.csv\n  peloton-looker sql --on parquet:out 'SHOW TABLES'\n  peloton-looker sql --on bigquery:my-project.peloton 'SELECT count(*) FROM workouts'\n  echo 'SELECT 1' | peloton-looker sql -"
)]
pub(crate) struct SqlArgs {
    /// One SELECT, EXPLAIN, DESCRIBE or SHOW statement; - reads it from standard input
    #[arg(value_name = "SQL", allow_hyphen_values = true)]
    pub(crate) sql: String,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: RowFormat,
    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker query workouts --fields workouts.start_month,workouts.count\n  peloton-looker query workouts --fields workouts.discipline,workouts.count --filter 'workouts.start_date=90 days' --total\n  peloton-looker query workouts --fields workouts.start_month,workouts.discipline,workouts.count --pivots workouts.discipline --format csv\n  peloton-looker query --url 'https://example.looker.com/explore/peloton/workouts?fields=workouts.count'\n  peloton-looker query workouts --fields workouts.count --format sql     (what would be run)\n\nThe Explores are workouts, workout_seconds, classes, songs, friends, sync_health and catalog."
)]
pub(crate) struct QueryArgs {
    /// The Explore, or MODEL/EXPLORE where models share its name
    #[arg(value_name = "EXPLORE", required_unless_present_any = ["url", "json"], conflicts_with_all = ["url", "json"], requires = "fields")]
    pub(crate) explore: Option<String>,
    /// Fields, as in view.field, in the order of the columns
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// A filter expression on a field (repeatable, once a field): 'workouts.start_date=last 90 days'
    #[arg(long, value_name = "FIELD=EXPRESSION", value_parser = parse_pair)]
    pub(crate) filter: Vec<(String, String)>,
    /// Those of the fields that go across
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) pivots: Vec<String>,
    /// Those of the fields whose missing values are filled in
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fill: Vec<String>,
    /// In which order: 'workouts.count desc'
    #[arg(long, value_name = "SORTS", value_delimiter = ',')]
    pub(crate) sorts: Vec<String>,
    /// Rows at most; -1: all [default: 500]
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(i64).range(-1..))]
    pub(crate) limit: Option<i64>,
    /// Columns of pivots at most [default: 50]
    #[arg(long, value_name = "N")]
    pub(crate) column_limit: Option<u64>,
    /// A row of totals
    #[arg(long)]
    pub(crate) total: bool,
    /// A column of totals, where there are pivots
    #[arg(long)]
    pub(crate) row_total: bool,
    /// The address of an Explore, of Looker or of this program
    #[arg(long, value_name = "URL", conflicts_with = "json")]
    pub(crate) url: Option<String>,
    /// A file with a query as Looker's API has it; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The time zone that dates are shown in and filters mean [default: as config.toml says, else UTC]
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// For whom and when a model is asked, and how long.
#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    /// The clock, as in 2026-03-01T00:00:00Z [default: now]
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub(crate) now: Option<Timestamp>,
    /// A user attribute (repeatable), one text whatever characters it has
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair)]
    pub(crate) attr: Vec<(String, String)>,
    /// A user attribute that is a filter expression (repeatable)
    #[arg(long, value_name = "NAME=EXPRESSION", value_parser = parse_pair)]
    pub(crate) attr_filter: Vec<(String, String)>,
    /// Give up a query after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// Labels and formatted values, for people
    #[default]
    Table,
    /// Names and raw values
    Csv,
    /// One array of objects, as Looker's API gives it
    Json,
    /// One object a line
    Jsonl,
    /// With formatted values, links and what the columns are, as Looker's API gives it
    #[value(name = "json_detail")]
    JsonDetail,
    /// The SQL, without running it
    Sql,
}

/// `name=value`; the value may have more of them.
fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("a name, `=` and a value make one")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// A time with a zone, or one in UTC without.
fn parse_moment(text: &str) -> Result<Timestamp, String> {
    let utc = |text: &str| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
    };
    match text.parse::<Timestamp>() {
        Ok(moment) => Ok(moment),
        Err(error) => utc(text).ok_or_else(|| error.to_string()),
    }
}

/// What a query in BigQuery may cost.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct BillArgs {
    /// Bytes that BigQuery may bill for one query: 500MB, 2GiB, 1TiB
    #[arg(long, value_name = "BYTES", default_value = "1GiB", value_parser = parse_bytes)]
    pub(crate) max_bytes_billed: u64,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker export out/\n  peloton-looker export out/ --format csv --table workouts --table rides"
)]
pub(crate) struct ExportArgs {
    /// Folder; it is made when it is missing
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Kind of files
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: FileFormat,
    /// Only this table (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Vec<String>,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Aligned, for people
    #[default]
    Table,
    /// With a header
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Columns, compressed
    #[default]
    Parquet,
    /// With a header
    Csv,
    /// One object a line
    Jsonl,
}

fn parse_bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 9] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("", 1),
    ];
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text[digits.len()..].trim();
    let unit = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let count: Option<u64> = digits.parse().ok();
    unit.zip(count)
        .and_then(|((_, size), count)| count.checked_mul(*size))
        .ok_or_else(|| "bytes such as `500MB`, `2GiB` or `1TiB`".to_owned())
}
