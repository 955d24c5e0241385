use peloton_api::models::FtpInfo;
use warehouse::schema::ColumnType as T;

use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum FtpHistory {}

impl Source for FtpHistory {
    type Row<'a> = Ftp<'a>;
}

/// The FTP at one workout.
#[derive(Debug)]
pub(in crate::transform) struct Ftp<'a> {
    workout: &'a WorkoutRow<'a>,
    info: &'a FtpInfo,
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>) {
    let Some(info) = workout.either(|workout| &workout.ftp_info).get() else {
        return;
    };
    // 0 says that no FTP was set.
    if info.ftp.int().is_none_or(|ftp| ftp <= 0) {
        return;
    }
    rows.tables
        .ftp_history
        .push(&Ftp { workout, info }, workout.id, &mut rows.problems);
}

pub(in crate::transform) fn definition() -> TableOf<FtpHistory> {
    TableOf::<FtpHistory>::new(
        "ftp_history",
        "the FTP that was valid at one workout",
        "As the API gives it with each workout; there is no history to ask for.",
        &["user_id", "date", "workout_id"],
        "workout_id",
    )
    .column("user_id", T::String, "", "The member.", |f| {
        f.workout.user_id.into()
    })
    .column(
        "date",
        T::Date,
        "",
        "The member's date at the workout; UTC where the zone is unknown.",
        |f| {
            let local = f.workout.times.start_local.map(|local| local.date());
            local.or(f.workout.times.start_date).into()
        },
    )
    .column("ftp", T::Int64, "W", "FTP.", |f| (&f.info.ftp).into())
    .column(
        "source",
        T::String,
        "",
        "ftp_manual_source, ftp_workout_source, ftp_estimated_source.",
        |f| (&f.info.ftp_source).into(),
    )
    .column(
        "workout_id",
        T::String,
        "",
        "The workout that carries it.",
        |f| f.workout.id.into(),
    )
    .column(
        "ftp_workout_id",
        T::String,
        "",
        "The test that it was measured in.",
        |f| (&f.info.ftp_workout_id).into(),
    )
}
