//! The class and the instructor inside a workout.

use serde::Deserialize;
use serde_json::value::RawValue;

/// Ride and instructor objects that a workout or list row carries, as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inline<'a> {
    pub ride: Option<Part<'a>>,
    pub instructor: Option<Part<'a>>,
}

/// An object with its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    pub id: &'a str,
    pub text: &'a str,
}

#[derive(Deserialize)]
struct Workout<'a> {
    #[serde(default, borrow)]
    ride: Option<&'a RawValue>,
    #[serde(default, borrow)]
    peloton: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Holder<'a> {
    #[serde(default, borrow)]
    id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    ride: Option<&'a RawValue>,
    #[serde(default, borrow)]
    instructor: Option<&'a RawValue>,
}

/// Finds the ride (at `ride`, else at `peloton.ride`) and its instructor in a workout's text.
/// The placeholder ride of freestyle workouts is no class and is left out.
pub fn inline(workout: &str) -> Inline<'_> {
    let Some(workout) = object::<Workout<'_>>(workout) else {
        return Inline::default();
    };
    let airing = workout
        .peloton
        .and_then(holder)
        .and_then(|airing| airing.ride);
    let Some(ride) = workout
        .ride
        .filter(|ride| holder(ride).is_some())
        .or(airing)
    else {
        return Inline::default();
    };
    Inline {
        ride: part(ride).filter(|part| !is_placeholder(part.id)),
        instructor: holder(ride).and_then(|ride| ride.instructor).and_then(part),
    }
}

/// Whether a ride id stands for "no class": freestyle workouts carry 32 zeros.
pub(super) fn is_placeholder(ride_id: &str) -> bool {
    ride_id.bytes().all(|byte| byte == b'0')
}

fn holder(raw: &RawValue) -> Option<Holder<'_>> {
    object(raw.get())
}

/// Reads an object; an array would be taken for the fields in their order.
fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    text.trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(text).ok())?
}

fn part(raw: &RawValue) -> Option<Part<'_>> {
    let id = serde_json::from_str::<&str>(holder(raw)?.id?.get()).ok()?;
    (!id.is_empty()).then_some(Part {
        id,
        text: raw.get(),
    })
}
