//! What BigQuery refuses, by what the caller can do about it.

/// Errors of BigQuery and the way to it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There are no credentials, or they give no token.
    #[error("there are no credentials for Google: {reason}")]
    Credentials {
        /// Google's library's words.
        reason: String,
    },
    /// There are credentials, and no token could be had with them, after several tries.
    #[error("no token for Google could be had: {reason}")]
    Token {
        /// Google's library's words.
        reason: String,
    },
    /// No answer, after several tries.
    #[error("no answer from `{host}`")]
    Unreachable {
        /// Whom we asked.
        host: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// An answer that is an error.
    #[error("BigQuery answered {status} ({reason}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Google's word for the kind: `accessDenied`, `notFound`, `quotaExceeded`. Empty where an
        /// answer has none.
        reason: String,
        /// Google's sentence.
        message: String,
    },
    /// A permission that publishing will need.
    #[error("the account lacks {permission}")]
    Lacks {
        /// Google's name for it.
        permission: String,
        /// A role that has it.
        role: &'static str,
        /// On what the role is to be given: "dataset" or "project".
        on: &'static str,
    },
    /// A variable of the surroundings that names no host.
    #[error("BIGQUERY_EMULATOR_HOST is `{host}`, which is no address: {reason}")]
    Emulator {
        /// What it is.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A job that began and failed.
    #[error("job `{job}` failed ({reason}): {message}")]
    Job {
        /// Its id.
        job: String,
        /// Google's word for the kind.
        reason: String,
        /// Google's sentence.
        message: String,
    },
    /// A job that began and does not end.
    #[error("job `{job}` is not done after {minutes} minutes")]
    Endless {
        /// Its id.
        job: String,
        /// How long it was waited for.
        minutes: u64,
    },
    /// A query that would bill more than it may.
    #[error("the query bills {}, which is more than the limit of {}", readable(*bytes), readable(*limit))]
    TooManyBytes {
        /// Bytes that it would bill: at least 10 MiB for each table.
        bytes: u64,
        /// `--max-bytes-billed`.
        limit: u64,
    },
    /// The dataset is elsewhere than it was said to be, and can't be moved.
    #[error("dataset `{dataset}` is in {there}, not in {wanted}")]
    Location {
        /// Project and dataset.
        dataset: String,
        /// Where it is.
        there: String,
        /// Where it was said to be.
        wanted: String,
    },
    /// An answer that is not what Google documents.
    #[error("an answer of BigQuery can't be read: {what}")]
    Answer {
        /// What is wrong with it.
        what: String,
    },
}

/// Bytes in the largest unit of which they are one or more, rounded up to a tenth.
fn readable(bytes: u64) -> String {
    const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = UNITS.into_iter().find(|(_, bits)| bytes >> bits > 0);
    let Some((unit, bits)) = unit else {
        return format!("{bytes} bytes");
    };
    let tenths = (u128::from(bytes) * 10).div_ceil(1 << bits);
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        tenth => format!("{}.{tenth} {unit}", tenths / 10),
    }
}

/// Permissions that a refusal may name, and the smallest usual role that has each.
const ROLES: &[(&str, &str)] = &[
    ("bigquery.jobs.", "roles/bigquery.jobUser"),
    ("bigquery.datasets.", "roles/bigquery.dataEditor"),
    ("bigquery.tables.", "roles/bigquery.dataEditor"),
    (
        "serviceusage.services.",
        "roles/serviceusage.serviceUsageConsumer",
    ),
];

impl Error {
    /// Google's word for the kind of refusal.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refused { reason, .. } | Self::Job { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Permission and role that are missing, where a refusal names one.
    pub fn missing_role(&self) -> Option<(&str, &'static str)> {
        let Self::Refused { message, .. } = self else {
            return None;
        };
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
        message.split(|c| !is_part(c)).find_map(|word| {
            let word = word.trim_end_matches('.');
            let role = ROLES.iter().find(|(prefix, _)| word.starts_with(prefix))?;
            Some((word, role.1))
        })
    }

    /// Whether what was asked for is not there.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// Whether what was to be made is there already.
    pub(super) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Refused { status: 409, .. })
    }

    /// Without the words of Google's library, which are many.
    pub(super) fn in_short(&self) -> String {
        match self {
            Self::Token { .. } => "no token for Google could be had".to_owned(),
            other => other.to_string(),
        }
    }

    /// Whether the same may work a little later. A token was tried for long enough where it is got.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, reason, .. } => match reason.as_str() {
                "rateLimitExceeded"
                | "userRateLimitExceeded"
                | "backendError"
                | "internalError"
                | "badGateway" => true,
                // It has been seen with status 500.
                "bytesBilledLimitExceeded" => false,
                _ => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            },
            Self::Job { reason, .. } => matches!(
                reason.as_str(),
                "backendError"
                    | "internalError"
                    | "rateLimitExceeded"
                    | "jobBackendError"
                    | "jobInternalError"
                    | "jobRateLimitExceeded"
                    | "tableUnavailable"
            ),
            _ => false,
        }
    }

    /// Whether a job failed through no fault of its own: it can't be asked for again, only begun again.
    pub(super) fn is_of_a_lost_job(&self) -> bool {
        matches!(
            self.reason(),
            Some("jobBackendError" | "jobInternalError" | "jobRateLimitExceeded")
        )
    }

    /// Whether every other table would meet the same.
    pub(crate) fn is_fatal(&self) -> bool {
        match self {
            Self::Credentials { .. }
            | Self::Token { .. }
            | Self::Unreachable { .. }
            | Self::Location { .. } => true,
            Self::Refused { status, reason, .. } => {
                matches!(status, 401 | 403) && reason != "quotaExceeded"
                    || matches!(reason.as_str(), "accessNotConfigured" | "billingNotEnabled")
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn bytes_are_read_by_people() {
        let shown = [0, 1000, 1 << 30, (1 << 30) + 1, 10 << 20].map(super::readable);
        assert_eq!(
            shown,
            ["0 bytes", "1000 bytes", "1 GiB", "1.1 GiB", "10 MiB"]
        );
        assert_eq!(super::readable(u64::MAX), "16777216 TiB");
    }

    #[test]
    fn the_missing_role_is_named() {
        let refused = |message: &str| Error::Refused {
            status: 403,
            reason: "accessDenied".into(),
            message: message.into(),
        };
        let of = |message: &str| {
            refused(message)
                .missing_role()
                .map(|(permission, role)| format!("{permission} {role}"))
        };
        assert_eq!(
            of("Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.").as_deref(),
            Some("bigquery.jobs.create roles/bigquery.jobUser")
        );
        assert_eq!(
            of("Access Denied: Dataset p:d: Permission bigquery.datasets.get denied on dataset p:d (or it may not exist).").as_deref(),
            Some("bigquery.datasets.get roles/bigquery.dataEditor")
        );
        assert_eq!(of("Access Denied: no word of it"), None);
    }
}
