//! Dataset and tables there: made, patched, and left alone where they are somebody else's.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::Dataset;
use crate::SCHEMA_VERSION;
use crate::bigquery::error::Error;
use crate::bigquery::place::{self, LABEL, OWNER, TableInfo};
use crate::bigquery::record;
use crate::bigquery::schema::{self, Field};
use crate::error::Result;
use crate::schema::Table;

impl Dataset {
    pub(super) async fn create_dataset(&self) -> Result<()> {
        if self.state().place.dataset.is_some() {
            return Ok(());
        }
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let mut body = json!({
            "datasetReference": { "projectId": project, "datasetId": dataset },
            "description": "Peloton workouts, published by peloton-looker.",
        });
        if let Some(location) = &self.target.location {
            body["location"] = json!(location);
        }
        let segments = ["projects", project, "datasets"];
        let made: std::result::Result<Value, Error> = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await;
        match made {
            Err(error) if !error.is_duplicate() => return Err(error.into()),
            _ => {}
        }
        let found = place::dataset(&self.client, &self.target).await?;
        self.state().place.dataset = Some(found.ok_or_else(|| Error::Answer {
            what: "the dataset that was made is not there".into(),
        })?);
        Ok(())
    }

    pub(super) async fn create_table(&self, table: &Table, fields: &[Field]) -> Result<()> {
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let is_kept = self
            .state()
            .place
            .dataset
            .as_ref()
            .is_none_or(|dataset| dataset.sandbox().is_none());
        let mut body = json!({
            "tableReference": { "projectId": project, "datasetId": dataset, "tableId": table.name },
            "description": table.comment(),
            "labels": self.labels(table.name),
            "schema": { "fields": fields },
        });
        // Partitions there are deleted by the age of the workouts in them, without a word.
        if let Some(partitioning) = schema::partitioning(table).filter(|_| is_kept) {
            body["timePartitioning"] = partitioning;
        }
        if let Some(clustering) = schema::clustering(table) {
            body["clustering"] = clustering;
        }
        let segments = ["projects", project, "datasets", dataset, "tables"];
        let made: std::result::Result<Value, Error> = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await;
        match made {
            Err(error) if !error.is_duplicate() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Adds what a table lacks: columns, descriptions, our label.
    pub(super) async fn patch_table(
        &self,
        table: &Table,
        there: &TableInfo,
        fields: &[Field],
    ) -> Result<()> {
        let mut labels = there.labels.clone();
        labels.extend(self.labels(table.name));
        let is_same = there.fields() == fields
            && there.description.as_deref() == Some(table.comment().as_str())
            && there.labels == labels;
        if is_same {
            return Ok(());
        }
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let body = json!({
            "description": table.comment(),
            "labels": labels,
            "schema": { "fields": fields },
        });
        let segments = [
            "projects", project, "datasets", dataset, "tables", table.name,
        ];
        let patched: Value = self
            .client
            .call(Method::PATCH, &segments, &[], Some(&body))
            .await?;
        drop(patched);
        Ok(())
    }

    /// By which a table is known as ours, and the record as that of an account.
    fn labels(&self, table: &str) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::from([(LABEL.to_owned(), SCHEMA_VERSION.to_string())]);
        if table == record::NAME {
            let owner = self.state().owner.clone();
            labels.extend(owner.map(|owner| (OWNER.to_owned(), owner.to_string())));
        }
        labels
    }
}
