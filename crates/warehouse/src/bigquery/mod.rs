//! BigQuery: a dataset as a destination of load jobs, and as a place for queries.

mod client;
mod error;
mod jobs;
mod load;
mod place;
mod query;
mod record;
mod rows;
mod schema;
mod target;
mod upload;

pub use client::Retry;
pub use error::Error;
pub use load::Dataset;
pub use place::{Examined, Sandbox};
pub use query::Engine;
pub use target::{Options, Target};

use std::sync::Arc;

use crate::destination::{Destination, Surroundings};
use crate::error::Result;

/// The dataset that a target names.
pub(crate) fn open(place: &str, surroundings: &Surroundings) -> Result<Arc<dyn Destination>> {
    let dataset = Dataset::new(place.parse()?, &surroundings.bigquery)?;
    Ok(Arc::new(dataset))
}
