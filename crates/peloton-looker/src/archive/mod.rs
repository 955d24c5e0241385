//! The archive: every observation of Peloton's API, append-only, on disk before anything is made of it.
//!
//! One segment a run, `archive/<number>-<time>.jsonl.zst`: zstd frames with checksums, one JSON line
//! an observation, so `zstdcat | jq` reads it. Numbers order the segments, never the clock: a clock
//! that was set back must not make an old answer the newest. Where two have one number, their names do.

mod index;
mod line;
mod observation;
mod private;
mod reader;
mod run_note;
mod segments;
mod writer;

pub(crate) use index::{Changes, Failure, Index, Member, Ride, Run, Slot, Walk, Workout};
pub(crate) use line::Line;
pub(crate) use observation::{Observation, endpoint};
pub(crate) use private::Privacy;
pub(crate) use reader::{FrameCache, Interrupted, Located};
pub(crate) use run_note::RunNote;
pub(crate) use segments::{Archive, Damage, Segment, number_in, run_id};
pub(crate) use writer::Writer;

#[cfg(test)]
mod tests;
