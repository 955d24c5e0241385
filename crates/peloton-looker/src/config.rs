//! What was typed, set and written, resolved once: flag, then environment, then `config.toml`, then default.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use etcetera::{AppStrategy, AppStrategyArgs};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use crate::error::{Advised, Usage};

const API_URL: &str = "https://api.onepeloton.com";
const AUTH_URL: &str = "https://auth.onepeloton.com";

/// As many links as Linux follows.
const LONGEST_CHAIN: u8 = 40;

/// `config.toml`. Unknown names are refused: a typing error must not be a silent default.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// Requests a second of `sync`; flag `--rate`. 3 where unset; 0 means no pacing.
    #[serde(deserialize_with = "rate")]
    pub(crate) rate: Option<f64>,
    /// Requests at once; flag `--concurrency`. 4 where unset.
    #[serde(deserialize_with = "concurrency")]
    pub(crate) concurrency: Option<u16>,
    /// Keep the tracks of outdoor workouts. Off where unset: they show where a person lives.
    pub(crate) store_locations: bool,
    /// Where each sync publishes to; flag `--publish`. Nowhere where unset.
    pub(crate) publish: Vec<String>,
    /// What queries of a model need.
    pub(crate) model: ModelSettings,
    /// What is otherwise for one profile.
    pub(crate) profiles: BTreeMap<String, ProfileSettings>,
}

/// `[profiles.NAME]`: for a profile of that name.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ProfileSettings {
    /// Where each sync of it publishes to, in the place of the general `publish`.
    pub(crate) publish: Option<Vec<String>>,
}

impl Settings {
    /// As they are for a profile.
    fn of(mut self, profile: &str) -> Self {
        let own = self.profiles.get_mut(profile);
        if let Some(publish) = own.and_then(|own| own.publish.take()) {
            self.publish = publish;
        }
        self
    }
}

/// `[model]`: for whom, when and where queries are compiled.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ModelSettings {
    /// The name of the connection in Looker; flag `--connection` of `lookml write`.
    pub(crate) connection: Option<String>,
    /// In which dates are meant and shown; flag `--timezone`. UTC where unset.
    #[serde(deserialize_with = "time_zone")]
    pub(crate) timezone: Option<TimeZone>,
    /// The first day of the week, where a model names none. Monday where unset.
    #[serde(deserialize_with = "weekday")]
    pub(crate) week_start: Option<Weekday>,
    /// User attributes that are texts; flag `--attr`.
    pub(crate) attributes: BTreeMap<String, String>,
    /// User attributes that are filter expressions; flag `--attr-filter`.
    pub(crate) filter_attributes: BTreeMap<String, String>,
}

/// What may be given as requests a second.
pub(crate) fn check_rate(rate: f64) -> Result<f64, &'static str> {
    match rate {
        0.0 | 0.001..=10_000.0 => Ok(rate),
        _ => Err("requests a second are 0, or from 0.001 to 10000"),
    }
}

/// What may be given as requests at once.
pub(crate) const CONCURRENCY: std::ops::RangeInclusive<i64> = 1..=64;

fn rate<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let rate = f64::deserialize(deserializer)?;
    check_rate(rate).map(Some).map_err(serde::de::Error::custom)
}

fn concurrency<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let concurrency = u16::deserialize(deserializer)?;
    if !CONCURRENCY.contains(&concurrency.into()) {
        return Err(serde::de::Error::custom("requests at once are 1 to 64"));
    }
    Ok(Some(concurrency))
}

fn time_zone<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TimeZone>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let zone = TimeZone::get(&name).map_err(|_| {
        serde::de::Error::custom(format!(
            "there is no time zone `{name}`: write it as `America/New_York`"
        ))
    })?;
    Ok(Some(zone))
}

fn weekday<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Weekday>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let day = lookml::weekday(&name).ok_or_else(|| {
        serde::de::Error::custom(format!(
            "`{name}` is no day of the week: `monday`, `sunday`"
        ))
    })?;
    Ok(Some(day))
}

/// Everything that a command may need to know about its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    /// Where `config.toml` is looked for.
    pub(crate) settings_path: PathBuf,
    pub(crate) profile: Profile,
    pub(crate) api_url: Url,
    pub(crate) auth_url: Url,
    /// BIGQUERY_EMULATOR_HOST: a stand-in for BigQuery, for tests.
    pub(crate) bigquery_emulator: Option<String>,
}

/// One member's folder: archive, warehouse, credentials, locks.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

impl Profile {
    fn new(home: &Path, name: &str) -> Result<Self> {
        let fits = !name.is_empty()
            && name.len() <= 64
            && !name.starts_with('.')
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "-_.".contains(c));
        if !fits {
            let text = format!(
                "`{name}` is no name for a profile: letters, digits, `-`, `_` and `.` make one"
            );
            return Err(Usage(text).into());
        }
        Ok(Self {
            name: name.into(),
            folder: home.join("profiles").join(name),
        })
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.folder.join("archive")
    }

    /// Where it is a link, what the last of the links points to, be it there or not: a rename must take the
    /// place of the file, not of a link.
    pub(crate) fn warehouse(&self) -> PathBuf {
        let mut path = self.folder.join("warehouse.duckdb");
        for _ in 0..LONGEST_CHAIN {
            let Ok(target) = std::fs::read_link(&path) else {
                break;
            };
            path.pop();
            path.push(target);
        }
        path
    }

    pub(crate) fn credentials(&self) -> PathBuf {
        self.folder.join("credentials.toml")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// What became of publishing, target by target.
    pub(crate) fn published(&self) -> PathBuf {
        self.state().join("published.json")
    }

    /// Says that what it holds is invented.
    pub(crate) fn demo_marker(&self) -> PathBuf {
        self.state().join("demo")
    }

    /// The next demo would erase what is put beside an earlier one.
    pub(crate) fn refuse_demo(&self) -> Result<()> {
        if self.demo_marker().exists() {
            return Err(Advised::new(
                format!("profile `{}` holds the invented data of a demo", self.name),
                "give another one: --profile NAME",
            )
            .into());
        }
        Ok(())
    }

    /// Makes the folders, closed to others, and finds out that they can be written to.
    pub(crate) fn create(&self) -> Result<()> {
        for folder in [&self.folder, &self.archive(), &self.state()] {
            create_private(folder)?;
        }
        let probe = tempfile::NamedTempFile::new_in(self.state()).with_context(|| {
            format!(
                "`{}` can't be written to: nothing could be stored",
                self.folder.display()
            )
        })?;
        probe.close().context("remove the probe file")
    }
}

fn create_private(folder: &Path) -> Result<()> {
    if folder.exists() && !folder.is_dir() {
        return Err(Advised::no_folder(folder).into());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| {
        format!(
            "create the folder `{}` (choose another with PELOTON_LOOKER_HOME)",
            folder.display()
        )
    })
}

impl Config {
    pub(crate) fn resolve(profile: &str) -> Result<Self> {
        let (home, settings_path) = places()?;
        Ok(Self {
            settings: read_settings(&settings_path)?.of(profile),
            settings_path,
            profile: Profile::new(&home, profile)?,
            api_url: base_url("PELOTON_API_URL", API_URL)?,
            auth_url: base_url("PELOTON_AUTH_URL", AUTH_URL)?,
            bigquery_emulator: variable("BIGQUERY_EMULATOR_HOST"),
        })
    }
}

/// The home folder and the path of `config.toml`.
fn places() -> Result<(PathBuf, PathBuf)> {
    if let Some(home) = variable("PELOTON_LOOKER_HOME") {
        let home = std::path::absolute(PathBuf::from(home)).context("read PELOTON_LOOKER_HOME")?;
        let settings = home.join("config.toml");
        return Ok((home, settings));
    }
    let strategy = etcetera::choose_app_strategy(AppStrategyArgs {
        top_level_domain: "org".into(),
        author: "peloton-looker".into(),
        app_name: "peloton-looker".into(),
    })
    .context("find the home folder (or name one with PELOTON_LOOKER_HOME)")?;
    Ok((
        strategy.data_dir(),
        strategy.config_dir().join("config.toml"),
    ))
}

fn read_settings(path: &Path) -> Result<Settings> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("read `{}`", path.display())),
        // A home that is a file is found out by whoever wants to write to it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Settings::default())
        }
        Err(error) => Err(error).with_context(|| format!("read `{}`", path.display())),
    }
}

fn base_url(name: &str, default: &str) -> Result<Url> {
    let text = variable(name).unwrap_or_else(|| default.into());
    let url = Url::parse(text.trim_end_matches('/'))
        .with_context(|| format!("read {name}, which is `{text}`"))?;
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !loopback {
        bail!("{name} is `{text}`: only https may be used, or a loopback address");
    }
    Ok(url)
}

/// A variable that is set and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
