//! What the transform is given: the newest good answers about one thing, already found in the archive.

use jiff::Timestamp;

/// The text of one answer and when it was fetched.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub body: &'a str,
    pub fetched_at: Timestamp,
}

/// Everything known about one workout.
#[derive(Debug, Clone, Copy)]
pub struct WorkoutAnswers<'a> {
    pub id: &'a str,
    pub user_id: &'a str,
    /// One element of `data` of the workout list.
    pub list_row: Option<Answer<'a>>,
    pub detail: Option<Answer<'a>>,
    pub graph: Option<Answer<'a>>,
    /// When the workout was found missing from the list.
    pub deleted_at: Option<Timestamp>,
}

/// Everything known about one class.
#[derive(Debug, Clone, Copy)]
pub struct RideAnswers<'a> {
    pub id: &'a str,
    pub details: Option<Answer<'a>>,
    /// The ride object found inside a workout; classes that Peloton removed have nothing else.
    pub inline: Option<Answer<'a>>,
    /// Ratings and counts, where newer ones than those of the details are known.
    pub counters: Option<Answer<'a>>,
}

/// Everything known about one instructor.
#[derive(Debug, Clone, Copy)]
pub struct InstructorAnswers<'a> {
    pub id: &'a str,
    pub by_id: Option<Answer<'a>>,
    /// One element of `data` of the instructor list.
    pub list_row: Option<Answer<'a>>,
    /// The instructor object found inside a ride.
    pub inline: Option<Answer<'a>>,
}

/// Everything known about one member.
#[derive(Debug, Clone, Copy)]
pub struct UserAnswers<'a> {
    pub id: &'a str,
    pub me: Option<Answer<'a>>,
    pub user: Option<Answer<'a>>,
    pub settings: Option<Answer<'a>>,
    pub overview: Option<Answer<'a>>,
    pub calendar: Option<Answer<'a>>,
    pub achievements: Option<Answer<'a>>,
    pub challenges_current: Option<Answer<'a>>,
    pub challenges_past: Option<Answer<'a>>,
    /// One element of `data` of a list of followed members or followers.
    pub follow_row: Option<Answer<'a>>,
    /// None while nothing was asked that would tell: then it stands as public.
    pub access: Option<Access>,
    pub relation: Relation,
}

impl<'a> UserAnswers<'a> {
    /// A member of whom nothing is known but the id.
    pub fn new(id: &'a str, access: Access, relation: Relation) -> Self {
        Self {
            id,
            me: None,
            user: None,
            settings: None,
            overview: None,
            calendar: None,
            achievements: None,
            challenges_current: None,
            challenges_past: None,
            follow_row: None,
            access: Some(access),
            relation,
        }
    }
}

/// What of a member can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    Private,
    Gone,
}

impl Access {
    /// As in `users.access`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Gone => "gone",
        }
    }
}

/// What a member is to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Own,
    Following,
    Unfollowed,
}

impl Relation {
    /// As in `users.relation`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Following => "following",
            Self::Unfollowed => "unfollowed",
        }
    }
}

/// One whole list of followed members or of followers.
#[derive(Debug, Clone)]
pub struct FollowAnswers<'a> {
    /// Whose list it is.
    pub user_id: &'a str,
    pub direction: Direction,
    /// The elements of `data` of all pages.
    pub rows: Vec<Answer<'a>>,
    /// Whether the list was read to its end.
    pub is_whole: bool,
}

/// Which of a member's two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Following,
    Followers,
}

impl Direction {
    /// As in `follows.list`, and as the endpoint is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::Followers => "followers",
        }
    }
}

/// The catalogue: names of class types, disciplines, devices.
#[derive(Debug, Clone, Copy)]
pub struct CatalogAnswers<'a> {
    pub metadata_mappings: Option<Answer<'a>>,
}

/// A row of `sync_runs`.
#[derive(Debug, Clone)]
pub struct RunRow {
    pub id: String,
    /// The command that ran: `sync`, `import`.
    pub command: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// `complete`, `partial`, `failed`, `interrupted`.
    pub status: String,
    pub requests: i64,
    /// Answers kept in the archive.
    pub answers: i64,
    pub bytes: i64,
    pub retries: i64,
    /// Answers with status 429.
    pub rate_limited: i64,
    pub members: i64,
    pub workouts_fetched: i64,
    /// Items that could not be had.
    pub items_failed: i64,
    pub message: Option<String>,
}

/// A row of `sync_items`: something that was refused or failed, or whose answer could not be read in part.
#[derive(Debug, Clone)]
pub struct ItemRow {
    /// Unique and stable: endpoint and key.
    pub id: String,
    pub endpoint: String,
    pub key: String,
    pub user_id: Option<String>,
    /// `refused`, `failed`, `gone`, `unreadable`.
    pub status: String,
    pub http_status: Option<i64>,
    pub reason: Option<String>,
    pub tries: i64,
    pub first_tried_at: Option<Timestamp>,
    pub last_tried_at: Option<Timestamp>,
    pub next_try_at: Option<Timestamp>,
    pub run_id: Option<String>,
}

/// A row of the CSV that Peloton's web site exports, in the units of our tables.
#[derive(Debug, Clone, Default)]
pub struct ImportedWorkout {
    /// `csv-` and a digest.
    pub id: String,
    pub user_id: String,
    /// Epoch seconds.
    pub created_at: Option<i64>,
    /// The member's wall clock as the file gives it.
    pub start_local: Option<jiff::civil::DateTime>,
    /// IANA name when the file's zone is one.
    pub timezone: Option<String>,
    pub discipline: Option<String>,
    /// The file's column `Type`.
    pub class_type: Option<String>,
    pub title: Option<String>,
    pub instructor_name: Option<String>,
    /// Epoch seconds of the class's first airing.
    pub class_time: Option<i64>,
    pub is_live: Option<bool>,
    /// s
    pub duration: Option<i64>,
    /// J
    pub total_work: Option<f64>,
    pub distance_m: Option<f64>,
    pub calories_kcal: Option<f64>,
    /// W
    pub avg_output: Option<f64>,
    /// %
    pub avg_resistance: Option<f64>,
    /// rpm
    pub avg_cadence: Option<f64>,
    /// mph
    pub avg_speed: Option<f64>,
    /// min/mile
    pub avg_pace: Option<f64>,
    /// bpm
    pub avg_heart_rate: Option<f64>,
    /// %
    pub avg_incline: Option<f64>,
    /// When the file was imported.
    pub imported_at: Option<Timestamp>,
}
