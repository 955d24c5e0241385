//! `personal_records`: the best workout of each length.

use peloton_api::models::{Overview, PersonalRecord, PersonalRecords};
use warehouse::schema::ColumnType as T;

use crate::transform::bundle::UserAnswers;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;

pub(in crate::transform) enum Records {}

impl Source for Records {
    type Row<'a> = RecordRow<'a>;
}

/// One record of one discipline.
#[derive(Debug)]
pub(in crate::transform) struct RecordRow<'a> {
    user_id: &'a str,
    position: i64,
    discipline: &'a PersonalRecords,
    record: &'a PersonalRecord,
    fetched_at: jiff::Timestamp,
}

pub(super) fn add(rows: &mut Rows, answers: &UserAnswers<'_>, overview: &Overview) {
    rows.tables
        .personal_records
        .replace(answers.id, answers.overview.is_some());
    let Some(answer) = answers.overview else {
        return;
    };
    let records = overview.personal_records.iter().flat_map(|discipline| {
        discipline
            .records
            .iter()
            .map(move |record| (discipline, record))
    });
    for (position, (discipline, record)) in (1..).zip(records) {
        let row = RecordRow {
            user_id: answers.id,
            position,
            discipline,
            record,
            fetched_at: answer.fetched_at,
        };
        rows.tables
            .personal_records
            .push(&row, answers.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Records> {
    TableOf::<Records>::new(
        "personal_records",
        "a member's best workout of one length",
        "As Peloton's overview lists them.",
        &["user_id", "position"],
        "user_id",
    )
    .column("user_id", T::String, "", "The member.", |r| {
        r.user_id.into()
    })
    .column(
        "position",
        T::Int64,
        "",
        "Place in Peloton's list, from 1.",
        |r| r.position.into(),
    )
    .column("discipline", T::String, "", "The discipline.", |r| {
        (&r.discipline.slug).into()
    })
    .column("discipline_name", T::String, "", "Its name.", |r| {
        (&r.discipline.name).into()
    })
    .column("name", T::String, "", "Which record: 20 min.", |r| {
        (&r.record.name).into()
    })
    .column(
        "length_s",
        T::Int64,
        "s",
        "Length of the class; NULL if Peloton names no number.",
        |r| {
            r.record
                .slug
                .as_deref()
                .and_then(|slug| slug.parse::<i64>().ok())
                .into()
        },
    )
    .column("value", T::Float64, "unit", "The record, in `unit`.", |r| {
        (&r.record.value).into()
    })
    .column("unit", T::String, "", "Unit of `value`: kj.", |r| {
        (&r.record.unit).into()
    })
    .column(
        "total_work",
        T::Float64,
        "J",
        "The record's exact value.",
        |r| (&r.record.raw_value).into(),
    )
    .column("workout_id", T::String, "", "The workout.", |r| {
        (&r.record.workout_id).into()
    })
    .column(
        "workout_date",
        T::String,
        "",
        "ISO text as Peloton gives it.",
        |r| (&r.record.workout_date).into(),
    )
    .column(
        "fetched_at",
        T::Timestamp,
        "",
        "When the overview was fetched, UTC.",
        |r| r.fetched_at.into(),
    )
}
