//! What a running sync shows: a bar on a terminal, a plain line every ten seconds elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::extract::Tally;
use crate::output::{Talk, Terminal, counted, thousands};

const LINE_EVERY: Duration = Duration::from_secs(10);
/// A bar of nothing would be full.
const LEAST: u64 = 1;
/// The message is cut where the terminal ends: a line that wraps can't be drawn over.
const TEMPLATE: &str = "{bar:7} {wide_msg}";

#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    terminal: Terminal,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    pub(crate) fn new(terminal: &Terminal) -> Self {
        let target = if terminal.has_progress {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(LEAST), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            let chars = if crate::output::is_utf8() {
                "━╸ "
            } else {
                "=> "
            };
            bar.set_style(style.progress_chars(chars));
        }
        let now = Instant::now();
        Self {
            bar,
            terminal: *terminal,
            started: now,
            last_line: now,
        }
    }

    /// Shows what came so far, and until when Peloton wants no request.
    pub(crate) fn show(&mut self, tally: &Tally, paused_until: Option<Timestamp>) {
        self.bar.set_length(tally.workouts_wanted.max(LEAST));
        self.bar.set_position(tally.workouts_done);
        let now = Instant::now();
        if !self.bar.is_hidden() {
            self.bar.set_message(self.text(tally, paused_until, now));
        } else if let Some(line) = self.line(tally, paused_until, now) {
            self.terminal.say(&line);
        }
    }

    /// The plain line, where it is time for one.
    fn line(
        &mut self,
        tally: &Tally,
        paused_until: Option<Timestamp>,
        now: Instant,
    ) -> Option<String> {
        let is_wanted = self.terminal.has_progress && self.terminal.talk >= Talk::Normal;
        if !is_wanted || now.duration_since(self.last_line) < LINE_EVERY {
            return None;
        }
        self.last_line = now;
        Some(self.text(tally, paused_until, now))
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// At most 72 columns, so that it stands beside the bar in 80.
    fn text(&self, tally: &Tally, paused_until: Option<Timestamp>, now: Instant) -> String {
        let state = match paused_until {
            Some(until) => {
                let until = until.to_zoned_datetime(TimeZone::system());
                format!("paused by Peloton until {}", until.strftime("%H:%M:%S"))
            }
            None => pace(tally, now.duration_since(self.started)),
        };
        format!(
            "{} · {}/{} workouts · {state}",
            counted(tally.members, "member"),
            thousands(tally.workouts_done),
            thousands(tally.workouts_wanted),
        )
    }
}

/// How fast it goes, what it brought, how long it takes.
fn pace(tally: &Tally, elapsed: Duration) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = tally.requests as f64 / elapsed.as_secs_f64().max(0.001);
    let left = time_left(tally, elapsed).map(|left| format!(" · {left} left"));
    format!(
        "{rate:.0}/s · {}{}",
        samples(tally.samples),
        left.unwrap_or_default(),
    )
}

fn samples(number: u64) -> String {
    match number {
        0..1_000_000 => counted(number, "sample"),
        _ => format!("{}.{} M samples", number / 1_000_000, number / 100_000 % 10),
    }
}

fn time_left(tally: &Tally, elapsed: Duration) -> Option<String> {
    let done = u32::try_from(tally.workouts_done)
        .ok()
        .filter(|done| *done >= 10)?;
    let left = u32::try_from(tally.workouts_wanted.saturating_sub(tally.workouts_done)).ok()?;
    Some(super::report::about(elapsed * left / done))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(talk: Talk, has_progress: bool) -> Progress {
        let terminal = Terminal {
            talk,
            has_progress,
            color_out: false,
            color_err: false,
            profile: None,
        };
        // Drawn nowhere, wherever the tests run.
        Progress {
            bar: ProgressBar::hidden(),
            ..Progress::new(&terminal)
        }
    }

    fn at(progress: &Progress, seconds: u64) -> Instant {
        progress.started + Duration::from_secs(seconds)
    }

    #[test]
    fn a_bar_begins_empty_and_follows_the_workouts() {
        let mut progress = progress(Talk::Normal, true);
        let mut drawn = |wanted, done| {
            progress.show(
                &Tally {
                    workouts_wanted: wanted,
                    workouts_done: done,
                    ..Tally::default()
                },
                None,
            );
            (progress.bar.position(), progress.bar.length())
        };
        assert_eq!(drawn(0, 0), (0, Some(1)));
        assert_eq!(drawn(300, 20), (20, Some(300)));
    }

    #[test]
    fn a_plain_line_comes_every_ten_seconds() {
        let mut progress = progress(Talk::Normal, true);
        let tally = Tally {
            requests: 40,
            members: 2,
            workouts_wanted: 30,
            workouts_done: 15,
            samples: 27_000,
            ..Tally::default()
        };
        let lines: Vec<u64> = (0..35)
            .filter(|second| {
                let now = at(&progress, *second);
                progress.line(&tally, None, now).is_some()
            })
            .collect();
        assert_eq!(lines, [10, 20, 30]);
        let now = at(&progress, 40);
        assert_eq!(
            progress.line(&tally, None, now).as_deref(),
            Some("2 members · 15/30 workouts · 1/s · 27,000 samples · 40 s left")
        );
    }

    #[test]
    fn who_wants_no_progress_has_none() {
        for mut progress in [progress(Talk::Normal, false), progress(Talk::Quiet, true)] {
            let now = at(&progress, 60);
            assert_eq!(progress.line(&Tally::default(), None, now), None);
        }
    }

    #[test]
    fn the_message_has_room_beside_the_bar() {
        let progress = progress(Talk::Normal, true);
        let tally = |samples| Tally {
            requests: 12_000,
            members: 20,
            workouts_wanted: 10_000,
            workouts_done: 5_000,
            samples,
            ..Tally::default()
        };
        for (samples, paused_until) in [
            (999_999, None),
            (12_345_678, None),
            (0, Some(Timestamp::UNIX_EPOCH)),
        ] {
            let text = progress.text(&tally(samples), paused_until, at(&progress, 4_000));
            assert!(text.chars().count() <= 72, "{text}");
        }
    }
}
