//! The invented world: members, classes, workouts. Everything follows from the seed; the seconds of a
//! workout are made when somebody asks for them.

mod classes;
mod graphs;
mod members;
mod profiles;
mod random;
mod rides;
mod series;
mod tracks;
mod workouts;

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use classes::Classes;
use rides::Place;

pub(crate) use members::{Member, Spec};
pub(crate) use random::{Random, id};
pub(crate) use workouts::{Joins, ZERO};

/// Members with their workouts, and the classes that they took.
#[derive(Debug)]
pub(crate) struct World {
    seed: u64,
    now: i64,
    members: Vec<Member>,
    classes: Classes,
    /// By member, newest first.
    specs: Vec<Vec<Spec>>,
    ids: Vec<Vec<String>>,
    places: HashMap<String, (usize, usize)>,
}

impl World {
    /// A world that ends at `now`: `members` with `workouts` each; the first is the own account.
    pub(crate) fn new(seed: u64, members: usize, workouts: usize, now: Timestamp) -> Self {
        let now = now.as_second();
        let classes = Classes::new(seed, now);
        let members: Vec<Member> = (0..members.max(1))
            .map(|at| Member::new(seed, at, now))
            .collect();
        let specs: Vec<Vec<Spec>> = members
            .iter()
            .enumerate()
            .map(|(at, member)| member.calendar(seed, at, workouts, now, &classes))
            .collect();
        let ids: Vec<Vec<String>> = specs
            .iter()
            .map(|specs| specs.iter().map(|spec| spec.id.clone()).collect())
            .collect();
        let mut places = HashMap::new();
        for (member, ids) in ids.iter().enumerate() {
            places.extend(
                ids.iter()
                    .enumerate()
                    .map(|(at, id)| (id.clone(), (member, at))),
            );
        }
        Self {
            seed,
            now,
            members,
            classes,
            specs,
            ids,
            places,
        }
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    /// Ids, newest first.
    pub(crate) fn workouts(&self, member: usize) -> &[String] {
        self.ids.get(member).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn workout_owner(&self, id: &str) -> Option<usize> {
        self.places.get(id).map(|(member, _)| *member)
    }

    /// A workout of the world.
    pub(crate) fn spec(&self, id: &str) -> Option<&Spec> {
        let (member, at) = self.places.get(id)?;
        self.specs.get(*member)?.get(*at)
    }

    /// One more workout, for tests that add one.
    pub(crate) fn new_workout(&self, member: usize, number: u64, start: i64) -> Spec {
        let end = start + 4_000;
        let seed = self.seed ^ 0x5eed;
        self.members[member].spec(seed, member, number, end, self.now, &self.classes)
    }

    /// Which class it is; the placeholder where it is none.
    pub(crate) fn ride_id(&self, spec: &Spec) -> &str {
        spec.class
            .map_or(ZERO, |class| self.classes.classes[class].id.as_str())
    }

    /// A class by itself; None where it was removed.
    pub(crate) fn ride(&self, id: &str) -> Option<Value> {
        let class = self.classes.find(id).filter(|class| !class.is_removed)?;
        Some(class.json(&self.classes, Place::Alone, true))
    }

    pub(crate) fn ride_details(&self, id: &str) -> Option<Value> {
        let class = self.classes.find(id).filter(|class| !class.is_removed)?;
        Some(class.details(&self.classes))
    }

    /// Those who are still there.
    pub(crate) fn instructors(&self) -> Vec<Value> {
        let there = (0..self.classes.instructors.len())
            .filter(|at| !self.classes.instructors[*at].has_left);
        there.map(|at| self.classes.instructor_json(at)).collect()
    }

    pub(crate) fn instructor(&self, id: &str) -> Option<Value> {
        let at = self
            .classes
            .instructors
            .iter()
            .position(|instructor| instructor.id == id)?;
        (!self.classes.instructors[at].has_left).then(|| self.classes.instructor_json(at))
    }

    pub(crate) fn metadata_mappings(&self) -> Value {
        let disciplines: Vec<Value> = classes::disciplines()
            .map(|(id, name)| json!({"id": id, "name": name}))
            .collect();
        json!({
            "instructors": self.instructors(), "class_types": classes::class_types(), "fitness_disciplines": disciplines,
            "equipment": [{"id": id(11, "dumbbells", 0), "name": "Dumbbells", "slug": "dumbbells"}],
            "device_type_display_names": [{"id": "home_bike_v1", "name": "Bike"}, {"id": "home_tread", "name": "Tread"}],
            "content_focus_labels": [], "difficulty_levels": [{"id": "beginner", "name": "Beginner"}, {"id": "advanced", "name": "Advanced"}],
            "locales": [{"id": "en-US", "name": "English"}],
        })
    }
}
