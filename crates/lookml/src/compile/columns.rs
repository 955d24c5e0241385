//! The columns of a statement before they have names, and what is known of their values.

use super::error::Result;
use super::labels;
use super::scope::FieldRef;
use super::sql::{Sql, Writer};
use crate::model::{FieldKind, Shape};
use crate::timeframe::Timeframe;

/// What is behind the name of a column by which a dimension is sorted, or a part of a place on the map.
pub(crate) const SORT: &str = "__sort_";
pub(crate) const LATITUDE: &str = "__latitude";
pub(crate) const LONGITUDE: &str = "__longitude";

/// A column before it has a name.
pub(super) struct Draft<'a> {
    pub(super) key: String,
    pub(super) sql: Sql<'a>,
    pub(super) values: Values,
}

/// What is known of the values of a column.
#[derive(Debug, Clone)]
pub(super) enum Values {
    Any,
    /// There are so many at most.
    Few(u64),
    /// The labels at the places, from 0 on, that an expression gives.
    Labels {
        place: String,
        labels: Vec<String>,
    },
}

/// A column whose SQL is written.
pub(super) struct Column {
    pub(super) key: String,
    pub(super) sql: String,
    pub(super) values: Values,
}

impl From<Draft<'_>> for Column {
    fn from(draft: Draft<'_>) -> Self {
        Self {
            key: draft.key,
            sql: draft.sql.text,
            values: draft.values,
        }
    }
}

/// The dimensions, then what they are sorted by.
pub(super) fn dimension_columns<'a>(writer: &Writer<'a>) -> Result<Vec<Draft<'a>>> {
    let mut columns = Vec::new();
    let mut sorts = Vec::new();
    for field in writer.asked.dimensions() {
        let key = field.name();
        if let Some(Shape::Location {
            latitude,
            longitude,
        }) = shape(&field)
        {
            for (end, sql) in [(LATITUDE, latitude), (LONGITUDE, longitude)] {
                columns.push(Draft {
                    key: format!("{key}{end}"),
                    sql: writer.coordinate(&field, sql)?,
                    values: Values::Any,
                });
            }
            continue;
        }
        let sort = writer.sort_column(&field)?;
        columns.push(Draft {
            sql: writer.shown(&field)?,
            values: values(&field, sort.as_ref()),
            key: key.clone(),
        });
        sorts.extend(sort.map(|sql| Draft {
            key: format!("{key}{SORT}"),
            sql,
            values: match field.field.order_by_field {
                Some(_) => Values::Any,
                None => few_values(&field),
            },
        }));
    }
    columns.append(&mut sorts);
    Ok(columns)
}

/// What is known of a dimension's values, with what it is sorted by.
fn values(field: &FieldRef<'_>, sort: Option<&Sql<'_>>) -> Values {
    match (shape(field), sort) {
        // Sorted by another field, its places are not in its sort.
        (Some(Shape::Tier(tiers)), Some(order)) if field.field.order_by_field.is_none() => {
            Values::Labels {
                place: order.text.clone(),
                labels: labels::tier_labels(tiers),
            }
        }
        _ => few_values(field),
    }
}

/// How many values a dimension has at most, where its kind says so.
fn few_values(field: &FieldRef<'_>) -> Values {
    let labels = match shape(field) {
        Some(Shape::Tier(tiers)) => tiers.breaks.len(),
        Some(Shape::Case(case)) => case.whens.len(),
        Some(Shape::YesNo | Shape::Time(Timeframe::YesNo)) => 2,
        _ => return Values::Any,
    };
    // And those that are in none.
    u64::try_from(labels.saturating_add(2)).map_or(Values::Any, Values::Few)
}

pub(super) fn shape<'a>(field: &FieldRef<'a>) -> Option<&'a Shape> {
    match &field.field.kind {
        FieldKind::Dimension(dimension) => Some(&dimension.shape),
        _ => None,
    }
}
