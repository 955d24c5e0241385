//! Whether the answer will be one to what was meant: errors of the project, and keys that nobody reads.

use anyhow::Result;
use lookml::model::Explore;
use lookml::{Model, Query, Severity};

use super::super::Context;
use crate::error::Advised;
use crate::model::Loaded;
use crate::output::{counted, program};

/// Keys that Looker's API gives a query, and that say nothing of what is asked.
const OF_LOOKER: &[&str] = &[
    "can",
    "client_id",
    "expanded_share_url",
    "has_table_calculations",
    "id",
    "runtime",
    "share_url",
    "slug",
    "url",
    "visible_ui_sections",
];
/// Keys that do.
const KEYS: &[&str] = &[
    "model",
    "view",
    "fields",
    "pivots",
    "fill_fields",
    "filters",
    "filter_expression",
    "sorts",
    "limit",
    "column_limit",
    "total",
    "row_total",
    "subtotals",
    "dynamic_fields",
    "query_timezone",
    "vis_config",
    "filter_config",
];

/// Says which keys of a query mean nothing.
pub(super) fn keys(query: &Query, name: &str, context: &Context) {
    let of_looker = |key: &&String| OF_LOOKER.contains(&key.as_str());
    for key in query.other.keys().filter(|key| !of_looker(key)) {
        let hint = lookml::did_you_mean(key, KEYS.iter().copied());
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let text = format!("`{key}` of {name} is no key of a query, and says nothing{hint}");
        context.terminal.warn(&text);
    }
}

/// Refuses a query whose answer an error of the project could make another; says where there are errors near it. The
/// built-in project has none.
pub(super) fn project(
    loaded: &Loaded,
    model: &Model,
    query: &Query,
    context: &Context,
) -> Result<()> {
    let (Some(folder), Some(explore)) = (&loaded.folder, model.explores.get(&query.view)) else {
        return Ok(());
    };
    let hint = format!("run `{} lookml check {}`", program(), folder.display());
    let problems = lookml::check_project(&loaded.project).into_iter();
    let errors = problems.filter(|problem| problem.severity == Severity::Error);
    let (mut near, names) = (0, names(model, explore, query));
    // What goes wrong in other explores only is no error of this one.
    let errors = errors.filter(|problem| {
        let shown = |names: &[String], name| names.is_empty() || names.contains(name);
        shown(&problem.explores, &explore.name) && shown(&problem.models, &model.name)
    });
    for problem in errors {
        let object = problem.object.as_deref().unwrap_or(&explore.name);
        let view = object.split('.').next().unwrap_or(object);
        let is_of_explore = *object == explore.name && problem.explores.contains(&explore.name);
        if is_of_explore || names.iter().any(|name| name == object) {
            let message = format!("{}: {}", problem.rule.code, problem.message);
            return Err(Advised::new(message, hint).into());
        }
        let is_near = explore.views.values().any(|bound| bound.view == view);
        near += u64::from(is_near || problem.explores.contains(&explore.name));
    }
    if near > 0 {
        let errors = counted(near, "error");
        context.terminal.warn(&format!(
            "{errors} in what this explore is made of, which may change answers: {hint}"
        ));
    }
    Ok(())
}

/// What an error in would be one of the query beside the explore: its views, and the fields that are asked for.
fn names(model: &Model, explore: &Explore, query: &Query) -> Vec<String> {
    let views = explore.views.values().map(|bound| bound.view.clone());
    let mut names: Vec<String> = views.collect();
    let asked = query.fields.iter().chain(query.filters.keys());
    for name in asked {
        let Some(field) = model.field(explore, name) else {
            continue;
        };
        let alias = name.split('.').next().unwrap_or_default();
        let view = explore.views.get(alias).map(|bound| bound.view.as_str());
        let own = field.group.as_ref().unwrap_or(&field.name);
        names.push(format!("{}.{own}", view.unwrap_or_default()));
    }
    names
}
