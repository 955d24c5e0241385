//! Errors as a person meets them: what happened, what to do next, and the exit code.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use peloton_api::LoginError;

use crate::output::{Terminal, printable};

/// Something typed that can't be meant: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// An error with the next step in it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Advised {
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Advised {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

impl Advised {
    /// Something else stands where one of our folders is to be.
    pub(crate) fn no_folder(path: &std::path::Path) -> Self {
        let path = path.display();
        Self::new(
            format!("`{path}` is no folder"),
            "move it away: a folder of that name is to be there",
        )
    }
}

/// `error: …` and, where there is one, `hint: …`.
pub(crate) fn print(error: &anyhow::Error, terminal: &Terminal) {
    let (label, hint_label) = if terminal.color_err {
        ("\x1b[31merror\x1b[0m", "\x1b[36mhint\x1b[0m")
    } else {
        ("error", "hint")
    };
    let said = format!("{error:#}");
    let mut text = format!("{label}: {}\n", printable(&said));
    if let Some(hint) = hint(error) {
        let hint = terminal.addressed(&hint);
        text.push_str(&format!("{hint_label}: {hint}\n"));
    }
    // A closed stderr leaves nobody to tell.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Whether trying again later is of no use before a person has done something.
pub(crate) fn needs_person(error: &anyhow::Error) -> bool {
    matches!(code(error), 2 | 4)
}

pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(code(error))
}

fn code(error: &anyhow::Error) -> u8 {
    if find::<Usage>(error).is_some() {
        return 2;
    }
    match find::<peloton_api::Error>(error) {
        Some(peloton_api::Error::Unauthorized { .. }) => 4,
        Some(peloton_api::Error::Login(login)) => login_code(login),
        _ => find::<LoginError>(error).map_or(1, login_code),
    }
}

/// A login that a person has to do again is "login needed". A service that is down, or wants a pause, is a
/// failure: nothing was done, not even a part.
fn login_code(error: &LoginError) -> u8 {
    match error {
        LoginError::Network { .. }
        | LoginError::Unavailable { .. }
        | LoginError::TooManyAttempts { .. }
        | LoginError::Blocked { .. } => 1,
        _ => 4,
    }
}

/// A reader that went away, as in `| head -1`.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        let csv = cause.downcast_ref::<csv::Error>();
        io.is_some_and(|io| io.kind() == ErrorKind::BrokenPipe)
            || csv.is_some_and(|csv| match csv.kind() {
                csv::ErrorKind::Io(io) => io.kind() == ErrorKind::BrokenPipe,
                _ => false,
            })
    })
}

pub(crate) fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(advised) = find::<Advised>(error) {
        return Some(advised.hint.clone());
    }
    let login = find::<LoginError>(error).or_else(|| match find::<peloton_api::Error>(error) {
        Some(peloton_api::Error::Login(login)) => Some(login),
        _ => None,
    });
    if let Some(login) = login {
        return login_hint(login).map(str::to_owned);
    }
    if let Some(error) = find::<warehouse::Error>(error) {
        return warehouse_hint(error);
    }
    match find::<peloton_api::Error>(error)? {
        peloton_api::Error::Unauthorized { .. } => Some("run `peloton-looker login`".into()),
        peloton_api::Error::Unreachable { .. } => {
            Some("check the network; what was fetched is kept, run the command again".into())
        }
        peloton_api::Error::RateLimited { .. } => {
            Some("what was fetched is kept; run the command again after that time".into())
        }
        peloton_api::Error::StoreDamaged { .. } => {
            Some("run `peloton-looker logout`, then `peloton-looker login`".into())
        }
        _ => None,
    }
}

/// What to do with a warehouse that DuckDB can't read.
pub(crate) const MOVE_AWAY: &str = "move the warehouse's file away, then run `peloton-looker rebuild`: it makes a new one from the archive";

pub(crate) fn warehouse_hint(error: &warehouse::Error) -> Option<String> {
    use warehouse::Error;
    let hint = match error {
        Error::Locked { .. } => {
            "wait for it, or close it there; Python's `duckdb.connect(path, read_only=True)` disturbs nobody"
        }
        Error::OtherVersion { .. } => {
            "run `peloton-looker rebuild`: it makes the tables anew from the archive; for a published folder, publish again"
        }
        Error::Lacking { .. } => {
            "run `peloton-looker rebuild`: it makes the tables anew from the archive"
        }
        Error::NotOurs { .. } => "move it away, then run `peloton-looker rebuild`",
        Error::Unreadable { .. } => MOVE_AWAY,
        Error::DuckDb { source, .. } if source.is_damage() => MOVE_AWAY,
        Error::Incomplete { .. } | Error::Damaged { .. } | Error::Altered { .. } => {
            "run `peloton-looker publish` to it: what is missing or damaged there is written anew"
        }
        Error::Occupied { .. } => {
            "it is not written over: move it away, or publish to another folder"
        }
        Error::OtherOwner => {
            "publish to another place: `[profiles.NAME]` in config.toml has targets of one profile. \
             `peloton-looker publish TARGET --replace` puts this account's data in the place of the other's"
        }
        Error::Conflict { .. } => {
            "no column is ever retyped or dropped there: rename that column or table, or publish to another dataset"
        }
        Error::Foreign { .. } => {
            "it is not written over: rename that table, or publish to another dataset"
        }
        Error::Changed { .. } => "publish again: what is there is written anew then",
        Error::Io { source, .. } => return io_hint(source.kind()).map(str::to_owned),
        Error::BigQuery(error) => return bigquery_hint(error),
        _ => return None,
    };
    Some(hint.into())
}

const TOO_MANY_BYTES: &str = "read fewer columns or months, or allow more with --max-bytes-billed";

fn io_hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        // A file stands where a folder is to be, or a folder where a file is.
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "name a folder, one that is there or a new one: parquet:DIR"
        }
        ErrorKind::IsADirectory => "move that folder away: a file has its name",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "give yourself the right to write there, or name another place"
        }
        ErrorKind::NotFound => "no folder can be made there: name another place",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room on that disk, then run the command again: what was done is kept"
        }
        _ => return None,
    })
}

fn bigquery_hint(error: &warehouse::bigquery::Error) -> Option<String> {
    use warehouse::bigquery::Error;
    if let Some((permission, role)) = error.missing_role() {
        return Some(format!(
            "the account lacks {permission}: give it the role {role} (README, \"BigQuery in ten minutes\")"
        ));
    }
    let hint = match error {
        Error::Lacks { role, on, .. } => {
            return Some(format!("give it the role {role} on the {on}"));
        }
        Error::Emulator { .. } => {
            "name its host and port, as in 127.0.0.1:9050, or unset the variable to speak to Google"
        }
        Error::Credentials { .. } => {
            "name a service account's key file in GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`"
        }
        Error::Unreachable { .. } | Error::Token { .. } => {
            "check the network; what was published is kept, run the command again"
        }
        Error::TooManyBytes { .. } => TOO_MANY_BYTES,
        Error::Endless { .. } => {
            "it was asked to end; what was published is kept, run the command again"
        }
        Error::Location { .. } => "give its own location, or another dataset: none can be moved",
        Error::Refused { status: 401, .. } => {
            "the credentials are not accepted: is the key deleted, or this computer's clock wrong?"
        }
        Error::Refused { .. } | Error::Job { .. } => match error.reason()? {
            "accessNotConfigured" | "SERVICE_DISABLED" => {
                "enable the BigQuery API of the project in Google's console"
            }
            "accessDenied" => {
                "give the account the roles BigQuery Job User and BigQuery Data Editor"
            }
            "bytesBilledLimitExceeded" => TOO_MANY_BYTES,
            "billingNotEnabled" => "this needs a project with billing",
            "quotaExceeded" => {
                "a daily limit of Google's: what was published is kept, run the command again tomorrow"
            }
            "notFound" => "check the names of project and dataset, and the location",
            _ => return None,
        },
        _ => return None,
    };
    Some(hint.into())
}

fn login_hint(error: &LoginError) -> Option<&'static str> {
    match error {
        LoginError::WrongPassword => Some(
            "check both at members.onepeloton.com before another try: failed tries lock the account",
        ),
        LoginError::VerificationNeeded => Some("run `peloton-looker login --paste-callback`"),
        LoginError::PageChanged { .. } => Some(
            "run `peloton-looker login --paste-callback`, or `login --grant password`, or `login --paste-token`",
        ),
        LoginError::InvalidGrant => Some("run `peloton-looker login`"),
        LoginError::StateMismatch => {
            Some("start again with `peloton-looker login --paste-callback`")
        }
        _ => None,
    }
}

fn find<E: std::error::Error + Send + Sync + 'static>(error: &anyhow::Error) -> Option<&E> {
    error.chain().find_map(|cause| cause.downcast_ref::<E>())
}
