//! Fetches what is missing: decides from what the archive knows, asks, and writes the answers to the
//! archive. Nothing else is written here, and no more is read of an answer than the next step needs.

pub(crate) mod items;
mod run;
mod schedule;
mod walk;
mod work;

pub(crate) use run::{Ending, Options, Run, Tally, Who};
pub(crate) use work::Planned;
