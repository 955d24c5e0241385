//! The query, as Looker's API has it.

mod lenient;

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is asked for: an explore, fields of it, filters. The names are those of Looker's API.
///
/// What is null, empty or missing there is empty here, and left out when it is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Query {
    /// The model.
    pub model: String,
    /// The explore.
    pub view: String,
    /// What is selected, in the order of the columns.
    #[serde(default, deserialize_with = "lenient::or_default")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Those of the fields that go across.
    #[serde(default, deserialize_with = "lenient::or_default")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pivots: Vec<String>,
    /// Those of the fields whose missing values are filled in.
    #[serde(default, deserialize_with = "lenient::or_default")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill_fields: Vec<String>,
    /// Filter expressions by field, in their order. An empty one means any value.
    #[serde(default, deserialize_with = "lenient::filters")]
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub filters: IndexMap<String, String>,
    /// A filter that is an expression over fields.
    #[serde(default, deserialize_with = "lenient::text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_expression: Option<String>,
    /// In which order; empty for the default one.
    #[serde(default, deserialize_with = "lenient::or_default")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sorts: Vec<Sort>,
    /// How many rows.
    #[serde(default, deserialize_with = "lenient::limit")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// How many columns, where there are pivots.
    #[serde(default, deserialize_with = "lenient::limit")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_limit: Option<Limit>,
    /// Whether a row of totals is wanted.
    #[serde(default, deserialize_with = "lenient::flag")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub total: bool,
    /// Where a column of totals is wanted.
    #[serde(default, deserialize_with = "lenient::row_total")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_total: Option<RowTotal>,
    /// Dimensions after whose groups a row of totals is wanted.
    #[serde(default, deserialize_with = "lenient::or_default")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subtotals: Vec<String>,
    /// Table calculations and custom fields: the text of a JSON list.
    #[serde(default, deserialize_with = "lenient::json_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_fields: Option<String>,
    /// The time zone that dates are shown in and filters mean.
    #[serde(default, deserialize_with = "lenient::text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_timezone: Option<String>,
    /// How it is drawn; nothing here reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vis_config: Option<Value>,
    /// What Looker's page keeps of its filters; `filters` alone count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_config: Option<Value>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Query {
    /// Whether no order is wanted at all.
    pub fn is_unsorted(&self) -> bool {
        self.sorts.iter().any(|sort| sort.field == UNSORTED)
    }
}

/// Stands in the sorts where none is wanted.
const UNSORTED: &str = "__UNSORTED__";

/// One of the sorts: `view.field desc 0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sort {
    /// The field's full name.
    pub field: String,
    /// Whether the largest come first.
    pub descending: bool,
    /// By which of the pivoted columns, from 0.
    pub pivot: Option<usize>,
}

/// A sort that is not a field, a direction and a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no sort: a field, `desc` or `asc`, the number of a pivot")]
pub struct SortError(pub String);

impl FromStr for Sort {
    type Err = SortError;

    fn from_str(text: &str) -> Result<Self, SortError> {
        let wrong = || SortError(text.to_owned());
        let mut words = text.split_whitespace().peekable();
        let field = words.next().ok_or_else(wrong)?.to_owned();
        let is = |word: &&str, name: &str| word.eq_ignore_ascii_case(name);
        let descending = words.next_if(|word| is(word, "desc")).is_some();
        if !descending {
            words.next_if(|word| is(word, "asc"));
        }
        let pivot = words.next().map(str::parse).transpose();
        let pivot = pivot.map_err(|_| wrong())?;
        match words.next() {
            None => Ok(Self {
                field,
                descending,
                pivot,
            }),
            Some(_) => Err(wrong()),
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.field)?;
        match (self.descending, self.pivot) {
            (true, _) => formatter.write_str(" desc")?,
            (false, Some(_)) => formatter.write_str(" asc")?,
            (false, None) => {}
        }
        match self.pivot {
            Some(pivot) => write!(formatter, " {pivot}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Sort {
    type Error = SortError;

    fn try_from(text: String) -> Result<Self, SortError> {
        text.parse()
    }
}

impl From<Sort> for String {
    fn from(sort: Sort) -> Self {
        sort.to_string()
    }
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Limit {
    /// At most so many.
    To(u64),
    /// `-1`: as many as there are.
    None,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To(count) => write!(formatter, "{count}"),
            Self::None => formatter.write_str("-1"),
        }
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

/// Where the totals of rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowTotal {
    /// Behind the other columns.
    Right,
    /// Before them.
    Left,
}

impl RowTotal {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }
}

/// Values as text, where JSON and URLs mean the same. None: it is no such value.
pub(crate) mod text {
    use super::{Limit, RowTotal};

    pub(crate) fn limit(text: &str) -> Option<Option<Limit>> {
        match text.trim() {
            "" => Some(None),
            "-1" => Some(Some(Limit::None)),
            text => Some(Some(Limit::To(text.parse().ok()?))),
        }
    }

    pub(crate) fn flag(text: &str) -> Option<bool> {
        match text.trim() {
            "on" | "true" | "1" | "yes" => Some(true),
            "" | "off" | "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn row_total(text: &str) -> Option<Option<RowTotal>> {
        match text.trim() {
            "right" => Some(Some(RowTotal::Right)),
            "left" => Some(Some(RowTotal::Left)),
            text => flag(text).map(|is_wanted| is_wanted.then_some(RowTotal::Right)),
        }
    }
}
