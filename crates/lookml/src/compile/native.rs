//! Derived tables that are queries of an explore.

use jiff::tz::TimeZone;

use super::asked::Asked;
use super::error::{QueryError, Result};
use super::plan;
use super::scope::Scope;
use super::select::Frame;
use super::sql::Writer;
use super::statement::{Select, With};
use crate::calendar::Calendar;
use crate::diagnostic::rules;
use crate::model::ExploreSource;
use crate::query::{Limit, Query, Sort};

/// What stands in the zone's place for that of the query around.
const QUERY_TIMEZONE: &str = "query_timezone";

/// The query of such a table, with columns of the names that it gives them.
pub(super) fn query<'a>(
    writer: &Writer<'a>,
    source: &ExploreSource,
    alias: &str,
) -> Result<String> {
    let model = writer.scope.model;
    let Some(explore) = model.explores.get(&source.explore) else {
        let message = format!(
            "`{alias}` is a query of the explore `{}`, which does not exist",
            source.explore
        );
        return Err(QueryError::new(rules::UNKNOWN_VIEW, message));
    };
    if source.expression_custom_filter.is_some() {
        let message =
            format!("`{alias}` has an `expression_custom_filter`, which is not supported");
        return Err(QueryError::new(rules::UNSUPPORTED, message));
    }
    let calendar = calendar(writer, source)?;
    let scope = Scope {
        model,
        explore,
        settings: writer.scope.settings,
        calendar: &calendar,
    };
    let columns = columns(&scope, source)?;
    let asked = asked(writer, &scope, source, &columns)?;
    let measures: Vec<_> = asked.measures().collect();
    let tables = writer.tables.within();
    let frame = Frame::of(scope, &asked, &measures, writer.zones, &tables)?;
    let mut select = frame.select(scope, &asked, &measures, writer.zones, &tables)?;
    let query = inner_query(model.name.clone(), source, &columns);
    if !source.sorts.is_empty() || source.limit.is_some() {
        let sorts = super::sort::sorts(&scope, &asked, &query, &mut Vec::new())?;
        select.order_by = plan::order(&asked, sorts.as_deref(), &select);
    }
    select.limit = source.limit;
    let sql = named(&select, &columns, source, writer)?;
    Ok(format!("{}{sql}", With(&tables.queries())))
}

fn calendar(writer: &Writer<'_>, source: &ExploreSource) -> Result<Calendar> {
    let around = writer.scope.calendar;
    let query_timezone = match source.timezone.as_deref() {
        None => around.database_timezone.clone(),
        Some(QUERY_TIMEZONE) => around.query_timezone.clone(),
        Some(name) => TimeZone::get(name).map_err(|_| {
            let message = format!("there is no time zone `{name}`");
            QueryError::new(rules::ILLEGAL_VALUE, message)
        })?,
    };
    Ok(Calendar {
        query_timezone,
        ..around.clone()
    })
}

/// Names of the columns, and the full names of their fields.
fn columns(scope: &Scope<'_>, source: &ExploreSource) -> Result<Vec<(String, String)>> {
    let columns = source.columns.iter().map(|(name, field)| {
        let field = scope.full_name(field);
        match scope.find(&field) {
            Some(found) => Ok((name.clone(), found.name())),
            None => Err(scope.ask(&field).err().unwrap_or_else(|| {
                QueryError::new(
                    rules::UNKNOWN_REFERENCE,
                    format!("there is no field `{field}`"),
                )
            })),
        }
    });
    columns.collect()
}

fn inner_query(model: String, source: &ExploreSource, columns: &[(String, String)]) -> Query {
    let full = |field: &str| {
        let column = columns.iter().find(|(name, _)| name == field);
        column.map_or_else(|| field.to_owned(), |(_, field)| field.clone())
    };
    let mut fields: Vec<String> = Vec::new();
    for (_, field) in columns {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    Query {
        model,
        view: source.explore.clone(),
        fields,
        sorts: source
            .sorts
            .iter()
            .map(|(field, descending)| Sort {
                field: full(field),
                descending: *descending,
                pivot: None,
            })
            .collect(),
        limit: source.limit.map(Limit::To),
        ..Query::default()
    }
}

/// What is asked of the explore: its columns, the filters of the table and those of the query around.
fn asked<'b>(
    writer: &Writer<'_>,
    scope: &Scope<'b>,
    source: &ExploreSource,
    columns: &[(String, String)],
) -> Result<Asked<'b>> {
    let mut query = inner_query(scope.model.name.clone(), source, columns);
    let mut bound: Vec<(String, String)> = Vec::new();
    for (from, to) in &source.bind_filters {
        let name = writer.scope.full_name(from);
        let value = writer.scope.find(&name).and_then(|field| {
            let asked = writer.asked;
            let filter = asked
                .filter(&field)
                .map(|applied| applied.expression.clone());
            filter.or_else(|| asked.parameters.get(&field.name()).cloned())
        });
        bound.push((scope.full_name(to), value.unwrap_or_default()));
    }
    if source.bind_all_filters {
        if writer.scope.explore.name != source.explore {
            let message = format!(
                "`bind_all_filters` works in the explore `{}` only, not in `{}`",
                source.explore, writer.scope.explore.name
            );
            return Err(QueryError::new(rules::MISPLACED_BIND_ALL_FILTERS, message));
        }
        let filters = writer.asked.filters.iter();
        bound.extend(filters.map(|applied| (applied.field.name(), applied.expression.clone())));
        bound.extend(writer.asked.parameters.clone());
    }
    let mut asked = {
        for (name, expression) in &bound {
            query.filters.insert(name.clone(), expression.clone());
        }
        Asked::inner(scope, &query)?
    };
    // Several filters on one field all hold, but a bound one takes the place of fixed ones.
    for filter in &source.filters {
        let name = scope.full_name(&filter.field);
        let is_bound = bound.iter().any(|(field, _)| *field == name);
        if !is_bound {
            asked.add(scope, &name, filter.value.clone())?;
        }
    }
    Ok(asked)
}

/// The query with columns of the table's names, and those that are made of others.
fn named(
    select: &Select,
    columns: &[(String, String)],
    source: &ExploreSource,
    writer: &Writer<'_>,
) -> Result<String> {
    let dialect = writer.dialect();
    let column = |name: &str| dialect.column(name);
    let mut list = Vec::new();
    for (name, field) in columns {
        let Some(found) = select.columns.iter().find(|column| column.key == *field) else {
            let message = format!("`{field}` can't be a column of a table");
            return Err(QueryError::new(rules::UNSUPPORTED, message));
        };
        list.push(format!("    {} AS {}", found.name, column(name)));
    }
    let inner = format!(
        "SELECT\n{}\nFROM (\n{}\n) AS z___query",
        list.join(",\n"),
        select.sql(dialect)
    );
    if source.derived_columns.is_empty() {
        return Ok(inner);
    }
    let derived = source.derived_columns.iter();
    let derived: Vec<_> = derived
        .map(|(name, sql)| format!("    {} AS {}", sql.trim(), column(name)))
        .collect();
    Ok(format!(
        "SELECT\n    *,\n{}\nFROM (\n{inner}\n) AS z___columns",
        derived.join(",\n")
    ))
}
