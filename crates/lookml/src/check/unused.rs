//! Hidden fields that nothing uses.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::dashboards::calculations;
use super::references::{self, Reference, Role};
use super::report::Report;
use super::sources;
use super::survey::{ExploreSurvey, Survey, ViewSurvey, items};
use crate::dashboard::Dashboard;
use crate::diagnostic::rules;
use crate::resolve::{Node, Place, blocks, last};

/// Declarations by their place: what they are called, and whether anything uses them.
pub(super) type Uses = BTreeMap<(String, u32), (Place, String, bool)>;

/// LK427: notes which hidden declarations of a model are used.
pub(super) fn collect(survey: &Survey<'_>, dashboards: &[Dashboard], uses: &mut Uses) {
    let mut used = Used::default();
    used.of_model(survey);
    for dashboard in dashboards {
        used.of_dashboard(survey, dashboard);
    }
    for view in survey.views.values() {
        let name = view.view.name.as_str();
        if !survey.stands.contains_key(name) {
            continue;
        }
        for declaration in view.declarations.values() {
            let is_hidden = declaration.fields.iter().all(|field| field.show.hidden);
            let is_key = last(declaration.node.children(), "primary_key").is_some();
            if !is_hidden || is_key || declaration.fields.is_empty() {
                continue;
            }
            let mut names = declaration.fields.iter();
            let is_used = names.any(|field| used.contains(name, &field.name))
                || used.contains(name, declaration.node.name());
            let place = &declaration.node.place;
            let key = (place.file.to_string(), place.span.start);
            let label = declaration.node.name().to_owned();
            let entry = uses
                .entry(key)
                .or_insert_with(|| (place.clone(), label, false));
            entry.2 |= is_used;
        }
    }
}

/// Reports what no model uses.
pub(super) fn tell(uses: &Uses, report: &mut Report<'_>) {
    for (place, name, _) in uses.values().filter(|(_, _, is_used)| !is_used) {
        let message = format!("`{name}` is hidden, and nothing uses it");
        let problem = report.at(place, rules::UNUSED_FIELD, message);
        problem.hint = Some("take it away, or show it".to_owned());
    }
}

/// Fields that something uses, by the names of their views.
#[derive(Default)]
struct Used {
    fields: HashMap<String, HashSet<String>>,
}

impl Used {
    fn contains(&self, view: &str, field: &str) -> bool {
        let fields = self.fields.get(view);
        fields.is_some_and(|fields| fields.contains(field))
    }

    fn insert(&mut self, view: &str, field: &str) {
        match self.fields.get_mut(view) {
            Some(fields) => {
                fields.insert(field.to_owned());
            }
            None => {
                let fields = HashSet::from([field.to_owned()]);
                self.fields.insert(view.to_owned(), fields);
            }
        }
    }

    /// A mention by the name under which a view stands somewhere.
    fn reference(&mut self, survey: &Survey<'_>, own: &ViewSurvey<'_>, reference: &Reference<'_>) {
        match reference.view.as_deref() {
            None => self.field(own, &reference.field),
            Some(alias) => {
                for (explore, _) in survey.stands_in(&own.view.name) {
                    if let Some(view) = survey.bound(explore.explore, alias) {
                        self.field(view, &reference.field);
                    }
                }
            }
        }
    }

    fn field(&mut self, view: &ViewSurvey<'_>, name: &str) {
        let name = view.field(name).map_or(name, |field| &field.name);
        self.insert(&view.view.name, name);
    }

    fn in_explore(
        &mut self,
        survey: &Survey<'_>,
        explore: &ExploreSurvey<'_>,
        own: &str,
        reference: &Reference<'_>,
    ) {
        let alias = reference.view.as_deref().unwrap_or(own);
        if let Some(view) = survey.bound(explore.explore, alias) {
            self.field(view, &reference.field);
        }
    }

    fn of_model(&mut self, survey: &Survey<'_>) {
        for view in survey.views.values() {
            self.of_view(survey, view);
        }
        for explore in &survey.explores {
            self.of_explore(survey, explore);
        }
        for (_, node) in blocks(&survey.objects.settings, "test") {
            if let Some((_, source)) = blocks(node.children(), "explore_source").last() {
                self.of_source(survey, source);
            }
        }
    }

    fn of_view(&mut self, survey: &Survey<'_>, view: &ViewSurvey<'_>) {
        let references = view.declarations.values();
        let references = references.flat_map(|declaration| &declaration.references);
        for reference in references.chain(&view.table).chain(&view.drill_fields) {
            self.reference(survey, view, reference);
        }
        for (_, set) in blocks(&view.object.nodes, "set") {
            for item in items(set.children(), "fields") {
                let named = Reference::named(&item.text, Role::Drill, &item.place);
                self.reference(survey, view, &named);
            }
        }
        if let Some(source) = sources::of_view(view.object) {
            self.of_source(survey, source);
            for (_, bind) in blocks(source.children(), "bind_filters") {
                for from in super::survey::name(bind.children(), "from_field", Role::Field) {
                    self.reference(survey, view, &from);
                    self.field(view, &from.field);
                }
            }
        }
    }

    fn of_explore(&mut self, survey: &Survey<'_>, explore: &ExploreSurvey<'_>) {
        let base = explore.explore.base.as_str();
        for reference in &explore.references {
            self.in_explore(survey, explore, base, reference);
        }
        for (_, query) in blocks(&explore.object.nodes, "query") {
            self.of_custom_filter(survey, explore, query);
        }
        for (alias, join) in &explore.joins {
            for reference in join.condition.iter().chain(&join.references) {
                let own = match reference.role {
                    Role::Dimension => base,
                    _ => alias,
                };
                self.in_explore(survey, explore, own, reference);
            }
        }
    }

    fn of_source(&mut self, survey: &Survey<'_>, source: &Node) {
        let at = survey.model.explores.get_index_of(source.name());
        if let Some(explore) = at.and_then(|at| survey.explores.get(at)) {
            let base = explore.explore.base.as_str();
            for reference in sources::fields(source) {
                self.in_explore(survey, explore, base, &reference);
            }
            self.of_custom_filter(survey, explore, source);
        }
    }

    fn of_custom_filter(&mut self, survey: &Survey<'_>, explore: &ExploreSurvey<'_>, query: &Node) {
        let custom = last(query.children(), "expression_custom_filter");
        let custom = custom.and_then(|node| Some((node.text()?, &node.place)));
        if let Some((text, place)) = custom {
            let base = explore.explore.base.as_str();
            for reference in references::of_sql(text, Role::Field, place) {
                self.in_explore(survey, explore, base, &reference);
            }
        }
    }

    fn of_dashboard(&mut self, survey: &Survey<'_>, dashboard: &Dashboard) {
        let filters = dashboard.filters.iter();
        for filter in filters {
            let field = filter.field.iter().map(|field| field.value.as_str());
            self.listed(
                survey,
                filter.explore.as_ref().map(|name| name.value.as_str()),
                field,
            );
        }
        for element in &dashboard.elements {
            let query = &element.query;
            let fields = query.fields.iter().chain(&query.pivots).chain(&query.sorts);
            let filters = query.filters.iter().map(|(field, _)| field);
            let listened = element.listen.iter().map(|(_, field)| field);
            let names = fields.chain(filters).chain(listened);
            let names = names.filter_map(|text| text.value.split_whitespace().next());
            let explore = query.explore.as_ref().map(|name| name.value.as_str());
            let known = calculations(query.dynamic_fields.as_deref());
            self.listed(survey, explore, names.filter(|name| !known.contains(*name)));
            let filter = query.filter_expression.as_ref().map(|text| &text.value);
            for text in query.dynamic_fields.iter().chain(filter) {
                self.mentioned(survey, explore, text);
            }
        }
    }

    fn listed<'n>(
        &mut self,
        survey: &Survey<'_>,
        explore: Option<&str>,
        names: impl Iterator<Item = &'n str>,
    ) {
        let at = explore.and_then(|name| survey.model.explores.get_index_of(name));
        let Some(explore) = at.and_then(|at| survey.explores.get(at)) else {
            return;
        };
        for (alias, field) in names.filter_map(|name| name.split_once('.')) {
            if let Some(view) = survey.bound(explore.explore, alias) {
                self.field(view, field);
            }
        }
    }

    /// `${view.field}` in calculations.
    fn mentioned(&mut self, survey: &Survey<'_>, explore: Option<&str>, text: &str) {
        let after = text.split("${").skip(1);
        let names = after.filter_map(|rest| rest.split(['}', ':']).next());
        self.listed(survey, explore, names);
    }
}
