//! `import`: the CSV file of Peloton's web site, for when no login works.

use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Context, Outcome};
use crate::archive::{Observation, RunNote, Writer, endpoint, run_id};
use crate::cli::ImportArgs;
use crate::error::Advised;
use crate::load::Loader;
use crate::output::{Terminal, counted};
use crate::workout_history::{self, HistoryWorkout, Refused};

/// Refused rows that the note of a run names.
const MOST_TOLD: usize = 20;

pub(crate) fn run(args: &ImportArgs, context: &Context) -> Result<Outcome> {
    let (profile, terminal) = (&context.config.profile, &context.terminal);
    let path = args.file.display().to_string();
    let text = read(&args.file)?;
    // Read before anything is stored: a file that is no workout file must leave no trace.
    let (workouts, refused) =
        workout_history::read(&text).with_context(|| format!("read `{path}`"))?;
    profile.refuse_demo()?;
    profile.create()?;
    let _lock = super::sync::lock(profile, "import")?;
    let mut loader = Loader::open(&context.config)?;
    super::sync::report_losses(&loader, terminal)?;
    loader.check_warehouse()?;
    loader.archive().cut_torn_tails()?;
    let digest = digest(&text);
    let is_known = loader.index().imports.contains_key(&digest);
    let (status, outcome) = if refused.is_empty() {
        ("complete", Outcome::Complete)
    } else {
        ("partial", Outcome::Partial)
    };
    let note = RunNote {
        status: status.into(),
        workouts: workouts.len() as u64,
        failed: refused.len() as u64,
        message: message(&refused),
        ..RunNote::begun("import")
    };
    if !is_known {
        store(&loader, &digest, &text, &note)?;
        loader.catch_up()?;
    }
    // Also what an earlier import could not load.
    let loaded = loader.when_free(terminal, Loader::load)?;
    for note in loaded.iter().flat_map(|loaded| &loaded.notes) {
        terminal.warn(note);
    }
    tell(&path, &workouts, &refused, terminal);
    if is_known {
        terminal.say("The file was imported before.");
    }
    Ok(outcome)
}

fn read(file: &Path) -> Result<String> {
    let path = file.display();
    let bytes = std::fs::read(file).map_err(|error| {
        Advised::new(
            format!("read `{path}`: {error}"),
            "give the path of the CSV that the members' site lets you download",
        )
    })?;
    String::from_utf8(bytes).map_err(|_| {
        Advised::new(
            format!("`{path}` is not UTF-8 text"),
            "give the file as it was downloaded, not saved again by a spreadsheet",
        )
        .into()
    })
}

fn tell(path: &str, workouts: &[HistoryWorkout], refused: &[Refused], terminal: &Terminal) {
    for workout in workouts {
        for problem in &workout.problems {
            let line = workout.line;
            terminal.warn(&format!(
                "line {line} of `{path}`: {problem}; the value is left out"
            ));
        }
    }
    for Refused { line, reason } in refused {
        terminal.warn(&format!("line {line} of `{path}` is refused: {reason}"));
    }
    terminal.say(&format!(
        "Imported {}; {} refused.",
        counted(workouts.len() as u64, "workout"),
        counted(refused.len() as u64, "row"),
    ));
}

/// The refused rows for the note of the run, which stays when another file is imported.
fn message(refused: &[Refused]) -> Option<String> {
    let told = refused.iter().take(MOST_TOLD);
    let mut told: Vec<String> = told
        .map(|Refused { line, reason }| format!("line {line} is refused: {reason}"))
        .collect();
    if refused.len() > MOST_TOLD {
        told.push(format!("and {} more", refused.len() - MOST_TOLD));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file is an observation like any other: `rebuild` has it too.
fn store(loader: &Loader, digest: &str, text: &str, note: &RunNote) -> Result<()> {
    let now = Timestamp::now();
    let note = RunNote {
        finished_at: Some(now),
        ..note.clone()
    };
    let observation =
        Observation::answered(endpoint::IMPORT, digest, "", now, 200, text.as_bytes());
    let path = loader.next_segment(now)?;
    let run = run_id(&path);
    let writer = Writer::create(path)?;
    // The run first: what comes after it is its news.
    let begun = RunNote::begun(&note.command);
    writer.append(Observation::noticed(endpoint::RUN, &run, now, &begun)?.to_line()?)?;
    writer.append(observation.to_line()?)?;
    writer.append(Observation::noticed(endpoint::RUN, &run, now, &note)?.to_line()?)?;
    writer.close()
}
