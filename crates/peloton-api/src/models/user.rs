//! Members: the own account, other members, follow lists, settings, overview, calendar, challenges.

use serde::Deserialize;

use super::{Field, Int, List, Numbers};

/// A member: `GET /api/me`, `GET /api/user/{id}`, or a row of a follow list, which has a few fields only.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct User {
    pub id: Field<String>,
    pub username: Field<String>,
    pub name: Field<String>,
    pub first_name: Field<String>,
    pub last_name: Field<String>,
    pub image_url: Field<String>,
    pub location: Field<String>,
    /// Epoch seconds.
    pub birthday: Field<Int>,
    pub gender: Field<String>,
    /// Epoch seconds.
    pub created_at: Field<Int>,
    pub created_country: Field<String>,
    pub locale: Field<String>,
    pub is_profile_private: Field<bool>,
    pub is_provisional: Field<bool>,
    pub height: Field<f64>,
    pub height_unit: Field<String>,
    pub weight: Field<f64>,
    pub weight_unit: Field<String>,
    /// bpm
    pub default_max_heart_rate: Field<Int>,
    /// bpm; 0 or null when unset.
    pub customized_max_heart_rate: Field<Int>,
    /// Lower bounds, bpm.
    pub default_heart_rate_zones: Numbers,
    /// Lower bounds, bpm; empty when unset.
    pub customized_heart_rate_zones: Numbers,
    /// W
    pub cycling_ftp: Field<Int>,
    pub cycling_ftp_source: Field<String>,
    pub cycling_ftp_workout_id: Field<String>,
    pub cycling_workout_ftp: Field<Int>,
    pub estimated_cycling_ftp: Field<Int>,
    pub total_workouts: Field<Int>,
    pub total_pedaling_metric_workouts: Field<Int>,
    pub total_non_pedaling_metric_workouts: Field<Int>,
    pub total_followers: Field<Int>,
    pub total_following: Field<Int>,
    /// Stale: never a sign of change.
    pub last_workout_at: Field<Int>,
    pub authed_user_follows: Field<bool>,
    pub relationship: Field<Relationship>,
    pub category: Field<String>,
    pub streaks: Field<Streaks>,
}

/// Who follows whom: `following`, `follow_pending`, `none` or null.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Relationship {
    pub me_to_user: Field<String>,
    pub user_to_me: Field<String>,
}

/// Weeks and days in a row.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Streaks {
    pub current_weekly: Field<Int>,
    pub best_weekly: Field<Int>,
    pub current_daily: Field<Int>,
}

/// `GET /api/user/{id}/settings`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub weight_unit: Field<String>,
    pub height_unit: Field<String>,
    pub distance_unit: Field<String>,
}

/// `GET /api/user/{id}/overview`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Overview {
    pub id: Field<String>,
    pub personal_records: List<PersonalRecords>,
    pub streaks: Field<Streaks>,
}

/// The records of one discipline.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PersonalRecords {
    pub name: Field<String>,
    pub slug: Field<String>,
    pub records: List<PersonalRecord>,
}

/// The best workout of one length.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PersonalRecord {
    pub name: Field<String>,
    /// Length of the ride in seconds, as text.
    pub slug: Field<String>,
    /// In `unit`: kJ.
    pub value: Field<f64>,
    /// J
    pub raw_value: Field<f64>,
    pub unit: Field<String>,
    pub unit_slug: Field<String>,
    pub workout_id: Field<String>,
    /// ISO text.
    pub workout_date: Field<String>,
}

/// `GET /api/user/{id}/calendar`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Calendar {
    pub months: List<Month>,
}

/// Days with a workout.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Month {
    pub year: Field<Int>,
    pub month: Field<Int>,
    pub active_days: List<Int>,
}

/// `GET /api/user/{id}/challenges/current` and `/past`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Challenges {
    pub challenges: List<Challenge>,
}

/// One challenge and how far the member is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Challenge {
    pub challenge_summary: Field<ChallengeSummary>,
    pub progress: Field<Progress>,
}

/// What a challenge is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChallengeSummary {
    pub id: Field<String>,
    pub title: Field<String>,
    pub challenge_type: Field<String>,
    /// Epoch seconds.
    pub start_time: Field<Int>,
    /// Epoch seconds.
    pub end_time: Field<Int>,
}

/// How far a member is in a challenge.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Progress {
    pub metric_value: Field<f64>,
    pub metric_display_unit: Field<String>,
    pub has_joined: Field<bool>,
    pub is_complete: Field<bool>,
}
