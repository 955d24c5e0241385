//! Groups of joined rows, in order.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::evaluate::expression::Over;
use crate::evaluate::scope::{Row, Scope};
use crate::model::expression::Expr;
use crate::model::field::{Dimension, DimensionKind};
use crate::model::query::{Query, Sort};
use crate::value::{Value, key_of};

/// A dimension of the query.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub full: String,
    pub alias: String,
    pub dimension: Dimension,
    pub is_pivot: bool,
}

/// One line of the grouped query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// What each dimension shows, and what it sorts by.
    pub shown: Vec<Value>,
    pub order: Vec<Value>,
    /// Of each measure.
    pub values: Vec<Value>,
}

/// The dimensions of the query as it is asked, then those that they require.
pub(crate) fn columns(scope: &Scope<'_>, query: &Query) -> Vec<Column> {
    let column = |full: &str| {
        let (alias, dimension) = scope.dimension(full)?;
        Some(Column {
            full: full.to_owned(),
            alias,
            dimension,
            is_pivot: query.is_pivot(full),
        })
    };
    let mut columns: Vec<Column> = query
        .fields
        .iter()
        .filter_map(|field| column(field))
        .collect();
    for index in 0..columns.len() {
        let Column {
            alias, dimension, ..
        } = columns[index].clone();
        for name in &dimension.required {
            let full = format!("{alias}.{name}");
            if !columns.iter().any(|column| column.full == full) {
                columns.extend(column(&full));
            }
        }
    }
    columns
}

/// The measures of the query, then those that post-query measures are computed from.
pub(crate) fn measures(scope: &Scope<'_>, query: &Query) -> Vec<String> {
    let mut names: Vec<String> = query
        .fields
        .iter()
        .filter(|field| scope.measure(field).is_some())
        .cloned()
        .collect();
    for name in names.clone() {
        let (alias, measure) = scope.measure(&name).expect("a measure");
        if let Some(of) = measure.post_query_of() {
            let full = format!("{alias}.{of}");
            if !names.contains(&full) {
                names.push(full);
            }
        }
    }
    names
}

impl Scope<'_> {
    /// Groups rows by the columns and keeps the groups that the filters on measures let through.
    pub(crate) fn groups(
        &self,
        rows: &[Row],
        columns: &[Column],
        measures: &[String],
    ) -> Vec<Group> {
        let mut groups: BTreeMap<Vec<String>, (Group, Vec<Row>)> = BTreeMap::new();
        for row in rows {
            let group = self.group_of(row, columns);
            let key = [key_of(&group.shown), key_of(&group.order)].concat();
            groups
                .entry(key)
                .or_insert((group, Vec::new()))
                .1
                .push(row.clone());
        }
        if columns.is_empty() {
            groups.entry(Vec::new()).or_default();
        }
        let kept = groups
            .into_values()
            .filter(|(_, rows)| self.passes_having(rows));
        let measured = |(mut group, rows): (Group, Vec<Row>)| {
            let values = measures.iter().map(|name| self.measure_value(&rows, name));
            group.values = values.collect();
            group
        };
        kept.map(measured).collect()
    }

    /// Of a row the values by which it is grouped.
    fn group_of(&self, row: &Row, columns: &[Column]) -> Group {
        let over = Over::Row(row);
        let shown = columns
            .iter()
            .map(|column| self.shown(over, &column.alias, &column.dimension));
        let order = columns
            .iter()
            .map(|column| self.order(over, &column.alias, &column.dimension));
        Group {
            shown: shown.collect(),
            order: order.collect(),
            values: Vec::new(),
        }
    }

    /// Every row for itself: nothing is grouped.
    pub(crate) fn ungrouped(&self, rows: &[Row], columns: &[Column]) -> Vec<Group> {
        let each = rows
            .iter()
            .map(|row| self.groups(std::slice::from_ref(row), columns, &[]));
        each.flatten().collect()
    }

    fn measure_value(&self, rows: &[Row], full: &str) -> Value {
        let (alias, measure) = self.measure(full).expect("a measure");
        self.measured(rows, &alias, measure)
    }

    fn passes_having(&self, rows: &[Row]) -> bool {
        let explore = self.explore;
        let always = explore.always_having.as_ref();
        let holds = |expr: &Expr| self.value(Over::Group(rows), &explore.base, expr).is_true();
        always.is_none_or(holds)
            && self
                .filters
                .iter()
                .all(|(field, filter)| match self.measure(field) {
                    Some((alias, measure)) => {
                        self.measure_passes(&self.measured(rows, &alias, measure), filter)
                    }
                    None => true,
                })
    }

    pub(crate) fn has_measure_filter(&self) -> bool {
        self.explore.always_having.is_some() || self.filters_measures()
    }

    pub(crate) fn filters_measures(&self) -> bool {
        self.filters
            .iter()
            .any(|(field, _)| self.measure(field).is_some())
    }
}

/// What rows go by: a dimension's place or a measure's, and the direction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SortKey {
    pub by: By,
    pub descending: bool,
    pub pivot_column: usize,
}

impl SortKey {
    fn new(by: By, descending: bool) -> SortKey {
        SortKey {
            by,
            descending,
            pivot_column: 0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Dimension(usize),
    Measure(usize),
}

/// The sorts that count: those of selected fields, or the default; then the other dimensions.
pub(crate) fn sort_keys(
    scope: &Scope<'_>,
    query: &Query,
    columns: &[Column],
    measures: &[String],
) -> Vec<SortKey> {
    let place = |sort: &Sort| {
        if !query.has_field(&sort.field) {
            return None;
        }
        let dimension = columns.iter().position(|column| column.full == sort.field);
        let measure = measures.iter().position(|name| *name == sort.field);
        let by = dimension.map(By::Dimension).or(measure.map(By::Measure))?;
        Some(SortKey {
            by,
            descending: sort.descending,
            pivot_column: sort.column.unwrap_or(0),
        })
    };
    let mut keys: Vec<SortKey> = query.sorts.iter().filter_map(place).collect();
    let is_across =
        |key: &SortKey| matches!(key.by, By::Dimension(index) if columns[index].is_pivot);
    if keys.iter().all(is_across) {
        keys.extend(default_key(scope, query, columns, measures));
    }
    for index in 0..columns.len() {
        if !keys.iter().any(|key| key.by == By::Dimension(index)) {
            keys.push(SortKey::new(By::Dimension(index), false));
        }
    }
    keys
}

/// The first date descending, else the first measure descending, else the first dimension.
fn default_key(
    scope: &Scope<'_>,
    query: &Query,
    columns: &[Column],
    measures: &[String],
) -> Option<SortKey> {
    let is_row = |column: &Column| !column.is_pivot && query.has_field(&column.full);
    let is_computed = |name: &String| {
        let measure = scope.measure(name).map(|(_, measure)| measure);
        measure.is_some_and(|measure| measure.post_query_of().is_some())
    };
    let is_dated = |column: &Column| is_row(column) && is_dated(&column.dimension);
    let sorts = |name: &String| query.has_field(name) && !is_computed(name);
    let (dated, first) = (
        columns.iter().position(is_dated),
        columns.iter().position(is_row),
    );
    let date = dated.map(|index| SortKey::new(By::Dimension(index), true));
    let measure = measures.iter().position(sorts);
    date.or(measure.map(|index| SortKey::new(By::Measure(index), true)))
        .or(first.map(|index| SortKey::new(By::Dimension(index), false)))
}

fn is_dated(dimension: &Dimension) -> bool {
    matches!(&dimension.kind, DimensionKind::Time(frame, _) if frame.is_true_timeframe())
}

pub(crate) fn compare(a: &Group, b: &Group, keys: &[SortKey]) -> Ordering {
    let mut orders = keys.iter().map(|key| {
        let order = match key.by {
            By::Dimension(index) => a.order[index].order(&b.order[index]),
            By::Measure(index) => a.values[index].order(&b.values[index]),
        };
        if key.descending {
            order.reverse()
        } else {
            order
        }
    });
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Whether a value may come out a hair different in another order of additions.
pub(crate) fn is_inexact(value: &Value) -> bool {
    value
        .as_number()
        .is_some_and(|number| (number * 1024.0).fract() != 0.0)
}

pub(crate) fn is_near(a: &Value, b: &Value) -> bool {
    match (a.as_number(), b.as_number()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        _ => false,
    }
}
