//! Random models, random data, random queries: the engine against an evaluator that shares no code with it.
//!
//! `LOOKML_RANDOM_MODELS` says how many models are drawn, `LOOKML_RANDOM_SEED` which is the first. A seed that is
//! printed with a failure draws the same model, data and queries again.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod campaign;
mod chance;
mod compare;
mod date_vectors;
mod draw;
mod engine;
mod evaluate;
mod features;
mod hostile;
mod metamorphic;
mod model;
mod print;
mod shrink;
mod value;
mod vectors;

use crate::campaign::Campaign;

#[test]
fn the_engine_answers_as_the_evaluator_does() {
    let mut campaign = Campaign::default();
    for seed in campaign::seeds(16) {
        campaign.compare(seed);
    }
    campaign.conclude();
}

#[test]
fn what_means_nothing_changes_nothing() {
    let mut campaign = Campaign::default();
    for seed in campaign::seeds(6) {
        campaign.change(seed);
    }
    campaign.conclude();
}
