//! Draws models, data and queries. Every feature has a chance.

mod access;
mod conditions;
mod dates;
mod dimensions;
mod explores;
mod filters;
mod liquid;
mod measures;
mod queries;
mod tables;

pub(crate) use explores::world;
pub(crate) use queries::query;
pub(crate) use tables::{ARRAY, KINDS};
