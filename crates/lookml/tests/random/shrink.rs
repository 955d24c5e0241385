//! A smaller query that is still answered wrongly.

use crate::compare::difference;
use crate::engine::Engine;
use crate::evaluate;
use crate::model::World;
use crate::model::query::Query;

/// Drops what can be dropped, until nothing more can.
pub(crate) fn shrink(world: &World, engine: &Engine, query: &Query) -> Query {
    let mut query = query.clone();
    while let Some(smaller) = simpler(&query)
        .into_iter()
        .find(|query| is_wrong(world, engine, query))
    {
        query = smaller;
    }
    query
}

fn is_wrong(world: &World, engine: &Engine, query: &Query) -> bool {
    let Some(wanted) = evaluate::answer(world, query) else {
        return false;
    };
    let found = engine.answer(&query.json());
    difference(world, query, &wanted, &found).is_some()
}

/// All queries with one thing less.
fn simpler(query: &Query) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut change = |change: &dyn Fn(&mut Query)| {
        let mut simpler = query.clone();
        change(&mut simpler);
        if simpler != *query {
            queries.push(simpler);
        }
    };
    for field in query.fields.iter().filter(|_| query.fields.len() > 1) {
        change(&|query| {
            query.fields.retain(|other| other != field);
            query.pivots.retain(|other| other != field);
            query.fill.retain(|other| other != field);
            query.sorts.retain(|sort| sort.field != *field);
        });
    }
    for place in 0..query.filters.len() {
        change(&|query| drop(query.filters.remove(place)));
    }
    for place in 0..query.sorts.len() {
        change(&|query| drop(query.sorts.remove(place)));
    }
    for place in 0..query.pivots.len() {
        change(&|query| drop(query.pivots.remove(place)));
    }
    change(&|query| query.row_total = false);
    change(&|query| query.total = false);
    change(&|query| query.fill.clear());
    change(&|query| query.limit = None);
    change(&|query| query.column_limit = None);
    change(&|query| query.timezone = None);
    change(&|query| query.old_parts.clear());
    // Row totals without a pivot are an own question.
    queries.retain(|query| !query.pivots.is_empty() || !query.row_total);
    queries
}
