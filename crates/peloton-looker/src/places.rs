//! Places that a target names: where queries run, where copies are published, and what became of it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
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

/// Every target that was ever published to.
pub(crate) fn outcomes(profile: &Profile) -> Result<BTreeMap<String, Outcome>> {
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
pub(crate) fn keep(profile: &Profile, target: &str, outcome: Outcome) -> Result<()> {
    let _lock = lock(profile)?;
    // One that can't be read is made anew: it only repeats what the targets know.
    let mut outcomes = outcomes(profile).unwrap_or_default();
    outcomes.insert(target.to_owned(), outcome);
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

    #[test]
    fn outcomes_that_are_kept_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile {
            name: "default".into(),
            folder: folder.path().into(),
        };
        std::fs::create_dir(profile.state()).unwrap();
        std::thread::scope(|scope| {
            for number in 0..16 {
                let target = format!("parquet:{number}");
                let profile = &profile;
                scope.spawn(move || keep(profile, &target, Outcome::default()).unwrap());
            }
        });
        assert_eq!(outcomes(&profile).unwrap().len(), 16);
    }
}
