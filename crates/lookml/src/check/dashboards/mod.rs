//! Dashboards against the model that their elements ask.

mod calculations;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::measures::is_post_query;
use super::report::{Report, push_new};
use super::{files, filters};
use crate::dashboard::{Dashboard, DashboardFilter, Element, FilterType, Place, Text, resolve};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::filter;
use crate::model::{Explore, Field, Model, View};
use crate::project::Project;

/// Models by their names.
pub(super) type Models<'a> = BTreeMap<&'a str, &'a Model>;

pub(super) fn check(
    project: &Project,
    models: &Models<'_>,
    model: &Model,
    report: &mut Report<'_>,
) -> Vec<Dashboard> {
    let paths = model.dashboards.iter();
    let dashboards = paths.flat_map(|path| files::dashboards(project, path, report));
    let (dashboards, problems) = resolve(dashboards.collect());
    for (place, diagnostic) in problems {
        report.add(&place.file, diagnostic);
    }
    let checker = Checker { models, model };
    for dashboard in dashboards.iter().filter(|known| !known.extension_required) {
        let filters = dashboard.filters.iter();
        filters.for_each(|filter| checker.filter(filter, report));
        let elements = dashboard.elements.iter();
        elements.for_each(|element| checker.element(element, report));
    }
    dashboards
}

struct Checker<'a> {
    models: &'a Models<'a>,
    /// The one whose dashboards they are.
    model: &'a Model,
}

impl<'a> Checker<'a> {
    fn filter(&self, filter: &DashboardFilter, report: &mut Report<'_>) {
        let (name, value) = (filter.name.value.as_str(), filter.default_value.as_str());
        let filter_type = match filter.kind {
            FilterType::Field => return self.field_filter(filter, report),
            FilterType::String => filter::FilterType::String,
            FilterType::Number => filter::FilterType::Number,
            FilterType::Date => filter::FilterType::Date,
        };
        let mistake = filters::of_expression(name, value, filter_type);
        tell_mistake(mistake, &filter.name.place, report);
        if let Some((model, explore)) = self.explore(&filter.model, &filter.explore, report)
            && let Some(field) = &filter.field
        {
            known(model, explore, field, report);
        }
    }

    /// A filter whose values are those of a field.
    fn field_filter(&self, filter: &DashboardFilter, report: &mut Report<'_>) {
        let Some(field) = &filter.field else {
            let message = format!(
                "the filter `{}` is of a field, and names none",
                filter.name.value
            );
            let place = &filter.name.place;
            let diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, place.span, message);
            report.add(&place.file, diagnostic.hint("write `field:`"));
            return;
        };
        let Some((model, explore)) = self.explore(&filter.model, &filter.explore, report) else {
            return;
        };
        known(model, explore, field, report);
        let value = Text {
            value: filter.default_value.clone(),
            place: filter.name.place.clone(),
        };
        filtered(model, explore, field, &value, report);
    }

    fn element(&self, element: &Element, report: &mut Report<'_>) {
        let query = &element.query;
        if query.merged_queries.is_some() {
            return;
        }
        self.incomplete(element, report);
        let Some((model, explore)) = self.explore(&query.model, &query.explore, report) else {
            return;
        };
        let calculations = calculations(query.dynamic_fields.as_deref());
        let listed = query.fields.iter().chain(&query.pivots);
        let listed = listed.chain(&query.fill_fields).chain(&query.subtotals);
        let listed = listed.chain(&element.hidden_fields);
        let named = query.filters.iter().map(|(field, _)| field);
        let listened = element.listen.iter().map(|(_, field)| field);
        for field in listed.chain(named).chain(listened) {
            if !calculations.contains(&field.value) {
                known(model, explore, field, report);
            }
        }
        for (field, value) in &query.filters {
            filtered(model, explore, field, value, report);
        }
        for (_, field) in &element.listen {
            // Whether any value can be one is all that is known here.
            let any = Text {
                value: String::new(),
                place: field.place.clone(),
            };
            filtered(model, explore, field, &any, report);
        }
        let asked = calculations::Asked::new(model, explore, element, &calculations);
        asked.pivots(report);
        asked.check(report);
        for sort in &query.sorts {
            let name = sort.value.split_whitespace().next().unwrap_or_default();
            if !calculations.contains(name) && name != "__UNSORTED__" {
                let field = Text {
                    value: name.to_owned(),
                    place: sort.place.clone(),
                };
                known(model, explore, &field, report);
                sorted(model, explore, &field, report);
            }
        }
    }

    /// LK118: what Looker needs of an element with a query.
    fn incomplete(&self, element: &Element, report: &mut Report<'_>) {
        let query = &element.query;
        if query.explore.is_none() {
            return;
        }
        let of = match (&element.name, &element.title) {
            (Some(name), _) => format!("the element `{}`", name.value),
            (None, Some(title)) => format!("the element \"{title}\""),
            (None, None) => "an element".to_owned(),
        };
        let has_columns = !query.fields.is_empty() || query.dynamic_fields.is_some();
        let model = format!("write `model: {}`, which is assumed", self.model.name);
        let wanted = [
            (
                element.name.is_some(),
                "name",
                "write `name:`, by which others know it",
            ),
            (query.model.is_some(), "model", model.as_str()),
            (has_columns, "fields", "write `fields:`; it shows nothing"),
        ];
        for (_, key, hint) in wanted.into_iter().filter(|(is_there, ..)| !is_there) {
            let span = element.place.span;
            let message = format!("{of} has no `{key}`");
            let mut diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, span, message);
            diagnostic.severity = Severity::Warning;
            report.add(&element.place.file, diagnostic.hint(hint));
        }
    }

    fn explore(
        &self,
        model: &Option<Text>,
        explore: &Option<Text>,
        report: &mut Report<'_>,
    ) -> Option<(&'a Model, &'a Explore)> {
        let name = explore.as_ref()?;
        let asked = match model {
            None => self.model,
            Some(model) => match self.models.get(model.value.as_str()) {
                Some(model) => model,
                None => {
                    let message = format!("there is no model `{}`", model.value);
                    let hint = report.did_you_mean(&model.value, self.models.keys().copied());
                    tell(model, message, hint, report);
                    return None;
                }
            },
        };
        if let Some(explore) = asked.explores.get(&name.value) {
            return Some((asked, explore));
        }
        let message = format!("the model `{}` has no explore `{}`", asked.name, name.value);
        let known = asked.explores.keys().map(String::as_str);
        tell(
            name,
            message,
            report.did_you_mean(&name.value, known),
            report,
        );
        None
    }
}

/// LK424: a field that the explore does not have.
fn known(model: &Model, explore: &Explore, field: &Text, report: &mut Report<'_>) {
    let name = field.value.as_str();
    if is_later(name) {
        return;
    }
    let (alias, short) = name.split_once('.').unwrap_or(("", name));
    let view = model.bound_view(explore, alias);
    let declared = found(model, explore, name).map(|(_, field)| field);
    let label = &explore.name;
    let message = match (declared, view) {
        (Some(found), _) => match explore
            .included
            .contains(&format!("{alias}.{}", found.name))
        {
            true => return,
            false => format!("the explore `{label}` leaves the field `{name}` out"),
        },
        (None, Some(view)) if view.group(short).next().is_some() => {
            format!("`{name}` is a dimension group, not one of its fields")
        }
        (None, Some(_)) => format!("the explore `{label}` has no field `{name}`"),
        (None, None) if alias.is_empty() => {
            format!("`{name}` is no calculation, and no full name of a field, `view.field`")
        }
        (None, None) => format!("the explore `{label}` has no view `{alias}`"),
    };
    let hint = report.has_hints().then(|| {
        let mut included: Vec<&str> = explore.included.iter().map(String::as_str).collect();
        included.sort_unstable();
        crate::suggest::did_you_mean_field(name, &included)
    });
    let problem = tell(field, message, hint.flatten(), report);
    push_new(&mut problem.explores, label);
    problem.object.get_or_insert_with(|| name.to_owned());
}

/// The field of a full name, or of one that it had once, with its view.
fn found<'m>(
    model: &'m Model,
    explore: &Explore,
    name: &str,
) -> Option<(&'m View, &'m Arc<Field>)> {
    let (alias, short) = name.split_once('.')?;
    let view = model.bound_view(explore, alias)?;
    let old = |name: &String| name == short;
    let mut fields = view.fields.values();
    let field = view.fields.get(short);
    let field = field.or_else(|| fields.find(|field| field.alias.iter().any(old)));
    field.map(|field| (view, field))
}

/// The name that a field has now.
fn canonical(model: &Model, explore: &Explore, name: &str) -> String {
    let alias = name.split_once('.').map(|(alias, _)| alias);
    match (alias, found(model, explore, name)) {
        (Some(alias), Some((_, field))) => format!("{alias}.{}", field.name),
        _ => name.to_owned(),
    }
}

/// LK310, LK311, LK331: what a field is filtered by.
fn filtered(model: &Model, explore: &Explore, field: &Text, value: &Text, report: &mut Report<'_>) {
    let name = &field.value;
    if let Some((view, field)) = found(model, explore, name) {
        let mistake = filters::mistake(view, field, name, &value.value);
        tell_mistake(mistake, &value.place, report);
    }
}

/// LK331: what rows are sorted by.
fn sorted(model: &Model, explore: &Explore, field: &Text, report: &mut Report<'_>) {
    let name = &field.value;
    if found(model, explore, name).is_some_and(|(_, field)| is_post_query(field)) {
        let message =
            format!("`{name}` is computed after the query, so rows can't be sorted by it");
        let mistake = Diagnostic::new(rules::POST_QUERY_MEASURE, field.place.span, message);
        tell_mistake(Some(mistake), &field.place, report);
    }
}

fn tell_mistake(mistake: Option<Diagnostic>, place: &Place, report: &mut Report<'_>) {
    if let Some(mistake) = mistake {
        let span = place.span;
        report.add(&place.file, Diagnostic { span, ..mistake });
    }
}

fn tell<'r>(
    text: &Text,
    message: String,
    hint: Option<String>,
    report: &'r mut Report<'_>,
) -> &'r mut super::Problem {
    let rule = rules::UNKNOWN_DASHBOARD_FIELD;
    let mut diagnostic = Diagnostic::new(rule, text.place.span, message);
    diagnostic.hint = hint;
    report.add(&text.place.file, diagnostic)
}

/// Names of an element's own calculations and fields.
pub(super) fn calculations(dynamic_fields: Option<&str>) -> HashSet<String> {
    const KEYS: &[&str] = &["table_calculation", "measure", "dimension", "category"];
    let parsed = dynamic_fields.and_then(|text| serde_json::from_str(text).ok());
    let parsed: Vec<serde_json::Value> = parsed.unwrap_or_default();
    let names = parsed.iter().flat_map(|field| {
        let names = KEYS.iter().filter_map(|key| field.get(key)?.as_str());
        names.map(str::to_owned)
    });
    names.collect()
}

/// Whether a name is known only for a query.
fn is_later(name: &str) -> bool {
    name.contains("{{") || name.contains("{%") || name.contains("@{")
}
