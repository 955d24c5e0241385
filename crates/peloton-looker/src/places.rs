//! Places that a target names: where queries run, where copies are published, and what became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use arrow::array::{Array, AsArray};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use warehouse::{
    Destination, DuckDb, Fingerprint, KINDS, Lock, Original, Publication, QueryEngine, Reader,
    Surroundings, bigquery,
};

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

fn surroundings(config: &Config) -> Surroundings {
    Surroundings {
        publication: publication(),
        bigquery: bigquery::Options {
            emulator: config.bigquery_emulator.clone(),
            retry: bigquery::Retry::default(),
        },
    }
}

/// One version of the warehouse as it is published, and whose data it has: those of the account of the profile, as
/// far as that is known.
pub(crate) fn original(reader: Reader) -> Result<Original> {
    let rows = reader.batches("SELECT min(id) FROM users WHERE relation = 'own'")?;
    let account = rows.first().map(|rows| rows.column(0).as_string::<i32>());
    let account = account.filter(|account| account.is_valid(0));
    let owner = account.map(|account| Fingerprint::of(account.value(0)));
    Ok(Original::new(reader, publication(), owner))
}

/// Where a copy goes.
pub(crate) fn destination(target: &str, config: &Config) -> Result<Arc<dyn Destination>> {
    usage(KINDS.open(target, &surroundings(config)))
}

/// Where queries run.
pub(crate) fn engine(target: Option<&str>, config: &Config) -> Result<Box<dyn QueryEngine>> {
    match target {
        None => Ok(Box::new(DuckDb::on_file(config.profile.warehouse()))),
        Some(target) => usage(KINDS.query(target, &surroundings(config))),
    }
}

/// Finds out that each of the targets names a place, before anything is done for which they are needed.
pub(crate) fn check(targets: &[String]) -> Result<()> {
    let wrong = targets.iter().find_map(|target| KINDS.spell(target).err());
    usage(wrong.map_or(Ok(()), Err))
}

/// Whether what a target names is looked at over a network.
pub(crate) fn is_remote(target: &str) -> bool {
    KINDS.is_remote(target)
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
    /// The digest of the warehouse that was published, and of which nothing was replaced there since.
    pub(crate) digest: Option<String>,
    /// Whether something of ours is there, if only a part.
    #[serde(default)]
    pub(crate) has_part: bool,
    /// Whether the last sync tried it.
    #[serde(default)]
    pub(crate) is_of_sync: bool,
}

impl Outcome {
    /// Whether the target has everything of the warehouse with that digest.
    pub(crate) fn has_all_of(&self, digest: Option<&String>) -> bool {
        digest.is_some() && self.digest.as_ref() == digest
    }

    /// Whether something of ours ever came there.
    pub(crate) fn has_arrived(&self) -> bool {
        self.has_part || self.published_at.is_some()
    }
}

/// A target in the one spelling under which its outcome is kept: a folder by its whole path, a dataset without
/// where it was to be made, which it knows itself.
pub(crate) fn plain(target: &str) -> String {
    let spelling = KINDS.spell(target);
    spelling.map_or_else(|_| target.to_owned(), |spelling| spelling.place)
}

/// Targets of the settings or the command line, each of them once, however often and however it is written.
pub(crate) fn distinct(targets: &[String]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let is_new = |target: &&String| known.insert(plain(target));
    targets.iter().filter(is_new).cloned().collect()
}

/// Every target to which something was published, and those that the settings or the last sync named. Another that
/// never worked was typed wrongly, or is nobody's any more.
pub(crate) fn outcomes(config: &Config) -> Result<BTreeMap<String, Outcome>> {
    let wanted = wanted(config);
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for (target, outcome) in read(&config.profile)? {
        let target = plain(&target);
        let is_older = |other: &Outcome| outcome.tried_at < other.tried_at;
        let is_somebodys = outcome.has_arrived() || outcome.is_of_sync || wanted.contains(&target);
        if is_somebodys && !outcomes.get(&target).is_some_and(is_older) {
            outcomes.insert(target, outcome);
        }
    }
    Ok(outcomes)
}

/// The targets of the settings, each in its one spelling.
fn wanted(config: &Config) -> BTreeSet<String> {
    let targets = config.settings.publish.iter();
    targets.map(|target| plain(target)).collect()
}

/// Whether the settings name a target.
pub(crate) fn is_wanted(config: &Config, target: &str) -> bool {
    wanted(config).contains(&plain(target))
}

/// Targets of the settings, then others that were published to, each with what became of it.
pub(crate) fn targets(
    config: &Config,
    mut outcomes: BTreeMap<String, Outcome>,
) -> Vec<(String, Option<Outcome>)> {
    let mut targets = Vec::new();
    for target in distinct(&config.settings.publish) {
        let outcome = outcomes.remove(&plain(&target));
        let spelling = KINDS.spell(&target);
        // With where it is to be made, which only one that is there knows itself.
        let whole = spelling.map_or(target, |spelling| spelling.whole);
        targets.push((whole, outcome));
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

/// A sync begins: what the one before tried in vain is nobody's any more.
pub(crate) fn forget_last_sync(config: &Config) -> Result<()> {
    let wanted = wanted(config);
    let is_vain = |target: &String, outcome: &Outcome| {
        outcome.is_of_sync && !outcome.has_arrived() && !wanted.contains(target)
    };
    if outcomes(config)?
        .iter()
        .any(|(target, outcome)| is_vain(target, outcome))
    {
        change(config, |outcomes| {
            outcomes.retain(|target, outcome| !is_vain(target, outcome));
        })?;
    }
    Ok(())
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
    use std::path::Path;

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
