//! Rows of `sync_runs` from what the runs noted of themselves.

use anyhow::{Context, Result};

use crate::archive::{Index, RunNote};
use crate::transform::RunRow;

pub(super) fn row(index: &Index, id: &str) -> Result<Option<RunRow>> {
    // A run that found nothing new leaves the warehouse as it is, so it has no row there either.
    let Some(run) = index.runs.get(id).filter(|run| run.has_news) else {
        return Ok(None);
    };
    let Some(started_at) = run.started else {
        return Ok(None);
    };
    let note: RunNote = serde_json::from_str(&run.note).context("read the note of a run")?;
    // While it goes on and after a kill a run looks the same: it has not ended.
    let status = if note.finished_at.is_some() {
        note.status
    } else {
        "interrupted".into()
    };
    Ok(Some(RunRow {
        id: id.into(),
        command: note.command,
        started_at,
        finished_at: note.finished_at,
        status,
        requests: whole(note.requests),
        answers: whole(note.answers),
        bytes: whole(note.bytes),
        retries: whole(note.retries),
        rate_limited: whole(note.rate_limited),
        members: whole(note.members),
        workouts_fetched: whole(note.workouts),
        items_failed: whole(note.failed),
        message: note.message,
    }))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
