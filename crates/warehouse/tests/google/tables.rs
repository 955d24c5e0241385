//! Datasets and tables: made, changed, listed, read.

use serde_json::{Map, Value as Json, json};

use super::answer::{Answer, Refusal, Result};
use super::cells;
use super::schema;
use super::serve::Asked;
use super::state::{Dataset, PROJECT, State, Table};

/// Tables of a page of a list. Google's are larger; the way from page to page is the same.
const TABLES: usize = 2;
/// The same for rows.
const ROWS: usize = 3;

pub(super) fn get_dataset(state: &mut State, name: &str) -> Result {
    let dataset = state.find_dataset(name)?;
    Ok(Answer::ok(&dataset_resource(name, dataset)))
}

fn dataset_resource(name: &str, dataset: &Dataset) -> Json {
    let mut resource = json!({
        "kind": "bigquery#dataset",
        "id": format!("{PROJECT}:{name}"),
        "datasetReference": { "projectId": PROJECT, "datasetId": name },
        "location": dataset.location,
    });
    if let Some(ms) = dataset.table_expiration_ms {
        resource["defaultTableExpirationMs"] = ms.to_string().into();
    }
    if let Some(ms) = dataset.partition_expiration_ms {
        resource["defaultPartitionExpirationMs"] = ms.to_string().into();
    }
    resource
}

pub(super) fn insert_dataset(state: &mut State, asked: &Asked) -> Result {
    let known = ["datasetReference", "description", "location", "labels"];
    only(&asked.json, &known)?;
    let name = asked.json["datasetReference"]["datasetId"]
        .as_str()
        .unwrap_or_default();
    if state.datasets.contains_key(name) {
        return Err(Refusal::duplicate(&format!("Dataset {PROJECT}:{name}")));
    }
    let location = asked.json["location"].as_str().unwrap_or("US");
    let mut dataset = state.new_dataset(location);
    dataset.description = asked.json.get("description").cloned();
    let resource = dataset_resource(name, &dataset);
    state.datasets.insert(name.into(), dataset);
    Ok(Answer::ok(&resource))
}

/// Items of the list have neither schema nor description nor rows.
fn item(dataset: &str, name: &str, table: &Table) -> Json {
    let mut item = json!({
        "kind": "bigquery#table",
        "id": format!("{PROJECT}:{dataset}.{name}"),
        "tableReference": { "projectId": PROJECT, "datasetId": dataset, "tableId": name },
        "type": "TABLE",
        "creationTime": table.created_ms.to_string(),
    });
    if let Some(ms) = table.expires_ms {
        item["expirationTime"] = ms.to_string().into();
    }
    if let Some(partitioning) = &table.partitioning {
        item["timePartitioning"] = partitioning.clone();
    }
    if let Some(clustering) = &table.clustering {
        item["clustering"] = clustering.clone();
    }
    if !table.labels.is_empty() {
        item["labels"] = table.labels.clone().into();
    }
    item
}

fn table_resource(dataset: &str, name: &str, table: &Table) -> Json {
    let mut resource = item(dataset, name, table);
    resource["schema"] = json!({ "fields": table.fields });
    resource["lastModifiedTime"] = table.modified_ms.to_string().into();
    resource["numRows"] = table.all_rows().count().to_string().into();
    if let Some(description) = &table.description {
        resource["description"] = description.clone();
    }
    resource
}

/// From where a page begins, and how long it may be.
fn page(asked: &Asked, longest: usize) -> (usize, usize) {
    let number = |name: &str| asked.query.get(name).and_then(|text| text.parse().ok());
    let length = number("maxResults").unwrap_or(longest).min(longest);
    (number("pageToken").unwrap_or(0), length)
}

pub(super) fn list(state: &mut State, asked: &Asked, dataset: &str) -> Result {
    let tables = &state.find_dataset(dataset)?.tables;
    let (from, length) = page(asked, TABLES);
    let items: Vec<Json> = tables
        .iter()
        .skip(from)
        .take(length)
        .map(|(name, table)| item(dataset, name, table))
        .collect();
    let mut list = json!({ "kind": "bigquery#tableList", "totalItems": tables.len() });
    if !items.is_empty() {
        list["tables"] = items.into();
    }
    if from + length < tables.len() {
        list["nextPageToken"] = (from + length).to_string().into();
    }
    Ok(Answer::ok(&list))
}

pub(super) fn get(state: &mut State, dataset: &str, name: &str) -> Result {
    let table = state.find_table(dataset, name)?;
    Ok(Answer::ok(&table_resource(dataset, name, table)))
}

pub(super) fn insert(state: &mut State, asked: &Asked, dataset: &str) -> Result {
    let known = [
        "tableReference",
        "description",
        "labels",
        "schema",
        "timePartitioning",
        "clustering",
    ];
    only(&asked.json, &known)?;
    let name = asked.json["tableReference"]["tableId"]
        .as_str()
        .unwrap_or_default();
    let created_ms = state.tick();
    let there = state.find_dataset(dataset)?;
    if there.tables.contains_key(name) {
        return Err(Refusal::duplicate(&format!(
            "Table {PROJECT}:{dataset}.{name}"
        )));
    }
    let mut table = Table {
        fields: schema::read(&asked.json["schema"])?,
        created_ms,
        modified_ms: created_ms,
        expires_ms: there.table_expiration_ms.map(|ms| created_ms + ms),
        partitioning: asked.json.get("timePartitioning").cloned(),
        clustering: asked.json.get("clustering").cloned(),
        labels: labels(&Map::new(), &asked.json["labels"])?,
        description: description(&asked.json)?,
        ..Table::default()
    };
    check_division(&table)?;
    if let (Some(partitioning), Some(ms)) = (&mut table.partitioning, there.partition_expiration_ms)
    {
        partitioning["expirationMs"] = ms.to_string().into();
        table.expires_ms = None;
    }
    let resource = table_resource(dataset, name, &table);
    there.tables.insert(name.into(), table);
    Ok(Answer::ok(&resource))
}

fn check_division(table: &Table) -> Result<()> {
    if let Some(partitioning) = &table.partitioning {
        let field = partitioning["field"].as_str().unwrap_or_default();
        let kind = schema::find(&table.fields, field).map(schema::kind);
        let is_time = matches!(kind, Some("DATE" | "TIMESTAMP" | "DATETIME"));
        if !is_time || partitioning["type"] != "MONTH" {
            return Err(Refusal::invalid(
                "The field specified for partitioning is no time",
            ));
        }
    }
    let clustering = table
        .clustering
        .as_ref()
        .and_then(|c| c["fields"].as_array());
    let fields = clustering.cloned().unwrap_or_default();
    let is_there =
        |name: &Json| schema::find(&table.fields, name.as_str().unwrap_or_default()).is_some();
    if fields.len() > 4 || !fields.iter().all(is_there) {
        return Err(Refusal::invalid(
            "Clustering fields are at most four fields of the schema",
        ));
    }
    Ok(())
}

/// What the body has is changed, arrays as a whole; all else stays.
pub(super) fn patch(state: &mut State, asked: &Asked, dataset: &str, name: &str) -> Result {
    only(&asked.json, &["description", "labels", "schema"])?;
    let modified_ms = state.tick();
    let table = state.find_table(dataset, name)?;
    let full_name = format!("{PROJECT}:{dataset}.{name}");
    if let Some(schema) = asked.json.get("schema") {
        let fields = schema::read(schema)?;
        schema::check_patch(&full_name, &table.fields, &fields)?;
        table.fields = fields;
    }
    table.labels = labels(&table.labels, &asked.json["labels"])?;
    if let Some(description) = description(&asked.json)? {
        table.description = Some(description);
    }
    table.modified_ms = modified_ms;
    Ok(Answer::ok(&table_resource(dataset, name, table)))
}

fn description(json: &Json) -> Result<Option<Json>> {
    let description = json.get("description");
    let length = description
        .and_then(Json::as_str)
        .map_or(0, |text| text.chars().count());
    if length > 16_384 {
        return Err(Refusal::invalid("The description of a table is too long"));
    }
    Ok(description.cloned())
}

/// Labels after a change: one that becomes null is gone.
fn labels(there: &Map<String, Json>, change: &Json) -> Result<Map<String, Json>> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let mut labels = there.clone();
    for (key, value) in change.as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        let is_key = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(is_part);
        if !is_key || key.len() > 63 || text.len() > 63 || !text.chars().all(is_part) {
            return Err(Refusal::invalid(format!("Invalid label `{key}: {value}`")));
        }
        if value.is_null() {
            labels.remove(key);
        } else {
            labels.insert(key.clone(), value.clone());
        }
    }
    Ok(labels)
}

/// Unknown names in a body are refused.
pub(super) fn only(json: &Json, known: &[&str]) -> Result<()> {
    let mut names = json.as_object().into_iter().flat_map(Map::keys);
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Refusal::invalid(format!(
            "Invalid JSON payload received. Unknown name \"{name}\""
        ))),
        None => Ok(()),
    }
}

pub(super) fn data(state: &mut State, asked: &Asked, dataset: &str, name: &str) -> Result {
    let table = state.find_table(dataset, name)?;
    let is_int64 = asked
        .query
        .get("formatOptions.useInt64Timestamp")
        .is_some_and(|is| is == "true");
    let (from, length) = page(asked, ROWS);
    let total = table.all_rows().count();
    let rows: Vec<Json> = table
        .all_rows()
        .skip(from)
        .take(length)
        .map(|row| cells::row(&table.fields, row, is_int64))
        .collect();
    let mut list = json!({ "kind": "bigquery#tableDataList", "totalRows": total.to_string() });
    if !rows.is_empty() {
        list["rows"] = rows.into();
    }
    if from + length < total {
        list["pageToken"] = (from + length).to_string().into();
    }
    Ok(Answer::ok(&list))
}

/// Those of the permissions that are there; the answer is empty where none is.
pub(super) fn permissions(state: &mut State, asked: &Asked, dataset: &str, name: &str) -> Result {
    state.find_table(dataset, name.trim_end_matches(":testIamPermissions"))?;
    let denied = &state.behaviour.denied;
    let asked = asked.json["permissions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let is_granted = |one: &Json| !denied.iter().any(|denied| one == denied);
    let granted: Vec<Json> = asked.into_iter().filter(is_granted).collect();
    Ok(Answer::ok(&match granted.is_empty() {
        true => json!({}),
        false => json!({ "permissions": granted }),
    }))
}
