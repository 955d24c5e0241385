//! Pivoted answers.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::evaluate::answer::{Answer, Computation, Line, ROW_TOTAL, row_limit};
use crate::evaluate::fill::fill;
use crate::evaluate::post_query::across_the_columns;
use crate::evaluate::table::{By, Column, Group, SortKey};
use crate::value::{Value, key_of};

/// A row of the answer: its dimensions, and a group for each pivot column that has one.
#[derive(Debug, Clone)]
pub(crate) struct PivotRow {
    pub shown: Vec<Value>,
    pub order: Vec<Value>,
    pub cells: BTreeMap<usize, Group>,
}

/// The places of the row dimensions and of the pivots among the columns.
struct Places {
    rows: Vec<usize>,
    pivots: Vec<usize>,
}

pub(crate) fn pivoted(mut computation: Computation<'_>) -> Answer {
    let places = places(&computation);
    let groups = computation.scope.groups(
        &computation.rows,
        &computation.columns,
        &computation.measures,
    );
    let (keys, groups) = pivot_columns(&computation, &places, groups);
    let mut rows = rows(&places, groups);
    computation.doubt = doubt(&computation, &rows);
    rows.sort_by(|a, b| compare(&computation, &places, a, b));
    let tied = computation.near_tie(&rows, |row, key| sort_value(&places, row, key));
    if tied {
        computation.doubt = Some("the order hangs on the last digits of a fraction");
    }
    let limit = row_limit(computation.query);
    let truncated = rows.len() > limit;
    rows.truncate(limit);
    let mut lines: Vec<Line> = rows
        .iter()
        .map(|row| line(&computation, &places, row, &keys))
        .collect();
    across_the_columns(&computation, &rows, &keys, &mut lines, truncated);
    let totals = totals(&computation, &places, &keys);
    row_totals(&computation, &places, &mut lines);
    let filled = fill(&computation, &mut lines, truncated);
    Answer {
        rows: lines.into_iter().map(|line| line.cells).collect(),
        totals,
        pivots: keys,
        truncated,
        doubt: computation.doubt.or(filled),
        error: None,
    }
}

fn places(computation: &Computation<'_>) -> Places {
    let columns = &computation.columns;
    let rows = (0..columns.len())
        .filter(|place| !columns[*place].is_pivot)
        .collect();
    let of = |name: &String| columns.iter().position(|column| column.full == *name);
    Places {
        rows,
        pivots: computation.query.pivots.iter().filter_map(of).collect(),
    }
}

fn pick(values: &[Value], places: &[usize]) -> Vec<Value> {
    places.iter().map(|place| values[*place].clone()).collect()
}

fn pivot_key(group: &Group, places: &Places) -> String {
    let shown: Vec<String> = places
        .pivots
        .iter()
        .map(|place| group.shown[*place].shown())
        .collect();
    shown.join("|FIELD|")
}

/// The keys of the columns in order, cut at the limit, and the groups that are left, with their column.
fn pivot_columns(
    computation: &Computation<'_>,
    places: &Places,
    mut groups: Vec<Group>,
) -> (Vec<String>, Vec<(usize, Group)>) {
    let descends = |place: usize| {
        let full = &computation.columns[place].full;
        computation
            .query
            .sorts
            .iter()
            .any(|sort| sort.field == *full && sort.descending)
    };
    let across = |a: &Group, b: &Group| {
        let mut orders = places.pivots.iter().map(|place| {
            let (a, b) = (&a.order[*place], &b.order[*place]);
            let order = if descends(*place) {
                b.order(a)
            } else {
                a.order(b)
            };
            // The column of NULL is the last one, as in the queries with known answers.
            a.is_null().cmp(&b.is_null()).then(order)
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    };
    groups.sort_by(across);
    let mut keys: Vec<String> = Vec::new();
    let mut placed = Vec::new();
    for group in groups {
        let key = pivot_key(&group, places);
        if keys.last() != Some(&key) {
            keys.push(key);
        }
        placed.push((keys.len() - 1, group));
    }
    let limit = computation.query.column_limit.unwrap_or(50).min(200);
    keys.truncate(limit);
    placed.retain(|(column, _)| *column < limit);
    (keys, placed)
}

fn rows(places: &Places, groups: Vec<(usize, Group)>) -> Vec<PivotRow> {
    let mut rows: BTreeMap<Vec<String>, PivotRow> = BTreeMap::new();
    for (column, group) in groups {
        let (shown, order) = (
            pick(&group.shown, &places.rows),
            pick(&group.order, &places.rows),
        );
        let key = [key_of(&shown), key_of(&order)].concat();
        let row = PivotRow {
            shown,
            order,
            cells: BTreeMap::new(),
        };
        rows.entry(key).or_insert(row).cells.insert(column, group);
    }
    rows.into_values().collect()
}

/// What a row goes by; nothing for what goes across.
fn sort_value(places: &Places, row: &PivotRow, key: &SortKey) -> Option<Value> {
    match key.by {
        By::Dimension(index) => {
            let place = places.rows.iter().position(|place| *place == index)?;
            Some(row.order[place].clone())
        }
        By::Measure(index) => {
            let cell = row.cells.get(&key.pivot_column);
            Some(cell.map_or(Value::Null, |cell| cell.values[index].clone()))
        }
    }
}

fn compare(computation: &Computation<'_>, places: &Places, a: &PivotRow, b: &PivotRow) -> Ordering {
    let mut orders = computation.keys.iter().filter_map(|key| {
        let order = sort_value(places, a, key)?.order(&sort_value(places, b, key)?);
        let order = if key.descending {
            order.reverse()
        } else {
            order
        };
        Some(is_missing(a, key).cmp(&is_missing(b, key)).then(order))
    });
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// A cell that is not there comes last.
fn is_missing(row: &PivotRow, key: &SortKey) -> bool {
    matches!(key.by, By::Measure(_)) && !row.cells.contains_key(&key.pivot_column)
}

/// Whether a missing cell comes after one that is NULL, or both are the same.
fn doubt(computation: &Computation<'_>, rows: &[PivotRow]) -> Option<&'static str> {
    let is_open = |key: &SortKey| {
        let By::Measure(index) = key.by else {
            return false;
        };
        let is_null = |row: &PivotRow| {
            row.cells
                .get(&key.pivot_column)
                .is_some_and(|cell| cell.values[index].is_null())
        };
        rows.iter().any(|row| is_missing(row, key)) && rows.iter().any(is_null)
    };
    computation
        .keys
        .iter()
        .any(is_open)
        .then_some("by a measure with cells missing and others NULL")
}

fn line(computation: &Computation<'_>, places: &Places, row: &PivotRow, keys: &[String]) -> Line {
    let mut cells = Map::new();
    for (place, value) in places.rows.iter().zip(&row.shown) {
        let column = &computation.columns[*place];
        if computation.query.has_field(&column.full) {
            cells.insert(column.full.clone(), value.json());
        }
    }
    for name in computation.plain_measures() {
        let index = computation
            .measures
            .iter()
            .position(|other| *other == name)
            .expect("selected");
        let across = row.cells.iter();
        let across: Map<String, Json> = across
            .map(|(column, group)| (keys[*column].clone(), group.values[index].json()))
            .collect();
        cells.insert(name, across.into());
    }
    Line {
        shown: row.shown.clone(),
        order: row.order.clone(),
        cells,
    }
}

/// Measures by pivot column without the row dimensions; with row totals the grand total too.
fn totals(
    computation: &Computation<'_>,
    places: &Places,
    keys: &[String],
) -> Option<Map<String, Json>> {
    if !computation.query.total || computation.scope.has_measure_filter() {
        return None;
    }
    let names = computation.plain_measures();
    if names.is_empty() {
        return None;
    }
    let pivots: Vec<Column> = places
        .pivots
        .iter()
        .map(|place| computation.columns[*place].clone())
        .collect();
    let own = Places {
        rows: Vec::new(),
        pivots: (0..pivots.len()).collect(),
    };
    let scope = computation.scope_without(|column| !column.is_pivot);
    let rows = computation.rows_in(&scope);
    let groups = scope.groups(&rows, &pivots, &names).into_iter();
    let keyed = groups.map(|group| (pivot_key(&group, &own), group));
    let mut across: Vec<(String, Group)> = keyed.filter(|(key, _)| keys.contains(key)).collect();
    if computation.query.row_total {
        let scope = computation.scope_without(|_| true);
        let rows = computation.rows_in(&scope);
        let grand = scope.groups(&rows, &[], &names).into_iter();
        across.extend(grand.map(|group| (ROW_TOTAL.to_owned(), group)));
    }
    let cells = |index: usize| {
        let cell = |(key, group): &(String, Group)| (key.clone(), group.values[index].json());
        across.iter().map(cell).collect::<Map<String, Json>>()
    };
    let total = |(index, name): (usize, &String)| (name.clone(), cells(index).into());
    Some(names.iter().enumerate().map(total).collect())
}

/// Measures by row without the pivots, over the columns that were cut too.
fn row_totals(computation: &Computation<'_>, places: &Places, lines: &mut [Line]) {
    if !computation.query.row_total || computation.scope.has_measure_filter() {
        return;
    }
    let names = computation.plain_measures();
    let columns: Vec<Column> = places
        .rows
        .iter()
        .map(|place| computation.columns[*place].clone())
        .collect();
    let scope = computation.scope_without(|column| column.is_pivot);
    let groups = scope.groups(&computation.rows_in(&scope), &columns, &names);
    for line in lines {
        let is_it = |group: &&Group| {
            key_of(&group.shown) == key_of(&line.shown)
                && key_of(&group.order) == key_of(&line.order)
        };
        // Where Liquid leaves out other rows than in the answer, a row may have none.
        let group = groups.iter().find(is_it);
        for (index, name) in names.iter().enumerate() {
            let value = group.map_or(Json::Null, |group| group.values[index].json());
            let across = line
                .cells
                .get_mut(name)
                .and_then(Json::as_object_mut)
                .expect("an object");
            across.insert(ROW_TOTAL.to_owned(), value);
        }
    }
}
