//! Where the rows of views come from: tables, and queries that stand before the statement.

use std::cell::RefCell;
use std::collections::HashMap;

use indexmap::IndexMap;

use super::error::{QueryError, Result};
use super::native;
use super::scope::Scope;
use super::settings::Settings;
use super::sql::{At, Level, Writer};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::model::{JoinCondition, Source, View};

/// The derived tables that a statement uses, each before those that use it.
#[derive(Debug, Default)]
pub(super) struct Tables {
    queries: RefCell<IndexMap<String, String>>,
    /// Their names, by view and by the alias whose filters and parameters the query has.
    names: RefCell<HashMap<(String, String), String>>,
    /// Views whose queries are being written.
    open: RefCell<Vec<String>>,
}

impl Tables {
    /// The names of the derived tables and their queries.
    pub(super) fn queries(&self) -> Vec<(String, String)> {
        let queries = self.queries.borrow();
        queries
            .iter()
            .map(|(name, sql)| (name.clone(), sql.clone()))
            .collect()
    }

    /// What `${view.SQL_TABLE_NAME}` stands for.
    pub(super) fn name_of(&self, writer: &Writer<'_>, name: &str) -> Result<String> {
        let scope = &writer.scope;
        if let Some((alias, _)) = scope.bound(name) {
            return self.of_alias(writer, alias);
        }
        let Some((name, view)) = scope.model.views.get_key_value(name) else {
            let message = format!("there is no view `{name}` in this model");
            let known = scope.model.views.keys().map(String::as_str);
            let mut error = QueryError::new(rules::UNKNOWN_VIEW, message);
            error.hint = crate::suggest::did_you_mean(name, known);
            return Err(error);
        };
        self.of_view(writer, view, name)
    }

    /// The table of a view of the explore.
    pub(super) fn of_alias<'a>(&self, writer: &Writer<'a>, alias: &'a str) -> Result<String> {
        let scope = &writer.scope;
        let (Some((alias, bound)), Some((_, view))) = (scope.bound(alias), scope.view(alias))
        else {
            let message = format!(
                "the explore `{}` has no view for `{alias}`",
                scope.explore.name
            );
            return Err(QueryError::new(rules::UNKNOWN_VIEW, message));
        };
        match &bound.sql_table_name {
            Some(name) => self.written(writer, name, alias),
            None => self.of_view(writer, view, alias),
        }
    }

    fn of_view<'a>(&self, writer: &Writer<'a>, view: &'a View, alias: &'a str) -> Result<String> {
        match &view.source {
            Source::Table(Some(name)) => self.written(writer, name, alias),
            Source::Table(None) => Ok(path(&view.name, writer.scope.settings)),
            Source::Sql(sql) => self.derived(view, alias, writer, || {
                let at = At {
                    alias,
                    field: None,
                    level: Level::Table,
                };
                let sql = writer.expand(&in_production(sql), at)?;
                Ok(sql.text.trim_end_matches(';').trim_end().to_owned())
            }),
            Source::Explore(source) => {
                self.derived(view, alias, writer, || native::query(writer, source, alias))
            }
            Source::Unsupported(parameter) => {
                let message = format!(
                    "the derived table of `{}` is made by `{parameter}`, which is not supported",
                    view.name
                );
                Err(QueryError::new(rules::TABLE_BUILT_IN_STEPS, message))
            }
        }
    }

    /// A `sql_table_name`.
    fn written<'a>(&self, writer: &Writer<'a>, name: &str, alias: &'a str) -> Result<String> {
        let at = At {
            alias,
            field: None,
            level: Level::Table,
        };
        let sql = writer.expand(&in_production(name), at)?;
        Ok(path(&sql.text, writer.scope.settings))
    }

    /// The name of a derived table, whose query is written unless it is there. Aliases whose filters and parameters make
    /// the same query of it share one.
    fn derived(
        &self,
        view: &View,
        alias: &str,
        writer: &Writer<'_>,
        query: impl FnOnce() -> Result<String>,
    ) -> Result<String> {
        let key = (view.name.clone(), alias.to_owned());
        if let Some(name) = self.names.borrow().get(&key) {
            return Ok(name.clone());
        }
        self.enter(&view.name)?;
        let sql = query();
        self.open.borrow_mut().pop();
        let name = self.named(view, sql?, writer);
        self.names.borrow_mut().insert(key, name.clone());
        Ok(name)
    }

    fn enter(&self, view: &str) -> Result<()> {
        let mut open = self.open.borrow_mut();
        if open.iter().any(|other| other == view) {
            let message = format!(
                "these derived tables need each other: {} → {view}",
                open.join(" → ")
            );
            return Err(QueryError::new(rules::DERIVED_TABLE_CYCLE, message));
        }
        open.push(view.to_owned());
        Ok(())
    }

    /// The view's name for its first query, and one with a number for each that is another.
    fn named(&self, view: &View, sql: String, writer: &Writer<'_>) -> String {
        let views = &writer.scope.model.views;
        let others = (2_usize..).map(|number| format!("{}__{number}", view.name));
        let names = std::iter::once(view.name.clone())
            .chain(others.filter(|name| !views.contains_key(name)))
            .map(|name| writer.dialect().table_alias(&name));
        let mut queries = self.queries.borrow_mut();
        let is_usable = |name: &String| queries.get(name).is_none_or(|other| *other == sql);
        let name = names.into_iter().find(is_usable);
        let name = name.unwrap_or_else(|| view.name.clone());
        queries.entry(name.clone()).or_insert(sql);
        name
    }

    /// For a query within this one: it has tables of its own, and may not need those that are being written.
    pub(super) fn within(&self) -> Self {
        Self {
            queries: RefCell::default(),
            names: RefCell::default(),
            open: RefCell::new(self.open.borrow().clone()),
        }
    }
}

/// Looker's switches for development: what is for production counts, to the end of its line.
fn in_production(sql: &str) -> String {
    if !sql.contains("-- if ") {
        return sql.to_owned();
    }
    let lines = sql.lines().map(|line| {
        let line = match line.split_once("-- if dev --") {
            Some((before, _)) => before,
            None => line,
        };
        line.replace("-- if prod --", "")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A table's path as the database knows it.
fn path(text: &str, settings: &Settings) -> String {
    if settings.dialect == Dialect::BigQuery || !is_path(text) {
        return text.to_owned();
    }
    let plain = text.replace('`', "");
    let parts: Vec<&str> = plain.split('.').map(str::trim).collect();
    let parts = match parts.as_slice() {
        // A project has no meaning here.
        [_, dataset, table] if is_of_bigquery(text, dataset, settings) => vec![*dataset, *table],
        parts => parts.to_vec(),
    };
    let schema_at = parts.len().checked_sub(2);
    let parts = parts.iter().enumerate().map(|(at, part)| {
        let is_schema = schema_at == Some(at);
        let mapped = is_schema
            .then(|| settings.tables.schemas.get(*part))
            .flatten();
        let part = mapped.map_or(*part, String::as_str);
        match part.starts_with('"') {
            true => part.to_owned(),
            false => settings.dialect.table_alias(part),
        }
    });
    parts.collect::<Vec<_>>().join(".")
}

fn is_of_bigquery(text: &str, dataset: &str, settings: &Settings) -> bool {
    text.contains(['`', '-']) || settings.tables.schemas.contains_key(dataset)
}

/// Whether it is a name, not a query or a function.
fn is_path(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '`' | '"');
    !text.is_empty() && text.chars().all(is_part)
}

/// For BigQuery's way to join an array's elements, the one that DuckDB has. Everything else stays as it is.
pub(super) fn join_clause(clause: &str, scope: &Scope<'_>) -> String {
    match scope.settings.dialect {
        Dialect::BigQuery => clause.to_owned(),
        Dialect::DuckDb => match Unnest::parse(clause) {
            Some(unnest) => unnest.duckdb(),
            None => clause.to_owned(),
        },
    }
}

/// The name that an element has in the statement where a clause of the model joins those of an array.
pub(super) fn joined_element(scope: &Scope<'_>, alias: &str) -> Option<String> {
    let (_, bound) = scope.bound(alias)?;
    match (&bound.join.as_ref()?.condition, scope.settings.dialect) {
        (JoinCondition::Clause(clause), Dialect::DuckDb) => {
            element(clause.trim(), alias, Dialect::DuckDb)
        }
        _ => None,
    }
}

/// The name that an element has where a clause joins those of an array under an alias.
pub(super) fn element(clause: &str, alias: &str, dialect: Dialect) -> Option<String> {
    Unnest::parse(clause).filter(|unnest| unnest.alias == alias)?;
    Some(match dialect {
        Dialect::BigQuery => dialect.table_alias(alias),
        Dialect::DuckDb => format!("_{alias}.{}", dialect.column(alias)),
    })
}

/// `LEFT JOIN UNNEST(array) AS alias`, with or without `WITH OFFSET AS offset`.
struct Unnest<'a> {
    kind: &'static str,
    array: &'a str,
    alias: &'a str,
    offset: Option<&'a str>,
}

impl<'a> Unnest<'a> {
    fn parse(clause: &'a str) -> Option<Self> {
        let upper = clause.to_ascii_uppercase();
        let start = upper.find("UNNEST")?;
        let mut words = upper.get(..start)?.split_whitespace();
        let join = words.by_ref().collect::<Vec<_>>().join(" ");
        let kind = match join.as_str() {
            "LEFT JOIN" | "LEFT OUTER JOIN" => "LEFT JOIN",
            "CROSS JOIN" => "CROSS JOIN",
            "INNER JOIN" | "JOIN" => "INNER JOIN",
            _ => return None,
        };
        let rest = clause.get(start + "UNNEST".len()..)?.trim_start();
        let end = closing(rest)?;
        let array = rest.get(1..end)?;
        let mut names = rest.get(end + 1..)?.split_whitespace().peekable();
        names.next_if(|word| word.eq_ignore_ascii_case("AS"));
        let alias = names.next()?;
        let rest: Vec<&str> = names.collect();
        let is = |word: &str, expected: &str| word.eq_ignore_ascii_case(expected);
        let offset = match rest.as_slice() {
            [] => None,
            [with, offset, names @ ..] if is(with, "WITH") && is(offset, "OFFSET") => {
                let name = names.iter().find(|word| !is(word, "AS"));
                Some(name.copied().unwrap_or("offset"))
            }
            _ => return None,
        };
        Some(Self {
            kind,
            array,
            alias,
            offset,
        })
    }

    fn duckdb(&self) -> String {
        let Self {
            kind, array, alias, ..
        } = self;
        let on = if *kind == "CROSS JOIN" {
            ""
        } else {
            " ON TRUE"
        };
        match self.offset {
            None => format!("{kind} UNNEST({array}) AS _{alias}({alias}){on}"),
            Some(offset) => format!(
                "{kind} LATERAL (SELECT UNNEST({array}) AS {alias}, UNNEST(range(len({array}))) AS {offset}) AS _{alias}{on}"
            ),
        }
    }
}

/// Where the parenthesis closes that the text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
