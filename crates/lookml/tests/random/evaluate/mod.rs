//! The evaluator: answers a query by the definitions, naively, in memory. It shares no code with the engine.

mod access;
mod answer;
pub(crate) mod dates;
mod derived;
mod dimension;
mod expression;
mod fill;
mod filter;
mod join;
mod liquid;
mod measure;
mod pivot;
mod post_query;
mod scope;
mod table;
pub(crate) mod time;
mod uses;

pub(crate) use answer::{Answer, answer};
pub(crate) use dimension::tier_labels;
pub(crate) use filter::filter_type;
pub(crate) use measure::{SEPARATOR, percentile};
pub(crate) use scope::Scope;
pub(crate) use uses::{Uses, uses_of};
