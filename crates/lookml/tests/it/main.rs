//! What the parser makes of files, good and bad.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod dashboards;
mod explore_url;
mod expressions;
mod liquid;
mod calendar;
mod filters;
mod parsing;
mod projects;
mod query;
