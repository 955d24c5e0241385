//! The order of the rows.

use super::asked::Asked;
use super::columns::{LATITUDE, LONGITUDE, SORT};
use super::error::{Notice, QueryError, Result};
use super::scope::{FieldRef, Scope};
use super::statement::Select;
use crate::diagnostic::rules;
use crate::model::{MeasureFunction, Shape};
use crate::query::Query;

/// A field that rows are sorted by.
#[derive(Clone)]
pub(super) struct SortBy<'a> {
    pub(super) field: FieldRef<'a>,
    pub(super) descending: bool,
    /// Of a measure under pivots: which of the columns.
    pub(super) pivot: usize,
}

/// The sorts of a query, or those that it has by itself. None: it wants no order.
pub(super) fn sorts<'a>(
    scope: &Scope<'a>,
    asked: &Asked<'a>,
    query: &Query,
    notices: &mut Vec<Notice>,
) -> Result<Option<Vec<SortBy<'a>>>> {
    if query.is_unsorted() {
        return Ok(None);
    }
    let mut sorts: Vec<SortBy<'a>> = Vec::new();
    for sort in &query.sorts {
        let field = scope.ask(&sort.field)?;
        if is_post_query(&field) {
            let message = format!(
                "`{}` is computed after the query, so rows can't be sorted by it",
                sort.field
            );
            return Err(QueryError::new(rules::POST_QUERY_MEASURE, message).of(&sort.field));
        }
        let is_selected = asked.selected.iter().any(|other| other.is_same(&field));
        if !is_selected {
            notices.push(Notice {
                rule: rules::SORT_NOT_SELECTED,
                message: format!(
                    "`{}` is not selected, so rows are not sorted by it",
                    sort.field
                ),
            });
            continue;
        }
        if !sorts
            .iter()
            .any(|other| other.field.is_same(&field) && !field.is_measure())
        {
            sorts.push(SortBy {
                field,
                descending: sort.descending,
                pivot: sort.pivot.unwrap_or_default(),
            });
        }
    }
    let has_row_sort = sorts.iter().any(|sort| !asked.is_pivot(&sort.field));
    if !has_row_sort {
        sorts.extend(default(asked));
    }
    Ok(Some(sorts))
}

fn is_post_query(field: &FieldRef<'_>) -> bool {
    let function = field.field.measure().map(|measure| &measure.function);
    matches!(function, Some(MeasureFunction::PostQuery { .. }))
}

/// The first time, the latest first; without one, by the first measure, the largest first; else by the first dimension.
fn default<'a>(asked: &Asked<'a>) -> Option<SortBy<'a>> {
    let rows = || asked.dimensions().filter(|field| !asked.is_pivot(field));
    let is_time = |field: &FieldRef<'a>| {
        field
            .field
            .timeframe()
            .is_some_and(crate::Timeframe::is_true_timeframe)
    };
    let time = rows().find(is_time);
    let measure = || asked.measures().find(|field| !is_post_query(field));
    let (field, descending) = match time.or_else(measure) {
        Some(field) => (field, true),
        None => (rows().next()?, false),
    };
    Some(SortBy {
        field,
        descending,
        pivot: 0,
    })
}

/// Keys of the columns that a field is sorted by.
pub(super) fn keys(field: &FieldRef<'_>, select: &Select) -> Vec<String> {
    let name = field.name();
    if let Some(Shape::Location { .. }) = field.field.dimension().map(|dimension| &dimension.shape)
    {
        return vec![format!("{name}{LATITUDE}"), format!("{name}{LONGITUDE}")];
    }
    let sort = format!("{name}{SORT}");
    let has_sort = select.columns.iter().any(|column| column.key == sort);
    match (has_sort, field.field.order_by_field.is_some()) {
        (true, true) => vec![sort, name],
        (true, false) => vec![sort],
        (false, _) => vec![name],
    }
}
