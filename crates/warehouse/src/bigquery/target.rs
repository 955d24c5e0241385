//! What `bigquery:PROJECT.DATASET?location=EU` means.

use std::fmt;
use std::str::FromStr;

use super::client::Retry;
use crate::error::Error;

/// A dataset by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The project, which pays.
    pub project: String,
    /// The dataset.
    pub dataset: String,
    /// Where it is made if it is missing; where it is, if it is there.
    pub location: Option<String>,
}

/// How BigQuery is reached.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Host of an emulator: no credentials are used.
    pub emulator: Option<String>,
    /// How requests are tried again.
    pub retry: Retry,
}

/// `PROJECT.DATASET`, with `?location=EU` or without. A project may have dots and a colon.
impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Target {
            target: format!("bigquery:{text}"),
            purpose: "dataset",
            reason: reason.into(),
        };
        let (name, options) = text.split_once('?').unwrap_or((text, ""));
        let (project, dataset) = name
            .rsplit_once('.')
            .ok_or_else(|| wrong("write bigquery:PROJECT.DATASET"))?;
        let is_project = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
        let is_dataset = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if project.is_empty() || !project.chars().all(is_project) {
            return Err(wrong("a project is letters, digits and `-`"));
        }
        if dataset.is_empty() || !dataset.chars().all(is_dataset) {
            return Err(wrong("a dataset is letters, digits and `_`"));
        }
        let mut location = None;
        for (name, value) in url::form_urlencoded::parse(options.as_bytes()) {
            if name != "location" || value.is_empty() {
                return Err(wrong("only `?location=` with a place may follow"));
            }
            location = Some(value.into_owned());
        }
        Ok(Self {
            project: project.into(),
            dataset: dataset.into(),
            location,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.project, self.dataset)
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    fn read(text: &str) -> Option<(String, String, Option<String>)> {
        let target: Target = text.parse().ok()?;
        Some((target.project, target.dataset, target.location))
    }

    #[test]
    fn a_target_is_project_dataset_and_perhaps_a_location() {
        let of = |project: &str, dataset: &str, location: Option<&str>| {
            Some((project.into(), dataset.into(), location.map(Into::into)))
        };
        assert_eq!(read("p.d"), of("p", "d", None));
        assert_eq!(read("example.com:p.d_1"), of("example.com:p", "d_1", None));
        assert_eq!(
            read("p.d?location=europe-west3"),
            of("p", "d", Some("europe-west3"))
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_target_or_an_error(text in "\\PC*") {
            let _ = read(&text);
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in [
            "",
            "p",
            ".d",
            "p.",
            "p.d-e",
            "p/q.d",
            "p.d?place=EU",
            "p.d?location=",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
