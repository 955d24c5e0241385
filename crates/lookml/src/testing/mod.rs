//! Tests of a model in a few lines: this model, these tables, this query, these rows.
//!
//! With the feature `testing`, which brings DuckDB.
//!
//! ```
//! use lookml::testing::Fixture;
//! use serde_json::json;
//!
//! let rides = Fixture::new(
//!     "view: rides {
//!        dimension: discipline {}
//!        measure: output { type: sum  sql: ${TABLE}.kj ;; }
//!      }
//!      explore: rides {}",
//! )
//! .with_table("rides", "discipline, kj", "('cycling', 310), ('cycling', 290), ('rowing', NULL)");
//!
//! assert_eq!(
//!     rides.rows("fields=rides.discipline,rides.output"),
//!     json!([
//!         { "rides.discipline": "cycling", "rides.output": 600 },
//!         { "rides.discipline": "rowing", "rides.output": 0 },
//!     ])
//! );
//! assert!(rides.error("fields=rides.outptu").contains("rides.output"));
//! ```

mod database;

use jiff::Timestamp;
use serde_json::Value as Json;

pub use self::database::Database;
use crate::answer::{Answer, ResultError};
use crate::compile::{QueryError, Settings, UserAttribute, compile};
use crate::dialect::Dialect;
use crate::explore_url::{ExploreUrl, ExploreUrlError};
use crate::model::Model;
use crate::project::Project;
use crate::query::Query;

/// The model of a fixture of one file.
const MODEL: &str = "test";
/// The clock of a fixture that was told none: 18 November 2026, a Wednesday.
const NOW: Timestamp = Timestamp::constant(1_795_011_936, 0);

/// A project, tables in memory and settings, of which queries can be asked.
#[derive(Debug)]
pub struct Fixture {
    files: Vec<(String, String)>,
    database: Database,
    /// For whom, when and where queries are compiled.
    pub settings: Settings,
}

/// Why a fixture has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of a query.
    #[error(transparent)]
    Url(#[from] ExploreUrlError),
    /// No file makes the model.
    #[error("there is no model `{0}`")]
    Model(String),
    /// The query does not fit the model.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// DuckDB refuses a statement.
    #[error("{error}\n{sql}")]
    Sql {
        /// What it says.
        error: duckdb::Error,
        /// The statement.
        sql: String,
    },
    /// DuckDB's value is none that the engine knows.
    #[error("no cell for {0}")]
    Value(String),
    /// The rows do not fit the query.
    #[error(transparent)]
    Result(#[from] ResultError),
}

impl Fixture {
    /// Of the text of one model, `test`, at a fixed moment, without tables.
    pub fn new(model: &str) -> Self {
        Self::of_files([(format!("{MODEL}.model.lkml"), model.to_owned())])
    }

    /// Of the texts of files by their paths.
    pub fn of_files(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            files: files.into_iter().collect(),
            database: Database::in_memory(),
            settings: Settings::new(Dialect::DuckDb, NOW),
        }
    }

    /// With a table: the names of its columns, and its rows as SQL writes them.
    ///
    /// # Panics
    /// DuckDB refuses it.
    #[must_use]
    #[track_caller]
    pub fn with_table(self, name: &str, columns: &str, rows: &str) -> Self {
        self.with_sql(&format!(
            "CREATE TABLE {name} AS FROM (VALUES {rows}) AS t({columns})"
        ))
    }

    /// With what statements make, for tables whose types matter.
    ///
    /// # Panics
    /// DuckDB refuses one.
    #[must_use]
    #[track_caller]
    pub fn with_sql(self, statements: &str) -> Self {
        if let Err(error) = self.database.run(statements) {
            fail(&error);
        }
        self
    }

    /// With what is known of the person who asks.
    #[must_use]
    pub fn with_user_attribute(mut self, name: &str, value: UserAttribute) -> Self {
        self.settings.user_attributes.insert(name.to_owned(), value);
        self
    }

    /// The answer to a query.
    ///
    /// # Errors
    /// The query does not fit the model, or its SQL does not run.
    pub fn answer(&self, query: &Query) -> Result<Answer, Error> {
        let project = Project::new(self.files.iter().cloned());
        let (model, _) = Model::load(&project, &query.model);
        let model = model.ok_or_else(|| Error::Model(query.model.clone()))?;
        let compiled = compile(&model, query, &self.settings)?;
        self.database.answer(&compiled)
    }

    /// The answer to an Explore's address, `/explore/MODEL/EXPLORE?fields=…`. Of the model `test`, what follows the
    /// question mark is enough where the explore is called as the view of its first field.
    ///
    /// # Errors
    /// As [`Self::answer`], or the address is none.
    pub fn ask(&self, url: &str) -> Result<Answer, Error> {
        let url: ExploreUrl = full(url).parse()?;
        self.answer(&url.query)
    }

    /// The rows of [`Self::ask`] as Looker's `json`.
    ///
    /// # Panics
    /// There is no answer.
    #[track_caller]
    pub fn rows(&self, url: &str) -> Json {
        match self.ask(url) {
            Ok(answer) => answer.json(),
            Err(error) => fail(&error),
        }
    }

    /// Why [`Self::ask`] has no answer, with what to do about it.
    ///
    /// # Panics
    /// There is one.
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that expects an error has failed")]
    pub fn error(&self, url: &str) -> String {
        match self.ask(url) {
            Ok(answer) => panic!("an answer where an error is expected: {}", answer.json()),
            Err(Error::Query(QueryError {
                message,
                hint: Some(hint),
                rule,
                ..
            })) => format!("{}: {message}\n{hint}", rule.code),
            Err(error) => error.to_string(),
        }
    }
}

/// The address that a short one stands for.
fn full(url: &str) -> String {
    if url.contains("/explore/") {
        return url.to_owned();
    }
    let fields = url.split('&').find_map(|pair| pair.strip_prefix("fields="));
    let view = fields.and_then(|fields| fields.split('.').next());
    format!("/explore/{MODEL}/{}?{url}", view.unwrap_or_default())
}

#[track_caller]
#[expect(clippy::panic, reason = "a test whose fixture is wrong has failed")]
fn fail(error: &Error) -> ! {
    panic!("{error}")
}
