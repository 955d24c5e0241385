//! Dashboards against the model that their elements ask.

use std::collections::{BTreeMap, HashSet};

use super::files;
use super::report::{Report, push_new};
use crate::dashboard::{Dashboard, DashboardFilter, Element, Text, resolve};
use crate::diagnostic::{Diagnostic, rules};
use crate::model::{Explore, Model};
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
        let Some((model, explore)) = self.explore(&filter.model, &filter.explore, report) else {
            return;
        };
        if let Some(field) = &filter.field {
            known(model, explore, field, report);
        }
    }

    fn element(&self, element: &Element, report: &mut Report<'_>) {
        let query = &element.query;
        if query.merged_queries.is_some() {
            return;
        }
        let Some((model, explore)) = self.explore(&query.model, &query.explore, report) else {
            return;
        };
        let calculations = calculations(query.dynamic_fields.as_deref());
        let listed = query.fields.iter().chain(&query.pivots);
        let listed = listed.chain(&query.fill_fields).chain(&query.subtotals);
        let listed = listed.chain(&element.hidden_fields);
        let filtered = query.filters.iter().map(|(field, _)| field);
        let listened = element.listen.iter().map(|(_, field)| field);
        for field in listed.chain(filtered).chain(listened) {
            if !calculations.contains(&field.value) {
                known(model, explore, field, report);
            }
        }
        for sort in &query.sorts {
            let name = sort.value.split_whitespace().next().unwrap_or_default();
            if !calculations.contains(name) && name != "__UNSORTED__" {
                let field = Text {
                    value: name.to_owned(),
                    place: sort.place.clone(),
                };
                known(model, explore, &field, report);
            }
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
    let declared = view.and_then(|view| {
        let mut fields = view.fields.values();
        let old = |name: &String| name == short;
        let by_name = view.fields.get(short);
        by_name.or_else(|| fields.find(|field| field.alias.iter().any(old)))
    });
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
        (None, None) if alias.is_empty() => format!("there is no calculation `{name}`"),
        (None, None) => format!("the explore `{label}` has no view `{alias}`"),
    };
    let hint = report.has_hints().then(|| {
        let mut included: Vec<&str> = explore.included.iter().map(String::as_str).collect();
        included.sort_unstable();
        report.did_you_mean(name, included)
    });
    let problem = tell(field, message, hint.flatten(), report);
    push_new(&mut problem.explores, label);
    problem.object.get_or_insert_with(|| name.to_owned());
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
