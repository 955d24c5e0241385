//! What a query sees: its explore, its filters, its clock, the rows of its views.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::tz::TimeZone;

use crate::evaluate::dates::Clock;
use crate::model::expression::FieldName;
use crate::model::field::{Dimension, FilterType, Measure, ParameterType};
use crate::model::filter::Filter;
use crate::model::query::Query;
use crate::model::{Explore, View, World};
use crate::value::{Relation, Value};

/// A row of the join: of each alias the row that takes part.
pub(crate) type Row = Vec<Option<usize>>;

#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    pub world: &'a World,
    pub explore: &'a Explore,
    pub clock: Clock,
    /// Those in effect that are not blank, of the query and of the explore.
    pub filters: Vec<(String, Filter)>,
    pub in_query: BTreeSet<String>,
    pub selected: BTreeSet<String>,
    pub relations: BTreeMap<String, Rc<Relation>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(world: &'a World, query: &Query) -> Scope<'a> {
        let zone = query
            .timezone
            .as_deref()
            .map(|name| TimeZone::get(name).expect("a time zone"));
        Scope::in_zone(
            world,
            query,
            zone.unwrap_or_else(|| world.database_zone.clone()),
        )
    }

    pub(crate) fn in_zone(world: &'a World, query: &Query, query_zone: TimeZone) -> Scope<'a> {
        let explore = world.model.explore(&query.explore);
        let clock = Clock {
            now: world.now,
            query_zone,
            database_zone: world.database_zone.clone(),
            week_start: world.model.week_start,
            fiscal_offset: world.model.fiscal_offset,
        };
        let mut scope = Scope {
            world,
            explore,
            clock,
            filters: filters_in_effect(world, explore, query),
            in_query: BTreeSet::new(),
            selected: BTreeSet::new(),
            relations: BTreeMap::new(),
        };
        scope.selected = scope.with_required(&query.fields);
        scope.in_query = scope.selected.clone();
        scope
            .in_query
            .extend(scope.filters.iter().map(|(field, _)| field.clone()));
        scope
    }

    fn with_required(&self, fields: &[String]) -> BTreeSet<String> {
        let required = fields
            .iter()
            .filter_map(|field| self.dimension(field))
            .flat_map(|(alias, dimension)| {
                dimension
                    .required
                    .into_iter()
                    .map(move |name| format!("{alias}.{name}"))
            });
        fields.iter().cloned().chain(required).collect()
    }

    pub(crate) fn view(&self, alias: &str) -> &'a View {
        let view = self.explore.view_of(alias);
        self.world
            .model
            .view(view.unwrap_or_else(|| panic!("no {alias} in {}", self.explore.name)))
    }

    /// The dimension of a full name, with its alias.
    pub(crate) fn dimension(&self, full: &str) -> Option<(String, Dimension)> {
        let (alias, name) = full.split_once('.')?;
        self.explore.view_of(alias)?;
        Some((alias.to_owned(), self.view(alias).dimension(name)?))
    }

    pub(crate) fn measure(&self, full: &str) -> Option<(String, &'a Measure)> {
        let (alias, name) = full.split_once('.')?;
        self.explore.view_of(alias)?;
        Some((alias.to_owned(), self.view(alias).measure(name)?))
    }

    pub(crate) fn position(&self, alias: &str) -> usize {
        let aliases = self.explore.aliases();
        aliases
            .iter()
            .position(|(name, _)| *name == alias)
            .expect("an alias of the explore")
    }

    /// The filter of a field, if it has one that is not blank.
    pub(crate) fn filter(&self, full: &str) -> Option<&Filter> {
        self.filters
            .iter()
            .find(|(field, _)| field == full)
            .map(|(_, filter)| filter)
    }

    pub(crate) fn filter_type(&self, alias: &str, field: &FieldName) -> FilterType {
        let full = field.full(alias);
        let (view, name) = full.split_once('.').expect("a full name");
        self.view(view).filter(name).expect("a filter field").kind
    }

    /// What a parameter says, as text.
    pub(crate) fn parameter(&self, alias: &str, field: &FieldName) -> (ParameterType, String) {
        let full = field.full(alias);
        let (view, name) = full.split_once('.').expect("a full name");
        let parameter = self.view(view).parameter(name).expect("a parameter");
        let value = match self.filter(&full) {
            Some(filter) => filter.written(),
            None => parameter.default.clone(),
        };
        (parameter.kind, value)
    }

    /// A parameter as SQL reads it.
    pub(crate) fn parameter_value(&self, alias: &str, field: &FieldName) -> Value {
        let (kind, text) = self.parameter(alias, field);
        match kind {
            ParameterType::Text | ParameterType::Unquoted => Value::Text(text),
            ParameterType::Number => Value::Number(text.parse().expect("a number")),
            ParameterType::YesNo => Value::Bool(text == "yes"),
        }
    }

    pub(crate) fn is_case_sensitive(&self, of_field: Option<bool>) -> bool {
        of_field
            .or(self.explore.case_sensitive)
            .unwrap_or(self.world.model.case_sensitive)
    }
}

/// The query's own, then those of the explore that nothing replaces.
fn filters_in_effect(world: &World, explore: &Explore, query: &Query) -> Vec<(String, Filter)> {
    let own = |field: &str| query.filters.iter().any(|(name, _)| name == field);
    let mut filters = query.filters.clone();
    filters.extend(
        explore
            .always_filter
            .iter()
            .filter(|(field, _)| !own(field))
            .cloned(),
    );
    if let Some(conditional) = &explore.conditional {
        let lifts = |(name, filter): &(String, Filter)| {
            let listed = conditional.unless.contains(name);
            let sibling = conditional
                .filters
                .iter()
                .any(|(field, _)| are_siblings(world, explore, field, name));
            !filter.is_blank() && (listed || sibling)
        };
        if !query.filters.iter().any(lifts) {
            filters.extend(
                conditional
                    .filters
                    .iter()
                    .filter(|(field, _)| !own(field))
                    .cloned(),
            );
        }
    }
    filters.retain(|(_, filter)| !filter.is_any());
    filters
}

/// Whether two fields are different frames of one group.
fn are_siblings(world: &World, explore: &Explore, one: &str, other: &str) -> bool {
    let group = |full: &str| {
        let (alias, name) = full.split_once('.')?;
        let view = world.model.view(explore.view_of(alias)?);
        Some((alias.to_owned(), view.dimension(name)?.group?))
    };
    one != other && group(one).is_some() && group(one) == group(other)
}
