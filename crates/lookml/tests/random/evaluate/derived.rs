//! The rows of views: of tables, of derived tables, of native derived tables.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::evaluate::answer::{lacks_key, plain_rows};
use crate::evaluate::expression::Over;
use crate::evaluate::scope::Scope;
use crate::evaluate::uses::uses_of;
use crate::model::expression::Expr;
use crate::model::filter::Filter;
use crate::model::query::Query;
use crate::model::{Native, Source, View};
use crate::value::{ELEMENT, Relation, Value};

/// The column of elements that says whose they are.
pub(super) const OWNER: &str = "owner";

impl Scope<'_> {
    /// Reads the rows of the views that take part. `None` if some are too many.
    pub(crate) fn load(&mut self, aliases: &BTreeSet<String>) -> Option<()> {
        for alias in aliases {
            let rows = self.rows_of(self.view(alias))?;
            self.relations.insert(alias.clone(), Rc::new(rows));
        }
        Some(())
    }

    fn rows_of(&self, view: &View) -> Option<Relation> {
        match &view.source {
            Source::Table(table) => Some(self.table(table)),
            Source::Filtered { table, condition } => Some(self.kept(view, table, condition)),
            Source::Grouped { table, condition } => {
                Some(grouped(&self.kept(view, table, condition)))
            }
            Source::Copy { view } => self.rows_of(self.world.model.view(view)),
            Source::Native(native) => self.native(native),
            Source::Elements { view: of, places } => {
                let rows = self.rows_of(self.world.model.view(of))?;
                Some(elements(&rows, &view.name, *places))
            }
        }
    }

    fn table(&self, name: &str) -> Relation {
        let table = self
            .world
            .tables
            .iter()
            .find(|table| table.name == name)
            .expect("a table");
        table.relation.clone()
    }

    fn kept(&self, view: &View, table: &str, condition: &Expr) -> Relation {
        let mut relation = self.table(table);
        let columns = relation.columns.clone();
        relation.rows.retain(|row| {
            self.value(Over::Table(&columns, row), &view.name, condition)
                .is_true()
        });
        relation
    }

    /// The query that a native derived table is, and what it sees.
    fn inner(&self, native: &Native) -> (Query, Scope<'_>) {
        let columns = native
            .columns
            .iter()
            .map(|(_, field)| field.clone())
            .collect();
        let mut query = Query::new(&native.explore, columns);
        query.filters = self.inner_filters(native);
        query.sorts.clone_from(&native.sorts);
        query.limit = Some(native.limit.map_or(-1, |limit| limit as i64));
        let zone = match native.query_timezone {
            true => self.clock.query_zone.clone(),
            false => self.world.database_zone.clone(),
        };
        let scope = Scope::in_zone(self.world, &query, zone);
        (query, scope)
    }

    /// Whether a native derived table among these views counts rows that it can't tell apart.
    pub(crate) fn derives_from_keyless(&self, aliases: &BTreeSet<String>) -> bool {
        aliases.iter().any(|alias| match &self.view(alias).source {
            Source::Native(native) => {
                let (query, scope) = self.inner(native);
                lacks_key(&scope, &uses_of(&scope, &query))
            }
            _ => false,
        })
    }

    fn native(&self, native: &Native) -> Option<Relation> {
        let (query, scope) = self.inner(native);
        let rows = plain_rows(scope, &query)?;
        let columns = native
            .columns
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        let mut relation = Relation { columns, rows };
        if native.derives {
            let n = relation.position("n");
            relation.columns.push("double_n".to_owned());
            for row in &mut relation.rows {
                let double = row[n]
                    .as_number()
                    .map_or(Value::Null, |n| Value::Number(n * 2.0));
                row.push(double);
            }
        }
        Some(relation)
    }

    /// A bound filter replaces a fixed one on its field.
    fn inner_filters(&self, native: &Native) -> Vec<(String, Filter)> {
        let mut bound: Vec<(String, Filter)> = Vec::new();
        for (from, to) in &native.bind {
            bound.extend(self.filter(from).map(|filter| (to.clone(), filter.clone())));
        }
        if native.bind_all {
            bound.extend(self.filters.iter().cloned());
        }
        let fixed = native.filters.iter();
        let kept = fixed.filter(|(field, _)| !bound.iter().any(|(other, _)| other == field));
        kept.cloned()
            .collect::<Vec<_>>()
            .into_iter()
            .chain(bound.clone())
            .collect()
    }
}

/// One row for each element of each row's array, with the number of that row.
fn elements(of: &Relation, name: &str, places: bool) -> Relation {
    let mut columns: Vec<String> = ELEMENT.iter().map(|(name, _)| (*name).to_owned()).collect();
    columns.push(OWNER.to_owned());
    columns.extend(places.then(|| format!("{name}_at")));
    let mut rows = Vec::new();
    for owner in 0..of.rows.len() {
        let Value::List(elements) = of.value(owner, "parts") else {
            continue;
        };
        for (place, mut element) in elements.into_iter().enumerate() {
            element.push(Value::whole(owner as i64));
            element.extend(places.then(|| Value::whole(place as i64)));
            rows.push(element);
        }
    }
    Relation { columns, rows }
}

/// One row for each kind: its count and the sum of its amounts.
fn grouped(rows: &Relation) -> Relation {
    let mut groups: BTreeMap<String, (Value, i64, Option<f64>)> = BTreeMap::new();
    for row in 0..rows.rows.len() {
        let kind = rows.value(row, "kind");
        let group = groups.entry(kind.key()).or_insert((kind, 0, None));
        group.1 += 1;
        if let Some(amount) = rows.value(row, "amount").as_number() {
            group.2 = Some(group.2.unwrap_or(0.0) + amount);
        }
    }
    let columns = ["kind", "n", "total"].map(str::to_owned).to_vec();
    let rows = groups.into_values().map(|(kind, count, total)| {
        vec![
            kind,
            Value::whole(count),
            total.map_or(Value::Null, Value::Number),
        ]
    });
    Relation {
        columns,
        rows: rows.collect(),
    }
}
