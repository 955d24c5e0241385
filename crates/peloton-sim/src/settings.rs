//! The knobs.

use std::time::Duration;

use jiff::Timestamp;

use crate::Faults;

/// What kind of world, and how the service behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Another seed, another world.
    pub seed: u64,
    /// The own account and those it follows.
    pub members: usize,
    /// Workouts of each member.
    pub workouts: usize,
    /// Where the world ends. Nothing in it is later.
    pub now: Timestamp,
    /// Waited before each answer of the API.
    pub latency: Duration,
    /// None: as fast as it goes.
    pub rate_limit: Option<RateLimit>,
    /// Faults of the API.
    pub faults: Faults,
    /// Whether class and leaderboard counters stand still. They move by one with each answer otherwise.
    pub freeze_counters: bool,
    /// Life of an access token.
    pub token_life: Duration,
    /// How the login page behaves.
    pub login: LoginMode,
    /// The account's password.
    pub password: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            members: 6,
            workouts: 300,
            // A round moment: tests that want another one say so.
            now: Timestamp::from_second(1_790_000_000).unwrap_or(Timestamp::UNIX_EPOCH),
            latency: Duration::ZERO,
            rate_limit: None,
            faults: Faults::default(),
            freeze_counters: true,
            token_life: Duration::from_secs(172_800),
            login: LoginMode::Normal,
            password: "correct horse \"battery\" & staple".into(),
        }
    }
}

/// More requests a second than this are answered 429.
#[derive(Debug, Clone, Copy)]
pub struct RateLimit {
    /// Requests a second, in the long run.
    pub per_second: f64,
    /// Requests that may come at once.
    pub burst: u32,
    /// Whether and how the answer says when to come back.
    pub retry_after: Option<RetryAfter>,
}

/// The two forms of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// A date, so many seconds ahead.
    Date(u64),
}

/// How the login goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LoginMode {
    /// A form that submits itself.
    Normal,
    /// A redirect instead of the form.
    Redirect,
    /// The account asks for a further step.
    Verification,
    /// Too many attempts: 429.
    TooManyAttempts,
    /// Cloudflare answers instead: error code 1015.
    Cloudflare,
    /// The page has no form any more.
    ChangedPage,
}

/// Who may log in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The e-mail address; the user name works as well.
    pub username: String,
    /// The password.
    pub password: String,
    /// The member's id.
    pub user_id: String,
}
