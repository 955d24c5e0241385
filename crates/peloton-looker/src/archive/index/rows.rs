//! The few fields that the index reads of an answer; everything else stays text.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A value as its text. One that can't be read, such as half of a surrogate pair or a number beyond all
/// numbers, costs itself and none of its neighbours.
type Raw<'a> = Option<&'a RawValue>;

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
    #[serde(default, borrow)]
    id: Raw<'a>,
    #[serde(default, borrow)]
    user_id: Raw<'a>,
    #[serde(default, borrow)]
    status: Raw<'a>,
    #[serde(default, borrow)]
    created_at: Raw<'a>,
    #[serde(default, borrow)]
    start_time: Raw<'a>,
    #[serde(default, borrow)]
    end_time: Raw<'a>,
    #[serde(default, borrow)]
    timezone: Raw<'a>,
    #[serde(default, borrow)]
    fitness_discipline: Raw<'a>,
    #[serde(default, borrow)]
    metrics_type: Raw<'a>,
    #[serde(default, borrow)]
    workout_type: Raw<'a>,
    #[serde(default, borrow)]
    device_type: Raw<'a>,
    #[serde(default, borrow)]
    platform: Raw<'a>,
    #[serde(default, borrow)]
    name: Raw<'a>,
    #[serde(default, borrow)]
    title: Raw<'a>,
    #[serde(default, borrow)]
    total_work: Raw<'a>,
    #[serde(default, borrow)]
    distance: Raw<'a>,
    #[serde(default, borrow)]
    calories: Raw<'a>,
    #[serde(default, borrow)]
    is_outdoor: Raw<'a>,
    #[serde(default, borrow)]
    peloton_id: Raw<'a>,
    #[serde(default, borrow)]
    ride: Raw<'a>,
    #[serde(default, borrow)]
    peloton: Raw<'a>,
}

impl<'a> WorkoutHead<'a> {
    pub(super) fn id(&self) -> Option<String> {
        text(self.id)
    }

    pub(super) fn user_id(&self) -> Option<String> {
        text(self.user_id)
    }

    pub(super) fn discipline(&self) -> Option<String> {
        text(self.fitness_discipline)
    }

    pub(super) fn is_in_progress(&self) -> bool {
        text(self.status).as_deref() == Some("IN_PROGRESS")
    }

    pub(super) fn start_time(&self) -> Option<i64> {
        whole(self.start_time)
    }

    pub(super) fn created_at(&self) -> Option<i64> {
        whole(self.created_at)
    }

    pub(super) fn ride(&self) -> Option<RideHead<'a>> {
        serde_json::from_str(self.ride_text()?).ok()
    }

    /// The class, wherever the joins put it.
    pub(super) fn ride_text(&self) -> Option<&'a str> {
        #[derive(Deserialize)]
        struct Airing<'a> {
            #[serde(borrow)]
            ride: Raw<'a>,
        }
        let inside = || {
            let airing = serde_json::from_str::<Airing<'a>>(self.peloton?.get()).ok()?;
            airing.ride
        };
        self.ride.or_else(inside).map(RawValue::get)
    }

    pub(super) fn digest(&self) -> u64 {
        let ride_id = self.ride().and_then(|ride| text(ride.id));
        let mut hasher = DefaultHasher::new();
        ride_id.hash(&mut hasher);
        for value in [
            self.status,
            self.created_at,
            self.start_time,
            self.end_time,
            self.timezone,
            self.fitness_discipline,
            self.metrics_type,
            self.workout_type,
            self.device_type,
            self.platform,
            self.name,
            self.title,
            self.total_work,
            self.distance,
            self.calories,
            self.is_outdoor,
            self.peloton_id,
        ] {
            hash(value, &mut hasher);
        }
        hasher.finish()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct RideHead<'a> {
    #[serde(default, borrow)]
    id: Raw<'a>,
    #[serde(default, borrow)]
    instructor_id: Raw<'a>,
    #[serde(default, borrow)]
    instructor: Raw<'a>,
}

impl RideHead<'_> {
    /// The class id; the placeholder of rides without a class is none.
    pub(super) fn id(&self) -> Option<String> {
        text(self.id).filter(|id| !is_placeholder(id))
    }

    pub(super) fn instructor_id(&self) -> Option<String> {
        text(self.instructor_id)
    }

    pub(super) fn has_instructor(&self) -> bool {
        self.instructor
            .is_some_and(|raw| raw.get().starts_with('{'))
    }
}

/// What of a class moves by itself.
#[derive(Debug, Deserialize, Serialize)]
struct RideCounters<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    difficulty_estimate: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    difficulty_rating_avg: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    difficulty_rating_count: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    overall_estimate: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    overall_rating_avg: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    overall_rating_count: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    total_ratings: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    total_workouts: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    total_user_workouts: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    total_following_workouts: Option<&'a RawValue>,
}

/// The counters in the copy of a class, as an object of their own; none in what is no object.
pub(super) fn counters(ride: &str) -> Option<String> {
    let counters: RideCounters<'_> = serde_json::from_str(ride).ok()?;
    ride.starts_with('{')
        .then(|| serde_json::to_string(&counters).ok())?
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
    /// An array in its place would be read as an object without fields.
    pub(super) fn has_ride(&self) -> bool {
        self.ride.as_ref().is_some_and(|ride| ride.id().is_some())
    }

    pub(super) fn instructor_id(&self) -> Option<String> {
        self.ride.as_ref()?.instructor_id()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct InstructorPage<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    show_next: Raw<'a>,
}

impl InstructorPage<'_> {
    pub(super) fn is_last(&self) -> bool {
        is_no_promise(self.show_next)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (Option<String>, &str)> {
        self.data.iter().map(|raw| (id_of(raw.get()), raw.get()))
    }
}

fn id_of(row: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Row<'a> {
        #[serde(borrow)]
        id: Raw<'a>,
    }
    text(serde_json::from_str::<Row<'_>>(row).ok()?.id)
}

#[derive(Debug, Deserialize)]
pub(super) struct FollowPage<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    show_next: Raw<'a>,
}

#[derive(Debug)]
pub(super) struct FollowHead {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) digest: u64,
}

impl FollowPage<'_> {
    pub(super) fn is_last(&self) -> bool {
        is_no_promise(self.show_next)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Option<FollowHead>> {
        self.data.iter().map(|raw| FollowHead::read(raw.get()))
    }
}

impl FollowHead {
    fn read(row: &str) -> Option<Self> {
        let row: FollowRow<'_> = serde_json::from_str(row).ok()?;
        Some(Self {
            id: text(row.id)?,
            username: text(row.username).unwrap_or_default(),
            digest: row.digest(),
        })
    }
}

/// Totals of followers and workouts move by themselves: they are not read.
#[derive(Debug, Deserialize)]
struct FollowRow<'a> {
    #[serde(default, borrow)]
    id: Raw<'a>,
    #[serde(default, borrow)]
    username: Raw<'a>,
    #[serde(default, borrow)]
    image_url: Raw<'a>,
    #[serde(default, borrow)]
    location: Raw<'a>,
    #[serde(default, borrow)]
    is_profile_private: Raw<'a>,
    #[serde(default, borrow)]
    relationship: Raw<'a>,
    #[serde(default, borrow)]
    category: Raw<'a>,
}

impl FollowRow<'_> {
    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for value in [
            self.username,
            self.image_url,
            self.location,
            self.is_profile_private,
            self.relationship,
            self.category,
        ] {
            hash(value, &mut hasher);
        }
        hasher.finish()
    }
}

/// The user name in a profile.
pub(super) fn username(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Profile<'a> {
        #[serde(borrow)]
        username: Raw<'a>,
    }
    text(serde_json::from_str::<Profile<'_>>(body).ok()?.username)
}

fn text(value: Raw<'_>) -> Option<String> {
    let text: String = serde_json::from_str(value?.get()).ok()?;
    (!text.is_empty()).then_some(text)
}

fn whole(value: Raw<'_>) -> Option<i64> {
    serde_json::from_str(value?.get()).ok()
}

/// Whether a page does not say that there is more.
fn is_no_promise(show_next: Raw<'_>) -> bool {
    show_next.is_none_or(|value| value.get() != "true")
}

/// Hashes by meaning: 14 and 14.0 are one number. What means nothing is hashed as it is written.
fn hash(value: Raw<'_>, hasher: &mut impl Hasher) {
    let text = value.map_or("null", RawValue::get);
    match serde_json::from_str::<Value>(text) {
        Ok(value) => match value.as_f64() {
            Some(number) => number.to_bits().hash(hasher),
            None => value.to_string().hash(hasher),
        },
        Err(_) => text.hash(hasher),
    }
}
