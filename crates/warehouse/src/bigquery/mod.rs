//! BigQuery: a dataset as a destination of load jobs, and as a place for queries.

mod client;
mod dataset;
mod error;
mod examine;
mod jobs;
mod metadata;
mod place;
mod query;
mod record;
mod rows;
mod schema;
mod target;
mod traces;
mod upload;

pub use client::Retry;
pub use dataset::Dataset;
pub use error::Error;
pub use query::Engine;
pub use target::{Options, Target};

use std::sync::Arc;

use crate::destination::{Kind, Spelling};

/// A dataset takes copies, and answers queries.
pub(crate) const KIND: Kind = Kind {
    name: "bigquery",
    form: "bigquery:PROJECT.DATASET?location=EU",
    spell: |place| {
        let target: Target = place.parse()?;
        Ok(Spelling {
            place: target.to_string(),
            whole: place.to_owned(),
        })
    },
    open: Some(|place, surroundings| {
        let dataset = Dataset::new(place.parse()?, &surroundings.bigquery)?;
        Ok(Arc::new(dataset))
    }),
    query: Some(|place, surroundings| {
        let engine = Engine::new(place.parse()?, &surroundings.bigquery)?;
        Ok(Box::new(engine))
    }),
    is_remote: true,
};

/// Reads the rows of an answer whose schema is that.
#[cfg(fuzzing)]
pub(crate) fn read_answer(schema: &str, rows: &str) {
    let Ok(fields) = serde_json::from_str::<Vec<schema::Field>>(schema) else {
        return;
    };
    let Ok(rows) = serde_json::from_str::<Vec<record::Row>>(rows) else {
        return;
    };
    if let Ok(batch) = rows::batch(&rows::schema(&fields), &fields, &rows) {
        assert_eq!(batch.num_rows(), rows.len());
    }
    for row in &rows {
        record::read(row);
    }
}

/// Reads the body of a refusal.
#[cfg(fuzzing)]
pub(crate) fn read_refusal(body: &[u8]) {
    let refusal = client::refusal(403, body);
    refusal.missing_role();
}
