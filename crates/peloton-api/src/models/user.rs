//! Members: the own account, other members, follow lists, settings, overview, calendar, challenges.

use serde::{Deserialize, Serialize};

use super::{Field, Int, List, Numbers};

/// A member: `GET /api/me`, `GET /api/user/{id}`, or a row of a follow list, which has a few fields only.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct User {
    /// 32 hex digits.
    pub id: Field<String>,
    /// Name on the leaderboard.
    pub username: Field<String>,
    /// Whole name; own account only.
    pub name: Field<String>,
    /// Own account only.
    pub first_name: Field<String>,
    /// Own account only.
    pub last_name: Field<String>,
    /// Picture.
    pub image_url: Field<String>,
    /// As the member wrote it, so any text.
    pub location: Field<String>,
    /// Epoch seconds.
    pub birthday: Field<Int>,
    /// `male`, …; own account only.
    pub gender: Field<String>,
    /// Epoch seconds.
    pub created_at: Field<Int>,
    /// Country in which the account was made; null was seen.
    pub created_country: Field<String>,
    /// Of the account: language and country.
    pub locale: Field<String>,
    /// Whether only accepted followers see the workouts.
    pub is_profile_private: Field<bool>,
    /// Meaning unknown.
    pub is_provisional: Field<bool>,
    /// Body height in `height_unit`.
    pub height: Field<f64>,
    /// Unit of `height`.
    pub height_unit: Field<String>,
    /// Body weight in `weight_unit`.
    pub weight: Field<f64>,
    /// Unit of `weight`.
    pub weight_unit: Field<String>,
    /// bpm
    pub default_max_heart_rate: Field<Int>,
    /// bpm; 0 or null when unset.
    pub customized_max_heart_rate: Field<Int>,
    /// Lower bounds, bpm.
    pub default_heart_rate_zones: Numbers,
    /// Lower bounds, bpm; empty when unset.
    pub customized_heart_rate_zones: Numbers,
    /// W, as the member typed it in; counts when the source is `ftp_manual_source`.
    pub cycling_ftp: Field<Int>,
    /// Which FTP counts: `ftp_manual_source`, `ftp_workout_source`, `ftp_estimated_source`, or null.
    pub cycling_ftp_source: Field<String>,
    /// The workout in which it was measured; null without one.
    pub cycling_ftp_workout_id: Field<String>,
    /// W, of the last test; counts when the source is `ftp_workout_source`.
    pub cycling_workout_ftp: Field<Int>,
    /// W, as Peloton estimates it.
    pub estimated_cycling_ftp: Field<Int>,
    /// As the app counts them, which is not always the total of the list; null for some private members.
    pub total_workouts: Field<Int>,
    /// Of these, how many have pedalling series.
    pub total_pedaling_metric_workouts: Field<Int>,
    /// Of these, how many have none.
    pub total_non_pedaling_metric_workouts: Field<Int>,
    /// How many members follow this one.
    pub total_followers: Field<Int>,
    /// How many members this one follows.
    pub total_following: Field<Int>,
    /// Epoch seconds, but stale: never a sign of change.
    pub last_workout_at: Field<Int>,
    /// Whether the own account follows this member.
    pub authed_user_follows: Field<bool>,
    /// Between the own account and this member.
    pub relationship: Field<Relationship>,
    /// Group in a follow list: `following`, `others`, …
    pub category: Field<String>,
    /// Of workouts, up to now and at best.
    pub streaks: Field<Streaks>,
}

/// Who follows whom: `following`, `follow_pending`, `none` or null.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Relationship {
    /// What the own account is to the member.
    pub me_to_user: Field<String>,
    /// What the member is to the own account.
    pub user_to_me: Field<String>,
}

/// Weeks and days in a row.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Streaks {
    /// Weeks in a row with a workout, up to now.
    pub current_weekly: Field<Int>,
    /// Most weeks in a row so far.
    pub best_weekly: Field<Int>,
    /// Days in a row with a workout, up to now; absent in some answers.
    pub current_daily: Field<Int>,
}

/// `GET /api/user/{id}/settings`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Settings {
    /// Unit of body weight that the account prefers.
    pub weight_unit: Field<String>,
    /// Unit of body height that the account prefers.
    pub height_unit: Field<String>,
    /// Unit of distance that the account prefers; its values are unknown.
    pub distance_unit: Field<String>,
}

/// `GET /api/user/{id}/overview`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Overview {
    /// The member.
    pub id: Field<String>,
    /// One element a discipline.
    pub personal_records: List<PersonalRecords>,
    /// Of workouts, up to now and at best.
    pub streaks: Field<Streaks>,
}

/// The records of one discipline.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PersonalRecords {
    /// Name of the discipline for showing.
    pub name: Field<String>,
    /// The discipline, spelled as in workouts.
    pub slug: Field<String>,
    /// One element a length.
    pub records: List<PersonalRecord>,
}

/// The best workout of one length.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PersonalRecord {
    /// Name of the length for showing.
    pub name: Field<String>,
    /// Length of the ride in seconds, as text.
    pub slug: Field<String>,
    /// In `unit`: kJ.
    pub value: Field<f64>,
    /// J
    pub raw_value: Field<f64>,
    /// Unit of `value` for showing.
    pub unit: Field<String>,
    /// Unit of `value` as a short name.
    pub unit_slug: Field<String>,
    /// The workout.
    pub workout_id: Field<String>,
    /// ISO text.
    pub workout_date: Field<String>,
}

/// `GET /api/user/{id}/calendar`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Calendar {
    /// Newest first.
    pub months: List<Month>,
}

/// Days with a workout.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Month {
    /// Four digits.
    pub year: Field<Int>,
    /// From 1.
    pub month: Field<Int>,
    /// Days of the month, from 1.
    pub active_days: List<Int>,
}

/// `GET /api/user/{id}/challenges/current` and `/past`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Challenges {
    /// The running or the past ones, as was asked.
    pub challenges: List<Challenge>,
}

/// One challenge and how far the member is.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Challenge {
    /// What it is.
    pub challenge_summary: Field<ChallengeSummary>,
    /// How far the member is.
    pub progress: Field<Progress>,
}

/// What a challenge is.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ChallengeSummary {
    /// Id of the challenge.
    pub id: Field<String>,
    /// Title for showing.
    pub title: Field<String>,
    /// Meaning unknown.
    pub challenge_type: Field<String>,
    /// Epoch seconds.
    pub start_time: Field<Int>,
    /// Epoch seconds.
    pub end_time: Field<Int>,
}

/// How far a member is in a challenge.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Progress {
    /// How far, in `metric_display_unit`.
    pub metric_value: Field<f64>,
    /// Unit of `metric_value`; absent in some answers.
    pub metric_display_unit: Field<String>,
    /// Whether the member takes part.
    pub has_joined: Field<bool>,
    /// Whether the goal is reached.
    pub is_complete: Field<bool>,
}
