//! What the parser makes of files, good and bad.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod calendar;
mod checking;
mod coverage;
mod dashboards;
mod explore_url;
mod expressions;
mod filters;
mod liquid;
mod parsing;
mod projects;
mod query;
mod suppressions;
