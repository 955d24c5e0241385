//! The address of an Explore: a query as a URL.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::query::{Query, Sort, text};

/// What stands for itself in a part of the path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':');

/// What stands for itself behind the question mark, so that people can read it.
const QUERY: &AsciiSet = &PATH.remove(b',').remove(b'/').remove(b'[').remove(b']');

/// `/explore/<model>/<explore>?…`
///
/// A URL that is parsed and written is stable: parsed and written again it is the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExploreUrl {
    /// What is asked for. What only JSON can say of a query, its unknown keys, is not in the URL.
    pub query: Query,
    /// What belongs to the page: `toggle`, `hidden_fields`, `qid`, and every key that is not known.
    pub other: Vec<(String, String)>,
}

/// A URL that is none of an Explore, or has a key with a value that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExploreUrlError {
    /// The path.
    #[error("`{0}` is not the path of an explore: /explore/<model>/<explore>")]
    Path(String),
    /// The value of a key.
    #[error("`{value}` means nothing as `{key}`")]
    Value {
        /// The key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Two filters on one field. A query has one for each, so one of them would be lost.
    #[error("two filters on `{field}`, `{first}` and `{second}`: write them as one expression")]
    Repeated {
        /// The field.
        field: String,
        /// What the first filter says.
        first: String,
        /// What the second one says.
        second: String,
    },
}

impl ExploreUrl {
    /// The value of a key of the page: `toggle`, `qid`. The last one counts.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut pairs = self.other.iter().rev();
        let found = pairs.find(|(other, _)| other == key);
        found.map(|(_, value)| value.as_str())
    }

    fn set(&mut self, key: String, value: String) -> Result<(), ExploreUrlError> {
        let query = &mut self.query;
        match key.as_str() {
            "fields" => query.fields = list(&value),
            "pivots" => query.pivots = list(&value),
            "fill_fields" => query.fill_fields = list(&value),
            "subtotals" => query.subtotals = list(&value),
            "sorts" => query.sorts = sorts(&value).or_else(|_| wrong(key, value))?,
            "limit" => query.limit = known(text::limit, key, value)?,
            "column_limit" => query.column_limit = known(text::limit, key, value)?,
            "total" => query.total = known(text::flag, key, value)?,
            "row_total" => query.row_total = known(text::row_total, key, value)?,
            "query_timezone" => query.query_timezone = written(value),
            "filter_expression" => query.filter_expression = written(value),
            "dynamic_fields" => query.dynamic_fields = written(value),
            "vis" | "vis_config" => query.vis_config = known(json, key, value)?,
            // Others' links have them, and they would contradict the filters once these are changed.
            "filter_config" | "origin" | "origin_space" | "embed_domain" => {}
            _ => match filtered_field(&key) {
                Some(field) => self.filter(field, value)?,
                None => self.other.push((key, value)),
            },
        }
        Ok(())
    }

    fn filter(&mut self, field: &str, value: String) -> Result<(), ExploreUrlError> {
        match self.query.filters.get(field) {
            Some(first) if *first != value => Err(ExploreUrlError::Repeated {
                field: field.to_owned(),
                first: first.clone(),
                second: value,
            }),
            _ => {
                self.query.filters.insert(field.to_owned(), value);
                Ok(())
            }
        }
    }
}

impl FromStr for ExploreUrl {
    type Err = ExploreUrlError;

    /// Of a URL, with or without the server.
    fn from_str(url: &str) -> Result<Self, ExploreUrlError> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (path, pairs) = url.split_once('?').unwrap_or((url, ""));
        let (model, view) = names(path).ok_or_else(|| ExploreUrlError::Path(path.to_owned()))?;
        let mut parsed = Self::default();
        parsed.query.model = model;
        parsed.query.view = view;
        for pair in pairs.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            parsed.set(decoded(key), decoded(value))?;
        }
        Ok(parsed)
    }
}

/// The path and the keys, those of the page last.
impl fmt::Display for ExploreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = &self.query;
        let model = utf8_percent_encode(&query.model, PATH);
        write!(
            formatter,
            "/explore/{model}/{}",
            utf8_percent_encode(&query.view, PATH)
        )?;
        let mut pairs = Pairs(Vec::new());
        pairs.list("fields", &query.fields);
        pairs.list("pivots", &query.pivots);
        pairs.list("fill_fields", &query.fill_fields);
        for (field, filter) in &query.filters {
            pairs.push(&format!("f[{field}]"), filter);
        }
        pairs.list("sorts", &query.sorts);
        pairs.some("limit", query.limit);
        pairs.some("column_limit", query.column_limit);
        pairs.some("total", query.total.then_some("on"));
        pairs.some("row_total", query.row_total.map(|it| it.name()));
        pairs.list("subtotals", &query.subtotals);
        pairs.some("query_timezone", query.query_timezone.as_ref());
        pairs.some("filter_expression", query.filter_expression.as_ref());
        pairs.some("dynamic_fields", query.dynamic_fields.as_ref());
        pairs.some("vis", query.vis_config.as_ref());
        for (key, value) in &self.other {
            pairs.push(key, value);
        }
        let mut separators = std::iter::once('?').chain(std::iter::repeat('&'));
        let mut pairs = pairs.0.iter().zip(&mut separators);
        pairs.try_for_each(|(pair, separator)| write!(formatter, "{separator}{pair}"))
    }
}

/// Keys and values, encoded.
struct Pairs(Vec<String>);

impl Pairs {
    fn push(&mut self, key: &str, value: &str) {
        let encoded = |text| {
            utf8_percent_encode(text, QUERY)
                .to_string()
                .replace("%20", "+")
        };
        self.0.push(format!("{}={}", encoded(key), encoded(value)));
    }

    fn some(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(key, &value.to_string());
        }
    }

    fn list(&mut self, key: &str, values: &[impl ToString]) {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        if !values.is_empty() {
            self.push(key, &values.join(","));
        }
    }
}

/// The model and the explore.
fn names(path: &str) -> Option<(String, String)> {
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.get(rest.find('/')?..)?,
        None => path,
    };
    let path = path.strip_prefix("/embed").unwrap_or(path);
    let path = path.strip_prefix("/explore/")?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let (model, view) = path.split_once('/')?;
    let is_name = |name: &str| !name.is_empty() && !name.contains('/');
    let decoded = |name: &str| percent_decode_str(name).decode_utf8_lossy().into_owned();
    (is_name(model) && is_name(view)).then(|| (decoded(model), decoded(view)))
}

/// A plus is a space.
fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

/// `f[view.field]`
fn filtered_field(key: &str) -> Option<&str> {
    let field = key.strip_prefix("f[")?.strip_suffix(']')?;
    Some(field).filter(|field| !field.is_empty())
}

fn list(value: &str) -> Vec<String> {
    let items = value.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn sorts(value: &str) -> Result<Vec<Sort>, crate::query::SortError> {
    let items = value.split(',').filter(|item| !item.trim().is_empty());
    items.map(str::parse).collect()
}

fn written(value: String) -> Option<String> {
    Some(value).filter(|value| !value.is_empty())
}

/// JSON, or nothing.
fn json(value: &str) -> Option<Option<serde_json::Value>> {
    if value.trim().is_empty() {
        return Some(None);
    }
    let value: serde_json::Value = serde_json::from_str(value).ok()?;
    Some(Some(value).filter(|value| !value.is_null()))
}

fn known<T>(
    parse: fn(&str) -> Option<T>,
    key: String,
    value: String,
) -> Result<T, ExploreUrlError> {
    match parse(&value) {
        Some(parsed) => Ok(parsed),
        None => wrong(key, value),
    }
}

fn wrong<T>(key: String, value: String) -> Result<T, ExploreUrlError> {
    Err(ExploreUrlError::Value { key, value })
}
