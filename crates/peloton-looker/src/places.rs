//! Places that a target names: where queries run, where copies are published, and what became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use warehouse::bigquery::{self, Engine};
use warehouse::parquet::Folder;
use warehouse::{Destination, DuckDb, Lock, Publication, QueryEngine, Surroundings};

use crate::config::{Config, Profile};
use crate::error::Usage;
use crate::transform;

/// Whoever else keeps an outcome is done in an instant.
const PATIENCE: Duration = Duration::from_secs(5);

/// Everything that is published.
pub(crate) fn publication() -> Publication {
    Publication {
        tables: transform::tables(),
        views: transform::views(),
    }
}

fn bigquery_options(config: &Config) -> bigquery::Options {
    bigquery::Options {
        emulator: config.bigquery_emulator.clone(),
        retry: bigquery::Retry::default(),
    }
}

/// Where a copy goes.
pub(crate) fn destination(target: &str, config: &Config) -> Result<Arc<dyn Destination>> {
    let surroundings = Surroundings {
        publication: publication(),
        bigquery: bigquery_options(config),
    };
    usage(warehouse::open(target, &surroundings))
}

/// The dataset that a target names, if it names one.
pub(crate) fn dataset(target: &str, config: &Config) -> Option<Result<bigquery::Dataset>> {
    let place = target.strip_prefix("bigquery:")?;
    let dataset = place
        .parse()
        .and_then(|target| bigquery::Dataset::new(target, &bigquery_options(config)));
    Some(usage(dataset))
}

/// Where queries run.
pub(crate) fn engine(target: Option<&str>, config: &Config) -> Result<Box<dyn QueryEngine>> {
    let Some(target) = target else {
        return Ok(Box::new(DuckDb::on_file(config.profile.warehouse())));
    };
    let (kind, place) = target.split_once(':').unwrap_or((target, ""));
    match kind {
        "duckdb" if !place.is_empty() => Ok(Box::new(DuckDb::on_file(PathBuf::from(place)))),
        "parquet" if !place.is_empty() => {
            let folder = Folder::at(PathBuf::from(place), &publication());
            Ok(Box::new(DuckDb::on_folder(folder)))
        }
        "bigquery" => {
            let engine = place
                .parse()
                .and_then(|target| Engine::new(target, &bigquery_options(config)));
            Ok(Box::new(usage(engine)?))
        }
        _ => Err(Usage(format!(
            "`{target}` is no place for queries: give duckdb:PATH, parquet:DIR or bigquery:PROJECT.DATASET"
        ))
        .into()),
    }
}

/// A target that is written wrongly was typed wrongly.
fn usage<T>(result: warehouse::Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        warehouse::Error::Target { .. } => Usage(error.to_string()).into(),
        error => error.into(),
    })
}

/// What became of publishing to one target, as this machine knows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// When it was last tried.
    pub(crate) tried_at: Timestamp,
    /// When the target last had everything.
    pub(crate) published_at: Option<Timestamp>,
    /// Why the last try failed.
    pub(crate) error: Option<String>,
    /// The newest fetch of the warehouse that was published.
    pub(crate) newest_fetch: Option<Timestamp>,
    /// The digest of the warehouse that was published.
    pub(crate) digest: Option<String>,
}

impl Outcome {
    /// Whether the target has everything of the warehouse with that digest.
    pub(crate) fn has_all_of(&self, digest: Option<&String>) -> bool {
        self.error.is_none() && digest.is_some() && self.digest.as_ref() == digest
    }
}

/// A target in the one spelling under which its outcome is kept: a folder by its whole path, a dataset without
/// where it was to be made, which it knows itself.
pub(crate) fn plain(target: &str) -> String {
    match target.split_once(':') {
        Some(("parquet", folder)) if !folder.is_empty() => {
            format!("parquet:{}", whole(Path::new(folder)).display())
        }
        Some(("bigquery", place)) => {
            let dataset = place.split('?').next().unwrap_or(place);
            format!("bigquery:{dataset}")
        }
        _ => target.to_owned(),
    }
}

/// A path from the root on. What `..` means, only the file system knows.
fn whole(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let goes_up = whole.components().any(|part| part == Component::ParentDir);
    match whole.canonicalize() {
        Ok(real) if goes_up => real,
        _ => whole.components().collect(),
    }
}

/// Targets of the settings or the command line, each of them once, however often and however it is written.
pub(crate) fn distinct(targets: &[String]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let is_new = |target: &&String| known.insert(plain(target));
    targets.iter().filter(is_new).cloned().collect()
}

/// Every target that was published to, and those of the settings that were tried. Another that never worked was
/// typed wrongly, or is nobody's any more.
pub(crate) fn outcomes(config: &Config) -> Result<BTreeMap<String, Outcome>> {
    let targets = config.settings.publish.iter();
    let wanted: BTreeSet<String> = targets.map(|target| plain(target)).collect();
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for (target, outcome) in read(&config.profile)? {
        let target = plain(&target);
        let is_older = |other: &Outcome| outcome.tried_at < other.tried_at;
        let is_nobodys = outcome.published_at.is_none() && !wanted.contains(&target);
        if !is_nobodys && !outcomes.get(&target).is_some_and(is_older) {
            outcomes.insert(target, outcome);
        }
    }
    Ok(outcomes)
}

/// Targets of the settings, then others that were published to, each with what became of it.
pub(crate) fn targets(
    config: &Config,
    mut outcomes: BTreeMap<String, Outcome>,
) -> Vec<(String, Option<Outcome>)> {
    let mut targets = Vec::new();
    for target in distinct(&config.settings.publish) {
        let outcome = outcomes.remove(&plain(&target));
        // Only a dataset that is not there yet needs more than its name.
        let is_dataset = target.starts_with("bigquery:");
        targets.push((if is_dataset { target } else { plain(&target) }, outcome));
    }
    let others = outcomes.into_iter();
    targets.extend(others.map(|(target, outcome)| (target, Some(outcome))));
    targets
}

fn read(profile: &Profile) -> Result<BTreeMap<String, Outcome>> {
    let path = profile.published();
    match std::fs::read(&path) {
        Ok(text) => {
            serde_json::from_slice(&text).with_context(|| format!("read `{}`", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| format!("read `{}`", path.display())),
    }
}

/// Keeps what became of a target, beside what other processes keep of others.
pub(crate) fn keep(config: &Config, target: &str, outcome: Outcome) -> Result<()> {
    change(config, |outcomes| {
        outcomes.insert(plain(target), outcome);
    })
}

/// Forgets what became of a target; whether there was something to forget.
pub(crate) fn forget(config: &Config, target: &str) -> Result<bool> {
    let target = plain(target);
    let is_known = outcomes(config)?.contains_key(&target);
    if is_known {
        change(config, |outcomes| drop(outcomes.remove(&target)))?;
    }
    Ok(is_known)
}

fn change(config: &Config, change: impl FnOnce(&mut BTreeMap<String, Outcome>)) -> Result<()> {
    let profile = &config.profile;
    let _lock = lock(profile)?;
    // One that can't be read is made anew: it only repeats what the targets know.
    let mut outcomes = outcomes(config).unwrap_or_default();
    change(&mut outcomes);
    let path = profile.published();
    let mut file = tempfile::NamedTempFile::new_in(profile.state())
        .with_context(|| format!("write `{}`", path.display()))?;
    file.write_all(&serde_json::to_vec_pretty(&outcomes)?)?;
    file.persist(&path)
        .with_context(|| format!("write `{}`", path.display()))?;
    Ok(())
}

/// Waits for whoever keeps an outcome now.
fn lock(profile: &Profile) -> Result<Lock> {
    let path = profile.state().join("published.lock");
    let last = Instant::now() + PATIENCE;
    loop {
        match Lock::acquire(path.clone(), "keep what was published") {
            Err(warehouse::Error::Locked { .. }) if Instant::now() < last => {
                std::thread::sleep(Duration::from_millis(5));
            }
            lock => return Ok(lock?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &Path, publish: &[&str]) -> Config {
        let url: url::Url = "http://127.0.0.1".parse().unwrap();
        let publish = publish.iter().map(|target| (*target).to_owned());
        let config = Config {
            settings: crate::config::Settings {
                publish: publish.collect(),
                ..Default::default()
            },
            settings_path: folder.join("config.toml"),
            profile: Profile {
                name: "default".into(),
                folder: folder.into(),
            },
            api_url: url.clone(),
            auth_url: url,
            bigquery_emulator: None,
        };
        std::fs::create_dir(config.profile.state()).unwrap();
        config
    }

    fn published() -> Outcome {
        Outcome {
            published_at: Some(Timestamp::UNIX_EPOCH),
            ..Outcome::default()
        }
    }

    #[test]
    fn outcomes_that_are_kept_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &[]);
        std::thread::scope(|scope| {
            for number in 0..16 {
                let target = format!("parquet:{number}");
                let config = &config;
                scope.spawn(move || keep(config, &target, published()).unwrap());
            }
        });
        assert_eq!(outcomes(&config).unwrap().len(), 16);
    }

    #[test]
    fn a_target_that_never_worked_is_kept_only_for_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &["bigquery:p.wanted?location=EU"]);
        for target in ["bigquery:p.wanted", "bigquery:p.typo", "parquet:/typo"] {
            keep(&config, target, Outcome::default()).unwrap();
        }
        keep(&config, "parquet:/once", published()).unwrap();
        let kept: Vec<String> = outcomes(&config).unwrap().into_keys().collect();
        assert_eq!(kept, ["bigquery:p.wanted", "parquet:/once"]);
        assert!(forget(&config, "parquet:/once/").unwrap());
        assert!(!forget(&config, "parquet:/once").unwrap());
        assert_eq!(outcomes(&config).unwrap().len(), 1);
    }

    #[test]
    fn a_target_has_one_spelling() {
        let here = std::env::current_dir().unwrap();
        let out = format!("parquet:{}", here.join("out").display());
        for target in ["parquet:out", "parquet:./out", "parquet:out/", &out] {
            assert_eq!(plain(target), out, "{target}");
        }
        let source = format!("parquet:{}", here.join("src").display());
        assert_eq!(plain("parquet:src/../src"), source);
        for target in ["bigquery:p.d", "bigquery:p.d?location=EU"] {
            assert_eq!(plain(target), "bigquery:p.d");
        }
        let twice = [
            "parquet:out",
            "bigquery:p.d?location=EU",
            "bigquery:p.d",
            "parquet:./out",
        ];
        assert_eq!(distinct(&twice.map(Into::into)), twice[..2]);
    }
}
