//! What is asked.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::model::filter::Filter;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub explore: String,
    pub fields: Vec<String>,
    pub pivots: Vec<String>,
    pub fill: Vec<String>,
    pub filters: Vec<(String, Filter)>,
    pub sorts: Vec<Sort>,
    /// -1 is none, `None` the default of 500.
    pub limit: Option<i64>,
    pub column_limit: Option<usize>,
    pub total: bool,
    pub row_total: bool,
    pub timezone: Option<String>,
    /// Fields with the names that they had once.
    pub old_names: BTreeMap<String, String>,
    /// The parts of the query in which the old names stand.
    pub old_parts: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sort {
    pub field: String,
    pub descending: bool,
    pub column: Option<usize>,
}

impl Sort {
    pub(crate) fn written(&self) -> String {
        let direction = if self.descending { " desc" } else { "" };
        let column = self
            .column
            .map(|column| format!(" {column}"))
            .unwrap_or_default();
        // A column is only read after a direction.
        let direction = if direction.is_empty() && !column.is_empty() {
            " asc"
        } else {
            direction
        };
        format!("{}{direction}{column}", self.field)
    }
}

impl Query {
    pub(crate) fn new(explore: &str, fields: Vec<String>) -> Query {
        Query {
            explore: explore.to_owned(),
            fields,
            pivots: Vec::new(),
            fill: Vec::new(),
            filters: Vec::new(),
            sorts: Vec::new(),
            limit: None,
            column_limit: None,
            total: false,
            row_total: false,
            timezone: None,
            old_names: BTreeMap::new(),
            old_parts: Vec::new(),
        }
    }

    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }

    pub(crate) fn is_pivot(&self, name: &str) -> bool {
        self.pivots.iter().any(|field| field == name)
    }

    pub(crate) fn uses_old_names(&self) -> bool {
        let old_parts = Vec::new();
        let plain = Query {
            old_parts,
            ..self.clone()
        };
        plain.json() != self.json()
    }

    /// The name by which a part of the query calls a field.
    fn called(&self, part: &str, field: &String) -> String {
        let is_old = self.old_parts.contains(&part);
        let old = self.old_names.get(field).filter(|_| is_old);
        old.unwrap_or(field).clone()
    }

    /// Looker's query object.
    pub(crate) fn json(&self) -> Json {
        let called = |part: &'static str, fields: &[String]| -> Json {
            fields
                .iter()
                .map(|field| self.called(part, field))
                .collect()
        };
        let filters: Map<String, Json> = self
            .filters
            .iter()
            .map(|(field, filter)| (self.called("filters", field), filter.written().into()))
            .collect();
        let fields = called("fields", &self.fields);
        let mut query = json!({"model": "m", "view": self.explore, "fields": fields});
        let mut set = |name: &str, value: Json| query[name] = value;
        if !filters.is_empty() {
            set("filters", filters.into());
        }
        if !self.pivots.is_empty() {
            set("pivots", called("pivots", &self.pivots));
        }
        if !self.fill.is_empty() {
            set("fill_fields", called("fill_fields", &self.fill));
        }
        if !self.sorts.is_empty() {
            let sort = |sort: &Sort| {
                let field = self.called("sorts", &sort.field);
                let sort = Sort {
                    field,
                    ..sort.clone()
                };
                sort.written()
            };
            set("sorts", self.sorts.iter().map(sort).collect());
        }
        if let Some(limit) = self.limit {
            set("limit", limit.to_string().into());
        }
        if let Some(limit) = self.column_limit {
            set("column_limit", limit.to_string().into());
        }
        if self.total {
            set("total", true.into());
        }
        if self.row_total {
            set("row_total", "right".into());
        }
        if let Some(zone) = &self.timezone {
            set("query_timezone", zone.as_str().into());
        }
        query
    }
}
