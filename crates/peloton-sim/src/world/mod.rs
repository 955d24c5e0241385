//! The invented world: members, classes, workouts. Everything follows from the seed; the seconds of a
//! workout are made when somebody asks for them.

mod classes;
mod graphs;
mod members;
mod profiles;
mod random;
mod series;
mod workouts;

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use classes::Classes;
use members::Spec;

pub(crate) use members::Member;
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

    pub(crate) fn workout_row(&self, id: &str, joins: Joins) -> Option<Value> {
        Some(self.row(self.spec(id)?, joins))
    }

    pub(crate) fn workout_detail(&self, id: &str, joins: Joins) -> Option<Value> {
        Some(self.detail(self.spec(id)?, joins))
    }

    pub(crate) fn graph(&self, id: &str, every_n: u32) -> Option<Value> {
        Some(self.graph_of(self.spec(id)?, every_n))
    }

    fn spec(&self, id: &str) -> Option<&Spec> {
        let (member, at) = self.places.get(id)?;
        self.specs.get(*member)?.get(*at)
    }

    /// One more workout, for tests that add one: its row, its detail and its graph.
    pub(crate) fn new_workout(&self, member: usize, number: u64, start: i64) -> NewWorkout {
        let end = start + 4_000;
        let spec = self.members[member].spec(
            self.seed ^ 0x5eed,
            member,
            number,
            end,
            self.now,
            &self.classes,
        );
        NewWorkout {
            row: self.row(&spec, Joins::Ride),
            detail: self.detail(&spec, Joins::Ride),
            graph: self.graph_of(&spec, 1),
        }
    }

    /// A class by itself; None where it was removed.
    pub(crate) fn ride(&self, id: &str) -> Option<Value> {
        let class = self.classes.find(id).filter(|class| !class.is_removed)?;
        Some(class.json(&self.classes, true))
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
        let disciplines: Vec<Value> = [
            "cycling",
            "running",
            "walking",
            "caesar",
            "strength",
            "yoga",
            "stretching",
            "meditation",
            "bike_bootcamp",
            "circuit",
            "cardio",
        ]
        .iter()
        .map(|id| json!({"id": id, "name": classes::display_name(id)}))
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

/// A workout in its three shapes.
#[derive(Debug, Clone)]
pub(crate) struct NewWorkout {
    pub(crate) row: Value,
    pub(crate) detail: Value,
    pub(crate) graph: Value,
}
