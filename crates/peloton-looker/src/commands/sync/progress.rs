//! What a running sync shows: a bar on a terminal, a plain line every ten seconds elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::extract::Tally;
use crate::output::{Talk, Terminal, counted, thousands};

const LINE_EVERY: Duration = Duration::from_secs(10);
/// The message is cut where the terminal ends: a line that wraps can't be drawn over.
const TEMPLATE: &str = "{bar:10} {wide_msg}";

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
        let bar = ProgressBar::with_draw_target(Some(0), target);
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

    pub(crate) fn show(&mut self, tally: &Tally) {
        self.bar.set_length(tally.workouts_wanted);
        self.bar.set_position(tally.workouts_done);
        if !self.bar.is_hidden() {
            self.bar.set_message(self.text(tally));
        } else if self.last_line.elapsed() >= LINE_EVERY
            && self.terminal.has_progress
            && self.terminal.talk >= Talk::Normal
        {
            self.last_line = Instant::now();
            self.terminal.say(&self.text(tally));
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// At most 69 columns with millions of seconds, so that it stands beside the bar in 80.
    fn text(&self, tally: &Tally) -> String {
        let elapsed = self.started.elapsed().as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = tally.requests as f64 / elapsed;
        format!(
            "{} · {}/{} workouts · {:.0}/s · {} s{}",
            counted(tally.members, "member"),
            thousands(tally.workouts_done),
            thousands(tally.workouts_wanted),
            rate,
            thousands(tally.seconds),
            self.time_left(tally)
                .map(|left| format!(" · {left} left"))
                .unwrap_or_default(),
        )
    }

    fn time_left(&self, tally: &Tally) -> Option<String> {
        let done = u32::try_from(tally.workouts_done)
            .ok()
            .filter(|done| *done >= 10)?;
        let left = u32::try_from(tally.workouts_wanted.saturating_sub(tally.workouts_done)).ok()?;
        Some(super::report::about(self.started.elapsed() / done * left))
    }
}
