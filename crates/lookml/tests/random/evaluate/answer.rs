//! From a query to its answer.

use serde_json::{Map, Value as Json};

use crate::evaluate::fill::fill;
use crate::evaluate::pivot::pivoted;
use crate::evaluate::post_query::down_the_rows;
use crate::evaluate::scope::{Row, Scope};
use crate::evaluate::table::{
    By, Column, Group, SortKey, columns, compare, is_inexact, is_near, measures, sort_keys,
};
use crate::evaluate::uses::{Uses, uses_of};
use crate::model::World;
use crate::model::query::Query;
use crate::value::Value;

pub(crate) const ROW_TOTAL: &str = "$$$_row_total_$$$";

/// Rows in Looker's form, and what goes with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub rows: Vec<Map<String, Json>>,
    pub totals: Option<Map<String, Json>>,
    /// All pivot columns, also those whose rows the limit cut.
    pub pivots: Vec<String>,
    pub truncated: bool,
    /// Why the specification leaves the answer, or its order, open.
    pub doubt: Option<&'static str>,
    /// The code with which the query fails.
    pub error: Option<&'static str>,
}

/// One line of the answer before it becomes JSON.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Of the row dimensions.
    pub shown: Vec<Value>,
    pub order: Vec<Value>,
    pub cells: Map<String, Json>,
}

/// A query with all that it is computed from.
#[derive(Debug)]
pub(crate) struct Computation<'a> {
    pub scope: Scope<'a>,
    pub query: &'a Query,
    /// The joined rows, and those of them that the conditions let through.
    pub joined: Vec<Row>,
    pub rows: Vec<Row>,
    pub columns: Vec<Column>,
    pub measures: Vec<String>,
    pub keys: Vec<SortKey>,
    pub doubt: Option<&'static str>,
}

/// None if the joined rows are too many.
pub(crate) fn answer(world: &World, query: &Query) -> Option<Answer> {
    let scope = Scope::new(world, query);
    if let Some(code) = scope.refusal(query) {
        return Some(Answer {
            error: Some(code),
            ..Answer::default()
        });
    }
    let uses = uses_of(&scope, query);
    if lacks_key(&scope, &uses) || scope.derives_from_keyless(&uses.aliases) {
        return Some(Answer {
            error: Some("LK302"),
            ..Answer::default()
        });
    }
    let computation = compute(scope, query, &uses)?;
    Some(if query.pivots.is_empty() {
        flat(computation)
    } else {
        pivoted(computation)
    })
}

/// The rows of a query without pivots, for a native derived table.
pub(crate) fn plain_rows(scope: Scope<'_>, query: &Query) -> Option<Vec<Vec<Value>>> {
    let uses = uses_of(&scope, query);
    let computation = compute(scope, query, &uses)?;
    let mut groups = computation.sorted_groups();
    groups.truncate(row_limit(query));
    let row = |group: &Group| {
        let value = |field: &String| computation.group_value(group, field);
        query.fields.iter().map(value).collect()
    };
    Some(groups.iter().map(row).collect())
}

fn compute<'a>(mut scope: Scope<'a>, query: &'a Query, uses: &Uses) -> Option<Computation<'a>> {
    scope.load(&uses.aliases)?;
    let joined = scope.joined(&uses.aliases)?;
    let rows = scope.filtered(joined.clone(), &uses.aliases);
    let columns = columns(&scope, query);
    let measures = measures(&scope, query);
    let keys = sort_keys(&scope, query, &columns, &measures);
    Some(Computation {
        scope,
        query,
        joined,
        rows,
        columns,
        measures,
        keys,
        doubt: None,
    })
}

/// Whether a measure over keys is asked for of a view that joins repeat and that has none.
pub(crate) fn lacks_key(scope: &Scope<'_>, uses: &Uses) -> bool {
    let joins = scope.ordered_joins(&uses.aliases);
    uses.fields.iter().any(|field| match scope.measure(field) {
        Some((alias, measure)) => {
            measure.needs_key()
                && scope.view(&alias).primary_key().is_none()
                && scope.repeats(&alias, &joins)
        }
        None => false,
    })
}

pub(crate) fn row_limit(query: &Query) -> usize {
    match query.limit {
        None => 500,
        Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
    }
}

impl Computation<'_> {
    /// A query that selects no measure is ungrouped where its rows are unique anyway, or it is told to be.
    fn is_ungrouped(&self) -> bool {
        let explore = self.scope.explore;
        let base = self.scope.view(&explore.base);
        let key = base
            .primary_key()
            .map(|key| format!("{}.{}", explore.base, key.name));
        let has = |name: &String| self.columns.iter().any(|column| column.full == *name);
        let joins = self
            .scope
            .ordered_joins(&uses_of(&self.scope, self.query).aliases);
        self.measures.is_empty()
            && (key.iter().any(has) || explore.cancel_grouping.iter().any(has))
            && !self.scope.has_measure_filter()
            && !joins_repeat(&self.scope, &joins)
    }

    fn sorted_groups(&self) -> Vec<Group> {
        let mut groups = match self.is_ungrouped() {
            true => self.scope.ungrouped(&self.rows, &self.columns),
            false => self.scope.groups(&self.rows, &self.columns, &self.measures),
        };
        groups.sort_by(|a, b| compare(a, b, &self.keys));
        groups
    }

    fn group_value(&self, group: &Group, field: &str) -> Value {
        if let Some(index) = self.columns.iter().position(|column| column.full == field) {
            return group.shown[index].clone();
        }
        let index = self.measures.iter().position(|name| name == field);
        group.values[index.unwrap_or_else(|| panic!("{field} is not selected"))].clone()
    }

    pub(crate) fn is_post_query(&self, field: &str) -> bool {
        self.scope
            .measure(field)
            .is_some_and(|(_, measure)| measure.post_query_of().is_some())
    }

    /// Measures that are asked for, computed ones left out.
    pub(crate) fn plain_measures(&self) -> Vec<String> {
        let plain =
            |field: &&String| self.scope.measure(field).is_some() && !self.is_post_query(field);
        self.query.fields.iter().filter(plain).cloned().collect()
    }

    pub(crate) fn visible_row_columns(&self) -> Vec<&Column> {
        let visible = |column: &&Column| !column.is_pivot && self.query.has_field(&column.full);
        self.columns.iter().filter(visible).collect()
    }

    /// The scope of a query for totals: dropped dimensions are not selected there.
    pub(crate) fn scope_without(&self, is_dropped: impl Fn(&Column) -> bool) -> Scope<'_> {
        let mut scope = self.scope.clone();
        for column in self.columns.iter().filter(|column| is_dropped(column)) {
            scope.selected.remove(&column.full);
        }
        scope
    }

    /// The rows of a query for totals: what its conditions say by Liquid may differ there.
    pub(crate) fn rows_in(&self, scope: &Scope<'_>) -> Vec<Row> {
        let aliases = uses_of(&self.scope, self.query).aliases;
        scope.filtered(self.joined.clone(), &aliases)
    }

    /// Whether values that additions in another order may change decide the order of these neighbours.
    pub(crate) fn near_tie<T>(
        &self,
        items: &[T],
        value: impl Fn(&T, &SortKey) -> Option<Value>,
    ) -> bool {
        items.windows(2).any(|pair| {
            for key in &self.keys {
                let (Some(a), Some(b)) = (value(&pair[0], key), value(&pair[1], key)) else {
                    continue;
                };
                if is_near(&a, &b) && (a != b || is_inexact(&a)) {
                    return true;
                }
                if a != b {
                    return false;
                }
            }
            false
        })
    }
}

fn joins_repeat(scope: &Scope<'_>, joins: &[&crate::model::Join]) -> bool {
    let mut symmetric = scope.clone();
    let explore = crate::model::Explore {
        symmetric: true,
        ..scope.explore.clone()
    };
    symmetric.explore = &explore;
    symmetric.repeats(&scope.explore.base, joins)
}

fn flat(mut computation: Computation<'_>) -> Answer {
    let mut groups = computation.sorted_groups();
    let tied = computation.near_tie(&groups, |group, key| match key.by {
        By::Measure(index) => Some(group.values[index].clone()),
        By::Dimension(index) => Some(group.order[index].clone()),
    });
    let limit = row_limit(computation.query);
    let truncated = groups.len() > limit;
    groups.truncate(limit);
    if tied {
        computation.doubt = Some("the order hangs on the last digits of a fraction");
    }
    let mut lines: Vec<Line> = groups
        .iter()
        .map(|group| line(&computation, group))
        .collect();
    down_the_rows(&computation, &groups, &mut lines, truncated);
    let doubt = fill(&computation, &mut lines, truncated);
    let totals = totals(&computation);
    Answer {
        rows: lines.into_iter().map(|line| line.cells).collect(),
        totals,
        pivots: Vec::new(),
        truncated,
        doubt: computation.doubt.or(doubt),
        error: None,
    }
}

fn line(computation: &Computation<'_>, group: &Group) -> Line {
    let cell = |field: &String| (field.clone(), computation.group_value(group, field).json());
    let cells = computation.query.fields.iter().map(cell).collect();
    Line {
        shown: group.shown.clone(),
        order: group.order.clone(),
        cells,
    }
}

/// One query without the row dimensions; none where a measure is filtered.
fn totals(computation: &Computation<'_>) -> Option<Map<String, Json>> {
    if !computation.query.total || computation.scope.has_measure_filter() {
        return None;
    }
    let scope = computation.scope_without(|_| true);
    let names = computation.plain_measures();
    if names.is_empty() {
        return None;
    }
    let groups = scope.groups(&computation.rows_in(&scope), &[], &names);
    let values = &groups.first()?.values;
    Some(
        names
            .into_iter()
            .zip(values.iter().map(Value::json))
            .collect(),
    )
}
