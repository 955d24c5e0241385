//! Dataset and tables there: made, patched, and left alone where they are somebody else's.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Dataset, LABEL};
use crate::SCHEMA_VERSION;
use crate::bigquery::error::Error;
use crate::bigquery::place::{self, TableInfo};
use crate::bigquery::record;
use crate::bigquery::schema::{self, Field};
use crate::error::{Error as Failure, Result};
use crate::schema::Table;
use crate::unit::Unit;

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
            "labels": { LABEL: SCHEMA_VERSION.to_string() },
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
        let version = SCHEMA_VERSION.to_string();
        let is_same = there.fields() == fields
            && there.description.as_deref() == Some(table.comment().as_str())
            && there.labels.get(LABEL) == Some(&version);
        if is_same {
            return Ok(());
        }
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let mut labels = there.labels.clone();
        labels.insert(LABEL.into(), version);
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

    /// A table with rows in it that nothing says are ours is not written over.
    pub(super) fn refuse_foreign(&self, table: &Table, there: &TableInfo) -> Result<()> {
        let state = self.state();
        let is_known = |unit: &Unit| unit.table == table.name;
        let is_ours = there.labels.contains_key(LABEL)
            || there.description.as_deref() == Some(table.comment().as_str())
            || table.name == record::NAME
            || state.place.records.keys().any(is_known);
        let is_table = there.kind.is_empty() || there.kind == "TABLE";
        if is_table && (is_ours || there.row_count() == 0) {
            return Ok(());
        }
        Err(Failure::Foreign {
            table: self.full_name(table.name),
        })
    }
}
