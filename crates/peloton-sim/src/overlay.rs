//! What was changed in the world since it was made: the world itself never changes.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::thinned::thinned;
use crate::world::{Joins, Spec, World, ZERO};

/// Fields of a workout that only its detail has.
const DETAIL_ONLY: &[&str] = &[
    "ftp_info",
    "leaderboard_rank",
    "total_leaderboard_users",
    "leaderboard_distance_rank",
    "total_leaderboard_distance_users",
    "achievement_templates",
    "total_heart_rate_zone_durations",
    "average_effort_score",
    "device_type_display_name",
    "movement_tracker_data",
    "metadata",
];

/// A workout that the world did not have.
#[derive(Debug)]
enum Added {
    /// Invented as those of the world are.
    Invented(Box<Spec>),
    /// Given whole.
    Given { detail: Value, graph: Value },
}

#[derive(Debug, Default)]
pub(crate) struct Overlay {
    /// By member, in the order in which they were added.
    added: Vec<(usize, String)>,
    workouts: HashMap<String, Added>,
    /// Fields that replace those of row and detail.
    edits: HashMap<String, Value>,
    graphs: HashMap<String, Value>,
    pub(crate) deleted: HashSet<String>,
    private: HashMap<usize, bool>,
    pub(crate) gone: HashSet<usize>,
    followed: HashMap<usize, bool>,
    /// Fields that replace those of a member's profile and follow row.
    profiles: HashMap<usize, Value>,
    /// Added to counters when they may move.
    pub(crate) ticks: u64,
}

impl Overlay {
    /// A workout given whole; its row is the detail without what only details have.
    pub(crate) fn add_custom(
        &mut self,
        member: usize,
        user_id: &str,
        mut detail: Value,
        graph: Value,
    ) -> String {
        detail["user_id"] = user_id.into();
        let id = detail["id"].as_str().unwrap_or_default().to_owned();
        self.add(member, id, Added::Given { detail, graph })
    }

    pub(crate) fn add_invented(&mut self, spec: Spec) -> String {
        let (member, id) = (spec.member, spec.id.clone());
        self.add(member, id, Added::Invented(Box::new(spec)))
    }

    fn add(&mut self, member: usize, id: String, workout: Added) -> String {
        self.added.push((member, id.clone()));
        self.workouts.insert(id.clone(), workout);
        id
    }

    pub(crate) fn edit(&mut self, id: &str, fields: Value) {
        let edits = self.edits.entry(id.to_owned()).or_insert_with(|| json!({}));
        apply(edits, &fields);
    }

    pub(crate) fn edit_profile(&mut self, member: usize, fields: Value) {
        self.profiles.insert(member, fields);
    }

    pub(crate) fn edit_graph(&mut self, id: &str, fields: Value) {
        self.graphs.insert(id.to_owned(), fields);
    }

    pub(crate) fn set_private(&mut self, member: usize, is_private: bool) {
        self.private.insert(member, is_private);
    }

    pub(crate) fn set_followed(&mut self, member: usize, is_followed: bool) {
        self.followed.insert(member, is_followed);
    }

    pub(crate) fn is_private(&self, world: &World, member: usize) -> bool {
        self.private
            .get(&member)
            .copied()
            .unwrap_or(world.members()[member].is_private)
    }

    pub(crate) fn is_gone(&self, world: &World, member: usize) -> bool {
        self.gone.contains(&member) || world.members()[member].is_gone
    }

    pub(crate) fn is_followed(&self, world: &World, member: usize) -> bool {
        self.followed
            .get(&member)
            .copied()
            .unwrap_or(world.members()[member].is_followed)
    }

    /// A profile or a row of a follow list, as it is after the changes.
    pub(crate) fn profile(&self, member: usize, mut profile: Value) -> Value {
        if let Some(is_private) = self.private.get(&member) {
            profile["is_profile_private"] = (*is_private).into();
        }
        if let Some(is_followed) = self.followed.get(&member) {
            let (word, category) = if *is_followed {
                ("following".into(), "following")
            } else {
                (Value::Null, "others")
            };
            profile["authed_user_follows"] = (*is_followed).into();
            profile["relationship"]["me_to_user"] = word;
            profile["category"] = category.into();
        }
        if let Some(fields) = self.profiles.get(&member) {
            apply(&mut profile, fields);
        }
        profile
    }

    pub(crate) fn owner(&self, world: &World, id: &str) -> Option<usize> {
        if self.deleted.contains(id) {
            return None;
        }
        let added = self
            .added
            .iter()
            .find(|(_, added)| added == id)
            .map(|(member, _)| *member);
        added.or_else(|| world.workout_owner(id))
    }

    /// Ids of a member, newest first.
    pub(crate) fn workouts(&self, world: &World, member: usize) -> Vec<String> {
        let mut added: Vec<(i64, &String)> = self
            .added
            .iter()
            .filter(|(owner, _)| *owner == member)
            .map(|(_, id)| (self.workouts[id].created_at(), id))
            .collect();
        added.sort_by(|one, other| other.cmp(one));
        added
            .into_iter()
            .map(|(_, id)| id)
            .chain(world.workouts(member))
            .filter(|id| !self.deleted.contains(*id))
            .cloned()
            .collect()
    }

    pub(crate) fn row(&self, world: &World, id: &str, joins: Joins) -> Option<Value> {
        let row = match self.workouts.get(id) {
            Some(Added::Invented(spec)) => world.row(spec, joins),
            Some(Added::Given { detail, .. }) => given_row(detail, joins),
            None => world.row(world.spec(id)?, joins),
        };
        Some(self.changed(id, row))
    }

    pub(crate) fn detail(&self, world: &World, id: &str, joins: Joins) -> Option<Value> {
        let detail = match self.workouts.get(id) {
            Some(Added::Invented(spec)) => world.detail(spec, joins),
            Some(Added::Given { detail, .. }) => given_detail(detail, joins),
            None => world.detail(world.spec(id)?, joins),
        };
        Some(self.changed(id, detail))
    }

    /// When it was done, as lists filter it.
    pub(crate) fn time(&self, world: &World, id: &str) -> Option<i64> {
        let field = |workout: &Value| workout["start_time"].as_i64();
        if let Some(time) = self.edits.get(id).and_then(field) {
            return Some(time);
        }
        match self.workouts.get(id) {
            Some(Added::Invented(spec)) => Some(spec.start_time),
            Some(Added::Given { detail, .. }) => field(detail),
            None => world.spec(id).map(|spec| spec.start_time),
        }
    }

    pub(crate) fn created_at(&self, world: &World, id: &str) -> Option<i64> {
        match self.workouts.get(id) {
            Some(added) => Some(added.created_at()),
            None => world.spec(id).map(|spec| spec.created_at),
        }
    }

    pub(crate) fn ride_id<'a>(&'a self, world: &'a World, id: &str) -> Option<&'a str> {
        match self.workouts.get(id) {
            Some(Added::Invented(spec)) => Some(world.ride_id(spec)),
            Some(Added::Given { detail, .. }) => detail["ride"]["id"].as_str(),
            None => world.spec(id).map(|spec| world.ride_id(spec)),
        }
    }

    pub(crate) fn graph(&self, world: &World, id: &str, every_n: u32) -> Option<Value> {
        let mut graph = match self.workouts.get(id) {
            Some(Added::Invented(spec)) => world.graph_of(spec, every_n),
            Some(Added::Given { graph, .. }) => thinned(graph.clone(), every_n),
            None => world.graph_of(world.spec(id)?, every_n),
        };
        if let Some(fields) = self.graphs.get(id) {
            apply(&mut graph, fields);
        }
        Some(graph)
    }

    fn changed(&self, id: &str, mut workout: Value) -> Value {
        if let Some(edits) = self.edits.get(id) {
            apply(&mut workout, edits);
        }
        for pointer in [
            "/ride/total_workouts",
            "/peloton/ride/total_workouts",
            "/total_leaderboard_users",
        ] {
            if let Some(counter) = workout.pointer_mut(pointer)
                && let Some(count) = counter.as_u64().filter(|count| *count > 0)
            {
                *counter = (count + self.ticks).into();
            }
        }
        workout
    }
}

impl Added {
    fn created_at(&self) -> i64 {
        match self {
            Self::Invented(spec) => spec.created_at,
            Self::Given { detail, .. } => detail["created_at"].as_i64().unwrap_or(0),
        }
    }
}

/// A class is in the row only where it was joined.
fn given_row(detail: &Value, joins: Joins) -> Value {
    let mut row = given_detail(detail, joins);
    let Some(fields) = row.as_object_mut() else {
        return row;
    };
    fields.retain(|name, _| !DETAIL_ONLY.contains(&name.as_str()));
    if !joins.ride {
        fields.remove("ride");
    }
    row
}

/// The class is always there, its instructor and the airing only where they were joined.
fn given_detail(detail: &Value, joins: Joins) -> Value {
    let mut detail = detail.clone();
    if !joins.instructor
        && let Some(ride) = detail["ride"].as_object_mut()
    {
        ride.remove("instructor");
    }
    let ride = detail["ride"].clone();
    let Some(fields) = detail.as_object_mut() else {
        return detail;
    };
    if joins.peloton {
        let is_class = ride["id"].as_str().is_some_and(|id| id != ZERO);
        let airing = if is_class {
            json!({"ride": ride})
        } else {
            Value::Null
        };
        fields.entry("peloton").or_insert(airing);
    } else {
        fields.remove("peloton");
    }
    detail
}

fn apply(into: &mut Value, fields: &Value) {
    if let (Some(into), Some(fields)) = (into.as_object_mut(), fields.as_object()) {
        into.extend(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
}
