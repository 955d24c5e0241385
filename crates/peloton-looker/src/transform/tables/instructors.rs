//! `instructors`: one row an instructor.

use peloton_api::models::{Field, Instructor};
use warehouse::schema::ColumnType as T;

use super::newest;
use crate::transform::bundle::InstructorAnswers;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows, read_again};

pub(in crate::transform) enum Instructors {}

impl Source for Instructors {
    type Row<'a> = InstructorRow<'a>;
}

/// The answers about an instructor, the fullest first.
#[derive(Debug)]
pub(in crate::transform) struct InstructorRow<'a> {
    id: &'a str,
    answers: [&'a Instructor; 3],
    fetched_at: Option<jiff::Timestamp>,
}

impl<'a> InstructorRow<'a> {
    fn first<T>(&self, field: for<'x> fn(&'x Instructor) -> &'x Field<T>) -> &'a Field<T> {
        super::first(self.answers.map(field))
    }
}

pub(in crate::transform) fn add(rows: &mut Rows, answers: &InstructorAnswers<'_>) {
    let mut report = Report::new(&mut rows.problems, "instructors", answers.id);
    let by_id = report.read("by_id", answers.by_id).unwrap_or_default();
    let list_row = report
        .read("list_row", answers.list_row)
        .unwrap_or_default();
    // A part of the answer about a workout.
    let inline = read_again(answers.inline).unwrap_or_default();
    let row = InstructorRow {
        id: answers.id,
        answers: [&by_id, &list_row, &inline],
        fetched_at: newest(&[answers.by_id, answers.list_row, answers.inline]),
    };
    let is_whole = answers.by_id.is_some() || answers.list_row.is_some();
    rows.tables.instructors.replace(answers.id, is_whole);
    rows.tables
        .instructors
        .push(&row, answers.id, &mut rows.problems);
}

pub(in crate::transform) fn definition() -> TableOf<Instructors> {
    TableOf::<Instructors>::new(
        "instructors",
        "one instructor, or group of them",
        "Instructors of the list and those who left but occur in old classes.",
        &["id"],
        "id",
    )
    .column("id", T::String, "", "Peloton's id.", |i| i.id.into())
    .column("bio", T::String, "", "Biography.", |i| {
        i.first(|i| &i.bio).into()
    })
    .column("short_bio", T::String, "", "Short biography.", |i| {
        i.first(|i| &i.short_bio).into()
    })
    .column("username", T::String, "", "Name on the leaderboard.", |i| {
        i.first(|i| &i.username).into()
    })
    .column("quote", T::String, "", "Motto.", |i| {
        i.first(|i| &i.quote).into()
    })
    .column("first_name", T::String, "", "First name.", |i| {
        i.first(|i| &i.first_name).into()
    })
    .column("last_name", T::String, "", "Last name.", |i| {
        i.first(|i| &i.last_name).into()
    })
    .column(
        "instructor_hero_image_url",
        T::String,
        "",
        "Large picture.",
        |i| i.first(|i| &i.instructor_hero_image_url).into(),
    )
    .column("name", T::String, "", "Whole name.", |i| {
        i.first(|i| &i.name).into()
    })
    .column(
        "user_id",
        T::String,
        "",
        "The instructor as a member.",
        |i| i.first(|i| &i.user_id).into(),
    )
    .column("image_url", T::String, "", "Picture.", |i| {
        i.first(|i| &i.image_url).into()
    })
    .column("background", T::String, "", "How they came to it.", |i| {
        i.first(|i| &i.background).into()
    })
    .column("coach_type", T::String, "", "peloton_coach, …", |i| {
        i.first(|i| &i.coach_type).into()
    })
    .column(
        "fitness_disciplines",
        T::String,
        "",
        "What they teach, separated by commas.",
        |i| {
            let taught = i
                .answers
                .iter()
                .find(|answer| !answer.fitness_disciplines.is_empty());
            taught
                .map(|answer| answer.fitness_disciplines.items.join(", "))
                .into()
        },
    )
    .column(
        "is_instructor_group",
        T::Bool,
        "",
        "Whether it stands for several.",
        |i| i.first(|i| &i.is_instructor_group).into(),
    )
    .column(
        "individual_instructor_ids",
        T::String,
        "",
        "Members of a group, separated by commas.",
        |i| {
            let group = i
                .answers
                .iter()
                .find(|answer| !answer.individual_instructor_ids.is_empty());
            group
                .map(|answer| answer.individual_instructor_ids.items.join(", "))
                .into()
        },
    )
    .column("is_active", T::Bool, "", "Whether they teach now.", |i| {
        i.first(|i| &i.is_active).into()
    })
    .column(
        "is_visible",
        T::Bool,
        "",
        "Whether the app lists them.",
        |i| i.first(|i| &i.is_visible).into(),
    )
    .column(
        "is_listed",
        T::Bool,
        "",
        "Whether they are in Peloton's list of instructors.",
        |i| (!i.answers[1].id.is_missing()).into(),
    )
    .column(
        "fetched_at",
        T::Timestamp,
        "",
        "When the newest of its answers was fetched, UTC.",
        |i| i.fetched_at.into(),
    )
}
