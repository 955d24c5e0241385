//! What a template asks of the query, the user and the row.

use jiff::civil::DateTime;

use super::value::Value;
use crate::diagnostic::{Rule, rules};
use crate::dialect::Dialect;

/// What surrounds an evaluation. The compiler has one per query, the page one per cell.
///
/// It may note what it is asked: what is in a branch not taken is not asked for.
pub trait Context {
    /// The value of a path: `["orders", "status", "_in_query"]`, `["_filters", "orders.status"]`, `["value"]`,
    /// `["row", "orders.status"]`. `None` for what does not exist, which counts as nil.
    ///
    /// Numbers want to be numbers, since `"10" > 9` is an error. A path that ends in `size`, `first`, `last` or a
    /// number is asked for as it is at first, then without that end.
    fn value(&self, path: &[&str]) -> Option<Value>;

    /// `{% condition F %} expression {% endcondition %}`: the predicate, or `1=1`. The expression has no space
    /// around it. A condition without a name means the field whose `sql` it stands in.
    fn condition(&self, field: Option<&str>, expression: &str) -> Result<String, Problem>;

    /// `{% date_start F %}`: a literal, or `NULL`.
    fn date_start(&self, field: &str) -> Result<String, Problem>;

    /// `{% date_end F %}`: a literal, or `NULL`.
    fn date_end(&self, field: &str) -> Result<String, Problem>;

    /// `{% parameter P %}`: the value as SQL, or `NULL`.
    fn parameter(&self, parameter: &str) -> Result<String, Problem>;

    /// `{% incrementcondition %} expression {% endincrementcondition %}`: tables are never built piece by piece.
    fn increment_condition(&self, expression: &str) -> Result<String, Problem> {
        let _ = expression;
        Ok("1=1".to_owned())
    }

    /// Whether SQL is made, in which two minus signs begin a comment.
    fn is_sql(&self) -> bool {
        false
    }

    /// For whom `sql_quote` quotes.
    fn dialect(&self) -> Dialect;

    /// What `"now" | date: …` says, in the zone of the query.
    fn now(&self) -> DateTime;
}

/// Why a value can't be had. The evaluation adds where it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its kind: that a field is unknown, say.
    pub rule: Rule,
    /// What is wrong, one line.
    pub message: String,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
        }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(rules::FAILED_LIQUID, message)
    }

    pub(super) fn too_much() -> Self {
        Self::new(rules::TOO_MUCH_LIQUID, "this template makes too much")
    }
}
