//! Derived tables that are queries of an explore.

use std::rc::Rc;

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::asked::{self, Applied, Asked};
use super::custom_filter::CustomFilter;
use super::error::{QueryError, Result};
use super::plan;
use super::scope::{FieldRef, Scope};
use super::select::Frame;
use super::sql::Writer;
use super::statement::{Select, With};
use crate::calendar::Calendar;
use crate::diagnostic::rules;
use crate::filter::Filter;
use crate::model::{ExploreSource, FieldKind};
use crate::query::{Limit, Query, Sort};

/// What stands in the zone's place for that of the query around.
const QUERY_TIMEZONE: &str = "query_timezone";

/// A filter of a derived table's query.
struct Inner<'o> {
    /// The full name of the field in its explore.
    name: String,
    given: Given<'o>,
}

/// What such a filter says.
enum Given<'o> {
    /// An expression, or the value of a parameter.
    Text(String),
    /// The same as a filter of the query around.
    Bound(&'o Applied<'o>),
}

impl Given<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Bound(applied) => &applied.expression,
        }
    }
}

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
    let calendar = calendar(writer, source)?;
    let scope = Scope {
        model,
        explore,
        settings: writer.scope.settings,
        calendar: &calendar,
    };
    scope.enter()?;
    let columns = columns(&scope, source)?;
    let query = inner_query(model.name.clone(), source, &columns);
    let mut asked = asked(writer, &scope, source, &query.fields)?;
    add_sorts(&scope, &mut asked, &query)?;
    let measures: Vec<_> = asked.measures().collect();
    let tables = writer.tables.within();
    let frame = Frame::of(scope, &asked, &measures, writer.zones, &tables)?;
    let mut select = frame.select(scope, &asked, &measures, writer.zones, &tables)?;
    if !source.sorts.is_empty() || source.limit.is_some() {
        let sorts = super::sort::sorts(&scope, &asked, &query, &mut Vec::new())?;
        select.order_by = plan::order(&asked, sorts.as_deref(), &select);
    }
    select.limit = source.limit;
    let sql = named(&select, &columns, source, writer)?;
    Ok(format!("{}{sql}", With(&tables.queries())))
}

/// Adds the measures that decide which rows stay within the limit, and that are no columns of the table.
fn add_sorts<'b>(scope: &Scope<'b>, asked: &mut Asked<'b>, query: &Query) -> Result<()> {
    if query.limit.is_none() {
        return Ok(());
    }
    for sort in &query.sorts {
        let field = scope.ask(&sort.field)?;
        if asked.selected.iter().any(|other| other.is_same(&field)) {
            continue;
        }
        if !field.is_measure() {
            let name = field.name();
            let message = format!("rows are sorted by `{name}`, which is no column of the table");
            let error = QueryError::new(rules::UNKNOWN_FIELD, message).of(&name);
            return Err(error.hint("a dimension groups the rows: make it a column"));
        }
        asked.selected.push(field);
    }
    Ok(())
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
    fields: &[String],
) -> Result<Asked<'b>> {
    let mut filters = bound(writer, scope, source);
    if source.bind_all_filters {
        filters.extend(all_filters(writer, source)?);
    }
    // Several filters on one field all hold, but bound ones take the place of fixed ones.
    let fixed = source.filters.iter().map(|filter| Inner {
        name: full_name(scope, &filter.field),
        given: Given::Text(filter.value.clone()),
    });
    let is_bound = |fixed: &Inner<'_>| filters.iter().any(|bound| bound.name == fixed.name);
    let fixed: Vec<_> = fixed.filter(|fixed| !is_bound(fixed)).collect();
    filters.extend(fixed);
    let mut asked = Asked::inner(scope, fields, &filters)?;
    if let Some(text) = &source.expression_custom_filter {
        let custom = CustomFilter::of(scope, text, &asked.selected, |name| granted(scope, name))?;
        asked.custom = custom.map(Rc::new);
    }
    Ok(asked)
}

/// A field that a table may be made of, whatever the explore excludes.
fn granted<'b>(scope: &Scope<'b>, name: &str) -> Result<FieldRef<'b>> {
    let Some(field) = scope.find(name) else {
        return Err(scope
            .ask(name)
            .err()
            .unwrap_or_else(|| asked::missing(name)));
    };
    scope.granted(&field)?;
    Ok(field)
}

fn full_name(scope: &Scope<'_>, name: &str) -> String {
    let name = scope.full_name(name);
    scope.find(&name).map_or(name, |field| field.name())
}

/// The filters that `bind_filters` takes over. A field of the query around without a value brings none.
fn bound<'o>(writer: &'o Writer<'_>, scope: &Scope<'_>, source: &ExploreSource) -> Vec<Inner<'o>> {
    let asked = writer.asked;
    let mut bound = Vec::new();
    for (from, to) in &source.bind_filters {
        let Some(field) = writer.scope.find(&writer.scope.full_name(from)) else {
            continue;
        };
        let mut given: Vec<_> = asked.filters_on(&field).map(Given::Bound).collect();
        if given.is_empty() {
            let default = match &field.field.kind {
                FieldKind::Parameter(parameter) => parameter.default_value.as_deref(),
                _ => None,
            };
            let text = asked.standing(&field).or(default);
            let text = text.filter(|text| !text.trim().is_empty());
            given.extend(text.map(|text| Given::Text(text.to_owned())));
        }
        bound.extend(given.into_iter().map(|given| Inner {
            name: full_name(scope, to),
            given,
        }));
    }
    bound
}

/// The filters that `bind_all_filters` takes over: all that do not need the table itself.
fn all_filters<'o>(writer: &'o Writer<'_>, source: &ExploreSource) -> Result<Vec<Inner<'o>>> {
    if writer.scope.explore.name != source.explore {
        let message = format!(
            "`bind_all_filters` works in the explore `{}` only, not in `{}`",
            source.explore, writer.scope.explore.name
        );
        return Err(QueryError::new(rules::MISPLACED_BIND_ALL_FILTERS, message));
    }
    let mut all = Vec::new();
    for applied in &writer.asked.filters {
        if !needs_open_table(writer, applied)? {
            all.push(Inner {
                name: applied.field.name(),
                given: Given::Bound(applied),
            });
        }
    }
    let parameters = writer.asked.parameters.iter();
    all.extend(parameters.map(|(name, value)| Inner {
        name: name.clone(),
        given: Given::Text(value.clone()),
    }));
    Ok(all)
}

/// Whether a query with that filter needs a table that is being written.
fn needs_open_table(writer: &Writer<'_>, applied: &Applied<'_>) -> Result<bool> {
    let asked = Asked {
        selected: Vec::new(),
        filters: vec![applied.clone()],
        custom: None,
        ..writer.asked.clone()
    };
    let tables = writer.tables.within();
    match Frame::of(writer.scope, &asked, &[], writer.zones, &tables) {
        Ok(_) => Ok(false),
        Err(error) if error.rule == rules::DERIVED_TABLE_CYCLE => Ok(true),
        Err(error) => Err(error),
    }
}

impl<'a> Asked<'a> {
    /// Of the query of a derived table, which may ask for any field of its explore that its person may see.
    fn inner(scope: &Scope<'a>, fields: &[String], filters: &[Inner<'_>]) -> Result<Self> {
        let mut asked = Self::default();
        for name in fields {
            asked.selected.push(granted(scope, name)?);
        }
        let mut given: IndexMap<String, String> = IndexMap::new();
        for Inner { name, given: value } in filters {
            let field = scope.find(name).ok_or_else(|| asked::missing(name))?;
            let texts = given.entry(field.name()).or_default();
            texts.push_str(value.text());
            match value {
                Given::Text(text) => asked.add_filter(scope, field, text.clone())?,
                Given::Bound(applied) => asked.bind(scope, field, applied)?,
            }
        }
        let own = given.len();
        asked::add_always(scope, &mut given);
        for (name, expression) in given.iter().skip(own) {
            let field = scope.find(name).ok_or_else(|| asked::missing(name))?;
            asked.add_filter(scope, field, expression.clone())?;
        }
        asked.given = given.into_keys().collect();
        asked.add_access_filters(scope)?;
        Ok(asked)
    }

    /// The same filter on another field, whose language may be another.
    fn bind(&mut self, scope: &Scope<'a>, field: FieldRef<'a>, outer: &Applied<'_>) -> Result<()> {
        let expression = outer.expression.clone();
        if let FieldKind::Parameter(_) = field.field.kind {
            return self.add_filter(scope, field, expression);
        }
        let filter_type = asked::filter_type(&field)?;
        let filter = match (outer.is_value, asked::filter_type(&outer.field)?) {
            (_, outer_type) if outer_type == filter_type => outer.filter.clone(),
            (true, _) => Filter::equal_to(&expression, filter_type)
                .ok_or_else(|| asked::no_filter(&outer.expression, &field.name()))?,
            (false, _) => asked::parse(scope, &field.name(), &expression, filter_type)?,
        };
        self.filters.push(Applied {
            field,
            expression,
            is_value: outer.is_value,
            filter,
        });
        Ok(())
    }
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
