//! One line of the archive.

use std::borrow::Cow;

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Names of endpoints in the archive: Peloton's, and those of what a run noticed itself.
pub(crate) mod endpoint {
    use peloton_api::Endpoint;

    pub(crate) const ME: &str = Endpoint::Me.as_str();
    pub(crate) const USER: &str = Endpoint::User.as_str();
    pub(crate) const SETTINGS: &str = Endpoint::UserSettings.as_str();
    pub(crate) const OVERVIEW: &str = Endpoint::Overview.as_str();
    pub(crate) const FOLLOWING: &str = Endpoint::Following.as_str();
    pub(crate) const FOLLOWERS: &str = Endpoint::Followers.as_str();
    pub(crate) const WORKOUTS: &str = Endpoint::Workouts.as_str();
    pub(crate) const CALENDAR: &str = Endpoint::Calendar.as_str();
    pub(crate) const ACHIEVEMENTS: &str = Endpoint::Achievements.as_str();
    pub(crate) const CHALLENGES_CURRENT: &str = Endpoint::ChallengesCurrent.as_str();
    pub(crate) const CHALLENGES_PAST: &str = Endpoint::ChallengesPast.as_str();
    pub(crate) const WORKOUT: &str = Endpoint::Workout.as_str();
    pub(crate) const GRAPH: &str = Endpoint::PerformanceGraph.as_str();
    pub(crate) const RIDE_DETAILS: &str = Endpoint::RideDetails.as_str();
    pub(crate) const INSTRUCTORS: &str = Endpoint::Instructors.as_str();
    pub(crate) const INSTRUCTOR: &str = Endpoint::Instructor.as_str();
    pub(crate) const METADATA_MAPPINGS: &str = Endpoint::MetadataMappings.as_str();

    /// A file that the member downloaded from Peloton's web site; key: digest of its content.
    pub(crate) const IMPORT: &str = "import";
    /// A list that had failed was read to its end without a failure; key: its owner. The body names its endpoint.
    pub(crate) const READ: &str = "read";
    /// A member's list was read to its end; key: the member. The body says what was counted.
    pub(crate) const WALK: &str = "walk";
    /// A workout that a complete list no longer shows; key: the workout.
    pub(crate) const MISSING: &str = "missing";
    /// A member who is no longer in the own list of followed members; key: the member.
    pub(crate) const UNFOLLOWED: &str = "unfollowed";
    /// A member who is no longer in the own list of followers; key: the member.
    pub(crate) const UNFOLLOWED_BY: &str = "unfollowed_by";
    /// A run began or ended; key: the run.
    pub(crate) const RUN: &str = "run";
}

/// Something that was answered or noticed at a moment. `status` is 0 where there was no HTTP answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Observation<'a> {
    #[serde(borrow)]
    pub(crate) endpoint: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) url: Cow<'a, str>,
    pub(crate) fetched_at: Timestamp,
    pub(crate) status: u16,
    /// Why there is no good answer, after all tries.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Cow<'a, str>>,
    /// The exact text of the answer.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Cow<'a, str>>,
    /// The answer where it is not UTF-8.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_base64: Option<Cow<'a, str>>,
}

impl<'a> Observation<'a> {
    pub(crate) fn answered(
        endpoint: &'a str,
        key: &'a str,
        url: &'a str,
        fetched_at: Timestamp,
        status: u16,
        body: &'a [u8],
    ) -> Self {
        let (body, body_base64) = match std::str::from_utf8(body) {
            Ok(text) => (Some(Cow::Borrowed(text)), None),
            Err(_) => (None, Some(Cow::Owned(STANDARD.encode(body)))),
        };
        Self {
            endpoint: endpoint.into(),
            key: key.into(),
            url: url.into(),
            fetched_at,
            status,
            reason: None,
            body,
            body_base64,
        }
    }

    pub(crate) fn failed(
        endpoint: &'a str,
        key: &'a str,
        url: &'a str,
        fetched_at: Timestamp,
        status: u16,
        reason: String,
    ) -> Self {
        Self {
            endpoint: endpoint.into(),
            key: key.into(),
            url: url.into(),
            fetched_at,
            status,
            reason: Some(reason.into()),
            body: None,
            body_base64: None,
        }
    }

    /// What the run noticed itself; the body is what it knows of it.
    pub(crate) fn noticed(
        endpoint: &'a str,
        key: &'a str,
        at: Timestamp,
        body: &impl Serialize,
    ) -> Result<Self> {
        Ok(Self {
            endpoint: endpoint.into(),
            key: key.into(),
            url: Cow::Borrowed(""),
            fetched_at: at,
            status: 0,
            reason: None,
            body: Some(
                serde_json::to_string(body)
                    .context("write what was noticed")?
                    .into(),
            ),
            body_base64: None,
        })
    }

    /// The line as it stands in a segment, line end included.
    pub(crate) fn to_line(&self) -> Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self).context("write an observation")?;
        line.push(b'\n');
        Ok(line)
    }
}
