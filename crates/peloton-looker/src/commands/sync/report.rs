//! What a sync says when it is done, and the plan that it would carry out.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cli::TextFormat;
use crate::credentials::Pace;
use crate::extract::{Ending, Planned, Run, Tally};
use crate::load::Loaded;
use crate::output::{Terminal, counted, thousands};

/// How a sync went.
pub(crate) struct Summary<'a> {
    pub(crate) ending: &'a Ending,
    pub(crate) tally: &'a Tally,
    pub(crate) loaded: &'a Loaded,
    /// False where the last load was stopped before it was done.
    pub(crate) is_loaded: bool,
    /// Earlier runs had left something to load.
    pub(crate) was_behind: bool,
    pub(crate) elapsed: Duration,
}

impl Summary<'_> {
    /// In a few lines on stderr, or as JSON on stdout.
    pub(crate) fn report(&self, terminal: &Terminal, format: TextFormat) -> Result<()> {
        let tally = self.tally;
        let told = self.loaded.notes.iter().chain(&tally.count_differences);
        for text in told.chain(tally.not_had.values()) {
            terminal.warn(text);
        }
        unmatched(terminal, tally);
        if format == TextFormat::Json {
            writeln!(std::io::stdout(), "{}", self.json())?;
            return Ok(());
        }
        // Where nothing was asked the error says it all.
        if !matches!(self.ending, Ending::Stopped(_)) || tally.requests > 0 {
            terminal.say(&self.text());
        }
        if tally.outstanding > 0 {
            terminal.warn(&format!(
                "{} could not be had; `peloton-looker status` says why",
                counted(tally.outstanding, "item")
            ));
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let tally = self.tally;
        json!({
            "ending": self.name(),
            "requests": tally.requests,
            "members": tally.members,
            "workouts": tally.workouts_done,
            "classes": tally.classes,
            "seconds": self.rows().unwrap_or(tally.samples),
            "deleted": tally.deleted,
            "unfollowed": tally.unfollowed,
            "access_changed": tally.access_changed,
            "loaded_workouts": self.loaded.workouts,
            "outstanding": tally.outstanding,
            "elapsed_s": self.elapsed.as_secs_f64(),
        })
    }

    fn name(&self) -> &'static str {
        match self.ending {
            _ if !self.is_loaded => "interrupted",
            Ending::Done if self.tally.is_partial() => "partial",
            Ending::Done => "complete",
            Ending::Interrupted => "interrupted",
            Ending::Paused { .. } => "paused",
            Ending::Stopped(_) => "failed",
        }
    }

    /// Rows, where all of them are made and of this run; none else.
    fn rows(&self) -> Option<u64> {
        let is_known = matches!(self.ending, Ending::Done) && self.is_loaded && !self.was_behind;
        is_known.then_some(self.loaded.samples)
    }

    /// Seconds, of which each is a row; else the samples of the graphs, of which some say nothing.
    fn seconds(&self) -> String {
        match self.rows() {
            Some(rows) => counted(rows, "second"),
            None => counted(self.tally.samples, "sample"),
        }
    }

    /// A run that fetched no workout may have done something all the same.
    fn without_workouts(&self) -> String {
        if self.was_behind && self.loaded.workouts > 0 {
            return format!(
                "Loaded {}, {} of earlier runs",
                counted(self.loaded.workouts as u64, "workout"),
                counted(self.loaded.samples, "second"),
            );
        }
        match found(self.tally) {
            Some(_) => "No new workout".into(),
            None => "Nothing new".into(),
        }
    }

    fn text(&self) -> String {
        let (tally, elapsed) = (self.tally, duration(self.elapsed));
        let requests = counted(tally.requests, "request");
        let fetched = format!(
            "{}, {}, {} of {} in {elapsed} ({requests})",
            counted(tally.workouts_done, "workout"),
            self.seconds(),
            counted(tally.classes, "class"),
            counted(tally.members, "member"),
        );
        let interrupted =
            format!("Interrupted after {fetched}. Everything is kept; run `sync` again to go on.");
        match self.ending {
            Ending::Done if !self.is_loaded => interrupted,
            Ending::Done => {
                let done = match tally.workouts_done {
                    0 => format!("{} ({requests}, {elapsed})", self.without_workouts()),
                    _ => format!("Fetched {fetched}"),
                };
                let found =
                    found(tally).map(|found| format!(" At Peloton: {found}; the rows stay."));
                format!("{done}.{}", found.unwrap_or_default())
            }
            Ending::Interrupted => interrupted,
            Ending::Paused { until } => format!(
                "Peloton asks for a pause after {fetched}. Everything is kept; come back at {}.",
                clock(*until)
            ),
            Ending::Stopped(_) => format!("Stopped after {fetched}. Everything is kept."),
        }
    }
}

/// What a run found to be no longer as it was; none where everything is.
pub(crate) fn found(tally: &Tally) -> Option<String> {
    let found: Vec<String> = [
        (tally.deleted, "workout", "deleted"),
        (tally.unfollowed, "member", "unfollowed"),
        (tally.access_changed, "member", "private, gone or back"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, noun, state)| format!("{} {state}", counted(number, noun)))
    .collect();
    (!found.is_empty()).then(|| found.join(", "))
}

/// Whom nobody could look for.
pub(crate) fn unmatched(terminal: &Terminal, tally: &Tally) {
    for name in &tally.unmatched {
        terminal.warn(&format!(
            "`{name}` was not found, and the list of followed members could not be read whole"
        ));
    }
}

/// The plan of a dry run: what would be asked, why, how long it takes.
pub(crate) fn plan(run: &Run<'_>, pace: Pace, format: TextFormat) -> Result<()> {
    let planned: &[Planned] = &run.plan;
    let mut out = std::io::stdout().lock();
    if format == TextFormat::Json {
        let request = |planned: &Planned| {
            let (endpoint, key) = (planned.work.endpoint(), planned.work.key());
            json!({"endpoint": endpoint, "key": key, "why": planned.why.text()})
        };
        let requests: Vec<_> = planned.iter().map(request).collect();
        let plan = json!({
            "requests": requests,
            "expected_s": expected(planned.len(), pace).map(|time| time.as_secs_f64()),
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&plan)?)?;
        return Ok(());
    }
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for planned in planned {
        *groups
            .entry((planned.work.endpoint(), planned.why.text()))
            .or_default() += 1;
    }
    let rows = groups
        .into_iter()
        .map(|((endpoint, why), count)| {
            vec![endpoint.to_owned(), why.to_owned(), thousands(count as u64)]
        })
        .collect();
    let table = crate::output::plain_table(
        &["endpoint", "why", "requests"],
        &[false, false, true],
        rows,
    );
    writeln!(out, "{table}")?;
    let time = match (pace.rate, expected(planned.len(), pace)) {
        (Some(rate), Some(time)) => format!(", about {} at {rate} a second", duration(time)),
        _ => String::new(),
    };
    writeln!(out, "{}{time}", counted(planned.len() as u64, "request"))?;
    Ok(())
}

/// How long that many requests take at that pace; None where there is no pacing.
fn expected(requests: usize, pace: Pace) -> Option<Duration> {
    #[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
    let seconds = requests as f64 / pace.rate?;
    Some(Duration::from_secs_f64(seconds))
}

/// A moment on the clock of this machine.
pub(crate) fn clock(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system())
        .strftime("%H:%M:%S on %d %B")
        .to_string()
}

/// A duration for people: two units at most.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A duration that is an estimate: one unit.
pub(crate) fn about(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds @ 90..5400 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h", (seconds + 1800) / 3600),
    }
}
