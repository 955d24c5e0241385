//! `challenges`: what the member takes part in, and how far.

use peloton_api::models::{Challenge, Challenges};
use warehouse::schema::ColumnType as T;

use crate::transform::bundle::UserAnswers;
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) enum ChallengeRows {}

impl Source for ChallengeRows {
    type Row<'a> = ChallengeRow<'a>;
}

/// One challenge of one member.
#[derive(Debug)]
pub(in crate::transform) struct ChallengeRow<'a> {
    user_id: &'a str,
    challenge: &'a Challenge,
    period: &'static str,
    fetched_at: jiff::Timestamp,
}

impl ChallengeRow<'_> {
    fn id(&self) -> Option<&str> {
        self.challenge.challenge_summary.get()?.id.as_deref()
    }
}

pub(super) fn add(rows: &mut Rows, answers: &UserAnswers<'_>) {
    let has_both = answers.challenges_current.is_some() && answers.challenges_past.is_some();
    rows.tables.challenges.replace(answers.id, has_both);
    let lists = [
        ("current", answers.challenges_current),
        ("past", answers.challenges_past),
    ];
    let mut seen = Vec::new();
    for (period, answer) in lists {
        let Some(answer) = answer else { continue };
        let mut report = Report::new(&mut rows.problems, "challenges", answers.id);
        let Some(list) = report.read::<Challenges>(period, Some(answer)) else {
            continue;
        };
        for challenge in &list.challenges {
            let row = ChallengeRow {
                user_id: answers.id,
                challenge,
                period,
                fetched_at: answer.fetched_at,
            };
            // A challenge that has just ended can be in both lists.
            let id = row.id().map(str::to_owned);
            if id.is_some() && seen.contains(&id) {
                continue;
            }
            rows.tables
                .challenges
                .push(&row, answers.id, &mut rows.problems);
            seen.push(id);
        }
    }
}

pub(in crate::transform) fn definition() -> TableOf<ChallengeRows> {
    TableOf::<ChallengeRows>::new(
        "challenges",
        "one challenge of one member",
        "Challenges that the member joined, current and past.",
        &["user_id", "challenge_id"],
        "user_id",
    )
    .column("user_id", T::String, "", "The member.", |c| {
        c.user_id.into()
    })
    .column("challenge_id", T::String, "", "Which challenge.", |c| {
        c.id().into()
    })
    .column("title", T::String, "", "Its title.", |c| {
        c.challenge
            .challenge_summary
            .get()
            .map_or(Value::Null, |it| (&it.title).into())
    })
    .column("period", T::String, "", "`current` or `past`.", |c| {
        c.period.into()
    })
    .column("start_ts", T::Timestamp, "", "Start, UTC.", |c| {
        c.challenge
            .challenge_summary
            .get()
            .map_or(Value::Null, |it| Value::instant(&it.start_time))
    })
    .column("end_ts", T::Timestamp, "", "End, UTC.", |c| {
        c.challenge
            .challenge_summary
            .get()
            .map_or(Value::Null, |it| Value::instant(&it.end_time))
    })
    .column(
        "metric_value",
        T::Float64,
        "metric_unit",
        "How far the member is.",
        |c| progress(c.challenge, |it| (&it.metric_value).into()),
    )
    .column(
        "metric_unit",
        T::String,
        "",
        "Unit of `metric_value`, where Peloton gives one.",
        |c| progress(c.challenge, |it| (&it.metric_display_unit).into()),
    )
    .column("is_complete", T::Bool, "", "Whether it is done.", |c| {
        progress(c.challenge, |it| (&it.is_complete).into())
    })
    .column(
        "fetched_at",
        T::Timestamp,
        "",
        "When the list was fetched, UTC.",
        |c| c.fetched_at.into(),
    )
}

fn progress<'a>(
    challenge: &'a Challenge,
    value: fn(&'a peloton_api::models::Progress) -> Value<'a>,
) -> Value<'a> {
    challenge.progress.get().map_or(Value::Null, value)
}
