#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod bigquery;
#[cfg(feature = "conformance")]
pub mod conformance;
mod destination;
mod duckdb;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod lock;
pub mod parquet;
mod publish;
mod query;
pub mod schema;
mod unit;
mod view;

pub use destination::{
    Destination, Examined, Found, KINDS, Kind, Kinds, Replacement, Size, Spelling, Surroundings,
    Transport, spell_path,
};
pub use duckdb::{Load, Losses, Published, Reader, Silence, Warehouse};
pub use error::{Error, Reason, Result};
pub use lock::Lock;
pub use publish::{
    Content, Done, Original, Piece, Plan, Publication, Terms, measure, plan, publish,
};
pub use query::{BatchStream, Dialect, DuckDb, Limits, QueryEngine, Value};
pub use unit::{Fingerprint, Month, Part, Unit};
pub use view::{Field, FieldValue, Nested, View};

/// Changes when a table changes in a way that only a rebuild can follow: a load refuses a file of
/// another version.
pub const SCHEMA_VERSION: i32 = 1;
