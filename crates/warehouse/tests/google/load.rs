//! Load jobs: what is refused before one begins, and what it does.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::answer::{Refusal, Result};
use super::cells::{self, Row};
use super::schema;
use super::state::{Job, PROJECT, State, Table};
use super::tables::only;

const KNOWN: [&str; 9] = [
    "destinationTable",
    "sourceFormat",
    "parquetOptions",
    "createDisposition",
    "writeDisposition",
    "schema",
    "timePartitioning",
    "clustering",
    "schemaUpdateOptions",
];

/// Dataset, table, and the partition behind `$`.
fn destination(load: &Json) -> (&str, &str, Option<&str>) {
    let destination = &load["destinationTable"];
    let text = |name: &str| destination[name].as_str().unwrap_or_default();
    let id = text("tableId");
    match id.split_once('$') {
        Some((table, part)) => (text("datasetId"), table, Some(part)),
        None => (text("datasetId"), id, None),
    }
}

/// What Google refuses when a job is sent, before its file is.
pub(super) fn check(state: &mut State, job: &Json) -> Result<()> {
    let load = &job["configuration"]["load"];
    only(load, &KNOWN)?;
    let (dataset, table, part) = destination(load);
    let there = state.find_dataset(dataset)?;
    let location = job["jobReference"]["location"].as_str().unwrap_or("US");
    if !there.location.eq_ignore_ascii_case(location) {
        return Err(Refusal::not_found(&format!(
            "Dataset {PROJECT}:{dataset} was not found in location {location}"
        )));
    }
    if load["sourceFormat"] != "PARQUET" || load["createDisposition"] != "CREATE_NEVER" {
        return Err(Refusal::invalid(
            "only Parquet into a table that is there is tested",
        ));
    }
    schema::read(&load["schema"])?;
    let name = format!("{PROJECT}:{dataset}.{table}");
    check_division(&name, load, part, state.find_table(dataset, table)?)
}

fn check_division(name: &str, load: &Json, part: Option<&str>, table: &Table) -> Result<()> {
    let wanted = division(load.get("timePartitioning"), load.get("clustering"));
    let there = division(table.partitioning.as_ref(), table.clustering.as_ref());
    // Neither of both is no wish.
    if wanted != "none" && wanted != there {
        return Err(Refusal::invalid(format!(
            "Incompatible table partitioning specification. Expects partitioning specification {there}, \
             but input partitioning specification is {wanted}"
        )));
    }
    let is_truncated = load["writeDisposition"] == "WRITE_TRUNCATE";
    let is_appended = load["writeDisposition"] == "WRITE_APPEND";
    if load.get("schemaUpdateOptions").is_some()
        && !is_appended
        && !(is_truncated && part.is_some())
    {
        return Err(Refusal::invalid(
            "Schema update options should only be specified with WRITE_APPEND disposition, or with \
             WRITE_TRUNCATE disposition on a table partition.",
        ));
    }
    let Some(part) = part else {
        return Ok(());
    };
    let is_month = part.len() == 6 && part.chars().all(|c| c.is_ascii_digit());
    match &table.partitioning {
        None => Err(Refusal::invalid(format!(
            "Cannot read partition information from a table that is not partitioned: {name}${part}"
        ))),
        Some(partitioning) if partitioning["type"] != "MONTH" || !is_month => {
            Err(Refusal::invalid(format!(
                "Invalid time partitioning decorator \"{part}\" of {name}"
            )))
        }
        Some(_) => Ok(()),
    }
}

/// As Google's message shows how a table is divided.
fn division(partitioning: Option<&Json>, clustering: Option<&Json>) -> String {
    let partitioning = partitioning.map(|partitioning| {
        let text = |name: &str| {
            partitioning[name]
                .as_str()
                .unwrap_or_default()
                .to_lowercase()
        };
        format!("interval(type:{},field:{})", text("type"), text("field"))
    });
    let clustering = clustering.map(|clustering| format!("clustering({})", clustering["fields"]));
    match (partitioning, clustering) {
        (None, None) => "none".into(),
        (one, other) => one.into_iter().chain(other).collect::<Vec<_>>().join(" "),
    }
}

/// Does what a job says, or nothing. Gives the rows it brought, or the error of the job.
pub(super) fn run(state: &mut State, job: &Job) -> std::result::Result<usize, (String, String)> {
    load(state, job).map_err(Refusal::into_failure)
}

fn load(state: &mut State, job: &Job) -> Result<usize> {
    let load = &job.configuration["load"];
    let (dataset, name, part) = destination(load);
    let now_ms = state.tick();
    let table = state.find_table(dataset, name)?;
    let fields = schema::read(&load["schema"])?;
    let is_whole = load["writeDisposition"] == "WRITE_TRUNCATE" && part.is_none();
    if !is_whole {
        schema::check_load(
            &format!("{PROJECT}:{dataset}.{name}"),
            &table.fields,
            &fields,
        )?;
    }
    let is_list_inferred = load["parquetOptions"]["enableListInference"] == json!(true);
    let rows =
        cells::read(job.file.clone(), &fields, is_list_inferred).map_err(Refusal::invalid)?;
    let row_count = rows.len();
    let parts = divide(table, &fields, rows);
    if let Some(part) = part {
        check_rows(&parts, part)?;
    }
    match (load["writeDisposition"].as_str(), part) {
        (Some("WRITE_TRUNCATE"), None) => {
            table.parts = parts;
            // With the descriptions that the job has, or without.
            table.fields = fields;
        }
        (Some("WRITE_TRUNCATE"), Some(part)) => {
            table.parts.remove(part);
            table.parts.extend(parts);
        }
        (Some("WRITE_APPEND"), _) => {
            for (part, rows) in parts {
                table.parts.entry(part).or_default().extend(rows);
            }
        }
        (other, _) => return Err(Refusal::invalid(format!("{other:?} is not tested"))),
    }
    table.modified_ms = now_ms;
    expire_parts(table, now_ms);
    Ok(row_count)
}

fn divide(table: &Table, fields: &[Json], rows: Vec<Row>) -> BTreeMap<String, Vec<Row>> {
    let field = table.partitioning.as_ref().and_then(|partitioning| {
        let name = partitioning["field"].as_str()?;
        schema::find(fields, name)
    });
    let mut parts: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let part = field
            .map(|field| cells::month(field, &row))
            .unwrap_or_default();
        parts.entry(part).or_default().push(row);
    }
    parts
}

fn check_rows(parts: &BTreeMap<String, Vec<Row>>, wanted: &str) -> Result<()> {
    if parts.keys().all(|part| part == wanted) {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "Some rows belong to different partitions rather than destination partition {wanted}"
    )))
}

/// Partitions that are older than they may get vanish when something is loaded, and nobody is told.
fn expire_parts(table: &mut Table, now_ms: i64) {
    let partitioning = table.partitioning.as_ref();
    let Some(age_ms) = partitioning.and_then(|p| p["expirationMs"].as_str()?.parse::<i64>().ok())
    else {
        return;
    };
    let is_young = |part: &String| {
        let first = jiff::civil::Date::strptime("%Y%m%d", format!("{part}01")).ok()?;
        let first = jiff::tz::TimeZone::UTC.to_timestamp(first.at(0, 0, 0, 0));
        Some(first.ok()?.as_millisecond() + age_ms > now_ms)
    };
    table.parts.retain(|part, _| is_young(part).unwrap_or(true));
}
