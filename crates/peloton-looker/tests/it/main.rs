//! The real program against the simulated service, on a real DuckDB file.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod advice;
mod bad_days;
#[path = "../built_in/mod.rs"]
mod built_in;
mod commands;
mod common_core;
mod consistency;
mod fields;
#[expect(
    dead_code,
    unused_imports,
    reason = "the tests of `warehouse` use the rest of it"
)]
#[path = "../../../warehouse/tests/google/mod.rs"]
mod google;
mod home;
mod keyring;
mod life;
mod life_cells;
mod looker;
mod lookml;
mod neighbours;
mod publish;
mod query;
mod readme;
mod schedule;
