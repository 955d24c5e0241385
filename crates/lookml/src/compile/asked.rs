//! What a query asks for, its names looked up: fields, and the filters that hold.

use std::rc::Rc;

use indexmap::IndexMap;

use super::custom_filter::CustomFilter;
use super::error::{QueryError, Result};
use super::scope::{FieldRef, Scope};
use super::settings::UserAttribute;
use crate::diagnostic::rules;
use crate::filter::{self, Filter, FilterType};
use crate::liquid::Template;
use crate::model::{
    Aggregate, Field, FieldKind, MeasureFunction, MeasureType, ParameterType, Shape,
};
use crate::query::Query;
use crate::timeframe::FilterBy;

/// What a query asks for.
#[derive(Clone, Default)]
pub(super) struct Asked<'a> {
    /// The fields of the answer, in order, then those that come with them.
    pub(super) selected: Vec<FieldRef<'a>>,
    /// Those that go across.
    pub(super) pivots: Vec<FieldRef<'a>>,
    /// The filters that hold.
    pub(super) filters: Vec<Applied<'a>>,
    /// Fields for which there is a filter, were it a blank one.
    pub(super) given: Vec<String>,
    /// Values of parameters, by full name.
    pub(super) parameters: IndexMap<String, String>,
    /// A filter that is an expression, which holds beside the others.
    pub(super) custom: Option<Rc<CustomFilter<'a>>>,
    /// Dimensions that this statement leaves out.
    pub(super) dropped: Vec<String>,
}

/// A filter on a field.
#[derive(Clone)]
pub(super) struct Applied<'a> {
    pub(super) field: FieldRef<'a>,
    /// As it is written.
    pub(super) expression: String,
    /// Whether what is written is one value, not an expression.
    pub(super) is_value: bool,
    pub(super) filter: Filter,
}

impl<'a> Asked<'a> {
    pub(super) fn of(scope: &Scope<'a>, query: &Query) -> Result<Self> {
        let mut selected: Vec<FieldRef<'a>> = Vec::new();
        for name in &query.fields {
            let field = scope.ask(name)?;
            if !field.is_dimension() && !field.is_measure() {
                let message = format!("`{name}` is there to filter by, it has no column");
                return Err(QueryError::new(rules::UNKNOWN_FIELD, message).of(name));
            }
            if !selected.iter().any(|other| other.is_same(&field)) {
                selected.push(field);
            }
        }
        add_companions(scope, &mut selected)?;
        let mut asked = Self {
            pivots: pivots(scope, query, &selected)?,
            selected,
            filters: Vec::new(),
            given: Vec::new(),
            parameters: IndexMap::new(),
            custom: None,
            dropped: Vec::new(),
        };
        asked.add_filters(scope, query)?;
        asked.add_custom(scope, query)?;
        Ok(asked)
    }

    fn add_filters(&mut self, scope: &Scope<'a>, query: &Query) -> Result<()> {
        let mut given: IndexMap<String, String> = IndexMap::new();
        for (name, expression) in &query.filters {
            let field = scope.ask(name)?;
            let canonical = field.name();
            if given.contains_key(&canonical) {
                let message = format!("there are two filters on `{canonical}`");
                let error = QueryError::new(rules::BAD_FILTER, message).of(name);
                return Err(error.hint("one of them has a name that it had: write them as one"));
            }
            given.insert(canonical, expression.clone());
        }
        add_always(scope, &mut given);
        for (name, expression) in given {
            let Some(field) = scope.find(&name) else {
                return Err(scope.ask(&name).err().unwrap_or_else(|| missing(&name)));
            };
            self.given.push(name);
            self.add_filter(scope, field, expression)?;
        }
        self.add_access_filters(scope)
    }

    pub(super) fn add_filter(
        &mut self,
        scope: &Scope<'a>,
        field: FieldRef<'a>,
        expression: String,
    ) -> Result<()> {
        let name = field.name();
        if let FieldKind::Parameter(_) = field.field.kind {
            if !expression.is_empty() {
                self.parameters.insert(name, expression);
            }
            return Ok(());
        }
        let filter_type = filter_type(&field)?;
        let filter = parse(scope, &name, &expression, filter_type)?;
        if !filter.is_any() {
            self.filters.push(Applied {
                field,
                expression,
                is_value: false,
                filter,
            });
        }
        Ok(())
    }

    pub(super) fn add_access_filters(&mut self, scope: &Scope<'a>) -> Result<()> {
        for access in &scope.explore.access_filters {
            let name = scope.full_name(&access.field);
            let attribute = &access.user_attribute;
            let Some(field) = scope.find(&name) else {
                return Err(missing(&name));
            };
            let value = scope.settings.user_attributes.get(attribute);
            // A blank one would be a filter that everything passes.
            let value = value.filter(|value| !value.is_blank());
            let value = value.ok_or_else(|| unknown_attribute(scope, attribute).of(&name))?;
            let filter = value.filter(filter_type(&field)?).ok_or_else(|| {
                no_filter(value.text(), &name).hint(format!(
                    "it is the user attribute `{attribute}` of the person who asks"
                ))
            })?;
            if !filter.is_any() {
                self.filters.push(Applied {
                    field,
                    expression: value.text().to_owned(),
                    is_value: matches!(value, UserAttribute::Literal(_)),
                    filter,
                });
            }
        }
        Ok(())
    }

    /// Dimensions of the answer, in order, without those that this statement leaves out.
    pub(super) fn dimensions(&self) -> impl Iterator<Item = FieldRef<'a>> + '_ {
        let dimensions = self.selected.iter().copied().filter(FieldRef::is_dimension);
        dimensions.filter(|field| !self.dropped.contains(&field.name()))
    }

    /// Measures of the answer, in order.
    pub(super) fn measures(&self) -> impl Iterator<Item = FieldRef<'a>> + '_ {
        self.selected.iter().copied().filter(FieldRef::is_measure)
    }

    pub(super) fn is_pivot(&self, field: &FieldRef<'a>) -> bool {
        self.pivots.iter().any(|pivot| pivot.is_same(field))
    }

    /// The filters that hold on a field, all of them at once: those of the query, then those of the explore.
    pub(super) fn filters_on<'s>(
        &'s self,
        field: &FieldRef<'a>,
    ) -> impl Iterator<Item = &'s Applied<'a>> {
        let field = *field;
        let filters = self.filters.iter();
        filters.filter(move |applied| applied.field.is_same(&field))
    }

    /// What a field is filtered by without one of these: a filter field's default, a parameter's value.
    pub(super) fn standing<'s>(&'s self, field: &FieldRef<'a>) -> Option<&'s str>
    where
        'a: 's,
    {
        let name = field.name();
        match &field.field.kind {
            FieldKind::Filter(_) if self.given.contains(&name) => None,
            FieldKind::Filter(filter) => filter.default_value.as_deref(),
            FieldKind::Parameter(_) => self.parameters.get(&name).map(String::as_str),
            _ => None,
        }
    }

    /// Whether a filter field is filtered by its default.
    pub(super) fn has_default(&self, field: &FieldRef<'a>) -> bool {
        matches!(field.field.kind, FieldKind::Filter(_))
            && self
                .standing(field)
                .is_some_and(|default| !default.trim().is_empty())
    }

    pub(super) fn has_measure_filter(&self) -> bool {
        let mut filters = self.filters.iter();
        filters.any(|applied| applied.field.is_measure())
            || self
                .custom
                .as_ref()
                .is_some_and(|custom| custom.has_measure())
    }

    /// The fields that the filter names which is an expression.
    pub(super) fn custom_fields(&self) -> &[FieldRef<'a>] {
        self.custom.as_ref().map_or(&[], |custom| custom.fields())
    }

    /// Whether the query names a field at all.
    pub(super) fn is_in_query(&self, field: &FieldRef<'a>) -> bool {
        let is_selected = self.selected.iter().any(|other| other.is_same(field));
        is_selected || self.is_filtered(field)
    }

    pub(super) fn is_view_in_query(&self, alias: &str) -> bool {
        let mut selected = self.selected.iter();
        let is_selected = selected.any(|field| field.alias == alias);
        is_selected
            || self
                .filters
                .iter()
                .map(|applied| &applied.field)
                .chain(self.custom_fields())
                .any(|field| field.alias == alias)
    }

    pub(super) fn is_selected(&self, field: &FieldRef<'a>) -> bool {
        let mut selected = self.selected.iter();
        selected.any(|other| other.is_same(field)) && !self.dropped.contains(&field.name())
    }

    pub(super) fn is_filtered(&self, field: &FieldRef<'a>) -> bool {
        self.filters_on(field).next().is_some()
            || self.parameters.contains_key(&field.name())
            || self.has_default(field)
            || self.is_in_custom(field)
    }

    /// Whether the filter names it that is an expression.
    pub(super) fn is_in_custom(&self, field: &FieldRef<'a>) -> bool {
        let mut fields = self.custom_fields().iter();
        fields.any(|other| other.is_same(field))
    }
}

fn unknown_attribute(scope: &Scope<'_>, attribute: &str) -> QueryError {
    let message = format!(
        "the explore `{}` shows only rows of a person's `{attribute}`, which is not known",
        scope.explore.name
    );
    let error = QueryError::new(rules::MISSING_USER_ATTRIBUTE, message);
    error.hint(format!("give the user attribute `{attribute}`"))
}

pub(super) fn no_filter(text: &str, name: &str) -> QueryError {
    let message = format!("`{text}` is no value that `{name}` can have");
    QueryError::new(rules::BAD_FILTER, message).of(name)
}

pub(super) fn missing(name: &str) -> QueryError {
    let message = format!("there is no field `{name}`");
    QueryError::new(rules::UNKNOWN_FIELD, message).of(name)
}

/// The fields whose values the links and the html of one show.
fn mentioned(field: &Field) -> Vec<String> {
    const VALUES: &[&str] = &[
        "_value",
        "_rendered_value",
        "_filterable_value",
        "_linked_value",
        "_link",
    ];
    let links = field.links.iter().flat_map(|link| [&link.label, &link.url]);
    let templates = links.chain(&field.html).filter(|text| text.contains('{'));
    let templates = templates.filter_map(|text| Template::parse(text).ok());
    let references = templates.flat_map(|template| template.references());
    let references = references.filter(|reference| {
        let is_row = reference.path.first().is_some_and(|first| first == "row");
        is_row
            || reference
                .member()
                .is_some_and(|member| VALUES.contains(&member))
    });
    references
        .filter_map(|reference| reference.field())
        .collect()
}

/// Adds the fields that come with those that are there: required ones, and those whose values are shown with them, as
/// far as the person may see these.
fn add_companions<'a>(scope: &Scope<'a>, selected: &mut Vec<FieldRef<'a>>) -> Result<()> {
    let is_column = |field: &FieldRef<'_>| field.is_dimension() || field.is_measure();
    let mut at = 0;
    while let Some(field) = selected.get(at).copied() {
        at += 1;
        let mut companions = Vec::new();
        for name in &field.field.required_fields {
            let required = required(scope, field, name)?;
            scope.allow(&required)?;
            companions.push(required);
        }
        let mentioned = mentioned(field.field);
        let mentioned = mentioned
            .iter()
            .filter_map(|name| scope.meant(field.alias, name));
        companions.extend(mentioned.filter(|field| scope.allow(field).is_ok()));
        for companion in companions.into_iter().filter(is_column) {
            if !selected.iter().any(|other| other.is_same(&companion)) {
                selected.push(companion);
            }
        }
    }
    Ok(())
}

fn required<'a>(scope: &Scope<'a>, field: FieldRef<'a>, name: &str) -> Result<FieldRef<'a>> {
    scope.meant(field.alias, name).ok_or_else(|| {
        let message = format!("`{}` requires `{name}`, which does not exist", field.name());
        QueryError::new(rules::UNKNOWN_REFERENCE, message).of(&field.name())
    })
}

fn pivots<'a>(
    scope: &Scope<'a>,
    query: &Query,
    selected: &[FieldRef<'a>],
) -> Result<Vec<FieldRef<'a>>> {
    let mut pivots: Vec<FieldRef<'a>> = Vec::new();
    for name in &query.pivots {
        let field = scope.ask(name)?;
        if !field.is_dimension() {
            let message = format!("`{name}` is no dimension, only dimensions can be pivoted");
            return Err(QueryError::new(rules::UNKNOWN_FIELD, message).of(name));
        }
        if !selected.iter().any(|other| other.is_same(&field)) {
            let message = format!("the pivot `{name}` is none of the fields");
            let error = QueryError::new(rules::UNKNOWN_FIELD, message);
            return Err(error.hint("add it to the fields").of(name));
        }
        if !pivots.iter().any(|other| other.is_same(&field)) {
            pivots.push(field);
        }
    }
    Ok(pivots)
}

/// Adds the filters that an explore brings, unless the query gives others.
pub(super) fn add_always(scope: &Scope<'_>, given: &mut IndexMap<String, String>) {
    let explore = scope.explore;
    for always in &explore.always_filter {
        let name = canonical(scope, &always.field);
        given.entry(name).or_insert_with(|| always.value.clone());
    }
    if is_unless(scope, given) {
        return;
    }
    for conditional in &explore.conditionally_filter {
        let name = canonical(scope, &conditional.field);
        given
            .entry(name)
            .or_insert_with(|| conditional.value.clone());
    }
}

/// Whether one of the fields is filtered that make the conditional filters unnecessary.
fn is_unless(scope: &Scope<'_>, given: &IndexMap<String, String>) -> bool {
    let explore = scope.explore;
    let unless: Vec<String> = explore
        .unless
        .iter()
        .map(|name| canonical(scope, name))
        .collect();
    let conditional: Vec<FieldRef<'_>> = explore
        .conditionally_filter
        .iter()
        .filter_map(|filter| scope.find(&scope.full_name(&filter.field)))
        .collect();
    let mut present = given
        .iter()
        .filter(|(_, expression)| !expression.trim().is_empty());
    present.any(|(name, _)| {
        let is_sibling = |field: &FieldRef<'_>| {
            scope.find(name).is_some_and(|other| {
                other.alias == field.alias
                    && other.field.group.is_some()
                    && other.field.group == field.field.group
                    && other.field.name != field.field.name
            })
        };
        unless.contains(name) || conditional.iter().any(is_sibling)
    })
}

fn canonical(scope: &Scope<'_>, name: &str) -> String {
    let name = scope.full_name(name);
    match scope.find(&name) {
        Some(field) => field.name(),
        None => name,
    }
}

/// A filter expression, with what is known of the person who asks.
pub(super) fn parse(
    scope: &Scope<'_>,
    name: &str,
    expression: &str,
    filter_type: FilterType,
) -> Result<Filter> {
    let filter = filter::parse(expression, filter_type).map_err(|error| {
        let message = format!("the filter `{expression}` on `{name}`: {error}");
        let hint = format!("the mistake is at character {}", error.position + 1);
        QueryError::new(rules::BAD_FILTER, message)
            .hint(hint)
            .of(name)
    })?;
    let attributes = &scope.settings.user_attributes;
    Ok(filter.bind(|name| attributes.get(name)?.filter(filter_type)))
}

/// The language in which a field is filtered.
pub(crate) fn filter_type(field: &FieldRef<'_>) -> Result<FilterType> {
    let name = field.name();
    let unsupported = |rule, what: &str| Err(QueryError::new(rule, what.to_owned()).of(&name));
    let filter_type = match &field.field.kind {
        FieldKind::Filter(filter) => filter.filter_type,
        FieldKind::Parameter(parameter) => match parameter.parameter_type {
            ParameterType::Number => FilterType::Number,
            ParameterType::YesNo => FilterType::YesNo,
            ParameterType::Date | ParameterType::DateTime => FilterType::Date,
            ParameterType::Text | ParameterType::Unquoted => FilterType::String,
        },
        FieldKind::Dimension(dimension) => match &dimension.shape {
            Shape::Text | Shape::Tier(_) | Shape::Case(_) => FilterType::String,
            Shape::Number | Shape::Duration { .. } => FilterType::Number,
            Shape::YesNo => FilterType::YesNo,
            Shape::Time(frame) => by(frame.filter_by()),
            Shape::Location { .. } => {
                return unsupported(rules::LOCATION_FILTER, "a location can't be filtered");
            }
            Shape::Unsupported(_) => {
                return unsupported(
                    rules::UNSUPPORTED,
                    "a dimension of this type can't be filtered",
                );
            }
        },
        FieldKind::Measure(measure) => match &measure.function {
            MeasureFunction::Aggregate(Aggregate::Min | Aggregate::Max) if is_of_time(field) => {
                let message = format!("`{name}` is of a time, and is filtered as a number");
                let hint = "make it `type: date`, with `sql: MAX(…) ;;`";
                let error = QueryError::new(rules::BAD_FILTER, message);
                return Err(error.hint(hint).of(&name));
            }
            MeasureFunction::Aggregate(_) | MeasureFunction::Distinct { .. } => FilterType::Number,
            MeasureFunction::Expression(MeasureType::Number) => FilterType::Number,
            MeasureFunction::Expression(MeasureType::Text) => FilterType::String,
            MeasureFunction::Expression(MeasureType::YesNo) => FilterType::YesNo,
            MeasureFunction::Expression(MeasureType::Time(frame)) => by(frame.filter_by()),
            MeasureFunction::List(_) => {
                return unsupported(rules::MISPLACED_PARAMETER, "a list can't be filtered");
            }
            MeasureFunction::PostQuery { .. } => {
                let message = "a measure that is computed after the query can't be filtered";
                return unsupported(rules::POST_QUERY_MEASURE, message);
            }
            MeasureFunction::Unsupported(_) => {
                return unsupported(
                    rules::UNSUPPORTED,
                    "a measure of this type is not supported",
                );
            }
        },
    };
    Ok(filter_type)
}

/// Whether all that a measure aggregates is a time of its own view.
fn is_of_time(field: &FieldRef<'_>) -> bool {
    let sql = field.field.sql.as_deref().unwrap_or_default().trim();
    let inner = sql.strip_prefix("${").and_then(|sql| sql.strip_suffix('}'));
    let name = inner.map(str::trim).unwrap_or_default();
    let own = name.strip_prefix(field.alias);
    let name = own.and_then(|own| own.strip_prefix('.')).unwrap_or(name);
    let of = field.view.fields.get(name);
    let shape = of
        .and_then(|of| of.dimension())
        .map(|dimension| &dimension.shape);
    matches!(shape, Some(Shape::Time(frame)) if frame.filter_by() == FilterBy::Date)
}

fn by(filter_by: FilterBy) -> FilterType {
    match filter_by {
        FilterBy::Date => FilterType::Date,
        FilterBy::Number => FilterType::Number,
        FilterBy::Text => FilterType::String,
        FilterBy::YesNo => FilterType::YesNo,
    }
}
