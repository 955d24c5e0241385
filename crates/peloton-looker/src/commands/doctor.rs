//! `doctor`: checks everything that a sync needs, and says what to do.

use std::io::Write;

use anyhow::Result;
use jiff::Timestamp;
use peloton_api::Answer;
use serde::Serialize;
use warehouse::Warehouse;

use super::interruption::{Interruption, unless_interrupted};
use super::login::Me;
use super::{Context, Outcome, runtime};
use crate::cli::{DoctorArgs, TextFormat};
use crate::config::variable;
use crate::credentials::{self, Pace};
use crate::keyring::Keyring;
use crate::load::{Defect, Loader};
use crate::output::{counted, printable};
use crate::places;
use crate::transform;

/// The result of one check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    finding: String,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    /// Works, but a person should know.
    Note,
    Bad,
}

pub(crate) fn run(args: &DoctorArgs, context: &Context) -> Result<Outcome> {
    let loader = Loader::open(&context.config);
    let login = login(context);
    let has_login = login.state != State::Bad;
    let mut checks = vec![settings(context), home(context), login];
    if !args.offline {
        let Some(check) = peloton(context, has_login, loader.as_ref().ok()) else {
            return Ok(Outcome::Interrupted);
        };
        checks.push(check);
    }
    checks.push(archive(&loader));
    checks.push(warehouse(context, &loader));
    let Some(publications) = publications(args, context)? else {
        return Ok(Outcome::Interrupted);
    };
    checks.extend(publications);
    for advice in checks.iter_mut().filter_map(|check| check.advice.as_mut()) {
        *advice = context.terminal.addressed(advice).into_owned();
    }
    let mut out = std::io::stdout().lock();
    match args.format {
        TextFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&checks)?)?,
        TextFormat::Text => out.write_all(text(&checks, context).as_bytes())?,
    }
    let is_well = checks.iter().all(|check| check.state != State::Bad);
    Ok(if is_well {
        Outcome::Complete
    } else {
        Outcome::Unwell
    })
}

fn text(checks: &[Check], context: &Context) -> String {
    let mut text = String::new();
    for check in checks {
        let (mark, color) = match check.state {
            State::Good => ("ok  ", "32"),
            State::Note => ("note", "33"),
            State::Bad => ("bad ", "31"),
        };
        let mark = if context.terminal.color_out {
            format!("\x1b[{color}m{mark}\x1b[0m")
        } else {
            mark.to_owned()
        };
        let finding = printable(&check.finding);
        text.push_str(&format!("{mark} {:<9} {finding}\n", check.name));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("               {advice}\n"));
        }
    }
    text
}

fn good(name: &'static str, finding: impl Into<String>) -> Check {
    Check {
        name,
        state: State::Good,
        finding: finding.into(),
        advice: None,
    }
}

fn note(name: &'static str, finding: impl Into<String>, advice: impl Into<String>) -> Check {
    Check {
        name,
        state: State::Note,
        finding: finding.into(),
        advice: Some(advice.into()),
    }
}

fn bad(name: &'static str, finding: impl Into<String>, advice: impl Into<String>) -> Check {
    Check {
        name,
        state: State::Bad,
        finding: finding.into(),
        advice: Some(advice.into()),
    }
}

/// They were read before any command ran, so here they are only named; what they name may be no place.
fn settings(context: &Context) -> Check {
    let path = context.config.settings_path.display();
    if let Err(error) = places::check(&context.config.settings.publish) {
        return bad(
            "settings",
            format!("{path}: {error:#}"),
            "write the targets of `publish` as docs/publish.md has them",
        );
    }
    if context.config.settings_path.exists() {
        good("settings", format!("{path}"))
    } else {
        good("settings", format!("defaults (no {path})"))
    }
}

fn home(context: &Context) -> Check {
    let profile = &context.config.profile;
    let folder = profile.folder.display().to_string();
    if !profile.folder.exists() {
        return note(
            "home",
            format!("{folder} is not there yet"),
            "`peloton-looker login` or `peloton-looker sync` makes it",
        );
    }
    match tempfile::tempfile_in(&profile.folder) {
        Ok(_) => good("home", folder),
        Err(error) => bad(
            "home",
            format!("{folder} can't be written to: {error}"),
            "give yourself the right, or name another place with PELOTON_LOOKER_HOME",
        ),
    }
}

fn login(context: &Context) -> Check {
    if variable("PELOTON_BEARER_TOKEN").is_some() {
        return good("login", "a token from PELOTON_BEARER_TOKEN");
    }
    let store = credentials::store(&context.config);
    match store.wider_mode() {
        Ok(Some(mode)) => {
            return bad(
                "login",
                format!(
                    "others can read {} (mode {:o})",
                    store.path().display(),
                    mode & 0o777
                ),
                format!("chmod 600 {}", store.path().display()),
            );
        }
        Ok(None) => {}
        Err(error) => return bad("login", format!("{error:#}"), "run `peloton-looker login`"),
    }
    match store.load() {
        Ok(Some(tokens)) if tokens.refresh_token.is_some() => {
            good("login", "tokens are stored and can be renewed")
        }
        Ok(Some(tokens)) if tokens.is_expired(Timestamp::now()) => bad(
            "login",
            "the stored token is over",
            "run `peloton-looker login`",
        ),
        Ok(Some(_)) => note(
            "login",
            "a pasted token is stored; it can't be renewed",
            "it ends after two days: then paste another, or run `peloton-looker login`",
        ),
        Ok(None) if credentials::from_environment().is_some() => {
            good("login", "user name and password from the environment")
        }
        Ok(None) if Keyring::is_used(&context.config.profile) => {
            good("login", "user name and password in the keyring")
        }
        Ok(None) => bad("login", "there is no login", "run `peloton-looker login`"),
        Err(error) => bad("login", format!("{error:#}"), "run `peloton-looker login`"),
    }
}

/// None where Ctrl-C came before the answer.
fn peloton(context: &Context, has_login: bool, loader: Option<&Loader>) -> Option<Check> {
    if context.config.profile.demo_marker().exists() {
        let finding = "not asked: the data of this profile are invented";
        return Some(good("Peloton", finding));
    }
    if !has_login {
        return Some(note("Peloton", "not asked", "log in first"));
    }
    Some(match ask(context).transpose()? {
        Ok(answer) if answer.is_ok() => account(&answer, context, loader),
        Ok(answer) => bad(
            "Peloton",
            format!("`/api/me` answered HTTP {}", answer.status),
            "try again later; `peloton-looker api get /api/me` shows the answer",
        ),
        Err(error) => bad(
            "Peloton",
            format!("{error:#}"),
            crate::error::hint(&error).unwrap_or_else(|| "check the login and the network".into()),
        ),
    })
}

fn ask(context: &Context) -> Result<Option<Answer>> {
    let pace = Pace::resolve(&context.config, None, None);
    runtime()?.block_on(async {
        let client = credentials::reading_client(&context.config, pace).await?;
        let answer = unless_interrupted(&client, &context.terminal, client.me()).await;
        Ok(answer.transpose()?)
    })
}

/// Whether the login is that of the account whose data are there.
fn account(answer: &Answer, context: &Context, loader: Option<&Loader>) -> Check {
    let me: Me = match serde_json::from_slice(&answer.body) {
        Ok(me) => me,
        Err(error) => {
            return bad(
                "Peloton",
                format!("`/api/me` can't be read: {error}"),
                "`peloton-looker api get /api/me` shows the answer",
            );
        }
    };
    match loader.map(|loader| loader.index().check_account(&me.id)) {
        Some(Err(error)) => bad(
            "Peloton",
            error.to_string(),
            "log in with the account of this profile, or give every account its own: --profile NAME",
        ),
        _ => good("Peloton", format!("{} answers", context.config.api_url)),
    }
}

/// Every place that is published to, and what it lacks; none where Ctrl-C comes first.
fn publications(args: &DoctorArgs, context: &Context) -> Result<Option<Vec<Check>>> {
    let outcomes = places::outcomes(&context.config).unwrap_or_default();
    let targets = places::targets(&context.config, outcomes);
    if targets.is_empty() {
        return Ok(Some(Vec::new()));
    }
    runtime()?.block_on(async {
        let stop = Interruption::listen()?;
        let mut checks = Vec::new();
        for (target, outcome) in &targets {
            tokio::select! {
                biased;
                () = stop.comes() => return Ok(None),
                check = publication(target, outcome.as_ref(), args.offline, context) => checks.push(check),
            }
        }
        Ok(Some(checks))
    })
}

async fn publication(
    target: &str,
    outcome: Option<&places::Outcome>,
    is_offline: bool,
    context: &Context,
) -> Check {
    if is_offline && places::is_remote(target) {
        return note(
            "publish",
            format!("{target} was not asked"),
            "run it without --offline",
        );
    }
    match examine(target, outcome, context).await {
        Ok(check) => check,
        Err(error) => bad(
            "publish",
            format!("{target}: {error:#}"),
            crate::error::hint(&error).unwrap_or_else(|| publish_again(target)),
        ),
    }
}

fn publish_again(target: &str) -> String {
    format!("run `peloton-looker publish '{target}'`")
}

async fn examine(
    target: &str,
    outcome: Option<&places::Outcome>,
    context: &Context,
) -> Result<Check> {
    let destination = places::destination(target, &context.config)?;
    let examined = destination.examine(&places::publication()).await?;
    if let Some(obstacle) = examined.obstacles.into_iter().next() {
        return Err(obstacle.into());
    }
    let is_there = outcome.is_some_and(places::Outcome::has_arrived);
    if let Some(damage) = examined.damage.filter(|_| is_there) {
        return Err(damage.into());
    }
    let mut facts = examined.facts;
    let behind = super::publish::behind(target, context).await?;
    facts.push(match behind {
        0 => "up to date".to_owned(),
        units => format!("{} behind", counted(units as u64, "unit")),
    });
    let failure = outcome.and_then(|outcome| outcome.error.as_ref());
    facts.extend(failure.map(|error| format!("the last try failed: {error}")));
    let finding = format!("{target}: {}", facts.join(", "));
    Ok(match (behind, failure) {
        (0, None) => good("publish", finding),
        (1.., Some(_)) => bad("publish", finding, publish_again(target)),
        _ => note("publish", finding, publish_again(target)),
    })
}

fn archive(loader: &Result<Loader>) -> Check {
    let loader = match loader {
        Ok(loader) => loader,
        Err(error) if error.downcast_ref::<warehouse::Error>().is_some() => {
            return bad("archive", format!("{error:#}"), "see the warehouse below");
        }
        Err(error) => {
            let advice = crate::error::hint(error);
            let advice = advice.unwrap_or_else(|| {
                "what can't be read there was written by another version, or damaged".into()
            });
            return bad("archive", format!("{error:#}"), advice);
        }
    };
    match loader.defects() {
        Ok(defects) => state_of_archive(loader, &defects),
        Err(error) => bad("archive", format!("{error:#}"), "see the archive's folder"),
    }
}

fn state_of_archive(loader: &Loader, defects: &[Defect]) -> Check {
    let holds = holdings(loader);
    let (mended, open): (Vec<&Defect>, Vec<&Defect>) =
        defects.iter().partition(|defect| defect.is_mended);
    let findings = |defects: &[&Defect]| {
        let findings: Vec<&str> = defects
            .iter()
            .map(|defect| defect.finding.as_str())
            .collect();
        findings.join(", ")
    };
    let kept = loader.kept();
    if !kept.is_empty() {
        let cause = match defects {
            [] => "the archive can't make them any more".to_owned(),
            _ => findings(&defects.iter().collect::<Vec<_>>()),
        };
        return bad(
            "archive",
            format!("only the warehouse has {kept}: {cause}"),
            format!(
                "put the archive back as it was, if there is a copy of it; else {}. What is left then stays in the \
                 warehouse until `peloton-looker rebuild --accept-loss`",
                loader.way_back()
            ),
        );
    }
    if !open.is_empty() {
        return bad(
            "archive",
            format!("{}; {holds} can be read", findings(&open)),
            loader.way_back(),
        );
    }
    match mended.is_empty() {
        true => good("archive", format!("{holds}, no damage")),
        false => note(
            "archive",
            format!("{holds}; {}", findings(&mended)),
            "nothing has to be done: what Peloton or the imported files have of it is there again",
        ),
    }
}

/// What the archive has, in a few words.
fn holdings(loader: &Loader) -> String {
    let index = loader.index();
    let workouts = counted(index.workouts.len() as u64, "workout");
    match index.imports.len() as u64 {
        0 => workouts,
        files => format!("{workouts}, {}", counted(files, "imported file")),
    }
}

fn warehouse(context: &Context, loader: &Result<Loader>) -> Check {
    let path = context.config.profile.warehouse();
    let warehouse = Warehouse::at(path.clone());
    let there = warehouse.read_ours().and_then(|reader| {
        let is_there = reader.is_some();
        drop(reader);
        warehouse.check(&transform::tables()).map(|()| is_there)
    });
    match there {
        // It opens, and can't be read all the same.
        Ok(true) if unreadable(loader).is_some() => bad(
            "warehouse",
            unreadable(loader).unwrap_or_default(),
            crate::error::MOVE_AWAY,
        ),
        Ok(true) => good("warehouse", path.display().to_string()),
        Ok(false) if super::sql::has_archive(context) => note(
            "warehouse",
            format!("{} is not there", path.display()),
            "`peloton-looker rebuild` makes it from the archive, as the next sync with news does",
        ),
        Ok(false) => note(
            "warehouse",
            "there is none yet",
            "`peloton-looker sync` makes it",
        ),
        Err(error @ warehouse::Error::Locked { .. }) => bad(
            "warehouse",
            error.to_string(),
            "close the file there, or open it read-only: loads wait for it",
        ),
        Err(error) => {
            let loader = loader.as_ref().ok();
            let refused = loader.and_then(|loader| loader.check_warehouse().err());
            let advice = refused.as_ref().and_then(crate::error::hint);
            let advice = advice.or_else(|| crate::error::warehouse_hint(&error));
            bad(
                "warehouse",
                format!("{:#}", anyhow::Error::new(error)),
                advice.unwrap_or_else(|| crate::error::MOVE_AWAY.into()),
            )
        }
    }
}

/// What kept the loader from reading the warehouse.
fn unreadable(loader: &Result<Loader>) -> Option<String> {
    let error = loader.as_ref().err()?;
    let cause = error.downcast_ref::<warehouse::Error>()?;
    let is_locked = matches!(cause, warehouse::Error::Locked { .. });
    (!is_locked).then(|| format!("{error:#}"))
}
