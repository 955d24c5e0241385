//! Changes to a query or a model that change no answer, or change it in a known way: the engine against itself.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::chance::Chance;
use crate::engine::{Engine, EngineAnswer};
use crate::evaluate::{Scope, filter_type, uses_of};
use crate::model::field::{FilterType, MeasureKind};
use crate::model::filter::{Bound, DateTerm, Filter, NumberFilter, NumberTerm, TextKind, TextTerm};
use crate::model::query::Query;
use crate::model::{Join, JoinKind, JoinWriting, Relationship, Source, World};
use crate::{compare, draw};

/// A change and whether it kept its promise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) change: &'static str,
    pub(crate) difference: Option<String>,
}

/// A world, its engine, and engines of the same world with a change that means nothing.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) world: &'a World,
    pub(crate) engine: &'a Engine,
    unused_join: Engine,
    other_order: Option<Engine>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(world: &'a World, engine: &'a Engine, chance: &mut Chance) -> Bench<'a> {
        let mut unused = world.clone();
        let explore = &mut unused.model.explores[0];
        explore.joins.push(Join {
            name: "unused".to_owned(),
            view: explore.view.clone(),
            kind: JoinKind::Cross,
            relationship: Relationship::ManyToMany,
            on: None,
            writing: JoinWriting::Parameters,
            foreign_key: None,
            required: Vec::new(),
            filter: None,
            fields: None,
            grants: Vec::new(),
        });
        let joins = &world.model.explores[0].joins;
        // Full joins and conditions on joins tie the order down.
        let is_tied = joins
            .iter()
            .any(|join| join.kind == JoinKind::Full || join.filter.is_some());
        let other_order = (!is_tied && joins.len() > 1).then(|| {
            let mut other = world.clone();
            chance.shuffle(&mut other.model.explores[0].joins);
            Engine::new(&other)
        });
        Bench {
            world,
            engine,
            unused_join: Engine::new(&unused),
            other_order,
        }
    }

    pub(crate) fn check(&self, query: &Query, chance: &mut Chance) -> Vec<Outcome> {
        let Ok(answer) = self.engine.answer(&query.json()) else {
            return Vec::new();
        };
        let mut outcomes = vec![
            self.same("an unused join", &answer, &self.unused_join, query),
            self.any_value(query, &answer, chance),
            self.columns(query, &answer),
        ];
        let reordered = self.other_order.as_ref();
        outcomes.extend(
            reordered.map(|other| self.same("joins in another order", &answer, other, query)),
        );
        outcomes.extend(self.split_range(query, &answer));
        outcomes.extend(self.as_expression(query, &answer));
        outcomes.extend(self.fanned(query));
        outcomes.extend(self.partition(query, chance));
        outcomes
    }

    fn same(
        &self,
        change: &'static str,
        answer: &EngineAnswer,
        other: &Engine,
        query: &Query,
    ) -> Outcome {
        let found = other.answer(&query.json());
        Outcome {
            change,
            difference: difference(answer, &found),
        }
    }

    /// A blank filter on a field that has none.
    fn any_value(&self, query: &Query, answer: &EngineAnswer, chance: &mut Chance) -> Outcome {
        let mut changed = query.clone();
        let explore = self.world.model.explore(&query.explore);
        let explained = |field: &String| {
            let always = explore.always_filter.iter().map(|(field, _)| field);
            let conditional = explore.conditional.iter().flat_map(|it| &it.filters);
            always
                .chain(conditional.map(|(field, _)| field))
                .any(|other| other == field)
        };
        let aliases = explore.aliases();
        let (alias, view) = chance.pick(&aliases);
        let dimension = chance.one(&self.world.model.view(view).dimensions);
        let field = format!("{alias}.{}", dimension.name);
        let is_open = Scope::new(self.world, query).can_filter(&field)
            && !explained(&field)
            && !query.filters.iter().any(|(known, _)| *known == field);
        if is_open {
            changed.filters.push((field, Filter::Any("")));
        }
        self.same("a filter on any value", answer, self.engine, &changed)
    }

    /// Measures first, in the same order among themselves as are the dimensions.
    fn columns(&self, query: &Query, answer: &EngineAnswer) -> Outcome {
        let scope = Scope::new(self.world, query);
        let mut changed = query.clone();
        changed
            .fields
            .sort_by_key(|field| scope.measure(field).is_none());
        self.same("columns in another order", answer, self.engine, &changed)
    }

    /// From the one to the other: not before the one, before the other, each on its own frame of the group.
    fn split_range(&self, query: &Query, answer: &EngineAnswer) -> Option<Outcome> {
        let scope = Scope::new(self.world, query);
        let is_range = |(_, filter): &&(String, Filter)| matches!(filter, Filter::Date(terms) if matches!(terms.as_slice(), [DateTerm::Between(..)]));
        let (field, filter) = query.filters.iter().find(is_range)?;
        let Filter::Date(terms) = filter else {
            return None;
        };
        let [DateTerm::Between(from, to)] = terms.as_slice() else {
            return None;
        };
        let (alias, dimension) = scope.dimension(field)?;
        let parts = self
            .world
            .model
            .view(scope.explore.view_of(&alias)?)
            .all_dimensions();
        let full = |name: &str| format!("{alias}.{name}");
        let other = parts.iter().find(|part| {
            part.group.is_some()
                && part.group == dimension.group
                && filter_type(part) == FilterType::Date
                && !query
                    .filters
                    .iter()
                    .any(|(known, _)| *known == full(&part.name))
        })?;
        // What is filled goes by a filter that has both ends.
        if !query.fill.is_empty() {
            return None;
        }
        let mut changed = query.clone();
        for (known, filter) in &mut changed.filters {
            if known == field {
                *filter = Filter::Date(vec![DateTerm::After(Bound::Point(from.clone()))]);
            }
        }
        let before = Filter::Date(vec![DateTerm::Before(Bound::Point(to.clone()))]);
        changed.filters.push((full(&other.name), before));
        let lifts = scope.explore.conditional.is_some();
        (!lifts).then(|| self.same("a range as two filters", answer, self.engine, &changed))
    }

    /// Filters as one that is an expression, where nothing else looks at them.
    fn as_expression(&self, query: &Query, answer: &EngineAnswer) -> Option<Outcome> {
        let scope = Scope::new(self.world, query);
        let explore = scope.explore;
        let looked_at = self.looked_at_filters()?;
        if !query.fill.is_empty()
            || !explore.always_filter.is_empty()
            || explore.conditional.is_some()
        {
            return None;
        }
        let is_fit = |(field, filter): &(String, Filter)| {
            let is_field = scope.dimension(field).is_some() || scope.measure(field).is_some();
            let name = field.split_once('.').map_or("", |(_, name)| name);
            // An expression joins the views that it names, also where it lets everything through.
            let is_any = matches!(filter, Filter::Any(_) | Filter::YesNo(None, _));
            // As a part of an expression a year is a number.
            let is_year = field.ends_with("year");
            is_field
                && !is_any
                && !is_year
                && !looked_at.contains(name)
                && !filter.written().contains('`')
        };
        let (fit, others): (Vec<_>, Vec<_>) = query.filters.iter().cloned().partition(is_fit);
        let passes = fit
            .iter()
            .map(|(field, filter)| format!("matches_filter(${{{field}}}, `{}`)", filter.written()));
        let expression = passes.collect::<Vec<_>>().join(" AND ");
        let mut changed = query.clone();
        changed.filters = others;
        let mut changed = changed.json();
        changed["filter_expression"] = expression.into();
        let found = self.engine.answer(&changed);
        (!fit.is_empty()).then(|| Outcome {
            change: "filters as an expression",
            difference: difference(answer, &found),
        })
    }

    /// The names of fields whose filters the SQL of others sees. None: a table takes whatever filters there are.
    fn looked_at_filters(&self) -> Option<BTreeSet<String>> {
        const LOOKS: [&str; 3] = [
            "Condition(FieldName",
            "DateStart(FieldName",
            "DateEnd(FieldName",
        ];
        let model = format!("{:?}", self.world.model);
        let looks = LOOKS.iter().flat_map(|look| model.split(look).skip(1));
        let names = looks.filter_map(|text| text.split_once("name: \"")?.1.split('"').next());
        let mut names: BTreeSet<String> = names.map(str::to_owned).collect();
        for view in &self.world.model.views {
            if let Source::Native(native) = &view.source {
                let bound = native.bind.iter().map(|(from, _)| from.rsplit('.').next());
                names.extend(bound.flatten().map(str::to_owned));
                if native.bind_all {
                    return None;
                }
            }
        }
        Some(names)
    }

    /// Measures that go by keys do not care for a join that repeats their rows.
    fn fanned(&self, query: &Query) -> Option<Outcome> {
        let scope = Scope::new(self.world, query);
        let explore = scope.explore;
        let is_first = explore.name == self.world.model.explores[0].name;
        let filtered = query.filters.iter().map(|(field, _)| field);
        let mut fields = query.fields.iter().chain(filtered);
        let is_fit = is_first
            && explore.symmetric
            && explore.always_having.is_none()
            && query.pivots.is_empty()
            && query
                .fields
                .iter()
                .any(|field| scope.measure(field).is_some())
            && fields.all(|field| goes_by_keys(&scope, field));
        let world = is_fit.then(|| self.with_repeating_join(&scope, query))??;
        let answer = self.engine.answer(&query.json()).ok()?;
        Some(self.same("a one_to_many join", &answer, &Engine::new(&world), query))
    }

    /// The same world, but for a join that always takes part. None where other joins would come with it that drop
    /// rows, or a native derived table would get it too.
    fn with_repeating_join(&self, scope: &Scope<'_>, query: &Query) -> Option<World> {
        let explore = scope.explore;
        let before = uses_of(scope, query).aliases;
        let is_new = |join: &&Join| {
            join.kind == JoinKind::Left
                && join.relationship.is_to_many()
                && !before.contains(&join.name)
        };
        let join = explore.joins.iter().find(is_new)?;
        let mut world = self.world.clone();
        world.model.explores[0].always_join.push(join.name.clone());
        let after = uses_of(&Scope::new(&world, query), query).aliases;
        let keeps_rows = |join: &Join| join.kind == JoinKind::Left && join.filter.is_none();
        let is_harmless = |alias: &String| {
            let takes_all = matches!(
                &scope.view(alias).source,
                Source::Native(native) if native.bind_all
            );
            !takes_all && (before.contains(alias) || explore.join(alias).is_some_and(keeps_rows))
        };
        after.iter().all(is_harmless).then_some(world)
    }

    /// A filter and its contrary take every row once.
    fn partition(&self, query: &Query, chance: &mut Chance) -> Option<Outcome> {
        let explore = self.world.model.explore(&query.explore);
        let dimensions = self.world.model.view(&explore.view).all_dimensions();
        let dimension = chance.one(&dimensions);
        let scope = Scope::new(self.world, query);
        let field = format!("{}.{}", explore.base, dimension.name);
        let always = explore
            .always_filter
            .iter()
            .any(|(known, _)| *known == field);
        let is_fit = !always
            && !dimension.name.starts_with("with_")
            && scope.can_filter(&field)
            && explore.always_having.is_none()
            && explore.conditional.is_none();
        let (yes, no) = is_fit.then(|| contraries(filter_type(dimension), chance))??;
        let count = |filter: Option<&Filter>| {
            let count = format!("{}.count", explore.base);
            let mut query = Query::new(&query.explore, vec![count.clone()]);
            query
                .filters
                .extend(filter.map(|filter| (field.clone(), filter.clone())));
            let answer = self.engine.answer(&query.json()).ok()?;
            answer.rows.first()?.get(&count)?.as_f64()
        };
        let (all, one, other) = (count(None)?, count(Some(&yes))?, count(Some(&no))?);
        let (yes, no) = (yes.written(), no.written());
        let difference = (one + other != all)
            .then(|| format!("{field}: {one} with `{yes}`, {other} with `{no}`, {all} in all"));
        Some(Outcome {
            change: "a filter and its contrary",
            difference,
        })
    }
}

fn goes_by_keys(scope: &Scope<'_>, field: &str) -> bool {
    let Some((alias, measure)) = scope.measure(field) else {
        return true;
    };
    scope.view(&alias).primary_key().is_some()
        && matches!(
            measure.kind,
            MeasureKind::Count
                | MeasureKind::Sum(_)
                | MeasureKind::Average(_)
                | MeasureKind::Percentile(..)
                | MeasureKind::Min(_)
                | MeasureKind::Max(_)
                | MeasureKind::CountDistinct(_)
        )
}

fn contraries(kind: FilterType, chance: &mut Chance) -> Option<(Filter, Filter)> {
    let date = |term: DateTerm| Filter::Date(vec![term]);
    Some(match kind {
        FilterType::Text => {
            let text = chance.pick(&draw::KINDS).to_owned();
            let kinds = [TextKind::Quoted(text), TextKind::Null, TextKind::Empty];
            let kind = chance.one(&kinds).clone();
            let term = |negated| {
                Filter::Text(vec![TextTerm {
                    negated,
                    kind: kind.clone(),
                }])
            };
            (term(false), term(true))
        }
        FilterType::Number => {
            let numbers: Vec<f64> = (0..2).map(|_| chance.between(-2, 12) as f64).collect();
            let terms = numbers
                .iter()
                .map(|number| NumberTerm::Is(*number))
                .collect();
            let some = NumberFilter::Any(terms, ", ");
            (
                Filter::Number(some),
                Filter::Number(NumberFilter::None(numbers)),
            )
        }
        FilterType::YesNo => (
            Filter::YesNo(Some(true), "yes"),
            Filter::YesNo(Some(false), "no"),
        ),
        FilterType::Date => (date(DateTerm::Null), date(DateTerm::NotNull)),
    })
}

fn difference(answer: &EngineAnswer, found: &Result<EngineAnswer, String>) -> Option<String> {
    let found = match found {
        Ok(found) => found,
        Err(error) => return Some(error.clone()),
    };
    let rows = answer.rows.iter().chain(&answer.totals);
    let others = found.rows.iter().chain(&found.totals);
    let is_same = answer.rows.len() == found.rows.len()
        && answer.truncated == found.truncated
        && answer.pivots == found.pivots
        && rows.zip(others).all(|(row, other)| is_same_row(row, other));
    (!is_same).then(|| format!("{answer:?}\nbecomes {found:?}"))
}

fn is_same_row(row: &Map<String, Json>, other: &Map<String, Json>) -> bool {
    let cell = |(field, value): (&String, &Json)| match (value, other.get(field)) {
        (Json::Object(value), Some(Json::Object(other))) => is_same_row(value, other),
        (value, other) => other.is_some_and(|other| {
            compare::is_same_value(value, other) || is_same_list(value, other)
        }),
    };
    row.len() == other.len() && row.iter().all(cell)
}

/// The values of a list come in any order.
fn is_same_list(value: &Json, other: &Json) -> bool {
    let parts = |value: &Json| {
        let mut parts: Vec<String> = value.as_str()?.split(", ").map(str::to_owned).collect();
        parts.sort_unstable();
        Some(parts)
    };
    parts(value).is_some() && parts(value) == parts(other)
}
