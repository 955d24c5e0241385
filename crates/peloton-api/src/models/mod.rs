//! Typed views of Peloton's answers.
//!
//! Fields keep the API's names; what they mean is said where the name alone misleads. Nothing but the
//! outermost shape is demanded: every value is a [`Field`], every array a [`List`] or [`Numbers`], so a
//! value of the wrong kind costs that value only, and [`unreadable()`] finds it. Unknown fields are
//! ignored, unknown values of enumerations are text.

mod catalog;
mod field;
mod instructor;
mod page;
mod performance_graph;
mod ride;
mod unreadable;
mod user;
mod values;
mod workout;

#[cfg(test)]
mod tests;

pub use catalog::{CatalogEntry, MetadataMappings};
pub use field::{Field, Int, List};
pub use instructor::Instructor;
pub use page::Page;
pub use performance_graph::{
    Coordinate, LocationSegment, Metric, MuscleGroupScore, PerformanceGraph, Split, SplitCell,
    SplitMetrics, SplitsData, SplitsMetrics, Summary, TargetGraphData, TargetGraphMetric,
    TargetPerformanceMetrics, Zone,
};
pub use ride::{
    Album, Artist, Averages, ClassType, ExpectedOutput, InstructorCue, Offsets, Playlist, Range,
    Ride, RideDetails, Segment, Segments, Song, TargetClassMetrics, TargetMetric, TargetMetrics,
    TargetMetricsData,
};
pub use unreadable::{Unreadable, unreadable};
pub use user::{
    Calendar, Challenge, ChallengeSummary, Challenges, Month, Overview, PersonalRecord,
    PersonalRecords, Progress, Relationship, Settings, Streaks, User,
};
pub use values::Numbers;
pub use workout::{
    AchievementTemplate, Airing, CompletedMovements, EffortZones, FtpInfo, HeartRateZoneDurations,
    Movement, MovementTrackerData, Weight, WeightData, Workout,
};
