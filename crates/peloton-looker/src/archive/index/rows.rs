//! The few fields that the index reads of an answer; everything else stays text.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Digest of a text. Stable within a build, which is all the index needs: it is never stored.
pub(super) fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug, Deserialize)]
pub(super) struct WorkoutPage<'a> {
    #[serde(borrow)]
    pub(super) data: Vec<&'a RawValue>,
}

/// A workout, in a list or by itself. Stable fields are those whose change is an edit; ranks, class
/// counters, posts to other services and watch times move by themselves and are left out.
#[derive(Debug, Deserialize)]
pub(super) struct WorkoutHead<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    user_id: Value,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    created_at: Value,
    #[serde(default)]
    start_time: Value,
    #[serde(default)]
    end_time: Value,
    #[serde(default)]
    timezone: Value,
    #[serde(default)]
    fitness_discipline: Value,
    #[serde(default)]
    metrics_type: Value,
    #[serde(default)]
    workout_type: Value,
    #[serde(default)]
    device_type: Value,
    #[serde(default)]
    platform: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    total_work: Value,
    #[serde(default)]
    distance: Value,
    #[serde(default)]
    calories: Value,
    #[serde(default)]
    is_outdoor: Value,
    #[serde(default)]
    peloton_id: Value,
    #[serde(default, borrow)]
    ride: Option<&'a RawValue>,
    #[serde(default, borrow)]
    peloton: Option<&'a RawValue>,
}

impl<'a> WorkoutHead<'a> {
    pub(super) fn id(&self) -> Option<String> {
        text(&self.id)
    }

    pub(super) fn user_id(&self) -> Option<String> {
        text(&self.user_id)
    }

    pub(super) fn discipline(&self) -> Option<String> {
        text(&self.fitness_discipline)
    }

    pub(super) fn is_in_progress(&self) -> bool {
        self.status.as_str() == Some("IN_PROGRESS")
    }

    pub(super) fn start_time(&self) -> Option<i64> {
        self.start_time.as_i64()
    }

    pub(super) fn created_at(&self) -> Option<i64> {
        self.created_at.as_i64()
    }

    /// The class, wherever the joins put it.
    pub(super) fn ride(&self) -> Option<RideHead<'a>> {
        #[derive(Deserialize)]
        struct Airing<'a> {
            #[serde(borrow)]
            ride: Option<&'a RawValue>,
        }
        let inside = || {
            let airing = serde_json::from_str::<Airing<'a>>(self.peloton?.get()).ok()?;
            airing.ride
        };
        serde_json::from_str(self.ride.or_else(inside)?.get()).ok()
    }

    pub(super) fn digest(&self) -> u64 {
        let ride_id = self.ride().and_then(|ride| text(&ride.id));
        let mut hasher = DefaultHasher::new();
        ride_id.hash(&mut hasher);
        for value in [
            &self.status,
            &self.created_at,
            &self.start_time,
            &self.end_time,
            &self.timezone,
            &self.fitness_discipline,
            &self.metrics_type,
            &self.workout_type,
            &self.device_type,
            &self.platform,
            &self.name,
            &self.title,
            &self.total_work,
            &self.distance,
            &self.calories,
            &self.is_outdoor,
            &self.peloton_id,
        ] {
            hash(value, &mut hasher);
        }
        hasher.finish()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct RideHead<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    instructor_id: Value,
    #[serde(default, borrow)]
    instructor: Option<&'a RawValue>,
}

impl RideHead<'_> {
    /// The class id; the placeholder of rides without a class is none.
    pub(super) fn id(&self) -> Option<String> {
        text(&self.id).filter(|id| !is_placeholder(id))
    }

    pub(super) fn instructor_id(&self) -> Option<String> {
        text(&self.instructor_id)
    }

    pub(super) fn has_instructor(&self) -> bool {
        self.instructor
            .is_some_and(|raw| raw.get().starts_with('{'))
    }
}

/// Just Ride, Lanebreak and their like carry an id of 32 zeros.
fn is_placeholder(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

#[derive(Debug, Deserialize)]
pub(super) struct RideDetailsHead<'a> {
    #[serde(borrow)]
    ride: Option<RideHead<'a>>,
}

impl RideDetailsHead<'_> {
    pub(super) fn instructor_id(&self) -> Option<String> {
        self.ride.as_ref()?.instructor_id()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct InstructorPage<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(default)]
    show_next: Value,
}

impl InstructorPage<'_> {
    pub(super) fn is_last(&self) -> bool {
        self.show_next != Value::Bool(true)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (Option<String>, &str)> {
        self.data.iter().map(|raw| (id_of(raw.get()), raw.get()))
    }
}

fn id_of(row: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Row {
        id: Value,
    }
    text(&serde_json::from_str::<Row>(row).ok()?.id)
}

#[derive(Debug, Deserialize)]
pub(super) struct FollowPage<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(default)]
    show_next: Value,
}

#[derive(Debug)]
pub(super) struct FollowHead {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) digest: u64,
}

impl FollowPage<'_> {
    pub(super) fn is_last(&self) -> bool {
        self.show_next != Value::Bool(true)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Option<FollowHead>> {
        self.data.iter().map(|raw| FollowHead::read(raw.get()))
    }
}

impl FollowHead {
    /// Totals of followers and workouts move by themselves: they are not in the digest.
    fn read(row: &str) -> Option<Self> {
        let row: Value = serde_json::from_str(row).ok()?;
        let mut hasher = DefaultHasher::new();
        for name in [
            "username",
            "image_url",
            "location",
            "is_profile_private",
            "relationship",
            "category",
        ] {
            hash(&row[name], &mut hasher);
        }
        let username = text(&row["username"]).unwrap_or_default();
        Some(Self {
            id: text(&row["id"])?,
            username,
            digest: hasher.finish(),
        })
    }
}

/// The user name in a profile.
pub(super) fn username(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Profile {
        username: Value,
    }
    text(&serde_json::from_str::<Profile>(body).ok()?.username)
}

fn text(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Hashes by meaning: 14 and 14.0 are one number.
fn hash(value: &Value, hasher: &mut impl Hasher) {
    match value.as_f64() {
        Some(number) => number.to_bits().hash(hasher),
        None => value.to_string().hash(hasher),
    }
}
