//! Whether a publication would work, found by asking alone.

use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::Error;
use super::place::{Place, TableInfo, named};
use super::record;
use super::schema;
use super::target::Target;
use crate::destination::Examined;
use crate::error::Error as Failure;
use crate::publish::Publication;
use crate::schema::Table;

/// Asks for everything that publishing will need, without changing anything: a token, the right to
/// begin jobs, the dataset, the right to write its tables, tables that can take our rows.
pub(super) async fn examine(
    client: &Client,
    target: &Target,
    publication: &Publication,
) -> Result<Examined, Failure> {
    client.authenticate().await?;
    let place = Place::read(client, target).await?;
    dry_run(client, target, place.location(), "SELECT 1").await?;
    let missing = match place.tables.contains_key(record::NAME) {
        true => missing_permissions(client, target).await?,
        false => missing_for_the_first(client, target, &place).await?,
    };
    let lacks = |(permission, role)| {
        let on = match &place.dataset {
            Some(_) => "dataset",
            None => "project",
        };
        Failure::BigQuery(Error::Lacks {
            permission,
            role,
            on,
        })
    };
    let mut obstacles: Vec<Failure> = missing.into_iter().map(lacks).collect();
    obstacles.extend(unfit(client, target, &place, publication).await?);
    Ok(Examined {
        facts: place.facts(),
        damage: None,
        obstacles,
    })
}

/// Tables that can't take our rows, with the reason.
async fn unfit(
    client: &Client,
    target: &Target,
    place: &Place,
    publication: &Publication,
) -> Result<Vec<Failure>, Error> {
    let tables: Vec<&Table> = publication.all_tables().collect();
    let there = tables.iter().map(|table| table.name.to_owned());
    let there = there.filter(|name| place.tables.contains_key(name));
    let there = named(client, target, there.collect()).await?;
    let fits = |(name, there): (String, Option<TableInfo>)| {
        let table = tables.iter().find(|table| table.name == name)?;
        let (there, full_name) = (there?, format!("{target}.{name}"));
        let ours = schema::fields(&table.columns);
        let fits = place.refuse_foreign(table, &there, &full_name);
        let fits = fits.and_then(|()| schema::merge(&full_name, there.fields(), &ours));
        fits.err()
    };
    Ok(there.into_iter().filter_map(fits).collect())
}

impl Place {
    /// What a person may want to know of it.
    fn facts(&self) -> Vec<String> {
        let Some(dataset) = &self.dataset else {
            return vec!["the dataset is not there yet, `publish` makes it".into()];
        };
        let time = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or_default();
        let location = dataset.location.as_deref().unwrap_or_default();
        let mut facts = vec![format!("in {location}")];
        let published = self.records.values().map(|record| record.published_ms);
        if let Some(published) = published.max() {
            facts.push(format!("published {:.0}", time(published)));
        }
        if let Some(sandbox) = dataset.sandbox() {
            facts.push(format!("tables live for {} days", sandbox.days));
        }
        let expires = self.tables.values().filter_map(TableInfo::expires_ms);
        if let Some(expires) = expires.min() {
            facts.push(format!("the first one ends {:.0}", time(expires)));
        }
        facts
    }
}

/// Needs the right to begin jobs, begins none, and costs nothing.
async fn dry_run(
    client: &Client,
    target: &Target,
    location: Option<&str>,
    sql: &str,
) -> Result<(), Error> {
    let mut body = json!({ "query": sql, "useLegacySql": false, "dryRun": true });
    if let Some(location) = location {
        body["location"] = json!(location);
    }
    let segments = ["projects", &target.project, "queries"];
    let answer: Value = client
        .call(Method::POST, &segments, &[], Some(&body))
        .await?;
    drop(answer);
    Ok(())
}

/// What may not be done where nothing of ours is yet. Nobody answers which rights one has on a dataset, but
/// a statement that needs one is refused in a dry run too; refusals for other reasons say nothing of rights.
async fn missing_for_the_first(
    client: &Client,
    target: &Target,
    place: &Place,
) -> Result<Vec<(String, &'static str)>, Error> {
    let (sql, location) = match &place.dataset {
        Some(_) => (
            format!("CREATE TABLE `{target}.{}` (n INT64)", record::NAME),
            place.location(),
        ),
        None => (
            format!("CREATE SCHEMA `{target}`"),
            target.location.as_deref(),
        ),
    };
    match dry_run(client, target, location, &sql).await {
        Err(error @ Error::Refused { .. }) => {
            let missing = error.missing_role();
            let missing = missing.map(|(permission, role)| (permission.to_owned(), role));
            Ok(missing.into_iter().collect())
        }
        answer => answer.map(|()| Vec::new()),
    }
}

/// What may not be done with a table of ours. None where the service does not answer such questions.
async fn missing_permissions(
    client: &Client,
    target: &Target,
) -> Result<Vec<(String, &'static str)>, Error> {
    const NEEDED: [&str; 4] = [
        "bigquery.tables.get",
        "bigquery.tables.getData",
        "bigquery.tables.update",
        "bigquery.tables.updateData",
    ];
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Granted {
        permissions: Vec<String>,
    }
    let (project, dataset) = (&target.project, &target.dataset);
    let method = format!("{}:testIamPermissions", record::NAME);
    let segments = ["projects", project, "datasets", dataset, "tables", &method];
    let body = json!({ "permissions": NEEDED });
    let granted: Result<Option<Granted>, Error> =
        client.call(Method::POST, &segments, &[], Some(&body)).await;
    let granted = match granted {
        Err(Error::Refused {
            status: 404 | 405 | 501,
            ..
        }) => return Ok(Vec::new()),
        granted => granted?.unwrap_or_default(),
    };
    let is_granted = |needed: &str| granted.permissions.iter().any(|one| one == needed);
    Ok(NEEDED
        .into_iter()
        .filter(|needed| !is_granted(needed))
        .map(|needed| (needed.to_owned(), "roles/bigquery.dataEditor"))
        .collect())
}
