//! `sync_runs` and `sync_items`: what was fetched, and what could not be.

use warehouse::schema::ColumnType as T;

use crate::transform::bundle::{ItemRow, RunRow};
use crate::transform::definition::{Source, TableOf};

pub(in crate::transform) enum Runs {}

impl Source for Runs {
    type Row<'a> = RunRow;
}

pub(in crate::transform) fn runs() -> TableOf<Runs> {
    TableOf::<Runs>::new(
        "sync_runs",
        "one run",
        "Runs of `sync` and `import` that brought something new; `status` shows the others too.",
        &["id"],
        "id",
    )
    .column("id", T::String, "", "The run.", |r| (&r.id).into())
    .column("command", T::String, "", "`sync`, `import`.", |r| {
        (&r.command).into()
    })
    .column("started_at", T::Timestamp, "", "UTC.", |r| {
        r.started_at.into()
    })
    .column(
        "finished_at",
        T::Timestamp,
        "",
        "UTC; NULL for a run that was killed.",
        |r| r.finished_at.into(),
    )
    .column(
        "status",
        T::String,
        "",
        "`complete`, `partial`, `failed`, `interrupted`.",
        |r| (&r.status).into(),
    )
    .column("requests", T::Int64, "", "Requests sent.", |r| {
        r.requests.into()
    })
    .column(
        "answers",
        T::Int64,
        "",
        "Answers kept in the archive.",
        |r| r.answers.into(),
    )
    .column("bytes", T::Int64, "B", "Bytes of these answers.", |r| {
        r.bytes.into()
    })
    .column("retries", T::Int64, "", "Requests sent again.", |r| {
        r.retries.into()
    })
    .column(
        "rate_limited",
        T::Int64,
        "",
        "Answers that said to slow down.",
        |r| r.rate_limited.into(),
    )
    .column("members", T::Int64, "", "Members looked at.", |r| {
        r.members.into()
    })
    .column(
        "workouts_fetched",
        T::Int64,
        "",
        "Workouts whose seconds were fetched, new or again, or that a file brought.",
        |r| r.workouts_fetched.into(),
    )
    .column(
        "items_failed",
        T::Int64,
        "",
        "Items that could not be had.",
        |r| r.items_failed.into(),
    )
    .column(
        "message",
        T::String,
        "",
        "What ended the run before its end, or what it found deleted, unfollowed, private, gone or back.",
        |r| r.message.as_deref().into(),
    )
}

pub(in crate::transform) enum Items {}

impl Source for Items {
    type Row<'a> = ItemRow;
}

pub(in crate::transform) fn items() -> TableOf<Items> {
    TableOf::<Items>::new(
        "sync_items",
        "one item that was refused, failed or can't be read",
        "Every refusal and failure with its reason and when it is tried again.",
        &["id"],
        "id",
    )
    .column("id", T::String, "", "Endpoint and key.", |i| (&i.id).into())
    .column("endpoint", T::String, "", "What was asked.", |i| {
        (&i.endpoint).into()
    })
    .column(
        "key",
        T::String,
        "",
        "About what: the id of a workout, class, member, …",
        |i| (&i.key).into(),
    )
    .column("user_id", T::String, "", "Whose it is, where known.", |i| {
        i.user_id.as_deref().into()
    })
    .column(
        "status",
        T::String,
        "",
        "`refused`, `failed`, `gone`, `unreadable`.",
        |i| (&i.status).into(),
    )
    .column(
        "http_status",
        T::Int64,
        "",
        "Status of the last answer.",
        |i| i.http_status.into(),
    )
    .column("reason", T::String, "", "Why, in words.", |i| {
        i.reason.as_deref().into()
    })
    .column("tries", T::Int64, "", "Number of tries.", |i| {
        i.tries.into()
    })
    .column(
        "first_tried_at",
        T::Timestamp,
        "",
        "UTC; NULL for values that can't be read.",
        |i| i.first_tried_at.into(),
    )
    .column(
        "last_tried_at",
        T::Timestamp,
        "",
        "UTC; NULL for values that can't be read.",
        |i| i.last_tried_at.into(),
    )
    .column(
        "next_try_at",
        T::Timestamp,
        "",
        "UTC, the next run where it has passed; NULL if it is not tried again.",
        |i| i.next_try_at.into(),
    )
    .column(
        "run_id",
        T::String,
        "",
        "The run of the last try; NULL for values that can't be read.",
        |i| i.run_id.as_deref().into(),
    )
}
