//! What the service says about a member.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::World;
use super::classes::display_name;
use super::members::{Member, Spec};
use super::random::id;
use super::series::Series;

impl World {
    /// The own account, with what only its owner sees.
    pub(crate) fn me(&self) -> Value {
        let member = &self.members[0];
        let mut me = self.user(0);
        let zones: Vec<f64> = [0.0, 0.65, 0.75, 0.85, 0.95]
            .iter()
            .map(|share| super::series::tenth(share * member.max_heart_rate as f64))
            .collect();
        let ftp = self.specs[0].first().map_or(0, |spec| spec.ftp);
        let own = json!({
            "name": "Ada Example", "first_name": "Ada", "last_name": "Example", "middle_initial": "",
            "email": "ada@example.invalid", "obfuscated_email": "a**@example.invalid", "phone_number": "+1 555 0100",
            "birthday": 500_000_000, "gender": "female", "created_country": "US", "locale": "en-US", "is_demo": false,
            "is_complete_profile": true, "instructor_id": null, "member_groups": [], "height": 67.0, "weight": member.weight * 2.2,
            "height_unit": "in", "weight_unit": "lb", "default_max_heart_rate": member.max_heart_rate, "customized_max_heart_rate": 0,
            "default_heart_rate_zones": zones, "customized_heart_rate_zones": [], "is_effort_score_enabled": true,
            "cycling_ftp": 0, "cycling_ftp_source": "ftp_workout_source", "cycling_ftp_workout_id": null,
            "cycling_workout_ftp": ftp, "estimated_cycling_ftp": ftp - 5, "has_active_device_subscription": true,
            "has_active_digital_subscription": false, "can_charge": true, "subscription_credits": 0, "referral_code": "ABC123",
            "contract_agreements": [{"agreed_at": 1_577_710_450, "contract_id": ""}], "facebook_id": "", "facebook_access_token": "",
            "external_music_auth_list": [], "paired_devices": [{"name": "Strap", "paired_device_type": "heart_rate_monitor", "serial_number": "SN-000111"}],
            "hardware_settings": null, "quick_hits": {"quick_hits_enabled": false},
        });
        merge(&mut me, &own);
        me
    }

    pub(crate) fn user(&self, at: usize) -> Value {
        let member = &self.members[at];
        let specs = &self.specs[at];
        let pedalled = specs.iter().filter(|spec| spec.kind.pedals()).count();
        json!({
            "id": member.id, "username": member.username, "image_url": "https://example.invalid/m.png", "location": member.location,
            "is_profile_private": member.is_private, "is_provisional": false, "created_at": member.created_at,
            // Served stale, as the service does.
            "last_workout_at": member.created_at + 86_400,
            "total_workouts": specs.len(), "total_pedaling_metric_workouts": pedalled,
            "total_non_pedaling_metric_workouts": specs.len() - pedalled, "workout_counts": workout_counts(specs),
            "total_followers": 7, "total_following": self.members.len() - 1, "authed_user_follows": member.is_followed,
            "relationship": relationship(member), "streaks": streaks(specs), "block_explicit": false,
            "tags_info": {"primary_name": null, "total_joined": 0}, "category": if member.is_followed { "following" } else { "others" },
        })
    }

    pub(crate) fn settings(&self) -> Value {
        json!({"weight_unit": "lb", "height_unit": "in", "distance_unit": "imperial", "timezone": -5, "block_explicit": false,
            "auto_post_workout_to_strava": false, "class_language_preferences": ["en"], "closed_captions": false,
            "privacy": {"is_profile_private": false, "workout_maps_private": true}})
    }

    pub(crate) fn overview(&self, at: usize) -> Value {
        json!({"id": self.members[at].id,
            "workout_counts": {"total_workouts": self.specs[at].len(), "workouts": workout_counts(&self.specs[at])},
            "personal_records": [{"name": "Cycling", "slug": "cycling", "first_workout_date": null, "reset_date": null, "records": self.records(at)}],
            "streaks": streaks(&self.specs[at]), "achievements": {"total_count": 0, "achievements": []}})
    }

    /// The most work of each class length.
    fn records(&self, at: usize) -> Value {
        let mut best: BTreeMap<i64, (i64, &Spec)> = BTreeMap::new();
        for spec in self.specs[at]
            .iter()
            .filter(|spec| spec.kind.discipline() == "cycling")
        {
            let Some(class) = spec.class else { continue };
            let work = Series::new(spec, &self.members[at], &self.classes).work_j();
            let entry = best
                .entry(self.classes.classes[class].duration)
                .or_insert((work, spec));
            if work > entry.0 {
                *entry = (work, spec);
            }
        }
        best.into_iter()
            .map(|(length, (work, spec))| {
                json!({"name": format!("{} min", length / 60), "slug": length.to_string(), "value": work / 1000, "raw_value": work,
                    "unit": "kj", "unit_slug": "kj", "workout_id": spec.id, "workout_date": date(spec)})
            })
            .collect()
    }

    pub(crate) fn calendar(&self, at: usize) -> Value {
        let mut months: BTreeMap<(i16, i8), BTreeSet<i8>> = BTreeMap::new();
        for spec in &self.specs[at] {
            let Some(day) = local(spec) else { continue };
            months
                .entry((day.year(), day.month()))
                .or_default()
                .insert(day.day());
        }
        let months: Vec<Value> = months
            .into_iter()
            .rev()
            .map(|((year, month), days)| json!({"year": year, "month": month, "active_days": days}))
            .collect();
        json!({"months": months})
    }

    pub(crate) fn achievements(&self, at: usize) -> Value {
        let count = self.specs[at].len() / 25;
        json!({"categories": [{"name": "Milestones", "slug": "milestones", "achievements":
            [{"template": {"id": id(12, "milestone", 0), "name": "Milestone", "slug": "milestone", "image_url": "", "description": ""}, "count": count}]}]})
    }

    pub(crate) fn challenges(&self, past: bool) -> Value {
        let start = if past {
            self.now - 400 * 86_400
        } else {
            self.now - 20 * 86_400
        };
        let title = if past {
            "The Long Winter"
        } else {
            "November \"Minutes\""
        };
        json!({"challenges": [{"challenge_summary": {"id": id(13, title, 0), "title": title, "symbol_image_url": "", "start_time": start, "end_time": start + 30 * 86_400},
            "challenge_detail": {"tiers": [{"title": "Gold", "metric_value": 600.0, "detailed_badge_image_url": ""}]},
            "participants": {"total_count": 1000}, "progress": {"has_joined": true, "metric_value": 123.5, "metric_display_unit": "minutes"}}]})
    }

    /// A row of a list of followed members or of followers.
    pub(crate) fn follow_row(&self, at: usize) -> Value {
        let member = &self.members[at];
        json!({"id": member.id, "username": member.username, "image_url": "https://example.invalid/m.png", "location": member.location,
            "is_profile_private": member.is_private, "total_followers": 3, "total_following": 5,
            "total_workouts": if member.is_private { Value::Null } else { json!(self.specs[at].len()) },
            "authed_user_follows": member.is_followed, "relationship": relationship(member),
            "category": if member.is_followed { "following" } else { "others" }})
    }

    /// The file that the web site offers.
    pub(crate) fn history_csv(&self, at: usize) -> String {
        let mut csv = String::from(
            "Workout Timestamp,Live/On-Demand,Instructor Name,Length (minutes),Fitness Discipline,Type,Title,Class Timestamp,Total Output,Avg. Watts,Avg. Resistance,Avg. Cadence (RPM),Avg. Speed (mph),Distance (mi),Calories Burned,Avg. Heartrate,Avg. Incline,Avg. Pace (min/mi)\n",
        );
        for spec in self.specs[at].iter().rev() {
            let Ok(time) = Timestamp::from_second(spec.created_at) else {
                continue;
            };
            let title = spec.class.map_or("Just Ride", |class| {
                self.classes.classes[class].title.as_str()
            });
            csv.push_str(&format!(
                "{} (UTC),On Demand,,{},{},,\"{}\",,,,,,,,,,,\n",
                time.strftime("%Y-%m-%d %H:%M"),
                spec.length / 60,
                display_name(spec.kind.discipline()),
                title.replace('"', "\"\"")
            ));
        }
        csv
    }
}

fn workout_counts(specs: &[Spec]) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    specs
        .iter()
        .for_each(|spec| *counts.entry(spec.kind.discipline()).or_default() += 1);
    counts
        .into_iter()
        .map(|(slug, count)| json!({"name": display_name(slug), "slug": slug, "count": count, "icon_url": ""}))
        .collect()
}

fn streaks(specs: &[Spec]) -> Value {
    json!({"current_weekly": 4, "best_weekly": 17, "start_date_of_current_weekly": specs.first().map(date)})
}

fn relationship(member: &Member) -> Value {
    let word = |is: bool| if is { json!("following") } else { Value::Null };
    json!({"me_to_user": word(member.is_followed), "user_to_me": word(member.is_follower)})
}

fn local(spec: &Spec) -> Option<jiff::civil::Date> {
    let clock = Timestamp::from_second(spec.start_time + spec.utc_offset).ok()?;
    Some(clock.to_zoned_datetime(TimeZone::UTC).date())
}

fn date(spec: &Spec) -> String {
    local(spec).map(|date| date.to_string()).unwrap_or_default()
}

fn merge(into: &mut Value, from: &Value) {
    if let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) {
        into.extend(
            from.iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
}
