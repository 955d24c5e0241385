//! The tables, one file each or a few that belong together: description, columns and how each is made.

pub(super) mod catalog;
pub(super) mod follows;
pub(super) mod instructors;
pub(super) mod rides;
mod segments;
mod sync;
pub(super) mod users;
pub(super) mod workout_parts;
mod workouts;

use jiff::Timestamp;
use peloton_api::models::Field;
use warehouse::schema::Table;

use super::bundle::Answer;
use super::definition::{TableRows, Take};
use super::seconds::SecondRows;

/// The rows of all tables.
pub(super) struct Tables {
    pub(super) users: TableRows<users::Users>,
    pub(super) follows: TableRows<follows::Follows>,
    pub(super) rides: TableRows<rides::Rides>,
    pub(super) ride_class_types: TableRows<rides::ClassTypes>,
    pub(super) ride_segments: TableRows<segments::Segments>,
    pub(super) ride_targets: TableRows<rides::Targets>,
    pub(super) ride_songs: TableRows<rides::Songs>,
    pub(super) instructors: TableRows<instructors::Instructors>,
    pub(super) workouts: TableRows<workouts::Workouts>,
    pub(super) workout_stats: SecondRows,
    pub(super) workout_segments: TableRows<segments::Segments>,
    pub(super) workout_splits: TableRows<workout_parts::Splits>,
    pub(super) workout_movements: TableRows<workout_parts::Movements>,
    pub(super) workout_achievements: TableRows<workout_parts::Achievements>,
    pub(super) workout_zones: TableRows<workout_parts::Zones>,
    pub(super) muscle_groups: TableRows<workout_parts::MuscleGroups>,
    pub(super) ftp_history: TableRows<workout_parts::FtpHistory>,
    pub(super) personal_records: TableRows<users::Records>,
    pub(super) challenges: TableRows<users::ChallengeRows>,
    pub(super) catalog: TableRows<catalog::Catalog>,
    pub(super) sync_runs: TableRows<sync::Runs>,
    pub(super) sync_items: TableRows<sync::Items>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            users: TableRows::new(users::definition()),
            follows: TableRows::new(follows::definition()),
            rides: TableRows::new(rides::definition()),
            ride_class_types: TableRows::new(rides::class_types()),
            ride_segments: TableRows::new(segments::of_classes()),
            ride_targets: TableRows::new(rides::targets()),
            ride_songs: TableRows::new(rides::songs()),
            instructors: TableRows::new(instructors::definition()),
            workouts: TableRows::new(workouts::definition()),
            workout_stats: SecondRows::default(),
            workout_segments: TableRows::new(segments::of_workouts()),
            workout_splits: TableRows::new(workout_parts::splits()),
            workout_movements: TableRows::new(workout_parts::movements()),
            workout_achievements: TableRows::new(workout_parts::achievements()),
            workout_zones: TableRows::new(workout_parts::zones()),
            muscle_groups: TableRows::new(workout_parts::muscle_groups()),
            ftp_history: TableRows::new(workout_parts::ftp_history()),
            personal_records: TableRows::new(users::records()),
            challenges: TableRows::new(users::challenges()),
            catalog: TableRows::new(catalog::definition()),
            sync_runs: TableRows::new(sync::runs()),
            sync_items: TableRows::new(sync::items()),
        }
    }
}

impl Tables {
    /// All tables in their order.
    pub(super) fn all(&mut self) -> [&mut dyn Take; 22] {
        [
            &mut self.users,
            &mut self.follows,
            &mut self.rides,
            &mut self.ride_class_types,
            &mut self.ride_segments,
            &mut self.ride_targets,
            &mut self.ride_songs,
            &mut self.instructors,
            &mut self.workouts,
            &mut self.workout_stats,
            &mut self.workout_segments,
            &mut self.workout_splits,
            &mut self.workout_movements,
            &mut self.workout_achievements,
            &mut self.workout_zones,
            &mut self.muscle_groups,
            &mut self.ftp_history,
            &mut self.personal_records,
            &mut self.challenges,
            &mut self.catalog,
            &mut self.sync_runs,
            &mut self.sync_items,
        ]
    }

    /// Says that everything of this workout is given anew, as far as its detail and its graph are there.
    pub(super) fn replace_workout(&mut self, id: &str, has_detail: bool, has_graph: bool) {
        self.workouts.replace(id, has_detail && has_graph);
        for of_detail in [
            &mut self.workout_achievements.replaced,
            &mut self.workout_movements.replaced,
            &mut self.ftp_history.replaced,
        ] {
            of_detail.add(id, has_detail);
        }
        self.workout_stats.replace(id, has_graph);
        for of_graph in [
            &mut self.workout_segments.replaced,
            &mut self.workout_splits.replaced,
            &mut self.muscle_groups.replaced,
        ] {
            of_graph.add(id, has_graph);
        }
        self.workout_zones.replace(id, has_detail && has_graph);
    }

    /// Says that everything of this class is given anew, as far as its own answer is there.
    pub(super) fn replace_ride(&mut self, id: &str, has_details: bool) {
        self.rides.replace(id, has_details);
        self.ride_class_types.replace(id, has_details);
        self.ride_segments.replace(id, has_details);
        self.ride_targets.replace(id, has_details);
        self.ride_songs.replace(id, has_details);
    }
}

/// The descriptions of all tables, in the order of their batches.
pub fn tables() -> Vec<Table> {
    Tables::default()
        .all()
        .into_iter()
        .map(|table| table.table())
        .collect()
}

/// By table, values that stand where no answer says anything. They say no more than NULL would.
pub const UNSAID: [(&str, &[(&str, &str)]); 2] = [
    ("users", &[("access", "public"), ("relation", "following")]),
    ("workouts", &[("origin", "api")]),
];

/// The first value among the answers about one thing.
pub(super) fn first<T, const N: usize>(fields: [&Field<T>; N]) -> &Field<T> {
    let value = fields.into_iter().find(|field| field.get().is_some());
    value.unwrap_or(fields[0])
}

/// When the newest of the answers was fetched.
fn newest(answers: &[Option<Answer<'_>>]) -> Option<Timestamp> {
    answers
        .iter()
        .flatten()
        .map(|answer| answer.fetched_at)
        .max()
}

#[cfg(test)]
mod tests {
    use super::tables;
    use std::collections::BTreeSet;
    use warehouse::schema::ColumnType;

    #[test]
    fn keys_and_replaced_columns_exist_and_names_are_unique() {
        let mut names = BTreeSet::new();
        for table in tables() {
            assert!(names.insert(table.name), "{}", table.name);
            let columns: BTreeSet<_> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            for key in table.key {
                assert!(columns.contains(key), "{}.{key}", table.name);
            }
            let replace_by = table
                .column(table.replace_by)
                .map(|column| &column.column_type);
            assert_eq!(replace_by, Some(&ColumnType::String), "{}", table.name);
            for column in &table.columns {
                assert!(
                    !column.description.is_empty(),
                    "{}.{}",
                    table.name,
                    column.name
                );
            }
        }
    }
}
