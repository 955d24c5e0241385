//! From a query to the statements that answer it.

use indexmap::IndexMap;

use super::asked::Asked;
use super::error::{Notice, QueryError, Result};
use super::pivot::Pivot;
use super::scope::{FieldRef, Scope};
use super::select::{self, Frame};
use super::sort::{self, SortBy};
use super::sql::Writer;
use super::statement::{Order, Select, With};
use super::tables::Tables;
use super::zone::Zones;
use super::{Compiled, Statement, StatementKind};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::model::MeasureFunction;
use crate::query::{Limit, Query};

/// Rows of a query that says nothing of them.
pub(crate) const DEFAULT_LIMIT: u64 = 500;
/// Columns likewise, and at most.
const DEFAULT_COLUMN_LIMIT: u64 = 50;
const MOST_COLUMNS: u64 = 200;

/// What makes an explore's rows fewer than the SQL's own comment could say.
const FILL_NOTE: &str = "-- Rows that fill gaps are added to the result of this query.\n";

pub(super) fn compile<'a>(scope: Scope<'a>, query: &Query) -> Result<Compiled> {
    let mut notices = Vec::new();
    let asked = Asked::of(&scope, query)?;
    if asked.selected.is_empty() {
        let message = "the query has no fields";
        let error = QueryError::new(rules::UNKNOWN_FIELD, message);
        return Err(error.hint("select a dimension or a measure, as `view.field`"));
    }
    let (zones, tables) = (Zones::default(), Tables::default());
    let sources = sources(&scope, &asked, &zones, &tables)?;
    let measures = measures(&asked, &sources);
    let frame = Frame::of(scope, &asked, &measures, &zones, &tables)?;
    let parts = Parts {
        scope,
        asked: &asked,
        measures: &measures,
        frame: &frame,
        zones: &zones,
    };
    let statements = parts.all(query, &tables, &mut notices)?;
    let limit = row_limit(query);
    let outline =
        super::outline::Outline::of(&scope, &asked, query, &sources, limit, &mut notices)?;
    Ok(Compiled {
        setup: zones.definitions(),
        statements: statements.into_iter().map(Draft::done).collect(),
        notices,
        outline,
    })
}

/// A statement that is not finished.
struct Draft {
    kind: StatementKind,
    /// A comment above it.
    note: &'static str,
    /// Queries before it, by their names.
    steps: Vec<(String, String)>,
    sql: String,
    columns: Vec<String>,
}

impl Draft {
    fn done(self) -> Statement {
        Statement {
            kind: self.kind,
            sql: format!("{}{}{}", self.note, With(&self.steps), self.sql),
            columns: self.columns,
        }
    }
}

fn keys(select: &Select) -> Vec<String> {
    select
        .columns
        .iter()
        .map(|column| column.key.clone())
        .collect()
}

fn row_limit(query: &Query) -> Option<u64> {
    match query.limit.unwrap_or(Limit::To(DEFAULT_LIMIT)) {
        Limit::To(limit) => Some(limit),
        Limit::None => None,
    }
}

fn column_limit(query: &Query, notices: &mut Vec<Notice>) -> u64 {
    let wanted = match query.column_limit {
        None => DEFAULT_COLUMN_LIMIT,
        Some(Limit::None) => return MOST_COLUMNS,
        Some(Limit::To(limit)) => limit,
    };
    if wanted > MOST_COLUMNS {
        notices.push(Notice {
            rule: rules::LIMIT_ABOVE_MAXIMUM,
            message: format!("there are at most {MOST_COLUMNS} columns, not {wanted}"),
        });
    }
    wanted.min(MOST_COLUMNS)
}

fn main(
    scope: Scope<'_>,
    asked: &Asked<'_>,
    query: &Query,
    sorts: Option<&[SortBy<'_>]>,
    mut select: Select,
    limit: Option<u64>,
    notices: &mut Vec<Notice>,
) -> Draft {
    let dialect = scope.settings.dialect;
    // One row more than are wanted says whether there are more.
    let limit = limit.map(|limit| limit.saturating_add(1));
    let mut columns = keys(&select);
    if asked.pivots.is_empty() {
        select.order_by = order(asked, sorts, &select);
        select.limit = limit;
        return Draft {
            kind: StatementKind::Main,
            note: "",
            steps: Vec::new(),
            sql: select.sql(dialect),
            columns,
        };
    }
    let rows: Vec<_> = asked
        .dimensions()
        .filter(|field| !asked.is_pivot(field))
        .collect();
    let pivot = Pivot {
        rows: &rows,
        across: &asked.pivots,
        sorts: sorts.unwrap_or_default(),
        row_limit: limit,
        column_limit: column_limit(query, notices),
    };
    let (steps, sql) = pivot.steps(&select, dialect);
    columns.extend(
        [
            super::pivot::COLUMN,
            super::pivot::COLUMNS,
            super::pivot::ROW,
        ]
        .map(str::to_owned),
    );
    Draft {
        kind: StatementKind::Main,
        note: "",
        steps,
        sql,
        columns,
    }
}

/// The order of the rows, by the positions of the columns. Rows that are alike are sorted by the other dimensions.
pub(super) fn order(
    asked: &Asked<'_>,
    sorts: Option<&[SortBy<'_>]>,
    select: &Select,
) -> Vec<Order> {
    let Some(sorts) = sorts else {
        return Vec::new();
    };
    let sorted = sorts.iter().map(|sort| (sort.field, sort.descending));
    let others = asked.dimensions().map(|field| (field, false));
    let mut orders: Vec<Order> = Vec::new();
    for (field, descending) in sorted.chain(others) {
        for key in sort::keys(&field, select) {
            let Some(at) = select.columns.iter().position(|column| column.key == key) else {
                continue;
            };
            let position = (at + 1).to_string();
            if !orders.iter().any(|order| order.column == position) {
                orders.push(Order::new(position, descending));
            }
        }
    }
    orders
}

/// The measures that post-query measures are computed from, by the full names of these.
pub(super) type Sources<'a> = IndexMap<String, FieldRef<'a>>;

fn sources<'a>(
    scope: &Scope<'a>,
    asked: &Asked<'a>,
    zones: &Zones,
    tables: &Tables,
) -> Result<Sources<'a>> {
    let mut sources = Sources::new();
    for field in asked.measures() {
        let function = field.field.measure().map(|measure| &measure.function);
        if let Some(MeasureFunction::PostQuery { .. }) = function {
            // The asked fields are borrowed for less time here than the model is.
            let writer = Writer::new(*scope, asked, zones, tables);
            let name = select::source(&writer, &field)?.name();
            let source = scope.find(&name);
            sources.extend(source.map(|source| (field.name(), source)));
        }
    }
    Ok(sources)
}

/// The measures that the database computes.
fn measures<'a>(asked: &Asked<'a>, sources: &Sources<'a>) -> Vec<FieldRef<'a>> {
    let selected = asked
        .measures()
        .filter(|field| !sources.contains_key(&field.name()));
    let mut measures: Vec<FieldRef<'a>> = selected.collect();
    for source in sources.values() {
        if !measures.iter().any(|measure| measure.is_same(source)) {
            measures.push(*source);
        }
    }
    measures
}

/// What statements are made from.
struct Parts<'p, 'a> {
    scope: Scope<'a>,
    asked: &'p Asked<'a>,
    measures: &'p [FieldRef<'a>],
    frame: &'p Frame<'p>,
    zones: &'p Zones,
}

impl<'a> Parts<'_, 'a> {
    /// The rows, then totals where there can be some.
    fn all(&self, query: &Query, tables: &Tables, notices: &mut Vec<Notice>) -> Result<Vec<Draft>> {
        let mut statements = vec![self.rows(query, tables, notices)?];
        if self.measures.is_empty() || self.frame.having.is_empty() {
            statements.extend(self.totals(query)?);
        } else if query.total || query.row_total.is_some() {
            notices.push(Notice {
                rule: rules::NO_TOTALS,
                message: "there are no totals, since a filter on a measure leaves groups out that they would count"
                    .to_owned(),
            });
        }
        if !query.fill_fields.is_empty() {
            statements
                .iter_mut()
                .for_each(|statement| statement.note = FILL_NOTE);
        }
        Ok(statements)
    }

    fn rows(&self, query: &Query, tables: &Tables, notices: &mut Vec<Notice>) -> Result<Draft> {
        let (scope, asked) = (self.scope, self.asked);
        let sorts = sort::sorts(&scope, asked, query, notices)?;
        let select = self
            .frame
            .select(scope, asked, self.measures, self.zones, tables)?;
        let limit = row_limit(query);
        let mut rows = main(
            scope,
            asked,
            query,
            sorts.as_deref(),
            select,
            limit,
            notices,
        );
        rows.steps.splice(..0, tables.queries());
        Ok(rows)
    }

    fn totals(&self, query: &Query) -> Result<Vec<Draft>> {
        if self.measures.is_empty() {
            return Ok(Vec::new());
        }
        let is_pivoted = !self.asked.pivots.is_empty();
        let has_row_totals = is_pivoted && query.row_total.is_some();
        let wanted = [
            (query.total, StatementKind::Totals, true, false),
            (has_row_totals, StatementKind::RowTotals, false, true),
            (
                query.total && has_row_totals,
                StatementKind::GrandTotals,
                true,
                true,
            ),
        ];
        let wanted = wanted.into_iter().filter(|(is_wanted, ..)| *is_wanted);
        let statements = wanted.map(|(_, kind, drops_rows, drops_pivots)| {
            let dropped =
                self.asked
                    .dimensions()
                    .filter(|field| match self.asked.is_pivot(field) {
                        true => drops_pivots,
                        false => drops_rows,
                    });
            self.statement(kind, dropped.map(|field| field.name()).collect())
        });
        statements.collect()
    }

    /// The same rows, in larger groups. Its tables are its own, since a template can ask which fields are selected.
    fn statement(&self, kind: StatementKind, dropped: Vec<String>) -> Result<Draft> {
        let asked = Asked {
            dropped,
            ..self.asked.clone()
        };
        let dialect: Dialect = self.scope.settings.dialect;
        let (scope, measures, zones) = (self.scope, self.measures, self.zones);
        let tables = Tables::default();
        let frame = self
            .frame
            .without_dropped(scope, &asked, measures, zones, &tables)?;
        let select = frame.select(scope, &asked, measures, zones, &tables)?;
        Ok(Draft {
            kind,
            note: "",
            steps: tables.queries(),
            sql: select.sql(dialect),
            columns: keys(&select),
        })
    }
}
