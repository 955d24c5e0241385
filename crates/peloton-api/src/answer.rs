//! The raw answer, and the stable names of what was asked.

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;

/// One answer of the API, exactly as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub endpoint: Endpoint,
    /// Id of the member, workout, class or instructor; for endpoints without an id the
    /// endpoint's own name, for [`Endpoint::Raw`] the path.
    pub key: String,
    /// Page number from 0, for lists.
    pub page: Option<u32>,
    /// Path and query, without host and without secrets.
    pub url: String,
    /// 200, or a refusal that is a fact about the item (402, 403, 404 and other 4xx).
    pub status: u16,
    /// When the answer was complete.
    pub fetched_at: Timestamp,
    /// The bytes after decompression: for status 200 valid JSON (CSV text for
    /// [`Endpoint::WorkoutHistoryCsv`]), for refusals anything.
    pub body: Bytes,
}

impl Answer {
    /// Whether the item itself came, rather than a refusal.
    pub fn is_ok(&self) -> bool {
        self.status == 200
    }
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What can be asked. The names of [`Endpoint::as_str`] are stable: archives hold them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Endpoint {
            $($(#[$doc])* $variant,)+
        }

        impl Endpoint {
            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Endpoint::$variant => $name,)+ }
            }
        }
    };
}

endpoints! {
    /// The own account.
    Me = "me",
    /// A member's profile.
    User = "user",
    /// Units and privacy of the own account.
    UserSettings = "user/settings",
    /// Records, streaks and counts of a member.
    Overview = "user/overview",
    /// Whom a member follows, a page.
    Following = "user/following",
    /// Who follows a member, a page.
    Followers = "user/followers",
    /// A member's workouts, newest first, a page.
    Workouts = "user/workouts",
    /// One workout with its class and instructor.
    Workout = "workout",
    /// The seconds of one workout.
    PerformanceGraph = "workout/performance_graph",
    /// One class with segments, cues and songs.
    RideDetails = "ride/details",
    /// The instructors, a page.
    Instructors = "instructors",
    /// One instructor.
    Instructor = "instructor",
    /// Class types, disciplines, devices.
    MetadataMappings = "metadata_mappings",
    /// A member's active days.
    Calendar = "user/calendar",
    /// A member's badges.
    Achievements = "user/achievements",
    /// Own challenges that are running.
    ChallengesCurrent = "user/challenges/current",
    /// Own challenges that are over.
    ChallengesPast = "user/challenges/past",
    /// The official export, as CSV text.
    WorkoutHistoryCsv = "user/workout_history_csv",
    /// Any other path.
    Raw = "raw",
}

impl Endpoint {
    /// Whether it is a list in pages.
    pub fn is_paged(self) -> bool {
        matches!(
            self,
            Endpoint::Following | Endpoint::Followers | Endpoint::Workouts | Endpoint::Instructors
        )
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
