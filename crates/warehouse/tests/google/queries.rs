//! Queries: dry runs, runs, results page by page.

use axum::body::Bytes;
use serde_json::{Value as Json, json};

use super::answer::{Answer, Refusal, Result};
use super::serve::Asked;
use super::state::{PROJECT, State};
use super::tables::only;
use super::{cells, jobs};

const KNOWN: [&str; 7] = [
    "query",
    "useLegacySql",
    "defaultDataset",
    "parameterMode",
    "queryParameters",
    "maximumBytesBilled",
    "useQueryCache",
];

fn check(query: &Json) -> Result<()> {
    only(query, &KNOWN)?;
    // Left out, it is true.
    if query["useLegacySql"] != false {
        return Err(Refusal::new(400, "invalidQuery", "Encountered legacy SQL"));
    }
    let limit = &query["maximumBytesBilled"];
    if !limit.is_null()
        && limit
            .as_str()
            .is_none_or(|text| text.parse::<u64>().is_err())
    {
        return Err(Refusal::invalid(
            "Invalid value at 'maximumBytesBilled' (TYPE_INT64)",
        ));
    }
    let parameters = query["queryParameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let is_parameter = |one: &Json| {
        one["parameterType"]["type"].is_string() && one["parameterValue"]["value"].is_string()
    };
    if !parameters.iter().all(is_parameter) {
        return Err(Refusal::invalid("Invalid value at 'queryParameters'"));
    }
    if !parameters.is_empty() && query["parameterMode"] != "POSITIONAL" {
        return Err(Refusal::new(
            400,
            "invalidQuery",
            "Positional parameters are not supported",
        ));
    }
    Ok(())
}

/// What a query would read. No job is made.
pub(super) fn dry_run(state: &mut State, asked: &Asked) -> Result {
    let bytes = state.query.bytes.to_string();
    if asked.path.first().is_some_and(|part| part == "queries") {
        may_make(state, &asked.json)?;
        let answer = json!({ "jobComplete": true, "totalBytesProcessed": bytes });
        return Ok(Answer::ok(&answer));
    }
    check(&asked.json["configuration"]["query"])?;
    let reference = &asked.json["jobReference"];
    Ok(Answer::ok(&json!({
        "jobReference": { "projectId": PROJECT, "jobId": "", "location": reference["location"] },
        "status": { "state": "DONE" },
        "statistics": {
            "totalBytesProcessed": bytes,
            "query": {
                "statementType": state.query.statement,
                "totalBytesProcessed": bytes,
                "referencedTables": state.query.referenced.iter().map(|table| json!({
                    "projectId": PROJECT, "datasetId": "d", "tableId": table,
                })).collect::<Vec<_>>(),
            },
        },
    })))
}

/// What a statement would make needs a right in a dry run too.
fn may_make(state: &State, body: &Json) -> Result<()> {
    let sql = body["query"].as_str().unwrap_or_default();
    let (permission, place) = match sql.split_whitespace().take(2).last() {
        Some("TABLE") => ("bigquery.tables.create", format!("dataset {PROJECT}:d")),
        Some("SCHEMA") => ("bigquery.datasets.create", format!("project {PROJECT}")),
        _ => return Ok(()),
    };
    match state.behaviour.denied.contains(&permission) {
        true => Err(Refusal::new(
            403,
            "accessDenied",
            format!(
                "Access Denied: Permission {permission} denied on {place} (or it may not exist)."
            ),
        )),
        false => Ok(()),
    }
}

pub(super) fn run(state: &mut State, asked: &Asked) -> Result {
    only(&asked.json, &["jobReference", "configuration"])?;
    check(&asked.json["configuration"]["query"])?;
    jobs::check_reference(&asked.json["jobReference"])?;
    state.refuse_used(&asked.json["jobReference"])?;
    let questions = state.query.questions;
    let job = state.begin(&asked.json, Bytes::new(), questions);
    Ok(Answer::ok(&jobs::resource(job)))
}

pub(super) fn results(state: &mut State, asked: &Asked, id: &str) -> Result {
    let at = jobs::find(state, asked, id)?;
    let job = state.advance(at);
    let reference = json!({ "projectId": PROJECT, "jobId": job.id, "location": job.location });
    if let Some((reason, message)) = &job.failure {
        // A failed query is an HTTP error here.
        let reason = if reason == "stopped" {
            "stopped"
        } else {
            "invalidQuery"
        };
        return Err(Refusal::new(400, reason, message.clone()));
    }
    if job.ended_ms.is_none() {
        let answer = json!({ "jobReference": reference, "jobComplete": false });
        return Ok(Answer::ok(&answer));
    }
    let mut answer = page(state, asked);
    answer["jobReference"] = reference;
    Ok(Answer::ok(&answer))
}

fn page(state: &State, asked: &Asked) -> Json {
    let query = &state.query;
    let text = |name: &str| asked.query.get(name).map(String::as_str);
    let from: usize = text("pageToken").map_or(0, |token| token.parse().unwrap());
    let wanted: usize = text("maxResults").map_or(usize::MAX, |count| count.parse().unwrap());
    let length = wanted.min(query.page);
    let is_int64 = text("formatOptions.useInt64Timestamp") == Some("true");
    let row = |row: &Vec<Json>| {
        let cells = query.fields.iter().zip(row);
        let cells =
            cells.map(|(field, cell)| json!({ "v": cells::answered(field, cell, is_int64) }));
        json!({ "f": cells.collect::<Json>() })
    };
    let rows: Vec<Json> = query.rows.iter().skip(from).take(length).map(row).collect();
    let mut page = json!({
        "kind": "bigquery#getQueryResultsResponse",
        "jobComplete": true,
        "schema": { "fields": query.fields },
        "totalRows": query.rows.len().to_string(),
        "rows": rows,
    });
    if from + length < query.rows.len() {
        page["pageToken"] = (from + length).to_string().into();
    }
    page
}
