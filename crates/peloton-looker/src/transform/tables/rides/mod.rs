//! Classes and their plan: types, segments, targets, songs.

mod class_types;
mod classes;
mod songs;
mod targets;

use peloton_api::models::{Ride, RideDetails};

use crate::transform::bundle::RideAnswers;
use crate::transform::rows::{Report, Rows, read_again};
use crate::transform::tables::segments;

pub(in crate::transform) use class_types::{ClassTypes, definition as class_types};
pub(in crate::transform) use classes::{Rides, definition};
pub(in crate::transform) use songs::{Songs, definition as songs};
pub(in crate::transform) use targets::{Targets, definition as targets};

/// What is known about a class: its own answer first, then the copy inside a workout.
#[derive(Debug)]
pub(in crate::transform) struct Class<'a> {
    id: &'a str,
    details: &'a RideDetails,
    rides: [&'a Ride; 2],
    /// The same, before them what has the newest ratings and counts.
    counters: [&'a Ride; 3],
    counters_fetched_at: Option<jiff::Timestamp>,
    details_fetched_at: Option<jiff::Timestamp>,
    fetched_at: Option<jiff::Timestamp>,
}

impl Class<'_> {
    /// Seconds of video before the pedalling clock starts.
    fn pedaling_start_offset(&self) -> Option<i64> {
        crate::transform::tables::first(self.rides.map(|ride| &ride.pedaling_start_offset)).int()
    }

    /// Brings an offset in the video to the pedalling clock; unknown without the class's offset.
    fn pedaling_second(&self, video_second: Option<i64>) -> Option<i64> {
        video_second?.checked_sub(self.pedaling_start_offset()?)
    }
}

/// Appends a class with its plan.
pub(in crate::transform) fn add(rows: &mut Rows, answers: &RideAnswers<'_>) {
    let mut report = Report::new(&mut rows.problems, "rides", answers.id);
    let details: RideDetails = report.read("details", answers.details).unwrap_or_default();
    // Both are parts of the answer about a workout.
    let inline: Ride = read_again(answers.inline).unwrap_or_default();
    let counters: Ride = read_again(answers.counters).unwrap_or_default();
    let nothing = Ride::default();
    let own = details.ride.get().unwrap_or(&nothing);
    for other in [own, &inline].iter().filter_map(|ride| ride.id.as_deref()) {
        if other != answers.id {
            report.add("id", format!("the answer is about class `{other}`"));
        }
    }
    let own_answer = answers.details.filter(|_| own.id.get().is_some());
    let class = Class {
        id: answers.id,
        details: &details,
        rides: [own, &inline],
        counters: [&counters, own, &inline],
        counters_fetched_at: [answers.counters, own_answer, answers.inline]
            .into_iter()
            .find_map(|answer| Some(answer?.fetched_at)),
        details_fetched_at: answers.details.map(|answer| answer.fetched_at),
        fetched_at: super::newest(&[answers.details, answers.inline, answers.counters]),
    };
    rows.tables
        .replace_ride(answers.id, answers.details.is_some());
    rows.tables
        .rides
        .push(&class, answers.id, &mut rows.problems);
    class_types::add(rows, &class);
    segments::add_of_class(rows, class.id, class.details);
    songs::add(rows, &class);
    targets::add(rows, &class);
}
