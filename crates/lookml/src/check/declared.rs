//! What is named and declared elsewhere: access grants, map layers, datagroups, views of other models.

use std::collections::{HashMap, HashSet};

use super::report::Report;
use super::survey::{Survey, items};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::parameters::FIELDS;
use crate::project::{Located, Project};
use crate::resolve::{Node, blocks};
use crate::syntax::Value;

/// Shapes that every project has.
const MAP_LAYERS: &[&str] = &[
    "countries",
    "uk_postcode_areas",
    "us_counties_fips",
    "us_states",
    "us_zipcode_tabulation_areas",
];

/// Names that files of a project declare, whichever model includes them.
#[derive(Default)]
pub(super) struct Declared {
    /// Files of views by their names.
    pub(super) views: HashMap<String, String>,
    /// Names of access grants.
    grants: HashSet<String>,
}

impl Declared {
    pub(super) fn of(project: &Project) -> Self {
        let mut declared = Self::default();
        for (path, file) in &project.files {
            let text = &file.syntax.text;
            for item in &file.syntax.items {
                let Value::Block(block) = &item.value else {
                    continue;
                };
                let Some(name) = block.name.map(|name| name.of(text).to_owned()) else {
                    continue;
                };
                match item.key.of(text) {
                    "view" => {
                        declared.views.entry(name).or_insert_with(|| path.clone());
                    }
                    "access_grant" => {
                        declared.grants.insert(name);
                    }
                    _ => {}
                }
            }
        }
        declared
    }
}

/// LK203: a view that is unknown since its file is not included.
pub(super) fn not_included(
    survey: &Survey<'_>,
    problems: Vec<Located>,
) -> impl Iterator<Item = Located> {
    let mut missing = HashMap::new();
    for explore in &survey.explores {
        for bound in explore.explore.views.values() {
            let file = survey.elsewhere.get(&bound.view);
            if let Some(file) = file.filter(|_| !survey.views.contains_key(bound.view.as_str())) {
                let place = (bound.place.file.to_string(), bound.place.span);
                missing.insert(place, (bound.view.clone(), file.clone()));
            }
        }
    }
    problems.into_iter().map(move |mut problem| {
        let diagnostic = &mut problem.diagnostic;
        let place = (problem.file.clone(), diagnostic.span);
        if diagnostic.rule == rules::UNKNOWN_VIEW
            && let Some((view, file)) = missing.get(&place)
        {
            let message = format!("the view `{view}` is there, and this model does not include it");
            *diagnostic = Diagnostic::new(rules::VIEW_NOT_INCLUDED, diagnostic.span, message)
                .hint(format!("write `include: \"/{file}\"`"));
        }
        problem
    })
}

/// LK218.
pub(super) fn check(survey: &Survey<'_>, declared: &Declared, report: &mut Report<'_>) {
    let settings = survey.objects.settings.as_slice();
    let names = |key| blocks(settings, key).map(|(name, _)| name).collect();
    let declarations = Declarations {
        survey,
        declared,
        datagroups: names("datagroup"),
        map_layers: names("map_layer"),
    };
    settings
        .iter()
        .for_each(|node| declarations.setting(node, report));
    for view in survey.views.values() {
        declarations.body(&view.object.nodes, report);
    }
    for explore in &survey.explores {
        declarations.body(&explore.object.nodes, report);
    }
}

struct Declarations<'s, 'a> {
    survey: &'s Survey<'a>,
    declared: &'s Declared,
    datagroups: HashSet<&'s str>,
    map_layers: HashSet<&'s str>,
}

impl Declarations<'_, '_> {
    fn setting(&self, node: &Node, report: &mut Report<'_>) {
        if node.key == "persist_with" {
            self.datagroup(node, report);
        }
    }

    fn body(&self, nodes: &[Node], report: &mut Report<'_>) {
        for node in nodes {
            match node.key.as_str() {
                "required_access_grants" => self.grants(nodes, report),
                "persist_with" | "datagroup_trigger" => self.datagroup(node, report),
                "map_layer_name" => self.map_layer(node, report),
                key if is_followed(key) => self.body(node.children(), report),
                _ => {}
            }
        }
    }

    fn grants(&self, nodes: &[Node], report: &mut Report<'_>) {
        for item in items(nodes, "required_access_grants") {
            let name = &item.text;
            if self.survey.model.access_grants.contains_key(name) {
                continue;
            }
            let message = format!("there is no access grant `{name}` in this model");
            let known = self.survey.model.access_grants.keys().map(String::as_str);
            let hint = report.did_you_mean(name, known);
            let problem = report.at(&item.place, rules::UNKNOWN_DECLARATION, message);
            problem.hint = hint;
            // What several models share may need a grant that only some of them have: nobody sees it in the others.
            if self.declared.grants.contains(name) {
                problem.severity = Severity::Warning;
                problem.hint = Some("another model declares it: here nobody has it".to_owned());
            }
        }
    }

    fn datagroup(&self, node: &Node, report: &mut Report<'_>) {
        let name = node.text().unwrap_or_default();
        if name.is_empty() || self.datagroups.contains(name) {
            return;
        }
        let message = format!("there is no datagroup `{name}` in this model");
        let hint = report.did_you_mean(name, self.datagroups.iter().copied());
        let problem = report.within(&node.place, name, rules::UNKNOWN_DECLARATION, message);
        problem.severity = Severity::Warning;
        problem.hint = hint;
    }

    fn map_layer(&self, node: &Node, report: &mut Report<'_>) {
        let name = node.text().unwrap_or_default();
        if self.map_layers.contains(name) || MAP_LAYERS.contains(&name) {
            return;
        }
        let message = format!("there is no map layer `{name}` in this model");
        let known = self.map_layers.iter().chain(MAP_LAYERS).copied();
        let hint = report.did_you_mean(name, known);
        let problem = report.within(&node.place, name, rules::UNKNOWN_DECLARATION, message);
        problem.severity = Severity::Warning;
        problem.hint = hint;
    }
}

/// Whether something that is declared elsewhere may be named in such a block.
fn is_followed(key: &str) -> bool {
    matches!(
        key,
        "derived_table" | "join" | "aggregate_table" | "materialization"
    ) || FIELDS.iter().any(|kind| kind.name == key)
}
