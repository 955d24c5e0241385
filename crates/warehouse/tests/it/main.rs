//! The file, the places it is published to, and the queries there.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod bigquery;
mod csv_folder;
mod dataset;
mod file;
mod folder;
#[path = "../google/mod.rs"]
mod google;
mod merge;
mod own_destination;
