//! `demo`: the main job on simulated data. The real login, the real sync, an invented world.

mod summary;

use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use peloton_api::oauth::OAuth;
use peloton_api::{Client, Credentials, TokenProvider};
use secrecy::SecretString;
use url::Url;
use warehouse::Warehouse;

use super::interruption::Interruption;
use super::{Context, Outcome, runtime};
use crate::archive::{Archive, Privacy};
use crate::cli::{DemoArgs, TextFormat};
use crate::config::{Config, Profile};
use crate::credentials::{self, Pace};
use crate::error::Advised;
use crate::extract::{Options, Who};
use crate::load::Loader;
use crate::output::counted;

const PACE: Pace = Pace {
    rate: None,
    concurrency: 16,
};

pub(crate) fn run(args: DemoArgs, context: &Context) -> Result<Outcome> {
    let outcome = runtime()?.block_on(fetch(&args, context))?;
    if outcome == Outcome::Complete || outcome == Outcome::Partial {
        summary::print(context)?;
    }
    Ok(outcome)
}

async fn fetch(args: &DemoArgs, context: &Context) -> Result<Outcome> {
    let terminal = &context.terminal;
    terminal.say(&format!(
        "Starting a simulated Peloton with {}, {} each.",
        counted(args.members.into(), "invented member"),
        counted(args.workouts.into(), "workout"),
    ));
    let sim = peloton_sim::Sim::start(peloton_sim::Settings {
        seed: args.seed,
        members: args.members as usize,
        workouts: args.workouts as usize,
        now: args.now.unwrap_or_else(today),
        ..peloton_sim::Settings::default()
    })
    .await
    .context("start the simulated service")?;
    let profile = &context.config.profile;
    profile.create()?;
    let _lock = super::sync::lock(profile, "demo")?;
    // Another world must not be mixed with an earlier one.
    forget(context)?;
    let client = log_in(&context.config, &sim).await?;
    let options = Options {
        who: Who::Everybody,
        workouts: Vec::new(),
        is_full: false,
        is_dry: false,
        concurrency: PACE.concurrency,
        privacy: Privacy {
            store_locations: true,
        },
    };
    let loader = Loader::open(&context.config)?;
    let stop = Interruption::listen()?;
    super::sync::sync(client, options, loader, context, &stop, TextFormat::Text).await
}

/// The world ends with today's midnight, so that two demos of a day are equal.
fn today() -> Timestamp {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now - now.rem_euclid(86_400)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Removes the world of an earlier demo, and nothing that could be a person's own data.
fn forget(context: &Context) -> Result<()> {
    let profile = &context.config.profile;
    let marker = profile.demo_marker();
    let has_data = !Archive::at(profile.archive()).segments()?.is_empty()
        || profile.credentials().exists()
        || profile.warehouse().exists();
    if has_data && !marker.exists() {
        return Err(Advised::new(
            format!("profile `{}` holds data that is no demo's", profile.name),
            "run `peloton-looker demo` without --profile",
        )
        .into());
    }
    refuse_foreign_file(profile)?;
    std::fs::write(&marker, "made by `peloton-looker demo`\n")
        .with_context(|| format!("write `{}`", marker.display()))?;
    let archive = Archive::at(profile.archive()).segments()?;
    let archive = archive.into_iter().map(|(_, path)| path);
    for path in archive.chain([profile.warehouse(), profile.credentials()]) {
        remove(std::fs::remove_file(&path), &path)?;
    }
    profile.create()
}

/// A marker says that the profile is a demo's, not that every file in it is.
fn refuse_foreign_file(profile: &Profile) -> Result<()> {
    use warehouse::Error;
    match Warehouse::at(profile.warehouse()).read_ours() {
        Err(error @ Error::NotOurs { .. }) => Err(Advised::new(
            error.to_string(),
            "it is not written over: move it away, then run `peloton-looker demo` again",
        )
        .into()),
        Err(error @ Error::Locked { .. }) => Err(error.into()),
        // One of ours that can't be read any more is replaced.
        _ => Ok(()),
    }
}

fn remove(removed: std::io::Result<()>, path: &Path) -> Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

async fn log_in(config: &Config, sim: &peloton_sim::Sim) -> Result<Client> {
    let mut client_config = credentials::client_config(config, PACE);
    client_config.api_url = Url::parse(sim.api_url()).context("the simulated API's address")?;
    client_config.auth_url = Url::parse(sim.auth_url()).context("the simulated login's address")?;
    let oauth = OAuth::new(&client_config)?;
    let account = sim.account();
    let credentials = Credentials {
        username: account.username.clone(),
        password: SecretString::from(account.password.clone()),
    };
    let tokens = oauth.login(&credentials).await?;
    let store = credentials::store(config);
    store.save(&tokens)?;
    Ok(Client::new(
        client_config,
        TokenProvider::stored(store, oauth, None),
    )?)
}
